/*
 * value.c -- numbers derived from the outcome
 *
 * rules/README.md, section 5, values. Everything is exact until the one rounding at the end; what is made of an unknown
 * is unknown.
 */
#include "tally.h"

/* In 10^-8, so that one product of two decimals is exact. */
#define FINE (CC_ONE * CC_ONE)

static int64_t
of_cases(CcEnv *env, const CcValue *value, CcTally *tally, int index)
{
	int			i;

	for (i = 0; i < value->n - 1; i++)
	{
		CcTruth		truth = cc_holds(value->when[i], NULL, tally);

		if (truth == CC_UNKNOWN)
			return CC_NUMBER_UNKNOWN;
		if (truth == CC_TRUE)
			break;
	}
	tally->value_case[index] = i;
	return cc_operand(env, &value->operands[i], tally);
}

static int64_t
value_of(CcEnv *env, const CcValue *value, CcTally *tally, int index)
{
	__int128	sum = 0;
	int64_t		number[2] = {0, 0};
	int64_t		best = 0;
	int			i;

	if (value->kind == CC_VALUE_CASES)
	{
		best = of_cases(env, value, tally, index);
		return best == CC_NUMBER_UNKNOWN ? best : cc_round_ratio(env, best, 1, value->decimals, value->rounding);
	}
	for (i = 0; i < value->n; i++)
	{
		int64_t		operand = cc_operand(env, &value->operands[i], tally);

		if (operand == CC_NUMBER_UNKNOWN)
			return CC_NUMBER_UNKNOWN;
		if (i < 2)
			number[i] = operand;
		sum += operand;
		if (i == 0 || (value->kind == CC_VALUE_LEAST ? operand < best : operand > best))
			best = operand;
	}
	switch (value->kind)
	{
		case CC_VALUE_RATIO:
			if (number[1] == 0)
				return value->otherwise;
			return cc_round_ratio(env, (__int128) number[0] * value->times, number[1], value->decimals, value->rounding);
		case CC_VALUE_SUM:
			return cc_round_ratio(env, sum, 1, value->decimals, value->rounding);
		case CC_VALUE_MEAN:
			return cc_round_ratio(env, sum, value->n, value->decimals, value->rounding);
		case CC_VALUE_LINEAR:
			return cc_round_ratio(env, (__int128) number[0] * value->times + (__int128) value->plus * CC_ONE, CC_ONE, value->decimals,
								  value->rounding);
		default:
			return cc_round_ratio(env, best, 1, value->decimals, value->rounding);
	}
}

/* Works out the values that are known from the given steps on, in file order. */
void
cc_values(CcEnv *env, const CcPolicy *policy, CcTally *tally, int from_step, int through_step)
{
	int			i;

	for (i = 0; i < policy->n_values; i++)
	{
		const CcValue *value = &policy->values[i];

		if (value->step < from_step || value->step > through_step)
			continue;
		tally->value_case[i] = -1;
		tally->value[i] = value->at_rating && tally->place == NULL ? CC_NUMBER_UNKNOWN : value_of(env, value, tally, i);
	}
}
