/*
 * env.h -- the core's environment inside the backend: palloc and ereport
 */
#ifndef CC_ENV_H
#define CC_ENV_H

#include "core/core.h"

typedef struct CcPgEnv
{
	CcEnv		env;			/* first: the core knows no more */
	MemoryContext context;		/* where the core's memory comes from */
} CcPgEnv;

extern void cc_env_init(CcPgEnv *env, MemoryContext context);

#endif							/* CC_ENV_H */
