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

/* Memory of one tally, used again for every day. */
typedef struct CcScratch
{
	CcPick	   *picks;			/* by item: begin[item] .. begin[item + 1] */
	CcPick	   *sorted;
	int		   *begin;
	int			room;
} CcScratch;

/* What a set of picks comes to. */
typedef struct CcTaken
{
	int64_t		sum;			/* of the points of the records taken */
	int			count;			/* records taken */
	bool		tie;			/* left to people */
} CcTaken;

/* take.c */
extern void cc_take(CcEnv *env, const CcItem *item, CcPick *picks, int n, CcTaken *taken);

/* sum.c */
extern int64_t cc_within(int64_t value, int64_t floor, int64_t cap);
extern int64_t cc_round_ratio(CcEnv *env, __int128 numerator, __int128 denominator, int places, CcRounding rounding);
extern int64_t cc_item_sum(CcEnv *env, const CcPolicy *policy, const CcItem *item, int64_t raw, int offered, int count);

/* units.c */
/* A wide number in memory of the environment, which is aligned to 8 bytes only. */
typedef __int128 CcWide __attribute__((aligned(8)));

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

extern void cc_unit_means(CcEnv *env, const CcPolicy *policy, int component, CcTally *tally, int64_t *value);
extern int	cc_unit_values(CcEnv *env, const CcPolicy *policy, int component, CcTally *tally, CcUnitValue **units);

/* counter.c */
/* Is told every addition (step -1, reset false), every firing of a step, and every reset (step -1). */
typedef void (*CcEventSink) (void *sink, CcDay day, int64_t added, int64_t value, int step, bool reset);

extern void cc_count_events(CcEnv *env, const CcPolicy *policy, int counter, CcTally *tally);
extern void cc_follow_events(CcEnv *env, const CcPolicy *policy, int counter, CcTally *tally, CcEventSink tell, void *sink);

/* run.c */
extern int	cc_run_length(const CcRun *run, const CcTally *tally);
extern bool cc_any_day(const CcState *state, int item, CcDay first, CcDay last);

/* value.c */
extern void cc_values(CcEnv *env, const CcPolicy *policy, CcTally *tally, int from_step, int through_step);

#endif							/* CC_TALLY_H */
