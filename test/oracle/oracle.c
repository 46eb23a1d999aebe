/*
 * oracle.c -- independent twin of the policy evaluator
 *
 * Reads a policy (taken to be valid) and a file of histories and prints one
 * line per question, or per subject of a cohort, in the form the engine's
 * command "eval" prints.  It is written from rules/README.md alone and shares nothing with the engine: a line on which
 * the two differ shows a bug in one of them or a sentence of the README that
 * can be read in two ways.  Slow and plain on purpose: every day is worked out
 * from all facts, holds and the next change are found by walking day by day.
 * It checks nothing that a policy check should check.
 *
 * "README n" below is section n of rules/README.md.
 */
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

typedef int64_t Number;			/* exact decimal, times 10000 (README 1) */

#define PLACES			4
#define ONE				10000
#define NO_END			INT_MAX	/* a last day that never comes */
#define MAX_ITEMS		200
#define MAX_PARTS		100		/* bands, states, vetoes, steps, groups ... */
#define MAX_EFFECTS		31
#define MAX_VALUES		20
#define MAX_UNITS		4096	/* sub-units of a component on one day */
#define LINE_SIZE		65536

/* What a term's values are, and so how two of them compare. */
typedef enum TermType
{
	TYPE_TEXT,
	TYPE_ORDERED,
	TYPE_AMOUNT,
	TYPE_DECIMAL,
	TYPE_DAY,
	TYPE_TRUTH					/* true or false, of an outcome only */
} TermType;

/* README 2, terms of a record; subject_kind comes from the S line. */
enum
{
	R_KIND, R_BEHAVIOUR, R_FIELD, R_AUTHORITY, R_DISTRICT, R_SOURCE, R_STATE,
	R_DOCUMENT, R_UNIT, R_WHOSE, R_POLICY, R_CYCLE, R_LIST, R_BAND, R_GRADE,
	R_PROCEDURE, R_PENALTY_KIND, R_SEVERITY, R_RESPONSIBILITY, R_INTENT,
	R_AMOUNT, R_POINTS, R_QUANTITY, R_ACT_ON, R_ACT_ENDED_ON, R_DECIDED_ON,
	R_SERVED_ON, R_VALID_FROM, R_VALID_UNTIL, R_PUBLICITY_UNTIL,
	R_CORRECTED_ON, R_REPAIRED_ON, R_RECORDED_ON, R_SUBJECT_KIND, RECORD_TERMS
};

static const char *const penalty_kinds[] = {
	"warning", "notice_of_criticism", "fine", "confiscation_of_gains",
	"confiscation_of_goods", "suspension_of_licence", "downgrading",
	"revocation_of_licence", "restriction_of_business",
	"suspension_of_business", "closure", "restriction_of_practice",
	"detention", NULL
};
static const char *const severities[] = {
	"minor", "light", "ordinary", "fairly_serious", "serious", "very_serious",
	NULL
};
static const char *const responsibilities[] = {
	"none", "secondary", "equal", "main", "full", NULL
};
static const char *const intents[] = {
	"unintentional", "deliberate", "malicious", NULL
};
static const char *const grades[] = {"E", "D", "C", "B", "A", NULL};

static const struct
{
	const char *name;
	TermType	type;
	const char *const *order;	/* least first, for ordered terms */
}			record_terms[RECORD_TERMS] = {
	{"kind", TYPE_TEXT, NULL},
	{"behaviour", TYPE_TEXT, NULL},
	{"field", TYPE_TEXT, NULL},
	{"authority", TYPE_TEXT, NULL},
	{"district", TYPE_TEXT, NULL},
	{"source", TYPE_TEXT, NULL},
	{"state", TYPE_TEXT, NULL},
	{"document", TYPE_TEXT, NULL},
	{"unit", TYPE_TEXT, NULL},
	{"whose", TYPE_TEXT, NULL},
	{"policy", TYPE_TEXT, NULL},
	{"cycle", TYPE_TEXT, NULL},
	{"list", TYPE_TEXT, NULL},
	{"band", TYPE_TEXT, NULL},
	{"grade", TYPE_ORDERED, grades},
	{"procedure", TYPE_TEXT, NULL},
	{"penalty_kind", TYPE_ORDERED, penalty_kinds},
	{"severity", TYPE_ORDERED, severities},
	{"responsibility", TYPE_ORDERED, responsibilities},
	{"intent", TYPE_ORDERED, intents},
	{"amount", TYPE_AMOUNT, NULL},
	{"points", TYPE_DECIMAL, NULL},
	{"quantity", TYPE_DECIMAL, NULL},
	{"act_on", TYPE_DAY, NULL},
	{"act_ended_on", TYPE_DAY, NULL},
	{"decided_on", TYPE_DAY, NULL},
	{"served_on", TYPE_DAY, NULL},
	{"valid_from", TYPE_DAY, NULL},
	{"valid_until", TYPE_DAY, NULL},
	{"publicity_until", TYPE_DAY, NULL},
	{"corrected_on", TYPE_DAY, NULL},
	{"repaired_on", TYPE_DAY, NULL},
	{"recorded_on", TYPE_DAY, NULL},
	{"subject_kind", TYPE_TEXT, NULL}
};

typedef struct Value
{
	bool		known;
	int64_t		number;			/* all types but text */
	const char *text;
} Value;

/* Three-valued logic: "all" is the minimum, "any" the maximum (README 2). */
typedef enum Truth
{
	NO, UNKNOWN, YES
} Truth;

/* What a term is. */
typedef enum Look
{
	LOOK_RECORD,				/* index: R_... */
	LOOK_CONSTANT,				/* a decimal in place of a term */
	LOOK_ITEM_COUNT, LOOK_ITEM_SUM, /* index: item, or ENROLLED */
	LOOK_COVERED, LOOK_COVERED_LAST,	/* index: item, or ENROLLED */
	LOOK_COMPONENT_SUM, LOOK_RUN, LOOK_COUNTER, LOOK_RESETS, LOOK_FIRED, LOOK_FIRES,
	LOOK_VALUE, LOOK_RANK, LOOK_GROUP,	/* index: of its block */
	LOOK_SCORE, LOOK_BAND, LOOK_SUBJECT_KIND
} Look;

#define ENROLLED	MAX_ITEMS	/* enrolment, where an item's index stands */

typedef struct Term
{
	Look		look;
	int			index;
	TermType	type;
	Number		constant;
} Term;

typedef enum CondKind
{
	COND_ALL, COND_ANY, COND_NOT, COND_EQUAL, COND_RANGE, COND_KNOWN
} CondKind;

typedef struct Cond
{
	CondKind	kind;
	int			nparts;			/* of all, any, not */
	struct Cond **parts;

	Term		term;			/* of tests */
	int			nvalues;		/* of equal: one of these */
	Value	   *values;
	bool	   *prefix;			/* values[i] is a beginning, not the whole */
	bool		has_at_least, has_at_most, has_above, has_below;
	int64_t		at_least, at_most, above, below;
	bool		want_known;
	int			met[3];			/* how often it came out as each, to report */
} Cond;

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

/* The unit in which something is looked at: so many months, the cycle, all. */
typedef enum PerKind
{
	PER_CALENDAR, PER_CYCLE, PER_ALWAYS
} PerKind;

typedef struct Per
{
	PerKind		kind;
	int			months;
} Per;

typedef enum WindowKind
{
	WINDOW_SPAN, WINDOW_UNIT, WINDOW_TERM, WINDOW_ALWAYS
} WindowKind;

typedef struct TermList
{
	int			n;
	int			terms[RECORD_TERMS];
} TermList;

typedef struct Window
{
	WindowKind	kind;
	TermList	from;
	Span		delay;
	Span		span;			/* of WINDOW_SPAN, and "else" of WINDOW_TERM */
	Per			unit;			/* of WINDOW_UNIT */
	int			back;			/* 0: this, 1: last ... */
	int			term;			/* of WINDOW_TERM */
	bool		not_counted;	/* corresponding_day: not_counted */
	int			not_before;		/* a term, or -1 */
	TermList	ends_on;
} Window;

typedef enum PointsKind
{
	POINTS_NONE, POINTS_EACH, POINTS_CASES, POINTS_AWARDED, POINTS_PER_UNIT
} PointsKind;

typedef struct WhenPoints
{
	Cond	   *when;
	Number		points;
} WhenPoints;

typedef struct Points
{
	PointsKind	kind;
	Number		each;			/* also the factor of per_unit */
	int			ncases;
	WhenPoints *cases;
	bool		has_otherwise;
	Number		otherwise;
	Number		from, to;
	int			nsurcharges;
	WhenPoints *surcharges;
	Limits		record;
} Points;

typedef enum TakeKind
{
	TAKE_ALL, TAKE_LATEST, TAKE_EARLIEST, TAKE_HIGHEST, TAKE_LOWEST, TAKE_MEAN,
	TAKE_ONCE_PER, TAKE_AFTER_FIRST
} TakeKind;

typedef struct Take
{
	TakeKind	kind;
	TakeKind	tie;			/* TAKE_HIGHEST, TAKE_LOWEST, or TAKE_ALL: refer */
	int			term;			/* of once_per */
	TakeKind	keep;
	int			spared;			/* of after_first */
} Take;

typedef struct Item
{
	const char *id;
	int			component;		/* -1: none */
	Cond	   *match;			/* of an item about records */
	Cond	   *when;			/* of an item about the outcome */
	Points		points;
	Limits		limits;
	Window		window;
	bool		stretch;		/* no window: valid_from through valid_until */
	bool		repaired_ends;
	Take		take;
	bool		has_factor, has_absent;
	Number		factor, absent;
} Item;

typedef enum Weighing
{
	WEIGH_PLAIN, WEIGH_AMOUNT, WEIGH_QUANTITY
} Weighing;

typedef struct Component
{
	const char *id;
	Number		base;
	Limits		limits;
	Number		weight;			/* ONE when none is stated */
	Cond	   *when;			/* NULL: always present */
	bool		per_units;		/* a mean over values of unit ... */
	int			per_item;		/* ... in this item */
	Weighing	weigh;
	bool		per_calendar;	/* a mean over units of the cycle */
	Per			per;
	Number		empty;
} Component;

typedef struct Run
{
	const char *id;
	int			of;				/* item, or ENROLLED */
	bool		without;
	bool		has_while;
	int			during;			/* item, or ENROLLED */
	Per			per;
	int			at_most;
	bool		through_this;
} Run;

typedef struct Step
{
	const char *id;
	int			counter;
	Number		at_least;
	bool		reset;
	Cond	   *resets;			/* NULL: any number of them */
} Step;

typedef enum CounterOf
{
	OF_COUNT, OF_POINTS, OF_MINUS_POINTS
} CounterOf;

typedef enum SameDay
{
	DAY_TOGETHER, DAY_SMALLEST_FIRST, DAY_LARGEST_FIRST, DAY_REFER
} SameDay;

typedef struct Counter
{
	const char *id;
	CounterOf	of;
	bool		items[MAX_ITEMS];
	Per			per;
	SameDay		same_day;
} Counter;

typedef enum Rounding
{
	ROUND_NOT, ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_TOWARD_ZERO,
	ROUND_AWAY_FROM_ZERO
} Rounding;

typedef enum ValueKind
{
	VALUE_RATIO, VALUE_SUM, VALUE_MEAN, VALUE_LEAST, VALUE_GREATEST,
	VALUE_LINEAR, VALUE_CASES
} ValueKind;

typedef struct Derived
{
	const char *id;
	ValueKind	kind;
	int			nterms;
	Term		terms[MAX_PARTS];	/* of ratio: of, over */
	Number		times, plus;
	bool		has_otherwise;
	Number		otherwise;
	int			ncases;
	WhenPoints *cases;			/* points: is */
	int			decimals;
	Rounding	round;
	bool		at_rating;
	int			step;			/* 2, 4, or 5: it refers to the band */
} Derived;

typedef enum AfterKind
{
	AFTER_NOTHING, AFTER_STEP, AFTER_ITEM, AFTER_CYCLE
} AfterKind;

/* A state, band, ceiling, floor, veto, list or effect. */
typedef struct Part
{
	const char *id;
	Cond	   *when;
	int			band;			/* -1: none */
	Span		hold;
	uint64_t	overrides;		/* bits: ceilings, floors, vetoes together */
	bool		at_rating;
	bool		order;			/* of an effect: it has a due day */
	AfterKind	after;
	int			after_index;
	Span		due;
} Part;

typedef struct Group
{
	const char *id;
	int			rank;
	bool		from_worst;
	bool		has_percent;
	int			number;
	Number		percent;
	int			round;			/* 0 half_up, 1 up, 2 down */
} Group;

typedef enum Ties
{
	TIES_INCLUDE, TIES_EXCLUDE, TIES_REFER
} Ties;

typedef struct Rank
{
	const char *id;
	Term		by;
	bool		best_lowest;
	Cond	   *among;			/* NULL: everybody that can be ranked */
	Ties		ties;
} Rank;

typedef struct Rating
{
	const char *id;
	Per			period;
	Span		facts_until;
	Span		repairs_until;
} Rating;

typedef enum Choice
{
	CHOOSE_REFER, CHOOSE_BEST, CHOOSE_WORST
} Choice;

#define GAP_REFER (-1)

typedef struct Policy
{
	const char *id;
	bool		has_until;
	int			until;
	int			ninputs;
	const char *inputs[MAX_PARTS];
	yaml_node_t *reads;
	int			nsubject_kinds; /* 0: every kind */
	const char *subject_kinds[MAX_PARTS];
	Cond	   *enrolled_by;
	int			cycle_from;
	int			cycle_months;
	bool		has_score;
	Number		base;
	Limits		limits;
	int			decimals;
	Rounding	round;
	bool		weighted_mean;
	bool		has_of;
	Term		of;
	int			ncomponents;
	Component	components[MAX_ITEMS];
	int			nitems;
	Item		items[MAX_ITEMS];
	int			nruns;
	Run			runs[MAX_PARTS];
	int			ncounters;
	Counter		counters[MAX_PARTS];
	int			nsteps;
	Step		steps[MAX_PARTS];
	int			nvalues;
	Derived		values[MAX_VALUES];
	int			nstates;
	Part		states[MAX_PARTS];
	Choice		choose;
	int			gap;
	int			nbands;
	Part		bands[MAX_PARTS];
	const char *grades[MAX_PARTS];	/* per band; NULL: none */
	int			nceilings;
	Part		ceilings[MAX_PARTS];
	int			nfloors;
	Part		floors[MAX_PARTS];
	int			nvetoes;
	Part		vetoes[MAX_PARTS];
	int			nlists;
	Part		lists[MAX_PARTS];
	int			neffects;
	Part		effects[MAX_EFFECTS];
	int			nranks;
	Rank		ranks[MAX_PARTS];
	int			ngroups;
	Group		groups[MAX_PARTS];
	int			nratings;
	Rating		ratings[MAX_PARTS];
} Policy;

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

typedef struct Interval
{
	int			first;
	int			last;
} Interval;

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

static Policy policy;
static yaml_document_t document;
static bool in_rating;			/* what says "at: rating" exists */
static bool holds_matter;		/* a veto or bar holds on after its condition */
static bool looks_back;			/* runs, covered or units of the cycle do */
static bool coverage;			/* count what each construct changes */

/*
 * What can be left out, one construct of the language at a time.  With
 * --coverage every answer is worked out again without each construct that the
 * policy uses, and the answers that come out otherwise are counted: a
 * construct that never changes one is not tested.  --without=NAME prints the
 * answers that are wrong in this way, which a comparison has to find.
 */
#define CONSTRUCTS \
	X(unknown) X(known) X(prefix) X(whose) X(link_days) X(result) X(rating) X(listing) \
	X(delay) X(window_unit) X(window_cycle) X(back) X(window_term) X(else) X(not_before) X(ends_on) X(from_list) \
	X(corresponding_day) X(repaired) X(revoked) X(unverified) \
	X(cases) X(awarded) X(per_unit) X(surcharges) X(record_limits) X(item_limits) \
	X(latest) X(earliest) X(highest) X(lowest) X(mean) X(once_per) X(after_first) X(tie) X(tie_refer) X(keep) X(factor) X(absent) \
	X(item_when) X(component_limits) X(component_when) X(weight) X(per_units) X(by_amount) X(by_quantity) X(per_calendar) X(empty) \
	X(weighted_mean) X(score_of) X(score_limits) X(round) \
	X(run) X(run_without) X(run_while) X(run_through) X(at_most) X(covered) X(covered_last) \
	X(counter) X(counter_points) X(counter_per) X(fires) X(reset) X(resets) X(smallest_first) X(largest_first) X(together) X(same_day_refer) \
	X(ratio) X(over_zero) X(value_sum) X(value_mean) X(least) X(greatest) X(linear) X(value_cases) X(value_unknown) \
	X(state) X(state_band) X(choose) X(gap) X(band_unknown) X(ceiling) X(floor) X(veto) X(veto_hold) X(veto_decides) X(overrides) X(list) \
	X(effect_order) X(effect_bar) X(bar_hold) X(due_step) X(due_item) X(due_cycle) \
	X(rank) X(among) X(not_ranked) X(best_lowest) X(percent) X(number) X(from_worst) X(ties_include) X(ties_exclude) \
	X(ties_refer) X(at_rating)

#define ENOUGH	5				/* changes of a policy's answers are not counted on */

typedef enum Construct
{
#define X(name) C_##name,
	CONSTRUCTS
#undef X
	NCONSTRUCTS
} Construct;

static const char *const construct_names[] = {
#define X(name) #name,
	CONSTRUCTS
#undef X
	NULL
};

static bool used[NCONSTRUCTS];	/* by the policy */
static int	left_out = -1;		/* a construct, or -1 */
static int	changed[NCONSTRUCTS];	/* answers that came out otherwise */

/* Tells whether a construct has its effect; on the way notes that it is used. */
static bool
has(Construct construct)
{
	used[construct] = true;
	return left_out != (int) construct;
}

/* ---------------------------------------------------------------- helpers */

static void
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

static void *
zeroed(size_t count, size_t size)
{
	void	   *result = calloc(count ? count : 1, size);

	if (result == NULL)
		die("out of memory");
	return result;
}

/* Makes room for one more element of an array that grows by doubling. */
static void *
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

static char *
copy_text(const char *text)
{
	char	   *result = zeroed(strlen(text) + 1, 1);

	strcpy(result, text);
	return result;
}

static bool
same(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static int
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

static void
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

static int
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

static void
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
static int
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

static int
add_span(int number, Span span)
{
	return span.months ? add_months(number, span.months) : number + span.days;
}

/* Gives the calendar unit of 12, 6, 3 or 1 months that contains a day. */
static Interval
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

/* Gives the policy's cycle that contains a day (README 3, cycle). */
static Interval
cycle_unit(int number)
{
	Interval	unit;
	int			k;
	int			year;
	int			month;
	int			day;
	int			first_year;
	int			first_month;

	day_parts(policy.cycle_from, &first_year, &first_month, &day);
	day_parts(number, &year, &month, &day);
	k = ((year - first_year) * 12 + month - first_month) / policy.cycle_months;
	while (add_months(policy.cycle_from, (k + 1) * policy.cycle_months) <= number)
		k++;
	while (add_months(policy.cycle_from, k * policy.cycle_months) > number)
		k--;
	unit.first = add_months(policy.cycle_from, k * policy.cycle_months);
	unit.last = add_months(policy.cycle_from, (k + 1) * policy.cycle_months) - 1;
	return unit;
}

/* Gives the unit that contains a day. */
static Interval
unit_of(Per per, int number)
{
	Interval	always = {0, NO_END};

	switch (per.kind)
	{
		case PER_CALENDAR:
			return calendar_unit(number, per.months);
		case PER_CYCLE:
			return cycle_unit(number);
		case PER_ALWAYS:
			break;
	}
	return always;
}

/* --------------------------------------------------------------- numbers */

/* Reads a decimal of at most so many places, times ten to their power. */
static int64_t
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

static Number
parse_number(const char *text)
{
	return parse_scaled(text, strlen(text), PLACES);
}

/* Reads money with unit into fen. */
static int64_t
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

static void
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
static __int128
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
static int64_t
step_of(int decimals)
{
	int64_t		step = ONE;
	int			i;

	for (i = 0; i < decimals; i++)
		step /= 10;
	return step;
}

/* Divides numbers of four places and rounds to so many. */
static Number
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

/* The same to score.decimals by score.round. */
static Number
divide_score(__int128 number, __int128 by)
{
	return divide(number, by, policy.decimals, policy.round);
}

static Number
keep(Limits limits, Number number)
{
	if (limits.has_floor && number < limits.floor)
		number = limits.floor;
	if (limits.has_cap && number > limits.cap)
		number = limits.cap;
	return number;
}

/* ------------------------------------------------------- reading the YAML */

static yaml_node_t *
node_of(int id)
{
	yaml_node_t *node = yaml_document_get_node(&document, id);

	if (node == NULL)
		die("missing node");
	return node;
}

/* Finds a key of a mapping; NULL when it is not there. */
static yaml_node_t *
find(yaml_node_t *map, const char *key)
{
	yaml_node_pair_t *pair;

	if (map->type != YAML_MAPPING_NODE)
		die("expected a mapping at line %d", (int) map->start_mark.line + 1);
	for (pair = map->data.mapping.pairs.start; pair < map->data.mapping.pairs.top; pair++)
		if (same((char *) node_of(pair->key)->data.scalar.value, key))
			return node_of(pair->value);
	return NULL;
}

static yaml_node_t *
need(yaml_node_t *map, const char *key)
{
	yaml_node_t *node = find(map, key);

	if (node == NULL)
		die("key \"%s\" missing in the mapping at line %d", key, (int) map->start_mark.line + 1);
	return node;
}

static const char *
text_of(yaml_node_t *node)
{
	if (node->type != YAML_SCALAR_NODE)
		die("expected a scalar at line %d", (int) node->start_mark.line + 1);
	return (char *) node->data.scalar.value;
}

static bool
is_list(yaml_node_t *node)
{
	return node->type == YAML_SEQUENCE_NODE;
}

/* Gives the length of a list; a node that is no list counts as a list of one. */
static int
length_of(yaml_node_t *node)
{
	if (node == NULL)
		return 0;
	if (!is_list(node))
		return 1;
	return (int) (node->data.sequence.items.top - node->data.sequence.items.start);
}

static yaml_node_t *
element(yaml_node_t *node, int i)
{
	return is_list(node) ? node_of(node->data.sequence.items.start[i]) : node;
}

static Limits
read_limits(yaml_node_t *map, const char *floor, const char *cap)
{
	Limits		limits = {false, false, 0, 0};
	yaml_node_t *node;

	if ((node = find(map, floor)) != NULL)
	{
		limits.has_floor = true;
		limits.floor = parse_number(text_of(node));
	}
	if ((node = find(map, cap)) != NULL)
	{
		limits.has_cap = true;
		limits.cap = parse_number(text_of(node));
	}
	return limits;
}

/* Reads days, months or years standing in a mapping. */
static Span
read_span(yaml_node_t *map)
{
	Span		span = {false, 0, 0, false, false};
	yaml_node_t *node;

	if (map == NULL)
		return span;
	if (map->type == YAML_SCALAR_NODE)
	{
		span.always = span.given = same(text_of(map), "always");
		return span;
	}
	if ((node = find(map, "days")) != NULL)
		span.days = atoi(text_of(node));
	else if ((node = find(map, "working_days")) != NULL)
	{
		span.days = atoi(text_of(node));
		span.working = true;
	}
	else if ((node = find(map, "months")) != NULL)
		span.months = atoi(text_of(node));
	else if ((node = find(map, "years")) != NULL)
		span.months = 12 * atoi(text_of(node));
	span.given = node != NULL;
	return span;
}

static int
record_term(const char *name)
{
	int			i;

	for (i = 0; i < RECORD_TERMS; i++)
		if (same(name, record_terms[i].name))
			return i;
	die("unknown term \"%s\"", name);
	return -1;
}

static TermList
read_terms(yaml_node_t *node)
{
	TermList	list = {0, {0}};
	int			i;

	for (i = 0; i < length_of(node); i++)
		list.terms[list.n++] = record_term(text_of(element(node, i)));
	return list;
}

/* ------------------------------------------------- conditions (README 2) */

/* Gives the place of an id in an array of structs that begin with the id. */
static int
index_of(const void *array, int n, size_t size, const char *id)
{
	int			i;

	for (i = 0; i < n; i++)
		if (same(*(const char *const *) ((const char *) array + (size_t) i * size), id))
			return i;
	return -1;
}

#define FIND(array, n, id)	index_of(array, n, sizeof((array)[0]), id)

static int
find_band(const char *id)
{
	int			i = FIND(policy.bands, policy.nbands, id);

	if (i < 0)
		die("unknown band \"%s\"", id);
	return i;
}

/* Gives an item's index; enrolment counts as one. */
static int
find_item(const char *id)
{
	return same(id, "enrolled") ? ENROLLED : FIND(policy.items, policy.nitems, id);
}

static int
need_item(const char *id)
{
	int			i = find_item(id);

	if (i < 0)
		die("unknown item \"%s\"", id);
	return i;
}

/* Resolves the name of a term of an outcome. */
static Term
outcome_term(const char *name)
{
	Term		term = {LOOK_CONSTANT, 0, TYPE_DECIMAL, 0};
	const char *point = strchr(name, '.');
	const char *id = point ? point + 1 : name;
	size_t		n = point ? (size_t) (point - name) : strlen(name);
	char		block[16] = "";

	if (n < sizeof(block))
		memcpy(block, name, n);
	if (name[0] == '-' || (name[0] >= '0' && name[0] <= '9'))
		term.constant = parse_number(name);
	else if (same(name, "score"))
		term.look = LOOK_SCORE;
	else if (same(name, "band") || same(name, "subject_kind"))
	{
		term.look = same(name, "band") ? LOOK_BAND : LOOK_SUBJECT_KIND;
		term.type = TYPE_TEXT;
	}
	else if (same(block, "count"))
	{
		term.look = LOOK_ITEM_COUNT;
		term.index = find_item(id);
	}
	else if (same(block, "sum"))
	{
		term.look = LOOK_ITEM_SUM;
		term.index = find_item(id);
		if (term.index < 0)
		{
			term.look = LOOK_COMPONENT_SUM;
			term.index = FIND(policy.components, policy.ncomponents, id);
		}
	}
	else if (same(block, "covered") || same(block, "covered_last"))
	{
		term.look = same(block, "covered") ? LOOK_COVERED : LOOK_COVERED_LAST;
		term.index = find_item(id);
		term.type = TYPE_TRUTH;
		looks_back = true;
	}
	else if (same(block, "run"))
	{
		term.look = LOOK_RUN;
		term.index = FIND(policy.runs, policy.nruns, id);
	}
	else if (same(block, "counter") || same(block, "resets"))
	{
		term.look = same(block, "counter") ? LOOK_COUNTER : LOOK_RESETS;
		term.index = FIND(policy.counters, policy.ncounters, id);
	}
	else if (same(block, "fired") || same(block, "fires"))
	{
		term.look = same(block, "fired") ? LOOK_FIRED : LOOK_FIRES;
		term.index = FIND(policy.steps, policy.nsteps, id);
	}
	else if (same(block, "value"))
	{
		term.look = LOOK_VALUE;
		term.index = FIND(policy.values, policy.nvalues, id);
	}
	else if (same(block, "rank"))
	{
		term.look = LOOK_RANK;
		term.index = FIND(policy.ranks, policy.nranks, id);
	}
	else if (same(block, "group"))
	{
		term.look = LOOK_GROUP;
		term.index = FIND(policy.groups, policy.ngroups, id);
		term.type = TYPE_TRUTH;
	}
	else
		term.index = -1;
	if (term.index < 0)
		die("unknown term \"%s\"", name);
	return term;
}

/* Reads a value written in a policy. */
static Value
read_value(Term term, const char *text)
{
	Value		value = {true, 0, text};

	switch (term.type)
	{
		case TYPE_TEXT:
			if (term.look == LOOK_RECORD && term.index == R_POLICY && same(text, "self"))
				value.text = policy.id;
			break;
		case TYPE_ORDERED:
			value.number = position(text, record_terms[term.index].order);
			break;
		case TYPE_AMOUNT:
			value.number = parse_amount(text);
			break;
		case TYPE_DECIMAL:
			value.number = parse_number(text);
			break;
		case TYPE_DAY:
			value.number = parse_day(text);
			break;
		case TYPE_TRUTH:
			value.number = same(text, "true");
			break;
	}
	return value;
}

static bool
read_bound(Term term, yaml_node_t *test, const char *key, int64_t *bound)
{
	yaml_node_t *node = find(test, key);

	if (node == NULL)
		return false;
	*bound = read_value(term, text_of(node)).number;
	return true;
}

static Cond *
read_test(Term term, yaml_node_t *test)
{
	Cond	   *cond = zeroed(1, sizeof(Cond));
	int			i;

	cond->term = term;
	if (test->type == YAML_MAPPING_NODE && find(test, "known") != NULL)
	{
		cond->kind = COND_KNOWN;
		cond->want_known = same(text_of(find(test, "known")), "true");
	}
	else if (test->type == YAML_MAPPING_NODE)
	{
		cond->kind = COND_RANGE;
		cond->has_at_least = read_bound(term, test, "at_least", &cond->at_least);
		cond->has_at_most = read_bound(term, test, "at_most", &cond->at_most);
		cond->has_above = read_bound(term, test, "above", &cond->above);
		cond->has_below = read_bound(term, test, "below", &cond->below);
	}
	else
	{
		cond->kind = COND_EQUAL;
		cond->nvalues = length_of(test);
		cond->values = zeroed(cond->nvalues, sizeof(Value));
		cond->prefix = zeroed(cond->nvalues, sizeof(bool));
		for (i = 0; i < cond->nvalues; i++)
		{
			const char *text = text_of(element(test, i));
			size_t		n = strlen(text);

			cond->values[i] = read_value(term, text);
			cond->prefix[i] = term.type == TYPE_TEXT && n > 0 && text[n - 1] == '*';
		}
	}
	return cond;
}

static Cond *read_cond(yaml_node_t *map, bool of_record);

static Cond *
read_cond_list(CondKind kind, yaml_node_t *list, bool of_record)
{
	Cond	   *cond = zeroed(1, sizeof(Cond));
	int			i;

	cond->kind = kind;
	cond->nparts = length_of(list);
	cond->parts = zeroed(cond->nparts, sizeof(Cond *));
	for (i = 0; i < cond->nparts; i++)
		cond->parts[i] = read_cond(element(list, i), of_record);
	return cond;
}

static Term
record_term_of(const char *name)
{
	Term		term = {LOOK_RECORD, 0, TYPE_TEXT, 0};

	term.index = record_term(name);
	term.type = record_terms[term.index].type;
	return term;
}

/* Reads a mapping: everything in it must hold. */
static Cond *
read_cond(yaml_node_t *map, bool of_record)
{
	Cond	   *cond = zeroed(1, sizeof(Cond));
	yaml_node_pair_t *pair;

	if (map->type != YAML_MAPPING_NODE)
		die("expected a condition at line %d", (int) map->start_mark.line + 1);
	cond->kind = COND_ALL;
	cond->parts = zeroed(map->data.mapping.pairs.top - map->data.mapping.pairs.start, sizeof(Cond *));
	for (pair = map->data.mapping.pairs.start; pair < map->data.mapping.pairs.top; pair++)
	{
		const char *key = text_of(node_of(pair->key));
		yaml_node_t *value = node_of(pair->value);
		Cond	   *part;

		if (same(key, "all"))
			part = read_cond_list(COND_ALL, value, of_record);
		else if (same(key, "any"))
			part = read_cond_list(COND_ANY, value, of_record);
		else if (same(key, "not"))
			part = read_cond_list(COND_NOT, value, of_record);
		else
			part = read_test(of_record ? record_term_of(key) : outcome_term(key), value);
		cond->parts[cond->nparts++] = part;
	}
	return cond;
}

static Cond *
read_when(yaml_node_t *map, const char *key)
{
	yaml_node_t *node = find(map, key);

	return node ? read_cond(node, false) : NULL;
}

/* ------------------------------------------------------ reading the policy */

static Number
read_number(yaml_node_t *map, const char *key, Number missing)
{
	yaml_node_t *node = find(map, key);

	return node ? parse_number(text_of(node)) : missing;
}

static bool
says(yaml_node_t *map, const char *key, const char *word)
{
	yaml_node_t *node = find(map, key);

	return node != NULL && node->type == YAML_SCALAR_NODE && same(text_of(node), word);
}

static WhenPoints *
read_when_points(yaml_node_t *list, const char *points, bool of_record, int *n)
{
	WhenPoints *result;
	int			i;

	*n = length_of(list);
	result = zeroed(*n, sizeof(WhenPoints));
	for (i = 0; i < *n; i++)
	{
		result[i].when = read_cond(need(element(list, i), "when"), of_record);
		result[i].points = parse_number(text_of(need(element(list, i), points)));
	}
	return result;
}

static void
read_points(Points *points, yaml_node_t *node)
{
	yaml_node_t *value;

	points->kind = POINTS_NONE;
	if (node == NULL)
		return;
	points->kind = POINTS_EACH;
	if (node->type == YAML_SCALAR_NODE)
	{
		points->each = parse_number(text_of(node));
		return;
	}
	if ((value = find(node, "each")) != NULL)
		points->each = parse_number(text_of(value));
	else if ((value = find(node, "cases")) != NULL)
	{
		points->kind = POINTS_CASES;
		points->cases = read_when_points(value, "points", true, &points->ncases);
		points->has_otherwise = find(node, "otherwise") != NULL;
		points->otherwise = read_number(node, "otherwise", 0);
	}
	else if ((value = find(node, "awarded")) != NULL)
	{
		points->kind = POINTS_AWARDED;
		points->from = parse_number(text_of(need(value, "from")));
		points->to = parse_number(text_of(need(value, "to")));
	}
	else
	{
		points->kind = POINTS_PER_UNIT;
		points->each = parse_number(text_of(need(node, "per_unit")));
	}
	points->surcharges = read_when_points(find(node, "surcharges"), "points", true, &points->nsurcharges);
	points->record = read_limits(node, "record_floor", "record_cap");
}

/* Reads year, half, quarter, month, cycle or always. */
static Per
read_per(yaml_node_t *node)
{
	static const char *const units[] = {"year", "half", "quarter", "month", NULL};
	static const int months[] = {12, 6, 3, 1};
	Per			per = {PER_CALENDAR, 0};

	if (same(text_of(node), "cycle"))
		per.kind = PER_CYCLE;
	else if (same(text_of(node), "always"))
		per.kind = PER_ALWAYS;
	else
		per.months = months[position(text_of(node), units)];
	return per;
}

/* Reads this, last or {back: N}: how many units back. */
static int
read_back(yaml_node_t *node)
{
	if (node != NULL && node->type == YAML_MAPPING_NODE)
		return atoi(text_of(need(node, "back")));
	return node != NULL && same(text_of(node), "last") ? 1 : 0;
}

static void
read_window(Window *window, yaml_node_t *node)
{
	yaml_node_t *value;

	window->not_before = -1;
	window->from.n = 1;
	window->from.terms[0] = R_DECIDED_ON;
	if (node->type == YAML_SCALAR_NODE)
	{
		/* always: decided_on, then valid_from, then recorded_on */
		window->kind = WINDOW_ALWAYS;
		window->from.n = 3;
		window->from.terms[1] = R_VALID_FROM;
		window->from.terms[2] = R_RECORDED_ON;
		return;
	}
	if ((value = find(node, "from")) != NULL)
		window->from = read_terms(value);
	window->delay = read_span(find(node, "delay"));
	if ((value = find(node, "calendar")) != NULL)
	{
		window->kind = WINDOW_UNIT;
		window->unit = read_per(value);
		window->back = read_back(find(node, "which"));
	}
	else if ((value = find(node, "cycle")) != NULL)
	{
		window->kind = WINDOW_UNIT;
		window->unit.kind = PER_CYCLE;
		window->back = read_back(value);
	}
	else if ((value = find(node, "term")) != NULL)
	{
		window->kind = WINDOW_TERM;
		window->term = record_term(text_of(value));
		window->span = read_span(find(node, "else"));
	}
	else if (find(node, "always") != NULL)
		window->kind = WINDOW_ALWAYS;
	else
	{
		window->kind = WINDOW_SPAN;
		window->span = read_span(node);
		if (!window->span.given)
			die("no window at line %d", (int) node->start_mark.line + 1);
	}
	window->not_counted = says(node, "corresponding_day", "not_counted");
	if ((value = find(node, "not_before")) != NULL)
		window->not_before = record_term(text_of(value));
	if ((value = find(node, "ends_on")) != NULL)
		window->ends_on = read_terms(value);
}

static TakeKind
take_word(const char *text)
{
	static const char *const words[] = {"all", "latest", "earliest", "highest", "lowest", "mean", NULL};

	return (TakeKind) position(text, words);
}

static void
read_take(Take *take, yaml_node_t *item)
{
	yaml_node_t *node = find(item, "take");
	yaml_node_t *value;

	if (node == NULL)
		return;
	if (node->type == YAML_SCALAR_NODE)
		take->kind = take_word(text_of(node));
	else if ((value = find(node, "once_per")) != NULL)
	{
		take->kind = TAKE_ONCE_PER;
		take->term = record_term(text_of(value));
		take->keep = take_word(text_of(need(node, "keep")));
	}
	else
	{
		take->kind = TAKE_AFTER_FIRST;
		take->spared = atoi(text_of(need(node, "after_first")));
	}
	if ((value = find(item, "tie")) != NULL && !same(text_of(value), "refer"))
		take->tie = take_word(text_of(value));
}

/* Tells whether a condition asks for records of a kind. */
static bool
asks_for_kind(const Cond *cond, const char *kind)
{
	int			i;

	for (i = 0; i < cond->nparts; i++)
		if (asks_for_kind(cond->parts[i], kind))
			return true;
	if (cond->kind == COND_EQUAL && cond->term.index == R_KIND)
		for (i = 0; i < cond->nvalues; i++)
			if (same(cond->values[i].text, kind))
				return true;
	return false;
}

static void
read_item(Item *item, yaml_node_t *node)
{
	yaml_node_t *value;

	item->component = -1;
	if ((value = find(node, "component")) != NULL &&
		(item->component = FIND(policy.components, policy.ncomponents, text_of(value))) < 0)
		die("unknown component \"%s\"", text_of(value));
	item->when = read_when(node, "when");
	read_points(&item->points, find(node, "points"));
	item->limits = read_limits(node, "floor", "cap");
	if (item->when != NULL)
		return;
	item->match = read_cond(need(node, "match"), true);
	if ((value = find(node, "window")) != NULL)
		read_window(&item->window, value);
	else if (asks_for_kind(item->match, "result"))
		item->stretch = true;
	else
		die("item \"%s\" has no window", item->id);
	value = find(node, "repaired");
	item->repaired_ends = value == NULL || same(text_of(value), "ends");
	read_take(&item->take, node);
	item->has_factor = find(node, "factor") != NULL;
	item->factor = read_number(node, "factor", ONE);
	item->has_absent = find(node, "absent") != NULL;
	item->absent = read_number(node, "absent", 0);
}

static void
read_component(Component *component, yaml_node_t *node)
{
	yaml_node_t *per = find(node, "per");

	component->base = read_number(node, "base", 0);
	component->limits = read_limits(node, "floor", "cap");
	component->weight = read_number(node, "weight", ONE);
	component->when = read_when(node, "when");
	component->empty = read_number(node, "empty", component->base);
	if (per == NULL)
		return;
	/* the place of "empty" is not said by the README: beside base or in per */
	component->empty = read_number(per, "empty", component->empty);
	if (find(per, "calendar") != NULL)
	{
		component->per_calendar = looks_back = true;
		component->per = read_per(find(per, "calendar"));
		return;
	}
	component->per_units = true;
	component->per_item = need_item(text_of(need(per, "unit")));
	if (says(per, "mean", "weighted"))
		component->weigh = says(per, "by", "amount") ? WEIGH_AMOUNT : WEIGH_QUANTITY;
}

static void
read_run(Run *run, yaml_node_t *node)
{
	yaml_node_t *during = find(node, "while");

	looks_back = true;
	run->of = need_item(text_of(need(node, "of")));
	run->without = says(node, "without", "true");
	run->has_while = during != NULL;
	if (during != NULL)
		run->during = need_item(text_of(during));
	run->per = read_per(need(node, "per"));
	run->at_most = atoi(text_of(need(node, "at_most")));
	run->through_this = says(node, "through", "this");
}

static void
read_counter(int c, yaml_node_t *node)
{
	static const char *const ofs[] = {"count", "points", "minus_points", NULL};
	static const char *const days[] = {"together", "smallest_first", "largest_first", "refer", NULL};
	Counter    *counter = &policy.counters[c];
	yaml_node_t *list = need(node, "items");
	yaml_node_t *same_day = find(node, "same_day");
	yaml_node_t *steps = find(node, "steps");
	int			i;

	counter->of = (CounterOf) position(text_of(need(node, "of")), ofs);
	for (i = 0; i < length_of(list); i++)
		counter->items[need_item(text_of(element(list, i)))] = true;
	counter->per = read_per(need(node, "per"));
	if (same_day != NULL)
		counter->same_day = (SameDay) position(text_of(same_day), days);
	for (i = 0; i < length_of(steps); i++)
	{
		yaml_node_t *mapping = element(steps, i);
		Step	   *step = &policy.steps[FIND(policy.steps, policy.nsteps, text_of(need(mapping, "id")))];
		Term		decimal = {LOOK_CONSTANT, 0, TYPE_DECIMAL, 0};
		yaml_node_t *resets = find(mapping, "resets");

		step->counter = c;
		step->at_least = parse_number(text_of(need(mapping, "at_least")));
		step->reset = says(mapping, "reset", "true");
		step->resets = resets ? read_test(decimal, resets) : NULL;
	}
}

static Rounding
read_round(yaml_node_t *map, Rounding missing)
{
	static const char *const rounds[] = {
		"half_up", "half_even", "toward_zero", "away_from_zero", NULL
	};
	yaml_node_t *node = find(map, "round");

	return node ? (Rounding) (1 + position(text_of(node), rounds)) : missing;
}

static int
step_of_term(const Term *term)
{
	switch (term->look)
	{
		case LOOK_BAND:
			return 5;
		case LOOK_SCORE:
		case LOOK_RANK:
		case LOOK_GROUP:
			return 4;
		case LOOK_VALUE:
			return policy.values[term->index].step;
		default:
			return 2;
	}
}

static int
step_of_cond(const Cond *cond)
{
	int			step = cond->nparts > 0 ? 2 : step_of_term(&cond->term);
	int			i;

	for (i = 0; i < cond->nparts; i++)
		if (step_of_cond(cond->parts[i]) > step)
			step = step_of_cond(cond->parts[i]);
	return step;
}

static void
read_derived(Derived *value, yaml_node_t *node)
{
	static const char *const kinds[] = {"ratio", "sum", "mean", "least", "greatest", "linear", "cases", NULL};
	yaml_node_t *what = NULL;
	yaml_node_t *decimals = find(node, "decimals");
	int			i;

	for (i = 0; what == NULL; i++)
	{
		if (kinds[i] == NULL)
			die("value \"%s\" is made of nothing", value->id);
		what = find(node, kinds[i]);
		value->kind = (ValueKind) i;
	}
	value->decimals = decimals ? atoi(text_of(decimals)) : policy.decimals;
	value->round = read_round(node, policy.round);
	value->at_rating = says(node, "at", "rating");
	value->times = ONE;
	value->step = 2;
	if (value->kind == VALUE_CASES)
	{
		value->cases = read_when_points(what, "is", false, &value->ncases);
		value->otherwise = parse_number(text_of(need(node, "otherwise")));
		for (i = 0; i < value->ncases; i++)
			if (step_of_cond(value->cases[i].when) > value->step)
				value->step = step_of_cond(value->cases[i].when);
		return;
	}
	if (value->kind == VALUE_RATIO || value->kind == VALUE_LINEAR)
	{
		value->terms[value->nterms++] = outcome_term(text_of(need(what, "of")));
		if (value->kind == VALUE_RATIO)
			value->terms[value->nterms++] = outcome_term(text_of(need(what, "over")));
		value->times = read_number(what, "times", ONE);
		value->plus = read_number(what, "plus", 0);
		value->has_otherwise = find(what, "otherwise") != NULL;
		value->otherwise = read_number(what, "otherwise", 0);
	}
	else
		for (i = 0; i < length_of(what); i++)
			value->terms[value->nterms++] = outcome_term(text_of(element(what, i)));
	for (i = 0; i < value->nterms; i++)
		if (step_of_term(&value->terms[i]) > value->step)
			value->step = step_of_term(&value->terms[i]);
}

/* Gives the bits of the rules that a rule overrides. */
static uint64_t
read_overrides(yaml_node_t *list)
{
	uint64_t	bits = 0;
	int			i;

	for (i = 0; i < length_of(list); i++)
	{
		const char *id = text_of(element(list, i));
		int			at = 0;
		int			found = -1;
		int			j;

		/* one row of bits: ceilings, floors, vetoes */
		if ((j = FIND(policy.ceilings, policy.nceilings, id)) >= 0)
			found = at + j;
		at += policy.nceilings;
		if (found < 0 && (j = FIND(policy.floors, policy.nfloors, id)) >= 0)
			found = at + j;
		at += policy.nfloors;
		if (found < 0 && (j = FIND(policy.vetoes, policy.nvetoes, id)) >= 0)
			found = at + j;
		if (found < 0)
			die("unknown rule \"%s\"", id);
		bits |= UINT64_C(1) << found;
	}
	return bits;
}

static void
read_after(Part *part, yaml_node_t *node)
{
	const char *id;

	if ((node = find(node, "after")) == NULL)
		return;
	id = text_of(node);
	if (same(id, "cycle"))
		part->after = AFTER_CYCLE;
	else if ((part->after_index = FIND(policy.steps, policy.nsteps, id)) >= 0)
		part->after = AFTER_STEP;
	else
	{
		part->after = AFTER_ITEM;
		part->after_index = need_item(id);
	}
}

/* Reads a list of states, ceilings, floors, vetoes, lists or effects. */
static void
read_parts(Part *parts, int n, yaml_node_t *list)
{
	int			i;

	for (i = 0; i < n; i++)
	{
		yaml_node_t *node = element(list, i);
		yaml_node_t *band = find(node, "band");

		parts[i].when = read_cond(need(node, "when"), false);
		parts[i].band = band ? find_band(text_of(band)) : -1;
		parts[i].hold = read_span(find(node, "hold"));
		parts[i].overrides = read_overrides(find(node, "overrides"));
		if (parts[i].hold.given)
			holds_matter = true;
		parts[i].at_rating = says(node, "at", "rating");
		if (says(node, "effect", "order"))
		{
			parts[i].order = true;
			parts[i].due = read_span(find(node, "due"));
			read_after(&parts[i], node);
		}
	}
}

static void
read_score(yaml_node_t *node)
{
	yaml_node_t *value;

	if (node->type == YAML_SCALAR_NODE)
		return;					/* none */
	policy.has_score = true;
	policy.base = read_number(node, "base", 0);
	policy.limits = read_limits(node, "floor", "cap");
	if ((value = find(node, "decimals")) != NULL)
		policy.decimals = atoi(text_of(value));
	policy.round = read_round(node, ROUND_NOT);
	policy.weighted_mean = says(node, "combine", "weighted_mean");
	if ((value = find(node, "of")) != NULL)
	{
		policy.has_of = true;
		policy.of = outcome_term(text_of(value));
	}
}

static void
read_bands(yaml_node_t *root)
{
	static const char *const choices[] = {"refer", "best", "worst", NULL};
	yaml_node_t *bands = need(root, "bands");
	yaml_node_t *list = need(bands, "of");
	yaml_node_t *scale = find(root, "scale");
	yaml_node_t *value;
	int			i;

	for (i = 0; i < policy.nbands; i++)
	{
		policy.bands[i].when = read_cond(need(element(list, i), "when"), false);
		value = scale ? find(scale, policy.bands[i].id) : NULL;
		policy.grades[i] = value ? text_of(value) : NULL;
	}
	if ((value = find(bands, "choose")) != NULL)
		policy.choose = (Choice) position(text_of(value), choices);
	policy.gap = GAP_REFER;
	if ((value = find(bands, "gap")) != NULL && !same(text_of(value), "refer"))
		policy.gap = find_band(text_of(value));
}

static void
read_applies_to(yaml_node_t *node)
{
	yaml_node_t *kinds = find(node, "subject_kinds");

	for (; policy.nsubject_kinds < length_of(kinds); policy.nsubject_kinds++)
		policy.subject_kinds[policy.nsubject_kinds] =
			text_of(element(kinds, policy.nsubject_kinds));
	policy.enrolled_by = read_cond(need(node, "enrolled_by"), true);
}

static void
read_rank(int r, yaml_node_t *node)
{
	static const char *const roundings[] = {"half_up", "up", "down", NULL};
	static const char *const ties[] = {"include", "exclude", "refer", NULL};
	Rank	   *rank = &policy.ranks[r];
	yaml_node_t *groups = find(node, "groups");
	yaml_node_t *value = find(node, "ties");
	int			i;

	rank->by = outcome_term(text_of(need(node, "by")));
	rank->best_lowest = says(node, "best", "lowest");
	rank->among = read_when(node, "among");
	if (value != NULL)
		rank->ties = (Ties) position(text_of(value), ties);
	for (i = 0; i < length_of(groups); i++)
	{
		yaml_node_t *mapping = element(groups, i);
		Group	   *group = &policy.groups[FIND(policy.groups, policy.ngroups, text_of(need(mapping, "id")))];

		group->rank = r;
		group->from_worst = says(mapping, "from", "worst");
		group->has_percent = find(mapping, "percent") != NULL;
		group->percent = read_number(mapping, "percent", 0);
		if ((value = find(mapping, "number")) != NULL)
			group->number = atoi(text_of(value));
		if ((value = find(mapping, "round")) != NULL)
			group->round = position(text_of(value), roundings);
	}
}

static void
read_rating(Rating *rating, yaml_node_t *node)
{
	rating->period = read_per(need(node, "period"));
	rating->facts_until = read_span(find(node, "facts_until"));
	rating->repairs_until = read_span(find(node, "repairs_until"));
}

/* Notes the ids of a block first: rules may name what stands below them. */
static int
read_ids(void *array, int n, int most, size_t size, yaml_node_t *list)
{
	int			i;

	if (n + length_of(list) > most)
		die("too many rules");
	for (i = 0; i < length_of(list); i++)
		*(const char **) ((char *) array + (size_t) (n + i) * size) = text_of(need(element(list, i), "id"));
	return n + length_of(list);
}

#define READ_IDS(array, n, list) \
	((n) = read_ids(array, n, (int) (sizeof(array) / sizeof((array)[0])), sizeof((array)[0]), list))

static void
read_all_ids(yaml_node_t *root)
{
	yaml_node_t *list;
	int			i;

	READ_IDS(policy.components, policy.ncomponents, find(root, "components"));
	READ_IDS(policy.items, policy.nitems, need(root, "items"));
	READ_IDS(policy.runs, policy.nruns, find(root, "runs"));
	READ_IDS(policy.counters, policy.ncounters, list = find(root, "counters"));
	for (i = 0; i < length_of(list); i++)
		READ_IDS(policy.steps, policy.nsteps, find(element(list, i), "steps"));
	READ_IDS(policy.values, policy.nvalues, find(root, "values"));
	READ_IDS(policy.states, policy.nstates, find(root, "states"));
	READ_IDS(policy.bands, policy.nbands, need(need(root, "bands"), "of"));
	READ_IDS(policy.ceilings, policy.nceilings, find(root, "ceilings"));
	READ_IDS(policy.floors, policy.nfloors, find(root, "floors"));
	READ_IDS(policy.vetoes, policy.nvetoes, find(root, "vetoes"));
	READ_IDS(policy.lists, policy.nlists, find(root, "lists"));
	READ_IDS(policy.effects, policy.neffects, find(root, "effects"));
	READ_IDS(policy.ranks, policy.nranks, list = find(root, "ranks"));
	for (i = 0; i < length_of(list); i++)
		READ_IDS(policy.groups, policy.ngroups, find(element(list, i), "groups"));
	READ_IDS(policy.ratings, policy.nratings, find(root, "ratings"));
	if (policy.nceilings + policy.nfloors + policy.nvetoes > 64)
		die("too many rules");
}

static void
read_policy(yaml_node_t *root)
{
	yaml_node_t *node = find(need(root, "in_force"), "until");
	int			i;

	policy.id = text_of(need(root, "policy"));
	policy.has_until = node != NULL;
	policy.until = node ? parse_day(text_of(node)) : 0;
	node = need(root, "inputs");
	for (; policy.ninputs < length_of(node); policy.ninputs++)
		policy.inputs[policy.ninputs] = text_of(element(node, policy.ninputs));
	policy.reads = find(root, "reads");
	read_all_ids(root);
	read_applies_to(need(root, "applies_to"));
	if ((node = find(root, "cycle")) != NULL)
	{
		policy.cycle_from = parse_day(text_of(need(node, "from")));
		policy.cycle_months = atoi(text_of(need(node, "months")));
	}
	read_score(need(root, "score"));

	for (i = 0; i < policy.ncomponents; i++)
		read_component(&policy.components[i], element(find(root, "components"), i));
	for (i = 0; i < policy.nitems; i++)
		read_item(&policy.items[i], element(need(root, "items"), i));
	for (i = 0; i < policy.nruns; i++)
		read_run(&policy.runs[i], element(find(root, "runs"), i));
	for (i = 0; i < policy.ncounters; i++)
		read_counter(i, element(find(root, "counters"), i));
	for (i = 0; i < policy.nvalues; i++)
		read_derived(&policy.values[i], element(find(root, "values"), i));
	read_bands(root);
	read_parts(policy.states, policy.nstates, find(root, "states"));
	read_parts(policy.ceilings, policy.nceilings, find(root, "ceilings"));
	read_parts(policy.floors, policy.nfloors, find(root, "floors"));
	read_parts(policy.vetoes, policy.nvetoes, find(root, "vetoes"));
	read_parts(policy.lists, policy.nlists, find(root, "lists"));
	read_parts(policy.effects, policy.neffects, find(root, "effects"));
	for (i = 0; i < policy.nranks; i++)
		read_rank(i, element(find(root, "ranks"), i));
	for (i = 0; i < policy.nratings; i++)
		read_rating(&policy.ratings[i], element(find(root, "ratings"), i));
}

static void
load_policy(const char *path)
{
	FILE	   *file = fopen(path, "rb");
	yaml_parser_t parser;

	if (file == NULL)
		die("cannot open \"%s\"", path);
	if (!yaml_parser_initialize(&parser))
		die("out of memory");
	yaml_parser_set_input_file(&parser, file);
	if (!yaml_parser_load(&parser, &document))
		die("%s: %s at line %d", path, parser.problem, (int) parser.problem_mark.line + 1);
	if (yaml_document_get_root_node(&document) == NULL)
		die("%s: empty", path);
	read_policy(yaml_document_get_root_node(&document));
	yaml_parser_delete(&parser);
	fclose(file);
}

/* --------------------------------------------- what conditions come out as */

static bool counts_on_all(const Subject *subject, int item, Interval days);

/* Looks a term up, in a record or in a day. */
static Value
look_up(const Term *term, const Subject *subject, const Fact *fact, const Day *day)
{
	Value		value = {true, 0, NULL};
	int			i = term->index;
	Interval	days;

	switch (term->look)
	{
		case LOOK_RECORD:
			if (i == R_SUBJECT_KIND)
				value.text = subject->kind;
			else if (i == R_WHOSE && !fact->values[i].known)
				value.text = "own";
			else
				return fact->values[i];
			break;
		case LOOK_CONSTANT:
			value.number = term->constant;
			break;
		case LOOK_SUBJECT_KIND:
			value.text = subject->kind;
			break;
		case LOOK_SCORE:
			value.number = day->out.score;
			break;
		case LOOK_ITEM_SUM:
			value.number = day->sums[i];
			break;
		case LOOK_COMPONENT_SUM:
			value.number = day->components[i];
			break;
		case LOOK_ITEM_COUNT:
			value.number = (Number) (i == ENROLLED ? day->enrolled : day->counts[i]) * ONE;
			break;
		case LOOK_COVERED:
			days.first = cycle_unit(day->on).first;
			days.last = day->on;
			value.number = has(C_covered) && counts_on_all(subject, i, days);
			break;
		case LOOK_COVERED_LAST:
			days = cycle_unit(cycle_unit(day->on).first - 1);
			value.number = has(C_covered_last) && counts_on_all(subject, i, days);
			break;
		case LOOK_RUN:
			value.number = (Number) day->runs[i] * ONE;
			break;
		case LOOK_COUNTER:
			value.number = day->counters[i];
			break;
		case LOOK_RESETS:
			value.number = (Number) day->resets[i] * ONE;
			break;
		case LOOK_FIRED:
			value.number = (Number) day->fired[i] * ONE;
			break;
		case LOOK_FIRES:
			value.number = has(C_fires) ? (Number) day->fires[i] * ONE : 0;
			break;
		case LOOK_VALUE:
			value.known = day->out.values[i].known;
			value.number = day->out.values[i].number;
			break;
		case LOOK_RANK:
			value.known = false;
			if (day->place != NULL && has(C_rank))
				return day->place->ranks[i];
			break;
		case LOOK_GROUP:
			value.known = day->place != NULL && day->place->groups[i] != UNKNOWN;
			value.number = value.known && day->place->groups[i] == YES;
			break;
		case LOOK_BAND:
			value.known = day->out.band >= 0;
			if (value.known)
				value.text = policy.bands[day->out.band].id;
			break;
	}
	return value;
}

static bool
equals_one(const Cond *cond, Value value)
{
	int			i;

	for (i = 0; i < cond->nvalues; i++)
	{
		const char *text = cond->values[i].text;

		if (cond->term.type != TYPE_TEXT)
		{
			if (value.number == cond->values[i].number)
				return true;
		}
		else if (cond->prefix[i])
		{
			if (has(C_prefix) && strncmp(value.text, text, strlen(text) - 1) == 0)
				return true;
		}
		else if (same(value.text, text))
			return true;
	}
	return false;
}

static Truth
truth_of_test(const Cond *cond, Value value)
{
	if (cond->kind == COND_EQUAL)
		return equals_one(cond, value) ? YES : NO;
	if ((cond->has_at_least && value.number < cond->at_least) ||
		(cond->has_at_most && value.number > cond->at_most) ||
		(cond->has_above && value.number <= cond->above) ||
		(cond->has_below && value.number >= cond->below))
		return NO;
	return YES;
}

static Truth
truth_of(const Cond *cond, const Subject *subject, const Fact *fact, const Day *day)
{
	Truth		result;
	Value		value;
	int			i;

	switch (cond->kind)
	{
		case COND_ALL:
			result = YES;
			for (i = 0; i < cond->nparts; i++)
			{
				Truth		part = truth_of(cond->parts[i], subject, fact, day);

				if (part < result)
					result = part;
			}
			return result;
		case COND_ANY:
			result = NO;
			for (i = 0; i < cond->nparts; i++)
			{
				Truth		part = truth_of(cond->parts[i], subject, fact, day);

				if (part > result)
					result = part;
			}
			return result;
		case COND_NOT:
			result = truth_of(cond->parts[0], subject, fact, day);
			return result == YES ? NO : result == NO ? YES : UNKNOWN;
		case COND_EQUAL:
		case COND_RANGE:
		case COND_KNOWN:
			break;
	}

	value = look_up(&cond->term, subject, fact, day);
	if (cond->kind == COND_KNOWN)
		return has(C_known) && value.known == cond->want_known ? YES : NO;
	if (cond->term.look == LOOK_RECORD && cond->term.index == R_WHOSE && !has(C_whose))
		return YES;
	/* no band matches none */
	if (!value.known && cond->term.look == LOOK_BAND)
		return NO;
	if (!value.known)
		return has(C_unknown) ? UNKNOWN : NO;
	return truth_of_test(cond, value);
}

static bool
holds(const Cond *cond, const Subject *subject, const Day *day)
{
	return truth_of(cond, subject, NULL, day) == YES;
}

/* ---------------------------------------------- items of a record (README 4) */

static Value
first_known(const Fact *fact, TermList list)
{
	Value		nothing = {false, 0, NULL};
	int			i;

	for (i = 0; i < list.n; i++)
	{
		if (fact->values[list.terms[i]].known)
			return fact->values[list.terms[i]];
		if (list.n > 1 && !has(C_from_list))
			break;
	}
	return nothing;
}

/* Gives the N-th unit after the one that contains a day. */
static Interval
later_unit(Per per, int number, int n)
{
	Interval	unit = unit_of(per, number);

	for (; n > 0; n--)
		unit = unit_of(per, unit.last + 1);
	return unit;
}

static int
end_of_span(const Window *window, int first)
{
	if (window->span.always)
		return NO_END;
	return add_span(first, window->span) - (window->not_counted && has(C_corresponding_day) ? 1 : 0);
}

static void
end_before(int *last, Value day)
{
	if (day.known && *last >= day.number)
		*last = (int) day.number - 1;
}

/* Gives the days on which a record counts; false when undetermined or never. */
static bool
window_of(const Window *window, const Fact *fact, Contribution *result)
{
	Value		anchor = first_known(fact, window->from);
	Value		value;
	Interval	unit;
	int			back = window->back;
	int			first;
	int			last = NO_END;
	int			i;

	if (!anchor.known)
		return false;
	first = (int) anchor.number;
	if (window->delay.given && has(C_delay))
		first = add_span(first, window->delay);

	switch (window->kind)
	{
		case WINDOW_SPAN:
			last = end_of_span(window, first);
			break;
		case WINDOW_UNIT:
			if (!(window->unit.kind == PER_CYCLE ? has(C_window_cycle) : has(C_window_unit)))
				break;
			if (back > 0 && !has(C_back))
				back--;
			unit = later_unit(window->unit, (int) anchor.number, back);
			if (back > 0 && first < unit.first)
				first = unit.first;
			last = unit.last;
			break;
		case WINDOW_TERM:
			value = fact->values[window->term];
			if (value.known)
				last = has(C_window_term) ? (int) value.number : NO_END;
			else if (window->span.given && has(C_else))
				last = end_of_span(window, first);
			else
				return false;
			break;
		case WINDOW_ALWAYS:
			break;
	}

	if (window->not_before >= 0)
	{
		value = fact->values[window->not_before];
		if (value.known && last < value.number && has(C_not_before))
			last = (int) value.number;
	}
	/* does not count on or after any of these days */
	for (i = 0; i < window->ends_on.n; i++)
		if (has(C_ends_on))
			end_before(&last, fact->values[window->ends_on.terms[i]]);
	result->anchor = (int) anchor.number;
	result->first = first;
	result->last = last;
	return true;
}

/* Gives the points of a record; false when undetermined or none apply. */
static bool
points_of(const Points *points, const Subject *subject, const Fact *fact, Number *result)
{
	Number		sum = 0;
	Value		value;
	Truth		truth;
	int			i;

	switch (points->kind)
	{
		case POINTS_NONE:
			*result = 0;
			return true;
		case POINTS_EACH:
			sum = points->each;
			break;
		case POINTS_CASES:
			for (i = 0; i < points->ncases; i++)
			{
				truth = truth_of(points->cases[i].when, subject, fact, NULL);
				if (truth == UNKNOWN)
					return false;
				if (truth == YES && has(C_cases))
					break;
			}
			if (i == points->ncases && !points->has_otherwise)
				return false;
			sum = i < points->ncases ? points->cases[i].points : points->otherwise;
			break;
		case POINTS_AWARDED:
			value = fact->values[R_POINTS];
			if (!value.known)
				return false;
			if ((value.number < points->from || value.number > points->to ||
				 (policy.has_score && value.number % step_of(policy.decimals) != 0)) && has(C_awarded))
				return false;
			sum = value.number;
			break;
		case POINTS_PER_UNIT:
			value = fact->values[R_QUANTITY];
			if (!value.known)
				return false;
			/* the product has eight places */
			sum = divide_score((__int128) points->each * (has(C_per_unit) ? value.number : ONE), ONE);
			break;
	}
	for (i = 0; i < points->nsurcharges; i++)
		if (truth_of(points->surcharges[i].when, subject, fact, NULL) == YES && has(C_surcharges))
			sum += points->surcharges[i].points;
	*result = sum;
	if ((points->record.has_floor || points->record.has_cap) && has(C_record_limits))
		*result = keep(points->record, sum);
	return true;
}

/* Tells whether a block of reads names a word; "self" is this policy. */
static bool
reads(const char *block, Value word)
{
	yaml_node_t *list = policy.reads ? find(policy.reads, block) : NULL;
	int			i;

	if (!word.known)
		return false;
	for (i = 0; i < length_of(list); i++)
	{
		const char *name = text_of(element(list, i));

		if (same(name, word.text) || (same(name, "self") && same(word.text, policy.id)))
			return true;
	}
	return false;
}

static bool
is_linked(const Fact *fact)
{
	return fact->values[R_WHOSE].known && !same(fact->values[R_WHOSE].text, "own");
}

/* Tells whether a record or reading reaches the policy at all (README 1, 6). */
static bool
offered(const Fact *fact)
{
	const char *kind = fact->values[R_KIND].text;
	int			i;

	if (same(kind, "result"))
		return reads("results", fact->values[R_POLICY]) && has(C_result);
	if (same(kind, "rating"))
		return reads("ratings", fact->values[R_POLICY]) && has(C_rating);
	if (same(kind, "listing"))
		return reads("listings", fact->values[R_LIST]) && has(C_listing);
	if ((fact->revoked && has(C_revoked)) || (fact->unverified && has(C_unverified)))
		return false;
	if (is_linked(fact) && !reads("linked", fact->values[R_WHOSE]))
		return false;
	for (i = 0; i < policy.ninputs; i++)
		if (same(policy.inputs[i], kind))
			return true;
	return false;
}

/* Gives the days through which a record enrols (README 3, applies_to). */
static bool
enrolment_of(const Subject *subject, const Fact *fact, Contribution *result)
{
	TermList	from = {3, {R_VALID_FROM, R_DECIDED_ON, R_RECORDED_ON}};
	Value		first = first_known(fact, from);
	Value		until = fact->values[R_VALID_UNTIL];
	bool		kind_fits = policy.nsubject_kinds == 0;
	int			i;

	for (i = 0; i < policy.nsubject_kinds; i++)
		if (same(policy.subject_kinds[i], subject->kind))
			kind_fits = true;
	if (!kind_fits || !first.known || is_linked(fact) ||
		truth_of(policy.enrolled_by, subject, fact, NULL) != YES)
		return false;
	result->first = result->anchor = (int) first.number;
	result->last = until.known ? (int) until.number : NO_END;
	return true;
}

static bool
contribution_of(const Subject *subject, const Item *item, const Fact *fact, Contribution *result)
{
	Value		until = fact->values[R_VALID_UNTIL];

	if (item->match == NULL || truth_of(item->match, subject, fact, NULL) != YES ||
		!points_of(&item->points, subject, fact, &result->points))
		return false;
	if (item->stretch)
	{
		if (!fact->values[R_VALID_FROM].known)
			return false;
		result->first = result->anchor = (int) fact->values[R_VALID_FROM].number;
		result->last = until.known ? (int) until.number : NO_END;
		return true;
	}
	if (!window_of(&item->window, fact, result))
		return false;
	if (item->repaired_ends && fact->values[R_REPAIRED_ON].known && has(C_repaired))
		end_before(&result->last, fact->values[R_REPAIRED_ON]);
	if (is_linked(fact) && has(C_link_days))
	{
		/* only on the days of the link */
		if (fact->linked_from.known && result->first < fact->linked_from.number)
			result->first = (int) fact->linked_from.number;
		if (fact->linked_until.known && result->last > fact->linked_until.number)
			result->last = (int) fact->linked_until.number;
	}
	return true;
}

static void
add_contribution(Contributions *all, const Fact *fact, const Contribution *contribution)
{
	if (contribution->first > contribution->last)
		return;
	all->list = room(all->list, all->n, &all->allocated, sizeof(Contribution));
	all->list[all->n] = *contribution;
	all->list[all->n++].fact = fact;
}

/* Puts every record of a subject to the enrolment and to every item. */
static void
offer_records(Subject *subject)
{
	int			f;
	int			i;

	for (i = 0; i <= MAX_ITEMS; i++)
		subject->items[i].n = 0;
	for (f = 0; f < subject->nfacts; f++)
	{
		const Fact *fact = &subject->facts[f];
		Contribution contribution;

		if (!offered(fact))
			continue;
		memset(&contribution, 0, sizeof(contribution));
		if (enrolment_of(subject, fact, &contribution))
			add_contribution(&subject->items[ENROLLED], fact, &contribution);
		for (i = 0; i < policy.nitems; i++)
			if (contribution_of(subject, &policy.items[i], fact, &contribution))
				add_contribution(&subject->items[i], fact, &contribution);
	}
}

/* Numbers of days, for what looks back: README 5, runs, and covered. */
static void
fill_days(Subject *subject)
{
	int			i;
	int			c;
	int			day;

	subject->days_begin = subject->begin;
	for (i = 0; i <= MAX_ITEMS; i++)
		for (c = 0; c < subject->items[i].n; c++)
			if (subject->items[i].list[c].first < subject->days_begin)
				subject->days_begin = subject->items[i].list[c].first;
	for (i = 0; i <= MAX_ITEMS; i++)
	{
		Contributions *all = &subject->items[i];
		int			n = subject->end - subject->days_begin + 1;

		free(all->days);
		all->days = NULL;
		if (all->n == 0 || !looks_back)
			continue;
		all->days = zeroed(n + 1, sizeof(int));
		for (c = 0; c < all->n; c++)
			for (day = all->list[c].first; day <= all->list[c].last && day <= subject->end; day++)
				all->days[day - subject->days_begin + 1] = 1;
		for (day = 0; day < n; day++)
			all->days[day + 1] += all->days[day];
	}
}

/* Tells on how many days of an interval something counts in an item. */
static int
days_counting(const Subject *subject, int item, Interval days)
{
	const int  *n = subject->items[item].days;
	int			first = days.first;

	if (first < subject->days_begin)
		first = subject->days_begin;
	if (n == NULL || days.last < first)
		return 0;
	return n[days.last - subject->days_begin + 1] - n[first - subject->days_begin];
}

static bool
counts_on_all(const Subject *subject, int item, Interval days)
{
	return days_counting(subject, item, days) == days.last - days.first + 1;
}

/* --------------------------------------------------- sums of a day (README 4) */

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

static bool
in_share(const Contribution *contribution, const Share *share)
{
	Value		unit = contribution->fact->values[R_UNIT];

	if (share->unit != NULL && (!unit.known || !same(unit.text, share->unit)))
		return false;
	return !share->has_days ||
		(share->days.first <= contribution->anchor && contribution->anchor <= share->days.last);
}

/* Orders by anchor, then by points, fewest first. */
static int
by_anchor(const void *a, const void *b)
{
	const Contribution *one = *(const Contribution *const *) a;
	const Contribution *other = *(const Contribution *const *) b;

	if (one->anchor != other->anchor)
		return one->anchor < other->anchor ? -1 : 1;
	return one->points < other->points ? -1 : one->points > other->points;
}

/* Tells whether a is to be kept rather than b. */
static bool
rather(TakeKind keep, const Contribution *a, const Contribution *b)
{
	switch (keep)
	{
		case TAKE_HIGHEST:
			return a->points > b->points;
		case TAKE_LOWEST:
			return a->points < b->points;
		case TAKE_LATEST:
			return a->anchor > b->anchor || (a->anchor == b->anchor && a->points < b->points);
		case TAKE_EARLIEST:
			return a->anchor < b->anchor || (a->anchor == b->anchor && a->points < b->points);
		default:
			die("cannot keep so");
	}
	return false;
}

/* Leaves one record of a list. */
static void
leave_one(Taken *taken, TakeKind keep)
{
	int			i;

	for (i = 1; i < taken->n; i++)
		if (rather(keep, taken->list[i], taken->list[0]))
			taken->list[0] = taken->list[i];
	if (taken->n > 1)
		taken->n = 1;
}

/* Leaves the latest or earliest; several on that day are a tie. */
static void
leave_by_day(Taken *taken, const Take *take)
{
	int			day;
	bool		differ = false;
	int			n = 0;
	int			i;

	if (taken->n == 0)
		return;
	day = taken->list[0]->anchor;
	for (i = 1; i < taken->n; i++)
		if (take->kind == TAKE_LATEST ? taken->list[i]->anchor > day : taken->list[i]->anchor < day)
			day = taken->list[i]->anchor;
	for (i = 0; i < taken->n; i++)
		if (taken->list[i]->anchor == day)
			taken->list[n++] = taken->list[i];
	taken->n = n;
	for (i = 1; i < n; i++)
		if (taken->list[i]->points != taken->list[0]->points)
			differ = true;
	if (take->tie == TAKE_ALL && differ && has(C_tie_refer))
		taken->referred = true;
	/* a tie that is referred is reckoned with the fewest points */
	leave_one(taken, take->tie == TAKE_HIGHEST && has(C_tie) ? TAKE_HIGHEST : TAKE_LOWEST);
}

/* Of the records with the same value of a term leaves one. */
static void
leave_once_per(Taken *taken, const Take *take)
{
	static Taken same_value;
	static Taken result;
	TakeKind	keep = take->keep;
	int			i;
	int			j;

	if (!has(C_keep))
		keep = keep == TAKE_HIGHEST ? TAKE_LOWEST : keep == TAKE_LOWEST ? TAKE_HIGHEST :
			keep == TAKE_LATEST ? TAKE_EARLIEST : TAKE_LATEST;
	result.n = 0;
	for (i = 0; i < taken->n; i++)
	{
		Value		value = taken->list[i]->fact->values[take->term];
		bool		seen = false;

		same_value.n = 0;
		for (j = 0; j < taken->n; j++)
		{
			Value		other = taken->list[j]->fact->values[take->term];

			/* a record without the value stands alone */
			if (j == i || (value.known && other.known && same(value.text, other.text)))
			{
				same_value.list[same_value.n++] = taken->list[j];
				if (j < i)
					seen = true;
			}
		}
		if (seen)
			continue;
		leave_one(&same_value, keep);
		result.list[result.n++] = same_value.list[0];
	}
	taken->n = result.n;
	memcpy(taken->list, result.list, sizeof(result.list[0]) * (size_t) result.n);
}

static void
take(const Subject *subject, int i, int on, const Share *share, Taken *taken)
{
	const Contributions *all = &subject->items[i];
	const Take *rule = &policy.items[i].take;
	int			c;

	taken->n = 0;
	taken->referred = false;
	for (c = 0; c < all->n; c++)
		if (all->list[c].first <= on && on <= all->list[c].last && in_share(&all->list[c], share))
		{
			if (taken->n == MAX_UNITS)
				die("too many records");
			taken->list[taken->n++] = &all->list[c];
		}
	taken->counting = taken->n;
	switch (rule->kind)
	{
		case TAKE_ALL:
			break;
		case TAKE_MEAN:
			break;
		case TAKE_LATEST:
			if (has(C_latest))
				leave_by_day(taken, rule);
			break;
		case TAKE_EARLIEST:
			if (has(C_earliest))
				leave_by_day(taken, rule);
			break;
		case TAKE_HIGHEST:
			if (has(C_highest))
				leave_one(taken, TAKE_HIGHEST);
			break;
		case TAKE_LOWEST:
			if (has(C_lowest))
				leave_one(taken, TAKE_LOWEST);
			break;
		case TAKE_ONCE_PER:
			if (has(C_once_per))
				leave_once_per(taken, rule);
			break;
		case TAKE_AFTER_FIRST:
			if (!has(C_after_first))
				break;
			qsort(taken->list, (size_t) taken->n, sizeof(taken->list[0]), by_anchor);
			c = rule->spared < taken->n ? rule->spared : taken->n;
			taken->n -= c;
			memmove(taken->list, taken->list + c, sizeof(taken->list[0]) * (size_t) taken->n);
			break;
	}
}

/* Gives the sum of an item, over a share of its records. */
static Number
sum_of_item(const Subject *subject, int i, int on, const Share *share, int *count, bool *referred)
{
	static Taken taken;
	const Item *item = &policy.items[i];
	Number		sum = 0;
	int			c;

	take(subject, i, on, share, &taken);
	if (taken.referred)
		*referred = true;
	*count = taken.n;
	if (taken.counting == 0)
		return item->has_absent && has(C_absent) ? item->absent : 0;
	for (c = 0; c < taken.n; c++)
		sum += taken.list[c]->points;
	if (item->take.kind == TAKE_MEAN && has(C_mean))
		sum = divide_score(sum, taken.n);
	if (item->has_factor && has(C_factor))
		sum = divide_score((__int128) sum * item->factor, ONE);
	if ((item->limits.has_floor || item->limits.has_cap) && has(C_item_limits))
		sum = keep(item->limits, sum);
	return sum;
}

static bool
is_per(int component)
{
	return component >= 0 && (policy.components[component].per_units || policy.components[component].per_calendar);
}

/*
 * Sums up the items about records.  In a component over sub-units only ties
 * within one of them are referred.
 */
static void
sum_items(const Subject *subject, Day *day)
{
	static const Share all;
	const Contributions *enrolments = &subject->items[ENROLLED];
	bool		ignored;
	int			i;

	day->enrolled = 0;
	for (i = 0; i < enrolments->n; i++)
		if (enrolments->list[i].first <= day->on && day->on <= enrolments->list[i].last)
			day->enrolled++;
	for (i = 0; i < policy.nitems; i++)
	{
		day->counts[i] = 0;
		day->sums[i] = 0;
		if (policy.items[i].match != NULL)
			day->sums[i] = sum_of_item(subject, i, day->on, &all, &day->counts[i],
									   is_per(policy.items[i].component) ? &ignored : &day->referred);
	}
}

/* -------------------------------------- runs and counters of a day (README 5) */

/* Tells whether a run goes on in a unit, or in what there is of it. */
static bool
run_meets(const Subject *subject, const Run *run, Interval unit)
{
	bool		some = days_counting(subject, run->of, unit) > 0;

	if (run->without && has(C_run_without) ? some : !some)
		return false;
	return !run->has_while || !has(C_run_while) || counts_on_all(subject, run->during, unit);
}

static int
length_of_run(const Subject *subject, const Run *run, int on)
{
	Interval	unit = unit_of(run->per, on);
	Interval	so_far = {unit.first, on};
	int			n = 0;

	if (!has(C_run))
		return 0;
	if (run->through_this && has(C_run_through))
	{
		if (!run_meets(subject, run, so_far))
			return 0;
		n = 1;
	}
	while (n < run->at_most || (n < run->at_most + 3 && !has(C_at_most)))
	{
		unit = unit_of(run->per, unit.first - 1);
		if (!run_meets(subject, run, unit))
			break;
		n++;
	}
	return n;
}

typedef struct Event
{
	int			on;
	Number		adds;
} Event;

static int
by_day_smallest(const void *a, const void *b)
{
	const Event *one = a;
	const Event *other = b;

	if (one->on != other->on)
		return one->on < other->on ? -1 : 1;
	return one->adds < other->adds ? -1 : one->adds > other->adds;
}

static int
by_day_largest(const void *a, const void *b)
{
	const Event *one = a;
	const Event *other = b;

	if (one->on != other->on)
		return one->on < other->on ? -1 : 1;
	return one->adds > other->adds ? -1 : one->adds < other->adds;
}

/* Tries the steps of a counter after an addition. */
static void
try_steps(int c, Day *day, bool *since_reset, int on)
{
	bool		reset = false;
	int			s;

	for (s = 0; s < policy.nsteps; s++)
	{
		const Step *step = &policy.steps[s];
		Value		resets = {true, (Number) day->resets[c] * ONE, NULL};

		if (step->counter != c || since_reset[s] || day->counters[c] < step->at_least)
			continue;
		if (step->resets != NULL && has(C_resets) && truth_of_test(step->resets, resets) != YES)
			continue;
		since_reset[s] = true;
		day->fired[s]++;
		day->fired_on[s] = on;
		day->fires[s] += on == day->on;
		if (step->reset && has(C_reset))
			reset = true;
	}
	if (!reset)
		return;
	day->counters[c] = 0;
	day->resets[c]++;
	memset(since_reset, 0, sizeof(bool) * MAX_PARTS);
}

/* Gives the events of a counter on a day, in the order in which they count. */
static int
events_of(const Subject *subject, const Counter *counter, int on, Event *events)
{
	Interval	unit = unit_of(counter->per, on);
	bool		largest = false;
	int			n = 0;
	int			i;
	int			c;

	if (!has(C_counter_per))
		unit.first = 0;
	for (i = 0; i < policy.nitems; i++)
		for (c = 0; counter->items[i] && c < subject->items[i].n; c++)
		{
			const Contribution *one = &subject->items[i].list[c];

			if (one->first > on || one->last < on || one->first < unit.first)
				continue;
			if (n == MAX_UNITS)
				die("too many events");
			events[n].on = one->first;
			events[n].adds = counter->of == OF_COUNT || !has(C_counter_points) ? ONE :
				counter->of == OF_POINTS ? one->points : -one->points;
			n++;
		}
	if (counter->same_day == DAY_LARGEST_FIRST)
		largest = has(C_largest_first);
	if (counter->same_day == DAY_SMALLEST_FIRST)
		largest = !has(C_smallest_first);
	qsort(events, (size_t) n, sizeof(Event), largest ? by_day_largest : by_day_smallest);
	return n;
}

static void
follow_counter(const Subject *subject, int c, Day *day)
{
	static Event events[MAX_UNITS];
	const Counter *counter = &policy.counters[c];
	bool		since_reset[MAX_PARTS] = {false};
	int			n;
	int			e;

	day->counters[c] = 0;
	day->resets[c] = 0;
	if (!has(C_counter))
		return;
	n = events_of(subject, counter, day->on, events);
	for (e = 0; e < n; e++)
	{
		bool		more_today = e + 1 < n && events[e + 1].on == events[e].on;

		if (more_today && counter->same_day == DAY_REFER && events[e + 1].adds != events[e].adds &&
			has(C_same_day_refer))
			day->referred = true;
		day->counters[c] += events[e].adds;
		if (more_today && (counter->same_day == DAY_REFER || (counter->same_day == DAY_TOGETHER && has(C_together))))
			continue;
		try_steps(c, day, since_reset, events[e].on);
	}
}

/* Adds up the items about the outcome, in the order of the file. */
static void
sum_bonuses(const Subject *subject, Day *day)
{
	int			i;

	for (i = 0; i < policy.nitems; i++)
	{
		const Item *item = &policy.items[i];

		if (item->when == NULL || !holds(item->when, subject, day) || !has(C_item_when))
			continue;
		day->counts[i] = 1;
		day->sums[i] = keep(item->limits, item->points.each);
	}
}

/* ------------------------------------- components and score of a day (README 5) */

/* Gives the value of a component over a share of its records. */
static Number
component_share(const Subject *subject, int c, Day *day, const Share *share)
{
	const Component *component = &policy.components[c];
	Number		value = component->base;
	int			count;
	int			i;

	for (i = 0; i < policy.nitems; i++)
		if (policy.items[i].component == c && policy.items[i].match != NULL)
			value += sum_of_item(subject, i, day->on, share, &count, &day->referred);
	return keep(component->limits, value);
}

/* Gives what a sub-unit weighs by the records that make it one. */
static Number
weight_of_unit(const Taken *units, const char *unit, Weighing weigh)
{
	int			term = weigh == WEIGH_AMOUNT ? R_AMOUNT : R_QUANTITY;
	Number		sum = 0;
	int			i;

	for (i = 0; i < units->n; i++)
	{
		const Value *values = units->list[i]->fact->values;

		if (values[R_UNIT].known && same(values[R_UNIT].text, unit) && values[term].known)
			sum += values[term].number;
	}
	return sum;
}

/* Gives the mean over the different units of the records of an item. */
static Number
mean_over_units(const Subject *subject, int c, Day *day)
{
	static Taken units;
	static const Share all;
	const Component *component = &policy.components[c];
	Weighing	weigh = component->weigh;
	__int128	weighted = 0;
	__int128	sum = 0;
	__int128	weights = 0;
	int			n = 0;
	int			i;
	int			j;

	if (!has(weigh == WEIGH_QUANTITY ? C_by_quantity : C_by_amount))
		weigh = WEIGH_PLAIN;
	take(subject, component->per_item, day->on, &all, &units);
	for (i = 0; i < units.n; i++)
	{
		Value		unit = units.list[i]->fact->values[R_UNIT];
		Share		share = {unit.text, false, {0, 0}};
		bool		seen = !unit.known;
		Number		value;
		Number		weight;

		for (j = 0; j < i && !seen; j++)
			seen = units.list[j]->fact->values[R_UNIT].known &&
				same(units.list[j]->fact->values[R_UNIT].text, unit.text);
		if (seen)
			continue;
		value = component_share(subject, c, day, &share);
		weight = weigh == WEIGH_PLAIN ? 0 : weight_of_unit(&units, unit.text, weigh);
		n++;
		sum += value;
		weighted += (__int128) value * weight;
		weights += weight;
	}
	if (n == 0)
		return has(C_empty) ? component->empty : 0;
	return weights == 0 ? divide_score(sum, n) : divide_score(weighted, weights);
}

/* Gives the mean over the units of the current cycle that have begun. */
static Number
mean_over_calendar(const Subject *subject, int c, Day *day)
{
	const Component *component = &policy.components[c];
	Share		share = {NULL, true, unit_of(component->per, cycle_unit(day->on).first)};
	__int128	sum = 0;
	int			n = 0;

	for (; share.days.first <= day->on; share.days = unit_of(component->per, share.days.last + 1))
	{
		Interval	begun = share.days;

		if (begun.last > day->on)
			begun.last = day->on;
		if (days_counting(subject, ENROLLED, begun) == 0)
			continue;
		sum += component_share(subject, c, day, &share);
		n++;
	}
	return n == 0 ? component->empty : divide_score(sum, n);
}

static void
add_up_components(const Subject *subject, Day *day)
{
	int			c;
	int			i;

	for (c = 0; c < policy.ncomponents; c++)
	{
		const Component *component = &policy.components[c];
		Number		value = component->base;

		day->components[c] = 0;
		day->present[c] = component->when == NULL || !has(C_component_when) ||
			holds(component->when, subject, day);
		if (!day->present[c])
			continue;
		if (component->per_units && has(C_per_units))
			value = mean_over_units(subject, c, day);
		else if (component->per_calendar && has(C_per_calendar))
			value = mean_over_calendar(subject, c, day);
		else
		{
			for (i = 0; i < policy.nitems; i++)
				if (policy.items[i].component == c)
					value += day->sums[i];
			if ((component->limits.has_floor || component->limits.has_cap) && has(C_component_limits))
				value = keep(component->limits, value);
		}
		day->components[c] = value;
	}
}

static void
work_out_score(const Subject *subject, Day *day)
{
	__int128	weighted = 0;
	__int128	weights = 0;
	Number		plain = policy.base;
	int			i;

	if (!policy.has_score)
		return;
	for (i = 0; i < policy.nitems; i++)
		if (policy.items[i].component < 0)
			plain += day->sums[i];
	for (i = 0; i < policy.ncomponents; i++)
		if (day->present[i])
		{
			Number		weight = policy.components[i].weight;

			if (weight != ONE && !has(C_weight))
				weight = ONE;
			weighted += (__int128) day->components[i] * weight;
			weights += weight;
		}
	if (policy.has_of && has(C_score_of))
		day->out.score = look_up(&policy.of, subject, NULL, day).number;
	else if (!policy.weighted_mean || !has(C_weighted_mean))
		day->out.score = divide_score((__int128) plain * ONE + weighted, ONE);
	else if (weights == 0)
		day->out.score = plain;
	else
		day->out.score = divide_score(plain * weights + weighted, weights);
	if ((policy.limits.has_floor || policy.limits.has_cap) && has(C_score_limits))
		day->out.score = keep(policy.limits, day->out.score);
}

/* -------------------------------------------- values derived of a day (README 5) */

static bool
value_of_cases(const Subject *subject, const Derived *value, const Day *day, Number *result)
{
	int			i;

	*result = value->otherwise;
	for (i = 0; i < value->ncases && has(C_value_cases); i++)
	{
		Truth		truth = truth_of(value->cases[i].when, subject, NULL, day);

		if (truth == UNKNOWN && has(C_value_unknown))
			return false;
		if (truth == YES)
		{
			*result = value->cases[i].points;
			break;
		}
	}
	*result = divide(*result, 1, value->decimals, value->round);
	return true;
}

static bool
value_of(const Subject *subject, const Derived *value, const Day *day, Number *result)
{
	Number		n[MAX_PARTS];
	__int128	sum = 0;
	Number		least;
	Number		greatest;
	int			i;

	if (value->kind == VALUE_CASES)
		return value_of_cases(subject, value, day, result);
	n[0] = n[1] = 0;
	for (i = 0; i < value->nterms; i++)
	{
		Value		known = look_up(&value->terms[i], subject, NULL, day);

		if (!known.known)
			return false;
		n[i] = known.number;
		sum += n[i];
	}
	least = greatest = n[0];
	for (i = 1; i < value->nterms; i++)
	{
		least = n[i] < least ? n[i] : least;
		greatest = n[i] > greatest ? n[i] : greatest;
	}
	switch (value->kind)
	{
		case VALUE_RATIO:
			if (n[1] == 0)
				*result = has(C_over_zero) ? divide(value->otherwise, 1, value->decimals, value->round) : 0;
			else
				*result = has(C_ratio) ? divide((__int128) n[0] * value->times, n[1], value->decimals, value->round) : 0;
			break;
		case VALUE_SUM:
			*result = has(C_value_sum) ? divide(sum, 1, value->decimals, value->round) : 0;
			break;
		case VALUE_MEAN:
			*result = has(C_value_mean) ? divide(sum, value->nterms, value->decimals, value->round) : 0;
			break;
		case VALUE_LEAST:
			*result = divide(has(C_least) ? least : greatest, 1, value->decimals, value->round);
			break;
		case VALUE_GREATEST:
			*result = divide(has(C_greatest) ? greatest : least, 1, value->decimals, value->round);
			break;
		case VALUE_LINEAR:
			*result = has(C_linear) ? divide((__int128) n[0] * value->times + (__int128) value->plus * ONE, ONE,
											 value->decimals, value->round) : 0;
			break;
		case VALUE_CASES:
			break;
	}
	return true;
}

/* Derives the values of a step of README 2, in the order of the file. */
static void
derive_values(const Subject *subject, Day *day, int step)
{
	int			i;

	for (i = 0; i < policy.nvalues; i++)
	{
		const Derived *value = &policy.values[i];
		Number		number = 0;

		if (value->step != step)
			continue;
		day->out.values[i].known = (!value->at_rating || in_rating || !has(C_at_rating)) &&
			value_of(subject, value, day, &number);
		day->out.values[i].number = day->out.values[i].known ? number : 0;
	}
}

/* ----------------------------------------------- outcome of a day (README 5) */

/* Works out everything up to step 4 of README 2. */
static void
add_up(const Subject *subject, int on, const Place *place, Day *day)
{
	int			i;

	memset(&day->out, 0, sizeof(day->out));
	day->on = on;
	day->place = place;
	day->referred = false;
	day->out.state = STATE_RATED;
	day->out.band = -1;
	sum_items(subject, day);
	for (i = 0; i < policy.nruns; i++)
		day->runs[i] = length_of_run(subject, &policy.runs[i], on);
	for (i = 0; i < policy.nsteps; i++)
		day->fired[i] = day->fired_on[i] = day->fires[i] = 0;
	for (i = 0; i < policy.ncounters; i++)
		follow_counter(subject, i, day);
	sum_bonuses(subject, day);
	add_up_components(subject, day);
	derive_values(subject, day, 2);
	work_out_score(subject, day);
	derive_values(subject, day, 4);
}

/* Chooses among bands that hold; GAP_REFER when an officer has to. */
static int
choice_of(uint64_t bands)
{
	int			best = -1;
	int			worst = -1;
	int			n = 0;
	int			i;

	for (i = 0; i < policy.nbands; i++)
		if (bands & UINT64_C(1) << i)
		{
			if (n++ == 0)
				best = i;
			worst = i;
		}
	if (n == 0)
		return has(C_gap) ? policy.gap : 0;
	if (n > 1 && policy.choose == CHOOSE_REFER)
		return has(C_choose) ? GAP_REFER : best;
	return (policy.choose == CHOOSE_WORST) == has(C_choose) ? worst : best;
}

/*
 * Chooses a band.  One whose condition is unknown is tried both ways, with
 * every combination of the others: where the choice is not the same each time
 * the outcome is undecided.
 */
static int
choose_band(const Subject *subject, const Day *day)
{
	int			unknown[MAX_PARTS];
	int			n = 0;
	uint64_t	known = 0;
	uint64_t	combination;
	int			choice;
	int			i;

	for (i = 0; i < policy.nbands; i++)
	{
		Truth		truth = truth_of(policy.bands[i].when, subject, NULL, day);

		if (truth == YES)
			known |= UINT64_C(1) << i;
		if (truth == UNKNOWN && has(C_band_unknown))
			unknown[n++] = i;
	}
	if (n > 20)
		die("too many unknown bands");
	choice = choice_of(known);
	for (combination = 1; combination < UINT64_C(1) << n; combination++)
	{
		uint64_t	bands = known;

		for (i = 0; i < n; i++)
			if (combination & UINT64_C(1) << i)
				bands |= UINT64_C(1) << unknown[i];
		if (choice_of(bands) != choice)
			return GAP_REFER;
	}
	return choice;
}

/* Tells whether a rule with hold holds, its condition having held last on a day. */
static bool
held(const Part *part, int last, int on)
{
	return last != INT_MIN && on <= add_span(last, part->hold);
}

static bool
veto_holds(const Subject *subject, int v, const Day *day)
{
	if (policy.vetoes[v].hold.given && has(C_veto_hold))
		return held(&policy.vetoes[v], subject->held[v], day->on);
	return (day->veto_conditions & UINT64_C(1) << v) != 0;
}

/*
 * Lets ceilings, floors and vetoes limit the band.  They are taken one by one
 * in this order; one that is overridden when its turn comes overrides nothing.
 */
static void
limit_band(const Subject *subject, Day *day)
{
	int			n = policy.nceilings + policy.nfloors + policy.nvetoes;
	int			not_better = 0;
	int			not_worse = INT_MAX;
	uint64_t	effective = 0;
	uint64_t	overridden = 0;
	int			i;

	for (i = 0; i < n; i++)
	{
		int			f = i - policy.nceilings;
		int			v = f - policy.nfloors;
		const Part *part = f < 0 ? &policy.ceilings[i] : v < 0 ? &policy.floors[f] : &policy.vetoes[v];

		if (!(f < 0 ? has(C_ceiling) && holds(part->when, subject, day) :
			  v < 0 ? has(C_floor) && holds(part->when, subject, day) :
			  has(C_veto) && veto_holds(subject, v, day)))
			continue;
		if (overridden & UINT64_C(1) << i && has(C_overrides))
			continue;
		effective |= UINT64_C(1) << i;
		overridden |= part->overrides;
	}
	for (i = 0; i < n; i++)
	{
		int			f = i - policy.nceilings;
		int			v = f - policy.nfloors;
		int			band = f < 0 ? policy.ceilings[i].band : v < 0 ? policy.floors[f].band : policy.vetoes[v].band;

		/* one that was overridden after its turn does not hold either */
		if (!(effective & UINT64_C(1) << i) || (overridden & UINT64_C(1) << i && has(C_overrides)))
			continue;
		if (f >= 0 && v < 0)
			not_worse = band < not_worse ? band : not_worse;
		else
			not_better = band > not_better ? band : not_better;
		if (v >= 0)
			day->out.vetoes |= UINT64_C(1) << v;
	}
	/* a veto decides also what the bands left undecided; a ceiling alone does not */
	if (day->out.vetoes != 0 && has(C_veto_decides))
		day->out.undecided = false;
	if (day->referred || not_worse < not_better)
		day->out.undecided = true;
	if (day->out.undecided)
		day->out.band = -1;
	else
	{
		if (day->out.band < not_better)
			day->out.band = not_better;
		if (day->out.band > not_worse)
			day->out.band = not_worse;
	}
}

/* Gives the due day of an order, or DUE_UNKNOWN. */
static int
due_of(const Subject *subject, const Part *effect, const Day *day)
{
	const Contributions *all;
	int			after = DUE_UNKNOWN;
	int			c;

	switch (effect->after)
	{
		case AFTER_NOTHING:
			break;
		case AFTER_STEP:
			if (day->fired[effect->after_index] > 0 && has(C_due_step))
				after = day->fired_on[effect->after_index];
			break;
		case AFTER_ITEM:
			all = &subject->items[effect->after_index];
			for (c = 0; c < all->n && has(C_due_item); c++)
				if (all->list[c].first <= day->on && day->on <= all->list[c].last && all->list[c].anchor > after)
					after = all->list[c].anchor;
			break;
		case AFTER_CYCLE:
			if (has(C_due_cycle))
				after = cycle_unit(day->on).first;
			break;
	}
	/* of working days the day is left to the calendar: "N working days after" */
	return after == DUE_UNKNOWN || effect->due.working ? after : add_span(after, effect->due);
}

static void
find_effects(Subject *subject, Day *day)
{
	int			i;

	for (i = 0; i < policy.neffects; i++)
	{
		const Part *effect = &policy.effects[i];
		bool		is = (day->effect_conditions & UINT64_C(1) << i) != 0;

		if (effect->at_rating && !in_rating && has(C_at_rating))
			continue;
		if (effect->hold.given && has(C_bar_hold))
			is = held(effect, subject->effect_held[i], day->on);
		if (!is || !(effect->order ? has(C_effect_order) : has(C_effect_bar)))
			continue;
		day->out.effects |= UINT64_C(1) << i;
		if (effect->order)
			day->out.due[i] = due_of(subject, effect, day);
	}
}

static void
find_lists(const Subject *subject, Day *day)
{
	int			i;

	for (i = 0; i < policy.nlists; i++)
		if ((!policy.lists[i].at_rating || in_rating || !has(C_at_rating)) && has(C_list) &&
			holds(policy.lists[i].when, subject, day))
			day->out.lists |= UINT64_C(1) << i;
}

/* Notes which conditions hold on the day itself, and since when others did. */
static uint64_t
note_conditions(const Subject *subject, const Part *parts, int n, int *last_held, const Day *day)
{
	uint64_t	conditions = 0;
	int			i;

	for (i = 0; i < n; i++)
		if (holds(parts[i].when, subject, day))
		{
			conditions |= UINT64_C(1) << i;
			last_held[i] = day->on;
		}
	return conditions;
}

static void
forget_values(Day *day)
{
	int			i;

	for (i = 0; i < policy.nvalues; i++)
		if (policy.values[i].step > 2)
		{
			day->out.values[i].known = false;
			day->out.values[i].number = 0;
		}
}

static void
find_state(const Subject *subject, Day *day)
{
	int			i;

	for (i = 0; i < policy.nstates; i++)
		if (has(C_state) && holds(policy.states[i].when, subject, day))
		{
			day->out.state = i;
			day->out.band = has(C_state_band) ? policy.states[i].band : -1;
			return;
		}
}

/* Decides a day; the days before must have been, where something holds on. */
static void
decide(Subject *subject, int on, const Place *place, Day *day)
{
	add_up(subject, on, place, day);
	day->out.computed = true;
	day->veto_conditions = day->effect_conditions = 0;
	if (day->enrolled == 0)
	{
		memset(&day->out, 0, sizeof(day->out));
		day->out.computed = true;
		day->out.state = STATE_NOT_ENROLLED;
		day->out.band = -1;
		return;
	}
	day->veto_conditions = note_conditions(subject, policy.vetoes, policy.nvetoes, subject->held, day);
	find_state(subject, day);
	if (day->out.state == STATE_RATED)
	{
		day->out.band = choose_band(subject, day);
		day->out.undecided = day->out.band == GAP_REFER;
		limit_band(subject, day);
	}
	if (day->out.undecided)
		forget_values(day);
	else
		derive_values(subject, day, 5);
	day->effect_conditions = note_conditions(subject, policy.effects, policy.neffects, subject->effect_held, day);
	if (!day->out.undecided)
	{
		find_lists(subject, day);
		if (day->out.state == STATE_RATED)
			find_effects(subject, day);
	}
}

/* ------------------------------------------------------ walking the days */

static void
widen(Subject *subject, int day)
{
	if (day < subject->begin)
		subject->begin = day;
	if (day > subject->end)
		subject->end = day;
}

static int
days_of_per(Per per, int n)
{
	return per.kind == PER_ALWAYS ? 0 : n * 31 * (per.kind == PER_CYCLE ? policy.cycle_months : per.months);
}

/* Gives how many days a change may come after the last day of a record. */
static int
days_of_echo(void)
{
	Per			cycle = {PER_CYCLE, 0};
	int			days = 1;
	int			i;

	for (i = 0; i < policy.nruns; i++)
		days += days_of_per(policy.runs[i].per, policy.runs[i].at_most + 5);
	for (i = 0; i < policy.ncounters; i++)
		days += days_of_per(policy.counters[i].per, 1);
	for (i = 0; i < policy.nvetoes; i++)
		days += policy.vetoes[i].hold.days + 31 * policy.vetoes[i].hold.months + 1;
	for (i = 0; i < policy.neffects; i++)
		days += policy.effects[i].hold.days + 31 * policy.effects[i].hold.months + 1;
	return days + days_of_per(cycle, 3);
}

/*
 * Sets the days to walk: all questions and every day on which a record begins
 * or ceases to count or to enrol, and as many more as runs, cycles and holds
 * look back.  After them nothing changes any more, or only as it did before.
 */
static void
set_horizon(Subject *subject)
{
	int			echo = days_of_echo();
	int			first = INT_MAX;
	int			i;
	int			c;

	subject->begin = INT_MAX;
	subject->end = 0;
	for (i = 0; i < subject->nqueries; i++)
		widen(subject, subject->queries[i]);
	first = subject->begin;
	for (i = 0; i <= MAX_ITEMS; i++)
		for (c = 0; c < subject->items[i].n; c++)
		{
			widen(subject, subject->items[i].list[c].first);
			if (subject->items[i].list[c].last != NO_END)
				widen(subject, subject->items[i].list[c].last + 1);
		}
	/* what held earlier than this holds no more */
	if (subject->begin < first - echo)
		subject->begin = first - echo;
	subject->end += echo;
	if (policy.has_until && subject->end > policy.until + 1)
		subject->end = policy.until + 1;
	for (i = 0; i < subject->nqueries; i++)
		widen(subject, subject->queries[i]);
}

static void
begin_walk(Subject *subject)
{
	int			i;

	offer_records(subject);
	set_horizon(subject);
	fill_days(subject);
	subject->walked = subject->begin - 1;
	for (i = 0; i < MAX_PARTS; i++)
		subject->held[i] = subject->effect_held[i] = INT_MIN;
	free(subject->outcomes);
	free(subject->days);
	subject->outcomes = zeroed(subject->end - subject->begin + 1, sizeof(Outcome));
	subject->days = zeroed(subject->nqueries, sizeof(Day));
}

/* Decides a day; keeps all of it where it is asked for. */
static void
walk_day(Subject *subject, int on)
{
	static Day	day;
	int			i;

	decide(subject, on, NULL, &day);
	subject->outcomes[on - subject->begin] = day.out;
	for (i = 0; i < subject->nqueries; i++)
		if (subject->queries[i] == on)
			subject->days[i] = day;
}

/* Gives the outcome of a day; worked out once, then remembered. */
static const Outcome *
outcome_of(Subject *subject, int on)
{
	if (!holds_matter && !subject->outcomes[on - subject->begin].computed)
		walk_day(subject, on);
	while (holds_matter && subject->walked < on)
		walk_day(subject, ++subject->walked);
	return &subject->outcomes[on - subject->begin];
}

static const char *
grade_of(int band)
{
	const char *grade = band >= 0 ? policy.grades[band] : NULL;

	return grade ? grade : "-";
}

static bool
differ(const Outcome *a, const Outcome *b)
{
	int			i;

	for (i = 0; i < policy.neffects; i++)
		if (a->due[i] != b->due[i])
			return true;
	for (i = 0; i < policy.nvalues; i++)
		if (a->values[i].known != b->values[i].known || a->values[i].number != b->values[i].number)
			return true;
	return a->state != b->state || (policy.has_score && a->score != b->score) || a->band != b->band ||
		!same(grade_of(a->band), grade_of(b->band)) || a->undecided != b->undecided ||
		a->vetoes != b->vetoes || a->lists != b->lists || a->effects != b->effects;
}

/* Gives the first later day with another outcome, or NO_END. */
static int
next_change_on(Subject *subject, int on)
{
	const Outcome *now = outcome_of(subject, on);
	int			day;

	for (day = on + 1; day <= subject->end; day++)
	{
		if (policy.has_until && day > policy.until)
			return policy.until + 1;
		if (differ(now, outcome_of(subject, day)))
			return day;
	}
	return policy.has_until ? policy.until + 1 : NO_END;
}

/* --------------------------------------------------- a rating (README 7) */

/* Tells how many of n a group takes in. */
static int
size_of_group(const Group *group, int n)
{
	static const Rounding rounds[] = {ROUND_HALF_UP, ROUND_AWAY_FROM_ZERO, ROUND_TOWARD_ZERO};

	if (!group->has_percent)
		return has(C_number) ? group->number : n;
	return has(C_percent) ? (int) round_to_steps((__int128) group->percent * n, 100 * ONE, rounds[group->round]) : n;
}

/* Places the subjects of a cohort in one ranking. */
static void
place_in_rank(Subject **ranked, int n, int r)
{
	const Rank *rank = &policy.ranks[r];
	bool		lowest = rank->best_lowest && has(C_best_lowest);
	int			i;
	int			j;
	int			g;

	for (i = 0; i < n; i++)
	{
		Number		own = look_up(&rank->by, ranked[i], NULL, ranked[i]->days).number;
		int			better = 0;
		int			equal = 0;	/* himself counted */

		for (j = 0; j < n; j++)
		{
			Number		other = look_up(&rank->by, ranked[j], NULL, ranked[j]->days).number;

			if (other == own)
				equal++;
			else if ((other > own) != lowest)
				better++;
		}
		ranked[i]->place.ranks[r].known = true;
		ranked[i]->place.ranks[r].number = (Number) (better + 1) * ONE;
		for (g = 0; g < policy.ngroups; g++)
		{
			const Group *group = &policy.groups[g];
			int			q = size_of_group(group, n);
			int			before = group->from_worst && has(C_from_worst) ? n - better - equal : better;
			Ties		ties = rank->ties;

			if (group->rank != r)
				continue;
			if (ties == TIES_INCLUDE ? !has(C_ties_include) : ties == TIES_EXCLUDE && !has(C_ties_exclude))
				ties = ties == TIES_INCLUDE ? TIES_EXCLUDE : TIES_INCLUDE;
			if (ties == TIES_REFER && !has(C_ties_refer))
				ties = TIES_INCLUDE;
			/* the group's end lies before, behind or in the tie */
			ranked[i]->place.groups[g] = q <= before ? NO : q >= before + equal ? YES :
				ties == TIES_INCLUDE ? YES : ties == TIES_EXCLUDE ? NO : UNKNOWN;
		}
	}
}

/*
 * Ranks the cohort.  What decides who is ranked is evaluated without places:
 * states, vetoes and "among" come before them.
 */
static void
rank_cohort(Subject *subjects, int n)
{
	Subject   **ranked = zeroed(n, sizeof(Subject *));
	int			r;
	int			i;
	int			m;

	for (r = 0; r < policy.nranks; r++)
	{
		for (i = m = 0; i < n; i++)
		{
			Day		   *day = subjects[i].days;

			if (day->enrolled > 0 &&
				((day->out.state == STATE_RATED && day->out.vetoes == 0) || !has(C_not_ranked)) &&
				(policy.ranks[r].among == NULL || !has(C_among) ||
				 holds(policy.ranks[r].among, &subjects[i], day)))
				ranked[m++] = &subjects[i];
		}
		place_in_rank(ranked, m, r);
	}
	free(ranked);
}

/* Evaluates all subjects on a day, ranks them and evaluates them with their places. */
static void
close_rating(Subject *subjects, int n, int on)
{
	static Day	before;
	int			i;
	int			g;

	for (i = 0; i < n; i++)
	{
		Subject    *subject = &subjects[i];

		subject->queries = room(subject->queries, 0, &subject->aqueries, sizeof(int));
		subject->queries[0] = on;
		subject->nqueries = 1;
		begin_walk(subject);
		/* days before the last were ordinary ones */
		in_rating = false;
		while (holds_matter && subject->walked < on - 1)
			decide(subject, ++subject->walked, NULL, &before);
		in_rating = true;
		memset(&subject->place, 0, sizeof(Place));
		for (g = 0; g < policy.ngroups; g++)
			subject->place.groups[g] = NO;
		decide(subject, on, NULL, subject->days);
	}
	rank_cohort(subjects, n);
	for (i = 0; i < n; i++)
		decide(&subjects[i], on, &subjects[i].place, subjects[i].days);
}

/* ---------------------------------------------------------------- answers */

static const char *between;		/* what separates the next from the one before */

static void
separate(const char *separator)
{
	fputs(between, stdout);
	between = separator;
}

/* Begins a column that may stay empty. */
static void
begin_column(void)
{
	putchar('\t');
	between = "";
}

static void
end_column(bool empty)
{
	if (empty)
		putchar('-');
}

static void
print_ids(const Part *parts, int n, uint64_t set)
{
	int			i;

	begin_column();
	for (i = 0; i < n; i++)
		if (set & UINT64_C(1) << i)
		{
			separate(",");
			fputs(parts[i].id, stdout);
		}
	end_column(set == 0);
}

static void
print_items(const Day *day)
{
	int			i;

	begin_column();
	for (i = 0; i < policy.nitems && day->enrolled > 0; i++)
	{
		separate(" ");
		printf("%s=", policy.items[i].id);
		print_number(day->sums[i], PLACES);
		printf("/%d", day->counts[i]);
	}
	for (i = 0; i < policy.ncomponents && day->enrolled > 0; i++)
	{
		separate(" ");
		printf("%s=", policy.components[i].id);
		print_number(day->components[i], PLACES);
	}
	end_column(day->enrolled == 0);
}

static void
print_due(const Outcome *outcome)
{
	bool		empty = true;
	int			i;

	begin_column();
	for (i = 0; i < policy.neffects; i++)
	{
		const Part *effect = &policy.effects[i];

		if (!(outcome->effects & UINT64_C(1) << i) || !effect->order)
			continue;
		empty = false;
		separate(",");
		printf("%s=", effect->id);
		if (outcome->due[i] == DUE_UNKNOWN)
		{
			fputs("unknown", stdout);
			continue;
		}
		if (effect->due.working)
			printf("%d working days after ", effect->due.days);
		print_day(outcome->due[i]);
	}
	end_column(empty);
}

static void
print_values(const Day *day)
{
	int			i;

	begin_column();
	for (i = 0; i < policy.nvalues && day->enrolled > 0; i++)
	{
		separate(" ");
		printf("%s=", policy.values[i].id);
		if (day->out.values[i].known)
			print_number(day->out.values[i].number, policy.values[i].decimals);
		else
			fputs("unknown", stdout);
	}
	end_column(policy.nvalues == 0 || day->enrolled == 0);
}

static void
print_counters(const Day *day)
{
	int			i;

	begin_column();
	for (i = 0; i < policy.nruns && day->enrolled > 0; i++)
	{
		separate(" ");
		printf("%s=%d", policy.runs[i].id, day->runs[i]);
	}
	for (i = 0; i < policy.ncounters && day->enrolled > 0; i++)
	{
		separate(" ");
		printf("%s=", policy.counters[i].id);
		print_number(day->counters[i], PLACES);
		printf("/%d", day->resets[i]);
	}
	for (i = 0; i < policy.nsteps && day->enrolled > 0; i++)
	{
		separate(" ");
		printf("%s=%d", policy.steps[i].id, day->fired[i]);
	}
	end_column(policy.nruns + policy.ncounters == 0 || day->enrolled == 0);
}

static void
print_ranks(const Day *day)
{
	bool		empty = day->place == NULL || policy.nranks == 0 || day->enrolled == 0;
	int			i;

	begin_column();
	for (i = 0; i < policy.nranks && !empty; i++)
	{
		separate(" ");
		printf("%s=", policy.ranks[i].id);
		if (day->place->ranks[i].known)
			printf("%" PRId64, day->place->ranks[i].number / ONE);
		else
			fputs("unknown", stdout);
	}
	for (i = 0; i < policy.ngroups && !empty; i++)
	{
		separate(" ");
		printf("%s=%s", policy.groups[i].id, day->place->groups[i] == YES ? "t" :
			   day->place->groups[i] == NO ? "f" : "unknown");
	}
	end_column(empty);
	putchar('\n');
}

/* Prints the line of a day; next is 0 in a rating, where nothing follows. */
static void
print_answer(const Subject *subject, const Day *day, int next)
{
	const Outcome *out = &day->out;

	printf("%d\t", subject->number);
	print_day(day->on);
	printf("\t%s\t", out->state == STATE_NOT_ENROLLED ? "not_enrolled" :
		   out->state == STATE_RATED ? "rated" : policy.states[out->state].id);
	if (out->state == STATE_NOT_ENROLLED || !policy.has_score)
		putchar('-');
	else
		print_number(out->score, policy.decimals);
	printf("\t%s\t%s\t%s", out->band >= 0 ? policy.bands[out->band].id : "-",
		   grade_of(out->band), out->undecided ? "t" : "f");
	print_ids(policy.vetoes, policy.nvetoes, out->vetoes);
	print_ids(policy.lists, policy.nlists, out->lists);
	putchar('\t');
	if (next == 0)
		putchar('-');
	else if (next == NO_END)
		fputs("none", stdout);
	else
		print_day(next);
	print_items(day);
	print_ids(policy.effects, policy.neffects, out->effects);
	print_due(out);
	print_values(day);
	print_counters(day);
	print_ranks(day);
}


/* ------------------------------------- what the constructs of a policy change */

/* Counts, for each construct, the answers that come out otherwise without it. */
static void
count_changes(Subject *subjects, int n, int rating_on)
{
	bool		are_used[NCONSTRUCTS];
	Outcome    *before;
	int			s;
	int			c;
	int			q;
	int			at = 0;

	memcpy(are_used, used, sizeof(used));
	for (s = 0; s < n; s++)
		at += subjects[s].nqueries;
	before = zeroed(at, sizeof(Outcome));
	for (s = at = 0; s < n; s++)
		for (q = 0; q < subjects[s].nqueries; q++)
			before[at++] = subjects[s].days[q].out;
	for (c = 0; c < NCONSTRUCTS; c++)
	{
		if (!are_used[c] || changed[c] >= ENOUGH)
			continue;
		left_out = c;
		if (rating_on != 0)
			close_rating(subjects, n, rating_on);
		for (s = at = 0; s < n; s++)
		{
			if (rating_on == 0)
				begin_walk(&subjects[s]);
			for (q = 0; q < subjects[s].nqueries; q++)
			{
				if (rating_on == 0)
					outcome_of(&subjects[s], subjects[s].queries[q]);
				changed[c] += differ(&before[at++], &subjects[s].days[q].out);
			}
		}
	}
	left_out = -1;
	free(before);
}

static void
print_changes(void)
{
	int			c;

	for (c = 0; c < NCONSTRUCTS; c++)
		if (used[c])
			fprintf(stderr, "%s\t%d\n", construct_names[c], changed[c]);
}

/* ------------------------------------------------------------- histories */

/* Answers the questions about a subject. */
static void
answer(Subject *subject)
{
	int			i;

	begin_walk(subject);
	for (i = 0; i < subject->nqueries; i++)
	{
		int			next = next_change_on(subject, subject->queries[i]);

		print_answer(subject, &subject->days[i], next);
	}
	if (coverage)
		count_changes(subject, 1, 0);
}

/* Closes a rating of some subjects. */
static void
answer_rating(Subject *subjects, int n, int on)
{
	int			i;

	close_rating(subjects, n, on);
	for (i = 0; i < n; i++)
		print_answer(&subjects[i], subjects[i].days, 0);
	if (coverage)
		count_changes(subjects, n, on);
}

static void
forget_subject(Subject *subject)
{
	int			i;
	int			t;

	for (i = 0; i <= MAX_ITEMS; i++)
	{
		free(subject->items[i].list);
		free(subject->items[i].days);
	}
	for (i = 0; i < subject->nfacts; i++)
		for (t = 0; t < RECORD_TERMS; t++)
			free((char *) subject->facts[i].values[t].text);
	free(subject->facts);
	free(subject->queries);
	free(subject->outcomes);
	free(subject->days);
	free(subject->kind);
	memset(subject, 0, sizeof(*subject));
}

static Value
fact_value(int term, const char *text)
{
	Value		value = {true, 0, NULL};

	switch (record_terms[term].type)
	{
		case TYPE_TEXT:
			value.text = copy_text(text);
			break;
		case TYPE_ORDERED:
			value.number = position(text, record_terms[term].order);
			break;
		case TYPE_AMOUNT:
			value.number = parse_scaled(text, strlen(text), 0); /* fen */
			break;
		case TYPE_DECIMAL:
			value.number = parse_number(text);
			break;
		case TYPE_DAY:
			value.number = parse_day(text);
			break;
		case TYPE_TRUTH:
			break;
	}
	return value;
}

static Value
day_value(const char *text)
{
	Value		value = {true, 0, NULL};

	value.number = parse_day(text);
	return value;
}

static void
read_fact(Fact *fact, char *line)
{
	char	   *field;

	memset(fact, 0, sizeof(Fact));
	for (field = strtok(line, "\t"); field != NULL; field = strtok(NULL, "\t"))
	{
		char	   *value = strchr(field, '=');
		int			term;

		if (value == NULL)
			die("not key=value: \"%s\"", field);
		*value++ = '\0';
		if (same(field, "revoked_on"))
			fact->revoked = parse_day(value) > 0;
		else if (same(field, "verified"))
			fact->unverified = same(value, "f");
		else if (same(field, "linked_from"))
			fact->linked_from = day_value(value);
		else if (same(field, "linked_until"))
			fact->linked_until = day_value(value);
		else
		{
			term = record_term(field);
			fact->values[term] = fact_value(term, value);
		}
	}
	if (!fact->values[R_KIND].known)
		die("a fact without kind");
}

typedef struct Subjects
{
	int			n, allocated;
	Subject    *list;
	int			answered;		/* so many of them have their lines */
} Subjects;

/* Answers what is asked about the subjects read so far and forgets them. */
static void
finish_subjects(Subjects *subjects, int rating_on)
{
	int			first = subjects->answered;
	int			i;

	if (rating_on != 0)
		answer_rating(subjects->list + first, subjects->n - first, rating_on);
	for (i = first; i < subjects->n; i++)
	{
		if (rating_on == 0)
			answer(&subjects->list[i]);
		forget_subject(&subjects->list[i]);
	}
	subjects->answered = subjects->n;
}

static void
read_line(Subjects *subjects, char *line)
{
	Subject    *last = subjects->n > subjects->answered ? &subjects->list[subjects->n - 1] : NULL;

	if (strlen(line) < 3 || line[1] != '\t' || (line[0] != 'S' && last == NULL))
		die("unexpected line \"%s\"", line);
	switch (line[0])
	{
		case 'S':
			/* one that is asked about is no part of a cohort */
			if (last != NULL && last->nqueries > 0)
				finish_subjects(subjects, 0);
			subjects->list = room(subjects->list, subjects->n, &subjects->allocated, sizeof(Subject));
			last = &subjects->list[subjects->n++];
			memset(last, 0, sizeof(*last));
			last->number = subjects->n;
			last->kind = copy_text(line + 2);
			break;
		case 'F':
			last->facts = room(last->facts, last->nfacts, &last->afacts, sizeof(Fact));
			read_fact(&last->facts[last->nfacts++], line + 2);
			break;
		case 'Q':
			last->queries = room(last->queries, last->nqueries, &last->aqueries, sizeof(int));
			last->queries[last->nqueries++] = parse_day(line + 2);
			break;
		case 'R':
			finish_subjects(subjects, parse_day(line + 2));
			break;
		default:
			die("unexpected line \"%s\"", line);
	}
}

static void
read_histories(const char *path)
{
	static char line[LINE_SIZE];
	FILE	   *file = fopen(path, "rb");
	Subjects	subjects = {0, 0, NULL, 0};

	if (file == NULL)
		die("cannot open \"%s\"", path);
	while (fgets(line, sizeof(line), file) != NULL)
	{
		size_t		length = strlen(line);

		if (length == 0 || line[length - 1] != '\n')
			die("line too long or without end");
		line[length - 1] = '\0';
		read_line(&subjects, line);
	}
	finish_subjects(&subjects, 0);
	free(subjects.list);
	fclose(file);
}

int
main(int argc, char **argv)
{
	int			c;

	if (argc == 2 && same(argv[1], "--constructs"))
	{
		for (c = 0; c < NCONSTRUCTS; c++)
			puts(construct_names[c]);
		return 0;
	}
	if (argc == 4 && same(argv[1], "--coverage"))
		coverage = true;
	else if (argc == 4 && strncmp(argv[1], "--without=", 10) == 0)
		left_out = position(argv[1] + 10, construct_names);
	else if (argc != 3)
	{
		fputs("usage: oracle [--coverage | --without=CONSTRUCT] POLICY.yaml HISTORY\n"
			  "       oracle --constructs\n", stderr);
		return 2;
	}
	load_policy(argv[argc - 2]);
	read_histories(argv[argc - 1]);
	if (fflush(stdout) != 0)
		die("could not write");
	if (coverage)
		print_changes();
	return 0;
}
