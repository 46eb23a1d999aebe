/*
 * trigger.c -- what the statement triggers that regrade have in common
 *
 * As the triggers of referential integrity do, they work as the owner of the table, so that a role that may only write
 * it needs no right on standings.
 */
#include "postgres.h"

#include "executor/spi.h"
#include "miscadmin.h"
#include "trigger.h"
#include "utils/rel.h"

/* Refuses to be called in any other way than as AFTER STATEMENT trigger with a transition table. */
void
cc_trigger_check(FunctionCallInfo fcinfo, const char *function)
{
	TriggerData *trigger = (TriggerData *) fcinfo->context;

	if (!CALLED_AS_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by trigger manager", function)));
	if (!TRIGGER_FIRED_AFTER(trigger->tg_event) || !TRIGGER_FIRED_FOR_STATEMENT(trigger->tg_event))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" must be fired AFTER STATEMENT", function)));
	if (trigger->tg_newtable == NULL && trigger->tg_oldtable == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" needs a transition table", function),
				 errhint("Create the trigger with REFERENCING NEW TABLE or, for DELETE, OLD TABLE.")));
}

/* Begins work as the owner of the table. */
void
cc_trigger_begin(TriggerData *trigger, CcCaller *caller)
{
	GetUserIdAndSecContext(&caller->user, &caller->security);
	SetUserIdAndSecContext(trigger->tg_relation->rd_rel->relowner,
						   caller->security | SECURITY_LOCAL_USERID_CHANGE | SECURITY_NOFORCE_RLS);
	SPI_connect();
}

void
cc_trigger_end(const CcCaller *caller)
{
	SPI_finish();
	SetUserIdAndSecContext(caller->user, caller->security);
}
