/*
 * evaluate.h -- policy x facts x day -> outcome
 *
 * fold() takes facts into a state, finish() reads the outcome of a day off it. Trigger, aggregate, replay, what-if and
 * explanation call the same two; nothing here reads a clock, a table or a setting.
 */
#ifndef CC_EVALUATE_H
#define CC_EVALUATE_H

#include "policy.h"

/*
 * One record as the evaluator sees it. Numbers are CC_NUMBER_UNKNOWN, days CC_DAY_UNKNOWN, texts NULL where nothing is
 * known.
 */
/*
 * Readings (results of other policies, published ratings, listings) and records of linked subjects are facts too: they
 * are folded into a state, or a copy of it, like records.
 */
typedef struct CcFact
{
	unsigned char record_id[16];
	CcText		text[CC_TEXT_TERMS];
	int8_t		rank[CC_TEXT_TERMS];	/* of the texts with closed vocabulary; set by cc_fact_resolve() */
	int64_t		number[CC_NUMBER_TERMS];
	CcDay		day[CC_DAY_TERMS];
	CcDay		revoked_on;
	CcDay		linked_from;	/* days of the link, where whose is not own; else all days */
	CcDay		linked_until;
	bool		verified;		/* readings count as verified */
} CcFact;

extern void cc_fact_init(CcFact *fact);
/* Looks up the ranks of closed-vocabulary texts: once for each fact, after its texts are set. */
extern void cc_fact_resolve(CcFact *fact);

/* What a record is to an item. */
typedef enum CcBearing
{
	CC_NO_MATCH,
	CC_COUNTS,					/* on the days first..last */
	CC_NEVER,					/* last day before the first */
	CC_UNDETERMINED,			/* would count if something unknown were known */
	CC_NOT_VERIFIED,
	CC_REVOKED
} CcBearing;

/* Why a record is undetermined. */
typedef enum CcUnknown
{
	CC_KNOWN,
	CC_UNKNOWN_MATCH,			/* terms of match */
	CC_UNKNOWN_CASE,			/* terms of points.cases */
	CC_UNKNOWN_TERM,			/* a number or day that is needed */
	CC_NOT_PERMITTED			/* awarded points that the measure does not permit */
} CcUnknown;

typedef struct CcContribution
{
	CcBearing	bearing;
	CcDay		anchor;
	CcDay		first;
	CcDay		last;
	int			which_case;		/* of points.cases: which holds; n_cases = otherwise; else -1 */
	int64_t		points;
	int64_t		before_limits;	/* points before record_floor and record_cap */
	CcUnknown	unknown;		/* CC_UNDETERMINED: why */
	CcTerm		term;			/* what is not known, where it is one term */
	bool		repaired;		/* last is the day before the repair */
	bool		ended;			/* last is the day before an ends_on day */
} CcContribution;

/* True if the policy is offered the record at all: by inputs, reads and the link. */
extern bool cc_reaches(const CcPolicy *policy, const CcFact *fact);
/* The items that the record can count in, by kind and behaviour; no other one has to be asked. */
extern CcItemSet cc_candidates(const CcPolicy *policy, int kind, CcText behaviour);
extern void cc_contribute(CcEnv *env, const CcPolicy *policy, const CcItem *item, const CcFact *fact, CcContribution *result);

/* What an undetermined record would be if all that is unknown of it were known. */
typedef struct CcWould
{
	bool		days;			/* first..last are known */
	CcDay		first;
	CcDay		last;
	bool		points;			/* they can be from least to most */
	int64_t		least;
	int64_t		most;
} CcWould;

extern void cc_would_contribute(CcEnv *env, const CcPolicy *policy, const CcItem *item, const CcFact *fact, CcWould *would);

/* ---- the state ---- */
/*
 * Records of one item that count on the same days, added up. Of an item that keeps single records (CcItem.kept) an
 * entry is one record, or several that agree in everything.
 */
typedef struct CcEntry
{
	int64_t		points;			/* of all; in a kept entry of each */
	CcDay		first;			/* CC_DAY_FIRST = began before all that is remembered; exact in kept entries */
	CcDay		last;
	int32_t		count;
	int16_t		item;
	bool		kept;
	/* only in kept entries */
	CcDay		anchor;
	uint64_t	unit;			/* hash of the unit; 0 = none */
	uint64_t	group;			/* hash of the once_per text; 0 = none */
	int64_t		weight;			/* amount or quantity of each */
} CcEntry;

/*
 * What a subject's facts come to, for every day from as_of on, and as far back as the policy remembers. A state with many entries is reduced to one accumulator
 * an item and is then good through good_until only: past it the records must be read again.
 */
typedef struct CcState
{
	CcDay		as_of;
	bool		reduced;
	CcDay		good_until;
	int			n;
	int			room;
	CcEntry    *entries;
} CcState;

#define CC_STATE_ENTRIES	64	/* more are reduced */

extern void cc_state_init(CcState *state, CcDay as_of);
extern void cc_fold(CcEnv *env, const CcPolicy *policy, CcState *state, const CcFact *fact);
extern void cc_combine(CcEnv *env, const CcPolicy *policy, CcState *state, const CcState *other);
extern void cc_settle(CcEnv *env, const CcPolicy *policy, CcState *state, CcDay as_of, bool reduce);
/* The number by which records of a text (unit, once_per) are grouped in entries. */
extern uint64_t cc_group_key(CcText text);
extern bool cc_ever_enrolled(const CcState *state);
extern bool cc_good_on(const CcState *state, CcDay as_of);
/* Nothing is known past the day, because a reading isn't: the state is good through it only. */
extern void cc_state_limit(CcState *state, CcDay good_until);
extern size_t cc_state_size(const CcState *state);
extern size_t cc_state_write(const CcState *state, unsigned char *buf);
extern bool cc_state_read(CcEnv *env, const CcPolicy *policy, const unsigned char *buf, size_t len, CcState *state);

/* ---- the outcome ---- */
typedef enum CcStateCode
{
	CC_NOT_ENROLLED,
	CC_RATED,
	CC_FIRST_STATE				/* + index of the policy's states */
} CcStateCode;

typedef struct CcOutcome
{
	int			state;
	bool		has_score;
	int64_t		score;
	int			band;			/* -1 = none */
	int			grade;			/* 0 = none, 1 (E) to 5 (A) */
	bool		undecided;
	uint32_t	vetoes;
	uint32_t	lists;
	uint32_t	effects;
	int			n_effects;		/* length of due and counted_from; 0 = the policy has no effects, both are NULL */
	CcDay	   *due;			/* by effect; of orders in working days the day from which they are counted; else UNKNOWN */
	CcDay	   *counted_from;	/* by effect: the day after which the due time runs; UNKNOWN = none */
	int			n_values;		/* 0 = the policy has no values, value is NULL */
	int64_t    *value;			/* in 1/10000; CC_NUMBER_UNKNOWN */
	CcDay		next_change_on; /* CC_DAY_LAST = none */
	bool		exact;			/* next_change_on is exact; else no later than the real one */
} CcOutcome;

/* The subject's place in the rankings of one rating. */
typedef struct CcPlace
{
	int			n;				/* rankings: length of rank and of */
	int		   *rank;			/* by ranking, 1 = best; 0 = unknown: not among those ranked */
	int		   *of;				/* by ranking: how many are ranked */
	uint32_t	groups;			/* by group of the policy: is in it */
	uint32_t	referred;		/* by group: a tie lies across its end and is referred */
} CcPlace;

/* Sums and whatever else is behind an outcome, for conditions, values and the explanation. */
typedef struct CcTally
{
	CcDay		day;
	int64_t    *raw;			/* by item: of the records taken, before factor, floor and cap */
	int64_t    *sum;			/* by item */
	int		   *count;			/* by item: records taken */
	int		   *offered;		/* by item: records that count, taken or not */
	bool	   *present;		/* by component */
	int64_t    *component;		/* before its weight; 0 if absent */
	int64_t    *component_raw;	/* before its own floor and cap, and before means */
	int		   *run;
	int64_t    *counter;		/* in 1/10000 */
	int		   *resets;			/* by counter */
	int		   *fired;			/* by step */
	CcDay	   *fired_on;		/* by step: its last firing, UNKNOWN if none */
	int		   *fires;			/* by step: how often on that day */
	int64_t    *value;			/* CC_NUMBER_UNKNOWN: unknown */
	int		   *value_case;		/* by value: which case holds, -1 if none */
	bool		referred;		/* a tie that the measure refers: the outcome is undecided */
	int64_t		before_limits;	/* the score before its own floor and cap */
	int64_t		score;
	int			band;			/* -1 = none */
	uint64_t	ceilings;		/* that hold and are not overridden */
	uint64_t	floors;
	uint64_t	overridden[3];	/* rules that would hold: ceilings, floors, vetoes */
	int			subject_kind;
	const CcPolicy *policy;
	const CcState *state;
	const CcPlace *place;		/* NULL: no rating, ranks and groups are unknown */
	struct CcScratch *scratch;
} CcTally;

/* Prepares a tally of the state for the day and later ones, then works it out: days must not go back. */
extern void cc_tally_init(CcEnv *env, const CcPolicy *policy, const CcState *state, CcDay day, CcTally *tally);
extern void cc_tally(CcEnv *env, const CcPolicy *policy, CcDay day, CcTally *tally);

/*
 * The outcome of a day. With a place (of a rating) ranks and groups are known and what is "at: rating" exists;
 * next_change_on is none then. due, counted_from and value are the environment's memory.
 */
extern void cc_finish(CcEnv *env, const CcPolicy *policy, const CcState *state, int subject_kind, CcDay as_of, const CcPlace *place,
					  CcOutcome *outcome);
/* The same for a day alone, without next_change_on: for many subjects. */
extern void cc_outcome_on(CcEnv *env, const CcPolicy *policy, const CcState *state, int subject_kind, CcDay day, CcOutcome *outcome);
extern void cc_no_outcome(CcDay next_change_on, CcOutcome *outcome);
extern bool cc_same_outcome(const CcOutcome *a, const CcOutcome *b);
/* The same, and the tally of the day behind it, for explanation and tests. */
extern void cc_tell(CcEnv *env, const CcPolicy *policy, const CcState *state, int subject_kind, CcDay as_of, const CcPlace *place,
					CcTally *tally, CcOutcome *outcome);
/* What limits the outcome of a day: which rule of which block. */
typedef enum CcLimitKind
{
	CC_LIMIT_STATE,
	CC_LIMIT_CEILING,
	CC_LIMIT_FLOOR,
	CC_LIMIT_VETO,
	CC_LIMIT_EFFECT
} CcLimitKind;

/*
 * The first later day on which a rule that decides on the day does so no longer, if nothing new is learned; CC_DAY_LAST if
 * it goes on for ever, CC_DAY_UNKNOWN if that cannot be told for the version's or a reading's end.
 */
extern CcDay cc_limit_ends(CcEnv *env, const CcPolicy *policy, const CcState *state, int subject_kind, CcDay as_of, CcLimitKind kind, int i);
extern CcTruth cc_holds(const CcCondition *condition, const CcFact *fact, const CcTally *tally);
extern int64_t cc_operand(CcEnv *env, const CcOperand *operand, const CcTally *tally);
extern bool cc_covered(const CcTally *tally, int item, bool last_cycle);
extern const char *cc_state_name(const CcPolicy *policy, int state);

/* ---- results of other policies ---- */
/*
 * The inner policy's outcomes from one day through another as facts of kind result, one for each stretch of days on
 * which state, score, band and grade stay the same, none where the subject is not enrolled. Fold them into the outer
 * state, then cc_state_limit(outer, *known_until). Returns their number; *facts is the environment's memory.
 */
extern int	cc_result_facts(CcEnv *env, const CcPolicy *inner, const CcState *state, int subject_kind, CcDay from, CcDay until,
							CcFact **facts, CcDay *known_until);

/* ---- ranking the cohort of a rating ---- */
/* A subject that stands for ranking: in which rankings, by which values. */
typedef struct CcEntrant
{
	uint32_t	among;			/* by ranking */
	int64_t    *by;				/* by ranking */
} CcEntrant;

/*
 * What a rating as of its last day takes in of n facts; returns how many are left. Records that were recorded later than
 * facts_until are left out; a repair after the last day and through repairs_until is one of the last day, a later one is
 * none. Readings are what they are.
 */
extern int	cc_facts_of_rating(CcFact *facts, int n, CcDay last_day, CcDay facts_until, CcDay repairs_until);
extern CcDay cc_repair_in_rating(CcDay repaired_on, CcDay last_day, CcDay repairs_until);

/* Call cc_enter() for every subject of the cohort, then cc_rank() for all, then cc_finish() for each with its place. */
extern void cc_place_init(CcEnv *env, const CcPolicy *policy, CcPlace *place);
extern void cc_enter(CcEnv *env, const CcPolicy *policy, const CcState *state, int subject_kind, CcDay as_of, CcEntrant *entrant);
extern void cc_rank(CcEnv *env, const CcPolicy *policy, const CcEntrant *entrants, int n, CcPlace *places);

#endif							/* CC_EVALUATE_H */
