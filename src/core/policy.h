/*
 * policy.h -- a measure, compiled
 *
 * The shape is that of rules/README.md. A compiled policy is immutable, holds no pointers into the text it came from
 * and is all the evaluator sees.
 */
#ifndef CC_POLICY_H
#define CC_POLICY_H

#include "condition.h"
#include "node.h"

#define CC_MAX_ITEMS		200
#define CC_MAX_BANDS		30
#define CC_MAX_RULES		31		/* each of vetoes, lists and effects, and groups in all: outcomes keep them as bits */
#define CC_MAX_STATES		100
#define CC_MAX_LIMITS		63		/* each of ceilings and floors */
#define CC_MAX_BLOCK		20		/* each of runs, counters, values, ranks and ratings */
#define CC_MAX_STEPS		100		/* of all counters together */
#define CC_MAX_CLOCKS		6
#define CC_MAX_READS		100		/* names in one list of reads */
#define CC_MAX_POINTS		(1000000 * CC_ONE)	/* times the largest quantity of a record: still exact */

typedef struct CcCite
{
	const char *source;			/* title and number of the document */
	const char *article;
	const char *rank;
} CcCite;

typedef struct CcSurcharge
{
	const char *id;
	CcCondition *when;
	int64_t		points;
	CcCite		cite;
} CcSurcharge;

typedef enum CcPointsKind
{
	CC_POINTS_NONE,
	CC_POINTS_EACH,
	CC_POINTS_CASES,
	CC_POINTS_AWARDED,
	CC_POINTS_PER_UNIT
} CcPointsKind;

typedef struct CcPoints
{
	CcPointsKind kind;
	int64_t		each;			/* also per unit */
	int			n_cases;
	CcCondition **case_when;
	int64_t    *case_points;
	CcTerm		brackets_of;	/* all cases are ranges of this number of a record; else NONE */
	bool		has_otherwise;
	int64_t		otherwise;
	int64_t		awarded_from;
	int64_t		awarded_to;
	int64_t		awarded_step;	/* smallest step by score.decimals */
	int			n_surcharges;
	CcSurcharge *surcharges;
	int64_t		record_floor;
	int64_t		record_cap;
} CcPoints;

typedef enum CcSpan
{
	CC_SPAN_ALWAYS,
	CC_SPAN_PERIOD,
	CC_SPAN_UNIT,				/* calendar unit or cycle */
	CC_SPAN_TERM
} CcSpan;

typedef struct CcWindow
{
	int			n_from;
	CcTerm		from[CC_DAY_TERMS];	/* the first that is known is the anchor */
	CcPeriod	delay;
	CcSpan		span;
	CcPeriod	period;			/* of CC_SPAN_PERIOD; of CC_SPAN_TERM: else */
	CcDay		unit_origin;
	int			unit_months;
	CcUnits    *table;			/* of CC_SPAN_UNIT: the same units, to be looked up */
	int			unit_back;		/* 0 = through the anchor's unit; else in the unit so many after it */
	CcTerm		term;
	bool		unlimited_else;	/* CC_SPAN_TERM: no last day when the term is unknown (else: always, enrolment) */
	bool		corresponding_day_free;
	CcTerm		not_before;
	int			n_ends_on;
	CcTerm		ends_on[CC_DAY_TERMS];
} CcWindow;

/* Which of the records that count are taken. */
typedef enum CcTakeKind
{
	CC_TAKE_ALL,
	CC_TAKE_LATEST,
	CC_TAKE_EARLIEST,
	CC_TAKE_HIGHEST,
	CC_TAKE_LOWEST,
	CC_TAKE_MEAN,
	CC_TAKE_ONCE_PER,
	CC_TAKE_AFTER_FIRST
} CcTakeKind;

typedef enum CcTie
{
	CC_TIE_REFER,
	CC_TIE_HIGHEST,
	CC_TIE_LOWEST
} CcTie;

typedef struct CcTake
{
	CcTakeKind	kind;
	CcTie		tie;			/* LATEST, EARLIEST: several on that day */
	CcTerm		per;			/* ONCE_PER: records with the same value of this term */
	CcTakeKind	keep;			/* ONCE_PER: HIGHEST, LOWEST, LATEST or EARLIEST of them */
	int			spared;			/* AFTER_FIRST: how many are not taken */
} CcTake;

typedef struct CcItem
{
	const char *id;
	const char *name;
	int			component;		/* -1 = none */
	bool		has_when;		/* about the outcome so far; else about records */
	CcCondition *match;			/* has_when: NULL */
	CcCondition *when;			/* has_when; else NULL */
	CcPoints	points;
	CcTake		take;
	bool		has_factor;
	int64_t		factor;
	bool		has_absent;
	int64_t		absent;
	bool		kept;			/* single records are needed: for take, per, counters, due days */
	bool		takes_all;		/* of the records that count none is left out */
	CcTerm		weight;			/* AMOUNT or QUANTITY of its records weighs units; NONE = not needed */
	uint32_t	kinds;			/* bits of the kinds whose records can match */
	int64_t		floor;
	int64_t		cap;
	CcWindow	window;
	bool		repaired_counts;
	CcCite		cite;
} CcItem;

/* Items of a policy, as bits. */
#define CC_ITEM_WORDS	((CC_MAX_ITEMS + 63) / 64)

typedef struct CcItemSet
{
	uint64_t	bits[CC_ITEM_WORDS];
} CcItemSet;

/* A behaviour that items name in full, and the items that can match a record of it. */
typedef struct CcBehaviour
{
	CcText		code;
	CcItemSet	items;
} CcBehaviour;

typedef enum CcPerKind
{
	CC_PER_NONE,
	CC_PER_UNIT,
	CC_PER_CALENDAR
} CcPerKind;

typedef enum CcMeanWeight
{
	CC_MEAN_PLAIN,
	CC_MEAN_BY_AMOUNT,
	CC_MEAN_BY_QUANTITY
} CcMeanWeight;

typedef struct CcComponent
{
	const char *id;
	const char *name;
	int64_t		base;
	int64_t		floor;
	int64_t		cap;
	int64_t		weight;			/* CC_ONE where none is stated */
	CcCondition *when;			/* NULL = always present */
	CcPerKind	per;
	int			per_item;		/* CC_PER_UNIT: whose units are the units */
	CcMeanWeight mean;
	int			per_months;		/* CC_PER_CALENDAR */
	CcUnits    *table;
	int64_t		empty;			/* value without any unit */
	CcCite		cite;
} CcComponent;

/* Consecutive units before the day's that meet a condition. */
typedef struct CcRun
{
	const char *id;
	const char *name;
	int			of;				/* item */
	CcDay		unit_origin;
	int			unit_months;
	CcUnits    *table;
	bool		without;
	int			while_item;		/* -1 = none */
	int			at_most;
	bool		through_this;	/* the current unit counts too, through the day */
	CcCite		cite;
} CcRun;

typedef enum CcCounted
{
	CC_COUNTED_RECORDS,
	CC_COUNTED_POINTS,
	CC_COUNTED_MINUS_POINTS
} CcCounted;

typedef enum CcSameDay
{
	CC_SAME_DAY_TOGETHER,
	CC_SAME_DAY_SMALLEST_FIRST,
	CC_SAME_DAY_LARGEST_FIRST,
	CC_SAME_DAY_REFER
} CcSameDay;

typedef struct CcStep
{
	const char *id;
	const char *name;
	int			counter;
	int64_t		at_least;		/* in 1/10000, also of records */
	CcCondition *resets;		/* over CC_TERM_RESETS of its counter; NULL = none */
	bool		reset;
	CcCite		cite;
} CcStep;

typedef struct CcCounter
{
	const char *id;
	const char *name;
	CcCounted	of;
	int			n_items;
	int		   *items;
	CcDay		unit_origin;
	int			unit_months;	/* 0 = always */
	CcUnits    *table;
	CcSameDay	same_day;
	int			first_step;		/* in policy->steps */
	int			n_steps;
	CcCite		cite;
} CcCounter;

/* A numeric term of the outcome, or a decimal. */
typedef struct CcOperand
{
	CcTerm		term;			/* CC_TERM_NONE: the decimal */
	int			index;
	int64_t		number;
} CcOperand;

typedef enum CcValueKind
{
	CC_VALUE_RATIO,
	CC_VALUE_SUM,
	CC_VALUE_MEAN,
	CC_VALUE_LEAST,
	CC_VALUE_GREATEST,
	CC_VALUE_LINEAR,
	CC_VALUE_CASES
} CcValueKind;

typedef struct CcValue
{
	const char *id;
	const char *name;
	const char *unit;			/* what it is measured in; NULL = nothing */
	CcValueKind kind;
	int			n;				/* operands; RATIO: of, over; LINEAR: of; CASES: one a case, then otherwise */
	CcOperand  *operands;
	CcCondition **when;			/* CASES */
	int64_t		times;
	int64_t		plus;
	int64_t		otherwise;		/* RATIO */
	int			decimals;
	CcRounding	rounding;
	int			step;			/* known from: 2; 4 if it refers to score, rank or group; 5 to band */
	bool		at_rating;
	CcCite		cite;
} CcValue;

typedef struct CcBand
{
	const char *id;
	const char *name;
	CcCondition *when;
	int			grade;			/* credit grade 1 (E) to 5 (A); 0 = none */
} CcBand;

typedef enum CcAfter
{
	CC_AFTER_NONE,
	CC_AFTER_STEP,				/* its last firing in the current unit */
	CC_AFTER_ITEM,				/* latest anchor among the records that count in it */
	CC_AFTER_CYCLE				/* first day of the current cycle */
} CcAfter;

/* A state, ceiling, floor, veto, list or effect: a condition and what follows from it. */
typedef struct CcRule
{
	const char *id;
	const char *name;
	CcCondition *when;
	int			band;			/* -1 = none */
	CcPeriod	hold;			/* vetoes, bars */
	const char *list;			/* lists: red, black, watch, focus */
	CcPeriod	term;			/* lists */
	CcCite		basis;			/* lists */
	bool		at_rating;		/* lists, effects: only in a rating */
	uint64_t	overrides[3];	/* ceilings, floors, vetoes that do not hold where this one does */
	bool		is_order;		/* effects: an order; else a bar */
	const char *matter;			/* bars */
	CcAfter		after;			/* orders */
	int			after_index;
	CcPeriod	due;			/* orders; may be in working days */
	CcCite		cite;
} CcRule;

enum
{
	CC_OVERRIDES_CEILINGS,
	CC_OVERRIDES_FLOORS,
	CC_OVERRIDES_VETOES
};

/* Who stands where in the cohort of a rating. */
typedef struct CcGroup
{
	const char *id;
	int			ranking;
	bool		from_worst;
	bool		by_percent;
	int64_t		size;			/* number, or percent in 1/10000 */
	CcRounding	rounding;		/* HALF_UP, AWAY_FROM_ZERO (up), TOWARD_ZERO (down) */
} CcGroup;

typedef enum CcTies
{
	CC_TIES_REFER,
	CC_TIES_INCLUDE,
	CC_TIES_EXCLUDE
} CcTies;

typedef struct CcRanking
{
	const char *id;
	CcOperand	by;
	bool		best_lowest;
	CcCondition *among;			/* NULL = everybody who can be ranked */
	CcTies		ties;
	int			first_group;	/* in policy->groups */
	int			n_groups;
	CcCite		cite;
} CcRanking;

typedef enum CcOnCorrection
{
	CC_CORRECT_SUBJECT_ONLY,
	CC_CORRECT_BETTER_ONLY,
	CC_CORRECT_ALL
} CcOnCorrection;

typedef struct CcRating
{
	const char *id;
	const char *name;
	CcDay		period_origin;
	int			period_months;
	bool		version_by_start;
	CcPeriod	facts_until;	/* after the last day; NONE = on the last day */
	CcPeriod	repairs_until;
	CcPeriod	publish_within; /* may be in working days; NONE = not stated */
	CcPeriod	valid;			/* from the day of publication; NONE with valid_until_next */
	bool		valid_until_next;
	CcOnCorrection on_correction;
	CcCite		cite;
} CcRating;

/* What a policy reads besides the subject's own records. */
typedef struct CcReads
{
	int			n_results;
	const char **results;		/* ids of policies */
	int			n_ratings;
	const char **ratings;		/* ids of policies; the policy's own id where the file says self */
	int			n_listings;
	const char **listings;
	uint32_t	linked;			/* bits of the ranks of whose */
} CcReads;

typedef enum CcChoice
{
	CC_CHOOSE_REFER,
	CC_CHOOSE_BEST,
	CC_CHOOSE_WORST
} CcChoice;

typedef struct CcPolicy
{
	const char *id;
	const char *title;
	const char *version;
	const char *issuer;
	bool		example;
	CcDay		in_force_from;
	CcDay		in_force_until; /* last day; CC_DAY_LAST = without end */
	uint32_t	inputs;			/* bits of the ranks of kind */
	uint32_t	subject_kinds;	/* bits; 0 = all */
	bool		has_cycle;
	CcDay		cycle_from;
	int			cycle_months;
	CcCite		cycle_cite;
	CcReads		reads;

	bool		has_score;
	int64_t		base;
	int64_t		floor;
	int64_t		cap;
	int			decimals;
	CcRounding	rounding;
	bool		weighted_mean;	/* of the components; else their sum */
	int			score_of;		/* value; -1 = base, components and items */
	CcCite		score_cite;

	int			n_components;
	CcComponent *components;
	int			n_items;		/* item 0 is "enrolled" */
	CcItem	   *items;
	/* which items a record can count in: by its kind, and by its behaviour */
	CcItemSet	by_kind[CC_KINDS];
	CcItemSet	no_behaviour;
	CcItemSet	other_behaviour;	/* that no item names in full */
	int			n_behaviours;	/* places of the table, a power of two; those without code are free */
	CcBehaviour *behaviours;
	int			n_with_when;	/* the items about the outcome so far, in file order */
	int		   *with_when;
	int			n_runs;
	CcRun	   *runs;
	int			n_counters;
	CcCounter  *counters;
	int			n_steps;
	CcStep	   *steps;
	int			n_values;
	CcValue    *values;
	int			n_states;
	CcRule	   *states;
	CcChoice	choose;
	int			gap;			/* band for what no band covers; -1 = refer */
	CcCite		bands_cite;
	int			n_bands;		/* best first */
	CcBand	   *bands;
	int			n_ceilings;
	CcRule	   *ceilings;
	int			n_floors;
	CcRule	   *floors;
	int			n_vetoes;
	CcRule	   *vetoes;
	int			n_lists;
	CcRule	   *lists;
	int			n_effects;
	CcRule	   *effects;
	int			n_ranks;
	CcRanking  *ranks;
	int			n_groups;
	CcGroup    *groups;
	int			n_ratings;
	CcRating   *ratings;

	/* computed from the rest: what the evaluator must remember, or need not work out again */
	CcUnits    *cycle_table;
	int			memory_days;	/* how long a past day can matter, at most: holds, runs, covered, per, counters */
	int			hold_days;		/* of it: how far back holds begin */
	bool		keeps;			/* some item keeps single records */
	bool		looks_back;		/* runs, covered or means of months ask on which past days records counted */
	bool		fires;			/* fires.STEP is used: the day after an event is a day of its own */
	int			n_clocks;		/* units at whose beginning an outcome can change by itself */
	struct CcClock
	{
		CcDay		origin;
		int			months;
		CcUnits    *table;
		int			units;		/* how many after the last event */
	}			clocks[CC_MAX_CLOCKS];
} CcPolicy;

/* Decimal places of points and sums. */
static inline int
cc_places(const CcPolicy *policy)
{
	return policy->has_score ? policy->decimals : CC_DECIMALS;
}

/* ---- from the tree ---- */
extern CcPolicy *cc_policy_compile(CcEnv *env, const CcNode *root, CcFindings *findings);
extern void cc_policy_check(const CcPolicy *policy, const CcNode *root, CcFindings *findings);

/* ---- what can be said about a policy ---- */
/* True if it is proved that a further penalty, or a worse one, never leads to a better band; false = not proved. */
extern bool cc_policy_monotone(const CcPolicy *policy, const char **why_not);
/* True if the first must be evaluated before the second, which reads its results. */
extern bool cc_policy_before(const CcPolicy *a, const CcPolicy *b);
/* Fills order with 0..n-1 so that everybody comes after those whose results he reads; false if some read each other in a circle. */
extern bool cc_policy_order(CcEnv *env, const CcPolicy *const *policies, int n, int *order);

#endif							/* CC_POLICY_H */
