/*
 * explain.c -- the same evaluation, told line by line
 *
 * Every record that bears on an item gets a line, then what floors and caps did to the sums, then the rules that
 * decided. The points of the lines with adds set add up exactly to the score: a record that counts adds its points, and
 * each limit, mean, factor and weight adds (or takes) the difference it made.
 */
#include "load.h"
#include "tally.h"

#include <string.h>

typedef struct Telling
{
	CcEnv	   *env;
	const CcPolicy *policy;
	CcDay		day;
	bool		has_score;		/* the subject has one on the day */
	bool		adds;			/* records and sums are terms of the score: it is no value */
	const CcTally *tally;
	int		   *left;			/* by pick of the tally: records taken that have no line yet */
	CcLineSink	emit;
	void	   *sink;
} Telling;

static const char *
decimal_text(const Telling *telling, int64_t value)
{
	char		buf[32];

	cc_decimal_format(value, telling->policy->has_score ? telling->policy->decimals : CC_DECIMALS, buf);
	return cc_copy(telling->env, buf, (int) strlen(buf));
}

static void
tell(const Telling *telling, const char *part, const char *rule, const char *name, const char *status, const CcCite *cite, const char *remark)
{
	CcLine		line;

	memset(&line, 0, sizeof(line));
	line.part = part;
	line.rule = rule;
	line.name = name;
	line.status = status;
	line.first = line.last = CC_DAY_UNKNOWN;
	line.cite = cite;
	line.remark = remark;
	telling->emit(telling->sink, &line);
}

/* A term of the score that is no record: a base, or the difference that a limit made. */
static void
tell_points(const Telling *telling, const char *part, const char *rule, const char *name, int64_t points, const CcCite *cite, const char *remark)
{
	CcLine		line;

	memset(&line, 0, sizeof(line));
	line.part = part;
	line.rule = rule;
	line.name = name;
	line.adds = telling->has_score;
	line.points = points;
	line.status = "counts";
	line.first = line.last = CC_DAY_UNKNOWN;
	line.cite = cite;
	line.remark = remark;
	telling->emit(telling->sink, &line);
}

static const char *
bearing_text(const Telling *telling, const CcItem *item, const CcContribution *part, const CcFact *fact)
{
	CcDay		repaired_on = fact->day[CC_TERM_REPAIRED_ON - CC_TERM_ACT_ON];

	switch (part->bearing)
	{
		case CC_REVOKED:
			return "revoked";
		case CC_NOT_VERIFIED:
			return "unverified";
		case CC_UNDETERMINED:
			/* whatever is learned later, a repaired record does not count any more */
			return !item->repaired_counts && repaired_on != CC_DAY_UNKNOWN && repaired_on <= telling->day ? "repaired" : "undetermined";
		default:
			break;
	}
	if (part->repaired && repaired_on <= telling->day)
		return "repaired";
	if (part->bearing == CC_NEVER)
		return part->ended ? "ended" : "never";
	if (telling->day < part->first)
		return "pending";
	if (telling->day > part->last)
		return part->ended ? "ended" : "expired";
	return "counts";
}

static const char *
with_term(const Telling *telling, const char *list, CcTerm term, bool label)
{
	const char *word = label ? cc_vocabulary[term].label : cc_vocabulary[term].name;

	if (strstr(list, word) != NULL)
		return list;
	return cc_printf(telling->env, "%s%s%s", list, list[0] == '\0' ? "" : label ? "、" : ", ", word);
}

/* The terms whose being unknown leaves the condition unknown, by name or by label. */
static const char *
unknown_terms(const Telling *telling, const CcCondition *condition, const CcFact *fact, const char *list, bool label)
{
	int			i;

	if (cc_holds(condition, fact, NULL) != CC_UNKNOWN)
		return list;
	if (condition->parts == NULL)
		return with_term(telling, list, condition->term, label);
	for (i = 0; i < condition->n; i++)
		list = unknown_terms(telling, condition->parts[i], fact, list, label);
	return list;
}

static const char *
unknown_list(const Telling *telling, const CcItem *item, const CcFact *fact, const CcContribution *part, bool label)
{
	const char *list = "";
	int			i;

	if (part->unknown == CC_UNKNOWN_TERM)
		return with_term(telling, list, part->term, label);
	if (part->unknown == CC_UNKNOWN_MATCH)
		return unknown_terms(telling, item->match, fact, list, label);
	for (i = 0; i < item->points.n_cases; i++)
		list = unknown_terms(telling, item->points.case_when[i], fact, list, label);
	return list;
}

/* Why a record does not count although it might: unknown never counts against the subject. */
static const char *
unknown_text(const Telling *telling, const CcItem *item, const CcFact *fact, const CcContribution *part)
{
	if (part->unknown == CC_NOT_PERMITTED)
		return "裁量分值不在办法允许范围内，不计 / does not count: the measure does not permit these points";
	return cc_printf(telling->env, "%s不明，不计；查明后可能计入 / would count if known: %s", unknown_list(telling, item, fact, part, true),
					 unknown_list(telling, item, fact, part, false));
}

static const char *
limit_text(const Telling *telling, const char *label, const char *name, int64_t before, int64_t after)
{
	const char *from = decimal_text(telling, before);
	const char *to = decimal_text(telling, after);

	return cc_printf(telling->env, "%s %s，限为 %s / %s %s kept at %s", label, from, to, name, from, to);
}

/*
 * What of the record's points is a surcharge, by which clause; or which surcharge is left out because something is
 * unknown.
 */
static void
tell_surcharges(const Telling *telling, const CcItem *item, const CcFact *fact)
{
	int			i;

	for (i = 0; i < item->points.n_surcharges; i++)
	{
		const CcSurcharge *surcharge = &item->points.surcharges[i];
		CcTruth		truth = cc_holds(surcharge->when, fact, NULL);
		CcLine		line;

		if (truth == CC_FALSE)
			continue;
		memset(&line, 0, sizeof(line));
		line.part = "surcharge";
		line.rule = surcharge->id;
		line.name = item->name;
		line.fact = fact;
		line.points = surcharge->points;
		line.status = truth == CC_TRUE ? "included" : "undetermined";
		line.first = line.last = CC_DAY_UNKNOWN;
		line.cite = &surcharge->cite;
		if (truth == CC_TRUE)
			line.remark = "已含在上一行分值内 / included in the points of the line above";
		else
			line.remark = cc_printf(telling->env, "%s不明，不加计 / not added, unknown: %s", unknown_terms(telling, surcharge->when, fact, "", true),
									unknown_terms(telling, surcharge->when, fact, "", false));
		telling->emit(telling->sink, &line);
	}
}

/* What is in a pick of the record, by which an entry knows it again. */
static bool
is_entry_of(const CcEntry *entry, const CcItem *item, const CcFact *fact, const CcContribution *part)
{
	return entry->anchor == part->anchor && entry->first == part->first && entry->last == part->last && entry->points == part->points &&
		entry->unit == cc_group_key(fact->text[CC_TERM_UNIT]) &&
		(item->take.kind != CC_TAKE_ONCE_PER || entry->group == cc_group_key(fact->text[item->take.per])) &&
		(item->weight == CC_TERM_NONE || entry->weight == fact->number[item->weight - CC_TERM_AMOUNT]);
}

/* True if the record, which counts, is taken. Of records that nothing tells apart the first are. */
static bool
is_taken(const Telling *telling, int i, const CcFact *fact, const CcContribution *part)
{
	const CcItem *item = &telling->policy->items[i];
	const CcScratch *scratch = telling->tally->scratch;
	int			k;

	if (!item->kept)
		return true;
	for (k = scratch->begin[i]; k < scratch->begin[i + 1]; k++)
	{
		if (telling->left[k] == 0 || !is_entry_of(scratch->picks[k].entry, item, fact, part))
			continue;
		telling->left[k]--;
		return true;
	}
	return false;
}

static void
tell_record(const Telling *telling, int i, const CcFact *fact)
{
	const CcItem *item = &telling->policy->items[i];
	CcContribution part;
	CcLine		line;

	cc_contribute(telling->env, telling->policy, item, fact, &part);
	if (part.bearing == CC_NO_MATCH)
		return;
	memset(&line, 0, sizeof(line));
	line.part = "record";
	line.rule = item->id;
	line.name = item->name;
	line.fact = fact;
	line.points = part.points;
	line.status = bearing_text(telling, item, &part, fact);
	if (strcmp(line.status, "counts") == 0 && !is_taken(telling, i, fact, &part))
		line.status = "not_taken";
	line.adds = telling->has_score && telling->adds && strcmp(line.status, "counts") == 0;
	line.first = line.last = CC_DAY_UNKNOWN;
	if (part.bearing == CC_COUNTS || part.bearing == CC_NEVER)
	{
		line.first = part.first;
		line.last = part.last;
	}
	line.cite = &item->cite;
	if (strcmp(line.status, "undetermined") == 0)
		line.remark = unknown_text(telling, item, fact, &part);
	else if (strcmp(line.status, "unverified") == 0)
		line.remark = "尚未经第二人审核，不计 / does not count until a second person verifies it";
	else if (strcmp(line.status, "not_taken") == 0)
		line.remark = "属于本项，但按办法不取此条 / counts, but the measure takes another record";
	else if (part.points != part.before_limits)
		line.remark = limit_text(telling, "单项记录", "record", part.before_limits, part.points);
	telling->emit(telling->sink, &line);
	if (part.bearing == CC_COUNTS && telling->has_score)
		tell_surcharges(telling, item, fact);
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
		then = cc_round_ratio(telling->env, at, tally->count[i], policy->has_score ? policy->decimals : CC_DECIMALS, policy->rounding);
		if (then != at)
			tell_points(telling, "mean", item->id, item->name, then - at, &item->cite, limit_text(telling, "均值", "mean", at, then));
		at = then;
	}
	if (item->has_factor)
	{
		then = cc_multiply(telling->env, at, item->factor, policy->has_score ? policy->decimals : CC_DECIMALS, policy->rounding);
		if (then != at)
			tell_points(telling, "factor", item->id, item->name, then - at, &item->cite, limit_text(telling, "系数", "factor", at, then));
		at = then;
	}
	if (tally->sum[i] != at)
		tell_points(telling, "limit", item->id, item->name, tally->sum[i] - at, &item->cite, limit_text(telling, "小计", "sum", at, tally->sum[i]));
}

/* A component: its base, and the differences that its limits, its units, its absence and its weight made. */
static int64_t
tell_component(const Telling *telling, int i)
{
	const CcPolicy *policy = telling->policy;
	const CcTally *tally = telling->tally;
	const CcComponent *component = &policy->components[i];
	const CcCite *cite = component->cite.source != NULL ? &component->cite : NULL;
	int64_t		at = tally->component_raw[i];
	int64_t		then;
	int64_t		weights = CC_ONE;
	int			k;

	if (component->base != 0)
		tell_points(telling, "base", component->id, component->name, component->base, cite, NULL);
	if (tally->component[i] != at)
		tell_points(telling, !tally->present[i] ? "absent" : component->per != CC_PER_NONE ? "mean" : "limit", component->id, component->name,
					tally->component[i] - at, cite,
					!tally->present[i] ? "本项不适用，不计 / does not apply and is left out" :
					component->per != CC_PER_NONE ? limit_text(telling, "各单元均值", "mean over units", at, tally->component[i]) :
					limit_text(telling, "分项", "component", at, tally->component[i]));
	at = tally->component[i];
	if (policy->weighted_mean)
		for (k = 0, weights = 0; k < policy->n_components; k++)
			weights += tally->present[k] ? policy->components[k].weight : 0;
	if (!tally->present[i] || component->weight == weights)
		return at;
	then = cc_round_ratio(telling->env, (__int128) at * component->weight, weights, policy->decimals, policy->rounding);
	if (then != at)
		tell_points(telling, "weight", component->id, component->name, then - at, cite, limit_text(telling, "权重", "weight", at, then));
	return then;
}

static void
tell_score(const Telling *telling, const CcTally *tally)
{
	const CcPolicy *policy = telling->policy;
	const CcCite *cite = policy->score_cite.source != NULL ? &policy->score_cite : NULL;
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
					limit_text(telling, "总分", "score", tally->before_limits, tally->score));
}

/* Values, runs and counters: what the outcome was derived from. */
static void
tell_derived(const Telling *telling, const CcOutcome *outcome)
{
	const CcPolicy *policy = telling->policy;
	const CcTally *tally = telling->tally;
	char		buf[32];
	int			i;

	for (i = 0; i < policy->n_runs; i++)
		tell(telling, "run", policy->runs[i].id, policy->runs[i].name, "holds", &policy->runs[i].cite, cc_printf(telling->env, "%d", tally->run[i]));
	for (i = 0; i < policy->n_counters; i++)
		tell(telling, "counter", policy->counters[i].id, policy->counters[i].name, "holds", &policy->counters[i].cite,
			 cc_printf(telling->env, "%s，清零 %d 次 / %s, %d resets", decimal_text(telling, tally->counter[i]), tally->resets[i],
					   decimal_text(telling, tally->counter[i]), tally->resets[i]));
	for (i = 0; i < policy->n_steps; i++)
	{
		if (tally->fired[i] == 0)
			continue;
		cc_day_format(tally->fired_on[i], buf);
		tell(telling, "step", policy->steps[i].id, policy->steps[i].name, "holds", &policy->steps[i].cite,
			 cc_printf(telling->env, "触发 %d 次，最近 %s / fired %d times, last on %s", tally->fired[i], buf, tally->fired[i], buf));
	}
	for (i = 0; i < policy->n_values; i++)
	{
		const CcValue *value = &policy->values[i];

		cc_decimal_format(outcome->value[i], value->decimals, buf);
		tell(telling, "value", value->id, value->name, outcome->value[i] == CC_NUMBER_UNKNOWN ? "undetermined" : "holds", &value->cite,
			 outcome->value[i] == CC_NUMBER_UNKNOWN ? "未知 / unknown" : cc_printf(telling->env, "%s%s", buf, value->unit ? value->unit : ""));
	}
}

/* Orders with the day by which they are due, bars with their matter. */
static void
tell_effects(const Telling *telling, const CcOutcome *outcome)
{
	const CcPolicy *policy = telling->policy;
	char		buf[16];
	int			i;

	for (i = 0; i < policy->n_effects; i++)
	{
		const CcRule *effect = &policy->effects[i];
		const char *remark = effect->matter;

		if (!(outcome->effects >> i & 1))
			continue;
		if (effect->is_order)
		{
			cc_day_format(outcome->due[i], buf);
			if (outcome->due[i] == CC_DAY_UNKNOWN)
				remark = "期限不明 / due day unknown";
			else if (effect->due.unit == CC_UNIT_WORKING_DAYS)
				remark = cc_printf(telling->env, "%s 后 %d 个工作日内 / within %d working days after %s", buf, effect->due.n, effect->due.n, buf);
			else
				remark = cc_printf(telling->env, "期限 %s / due on %s", buf, buf);
		}
		tell(telling, effect->is_order ? "order" : "bar", effect->id, effect->name, "holds", &effect->cite, remark);
	}
}

/* Two sentences about a band, in which its id takes the place of each %s. */
static const char *
about_band(const Telling *telling, const char *text, int band)
{
	const char *id = band >= 0 ? telling->policy->bands[band].id : "";

	return text == NULL ? NULL : cc_printf(telling->env, text, id, id);
}

/* The rules of a block that hold, by their bits. */
static void
tell_rules(const Telling *telling, const char *part, const CcRule *rules, int n, uint64_t bits, const char *text, const char *held_text)
{
	int			i;

	for (i = 0; i < n; i++)
	{
		const CcRule *rule = &rules[i];
		bool		held = held_text != NULL && cc_holds(rule->when, NULL, telling->tally) != CC_TRUE;

		if (bits >> i & 1)
			tell(telling, part, rule->id, rule->name, "holds", &rule->cite, about_band(telling, held ? held_text : text, rule->band));
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
		tell(telling, "band", policy->bands[i].id, policy->bands[i].name, truth == CC_TRUE ? "holds" : "undetermined", &policy->bands_cite,
			 truth == CC_TRUE ? NULL : "名次在评价结束后才确定 / ranks are known only in a rating");
		any = true;
	}
	if (!any)
		tell(telling, "band", NULL, "未落入任何档次 / in no band", "holds", &policy->bands_cite,
			 policy->gap < 0 ? "办法移交裁量 / the measure refers it" :
			 about_band(telling, "办法规定按 %s 处理 / the measure takes it for %s", policy->gap));
}

/* What was decided by which rule, from the state to the list. */
static void
tell_decision(const Telling *telling, const CcOutcome *outcome)
{
	const CcPolicy *policy = telling->policy;
	const CcTally *tally = telling->tally;
	CcTally		before = *tally;
	Telling		undecided = *telling;

	/* bands and what limits them know of no band yet */
	before.band = -1;
	undecided.tally = &before;
	if (outcome->state >= CC_FIRST_STATE)
		tell_rules(&undecided, "state", &policy->states[outcome->state - CC_FIRST_STATE], 1, 1,
				   outcome->band >= 0 ? "按此定为 %s / band %s" : NULL, NULL);
	else
	{
		tell_bands(&undecided);
		tell_rules(&undecided, "ceiling", policy->ceilings, policy->n_ceilings, tally->ceilings, "不得优于 %s / not better than %s", NULL);
		tell_rules(&undecided, "floor", policy->floors, policy->n_floors, tally->floors, "不得劣于 %s / not worse than %s", NULL);
		tell_rules(&undecided, "veto", policy->vetoes, policy->n_vetoes, outcome->vetoes, "一票否决，不得优于 %s / not better than %s",
				   "情形已不存在，在规定的保持期内仍不得优于 %s / the case is over; held for the time that the measure states: not better than %s");
		if (tally->referred)
			tell(telling, "tie", NULL, "并列记录移交裁量 / records of one day that the measure leaves to people", "holds", NULL, NULL);
	}
	tell_rules(telling, "list", policy->lists, policy->n_lists, outcome->lists,
			   "仅为候选，未经认定不列入 / a candidate only: no listing without recognition", NULL);
	tell_effects(telling, outcome);
	if (outcome->undecided)
		tell(telling, "result", NULL, "待定，移交裁量 / undecided, referred", "holds", &policy->bands_cite, NULL);
	else if (outcome->band >= 0)
		tell(telling, "result", policy->bands[outcome->band].id, policy->bands[outcome->band].name, "holds", &policy->bands_cite, NULL);
}

/* Explains the outcome of the day, record by record and rule by rule; the outcome is that of cc_finish(). */
void
cc_explain(CcEnv *env, const CcPolicy *policy, const CcFact *facts, int n, int subject_kind, CcDay as_of, CcOutcome *outcome,
		   CcLineSink emit, void *sink)
{
	CcTally		tally;
	Telling		telling = {env, policy, as_of, false, policy->score_of < 0, &tally, NULL, emit, sink};
	CcState		state;
	int			i,
				k;

	cc_state_init(&state, as_of);
	for (i = 0; i < n; i++)
		cc_fold(env, policy, &state, &facts[i]);
	cc_tell(env, policy, &state, subject_kind, as_of, NULL, &tally, outcome);
	telling.has_score = outcome->has_score;
	if (policy->keeps)
	{
		int			picks = tally.scratch->begin[policy->n_items];

		telling.left = env->alloc(env, sizeof(int) * (picks + 1));
		for (k = 0; k < picks; k++)
			telling.left[k] = tally.scratch->picks[k].taken;
	}
	for (k = 0; k < policy->n_items; k++)
		for (i = 0; i < n; i++)
			if (!policy->items[k].has_when && cc_reaches(policy, &facts[i]))
				tell_record(&telling, k, &facts[i]);
	if (outcome->state == CC_NOT_ENROLLED)
	{
		tell(&telling, "state", "not_enrolled", "未参评 / not enrolled", "holds", NULL, NULL);
		return;
	}
	if (policy->has_score)
		tell_score(&telling, &tally);
	tell_derived(&telling, outcome);
	tell_decision(&telling, outcome);
}
