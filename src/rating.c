/*
 * rating.c -- ratings in SQL: what a version says of them, and the outcomes of a cohort with their ranks
 *
 * Which subjects, facts and days a rating is about is decided in SQL (62_rating.sql). Here are only the file's own words
 * and the core's ranking: each of the cohort enters, all are ranked together, each is finished in its place.
 */
#include "postgres.h"

#include "array.h"
#include "catalog/pg_type.h"
#include "catalogue.h"
#include "citycredit.h"
#include "core/codes.h"
#include "env.h"
#include "fact.h"
#include "fmgr.h"
#include "folded.h"
#include "funcapi.h"
#include "lib/stringinfo.h"
#include "miscadmin.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/fmgrprotos.h"
#include "utils/jsonb.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/numeric.h"

PG_FUNCTION_INFO_V1(_policy_ratings);
PG_FUNCTION_INFO_V1(_rate);
PG_FUNCTION_INFO_V1(_repair_in_rating);

static Datum
make_jsonb(const char *text)
{
	return DirectFunctionCall1(jsonb_in, CStringGetDatum(text));
}

/* A length of time as {"days": n}, {"months": n} or {"working_days": n}; NULL where none is stated. */
static Datum
period_or_null(CcPeriod period, bool *isnull)
{
	static const char *const units[] = {NULL, "days", "months", "working_days"};

	*isnull = period.unit == CC_UNIT_NONE;
	return *isnull ? (Datum) 0 : make_jsonb(psprintf("{\"%s\": %d}", units[period.unit], period.n));
}

/*
 * _policy_ratings(version_id) -> (rating, name, period_origin, period_months, version_by_start, facts_until,
 * repairs_until, publish_within, valid, on_correction, cite): the ratings of a version. valid is NULL where a rating is
 * valid until the next.
 */
Datum
_policy_ratings(PG_FUNCTION_ARGS)
{
	static const char *const on_correction[] = {"subject_only", "better_only", "all"};
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const CcCatalogue *catalogue = cc_catalogue();
	const CcPolicy *policy = cc_version_policy(catalogue, cc_version_find(catalogue, PG_GETARG_INT32(0), NULL));
	int			i;

	InitMaterializedSRF(fcinfo, 0);
	for (i = 0; i < policy->n_ratings; i++)
	{
		const CcRating *rating = &policy->ratings[i];
		Datum		values[11];
		bool		nulls[11] = {false};

		values[0] = CStringGetTextDatum(rating->id);
		values[1] = CStringGetTextDatum(rating->name);
		values[2] = DateADTGetDatum(rating->period_origin);
		values[3] = Int32GetDatum(rating->period_months);
		values[4] = BoolGetDatum(rating->version_by_start);
		values[5] = period_or_null(rating->facts_until, &nulls[5]);
		values[6] = period_or_null(rating->repairs_until, &nulls[6]);
		values[7] = period_or_null(rating->publish_within, &nulls[7]);
		values[8] = period_or_null(rating->valid, &nulls[8]);
		values[9] = CStringGetTextDatum(on_correction[rating->on_correction]);
		values[10] = CStringGetTextDatum(psprintf("%s %s", rating->cite.source, rating->cite.article));
		tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
	}
	return (Datum) 0;
}

/* ---- the cohort ---- */

/* The cohort as it is rated; everything lives to the end of the call. */
typedef struct Cohort
{
	const CcPolicy *policy;
	DateADT		day;
	int			n;
	Datum	   *subjects;
	Datum	   *folded;
	CcPlace    *places;
} Cohort;

static int
read_array(ArrayType *array, Datum **values)
{
	int16		length;
	bool		byval;
	char		align;
	bool	   *nulls;
	int			n;
	int			i;

	get_typlenbyvalalign(ARR_ELEMTYPE(array), &length, &byval, &align);
	deconstruct_array(array, ARR_ELEMTYPE(array), length, byval, align, values, &nulls, &n);
	for (i = 0; i < n; i++)
		if (nulls[i])
			ereport(ERROR,
					(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
					 errmsg("subjects and states of _rate() must not be null")));
	return n;
}

static void
read_state(CcEnv *env, const Cohort *cohort, int i, CcState *state)
{
	if (!cc_folded_read(env, cohort->policy, DatumGetByteaPP(cohort->folded[i]), state) ||
		!cc_good_on(state, cohort->day))
		env->fail(env, CC_FAIL_CORRUPT, "state of the cohort cannot be read");
}

static int
kind_of(const Cohort *cohort, int i)
{
	return cc_subject_kind(DatumGetUUIDP(cohort->subjects[i]));
}

/* Ranks the cohort; without rankings everybody's place is empty. States are read one by one: only entrants are kept. */
static void
rank_cohort(Cohort *cohort)
{
	const CcPolicy *policy = cohort->policy;
	CcEntrant  *entrants = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(CcEntrant) * ((Size) cohort->n + 1));
	MemoryContext one = AllocSetContextCreate(CurrentMemoryContext, "citycredit entrant", ALLOCSET_DEFAULT_SIZES);
	CcPgEnv		all;
	int			i;

	cohort->places = MemoryContextAllocExtended(CurrentMemoryContext, sizeof(CcPlace) * ((Size) cohort->n + 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	if (policy->n_ranks == 0)
		return;
	cc_env_init(&all, CurrentMemoryContext);
	for (i = 0; i < cohort->n; i++)
	{
		MemoryContext caller = MemoryContextSwitchTo(one);
		CcPgEnv		env;
		CcEntrant	entrant;
		CcState		state;

		cc_env_init(&env, one);
		read_state(&env.env, cohort, i, &state);
		cc_enter(&env.env, policy, &state, kind_of(cohort, i), cohort->day, &entrant);
		MemoryContextSwitchTo(caller);
		entrants[i].among = entrant.among;
		entrants[i].by = palloc(sizeof(int64_t) * policy->n_ranks);
		memcpy(entrants[i].by, entrant.by, sizeof(int64_t) * policy->n_ranks);
		cc_place_init(&all.env, policy, &cohort->places[i]);
		MemoryContextReset(one);
		CHECK_FOR_INTERRUPTS();
	}
	MemoryContextDelete(one);
	cc_rank(&all.env, policy, entrants, cohort->n, cohort->places);
}

/* ---- results ---- */

static void
append_groups(StringInfo text, const CcPolicy *policy, int ranking, const char *key, uint32 bits)
{
	bool		first = true;
	int			i;

	appendStringInfo(text, ", \"%s\": [", key);
	for (i = 0; i < policy->n_groups; i++)
	{
		if (policy->groups[i].ranking != ranking || !(bits >> i & 1))
			continue;
		appendStringInfo(text, "%s\"%s\"", first ? "" : ", ", policy->groups[i].id);
		first = false;
	}
	appendStringInfoChar(text, ']');
}

/* {"ranking": {"rank": 3, "of": 120, "groups": [...], "referred": [...]}}; rank is null for who is not ranked. */
static Datum
ranks_or_null(const CcPolicy *policy, const CcPlace *place, bool *isnull)
{
	StringInfoData text;
	int			i;

	*isnull = policy->n_ranks == 0;
	if (*isnull)
		return (Datum) 0;
	initStringInfo(&text);
	for (i = 0; i < policy->n_ranks; i++)
	{
		appendStringInfo(&text, "%s\"%s\": {\"rank\": ", i == 0 ? "{" : ", ", policy->ranks[i].id);
		if (place->rank[i] > 0)
			appendStringInfo(&text, "%d", place->rank[i]);
		else
			appendStringInfoString(&text, "null");
		appendStringInfo(&text, ", \"of\": %d", place->of[i]);
		append_groups(&text, policy, i, "groups", place->groups);
		append_groups(&text, policy, i, "referred", place->referred);
		appendStringInfoChar(&text, '}');
	}
	appendStringInfoChar(&text, '}');
	return make_jsonb(text.data);
}

/*
 * {"order": {"due_on": day}} or {"order": {"working_days": n, "counted_from": day}}: of the orders that hold; what is
 * unknown is null.
 */
static Datum
due_or_null(const CcPolicy *policy, const CcOutcome *outcome, bool *isnull)
{
	StringInfoData text;
	char		day[16];
	int			i;

	initStringInfo(&text);
	for (i = 0; i < outcome->n_effects; i++)
	{
		const CcRule *effect = &policy->effects[i];

		if (!(outcome->effects >> i & 1) || !effect->is_order)
			continue;
		appendStringInfo(&text, "%s\"%s\": {", text.len == 0 ? "{" : ", ", effect->id);
		if (effect->due.unit == CC_UNIT_WORKING_DAYS)
			appendStringInfo(&text, "\"working_days\": %d, \"counted_from\": ", effect->due.n);
		else
			appendStringInfoString(&text, "\"due_on\": ");
		if (outcome->due[i] == CC_DAY_UNKNOWN)
			appendStringInfoString(&text, "null}");
		else
		{
			cc_day_format(outcome->due[i], day);
			appendStringInfo(&text, "\"%s\"}", day);
		}
	}
	*isnull = text.len == 0;
	if (*isnull)
		return (Datum) 0;
	appendStringInfoChar(&text, '}');
	return make_jsonb(text.data);
}

/* {"value": number}, null where it is unknown. */
static Datum
values_or_null(const CcPolicy *policy, const CcOutcome *outcome, bool *isnull)
{
	StringInfoData text;
	char		number[32];
	int			i;

	*isnull = outcome->n_values == 0;
	if (*isnull)
		return (Datum) 0;
	initStringInfo(&text);
	for (i = 0; i < outcome->n_values; i++)
	{
		appendStringInfo(&text, "%s\"%s\": ", i == 0 ? "{" : ", ", policy->values[i].id);
		if (outcome->value[i] == CC_NUMBER_UNKNOWN)
			appendStringInfoString(&text, "null");
		else
		{
			cc_decimal_format(outcome->value[i], policy->values[i].decimals, number);
			appendStringInfoString(&text, number);
		}
	}
	appendStringInfoChar(&text, '}');
	return make_jsonb(text.data);
}

static void
put_outcome(ReturnSetInfo *result, const Cohort *cohort, int i, const CcOutcome *outcome)
{
	const CcPolicy *policy = cohort->policy;
	Datum		values[13];
	bool		nulls[13] = {false};

	values[0] = cohort->subjects[i];
	values[1] = CStringGetTextDatum(cc_state_name(policy, outcome->state));
	values[2] = Int64GetDatum(outcome->score);
	nulls[2] = !outcome->has_score;
	nulls[3] = nulls[4] = outcome->band < 0;
	values[3] = outcome->band < 0 ? (Datum) 0 : CStringGetTextDatum(policy->bands[outcome->band].id);
	values[4] = Int32GetDatum(outcome->band + 1);
	values[5] = Int16GetDatum((int16) outcome->grade);
	nulls[5] = outcome->grade == 0;
	values[6] = BoolGetDatum(outcome->undecided);
	values[7] = cc_rule_ids(policy->vetoes, policy->n_vetoes, outcome->vetoes);
	values[8] = cc_rule_ids(policy->lists, policy->n_lists, outcome->lists);
	values[9] = cc_rule_ids(policy->effects, policy->n_effects, outcome->effects);
	values[10] = ranks_or_null(policy, &cohort->places[i], &nulls[10]);
	values[11] = due_or_null(policy, outcome, &nulls[11]);
	values[12] = values_or_null(policy, outcome, &nulls[12]);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/*
 * _rate(version_id, subjects, states, day) -> the outcomes of a cohort as of a day, whose ranks are known. Whoever is not
 * enrolled on the day is ranked nowhere and comes out with that state.
 */
Datum
_rate(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const CcCatalogue *catalogue = cc_catalogue();
	Cohort		cohort;
	MemoryContext one;
	int			i;

	cohort.policy = cc_version_policy(catalogue, cc_version_find(catalogue, PG_GETARG_INT32(0), NULL));
	cohort.day = PG_GETARG_DATEADT(3);
	cohort.n = read_array(PG_GETARG_ARRAYTYPE_P(1), &cohort.subjects);
	if (read_array(PG_GETARG_ARRAYTYPE_P(2), &cohort.folded) != cohort.n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("subjects and states of _rate() must be as many")));
	InitMaterializedSRF(fcinfo, 0);
	rank_cohort(&cohort);
	one = AllocSetContextCreate(CurrentMemoryContext, "citycredit outcome", ALLOCSET_DEFAULT_SIZES);
	for (i = 0; i < cohort.n; i++)
	{
		MemoryContext caller = MemoryContextSwitchTo(one);
		CcPgEnv		env;
		CcState		state;
		CcOutcome	outcome;

		cc_env_init(&env, one);
		read_state(&env.env, &cohort, i, &state);
		cc_finish(&env.env, cohort.policy, &state, kind_of(&cohort, i), cohort.day, &cohort.places[i], &outcome);
		put_outcome(result, &cohort, i, &outcome);
		MemoryContextSwitchTo(caller);
		MemoryContextReset(one);
		CHECK_FOR_INTERRUPTS();
	}
	MemoryContextDelete(one);
	return (Datum) 0;
}

/* _repair_in_rating(repaired_on, last_day, repairs_until) -> the day of a repair as a rating takes it; NULL if it takes none. */
Datum
_repair_in_rating(PG_FUNCTION_ARGS)
{
	CcDay		day = cc_repair_in_rating(PG_GETARG_DATEADT(0), PG_GETARG_DATEADT(1), PG_GETARG_DATEADT(2));

	if (day == CC_DAY_UNKNOWN)
		PG_RETURN_NULL();
	PG_RETURN_DATEADT(day);
}
