/*
 * finish.h -- an outcome, read off a state with all that the policy reads
 */
#ifndef CC_FINISH_H
#define CC_FINISH_H

#include "catalogue.h"
#include "readings.h"

/* Another policy as a source of results. */
typedef struct CcInner
{
	const CcMeasure *measure;
	const CcVersion *version;	/* NULL: none was ever adopted */
	const CcPolicy *policy;
	const CcState *state;		/* with its own readings; NULL: the subject was never enrolled */
} CcInner;

/* Finds the inner policy by its name; false if there is none of that name. */
typedef bool (*CcFindInner) (void *arg, const char *policy, CcInner *inner);

/* What it takes to finish a standing. */
typedef struct CcFinish
{
	const CcVersion *version;
	const CcPolicy *policy;
	const CcState *own;			/* of the subject's records and those of linked subjects */
	const CcReadings *readings;
	CcFindInner find_inner;
	void	   *arg;
	int			subject_kind;
	DateADT		day;
	TimestampTz known_at;
	bool		as_if_in_force;
	bool		is_read;		/* others read its results, and look ahead as far as it can tell */
} CcFinish;

extern void cc_finish_standing(CcEnv *env, const CcFinish *finish, CcState *complete, CcOutcome *outcome);

#endif							/* CC_FINISH_H */


