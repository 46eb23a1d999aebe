/*
 * compile_outcome.c -- what a policy file derives from records: components, runs, counters, values
 *
 * rules/README.md, section 5. Names come first, because rules may refer to what stands further down.
 */
#include "policy_compile.h"

#include <string.h>

/* The entries of a block, at most max; 0 if there is none. */
static int
block_length(CcCompile *c, const CcNode *node, int max, const char *what)
{
	if (node == NULL || !cc_is_sequence(c, node))
		return 0;
	if (node->n <= max)
		return node->n;
	cc_finding(c->findings, node, "too_large", "Join rules that have the same effect.", "more than %d %s", max, what);
	return max;
}

/* Ids of the steps of one counter; unique among all counters, because fired.STEP names no counter. */
static void
name_steps(CcCompile *c, const CcNode *node, CcCounter *counter)
{
	CcPolicy   *policy = c->policy;
	const CcNode *steps = cc_get(node, "steps");
	int			n,
				i,
				k;

	counter->first_step = policy->n_steps;
	n = block_length(c, steps, CC_MAX_STEPS - policy->n_steps, "steps");
	for (i = 0; i < n; i++)
	{
		CcStep	   *step = &policy->steps[policy->n_steps];

		step->id = cc_rule_id(c, steps->items[i]);
		step->counter = (int) (counter - policy->counters);
		for (k = 0; k < policy->n_steps; k++)
			cc_refuse_duplicate(c, steps->items[i], step->id, policy->steps[k].id);
		policy->n_steps++;
		counter->n_steps++;
	}
}

/* Names of runs, counters, steps and values, before any condition refers to them. */
void
cc_compile_outcome_names(CcCompile *c, const CcNode *root)
{
	CcPolicy   *policy = c->policy;
	const CcNode *runs = cc_get(root, "runs");
	const CcNode *counters = cc_get(root, "counters");
	const CcNode *values = cc_get(root, "values");
	int			i,
				k;

	policy->runs = c->env->alloc(c->env, sizeof(CcRun) * CC_MAX_BLOCK);
	policy->counters = c->env->alloc(c->env, sizeof(CcCounter) * CC_MAX_BLOCK);
	policy->steps = c->env->alloc(c->env, sizeof(CcStep) * CC_MAX_STEPS);
	policy->values = c->env->alloc(c->env, sizeof(CcValue) * CC_MAX_BLOCK);
	policy->n_runs = block_length(c, runs, CC_MAX_BLOCK, "runs");
	for (i = 0; i < policy->n_runs; i++)
	{
		policy->runs[i].id = cc_rule_id(c, runs->items[i]);
		policy->runs[i].while_item = -1;
		policy->runs[i].unit_months = 12;
		for (k = 0; k < i; k++)
			cc_refuse_duplicate(c, runs->items[i], policy->runs[i].id, policy->runs[k].id);
	}
	policy->n_counters = block_length(c, counters, CC_MAX_BLOCK, "counters");
	for (i = 0; i < policy->n_counters; i++)
	{
		policy->counters[i].id = cc_rule_id(c, counters->items[i]);
		for (k = 0; k < i; k++)
			cc_refuse_duplicate(c, counters->items[i], policy->counters[i].id, policy->counters[k].id);
		name_steps(c, counters->items[i], &policy->counters[i]);
	}
	policy->n_values = block_length(c, values, CC_MAX_BLOCK, "values");
	for (i = 0; i < policy->n_values; i++)
	{
		policy->values[i].id = cc_rule_id(c, values->items[i]);
		policy->values[i].step = CC_SCOPE_SUMS;
		for (k = 0; k < i; k++)
			cc_refuse_duplicate(c, values->items[i], policy->values[i].id, policy->values[k].id);
	}
}

/* ---- components ---- */

/* The cycle must consist of whole calendar units. */
static void
check_whole_units(CcCompile *c, const CcNode *node, int months)
{
	int			year,
				month,
				dom;

	if (!c->policy->has_cycle)
	{
		cc_finding(c->findings, node, "cycle_missing", "Add cycle: {from: DAY, months: N} at the top.", "the policy has no cycle");
		return;
	}
	cc_day_to_ymd(c->policy->cycle_from, &year, &month, &dom);
	if (dom != 1 || (month - 1) % months != 0 || c->policy->cycle_months % months != 0)
		cc_finding(c->findings, node, "bad_value", "Begin the cycle on the first day of such a unit and let it last whole units.",
				   "the cycle does not consist of whole calendar units");
}

static void
compile_per(CcCompile *c, const CcNode *node, CcComponent *component)
{
	static const char *const keys[] = {"unit", "calendar", "mean", "by", NULL};
	static const char *const means[] = {"plain", "weighted", NULL};
	static const char *const weights[] = {"amount", "quantity", NULL};
	static const char *const units[] = {"month", "quarter", "half", NULL};
	static const int lengths[] = {1, 3, 6};
	const CcNode *unit = cc_get(node, "unit");
	const CcNode *calendar = cc_get(node, "calendar");
	const CcNode *by = cc_get(node, "by");
	const CcNode *mean;
	int			weighted = 0,
				n = 0;

	if (!cc_check_keys(c, node, keys))
		return;
	cc_require_rounding(c, node, "a mean needs");
	if ((unit != NULL) + (calendar != NULL) != 1)
		cc_finding(c->findings, node, unit ? "bad_value" : "missing_key", "Write unit: ITEM or calendar: month.", "one kind of unit is wanted");
	if ((mean = cc_require(c, node, "mean")) != NULL)
		cc_value_word(c, mean, means, &weighted);
	if (by != NULL && weighted != 1)
		cc_finding(c->findings, by, "unknown_key", "Use it with mean: weighted.", "\"by\" belongs to mean: weighted");
	if (weighted == 1 && (by == NULL ? cc_require(c, node, "by") != NULL : cc_value_word(c, by, weights, &n)))
		component->mean = n == 0 ? CC_MEAN_BY_AMOUNT : CC_MEAN_BY_QUANTITY;
	if (calendar != NULL)
	{
		if (weighted == 1)
			cc_finding(c->findings, mean, "bad_value", "Months weigh alike: write mean: plain.", "months have no weight");
		component->per = CC_PER_CALENDAR;
		component->mean = CC_MEAN_PLAIN;
		component->per_months = cc_value_word(c, calendar, units, &n) ? lengths[n] : 1;
		check_whole_units(c, calendar, component->per_months);
	}
	if (unit == NULL || (component->per_item = cc_find_item(c, unit)) < 0)
		return;
	component->per = CC_PER_UNIT;
	if (c->policy->items[component->per_item].has_when || component->per_item == 0)
		cc_finding(c->findings, unit, "bad_value", "Name an item with match.", "the units are those of the records of an item");
}

/* All components or none say their weight, and the weights are a whole. */
static void
check_weights(CcCompile *c, const CcNode *node)
{
	int64_t		sum = 0;
	int			stated = 0;
	int			i;

	for (i = 0; i < c->policy->n_components; i++)
	{
		sum += c->policy->components[i].weight;
		stated += cc_get(node->items[i], "weight") != NULL;
	}
	if (stated == 0)
		return;
	if (stated < c->policy->n_components || sum != CC_ONE)
		cc_finding(c->findings, node, "weights_sum", "State a weight on every component; together they are 1.",
				   stated < c->policy->n_components ? "only some components have a weight" : "the weights do not add up to 1");
	cc_require_rounding(c, node, "weights need");
}

/* Components, whose names and places are known already. */
void
cc_compile_components(CcCompile *c, const CcNode *node)
{
	static const char *const keys[] = {"id", "name", "base", "floor", "cap", "weight", "when", "per", "empty", CC_CITED, NULL};
	const CcNode *value;
	int			i;

	for (i = 0; i < c->policy->n_components; i++)
	{
		CcComponent *component = &c->policy->components[i];
		const CcNode *entry = node->items[i];

		component->weight = CC_ONE;
		if (!cc_check_keys(c, entry, keys))
			continue;
		component->name = cc_text_of(c, cc_require(c, entry, "name"), 300);
		cc_limit_of(c, entry, "base", &component->base);
		cc_limits_of(c, entry, "floor", "cap", &component->floor, &component->cap);
		component->cite = cc_compile_optional_cite(c, entry);
		if ((value = cc_get(entry, "weight")) != NULL && cc_value_decimal(c, value, CC_DECIMALS, &component->weight) &&
			(component->weight <= 0 || component->weight > CC_ONE))
			cc_finding(c->findings, value, "bad_value", "Write a weight above 0 and at most 1.", "\"%.40s\" is no weight", value->text);
		if ((value = cc_get(entry, "when")) != NULL)
			component->when = cc_compile_condition(c, value, CC_SCOPE_COUNTS);
		component->empty = component->base;
		if ((value = cc_get(entry, "per")) != NULL)
			compile_per(c, value, component);
		else if (cc_get(entry, "empty") != NULL)
			cc_finding(c->findings, cc_get(entry, "empty"), "unknown_key", "Use it with per.", "\"empty\" belongs to per");
		cc_limit_of(c, entry, "empty", &component->empty);
	}
	if (c->policy->n_components > 0)
		check_weights(c, node);
}

/* ---- runs ---- */

/* An item whose records can be looked back at: all of them count, and none is another policy's result. */
static int
item_with_history(CcCompile *c, const CcNode *node, bool all_taken)
{
	int			i = cc_find_item(c, node);

	if (i < 0)
		return -1;
	if (c->policy->items[i].has_when)
		cc_finding(c->findings, node, "bad_value", "Name an item with match.", "item \"%.80s\" is about the outcome, not about records", node->text);
	else if (cc_item_reads_results(c->policy, i))
		cc_finding(c->findings, node, "result_in_history", "Other policies are not looked back at: use their ratings.",
				   "item \"%.80s\" matches results of other policies", node->text);
	else if (all_taken && c->policy->items[i].take.kind != CC_TAKE_ALL)
		cc_finding(c->findings, node, "bad_value", "Name an item without take.", "item \"%.80s\" does not take all its records", node->text);
	return i;
}

void
cc_compile_runs(CcCompile *c, const CcNode *node)
{
	static const char *const keys[] = {"id", "name", "of", "per", "without", "while", "at_most", "through", CC_CITED, NULL};
	static const char *const through[] = {"last", "this", NULL};
	const CcNode *value;
	int			i,
				n;

	for (i = 0; i < c->policy->n_runs; i++)
	{
		CcRun	   *run = &c->policy->runs[i];
		const CcNode *entry = node->items[i];

		if (!cc_check_keys(c, entry, keys))
			continue;
		run->name = cc_text_of(c, cc_require(c, entry, "name"), 300);
		run->cite = cc_compile_cite(c, entry);
		if ((value = cc_require(c, entry, "of")) != NULL)
			run->of = item_with_history(c, value, true);
		if ((value = cc_require(c, entry, "per")) != NULL)
			cc_compile_calendar(c, value, false, &run->unit_origin, &run->unit_months);
		if ((value = cc_get(entry, "without")) != NULL)
			cc_value_bool(c, value, &run->without);
		if ((value = cc_get(entry, "while")) != NULL)
			run->while_item = item_with_history(c, value, true);
		run->at_most = 1;
		if ((value = cc_require(c, entry, "at_most")) != NULL)
			cc_value_integer(c, value, 1, 20, &run->at_most);
		if ((value = cc_get(entry, "through")) != NULL && cc_value_word(c, value, through, &n))
			run->through_this = n == 1;
	}
}

/* ---- counters ---- */

static void
compile_steps(CcCompile *c, const CcNode *node, CcCounter *counter)
{
	static const char *const keys[] = {"id", "name", "at_least", "resets", "reset", CC_CITED, NULL};
	const CcNode *steps = cc_get(node, "steps");
	const CcNode *value;
	int			i;

	for (i = 0; i < counter->n_steps; i++)
	{
		CcStep	   *step = &c->policy->steps[counter->first_step + i];
		const CcNode *entry = steps->items[i];

		step->name = "";
		step->at_least = CC_ONE;
		if (!cc_check_keys(c, entry, keys))
			continue;
		step->name = cc_text_of(c, cc_require(c, entry, "name"), 300);
		step->cite = cc_compile_optional_cite(c, entry);
		if (step->cite.source == NULL)
			step->cite = counter->cite;
		if ((value = cc_require(c, entry, "at_least")) != NULL && cc_points_of(c, value, &step->at_least) && step->at_least <= 0)
			cc_finding(c->findings, value, "bad_value", "A step is above 0.", "\"%.40s\" is reached from the beginning", value->text);
		if ((value = cc_get(entry, "resets")) != NULL)
			step->resets = cc_compile_test(c, value, CC_TERM_RESETS, step->counter, CC_SCOPE_COUNTS);
		if ((value = cc_get(entry, "reset")) != NULL)
			cc_value_bool(c, value, &step->reset);
	}
}

static void
compile_counter(CcCompile *c, const CcNode *entry, CcCounter *counter)
{
	static const char *const keys[] = {"id", "name", "of", "items", "per", "same_day", "steps", CC_CITED, NULL};
	static const char *const counted[] = {"count", "points", "minus_points", NULL};
	static const char *const same_days[] = {"together", "smallest_first", "largest_first", "refer", NULL};
	const CcNode *value;
	int			i,
				n;

	counter->name = "";
	if (!cc_check_keys(c, entry, keys))
		return;
	counter->name = cc_text_of(c, cc_require(c, entry, "name"), 300);
	counter->cite = cc_compile_cite(c, entry);
	if ((value = cc_require(c, entry, "of")) != NULL && cc_value_word(c, value, counted, &n))
		counter->of = (CcCounted) n;
	if ((value = cc_require(c, entry, "per")) != NULL)
		cc_compile_calendar(c, value, true, &counter->unit_origin, &counter->unit_months);
	if ((value = cc_get(entry, "same_day")) != NULL && cc_value_word(c, value, same_days, &n))
		counter->same_day = (CcSameDay) n;
	if ((value = cc_require(c, entry, "items")) != NULL && cc_is_sequence(c, value))
	{
		counter->items = c->env->alloc(c->env, sizeof(int) * (value->n + 1));
		if (value->n == 0)
			cc_finding(c->findings, value, "bad_value", "Write at least one item.", "the list is empty");
		for (i = 0; i < value->n; i++)
			if ((n = item_with_history(c, value->items[i], true)) >= 0)
				counter->items[counter->n_items++] = n;
	}
	cc_require(c, entry, "steps");
	compile_steps(c, entry, counter);
}

void
cc_compile_counters(CcCompile *c, const CcNode *node)
{
	int			i;

	for (i = 0; i < c->policy->n_counters; i++)
		compile_counter(c, node->items[i], &c->policy->counters[i]);
}

/* ---- values ---- */

/* How many places an operand can have; the value's own need be no more. */
static int
places_of(const CcPolicy *policy, const CcOperand *operand)
{
	int			places = CC_DECIMALS;
	int64_t		number = operand->number;

	switch (operand->term)
	{
		case CC_TERM_NONE:
			for (; places > 0 && number % 10 == 0; places--)
				number /= 10;
			return places;
		case CC_TERM_VALUE:
			return policy->values[operand->index].decimals;
		case CC_TERM_SCORE:
		case CC_TERM_SUM:
		case CC_TERM_COUNTER:
			return cc_places(policy);
		default:
			return 0;
	}
}

/* A list of operands, or one. */
static void
compile_operands(CcCompile *c, const CcNode *node, CcValue *value)
{
	int			i;

	if (!cc_is_sequence(c, node))
		return;
	if (node->n == 0)
		cc_finding(c->findings, node, "bad_value", "Name at least one number.", "the list is empty");
	value->operands = c->env->alloc(c->env, sizeof(CcOperand) * (node->n + 1));
	for (i = 0; i < node->n; i++)
		cc_compile_operand(c, node->items[i], CC_SCOPE_OUTCOME, &value->operands[value->n++]);
}

static void
compile_ratio(CcCompile *c, const CcNode *node, CcValue *value)
{
	static const char *const keys[] = {"of", "over", "times", "otherwise", NULL};
	const CcNode *part;

	value->n = 2;
	value->operands = c->env->alloc(c->env, sizeof(CcOperand) * 2);
	value->operands[0].term = value->operands[1].term = CC_TERM_NONE;
	if (!cc_check_keys(c, node, keys))
		return;
	if ((part = cc_require(c, node, "of")) != NULL)
		cc_compile_operand(c, part, CC_SCOPE_OUTCOME, &value->operands[0]);
	if ((part = cc_require(c, node, "over")) != NULL)
		cc_compile_operand(c, part, CC_SCOPE_OUTCOME, &value->operands[1]);
	if ((part = cc_get(node, "times")) != NULL)
		cc_value_decimal(c, part, CC_DECIMALS, &value->times);
	if ((part = cc_require(c, node, "otherwise")) != NULL)
		cc_value_decimal(c, part, value->decimals, &value->otherwise);
}

static void
compile_linear(CcCompile *c, const CcNode *node, CcValue *value)
{
	static const char *const keys[] = {"of", "times", "plus", NULL};
	const CcNode *part;

	value->n = 1;
	value->operands = c->env->alloc(c->env, sizeof(CcOperand));
	value->operands[0].term = CC_TERM_NONE;
	if (!cc_check_keys(c, node, keys))
		return;
	if ((part = cc_require(c, node, "of")) != NULL)
		cc_compile_operand(c, part, CC_SCOPE_OUTCOME, &value->operands[0]);
	if ((part = cc_get(node, "times")) != NULL)
		cc_value_decimal(c, part, CC_DECIMALS, &value->times);
	if ((part = cc_get(node, "plus")) != NULL)
		cc_value_decimal(c, part, CC_DECIMALS, &value->plus);
}

static void
compile_value_cases(CcCompile *c, const CcNode *node, const CcNode *otherwise, CcValue *value)
{
	static const char *const keys[] = {"when", "is", NULL};
	const CcNode *part;
	int			n = node->kind == CC_NODE_SEQUENCE ? node->n : 0;
	int			i;

	if (!cc_is_sequence(c, node))
		return;
	if (n == 0)
		cc_finding(c->findings, node, "bad_value", "Write at least one case.", "the list is empty");
	value->operands = c->env->alloc(c->env, sizeof(CcOperand) * (n + 1));
	value->when = c->env->alloc(c->env, sizeof(CcCondition *) * (n + 1));
	for (i = 0; i < n; i++)
	{
		value->operands[i].term = CC_TERM_NONE;
		value->when[i] = c->env->alloc(c->env, sizeof(CcCondition));
		if (!cc_check_keys(c, node->items[i], keys))
			continue;
		if ((part = cc_require(c, node->items[i], "when")) != NULL)
			value->when[i] = cc_compile_condition(c, part, CC_SCOPE_OUTCOME);
		if ((part = cc_require(c, node->items[i], "is")) != NULL)
			cc_compile_operand(c, part, CC_SCOPE_OUTCOME, &value->operands[i]);
	}
	value->operands[n].term = CC_TERM_NONE;
	if (otherwise != NULL)
		cc_compile_operand(c, otherwise, CC_SCOPE_OUTCOME, &value->operands[n]);
	value->n = n + 1;
}

static const char *const value_kinds[] = {"ratio", "sum", "mean", "least", "greatest", "linear", "cases", NULL};

static void
compile_value(CcCompile *c, const CcNode *entry, CcValue *value)
{
	static const char *const keys[] = {
		"id", "name", "unit", "ratio", "sum", "mean", "least", "greatest", "linear", "cases", "otherwise", "decimals", "round", "at", CC_CITED, NULL
	};
	static const char *const roundings[] = {"half_up", "half_even", "toward_zero", "away_from_zero", NULL};
	const CcNode *way = NULL;
	const CcNode *part;
	bool		rounds;
	int			ways = 0;
	int			i,
				n;

	value->name = "";
	value->times = CC_ONE;
	value->decimals = c->policy->has_score ? c->policy->decimals : 0;
	value->rounding = c->policy->rounding;
	if (!cc_check_keys(c, entry, keys))
		return;
	value->name = cc_text_of(c, cc_require(c, entry, "name"), 300);
	value->cite = cc_compile_cite(c, entry);
	value->at_rating = cc_compile_at(c, entry);
	if ((part = cc_get(entry, "unit")) != NULL)
		value->unit = cc_text_of(c, part, 40);
	if ((part = cc_get(entry, "decimals")) != NULL)
		cc_value_integer(c, part, 0, CC_DECIMALS, &value->decimals);
	if ((part = cc_get(entry, "round")) != NULL && cc_value_word(c, part, roundings, &n))
		value->rounding = (CcRounding) (n + 1);
	for (i = 0; value_kinds[i] != NULL; i++)
	{
		if (cc_get(entry, value_kinds[i]) == NULL)
			continue;
		way = cc_get(entry, value_kinds[i]);
		value->kind = (CcValueKind) i;
		ways++;
	}
	if (ways != 1)
	{
		cc_finding(c->findings, entry, ways ? "bad_value" : "missing_key", "Write exactly one of ratio, sum, mean, least, greatest, linear, cases.",
				   "%d ways to find the value", ways);
		return;
	}
	part = cc_get(entry, "otherwise");
	if (part != NULL && value->kind != CC_VALUE_CASES)
		cc_finding(c->findings, part, "unknown_key", "Use it with cases.", "\"otherwise\" belongs to cases");
	c->deepest = CC_SCOPE_SUMS;
	if (value->kind == CC_VALUE_RATIO)
		compile_ratio(c, way, value);
	else if (value->kind == CC_VALUE_LINEAR)
		compile_linear(c, way, value);
	else if (value->kind == CC_VALUE_CASES)
		compile_value_cases(c, way, cc_require(c, entry, "otherwise"), value);
	else
		compile_operands(c, way, value);
	/* the score alone is known no later than ranks */
	value->step = c->deepest == CC_SCOPE_SCORE ? CC_SCOPE_BAND : c->deepest;
	rounds = value->kind == CC_VALUE_RATIO || value->kind == CC_VALUE_MEAN || value->kind == CC_VALUE_LINEAR;
	for (i = 0; i < value->n; i++)
		rounds |= places_of(c->policy, &value->operands[i]) > value->decimals;
	if (rounds && value->rounding == CC_ROUND_UNSTATED)
		cc_finding(c->findings, entry, "missing_key", "Add round: half_up, half_even, toward_zero or away_from_zero, here or to score.",
				   "the value needs a stated rounding");
}

void
cc_compile_values(CcCompile *c, const CcNode *node)
{
	int			i;

	for (i = 0; i < c->policy->n_values; i++)
	{
		c->values_above = i;
		compile_value(c, node->items[i], &c->policy->values[i]);
	}
	c->values_above = CC_MAX_BLOCK;
}
