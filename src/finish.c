/*
 * finish.c -- an outcome, read off a state with all that the policy reads
 *
 * The stored state of a standing holds what came from records, own and linked. Published ratings, list entries and the
 * results of other policies are folded into a copy of it whenever an outcome is read off: they change without any record
 * of the subject, and what is read must not stay behind in what is stored.
 */
#include "postgres.h"

#include "finish.h"
#include "miscadmin.h"
#include "reads.h"

/* How far results are looked ahead at first, in days; whose outcome does not differ until then is looked at for ever. */
#define HORIZON		366

static void
copy_state(CcEnv *env, const CcState *from, CcState *to)
{
	*to = *from;
	to->room = from->n + 8;
	to->entries = env->alloc(env, sizeof(CcEntry) * to->room);
	memcpy(to->entries, from->entries, sizeof(CcEntry) * from->n);
}

/*
 * Folds the results of one inner policy from the day through a later one; returns the last day for which they are
 * known. Where another version of it takes over, what follows is another state's to say.
 */
static CcDay
fold_results(CcEnv *env, const CcFinish *finish, const char *name, CcDay until, CcState *state)
{
	CcInner		inner;
	CcFact	   *facts;
	CcDay		known_until = CC_DAY_LAST;
	CcDay		known;
	const CcVersion *next = NULL;
	int			n,
				i;

	if (!finish->find_inner(finish->arg, name, &inner) || inner.version == NULL)
		return CC_DAY_LAST;
	for (i = 0; i < inner.measure->n; i++)
	{
		const CcVersion *version = &inner.measure->versions[i];

		if (version->adopted && version->adopted_at <= finish->known_at && version->from > finish->day &&
			(next == NULL || version->from < next->from))
			next = version;
	}
	if (next != NULL)
		known_until = cc_day_shift(next->from, -1);
	if (inner.state == NULL || inner.version->from > finish->day || inner.version->until < finish->day)
		return known_until;
	n = cc_result_facts(env, inner.policy, inner.state, finish->subject_kind, finish->day, Min(until, inner.version->until), &facts,
						&known);
	for (i = 0; i < n; i++)
		cc_fold(env, finish->policy, state, &facts[i]);
	known_until = Min(known_until, known);
	return until <= inner.version->until ? Min(known_until, until) : known_until;
}

static void
outcome_of(CcEnv *env, const CcFinish *finish, const CcState *state, CcOutcome *outcome)
{
	if (finish->as_if_in_force)
		cc_finish(env, finish->policy, state, finish->subject_kind, finish->day, NULL, outcome);
	else
		cc_version_outcome(env, finish->version, finish->policy, state, finish->subject_kind, finish->day, outcome);
}

/*
 * The outcome of a day, and the state with everything that it was read off. Results of other policies are looked ahead
 * at as far as it takes to know when the outcome next differs; for ever, where this one's result is looked ahead at.
 */
void
cc_finish_standing(CcEnv *env, const CcFinish *finish, CcState *complete, CcOutcome *outcome)
{
	const CcReads *reads = &finish->policy->reads;
	CcDay		until = finish->is_read ? CC_DAY_LAST : cc_day_shift(finish->day, HORIZON);

	if (!cc_reads_more(finish->policy))
	{
		*complete = *finish->own;
		outcome_of(env, finish, complete, outcome);
		return;
	}
	for (;; until = CC_DAY_LAST)
	{
		CcDay		known_until = CC_DAY_LAST;
		int			i;

		CHECK_FOR_INTERRUPTS();
		copy_state(env, finish->own, complete);
		for (i = 0; finish->readings != NULL && i < finish->readings->n; i++)
			if (cc_policy_takes(finish->policy, &finish->readings->facts[i]))
				cc_fold(env, finish->policy, complete, &finish->readings->facts[i]);
		for (i = 0; i < reads->n_results; i++)
		{
			CcDay		known = fold_results(env, finish, reads->results[i], until, complete);

			known_until = Min(known_until, known);
		}
		cc_settle(env, finish->policy, complete, finish->day, false);
		if (known_until != CC_DAY_LAST)
			cc_state_limit(complete, known_until);
		outcome_of(env, finish, complete, outcome);
		if (until == CC_DAY_LAST || known_until != until || outcome->next_change_on <= known_until)
			return;
	}
}
