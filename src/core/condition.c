/*
 * condition.c -- does a condition hold
 *
 * Reads like rules/README.md, section 2. Three-valued: all is the least of its parts, any the greatest, not turns the
 * order round.
 */
#include "evaluate.h"

#include <string.h>

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

/* A numeric term of the outcome, as its tests have it: points and values in 1/10000, the rest counted. */
static int64_t
number_of_outcome(CcTerm term, int index, const CcTally *tally)
{
	switch (term)
	{
		case CC_TERM_SCORE:
			return tally->score;
		case CC_TERM_COUNT:
			return tally->count[index];
		case CC_TERM_SUM:
			return index < CC_MAX_ITEMS ? tally->sum[index] : tally->component[index - CC_MAX_ITEMS];
		case CC_TERM_RUN:
			return tally->run[index];
		case CC_TERM_COUNTER:
			return tally->counter[index];
		case CC_TERM_RESETS:
			return tally->resets[index];
		case CC_TERM_FIRED:
			return tally->fired[index];
		case CC_TERM_FIRES:
			return tally->fired_on[index] == tally->day ? tally->fires[index] : 0;
		case CC_TERM_VALUE:
			return tally->value[index];
		case CC_TERM_RANK:
			return tally->place == NULL || tally->place->rank[index] == 0 ? CC_NUMBER_UNKNOWN : tally->place->rank[index];
		default:
			return CC_NUMBER_UNKNOWN;
	}
}

/* The number that a value is made of, in 1/10000; CC_NUMBER_UNKNOWN. */
int64_t
cc_operand(CcEnv *env, const CcOperand *operand, const CcTally *tally)
{
	int64_t		number;

	if (operand->term == CC_TERM_NONE)
		return operand->number;
	number = number_of_outcome(operand->term, operand->index, tally);
	if (operand->term == CC_TERM_COUNT || operand->term == CC_TERM_RUN || operand->term == CC_TERM_RESETS ||
		operand->term == CC_TERM_FIRED || operand->term == CC_TERM_FIRES || operand->term == CC_TERM_RANK)
		return number == CC_NUMBER_UNKNOWN ? number : cc_multiply(env, number, CC_ONE * CC_ONE, CC_DECIMALS, CC_ROUND_TOWARD_ZERO);
	return number;
}

/* The number or day that a range is about; CC_NUMBER_UNKNOWN if nobody says. */
static int64_t
number_of(const CcCondition *condition, const CcFact *fact, const CcTally *tally)
{
	CcTerm		term = condition->term;
	CcDay		day;

	if (CC_IS_NUMBER(term))
		return fact->number[term - CC_TERM_AMOUNT];
	if (!CC_IS_DAY(term))
		return number_of_outcome(term, condition->index, tally);
	day = fact->day[term - CC_TERM_ACT_ON];
	return day == CC_DAY_UNKNOWN ? CC_NUMBER_UNKNOWN : day;
}

static CcTruth
test_words(const CcCondition *condition, const CcFact *fact, const CcTally *tally)
{
	int			rank = fact == NULL ? tally->subject_kind : fact->rank[condition->term];

	if (fact != NULL && rank == CC_RANK_UNKNOWN)
		return CC_UNKNOWN;
	return rank >= 0 && (condition->words >> rank & 1) ? CC_TRUE : CC_FALSE;
}

static bool
is_known(const CcCondition *condition, const CcFact *fact)
{
	if (condition->term == CC_TERM_WHOSE)
		return true;
	if (CC_IS_TEXT(condition->term))
		return fact->text[condition->term].str != NULL;
	return number_of(condition, fact, NULL) != CC_NUMBER_UNKNOWN;
}

/* covered, covered_last, group */
static CcTruth
test_truth(const CcCondition *condition, const CcTally *tally)
{
	bool		is;

	if (condition->term == CC_TERM_GROUP)
	{
		if (tally->place == NULL || (tally->place->referred >> condition->index & 1))
			return CC_UNKNOWN;
		is = (tally->place->groups >> condition->index & 1) != 0;
	}
	else
		is = cc_covered(tally, condition->index, condition->term == CC_TERM_COVERED_LAST);
	return is == (condition->low != 0) ? CC_TRUE : CC_FALSE;
}

static CcTruth
test_text(const CcCondition *condition, CcText text)
{
	if (text.str == NULL)
		return CC_UNKNOWN;
	return text_among(condition, text) ? CC_TRUE : CC_FALSE;
}

static CcTruth
test_rest(const CcCondition *condition, const CcFact *fact, const CcTally *tally)
{
	switch (condition->kind)
	{
		case CC_COND_KNOWN:
			return is_known(condition, fact) == (condition->low != 0) ? CC_TRUE : CC_FALSE;
		case CC_COND_BAND:
			return tally->band >= 0 && (condition->words >> tally->band & 1) ? CC_TRUE : CC_FALSE;
		case CC_COND_TRUTH:
			return test_truth(condition, tally);
		default:
			return cc_holds(condition, fact, tally);
	}
}

/* A condition without parts; what most conditions are made of is tested on the spot. */
static inline CcTruth
test(const CcCondition *condition, const CcFact *fact, const CcTally *tally)
{
	int64_t		number;

	if (condition->kind == CC_COND_WORDS)
		return test_words(condition, fact, tally);
	if (condition->kind == CC_COND_TEXT)
		return test_text(condition, fact->text[condition->term]);
	if (condition->kind != CC_COND_RANGE)
		return test_rest(condition, fact, tally);
	number = number_of(condition, fact, tally);
	if (number == CC_NUMBER_UNKNOWN)
		return CC_UNKNOWN;
	return number >= condition->low && number <= condition->high ? CC_TRUE : CC_FALSE;
}

/*
 * Whether a condition holds for a record, or, without one, for a tally. A part without parts of its own is tested on the
 * spot, without a call.
 */
CcTruth
cc_holds(const CcCondition *condition, const CcFact *fact, const CcTally *tally)
{
	CcTruth		truth,
				result;
	int			i;

	switch (condition->kind)
	{
		case CC_COND_ALL:
			result = CC_TRUE;
			for (i = 0; i < condition->n && result != CC_FALSE; i++)
				if ((truth = test(condition->parts[i], fact, tally)) < result)
					result = truth;
			return result;
		case CC_COND_ANY:
			result = CC_FALSE;
			for (i = 0; i < condition->n && result != CC_TRUE; i++)
				if ((truth = test(condition->parts[i], fact, tally)) > result)
					result = truth;
			return result;
		case CC_COND_NOT:
			return (CcTruth) (CC_TRUE - cc_holds(condition->parts[0], fact, tally));
		default:
			return test(condition, fact, tally);
	}
}
