/*
 * period.c -- periods of months as SQL
 *
 * The counting itself is the core's; working days are counted in SQL, where the calendar is.
 */
#include "postgres.h"

#include "fmgr.h"
#include "utils/date.h"

#include "core/core.h"

/* no period of law is longer than a thousand years */
#define MAX_MONTHS 12000

PG_FUNCTION_INFO_V1(add_months_civil);

/*
 * add_months_civil(date, integer) -- the corresponding day so many months later, or the last of that month (Civil Code,
 * art. 202).  The ends of time stay where they are.  Raises 22008 for what is no day, 22023 for a number out of reason.
 */
Datum
add_months_civil(PG_FUNCTION_ARGS)
{
	DateADT		day = PG_GETARG_DATEADT(0);
	int32		months = PG_GETARG_INT32(1);
	CcPeriod	period = {CC_UNIT_MONTHS, months};
	CcDay		end;

	if (months < -MAX_MONTHS || months > MAX_MONTHS)
		ereport(ERROR,
				(errcode(ERRCODE_INVALID_PARAMETER_VALUE),
				 errmsg("cannot count %d months", months),
				 errdetail("At most %d months can be counted.", MAX_MONTHS)));
	end = cc_day_add(day, period);
	if (DATE_NOT_FINITE(end) && !DATE_NOT_FINITE(day))
		ereport(ERROR,
				(errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE),
				 errmsg("date out of range"),
				 errdetail("There is no day %d months later.", months)));
	PG_RETURN_DATEADT(end);
}
