/*
 * plain.h -- texts, days and exact decimals: what knows nothing of a policy
 */
#ifndef PLAIN_H
#define PLAIN_H

#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef int64_t Number;			/* exact decimal, times 10000 (README 1) */

#define PLACES			4
#define ONE				10000
#define NO_END			INT_MAX	/* a last day that never comes */

typedef struct Limits
{
	bool		has_floor, has_cap;
	Number		floor, cap;
} Limits;

typedef struct Span
{
	bool		given;
	int			days;
	int			months;			/* years are twelve of them */
	bool		working;		/* days are working days */
	bool		always;			/* else: always */
} Span;

typedef enum Rounding
{
	ROUND_NOT, ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_TOWARD_ZERO,
	ROUND_AWAY_FROM_ZERO
} Rounding;

typedef struct Interval
{
	int			first;
	int			last;
} Interval;

/* helpers */
extern void die(const char *format,...);
extern void *zeroed(size_t count, size_t size);
extern void *room(void *array, int n, int *allocated, size_t size);
extern char *copy_text(const char *text);
extern bool same(const char *a, const char *b);
extern int	position(const char *text, const char *const *list);

/* days, proleptic Gregorian; 0001-01-01 is day 1 */
extern int	parse_day(const char *text);
extern void print_day(int number);
extern int	add_months(int number, int months);
extern int	add_span(int number, Span span);
extern void day_parts(int number, int *year, int *month, int *day);
extern Interval calendar_unit(int number, int months);

/* numbers */
extern int64_t parse_scaled(const char *text, size_t length, int places);
extern Number parse_number(const char *text);
extern int64_t parse_amount(const char *text);
extern void print_number(Number number, int decimals);
extern int64_t step_of(int decimals);
extern __int128 round_to_steps(__int128 value, __int128 unit, Rounding round);
extern Number divide(__int128 number, __int128 by, int decimals, Rounding round);
extern Number keep(Limits limits, Number number);

#endif							/* PLAIN_H */
