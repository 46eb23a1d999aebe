/*
 * explain_derived.c -- runs, counters, units and values told line by line: what the outcome was derived from
 */
#include "explain.h"

#include <string.h>

/* ---- units of a component ---- */

/* The unit as the records write it; of a calendar its first day. */
static const char *
unit_name(const Telling *telling, const CcUnitValue *unit)
{
	char		buf[16];
	int			i;

	if (unit->first != CC_DAY_UNKNOWN)
	{
		cc_day_format(unit->first, buf);
		return cc_copy(telling->env, buf, (int) strlen(buf));
	}
	for (i = 0; i < telling->n_facts; i++)
	{
		CcText		text = telling->facts[i].text[CC_TERM_UNIT];

		if (text.str != NULL && cc_group_key(text) == unit->key)
			return cc_copy(telling->env, text.str, text.len);
	}
	return "?";
}

static const char *
weight_words(const Telling *telling, const CcComponent *component, const CcUnitValue *unit)
{
	return component->mean == CC_MEAN_PLAIN ? "1" :
		cc_number_words(telling->env, telling->policy, component->mean == CC_MEAN_BY_AMOUNT ? CC_TERM_AMOUNT : CC_TERM_QUANTITY, 0,
						(int64_t) unit->weight);
}

/* One line for each unit of a component that is a mean over units. */
void
cc_tell_units(const Telling *telling, int index)
{
	const CcComponent *component = &telling->policy->components[index];
	CcUnitValue *units;
	CcDay		good_until;
	int			n = cc_unit_values(telling->env, telling->policy, index, telling->tally, &units, &good_until);
	int			i;

	for (i = 0; i < n; i++)
	{
		const char *value = cc_points_words(telling, units[i].value);
		const char *weight = weight_words(telling, component, &units[i]);
		const char *kept = "";
		const char *kept_en = "";

		if (units[i].value != units[i].before_limits)
		{
			kept = cc_printf(telling->env, "（%s 限为 %s）", cc_points_words(telling, units[i].before_limits), value);
			kept_en = cc_printf(telling->env, " (%s kept at %s)", cc_points_words(telling, units[i].before_limits), value);
		}
		cc_tell_line(telling, "unit", component->id, unit_name(telling, &units[i]), "included", cc_cited(&component->cite),
					 cc_printf(telling->env, "「%s」的一个单元：%s 分%s，权重 %s / a unit of %s: value %s%s, weight %s", component->name, value, kept,
							   weight, component->id, value, kept_en, weight));
	}
}

/* ---- runs ---- */

/* The stretch of the units that make up the run, or the unit before in which it was broken off. */
static void
tell_run(const Telling *telling, int index)
{
	const CcRun *run = &telling->policy->runs[index];
	int			length = telling->tally->run[index];
	CcDay		first,
				last,
				end;
	char		from[16],
				until[16];
	CcLine		line;
	int			i;

	cc_line_init(&line, "run", run->id, run->name, "holds", &run->cite);
	cc_months_unit(telling->day, run->unit_origin, run->unit_months, &first, &last);
	end = cc_day_shift(first, -1);
	if (run->through_this && length > 0)
		end = telling->day;
	for (i = run->through_this ? 1 : 0; i < length; i++)
		cc_months_unit(cc_day_shift(first, -1), run->unit_origin, run->unit_months, &first, &last);
	line.actual = cc_printf(telling->env, "%d", length);
	if (length > 0)
	{
		line.first = first;
		line.last = end;
		cc_day_format(first, from);
		cc_day_format(end, until);
		line.remark = cc_printf(telling->env, "连续 %d 期：%s 至 %s / %d in a row: %s through %s", length, from, until, length, from, until);
	}
	else
	{
		if (!run->through_this)
			cc_months_unit(cc_day_shift(first, -1), run->unit_origin, run->unit_months, &first, &last);
		cc_day_format(first, from);
		line.remark = cc_printf(telling->env, "0 期：%s 起的一期不符合 / 0: the unit from %s does not meet the condition", from, from);
	}
	telling->emit(telling->sink, &line);
}

/* ---- covered ---- */

/* Marks what covered and covered_last are asked of. */
static void
find_covered(const CcCondition *condition, bool covered[2][CC_MAX_ITEMS])
{
	int			i;

	if (condition == NULL)
		return;
	if (condition->kind == CC_COND_TRUTH && condition->term != CC_TERM_GROUP)
		covered[condition->term == CC_TERM_COVERED_LAST][condition->index] = true;
	for (i = 0; condition->parts != NULL && i < condition->n; i++)
		find_covered(condition->parts[i], covered);
}

static void
find_covered_by(const CcRule *rules, int n, bool covered[2][CC_MAX_ITEMS])
{
	int			i;

	for (i = 0; i < n; i++)
		find_covered(rules[i].when, covered);
}

/* Whether on every day of the cycle a record counted, for the items of which some rule asks. */
static void
tell_covered(const Telling *telling)
{
	const CcPolicy *policy = telling->policy;
	bool		covered[2][CC_MAX_ITEMS];
	int			i,
				k;

	memset(covered, 0, sizeof(covered));
	for (i = 0; i < policy->n_items; i++)
		find_covered(policy->items[i].when, covered);
	for (i = 0; i < policy->n_components; i++)
		find_covered(policy->components[i].when, covered);
	for (i = 0; i < policy->n_values; i++)
		for (k = 0; policy->values[i].kind == CC_VALUE_CASES && k < policy->values[i].n - 1; k++)
			find_covered(policy->values[i].when[k], covered);
	for (i = 0; i < policy->n_bands; i++)
		find_covered(policy->bands[i].when, covered);
	find_covered_by(policy->states, policy->n_states, covered);
	find_covered_by(policy->ceilings, policy->n_ceilings, covered);
	find_covered_by(policy->floors, policy->n_floors, covered);
	find_covered_by(policy->vetoes, policy->n_vetoes, covered);
	find_covered_by(policy->lists, policy->n_lists, covered);
	find_covered_by(policy->effects, policy->n_effects, covered);
	for (k = 0; k < 2; k++)
		for (i = 0; i < policy->n_items; i++)
		{
			const CcItem *item = &policy->items[i];
			bool		yes;

			if (!covered[k][i])
				continue;
			yes = cc_covered(telling->tally, i, k == 1);
			cc_tell_line(telling, k == 1 ? "covered_last" : "covered", item->id, item->name, yes ? "holds" : "fails", &item->cite,
						 k == 1 ? (yes ? "上一周期每一日均有 / on every day of the cycle before" : "上一周期并非每一日均有 / not on every day of the cycle before") :
						 yes ? "本周期至当日每一日均有 / on every day of the cycle so far" : "本周期至当日并非每一日均有 / not on every day of the cycle so far");
		}
}

/* ---- counters ---- */

typedef struct Following
{
	const Telling *telling;
	int			counter;
} Following;

/* An addition, a firing of a step, a reset: each with its day. */
static void
tell_event(void *sink, CcDay day, int64_t added, int64_t value, int step, bool reset)
{
	const Following *following = sink;
	const Telling *telling = following->telling;
	const CcCounter *counter = &telling->policy->counters[following->counter];
	const char *to = cc_points_words(telling, value);
	CcLine		line;

	if (step >= 0)
	{
		const CcStep *fired = &telling->policy->steps[step];

		cc_line_init(&line, "step", fired->id, fired->name, "holds", &fired->cite);
		line.remark = cc_printf(telling->env, "累计 %s，触发 / fired at %s", to, to);
	}
	else if (reset)
	{
		cc_line_init(&line, "reset", counter->id, counter->name, "holds", &counter->cite);
		line.remark = "清零 / back to 0";
	}
	else
	{
		const char *by = cc_points_words(telling, added);

		cc_line_init(&line, "event", counter->id, counter->name, "holds", &counter->cite);
		line.remark = cc_printf(telling->env, "加 %s，累计 %s / %s added, %s in all", by, to, by, to);
	}
	line.actual = to;
	line.first = day;
	telling->emit(telling->sink, &line);
}

static void
tell_counter(const Telling *telling, int index)
{
	const CcCounter *counter = &telling->policy->counters[index];
	Following	following = {telling, index};
	const char *value;
	int			resets;
	CcLine		line;

	cc_follow_events(telling->env, telling->policy, index, telling->tally, tell_event, &following);
	value = cc_points_words(telling, telling->tally->counter[index]);
	resets = telling->tally->resets[index];
	cc_line_init(&line, "counter", counter->id, counter->name, "holds", &counter->cite);
	line.actual = value;
	line.remark = cc_printf(telling->env, "%s，清零 %d 次 / %s, %d resets", value, resets, value, resets);
	telling->emit(telling->sink, &line);
}

/* ---- values ---- */

static const char *
operand_words(const Telling *telling, const CcOperand *operand, bool zh)
{
	int64_t		number = cc_operand(telling->env, operand, telling->tally);
	char		buf[32];

	if (operand->term == CC_TERM_NONE)
		return cc_number_words(telling->env, telling->policy, CC_TERM_POINTS, 0, number);
	if (number == CC_NUMBER_UNKNOWN)
		strcpy(buf, zh ? "未知" : "unknown");
	else
	{
		const char *plain = cc_number_words(telling->env, telling->policy, CC_TERM_POINTS, 0, number);

		if (strlen(plain) < sizeof(buf))
			strcpy(buf, plain);
	}
	return cc_printf(telling->env, zh ? "%s %s" : "%s %s", cc_term_words(telling->env, telling->policy, operand->term, operand->index, zh), buf);
}

static const char *
operands_words(const Telling *telling, const CcValue *value, const char *between, bool zh)
{
	const char *list = "";
	int			i;

	for (i = 0; i < value->n; i++)
		list = cc_printf(telling->env, "%s%s%s", list, i ? between : "", operand_words(telling, &value->operands[i], zh));
	return list;
}

/* The formula with its inputs. */
static const char *
formula_words(const Telling *telling, const CcValue *value, int which_case, bool zh)
{
	CcEnv	   *env = telling->env;
	const char *times = cc_number_words(env, telling->policy, CC_TERM_POINTS, 0, value->times);

	switch (value->kind)
	{
		case CC_VALUE_RATIO:
			if (cc_operand(env, &value->operands[1], telling->tally) == 0)
				return cc_printf(env, zh ? "除数 %s，按办法取此值" : "over %s: the value for this case",
								 operand_words(telling, &value->operands[1], zh));
			return cc_printf(env, "%s × %s ÷ %s", operand_words(telling, &value->operands[0], zh), times,
							 operand_words(telling, &value->operands[1], zh));
		case CC_VALUE_SUM:
			return operands_words(telling, value, " + ", zh);
		case CC_VALUE_MEAN:
			return cc_printf(env, zh ? "平均：%s" : "mean of %s", operands_words(telling, value, zh ? "、" : ", ", zh));
		case CC_VALUE_LEAST:
			return cc_printf(env, zh ? "取最小：%s" : "least of %s", operands_words(telling, value, zh ? "、" : ", ", zh));
		case CC_VALUE_GREATEST:
			return cc_printf(env, zh ? "取最大：%s" : "greatest of %s", operands_words(telling, value, zh ? "、" : ", ", zh));
		case CC_VALUE_LINEAR:
			return cc_printf(env, "%s × %s + %s", operand_words(telling, &value->operands[0], zh), times,
							 cc_number_words(env, telling->policy, CC_TERM_POINTS, 0, value->plus));
		default:
			if (which_case < 0)
				return zh ? "情形未知" : "the case is unknown";
			if (which_case >= value->n - 1)
				return zh ? "其余情形" : "all other cases";
			return cc_condition_words(env, telling->policy, value->when[which_case], zh);
	}
}

static void
tell_value(const Telling *telling, const CcOutcome *outcome, int i)
{
	const CcValue *value = &telling->policy->values[i];
	bool		known = outcome->value[i] != CC_NUMBER_UNKNOWN;
	char		buf[32];
	CcLine		line;

	if (value->at_rating)
		return;
	cc_line_init(&line, "value", value->id, value->name, known ? "holds" : "undetermined", &value->cite);
	if (known)
	{
		cc_decimal_format(outcome->value[i], value->decimals, buf);
		line.actual = cc_printf(telling->env, "%s%s", buf, value->unit ? value->unit : "");
		line.remark = cc_printf(telling->env, "%s（%s） / %s (%s)", line.actual, formula_words(telling, value, telling->tally->value_case[i], true),
								line.actual, formula_words(telling, value, telling->tally->value_case[i], false));
	}
	else
		line.remark = "未知 / unknown";
	telling->emit(telling->sink, &line);
}

/* Runs, covered cycles, counters with their events, values with their inputs. */
void
cc_tell_derived(const Telling *telling, const CcOutcome *outcome)
{
	const CcPolicy *policy = telling->policy;
	int			i;

	for (i = 0; i < policy->n_runs; i++)
		tell_run(telling, i);
	tell_covered(telling);
	for (i = 0; i < policy->n_counters; i++)
		tell_counter(telling, i);
	for (i = 0; i < policy->n_values; i++)
		tell_value(telling, outcome, i);
}
