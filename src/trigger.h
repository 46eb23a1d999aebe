/*
 * trigger.h -- what the statement triggers that regrade have in common
 */
#ifndef CC_TRIGGER_H
#define CC_TRIGGER_H

#include "commands/trigger.h"

/* Whom the trigger works for, while it works as another. */
typedef struct CcCaller
{
	Oid			user;
	int			security;
} CcCaller;

extern void cc_trigger_check(FunctionCallInfo fcinfo, const char *function);
extern void cc_trigger_begin(TriggerData *trigger, CcCaller *caller);
extern void cc_trigger_end(const CcCaller *caller);

#endif							/* CC_TRIGGER_H */


