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

static int
collect_events(const CcPolicy *policy, const CcCounter *counter, const CcTally *tally, Event *events)
{
	CcDay		begin = CC_DAY_FIRST,
				end;
	int			n = 0;
	int			i,
				k;

	if (counter->unit_months > 0)
		cc_months_unit(tally->day, counter->unit_origin, counter->unit_months, &begin, &end);
	for (i = 0; i < counter->n_items; i++)
	{
		int			item = counter->items[i];

		for (k = tally->scratch->begin[item]; k < tally->scratch->begin[item + 1]; k++)
		{
			const CcEntry *entry = tally->scratch->picks[k].entry;

			if (entry->first < begin)
				continue;
			events[n].day = entry->first;
			events[n].count = entry->count;
			events[n].amount = counter->of == CC_COUNTED_RECORDS ? CC_ONE : counter->of == CC_COUNTED_POINTS ? entry->points : -entry->points;
			n++;
		}
	}
	(void) policy;
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

/* Follows the events of one counter through the day; tells them if somebody listens. */
void
cc_follow_events(CcEnv *env, const CcPolicy *policy, int index, CcTally *tally, CcEventSink tell, void *sink)
{
	const CcCounter *counter = &policy->counters[index];
	bool		together = counter->same_day == CC_SAME_DAY_TOGETHER || counter->same_day == CC_SAME_DAY_REFER;
	bool		fired_since[CC_MAX_STEPS] = {false};
	Event	   *events;
	int			n = 0;
	int			i,
				k;

	tally->counter[index] = 0;
	tally->resets[index] = 0;
	for (i = 0; i < counter->n_steps; i++)
	{
		tally->fired[counter->first_step + i] = 0;
		tally->fired_on[counter->first_step + i] = CC_DAY_UNKNOWN;
	}
	for (i = 0; i < counter->n_items; i++)
		n += tally->scratch->begin[counter->items[i] + 1] - tally->scratch->begin[counter->items[i]];
	if (n == 0)
		return;
	events = env->alloc(env, sizeof(Event) * n);
	n = collect_events(policy, counter, tally, events);
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
cc_count_events(CcEnv *env, const CcPolicy *policy, int index, CcTally *tally)
{
	cc_follow_events(env, policy, index, tally, NULL, NULL);
}
