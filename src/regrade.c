/*
 * regrade.c -- the write path: standings of touched subjects, under their locks
 *
 * A batch is a run of subjects in key order. Per batch: lock them and take the next number of each (one upsert of
 * subject_state), read their stored standings, fold the new facts in, write the standings back and the changes to
 * history. Where policies read records of linked subjects, those who read the touched ones are locked with them before,
 * all of the statement's, and get one position in common. Locks come before anything is read, so that at READ COMMITTED the next statement's snapshot sees all that
 * the previous holder wrote, and at REPEATABLE READ the upsert fails with 40001 if there was one: each touched row is
 * written always, also when the outcome is the same. Callers order batches by key, so that single statements cannot
 * deadlock.
 *
 * All queries name logical tables and the subjects at hand only, with the operators of this schema spelled out. unnest
 * of several arrays is special syntax that knows no schema: callers run with the pinned path of the SQL functions.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "array.h"
#include "catalog/namespace.h"
#include "catalog/pg_type.h"
#include "citycredit.h"
#include "core/codes.h"
#include "env.h"
#include "executor/spi.h"
#include "fact.h"
#include "finish.h"
#include "reads.h"
#include "folded.h"
#include "funcapi.h"
#include "miscadmin.h"
#include "query.h"
#include "registry.h"
#include "regrade.h"
#include "storage/lmgr.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

/* One standing to be written. */
typedef struct Graded
{
	CcTouched  *touched;
	const CcMeasure *measure;
	const CcVersion *version;
	const CcPolicy *policy;
	bool		stored;			/* a row exists, and this was its outcome: */
	int			old_state;
	int			old_band;		/* -1 = none */
	int			old_grade;
	int32		old_vetoes;
	int32		old_lists;
	int32		old_effects;
	int32		old_version;
	bool		recompute;
	bool		only_read;		/* not to be written: somebody reads its results */
	DateADT		as_of;
	CcState		state;			/* from records */
	CcState		complete;		/* with readings */
	CcOutcome	outcome;
} Graded;

typedef enum SqlId
{
	QUERY_LOCK,
	QUERY_SUBJECT,
	QUERY_POSITION,
	QUERY_STORED,
	QUERY_RECORDS,
	QUERY_LINKED,
	QUERY_READERS,
	QUERY_ADVANCE,
	QUERY_POSITION_LINKS,
	QUERY_POSITION_LISTINGS,
	QUERY_WRITE,
	QUERY_HISTORY,
	QUERIES
} SqlId;

#define OUTCOME_COLUMNS "subject, seq, score, policy_id, version_id, as_of, lists, vetoes, effects, state, band, credit_grade, band_code"
#define STANDING_COLUMNS OUTCOME_COLUMNS ", next_change_on, folded"
#define HISTORY_COLUMNS OUTCOME_COLUMNS ", known_at, records, cause"

static const char *const query_sql[QUERIES] = {
	/*
	 * $3: the subject may stay at its position, because new versions stand where the statement's other trigger saw the
	 * old ones closed
	 */
	[QUERY_LOCK] =
	"INSERT INTO " CC_SCHEMA ".subject_state AS s (subject, seq, known_at)"
	" SELECT u.subject, 1, $2 FROM unnest($1) AS u (subject)"
	" ON CONFLICT (subject) DO UPDATE SET seq = s.seq OPERATOR(pg_catalog.+) 1, known_at = greatest(excluded.known_at,"
	" CASE WHEN $3 THEN s.known_at ELSE s.known_at OPERATOR(pg_catalog.+) '1 microsecond'::pg_catalog.interval END)"
	" RETURNING s.seq, s.known_at",
	[QUERY_SUBJECT] =
	"INSERT INTO " CC_SCHEMA ".subject (subject, kind, registered_on)"
	" SELECT u.subject, u.kind, u.registered_on FROM unnest($1, $2, $3) AS u (subject, kind, registered_on)"
	" ON CONFLICT (subject) DO NOTHING",
	[QUERY_POSITION] =
	"UPDATE " CC_SCHEMA ".record AS r SET known_from = u.known_at"
	" FROM unnest($1, $2, $3) AS u (subject, record_id, known_at)"
	" WHERE r.subject OPERATOR(" CC_SCHEMA ".=) u.subject AND r.record_id OPERATOR(pg_catalog.=) u.record_id"
	" AND r.known_until OPERATOR(pg_catalog.=) 'infinity' AND r.known_from OPERATOR(pg_catalog.<) u.known_at",
	[QUERY_STORED] =
	"SELECT u.i::pg_catalog.int4, t.policy_id, t.version_id, t.as_of, t.state, t.band, t.credit_grade::pg_catalog.int4, t.vetoes, t.lists, t.folded,"
	" t.next_change_on, t.effects"
	" FROM unnest($1) WITH ORDINALITY AS u (subject, i)"
	" CROSS JOIN LATERAL (SELECT x.* FROM " CC_SCHEMA ".standing_stored AS x WHERE x.subject OPERATOR(" CC_SCHEMA ".=) u.subject"
	" OFFSET 0) AS t ORDER BY u.i, t.policy_id",
	[QUERY_RECORDS] =
	"SELECT " CC_FACT_COLUMN_LIST ", r.known_from FROM " CC_SCHEMA ".record AS r"
	" WHERE r.subject OPERATOR(" CC_SCHEMA ".=) ANY ($1) AND r.known_until OPERATOR(pg_catalog.=) 'infinity'",
	[QUERY_LINKED] =
	"SELECT " CC_LINKED_COLUMN_LIST " FROM unnest($1) AS u (subject)"
	" CROSS JOIN LATERAL (SELECT x.* FROM " CC_SCHEMA "._link AS x WHERE x.subject OPERATOR(" CC_SCHEMA ".=) u.subject"
	" AND x.known_until OPERATOR(pg_catalog.=) 'infinity' AND x.role OPERATOR(pg_catalog.=) ANY ($2) OFFSET 0) AS l"
	" CROSS JOIN LATERAL (SELECT y.* FROM " CC_SCHEMA ".record AS y WHERE y.subject OPERATOR(" CC_SCHEMA ".=) l.other"
	" AND y.known_until OPERATOR(pg_catalog.=) 'infinity' OFFSET 0) AS r",
	[QUERY_READERS] =
	"SELECT DISTINCT l.subject FROM unnest($1) AS u (subject)"
	" CROSS JOIN LATERAL (SELECT x.subject FROM " CC_SCHEMA "._link AS x WHERE x.other OPERATOR(" CC_SCHEMA ".=) u.subject"
	" AND x.known_until OPERATOR(pg_catalog.=) 'infinity' AND x.role OPERATOR(pg_catalog.=) ANY ($2) OFFSET 0) AS l"
	" ORDER BY l.subject",
	[QUERY_ADVANCE] =
	"UPDATE " CC_SCHEMA ".subject_state AS s SET known_at = $2 FROM unnest($1) AS u (subject)"
	" WHERE s.subject OPERATOR(" CC_SCHEMA ".=) u.subject AND s.known_at OPERATOR(pg_catalog.<) $2",
	[QUERY_POSITION_LINKS] =
	"UPDATE " CC_SCHEMA ".subject_link AS l SET known_from = $2 FROM unnest($1) AS u (subject)"
	" WHERE l.subject OPERATOR(" CC_SCHEMA ".=) u.subject AND l.known_until OPERATOR(pg_catalog.=) 'infinity'"
	" AND l.known_from OPERATOR(pg_catalog.<) $2 AND l.known_from OPERATOR(pg_catalog.>=) $3 AND l.version OPERATOR(pg_catalog.=) 1",
	/* steps that wait for their position say infinity */
	[QUERY_POSITION_LISTINGS] =
	"UPDATE " CC_SCHEMA ".list_entry AS e"
	" SET listed_at = CASE WHEN e.listed_at OPERATOR(pg_catalog.=) 'infinity' THEN u.known_at ELSE e.listed_at END,"
	" removed_at = CASE WHEN e.removed_at OPERATOR(pg_catalog.=) 'infinity' THEN u.known_at ELSE e.removed_at END"
	" FROM unnest($1, $2) AS u (subject, known_at) WHERE e.subject OPERATOR(" CC_SCHEMA ".=) u.subject"
	" AND (e.listed_at OPERATOR(pg_catalog.=) 'infinity' OR e.removed_at OPERATOR(pg_catalog.=) 'infinity')",
	[QUERY_WRITE] =
	"INSERT INTO " CC_SCHEMA ".standing_stored AS t (" STANDING_COLUMNS ") SELECT " STANDING_COLUMNS " FROM unnest($1) AS u"
	" ON CONFLICT (subject, policy_id) DO UPDATE SET seq = excluded.seq, score = excluded.score, version_id = excluded.version_id,"
	" as_of = excluded.as_of, next_change_on = excluded.next_change_on, lists = excluded.lists, vetoes = excluded.vetoes, effects = excluded.effects,"
	" state = excluded.state, band = excluded.band, credit_grade = excluded.credit_grade, band_code = excluded.band_code,"
	" folded = excluded.folded",
	[QUERY_HISTORY] =
	"INSERT INTO " CC_SCHEMA ".standing_history (" HISTORY_COLUMNS ") SELECT " HISTORY_COLUMNS " FROM unnest($1) AS u"
};

/* A table's rows as an array parameter. */
typedef struct RowType
{
	Oid			type;
	uint64		shape;			/* changes with the table's columns */
	TupleDesc	desc;
	int			n;
	int			attribute[20];	/* of the columns above, in their order */
} RowType;

static SPIPlanPtr plans[QUERIES];
static bool planned[QUERIES];	/* has been executed, and so has its plan */
static Oid	code_type;
static RowType standing_row;
static RowType history_row;
static bool positioning = false;

/* True while the trigger itself gives rows their position. */
bool
cc_positioning(void)
{
	return positioning;
}

/* A number that no other definition of a table's columns has in this session. */
static uint64
row_shape(Oid type)
{
	return lookup_type_cache(type, TYPECACHE_TUPDESC)->tupDesc_identifier;
}

/* Looks the columns of a list up in the registry's table. */
static void
row_type_init(RowType *row, const char *table, const char *columns)
{
	char	   *list = pstrdup(columns);
	char	   *column;
	char	   *rest;
	MemoryContext caller;

	row->type = get_rel_type_id(cc_registry_table(table));
	row->shape = row_shape(row->type);
	caller = MemoryContextSwitchTo(TopMemoryContext);
	row->desc = lookup_rowtype_tupdesc_copy(row->type, -1);
	MemoryContextSwitchTo(caller);
	row->n = 0;
	for (column = strtok_r(list, ", ", &rest); column != NULL; column = strtok_r(NULL, ", ", &rest))
		row->attribute[row->n++] = cc_require_column(row->desc, table, column);
}

/*
 * Prepares the queries once a session; again if the registry was made anew, or a table that rows are made for was
 * altered, in between.
 */
static void
prepare_all(void)
{
	Oid			standing_type = get_rel_type_id(cc_registry_table("standing_stored"));
	Oid			history_type = get_rel_type_id(cc_registry_table("standing_history"));
	Oid			code_array;
	int			i;

	if (plans[QUERIES - 1] != NULL && standing_row.type == standing_type && standing_row.shape == row_shape(standing_type) &&
		history_row.type == history_type && history_row.shape == row_shape(history_type))
		return;
	for (i = 0; i < QUERIES; i++)
	{
		cc_plan_drop(&plans[i]);
		planned[i] = false;
	}
	row_type_init(&standing_row, "standing_stored", STANDING_COLUMNS);
	row_type_init(&history_row, "standing_history", HISTORY_COLUMNS);
	code_type = TupleDescAttr(standing_row.desc, standing_row.attribute[0] - 1)->atttypid;
	code_array = get_array_type(code_type);
	cc_plan_make(&plans[QUERY_LOCK], query_sql[QUERY_LOCK], 3, (Oid[]) {code_array, TIMESTAMPTZOID, BOOLOID});
	cc_plan_make(&plans[QUERY_SUBJECT], query_sql[QUERY_SUBJECT], 3, (Oid[]) {code_array, TEXTARRAYOID, DATEARRAYOID});
	cc_plan_make(&plans[QUERY_POSITION], query_sql[QUERY_POSITION], 3, (Oid[]) {code_array, UUIDARRAYOID, TIMESTAMPTZARRAYOID});
	cc_plan_make(&plans[QUERY_STORED], query_sql[QUERY_STORED], 1, (Oid[]) {code_array});
	cc_plan_make(&plans[QUERY_RECORDS], query_sql[QUERY_RECORDS], 1, (Oid[]) {code_array});
	cc_plan_make(&plans[QUERY_LINKED], query_sql[QUERY_LINKED], 2, (Oid[]) {code_array, TEXTARRAYOID});
	cc_plan_make(&plans[QUERY_READERS], query_sql[QUERY_READERS], 2, (Oid[]) {code_array, TEXTARRAYOID});
	cc_plan_make(&plans[QUERY_ADVANCE], query_sql[QUERY_ADVANCE], 2, (Oid[]) {code_array, TIMESTAMPTZOID});
	cc_plan_make(&plans[QUERY_POSITION_LINKS], query_sql[QUERY_POSITION_LINKS], 3, (Oid[]) {code_array, TIMESTAMPTZOID, TIMESTAMPTZOID});
	cc_plan_make(&plans[QUERY_POSITION_LISTINGS], query_sql[QUERY_POSITION_LISTINGS], 2, (Oid[]) {code_array, TIMESTAMPTZARRAYOID});
	cc_plan_make(&plans[QUERY_WRITE], query_sql[QUERY_WRITE], 1, (Oid[]) {get_array_type(standing_row.type)});
	cc_plan_make(&plans[QUERY_HISTORY], query_sql[QUERY_HISTORY], 1, (Oid[]) {get_array_type(history_row.type)});
}

/*
 * Before a query is planned: only index scans and nested loops, which is right for a batch on tables of any size. A
 * plan made while the tables were empty, as in a first load, would otherwise read them as a whole for each batch; for
 * the same reason no query leaves the order of a join to the planner. Returns the level for plan_end(), 0 if the query
 * has its plan.
 */
static int
plan_begin(SqlId id)
{
	static const char *const off[] = {"enable_seqscan", "enable_hashjoin", "enable_mergejoin"};
	int			level,
				i;

	if (planned[id] && SPI_plan_is_valid(plans[id]))
		return 0;
	level = NewGUCNestLevel();
	for (i = 0; i < lengthof(off); i++)
		(void) set_config_option(off[i], "off", PGC_USERSET, PGC_S_SESSION, GUC_ACTION_SAVE, true, 0, false);
	return level;
}

static void
plan_end(SqlId id, int level)
{
	if (level == 0)
		return;
	AtEOXact_GUC(true, level);
	planned[id] = true;
}

static void
execute(SqlId id, Datum *args)
{
	int			level = plan_begin(id);
	int			result = SPI_execute_plan(plans[id], args, NULL, false, 0);

	plan_end(id, level);
	if (result < 0)
		elog(ERROR, "could not execute: %s", SPI_result_code_string(result));
}

/* ---- arrays for unnest ---- */

static Datum
subjects_of(CcTouched **touched, int n)
{
	Datum	   *values = palloc(sizeof(Datum) * n);
	int			i;

	for (i = 0; i < n; i++)
		values[i] = UUIDPGetDatum(&touched[i]->subject);
	return cc_array(values, n, code_type);
}

/* Gives rows their position: an update that the triggers of their table leave alone. */
static void
position_rows(SqlId id, Datum *args)
{
	positioning = true;
	PG_TRY();
	{
		execute(id, args);
	}
	PG_FINALLY();
	{
		positioning = false;
	}
	PG_END_TRY();
}

/* ---- lock ---- */

/* Locks a run of subjects that claim the same position. */
static void
lock_run(CcTouched **touched, int n, TimestampTz changed_at)
{
	Datum		args[3];
	bool		isnull;
	int			i;

	args[0] = subjects_of(touched, n);
	/* Nobody evaluates by policies and trust that were not known yet at his position. */
	args[1] = TimestampTzGetDatum(Max(touched[0]->known_from, changed_at));
	args[2] = BoolGetDatum(touched[0]->succeeds);
	execute(QUERY_LOCK, args);
	if (SPI_processed != (uint64) n)
		elog(ERROR, "could not lock %d subjects", n);
	for (i = 0; i < n; i++)
	{
		touched[i]->seq = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull));
		touched[i]->known_at = DatumGetTimestampTz(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2, &isnull));
	}
	SPI_freetuptable(SPI_tuptable);
}

/*
 * Locks the subjects in key order, gives each its next number and its position in its own sequence: that of the
 * statement, unless another statement that began later was first. A batch is one run, unless a statement amends records
 * of several subjects.
 */
static void
lock_all(CcBatch *batch, CcTouched **touched, int n)
{
	int			start,
				i;

	for (start = 0; start < n; start = i)
	{
		for (i = start + 1; i < n && i - start < CC_BATCH_ROWS; i++)
			if (touched[i]->known_from != touched[start]->known_from || touched[i]->succeeds != touched[start]->succeeds)
				break;
		lock_run(touched + start, i - start, batch->catalogue->changed_at);
	}
}

static int
compare_locked(const void *a, const void *b)
{
	return memcmp(&((const CcLocked *) a)->subject, &((const CcLocked *) b)->subject, UUID_LEN);
}

/* What the lock gave a subject that was locked before its batch; NULL if it was not. */
const CcLocked *
cc_regrade_locked(const CcBatch *batch, const pg_uuid_t *subject)
{
	CcLocked	key;

	key.subject = *subject;
	return bsearch(&key, batch->locked, batch->n_locked, sizeof(CcLocked), compare_locked);
}

/*
 * Locks all subjects of a statement, in key order, and gives them one position: what becomes known of one becomes known
 * to those who read its records.
 */
void
cc_regrade_lock(CcBatch *batch, CcTouched *touched, int n)
{
	CcTouched **all = palloc(sizeof(CcTouched *) * (n + 1));
	TimestampTz position = DT_NOBEGIN;
	bool		differ = false;
	int			i;

	for (i = 0; i < n; i++)
		all[i] = &touched[i];
	lock_all(batch, all, n);
	for (i = 0; i < n; i++)
	{
		differ |= i > 0 && touched[i].known_at != position;
		position = Max(position, touched[i].known_at);
	}
	if (differ)
	{
		Datum		args[2];

		args[0] = subjects_of(all, n);
		args[1] = TimestampTzGetDatum(position);
		execute(QUERY_ADVANCE, args);
	}
	batch->locked = palloc(sizeof(CcLocked) * (n + 1));
	batch->n_locked = n;
	for (i = 0; i < n; i++)
	{
		touched[i].known_at = position;
		batch->locked[i].subject = touched[i].subject;
		batch->locked[i].seq = touched[i].seq;
		batch->locked[i].known_at = position;
	}
}

static void
lock_subjects(CcBatch *batch, CcTouched **touched)
{
	int			i;

	if (batch->locked == NULL)
	{
		lock_all(batch, touched, batch->n);
		return;
	}
	for (i = 0; i < batch->n; i++)
	{
		const CcLocked *locked = cc_regrade_locked(batch, &touched[i]->subject);

		if (locked == NULL)
			elog(ERROR, "subject to be regraded is not locked");
		touched[i]->seq = locked->seq;
		touched[i]->known_at = locked->known_at;
	}
}

/*
 * Those whose standings read records of the subjects, by the links as they are, in key order; the subjects themselves may
 * be among them. Returns their number.
 */
int
cc_regrade_readers(CcBatch *batch, CcTouched *touched, int n, pg_uuid_t **readers)
{
	CcTouched **all = palloc(sizeof(CcTouched *) * (n + 1));
	Datum		args[2];
	bool		isnull;
	int			found,
				i;

	for (i = 0; i < n; i++)
		all[i] = &touched[i];
	args[0] = subjects_of(all, n);
	args[1] = cc_role_array(batch->catalogue->linked);
	execute(QUERY_READERS, args);
	found = (int) SPI_processed;
	*readers = palloc(sizeof(pg_uuid_t) * (found + 1));
	for (i = 0; i < found; i++)
		(*readers)[i] = *DatumGetUUIDP(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull));
	SPI_freetuptable(SPI_tuptable);
	return found;
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
	args[0] = subjects_of(all, n);
	args[1] = TimestampTzGetDatum(touched[0].known_at);
	args[2] = TimestampTzGetDatum(first);
	position_rows(QUERY_POSITION_LINKS, args);
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
	args[0] = cc_array(subjects, batch->n_locked, code_type);
	args[1] = cc_array(at, batch->n_locked, TIMESTAMPTZOID);
	position_rows(QUERY_POSITION_LISTINGS, args);
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
	args[0] = cc_array(subjects, n, code_type);
	args[1] = cc_array(kinds, n, TEXTOID);
	args[2] = cc_array(days, n, DATEOID);
	execute(QUERY_SUBJECT, args);
}

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
 * known_from of a row is its statement's time, which two statements can share, and two statements need not lock in the
 * order of their times: rows of the one that locked later get the position after the other's, so that what was known at
 * a position never changes. A new version of a record has its position already, the one at which the old version ends,
 * taken under the subject's lock.
 */
static void
position_records(CcBatch *batch)
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
	args[0] = cc_array(subjects, n, code_type);
	args[1] = cc_array(ids, n, UUIDOID);
	args[2] = cc_array(at, n, TIMESTAMPTZOID);
	position_rows(QUERY_POSITION, args);
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

static const CcFresh *
find_fresh(const CcBatch *batch, const CcTouched *subject, const CcMeasure *measure)
{
	int			i;

	for (i = 0; i < subject->n_fresh; i++)
		if (batch->fresh[subject->first_fresh + i].policy_id == measure->policy_id)
			return &batch->fresh[subject->first_fresh + i];
	return NULL;
}

/* One row of QUERY_STORED. */
typedef struct Stored
{
	int			touched;
	int32		policy_id;
	HeapTuple	tuple;
} Stored;

/*
 * Decides how the subject's standing by the measure comes about: by folding the new facts into what is stored, or from
 * the records. False if there is nothing to be written, because the subject was not and is not enrolled.
 */
static bool
plan_standing(CcBatch *batch, CcEnv *env, CcTouched *subject, const CcMeasure *measure, const Stored *stored, TupleDesc desc, DateADT day,
			  bool only_read, Graded *graded)
{
	const CcFresh *fresh;
	bool		isnull;
	DateADT		stored_on = DATEVAL_NOBEGIN;

	memset(graded, 0, sizeof(*graded));
	graded->touched = subject;
	graded->measure = measure;
	graded->old_band = -1;
	graded->only_read = only_read;
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
		graded->old_effects = DatumGetInt32(SPI_getbinval(stored->tuple, desc, 12, &isnull));
		/* the daily job: what is not due stays as it is */
		if (!only_read && subject->scope == CC_TOUCH_ROWS && !subject->recompute && subject->n_facts == 0 &&
			DatumGetDateADT(SPI_getbinval(stored->tuple, desc, 11, &isnull)) > subject->day)
			return false;
	}
	graded->as_of = Max(day, stored_on);
	graded->version = cc_version_for(measure, graded->as_of);
	if (graded->version == NULL)
		return false;
	graded->policy = cc_version_policy(batch->catalogue, graded->version);
	cc_state_init(&graded->state, graded->as_of);
	graded->recompute = true;
	fresh = batch->fresh ? find_fresh(batch, subject, measure) : NULL;
	if (fresh != NULL && fresh->state != NULL && fresh->version_id == graded->version->version_id && graded->as_of == subject->day &&
		subject->seq == subject->fresh_seq + 1)
	{
		/* Nobody touched the subject since its records were read without the lock. */
		graded->recompute = !cc_folded_read(env, graded->policy, fresh->state, &graded->state);
		return true;
	}
	if (subject->recompute || ((subject->scope & CC_TOUCH_LINKED) && graded->policy->reads.linked != 0 && stored != NULL))
		return true;
	if (stored == NULL)
	{
		graded->recompute = subject->seq > 1;
		return !graded->recompute || enrols(batch, env, graded->policy, subject);
	}
	if (graded->old_version == graded->version->version_id)
	{
		bytea	   *folded = DatumGetByteaPP(SPI_getbinval(stored->tuple, desc, 10, &isnull));

		graded->recompute = !cc_folded_read(env, graded->policy, folded, &graded->state) || !cc_good_on(&graded->state, graded->as_of);
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

/* Keeps in mind a version that stands at the position which the statement has given its subject. */
static void
note_successor(CcBatch *batch, const CcTouched *subject, const CcFact *fact, TimestampTz known_from)
{
	CcSuccessor *successor;

	if (known_from != subject->known_at)
		return;
	if (batch->n_successors == batch->successors_room)
	{
		batch->successors_room = batch->successors_room ? 2 * batch->successors_room : 16;
		batch->successors = batch->successors ?
			repalloc_huge(batch->successors, sizeof(CcSuccessor) * batch->successors_room) :
			MemoryContextAlloc(TopTransactionContext, sizeof(CcSuccessor) * batch->successors_room);
	}
	successor = &batch->successors[batch->n_successors++];
	successor->subject = subject->subject;
	memcpy(&successor->record_id, fact->record_id, UUID_LEN);
	successor->known_from = known_from;
	successor->day = subject->day;
}

/* Records of subjects on their way into the states to be recomputed. */
typedef struct Folding
{
	CcBatch    *batch;
	CcEnv	   *env;
	Graded	   *graded;
	int			n;
	CcTouched **subjects;		/* by subject */
	int			n_subjects;
	bool		linked;			/* the records are those of linked subjects */
	MemoryContext row_context;
} Folding;

/* CcTakeRow: a row of QUERY_RECORDS or QUERY_LINKED. */
static void
fold_record(void *arg, HeapTuple tuple, TupleDesc desc)
{
	Folding    *folding = arg;
	MemoryContext caller = MemoryContextSwitchTo(folding->row_context);
	Datum		values[CC_FACT_COLUMNS + 1];
	bool		nulls[CC_FACT_COLUMNS + 1];
	CcTouched	key;
	CcTouched  *key_pointer = &key;
	CcTouched  *subject;
	CcFact		fact;
	int			i;

	heap_deform_tuple(tuple, desc, values, nulls);
	cc_fact_read(folding->batch->catalogue, DT_NOEND, values, nulls, &fact);
	key.subject = *DatumGetUUIDP(values[CC_COL_SUBJECT]);
	subject = *(CcTouched **) bsearch(&key_pointer, folding->subjects, folding->n_subjects, sizeof(CcTouched *), compare_subjects);
	for (i = subject->first_graded; i < folding->n && folding->graded[i].touched == subject; i++)
	{
		Graded	   *graded = &folding->graded[i];

		if (graded->recompute && (!folding->linked || cc_policy_takes(graded->policy, &fact)))
			cc_fold(folding->env, graded->policy, &graded->state, &fact);
	}
	if (folding->batch->notes && !folding->linked)
		note_successor(folding->batch, subject, &fact, DatumGetTimestampTz(values[CC_FACT_COLUMNS]));
	MemoryContextSwitchTo(caller);
	MemoryContextReset(folding->row_context);
}

/* Folds the records of the subjects, or, with roles, of those linked to them, into the states to be recomputed. */
static void
fold_records(Folding *folding, uint32 linked)
{
	SqlId		id = linked != 0 ? QUERY_LINKED : QUERY_RECORDS;
	Datum		args[2];
	Portal		portal;
	int			level;

	folding->linked = linked != 0;
	folding->row_context = AllocSetContextCreate(CurrentMemoryContext, "citycredit record", ALLOCSET_SMALL_SIZES);
	args[0] = subjects_of(folding->subjects, folding->n_subjects);
	args[1] = linked != 0 ? cc_role_array(linked) : (Datum) 0;
	level = plan_begin(id);
	portal = SPI_cursor_open(NULL, plans[id], args, NULL, false);
	plan_end(id, level);
	cc_each_row(portal, fold_record, folding);
	MemoryContextDelete(folding->row_context);
}

/* Reads all records of the subjects whose standings don't come from the stored states, and folds them. */
static void
recompute(CcBatch *batch, CcEnv *env, Graded *graded, int n)
{
	Folding		folding = {batch, env, graded, n};
	uint32		linked = 0;
	int			i;

	folding.subjects = palloc(sizeof(CcTouched *) * (n + 1));
	for (i = 0; i < n; i++)
	{
		if (!graded[i].recompute)
			continue;
		linked |= graded[i].policy->reads.linked;
		if (folding.n_subjects == 0 || folding.subjects[folding.n_subjects - 1] != graded[i].touched)
			folding.subjects[folding.n_subjects++] = graded[i].touched;
	}
	if (folding.n_subjects == 0)
		return;
	fold_records(&folding, 0);
	if (linked != 0)
		fold_records(&folding, linked);
}

/* The standings of a batch, for a policy that reads results of others. */
typedef struct Graduates
{
	const CcBatch *batch;
	const Graded *graded;
	int			n;
	const Graded *reader;
} Graduates;

/* CcFindInner: the subject's standing by the inner policy, which comes before its readers'. */
static bool
find_inner(void *arg, const char *policy, CcInner *inner)
{
	const Graduates *graduates = arg;
	const CcMeasure *measure = cc_measure_find(graduates->batch->catalogue, policy);
	int			i;

	if (measure == NULL)
		return false;
	inner->measure = measure;
	inner->version = cc_version_for(measure, graduates->reader->as_of);
	inner->policy = inner->version ? cc_version_policy(graduates->batch->catalogue, inner->version) : NULL;
	inner->state = NULL;
	for (i = graduates->reader->touched->first_graded; i < graduates->n && &graduates->graded[i] != graduates->reader; i++)
		if (graduates->graded[i].measure == measure)
			inner->state = &graduates->graded[i].complete;
	return true;
}

/* The outcomes by the versions in force; before or after all versions there is none. */
static void
finish_all(CcBatch *batch, CcEnv *env, CcTouched **touched, Graded *graded, int n)
{
	CcReadings *readings = NULL;
	Graduates	graduates;
	CcFinish	finish;
	int			i;

	for (i = 0; i < n && readings == NULL; i++)
		if (cc_reads_readings(graded[i].policy))
			readings = cc_read_readings(subjects_of(touched, batch->n), batch->n, DT_NOEND, false);
	memset(&finish, 0, sizeof(finish));
	graduates.batch = batch;
	graduates.graded = graded;
	graduates.n = n;
	finish.find_inner = find_inner;
	finish.arg = &graduates;
	finish.known_at = DT_NOEND;
	for (i = 0; i < n; i++)
	{
		cc_settle(env, graded[i].policy, &graded[i].state, graded[i].as_of, true);
		graduates.reader = &graded[i];
		finish.version = graded[i].version;
		finish.policy = graded[i].policy;
		finish.own = &graded[i].state;
		finish.readings = readings ? &readings[graded[i].touched - batch->touched] : NULL;
		finish.subject_kind = cc_subject_kind(&graded[i].touched->subject);
		finish.day = graded[i].as_of;
		finish.is_read = graded[i].measure->is_read;
		cc_finish_standing(env, &finish, &graded[i].complete, &graded[i].outcome);
	}
}

/* ---- write ---- */

static bool
outcome_changed(const Graded *graded)
{
	const CcOutcome *new = &graded->outcome;

	return !graded->stored || graded->old_state != new->state || graded->old_band != new->band || graded->old_grade != new->grade ||
		graded->old_vetoes != (int32) new->vetoes || graded->old_lists != (int32) new->lists ||
		graded->old_effects != (int32) new->effects ||
		graded->old_version != graded->version->version_id;
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

/* A row of the table: OUTCOME_COLUMNS, then the n values of its own. */
static Datum
make_row(const RowType *row, const Graded *graded, const Datum *own, int n)
{
	const CcOutcome *outcome = &graded->outcome;
	bool		no_band = outcome->band < 0;
	Datum		values[20];
	bool		nulls[20] = {false};
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
execute_rows(SqlId id, Datum *rows, int n, const RowType *row)
{
	Datum		args[1];

	if (n == 0)
		return;
	args[0] = cc_array(rows, n, row->type);
	execute(id, args);
}

/*
 * Writes every standing, the outcome changed or not: that is what makes a concurrent REPEATABLE READ transaction fail
 * instead of miss it.
 */
static void
write_standings(CcBatch *batch, Graded *graded, int n)
{
	Datum	   *standings = palloc(sizeof(Datum) * (n + 1));
	Datum	   *changes = palloc(sizeof(Datum) * (n + 1));
	Datum		cause = CStringGetTextDatum(batch->cause);
	int			n_standings = 0,
				n_changes = 0,
				i;

	for (i = 0; i < n; i++)
	{
		Datum		own[3];

		if (graded[i].only_read || (!graded[i].stored && !cc_ever_enrolled(&graded[i].state)))
			continue;
		own[0] = DateADTGetDatum(graded[i].outcome.next_change_on);
		own[1] = PointerGetDatum(cc_folded(&graded[i].state));
		standings[n_standings++] = make_row(&standing_row, &graded[i], own, 2);
		if (!outcome_changed(&graded[i]))
			continue;
		own[0] = TimestampTzGetDatum(graded[i].touched->known_at);
		own[1] = records_of(batch, graded[i].touched);
		own[2] = cause;
		changes[n_changes++] = make_row(&history_row, &graded[i], own, 3);
	}
	batch->changed += n_changes;
	execute_rows(QUERY_WRITE, standings, n_standings, &standing_row);
	execute_rows(QUERY_HISTORY, changes, n_changes, &history_row);
}

/* ---- batches ---- */

/*
 * Begins a series of batches. The lock on the policy table, held to the end of the transaction, keeps policies as they
 * are: adoption takes EXCLUSIVE.
 */
void
cc_regrade_begin(CcBatch *batch, const char *cause)
{
	memset(batch, 0, sizeof(*batch));
	batch->context = AllocSetContextCreate(CurrentMemoryContext, "citycredit batch", ALLOCSET_DEFAULT_SIZES);
	batch->cause = cause;
	LockRelationOid(cc_registry_table("policy"), RowShareLock);
	batch->catalogue = cc_catalogue();
	cc_catalogue_reads(batch->catalogue);
	prepare_all();
}

/* True if what touched the subject concerns its standing by the policy. */
static bool
concerns(const CcTouched *subject, const CcPolicy *policy)
{
	return (subject->scope & CC_TOUCH_ROWS) || ((subject->scope & CC_TOUCH_LINKED) && policy->reads.linked != 0) ||
		((subject->scope & CC_TOUCH_READINGS) && cc_reads_readings(policy));
}

/* Plans the subject's standings where no policy reads the results of another. Returns how many. */
static int
plan_apart(CcBatch *batch, CcEnv *env, CcTouched *subject, const Stored *const *stored, TupleDesc desc, Graded *graded)
{
	int			n = 0;
	int			k;

	for (k = 0; k < batch->catalogue->n; k++)
	{
		const CcMeasure *measure = &batch->catalogue->measures[k];

		if (batch->fresh != NULL && find_fresh(batch, subject, measure) == NULL)
			continue;
		if (!(subject->scope & CC_TOUCH_ROWS))
		{
			const CcVersion *version = cc_version_for(measure, subject->day);

			if (version == NULL || !concerns(subject, cc_version_policy(batch->catalogue, version)))
				continue;
		}
		if (plan_standing(batch, env, subject, measure, stored[k], desc, subject->day, false, &graded[n]))
			n++;
	}
	return n;
}

static bool
reads_result(const CcPolicy *policy, const CcMeasure *measure)
{
	int			i;

	for (i = 0; i < policy->reads.n_results; i++)
		if (strcmp(policy->reads.results[i], measure->name) == 0)
			return true;
	return false;
}

/*
 * Plans the subject's standings where policies read each other's results: all on one day, everybody after those he
 * reads. Who reads a result that is written is concerned too; what is read but not concerned is computed and not written.
 */
static int
plan_together(CcBatch *batch, CcEnv *env, CcTouched *subject, const Stored *const *stored, TupleDesc desc, Graded *graded)
{
	const CcCatalogue *catalogue = batch->catalogue;
	int		   *order = palloc(sizeof(int) * (catalogue->n + 1));
	bool	   *concerned = palloc0(sizeof(bool) * (catalogue->n + 1));
	bool	   *needed = palloc0(sizeof(bool) * (catalogue->n + 1));
	const CcPolicy **policies = palloc0(sizeof(CcPolicy *) * (catalogue->n + 1));
	Graded	   *planned = palloc(sizeof(Graded) * (catalogue->n + 1));
	bool	   *is_planned = palloc0(sizeof(bool) * (catalogue->n + 1));
	DateADT		day = subject->day;
	bool		isnull;
	int			n = 0;
	int			i,
				k;

	for (k = 0; k < catalogue->n; k++)
		if (stored[k] != NULL)
			day = Max(day, DatumGetDateADT(SPI_getbinval(stored[k]->tuple, desc, 4, &isnull)));
	cc_measure_order(env, catalogue, day, order);
	for (i = 0; i < catalogue->n; i++)
	{
		const CcVersion *version = cc_version_for(&catalogue->measures[order[i]], day);

		if (version == NULL)
			continue;
		policies[order[i]] = cc_version_policy(catalogue, version);
		concerned[order[i]] = concerns(subject, policies[order[i]]) &&
			(batch->fresh == NULL || find_fresh(batch, subject, &catalogue->measures[order[i]]) != NULL);
		for (k = 0; k < i; k++)
			concerned[order[i]] |= concerned[order[k]] && reads_result(policies[order[i]], &catalogue->measures[order[k]]);
	}
	for (i = catalogue->n - 1; i >= 0; i--)
	{
		const CcMeasure *measure = &catalogue->measures[order[i]];
		Graded	   *standing = &planned[order[i]];

		if (concerned[order[i]])
			is_planned[order[i]] = plan_standing(batch, env, subject, measure, stored[order[i]], desc, day, false, standing);
		if (!is_planned[order[i]] && needed[order[i]])
			is_planned[order[i]] = plan_standing(batch, env, subject, measure, stored[order[i]], desc, day, true, standing);
		for (k = 0; is_planned[order[i]] && k < i; k++)
			needed[order[k]] |= reads_result(policies[order[i]], &catalogue->measures[order[k]]);
	}
	for (i = 0; i < catalogue->n; i++)
		if (is_planned[order[i]])
			graded[n++] = planned[order[i]];
	return n;
}

/* Decides for each subject of the batch which standings come about how; folds the new facts into those that are stored. */
static int
plan_batch(CcBatch *batch, CcEnv *env, const Stored *stored, int n_stored, TupleDesc desc, Graded *graded)
{
	const Stored **of_measure = palloc(sizeof(Stored *) * (batch->catalogue->n + 1));
	int			n = 0,
				s = 0,
				i,
				k,
				f;

	for (i = 0; i < batch->n; i++)
	{
		CcTouched  *subject = &batch->touched[i];

		for (k = 0; k < batch->catalogue->n; k++)
		{
			while (s < n_stored && (stored[s].touched < i ||
									(stored[s].touched == i && stored[s].policy_id < batch->catalogue->measures[k].policy_id)))
				s++;
			of_measure[k] = s < n_stored && stored[s].touched == i && stored[s].policy_id == batch->catalogue->measures[k].policy_id ?
				&stored[s] : NULL;
		}
		subject->first_graded = n;
		n += batch->catalogue->results ? plan_together(batch, env, subject, of_measure, desc, &graded[n]) :
			plan_apart(batch, env, subject, of_measure, desc, &graded[n]);
		for (k = subject->first_graded; k < n; k++)
			for (f = 0; !graded[k].recompute && f < subject->n_facts; f++)
				cc_fold(env, graded[k].policy, &graded[k].state, &batch->facts[subject->first_fact + f]);
	}
	return n;
}

/* Brings the standings of the batch's subjects up to date. Subjects are in key order, each once. */
void
cc_regrade_batch(CcBatch *batch)
{
	MemoryContext caller = MemoryContextSwitchTo(batch->context);
	CcTouched **touched = palloc(sizeof(CcTouched *) * (batch->n + 1));
	Graded	   *graded = palloc(sizeof(Graded) * ((Size) batch->n * batch->catalogue->n + 1));
	Stored	   *stored;
	SPITupleTable *stored_table;
	CcPgEnv		env;
	int			n_stored,
				n,
				i;

	CHECK_FOR_INTERRUPTS();
	if (batch->n == 0)
	{
		MemoryContextSwitchTo(caller);
		MemoryContextReset(batch->context);
		return;
	}
	cc_env_init(&env, batch->context);
	for (i = 0; i < batch->n; i++)
		touched[i] = &batch->touched[i];
	lock_subjects(batch, touched);
	cc_regrade_check_closed(batch->touched, batch->n);
	register_subjects(batch);
	position_records(batch);
	n_stored = read_stored(touched, batch->n, &stored);
	stored_table = SPI_tuptable;
	n = plan_batch(batch, &env.env, stored, n_stored, stored_table->tupdesc, graded);
	recompute(batch, &env.env, graded, n);
	finish_all(batch, &env.env, touched, graded, n);
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
