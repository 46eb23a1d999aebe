/*
 * day.h -- the facts of a subject and what they come to on a day
 *
 * A day is worked out from the records up to the outcome, each step in a file of its own.
 */
#ifndef DAY_H
#define DAY_H

#include "constructs.h"
#include "policy.h"

#define MAX_UNITS		4096	/* sub-units of a component on one day */

typedef struct Fact
{
	Value		values[RECORD_TERMS];
	bool		revoked;
	bool		unverified;
	Value		linked_from, linked_until;
} Fact;

/* A record that counts in an item from first through last. */
typedef struct Contribution
{
	const Fact *fact;
	int			first;
	int			last;
	int			anchor;
	Number		points;
} Contribution;

typedef struct Contributions
{
	int			n, allocated;
	Contribution *list;
	int		   *days;			/* days[d - begin + 1]: on how many of the days
								 * begin .. d something counts; see fill_days */
} Contributions;

/* Where a subject stands in a rating: README 7. */
typedef struct Place
{
	Value		ranks[MAX_PARTS];
	Truth		groups[MAX_PARTS];
} Place;

#define STATE_NOT_ENROLLED	(-2)
#define STATE_RATED			(-1)
#define DUE_UNKNOWN			0

/* What the next change is about (README 5, next_change_on), and is printed. */
typedef struct Outcome
{
	int			state;
	int			band;			/* -1: none; the grade follows from it */
	bool		undecided;
	Number		score;
	uint64_t	vetoes;
	uint64_t	lists;
	uint64_t	effects;
	bool		computed;
	int			due[MAX_EFFECTS];
	struct
	{
		bool		known;
		Number		number;
	}			values[MAX_VALUES];
} Outcome;

/* All there is to say about one day. */
typedef struct Day
{
	int			on;
	const Place *place;			/* NULL outside a rating */
	bool		referred;		/* a tie that the file leaves to an officer */
	int			enrolled;		/* number of records that enrol */
	Number		sums[MAX_ITEMS];
	int			counts[MAX_ITEMS];
	Number		components[MAX_ITEMS];
	bool		present[MAX_ITEMS];
	int			runs[MAX_PARTS];
	Number		counters[MAX_PARTS];
	int			resets[MAX_PARTS];
	int			fired[MAX_PARTS];		/* per step */
	int			fired_on[MAX_PARTS];	/* per step, its last firing */
	int			fires[MAX_PARTS];		/* per step, on the day itself */
	uint64_t	veto_conditions;	/* whose condition holds on the day itself */
	uint64_t	effect_conditions;
	Outcome		out;
} Day;

typedef struct Subject
{
	int			number;
	char	   *kind;
	int			nfacts, afacts;
	Fact	   *rated;			/* the same as the rating being closed takes them */
	Fact	   *facts;
	int			nqueries, aqueries;
	int		   *queries;
	Contributions items[MAX_ITEMS + 1];	/* the last are enrolments */
	int			begin, end;		/* the days walked, both included */
	int			days_begin;		/* first day of the items' days */
	int			walked;			/* the last day whose outcome is known */
	Outcome    *outcomes;		/* one per day of begin..end */
	int			held[MAX_PARTS];	/* per veto: the last day so far on which
									 * its condition held, or INT_MIN */
	int			effect_held[MAX_PARTS];
	Place		place;
	Day		   *days;			/* one per question */
} Subject;

/* The records of an item that count on a day, and what take leaves of them. */
typedef struct Taken
{
	int			counting;
	int			n;
	const Contribution *list[MAX_UNITS];
	bool		referred;
} Taken;

/* What part of an item's records is asked for. */
typedef struct Share
{
	const char *unit;			/* those with this unit; NULL: all */
	bool		has_days;
	Interval	days;			/* those whose anchor is within */
} Share;

/* truth.c: what conditions come out as */
extern Value look_up(const Term *term, const Subject *subject, const Fact *fact, const Day *day);
extern Truth truth_of_test(const Cond *cond, Value value);
extern Truth truth_of(const Cond *cond, const Subject *subject, const Fact *fact, const Day *day);
extern bool holds(const Cond *cond, const Subject *subject, const Day *day);

/* records.c: on which days and with how many points a record counts in an item */
extern Interval cycle_unit(int number);
extern Interval unit_of(Per per, int number);
extern Number divide_score(__int128 number, __int128 by);
extern void offer_records(Subject *subject);
extern void fill_days(Subject *subject);
extern int	days_counting(const Subject *subject, int item, Interval days);
extern bool counts_on_all(const Subject *subject, int item, Interval days);

/* sums.c: what the items of a day come to, its runs and counters */
extern void take(const Subject *subject, int i, int on, const Share *share, Taken *taken);
extern Number sum_of_item(const Subject *subject, int i, int on, const Share *share, int *count, bool *referred);
extern void sum_items(const Subject *subject, Day *day);
extern void sum_bonuses(const Subject *subject, Day *day);
extern int	length_of_run(const Subject *subject, const Run *run, int on);
extern void follow_counter(const Subject *subject, int c, Day *day);

/* score.c: components, score and derived values */
extern void add_up_components(const Subject *subject, Day *day);
extern void work_out_score(const Subject *subject, Day *day);
extern void derive_values(const Subject *subject, Day *day, int step);

/* outcome.c: state, band, vetoes, lists and effects */
extern void decide(Subject *subject, int on, const Place *place, Day *day);

/* walk.c: from day to day */
extern void begin_walk(Subject *subject);
extern const Outcome *outcome_of(Subject *subject, int on);
extern const char *grade_of(int band);
extern bool differ(const Outcome *a, const Outcome *b);
extern int	next_change_on(Subject *subject, int on);

/* rating.c: a rating, README 7 */
extern bool in_rating;			/* what says "at: rating" exists */
extern const Rating *closing;	/* the rating being closed, if it is named */
extern int	closing_on;			/* its last day */
extern void close_rating(Subject *subjects, int n, int on);

/* answers.c: the line of a day */
extern void print_answer(const Subject *subject, const Day *day, int next);

/* constructs.c: the answers that come out otherwise without each construct */
extern void count_changes(Subject *subjects, int n, int rating_on);
extern void print_changes(void);

#endif							/* DAY_H */
