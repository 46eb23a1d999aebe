/*
 * regrade_query.c -- the queries of the write path
 *
 * All queries name logical tables and the subjects at hand only, with the operators of this schema spelled out. unnest
 * of several arrays is special syntax that knows no schema: callers run with the pinned path of the SQL functions.
 */
#include "postgres.h"

#include "array.h"
#include "catalog/pg_type.h"
#include "citycredit.h"
#include "fact.h"
#include "query.h"
#include "registry.h"
#include "regrade_steps.h"
#include "utils/builtins.h"
#include "utils/guc.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

#define OUTCOME_COLUMNS "subject, seq, score, policy_id, version_id, as_of, lists, vetoes, effects, state, band, credit_grade, band_code"
#define STANDING_COLUMNS OUTCOME_COLUMNS ", next_change_on, folded"
#define HISTORY_COLUMNS OUTCOME_COLUMNS ", known_at, records, cause"

static const char *const query_sql[CC_QUERIES] = {
	/*
	 * $3: the subject may stay at its position, because new versions stand where the statement's other trigger saw the
	 * old ones closed
	 */
	[CC_QUERY_LOCK] =
	"INSERT INTO " CC_SCHEMA ".subject_state AS s (subject, seq, known_at)"
	" SELECT u.subject, 1, $2 FROM unnest($1) AS u (subject)"
	" ON CONFLICT (subject) DO UPDATE SET seq = s.seq OPERATOR(pg_catalog.+) 1, known_at = greatest(excluded.known_at,"
	" CASE WHEN $3 THEN s.known_at ELSE s.known_at OPERATOR(pg_catalog.+) '1 microsecond'::pg_catalog.interval END)"
	" RETURNING s.seq, s.known_at",
	[CC_QUERY_SUBJECT] =
	"INSERT INTO " CC_SCHEMA ".subject (subject, kind, registered_on)"
	" SELECT u.subject, u.kind, u.registered_on FROM unnest($1, $2, $3) AS u (subject, kind, registered_on)"
	" ON CONFLICT (subject) DO NOTHING",
	[CC_QUERY_POSITION] =
	"UPDATE " CC_SCHEMA ".record AS r SET known_from = u.known_at"
	" FROM unnest($1, $2, $3) AS u (subject, record_id, known_at)"
	" WHERE r.subject OPERATOR(" CC_SCHEMA ".=) u.subject AND r.record_id OPERATOR(pg_catalog.=) u.record_id"
	" AND r.known_until OPERATOR(pg_catalog.=) 'infinity' AND r.known_from OPERATOR(pg_catalog.<) u.known_at",
	[CC_QUERY_STORED] =
	"SELECT u.i::pg_catalog.int4, t.policy_id, t.version_id, t.as_of, t.state, t.band, t.credit_grade::pg_catalog.int4, t.vetoes, t.lists,"
	" t.folded, t.next_change_on, t.effects"
	" FROM unnest($1) WITH ORDINALITY AS u (subject, i)"
	" CROSS JOIN LATERAL (SELECT x.* FROM " CC_SCHEMA ".standing_stored AS x WHERE x.subject OPERATOR(" CC_SCHEMA ".=) u.subject"
	" OFFSET 0) AS t ORDER BY u.i, t.policy_id",
	[CC_QUERY_RECORDS] =
	"SELECT " CC_FACT_COLUMN_LIST ", r.known_from FROM " CC_SCHEMA ".record AS r"
	" WHERE r.subject OPERATOR(" CC_SCHEMA ".=) ANY ($1) AND r.known_until OPERATOR(pg_catalog.=) 'infinity'",
	[CC_QUERY_LINKED] =
	"SELECT " CC_LINKED_COLUMN_LIST " FROM unnest($1) AS u (subject)"
	" CROSS JOIN LATERAL (SELECT x.* FROM " CC_SCHEMA "._link AS x WHERE x.subject OPERATOR(" CC_SCHEMA ".=) u.subject"
	" AND x.known_until OPERATOR(pg_catalog.=) 'infinity' AND x.role OPERATOR(pg_catalog.=) ANY ($2) OFFSET 0) AS l"
	" CROSS JOIN LATERAL (SELECT y.* FROM " CC_SCHEMA ".record AS y WHERE y.subject OPERATOR(" CC_SCHEMA ".=) l.other"
	" AND y.known_until OPERATOR(pg_catalog.=) 'infinity' OFFSET 0) AS r",
	[CC_QUERY_READERS] =
	"SELECT DISTINCT l.subject FROM unnest($1) AS u (subject)"
	" CROSS JOIN LATERAL (SELECT x.subject FROM " CC_SCHEMA "._link AS x WHERE x.other OPERATOR(" CC_SCHEMA ".=) u.subject"
	" AND x.known_until OPERATOR(pg_catalog.=) 'infinity' AND x.role OPERATOR(pg_catalog.=) ANY ($2) OFFSET 0) AS l"
	" ORDER BY l.subject",
	[CC_QUERY_ADVANCE] =
	"UPDATE " CC_SCHEMA ".subject_state AS s SET known_at = $2 FROM unnest($1) AS u (subject)"
	" WHERE s.subject OPERATOR(" CC_SCHEMA ".=) u.subject AND s.known_at OPERATOR(pg_catalog.<) $2",
	[CC_QUERY_POSITION_LINKS] =
	"UPDATE " CC_SCHEMA ".subject_link AS l SET known_from = $2 FROM unnest($1) AS u (subject)"
	" WHERE l.subject OPERATOR(" CC_SCHEMA ".=) u.subject AND l.known_until OPERATOR(pg_catalog.=) 'infinity'"
	" AND l.known_from OPERATOR(pg_catalog.<) $2 AND l.known_from OPERATOR(pg_catalog.>=) $3 AND l.version OPERATOR(pg_catalog.=) 1",
	/* steps that wait for their position say infinity */
	[CC_QUERY_POSITION_LISTINGS] =
	"UPDATE " CC_SCHEMA ".list_entry AS e"
	" SET listed_at = CASE WHEN e.listed_at OPERATOR(pg_catalog.=) 'infinity' THEN u.known_at ELSE e.listed_at END,"
	" removed_at = CASE WHEN e.removed_at OPERATOR(pg_catalog.=) 'infinity' THEN u.known_at ELSE e.removed_at END"
	" FROM unnest($1, $2) AS u (subject, known_at) WHERE e.subject OPERATOR(" CC_SCHEMA ".=) u.subject"
	" AND (e.listed_at OPERATOR(pg_catalog.=) 'infinity' OR e.removed_at OPERATOR(pg_catalog.=) 'infinity')",
	[CC_QUERY_WRITE] =
	"INSERT INTO " CC_SCHEMA ".standing_stored AS t (" STANDING_COLUMNS ") SELECT " STANDING_COLUMNS " FROM unnest($1) AS u"
	" ON CONFLICT (subject, policy_id) DO UPDATE SET seq = excluded.seq, score = excluded.score, version_id = excluded.version_id,"
	" as_of = excluded.as_of, next_change_on = excluded.next_change_on, lists = excluded.lists, vetoes = excluded.vetoes,"
	" effects = excluded.effects, state = excluded.state, band = excluded.band, credit_grade = excluded.credit_grade, band_code = excluded.band_code,"
	" folded = excluded.folded",
	[CC_QUERY_HISTORY] =
	"INSERT INTO " CC_SCHEMA ".standing_history (" HISTORY_COLUMNS ") SELECT " HISTORY_COLUMNS " FROM unnest($1) AS u"
};

static SPIPlanPtr plans[CC_QUERIES];
static bool planned[CC_QUERIES];	/* has been executed, and so has its plan */
static Oid	code_type;
static bool positioning = false;

CcRowType cc_standing_row;
CcRowType cc_history_row;

/* ---- prepared once a session ---- */

/* A number that no other definition of a table's columns has in this session. */
static uint64
row_shape(Oid type)
{
	return lookup_type_cache(type, TYPECACHE_TUPDESC)->tupDesc_identifier;
}

/* Looks the columns of a list up in the registry's table, as it is now. */
static void
row_type_init(CcRowType *row, const char *table, const char *columns)
{
	char	   *list = pstrdup(columns);
	char	   *column;
	char	   *rest;
	MemoryContext caller;

	row->type = get_rel_type_id(cc_registry_table(table));
	row->shape = row_shape(row->type);
	if (row->desc != NULL)
		FreeTupleDesc(row->desc);
	row->desc = NULL;			/* what follows may fail */
	caller = MemoryContextSwitchTo(TopMemoryContext);
	row->desc = lookup_rowtype_tupdesc_copy(row->type, -1);
	MemoryContextSwitchTo(caller);
	row->n = 0;
	for (column = strtok_r(list, ", ", &rest); column != NULL; column = strtok_r(NULL, ", ", &rest))
		row->attribute[row->n++] = cc_require_column(row->desc, table, column);
}

static void
prepare(CcRegradeQuery id, int nargs, Oid *types)
{
	cc_plan_make(&plans[id], query_sql[id], nargs, types);
}

/*
 * Prepares the queries once a session; again if the registry was made anew, or a table that rows are made for was
 * altered, in between.
 */
void
cc_regrade_prepare(void)
{
	Oid			standing_type = get_rel_type_id(cc_registry_table("standing_stored"));
	Oid			history_type = get_rel_type_id(cc_registry_table("standing_history"));
	Oid			code_array;
	int			i;

	if (plans[CC_QUERIES - 1] != NULL && cc_standing_row.type == standing_type && cc_standing_row.shape == row_shape(standing_type) &&
		cc_history_row.type == history_type && cc_history_row.shape == row_shape(history_type))
		return;
	for (i = 0; i < CC_QUERIES; i++)
	{
		cc_plan_drop(&plans[i]);
		planned[i] = false;
	}
	row_type_init(&cc_standing_row, "standing_stored", STANDING_COLUMNS);
	row_type_init(&cc_history_row, "standing_history", HISTORY_COLUMNS);
	code_type = TupleDescAttr(cc_standing_row.desc, cc_standing_row.attribute[0] - 1)->atttypid;
	code_array = get_array_type(code_type);
	prepare(CC_QUERY_LOCK, 3, (Oid[]) {code_array, TIMESTAMPTZOID, BOOLOID});
	prepare(CC_QUERY_SUBJECT, 3, (Oid[]) {code_array, TEXTARRAYOID, DATEARRAYOID});
	prepare(CC_QUERY_POSITION, 3, (Oid[]) {code_array, UUIDARRAYOID, TIMESTAMPTZARRAYOID});
	prepare(CC_QUERY_STORED, 1, (Oid[]) {code_array});
	prepare(CC_QUERY_RECORDS, 1, (Oid[]) {code_array});
	prepare(CC_QUERY_LINKED, 2, (Oid[]) {code_array, TEXTARRAYOID});
	prepare(CC_QUERY_READERS, 2, (Oid[]) {code_array, TEXTARRAYOID});
	prepare(CC_QUERY_ADVANCE, 2, (Oid[]) {code_array, TIMESTAMPTZOID});
	prepare(CC_QUERY_POSITION_LINKS, 3, (Oid[]) {code_array, TIMESTAMPTZOID, TIMESTAMPTZOID});
	prepare(CC_QUERY_POSITION_LISTINGS, 2, (Oid[]) {code_array, TIMESTAMPTZARRAYOID});
	prepare(CC_QUERY_WRITE, 1, (Oid[]) {get_array_type(cc_standing_row.type)});
	prepare(CC_QUERY_HISTORY, 1, (Oid[]) {get_array_type(cc_history_row.type)});
}

/* ---- executed ---- */

/*
 * Before a query is planned: only index scans and nested loops, which is right for a batch on tables of any size. A
 * plan made while the tables were empty, as in a first load, would otherwise read them as a whole for each batch; for
 * the same reason no query leaves the order of a join to the planner. Returns the level for plan_end(), 0 if the query
 * has its plan.
 */
static int
plan_begin(CcRegradeQuery id)
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
plan_end(CcRegradeQuery id, int level)
{
	if (level == 0)
		return;
	AtEOXact_GUC(true, level);
	planned[id] = true;
}

/* Executes a query to its end; its rows are in SPI_tuptable. */
void
cc_regrade_execute(CcRegradeQuery id, Datum *args)
{
	int			level = plan_begin(id);

	cc_plan_execute(plans[id], args, false);
	plan_end(id, level);
}

/* Opens a query of many rows, to be read one by one. */
Portal
cc_regrade_open(CcRegradeQuery id, Datum *args)
{
	int			level = plan_begin(id);
	Portal		portal = SPI_cursor_open(NULL, plans[id], args, NULL, false);

	plan_end(id, level);
	return portal;
}

/* Gives rows their position: an update that the triggers of their table leave alone. */
void
cc_regrade_position(CcRegradeQuery id, Datum *args)
{
	positioning = true;
	PG_TRY();
	{
		cc_regrade_execute(id, args);
	}
	PG_FINALLY();
	{
		positioning = false;
	}
	PG_END_TRY();
}

/* True while the trigger itself gives rows their position. */
bool
cc_positioning(void)
{
	return positioning;
}

/* ---- with arrays for unnest ---- */

/* Subject codes. */
Datum
cc_regrade_codes(Datum *subjects, int n)
{
	return cc_array(subjects, n, code_type);
}

Datum
cc_regrade_subjects(CcTouched **touched, int n)
{
	Datum	   *values = palloc(sizeof(Datum) * n);
	int			i;

	for (i = 0; i < n; i++)
		values[i] = UUIDPGetDatum(&touched[i]->subject);
	return cc_regrade_codes(values, n);
}
