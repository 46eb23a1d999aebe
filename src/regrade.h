/*
 * regrade.h -- the write path: standings of touched subjects, under their locks
 */
#ifndef CC_REGRADE_H
#define CC_REGRADE_H

#include "catalogue.h"
#include "utils/uuid.h"
#include "utils/timestamp.h"

/* Why a subject is touched, and so which of its standings are concerned. */
#define CC_TOUCH_ROWS		1	/* its records, or a job: all of them */
#define CC_TOUCH_LINKED		2	/* a link of it, or records of linked subjects: policies that read those, from the records */
#define CC_TOUCH_READINGS	4	/* its ratings or listings: policies that read them */

/* A subject that a statement touched. */
typedef struct CcTouched
{
	pg_uuid_t	subject;
	int			scope;
	DateADT		day;			/* evaluate on this day, or the stored one if it is later */
	TimestampTz known_first;	/* positions that its rows claim: the earliest */
	TimestampTz known_from;		/* and the latest */
	bool		inserts;		/* they are new rows */
	bool		closes;			/* they are positions at which versions were closed */
	bool		succeeds;		/* versions that take the place of closed ones are among the rows */
	bool		recompute;		/* the stored state does not cover what happened */
	int			first_fact;
	int			n_facts;
	int			n_rows;
	int			first_fresh;
	int			n_fresh;
	int64		fresh_seq;		/* the subject's number when its records were read without the lock */
	int64		seq;			/* from here on set under the lock */
	TimestampTz known_at;
	int			first_graded;
} CcTouched;

/* A new version of a record that was among the records when its subject was computed from them. */
typedef struct CcSuccessor
{
	pg_uuid_t	subject;
	pg_uuid_t	record_id;
	TimestampTz known_from;
	DateADT		day;			/* evaluated on this day or later */
} CcSuccessor;

/* A subject that is locked, with what its lock gave. */
typedef struct CcLocked
{
	pg_uuid_t	subject;
	int64		seq;
	TimestampTz known_at;
} CcLocked;

/* A state folded from a subject's records by a query. */
typedef struct CcFresh
{
	int32		policy_id;
	int32		version_id;
	bytea	   *state;			/* NULL = to be computed */
} CcFresh;

typedef struct CcBatch
{
	MemoryContext context;		/* reset from batch to batch */
	const CcCatalogue *catalogue;
	const char *cause;
	int			n;
	CcTouched  *touched;		/* by subject */
	int			n_facts;
	CcFact	   *facts;
	int			n_locked;		/* subjects that are locked already, by subject; else the batch locks its own */
	CcLocked   *locked;
	CcFresh    *fresh;			/* not NULL: these policies of each subject alone */
	bool		notes;			/* keep successors: */
	int			n_successors;
	int			successors_room;
	CcSuccessor *successors;	/* by subject; in the memory of whoever began */
	int			n_doubtful;		/* subjects of rows that wait for a second person; in the memory of whoever began */
	int			doubtful_room;
	pg_uuid_t  *doubtful;
	int64		changed;		/* standings whose outcome changed, over all batches */
} CcBatch;

#define CC_BATCH_ROWS	512

extern void cc_regrade_begin(CcBatch *batch, const char *cause);
extern void cc_regrade_batch(CcBatch *batch);
extern void cc_regrade_lock(CcBatch *batch, CcTouched *touched, int n);
extern const CcLocked *cc_regrade_locked(const CcBatch *batch, const pg_uuid_t *subject);
extern int	cc_regrade_readers(CcBatch *batch, CcTouched *touched, int n, pg_uuid_t **readers);
extern void cc_regrade_check_closed(const CcTouched *touched, int n);
extern void cc_regrade_position_links(CcBatch *batch, CcTouched *touched, int n);
extern void cc_regrade_position_listings(CcBatch *batch);
extern void cc_regrade_end(CcBatch *batch);
extern bool cc_positioning(void);

#endif							/* CC_REGRADE_H */
