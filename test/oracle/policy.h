/*
 * policy.h -- what a policy says, in the order of rules/README.md
 */
#ifndef POLICY_H
#define POLICY_H

#include <yaml.h>

#include "plain.h"

#define MAX_ITEMS		200
#define MAX_PARTS		100		/* bands, states, vetoes, steps, groups ... */
#define MAX_EFFECTS		31
#define MAX_VALUES		20

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
	R_AMOUNT, R_FINE, R_POINTS, R_QUANTITY, R_ACT_ON, R_ACT_ENDED_ON, R_DECIDED_ON,
	R_SERVED_ON, R_VALID_FROM, R_VALID_UNTIL, R_PUBLICITY_UNTIL,
	R_CORRECTED_ON, R_REPAIRED_ON, R_RECORDED_ON, R_SUBJECT_KIND, RECORD_TERMS
};

typedef struct RecordTerm
{
	const char *name;
	TermType	type;
	const char *const *order;	/* least first, for ordered terms */
} RecordTerm;

extern const RecordTerm record_terms[RECORD_TERMS];

/* Gives the place of a term of a record among them. */
extern int	record_term(const char *name);

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

extern Policy policy;
extern bool holds_matter;		/* a veto or bar holds on after its condition */
extern bool looks_back;			/* runs, covered or units of the cycle do */

/* Reads a file into "policy". */
extern void load_policy(const char *path);

#endif							/* POLICY_H */
