/*
 * score.c -- components, score and derived values of a day (README 5)
 */
#include "day.h"

/* ------------------------------------- components and score of a day (README 5) */

/* Gives the value of a component over a share of its records. */
static Number
component_share(const Subject *subject, int c, Day *day, const Share *share)
{
	const Component *component = &policy.components[c];
	Number		value = component->base;
	int			count;
	int			i;

	for (i = 0; i < policy.nitems; i++)
		if (policy.items[i].component == c && policy.items[i].match != NULL)
			value += sum_of_item(subject, i, day->on, share, &count, &day->referred);
	return keep(component->limits, value);
}

/* Gives what a sub-unit weighs by the records that make it one. */
static Number
weight_of_unit(const Taken *units, const char *unit, Weighing weigh)
{
	int			term = weigh == WEIGH_AMOUNT ? R_AMOUNT : R_QUANTITY;
	Number		sum = 0;
	int			i;

	for (i = 0; i < units->n; i++)
	{
		const Value *values = units->list[i]->fact->values;

		if (values[R_UNIT].known && same(values[R_UNIT].text, unit) && values[term].known)
			sum += values[term].number;
	}
	return sum;
}

/* Gives the mean over the different units of the records of an item. */
static Number
mean_over_units(const Subject *subject, int c, Day *day)
{
	static Taken units;
	static const Share all;
	const Component *component = &policy.components[c];
	Weighing	weigh = component->weigh;
	__int128	weighted = 0;
	__int128	sum = 0;
	__int128	weights = 0;
	int			n = 0;
	int			i;
	int			j;

	if (!has(weigh == WEIGH_QUANTITY ? C_by_quantity : C_by_amount))
		weigh = WEIGH_PLAIN;
	take(subject, component->per_item, day->on, &all, &units);
	for (i = 0; i < units.n; i++)
	{
		Value		unit = units.list[i]->fact->values[R_UNIT];
		Share		share = {unit.text, false, {0, 0}};
		bool		seen = !unit.known;
		Number		value;
		Number		weight;

		for (j = 0; j < i && !seen; j++)
			seen = units.list[j]->fact->values[R_UNIT].known &&
				same(units.list[j]->fact->values[R_UNIT].text, unit.text);
		if (seen)
			continue;
		value = component_share(subject, c, day, &share);
		weight = weigh == WEIGH_PLAIN ? 0 : weight_of_unit(&units, unit.text, weigh);
		n++;
		sum += value;
		weighted += (__int128) value * weight;
		weights += weight;
	}
	if (n == 0)
		return has(C_empty) ? component->empty : 0;
	return weights == 0 ? divide_score(sum, n) : divide_score(weighted, weights);
}

/* Gives the mean over the units of the current cycle that have begun. */
static Number
mean_over_calendar(const Subject *subject, int c, Day *day)
{
	const Component *component = &policy.components[c];
	Share		share = {NULL, true, unit_of(component->per, cycle_unit(day->on).first)};
	__int128	sum = 0;
	int			n = 0;

	for (; share.days.first <= day->on; share.days = unit_of(component->per, share.days.last + 1))
	{
		Interval	begun = share.days;

		if (begun.last > day->on)
			begun.last = day->on;
		if (days_counting(subject, ENROLLED, begun) == 0)
			continue;
		sum += component_share(subject, c, day, &share);
		n++;
	}
	return n == 0 ? component->empty : divide_score(sum, n);
}

void
add_up_components(const Subject *subject, Day *day)
{
	int			c;
	int			i;

	for (c = 0; c < policy.ncomponents; c++)
	{
		const Component *component = &policy.components[c];
		Number		value = component->base;

		day->components[c] = 0;
		day->present[c] = component->when == NULL || !has(C_component_when) ||
			holds(component->when, subject, day);
		if (!day->present[c])
			continue;
		if (component->per_units && has(C_per_units))
			value = mean_over_units(subject, c, day);
		else if (component->per_calendar && has(C_per_calendar))
			value = mean_over_calendar(subject, c, day);
		else
		{
			for (i = 0; i < policy.nitems; i++)
				if (policy.items[i].component == c)
					value += day->sums[i];
			if ((component->limits.has_floor || component->limits.has_cap) && has(C_component_limits))
				value = keep(component->limits, value);
		}
		day->components[c] = value;
	}
}

void
work_out_score(const Subject *subject, Day *day)
{
	__int128	weighted = 0;
	__int128	weights = 0;
	Number		plain = policy.base;
	int			i;

	if (!policy.has_score)
		return;
	for (i = 0; i < policy.nitems; i++)
		if (policy.items[i].component < 0)
			plain += day->sums[i];
	for (i = 0; i < policy.ncomponents; i++)
		if (day->present[i])
		{
			Number		weight = policy.components[i].weight;

			if (weight != ONE && !has(C_weight))
				weight = ONE;
			weighted += (__int128) day->components[i] * weight;
			weights += weight;
		}
	if (policy.has_of && has(C_score_of))
		day->out.score = look_up(&policy.of, subject, NULL, day).number;
	else if (!policy.weighted_mean || !has(C_weighted_mean))
		day->out.score = divide_score((__int128) plain * ONE + weighted, ONE);
	else if (weights == 0)
		day->out.score = plain;
	else
		day->out.score = divide_score(plain * weights + weighted, weights);
	if ((policy.limits.has_floor || policy.limits.has_cap) && has(C_score_limits))
		day->out.score = keep(policy.limits, day->out.score);
}

/* -------------------------------------------- values derived of a day (README 5) */

static bool
value_of_cases(const Subject *subject, const Derived *value, const Day *day, Number *result)
{
	int			i;

	*result = value->otherwise;
	for (i = 0; i < value->ncases && has(C_value_cases); i++)
	{
		Truth		truth = truth_of(value->cases[i].when, subject, NULL, day);

		if (truth == UNKNOWN && has(C_value_unknown))
			return false;
		if (truth == YES)
		{
			*result = value->cases[i].points;
			break;
		}
	}
	*result = divide(*result, 1, value->decimals, value->round);
	return true;
}

static bool
value_of(const Subject *subject, const Derived *value, const Day *day, Number *result)
{
	Number		n[MAX_PARTS];
	__int128	sum = 0;
	Number		least;
	Number		greatest;
	int			i;

	if (value->kind == VALUE_CASES)
		return value_of_cases(subject, value, day, result);
	n[0] = n[1] = 0;
	for (i = 0; i < value->nterms; i++)
	{
		Value		known = look_up(&value->terms[i], subject, NULL, day);

		if (!known.known)
			return false;
		n[i] = known.number;
		sum += n[i];
	}
	least = greatest = n[0];
	for (i = 1; i < value->nterms; i++)
	{
		least = n[i] < least ? n[i] : least;
		greatest = n[i] > greatest ? n[i] : greatest;
	}
	switch (value->kind)
	{
		case VALUE_RATIO:
			if (n[1] == 0)
				*result = has(C_over_zero) ? divide(value->otherwise, 1, value->decimals, value->round) : 0;
			else
				*result = has(C_ratio) ? divide((__int128) n[0] * value->times, n[1], value->decimals, value->round) : 0;
			break;
		case VALUE_SUM:
			*result = has(C_value_sum) ? divide(sum, 1, value->decimals, value->round) : 0;
			break;
		case VALUE_MEAN:
			*result = has(C_value_mean) ? divide(sum, value->nterms, value->decimals, value->round) : 0;
			break;
		case VALUE_LEAST:
			*result = divide(has(C_least) ? least : greatest, 1, value->decimals, value->round);
			break;
		case VALUE_GREATEST:
			*result = divide(has(C_greatest) ? greatest : least, 1, value->decimals, value->round);
			break;
		case VALUE_LINEAR:
			*result = has(C_linear) ? divide((__int128) n[0] * value->times + (__int128) value->plus * ONE, ONE,
											 value->decimals, value->round) : 0;
			break;
		case VALUE_CASES:
			break;
	}
	return true;
}

/* Derives the values of a step of README 2, in the order of the file. */
void
derive_values(const Subject *subject, Day *day, int step)
{
	int			i;

	for (i = 0; i < policy.nvalues; i++)
	{
		const Derived *value = &policy.values[i];
		Number		number = 0;

		if (value->step != step)
			continue;
		day->out.values[i].known = (!value->at_rating || in_rating || !has(C_at_rating)) &&
			value_of(subject, value, day, &number);
		day->out.values[i].number = day->out.values[i].known ? number : 0;
	}
}
