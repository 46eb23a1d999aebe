/*
 * array.h -- arrays for queries and results, and those given as arguments
 */
#ifndef CC_ARRAY_H
#define CC_ARRAY_H

#include "core/policy.h"
#include "utils/array.h"

extern Datum cc_array(Datum *values, int n, Oid element);
extern Datum cc_rule_ids(const CcRule *rules, int n, uint32 bits);
extern int	cc_numbers(ArrayType *array, const char *message, int32 **numbers);

#endif							/* CC_ARRAY_H */
