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
#include "executor/spi.h"
#include "executor/tuptable.h"
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
#include "utils/memutils.h"
#include "utils/numeric.h"
#include "utils/portal.h"
#include "utils/tuplestore.h"
#include "utils/uuid.h"

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

#define COHORT_FETCH 1000

/*
 * The cohort as it is rated. Subjects and states are in a store that goes to disk when it outgrows work_mem: a city's
 * states need not fit into one value. Places live to the end of the call.
 */
typedef struct Cohort
{
	const CcPolicy *policy;
	DateADT		day;
	int64		n;
	Tuplestorestate *states;
	TupleTableSlot *slot;
	CcPlace    *places;
} Cohort;

/* One of the cohort. */
typedef struct Member
{
	Datum		subject;
	bytea	   *folded;
} Member;

/* Takes in what the open cursor of that name gives: a subject and its state in each row. */
static void
read_cohort(Cohort *cohort, const char *cursor)
{
	Portal		portal = SPI_cursor_find(cursor);

	if (portal == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_CURSOR),
				 errmsg("cursor \"%s\" of _rate() does not exist", cursor)));
	if (portal->tupDesc->natts != 2 || TupleDescAttr(portal->tupDesc, 0)->attlen != UUID_LEN ||
		TupleDescAttr(portal->tupDesc, 1)->atttypid != BYTEAOID)
		ereport(ERROR,
				(errcode(ERRCODE_DATATYPE_MISMATCH),
				 errmsg("cursor of _rate() must give a subject and a state")));
	cohort->n = 0;
	cohort->states = tuplestore_begin_heap(true, false, work_mem);
	cohort->slot = MakeSingleTupleTableSlot(CreateTupleDescCopy(portal->tupDesc), &TTSOpsMinimalTuple);
	for (;;)
	{
		uint64		i;

		SPI_cursor_fetch(portal, true, COHORT_FETCH);
		if (SPI_processed == 0)
			break;
		for (i = 0; i < SPI_processed; i++)
			tuplestore_puttuple(cohort->states, SPI_tuptable->vals[i]);
		cohort->n += SPI_processed;
		SPI_freetuptable(SPI_tuptable);
		CHECK_FOR_INTERRUPTS();
	}
	if (cohort->n > INT_MAX)
		ereport(ERROR,
				(errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
				 errmsg("cohort has more than %d subjects", INT_MAX)));
}

/* Reads the next of the cohort into the current memory context; false behind the last. */
static bool
next_member(const Cohort *cohort, Member *member)
{
	bool		no_subject;
	bool		no_state;
	Datum		folded;

	CHECK_FOR_INTERRUPTS();
	if (!tuplestore_gettupleslot(cohort->states, true, false, cohort->slot))
		return false;
	member->subject = slot_getattr(cohort->slot, 1, &no_subject);
	folded = slot_getattr(cohort->slot, 2, &no_state);
	if (no_subject || no_state)
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("subjects and states of _rate() must not be null")));
	member->folded = DatumGetByteaPP(folded);
	return true;
}

static void
read_state(CcEnv *env, const Cohort *cohort, const Member *member, CcState *state)
{
	if (!cc_folded_read(env, cohort->policy, member->folded, state) ||
		!cc_good_on(state, cohort->day))
		env->fail(env, CC_FAIL_CORRUPT, "state of the cohort cannot be read");
}

static int
kind_of(const Member *member)
{
	return cc_subject_kind(DatumGetUUIDP(member->subject));
}

/* Ranks the cohort; without rankings everybody's place is empty. States are read one by one: only entrants are kept. */
static void
rank_cohort(Cohort *cohort)
{
	const CcPolicy *policy = cohort->policy;
	CcEntrant  *entrants;
	MemoryContext caller = CurrentMemoryContext;
	MemoryContext one;
	CcPgEnv		all;
	Member		member;
	int			i;

	cohort->places = MemoryContextAllocExtended(caller, sizeof(CcPlace) * ((Size) cohort->n + 1), MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	if (policy->n_ranks == 0)
		return;
	entrants = MemoryContextAllocHuge(caller, sizeof(CcEntrant) * ((Size) cohort->n + 1));
	one = AllocSetContextCreate(caller, "citycredit entrant", ALLOCSET_DEFAULT_SIZES);
	cc_env_init(&all, caller);
	MemoryContextSwitchTo(one);
	for (i = 0; next_member(cohort, &member); i++)
	{
		CcPgEnv		env;
		CcEntrant	entrant;
		CcState		state;

		cc_env_init(&env, one);
		read_state(&env.env, cohort, &member, &state);
		cc_enter(&env.env, policy, &state, kind_of(&member), cohort->day, &entrant);
		MemoryContextSwitchTo(caller);
		entrants[i].among = entrant.among;
		entrants[i].by = palloc(sizeof(int64_t) * policy->n_ranks);
		memcpy(entrants[i].by, entrant.by, sizeof(int64_t) * policy->n_ranks);
		cc_place_init(&all.env, policy, &cohort->places[i]);
		MemoryContextSwitchTo(one);
		ExecClearTuple(cohort->slot);
		MemoryContextReset(one);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(one);
	cc_rank(&all.env, policy, entrants, (int) cohort->n, cohort->places);
	tuplestore_rescan(cohort->states);
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
put_outcome(ReturnSetInfo *result, const Cohort *cohort, const Member *member, const CcPlace *place, const CcOutcome *outcome)
{
	const CcPolicy *policy = cohort->policy;
	Datum		values[13];
	bool		nulls[13] = {false};

	values[0] = member->subject;
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
	values[10] = ranks_or_null(policy, place, &nulls[10]);
	values[11] = due_or_null(policy, outcome, &nulls[11]);
	values[12] = values_or_null(policy, outcome, &nulls[12]);
	tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
}

/*
 * _rate(version_id, cursor, day) -> the outcomes of a cohort as of a day, whose ranks are known. The cursor is open and gives
 * a subject and its state in each row; it is read to its end. Whoever is not enrolled on the day is ranked nowhere and comes
 * out with that state.
 */
Datum
_rate(PG_FUNCTION_ARGS)
{
	ReturnSetInfo *result = (ReturnSetInfo *) fcinfo->resultinfo;
	const CcCatalogue *catalogue;
	Cohort		cohort;
	Member		member;
	MemoryContext caller;
	MemoryContext one;
	int			i;

	InitMaterializedSRF(fcinfo, 0);
	if (SPI_connect() != SPI_OK_CONNECT)
		elog(ERROR, "SPI_connect failed");
	read_cohort(&cohort, text_to_cstring(PG_GETARG_TEXT_PP(1)));
	catalogue = cc_catalogue();
	cohort.policy = cc_version_policy(catalogue, cc_version_find(catalogue, PG_GETARG_INT32(0), NULL));
	cohort.day = PG_GETARG_DATEADT(2);
	rank_cohort(&cohort);
	caller = CurrentMemoryContext;
	one = AllocSetContextCreate(caller, "citycredit outcome", ALLOCSET_DEFAULT_SIZES);
	MemoryContextSwitchTo(one);
	for (i = 0; next_member(&cohort, &member); i++)
	{
		CcPgEnv		env;
		CcState		state;
		CcOutcome	outcome;

		cc_env_init(&env, one);
		read_state(&env.env, &cohort, &member, &state);
		cc_finish(&env.env, cohort.policy, &state, kind_of(&member), cohort.day, &cohort.places[i], &outcome);
		put_outcome(result, &cohort, &member, &cohort.places[i], &outcome);
		ExecClearTuple(cohort.slot);
		MemoryContextReset(one);
	}
	MemoryContextSwitchTo(caller);
	ExecDropSingleTupleTableSlot(cohort.slot);
	tuplestore_end(cohort.states);
	SPI_finish();
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
