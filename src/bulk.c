/*
 * bulk.c -- all records of the city to the states of all subjects, in one pass
 *
 * What-if and verification read the whole table anyway. The executor would form a row of thirty columns for each record
 * and keep a growing state for each subject, at a cache miss a record or two. Here only the columns that the policies
 * look at are fetched, texts are read where they lie in the page (bulk_scan.c), and what a record comes to
 * (bulk_record.c) is kept until the subject's turn (bulk_partition.c): its states are put together then, and only one
 * subject's exist at a time (bulk_subject.c).
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "access/table.h"
#include "bulk_pass.h"
#include "core/terms.h"
#include "funcapi.h"
#include "reads.h"
#include "registry.h"
#include "storage/bufmgr.h"
#include "utils/builtins.h"
#include "utils/memutils.h"

#define MANY_RECORDS	2e7		/* where nothing tells how many there are */

PG_FUNCTION_INFO_V1(_last_pass);

/* How the last pass of this session went: for the test that it went the way it should. */
static bool last_direct = false;
static int64 last_spilled = 0;

/* ---- which columns ---- */

/* The columns that these terms of a condition are about. */
static uint64
columns_of(uint64 terms)
{
	uint64		columns = 0;
	int			column;

	for (column = CC_COL_KIND; column < CC_COL_AMOUNT; column++)
		if (!cc_fact_of_link(column) && (terms & CC_TERM_BIT(CC_TERM_KIND + column - CC_COL_KIND)))
			columns |= CC_COLUMN_BIT(column);
	for (column = CC_COL_AMOUNT; column <= CC_COL_RECORDED_ON; column++)
		if (terms & CC_TERM_BIT(CC_TERM_AMOUNT + column - CC_COL_AMOUNT))
			columns |= CC_COLUMN_BIT(column);
	return columns;
}

/* What is wanted of a record: whatever some policy looks at, and what tells whether the record counts. */
static void
choose_columns(CcPass *pass)
{
	const CcBulk *bulk = pass->bulk;
	int			i;

	/* who, which version, and whether it counts at all */
	pass->columns = CC_COLUMN_BIT(CC_COL_SUBJECT) | CC_COLUMN_BIT(CC_COL_KIND) | CC_COLUMN_BIT(CC_COL_SOURCE) |
		CC_COLUMN_BIT(CC_COL_RECORDED_ON) | CC_COLUMN_BIT(CC_COL_REVOKED_ON) | CC_COLUMN_BIT(CC_COL_HELD) |
		CC_COLUMN_BIT(CC_COL_VERIFIED_BY) | CC_COLUMN_BIT(CC_COL_KNOWN_UNTIL);
	if (!TIMESTAMP_IS_NOEND(bulk->known_at))
		pass->columns |= CC_COLUMN_BIT(CC_COL_KNOWN_FROM);
	for (i = 0; i < bulk->n_all; i++)
	{
		pass->columns |= columns_of(cc_terms_used(bulk->policies[i]));
		pass->kinds |= bulk->policies[i]->inputs;
		pass->roles |= bulk->policies[i]->reads.linked;
		pass->reads_readings |= cc_reads_readings(bulk->policies[i]);
	}
	pass->participation = cc_word_rank(CC_TERM_KIND, "participation", strlen("participation"));
	if (bulk->with_fields)
	{
		pass->columns |= CC_COLUMN_BIT(CC_COL_FIELD) | CC_COLUMN_BIT(CC_COL_STATE) | CC_COLUMN_BIT(CC_COL_VALID_FROM) |
			CC_COLUMN_BIT(CC_COL_VALID_UNTIL) | CC_COLUMN_BIT(CC_COL_DECIDED_ON);
		pass->kinds |= 1u << pass->participation;
	}
}

/* ---- the pass ---- */

/* How many records there may be; without statistics, as many as the pages may hold. */
static double
expected_records(Relation rel)
{
	if (rel->rd_rel->reltuples > 0)
		return rel->rd_rel->reltuples;
	if (RELKIND_HAS_STORAGE(rel->rd_rel->relkind))
		return RelationGetNumberOfBlocks(rel) * (BLCKSZ / 200.0);
	return MANY_RECORDS;
}

static void
pass_init(CcPass *pass, CcBulk *bulk, Relation rel)
{
	int			i;

	memset(pass, 0, sizeof(*pass));
	pass->bulk = bulk;
	bulk->catalogue = cc_catalogue();
	bulk->code_type = TupleDescAttr(RelationGetDescr(rel), cc_require_column(RelationGetDescr(rel), "record", "subject") - 1)->atttypid;
	cc_bulk_add_inner(bulk);
	pass->context = CurrentMemoryContext;
	pass->detoasted = AllocSetContextCreate(pass->context, "citycredit record", ALLOCSET_SMALL_SIZES);
	cc_env_init(&pass->env, pass->context);
	pass->scratch = palloc0(sizeof(CcState) * (bulk->n_all + 1));
	for (i = 0; i < bulk->n_all; i++)
		cc_state_init(&pass->scratch[i], bulk->day);
	cc_fact_init(&pass->fact);
	choose_columns(pass);
	cc_partitions_init(&pass->partitions, expected_records(rel));
	bulk->n_fields = 0;
	bulk->field_names = NULL;
}

/* Reads all records and gives the states of each subject that one of them bears on, in no particular order. */
void
cc_bulk_run(CcBulk *bulk)
{
	MemoryContext context = AllocSetContextCreate(CurrentMemoryContext, "citycredit bulk", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	Relation	rel = table_open(cc_registry_table("record"), AccessShareLock);
	CcPass	   *pass = palloc(sizeof(CcPass));

	pass_init(pass, bulk, rel);
	pass->caller = caller;
	last_direct = cc_pass_read_records(pass, rel);
	cc_pass_read_linked(pass);
	table_close(rel, AccessShareLock);
	if (bulk->policy_ids != NULL)
		cc_pass_read_stored(pass);
	cc_pass_give_subjects(pass);
	cc_partitions_close(&pass->partitions);
	last_spilled = pass->partitions.spilled;
	MemoryContextSwitchTo(caller);
	MemoryContextDelete(context);
	bulk->policies = NULL;
	bulk->versions = NULL;
}

/* _last_pass() -> (direct, spilled): whether the table was read directly, and how many bytes went through a file. */
Datum
_last_pass(PG_FUNCTION_ARGS)
{
	TupleDesc	desc;
	Datum		values[2];
	bool		nulls[2] = {false};

	if (get_call_result_type(fcinfo, NULL, &desc) != TYPEFUNC_COMPOSITE)
		elog(ERROR, "unexpected result type of _last_pass()");
	values[0] = BoolGetDatum(last_direct);
	values[1] = Int64GetDatum(last_spilled);
	PG_RETURN_DATUM(HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(desc), values, nulls)));
}
