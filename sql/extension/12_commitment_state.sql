-- 12_commitment_state.sql -- states of a credit commitment
--
-- Told the conditions, signed, decided, verified; a mismatch is first ordered to be
-- rectified, only then is it a breach, and only a breach lets the decision be revoked.

-- ---------------------------------------------------------------------------
-- Type
-- ---------------------------------------------------------------------------

CREATE TYPE @extschema@.commitment_state;

CREATE FUNCTION @extschema@.commitment_state_in(pg_catalog.cstring) RETURNS @extschema@.commitment_state
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'commitment_state_in';
COMMENT ON FUNCTION @extschema@.commitment_state_in(pg_catalog.cstring) IS
	'信用承诺状态：文本输入 / text input of commitment_state';

CREATE FUNCTION @extschema@.commitment_state_out(@extschema@.commitment_state) RETURNS pg_catalog.cstring
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'commitment_state_out';
COMMENT ON FUNCTION @extschema@.commitment_state_out(@extschema@.commitment_state) IS
	'信用承诺状态：文本输出 / text output of commitment_state';

CREATE FUNCTION @extschema@.commitment_state_recv(pg_catalog.internal) RETURNS @extschema@.commitment_state
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'commitment_state_recv';
COMMENT ON FUNCTION @extschema@.commitment_state_recv(pg_catalog.internal) IS
	'信用承诺状态：二进制输入 / binary input of commitment_state';

CREATE FUNCTION @extschema@.commitment_state_send(@extschema@.commitment_state) RETURNS pg_catalog.bytea
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'commitment_state_send';
COMMENT ON FUNCTION @extschema@.commitment_state_send(@extschema@.commitment_state) IS
	'信用承诺状态：二进制输出 / binary output of commitment_state';

CREATE TYPE @extschema@.commitment_state (
	INPUT = @extschema@.commitment_state_in,
	OUTPUT = @extschema@.commitment_state_out,
	RECEIVE = @extschema@.commitment_state_recv,
	SEND = @extschema@.commitment_state_send,
	LIKE = pg_catalog.int2
);
COMMENT ON TYPE @extschema@.commitment_state IS
	'信用承诺状态 / state of a credit commitment';

-- ---------------------------------------------------------------------------
-- Comparison
-- ---------------------------------------------------------------------------

-- PostgreSQL's own functions for int2, whose representation the type shares

CREATE FUNCTION @extschema@.commitment_state_eq(@extschema@.commitment_state, @extschema@.commitment_state) RETURNS pg_catalog.bool
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'int2eq';
COMMENT ON FUNCTION @extschema@.commitment_state_eq(@extschema@.commitment_state, @extschema@.commitment_state) IS
	'信用承诺状态：等于 / commitment_state: equal';

CREATE FUNCTION @extschema@.commitment_state_ne(@extschema@.commitment_state, @extschema@.commitment_state) RETURNS pg_catalog.bool
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'int2ne';
COMMENT ON FUNCTION @extschema@.commitment_state_ne(@extschema@.commitment_state, @extschema@.commitment_state) IS
	'信用承诺状态：不等于 / commitment_state: not equal';

CREATE FUNCTION @extschema@.commitment_state_lt(@extschema@.commitment_state, @extschema@.commitment_state) RETURNS pg_catalog.bool
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'int2lt';
COMMENT ON FUNCTION @extschema@.commitment_state_lt(@extschema@.commitment_state, @extschema@.commitment_state) IS
	'信用承诺状态：小于 / commitment_state: less than';

CREATE FUNCTION @extschema@.commitment_state_le(@extschema@.commitment_state, @extschema@.commitment_state) RETURNS pg_catalog.bool
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'int2le';
COMMENT ON FUNCTION @extschema@.commitment_state_le(@extschema@.commitment_state, @extschema@.commitment_state) IS
	'信用承诺状态：小于或等于 / commitment_state: less than or equal';

CREATE FUNCTION @extschema@.commitment_state_gt(@extschema@.commitment_state, @extschema@.commitment_state) RETURNS pg_catalog.bool
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'int2gt';
COMMENT ON FUNCTION @extschema@.commitment_state_gt(@extschema@.commitment_state, @extschema@.commitment_state) IS
	'信用承诺状态：大于 / commitment_state: greater than';

CREATE FUNCTION @extschema@.commitment_state_ge(@extschema@.commitment_state, @extschema@.commitment_state) RETURNS pg_catalog.bool
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'int2ge';
COMMENT ON FUNCTION @extschema@.commitment_state_ge(@extschema@.commitment_state, @extschema@.commitment_state) IS
	'信用承诺状态：大于或等于 / commitment_state: greater than or equal';

CREATE FUNCTION @extschema@.commitment_state_cmp(@extschema@.commitment_state, @extschema@.commitment_state) RETURNS pg_catalog.int4
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'btint2cmp';
COMMENT ON FUNCTION @extschema@.commitment_state_cmp(@extschema@.commitment_state, @extschema@.commitment_state) IS
	'信用承诺状态：比较 / commitment_state: comparison for btree';

CREATE FUNCTION @extschema@.commitment_state_sortsupport(pg_catalog.internal) RETURNS pg_catalog.void
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE
	AS 'btint2sortsupport';
COMMENT ON FUNCTION @extschema@.commitment_state_sortsupport(pg_catalog.internal) IS
	'信用承诺状态：排序支持 / commitment_state: sort support';

CREATE FUNCTION @extschema@.commitment_state_hash(@extschema@.commitment_state) RETURNS pg_catalog.int4
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'hashint2';
COMMENT ON FUNCTION @extschema@.commitment_state_hash(@extschema@.commitment_state) IS
	'信用承诺状态：散列 / commitment_state: hash';

CREATE FUNCTION @extschema@.commitment_state_hash_extended(@extschema@.commitment_state, pg_catalog.int8) RETURNS pg_catalog.int8
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'hashint2extended';
COMMENT ON FUNCTION @extschema@.commitment_state_hash_extended(@extschema@.commitment_state, pg_catalog.int8) IS
	'信用承诺状态：带种子的散列 / commitment_state: hash with seed';

CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.commitment_state, RIGHTARG = @extschema@.commitment_state, FUNCTION = @extschema@.commitment_state_eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.commitment_state, @extschema@.commitment_state) IS
	'信用承诺状态：等于 / commitment_state: equal';

CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.commitment_state, RIGHTARG = @extschema@.commitment_state, FUNCTION = @extschema@.commitment_state_ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.commitment_state, @extschema@.commitment_state) IS
	'信用承诺状态：不等于 / commitment_state: not equal';

CREATE OPERATOR @extschema@.< (
	LEFTARG = @extschema@.commitment_state, RIGHTARG = @extschema@.commitment_state, FUNCTION = @extschema@.commitment_state_lt,
	COMMUTATOR = OPERATOR(@extschema@.>), NEGATOR = OPERATOR(@extschema@.>=),
	RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR @extschema@.< (@extschema@.commitment_state, @extschema@.commitment_state) IS
	'信用承诺状态：小于 / commitment_state: less than';

CREATE OPERATOR @extschema@.<= (
	LEFTARG = @extschema@.commitment_state, RIGHTARG = @extschema@.commitment_state, FUNCTION = @extschema@.commitment_state_le,
	COMMUTATOR = OPERATOR(@extschema@.>=), NEGATOR = OPERATOR(@extschema@.>),
	RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR @extschema@.<= (@extschema@.commitment_state, @extschema@.commitment_state) IS
	'信用承诺状态：小于或等于 / commitment_state: less than or equal';

CREATE OPERATOR @extschema@.> (
	LEFTARG = @extschema@.commitment_state, RIGHTARG = @extschema@.commitment_state, FUNCTION = @extschema@.commitment_state_gt,
	COMMUTATOR = OPERATOR(@extschema@.<), NEGATOR = OPERATOR(@extschema@.<=),
	RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR @extschema@.> (@extschema@.commitment_state, @extschema@.commitment_state) IS
	'信用承诺状态：大于 / commitment_state: greater than';

CREATE OPERATOR @extschema@.>= (
	LEFTARG = @extschema@.commitment_state, RIGHTARG = @extschema@.commitment_state, FUNCTION = @extschema@.commitment_state_ge,
	COMMUTATOR = OPERATOR(@extschema@.<=), NEGATOR = OPERATOR(@extschema@.<),
	RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR @extschema@.>= (@extschema@.commitment_state, @extschema@.commitment_state) IS
	'信用承诺状态：大于或等于 / commitment_state: greater than or equal';

CREATE OPERATOR CLASS @extschema@.commitment_state_ops
	DEFAULT FOR TYPE @extschema@.commitment_state USING btree AS
		OPERATOR 1 @extschema@.<,
		OPERATOR 2 @extschema@.<=,
		OPERATOR 3 @extschema@.=,
		OPERATOR 4 @extschema@.>=,
		OPERATOR 5 @extschema@.>,
		FUNCTION 1 @extschema@.commitment_state_cmp(@extschema@.commitment_state, @extschema@.commitment_state),
		FUNCTION 2 @extschema@.commitment_state_sortsupport(pg_catalog.internal),
		FUNCTION 4 pg_catalog.btequalimage(pg_catalog.oid);
COMMENT ON OPERATOR CLASS @extschema@.commitment_state_ops USING btree IS
	'信用承诺状态：B 树操作符类 / commitment_state: btree operator class';
COMMENT ON OPERATOR FAMILY @extschema@.commitment_state_ops USING btree IS
	'信用承诺状态：B 树操作符族 / commitment_state: btree operator family';

CREATE OPERATOR CLASS @extschema@.commitment_state_ops
	DEFAULT FOR TYPE @extschema@.commitment_state USING hash AS
		OPERATOR 1 @extschema@.=,
		FUNCTION 1 @extschema@.commitment_state_hash(@extschema@.commitment_state),
		FUNCTION 2 @extschema@.commitment_state_hash_extended(@extschema@.commitment_state, pg_catalog.int8);
COMMENT ON OPERATOR CLASS @extschema@.commitment_state_ops USING hash IS
	'信用承诺状态：散列操作符类 / commitment_state: hash operator class';
COMMENT ON OPERATOR FAMILY @extschema@.commitment_state_ops USING hash IS
	'信用承诺状态：散列操作符族 / commitment_state: hash operator family';

-- ---------------------------------------------------------------------------
-- Casts
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.commitment_state_to_text(@extschema@.commitment_state) RETURNS pg_catalog.text
	LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'commitment_state_to_text';
COMMENT ON FUNCTION @extschema@.commitment_state_to_text(@extschema@.commitment_state) IS
	'信用承诺状态：转为文本 / commitment_state to text';

CREATE FUNCTION @extschema@.commitment_state_from_text(pg_catalog.text) RETURNS @extschema@.commitment_state
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'commitment_state_from_text';
COMMENT ON FUNCTION @extschema@.commitment_state_from_text(pg_catalog.text) IS
	'信用承诺状态：由文本转换 / commitment_state from text';

CREATE CAST (@extschema@.commitment_state AS pg_catalog.text) WITH FUNCTION @extschema@.commitment_state_to_text(@extschema@.commitment_state) AS ASSIGNMENT;
COMMENT ON CAST (@extschema@.commitment_state AS pg_catalog.text) IS
	'信用承诺状态转为文本 / commitment_state to text';

CREATE CAST (pg_catalog.text AS @extschema@.commitment_state) WITH FUNCTION @extschema@.commitment_state_from_text(pg_catalog.text) AS ASSIGNMENT;
COMMENT ON CAST (pg_catalog.text AS @extschema@.commitment_state) IS
	'文本转为信用承诺状态 / text to commitment_state';

-- drivers bind strings as varchar; without this an INSERT of one would fail
CREATE CAST (pg_catalog.varchar AS @extschema@.commitment_state) WITH FUNCTION @extschema@.commitment_state_from_text(pg_catalog.text) AS ASSIGNMENT;
COMMENT ON CAST (pg_catalog.varchar AS @extschema@.commitment_state) IS
	'文本转为信用承诺状态 / varchar to commitment_state';

-- ---------------------------------------------------------------------------
-- Labels
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.label_zh(@extschema@.commitment_state) RETURNS pg_catalog.text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'commitment_state_label_zh';
COMMENT ON FUNCTION @extschema@.label_zh(@extschema@.commitment_state) IS
	'信用承诺状态的中文名称 / Chinese label of a commitment_state';

CREATE FUNCTION @extschema@.label_en(@extschema@.commitment_state) RETURNS pg_catalog.text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'commitment_state_label_en';
COMMENT ON FUNCTION @extschema@.label_en(@extschema@.commitment_state) IS
	'信用承诺状态的英文名称 / English label of a commitment_state';

-- ---------------------------------------------------------------------------
-- Legal steps
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.next_states(@extschema@.commitment_state) RETURNS @extschema@.commitment_state[]
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'commitment_state_next_states';
COMMENT ON FUNCTION @extschema@.next_states(@extschema@.commitment_state) IS
	'信用承诺状态：可转入的状态 / commitment_state: the states that may follow';

CREATE FUNCTION @extschema@.can_become(@extschema@.commitment_state, @extschema@.commitment_state) RETURNS pg_catalog.bool
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'commitment_state_can_become';
COMMENT ON FUNCTION @extschema@.can_become(@extschema@.commitment_state, @extschema@.commitment_state) IS
	'信用承诺状态：能否由前者转入后者 / commitment_state: whether the second state may follow the first';

CREATE FUNCTION @extschema@.commitment_transition(@extschema@.commitment_state, @extschema@.commitment_state) RETURNS @extschema@.commitment_state
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'commitment_transition';
COMMENT ON FUNCTION @extschema@.commitment_transition(@extschema@.commitment_state, @extschema@.commitment_state) IS
	'信用承诺状态：返回后者；不合法的转换报错并列出可转入的状态 / commitment_state: the second state, or an error that lists the legal next states';
