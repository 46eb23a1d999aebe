/*
 * policy_compare.c -- an outcome against what a test expects, both as tests write it
 */
#include "policy_test.h"

#include <string.h>

static const char *
join(CcEnv *env, const char *list, const char *word)
{
	return list[0] ? cc_printf(env, "%s,%s", list, word) : word;
}

static const char *
decimal_text(CcEnv *env, int64_t value, int places)
{
	char		buf[32];

	cc_decimal_format(value, places, buf);
	return cc_copy(env, buf, (int) strlen(buf));
}

static const char *
day_text(CcEnv *env, CcDay day)
{
	char		buf[16];

	cc_day_format(day, buf);
	return cc_copy(env, buf, (int) strlen(buf));
}

static const char *
rules_text(CcEnv *env, const CcRule *rules, int n, uint32_t bits)
{
	const char *list = "";
	int			i;

	for (i = 0; i < n; i++)
		if (bits >> i & 1)
			list = join(env, list, rules[i].id);
	return list;
}

static const char *
groups_text(CcEnv *env, const CcPolicy *policy, const CcPlace *place)
{
	const char *list = "";
	int			i;

	for (i = 0; i < policy->n_groups; i++)
		if (place->groups >> i & 1)
			list = join(env, list, policy->groups[i].id);
	return list;
}

/* The value of a key of an outcome, as written in tests; NULL = there is no such key. */
static const char *
outcome_text(CcTestRun *run, const char *key, const CcOutcome *outcome, const CcPlace *place, const char *fired)
{
	static const char *const grades[] = {"null", "E", "D", "C", "B", "A"};
	const CcPolicy *policy = run->policy;

	if (strcmp(key, "state") == 0)
		return cc_state_name(policy, outcome->state);
	if (strcmp(key, "score") == 0)
		return outcome->has_score ? decimal_text(run->env, outcome->score, policy->decimals) : "null";
	if (strcmp(key, "band") == 0)
		return outcome->band >= 0 ? policy->bands[outcome->band].id : "null";
	if (strcmp(key, "grade") == 0)
		return grades[outcome->grade];
	if (strcmp(key, "undecided") == 0)
		return outcome->undecided ? "true" : "false";
	if (strcmp(key, "vetoes") == 0)
		return rules_text(run->env, policy->vetoes, policy->n_vetoes, outcome->vetoes);
	if (strcmp(key, "lists") == 0)
		return rules_text(run->env, policy->lists, policy->n_lists, outcome->lists);
	if (strcmp(key, "effects") == 0)
		return rules_text(run->env, policy->effects, policy->n_effects, outcome->effects);
	if (strcmp(key, "fired") == 0)
		return fired;
	if (strcmp(key, "next_change_on") == 0)
		return day_text(run->env, outcome->next_change_on);
	if (strcmp(key, "groups") == 0 && place != NULL)
		return groups_text(run->env, policy, place);
	return NULL;
}

/* The due day of an order: a day, "N working days after DAY", null = unknown, none = the order does not stand. */
static const char *
due_text(CcTestRun *run, int i, const CcOutcome *outcome)
{
	const CcRule *effect = &run->policy->effects[i];

	if (!(outcome->effects >> i & 1))
		return "none";
	if (outcome->due[i] == CC_DAY_UNKNOWN)
		return "null";
	if (effect->due.unit == CC_UNIT_WORKING_DAYS)
		return cc_printf(run->env, "%d working days after %s", effect->due.n, day_text(run->env, outcome->due[i]));
	return day_text(run->env, outcome->due[i]);
}

/* What is so of one id in a mapping due, values or rank; NULL if there is no such id. */
static const char *
entry_text(CcTestRun *run, const char *key, const char *id, const CcOutcome *outcome, const CcPlace *place)
{
	const CcPolicy *policy = run->policy;
	int			i;

	for (i = 0; key[0] == 'd' && i < policy->n_effects; i++)
		if (strcmp(policy->effects[i].id, id) == 0)
			return due_text(run, i, outcome);
	for (i = 0; key[0] == 'v' && i < policy->n_values; i++)
		if (strcmp(policy->values[i].id, id) == 0)
			return outcome->n_values == 0 || outcome->value[i] == CC_NUMBER_UNKNOWN ? "null" :
				decimal_text(run->env, outcome->value[i], policy->values[i].decimals);
	for (i = 0; key[0] == 'r' && place != NULL && i < policy->n_ranks; i++)
		if (strcmp(policy->ranks[i].id, id) == 0)
			return place->rank[i] == 0 ? "null" : cc_printf(run->env, "%d", place->rank[i]);
	return NULL;
}

/* A decimal as the policy would write it; one that is finer stays as it is and so differs. */
static const char *
same_places(CcTestRun *run, const CcNode *value, int places)
{
	int64_t		number,
				step = 1;
	int			i;

	if (cc_decimal_parse(value->text, value->len, CC_DECIMALS, &number) != CC_PARSE_OK)
		return value->text;
	for (i = places; i < CC_DECIMALS; i++)
		step *= 10;
	return number % step != 0 ? value->text : decimal_text(run->env, number, places);
}

/* An expected value as outcome_text() would write it: lists joined, decimals with the policy's places. */
static const char *
expected_text(CcTestRun *run, const char *key, const CcNode *value)
{
	const char *list = "";
	int			i;

	if (value->kind == CC_NODE_SEQUENCE)
	{
		for (i = 0; i < value->n; i++)
			list = join(run->env, list, value->items[i]->kind == CC_NODE_SCALAR ? value->items[i]->text : "?");
		return list;
	}
	if (value->kind != CC_NODE_SCALAR)
		return "?";
	return strcmp(key, "score") == 0 ? same_places(run, value, run->policy->decimals) : value->text;
}

/* One key of an expectation that is a mapping of ids: due, values, rank. */
static void
compare_entries(CcTestRun *run, const char *key, const CcNode *node, const CcOutcome *outcome, const CcPlace *place, const char **expected,
				const char **actual)
{
	int			i,
				k;

	*expected = *actual = "";
	if (!cc_is_mapping(&run->c, node))
		return;
	for (i = 0; i < node->n; i++)
	{
		const char *id = node->keys[i]->text;
		const char *is = entry_text(run, key, id, outcome, place);
		const char *should = "?";

		if (is == NULL)
		{
			cc_finding(run->findings, node->keys[i], "unknown_reference", "Name what the policy defines.", "there is no \"%.80s\"", id);
			continue;
		}
		if (cc_is_scalar(&run->c, node->items[i]))
			should = node->items[i]->text;
		for (k = 0; key[0] == 'v' && k < run->policy->n_values; k++)
			if (strcmp(run->policy->values[k].id, id) == 0)
				should = same_places(run, node->items[i], run->policy->values[k].decimals);
		*expected = join(run->env, *expected, cc_printf(run->env, "%s:%s", id, should));
		*actual = join(run->env, *actual, cc_printf(run->env, "%s:%s", id, is));
	}
}

/* Compares what is expected of a subject on a day, as a standing or, with a place, in a rating. */
void
cc_test_compare(CcTestRun *run, const char *name, const CcNode *node, const CcTestSubject *subject, CcDay day, const CcPlace *place)
{
	const CcPolicy *policy = run->policy;
	CcOutcome	outcome;
	CcTally		tally;
	const char *fired = "";
	const char *expected = "";
	const char *actual = "";
	bool		ok = true;
	int			i;

	cc_tell(run->env, policy, &subject->state, subject->kind, day, place, &tally, &outcome);
	for (i = 1; i < policy->n_items && outcome.state != CC_NOT_ENROLLED; i++)
		if (tally.count[i] > 0)
			fired = join(run->env, fired, policy->items[i].id);
	for (i = 0; i < node->n; i++)
	{
		const char *key = node->keys[i]->text;
		const char *is,
				   *should;

		if (strcmp(key, "due") == 0 || strcmp(key, "values") == 0 || strcmp(key, "rank") == 0)
			compare_entries(run, key, node->items[i], &outcome, place, &should, &is);
		else if ((is = outcome_text(run, key, &outcome, place, fired)) == NULL)
			continue;
		else
			should = expected_text(run, key, node->items[i]);
		ok = ok && strcmp(is, should) == 0;
		expected = cc_printf(run->env, "%s%s%s=%s", expected, expected[0] ? " " : "", key, should);
		actual = cc_printf(run->env, "%s%s%s=%s", actual, actual[0] ? " " : "", key, is);
	}
	cc_test_result(run, name, ok, expected, actual, fired);
	cc_mark_reached(run, subject, day, &outcome, &tally, place);
}
