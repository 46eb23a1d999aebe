/*
 * policy_test.c -- the tests beside a measure
 *
 * A test states facts and what must follow on given days, or in a rating of several subjects (rules/README.md, section
 * 8). A rule that no expectation reaches fails by coverage.
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
	/* reached by an expectation */
	bool	   *items;
	bool	  **cases;			/* by item */
	bool	  **surcharges;		/* by item */
	bool	   *runs;
	bool	   *steps;
	bool	   *values;
	bool	  **value_cases;	/* by value */
	bool	   *states;
	bool	   *bands;
	bool	   *ceilings;
	bool	   *floors;
	bool	   *vetoes;
	bool	   *lists;
	bool	   *effects;
	bool	   *groups;
} Run;

/* A subject of a test. */
typedef struct Subject
{
	const char *name;
	CcFact	   *facts;
	int			n;
	int			kind;			/* rank */
	CcState		state;
} Subject;

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
outcome_text(Run *run, const char *key, const CcOutcome *outcome, const CcPlace *place, const char *fired)
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
due_text(Run *run, int i, const CcOutcome *outcome)
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
entry_text(Run *run, const char *key, const char *id, const CcOutcome *outcome, const CcPlace *place)
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
same_places(Run *run, const CcNode *value, int places)
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
expected_text(Run *run, const char *key, const CcNode *value)
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
compare_entries(Run *run, const char *key, const CcNode *node, const CcOutcome *outcome, const CcPlace *place, const char **expected,
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

/* Cases and surcharges of items by which records count on the day. */
static void
mark_cases(Run *run, const Subject *subject, CcDay day)
{
	const CcPolicy *policy = run->policy;
	CcContribution part;
	int			i,
				f,
				k;

	for (f = 0; f < subject->n; f++)
	{
		const CcFact *fact = &subject->facts[f];

		for (i = 1; i < policy->n_items && cc_reaches(policy, fact); i++)
		{
			const CcPoints *points = &policy->items[i].points;

			if (policy->items[i].has_when || points->n_cases + points->n_surcharges == 0)
				continue;
			cc_contribute(run->env, policy, &policy->items[i], fact, &part);
			if (part.bearing != CC_COUNTS || day < part.first || day > part.last)
				continue;
			if (part.which_case >= 0 && part.which_case < points->n_cases)
				run->cases[i][part.which_case] = true;
			for (k = 0; k < points->n_surcharges; k++)
				run->surcharges[i][k] |= cc_holds(points->surcharges[k].when, fact, NULL) == CC_TRUE;
		}
	}
}

static void
mark_reached(Run *run, const Subject *subject, CcDay day, const CcOutcome *outcome, const CcTally *tally, const CcPlace *place)
{
	const CcPolicy *policy = run->policy;
	int			i;

	if (outcome->state == CC_NOT_ENROLLED)
		return;
	mark_cases(run, subject, day);
	for (i = 1; i < policy->n_items; i++)
		run->items[i] |= tally->count[i] > 0;
	for (i = 0; i < policy->n_runs; i++)
		run->runs[i] |= tally->run[i] > 0;
	for (i = 0; i < policy->n_steps; i++)
		run->steps[i] |= tally->fired[i] > 0;
	for (i = 0; i < policy->n_values; i++)
	{
		if (outcome->value[i] == CC_NUMBER_UNKNOWN)
			continue;
		run->values[i] = true;
		if (policy->values[i].kind == CC_VALUE_CASES && tally->value_case[i] >= 0)
			run->value_cases[i][tally->value_case[i]] = true;
	}
	if (outcome->state >= CC_FIRST_STATE)
		run->states[outcome->state - CC_FIRST_STATE] = true;
	if (outcome->band >= 0)
		run->bands[outcome->band] = true;
	for (i = 0; i < policy->n_ceilings && outcome->state == CC_RATED; i++)
		run->ceilings[i] |= (tally->ceilings >> i & 1) != 0;
	for (i = 0; i < policy->n_floors && outcome->state == CC_RATED; i++)
		run->floors[i] |= (tally->floors >> i & 1) != 0;
	for (i = 0; i < policy->n_vetoes; i++)
		run->vetoes[i] |= (outcome->vetoes >> i & 1) != 0;
	for (i = 0; i < policy->n_lists; i++)
		run->lists[i] |= (outcome->lists >> i & 1) != 0;
	for (i = 0; i < policy->n_effects; i++)
		run->effects[i] |= (outcome->effects >> i & 1) != 0;
	for (i = 0; i < policy->n_groups && place != NULL; i++)
		run->groups[i] |= (place->groups >> i & 1) != 0;
}

/* Compares what is expected of a subject on a day, as a standing or, with a place, in a rating. */
static void
compare(Run *run, const char *name, const CcNode *node, const Subject *subject, CcDay day, const CcPlace *place)
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
	add_result(run, name, ok, expected, actual, fired);
	mark_reached(run, subject, day, &outcome, &tally, place);
}

static void
fold_all(Run *run, Subject *subject, CcDay day)
{
	int			i;

	cc_state_init(&subject->state, day);
	for (i = 0; i < subject->n; i++)
		cc_fold(run->env, run->policy, &subject->state, &subject->facts[i]);
}

static void
expect(Run *run, const char *name, const CcNode *node, Subject *subject)
{
	static const char *const keys[] = {
		"on", "state", "score", "band", "grade", "undecided", "lists", "vetoes", "fired", "next_change_on", "effects", "due", "values", NULL
	};
	const CcNode *on;
	CcDay		day;

	if (!cc_check_keys(&run->c, node, keys) || (on = cc_require(&run->c, node, "on")) == NULL || !cc_value_day(&run->c, on, &day))
		return;
	fold_all(run, subject, day);
	compare(run, cc_printf(run->env, "%s, %s", name, on->text), node, subject, day, NULL);
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

/* Facts and kind of a subject, from the mapping that has them. */
static bool
read_subject(Run *run, const CcNode *node, Subject *subject)
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
run_rating_test(Run *run, const char *name, const CcNode *rating, const CcNode *node)
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
	Subject    *subjects;
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
	subjects = run->env->alloc(run->env, sizeof(Subject) * (subjects_node->n + 1));
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
			compare(run, cc_printf(run->env, "%s, %s, %s", name, last_day->text, subjects[k].name), expect_node->items[i], &subjects[k], day,
					&places[k]);
	}
}

static void
run_test(Run *run, const CcNode *node)
{
	static const char *const keys[] = {"name", "subject_kind", "facts", "expect", "documentation", NULL};
	static const char *const rating_keys[] = {"name", "rating", "last_day", "subjects", "expect", "documentation", NULL};
	const CcNode *rating = cc_get(node, "rating");
	const CcNode *name,
			   *expect_node;
	Subject		subject;
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

/* The parts of items and values that no expectation reached. */
static void
cover_parts(Run *run)
{
	const CcPolicy *policy = run->policy;
	int			i,
				k;

	for (i = 1; i < policy->n_items; i++)
	{
		const CcItem *item = &policy->items[i];

		for (k = 0; k < item->points.n_cases; k++)
			cover(run, "case", cc_printf(run->env, "%d of item %s", k + 1, item->id), run->cases[i][k]);
		for (k = 0; k < item->points.n_surcharges; k++)
			cover(run, "surcharge", cc_printf(run->env, "%s of item %s", item->points.surcharges[k].id, item->id), run->surcharges[i][k]);
	}
	for (i = 0; i < policy->n_values; i++)
		for (k = 0; policy->values[i].kind == CC_VALUE_CASES && k < policy->values[i].n - 1; k++)
			cover(run, "case", cc_printf(run->env, "%d of value %s", k + 1, policy->values[i].id), run->value_cases[i][k]);
}

static void
cover_all(Run *run)
{
	const CcPolicy *policy = run->policy;
	int			i;

	for (i = 1; i < policy->n_items; i++)
		cover(run, "item", policy->items[i].id, run->items[i]);
	cover_parts(run);
	for (i = 0; i < policy->n_runs; i++)
		cover(run, "run", policy->runs[i].id, run->runs[i]);
	for (i = 0; i < policy->n_steps; i++)
		cover(run, "step", policy->steps[i].id, run->steps[i]);
	for (i = 0; i < policy->n_values; i++)
		cover(run, "value", policy->values[i].id, run->values[i]);
	for (i = 0; i < policy->n_bands; i++)
		cover(run, "band", policy->bands[i].id, run->bands[i]);
	cover_rules(run, "state", policy->states, policy->n_states, run->states);
	cover_rules(run, "ceiling", policy->ceilings, policy->n_ceilings, run->ceilings);
	cover_rules(run, "floor", policy->floors, policy->n_floors, run->floors);
	cover_rules(run, "veto", policy->vetoes, policy->n_vetoes, run->vetoes);
	cover_rules(run, "list", policy->lists, policy->n_lists, run->lists);
	cover_rules(run, "effect", policy->effects, policy->n_effects, run->effects);
	for (i = 0; i < policy->n_groups; i++)
		cover(run, "group", policy->groups[i].id, run->groups[i]);
}

/* Memory for what is reached. */
static void
run_init(Run *run)
{
	const CcPolicy *policy = run->policy;
	CcEnv	   *env = run->env;
	int			i;

#define FLAGS(n) env->alloc(env, sizeof(bool) * ((n) + 1))
	run->items = FLAGS(policy->n_items);
	run->runs = FLAGS(policy->n_runs);
	run->steps = FLAGS(policy->n_steps);
	run->values = FLAGS(policy->n_values);
	run->states = FLAGS(policy->n_states);
	run->bands = FLAGS(policy->n_bands);
	run->ceilings = FLAGS(policy->n_ceilings);
	run->floors = FLAGS(policy->n_floors);
	run->vetoes = FLAGS(policy->n_vetoes);
	run->lists = FLAGS(policy->n_lists);
	run->effects = FLAGS(policy->n_effects);
	run->groups = FLAGS(policy->n_groups);
	run->cases = env->alloc(env, sizeof(bool *) * policy->n_items);
	run->surcharges = env->alloc(env, sizeof(bool *) * policy->n_items);
	run->value_cases = env->alloc(env, sizeof(bool *) * (policy->n_values + 1));
	for (i = 0; i < policy->n_items; i++)
	{
		run->cases[i] = FLAGS(policy->items[i].points.n_cases);
		run->surcharges[i] = FLAGS(policy->items[i].points.n_surcharges);
	}
	for (i = 0; i < policy->n_values; i++)
		run->value_cases[i] = FLAGS(policy->values[i].n);
#undef FLAGS
}

/* Runs the tests of a file on a policy; problems of the file itself are findings. */
CcTestResult *
cc_policy_test(CcEnv *env, const CcPolicy *policy, const CcNode *tests, CcFindings *findings)
{
	static const char *const keys[] = {"policy", "tests", "documentation", NULL};
	Run			run;
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
	run_init(&run);
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
	cover_all(&run);
	return run.first;
}
