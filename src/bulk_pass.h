/*
 * bulk_pass.h -- what the files of one pass over all records share
 */
#ifndef CC_BULK_PASS_H
#define CC_BULK_PASS_H

#include "bulk.h"
#include "bulk_partition.h"
#include "env.h"
#include "fact.h"
#include "utils/rel.h"

#include "cc_compat.h"

/*
 * What a row consists of: entries of one policy, which follow, without what only kept ones have; a field in which the
 * subject takes part; or a stored standing.
 */
typedef struct CcPart
{
	int32		policy;			/* or CC_FIELD_PART, CC_STORED_PART */
	int32		n;				/* entries; CC_FIELD_PART: number of the field */
} CcPart;

#define CC_FIELD_PART	(-1)
#define CC_STORED_PART	(-2)		/* a stored standing: n is the policy; its length and the tuple follow */

#define CC_ENTRY_BYTES(entry)	((entry)->kept ? sizeof(CcEntry) : offsetof(CcEntry, anchor))

StaticAssertDecl(sizeof(CcPart) % MAXIMUM_ALIGNOF == 0 && sizeof(CcEntry) % MAXIMUM_ALIGNOF == 0 &&
				 offsetof(CcEntry, anchor) % MAXIMUM_ALIGNOF == 0, "rows are packed without gaps");

/* Whether records of a source count without a second person: the last answer. */
typedef struct CcTrusted
{
	char		source[64];
	int			length;			/* 0 = none asked yet: no source has an empty name */
	DateADT		recorded_on;
	bool		answer;
} CcTrusted;

typedef struct CcPass
{
	CcBulk	   *bulk;
	MemoryContext caller;		/* of what outlives the pass */
	MemoryContext context;
	CcPgEnv		env;			/* of the scan */
	CcPartitions partitions;
	uint64		columns;		/* wanted, as bits of CcFactColumn */
	uint32		kinds;			/* wanted, as bits of the ranks of kind */
	uint32		roles;			/* of linked subjects whose records are wanted, as bits of the ranks of whose */
	bool		reads_readings; /* some policy reads ratings or listings */
	int			participation;	/* rank of that kind */

	/* the record at hand */
	Datum		values[CC_TRIGGER_COLUMNS];
	uint64		present;		/* bits: values that are not NULL */
	CcFact		fact;
	CcState    *scratch;		/* one a policy */
	MemoryContext detoasted;
	bool		has_detoasted;
	int			kind;			/* rank of the record's */
	CcTrusted	trusted[32];	/* by kind */
} CcPass;

#define CC_COLUMN_BIT(column)	(UINT64CONST(1) << (column))
#define CC_HAS(pass, column)	(((pass)->present & CC_COLUMN_BIT(column)) != 0)

StaticAssertDecl(CC_TRIGGER_COLUMNS <= 64, "columns of a record are bits");

/* A text of the record at hand, where it lies. */
static inline CcText
cc_pass_text(CcPass *pass, CcFactColumn column)
{
	CcText		result = {NULL, 0};
	struct varlena *value;

	if (!CC_HAS(pass, column))
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

/* bulk_scan.c: the wanted columns of records, from the table or by a query */
extern bool cc_can_scan(Relation rel);
extern bool cc_pass_read_records(CcPass *pass, Relation rel);
extern void cc_pass_read_linked(CcPass *pass);

/* bulk_record.c: the record at hand to a row */
extern void cc_pass_take_record(CcPass *pass);

/* bulk_stored.c: stored standings to rows */
extern void cc_pass_read_stored(CcPass *pass);

/* bulk_subject.c: rows to the states of their subjects */
extern void cc_pass_give_subjects(CcPass *pass);

/* bulk_inner.c: policies whose results are read */
extern void cc_bulk_add_inner(CcBulk *bulk);

#endif							/* CC_BULK_PASS_H */
