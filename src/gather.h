/*
 * gather.h -- what a version takes in of one subject, for evaluations and explanations
 */
#ifndef CC_GATHER_H
#define CC_GATHER_H

#include "catalogue.h"

/* The facts one by one, and all of them folded, with what is known of later days. */
typedef struct CcGathered
{
	CcEnv	   *env;
	const CcCatalogue *catalogue;
	const CcMeasure *measure;
	const CcVersion *version;
	Datum		code;
	Oid			code_type;
	struct Subject *subject;
	int			subject_kind;
	DateADT		day;
	TimestampTz known_at;
	int			n;
	CcFact	   *facts;
	CcState		state;
} CcGathered;

extern void cc_gather(CcGathered *gathered);
extern const CcVersion *cc_gathered_outcome(CcGathered *gathered, DateADT day, CcOutcome *outcome);

#endif							/* CC_GATHER_H */


