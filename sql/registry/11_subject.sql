-- ---------------------------------------------------------------------------
-- Subjects: who the records are about.
-- ---------------------------------------------------------------------------

CREATE TABLE @extschema@.subject (
	subject       @extschema@.subject_code NOT NULL PRIMARY KEY,
	kind          text NOT NULL
	              CHECK (kind IN ('legal_person', 'other_organisation', 'individual_business', 'natural_person', 'government_body', 'official')),
	name          text,
	district      text,
	representative text,
	registered_on date NOT NULL DEFAULT @extschema@.today()
);
CREATE INDEX subject_name ON @extschema@.subject (name);
CREATE INDEX subject_text ON @extschema@.subject ((subject::text));
COMMENT ON TABLE @extschema@.subject IS '信用主体 / subjects: organisations by unified social credit code, natural persons by a random code';
COMMENT ON COLUMN @extschema@.subject.subject IS '主体代码 / subject code; for organisations the unified social credit code (GB 32100)';
COMMENT ON COLUMN @extschema@.subject.kind IS '主体类别 / kind of subject';
COMMENT ON COLUMN @extschema@.subject.name IS '规范化名称，仅有代码时为空 / normalised name; NULL while only the code is known';
COMMENT ON COLUMN @extschema@.subject.district IS '所在区 / district';
COMMENT ON COLUMN @extschema@.subject.representative IS '法定代表人（敏感） / legal representative (sensitive)';
COMMENT ON COLUMN @extschema@.subject.registered_on IS '首次登记日 / day on which the registry first heard of the subject';

CREATE FUNCTION @extschema@._masked_name(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $masked_name$
	SELECT left(ltrim(name, E' \t\u3000'), 1) || '＊'
$masked_name$;
REVOKE ALL ON FUNCTION @extschema@._masked_name(text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._masked_name(text) IS '遮蔽自然人姓名 / masks the name of a natural person';
