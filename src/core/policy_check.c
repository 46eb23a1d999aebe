/*
 * policy_check.c -- what the rules of a policy say together
 *
 * Gaps and overlaps of bands, choices that must be stated, the rank of a black list's basis. Official texts have gaps
 * and overlaps ("60-79 ... 80-90"); they are decided in the file or referred, never by the program.
 */
#include "policy_compile.h"

#include <stdlib.h>
#include <string.h>

/* A band that is nothing but an interval of the score. */
static bool
is_score_interval(const CcCondition *when)
{
	return when->kind == CC_COND_RANGE && when->term == CC_TERM_SCORE;
}

/* The smallest multiple of step at or above x. */
static int64_t
on_grid(int64_t x, int64_t step)
{
	int64_t		rest = x % step;

	return rest == 0 ? x : rest > 0 ? x + (step - rest) : x - rest;
}

/* True if a multiple of step lies in low..high. */
static bool
reachable(int64_t low, int64_t high, int64_t step)
{
	if (low > high)
		return false;
	if (low < CC_NUMBER_MIN + step || low > CC_NUMBER_MAX - step)
		return true;
	return on_grid(low, step) <= high;
}

static const char *
decimal_text(CcEnv *env, int64_t value)
{
	char		buf[32];
	int			len;

	cc_decimal_format(value, CC_DECIMALS, buf);
	len = (int) strlen(buf);
	while (buf[len - 1] == '0')
		len--;
	return cc_copy(env, buf, buf[len - 1] == '.' ? len - 1 : len);
}

static void
report_gap(CcFindings *findings, const CcNode *bands, int64_t low, int64_t high, int64_t step)
{
	/* the ends as scores that can occur */
	if (low != CC_NUMBER_MIN)
		low = on_grid(low, step);
	if (high != CC_NUMBER_MAX)
		high = -on_grid(-high, step);
	if (low == CC_NUMBER_MIN)
		cc_finding(findings, bands, "band_gap", "Change the ends, or state gap: refer or gap: BAND.", "no band covers scores of %s and below",
				   decimal_text(findings->env, high));
	else if (high == CC_NUMBER_MAX)
		cc_finding(findings, bands, "band_gap", "Change the ends, or state gap: refer or gap: BAND.", "no band covers scores of %s and above",
				   decimal_text(findings->env, low));
	else
		cc_finding(findings, bands, "band_gap", "Change the ends, or state gap: refer or gap: BAND.", "no band covers scores from %s to %s",
				   decimal_text(findings->env, low), decimal_text(findings->env, high));
}

/* Bands that are intervals must cover every score that can occur once, unless the file says what then. */
static void
check_intervals(const CcPolicy *policy, const CcNode *bands, int64_t step, bool gap_stated, bool choice_stated, CcFindings *findings)
{
	int64_t		next = policy->floor;	/* the lowest score not yet known to be covered */
	int			i,
				k;

	for (i = 0; i < policy->n_bands && !choice_stated; i++)
	{
		for (k = 0; k < i; k++)
		{
			const CcCondition *a = policy->bands[i].when;
			const CcCondition *b = policy->bands[k].when;
			int64_t		low = a->low > b->low ? a->low : b->low;
			int64_t		high = a->high < b->high ? a->high : b->high;

			if (reachable(low, high, step))
				cc_finding(findings, bands, "band_overlap", "Change the ends, or state choose: best, worst or refer.",
						   "bands \"%s\" and \"%s\" both cover scores from %s", policy->bands[k].id, policy->bands[i].id,
						   decimal_text(findings->env, low));
		}
	}
	while (!gap_stated)
	{
		int64_t		low = CC_NUMBER_MAX;
		bool		covered = false;

		for (i = 0; i < policy->n_bands; i++)
		{
			const CcCondition *when = policy->bands[i].when;

			if (when->low <= next && when->high >= next)
			{
				covered = true;
				if (when->high >= policy->cap || when->high == CC_NUMBER_MAX)
					return;
				next = when->high + 1;
			}
			else if (when->low > next && when->low < low)
				low = when->low;
		}
		if (covered)
			continue;
		if (low == CC_NUMBER_MAX)
		{
			if (reachable(next, policy->cap, step))
				report_gap(findings, bands, next, policy->cap, step);
			return;
		}
		if (reachable(next, low - 1, step))
			report_gap(findings, bands, next, low - 1, step);
		next = low;
	}
}

static void
check_bands(const CcPolicy *policy, const CcNode *bands, CcFindings *findings)
{
	const CcNode *step_node = cc_get(bands, "step");
	bool		gap_stated = cc_get(bands, "gap") != NULL;
	bool		choice_stated = cc_get(bands, "choose") != NULL;
	int64_t		step = 1;
	int			i;

	for (i = policy->decimals; i < CC_DECIMALS; i++)
		step *= 10;
	if (step_node != NULL && (step_node->kind != CC_NODE_SCALAR ||
							  cc_decimal_parse(step_node->text, step_node->len, CC_DECIMALS, &step) != CC_PARSE_OK || step <= 0))
	{
		cc_finding(findings, step_node, "bad_value", "Write the smallest step of the score, like 1 or 0.5.", "the step cannot be read");
		return;
	}
	for (i = 0; i < policy->n_bands; i++)
		if (!is_score_interval(policy->bands[i].when))
			break;
	if (i == policy->n_bands)
		check_intervals(policy, bands, step, gap_stated, choice_stated, findings);
	else if (!gap_stated || !choice_stated)
		cc_finding(findings, bands, "choice_not_stated",
				   "State choose: best, worst or refer, and gap: refer or gap: BAND; with conditions nobody can prove that exactly one band holds.",
				   "bands with conditions need both choose and gap");
}

/*
 * A black list needs a law, a regulation or a central document behind it (国办发〔2020〕49号): a bureau's own measure cannot
 * carry one.
 */
static void
check_lists(const CcPolicy *policy, const CcNode *lists, CcFindings *findings)
{
	int			i;

	for (i = 0; i < policy->n_lists; i++)
	{
		const CcRule *rule = &policy->lists[i];

		if (rule->list == NULL || strcmp(rule->list, "black") != 0)
			continue;
		if (rule->basis.rank == NULL || (strcmp(rule->basis.rank, "law") != 0 && strcmp(rule->basis.rank, "regulation") != 0 &&
										 strcmp(rule->basis.rank, "central_document") != 0))
			cc_finding(findings, lists->items[i], "basis_rank",
					   "Add basis with a source of rank law, regulation or central_document, or use list: focus.",
					   "black list \"%s\" has no basis of sufficient rank", rule->id);
	}
}

static bool
overrides(const CcRule *rule, int kind, int i)
{
	return (rule->overrides[kind] >> i & 1) != 0;
}

/* A floor and a ceiling or veto of a worse band disagree wherever both hold: the file says who wins. */
static void
check_floors(const CcPolicy *policy, const CcNode *floors, CcFindings *findings)
{
	int			f,
				i;

	for (f = 0; f < policy->n_floors; f++)
	{
		const CcRule *floor = &policy->floors[f];

		for (i = 0; i < policy->n_ceilings + policy->n_vetoes; i++)
		{
			int			kind = i < policy->n_ceilings ? CC_OVERRIDES_CEILINGS : CC_OVERRIDES_VETOES;
			int			index = i < policy->n_ceilings ? i : i - policy->n_ceilings;
			const CcRule *rule = kind == CC_OVERRIDES_CEILINGS ? &policy->ceilings[index] : &policy->vetoes[index];

			if (rule->band > floor->band && !overrides(floor, kind, index) && !overrides(rule, CC_OVERRIDES_FLOORS, f))
				cc_finding(findings, floors->items[f], "contradiction", "Add overrides to the rule that should win.",
						   "\"%s\" says not worse than %s, \"%s\" not better than %s", floor->id, policy->bands[floor->band].id, rule->id,
						   policy->bands[rule->band].id);
		}
	}
}

static bool
tests_days(const CcCondition *condition)
{
	int			i;

	for (i = 0; condition->parts != NULL && i < condition->n; i++)
		if (tests_days(condition->parts[i]))
			return true;
	return CC_IS_DAY(condition->term);
}

/* Other policies are not looked back at: of their results only what is so on the day can be asked. */
static void
check_result_items(const CcPolicy *policy, const CcNode *root, CcFindings *findings)
{
	uint32_t	offered = policy->inputs | 1u << CC_KIND_RESULT | (policy->reads.n_ratings > 0 ? 1u << CC_KIND_RATING : 0) |
		(policy->reads.n_listings > 0 ? 1u << CC_KIND_LISTING : 0);
	int			i;

	for (i = 0; i < policy->n_items; i++)
	{
		const CcItem *item = &policy->items[i];
		const CcNode *node = i == 0 ? cc_get(root, "applies_to") : cc_get(root, "items")->items[i - 1];

		if (item->has_when || !cc_item_reads_results(policy, i))
			continue;
		if (i == 0)
			cc_finding(findings, node, "result_in_history", "Test kind: participation, or another kind of record.", "results of other policies could enrol");
		else if ((item->kinds & offered) != 1u << CC_KIND_RESULT)
			cc_finding(findings, node, "result_in_history", "Test kind: result alone, or kinds without it.",
					   "item \"%s\" can match results and other records", item->id);
		else if (tests_days(item->match))
			cc_finding(findings, node, "result_in_history", "Leave the test out: when a result began is not known.",
					   "item \"%s\" tests days of results", item->id);
		else if (item->take.kind == CC_TAKE_LATEST || item->take.kind == CC_TAKE_EARLIEST || item->take.kind == CC_TAKE_AFTER_FIRST ||
				 item->take.kind == CC_TAKE_ONCE_PER)
			cc_finding(findings, node, "result_in_history", "Take highest, lowest, mean, or all.", "item \"%s\" takes results by their days", item->id);
	}
}

/* Items of components that are worked out unit by unit. */
static void
check_unit_items(const CcPolicy *policy, const CcNode *items, CcFindings *findings)
{
	int			i;

	for (i = 1; i < policy->n_items; i++)
	{
		const CcItem *item = &policy->items[i];
		const CcComponent *component = item->component >= 0 ? &policy->components[item->component] : NULL;

		if (component == NULL || component->per == CC_PER_NONE)
			continue;
		if (item->has_when)
			cc_finding(findings, items->items[i - 1], "bad_value", "Leave out component.", "item \"%s\" has no records of a unit", item->id);
		else if (component->per == CC_PER_CALENDAR && (item->window.span != CC_SPAN_UNIT || item->window.unit_back != 0 ||
													   item->window.unit_origin != policy->cycle_from ||
													   item->window.unit_months != policy->cycle_months))
			cc_finding(findings, items->items[i - 1], "bad_value", "Write window: {..., cycle: this}.",
					   "the months of the cycle need records that count in the cycle");
	}
	for (i = 0; i < policy->n_components; i++)
	{
		int			k;

		if (policy->components[i].per != CC_PER_UNIT)
			continue;
		if (policy->items[policy->components[i].per_item].component >= 0)
			cc_finding(findings, items->items[policy->components[i].per_item - 1], "bad_value", "Leave out component.",
					   "the item that names the units belongs to no component");
		for (k = 0; k < i; k++)
			if (policy->components[k].per == CC_PER_UNIT && policy->components[k].per_item == policy->components[i].per_item &&
				policy->components[k].mean != CC_MEAN_PLAIN && policy->components[i].mean != CC_MEAN_PLAIN &&
				policy->components[k].mean != policy->components[i].mean)
				cc_finding(findings, items->items[policy->components[i].per_item - 1], "bad_value", "Name the units by two items.",
						   "its records weigh by amount and by quantity");
	}
}

/* Checks that need the whole policy; only worth while the parts are sound. */
void
cc_policy_check(const CcPolicy *policy, const CcNode *root, CcFindings *findings)
{
	const CcNode *bands = cc_get(root, "bands");

	if (findings->n > 0)
		return;
	check_bands(policy, bands, findings);
	check_lists(policy, cc_get(root, "lists"), findings);
	check_floors(policy, cc_get(root, "floors"), findings);
	check_result_items(policy, root, findings);
	check_unit_items(policy, cc_get(root, "items"), findings);
	cc_check_reachable(policy, root, findings);
}
