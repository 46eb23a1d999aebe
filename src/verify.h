/*
 * verify.h -- arguments of _standing_problem(), for callers in C
 */
#ifndef CC_VERIFY_H
#define CC_VERIFY_H

#include "fmgr.h"

/* The subject, what its records fold to, its row of standing_stored, and the day. */
enum
{
	CC_VERIFY_SUBJECT,
	CC_VERIFY_FRESH_VERSION,
	CC_VERIFY_FRESH,
	CC_VERIFY_VERSION,
	CC_VERIFY_AS_OF,
	CC_VERIFY_NEXT_CHANGE_ON,
	CC_VERIFY_SCORE,
	CC_VERIFY_STATE,
	CC_VERIFY_BAND,
	CC_VERIFY_BAND_CODE,
	CC_VERIFY_CREDIT_GRADE,
	CC_VERIFY_VETOES,
	CC_VERIFY_LISTS,
	CC_VERIFY_FOLDED,
	CC_VERIFY_DAY,
	CC_VERIFY_ARGS
};

/* The column of standing_stored that is the argument; NULL where none is. */
extern const char *const cc_verify_column[CC_VERIFY_ARGS];

extern PGDLLEXPORT Datum _standing_problem(PG_FUNCTION_ARGS);

#endif							/* CC_VERIFY_H */
