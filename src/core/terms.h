/*
 * terms.h -- which terms of a record a measure looks at
 */
#ifndef CC_TERMS_H
#define CC_TERMS_H

#include "policy.h"

#define CC_TERM_BIT(term)	(UINT64_C(1) << (term))

extern uint64_t cc_terms_used(const CcPolicy *policy);

#endif							/* CC_TERMS_H */
