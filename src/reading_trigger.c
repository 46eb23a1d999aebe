/*
 * reading_trigger.c -- a statement on published ratings or listings regrades those whose policies read them
 *
 * reading_changed() is the AFTER STATEMENT trigger of tables that policies read as published ratings or listings. Rows
 * with known_from and known_until have got their positions under the locks of their subjects; list entries get theirs
 * here.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/xact.h"
#include "citycredit.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "registry.h"
#include "touched.h"
#include "trigger.h"
#include "utils/rel.h"

PG_FUNCTION_INFO_V1(reading_changed);

/* Numbers of the columns of a reading. */
typedef struct Columns
{
	int			subject;
	bool		positioned;		/* it has the next two */
	int			known_from;
	int			known_until;
} Columns;

static void
find_columns(Relation table, Columns *columns)
{
	TupleDesc	desc = RelationGetDescr(table);

	columns->subject = cc_require_column(desc, RelationGetRelationName(table), "subject");
	columns->known_from = SPI_fnumber(desc, "known_from");
	columns->known_until = SPI_fnumber(desc, "known_until");
	columns->positioned = columns->known_from > 0 && columns->known_until > 0;
}

/* The subject of the row, with the position that the row claims. */
static void
touch_one(TupleTableSlot *slot, const Columns *columns, CcTouched *touched)
{
	bool		isnull;

	touched->scope = CC_TOUCH_READINGS;
	touched->day = cc_today();
	touched->known_first = touched->known_from = GetCurrentStatementStartTimestamp();
	if (columns->positioned)
	{
		TimestampTz until = DatumGetTimestampTz(slot_getattr(slot, columns->known_until, &isnull));

		touched->succeeds = TIMESTAMP_IS_NOEND(until);
		touched->closes = !touched->succeeds;
		touched->known_first = touched->known_from = touched->closes ? until :
			DatumGetTimestampTz(slot_getattr(slot, columns->known_from, &isnull));
	}
	touched->subject = *DatumGetUUIDP(slot_getattr(slot, columns->subject, &isnull));
}

/* The subjects of all rows, old and new, in key order, each once. */
static CcTouched *
touched_by(TriggerData *trigger, const Columns *columns, int64 rows, int *n)
{
	Tuplestorestate *stores[2] = {trigger->tg_newtable, trigger->tg_oldtable};
	CcTouched  *touched = palloc0(sizeof(CcTouched) * (rows + 1));
	TupleTableSlot *slot = MakeSingleTupleTableSlot(RelationGetDescr(trigger->tg_relation), &TTSOpsMinimalTuple);
	int			i;

	*n = 0;
	for (i = 0; i < 2; i++)
	{
		if (stores[i] == NULL)
			continue;
		tuplestore_select_read_pointer(stores[i], tuplestore_alloc_read_pointer(stores[i], EXEC_FLAG_REWIND));
		tuplestore_rescan(stores[i]);
		while (tuplestore_gettupleslot(stores[i], true, false, slot))
			touch_one(slot, columns, &touched[(*n)++]);
	}
	ExecDropSingleTupleTableSlot(slot);
	*n = cc_touched_merge(touched, *n);
	return touched;
}

Datum
reading_changed(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	CcTouched  *touched;
	CcCaller	caller;
	CcBatch		batch;
	Columns		columns;
	int64		rows;
	int			n;

	cc_trigger_check(fcinfo, "reading_changed");
	rows = (trigger->tg_newtable ? tuplestore_tuple_count(trigger->tg_newtable) : 0) +
		(trigger->tg_oldtable ? tuplestore_tuple_count(trigger->tg_oldtable) : 0);
	if (cc_positioning() || rows == 0)
		PG_RETURN_POINTER(NULL);
	cc_trigger_begin(trigger, &caller);
	find_columns(trigger->tg_relation, &columns);
	touched = touched_by(trigger, &columns, rows, &n);
	cc_regrade_begin(&batch, "reading");
	cc_regrade_lock(&batch, touched, n);
	if (columns.positioned)
		cc_regrade_check_closed(touched, n);
	else
		cc_regrade_position_listings(&batch);
	if (batch.catalogue->readings)
		cc_touched_regrade(&batch, touched, n, 0);
	cc_regrade_end(&batch);
	cc_trigger_end(&caller);
	PG_RETURN_POINTER(NULL);
}
