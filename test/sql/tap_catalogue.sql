-- tap_catalogue.sql -- rules that every object keeps, whoever adds it. Each rule is a view of what breaks it: empty over what there is, and,
-- so that it is known to see something, not empty over objects made to break it.
\set ECHO none
\i test/include/tap.psql
\o /dev/null
SELECT create_registry() WHERE to_regclass('citycredit.registry_meta') IS NULL;
\o
SELECT plan(28);

CREATE TEMPORARY VIEW object AS
	SELECT o.classid, o.objid, true AS registry FROM citycredit._registry_objects() AS o
	UNION ALL
	SELECT d.classid, d.objid, false FROM pg_depend AS d JOIN pg_extension AS e ON e.oid = d.refobjid
	 WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'citycredit';
CREATE TEMPORARY VIEW relation AS
	SELECT c.*, o.registry FROM object AS o JOIN pg_class AS c ON o.classid = 'pg_class'::regclass AND c.oid = o.objid;
CREATE TEMPORARY VIEW routine AS
	SELECT p.*, o.registry FROM object AS o JOIN pg_proc AS p ON o.classid = 'pg_proc'::regclass AND p.oid = o.objid;
CREATE TEMPORARY VIEW live_column AS
	SELECT a.attrelid, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attidentity, a.attacl, r.relkind, r.relname
	  FROM relation AS r JOIN pg_attribute AS a ON a.attrelid = r.oid
	 WHERE a.attnum > 0 AND NOT a.attisdropped AND r.relkind IN ('r', 'p', 'v', 'm', 'f', 'c');

-- ---------------------------------------------------------------------------
-- Comments: 中文 / English, columns included
-- ---------------------------------------------------------------------------
CREATE TEMPORARY VIEW without_comment AS
	SELECT pg_describe_object(o.classid, o.objid, 0) AS what FROM object AS o
	 WHERE coalesce(obj_description(o.objid, o.classid::regclass::name), '') !~ '[一-龥].* / .*[A-Za-z]'
	UNION ALL
	SELECT pg_describe_object('pg_class'::regclass, c.attrelid, c.attnum) FROM live_column AS c
	 WHERE coalesce(col_description(c.attrelid, c.attnum), '') !~ '[一-龥].* / .*[A-Za-z]';

-- ---------------------------------------------------------------------------
-- Functions
-- ---------------------------------------------------------------------------
-- A pinned path names pg_temp last: unnamed it would come first.
-- A body whose names were bound when it was made (RETURN, BEGIN ATOMIC) looks nothing up.
CREATE TEMPORARY VIEW path_not_pinned AS
	SELECT p.oid::regprocedure::text AS what FROM routine AS p JOIN pg_language AS l ON l.oid = p.prolang
	 WHERE (p.prosecdef OR l.lanname IN ('sql', 'plpgsql') AND p.prosqlbody IS NULL)
	   AND NOT EXISTS (SELECT FROM unnest(p.proconfig) AS s (setting) WHERE s.setting ~ '^search_path=pg_catalog, (.*, )?pg_temp$');
-- Functions of the registry are nobody's until a profile grants them, private ones nobody's at all. What the public may call of the extension is listed in
-- the test of its installation.
CREATE TEMPORARY VIEW open_function AS
	SELECT p.oid::regprocedure::text AS what FROM routine AS p
	 WHERE (p.registry OR p.prosecdef OR p.proname LIKE '\_%') AND has_function_privilege('public', p.oid, 'EXECUTE');
CREATE TEMPORARY VIEW open_relation AS
	SELECT r.oid::regclass::text AS what FROM relation AS r CROSS JOIN LATERAL aclexplode(r.relacl) AS a WHERE a.grantee = 0
	UNION ALL
	SELECT pg_describe_object('pg_class'::regclass, c.attrelid, c.attnum) FROM live_column AS c CROSS JOIN LATERAL aclexplode(c.attacl) AS a
	 WHERE a.grantee = 0;
-- A function of the extension that knew a row type of the registry would have to be made after it.
CREATE TEMPORARY VIEW member_with_row_type AS
	SELECT DISTINCT p.oid::regprocedure::text AS what FROM routine AS p
	 CROSS JOIN LATERAL unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]) || p.prorettype) AS u (type)
	  JOIN pg_type AS t ON t.oid IN (u.type, (SELECT e.typelem FROM pg_type AS e WHERE e.oid = u.type))
	  JOIN relation AS r ON r.oid = t.typrelid AND r.registry
	 WHERE NOT p.registry;

-- ---------------------------------------------------------------------------
-- Publication: plain types behind a barrier
-- ---------------------------------------------------------------------------
CREATE TEMPORARY VIEW publication AS
	SELECT * FROM relation AS r
	 WHERE r.relname IN ('red_list', 'black_list', 'watch_list') OR r.relname LIKE 'published\_%';
CREATE TEMPORARY VIEW publication_unfit AS
	SELECT r.relname || ' is no view with security_barrier' AS what FROM publication AS r
	 WHERE r.relkind <> 'v' OR NOT coalesce(r.reloptions, '{}') && ARRAY['security_barrier=true', 'security_barrier=on']
	UNION ALL
	SELECT format('%s.%s is of type %s', c.relname, c.attname, format_type(c.atttypid, c.atttypmod)) FROM live_column AS c
	 WHERE c.attrelid IN (SELECT oid FROM publication)
	   AND c.atttypid <> ALL (ARRAY['text', 'smallint', 'integer', 'bigint', 'numeric', 'date']::regtype[]);

-- ---------------------------------------------------------------------------
-- Keys, so that the tables of a subject can be distributed by it
-- ---------------------------------------------------------------------------
-- person_identity is no table of a subject: it finds the subject, by the hash of a document.
CREATE TEMPORARY VIEW subject_table AS
	SELECT r.oid, r.relname, c.attnum FROM relation AS r JOIN live_column AS c ON c.attrelid = r.oid
	 WHERE r.relkind IN ('r', 'p') AND c.attname = 'subject' AND c.atttypid = 'citycredit.subject_code'::regtype
	   AND r.relname <> 'person_identity';
CREATE TEMPORARY VIEW subject_not_first AS
	SELECT t.relname || ' has no primary key' AS what FROM subject_table AS t
	 WHERE NOT EXISTS (SELECT FROM pg_index AS i WHERE i.indrelid = t.oid AND i.indisprimary)
	UNION ALL
	SELECT i.indexrelid::regclass::text FROM subject_table AS t JOIN pg_index AS i ON i.indrelid = t.oid
	 WHERE i.indisunique AND i.indkey[0] <> t.attnum
	UNION ALL
	SELECT n.conname || ' of ' || t.relname FROM subject_table AS t
	  JOIN pg_constraint AS n ON n.conrelid = t.oid AND n.contype = 'f'
	  JOIN subject_table AS f ON f.oid = n.confrelid
	 WHERE n.conkey[1] <> t.attnum OR n.confkey[1] <> f.attnum
	UNION ALL
	-- a reference table cannot point to a distributed one
	SELECT n.conname || ' of ' || n.conrelid::regclass FROM pg_constraint AS n JOIN subject_table AS f ON f.oid = n.confrelid
	 WHERE n.contype = 'f' AND n.conrelid NOT IN (SELECT oid FROM subject_table);
-- Each row of records would be looked up elsewhere, before the trigger could have added the subject.
CREATE TEMPORARY VIEW record_reference AS
	SELECT n.conname || ' of ' || r.relname AS what FROM relation AS r JOIN pg_constraint AS n ON n.conrelid = r.oid
	 WHERE r.relname = 'record' AND n.contype = 'f';
-- Its parameters are no constants to who plans a query of distributed tables; those that are the same everywhere may be read so.
CREATE TEMPORARY VIEW sql_function_with_table AS
	SELECT p.oid::regprocedure::text AS what FROM routine AS p JOIN pg_language AS l ON l.oid = p.prolang
	 WHERE p.registry AND l.lanname = 'sql' AND p.pronargs > 0 AND EXISTS (
		SELECT FROM live_column AS c WHERE c.attname = 'subject' AND p.prosrc ~ ('\mcitycredit\.' || c.relname || '\M(?!\()'));
CREATE TEMPORARY VIEW identity_column AS
	SELECT pg_describe_object('pg_class'::regclass, c.attrelid, c.attnum) AS what FROM live_column AS c WHERE c.attidentity <> '';

-- ---------------------------------------------------------------------------
-- Expressions that a dump cannot restore: their operator is looked up again, in a path without our schema
-- ---------------------------------------------------------------------------
CREATE TEMPORARY VIEW expression AS
	SELECT pg_describe_object('pg_class'::regclass, r.oid, 0) AS what, w.ev_action::text AS tree
	  FROM relation AS r JOIN pg_rewrite AS w ON w.ev_class = r.oid
	UNION ALL
	SELECT pg_describe_object('pg_constraint'::regclass, n.oid, 0), n.conbin::text
	  FROM relation AS r JOIN pg_constraint AS n ON n.conrelid = r.oid WHERE n.conbin IS NOT NULL
	UNION ALL
	SELECT pg_describe_object('pg_attrdef'::regclass, d.oid, 0), d.adbin::text FROM relation AS r JOIN pg_attrdef AS d ON d.adrelid = r.oid
	UNION ALL
	SELECT pg_describe_object('pg_class'::regclass, i.indexrelid, 0), concat_ws(' ', i.indexprs, i.indpred)
	  FROM relation AS r JOIN pg_index AS i ON i.indrelid = r.oid;
CREATE TEMPORARY VIEW unrestorable AS
	SELECT e.what, m[1] AS how FROM expression AS e
	 CROSS JOIN LATERAL regexp_matches(e.tree, '\{(NULLIFEXPR|DISTINCTEXPR) :opno (\d+)', 'g') AS m
	  JOIN pg_operator AS o ON o.oid = m[2]::oid AND o.oprnamespace = 'citycredit'::regnamespace
	UNION
	-- simple CASE
	SELECT e.what, m[1] FROM expression AS e
	 CROSS JOIN LATERAL regexp_matches(e.tree, '\{(CASETESTEXPR) :typeId (\d+)', 'g') AS m
	  JOIN pg_type AS t ON t.oid = m[2]::oid AND t.typnamespace = 'citycredit'::regnamespace
	UNION
	SELECT e.what, m[1] FROM expression AS e
	 CROSS JOIN LATERAL regexp_matches(e.tree, '\{(ROWCOMPAREEXPR) :rctype \d+ :opnos \(o ([\d ]+)\)', 'g') AS m
	 CROSS JOIN LATERAL string_to_table(m[2], ' ') AS u (opno)
	  JOIN pg_operator AS o ON o.oid = u.opno::oid AND o.oprnamespace = 'citycredit'::regnamespace
	UNION
	SELECT r.oid::regclass::text, 'USING' FROM relation AS r WHERE r.relkind IN ('v', 'm') AND pg_get_viewdef(r.oid) ~ '\mUSING \(';

-- ---------------------------------------------------------------------------
-- What there is
-- ---------------------------------------------------------------------------
SELECT cmp_ok((SELECT count(*) FROM object WHERE registry), '>', 40::bigint, 'the registry is there');
SELECT is_empty('SELECT what FROM without_comment', 'every object and column has a comment in Chinese and English');
SELECT is_empty('SELECT what FROM path_not_pinned', 'every function that needs it has a pinned search path');
SELECT is_empty('SELECT what FROM open_function', 'no function of the registry, no definer and no private function is open to PUBLIC');
SELECT is_empty('SELECT what FROM open_relation', 'PUBLIC has no right on a relation');
SELECT is_empty('SELECT what FROM member_with_row_type', 'no function of the extension knows a row type of the registry');
SELECT is_empty('SELECT what FROM publication_unfit', 'publication: plain types behind a barrier');
SELECT cmp_ok((SELECT count(*) FROM publication), '>=', 3::bigint, '  there is some');
SELECT is_empty('SELECT what FROM subject_not_first', 'the subject comes first in every key of its tables');
SELECT isnt_empty($$ SELECT FROM subject_table WHERE relname IN ('record', 'standing_stored', 'list_entry') HAVING count(*) = 3 $$, '  these are the tables meant');
SELECT is_empty('SELECT what FROM identity_column', 'no identity column');
SELECT is_empty('SELECT what FROM record_reference', 'no foreign key from record');
SELECT is_empty('SELECT what FROM sql_function_with_table', 'no function with parameters over tables of subjects in language sql');
SELECT is_empty('SELECT what, how FROM unrestorable', 'no expression that a dump could not restore');

-- ---------------------------------------------------------------------------
-- What the rules would say
-- ---------------------------------------------------------------------------
CREATE TABLE citycredit.regress_table (subject subject_code, other subject_code, id integer GENERATED ALWAYS AS IDENTITY UNIQUE, grade credit_grade,
	CONSTRAINT regress_check CHECK (other IS DISTINCT FROM subject));
COMMENT ON TABLE citycredit.regress_table IS 'only one language';
COMMENT ON COLUMN citycredit.regress_table.subject IS '主体 / subject';
CREATE TABLE citycredit.regress_reference (code subject_code REFERENCES subject);
CREATE TABLE citycredit.regress_other (subject subject_code, other subject_code REFERENCES subject, PRIMARY KEY (subject, other));
ALTER TABLE citycredit.record ADD CONSTRAINT regress_known FOREIGN KEY (subject) REFERENCES citycredit.subject (subject);
CREATE FUNCTION citycredit.regress_sql(text) RETURNS bigint LANGUAGE sql SET search_path = pg_catalog, pg_temp AS
	'SELECT count(*) FROM citycredit.record WHERE kind = $1';
REVOKE ALL ON FUNCTION citycredit.regress_sql(text) FROM PUBLIC;
GRANT SELECT ON citycredit.regress_table TO PUBLIC;
GRANT UPDATE (other) ON citycredit.regress_other TO PUBLIC;
CREATE FUNCTION citycredit.regress_open() RETURNS integer LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS 'SELECT 1';
CREATE FUNCTION citycredit.regress_row(regress_table) RETURNS integer LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION citycredit.regress_rows(integer) RETURNS SETOF regress_table LANGUAGE sql AS 'SELECT NULL, NULL, 1, NULL';
ALTER EXTENSION citycredit ADD FUNCTION citycredit.regress_row(regress_table);
ALTER EXTENSION citycredit ADD FUNCTION citycredit.regress_rows(integer);
CREATE VIEW citycredit.published_regress AS SELECT subject, id, grade FROM regress_table;
CREATE VIEW citycredit.regress_nullif AS SELECT nullif(grade, 'A') AS a FROM regress_table;
CREATE VIEW citycredit.regress_distinct AS SELECT grade IS DISTINCT FROM 'A' AS a FROM regress_table;
CREATE VIEW citycredit.regress_case AS SELECT CASE grade WHEN 'A' THEN 1 END AS a FROM regress_table;
CREATE VIEW citycredit.regress_row_compare AS SELECT (subject, id) < (other, 1) AS a FROM regress_table;
CREATE VIEW citycredit.regress_using AS SELECT a.grade FROM regress_table AS a JOIN subject AS b USING (subject);
CREATE VIEW citycredit.regress_plain AS SELECT nullif(id, 1) AS a, id IS DISTINCT FROM 2 AS b, CASE id WHEN 1 THEN 2 END AS c, (id, 1) < (2, 3) AS d FROM regress_table;

SELECT set_has('SELECT what FROM without_comment', $$ VALUES ('table regress_table'), ('column other of table regress_table'), ('view published_regress'),
	('column a of view regress_case'), ('function regress_open()') $$, 'comments');
SELECT is_empty($$ SELECT what FROM without_comment WHERE what = 'column subject of table regress_table' $$, '  a good one is not named');
SELECT set_eq('SELECT what FROM path_not_pinned', ARRAY['regress_open()', 'regress_row(regress_table)', 'regress_rows(integer)'], 'search paths');
SELECT set_eq('SELECT what FROM open_function', ARRAY['regress_open()'], 'open functions');
SELECT set_eq('SELECT what FROM open_relation', ARRAY['regress_table', 'column other of table regress_other'], 'open relations');
SELECT set_eq('SELECT what FROM member_with_row_type', ARRAY['regress_row(regress_table)', 'regress_rows(integer)'], 'row types');
SELECT set_eq('SELECT what FROM publication_unfit', ARRAY['published_regress is no view with security_barrier', 'published_regress.subject is of type subject_code',
	'published_regress.grade is of type credit_grade'], 'publication');
SELECT set_eq('SELECT what FROM subject_not_first', ARRAY['regress_table has no primary key', 'regress_table_id_key', 'regress_other_other_fkey of regress_other',
	'regress_reference_code_fkey of regress_reference'], 'keys');
SELECT set_eq('SELECT what FROM identity_column', ARRAY['column id of table regress_table'], 'identity columns');
SELECT set_eq('SELECT what FROM record_reference', ARRAY['regress_known of record'], 'foreign keys from record');
SELECT set_eq('SELECT what FROM sql_function_with_table', ARRAY['regress_sql(text)'], 'functions over tables of subjects in language sql');
SELECT set_eq('SELECT what, how FROM unrestorable', $$ VALUES ('view regress_nullif', 'NULLIFEXPR'), ('view regress_distinct', 'DISTINCTEXPR'), ('view regress_case', 'CASETESTEXPR'),
	('view regress_row_compare', 'ROWCOMPAREEXPR'), ('regress_using', 'USING'), ('constraint regress_check on table regress_table', 'DISTINCTEXPR') $$,
	'expressions, on our types alone');
SELECT isnt_empty($$ SELECT FROM expression WHERE what = 'view regress_plain' AND tree ~ 'NULLIFEXPR' AND tree ~ 'DISTINCTEXPR' AND tree ~ 'CASETESTEXPR' AND tree ~ 'ROWCOMPAREEXPR' $$,
	'  plain types may use them');
ALTER VIEW citycredit.published_regress SET (security_barrier);
SELECT set_eq('SELECT what FROM publication_unfit', ARRAY['published_regress.subject is of type subject_code', 'published_regress.grade is of type credit_grade'],
	'a barrier is seen');

SELECT * FROM finish();
ROLLBACK;
