/*
 * regrade_position.c -- rows that came without a position under the locks get that of their subject
 *
 * known_from of a row is its statement's time, which two statements can share, and two statements need not lock in the
 * order of their times: rows of the one that locked later get the position after the other's, so that what was known at
 * a position never changes.
 */
#include "postgres.h"

#include "array.h"
#include "catalog/pg_type.h"
#include "fact.h"
#include "regrade_steps.h"
#include "utils/builtins.h"

/*
 * Versions can only be closed after all that is known: what was known at a position that others have seen would change.
 */
void
cc_regrade_check_closed(const CcTouched *touched, int n)
{
	int			i;

	for (i = 0; i < n; i++)
		if (touched[i].closes && touched[i].known_first != touched[i].known_at)
			ereport(ERROR,
					(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
					 errmsg("could not close a record at a position that is past"),
					 errdetail("Another statement on the subject has taken a later position."),
					 errhint("Lock the row of subject_state, and close at a time after its known_at.")));
}

/*
 * A new version of a record has its position already, the one at which the old version ends, taken under the subject's
 * lock.
 */
void
cc_regrade_position_records(CcBatch *batch)
{
	Datum	   *subjects = palloc(sizeof(Datum) * (batch->n_facts + 1));
	Datum	   *ids = palloc(sizeof(Datum) * (batch->n_facts + 1));
	Datum	   *at = palloc(sizeof(Datum) * (batch->n_facts + 1));
	Datum		args[3];
	int			n = 0;
	int			i,
				k;

	for (i = 0; i < batch->n; i++)
	{
		CcTouched  *subject = &batch->touched[i];

		if (!subject->inserts || subject->known_first == subject->known_at)
			continue;
		for (k = 0; k < subject->n_facts; k++)
		{
			subjects[n] = UUIDPGetDatum(&subject->subject);
			ids[n] = UUIDPGetDatum((pg_uuid_t *) batch->facts[subject->first_fact + k].record_id);
			at[n++] = TimestampTzGetDatum(subject->known_at);
		}
	}
	if (n == 0)
		return;
	args[0] = cc_regrade_codes(subjects, n);
	args[1] = cc_array(ids, n, UUIDOID);
	args[2] = cc_array(at, n, TIMESTAMPTZOID);
	cc_regrade_position(CC_QUERY_POSITION, args);
}

/* Rows of links that came without a position under the locks get that of both subjects. */
void
cc_regrade_position_links(CcBatch *batch, CcTouched *touched, int n)
{
	CcTouched **all = palloc(sizeof(CcTouched *) * (n + 1));
	Datum		args[3];
	TimestampTz first = DT_NOEND;
	int			i;

	for (i = 0; i < n; i++)
	{
		all[i] = &touched[i];
		first = Min(first, touched[i].known_first);
	}
	if (n == 0 || first == touched[0].known_at)
		return;
	args[0] = cc_regrade_subjects(all, n);
	args[1] = TimestampTzGetDatum(touched[0].known_at);
	args[2] = TimestampTzGetDatum(first);
	cc_regrade_position(CC_QUERY_POSITION_LINKS, args);
}

/* List entries that the statement brought into force or ended get the positions of their subjects. */
void
cc_regrade_position_listings(CcBatch *batch)
{
	Datum	   *subjects = palloc(sizeof(Datum) * (batch->n_locked + 1));
	Datum	   *at = palloc(sizeof(Datum) * (batch->n_locked + 1));
	Datum		args[2];
	int			i;

	for (i = 0; i < batch->n_locked; i++)
	{
		subjects[i] = UUIDPGetDatum(&batch->locked[i].subject);
		at[i] = TimestampTzGetDatum(batch->locked[i].known_at);
	}
	args[0] = cc_regrade_codes(subjects, batch->n_locked);
	args[1] = cc_array(at, batch->n_locked, TIMESTAMPTZOID);
	cc_regrade_position(CC_QUERY_POSITION_LISTINGS, args);
}

/* ---- subjects ---- */

/* Subjects never heard of before are registered by their code. */
void
cc_regrade_register(CcBatch *batch)
{
	Datum	   *subjects = palloc(sizeof(Datum) * batch->n);
	Datum	   *kinds = palloc(sizeof(Datum) * batch->n);
	Datum	   *days = palloc(sizeof(Datum) * batch->n);
	Datum		args[3];
	int			n = 0;
	int			i;

	for (i = 0; i < batch->n; i++)
	{
		int			kind = cc_subject_kind(&batch->touched[i].subject);

		if (batch->touched[i].seq > 1)
			continue;
		if (kind < 0)
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
					 errmsg("the reserved subject code cannot have records"),
					 errhint("Write the code of the subject that the record is about.")));
		subjects[n] = UUIDPGetDatum(&batch->touched[i].subject);
		kinds[n] = CStringGetTextDatum(cc_vocabulary[CC_TERM_SUBJECT_KIND].words[kind]);
		days[n++] = DateADTGetDatum(batch->touched[i].day);
	}
	if (n == 0)
		return;
	args[0] = cc_regrade_codes(subjects, n);
	args[1] = cc_array(kinds, n, TEXTOID);
	args[2] = cc_array(days, n, DATEOID);
	cc_regrade_execute(CC_QUERY_SUBJECT, args);
}
