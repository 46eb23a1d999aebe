-- ---------------------------------------------------------------------------
-- Policies: one row per measure and version.
-- ---------------------------------------------------------------------------

CREATE SEQUENCE @extschema@.policy_number AS integer;
COMMENT ON SEQUENCE @extschema@.policy_number IS '办法与版本的编号 / numbers of policies and versions';

CREATE TABLE @extschema@.policy (
	policy         text NOT NULL,
	version        text NOT NULL,
	policy_id      integer NOT NULL,
	version_id     integer NOT NULL UNIQUE DEFAULT nextval('@extschema@.policy_number'),
	title          text NOT NULL,
	issuer         text NOT NULL,
	example        boolean NOT NULL,
	in_force_from  date NOT NULL,
	in_force_until date NOT NULL DEFAULT 'infinity',
	status         text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'consultation', 'adopted')),
	author         text NOT NULL DEFAULT @extschema@.actor(),
	loaded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
	adopted_by     text,
	adopted_at     timestamptz,
	digest         bytea NOT NULL,
	yaml           text NOT NULL,
	PRIMARY KEY (policy, version),
	CHECK (in_force_from <= in_force_until),
	CONSTRAINT policy_second_person CHECK (adopted_by <> author),
	CHECK ((status = 'adopted') = (adopted_by IS NOT NULL)),
	CHECK ((status = 'adopted') = (adopted_at IS NOT NULL))
);
COMMENT ON TABLE @extschema@.policy IS '信用评价办法的各版本 / measures, one row per version';
COMMENT ON COLUMN @extschema@.policy.policy IS '办法标识 / identifier of the measure';
COMMENT ON COLUMN @extschema@.policy.version IS '版本 / version';
COMMENT ON COLUMN @extschema@.policy.policy_id IS '办法编号（各版本相同） / number of the measure, the same for all its versions';
COMMENT ON COLUMN @extschema@.policy.version_id IS '版本编号 / number of the version';
COMMENT ON COLUMN @extschema@.policy.title IS '名称 / title';
COMMENT ON COLUMN @extschema@.policy.issuer IS '发布机关 / issuer';
COMMENT ON COLUMN @extschema@.policy.example IS '示例：含假设，不对外公布 / example with assumptions; never published';
COMMENT ON COLUMN @extschema@.policy.in_force_from IS '施行首日 / first day in force';
COMMENT ON COLUMN @extschema@.policy.in_force_until IS '施行末日（含） / last day in force';
COMMENT ON COLUMN @extschema@.policy.status IS '状态：草案、征求意见、已通过 / draft, consultation, adopted';
COMMENT ON COLUMN @extschema@.policy.author IS '起草人 / who loaded it';
COMMENT ON COLUMN @extschema@.policy.loaded_at IS '载入时间 / when it was loaded';
COMMENT ON COLUMN @extschema@.policy.adopted_by IS '通过人，不得为起草人 / who adopted it; never the author';
COMMENT ON COLUMN @extschema@.policy.adopted_at IS '通过时间 / when it was adopted';
COMMENT ON COLUMN @extschema@.policy.digest IS '文本的 SHA-256 / SHA-256 of the text';
COMMENT ON COLUMN @extschema@.policy.yaml IS '文本 / text';

CREATE TRIGGER policy_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON @extschema@.policy
	FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._catalogue_changed();
CREATE TRIGGER source_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON @extschema@.source
	FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._catalogue_changed();

-- ---------------------------------------------------------------------------
-- From text to draft to adopted
-- ---------------------------------------------------------------------------

-- An adopted version is what decisions rest on: nothing of it changes any more.
CREATE FUNCTION @extschema@._policy_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $policy_guard$
BEGIN
	IF TG_OP = 'TRUNCATE' THEN
		RAISE EXCEPTION 'cannot truncate policy versions'
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = 'Adopted versions stay as they are.',
			      HINT = 'Delete the drafts that are no longer wanted.';
	END IF;
	-- Of a draft only the steps to adoption change: title, days in force and the rest are what its text says.
	IF OLD.status <> 'adopted' AND TG_OP = 'UPDATE'
	   AND (to_jsonb(NEW) - ARRAY['status', 'adopted_by', 'adopted_at']) = (to_jsonb(OLD) - ARRAY['status', 'adopted_by', 'adopted_at']) THEN
		RETURN NEW;
	END IF;
	IF OLD.status <> 'adopted' AND TG_OP = 'DELETE' THEN
		RETURN OLD;
	END IF;
	RAISE EXCEPTION 'cannot change version "%" of policy "%"', OLD.version, OLD.policy
		USING ERRCODE = 'object_not_in_prerequisite_state',
		      DETAIL = format('Its status is %s; an adopted version and the text of any version stay as they are.', OLD.status),
		      HINT = 'Load the corrected text as a new version.';
END
$policy_guard$;
REVOKE ALL ON FUNCTION @extschema@._policy_guard() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._policy_guard() IS '办法文本载入后不得更改 / refuses changes of a policy''s text and of adopted versions';
CREATE TRIGGER policy_guard BEFORE UPDATE OR DELETE ON @extschema@.policy
	FOR EACH ROW EXECUTE FUNCTION @extschema@._policy_guard();
CREATE TRIGGER policy_guard_truncate BEFORE TRUNCATE ON @extschema@.policy
	FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._policy_guard();

CREATE FUNCTION @extschema@.load_policy(yaml text, OUT policy text, OUT version text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $load_policy$
DECLARE
	h record;
	id integer;
BEGIN
	SELECT * INTO STRICT h FROM @extschema@._policy_header(load_policy.yaml);
	IF EXISTS (SELECT FROM @extschema@.policy AS p WHERE p.policy = h.policy AND p.version = h.version) THEN
		RAISE EXCEPTION 'version "%" of policy "%" is already loaded', h.version, h.policy
			USING ERRCODE = 'duplicate_object',
			      HINT = 'Give the changed text a new version, or delete the draft.';
	END IF;
	SELECT p.policy_id INTO id FROM @extschema@.policy AS p WHERE p.policy = h.policy LIMIT 1;
	INSERT INTO @extschema@.policy (policy, version, policy_id, title, issuer, example, in_force_from, in_force_until, digest, yaml)
	VALUES (h.policy, h.version, coalesce(id, nextval('@extschema@.policy_number')::integer), h.title, h.issuer, h.example,
	        h.in_force_from, h.in_force_until, sha256(convert_to(load_policy.yaml, 'UTF8')), load_policy.yaml);
	policy := h.policy;
	version := h.version;
END
$load_policy$;
REVOKE ALL ON FUNCTION @extschema@.load_policy(text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.load_policy(text) IS
	'载入办法文本为草案，不改变任何评价 / loads the text of a policy as a draft; changes no standing';

CREATE FUNCTION @extschema@.adopt_policy(policy text, version text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $adopt_policy$
DECLARE
	p @extschema@.policy;
	other text;
BEGIN
	IF current_setting('transaction_isolation') <> 'read committed' THEN
		RAISE EXCEPTION 'cannot adopt a policy in a % transaction', current_setting('transaction_isolation')
			USING ERRCODE = 'active_sql_transaction',
			      DETAIL = 'Records that others commit meanwhile would not be seen.',
			      HINT = 'Use READ COMMITTED.';
	END IF;
	-- Writers hold ROW SHARE to the end of their transactions: none is under way with the old policies, none begins before this commits.
	LOCK TABLE @extschema@.policy IN EXCLUSIVE MODE;
	SELECT q.* INTO p FROM @extschema@.policy AS q WHERE q.policy = adopt_policy.policy AND q.version = adopt_policy.version;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'version "%" of policy "%" does not exist', adopt_policy.version, adopt_policy.policy
			USING ERRCODE = 'undefined_object', HINT = 'Load it with citycredit.load_policy().';
	END IF;
	IF p.status = 'adopted' THEN
		RAISE EXCEPTION 'version "%" of policy "%" is already adopted', p.version, p.policy USING ERRCODE = 'object_not_in_prerequisite_state';
	END IF;
	IF p.author = @extschema@.actor() THEN
		RAISE EXCEPTION 'cannot adopt a policy one has loaded oneself'
			USING ERRCODE = 'insufficient_privilege',
			      DETAIL = format('Version "%s" of policy "%s" was loaded by %s.', p.version, p.policy, p.author),
			      HINT = 'Another person adopts it.';
	END IF;
	SELECT q.version INTO other FROM @extschema@.policy AS q
	 WHERE q.policy = p.policy AND q.status = 'adopted' AND q.in_force_from <= p.in_force_until AND p.in_force_from <= q.in_force_until
	 LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'versions "%" and "%" of policy "%" are in force on the same days', other, p.version, p.policy
			USING ERRCODE = 'exclusion_violation',
			      HINT = 'Give the versions days in force that do not overlap.';
	END IF;
	PERFORM @extschema@._check_reads(p.version_id);
	UPDATE @extschema@.policy AS q SET status = 'adopted', adopted_by = @extschema@.actor(), adopted_at = clock_timestamp()
	 WHERE q.version_id = p.version_id;
	RETURN @extschema@._regrade_policies(ARRAY[p.policy_id], 'policy');
END
$adopt_policy$;
REVOKE ALL ON FUNCTION @extschema@.adopt_policy(text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.adopt_policy(text, text) IS
	'通过办法版本（通过人不得为载入人）并重评；返回变化的评价数 / adopts a version (never by who loaded it) and regrades; returns how many standings changed';

CREATE FUNCTION @extschema@.policy_list(policy text, version text)
	RETURNS TABLE (rule text, list text, name text, term_days integer, term_months integer, basis_title text, basis_rank text,
	               basis_article text, cite text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $policy_list$
BEGIN
	RETURN QUERY SELECT l.* FROM @extschema@.policy AS p CROSS JOIN LATERAL @extschema@._policy_list(p.version_id) AS l
	              WHERE p.policy = policy_list.policy AND p.version = policy_list.version;
END
$policy_list$;
REVOKE ALL ON FUNCTION @extschema@.policy_list(text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.policy_list(text, text) IS '办法版本的名单规则 / list rules of a version of a policy';
