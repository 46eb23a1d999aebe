/*
 * registry.c -- the registry's tables and their columns, by name
 */
#include "postgres.h"

#include "catalog/namespace.h"
#include "citycredit.h"
#include "executor/spi.h"
#include "registry.h"
#include "utils/lsyscache.h"

/* The registry's table of that name; without one, the way to make it. */
Oid
cc_registry_table(const char *name)
{
	Oid			relid = get_relname_relid(name, get_namespace_oid(CC_SCHEMA, false));

	if (!OidIsValid(relid))
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_TABLE),
				 errmsg("registry table \"%s\" does not exist", name),
				 errhint("Create the registry with SELECT citycredit.create_registry().")));
	return relid;
}

/* The number of a column that the code cannot do without. */
int
cc_require_column(TupleDesc desc, const char *table, const char *column)
{
	int			number = SPI_fnumber(desc, column);

	if (number <= 0)
		ereport(ERROR,
				(errcode(ERRCODE_UNDEFINED_COLUMN),
				 errmsg("table \"%s\" has no column \"%s\"", table, column),
				 errhint("SELECT citycredit.migrate() brings an older registry up to date.")));
	return number;
}
