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

#endif							/* CC_CITYCREDIT_H */
