-- 53_bulk.sql -- all records in one pass, as the caller; the registry's regrade() and verify_standings() run these as its owner

CREATE FUNCTION @extschema@._fold_city(versions pg_catalog.int4[], day pg_catalog.date, known_at pg_catalog.timestamptz,
		OUT subject @extschema@.subject_code, OUT version_id pg_catalog.int4, OUT folded pg_catalog.bytea)
	RETURNS SETOF pg_catalog.record
	LANGUAGE c STABLE STRICT
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', '_fold_city';
REVOKE EXECUTE ON FUNCTION @extschema@._fold_city(pg_catalog.int4[], pg_catalog.date, pg_catalog.timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._fold_city(pg_catalog.int4[], pg_catalog.date, pg_catalog.timestamptz) IS
	'一次扫描折叠全部主体 / states of all subjects on whom a record bears, as fold_facts() gives them, in one pass';

CREATE FUNCTION @extschema@._mismatch_city(policies pg_catalog.int4[], day pg_catalog.date,
		OUT subject @extschema@.subject_code, OUT policy_id pg_catalog.int4, OUT problem pg_catalog.text, OUT version_id pg_catalog.int4,
		OUT folded pg_catalog.bytea)
	RETURNS SETOF pg_catalog.record
	LANGUAGE c STABLE STRICT
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', '_mismatch_city';
REVOKE EXECUTE ON FUNCTION @extschema@._mismatch_city(pg_catalog.int4[], pg_catalog.date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._mismatch_city(pg_catalog.int4[], pg_catalog.date) IS
	'存储的评价与由记录重算不一致之处 / stored standings that differ from what the records give';

CREATE FUNCTION @extschema@._last_pass(OUT direct pg_catalog.bool, OUT spilled pg_catalog.int8)
	LANGUAGE c VOLATILE
	AS 'MODULE_PATHNAME', '_last_pass';
REVOKE EXECUTE ON FUNCTION @extschema@._last_pass() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._last_pass() IS
	'本会话最近一次全量读取：是否直接读表、经临时文件的字节数 / the last pass of this session: whether the table was read directly, bytes that went through a file';
