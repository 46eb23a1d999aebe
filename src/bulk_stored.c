/*
 * bulk_stored.c -- stored standings, to be compared with what the records give
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "bulk_pass.h"
#include "citycredit.h"
#include "miscadmin.h"
#include "query.h"
#include "registry.h"
#include "utils/portal.h"
#include "utils/snapmgr.h"

/* The rows of standing_stored, on their way to their subjects. */
typedef struct Reading
{
	CcPass	   *pass;
	int			subject;		/* columns */
	int			policy_id;
} Reading;

/* CcTakeRow: keeps a row of standing_stored for its subject, if it is of one of the policies. */
static void
keep_stored(void *arg, HeapTuple tuple, TupleDesc desc)
{
	Reading    *reading = arg;
	CcBulk	   *bulk = reading->pass->bulk;
	bool		isnull;
	int32		id = DatumGetInt32(heap_getattr(tuple, reading->policy_id, desc, &isnull));
	CcRow	   *row;
	CcPart	   *part;
	int			i;

	for (i = 0; i < bulk->n && bulk->policy_ids[i] != id; i++)
		;
	if (i == bulk->n)
		return;
	row = cc_partitions_row(&reading->pass->partitions, DatumGetUUIDP(heap_getattr(tuple, reading->subject, desc, &isnull)),
							sizeof(CcRow) + sizeof(CcPart) + sizeof(uint64) + MAXALIGN(tuple->t_len));
	part = (CcPart *) (row + 1);
	part->policy = CC_STORED_PART;
	part->n = i;
	*(uint64 *) (part + 1) = tuple->t_len;
	memcpy((uint64 *) (part + 1) + 1, tuple->t_data, tuple->t_len);
}

/* Rows may be older than columns of their table: the copy knows what such a row says in them. */
static void
describe(Reading *reading, TupleDesc desc)
{
	MemoryContext caller = MemoryContextSwitchTo(reading->pass->context);

	reading->pass->bulk->stored_desc = CreateTupleDescCopyConstr(desc);
	MemoryContextSwitchTo(caller);
	reading->subject = cc_require_column(desc, "standing_stored", "subject");
	reading->policy_id = cc_require_column(desc, "standing_stored", "policy_id");
}

static void
scan_stored(Reading *reading, Relation rel)
{
	TableScanDesc scan = table_beginscan(rel, GetActiveSnapshot(), 0, NULL);
	HeapTuple	tuple;

	describe(reading, RelationGetDescr(rel));
	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		keep_stored(reading, tuple, RelationGetDescr(rel));
	}
	table_endscan(scan);
}

/* The query names the columns in the table's order, but those that were dropped; its rows have a form of their own. */
static void
query_stored(Reading *reading)
{
	Portal		portal;

	SPI_connect();
	portal = SPI_cursor_open_with_args(NULL, "SELECT s.* FROM " CC_SCHEMA ".standing_stored AS s", 0, NULL, NULL, NULL, true, 0);
	describe(reading, portal->tupDesc);
	cc_each_row(portal, keep_stored, reading);
	SPI_finish();
}

void
cc_pass_read_stored(CcPass *pass)
{
	Relation	rel = table_open(cc_registry_table("standing_stored"), AccessShareLock);
	Reading		reading;

	reading.pass = pass;
	if (cc_can_scan(rel))
		scan_stored(&reading, rel);
	else
		query_stored(&reading);
	table_close(rel, AccessShareLock);
}
