/*
 * load.h -- text to policy, text to fact, policy tests: what the backend and the command-line tool share
 */
#ifndef CC_LOAD_H
#define CC_LOAD_H

#include "evaluate.h"

/* Reads and compiles in one go; NULL if there are findings. The reader must be closed by the caller. */
extern CcPolicy *cc_policy_load(CcReader *reader, CcEnv *env, const char *text, size_t len, CcFindings *findings);

/* Sets one value of a fact by its name; false if there is no such name or the value cannot be read. */
extern bool cc_fact_set(CcFact *fact, const char *name, const char *value, int len);

/* One result of a policy test; everything text, NULL = none. */
typedef struct CcTestResult
{
	const char *name;
	bool		ok;
	const char *expected;
	const char *actual;
	const char *fired;
	struct CcTestResult *next;
} CcTestResult;

extern CcTestResult *cc_policy_test(CcEnv *env, const CcPolicy *policy, const CcNode *tests, CcFindings *findings);

/* ---- explanation ---- */
typedef struct CcLine
{
	const char *part;			/* base, record, surcharge, limit, ..., result: doc/operations.md lists them */
	const char *rule;			/* id, or NULL */
	const char *name;
	const CcFact *fact;			/* the record, or NULL */
	bool		adds;			/* points are a term of the score */
	int64_t		points;
	const char *status;
	CcDay		first;			/* CC_DAY_UNKNOWN = does not apply */
	CcDay		last;
	const CcCite *cite;
	const char *remark;			/* Chinese / English, as the next */
	const char *span;			/* of a record: from which day and how long it counts; NULL */
	const char *actual;			/* of a test that fails: what is, and what would have to be; NULL */
	const char *needed;
} CcLine;

typedef void (*CcLineSink) (void *sink, const CcLine *line);

/*
 * Explains the outcome of the day, record by record and rule by rule; the outcome is that of cc_finish(). The state is what
 * the facts were folded into, with what is known of later days; NULL: the facts are all.
 */
extern void cc_explain(CcEnv *env, const CcPolicy *policy, const CcState *state, const CcFact *facts, int n, int subject_kind, CcDay as_of,
					   CcOutcome *outcome, CcLineSink emit, void *sink);
/* An outcome in a few words: state or band, score. */
extern const char *cc_outcome_words(CcEnv *env, const CcPolicy *policy, const CcOutcome *outcome, bool zh);

#endif							/* CC_LOAD_H */
