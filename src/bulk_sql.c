/*
 * bulk_sql.c -- the states of the whole city in SQL, and what is stored against them
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "bulk.h"
#include "catalog/pg_type.h"
#include "env.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/tuplestore.h"
#include "verify.h"

PG_FUNCTION_INFO_V1(_fold_city);
PG_FUNCTION_INFO_V1(_mismatch_city);

typedef struct City
{
	CcBulk		bulk;
	Tuplestorestate *store;
	TupleDesc	desc;
	int32	   *version_ids;
	int			column[CC_VERIFY_ARGS];	/* of standing_stored, by argument of _standing_problem() */
	bool		columns_known;
} City;

/* The numbers of an array that may hold no NULL. */
static int
numbers_of(ArrayType *array, int32 **numbers)
{
	if (ARR_HASNULL(array))
		ereport(ERROR,
				(errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED),
				 errmsg("numbers of policies and versions must not be null")));
	*numbers = (int32 *) ARR_DATA_PTR(array);
	return ArrayGetNItems(ARR_NDIM(array), ARR_DIMS(array));
}

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

static void
take_version(City *city, int32 version_id)
{
	const CcCatalogue *catalogue = cc_catalogue();
	int			i = city->bulk.n++;

	city->version_ids[i] = version_id;
	city->bulk.policies[i] = cc_version_policy(catalogue, cc_version_find(catalogue, version_id, NULL));
}

static Datum
folded_of(CcBulk *bulk, CcEnv *env, CcState *state, int i)
{
	bytea	   *folded;

	cc_settle(env, bulk->policies[i], state, bulk->day, false);
	folded = palloc(VARHDRSZ + cc_state_size(state));
	SET_VARSIZE(folded, VARHDRSZ + cc_state_write(state, (unsigned char *) VARDATA(folded)));
	return PointerGetDatum(folded);
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
	int			n = numbers_of(PG_GETARG_ARRAYTYPE_P(0), &versions);
	int			i;

	city_init(&city, fcinfo, PG_GETARG_DATEADT(1), PG_GETARG_TIMESTAMPTZ(2));
	city.version_ids = palloc(sizeof(int32) * (n + 1));
	city.bulk.policies = palloc(sizeof(CcPolicy *) * (n + 1));
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

	for (i = 0; i < CC_VERIFY_ARGS; i++)
		if (cc_verify_column[i] != NULL && (city->column[i] = SPI_fnumber(city->bulk.stored_desc, cc_verify_column[i])) <= 0)
			ereport(ERROR,
					(errcode(ERRCODE_UNDEFINED_COLUMN),
					 errmsg("table \"%s\" has no column \"%s\"", "standing_stored", cc_verify_column[i]),
					 errhint("SELECT citycredit.migrate() brings an older registry up to date.")));
	city->columns_known = true;
}

/* Calls _standing_problem() for the subject and policy; (Datum) 0 if nothing is wrong. */
static Datum
problem_of(City *city, CcBulkSubject *subject, int i, Datum fresh)
{
	HeapTuple	stored = &subject->stored[i];
	Datum		result;
	int			arg;

	LOCAL_FCINFO(call, CC_VERIFY_ARGS);

	InitFunctionCallInfoData(*call, NULL, CC_VERIFY_ARGS, InvalidOid, NULL, NULL);
	for (arg = 0; arg < CC_VERIFY_ARGS; arg++)
	{
		call->args[arg].isnull = cc_verify_column[arg] != NULL && stored->t_data == NULL;
		if (cc_verify_column[arg] != NULL && stored->t_data != NULL)
			call->args[arg].value = heap_getattr(stored, city->column[arg], city->bulk.stored_desc, &call->args[arg].isnull);
	}
	call->args[CC_VERIFY_SUBJECT].value = UUIDPGetDatum(&subject->subject);
	call->args[CC_VERIFY_FRESH_VERSION].value = Int32GetDatum(city->version_ids[i]);
	call->args[CC_VERIFY_FRESH].value = fresh;
	call->args[CC_VERIFY_DAY].value = DateADTGetDatum(city->bulk.day);
	result = _standing_problem(call);
	return call->isnull ? (Datum) 0 : result;
}

static void
put_mismatches(CcBulk *bulk, CcEnv *env, CcBulkSubject *subject)
{
	City	   *city = bulk->arg;
	int			i;

	if (!city->columns_known)
		find_columns(city);
	for (i = 0; i < bulk->n; i++)
	{
		Datum		values[5];
		bool		nulls[5] = {false};
		Datum		problem;

		if (subject->stored[i].t_data == NULL && !cc_ever_enrolled(&subject->states[i]))
			continue;
		values[4] = folded_of(bulk, env, &subject->states[i], i);
		problem = problem_of(city, subject, i, values[4]);
		if (problem == (Datum) 0)
			continue;
		values[0] = UUIDPGetDatum(&subject->subject);
		values[1] = Int32GetDatum(bulk->policy_ids[i]);
		values[2] = problem;
		values[3] = Int32GetDatum(city->version_ids[i]);
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
	int			n = numbers_of(PG_GETARG_ARRAYTYPE_P(0), &policies);
	int			i,
				k;

	city_init(&city, fcinfo, PG_GETARG_DATEADT(1), DT_NOEND);
	city.version_ids = palloc(sizeof(int32) * (n + 1));
	policy_ids = palloc(sizeof(int32) * (n + 1));
	city.bulk.policies = palloc(sizeof(CcPolicy *) * (n + 1));
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
