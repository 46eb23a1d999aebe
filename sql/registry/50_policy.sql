-- ---------------------------------------------------------------------------
-- Policies: one row per measure and version.
-- ---------------------------------------------------------------------------

CREATE SEQUENCE @extschema@.policy_number AS integer;
COMMENT ON SEQUENCE @extschema@.policy_number IS '办法与版本的编号 / numbers of policies and versions';

CREATE TABLE @extschema@.policy (
	policy         text NOT NULL,
	version        text NOT NULL,
	policy_id      integer NOT NULL,
	version_id     integer NOT NULL UNIQUE DEFAULT nextval('@extschema@.policy_number'),
	title          text NOT NULL,
	issuer         text NOT NULL,
	example        boolean NOT NULL,
	in_force_from  date NOT NULL,
	in_force_until date NOT NULL DEFAULT 'infinity',
	status         text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'consultation', 'adopted')),
	author         text NOT NULL DEFAULT @extschema@.actor(),
	loaded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
	adopted_by     text,
	adopted_at     timestamptz,
	digest         bytea NOT NULL,
	yaml           text NOT NULL,
	PRIMARY KEY (policy, version),
	CHECK (in_force_from <= in_force_until),
	CONSTRAINT policy_second_person CHECK (adopted_by <> author),
	CHECK ((status = 'adopted') = (adopted_by IS NOT NULL)),
	CHECK ((status = 'adopted') = (adopted_at IS NOT NULL))
);
COMMENT ON TABLE @extschema@.policy IS '信用评价办法的各版本 / measures, one row per version';
COMMENT ON COLUMN @extschema@.policy.policy IS '办法标识 / identifier of the measure';
COMMENT ON COLUMN @extschema@.policy.version IS '版本 / version';
COMMENT ON COLUMN @extschema@.policy.policy_id IS '办法编号（各版本相同） / number of the measure, the same for all its versions';
COMMENT ON COLUMN @extschema@.policy.version_id IS '版本编号 / number of the version';
COMMENT ON COLUMN @extschema@.policy.title IS '名称 / title';
COMMENT ON COLUMN @extschema@.policy.issuer IS '发布机关 / issuer';
COMMENT ON COLUMN @extschema@.policy.example IS '示例：含假设，不对外公布 / example with assumptions; never published';
COMMENT ON COLUMN @extschema@.policy.in_force_from IS '施行首日 / first day in force';
COMMENT ON COLUMN @extschema@.policy.in_force_until IS '施行末日（含） / last day in force';
COMMENT ON COLUMN @extschema@.policy.status IS '状态：草案、征求意见、已通过 / draft, consultation, adopted';
COMMENT ON COLUMN @extschema@.policy.author IS '起草人 / who loaded it';
COMMENT ON COLUMN @extschema@.policy.loaded_at IS '载入时间 / when it was loaded';
COMMENT ON COLUMN @extschema@.policy.adopted_by IS '通过人，不得为起草人 / who adopted it; never the author';
COMMENT ON COLUMN @extschema@.policy.adopted_at IS '通过时间 / when it was adopted';
COMMENT ON COLUMN @extschema@.policy.digest IS '文本的 SHA-256 / SHA-256 of the text';
COMMENT ON COLUMN @extschema@.policy.yaml IS '文本 / text';
