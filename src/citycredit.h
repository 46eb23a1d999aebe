/*
 * citycredit.h -- what several files of the PostgreSQL side share
 */
#ifndef CC_CITYCREDIT_H
#define CC_CITYCREDIT_H

#include "utils/date.h"

/* name of the extension, and of the schema its control file fixes */
#define CC_EXTENSION "citycredit"
#define CC_SCHEMA "citycredit"

/* the day that counts as today: citycredit.today, else the day in Asia/Shanghai */
extern DateADT cc_today(void);

/* reads exactly count ASCII digits as a number; false if another character is there */
extern bool cc_digits_value(const char *str, int count, int *result);

/* a text of a result row, NULL where there is none */
extern Datum cc_text_or_null(const char *str, bool *isnull);

#endif							/* CC_CITYCREDIT_H */
