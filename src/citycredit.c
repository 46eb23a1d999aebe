/*
 * citycredit.c -- what the library does when it is loaded, its settings, and
 * which day it is
 *
 * Only what belongs to no part of its own: types, policies and triggers have
 * their own files.
 */
#include "postgres.h"

#include "access/xact.h"
#include "pgtime.h"
#include "utils/builtins.h"
#include "utils/date.h"
#include "utils/datetime.h"
#include "utils/guc.h"
#include "utils/timestamp.h"

#include "bulk.h"
#include "cc_compat.h"
#include "citycredit.h"

/* the days of every deadline and publicity period are those of this zone */
#define CC_TIME_ZONE "Asia/Shanghai"

/* length of an ISO date, YYYY-MM-DD */
#define ISO_DATE_LENGTH 10

PG_MODULE_MAGIC;

void		_PG_init(void);

PG_FUNCTION_INFO_V1(today);
PG_FUNCTION_INFO_V1(_library_version);
PG_FUNCTION_INFO_V1(_built_against);

/* citycredit.today: the text as set, and the day its assign hook took from it */
static char *today_setting = NULL;
static bool today_is_set = false;
static DateADT today_value = 0;

static bool parse_iso_date(const char *str, DateADT *result);
static bool check_today(char **newval, void **extra, GucSource source);
static void assign_today(const char *newval, void *extra);

/*
 * Defines the settings of the extension when the library is loaded.
 */
void
_PG_init(void)
{
	/*
	 * Not for everybody: who chooses the day could end an objection period,
	 * backdate a record, or read entries whose publication has ended.  A role
	 * that replays past days gets GRANT SET ON PARAMETER.
	 */
	DefineCustomStringVariable("citycredit.today",
							   "Day that counts as today, instead of the clock's.",
							   "An ISO date; empty means the present day in "
							   CC_TIME_ZONE ".",
							   &today_setting,
							   "",
							   PGC_SUSET,
							   0,
							   check_today,
							   assign_today,
							   NULL);
	DefineCustomBoolVariable("citycredit.direct_scan",
							 "Reads the table of records directly where that gives what a query would.",
							 "Off, what-if and verification read it by a query: slower, with the same results.",
							 &cc_direct_scan,
							 true,
							 PGC_USERSET,
							 0,
							 NULL,
							 NULL,
							 NULL);
	MarkGUCPrefixReserved("citycredit");
}

/*
 * Returns the day that counts as today: the setting when it is given, so that
 * tests and replays choose their day, else the day on which the transaction
 * began in Asia/Shanghai, whatever the session's zone.
 */
DateADT
cc_today(void)
{
	pg_tz	   *zone;
	struct pg_tm tm;
	fsec_t		fsec;
	int			offset;

	if (today_is_set)
		return today_value;

	zone = pg_tzset(CC_TIME_ZONE);
	if (zone == NULL)
		ereport(ERROR,
				(errcode(ERRCODE_CONFIG_FILE_ERROR),
				 errmsg("time zone \"%s\" is not known to the server",
						CC_TIME_ZONE),
				 errhint("Install the time zone database, or set citycredit.today.")));
	if (timestamp2tm(GetCurrentTransactionStartTimestamp(), &offset, &tm, &fsec,
					 NULL, zone) != 0)
		elog(ERROR, "transaction timestamp out of range");

	return date2j(tm.tm_year, tm.tm_mon, tm.tm_mday) - POSTGRES_EPOCH_JDATE;
}

/*
 * today() returns date -- SQL face of cc_today().
 */
Datum
today(PG_FUNCTION_ARGS)
{
	PG_RETURN_DATEADT(cc_today());
}

/*
 * _library_version() returns text -- version of the loaded library, which
 * differs from the extension's after an upgrade of only one of them.
 */
Datum
_library_version(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(CC_VERSION));
}

/*
 * _built_against() returns text -- PostgreSQL version of the headers used.
 */
Datum
_built_against(PG_FUNCTION_ARGS)
{
	PG_RETURN_TEXT_P(cstring_to_text(PG_VERSION));
}

/*
 * Checks a new value of citycredit.today: empty or an ISO date.  Leaves the
 * parsed day in *extra (malloc'd, owned by the GUC machinery), so that the
 * assign hook cannot fail.
 */
static bool
check_today(char **newval, void **extra, GucSource source)
{
	DateADT		day;
	DateADT    *parsed;

	if (*newval == NULL || **newval == '\0')
		return true;

	if (!parse_iso_date(*newval, &day))
	{
		GUC_check_errcode(ERRCODE_INVALID_DATETIME_FORMAT);
		GUC_check_errdetail("\"%s\" is not an existing day written YYYY-MM-DD.",
							*newval);
		return false;
	}

	parsed = (DateADT *) cc_guc_malloc(sizeof(DateADT));
	if (parsed == NULL)
		return false;
	*parsed = day;
	*extra = parsed;
	return true;
}

/*
 * Takes over the day that check_today() parsed.
 */
static void
assign_today(const char *newval, void *extra)
{
	today_is_set = (extra != NULL);
	if (today_is_set)
		today_value = *(DateADT *) extra;
}

/*
 * Parses YYYY-MM-DD, years 0001 to 9999, and nothing else: a setting has to
 * mean the same under every DateStyle, which date_in() cannot promise.
 */
static bool
parse_iso_date(const char *str, DateADT *result)
{
	int			year;
	int			month;
	int			day;
	int			back_year;
	int			back_month;
	int			back_day;
	int			julian;

	if (strlen(str) != ISO_DATE_LENGTH || str[4] != '-' || str[7] != '-' ||
		!cc_digits_value(str, 4, &year) ||
		!cc_digits_value(str + 5, 2, &month) ||
		!cc_digits_value(str + 8, 2, &day))
		return false;
	if (year < 1 || month < 1 || month > MONTHS_PER_YEAR || day < 1)
		return false;

	/* a day that does not exist comes back as another one */
	julian = date2j(year, month, day);
	j2date(julian, &back_year, &back_month, &back_day);
	if (back_year != year || back_month != month || back_day != day)
		return false;

	*result = julian - POSTGRES_EPOCH_JDATE;
	return true;
}

/*
 * Reads exactly count ASCII digits.
 */
bool
cc_digits_value(const char *str, int count, int *result)
{
	int			i;

	*result = 0;
	for (i = 0; i < count; i++)
	{
		if (str[i] < '0' || str[i] > '9')
			return false;
		*result = *result * 10 + (str[i] - '0');
	}
	return true;
}

/*
 * Makes a value of a result row from a text.
 */
Datum
cc_text_or_null(const char *str, bool *isnull)
{
	*isnull = str == NULL;
	return str == NULL ? (Datum) 0 : CStringGetTextDatum(str);
}
