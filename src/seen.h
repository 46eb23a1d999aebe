/*
 * seen.h -- new versions that were taken in before their own trigger fires
 */
#ifndef CC_SEEN_H
#define CC_SEEN_H

#include "regrade.h"

extern void cc_seen_remember(CcBatch *batch);
extern void cc_seen_drop(CcBatch *batch);
extern bool cc_seen_row(const pg_uuid_t *subject, const pg_uuid_t *record_id, TimestampTz known_from);

#endif							/* CC_SEEN_H */


