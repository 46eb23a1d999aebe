/*
 * units.c -- a component that is the mean over sub-units of the subject
 *
 * rules/README.md, section 5, per: contracts, projects or vehicles by the unit of their records, or the months of the
 * cycle. Each unit is worked out as if it were the whole component.
 */
#include "tally.h"

#include <stdlib.h>
#include <string.h>

typedef char UnitFits[sizeof(CcUnitValue) <= CC_LIST_ELEMENT ? 1 : -1];

static int
by_key(const void *a, const void *b)
{
	uint64_t	x = ((const CcPick *) a)->unit;
	uint64_t	y = ((const CcPick *) b)->unit;

	return x < y ? -1 : x > y;
}

/* Units are the different values of unit among the records taken in an item, in the order of their keys. */
static int
units_of_item(const CcTally *tally, int item, bool weighted, CcUnitValue *units)
{
	CcScratch  *scratch = tally->scratch;
	int			begin = scratch->begin[item];
	int			n = scratch->n_picks[item];
	int			found = 0;
	int			i;

	memcpy(scratch->sorted, scratch->picks + begin, sizeof(CcPick) * n);
	for (i = 0; i < n; i++)
		scratch->sorted[i].unit = scratch->sorted[i].entry->unit;
	qsort(scratch->sorted, n, sizeof(CcPick), by_key);
	for (i = 0; i < n; i++)
	{
		const CcPick *pick = &scratch->sorted[i];

		if (pick->taken == 0 || pick->unit == 0)
			continue;
		if (found == 0 || units[found - 1].key != pick->unit)
		{
			units[found].key = pick->unit;
			units[found].first = CC_DAY_UNKNOWN;
			units[found].weight = 0;
			found++;
		}
		if (weighted && pick->entry->weight != CC_NUMBER_UNKNOWN)
			units[found - 1].weight += (__int128) pick->entry->weight * pick->taken;
	}
	return found;
}

/*
 * Units are the months (or quarters, halves) of the current cycle that have begun and in which the subject was enrolled;
 * so through the last day of the month, or of the cycle.
 */
static int
units_of_cycle(const CcPolicy *policy, const CcComponent *component, const CcTally *tally, CcUnitValue *units, CcDay *good_until)
{
	CcDay		cycle_first,
				cycle_last,
				first,
				last;
	int			found = 0;

	cc_unit_around(policy->cycle_table, tally->day, &cycle_first, &cycle_last);
	*good_until = cycle_last;
	for (first = cycle_first; first <= tally->day && first <= cycle_last; first = cc_day_shift(last, 1))
	{
		cc_unit_around(component->table, first, &first, &last);
		if (last >= tally->day && last < *good_until)
			*good_until = last;
		if (!cc_any_day(tally, 0, first, last < tally->day ? last : tally->day))
			continue;
		/* shifted so that no key is 0 */
		units[found].key = (uint64_t) ((int64_t) first - CC_DAY_MIN + 1);
		units[found].first = first;
		units[found].weight = 0;
		found++;
	}
	return found;
}

/* The unit to which a record belongs. */
static uint64_t
unit_of(const CcComponent *component, const CcEntry *entry)
{
	CcDay		first,
				last;

	if (component->per == CC_PER_UNIT)
		return entry->unit;
	cc_unit_around(component->table, entry->anchor, &first, &last);
	return (uint64_t) ((int64_t) first - CC_DAY_MIN + 1);
}

/* Adds to each unit what the item's records of that unit come to. */
static void
add_item(CcEnv *env, const CcPolicy *policy, const CcComponent *component, int i, CcTally *tally, CcUnitValue *units, int n_units)
{
	const CcItem *item = &policy->items[i];
	CcScratch  *scratch = tally->scratch;
	int			n = scratch->n_picks[i];
	int			next = 0;
	int			u,
				k;

	memcpy(scratch->sorted, scratch->picks + scratch->begin[i], sizeof(CcPick) * n);
	for (k = 0; k < n; k++)
		scratch->sorted[k].unit = unit_of(component, scratch->sorted[k].entry);
	qsort(scratch->sorted, n, sizeof(CcPick), by_key);
	for (u = 0; u < n_units; u++)
	{
		CcTaken		taken;
		int			begin;

		while (next < n && scratch->sorted[next].unit < units[u].key)
			next++;
		begin = next;
		while (next < n && scratch->sorted[next].unit == units[u].key)
			next++;
		cc_take(env, item, scratch->sorted + begin, next - begin, &taken);
		tally->referred |= taken.tie;
		units[u].value = cc_add(env, units[u].value, cc_item_sum(env, policy, item, taken.sum, next - begin, taken.count));
	}
}

/*
 * The units of a component with per, each with its value and weight; they are there until the next are asked for. Returns
 * their number. They are good until records of the component's items, or those that enrol, change, at longest through the
 * day that is told.
 */
int
cc_unit_values(CcEnv *env, const CcPolicy *policy, int index, CcTally *tally, CcUnitValue **found, CcDay *good_until)
{
	const CcComponent *component = &policy->components[index];
	CcUnitValue *units = tally->scratch->list;
	__int128	weights = 0;
	int			n,
				i;

	*good_until = CC_DAY_LAST;
	n = component->per == CC_PER_UNIT ? units_of_item(tally, component->per_item, component->mean != CC_MEAN_PLAIN, units) :
		units_of_cycle(policy, component, tally, units, good_until);
	for (i = 0; i < n; i++)
		units[i].value = component->base;
	for (i = 1; i < policy->n_items && n > 0; i++)
		if (policy->items[i].component == index)
			add_item(env, policy, component, i, tally, units, n);
	for (i = 0; i < n; i++)
		weights += units[i].weight;
	for (i = 0; i < n; i++)
	{
		if (weights == 0)
			units[i].weight = 1;
		units[i].before_limits = units[i].value;
		units[i].value = cc_within(units[i].value, component->floor, component->cap);
	}
	*found = units;
	return n;
}

/* The value of a component with per: the mean over its units, or what the file says where there is none. */
void
cc_unit_means(CcEnv *env, const CcPolicy *policy, int index, CcTally *tally, int64_t *value, CcDay *good_until)
{
	CcUnitValue *units;
	__int128	sum = 0,
				weights = 0;
	int			n = cc_unit_values(env, policy, index, tally, &units, good_until);
	int			i;

	*value = policy->components[index].empty;
	if (n == 0)
		return;
	for (i = 0; i < n; i++)
	{
		weights += units[i].weight;
		sum += units[i].value * units[i].weight;
	}
	*value = cc_round_ratio(env, sum, weights, cc_places(policy), policy->rounding);
}
