/*
 * touched.c -- the subjects that a statement touches, and those who read their records
 */
#include "postgres.h"

#include "touched.h"
#include "utils/memutils.h"

/* Begins an empty batch in its memory. */
void
cc_batch_reset(CcBatch *batch, int rows)
{
	batch->touched = MemoryContextAlloc(batch->context, sizeof(CcTouched) * rows);
	batch->facts = MemoryContextAlloc(batch->context, sizeof(CcFact) * rows);
	batch->n = batch->n_facts = 0;
}

int
cc_touched_compare(const void *a, const void *b)
{
	return memcmp(&((const CcTouched *) a)->subject, &((const CcTouched *) b)->subject, UUID_LEN);
}

/* Sorts touched subjects and makes one of those that are the same; returns how many are left. */
int
cc_touched_merge(CcTouched *touched, int n)
{
	int			last = 0;
	int			i;

	if (n == 0)
		return 0;
	qsort(touched, n, sizeof(CcTouched), cc_touched_compare);
	for (i = 1; i < n; i++)
	{
		if (cc_touched_compare(&touched[last], &touched[i]) != 0)
		{
			touched[++last] = touched[i];
			continue;
		}
		touched[last].day = Max(touched[last].day, touched[i].day);
		touched[last].known_first = Min(touched[last].known_first, touched[i].known_first);
		touched[last].known_from = Max(touched[last].known_from, touched[i].known_from);
		touched[last].scope |= touched[i].scope;
		touched[last].closes |= touched[i].closes;
		touched[last].succeeds |= touched[i].succeeds;
	}
	return last + 1;
}

static void
refuse_new_readers(void)
{
	ereport(ERROR,
			(errcode(ERRCODE_T_R_SERIALIZATION_FAILURE),
			 errmsg("could not lock the subjects that read the records"),
			 errdetail("Another transaction has linked a subject meanwhile."),
			 errhint("Try again.")));
}

/*
 * Locks the subjects of a statement together with those whose standings read their records. Who was linked between the
 * look at the links and the locks is found by a second look: its lock would come out of order. Returns all, with what
 * they were touched for.
 */
CcTouched *
cc_touched_lock(CcBatch *batch, CcTouched *touched, int *n)
{
	pg_uuid_t  *readers;
	CcTouched  *all;
	CcTouched	key;
	int			n_readers = cc_regrade_readers(batch, touched, *n, &readers);
	int			n_touched = *n;
	int			i;

	all = palloc0(sizeof(CcTouched) * (*n + n_readers + 1));
	memcpy(all, touched, sizeof(CcTouched) * *n);
	for (i = 0; i < n_readers; i++)
	{
		CcTouched  *one = &all[(*n)++];
		CcTouched  *found;

		key.subject = readers[i];
		found = bsearch(&key, touched, n_touched, sizeof(CcTouched), cc_touched_compare);
		*one = found ? *found : touched[0];
		one->subject = readers[i];
		one->scope = CC_TOUCH_LINKED;
		if (found == NULL)
			one->closes = one->succeeds = false;
	}
	*n = cc_touched_merge(all, *n);
	cc_regrade_lock(batch, all, *n);
	n_readers = cc_regrade_readers(batch, touched, n_touched, &readers);
	for (i = 0; i < n_readers; i++)
		if (cc_regrade_locked(batch, &readers[i]) == NULL)
			refuse_new_readers();
	return all;
}

/* Regrades the locked subjects, in batches, but those that were touched for one of these reasons, too (0 = all). */
void
cc_touched_regrade(CcBatch *batch, const CcTouched *all, int n, int but)
{
	int			i = 0;

	while (i < n)
	{
		cc_batch_reset(batch, CC_BATCH_ROWS);
		for (; i < n && batch->n < CC_BATCH_ROWS; i++)
			if (!(all[i].scope & but))
				batch->touched[batch->n++] = all[i];
		cc_regrade_batch(batch);
	}
}
