/*
 * env.c -- the core's environment inside the backend: palloc and ereport
 */
#include "postgres.h"

#include "env.h"
#include "miscadmin.h"
#include "utils/memutils.h"

static void *
allocate(CcEnv *env, size_t size)
{
	return MemoryContextAllocExtended(((CcPgEnv *) env)->context, size ? size : 1, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
}

static void
fail(CcEnv *env, CcFailure code, const char *message)
{
	if (code == CC_FAIL_OUT_OF_RANGE)
		ereport(ERROR,
				(errcode(ERRCODE_NUMERIC_VALUE_OUT_OF_RANGE),
				 errmsg("%s", message),
				 errdetail("Points are exact decimals of at most 14 digits before the point."),
				 errhint("Look for a record whose points or quantity cannot be meant.")));
	ereport(ERROR,
			(errcode(ERRCODE_DATA_CORRUPTED),
			 errmsg("%s", message),
			 errhint("The stored state is a cache: citycredit.regrade() makes it again from the records.")));
}

static void
breathe(CcEnv *env)
{
	CHECK_FOR_INTERRUPTS();
}

/* Memory of the core comes from the given context. */
void
cc_env_init(CcPgEnv *env, MemoryContext context)
{
	env->env.alloc = allocate;
	env->env.fail = fail;
	env->env.breathe = breathe;
	env->context = context;
}
