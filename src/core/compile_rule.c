/*
 * compile_rule.c -- rules of a policy file that decide: a condition, and the state, limit, list or effect that follows
 *
 * rules/README.md, section 5.
 */
#include "policy_compile.h"

#include <string.h>

static const char *const state_keys[] = {"id", "name", "when", "band", CC_CITED, NULL};
static const char *const limit_keys[] = {"id", "name", "when", "band", "overrides", CC_CITED, NULL};
static const char *const veto_keys[] = {"id", "name", "when", "band", "hold", "overrides", CC_CITED, NULL};
static const char *const list_keys[] = {"id", "name", "list", "when", "term", "basis", "at", CC_CITED, NULL};
static const char *const effect_keys[] = {"id", "name", "effect", "matter", "when", "after", "due", "hold", "at", CC_CITED, NULL};

/* A hold looks at past days, for which other policies' results are not known. */
static void
compile_hold(CcCompile *c, const CcNode *node, CcRule *rule)
{
	rule->hold = cc_compile_period(c, node);
	if (cc_rests_on_results(c->policy, rule->when))
		cc_finding(c->findings, node, "result_in_history", "Other policies are not looked back at: leave out hold, or use their ratings.",
				   "rule \"%.80s\" rests on results of other policies and is held", rule->id);
}

/* What the due time is counted from: a step, an item or the cycle. */
static void
compile_after(CcCompile *c, const CcNode *node, CcRule *rule)
{
	const CcPolicy *policy = c->policy;
	int			i;

	if (!cc_is_scalar(c, node))
		return;
	for (i = 0; i < policy->n_steps && rule->after == CC_AFTER_NONE; i++)
		if (strcmp(policy->steps[i].id, node->text) == 0)
		{
			rule->after = CC_AFTER_STEP;
			rule->after_index = i;
		}
	for (i = 0; i < policy->n_items; i++)
	{
		if (strcmp(policy->items[i].id, node->text) != 0)
			continue;
		if (rule->after != CC_AFTER_NONE || strcmp(node->text, "cycle") == 0)
			cc_finding(c->findings, node, "duplicate_id", "Rename one of them.", "\"%.80s\" names several things", node->text);
		else if (policy->items[i].has_when)
			cc_finding(c->findings, node, "bad_value", "Name an item with match.", "item \"%.80s\" has no records", node->text);
		else if (cc_item_reads_results(policy, i))
			cc_finding(c->findings, node, "result_in_history", "Count from a record, or from the cycle.", "item \"%.80s\" matches results of other policies",
					   node->text);
		rule->after = CC_AFTER_ITEM;
		rule->after_index = i;
	}
	if (rule->after == CC_AFTER_NONE && strcmp(node->text, "cycle") == 0)
	{
		rule->after = CC_AFTER_CYCLE;
		if (!policy->has_cycle)
			cc_finding(c->findings, node, "cycle_missing", "Add cycle: {from: DAY, months: N} at the top.", "the policy has no cycle");
	}
	else if (rule->after == CC_AFTER_NONE)
		cc_finding(c->findings, node, "unknown_reference", "Name a step, an item, or cycle.", "there is no \"%.80s\" to count from", node->text);
}

/* effect: an order with the day by which it is due, or a bar on a matter with the time for which it is held. */
static void
compile_effect(CcCompile *c, const CcNode *node, CcRule *rule)
{
	static const char *const effects[] = {"order", "bar", NULL};
	const CcNode *effect = cc_require(c, node, "effect");
	const CcNode *matter = cc_get(node, "matter");
	const CcNode *hold = cc_get(node, "hold");
	const CcNode *after = cc_get(node, "after");
	const CcNode *due = cc_get(node, "due");
	int			n = 0;

	if (effect == NULL || !cc_value_word(c, effect, effects, &n))
		return;
	rule->is_order = n == 0;
	rule->at_rating = cc_compile_at(c, node);
	if (rule->is_order)
	{
		if (matter != NULL || hold != NULL)
			cc_finding(c->findings, matter ? matter : hold, "unknown_key", "Use it with effect: bar.", "an order has no matter and no hold");
		if ((after != NULL) != (due != NULL))
			cc_require(c, node, after ? "due" : "after");
		if (after != NULL)
			compile_after(c, after, rule);
		if (due != NULL)
			rule->due = cc_compile_due(c, due);
		return;
	}
	if (after != NULL || due != NULL)
		cc_finding(c->findings, after ? after : due, "unknown_key", "Use it with effect: order.", "a bar has no due day");
	if ((matter = cc_require(c, node, "matter")) != NULL)
		rule->matter = cc_text_of(c, matter, 200);
	if (hold != NULL)
		compile_hold(c, hold, rule);
}

/* The ceilings, floors and vetoes that a rule overrides. */
static void
compile_overrides(CcCompile *c, const CcNode *block, CcRule *rules, int n)
{
	const CcPolicy *policy = c->policy;
	int			i,
				k,
				m,
				kind;

	for (i = 0; i < n; i++)
	{
		const CcNode *list = cc_get(block->items[i], "overrides");

		if (list == NULL || !cc_is_sequence(c, list))
			continue;
		for (k = 0; k < list->n; k++)
		{
			int			found = 0;

			if (!cc_is_scalar(c, list->items[k]))
				continue;
			for (kind = 0; kind < 3; kind++)
			{
				const CcRule *others = kind == CC_OVERRIDES_CEILINGS ? policy->ceilings : kind == CC_OVERRIDES_FLOORS ? policy->floors : policy->vetoes;
				int			n_others = kind == CC_OVERRIDES_CEILINGS ? policy->n_ceilings : kind == CC_OVERRIDES_FLOORS ? policy->n_floors :
					policy->n_vetoes;

				for (m = 0; m < n_others; m++)
				{
					if (strcmp(others[m].id, list->items[k]->text) != 0)
						continue;
					rules[i].overrides[kind] |= UINT64_C(1) << m;
					found += &others[m] == &rules[i] ? 100 : 1;
				}
			}
			if (found == 0)
				cc_finding(c->findings, list->items[k], "unknown_reference", "Name a ceiling, floor or veto.", "there is no rule \"%.80s\"",
						   list->items[k]->text);
			else if (found > 1)
				cc_finding(c->findings, list->items[k], found < 100 ? "duplicate_id" : "bad_value", "Name one other rule.",
						   found < 100 ? "\"%.80s\" names several rules" : "\"%.80s\" overrides itself", list->items[k]->text);
		}
	}
}

/* states, ceilings, floors, vetoes, lists and effects: id, name, condition, citation, and what each adds. */
static int
compile_rules(CcCompile *c, const CcNode *node, const char *const *keys, CcScope scope, int max, CcRule **rules)
{
	static const char *const lists[] = {"red", "black", "watch", "focus", NULL};
	const CcNode *value;
	int			i,
				k,
				n;

	if (node == NULL || !cc_is_sequence(c, node))
		return 0;
	if (node->n > max)
		cc_finding(c->findings, node, "too_large", "Join rules that have the same effect.", "more than %d rules", max);
	*rules = c->env->alloc(c->env, sizeof(CcRule) * (node->n + 1));
	for (i = 0; i < node->n && i < max; i++)
	{
		const CcNode *item = node->items[i];
		CcRule	   *rule = &(*rules)[i];

		rule->id = rule->name = "";
		rule->band = -1;
		rule->when = c->env->alloc(c->env, sizeof(CcCondition));
		if (!cc_check_keys(c, item, keys))
			continue;
		rule->id = cc_rule_id(c, item);
		for (k = 0; k < i; k++)
			cc_refuse_duplicate(c, item, rule->id, (*rules)[k].id);
		rule->name = cc_text_of(c, cc_require(c, item, "name"), 300);
		if ((value = cc_require(c, item, "when")) != NULL)
			rule->when = cc_compile_condition(c, value, scope);
		rule->cite = cc_compile_cite(c, item);
		if ((value = cc_get(item, "band")) != NULL && cc_is_scalar(c, value) && (rule->band = cc_find_band(c->policy, value->text)) < 0)
			cc_finding(c->findings, value, "unknown_reference", "Name the id of a band.", "there is no band \"%.80s\"", value->text);
		if (keys == veto_keys || keys == limit_keys)
			cc_require(c, item, "band");
		if ((value = cc_get(item, "hold")) != NULL && keys == veto_keys)
			compile_hold(c, value, rule);
		if (keys == effect_keys)
			compile_effect(c, item, rule);
		if (keys != list_keys)
			continue;
		rule->at_rating = cc_compile_at(c, item);
		if ((value = cc_require(c, item, "list")) != NULL && cc_value_word(c, value, lists, &n))
			rule->list = lists[n];
		if ((value = cc_get(item, "term")) != NULL)
			rule->term = cc_compile_period(c, value);
		if ((value = cc_get(item, "basis")) != NULL)
			rule->basis = cc_compile_source(c, value);
	}
	return node->n < max ? node->n : max;
}

/* states, ceilings, floors, vetoes, lists and effects of the file, in the order in which they rest on each other. */
void
cc_compile_rules(CcCompile *c, const CcNode *root)
{
	CcPolicy   *policy = c->policy;

	policy->n_states = compile_rules(c, cc_get(root, "states"), state_keys, CC_SCOPE_BAND, CC_MAX_STATES, &policy->states);
	policy->n_ceilings = compile_rules(c, cc_get(root, "ceilings"), limit_keys, CC_SCOPE_BAND, CC_MAX_LIMITS, &policy->ceilings);
	policy->n_floors = compile_rules(c, cc_get(root, "floors"), limit_keys, CC_SCOPE_BAND, CC_MAX_LIMITS, &policy->floors);
	policy->n_vetoes = compile_rules(c, cc_get(root, "vetoes"), veto_keys, CC_SCOPE_BAND, CC_MAX_RULES, &policy->vetoes);
	compile_overrides(c, cc_get(root, "ceilings"), policy->ceilings, policy->n_ceilings);
	compile_overrides(c, cc_get(root, "floors"), policy->floors, policy->n_floors);
	compile_overrides(c, cc_get(root, "vetoes"), policy->vetoes, policy->n_vetoes);
	policy->n_lists = compile_rules(c, cc_get(root, "lists"), list_keys, CC_SCOPE_OUTCOME, CC_MAX_RULES, &policy->lists);
	policy->n_effects = compile_rules(c, cc_get(root, "effects"), effect_keys, CC_SCOPE_OUTCOME, CC_MAX_RULES, &policy->effects);
}
