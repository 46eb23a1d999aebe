/*
 * truth.c -- what conditions come out as: true, false or unknown (README 2)
 */
#include "day.h"

/* Looks a term up, in a record or in a day. */
Value
look_up(const Term *term, const Subject *subject, const Fact *fact, const Day *day)
{
	Value		value = {true, 0, NULL};
	int			i = term->index;
	Interval	days;

	switch (term->look)
	{
		case LOOK_RECORD:
			if (i == R_SUBJECT_KIND)
				value.text = subject->kind;
			else if (i == R_WHOSE && !fact->values[i].known)
				value.text = "own";
			else
				return fact->values[i];
			break;
		case LOOK_CONSTANT:
			value.number = term->constant;
			break;
		case LOOK_SUBJECT_KIND:
			value.text = subject->kind;
			break;
		case LOOK_SCORE:
			value.number = day->out.score;
			break;
		case LOOK_ITEM_SUM:
			value.number = day->sums[i];
			break;
		case LOOK_COMPONENT_SUM:
			value.number = day->components[i];
			break;
		case LOOK_ITEM_COUNT:
			value.number = (Number) (i == ENROLLED ? day->enrolled : day->counts[i]) * ONE;
			break;
		case LOOK_COVERED:
			days.first = cycle_unit(day->on).first;
			days.last = day->on;
			value.number = has(C_covered) && counts_on_all(subject, i, days);
			break;
		case LOOK_COVERED_LAST:
			days = cycle_unit(cycle_unit(day->on).first - 1);
			value.number = has(C_covered_last) && counts_on_all(subject, i, days);
			break;
		case LOOK_RUN:
			value.number = (Number) day->runs[i] * ONE;
			break;
		case LOOK_COUNTER:
			value.number = day->counters[i];
			break;
		case LOOK_RESETS:
			value.number = (Number) day->resets[i] * ONE;
			break;
		case LOOK_FIRED:
			value.number = (Number) day->fired[i] * ONE;
			break;
		case LOOK_FIRES:
			value.number = has(C_fires) ? (Number) day->fires[i] * ONE : 0;
			break;
		case LOOK_VALUE:
			value.known = day->out.values[i].known;
			value.number = day->out.values[i].number;
			break;
		case LOOK_RANK:
			value.known = false;
			if (day->place != NULL && has(C_rank))
				return day->place->ranks[i];
			break;
		case LOOK_GROUP:
			value.known = day->place != NULL && day->place->groups[i] != UNKNOWN;
			value.number = value.known && day->place->groups[i] == YES;
			break;
		case LOOK_BAND:
			value.known = day->out.band >= 0;
			if (value.known)
				value.text = policy.bands[day->out.band].id;
			break;
	}
	return value;
}

static bool
equals_one(const Cond *cond, Value value)
{
	int			i;

	for (i = 0; i < cond->nvalues; i++)
	{
		const char *text = cond->values[i].text;

		if (cond->term.type != TYPE_TEXT)
		{
			if (value.number == cond->values[i].number)
				return true;
		}
		else if (cond->prefix[i])
		{
			if (has(C_prefix) && strncmp(value.text, text, strlen(text) - 1) == 0)
				return true;
		}
		else if (same(value.text, text))
			return true;
	}
	return false;
}

Truth
truth_of_test(const Cond *cond, Value value)
{
	if (cond->kind == COND_EQUAL)
		return equals_one(cond, value) ? YES : NO;
	if ((cond->has_at_least && value.number < cond->at_least) ||
		(cond->has_at_most && value.number > cond->at_most) ||
		(cond->has_above && value.number <= cond->above) ||
		(cond->has_below && value.number >= cond->below))
		return NO;
	return YES;
}

Truth
truth_of(const Cond *cond, const Subject *subject, const Fact *fact, const Day *day)
{
	Truth		result;
	Value		value;
	int			i;

	switch (cond->kind)
	{
		case COND_ALL:
			result = YES;
			for (i = 0; i < cond->nparts; i++)
			{
				Truth		part = truth_of(cond->parts[i], subject, fact, day);

				if (part < result)
					result = part;
			}
			return result;
		case COND_ANY:
			result = NO;
			for (i = 0; i < cond->nparts; i++)
			{
				Truth		part = truth_of(cond->parts[i], subject, fact, day);

				if (part > result)
					result = part;
			}
			return result;
		case COND_NOT:
			result = truth_of(cond->parts[0], subject, fact, day);
			return result == YES ? NO : result == NO ? YES : UNKNOWN;
		case COND_EQUAL:
		case COND_RANGE:
		case COND_KNOWN:
			break;
	}

	value = look_up(&cond->term, subject, fact, day);
	if (cond->kind == COND_KNOWN)
		return has(C_known) && value.known == cond->want_known ? YES : NO;
	if (cond->term.look == LOOK_RECORD && cond->term.index == R_WHOSE && !has(C_whose))
		return YES;
	/* no band matches none */
	if (!value.known && cond->term.look == LOOK_BAND)
		return NO;
	if (!value.known)
		return has(C_unknown) ? UNKNOWN : NO;
	return truth_of_test(cond, value);
}

bool
holds(const Cond *cond, const Subject *subject, const Day *day)
{
	return truth_of(cond, subject, NULL, day) == YES;
}
