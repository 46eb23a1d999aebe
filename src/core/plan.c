/*
 * plan.c -- what a compiled policy means for whoever evaluates it
 *
 * Which records can bear on which item, of which items single records must be kept, how far back a past day can matter,
 * at the beginning of which units an outcome can change by itself. Everything errs on the side of more.
 */
#include "policy_compile.h"

#include <string.h>

#define ALL_KINDS ((1u << CC_KINDS) - 1)

/* The kinds of record for which a condition may be other than false. */
uint32_t
cc_kinds_of(const CcCondition *condition)
{
	uint32_t	kinds;
	int			i;

	switch (condition->kind)
	{
		case CC_COND_WORDS:
			return condition->term == CC_TERM_KIND ? (uint32_t) condition->words : ALL_KINDS;
		case CC_COND_ALL:
			kinds = ALL_KINDS;
			for (i = 0; i < condition->n; i++)
				kinds &= cc_kinds_of(condition->parts[i]);
			return kinds;
		case CC_COND_ANY:
			kinds = 0;
			for (i = 0; i < condition->n; i++)
				kinds |= cc_kinds_of(condition->parts[i]);
			return kinds;
		case CC_COND_NOT:
			if (condition->parts[0]->kind == CC_COND_WORDS && condition->parts[0]->term == CC_TERM_KIND)
				return ALL_KINDS & ~(uint32_t) condition->parts[0]->words;
			return ALL_KINDS;
		default:
			return ALL_KINDS;
	}
}

/* True if results of other policies can match the item. */
bool
cc_item_reads_results(const CcPolicy *policy, int item)
{
	return policy->reads.n_results > 0 && (policy->items[item].kinds & (1u << CC_KIND_RESULT)) != 0;
}

static bool
component_rests_on_results(const CcPolicy *policy, int component)
{
	int			i;

	for (i = 0; i < policy->n_items; i++)
		if (policy->items[i].component == component &&
			(cc_item_reads_results(policy, i) || (policy->items[i].has_when && cc_rests_on_results(policy, policy->items[i].when))))
			return true;
	return policy->components[component].when != NULL && cc_rests_on_results(policy, policy->components[component].when);
}

/* True if a number or truth of the outcome can depend on results of other policies. */
static bool
term_rests_on_results(const CcPolicy *policy, CcTerm term, int index)
{
	int			i;

	if (policy->reads.n_results == 0)
		return false;
	switch (term)
	{
		case CC_TERM_COUNT:
		case CC_TERM_SUM:
			if (index >= CC_MAX_ITEMS)
				return component_rests_on_results(policy, index - CC_MAX_ITEMS);
			return cc_item_reads_results(policy, index) ||
				(policy->items[index].has_when && cc_rests_on_results(policy, policy->items[index].when));
		case CC_TERM_VALUE:
			for (i = 0; i < policy->values[index].n; i++)
				if (term_rests_on_results(policy, policy->values[index].operands[i].term, policy->values[index].operands[i].index))
					return true;
			for (i = 0; policy->values[index].when != NULL && i < policy->values[index].n - 1; i++)
				if (cc_rests_on_results(policy, policy->values[index].when[i]))
					return true;
			return false;
		case CC_TERM_SCORE:
			for (i = 1; i < policy->n_items; i++)
				if (term_rests_on_results(policy, CC_TERM_SUM, i))
					return true;
			return false;
		case CC_TERM_BAND:
			return true;		/* any rule may have led to it */
		default:
			return false;		/* runs, counters and covered never do */
	}
}

/* True if a condition over an outcome can depend on results of other policies. */
bool
cc_rests_on_results(const CcPolicy *policy, const CcCondition *condition)
{
	int			i;

	if (condition->parts == NULL)
		return condition->term != CC_TERM_NONE && term_rests_on_results(policy, condition->term, condition->index);
	for (i = 0; i < condition->n; i++)
		if (cc_rests_on_results(policy, condition->parts[i]))
			return true;
	return false;
}

static bool
uses_covered(const CcCondition *condition)
{
	int			i;

	if (condition->term == CC_TERM_COVERED || condition->term == CC_TERM_COVERED_LAST)
		return true;
	for (i = 0; condition->parts != NULL && i < condition->n; i++)
		if (uses_covered(condition->parts[i]))
			return true;
	return false;
}

static bool
rules_use_covered(const CcRule *rules, int n)
{
	int			i;

	for (i = 0; i < n; i++)
		if (uses_covered(rules[i].when))
			return true;
	return false;
}

static bool
policy_uses_covered(const CcPolicy *policy)
{
	int			i,
				k;

	for (i = 1; i < policy->n_items; i++)
		if (policy->items[i].has_when && uses_covered(policy->items[i].when))
			return true;
	for (i = 0; i < policy->n_components; i++)
		if (policy->components[i].when != NULL && uses_covered(policy->components[i].when))
			return true;
	for (i = 0; i < policy->n_values; i++)
		for (k = 0; policy->values[i].when != NULL && k < policy->values[i].n - 1; k++)
			if (uses_covered(policy->values[i].when[k]))
				return true;
	for (i = 0; i < policy->n_bands; i++)
		if (uses_covered(policy->bands[i].when))
			return true;
	for (i = 0; i < policy->n_ranks; i++)
		if (policy->ranks[i].among != NULL && uses_covered(policy->ranks[i].among))
			return true;
	return rules_use_covered(policy->states, policy->n_states) || rules_use_covered(policy->ceilings, policy->n_ceilings) ||
		rules_use_covered(policy->floors, policy->n_floors) || rules_use_covered(policy->vetoes, policy->n_vetoes) ||
		rules_use_covered(policy->lists, policy->n_lists) || rules_use_covered(policy->effects, policy->n_effects);
}

static void
keep_single_records(CcPolicy *policy)
{
	int			i,
				k;

	for (i = 0; i < policy->n_items; i++)
	{
		CcItem	   *item = &policy->items[i];

		item->takes_all = item->take.kind == CC_TAKE_ALL || item->take.kind == CC_TAKE_MEAN;
		item->kept = !item->takes_all;
		if (item->component >= 0 && policy->components[item->component].per != CC_PER_NONE)
			item->kept = true;
	}
	for (i = 0; i < policy->n_components; i++)
	{
		CcComponent *component = &policy->components[i];

		if (component->per != CC_PER_UNIT)
			continue;
		policy->items[component->per_item].kept = true;
		if (component->mean != CC_MEAN_PLAIN)
			policy->items[component->per_item].weight = component->mean == CC_MEAN_BY_AMOUNT ? CC_TERM_AMOUNT : CC_TERM_QUANTITY;
	}
	for (i = 0; i < policy->n_counters; i++)
		for (k = 0; k < policy->counters[i].n_items; k++)
			policy->items[policy->counters[i].items[k]].kept = true;
	for (i = 0; i < policy->n_effects; i++)
		if (policy->effects[i].after == CC_AFTER_ITEM)
			policy->items[policy->effects[i].after_index].kept = true;
	for (i = 0; i < policy->n_items; i++)
		policy->keeps |= policy->items[i].kept;
}

/* Rounded up to days. */
static int
days_of(CcPeriod period)
{
	return period.unit == CC_UNIT_MONTHS ? period.n * 31 : period.unit == CC_UNIT_DAYS ? period.n : 0;
}

static int
longest_hold(const CcRule *rules, int n)
{
	int			days = 0;
	int			i;

	for (i = 0; i < n; i++)
		if (days_of(rules[i].hold) > days)
			days = days_of(rules[i].hold);
	return days;
}

/* An outcome can change by itself where a unit begins, for some units after the last event. */
static void
add_clock(CcPolicy *policy, CcDay origin, int months, int units)
{
	int			i;

	if (months == 0)
		return;
	for (i = 0; i < policy->n_clocks; i++)
		if (policy->clocks[i].origin == origin && policy->clocks[i].months == months)
			break;
	if (i == policy->n_clocks)
	{
		policy->n_clocks++;
		policy->clocks[i].origin = origin;
		policy->clocks[i].months = months;
	}
	if (policy->clocks[i].units < units)
		policy->clocks[i].units = units;
}

static void
look_back(int *days, int months, int units)
{
	if (*days < months * 31 * units)
		*days = months * 31 * units;
}

static void
plan_time(CcPolicy *policy)
{
	int			back = 0;		/* how far from a day, in days */
	int			i;

	for (i = 0; i < policy->n_runs; i++)
	{
		add_clock(policy, policy->runs[i].unit_origin, policy->runs[i].unit_months, policy->runs[i].at_most + 1);
		look_back(&back, policy->runs[i].unit_months, policy->runs[i].at_most + 1);
	}
	for (i = 0; i < policy->n_counters; i++)
		add_clock(policy, policy->counters[i].unit_origin, policy->counters[i].unit_months, 1);
	for (i = 0; i < policy->n_components; i++)
	{
		if (policy->components[i].per != CC_PER_CALENDAR)
			continue;
		add_clock(policy, 0, policy->components[i].per_months, policy->cycle_months / policy->components[i].per_months + 1);
		add_clock(policy, policy->cycle_from, policy->cycle_months, 1);
		look_back(&back, policy->cycle_months, 1);
	}
	for (i = 0; i < policy->n_effects; i++)
		if (policy->effects[i].after == CC_AFTER_CYCLE)
			add_clock(policy, policy->cycle_from, policy->cycle_months, 1);
	if (policy_uses_covered(policy))
	{
		add_clock(policy, policy->cycle_from, policy->cycle_months, 2);
		look_back(&back, policy->cycle_months, 2);
	}
	/* an effect is held by what was the case then, and that by vetoes held then */
	policy->hold_days = longest_hold(policy->vetoes, policy->n_vetoes) + longest_hold(policy->effects, policy->n_effects);
	policy->memory_days = policy->hold_days + back;
	policy->looks_back = back > 0;
}

/* Cases that are brackets of one number need no conditions to be tested, only the number to be compared. */
static CcTerm
brackets_of(const CcPoints *points)
{
	CcTerm		term = points->n_cases > 0 ? points->case_when[0]->term : CC_TERM_NONE;
	int			i;

	for (i = 0; i < points->n_cases; i++)
		if (points->case_when[i]->kind != CC_COND_RANGE || points->case_when[i]->term != term || !CC_IS_NUMBER(term))
			return CC_TERM_NONE;
	return term;
}

static CcUnits *
new_table(CcEnv *env, CcDay origin, int months)
{
	CcUnits    *table = env->alloc(env, sizeof(CcUnits));

	cc_units_init(env, origin, months, table);
	return table;
}

/* Tables of the units that are asked for again and again. Windows of the same units share one. */
static void
make_tables(CcEnv *env, CcPolicy *policy)
{
	int			i,
				k;

	if (policy->has_cycle)
		policy->cycle_table = new_table(env, policy->cycle_from, policy->cycle_months);
	for (i = 0; i < policy->n_items; i++)
	{
		CcWindow   *window = &policy->items[i].window;

		if (window->span != CC_SPAN_UNIT)
			continue;
		for (k = 0; k < i && window->table == NULL; k++)
			if (policy->items[k].window.table != NULL && policy->items[k].window.unit_origin == window->unit_origin &&
				policy->items[k].window.unit_months == window->unit_months)
				window->table = policy->items[k].window.table;
		if (window->table == NULL)
			window->table = new_table(env, window->unit_origin, window->unit_months);
	}
	for (i = 0; i < policy->n_runs; i++)
		policy->runs[i].table = new_table(env, policy->runs[i].unit_origin, policy->runs[i].unit_months);
	for (i = 0; i < policy->n_counters; i++)
		if (policy->counters[i].unit_months > 0)
			policy->counters[i].table = new_table(env, policy->counters[i].unit_origin, policy->counters[i].unit_months);
	for (i = 0; i < policy->n_components; i++)
		if (policy->components[i].per == CC_PER_CALENDAR)
			policy->components[i].table = new_table(env, 0, policy->components[i].per_months);
	for (i = 0; i < policy->n_clocks; i++)
		policy->clocks[i].table = new_table(env, policy->clocks[i].origin, policy->clocks[i].months);
}

static void
list_items_with_when(CcEnv *env, CcPolicy *policy)
{
	int			i;

	policy->with_when = env->alloc(env, sizeof(int) * policy->n_items);
	for (i = 0; i < policy->n_items; i++)
		if (policy->items[i].has_when)
			policy->with_when[policy->n_with_when++] = i;
}

/* Fills in what the evaluator wants to know beforehand, for a policy without findings. */
void
cc_policy_plan(CcEnv *env, CcPolicy *policy)
{
	int			i;

	keep_single_records(policy);
	plan_time(policy);
	for (i = 0; i < policy->n_items; i++)
		policy->items[i].points.brackets_of = brackets_of(&policy->items[i].points);
	make_tables(env, policy);
	cc_plan_dispatch(env, policy);
	list_items_with_when(env, policy);
}

/* ---- policies that read each other ---- */

/* True if the first must be evaluated before the second, which reads its results. */
bool
cc_policy_before(const CcPolicy *a, const CcPolicy *b)
{
	int			i;

	for (i = 0; i < b->reads.n_results; i++)
		if (strcmp(b->reads.results[i], a->id) == 0)
			return true;
	return false;
}

/*
 * Orders policies so that everybody comes after those whose results he reads; otherwise as given. False if some read
 * each other in a circle: order holds those that don't, then.
 */
bool
cc_policy_order(CcEnv *env, const CcPolicy *const *policies, int n, int *order)
{
	bool	   *done = env->alloc(env, sizeof(bool) * (n + 1));
	int			found = 0;
	int			i,
				k;
	bool		again = true;

	while (again)
	{
		again = false;
		for (i = 0; i < n; i++)
		{
			if (done[i])
				continue;
			for (k = 0; k < n; k++)
				if (!done[k] && cc_policy_before(policies[k], policies[i]))
					break;
			if (k < n)
				continue;
			done[i] = again = true;
			order[found++] = i;
		}
	}
	return found == n;
}
