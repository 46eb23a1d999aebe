/*
 * record_trigger.c -- a statement on records regrades the subjects it touched
 *
 * record_changed() is the AFTER STATEMENT trigger of the table record, for INSERT, UPDATE and DELETE, with the new
 * rows, or for DELETE the old ones, as transition table. It fires on a shard as on the table: schema and columns are
 * all it goes by.
 *
 * New first versions are folded into what is stored; anything else that happens to a record makes its subject's
 * standings be computed from the records.
 */
#include "postgres.h"

#include "array.h"
#include "citycredit.h"
#include "executor/spi.h"
#include "record_rows.h"
#include "seen.h"
#include "touched.h"
#include "trigger.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"

PG_FUNCTION_INFO_V1(record_changed);

/* Rows with long texts end a batch before it is full. */
#define BATCH_BYTES	(16 * 1024 * 1024)

/* Room for one more row of a subject that has more rows than a batch. */
static void
make_room(CcBatch *batch, int *room)
{
	if (batch->n_facts < *room)
		return;
	*room *= 2;
	batch->facts = repalloc_huge(batch->facts, sizeof(CcFact) * *room);
}

static void
regrade_taken(CcBatch *batch, bool insert, CcTouched *all, int n_all)
{
	int			i;

	if (insert)
		cc_seen_drop(batch);
	for (i = 0; i < batch->n && n_all > 0; i++)
	{
		CcTouched  *found = bsearch(&batch->touched[i], all, n_all, sizeof(CcTouched), cc_touched_compare);

		if (found != NULL)
			batch->touched[i].scope |= found->scope;
	}
	cc_regrade_batch(batch);
}

/* An entry that praises a subject waits while a record about it does, and goes on when none does: no cost where all count. */
static void
doubt_listings(const CcBatch *batch, Oid code_type)
{
	Datum	   *subjects = palloc(sizeof(Datum) * batch->n_doubtful);
	Oid			array_type = get_array_type(code_type);
	Datum		array;
	int			result,
				i;

	for (i = 0; i < batch->n_doubtful; i++)
		subjects[i] = UUIDPGetDatum(&batch->doubtful[i]);
	array = cc_array(subjects, batch->n_doubtful, code_type);
	result = SPI_execute_with_args("SELECT " CC_SCHEMA "._doubt_listings($1)", 1, &array_type, &array, NULL, false, 0);
	if (result < 0)
		elog(ERROR, "could not execute: %s", SPI_result_code_string(result));
}

static void
regrade_rows(CcRows *rows, bool insert, const char *cause)
{
	CcBatch		batch;
	CcTouched  *all = NULL;
	int			n_all = 0;
	int			room = CC_BATCH_ROWS;
	int			n = 0;

	cc_regrade_begin(&batch, cause);
	batch.notes = !insert;
	if (batch.catalogue->linked != 0)
	{
		all = cc_rows_touched(rows, insert, &n_all);
		if (n_all > 0)
			all = cc_touched_lock(&batch, all, &n_all);
	}
	cc_rows_sort(rows);
	cc_batch_reset(&batch, room);
	while (cc_rows_next(rows))
	{
		if ((n >= CC_BATCH_ROWS || MemoryContextMemAllocated(batch.context, false) > BATCH_BYTES) && n > 0 &&
			!cc_rows_same_subject(&batch, rows))
		{
			regrade_taken(&batch, insert, all, n_all);
			room = CC_BATCH_ROWS;
			n = 0;
			cc_batch_reset(&batch, room);
		}
		make_room(&batch, &room);
		cc_rows_take(&batch, rows, insert);
		n++;
	}
	if (batch.n > 0)
		regrade_taken(&batch, insert, all, n_all);
	cc_touched_regrade(&batch, all, n_all, CC_TOUCH_ROWS);
	if (!insert)
		cc_seen_remember(&batch);
	cc_regrade_end(&batch);
	if (batch.n_doubtful > 0)
		doubt_listings(&batch, TupleDescAttr(rows->desc, rows->attribute[CC_COL_SUBJECT] - 1)->atttypid);
}

/* Statement trigger of the table record. */
Datum
record_changed(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Tuplestorestate *store;
	bool		insert;
	CcCaller	caller;
	CcRows		rows;

	cc_trigger_check(fcinfo, "record_changed");
	insert = TRIGGER_FIRED_BY_INSERT(trigger->tg_event);
	store = trigger->tg_newtable ? trigger->tg_newtable : trigger->tg_oldtable;
	if (cc_positioning() || tuplestore_tuple_count(store) == 0)
		PG_RETURN_POINTER(NULL);
	cc_trigger_begin(trigger, &caller);
	cc_rows_open(&rows, store, trigger->tg_relation);
	regrade_rows(&rows, insert, insert ? "records" : "amendment");
	cc_rows_close(&rows);
	cc_trigger_end(&caller);
	PG_RETURN_POINTER(NULL);
}
