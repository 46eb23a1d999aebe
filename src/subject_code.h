/*
 * subject_code.h -- subject_code as a Datum
 */
#ifndef CC_SUBJECT_CODE_H
#define CC_SUBJECT_CODE_H

#include "fmgr.h"

#include "core/codes.h"

/* passed by reference like uuid, whose 16 bytes it shares */
#define DatumGetSubjectCodeP(X) ((CcCode *) DatumGetPointer(X))
#define SubjectCodePGetDatum(X) PointerGetDatum(X)
#define PG_GETARG_SUBJECT_CODE_P(n) DatumGetSubjectCodeP(PG_GETARG_DATUM(n))
#define PG_RETURN_SUBJECT_CODE_P(x) return SubjectCodePGetDatum(x)

#endif							/* CC_SUBJECT_CODE_H */
