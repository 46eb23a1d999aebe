/*
 * explain.h -- what the files share that tell an outcome line by line
 */
#ifndef CC_EXPLAIN_H
#define CC_EXPLAIN_H

#include "load.h"
#include "tally.h"
#include "wording.h"

typedef struct Telling
{
	CcEnv	   *env;
	const CcPolicy *policy;
	const CcState *state;
	int			subject_kind;
	CcDay		day;
	bool		has_score;		/* the subject has one on the day */
	bool		adds;			/* records and sums are terms of the score: it is no value */
	CcTally    *tally;
	const CcFact *facts;
	int			n_facts;
	int		   *left;			/* by pick of the tally: records taken that have no line yet */
	int			span_item;		/* whose window span is; -1 = none yet */
	const char *span;
	CcLineSink	emit;
	void	   *sink;
} Telling;

/* explain.c */
extern void cc_line_init(CcLine *line, const char *part, const char *rule, const char *name, const char *status, const CcCite *cite);
extern void cc_tell_line(const Telling *telling, const char *part, const char *rule, const char *name, const char *status,
						 const CcCite *cite, const char *remark);
extern const char *cc_points_words(const Telling *telling, int64_t points);
/* What a limit made of a sum. */
extern const char *cc_limit_words(const Telling *telling, const char *label, const char *name, int64_t before, int64_t after);
/* NULL where nothing is cited. */
extern const CcCite *cc_cited(const CcCite *cite);

/* explain_record.c: records, item by item */
extern void cc_tell_records(Telling *telling);

/* explain_score.c: from records to the score */
extern void cc_tell_score(const Telling *telling, const CcTally *tally);

/* explain_decision.c: states, bands, limits, lists, effects */
extern void cc_tell_decision(const Telling *telling, const CcOutcome *outcome);

/* explain_derived.c: runs, counters, units, values */
extern void cc_tell_units(const Telling *telling, int component);
extern void cc_tell_derived(const Telling *telling, const CcOutcome *outcome);

/* explain_why.c: what nearly holds, and why the band is no better */
extern void cc_tell_near(const Telling *telling, const CcOutcome *outcome);
extern void cc_tell_why_not(const Telling *telling, const CcOutcome *outcome);

#endif							/* CC_EXPLAIN_H */
