-- registry_life.sql -- creating, migrating and dropping the registry, and what
-- stands between it and DROP EXTENSION
\set SHOW_CONTEXT never

-- without a registry the code says so
SELECT citycredit._require_registry();
\echo :LAST_ERROR_SQLSTATE
SELECT citycredit.migrate();
SELECT citycredit.drop_registry();
SELECT registry IS NULL AS no_registry FROM citycredit.versions();

-- not everybody's business
CREATE ROLE regress_citycredit_nobody;
GRANT USAGE ON SCHEMA citycredit TO regress_citycredit_nobody;
SET ROLE regress_citycredit_nobody;
SELECT citycredit.create_registry();
SELECT citycredit.migrate();
SELECT citycredit.drop_registry();
RESET ROLE;
REVOKE USAGE ON SCHEMA citycredit FROM regress_citycredit_nobody;
DROP ROLE regress_citycredit_nobody;

-- created once, for its owner
SELECT citycredit.create_registry('regress_citycredit_owner');
CREATE ROLE regress_citycredit_owner;
SELECT citycredit.create_registry('regress_citycredit_owner');
SELECT registry = extension AS same_version FROM citycredit.versions();
SELECT citycredit._require_registry();
SELECT citycredit.create_registry();
\echo :LAST_ERROR_SQLSTATE

-- every object belongs to him, none to the extension
SELECT count(*) > 0 AS some, bool_and(owner = 'regress_citycredit_owner'::regrole) AS all_his
  FROM citycredit._registry_objects();
SELECT count(*) AS members
  FROM citycredit._registry_objects() AS o
  JOIN pg_depend AS d ON d.classid = o.classid AND d.objid = o.objid AND d.deptype = 'e';
-- and nothing of the registry was left out of the list
SELECT c.oid::regclass AS left_out
  FROM pg_class AS c
 WHERE c.relnamespace = 'citycredit'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')
   AND c.oid NOT IN (SELECT objid FROM citycredit._registry_objects())
   AND c.oid NOT IN (SELECT objid FROM pg_depend WHERE classid = 'pg_class'::regclass AND deptype = 'e');
-- he may call what the public may not
SET ROLE regress_citycredit_owner;
SELECT citycredit._require_registry();
RESET ROLE;

-- every object of the registry has a comment in both languages, columns too
SELECT o.kind, o.identity FROM citycredit._registry_objects() AS o
 WHERE obj_description(o.objid, o.classid::regclass::name) IS NULL
	OR obj_description(o.objid, o.classid::regclass::name) NOT LIKE '% / %';
SELECT a.attrelid::regclass, a.attname
  FROM pg_attribute AS a
  JOIN citycredit._registry_objects() AS o ON o.objid = a.attrelid
 WHERE o.kind NOT IN ('SEQUENCE', 'TYPE') AND a.attnum > 0 AND NOT a.attisdropped
   AND COALESCE(col_description(a.attrelid, a.attnum), '') NOT LIKE '% / %';

-- migrate(): current; newer than the code; no step; steps, one by one
SELECT citycredit.migrate();
SELECT extension AS code_version FROM citycredit.versions() \gset
UPDATE citycredit.registry_meta SET version = '999.0.0';
SELECT citycredit.migrate();
\echo :LAST_ERROR_SQLSTATE
SELECT citycredit._require_registry();
\echo :LAST_ERROR_SQLSTATE
UPDATE citycredit.registry_meta SET version = '0.0.9';
SELECT citycredit._require_registry();
\echo :LAST_ERROR_SQLSTATE
SELECT citycredit.migrate();
\echo :LAST_ERROR_SQLSTATE
BEGIN;
UPDATE citycredit.registry_meta SET version = '0.0.8';
CREATE FUNCTION citycredit._migrate_0_0_8_to_0_0_9() RETURNS void LANGUAGE sql
	AS 'CREATE TABLE citycredit.regress_step (step text)';
SELECT 'citycredit._migrate_0_0_9_to_' || replace(:'code_version', '.', '_') || '()' AS last_step \gset
CREATE FUNCTION :last_step RETURNS void LANGUAGE plpgsql
	AS $$ BEGIN INSERT INTO citycredit.regress_step SELECT version FROM citycredit.registry_meta; END $$;
ALTER EXTENSION citycredit ADD FUNCTION citycredit._migrate_0_0_8_to_0_0_9();
-- a function that is no member is no step, whatever its name
SELECT citycredit.migrate();
ROLLBACK;
BEGIN;
UPDATE citycredit.registry_meta SET version = '0.0.8';
CREATE FUNCTION citycredit._migrate_0_0_8_to_0_0_9() RETURNS void LANGUAGE sql
	AS 'CREATE TABLE citycredit.regress_step (step text)';
CREATE FUNCTION :last_step RETURNS void LANGUAGE plpgsql
	AS $$ BEGIN INSERT INTO citycredit.regress_step SELECT version FROM citycredit.registry_meta; END $$;
ALTER EXTENSION citycredit ADD FUNCTION citycredit._migrate_0_0_8_to_0_0_9();
ALTER EXTENSION citycredit ADD FUNCTION :last_step;
SELECT citycredit.migrate();
SELECT step, pg_get_userbyid(relowner) AS owner
  FROM citycredit.regress_step, pg_class WHERE pg_class.oid = 'citycredit.regress_step'::regclass;
SELECT version = :'code_version' AS current, migrated_at IS NOT NULL AS noted FROM citycredit.registry_meta;
ROLLBACK;
UPDATE citycredit.registry_meta SET version = :'code_version';
-- more digits are more, not less
SELECT citycredit._version_number('0.10.0') > citycredit._version_number('0.9.1') AS later;

-- DROP EXTENSION is refused, in whichever words
DROP EXTENSION citycredit;
\echo :LAST_ERROR_SQLSTATE
DROP EXTENSION citycredit CASCADE;
DROP EXTENSION IF EXISTS regress_no_such_extension, citycredit CASCADE;
DROP EXTENSION plpgsql CASCADE;
DROP SCHEMA citycredit CASCADE;
DROP OWNED BY CURRENT_USER CASCADE;
SET session_replication_role = replica;
DROP EXTENSION citycredit CASCADE;
RESET session_replication_role;
-- others go their way
CREATE SCHEMA regress_other;
DROP SCHEMA regress_other CASCADE;
DROP EXTENSION IF EXISTS regress_no_such_extension CASCADE;
SELECT count(*) AS still_there FROM pg_extension WHERE extname = 'citycredit';

-- drop_registry(): what stands outside is named and stays, even by force
CREATE SCHEMA regress_site;
CREATE VIEW regress_site.about AS SELECT version FROM citycredit.registry_meta;
CREATE FUNCTION regress_site.takes(citycredit.registry_meta) RETURNS int LANGUAGE sql AS 'SELECT 1';
SELECT citycredit.drop_registry(force => true);
\echo :LAST_ERROR_SQLSTATE
DROP SCHEMA regress_site CASCADE;

-- tables with rows are named, views and empty tables are not
CREATE TABLE citycredit.regress_rows (id int PRIMARY KEY);
CREATE TABLE citycredit.regress_empty (id int REFERENCES citycredit.regress_rows);
CREATE VIEW citycredit.regress_view AS SELECT id FROM citycredit.regress_rows;
CREATE FUNCTION citycredit.regress_function(citycredit.regress_view) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TYPE citycredit.regress_type AS ENUM ('a');
CREATE SEQUENCE citycredit.regress_sequence;
INSERT INTO citycredit.regress_rows VALUES (1), (2);
SELECT citycredit.drop_registry();
\echo :LAST_ERROR_SQLSTATE
SELECT citycredit.drop_registry(force => NULL);
-- rows that create_registry() put there itself do not count, one more does
UPDATE citycredit.registry_meta SET seeded = seeded || '{"citycredit.regress_rows": 2}';
BEGIN;
SELECT citycredit.drop_registry();
SELECT count(*) AS left_over FROM citycredit._registry_objects();
ROLLBACK;
INSERT INTO citycredit.regress_rows VALUES (3);
SELECT citycredit.drop_registry();
SELECT citycredit.drop_registry(force => true);
SELECT count(*) AS left_over FROM citycredit._registry_objects();

-- the owner by default is who asks
SELECT citycredit.create_registry();
SELECT bool_and(owner = CURRENT_USER::regrole) AS all_mine FROM citycredit._registry_objects();
SELECT citycredit.drop_registry();

REVOKE ALL ON ALL ROUTINES IN SCHEMA citycredit FROM regress_citycredit_owner;
REVOKE ALL ON ALL TABLES IN SCHEMA citycredit FROM regress_citycredit_owner;
REVOKE ALL ON SCHEMA citycredit FROM regress_citycredit_owner;
DROP ROLE regress_citycredit_owner;
