-- 30_identity.sql -- names and documents of people and organisations, made comparable

-- ---------------------------------------------------------------------------
-- Names
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.normal_name(name pg_catalog.text) RETURNS pg_catalog.text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'normal_name';
COMMENT ON FUNCTION @extschema@.normal_name(pg_catalog.text) IS
	'名称规范化：全角字符与括号转半角，去除汉字与括号旁的空格，其余连续空格合并为一个，间隔号统一 / name made comparable: full-width ASCII and brackets become half width, spaces beside Chinese characters and brackets go, other runs of spaces become one, the dots between parts of a name become one character';

CREATE FUNCTION @extschema@.normal_document(document pg_catalog.text) RETURNS pg_catalog.text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', 'normal_document';
COMMENT ON FUNCTION @extschema@.normal_document(pg_catalog.text) IS
	'文书号规范化：全角字符转半角，各种括号统一为〔〕，去除空格 / document number made comparable: full-width ASCII becomes half width, brackets of every kind become 〔〕, spaces go';

-- ---------------------------------------------------------------------------
-- Documents of natural persons
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@._hmac_sha256(key pg_catalog.bytea, data pg_catalog.bytea)
	RETURNS pg_catalog.bytea
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', '_hmac_sha256';
REVOKE EXECUTE ON FUNCTION @extschema@._hmac_sha256(pg_catalog.bytea, pg_catalog.bytea) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._hmac_sha256(pg_catalog.bytea, pg_catalog.bytea) IS
	'密钥散列 HMAC-SHA256 / keyed hash HMAC-SHA256';

-- The type stands before the number, since a passport and a permit may have the
-- same one; the separator occurs in neither.
CREATE FUNCTION @extschema@._document_key(document_type pg_catalog.text, document pg_catalog.text)
	RETURNS pg_catalog.bytea
	LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT convert_to(document_type || chr(31) || upper(replace(@extschema@.normal_name(document), ' ', '') COLLATE "C"), 'UTF8')
$$;
REVOKE EXECUTE ON FUNCTION @extschema@._document_key(pg_catalog.text, pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._document_key(pg_catalog.text, pg_catalog.text) IS
	'证件类型与号码的散列输入 / what is hashed of a document: its type and number, made comparable';

-- ---------------------------------------------------------------------------
-- Fields of the exchange forms
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@._exchange_text(field pg_catalog.text) RETURNS pg_catalog.text
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', '_exchange_text';
REVOKE EXECUTE ON FUNCTION @extschema@._exchange_text(pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._exchange_text(pg_catalog.text) IS
	'交换表字段：去除首尾空格，空白为空值 / field of an exchange form without the spaces around it; blank is NULL';

CREATE FUNCTION @extschema@._exchange_day(field pg_catalog.text) RETURNS pg_catalog.date
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', '_exchange_day';
REVOKE EXECUTE ON FUNCTION @extschema@._exchange_day(pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._exchange_day(pg_catalog.text) IS
	'交换表日期 YYYY-MM-DD、YYYY/MM/DD、YYYYMMDD，不是真实日期为空值 / day of an exchange form; NULL when it is no existing day in one of the three forms';

CREATE FUNCTION @extschema@._exchange_decimal(field pg_catalog.text, places pg_catalog.int4)
	RETURNS pg_catalog.int8
	LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE
	AS 'MODULE_PATHNAME', '_exchange_decimal';
REVOKE EXECUTE ON FUNCTION @extschema@._exchange_decimal(pg_catalog.text, pg_catalog.int4) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._exchange_decimal(pg_catalog.text, pg_catalog.int4) IS
	'交换表数值，折合为 10 的负 places 次方单位的整数，不精确为空值 / decimal of an exchange form in units of 10^-places; NULL when it is no plain decimal or finer than the unit';

-- Only what looks like a number is blotted out: taking out shorter text could
-- take the object apart.
CREATE FUNCTION @extschema@._without_document(detail pg_catalog.jsonb, document pg_catalog.text)
	RETURNS pg_catalog.jsonb
	LANGUAGE sql IMMUTABLE PARALLEL SAFE
	SET search_path = pg_catalog, pg_temp
	AS $$
	SELECT CASE WHEN document ~ '^[0-9A-Za-z]{6,}$' AND document ~ '[0-9]{4}'
				THEN replace(replace(detail::text, upper(document COLLATE "C"), '***'), lower(document COLLATE "C"), '***')::jsonb
				ELSE detail END
$$;
REVOKE EXECUTE ON FUNCTION @extschema@._without_document(pg_catalog.jsonb, pg_catalog.text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._without_document(pg_catalog.jsonb, pg_catalog.text) IS
	'从记录原文中抹去证件号码 / blots the number of a document out of the texts of a record';
