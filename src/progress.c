/*
 * progress.c -- how far a long statement is, for those who look from outside
 *
 * PostgreSQL's progress views are for its own commands. A regrade or refresh shows its work, percentage and rate as its
 * session's query in pg_stat_activity instead, where everybody who may see the session's query looks anyway.
 */
#include "postgres.h"

#include "access/xact.h"
#include "fmgr.h"
#include "miscadmin.h"
#include "progress.h"
#include "storage/proc.h"
#include "utils/backend_status.h"
#include "utils/builtins.h"
#include "utils/timestamp.h"

PG_FUNCTION_INFO_V1(_report_progress);
PG_FUNCTION_INFO_V1(_expect_progress);

#define TICKS	65536			/* from report to report */

/* What is being counted, in the transaction that said so. */
static LocalTransactionId counting_in = InvalidLocalTransactionId;
static char counting[64];
static int64 expected;
static int64 counted;
static TimestampTz began;

static void
report(const char *work, int64 done, int64 total, TimestampTz since)
{
	int64		elapsed = GetCurrentTimestamp() - since;
	char		line[200];

	snprintf(line, sizeof(line), "citycredit %s: " INT64_FORMAT " of " INT64_FORMAT " (%d %%), " INT64_FORMAT " a second", work, done, total,
			 total > 0 ? (int) Min(100, done * 100 / total) : 100, elapsed > 0 ? done * USECS_PER_SEC / elapsed : 0);
	pgstat_report_activity(STATE_RUNNING, line);
}

/* Counts one more; shows it from time to time. */
void
cc_progress_tick(void)
{
	if (counting_in == InvalidLocalTransactionId || counting_in != MyProc->lxid || ++counted % TICKS != 0)
		return;
	report(counting, counted, expected, began);
}

/*
 * _expect_progress(work, total): until the transaction ends, records read by fold_facts() are counted and shown as this
 * work.
 */
Datum
_expect_progress(PG_FUNCTION_ARGS)
{
	strlcpy(counting, text_to_cstring(PG_GETARG_TEXT_PP(0)), sizeof(counting));
	expected = PG_GETARG_INT64(1);
	counted = 0;
	began = GetCurrentTimestamp();
	counting_in = MyProc->lxid;
	report(counting, 0, expected, began);
	PG_RETURN_VOID();
}

/* _report_progress(work, done, total): shows percentage and rate since the statement began. */
Datum
_report_progress(PG_FUNCTION_ARGS)
{
	counting_in = InvalidLocalTransactionId;
	report(text_to_cstring(PG_GETARG_TEXT_PP(0)), PG_GETARG_INT64(1), PG_GETARG_INT64(2), GetCurrentStatementStartTimestamp());
	CHECK_FOR_INTERRUPTS();
	PG_RETURN_VOID();
}
