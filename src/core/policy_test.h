/*
 * policy_test.h -- what the files share that run the tests beside a measure
 */
#ifndef CC_POLICY_TEST_H
#define CC_POLICY_TEST_H

#include "load.h"
#include "policy_compile.h"

typedef struct CcTestRun
{
	CcEnv	   *env;
	const CcPolicy *policy;
	CcFindings *findings;
	CcCompile	c;
	CcTestResult *first;
	CcTestResult **last;
	/* reached by an expectation */
	bool	   *items;
	bool	  **cases;			/* by item */
	bool	  **surcharges;		/* by item */
	bool	   *runs;
	bool	   *steps;
	bool	   *values;
	bool	  **value_cases;	/* by value */
	bool	   *states;
	bool	   *bands;
	bool	   *ceilings;
	bool	   *floors;
	bool	   *vetoes;
	bool	   *lists;
	bool	   *effects;
	bool	   *groups;
} CcTestRun;

/* A subject of a test. */
typedef struct CcTestSubject
{
	const char *name;
	CcFact	   *facts;
	int			n;
	int			kind;			/* rank */
	CcState		state;
} CcTestSubject;

/* policy_test.c */
extern void cc_test_result(CcTestRun *run, const char *name, bool ok, const char *expected, const char *actual, const char *fired);

/* policy_compare.c: an outcome against what is expected */
extern void cc_test_compare(CcTestRun *run, const char *name, const CcNode *node, const CcTestSubject *subject, CcDay day, const CcPlace *place);

/* policy_cover.c: which rules some expectation reached */
extern void cc_cover_init(CcTestRun *run);
extern void cc_mark_reached(CcTestRun *run, const CcTestSubject *subject, CcDay day, const CcOutcome *outcome, const CcTally *tally,
						 const CcPlace *place);
extern void cc_cover_all(CcTestRun *run);

#endif							/* CC_POLICY_TEST_H */
