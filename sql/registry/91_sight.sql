-- ---------------------------------------------------------------------------
-- Who sees government bodies and officials, for every relation that a profile may read (90_rights.sql) and that has a subject: tables leave the
-- others' rows out by row security, views by the same condition. Taken from the matrix, so that what is made readable is left out of here by nobody.
-- The table of records alone has no row security: PostgreSQL refuses COPY FROM for a role that is subject to it, and records come by COPY. Whoever
-- feeds them may not read them, and whoever reads them does so by a view.
-- ---------------------------------------------------------------------------

CREATE VIEW @extschema@.credit_record WITH (security_barrier) AS SELECT r.* FROM @extschema@.record AS r;
COMMENT ON VIEW @extschema@.credit_record IS '信用记录（查询用）：现行版本 known_until = infinity 及历史版本；政府机关和公职人员的仅限有权者 / records as they are read, current (known_until = infinity) and old versions; those of government bodies and officials for who may see them';
DO $credit_record$
DECLARE
	remark record;
BEGIN
	FOR remark IN
		SELECT a.attname, col_description(a.attrelid, a.attnum) AS text FROM pg_attribute AS a
		 WHERE a.attrelid = '@extschema@.record'::regclass AND a.attnum > 0 AND NOT a.attisdropped
	LOOP
		EXECUTE format('COMMENT ON COLUMN @extschema@.credit_record.%I IS %L', remark.attname, remark.text);
	END LOOP;
END
$credit_record$;

-- A row sent back says whose it is as it was written, as often as not wrongly: by a code of government or of somebody registered as such, read as the
-- intake reads it; without one by the organisation code or name of a body, or by the document of an official. A row that says none of these is everybody's.
CREATE FUNCTION @extschema@._reject_hidden("row" jsonb) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $reject_hidden$
DECLARE
	code constant text := upper(replace(@extschema@.normal_name(coalesce("row" ->> 'cf_xdr_shxym', "row" ->> 'xk_xdr_shxym', "row" ->> 'subject_code', '')), ' ', ''));
	organisation constant text := upper(translate(@extschema@.normal_name(
		coalesce("row" ->> 'cf_xdr_zzjg', "row" ->> 'cf_xdr_zdm', "row" ->> 'xk_xdr_zzjg', "row" ->> 'xk_xdr_zdm', '')), '- ', ''));
	given_name constant text := @extschema@.normal_name(coalesce("row" ->> 'cf_xdr_mc', "row" ->> 'xk_xdr_mc', "row" ->> 'xk_xdr', "row" ->> 'subject_name', ''));
	document constant text := coalesce("row" ->> 'cf_xdr_zjhm', "row" ->> 'cf_xdr_sfz', "row" ->> 'xk_xdr_zjhm', "row" ->> 'xk_xdr_sfz', "row" ->> 'person_document');
BEGIN
	IF has_table_privilege(@extschema@.actor()::name, '@extschema@.government_subject', 'SELECT') THEN
		RETURN false;
	END IF;
	IF @extschema@.uscc_problem(code) IS NULL THEN
		RETURN @extschema@._of_government(code::@extschema@.subject_code);
	END IF;
	RETURN code LIKE '11%'
		OR EXISTS (SELECT FROM @extschema@.subject AS s
		            WHERE s.kind IN ('government_body', 'official')
		              AND (s.subject::text = code
		                   OR s.kind = 'government_body' AND (replace(@extschema@.organisation_code(s.subject), '-', '') = organisation
		                                                      OR @extschema@.normal_name(s.name) = given_name)))
		-- whatever type the row says the document is of: it may be that which is wrong
		OR document IS NOT NULL
		   AND EXISTS (SELECT FROM @extschema@.exchange_label AS l
		                CROSS JOIN @extschema@.identity_key AS k
		                 JOIN @extschema@.person_identity AS p
		                   ON p.key_id = k.key_id AND p.hmac = @extschema@._hmac_sha256(k.secret, @extschema@._document_key(l.code, document))
		                 JOIN @extschema@._government AS g ON g.subject OPERATOR(@extschema@.=) p.subject
		                WHERE l.list = 'document_type');
END
$reject_hidden$;
REVOKE ALL ON FUNCTION @extschema@._reject_hidden(jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._reject_hidden(jsonb) IS '退回行的主体是否为操作人所不可见 / whether a row sent back is about a subject that the actor does not see';

DO $sight$
DECLARE
	shown record;
	condition text;
BEGIN
	FOR shown IN
		SELECT c.oid, c.relname, c.relkind, array_agg(a.attname ORDER BY a.attnum) AS subjects
		  FROM pg_class AS c
		  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND a.atttypid = '@extschema@.subject_code'::regtype AND NOT a.attisdropped
		 WHERE c.relnamespace = '@extschema@'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND c.relname <> '_government'
		   -- such a view reads its tables with the rights of its reader, and so without the rows that they leave out
		   AND NOT coalesce('security_invoker=true' = ANY (c.reloptions), false)
		   AND EXISTS (SELECT FROM @extschema@.profile_privilege AS p WHERE p.object = c.relname AND p.privilege = 'SELECT')
		 GROUP BY c.oid, c.relname, c.relkind
		 ORDER BY c.relname
	LOOP
		SELECT '(SELECT has_table_privilege(''@extschema@.government_subject'', ''SELECT'')) OR '
		       || string_agg(format('NOT EXISTS (SELECT FROM @extschema@._government AS g WHERE g.subject OPERATOR(@extschema@.=) %I.%I)',
		                         CASE shown.relkind WHEN 'v' THEN 'shown' ELSE shown.relname END, s.name), ' AND ')
		  INTO condition FROM unnest(shown.subjects) AS s (name);
		IF shown.relkind = 'v' THEN
			-- names, comments and rights of the columns stay as they are; a barrier, so that no condition of a reader's sees a row before it is left out
			EXECUTE format('CREATE OR REPLACE VIEW @extschema@.%I WITH (security_barrier) AS SELECT shown.* FROM (%s) AS shown WHERE %s',
				shown.relname, rtrim(pg_get_viewdef(shown.oid), ';'), condition);
		ELSE
			EXECUTE format('ALTER TABLE @extschema@.%I ENABLE ROW LEVEL SECURITY', shown.relname);
			EXECUTE format('CREATE POLICY everyone ON @extschema@.%I USING (true) WITH CHECK (true)', shown.relname);
			EXECUTE format('COMMENT ON POLICY everyone ON @extschema@.%I IS %L', shown.relname, '其余依权限 / the rest by the rights on the table');
			EXECUTE format('CREATE POLICY government ON @extschema@.%I AS RESTRICTIVE FOR SELECT USING (%s)', shown.relname, condition);
			EXECUTE format('COMMENT ON POLICY government ON @extschema@.%I IS %L', shown.relname,
				'政府机关和公职人员的行仅限有权者 / rows of government bodies and officials are for who may see them');
		END IF;
	END LOOP;
END
$sight$;

ALTER TABLE @extschema@.intake_reject ENABLE ROW LEVEL SECURITY;
CREATE POLICY everyone ON @extschema@.intake_reject USING (true) WITH CHECK (true);
COMMENT ON POLICY everyone ON @extschema@.intake_reject IS '其余依权限 / the rest by the rights on the table';
CREATE POLICY government ON @extschema@.intake_reject AS RESTRICTIVE FOR SELECT USING (NOT @extschema@._reject_hidden("row"));
COMMENT ON POLICY government ON @extschema@.intake_reject IS '政府机关和公职人员的行仅限有权者 / rows of government bodies and officials are for who may see them';
