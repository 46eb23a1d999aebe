/*
 * regrade.c -- the write path: standings of touched subjects, under their locks
 *
 * A batch is a run of subjects in key order. Per batch: lock them and take the next number of each (one upsert of
 * subject_state; regrade_lock.c), give their new rows that position (regrade_position.c), read their stored standings
 * and fold the new facts in (regrade_plan.c) or fold all records (regrade_recompute.c), read the outcomes off
 * (regrade_finish.c), write the standings back and the changes to history (regrade_write.c). Where policies read records
 * of linked subjects, those who read the touched ones are locked with them before, all of the statement's, and get one
 * position in common.
 *
 * Locks come before anything is read, so that at READ COMMITTED the next statement's snapshot sees all that the previous
 * holder wrote, and at REPEATABLE READ the upsert fails with 40001 if there was one: each touched row is written always,
 * also when the outcome is the same. Callers order batches by key, so that single statements cannot deadlock.
 */
#include "postgres.h"

#include "env.h"
#include "miscadmin.h"
#include "registry.h"
#include "regrade_steps.h"
#include "storage/lmgr.h"
#include "utils/memutils.h"

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
	cc_regrade_prepare();
}

/* Brings the standings of the batch's subjects up to date. Subjects are in key order, each once. */
void
cc_regrade_batch(CcBatch *batch)
{
	MemoryContext caller = MemoryContextSwitchTo(batch->context);

	CHECK_FOR_INTERRUPTS();
	if (batch->n > 0)
	{
		CcPgEnv		env;
		CcGrading	grading = {batch, &env.env};
		int			i;

		cc_env_init(&env, batch->context);
		grading.touched = palloc(sizeof(CcTouched *) * batch->n);
		for (i = 0; i < batch->n; i++)
			grading.touched[i] = &batch->touched[i];
		cc_regrade_lock_batch(batch, grading.touched);
		cc_regrade_check_closed(batch->touched, batch->n);
		cc_regrade_register(batch);
		cc_regrade_position_records(batch);
		cc_regrade_plan(&grading);
		cc_regrade_recompute(&grading);
		cc_regrade_finish(&grading);
		cc_regrade_write(&grading);
		SPI_freetuptable(grading.rows);
	}
	MemoryContextSwitchTo(caller);
	MemoryContextReset(batch->context);
	batch->n = batch->n_facts = 0;
}

void
cc_regrade_end(CcBatch *batch)
{
	MemoryContextDelete(batch->context);
}
