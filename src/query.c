/*
 * query.c -- queries that a session prepares once, and the rows of cursors
 */
#include "postgres.h"

#include "miscadmin.h"
#include "query.h"

#define FETCH_ROWS		1000

/*
 * Makes a plan that is kept for the session, in place of the one that was there. One generic plan: the queries walk an
 * array or name a subject, and probe an index, which is right for any size of batch; planning anew would cost more than
 * a small batch itself.
 */
void
cc_plan_make(SPIPlanPtr *plan, const char *sql, int nargs, Oid *types)
{
	SPIPlanPtr	prepared;

	cc_plan_drop(plan);
	prepared = SPI_prepare_cursor(sql, nargs, types, CURSOR_OPT_GENERIC_PLAN);
	if (prepared == NULL)
		elog(ERROR, "could not prepare: %s", SPI_result_code_string(SPI_result));
	SPI_keepplan(prepared);
	*plan = prepared;
}

/* Frees a plan that was kept; nothing, if there is none. */
void
cc_plan_drop(SPIPlanPtr *plan)
{
	if (*plan != NULL)
		SPI_freeplan(*plan);
	*plan = NULL;
}

/* Prepares a query about subjects, unless that has been done for this type of code. */
void
cc_plan_require(CcPlan *plan, Oid code_type, const char *sql, int nargs, Oid *types)
{
	if (plan->plan != NULL && plan->code_type == code_type)
		return;
	cc_plan_make(&plan->plan, sql, nargs, types);
	plan->code_type = code_type;
}

/* Executes a plan to its end; its rows are in SPI_tuptable. */
void
cc_plan_execute(SPIPlanPtr plan, Datum *args, bool read_only)
{
	int			result = SPI_execute_plan(plan, args, NULL, read_only, 0);

	if (result < 0)
		elog(ERROR, "could not execute: %s", SPI_result_code_string(result));
}

/* Gives the rows of a cursor one by one, and closes it. */
void
cc_each_row(Portal portal, CcTakeRow take, void *arg)
{
	for (;;)
	{
		SPITupleTable *table;
		uint64		n,
					i;

		SPI_cursor_fetch(portal, true, FETCH_ROWS);
		table = SPI_tuptable;
		n = SPI_processed;
		if (n == 0)
			break;
		for (i = 0; i < n; i++)
			take(arg, table->vals[i], table->tupdesc);
		SPI_freetuptable(table);
		CHECK_FOR_INTERRUPTS();
	}
	SPI_cursor_close(portal);
}
