/*
 * exchange.c -- fields of the exchange forms: text, days and decimals
 *
 * The forms (发改办财金〔2018〕424号 and its predecessor of 2015) carry text
 * alone.  These functions never fail: what cannot be read is NULL, so that the
 * intake can name every bad field of a row at once.
 */
#include "postgres.h"

#include "common/int.h"
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"

#include "cc_compat.h"
#include "citycredit.h"
#include "core/fold.h"

PG_FUNCTION_INFO_V1(_exchange_text);
PG_FUNCTION_INFO_V1(_exchange_day);
PG_FUNCTION_INFO_V1(_exchange_decimal);


/*
 * _exchange_text(text) returns text -- the field without the spaces around it,
 * ASCII or ideographic; NULL when nothing is left.
 */
Datum
_exchange_text(PG_FUNCTION_ARGS)
{
	text	   *field = PG_GETARG_TEXT_PP(0);
	const char *str = VARDATA_ANY(field);
	const char *end = str + VARSIZE_ANY_EXHDR(field);

	cc_trim(&str, &end);
	if (str == end)
		PG_RETURN_NULL();
	if (end - str == (ptrdiff_t) VARSIZE_ANY_EXHDR(field))
		PG_RETURN_TEXT_P(field);
	PG_RETURN_TEXT_P(cstring_to_text_with_len(str, (int) (end - str)));
}

/*
 * _exchange_day(text) returns date -- an existing day written YYYY-MM-DD,
 * YYYY/MM/DD or YYYYMMDD; NULL for anything else.
 */
Datum
_exchange_day(PG_FUNCTION_ARGS)
{
	text	   *field = PG_GETARG_TEXT_PP(0);
	const char *str = VARDATA_ANY(field);
	int			gap;
	int			year;
	int			month;
	int			day;

	if (VARSIZE_ANY_EXHDR(field) == 8)
		gap = 0;
	else if (VARSIZE_ANY_EXHDR(field) == 10 && str[4] == str[7] &&
			 (str[4] == '-' || str[4] == '/'))
		gap = 1;
	else
		PG_RETURN_NULL();

	if (!cc_digits_value(str, 4, &year) ||
		!cc_digits_value(str + 4 + gap, 2, &month) ||
		!cc_digits_value(str + 6 + 2 * gap, 2, &day))
		PG_RETURN_NULL();
	if (year < 1 || month < 1 || month > MONTHS_PER_YEAR ||
		day < 1 || day > day_tab[isleap(year)][month - 1])
		PG_RETURN_NULL();

	PG_RETURN_DATEADT(date2j(year, month, day) - POSTGRES_EPOCH_JDATE);
}

/*
 * _exchange_decimal(text, places int) returns bigint -- a plain decimal as a
 * number of units of 10^-places; NULL when it is no plain decimal, is finer
 * than the unit, or too large.  Zeros beyond the unit do no harm.
 */
Datum
_exchange_decimal(PG_FUNCTION_ARGS)
{
	text	   *field = PG_GETARG_TEXT_PP(0);
	int			places = PG_GETARG_INT32(1);
	const char *str = VARDATA_ANY(field);
	const char *end = str + VARSIZE_ANY_EXHDR(field);
	bool		negative = false;
	bool		fraction = false;
	int			digits = 0;
	int64		result = 0;

	if (str < end && *str == '-')
	{
		negative = true;
		str++;
	}
	for (; str < end; str++)
	{
		/* a point stands between digits, and once */
		if (*str == '.' && !fraction && digits > 0 && str + 1 < end)
		{
			fraction = true;
			continue;
		}
		if (*str < '0' || *str > '9')
			PG_RETURN_NULL();
		digits++;
		if (fraction && places == 0)
		{
			if (*str != '0')
				PG_RETURN_NULL();
			continue;
		}
		if (fraction)
			places--;
		if (pg_mul_s64_overflow(result, 10, &result) ||
			pg_add_s64_overflow(result, *str - '0', &result))
			PG_RETURN_NULL();
	}
	if (digits == 0)
		PG_RETURN_NULL();
	for (; places > 0; places--)
	{
		if (pg_mul_s64_overflow(result, 10, &result))
			PG_RETURN_NULL();
	}
	PG_RETURN_INT64(negative ? -result : result);
}
