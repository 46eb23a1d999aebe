/*
 * plain.c -- texts, days and exact decimals
 */
#include <stdarg.h>

#include "constructs.h"
#include "plain.h"

/* ---------------------------------------------------------------- helpers */

void
die(const char *format,...)
{
	va_list		args;

	fflush(stdout);
	fputs("oracle: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(2);
}

void *
zeroed(size_t count, size_t size)
{
	void	   *result = calloc(count ? count : 1, size);

	if (result == NULL)
		die("out of memory");
	return result;
}

/* Makes room for one more element of an array that grows by doubling. */
void *
room(void *array, int n, int *allocated, size_t size)
{
	if (n < *allocated)
		return array;
	*allocated = *allocated ? *allocated * 2 : 32;
	array = realloc(array, (size_t) *allocated * size);
	if (array == NULL)
		die("out of memory");
	return array;
}

char *
copy_text(const char *text)
{
	char	   *result = zeroed(strlen(text) + 1, 1);

	strcpy(result, text);
	return result;
}

bool
same(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

int
position(const char *text, const char *const *list)
{
	int			i;

	for (i = 0; list[i] != NULL; i++)
		if (same(text, list[i]))
			return i;
	die("unexpected word \"%s\"", text);
	return -1;
}

/* --------------------------------------------- days, proleptic Gregorian */

static bool
leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int
days_in_month(int year, int month)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	return days[month - 1] + (month == 2 && leap(year) ? 1 : 0);
}

/* Gives the number of the days before a year; 0001-01-01 is day 1. */
static int
days_before(int year)
{
	year--;
	return 365 * year + year / 4 - year / 100 + year / 400;
}

static int
day_number(int year, int month, int day)
{
	static const int before[] = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

	return days_before(year) + before[month - 1] + (month > 2 && leap(year) ? 1 : 0) + day;
}

void
day_parts(int number, int *year, int *month, int *day)
{
	int			rest;

	*year = (int) ((int64_t) number * 400 / 146097) + 1;
	while (days_before(*year) >= number)
		(*year)--;
	while (days_before(*year + 1) < number)
		(*year)++;
	rest = number - days_before(*year);
	for (*month = 1; rest > days_in_month(*year, *month); (*month)++)
		rest -= days_in_month(*year, *month);
	*day = rest;
}

int
parse_day(const char *text)
{
	int			year;
	int			month;
	int			day;
	char		rest;

	if (sscanf(text, "%4d-%2d-%2d%c", &year, &month, &day, &rest) != 3 ||
		strlen(text) != 10 || year < 1 || month < 1 || month > 12 || day < 1 ||
		day > days_in_month(year, month))
		die("not a day: \"%s\"", text);
	return day_number(year, month, day);
}

void
print_day(int number)
{
	int			year;
	int			month;
	int			day;

	day_parts(number, &year, &month, &day);
	printf("%04d-%02d-%02d", year, month, day);
}

/*
 * Civil Code 200-204: the corresponding day of the month so many months later,
 * else the last day of that month.
 */
int
add_months(int number, int months)
{
	int			year;
	int			month;
	int			day;
	int			count;

	day_parts(number, &year, &month, &day);
	count = year * 12 + (month - 1) + months;
	year = count / 12;
	month = count % 12 + 1;
	if (day > days_in_month(year, month))
		day = days_in_month(year, month);
	return day_number(year, month, day);
}

int
add_span(int number, Span span)
{
	return span.months ? add_months(number, span.months) : number + span.days;
}

/* Gives the calendar unit of 12, 6, 3 or 1 months that contains a day. */
Interval
calendar_unit(int number, int months)
{
	Interval	unit;
	int			year;
	int			month;
	int			day;

	day_parts(number, &year, &month, &day);
	month = (month - 1) / months * months + 1;
	unit.first = day_number(year, month, 1);
	unit.last = add_months(unit.first, months) - 1;
	return unit;
}

/* --------------------------------------------------------------- numbers */

/* Reads a decimal of at most so many places, times ten to their power. */
int64_t
parse_scaled(const char *text, size_t length, int places)
{
	size_t		i = 0;
	bool		minus = false;
	bool		point = false;
	int			seen = 0;
	int64_t		result = 0;

	if (i < length && (text[i] == '-' || text[i] == '+'))
		minus = text[i++] == '-';
	if (i == length)
		die("not a number: \"%s\"", text);
	for (; i < length; i++)
	{
		if (text[i] == '.' && !point)
		{
			point = true;
			continue;
		}
		if (text[i] < '0' || text[i] > '9' || result > INT64_MAX / 100 ||
			(point && ++seen > places))
			die("not a number of at most %d places: \"%s\"", places, text);
		result = result * 10 + (text[i] - '0');
	}
	for (; seen < places; seen++)
		result *= 10;
	return minus ? -result : result;
}

Number
parse_number(const char *text)
{
	return parse_scaled(text, strlen(text), PLACES);
}

/* Reads money with unit into fen. */
int64_t
parse_amount(const char *text)
{
	static const char ten_thousand[] = "万元";
	static const char yuan[] = "元";
	size_t		length = strlen(text);
	size_t		n = strlen(ten_thousand);

	if (length > n && same(text + length - n, ten_thousand))
		return parse_scaled(text, length - n, 6);
	n = strlen(yuan);
	if (length > n && same(text + length - n, yuan))
		return parse_scaled(text, length - n, 2);
	die("not an amount: \"%s\"", text);
	return 0;
}

void
print_number(Number number, int decimals)
{
	int64_t		size = number < 0 ? -number : number;
	int64_t		rest = size % ONE;
	int			i;

	/* an inexact score is shown in full, so that the comparison sees it */
	for (i = decimals; i < PLACES; i++)
	{
		int			digits = PLACES - i;
		int64_t		unit = digits == 4 ? 10000 : digits == 3 ? 1000 : digits == 2 ? 100 : 10;

		if (size % unit == 0)
			break;
	}
	decimals = i;
	for (i = decimals; i < PLACES; i++)
		rest /= 10;
	if (number < 0)
		putchar('-');
	printf("%" PRId64, size / ONE);
	if (decimals > 0)
		printf(".%0*d", decimals, (int) rest);
}

/*
 * Rounds a number given as "value" units of which "unit" make one step, to
 * whole steps (README 4, per_unit).
 */
__int128
round_to_steps(__int128 value, __int128 unit, Rounding round)
{
	bool		minus = value < 0;
	__int128	size = minus ? -value : value;
	__int128	steps = size / unit;
	__int128	rest = size % unit;

	switch (round)
	{
		case ROUND_NOT:
			/* only what was left out on purpose may come to this */
			if (rest != 0 && left_out < 0)
				die("rounding needed but none stated");
			break;
		case ROUND_HALF_UP:
			if (rest * 2 >= unit)
				steps++;
			break;
		case ROUND_HALF_EVEN:
			if (rest * 2 > unit || (rest * 2 == unit && steps % 2 == 1))
				steps++;
			break;
		case ROUND_TOWARD_ZERO:
			break;
		case ROUND_AWAY_FROM_ZERO:
			if (rest > 0)
				steps++;
			break;
	}
	return minus ? -steps : steps;
}

/* Tells how many 1/10000 one step of so many decimals is. */
int64_t
step_of(int decimals)
{
	int64_t		step = ONE;
	int			i;

	for (i = 0; i < decimals; i++)
		step /= 10;
	return step;
}

/* Divides numbers of four places and rounds to so many. */
Number
divide(__int128 number, __int128 by, int decimals, Rounding round)
{
	int64_t		step = step_of(decimals);

	if (by < 0)
	{
		number = -number;
		by = -by;
	}
	if (number % (by * step) != 0 && !has(C_round))
		round = round == ROUND_TOWARD_ZERO ? ROUND_AWAY_FROM_ZERO : ROUND_TOWARD_ZERO;
	if (number % (by * step) == 0)
		round = ROUND_TOWARD_ZERO;
	return (Number) round_to_steps(number, by * step, round) * step;
}

Number
keep(Limits limits, Number number)
{
	if (limits.has_floor && number < limits.floor)
		number = limits.floor;
	if (limits.has_cap && number > limits.cap)
		number = limits.cap;
	return number;
}
