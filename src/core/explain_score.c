/*
 * explain_score.c -- an explanation's lines from the records' points to the score: bases, and the differences that limits,
 * means, factors and weights made
 */
#include "explain.h"

/* A term of the score that is no record: a base, or the difference that a limit made. */
static void
tell_points(const Telling *telling, const char *part, const char *rule, const char *name, int64_t points, const CcCite *cite, const char *remark)
{
	CcLine		line;

	cc_line_init(&line, part, rule, name, "counts", cite);
	line.adds = telling->has_score;
	line.points = points;
	line.remark = remark;
	telling->emit(telling->sink, &line);
}

/* What a mean, a factor or a weight made of a sum. */
static const char *
gives_text(const Telling *telling, const char *label, const char *name, int64_t before, int64_t after)
{
	const char *from = cc_points_words(telling, before);
	const char *to = cc_points_words(telling, after);

	return cc_printf(telling->env, "%s：%s 计为 %s / %s: %s becomes %s", label, from, to, name, from, to);
}

/* The difference that taking a mean, a factor, a floor or a cap, or no record at all made to an item. */
static void
tell_item(const Telling *telling, int i)
{
	const CcPolicy *policy = telling->policy;
	const CcTally *tally = telling->tally;
	const CcItem *item = &policy->items[i];
	int64_t		at = tally->raw[i];
	int64_t		then;

	if (item->has_when)
	{
		if (tally->count[i] > 0)
			tell_points(telling, "item", item->id, item->name, at, &item->cite, "条件成立 / the condition holds");
	}
	else if (tally->offered[i] == 0)
	{
		if (tally->sum[i] != 0)
			tell_points(telling, "absent", item->id, item->name, tally->sum[i], &item->cite, "无记录时的分值 / what stands where no record counts");
		return;
	}
	if (item->take.kind == CC_TAKE_MEAN)
	{
		then = cc_round_ratio(telling->env, at, tally->count[i], cc_places(policy), policy->rounding);
		if (then != at)
			tell_points(telling, "mean", item->id, item->name, then - at, &item->cite, gives_text(telling, "均值", "mean", at, then));
		at = then;
	}
	if (item->has_factor)
	{
		then = cc_multiply(telling->env, at, item->factor, cc_places(policy), policy->rounding);
		if (then != at)
			tell_points(telling, "factor", item->id, item->name, then - at, &item->cite, gives_text(telling, "系数", "factor", at, then));
		at = then;
	}
	if (tally->sum[i] != at)
		tell_points(telling, "limit", item->id, item->name, tally->sum[i] - at, &item->cite, cc_limit_words(telling, "小计", "sum", at, tally->sum[i]));
}

/* A component: its base, and the differences that its limits, its units, its absence and its weight made. */
static int64_t
tell_component(const Telling *telling, int i)
{
	const CcPolicy *policy = telling->policy;
	const CcTally *tally = telling->tally;
	const CcComponent *component = &policy->components[i];
	const CcCite *cite = cc_cited(&component->cite);
	int64_t		at = tally->component_raw[i];
	int64_t		then;
	int64_t		weights = CC_ONE;
	int			k;

	if (tally->present[i] && component->per != CC_PER_NONE)
		cc_tell_units(telling, i);
	if (component->base != 0)
		tell_points(telling, "base", component->id, component->name, component->base, cite, NULL);
	if (tally->component[i] != at)
		tell_points(telling, !tally->present[i] ? "absent" : component->per != CC_PER_NONE ? "mean" : "limit", component->id, component->name,
					tally->component[i] - at, cite,
					!tally->present[i] ? "本项不适用，不计 / does not apply and is left out" :
					component->per != CC_PER_NONE ? gives_text(telling, "各单元均值", "mean over units", at, tally->component[i]) :
					cc_limit_words(telling, "分项", "component", at, tally->component[i]));
	at = tally->component[i];
	if (policy->weighted_mean)
		for (k = 0, weights = 0; k < policy->n_components; k++)
			weights += tally->present[k] ? policy->components[k].weight : 0;
	if (!tally->present[i] || component->weight == weights)
		return at;
	then = cc_round_ratio(telling->env, (__int128) at * component->weight, weights, policy->decimals, policy->rounding);
	if (then != at)
		tell_points(telling, "weight", component->id, component->name, then - at, cite, gives_text(telling, "权重", "weight", at, then));
	return then;
}

void
cc_tell_score(const Telling *telling, const CcTally *tally)
{
	const CcPolicy *policy = telling->policy;
	const CcCite *cite = cc_cited(&policy->score_cite);
	int64_t		told = policy->base;
	int			i;

	if (policy->score_of >= 0)
	{
		const CcValue *value = &policy->values[policy->score_of];

		tell_points(telling, "value", value->id, value->name, tally->before_limits, &value->cite, "得分即此值 / the score is this value");
		told = tally->before_limits;
	}
	else
	{
		tell_points(telling, "base", NULL, "起始分 / base", policy->base, cite, NULL);
		for (i = 1; i < policy->n_items; i++)
		{
			tell_item(telling, i);
			if (policy->items[i].component < 0)
				told = cc_add(telling->env, told, tally->sum[i]);
		}
		for (i = 0; i < policy->n_components; i++)
			told = cc_add(telling->env, told, tell_component(telling, i));
	}
	if (told != tally->before_limits)
		tell_points(telling, "rounding", NULL, "舍入 / rounding", tally->before_limits - told, cite, "总分只舍入一次 / the score is rounded once, as a whole");
	if (tally->score != tally->before_limits)
		tell_points(telling, "limit", NULL, "总分限额 / limits of the score", tally->score - tally->before_limits, cite,
					cc_limit_words(telling, "总分", "score", tally->before_limits, tally->score));
}
