/*
 * explain.c -- the same evaluation, told line by line
 *
 * Every record that bears on an item gets a line, then what floors and caps did to the sums, then the rules that
 * decided. The points of the lines with adds set add up exactly to the score: a record that counts adds its points, and
 * each limit adds (or takes) the difference it made.
 */
#include "load.h"

#include <string.h>

typedef struct Telling
{
	CcEnv	   *env;
	const CcPolicy *policy;
	CcDay		day;
	bool		has_score;		/* the subject has one on the day */
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
	line.adds = telling->policy->has_score;
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

static void
tell_record(const Telling *telling, const CcItem *item, const CcFact *fact)
{
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
	line.adds = telling->has_score && strcmp(line.status, "counts") == 0;
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
	else if (part.points != part.before_limits)
		line.remark = limit_text(telling, "单项记录", "record", part.before_limits, part.points);
	telling->emit(telling->sink, &line);
	if (part.bearing == CC_COUNTS && telling->has_score)
		tell_surcharges(telling, item, fact);
}

static void
tell_score(const Telling *telling, const CcTally *tally)
{
	const CcPolicy *policy = telling->policy;
	int			i,
				k;

	tell_points(telling, "base", NULL, "起始分 / base", policy->base, NULL, NULL);
	for (i = 1; i < policy->n_items; i++)
	{
		const CcItem *item = &policy->items[i];

		if (tally->sum[i] != tally->raw[i])
			tell_points(telling, "limit", item->id, item->name, tally->sum[i] - tally->raw[i], &item->cite,
						limit_text(telling, "小计", "sum", tally->raw[i], tally->sum[i]));
	}
	for (i = 0; i < policy->n_components; i++)
	{
		const CcComponent *component = &policy->components[i];
		int64_t		sum = component->base;

		if (component->base != 0)
			tell_points(telling, "base", component->id, component->name, component->base, NULL, NULL);
		for (k = 1; k < policy->n_items; k++)
			if (policy->items[k].component == i)
				sum = cc_add(telling->env, sum, tally->sum[k]);
		if (sum != tally->component[i])
			tell_points(telling, "limit", component->id, component->name, tally->component[i] - sum, NULL,
						limit_text(telling, "分项", "component", sum, tally->component[i]));
	}
	if (tally->score != tally->before_limits)
		tell_points(telling, "limit", NULL, "总分限额 / limits of the score", tally->score - tally->before_limits, NULL,
					limit_text(telling, "总分", "score", tally->before_limits, tally->score));
}

/* Two sentences about a band, in which its id takes the place of each %s. */
static const char *
about_band(const Telling *telling, const char *text, int band)
{
	const char *id = band >= 0 ? telling->policy->bands[band].id : "";

	return text == NULL ? NULL : cc_printf(telling->env, text, id, id);
}

static void
tell_rules(const Telling *telling, const char *part, const CcRule *rules, int n, const CcTally *tally, uint32_t bits, bool by_bits,
		   const char *text, const char *held_text)
{
	int			i;

	for (i = 0; i < n; i++)
	{
		const CcRule *rule = &rules[i];
		bool		now = cc_holds(rule->when, NULL, tally) == CC_TRUE;

		if (by_bits ? (bits >> i & 1) != 0 : now)
			tell(telling, part, rule->id, rule->name, "holds", &rule->cite, about_band(telling, now || held_text == NULL ? text : held_text, rule->band));
	}
}

/* Explains the outcome of the day, record by record and rule by rule; the outcome is that of cc_finish(). */
void
cc_explain(CcEnv *env, const CcPolicy *policy, const CcFact *facts, int n, int subject_kind, CcDay as_of, CcOutcome *outcome,
		   CcLineSink emit, void *sink)
{
	Telling		telling = {env, policy, as_of, false, emit, sink};
	CcState		state;
	CcTally		tally;
	int			i,
				k;

	cc_state_init(&state, as_of);
	for (i = 0; i < n; i++)
		cc_fold(env, policy, &state, &facts[i]);
	cc_finish(env, policy, &state, subject_kind, as_of, NULL, outcome);
	telling.has_score = outcome->has_score;
	cc_tally_init(env, policy, &tally);
	tally.subject_kind = subject_kind;
	cc_tally(env, policy, &state, as_of, &tally);
	tally.band = outcome->band;
	for (k = 0; k < policy->n_items; k++)
		for (i = 0; i < n; i++)
			if (cc_reaches(policy, &facts[i]) && !policy->items[k].has_when)
				tell_record(&telling, &policy->items[k], &facts[i]);
	if (outcome->state == CC_NOT_ENROLLED)
	{
		tell(&telling, "state", "not_enrolled", "未参评 / not enrolled", "holds", NULL, NULL);
		return;
	}
	if (policy->has_score)
		tell_score(&telling, &tally);
	if (outcome->state >= CC_FIRST_STATE)
		tell_rules(&telling, "state", &policy->states[outcome->state - CC_FIRST_STATE], 1, &tally, 1, true,
				   outcome->band >= 0 ? "按此定为 %s / band %s" : NULL, NULL);
	else
	{
		for (i = 0, k = 0; i < policy->n_bands; i++)
		{
			if (cc_holds(policy->bands[i].when, NULL, &tally) != CC_TRUE)
				continue;
			tell(&telling, "band", policy->bands[i].id, policy->bands[i].name, "holds", &policy->bands_cite, NULL);
			k++;
		}
		if (k == 0)
			tell(&telling, "band", NULL, "未落入任何档次 / in no band", "holds", &policy->bands_cite,
				 policy->gap < 0 ? "办法移交裁量 / the measure refers it" :
				 about_band(&telling, "办法规定按 %s 处理 / the measure takes it for %s", policy->gap));
		tell_rules(&telling, "ceiling", policy->ceilings, policy->n_ceilings, &tally, 0, false,
				   "不得优于 %s / not better than %s", NULL);
		tell_rules(&telling, "veto", policy->vetoes, policy->n_vetoes, &tally, outcome->vetoes, true,
				   "一票否决，不得优于 %s / not better than %s",
				   "情形已不存在，在规定的保持期内仍不得优于 %s / the case is over; held for the time that the measure states: not better than %s");
	}
	tell_rules(&telling, "list", policy->lists, policy->n_lists, &tally, outcome->lists, true,
			   "仅为候选，未经认定不列入 / a candidate only: no listing without recognition", NULL);
	if (outcome->undecided)
		tell(&telling, "result", NULL, "待定，移交裁量 / undecided, referred", "holds", &policy->bands_cite, NULL);
	else if (outcome->band >= 0)
		tell(&telling, "result", policy->bands[outcome->band].id, policy->bands[outcome->band].name, "holds", &policy->bands_cite, NULL);
}
