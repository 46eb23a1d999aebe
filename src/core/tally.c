/*
 * tally.c -- what a subject's records add up to on a day
 *
 * Step by step as in rules/README.md, section 2: counts, runs and counters; items about the outcome; sums; components;
 * values; score.
 */
#include "tally.h"

#include <string.h>

/* Memory for one tally; it serves many days and subjects of the policy. */
void
cc_tally_init(CcEnv *env, const CcPolicy *policy, CcTally *tally)
{
	int			items = policy->n_items;
	int			components = policy->n_components;
	size_t		wide = 2 * (size_t) items + 2 * components + policy->n_counters + policy->n_values;
	size_t		narrow = 2 * (size_t) items + policy->n_runs + policy->n_counters + 3 * policy->n_steps + policy->n_values;
	int64_t    *p = env->alloc(env, wide * sizeof(int64_t) + narrow * sizeof(int) + components * sizeof(bool) + 1);
	int		   *q = (int *) (p + wide);

	memset(tally, 0, sizeof(*tally));
	tally->policy = policy;
	tally->band = -1;
	tally->raw = p;
	tally->sum = p += items;
	tally->component = p += items;
	tally->component_raw = p += components;
	tally->counter = p += components;
	tally->value = p + policy->n_counters;
	tally->count = q;
	tally->offered = q += items;
	tally->run = q += items;
	tally->resets = q += policy->n_runs;
	tally->fired = q += policy->n_counters;
	tally->fired_on = q += policy->n_steps;
	tally->fires = q += policy->n_steps;
	tally->value_case = q += policy->n_steps;
	tally->present = (bool *) (q + policy->n_values);
	if (!policy->keeps)
		return;
	tally->scratch = env->alloc(env, sizeof(CcScratch));
	tally->scratch->begin = env->alloc(env, sizeof(int) * (items + 2));
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
	__int128	unit = denominator;
	__int128	whole,
				rest;
	int			i;

	for (i = places; i < CC_DECIMALS; i++)
		unit *= 10;
	if (unit < 0)
	{
		unit = -unit;
		numerator = -numerator;
	}
	whole = numerator / unit;
	rest = numerator % unit;
	if (rest < 0)
		rest = -rest;
	if (rest != 0 &&
		(rounding == CC_ROUND_AWAY_FROM_ZERO ||
		 (rounding == CC_ROUND_HALF_UP && rest >= unit - rest) ||
		 (rounding == CC_ROUND_HALF_EVEN && (rest > unit - rest || (rest == unit - rest && whole % 2 != 0)))))
		whole += numerator < 0 ? -1 : 1;
	for (i = places; i < CC_DECIMALS; i++)
		whole *= 10;
	if (whole > CC_NUMBER_MAX || whole < CC_NUMBER_MIN)
		env->fail(env, CC_FAIL_OUT_OF_RANGE, "a ratio is out of range");
	return (int64_t) whole;
}

static int
places_of(const CcPolicy *policy)
{
	return policy->has_score ? policy->decimals : CC_DECIMALS;
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
		raw = cc_round_ratio(env, raw, count, places_of(policy), policy->rounding);
	if (item->has_factor)
		raw = cc_multiply(env, raw, item->factor, places_of(policy), policy->rounding);
	return cc_within(raw, item->floor, item->cap);
}

/* ---- records ---- */

static void
make_room(CcEnv *env, CcScratch *scratch, int n)
{
	if (n <= scratch->room)
		return;
	scratch->room = n * 2;
	scratch->picks = env->alloc(env, sizeof(CcPick) * scratch->room);
	scratch->sorted = env->alloc(env, sizeof(CcPick) * scratch->room);
}

/* Sets the kept entries that count on the day side by side, item by item; offered already has their numbers. */
static void
sort_kept(CcEnv *env, const CcPolicy *policy, CcTally *tally, int n_kept)
{
	CcScratch  *scratch = tally->scratch;
	const CcState *state = tally->state;
	int			i;

	make_room(env, scratch, n_kept + 1);
	memset(scratch->begin, 0, sizeof(int) * (policy->n_items + 2));
	if (n_kept == 0)
		return;
	for (i = 0; i < state->n; i++)
		if (state->entries[i].kept && state->entries[i].first <= tally->day && tally->day <= state->entries[i].last)
			scratch->begin[state->entries[i].item + 2]++;
	for (i = 2; i < policy->n_items + 2; i++)
		scratch->begin[i] += scratch->begin[i - 1];
	/* begin[item + 1] is where the next entry of the item goes; at the end, where the item ends */
	for (i = 0; i < state->n; i++)
	{
		const CcEntry *entry = &state->entries[i];
		CcPick	   *pick;

		if (!entry->kept || entry->first > tally->day || tally->day > entry->last)
			continue;
		pick = &scratch->picks[scratch->begin[entry->item + 1]++];
		pick->entry = entry;
		pick->taken = 0;
		pick->unit = 0;
	}
}

/* Adds up the entries that count on the day, item by item. */
static void
add_records(CcEnv *env, const CcPolicy *policy, const CcState *state, CcTally *tally)
{
	int			n_kept = 0;
	int			i;

	memset(tally->raw, 0, sizeof(int64_t) * policy->n_items);
	memset(tally->count, 0, sizeof(int) * policy->n_items);
	for (i = 0; i < state->n; i++)
	{
		const CcEntry *entry = &state->entries[i];

		if (entry->first > tally->day || tally->day > entry->last)
			continue;
		tally->count[entry->item] += entry->count;
		if (entry->kept)
			n_kept++;
		else
			tally->raw[entry->item] = cc_add(env, tally->raw[entry->item], entry->points);
	}
	memcpy(tally->offered, tally->count, sizeof(int) * policy->n_items);
	if (!policy->keeps)
		return;
	sort_kept(env, policy, tally, n_kept);
	for (i = 0; i < policy->n_items && n_kept > 0; i++)
	{
		CcScratch  *scratch = tally->scratch;
		CcTaken		taken;

		if (!policy->items[i].kept || tally->offered[i] == 0)
			continue;
		cc_take(env, &policy->items[i], scratch->picks + scratch->begin[i], scratch->begin[i + 1] - scratch->begin[i], &taken);
		tally->raw[i] = taken.sum;
		tally->count[i] = taken.count;
		/* of a component per unit, ties are looked for inside each unit */
		if (taken.tie && (policy->items[i].component < 0 || policy->components[policy->items[i].component].per == CC_PER_NONE))
			tally->referred = true;
	}
}

/* ---- components and score ---- */

static void
add_components(CcEnv *env, const CcPolicy *policy, CcTally *tally)
{
	int			i;

	for (i = 0; i < policy->n_components; i++)
	{
		tally->component[i] = policy->components[i].base;
		tally->present[i] = policy->components[i].when == NULL || cc_holds(policy->components[i].when, NULL, tally) == CC_TRUE;
	}
	for (i = 1; i < policy->n_items; i++)
	{
		int			component = policy->items[i].component;

		if (component >= 0)
			tally->component[component] = cc_add(env, tally->component[component], tally->sum[i]);
	}
	for (i = 0; i < policy->n_components; i++)
	{
		const CcComponent *component = &policy->components[i];

		tally->component_raw[i] = tally->component[i];
		if (!tally->present[i])
			tally->component[i] = 0;
		else if (component->per != CC_PER_NONE)
			cc_unit_means(env, policy, i, tally, &tally->component[i]);
		else
			tally->component[i] = cc_within(tally->component[i], component->floor, component->cap);
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
	return cc_round_ratio(env, (__int128) rest * weights + sum, weights, places_of(policy), policy->rounding);
}

static void
add_score(CcEnv *env, const CcPolicy *policy, CcTally *tally)
{
	int64_t		score = policy->base;
	int			i;

	if (policy->score_of >= 0)
		score = tally->value[policy->score_of];
	else
	{
		for (i = 1; i < policy->n_items; i++)
			if (policy->items[i].component < 0)
				score = cc_add(env, score, tally->sum[i]);
		if (policy->n_components > 0)
			score = combine_components(env, policy, tally, score);
	}
	tally->before_limits = score;
	tally->score = cc_within(score, policy->floor, policy->cap);
}

/* Everything that is known before bands: counts, runs, counters, sums, components, values of these, the score. */
void
cc_tally(CcEnv *env, const CcPolicy *policy, const CcState *state, CcDay day, CcTally *tally)
{
	int			i;

	tally->state = state;
	tally->day = day;
	tally->band = -1;
	tally->referred = false;
	add_records(env, policy, state, tally);
	for (i = 0; i < policy->n_runs; i++)
		tally->run[i] = cc_run_length(&policy->runs[i], tally);
	for (i = 0; i < policy->n_counters; i++)
		cc_count_events(env, policy, i, tally);
	for (i = 0; i < policy->n_items; i++)
	{
		const CcItem *item = &policy->items[i];

		if (item->has_when)
		{
			tally->offered[i] = tally->count[i] = cc_holds(item->when, NULL, tally) == CC_TRUE;
			tally->raw[i] = tally->count[i] > 0 ? item->points.each : 0;
		}
		tally->sum[i] = cc_item_sum(env, policy, item, tally->raw[i], tally->offered[i], tally->count[i]);
	}
	add_components(env, policy, tally);
	if (policy->n_values > 0)
	{
		for (i = 0; i < policy->n_values; i++)
			tally->value[i] = CC_NUMBER_UNKNOWN;
		cc_values(env, policy, tally, 1, 2);
	}
	add_score(env, policy, tally);
}
