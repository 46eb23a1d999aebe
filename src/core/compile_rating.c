/*
 * compile_rating.c -- what a policy file says about readings, rankings and the rating of a period
 *
 * rules/README.md, sections 6 and 7. Closing a cycle is the registry's business; here its terms are read.
 */
#include "policy_compile.h"

#include <string.h>

/* ---- reads ---- */

static int
compile_read_names(CcCompile *c, const CcNode *node, const char ***names)
{
	int			i,
				k,
				n = 0;

	if (node == NULL || !cc_is_sequence(c, node))
		return 0;
	if (node->n == 0 || node->n > CC_MAX_READS)
		cc_finding(c->findings, node, "bad_value", cc_printf(c->env, "Name 1 to %d.", CC_MAX_READS), "%d names", node->n);
	*names = c->env->alloc(c->env, sizeof(char *) * (CC_MAX_READS + 1));
	for (i = 0; i < node->n && n < CC_MAX_READS; i++)
	{
		const char *name = cc_text_of(c, node->items[i], 60);

		for (k = 0; k < n; k++)
			if (strcmp((*names)[k], name) == 0)
				cc_finding(c->findings, node->items[i], "duplicate_id", "Remove one of them.", "\"%.80s\" occurs twice", name);
		(*names)[n++] = name;
	}
	return n;
}

void
cc_compile_reads(CcCompile *c, const CcNode *node)
{
	static const char *const keys[] = {"results", "ratings", "listings", "linked", NULL};
	CcReads    *reads = &c->policy->reads;
	const CcNode *linked;
	int			i,
				n;

	if (node == NULL || !cc_check_keys(c, node, keys))
		return;
	reads->n_results = compile_read_names(c, cc_get(node, "results"), &reads->results);
	reads->n_ratings = compile_read_names(c, cc_get(node, "ratings"), &reads->ratings);
	reads->n_listings = compile_read_names(c, cc_get(node, "listings"), &reads->listings);
	for (i = 0; i < reads->n_results; i++)
		if (strcmp(reads->results[i], "self") == 0 || strcmp(reads->results[i], c->policy->id) == 0)
			cc_finding(c->findings, cc_get(node, "results")->items[i], "bad_value", "Read ratings: [self].", "a policy cannot read its own results");
	for (i = 0; i < reads->n_ratings; i++)
		if (strcmp(reads->ratings[i], "self") == 0)
			reads->ratings[i] = c->policy->id;
	if ((linked = cc_get(node, "linked")) == NULL || !cc_is_sequence(c, linked))
		return;
	if (linked->n == 0)
		cc_finding(c->findings, linked, "bad_value", "Name at least one role.", "the list is empty");
	for (i = 0; i < linked->n; i++)
		if (cc_value_word(c, linked->items[i], cc_vocabulary[CC_TERM_WHOSE].words + 1, &n))
			reads->linked |= 1u << (n + 1);
}

/* ---- ranks ---- */

static void
name_groups(CcCompile *c, const CcNode *node, CcRanking *ranking)
{
	CcPolicy   *policy = c->policy;
	const CcNode *groups = cc_get(node, "groups");
	int			i,
				k;

	ranking->first_group = policy->n_groups;
	if (groups == NULL || !cc_is_sequence(c, groups))
		return;
	if (policy->n_groups + groups->n > CC_MAX_RULES)
		cc_finding(c->findings, groups, "too_large", "Join groups that have the same effect.", "more than %d groups", CC_MAX_RULES);
	for (i = 0; i < groups->n && policy->n_groups < CC_MAX_RULES; i++)
	{
		CcGroup    *group = &policy->groups[policy->n_groups];

		group->id = cc_rule_id(c, groups->items[i]);
		group->ranking = (int) (ranking - policy->ranks);
		for (k = 0; k < policy->n_groups; k++)
			cc_refuse_duplicate(c, groups->items[i], group->id, policy->groups[k].id);
		policy->n_groups++;
		ranking->n_groups++;
	}
}

/* Names of rankings and groups, before any condition refers to them. */
void
cc_compile_rank_names(CcCompile *c, const CcNode *node)
{
	CcPolicy   *policy = c->policy;
	int			i,
				k;

	policy->ranks = c->env->alloc(c->env, sizeof(CcRanking) * CC_MAX_BLOCK);
	policy->groups = c->env->alloc(c->env, sizeof(CcGroup) * CC_MAX_RULES);
	if (node == NULL || !cc_is_sequence(c, node))
		return;
	if (node->n > CC_MAX_BLOCK)
		cc_finding(c->findings, node, "too_large", "Join rankings that have the same effect.", "more than %d rankings", CC_MAX_BLOCK);
	for (i = 0; i < node->n && i < CC_MAX_BLOCK; i++)
	{
		policy->ranks[i].id = cc_rule_id(c, node->items[i]);
		for (k = 0; k < i; k++)
			cc_refuse_duplicate(c, node->items[i], policy->ranks[i].id, policy->ranks[k].id);
		name_groups(c, node->items[i], &policy->ranks[i]);
		policy->n_ranks++;
	}
}

static void
compile_group(CcCompile *c, const CcNode *node, CcGroup *group)
{
	static const char *const keys[] = {"id", "name", "from", "number", "percent", "round", "documentation", NULL};
	static const char *const from[] = {"best", "worst", NULL};
	static const char *const rounds[] = {"half_up", "up", "down", NULL};
	static const CcRounding roundings[] = {CC_ROUND_HALF_UP, CC_ROUND_AWAY_FROM_ZERO, CC_ROUND_TOWARD_ZERO};
	const CcNode *number = cc_get(node, "number");
	const CcNode *percent = cc_get(node, "percent");
	const CcNode *round = cc_get(node, "round");
	const CcNode *value;
	int			n = 0;

	if (!cc_check_keys(c, node, keys))
		return;
	if ((value = cc_get(node, "from")) != NULL && cc_value_word(c, value, from, &n))
		group->from_worst = n == 1;
	if ((number != NULL) + (percent != NULL) != 1)
		cc_finding(c->findings, node, number ? "bad_value" : "missing_key", "Write number: N or percent: N.", "one size of the group is wanted");
	else if (number != NULL)
	{
		cc_value_integer(c, number, 1, 1000000, &n);
		group->size = n;
	}
	else
	{
		group->by_percent = true;
		if (cc_value_decimal(c, percent, CC_DECIMALS, &group->size) && (group->size <= 0 || group->size > 100 * CC_ONE))
			cc_finding(c->findings, percent, "bad_value", "Write a share above 0 and at most 100.", "\"%.40s\" is no share", percent->text);
	}
	if (round != NULL && percent == NULL)
		cc_finding(c->findings, round, "unknown_key", "Use it with percent.", "\"round\" belongs to percent");
	if (percent != NULL && (round = cc_require(c, node, "round")) != NULL && cc_value_word(c, round, rounds, &n))
		group->rounding = roundings[n];
}

void
cc_compile_ranks(CcCompile *c, const CcNode *node)
{
	static const char *const keys[] = {"id", "name", "by", "best", "among", "ties", "groups", CC_CITED, NULL};
	static const char *const best[] = {"highest", "lowest", NULL};
	static const char *const ties[] = {"refer", "include", "exclude", NULL};
	const CcNode *value;
	int			i,
				k,
				n;

	for (i = 0; i < c->policy->n_ranks; i++)
	{
		CcRanking  *ranking = &c->policy->ranks[i];
		const CcNode *entry = node->items[i];

		ranking->by.term = CC_TERM_NONE;
		if (!cc_check_keys(c, entry, keys))
			continue;
		ranking->cite = cc_compile_cite(c, entry);
		if ((value = cc_require(c, entry, "by")) != NULL && cc_compile_operand(c, value, CC_SCOPE_SCORE, &ranking->by) &&
			ranking->by.term != CC_TERM_SCORE && ranking->by.term != CC_TERM_SUM && ranking->by.term != CC_TERM_VALUE)
			cc_finding(c->findings, value, "term_not_allowed", "Rank by score, sum.ID or value.ID.", "\"%.80s\" ranks nobody", value->text);
		if ((value = cc_require(c, entry, "best")) != NULL && cc_value_word(c, value, best, &n))
			ranking->best_lowest = n == 1;
		if ((value = cc_get(entry, "among")) != NULL)
			ranking->among = cc_compile_condition(c, value, CC_SCOPE_SCORE);
		if ((value = cc_require(c, entry, "ties")) != NULL && cc_value_word(c, value, ties, &n))
			ranking->ties = (CcTies) n;
		for (k = 0; k < ranking->n_groups; k++)
			compile_group(c, cc_get(entry, "groups")->items[k], &c->policy->groups[ranking->first_group + k]);
	}
}

/* ---- ratings ---- */

static void
compile_valid(CcCompile *c, const CcNode *node, CcRating *rating)
{
	static const char *const until_keys[] = {"until", NULL};
	static const char *const next[] = {"next", NULL};
	const CcNode *until = cc_get(node, "until");
	int			n;

	if (until == NULL)
		rating->valid = cc_compile_period(c, node);
	else if (cc_check_keys(c, node, until_keys) && cc_value_word(c, until, next, &n))
		rating->valid_until_next = true;
}

static void
compile_rating(CcCompile *c, const CcNode *entry, CcRating *rating)
{
	static const char *const keys[] = {
		"id", "name", "period", "version_by", "facts_until", "repairs_until", "publish_within", "valid", "on_correction", CC_CITED, NULL
	};
	static const char *const version_by[] = {"end", "start", NULL};
	static const char *const on_correction[] = {"subject_only", "better_only", "all", NULL};
	const CcNode *value;
	int			n;

	rating->period_months = 12;
	rating->id = rating->name = "";
	if (!cc_check_keys(c, entry, keys))
		return;
	rating->id = cc_rule_id(c, entry);
	rating->name = cc_text_of(c, cc_require(c, entry, "name"), 300);
	rating->cite = cc_compile_cite(c, entry);
	if ((value = cc_require(c, entry, "period")) != NULL)
		cc_compile_calendar(c, value, false, &rating->period_origin, &rating->period_months);
	if ((value = cc_require(c, entry, "version_by")) != NULL && cc_value_word(c, value, version_by, &n))
		rating->version_by_start = n == 1;
	if ((value = cc_get(entry, "facts_until")) != NULL)
		rating->facts_until = cc_compile_period(c, value);
	if ((value = cc_get(entry, "repairs_until")) != NULL)
		rating->repairs_until = cc_compile_period(c, value);
	if ((value = cc_get(entry, "publish_within")) != NULL)
		rating->publish_within = cc_compile_due(c, value);
	if ((value = cc_require(c, entry, "valid")) != NULL)
		compile_valid(c, value, rating);
	if ((value = cc_require(c, entry, "on_correction")) != NULL && cc_value_word(c, value, on_correction, &n))
		rating->on_correction = (CcOnCorrection) n;
}

void
cc_compile_ratings(CcCompile *c, const CcNode *node)
{
	CcPolicy   *policy = c->policy;
	int			i,
				k;

	if (node == NULL || !cc_is_sequence(c, node))
		return;
	if (node->n > CC_MAX_BLOCK)
		cc_finding(c->findings, node, "too_large", "Split the measure.", "more than %d ratings", CC_MAX_BLOCK);
	policy->ratings = c->env->alloc(c->env, sizeof(CcRating) * (node->n + 1));
	for (i = 0; i < node->n && i < CC_MAX_BLOCK; i++)
	{
		compile_rating(c, node->items[i], &policy->ratings[i]);
		for (k = 0; k < i; k++)
			cc_refuse_duplicate(c, node->items[i], policy->ratings[i].id, policy->ratings[k].id);
		policy->n_ratings++;
	}
}
