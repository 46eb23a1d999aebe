#!/usr/bin/env bash
# reference.sh -- prints doc/reference.md from the catalogue of a server on which the extension is installed
#
# Wants PG* variables of a superuser on a cluster that may be thrown away. Makes a database, a registry in it, and drops it again.
# Names, types, arguments, comments and rights come from the catalogue; written by hand are the headings and the lines under them.
set -euo pipefail

database=citycredit_reference
export PGCLIENTENCODING=UTF8 PGOPTIONS='-c client_min_messages=warning'
psql -XqAt -v ON_ERROR_STOP=1 -d postgres -c "DROP DATABASE IF EXISTS $database" -c "CREATE DATABASE $database ENCODING 'UTF8' TEMPLATE template0"
trap 'psql -XqAt -d postgres -c "DROP DATABASE IF EXISTS $database"' EXIT
psql -XqAt -v ON_ERROR_STOP=1 -d "$database" <<'SQL'
\o /dev/null
CREATE EXTENSION citycredit;
SELECT citycredit.create_registry();
LOAD 'citycredit';
SET search_path = pg_catalog, citycredit;

-- ---------------------------------------------------------------------------
-- What is public: what does not begin with an underscore and serves no type, operator or trigger
-- ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.cell(text) RETURNS text LANGUAGE sql AS
$$ SELECT replace(replace(replace(replace(coalesce($1, ''), '|', '\|'), '<', '&lt;'), '*', '\*'), E'\n', ' ') $$;
CREATE FUNCTION pg_temp.code(text) RETURNS text LANGUAGE sql AS
$$ SELECT CASE WHEN $1 <> '' THEN '`' || replace($1, '|', '\|') || '`' ELSE '' END $$;

CREATE TEMPORARY VIEW behind AS
SELECT unnest(ARRAY[typinput, typoutput, typreceive, typsend]::oid[]) AS oid FROM pg_type WHERE typnamespace = 'citycredit'::regnamespace
UNION SELECT oprcode FROM pg_operator WHERE oprnamespace = 'citycredit'::regnamespace
UNION SELECT castfunc FROM pg_cast
UNION SELECT amproc FROM pg_amproc
UNION SELECT aggtransfn FROM pg_aggregate
UNION SELECT oid FROM pg_proc WHERE prorettype IN ('trigger'::regtype, 'event_trigger'::regtype)
UNION SELECT p.oid FROM pg_proc AS p JOIN pg_operator AS o ON o.oprcode = p.oid;

CREATE TEMPORARY VIEW public_function AS
SELECT p.oid, p.proname, p.prokind,
       -- columns of the result stand behind the arguments
       regexp_replace(a.arguments, ',? ?OUT .*$', '') AS arguments,
       CASE WHEN a.arguments ~ '\mOUT ' AND p.prokind = 'f'
            THEN CASE WHEN p.proretset THEN 'TABLE(' ELSE 'ROW(' END || replace(regexp_replace(a.arguments, '^.*?\mOUT ', ''), 'OUT ', '') || ')'
            ELSE pg_get_function_result(p.oid) END AS result,
       obj_description(p.oid, 'pg_proc') AS remark,
       EXISTS (SELECT FROM pg_depend AS d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e') AS member,
       CASE WHEN has_function_privilege('public', p.oid, 'EXECUTE') THEN 'everybody'
            ELSE coalesce((SELECT string_agg(DISTINCT r.profile COLLATE "C", ', ' ORDER BY r.profile COLLATE "C")
                             FROM profile_privilege AS r WHERE r.privilege = 'EXECUTE' AND r.object = p.proname::text), 'owner') END AS who
  FROM pg_proc AS p
 CROSS JOIN LATERAL (SELECT pg_get_function_arguments(p.oid)) AS a (arguments)
 WHERE p.pronamespace = 'citycredit'::regnamespace AND p.proname NOT LIKE '\_%' AND p.oid NOT IN (SELECT b.oid FROM behind AS b WHERE b.oid IS NOT NULL);

CREATE TEMPORARY VIEW public_relation AS
SELECT c.oid, c.relname, c.relkind, obj_description(c.oid, 'pg_class') AS remark,
       coalesce((SELECT string_agg(g.line, '; ' ORDER BY g.profile COLLATE "C")
                   FROM (SELECT r.profile,
                                r.profile || ' ' || string_agg(r.privilege || CASE WHEN r.columns IS NOT NULL OR r.all_but IS NOT NULL THEN ' (some columns)' ELSE '' END,
                                                               ', ' ORDER BY r.privilege COLLATE "C") AS line
                           FROM profile_privilege AS r WHERE r.privilege <> 'EXECUTE' AND r.object = c.relname::text GROUP BY r.profile) AS g), 'owner') AS who
  FROM pg_class AS c
 WHERE c.relnamespace = 'citycredit'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') AND c.relname NOT LIKE '\_%';

CREATE FUNCTION pg_temp.functions(member boolean) RETURNS SETOF text LANGUAGE sql AS $$
SELECT format(E'### `%s(%s)`\n\nreturns `%s` · %s · %s\n', f.proname, f.arguments, f.result, f.who, pg_temp.cell(f.remark))
  FROM public_function AS f WHERE f.member = functions.member AND f.prokind = 'f'
 ORDER BY f.proname COLLATE "C", f.arguments COLLATE "C"
$$;
CREATE FUNCTION pg_temp.relations(kinds "char"[]) RETURNS SETOF text LANGUAGE sql AS $$
SELECT format(E'### `%s`\n\n%s\n\nRights: %s\n\n| column | type | meaning |\n|---|---|---|\n%s\n', r.relname, pg_temp.cell(r.remark), r.who,
              (SELECT string_agg(format('| `%s` | %s | %s |', a.attname, format_type(a.atttypid, a.atttypmod),
                                        pg_temp.cell(col_description(r.oid, a.attnum))), E'\n' ORDER BY a.attnum)
                 FROM pg_attribute AS a WHERE a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped))
  FROM public_relation AS r WHERE r.relkind = ANY (kinds)
 ORDER BY r.relname COLLATE "C"
$$;
\o
\qecho '# Reference'
\qecho
\qecho 'Made by `make reference` from the catalogue; do not edit. Everything is in schema `citycredit`. Comments are 中文 / English. Names that begin with an'
\qecho 'underscore are private and not listed; so are the functions behind types, operators, casts and triggers. After the type of a result stands who may call the'
\qecho 'function: everybody (who has USAGE on the schema, as every profile has), the profiles of `grant_profile()` that include it, or the owner of the registry (with the superuser) alone.'
\qecho
\qecho '## Types'
\qecho
\qecho '| type | meaning | operators | casts |'
\qecho '|---|---|---|---|'
SELECT format('| `%s` | %s | %s | %s |', t.typname, pg_temp.cell(obj_description(t.oid, 'pg_type')),
              (SELECT string_agg(DISTINCT pg_temp.code(o.oprname::text) COLLATE "C", ' ' ORDER BY pg_temp.code(o.oprname::text) COLLATE "C") FROM pg_operator AS o
                WHERE o.oprnamespace = 'citycredit'::regnamespace AND t.oid IN (o.oprleft, o.oprright)),
              (SELECT string_agg(x.line, ', ' ORDER BY x.line COLLATE "C") FROM (
                 SELECT CASE WHEN c.castsource = t.oid THEN 'to ' || format_type(c.casttarget, NULL) ELSE 'from ' || format_type(c.castsource, NULL) END
                        || CASE c.castcontext WHEN 'e' THEN ' (explicit)' WHEN 'a' THEN ' (in assignments)' ELSE ' (implicit)' END AS line
                   FROM pg_cast AS c WHERE t.oid IN (c.castsource, c.casttarget)) AS x))
  FROM pg_type AS t
 WHERE t.typnamespace = 'citycredit'::regnamespace AND t.typtype = 'b' AND t.typcategory <> 'A'
 ORDER BY t.typname COLLATE "C";
\qecho
\qecho 'The operators live in this schema: without it in `search_path` an operator is written `OPERATOR(citycredit.=)`.'
\qecho
\qecho '| aggregate | result | who | meaning |'
\qecho '|---|---|---|---|'
SELECT format('| `%s(%s)` | %s | %s | %s |', f.proname, CASE WHEN length(f.arguments) > 80 THEN '…' ELSE f.arguments END, f.result, f.who, pg_temp.cell(f.remark))
  FROM public_function AS f WHERE f.prokind = 'a' ORDER BY f.proname COLLATE "C", f.arguments COLLATE "C";
\qecho
\qecho '## Settings'
\qecho
\qecho '| setting | default | who may set it | meaning |'
\qecho '|---|---|---|---|'
SELECT format('| `%s` | %s | %s | %s |', s.name, CASE s.boot_val WHEN '' THEN 'empty' ELSE pg_temp.code(s.boot_val) END,
              CASE s.context WHEN 'superuser' THEN 'superuser, or a role with GRANT SET ON PARAMETER' WHEN 'user' THEN 'everybody' ELSE s.context END,
              pg_temp.cell(concat_ws(' ', s.short_desc, s.extra_desc)))
  FROM pg_settings AS s WHERE s.name LIKE 'citycredit.%' ORDER BY s.name COLLATE "C";
\qecho
\qecho '## Functions of the extension'
\qecho
\qecho 'Made by `CREATE EXTENSION`.'
\qecho
SELECT pg_temp.functions(true);
\qecho '## Functions of the registry'
\qecho
\qecho 'Made by `create_registry()` and owned by its owner. Those that write run with the rights of the owner; who called them is `actor()`.'
\qecho
SELECT pg_temp.functions(false);
\qecho '## Views'
\qecho
SELECT pg_temp.relations('{v,m}');
\qecho '## Tables'
\qecho
SELECT pg_temp.relations('{r,p}');
\qecho '## Profiles'
\qecho
\qecho 'What `grant_profile(role, profile)` grants, from `profile_privilege`. Functions named with an underscore are what the views of the row need.'
\qecho
SELECT format(E'### %s\n\n| on | privilege |\n|---|---|\n%s\n', p.profile,
              string_agg(format('| `%s` | %s%s |', p.object, p.privilege,
                                CASE WHEN p.columns IS NOT NULL THEN ' of ' || array_to_string(p.columns, ', ')
                                     WHEN p.all_but IS NOT NULL THEN ' of all columns but ' || array_to_string(p.all_but, ', ') ELSE '' END),
                         E'\n' ORDER BY p.privilege COLLATE "C", p.object COLLATE "C"))
  FROM profile_privilege AS p GROUP BY p.profile ORDER BY p.profile COLLATE "C";
\qecho '## Reasons for which the intake refuses a row'
\qecho
\qecho '| code | reason |'
\qecho '|---|---|'
SELECT format('| `%s` | %s |', r.code, pg_temp.cell(r.message)) FROM intake_reason AS r ORDER BY r.code COLLATE "C";
\qecho
\qecho '## Shipped measures'
\qecho
\qecho 'Rows of `shipped_policy`; texts in `rules/`.'
\qecho
\qecho '| name | title |'
\qecho '|---|---|'
SELECT format('| `%s` | %s |', s.name, pg_temp.cell(s.title)) FROM shipped_policy AS s ORDER BY s.name COLLATE "C";
SQL
