/*
 * policy_prove.c -- what can be proved about a policy without a record
 *
 * Rules that can never decide anything, and whether a further penalty can ever lead to a better band. Nothing is guessed:
 * what is not proved is not said.
 */
#include "policy_compile.h"

#include <string.h>

/* ---- rules that cannot decide ---- */

/* True if a is true wherever b is: proved, else false. */
static bool
covers(const CcCondition *a, const CcCondition *b)
{
	int			i;

	if (a->kind == CC_COND_ALL)
	{
		for (i = 0; i < a->n; i++)
			if (!covers(a->parts[i], b))
				return false;
		return a->n > 0;
	}
	if (b->kind == CC_COND_ANY)
	{
		for (i = 0; i < b->n; i++)
			if (!covers(a, b->parts[i]))
				return false;
		return b->n > 0;
	}
	if (a->kind == CC_COND_ANY)
	{
		for (i = 0; i < a->n; i++)
			if (covers(a->parts[i], b))
				return true;
		return false;
	}
	if (b->kind == CC_COND_ALL)
	{
		for (i = 0; i < b->n; i++)
			if (covers(a, b->parts[i]))
				return true;
		return false;
	}
	if (a->kind != b->kind || a->term != b->term || a->index != b->index)
		return false;
	if (a->kind == CC_COND_RANGE)
		return a->low <= b->low && a->high >= b->high;
	return (a->kind == CC_COND_WORDS || a->kind == CC_COND_BAND) && (b->words & ~a->words) == 0;
}

static void
check_cases(CcFindings *findings, const CcNode *cases, CcCondition *const *when, int n)
{
	int			i,
				k;

	for (i = 1; i < n; i++)
		for (k = 0; k < i; k++)
			if (covers(when[k], when[i]))
			{
				cc_warning(findings, cases->items[i], "unreachable", "Change the order, or leave the case out.", "case %d always holds before case %d",
						   k + 1, i + 1);
				break;
			}
}

/* A band that an earlier choice always takes the place of, or that no score can reach. */
static void
check_shadowed_bands(const CcPolicy *policy, const CcNode *bands, CcFindings *findings)
{
	const CcNode *of = cc_get(bands, "of");
	int			i,
				k;

	for (i = 0; i < policy->n_bands; i++)
	{
		const CcCondition *when = policy->bands[i].when;

		if (when->kind == CC_COND_RANGE && when->term == CC_TERM_SCORE && (when->low > policy->cap || when->high < policy->floor))
			cc_warning(findings, of->items[i], "unreachable", "Compare the band with score.floor and score.cap.", "no score reaches band \"%s\"",
					   policy->bands[i].id);
		for (k = 0; k < policy->n_bands; k++)
		{
			bool		first = policy->choose == CC_CHOOSE_WORST ? k > i : k < i;

			if (policy->choose == CC_CHOOSE_REFER || !first || !covers(policy->bands[k].when, when))
				continue;
			cc_warning(findings, of->items[i], "unreachable", "Narrow the other band, or change choose.",
					   "wherever band \"%s\" holds, band \"%s\" is chosen", policy->bands[i].id, policy->bands[k].id);
			break;
		}
	}
}

/* Warns of rules that can never decide anything. */
void
cc_check_reachable(const CcPolicy *policy, const CcNode *root, CcFindings *findings)
{
	const CcNode *items = cc_get(root, "items");
	const CcNode *values = cc_get(root, "values");
	int			i;

	for (i = 1; i < policy->n_items; i++)
		if (policy->items[i].points.n_cases > 0)
			check_cases(findings, cc_get(cc_get(items->items[i - 1], "points"), "cases"), policy->items[i].points.case_when,
						policy->items[i].points.n_cases);
	for (i = 0; i < policy->n_values; i++)
		if (policy->values[i].kind == CC_VALUE_CASES)
			check_cases(findings, cc_get(values->items[i], "cases"), policy->values[i].when, policy->values[i].n - 1);
	for (i = 1; i < policy->n_states; i++)
	{
		int			k;

		for (k = 0; k < i; k++)
			if (covers(policy->states[k].when, policy->states[i].when))
			{
				cc_warning(findings, cc_get(root, "states")->items[i], "unreachable", "Change the order, or leave the state out.",
						   "wherever state \"%s\" holds, state \"%s\" is chosen", policy->states[i].id, policy->states[k].id);
				break;
			}
	}
	check_shadowed_bands(policy, cc_get(root, "bands"), findings);
}

/* ---- more penalties, no better band ---- */

/* What a further penalty can do to the truth of a condition. */
typedef enum Direction
{
	NOTHING,
	ONLY_TRUE,					/* it can become true, never false */
	ONLY_FALSE,
	ANYTHING
} Direction;

#define PENALTY (1u << 0)		/* the rank of the kind penalty */

static bool
takes_penalties(const CcPolicy *policy, int i)
{
	return !policy->items[i].has_when && (policy->items[i].kinds & policy->inputs & PENALTY) != 0;
}

static bool
component_takes_penalties(const CcPolicy *policy, int component)
{
	int			i;

	for (i = 1; i < policy->n_items; i++)
		if (policy->items[i].component == component && (takes_penalties(policy, i) || policy->items[i].has_when))
			return true;
	return false;
}

/* A number that a further penalty can only lower (or raise), compared with an interval. */
static Direction
of_range(const CcCondition *condition, bool lowers)
{
	bool		at_least = condition->high == CC_NUMBER_MAX;
	bool		at_most = condition->low == CC_NUMBER_MIN;

	if (!at_least && !at_most)
		return ANYTHING;
	return at_least == lowers ? ONLY_FALSE : ONLY_TRUE;
}

static Direction
direction_of(const CcPolicy *policy, const CcCondition *condition)
{
	static const Direction turned[] = {NOTHING, ONLY_FALSE, ONLY_TRUE, ANYTHING};
	Direction	result = NOTHING;
	int			i;

	if (condition->parts != NULL)
	{
		/* the bits of the two ways add up */
		for (i = 0; i < condition->n; i++)
			result |= direction_of(policy, condition->parts[i]);
		return condition->kind == CC_COND_NOT ? turned[result] : result;
	}
	switch (condition->term)
	{
		case CC_TERM_SUBJECT_KIND:
		case CC_TERM_NONE:
			return NOTHING;
		case CC_TERM_SCORE:
			return of_range(condition, true);
		case CC_TERM_COUNT:
			if (policy->items[condition->index].has_when)
				return ANYTHING;
			return takes_penalties(policy, condition->index) ? of_range(condition, false) : NOTHING;
		case CC_TERM_SUM:
			if (condition->index >= CC_MAX_ITEMS)
				return component_takes_penalties(policy, condition->index - CC_MAX_ITEMS) ? of_range(condition, true) : NOTHING;
			if (policy->items[condition->index].has_when)
				return ANYTHING;
			return takes_penalties(policy, condition->index) ? of_range(condition, true) : NOTHING;
		default:
			return ANYTHING;
	}
}

/* True if every record lowers the item's sum or leaves it. */
static bool
only_lowers(const CcItem *item)
{
	const CcPoints *points = &item->points;
	bool		lowers = true;
	int			i;

	if (points->kind == CC_POINTS_EACH)
		lowers = points->each <= 0;
	else if (points->kind == CC_POINTS_AWARDED)
		lowers = points->awarded_to <= 0;
	else if (points->kind == CC_POINTS_PER_UNIT)
		lowers = false;			/* a quantity may have either sign */
	for (i = 0; i < points->n_cases; i++)
		lowers &= points->case_points[i] <= 0;
	if (points->has_otherwise)
		lowers &= points->otherwise <= 0;
	for (i = 0; i < points->n_surcharges; i++)
		lowers &= points->surcharges[i].points <= 0;
	return lowers && points->record_floor <= 0 && item->floor <= 0 && item->take.kind == CC_TAKE_ALL && !item->has_absent &&
		(!item->has_factor || item->factor >= 0);
}

/* Bands that are intervals of the score, best first and without gap or overlap: a lower score is never better. */
static bool
bands_descend(const CcPolicy *policy)
{
	int			i;

	for (i = 0; i < policy->n_bands; i++)
	{
		const CcCondition *when = policy->bands[i].when;

		if (when->kind != CC_COND_RANGE || when->term != CC_TERM_SCORE)
			return false;
		/* the next begins where scores with so many places end */
		if (i + 1 < policy->n_bands && (policy->bands[i + 1].when->high >= when->low || policy->bands[i + 1].when->high < when->low - 1))
			return false;
	}
	return policy->n_bands > 0 && (policy->bands[0].when->high >= policy->cap) && policy->bands[policy->n_bands - 1].when->low <= policy->floor;
}

static bool
all_go(const CcPolicy *policy, const CcRule *rules, int n, Direction allowed)
{
	int			i;

	for (i = 0; i < n; i++)
		if ((direction_of(policy, rules[i].when) & ~allowed) != 0 || rules[i].overrides[0] || rules[i].overrides[1] || rules[i].overrides[2])
			return false;
	return true;
}

/*
 * True if it is proved that one more penalty never leads to a better band on the same day; *why_not says what stands in
 * the way of the proof.
 */
bool
cc_policy_monotone(const CcPolicy *policy, const char **why_not)
{
	int			i;

	*why_not = NULL;
	if (policy->items[0].kinds & policy->inputs & PENALTY)
		*why_not = "a penalty can enrol";
	if (policy->score_of >= 0)
		*why_not = "the score is a value";
	for (i = 0; i < policy->n_components; i++)
		if (policy->components[i].when != NULL || policy->components[i].per != CC_PER_NONE)
			*why_not = "a component depends on conditions or units";
	for (i = 1; i < policy->n_items; i++)
	{
		const CcItem *item = &policy->items[i];

		if (item->has_when && direction_of(policy, item->when) != NOTHING &&
			direction_of(policy, item->when) != (item->points.each > 0 ? ONLY_FALSE : ONLY_TRUE))
			*why_not = "an item about the outcome may bring points with a penalty";
		if (takes_penalties(policy, i) && !only_lowers(item))
			*why_not = "an item that takes penalties may raise the score";
	}
	if (!bands_descend(policy))
		*why_not = "bands are not plain intervals of the score without gap and overlap";
	if (!all_go(policy, policy->states, policy->n_states, NOTHING))
		*why_not = "a penalty can change the state";
	if (!all_go(policy, policy->ceilings, policy->n_ceilings, ONLY_TRUE) || !all_go(policy, policy->vetoes, policy->n_vetoes, ONLY_TRUE) ||
		!all_go(policy, policy->floors, policy->n_floors, ONLY_FALSE))
		*why_not = "a penalty can end a ceiling or veto, or begin a floor";
	return *why_not == NULL;
}
