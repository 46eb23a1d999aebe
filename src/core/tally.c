/*
 * tally.c -- what a subject's records add up to on a day
 *
 * Step by step as in rules/README.md, section 2: counts, runs and counters; items about the outcome; sums; components;
 * values; score.
 */
#include "tally.h"

#include <string.h>

static void *
take_part(char **memory, size_t n, size_t size)
{
	void	   *part = *memory;

	*memory += n * size;
	return part;
}

/* Memory for what is known of items, components, runs and so on, the widest elements first. */
static void
lay_out(CcEnv *env, const CcPolicy *policy, CcTally *tally)
{
	size_t		items = policy->n_items;
	size_t		components = policy->n_components;
	size_t		wide = 2 * items + 3 * components + policy->n_counters + policy->n_values;
	size_t		narrow = 3 * items + 2 * policy->n_runs + 3 * policy->n_counters + 3 * policy->n_steps + policy->n_values + components;
	size_t		bools = 3 * items + 2 * components + policy->n_counters + policy->n_steps;
	char	   *p = env->alloc(env, sizeof(CcScratch) + wide * sizeof(int64_t) + narrow * sizeof(int) + bools);
	CcScratch  *scratch = take_part(&p, 1, sizeof(CcScratch));

	tally->scratch = scratch;
	tally->raw = take_part(&p, items, sizeof(int64_t));
	tally->sum = take_part(&p, items, sizeof(int64_t));
	tally->component = take_part(&p, components, sizeof(int64_t));
	tally->component_raw = take_part(&p, components, sizeof(int64_t));
	scratch->mean = take_part(&p, components, sizeof(int64_t));
	tally->counter = take_part(&p, policy->n_counters, sizeof(int64_t));
	tally->value = take_part(&p, policy->n_values, sizeof(int64_t));
	tally->count = take_part(&p, items, sizeof(int));
	tally->offered = take_part(&p, items, sizeof(int));
	scratch->changed = take_part(&p, items, sizeof(int));
	tally->run = take_part(&p, policy->n_runs, sizeof(int));
	scratch->run_until = take_part(&p, policy->n_runs, sizeof(CcDay));
	tally->resets = take_part(&p, policy->n_counters, sizeof(int));
	scratch->counter_until = take_part(&p, policy->n_counters, sizeof(CcDay));
	scratch->counted_on = take_part(&p, policy->n_counters, sizeof(CcDay));
	tally->fired = take_part(&p, policy->n_steps, sizeof(int));
	tally->fired_on = take_part(&p, policy->n_steps, sizeof(CcDay));
	tally->fires = take_part(&p, policy->n_steps, sizeof(int));
	tally->value_case = take_part(&p, policy->n_values, sizeof(int));
	scratch->mean_until = take_part(&p, components, sizeof(CcDay));
	tally->present = take_part(&p, components, sizeof(bool));
	scratch->stale = take_part(&p, items, sizeof(bool));
	scratch->lost = take_part(&p, items, sizeof(bool));
	scratch->fired_since = take_part(&p, policy->n_steps, sizeof(bool));
	scratch->tied = take_part(&p, items + policy->n_counters + components, sizeof(bool));
}

/* A tally of the state for days from the given one on: nothing is worked out yet. */
void
cc_tally_init(CcEnv *env, const CcPolicy *policy, const CcState *state, CcDay day, CcTally *tally)
{
	int			i;

	memset(tally, 0, sizeof(*tally));
	tally->policy = policy;
	tally->state = state;
	tally->day = day;
	tally->band = -1;
	lay_out(env, policy, tally);
	for (i = 0; i < policy->n_components; i++)
		tally->component_raw[i] = policy->components[i].base;
	for (i = 0; i < policy->n_runs; i++)
		tally->scratch->run_until[i] = CC_DAY_FIRST;
	for (i = 0; i < policy->n_counters; i++)
		tally->scratch->counter_until[i] = CC_DAY_FIRST;
	for (i = 0; i < policy->n_components; i++)
		tally->scratch->mean_until[i] = CC_DAY_FIRST;
	cc_timeline_begin(env, policy, tally);
}

int64_t
cc_within(int64_t value, int64_t floor, int64_t cap)
{
	return value < floor ? floor : value > cap ? cap : value;
}

/* numerator / denominator, in 1/10000, rounded to the given places; the denominator is not 0. */
int64_t
cc_round_ratio(CcEnv *env, __int128 numerator, __int128 denominator, int places, CcRounding rounding)
{
	int64_t		unit = 1;		/* of the wanted places, in 1/10000 */
	__int128	whole;
	int			i;

	for (i = places; i < CC_DECIMALS; i++)
		unit *= 10;
	if (denominator < 0)
	{
		denominator = -denominator;
		numerator = -numerator;
	}
	whole = cc_divide(numerator, denominator * unit, rounding) * unit;
	if (whole > CC_NUMBER_MAX || whole < CC_NUMBER_MIN)
		env->fail(env, CC_FAIL_OUT_OF_RANGE, "a ratio is out of range");
	return (int64_t) whole;
}

/*
 * An item's sum from the points of the records taken: mean, factor, floor and cap, in this order; or what stands for no
 * record that counts.
 */
int64_t
cc_item_sum(CcEnv *env, const CcPolicy *policy, const CcItem *item, int64_t raw, int offered, int count)
{
	if (offered == 0)
		return item->has_absent ? item->absent : 0;
	if (item->take.kind == CC_TAKE_MEAN)
		raw = cc_round_ratio(env, raw, count, cc_places(policy), policy->rounding);
	if (item->has_factor)
		raw = cc_multiply(env, raw, item->factor, cc_places(policy), policy->rounding);
	return cc_within(raw, item->floor, item->cap);
}

/* ---- records ---- */

/* Chooses anew among the records of items in which some have begun or ended; where all are taken they are. */
static void
take_records(CcEnv *env, const CcPolicy *policy, CcTally *tally)
{
	CcScratch  *scratch = tally->scratch;
	int			k;

	for (k = 0; k < scratch->n_changed; k++)
	{
		int			i = scratch->changed[k];
		const CcItem *item = &policy->items[i];
		CcTaken		taken;

		tally->count[i] = tally->offered[i];
		if (item->takes_all)
			continue;
		cc_take(env, item, scratch->picks + scratch->begin[i], scratch->n_picks[i], &taken);
		tally->raw[i] = taken.sum;
		tally->count[i] = taken.count;
		/* of a component per unit, ties are looked for inside each unit */
		scratch->tied[i] = taken.tie && (item->component < 0 || policy->components[item->component].per == CC_PER_NONE);
	}
}

/* Runs and counters, where a new unit has begun or what they are about has changed. */
static void
look_at_units(CcEnv *env, const CcPolicy *policy, CcTally *tally)
{
	CcScratch  *scratch = tally->scratch;
	int			i,
				k;

	for (i = 0; i < policy->n_runs; i++)
		if (tally->day > scratch->run_until[i])
			tally->run[i] = cc_run_length(&policy->runs[i], tally, &scratch->run_until[i]);
	for (i = 0; i < policy->n_counters; i++)
	{
		const CcCounter *counter = &policy->counters[i];
		bool		anew = tally->day > scratch->counter_until[i];
		bool		more = false;

		for (k = 0; k < counter->n_items; k++)
		{
			anew |= scratch->lost[counter->items[k]];
			more |= scratch->stale[counter->items[k]];
		}
		if (!anew && !more)
			continue;
		tally->referred = !anew && scratch->tied[policy->n_items + i];
		cc_count_events(env, policy, i, anew, tally);
		scratch->tied[policy->n_items + i] = tally->referred;
	}
}

/* ---- components and score ---- */

/* The mean over a component's units, worked out anew if records of its items changed or another unit has begun. */
static int64_t
mean_over_units(CcEnv *env, const CcPolicy *policy, int index, CcTally *tally)
{
	const CcComponent *component = &policy->components[index];
	CcScratch  *scratch = tally->scratch;
	/* months are units of the mean if the subject was enrolled in them */
	bool		stale = tally->day > scratch->mean_until[index] || scratch->stale[component->per == CC_PER_UNIT ? component->per_item : 0];
	int			i;

	for (i = 1; i < policy->n_items; i++)
		stale |= policy->items[i].component == index && scratch->stale[i];
	if (stale)
	{
		tally->referred = false;
		cc_unit_means(env, policy, index, tally, &scratch->mean[index], &scratch->mean_until[index]);
		scratch->tied[policy->n_items + policy->n_counters + index] = tally->referred;
	}
	return scratch->mean[index];
}

static void
add_components(CcEnv *env, const CcPolicy *policy, CcTally *tally)
{
	CcScratch  *scratch = tally->scratch;
	int			i;

	for (i = 0; i < policy->n_components; i++)
	{
		const CcComponent *component = &policy->components[i];

		tally->present[i] = component->when == NULL || cc_holds(component->when, NULL, tally) == CC_TRUE;
		if (!tally->present[i])
		{
			tally->component[i] = 0;
			scratch->tied[policy->n_items + policy->n_counters + i] = false;
			scratch->mean_until[i] = CC_DAY_FIRST;	/* not followed meanwhile */
		}
		else if (component->per == CC_PER_NONE)
			tally->component[i] = cc_within(tally->component_raw[i], component->floor, component->cap);
		else
			tally->component[i] = mean_over_units(env, policy, i, tally);
	}
}

/* The score of the rest and of the components' weighted sum or mean, rounded once. */
static int64_t
combine_components(CcEnv *env, const CcPolicy *policy, const CcTally *tally, int64_t rest)
{
	__int128	sum = 0;
	int64_t		weights = 0;
	int			i;

	for (i = 0; i < policy->n_components; i++)
	{
		if (!tally->present[i])
			continue;
		sum += (__int128) tally->component[i] * policy->components[i].weight;
		weights += policy->components[i].weight;
	}
	if (!policy->weighted_mean)
		weights = CC_ONE;
	if (weights == 0)
		return rest;
	return cc_round_ratio(env, (__int128) rest * weights + sum, weights, cc_places(policy), policy->rounding);
}

static void
add_score(CcEnv *env, const CcPolicy *policy, CcTally *tally)
{
	int64_t		score = policy->base;

	if (policy->score_of >= 0)
		score = tally->value[policy->score_of];
	else
	{
		score = cc_add(env, score, tally->scratch->rest);
		if (policy->n_components > 0)
			score = combine_components(env, policy, tally, score);
	}
	tally->before_limits = score;
	tally->score = cc_within(score, policy->floor, policy->cap);
}

/* An item's sum, and what it adds to its component or to the rest: the difference from what it was. */
static void
sum_item(CcEnv *env, const CcPolicy *policy, int i, CcTally *tally)
{
	const CcItem *item = &policy->items[i];
	int64_t		sum = cc_item_sum(env, policy, item, tally->raw[i], tally->offered[i], tally->count[i]);
	int64_t    *total = item->component < 0 ? &tally->scratch->rest : &tally->component_raw[item->component];

	if (sum == tally->sum[i])
		return;
	/* item 0 enrols and has no points */
	*total = cc_add(env, cc_add(env, *total, -tally->sum[i]), sum);
	tally->sum[i] = sum;
}

static void
sum_items(CcEnv *env, const CcPolicy *policy, CcTally *tally)
{
	int			k;

	for (k = 0; k < tally->scratch->n_changed; k++)
		if (!policy->items[tally->scratch->changed[k]].has_when)
			sum_item(env, policy, tally->scratch->changed[k], tally);
	/* these ask for records of any item, and for what stands above them */
	for (k = 0; k < policy->n_with_when; k++)
	{
		int			i = policy->with_when[k];

		tally->offered[i] = tally->count[i] = cc_holds(policy->items[i].when, NULL, tally) == CC_TRUE;
		tally->raw[i] = tally->count[i] > 0 ? policy->items[i].points.each : 0;
		sum_item(env, policy, i, tally);
	}
}

/*
 * Everything that is known before bands: counts, runs, counters, sums, components, values of these, the score. The day is
 * not before the one that the tally was for so far.
 */
void
cc_tally(CcEnv *env, const CcPolicy *policy, CcDay day, CcTally *tally)
{
	CcScratch  *scratch = tally->scratch;
	int			i;

	tally->band = -1;
	cc_timeline_advance(env, policy, day, tally);
	take_records(env, policy, tally);
	look_at_units(env, policy, tally);
	sum_items(env, policy, tally);
	add_components(env, policy, tally);
	tally->referred = memchr(scratch->tied, true, policy->n_items + policy->n_counters + policy->n_components) != NULL;
	cc_timeline_settle(tally);
	if (policy->n_values > 0)
	{
		for (i = 0; i < policy->n_values; i++)
			tally->value[i] = CC_NUMBER_UNKNOWN;
		cc_values(env, policy, tally, 1, 2);
	}
	add_score(env, policy, tally);
}
