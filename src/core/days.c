/*
 * days.c -- days, months and years by the calendar
 *
 * Civil Code 200-204: a period counted in months or years ends on the corresponding day of its last month, or, where
 * that month has no such day, on the month's last day. Working days are not dealt with here.
 */
#include "core.h"

#include <stdio.h>

/*
 * The days that occur, in the years 1 to 9999, are worked out after C. Neri and L. Schneider, Euclidean affine functions
 * and their application to calendar algorithms (Software: Practice and Experience 53, 2023): years begin on March 1, and
 * a division by a constant is one multiplication. Day and month arithmetic is a third of what a record costs.
 */
#define EPOCH	730425			/* 2000-01-01, counted from March 1 of the year 0 */

/* Days from 2000-01-01 to the given day of the proleptic Gregorian calendar. */
CcDay
cc_day_from_ymd(int year, int month, int day)
{
	int64_t		y,
				era,
				yoe,
				doy;

	if (year >= 1 && year <= 9999)
	{
		bool		early = month <= 2;
		uint32_t	n = (uint32_t) (year - early);
		uint32_t	m = (uint32_t) (early ? month + 12 : month);
		uint32_t	century = n / 100;

		return (CcDay) (1461 * n / 4 - century + century / 4 + (979 * m - 2919) / 32 + (uint32_t) day - 1) - EPOCH;
	}
	y = (int64_t) year - (month <= 2);
	era = (y >= 0 ? y : y - 399) / 400;
	yoe = y - era * 400;
	doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	return (CcDay) (era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - EPOCH);
}

/* The inverse of cc_day_from_ymd(). */
void
cc_day_to_ymd(CcDay day, int *year, int *month, int *dom)
{
	int64_t		z = (int64_t) day + EPOCH;
	int64_t		era,
				doe,
				yoe,
				doy,
				mp;

	if (z >= 306 && day <= 2921939)
	{
		uint32_t	n = 4 * (uint32_t) z + 3;
		uint32_t	century = n / 146097;
		uint32_t	in_century = n % 146097 | 3;	/* quarters of days */
		uint64_t	product = UINT64_C(2939745) * in_century;
		uint32_t	year_of = (uint32_t) (product >> 32);
		uint32_t	day_of_year = (uint32_t) product / 2939745 / 4;
		uint32_t	month_day = 2141 * day_of_year + 197913;
		bool		early = day_of_year >= 306;

		*year = (int) (100 * century + year_of + early);
		*month = (int) (month_day >> 16) - (early ? 12 : 0);
		*dom = (int) ((month_day & 0xFFFF) / 2141) + 1;
		return;
	}
	era = (z >= 0 ? z : z - 146096) / 146097;
	doe = z - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	*dom = (int) (doy - (153 * mp + 2) / 5 + 1);
	*month = (int) (mp < 10 ? mp + 3 : mp - 9);
	*year = (int) (yoe + era * 400 + (*month <= 2));
}

/* Number of days of a month. */
int
cc_days_in_month(int year, int month)
{
	static const int length[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool		leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return month == 2 && leap ? 29 : length[month - 1];
}

/*
 * The day n days later; the ends of time stay where they are, and what lies beyond the calendar is one of them: no day
 * that text cannot hold leaves here.
 */
CcDay
cc_day_shift(CcDay day, int n)
{
	int64_t		shifted = (int64_t) day + n;

	if (day == CC_DAY_FIRST || day == CC_DAY_LAST)
		return day;
	if (shifted > CC_DAY_MAX)
		return CC_DAY_LAST;
	return shifted < CC_DAY_MIN ? CC_DAY_FIRST : (CcDay) shifted;
}

/* The day of the given month, counted from January of the year 0, or that month's last day. */
static CcDay
day_of_month(int months, int dom)
{
	/* rounded down, also before the year 0 */
	int			year = (months >= 0 ? months : months - 11) / 12;
	int			month = months - year * 12 + 1;

	if (year > CC_YEAR_MAX || year < CC_YEAR_MIN)
		return year > 0 ? CC_DAY_LAST : CC_DAY_FIRST;
	if (dom > 28 && dom > cc_days_in_month(year, month))
		dom = cc_days_in_month(year, month);
	return cc_day_from_ymd(year, month, dom);
}

/* Civil Code 202: the corresponding day of the last month, else that month's last day. */
CcDay
cc_day_add(CcDay day, CcPeriod period)
{
	int			year,
				month,
				dom;

	if (period.unit != CC_UNIT_MONTHS)
		return cc_day_shift(day, period.n);
	if (day == CC_DAY_FIRST || day == CC_DAY_LAST)
		return day;
	cc_day_to_ymd(day, &year, &month, &dom);
	return day_of_month(year * 12 + month - 1 + period.n, dom);
}

/*
 * The stretch of whole months around a day: units of the given length follow each other from origin in both directions.
 * The origin is on a day of the month that every month has.
 */
void
cc_months_unit(CcDay day, CcDay origin, int months, CcDay *first, CcDay *last)
{
	int			y0 = 2000,		/* the origin of the calendar's units, day 0 */
				m0 = 1,
				d0 = 1,
				y1,
				m1,
				d1,
				elapsed,
				begin;

	*first = *last = day;
	if (day == CC_DAY_FIRST || day == CC_DAY_LAST)
		return;
	if (origin != 0)
		cc_day_to_ymd(origin, &y0, &m0, &d0);
	cc_day_to_ymd(day, &y1, &m1, &d1);
	elapsed = (y1 - y0) * 12 + (m1 - m0) - (d1 < d0);
	begin = y0 * 12 + m0 - 1 + (elapsed >= 0 ? elapsed / months : -((months - 1 - elapsed) / months)) * months;
	*first = day_of_month(begin, d0);
	*last = cc_day_shift(day_of_month(begin + months, d0), -1);
}

#define TABLE_FROM	(-3653)		/* 1990-01-01 */
#define TABLE_UNTIL	21914		/* 2059-12-31 */

void
cc_units_init(CcEnv *env, CcDay origin, int months, CcUnits *units)
{
	CcDay		day,
				last;
	int			i;

	units->origin = origin;
	units->months = months;
	units->begins = env->alloc(env, sizeof(CcDay) * ((TABLE_UNTIL - TABLE_FROM) / (28 * months) + 3));
	cc_months_unit(TABLE_FROM, origin, months, &day, &last);
	for (i = 0; day <= TABLE_UNTIL; i++)
	{
		units->begins[i] = day;
		cc_months_unit(day, origin, months, &day, &last);
		day = cc_day_shift(last, 1);
	}
	units->begins[i] = day;
	units->n = i;
	units->per_day = ((uint64_t) i << 32) / (uint64_t) (day - units->begins[0]);
}

/*
 * What cc_months_unit() tells, from the table: units are of nearly the same length, so that the right one is at most one
 * beside the one where the day would be if they were.
 */
void
cc_unit_around(const CcUnits *units, CcDay day, CcDay *first, CcDay *last)
{
	int			i;

	if (day < units->begins[0] || day >= units->begins[units->n])
	{
		cc_months_unit(day, units->origin, units->months, first, last);
		return;
	}
	i = (int) (((uint64_t) (day - units->begins[0]) * units->per_day) >> 32);
	while (units->begins[i] > day)
		i--;
	while (units->begins[i + 1] <= day)
		i++;
	*first = units->begins[i];
	*last = units->begins[i + 1] - 1;
}

/* Reads YYYY-MM-DD, a day that exists, years 1900 to 9999. */
bool
cc_day_parse(const char *str, int len, CcDay *day)
{
	int			part[3] = {0, 0, 0};
	int			i;

	if (len != 10 || str[4] != '-' || str[7] != '-')
		return false;
	for (i = 0; i < 10; i++)
	{
		if (i == 4 || i == 7)
			continue;
		if (str[i] < '0' || str[i] > '9')
			return false;
		part[i < 4 ? 0 : i < 7 ? 1 : 2] = part[i < 4 ? 0 : i < 7 ? 1 : 2] * 10 + (str[i] - '0');
	}
	if (part[0] < 1900 || part[1] < 1 || part[1] > 12 || part[2] < 1 || part[2] > cc_days_in_month(part[0], part[1]))
		return false;
	*day = cc_day_from_ymd(part[0], part[1], part[2]);
	return true;
}

/* Writes YYYY-MM-DD, "unknown" or "none". */
void
cc_day_format(CcDay day, char buf[16])
{
	int			year,
				month,
				dom;

	if (day == CC_DAY_LAST || day == CC_DAY_FIRST || day == CC_DAY_UNKNOWN)
	{
		snprintf(buf, 16, "%s", day == CC_DAY_UNKNOWN ? "unknown" : "none");
		return;
	}
	cc_day_to_ymd(day, &year, &month, &dom);
	snprintf(buf, 16, "%04d-%02d-%02d", year % 10000, month, dom);
}
