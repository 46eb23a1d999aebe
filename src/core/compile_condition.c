/*
 * compile_condition.c -- values and conditions of a policy file
 *
 * One grammar for every condition: rules/README.md, section 2. Whatever cannot be compiled is a finding, and compiling
 * goes on so that all findings come at once.
 */
#include "policy_compile.h"

#include <string.h>

/* The place of a band, best first; -1 if there is none of that id. */
int
cc_find_band(const CcPolicy *policy, const char *id)
{
	int			i;

	for (i = 0; i < policy->n_bands; i++)
		if (strcmp(policy->bands[i].id, id) == 0)
			return i;
	return -1;
}

static CcCondition *
new_condition(CcCompile *c, CcConditionKind kind, CcTerm term, int index)
{
	CcCondition *condition = c->env->alloc(c->env, sizeof(CcCondition));

	condition->kind = kind;
	condition->term = term;
	condition->index = index;
	condition->low = CC_NUMBER_MIN;
	condition->high = CC_NUMBER_MAX;
	return condition;
}

/* One number in the term's own unit: fen, 1/10000, days or records. */
static bool
number_of(CcCompile *c, const CcNode *node, CcTerm term, int64_t *value)
{
	CcDay		day;
	int			n;

	if (CC_IS_DAY(term))
	{
		if (!cc_value_day(c, node, &day))
			return false;
		*value = day;
		return true;
	}
	if (term == CC_TERM_COUNT || term == CC_TERM_RUN || term == CC_TERM_RESETS || term == CC_TERM_FIRED || term == CC_TERM_FIRES ||
		term == CC_TERM_RANK)
	{
		if (!cc_value_integer(c, node, 0, 1000000, &n))
			return false;
		*value = n;
		return true;
	}
	if (CC_IS_MONEY(term))
	{
		if (!cc_is_scalar(c, node))
			return false;
		if (cc_decimal_parse(node->text, node->len, CC_DECIMALS, value) == CC_PARSE_OK)
		{
			cc_finding(c->findings, node, "unit_missing", "Write money with its unit: 5000元 or 1.5万元.", "\"%.80s\" has no unit", node->text);
			return false;
		}
		return cc_decimal_result(c, node, cc_money_parse(node->text, node->len, value), 2, "Write money with its unit: 5000元 or 1.5万元.");
	}
	return cc_value_decimal(c, node, CC_DECIMALS, value);
}

static int
word_of(CcCompile *c, const CcNode *node, CcTerm term)
{
	int			rank;

	if (!cc_is_scalar(c, node))
		return -1;
	rank = cc_word_rank(term, node->text, node->len);
	if (rank < 0)
		cc_finding(c->findings, node, "bad_value",
				   cc_join_words(c->env, cc_printf(c->env, "Words of %s: ", cc_vocabulary[term].name), cc_vocabulary[term].words),
				   "unknown %s \"%.80s\"", cc_vocabulary[term].name, node->text);
	else if (term == CC_TERM_KIND && rank < CC_KIND_RESULT && c->policy->inputs != 0 && !(c->policy->inputs & (1u << rank)))
		cc_finding(c->findings, node, "kind_not_in_inputs", "Add the kind to inputs: only the kinds named there reach the policy.",
				   "kind \"%s\" is not in inputs", node->text);
	else if (term == CC_TERM_KIND && rank >= CC_KIND_RESULT && (rank == CC_KIND_RESULT ? c->policy->reads.n_results :
																 rank == CC_KIND_RATING ? c->policy->reads.n_ratings : c->policy->reads.n_listings) == 0)
		cc_finding(c->findings, node, "kind_not_in_inputs", "Add reads with results, ratings or listings: only what is named there reaches the policy.",
				   "kind \"%s\" is not in reads", node->text);
	else if (term == CC_TERM_WHOSE && rank != CC_WHOSE_OWN && !(c->policy->reads.linked & (1u << rank)))
		cc_finding(c->findings, node, "kind_not_in_inputs", "Add the role to reads.linked: only the links named there reach the policy.",
				   "records of \"%s\" are not in reads", node->text);
	return rank;
}

/* A value, or a list of values, of a text term. */
static CcCondition *
compile_texts(CcCompile *c, const CcNode *test, CcTerm term)
{
	bool		closed = cc_vocabulary[term].words != NULL;
	CcConditionKind kind = term == CC_TERM_BAND ? CC_COND_BAND : closed ? CC_COND_WORDS : CC_COND_TEXT;
	CcCondition *condition = new_condition(c, kind, term, 0);
	int			n = test->kind == CC_NODE_SEQUENCE ? test->n : 1;
	int			i;

	condition->texts = c->env->alloc(c->env, sizeof(CcText) * (n + 1));
	condition->prefix = c->env->alloc(c->env, sizeof(bool) * (n + 1));
	for (i = 0; i < n; i++)
	{
		const CcNode *value = test->kind == CC_NODE_SEQUENCE ? test->items[i] : test;
		int			rank;

		if (kind == CC_COND_TEXT)
		{
			if (!cc_is_scalar(c, value))
				continue;
			condition->prefix[condition->n] = value->len > 1 && value->text[value->len - 1] == '*';
			condition->texts[condition->n].str = value->text;
			condition->texts[condition->n].len = value->len - condition->prefix[condition->n];
			/* rules/README.md, section 6: the policy itself */
			if (term == CC_TERM_POLICY && strcmp(value->text, "self") == 0)
			{
				condition->texts[condition->n].str = c->policy->id;
				condition->texts[condition->n].len = (int) strlen(c->policy->id);
			}
			condition->n++;
			continue;
		}
		if (kind == CC_COND_WORDS)
			rank = word_of(c, value, term);
		else if (!cc_is_scalar(c, value))
			continue;
		else if ((rank = cc_find_band(c->policy, value->text)) < 0)
			cc_finding(c->findings, value, "unknown_reference", "Name the id of a band.", "there is no band \"%.80s\"", value->text);
		if (rank >= 0)
			condition->words |= UINT64_C(1) << rank;
	}
	if (n == 0)
		cc_finding(c->findings, test, "bad_value", "Write at least one value.", "the list is empty");
	return condition;
}

/* A number, or a list of numbers, of an ordered open term. */
static CcCondition *
compile_numbers(CcCompile *c, const CcNode *test, CcTerm term, int index)
{
	CcCondition *any = new_condition(c, CC_COND_ANY, term, index);
	int			n = test->kind == CC_NODE_SEQUENCE ? test->n : 1;
	int			i;

	any->parts = c->env->alloc(c->env, sizeof(CcCondition *) * (n + 1));
	for (i = 0; i < n; i++)
	{
		CcCondition *equal = new_condition(c, CC_COND_RANGE, term, index);

		if (number_of(c, test->kind == CC_NODE_SEQUENCE ? test->items[i] : test, term, &equal->low))
			equal->high = equal->low;
		any->parts[any->n++] = equal;
	}
	if (n == 0)
		cc_finding(c->findings, test, "bad_value", "Write at least one value.", "the list is empty");
	return any->n == 1 ? any->parts[0] : any;
}

static const char *const range_keys[] = {"at_least", "above", "at_most", "below", "known", NULL};

/* {at_least, above, at_most, below}: one interval of numbers, or of the ranks of an ordered vocabulary. */
static CcCondition *
compile_range(CcCompile *c, const CcNode *test, CcTerm term, int index)
{
	bool		words = cc_vocabulary[term].words != NULL;
	CcCondition *condition = new_condition(c, words ? CC_COND_WORDS : CC_COND_RANGE, term, index);
	bool		failed = false;
	int			side;

	if (!cc_vocabulary[term].ordered)
	{
		cc_finding(c->findings, test, "bad_value", "Give a value or a list of values.", "\"%s\" has no order", cc_vocabulary[term].name);
		return condition;
	}
	for (side = 0; side < 4; side++)
	{
		const CcNode *value = cc_get(test, range_keys[side]);
		int64_t		bound = 0;

		if (value == NULL)
			continue;
		if (side % 2 == 1 && cc_get(test, range_keys[side - 1]) != NULL)
			cc_finding(c->findings, value, "bad_value", "Keep one of them.", "\"%s\" and \"%s\" stand together", range_keys[side - 1],
					   range_keys[side]);
		if (words ? (bound = word_of(c, value, term)) < 0 : !number_of(c, value, term, &bound))
			failed = true;
		else if (side < 2)
			condition->low = bound + (side == 1);
		else
			condition->high = bound - (side == 3);
	}
	if (failed)
		return condition;
	if (condition->low > condition->high)
		cc_finding(c->findings, test, "empty_interval", "The lower end must be below the upper one.", "no value lies in the interval");
	if (words)
	{
		int			rank;

		for (rank = 0; cc_vocabulary[term].words[rank] != NULL; rank++)
			if (rank >= condition->low && rank <= condition->high)
				condition->words |= UINT64_C(1) << rank;
	}
	return condition;
}

/* A test of one term. NULL after a finding that leaves nothing to compile. */
CcCondition *
cc_compile_test(CcCompile *c, const CcNode *test, CcTerm term, int index, CcScope scope)
{
	const CcNode *known;
	CcCondition *condition;
	bool		value = true;

	if (term == CC_TERM_COVERED || term == CC_TERM_COVERED_LAST || term == CC_TERM_GROUP)
	{
		condition = new_condition(c, CC_COND_TRUTH, term, index);
		cc_value_bool(c, test, &value);
		condition->low = value;
		return condition;
	}
	if (test->kind != CC_NODE_MAPPING)
		return CC_IS_TEXT(term) || term == CC_TERM_BAND ? compile_texts(c, test, term) : compile_numbers(c, test, term, index);
	if (!cc_check_keys(c, test, range_keys))
		return NULL;
	if (test->n == 0)
		cc_finding(c->findings, test, "bad_value", "Write a value, or at_least, above, at_most, below, known.", "the test is empty");
	if ((known = cc_get(test, "known")) == NULL)
		return compile_range(c, test, term, index);
	if (test->n > 1)
		cc_finding(c->findings, known, "bad_value", "Write it as a condition of its own.", "\"known\" stands beside other tests");
	condition = new_condition(c, CC_COND_KNOWN, term, index);
	if (scope != CC_SCOPE_RECORD)
		cc_finding(c->findings, known, "term_not_allowed", "Terms of an outcome are always known.", "\"known\" of a term of the outcome");
	cc_value_bool(c, known, &value);
	condition->low = value;
	if (scope == CC_SCOPE_RECORD && !value)
		cc_warning(c->findings, known, "known_false_counts",
				   "What is unknown never counts against a subject by itself; make sure that this is what the measure says.",
				   "a record counts because \"%s\" is unknown", cc_vocabulary[term].name);
	return condition;
}

/* The place of what a term names after its dot; -1 after a finding. */
static int
find_named(CcCompile *c, const CcNode *key, CcTerm term, const char *id)
{
	const CcPolicy *policy = c->policy;
	bool		summed = term == CC_TERM_SUM || term == CC_TERM_COUNT || term == CC_TERM_COVERED || term == CC_TERM_COVERED_LAST;
	int			i;

#define FIND(array, n, base) \
	for (i = 0; i < (n); i++) \
		if ((array)[i].id && strcmp((array)[i].id, id) == 0) \
			return (base) + i
	if (summed)
		FIND(policy->items, policy->n_items, 0);
	if (term == CC_TERM_SUM)
		FIND(policy->components, policy->n_components, CC_MAX_ITEMS);
	if (term == CC_TERM_RUN)
		FIND(policy->runs, policy->n_runs, 0);
	if (term == CC_TERM_COUNTER || term == CC_TERM_RESETS)
		FIND(policy->counters, policy->n_counters, 0);
	if (term == CC_TERM_FIRED || term == CC_TERM_FIRES)
		FIND(policy->steps, policy->n_steps, 0);
	if (term == CC_TERM_VALUE)
		FIND(policy->values, policy->n_values, 0);
	if (term == CC_TERM_RANK)
		FIND(policy->ranks, policy->n_ranks, 0);
	if (term == CC_TERM_GROUP)
		FIND(policy->groups, policy->n_groups, 0);
#undef FIND
	cc_finding(c->findings, key, "unknown_reference",
			   summed ? "Name the id of an item (or, after sum., of a component)." : "Name the id of something that the file defines.",
			   "there is no %s \"%.80s\"", summed ? "item" : term == CC_TERM_FIRED || term == CC_TERM_FIRES ? "step" : term == CC_TERM_RESETS ? "counter" :
			   cc_vocabulary[term].name, id);
	return -1;
}

/* From which step on a term of the outcome is known (rules/README.md, section 2). */
static int
step_of(const CcCompile *c, CcTerm term, int index)
{
	switch (term)
	{
		case CC_TERM_SUM:
			return index < CC_MAX_ITEMS ? CC_SCOPE_COUNTS : CC_SCOPE_SUMS;	/* of an item, of a component */
		case CC_TERM_VALUE:
			return c->policy->values[index].step;
		case CC_TERM_SCORE:
			return CC_SCOPE_SCORE;
		case CC_TERM_RANK:
		case CC_TERM_GROUP:
			return CC_SCOPE_BAND;
		case CC_TERM_BAND:
			return CC_SCOPE_OUTCOME;
		default:
			return CC_SCOPE_COUNTS;
	}
}

/* True if the term of an outcome is known where it is used. */
static bool
known_in_time(CcCompile *c, const CcNode *key, CcTerm term, int index, CcScope scope)
{
	const CcPolicy *policy = c->policy;
	int			step = step_of(c, term, index);
	bool		later = step > (int) scope;

	if (term == CC_TERM_VALUE && index >= c->values_above)
		later = true;
	if ((term == CC_TERM_COUNT || term == CC_TERM_SUM) && index < CC_MAX_ITEMS && index >= c->items_above && policy->items[index].has_when)
		later = true;
	if (later)
	{
		cc_finding(c->findings, key, "term_known_later", "The order in which terms become known is in rules/README.md, section 2.",
				   "\"%.80s\" is not known yet where this is decided", key->text);
		return false;
	}
	if (step > c->deepest)
		c->deepest = step;
	c->policy->fires |= term == CC_TERM_FIRES;
	return true;
}

/* The term that a key or operand names, with what stands after its dot; false after a finding. */
static bool
resolve_term(CcCompile *c, const CcNode *key, CcScope scope, CcTerm *term, int *index)
{
	const char *dot = strchr(key->text, '.');
	char	   *name = cc_copy(c->env, key->text, dot ? (int) (dot - key->text) : key->len);
	bool		indexed;

	*index = 0;
	*term = cc_term_find(name);
	if (*term == CC_TERM_READ_BAND && scope != CC_SCOPE_RECORD)
		*term = CC_TERM_BAND;
	indexed = *term > CC_TERM_SCORE && *term < CC_TERM_BAND;
	if (*term == CC_TERM_NONE || indexed != (dot != NULL))
	{
		cc_finding(c->findings, key, "unknown_term", "The terms are listed in rules/README.md, section 2.", "unknown term \"%.80s\"", key->text);
		return false;
	}
	if (scope == CC_SCOPE_RECORD ? *term >= CC_TERM_SCORE : *term < CC_TERM_SCORE && *term != CC_TERM_SUBJECT_KIND)
	{
		cc_finding(c->findings, key, "term_not_allowed",
				   scope == CC_SCOPE_RECORD ? "Here the condition is over one record." : "Here the condition is over the outcome: counts, sums, score and the like.",
				   "term \"%.80s\" cannot be used here", key->text);
		return false;
	}
	if (*term == CC_TERM_SCORE && !c->policy->has_score)
	{
		cc_finding(c->findings, key, "term_not_allowed", "The policy says score: none.", "there is no score");
		return false;
	}
	if (indexed && (*index = find_named(c, key, *term, dot + 1)) < 0)
		return false;
	if ((*term == CC_TERM_COVERED || *term == CC_TERM_COVERED_LAST) && !c->policy->has_cycle)
		cc_finding(c->findings, key, "cycle_missing", "Add cycle: {from: DAY, months: N} at the top.", "the policy has no cycle");
	return scope == CC_SCOPE_RECORD || known_in_time(c, key, *term, *index, scope);
}

/* One TERM: TEST of a mapping. */
static CcCondition *
compile_atom(CcCompile *c, const CcNode *key, const CcNode *test, CcScope scope)
{
	CcTerm		term;
	int			index;

	if (cc_refuse_full_width(c, key) || !resolve_term(c, key, scope, &term, &index))
		return NULL;
	return cc_compile_test(c, test, term, index, scope);
}

/* A numeric term of the outcome, or a decimal. */
bool
cc_compile_operand(CcCompile *c, const CcNode *node, CcScope scope, CcOperand *operand)
{
	operand->term = CC_TERM_NONE;
	if (!cc_is_scalar(c, node))
		return false;
	if (strchr("+-0123456789", node->text[0]) != NULL)
		return cc_value_decimal(c, node, CC_DECIMALS, &operand->number);
	if (!resolve_term(c, node, scope, &operand->term, &operand->index))
		return false;
	if (operand->term != CC_TERM_SUBJECT_KIND && cc_vocabulary[operand->term].ordered)
		return true;
	cc_finding(c->findings, node, "term_not_allowed", "Name a number: count.ID, sum.ID, run.ID, counter.ID, value.ID, score and the like.",
			   "\"%.80s\" is no number", node->text);
	return false;
}

/* The item that a scalar names, enrolled included; -1 after a finding. */
int
cc_find_item(CcCompile *c, const CcNode *node)
{
	int			i;

	if (!cc_is_scalar(c, node))
		return -1;
	for (i = 0; i < c->policy->n_items; i++)
		if (c->policy->items[i].id && strcmp(c->policy->items[i].id, node->text) == 0)
			return i;
	cc_finding(c->findings, node, "unknown_reference", "Name the id of an item.", "there is no item \"%.80s\"", node->text);
	return -1;
}

/* Compiles a condition; never NULL: what cannot be compiled is a finding and an empty condition. */
CcCondition *
cc_compile_condition(CcCompile *c, const CcNode *node, CcScope scope)
{
	CcCondition *all = new_condition(c, CC_COND_ALL, CC_TERM_NONE, 0);
	int			i,
				k;

	if (!cc_is_mapping(c, node))
		return all;
	if (node->n == 0)
		cc_finding(c->findings, node, "bad_value", "Write at least one test.", "the condition is empty");
	all->parts = c->env->alloc(c->env, sizeof(CcCondition *) * (node->n + 1));
	for (i = 0; i < node->n; i++)
	{
		const char *key = node->keys[i]->text;
		const CcNode *value = node->items[i];
		CcCondition *part = NULL;

		if (strcmp(key, "not") == 0)
		{
			part = new_condition(c, CC_COND_NOT, CC_TERM_NONE, 0);
			part->parts = c->env->alloc(c->env, sizeof(CcCondition *));
			part->parts[part->n++] = cc_compile_condition(c, value, scope);
		}
		else if (strcmp(key, "all") == 0 || strcmp(key, "any") == 0)
		{
			part = new_condition(c, key[1] == 'l' ? CC_COND_ALL : CC_COND_ANY, CC_TERM_NONE, 0);
			if (cc_is_sequence(c, value))
			{
				if (value->n == 0)
					cc_finding(c->findings, value, "bad_value", "Write at least one condition.", "the list is empty");
				part->parts = c->env->alloc(c->env, sizeof(CcCondition *) * (value->n + 1));
				for (k = 0; k < value->n; k++)
					part->parts[part->n++] = cc_compile_condition(c, value->items[k], scope);
			}
		}
		else
			part = compile_atom(c, node->keys[i], value, scope);
		if (part != NULL)
			all->parts[all->n++] = part;
	}
	return all->n == 1 ? all->parts[0] : all;
}
