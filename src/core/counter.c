/*
 * counter.c -- events followed in the order of their days, through steps and resets
 *
 * rules/README.md, section 5, counters (记分): what counts in the items on the day and began in the current unit.
 */
#include "tally.h"

#include <stdlib.h>

typedef struct Event
{
	CcDay		day;
	int64_t		amount;			/* of each */
	int			count;
} Event;

typedef char EventFits[sizeof(Event) <= CC_LIST_ELEMENT ? 1 : -1];

static int
smallest_first(const void *a, const void *b)
{
	const Event *x = a;
	const Event *y = b;

	if (x->day != y->day)
		return x->day < y->day ? -1 : 1;
	return x->amount < y->amount ? -1 : x->amount > y->amount;
}

static int
largest_first(const void *a, const void *b)
{
	const Event *x = a;
	const Event *y = b;

	return x->day == y->day ? -smallest_first(a, b) : smallest_first(a, b);
}

/* The events of the current unit after a day. */
static int
collect_events(const CcCounter *counter, const CcTally *tally, CcDay begin, CcDay after, Event *events)
{
	int			n = 0;
	int			i,
				k;

	for (i = 0; i < counter->n_items; i++)
	{
		int			item = counter->items[i];

		for (k = 0; k < tally->scratch->n_picks[item]; k++)
		{
			const CcEntry *entry = tally->scratch->picks[tally->scratch->begin[item] + k].entry;

			if (entry->first < begin || (after != CC_DAY_FIRST && entry->first <= after))
				continue;
			events[n].day = entry->first;
			events[n].count = entry->count;
			events[n].amount = counter->of == CC_COUNTED_RECORDS ? CC_ONE : counter->of == CC_COUNTED_POINTS ? entry->points : -entry->points;
			n++;
		}
	}
	if (n > 1)
		qsort(events, n, sizeof(Event), counter->same_day == CC_SAME_DAY_LARGEST_FIRST ? largest_first : smallest_first);
	return n;
}

/* After an addition the steps are tried in the order of the file; then a reset, if one that fired says so. */
static void
try_steps(const CcPolicy *policy, const CcCounter *counter, int index, CcDay day, CcTally *tally, bool *fired_since, CcEventSink tell,
		  void *sink)
{
	bool		reset = false;
	int			i;

	for (i = 0; i < counter->n_steps; i++)
	{
		const CcStep *step = &policy->steps[counter->first_step + i];

		if (fired_since[i] || tally->counter[index] < step->at_least ||
			(step->resets != NULL && cc_holds(step->resets, NULL, tally) != CC_TRUE))
			continue;
		fired_since[i] = true;
		tally->fired[counter->first_step + i]++;
		tally->fires[counter->first_step + i] = tally->fired_on[counter->first_step + i] == day ? tally->fires[counter->first_step + i] + 1 : 1;
		tally->fired_on[counter->first_step + i] = day;
		reset |= step->reset;
		if (tell != NULL)
			tell(sink, day, 0, tally->counter[index], counter->first_step + i, false);
	}
	if (!reset)
		return;
	tally->counter[index] = 0;
	tally->resets[index]++;
	for (i = 0; i < counter->n_steps; i++)
		fired_since[i] = false;
	if (tell != NULL)
		tell(sink, day, 0, 0, -1, true);
}

static void
start_anew(const CcCounter *counter, int index, CcTally *tally)
{
	int			i;

	tally->counter[index] = 0;
	tally->resets[index] = 0;
	tally->scratch->counted_on[index] = CC_DAY_FIRST;
	for (i = 0; i < counter->n_steps; i++)
	{
		tally->fired[counter->first_step + i] = 0;
		tally->fired_on[counter->first_step + i] = CC_DAY_UNKNOWN;
		tally->scratch->fired_since[counter->first_step + i] = false;
	}
}

/*
 * Follows the events of one counter through the day: all of the unit, or, where none has gone and the unit is the same,
 * those that have begun since it was last followed. They are later than all others. Tells them if somebody listens.
 */
static void
follow(CcEnv *env, const CcPolicy *policy, int index, bool anew, CcTally *tally, CcEventSink tell, void *sink)
{
	const CcCounter *counter = &policy->counters[index];
	CcScratch  *scratch = tally->scratch;
	bool	   *fired_since = scratch->fired_since + counter->first_step;
	bool		together = counter->same_day == CC_SAME_DAY_TOGETHER || counter->same_day == CC_SAME_DAY_REFER;
	CcDay		begin = CC_DAY_FIRST;
	Event	   *events = scratch->list;
	int			n,
				i,
				k;

	if (anew)
		start_anew(counter, index, tally);
	scratch->counter_until[index] = CC_DAY_LAST;
	if (counter->unit_months > 0)
		cc_unit_around(counter->table, tally->day, &begin, &scratch->counter_until[index]);
	n = collect_events(counter, tally, begin, scratch->counted_on[index], events);
	scratch->counted_on[index] = tally->day;
	for (i = 0; i < n; i++)
	{
		bool		last_of_day = i + 1 == n || events[i + 1].day != events[i].day;

		if (counter->same_day == CC_SAME_DAY_REFER && !last_of_day && events[i + 1].amount != events[i].amount)
			tally->referred = true;
		for (k = 0; k < events[i].count; k++)
		{
			tally->counter[index] = cc_add(env, tally->counter[index], events[i].amount);
			if (tell != NULL)
				tell(sink, events[i].day, events[i].amount, tally->counter[index], -1, false);
			if (!together)
				try_steps(policy, counter, index, events[i].day, tally, fired_since, tell, sink);
		}
		if (together && last_of_day)
			try_steps(policy, counter, index, events[i].day, tally, fired_since, tell, sink);
	}
}

void
cc_count_events(CcEnv *env, const CcPolicy *policy, int index, bool anew, CcTally *tally)
{
	follow(env, policy, index, anew, tally, NULL, NULL);
}

/* Tells all events of the unit, whatever has been followed before. */
void
cc_follow_events(CcEnv *env, const CcPolicy *policy, int index, CcTally *tally, CcEventSink tell, void *sink)
{
	follow(env, policy, index, true, tally, tell, sink);
}
