/*
 * explain_record.c -- an explanation's lines for records, item by item: what counts, what does not, and why
 */
#include "explain.h"

#include <string.h>

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

/* ---- what is unknown ---- */

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

/* ---- which records are taken ---- */

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

/* ---- lines ---- */

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
		return cc_limit_words(telling, "单项记录", "record", part->before_limits, part->points);
	if (part->which_case >= 0)
		return case_text(telling, item, part);
	return NULL;
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

/* Records, item by item. */
void
cc_tell_records(Telling *telling)
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
