/*
 * bulk_scan.c -- the wanted columns of all records, from the table or by a query
 *
 * The table is read directly where that gives what a query would give: a plain heap table, without children, of a
 * reader who may read all columns of all rows. Otherwise, or with citycredit.direct_scan off, a query reads it; what
 * follows is the same.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "bulk_pass.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "citycredit.h"
#include "commands/extension.h"
#include "executor/spi.h"
#include "miscadmin.h"
#include "progress.h"
#include "query.h"
#include "reads.h"
#include "registry.h"
#include "storage/bufmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"

bool		cc_direct_scan = true;

/* Whether the record at hand is of a kind that some policy takes in; notes its rank. */
static bool
kind_wanted(CcPass *pass)
{
	CcText		kind = cc_pass_text(pass, CC_COL_KIND);

	pass->kind = cc_word_rank(CC_TERM_KIND, kind.str, kind.len);
	return pass->kind >= 0 && (pass->kinds & (1u << pass->kind)) != 0;
}

/* Whether the record at hand was known at the position, as far as the column tells. */
static bool
version_wanted(CcPass *pass, CcFactColumn column)
{
	TimestampTz known_at = pass->bulk->known_at;

	if (column == CC_COL_KNOWN_FROM)
		return DatumGetTimestampTz(pass->values[column]) <= known_at;
	if (TIMESTAMP_IS_NOEND(known_at))
		return TIMESTAMP_IS_NOEND(DatumGetTimestampTz(pass->values[column]));
	return DatumGetTimestampTz(pass->values[column]) > known_at;
}

/* ---- directly ---- */

/* A column of the table as the scan passes it. */
typedef struct Step
{
	int16		length;
	char		align;
	bool		byval;
	int8		column;			/* CcFactColumn; -1: passed over */
} Step;

/* The columns of the table as they come to the scan, which goes no further than the last that is wanted. */
typedef struct RecordScan
{
	CcPass	   *pass;
	TupleDesc	desc;
	int			n_steps;
	Step	   *steps;
} RecordScan;

/* True if reading the table directly gives what a query by the current user would. */
bool
cc_can_scan(Relation rel)
{
	Oid			relid = RelationGetRelid(rel);

	return cc_direct_scan && rel->rd_rel->relkind == RELKIND_RELATION && rel->rd_tableam == GetHeapamTableAmRoutine() &&
		!has_subclass(relid) && rel->rd_rules == NULL &&
		(pg_class_aclcheck(relid, GetUserId(), ACL_SELECT) == ACLCHECK_OK ||
		 pg_attribute_aclcheck_all(relid, GetUserId(), ACL_SELECT, ACLMASK_ALL) == ACLCHECK_OK) &&
		check_enable_rls(relid, InvalidOid, true) != RLS_ENABLED &&
	/* a distributed table is empty where it is named */
		!OidIsValid(get_extension_oid("citus", true));
}

/* Finds the wanted columns in the table; the scan goes no further than the last of them. */
static void
find_columns(RecordScan *scan)
{
	TupleDesc	desc = scan->desc;
	int			column,
				i;

	scan->n_steps = 0;
	scan->steps = palloc(sizeof(Step) * desc->natts);
	for (i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);

		scan->steps[i].length = attribute->attlen;
		scan->steps[i].align = attribute->attalign;
		scan->steps[i].byval = attribute->attbyval;
		scan->steps[i].column = -1;
	}
	for (column = 0; column < CC_TRIGGER_COLUMNS; column++)
	{
		int			number;

		if (!(scan->pass->columns & CC_COLUMN_BIT(column)))
			continue;
		number = cc_require_column(desc, "record", cc_fact_column[column]);
		scan->steps[number - 1].column = column;
		scan->n_steps = Max(scan->n_steps, number);
	}
}

/* Columns that were added after the row was written. */
static void
fetch_missing(RecordScan *scan, int from)
{
	CcPass	   *pass = scan->pass;
	int			i;

	for (i = from; i < scan->n_steps; i++)
	{
		bool		isnull = true;
		Datum		value;

		if (scan->steps[i].column < 0)
			continue;
		value = getmissingattr(scan->desc, i + 1, &isnull);
		if (isnull)
			continue;
		pass->values[scan->steps[i].column] = value;
		pass->present |= CC_COLUMN_BIT(scan->steps[i].column);
	}
}

/* Fetches the wanted columns of the row. False if it is of another version or kind. */
static bool
fetch_row(RecordScan *scan, HeapTuple tuple)
{
	CcPass	   *pass = scan->pass;
	HeapTupleHeader header = tuple->t_data;
	bool		has_nulls = HeapTupleHasNulls(tuple);
	int			natts = HeapTupleHeaderGetNatts(header);
	char	   *data = (char *) header + header->t_hoff;
	uint32		offset = 0;
	int			i;

	pass->present = 0;
	for (i = 0; i < Min(natts, scan->n_steps); i++)
	{
		const Step *step = &scan->steps[i];

		if (has_nulls && att_isnull(i, header->t_bits))
			continue;
		offset = att_align_pointer(offset, step->align, step->length, data + offset);
		if (step->column >= 0)
		{
			pass->values[step->column] = fetch_att(data + offset, step->byval, step->length);
			pass->present |= CC_COLUMN_BIT(step->column);
			if ((step->column >= CC_FACT_COLUMNS && !version_wanted(pass, step->column)) ||
				(step->column == CC_COL_KIND && !kind_wanted(pass)))
				return false;
		}
		offset = att_addlength_pointer(offset, step->length, data + offset);
	}
	if (natts < scan->n_steps)
		fetch_missing(scan, natts);
	return true;
}

static void
scan_table(CcPass *pass, Relation rel)
{
	RecordScan	scan;
	TableScanDesc rows;
	HeapTuple	tuple;

	scan.pass = pass;
	scan.desc = RelationGetDescr(rel);
	find_columns(&scan);
	rows = table_beginscan(rel, GetActiveSnapshot(), 0, NULL);
	while ((tuple = heap_getnext(rows, ForwardScanDirection)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		cc_progress_tick();
		if (fetch_row(&scan, tuple))
			cc_pass_take_record(pass);
	}
	table_endscan(rows);
}

/* ---- by a query ---- */

/* The wanted columns of records r, the others NULL; with those of the links l by which they are read. */
static void
put_columns(const CcPass *pass, StringInfo sql, bool linked)
{
	int			column;

	for (column = CC_COL_RECORD_ID; column <= CC_COL_VERIFIED_BY; column++)
	{
		if (pass->columns & CC_COLUMN_BIT(column))
			appendStringInfo(sql, ", r.%s", quote_identifier(cc_fact_column[column]));
		else if (column == CC_COL_WHOSE)
			appendStringInfoString(sql, linked ? ", l.role" : ", NULL");
		else
			appendStringInfoString(sql, ", NULL");
	}
	appendStringInfoString(sql, linked ? ", l.valid_from, l.valid_until" : ", NULL, NULL");
}

static void
put_known(const CcPass *pass, StringInfo sql, const char *alias)
{
	if (TIMESTAMP_IS_NOEND(pass->bulk->known_at))
		appendStringInfo(sql, "%s.known_until OPERATOR(pg_catalog.=) $1", alias);
	else
		appendStringInfo(sql, "%s.known_from OPERATOR(pg_catalog.<=) $1 AND %s.known_until OPERATOR(pg_catalog.>) $1", alias, alias);
}

static char *
own_query(const CcPass *pass)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT r.subject");
	put_columns(pass, &sql, false);
	appendStringInfoString(&sql, " FROM " CC_SCHEMA ".record AS r WHERE ");
	put_known(pass, &sql, "r");
	return sql.data;
}

/* Records of linked subjects, once for each subject that they are linked to in a role that some policy reads. */
static char *
linked_query(const CcPass *pass)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT l.subject");
	put_columns(pass, &sql, true);
	appendStringInfoString(&sql, " FROM " CC_SCHEMA "._link AS l JOIN " CC_SCHEMA ".record AS r"
						   " ON r.subject OPERATOR(" CC_SCHEMA ".=) l.other WHERE l.role OPERATOR(pg_catalog.=) ANY ($2) AND ");
	put_known(pass, &sql, "l");
	appendStringInfoString(&sql, " AND ");
	put_known(pass, &sql, "r");
	return sql.data;
}

/* CcTakeRow: a row of one of these queries. */
static void
take_queried(void *arg, HeapTuple tuple, TupleDesc desc)
{
	CcPass	   *pass = arg;
	bool		nulls[CC_FACT_COLUMNS];
	int			column;

	cc_progress_tick();
	heap_deform_tuple(tuple, desc, pass->values, nulls);
	pass->present = 0;
	for (column = 0; column < CC_FACT_COLUMNS; column++)
		if (!nulls[column])
			pass->present |= CC_COLUMN_BIT(column);
	if (kind_wanted(pass))
		cc_pass_take_record(pass);
}

static void
query_records(CcPass *pass, const char *sql, int nargs)
{
	Oid			types[2] = {TIMESTAMPTZOID, TEXTARRAYOID};
	Datum		args[2];

	args[0] = TimestampTzGetDatum(pass->bulk->known_at);
	args[1] = nargs > 1 ? cc_role_array(pass->roles) : (Datum) 0;
	SPI_connect();
	cc_each_row(SPI_cursor_open_with_args(NULL, sql, nargs, types, args, NULL, true, 0), take_queried, pass);
	SPI_finish();
}

/* Takes all records; returns whether the table was read directly. */
bool
cc_pass_read_records(CcPass *pass, Relation rel)
{
	if (!cc_can_scan(rel))
	{
		query_records(pass, own_query(pass), 1);
		return false;
	}
	scan_table(pass, rel);
	return true;
}

/* Takes the records of linked subjects, if some policy reads such. */
void
cc_pass_read_linked(CcPass *pass)
{
	if (pass->roles != 0)
		query_records(pass, linked_query(pass), 2);
}
