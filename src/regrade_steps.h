/*
 * regrade_steps.h -- what the steps of a batch share: lock, position, plan, recompute, finish, write
 */
#ifndef CC_REGRADE_STEPS_H
#define CC_REGRADE_STEPS_H

#include "executor/spi.h"
#include "regrade.h"

/* A stored standing as the batch found it. */
typedef struct CcOld
{
	int			touched;		/* index in the batch */
	int32		policy_id;
	int32		version_id;
	DateADT		as_of;
	DateADT		next_change_on;
	int			state;
	int			band;			/* -1 = none */
	int			grade;			/* 0 = none */
	int32		vetoes;
	int32		lists;
	int32		effects;
	Datum		folded;
} CcOld;

/* One standing to be computed. */
typedef struct CcGraded
{
	CcTouched  *touched;
	const CcMeasure *measure;
	const CcVersion *version;
	const CcPolicy *policy;
	const CcOld *old;			/* NULL: none is stored */
	bool		recompute;		/* from the records */
	bool		only_read;		/* not to be written: somebody reads its results */
	DateADT		as_of;
	CcState		state;			/* from records */
	CcState		complete;		/* with readings */
	CcOutcome	outcome;
} CcGraded;

/* All that a batch comes to. */
typedef struct CcGrading
{
	CcBatch    *batch;
	CcEnv	   *env;
	CcTouched **touched;		/* the batch's subjects */
	SPITupleTable *rows;		/* where the stored states lie */
	int			n;
	CcGraded   *graded;			/* by subject; everybody after those whose results he reads */
} CcGrading;

/* regrade_query.c: the queries, on logical tables, and what they are asked with */
typedef enum CcRegradeQuery
{
	CC_QUERY_LOCK,
	CC_QUERY_SUBJECT,
	CC_QUERY_POSITION,
	CC_QUERY_STORED,
	CC_QUERY_RECORDS,
	CC_QUERY_LINKED,
	CC_QUERY_READERS,
	CC_QUERY_ADVANCE,
	CC_QUERY_POSITION_LINKS,
	CC_QUERY_POSITION_LISTINGS,
	CC_QUERY_WRITE,
	CC_QUERY_HISTORY,
	CC_QUERIES
} CcRegradeQuery;

#define CC_ROW_COLUMNS	20

/* A table's rows as an array parameter. */
typedef struct CcRowType
{
	Oid			type;
	uint64		shape;			/* changes with the table's columns */
	TupleDesc	desc;
	int			n;
	int			attribute[CC_ROW_COLUMNS];	/* of the listed columns, in their order */
} CcRowType;

extern CcRowType cc_standing_row;	/* outcome, next_change_on, folded */
extern CcRowType cc_history_row;	/* outcome, known_at, records, cause */

extern void cc_regrade_prepare(void);
extern void cc_regrade_execute(CcRegradeQuery id, Datum *args);
extern Portal cc_regrade_open(CcRegradeQuery id, Datum *args);
extern void cc_regrade_position(CcRegradeQuery id, Datum *args);
extern Datum cc_regrade_codes(Datum *subjects, int n);
extern Datum cc_regrade_subjects(CcTouched **touched, int n);

/* regrade_lock.c */
extern void cc_regrade_lock_batch(CcBatch *batch, CcTouched **touched);

/* regrade_position.c */
extern void cc_regrade_register(CcBatch *batch);
extern void cc_regrade_position_records(CcBatch *batch);

/* regrade_plan.c */
extern void cc_regrade_plan(CcGrading *grading);

/* regrade_recompute.c */
extern void cc_regrade_recompute(CcGrading *grading);

/* regrade_finish.c */
extern void cc_regrade_finish(CcGrading *grading);

/* regrade_write.c */
extern void cc_regrade_write(CcGrading *grading);

#endif							/* CC_REGRADE_STEPS_H */
