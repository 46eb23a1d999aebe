-- ---------------------------------------------------------------------------
-- Standing: the outcome today of an enrolled subject, kept current by the statement that changed a fact.
-- ---------------------------------------------------------------------------

CREATE TABLE @extschema@.subject_state (
	subject  @extschema@.subject_code NOT NULL PRIMARY KEY,
	seq      bigint NOT NULL,
	known_at timestamptz NOT NULL
) WITH (fillfactor = 50);
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
	effects        integer NOT NULL,
	state          smallint NOT NULL,
	band           smallint,
	credit_grade   @extschema@.credit_grade,
	band_code      text,
	folded         bytea NOT NULL,
	PRIMARY KEY (subject, policy_id)
) WITH (fillfactor = 50);

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
	effects      integer NOT NULL,
	state        smallint NOT NULL,
	band         smallint,
	credit_grade @extschema@.credit_grade,
	band_code    text,
	cause        text NOT NULL CHECK (cause IN ('records', 'amendment', 'day', 'policy', 'trust', 'link', 'reading', 'regrade')),
	records      uuid[] NOT NULL,
	PRIMARY KEY (subject, policy_id, seq)
);
CREATE INDEX standing_stored_due ON @extschema@.standing_stored (next_change_on) WHERE next_change_on < 'infinity';

COMMENT ON TABLE @extschema@.standing_stored IS '评价结果存储：(主体, 办法)；查询请用视图 standing / stored standings by subject and policy; read the view standing';
COMMENT ON COLUMN @extschema@.standing_stored.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.standing_stored.seq IS '写入时主体的序号 / number of the subject''s statement that wrote it';
COMMENT ON COLUMN @extschema@.standing_stored.score IS '得分，单位万分之一分 / score in 1/10000 point';
COMMENT ON COLUMN @extschema@.standing_stored.policy_id IS '办法编号 / number of the measure';
COMMENT ON COLUMN @extschema@.standing_stored.version_id IS '版本编号 / number of the version';
COMMENT ON COLUMN @extschema@.standing_stored.as_of IS '评价基准日 / day evaluated';
COMMENT ON COLUMN @extschema@.standing_stored.next_change_on IS '下次变化日（或须重算日） / first later day on which the outcome may differ';
COMMENT ON COLUMN @extschema@.standing_stored.lists IS '候选名单规则（位） / list rules that hold, as bits';
COMMENT ON COLUMN @extschema@.standing_stored.vetoes IS '一票否决规则（位） / vetoes that hold, as bits';
COMMENT ON COLUMN @extschema@.standing_stored.effects IS '成立的措施规则（位） / effects that hold, as bits';
COMMENT ON COLUMN @extschema@.standing_stored.state IS '状态：0 未参评，1 已评，2 起为办法所列状态 / 0 not enrolled, 1 rated, from 2 the policy''s states';
COMMENT ON COLUMN @extschema@.standing_stored.band IS '档次序号，0 为最优 / place of the band, 0 = best';
COMMENT ON COLUMN @extschema@.standing_stored.credit_grade IS '信用等级 A–E / credit grade';
COMMENT ON COLUMN @extschema@.standing_stored.band_code IS '档次代码 / id of the band';
COMMENT ON COLUMN @extschema@.standing_stored.folded IS '折叠状态（可重建的缓存） / folded facts, a cache';

COMMENT ON TABLE @extschema@.standing_history IS '评价结果变化历史 / changes of outcomes; scores between come from replay';
COMMENT ON COLUMN @extschema@.standing_history.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.standing_history.seq IS '主体的序号 / number of the subject''s statement';
COMMENT ON COLUMN @extschema@.standing_history.known_at IS '知悉序位 / position in what was known';
COMMENT ON COLUMN @extschema@.standing_history.score IS '得分，单位万分之一分 / score in 1/10000 point';
COMMENT ON COLUMN @extschema@.standing_history.policy_id IS '办法编号 / number of the measure';
COMMENT ON COLUMN @extschema@.standing_history.version_id IS '版本编号 / number of the version';
COMMENT ON COLUMN @extschema@.standing_history.as_of IS '评价基准日 / day evaluated';
COMMENT ON COLUMN @extschema@.standing_history.lists IS '候选名单规则（位） / list rules that held, as bits';
COMMENT ON COLUMN @extschema@.standing_history.vetoes IS '一票否决规则（位） / vetoes that held, as bits';
COMMENT ON COLUMN @extschema@.standing_history.effects IS '成立的措施规则（位） / effects that held, as bits';
COMMENT ON COLUMN @extschema@.standing_history.state IS '状态编码 / code of the state';
COMMENT ON COLUMN @extschema@.standing_history.band IS '档次序号 / place of the band, 0 = best';
COMMENT ON COLUMN @extschema@.standing_history.credit_grade IS '信用等级 / credit grade';
COMMENT ON COLUMN @extschema@.standing_history.band_code IS '档次代码 / id of the band';
COMMENT ON COLUMN @extschema@.standing_history.cause IS '原因 / what caused the evaluation';
COMMENT ON COLUMN @extschema@.standing_history.records IS '引起变化的记录：新增的或被更正的 / records that the statement brought or changed';

-- ---------------------------------------------------------------------------
-- The grade is current at the end of the statement that changed a fact
-- ---------------------------------------------------------------------------

CREATE TRIGGER record_inserted AFTER INSERT ON @extschema@.record
	REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.record_changed();
CREATE TRIGGER record_updated AFTER UPDATE ON @extschema@.record
	REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.record_changed();
CREATE TRIGGER record_deleted AFTER DELETE ON @extschema@.record
	REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.record_changed();

CREATE TRIGGER link_changed_inserted AFTER INSERT ON @extschema@.subject_link
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.link_changed();
CREATE TRIGGER link_changed_updated AFTER UPDATE ON @extschema@.subject_link
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.link_changed();
CREATE TRIGGER link_check AFTER INSERT ON @extschema@.subject_link
	REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._link_check();

-- History is evidence.
CREATE FUNCTION @extschema@._history_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $history_guard$
BEGIN
	RAISE EXCEPTION 'cannot % history', lower(TG_OP)
		USING ERRCODE = 'object_not_in_prerequisite_state',
		      DETAIL = 'The history of standings only grows.';
END
$history_guard$;
REVOKE ALL ON FUNCTION @extschema@._history_guard() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._history_guard() IS '评价历史只增不改 / refuses changes of history';
CREATE TRIGGER standing_history_guard BEFORE UPDATE OR DELETE OR TRUNCATE ON @extschema@.standing_history
	FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._history_guard();

-- ---------------------------------------------------------------------------
-- Reading: from the stored state where it tells the day, else from the records
-- ---------------------------------------------------------------------------

-- One subject: its records and those of linked subjects, and whatever else the version reads.
CREATE FUNCTION @extschema@._fold(subject @extschema@.subject_code, version_id integer, day date, known_at timestamptz) RETURNS bytea
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $fold$
BEGIN
	RETURN @extschema@._fold_subject(subject, version_id, day, known_at);
END
$fold$;
REVOKE ALL ON FUNCTION @extschema@._fold(@extschema@.subject_code, integer, date, timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._fold(@extschema@.subject_code, integer, date, timestamptz) IS
	'由记录折叠一个主体的状态 / folds what a version takes in of a subject, as known at a position, into a state';

CREATE FUNCTION @extschema@._fold_all(versions integer[], day date)
	RETURNS TABLE (subject @extschema@.subject_code, version_id integer, folded bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off
-- All records are read anyway: in the table's order and into a hash table, not by the index.
SET enable_indexscan = off SET hash_mem_multiplier = 64 AS $fold_all$
DECLARE
	roles text[] := @extschema@._linked_roles(versions);
BEGIN
	IF roles = '{}' THEN
		RETURN QUERY
		SELECT f.subject, u.version_id, u.folded
		  FROM (SELECT r.subject, @extschema@.fold_facts(versions, day, 'infinity',
			r.subject, r.record_id, r.kind, r.behaviour, r.field, r.authority, r.district, r.source, r.state, r.procedure, r.penalty_kind,
			r.severity, r.responsibility, r.intent, r.document, r.unit, NULL::text, r.amount_fen, r.awarded_points, r.quantity, r.act_on,
			r.act_ended_on, r.decided_on, r.served_on, r.valid_from, r.valid_until, r.publicity_until, r.corrected_on, r.repaired_on,
			r.recorded_on, r.revoked_on, r.held, r.verified_by, NULL::date, NULL::date) AS states
		          FROM @extschema@.record AS r
		         WHERE r.known_until = 'infinity'
		         GROUP BY r.subject) AS f
		 CROSS JOIN LATERAL unnest(versions, f.states) AS u (version_id, folded);
		RETURN;
	END IF;
	-- with the records of linked subjects, once for each who reads them
	RETURN QUERY
	SELECT f.subject, u.version_id, u.folded
	  FROM (SELECT r.reader AS subject, @extschema@.fold_facts(versions, day, 'infinity',
		r.reader, r.record_id, r.kind, r.behaviour, r.field, r.authority, r.district, r.source, r.state, r.procedure, r.penalty_kind,
		r.severity, r.responsibility, r.intent, r.document, r.unit, r.whose, r.amount_fen, r.awarded_points, r.quantity, r.act_on,
		r.act_ended_on, r.decided_on, r.served_on, r.valid_from, r.valid_until, r.publicity_until, r.corrected_on, r.repaired_on,
		r.recorded_on, r.revoked_on, r.held, r.verified_by, r.linked_from, r.linked_until) AS states
	          FROM (SELECT o.*, o.subject AS reader, NULL::text AS whose, NULL::date AS linked_from, NULL::date AS linked_until
	                  FROM @extschema@.record AS o
	                 WHERE o.known_until = 'infinity'
	                 UNION ALL
	                SELECT o.*, l.subject, l.role, l.valid_from, l.valid_until
	                  FROM @extschema@._link AS l
	                  JOIN @extschema@.record AS o ON o.subject OPERATOR(@extschema@.=) l.other
	                 WHERE o.known_until = 'infinity' AND l.known_until = 'infinity' AND l.role = ANY (roles)) AS r
	         GROUP BY r.reader) AS f
	 CROSS JOIN LATERAL unnest(versions, f.states) AS u (version_id, folded);
END
$fold_all$;
REVOKE ALL ON FUNCTION @extschema@._fold_all(integer[], date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._fold_all(integer[], date) IS
	'一次扫描折叠全部主体 / folds the current records of all subjects, with those of linked subjects, for several policy versions in one pass';

CREATE VIEW @extschema@.standing AS
SELECT s.subject, p.policy, o.version, o.state, o.score, o.band, o.band_rank, o.credit_grade, o.undecided, o.vetoes, o.lists,
       d.today AS as_of, o.next_change_on, o.effects
  FROM @extschema@.standing_stored AS s
 CROSS JOIN (SELECT @extschema@.today() AS today) AS d
  JOIN (SELECT DISTINCT q.policy_id, q.policy FROM @extschema@.policy AS q WHERE q.status = 'adopted') AS p ON p.policy_id = s.policy_id
 CROSS JOIN LATERAL (SELECT CASE WHEN @extschema@._usable(s.version_id, s.folded, d.today) THEN s.version_id
                                 ELSE @extschema@._version_on(s.policy_id, d.today) END AS version_id,
                            @extschema@._usable(s.version_id, s.folded, d.today) AS usable) AS v
 CROSS JOIN LATERAL @extschema@._outcome(s.subject, v.version_id,
                        CASE WHEN v.usable THEN s.folded ELSE @extschema@._fold(s.subject, v.version_id, d.today, 'infinity') END,
                        d.today, false) AS o
 WHERE o.enrolled;
COMMENT ON VIEW @extschema@.standing IS
	'当日评价结果（仅参评主体），任何一天查询均正确 / outcome today of each enrolled subject; right on every day without any job';
COMMENT ON COLUMN @extschema@.standing.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.standing.policy IS '办法标识 / policy';
COMMENT ON COLUMN @extschema@.standing.version IS '版本 / version in force';
COMMENT ON COLUMN @extschema@.standing.state IS '状态：rated 或办法所列状态 / rated, or a state beside the scale';
COMMENT ON COLUMN @extschema@.standing.score IS '得分 / score; NULL for policies without one';
COMMENT ON COLUMN @extschema@.standing.band IS '档次 / band as the measure names it';
COMMENT ON COLUMN @extschema@.standing.band_rank IS '档次序位，1 为最优 / rank of the band, 1 = best';
COMMENT ON COLUMN @extschema@.standing.credit_grade IS '信用等级 A–E，办法无对应时为空 / credit grade by the policy''s scale, else NULL';
COMMENT ON COLUMN @extschema@.standing.undecided IS '待定 / undecided, referred to a person';
COMMENT ON COLUMN @extschema@.standing.vetoes IS '一票否决规则 / vetoes that hold';
COMMENT ON COLUMN @extschema@.standing.lists IS '候选名单规则 / list rules for which the subject is a candidate';
COMMENT ON COLUMN @extschema@.standing.effects IS '成立的措施：责令事项与限制 / effects that hold: orders and bars';
COMMENT ON COLUMN @extschema@.standing.as_of IS '基准日（当日） / day evaluated: today';
COMMENT ON COLUMN @extschema@.standing.next_change_on IS '无新事实时结果首次变化之日 / first later day on which the outcome differs if nothing new is learned; NULL = never';

-- The version of a policy for a day among those adopted by a position, or an error that names the gap. to_jsonb() writes days as ISO 8601
-- whatever the session's DateStyle.
CREATE FUNCTION @extschema@._require_version(policy text, as_of date, known_at timestamptz DEFAULT 'infinity') RETURNS integer
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $require_version$
DECLARE
	id integer;
	days text;
	before date;
	after date;
	later timestamptz;
BEGIN
	SELECT p.version_id INTO id FROM @extschema@.policy AS p
	 WHERE p.policy = _require_version.policy AND p.status = 'adopted' AND p.adopted_at <= _require_version.known_at
	   AND as_of BETWEEN p.in_force_from AND p.in_force_until;
	IF FOUND THEN
		RETURN id;
	END IF;
	SELECT string_agg(format('version %s from %s through %s', p.version, to_jsonb(p.in_force_from) #>> '{}',
	                         to_jsonb(p.in_force_until) #>> '{}'), '; ' ORDER BY p.in_force_from)
	       FILTER (WHERE p.adopted_at <= _require_version.known_at), min(p.adopted_at),
	       max(p.in_force_until) FILTER (WHERE p.adopted_at <= _require_version.known_at AND p.in_force_until < as_of),
	       min(p.in_force_from) FILTER (WHERE p.adopted_at <= _require_version.known_at AND p.in_force_from > as_of)
	  INTO days, later, before, after FROM @extschema@.policy AS p WHERE p.policy = _require_version.policy AND p.status = 'adopted';
	IF days IS NULL AND later IS NOT NULL THEN
		RAISE EXCEPTION 'policy "%" was not adopted yet', policy
			USING ERRCODE = 'undefined_object',
			      DETAIL = format('Its first version was adopted at %s; asked was what was known at %s.', later, known_at),
			      HINT = 'Without known_at all versions adopted by now are taken.';
	ELSIF days IS NULL THEN
		RAISE EXCEPTION 'policy "%" does not exist', policy
			USING ERRCODE = 'undefined_object',
			      DETAIL = 'No version of that name has been adopted.',
			      HINT = 'SELECT policy, version, status FROM citycredit.policy lists all versions.';
	END IF;
	RAISE EXCEPTION 'policy "%" does not cover %', policy, to_jsonb(as_of) #>> '{}'
		USING ERRCODE = 'invalid_parameter_value',
		      DETAIL = format('No version is in force%s%s. In force: %s.', ' from ' || (to_jsonb(before + 1) #>> '{}'),
		                      ' through ' || (to_jsonb(after - 1) #>> '{}'), days),
		      HINT = 'A day is decided by the version in force on it alone; the days between versions are in citycredit.policy_gap.';
END
$require_version$;
REVOKE ALL ON FUNCTION @extschema@._require_version(text, date, timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._require_version(text, date, timestamptz) IS
	'某日施行、当时已通过的版本；无则报错并指明空档 / version in force on a day, of those adopted by a position, or an error that names the gap';

CREATE FUNCTION @extschema@.evaluate(subject @extschema@.subject_code, policy text, as_of date DEFAULT @extschema@.today(),
		known_at timestamptz DEFAULT 'infinity')
	RETURNS TABLE (version text, state text, score numeric, band text, band_rank integer, credit_grade @extschema@.credit_grade,
	               undecided boolean, vetoes text[], lists text[], next_change_on date, effects text[])
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $evaluate$
DECLARE
	id integer := @extschema@._require_version(policy, as_of, known_at);
	folded bytea := @extschema@._fold(evaluate.subject, id, as_of, known_at);
BEGIN
	IF folded IS NULL THEN
		RETURN;
	END IF;
	RETURN QUERY SELECT o.version, o.state, o.score, o.band, o.band_rank, o.credit_grade, o.undecided, o.vetoes, o.lists, o.next_change_on,
	                    o.effects
	               FROM @extschema@._outcome(evaluate.subject, id, folded, as_of, false) AS o;
END
$evaluate$;
REVOKE ALL ON FUNCTION @extschema@.evaluate(@extschema@.subject_code, text, date, timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.evaluate(@extschema@.subject_code, text, date, timestamptz) IS
	'由记录评价一个主体：某日、当时所知 / evaluates a subject from its records for a day and for what was known at a position; no row if nothing was known';

CREATE FUNCTION @extschema@.effects(subject @extschema@.subject_code, policy text, as_of date DEFAULT @extschema@.today(),
		known_at timestamptz DEFAULT 'infinity')
	RETURNS TABLE (rule text, effect text, name text, matter text, due_on date, working_days integer, counted_from date, clause text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $effects$
DECLARE
	id integer := @extschema@._require_version(policy, as_of, known_at);
	folded bytea := @extschema@._fold(effects.subject, id, as_of, known_at);
BEGIN
	-- working days past the last year of the calendar are unknown, and so is the day
	RETURN QUERY
	SELECT e.rule, e.effect, e.name, e.matter,
	       CASE WHEN e.working_days IS NULL THEN e.due_on ELSE @extschema@.add_working_days(e.counted_from, e.working_days, effects.known_at) END,
	       e.working_days, e.counted_from, e.clause
	  FROM @extschema@._effects(effects.subject, id, folded, as_of) AS e
	 WHERE folded IS NOT NULL;
END
$effects$;
REVOKE ALL ON FUNCTION @extschema@.effects(@extschema@.subject_code, text, date, timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.effects(@extschema@.subject_code, text, date, timestamptz) IS
	'某日成立的责令事项（期限）与限制（事项） / orders with their due days, and bars with their matters, that hold on a day; due_on NULL = no day, or past the calendar of working days';

CREATE FUNCTION @extschema@.outcome_values(subject @extschema@.subject_code, policy text, as_of date DEFAULT @extschema@.today(),
		known_at timestamptz DEFAULT 'infinity')
	RETURNS TABLE (id text, name text, value numeric, unit text, clause text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $outcome_values$
DECLARE
	version_id integer := @extschema@._require_version(policy, as_of, known_at);
	folded bytea := @extschema@._fold(outcome_values.subject, version_id, as_of, known_at);
BEGIN
	RETURN QUERY SELECT v.id, v.name, v.value, v.unit, v.clause
	               FROM @extschema@._outcome_values(outcome_values.subject, version_id, folded, as_of) AS v
	              WHERE folded IS NOT NULL;
END
$outcome_values$;
REVOKE ALL ON FUNCTION @extschema@.outcome_values(@extschema@.subject_code, text, date, timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.outcome_values(@extschema@.subject_code, text, date, timestamptz) IS
	'某日的指标值及单位 / values of an outcome with their units; NULL = unknown';

CREATE FUNCTION @extschema@.explain(subject @extschema@.subject_code, policy text, as_of date DEFAULT @extschema@.today(),
		known_at timestamptz DEFAULT 'infinity')
	RETURNS TABLE (line integer, part text, rule text, name text, record_id uuid, document text, points numeric, adds boolean, status text,
	               first_day date, last_day date, clause text, remark text, span text, actual text, needed text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $explain$
BEGIN
	RETURN QUERY SELECT e.* FROM @extschema@._explain(explain.subject, @extschema@._require_version(policy, as_of, known_at), as_of, known_at) AS e;
END
$explain$;
REVOKE ALL ON FUNCTION @extschema@.explain(@extschema@.subject_code, text, date, timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.explain(@extschema@.subject_code, text, date, timestamptz) IS
	'逐行说明评价：记录、分值、期间、条款；adds 各行之和即得分 / explains an evaluation line by line; the points of lines with adds sum up to the score';

-- ---------------------------------------------------------------------------
-- Verification, regrade, refresh
-- ---------------------------------------------------------------------------

-- What is stored against what the records give on a day: the columns until the row's day has come, and as long as it can tell the day, the
-- state, for the view reads that. Where the view computes from the records there is nothing stored to be compared.
CREATE FUNCTION @extschema@._mismatch(policies integer[], day date)
	RETURNS TABLE (subject @extschema@.subject_code, policy_id integer, problem text, version_id integer, folded bytea)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $mismatch$
BEGIN
	RETURN QUERY SELECT m.* FROM @extschema@._mismatch_city(policies, day) AS m;
END
$mismatch$;
REVOKE ALL ON FUNCTION @extschema@._mismatch(integer[], date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._mismatch(integer[], date) IS '存储的评价与由记录重算不一致之处 / stored standings that differ from a recomputation';

CREATE FUNCTION @extschema@.verify_standings(as_of date DEFAULT @extschema@.today())
	RETURNS TABLE (subject @extschema@.subject_code, policy text, problem text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $verify_standings$
BEGIN
	RETURN QUERY
	SELECT m.subject, p.policy, m.problem
	  FROM @extschema@._mismatch((SELECT array_agg(DISTINCT q.policy_id) FROM @extschema@.policy AS q WHERE q.status = 'adopted'), as_of) AS m
	  JOIN (SELECT DISTINCT q.policy_id, q.policy FROM @extschema@.policy AS q) AS p ON p.policy_id = m.policy_id
	 ORDER BY p.policy, m.subject;
END
$verify_standings$;
REVOKE ALL ON FUNCTION @extschema@.verify_standings(date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.verify_standings(date) IS
	'核对：列出与记录重算不一致的评价；无行即一致 / lists stored standings that differ from a recomputation; no row = all agree';

-- Only what differs is locked and written: what the query has folded, or, where somebody touched the subject meanwhile, again from its records.
-- All policies together: subjects are locked in key order once, or two single statements could wait for each other.
CREATE FUNCTION @extschema@._regrade_policies(policies integer[], cause text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $regrade_policies$
DECLARE
	day date := @extschema@.today();
	stale @extschema@.subject_code[];
	seqs bigint[];
	versions integer[];
	states bytea[];
	changed bigint := 0;
	total integer;
	done integer := 0;
	upto integer;
BEGIN
	policies := @extschema@._with_readers(policies);
	PERFORM @extschema@._expect_progress(cause || ', reading records',
		(SELECT greatest(c.reltuples, 0)::bigint FROM pg_class AS c WHERE c.oid = '@extschema@.record'::regclass));
	-- sorted once, not once an array
	SELECT array_agg(o.subject), array_agg(o.seq), array_agg(o.policy_id), array_agg(o.version_id), array_agg(o.folded)
	  INTO stale, seqs, policies, versions, states
	  FROM (SELECT m.subject, coalesce(t.seq, 0) AS seq, m.policy_id, m.version_id, m.folded
	          FROM @extschema@._mismatch(policies, day) AS m
	          LEFT JOIN @extschema@.subject_state AS t ON t.subject OPERATOR(@extschema@.=) m.subject
	         ORDER BY m.subject, m.policy_id) AS o;
	total := coalesce(array_length(stale, 1), 0);
	WHILE done < total LOOP
		upto := least(done + 10000, total);
		changed := changed + @extschema@._regrade_fresh(stale[done + 1 : upto], seqs[done + 1 : upto], policies[done + 1 : upto],
			versions[done + 1 : upto], states[done + 1 : upto], day, cause);
		done := upto;
		PERFORM @extschema@._report_progress(cause || ', standings', done, total);
	END LOOP;
	RETURN changed;
END
$regrade_policies$;
REVOKE ALL ON FUNCTION @extschema@._regrade_policies(integer[], text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._regrade_policies(integer[], text) IS '重评若干办法下全部主体 / regrades the cohorts of measures';

CREATE FUNCTION @extschema@.regrade(policy text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $regrade$
BEGIN
	IF policy IS NOT NULL AND NOT EXISTS (SELECT FROM @extschema@.policy AS p WHERE p.policy = regrade.policy AND p.status = 'adopted') THEN
		RAISE EXCEPTION 'policy "%" does not exist', policy
			USING ERRCODE = 'undefined_object', DETAIL = 'No version of that name has been adopted.',
			      HINT = 'SELECT policy, version, status FROM citycredit.policy lists all versions.';
	END IF;
	RETURN @extschema@._regrade_policies(ARRAY(
		SELECT DISTINCT p.policy_id FROM @extschema@.policy AS p
		 WHERE p.status = 'adopted' AND (regrade.policy IS NULL OR p.policy = regrade.policy)), 'regrade');
END
$regrade$;
REVOKE ALL ON FUNCTION @extschema@.regrade(text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.regrade(text) IS
	'由记录重评全部主体，仅写入有差异者，返回结果变化数；进度见 pg_stat_activity / regrades all subjects of a policy (NULL = of all) from the records; writes what differs, returns how many outcomes changed; progress in pg_stat_activity';

CREATE FUNCTION @extschema@.refresh(as_of date DEFAULT @extschema@.today()) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $refresh$
DECLARE
	due @extschema@.subject_code[];
	changed bigint := 0;
	total integer;
	done integer := 0;
BEGIN
	IF refresh.as_of > @extschema@.today() THEN
		RAISE EXCEPTION 'cannot refresh to % before that day', to_jsonb(refresh.as_of) #>> '{}'
			USING ERRCODE = 'invalid_parameter_value', HINT = 'citycredit.evaluate() tells the outcome of a later day.';
	END IF;
	SELECT array_agg(DISTINCT s.subject ORDER BY s.subject) INTO due FROM @extschema@.standing_stored AS s WHERE s.next_change_on <= refresh.as_of;
	total := coalesce(array_length(due, 1), 0);
	WHILE done < total LOOP
		changed := changed + @extschema@._regrade(due[done + 1 : done + 10000], refresh.as_of, false, 'day');
		done := least(done + 10000, total);
		PERFORM @extschema@._report_progress('refresh, subjects', done, total);
	END LOOP;
	RETURN changed;
END
$refresh$;
REVOKE ALL ON FUNCTION @extschema@.refresh(date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.refresh(date) IS
	'更新到期的评价（仅触及到期者） / brings standings whose day has come up to date; touches no others; returns how many outcomes changed';
