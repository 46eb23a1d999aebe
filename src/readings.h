/*
 * readings.h -- published ratings and list entries, as policies read them
 */
#ifndef CC_READINGS_H
#define CC_READINGS_H

#include "core/evaluate.h"
#include "utils/timestamp.h"

/* Published ratings and list entries of one subject. */
typedef struct CcReadings
{
	int			n;
	CcFact	   *facts;
} CcReadings;

extern CcReadings *cc_read_readings(Datum subjects, int n, TimestampTz known_at, bool read_only);

#endif							/* CC_READINGS_H */


