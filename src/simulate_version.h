/*
 * simulate_version.h -- which two versions a simulation compares
 */
#ifndef CC_SIMULATE_VERSION_H
#define CC_SIMULATE_VERSION_H

#include "catalogue.h"

typedef struct CcSimulated
{
	const CcPolicy *before;		/* NULL: there is no old version on the day */
	const CcVersion *before_version;
	const CcPolicy *after;
	const CcVersion *after_version;	/* NULL: of a text that is not loaded */
} CcSimulated;

extern void cc_simulated_find(FunctionCallInfo fcinfo, CcSimulated *simulated);

#endif							/* CC_SIMULATE_VERSION_H */


