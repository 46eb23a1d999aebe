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
	int			items_above;	/* items with when: those before this one are known; else all are */
	int			values_above;	/* values: those before this one are known; else all are */
	int			deepest;		/* the latest step that conditions and operands compiled so far refer to */
} CcCompile;

/* Where a condition stands decides which terms it may use: of a record, or of an outcome up to a step. */
typedef enum CcScope
{
	CC_SCOPE_RECORD,
	CC_SCOPE_COUNTS,			/* items with when, components */
	CC_SCOPE_SUMS,
	CC_SCOPE_SCORE,				/* who is ranked */
	CC_SCOPE_BAND,				/* rules that lead to the band */
	CC_SCOPE_OUTCOME			/* the band is known */
} CcScope;

/* compile_value.c */
extern const char *cc_join_words(CcEnv *env, const char *before, const char *const *words);
extern bool cc_refuse_full_width(CcCompile *c, const CcNode *key);
extern bool cc_decimal_result(CcCompile *c, const CcNode *node, CcParse result, int places, const char *what);
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

/* compile_cite.c */
#define CC_CITED "cite", "assumption", "documentation"	/* keys of every rule */

extern const char *cc_text_of(CcCompile *c, const CcNode *node, int max);
extern const char *cc_rule_id(CcCompile *c, const CcNode *mapping);
extern void cc_refuse_duplicate(CcCompile *c, const CcNode *node, const char *id, const char *other);
extern CcCite cc_compile_cite(CcCompile *c, const CcNode *rule);
extern CcCite cc_compile_optional_cite(CcCompile *c, const CcNode *rule);
extern bool cc_compile_at(CcCompile *c, const CcNode *rule);
extern const char *cc_id_of(CcCompile *c, const CcNode *node, const char *more, bool upper, int min, int max);
extern CcCite cc_compile_source(CcCompile *c, const CcNode *node);
extern void cc_compile_sources(CcCompile *c, const CcNode *node);

/* compile_condition.c */
extern CcCondition *cc_compile_condition(CcCompile *c, const CcNode *node, CcScope scope);
extern CcCondition *cc_compile_test(CcCompile *c, const CcNode *test, CcTerm term, int index, CcScope scope);
extern bool cc_compile_operand(CcCompile *c, const CcNode *node, CcScope scope, CcOperand *operand);
extern int	cc_find_item(CcCompile *c, const CcNode *node);
extern int	cc_find_band(const CcPolicy *policy, const char *id);

/* compile_window.c */
extern CcPeriod cc_compile_period(CcCompile *c, const CcNode *node);
extern CcPeriod cc_compile_due(CcCompile *c, const CcNode *node);
extern void cc_compile_calendar(CcCompile *c, const CcNode *node, bool always, CcDay *origin, int *months);
extern void cc_window_always(CcWindow *window);
extern void cc_compile_window(CcCompile *c, const CcNode *node, CcWindow *window);

/* compile_item.c */
extern bool cc_points_of(CcCompile *c, const CcNode *node, int64_t *value);
extern void cc_require_rounding(CcCompile *c, const CcNode *node, const char *what);
extern void cc_limit_of(CcCompile *c, const CcNode *mapping, const char *key, int64_t *value);
extern void cc_limits_of(CcCompile *c, const CcNode *mapping, const char *floor_key, const char *cap_key, int64_t *floor,
						 int64_t *cap);
extern void cc_compile_item(CcCompile *c, const CcNode *node, CcItem *item);
extern void cc_compile_enrolment(CcCompile *c, const CcNode *node);

/* compile_rule.c */
extern void cc_compile_rules(CcCompile *c, const CcNode *root);

/* compile_outcome.c */
extern void cc_compile_outcome_names(CcCompile *c, const CcNode *root);
extern void cc_compile_components(CcCompile *c, const CcNode *node);
extern void cc_compile_runs(CcCompile *c, const CcNode *node);
extern void cc_compile_counters(CcCompile *c, const CcNode *node);
extern void cc_compile_values(CcCompile *c, const CcNode *node);

/* compile_rating.c */
extern void cc_compile_reads(CcCompile *c, const CcNode *node);
extern void cc_compile_rank_names(CcCompile *c, const CcNode *node);
extern void cc_compile_ranks(CcCompile *c, const CcNode *node);
extern void cc_compile_ratings(CcCompile *c, const CcNode *node);

/* policy_prove.c */
extern void cc_check_reachable(const CcPolicy *policy, const CcNode *root, CcFindings *findings);

/* plan.c */
extern uint32_t cc_kinds_of(const CcCondition *condition);
extern void cc_policy_plan(CcEnv *env, CcPolicy *policy);
extern bool cc_rests_on_results(const CcPolicy *policy, const CcCondition *condition);
extern bool cc_item_reads_results(const CcPolicy *policy, int item);

/* dispatch.c */
extern void cc_plan_dispatch(CcEnv *env, CcPolicy *policy);

#endif							/* CC_POLICY_COMPILE_H */
