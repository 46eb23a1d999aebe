/*
 * core.h -- what every file of the core shares: environment, text, truth, days, decimals
 *
 * The core knows no PostgreSQL: the same objects serve the backend, the command-line tool, the oracle runs and the
 * fuzzers. Memory comes from the environment and is never freed piecemeal; errors that no input file can explain leave
 * through CcEnv.fail.
 */
#ifndef CC_CORE_H
#define CC_CORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum CcFailure
{
	CC_FAIL_OUT_OF_RANGE,		/* a sum left the range of exact decimals */
	CC_FAIL_CORRUPT				/* a stored state cannot be read */
} CcFailure;

typedef struct CcEnv
{
	/* Returns zeroed memory that lives as long as the caller's context; never NULL. */
	void	   *(*alloc) (struct CcEnv *env, size_t size);
	/* Reports and does not return. */
	void		(*fail) (struct CcEnv *env, CcFailure code, const char *message);
	/* Called in loops that can take long; need not return. NULL where nobody interrupts. */
	void		(*breathe) (struct CcEnv *env);
} CcEnv;

/* A piece of text that need not end in NUL; str == NULL means unknown. */
typedef struct CcText
{
	const char *str;
	int			len;
} CcText;

typedef enum CcTruth
{
	CC_FALSE,
	CC_UNKNOWN,
	CC_TRUE
} CcTruth;

/* ---- days: number since 2000-01-01, as PostgreSQL's date ---- */
typedef int32_t CcDay;

#define CC_DAY_FIRST	INT32_MIN	/* before every day */
#define CC_DAY_LAST		INT32_MAX	/* after every day */
#define CC_DAY_UNKNOWN	(INT32_MIN + 1)
#define CC_DAY_MIN		(-2451545)	/* 4714-11-24 BC and 5874897-12-31: what PostgreSQL reads as a date */
#define CC_DAY_MAX		2145031948
#define CC_YEAR_MIN		(-4713)
#define CC_YEAR_MAX		5874897

typedef enum CcUnit
{
	CC_UNIT_NONE,
	CC_UNIT_DAYS,
	CC_UNIT_MONTHS,
	CC_UNIT_WORKING_DAYS		/* only named here: they are counted by the registry's calendar */
} CcUnit;

/* A length of time: days, or months (a year is 12 of them). */
typedef struct CcPeriod
{
	CcUnit		unit;
	int			n;
} CcPeriod;

extern CcDay cc_day_from_ymd(int year, int month, int day);
extern void cc_day_to_ymd(CcDay day, int *year, int *month, int *dom);
extern int	cc_days_in_month(int year, int month);
extern CcDay cc_day_add(CcDay day, CcPeriod period);
extern CcDay cc_day_shift(CcDay day, int n);
extern bool cc_day_parse(const char *str, int len, CcDay *day);
extern void cc_day_format(CcDay day, char buf[16]);
extern void cc_months_unit(CcDay day, CcDay origin, int months, CcDay *first, CcDay *last);

/* The units of a length that lie in the years of today's records, to be looked up instead of worked out. */
typedef struct CcUnits
{
	CcDay		origin;
	int			months;
	int			n;
	CcDay	   *begins;			/* of each, and of the next after them */
	uint64_t	per_day;		/* units a day, in 2^-32 */
} CcUnits;

extern void cc_units_init(struct CcEnv *env, CcDay origin, int months, CcUnits *units);
extern void cc_unit_around(const CcUnits *units, CcDay day, CcDay *first, CcDay *last);

/* ---- exact decimals: int64 in units of 1/10000 ---- */
#define CC_DECIMALS			4
#define CC_ONE				INT64_C(10000)
#define CC_NUMBER_UNKNOWN	INT64_MIN
#define CC_NUMBER_MIN		(INT64_MIN + 1)
#define CC_NUMBER_MAX		INT64_MAX

typedef enum CcRounding
{
	CC_ROUND_UNSTATED,
	CC_ROUND_HALF_UP,
	CC_ROUND_HALF_EVEN,
	CC_ROUND_TOWARD_ZERO,
	CC_ROUND_AWAY_FROM_ZERO
} CcRounding;

typedef enum CcParse
{
	CC_PARSE_OK,
	CC_PARSE_BAD,				/* not a decimal */
	CC_PARSE_TOO_FINE,			/* more places than asked for */
	CC_PARSE_TOO_LARGE
} CcParse;

extern CcParse cc_decimal_parse(const char *str, int len, int places, int64_t *value);
extern void cc_decimal_format(int64_t value, int places, char buf[32]);
extern CcParse cc_money_parse(const char *str, int len, int64_t *fen);
extern __int128 cc_divide(__int128 numerator, __int128 unit, CcRounding rounding);
extern int64_t cc_multiply(CcEnv *env, int64_t a, int64_t b, int places, CcRounding rounding);

/* a + b, or a failure. */
static inline int64_t
cc_add(CcEnv *env, int64_t a, int64_t b)
{
	int64_t		sum;

	if (__builtin_add_overflow(a, b, &sum) || sum == CC_NUMBER_UNKNOWN)
		env->fail(env, CC_FAIL_OUT_OF_RANGE, "sum of points out of range");
	return sum;
}

/* points of so many records alike, or a failure */
static inline int64_t
cc_times(CcEnv *env, int64_t points, int n)
{
	int64_t		product;

	if (__builtin_mul_overflow(points, (int64_t) n, &product) || product == CC_NUMBER_UNKNOWN)
		env->fail(env, CC_FAIL_OUT_OF_RANGE, "sum of points out of range");
	return product;
}

#endif							/* CC_CORE_H */
