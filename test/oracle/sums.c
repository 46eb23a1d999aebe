/*
 * sums.c -- what the items of a day come to, its runs and its counters (README 4 and 5)
 */
#include "day.h"

/* --------------------------------------------------- sums of a day (README 4) */

static bool
in_share(const Contribution *contribution, const Share *share)
{
	Value		unit = contribution->fact->values[R_UNIT];

	if (share->unit != NULL && (!unit.known || !same(unit.text, share->unit)))
		return false;
	return !share->has_days ||
		(share->days.first <= contribution->anchor && contribution->anchor <= share->days.last);
}

/* Orders by anchor, then by points, fewest first. */
static int
by_anchor(const void *a, const void *b)
{
	const Contribution *one = *(const Contribution *const *) a;
	const Contribution *other = *(const Contribution *const *) b;

	if (one->anchor != other->anchor)
		return one->anchor < other->anchor ? -1 : 1;
	return one->points < other->points ? -1 : one->points > other->points;
}

/* Tells whether a is to be kept rather than b. */
static bool
rather(TakeKind keep, const Contribution *a, const Contribution *b)
{
	switch (keep)
	{
		case TAKE_HIGHEST:
			return a->points > b->points;
		case TAKE_LOWEST:
			return a->points < b->points;
		case TAKE_LATEST:
			return a->anchor > b->anchor || (a->anchor == b->anchor && a->points < b->points);
		case TAKE_EARLIEST:
			return a->anchor < b->anchor || (a->anchor == b->anchor && a->points < b->points);
		default:
			die("cannot keep so");
	}
	return false;
}

/* Leaves one record of a list. */
static void
leave_one(Taken *taken, TakeKind keep)
{
	int			i;

	for (i = 1; i < taken->n; i++)
		if (rather(keep, taken->list[i], taken->list[0]))
			taken->list[0] = taken->list[i];
	if (taken->n > 1)
		taken->n = 1;
}

/* Leaves the latest or earliest; several on that day are a tie. */
static void
leave_by_day(Taken *taken, const Take *take)
{
	int			day;
	bool		differ = false;
	int			n = 0;
	int			i;

	if (taken->n == 0)
		return;
	day = taken->list[0]->anchor;
	for (i = 1; i < taken->n; i++)
		if (take->kind == TAKE_LATEST ? taken->list[i]->anchor > day : taken->list[i]->anchor < day)
			day = taken->list[i]->anchor;
	for (i = 0; i < taken->n; i++)
		if (taken->list[i]->anchor == day)
			taken->list[n++] = taken->list[i];
	taken->n = n;
	for (i = 1; i < n; i++)
		if (taken->list[i]->points != taken->list[0]->points)
			differ = true;
	if (take->tie == TAKE_ALL && differ && has(C_tie_refer))
		taken->referred = true;
	/* a tie that is referred is reckoned with the fewest points */
	leave_one(taken, take->tie == TAKE_HIGHEST && has(C_tie) ? TAKE_HIGHEST : TAKE_LOWEST);
}

/* Of the records with the same value of a term leaves one. */
static void
leave_once_per(Taken *taken, const Take *take)
{
	static Taken same_value;
	static Taken result;
	TakeKind	keep = take->keep;
	int			i;
	int			j;

	if (!has(C_keep))
		keep = keep == TAKE_HIGHEST ? TAKE_LOWEST : keep == TAKE_LOWEST ? TAKE_HIGHEST :
			keep == TAKE_LATEST ? TAKE_EARLIEST : TAKE_LATEST;
	result.n = 0;
	for (i = 0; i < taken->n; i++)
	{
		Value		value = taken->list[i]->fact->values[take->term];
		bool		seen = false;

		same_value.n = 0;
		for (j = 0; j < taken->n; j++)
		{
			Value		other = taken->list[j]->fact->values[take->term];

			/* a record without the value stands alone */
			if (j == i || (value.known && other.known && same(value.text, other.text)))
			{
				same_value.list[same_value.n++] = taken->list[j];
				if (j < i)
					seen = true;
			}
		}
		if (seen)
			continue;
		leave_one(&same_value, keep);
		result.list[result.n++] = same_value.list[0];
	}
	taken->n = result.n;
	memcpy(taken->list, result.list, sizeof(result.list[0]) * (size_t) result.n);
}

void
take(const Subject *subject, int i, int on, const Share *share, Taken *taken)
{
	const Contributions *all = &subject->items[i];
	const Take *rule = &policy.items[i].take;
	int			c;

	taken->n = 0;
	taken->referred = false;
	for (c = 0; c < all->n; c++)
		if (all->list[c].first <= on && on <= all->list[c].last && in_share(&all->list[c], share))
		{
			if (taken->n == MAX_UNITS)
				die("too many records");
			taken->list[taken->n++] = &all->list[c];
		}
	taken->counting = taken->n;
	switch (rule->kind)
	{
		case TAKE_ALL:
			break;
		case TAKE_MEAN:
			break;
		case TAKE_LATEST:
			if (has(C_latest))
				leave_by_day(taken, rule);
			break;
		case TAKE_EARLIEST:
			if (has(C_earliest))
				leave_by_day(taken, rule);
			break;
		case TAKE_HIGHEST:
			if (has(C_highest))
				leave_one(taken, TAKE_HIGHEST);
			break;
		case TAKE_LOWEST:
			if (has(C_lowest))
				leave_one(taken, TAKE_LOWEST);
			break;
		case TAKE_ONCE_PER:
			if (has(C_once_per))
				leave_once_per(taken, rule);
			break;
		case TAKE_AFTER_FIRST:
			if (!has(C_after_first))
				break;
			qsort(taken->list, (size_t) taken->n, sizeof(taken->list[0]), by_anchor);
			c = rule->spared < taken->n ? rule->spared : taken->n;
			taken->n -= c;
			memmove(taken->list, taken->list + c, sizeof(taken->list[0]) * (size_t) taken->n);
			break;
	}
}

/* Gives the sum of an item, over a share of its records. */
Number
sum_of_item(const Subject *subject, int i, int on, const Share *share, int *count, bool *referred)
{
	static Taken taken;
	const Item *item = &policy.items[i];
	Number		sum = 0;
	int			c;

	take(subject, i, on, share, &taken);
	if (taken.referred)
		*referred = true;
	*count = taken.n;
	if (taken.counting == 0)
		return item->has_absent && has(C_absent) ? item->absent : 0;
	for (c = 0; c < taken.n; c++)
		sum += taken.list[c]->points;
	if (item->take.kind == TAKE_MEAN && has(C_mean))
		sum = divide_score(sum, taken.n);
	if (item->has_factor && has(C_factor))
		sum = divide_score((__int128) sum * item->factor, ONE);
	if ((item->limits.has_floor || item->limits.has_cap) && has(C_item_limits))
		sum = keep(item->limits, sum);
	return sum;
}

static bool
is_per(int component)
{
	return component >= 0 && (policy.components[component].per_units || policy.components[component].per_calendar);
}

/*
 * Sums up the items about records.  In a component over sub-units only ties
 * within one of them are referred.
 */
void
sum_items(const Subject *subject, Day *day)
{
	static const Share all;
	const Contributions *enrolments = &subject->items[ENROLLED];
	bool		ignored;
	int			i;

	day->enrolled = 0;
	for (i = 0; i < enrolments->n; i++)
		if (enrolments->list[i].first <= day->on && day->on <= enrolments->list[i].last)
			day->enrolled++;
	for (i = 0; i < policy.nitems; i++)
	{
		day->counts[i] = 0;
		day->sums[i] = 0;
		if (policy.items[i].match != NULL)
			day->sums[i] = sum_of_item(subject, i, day->on, &all, &day->counts[i],
									   is_per(policy.items[i].component) ? &ignored : &day->referred);
	}
}

/* -------------------------------------- runs and counters of a day (README 5) */

/* Tells whether a run goes on in a unit, or in what there is of it. */
static bool
run_meets(const Subject *subject, const Run *run, Interval unit)
{
	bool		some = days_counting(subject, run->of, unit) > 0;

	if (run->without && has(C_run_without) ? some : !some)
		return false;
	return !run->has_while || !has(C_run_while) || counts_on_all(subject, run->during, unit);
}

int
length_of_run(const Subject *subject, const Run *run, int on)
{
	Interval	unit = unit_of(run->per, on);
	Interval	so_far = {unit.first, on};
	int			n = 0;

	if (!has(C_run))
		return 0;
	if (run->through_this && has(C_run_through))
	{
		if (!run_meets(subject, run, so_far))
			return 0;
		n = 1;
	}
	while (n < run->at_most || (n < run->at_most + 3 && !has(C_at_most)))
	{
		unit = unit_of(run->per, unit.first - 1);
		if (!run_meets(subject, run, unit))
			break;
		n++;
	}
	return n;
}

typedef struct Event
{
	int			on;
	Number		adds;
} Event;

static int
by_day_smallest(const void *a, const void *b)
{
	const Event *one = a;
	const Event *other = b;

	if (one->on != other->on)
		return one->on < other->on ? -1 : 1;
	return one->adds < other->adds ? -1 : one->adds > other->adds;
}

static int
by_day_largest(const void *a, const void *b)
{
	const Event *one = a;
	const Event *other = b;

	if (one->on != other->on)
		return one->on < other->on ? -1 : 1;
	return one->adds > other->adds ? -1 : one->adds < other->adds;
}

/* Tries the steps of a counter after an addition. */
static void
try_steps(int c, Day *day, bool *since_reset, int on)
{
	bool		reset = false;
	int			s;

	for (s = 0; s < policy.nsteps; s++)
	{
		const Step *step = &policy.steps[s];
		Value		resets = {true, (Number) day->resets[c] * ONE, NULL};

		if (step->counter != c || since_reset[s] || day->counters[c] < step->at_least)
			continue;
		if (step->resets != NULL && has(C_resets) && truth_of_test(step->resets, resets) != YES)
			continue;
		since_reset[s] = true;
		day->fired[s]++;
		day->fired_on[s] = on;
		day->fires[s] += on == day->on;
		if (step->reset && has(C_reset))
			reset = true;
	}
	if (!reset)
		return;
	day->counters[c] = 0;
	day->resets[c]++;
	memset(since_reset, 0, sizeof(bool) * MAX_PARTS);
}

/* Gives the events of a counter on a day, in the order in which they count. */
static int
events_of(const Subject *subject, const Counter *counter, int on, Event *events)
{
	Interval	unit = unit_of(counter->per, on);
	bool		largest = false;
	int			n = 0;
	int			i;
	int			c;

	if (!has(C_counter_per))
		unit.first = 0;
	for (i = 0; i < policy.nitems; i++)
		for (c = 0; counter->items[i] && c < subject->items[i].n; c++)
		{
			const Contribution *one = &subject->items[i].list[c];

			if (one->first > on || one->last < on || one->first < unit.first)
				continue;
			if (n == MAX_UNITS)
				die("too many events");
			events[n].on = one->first;
			events[n].adds = counter->of == OF_COUNT || !has(C_counter_points) ? ONE :
				counter->of == OF_POINTS ? one->points : -one->points;
			n++;
		}
	if (counter->same_day == DAY_LARGEST_FIRST)
		largest = has(C_largest_first);
	if (counter->same_day == DAY_SMALLEST_FIRST)
		largest = !has(C_smallest_first);
	qsort(events, (size_t) n, sizeof(Event), largest ? by_day_largest : by_day_smallest);
	return n;
}

void
follow_counter(const Subject *subject, int c, Day *day)
{
	static Event events[MAX_UNITS];
	const Counter *counter = &policy.counters[c];
	bool		since_reset[MAX_PARTS] = {false};
	int			n;
	int			e;

	day->counters[c] = 0;
	day->resets[c] = 0;
	if (!has(C_counter))
		return;
	n = events_of(subject, counter, day->on, events);
	for (e = 0; e < n; e++)
	{
		bool		more_today = e + 1 < n && events[e + 1].on == events[e].on;

		if (more_today && counter->same_day == DAY_REFER && events[e + 1].adds != events[e].adds &&
			has(C_same_day_refer))
			day->referred = true;
		day->counters[c] += events[e].adds;
		if (more_today && (counter->same_day == DAY_REFER || (counter->same_day == DAY_TOGETHER && has(C_together))))
			continue;
		try_steps(c, day, since_reset, events[e].on);
	}
}

/* Adds up the items about the outcome, in the order of the file. */
void
sum_bonuses(const Subject *subject, Day *day)
{
	int			i;

	for (i = 0; i < policy.nitems; i++)
	{
		const Item *item = &policy.items[i];

		if (item->when == NULL || !holds(item->when, subject, day) || !has(C_item_when))
			continue;
		day->counts[i] = 1;
		day->sums[i] = keep(item->limits, item->points.each);
	}
}
