/*
 * ahead.c -- what is published of one subject after the other, read for many at a time
 *
 * A published view asks its gate for subject after subject, because a look-up by code shall read one alone.  A query for
 * one of them costs nearly as much as for a hundred.  So whoever asks for subjects in the order of their codes is read
 * ahead: one, four, sixteen of them, up to AHEAD.  What was read ahead answers only within the same snapshot, day and
 * transaction, in which the same query would give the same rows; whoever asks in another order gets them one by one.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "catalog/pg_type.h"
#include "citycredit.h"
#include "executor/spi.h"
#include "funcapi.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/snapmgr.h"
#include "utils/uuid.h"

PG_FUNCTION_INFO_V1(_read_ahead);

/* Subjects read at once, and rows after which no more subjects are taken than before. */
#define AHEAD		1024
#define MANY_ROWS	16384

/* What decides which rows a query sees. */
typedef struct View
{
	TransactionId xmin;
	TransactionId xmax;
	uint32		xcnt;
	int32		subxcnt;
	bool		overflowed;
	bool		recovery;
	CommandId	curcid;
	TransactionId *running;		/* xcnt and subxcnt of them */
	DateADT		today;
} View;

typedef struct Chunk
{
	MemoryContext context;		/* of all that follows, for the time of the transaction */
	View		view;
	ArrayType  *kinds;
	int			size;			/* subjects asked for, as the last time */
	int			n;
	pg_uuid_t  *subjects;		/* in order */
	int			at;				/* the one last asked for */
	TupleDesc	desc;
	uint64		n_rows;
	HeapTuple  *rows;			/* by subject */
	uint64	   *first;			/* row of each subject, and the end */
} Chunk;

static Chunk *chunk = NULL;

/* query texts, prepared once a session */
static const char *const next_sql =
"SELECT s.subject FROM " CC_SCHEMA ".subject AS s WHERE s.subject OPERATOR(" CC_SCHEMA ".>=) $1 ORDER BY s.subject LIMIT $2";
static const char *const rows_sql =
"SELECT p.* FROM " CC_SCHEMA "._published_of($1, $2) AS p";

static SPIPlanPtr next_plan = NULL;
static SPIPlanPtr rows_plan = NULL;
static Oid	planned_type = InvalidOid;

static void
chunk_gone(void *arg)
{
	if (chunk == arg)
		chunk = NULL;
}

static void
forget(void)
{
	if (chunk != NULL)
		MemoryContextDelete(chunk->context);	/* calls chunk_gone() */
}

/* What a rolled back subtransaction wrote is gone without a later command. */
static void
subtransaction_ended(SubXactEvent event, SubTransactionId mine, SubTransactionId parent, void *arg)
{
	if (event == SUBXACT_EVENT_ABORT_SUB)
		forget();
}

static void
view_take(View *view, Snapshot snapshot)
{
	view->xmin = snapshot->xmin;
	view->xmax = snapshot->xmax;
	view->xcnt = snapshot->xcnt;
	view->subxcnt = snapshot->subxcnt;
	view->overflowed = snapshot->suboverflowed;
	view->recovery = snapshot->takenDuringRecovery;
	view->curcid = snapshot->curcid;
	view->today = cc_today();
	view->running = palloc(sizeof(TransactionId) * (snapshot->xcnt + snapshot->subxcnt + 1));
	if (snapshot->xcnt > 0)
		memcpy(view->running, snapshot->xip, sizeof(TransactionId) * snapshot->xcnt);
	if (snapshot->subxcnt > 0)
		memcpy(view->running + snapshot->xcnt, snapshot->subxip, sizeof(TransactionId) * snapshot->subxcnt);
}

static bool
same_view(const View *view, Snapshot snapshot)
{
	return view->xmin == snapshot->xmin && view->xmax == snapshot->xmax && view->xcnt == snapshot->xcnt &&
		view->subxcnt == snapshot->subxcnt && view->overflowed == snapshot->suboverflowed &&
		view->recovery == snapshot->takenDuringRecovery && view->curcid == snapshot->curcid && view->today == cc_today() &&
		(snapshot->xcnt == 0 || memcmp(view->running, snapshot->xip, sizeof(TransactionId) * snapshot->xcnt) == 0) &&
		(snapshot->subxcnt <= 0 ||
		 memcmp(view->running + snapshot->xcnt, snapshot->subxip, sizeof(TransactionId) * snapshot->subxcnt) == 0);
}

static bool
same_kinds(const ArrayType *a, const ArrayType *b)
{
	return VARSIZE(a) == VARSIZE(b) && memcmp(a, b, VARSIZE(a)) == 0;
}

static int
compare(const pg_uuid_t *a, const pg_uuid_t *b)
{
	return memcmp(a->data, b->data, UUID_LEN);
}

static SPIPlanPtr
prepare(const char *sql, Oid first, Oid second)
{
	SPIPlanPtr	plan = SPI_prepare_cursor(sql, 2, (Oid[]) {first, second}, CURSOR_OPT_GENERIC_PLAN);

	if (plan == NULL)
		elog(ERROR, "could not prepare: %s", SPI_result_code_string(SPI_result));
	SPI_keepplan(plan);
	return plan;
}

static void
prepare_all(Oid code_type)
{
	if (planned_type == code_type)
		return;
	planned_type = InvalidOid;
	if (next_plan != NULL)
		SPI_freeplan(next_plan);
	next_plan = NULL;
	if (rows_plan != NULL)
		SPI_freeplan(rows_plan);
	rows_plan = NULL;
	next_plan = prepare(next_sql, code_type, INT8OID);
	rows_plan = prepare(rows_sql, get_array_type(code_type), TEXTARRAYOID);
	planned_type = code_type;
}

static void
execute(SPIPlanPtr plan, Datum first, Datum second)
{
	if (SPI_execute_plan(plan, (Datum[]) {first, second}, NULL, true, 0) != SPI_OK_SELECT)
		elog(ERROR, "could not read what is published");
}

/* An empty chunk that lasts for the transaction, or until another is begun. */
static Chunk *
chunk_begin(int size, const ArrayType *kinds)
{
	MemoryContext context = AllocSetContextCreate(TopTransactionContext, "citycredit read ahead", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	Chunk	   *made = palloc0(sizeof(Chunk));
	MemoryContextCallback *callback = palloc0(sizeof(MemoryContextCallback));

	made->context = context;
	made->size = size;
	made->kinds = palloc(VARSIZE(kinds));
	memcpy(made->kinds, kinds, VARSIZE(kinds));
	view_take(&made->view, GetActiveSnapshot());
	callback->func = chunk_gone;
	callback->arg = made;
	MemoryContextRegisterResetCallback(context, callback);
	MemoryContextSwitchTo(caller);
	return made;
}

/* The subjects from one on; that one alone if it is not registered. */
static void
take_subjects(Chunk *made, const pg_uuid_t *subject)
{
	uint64		found = 0;
	uint64		i;
	bool		isnull;

	if (made->size > 1)
	{
		execute(next_plan, UUIDPGetDatum(subject), Int64GetDatum(made->size));
		found = SPI_processed;
	}
	made->subjects = MemoryContextAlloc(made->context, sizeof(pg_uuid_t) * Max(found, 1));
	for (i = 0; i < found; i++)
		made->subjects[i] = *DatumGetUUIDP(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull));
	if (found == 0 || compare(&made->subjects[0], subject) != 0)
	{
		made->subjects[0] = *subject;
		found = 1;
	}
	made->n = (int) found;
}

/* The rows of the chunk's subjects, put together by subject: their first column is its place, counted from 1. */
static void
take_rows(Chunk *made)
{
	Datum	   *codes = palloc(sizeof(Datum) * made->n);
	int		   *place;
	MemoryContext caller;
	bool		isnull;
	uint64		i;

	for (i = 0; i < (uint64) made->n; i++)
		codes[i] = UUIDPGetDatum(&made->subjects[i]);
	execute(rows_plan, PointerGetDatum(construct_array(codes, made->n, planned_type, UUID_LEN, false, TYPALIGN_CHAR)),
			PointerGetDatum(made->kinds));
	made->n_rows = SPI_processed;
	place = MemoryContextAllocHuge(CurrentMemoryContext, sizeof(int) * (made->n_rows + 1));
	caller = MemoryContextSwitchTo(made->context);
	made->desc = CreateTupleDescCopy(SPI_tuptable->tupdesc);
	made->rows = MemoryContextAllocHuge(made->context, sizeof(HeapTuple) * (made->n_rows + 1));
	made->first = palloc0(sizeof(uint64) * (made->n + 2));
	for (i = 0; i < made->n_rows; i++)
	{
		place[i] = DatumGetInt32(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull));
		made->first[place[i] + 1]++;
	}
	for (i = 2; i < (uint64) made->n + 2; i++)
		made->first[i] += made->first[i - 1];
	for (i = 0; i < made->n_rows; i++)
		made->rows[made->first[place[i]]++] = heap_copytuple(SPI_tuptable->vals[i]);
	MemoryContextSwitchTo(caller);
}

/* Reads a subject, and ahead of it if what was read before has been used up in order. */
static void
fill(const pg_uuid_t *subject, const ArrayType *kinds, Oid code_type, bool follows)
{
	static bool registered = false;
	int			size = 1;
	Chunk	   *made;

	if (!registered)
		RegisterSubXactCallback(subtransaction_ended, NULL);
	registered = true;
	if (follows)
		size = chunk->n_rows > MANY_ROWS ? Max(chunk->size / 4, 1) : Min(chunk->size * 4, AHEAD);
	forget();
	made = chunk_begin(size, kinds);
	SPI_connect();
	prepare_all(code_type);
	take_subjects(made, subject);
	take_rows(made);
	SPI_finish();
	chunk = made;
}

/* Where a subject is in the chunk, not before the one last asked for; -1 if it is not. */
static int
find(const pg_uuid_t *subject)
{
	int			i = chunk->at;

	while (i < chunk->n && compare(&chunk->subjects[i], subject) < 0)
		i++;
	return i < chunk->n && compare(&chunk->subjects[i], subject) == 0 ? i : -1;
}

/* Gives the rows of subject i, but for their first column. */
static void
give(ReturnSetInfo *result, int i)
{
	Datum	   *values = palloc(sizeof(Datum) * chunk->desc->natts);
	bool	   *nulls = palloc(sizeof(bool) * chunk->desc->natts);
	uint64		row;

	if (chunk->desc->natts != result->setDesc->natts + 1)
		elog(ERROR, "what is published has %d columns instead of %d", chunk->desc->natts - 1, result->setDesc->natts);
	for (row = chunk->first[i]; row < chunk->first[i + 1]; row++)
	{
		heap_deform_tuple(chunk->rows[row], chunk->desc, values, nulls);
		tuplestore_putvalues(result->setResult, result->setDesc, values + 1, nulls + 1);
	}
	chunk->at = i;
}

/*
 * _read_ahead(subject, kinds) returns setof record -- rows of _published_of() for one subject; for the gate of the
 * published views alone, which calls it with the rights of the registry's owner.
 */
Datum
_read_ahead(PG_FUNCTION_ARGS)
{
	pg_uuid_t  *subject = PG_GETARG_UUID_P(0);
	ArrayType  *kinds = PG_GETARG_ARRAYTYPE_P(1);
	bool		usable = chunk != NULL && same_view(&chunk->view, GetActiveSnapshot()) && same_kinds(chunk->kinds, kinds);
	int			i = usable ? find(subject) : -1;

	if (i < 0)
	{
		fill(subject, kinds, get_fn_expr_argtype(fcinfo->flinfo, 0), usable && compare(subject, &chunk->subjects[chunk->n - 1]) > 0);
		i = 0;
	}
	InitMaterializedSRF(fcinfo, 0);
	give((ReturnSetInfo *) fcinfo->resultinfo, i);
	return (Datum) 0;
}
