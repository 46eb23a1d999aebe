-- install.sql -- the extension goes in, and refuses where it must not

-- a schema prepared by somebody else is refused: he could put functions in it
CREATE ROLE regress_citycredit_squatter;
CREATE SCHEMA citycredit AUTHORIZATION regress_citycredit_squatter;
\set SHOW_CONTEXT never
CREATE EXTENSION citycredit;
\echo :LAST_ERROR_SQLSTATE
DROP SCHEMA citycredit;
DROP ROLE regress_citycredit_squatter;

CREATE EXTENSION citycredit;

SELECT extension = library AS same_version, registry,
	split_part(running_on, '.', 1) = split_part(built_against, '.', 1) AS same_server
  FROM citycredit.versions();

-- a fixed schema: the extension cannot be moved
ALTER EXTENSION citycredit SET SCHEMA public;
