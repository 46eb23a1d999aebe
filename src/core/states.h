/*
 * states.h -- which state of a proceeding may follow which
 */
#ifndef CC_STATES_H
#define CC_STATES_H

#include <stdint.h>

#include "labels.h"

/* one legal step, and what happens in it */
typedef struct CcTransition
{
	int16_t		from;
	const char *event;
	int16_t		to;
} CcTransition;

/* the legal steps of one label type */
typedef struct CcProceeding
{
	const CcLabelType *type;
	const char *noun;			/* as in "cannot change <noun> from" */
	int			count;
	const CcTransition *transitions;
} CcProceeding;

extern const CcProceeding cc_commitment_proceeding;
extern const CcProceeding cc_repair_proceeding;

/* the step between two states, NULL if it is not legal */
extern const CcTransition *cc_find_transition(const CcProceeding *proceeding,
											  int from, int to);

#endif							/* CC_STATES_H */
