-- install.sql -- the extension goes in, and refuses where it must not

-- a schema prepared by somebody else is refused: he could put functions in it
CREATE ROLE regress_citycredit_squatter;
CREATE SCHEMA citycredit AUTHORIZATION regress_citycredit_squatter;
\set SHOW_CONTEXT never
CREATE EXTENSION citycredit;
\echo :LAST_ERROR_SQLSTATE
DROP SCHEMA citycredit;
DROP ROLE regress_citycredit_squatter;

-- so is a database that is not in UTF-8
\set here :DBNAME
CREATE DATABASE regress_citycredit_euc_cn ENCODING 'EUC_CN' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0;
\c regress_citycredit_euc_cn
\set SHOW_CONTEXT never
CREATE EXTENSION citycredit;
\echo :LAST_ERROR_SQLSTATE
\c :here
\set SHOW_CONTEXT never
DROP DATABASE regress_citycredit_euc_cn;

CREATE EXTENSION citycredit;

SELECT extension = library AS same_version, registry,
	split_part(running_on, '.', 1) = split_part(built_against, '.', 1) AS same_server
  FROM citycredit.versions();

-- a fixed schema: the extension cannot be moved
ALTER EXTENSION citycredit SET SCHEMA public;

-- every operator class is complete and consistent
SELECT opcname, amname
  FROM pg_opclass AS o
  JOIN pg_am AS a ON a.oid = o.opcmethod
 WHERE o.opcnamespace = 'citycredit'::regnamespace AND NOT amvalidate(o.oid);
SELECT count(*) > 0 AS there_are_some FROM pg_opclass WHERE opcnamespace = 'citycredit'::regnamespace;

SELECT obj_description(oid, 'pg_extension') FROM pg_extension WHERE extname = 'citycredit';

-- every member has a comment in both languages
SELECT pg_describe_object(d.classid, d.objid, d.objsubid) AS without_comment
  FROM pg_depend AS d
  JOIN pg_extension AS e ON e.oid = d.refobjid
 WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e' AND e.extname = 'citycredit'
   AND COALESCE(obj_description(d.objid, d.classid::regclass::name), '') !~ '[一-龥].* / .*[a-z]'
 ORDER BY 1;

-- functions behind types, operators, casts, operator classes and aggregates
CREATE TEMPORARY VIEW behind AS
	SELECT unnest(ARRAY[typinput, typoutput, typreceive, typsend, typmodin, typmodout, typanalyze]::oid[]) AS oid
	  FROM pg_type WHERE typnamespace = 'citycredit'::regnamespace
	UNION SELECT oprcode FROM pg_operator WHERE oprnamespace = 'citycredit'::regnamespace
	UNION SELECT castfunc FROM pg_cast
	UNION SELECT amproc FROM pg_amproc;

-- of the others, the public may call these and no more
CREATE TEMPORARY TABLE open_to_public (function text);
INSERT INTO open_to_public VALUES
	('actor'), ('add_months_civil'), ('can_become'), ('check_policy'), ('commitment_transition'), ('credit_grade_larger'), ('credit_grade_smaller'),
	('division'), ('id_card_problem'), ('is_valid_id_card'), ('is_valid_uscc'), ('label_en'), ('label_zh'),
	('max'), ('min'), ('next_states'), ('normal_document'), ('normal_name'), ('organisation_code'), ('proceeding_diagram'),
	('proceeding_kinds'), ('proceeding_states'), ('proceeding_table'), ('random_subject_code'), ('record_digest'),
	('repair_transition'), ('subject_kind'), ('test_policy'), ('today'), ('uscc_problem');
SELECT p.oid::regprocedure AS open_but_not_listed
  FROM pg_proc AS p
 WHERE p.pronamespace = 'citycredit'::regnamespace
   AND has_function_privilege('public', p.oid, 'EXECUTE')
   AND p.oid NOT IN (SELECT oid FROM behind)
   AND p.proname NOT IN (SELECT function FROM open_to_public)
 ORDER BY 1;
-- private ones never
SELECT p.oid::regprocedure AS private_but_open
  FROM pg_proc AS p
 WHERE p.pronamespace = 'citycredit'::regnamespace AND p.proname LIKE '\_%'
   AND has_function_privilege('public', p.oid, 'EXECUTE');

-- a function in SQL or PL/pgSQL has a pinned path that names pg_temp last
SELECT p.oid::regprocedure AS path_not_pinned
  FROM pg_proc AS p
  JOIN pg_language AS l ON l.oid = p.prolang
 WHERE p.pronamespace = 'citycredit'::regnamespace AND l.lanname IN ('sql', 'plpgsql')
   AND NOT EXISTS (SELECT FROM unnest(p.proconfig) AS setting
					WHERE setting LIKE 'search\_path=pg\_catalog, %pg\_temp')
 ORDER BY 1;
