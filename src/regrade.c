/*
 * regrade.c -- the write path: standings of touched subjects, under their locks
 *
 * A batch is a run of subjects in key order. Per batch: lock them and take the next number of each (one upsert of subject_state), read their stored standings,
 * fold the new facts in, write the standings back and the changes to history. Locks come before anything is read, so that at READ COMMITTED the next
 * statement's snapshot sees all that the previous holder wrote, and at REPEATABLE READ the upsert fails with 40001 if there was one: each
 * touched row is written always, also when the outcome is the same. Callers order batches by key, so that single statements cannot
 * deadlock.
 *
 * All queries name logical tables and the subjects at hand only, with the operators of this schema spelled out. unnest of several arrays is special syntax that knows no schema: callers run with the pinned path
 * of the SQL functions.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "citycredit.h"
#include "core/codes.h"
#include "env.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "regrade.h"
#include "storage/lmgr.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

/* One standing to be written. */
typedef struct Graded
{
	CcTouched  *touched;
	const CcMeasure *measure;
	const CcVersion *version;
	const CcPolicy *policy;
	bool		in_force;
	bool		stored;			/* a row exists, and this was its outcome: */
	int			old_state;
	int			old_band;		/* -1 = none */
	int			old_grade;
	int32		old_vetoes;
	int32		old_lists;
	int32		old_version;
	bool		recompute;
	DateADT		as_of;
	CcState		state;
	CcOutcome	outcome;
} Graded;

typedef enum SqlId
{
	QUERY_LOCK,
	QUERY_SUBJECT,
	QUERY_POSITION,
	QUERY_STORED,
	QUERY_RECORDS,
	QUERY_WRITE,
	QUERY_HISTORY,
	QUERIES
} SqlId;

static const char *const query_sql[QUERIES] = {
	[QUERY_LOCK] =
	"INSERT INTO " CC_SCHEMA ".subject_state AS s (subject, seq, known_at)"
	" SELECT u.subject, 1, u.known_from FROM unnest($1, $2) AS u (subject, known_from)"
	" ON CONFLICT (subject) DO UPDATE SET seq = s.seq OPERATOR(pg_catalog.+) 1,"
	" known_at = greatest(s.known_at OPERATOR(pg_catalog.+) '1 microsecond'::pg_catalog.interval, excluded.known_at)"
	" RETURNING s.seq, s.known_at",
	[QUERY_SUBJECT] =
	"INSERT INTO " CC_SCHEMA ".subject (subject, kind, registered_on)"
	" SELECT u.subject, u.kind, u.registered_on FROM unnest($1, $2, $3) AS u (subject, kind, registered_on)"
	" ON CONFLICT (subject) DO NOTHING",
	[QUERY_POSITION] =
	"UPDATE " CC_SCHEMA ".record AS r SET known_from = u.known_at"
	" FROM unnest($1, $2, $3) AS u (subject, record_id, known_at)"
	" WHERE r.subject OPERATOR(" CC_SCHEMA ".=) u.subject AND r.record_id OPERATOR(pg_catalog.=) u.record_id"
	" AND r.known_until OPERATOR(pg_catalog.=) 'infinity' AND r.version OPERATOR(pg_catalog.=) 1"
	" AND r.known_from OPERATOR(pg_catalog.<) u.known_at",
	[QUERY_STORED] =
	"SELECT u.i::pg_catalog.int4, t.policy_id, t.version_id, t.as_of, t.state, t.band, t.credit_grade::pg_catalog.int4, t.vetoes, t.lists, t.folded,"
	" t.next_change_on"
	" FROM unnest($1) WITH ORDINALITY AS u (subject, i)"
	" JOIN " CC_SCHEMA ".standing_stored AS t ON t.subject OPERATOR(" CC_SCHEMA ".=) u.subject"
	" ORDER BY u.i, t.policy_id",
	[QUERY_RECORDS] =
	"SELECT " CC_FACT_COLUMN_LIST " FROM " CC_SCHEMA ".record AS r"
	" WHERE r.subject OPERATOR(" CC_SCHEMA ".=) ANY ($1) AND r.known_until OPERATOR(pg_catalog.=) 'infinity'",
	[QUERY_WRITE] =
	"INSERT INTO " CC_SCHEMA ".standing_stored AS t (subject, seq, score, policy_id, version_id, as_of, next_change_on, lists, vetoes,"
	" state, band, credit_grade, band_code, folded)"
	" SELECT u.subject, u.seq, u.score, u.policy_id, u.version_id, u.as_of, u.next_change_on, u.lists, u.vetoes, u.state, u.band,"
	" u.credit_grade, u.band_code, u.folded"
	" FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) AS u (subject, seq, score, policy_id,"
	" version_id, as_of, next_change_on, lists, vetoes, state, band, credit_grade, band_code, folded)"
	" ON CONFLICT (subject, policy_id) DO UPDATE SET seq = excluded.seq, score = excluded.score, version_id = excluded.version_id,"
	" as_of = excluded.as_of, next_change_on = excluded.next_change_on, lists = excluded.lists, vetoes = excluded.vetoes,"
	" state = excluded.state, band = excluded.band, credit_grade = excluded.credit_grade, band_code = excluded.band_code,"
	" folded = excluded.folded",
	[QUERY_HISTORY] =
	"INSERT INTO " CC_SCHEMA ".standing_history (subject, seq, score, policy_id, version_id, as_of, lists, vetoes, state, band,"
	" credit_grade, band_code, known_at, records, cause)"
	" SELECT u.subject, u.seq, u.score, u.policy_id, u.version_id, u.as_of, u.lists, u.vetoes, u.state, u.band, u.credit_grade,"
	" u.band_code, u.known_at, u.records::pg_catalog.uuid[], $15"
	" FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) AS u (subject, seq, score, policy_id,"
	" version_id, as_of, lists, vetoes, state, band, credit_grade, band_code, known_at, records)"
};

static SPIPlanPtr plans[QUERIES];
static Oid	plan_schema = InvalidOid;
static Oid	code_type,
			code_array,
			grade_array;
static bool positioning = false;

/* True while the trigger itself gives rows their position. */
bool
cc_positioning(void)
{
	return positioning;
}

static void
prepare(SqlId id, int nargs, Oid *types)
{
	SPIPlanPtr	prepared = SPI_prepare(query_sql[id], nargs, types);

	if (prepared == NULL)
		elog(ERROR, "could not prepare: %s", SPI_result_code_string(SPI_result));
	SPI_keepplan(prepared);
	plans[id] = prepared;
}

/* Prepares the queries once a session; again if the extension was made anew in between. */
static void
prepare_all(void)
{
	Oid			schema = get_namespace_oid(CC_SCHEMA, false);
	Oid			code_type_now = GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum("subject_code"), ObjectIdGetDatum(schema));
	int			i;

	if (plans[QUERIES - 1] != NULL && plan_schema == schema && code_type == code_type_now)
		return;
	for (i = 0; i < QUERIES; i++)
	{
		if (plans[i] != NULL)
			SPI_freeplan(plans[i]);
		plans[i] = NULL;
	}
	plan_schema = schema;
	code_type = code_type_now;
	code_array = get_array_type(code_type);
	grade_array = get_array_type(GetSysCacheOid2(TYPENAMENSP, Anum_pg_type_oid, CStringGetDatum("credit_grade"), ObjectIdGetDatum(schema)));
	prepare(QUERY_LOCK, 2, (Oid[]) {code_array, TIMESTAMPTZARRAYOID});
	prepare(QUERY_SUBJECT, 3, (Oid[]) {code_array, TEXTARRAYOID, DATEARRAYOID});
	prepare(QUERY_POSITION, 3, (Oid[]) {code_array, UUIDARRAYOID, TIMESTAMPTZARRAYOID});
	prepare(QUERY_STORED, 1, (Oid[]) {code_array});
	prepare(QUERY_RECORDS, 1, (Oid[]) {code_array});
	prepare(QUERY_WRITE, 14, (Oid[]) {code_array, INT8ARRAYOID, INT8ARRAYOID, INT4ARRAYOID, INT4ARRAYOID, DATEARRAYOID, DATEARRAYOID,
									 INT4ARRAYOID, INT4ARRAYOID, INT2ARRAYOID, INT2ARRAYOID, grade_array, TEXTARRAYOID, BYTEAARRAYOID});
	prepare(QUERY_HISTORY, 15, (Oid[]) {code_array, INT8ARRAYOID, INT8ARRAYOID, INT4ARRAYOID, INT4ARRAYOID, DATEARRAYOID, INT4ARRAYOID,
									   INT4ARRAYOID, INT2ARRAYOID, INT2ARRAYOID, grade_array, TEXTARRAYOID, TIMESTAMPTZARRAYOID,
									   TEXTARRAYOID, TEXTOID});
}

static void
execute(SqlId id, Datum *args)
{
	int			result = SPI_execute_plan(plans[id], args, NULL, false, 0);

	if (result < 0)
		elog(ERROR, "could not execute: %s", SPI_result_code_string(result));
}

/* ---- arrays for unnest ---- */

static Datum
make_array(Datum *values, bool *nulls, int n, Oid element)
{
	int			dims[1];
	int			lower[1] = {1};
	int16		length;
	bool		byval;
	char		align;

	dims[0] = n;
	get_typlenbyvalalign(element, &length, &byval, &align);
	return PointerGetDatum(construct_md_array(values, nulls, 1, dims, lower, element, length, byval, align));
}

static Datum
subjects_of(CcTouched **touched, int n)
{
	Datum	   *values = palloc(sizeof(Datum) * n);
	int			i;

	for (i = 0; i < n; i++)
		values[i] = UUIDPGetDatum(&touched[i]->subject);
	return make_array(values, NULL, n, code_type);
}

/* ---- lock ---- */

/* Locks the subjects in key order, gives each its next number and its position in its own sequence. */
static void
lock_subjects(CcBatch *batch, CcTouched **touched)
{
	Datum	   *known_from = palloc(sizeof(Datum) * batch->n);
	Datum		args[2];
	bool		isnull;
	int			i;

	for (i = 0; i < batch->n; i++)
		known_from[i] = TimestampTzGetDatum(batch->touched[i].known_from);
	args[0] = subjects_of(touched, batch->n);
	args[1] = make_array(known_from, NULL, batch->n, TIMESTAMPTZOID);
	execute(QUERY_LOCK, args);
	if (SPI_processed != (uint64) batch->n)
		elog(ERROR, "could not lock %d subjects", batch->n);
	for (i = 0; i < batch->n; i++)
	{
		CcTouched  *subject = touched[i];

		subject->seq = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull));
		subject->known_at = DatumGetTimestampTz(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2, &isnull));
	}
	SPI_freetuptable(SPI_tuptable);
}

/* Subjects never heard of before are registered by their code. */
static void
register_subjects(CcBatch *batch)
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
	args[0] = make_array(subjects, NULL, n, code_type);
	args[1] = make_array(kinds, NULL, n, TEXTOID);
	args[2] = make_array(days, NULL, n, DATEOID);
	execute(QUERY_SUBJECT, args);
}

/*
 * known_from of a row is its statement's time, which two statements can share, and two statements need not lock in the order of their times: rows of the
 * one that locked later get the position after the other's, so that what was known at a position never changes. A new version of a
 * record has its position already, the one at which the old version ends, taken under the subject's lock.
 */
static void
position_records(CcBatch *batch)
{
	Datum	   *subjects = palloc(sizeof(Datum) * (batch->n_facts + 1));
	Datum	   *records = palloc(sizeof(Datum) * (batch->n_facts + 1));
	Datum	   *at = palloc(sizeof(Datum) * (batch->n_facts + 1));
	Datum		args[3];
	int			n = 0;
	int			i,
				k;

	for (i = 0; i < batch->n; i++)
	{
		const CcTouched *subject = &batch->touched[i];

		if (subject->known_at == subject->first_known_from)
			continue;
		for (k = 0; k < subject->n_facts; k++)
		{
			subjects[n] = UUIDPGetDatum(&subject->subject);
			records[n] = UUIDPGetDatum((pg_uuid_t *) batch->facts[subject->first_fact + k].record_id);
			at[n++] = TimestampTzGetDatum(subject->known_at);
		}
	}
	if (n == 0)
		return;
	args[0] = make_array(subjects, NULL, n, code_type);
	args[1] = make_array(records, NULL, n, UUIDOID);
	args[2] = make_array(at, NULL, n, TIMESTAMPTZOID);
	positioning = true;
	PG_TRY();
	{
		execute(QUERY_POSITION, args);
	}
	PG_FINALLY();
	{
		positioning = false;
	}
	PG_END_TRY();
}

/* ---- evaluate ---- */

/* True if one of the subject's new facts enrols it in the policy. */
static bool
enrols(CcBatch *batch, CcEnv *env, const CcPolicy *policy, const CcTouched *subject)
{
	CcContribution part;
	int			i;

	for (i = 0; i < subject->n_facts; i++)
	{
		cc_contribute(env, policy, &policy->items[0], &batch->facts[subject->first_fact + i], &part);
		if (part.bearing == CC_COUNTS)
			return true;
	}
	return false;
}

static bool
has_enrolment(const CcState *state)
{
	int			i;

	for (i = 0; i < state->n; i++)
		if (state->entries[i].item == 0)
			return true;
	return false;
}

/* One row of QUERY_STORED. */
typedef struct Stored
{
	int			touched;
	int32		policy_id;
	HeapTuple	tuple;
} Stored;

/*
 * Decides how the subject's standing by the measure comes about: by folding the new facts into what is stored, or from the records. False if there is nothing
 * to be written, because the subject was not and is not enrolled.
 */
static bool
plan_standing(CcBatch *batch, CcEnv *env, CcTouched *subject, const CcMeasure *measure, const Stored *stored, TupleDesc desc, Graded *graded)
{
	bool		isnull;
	DateADT		stored_on = DATEVAL_NOBEGIN;

	memset(graded, 0, sizeof(*graded));
	graded->touched = subject;
	graded->measure = measure;
	graded->old_band = -1;
	if (stored != NULL)
	{
		Datum		value;

		graded->stored = true;
		graded->old_version = DatumGetInt32(SPI_getbinval(stored->tuple, desc, 3, &isnull));
		stored_on = DatumGetDateADT(SPI_getbinval(stored->tuple, desc, 4, &isnull));
		graded->old_state = DatumGetInt16(SPI_getbinval(stored->tuple, desc, 5, &isnull));
		value = SPI_getbinval(stored->tuple, desc, 6, &isnull);
		graded->old_band = isnull ? -1 : DatumGetInt16(value);
		value = SPI_getbinval(stored->tuple, desc, 7, &isnull);
		graded->old_grade = isnull ? 0 : DatumGetInt32(value);
		graded->old_vetoes = DatumGetInt32(SPI_getbinval(stored->tuple, desc, 8, &isnull));
		graded->old_lists = DatumGetInt32(SPI_getbinval(stored->tuple, desc, 9, &isnull));
		/* the daily job: what is not due stays as it is */
		if (!subject->recompute && subject->n_facts == 0 && DatumGetDateADT(SPI_getbinval(stored->tuple, desc, 11, &isnull)) > subject->day)
			return false;
	}
	graded->as_of = Max(subject->day, stored_on);
	graded->version = cc_version_for(measure, graded->as_of, &graded->in_force);
	if (graded->version == NULL)
		return false;
	graded->policy = cc_version_policy(batch->catalogue, graded->version);
	cc_state_init(&graded->state, graded->as_of);
	graded->recompute = true;
	if (subject->recompute)
		return true;
	if (stored == NULL)
	{
		graded->recompute = subject->seq > 1;
		return !graded->recompute || enrols(batch, env, graded->policy, subject);
	}
	if (graded->old_version == graded->version->version_id)
	{
		bytea	   *folded = DatumGetByteaPP(SPI_getbinval(stored->tuple, desc, 10, &isnull));

		graded->recompute = !cc_state_read(env, graded->policy, (unsigned char *) VARDATA_ANY(folded), VARSIZE_ANY_EXHDR(folded),
										   &graded->state) || !cc_good_on(&graded->state, graded->as_of);
		if (graded->recompute)
			cc_state_init(&graded->state, graded->as_of);
		else
			cc_settle(env, graded->policy, &graded->state, graded->as_of, true);
	}
	return true;
}

static int
read_stored(CcTouched **touched, int n, Stored **stored)
{
	Datum		args[1];
	bool		isnull;
	uint64		i;

	args[0] = subjects_of(touched, n);
	execute(QUERY_STORED, args);
	*stored = palloc(sizeof(Stored) * (SPI_processed + 1));
	for (i = 0; i < SPI_processed; i++)
	{
		HeapTuple	tuple = SPI_tuptable->vals[i];

		(*stored)[i].touched = DatumGetInt32(SPI_getbinval(tuple, SPI_tuptable->tupdesc, 1, &isnull)) - 1;
		(*stored)[i].policy_id = DatumGetInt32(SPI_getbinval(tuple, SPI_tuptable->tupdesc, 2, &isnull));
		(*stored)[i].tuple = tuple;
	}
	return (int) SPI_processed;
}

static int
compare_subjects(const void *a, const void *b)
{
	const CcTouched *x = *(CcTouched *const *) a;
	const CcTouched *y = *(CcTouched *const *) b;

	return memcmp(&x->subject, &y->subject, UUID_LEN);
}

/* Reads all records of the subjects whose standings don't come from the stored states, and folds them. */
static void
recompute(CcBatch *batch, CcEnv *env, Graded *graded, int n)
{
	CcTouched **subjects = palloc(sizeof(CcTouched *) * (n + 1));
	int			n_subjects = 0;
	MemoryContext row_context;
	Datum		args[1];
	Portal		portal;
	int			i;

	for (i = 0; i < n; i++)
		if (graded[i].recompute && (n_subjects == 0 || subjects[n_subjects - 1] != graded[i].touched))
			subjects[n_subjects++] = graded[i].touched;
	if (n_subjects == 0)
		return;
	row_context = AllocSetContextCreate(CurrentMemoryContext, "citycredit record", ALLOCSET_SMALL_SIZES);
	args[0] = subjects_of(subjects, n_subjects);
	portal = SPI_cursor_open(NULL, plans[QUERY_RECORDS], args, NULL, false);
	for (;;)
	{
		uint64		row;

		SPI_cursor_fetch(portal, true, 1000);
		if (SPI_processed == 0)
			break;
		for (row = 0; row < SPI_processed; row++)
		{
			Datum		values[CC_FACT_COLUMNS];
			bool		nulls[CC_FACT_COLUMNS];
			MemoryContext caller = MemoryContextSwitchTo(row_context);
			CcTouched	key;
			CcTouched  *key_pointer = &key;
			CcTouched **found;
			CcFact		fact;

			heap_deform_tuple(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, values, nulls);
			cc_fact_read(batch->catalogue, values, nulls, &fact);
			key.subject = *DatumGetUUIDP(values[CC_COL_SUBJECT]);
			found = bsearch(&key_pointer, subjects, n_subjects, sizeof(CcTouched *), compare_subjects);
			for (i = (*found)->first_graded; i < n && graded[i].touched == *found; i++)
				if (graded[i].recompute)
					cc_fold(env, graded[i].policy, &graded[i].state, &fact);
			MemoryContextSwitchTo(caller);
			MemoryContextReset(row_context);
		}
		SPI_freetuptable(SPI_tuptable);
		CHECK_FOR_INTERRUPTS();
	}
	SPI_cursor_close(portal);
	MemoryContextDelete(row_context);
}

/* The outcome by the version in force; before or after all versions there is none. */
static void
finish(CcEnv *env, Graded *graded)
{
	cc_settle(env, graded->policy, &graded->state, graded->as_of, true);
	if (graded->in_force)
	{
		cc_finish(env, graded->policy, &graded->state, cc_subject_kind(&graded->touched->subject), graded->as_of, &graded->outcome);
		return;
	}
	memset(&graded->outcome, 0, sizeof(graded->outcome));
	graded->outcome.band = -1;
	graded->outcome.next_change_on = graded->version->from > graded->as_of ? graded->version->from : CC_DAY_LAST;
}

/* ---- write ---- */

static bool
outcome_changed(const Graded *graded)
{
	const CcOutcome *new = &graded->outcome;

	return !graded->stored || graded->old_state != new->state || graded->old_band != new->band || graded->old_grade != new->grade ||
		graded->old_vetoes != (int32) new->vetoes || graded->old_lists != (int32) new->lists ||
		graded->old_version != graded->version->version_id;
}

static Datum
records_of(const CcBatch *batch, const CcTouched *subject)
{
	StringInfoData buf;
	int			i;

	initStringInfo(&buf);
	appendStringInfoChar(&buf, '{');
	for (i = 0; i < subject->n_facts; i++)
	{
		Datum		id = UUIDPGetDatum((pg_uuid_t *) batch->facts[subject->first_fact + i].record_id);

		appendStringInfo(&buf, "%s%s", i ? "," : "", DatumGetCString(DirectFunctionCall1(uuid_out, id)));
	}
	appendStringInfoChar(&buf, '}');
	return CStringGetTextDatum(buf.data);
}

typedef struct Columns
{
	int			n;
	Datum	   *values[16];
	bool	   *nulls[16];
} Columns;

static void
columns_init(Columns *columns, int width, int rows)
{
	int			i;

	columns->n = 0;
	for (i = 0; i < width; i++)
	{
		columns->values[i] = palloc(sizeof(Datum) * (rows + 1));
		columns->nulls[i] = palloc0(sizeof(bool) * (rows + 1));
	}
}

static void
set(Columns *columns, int column, Datum value, bool isnull)
{
	columns->values[column][columns->n] = value;
	columns->nulls[column][columns->n] = isnull;
}

/* The columns that a standing and its history share, but as_of's neighbour next_change_on; returns the next free one. */
static int
set_outcome(Columns *columns, const Graded *graded, bool with_next_change)
{
	const CcOutcome *outcome = &graded->outcome;
	int			i = 0;

	set(columns, i++, UUIDPGetDatum(&graded->touched->subject), false);
	set(columns, i++, Int64GetDatum(graded->touched->seq), false);
	set(columns, i++, Int64GetDatum(outcome->score), !outcome->has_score);
	set(columns, i++, Int32GetDatum(graded->measure->policy_id), false);
	set(columns, i++, Int32GetDatum(graded->version->version_id), false);
	set(columns, i++, DateADTGetDatum(graded->as_of), false);
	if (with_next_change)
		set(columns, i++, DateADTGetDatum(outcome->next_change_on), false);
	set(columns, i++, Int32GetDatum((int32) outcome->lists), false);
	set(columns, i++, Int32GetDatum((int32) outcome->vetoes), false);
	set(columns, i++, Int16GetDatum((int16) outcome->state), false);
	set(columns, i++, Int16GetDatum((int16) outcome->band), outcome->band < 0);
	set(columns, i++, Int16GetDatum((int16) outcome->grade), outcome->grade == 0);
	set(columns, i++, outcome->band < 0 ? (Datum) 0 : CStringGetTextDatum(graded->policy->bands[outcome->band].id), outcome->band < 0);
	return i;
}

static void
arrays_of(Columns *columns, Datum *args, const Oid *elements, int width)
{
	int			i;

	for (i = 0; i < width; i++)
		args[i] = make_array(columns->values[i], columns->nulls[i], columns->n, elements[i]);
}

static void
write_standings(CcBatch *batch, Graded *graded, int n)
{
	Oid			grade_type = get_element_type(grade_array);
	Oid			standing_types[14] = {code_type, INT8OID, INT8OID, INT4OID, INT4OID, DATEOID, DATEOID, INT4OID, INT4OID, INT2OID, INT2OID,
	grade_type, TEXTOID, BYTEAOID};
	Oid			history_types[14] = {code_type, INT8OID, INT8OID, INT4OID, INT4OID, DATEOID, INT4OID, INT4OID, INT2OID, INT2OID, grade_type,
	TEXTOID, TIMESTAMPTZOID, TEXTOID};
	Columns		standing,
				history;
	Datum		args[15];
	int			i,
				k;

	columns_init(&standing, 14, n);
	columns_init(&history, 14, n);
	for (i = 0; i < n; i++)
	{
		bytea	   *folded;

		if (!graded[i].stored && !has_enrolment(&graded[i].state))
			continue;
		folded = palloc(VARHDRSZ + cc_state_size(&graded[i].state));
		SET_VARSIZE(folded, VARHDRSZ + cc_state_write(&graded[i].state, (unsigned char *) VARDATA(folded)));
		k = set_outcome(&standing, &graded[i], true);
		set(&standing, k, PointerGetDatum(folded), false);
		standing.n++;
		if (!outcome_changed(&graded[i]))
			continue;
		k = set_outcome(&history, &graded[i], false);
		set(&history, k++, TimestampTzGetDatum(graded[i].touched->known_at), false);
		set(&history, k, records_of(batch, graded[i].touched), false);
		history.n++;
	}
	batch->changed += history.n;
	if (standing.n > 0)
	{
		arrays_of(&standing, args, standing_types, 14);
		execute(QUERY_WRITE, args);
	}
	if (history.n > 0)
	{
		arrays_of(&history, args, history_types, 14);
		args[14] = CStringGetTextDatum(batch->cause);
		execute(QUERY_HISTORY, args);
	}
}

/* ---- batches ---- */

/*
 * Begins a series of batches. The lock on the policy table, held to the end of the transaction, keeps policies as they are: adoption takes EXCLUSIVE.
 */
void
cc_regrade_begin(CcBatch *batch, const char *cause)
{
	memset(batch, 0, sizeof(*batch));
	batch->context = AllocSetContextCreate(CurrentMemoryContext, "citycredit batch", ALLOCSET_DEFAULT_SIZES);
	batch->cause = cause;
	LockRelationOid(cc_registry_table("policy"), RowShareLock);
	batch->catalogue = cc_catalogue();
	prepare_all();
}

/* Brings the standings of the batch's subjects up to date. Subjects are in key order, each once. */
void
cc_regrade_batch(CcBatch *batch)
{
	MemoryContext caller = MemoryContextSwitchTo(batch->context);
	CcTouched **touched = palloc(sizeof(CcTouched *) * batch->n);
	Graded	   *graded = palloc(sizeof(Graded) * ((Size) batch->n * batch->catalogue->n + 1));
	Stored	   *stored;
	SPITupleTable *stored_table;
	CcPgEnv		env;
	int			n_stored,
				n = 0,
				i,
				k,
				s = 0;

	CHECK_FOR_INTERRUPTS();
	cc_env_init(&env, batch->context);
	for (i = 0; i < batch->n; i++)
		touched[i] = &batch->touched[i];
	lock_subjects(batch, touched);
	register_subjects(batch);
	position_records(batch);
	n_stored = read_stored(touched, batch->n, &stored);
	stored_table = SPI_tuptable;
	for (i = 0; i < batch->n; i++)
	{
		touched[i]->first_graded = n;
		for (k = 0; k < batch->catalogue->n; k++)
		{
			const CcMeasure *measure = &batch->catalogue->measures[k];
			const Stored *row;

			while (s < n_stored && (stored[s].touched < i || (stored[s].touched == i && stored[s].policy_id < measure->policy_id)))
				s++;
			row = s < n_stored && stored[s].touched == i && stored[s].policy_id == measure->policy_id ? &stored[s] : NULL;
			if (!plan_standing(batch, &env.env, touched[i], measure, row, stored_table->tupdesc, &graded[n]))
				continue;
			if (!graded[n].recompute)
			{
				int			f;

				for (f = 0; f < touched[i]->n_facts; f++)
					cc_fold(&env.env, graded[n].policy, &graded[n].state, &batch->facts[touched[i]->first_fact + f]);
			}
			n++;
		}
	}
	recompute(batch, &env.env, graded, n);
	for (i = 0; i < n; i++)
		finish(&env.env, &graded[i]);
	write_standings(batch, graded, n);
	SPI_freetuptable(stored_table);
	MemoryContextSwitchTo(caller);
	MemoryContextReset(batch->context);
	batch->n = batch->n_facts = 0;
}

void
cc_regrade_end(CcBatch *batch)
{
	MemoryContextDelete(batch->context);
}
