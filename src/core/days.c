/*
 * days.c -- days, months and years by the calendar
 *
 * Civil Code 200-204: a period counted in months or years ends on the corresponding day of its last month, or, where
 * that month has no such day, on the month's last day. Working days are not dealt with here.
 */
#include "core.h"

#include <stdio.h>

/* Days from 2000-01-01 to the given day of the proleptic Gregorian calendar. */
CcDay
cc_day_from_ymd(int year, int month, int day)
{
	int64_t		y = (int64_t) year - (month <= 2);
	int64_t		era = (y >= 0 ? y : y - 399) / 400;
	int64_t		yoe = y - era * 400;
	int64_t		doy = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

	return (CcDay) (era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 730425);
}

/*
 * The inverse of cc_day_from_ymd(). The days that occur, from 1200 to 9999, are worked out with narrow numbers: the same
 * formula, and the rest of it is not even begun.
 */
void
cc_day_to_ymd(CcDay day, int *year, int *month, int *dom)
{
	if (day >= -292194 && day <= 2921939)
	{
		uint32_t	n = (uint32_t) (day + 730425);
		uint32_t	era = n / 146097;
		uint32_t	doe = n - era * 146097;
		uint32_t	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
		uint32_t	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
		uint32_t	mp = (5 * doy + 2) / 153;

		*dom = (int) (doy - (153 * mp + 2) / 5 + 1);
		*month = (int) (mp < 10 ? mp + 3 : mp - 9);
		*year = (int) (yoe + era * 400 + (*month <= 2));
	}
	else
	{
		int64_t		z = (int64_t) day + 730425;
		int64_t		era = (z >= 0 ? z : z - 146096) / 146097;
		int64_t		doe = z - era * 146097;
		int64_t		yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
		int64_t		doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
		int64_t		mp = (5 * doy + 2) / 153;

		*dom = (int) (doy - (153 * mp + 2) / 5 + 1);
		*month = (int) (mp < 10 ? mp + 3 : mp - 9);
		*year = (int) (yoe + era * 400 + (*month <= 2));
	}
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
