/*
 * touched.h -- the subjects that a statement touches, as a sorted list
 */
#ifndef CC_TOUCHED_H
#define CC_TOUCHED_H

#include "regrade.h"

extern int	cc_touched_compare(const void *a, const void *b);
extern int	cc_touched_merge(CcTouched *touched, int n);
extern CcTouched *cc_touched_lock(CcBatch *batch, CcTouched *touched, int *n);
extern void cc_touched_regrade(CcBatch *batch, const CcTouched *all, int n, int but);
extern void cc_batch_reset(CcBatch *batch, int rows);

#endif							/* CC_TOUCHED_H */


