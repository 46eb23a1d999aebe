/*
 * bulk_partition.c -- rows in any order, given back subject by subject
 *
 * A row goes into one of several partitions by a hash of its subject. A partition is the unit that has to fit into
 * memory, about a megabyte by the number of rows that is expected, so that it fits into the processor's cache: its
 * subjects are put together one after the other.
 *
 * Memory is bounded like a hash aggregate's or an index build's, by the larger of hash_mem (work_mem times
 * hash_mem_multiplier) and maintenance_work_mem: past it, full pieces of partitions go to a temporary file, and come
 * back one partition at a time.
 */
#include "postgres.h"

#include "bulk_partition.h"
#include "executor/nodeHash.h"
#include "miscadmin.h"
#include "utils/memutils.h"

#define PIECE_BYTES		(16 * 1024)
#define PARTITION_BYTES	(1024 * 1024)
#define MAX_PARTITIONS	1024
#define ROW_BYTES		48		/* of a row, roughly: for the number of partitions */

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

/* Makes room for about so many rows, in the current memory context. */
void
cc_partitions_init(CcPartitions *partitions, double rows)
{
	memset(partitions, 0, sizeof(*partitions));
	partitions->context = CurrentMemoryContext;
	while (1 << partitions->bits < MAX_PARTITIONS && (double) (1 << partitions->bits) * PARTITION_BYTES < rows * ROW_BYTES)
		partitions->bits++;
	partitions->all = palloc0(sizeof(Partition) << partitions->bits);
	partitions->limit = Max(get_hash_memory_limit(), (Size) maintenance_work_mem * 1024);
}

/* ---- in ---- */

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
spill(CcPartitions *partitions, Partition *partition)
{
	MemoryContext caller = MemoryContextSwitchTo(partitions->context);
	Piece	   *full = partition->pieces;
	Piece	   *empty = palloc(sizeof(Piece));

	if (partitions->file == NULL)
		partitions->file = BufFileCreateTemp(false);
	*empty = *full;
	BufFileTell(partitions->file, &full->fileno, &full->offset);
	BufFileWrite(partitions->file, full->data, full->used);
	partitions->spilled += full->used;
	full->data = NULL;
	empty->next = full;
	empty->used = 0;
	partition->pieces = empty;
	MemoryContextSwitchTo(caller);
}

static void
add_piece(CcPartitions *partitions, Partition *partition, Size size)
{
	Size		room = Max(size, PIECE_BYTES);
	Piece	   *piece = MemoryContextAlloc(partitions->context, sizeof(Piece));

	piece->next = partition->pieces;
	piece->data = MemoryContextAllocHuge(partitions->context, room);
	piece->used = 0;
	piece->room = room;
	partition->pieces = piece;
	partitions->allocated += room;
}

/* Room for a row of the size in its subject's partition. */
CcRow *
cc_partitions_row(CcPartitions *partitions, const pg_uuid_t *subject, Size size)
{
	uint64		hash = hash_subject(subject);
	Partition  *partition = &partitions->all[partitions->bits == 0 ? 0 : hash >> (64 - partitions->bits)];
	CcRow		   *row;

	if (partition->pieces == NULL || partition->pieces->room - partition->pieces->used < size)
	{
		if (partition->pieces != NULL && partitions->allocated >= partitions->limit)
			spill(partitions, partition);
		if (partition->pieces == NULL || partition->pieces->room - partition->pieces->used < size)
			add_piece(partitions, partition, size);
	}
	row = (CcRow *) (partition->pieces->data + partition->pieces->used);
	partition->pieces->used += size;
	partition->rows++;
	row->subject = *subject;
	row->u.hash = hash;
	row->size = size;
	return row;
}

/* ---- out ---- */

/* Reads a piece that went to the file. */
static char *
load(CcPartitions *partitions, const Piece *piece)
{
	char	   *data = palloc(piece->used);

	if (BufFileSeek(partitions->file, piece->fileno, piece->offset, SEEK_SET) != 0 ||
		BufFileRead(partitions->file, data, piece->used) != piece->used)
		ereport(ERROR,
				(errcode_for_file_access(),
				 errmsg("could not read from a temporary file of an evaluation: %m")));
	return data;
}

/* Chains the rows of each subject in a hash table of the partition, and gives the subjects one after the other. */
static void
give_partition(CcPartitions *partitions, Partition *partition, CcTakeRows take, void *arg)
{
	Size		size = 16;
	CcRow		  **slots;
	CcRow		   *batch[CC_TAKE_SUBJECTS];
	int			n = 0;
	Piece	   *piece;
	Size		i;

	while (size < partition->rows * 2)
		size *= 2;
	slots = MemoryContextAllocExtended(CurrentMemoryContext, sizeof(CcRow *) * size, MCXT_ALLOC_HUGE | MCXT_ALLOC_ZERO);
	for (piece = partition->pieces; piece != NULL; piece = piece->next)
	{
		char	   *data = piece->data ? piece->data : load(partitions, piece);
		char	   *end = data + piece->used;

		while (data < end)
		{
			CcRow		   *row = (CcRow *) data;

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
		if (n == CC_TAKE_SUBJECTS || (i == size - 1 && n > 0))
		{
			take(arg, batch, n);
			n = 0;
		}
	}
}

/* Gives all subjects, in no particular order; what is taken must not outlive the call that takes it. */
void
cc_partitions_give(CcPartitions *partitions, CcTakeRows take, void *arg)
{
	MemoryContext context = AllocSetContextCreate(partitions->context, "citycredit partition", ALLOCSET_DEFAULT_SIZES);
	MemoryContext caller = MemoryContextSwitchTo(context);
	int			i;

	for (i = 0; i < 1 << partitions->bits; i++)
	{
		CHECK_FOR_INTERRUPTS();
		if (partitions->all[i].rows > 0)
			give_partition(partitions, &partitions->all[i], take, arg);
		MemoryContextReset(context);
	}
	MemoryContextSwitchTo(caller);
}

void
cc_partitions_close(CcPartitions *partitions)
{
	if (partitions->file != NULL)
		BufFileClose(partitions->file);
}
