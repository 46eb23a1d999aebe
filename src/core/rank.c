/*
 * rank.c -- who stands where in the cohort of a rating
 *
 * rules/README.md, section 7. Ranked are the subjects whose state is rated, whom no veto holds and for whom the ranking's
 * condition is true; equal values share the better position.
 */
#include "tally.h"

#include <stdlib.h>
#include <string.h>

/* In which rankings a subject stands, by which values: its outcome before anybody is ranked. */
void
cc_enter(CcEnv *env, const CcPolicy *policy, const CcState *state, int subject_kind, CcDay as_of, CcEntrant *entrant)
{
	CcPlace		nowhere;
	CcTally		tally;
	CcOutcome	outcome;
	int			i;

	memset(entrant, 0, sizeof(*entrant));
	entrant->by = env->alloc(env, sizeof(int64_t) * (policy->n_ranks + 1));
	cc_place_init(env, policy, &nowhere);
	nowhere.referred = ~0u;		/* nobody knows yet */
	cc_tell(env, policy, state, subject_kind, as_of, &nowhere, &tally, &outcome);
	if (outcome.state != CC_RATED || outcome.vetoes != 0)
		return;
	for (i = 0; i < policy->n_ranks; i++)
	{
		entrant->by[i] = cc_operand(env, &policy->ranks[i].by, &tally);
		if (entrant->by[i] != CC_NUMBER_UNKNOWN &&
			(policy->ranks[i].among == NULL || cc_holds(policy->ranks[i].among, NULL, &tally) == CC_TRUE))
			entrant->among |= 1u << i;
	}
}

/* A place in no ranking. */
void
cc_place_init(CcEnv *env, const CcPolicy *policy, CcPlace *place)
{
	memset(place, 0, sizeof(*place));
	place->n = policy->n_ranks;
	place->rank = env->alloc(env, sizeof(int) * (policy->n_ranks + 1));
	place->of = env->alloc(env, sizeof(int) * (policy->n_ranks + 1));
}

typedef struct Standing
{
	int64_t		by;				/* turned round where the lowest is best */
	int			who;
} Standing;

static int
best_first(const void *a, const void *b)
{
	const Standing *x = a;
	const Standing *y = b;

	if (x->by != y->by)
		return x->by > y->by ? -1 : 1;
	return x->who < y->who ? -1 : x->who > y->who;
}

/* How many of n the group takes in, as the measure rounds. */
static int
group_size(CcEnv *env, const CcGroup *group, int n)
{
	int64_t		size = group->size;

	if (group->by_percent)
		size = cc_round_ratio(env, (__int128) group->size * n, 100, 0, group->rounding) / CC_ONE;
	return size > n ? n : (int) size;
}

/* Marks who is in the group: the first of the ranking from its end, and what the measure says of a tie there. */
static void
fill_group(CcEnv *env, const CcPolicy *policy, int index, const Standing *standings, int n, CcPlace *places)
{
	const CcGroup *group = &policy->groups[index];
	CcTies		ties = policy->ranks[group->ranking].ties;
	int			size = group_size(env, group, n);
	int			i,
				end;

#define AT(i) standings[group->from_worst ? n - 1 - (i) : (i)]
	for (i = 0; i < n && i < size; i = end)
	{
		bool		across;
		int			k;

		for (end = i + 1; end < n && AT(end).by == AT(i).by; end++)
			;
		across = end > size;
		for (k = i; k < end; k++)
		{
			if (across && ties == CC_TIES_REFER)
				places[AT(k).who].referred |= 1u << index;
			else if (!across || ties == CC_TIES_INCLUDE)
				places[AT(k).who].groups |= 1u << index;
		}
	}
#undef AT
}

/* Ranks the cohort: fills the places, which cc_place_init() made, in the order of the entrants. */
void
cc_rank(CcEnv *env, const CcPolicy *policy, const CcEntrant *entrants, int n, CcPlace *places)
{
	Standing   *standings = env->alloc(env, sizeof(Standing) * (n + 1));
	int			i,
				k,
				r;

	for (r = 0; r < policy->n_ranks; r++)
	{
		const CcRanking *ranking = &policy->ranks[r];
		int			ranked = 0;

		for (i = 0; i < n; i++)
		{
			if (!(entrants[i].among >> r & 1))
				continue;
			standings[ranked].by = ranking->best_lowest ? -entrants[i].by[r] : entrants[i].by[r];
			standings[ranked++].who = i;
		}
		qsort(standings, ranked, sizeof(Standing), best_first);
		for (i = 0; i < n; i++)
			places[i].of[r] = ranked;
		for (i = 0; i < ranked; i++)
			places[standings[i].who].rank[r] = i > 0 && standings[i].by == standings[i - 1].by ? places[standings[i - 1].who].rank[r] : i + 1;
		for (k = 0; k < ranking->n_groups; k++)
			fill_group(env, policy, ranking->first_group + k, standings, ranked, places);
	}
}
