/*
 * regrade_write.c -- standings are written back, changes of outcomes to the history
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "array.h"
#include "catalog/pg_type.h"
#include "folded.h"
#include "funcapi.h"
#include "regrade_steps.h"
#include "utils/builtins.h"

static bool
outcome_changed(const CcGraded *graded)
{
	const CcOutcome *new = &graded->outcome;
	const CcOld *old = graded->old;

	return old == NULL || old->state != new->state || old->band != new->band || old->grade != new->grade ||
		old->vetoes != (int32) new->vetoes || old->lists != (int32) new->lists || old->effects != (int32) new->effects ||
		old->version_id != graded->version->version_id;
}

/* The identifiers of the subject's new records. */
static Datum
records_of(const CcBatch *batch, const CcTouched *subject)
{
	Datum	   *values = palloc(sizeof(Datum) * (subject->n_facts + 1));
	int			i;

	for (i = 0; i < subject->n_facts; i++)
		values[i] = UUIDPGetDatum((pg_uuid_t *) batch->facts[subject->first_fact + i].record_id);
	return cc_array(values, subject->n_facts, UUIDOID);
}

/* A row of the table: the columns of the outcome, then the n values of its own. */
static Datum
make_row(const CcRowType *row, const CcGraded *graded, const Datum *own, int n)
{
	const CcOutcome *outcome = &graded->outcome;
	bool		no_band = outcome->band < 0;
	Datum		values[CC_ROW_COLUMNS];
	bool		nulls[CC_ROW_COLUMNS] = {false};
	Datum	   *by_attribute = palloc(sizeof(Datum) * row->desc->natts);
	bool	   *null_by_attribute = palloc(sizeof(bool) * row->desc->natts);
	int			i = 0;

	values[i++] = UUIDPGetDatum(&graded->touched->subject);
	values[i++] = Int64GetDatum(graded->touched->seq);
	nulls[i] = !outcome->has_score;
	values[i++] = Int64GetDatum(outcome->score);
	values[i++] = Int32GetDatum(graded->measure->policy_id);
	values[i++] = Int32GetDatum(graded->version->version_id);
	values[i++] = DateADTGetDatum(graded->as_of);
	values[i++] = Int32GetDatum((int32) outcome->lists);
	values[i++] = Int32GetDatum((int32) outcome->vetoes);
	values[i++] = Int32GetDatum((int32) outcome->effects);
	values[i++] = Int16GetDatum((int16) outcome->state);
	nulls[i] = no_band;
	values[i++] = Int16GetDatum((int16) outcome->band);
	nulls[i] = outcome->grade == 0;
	values[i++] = Int16GetDatum((int16) outcome->grade);
	nulls[i] = no_band;
	values[i++] = no_band ? (Datum) 0 : CStringGetTextDatum(graded->policy->bands[outcome->band].id);
	memcpy(&values[i], own, sizeof(Datum) * n);
	memset(null_by_attribute, true, sizeof(bool) * row->desc->natts);
	for (i = 0; i < row->n; i++)
	{
		by_attribute[row->attribute[i] - 1] = values[i];
		null_by_attribute[row->attribute[i] - 1] = nulls[i];
	}
	return HeapTupleGetDatum(heap_form_tuple(row->desc, by_attribute, null_by_attribute));
}

static void
execute_rows(CcRegradeQuery id, Datum *rows, int n, const CcRowType *row)
{
	Datum		args[1];

	if (n == 0)
		return;
	args[0] = cc_array(rows, n, row->type);
	cc_regrade_execute(id, args);
}

/*
 * Writes every standing, the outcome changed or not: that is what makes a concurrent REPEATABLE READ transaction fail
 * instead of miss it.
 */
void
cc_regrade_write(CcGrading *grading)
{
	CcBatch    *batch = grading->batch;
	const CcGraded *graded = grading->graded;
	int			n = grading->n;
	Datum	   *standings = palloc(sizeof(Datum) * (n + 1));
	Datum	   *changes = palloc(sizeof(Datum) * (n + 1));
	Datum		cause = CStringGetTextDatum(batch->cause);
	int			n_standings = 0,
				n_changes = 0,
				i;

	for (i = 0; i < n; i++)
	{
		Datum		own[3];

		if (graded[i].only_read || (graded[i].old == NULL && !cc_ever_enrolled(&graded[i].state)))
			continue;
		own[0] = DateADTGetDatum(graded[i].outcome.next_change_on);
		own[1] = PointerGetDatum(cc_folded(&graded[i].state));
		standings[n_standings++] = make_row(&cc_standing_row, &graded[i], own, 2);
		if (!outcome_changed(&graded[i]))
			continue;
		own[0] = TimestampTzGetDatum(graded[i].touched->known_at);
		own[1] = records_of(batch, graded[i].touched);
		own[2] = cause;
		changes[n_changes++] = make_row(&cc_history_row, &graded[i], own, 3);
	}
	batch->changed += n_changes;
	execute_rows(CC_QUERY_WRITE, standings, n_standings, &cc_standing_row);
	execute_rows(CC_QUERY_HISTORY, changes, n_changes, &cc_history_row);
}
