/*
 * oracle.c -- independent twin of the policy evaluator
 *
 * Reads a policy (taken to be valid) and a file of histories and prints one
 * line per question, in the form the engine's command "eval" prints.  It is
 * written from rules/README.md alone and shares nothing with the engine: a
 * line on which the two differ shows a bug in one of them or a sentence of the
 * README that can be read in two ways.  Slow and plain on purpose: every day
 * is worked out from scratch, and the next change is found by walking day by
 * day.  It checks nothing that a policy check should check.
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
#define MAX_ITEMS		256
#define MAX_PARTS		64		/* bands, states, vetoes ... of a policy */
#define LINE_SIZE		65536

/* What a term's values are, and so how two of them compare. */
typedef enum TermType
{
	TYPE_TEXT,
	TYPE_ORDERED,
	TYPE_AMOUNT,
	TYPE_DECIMAL,
	TYPE_DAY
} TermType;

/* README 2, terms of a record; subject_kind comes from the S line. */
enum
{
	R_KIND, R_BEHAVIOUR, R_FIELD, R_AUTHORITY, R_DISTRICT, R_SOURCE, R_STATE,
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

/* What a test looks at. */
typedef enum Look
{
	LOOK_RECORD,				/* index: R_... */
	LOOK_SCORE,
	LOOK_ITEM_SUM,				/* index: item */
	LOOK_COMPONENT_SUM,			/* index: component */
	LOOK_ITEM_COUNT,			/* index: item */
	LOOK_ENROLLED_COUNT,
	LOOK_BAND,
	LOOK_SUBJECT_KIND
} Look;

typedef enum CondKind
{
	COND_ALL, COND_ANY, COND_NOT, COND_EQUAL, COND_RANGE, COND_KNOWN
} CondKind;

typedef struct Cond
{
	CondKind	kind;
	int			nparts;			/* of all, any, not */
	struct Cond **parts;

	Look		look;			/* of tests */
	int			index;
	TermType	type;
	int			nvalues;		/* of equal: one of these */
	Value	   *values;
	bool	   *prefix;			/* values[i] is a beginning, not the whole */
	bool		has_at_least, has_at_most, has_above, has_below;
	int64_t		at_least, at_most, above, below;
	bool		want_known;
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
} Span;

typedef enum WindowKind
{
	WINDOW_SPAN, WINDOW_CALENDAR, WINDOW_CYCLE, WINDOW_TERM, WINDOW_ALWAYS
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
	int			unit_months;	/* of WINDOW_CALENDAR: 12, 6, 3, 1 */
	bool		last;			/* which: last, cycle: last */
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

typedef struct Item
{
	const char *id;
	int			component;		/* -1: none */
	Cond	   *match;
	Points		points;
	Limits		limits;
	Window		window;
	bool		repaired_ends;
} Item;

typedef struct Component
{
	const char *id;
	Number		base;
	Limits		limits;
} Component;

/* A state, band, ceiling, veto or list. */
typedef struct Part
{
	const char *id;
	Cond	   *when;
	int			band;			/* -1: none */
	Span		hold;
} Part;

typedef enum Rounding
{
	ROUND_NOT, ROUND_HALF_UP, ROUND_HALF_EVEN, ROUND_TOWARD_ZERO,
	ROUND_AWAY_FROM_ZERO
} Rounding;

typedef enum Choice
{
	CHOOSE_REFER, CHOOSE_BEST, CHOOSE_WORST
} Choice;

#define GAP_REFER (-1)

typedef struct Policy
{
	bool		has_until;
	int			until;
	int			ninputs;
	const char *inputs[MAX_PARTS];
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
	int			ncomponents;
	Component	components[MAX_ITEMS];
	int			nitems;
	Item		items[MAX_ITEMS];
	int			nstates;
	Part		states[MAX_PARTS];
	Choice		choose;
	int			gap;
	int			nbands;
	Part		bands[MAX_PARTS];
	const char *grades[MAX_PARTS];	/* per band; NULL: none */
	int			nceilings;
	Part		ceilings[MAX_PARTS];
	int			nvetoes;
	Part		vetoes[MAX_PARTS];
	int			nlists;
	Part		lists[MAX_PARTS];
} Policy;

typedef struct Fact
{
	Value		values[RECORD_TERMS];
	bool		revoked;
	bool		unverified;
} Fact;

/* A record that counts in an item from first through last. */
typedef struct Contribution
{
	int			item;
	int			first;
	int			last;
	Number		points;
} Contribution;

typedef struct Interval
{
	int			first;
	int			last;
} Interval;

#define STATE_NOT_ENROLLED	(-2)
#define STATE_RATED			(-1)

/* All there is to say about one day. */
typedef struct Day
{
	int			enrolled;		/* number of records that enrol */
	Number		sums[MAX_ITEMS];
	int			counts[MAX_ITEMS];
	Number		components[MAX_ITEMS];
	Number		score;
	int			state;
	int			band;			/* -1: none */
	bool		undecided;
	uint64_t	vetoes;
	uint64_t	lists;
} Day;

/* What the next change is about (README 5, next_change_on). */
typedef struct Outcome
{
	bool		computed;
	int			state;
	int			band;			/* the grade follows from it */
	Number		score;
	uint64_t	vetoes;
	uint64_t	lists;
} Outcome;

typedef struct Subject
{
	int			number;
	char	   *kind;
	int			nfacts, afacts;
	Fact	   *facts;
	int			nqueries, aqueries;
	int		   *queries;
	int			ncontributions, acontributions;
	Contribution *contributions;
	int			nenrolments, aenrolments;
	Interval   *enrolments;
	int			begin, end;		/* the days walked, both included */
	Outcome    *outcomes;		/* one per day of begin..end */
	int		   *last_true[MAX_PARTS];	/* per veto with hold, per day: the
										 * last day so far on which its
										 * condition held, or INT_MIN */
} Subject;

static Policy policy;
static yaml_document_t document;

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

/* Numbers the days; 0001-01-01 is 1. */
static int
day_number(int year, int month, int day)
{
	int			before = year - 1;
	int			number = 365 * before + before / 4 - before / 100 + before / 400;
	int			m;

	for (m = 1; m < month; m++)
		number += days_in_month(year, m);
	return number + day;
}

static void
day_parts(int number, int *year, int *month, int *day)
{
	*year = (number - 1) / 366 + 1;
	while (day_number(*year + 1, 1, 1) <= number)
		(*year)++;
	*month = 1;
	while (*month < 12 && day_number(*year, *month + 1, 1) <= number)
		(*month)++;
	*day = number - day_number(*year, *month, 1) + 1;
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
	int			k = 0;

	while (add_months(policy.cycle_from, (k + 1) * policy.cycle_months) <= number)
		k++;
	while (add_months(policy.cycle_from, k * policy.cycle_months) > number)
		k--;
	unit.first = add_months(policy.cycle_from, k * policy.cycle_months);
	unit.last = add_months(policy.cycle_from, (k + 1) * policy.cycle_months) - 1;
	return unit;
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

/* Tells how many 1/10000 one step of score.decimals is. */
static int64_t
step_of_score(void)
{
	int64_t		step = ONE;
	int			i;

	for (i = 0; i < policy.decimals; i++)
		step /= 10;
	return step;
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
	Span		span = {false, 0, 0};
	yaml_node_t *node;

	if (map == NULL)
		return span;
	if ((node = find(map, "days")) != NULL)
		span.days = atoi(text_of(node));
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

static int
find_item(const char *id)
{
	int			i;

	for (i = 0; i < policy.nitems; i++)
		if (same(policy.items[i].id, id))
			return i;
	return -1;
}

static int
find_component(const char *id)
{
	int			i;

	for (i = 0; i < policy.ncomponents; i++)
		if (same(policy.components[i].id, id))
			return i;
	return -1;
}

static int
find_band(const char *id)
{
	int			i;

	for (i = 0; i < policy.nbands; i++)
		if (same(policy.bands[i].id, id))
			return i;
	die("unknown band \"%s\"", id);
	return -1;
}

/* Resolves the name of a term of an outcome. */
static void
resolve_outcome_term(Cond *cond, const char *name)
{
	cond->type = TYPE_DECIMAL;
	if (same(name, "score"))
		cond->look = LOOK_SCORE;
	else if (same(name, "count.enrolled"))
		cond->look = LOOK_ENROLLED_COUNT;
	else if (strncmp(name, "count.", 6) == 0)
	{
		cond->look = LOOK_ITEM_COUNT;
		cond->index = find_item(name + 6);
	}
	else if (strncmp(name, "sum.", 4) == 0)
	{
		cond->look = LOOK_ITEM_SUM;
		cond->index = find_item(name + 4);
		if (cond->index < 0)
		{
			cond->look = LOOK_COMPONENT_SUM;
			cond->index = find_component(name + 4);
		}
	}
	else
	{
		cond->type = TYPE_TEXT;
		cond->look = same(name, "band") ? LOOK_BAND : LOOK_SUBJECT_KIND;
		if (!same(name, "band") && !same(name, "subject_kind"))
			die("unknown term \"%s\"", name);
	}
	if (cond->index < 0)
		die("unknown term \"%s\"", name);
}

/* Reads a value written in a policy. */
static Value
read_value(const Cond *cond, const char *text)
{
	Value		value = {true, 0, text};

	switch (cond->type)
	{
		case TYPE_TEXT:
			break;
		case TYPE_ORDERED:
			value.number = position(text, record_terms[cond->index].order);
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
	}
	return value;
}

static bool
read_bound(const Cond *cond, yaml_node_t *test, const char *key, int64_t *bound)
{
	yaml_node_t *node = find(test, key);

	if (node == NULL)
		return false;
	*bound = read_value(cond, text_of(node)).number;
	return true;
}

static Cond *
read_test(const char *term, yaml_node_t *test, bool of_record)
{
	Cond	   *cond = zeroed(1, sizeof(Cond));
	int			i;

	if (of_record)
	{
		cond->look = LOOK_RECORD;
		cond->index = record_term(term);
		cond->type = record_terms[cond->index].type;
	}
	else
		resolve_outcome_term(cond, term);

	if (test->type == YAML_MAPPING_NODE && find(test, "known") != NULL)
	{
		cond->kind = COND_KNOWN;
		cond->want_known = same(text_of(find(test, "known")), "true");
	}
	else if (test->type == YAML_MAPPING_NODE)
	{
		cond->kind = COND_RANGE;
		cond->has_at_least = read_bound(cond, test, "at_least", &cond->at_least);
		cond->has_at_most = read_bound(cond, test, "at_most", &cond->at_most);
		cond->has_above = read_bound(cond, test, "above", &cond->above);
		cond->has_below = read_bound(cond, test, "below", &cond->below);
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

			cond->values[i] = read_value(cond, text);
			cond->prefix[i] = cond->type == TYPE_TEXT && n > 0 && text[n - 1] == '*';
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
			part = read_test(key, value, of_record);
		cond->parts[cond->nparts++] = part;
	}
	return cond;
}

/* ------------------------------------------------------ reading the policy */

static WhenPoints *
read_when_points(yaml_node_t *list, int *n)
{
	WhenPoints *result;
	int			i;

	*n = length_of(list);
	result = zeroed(*n, sizeof(WhenPoints));
	for (i = 0; i < *n; i++)
	{
		result[i].when = read_cond(need(element(list, i), "when"), true);
		result[i].points = parse_number(text_of(need(element(list, i), "points")));
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
		points->cases = read_when_points(value, &points->ncases);
		if ((value = find(node, "otherwise")) != NULL)
		{
			points->has_otherwise = true;
			points->otherwise = parse_number(text_of(value));
		}
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
	points->surcharges = read_when_points(find(node, "surcharges"), &points->nsurcharges);
	points->record = read_limits(node, "record_floor", "record_cap");
}

static void
read_window(Window *window, yaml_node_t *node)
{
	static const char *const units[] = {"year", "half", "quarter", "month", NULL};
	static const int months[] = {12, 6, 3, 1};
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
		window->kind = WINDOW_CALENDAR;
		window->unit_months = months[position(text_of(value), units)];
		value = find(node, "which");
		window->last = value != NULL && same(text_of(value), "last");
	}
	else if ((value = find(node, "cycle")) != NULL)
	{
		window->kind = WINDOW_CYCLE;
		window->last = same(text_of(value), "last");
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
	if ((value = find(node, "corresponding_day")) != NULL)
		window->not_counted = same(text_of(value), "not_counted");
	if ((value = find(node, "not_before")) != NULL)
		window->not_before = record_term(text_of(value));
	if ((value = find(node, "ends_on")) != NULL)
		window->ends_on = read_terms(value);
}

static void
read_item(Item *item, yaml_node_t *node)
{
	yaml_node_t *value;

	item->id = text_of(need(node, "id"));
	item->component = -1;
	if ((value = find(node, "component")) != NULL &&
		(item->component = find_component(text_of(value))) < 0)
		die("unknown component \"%s\"", text_of(value));
	item->match = read_cond(need(node, "match"), true);
	read_points(&item->points, find(node, "points"));
	item->limits = read_limits(node, "floor", "cap");
	read_window(&item->window, need(node, "window"));
	value = find(node, "repaired");
	item->repaired_ends = value == NULL || same(text_of(value), "ends");
}

/* Reads a list of states, ceilings, vetoes or lists. */
static int
read_parts(Part *parts, yaml_node_t *list)
{
	int			i;

	if (length_of(list) > MAX_PARTS)
		die("too many rules");
	for (i = 0; i < length_of(list); i++)
	{
		yaml_node_t *node = element(list, i);
		yaml_node_t *band = find(node, "band");

		parts[i].id = text_of(need(node, "id"));
		parts[i].when = read_cond(need(node, "when"), false);
		parts[i].band = band ? find_band(text_of(band)) : -1;
		parts[i].hold = read_span(find(node, "hold"));
	}
	return i;
}

static void
read_score(yaml_node_t *node)
{
	static const char *const rounds[] = {
		"half_up", "half_even", "toward_zero", "away_from_zero", NULL
	};
	yaml_node_t *value;

	if (node->type == YAML_SCALAR_NODE)
		return;					/* none */
	policy.has_score = true;
	if ((value = find(node, "base")) != NULL)
		policy.base = parse_number(text_of(value));
	policy.limits = read_limits(node, "floor", "cap");
	if ((value = find(node, "decimals")) != NULL)
		policy.decimals = atoi(text_of(value));
	if ((value = find(node, "round")) != NULL)
		policy.round = (Rounding) (1 + position(text_of(value), rounds));
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

	policy.nbands = length_of(list);
	if (policy.nbands > MAX_PARTS)
		die("too many bands");
	for (i = 0; i < policy.nbands; i++)
	{
		policy.bands[i].id = text_of(need(element(list, i), "id"));
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
read_policy(yaml_node_t *root)
{
	yaml_node_t *node = find(need(root, "in_force"), "until");
	int			i;

	policy.has_until = node != NULL;
	policy.until = node ? parse_day(text_of(node)) : 0;

	node = need(root, "inputs");
	for (; policy.ninputs < length_of(node); policy.ninputs++)
		policy.inputs[policy.ninputs] = text_of(element(node, policy.ninputs));
	read_applies_to(need(root, "applies_to"));
	if ((node = find(root, "cycle")) != NULL)
	{
		policy.cycle_from = parse_day(text_of(need(node, "from")));
		policy.cycle_months = atoi(text_of(need(node, "months")));
	}
	read_score(need(root, "score"));

	node = find(root, "components");
	if (length_of(node) > MAX_ITEMS || length_of(need(root, "items")) > MAX_ITEMS)
		die("too many items");
	for (i = 0; i < length_of(node); i++)
	{
		Component  *component = &policy.components[i];
		yaml_node_t *base = find(element(node, i), "base");

		component->id = text_of(need(element(node, i), "id"));
		component->base = base ? parse_number(text_of(base)) : 0;
		component->limits = read_limits(element(node, i), "floor", "cap");
		policy.ncomponents++;
	}
	node = need(root, "items");
	for (i = 0; i < length_of(node); i++)
		read_item(&policy.items[policy.nitems++], element(node, i));

	read_bands(root);
	policy.nstates = read_parts(policy.states, find(root, "states"));
	policy.nceilings = read_parts(policy.ceilings, find(root, "ceilings"));
	policy.nvetoes = read_parts(policy.vetoes, find(root, "vetoes"));
	policy.nlists = read_parts(policy.lists, find(root, "lists"));
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

/* Looks a term up, in a record or in a day. */
static Value
look_up(const Cond *cond, const Subject *subject, const Fact *fact, const Day *day)
{
	Value		value = {true, 0, NULL};

	switch (cond->look)
	{
		case LOOK_RECORD:
			if (cond->index != R_SUBJECT_KIND)
				return fact->values[cond->index];
			value.text = subject->kind;
			break;
		case LOOK_SUBJECT_KIND:
			value.text = subject->kind;
			break;
		case LOOK_SCORE:
			value.number = day->score;
			break;
		case LOOK_ITEM_SUM:
			value.number = day->sums[cond->index];
			break;
		case LOOK_COMPONENT_SUM:
			value.number = day->components[cond->index];
			break;
		case LOOK_ITEM_COUNT:
			value.number = (Number) day->counts[cond->index] * ONE;
			break;
		case LOOK_ENROLLED_COUNT:
			value.number = (Number) day->enrolled * ONE;
			break;
		case LOOK_BAND:
			value.known = day->band >= 0;
			if (value.known)
				value.text = policy.bands[day->band].id;
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

		if (cond->type != TYPE_TEXT)
		{
			if (value.number == cond->values[i].number)
				return true;
		}
		else if (cond->prefix[i])
		{
			if (strncmp(value.text, text, strlen(text) - 1) == 0)
				return true;
		}
		else if (same(value.text, text))
			return true;
	}
	return false;
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

	value = look_up(cond, subject, fact, day);
	if (cond->kind == COND_KNOWN)
		return value.known == cond->want_known ? YES : NO;
	/* only a missing band gets here with a day: no band equals no id */
	if (!value.known)
		return day != NULL ? NO : UNKNOWN;
	if (cond->kind == COND_EQUAL)
		return equals_one(cond, value) ? YES : NO;
	if ((cond->has_at_least && value.number < cond->at_least) ||
		(cond->has_at_most && value.number > cond->at_most) ||
		(cond->has_above && value.number <= cond->above) ||
		(cond->has_below && value.number >= cond->below))
		return NO;
	return YES;
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
		if (fact->values[list.terms[i]].known)
			return fact->values[list.terms[i]];
	return nothing;
}

/* Gives the days on which a record counts; false when undetermined or never. */
static bool
window_of(const Window *window, bool repaired_ends, const Fact *fact, Interval *result)
{
	Value		anchor = first_known(fact, window->from);
	Value		value;
	Interval	unit;
	int			first;
	int			last = NO_END;
	int			i;

	if (!anchor.known)
		return false;
	first = add_span((int) anchor.number, window->delay);

	switch (window->kind)
	{
		case WINDOW_SPAN:
			last = add_span(first, window->span) - (window->not_counted ? 1 : 0);
			break;
		case WINDOW_CALENDAR:
		case WINDOW_CYCLE:
			for (i = 0; i < 2; i++)
			{
				int			inside = i == 0 ? (int) anchor.number : unit.last + 1;

				unit = window->kind == WINDOW_CYCLE ? cycle_unit(inside) :
					calendar_unit(inside, window->unit_months);
				if (!window->last)
					break;
			}
			if (window->last && first < unit.first)
				first = unit.first;
			last = unit.last;
			break;
		case WINDOW_TERM:
			value = fact->values[window->term];
			if (value.known)
				last = (int) value.number;
			else if (window->span.given)
				last = add_span(first, window->span) - (window->not_counted ? 1 : 0);
			else
				return false;
			break;
		case WINDOW_ALWAYS:
			break;
	}

	if (window->not_before >= 0)
	{
		value = fact->values[window->not_before];
		if (value.known && last < value.number)
			last = (int) value.number;
	}
	/* does not count on or after any of these days */
	for (i = 0; i < window->ends_on.n; i++)
	{
		value = fact->values[window->ends_on.terms[i]];
		if (value.known && last >= value.number)
			last = (int) value.number - 1;
	}
	value = fact->values[R_REPAIRED_ON];
	if (repaired_ends && value.known && last >= value.number)
		last = (int) value.number - 1;

	result->first = first;
	result->last = last;
	return first <= last;
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
				if (truth == YES)
					break;
			}
			if (i == points->ncases && !points->has_otherwise)
				return false;
			sum = i < points->ncases ? points->cases[i].points : points->otherwise;
			break;
		case POINTS_AWARDED:
			value = fact->values[R_POINTS];
			if (!value.known || value.number < points->from || value.number > points->to ||
				(policy.has_score && value.number % step_of_score() != 0))
				return false;
			sum = value.number;
			break;
		case POINTS_PER_UNIT:
			value = fact->values[R_QUANTITY];
			if (!value.known)
				return false;
			/* the product has eight places */
			sum = (Number) round_to_steps((__int128) points->each * value.number,
										  (__int128) step_of_score() * ONE, policy.round);
			sum *= step_of_score();
			break;
	}
	for (i = 0; i < points->nsurcharges; i++)
		if (truth_of(points->surcharges[i].when, subject, fact, NULL) == YES)
			sum += points->surcharges[i].points;
	*result = keep(points->record, sum);
	return true;
}

/* Tells whether a record reaches the policy at all (README 1). */
static bool
offered(const Fact *fact)
{
	int			i;

	if (fact->revoked || fact->unverified)
		return false;
	for (i = 0; i < policy.ninputs; i++)
		if (same(policy.inputs[i], fact->values[R_KIND].text))
			return true;
	return false;
}

/* Gives the days through which a record enrols (README 3, applies_to). */
static bool
enrolment_of(const Subject *subject, const Fact *fact, Interval *result)
{
	TermList	from = {3, {R_VALID_FROM, R_DECIDED_ON, R_RECORDED_ON}};
	Value		first = first_known(fact, from);
	Value		until = fact->values[R_VALID_UNTIL];
	bool		kind_fits = policy.nsubject_kinds == 0;
	int			i;

	for (i = 0; i < policy.nsubject_kinds; i++)
		if (same(policy.subject_kinds[i], subject->kind))
			kind_fits = true;
	if (!kind_fits || !first.known ||
		truth_of(policy.enrolled_by, subject, fact, NULL) != YES)
		return false;
	result->first = (int) first.number;
	result->last = until.known ? (int) until.number : NO_END;
	return result->first <= result->last;
}

/* Puts every record of a subject to the enrolment and to every item. */
static void
offer_records(Subject *subject)
{
	int			f;
	int			i;

	subject->ncontributions = subject->nenrolments = 0;
	for (f = 0; f < subject->nfacts; f++)
	{
		const Fact *fact = &subject->facts[f];
		Interval	interval;
		Number		points;

		if (!offered(fact))
			continue;
		if (enrolment_of(subject, fact, &interval))
		{
			subject->enrolments = room(subject->enrolments, subject->nenrolments,
									   &subject->aenrolments, sizeof(Interval));
			subject->enrolments[subject->nenrolments++] = interval;
		}
		for (i = 0; i < policy.nitems; i++)
		{
			const Item *item = &policy.items[i];
			Contribution *contribution;

			if (truth_of(item->match, subject, fact, NULL) != YES ||
				!points_of(&item->points, subject, fact, &points) ||
				!window_of(&item->window, item->repaired_ends, fact, &interval))
				continue;
			subject->contributions = room(subject->contributions, subject->ncontributions,
										  &subject->acontributions, sizeof(Contribution));
			contribution = &subject->contributions[subject->ncontributions++];
			contribution->item = i;
			contribution->first = interval.first;
			contribution->last = interval.last;
			contribution->points = points;
		}
	}
}

/* ----------------------------------------------- outcome of a day (README 5) */

/* Works out enrolment, sums, counts, components and score of a day. */
static void
add_up(const Subject *subject, int on, Day *day)
{
	Number		score = policy.base;
	int			i;

	day->enrolled = 0;
	for (i = 0; i < subject->nenrolments; i++)
		if (subject->enrolments[i].first <= on && on <= subject->enrolments[i].last)
			day->enrolled++;

	for (i = 0; i < policy.nitems; i++)
		day->sums[i] = day->counts[i] = 0;
	for (i = 0; i < subject->ncontributions; i++)
	{
		const Contribution *contribution = &subject->contributions[i];

		if (contribution->first <= on && on <= contribution->last)
		{
			day->sums[contribution->item] += contribution->points;
			day->counts[contribution->item]++;
		}
	}

	for (i = 0; i < policy.ncomponents; i++)
		day->components[i] = policy.components[i].base;
	for (i = 0; i < policy.nitems; i++)
	{
		const Item *item = &policy.items[i];

		if (day->counts[i] > 0)
			day->sums[i] = keep(item->limits, day->sums[i]);
		if (item->component >= 0)
			day->components[item->component] += day->sums[i];
		else
			score += day->sums[i];
	}
	for (i = 0; i < policy.ncomponents; i++)
	{
		day->components[i] = keep(policy.components[i].limits, day->components[i]);
		score += day->components[i];
	}
	day->score = keep(policy.limits, score);
	day->band = -1;
}

/* Tells whether a veto holds on a day, by its condition or by its hold. */
static bool
veto_holds(const Subject *subject, int v, int on, const Day *day)
{
	const Part *veto = &policy.vetoes[v];
	int			last_true;

	if (!veto->hold.given)
		return holds(veto->when, subject, day);
	/* of several days the latest reaches furthest */
	last_true = subject->last_true[v][on - subject->begin];
	return last_true != INT_MIN && on <= add_span(last_true, veto->hold);
}

/* Chooses among the bands that hold; -1 and undecided when it is referred. */
static void
choose_band(const Subject *subject, Day *day)
{
	int			best = -1;
	int			worst = -1;
	int			n = 0;
	int			i;

	for (i = 0; i < policy.nbands; i++)
	{
		if (!holds(policy.bands[i].when, subject, day))
			continue;
		if (n++ == 0)
			best = i;
		worst = i;
	}
	if (n == 0)
		day->band = policy.gap;
	else if (n == 1 || policy.choose == CHOOSE_BEST)
		day->band = best;
	else
		day->band = policy.choose == CHOOSE_WORST ? worst : -1;
	day->undecided = day->band < 0;
}

/*
 * Lowers the band to the ceilings and vetoes that hold.  A ceiling keeps the
 * band from being better than its own also where a veto alone gave the band:
 * README 5 makes no exception to "each that holds".
 */
static void
limit_band(const Subject *subject, int on, Day *day)
{
	int			not_better = 0;
	int			i;

	for (i = 0; i < policy.nceilings; i++)
		if (holds(policy.ceilings[i].when, subject, day) && policy.ceilings[i].band > not_better)
			not_better = policy.ceilings[i].band;
	for (i = 0; i < policy.nvetoes; i++)
		if (veto_holds(subject, i, on, day))
		{
			day->vetoes |= UINT64_C(1) << i;
			if (policy.vetoes[i].band > not_better)
				not_better = policy.vetoes[i].band;
		}
	/* a veto decides also what was undecided; a ceiling alone does not */
	if (day->vetoes != 0)
		day->undecided = false;
	if (!day->undecided && day->band < not_better)
		day->band = not_better;
}

static void
decide(const Subject *subject, int on, Day *day)
{
	int			i;

	add_up(subject, on, day);
	day->undecided = false;
	day->vetoes = day->lists = 0;
	if (day->enrolled == 0)
	{
		day->state = STATE_NOT_ENROLLED;
		return;
	}
	day->state = STATE_RATED;
	for (i = 0; i < policy.nstates; i++)
		if (holds(policy.states[i].when, subject, day))
		{
			day->state = i;
			day->band = policy.states[i].band;
			break;
		}
	if (day->state == STATE_RATED)
	{
		choose_band(subject, day);
		limit_band(subject, on, day);
	}
	if (!day->undecided)
		for (i = 0; i < policy.nlists; i++)
			if (holds(policy.lists[i].when, subject, day))
				day->lists |= UINT64_C(1) << i;
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

/*
 * Sets the days to walk: all questions and every day on which a record begins
 * or ceases to count or to enrol, and as many more as a hold may last.  After
 * them nothing changes any more.
 */
static void
set_horizon(Subject *subject)
{
	int			end;
	int			i;

	subject->begin = INT_MAX;
	subject->end = 0;
	for (i = 0; i < subject->nqueries; i++)
		widen(subject, subject->queries[i]);
	for (i = 0; i < subject->ncontributions; i++)
	{
		widen(subject, subject->contributions[i].first);
		if (subject->contributions[i].last != NO_END)
			widen(subject, subject->contributions[i].last + 1);
	}
	for (i = 0; i < subject->nenrolments; i++)
	{
		widen(subject, subject->enrolments[i].first);
		if (subject->enrolments[i].last != NO_END)
			widen(subject, subject->enrolments[i].last + 1);
	}
	end = subject->end;
	for (i = 0; i < policy.nvetoes; i++)
		widen(subject, add_span(end, policy.vetoes[i].hold) + 1);
}

/*
 * Notes, for each veto with a hold, on each day the last day so far on which
 * its condition held.  It holds only on days on which the subject is enrolled:
 * on others there is no outcome that it could be a condition of.
 */
static void
walk_holds(Subject *subject)
{
	static Day	day;
	int			n = subject->end - subject->begin + 1;
	bool		any = false;
	int			i;
	int			v;

	for (v = 0; v < policy.nvetoes; v++)
		if (policy.vetoes[v].hold.given)
		{
			any = true;
			subject->last_true[v] = zeroed(n, sizeof(int));
		}
	if (!any)
		return;
	for (i = 0; i < n; i++)
	{
		add_up(subject, subject->begin + i, &day);
		for (v = 0; v < policy.nvetoes; v++)
		{
			int		   *last_true = subject->last_true[v];

			if (!policy.vetoes[v].hold.given)
				continue;
			last_true[i] = i > 0 ? last_true[i - 1] : INT_MIN;
			if (day.enrolled > 0 && holds(policy.vetoes[v].when, subject, &day))
				last_true[i] = subject->begin + i;
		}
	}
}

/* Gives the outcome of a day; worked out once, then remembered. */
static const Outcome *
outcome_of(Subject *subject, int on)
{
	static Day	day;
	Outcome    *outcome = &subject->outcomes[on - subject->begin];

	if (outcome->computed)
		return outcome;
	decide(subject, on, &day);
	outcome->computed = true;
	outcome->state = day.state;
	outcome->band = day.band;
	outcome->score = day.state == STATE_NOT_ENROLLED || !policy.has_score ? 0 : day.score;
	outcome->vetoes = day.vetoes;
	outcome->lists = day.lists;
	return outcome;
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
	return a->state != b->state || a->score != b->score || a->band != b->band ||
		!same(grade_of(a->band), grade_of(b->band)) ||
		a->vetoes != b->vetoes || a->lists != b->lists;
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

/* ------------------------------------------------------------- histories */

static void
print_ids(const Part *parts, int n, uint64_t set)
{
	const char *before = "";
	int			i;

	putchar('\t');
	if (set == 0)
		putchar('-');
	for (i = 0; i < n; i++)
		if (set & UINT64_C(1) << i)
		{
			printf("%s%s", before, parts[i].id);
			before = ",";
		}
}

static void
print_items(const Day *day)
{
	int			i;

	putchar('\t');
	if (day->state == STATE_NOT_ENROLLED)
		putchar('-');
	else
	{
		for (i = 0; i < policy.nitems; i++)
		{
			printf("%s%s=", i > 0 ? " " : "", policy.items[i].id);
			print_number(day->sums[i], PLACES);
			printf("/%d", day->counts[i]);
		}
		for (i = 0; i < policy.ncomponents; i++)
		{
			printf(" %s=", policy.components[i].id);
			print_number(day->components[i], PLACES);
		}
	}
	putchar('\n');
}

static void
answer(Subject *subject, int on)
{
	static Day	day;
	int			next = next_change_on(subject, on);

	decide(subject, on, &day);
	printf("%d\t", subject->number);
	print_day(on);
	printf("\t%s\t", day.state == STATE_NOT_ENROLLED ? "not_enrolled" :
		   day.state == STATE_RATED ? "rated" : policy.states[day.state].id);
	if (day.state == STATE_NOT_ENROLLED || !policy.has_score)
		putchar('-');
	else
		print_number(day.score, policy.decimals);
	printf("\t%s\t%s\t%s", day.band >= 0 ? policy.bands[day.band].id : "-",
		   grade_of(day.band), day.undecided ? "t" : "f");
	print_ids(policy.vetoes, policy.nvetoes, day.vetoes);
	print_ids(policy.lists, policy.nlists, day.lists);
	putchar('\t');
	if (next == NO_END)
		fputs("none", stdout);
	else
		print_day(next);
	print_items(&day);
}

/* Answers the questions of a subject and forgets it. */
static void
finish_subject(Subject *subject)
{
	int			i;
	int			t;

	if (subject->number == 0)
		return;
	offer_records(subject);
	set_horizon(subject);
	if (subject->nqueries > 0)
	{
		subject->outcomes = zeroed(subject->end - subject->begin + 1, sizeof(Outcome));
		walk_holds(subject);
		for (i = 0; i < subject->nqueries; i++)
			answer(subject, subject->queries[i]);
		free(subject->outcomes);
		for (i = 0; i < policy.nvetoes; i++)
		{
			free(subject->last_true[i]);
			subject->last_true[i] = NULL;
		}
	}
	for (i = 0; i < subject->nfacts; i++)
		for (t = 0; t < RECORD_TERMS; t++)
			free((char *) subject->facts[i].values[t].text);
	subject->nfacts = subject->nqueries = 0;
	free(subject->kind);
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
	}
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
		else
		{
			term = record_term(field);
			fact->values[term] = fact_value(term, value);
		}
	}
	if (!fact->values[R_KIND].known)
		die("a fact without kind");
}

static void
read_histories(const char *path)
{
	static char line[LINE_SIZE];
	FILE	   *file = fopen(path, "rb");
	Subject		subject;

	if (file == NULL)
		die("cannot open \"%s\"", path);
	memset(&subject, 0, sizeof(subject));
	while (fgets(line, sizeof(line), file) != NULL)
	{
		size_t		length = strlen(line);

		if (length == 0 || line[length - 1] != '\n')
			die("line too long or without end");
		line[length - 1] = '\0';
		if (length < 4 || line[1] != '\t' || (line[0] != 'S' && subject.number == 0))
			die("unexpected line \"%s\"", line);
		switch (line[0])
		{
			case 'S':
				finish_subject(&subject);
				subject.number++;
				subject.kind = copy_text(line + 2);
				break;
			case 'F':
				subject.facts = room(subject.facts, subject.nfacts, &subject.afacts, sizeof(Fact));
				read_fact(&subject.facts[subject.nfacts++], line + 2);
				break;
			case 'Q':
				subject.queries = room(subject.queries, subject.nqueries, &subject.aqueries, sizeof(int));
				subject.queries[subject.nqueries++] = parse_day(line + 2);
				break;
			default:
				die("unexpected line \"%s\"", line);
		}
	}
	finish_subject(&subject);
	free(subject.facts);
	free(subject.queries);
	free(subject.contributions);
	free(subject.enrolments);
	fclose(file);
}

int
main(int argc, char **argv)
{
	if (argc != 3)
	{
		fputs("usage: oracle POLICY.yaml HISTORY\n", stderr);
		return 2;
	}
	load_policy(argv[1]);
	read_histories(argv[2]);
	if (fflush(stdout) != 0)
		die("could not write");
	return 0;
}
