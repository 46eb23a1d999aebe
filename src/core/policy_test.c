/*
 * policy_test.c -- the tests beside a measure
 *
 * A test states facts and what must follow on given days (rules/README.md, section 6). A rule that no expectation
 * reaches fails by coverage.
 */
#include "load.h"
#include "policy_compile.h"

#include <string.h>

typedef struct Run
{
	CcEnv	   *env;
	const CcPolicy *policy;
	CcFindings *findings;
	CcCompile	c;
	CcTestResult *first;
	CcTestResult **last;
	bool	   *items;			/* reached */
	bool	   *states;
	bool	   *bands;
	bool	   *ceilings;
	bool	   *vetoes;
	bool	   *lists;
} Run;

static void
add_result(Run *run, const char *name, bool ok, const char *expected, const char *actual, const char *fired)
{
	CcTestResult *result = run->env->alloc(run->env, sizeof(CcTestResult));

	result->name = name;
	result->ok = ok;
	result->expected = expected;
	result->actual = actual;
	result->fired = fired;
	*run->last = result;
	run->last = &result->next;
}

static const char *
join(CcEnv *env, const char *list, const char *word)
{
	return list[0] ? cc_printf(env, "%s,%s", list, word) : word;
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

/* The value of a key of an outcome, as written in tests; NULL = there is no such key. */
static const char *
outcome_text(Run *run, const char *key, const CcOutcome *outcome, const char *fired)
{
	static const char *const grades[] = {"null", "E", "D", "C", "B", "A"};
	const CcPolicy *policy = run->policy;
	char		buf[32];

	if (strcmp(key, "state") == 0)
		return cc_state_name(policy, outcome->state);
	if (strcmp(key, "score") == 0)
	{
		if (!outcome->has_score)
			return "null";
		cc_decimal_format(outcome->score, policy->decimals, buf);
		return cc_copy(run->env, buf, (int) strlen(buf));
	}
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
	if (strcmp(key, "fired") == 0)
		return fired;
	if (strcmp(key, "next_change_on") == 0)
	{
		cc_day_format(outcome->next_change_on, buf);
		return cc_copy(run->env, buf, (int) strlen(buf));
	}
	return NULL;
}

/* An expected value as outcome_text() would write it: lists joined, decimals with the policy's places. */
static const char *
expected_text(Run *run, const char *key, const CcNode *value)
{
	const char *list = "";
	char		buf[32];
	int64_t		number;
	int			i;

	if (value->kind == CC_NODE_SEQUENCE)
	{
		for (i = 0; i < value->n; i++)
			list = join(run->env, list, value->items[i]->kind == CC_NODE_SCALAR ? value->items[i]->text : "?");
		return list;
	}
	if (value->kind != CC_NODE_SCALAR)
		return "?";
	if (strcmp(key, "score") == 0 && cc_decimal_parse(value->text, value->len, CC_DECIMALS, &number) == CC_PARSE_OK)
	{
		/* A value finer than the policy's decimals stays as written and so differs. */
		int64_t		step = 1;

		for (i = run->policy->decimals; i < CC_DECIMALS; i++)
			step *= 10;
		if (number % step != 0)
			return value->text;
		cc_decimal_format(number, run->policy->decimals, buf);
		return cc_copy(run->env, buf, (int) strlen(buf));
	}
	return value->text;
}

static void
mark_reached(Run *run, const CcOutcome *outcome, const CcTally *tally)
{
	const CcPolicy *policy = run->policy;
	int			i;

	if (outcome->state == CC_NOT_ENROLLED)
		return;
	for (i = 1; i < policy->n_items; i++)
		run->items[i] |= tally->count[i] > 0;
	if (outcome->state >= CC_FIRST_STATE)
		run->states[outcome->state - CC_FIRST_STATE] = true;
	if (outcome->band >= 0)
		run->bands[outcome->band] = true;
	for (i = 0; i < policy->n_ceilings; i++)
		run->ceilings[i] |= outcome->state == CC_RATED && cc_holds(policy->ceilings[i].when, NULL, tally) == CC_TRUE;
	for (i = 0; i < policy->n_vetoes; i++)
		run->vetoes[i] |= (outcome->vetoes >> i & 1) != 0;
	for (i = 0; i < policy->n_lists; i++)
		run->lists[i] |= (outcome->lists >> i & 1) != 0;
}

static void
expect(Run *run, const char *name, const CcNode *node, const CcFact *facts, int n_facts, int subject_kind)
{
	static const char *const keys[] = {
		"on", "state", "score", "band", "grade", "undecided", "lists", "vetoes", "fired", "next_change_on", NULL
	};
	const CcPolicy *policy = run->policy;
	const CcNode *on;
	CcState		state;
	CcOutcome	outcome;
	CcTally		tally;
	CcDay		day;
	const char *fired = "";
	const char *expected = "";
	const char *actual = "";
	bool		ok = true;
	int			i;

	if (!cc_check_keys(&run->c, node, keys) || (on = cc_require(&run->c, node, "on")) == NULL || !cc_value_day(&run->c, on, &day))
		return;
	cc_state_init(&state, day);
	for (i = 0; i < n_facts; i++)
		cc_fold(run->env, policy, &state, &facts[i]);
	cc_finish(run->env, policy, &state, subject_kind, day, NULL, &outcome);
	cc_tally_init(run->env, policy, &tally);
	tally.subject_kind = subject_kind;
	tally.band = outcome.band;
	cc_tally(run->env, policy, &state, day, &tally);
	for (i = 1; i < policy->n_items && outcome.state != CC_NOT_ENROLLED; i++)
		if (tally.count[i] > 0)
			fired = join(run->env, fired, policy->items[i].id);
	for (i = 0; i < node->n; i++)
	{
		const char *key = node->keys[i]->text;
		const char *is = outcome_text(run, key, &outcome, fired);
		const char *should;

		if (is == NULL)
			continue;
		should = expected_text(run, key, node->items[i]);
		ok = ok && strcmp(is, should) == 0;
		expected = cc_printf(run->env, "%s%s%s=%s", expected, expected[0] ? " " : "", key, should);
		actual = cc_printf(run->env, "%s%s%s=%s", actual, actual[0] ? " " : "", key, is);
	}
	add_result(run, cc_printf(run->env, "%s, %s", name, on->text), ok, expected, actual, fired);
	mark_reached(run, &outcome, &tally);
}

/* Reads one fact; recorded_on is its first known day unless it says otherwise. */
static void
read_fact(Run *run, const CcNode *node, const char *subject_kind, CcFact *fact)
{
	int			i;

	cc_fact_init(fact);
	fact->text[CC_TERM_SUBJECT_KIND].str = subject_kind;
	fact->text[CC_TERM_SUBJECT_KIND].len = (int) strlen(subject_kind);
	if (!cc_is_mapping(&run->c, node))
		return;
	for (i = 0; i < node->n; i++)
	{
		const char *key = node->keys[i]->text;

		if (!cc_is_scalar(&run->c, node->items[i]))
			continue;
		if (strcmp(key, "subject_kind") == 0 || !cc_fact_set(fact, key, node->items[i]->text, node->items[i]->len))
			cc_finding(run->findings, node->items[i], "bad_value", "See rules/README.md, section 2, for terms and their values.",
					   "fact has no \"%.80s\" with value \"%.80s\"", key, node->items[i]->text);
	}
	for (i = 0; i < CC_DAY_TERMS && fact->day[CC_DAY_TERMS - 1] == CC_DAY_UNKNOWN; i++)
		fact->day[CC_DAY_TERMS - 1] = fact->day[i];
}

static void
run_test(Run *run, const CcNode *node)
{
	static const char *const keys[] = {"name", "subject_kind", "facts", "expect", "documentation", NULL};
	const CcNode *name,
			   *kind,
			   *facts_node,
			   *expect_node;
	const char *subject_kind = "legal_person";
	CcFact	   *facts;
	int			rank = 0;
	int			i;

	if (!cc_check_keys(&run->c, node, keys))
		return;
	name = cc_require(&run->c, node, "name");
	facts_node = cc_require(&run->c, node, "facts");
	expect_node = cc_require(&run->c, node, "expect");
	if (name == NULL || !cc_is_scalar(&run->c, name) || facts_node == NULL || !cc_is_sequence(&run->c, facts_node) ||
		expect_node == NULL || !cc_is_sequence(&run->c, expect_node))
		return;
	if ((kind = cc_get(node, "subject_kind")) != NULL &&
		cc_value_word(&run->c, kind, cc_vocabulary[CC_TERM_SUBJECT_KIND].words, &rank))
		subject_kind = kind->text;
	facts = run->env->alloc(run->env, sizeof(CcFact) * (facts_node->n + 1));
	for (i = 0; i < facts_node->n; i++)
		read_fact(run, facts_node->items[i], subject_kind, &facts[i]);
	for (i = 0; i < expect_node->n; i++)
		expect(run, name->text, expect_node->items[i], facts, facts_node->n, rank);
}

static void
cover(Run *run, const char *what, const char *id, bool reached)
{
	if (!reached)
		add_result(run, cc_printf(run->env, "coverage of %s %s", what, id), false, "reached by an expectation", "not reached", "");
}

static void
cover_rules(Run *run, const char *what, const CcRule *rules, int n, const bool *reached)
{
	int			i;

	for (i = 0; i < n; i++)
		cover(run, what, rules[i].id, reached[i]);
}

/* Runs the tests of a file on a policy; problems of the file itself are findings. */
CcTestResult *
cc_policy_test(CcEnv *env, const CcPolicy *policy, const CcNode *tests, CcFindings *findings)
{
	static const char *const keys[] = {"policy", "tests", "documentation", NULL};
	Run			run = {env, policy, findings, {env, findings, NULL, NULL, false, NULL}, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL};
	const CcNode *list,
			   *id;
	int			i;

	run.last = &run.first;
	run.items = env->alloc(env, sizeof(bool) * policy->n_items);
	run.states = env->alloc(env, sizeof(bool) * (policy->n_states + 1));
	run.bands = env->alloc(env, sizeof(bool) * (policy->n_bands + 1));
	run.ceilings = env->alloc(env, sizeof(bool) * (policy->n_ceilings + 1));
	run.vetoes = env->alloc(env, sizeof(bool) * (policy->n_vetoes + 1));
	run.lists = env->alloc(env, sizeof(bool) * (policy->n_lists + 1));
	if (!cc_check_keys(&run.c, tests, keys))
		return NULL;
	id = cc_require(&run.c, tests, "policy");
	if (id != NULL && cc_is_scalar(&run.c, id) && strcmp(id->text, policy->id) != 0)
		cc_finding(findings, id, "unknown_reference", "Give the tests of this policy.", "the tests are for policy \"%.80s\"", id->text);
	list = cc_require(&run.c, tests, "tests");
	if (list == NULL || !cc_is_sequence(&run.c, list))
		return NULL;
	for (i = 0; i < list->n; i++)
		run_test(&run, list->items[i]);
	for (i = 1; i < policy->n_items; i++)
		cover(&run, "item", policy->items[i].id, run.items[i]);
	for (i = 0; i < policy->n_bands; i++)
		cover(&run, "band", policy->bands[i].id, run.bands[i]);
	cover_rules(&run, "state", policy->states, policy->n_states, run.states);
	cover_rules(&run, "ceiling", policy->ceilings, policy->n_ceilings, run.ceilings);
	cover_rules(&run, "veto", policy->vetoes, policy->n_vetoes, run.vetoes);
	cover_rules(&run, "list", policy->lists, policy->n_lists, run.lists);
	return run.first;
}
