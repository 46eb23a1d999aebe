-- 55_policy.sql -- policies as text: check, test, header, list rules

CREATE FUNCTION @extschema@.check_policy(policy pg_catalog.text,
		OUT code pg_catalog.text, OUT severity pg_catalog.text, OUT line pg_catalog.int4, OUT col pg_catalog.int4,
		OUT path pg_catalog.text, OUT message pg_catalog.text, OUT hint pg_catalog.text)
	RETURNS SETOF pg_catalog.record
	LANGUAGE c STABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'check_policy';
COMMENT ON FUNCTION @extschema@.check_policy(pg_catalog.text) IS
	'检查办法文本，一次列出全部问题 / checks the text of a policy; all findings at once, none = it can be loaded';

CREATE FUNCTION @extschema@.test_policy(policy pg_catalog.text, tests pg_catalog.text,
		OUT name pg_catalog.text, OUT ok pg_catalog.bool, OUT expected pg_catalog.text, OUT actual pg_catalog.text, OUT fired pg_catalog.text)
	RETURNS SETOF pg_catalog.record
	LANGUAGE c STABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'test_policy';
COMMENT ON FUNCTION @extschema@.test_policy(pg_catalog.text, pg_catalog.text) IS
	'运行办法的测试：预期、实际、触发的条目；未覆盖的规则不通过 / runs the tests of a policy; an uncovered rule fails';

CREATE FUNCTION @extschema@._policy_header(yaml pg_catalog.text,
		OUT policy pg_catalog.text, OUT version pg_catalog.text, OUT title pg_catalog.text, OUT issuer pg_catalog.text,
		OUT example pg_catalog.bool, OUT in_force_from pg_catalog.date, OUT in_force_until pg_catalog.date)
	LANGUAGE c STABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', '_policy_header';
REVOKE EXECUTE ON FUNCTION @extschema@._policy_header(pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._policy_header(pg_catalog.text) IS
	'办法文本的标识、版本与施行期 / identity, version and days in force of a policy''s text';

CREATE FUNCTION @extschema@._policy_list(version_id pg_catalog.int4,
		OUT rule pg_catalog.text, OUT list pg_catalog.text, OUT name pg_catalog.text, OUT term_days pg_catalog.int4,
		OUT term_months pg_catalog.int4, OUT basis_title pg_catalog.text, OUT basis_rank pg_catalog.text, OUT basis_article pg_catalog.text,
		OUT cite pg_catalog.text, OUT at_rating pg_catalog.bool)
	RETURNS SETOF pg_catalog.record
	LANGUAGE c STABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', '_policy_list';
REVOKE EXECUTE ON FUNCTION @extschema@._policy_list(pg_catalog.int4) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._policy_list(pg_catalog.int4) IS
	'办法版本的名单规则 / list rules of a policy version';
