/* tally.h -- what the files share that add up the records of a day */
#ifndef CC_TALLY_H
#define CC_TALLY_H

#include "evaluate.h"

/* An entry of a kept item that counts on the day, and how many of its records are taken. */
typedef struct CcPick
{
	const CcEntry *entry;
	int			taken;
	uint64_t	unit;			/* of a mean over units; 0 = none */
} CcPick;

/* The next day on which an entry begins to count, or counts no more. */
typedef struct CcTurn
{
	CcDay		day;
	int			entry;
} CcTurn;

/*
 * What a tally knows beside its sums, to go from day to day: only what a day touches is worked out anew, so that a sweep
 * over all days costs little more than one day.
 */
typedef struct CcScratch
{
	/* timeline.c: a heap, the earliest turn at its top */
	CcTurn	   *turns;
	int			n_turns;
	CcDay		kept_began;		/* the last day on which a kept entry began; FIRST = none */
	/*
	 * Kept entries that count: of an item, n_picks[item] from begin[item] on; what follows is free and has taken 0. Where all
	 * are taken they are so from the beginning, else cc_take() says.
	 */
	CcPick	   *picks;
	CcPick	   *sorted;			/* room for as many */
	void	   *list;			/* of counter.c and units.c: room for one element a pick, or a unit of the cycle */
	int		   *begin;
	int		   *n_picks;
	/* all entries by item, where a policy looks back: of an item, from of_begin[item] up to of_begin[item + 1] */
	int		   *of_item;
	int		   *of_begin;
	/* what is worked out anew: items whose records changed, and whatever is good through a day only */
	bool	   *stale;			/* by item */
	int		   *changed;		/* the items that are stale, n_changed of them */
	int			n_changed;
	bool	   *lost;			/* by item: a kept record has ended */
	int64_t		rest;			/* sum of the items without component */
	CcDay	   *run_until;		/* by run */
	CcDay	   *counter_until;	/* by counter */
	CcDay	   *counted_on;		/* by counter: later events have not been followed */
	bool	   *fired_since;	/* by step: since the counter was reset */
	CcDay	   *mean_until;		/* by component */
	int64_t    *mean;			/* by component: its value, if it is a mean over units */
	bool	   *tied;			/* by item, counter, component: has a tie that is left to people */
} CcScratch;

#define CC_LIST_ELEMENT	48		/* the larger of an event and a unit */

/* What a set of picks comes to. */
typedef struct CcTaken
{
	int64_t		sum;			/* of the points of the records taken */
	int			count;			/* records taken */
	bool		tie;			/* left to people */
} CcTaken;

/* timeline.c */
extern void cc_timeline_begin(CcEnv *env, const CcPolicy *policy, CcTally *tally);
extern void cc_timeline_advance(CcEnv *env, const CcPolicy *policy, CcDay day, CcTally *tally);
extern void cc_timeline_settle(CcTally *tally);
extern CcDay cc_timeline_next(const CcTally *tally);

/* take.c */
extern void cc_take(CcEnv *env, const CcItem *item, CcPick *picks, int n, CcTaken *taken);

/* sum.c */
extern int64_t cc_within(int64_t value, int64_t floor, int64_t cap);
extern int64_t cc_round_ratio(CcEnv *env, __int128 numerator, __int128 denominator, int places, CcRounding rounding);
extern int64_t cc_item_sum(CcEnv *env, const CcPolicy *policy, const CcItem *item, int64_t raw, int offered, int count);

/* units.c */
/* Memory of the environment is aligned to 8 bytes, as palloc() gives it. */
typedef __int128 CcWide __attribute__((aligned(8)));

/* One unit of a mean over units: by the key of its text (cc_group_key), or, of a calendar, its first day. */
typedef struct CcUnitValue
{
	uint64_t	key;
	CcDay		first;			/* of a calendar; else UNKNOWN */
	int64_t		before_limits;
	int64_t		value;
	CcWide		weight;			/* 1 in a plain mean */
} CcUnitValue;

extern void cc_unit_means(CcEnv *env, const CcPolicy *policy, int component, CcTally *tally, int64_t *value, CcDay *good_until);
extern int	cc_unit_values(CcEnv *env, const CcPolicy *policy, int component, CcTally *tally, CcUnitValue **units, CcDay *good_until);

/* counter.c */
/* Is told every addition (step -1, reset false), every firing of a step, and every reset (step -1). */
typedef void (*CcEventSink) (void *sink, CcDay day, int64_t added, int64_t value, int step, bool reset);

extern void cc_count_events(CcEnv *env, const CcPolicy *policy, int counter, bool anew, CcTally *tally);
extern void cc_follow_events(CcEnv *env, const CcPolicy *policy, int counter, CcTally *tally, CcEventSink tell, void *sink);

/* run.c */
extern int	cc_run_length(const CcRun *run, const CcTally *tally, CcDay *good_until);
extern bool cc_any_day(const CcTally *tally, int item, CcDay first, CcDay last);

/* value.c */
extern void cc_values(CcEnv *env, const CcPolicy *policy, CcTally *tally, int from_step, int through_step);

#endif							/* CC_TALLY_H */
