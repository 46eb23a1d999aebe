/*
 * constructs.c -- counts, for each construct of the language, the answers that come out otherwise without it
 */
#include "day.h"

#define ENOUGH	5				/* changes of a policy's answers are not counted on */

const char *const construct_names[] = {
#define X(name) #name,
	CONSTRUCTS
#undef X
	NULL
};

bool		used[NCONSTRUCTS];
int			left_out = -1;
static int	changed[NCONSTRUCTS];	/* answers that came out otherwise */

/* Counts, for each construct, the answers that come out otherwise without it. */
void
count_changes(Subject *subjects, int n, int rating_on)
{
	bool		are_used[NCONSTRUCTS];
	Outcome    *before;
	int			s;
	int			c;
	int			q;
	int			at = 0;

	memcpy(are_used, used, sizeof(used));
	for (s = 0; s < n; s++)
		at += subjects[s].nqueries;
	before = zeroed(at, sizeof(Outcome));
	for (s = at = 0; s < n; s++)
		for (q = 0; q < subjects[s].nqueries; q++)
			before[at++] = subjects[s].days[q].out;
	for (c = 0; c < NCONSTRUCTS; c++)
	{
		if (!are_used[c] || changed[c] >= ENOUGH)
			continue;
		left_out = c;
		if (rating_on != 0)
			close_rating(subjects, n, rating_on);
		for (s = at = 0; s < n; s++)
		{
			if (rating_on == 0)
				begin_walk(&subjects[s]);
			for (q = 0; q < subjects[s].nqueries; q++)
			{
				if (rating_on == 0)
					outcome_of(&subjects[s], subjects[s].queries[q]);
				changed[c] += differ(&before[at++], &subjects[s].days[q].out);
			}
		}
	}
	left_out = -1;
	free(before);
}

void
print_changes(void)
{
	int			c;

	for (c = 0; c < NCONSTRUCTS; c++)
		if (used[c])
			fprintf(stderr, "%s\t%d\n", construct_names[c], changed[c]);
}
