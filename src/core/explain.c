/*
 * explain.c -- the same evaluation, told line by line
 *
 * Every record that bears on an item gets a line, then what floors and caps did to the sums, then the rules that
 * decided. The points of the lines with adds set add up exactly to the score: a record that counts adds its points, and
 * each limit, mean, factor and weight adds (or takes) the difference it made.
 */
#include "explain.h"

#include <string.h>

const char *
cc_points_words(const Telling *telling, int64_t points)
{
	char		buf[32];

	cc_decimal_format(points, telling->policy->has_score ? telling->policy->decimals : CC_DECIMALS, buf);
	return cc_copy(telling->env, buf, (int) strlen(buf));
}

const CcCite *
cc_cited(const CcCite *cite)
{
	return cite->source != NULL ? cite : NULL;
}

void
cc_line_init(CcLine *line, const char *part, const char *rule, const char *name, const char *status, const CcCite *cite)
{
	memset(line, 0, sizeof(*line));
	line->part = part;
	line->rule = rule;
	line->name = name;
	line->status = status;
	line->first = line->last = CC_DAY_UNKNOWN;
	line->cite = cite;
}

void
cc_tell_line(const Telling *telling, const char *part, const char *rule, const char *name, const char *status, const CcCite *cite,
			 const char *remark)
{
	CcLine		line;

	cc_line_init(&line, part, rule, name, status, cite);
	line.remark = remark;
	telling->emit(telling->sink, &line);
}

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

/* A sentence in both languages. */
static const char *
both(const Telling *telling, const char *zh, const char *en)
{
	return cc_printf(telling->env, "%s / %s", zh, en);
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

/* Marks the terms whose being unknown leaves the condition unknown. */
static void
unknown_terms(const CcCondition *condition, const CcFact *fact, bool *unknown)
{
	int			i;

	if (cc_holds(condition, fact, NULL) != CC_UNKNOWN)
		return;
	if (condition->parts == NULL)
		unknown[condition->term] = true;
	for (i = 0; condition->parts != NULL && i < condition->n; i++)
		unknown_terms(condition->parts[i], fact, unknown);
}

/* What is unknown that decides whether the record counts, and how: of its match, its points and its days. */
static void
find_unknown(const CcItem *item, const CcFact *fact, const CcContribution *part, bool *unknown)
{
	int			i;

	memset(unknown, 0, sizeof(bool) * CC_TERM_NONE);
	if (part->unknown == CC_UNKNOWN_TERM)
		unknown[part->term] = true;
	unknown_terms(item->match, fact, unknown);
	for (i = 0; i < item->points.n_cases; i++)
	{
		unknown_terms(item->points.case_when[i], fact, unknown);
		if (cc_holds(item->points.case_when[i], fact, NULL) == CC_TRUE)
			break;
	}
}

static const char *
list_terms(const Telling *telling, const bool *terms, bool zh)
{
	const char *list = "";
	int			i;

	for (i = 0; i < CC_TERM_NONE; i++)
		if (terms[i])
			list = cc_printf(telling->env, "%s%s%s", list, list[0] == '\0' ? "" : zh ? "、" : ", ",
							 zh ? cc_vocabulary[i].label : cc_vocabulary[i].name);
	return list;
}

/* What an undetermined record would add. */
static const char *
would_add(const Telling *telling, const CcItem *item, const CcWould *would, bool zh)
{
	if (item->points.kind == CC_POINTS_NONE)
		return zh ? "（本项只计次数）" : " (the item only counts)";
	if (!would->points)
		return zh ? "，分值尚不能确定" : ", with points that cannot be told yet";
	if (would->least == would->most)
		return cc_printf(telling->env, zh ? "，计入则为 %s 分" : ", with %s", cc_points_words(telling, would->least));
	return cc_printf(telling->env, zh ? "，计入则为 %s 至 %s 分" : ", with %s to %s", cc_points_words(telling, would->least),
					 cc_points_words(telling, would->most));
}

/* Why a record does not count although it might: unknown never counts against the subject. */
static void
tell_unknown(const Telling *telling, const CcItem *item, const CcFact *fact, const CcContribution *part, CcLine *line)
{
	bool		unknown[CC_TERM_NONE];
	CcWould		would;

	if (part->unknown == CC_NOT_PERMITTED)
	{
		line->remark = "裁量分值不在办法允许范围内，不计 / does not count: the measure does not permit these points";
		return;
	}
	cc_would_contribute(telling->env, telling->policy, item, fact, &would);
	find_unknown(item, fact, part, unknown);
	line->needed = both(telling, list_terms(telling, unknown, true), list_terms(telling, unknown, false));
	if (would.points && would.least == would.most)
		line->points = would.least;
	if (would.days)
	{
		line->first = would.first;
		line->last = would.last;
	}
	if (would.days && (telling->day < would.first || telling->day > would.last))
		line->remark = cc_printf(telling->env, "%s不明，不计；即使查明，当日也不在计入期间 / unknown: %s; it would not count on the day either way",
								 list_terms(telling, unknown, true), list_terms(telling, unknown, false));
	else
		line->remark = cc_printf(telling->env, "%s不明，不计；查明后可能计入%s / would count if known: %s%s", list_terms(telling, unknown, true),
								 would_add(telling, item, &would, true), list_terms(telling, unknown, false),
								 would_add(telling, item, &would, false));
}

static const char *
limit_text(const Telling *telling, const char *label, const char *name, int64_t before, int64_t after)
{
	const char *from = cc_points_words(telling, before);
	const char *to = cc_points_words(telling, after);

	return cc_printf(telling->env, "%s %s，限为 %s / %s %s kept at %s", label, from, to, name, from, to);
}

/* What a mean, a factor or a weight made of a sum. */
static const char *
gives_text(const Telling *telling, const char *label, const char *name, int64_t before, int64_t after)
{
	const char *from = cc_points_words(telling, before);
	const char *to = cc_points_words(telling, after);

	return cc_printf(telling->env, "%s：%s 计为 %s / %s: %s becomes %s", label, from, to, name, from, to);
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
		bool		unknown[CC_TERM_NONE] = {false};
		CcLine		line;

		if (truth == CC_FALSE)
			continue;
		cc_line_init(&line, "surcharge", surcharge->id, item->name, truth == CC_TRUE ? "included" : "undetermined", &surcharge->cite);
		line.fact = fact;
		line.points = surcharge->points;
		unknown_terms(surcharge->when, fact, unknown);
		if (truth == CC_TRUE)
			line.remark = "已含在上一行分值内 / included in the points of the line above";
		else
		{
			line.needed = both(telling, list_terms(telling, unknown, true), list_terms(telling, unknown, false));
			line.remark = cc_printf(telling->env, "%s不明，不加计 / not added, unknown: %s", list_terms(telling, unknown, true),
									list_terms(telling, unknown, false));
		}
		telling->emit(telling->sink, &line);
	}
}

/* What is in a pick of the record, by which an entry knows it again. */
static bool
is_entry_of(const CcEntry *entry, const CcItem *item, const CcFact *fact, const CcContribution *part)
{
	/* how long a result lasts is looked up only as far as it matters */
	return entry->anchor == part->anchor && entry->first == part->first && entry->points == part->points &&
		(entry->last == part->last || fact->rank[CC_TERM_KIND] == CC_KIND_RESULT) &&
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
	for (k = scratch->begin[i]; k < scratch->begin[i] + scratch->n_picks[i]; k++)
	{
		if (telling->left[k] == 0 || !is_entry_of(scratch->picks[k].entry, item, fact, part))
			continue;
		telling->left[k]--;
		return true;
	}
	return false;
}

/* The document of the record that is taken in place of one that is not, if that can be said: the measure takes another. */
static CcText
taken_instead(const Telling *telling, int i, const CcFact *fact)
{
	const CcItem *item = &telling->policy->items[i];
	const CcScratch *scratch = telling->tally->scratch;
	CcText		none = {NULL, 0};
	int			k,
				f;

	if (item->take.kind == CC_TAKE_AFTER_FIRST)
		return none;
	for (k = scratch->begin[i]; k < scratch->begin[i] + scratch->n_picks[i]; k++)
	{
		const CcEntry *entry = scratch->picks[k].entry;

		if (scratch->picks[k].taken == 0 ||
			(item->take.kind == CC_TAKE_ONCE_PER && entry->group != cc_group_key(fact->text[item->take.per])))
			continue;
		for (f = 0; f < telling->n_facts; f++)
		{
			const CcFact *other = &telling->facts[f];
			CcContribution part;

			if (other == fact || !cc_reaches(telling->policy, other))
				continue;
			cc_contribute(telling->env, telling->policy, item, other, &part);
			if (part.bearing == CC_COUNTS && is_entry_of(entry, item, other, &part))
				return other->text[other->text[CC_TERM_DOCUMENT].str != NULL ? CC_TERM_DOCUMENT : CC_TERM_POLICY];
		}
	}
	return none;
}

static const char *
not_taken_text(const Telling *telling, int i, const CcFact *fact)
{
	const CcItem *item = &telling->policy->items[i];
	CcText		other = taken_instead(telling, i, fact);
	const char *document;

	if (item->take.kind == CC_TAKE_AFTER_FIRST)
		return cc_printf(telling->env, "属于本项，但办法规定最先的 %d 条不计 / belongs here, but the measure spares the first %d", item->take.spared,
						 item->take.spared);
	if (other.str == NULL)
		return "属于本项，但按办法不取此条 / counts, but the measure takes another record";
	document = cc_copy(telling->env, other.str, other.len);
	if (item->take.kind == CC_TAKE_ONCE_PER)
		return cc_printf(telling->env, "属于本项，但同一%s只取一条，取 %s / belongs here, but of one %s only one is taken: %s",
						 cc_vocabulary[item->take.per].label, document, cc_vocabulary[item->take.per].name, document);
	return cc_printf(telling->env, "属于本项，但按办法取 %s / counts, but the measure takes %s", document, document);
}

/* Which case gave the points. */
static const char *
case_text(const Telling *telling, const CcItem *item, const CcContribution *part)
{
	const CcCondition *when;

	if (part->which_case >= item->points.n_cases)
		return "适用其余情形的分值 / the points for all other cases";
	when = item->points.case_when[part->which_case];
	return cc_printf(telling->env, "适用情形：%s / case: %s", cc_condition_words(telling->env, telling->policy, when, true),
					 cc_condition_words(telling->env, telling->policy, when, false));
}

/* What is to be said of a record by its status; NULL if nothing. */
static const char *
record_remark(const Telling *telling, int i, const CcFact *fact, const CcContribution *part, const char *status)
{
	const CcItem *item = &telling->policy->items[i];

	if (i == 0 && fact->rank[CC_TERM_WHOSE] != CC_WHOSE_OWN)
		return "关联主体的参评不使本主体参评 / the enrolment of a linked subject enrols nobody else";
	if (strcmp(status, "unverified") == 0)
		return "尚未经第二人审核，不计 / does not count until a second person verifies it";
	if (strcmp(status, "not_taken") == 0)
		return not_taken_text(telling, i, fact);
	if (part->points != part->before_limits)
		return limit_text(telling, "单项记录", "record", part->before_limits, part->points);
	if (part->which_case >= 0)
		return case_text(telling, item, part);
	return NULL;
}

static void
tell_record(Telling *telling, int i, const CcFact *fact)
{
	const CcItem *item = &telling->policy->items[i];
	CcContribution part;
	CcLine		line;

	cc_contribute(telling->env, telling->policy, item, fact, &part);
	if (part.bearing == CC_NO_MATCH)
		return;
	cc_line_init(&line, "record", item->id, item->name, bearing_text(telling, item, &part, fact), &item->cite);
	line.fact = fact;
	line.points = part.points;
	if (strcmp(line.status, "counts") == 0 && !is_taken(telling, i, fact, &part))
		line.status = "not_taken";
	line.adds = telling->has_score && telling->adds && strcmp(line.status, "counts") == 0;
	if (part.bearing == CC_COUNTS || part.bearing == CC_NEVER)
	{
		line.first = part.first;
		line.last = part.last;
	}
	if (telling->span_item != i)
		telling->span = both(telling, cc_window_words(telling->env, telling->policy, item, true),
							 cc_window_words(telling->env, telling->policy, item, false));
	telling->span_item = i;
	line.span = telling->span;
	if (strcmp(line.status, "undetermined") == 0)
		tell_unknown(telling, item, fact, &part, &line);
	else
		line.remark = record_remark(telling, i, fact, &part, line.status);
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
		tell_points(telling, "limit", item->id, item->name, tally->sum[i] - at, &item->cite, limit_text(telling, "小计", "sum", at, tally->sum[i]));
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
					limit_text(telling, "分项", "component", at, tally->component[i]));
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

static void
tell_score(const Telling *telling, const CcTally *tally)
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
					limit_text(telling, "总分", "score", tally->before_limits, tally->score));
}

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
static void
tell_decision(const Telling *telling, const CcOutcome *outcome)
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

/* An outcome in a few words: its state or band, and its score. */
const char *
cc_outcome_words(CcEnv *env, const CcPolicy *policy, const CcOutcome *outcome, bool zh)
{
	char		score[32];
	const char *what;

	if (outcome->state == CC_NOT_ENROLLED)
		return zh ? "未参评" : "not enrolled";
	if (outcome->undecided)
		what = zh ? "待定" : "undecided";
	else if (outcome->band >= 0)
		what = zh ? cc_printf(env, "%s（%s）", policy->bands[outcome->band].id, policy->bands[outcome->band].name) : policy->bands[outcome->band].id;
	else
		what = zh ? policy->states[outcome->state - CC_FIRST_STATE].name : cc_state_name(policy, outcome->state);
	if (!outcome->has_score)
		return what;
	cc_decimal_format(outcome->score, policy->decimals, score);
	return cc_printf(env, zh ? "%s，%s分" : "%s, score %s", what, score);
}

/* Records, item by item. */
static void
tell_records(Telling *telling)
{
	const CcPolicy *policy = telling->policy;
	int			i,
				k;

	if (policy->keeps)
	{
		const CcScratch *scratch = telling->tally->scratch;
		int			picks = scratch->begin[policy->n_items];

		telling->left = telling->env->alloc(telling->env, sizeof(int) * (picks + 1));
		for (k = 0; k < picks; k++)
			telling->left[k] = scratch->picks[k].taken;
	}
	for (k = 0; k < policy->n_items; k++)
		for (i = 0; i < telling->n_facts; i++)
			if (!policy->items[k].has_when && cc_reaches(policy, &telling->facts[i]))
				tell_record(telling, k, &telling->facts[i]);
}

void
cc_explain(CcEnv *env, const CcPolicy *policy, const CcState *state, const CcFact *facts, int n, int subject_kind, CcDay as_of,
		   CcOutcome *outcome, CcLineSink emit, void *sink)
{
	CcTally		tally;
	CcState		folded;
	Telling		telling;
	int			i;

	if (state == NULL)
	{
		cc_state_init(&folded, as_of);
		for (i = 0; i < n; i++)
			cc_fold(env, policy, &folded, &facts[i]);
		state = &folded;
	}
	cc_tell(env, policy, state, subject_kind, as_of, NULL, &tally, outcome);
	memset(&telling, 0, sizeof(telling));
	telling.env = env;
	telling.policy = policy;
	telling.state = state;
	telling.subject_kind = subject_kind;
	telling.day = as_of;
	telling.has_score = outcome->has_score;
	telling.adds = policy->score_of < 0;
	telling.tally = &tally;
	telling.facts = facts;
	telling.n_facts = n;
	telling.span_item = -1;
	telling.emit = emit;
	telling.sink = sink;
	tell_records(&telling);
	if (outcome->state == CC_NOT_ENROLLED)
	{
		cc_tell_line(&telling, "state", "not_enrolled", "未参评 / not enrolled", "holds", NULL, NULL);
		return;
	}
	if (policy->has_score)
		tell_score(&telling, &tally);
	cc_tell_derived(&telling, outcome);
	tell_decision(&telling, outcome);
}
