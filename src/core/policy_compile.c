/*
 * policy_compile.c -- the tree of a policy file to a compiled policy
 *
 * Shape and references are looked at here, key by key (rules/README.md, sections 3 to 5); what concerns several rules
 * together is in policy_check.c. Each problem is a finding, and compiling goes on, so that all come at once: a policy
 * compiled with findings must not be used.
 */
#include "policy_compile.h"

#include <string.h>

static const char *const rank_words[] = {
	"law", "regulation", "central_document", "departmental_rule", "local_regulation", "normative_document", "draft", "assumption", NULL
};

/* Text of a scalar, or "" after a finding. */
const char *
cc_text_of(CcCompile *c, const CcNode *node, int max)
{
	if (node == NULL || !cc_is_scalar(c, node))
		return "";
	if (node->len == 0 || node->len > max)
		cc_finding(c->findings, node, "bad_value", cc_printf(c->env, "Write 1 to %d bytes.", max), "text of %d bytes", node->len);
	return node->text;
}

/*
 * Reads an id of rules, items and components: [a-z][a-z0-9_]*; for bands [A-Za-z0-9+-]{1,8}; for policies
 * [a-z0-9-]{3,60}.
 */
static const char *
id_of(CcCompile *c, const CcNode *node, const char *more, bool upper, int min, int max)
{
	int			i;

	if (node == NULL || !cc_is_scalar(c, node))
		return "";
	for (i = 0; i < node->len; i++)
	{
		char		ch = node->text[i];

		if (!((ch >= 'a' && ch <= 'z') || (upper && ch >= 'A' && ch <= 'Z') ||
			  (((ch >= '0' && ch <= '9') || strchr(more, ch) != NULL) && (i > 0 || max != 40))))
			break;
	}
	if (i < node->len || node->len < min || node->len > max)
		cc_finding(c->findings, node, "bad_id",
				   cc_printf(c->env, "Write %d to %d of: lower-case letters%s, digits, %s.", min, max, upper ? ", upper-case letters" : "",
							 more), "\"%.80s\" is not a valid id", node->text);
	return node->text;
}

const char *
cc_rule_id(CcCompile *c, const CcNode *mapping)
{
	return id_of(c, cc_require(c, mapping, "id"), "_", false, 1, 40);
}

/* A rule cannot rest on a document outside the days on which that is in force itself. */
static void
check_source_days(CcCompile *c, const CcNode *source, const CcNode *entry)
{
	const CcNode *from = cc_get(entry, "from");
	const CcNode *until = cc_get(entry, "until");
	CcDay		day;

	if (from != NULL && from->kind == CC_NODE_SCALAR && cc_day_parse(from->text, from->len, &day) && c->policy->in_force_from < day)
		cc_finding(c->findings, source, "date_outside_source", "Begin in_force later, or cite what was in force before.",
				   "the policy is in force before its source \"%.80s\"", source->text);
	if (until != NULL && until->kind == CC_NODE_SCALAR && cc_day_parse(until->text, until->len, &day) && c->policy->in_force_until > day)
		cc_finding(c->findings, source, "date_outside_source", "State in_force.until, or cite what is in force afterwards.",
				   "the policy is in force after its source \"%.80s\"", source->text);
}

static CcCite
compile_source(CcCompile *c, const CcNode *node)
{
	static const char *const keys[] = {"source", "article", NULL};
	CcCite		cite = {"", "", ""};
	const CcNode *source,
			   *entry;
	int			rank;

	if (!cc_check_keys(c, node, keys))
		return cite;
	cite.article = cc_text_of(c, cc_require(c, node, "article"), 200);
	source = cc_require(c, node, "source");
	if (source == NULL || !cc_is_scalar(c, source))
		return cite;
	entry = cc_get(c->sources, source->text);
	if (entry == NULL)
		cc_finding(c->findings, source, "unknown_source", "Add it to sources.", "there is no source \"%.80s\"", source->text);
	else if (entry->kind == CC_NODE_MAPPING)
	{
		const CcNode *title = cc_get(entry, "title");
		const CcNode *number = cc_get(entry, "number");
		const CcNode *rank_node = cc_get(entry, "rank");

		check_source_days(c, source, entry);
		cite.source = title && title->kind == CC_NODE_SCALAR ? title->text : "";
		if (number && number->kind == CC_NODE_SCALAR)
			cite.source = cc_printf(c->env, "%s（%s）", cite.source, number->text);
		for (rank = 0; rank_words[rank] != NULL; rank++)
			if (rank_node && rank_node->kind == CC_NODE_SCALAR && strcmp(rank_node->text, rank_words[rank]) == 0)
				cite.rank = rank_words[rank];
	}
	return cite;
}

/* cite and assumption where a citation may be missing: the source is NULL then. */
CcCite
cc_compile_optional_cite(CcCompile *c, const CcNode *rule)
{
	const CcNode *node = cc_get(rule, "cite");
	const CcNode *assumption = cc_get(rule, "assumption");
	CcCite		none = {NULL, NULL, NULL};

	if (assumption != NULL)
	{
		cc_text_of(c, assumption, 1000);
		if (!c->has_assumption)
			c->assumption = assumption;
		c->has_assumption = true;
	}
	return node != NULL ? compile_source(c, node) : none;
}

/* cite and assumption of a rule. */
CcCite
cc_compile_cite(CcCompile *c, const CcNode *rule)
{
	CcCite		cite = cc_compile_optional_cite(c, rule);
	CcCite		none = {"", "", ""};

	if (cite.source != NULL)
		return cite;
	if (rule->kind == CC_NODE_MAPPING)
		cc_finding(c->findings, rule, "missing_citation", "Every rule needs cite.source and cite.article.", "the rule has no citation");
	return none;
}

/* at: rating: the rule exists only in a rating. */
bool
cc_compile_at(CcCompile *c, const CcNode *rule)
{
	static const char *const words[] = {"rating", NULL};
	const CcNode *at = cc_get(rule, "at");
	int			n;

	return at != NULL && cc_value_word(c, at, words, &n);
}

/* Names of items and components, before any condition refers to them. */
static void
compile_names(CcCompile *c, const CcNode *components, const CcNode *items)
{
	CcPolicy   *policy = c->policy;
	int			i;

	policy->items = c->env->alloc(c->env, sizeof(CcItem) * (CC_MAX_ITEMS + 1));
	policy->items[0].id = "enrolled";
	policy->items[0].name = "参评 / enrolled";
	policy->n_items = 1;
	if (items != NULL && cc_is_sequence(c, items))
		for (i = 0; i < items->n && policy->n_items < CC_MAX_ITEMS; i++)
		{
			policy->items[policy->n_items].has_when = cc_get(items->items[i], "when") != NULL;
			policy->items[policy->n_items++].id = cc_rule_id(c, items->items[i]);
		}
	if (items != NULL && items->kind == CC_NODE_SEQUENCE && items->n >= CC_MAX_ITEMS)
		cc_finding(c->findings, items, "too_large", "Split the measure.", "more than %d items", CC_MAX_ITEMS - 1);
	if (components == NULL || !cc_is_sequence(c, components))
		return;
	policy->components = c->env->alloc(c->env, sizeof(CcComponent) * (components->n + 1));
	for (i = 0; i < components->n && i < CC_MAX_ITEMS; i++)
		policy->components[policy->n_components++].id = cc_rule_id(c, components->items[i]);
}

static void
check_duplicate_names(CcCompile *c, const CcNode *components, const CcNode *items)
{
	CcPolicy   *policy = c->policy;
	int			total = policy->n_items + policy->n_components;
	int			i,
				k;

	for (i = 1; i < total; i++)
	{
		const char *id = i < policy->n_items ? policy->items[i].id : policy->components[i - policy->n_items].id;

		for (k = 0; k < i; k++)
		{
			const char *other = k < policy->n_items ? policy->items[k].id : policy->components[k - policy->n_items].id;

			if (id[0] != '\0' && strcmp(id, other) == 0)
			{
				cc_finding(c->findings, i < policy->n_items ? items->items[i - 1] : components->items[i - policy->n_items], "duplicate_id",
						   k == 0 ? "\"enrolled\" is taken: it counts the records that enrol the subject." : "Rename one of them.",
						   "id \"%.80s\" occurs twice", id);
				break;
			}
		}
	}
}

static void
compile_score(CcCompile *c, const CcNode *node)
{
	static const char *const keys[] = {
		"base", "floor", "cap", "decimals", "round", "combine", "of", "cite", "assumption", "documentation", NULL
	};
	static const char *const roundings[] = {"half_up", "half_even", "toward_zero", "away_from_zero", NULL};
	static const char *const combines[] = {"sum", "weighted_mean", NULL};
	CcPolicy   *policy = c->policy;
	const CcNode *value;
	int			n;

	policy->floor = CC_NUMBER_MIN;
	policy->cap = CC_NUMBER_MAX;
	policy->score_of = -1;
	if (node == NULL || (node->kind == CC_NODE_SCALAR && strcmp(node->text, "none") == 0))
		return;
	if (!cc_check_keys(c, node, keys))
		return;
	policy->has_score = true;
	if ((value = cc_get(node, "decimals")) != NULL)
		cc_value_integer(c, value, 0, CC_DECIMALS, &policy->decimals);
	if ((value = cc_get(node, "round")) != NULL && cc_value_word(c, value, roundings, &n))
		policy->rounding = (CcRounding) (n + 1);
	if ((value = cc_get(node, "combine")) != NULL && cc_value_word(c, value, combines, &n) && (policy->weighted_mean = n == 1))
		cc_require_rounding(c, value, "a mean needs");
	policy->score_cite = cc_compile_optional_cite(c, node);
	cc_limit_of(c, node, "base", &policy->base);
	cc_limits_of(c, node, "floor", "cap", &policy->floor, &policy->cap);
}

/* score.of: the value that is the score; values are known only now. */
static void
compile_score_of(CcCompile *c, const CcNode *node)
{
	const CcNode *of = cc_get(node, "of");
	CcOperand	operand;

	if (of == NULL)
		return;
	if (cc_get(node, "base") != NULL || cc_get(node, "combine") != NULL)
		cc_finding(c->findings, of, "bad_value", "Leave out base and combine.", "the score is a value alone");
	if (!cc_compile_operand(c, of, CC_SCOPE_SUMS, &operand))
		return;
	if (operand.term != CC_TERM_VALUE)
		cc_finding(c->findings, of, "term_not_allowed", "Write value.ID.", "the score can only be a value");
	else if (c->policy->values[operand.index].decimals > c->policy->decimals)
		cc_finding(c->findings, of, "too_many_decimals", "State decimals on the value, at most those of the score.",
				   "the value has more places than the score");
	else if (c->policy->values[operand.index].at_rating)
		cc_finding(c->findings, of, "term_known_later", "Leave out at: rating.", "the value exists only in a rating");
	else
		c->policy->score_of = operand.index;
}

/* Ids of the bands, before any condition refers to them. */
static void
name_bands(CcCompile *c, const CcNode *node)
{
	static const char *const band_keys[] = {"id", "name", "when", "documentation", NULL};
	CcPolicy   *policy = c->policy;
	const CcNode *of = cc_get(node, "of");
	int			i;

	policy->gap = -1;
	if (node == NULL || !cc_is_mapping(c, node) || (of = cc_require(c, node, "of")) == NULL || !cc_is_sequence(c, of))
		return;
	if (of->n == 0 || of->n > CC_MAX_BANDS)
		cc_finding(c->findings, of, "bad_value", cc_printf(c->env, "Write 1 to %d bands.", CC_MAX_BANDS), "%d bands", of->n);
	policy->bands = c->env->alloc(c->env, sizeof(CcBand) * CC_MAX_BANDS);
	for (i = 0; i < of->n && i < CC_MAX_BANDS; i++)
	{
		CcBand	   *band = &policy->bands[i];

		band->id = band->name = "";
		band->when = c->env->alloc(c->env, sizeof(CcCondition));
		if (cc_check_keys(c, of->items[i], band_keys))
		{
			band->id = id_of(c, cc_require(c, of->items[i], "id"), "+-", true, 1, 8);
			band->name = cc_text_of(c, cc_require(c, of->items[i], "name"), 100);
			if (band->id[0] != '\0' && cc_find_band(policy, band->id) >= 0)
				cc_finding(c->findings, of->items[i], "duplicate_id", "Rename one of them.", "band \"%.80s\" occurs twice", band->id);
		}
		policy->n_bands++;
	}
}

static void
compile_bands(CcCompile *c, const CcNode *node)
{
	static const char *const keys[] = {"choose", "gap", "step", "cite", "assumption", "documentation", "of", NULL};
	static const char *const choices[] = {"refer", "best", "worst", NULL};
	CcPolicy   *policy = c->policy;
	const CcNode *value;
	int			i,
				n;

	if (node == NULL || node->kind != CC_NODE_MAPPING)
		return;
	cc_check_keys(c, node, keys);
	if ((value = cc_get(node, "choose")) != NULL && cc_value_word(c, value, choices, &n))
		policy->choose = (CcChoice) n;
	policy->bands_cite = cc_compile_cite(c, node);
	for (i = 0; i < policy->n_bands; i++)
	{
		const CcNode *band = cc_get(node, "of")->items[i];

		if (band->kind == CC_NODE_MAPPING && (value = cc_require(c, band, "when")) != NULL)
			policy->bands[i].when = cc_compile_condition(c, value, CC_SCOPE_BAND);
	}
	if ((value = cc_get(node, "gap")) != NULL && cc_is_scalar(c, value) && strcmp(value->text, "refer") != 0 &&
		(policy->gap = cc_find_band(policy, value->text)) < 0)
		cc_finding(c->findings, value, "unknown_reference", "Write refer or the id of a band.", "there is no band \"%.80s\"", value->text);
}

static void
compile_scale(CcCompile *c, const CcNode *node)
{
	static const char *const grades[] = {"E", "D", "C", "B", "A", NULL};
	int			i,
				n;

	if (node == NULL || !cc_is_mapping(c, node))
		return;
	for (i = 0; i < node->n; i++)
	{
		int			band = cc_find_band(c->policy, node->keys[i]->text);

		if (band < 0)
			cc_finding(c->findings, node->keys[i], "unknown_reference", "Name the id of a band.", "there is no band \"%.80s\"",
					   node->keys[i]->text);
		else if (cc_value_word(c, node->items[i], grades, &n))
			c->policy->bands[band].grade = n + 1;
	}
}

#define CITED "cite", "assumption", "documentation"
static const char *const state_keys[] = {"id", "name", "when", "band", CITED, NULL};
static const char *const limit_keys[] = {"id", "name", "when", "band", "overrides", CITED, NULL};
static const char *const veto_keys[] = {"id", "name", "when", "band", "hold", "overrides", CITED, NULL};
static const char *const list_keys[] = {"id", "name", "list", "when", "term", "basis", "at", CITED, NULL};
static const char *const effect_keys[] = {"id", "name", "effect", "matter", "when", "after", "due", "hold", "at", CITED, NULL};

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
			if (rule->id[0] != '\0' && strcmp((*rules)[k].id, rule->id) == 0)
				cc_finding(c->findings, item, "duplicate_id", "Rename one of them.", "id \"%.80s\" occurs twice", rule->id);
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
			rule->basis = compile_source(c, value);
	}
	return node->n < max ? node->n : max;
}

static void
compile_sources(CcCompile *c, const CcNode *node)
{
	static const char *const keys[] = {"title", "number", "rank", "from", "until", "documentation", NULL};
	const CcNode *value;
	CcDay		from,
				until;
	int			i,
				n;

	if (node == NULL || !cc_is_mapping(c, node))
		return;
	c->sources = node;
	for (i = 0; i < node->n; i++)
	{
		if (!cc_check_keys(c, node->items[i], keys))
			continue;
		cc_text_of(c, cc_require(c, node->items[i], "title"), 300);
		if ((value = cc_get(node->items[i], "number")) != NULL)
			cc_text_of(c, value, 100);
		if ((value = cc_require(c, node->items[i], "rank")) != NULL)
			cc_value_word(c, value, rank_words, &n);
		from = CC_DAY_FIRST;
		until = CC_DAY_LAST;
		if ((value = cc_get(node->items[i], "from")) != NULL)
			cc_value_day(c, value, &from);
		if ((value = cc_get(node->items[i], "until")) != NULL && cc_value_day(c, value, &until) && until < from)
			cc_finding(c->findings, value, "empty_interval", "\"until\" is the last day in force.", "in force until before from");
	}
}

static void
compile_header(CcCompile *c, const CcNode *root)
{
	static const char *const in_force_keys[] = {"from", "until", NULL};
	static const char *const cycle_keys[] = {"from", "months", "cite", "assumption", "documentation", NULL};
	CcPolicy   *policy = c->policy;
	const CcNode *node,
			   *value;
	int			i,
				n,
				year,
				month,
				dom;

	policy->id = id_of(c, cc_require(c, root, "policy"), "-", false, 3, 60);
	policy->title = cc_text_of(c, cc_require(c, root, "title"), 300);
	policy->version = cc_text_of(c, cc_require(c, root, "version"), 40);
	policy->issuer = cc_text_of(c, cc_require(c, root, "issuer"), 300);
	if ((value = cc_get(root, "example")) != NULL)
		cc_value_bool(c, value, &policy->example);
	policy->in_force_until = CC_DAY_LAST;
	if ((node = cc_require(c, root, "in_force")) != NULL && cc_check_keys(c, node, in_force_keys))
	{
		if ((value = cc_require(c, node, "from")) != NULL)
			cc_value_day(c, value, &policy->in_force_from);
		if ((value = cc_get(node, "until")) != NULL && cc_value_day(c, value, &policy->in_force_until) &&
			policy->in_force_until < policy->in_force_from)
			cc_finding(c->findings, value, "empty_interval", "\"until\" is the last day in force.", "in force until before from");
	}
	compile_sources(c, cc_require(c, root, "sources"));
	if ((node = cc_require(c, root, "inputs")) != NULL && cc_is_sequence(c, node))
	{
		for (i = 0; i < node->n; i++)
		{
			if (!cc_value_word(c, node->items[i], cc_vocabulary[CC_TERM_KIND].words, &n))
				continue;
			policy->inputs |= 1u << n;
			if (n >= CC_KIND_RESULT)
				cc_finding(c->findings, node->items[i], "bad_value", "Name the policy or list in reads.", "\"%.80s\" is no kind of record",
						   node->items[i]->text);
		}
		if (node->n == 0)
			cc_finding(c->findings, node, "bad_value", "Name the kinds of record that may reach the policy.", "the list is empty");
	}
	if ((node = cc_get(root, "cycle")) != NULL && cc_check_keys(c, node, cycle_keys))
	{
		policy->has_cycle = true;
		policy->cycle_months = 12;
		policy->cycle_cite = cc_compile_optional_cite(c, node);
		if ((value = cc_require(c, node, "months")) != NULL)
			cc_value_integer(c, value, 1, 60, &policy->cycle_months);
		if ((value = cc_require(c, node, "from")) != NULL && cc_value_day(c, value, &policy->cycle_from))
		{
			cc_day_to_ymd(policy->cycle_from, &year, &month, &dom);
			if (dom > 28)
				cc_finding(c->findings, value, "bad_value", "Begin cycles on a day that every month has.", "cycle begins on day %d", dom);
		}
	}
	compile_score(c, cc_require(c, root, "score"));
}

/* Compiles the tree; the result may be used only if there is no finding. */
CcPolicy *
cc_policy_compile(CcEnv *env, const CcNode *root, CcFindings *findings)
{
	static const char *const keys[] = {
		"policy", "title", "version", "issuer", "example", "in_force", "sources", "inputs", "applies_to", "reads", "cycle", "score",
		"components", "items", "runs", "counters", "values", "states", "bands", "scale", "ceilings", "floors", "vetoes", "lists", "effects",
		"ranks", "ratings", "documentation", NULL
	};
	CcPolicy   *policy = env->alloc(env, sizeof(CcPolicy));
	CcCompile	c = {env, findings, policy, NULL, false, NULL, CC_MAX_ITEMS, CC_MAX_BLOCK, 0};
	const CcNode *components = cc_get(root, "components");
	const CcNode *items;
	int			i;

	if (!cc_check_keys(&c, root, keys))
		return policy;
	compile_header(&c, root);
	cc_compile_reads(&c, cc_get(root, "reads"));
	items = cc_require(&c, root, "items");
	compile_names(&c, components, items);
	check_duplicate_names(&c, components, items);
	name_bands(&c, cc_require(&c, root, "bands"));
	cc_compile_outcome_names(&c, root);
	cc_compile_rank_names(&c, cc_get(root, "ranks"));
	cc_compile_enrolment(&c, cc_require(&c, root, "applies_to"));
	for (i = 1; i < policy->n_items; i++)
		cc_compile_item(&c, items->items[i - 1], &policy->items[i]);
	cc_compile_components(&c, components);
	cc_compile_runs(&c, cc_get(root, "runs"));
	cc_compile_counters(&c, cc_get(root, "counters"));
	cc_compile_values(&c, cc_get(root, "values"));
	compile_score_of(&c, cc_get(root, "score"));
	cc_compile_ranks(&c, cc_get(root, "ranks"));
	compile_bands(&c, cc_get(root, "bands"));
	compile_scale(&c, cc_get(root, "scale"));
	policy->n_states = compile_rules(&c, cc_get(root, "states"), state_keys, CC_SCOPE_BAND, CC_MAX_STATES, &policy->states);
	policy->n_ceilings = compile_rules(&c, cc_get(root, "ceilings"), limit_keys, CC_SCOPE_BAND, CC_MAX_LIMITS, &policy->ceilings);
	policy->n_floors = compile_rules(&c, cc_get(root, "floors"), limit_keys, CC_SCOPE_BAND, CC_MAX_LIMITS, &policy->floors);
	policy->n_vetoes = compile_rules(&c, cc_get(root, "vetoes"), veto_keys, CC_SCOPE_BAND, CC_MAX_RULES, &policy->vetoes);
	compile_overrides(&c, cc_get(root, "ceilings"), policy->ceilings, policy->n_ceilings);
	compile_overrides(&c, cc_get(root, "floors"), policy->floors, policy->n_floors);
	compile_overrides(&c, cc_get(root, "vetoes"), policy->vetoes, policy->n_vetoes);
	policy->n_lists = compile_rules(&c, cc_get(root, "lists"), list_keys, CC_SCOPE_OUTCOME, CC_MAX_RULES, &policy->lists);
	policy->n_effects = compile_rules(&c, cc_get(root, "effects"), effect_keys, CC_SCOPE_OUTCOME, CC_MAX_RULES, &policy->effects);
	cc_compile_ratings(&c, cc_get(root, "ratings"));
	if (c.has_assumption && !policy->example)
		cc_finding(findings, c.assumption, "assumption_without_example", "Write example: true at the top.",
				   "the file contains an assumption but is no example");
	if (findings->n == 0)
		cc_policy_plan(env, policy);
	cc_policy_check(policy, root, findings);
	return policy;
}
