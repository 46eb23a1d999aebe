/*
 * record_rows.c -- the rows of a statement on records, by subject, into batches
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "citycredit.h"
#include "executor/executor.h"
#include "miscadmin.h"
#include "record_rows.h"
#include "registry.h"
#include "seen.h"
#include "touched.h"
#include "utils/memutils.h"
#include "utils/typcache.h"

void
cc_rows_open(CcRows *rows, Tuplestorestate *store, Relation table)
{
	TupleDesc	desc = RelationGetDescr(table);
	int			i;

	memset(rows, 0, sizeof(*rows));
	rows->store = store;
	rows->desc = desc;
	rows->slot = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	for (i = 0; i < CC_TRIGGER_COLUMNS; i++)
		if (!cc_fact_of_link(i))
			rows->attribute[i] = cc_require_column(desc, RelationGetRelationName(table), cc_fact_column[i]);
	tuplestore_select_read_pointer(store, tuplestore_alloc_read_pointer(store, EXEC_FLAG_REWIND));
	tuplestore_rescan(store);
}

/* Sorts the rows by subject, unless there is but one. */
void
cc_rows_sort(CcRows *rows)
{
	if (tuplestore_tuple_count(rows->store) > 1)
	{
		AttrNumber	attribute = rows->attribute[CC_COL_SUBJECT];
		Oid			collation = InvalidOid;
		bool		nulls_first = false;
		Oid			type = TupleDescAttr(rows->desc, attribute - 1)->atttypid;
		Oid			less = lookup_type_cache(type, TYPECACHE_LT_OPR)->lt_opr;

		rows->sort = tuplesort_begin_heap(rows->desc, 1, &attribute, &less, &collation, &nulls_first, work_mem, NULL, TUPLESORT_NONE);
		while (tuplestore_gettupleslot(rows->store, true, false, rows->slot))
			tuplesort_puttupleslot(rows->sort, rows->slot);
		tuplesort_performsort(rows->sort);
	}
}

/* Goes to the next row; false if there is none. */
bool
cc_rows_next(CcRows *rows)
{
	if (rows->sort != NULL)
		return tuplesort_gettupleslot(rows->sort, true, false, rows->slot, NULL);
	return tuplestore_gettupleslot(rows->store, true, false, rows->slot);
}

void
cc_rows_close(CcRows *rows)
{
	ExecDropSingleTupleTableSlot(rows->slot);
	if (rows->sort != NULL)
		tuplesort_end(rows->sort);
}

/* ---- all subjects at once ---- */

/* The subjects of all rows, with the positions that they claim. None if all that is new was seen before. */
CcTouched *
cc_rows_touched(CcRows *rows, bool insert, int *n)
{
	CcTouched  *touched = palloc0(sizeof(CcTouched) * (tuplestore_tuple_count(rows->store) + 1));
	bool		all_seen = insert;

	*n = 0;
	tuplestore_rescan(rows->store);
	while (tuplestore_gettupleslot(rows->store, true, false, rows->slot))
	{
		CcTouched  *one = &touched[(*n)++];
		TimestampTz known_from,
					known_until;
		bool		isnull;

		known_from = DatumGetTimestampTz(slot_getattr(rows->slot, rows->attribute[CC_COL_KNOWN_FROM], &isnull));
		known_until = DatumGetTimestampTz(slot_getattr(rows->slot, rows->attribute[CC_COL_KNOWN_UNTIL], &isnull));
		one->subject = *DatumGetUUIDP(slot_getattr(rows->slot, rows->attribute[CC_COL_SUBJECT], &isnull));
		one->scope = CC_TOUCH_ROWS;
		one->day = DatumGetDateADT(slot_getattr(rows->slot, rows->attribute[CC_COL_RECORDED_ON], &isnull));
		one->closes = !insert && !TIMESTAMP_IS_NOEND(known_until);
		one->succeeds = insert && DatumGetInt16(slot_getattr(rows->slot, rows->attribute[CC_COL_VERSION], &isnull)) > 1;
		one->known_first = one->known_from = one->closes ? known_until : known_from;
		all_seen &= one->succeeds &&
			cc_seen_row(&one->subject, DatumGetUUIDP(slot_getattr(rows->slot, rows->attribute[CC_COL_RECORD_ID], &isnull)), known_from);
	}
	tuplestore_rescan(rows->store);
	*n = all_seen ? 0 : cc_touched_merge(touched, *n);
	return touched;
}

/* ---- row by row ---- */

/* Days as measures can name them; a validity or publicity without end may say infinity. */
static void
check_days(const Datum *values, const bool *nulls)
{
	static const int open_ended[] = {CC_COL_VALID_UNTIL, CC_COL_PUBLICITY_UNTIL};
	int			i;

	for (i = CC_COL_ACT_ON; i <= CC_COL_REVOKED_ON; i++)
	{
		DateADT		day = nulls[i] ? CC_DAY_UNKNOWN : DatumGetDateADT(values[i]);

		if (nulls[i] || (day >= cc_day_from_ymd(1900, 1, 1) && day <= cc_day_from_ymd(9999, 12, 31)) ||
			(DATE_IS_NOEND(day) && (i == open_ended[0] || i == open_ended[1])))
			continue;
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("%s is out of range", cc_fact_column[i]),
				 errdetail("Days of records are from 1900-01-01 through 9999-12-31; valid_until and publicity_until may also be infinity."),
				 errhint("Leave a day that is not known NULL.")));
	}
}

static void
check_recorded_on(DateADT recorded_on)
{
	if (recorded_on <= cc_today())
		return;
	ereport(ERROR,
			(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
			 errmsg("recorded_on is in the future"),
			 errdetail("Standings are evaluated as of recorded_on."),
			 errhint("Leave recorded_on to its default.")));
}

/* Rows come sorted by subject: who is noted twice is noted in a row. */
static void
note_doubtful(CcBatch *batch, MemoryContext context, const pg_uuid_t *subject)
{
	if (batch->n_doubtful > 0 && memcmp(&batch->doubtful[batch->n_doubtful - 1], subject, UUID_LEN) == 0)
		return;
	if (batch->doubtful_room == 0)
	{
		batch->doubtful_room = 8;
		batch->doubtful = MemoryContextAlloc(context, sizeof(pg_uuid_t) * batch->doubtful_room);
	}
	else if (batch->n_doubtful == batch->doubtful_room)
	{
		batch->doubtful_room *= 2;
		batch->doubtful = repalloc_huge(batch->doubtful, sizeof(pg_uuid_t) * batch->doubtful_room);
	}
	batch->doubtful[batch->n_doubtful++] = *subject;
}

/* The columns of the row that is up; they last as long as the batch. */
static void
row_values(CcRows *rows, Datum *values, bool *nulls)
{
	MinimalTuple copy = ExecCopySlotMinimalTuple(rows->slot);
	Datum	   *all = palloc(sizeof(Datum) * rows->desc->natts);
	bool	   *all_null = palloc(sizeof(bool) * rows->desc->natts);
	HeapTupleData tuple;
	int			i;

	tuple.t_len = copy->t_len + MINIMAL_TUPLE_OFFSET;
	tuple.t_data = (HeapTupleHeader) ((char *) copy - MINIMAL_TUPLE_OFFSET);
	heap_deform_tuple(&tuple, rows->desc, all, all_null);
	for (i = 0; i < CC_TRIGGER_COLUMNS; i++)
	{
		nulls[i] = rows->attribute[i] <= 0 || all_null[rows->attribute[i] - 1];
		values[i] = nulls[i] ? (Datum) 0 : all[rows->attribute[i] - 1];
	}
	pfree(all);
	pfree(all_null);
}

/* Takes the row that is up into the batch. */
void
cc_rows_take(CcBatch *batch, CcRows *rows, bool insert)
{
	MemoryContext caller = MemoryContextSwitchTo(batch->context);
	Datum		values[CC_TRIGGER_COLUMNS];
	bool		nulls[CC_TRIGGER_COLUMNS];
	CcTouched  *touched;
	DateADT		recorded_on;
	TimestampTz position;
	bool		closes,
				is_current;

	row_values(rows, values, nulls);
	recorded_on = DatumGetDateADT(values[CC_COL_RECORDED_ON]);
	closes = !insert && !TIMESTAMP_IS_NOEND(DatumGetTimestampTz(values[CC_COL_KNOWN_UNTIL]));
	position = DatumGetTimestampTz(values[closes ? CC_COL_KNOWN_UNTIL : CC_COL_KNOWN_FROM]);
	if (insert)
	{
		check_recorded_on(recorded_on);
		check_days(values, nulls);
	}
	touched = &batch->touched[batch->n - 1];
	if (batch->n == 0 || memcmp(&touched->subject, DatumGetUUIDP(values[CC_COL_SUBJECT]), UUID_LEN) != 0)
	{
		touched = &batch->touched[batch->n++];
		memset(touched, 0, sizeof(*touched));
		touched->scope = CC_TOUCH_ROWS;
		touched->subject = *DatumGetUUIDP(values[CC_COL_SUBJECT]);
		touched->day = recorded_on;
		touched->known_first = touched->known_from = position;
		touched->first_fact = batch->n_facts;
	}
	touched->n_rows++;
	touched->day = Max(touched->day, recorded_on);
	touched->known_first = Min(touched->known_first, position);
	touched->known_from = Max(touched->known_from, position);
	touched->closes |= closes;
	touched->succeeds |= insert && DatumGetInt16(values[CC_COL_VERSION]) > 1;
	is_current = TIMESTAMP_IS_NOEND(DatumGetTimestampTz(values[CC_COL_KNOWN_UNTIL]));
	touched->recompute |= !insert || !is_current || touched->succeeds;
	touched->inserts = insert;
	/* Of a changed record only the identifier matters, for the history: its subject is computed from the records. */
	if (!insert || is_current)
	{
		cc_fact_read(batch->catalogue, DT_NOEND, values, nulls, &batch->facts[batch->n_facts++]);
		touched->n_facts++;
		if (!batch->facts[batch->n_facts - 1].verified)
			note_doubtful(batch, caller, &touched->subject);
	}
	MemoryContextSwitchTo(caller);
}

/* True if the row that is up belongs to the batch's last subject. */
bool
cc_rows_same_subject(const CcBatch *batch, const CcRows *rows)
{
	bool		isnull;
	Datum		subject = slot_getattr(rows->slot, rows->attribute[CC_COL_SUBJECT], &isnull);

	return memcmp(&batch->touched[batch->n - 1].subject, DatumGetUUIDP(subject), UUID_LEN) == 0;
}
