/*
 * bulk_partition.h -- rows in any order, given back subject by subject
 */
#ifndef CC_BULK_PARTITION_H
#define CC_BULK_PARTITION_H

#include "storage/buffile.h"
#include "utils/uuid.h"

/* What is kept of a subject, which follows. */
typedef struct CcRow
{
	pg_uuid_t	subject;
	union
	{
		uint64		hash;
		struct CcRow *next;		/* of the same subject, once the partition is put together */
	}			u;
	uint32		size;
	uint32		padding;
} CcRow;

StaticAssertDecl(sizeof(CcRow) % MAXIMUM_ALIGNOF == 0, "rows are packed without gaps");

typedef struct CcPartitions
{
	MemoryContext context;
	int			bits;			/* of their number */
	struct Partition *all;
	Size		allocated;
	Size		limit;
	BufFile    *file;
	int64		spilled;		/* bytes in it */
} CcPartitions;

/* Gets some subjects, each as the chain of its rows. */
typedef void (*CcTakeRows) (void *arg, CcRow **rows, int n);

#define CC_TAKE_SUBJECTS	500		/* at a time, at most */

extern void cc_partitions_init(CcPartitions *partitions, double rows);
extern CcRow *cc_partitions_row(CcPartitions *partitions, const pg_uuid_t *subject, Size size);
extern void cc_partitions_give(CcPartitions *partitions, CcTakeRows take, void *arg);
extern void cc_partitions_close(CcPartitions *partitions);

#endif							/* CC_BULK_PARTITION_H */
