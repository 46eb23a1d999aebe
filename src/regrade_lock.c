/*
 * regrade_lock.c -- subjects are locked in key order, and get their numbers and positions by it
 */
#include "postgres.h"

#include "reads.h"
#include "regrade_steps.h"
#include "utils/builtins.h"

/* Locks a run of subjects that claim the same position. */
static void
lock_run(CcTouched **touched, int n, TimestampTz changed_at)
{
	Datum		args[3];
	bool		isnull;
	int			i;

	args[0] = cc_regrade_subjects(touched, n);
	/* Nobody evaluates by policies and trust that were not known yet at his position. */
	args[1] = TimestampTzGetDatum(Max(touched[0]->known_from, changed_at));
	args[2] = BoolGetDatum(touched[0]->succeeds);
	cc_regrade_execute(CC_QUERY_LOCK, args);
	if (SPI_processed != (uint64) n)
		elog(ERROR, "could not lock %d subjects", n);
	for (i = 0; i < n; i++)
	{
		touched[i]->seq = DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull));
		touched[i]->known_at = DatumGetTimestampTz(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 2, &isnull));
	}
	SPI_freetuptable(SPI_tuptable);
}

/*
 * Locks the subjects in key order, gives each its next number and its position in its own sequence: that of the
 * statement, unless another statement that began later was first. A batch is one run, unless a statement amends records
 * of several subjects.
 */
static void
lock_all(CcBatch *batch, CcTouched **touched, int n)
{
	int			start,
				i;

	for (start = 0; start < n; start = i)
	{
		for (i = start + 1; i < n && i - start < CC_BATCH_ROWS; i++)
			if (touched[i]->known_from != touched[start]->known_from || touched[i]->succeeds != touched[start]->succeeds)
				break;
		lock_run(touched + start, i - start, batch->catalogue->changed_at);
	}
}

static int
compare_locked(const void *a, const void *b)
{
	return memcmp(&((const CcLocked *) a)->subject, &((const CcLocked *) b)->subject, UUID_LEN);
}

/* What the lock gave a subject that was locked before its batch; NULL if it was not. */
const CcLocked *
cc_regrade_locked(const CcBatch *batch, const pg_uuid_t *subject)
{
	CcLocked	key;

	key.subject = *subject;
	return bsearch(&key, batch->locked, batch->n_locked, sizeof(CcLocked), compare_locked);
}

/*
 * Locks all subjects of a statement, in key order, and gives them one position: what becomes known of one becomes known
 * to those who read its records.
 */
void
cc_regrade_lock(CcBatch *batch, CcTouched *touched, int n)
{
	CcTouched **all = palloc(sizeof(CcTouched *) * (n + 1));
	TimestampTz position = DT_NOBEGIN;
	bool		differ = false;
	int			i;

	for (i = 0; i < n; i++)
		all[i] = &touched[i];
	lock_all(batch, all, n);
	for (i = 0; i < n; i++)
	{
		differ |= i > 0 && touched[i].known_at != position;
		position = Max(position, touched[i].known_at);
	}
	if (differ)
	{
		Datum		args[2];

		args[0] = cc_regrade_subjects(all, n);
		args[1] = TimestampTzGetDatum(position);
		cc_regrade_execute(CC_QUERY_ADVANCE, args);
	}
	batch->locked = palloc(sizeof(CcLocked) * (n + 1));
	batch->n_locked = n;
	for (i = 0; i < n; i++)
	{
		touched[i].known_at = position;
		batch->locked[i].subject = touched[i].subject;
		batch->locked[i].seq = touched[i].seq;
		batch->locked[i].known_at = position;
	}
}

/* Locks the subjects of a batch, unless the statement has locked all of its own before. */
void
cc_regrade_lock_batch(CcBatch *batch, CcTouched **touched)
{
	int			i;

	if (batch->locked == NULL)
	{
		lock_all(batch, touched, batch->n);
		return;
	}
	for (i = 0; i < batch->n; i++)
	{
		const CcLocked *locked = cc_regrade_locked(batch, &touched[i]->subject);

		if (locked == NULL)
			elog(ERROR, "subject to be regraded is not locked");
		touched[i]->seq = locked->seq;
		touched[i]->known_at = locked->known_at;
	}
}

/*
 * Those whose standings read records of the subjects, by the links as they are, in key order; the subjects themselves may
 * be among them. Returns their number.
 */
int
cc_regrade_readers(CcBatch *batch, CcTouched *touched, int n, pg_uuid_t **readers)
{
	CcTouched **all = palloc(sizeof(CcTouched *) * (n + 1));
	Datum		args[2];
	bool		isnull;
	int			found,
				i;

	for (i = 0; i < n; i++)
		all[i] = &touched[i];
	args[0] = cc_regrade_subjects(all, n);
	args[1] = cc_role_array(batch->catalogue->linked);
	cc_regrade_execute(CC_QUERY_READERS, args);
	found = (int) SPI_processed;
	*readers = palloc(sizeof(pg_uuid_t) * (found + 1));
	for (i = 0; i < found; i++)
		(*readers)[i] = *DatumGetUUIDP(SPI_getbinval(SPI_tuptable->vals[i], SPI_tuptable->tupdesc, 1, &isnull));
	SPI_freetuptable(SPI_tuptable);
	return found;
}
