/*
 * gather.c -- what a policy takes in besides a subject's own records: linked records, readings, results
 *
 * The stored state of a standing holds what came from records, own and linked. Published ratings, list entries and the
 * results of other policies are folded into a copy of it whenever an outcome is read off: they change without any record
 * of the subject, and what is read must not stay behind in what is stored.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "citycredit.h"
#include "env.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "gather.h"
#include "miscadmin.h"
#include "utils/acl.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

PG_FUNCTION_INFO_V1(_fold);
PG_FUNCTION_INFO_V1(_fold_subject);
PG_FUNCTION_INFO_V1(_fold_rated);
PG_FUNCTION_INFO_V1(_reads_more);
PG_FUNCTION_INFO_V1(_linked_roles);
PG_FUNCTION_INFO_V1(_check_reads);
PG_FUNCTION_INFO_V1(_with_readers);

/* How far results are looked ahead at first, in days; whose outcome does not differ until then is looked at for ever. */
#define HORIZON		366

static bool
named(const char *const *names, int n, CcText text)
{
	int			i;

	for (i = 0; i < n; i++)
		if (text.str != NULL && (int) strlen(names[i]) == text.len && memcmp(names[i], text.str, text.len) == 0)
			return true;
	return false;
}

/* True if the policy's reads let the fact in; own records always are. */
bool
cc_policy_takes(const CcPolicy *policy, const CcFact *fact)
{
	int			whose = fact->rank[CC_TERM_WHOSE];

	if (whose > CC_WHOSE_OWN)
		return (policy->reads.linked & (1u << whose)) != 0;
	switch (fact->rank[CC_TERM_KIND])
	{
		case CC_KIND_RATING:
			return named(policy->reads.ratings, policy->reads.n_ratings, fact->text[CC_TERM_POLICY]);
		case CC_KIND_LISTING:
			return named(policy->reads.listings, policy->reads.n_listings, fact->text[CC_TERM_LIST]);
		case CC_KIND_RESULT:
			return named(policy->reads.results, policy->reads.n_results, fact->text[CC_TERM_POLICY]);
		default:
			return true;
	}
}

/* True if the state folded from records does not tell the outcome by itself. */
bool
cc_reads_more(const CcPolicy *policy)
{
	return policy->reads.n_ratings > 0 || policy->reads.n_listings > 0 || policy->reads.n_results > 0;
}

/* The words of whose for a set of ranks, as text[]. */
Datum
cc_role_array(uint32 linked)
{
	Datum		roles[32];
	int			n = 0;
	int			i;

	for (i = CC_WHOSE_OWN + 1; cc_vocabulary[CC_TERM_WHOSE].words[i] != NULL; i++)
		if (linked & (1u << i))
			roles[n++] = CStringGetTextDatum(cc_vocabulary[CC_TERM_WHOSE].words[i]);
	return PointerGetDatum(construct_array(roles, n, TEXTOID, -1, false, TYPALIGN_INT));
}

/* ---- queries, prepared once a session ---- */
typedef enum SqlId
{
	QUERY_OWN_NOW,
	QUERY_OWN_THEN,
	QUERY_LINKED_NOW,
	QUERY_LINKED_THEN,
	QUERY_READINGS_NOW,
	QUERY_READINGS_THEN,
	QUERIES
} SqlId;

#define AT(alias) \
	" AND " alias ".known_from OPERATOR(pg_catalog.<=) $2 AND " alias ".known_until OPERATOR(pg_catalog.>) $2"
#define NOW(alias) \
	" AND " alias ".known_until OPERATOR(pg_catalog.=) $2"

/* in the order of the legal days: an explanation goes by it */
#define LEGAL_ORDER \
	" ORDER BY coalesce(r.decided_on, r.act_on, r.valid_from, r.recorded_on), r.record_id"
#define OWN \
	"SELECT " CC_FACT_COLUMN_LIST " FROM " CC_SCHEMA ".record AS r WHERE r.subject OPERATOR(" CC_SCHEMA ".=) $1"
#define LINKED(link_known, record_known) \
	"SELECT " CC_LINKED_COLUMN_LIST " FROM (SELECT x.* FROM " CC_SCHEMA "._link AS x WHERE x.subject OPERATOR(" CC_SCHEMA ".=) $1" \
	" AND x.role OPERATOR(pg_catalog.=) ANY ($3)" link_known " OFFSET 0) AS l" \
	" CROSS JOIN LATERAL (SELECT y.* FROM " CC_SCHEMA ".record AS y WHERE y.subject OPERATOR(" CC_SCHEMA ".=) l.other" \
	record_known " OFFSET 0) AS r"
#define READINGS(known) \
	"SELECT u.i::pg_catalog.int4, v.kind, v.policy, v.cycle, v.list, v.state, v.band, v.grade, v.authority, v.source, v.document," \
	" v.points, v.act_on, v.act_ended_on, v.decided_on, v.valid_from, v.valid_until, u.subject" \
	" FROM unnest($1) WITH ORDINALITY AS u (subject, i)" \
	" CROSS JOIN LATERAL (SELECT x.* FROM " CC_SCHEMA "._reading AS x WHERE x.subject OPERATOR(" CC_SCHEMA ".=) u.subject" \
	known " OFFSET 0) AS v ORDER BY u.i, v.valid_from, v.kind, v.policy, v.list"

static const char *const query_sql[QUERIES] = {
	[QUERY_OWN_NOW] = OWN NOW("r") LEGAL_ORDER,
	[QUERY_OWN_THEN] = OWN AT("r") LEGAL_ORDER,
	[QUERY_LINKED_NOW] = LINKED(NOW("x"), NOW("y")) LEGAL_ORDER,
	[QUERY_LINKED_THEN] = LINKED(AT("x"), AT("y")) LEGAL_ORDER,
	[QUERY_READINGS_NOW] = READINGS(NOW("x")),
	[QUERY_READINGS_THEN] = READINGS(AT("x"))
};

/* The first argument is a subject, or, for readings, an array of them. */
static void
run(SqlId id, Oid code_type, Datum first, TimestampTz known_at, Datum roles, bool read_only)
{
	static SPIPlanPtr plans[QUERIES];
	static Oid	prepared_for[QUERIES];
	bool		linked = id == QUERY_LINKED_NOW || id == QUERY_LINKED_THEN;
	Datum		args[3];

	if (plans[id] == NULL || prepared_for[id] != code_type)
	{
		Oid			types[3];

		types[0] = id >= QUERY_READINGS_NOW ? get_array_type(code_type) : code_type;
		types[1] = TIMESTAMPTZOID;
		types[2] = TEXTARRAYOID;
		if (plans[id] != NULL)
			SPI_freeplan(plans[id]);
		plans[id] = NULL;		/* preparing may fail */
		plans[id] = SPI_prepare_cursor(query_sql[id], linked ? 3 : 2, types, CURSOR_OPT_GENERIC_PLAN);
		if (plans[id] == NULL)
			elog(ERROR, "could not prepare: %s", SPI_result_code_string(SPI_result));
		SPI_keepplan(plans[id]);
		prepared_for[id] = code_type;
	}
	args[0] = first;
	args[1] = TimestampTzGetDatum(known_at);
	args[2] = roles;
	if (SPI_execute_plan(plans[id], args, NULL, read_only, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not read what a policy takes in");
}

/* ---- records ---- */

static void
add_facts(const CcCatalogue *catalogue, TimestampTz known_at, CcFact **facts, int *n)
{
	Size		size = sizeof(CcFact) * (*n + SPI_processed + 1);
	uint64		i;

	*facts = *facts == NULL ? MemoryContextAllocHuge(CurrentMemoryContext, size) : repalloc_huge(*facts, size);
	for (i = 0; i < SPI_processed; i++)
	{
		Datum		values[CC_FACT_COLUMNS];
		bool		nulls[CC_FACT_COLUMNS];

		heap_deform_tuple(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, values, nulls);
		cc_fact_read(catalogue, known_at, values, nulls, &(*facts)[(*n)++]);
	}
}

/*
 * A subject's own records as known at a position (infinity = now), in the order of their legal days, then those of the
 * subjects linked to it in the roles. The caller is connected to SPI; texts stay in its tables.
 */
static CcFact *
read_facts(const CcCatalogue *catalogue, Datum subject, Oid code_type, TimestampTz known_at, uint32 linked, int *n)
{
	bool		then = !TIMESTAMP_IS_NOEND(known_at);
	CcFact	   *facts = NULL;

	*n = 0;
	run(then ? QUERY_OWN_THEN : QUERY_OWN_NOW, code_type, subject, known_at, (Datum) 0, true);
	add_facts(catalogue, known_at, &facts, n);
	if (linked != 0)
	{
		run(then ? QUERY_LINKED_THEN : QUERY_LINKED_NOW, code_type, subject, known_at, cc_role_array(linked), true);
		add_facts(catalogue, known_at, &facts, n);
	}
	return facts;
}

/* ---- readings ---- */

/* Columns of the query for readings after its first: texts, then a number, then days. */
static const CcTerm reading_terms[] = {
	CC_TERM_KIND, CC_TERM_POLICY, CC_TERM_CYCLE, CC_TERM_LIST, CC_TERM_STATE, CC_TERM_READ_BAND, CC_TERM_GRADE, CC_TERM_AUTHORITY,
	CC_TERM_SOURCE, CC_TERM_DOCUMENT, CC_TERM_POINTS, CC_TERM_ACT_ON, CC_TERM_ACT_ENDED_ON, CC_TERM_DECIDED_ON, CC_TERM_VALID_FROM,
	CC_TERM_VALID_UNTIL
};

static void
read_reading(HeapTuple tuple, TupleDesc desc, CcFact *fact)
{
	Datum		subject;
	bool		isnull;
	int			kind,
				i;

	cc_fact_init(fact);
	for (i = 0; i < lengthof(reading_terms); i++)
	{
		CcTerm		term = reading_terms[i];
		Datum		value = SPI_getbinval(tuple, desc, i + 2, &isnull);

		if (isnull)
			continue;
		if (CC_IS_TEXT(term))
		{
			fact->text[term].str = TextDatumGetCString(value);
			fact->text[term].len = strlen(fact->text[term].str);
		}
		else if (CC_IS_NUMBER(term))
			fact->number[term - CC_TERM_AMOUNT] = DatumGetInt64(value);
		else
			fact->day[term - CC_TERM_ACT_ON] = DatumGetDateADT(value);
	}
	subject = SPI_getbinval(tuple, desc, i + 2, &isnull);
	kind = cc_subject_kind(DatumGetUUIDP(subject));
	if (kind >= 0)
	{
		fact->text[CC_TERM_SUBJECT_KIND].str = cc_vocabulary[CC_TERM_SUBJECT_KIND].words[kind];
		fact->text[CC_TERM_SUBJECT_KIND].len = strlen(fact->text[CC_TERM_SUBJECT_KIND].str);
	}
	fact->text[CC_TERM_WHOSE].str = cc_vocabulary[CC_TERM_WHOSE].words[CC_WHOSE_OWN];
	fact->text[CC_TERM_WHOSE].len = strlen(fact->text[CC_TERM_WHOSE].str);
	fact->linked_from = CC_DAY_FIRST;
	fact->linked_until = CC_DAY_LAST;
	fact->verified = true;
	cc_fact_resolve(fact);
}

/*
 * Published ratings and list entries of n subjects, given as an array of codes, as known at a position; with the snapshot
 * at hand, or, for writers, one taken under the locks.
 */
CcReadings *
cc_read_readings(Datum subjects, int n, TimestampTz known_at, bool read_only)
{
	CcReadings *readings = palloc0(sizeof(CcReadings) * (n + 1));
	CcFact	   *facts;
	uint64		i;

	run(TIMESTAMP_IS_NOEND(known_at) ? QUERY_READINGS_NOW : QUERY_READINGS_THEN, ARR_ELEMTYPE(DatumGetArrayTypeP(subjects)), subjects,
		known_at, (Datum) 0, read_only);
	facts = palloc(sizeof(CcFact) * (SPI_processed + 1));
	for (i = 0; i < SPI_processed; i++)
	{
		bool		isnull;
		int			which = DatumGetInt32(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull)) - 1;

		read_reading(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, &facts[i]);
		if (readings[which].n++ == 0)
			readings[which].facts = &facts[i];
	}
	SPI_freetuptable(SPI_tuptable);
	return readings;
}

/* ---- finishing ---- */

static void
copy_state(CcEnv *env, const CcState *from, CcState *to)
{
	*to = *from;
	to->room = from->n + 8;
	to->entries = env->alloc(env, sizeof(CcEntry) * to->room);
	memcpy(to->entries, from->entries, sizeof(CcEntry) * from->n);
}

/*
 * Folds the results of one inner policy from the day through a later one; returns the last day for which they are
 * known. Where another version of it takes over, what follows is another state's to say.
 */
static CcDay
fold_results(CcEnv *env, const CcFinish *finish, const char *name, CcDay until, CcState *state)
{
	CcInner		inner;
	CcFact	   *facts;
	CcDay		known_until = CC_DAY_LAST;
	CcDay		known;
	const CcVersion *next = NULL;
	int			n,
				i;

	if (!finish->find_inner(finish->arg, name, &inner) || inner.version == NULL)
		return CC_DAY_LAST;
	for (i = 0; i < inner.measure->n; i++)
	{
		const CcVersion *version = &inner.measure->versions[i];

		if (version->adopted && version->adopted_at <= finish->known_at && version->from > finish->day &&
			(next == NULL || version->from < next->from))
			next = version;
	}
	if (next != NULL)
		known_until = cc_day_shift(next->from, -1);
	if (inner.state == NULL || inner.version->from > finish->day || inner.version->until < finish->day)
		return known_until;
	n = cc_result_facts(env, inner.policy, inner.state, finish->subject_kind, finish->day, Min(until, inner.version->until), &facts,
						&known);
	for (i = 0; i < n; i++)
		cc_fold(env, finish->policy, state, &facts[i]);
	known_until = Min(known_until, known);
	return until <= inner.version->until ? Min(known_until, until) : known_until;
}

static void
outcome_of(CcEnv *env, const CcFinish *finish, const CcState *state, CcOutcome *outcome)
{
	if (finish->as_if_in_force)
		cc_finish(env, finish->policy, state, finish->subject_kind, finish->day, NULL, outcome);
	else
		cc_version_outcome(env, finish->version, finish->policy, state, finish->subject_kind, finish->day, outcome);
}

/*
 * The outcome of a day, and the state with everything that it was read off. Results of other policies are looked ahead
 * at as far as it takes to know when the outcome next differs; for ever, where this one's result is looked ahead at.
 */
void
cc_finish_standing(CcEnv *env, const CcFinish *finish, CcState *complete, CcOutcome *outcome)
{
	const CcReads *reads = &finish->policy->reads;
	CcDay		until = finish->is_read ? CC_DAY_LAST : cc_day_shift(finish->day, HORIZON);

	if (!cc_reads_more(finish->policy))
	{
		*complete = *finish->own;
		outcome_of(env, finish, complete, outcome);
		return;
	}
	for (;; until = CC_DAY_LAST)
	{
		CcDay		known_until = CC_DAY_LAST;
		int			i;

		CHECK_FOR_INTERRUPTS();
		copy_state(env, finish->own, complete);
		for (i = 0; finish->readings != NULL && i < finish->readings->n; i++)
			if (cc_policy_takes(finish->policy, &finish->readings->facts[i]))
				cc_fold(env, finish->policy, complete, &finish->readings->facts[i]);
		for (i = 0; i < reads->n_results; i++)
		{
			CcDay		known = fold_results(env, finish, reads->results[i], until, complete);

			known_until = Min(known_until, known);
		}
		cc_settle(env, finish->policy, complete, finish->day, false);
		if (known_until != CC_DAY_LAST)
			cc_state_limit(complete, known_until);
		outcome_of(env, finish, complete, outcome);
		if (until == CC_DAY_LAST || known_until != until || outcome->next_change_on <= known_until)
			return;
	}
}

/* ---- one subject ---- */

typedef struct Subject
{
	CcEnv	   *env;
	const CcCatalogue *catalogue;
	const CcFact *facts;
	int			n_facts;
	const CcReadings *readings;
	int			kind;
	DateADT		day;
	TimestampTz known_at;
	int			depth;
	CcState   **inner;			/* by measure: what its results are read off, once somebody has read them */
} Subject;

static void complete_state(Subject *subject, const CcVersion *version, CcState *complete);

/* CcFindInner: evaluates the inner policy from the same facts. */
static bool
find_inner(void *arg, const char *policy, CcInner *inner)
{
	Subject    *subject = arg;
	const CcMeasure *measure = cc_measure_find(subject->catalogue, policy);
	CcState   **known;

	if (measure == NULL)
		return false;
	inner->measure = measure;
	inner->version = cc_version_known(measure, subject->day, subject->known_at);
	inner->state = NULL;
	if (inner->version == NULL)
		return true;
	inner->policy = cc_version_policy(subject->catalogue, inner->version);
	known = &subject->inner[measure - subject->catalogue->measures];
	/* once: the ways by which policies read each other's results are many more than the policies */
	if (*known == NULL)
	{
		CcState    *state = subject->env->alloc(subject->env, sizeof(CcState));

		complete_state(subject, inner->version, state);
		*known = state;
	}
	inner->state = *known;
	return true;
}

/* Folds the subject's facts by a version, with its readings and the results of others. */
static void
complete_state(Subject *subject, const CcVersion *version, CcState *complete)
{
	const CcPolicy *policy = cc_version_policy(subject->catalogue, version);
	CcState		own;
	CcOutcome	outcome;
	CcFinish	finish;
	int			i;

	check_stack_depth();
	if (++subject->depth > subject->catalogue->n)
		elog(ERROR, "policies read each other's results in a circle");
	cc_state_init(&own, subject->day);
	for (i = 0; i < subject->n_facts; i++)
		if (cc_policy_takes(policy, &subject->facts[i]))
			cc_fold(subject->env, policy, &own, &subject->facts[i]);
	cc_settle(subject->env, policy, &own, subject->day, false);
	if (!cc_reads_more(policy))
		*complete = own;
	else
	{
		memset(&finish, 0, sizeof(finish));
		finish.version = version;
		finish.policy = policy;
		finish.own = &own;
		finish.readings = subject->readings;
		finish.find_inner = find_inner;
		finish.arg = subject;
		finish.subject_kind = subject->kind;
		finish.day = subject->day;
		finish.known_at = subject->known_at;
		finish.as_if_in_force = true;
		finish.is_read = subject->depth > 1;
		cc_finish_standing(subject->env, &finish, complete, &outcome);
	}
	subject->depth--;
}

/* Reads all that a version takes in of a subject, as known at a position. The caller is connected to SPI. */
static void
open_subject(Subject *subject, CcEnv *env, const CcCatalogue *catalogue, const CcPolicy *policy, Datum code, Oid code_type, DateADT day,
			 TimestampTz known_at)
{
	uint32		linked = policy->reads.linked;

	if (policy->reads.n_results > 0)
	{
		cc_catalogue_reads(catalogue);
		linked |= catalogue->linked;
	}
	memset(subject, 0, sizeof(*subject));
	subject->env = env;
	subject->catalogue = catalogue;
	subject->kind = cc_subject_kind(DatumGetUUIDP(code));
	subject->day = day;
	subject->known_at = known_at;
	subject->inner = palloc0(sizeof(CcState *) * (catalogue->n + 1));
	subject->facts = read_facts(catalogue, code, code_type, known_at, linked, &subject->n_facts);
	if (cc_reads_more(policy))
		subject->readings = cc_read_readings(PointerGetDatum(construct_array(&code, 1, code_type, UUID_LEN, false, TYPALIGN_CHAR)), 1,
											 known_at, true);
}

/* The state of a subject by a version as bytea; NULL if nothing is known of the subject. For a rating with its two days. */
static bytea *
fold_subject(FunctionCallInfo fcinfo, bool for_rating)
{
	MemoryContext caller = CurrentMemoryContext;
	const CcCatalogue *catalogue = cc_catalogue();
	const CcVersion *version = cc_version_find(catalogue, PG_GETARG_INT32(1), NULL);
	bytea	   *folded = NULL;
	Subject		subject;
	CcPgEnv		env;
	CcState		complete;

	SPI_connect();
	cc_env_init(&env, CurrentMemoryContext);
	open_subject(&subject, &env.env, catalogue, cc_version_policy(catalogue, version), PG_GETARG_DATUM(0),
				 get_fn_expr_argtype(fcinfo->flinfo, 0), PG_GETARG_DATEADT(2), PG_GETARG_TIMESTAMPTZ(3));
	if (for_rating)
		subject.n_facts = cc_facts_of_rating((CcFact *) subject.facts, subject.n_facts, PG_GETARG_DATEADT(2), PG_GETARG_DATEADT(4),
											 PG_GETARG_DATEADT(5));
	if (subject.n_facts > 0)
	{
		complete_state(&subject, version, &complete);
		folded = MemoryContextAlloc(caller, VARHDRSZ + cc_state_size(&complete));
		SET_VARSIZE(folded, VARHDRSZ + cc_state_write(&complete, (unsigned char *) VARDATA(folded)));
	}
	SPI_finish();
	return folded;
}

/*
 * _fold_subject(subject, version_id, day, known_at) -> bytea: the state of one subject by a version from its records,
 * those of linked subjects, readings and the results of other policies, as known at a position; NULL if it has no
 * records.
 */
Datum
_fold_subject(PG_FUNCTION_ARGS)
{
	bytea	   *folded = fold_subject(fcinfo, false);

	if (folded == NULL)
		PG_RETURN_NULL();
	PG_RETURN_BYTEA_P(folded);
}

/* Whether the role that calls sees the subject (12_sight.sql). The caller is not connected to SPI. */
static bool
seen(Datum code, Oid code_type)
{
	bool		found;

	if (pg_class_aclcheck(cc_registry_table("government_subject"), GetUserId(), ACL_SELECT) == ACLCHECK_OK)
		return true;
	SPI_connect();
	if (SPI_execute_with_args("SELECT FROM " CC_SCHEMA "._government AS g WHERE g.subject OPERATOR(" CC_SCHEMA ".=) $1", 1, &code_type, &code,
							  NULL, true, 1) != SPI_OK_SELECT)
		elog(ERROR, "could not look for a subject");
	found = SPI_processed > 0;
	SPI_finish();
	return !found;
}

/* The owner of the records. */
static Oid
record_owner(void)
{
	HeapTuple	tuple = SearchSysCache1(RELOID, ObjectIdGetDatum(cc_registry_table("record")));
	Oid			owner;

	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for table \"record\"");
	owner = ((Form_pg_class) GETSTRUCT(tuple))->relowner;
	ReleaseSysCache(tuple);
	return owner;
}

/*
 * _fold(subject, version_id, day, known_at) -> bytea: _fold_subject() for readers of the view standing, who need no right on the
 * records: as their owner, but of a subject that the reader does not see, NULL. A function with its owner's rights would not
 * know who calls it: for the owner, who computes, no subject is unseen, whoever has set him going.
 */
Datum
_fold(PG_FUNCTION_ARGS)
{
	bytea	   *folded;
	Oid			user;
	int			security;

	if (!seen(PG_GETARG_DATUM(0), get_fn_expr_argtype(fcinfo->flinfo, 0)))
		PG_RETURN_NULL();
	GetUserIdAndSecContext(&user, &security);
	SetUserIdAndSecContext(record_owner(), security | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
	folded = fold_subject(fcinfo, false);
	SetUserIdAndSecContext(user, security);
	if (folded == NULL)
		PG_RETURN_NULL();
	PG_RETURN_BYTEA_P(folded);
}

/*
 * _fold_rated(subject, version_id, day, known_at, facts_until, repairs_until) -> bytea: the same for a rating, by what was
 * recorded and repaired through its days.
 */
Datum
_fold_rated(PG_FUNCTION_ARGS)
{
	bytea	   *folded = fold_subject(fcinfo, true);

	if (folded == NULL)
		PG_RETURN_NULL();
	PG_RETURN_BYTEA_P(folded);
}

static void
reopen(CcGathered *gathered, const CcVersion *version, DateADT day)
{
	gathered->subject = palloc(sizeof(Subject));
	gathered->version = version;
	open_subject(gathered->subject, gathered->env, gathered->catalogue, cc_version_policy(gathered->catalogue, version), gathered->code,
				 gathered->code_type, day, gathered->known_at);
}

/*
 * Fills in what the version takes in of the subject, for an explanation: records in the order of their legal days, those
 * of linked subjects, readings, and the results of other policies on the day. The first fields, through known_at, are the
 * caller's, who is connected to SPI.
 */
void
cc_gather(CcGathered *gathered)
{
	const CcPolicy *policy = cc_version_policy(gathered->catalogue, gathered->version);
	Subject    *subject;
	CcFact	   *facts;
	int			n = 0;
	int			i,
				k;

	reopen(gathered, gathered->version, gathered->day);
	subject = gathered->subject;
	gathered->subject_kind = subject->kind;
	complete_state(subject, gathered->version, &gathered->state);
	facts = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(CcFact) * (subject->n_facts + (subject->readings ? subject->readings->n : 0) +
																		   policy->reads.n_results + 1));
	for (i = 0; i < subject->n_facts; i++)
		if (cc_policy_takes(policy, &subject->facts[i]))
			facts[n++] = subject->facts[i];
	for (i = 0; subject->readings != NULL && i < subject->readings->n; i++)
		if (cc_policy_takes(policy, &subject->readings->facts[i]))
			facts[n++] = subject->readings->facts[i];
	for (i = 0; i < policy->reads.n_results; i++)
	{
		CcInner		inner;
		CcFact	   *results;
		CcDay		known_until;
		int			found;

		if (!find_inner(subject, policy->reads.results[i], &inner) || inner.state == NULL || inner.version->from > gathered->day ||
			inner.version->until < gathered->day)
			continue;
		found = cc_result_facts(gathered->env, inner.policy, inner.state, subject->kind, gathered->day, inner.version->until, &results,
								&known_until);
		for (k = 0; k < found; k++)
			if (results[k].day[CC_TERM_VALID_FROM - CC_TERM_ACT_ON] <= gathered->day)
				facts[n++] = results[k];
	}
	gathered->facts = facts;
	gathered->n = n;
}

/*
 * The outcome of a later day by the version then in force, if nothing new is learned, as evaluate() gives it. Returns the
 * version; NULL if none is in force.
 */
const CcVersion *
cc_gathered_outcome(CcGathered *gathered, DateADT day, CcOutcome *outcome)
{
	const CcVersion *version = cc_version_known(gathered->measure, day, gathered->known_at);
	const CcPolicy *policy;

	if (version == NULL || version->from > day || version->until < day)
		return NULL;
	policy = cc_version_policy(gathered->catalogue, version);
	if (version != gathered->version)
		reopen(gathered, version, day);
	else if (!cc_reads_more(policy) && cc_good_on(&gathered->state, day))
	{
		cc_version_outcome(gathered->env, version, policy, &gathered->state, gathered->subject_kind, day, outcome);
		return version;
	}
	gathered->subject->day = day;
	complete_state(gathered->subject, version, &gathered->state);
	cc_version_outcome(gathered->env, version, policy, &gathered->state, gathered->subject_kind, day, outcome);
	return version;
}

/* _reads_more(version_id) -> boolean: whether the version reads ratings, listings or results. */
Datum
_reads_more(PG_FUNCTION_ARGS)
{
	const CcCatalogue *catalogue = cc_catalogue();

	PG_RETURN_BOOL(cc_reads_more(cc_version_policy(catalogue, cc_version_find(catalogue, PG_GETARG_INT32(0), NULL))));
}

/* _linked_roles(version_ids) -> text[]: roles of the linked subjects whose records any of the versions reads. */
Datum
_linked_roles(PG_FUNCTION_ARGS)
{
	const CcCatalogue *catalogue = cc_catalogue();
	ArrayType  *ids = PG_GETARG_ARRAYTYPE_P(0);
	int			n = ArrayGetNItems(ARR_NDIM(ids), ARR_DIMS(ids));
	uint32		linked = 0;
	int			i;

	for (i = 0; i < n; i++)
		linked |= cc_version_policy(catalogue, cc_version_find(catalogue, ((int32 *) ARR_DATA_PTR(ids))[i], NULL))->reads.linked;
	PG_RETURN_DATUM(cc_role_array(linked));
}

/* ---- adoption ---- */

static bool
reads_result(const CcPolicy *policy, const char *name)
{
	int			i;

	for (i = 0; i < policy->reads.n_results; i++)
		if (strcmp(policy->reads.results[i], name) == 0)
			return true;
	return false;
}

/*
 * Follows the results that are read on a day from one policy on; if the way leads back to the first, it is an error that
 * names the way.
 */
static void
refuse_circle(const CcCatalogue *catalogue, const CcMeasure *first, const CcVersion *version, const CcMeasure **way, int n, bool *seen,
			  DateADT day)
{
	const CcPolicy *policy = cc_version_policy(catalogue, version);
	int			i,
				k;

	for (i = 0; i < policy->reads.n_results; i++)
	{
		const CcMeasure *next = cc_measure_find(catalogue, policy->reads.results[i]);
		const CcVersion *inner;

		if (next == NULL)
			continue;
		if (next == first)
		{
			StringInfoData circle;

			initStringInfo(&circle);
			for (k = 0; k < n; k++)
				appendStringInfo(&circle, "\"%s\" reads ", way[k]->name);
			ereport(ERROR,
					(errcode(ERRCODE_INVALID_OBJECT_DEFINITION),
					 errmsg("policies would read each other's results in a circle"),
					 errdetail("%s\"%s\".", circle.data, first->name),
					 errhint("Take the result of one of them out of reads.results, or give the versions days in force that do not overlap.")));
		}
		/* from where it went on before, no way led back */
		inner = seen[next - catalogue->measures] ? NULL : cc_version_in_force(next, day);
		if (inner == NULL)
			continue;
		seen[next - catalogue->measures] = true;
		way[n] = next;
		refuse_circle(catalogue, first, inner, way, n + 1, seen, day);
	}
}

static void
require_read(const CcCatalogue *catalogue, const CcMeasure *reader, const char *what, const char *name, bool adopted)
{
	const CcMeasure *measure = cc_measure_find(catalogue, name);
	int			i;

	for (i = 0; measure != NULL && i < measure->n; i++)
		if (measure->versions[i].adopted || !adopted)
			return;
	ereport(ERROR,
			(errcode(ERRCODE_UNDEFINED_OBJECT),
			 errmsg("policy \"%s\" reads %s of policy \"%s\", which does not exist", reader->name, what, name),
			 errdetail(adopted ? "No version of that name has been adopted." : "No version of that name has been loaded."),
			 adopted ? errhint("Adopt it first.") : errhint("Load it first.")));
}

/*
 * _check_reads(version_id): an error if a version to be adopted reads policies that do not exist, or, with the adopted
 * versions of others, would read results in a circle on some day.
 */
Datum
_check_reads(PG_FUNCTION_ARGS)
{
	const CcCatalogue *catalogue = cc_catalogue();
	const CcMeasure *measure;
	const CcVersion *version = cc_version_find(catalogue, PG_GETARG_INT32(0), &measure);
	const CcPolicy *policy = cc_version_policy(catalogue, version);
	const CcMeasure **way = palloc(sizeof(CcMeasure *) * (catalogue->n + 1));
	bool	   *seen = palloc0(sizeof(bool) * (catalogue->n + 1));
	int			i,
				k;

	for (i = 0; i < policy->reads.n_results; i++)
		if (strcmp(policy->reads.results[i], measure->name) != 0)
			require_read(catalogue, measure, "results", policy->reads.results[i], true);
	for (i = 0; i < policy->reads.n_ratings; i++)
		require_read(catalogue, measure, "ratings", policy->reads.ratings[i], false);
	way[0] = measure;
	refuse_circle(catalogue, measure, version, way, 1, seen, version->from);
	/* versions change on these days, and nothing else does */
	for (i = 0; i < catalogue->n; i++)
		for (k = 0; k < catalogue->measures[i].n; k++)
		{
			const CcVersion *other = &catalogue->measures[i].versions[k];

			if (!other->adopted || other->from <= version->from || other->from > version->until)
				continue;
			memset(seen, 0, sizeof(bool) * catalogue->n);
			refuse_circle(catalogue, measure, version, way, 1, seen, other->from);
		}
	PG_RETURN_VOID();
}

/* _with_readers(policy_ids) -> the same and the policies whose adopted versions read their results, in any number of steps. */
Datum
_with_readers(PG_FUNCTION_ARGS)
{
	const CcCatalogue *catalogue = cc_catalogue();
	ArrayType  *given = PG_GETARG_ARRAYTYPE_P(0);
	int			n_given = ArrayGetNItems(ARR_NDIM(given), ARR_DIMS(given));
	bool	   *in = palloc0(sizeof(bool) * (catalogue->n + 1));
	Datum	   *ids = palloc(sizeof(Datum) * (catalogue->n + 1));
	bool		again = true;
	int			n = 0;
	int			i,
				k,
				v;

	for (i = 0; i < catalogue->n; i++)
		for (k = 0; k < n_given; k++)
			in[i] |= catalogue->measures[i].policy_id == ((int32 *) ARR_DATA_PTR(given))[k];
	while (again)
	{
		again = false;
		for (i = 0; i < catalogue->n; i++)
			for (v = 0; v < catalogue->measures[i].n && !in[i]; v++)
				for (k = 0; k < catalogue->n && !in[i]; k++)
					if (in[k] && catalogue->measures[i].versions[v].adopted &&
						reads_result(cc_version_policy(catalogue, &catalogue->measures[i].versions[v]), catalogue->measures[k].name))
						in[i] = again = true;
	}
	for (i = 0; i < catalogue->n; i++)
		if (in[i])
			ids[n++] = Int32GetDatum(catalogue->measures[i].policy_id);
	PG_RETURN_ARRAYTYPE_P(construct_array(ids, n, INT4OID, sizeof(int32), true, TYPALIGN_INT));
}
