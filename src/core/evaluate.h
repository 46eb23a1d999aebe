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
typedef struct CcFact
{
	unsigned char record_id[16];
	CcText		text[CC_TEXT_TERMS];
	int64_t		number[CC_NUMBER_TERMS];
	CcDay		day[CC_DAY_TERMS];
	CcDay		revoked_on;
	bool		verified;
} CcFact;

extern void cc_fact_init(CcFact *fact);

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
	CcDay		first;
	CcDay		last;
	int64_t		points;
	int64_t		before_limits;	/* points before record_floor and record_cap */
	CcUnknown	unknown;		/* CC_UNDETERMINED: why */
	CcTerm		term;			/* what is not known, where it is one term */
	bool		repaired;		/* last is the day before the repair */
	bool		ended;			/* last is the day before an ends_on day */
} CcContribution;

extern void cc_contribute(CcEnv *env, const CcPolicy *policy, const CcItem *item, const CcFact *fact, CcContribution *result);

/* ---- the state ---- */
/* Records of one item that count on the same days, added up. */
typedef struct CcEntry
{
	int64_t		points;
	CcDay		first;			/* CC_DAY_FIRST = began on or before the state's day */
	CcDay		last;
	int32_t		count;
	int32_t		item;
} CcEntry;

/*
 * What a subject's facts come to, for every day from as_of on. A state with many entries is reduced to one accumulator
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
extern bool cc_ever_enrolled(const CcState *state);
extern bool cc_good_on(const CcState *state, CcDay as_of);
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
	CcDay		next_change_on; /* CC_DAY_LAST = none */
	bool		exact;			/* next_change_on is exact; else no later than the real one */
} CcOutcome;

/* Sums behind an outcome, for the explanation. */
typedef struct CcTally
{
	int64_t    *raw;			/* by item, before floor and cap */
	int64_t    *sum;			/* by item */
	int		   *count;			/* by item */
	int64_t    *component;
	int64_t		before_limits;	/* the score before its own floor and cap */
	int64_t		score;
	int			band;
	int			subject_kind;
} CcTally;

extern void cc_tally_init(CcEnv *env, const CcPolicy *policy, CcTally *tally);
extern void cc_tally(CcEnv *env, const CcPolicy *policy, const CcState *state, CcDay day, CcTally *tally);
extern void cc_finish(CcEnv *env, const CcPolicy *policy, const CcState *state, int subject_kind, CcDay as_of, CcOutcome *outcome);
extern void cc_outcome_on(CcEnv *env, const CcPolicy *policy, const CcState *state, int subject_kind, CcDay day, CcOutcome *outcome);
extern void cc_no_outcome(CcDay next_change_on, CcOutcome *outcome);
extern bool cc_same_outcome(const CcOutcome *a, const CcOutcome *b);
extern CcTruth cc_holds(const CcCondition *condition, const CcFact *fact, const CcTally *tally);
extern const char *cc_state_name(const CcPolicy *policy, int state);

#endif							/* CC_EVALUATE_H */
