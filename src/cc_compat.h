/*
 * cc_compat.h -- differences between PostgreSQL versions, and nothing else
 *
 * The only file that looks at PG_VERSION_NUM.
 */
#ifndef CC_COMPAT_H
#define CC_COMPAT_H

#include "fmgr.h"
#include "utils/guc.h"

#if PG_VERSION_NUM < 150000
#error "citycredit needs PostgreSQL 15 or newer"
#endif

/* VARDATA and friends have a header of their own since 16 */
#if PG_VERSION_NUM >= 160000
#include "varatt.h"
#endif

/*
 * Soft errors came with 16.  Before, a type's input function can only throw;
 * the context is evaluated so that the argument counts as used.
 */
#if PG_VERSION_NUM < 160000
#define ereturn(context, dummy_value, ...) \
	do { \
		(void) (context); \
		ereport(ERROR, __VA_ARGS__); \
	} while (0)
#endif

/* extra data of a setting: malloc'd before 16, from guc_malloc() since */
#if PG_VERSION_NUM >= 160000
#define cc_guc_malloc(size) guc_malloc(LOG, size)
#else
#define cc_guc_malloc(size) malloc(size)
#endif

#endif							/* CC_COMPAT_H */
