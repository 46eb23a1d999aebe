/*
 * regrade_job.c -- regrading that no statement on facts asked for: by days, policies, and states folded beforehand
 */
#include "postgres.h"

#include "access/xact.h"
#include "catalog/pg_type.h"
#include "executor/spi.h"
#include "registry.h"
#include "storage/lmgr.h"
#include "touched.h"
#include "utils/array.h"
#include "utils/builtins.h"

PG_FUNCTION_INFO_V1(_position_floor);
PG_FUNCTION_INFO_V1(_regrade);
PG_FUNCTION_INFO_V1(_regrade_fresh);

/*
 * _position_floor() -> timestamptz: policies and trust were last changed at this position; they stay as they are to the
 * end of the transaction.
 */
Datum
_position_floor(PG_FUNCTION_ARGS)
{
	LockRelationOid(cc_registry_table("policy"), RowShareLock);
	PG_RETURN_TIMESTAMPTZ(cc_catalogue()->changed_at);
}

/* The elements of an array of subject codes. */
static int
subjects_of(ArrayType *array, Datum **subjects)
{
	int			n;

	deconstruct_array(array, ARR_ELEMTYPE(array), UUID_LEN, false, TYPALIGN_CHAR, subjects, NULL, &n);
	return n;
}

/* Puts a subject into the batch that a job, not a record, touches. */
static CcTouched *
touch(CcBatch *batch, Datum subject, DateADT day, bool recompute)
{
	CcTouched  *touched = &batch->touched[batch->n++];

	memset(touched, 0, sizeof(*touched));
	touched->scope = CC_TOUCH_ROWS;
	touched->subject = *DatumGetUUIDP(subject);
	touched->day = day;
	touched->known_first = touched->known_from = GetCurrentStatementStartTimestamp();
	touched->recompute = recompute;
	return touched;
}

/* Locks are taken in the order given, which must be that of every other statement. */
static void
check_ascending(int order)
{
	if (order > 0)
		return;
	ereport(ERROR,
			(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
			 errmsg("subjects to be regraded are not in ascending order, each once"),
			 errhint("Give array_agg(DISTINCT subject ORDER BY subject).")));
}

/*
 * _regrade(subjects subject_code[], day date, recompute boolean, cause text) -> bigint: brings the standings of
 * subjects, given in ascending order and without repetition, to the day; from the records, or from the stored states
 * where they are good. Returns how many outcomes changed. For the owner of the registry.
 */
Datum
_regrade(PG_FUNCTION_ARGS)
{
	Datum	   *subjects;
	int			n = subjects_of(PG_GETARG_ARRAYTYPE_P(0), &subjects);
	int			i,
				k;
	CcBatch		batch;

	SPI_connect();
	cc_regrade_begin(&batch, text_to_cstring(PG_GETARG_TEXT_PP(3)));
	for (i = 0; i < n; i += k)
	{
		cc_batch_reset(&batch, CC_BATCH_ROWS);
		for (k = 0; k < CC_BATCH_ROWS && i + k < n; k++)
		{
			if (i + k > 0)
				check_ascending(memcmp(DatumGetUUIDP(subjects[i + k]), DatumGetUUIDP(subjects[i + k - 1]), UUID_LEN));
			touch(&batch, subjects[i + k], PG_GETARG_DATEADT(1), PG_GETARG_BOOL(2));
		}
		cc_regrade_batch(&batch);
	}
	cc_regrade_end(&batch);
	SPI_finish();
	PG_RETURN_INT64(batch.changed);
}

/* Elements of one of the arrays of _regrade_fresh(), which are as many as subjects. */
static Datum *
elements_of(ArrayType *array, Oid type, int16 length, bool byval, char align, bool **nulls, int n)
{
	Datum	   *values;
	int			count;

	deconstruct_array(array, type, length, byval, align, &values, nulls, &count);
	if (count != n)
		ereport(ERROR,
				(errcode(ERRCODE_ARRAY_SUBSCRIPT_ERROR),
				 errmsg("arrays of _regrade_fresh() differ in length")));
	return values;
}

/*
 * _regrade_fresh(subjects subject_code[], seqs bigint[], policies integer[], versions integer[], states bytea[], day
 * date, cause text) -> bigint: writes standings by states that a query has folded from the records, ordered by subject,
 * with the subjects' numbers that it saw: a subject that somebody touched since is computed again under its lock.
 */
Datum
_regrade_fresh(PG_FUNCTION_ARGS)
{
	Datum	   *subjects;
	int			n = subjects_of(PG_GETARG_ARRAYTYPE_P(0), &subjects);
	bool	   *no_version,
			   *no_state;
	Datum	   *seqs = elements_of(PG_GETARG_ARRAYTYPE_P(1), INT8OID, sizeof(int64), FLOAT8PASSBYVAL, TYPALIGN_DOUBLE, NULL, n);
	Datum	   *policies = elements_of(PG_GETARG_ARRAYTYPE_P(2), INT4OID, sizeof(int32), true, TYPALIGN_INT, NULL, n);
	Datum	   *versions = elements_of(PG_GETARG_ARRAYTYPE_P(3), INT4OID, sizeof(int32), true, TYPALIGN_INT, &no_version, n);
	Datum	   *states = elements_of(PG_GETARG_ARRAYTYPE_P(4), BYTEAOID, -1, false, TYPALIGN_INT, &no_state, n);
	CcTouched  *touched = NULL;
	CcBatch		batch;
	int			i;

	SPI_connect();
	cc_regrade_begin(&batch, text_to_cstring(PG_GETARG_TEXT_PP(6)));
	batch.fresh = palloc0(sizeof(CcFresh) * (n + 1));
	cc_batch_reset(&batch, CC_BATCH_ROWS);
	for (i = 0; i < n; i++)
	{
		CcFresh    *fresh = &batch.fresh[i];
		int			order = i == 0 ? 1 : memcmp(DatumGetUUIDP(subjects[i]), DatumGetUUIDP(subjects[i - 1]), UUID_LEN);

		if (order != 0)
		{
			check_ascending(order);
			if (batch.n == CC_BATCH_ROWS)
			{
				cc_regrade_batch(&batch);
				cc_batch_reset(&batch, CC_BATCH_ROWS);
			}
			touched = touch(&batch, subjects[i], PG_GETARG_DATEADT(5), true);
			touched->first_fresh = i;
			touched->fresh_seq = DatumGetInt64(seqs[i]);
		}
		touched->n_fresh++;
		fresh->policy_id = DatumGetInt32(policies[i]);
		fresh->version_id = no_version[i] ? 0 : DatumGetInt32(versions[i]);
		fresh->state = no_state[i] ? NULL : DatumGetByteaPP(states[i]);
	}
	if (batch.n > 0)
		cc_regrade_batch(&batch);
	cc_regrade_end(&batch);
	SPI_finish();
	PG_RETURN_INT64(batch.changed);
}
