-- ---------------------------------------------------------------------------
-- Records: facts from outside, in versions that are never overwritten.
-- Two time axes: the legal days (act, decision, ...) and known_from/known_until, a position in the subject's own sequence: the regrade
-- trigger sees to it, under the subject's lock, that a later statement always has a later known_from.
-- ---------------------------------------------------------------------------

CREATE TABLE @extschema@.record (
	subject         @extschema@.subject_code NOT NULL,
	record_id       uuid NOT NULL GENERATED ALWAYS AS
	                (coalesce(record_key, @extschema@.record_digest(kind, authority, document, subject, part))) STORED,
	record_key      uuid,
	known_from      timestamptz NOT NULL DEFAULT statement_timestamp(),
	known_until     timestamptz NOT NULL DEFAULT 'infinity',
	amount_fen      bigint CHECK (amount_fen >= 0),
	awarded_points  bigint CHECK (awarded_points BETWEEN -1000000000000 AND 1000000000000),
	quantity        bigint CHECK (quantity BETWEEN 0 AND 1000000000000),
	recorded_on     date NOT NULL DEFAULT @extschema@.today(),
	act_on          date,
	act_ended_on    date,
	decided_on      date,
	served_on       date,
	valid_from      date,
	valid_until     date,
	publicity_until date,
	corrected_on    date,
	repaired_on     date,
	revoked_on      date,
	version         smallint NOT NULL DEFAULT 1 CHECK (version > 0),
	part            smallint NOT NULL DEFAULT 0 CHECK (part >= 0),
	kind            text NOT NULL
	                CHECK (kind IN ('penalty', 'permit', 'award', 'inspection', 'act', 'commitment', 'participation', 'score')),
	document        text NOT NULL CHECK (document <> ''),
	authority       text NOT NULL CHECK (authority <> ''),
	source          text NOT NULL CHECK (source <> ''),
	behaviour       text,
	field           text,
	procedure       text CHECK (procedure IN ('simple', 'general')),
	penalty_kind    text CHECK (penalty_kind IN ('warning', 'notice_of_criticism', 'fine', 'confiscation_of_gains', 'confiscation_of_goods',
	                    'suspension_of_licence', 'downgrading', 'revocation_of_licence', 'restriction_of_business',
	                    'suspension_of_business', 'closure', 'restriction_of_practice', 'detention')),
	severity        text CHECK (severity IN ('minor', 'light', 'ordinary', 'fairly_serious', 'serious', 'very_serious')),
	intent          text CHECK (intent IN ('unintentional', 'deliberate', 'malicious')),
	responsibility  text CHECK (responsibility IN ('none', 'secondary', 'equal', 'main', 'full')),
	district        text,
	state           text,
	unit            text,
	held            text,
	verified_by     text,
	entered_by      text NOT NULL DEFAULT @extschema@.actor(),
	detail          jsonb,
	CHECK (known_from < known_until),
	CHECK (valid_from <= valid_until),
	CHECK (act_on <= act_ended_on),
	CONSTRAINT record_second_person CHECK (verified_by <> entered_by),
	PRIMARY KEY (subject, record_id, known_until)
);
COMMENT ON TABLE @extschema@.record IS '信用记录：外部事实及其版本，只增不改 / facts about subjects in versions, never overwritten';
COMMENT ON COLUMN @extschema@.record.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.record.record_id IS '记录标识：record_key，或（类别、机关、文号、主体、分项）的摘要 / record_key, or the digest of kind, authority, document, subject, part';
COMMENT ON COLUMN @extschema@.record.record_key IS '调用方自定标识，可空 / identifier given by the caller, if any';
COMMENT ON COLUMN @extschema@.record.known_from IS '知悉序位（起） / position in the subject''s sequence from which the version is known';
COMMENT ON COLUMN @extschema@.record.known_until IS '知悉序位（止），infinity 为现行版本 / position at which it was superseded; infinity = current';
COMMENT ON COLUMN @extschema@.record.amount_fen IS '罚款与没收金额合计，单位分 / fine plus confiscation, in fen';
COMMENT ON COLUMN @extschema@.record.awarded_points IS '裁量分值或外部得分，单位万分之一分 / points given by an officer or outside score, in 1/10000 point';
COMMENT ON COLUMN @extschema@.record.quantity IS '数量，单位万分之一 / number of units, in 1/10000';
COMMENT ON COLUMN @extschema@.record.recorded_on IS '登记日：评价的基准日 / day of recording; the trigger evaluates as of this day';
COMMENT ON COLUMN @extschema@.record.act_on IS '行为发生日 / day of the act';
COMMENT ON COLUMN @extschema@.record.act_ended_on IS '行为终了日 / day on which the act ended';
COMMENT ON COLUMN @extschema@.record.decided_on IS '决定日 / day of the decision';
COMMENT ON COLUMN @extschema@.record.served_on IS '送达日 / day of service';
COMMENT ON COLUMN @extschema@.record.valid_from IS '有效期起（含） / first day of validity';
COMMENT ON COLUMN @extschema@.record.valid_until IS '有效期止（含） / last day of validity';
COMMENT ON COLUMN @extschema@.record.publicity_until IS '公示截止日 / last day of publicity';
COMMENT ON COLUMN @extschema@.record.corrected_on IS '改正日 / day on which the act was corrected';
COMMENT ON COLUMN @extschema@.record.repaired_on IS '信用修复日 / day of credit repair';
COMMENT ON COLUMN @extschema@.record.revoked_on IS '撤销日：撤销后不再计入任何评价 / day of revocation; a revoked record counts in no evaluation';
COMMENT ON COLUMN @extschema@.record.version IS '版本号 / number of the version';
COMMENT ON COLUMN @extschema@.record.part IS '同一文书内的分项 / part within one document';
COMMENT ON COLUMN @extschema@.record.kind IS '记录类别 / kind of record';
COMMENT ON COLUMN @extschema@.record.document IS '文书号 / document number';
COMMENT ON COLUMN @extschema@.record.authority IS '作出机关代码 / authority, by its code';
COMMENT ON COLUMN @extschema@.record.source IS '数据来源代码 / source of the data, by its code';
COMMENT ON COLUMN @extschema@.record.behaviour IS '认定的行为编码，未归类为空 / behaviour found; NULL while unclassified';
COMMENT ON COLUMN @extschema@.record.field IS '行业领域 / field';
COMMENT ON COLUMN @extschema@.record.procedure IS '程序：simple 简易，general 一般 / procedure; NULL = unknown';
COMMENT ON COLUMN @extschema@.record.penalty_kind IS '最重的处罚种类 / heaviest kind of the decision';
COMMENT ON COLUMN @extschema@.record.severity IS '严重程度 / severity found; NULL = unknown';
COMMENT ON COLUMN @extschema@.record.intent IS '主观状态 / intent found; NULL = unknown';
COMMENT ON COLUMN @extschema@.record.responsibility IS '责任 / responsibility found; NULL = unknown';
COMMENT ON COLUMN @extschema@.record.district IS '所在区 / district';
COMMENT ON COLUMN @extschema@.record.state IS '参评状态或结果 / state of a participation, or result';
COMMENT ON COLUMN @extschema@.record.unit IS '所涉单元：合同段、工程、车辆等 / unit of the subject''s work that the record is about: contract segment, site, vehicle';
COMMENT ON COLUMN @extschema@.record.held IS '待核原因，非空则须第二人审核 / why the record is held until a second person verifies it';
COMMENT ON COLUMN @extschema@.record.verified_by IS '审核人 / who verified it';
COMMENT ON COLUMN @extschema@.record.entered_by IS '录入人 / who entered it';
COMMENT ON COLUMN @extschema@.record.detail IS '交换表原始字段 / the exchange form''s fields as given';

-- Short rows keep the table narrow for evaluation; the exchange form's texts move out of line first.
ALTER TABLE @extschema@.record SET (toast_tuple_target = 256);

CREATE FUNCTION @extschema@._record_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $record_guard$
BEGIN
	IF TG_OP = 'UPDATE' THEN
		-- record_id is generated from other columns, and NULL in a NEW that a BEFORE trigger sees.
		-- Closing a version, or the regrade trigger giving a row its position, are the only updates.
		IF (to_jsonb(NEW) - ARRAY['known_from', 'known_until', 'record_id']) = (to_jsonb(OLD) - ARRAY['known_from', 'known_until', 'record_id'])
		   AND ((NEW.known_from = OLD.known_from AND OLD.known_until = 'infinity' AND NEW.known_until < 'infinity')
		        OR (NEW.known_until = OLD.known_until AND NEW.known_from > OLD.known_from)) THEN
			RETURN NEW;
		END IF;
		RAISE EXCEPTION 'cannot overwrite record "%"', OLD.record_id
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = 'The only update of a record closes known_until.',
			      HINT = 'Use citycredit.amend_record(), classify_record() or revoke_record(): they write a new version.';
	END IF;
	RAISE EXCEPTION 'cannot % records', lower(TG_OP)
		USING ERRCODE = 'object_not_in_prerequisite_state',
		      DETAIL = 'Records are evidence: they are superseded or revoked, and deleted by retention alone.',
		      HINT = 'Use citycredit.revoke_record() for a record that must no longer count.';
END
$record_guard$;
REVOKE ALL ON FUNCTION @extschema@._record_guard() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._record_guard() IS '记录只增不改 / refuses overwriting and deleting of records';

CREATE TRIGGER record_guard BEFORE UPDATE OR DELETE ON @extschema@.record
	FOR EACH ROW EXECUTE FUNCTION @extschema@._record_guard();
CREATE TRIGGER record_guard_truncate BEFORE TRUNCATE ON @extschema@.record
	FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._record_guard();
