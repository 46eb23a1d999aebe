/*
 * link_trigger.c -- a statement on links between subjects regrades those who read linked records
 *
 * link_changed() is the AFTER STATEMENT trigger of the table subject_link: both subjects of each changed row are locked,
 * get one position in common, and are regraded by the policies that read linked records.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "citycredit.h"
#include "executor/executor.h"
#include "executor/spi.h"
#include "registry.h"
#include "touched.h"
#include "trigger.h"
#include "utils/rel.h"

PG_FUNCTION_INFO_V1(link_changed);

/* Numbers of the columns of a link. */
typedef struct Columns
{
	int			subject;
	int			other;
	int			known_from;
	int			known_until;
	int			version;
} Columns;

static void
find_columns(Relation table, Columns *columns)
{
	TupleDesc	desc = RelationGetDescr(table);
	const char *name = RelationGetRelationName(table);

	columns->subject = cc_require_column(desc, name, "subject");
	columns->other = cc_require_column(desc, name, "other");
	columns->known_from = cc_require_column(desc, name, "known_from");
	columns->known_until = cc_require_column(desc, name, "known_until");
	columns->version = cc_require_column(desc, name, "version");
}

/* Both subjects of the link, with the position that its row claims. */
static void
touch_both(TupleTableSlot *slot, const Columns *columns, bool insert, CcTouched *touched)
{
	bool		isnull;
	TimestampTz until = DatumGetTimestampTz(slot_getattr(slot, columns->known_until, &isnull));

	touched->scope = CC_TOUCH_LINKED;
	touched->day = cc_today();
	touched->closes = !insert && !TIMESTAMP_IS_NOEND(until);
	touched->succeeds = insert && DatumGetInt16(slot_getattr(slot, columns->version, &isnull)) > 1;
	touched->known_first = touched->known_from = touched->closes ? until :
		DatumGetTimestampTz(slot_getattr(slot, columns->known_from, &isnull));
	touched[1] = touched[0];
	touched[0].subject = *DatumGetUUIDP(slot_getattr(slot, columns->subject, &isnull));
	touched[1].subject = *DatumGetUUIDP(slot_getattr(slot, columns->other, &isnull));
}

/* The subjects of all rows, in key order, each once. */
static CcTouched *
touched_by(TriggerData *trigger, bool insert, int *n)
{
	Tuplestorestate *store = trigger->tg_newtable;
	CcTouched  *touched = palloc0(sizeof(CcTouched) * (2 * tuplestore_tuple_count(store) + 1));
	TupleTableSlot *slot = MakeSingleTupleTableSlot(RelationGetDescr(trigger->tg_relation), &TTSOpsMinimalTuple);
	Columns		columns;

	find_columns(trigger->tg_relation, &columns);
	*n = 0;
	tuplestore_select_read_pointer(store, tuplestore_alloc_read_pointer(store, EXEC_FLAG_REWIND));
	tuplestore_rescan(store);
	while (tuplestore_gettupleslot(store, true, false, slot))
	{
		touch_both(slot, &columns, insert, &touched[*n]);
		*n += 2;
	}
	ExecDropSingleTupleTableSlot(slot);
	*n = cc_touched_merge(touched, *n);
	return touched;
}

Datum
link_changed(PG_FUNCTION_ARGS)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;
	CcTouched  *touched;
	CcCaller	caller;
	CcBatch		batch;
	bool		insert;
	int			n;

	cc_trigger_check(fcinfo, "link_changed");
	insert = TRIGGER_FIRED_BY_INSERT(trigger->tg_event);
	if (cc_positioning() || trigger->tg_newtable == NULL || tuplestore_tuple_count(trigger->tg_newtable) == 0)
		PG_RETURN_POINTER(NULL);
	cc_trigger_begin(trigger, &caller);
	touched = touched_by(trigger, insert, &n);
	cc_regrade_begin(&batch, "link");
	cc_regrade_lock(&batch, touched, n);
	cc_regrade_check_closed(touched, n);
	if (insert)
		cc_regrade_position_links(&batch, touched, n);
	cc_touched_regrade(&batch, touched, n, 0);
	cc_regrade_end(&batch);
	cc_trigger_end(&caller);
	PG_RETURN_POINTER(NULL);
}
