/*
 * bulk_sql.c -- the states of the whole city in SQL, and what is stored against them
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "array.h"
#include "bulk.h"
#include "env.h"
#include "folded.h"
#include "funcapi.h"
#include "registry.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"
#include "verify.h"

PG_FUNCTION_INFO_V1(_fold_city);
PG_FUNCTION_INFO_V1(_mismatch_city);

/* Columns of standing_stored. */
enum
{
	STORED_VERSION,
	STORED_AS_OF,
	STORED_NEXT_CHANGE_ON,
	STORED_SCORE,
	STORED_STATE,
	STORED_BAND,
	STORED_BAND_CODE,
	STORED_GRADE,
	STORED_VETOES,
	STORED_LISTS,
	STORED_EFFECTS,
	STORED_FOLDED,
	STORED_COLUMNS
};

static const char *const stored_column[STORED_COLUMNS] = {
	"version_id", "as_of", "next_change_on", "score", "state", "band", "band_code", "credit_grade", "vetoes", "lists", "effects", "folded"
};

static const char *const no_numbers = "numbers of policies and versions must not be null";

typedef struct City
{
	CcBulk		bulk;
	Tuplestorestate *store;
	TupleDesc	desc;
	int32	   *version_ids;
	int			attribute[STORED_COLUMNS];	/* of standing_stored; 0 = not looked up yet */
} City;

static void
city_init(City *city, FunctionCallInfo fcinfo, DateADT day, TimestampTz known_at)
{
	ReturnSetInfo *result;

	memset(city, 0, sizeof(*city));
	InitMaterializedSRF(fcinfo, 0);
	result = (ReturnSetInfo *) fcinfo->resultinfo;
	city->store = result->setResult;
	city->desc = result->setDesc;
	city->bulk.day = day;
	city->bulk.known_at = known_at;
	city->bulk.arg = city;
}

/* Room for n versions. */
static void
city_room(City *city, int n)
{
	city->version_ids = palloc(sizeof(int32) * (n + 1));
	city->bulk.versions = palloc(sizeof(CcVersion *) * (n + 1));
	city->bulk.policies = palloc(sizeof(CcPolicy *) * (n + 1));
}

static void
take_version(City *city, int32 version_id)
{
	const CcCatalogue *catalogue = cc_catalogue();
	int			i = city->bulk.n++;

	city->version_ids[i] = version_id;
	city->bulk.versions[i] = cc_version_find(catalogue, version_id, NULL);
	city->bulk.policies[i] = cc_version_policy(catalogue, city->bulk.versions[i]);
}

static Datum
folded_of(CcBulk *bulk, CcEnv *env, CcState *state, int i)
{
	cc_settle(env, bulk->policies[i], state, bulk->day, false);
	return PointerGetDatum(cc_folded(state));
}

static void
put_states(CcBulk *bulk, CcEnv *env, CcBulkSubject *subject)
{
	City	   *city = bulk->arg;
	int			i;

	for (i = 0; i < bulk->n; i++)
	{
		Datum		values[3];
		bool		nulls[3] = {false};

		values[0] = UUIDPGetDatum(&subject->subject);
		values[1] = Int32GetDatum(city->version_ids[i]);
		values[2] = folded_of(bulk, env, &subject->states[i], i);
		tuplestore_putvalues(city->store, city->desc, values, nulls);
	}
}

/*
 * _fold_city(versions integer[], day date, known_at timestamptz) -> (subject, version_id, folded): the states of all
 * subjects on whom a record bears, as fold_facts() gives them.
 */
Datum
_fold_city(PG_FUNCTION_ARGS)
{
	City		city;
	int32	   *versions;
	int			n = cc_numbers(PG_GETARG_ARRAYTYPE_P(0), no_numbers, &versions);
	int			i;

	city_init(&city, fcinfo, PG_GETARG_DATEADT(1), PG_GETARG_TIMESTAMPTZ(2));
	city_room(&city, n);
	for (i = 0; i < n; i++)
		take_version(&city, versions[i]);
	city.bulk.take = put_states;
	cc_bulk_run(&city.bulk);
	return (Datum) 0;
}

/* ---- what is stored ---- */

static void
find_columns(City *city)
{
	int			i;

	for (i = 0; i < STORED_COLUMNS; i++)
		city->attribute[i] = cc_require_column(city->bulk.stored_desc, "standing_stored", stored_column[i]);
}

static void
read_stored(City *city, HeapTuple tuple, CcStored *stored)
{
	Datum	   *all = palloc(sizeof(Datum) * city->bulk.stored_desc->natts);
	bool	   *all_null = palloc(sizeof(bool) * city->bulk.stored_desc->natts);
	Datum		values[STORED_COLUMNS];
	bool		nulls[STORED_COLUMNS];
	int			i;

	heap_deform_tuple(tuple, city->bulk.stored_desc, all, all_null);
	for (i = 0; i < STORED_COLUMNS; i++)
	{
		values[i] = all[city->attribute[i] - 1];
		nulls[i] = all_null[city->attribute[i] - 1];
	}
	stored->version_id = DatumGetInt32(values[STORED_VERSION]);
	stored->as_of = DatumGetDateADT(values[STORED_AS_OF]);
	stored->next_change_on = DatumGetDateADT(values[STORED_NEXT_CHANGE_ON]);
	stored->has_score = !nulls[STORED_SCORE];
	stored->score = nulls[STORED_SCORE] ? 0 : DatumGetInt64(values[STORED_SCORE]);
	stored->state = DatumGetInt16(values[STORED_STATE]);
	stored->band = nulls[STORED_BAND] ? -1 : DatumGetInt16(values[STORED_BAND]);
	stored->band_code = nulls[STORED_BAND_CODE] ? NULL : DatumGetTextPP(values[STORED_BAND_CODE]);
	stored->grade = nulls[STORED_GRADE] ? 0 : DatumGetInt16(values[STORED_GRADE]);
	stored->vetoes = DatumGetUInt32(values[STORED_VETOES]);
	stored->lists = DatumGetUInt32(values[STORED_LISTS]);
	stored->effects = DatumGetUInt32(values[STORED_EFFECTS]);
	stored->folded = DatumGetByteaPP(values[STORED_FOLDED]);
}

static void
put_mismatches(CcBulk *bulk, CcEnv *env, CcBulkSubject *subject)
{
	City	   *city = bulk->arg;
	int			i;

	if (city->attribute[0] == 0)
		find_columns(city);
	for (i = 0; i < bulk->n; i++)
	{
		bool		is_stored = subject->stored[i].t_data != NULL;
		Datum		values[5];
		bool		nulls[5] = {false};
		CcStored	stored;
		const char *problem;

		if (is_stored)
			read_stored(city, &subject->stored[i], &stored);
		problem = cc_standing_problem(env, bulk->versions[i], bulk->policies[i], &subject->subject, &subject->states[i],
									  cc_bulk_complete(bulk, env, subject, i, false), is_stored ? &stored : NULL, bulk->day);
		if (problem == NULL)
			continue;
		values[0] = UUIDPGetDatum(&subject->subject);
		values[1] = Int32GetDatum(bulk->policy_ids[i]);
		values[2] = CStringGetTextDatum(problem);
		values[3] = Int32GetDatum(city->version_ids[i]);
		values[4] = folded_of(bulk, env, &subject->states[i], i);
		tuplestore_putvalues(city->store, city->desc, values, nulls);
	}
}

/*
 * _mismatch_city(policies integer[], day date) -> (subject, policy_id, problem, version_id, folded): standings of the
 * policies that differ from what the records give, with the state that the records give. Policies without any adopted
 * version have no standings.
 */
Datum
_mismatch_city(PG_FUNCTION_ARGS)
{
	const CcCatalogue *catalogue = cc_catalogue();
	City		city;
	int32	   *policies;
	int32	   *policy_ids;
	int			n = cc_numbers(PG_GETARG_ARRAYTYPE_P(0), no_numbers, &policies);
	int			i,
				k;

	city_init(&city, fcinfo, PG_GETARG_DATEADT(1), DT_NOEND);
	city_room(&city, n);
	policy_ids = palloc(sizeof(int32) * (n + 1));
	for (i = 0; i < n; i++)
	{
		for (k = 0; k < catalogue->n && catalogue->measures[k].policy_id != policies[i]; k++)
			;
		if (k < catalogue->n)
		{
			const CcVersion *version = cc_version_for(&catalogue->measures[k], city.bulk.day);

			if (version == NULL)
				continue;
			policy_ids[city.bulk.n] = policies[i];
			take_version(&city, version->version_id);
		}
	}
	city.bulk.policy_ids = policy_ids;
	city.bulk.take = put_mismatches;
	cc_bulk_run(&city.bulk);
	return (Datum) 0;
}
