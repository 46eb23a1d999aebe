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

-- _fold() folds as the owner of the records, for readers of the view who may read none, and only of subjects that they see.
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
	seen constant boolean := @extschema@._require_sight(evaluate.subject);
	id integer := @extschema@._require_version(policy, as_of, known_at);
	folded bytea := @extschema@._fold_subject(evaluate.subject, id, as_of, known_at);
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

-- For functions of the registry, whoever acts.
CREATE FUNCTION @extschema@._effects_on(subject @extschema@.subject_code, policy text, as_of date, known_at timestamptz)
	RETURNS TABLE (rule text, effect text, name text, matter text, due_on date, working_days integer, counted_from date, clause text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $effects_on$
DECLARE
	id integer := @extschema@._require_version(policy, as_of, known_at);
	folded bytea := @extschema@._fold_subject(_effects_on.subject, id, as_of, known_at);
BEGIN
	-- working days past the last year of the calendar are unknown, and so is the day
	RETURN QUERY
	SELECT e.rule, e.effect, e.name, e.matter,
	       CASE WHEN e.working_days IS NULL THEN e.due_on ELSE @extschema@.add_working_days(e.counted_from, e.working_days, _effects_on.known_at) END,
	       e.working_days, e.counted_from, e.clause
	  FROM @extschema@._effects(_effects_on.subject, id, folded, as_of) AS e
	 WHERE folded IS NOT NULL;
END
$effects_on$;
REVOKE ALL ON FUNCTION @extschema@._effects_on(@extschema@.subject_code, text, date, timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._effects_on(@extschema@.subject_code, text, date, timestamptz) IS '某日成立的措施，供其他模块调用 / orders and bars that hold on a day';

CREATE FUNCTION @extschema@.effects(subject @extschema@.subject_code, policy text, as_of date DEFAULT @extschema@.today(),
		known_at timestamptz DEFAULT 'infinity')
	RETURNS TABLE (rule text, effect text, name text, matter text, due_on date, working_days integer, counted_from date, clause text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $effects$
BEGIN
	PERFORM @extschema@._require_sight(effects.subject);
	RETURN QUERY SELECT e.* FROM @extschema@._effects_on(effects.subject, effects.policy, effects.as_of, effects.known_at) AS e;
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
	seen constant boolean := @extschema@._require_sight(outcome_values.subject);
	version_id integer := @extschema@._require_version(policy, as_of, known_at);
	folded bytea := @extschema@._fold_subject(outcome_values.subject, version_id, as_of, known_at);
BEGIN
	RETURN QUERY SELECT v.id, v.name, v.value, v.unit, v.clause
	               FROM @extschema@._outcome_values(outcome_values.subject, version_id, folded, as_of) AS v
	              WHERE folded IS NOT NULL;
END
$outcome_values$;
REVOKE ALL ON FUNCTION @extschema@.outcome_values(@extschema@.subject_code, text, date, timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.outcome_values(@extschema@.subject_code, text, date, timestamptz) IS
	'某日的指标值及单位 / values of an outcome with their units; NULL = unknown';

-- The lines as the actor may read them: records of a linked subject whose file is not open to him count for the same points, without saying which they are.
CREATE FUNCTION @extschema@._explain_shown(subject @extschema@.subject_code, version_id integer, as_of date, known_at timestamptz)
	RETURNS TABLE (line integer, part text, rule text, name text, record_id uuid, document text, points numeric, adds boolean, status text,
	               first_day date, last_day date, clause text, remark text, span text, actual text, needed text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $explain_shown$
#variable_conflict use_column
DECLARE
	kept_back constant text := '（不予显示）';
	hidden_records uuid[];
	hidden_documents text[];
	told text;
BEGIN
	SELECT array_agg(r.record_id), array_agg(DISTINCT r.document) FILTER (WHERE r.document <> '') INTO hidden_records, hidden_documents
	  FROM (SELECT l.other FROM @extschema@.subject_link AS l WHERE l.subject OPERATOR(@extschema@.=) _explain_shown.subject
	         UNION
	        SELECT l.subject FROM @extschema@.subject_link AS l WHERE l.other OPERATOR(@extschema@.=) _explain_shown.subject) AS o (subject)
	  JOIN @extschema@.record AS r ON r.subject OPERATOR(@extschema@.=) o.subject
	 WHERE @extschema@._hidden(o.subject);
	FOR line, part, rule, name, record_id, document, points, adds, status, first_day, last_day, clause, remark, span, actual, needed IN
		SELECT e.line, e.part, e.rule, e.name, e.record_id, e.document, e.points, e.adds, e.status, e.first_day, e.last_day, e.clause, e.remark, e.span, e.actual, e.needed
		  FROM @extschema@._explain(_explain_shown.subject, _explain_shown.version_id, _explain_shown.as_of, _explain_shown.known_at) AS e
	LOOP
		IF record_id = ANY (hidden_records) THEN
			record_id := NULL;
			document := kept_back;
		END IF;
		-- names what is taken in its place
		IF status = 'not_taken' THEN
			FOREACH told IN ARRAY coalesce(hidden_documents, '{}') LOOP
				remark := replace(remark, told, kept_back);
			END LOOP;
		END IF;
		RETURN NEXT;
	END LOOP;
END
$explain_shown$;
REVOKE ALL ON FUNCTION @extschema@._explain_shown(@extschema@.subject_code, integer, date, timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._explain_shown(@extschema@.subject_code, integer, date, timestamptz) IS
	'逐行说明，操作人不可见的关联主体的记录不显示文书号 / an explanation line by line; records of linked subjects that the actor does not see are not named';

CREATE FUNCTION @extschema@.explain(subject @extschema@.subject_code, policy text, as_of date DEFAULT @extschema@.today(),
		known_at timestamptz DEFAULT 'infinity')
	RETURNS TABLE (line integer, part text, rule text, name text, record_id uuid, document text, points numeric, adds boolean, status text,
	               first_day date, last_day date, clause text, remark text, span text, actual text, needed text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $explain$
BEGIN
	PERFORM @extschema@._require_sight(explain.subject);
	RETURN QUERY SELECT e.* FROM @extschema@._explain_shown(explain.subject, @extschema@._require_version(policy, as_of, known_at), as_of, known_at) AS e;
END
$explain$;
REVOKE ALL ON FUNCTION @extschema@.explain(@extschema@.subject_code, text, date, timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.explain(@extschema@.subject_code, text, date, timestamptz) IS
	'逐行说明评价：记录、分值、期间、条款；adds 各行之和即得分 / explains an evaluation line by line; the points of lines with adds sum up to the score';

-- Remarks are written "中文 / English": the Chinese half. What both halves name may itself contain the separator, as often in each.
CREATE FUNCTION @extschema@._zh(remark text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $zh$
	SELECT CASE WHEN cardinality(p) % 2 = 0 THEN array_to_string(p[1 : cardinality(p) / 2], ' / ') ELSE remark END
	  FROM (SELECT string_to_array(remark, ' / ') AS p) AS x
$zh$;
REVOKE ALL ON FUNCTION @extschema@._zh(text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._zh(text) IS '双语说明的中文部分 / the Chinese half of a remark in both languages';

-- Who an explanation is about, masked for natural persons as lists are published.
CREATE FUNCTION @extschema@._shown_subject(subject @extschema@.subject_code, OUT code text, OUT name text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $shown_subject$
DECLARE
	person constant boolean := @extschema@.subject_kind(subject) = 'natural_person';
BEGIN
	code := CASE WHEN person THEN 'P' || repeat('*', 17) ELSE subject::text END;
	SELECT CASE WHEN person THEN @extschema@._masked_name(s.name) ELSE s.name END INTO _shown_subject.name
	  FROM @extschema@.subject AS s WHERE s.subject OPERATOR(@extschema@.=) _shown_subject.subject;
END
$shown_subject$;
REVOKE ALL ON FUNCTION @extschema@._shown_subject(@extschema@.subject_code) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._shown_subject(@extschema@.subject_code) IS
	'说明中显示的主体，自然人已遮蔽 / code and name of a subject as shown in an explanation, masked for natural persons';

CREATE FUNCTION @extschema@.explain_json(subject @extschema@.subject_code, policy text, as_of date DEFAULT @extschema@.today(),
		known_at timestamptz DEFAULT 'infinity') RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $explain_json$
DECLARE
	seen constant boolean := @extschema@._require_sight(explain_json.subject);
	id integer := @extschema@._require_version(policy, as_of, known_at);
	sections jsonb;
BEGIN
	SELECT jsonb_object_agg(g.section, g.lines) INTO sections
	  FROM (SELECT n.section, coalesce(jsonb_agg(to_jsonb(e) - 'section' ORDER BY e.line) FILTER (WHERE e.line IS NOT NULL), '[]') AS lines
	          FROM unnest(ARRAY['records', 'score', 'derived', 'rules', 'near', 'why_not', 'outlook']) AS n (section)
	          LEFT JOIN (SELECT x.*,
	                            CASE WHEN x.part IN ('record', 'surcharge') THEN 'records'
	                                 WHEN x.part IN ('base', 'item', 'absent', 'mean', 'factor', 'limit', 'unit', 'weight', 'rounding')
	                                      OR x.part = 'value' AND x.adds THEN 'score'
	                                 WHEN x.part IN ('run', 'covered', 'covered_last', 'event', 'step', 'reset', 'counter', 'value') THEN 'derived'
	                                 WHEN x.part IN ('near', 'why_not') THEN x.part
	                                 WHEN x.part IN ('next', 'improves', 'best') THEN 'outlook'
	                                 ELSE 'rules' END AS section
	                       FROM @extschema@._explain_shown(explain_json.subject, id, as_of, known_at) AS x) AS e ON e.section = n.section
	         GROUP BY n.section) AS g;
	RETURN jsonb_build_object(
		'subject', (SELECT to_jsonb(s) FROM @extschema@._shown_subject(explain_json.subject) AS s),
		'policy', (SELECT jsonb_build_object('policy', p.policy, 'version', p.version, 'title', p.title, 'issuer', p.issuer, 'example', p.example,
		                                     'in_force_from', p.in_force_from,
		                                     'in_force_until', CASE WHEN p.in_force_until < 'infinity' THEN p.in_force_until END)
		             FROM @extschema@.policy AS p WHERE p.version_id = id),
		'as_of', explain_json.as_of,
		'known_at', CASE WHEN explain_json.known_at < 'infinity' THEN explain_json.known_at END,
		'result', (SELECT to_jsonb(e) - 'version' FROM @extschema@.evaluate(explain_json.subject, explain_json.policy, explain_json.as_of, explain_json.known_at) AS e)
	) || sections;
END
$explain_json$;
REVOKE ALL ON FUNCTION @extschema@.explain_json(@extschema@.subject_code, text, date, timestamptz) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.explain_json(@extschema@.subject_code, text, date, timestamptz) IS
	'以 JSON 说明评价：主体、办法、结果及各行 / an explanation as JSON: subject, policy, result, and every line of explain() in one of seven sections; result null = nothing was known';

-- Why a record does not count, by its status; the lines of an explanation with the same words.
CREATE FUNCTION @extschema@._not_counted_words(status text, first_day date, last_day date, remark text) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $not_counted_words$
	SELECT CASE
		WHEN status = 'pending' THEN '尚未起计，自 ' || to_char(first_day, 'YYYY-MM-DD') || ' 起计入'
		WHEN status = 'expired' THEN '计入期间已于 ' || to_char(last_day, 'YYYY-MM-DD') || ' 届满'
		WHEN status = 'ended' THEN coalesce('已终止，计至 ' || to_char(last_day, 'YYYY-MM-DD'), '已终止')
		WHEN status = 'repaired' THEN coalesce('已修复，计至 ' || to_char(last_day, 'YYYY-MM-DD'), '已修复')
		WHEN status = 'revoked' THEN '已撤销'
		WHEN status = 'never' THEN coalesce(@extschema@._zh(remark), '计入期间无任何一日')
		ELSE @extschema@._zh(remark) END
$not_counted_words$;
REVOKE ALL ON FUNCTION @extschema@._not_counted_words(text, date, date, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._not_counted_words(text, date, date, text) IS '记录不计入的原因 / why a record does not count, in Chinese';

-- The time for an objection as announced by whoever hands the page over: the law of the measure is not known here.
CREATE FUNCTION @extschema@._objection_words(object_within jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $objection_words$
DECLARE
	unit text;
	n jsonb;
BEGIN
	IF object_within IS NULL THEN
		RETURN '如对本评价有异议，可向作出评价的部门提出。';
	END IF;
	IF jsonb_typeof(object_within) = 'object' AND (SELECT count(*) FROM jsonb_object_keys(object_within)) = 1 THEN
		SELECT e.key, e.value INTO unit, n FROM jsonb_each(object_within) AS e;
	END IF;
	IF unit IS NULL OR unit NOT IN ('days', 'working_days', 'months') OR n::text !~ '^[1-9][0-9]{0,2}$' THEN
		RAISE EXCEPTION 'invalid time for objections: %', object_within
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = 'It is an object with one of days, working_days, months and a whole number from 1 to 999.',
			      HINT = 'Write for example {"working_days": 20}, or NULL where no time is fixed.';
	END IF;
	RETURN format('如对本评价有异议，可在%s%s内向作出评价的部门提出。', n, CASE unit WHEN 'days' THEN '日' WHEN 'months' THEN '个月' ELSE '个工作日' END);
END
$objection_words$;
REVOKE ALL ON FUNCTION @extschema@._objection_words(jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._objection_words(jsonb) IS '异议的途径与期限 / where and by when to object, in Chinese';

-- One page: every number is that of explain(), every sentence made from the measure or from the lines.
CREATE FUNCTION @extschema@.explain_text(subject @extschema@.subject_code, policy text, as_of date DEFAULT @extschema@.today(),
		known_at timestamptz DEFAULT 'infinity', object_within jsonb DEFAULT NULL) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $explain_text$
DECLARE
	seen constant boolean := @extschema@._require_sight(explain_text.subject);
	id integer := @extschema@._require_version(policy, as_of, known_at);
	objection text := @extschema@._objection_words(object_within);
	told jsonb := @extschema@.explain_json(subject, policy, as_of, known_at);
	result jsonb := told -> 'result';
	page text[];
	part text[];
	heading text[] := '{}';
	bodies text[] := '{}';
	numerals constant text[] := ARRAY['一', '二', '三', '四', '五', '六', '七', '八', '九'];
	kinds constant jsonb := '{"run": "连续期数 ", "counter": "记分 ", "event": "记分事项 ", "step": "记分档 ", "reset": "清零 ", "value": "指标 ",
		"state": "状态 ", "band": "档次 ", "ceiling": "上限 ", "floor": "下限 ", "veto": "一票否决 ", "list": "名单 ", "order": "责令事项 ", "bar": "限制 "}';
	i integer;
BEGIN
	page := ARRAY['信用评价说明', '',
		'主体：' || coalesce(told #>> '{subject,name}', '（名称未登记）') || '（' || (told #>> '{subject,code}') || '）',
		format('依据：《%s》（版本 %s，%s发布）%s', told #>> '{policy,title}', told #>> '{policy,version}', told #>> '{policy,issuer}',
		       CASE WHEN (told #>> '{policy,example}')::boolean THEN '，系示例办法，结果不对外公布' ELSE '' END),
		'评价日：' || to_char(as_of, 'YYYY-MM-DD'),
		'所依据的信息：' || CASE WHEN known_at = 'infinity' THEN '出具本说明时已登记的全部信息'
		                         ELSE format('截至 %s（北京时间）已登记的信息', to_char(known_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI:SS.US')) END,
		'结果：' || CASE
			WHEN result IS NULL OR result = 'null' OR result ->> 'state' = 'not_enrolled' THEN '未参评，无评价结果'
			ELSE concat_ws('，',
				CASE WHEN (result ->> 'undecided')::boolean THEN '待定，移交裁量'
				     WHEN result ->> 'band' IS NOT NULL THEN
				          (SELECT format('%s（%s）', l ->> 'rule', l ->> 'name') FROM jsonb_array_elements(told -> 'rules') AS l WHERE l ->> 'part' = 'result')
				     ELSE (SELECT l ->> 'name' FROM jsonb_array_elements(told -> 'rules') AS l WHERE l ->> 'part' = 'state') END,
				'得分 ' || (result ->> 'score'), '信用等级 ' || (result ->> 'credit_grade')) END];

	-- how the score came about
	SELECT array_agg(lpad(l ->> 'points', 12) || '  ' || CASE WHEN l ->> 'rule' IS NULL THEN @extschema@._zh(l ->> 'name') ELSE l ->> 'name' END
	                 || CASE WHEN l ->> 'part' = 'base' AND l ->> 'rule' IS NOT NULL THEN '，起始分' ELSE '' END
	                 || coalesce('，' || (l ->> 'document'), '')
	                 || CASE WHEN l ->> 'part' = 'record' THEN '' ELSE coalesce('，' || @extschema@._zh(l ->> 'remark'), '') END
	                 || coalesce('（' || (l ->> 'clause') || '）', '') ORDER BY l ->> 'part' <> 'base', (l ->> 'line')::integer)
	  INTO part
	  FROM jsonb_array_elements((told -> 'records') || (told -> 'score')) AS l
	 WHERE (l ->> 'adds')::boolean AND (l ->> 'points')::numeric <> 0;
	IF part IS NOT NULL THEN
		heading := heading || '分数如何得出'::text;
		bodies := bodies || array_to_string(part || (lpad(result ->> 'score', 12) || '  合计，即得分'), E'\n');
	END IF;
	SELECT array_agg(format('  %s：%s', l ->> 'name', @extschema@._zh(l ->> 'remark')) ORDER BY (l ->> 'line')::integer)
	  INTO part
	  FROM jsonb_array_elements(told -> 'score') AS l
	 WHERE l ->> 'part' = 'unit';
	IF part IS NOT NULL THEN
		heading := heading || '按单元计算的部分'::text;
		bodies := bodies || array_to_string(part, E'\n');
	END IF;

	-- records that count, and those that do not
	SELECT array_agg(format('  %s：%s，%s%s。计入方式：%s%s%s', l ->> 'name', coalesce(l ->> 'document', '（无文号）'),
	                        CASE WHEN NOT (l ->> 'adds')::boolean THEN '' WHEN (l ->> 'points')::numeric = 0 THEN '不加减分，' ELSE (l ->> 'points') || ' 分，' END,
	                        concat('自 ' || (l ->> 'first_day'), CASE WHEN l ->> 'last_day' IS NULL THEN ' 起，不设末日' ELSE ' 至 ' || (l ->> 'last_day') END),
	                        @extschema@._zh(l ->> 'span'), coalesce('；' || @extschema@._zh(l ->> 'remark'), ''), coalesce('。依据：' || (l ->> 'clause'), ''))
	                 ORDER BY (l ->> 'line')::integer)
	  INTO part
	  FROM jsonb_array_elements(told -> 'records') AS l
	 WHERE l ->> 'part' = 'record' AND l ->> 'status' = 'counts' AND l ->> 'rule' <> 'enrolled';
	heading := heading || '计入的记录'::text;
	bodies := bodies || coalesce(array_to_string(part, E'\n'), '  无。');
	SELECT array_agg(format('  %s：%s。%s%s', CASE WHEN l ->> 'rule' = 'enrolled' THEN '参评' ELSE l ->> 'name' END, coalesce(l ->> 'document', '（无文号）'),
	                        @extschema@._not_counted_words(l ->> 'status', (l ->> 'first_day')::date, (l ->> 'last_day')::date, l ->> 'remark'),
	                        coalesce('。依据：' || (l ->> 'clause'), '')) ORDER BY (l ->> 'line')::integer)
	  INTO part
	  FROM jsonb_array_elements(told -> 'records') AS l
	 WHERE l ->> 'part' IN ('record', 'surcharge') AND l ->> 'status' NOT IN ('counts', 'included');
	IF part IS NOT NULL THEN
		heading := heading || '不计入的记录及原因'::text;
		bodies := bodies || array_to_string(part, E'\n');
	END IF;

	-- what was derived, and the rules that decided
	SELECT array_agg(format('  %s%s%s%s%s', coalesce(kinds ->> (l ->> 'part'), ''), CASE WHEN l ->> 'rule' IS NULL OR l ->> 'rule' = 'not_enrolled' THEN @extschema@._zh(l ->> 'name') ELSE l ->> 'name' END,
	                        coalesce('（' || (l ->> 'first_day') || '）', ''), coalesce('：' || @extschema@._zh(l ->> 'remark'), ''),
	                        CASE WHEN l ->> 'part' NOT IN ('run', 'event', 'step', 'reset') THEN coalesce('，至 ' || (l ->> 'last_day'), '') ELSE '' END)
	                 || coalesce('。依据：' || (l ->> 'clause'), '') ORDER BY (l ->> 'line')::integer)
	  INTO part
	  FROM jsonb_array_elements((told -> 'derived') || (told -> 'rules')) AS l
	 WHERE l ->> 'part' <> 'result';
	IF part IS NOT NULL THEN
		heading := heading || '起决定作用的指标与规则'::text;
		bodies := bodies || array_to_string(part, E'\n');
	END IF;
	SELECT array_agg(format('  %s（%s）：%s%s', l ->> 'rule', l ->> 'name', @extschema@._zh(l ->> 'remark'), coalesce('。依据：' || (l ->> 'clause'), ''))
	                 ORDER BY (l ->> 'line')::integer)
	  INTO part
	  FROM jsonb_array_elements(told -> 'why_not') AS l;
	IF part IS NOT NULL THEN
		heading := heading || '为何不是更好的档次'::text;
		bodies := bodies || array_to_string(part, E'\n');
	END IF;
	SELECT array_agg(format('  %s：%s%s', l ->> 'name', @extschema@._zh(l ->> 'remark'), coalesce('。依据：' || (l ->> 'clause'), ''))
	                 ORDER BY (l ->> 'line')::integer)
	  INTO part
	  FROM jsonb_array_elements(told -> 'near') AS l;
	IF part IS NOT NULL THEN
		heading := heading || '只差一项即成立的规则'::text;
		bodies := bodies || array_to_string(part, E'\n');
	END IF;
	SELECT array_agg('  ' || @extschema@._zh(l ->> 'remark') || '。' ORDER BY (l ->> 'line')::integer)
	  INTO part
	  FROM jsonb_array_elements(told -> 'outlook') AS l;
	heading := heading || ARRAY['何时变化', '如何提出异议'];
	bodies := bodies || array_to_string(part, E'\n') || ('  ' || objection);
	FOR i IN 1 .. cardinality(heading) LOOP
		page := page || ARRAY['', numerals[i] || '、' || heading[i], bodies[i]];
	END LOOP;
	RETURN array_to_string(page, E'\n');
END
$explain_text$;
REVOKE ALL ON FUNCTION @extschema@.explain_text(@extschema@.subject_code, text, date, timestamptz, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.explain_text(@extschema@.subject_code, text, date, timestamptz, jsonb) IS
	'一页中文说明，可直接交给企业：结果、分数由来、记录、原因、何时变化、如何异议 / an explanation as one page of Chinese text to be handed over; object_within is the time for objections, {"working_days": 20}, if one is fixed';

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
