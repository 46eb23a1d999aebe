/*
 * policy_check.c -- what the rules of a policy say together
 *
 * Gaps and overlaps of bands, choices that must be stated, the rank of a black list's basis. Official texts have gaps
 * and overlaps ("60-79 ... 80-90"); they are decided in the file or referred, never by the program.
 */
#include "policy.h"

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

/* Checks that need the whole policy; only worth while the parts are sound. */
void
cc_policy_check(const CcPolicy *policy, const CcNode *root, CcFindings *findings)
{
	const CcNode *bands = cc_get(root, "bands");

	if (findings->n > 0)
		return;
	check_bands(policy, bands, findings);
	check_lists(policy, cc_get(root, "lists"), findings);
}
