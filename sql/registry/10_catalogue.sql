-- ---------------------------------------------------------------------------
-- Catalogues: what a record may refer to. Reference tables, read by triggers, never written there.
-- ---------------------------------------------------------------------------

CREATE TABLE @extschema@.behaviour (
	code     text NOT NULL,
	edition  text NOT NULL,
	kind     text NOT NULL DEFAULT 'penalty',
	field    text NOT NULL,
	name     text NOT NULL,
	severity text CHECK (severity IN ('minor', 'light', 'ordinary', 'fairly_serious', 'serious', 'very_serious')),
	article  text,
	source   text,
	-- an expression that cannot be compiled is refused here, not found out by the intake
	pattern  text CHECK (('' ~ pattern) IN (true, false)),
	retired_on date,
	PRIMARY KEY (code, edition)
);
COMMENT ON TABLE @extschema@.behaviour IS '行为目录：违法违规及守信行为的编码 / catalogue of acts, by edition';
COMMENT ON COLUMN @extschema@.behaviour.code IS '行为编码 / code of the act, used by policies and findings';
COMMENT ON COLUMN @extschema@.behaviour.edition IS '目录版本 / edition of the catalogue';
COMMENT ON COLUMN @extschema@.behaviour.kind IS '记录类别 / kind of record that can state the act';
COMMENT ON COLUMN @extschema@.behaviour.field IS '行业领域编码 / field, e.g. construction_waste';
COMMENT ON COLUMN @extschema@.behaviour.name IS '行为名称 / name of the act';
COMMENT ON COLUMN @extschema@.behaviour.severity IS '目录规定的严重程度，未规定为空 / severity where the catalogue fixes one';
COMMENT ON COLUMN @extschema@.behaviour.article IS '依据条款 / article that forbids or rewards the act';
COMMENT ON COLUMN @extschema@.behaviour.source IS '依据文件 / document of the article';
COMMENT ON COLUMN @extschema@.behaviour.pattern IS '识别用正则表达式 / regular expression by which the intake recognises the act';
COMMENT ON COLUMN @extschema@.behaviour.retired_on IS '停用日期 / first day on which the entry is no longer used for new records';

CREATE TABLE @extschema@.source (
	source        text NOT NULL,
	kind          text NOT NULL,
	name          text NOT NULL,
	trusted_from  date NOT NULL,
	trusted_until date NOT NULL DEFAULT 'infinity',
	known_from    timestamptz NOT NULL DEFAULT statement_timestamp(),
	known_until   timestamptz NOT NULL DEFAULT 'infinity',
	entered_by    text NOT NULL DEFAULT @extschema@.actor(),
	PRIMARY KEY (source, kind, trusted_from, known_until),
	CHECK (trusted_from < trusted_until),
	CHECK (known_from < known_until)
);
COMMENT ON TABLE @extschema@.source IS '免复核数据来源：其所列类别的记录无需第二人审核即生效 / sources trusted for a kind of record: theirs count without a second person (录入数据的审核)';
COMMENT ON COLUMN @extschema@.source.source IS '来源编码 / code of the source as written in record.source';
COMMENT ON COLUMN @extschema@.source.kind IS '记录类别 / kind of record the source is trusted for';
COMMENT ON COLUMN @extschema@.source.name IS '来源名称 / name of the source';
COMMENT ON COLUMN @extschema@.source.trusted_from IS '起始登记日（含） / first recorded_on covered';
COMMENT ON COLUMN @extschema@.source.trusted_until IS '终止登记日（不含） / first recorded_on no longer covered';
COMMENT ON COLUMN @extschema@.source.known_from IS '知悉序位（起） / position from which the trust is known';
COMMENT ON COLUMN @extschema@.source.known_until IS '知悉序位（止），infinity 为现行 / position at which it was changed or taken back; infinity = current';
COMMENT ON COLUMN @extschema@.source.entered_by IS '录入人 / who entered it';
