/*
 * bulk.c -- all records of the city to the states of all subjects, in one pass
 *
 * What-if and verification read the whole table anyway. The executor would form a row of thirty columns for each record
 * and keep a growing state for each subject, at a cache miss a record or two. Here the table is scanned directly, only
 * the columns that the policies look at are fetched, texts are read where they lie in the page, and what a record comes
 * to is appended to one of several partitions by a hash of the subject. A partition fits into the processor's cache:
 * its subjects are put together one after the other, and only one state exists at a time.
 *
 * The table is read directly where that gives what a query would give: a plain heap table, without children, of a
 * reader who may read all columns of all rows. Otherwise, or with citycredit.direct_scan off, a query reads it; what
 * follows is the same.
 *
 * Memory is bounded like a hash aggregate's or an index build's, by the larger of hash_mem (work_mem times
 * hash_mem_multiplier) and maintenance_work_mem: past it, full pieces of partitions go to a temporary file, and come
 * back one partition at a time. A partition is the unit that has to fit, about a megabyte by the table's statistics.
 */
#include "postgres.h"

#include "access/heapam.h"
#include "access/htup_details.h"
#include "access/table.h"
#include "access/tableam.h"
#include "array.h"
#include "bulk.h"
#include "catalog/pg_inherits.h"
#include "catalog/pg_type.h"
#include "citycredit.h"
#include "commands/extension.h"
#include "core/terms.h"
#include "env.h"
#include "executor/spi.h"
#include "fact.h"
#include "funcapi.h"
#include "gather.h"
#include "miscadmin.h"
#include "progress.h"
#include "query.h"
#include "registry.h"
#include "storage/buffile.h"
#include "storage/bufmgr.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/memutils.h"
#include "utils/portal.h"
#include "utils/rel.h"
#include "utils/rls.h"
#include "utils/snapmgr.h"

#include "cc_compat.h"

#define PIECE_BYTES		(16 * 1024)
#define PARTITION_BYTES	(1024 * 1024)
#define MAX_PARTITIONS	1024
#define ROW_BYTES		48		/* what a record comes to, roughly: for the number of partitions */
#define READ_SUBJECTS	500		/* whose ratings and listings are read at a time */

/* What one record comes to: its parts follow. */
typedef struct Row
{
	pg_uuid_t	subject;
	union
	{
		uint64		hash;
		struct Row *next;		/* of the same subject, once the partition is put together */
	}			u;
	uint32		size;
	uint32		padding;
} Row;

/* Entries of one policy, which follow, without what only kept ones have; or a field in which the subject takes part. */
typedef struct Part
{
	int32		policy;			/* or FIELD_PART, STORED_PART */
	int32		n;				/* entries; FIELD_PART: number of the field */
} Part;

#define FIELD_PART	(-1)
#define STORED_PART	(-2)		/* a stored standing: n is the policy; its length and the tuple follow */

#define ENTRY_BYTES(entry)	((entry)->kept ? sizeof(CcEntry) : offsetof(CcEntry, anchor))

StaticAssertDecl(sizeof(Row) % MAXIMUM_ALIGNOF == 0 && sizeof(Part) % MAXIMUM_ALIGNOF == 0 && sizeof(CcEntry) % MAXIMUM_ALIGNOF == 0 &&
				 offsetof(CcEntry, anchor) % MAXIMUM_ALIGNOF == 0, "rows are packed without gaps");

typedef struct Piece
{
	struct Piece *next;
	char	   *data;			/* NULL: in the file */
	uint32		used;
	uint32		room;
	int			fileno;
	off_t		offset;
} Piece;

typedef struct Partition
{
	Piece	   *pieces;			/* the first one is being filled */
	uint64		rows;
} Partition;

/* A column of the table as the scan passes it. */
typedef struct Step
{
	int16		length;
	char		align;
	bool		byval;
	int8		column;			/* CcFactColumn; -1: passed over */
} Step;

/* Whether records of a source count without a second person: the last answer. */
typedef struct Trusted
{
	char		source[64];
	int			length;			/* 0 = none asked yet: no source has an empty name */
	DateADT		recorded_on;
	bool		answer;
} Trusted;

typedef struct Pass
{
	CcBulk	   *bulk;
	MemoryContext caller;		/* of what outlives the pass */
	MemoryContext context;
	CcPgEnv		env;			/* of the scan */
	uint64		columns;		/* wanted, as bits of CcFactColumn */
	uint32		kinds;			/* wanted, as bits of the ranks of kind */
	uint32		roles;			/* of linked subjects whose records are wanted, as bits of the ranks of whose */
	bool		linked;			/* those are being read */
	bool		reads_readings; /* some policy reads ratings or listings */
	MemoryContext readings_context;
	int			participation;	/* rank of that kind */
	int			n_steps;
	Step	   *steps;

	/* the record at hand */
	Datum		values[CC_TRIGGER_COLUMNS];
	uint64		present;		/* bits: values that are not NULL */
	CcFact		fact;
	CcState    *scratch;		/* one a policy */
	MemoryContext detoasted;
	bool		has_detoasted;
	int			kind;			/* rank of the record's */
	Trusted		trusted[32];	/* by kind */

	int			bits;			/* of the number of partitions */
	Partition  *partitions;
	Size		allocated;
	Size		limit;
	BufFile    *file;
	int64		spilled;		/* bytes in it */
} Pass;

#define BIT(column)	(UINT64CONST(1) << (column))
#define HAS(pass, column)	(((pass)->present & BIT(column)) != 0)

StaticAssertDecl(CC_TRIGGER_COLUMNS <= 64, "columns of a record are bits");

PG_FUNCTION_INFO_V1(_last_pass);

bool		cc_direct_scan = true;

/* How the last pass of this session went: for the test that it went the way it should. */
static bool last_direct = false;
static int64 last_spilled = 0;

/* ---- which columns ---- */

static uint64
columns_of(uint64 terms)
{
	uint64		columns = 0;
	int			column;

	for (column = CC_COL_KIND; column < CC_COL_AMOUNT; column++)
		if (!cc_fact_of_link(column) && (terms & CC_TERM_BIT(CC_TERM_KIND + column - CC_COL_KIND)))
			columns |= BIT(column);
	for (column = CC_COL_AMOUNT; column <= CC_COL_RECORDED_ON; column++)
		if (terms & CC_TERM_BIT(CC_TERM_AMOUNT + column - CC_COL_AMOUNT))
			columns |= BIT(column);
	return columns;
}

static void
choose_columns(Pass *pass)
{
	const CcBulk *bulk = pass->bulk;
	int			i;

	/* who, which version, and whether it counts at all */
	pass->columns = BIT(CC_COL_SUBJECT) | BIT(CC_COL_KIND) | BIT(CC_COL_SOURCE) | BIT(CC_COL_RECORDED_ON) | BIT(CC_COL_REVOKED_ON) |
		BIT(CC_COL_HELD) | BIT(CC_COL_VERIFIED_BY) | BIT(CC_COL_KNOWN_UNTIL);
	if (!TIMESTAMP_IS_NOEND(bulk->known_at))
		pass->columns |= BIT(CC_COL_KNOWN_FROM);
	for (i = 0; i < bulk->n_all; i++)
	{
		pass->columns |= columns_of(cc_terms_used(bulk->policies[i]));
		pass->kinds |= bulk->policies[i]->inputs;
		pass->roles |= bulk->policies[i]->reads.linked;
		pass->reads_readings |= bulk->policies[i]->reads.n_ratings > 0 || bulk->policies[i]->reads.n_listings > 0;
	}
	pass->participation = cc_word_rank(CC_TERM_KIND, "participation", strlen("participation"));
	if (bulk->with_fields)
	{
		pass->columns |= BIT(CC_COL_FIELD) | BIT(CC_COL_STATE) | BIT(CC_COL_VALID_FROM) | BIT(CC_COL_VALID_UNTIL) |
			BIT(CC_COL_DECIDED_ON);
		pass->kinds |= 1u << pass->participation;
	}
}

/* ---- rows into partitions ---- */

/* Codes differ in few of their bits: all of them must bear on all bits of the hash. */
static inline uint64
hash_subject(const pg_uuid_t *subject)
{
	uint64		half[2];
	uint64		hash;

	memcpy(half, subject->data, sizeof(half));
	hash = half[0] ^ (half[1] * UINT64CONST(0x9E3779B97F4A7C15));
	hash ^= hash >> 32;
	hash *= UINT64CONST(0xD6E8FEB86659FD93);
	hash ^= hash >> 32;
	hash *= UINT64CONST(0xD6E8FEB86659FD93);
	return hash ^ hash >> 32;
}

/* Puts the partition's full piece into the file and gives it back empty. */
static void
spill(Pass *pass, Partition *partition)
{
	MemoryContext caller = MemoryContextSwitchTo(pass->context);
	Piece	   *full = partition->pieces;
	Piece	   *empty = palloc(sizeof(Piece));

	if (pass->file == NULL)
		pass->file = BufFileCreateTemp(false);
	*empty = *full;
	BufFileTell(pass->file, &full->fileno, &full->offset);
	BufFileWrite(pass->file, full->data, full->used);
	pass->spilled += full->used;
	full->data = NULL;
	empty->next = full;
	empty->used = 0;
	partition->pieces = empty;
	MemoryContextSwitchTo(caller);
}

static void
add_piece(Pass *pass, Partition *partition, Size size)
{
	Size		room = Max(size, PIECE_BYTES);
	Piece	   *piece = MemoryContextAlloc(pass->context, sizeof(Piece));

	piece->next = partition->pieces;
	piece->data = MemoryContextAllocHuge(pass->context, room);
	piece->used = 0;
	piece->room = room;
	partition->pieces = piece;
	pass->allocated += room;
}

/* Room for a row of the size in its subject's partition. */
static Row *
new_row(Pass *pass, const pg_uuid_t *subject, Size size)
{
	uint64		hash = hash_subject(subject);
	Partition  *partition = &pass->partitions[pass->bits == 0 ? 0 : hash >> (64 - pass->bits)];
	Row		   *row;

	if (partition->pieces == NULL || partition->pieces->room - partition->pieces->used < size)
	{
		if (partition->pieces != NULL && pass->allocated >= pass->limit)
			spill(pass, partition);
		if (partition->pieces == NULL || partition->pieces->room - partition->pieces->used < size)
			add_piece(pass, partition, size);
	}
	row = (Row *) (partition->pieces->data + partition->pieces->used);
	partition->pieces->used += size;
	partition->rows++;
	row->subject = *subject;
	row->u.hash = hash;
	row->size = size;
	return row;
}

/* ---- records ---- */

static inline CcText
text_of(Pass *pass, CcFactColumn column)
{
	CcText		result = {NULL, 0};
	struct varlena *value;

	if (!HAS(pass, column))
		return result;
	value = (struct varlena *) DatumGetPointer(pass->values[column]);
	if (VARATT_IS_COMPRESSED(value) || VARATT_IS_EXTERNAL(value))
	{
		MemoryContext caller = MemoryContextSwitchTo(pass->detoasted);

		value = pg_detoast_datum_packed(value);
		pass->has_detoasted = true;
		MemoryContextSwitchTo(caller);
	}
	result.str = VARDATA_ANY(value);
	result.len = VARSIZE_ANY_EXHDR(value);
	return result;
}

static inline CcDay
day_of(const Pass *pass, CcFactColumn column)
{
	return HAS(pass, column) ? DatumGetDateADT(pass->values[column]) : CC_DAY_UNKNOWN;
}

/* Fills the fact from the columns that are wanted; the others stay unknown. */
static void
read_fact(Pass *pass)
{
	CcFact	   *fact = &pass->fact;
	int			kind = cc_subject_kind(DatumGetUUIDP(pass->values[CC_COL_SUBJECT]));
	int			i;

	for (i = CC_COL_KIND; i < CC_COL_AMOUNT; i++)
		if (pass->columns & BIT(i))
			fact->text[i - CC_COL_KIND] = text_of(pass, i);
	fact->text[CC_TERM_SUBJECT_KIND].str = kind < 0 ? NULL : cc_vocabulary[CC_TERM_SUBJECT_KIND].words[kind];
	fact->text[CC_TERM_SUBJECT_KIND].len = kind < 0 ? 0 : (int) strlen(fact->text[CC_TERM_SUBJECT_KIND].str);
	for (i = CC_COL_AMOUNT; i <= CC_COL_QUANTITY; i++)
		if (pass->columns & BIT(i))
			fact->number[i - CC_COL_AMOUNT] = HAS(pass, i) ? DatumGetInt64(pass->values[i]) : CC_NUMBER_UNKNOWN;
	for (i = CC_COL_ACT_ON; i <= CC_COL_RECORDED_ON; i++)
		if (pass->columns & BIT(i))
			fact->day[i - CC_COL_ACT_ON] = day_of(pass, i);
	if (HAS(pass, CC_COL_WHOSE))
		fact->text[CC_TERM_WHOSE] = text_of(pass, CC_COL_WHOSE);
	else
	{
		fact->text[CC_TERM_WHOSE].str = cc_vocabulary[CC_TERM_WHOSE].words[CC_WHOSE_OWN];
		fact->text[CC_TERM_WHOSE].len = (int) strlen(fact->text[CC_TERM_WHOSE].str);
	}
	fact->linked_from = HAS(pass, CC_COL_LINKED_FROM) ? DatumGetDateADT(pass->values[CC_COL_LINKED_FROM]) : CC_DAY_FIRST;
	fact->linked_until = HAS(pass, CC_COL_LINKED_UNTIL) ? DatumGetDateADT(pass->values[CC_COL_LINKED_UNTIL]) : CC_DAY_LAST;
	cc_fact_resolve(fact);
}

/* As cc_trusted(), remembering the last answer for each kind: neighbours in the table mostly come from the same source. */
static bool
is_trusted(Pass *pass)
{
	CcText		source = text_of(pass, CC_COL_SOURCE);
	CcText		kind = text_of(pass, CC_COL_KIND);
	DateADT		recorded_on = day_of(pass, CC_COL_RECORDED_ON);
	Trusted    *last = &pass->trusted[pass->kind];

	if (last->length == source.len && last->recorded_on == recorded_on && memcmp(last->source, source.str, source.len) == 0)
		return last->answer;
	if (source.len > (int) sizeof(last->source))
		return cc_trusted(pass->bulk->catalogue, source, kind, recorded_on, pass->bulk->known_at);
	last->length = source.len;
	last->recorded_on = recorded_on;
	memcpy(last->source, source.str, source.len);
	last->answer = cc_trusted(pass->bulk->catalogue, source, kind, recorded_on, pass->bulk->known_at);
	return last->answer;
}

/* The number of the field in which the record says that the subject takes part on the day; -1 if it does not. */
static int
field_of(Pass *pass)
{
	CcBulk	   *bulk = pass->bulk;
	CcText		field = text_of(pass, CC_COL_FIELD);
	CcText		state = text_of(pass, CC_COL_STATE);
	CcDay		first = day_of(pass, CC_COL_VALID_FROM);
	CcDay		last = day_of(pass, CC_COL_VALID_UNTIL);
	int			i;

	if (pass->kind != pass->participation || field.str == NULL)
		return -1;
	if (state.str != NULL && state.len == strlen("not_taking_part") && memcmp(state.str, "not_taking_part", state.len) == 0)
		return -1;
	/* rules/README.md, section 3, applies_to: the days of an enrolment */
	if (first == CC_DAY_UNKNOWN && (first = day_of(pass, CC_COL_DECIDED_ON)) == CC_DAY_UNKNOWN)
		first = day_of(pass, CC_COL_RECORDED_ON);
	if (first > bulk->day || (last != CC_DAY_UNKNOWN && last < bulk->day))
		return -1;
	for (i = 0; i < bulk->n_fields; i++)
		if (strlen(bulk->field_names[i]) == field.len && memcmp(bulk->field_names[i], field.str, field.len) == 0)
			return i;
	if (bulk->n_fields % 64 == 0)
	{
		Size		size = sizeof(char *) * (bulk->n_fields + 64);

		bulk->field_names = bulk->field_names ? repalloc(bulk->field_names, size) : MemoryContextAlloc(pass->caller, size);
	}
	bulk->field_names[bulk->n_fields] = MemoryContextAllocZero(pass->caller, field.len + 1);
	memcpy(bulk->field_names[bulk->n_fields], field.str, field.len);
	return bulk->n_fields++;
}

/* Bytes of what the record at hand came to by a policy. */
static Size
part_bytes(const CcState *state)
{
	Size		size = sizeof(Part);
	int			i;

	for (i = 0; i < state->n; i++)
		size += ENTRY_BYTES(&state->entries[i]);
	return state->n > 0 ? size : 0;
}

static char *
put_part(char *to, int policy, const CcState *state)
{
	Part	   *part = (Part *) to;
	int			i;

	part->policy = policy;
	part->n = state->n;
	to += sizeof(Part);
	for (i = 0; i < state->n; i++)
	{
		memcpy(to, &state->entries[i], ENTRY_BYTES(&state->entries[i]));
		to += ENTRY_BYTES(&state->entries[i]);
	}
	return to;
}

/* Keeps what the record came to; the scratch states are empty afterwards. */
static void
keep_row(Pass *pass, Size size, int field)
{
	Row		   *row = new_row(pass, DatumGetUUIDP(pass->values[CC_COL_SUBJECT]), size);
	char	   *to = (char *) (row + 1);
	int			i;

	for (i = 0; i < pass->bulk->n_all; i++)
	{
		if (pass->scratch[i].n == 0)
			continue;
		to = put_part(to, i, &pass->scratch[i]);
		pass->scratch[i].n = 0;
	}
	if (field >= 0)
	{
		((Part *) to)->policy = FIELD_PART;
		((Part *) to)->n = field;
	}
}

/*
 * Takes the record at hand. A record that is revoked, or held and not verified by a second person, counts on no day; of
 * the others only those that come to something are asked for their source.
 */
static void
take_record(Pass *pass)
{
	CcBulk	   *bulk = pass->bulk;
	Size		size = sizeof(Row);
	int			field = -1;
	int			i;

	if (HAS(pass, CC_COL_REVOKED_ON) || (HAS(pass, CC_COL_HELD) && !HAS(pass, CC_COL_VERIFIED_BY)))
		return;
	read_fact(pass);
	for (i = 0; i < bulk->n_all; i++)
	{
		cc_fold(&pass->env.env, bulk->policies[i], &pass->scratch[i], &pass->fact);
		size += part_bytes(&pass->scratch[i]);
	}
	if (bulk->with_fields && !HAS(pass, CC_COL_WHOSE) && (field = field_of(pass)) >= 0)
		size += sizeof(Part);
	if (size > sizeof(Row))
	{
		if (HAS(pass, CC_COL_VERIFIED_BY) || is_trusted(pass))
			keep_row(pass, size, field);
		else
			for (i = 0; i < bulk->n_all; i++)
				pass->scratch[i].n = 0;
	}
	if (pass->has_detoasted)
	{
		MemoryContextReset(pass->detoasted);
		pass->has_detoasted = false;
	}
}

static bool
kind_wanted(Pass *pass)
{
	CcText		kind = text_of(pass, CC_COL_KIND);

	pass->kind = cc_word_rank(CC_TERM_KIND, kind.str, kind.len);
	return pass->kind >= 0 && (pass->kinds & (1u << pass->kind)) != 0;
}

static bool
version_wanted(Pass *pass, CcFactColumn column)
{
	TimestampTz known_at = pass->bulk->known_at;

	if (column == CC_COL_KNOWN_FROM)
		return DatumGetTimestampTz(pass->values[column]) <= known_at;
	if (TIMESTAMP_IS_NOEND(known_at))
		return TIMESTAMP_IS_NOEND(DatumGetTimestampTz(pass->values[column]));
	return DatumGetTimestampTz(pass->values[column]) > known_at;
}

/* ---- directly ---- */

/* True if reading the table directly gives what a query by the current user would. */
static bool
can_scan(Relation rel)
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
find_columns(Pass *pass, TupleDesc desc)
{
	int			column,
				i;

	pass->steps = palloc(sizeof(Step) * desc->natts);
	for (i = 0; i < desc->natts; i++)
	{
		Form_pg_attribute attribute = TupleDescAttr(desc, i);

		pass->steps[i].length = attribute->attlen;
		pass->steps[i].align = attribute->attalign;
		pass->steps[i].byval = attribute->attbyval;
		pass->steps[i].column = -1;
	}
	for (column = 0; column < CC_TRIGGER_COLUMNS; column++)
	{
		int			number;

		if (!(pass->columns & BIT(column)))
			continue;
		number = cc_require_column(desc, "record", cc_fact_column[column]);
		pass->steps[number - 1].column = column;
		pass->n_steps = Max(pass->n_steps, number);
	}
}

/* Columns that were added after the row was written. */
static void
fetch_missing(Pass *pass, TupleDesc desc, int from)
{
	int			i;

	for (i = from; i < pass->n_steps; i++)
	{
		bool		isnull = true;
		Datum		value;

		if (pass->steps[i].column < 0)
			continue;
		value = getmissingattr(desc, i + 1, &isnull);
		if (isnull)
			continue;
		pass->values[pass->steps[i].column] = value;
		pass->present |= BIT(pass->steps[i].column);
	}
}

/* Fetches the wanted columns of the row. False if it is of another version or kind. */
static bool
fetch_row(Pass *pass, TupleDesc desc, HeapTuple tuple)
{
	HeapTupleHeader header = tuple->t_data;
	bool		has_nulls = HeapTupleHasNulls(tuple);
	int			natts = HeapTupleHeaderGetNatts(header);
	char	   *data = (char *) header + header->t_hoff;
	uint32		offset = 0;
	int			i;

	pass->present = 0;
	for (i = 0; i < Min(natts, pass->n_steps); i++)
	{
		const Step *step = &pass->steps[i];

		if (has_nulls && att_isnull(i, header->t_bits))
			continue;
		offset = att_align_pointer(offset, step->align, step->length, data + offset);
		if (step->column >= 0)
		{
			pass->values[step->column] = fetch_att(data + offset, step->byval, step->length);
			pass->present |= BIT(step->column);
			if ((step->column >= CC_FACT_COLUMNS && !version_wanted(pass, step->column)) ||
				(step->column == CC_COL_KIND && !kind_wanted(pass)))
				return false;
		}
		offset = att_addlength_pointer(offset, step->length, data + offset);
	}
	if (natts < pass->n_steps)
		fetch_missing(pass, desc, natts);
	return true;
}

static void
scan_table(Pass *pass, Relation rel)
{
	TupleDesc	desc = RelationGetDescr(rel);
	TableScanDesc scan;
	HeapTuple	tuple;

	find_columns(pass, desc);
	scan = table_beginscan(rel, GetActiveSnapshot(), 0, NULL);
	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		cc_progress_tick();
		if (fetch_row(pass, desc, tuple))
			take_record(pass);
	}
	table_endscan(scan);
}

/* ---- by a query ---- */

/* The wanted columns of records r, the others NULL. */
static void
put_columns(Pass *pass, StringInfo sql)
{
	int			column;

	for (column = CC_COL_RECORD_ID; column <= CC_COL_VERIFIED_BY; column++)
	{
		if (pass->columns & BIT(column))
			appendStringInfo(sql, ", r.%s", quote_identifier(cc_fact_column[column]));
		else if (column == CC_COL_WHOSE)
			appendStringInfoString(sql, pass->linked ? ", l.role" : ", NULL");
		else
			appendStringInfoString(sql, ", NULL");
	}
	appendStringInfoString(sql, pass->linked ? ", l.valid_from, l.valid_until" : ", NULL, NULL");
}

static void
put_known(Pass *pass, StringInfo sql, const char *alias)
{
	if (TIMESTAMP_IS_NOEND(pass->bulk->known_at))
		appendStringInfo(sql, "%s.known_until OPERATOR(pg_catalog.=) $1", alias);
	else
		appendStringInfo(sql, "%s.known_from OPERATOR(pg_catalog.<=) $1 AND %s.known_until OPERATOR(pg_catalog.>) $1", alias, alias);
}

static char *
own_query(Pass *pass)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT r.subject");
	put_columns(pass, &sql);
	appendStringInfoString(&sql, " FROM " CC_SCHEMA ".record AS r WHERE ");
	put_known(pass, &sql, "r");
	return sql.data;
}

/* Records of linked subjects, once for each subject that they are linked to in a role that some policy reads. */
static char *
linked_query(Pass *pass)
{
	StringInfoData sql;

	initStringInfo(&sql);
	appendStringInfoString(&sql, "SELECT l.subject");
	put_columns(pass, &sql);
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
	Pass	   *pass = arg;
	bool		nulls[CC_FACT_COLUMNS];
	int			column;

	cc_progress_tick();
	heap_deform_tuple(tuple, desc, pass->values, nulls);
	pass->present = 0;
	for (column = 0; column < CC_FACT_COLUMNS; column++)
		if (!nulls[column])
			pass->present |= BIT(column);
	if (kind_wanted(pass))
		take_record(pass);
}

static void
query_records(Pass *pass, const char *sql, int nargs)
{
	Oid			types[2] = {TIMESTAMPTZOID, TEXTARRAYOID};
	Datum		args[2];

	args[0] = TimestampTzGetDatum(pass->bulk->known_at);
	args[1] = nargs > 1 ? cc_role_array(pass->roles) : (Datum) 0;
	SPI_connect();
	cc_each_row(SPI_cursor_open_with_args(NULL, sql, nargs, types, args, NULL, true, 0), take_queried, pass);
	SPI_finish();
}

/* ---- stored standings ---- */

/* Keeps a row of standing_stored for its subject, if it is of one of the policies. */
static void
keep_stored(Pass *pass, HeapTuple tuple, TupleDesc desc, int subject, int policy_id)
{
	CcBulk	   *bulk = pass->bulk;
	Size		length = MAXALIGN(tuple->t_len);
	bool		isnull;
	int32		id = DatumGetInt32(heap_getattr(tuple, policy_id, desc, &isnull));
	Row		   *row;
	Part	   *part;
	int			i;

	for (i = 0; i < bulk->n && bulk->policy_ids[i] != id; i++)
		;
	if (i == bulk->n)
		return;
	row = new_row(pass, DatumGetUUIDP(heap_getattr(tuple, subject, desc, &isnull)), sizeof(Row) + sizeof(Part) + sizeof(uint64) + length);
	part = (Part *) (row + 1);
	part->policy = STORED_PART;
	part->n = i;
	*(uint64 *) (part + 1) = tuple->t_len;
	memcpy((uint64 *) (part + 1) + 1, tuple->t_data, tuple->t_len);
}

static void
scan_stored(Pass *pass, Relation rel)
{
	TupleDesc	desc = pass->bulk->stored_desc;
	int			subject = cc_require_column(desc, "standing_stored", "subject");
	int			policy_id = cc_require_column(desc, "standing_stored", "policy_id");
	TableScanDesc scan = table_beginscan(rel, GetActiveSnapshot(), 0, NULL);
	HeapTuple	tuple;

	while ((tuple = heap_getnext(scan, ForwardScanDirection)) != NULL)
	{
		CHECK_FOR_INTERRUPTS();
		keep_stored(pass, tuple, desc, subject, policy_id);
	}
	table_endscan(scan);
}

/* CcTakeRow */
static void
take_stored(void *arg, HeapTuple tuple, TupleDesc desc)
{
	keep_stored(arg, tuple, desc, cc_require_column(desc, "standing_stored", "subject"), cc_require_column(desc, "standing_stored", "policy_id"));
}

/* The query names the columns in the table's order, but those that were dropped; its rows have a form of their own. */
static void
query_stored(Pass *pass)
{
	MemoryContext caller;
	Portal		portal;

	SPI_connect();
	portal = SPI_cursor_open_with_args(NULL, "SELECT s.* FROM " CC_SCHEMA ".standing_stored AS s", 0, NULL, NULL, NULL, true, 0);
	caller = MemoryContextSwitchTo(pass->context);
	pass->bulk->stored_desc = CreateTupleDescCopy(portal->tupDesc);
	MemoryContextSwitchTo(caller);
	cc_each_row(portal, take_stored, pass);
	SPI_finish();
}

static void
read_stored(Pass *pass)
{
	Relation	rel = table_open(cc_registry_table("standing_stored"), AccessShareLock);

	if (can_scan(rel))
	{
		pass->bulk->stored_desc = CreateTupleDescCopy(RelationGetDescr(rel));
		scan_stored(pass, rel);
	}
	else
		query_stored(pass);
	table_close(rel, AccessShareLock);
}

/* ---- subjects ---- */

static int
compare_fields(const void *a, const void *b, void *names)
{
	return strcmp(((char **) names)[*(const int *) a], ((char **) names)[*(const int *) b]);
}

/* Sorts the fields by name, each once. */
static void
settle_fields(const CcBulk *bulk, CcBulkSubject *subject)
{
	int			n = 0;
	int			i;

	if (subject->n_fields < 2)
		return;
	qsort_arg(subject->fields, subject->n_fields, sizeof(int), compare_fields, bulk->field_names);
	for (i = 1; i < subject->n_fields; i++)
		if (subject->fields[i] != subject->fields[n])
			subject->fields[++n] = subject->fields[i];
	subject->n_fields = n + 1;
}

static void
add_field(CcEnv *env, CcBulkSubject *subject, int field)
{
	/* room is doubled at each power of two */
	if ((subject->n_fields & (subject->n_fields - 1)) == 0)
	{
		int		   *fields = env->alloc(env, sizeof(int) * Max(1, subject->n_fields * 2));

		if (subject->n_fields > 0)
			memcpy(fields, subject->fields, sizeof(int) * subject->n_fields);
		subject->fields = fields;
	}
	subject->fields[subject->n_fields++] = field;
}

/* Takes a row's entries into the subject's states. */
static void
add_row(CcBulk *bulk, CcEnv *env, CcBulkSubject *subject, Row *row)
{
	char	   *from = (char *) (row + 1);
	CcState		one;
	CcEntry		entry;

	cc_state_init(&one, bulk->day);
	one.n = one.room = 1;
	one.entries = &entry;
	memset(&entry, 0, sizeof(entry));
	while (from < (char *) row + row->size)
	{
		Part	   *part = (Part *) from;
		int			i;

		from += sizeof(Part);
		if (part->policy == STORED_PART)
		{
			subject->stored[part->n].t_len = *(uint64 *) from;
			subject->stored[part->n].t_data = (HeapTupleHeader) (from + sizeof(uint64));
			return;
		}
		if (part->policy == FIELD_PART)
		{
			add_field(env, subject, part->n);
			continue;
		}
		for (i = 0; i < part->n; i++)
		{
			memcpy(&entry, from, offsetof(CcEntry, anchor));
			memcpy(&entry, from, ENTRY_BYTES(&entry));
			from += ENTRY_BYTES(&entry);
			cc_combine(env, bulk->policies[part->policy], &subject->states[part->policy], &one);
			memset(&entry, 0, sizeof(entry));
		}
	}
}

static void
give_subject(CcBulk *bulk, CcPgEnv *env, CcBulkSubject *subject, Row *rows)
{
	MemoryContext caller;
	int			i;

	MemoryContextReset(env->context);
	subject->subject = rows->subject;
	subject->n_fields = 0;
	memset(subject->stored, 0, sizeof(HeapTupleData) * bulk->n);
	for (i = 0; i < bulk->n_all; i++)
		cc_state_init(&subject->states[i], bulk->day);
	for (; rows != NULL; rows = rows->u.next)
		add_row(bulk, &env->env, subject, rows);
	settle_fields(bulk, subject);
	caller = MemoryContextSwitchTo(env->context);
	bulk->take(bulk, &env->env, subject);
	MemoryContextSwitchTo(caller);
}

/* Gives some subjects, with their ratings and listings where a policy reads such. */
static void
give_batch(Pass *pass, CcPgEnv *env, CcBulkSubject *subject, Row **rows, int n)
{
	MemoryContext caller = MemoryContextSwitchTo(pass->readings_context);
	CcReadings *readings = NULL;
	Datum		codes[READ_SUBJECTS];
	int			i;

	if (pass->reads_readings)
	{
		for (i = 0; i < n; i++)
			codes[i] = UUIDPGetDatum(&rows[i]->subject);
		readings = cc_read_readings(cc_array(codes, n, pass->bulk->code_type), n, pass->bulk->known_at, true);
	}
	MemoryContextSwitchTo(caller);
	for (i = 0; i < n; i++)
	{
		subject->readings = readings ? &readings[i] : NULL;
		give_subject(pass->bulk, env, subject, rows[i]);
	}
	MemoryContextReset(pass->readings_context);
}

/* Reads a piece that went to the file. */
static char *
load(Pass *pass, const Piece *piece)
{
	char	   *data = palloc(piece->used);

	if (BufFileSeek(pass->file, piece->fileno, piece->offset, SEEK_SET) != 0 ||
		BufFileRead(pass->file, data, piece->used) != piece->used)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not read from a temporary file of an evaluation: %m")));
	return data;
}

/* Chains the rows of each subject in a hash table of the partition, and gives the subjects one after the other. */
static void
give_partition(Pass *pass, Partition *partition, CcPgEnv *env, CcBulkSubject *subject)
{
	Size		size = 16;
	Row		  **slots;
	Row		   *batch[READ_SUBJECTS];
	int			n = 0;
	Piece	   *piece;
	Size		i;

	while (size < partition->rows * 2)
		size *= 2;
	slots = MemoryContextAllocExtended(CurrentMemoryContext, sizeof(Row *) * size, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (piece = partition->pieces; piece != NULL; piece = piece->next)
	{
		char	   *data = piece->data ? piece->data : load(pass, piece);
		char	   *end = data + piece->used;

		while (data < end)
		{
			Row		   *row = (Row *) data;

			i = row->u.hash & (size - 1);
			while (slots[i] != NULL && memcmp(&slots[i]->subject, &row->subject, UUID_LEN) != 0)
				i = (i + 1) & (size - 1);
			row->u.next = slots[i];
			slots[i] = row;
			data += row->size;
		}
	}
	for (i = 0; i < size; i++)
	{
		if (slots[i] != NULL)
			batch[n++] = slots[i];
		if (n == READ_SUBJECTS || (i == size - 1 && n > 0))
		{
			give_batch(pass, env, subject, batch, n);
			n = 0;
		}
	}
}

static void
give_subjects(Pass *pass)
{
	MemoryContext partition_context = AllocSetContextCreate(pass->context, "citycredit partition", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(partition_context);
	CcBulkSubject subject = {{{0}}};
	CcPgEnv		env;
	int			i;

	cc_env_init(&env, AllocSetContextCreate(pass->context, "citycredit subject", ALLOCSET_DEFAULT_SIZES));
	subject.states = MemoryContextAlloc(pass->context, sizeof(CcState) * (pass->bulk->n_all + 1));
	subject.stored = MemoryContextAlloc(pass->context, sizeof(HeapTupleData) * (pass->bulk->n + 1));
	for (i = 0; i < 1 << pass->bits; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (pass->partitions[i].rows > 0)
			give_partition(pass, &pass->partitions[i], &env, &subject);
		MemoryContextReset(partition_context);
	}
	MemoryContextSwitchTo(caller);
}

/* ---- what is read besides records ---- */

/* Takes in the policies whose results the others read, and those that these read. */
static void
add_inner(CcBulk *bulk)
{
	int			room = bulk->n + bulk->catalogue->n;
	const CcPolicy **policies = palloc(sizeof(CcPolicy *) * (room + 1));
	const CcVersion **versions = palloc(sizeof(CcVersion *) * (room + 1));
	int			i,
				k,
				v;

	memcpy(policies, bulk->policies, sizeof(CcPolicy *) * bulk->n);
	memcpy(versions, bulk->versions, sizeof(CcVersion *) * bulk->n);
	bulk->n_all = bulk->n;
	for (i = 0; i < bulk->n_all; i++)
	{
		for (k = 0; k < policies[i]->reads.n_results; k++)
		{
			const CcMeasure *measure = cc_measure_find(bulk->catalogue, policies[i]->reads.results[k]);
			const CcVersion *version = measure ? cc_version_known(measure, bulk->day, bulk->known_at) : NULL;

			for (v = 0; v < bulk->n_all && versions[v] != version; v++)
				;
			if (version == NULL || v < bulk->n_all)
				continue;
			policies[bulk->n_all] = cc_version_policy(bulk->catalogue, version);
			versions[bulk->n_all++] = version;
		}
	}
	bulk->policies = policies;
	bulk->versions = versions;
}

/* The subject in whose evaluation an inner policy's result is asked for. */
typedef struct Asker
{
	CcBulk	   *bulk;
	CcEnv	   *env;
	CcBulkSubject *subject;
	CcState   **inner;			/* by policy of the pass: what its results are read off, once somebody has read them */
	int			depth;
} Asker;

static CcState *complete_state(Asker *asker, int policy, bool as_if_in_force);

/* CcFindInner */
static bool
find_inner(void *arg, const char *policy, CcInner *inner)
{
	Asker	   *asker = arg;
	CcBulk	   *bulk = asker->bulk;
	int			i;

	inner->measure = cc_measure_find(bulk->catalogue, policy);
	if (inner->measure == NULL)
		return false;
	inner->version = cc_version_known(inner->measure, bulk->day, bulk->known_at);
	inner->state = NULL;
	if (inner->version == NULL)
		return true;
	for (i = 0; i < bulk->n_all && bulk->versions[i] != inner->version; i++)
		;
	if (i == bulk->n_all)
		elog(ERROR, "policy \"%s\" is not in the pass that reads its results", policy);
	inner->policy = bulk->policies[i];
	/* once: the ways by which policies read each other's results are many more than the policies */
	if (asker->inner[i] == NULL)
		asker->inner[i] = complete_state(asker, i, false);
	inner->state = asker->inner[i];
	return true;
}

/* The state with everything that the policy reads; that of the records, where it reads nothing else. */
static CcState *
complete_state(Asker *asker, int policy, bool as_if_in_force)
{
	CcBulk	   *bulk = asker->bulk;
	CcBulkSubject *subject = asker->subject;
	CcState    *complete;
	CcOutcome	outcome;
	CcFinish	finish;

	/* who has no record that enrols him is not graded, whatever is read */
	if (!cc_reads_more(bulk->policies[policy]) || !cc_ever_enrolled(&subject->states[policy]))
		return &subject->states[policy];
	check_stack_depth();
	if (++asker->depth > bulk->n_all)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_OBJECT_DEFINITION),
				 errmsg("policies read each other's results in a circle"),
				 errdetail("Policy \"%s\" reads a result that rests on its own.", bulk->policies[policy]->id)));
	memset(&finish, 0, sizeof(finish));
	finish.version = bulk->versions[policy];
	finish.policy = bulk->policies[policy];
	finish.own = &subject->states[policy];
	finish.readings = subject->readings;
	finish.find_inner = find_inner;
	finish.arg = asker;
	finish.subject_kind = cc_subject_kind(&subject->subject);
	finish.day = bulk->day;
	finish.known_at = bulk->known_at;
	finish.as_if_in_force = as_if_in_force;
	finish.is_read = asker->depth > 1;
	complete = asker->env->alloc(asker->env, sizeof(CcState));
	cc_finish_standing(asker->env, &finish, complete, &outcome);
	asker->depth--;
	return complete;
}

CcState *
cc_bulk_complete(CcBulk *bulk, CcEnv *env, CcBulkSubject *subject, int policy, bool as_if_in_force)
{
	Asker		asker;

	asker.bulk = bulk;
	asker.env = env;
	asker.subject = subject;
	asker.inner = NULL;
	if (bulk->policies[policy]->reads.n_results > 0)
	{
		asker.inner = env->alloc(env, sizeof(CcState *) * bulk->n_all);
		memset(asker.inner, 0, sizeof(CcState *) * bulk->n_all);
	}
	asker.depth = 0;
	return complete_state(&asker, policy, as_if_in_force);
}

/* ---- the pass ---- */

static void
pass_init(Pass *pass, CcBulk *bulk, Relation rel)
{
	double		rows = rel->rd_rel->reltuples > 0 ? rel->rd_rel->reltuples : 0;
	int			i;

	memset(pass, 0, sizeof(*pass));
	pass->bulk = bulk;
	bulk->catalogue = cc_catalogue();
	bulk->code_type = TupleDescAttr(RelationGetDescr(rel), cc_require_column(RelationGetDescr(rel), "record", "subject") - 1)->atttypid;
	add_inner(bulk);
	pass->context = CurrentMemoryContext;
	pass->readings_context = AllocSetContextCreate(pass->context, "citycredit readings", ALLOCSET_DEFAULT_SIZES);
	pass->detoasted = AllocSetContextCreate(pass->context, "citycredit record", ALLOCSET_SMALL_SIZES);
	cc_env_init(&pass->env, pass->context);
	pass->scratch = palloc0(sizeof(CcState) * (bulk->n_all + 1));
	for (i = 0; i < bulk->n_all; i++)
		cc_state_init(&pass->scratch[i], bulk->day);
	cc_fact_init(&pass->fact);
	choose_columns(pass);
	/* without statistics: as many as the pages may hold */
	if (rows == 0 && RELKIND_HAS_STORAGE(rel->rd_rel->relkind))
		rows = RelationGetNumberOfBlocks(rel) * (BLCKSZ / 200.0);
	else if (rows == 0)
		rows = (double) MAX_PARTITIONS * PARTITION_BYTES / ROW_BYTES;
	while (1 << pass->bits < MAX_PARTITIONS && (double) (1 << pass->bits) * PARTITION_BYTES < rows * ROW_BYTES)
		pass->bits++;
	pass->partitions = palloc0(sizeof(Partition) << pass->bits);
	pass->limit = Max(get_hash_memory_limit(), (Size) maintenance_work_mem * 1024);
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
	Pass	   *pass = palloc(sizeof(Pass));
	bool		direct;

	pass_init(pass, bulk, rel);
	pass->caller = caller;
	direct = can_scan(rel);
	if (direct)
		scan_table(pass, rel);
	else
		query_records(pass, own_query(pass), 1);
	if (pass->roles != 0)
	{
		pass->linked = true;
		query_records(pass, linked_query(pass), 2);
	}
	table_close(rel, AccessShareLock);
	if (bulk->policy_ids != NULL)
		read_stored(pass);
	if (pass->reads_readings)
		SPI_connect();
	give_subjects(pass);
	if (pass->reads_readings)
		SPI_finish();
	if (pass->file != NULL)
		BufFileClose(pass->file);
	last_direct = direct;
	last_spilled = pass->spilled;
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
