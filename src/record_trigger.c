/*
 * record_trigger.c -- a statement on records regrades the subjects it touched
 *
 * record_changed() is the AFTER STATEMENT trigger of the table record, for INSERT, UPDATE and DELETE, with the new
 * rows, or for DELETE the old ones, as transition table. It fires on a shard as on the table: schema and columns are
 * all it goes by. As the triggers of referential integrity do, it works as the owner of the table, so that a role that
 * may only insert needs no right on standings.
 *
 * New first versions are folded into what is stored; anything else that happens to a record makes its subject's
 * standings be computed from the records. A statement that closes versions and writes the next ones fires twice, first
 * for the closed, when the new ones are there already: what was computed then is not computed again.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "access/xact.h"
#include "array.h"
#include "catalog/pg_type.h"
#include "citycredit.h"
#include "commands/trigger.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "fact.h"
#include "miscadmin.h"
#include "registry.h"
#include "regrade.h"
#include "storage/lmgr.h"
#include "storage/proc.h"
#include "utils/array.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/memutils.h"
#include "utils/rel.h"
#include "utils/tuplesort.h"
#include "utils/typcache.h"

PG_FUNCTION_INFO_V1(record_changed);
PG_FUNCTION_INFO_V1(link_changed);
PG_FUNCTION_INFO_V1(reading_changed);
PG_FUNCTION_INFO_V1(_position_floor);
PG_FUNCTION_INFO_V1(_regrade);
PG_FUNCTION_INFO_V1(_regrade_fresh);

/* Rows with long texts end a batch before it is full. */
#define BATCH_BYTES	(16 * 1024 * 1024)

/* The rows of a transition table, by subject. */
typedef struct Rows
{
	Tuplestorestate *store;
	Tuplesortstate *sort;		/* NULL for a single row */
	TupleTableSlot *slot;
	TupleDesc	desc;
	int			attribute[CC_TRIGGER_COLUMNS];
} Rows;

static void
rows_open(Rows *rows, Tuplestorestate *store, Relation table)
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
static void
rows_sort(Rows *rows)
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

static bool
rows_next(Rows *rows)
{
	if (rows->sort != NULL)
		return tuplesort_gettupleslot(rows->sort, true, false, rows->slot, NULL);
	return tuplestore_gettupleslot(rows->store, true, false, rows->slot);
}

static void
rows_close(Rows *rows)
{
	ExecDropSingleTupleTableSlot(rows->slot);
	if (rows->sort != NULL)
		tuplesort_end(rows->sort);
}

/* Begins an empty batch in its memory. */
static void
batch_reset(CcBatch *batch, int rows)
{
	batch->touched = MemoryContextAlloc(batch->context, sizeof(CcTouched) * rows);
	batch->facts = MemoryContextAlloc(batch->context, sizeof(CcFact) * rows);
	batch->n = batch->n_facts = 0;
}

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

/* Takes the current row of the transition table into the batch; true if it begins another subject. */
static void
take_row(CcBatch *batch, Rows *rows, bool insert)
{
	MemoryContext caller = MemoryContextSwitchTo(batch->context);
	HeapTupleData tuple;
	MinimalTuple copy = ExecCopySlotMinimalTuple(rows->slot);
	Datum	   *all = palloc(sizeof(Datum) * rows->desc->natts);
	bool	   *all_null = palloc(sizeof(bool) * rows->desc->natts);
	Datum		values[CC_TRIGGER_COLUMNS];
	bool		nulls[CC_TRIGGER_COLUMNS];
	CcTouched  *touched;
	DateADT		recorded_on;
	TimestampTz position;
	bool		closes,
				is_current;
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
static bool
same_subject(const CcBatch *batch, const Rows *rows)
{
	bool		isnull;
	Datum		subject = slot_getattr(rows->slot, rows->attribute[CC_COL_SUBJECT], &isnull);

	return memcmp(&batch->touched[batch->n - 1].subject, DatumGetUUIDP(subject), UUID_LEN) == 0;
}

/* Room for one more row of a subject that has more rows than a batch. */
static void
make_room(CcBatch *batch, int *room)
{
	if (batch->n_facts < *room)
		return;
	*room *= 2;
	batch->facts = repalloc_huge(batch->facts, sizeof(CcFact) * *room);
}

/* The new versions that the last statement to close some found and took in, and the transaction that may rely on it. */
static LocalTransactionId seen_in = InvalidLocalTransactionId;
static SubTransactionId seen_in_sub = InvalidSubTransactionId;
static int	n_seen = 0;
static CcSuccessor *seen = NULL;

static int
compare_successors(const void *a, const void *b)
{
	const CcSuccessor *x = a;
	const CcSuccessor *y = b;
	int			order = memcmp(&x->subject, &y->subject, UUID_LEN);

	return order != 0 ? order : memcmp(&x->record_id, &y->record_id, UUID_LEN);
}

static void
remember_seen(CcBatch *batch)
{
	if (seen_in == MyProc->lxid && seen != NULL)
		pfree(seen);
	seen_in = MyProc->lxid;
	seen_in_sub = GetCurrentSubTransactionId();
	seen = batch->successors;
	n_seen = batch->n_successors;
	qsort(seen, n_seen, sizeof(CcSuccessor), compare_successors);
}

/* True if all that is new of the subject was there when it was last computed from its records. */
static bool
was_seen(const CcBatch *batch, const CcTouched *touched)
{
	int			i;

	if (!touched->succeeds || touched->n_facts != touched->n_rows || touched->known_first != touched->known_from)
		return false;
	for (i = 0; i < touched->n_facts; i++)
	{
		CcSuccessor key;
		CcSuccessor *found;

		key.subject = touched->subject;
		memcpy(&key.record_id, batch->facts[touched->first_fact + i].record_id, UUID_LEN);
		found = bsearch(&key, seen, n_seen, sizeof(CcSuccessor), compare_successors);
		if (found == NULL || found->known_from != touched->known_from || found->day < touched->day)
			return false;
	}
	return true;
}

/* Takes the subjects out of the batch for which there is nothing left to do. */
static void
drop_seen(CcBatch *batch)
{
	int			n = 0;
	int			i;

	if (n_seen == 0 || seen_in != MyProc->lxid || seen_in_sub != GetCurrentSubTransactionId())
		return;
	for (i = 0; i < batch->n; i++)
		if (!was_seen(batch, &batch->touched[i]))
			batch->touched[n++] = batch->touched[i];
	batch->n = n;
}

/* ---- those who read records of the touched ---- */

static int
compare_touched(const void *a, const void *b)
{
	return memcmp(&((const CcTouched *) a)->subject, &((const CcTouched *) b)->subject, UUID_LEN);
}

/* Sorts touched subjects and makes one of those that are the same; returns how many are left. */
static int
merge_touched(CcTouched *touched, int n)
{
	int			last = 0;
	int			i;

	if (n == 0)
		return 0;
	qsort(touched, n, sizeof(CcTouched), compare_touched);
	for (i = 1; i < n; i++)
	{
		if (compare_touched(&touched[last], &touched[i]) != 0)
		{
			touched[++last] = touched[i];
			continue;
		}
		touched[last].day = Max(touched[last].day, touched[i].day);
		touched[last].known_first = Min(touched[last].known_first, touched[i].known_first);
		touched[last].known_from = Max(touched[last].known_from, touched[i].known_from);
		touched[last].scope |= touched[i].scope;
		touched[last].closes |= touched[i].closes;
		touched[last].succeeds |= touched[i].succeeds;
	}
	return last + 1;
}

/* True if the row was there when its subject was last computed from its records. */
static bool
row_was_seen(const Rows *rows, TimestampTz known_from)
{
	CcSuccessor key;
	CcSuccessor *found;
	bool		isnull;

	if (n_seen == 0 || seen_in != MyProc->lxid || seen_in_sub != GetCurrentSubTransactionId())
		return false;
	key.subject = *DatumGetUUIDP(slot_getattr(rows->slot, rows->attribute[CC_COL_SUBJECT], &isnull));
	key.record_id = *DatumGetUUIDP(slot_getattr(rows->slot, rows->attribute[CC_COL_RECORD_ID], &isnull));
	found = bsearch(&key, seen, n_seen, sizeof(CcSuccessor), compare_successors);
	return found != NULL && found->known_from == known_from;
}

/* The subjects of all rows, with the positions that they claim. None if all that is new was seen before. */
static CcTouched *
touched_by(Rows *rows, Tuplestorestate *store, bool insert, int *n)
{
	CcTouched  *touched = palloc0(sizeof(CcTouched) * (tuplestore_tuple_count(store) + 1));
	bool		all_seen = insert;

	*n = 0;
	tuplestore_rescan(store);
	while (tuplestore_gettupleslot(store, true, false, rows->slot))
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
		all_seen &= one->succeeds && row_was_seen(rows, known_from);
	}
	tuplestore_rescan(store);
	*n = all_seen ? 0 : merge_touched(touched, *n);
	return touched;
}

static void
refuse_new_readers(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("could not lock the subjects that read the records"),
			 errdetail("Another transaction has linked a subject meanwhile."),
			 errhint("Try again.")));
}

/*
 * Locks the subjects of a statement together with those whose standings read their records. Who was linked between the
 * look at the links and the locks is found by a second look: its lock would come out of order. Returns all, with what
 * they were touched for.
 */
static CcTouched *
lock_with_readers(CcBatch *batch, CcTouched *touched, int *n)
{
	pg_uuid_t  *readers;
	CcTouched  *all;
	CcTouched	key;
	int			n_readers = cc_regrade_readers(batch, touched, *n, &readers);
	int			n_touched = *n;
	int			i;

	all = palloc0(sizeof(CcTouched) * (*n + n_readers + 1));
	memcpy(all, touched, sizeof(CcTouched) * *n);
	for (i = 0; i < n_readers; i++)
	{
		CcTouched  *one = &all[(*n)++];
		CcTouched  *found;

		key.subject = readers[i];
		found = bsearch(&key, touched, n_touched, sizeof(CcTouched), compare_touched);
		*one = found ? *found : touched[0];
		one->subject = readers[i];
		one->scope = CC_TOUCH_LINKED;
		if (found == NULL)
			one->closes = one->succeeds = false;
	}
	*n = merge_touched(all, *n);
	cc_regrade_lock(batch, all, *n);
	n_readers = cc_regrade_readers(batch, touched, n_touched, &readers);
	for (i = 0; i < n_readers; i++)
		if (cc_regrade_locked(batch, &readers[i]) == NULL)
			refuse_new_readers();
	return all;
}

/* Regrades those of the locked who were not touched by rows of their own. */
static void
regrade_others(CcBatch *batch, const CcTouched *all, int n)
{
	int			i = 0;

	while (i < n)
	{
		batch_reset(batch, CC_BATCH_ROWS);
		for (; i < n && batch->n < CC_BATCH_ROWS; i++)
			if (!(all[i].scope & CC_TOUCH_ROWS))
				batch->touched[batch->n++] = all[i];
		cc_regrade_batch(batch);
	}
}

/* ---- the rows of a statement ---- */

static void
regrade_taken(CcBatch *batch, bool insert, CcTouched *all, int n_all)
{
	int			i;

	if (insert)
		drop_seen(batch);
	for (i = 0; i < batch->n && n_all > 0; i++)
	{
		CcTouched  *found = bsearch(&batch->touched[i], all, n_all, sizeof(CcTouched), compare_touched);

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
regrade_rows(Rows *rows, Tuplestorestate *store, bool insert, const char *cause)
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
		all = touched_by(rows, store, insert, &n_all);
		if (n_all > 0)
			all = lock_with_readers(&batch, all, &n_all);
	}
	rows_sort(rows);
	batch_reset(&batch, room);
	while (rows_next(rows))
	{
		if ((n >= CC_BATCH_ROWS || MemoryContextMemAllocated(batch.context, false) > BATCH_BYTES) && n > 0 && !same_subject(&batch, rows))
		{
			regrade_taken(&batch, insert, all, n_all);
			room = CC_BATCH_ROWS;
			n = 0;
			batch_reset(&batch, room);
		}
		make_room(&batch, &room);
		take_row(&batch, rows, insert);
		n++;
	}
	if (batch.n > 0)
		regrade_taken(&batch, insert, all, n_all);
	regrade_others(&batch, all, n_all);
	if (!insert)
		remember_seen(&batch);
	cc_regrade_end(&batch);
	if (batch.n_doubtful > 0)
		doubt_listings(&batch, TupleDescAttr(rows->desc, rows->attribute[CC_COL_SUBJECT] - 1)->atttypid);
}

static void
check_called(FunctionCallInfo fcinfo, const char *function)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by trigger manager", function)));
	if (!TRIGGER_FIRED_AFTER(trigger->tg_event) || !TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" must be fired AFTER STATEMENT", function)));
	if (trigger->tg_newtable == NULL && trigger->tg_oldtable == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" needs a transition table", function),
				 errhint("Create the trigger with REFERENCING NEW TABLE or, for DELETE, OLD TABLE.")));
}

/* Begins work for a trigger as the owner of its table. */
static void
become_owner(TriggerData *trigger, Oid *user, int *security)
{
	GetUserIdAndSecContext(user, security);
	SetUserIdAndSecContext(trigger->tg_relation->rd_rel->relowner, *security | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
}

/* Statement trigger of the table record. */
Datum
record_changed(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Tuplestorestate *store;
	bool		insert;
	Oid			user;
	int			security;
	Rows		rows;

	check_called(fcinfo, "record_changed");
	insert = TRIGGER_FIRED_BY_INSERT(trigger->tg_event);
	store = trigger->tg_newtable ? trigger->tg_newtable : trigger->tg_oldtable;
	if (cc_positioning() || tuplestore_tuple_count(store) == 0)
		PG_RETURN_POINTER(NULL);
	become_owner(trigger, &user, &security);
	SPI_connect();
	rows_open(&rows, store, trigger->tg_relation);
	regrade_rows(&rows, store, insert, insert ? "records" : "amendment");
	rows_close(&rows);
	SPI_finish();
	SetUserIdAndSecContext(user, security);
	PG_RETURN_POINTER(NULL);
}

/* Regrades all of the locked subjects, in batches. */
static void
regrade_all(CcBatch *batch, const CcTouched *all, int n)
{
	int			i = 0;

	while (i < n)
	{
		batch_reset(batch, CC_BATCH_ROWS);
		for (; i < n && batch->n < CC_BATCH_ROWS; i++)
			batch->touched[batch->n++] = all[i];
		cc_regrade_batch(batch);
	}
}

/*
 * Statement trigger of subject_link: both subjects of each changed row are locked, get one position in common, and are
 * regraded by the policies that read linked records.
 */
Datum
link_changed(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Tuplestorestate *store;
	TupleTableSlot *slot;
	TupleDesc	desc;
	const char *table;
	CcTouched  *touched;
	CcBatch		batch;
	bool		insert,
				isnull;
	Oid			user;
	int			security,
				subject,
				other,
				known_from,
				known_until,
				version,
				n = 0;

	check_called(fcinfo, "link_changed");
	insert = TRIGGER_FIRED_BY_INSERT(trigger->tg_event);
	store = trigger->tg_newtable;
	if (cc_positioning() || store == NULL || tuplestore_tuple_count(store) == 0)
		PG_RETURN_POINTER(NULL);
	become_owner(trigger, &user, &security);
	SPI_connect();
	desc = RelationGetDescr(trigger->tg_relation);
	table = RelationGetRelationName(trigger->tg_relation);
	subject = cc_require_column(desc, table, "subject");
	other = cc_require_column(desc, table, "other");
	known_from = cc_require_column(desc, table, "known_from");
	known_until = cc_require_column(desc, table, "known_until");
	version = cc_require_column(desc, table, "version");
	slot = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	touched = palloc0(sizeof(CcTouched) * (2 * tuplestore_tuple_count(store) + 1));
	tuplestore_select_read_pointer(store, tuplestore_alloc_read_pointer(store, EXEC_FLAG_REWIND));
	tuplestore_rescan(store);
	while (tuplestore_gettupleslot(store, true, false, slot))
	{
		CcTouched  *one = &touched[n];
		TimestampTz until = DatumGetTimestampTz(slot_getattr(slot, known_until, &isnull));

		one->scope = CC_TOUCH_LINKED;
		one->day = cc_today();
		one->closes = !insert && !TIMESTAMP_IS_NOEND(until);
		one->succeeds = insert && DatumGetInt16(slot_getattr(slot, version, &isnull)) > 1;
		one->known_first = one->known_from = one->closes ? until : DatumGetTimestampTz(slot_getattr(slot, known_from, &isnull));
		one->subject = *DatumGetUUIDP(slot_getattr(slot, subject, &isnull));
		touched[n + 1] = *one;
		touched[n + 1].subject = *DatumGetUUIDP(slot_getattr(slot, other, &isnull));
		n += 2;
	}
	ExecDropSingleTupleTableSlot(slot);
	n = merge_touched(touched, n);
	cc_regrade_begin(&batch, "link");
	cc_regrade_lock(&batch, touched, n);
	cc_regrade_check_closed(touched, n);
	if (insert)
		cc_regrade_position_links(&batch, touched, n);
	regrade_all(&batch, touched, n);
	cc_regrade_end(&batch);
	SPI_finish();
	SetUserIdAndSecContext(user, security);
	PG_RETURN_POINTER(NULL);
}

/*
 * Statement trigger of tables that policies read as published ratings or listings: the subjects of the changed rows are
 * regraded by the policies that read them. Rows with known_from and known_until have got their positions under the locks
 * of their subjects; list entries get theirs here.
 */
Datum
reading_changed(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	Tuplestorestate *stores[2];
	TupleTableSlot *slot;
	TupleDesc	desc;
	const char *table;
	CcTouched  *touched;
	CcBatch		batch;
	bool		isnull;
	Oid			user;
	int64		rows = 0;
	int			security,
				subject,
				known_from,
				known_until,
				n = 0,
				i;

	check_called(fcinfo, "reading_changed");
	stores[0] = trigger->tg_newtable;
	stores[1] = trigger->tg_oldtable;
	for (i = 0; i < 2; i++)
		rows += stores[i] ? tuplestore_tuple_count(stores[i]) : 0;
	if (cc_positioning() || rows == 0)
		PG_RETURN_POINTER(NULL);
	become_owner(trigger, &user, &security);
	SPI_connect();
	desc = RelationGetDescr(trigger->tg_relation);
	table = RelationGetRelationName(trigger->tg_relation);
	subject = cc_require_column(desc, table, "subject");
	known_from = SPI_fnumber(desc, "known_from");
	known_until = SPI_fnumber(desc, "known_until");
	slot = MakeSingleTupleTableSlot(desc, &TTSOpsMinimalTuple);
	touched = palloc0(sizeof(CcTouched) * (rows + 1));
	for (i = 0; i < 2; i++)
	{
		if (stores[i] == NULL)
			continue;
		tuplestore_select_read_pointer(stores[i], tuplestore_alloc_read_pointer(stores[i], EXEC_FLAG_REWIND));
		tuplestore_rescan(stores[i]);
		while (tuplestore_gettupleslot(stores[i], true, false, slot))
		{
			CcTouched  *one = &touched[n++];

			one->scope = CC_TOUCH_READINGS;
			one->day = cc_today();
			one->known_first = one->known_from = GetCurrentStatementStartTimestamp();
			if (known_from > 0 && known_until > 0)
			{
				TimestampTz until = DatumGetTimestampTz(slot_getattr(slot, known_until, &isnull));

				one->succeeds = TIMESTAMP_IS_NOEND(until);
				one->closes = !one->succeeds;
				one->known_first = one->known_from = one->closes ? until :
					DatumGetTimestampTz(slot_getattr(slot, known_from, &isnull));
			}
			one->subject = *DatumGetUUIDP(slot_getattr(slot, subject, &isnull));
		}
	}
	ExecDropSingleTupleTableSlot(slot);
	n = merge_touched(touched, n);
	cc_regrade_begin(&batch, "reading");
	cc_regrade_lock(&batch, touched, n);
	if (known_from > 0 && known_until > 0)
		cc_regrade_check_closed(touched, n);
	else
		cc_regrade_position_listings(&batch);
	if (batch.catalogue->readings)
		regrade_all(&batch, touched, n);
	cc_regrade_end(&batch);
	SPI_finish();
	SetUserIdAndSecContext(user, security);
	PG_RETURN_POINTER(NULL);
}

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
		batch_reset(&batch, CC_BATCH_ROWS);
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
	batch_reset(&batch, CC_BATCH_ROWS);
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
				batch_reset(&batch, CC_BATCH_ROWS);
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
