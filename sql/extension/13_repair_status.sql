-- 13_repair_status.sql -- states of a credit repair

-- ---------------------------------------------------------------------------
-- Type
-- ---------------------------------------------------------------------------

CREATE TYPE @extschema@.repair_status;

CREATE FUNCTION @extschema@.repair_status_in(pg_catalog.cstring) RETURNS @extschema@.repair_status
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'repair_status_in';
COMMENT ON FUNCTION @extschema@.repair_status_in(pg_catalog.cstring) IS
	'信用修复状态：文本输入 / text input of repair_status';

CREATE FUNCTION @extschema@.repair_status_out(@extschema@.repair_status) RETURNS pg_catalog.cstring
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'repair_status_out';
COMMENT ON FUNCTION @extschema@.repair_status_out(@extschema@.repair_status) IS
	'信用修复状态：文本输出 / text output of repair_status';

CREATE FUNCTION @extschema@.repair_status_recv(pg_catalog.internal) RETURNS @extschema@.repair_status
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'repair_status_recv';
COMMENT ON FUNCTION @extschema@.repair_status_recv(pg_catalog.internal) IS
	'信用修复状态：二进制输入 / binary input of repair_status';

CREATE FUNCTION @extschema@.repair_status_send(@extschema@.repair_status) RETURNS pg_catalog.bytea
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'repair_status_send';
COMMENT ON FUNCTION @extschema@.repair_status_send(@extschema@.repair_status) IS
	'信用修复状态：二进制输出 / binary output of repair_status';

CREATE TYPE @extschema@.repair_status (
	INPUT = @extschema@.repair_status_in,
	OUTPUT = @extschema@.repair_status_out,
	RECEIVE = @extschema@.repair_status_recv,
	SEND = @extschema@.repair_status_send,
	LIKE = pg_catalog.int2
);
COMMENT ON TYPE @extschema@.repair_status IS
	'信用修复状态 / state of a credit repair';

-- ---------------------------------------------------------------------------
-- Comparison
-- ---------------------------------------------------------------------------

-- PostgreSQL's own functions for int2, whose representation the type shares

CREATE FUNCTION @extschema@.repair_status_eq(@extschema@.repair_status, @extschema@.repair_status) RETURNS pg_catalog.bool
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'int2eq';
COMMENT ON FUNCTION @extschema@.repair_status_eq(@extschema@.repair_status, @extschema@.repair_status) IS
	'信用修复状态：等于 / repair_status: equal';

CREATE FUNCTION @extschema@.repair_status_ne(@extschema@.repair_status, @extschema@.repair_status) RETURNS pg_catalog.bool
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'int2ne';
COMMENT ON FUNCTION @extschema@.repair_status_ne(@extschema@.repair_status, @extschema@.repair_status) IS
	'信用修复状态：不等于 / repair_status: not equal';

CREATE FUNCTION @extschema@.repair_status_lt(@extschema@.repair_status, @extschema@.repair_status) RETURNS pg_catalog.bool
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'int2lt';
COMMENT ON FUNCTION @extschema@.repair_status_lt(@extschema@.repair_status, @extschema@.repair_status) IS
	'信用修复状态：小于 / repair_status: less than';

CREATE FUNCTION @extschema@.repair_status_le(@extschema@.repair_status, @extschema@.repair_status) RETURNS pg_catalog.bool
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'int2le';
COMMENT ON FUNCTION @extschema@.repair_status_le(@extschema@.repair_status, @extschema@.repair_status) IS
	'信用修复状态：小于或等于 / repair_status: less than or equal';

CREATE FUNCTION @extschema@.repair_status_gt(@extschema@.repair_status, @extschema@.repair_status) RETURNS pg_catalog.bool
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'int2gt';
COMMENT ON FUNCTION @extschema@.repair_status_gt(@extschema@.repair_status, @extschema@.repair_status) IS
	'信用修复状态：大于 / repair_status: greater than';

CREATE FUNCTION @extschema@.repair_status_ge(@extschema@.repair_status, @extschema@.repair_status) RETURNS pg_catalog.bool
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'int2ge';
COMMENT ON FUNCTION @extschema@.repair_status_ge(@extschema@.repair_status, @extschema@.repair_status) IS
	'信用修复状态：大于或等于 / repair_status: greater than or equal';

CREATE FUNCTION @extschema@.repair_status_cmp(@extschema@.repair_status, @extschema@.repair_status) RETURNS pg_catalog.int4
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'btint2cmp';
COMMENT ON FUNCTION @extschema@.repair_status_cmp(@extschema@.repair_status, @extschema@.repair_status) IS
	'信用修复状态：比较 / repair_status: comparison for btree';

CREATE FUNCTION @extschema@.repair_status_sortsupport(pg_catalog.internal) RETURNS pg_catalog.void
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE
	AS 'btint2sortsupport';
COMMENT ON FUNCTION @extschema@.repair_status_sortsupport(pg_catalog.internal) IS
	'信用修复状态：排序支持 / repair_status: sort support';

CREATE FUNCTION @extschema@.repair_status_hash(@extschema@.repair_status) RETURNS pg_catalog.int4
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'hashint2';
COMMENT ON FUNCTION @extschema@.repair_status_hash(@extschema@.repair_status) IS
	'信用修复状态：散列 / repair_status: hash';

CREATE FUNCTION @extschema@.repair_status_hash_extended(@extschema@.repair_status, pg_catalog.int8) RETURNS pg_catalog.int8
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'hashint2extended';
COMMENT ON FUNCTION @extschema@.repair_status_hash_extended(@extschema@.repair_status, pg_catalog.int8) IS
	'信用修复状态：带种子的散列 / repair_status: hash with seed';

CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.repair_status, RIGHTARG = @extschema@.repair_status, FUNCTION = @extschema@.repair_status_eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.repair_status, @extschema@.repair_status) IS
	'信用修复状态：等于 / repair_status: equal';

CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.repair_status, RIGHTARG = @extschema@.repair_status, FUNCTION = @extschema@.repair_status_ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.repair_status, @extschema@.repair_status) IS
	'信用修复状态：不等于 / repair_status: not equal';

CREATE OPERATOR @extschema@.< (
	LEFTARG = @extschema@.repair_status, RIGHTARG = @extschema@.repair_status, FUNCTION = @extschema@.repair_status_lt,
	COMMUTATOR = OPERATOR(@extschema@.>), NEGATOR = OPERATOR(@extschema@.>=),
	RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR @extschema@.< (@extschema@.repair_status, @extschema@.repair_status) IS
	'信用修复状态：小于 / repair_status: less than';

CREATE OPERATOR @extschema@.<= (
	LEFTARG = @extschema@.repair_status, RIGHTARG = @extschema@.repair_status, FUNCTION = @extschema@.repair_status_le,
	COMMUTATOR = OPERATOR(@extschema@.>=), NEGATOR = OPERATOR(@extschema@.>),
	RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR @extschema@.<= (@extschema@.repair_status, @extschema@.repair_status) IS
	'信用修复状态：小于或等于 / repair_status: less than or equal';

CREATE OPERATOR @extschema@.> (
	LEFTARG = @extschema@.repair_status, RIGHTARG = @extschema@.repair_status, FUNCTION = @extschema@.repair_status_gt,
	COMMUTATOR = OPERATOR(@extschema@.<), NEGATOR = OPERATOR(@extschema@.<=),
	RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR @extschema@.> (@extschema@.repair_status, @extschema@.repair_status) IS
	'信用修复状态：大于 / repair_status: greater than';

CREATE OPERATOR @extschema@.>= (
	LEFTARG = @extschema@.repair_status, RIGHTARG = @extschema@.repair_status, FUNCTION = @extschema@.repair_status_ge,
	COMMUTATOR = OPERATOR(@extschema@.<=), NEGATOR = OPERATOR(@extschema@.<),
	RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR @extschema@.>= (@extschema@.repair_status, @extschema@.repair_status) IS
	'信用修复状态：大于或等于 / repair_status: greater than or equal';

CREATE OPERATOR CLASS @extschema@.repair_status_ops
	DEFAULT FOR TYPE @extschema@.repair_status USING btree AS
		OPERATOR 1 @extschema@.<,
		OPERATOR 2 @extschema@.<=,
		OPERATOR 3 @extschema@.=,
		OPERATOR 4 @extschema@.>=,
		OPERATOR 5 @extschema@.>,
		FUNCTION 1 @extschema@.repair_status_cmp(@extschema@.repair_status, @extschema@.repair_status),
		FUNCTION 2 @extschema@.repair_status_sortsupport(pg_catalog.internal),
		FUNCTION 4 pg_catalog.btequalimage(pg_catalog.oid);
COMMENT ON OPERATOR CLASS @extschema@.repair_status_ops USING btree IS
	'信用修复状态：B 树操作符类 / repair_status: btree operator class';
COMMENT ON OPERATOR FAMILY @extschema@.repair_status_ops USING btree IS
	'信用修复状态：B 树操作符族 / repair_status: btree operator family';

CREATE OPERATOR CLASS @extschema@.repair_status_ops
	DEFAULT FOR TYPE @extschema@.repair_status USING hash AS
		OPERATOR 1 @extschema@.=,
		FUNCTION 1 @extschema@.repair_status_hash(@extschema@.repair_status),
		FUNCTION 2 @extschema@.repair_status_hash_extended(@extschema@.repair_status, pg_catalog.int8);
COMMENT ON OPERATOR CLASS @extschema@.repair_status_ops USING hash IS
	'信用修复状态：散列操作符类 / repair_status: hash operator class';
COMMENT ON OPERATOR FAMILY @extschema@.repair_status_ops USING hash IS
	'信用修复状态：散列操作符族 / repair_status: hash operator family';

-- ---------------------------------------------------------------------------
-- Casts
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.repair_status_to_text(@extschema@.repair_status) RETURNS pg_catalog.text
	LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'repair_status_to_text';
COMMENT ON FUNCTION @extschema@.repair_status_to_text(@extschema@.repair_status) IS
	'信用修复状态：转为文本 / repair_status to text';

CREATE FUNCTION @extschema@.repair_status_from_text(pg_catalog.text) RETURNS @extschema@.repair_status
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'repair_status_from_text';
COMMENT ON FUNCTION @extschema@.repair_status_from_text(pg_catalog.text) IS
	'信用修复状态：由文本转换 / repair_status from text';

CREATE CAST (@extschema@.repair_status AS pg_catalog.text) WITH FUNCTION @extschema@.repair_status_to_text(@extschema@.repair_status) AS ASSIGNMENT;
COMMENT ON CAST (@extschema@.repair_status AS pg_catalog.text) IS
	'信用修复状态转为文本 / repair_status to text';

CREATE CAST (pg_catalog.text AS @extschema@.repair_status) WITH FUNCTION @extschema@.repair_status_from_text(pg_catalog.text) AS ASSIGNMENT;
COMMENT ON CAST (pg_catalog.text AS @extschema@.repair_status) IS
	'文本转为信用修复状态 / text to repair_status';

-- drivers bind strings as varchar; without this an INSERT of one would fail
CREATE CAST (pg_catalog.varchar AS @extschema@.repair_status) WITH FUNCTION @extschema@.repair_status_from_text(pg_catalog.text) AS ASSIGNMENT;
COMMENT ON CAST (pg_catalog.varchar AS @extschema@.repair_status) IS
	'文本转为信用修复状态 / varchar to repair_status';

-- ---------------------------------------------------------------------------
-- Labels
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.label_zh(@extschema@.repair_status) RETURNS pg_catalog.text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'repair_status_label_zh';
COMMENT ON FUNCTION @extschema@.label_zh(@extschema@.repair_status) IS
	'信用修复状态的中文名称 / Chinese label of a repair_status';

CREATE FUNCTION @extschema@.label_en(@extschema@.repair_status) RETURNS pg_catalog.text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'repair_status_label_en';
COMMENT ON FUNCTION @extschema@.label_en(@extschema@.repair_status) IS
	'信用修复状态的英文名称 / English label of a repair_status';

-- ---------------------------------------------------------------------------
-- Legal steps
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.next_states(@extschema@.repair_status) RETURNS @extschema@.repair_status[]
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'repair_status_next_states';
COMMENT ON FUNCTION @extschema@.next_states(@extschema@.repair_status) IS
	'信用修复状态：可转入的状态 / repair_status: the states that may follow';

CREATE FUNCTION @extschema@.can_become(@extschema@.repair_status, @extschema@.repair_status) RETURNS pg_catalog.bool
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'repair_status_can_become';
COMMENT ON FUNCTION @extschema@.can_become(@extschema@.repair_status, @extschema@.repair_status) IS
	'信用修复状态：能否由前者转入后者 / repair_status: whether the second state may follow the first';

CREATE FUNCTION @extschema@.repair_transition(@extschema@.repair_status, @extschema@.repair_status) RETURNS @extschema@.repair_status
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'repair_transition';
COMMENT ON FUNCTION @extschema@.repair_transition(@extschema@.repair_status, @extschema@.repair_status) IS
	'信用修复状态：返回后者；不合法的转换报错并列出可转入的状态 / repair_status: the second state, or an error that lists the legal next states';
