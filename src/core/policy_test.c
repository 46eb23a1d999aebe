/*
 * policy_test.c -- the tests beside a measure
 *
 * A test states facts and what must follow on given days, or in a rating of several subjects (rules/README.md, section
 * 8). A rule that no expectation reaches fails by coverage.
 */
#include "policy_test.h"

#include <string.h>

void
cc_test_result(CcTestRun *run, const char *name, bool ok, const char *expected, const char *actual, const char *fired)
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

static void
fold_all(CcTestRun *run, CcTestSubject *subject, CcDay day)
{
	int			i;

	cc_state_init(&subject->state, day);
	for (i = 0; i < subject->n; i++)
		cc_fold(run->env, run->policy, &subject->state, &subject->facts[i]);
}

static void
expect(CcTestRun *run, const char *name, const CcNode *node, CcTestSubject *subject)
{
	static const char *const keys[] = {
		"on", "state", "score", "band", "grade", "undecided", "lists", "vetoes", "fired", "next_change_on", "effects", "due", "values", NULL
	};
	const CcNode *on;
	CcDay		day;

	if (!cc_check_keys(&run->c, node, keys) || (on = cc_require(&run->c, node, "on")) == NULL || !cc_value_day(&run->c, on, &day))
		return;
	fold_all(run, subject, day);
	cc_test_compare(run, cc_printf(run->env, "%s, %s", name, on->text), node, subject, day, NULL);
}

/* Reads one fact; recorded_on is its first known day unless it says otherwise. */
static void
read_fact(CcTestRun *run, const CcNode *node, const char *subject_kind, CcFact *fact)
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

/* Facts and kind of a subject, from the mapping that has them. */
static bool
read_subject(CcTestRun *run, const CcNode *node, CcTestSubject *subject)
{
	const CcNode *facts = cc_require(&run->c, node, "facts");
	const CcNode *kind = cc_get(node, "subject_kind");
	const char *kind_text = "legal_person";
	int			i;

	memset(subject, 0, sizeof(*subject));
	if (facts == NULL || !cc_is_sequence(&run->c, facts))
		return false;
	if (kind != NULL && cc_value_word(&run->c, kind, cc_vocabulary[CC_TERM_SUBJECT_KIND].words, &subject->kind))
		kind_text = kind->text;
	subject->n = facts->n;
	subject->facts = run->env->alloc(run->env, sizeof(CcFact) * (facts->n + 1));
	for (i = 0; i < facts->n; i++)
		read_fact(run, facts->items[i], kind_text, &subject->facts[i]);
	return true;
}

/* A test of a rating: the subjects are ranked on its last day, then each that is named must be as expected. */
static void
run_rating_test(CcTestRun *run, const char *name, const CcNode *rating, const CcNode *node)
{
	static const char *const subject_keys[] = {"subject_kind", "facts", "documentation", NULL};
	static const char *const keys[] = {
		"state", "score", "band", "grade", "undecided", "lists", "vetoes", "fired", "effects", "due", "values", "rank", "groups", NULL
	};
	const CcPolicy *policy = run->policy;
	const CcRating *rule = NULL;
	const CcNode *last_day = cc_require(&run->c, node, "last_day");
	const CcNode *subjects_node = cc_require(&run->c, node, "subjects");
	const CcNode *expect_node = cc_require(&run->c, node, "expect");
	CcTestSubject    *subjects;
	CcEntrant  *entrants;
	CcPlace    *places;
	CcDay		day;
	int			i,
				k;

	for (i = 0; i < policy->n_ratings && rule == NULL; i++)
		if (cc_is_scalar(&run->c, rating) && strcmp(policy->ratings[i].id, rating->text) == 0)
			rule = &policy->ratings[i];
	if (rule == NULL)
		cc_finding(run->findings, rating, "unknown_reference", "Name a rating of the policy.", "there is no such rating");
	if (rule == NULL || last_day == NULL || !cc_value_day(&run->c, last_day, &day) || subjects_node == NULL || !cc_is_mapping(&run->c, subjects_node) ||
		expect_node == NULL || !cc_is_mapping(&run->c, expect_node))
		return;
	subjects = run->env->alloc(run->env, sizeof(CcTestSubject) * (subjects_node->n + 1));
	entrants = run->env->alloc(run->env, sizeof(CcEntrant) * (subjects_node->n + 1));
	places = run->env->alloc(run->env, sizeof(CcPlace) * (subjects_node->n + 1));
	for (i = 0; i < subjects_node->n; i++)
	{
		if (!cc_check_keys(&run->c, subjects_node->items[i], subject_keys) || !read_subject(run, subjects_node->items[i], &subjects[i]))
			return;
		subjects[i].name = subjects_node->keys[i]->text;
		subjects[i].n = cc_facts_of_rating(subjects[i].facts, subjects[i].n, day, cc_day_add(day, rule->facts_until),
										   cc_day_add(day, rule->repairs_until));
		fold_all(run, &subjects[i], day);
		cc_enter(run->env, policy, &subjects[i].state, subjects[i].kind, day, &entrants[i]);
		cc_place_init(run->env, policy, &places[i]);
	}
	cc_rank(run->env, policy, entrants, subjects_node->n, places);
	for (i = 0; i < expect_node->n; i++)
	{
		for (k = 0; k < subjects_node->n; k++)
			if (strcmp(subjects[k].name, expect_node->keys[i]->text) == 0)
				break;
		if (k == subjects_node->n)
			cc_finding(run->findings, expect_node->keys[i], "unknown_reference", "Name a subject of the test.", "there is no subject \"%.80s\"",
					   expect_node->keys[i]->text);
		else if (cc_check_keys(&run->c, expect_node->items[i], keys))
			cc_test_compare(run, cc_printf(run->env, "%s, %s, %s", name, last_day->text, subjects[k].name), expect_node->items[i], &subjects[k], day,
					&places[k]);
	}
}

static void
run_test(CcTestRun *run, const CcNode *node)
{
	static const char *const keys[] = {"name", "subject_kind", "facts", "expect", "documentation", NULL};
	static const char *const rating_keys[] = {"name", "rating", "last_day", "subjects", "expect", "documentation", NULL};
	const CcNode *rating = cc_get(node, "rating");
	const CcNode *name,
			   *expect_node;
	CcTestSubject		subject;
	int			i;

	if (!cc_check_keys(&run->c, node, rating ? rating_keys : keys))
		return;
	name = cc_require(&run->c, node, "name");
	if (name == NULL || !cc_is_scalar(&run->c, name))
		return;
	if (rating != NULL)
	{
		run_rating_test(run, name->text, rating, node);
		return;
	}
	expect_node = cc_require(&run->c, node, "expect");
	if (!read_subject(run, node, &subject) || expect_node == NULL || !cc_is_sequence(&run->c, expect_node))
		return;
	for (i = 0; i < expect_node->n; i++)
		expect(run, name->text, expect_node->items[i], &subject);
}

/* Runs the tests of a file on a policy; problems of the file itself are findings. */
CcTestResult *
cc_policy_test(CcEnv *env, const CcPolicy *policy, const CcNode *tests, CcFindings *findings)
{
	static const char *const keys[] = {"policy", "tests", "documentation", NULL};
	CcTestRun			run;
	const CcNode *list,
			   *id;
	int			i;

	memset(&run, 0, sizeof(run));
	run.env = env;
	run.policy = policy;
	run.findings = findings;
	run.c.env = env;
	run.c.findings = findings;
	run.last = &run.first;
	cc_cover_init(&run);
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
	cc_cover_all(&run);
	return run.first;
}
