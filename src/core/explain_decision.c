/*
 * explain_decision.c -- an explanation's lines for what was decided by which rule, from the state to the list
 */
#include "explain.h"

/* What is to be said of an order or bar: by when, what matter. */
static const char *
effect_text(const Telling *telling, const CcRule *effect, CcDay due)
{
	char		buf[16];

	if (!effect->is_order)
		return cc_printf(telling->env, "事项：%s / matter: %s", effect->matter, effect->matter);
	if (effect->after == CC_AFTER_NONE)
		return NULL;
	if (due == CC_DAY_UNKNOWN)
		return "期限不明 / due day unknown";
	cc_day_format(due, buf);
	if (effect->due.unit == CC_UNIT_WORKING_DAYS)
		return cc_printf(telling->env, "%s 后 %d 个工作日内 / within %d working days after %s", buf, effect->due.n, effect->due.n, buf);
	return cc_printf(telling->env, "期限 %s / due on %s", buf, buf);
}

/* The last day on which a rule that decides will, if nothing new is learned; UNKNOWN: without end, or not to be told. */
static CcDay
last_day_of(const Telling *telling, CcLimitKind kind, int i)
{
	CcDay		ends = cc_limit_ends(telling->env, telling->policy, telling->state, telling->subject_kind, telling->day, kind, i);

	return ends == CC_DAY_LAST || ends == CC_DAY_UNKNOWN ? CC_DAY_UNKNOWN : cc_day_shift(ends, -1);
}

/* Orders with the day by which they are due, bars with their matter and their last day. */
static void
tell_effects(const Telling *telling, const CcOutcome *outcome)
{
	const CcPolicy *policy = telling->policy;
	int			i;

	for (i = 0; i < policy->n_effects; i++)
	{
		const CcRule *effect = &policy->effects[i];
		CcLine		line;

		if (!(outcome->effects >> i & 1))
			continue;
		cc_line_init(&line, effect->is_order ? "order" : "bar", effect->id, effect->name, "holds", &effect->cite);
		line.last = last_day_of(telling, CC_LIMIT_EFFECT, i);
		line.remark = effect_text(telling, effect, outcome->due[i]);
		telling->emit(telling->sink, &line);
	}
}

/* Two sentences about a band, in which its id takes the place of each %s. */
static const char *
about_band(const Telling *telling, const char *text, int band)
{
	const char *id = band >= 0 ? telling->policy->bands[band].id : "";

	return text == NULL ? NULL : cc_printf(telling->env, text, id, id);
}

/* A rule that decides, and through which day it will. */
static void
tell_limit(const Telling *telling, const char *part, const CcRule *rules, CcLimitKind kind, int i, const char *text)
{
	CcLine		line;

	cc_line_init(&line, part, rules[i].id, rules[i].name, "holds", &rules[i].cite);
	line.last = last_day_of(telling, kind, i);
	line.remark = about_band(telling, text, rules[i].band);
	telling->emit(telling->sink, &line);
}

/* The rules of a block that limit the band, by their bits; and those that would if no other rule took precedence. */
static void
tell_limits(const Telling *telling, const char *part, const CcRule *rules, int n, CcLimitKind kind, uint64_t bits, uint64_t overridden,
			const char *text, const char *held_text)
{
	int			i;

	for (i = 0; i < n; i++)
	{
		bool		holds = cc_holds(rules[i].when, NULL, telling->tally) == CC_TRUE;

		if (bits >> i & 1)
			tell_limit(telling, part, rules, kind, i, holds || held_text == NULL ? text : held_text);
		else if (holds && (overridden >> i & 1))
			cc_tell_line(telling, part, rules[i].id, rules[i].name, "overridden", &rules[i].cite,
						 "条件成立，但另一规则优先，不适用 / its condition holds, but another rule takes precedence");
	}
}

/* The bands that hold, or that none does. */
static void
tell_bands(const Telling *telling)
{
	const CcPolicy *policy = telling->policy;
	bool		any = false;
	int			i;

	for (i = 0; i < policy->n_bands; i++)
	{
		CcTruth		truth = cc_holds(policy->bands[i].when, NULL, telling->tally);

		if (truth == CC_FALSE)
			continue;
		cc_tell_line(telling, "band", policy->bands[i].id, policy->bands[i].name, truth == CC_TRUE ? "holds" : "undetermined", &policy->bands_cite,
			 truth == CC_TRUE ? NULL : "名次在评价结束后才确定 / ranks are known only in a rating");
		any = true;
	}
	if (!any)
		cc_tell_line(telling, "band", NULL, "未落入任何档次 / in no band", "holds", &policy->bands_cite,
			 policy->gap < 0 ? "办法移交裁量 / the measure refers it" :
			 about_band(telling, "办法规定按 %s 处理 / the measure takes it for %s", policy->gap));
}

/* What was decided by which rule, from the state to the list. */
void
cc_tell_decision(const Telling *telling, const CcOutcome *outcome)
{
	const CcPolicy *policy = telling->policy;
	CcTally    *tally = telling->tally;
	CcTally		before = *tally;
	Telling		undecided = *telling;
	int			i;

	/* bands and what limits them know of no band yet */
	before.band = -1;
	undecided.tally = &before;
	if (outcome->state >= CC_FIRST_STATE)
		tell_limit(&undecided, "state", policy->states, CC_LIMIT_STATE, outcome->state - CC_FIRST_STATE,
				   outcome->band >= 0 ? "按此定为 %s / band %s" : NULL);
	else
	{
		tell_bands(&undecided);
		tell_limits(&undecided, "ceiling", policy->ceilings, policy->n_ceilings, CC_LIMIT_CEILING, tally->ceilings,
					tally->overridden[CC_OVERRIDES_CEILINGS], "不得优于 %s / not better than %s", NULL);
		tell_limits(&undecided, "floor", policy->floors, policy->n_floors, CC_LIMIT_FLOOR, tally->floors,
					tally->overridden[CC_OVERRIDES_FLOORS], "不得劣于 %s / not worse than %s", NULL);
		tell_limits(&undecided, "veto", policy->vetoes, policy->n_vetoes, CC_LIMIT_VETO, outcome->vetoes,
					tally->overridden[CC_OVERRIDES_VETOES], "一票否决，不得优于 %s / not better than %s",
					"情形已不存在，在规定的保持期内仍不得优于 %s / the case is over; held for the time that the measure states: not better than %s");
		if (tally->referred)
			cc_tell_line(telling, "tie", NULL, "并列记录移交裁量 / records of one day that the measure leaves to people", "holds", NULL, NULL);
	}
	for (i = 0; i < policy->n_lists; i++)
		if (outcome->lists >> i & 1)
			cc_tell_line(telling, "list", policy->lists[i].id, policy->lists[i].name, "holds", &policy->lists[i].cite,
						 "仅为候选，未经认定不列入 / a candidate only: no listing without recognition");
	tell_effects(telling, outcome);
	cc_tell_near(telling, outcome);
	cc_tell_why_not(&undecided, outcome);
	if (outcome->undecided)
		cc_tell_line(telling, "result", NULL, "待定，移交裁量 / undecided, referred", "holds", &policy->bands_cite, NULL);
	else if (outcome->band >= 0)
		cc_tell_line(telling, "result", policy->bands[outcome->band].id, policy->bands[outcome->band].name, "holds", &policy->bands_cite, NULL);
}
