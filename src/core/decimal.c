/*
 * decimal.c -- exact decimals in 64 bits
 *
 * Points and quantities are counted in 1/10000, money in fen. Nothing is rounded but by the rule that the caller names,
 * and a sum that leaves the range is an error, never a wrapped number.
 */
#include "core.h"

#include <stdio.h>
#include <string.h>

/* Reads [+-]digits[.digits] as value * 10^places; digits past that many places are refused, trailing zeros are not. */
CcParse
cc_decimal_parse(const char *str, int len, int places, int64_t *value)
{
	int64_t		n = 0;
	int			i = 0,
				digits = 0,
				fraction = -1;
	bool		negative = false,
				too_fine = false,
				too_large = false;

	if (len > 0 && (str[0] == '-' || str[0] == '+'))
		negative = str[i++] == '-';
	for (; i < len; i++)
	{
		if (str[i] == '.' && fraction < 0 && digits > 0)
		{
			fraction = 0;
			continue;
		}
		if (str[i] < '0' || str[i] > '9')
			return CC_PARSE_BAD;
		digits++;
		if (fraction >= places)
		{
			too_fine |= str[i] != '0';
			fraction++;
			continue;
		}
		fraction += fraction >= 0;
		too_large |= __builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, str[i] - '0', &n);
	}
	if (digits == 0 || fraction == 0)
		return CC_PARSE_BAD;
	for (i = fraction < 0 ? 0 : fraction; i < places; i++)
		too_large |= __builtin_mul_overflow(n, 10, &n);
	if (too_large)
		return CC_PARSE_TOO_LARGE;
	if (too_fine)
		return CC_PARSE_TOO_FINE;
	*value = negative ? -n : n;
	return CC_PARSE_OK;
}

/* Writes a number of 1/10000 with the given places; digits below them must be zero or are cut. */
void
cc_decimal_format(int64_t value, int places, char buf[32])
{
	uint64_t	magnitude = value < 0 ? -(uint64_t) value : (uint64_t) value;
	int			i;

	for (i = CC_DECIMALS; i > places; i--)
		magnitude /= 10;
	if (places == 0)
		snprintf(buf, 32, "%s%llu", value < 0 && magnitude > 0 ? "-" : "", (unsigned long long) magnitude);
	else
	{
		uint64_t	unit = 1;

		for (i = 0; i < places; i++)
			unit *= 10;
		snprintf(buf, 32, "%s%llu.%0*llu", value < 0 && magnitude > 0 ? "-" : "", (unsigned long long) (magnitude / unit), places,
				 (unsigned long long) (magnitude % unit));
	}
}

/* Reads money with its unit, 5000元 or 1.5万元, exactly to the fen and not below zero. */
CcParse
cc_money_parse(const char *str, int len, int64_t *fen)
{
	static const char yuan[] = "元";
	static const char wan[] = "万元";
	int			places = 2;
	CcParse		result;

	if (len > (int) strlen(wan) && memcmp(str + len - strlen(wan), wan, strlen(wan)) == 0)
	{
		places = 6;
		len -= (int) strlen(wan);
	}
	else if (len > (int) strlen(yuan) && memcmp(str + len - strlen(yuan), yuan, strlen(yuan)) == 0)
		len -= (int) strlen(yuan);
	else
		return CC_PARSE_BAD;
	result = cc_decimal_parse(str, len, places, fen);
	return result == CC_PARSE_OK && *fen < 0 ? CC_PARSE_BAD : result;
}

/*
 * numerator / unit as a whole number of units, rounded; unit is above 0. Wide division is slow, and nearly all that is
 * divided is narrow.
 */
__int128
cc_divide(__int128 numerator, __int128 unit, CcRounding rounding)
{
	__int128	whole,
				rest;

	if (numerator == (int64_t) numerator && unit == (int64_t) unit)
	{
		whole = (int64_t) numerator / (int64_t) unit;
		rest = (int64_t) numerator % (int64_t) unit;
	}
	else
	{
		whole = numerator / unit;
		rest = numerator % unit;
	}
	if (rest == 0)
		return whole;
	if (rest < 0)
		rest = -rest;
	if (rounding == CC_ROUND_AWAY_FROM_ZERO ||
		(rounding == CC_ROUND_HALF_UP && rest >= unit - rest) ||
		(rounding == CC_ROUND_HALF_EVEN && (rest > unit - rest || (rest == unit - rest && whole % 2 != 0))))
		whole += numerator < 0 ? -1 : 1;
	return whole;
}

/* a * b, both in 1/10000, rounded to the given places. */
int64_t
cc_multiply(CcEnv *env, int64_t a, int64_t b, int places, CcRounding rounding)
{
	int64_t		unit = 1;		/* of the wanted places, in 1/10000 */
	__int128	whole;
	int			i;

	for (i = CC_DECIMALS; i > places; i--)
		unit *= 10;
	/* the product is in 10^-8 */
	whole = cc_divide((__int128) a * b, (__int128) unit * CC_ONE, rounding) * unit;
	if (whole > CC_NUMBER_MAX || whole < CC_NUMBER_MIN)
		env->fail(env, CC_FAIL_OUT_OF_RANGE, "product of points and quantity out of range");
	return (int64_t) whole;
}
