-- catalogue.sql -- rules for the registry's objects, read from the system catalogue
--
-- What Citus would refuse or get wrong, what would let a caller act as the owner, what a user would find unexplained.
-- Each test lists the offenders.

\set QUIET on
SET client_min_messages = warning;
CREATE EXTENSION pgtap;
CREATE EXTENSION citycredit;
SELECT citycredit.create_registry() \g /dev/null
SET search_path = public, pg_catalog;

-- of the schema and of no extension: the registry
CREATE TEMPORARY VIEW relation AS
	SELECT c.oid, c.relname, c.relkind, c.reloptions
	  FROM pg_class AS c
	 WHERE c.relnamespace = 'citycredit'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'S')
	   AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e');
CREATE TEMPORARY VIEW routine AS
	SELECT p.oid, p.oid::regprocedure::text AS name, p.proname, p.prosrc, p.proconfig, p.prosecdef, p.pronargs, l.lanname
	  FROM pg_proc AS p
	  JOIN pg_language AS l ON l.oid = p.prolang
	 WHERE p.pronamespace = 'citycredit'::regnamespace
	   AND NOT EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e');
-- tables of one subject's rows, by the column that would distribute them
CREATE TEMPORARY VIEW per_subject AS
	SELECT r.oid, r.relname, a.attnum
	  FROM relation AS r
	  JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attname = 'subject' AND a.atttypid = 'citycredit.subject_code'::regtype
	 WHERE r.relkind IN ('r', 'p');
-- views as PostgreSQL prints them, strings left out
CREATE TEMPORARY VIEW definition AS
	SELECT r.relname, regexp_replace(pg_get_viewdef(r.oid), '''[^'']*''', '''''', 'g') AS body FROM relation AS r WHERE r.relkind = 'v';

SELECT plan(18);

SELECT isnt_empty('SELECT FROM per_subject', 'there are tables of a subject''s rows');
SELECT isnt_empty('SELECT FROM definition', 'there are views');
SELECT isnt_empty('SELECT FROM routine', 'there are functions of the registry');

-- -- Citus ----------------------------------------------------------------------------------------------------------

SELECT is_empty($$
	SELECT p.relname FROM per_subject AS p
	 WHERE NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = p.oid AND i.indisprimary AND i.indkey[0] = p.attnum) $$,
	'a table of a subject''s rows has the subject first in its primary key');
SELECT is_empty($$
	SELECT p.relname, i.indexrelid::regclass FROM per_subject AS p
	  JOIN pg_index AS i ON i.indrelid = p.oid AND i.indisunique
	 WHERE i.indkey[0] <> p.attnum $$,
	'and in every unique constraint and index');
SELECT is_empty($$
	SELECT p.relname, k.conname FROM per_subject AS p
	  JOIN pg_constraint AS k ON k.conrelid = p.oid AND k.contype = 'f'
	  JOIN per_subject AS q ON q.oid = k.confrelid
	 WHERE k.conkey[1] <> p.attnum OR k.confkey[1] <> q.attnum $$,
	'and in every foreign key to another such table');
SELECT is_empty($$
	SELECT r.relname, a.attname FROM relation AS r JOIN pg_attribute AS a ON a.attrelid = r.oid WHERE a.attidentity <> '' $$,
	'no column is an identity');
SELECT is_empty($$
	SELECT name FROM routine WHERE lanname = 'sql' AND pronargs > 0 $$,
	'no function in SQL over tables takes parameters');
SELECT is_empty($$
	SELECT name FROM routine WHERE prosrc ~* '\m(tg_name|tg_relname|tg_table_name|tg_relid)\M' $$,
	'no trigger function depends on the name of its table or trigger: on a shard it is another');
SELECT is_empty($$
	SELECT relname, substring(body FROM '.{0,40}(?:\mUSING\s*\(|\mIS (?:NOT )?DISTINCT FROM\M|\mNULLIF\().{0,40}') FROM definition
	 WHERE body ~ '\mUSING\s*\(|\mIS (NOT )?DISTINCT FROM\M|\mNULLIF\(' $$,
	'no view joins by USING or compares by IS DISTINCT FROM or NULLIF');
SELECT is_empty($$
	SELECT relname, substring(body FROM '\mCASE\s+(?!WHEN\M).{0,40}') FROM definition WHERE body ~ '\mCASE\s+(?!WHEN\M)' $$,
	'no view has a simple CASE');

-- -- rights ---------------------------------------------------------------------------------------------------------

SELECT is_empty($$
	SELECT name FROM routine WHERE has_function_privilege('public', oid, 'EXECUTE') $$,
	'the public may execute no function of the registry');
SELECT is_empty($$
	SELECT r.relname, p.privilege FROM relation AS r, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS p (privilege)
	 WHERE CASE WHEN r.relkind <> 'S' THEN has_table_privilege('public', r.oid, p.privilege)
	            WHEN p.privilege IN ('SELECT', 'UPDATE') THEN has_sequence_privilege('public', r.oid, p.privilege) END $$,
	'nor read or write its tables');
SELECT is_empty($$
	SELECT name FROM routine
	 WHERE NOT EXISTS (SELECT FROM unnest(proconfig) AS s WHERE s ~ '^search_path=pg_catalog,.*\mpg_temp$') $$,
	'every function has a pinned path that begins with pg_catalog and ends with pg_temp');
SELECT is_empty($$
	SELECT r.relname FROM relation AS r
	 WHERE r.relname ~ '^(red_list|black_list|watch_list|published_|feed)' AND r.relkind = 'v'
	   AND NOT coalesce('security_barrier=true' = ANY (r.reloptions), false) $$,
	'every publication view is a security barrier');
SELECT is_empty($$
	SELECT r.relname, a.attname, format_type(a.atttypid, a.atttypmod) FROM relation AS r
	  JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
	 WHERE r.relname ~ '^(red_list|black_list|watch_list|published_|feed|stat_)' AND r.relkind = 'v'
	   AND a.atttypid NOT IN ('text'::regtype, 'integer'::regtype, 'bigint'::regtype, 'numeric'::regtype, 'date'::regtype,
	                          'boolean'::regtype, 'timestamptz'::regtype) $$,
	'and has columns of plain types alone');

-- -- comments -------------------------------------------------------------------------------------------------------

SELECT is_empty($$
	SELECT 'relation', relname::text FROM relation WHERE coalesce(obj_description(oid, 'pg_class'), '') !~ '[一-龥].* / .*[a-z]'
	UNION ALL
	SELECT 'function', name FROM routine WHERE coalesce(obj_description(oid, 'pg_proc'), '') !~ '[一-龥].* / .*[a-z]' $$,
	'every table, view, sequence and function is explained in Chinese and English');
SELECT is_empty($$
	SELECT r.relname, a.attname FROM relation AS r
	  JOIN pg_attribute AS a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
	 WHERE r.relkind <> 'S' AND coalesce(col_description(r.oid, a.attnum), '') !~ '[一-龥].* / .*[a-z0-9]' $$,
	'and so is every column');

SELECT finish();
