/*
 * seen.c -- new versions that were taken in before their own trigger fires
 *
 * A statement that closes versions and writes the next ones fires the trigger twice, first for the closed, when the new
 * ones are there already: what was computed then is not computed again.
 */
#include "postgres.h"

#include "access/xact.h"
#include "seen.h"
#include "storage/proc.h"

/* The new versions that the last statement to close some found and took in, and the transaction that may rely on it. */
static LocalTransactionId seen_in = InvalidLocalTransactionId;
static SubTransactionId seen_in_sub = InvalidSubTransactionId;
static int	n_seen = 0;
static CcSuccessor *seen = NULL;

static int
compare_successors(const void *a, const void *b)
{
	const CcSuccessor *x = a;
	const CcSuccessor *y = b;
	int			order = memcmp(&x->subject, &y->subject, UUID_LEN);

	return order != 0 ? order : memcmp(&x->record_id, &y->record_id, UUID_LEN);
}

/* False if another transaction, or another part of this one, has taken over since. */
static bool
is_valid(void)
{
	return n_seen > 0 && seen_in == MyProc->lxid && seen_in_sub == GetCurrentSubTransactionId();
}

static const CcSuccessor *
find(const pg_uuid_t *subject, const pg_uuid_t *record_id)
{
	CcSuccessor key;

	key.subject = *subject;
	key.record_id = *record_id;
	return bsearch(&key, seen, n_seen, sizeof(CcSuccessor), compare_successors);
}

/* Keeps in mind what the statement that closes versions has taken in. */
void
cc_seen_remember(CcBatch *batch)
{
	if (seen_in == MyProc->lxid && seen != NULL)
		pfree(seen);
	seen_in = MyProc->lxid;
	seen_in_sub = GetCurrentSubTransactionId();
	seen = batch->successors;
	n_seen = batch->n_successors;
	qsort(seen, n_seen, sizeof(CcSuccessor), compare_successors);
}

/* True if all that is new of the subject was there when it was last computed from its records. */
static bool
was_seen(const CcBatch *batch, const CcTouched *touched)
{
	int			i;

	if (!touched->succeeds || touched->n_facts != touched->n_rows || touched->known_first != touched->known_from)
		return false;
	for (i = 0; i < touched->n_facts; i++)
	{
		const CcSuccessor *found = find(&touched->subject, (pg_uuid_t *) batch->facts[touched->first_fact + i].record_id);

		if (found == NULL || found->known_from != touched->known_from || found->day < touched->day)
			return false;
	}
	return true;
}

/* Takes the subjects out of the batch for which there is nothing left to do. */
void
cc_seen_drop(CcBatch *batch)
{
	int			n = 0;
	int			i;

	if (!is_valid())
		return;
	for (i = 0; i < batch->n; i++)
		if (!was_seen(batch, &batch->touched[i]))
			batch->touched[n++] = batch->touched[i];
	batch->n = n;
}

/* True if the version was there when its subject was last computed from its records. */
bool
cc_seen_row(const pg_uuid_t *subject, const pg_uuid_t *record_id, TimestampTz known_from)
{
	const CcSuccessor *found = is_valid() ? find(subject, record_id) : NULL;

	return found != NULL && found->known_from == known_from;
}
