/*
 * verify.h -- a stored standing against what the records give
 */
#ifndef CC_VERIFY_H
#define CC_VERIFY_H

#include "catalogue.h"
#include "utils/uuid.h"

/* A row of standing_stored. */
typedef struct CcStored
{
	int32		version_id;
	DateADT		as_of;
	DateADT		next_change_on;
	bool		has_score;
	int64		score;
	int			state;
	int			band;			/* -1 = none */
	text	   *band_code;		/* NULL = none */
	int			grade;			/* 0 = none */
	uint32		vetoes;
	uint32		lists;
	uint32		effects;
	bytea	   *folded;
} CcStored;

extern const char *cc_standing_problem(CcEnv *env, const CcVersion *version, const CcPolicy *policy, const pg_uuid_t *subject,
									   CcState *fresh, const CcState *complete, const CcStored *stored, DateADT day);

#endif							/* CC_VERIFY_H */
