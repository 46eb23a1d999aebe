/*
 * gather.c -- what a version takes in of one subject: its records, those of linked subjects, readings, results of others
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "array.h"
#include "catalog/pg_class.h"
#include "catalog/pg_type.h"
#include "citycredit.h"
#include "env.h"
#include "executor/spi.h"
#include "fact.h"
#include "finish.h"
#include "folded.h"
#include "gather.h"
#include "miscadmin.h"
#include "query.h"
#include "reads.h"
#include "registry.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/syscache.h"

PG_FUNCTION_INFO_V1(_fold);
PG_FUNCTION_INFO_V1(_fold_subject);
PG_FUNCTION_INFO_V1(_fold_rated);

/* ---- records ---- */

typedef enum SqlId
{
	QUERY_OWN_NOW,
	QUERY_OWN_THEN,
	QUERY_LINKED_NOW,
	QUERY_LINKED_THEN,
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

static const char *const query_sql[QUERIES] = {
	[QUERY_OWN_NOW] = OWN NOW("r") LEGAL_ORDER,
	[QUERY_OWN_THEN] = OWN AT("r") LEGAL_ORDER,
	[QUERY_LINKED_NOW] = LINKED(NOW("x"), NOW("y")) LEGAL_ORDER,
	[QUERY_LINKED_THEN] = LINKED(AT("x"), AT("y")) LEGAL_ORDER
};

static void
run(SqlId id, Oid code_type, Datum subject, TimestampTz known_at, Datum roles)
{
	static CcPlan plans[QUERIES];
	bool		linked = id == QUERY_LINKED_NOW || id == QUERY_LINKED_THEN;
	Oid			types[3];
	Datum		args[3];

	types[0] = code_type;
	types[1] = TIMESTAMPTZOID;
	types[2] = TEXTARRAYOID;
	cc_plan_require(&plans[id], code_type, query_sql[id], linked ? 3 : 2, types);
	args[0] = subject;
	args[1] = TimestampTzGetDatum(known_at);
	args[2] = roles;
	cc_plan_execute(plans[id].plan, args, true);
}

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
	run(then ? QUERY_OWN_THEN : QUERY_OWN_NOW, code_type, subject, known_at, (Datum) 0);
	add_facts(catalogue, known_at, &facts, n);
	if (linked != 0)
	{
		run(then ? QUERY_LINKED_THEN : QUERY_LINKED_NOW, code_type, subject, known_at, cc_role_array(linked));
		add_facts(catalogue, known_at, &facts, n);
	}
	return facts;
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
		subject->readings = cc_read_readings(cc_array(&code, 1, code_type), 1, known_at, true);
}

/* ---- as a state ---- */

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
		MemoryContextSwitchTo(caller);
		folded = cc_folded(&complete);
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

/* ---- for an explanation ---- */

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
