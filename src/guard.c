/*
 * guard.c -- refuses to drop the extension while its registry exists
 *
 * An event trigger of ddl_command_start: at sql_drop the extension's own event
 * trigger is gone already and would not fire.  Only C sees the statement, and
 * with it the names.  Dropping single tables is the owner's right.
 */
#include "postgres.h"

#include "access/htup_details.h"
#include "catalog/pg_namespace.h"
#include "commands/event_trigger.h"
#include "nodes/parsenodes.h"
#include "utils/acl.h"
#include "utils/builtins.h"
#include "utils/lsyscache.h"
#include "utils/syscache.h"

#include "cc_compat.h"
#include "citycredit.h"

PG_FUNCTION_INFO_V1(_guard_drop);

static bool drops_us(const Node *statement, Oid schema);
static bool names_contain(const List *names, const char *name);
static bool roles_own_schema(const List *roles, Oid schema);

/*
 * _guard_drop() returns event_trigger -- raises 2BP01 when the statement would
 * drop the extension, its schema, or what the schema's owner owns, and a
 * registry is there.
 */
Datum
_guard_drop(PG_FUNCTION_ARGS)
{
	EventTriggerData *trigger;
	Oid			schema;

	if (!CALLED_AS_EVENT_TRIGGER(fcinfo))
		ereport(ERROR,
				(errcode(ERRCODE_E_R_I_E_EVENT_TRIGGER_PROTOCOL_VIOLATED),
				 errmsg("function \"%s\" was not called by event trigger manager",
						"_guard_drop")));
	trigger = (EventTriggerData *) fcinfo->context;

	/* ALTER SCHEMA RENAME cannot be refused: look where the function is */
	schema = get_func_namespace(fcinfo->flinfo->fn_oid);

	if (drops_us(trigger->parsetree, schema) &&
		OidIsValid(get_relname_relid("registry_meta", schema)))
		ereport(ERROR,
				(errcode(ERRCODE_DEPENDENT_OBJECTS_STILL_EXIST),
				 errmsg("cannot drop extension \"%s\" while its registry exists",
						CC_EXTENSION),
				 errdetail("The tables of the registry would lose their keys and everything else that is of a type of the extension."),
				 errhint("Use SELECT %s.drop_registry() first.",
						 quote_identifier(get_namespace_name(schema)))));

	PG_RETURN_NULL();
}

/*
 * Tells whether a statement would take the extension away.  plpgsql counts,
 * because the extension requires it.
 */
static bool
drops_us(const Node *statement, Oid schema)
{
	if (statement == NULL)
		return false;

	if (IsA(statement, DropOwnedStmt))
		return roles_own_schema(((const DropOwnedStmt *) statement)->roles, schema);

	if (IsA(statement, DropStmt))
	{
		const DropStmt *drop = (const DropStmt *) statement;

		if (drop->removeType == OBJECT_EXTENSION)
			return names_contain(drop->objects, CC_EXTENSION) ||
				(drop->behavior == DROP_CASCADE &&
				 names_contain(drop->objects, "plpgsql"));
		if (drop->removeType == OBJECT_SCHEMA)
			return names_contain(drop->objects, get_namespace_name(schema));
	}
	return false;
}

/*
 * Looks for a name in a list of String nodes.
 */
static bool
names_contain(const List *names, const char *name)
{
	ListCell   *cell;

	foreach(cell, names)
	{
		if (strcmp(strVal(lfirst(cell)), name) == 0)
			return true;
	}
	return false;
}

/*
 * Tells whether one of the roles owns the schema, and so, by the guard of the
 * install script, the extension in it.
 */
static bool
roles_own_schema(const List *roles, Oid schema)
{
	HeapTuple	tuple;
	Oid			owner;
	ListCell   *cell;

	tuple = SearchSysCache1(NAMESPACEOID, ObjectIdGetDatum(schema));
	if (!HeapTupleIsValid(tuple))
		elog(ERROR, "cache lookup failed for schema %u", schema);
	owner = ((Form_pg_namespace) GETSTRUCT(tuple))->nspowner;
	ReleaseSysCache(tuple);

	foreach(cell, roles)
	{
		if (get_rolespec_oid(lfirst_node(RoleSpec, cell), true) == owner)
			return true;
	}
	return false;
}
