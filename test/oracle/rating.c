/*
 * rating.c -- closes a rating: ranks a cohort and gives places (README 7)
 */
#include "day.h"

bool		in_rating;
const Rating *closing;
int			closing_on;

/* Tells how many of n a group takes in. */
static int
size_of_group(const Group *group, int n)
{
	static const Rounding rounds[] = {ROUND_HALF_UP, ROUND_AWAY_FROM_ZERO, ROUND_TOWARD_ZERO};

	if (!group->has_percent)
		return has(C_number) ? group->number : n;
	return has(C_percent) ? (int) round_to_steps((__int128) group->percent * n, 100 * ONE, rounds[group->round]) : n;
}

/* Places the subjects of a cohort in one ranking. */
static void
place_in_rank(Subject **ranked, int n, int r)
{
	const Rank *rank = &policy.ranks[r];
	bool		lowest = rank->best_lowest && has(C_best_lowest);
	int			i;
	int			j;
	int			g;

	for (i = 0; i < n; i++)
	{
		Number		own = look_up(&rank->by, ranked[i], NULL, ranked[i]->days).number;
		int			better = 0;
		int			equal = 0;	/* himself counted */

		for (j = 0; j < n; j++)
		{
			Number		other = look_up(&rank->by, ranked[j], NULL, ranked[j]->days).number;

			if (other == own)
				equal++;
			else if ((other > own) != lowest)
				better++;
		}
		ranked[i]->place.ranks[r].known = true;
		ranked[i]->place.ranks[r].number = (Number) (better + 1) * ONE;
		for (g = 0; g < policy.ngroups; g++)
		{
			const Group *group = &policy.groups[g];
			int			q = size_of_group(group, n);
			int			before = group->from_worst && has(C_from_worst) ? n - better - equal : better;
			Ties		ties = rank->ties;

			if (group->rank != r)
				continue;
			if (ties == TIES_INCLUDE ? !has(C_ties_include) : ties == TIES_EXCLUDE && !has(C_ties_exclude))
				ties = ties == TIES_INCLUDE ? TIES_EXCLUDE : TIES_INCLUDE;
			if (ties == TIES_REFER && !has(C_ties_refer))
				ties = TIES_INCLUDE;
			/* the group's end lies before, behind or in the tie */
			ranked[i]->place.groups[g] = q <= before ? NO : q >= before + equal ? YES :
				ties == TIES_INCLUDE ? YES : ties == TIES_EXCLUDE ? NO : UNKNOWN;
		}
	}
}

/*
 * Ranks the cohort.  What decides who is ranked is evaluated without places:
 * states, vetoes and "among" come before them.
 */
static void
rank_cohort(Subject *subjects, int n)
{
	Subject   **ranked = zeroed(n, sizeof(Subject *));
	int			r;
	int			i;
	int			m;

	for (r = 0; r < policy.nranks; r++)
	{
		for (i = m = 0; i < n; i++)
		{
			Day		   *day = subjects[i].days;

			if (day->enrolled > 0 &&
				((day->out.state == STATE_RATED && day->out.vetoes == 0) || !has(C_not_ranked)) &&
				(policy.ranks[r].among == NULL || !has(C_among) ||
				 holds(policy.ranks[r].among, &subjects[i], day)))
				ranked[m++] = &subjects[i];
		}
		place_in_rank(ranked, m, r);
	}
	free(ranked);
}

/* Evaluates all subjects on a day, ranks them and evaluates them with their places. */
void
close_rating(Subject *subjects, int n, int on)
{
	static Day	before;
	int			i;
	int			g;

	for (i = 0; i < n; i++)
	{
		Subject    *subject = &subjects[i];

		subject->queries = room(subject->queries, 0, &subject->aqueries, sizeof(int));
		subject->queries[0] = on;
		subject->nqueries = 1;
		if (subject->rated == NULL)
			subject->rated = zeroed(subject->nfacts + 1, sizeof(Fact));
		begin_walk(subject);
		/* days before the last were ordinary ones */
		in_rating = false;
		while (holds_matter && subject->walked < on - 1)
			decide(subject, ++subject->walked, NULL, &before);
		in_rating = true;
		memset(&subject->place, 0, sizeof(Place));
		for (g = 0; g < policy.ngroups; g++)
			subject->place.groups[g] = NO;
		decide(subject, on, NULL, subject->days);
	}
	rank_cohort(subjects, n);
	for (i = 0; i < n; i++)
		decide(&subjects[i], on, &subjects[i].place, subjects[i].days);
}
