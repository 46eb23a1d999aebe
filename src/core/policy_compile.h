/* policy_compile.h -- what the files that compile a policy share */
#ifndef CC_POLICY_COMPILE_H
#define CC_POLICY_COMPILE_H

#include "policy.h"

typedef struct CcCompile
{
	CcEnv	   *env;
	CcFindings *findings;
	CcPolicy   *policy;
	const CcNode *sources;
	bool		has_assumption;
	const CcNode *assumption;	/* the first one */
} CcCompile;

/* Where a condition stands decides which terms it may use. */
typedef enum CcScope
{
	CC_SCOPE_RECORD,
	CC_SCOPE_OUTCOME,
	CC_SCOPE_LIST				/* outcome with the band known */
} CcScope;

extern CcCondition *cc_compile_condition(CcCompile *c, const CcNode *node, CcScope scope);

extern bool cc_check_keys(CcCompile *c, const CcNode *node, const char *const *allowed);
extern const CcNode *cc_require(CcCompile *c, const CcNode *mapping, const char *key);
extern bool cc_is_mapping(CcCompile *c, const CcNode *node);
extern bool cc_is_sequence(CcCompile *c, const CcNode *node);
extern bool cc_is_scalar(CcCompile *c, const CcNode *node);
extern bool cc_value_decimal(CcCompile *c, const CcNode *node, int places, int64_t *value);
extern bool cc_value_integer(CcCompile *c, const CcNode *node, int low, int high, int *value);
extern bool cc_value_day(CcCompile *c, const CcNode *node, CcDay *day);
extern bool cc_value_bool(CcCompile *c, const CcNode *node, bool *value);
extern bool cc_value_word(CcCompile *c, const CcNode *node, const char *const *words, int *which);
extern const char *cc_text_of(CcCompile *c, const CcNode *node, int max);
extern const char *cc_rule_id(CcCompile *c, const CcNode *mapping);
extern CcCite cc_compile_cite(CcCompile *c, const CcNode *rule);
extern CcPeriod cc_compile_period(CcCompile *c, const CcNode *node);
extern void cc_limit_of(CcCompile *c, const CcNode *mapping, const char *key, int64_t *value);
extern void cc_limits_of(CcCompile *c, const CcNode *mapping, const char *floor_key, const char *cap_key, int64_t *floor,
						 int64_t *cap);
extern void cc_compile_item(CcCompile *c, const CcNode *node, CcItem *item);
extern void cc_compile_enrolment(CcCompile *c, const CcNode *node);
extern int	cc_find_band(const CcPolicy *policy, const char *id);

#endif							/* CC_POLICY_COMPILE_H */
