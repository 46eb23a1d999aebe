-- 11_credit_grade.sql -- grades E to A; better is greater
--
-- grade >= 'B' is "B or better", max() the best, a - b the distance in grades.

-- ---------------------------------------------------------------------------
-- Type
-- ---------------------------------------------------------------------------

CREATE TYPE @extschema@.credit_grade;

CREATE FUNCTION @extschema@.credit_grade_in(pg_catalog.cstring) RETURNS @extschema@.credit_grade
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'credit_grade_in';
COMMENT ON FUNCTION @extschema@.credit_grade_in(pg_catalog.cstring) IS
	'信用等级：文本输入 / text input of credit_grade';

CREATE FUNCTION @extschema@.credit_grade_out(@extschema@.credit_grade) RETURNS pg_catalog.cstring
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'credit_grade_out';
COMMENT ON FUNCTION @extschema@.credit_grade_out(@extschema@.credit_grade) IS
	'信用等级：文本输出 / text output of credit_grade';

CREATE FUNCTION @extschema@.credit_grade_recv(pg_catalog.internal) RETURNS @extschema@.credit_grade
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'credit_grade_recv';
COMMENT ON FUNCTION @extschema@.credit_grade_recv(pg_catalog.internal) IS
	'信用等级：二进制输入 / binary input of credit_grade';

CREATE FUNCTION @extschema@.credit_grade_send(@extschema@.credit_grade) RETURNS pg_catalog.bytea
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'credit_grade_send';
COMMENT ON FUNCTION @extschema@.credit_grade_send(@extschema@.credit_grade) IS
	'信用等级：二进制输出 / binary output of credit_grade';

CREATE TYPE @extschema@.credit_grade (
	INPUT = @extschema@.credit_grade_in,
	OUTPUT = @extschema@.credit_grade_out,
	RECEIVE = @extschema@.credit_grade_recv,
	SEND = @extschema@.credit_grade_send,
	LIKE = pg_catalog.int2
);
COMMENT ON TYPE @extschema@.credit_grade IS
	'信用等级 E 至 A，越好越大 / credit grade E to A, better is greater';

-- ---------------------------------------------------------------------------
-- Comparison
-- ---------------------------------------------------------------------------

-- PostgreSQL's own functions for int2, whose representation the type shares

CREATE FUNCTION @extschema@.credit_grade_eq(@extschema@.credit_grade, @extschema@.credit_grade) RETURNS pg_catalog.bool
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'int2eq';
COMMENT ON FUNCTION @extschema@.credit_grade_eq(@extschema@.credit_grade, @extschema@.credit_grade) IS
	'信用等级：等于 / credit_grade: equal';

CREATE FUNCTION @extschema@.credit_grade_ne(@extschema@.credit_grade, @extschema@.credit_grade) RETURNS pg_catalog.bool
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'int2ne';
COMMENT ON FUNCTION @extschema@.credit_grade_ne(@extschema@.credit_grade, @extschema@.credit_grade) IS
	'信用等级：不等于 / credit_grade: not equal';

CREATE FUNCTION @extschema@.credit_grade_lt(@extschema@.credit_grade, @extschema@.credit_grade) RETURNS pg_catalog.bool
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'int2lt';
COMMENT ON FUNCTION @extschema@.credit_grade_lt(@extschema@.credit_grade, @extschema@.credit_grade) IS
	'信用等级：小于 / credit_grade: less than';

CREATE FUNCTION @extschema@.credit_grade_le(@extschema@.credit_grade, @extschema@.credit_grade) RETURNS pg_catalog.bool
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'int2le';
COMMENT ON FUNCTION @extschema@.credit_grade_le(@extschema@.credit_grade, @extschema@.credit_grade) IS
	'信用等级：小于或等于 / credit_grade: less than or equal';

CREATE FUNCTION @extschema@.credit_grade_gt(@extschema@.credit_grade, @extschema@.credit_grade) RETURNS pg_catalog.bool
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'int2gt';
COMMENT ON FUNCTION @extschema@.credit_grade_gt(@extschema@.credit_grade, @extschema@.credit_grade) IS
	'信用等级：大于 / credit_grade: greater than';

CREATE FUNCTION @extschema@.credit_grade_ge(@extschema@.credit_grade, @extschema@.credit_grade) RETURNS pg_catalog.bool
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'int2ge';
COMMENT ON FUNCTION @extschema@.credit_grade_ge(@extschema@.credit_grade, @extschema@.credit_grade) IS
	'信用等级：大于或等于 / credit_grade: greater than or equal';

CREATE FUNCTION @extschema@.credit_grade_cmp(@extschema@.credit_grade, @extschema@.credit_grade) RETURNS pg_catalog.int4
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'btint2cmp';
COMMENT ON FUNCTION @extschema@.credit_grade_cmp(@extschema@.credit_grade, @extschema@.credit_grade) IS
	'信用等级：比较 / credit_grade: comparison for btree';

CREATE FUNCTION @extschema@.credit_grade_sortsupport(pg_catalog.internal) RETURNS pg_catalog.void
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE
	AS 'btint2sortsupport';
COMMENT ON FUNCTION @extschema@.credit_grade_sortsupport(pg_catalog.internal) IS
	'信用等级：排序支持 / credit_grade: sort support';

CREATE FUNCTION @extschema@.credit_grade_hash(@extschema@.credit_grade) RETURNS pg_catalog.int4
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'hashint2';
COMMENT ON FUNCTION @extschema@.credit_grade_hash(@extschema@.credit_grade) IS
	'信用等级：散列 / credit_grade: hash';

CREATE FUNCTION @extschema@.credit_grade_hash_extended(@extschema@.credit_grade, pg_catalog.int8) RETURNS pg_catalog.int8
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'hashint2extended';
COMMENT ON FUNCTION @extschema@.credit_grade_hash_extended(@extschema@.credit_grade, pg_catalog.int8) IS
	'信用等级：带种子的散列 / credit_grade: hash with seed';

CREATE OPERATOR @extschema@.= (
	LEFTARG = @extschema@.credit_grade, RIGHTARG = @extschema@.credit_grade, FUNCTION = @extschema@.credit_grade_eq,
	COMMUTATOR = OPERATOR(@extschema@.=), NEGATOR = OPERATOR(@extschema@.<>),
	RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel, HASHES, MERGES
);
COMMENT ON OPERATOR @extschema@.= (@extschema@.credit_grade, @extschema@.credit_grade) IS
	'信用等级：等于 / credit_grade: equal';

CREATE OPERATOR @extschema@.<> (
	LEFTARG = @extschema@.credit_grade, RIGHTARG = @extschema@.credit_grade, FUNCTION = @extschema@.credit_grade_ne,
	COMMUTATOR = OPERATOR(@extschema@.<>), NEGATOR = OPERATOR(@extschema@.=),
	RESTRICT = pg_catalog.neqsel, JOIN = pg_catalog.neqjoinsel
);
COMMENT ON OPERATOR @extschema@.<> (@extschema@.credit_grade, @extschema@.credit_grade) IS
	'信用等级：不等于 / credit_grade: not equal';

CREATE OPERATOR @extschema@.< (
	LEFTARG = @extschema@.credit_grade, RIGHTARG = @extschema@.credit_grade, FUNCTION = @extschema@.credit_grade_lt,
	COMMUTATOR = OPERATOR(@extschema@.>), NEGATOR = OPERATOR(@extschema@.>=),
	RESTRICT = pg_catalog.scalarltsel, JOIN = pg_catalog.scalarltjoinsel
);
COMMENT ON OPERATOR @extschema@.< (@extschema@.credit_grade, @extschema@.credit_grade) IS
	'信用等级：小于 / credit_grade: less than';

CREATE OPERATOR @extschema@.<= (
	LEFTARG = @extschema@.credit_grade, RIGHTARG = @extschema@.credit_grade, FUNCTION = @extschema@.credit_grade_le,
	COMMUTATOR = OPERATOR(@extschema@.>=), NEGATOR = OPERATOR(@extschema@.>),
	RESTRICT = pg_catalog.scalarlesel, JOIN = pg_catalog.scalarlejoinsel
);
COMMENT ON OPERATOR @extschema@.<= (@extschema@.credit_grade, @extschema@.credit_grade) IS
	'信用等级：小于或等于 / credit_grade: less than or equal';

CREATE OPERATOR @extschema@.> (
	LEFTARG = @extschema@.credit_grade, RIGHTARG = @extschema@.credit_grade, FUNCTION = @extschema@.credit_grade_gt,
	COMMUTATOR = OPERATOR(@extschema@.<), NEGATOR = OPERATOR(@extschema@.<=),
	RESTRICT = pg_catalog.scalargtsel, JOIN = pg_catalog.scalargtjoinsel
);
COMMENT ON OPERATOR @extschema@.> (@extschema@.credit_grade, @extschema@.credit_grade) IS
	'信用等级：大于 / credit_grade: greater than';

CREATE OPERATOR @extschema@.>= (
	LEFTARG = @extschema@.credit_grade, RIGHTARG = @extschema@.credit_grade, FUNCTION = @extschema@.credit_grade_ge,
	COMMUTATOR = OPERATOR(@extschema@.<=), NEGATOR = OPERATOR(@extschema@.<),
	RESTRICT = pg_catalog.scalargesel, JOIN = pg_catalog.scalargejoinsel
);
COMMENT ON OPERATOR @extschema@.>= (@extschema@.credit_grade, @extschema@.credit_grade) IS
	'信用等级：大于或等于 / credit_grade: greater than or equal';

CREATE OPERATOR CLASS @extschema@.credit_grade_ops
	DEFAULT FOR TYPE @extschema@.credit_grade USING btree AS
		OPERATOR 1 @extschema@.<,
		OPERATOR 2 @extschema@.<=,
		OPERATOR 3 @extschema@.=,
		OPERATOR 4 @extschema@.>=,
		OPERATOR 5 @extschema@.>,
		FUNCTION 1 @extschema@.credit_grade_cmp(@extschema@.credit_grade, @extschema@.credit_grade),
		FUNCTION 2 @extschema@.credit_grade_sortsupport(pg_catalog.internal),
		FUNCTION 4 pg_catalog.btequalimage(pg_catalog.oid);
COMMENT ON OPERATOR CLASS @extschema@.credit_grade_ops USING btree IS
	'信用等级：B 树操作符类 / credit_grade: btree operator class';
COMMENT ON OPERATOR FAMILY @extschema@.credit_grade_ops USING btree IS
	'信用等级：B 树操作符族 / credit_grade: btree operator family';

CREATE OPERATOR CLASS @extschema@.credit_grade_ops
	DEFAULT FOR TYPE @extschema@.credit_grade USING hash AS
		OPERATOR 1 @extschema@.=,
		FUNCTION 1 @extschema@.credit_grade_hash(@extschema@.credit_grade),
		FUNCTION 2 @extschema@.credit_grade_hash_extended(@extschema@.credit_grade, pg_catalog.int8);
COMMENT ON OPERATOR CLASS @extschema@.credit_grade_ops USING hash IS
	'信用等级：散列操作符类 / credit_grade: hash operator class';
COMMENT ON OPERATOR FAMILY @extschema@.credit_grade_ops USING hash IS
	'信用等级：散列操作符族 / credit_grade: hash operator family';

-- ---------------------------------------------------------------------------
-- Casts
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.credit_grade_to_text(@extschema@.credit_grade) RETURNS pg_catalog.text
	LANGUAGE c IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'credit_grade_to_text';
COMMENT ON FUNCTION @extschema@.credit_grade_to_text(@extschema@.credit_grade) IS
	'信用等级：转为文本 / credit_grade to text';

CREATE FUNCTION @extschema@.credit_grade_from_text(pg_catalog.text) RETURNS @extschema@.credit_grade
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'credit_grade_from_text';
COMMENT ON FUNCTION @extschema@.credit_grade_from_text(pg_catalog.text) IS
	'信用等级：由文本转换 / credit_grade from text';

CREATE CAST (@extschema@.credit_grade AS pg_catalog.text) WITH FUNCTION @extschema@.credit_grade_to_text(@extschema@.credit_grade) AS ASSIGNMENT;
COMMENT ON CAST (@extschema@.credit_grade AS pg_catalog.text) IS
	'信用等级转为文本 / credit_grade to text';

CREATE CAST (pg_catalog.text AS @extschema@.credit_grade) WITH FUNCTION @extschema@.credit_grade_from_text(pg_catalog.text) AS ASSIGNMENT;
COMMENT ON CAST (pg_catalog.text AS @extschema@.credit_grade) IS
	'文本转为信用等级 / text to credit_grade';

-- drivers bind strings as varchar; without this an INSERT of one would fail
CREATE CAST (pg_catalog.varchar AS @extschema@.credit_grade) WITH FUNCTION @extschema@.credit_grade_from_text(pg_catalog.text) AS ASSIGNMENT;
COMMENT ON CAST (pg_catalog.varchar AS @extschema@.credit_grade) IS
	'文本转为信用等级 / varchar to credit_grade';

CREATE FUNCTION @extschema@.credit_grade_to_int4(@extschema@.credit_grade) RETURNS pg_catalog.int4
	LANGUAGE internal IMMUTABLE STRICT LEAKPROOF PARALLEL SAFE
	AS 'i2toi4';
COMMENT ON FUNCTION @extschema@.credit_grade_to_int4(@extschema@.credit_grade) IS
	'信用等级：转为整数 1（E）至 5（A） / credit_grade to integer, 1 (E) to 5 (A)';

CREATE CAST (@extschema@.credit_grade AS pg_catalog.int4) WITH FUNCTION @extschema@.credit_grade_to_int4(@extschema@.credit_grade);
COMMENT ON CAST (@extschema@.credit_grade AS pg_catalog.int4) IS
	'信用等级转为整数 / credit_grade to integer';

-- ---------------------------------------------------------------------------
-- Labels
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.label_zh(@extschema@.credit_grade) RETURNS pg_catalog.text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'credit_grade_label_zh';
COMMENT ON FUNCTION @extschema@.label_zh(@extschema@.credit_grade) IS
	'信用等级的中文名称 / Chinese label of a credit_grade';

CREATE FUNCTION @extschema@.label_en(@extschema@.credit_grade) RETURNS pg_catalog.text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'credit_grade_label_en';
COMMENT ON FUNCTION @extschema@.label_en(@extschema@.credit_grade) IS
	'信用等级的英文名称 / English label of a credit_grade';

-- ---------------------------------------------------------------------------
-- Distance
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.credit_grade_distance(@extschema@.credit_grade, @extschema@.credit_grade) RETURNS pg_catalog.int4
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'credit_grade_distance';
COMMENT ON FUNCTION @extschema@.credit_grade_distance(@extschema@.credit_grade, @extschema@.credit_grade) IS
	'信用等级：前者高于后者的级数 / credit_grade: how many grades the first is better than the second';

CREATE OPERATOR @extschema@.- (
	LEFTARG = @extschema@.credit_grade, RIGHTARG = @extschema@.credit_grade, FUNCTION = @extschema@.credit_grade_distance
);
COMMENT ON OPERATOR @extschema@.- (@extschema@.credit_grade, @extschema@.credit_grade) IS
	'信用等级：前者高于后者的级数 / credit_grade: how many grades the first is better than the second';

-- ---------------------------------------------------------------------------
-- Best and worst
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.credit_grade_larger(@extschema@.credit_grade, @extschema@.credit_grade) RETURNS @extschema@.credit_grade
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE
	AS 'int2larger';
COMMENT ON FUNCTION @extschema@.credit_grade_larger(@extschema@.credit_grade, @extschema@.credit_grade) IS
	'信用等级：较好者 / credit_grade: the better of two';

CREATE AGGREGATE @extschema@.max(@extschema@.credit_grade) (
	SFUNC = @extschema@.credit_grade_larger,
	STYPE = @extschema@.credit_grade,
	COMBINEFUNC = @extschema@.credit_grade_larger,
	SORTOP = OPERATOR(@extschema@.>),
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.max(@extschema@.credit_grade) IS
	'最好的信用等级 / best credit grade';

CREATE FUNCTION @extschema@.credit_grade_smaller(@extschema@.credit_grade, @extschema@.credit_grade) RETURNS @extschema@.credit_grade
	LANGUAGE internal IMMUTABLE STRICT PARALLEL SAFE
	AS 'int2smaller';
COMMENT ON FUNCTION @extschema@.credit_grade_smaller(@extschema@.credit_grade, @extschema@.credit_grade) IS
	'信用等级：较差者 / credit_grade: the worse of two';

CREATE AGGREGATE @extschema@.min(@extschema@.credit_grade) (
	SFUNC = @extschema@.credit_grade_smaller,
	STYPE = @extschema@.credit_grade,
	COMBINEFUNC = @extschema@.credit_grade_smaller,
	SORTOP = OPERATOR(@extschema@.<),
	PARALLEL = SAFE
);
COMMENT ON AGGREGATE @extschema@.min(@extschema@.credit_grade) IS
	'最差的信用等级 / worst credit grade';
