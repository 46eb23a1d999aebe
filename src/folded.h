/*
 * folded.h -- a state as standings and aggregates keep it
 */
#ifndef CC_FOLDED_H
#define CC_FOLDED_H

#include "core/evaluate.h"

extern bytea *cc_folded(const CcState *state);
extern bool cc_folded_read(CcEnv *env, const CcPolicy *policy, const bytea *folded, CcState *state);

#endif							/* CC_FOLDED_H */
