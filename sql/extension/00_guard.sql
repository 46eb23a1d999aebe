-- 00_guard.sql -- conditions under which the extension may be installed at all
--
-- A script of its own, in ASCII: the server converts each script as a whole to the
-- encoding of the database before it runs any of it, and the others hold Chinese.

-- first statement: nothing is created in a schema that somebody else prepared,
-- whose owner could put functions of his own beside ours.  Another superuser is
-- no danger, and is what a dump of a database that he installed restores.
DO $guard$
DECLARE
	schema_owner pg_catalog.name;
	owner_is_superuser pg_catalog.bool;
BEGIN
	SELECT r.rolname, r.rolsuper INTO STRICT schema_owner, owner_is_superuser
	  FROM pg_catalog.pg_namespace AS n
	  JOIN pg_catalog.pg_roles AS r ON r.oid OPERATOR(pg_catalog.=) n.nspowner
	 WHERE n.nspname OPERATOR(pg_catalog.=) '@extschema@';

	IF schema_owner OPERATOR(pg_catalog.<>) CURRENT_USER AND NOT owner_is_superuser THEN
		RAISE EXCEPTION 'schema "%" belongs to role "%", not to the installing role "%"',
				'@extschema@', schema_owner, CURRENT_USER
			USING ERRCODE = 'insufficient_privilege',
				DETAIL = 'The owner of the schema could replace what the extension relies on.',
				HINT = 'Drop the schema, or give it to the installing role with ALTER SCHEMA ... OWNER TO, after looking at what is in it.';
	END IF;

	IF pg_catalog.current_setting('server_encoding') OPERATOR(pg_catalog.<>) 'UTF8' THEN
		RAISE EXCEPTION 'citycredit needs a database with encoding UTF8, not %',
				pg_catalog.current_setting('server_encoding')
			USING ERRCODE = 'feature_not_supported',
				DETAIL = 'Names, full-width input and the digests of the ledger are defined over UTF-8 text.',
				HINT = 'Create the database with ENCODING ''UTF8'' TEMPLATE template0. Clients may keep GB18030 or GBK.';
	END IF;
END
$guard$;
