/*
 * registry.h -- the registry's tables and their columns, by name
 */
#ifndef CC_REGISTRY_H
#define CC_REGISTRY_H

#include "access/tupdesc.h"

extern Oid	cc_registry_table(const char *name);
extern int	cc_require_column(TupleDesc desc, const char *table, const char *column);

#endif							/* CC_REGISTRY_H */
