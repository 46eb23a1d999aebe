/*
 * evaluate_sql.c -- the evaluator in SQL: an aggregate that folds records, and the outcome of what was folded
 *
 * fold_facts(version_ids, day, known_at, columns of a record) -> bytea[]: the states of a subject by several policy versions in
 * one pass. _outcome(...) reads the outcome of a day off a state. evaluate(), the view standing, verification and
 * what-if are these two.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "array.h"
#include "catalog/pg_type.h"
#include "citycredit.h"
#include "core/load.h"
#include "env.h"
#include "fact.h"
#include "folded.h"
#include "funcapi.h"
#include "progress.h"
#include "reads.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/tuplestore.h"

PG_FUNCTION_INFO_V1(_fold_facts_step);
PG_FUNCTION_INFO_V1(_fold_facts_combine);
PG_FUNCTION_INFO_V1(_fold_facts_serialize);
PG_FUNCTION_INFO_V1(_fold_facts_deserialize);
PG_FUNCTION_INFO_V1(_fold_facts_final);
PG_FUNCTION_INFO_V1(_version_on);
PG_FUNCTION_INFO_V1(_usable);
PG_FUNCTION_INFO_V1(_outcome);
PG_FUNCTION_INFO_V1(_effects);
PG_FUNCTION_INFO_V1(_outcome_values);

/* The states of one subject by n policies; lives in the aggregate's memory. */
typedef struct Fold
{
	CcPgEnv		env;
	const CcCatalogue *catalogue;
	DateADT		day;
	TimestampTz known_at;
	int			n;
	const CcVersion **versions;
	const CcPolicy **policies;
	CcState    *states;
} Fold;

static Fold *
fold_new(MemoryContext context, const int32 *version_ids, int n, DateADT day, TimestampTz known_at)
{
	Fold	   *fold = MemoryContextAllocZero(context, sizeof(Fold));
	int			i;

	cc_env_init(&fold->env, context);
	fold->catalogue = cc_catalogue();
	fold->day = day;
	fold->known_at = known_at;
	fold->n = n;
	fold->versions = MemoryContextAlloc(context, sizeof(CcVersion *) * (n + 1));
	fold->policies = MemoryContextAlloc(context, sizeof(CcPolicy *) * (n + 1));
	fold->states = MemoryContextAlloc(context, sizeof(CcState) * (n + 1));
	for (i = 0; i < n; i++)
	{
		fold->versions[i] = cc_version_find(fold->catalogue, version_ids[i], NULL);
		fold->policies[i] = cc_version_policy(fold->catalogue, fold->versions[i]);
		cc_state_init(&fold->states[i], day);
	}
	return fold;
}

static MemoryContext
aggregate_context(FunctionCallInfo fcinfo)
{
	MemoryContext context;

	if (!AggCheckCallContext(fcinfo, &context))
		ereport(ERROR,
				(errcode(ERRCODE_FEATURE_NOT_SUPPORTED),
				 errmsg("fold_facts() can only be called as an aggregate")));
	return context;
}

/* Takes one record into the states. Arguments 4 and on are the columns of a fact. */
Datum
_fold_facts_step(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	Fold	   *fold = PG_ARGISNULL(0) ? NULL : (Fold *) PG_GETARG_POINTER(0);
	Datum		values[CC_FACT_COLUMNS];
	bool		nulls[CC_FACT_COLUMNS];
	CcFact		fact;
	int			i;

	if (fold == NULL)
	{
		int32	   *ids;
		int			n;

		if (PG_ARGISNULL(1) || PG_ARGISNULL(2) || PG_ARGISNULL(3))
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("policy versions, day and position of fold_facts() must not be null")));
		n = cc_numbers(PG_GETARG_ARRAYTYPE_P(1), "policy versions of fold_facts() must not be null", &ids);
		fold = fold_new(context, ids, n, PG_GETARG_DATEADT(2), PG_GETARG_TIMESTAMPTZ(3));
	}
	for (i = 0; i < CC_FACT_COLUMNS; i++)
	{
		values[i] = PG_GETARG_DATUM(i + 4);
		nulls[i] = PG_ARGISNULL(i + 4);
	}
	cc_progress_tick();
	if (!nulls[CC_COL_SUBJECT])
	{
		cc_fact_read(fold->catalogue, fold->known_at, values, nulls, &fact);
		for (i = 0; i < fold->n; i++)
			if (fact.rank[CC_TERM_WHOSE] == CC_WHOSE_OWN || cc_policy_takes(fold->policies[i], &fact))
				cc_fold(&fold->env.env, fold->policies[i], &fold->states[i], &fact);
	}
	PG_RETURN_POINTER(fold);
}

Datum
_fold_facts_combine(PG_FUNCTION_ARGS)
{
	MemoryContext context = aggregate_context(fcinfo);
	Fold	   *into = PG_ARGISNULL(0) ? NULL : (Fold *) PG_GETARG_POINTER(0);
	Fold	   *from = PG_ARGISNULL(1) ? NULL : (Fold *) PG_GETARG_POINTER(1);
	int			i;

	if (from == NULL)
		PG_RETURN_DATUM(PG_GETARG_DATUM(0));
	if (into == NULL)
	{
		int32	   *ids = palloc(sizeof(int32) * (from->n + 1));

		for (i = 0; i < from->n; i++)
			ids[i] = from->versions[i]->version_id;
		into = fold_new(context, ids, from->n, from->day, from->known_at);
	}
	for (i = 0; i < into->n; i++)
		cc_combine(&into->env.env, into->policies[i], &into->states[i], &from->states[i]);
	PG_RETURN_POINTER(into);
}

/* day, n, position, then version, length and bytes of each state */
Datum
_fold_facts_serialize(PG_FUNCTION_ARGS)
{
	Fold	   *fold = (Fold *) PG_GETARG_POINTER(0);
	Size		room = 2 * sizeof(int32) + sizeof(TimestampTz);
	bytea	   *result;
	char	   *p;
	int			i;

	for (i = 0; i < fold->n; i++)
		room += 2 * sizeof(int32) + cc_state_size(&fold->states[i]);
	result = palloc(VARHDRSZ + room);
	p = VARDATA(result);
	memcpy(p, &fold->day, sizeof(int32));
	memcpy(p + sizeof(int32), &fold->n, sizeof(int32));
	memcpy(p + 2 * sizeof(int32), &fold->known_at, sizeof(TimestampTz));
	p += 2 * sizeof(int32) + sizeof(TimestampTz);
	for (i = 0; i < fold->n; i++)
	{
		int32		length = (int32) cc_state_write(&fold->states[i], (unsigned char *) p + 2 * sizeof(int32));

		memcpy(p, &fold->versions[i]->version_id, sizeof(int32));
		memcpy(p + sizeof(int32), &length, sizeof(int32));
		p += 2 * sizeof(int32) + length;
	}
	SET_VARSIZE(result, p - (char *) result);
	PG_RETURN_BYTEA_P(result);
}

Datum
_fold_facts_deserialize(PG_FUNCTION_ARGS)
{
	bytea	   *input = PG_GETARG_BYTEA_PP(0);
	char	   *p = VARDATA_ANY(input);
	int32		day,
				n,
				length;
	TimestampTz known_at;
	int32	   *ids;
	char	  **starts;
	int32	   *lengths;
	Fold	   *fold;
	int			i;

	memcpy(&day, p, sizeof(int32));
	memcpy(&n, p + sizeof(int32), sizeof(int32));
	memcpy(&known_at, p + 2 * sizeof(int32), sizeof(TimestampTz));
	p += 2 * sizeof(int32) + sizeof(TimestampTz);
	ids = palloc(sizeof(int32) * (n + 1));
	lengths = palloc(sizeof(int32) * (n + 1));
	starts = palloc(sizeof(char *) * (n + 1));
	for (i = 0; i < n; i++)
	{
		memcpy(&ids[i], p, sizeof(int32));
		memcpy(&length, p + sizeof(int32), sizeof(int32));
		lengths[i] = length;
		starts[i] = p + 2 * sizeof(int32);
		p = starts[i] + length;
	}
	fold = fold_new(aggregate_context(fcinfo), ids, n, day, known_at);
	for (i = 0; i < n; i++)
		if (!cc_state_read(&fold->env.env, fold->policies[i], (unsigned char *) starts[i], lengths[i], &fold->states[i]))
			elog(ERROR, "state of a parallel worker cannot be read");
	PG_RETURN_POINTER(fold);
}

/* The states as stored in standings, in the order of the version ids. */
Datum
_fold_facts_final(PG_FUNCTION_ARGS)
{
	Fold	   *fold;
	Datum	   *values;
	int			i;

	aggregate_context(fcinfo);
	if (PG_ARGISNULL(0))
		PG_RETURN_NULL();
	fold = (Fold *) PG_GETARG_POINTER(0);
	values = palloc(sizeof(Datum) * (fold->n + 1));
	for (i = 0; i < fold->n; i++)
	{
		cc_settle(&fold->env.env, fold->policies[i], &fold->states[i], fold->day, false);
		values[i] = PointerGetDatum(cc_folded(&fold->states[i]));
	}
	PG_RETURN_ARRAYTYPE_P(construct_array(values, fold->n, BYTEAOID, -1, false, TYPALIGN_INT));
}

/*
 * _version_on(policy_id integer, day date) -> integer: the version that decides on the day; NULL if none was ever
 * adopted.
 */
Datum
_version_on(PG_FUNCTION_ARGS)
{
	const CcCatalogue *catalogue = cc_catalogue();
	const CcVersion *version = NULL;
	int			i;

	for (i = 0; i < catalogue->n; i++)
		if (catalogue->measures[i].policy_id == PG_GETARG_INT32(0))
			version = cc_version_for(&catalogue->measures[i], PG_GETARG_DATEADT(1));
	if (version == NULL)
		PG_RETURN_NULL();
	PG_RETURN_INT32(version->version_id);
}

/*
 * _usable(version_id integer, folded bytea, day date) -> boolean: whether the stored state by itself can tell the day's
 * outcome, next change included. NULL if the state cannot be read: whoever asks takes the records then.
 */
Datum
_usable(PG_FUNCTION_ARGS)
{
	const CcCatalogue *catalogue = cc_catalogue();
	const CcMeasure *measure;
	const CcVersion *version = cc_version_find(catalogue, PG_GETARG_INT32(0), &measure);
	bytea	   *folded = PG_GETARG_BYTEA_PP(1);
	DateADT		day = PG_GETARG_DATEADT(2);
	CcPgEnv		env;
	CcState		state;

	if (cc_version_for(measure, day) != version || cc_reads_more(cc_version_policy(catalogue, version)))
		PG_RETURN_BOOL(false);
	cc_env_init(&env, CurrentMemoryContext);
	if (!cc_folded_read(&env.env, cc_version_policy(catalogue, version), folded, &state))
		PG_RETURN_NULL();
	PG_RETURN_BOOL(cc_good_on(&state, day) && !state.reduced);
}

static Datum
points_numeric(int64 points, int places)
{
	char		text[32];

	cc_decimal_format(points, places, text);
	return DirectFunctionCall3(numeric_in, CStringGetDatum(text), ObjectIdGetDatum(InvalidOid), Int32GetDatum(-1));
}

/* Version, state and outcome by the first four arguments of _outcome() and its like. */
typedef struct Reading
{
	const CcVersion *version;
	const CcPolicy *policy;
	CcState		state;
	CcOutcome	outcome;
} Reading;

static void
read_outcome(FunctionCallInfo fcinfo, bool as_if_in_force, Reading *reading)
{
	const CcCatalogue *catalogue = cc_catalogue();
	int			subject_kind = cc_subject_kind(PG_GETARG_UUID_P(0));
	bytea	   *folded = PG_GETARG_BYTEA_PP(2);
	DateADT		day = PG_GETARG_DATEADT(3);
	CcPgEnv		env;

	reading->version = cc_version_find(catalogue, PG_GETARG_INT32(1), NULL);
	reading->policy = cc_version_policy(catalogue, reading->version);
	cc_env_init(&env, CurrentMemoryContext);
	if (!cc_folded_read(&env.env, reading->policy, folded, &reading->state))
		env.env.fail(&env.env, CC_FAIL_CORRUPT, "stored state cannot be read");
	if (!cc_good_on(&reading->state, day))
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("the stored state does not cover the day")));
	if (as_if_in_force)
		cc_finish(&env.env, reading->policy, &reading->state, subject_kind, day, NULL, &reading->outcome);
	else
		cc_version_outcome(&env.env, reading->version, reading->policy, &reading->state, subject_kind, day, &reading->outcome);
}

static Datum
make_result(FunctionCallInfo fcinfo, Datum *values, bool *nulls, int n)
{
	TupleDesc	desc;

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE || desc->natts != n)
		elog(ERROR, "unexpected result type");
	return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls));
}

/*
 * _outcome(subject, version_id, folded, day, as_if_in_force) -> the outcome of the day as people read it.
 * as_if_in_force takes the version for in force whatever the day, for drafts.
 */
Datum
_outcome(PG_FUNCTION_ARGS)
{
	Reading		reading;
	const CcOutcome *outcome = &reading.outcome;
	Datum		values[13];
	bool		nulls[13] = {false};
	int			i = 0;

	read_outcome(fcinfo, PG_GETARG_BOOL(4), &reading);
	values[i++] = CStringGetTextDatum(reading.version->version);
	values[i++] = CStringGetTextDatum(cc_state_name(reading.policy, outcome->state));
	nulls[i] = !outcome->has_score;
	values[i++] = outcome->has_score ? points_numeric(outcome->score, reading.policy->decimals) : (Datum) 0;
	nulls[i] = nulls[i + 1] = outcome->band < 0;
	values[i++] = outcome->band < 0 ? (Datum) 0 : CStringGetTextDatum(reading.policy->bands[outcome->band].id);
	values[i++] = Int32GetDatum(outcome->band + 1);
	nulls[i] = outcome->grade == 0;
	values[i++] = Int16GetDatum((int16) outcome->grade);
	values[i++] = BoolGetDatum(outcome->undecided);
	values[i++] = cc_rule_ids(reading.policy->vetoes, reading.policy->n_vetoes, outcome->vetoes);
	values[i++] = cc_rule_ids(reading.policy->lists, reading.policy->n_lists, outcome->lists);
	nulls[i] = outcome->next_change_on == CC_DAY_LAST;
	values[i++] = DateADTGetDatum(outcome->next_change_on);
	values[i++] = BoolGetDatum(outcome->state != CC_NOT_ENROLLED);
	values[i++] = BoolGetDatum(cc_ever_enrolled(&reading.state));
	values[i++] = cc_rule_ids(reading.policy->effects, reading.policy->n_effects, outcome->effects);
	PG_RETURN_DATUM(make_result(fcinfo, values, nulls, i));
}

static Datum
text_unless_empty(const char *str, bool *isnull)
{
	*isnull = str == NULL || str[0] == '\0';
	return *isnull ? (Datum) 0 : CStringGetTextDatum(str);
}

static Datum
clause_of(const CcCite *cite, bool *isnull)
{
	*isnull = cite->source == NULL || cite->source[0] == '\0';
	return *isnull ? (Datum) 0 : CStringGetTextDatum(psprintf("%s %s", cite->source, cite->article));
}

static Datum
day_or_null(CcDay day, bool *isnull)
{
	*isnull = day == CC_DAY_UNKNOWN;
	return DateADTGetDatum(day);
}

/*
 * _effects(subject, version_id, folded, day) -> (rule, effect, name, matter, due_on, working_days, counted_from, clause):
 * the orders and bars that hold on the day. Working days are left to be counted by the calendar.
 */
Datum
_effects(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Reading		reading;
	int			i;

	InitMaterializedSRF(fcinfo, 0);
	read_outcome(fcinfo, false, &reading);
	for (i = 0; i < reading.outcome.n_effects; i++)
	{
		const CcRule *rule = &reading.policy->effects[i];
		bool		in_working_days = rule->is_order && rule->due.unit == CC_UNIT_WORKING_DAYS;
		Datum		values[8];
		bool		nulls[8] = {false};

		if (!(reading.outcome.effects >> i & 1))
			continue;
		values[0] = CStringGetTextDatum(rule->id);
		values[1] = CStringGetTextDatum(rule->is_order ? "order" : "bar");
		values[2] = CStringGetTextDatum(rule->name);
		values[3] = text_unless_empty(rule->matter, &nulls[3]);
		values[4] = day_or_null(in_working_days ? CC_DAY_UNKNOWN : reading.outcome.due[i], &nulls[4]);
		nulls[5] = !in_working_days;
		values[5] = Int32GetDatum(rule->due.n);
		values[6] = day_or_null(reading.outcome.counted_from[i], &nulls[6]);
		values[7] = clause_of(&rule->cite, &nulls[7]);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* _outcome_values(subject, version_id, folded, day) -> (id, name, value, unit, clause): the values of an enrolled subject. */
Datum
_outcome_values(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	Reading		reading;
	int			i;

	InitMaterializedSRF(fcinfo, 0);
	read_outcome(fcinfo, false, &reading);
	for (i = 0; i < reading.outcome.n_values && reading.outcome.state != CC_NOT_ENROLLED; i++)
	{
		const CcValue *value = &reading.policy->values[i];
		Datum		values[5];
		bool		nulls[5] = {false};

		if (value->at_rating)
			continue;
		values[0] = CStringGetTextDatum(value->id);
		values[1] = CStringGetTextDatum(value->name);
		nulls[2] = reading.outcome.value[i] == CC_NUMBER_UNKNOWN;
		values[2] = nulls[2] ? (Datum) 0 : points_numeric(reading.outcome.value[i], value->decimals);
		values[3] = text_unless_empty(value->unit, &nulls[3]);
		values[4] = clause_of(&value->cite, &nulls[4]);
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}
