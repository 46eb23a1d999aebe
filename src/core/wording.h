/*
 * wording.h -- conditions, windows and numbers of a policy in words, for explanations
 */
#ifndef CC_WORDING_H
#define CC_WORDING_H

#include "evaluate.h"

/* Chinese (zh) or English; the environment's memory. */
extern const char *cc_number_words(CcEnv *env, const CcPolicy *policy, CcTerm term, int index, int64_t number);
extern const char *cc_term_words(CcEnv *env, const CcPolicy *policy, CcTerm term, int index, bool zh);
extern const char *cc_test_words(CcEnv *env, const CcPolicy *policy, const CcCondition *test, bool wanted, bool zh);
extern const char *cc_condition_words(CcEnv *env, const CcPolicy *policy, const CcCondition *condition, bool zh);
extern const char *cc_window_words(CcEnv *env, const CcPolicy *policy, const CcItem *item, bool zh);

/* The bounds of a range as the file has them: below 90 is kept as at most 89.9999. */
typedef struct CcBounds
{
	bool		has_low;
	bool		has_high;
	bool		above;			/* low itself is not in it */
	bool		below;
	int64_t		low;
	int64_t		high;
} CcBounds;

extern void cc_bounds(const CcPolicy *policy, const CcCondition *test, CcBounds *bounds);

#endif							/* CC_WORDING_H */
