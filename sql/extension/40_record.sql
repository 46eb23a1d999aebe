-- 40_record.sql -- who writes a record, which identifier it gets, and the trigger that regrades

CREATE FUNCTION @extschema@.actor() RETURNS pg_catalog.text
	LANGUAGE c STABLE PARALLEL RESTRICTED
	AS 'MODULE_PATHNAME', 'actor';
COMMENT ON FUNCTION @extschema@.actor() IS
	'操作人：客户端当前角色（含 SET ROLE） / role in effect at the client, SET ROLE included and SECURITY DEFINER looked through';

CREATE FUNCTION @extschema@.record_digest(kind pg_catalog.text, authority pg_catalog.text, document pg_catalog.text,
		subject @extschema@.subject_code, part pg_catalog.int2) RETURNS pg_catalog.uuid
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'record_digest';
COMMENT ON FUNCTION @extschema@.record_digest(pg_catalog.text, pg_catalog.text, pg_catalog.text, @extschema@.subject_code, pg_catalog.int2) IS
	'记录标识：SHA-256 前 16 字节 / identifier of a record: first 16 bytes of SHA-256 over kind, authority, document, subject and part';

CREATE FUNCTION @extschema@.record_changed() RETURNS trigger
	LANGUAGE c
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', 'record_changed';
REVOKE EXECUTE ON FUNCTION @extschema@.record_changed() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.record_changed() IS
	'语句级触发器：重评所涉主体 / statement trigger of the table record: regrades the subjects touched';

CREATE FUNCTION @extschema@._catalogue_changed() RETURNS trigger
	LANGUAGE c
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', '_catalogue_changed';
REVOKE EXECUTE ON FUNCTION @extschema@._catalogue_changed() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._catalogue_changed() IS
	'语句级触发器：使各会话的办法缓存失效 / statement trigger of policy and source: backends read them again';

CREATE FUNCTION @extschema@._catalogue_builds() RETURNS pg_catalog.int8
	LANGUAGE c VOLATILE
	AS 'MODULE_PATHNAME', '_catalogue_builds';
REVOKE EXECUTE ON FUNCTION @extschema@._catalogue_builds() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._catalogue_builds() IS
	'本会话读取办法目录的次数 / how often this backend has read policies and sources';

CREATE FUNCTION @extschema@._regrade(subjects @extschema@.subject_code[], day pg_catalog.date, recompute pg_catalog.bool, cause pg_catalog.text)
	RETURNS pg_catalog.int8
	LANGUAGE c VOLATILE STRICT
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', '_regrade';
REVOKE EXECUTE ON FUNCTION @extschema@._regrade(@extschema@.subject_code[], pg_catalog.date, pg_catalog.bool, pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._regrade(@extschema@.subject_code[], pg_catalog.date, pg_catalog.bool, pg_catalog.text) IS
	'重评一组主体（按代码升序、不重复） / regrades subjects given in ascending order, each once; returns how many standings changed';

CREATE FUNCTION @extschema@._regrade_fresh(subjects @extschema@.subject_code[], seqs pg_catalog.int8[], policies pg_catalog.int4[],
		versions pg_catalog.int4[], states pg_catalog.bytea[], day pg_catalog.date, cause pg_catalog.text)
	RETURNS pg_catalog.int8
	LANGUAGE c VOLATILE STRICT
	SET search_path = pg_catalog, pg_temp
	AS 'MODULE_PATHNAME', '_regrade_fresh';
REVOKE EXECUTE ON FUNCTION @extschema@._regrade_fresh(@extschema@.subject_code[], pg_catalog.int8[], pg_catalog.int4[], pg_catalog.int4[], pg_catalog.bytea[], pg_catalog.date, pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._regrade_fresh(@extschema@.subject_code[], pg_catalog.int8[], pg_catalog.int4[], pg_catalog.int4[], pg_catalog.bytea[], pg_catalog.date, pg_catalog.text) IS
	'以刚由记录折叠的状态重评；其间有变动者在锁内重算 / regrades from states just folded from the records; who was touched since is computed again under the lock';
