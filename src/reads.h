/*
 * reads.h -- what a policy says that it reads besides a subject's own records
 */
#ifndef CC_READS_H
#define CC_READS_H

#include "core/evaluate.h"

extern bool cc_policy_takes(const CcPolicy *policy, const CcFact *fact);
extern bool cc_reads_more(const CcPolicy *policy);
extern bool cc_reads_readings(const CcPolicy *policy);
extern bool cc_reads_result(const CcPolicy *policy, const char *name);
extern Datum cc_role_array(uint32 linked);

#endif							/* CC_READS_H */


