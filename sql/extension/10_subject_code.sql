-- 10_subject_code.sql -- the one key of every kind of subject
--
-- For an organisation it is the unified social credit code of GB 32100-2015, both
-- check characters verified; for a natural person a random code beginning with P.
-- 18 characters of 5 bits from the most significant bit on in the 16 bytes of a
-- uuid: they compare as the text does in the "C" order.

-- ---------------------------------------------------------------------------
-- Type
-- ---------------------------------------------------------------------------

CREATE TYPE @extschema@.subject_code;

CREATE FUNCTION @extschema@.subject_code_in(pg_catalog.cstring) RETURNS @extschema@.subject_code
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'subject_code_in';
COMMENT ON FUNCTION @extschema@.subject_code_in(pg_catalog.cstring) IS
	'主体代码：文本输入 / text input of subject_code';

CREATE FUNCTION @extschema@.subject_code_out(@extschema@.subject_code) RETURNS pg_catalog.cstring
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'subject_code_out';
COMMENT ON FUNCTION @extschema@.subject_code_out(@extschema@.subject_code) IS
	'主体代码：文本输出 / text output of subject_code';

CREATE FUNCTION @extschema@.subject_code_recv(pg_catalog.internal) RETURNS @extschema@.subject_code
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'subject_code_recv';
COMMENT ON FUNCTION @extschema@.subject_code_recv(pg_catalog.internal) IS
	'主体代码：二进制输入 / binary input of subject_code';

CREATE FUNCTION @extschema@.subject_code_send(@extschema@.subject_code) RETURNS pg_catalog.bytea
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'subject_code_send';
COMMENT ON FUNCTION @extschema@.subject_code_send(@extschema@.subject_code) IS
	'主体代码：二进制输出 / binary output of subject_code';

CREATE TYPE @extschema@.subject_code (
	INPUT = @extschema@.subject_code_in,
	OUTPUT = @extschema@.subject_code_out,
	RECEIVE = @extschema@.subject_code_recv,
	SEND = @extschema@.subject_code_send,
	LIKE = pg_catalog.uuid
);
COMMENT ON TYPE @extschema@.subject_code IS
	'信用主体代码：组织为统一社会信用代码，自然人为 P 开头的随机代码 / code of a subject: the unified social credit code of an organisation, a random code beginning with P for a natural person';

-- ---------------------------------------------------------------------------
-- Comparison
-- ---------------------------------------------------------------------------

-- PostgreSQL's own functions for uuid, whose representation the type shares

CREATE FUNCTION @extschema@.subject_code_eq(@extschema@.subject_code, @extschema@.subject_code) RETURNS pg_catalog.bool
	LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'subject_code_eq';
COMMENT ON FUNCTION @extschema@.subject_code_eq(@extschema@.subject_code, @extschema@.subject_code) IS
	'主体代码：等于 / subject_code: equal';

CREATE FUNCTION @extschema@.subject_code_ne(@extschema@.subject_code, @extschema@.subject_code) RETURNS pg_catalog.bool
	LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'subject_code_ne';
COMMENT ON FUNCTION @extschema@.subject_code_ne(@extschema@.subject_code, @extschema@.subject_code) IS
	'主体代码：不等于 / subject_code: not equal';

CREATE FUNCTION @extschema@.subject_code_lt(@extschema@.subject_code, @extschema@.subject_code) RETURNS pg_catalog.bool
	LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'subject_code_lt';
COMMENT ON FUNCTION @extschema@.subject_code_lt(@extschema@.subject_code, @extschema@.subject_code) IS
	'主体代码：小于 / subject_code: less than';

CREATE FUNCTION @extschema@.subject_code_le(@extschema@.subject_code, @extschema@.subject_code) RETURNS pg_catalog.bool
	LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'subject_code_le';
COMMENT ON FUNCTION @extschema@.subject_code_le(@extschema@.subject_code, @extschema@.subject_code) IS
	'主体代码：小于或等于 / subject_code: less than or equal';

CREATE FUNCTION @extschema@.subject_code_gt(@extschema@.subject_code, @extschema@.subject_code) RETURNS pg_catalog.bool
	LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'subject_code_gt';
COMMENT ON FUNCTION @extschema@.subject_code_gt(@extschema@.subject_code, @extschema@.subject_code) IS
	'主体代码：大于 / subject_code: greater than';

CREATE FUNCTION @extschema@.subject_code_ge(@extschema@.subject_code, @extschema@.subject_code) RETURNS pg_catalog.bool
	LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'subject_code_ge';
COMMENT ON FUNCTION @extschema@.subject_code_ge(@extschema@.subject_code, @extschema@.subject_code) IS
	'主体代码：大于或等于 / subject_code: greater than or equal';

CREATE FUNCTION @extschema@.subject_code_cmp(@extschema@.subject_code, @extschema@.subject_code) RETURNS pg_catalog.int4
	LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'subject_code_cmp';
COMMENT ON FUNCTION @extschema@.subject_code_cmp(@extschema@.subject_code, @extschema@.subject_code) IS
	'主体代码：比较 / subject_code: comparison for btree';

CREATE FUNCTION @extschema@.subject_code_sortsupport(pg_catalog.internal) RETURNS pg_catalog.void
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE
	AS 'uuid_sortsupport';
COMMENT ON FUNCTION @extschema@.subject_code_sortsupport(pg_catalog.internal) IS
	'主体代码：排序支持 / subject_code: sort support';

CREATE FUNCTION @extschema@.subject_code_hash(@extschema@.subject_code) RETURNS pg_catalog.int4
	LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'subject_code_hash';
COMMENT ON FUNCTION @extschema@.subject_code_hash(@extschema@.subject_code) IS
	'主体代码：散列 / subject_code: hash';

CREATE FUNCTION @extschema@.subject_code_hash_extended(@extschema@.subject_code, pg_catalog.int8) RETURNS pg_catalog.int8
	LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'subject_code_hash_extended';
COMMENT ON FUNCTION @extschema@.subject_code_hash_extended(@extschema@.subject_code, pg_catalog.int8) IS
	'主体代码：带种子的散列 / subject_code: hash with seed';

CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.subject_code, RIGHTARG = @extschema@.subject_code, FUNCTION = @extschema@.subject_code_eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.subject_code, @extschema@.subject_code) IS
	'主体代码：等于 / subject_code: equal';

CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.subject_code, RIGHTARG = @extschema@.subject_code, FUNCTION = @extschema@.subject_code_ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.subject_code, @extschema@.subject_code) IS
	'主体代码：不等于 / subject_code: not equal';

CREATE OPERATOR @extschema@.< (
	LEFTARG = @extschema@.subject_code, RIGHTARG = @extschema@.subject_code, FUNCTION = @extschema@.subject_code_lt,
	COMMUTATOR = OPERATOR(@extschema@.>), NEGATOR = OPERATOR(@extschema@.>=),
	RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR @extschema@.< (@extschema@.subject_code, @extschema@.subject_code) IS
	'主体代码：小于 / subject_code: less than';

CREATE OPERATOR @extschema@.<= (
	LEFTARG = @extschema@.subject_code, RIGHTARG = @extschema@.subject_code, FUNCTION = @extschema@.subject_code_le,
	COMMUTATOR = OPERATOR(@extschema@.>=), NEGATOR = OPERATOR(@extschema@.>),
	RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR @extschema@.<= (@extschema@.subject_code, @extschema@.subject_code) IS
	'主体代码：小于或等于 / subject_code: less than or equal';

CREATE OPERATOR @extschema@.> (
	LEFTARG = @extschema@.subject_code, RIGHTARG = @extschema@.subject_code, FUNCTION = @extschema@.subject_code_gt,
	COMMUTATOR = OPERATOR(@extschema@.<), NEGATOR = OPERATOR(@extschema@.<=),
	RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR @extschema@.> (@extschema@.subject_code, @extschema@.subject_code) IS
	'主体代码：大于 / subject_code: greater than';

CREATE OPERATOR @extschema@.>= (
	LEFTARG = @extschema@.subject_code, RIGHTARG = @extschema@.subject_code, FUNCTION = @extschema@.subject_code_ge,
	COMMUTATOR = OPERATOR(@extschema@.<=), NEGATOR = OPERATOR(@extschema@.<),
	RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR @extschema@.>= (@extschema@.subject_code, @extschema@.subject_code) IS
	'主体代码：大于或等于 / subject_code: greater than or equal';

CREATE OPERATOR CLASS @extschema@.subject_code_ops
	DEFAULT FOR TYPE @extschema@.subject_code USING btree AS
		OPERATOR 1 @extschema@.<,
		OPERATOR 2 @extschema@.<=,
		OPERATOR 3 @extschema@.=,
		OPERATOR 4 @extschema@.>=,
		OPERATOR 5 @extschema@.>,
		FUNCTION 1 @extschema@.subject_code_cmp(@extschema@.subject_code, @extschema@.subject_code),
		FUNCTION 2 @extschema@.subject_code_sortsupport(pg_catalog.internal),
		FUNCTION 4 pg_catalog.btequalimage(pg_catalog.oid);
COMMENT ON OPERATOR CLASS @extschema@.subject_code_ops USING btree IS
	'主体代码：B 树操作符类 / subject_code: btree operator class';
COMMENT ON OPERATOR FAMILY @extschema@.subject_code_ops USING btree IS
	'主体代码：B 树操作符族 / subject_code: btree operator family';

CREATE OPERATOR CLASS @extschema@.subject_code_ops
	DEFAULT FOR TYPE @extschema@.subject_code USING hash AS
		OPERATOR 1 @extschema@.=,
		FUNCTION 1 @extschema@.subject_code_hash(@extschema@.subject_code),
		FUNCTION 2 @extschema@.subject_code_hash_extended(@extschema@.subject_code, pg_catalog.int8);
COMMENT ON OPERATOR CLASS @extschema@.subject_code_ops USING hash IS
	'主体代码：散列操作符类 / subject_code: hash operator class';
COMMENT ON OPERATOR FAMILY @extschema@.subject_code_ops USING hash IS
	'主体代码：散列操作符族 / subject_code: hash operator family';

-- ---------------------------------------------------------------------------
-- Casts
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.subject_code_to_text(@extschema@.subject_code) RETURNS pg_catalog.text
	LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'subject_code_to_text';
COMMENT ON FUNCTION @extschema@.subject_code_to_text(@extschema@.subject_code) IS
	'主体代码：转为文本 / subject_code to text';

CREATE FUNCTION @extschema@.subject_code_from_text(pg_catalog.text) RETURNS @extschema@.subject_code
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'subject_code_from_text';
COMMENT ON FUNCTION @extschema@.subject_code_from_text(pg_catalog.text) IS
	'主体代码：由文本转换 / subject_code from text';

CREATE CAST (@extschema@.subject_code AS pg_catalog.text) WITH FUNCTION @extschema@.subject_code_to_text(@extschema@.subject_code) AS ASSIGNMENT;
COMMENT ON CAST (@extschema@.subject_code AS pg_catalog.text) IS
	'主体代码转为文本 / subject_code to text';

CREATE CAST (pg_catalog.text AS @extschema@.subject_code) WITH FUNCTION @extschema@.subject_code_from_text(pg_catalog.text) AS ASSIGNMENT;
COMMENT ON CAST (pg_catalog.text AS @extschema@.subject_code) IS
	'文本转为主体代码 / text to subject_code';

-- drivers bind strings as varchar; without this an INSERT of one would fail
CREATE CAST (pg_catalog.varchar AS @extschema@.subject_code) WITH FUNCTION @extschema@.subject_code_from_text(pg_catalog.text) AS ASSIGNMENT;
COMMENT ON CAST (pg_catalog.varchar AS @extschema@.subject_code) IS
	'文本转为主体代码 / varchar to subject_code';

-- ---------------------------------------------------------------------------
-- What a code tells
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.subject_kind(@extschema@.subject_code) RETURNS pg_catalog.text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'subject_kind';
COMMENT ON FUNCTION @extschema@.subject_kind(@extschema@.subject_code) IS
	'由代码得出的主体类型；保留代码为 NULL / kind of subject as far as the code tells it; NULL for the reserved code';

CREATE FUNCTION @extschema@.division(@extschema@.subject_code) RETURNS pg_catalog.text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'division';
COMMENT ON FUNCTION @extschema@.division(@extschema@.subject_code) IS
	'登记管理机关行政区划码（第3至8位）；非统一社会信用代码为 NULL / division code of the registering authority (positions 3 to 8); NULL unless a unified social credit code';

CREATE FUNCTION @extschema@.organisation_code(@extschema@.subject_code) RETURNS pg_catalog.text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'organisation_code';
COMMENT ON FUNCTION @extschema@.organisation_code(@extschema@.subject_code) IS
	'组织机构代码 XXXXXXXX-X；非统一社会信用代码为 NULL / organisation code XXXXXXXX-X; NULL unless a unified social credit code';

CREATE FUNCTION @extschema@.random_subject_code() RETURNS @extschema@.subject_code
	LANGUAGE c VOLATILE PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'random_subject_code';
COMMENT ON FUNCTION @extschema@.random_subject_code() IS
	'为自然人生成新的随机代码 / a new random code for a natural person';

-- ---------------------------------------------------------------------------
-- Checking text without raising an error
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.is_valid_uscc(pg_catalog.text) RETURNS pg_catalog.bool
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'is_valid_uscc';
COMMENT ON FUNCTION @extschema@.is_valid_uscc(pg_catalog.text) IS
	'是否为有效的统一社会信用代码 / whether the text is a unified social credit code';

CREATE FUNCTION @extschema@.uscc_problem(pg_catalog.text) RETURNS pg_catalog.text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'uscc_problem';
COMMENT ON FUNCTION @extschema@.uscc_problem(pg_catalog.text) IS
	'统一社会信用代码无效的原因；有效为 NULL / why the text is no unified social credit code; NULL if it is one';

CREATE FUNCTION @extschema@.is_valid_id_card(pg_catalog.text) RETURNS pg_catalog.bool
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'is_valid_id_card';
COMMENT ON FUNCTION @extschema@.is_valid_id_card(pg_catalog.text) IS
	'是否为有效的公民身份号码（GB 11643） / whether the text is an ID card number (GB 11643)';

CREATE FUNCTION @extschema@.id_card_problem(pg_catalog.text) RETURNS pg_catalog.text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'id_card_problem';
COMMENT ON FUNCTION @extschema@.id_card_problem(pg_catalog.text) IS
	'公民身份号码无效的原因；有效为 NULL / why the text is no ID card number; NULL if it is one';
