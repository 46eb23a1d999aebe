/*
 * record_rows.h -- the rows of a statement on records, by subject
 */
#ifndef CC_RECORD_ROWS_H
#define CC_RECORD_ROWS_H

#include "executor/tuptable.h"
#include "fact.h"
#include "regrade.h"
#include "utils/rel.h"
#include "utils/tuplesort.h"
#include "utils/tuplestore.h"

/* The rows of a transition table, by subject. */
typedef struct CcRows
{
	Tuplestorestate *store;
	Tuplesortstate *sort;		/* NULL for a single row */
	TupleTableSlot *slot;
	TupleDesc	desc;
	int			attribute[CC_TRIGGER_COLUMNS];
} CcRows;

extern void cc_rows_open(CcRows *rows, Tuplestorestate *store, Relation table);
extern void cc_rows_sort(CcRows *rows);
extern bool cc_rows_next(CcRows *rows);
extern void cc_rows_close(CcRows *rows);
extern CcTouched *cc_rows_touched(CcRows *rows, bool insert, int *n);
extern bool cc_rows_same_subject(const CcBatch *batch, const CcRows *rows);
extern void cc_rows_take(CcBatch *batch, CcRows *rows, bool insert);

#endif							/* CC_RECORD_ROWS_H */
