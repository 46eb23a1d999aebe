/*
 * query.h -- queries that a session prepares once, and the rows of cursors
 */
#ifndef CC_QUERY_H
#define CC_QUERY_H

#include "executor/spi.h"

typedef void (*CcTakeRow) (void *arg, HeapTuple tuple, TupleDesc desc);

/* A query about subjects, and the type of code that it was prepared with: another one once the extension is made anew. */
typedef struct CcPlan
{
	SPIPlanPtr	plan;
	Oid			code_type;
} CcPlan;

extern void cc_plan_make(SPIPlanPtr *plan, const char *sql, int nargs, Oid *types);
extern void cc_plan_drop(SPIPlanPtr *plan);
extern void cc_plan_require(CcPlan *plan, Oid code_type, const char *sql, int nargs, Oid *types);
extern void cc_plan_execute(SPIPlanPtr plan, Datum *args, bool read_only);
extern void cc_each_row(Portal portal, CcTakeRow take, void *arg);

#endif							/* CC_QUERY_H */
