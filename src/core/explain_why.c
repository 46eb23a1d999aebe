/*
 * explain_why.c -- what nearly holds, and why the band is no better
 *
 * A rule that does not hold is near if a single test of its condition fails: then one fact more can decide it. Of the
 * next better band every failing test is told with what is and what would have to be, and whatever holds it back.
 */
#include "explain.h"

#include <string.h>

#define MAX_FAILING 64			/* tests of one condition that are listed */

typedef struct Failing
{
	int			n;				/* all of them; those past MAX_FAILING are not listed */
	const CcCondition *test[MAX_FAILING];
	bool		wanted[MAX_FAILING];	/* the test must be true, or false */
} Failing;

static void find_failing(const CcCondition *condition, const CcTally *tally, bool wanted, Failing *failing);

/* Of several of which one suffices, the one with the fewest failing tests; nothing if one of them is as wanted. */
static void
find_easiest(const CcCondition *condition, const CcTally *tally, bool wanted, Failing *failing)
{
	Failing		best,
				part;
	int			i;

	best.n = -1;
	for (i = 0; i < condition->n; i++)
	{
		part.n = 0;
		find_failing(condition->parts[i], tally, wanted, &part);
		if (best.n < 0 || part.n < best.n)
			best = part;
	}
	for (i = 0; i < best.n; i++, failing->n++)
	{
		if (i >= MAX_FAILING || failing->n >= MAX_FAILING)
			continue;
		failing->test[failing->n] = best.test[i];
		failing->wanted[failing->n] = best.wanted[i];
	}
}

/* Adds the tests that would have to come out otherwise for the condition to be as wanted: the fewest. */
static void
find_failing(const CcCondition *condition, const CcTally *tally, bool wanted, Failing *failing)
{
	int			i;

	switch (condition->kind)
	{
		case CC_COND_NOT:
			find_failing(condition->parts[0], tally, !wanted, failing);
			return;
		case CC_COND_ALL:
		case CC_COND_ANY:
			if ((condition->kind == CC_COND_ALL) != wanted)
			{
				find_easiest(condition, tally, wanted, failing);
				return;
			}
			for (i = 0; i < condition->n; i++)
				find_failing(condition->parts[i], tally, wanted, failing);
			return;
		default:
			if (cc_holds(condition, NULL, tally) == (wanted ? CC_TRUE : CC_FALSE))
				return;
			if (failing->n < MAX_FAILING)
			{
				failing->test[failing->n] = condition;
				failing->wanted[failing->n] = wanted;
			}
			failing->n++;
	}
}

/* ---- one failing test in words ---- */

/* The number that a test of the outcome is about. */
static int64_t
number_of(const Telling *telling, const CcCondition *test)
{
	CcOperand	operand = {test->term, test->index, 0};
	int64_t		number = cc_operand(telling->env, &operand, telling->tally);

	switch (test->term)
	{
		case CC_TERM_COUNT:
		case CC_TERM_RUN:
		case CC_TERM_RESETS:
		case CC_TERM_FIRED:
		case CC_TERM_FIRES:
		case CC_TERM_RANK:
			return number == CC_NUMBER_UNKNOWN ? number : number / CC_ONE;
		default:
			return number;
	}
}

static const char *
actual_words(const Telling *telling, const CcCondition *test, bool zh)
{
	const CcTally *tally = telling->tally;
	CcTruth		truth;

	switch (test->kind)
	{
		case CC_COND_RANGE:
			if (number_of(telling, test) == CC_NUMBER_UNKNOWN)
				return zh ? "未知" : "unknown";
			return cc_number_words(telling->env, telling->policy, test->term, test->index, number_of(telling, test));
		case CC_COND_WORDS:
			if (tally->subject_kind < 0)
				return zh ? "未知" : "unknown";
			return zh ? cc_vocabulary[CC_TERM_SUBJECT_KIND].word_labels[tally->subject_kind] :
				cc_vocabulary[CC_TERM_SUBJECT_KIND].words[tally->subject_kind];
		case CC_COND_BAND:
			return tally->band < 0 ? (zh ? "无" : "none") : telling->policy->bands[tally->band].id;
		default:
			truth = cc_holds(test, NULL, tally);
			if (truth == CC_UNKNOWN)
				return zh ? "未知" : "unknown";
			return (truth == CC_TRUE) == (test->low != 0) ? (zh ? "是" : "true") : (zh ? "否" : "false");
	}
}

/* How much is missing to the bound, or too much, where that is a number; else nothing. */
static const char *
gap_words(const Telling *telling, const CcCondition *test, bool wanted, bool zh)
{
	int64_t		number;
	CcBounds	bounds;
	const char *gap;

	if (test->kind != CC_COND_RANGE || !wanted || (number = number_of(telling, test)) == CC_NUMBER_UNKNOWN)
		return "";
	cc_bounds(telling->policy, test, &bounds);
	if (bounds.has_low && !bounds.above && number < bounds.low)
	{
		gap = cc_number_words(telling->env, telling->policy, test->term, test->index, bounds.low - number);
		return cc_printf(telling->env, zh ? "，差 %s" : ": %s missing", gap);
	}
	if (bounds.has_high && !bounds.below && number > bounds.high)
	{
		gap = cc_number_words(telling->env, telling->policy, test->term, test->index, number - bounds.high);
		return cc_printf(telling->env, zh ? "，超出 %s" : ": %s too much", gap);
	}
	return "";
}

/* Sets what is and what would have to be, and the sentence: "得分 78，须不低于80，差 2". */
static void
say_failing(const Telling *telling, const CcCondition *test, bool wanted, const char *before_zh, const char *before_en, CcLine *line)
{
	CcEnv	   *env = telling->env;
	const CcPolicy *policy = telling->policy;
	const char *words[2],
			   *actual[2],
			   *needed[2];
	int			zh;

	for (zh = 0; zh < 2; zh++)
	{
		words[zh] = cc_term_words(env, policy, test->term, test->index, zh);
		actual[zh] = actual_words(telling, test, zh);
		needed[zh] = cc_test_words(env, policy, test, wanted, zh);
	}
	line->actual = cc_printf(env, "%s %s / %s %s", words[1], actual[1], words[0], actual[0]);
	line->needed = cc_printf(env, "%s%s / %s %s", words[1], needed[1], words[0], needed[0]);
	line->remark = cc_printf(env, "%s%s %s，须%s%s / %s%s %s, needs %s%s", before_zh, words[1], actual[1], needed[1],
							 gap_words(telling, test, wanted, true), before_en, words[0], actual[0], needed[0],
							 gap_words(telling, test, wanted, false));
}

/* ---- nearly ---- */

/* A line for a condition that does not hold for a single test. */
static void
tell_if_near(const Telling *telling, const char *rule, const char *name, const CcCondition *when, const CcCite *cite, int64_t points,
			 const char *kind_zh, const char *kind_en)
{
	Failing		failing;
	CcLine		line;

	failing.n = 0;
	if (cc_holds(when, NULL, telling->tally) == CC_TRUE)
		return;
	find_failing(when, telling->tally, true, &failing);
	if (failing.n != 1)
		return;
	cc_line_init(&line, "near", rule, name, "near", cite);
	line.points = points;
	say_failing(telling, failing.test[0], failing.wanted[0], cc_printf(telling->env, "%s未成立：", kind_zh),
				cc_printf(telling->env, "%s does not hold: ", kind_en), &line);
	telling->emit(telling->sink, &line);
}

static void
tell_rules_near(const Telling *telling, const CcRule *rules, int n, uint64_t holding, const char *zh, const char *en)
{
	int			i;

	for (i = 0; i < n; i++)
		if (!(holding >> i & 1) && !rules[i].at_rating)
			tell_if_near(telling, rules[i].id, rules[i].name, rules[i].when, &rules[i].cite, 0, zh, en);
}

/* Steps that have not fired since the last reset and lack nothing but the value. */
static void
tell_steps_near(const Telling *telling)
{
	const CcPolicy *policy = telling->policy;
	const CcTally *tally = telling->tally;
	int			i;

	for (i = 0; i < policy->n_steps; i++)
	{
		const CcStep *step = &policy->steps[i];
		const CcCounter *counter = &policy->counters[step->counter];
		int64_t		value = tally->counter[step->counter];
		const char *is = cc_points_words(telling, value);
		const char *needed = cc_points_words(telling, step->at_least);
		const char *gap;
		CcLine		line;

		if (value >= step->at_least || (step->resets != NULL && cc_holds(step->resets, NULL, tally) != CC_TRUE))
			continue;
		gap = cc_points_words(telling, step->at_least - value);
		cc_line_init(&line, "near", step->id, step->name, "near", &step->cite);
		line.actual = cc_printf(telling->env, "「%s」累计值 %s / counter.%s %s", counter->name, is, counter->id, is);
		line.needed = cc_printf(telling->env, "「%s」累计值不低于%s / counter.%s at least %s", counter->name, needed, counter->id, needed);
		line.remark = cc_printf(telling->env, "记分档未触发：「%s」累计值 %s，须不低于%s，差 %s / step has not fired: counter.%s %s, needs at least %s: %s missing",
								counter->name, is, needed, gap, counter->id, is, needed, gap);
		telling->emit(telling->sink, &line);
	}
}

/* What does not hold, but would if one test came out otherwise. */
void
cc_tell_near(const Telling *telling, const CcOutcome *outcome)
{
	const CcPolicy *policy = telling->policy;
	CcTally		before = *telling->tally;
	Telling		undecided = *telling;
	int			i;

	before.band = -1;
	undecided.tally = &before;
	for (i = 1; i < policy->n_items; i++)
		if (policy->items[i].has_when)
			tell_if_near(&undecided, policy->items[i].id, policy->items[i].name, policy->items[i].when, &policy->items[i].cite,
						 policy->items[i].points.each, "加减分项", "item");
	tell_steps_near(telling);
	tell_rules_near(&undecided, policy->states, policy->n_states, 0, "状态", "state");
	if (outcome->state != CC_RATED)
		return;
	tell_rules_near(&undecided, policy->ceilings, policy->n_ceilings, telling->tally->ceilings, "上限", "ceiling");
	tell_rules_near(&undecided, policy->floors, policy->n_floors, telling->tally->floors, "下限", "floor");
	tell_rules_near(&undecided, policy->vetoes, policy->n_vetoes, outcome->vetoes, "一票否决", "veto");
	if (outcome->undecided)
		return;
	tell_rules_near(telling, policy->lists, policy->n_lists, outcome->lists, "名单", "list");
	tell_rules_near(telling, policy->effects, policy->n_effects, outcome->effects, "措施", "effect");
}

/* ---- why not better ---- */

static void
tell_why_line(const Telling *telling, int band, const char *status, const CcCite *cite, CcDay last, const char *zh, const char *en)
{
	CcLine		line;

	cc_line_init(&line, "why_not", telling->policy->bands[band].id, telling->policy->bands[band].name, status, cite);
	line.last = last;
	line.remark = cc_printf(telling->env, "%s / %s", zh, en);
	telling->emit(telling->sink, &line);
}

/* The rules of a block that keep the band from being as good. */
static void
tell_held_back(const Telling *telling, int band, const CcRule *rules, int n, uint64_t bits, CcLimitKind kind)
{
	char		until[16];
	int			i;

	for (i = 0; i < n; i++)
	{
		const CcRule *rule = &rules[i];
		const char *limit;
		CcDay		ends;

		if (!(bits >> i & 1) || rule->band <= band)
			continue;
		limit = telling->policy->bands[rule->band].id;
		ends = cc_limit_ends(telling->env, telling->policy, telling->state, telling->subject_kind, telling->day, kind, i);
		if (ends == CC_DAY_LAST || ends == CC_DAY_UNKNOWN)
			tell_why_line(telling, band, "limited", &rule->cite, CC_DAY_UNKNOWN,
						  cc_printf(telling->env, "「%s」限定不得优于 %s，%s", rule->name, limit,
									ends == CC_DAY_LAST ? "无新事实则不会终止" : "何日终止尚不能确定"),
						  cc_printf(telling->env, "%s: not better than %s, %s", rule->id, limit,
									ends == CC_DAY_LAST ? "without end if nothing is learned" : "through a day that cannot be told yet"));
		else
		{
			cc_day_format(cc_day_shift(ends, -1), until);
			tell_why_line(telling, band, "limited", &rule->cite, cc_day_shift(ends, -1),
						  cc_printf(telling->env, "「%s」限定不得优于 %s，至 %s", rule->name, limit, until),
						  cc_printf(telling->env, "%s: not better than %s, through %s", rule->id, limit, until));
		}
	}
}

/* The tests of a band's own condition that fail. */
static bool
tell_failing_tests(const Telling *telling, int band)
{
	const CcBand *wanted = &telling->policy->bands[band];
	Failing		failing;
	int			i;

	failing.n = 0;
	find_failing(wanted->when, telling->tally, true, &failing);
	for (i = 0; i < failing.n && i < MAX_FAILING; i++)
	{
		CcLine		line;

		cc_line_init(&line, "why_not", wanted->id, wanted->name, cc_holds(failing.test[i], NULL, telling->tally) == CC_UNKNOWN ? "undetermined" : "fails",
					 &telling->policy->bands_cite);
		say_failing(telling, failing.test[i], failing.wanted[i], "", "", &line);
		telling->emit(telling->sink, &line);
	}
	return failing.n > 0;
}

/* Why the outcome is not the next better band: its own condition, what holds it back, and the choice among several. */
void
cc_tell_why_not(const Telling *telling, const CcOutcome *outcome)
{
	const CcPolicy *policy = telling->policy;
	int			band = outcome->band - 1;
	bool		fails;
	int			i;

	if (outcome->state != CC_RATED || outcome->band < 1)
		return;
	fails = tell_failing_tests(telling, band);
	tell_held_back(telling, band, policy->ceilings, policy->n_ceilings, telling->tally->ceilings, CC_LIMIT_CEILING);
	tell_held_back(telling, band, policy->vetoes, policy->n_vetoes, outcome->vetoes, CC_LIMIT_VETO);
	for (i = outcome->band; i < policy->n_bands && !fails && policy->choose == CC_CHOOSE_WORST; i++)
		if (cc_holds(policy->bands[i].when, NULL, telling->tally) == CC_TRUE)
			tell_why_line(telling, band, "not_chosen", &policy->bands_cite, CC_DAY_UNKNOWN,
						  cc_printf(telling->env, "条件成立，但 %s 的条件也成立，办法规定从劣", policy->bands[i].id),
						  cc_printf(telling->env, "its condition holds, but that of %s too, and the measure takes the worst", policy->bands[i].id));
}
