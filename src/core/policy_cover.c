/*
 * policy_cover.c -- which rules some expectation reached: those that none reaches fail by coverage
 */
#include "policy_test.h"

#include <string.h>

/* Memory for what is reached. */
void
cc_cover_init(CcTestRun *run)
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

/* Cases and surcharges of items by which records count on the day. */
static void
mark_cases(CcTestRun *run, const CcTestSubject *subject, CcDay day)
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

void
cc_mark_reached(CcTestRun *run, const CcTestSubject *subject, CcDay day, const CcOutcome *outcome, const CcTally *tally, const CcPlace *place)
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

static void
cover(CcTestRun *run, const char *what, const char *id, bool reached)
{
	if (!reached)
		cc_test_result(run, cc_printf(run->env, "coverage of %s %s", what, id), false, "reached by an expectation", "not reached", "");
}

static void
cover_rules(CcTestRun *run, const char *what, const CcRule *rules, int n, const bool *reached)
{
	int			i;

	for (i = 0; i < n; i++)
		cover(run, what, rules[i].id, reached[i]);
}

/* The parts of items and values that no expectation reached. */
static void
cover_parts(CcTestRun *run)
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

void
cc_cover_all(CcTestRun *run)
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
