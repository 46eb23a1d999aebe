/*
 * terms.c -- which terms of a record a measure looks at
 *
 * For readers of many records, who need not fetch the others. What no condition, window, points or taking of the measure
 * names cannot bear on its outcome.
 */
#include "terms.h"

/* Terms of a condition over a record; none of an item that is about the outcome. */
static uint64_t
of_condition(const CcCondition *condition)
{
	uint64_t	terms = 0;
	int			i;

	if (condition == NULL)
		return 0;
	switch (condition->kind)
	{
		case CC_COND_ALL:
		case CC_COND_ANY:
		case CC_COND_NOT:
			for (i = 0; i < condition->n; i++)
				terms |= of_condition(condition->parts[i]);
			return terms;
		default:
			return CC_TERM_BIT(condition->term);
	}
}

static uint64_t
of_points(const CcPoints *points)
{
	uint64_t	terms = 0;
	int			i;

	if (points->kind == CC_POINTS_AWARDED)
		terms |= CC_TERM_BIT(CC_TERM_POINTS);
	if (points->kind == CC_POINTS_PER_UNIT)
		terms |= CC_TERM_BIT(CC_TERM_QUANTITY);
	for (i = 0; i < points->n_cases; i++)
		terms |= of_condition(points->case_when[i]);
	for (i = 0; i < points->n_surcharges; i++)
		terms |= of_condition(points->surcharges[i].when);
	return terms;
}

static uint64_t
of_window(const CcWindow *window)
{
	uint64_t	terms = 0;
	int			i;

	for (i = 0; i < window->n_from; i++)
		terms |= CC_TERM_BIT(window->from[i]);
	for (i = 0; i < window->n_ends_on; i++)
		terms |= CC_TERM_BIT(window->ends_on[i]);
	if (window->span == CC_SPAN_TERM)
		terms |= CC_TERM_BIT(window->term);
	if (window->not_before != CC_TERM_NONE)
		terms |= CC_TERM_BIT(window->not_before);
	return terms;
}

/* The record's terms that the measure's outcome can depend on, as bits by CC_TERM_BIT; the kind always. */
uint64_t
cc_terms_used(const CcPolicy *policy)
{
	uint64_t	terms = CC_TERM_BIT(CC_TERM_KIND);
	int			i;

	for (i = 0; i < policy->n_items; i++)
	{
		const CcItem *item = &policy->items[i];

		terms |= of_condition(item->match) | of_points(&item->points) | of_window(&item->window);
		if (!item->repaired_counts)
			terms |= CC_TERM_BIT(CC_TERM_REPAIRED_ON);
		if (item->take.kind == CC_TAKE_ONCE_PER)
			terms |= CC_TERM_BIT(item->take.per);
		if (item->weight != CC_TERM_NONE)
			terms |= CC_TERM_BIT(item->weight);
		if (item->kept)			/* its entries name the unit */
			terms |= CC_TERM_BIT(CC_TERM_UNIT);
	}
	for (i = 0; i < policy->n_components; i++)
	{
		if (policy->components[i].per == CC_PER_UNIT)
			terms |= CC_TERM_BIT(CC_TERM_UNIT);
		if (policy->components[i].mean == CC_MEAN_BY_AMOUNT)
			terms |= CC_TERM_BIT(CC_TERM_AMOUNT);
		if (policy->components[i].mean == CC_MEAN_BY_QUANTITY)
			terms |= CC_TERM_BIT(CC_TERM_QUANTITY);
	}
	return terms;
}
