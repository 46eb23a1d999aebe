/*
 * walk.c -- from day to day: what holds on, and the first later day with another outcome
 */
#include "day.h"

static void
widen(Subject *subject, int day)
{
	if (day < subject->begin)
		subject->begin = day;
	if (day > subject->end)
		subject->end = day;
}

static int
days_of_per(Per per, int n)
{
	return per.kind == PER_ALWAYS ? 0 : n * 31 * (per.kind == PER_CYCLE ? policy.cycle_months : per.months);
}

/* Gives how many days a change may come after the last day of a record. */
static int
days_of_echo(void)
{
	Per			cycle = {PER_CYCLE, 0};
	int			days = 1;
	int			i;

	for (i = 0; i < policy.nruns; i++)
		days += days_of_per(policy.runs[i].per, policy.runs[i].at_most + 5);
	for (i = 0; i < policy.ncounters; i++)
		days += days_of_per(policy.counters[i].per, 1);
	for (i = 0; i < policy.nvetoes; i++)
		days += policy.vetoes[i].hold.days + 31 * policy.vetoes[i].hold.months + 1;
	for (i = 0; i < policy.neffects; i++)
		days += policy.effects[i].hold.days + 31 * policy.effects[i].hold.months + 1;
	return days + days_of_per(cycle, 3);
}

/*
 * Sets the days to walk: all questions and every day on which a record begins
 * or ceases to count or to enrol, and as many more as runs, cycles and holds
 * look back.  After them nothing changes any more, or only as it did before.
 */
static void
set_horizon(Subject *subject)
{
	int			echo = days_of_echo();
	int			first = INT_MAX;
	int			i;
	int			c;

	subject->begin = INT_MAX;
	subject->end = 0;
	for (i = 0; i < subject->nqueries; i++)
		widen(subject, subject->queries[i]);
	first = subject->begin;
	for (i = 0; i <= MAX_ITEMS; i++)
		for (c = 0; c < subject->items[i].n; c++)
		{
			widen(subject, subject->items[i].list[c].first);
			if (subject->items[i].list[c].last != NO_END)
				widen(subject, subject->items[i].list[c].last + 1);
		}
	/* what held earlier than this holds no more */
	if (subject->begin < first - echo)
		subject->begin = first - echo;
	subject->end += echo;
	if (policy.has_until && subject->end > policy.until + 1)
		subject->end = policy.until + 1;
	for (i = 0; i < subject->nqueries; i++)
		widen(subject, subject->queries[i]);
}

void
begin_walk(Subject *subject)
{
	int			i;

	offer_records(subject);
	set_horizon(subject);
	fill_days(subject);
	subject->walked = subject->begin - 1;
	for (i = 0; i < MAX_PARTS; i++)
		subject->held[i] = subject->effect_held[i] = INT_MIN;
	free(subject->outcomes);
	free(subject->days);
	subject->outcomes = zeroed(subject->end - subject->begin + 1, sizeof(Outcome));
	subject->days = zeroed(subject->nqueries, sizeof(Day));
}

/* Decides a day; keeps all of it where it is asked for. */
static void
walk_day(Subject *subject, int on)
{
	static Day	day;
	int			i;

	decide(subject, on, NULL, &day);
	subject->outcomes[on - subject->begin] = day.out;
	for (i = 0; i < subject->nqueries; i++)
		if (subject->queries[i] == on)
			subject->days[i] = day;
}

/* Gives the outcome of a day; worked out once, then remembered. */
const Outcome *
outcome_of(Subject *subject, int on)
{
	if (!holds_matter && !subject->outcomes[on - subject->begin].computed)
		walk_day(subject, on);
	while (holds_matter && subject->walked < on)
		walk_day(subject, ++subject->walked);
	return &subject->outcomes[on - subject->begin];
}

const char *
grade_of(int band)
{
	const char *grade = band >= 0 ? policy.grades[band] : NULL;

	return grade ? grade : "-";
}

bool
differ(const Outcome *a, const Outcome *b)
{
	int			i;

	for (i = 0; i < policy.neffects; i++)
		if (a->due[i] != b->due[i])
			return true;
	for (i = 0; i < policy.nvalues; i++)
		if (a->values[i].known != b->values[i].known || a->values[i].number != b->values[i].number)
			return true;
	return a->state != b->state || (policy.has_score && a->score != b->score) || a->band != b->band ||
		!same(grade_of(a->band), grade_of(b->band)) || a->undecided != b->undecided ||
		a->vetoes != b->vetoes || a->lists != b->lists || a->effects != b->effects;
}

/* Gives the first later day with another outcome, or NO_END. */
int
next_change_on(Subject *subject, int on)
{
	const Outcome *now = outcome_of(subject, on);
	int			day;

	for (day = on + 1; day <= subject->end; day++)
	{
		if (policy.has_until && day > policy.until)
			return policy.until + 1;
		if (differ(now, outcome_of(subject, day)))
			return day;
	}
	return policy.has_until ? policy.until + 1 : NO_END;
}
