-- ---------------------------------------------------------------------------
-- Standing: the outcome today of an enrolled subject, kept current by the statement that changed a fact.
-- ---------------------------------------------------------------------------

CREATE TABLE @extschema@.subject_state (
	subject  @extschema@.subject_code NOT NULL PRIMARY KEY,
	seq      bigint NOT NULL,
	known_at timestamptz NOT NULL
) WITH (fillfactor = 70);
COMMENT ON TABLE @extschema@.subject_state IS '每一主体的锁与序号 / lock and sequence of each subject';
COMMENT ON COLUMN @extschema@.subject_state.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.subject_state.seq IS '触及该主体的语句数 / number of statements that touched the subject';
COMMENT ON COLUMN @extschema@.subject_state.known_at IS '最后的知悉序位 / position of the last of them';

CREATE TABLE @extschema@.standing_stored (
	subject        @extschema@.subject_code NOT NULL,
	seq            bigint NOT NULL,
	score          bigint,
	policy_id      integer NOT NULL,
	version_id     integer NOT NULL,
	as_of          date NOT NULL,
	next_change_on date NOT NULL,
	lists          integer NOT NULL,
	vetoes         integer NOT NULL,
	state          smallint NOT NULL,
	band           smallint,
	credit_grade   @extschema@.credit_grade,
	band_code      text,
	folded         bytea NOT NULL,
	PRIMARY KEY (subject, policy_id)
) WITH (fillfactor = 70);

CREATE TABLE @extschema@.standing_history (
	subject      @extschema@.subject_code NOT NULL,
	seq          bigint NOT NULL,
	known_at     timestamptz NOT NULL,
	score        bigint,
	policy_id    integer NOT NULL,
	version_id   integer NOT NULL,
	as_of        date NOT NULL,
	lists        integer NOT NULL,
	vetoes       integer NOT NULL,
	state        smallint NOT NULL,
	band         smallint,
	credit_grade @extschema@.credit_grade,
	band_code    text,
	cause        text NOT NULL CHECK (cause IN ('records', 'amendment', 'day', 'policy', 'regrade')),
	records      uuid[] NOT NULL,
	PRIMARY KEY (subject, policy_id, seq)
);
