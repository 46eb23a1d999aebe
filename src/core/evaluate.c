/*
 * evaluate.c -- what a measure makes of a subject's records on a day
 *
 * Reads like rules/README.md, sections 2, 4 and 5, in that order: does a condition hold, what is a record to an item,
 * what do the records add up to on a day, which outcome follows. How facts are kept between two days is in state.c.
 */
#include "evaluate.h"

#include <string.h>

/* ---- conditions ---- */

static bool
text_among(const CcCondition *condition, CcText text)
{
	int			i;

	for (i = 0; i < condition->n; i++)
	{
		CcText		wanted = condition->texts[i];

		if ((condition->prefix[i] ? text.len >= wanted.len : text.len == wanted.len) && memcmp(text.str, wanted.str, wanted.len) == 0)
			return true;
	}
	return false;
}

/* The number, day, sum or count that a range is about; CC_NUMBER_UNKNOWN if the record doesn't say. */
static int64_t
number_of(const CcCondition *condition, const CcFact *fact, const CcTally *tally)
{
	CcTerm		term = condition->term;

	if (CC_IS_NUMBER(term))
		return fact->number[term - CC_TERM_AMOUNT];
	if (CC_IS_DAY(term))
		return fact->day[term - CC_TERM_ACT_ON] == CC_DAY_UNKNOWN ? CC_NUMBER_UNKNOWN : fact->day[term - CC_TERM_ACT_ON];
	if (term == CC_TERM_SCORE)
		return tally->score;
	if (term == CC_TERM_COUNT)
		return tally->count[condition->index];
	return condition->index < CC_MAX_ITEMS ? tally->sum[condition->index] : tally->component[condition->index - CC_MAX_ITEMS];
}

static CcTruth
test_words(const CcCondition *condition, const CcFact *fact, const CcTally *tally)
{
	int			rank;

	if (fact == NULL)
		rank = tally->subject_kind;
	else if (fact->text[condition->term].str == NULL)
		return CC_UNKNOWN;
	else
		rank = cc_word_rank(condition->term, fact->text[condition->term].str, fact->text[condition->term].len);
	return rank >= 0 && (condition->words >> rank & 1) ? CC_TRUE : CC_FALSE;
}

static bool
is_known(const CcCondition *condition, const CcFact *fact)
{
	if (CC_IS_TEXT(condition->term))
		return fact->text[condition->term].str != NULL;
	return number_of(condition, fact, NULL) != CC_NUMBER_UNKNOWN;
}

/*
 * Whether a condition holds for a record, or, without one, for a tally. Three-valued: all is the least of its parts,
 * any the greatest, not turns the order round.
 */
CcTruth
cc_holds(const CcCondition *condition, const CcFact *fact, const CcTally *tally)
{
	CcTruth		truth,
				result;
	int64_t		number;
	int			i;

	switch (condition->kind)
	{
		case CC_COND_ALL:
		case CC_COND_ANY:
			result = condition->kind == CC_COND_ALL ? CC_TRUE : CC_FALSE;
			for (i = 0; i < condition->n; i++)
			{
				truth = cc_holds(condition->parts[i], fact, tally);
				if (condition->kind == CC_COND_ALL ? truth < result : truth > result)
					result = truth;
			}
			return result;
		case CC_COND_NOT:
			return (CcTruth) (CC_TRUE - cc_holds(condition->parts[0], fact, tally));
		case CC_COND_KNOWN:
			return is_known(condition, fact) == (condition->low != 0) ? CC_TRUE : CC_FALSE;
		case CC_COND_TEXT:
			if (fact->text[condition->term].str == NULL)
				return CC_UNKNOWN;
			return text_among(condition, fact->text[condition->term]) ? CC_TRUE : CC_FALSE;
		case CC_COND_WORDS:
			return test_words(condition, fact, tally);
		case CC_COND_RANGE:
			number = number_of(condition, fact, tally);
			if (number == CC_NUMBER_UNKNOWN)
				return CC_UNKNOWN;
			return number >= condition->low && number <= condition->high ? CC_TRUE : CC_FALSE;
		case CC_COND_BAND:
			return tally->band >= 0 && (condition->words >> tally->band & 1) ? CC_TRUE : CC_FALSE;
		case CC_COND_TRUTH:
			return CC_UNKNOWN;
	}
	return CC_FALSE;
}

/* ---- a record and an item ---- */

void
cc_fact_init(CcFact *fact)
{
	int			i;

	memset(fact, 0, sizeof(*fact));
	for (i = 0; i < CC_NUMBER_TERMS; i++)
		fact->number[i] = CC_NUMBER_UNKNOWN;
	for (i = 0; i < CC_DAY_TERMS; i++)
		fact->day[i] = CC_DAY_UNKNOWN;
	fact->revoked_on = CC_DAY_UNKNOWN;
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
			return true;
	}
	result->points = points->otherwise;
	return points->has_otherwise;
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
			if (!points_by_case(points, fact, result))
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
				result->points = cc_multiply(env, points->each, quantity, policy->has_score ? policy->decimals : CC_DECIMALS,
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
			cc_months_unit(anchor, window->unit_origin, window->unit_months, &unit_first, &unit_last);
			if (window->unit_last)
				cc_months_unit(cc_day_shift(unit_last, 1), window->unit_origin, window->unit_months, &unit_first, &unit_last);
			if (window->unit_last && result->first < unit_first)
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

/* What the record is to the item: whether it matches, on which days it counts, with how many points. */
void
cc_contribute(CcEnv *env, const CcPolicy *policy, const CcItem *item, const CcFact *fact, CcContribution *result)
{
	CcTruth		match = cc_holds(item->match, fact, NULL);
	CcDay		repaired_on = day_of(fact, CC_TERM_REPAIRED_ON);

	memset(result, 0, sizeof(*result));
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
	if (fact->revoked_on != CC_DAY_UNKNOWN)
		result->bearing = CC_REVOKED;
	else if (!fact->verified)
		result->bearing = CC_NOT_VERIFIED;
	else if (result->unknown != CC_KNOWN)
		result->bearing = CC_UNDETERMINED;
	else
		/* a first day that never comes: states write both ends of time alike */
		result->bearing = result->last < result->first || result->first == CC_DAY_LAST ? CC_NEVER : CC_COUNTS;
}

/* ---- what the records add up to on a day ---- */

/* Prepares a tally; one serves many days and subjects. */
void
cc_tally_init(CcEnv *env, const CcPolicy *policy, CcTally *tally)
{
	memset(tally, 0, sizeof(*tally));
	tally->raw = env->alloc(env, sizeof(int64_t) * policy->n_items);
	tally->sum = env->alloc(env, sizeof(int64_t) * policy->n_items);
	tally->count = env->alloc(env, sizeof(int) * policy->n_items);
	tally->component = env->alloc(env, sizeof(int64_t) * (policy->n_components + 1));
}

/* Adds up the entries that count on the day: items, components, score. */
void
cc_tally(CcEnv *env, const CcPolicy *policy, const CcState *state, CcDay day, CcTally *tally)
{
	int64_t		score = policy->base;
	int			i;

	memset(tally->raw, 0, sizeof(int64_t) * policy->n_items);
	memset(tally->count, 0, sizeof(int) * policy->n_items);
	for (i = 0; i < state->n; i++)
	{
		const CcEntry *entry = &state->entries[i];

		if (entry->first <= day && day <= entry->last)
		{
			tally->raw[entry->item] = cc_add(env, tally->raw[entry->item], entry->points);
			tally->count[entry->item] += entry->count;
		}
	}
	for (i = 0; i < policy->n_components; i++)
		tally->component[i] = policy->components[i].base;
	for (i = 0; i < policy->n_items; i++)
	{
		const CcItem *item = &policy->items[i];

		tally->sum[i] = tally->count[i] > 0 ? within(tally->raw[i], item->floor, item->cap) : 0;
		if (item->component >= 0)
			tally->component[item->component] = cc_add(env, tally->component[item->component], tally->sum[i]);
		else
			score = cc_add(env, score, tally->sum[i]);
	}
	for (i = 0; i < policy->n_components; i++)
	{
		tally->component[i] = within(tally->component[i], policy->components[i].floor, policy->components[i].cap);
		score = cc_add(env, score, tally->component[i]);
	}
	tally->before_limits = score;
	tally->score = within(score, policy->floor, policy->cap);
}

/* ---- which outcome follows ---- */

/* The best or worst of the bands that hold; what no band covers goes where the file says. -1: undecided. */
static int
choose_band(const CcPolicy *policy, const CcTally *tally)
{
	int			chosen = -1;
	int			i;

	for (i = 0; i < policy->n_bands; i++)
	{
		if (cc_holds(policy->bands[i].when, NULL, tally) != CC_TRUE)
			continue;
		if (chosen >= 0 && policy->choose == CC_CHOOSE_REFER)
			return -1;
		if (chosen < 0 || policy->choose == CC_CHOOSE_WORST)
			chosen = i;
	}
	return chosen >= 0 ? chosen : policy->gap;
}

/*
 * A veto holds where its condition does, and, with a hold, through the hold after each day of enrolment on which it
 * did.
 */
static bool
veto_holds(CcEnv *env, const CcPolicy *policy, const CcRule *veto, const CcState *state, const CcTally *today, CcDay day)
{
	CcTally		tally;
	int			i;

	if (cc_holds(veto->when, NULL, today) == CC_TRUE)
		return true;
	if (veto->hold.unit == CC_UNIT_NONE)
		return false;

	/*
	 * Between two boundaries of entries nothing changes, so that it is enough to look at the last day of each stretch
	 * before today: the day before an entry begins, and an entry's last day.
	 */
	cc_tally_init(env, policy, &tally);
	tally.subject_kind = today->subject_kind;
	for (i = 0; i < 2 * state->n; i++)
	{
		const CcEntry *entry = &state->entries[i / 2];
		CcDay		end = i % 2 ? entry->last : entry->first == CC_DAY_FIRST ? CC_DAY_FIRST : cc_day_shift(entry->first, -1);

		if (end == CC_DAY_FIRST || end >= day || cc_day_add(end, veto->hold) < day)
			continue;
		if (env->breathe != NULL)
			env->breathe(env);
		cc_tally(env, policy, state, end, &tally);
		if (tally.count[0] > 0 && cc_holds(veto->when, NULL, &tally) == CC_TRUE)
			return true;
	}
	return false;
}

/* States, bands, ceilings and vetoes, in this order. */
static void
decide(CcEnv *env, const CcPolicy *policy, const CcState *state, CcTally *tally, CcDay day, CcOutcome *outcome)
{
	int			limit = 0;		/* the best band that ceilings and vetoes leave */
	int			i;

	outcome->state = CC_RATED;
	for (i = 0; i < policy->n_states; i++)
	{
		if (cc_holds(policy->states[i].when, NULL, tally) == CC_TRUE)
		{
			outcome->state = CC_FIRST_STATE + i;
			outcome->band = policy->states[i].band;
			return;
		}
	}
	outcome->band = choose_band(policy, tally);
	for (i = 0; i < policy->n_ceilings; i++)
		if (limit < policy->ceilings[i].band && cc_holds(policy->ceilings[i].when, NULL, tally) == CC_TRUE)
			limit = policy->ceilings[i].band;
	for (i = 0; i < policy->n_vetoes; i++)
	{
		if (!veto_holds(env, policy, &policy->vetoes[i], state, tally, day))
			continue;
		outcome->vetoes |= 1u << i;
		if (limit < policy->vetoes[i].band)
			limit = policy->vetoes[i].band;
	}
	/* A veto decides what the bands left undecided; a ceiling does not. */
	if (outcome->band < limit && (outcome->band >= 0 || outcome->vetoes != 0))
		outcome->band = limit;
	outcome->undecided = outcome->band < 0;
}

/* The outcome of one day, without next_change_on. */
static void
outcome_on(CcEnv *env, const CcPolicy *policy, const CcState *state, CcTally *tally, CcDay day, CcOutcome *outcome)
{
	int			i;

	memset(outcome, 0, sizeof(*outcome));
	outcome->band = -1;
	cc_tally(env, policy, state, day, tally);
	if (tally->count[0] == 0 || (policy->subject_kinds != 0 &&
								 (tally->subject_kind < 0 || !(policy->subject_kinds & (1u << tally->subject_kind)))))
		return;
	outcome->has_score = policy->has_score;
	outcome->score = policy->has_score ? tally->score : 0;
	decide(env, policy, state, tally, day, outcome);
	outcome->grade = outcome->band >= 0 ? policy->bands[outcome->band].grade : 0;
	tally->band = outcome->band;
	for (i = 0; i < policy->n_lists && !outcome->undecided; i++)
		if (cc_holds(policy->lists[i].when, NULL, tally) == CC_TRUE)
			outcome->lists |= 1u << i;
}

/* The outcome of a day alone, for many subjects: next_change_on is not looked for. */
void
cc_outcome_on(CcEnv *env, const CcPolicy *policy, const CcState *state, int subject_kind, CcDay day, CcOutcome *outcome)
{
	CcTally		tally;

	cc_tally_init(env, policy, &tally);
	tally.subject_kind = subject_kind;
	outcome_on(env, policy, state, &tally, day, outcome);
}

/* The outcome where no version is in force: none, until the given day. */
void
cc_no_outcome(CcDay next_change_on, CcOutcome *outcome)
{
	memset(outcome, 0, sizeof(*outcome));
	outcome->band = -1;
	outcome->exact = true;
	outcome->next_change_on = next_change_on;
}

/* True if nothing that a person would be told differs. */
bool
cc_same_outcome(const CcOutcome *a, const CcOutcome *b)
{
	return a->state == b->state && a->has_score == b->has_score && a->score == b->score && a->band == b->band && a->grade == b->grade &&
		a->vetoes == b->vetoes && a->lists == b->lists;
}

static CcDay
earlier(CcDay best, CcDay after, CcDay candidate)
{
	return candidate > after && candidate < best ? candidate : best;
}

/*
 * The first day after the given one on which an entry begins or has ended, or a hold that began with it has.
 * CC_DAY_LAST if none.
 */
static CcDay
next_boundary(const CcPolicy *policy, const CcState *state, CcDay after)
{
	CcDay		best = CC_DAY_LAST;
	int			i,
				k,
				v;

	for (i = 0; i < state->n; i++)
	{
		CcDay		ends[2];

		ends[0] = state->entries[i].first == CC_DAY_FIRST ? CC_DAY_FIRST : cc_day_shift(state->entries[i].first, -1);
		ends[1] = state->entries[i].last;
		for (k = 0; k < 2; k++)
		{
			if (ends[k] == CC_DAY_FIRST || ends[k] == CC_DAY_LAST)
				continue;
			best = earlier(best, after, cc_day_shift(ends[k], 1));
			for (v = 0; v < policy->n_vetoes; v++)
				if (policy->vetoes[v].hold.unit != CC_UNIT_NONE)
					best = earlier(best, after, cc_day_shift(cc_day_add(ends[k], policy->vetoes[v].hold), 1));
		}
	}
	return best;
}

/*
 * The outcome on a day from the state's own day on, for which cc_good_on() holds, and the first later day on which it
 * differs. Between two boundaries nothing can change, so that only boundaries are tried, in order. The day after the
 * policy's last day in force is always a change.
 */
void
cc_finish(CcEnv *env, const CcPolicy *policy, const CcState *state, int subject_kind, CcDay as_of, const CcPlace *place,
		  CcOutcome *outcome)
{
	CcOutcome	later;
	CcTally		tally;
	CcDay		end = policy->in_force_until == CC_DAY_LAST ? CC_DAY_LAST : cc_day_shift(policy->in_force_until, 1);
	CcDay		day = as_of;

	(void) place;

	cc_tally_init(env, policy, &tally);
	tally.subject_kind = subject_kind;
	outcome_on(env, policy, state, &tally, as_of, outcome);
	outcome->exact = !state->reduced;
	if (state->reduced)
	{
		outcome->next_change_on = state->good_until == CC_DAY_LAST ? end : earlier(end, as_of, cc_day_shift(state->good_until, 1));
		outcome->exact = outcome->next_change_on == CC_DAY_LAST;
		return;
	}
	do
	{
		if (env->breathe != NULL)
			env->breathe(env);
		day = next_boundary(policy, state, day);
		if (day >= end)
			break;
		outcome_on(env, policy, state, &tally, day, &later);
	} while (cc_same_outcome(outcome, &later));
	outcome->next_change_on = day < end ? day : end;
}

/* The state as written in views: not_enrolled, rated, or the id of one of the policy's states. */
const char *
cc_state_name(const CcPolicy *policy, int state)
{
	if (state == CC_NOT_ENROLLED)
		return "not_enrolled";
	return state == CC_RATED ? "rated" : policy->states[state - CC_FIRST_STATE].id;
}
