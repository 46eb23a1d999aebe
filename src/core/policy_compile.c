/*
 * policy_compile.c -- the tree of a policy file to a compiled policy
 *
 * Shape and references are looked at here, key by key (rules/README.md, sections 3 to 5); what concerns several rules
 * together is in policy_check.c. Each problem is a finding, and compiling goes on, so that all come at once: a policy
 * compiled with findings must not be used.
 */
#include "policy_compile.h"

#include <string.h>

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
			band->id = cc_id_of(c, cc_require(c, of->items[i], "id"), "+-", true, 1, 8);
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

	policy->id = cc_id_of(c, cc_require(c, root, "policy"), "-", false, 3, 60);
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
	cc_compile_sources(c, cc_require(c, root, "sources"));
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
	cc_compile_rules(&c, root);
	cc_compile_ratings(&c, cc_get(root, "ratings"));
	if (c.has_assumption && !policy->example)
		cc_finding(findings, c.assumption, "assumption_without_example", "Write example: true at the top.",
				   "the file contains an assumption but is no example");
	if (findings->n == 0)
		cc_policy_plan(env, policy);
	cc_policy_check(policy, root, findings);
	return policy;
}
