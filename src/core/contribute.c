/*
 * contribute.c -- what a record is to an item
 *
 * Whether it matches, on which days it counts, with how many points: rules/README.md, section 4.
 */
#include "evaluate.h"

#include <string.h>

void
cc_fact_init(CcFact *fact)
{
	int			i;

	memset(fact, 0, sizeof(*fact));
	for (i = 0; i < CC_NUMBER_TERMS; i++)
		fact->number[i] = CC_NUMBER_UNKNOWN;
	for (i = 0; i < CC_DAY_TERMS; i++)
		fact->day[i] = CC_DAY_UNKNOWN;
	for (i = 0; i < CC_TEXT_TERMS; i++)
		fact->rank[i] = CC_RANK_UNKNOWN;
	fact->rank[CC_TERM_WHOSE] = CC_WHOSE_OWN;
	fact->revoked_on = CC_DAY_UNKNOWN;
	fact->linked_from = CC_DAY_FIRST;
	fact->linked_until = CC_DAY_LAST;
	fact->verified = true;
}

static int64_t
within(int64_t value, int64_t floor, int64_t cap)
{
	return value < floor ? floor : value > cap ? cap : value;
}

static CcDay
day_of(const CcFact *fact, CcTerm term)
{
	return fact->day[term - CC_TERM_ACT_ON];
}

static void
set_unknown(CcContribution *result, CcTerm term)
{
	result->unknown = CC_UNKNOWN_TERM;
	result->term = term;
}

/* Points of the first case that holds. True if the record counts or is undetermined. */
static bool
points_by_case(const CcPoints *points, const CcFact *fact, CcContribution *result)
{
	int			i;

	for (i = 0; i < points->n_cases; i++)
	{
		CcTruth		truth = cc_holds(points->case_when[i], fact, NULL);

		if (truth == CC_UNKNOWN)
			result->unknown = CC_UNKNOWN_CASE;
		if (truth == CC_TRUE)
			result->points = points->case_points[i];
		if (truth != CC_FALSE)
		{
			result->which_case = truth == CC_TRUE ? i : -1;
			return true;
		}
	}
	result->which_case = points->n_cases;
	result->points = points->otherwise;
	return points->has_otherwise;
}

/* The same, where the cases are brackets of one number. */
static bool
points_by_bracket(const CcPoints *points, const CcFact *fact, CcContribution *result)
{
	int64_t		number = fact->number[points->brackets_of - CC_TERM_AMOUNT];
	int			i;

	if (number == CC_NUMBER_UNKNOWN)
	{
		result->unknown = CC_UNKNOWN_CASE;
		return true;
	}
	for (i = 0; i < points->n_cases; i++)
		if (number >= points->case_when[i]->low && number <= points->case_when[i]->high)
			break;
	result->which_case = i;
	result->points = i < points->n_cases ? points->case_points[i] : points->otherwise;
	return i < points->n_cases || points->has_otherwise;
}

/* The record's points in the item. False if no case is for it; result->unknown is set where they are not known. */
static bool
find_points(CcEnv *env, const CcPolicy *policy, const CcPoints *points, const CcFact *fact, CcContribution *result)
{
	int64_t		given = fact->number[CC_TERM_POINTS - CC_TERM_AMOUNT];
	int64_t		quantity = fact->number[CC_TERM_QUANTITY - CC_TERM_AMOUNT];
	int			i;

	result->points = 0;
	switch (points->kind)
	{
		case CC_POINTS_NONE:
			return true;
		case CC_POINTS_EACH:
			result->points = points->each;
			break;
		case CC_POINTS_CASES:
			if (!(points->brackets_of == CC_TERM_NONE ? points_by_case : points_by_bracket) (points, fact, result))
				return false;
			break;
		case CC_POINTS_AWARDED:
			if (given == CC_NUMBER_UNKNOWN)
				set_unknown(result, CC_TERM_POINTS);
			else if (given < points->awarded_from || given > points->awarded_to || given % points->awarded_step != 0)
				result->unknown = CC_NOT_PERMITTED;
			else
				result->points = given;
			break;
		case CC_POINTS_PER_UNIT:
			if (quantity == CC_NUMBER_UNKNOWN)
				set_unknown(result, CC_TERM_QUANTITY);
			else
				result->points = cc_multiply(env, points->each, quantity, cc_places(policy),
											 policy->rounding);
			break;
	}
	for (i = 0; i < points->n_surcharges; i++)
		if (cc_holds(points->surcharges[i].when, fact, NULL) == CC_TRUE)
			result->points = cc_add(env, result->points, points->surcharges[i].points);
	result->before_limits = result->points;
	result->points = within(result->points, points->record_floor, points->record_cap);
	return true;
}

/*
 * Civil Code 201-202: the first day is not counted, so the corresponding day is the last one, unless the measure says
 * otherwise.
 */
static CcDay
period_end(const CcWindow *window, CcDay first)
{
	return cc_day_shift(cc_day_add(first, window->period), window->corresponding_day_free ? -1 : 0);
}

/* The days on which the record counts; result->unknown is set where they are not known. */
static void
find_days(const CcWindow *window, const CcFact *fact, CcContribution *result)
{
	CcDay		anchor = CC_DAY_UNKNOWN;
	CcDay		day,
				unit_first,
				unit_last;
	int			i;

	for (i = 0; i < window->n_from && anchor == CC_DAY_UNKNOWN; i++)
		anchor = day_of(fact, window->from[i]);
	if (anchor == CC_DAY_UNKNOWN)
	{
		set_unknown(result, window->from[0]);
		return;
	}
	result->anchor = anchor;
	result->first = window->delay.unit == CC_UNIT_NONE ? anchor : cc_day_add(anchor, window->delay);
	switch (window->span)
	{
		case CC_SPAN_ALWAYS:
			result->last = CC_DAY_LAST;
			break;
		case CC_SPAN_PERIOD:
			result->last = period_end(window, result->first);
			break;
		case CC_SPAN_UNIT:
			cc_unit_around(window->table, anchor, &unit_first, &unit_last);
			for (i = 0; i < window->unit_back; i++)
				cc_unit_around(window->table, cc_day_shift(unit_last, 1), &unit_first, &unit_last);
			if (window->unit_back > 0 && result->first < unit_first)
				result->first = unit_first;
			result->last = unit_last;
			break;
		case CC_SPAN_TERM:
			result->last = day_of(fact, window->term);
			if (result->last == CC_DAY_UNKNOWN && window->unlimited_else)
				result->last = CC_DAY_LAST;
			else if (result->last == CC_DAY_UNKNOWN && window->period.unit != CC_UNIT_NONE)
				result->last = period_end(window, result->first);
			else if (result->last == CC_DAY_UNKNOWN)
				set_unknown(result, window->term);
			break;
	}
	if (window->not_before != CC_TERM_NONE && (day = day_of(fact, window->not_before)) != CC_DAY_UNKNOWN && day > result->last)
		result->last = day;
	for (i = 0; i < window->n_ends_on; i++)
	{
		day = day_of(fact, window->ends_on[i]);
		if (day != CC_DAY_UNKNOWN && day <= result->last)
		{
			result->last = cc_day_shift(day, -1);
			result->ended = true;
		}
	}
}

/* A linked subject's record counts only on the days of the link, and enrols on none. */
static void
keep_to_link(const CcItem *item, const CcPolicy *policy, const CcFact *fact, CcContribution *result)
{
	if (item == &policy->items[0])
		result->last = CC_DAY_FIRST;
	if (result->first < fact->linked_from)
		result->first = fact->linked_from;
	if (result->last > fact->linked_until)
		result->last = fact->linked_until;
}

/* What the record is to the item: whether it matches, on which days it counts, with how many points. */
void
cc_contribute(CcEnv *env, const CcPolicy *policy, const CcItem *item, const CcFact *fact, CcContribution *result)
{
	CcTruth		match = cc_holds(item->match, fact, NULL);
	CcDay		repaired_on = day_of(fact, CC_TERM_REPAIRED_ON);

	memset(result, 0, sizeof(*result));
	result->which_case = -1;
	if (match == CC_FALSE)
		return;
	if (match == CC_UNKNOWN)
		result->unknown = CC_UNKNOWN_MATCH;
	else if (!find_points(env, policy, &item->points, fact, result))
		return;
	if (result->unknown == CC_KNOWN)
		find_days(&item->window, fact, result);
	if (result->unknown == CC_KNOWN && !item->repaired_counts && repaired_on != CC_DAY_UNKNOWN && repaired_on <= result->last)
	{
		result->last = cc_day_shift(repaired_on, -1);
		result->repaired = true;
	}
	if (result->unknown == CC_KNOWN && fact->rank[CC_TERM_WHOSE] != CC_WHOSE_OWN)
		keep_to_link(item, policy, fact, result);
	if (fact->revoked_on != CC_DAY_UNKNOWN)
		result->bearing = CC_REVOKED;
	else if (!fact->verified && !(fact->rank[CC_TERM_KIND] >= CC_KIND_RESULT))
		result->bearing = CC_NOT_VERIFIED;
	else if (result->unknown != CC_KNOWN)
		result->bearing = CC_UNDETERMINED;
	else
		/* a first day that never comes: states write both ends of time alike */
		result->bearing = result->last < result->first || result->first == CC_DAY_LAST ? CC_NEVER : CC_COUNTS;
}

/* ---- what would be if everything unknown were known ---- */

static void
widen(int64_t points, int64_t *least, int64_t *most, bool *any)
{
	if (!*any || points < *least)
		*least = points;
	if (!*any || points > *most)
		*most = points;
	*any = true;
}

/* The range of the points that the record can still turn out to have; false if it can have none, or any number of them. */
static bool
possible_points(CcEnv *env, const CcPolicy *policy, const CcPoints *points, const CcFact *fact, int64_t *least, int64_t *most)
{
	CcContribution known;
	CcTruth		truth = CC_FALSE;
	bool		any = false;
	bool		counted = false;
	int			i;

	memset(&known, 0, sizeof(known));
	*least = *most = 0;
	switch (points->kind)
	{
		case CC_POINTS_NONE:
			return true;
		case CC_POINTS_EACH:
			widen(points->each, least, most, &any);
			break;
		case CC_POINTS_CASES:
			for (i = 0; i < points->n_cases && truth != CC_TRUE; i++)
				if ((truth = cc_holds(points->case_when[i], fact, NULL)) != CC_FALSE)
					widen(points->case_points[i], least, most, &any);
			if (truth != CC_TRUE && points->has_otherwise)
				widen(points->otherwise, least, most, &any);
			break;
		case CC_POINTS_AWARDED:
			if (fact->number[CC_TERM_POINTS - CC_TERM_AMOUNT] == CC_NUMBER_UNKNOWN)
			{
				widen(points->awarded_from, least, most, &any);
				widen(points->awarded_to, least, most, &any);
				break;
			}
			/* fall through */
		case CC_POINTS_PER_UNIT:
			if (!find_points(env, policy, points, fact, &known) || known.unknown != CC_KNOWN)
				return false;
			/* with the surcharges that are known to be due */
			*least = *most = known.before_limits;
			any = counted = true;
			break;
	}
	if (!any)
		return false;
	for (i = 0; i < points->n_surcharges; i++)
	{
		int64_t		more = points->surcharges[i].points;

		truth = cc_holds(points->surcharges[i].when, fact, NULL);
		if (truth == CC_FALSE || (truth == CC_TRUE && counted))
			continue;
		if (truth == CC_TRUE || more < 0)
			*least = cc_add(env, *least, more);
		if (truth == CC_TRUE || more > 0)
			*most = cc_add(env, *most, more);
	}
	*least = within(*least, points->record_floor, points->record_cap);
	*most = within(*most, points->record_floor, points->record_cap);
	return true;
}

/*
 * Of an undetermined record: on which of its known days it would count, and with how many points, from least to most.
 * *days is false where its days are not known either, *points where its points can be any.
 */
void
cc_would_contribute(CcEnv *env, const CcPolicy *policy, const CcItem *item, const CcFact *fact, CcWould *would)
{
	CcContribution part;
	CcDay		repaired_on = day_of(fact, CC_TERM_REPAIRED_ON);

	memset(&part, 0, sizeof(part));
	find_days(&item->window, fact, &part);
	would->days = part.unknown == CC_KNOWN;
	if (would->days && !item->repaired_counts && repaired_on != CC_DAY_UNKNOWN && repaired_on <= part.last)
		part.last = cc_day_shift(repaired_on, -1);
	if (would->days && fact->rank[CC_TERM_WHOSE] != CC_WHOSE_OWN)
		keep_to_link(item, policy, fact, &part);
	would->first = part.first;
	would->last = part.last;
	would->points = possible_points(env, policy, &item->points, fact, &would->least, &would->most);
}

static bool
is_named(const char **names, int n, CcText text)
{
	int			i;

	for (i = 0; i < n && text.str != NULL; i++)
		if (strncmp(names[i], text.str, text.len) == 0 && names[i][text.len] == '\0')
			return true;
	return false;
}

/* True if the policy is offered the record at all: by its kind, by the link, or because reads names it. */
bool
cc_reaches(const CcPolicy *policy, const CcFact *fact)
{
	int			kind = fact->rank[CC_TERM_KIND];
	int			whose = fact->rank[CC_TERM_WHOSE];
	const CcReads *reads = &policy->reads;

	if (kind < 0 || whose < 0)
		return false;
	if (kind < CC_KIND_RESULT)
		return (policy->inputs & (1u << kind)) && (whose == CC_WHOSE_OWN || (reads->linked & (1u << whose)));
	if (whose != CC_WHOSE_OWN)
		return false;
	if (kind == CC_KIND_LISTING)
		return is_named(reads->listings, reads->n_listings, fact->text[CC_TERM_LIST]);
	if (kind == CC_KIND_RATING)
		return is_named(reads->ratings, reads->n_ratings, fact->text[CC_TERM_POLICY]);
	return is_named(reads->results, reads->n_results, fact->text[CC_TERM_POLICY]);
}
