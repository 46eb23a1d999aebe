-- ---------------------------------------------------------------------------
-- Credit repair (信用修复): after correction a record stops being public, shared and used. The steps, periods and persons are those of the
-- proceeding "repair" (15_proceeding.sql); here is what has to be met, what stands against it, and what its end does.
-- 国办发〔2025〕22号, 国家发展和改革委员会令第36号; 郑州市城市管理局信用体系建设方案, (六); 常城管〔2020〕147号, 三(六): by correction, commitment, training, report, public welfare.
-- about of such a proceeding: {"records": [record_id, ...], "entries": [entry_id, ...]}, either or both.
-- A repair never rewrites: from its day on the record does not count, and the days before stay as they were. Fraud takes repaired_on back by a new version that
-- is known from then on: what was evaluated in between is told by what was known in between (known_at), and the history of standings only grows.
-- ---------------------------------------------------------------------------

-- ---------------------------------------------------------------------------
-- Conditions, bars, consequences and periods: dated rows, adopted by one person and approved by another, never overwritten
-- ---------------------------------------------------------------------------

CREATE SEQUENCE @extschema@.repair_condition_number AS bigint;
COMMENT ON SEQUENCE @extschema@.repair_condition_number IS '信用修复规则编号 / numbers of the rules of repair';

CREATE TABLE @extschema@.repair_condition (
	rule_id        bigint NOT NULL PRIMARY KEY DEFAULT nextval('@extschema@.repair_condition_number'),
	approved_on    date,
	superseded_on  date NOT NULL DEFAULT 'infinity',
	in_force_from  date,
	in_force_until date,
	count          smallint CHECK (count > 0),
	months         smallint CHECK (months > 0),
	counts_itself  boolean NOT NULL DEFAULT false,
	id             text NOT NULL CHECK (btrim(id) <> ''),
	kind           text NOT NULL CHECK (kind IN ('condition', 'bar', 'consequence', 'term')),
	act            text NOT NULL DEFAULT 'repair',
	regime         text,
	class          text,
	field          text,
	rule           text NOT NULL,
	name           text NOT NULL,
	effect         text,
	term           jsonb,
	on_overdue     text,
	source         text,
	mark           text NOT NULL CHECK (mark IN ('S', 'N', 'assumption')),
	note           text,
	entered_by     text NOT NULL DEFAULT @extschema@.actor(),
	approved_by    text,
	CONSTRAINT repair_condition_days CHECK (in_force_from <= in_force_until),
	CONSTRAINT repair_condition_rule CHECK (CASE kind
		WHEN 'condition' THEN rule IN ('min_period', 'list_min_period', 'corrected', 'public_commitment', 'obligations_performed', 'training', 'interview',
		                               'credit_report', 'public_welfare', 'other_law')
		WHEN 'bar' THEN rule IN ('not_repairable', 'serious_within', 'fairly_serious_within', 'repair_within', 'same_kind_repair_within', 'fraud_within')
		WHEN 'consequence' THEN rule IN ('commitment_broken', 'fraud_found')
		ELSE true END),
	-- a bar or minimum of a length that nobody has said would be a guess
	CONSTRAINT repair_condition_length CHECK (CASE WHEN rule LIKE '%\_within' THEN num_nulls(count, months) = 0
		WHEN rule = 'list_min_period' THEN months IS NOT NULL ELSE true END),
	CONSTRAINT repair_condition_term CHECK ((kind = 'term') = (term IS NOT NULL) AND (kind = 'term' OR on_overdue IS NULL)),
	CONSTRAINT repair_condition_second_person CHECK (approved_by <> entered_by AND num_nonnulls(approved_by, approved_on) IN (0, 2))
);
COMMENT ON TABLE @extschema@.repair_condition IS '信用修复的条件、限制、后果，及各种程序的期限，按日生效，只增不改，第二人批准后适用 / conditions, bars and consequences of repair, and periods of every kind of proceeding, by day; never overwritten, in force once a second person has approved them';
COMMENT ON COLUMN @extschema@.repair_condition.rule_id IS '规则编号 / number of the rule';
COMMENT ON COLUMN @extschema@.repair_condition.approved_on IS '批准日，自此适用；随扩展提供的为无穷远 / applied from this day on; -infinity for what is shipped; NULL = not approved';
COMMENT ON COLUMN @extschema@.repair_condition.superseded_on IS '被后一规则取代之日 / day on which a later rule took its place';
COMMENT ON COLUMN @extschema@.repair_condition.in_force_from IS '依据文件施行日，空为自批准起 / first day by the document; NULL: from the approval on';
COMMENT ON COLUMN @extschema@.repair_condition.in_force_until IS '最后一日，空为无期 / last day; NULL: without end';
COMMENT ON COLUMN @extschema@.repair_condition.count IS '次数达到此数即受限 / number of times from which a bar holds';
COMMENT ON COLUMN @extschema@.repair_condition.months IS '期间（月） / period in months';
COMMENT ON COLUMN @extschema@.repair_condition.counts_itself IS '计数时是否包括申请修复的记录本身 / whether the records applied for are counted among them';
COMMENT ON COLUMN @extschema@.repair_condition.id IS '标识，见 shipped_repair_condition；期限为“程序.期间” / identifier, of shipped_repair_condition; of a period kind.name';
COMMENT ON COLUMN @extschema@.repair_condition.kind IS 'condition 条件，bar 限制，consequence 后果，term 期限 / condition, bar, consequence or term';
COMMENT ON COLUMN @extschema@.repair_condition.act IS '程序种类 / kind of proceeding';
COMMENT ON COLUMN @extschema@.repair_condition.regime IS '限于某公示制度；空为各制度 / only under a regime of publicity; NULL: every one';
COMMENT ON COLUMN @extschema@.repair_condition.class IS '限于某失信类别；空为各类 / only for a class; NULL: every one';
COMMENT ON COLUMN @extschema@.repair_condition.field IS '限于某领域；空为各领域 / only in a field; NULL: every one';
COMMENT ON COLUMN @extschema@.repair_condition.rule IS '规则；期限为期间名 / rule; of a period its name';
COMMENT ON COLUMN @extschema@.repair_condition.name IS '名称 / name';
COMMENT ON COLUMN @extschema@.repair_condition.effect IS '后果 / effect of a consequence';
COMMENT ON COLUMN @extschema@.repair_condition.term IS '期限的长度，如 {"working_days": 2} / length of a period';
COMMENT ON COLUMN @extschema@.repair_condition.on_overdue IS '部门逾期的后果：granted、refer、nothing / what the department''s silence does';
COMMENT ON COLUMN @extschema@.repair_condition.source IS '依据文件和条款 / document and clause';
COMMENT ON COLUMN @extschema@.repair_condition.mark IS '依据的可靠程度：S 原文，N 报道或解读，assumption 设定 / read in the document (S), in news or an interpretation (N), or assumed';
COMMENT ON COLUMN @extschema@.repair_condition.note IS '说明 / remarks';
COMMENT ON COLUMN @extschema@.repair_condition.entered_by IS '录入人 / who entered it';
COMMENT ON COLUMN @extschema@.repair_condition.approved_by IS '批准人，不得为录入人 / who approved it; never who entered it';

-- What the national documents state holds from the start; what some measures have is for the city to adopt.
INSERT INTO @extschema@.repair_condition (approved_on, id, kind, regime, class, rule, name, count, months, effect, in_force_from, in_force_until, source, mark, note,
	entered_by, approved_by)
SELECT '-infinity', v.id, v.kind, v.regime, v.class, v.rule, v.name, v.count, v.months, v.effect, v.in_force_from, v.in_force_until, v.source, v.mark, v.note,
       'shipped', @extschema@.actor()
  FROM @extschema@.shipped_repair_condition AS v WHERE v.kind IN ('condition', 'bar', 'consequence');
INSERT INTO @extschema@.repair_condition (approved_on, id, kind, act, rule, name, term, mark, note, entered_by, approved_by)
VALUES ('-infinity', 'objection.withdraw', 'term', 'objection', 'withdraw', '被撤销或更正的处罚信息的撤下期限', '{"days": 3}', 'assumption',
        '三日：见于报道和解读；按自然日还是工作日未核实，取较短者', 'shipped', @extschema@.actor());

SELECT @extschema@._guard_rules(ARRAY['repair_condition'], 'What was asked of an application on a past day is told by the rules of that day.',
	'Use citycredit.adopt_repair_condition() or set_proceeding_term(), and let another person approve it by approve_repair_condition().');

CREATE FUNCTION @extschema@.adopt_repair_condition(id text, source text, months integer DEFAULT NULL, count integer DEFAULT NULL, field text DEFAULT NULL,
	in_force_from date DEFAULT NULL, in_force_until date DEFAULT NULL, counts_itself boolean DEFAULT false) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $adopt_repair_condition$
#variable_conflict use_column
DECLARE
	shipped @extschema@.shipped_repair_condition;
	made bigint;
BEGIN
	SELECT v.* INTO shipped FROM @extschema@.shipped_repair_condition AS v WHERE v.id = adopt_repair_condition.id;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'condition of repair "%" does not exist', adopt_repair_condition.id
			USING ERRCODE = 'undefined_object', HINT = 'What can be adopted is in citycredit.shipped_repair_condition.';
	ELSIF coalesce(btrim(adopt_repair_condition.source), '') = '' THEN
		RAISE EXCEPTION 'no source given for condition of repair "%"', adopt_repair_condition.id
			USING ERRCODE = 'null_value_not_allowed', HINT = 'Name document and clause: every refusal quotes them.';
	ELSIF (shipped.rule LIKE '%\_within' OR shipped.rule = 'list_min_period') AND coalesce(adopt_repair_condition.months, shipped.months) IS NULL THEN
		RAISE EXCEPTION 'condition of repair "%" needs a length', adopt_repair_condition.id
			USING ERRCODE = 'null_value_not_allowed', HINT = 'Give months as the measure states it; there is no default.';
	END IF;
	INSERT INTO @extschema@.repair_condition (id, kind, regime, class, field, rule, name, count, months, counts_itself, effect, in_force_from, in_force_until,
		source, mark, note)
	VALUES (shipped.id, CASE shipped.kind WHEN 'policy_condition' THEN 'condition' WHEN 'parameter_bar' THEN 'bar' ELSE shipped.kind END, shipped.regime,
		shipped.class, adopt_repair_condition.field, shipped.rule, shipped.name, coalesce(adopt_repair_condition.count, shipped.count),
		coalesce(adopt_repair_condition.months, shipped.months), adopt_repair_condition.counts_itself, shipped.effect,
		adopt_repair_condition.in_force_from, adopt_repair_condition.in_force_until, adopt_repair_condition.source, 'S', shipped.note)
	RETURNING rule_id INTO made;
	RETURN made;
END
$adopt_repair_condition$;
REVOKE ALL ON FUNCTION @extschema@.adopt_repair_condition(text, text, integer, integer, text, date, date, boolean) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.adopt_repair_condition(text, text, integer, integer, text, date, date, boolean) IS
	'采用一项修复条件、限制或后果，返回编号；第二人批准后适用 / adopts a condition, bar or consequence that is shipped, with its clause; number of the rule, in force once a second person has approved it';

CREATE FUNCTION @extschema@.set_proceeding_term(act text, name text, term jsonb, source text, on_overdue text DEFAULT NULL, field text DEFAULT NULL,
	in_force_from date DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $set_proceeding_term$
#variable_conflict use_column
DECLARE
	made bigint;
BEGIN
	IF num_nulls(act, name, term) > 0 OR coalesce(btrim(source), '') = '' THEN
		RAISE EXCEPTION 'a period needs act, name, term and source' USING ERRCODE = 'null_value_not_allowed';
	ELSIF act = 'listing' AND name IN ('term', 'minimum') THEN
		RAISE EXCEPTION 'period % of a listing is not set here', name
			USING ERRCODE = 'invalid_parameter_value', DETAIL = 'How long a list lasts, and when it can be left early, each rule of a measure says.',
			      HINT = 'The term is in the policy, the time before an early exit in citycredit.list_parameter.';
	ELSIF NOT (act = 'repair' AND name = 'sync' OR act = 'objection' AND name = 'withdraw'
	           OR EXISTS (SELECT FROM @extschema@.proceeding_table(act) AS t WHERE name = ANY (t.sets) OR name || '?' = ANY (t.sets))) THEN
		RAISE EXCEPTION 'kind % has no period %', act, name
			USING ERRCODE = 'invalid_parameter_value',
			      HINT = format('The periods are in citycredit.proceeding_table(''%s''), column "sets"; beside them repair has sync, objection withdraw.', act);
	ELSIF on_overdue <> 'nothing' AND NOT EXISTS (
			SELECT FROM @extschema@.proceeding_table(act) AS t WHERE name = ANY (t.after) AND t.overdue = on_overdue AND t.overdue <> 'lapse') THEN
		RAISE EXCEPTION 'on_overdue of kind % cannot be % for period %', act, on_overdue, name
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = 'Silence of the department is granted, refer or nothing, for periods whose end has that effect; nothing adverse comes of it.';
	END IF;
	PERFORM @extschema@.deadline(@extschema@.today(), term);
	INSERT INTO @extschema@.repair_condition (id, kind, act, field, rule, name, term, on_overdue, in_force_from, source, mark)
	VALUES (act || '.' || set_proceeding_term.name, 'term', set_proceeding_term.act, set_proceeding_term.field, set_proceeding_term.name, set_proceeding_term.name,
		set_proceeding_term.term, set_proceeding_term.on_overdue, set_proceeding_term.in_force_from, set_proceeding_term.source, 'S')
	RETURNING rule_id INTO made;
	RETURN made;
END
$set_proceeding_term$;
REVOKE ALL ON FUNCTION @extschema@.set_proceeding_term(text, text, jsonb, text, text, text, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.set_proceeding_term(text, text, jsonb, text, text, text, date) IS
	'规定某种程序的期限及逾期后果，返回编号；第二人批准后适用；主体得以行为的期间以此为最短 / sets the length of a period of a kind of proceeding, and what silence does; number of the rule, in force once a second person has approved it; a period within which the subject acts is so long at least';

CREATE FUNCTION @extschema@.approve_repair_condition(rule_id bigint) RETURNS date
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $approve_repair_condition$
#variable_conflict use_column
DECLARE
	entered @extschema@.repair_condition;
BEGIN
	-- one at a time: of two rules of one key the second sees the first
	LOCK TABLE @extschema@.repair_condition IN SHARE ROW EXCLUSIVE MODE;
	SELECT c.* INTO entered FROM @extschema@.repair_condition AS c WHERE c.rule_id = approve_repair_condition.rule_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'rule of repair % does not exist', approve_repair_condition.rule_id
			USING ERRCODE = 'undefined_object', HINT = 'The rules are in citycredit.repair_condition.';
	END IF;
	PERFORM @extschema@._check_approval(format('rule of repair %s', approve_repair_condition.rule_id), entered.entered_by, entered.approved_on, 'To change it, adopt it again.');
	UPDATE @extschema@.repair_condition AS c SET superseded_on = @extschema@.today()
	 WHERE c.id = entered.id AND c.field IS NOT DISTINCT FROM entered.field AND c.approved_on IS NOT NULL AND c.superseded_on = 'infinity';
	UPDATE @extschema@.repair_condition AS c SET approved_on = @extschema@.today(), approved_by = @extschema@.actor() WHERE c.rule_id = entered.rule_id;
	RETURN @extschema@.today();
END
$approve_repair_condition$;
REVOKE ALL ON FUNCTION @extschema@.approve_repair_condition(bigint) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.approve_repair_condition(bigint) IS
	'第二人批准一项规则，自当日起取代同一规则的前一行；返回生效日 / a second person approves a rule: from today on it takes the place of the one of the same id and field; its first day';

-- The rules in force on a day; that of the field takes the place of the general one.
CREATE FUNCTION @extschema@._repair_rules(act text, as_of date, regime text, class text, field text) RETURNS SETOF @extschema@.repair_condition
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $repair_rules$
	SELECT DISTINCT ON (c.id) c.*
	  FROM @extschema@.repair_condition AS c
	 WHERE c.act = _repair_rules.act AND c.approved_on <= _repair_rules.as_of AND c.superseded_on > _repair_rules.as_of
	   AND _repair_rules.as_of BETWEEN coalesce(c.in_force_from, '-infinity') AND coalesce(c.in_force_until, 'infinity')
	   AND (c.regime IS NULL OR c.regime = _repair_rules.regime) AND (c.class IS NULL OR c.class = _repair_rules.class)
	   AND (c.field IS NULL OR c.field = _repair_rules.field)
	 ORDER BY c.id, c.field NULLS LAST
$repair_rules$;
REVOKE ALL ON FUNCTION @extschema@._repair_rules(text, date, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._repair_rules(text, date, text, text, text) IS '某日适用的规则，特定领域优先 / rules in force on a day, that of the field first';

-- Periods of a new proceeding: what the city has set, and for the rest what the officer says; what is set is not said otherwise, but that a period
-- within which the subject acts may be longer (_check_term()).
CREATE FUNCTION @extschema@._set_terms(act text, field text, given jsonb, OUT terms jsonb, OUT on_overdue jsonb)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $set_terms$
DECLARE
	clashing text;
BEGIN
	SELECT coalesce(jsonb_object_agg(r.rule, r.term), '{}'), coalesce(jsonb_object_agg(r.rule, r.on_overdue) FILTER (WHERE r.on_overdue IS NOT NULL), '{}')
	  INTO terms, on_overdue
	  FROM @extschema@._repair_rules(_set_terms.act, @extschema@.today(), NULL, NULL, _set_terms.field) AS r
	 WHERE r.kind = 'term' AND r.rule NOT IN ('sync', 'withdraw');
	SELECT string_agg(g.key, ', ' ORDER BY g.key) INTO clashing FROM jsonb_each(given) AS g
	 WHERE terms -> g.key <> g.value AND g.key <> ALL (@extschema@._subject_periods(act));
	IF clashing IS NOT NULL THEN
		RAISE EXCEPTION 'periods that are set cannot be said otherwise: %', clashing
			USING ERRCODE = 'invalid_parameter_value',
			      HINT = 'Leave them out; the periods in force are in citycredit.repair_condition.';
	END IF;
	terms := terms || given;
END
$set_terms$;
REVOKE ALL ON FUNCTION @extschema@._set_terms(text, text, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._set_terms(text, text, jsonb) IS '新程序的期限 / periods of a new proceeding';

-- A change of the subject that a transaction with an older snapshot cannot overlook, as it would a mere lock: it fails with 40001 instead of deciding on what it
-- does not see.
CREATE FUNCTION @extschema@._touch_subject(subject @extschema@.subject_code) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $touch_subject$
BEGIN
	UPDATE @extschema@.subject_state AS s SET seq = s.seq WHERE s.subject OPERATOR(@extschema@.=) _touch_subject.subject;
END
$touch_subject$;
REVOKE ALL ON FUNCTION @extschema@._touch_subject(@extschema@.subject_code) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._touch_subject(@extschema@.subject_code) IS '使并发事务不能忽略本次变动 / makes a change that concurrent transactions notice';

-- ---------------------------------------------------------------------------
-- Training and interviews (修复培训、约谈)
-- ---------------------------------------------------------------------------

CREATE SEQUENCE @extschema@.training_event_number AS bigint;
COMMENT ON SEQUENCE @extschema@.training_event_number IS '培训和约谈编号 / numbers of trainings and interviews';
CREATE TABLE @extschema@.training_event (
	event_id   bigint NOT NULL PRIMARY KEY DEFAULT nextval('@extschema@.training_event_number'),
	held_on    date NOT NULL,
	kind       text NOT NULL CONSTRAINT training_event_kind CHECK (kind IN ('training', 'interview')),
	department text NOT NULL CHECK (btrim(department) <> ''),
	topic      text NOT NULL CHECK (btrim(topic) <> ''),
	field      text,
	entered_by text NOT NULL DEFAULT @extschema@.actor(),
	entered_on date NOT NULL DEFAULT @extschema@.today(),
	CONSTRAINT training_event_held CHECK (held_on <= entered_on)
);
COMMENT ON TABLE @extschema@.training_event IS '信用修复培训与约谈 / trainings for repair, and interviews';
COMMENT ON COLUMN @extschema@.training_event.event_id IS '编号 / number';
COMMENT ON COLUMN @extschema@.training_event.held_on IS '举行日 / day on which it was held';
COMMENT ON COLUMN @extschema@.training_event.kind IS 'training 培训，interview 约谈 / training or interview';
COMMENT ON COLUMN @extschema@.training_event.department IS '组织部门 / department that held it';
COMMENT ON COLUMN @extschema@.training_event.topic IS '内容 / topic';
COMMENT ON COLUMN @extschema@.training_event.field IS '领域，空为各领域 / field; NULL: every one';
COMMENT ON COLUMN @extschema@.training_event.entered_by IS '登记人 / who recorded it';
COMMENT ON COLUMN @extschema@.training_event.entered_on IS '登记日 / day of recording';
CREATE TABLE @extschema@.training_attendance (
	subject          @extschema@.subject_code NOT NULL REFERENCES @extschema@.subject (subject),
	event_id         bigint NOT NULL REFERENCES @extschema@.training_event (event_id),
	entered_on       date NOT NULL DEFAULT @extschema@.today(),
	withdrawn_on     date,
	person           text,
	entered_by       text NOT NULL DEFAULT @extschema@.actor(),
	withdrawn_by     text,
	withdrawn_reason text,
	PRIMARY KEY (subject, event_id),
	CONSTRAINT training_attendance_withdrawn CHECK (num_nonnulls(withdrawn_on, withdrawn_by, withdrawn_reason) IN (0, 3))
);
CREATE INDEX training_attendance_event ON @extschema@.training_attendance (event_id);
COMMENT ON TABLE @extschema@.training_attendance IS '参加培训或者约谈的主体 / subjects that attended a training or an interview';
COMMENT ON COLUMN @extschema@.training_attendance.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.training_attendance.event_id IS '培训或者约谈编号 / training or interview';
COMMENT ON COLUMN @extschema@.training_attendance.entered_on IS '登记日 / day of recording';
COMMENT ON COLUMN @extschema@.training_attendance.withdrawn_on IS '误登撤回日 / day on which a mistaken entry was taken back';
COMMENT ON COLUMN @extschema@.training_attendance.person IS '到场人（敏感） / who came for the subject (sensitive)';
COMMENT ON COLUMN @extschema@.training_attendance.entered_by IS '登记人 / who recorded it';
COMMENT ON COLUMN @extschema@.training_attendance.withdrawn_by IS '撤回人 / who took it back';
COMMENT ON COLUMN @extschema@.training_attendance.withdrawn_reason IS '撤回理由 / why it was taken back';

CREATE FUNCTION @extschema@._require_trainer(department text, field text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $require_trainer$
BEGIN
	IF NOT @extschema@._competent(department, 'repair', field, NULL, ARRAY['officer', 'decider']) THEN
		RAISE EXCEPTION 'role "%" records no trainings of "%"', @extschema@.actor(), department
			USING ERRCODE = 'insufficient_privilege', HINT = 'Who acts for which department is in citycredit.department_competence.';
	END IF;
END
$require_trainer$;
REVOKE ALL ON FUNCTION @extschema@._require_trainer(text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._require_trainer(text, text) IS '核对登记培训、约谈的职权 / refuses who has no duty to record trainings';

CREATE FUNCTION @extschema@.record_training(kind text, held_on date, department text, topic text, field text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $record_training$
DECLARE
	made bigint;
BEGIN
	IF num_nulls(kind, held_on, department, topic) > 0 THEN
		RAISE EXCEPTION 'a training or interview needs kind, held_on, department and topic' USING ERRCODE = 'null_value_not_allowed';
	ELSIF kind NOT IN ('training', 'interview') THEN
		RAISE EXCEPTION '"%" is neither training nor interview', kind USING ERRCODE = 'invalid_parameter_value';
	ELSIF held_on > @extschema@.today() THEN
		RAISE EXCEPTION 'day % is in the future', held_on
			USING ERRCODE = 'datetime_field_overflow', HINT = 'Record it once it was held.';
	END IF;
	PERFORM @extschema@._require_trainer(department, field);
	INSERT INTO @extschema@.training_event (held_on, kind, department, topic, field) VALUES (held_on, kind, department, topic, field) RETURNING event_id INTO made;
	RETURN made;
END
$record_training$;
REVOKE ALL ON FUNCTION @extschema@.record_training(text, date, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.record_training(text, date, text, text, text) IS '登记一次修复培训或者约谈，返回编号 / records a training for repair (training) or an interview (interview), returns its number';

CREATE FUNCTION @extschema@._training(event_id bigint) RETURNS @extschema@.training_event
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $training$
#variable_conflict use_column
DECLARE
	held @extschema@.training_event;
BEGIN
	SELECT e.* INTO held FROM @extschema@.training_event AS e WHERE e.event_id = _training.event_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'training or interview % does not exist', _training.event_id
			USING ERRCODE = 'undefined_object', HINT = 'They are in citycredit.training_event.';
	END IF;
	RETURN held;
END
$training$;
REVOKE ALL ON FUNCTION @extschema@._training(bigint) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._training(bigint) IS '一次培训或者约谈，没有则报错 / a training or interview; an error if there is none';

CREATE FUNCTION @extschema@.record_attendance(subject @extschema@.subject_code, event_id bigint, person text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $record_attendance$
#variable_conflict use_column
DECLARE
	seen constant boolean := @extschema@._require_sight(record_attendance.subject);
	held @extschema@.training_event := @extschema@._training(event_id);
BEGIN
	PERFORM @extschema@._require_trainer(held.department, held.field);
	IF NOT EXISTS (SELECT FROM @extschema@.subject AS s WHERE s.subject OPERATOR(@extschema@.=) record_attendance.subject) THEN
		RAISE EXCEPTION 'subject "%" does not exist', subject
			USING ERRCODE = 'undefined_object', HINT = 'Register it by citycredit.register_subject().';
	END IF;
	INSERT INTO @extschema@.training_attendance (subject, event_id, person) VALUES (record_attendance.subject, held.event_id, record_attendance.person)
	ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'attendance of subject "%" at % is recorded already', subject, held.event_id
			USING ERRCODE = 'unique_violation', HINT = 'A mistaken entry is taken back by citycredit.withdraw_attendance().';
	END IF;
END
$record_attendance$;
REVOKE ALL ON FUNCTION @extschema@.record_attendance(@extschema@.subject_code, bigint, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.record_attendance(@extschema@.subject_code, bigint, text) IS '登记主体到场 / records that a subject attended';

CREATE FUNCTION @extschema@.withdraw_attendance(subject @extschema@.subject_code, event_id bigint, reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $withdraw_attendance$
#variable_conflict use_column
DECLARE
	seen constant boolean := @extschema@._require_sight(withdraw_attendance.subject);
	held @extschema@.training_event := @extschema@._training(event_id);
BEGIN
	PERFORM @extschema@._require_trainer(held.department, held.field);
	IF coalesce(btrim(reason), '') = '' THEN
		RAISE EXCEPTION 'no reason given for taking back an attendance' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	UPDATE @extschema@.training_attendance AS a
	   SET withdrawn_on = @extschema@.today(), withdrawn_by = @extschema@.actor(), withdrawn_reason = withdraw_attendance.reason
	 WHERE a.subject OPERATOR(@extschema@.=) withdraw_attendance.subject AND a.event_id = held.event_id AND a.withdrawn_on IS NULL;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'subject "%" has no attendance at %', subject, held.event_id USING ERRCODE = 'undefined_object';
	END IF;
END
$withdraw_attendance$;
REVOKE ALL ON FUNCTION @extschema@.withdraw_attendance(@extschema@.subject_code, bigint, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.withdraw_attendance(@extschema@.subject_code, bigint, text) IS '撤回误登的到场 / takes back an attendance recorded by mistake';

-- ---------------------------------------------------------------------------
-- What ended when
-- ---------------------------------------------------------------------------

CREATE TABLE @extschema@.repair_effect (
	subject            @extschema@.subject_code NOT NULL,
	proceeding_id      bigint NOT NULL,
	seq                integer NOT NULL,
	item               integer NOT NULL,
	record_id          uuid,
	entry_id           bigint,
	publicity_ended_on date NOT NULL,
	sharing_ended_on   date NOT NULL,
	use_ended_on       date NOT NULL,
	revived_on         date,
	regime             text,
	PRIMARY KEY (subject, proceeding_id, seq, item),
	FOREIGN KEY (subject, proceeding_id) REFERENCES @extschema@.proceeding (subject, proceeding_id),
	CONSTRAINT repair_effect_item CHECK (num_nonnulls(record_id, entry_id) = 1)
);
CREATE INDEX repair_effect_record ON @extschema@.repair_effect (subject, record_id);
COMMENT ON TABLE @extschema@.repair_effect IS '信用修复的效力：公示、共享、使用各自何日终止 / what a repair has ended: publicity, sharing and use, each from its day';
COMMENT ON COLUMN @extschema@.repair_effect.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.repair_effect.proceeding_id IS '修复程序编号 / proceeding of the repair';
COMMENT ON COLUMN @extschema@.repair_effect.seq IS '准予修复的步骤 / step that granted it';
COMMENT ON COLUMN @extschema@.repair_effect.item IS '序号 / number';
COMMENT ON COLUMN @extschema@.repair_effect.record_id IS '修复的记录 / record repaired';
COMMENT ON COLUMN @extschema@.repair_effect.entry_id IS '因修复退出的名单条目 / list entry left through the repair';
COMMENT ON COLUMN @extschema@.repair_effect.publicity_ended_on IS '停止公示之日 / first day on which it is not public';
COMMENT ON COLUMN @extschema@.repair_effect.sharing_ended_on IS '停止共享之日 / first day on which it is not shared';
COMMENT ON COLUMN @extschema@.repair_effect.use_ended_on IS '停止使用之日：评价中不再计入（办法另有规定的除外） / first day on which it does not count, unless a measure says otherwise';
COMMENT ON COLUMN @extschema@.repair_effect.revived_on IS '修复被撤销、恢复之日 / day on which the repair was revoked and it came back';
COMMENT ON COLUMN @extschema@.repair_effect.regime IS '公示制度 / regime of publicity';

-- Written by the functions of this module alone.
SELECT @extschema@._guard_tables(ARRAY['training_event', 'training_attendance', 'repair_effect'],
	'_grant_repair|_revoke_repair|record_training|record_attendance|withdraw_attendance', 'It is evidence that the functions of repair write.',
	'Use citycredit.advance_repair(), record_training(), record_attendance() or withdraw_attendance().');

-- ---------------------------------------------------------------------------
-- What has to be withdrawn wherever it is public or was told, and by when: one duty, whatever it follows from
-- ---------------------------------------------------------------------------

CREATE SEQUENCE @extschema@.withdrawal_number AS bigint;
COMMENT ON SEQUENCE @extschema@.withdrawal_number IS '撤下事项编号 / numbers of withdrawals';
CREATE TABLE @extschema@.withdrawal (
	subject       @extschema@.subject_code NOT NULL REFERENCES @extschema@.subject (subject),
	withdrawal_id bigint NOT NULL DEFAULT nextval('@extschema@.withdrawal_number'),
	proceeding_id bigint,
	record_id     uuid,
	entry_id      bigint,
	decided_on    date NOT NULL,
	due_on        date,
	done_on       date,
	lapsed_on     date,
	withdrawn_on  date,
	cause         text NOT NULL CONSTRAINT withdrawal_cause CHECK (cause IN ('repair', 'objection', 'revocation', 'amendment')),
	withdrawn_by  text,
	term          jsonb,
	PRIMARY KEY (subject, withdrawal_id),
	FOREIGN KEY (subject, proceeding_id) REFERENCES @extschema@.proceeding (subject, proceeding_id),
	CONSTRAINT withdrawal_item CHECK (num_nonnulls(record_id, entry_id) = 1),
	CONSTRAINT withdrawal_withdrawn CHECK (num_nonnulls(withdrawn_on, withdrawn_by) IN (0, 2) AND withdrawn_on >= decided_on)
);
CREATE INDEX withdrawal_of_proceeding ON @extschema@.withdrawal (subject, proceeding_id);
COMMENT ON TABLE @extschema@.withdrawal IS '应在各公示渠道撤下（或更正）并告知上级和共享平台的信息：修复、异议成立、撤销、更正之后 / what has to be withdrawn or put right wherever it is public, and told upstream: after a repair, an upheld objection, a revocation, an amendment';
COMMENT ON COLUMN @extschema@.withdrawal.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.withdrawal.withdrawal_id IS '编号 / number';
COMMENT ON COLUMN @extschema@.withdrawal.proceeding_id IS '所由程序，空为直接撤销或更正 / proceeding that it follows from; NULL: a revocation or an amendment without one';
COMMENT ON COLUMN @extschema@.withdrawal.record_id IS '记录标识 / record';
COMMENT ON COLUMN @extschema@.withdrawal.entry_id IS '名单条目 / list entry';
COMMENT ON COLUMN @extschema@.withdrawal.decided_on IS '修复、认定成立、撤销或更正之日 / day of the repair, of the decision on the objection, of the revocation, or of the amendment';
COMMENT ON COLUMN @extschema@.withdrawal.due_on IS '应撤下之日；空为未规定或者未知：超出已知的工作日历 / last day; NULL: not set, or unknown past what the calendar knows';
COMMENT ON COLUMN @extschema@.withdrawal.done_on IS '本库已执行之日；空为逾期视为成立、尚待执行 / day on which it was carried out here; NULL: upheld by silence and still to be carried out';
COMMENT ON COLUMN @extschema@.withdrawal.lapsed_on IS '无须再撤下之日（修复被撤销，信息恢复） / day from which it need not be withdrawn any more: the repair was revoked';
COMMENT ON COLUMN @extschema@.withdrawal.withdrawn_on IS '各渠道均已撤下、上级已告知之日 / day on which it was withdrawn everywhere and told upstream';
COMMENT ON COLUMN @extschema@.withdrawal.cause IS 'repair 修复，objection 异议成立，revocation 撤销，amendment 更正 / what it follows from';
COMMENT ON COLUMN @extschema@.withdrawal.withdrawn_by IS '登记撤下的人 / who recorded that';
COMMENT ON COLUMN @extschema@.withdrawal.term IS '期限，自 decided_on 起算，空为未规定 / length of the period, counted from decided_on; NULL: not set';
SELECT @extschema@._guard_tables(ARRAY['withdrawal'], '_owe_withdrawal|_confirm_withdrawals|_carry_out|_revoke_repair|_recount_deadlines',
	'It is evidence of what repairs, objections, revocations and amendments have led to.', 'Use citycredit.confirm_withdrawal() or confirm_record_withdrawal().');

-- How long it takes is set for repairs (repair, sync), and for penalties revoked or corrected (objection, withdraw); for others nobody has said it.
CREATE FUNCTION @extschema@._owe_withdrawal(subject @extschema@.subject_code, record_id uuid, entry_id bigint, cause text, proceeding_id bigint, decided_on date, done_on date,
	field text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $owe_withdrawal$
DECLARE
	penalty boolean := (SELECT r.kind = 'penalty' FROM @extschema@.record AS r WHERE r.subject OPERATOR(@extschema@.=) _owe_withdrawal.subject
		AND r.record_id = _owe_withdrawal.record_id AND r.known_until = 'infinity');
	term jsonb;
BEGIN
	IF cause = 'repair' OR penalty THEN
		term := (SELECT r.term FROM @extschema@._repair_rules(CASE cause WHEN 'repair' THEN 'repair' ELSE 'objection' END, _owe_withdrawal.decided_on, NULL, NULL,
			_owe_withdrawal.field) AS r WHERE r.kind = 'term' AND r.rule = CASE cause WHEN 'repair' THEN 'sync' ELSE 'withdraw' END);
	END IF;
	INSERT INTO @extschema@.withdrawal (subject, record_id, entry_id, cause, proceeding_id, decided_on, due_on, done_on, term)
	VALUES (subject, record_id, entry_id, cause, proceeding_id, decided_on, CASE WHEN term IS NOT NULL THEN @extschema@.deadline(decided_on, term) END, done_on, term);
END
$owe_withdrawal$;
REVOKE ALL ON FUNCTION @extschema@._owe_withdrawal(@extschema@.subject_code, uuid, bigint, text, bigint, date, date, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._owe_withdrawal(@extschema@.subject_code, uuid, bigint, text, bigint, date, date, text) IS '记下应撤下的信息及期限 / notes what has to be withdrawn, and by when';

-- Called before the revocation, which takes the record out of publication here: what is not public, there is nothing to withdraw of.
CREATE FUNCTION @extschema@._owe_revocation(subject @extschema@.subject_code, record_id uuid, proceeding_id bigint, revoked_on date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $owe_revocation$
DECLARE
	r @extschema@.record := @extschema@._current_record(subject, record_id);
BEGIN
	IF @extschema@._public_form(subject, r.kind, record_id) IS NOT NULL THEN
		PERFORM @extschema@._owe_withdrawal(subject, record_id, NULL, 'revocation', proceeding_id, revoked_on, @extschema@.today(), r.field);
	END IF;
END
$owe_revocation$;
REVOKE ALL ON FUNCTION @extschema@._owe_revocation(@extschema@.subject_code, uuid, bigint, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._owe_revocation(@extschema@.subject_code, uuid, bigint, date) IS '撤销公示中的记录即须在各渠道撤下 / a record that is revoked while public has to be withdrawn';

CREATE FUNCTION @extschema@._confirm_withdrawals(subject @extschema@.subject_code, proceeding_id bigint, record_id uuid, withdrawn_on date) RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $confirm_withdrawals$
#variable_conflict use_column
DECLARE
	confirmed integer;
BEGIN
	IF _confirm_withdrawals.withdrawn_on > @extschema@.today() THEN
		RAISE EXCEPTION 'day % is in the future', _confirm_withdrawals.withdrawn_on
			USING ERRCODE = 'datetime_field_overflow', HINT = 'Record it once it was withdrawn.';
	END IF;
	UPDATE @extschema@.withdrawal AS w SET withdrawn_on = _confirm_withdrawals.withdrawn_on, withdrawn_by = @extschema@.actor()
	 WHERE w.subject OPERATOR(@extschema@.=) _confirm_withdrawals.subject AND w.withdrawn_on IS NULL AND w.lapsed_on IS NULL
	   AND greatest(w.done_on, w.decided_on) <= _confirm_withdrawals.withdrawn_on AND w.done_on IS NOT NULL
	   AND (w.proceeding_id = _confirm_withdrawals.proceeding_id OR w.proceeding_id IS NULL AND w.record_id = _confirm_withdrawals.record_id);
	GET DIAGNOSTICS confirmed = ROW_COUNT;
	RETURN confirmed;
END
$confirm_withdrawals$;
REVOKE ALL ON FUNCTION @extschema@._confirm_withdrawals(@extschema@.subject_code, bigint, uuid, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._confirm_withdrawals(@extschema@.subject_code, bigint, uuid, date) IS '登记已撤下，返回项数 / records that it was withdrawn, returns how many items';

CREATE FUNCTION @extschema@.confirm_record_withdrawal(subject @extschema@.subject_code, record_id uuid, withdrawn_on date DEFAULT @extschema@.today()) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $confirm_record_withdrawal$
DECLARE
	seen constant boolean := @extschema@._require_sight(confirm_record_withdrawal.subject);
	confirmed integer := @extschema@._confirm_withdrawals(subject, NULL, record_id, withdrawn_on);
BEGIN
	IF confirmed = 0 THEN
		RAISE EXCEPTION 'record "%" has nothing to be withdrawn', record_id
			USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'What is to be withdrawn is in citycredit.withdrawal; that of a proceeding is confirmed by confirm_withdrawal().';
	END IF;
	RETURN confirmed;
END
$confirm_record_withdrawal$;
REVOKE ALL ON FUNCTION @extschema@.confirm_record_withdrawal(@extschema@.subject_code, uuid, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.confirm_record_withdrawal(@extschema@.subject_code, uuid, date) IS '登记直接撤销或更正的记录已在各渠道撤下或更正，返回项数 / records that a record revoked or amended without a proceeding was withdrawn or put right everywhere, returns how many items';

CREATE VIEW @extschema@.withdrawal_overdue WITH (security_barrier) AS
SELECT w.subject, w.withdrawal_id, w.proceeding_id, w.record_id, w.entry_id, w.cause, p.department, w.decided_on, w.due_on, w.done_on, @extschema@.today() - w.due_on AS days_late
  FROM @extschema@.withdrawal AS w
  LEFT JOIN @extschema@.proceeding AS p ON p.subject = w.subject AND p.proceeding_id = w.proceeding_id
 WHERE w.withdrawn_on IS NULL AND w.lapsed_on IS NULL AND w.due_on < @extschema@.today();
COMMENT ON VIEW @extschema@.withdrawal_overdue IS '逾期未撤下、未告知上级的信息 / what should have been withdrawn everywhere and told upstream, and was not';
COMMENT ON COLUMN @extschema@.withdrawal_overdue.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.withdrawal_overdue.withdrawal_id IS '编号 / number';
COMMENT ON COLUMN @extschema@.withdrawal_overdue.proceeding_id IS '所由程序 / proceeding that it follows from';
COMMENT ON COLUMN @extschema@.withdrawal_overdue.record_id IS '记录标识 / record';
COMMENT ON COLUMN @extschema@.withdrawal_overdue.entry_id IS '名单条目 / list entry';
COMMENT ON COLUMN @extschema@.withdrawal_overdue.cause IS 'repair 修复，objection 异议成立，revocation 撤销，amendment 更正 / what it follows from';
COMMENT ON COLUMN @extschema@.withdrawal_overdue.department IS '办理部门，直接撤销的为空 / department; NULL of a revocation without a proceeding';
COMMENT ON COLUMN @extschema@.withdrawal_overdue.decided_on IS '修复、认定成立或撤销之日 / day of the repair, decision or revocation';
COMMENT ON COLUMN @extschema@.withdrawal_overdue.due_on IS '应撤下之日 / last day';
COMMENT ON COLUMN @extschema@.withdrawal_overdue.done_on IS '本库已执行之日 / day on which it was carried out here';
COMMENT ON COLUMN @extschema@.withdrawal_overdue.days_late IS '逾期天数 / days since';

-- A change of a penalty that nobody has verified keeps what may be wrong counting and public: it is due as what was corrected is due to be withdrawn.
CREATE VIEW @extschema@.record_change_overdue WITH (security_barrier) AS
SELECT c.subject, c.change_id, c.record_id, c.entered_on, c.entered_by, d.due_on, @extschema@.today() - d.due_on AS days_late
  FROM @extschema@.record_change AS c
  JOIN @extschema@.record AS r ON r.subject = c.subject AND r.record_id = c.record_id AND r.known_until = 'infinity' AND r.kind = 'penalty'
 -- as _repair_rules() would find it, which readers of a view may not call
 CROSS JOIN LATERAL (SELECT @extschema@.deadline(c.entered_on, o.term) AS due_on
                       FROM @extschema@.repair_condition AS o
                      WHERE o.act = 'objection' AND o.kind = 'term' AND o.rule = 'withdraw' AND o.approved_on <= c.entered_on AND o.superseded_on > c.entered_on
                        AND c.entered_on BETWEEN coalesce(o.in_force_from, '-infinity') AND coalesce(o.in_force_until, 'infinity')
                        AND (o.field IS NULL OR o.field = r.field)
                      ORDER BY o.field NULLS LAST LIMIT 1) AS d
 WHERE c.state = 'waiting' AND d.due_on < @extschema@.today();
COMMENT ON VIEW @extschema@.record_change_overdue IS '处罚记录的变更逾期未审核：可能有误的记录仍在计入和公示 / changes of penalties that should have been verified or rejected by now: what may be wrong goes on counting, and being public';
COMMENT ON COLUMN @extschema@.record_change_overdue.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.record_change_overdue.change_id IS '变更编号 / number of the change';
COMMENT ON COLUMN @extschema@.record_change_overdue.record_id IS '记录标识 / record';
COMMENT ON COLUMN @extschema@.record_change_overdue.entered_on IS '录入日 / day on which it was entered';
COMMENT ON COLUMN @extschema@.record_change_overdue.entered_by IS '录入人，不得由其审核 / who entered it, and may not verify it';
COMMENT ON COLUMN @extschema@.record_change_overdue.due_on IS '应审核之日：处罚信息更正后的撤下期限 / last day: that for withdrawing what was corrected';
COMMENT ON COLUMN @extschema@.record_change_overdue.days_late IS '逾期天数 / days since';

-- ---------------------------------------------------------------------------
-- What stands in the way
-- ---------------------------------------------------------------------------

-- Why a commitment named as evidence is no public pledge of this subject; NULL if it is one.
CREATE FUNCTION @extschema@._pledge_problem(subject @extschema@.subject_code, evidence jsonb, as_of date) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $pledge_problem$
DECLARE
	item record;
	problem text := '没有提交公开的信用承诺 / no public commitment was given';
BEGIN
	FOR item IN
		SELECT e.item ->> 'reference' AS code, c.type, c.openness, c.signed_on, c.performance
		  FROM jsonb_array_elements(evidence) AS e (item)
		  LEFT JOIN @extschema@.commitment AS c ON c.subject OPERATOR(@extschema@.=) _pledge_problem.subject AND c.code = e.item ->> 'reference'
		 WHERE e.item ->> 'kind' = 'commitment'
	LOOP
		problem := CASE WHEN item.type IS NULL THEN format('没有编号为 %s 的承诺 / there is no commitment %1$s of this subject', item.code)
		                WHEN item.type <> 'repair' THEN format('承诺 %s 不是信用修复承诺 / commitment %1$s is none for repair', item.code)
		                WHEN item.openness <> 'public' THEN format('承诺 %s 没有公开 / commitment %1$s is not public', item.code)
		                WHEN (item.signed_on <= as_of) IS NOT TRUE THEN format('承诺 %s 没有签署 / commitment %1$s is not signed', item.code)
		                WHEN item.performance IN ('partly_fulfilled', 'not_fulfilled') THEN format('承诺 %s 没有履行 / commitment %1$s was not kept', item.code) END;
		EXIT WHEN problem IS NULL;
	END LOOP;
	RETURN problem;
END
$pledge_problem$;
REVOKE ALL ON FUNCTION @extschema@._pledge_problem(@extschema@.subject_code, jsonb, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._pledge_problem(@extschema@.subject_code, jsonb, date) IS '公开信用承诺的欠缺，没有则为空 / what is wrong with the public pledge; NULL: nothing';

-- Subjects that attended since a day.
CREATE FUNCTION @extschema@._attended(subject @extschema@.subject_code, kinds text[], since date, as_of date) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $attended$
BEGIN
	RETURN EXISTS (
		SELECT FROM @extschema@.training_attendance AS a JOIN @extschema@.training_event AS e ON e.event_id = a.event_id
		 WHERE a.subject OPERATOR(@extschema@.=) _attended.subject AND e.kind = ANY (kinds) AND a.withdrawn_on IS NULL
		   AND e.held_on >= coalesce(since, '-infinity') AND e.held_on <= as_of);
END
$attended$;
REVOKE ALL ON FUNCTION @extschema@._attended(@extschema@.subject_code, text[], date, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._attended(@extschema@.subject_code, text[], date, date) IS '自某日起是否参加过培训、约谈 / whether a subject attended since a day';

-- How often something that bars has happened within the months before a day, and the last day on which it bars.
CREATE FUNCTION @extschema@._bar_count(r @extschema@.repair_condition, subject @extschema@.subject_code, records uuid[], behaviour text, as_of date,
	OUT times bigint, OUT until date)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $bar_count$
BEGIN
	IF r.rule IN ('serious_within', 'fairly_serious_within') THEN
		-- what is unknown never counts against the subject; nor what is repaired, revoked, or waits for a second person
		SELECT count(*), (array_agg(@extschema@.add_months_civil(f.decided_on, r.months) ORDER BY f.decided_on DESC))[r.count] INTO times, until
		  FROM @extschema@.record AS f
		 WHERE f.subject OPERATOR(@extschema@.=) _bar_count.subject AND f.known_until = 'infinity' AND f.kind IN ('penalty', 'act', 'inspection')
		   AND f.severity = ANY (CASE r.rule WHEN 'serious_within' THEN ARRAY['serious', 'very_serious'] ELSE ARRAY['fairly_serious', 'serious', 'very_serious'] END)
		   AND f.revoked_on IS NULL AND f.repaired_on IS NULL
		   AND NOT EXISTS (
				SELECT FROM @extschema@.unverified_record AS w WHERE w.subject OPERATOR(@extschema@.=) f.subject AND w.record_id = f.record_id AND w.change_id IS NULL)
		   AND (r.counts_itself OR f.record_id <> ALL (records))
		   AND f.decided_on <= as_of AND as_of <= @extschema@.add_months_civil(f.decided_on, r.months);
	ELSIF r.rule = 'fraud_within' THEN
		SELECT count(*), (array_agg(@extschema@.add_months_civil(s.step_on, r.months) ORDER BY s.step_on DESC))[r.count] INTO times, until
		  FROM @extschema@.proceeding AS p
		  JOIN @extschema@.proceeding_step AS s ON s.subject OPERATOR(@extschema@.=) p.subject AND s.proceeding_id = p.proceeding_id
		 WHERE p.subject OPERATOR(@extschema@.=) _bar_count.subject AND p.kind = 'repair'
		   AND (s.event = 'revoke' AND p.state <> 'repaired' OR s.event = 'reject' AND s.data -> 'fraud' = 'true' AND p.state IN ('rejected', 'appealed', 'confirmed'))
		   AND s.step_on <= as_of AND as_of <= @extschema@.add_months_civil(s.step_on, r.months);
	ELSE
		-- a repair that was granted anew on appeal is one repair
		SELECT count(*), (array_agg(@extschema@.add_months_civil(e.repaired_on, r.months) - 1 ORDER BY e.repaired_on DESC))[r.count] INTO times, until
		  FROM (SELECT o.proceeding_id, max(o.use_ended_on) AS repaired_on FROM @extschema@.repair_effect AS o
		         WHERE o.subject OPERATOR(@extschema@.=) _bar_count.subject AND o.revived_on IS NULL
		           AND (r.rule <> 'same_kind_repair_within'
		                OR EXISTS (SELECT FROM @extschema@.record AS f WHERE f.subject OPERATOR(@extschema@.=) o.subject AND f.record_id = o.record_id
		                             AND f.known_until = 'infinity' AND f.behaviour = _bar_count.behaviour))
		         GROUP BY o.proceeding_id) AS e
		 WHERE e.repaired_on <= as_of AND as_of < @extschema@.add_months_civil(e.repaired_on, r.months);
	END IF;
END
$bar_count$;
REVOKE ALL ON FUNCTION @extschema@._bar_count(@extschema@.repair_condition, @extschema@.subject_code, uuid[], text, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._bar_count(@extschema@.repair_condition, @extschema@.subject_code, uuid[], text, date) IS '限制事由在期间内的次数及受限末日 / how often a ground of a bar occurred, and the last day of the bar';

-- All that is not met and all that bars, for one record or one list entry; records are all those of the application.
-- The day of the correction is for the department to enter: without it nothing is granted, but whoever gives evidence may apply, and has the periods run.
CREATE FUNCTION @extschema@._repair_problems(subject @extschema@.subject_code, record_id uuid, entry_id bigint, records uuid[], as_of date, evidence jsonb,
	deciding boolean DEFAULT false)
	RETURNS TABLE (kind text, rule text, name text, problem text, clause text, remedy text, until date)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $repair_problems$
#variable_conflict use_column
DECLARE
	f @extschema@.record;
	e @extschema@.list_entry;
	pub record;
	r @extschema@.repair_condition;
	bar record;
	of_class text;
	of_regime text;
	since date;
BEGIN
	clause := NULL;
	kind := 'object';
	IF record_id IS NOT NULL THEN
		f := @extschema@._current_record(_repair_problems.subject, _repair_problems.record_id);
		rule := CASE WHEN f.kind NOT IN ('penalty', 'act', 'inspection', 'commitment') THEN 'kind' WHEN f.revoked_on IS NOT NULL THEN 'revoked'
		             WHEN f.repaired_on IS NOT NULL THEN 'repaired' WHEN EXISTS (
		                  -- a change of it that waits is the department's to look at, and keeps no repair waiting
		                  SELECT FROM @extschema@.unverified_record AS w
		                   WHERE w.subject OPERATOR(@extschema@.=) f.subject AND w.record_id = f.record_id AND w.change_id IS NULL) THEN 'unverified' END;
		IF rule IS NOT NULL THEN
			name := CASE rule WHEN 'kind' THEN '不属于失信记录' WHEN 'revoked' THEN '记录已撤销' WHEN 'repaired' THEN '记录已修复' ELSE '记录待审核' END;
			problem := CASE rule WHEN 'kind' THEN format('a record of kind %s is nothing to repair', f.kind) WHEN 'revoked' THEN format('it was revoked on %s', f.revoked_on)
			                     WHEN 'repaired' THEN format('it was repaired on %s', f.repaired_on) ELSE 'it waits for a second person' END;
			remedy := CASE rule WHEN 'unverified' THEN 'another officer verifies it, citycredit.verify_record()' ELSE 'leave it out' END;
			RETURN NEXT;
		END IF;
		SELECT p.regime, p.class, p.min_until, p.reason, p.clause INTO pub FROM @extschema@._publicity_of(_repair_problems.subject, as_of) AS p
		 WHERE p.record_id = _repair_problems.record_id AND f.kind IN ('penalty', 'act', 'inspection', 'commitment');
		of_regime := pub.regime;
		of_class := pub.class;
		since := f.decided_on;
	ELSE
		SELECT l.* INTO e FROM @extschema@.list_entry AS l
		 WHERE l.subject OPERATOR(@extschema@.=) _repair_problems.subject AND l.entry_id = _repair_problems.entry_id;
		IF NOT FOUND THEN
			RAISE EXCEPTION 'list entry % of subject "%" does not exist', entry_id, subject
				USING ERRCODE = 'undefined_object', HINT = 'The entries and their stages are in citycredit.listing.';
		END IF;
		rule := CASE WHEN e.origin <> 'own' THEN 'imported' WHEN e.list NOT IN ('black', 'watch', 'focus') THEN 'kind'
		             WHEN e.recognised_on IS NULL OR e.removed_on IS NOT NULL OR e.listed_until < as_of THEN 'not_listed' END;
		IF rule IS NOT NULL THEN
			name := CASE rule WHEN 'imported' THEN '由其他机关认定' WHEN 'kind' THEN '不属于失信名单' ELSE '不在名单上' END;
			problem := CASE rule WHEN 'imported' THEN format('it was recognised by "%s"', e.department) WHEN 'kind' THEN 'to be on a red list is nothing to repair'
			                     ELSE format('it is not on the list on %s', as_of) END;
			remedy := CASE rule WHEN 'imported' THEN 'apply to whoever recognised it' ELSE 'leave it out' END;
			RETURN NEXT;
		END IF;
		since := e.listed_from;
	END IF;

	FOR r IN SELECT c.* FROM @extschema@._repair_rules('repair', as_of, of_regime, of_class, f.field) AS c WHERE c.kind IN ('condition', 'bar') ORDER BY c.kind DESC, c.id LOOP
		kind := r.kind;
		rule := r.rule;
		name := r.name;
		clause := coalesce(r.source, r.name);
		problem := NULL;
		remedy := NULL;
		until := NULL;
		IF r.rule = 'min_period' AND record_id IS NOT NULL THEN
			-- minor breaches need no minimum once the obligations are performed
			IF pub.min_until >= as_of AND NOT EXISTS (
					SELECT FROM @extschema@._repair_rules('repair', as_of, of_regime, of_class, f.field) AS o WHERE o.rule = 'obligations_performed') THEN
				until := pub.min_until;
				problem := format('the minimum publicity lasts through %s', until);
				remedy := format('apply from %s on', until + 1);
				clause := concat_ws('；', r.source, pub.clause);
			ELSIF pub.reason = 'undetermined' THEN
				problem := 'the class of the breach is not determined, so its minimum publicity is unknown';
				remedy := 'the department determines the class: citycredit.determine_publicity()';
			END IF;
		ELSIF r.rule = 'list_min_period' AND entry_id IS NOT NULL THEN
			until := @extschema@.add_months_civil(e.listed_from, r.months);
			IF until >= as_of THEN
				problem := format('the minimum time on the list lasts through %s', until);
				remedy := format('apply from %s on', until + 1);
			END IF;
		ELSIF r.rule = 'corrected' THEN
			problem := concat_ws(' and ',
				CASE WHEN record_id IS NOT NULL AND (f.corrected_on <= as_of) IS NOT TRUE AND (deciding OR NOT @extschema@._has_evidence(evidence, 'correction')) THEN 'no day of correction is on record' END,
				CASE WHEN NOT @extschema@._has_evidence(evidence, 'correction') THEN 'evidence of the correction is missing' END,
				CASE WHEN f.kind = 'penalty' AND NOT @extschema@._has_evidence(evidence, 'obligations') THEN 'evidence that the penalty was performed is missing' END);
			problem := CASE WHEN problem <> '' THEN problem END;
			remedy := 'correct the act and perform what was imposed; give evidence of kinds correction and obligations; the department enters the day by citycredit.classify_record()';
		ELSIF r.rule = 'obligations_performed' THEN
			problem := CASE WHEN NOT @extschema@._has_evidence(evidence, 'obligations') THEN 'evidence that the legal obligations were performed is missing' END;
			remedy := 'give evidence of kind obligations';
		ELSIF r.rule = 'public_commitment' THEN
			problem := @extschema@._pledge_problem(_repair_problems.subject, evidence, as_of);
			remedy := 'sign a public commitment of type repair (citycredit.inform_commitment()) and give its code as evidence of kind commitment';
		ELSIF r.rule IN ('training', 'interview') THEN
			problem := CASE WHEN NOT @extschema@._attended(_repair_problems.subject, ARRAY[r.rule], since, as_of) THEN format('no %s has been attended since %s', r.rule, since) END;
			remedy := format('attend one; the department records it by citycredit.record_attendance()');
		ELSIF r.rule IN ('credit_report', 'public_welfare') THEN
			problem := CASE WHEN NOT @extschema@._has_evidence(evidence, r.rule) THEN format('evidence of kind %s is missing', r.rule) END;
			remedy := format('give evidence of kind %s', r.rule);
		ELSIF r.rule = 'not_repairable' THEN
			problem := 'it cannot be repaired while it is public';
			remedy := 'wait for the end of its publicity';
		ELSIF r.rule LIKE '%\_within' THEN
			bar := @extschema@._bar_count(r, _repair_problems.subject, records, f.behaviour, as_of);
			IF bar.times >= r.count THEN
				until := bar.until;
				problem := format('%s within %s months, %s or more bar a repair', bar.times, r.months, r.count);
				remedy := format('apply from %s on', until + 1);
			END IF;
		END IF;
		IF problem IS NOT NULL THEN
			RETURN NEXT;
		END IF;
	END LOOP;

	-- bars that the measures themselves set; an example binds nobody
	FOR r.name IN
		SELECT t.policy FROM @extschema@.standing AS t JOIN @extschema@.policy AS p ON p.policy = t.policy AND p.version = t.version AND p.status = 'adopted'
		 WHERE t.subject OPERATOR(@extschema@.=) _repair_problems.subject AND NOT p.example ORDER BY t.policy
	LOOP
		RETURN QUERY
		SELECT 'policy_bar', v.rule, v.name, format('measure "%s" bars it', r.name), v.clause, format('citycredit.explain() of measure "%s" tells why and until when', r.name), NULL::date
		  FROM @extschema@._effects_on(_repair_problems.subject, r.name, as_of, 'infinity') AS v WHERE v.effect = 'bar' AND v.matter = '信用修复';
	END LOOP;
END
$repair_problems$;
REVOKE ALL ON FUNCTION @extschema@._repair_problems(@extschema@.subject_code, uuid, bigint, uuid[], date, jsonb, boolean) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._repair_problems(@extschema@.subject_code, uuid, bigint, uuid[], date, jsonb, boolean) IS '一条记录或名单条目修复的全部欠缺与限制 / all that stands in the way of repairing a record or a list entry';

CREATE FUNCTION @extschema@._has_evidence(evidence jsonb, kind text) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $has_evidence$
	SELECT EXISTS (SELECT FROM jsonb_array_elements(evidence) AS e (item) WHERE e.item ->> 'kind' = _has_evidence.kind)
$has_evidence$;
REVOKE ALL ON FUNCTION @extschema@._has_evidence(jsonb, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._has_evidence(jsonb, text) IS '有无某种证据 / whether evidence of a kind is there';

CREATE FUNCTION @extschema@.repair_problems(subject @extschema@.subject_code, record_id uuid DEFAULT NULL, as_of date DEFAULT @extschema@.today(),
	evidence jsonb DEFAULT '[]', entry_id bigint DEFAULT NULL)
	RETURNS TABLE (kind text, rule text, name text, problem text, clause text, remedy text, until date)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $repair_problems$
BEGIN
	PERFORM @extschema@._require_sight(repair_problems.subject);
	IF num_nonnulls(record_id, entry_id) <> 1 THEN
		RAISE EXCEPTION 'problems are those of one record or one list entry' USING ERRCODE = 'invalid_parameter_value';
	ELSIF jsonb_typeof(evidence) IS DISTINCT FROM 'array' THEN
		RAISE EXCEPTION 'evidence is no array' USING ERRCODE = 'invalid_parameter_value', HINT = 'Write it as [{"kind": ..., "reference": ...}].';
	END IF;
	RETURN QUERY SELECT p.* FROM @extschema@._repair_problems(repair_problems.subject, repair_problems.record_id, repair_problems.entry_id,
		array_remove(ARRAY[repair_problems.record_id], NULL), as_of, evidence) AS p;
END
$repair_problems$;
REVOKE ALL ON FUNCTION @extschema@.repair_problems(@extschema@.subject_code, uuid, date, jsonb, bigint) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.repair_problems(@extschema@.subject_code, uuid, date, jsonb, bigint) IS
	'申请修复之前可查：某日尚欠的条件和所受的限制，各附依据和办法；没有行即可申请 / what stands in the way of a repair on a day: every unmet condition and bar with its clause and what to do; no row: it may be applied for';

-- One error that names everything.
CREATE FUNCTION @extschema@._require_repairable(p @extschema@.proceeding, as_of date, deciding boolean) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $require_repairable$
DECLARE
	records uuid[] := ARRAY(SELECT u.id::uuid FROM jsonb_array_elements_text(coalesce(p.about -> 'records', '[]')) AS u (id));
	evidence jsonb;
	found record;
BEGIN
	SELECT coalesce(jsonb_agg(i.item), '[]') INTO evidence
	  FROM @extschema@.proceeding_step AS s CROSS JOIN LATERAL jsonb_array_elements(s.evidence) AS i (item)
	 WHERE s.subject OPERATOR(@extschema@.=) p.subject AND s.proceeding_id = p.proceeding_id;
	SELECT count(*) AS problems, string_agg(format('%s: %s, %s (%s); %s.', o.what, q.name, q.problem, coalesce(q.clause, 'citycredit'), q.remedy), E'\n' ORDER BY o.what, q.n) AS detail
	  INTO found
	  FROM (SELECT format('record %s', (SELECT f.document FROM @extschema@.record AS f WHERE f.subject OPERATOR(@extschema@.=) p.subject AND f.record_id = u.id
	                                            AND f.known_until = 'infinity')) AS what, u.id AS record_id, NULL::bigint AS entry_id
	          FROM unnest(records) AS u (id)
	        UNION ALL
	        SELECT format('list entry %s', u.id), NULL, u.id::bigint
	          FROM jsonb_array_elements_text(coalesce(p.about -> 'entries', '[]')) AS u (id)) AS o
	 CROSS JOIN LATERAL @extschema@._repair_problems(p.subject, o.record_id, o.entry_id, records, as_of, evidence, deciding)
	       WITH ORDINALITY AS q (kind, rule, name, problem, clause, remedy, until, n);
	IF found.problems > 0 THEN
		RAISE EXCEPTION 'the repair of subject "%" lacks % of its conditions', p.subject, found.problems
			USING ERRCODE = 'check_violation', CONSTRAINT = 'repair_condition', DETAIL = found.detail,
			      HINT = 'citycredit.repair_problems() tells them before an application.';
	END IF;
END
$require_repairable$;
REVOKE ALL ON FUNCTION @extschema@._require_repairable(@extschema@.proceeding, date, boolean) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._require_repairable(@extschema@.proceeding, date, boolean) IS '有欠缺或限制即拒绝，一次说明全部 / refuses a repair, naming everything that stands in its way';

-- ---------------------------------------------------------------------------
-- What the steps entail
-- ---------------------------------------------------------------------------

-- A version is evaluated as of the day on which the record was recorded: what takes effect today is brought up to today in the same transaction.
CREATE FUNCTION @extschema@._settle_standings(subject @extschema@.subject_code) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $settle_standings$
BEGIN
	IF EXISTS (SELECT FROM @extschema@.standing_stored AS s
	            WHERE s.subject OPERATOR(@extschema@.=) _settle_standings.subject AND s.next_change_on <= @extschema@.today()) THEN
		PERFORM @extschema@._regrade(ARRAY[subject], @extschema@.today(), false, 'day');
	END IF;
END
$settle_standings$;
REVOKE ALL ON FUNCTION @extschema@._settle_standings(@extschema@.subject_code) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._settle_standings(@extschema@.subject_code) IS '使主体的评价截至当日 / brings the standings of a subject up to today';

-- From its day on the records do not count; what they held a list by, ends in the same transaction.
CREATE FUNCTION @extschema@._grant_repair(p @extschema@.proceeding, s @extschema@.proceeding_step) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $grant_repair$
DECLARE
	-- granted anew on appeal, the repair has its first day: it was wrongly taken back
	day date := coalesce((SELECT min(o.use_ended_on) FROM @extschema@.repair_effect AS o
	                       WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.proceeding_id = p.proceeding_id), s.step_on);
	held bigint[];
	f @extschema@.record;
	e record;
	id uuid;
	n integer := 0;
BEGIN
	SELECT coalesce(array_agg(l.entry_id), '{}') INTO held FROM @extschema@.listing AS l
	 WHERE l.subject OPERATOR(@extschema@.=) p.subject AND l.stage IN ('listed', 'suspended') AND l.basis_holds AND l.list <> 'red';
	FOR id IN SELECT u.id::uuid FROM jsonb_array_elements_text(coalesce(p.about -> 'records', '[]')) AS u (id) ORDER BY 1 LOOP
		f := @extschema@._current_record(p.subject, id);
		-- where silence grants, it may have been revoked meanwhile
		CONTINUE WHEN f.revoked_on IS NOT NULL OR f.repaired_on IS NOT NULL;
		PERFORM @extschema@._new_version(p.subject, id, jsonb_build_object('repaired_on', day)
			|| (@extschema@._by_hand(f.detail, format('信用修复，程序 %s / repaired, proceeding %1$s', p.proceeding_id)) - ARRAY['entered_by', 'verified_by']));
		n := n + 1;
		INSERT INTO @extschema@.repair_effect (subject, proceeding_id, seq, item, record_id, publicity_ended_on, sharing_ended_on, use_ended_on, regime)
		VALUES (p.subject, p.proceeding_id, s.seq, n, id, day, day, day,
		        (SELECT u.regime FROM @extschema@._publicity_of(p.subject, day) AS u WHERE u.record_id = id));
		PERFORM @extschema@._owe_withdrawal(p.subject, id, NULL, 'repair', p.proceeding_id, s.step_on, s.step_on, p.field);
	END LOOP;
	PERFORM @extschema@._settle_standings(p.subject);
	-- those applied for, and those whose basis the repair has taken away; an entry whose basis had merely run its time stays for its term
	FOR e IN
		SELECT l.entry_id FROM @extschema@.listing AS l
		 WHERE l.subject OPERATOR(@extschema@.=) p.subject AND l.stage IN ('listed', 'suspended') AND l.origin = 'own'
		   AND (coalesce(p.about -> 'entries', '[]') @> to_jsonb(l.entry_id) OR l.entry_id = ANY (held) AND NOT l.basis_holds)
		 ORDER BY l.entry_id
	LOOP
		PERFORM @extschema@._leave_by_repair(p.subject, e.entry_id, p.proceeding_id);
		n := n + 1;
		INSERT INTO @extschema@.repair_effect (subject, proceeding_id, seq, item, entry_id, publicity_ended_on, sharing_ended_on, use_ended_on)
		VALUES (p.subject, p.proceeding_id, s.seq, n, e.entry_id, day, day, day);
		PERFORM @extschema@._owe_withdrawal(p.subject, NULL, e.entry_id, 'repair', p.proceeding_id, s.step_on, s.step_on, p.field);
	END LOOP;
END
$grant_repair$;
REVOKE ALL ON FUNCTION @extschema@._grant_repair(@extschema@.proceeding, @extschema@.proceeding_step) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._grant_repair(@extschema@.proceeding, @extschema@.proceeding_step) IS '准予修复的效力：记录新版本、名单退出 / what a granted repair does to records and lists';

CREATE FUNCTION @extschema@._revoke_repair(p @extschema@.proceeding, s @extschema@.proceeding_step) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $revoke_repair$
DECLARE
	ended @extschema@.repair_effect;
	f @extschema@.record;
BEGIN
	FOR ended IN
		SELECT o.* FROM @extschema@.repair_effect AS o
		 WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.proceeding_id = p.proceeding_id AND o.revived_on IS NULL ORDER BY o.seq, o.item
	LOOP
		IF ended.record_id IS NOT NULL THEN
			f := @extschema@._current_record(p.subject, ended.record_id);
			PERFORM @extschema@._new_version(p.subject, ended.record_id, jsonb_build_object('repaired_on', NULL)
				|| (@extschema@._by_hand(f.detail, format('修复被撤销，程序 %s / the repair was revoked, proceeding %1$s', p.proceeding_id)) - ARRAY['entered_by', 'verified_by']));
		ELSE
			PERFORM @extschema@._revive_after_fraud(p.subject, ended.entry_id, format('修复因弄虚作假被撤销，程序 %s / its repair was revoked for fraud, proceeding %1$s', p.proceeding_id));
		END IF;
		UPDATE @extschema@.repair_effect AS o SET revived_on = s.step_on
		 WHERE o.subject OPERATOR(@extschema@.=) ended.subject AND o.proceeding_id = ended.proceeding_id AND o.seq = ended.seq AND o.item = ended.item;
	END LOOP;
	UPDATE @extschema@.withdrawal AS w SET lapsed_on = s.step_on
	 WHERE w.subject OPERATOR(@extschema@.=) p.subject AND w.proceeding_id = p.proceeding_id AND w.withdrawn_on IS NULL AND w.lapsed_on IS NULL;
	PERFORM @extschema@._settle_standings(p.subject);
END
$revoke_repair$;
REVOKE ALL ON FUNCTION @extschema@._revoke_repair(@extschema@.proceeding, @extschema@.proceeding_step) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._revoke_repair(@extschema@.proceeding, @extschema@.proceeding_step) IS '撤销修复的效力：记录自当日起重新计入，名单恢复 / what a revoked repair does: from its day on the records count again, the lists are revived';

-- Whoever meets the conditions has a claim: an application is turned down for a condition or bar that is found or named, and for nothing else.
CREATE FUNCTION @extschema@._require_ground(p @extschema@.proceeding, s @extschema@.proceeding_step) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $require_ground$
BEGIN
	IF s.from_state = 'supplement' OR s.data -> 'fraud' = 'true'
	   OR EXISTS (SELECT FROM @extschema@.proceeding_step AS o WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.proceeding_id = p.proceeding_id
	                 AND (o.event = 'object' AND o.from_state = 'publicised' OR o.event = 'accept' AND jsonb_array_length(coalesce(o.data -> 'conditions', '[]')) > 0))
	   OR EXISTS (SELECT FROM @extschema@.repair_condition AS c WHERE c.act = 'repair' AND c.kind IN ('condition', 'bar') AND c.rule = s.data ->> 'ground'
	                 AND c.approved_on <= s.step_on AND c.superseded_on > s.step_on) THEN
		RETURN;
	END IF;
	BEGIN
		PERFORM @extschema@._require_repairable(p, s.step_on, true);
	EXCEPTION WHEN check_violation THEN
		RETURN;					-- something stands in the way, and repair_problems() names it
	END;
	PERFORM @extschema@._refuse_step('repair_ground', format('"%s" names no condition or bar', s.event), 'Nothing that is on record stands in the way of this repair.',
		'Give "data": {"ground": rule}, a condition or bar of citycredit.repair_condition that is not met, or {"fraud": true} where papers were false.');
END
$require_ground$;
REVOKE ALL ON FUNCTION @extschema@._require_ground(@extschema@.proceeding, @extschema@.proceeding_step) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._require_ground(@extschema@.proceeding, @extschema@.proceeding_step) IS '不予受理、不予修复须指明条件或限制 / refuses to turn an application down for no condition or bar';

CREATE FUNCTION @extschema@._on_repair(subject @extschema@.subject_code, proceeding_id bigint, seq integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $on_repair$
DECLARE
	p @extschema@.proceeding;
	s @extschema@.proceeding_step;
	found text;
BEGIN
	SELECT o.* INTO STRICT p FROM @extschema@.proceeding AS o
	 WHERE o.subject OPERATOR(@extschema@.=) _on_repair.subject AND o.proceeding_id = _on_repair.proceeding_id;
	IF NOT p.about ?| ARRAY['records', 'entries'] THEN
		RAISE EXCEPTION 'a repair is about records or list entries'
			USING ERRCODE = 'invalid_parameter_value', DETAIL = format('This one is about %s.', p.about), HINT = 'Use citycredit.apply_repair().';
	END IF;
	SELECT o.* INTO STRICT s FROM @extschema@.proceeding_step AS o
	 WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.proceeding_id = p.proceeding_id AND o.seq = _on_repair.seq;
	PERFORM @extschema@._lock_standing(p.subject);

	IF s.event = 'apply' THEN
		PERFORM @extschema@._touch_subject(p.subject);
		SELECT string_agg(o.proceeding_id::text, ', ' ORDER BY o.proceeding_id) INTO found FROM @extschema@.proceeding AS o
		 WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.kind = 'repair' AND NOT o.closed AND o.proceeding_id <> p.proceeding_id
		   AND (EXISTS (SELECT FROM jsonb_array_elements(coalesce(p.about -> 'records', '[]')) AS u (id) WHERE o.about -> 'records' @> u.id)
		        OR EXISTS (SELECT FROM jsonb_array_elements(coalesce(p.about -> 'entries', '[]')) AS u (id) WHERE o.about -> 'entries' @> u.id));
		IF found IS NOT NULL THEN
			RAISE EXCEPTION 'a repair of what is applied for is open for subject "%"', p.subject
				USING ERRCODE = 'unique_violation', CONSTRAINT = 'proceeding_open', DETAIL = format('It is proceeding %s.', found),
				      HINT = 'Go on with that one, or wait for its outcome: citycredit.repair shows its next steps.';
		END IF;
		PERFORM @extschema@._require_repairable(p, s.step_on, false);
	ELSIF s.event = 'grant' THEN
		IF s.from_state = 'accepted' AND p.terms ? 'publicity' THEN
			PERFORM @extschema@._refuse_step('repair_publicity', '"grant" needs the publicity of the repair first', 'A period of publicity is set for this repair.',
				'The next step is "publicise".');
		ELSIF s.reasons IS NULL AND EXISTS (
				SELECT FROM @extschema@.proceeding_step AS o
				 WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.proceeding_id = p.proceeding_id AND o.event = 'object' AND o.from_state = 'publicised') THEN
			PERFORM @extschema@._refuse_step('proceeding_step_reasons', '"grant" needs reasons', 'The repair was objected to during its publicity.',
				'Say in "reasons" of the details why the objections do not stand in its way.');
		END IF;
		-- 国家发展和改革委员会令第36号: other conditions by law, which the department names when it accepts
		SELECT string_agg(c.kind, ', ') INTO found
		  FROM @extschema@.proceeding_step AS o CROSS JOIN LATERAL jsonb_array_elements_text(coalesce(o.data -> 'conditions', '[]')) AS c (kind)
		 WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.proceeding_id = p.proceeding_id AND o.event = 'accept'
		   AND NOT EXISTS (SELECT FROM @extschema@.proceeding_step AS g WHERE g.subject OPERATOR(@extschema@.=) p.subject AND g.proceeding_id = p.proceeding_id
		                      AND @extschema@._has_evidence(g.evidence, c.kind));
		IF found IS NOT NULL THEN
			PERFORM @extschema@._refuse_step('proceeding_step_evidence', format('"grant" lacks evidence: %s', found),
				'The department named these conditions when it accepted the application.', 'Give "evidence": [{"kind": ..., "reference": ...}] in the details.');
		END IF;
		PERFORM @extschema@._require_repairable(p, s.step_on, true);
		PERFORM @extschema@._grant_repair(p, s);
	ELSIF s.event IN ('refuse', 'reject') THEN
		PERFORM @extschema@._require_ground(p, s);
	ELSIF s.event IN ('grant_by_silence', 'uphold_appeal') THEN
		PERFORM @extschema@._grant_repair(p, s);
	ELSIF s.event = 'revoke' THEN
		PERFORM @extschema@._revoke_repair(p, s);
	END IF;
END
$on_repair$;
REVOKE ALL ON FUNCTION @extschema@._on_repair(@extschema@.subject_code, bigint, integer) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._on_repair(@extschema@.subject_code, bigint, integer) IS '修复程序各步的后果 / what the steps of a repair entail';

-- A broken repair commitment: public to the maximum.
CREATE FUNCTION @extschema@._repair_pledge_broken() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $repair_pledge_broken$
DECLARE
	repaired record;
BEGIN
	FOR repaired IN
		SELECT DISTINCT o.record_id FROM @extschema@.proceeding_step AS s
		  JOIN @extschema@.proceeding AS p ON p.subject OPERATOR(@extschema@.=) s.subject AND p.proceeding_id = s.proceeding_id AND p.kind = 'repair'
		  JOIN @extschema@.repair_effect AS o ON o.subject OPERATOR(@extschema@.=) s.subject AND o.proceeding_id = s.proceeding_id
		 WHERE s.subject OPERATOR(@extschema@.=) NEW.subject AND o.record_id IS NOT NULL
		   AND s.evidence @> jsonb_build_array(jsonb_build_object('kind', 'commitment', 'reference', NEW.code))
		   AND EXISTS (SELECT FROM @extschema@._repair_rules('repair', @extschema@.today(), o.regime, NULL, p.field) AS r WHERE r.rule = 'commitment_broken')
	LOOP
		PERFORM @extschema@._set_publicity(NEW.subject, repaired.record_id, 'maximum', 'yes',
			format('违背修复承诺 %s / repair commitment %1$s was broken', NEW.code));
	END LOOP;
	RETURN NULL;
END
$repair_pledge_broken$;
REVOKE ALL ON FUNCTION @extschema@._repair_pledge_broken() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._repair_pledge_broken() IS '违背修复承诺的，公示至最长期限 / a broken repair commitment has its records public to the maximum';
CREATE TRIGGER repair_pledge_broken AFTER UPDATE OF performance ON @extschema@.commitment FOR EACH ROW
	WHEN (NEW.type = 'repair' AND NEW.performance IN ('partly_fulfilled', 'not_fulfilled')) EXECUTE FUNCTION @extschema@._repair_pledge_broken();

-- ---------------------------------------------------------------------------
-- What officers call
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.apply_repair(subject @extschema@.subject_code, record_ids uuid[], department text, evidence jsonb, entries bigint[] DEFAULT '{}',
	field text DEFAULT NULL, district text DEFAULT NULL, terms jsonb DEFAULT '{}', details jsonb DEFAULT '{}') RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off SET datestyle = 'ISO, YMD' AS $apply_repair$
#variable_conflict use_column
DECLARE
	about jsonb;
	fields text[];
	periods record;
BEGIN
	PERFORM @extschema@._require_sight(apply_repair.subject);
	IF num_nulls(subject, department, evidence, terms, details) > 0 THEN
		RAISE EXCEPTION 'an application needs subject, department, evidence, terms and details' USING ERRCODE = 'null_value_not_allowed';
	ELSIF cardinality(coalesce(record_ids, '{}')) + cardinality(coalesce(entries, '{}')) = 0 THEN
		RAISE EXCEPTION 'an application names records or list entries'
			USING ERRCODE = 'null_value_not_allowed', HINT = 'Records are in citycredit.credit_record, list entries in citycredit.listing.';
	ELSIF jsonb_typeof(details) <> 'object' OR details ? 'evidence' THEN
		RAISE EXCEPTION 'details of "apply" are an object without evidence'
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Evidence has an argument of its own.';
	END IF;
	about := jsonb_strip_nulls(jsonb_build_object(
		'records', (SELECT jsonb_agg(DISTINCT u.id) FROM unnest(record_ids) AS u (id)),
		'entries', (SELECT jsonb_agg(DISTINCT u.id) FROM unnest(entries) AS u (id))));
	-- where all records are of one field, its officers decide
	SELECT array_agg(DISTINCT (@extschema@._current_record(apply_repair.subject, u.id)).field) INTO fields FROM unnest(record_ids) AS u (id);
	IF apply_repair.field IS NULL AND cardinality(fields) = 1 THEN
		field := fields[1];
	END IF;
	periods := @extschema@._set_terms('repair', apply_repair.field, apply_repair.terms);
	RETURN @extschema@._open_proceeding(subject, 'repair', 'apply', department, about, apply_repair.field, district, periods.terms, periods.on_overdue,
		details || jsonb_build_object('evidence', evidence), NULL);
END
$apply_repair$;
REVOKE ALL ON FUNCTION @extschema@.apply_repair(@extschema@.subject_code, uuid[], text, jsonb, bigint[], text, text, jsonb, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.apply_repair(@extschema@.subject_code, uuid[], text, jsonb, bigint[], text, text, jsonb, jsonb) IS
	'申请修复记录和（或）名单条目，返回程序编号；证据种类 correction 改正，obligations 履行义务，commitment 承诺编码，credit_report、public_welfare；不符合条件的一次说明全部 / applies for the repair of records and list entries, returns the number of the proceeding; evidence is of kinds correction, obligations, commitment (its code), credit_report, public_welfare; whatever is not met is named in one error';

CREATE FUNCTION @extschema@.advance_repair(subject @extschema@.subject_code, proceeding_id bigint, event text, details jsonb DEFAULT '{}') RETURNS @extschema@.repair_status
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $advance_repair$
#variable_conflict use_column
BEGIN
	PERFORM @extschema@._require_sight(advance_repair.subject);
	IF num_nulls(subject, proceeding_id, event, details) > 0 THEN
		RAISE EXCEPTION 'a step needs subject, proceeding_id, event and details' USING ERRCODE = 'null_value_not_allowed';
	ELSIF NOT EXISTS (SELECT FROM @extschema@.proceeding AS p WHERE p.subject OPERATOR(@extschema@.=) advance_repair.subject
			AND p.proceeding_id = advance_repair.proceeding_id AND p.kind = 'repair') THEN
		RAISE EXCEPTION 'repair % of subject "%" does not exist', proceeding_id, subject
			USING ERRCODE = 'undefined_object', HINT = 'The repairs are in citycredit.repair.';
	END IF;
	RETURN @extschema@._advance_proceeding(subject, proceeding_id, event, details, NULL)::@extschema@.repair_status;
END
$advance_repair$;
REVOKE ALL ON FUNCTION @extschema@.advance_repair(@extschema@.subject_code, bigint, text, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.advance_repair(@extschema@.subject_code, bigint, text, jsonb) IS
	'修复的一步，返回其后状态；受理时 data.conditions 为法律要求的其他证据种类，不予受理或者不予修复时 data.ground 为不符合的条件或者限制（repair_condition.rule），data.fraud 为 true 表示弄虚作假 / takes a step of a repair, returns the state after it; data.conditions of "accept" names further kinds of evidence that the law asks for, data.ground of "refuse" and "reject" the condition or bar that is not met (repair_condition.rule), data.fraud says that papers were false';

CREATE FUNCTION @extschema@.confirm_repair_sync(subject @extschema@.subject_code, proceeding_id bigint, synced_on date DEFAULT @extschema@.today()) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off SET datestyle = 'ISO, YMD' AS $confirm_repair_sync$
#variable_conflict use_column
DECLARE
	seen constant boolean := @extschema@._require_sight(confirm_repair_sync.subject);
	p @extschema@.proceeding := @extschema@._lock_proceeding(subject, proceeding_id);
	told integer;
BEGIN
	IF NOT @extschema@._competent(p.department, p.kind, p.field, p.district, ARRAY['officer', 'decider']) THEN
		RAISE EXCEPTION 'role "%" does not handle repairs of "%"', @extschema@.actor(), p.department
			USING ERRCODE = 'insufficient_privilege', HINT = 'Who acts for which department is in citycredit.department_competence.';
	ELSIF synced_on > @extschema@.today() OR synced_on < p.opened_on THEN
		RAISE EXCEPTION 'day % is not between the application and today', synced_on
			USING ERRCODE = 'datetime_field_overflow', DETAIL = format('It was applied for on %s; today is %s.', p.opened_on, @extschema@.today()),
			      HINT = 'Record the day on which it was told, on that day or after it.';
	END IF;
	told := @extschema@._confirm_withdrawals(p.subject, p.proceeding_id, NULL, confirm_repair_sync.synced_on);
	IF told = 0 THEN
		RAISE EXCEPTION 'repair % has nothing to be told upstream', proceeding_id
			USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'What each repair has ended is in citycredit.repair_effect, what is told in citycredit.withdrawal.';
	END IF;
	RETURN told;
END
$confirm_repair_sync$;
REVOKE ALL ON FUNCTION @extschema@.confirm_repair_sync(@extschema@.subject_code, bigint, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.confirm_repair_sync(@extschema@.subject_code, bigint, date) IS '登记修复结果已同步上级，返回项数 / records that the outcome of a repair was told upstream, returns how many items';

CREATE VIEW @extschema@.repair WITH (security_barrier) AS
SELECT t.subject, t.proceeding_id, t.state, t.state_zh, t.closed, t.since, t.department, t.field, t.district,
       ARRAY(SELECT u.id::uuid FROM jsonb_array_elements_text(coalesce(t.about -> 'records', '[]')) AS u (id)) AS records,
       ARRAY(SELECT u.id::bigint FROM jsonb_array_elements_text(coalesce(t.about -> 'entries', '[]')) AS u (id)) AS entries,
       t.opened_on AS applied_on, d.counted_from AS publicised_on, d.due_on AS publicised_until,
       (SELECT count(*) FROM @extschema@.proceeding_step AS s
         WHERE s.subject = t.subject AND s.proceeding_id = t.proceeding_id AND s.event = 'object' AND s.from_state = 'publicised') AS objections,
       e.repaired_on, e.revived_on, w.sync_due_on, w.synced_on, t.next_due_on, t.overdue OR coalesce(w.sync_due_on < @extschema@.today() AND w.synced_on IS NULL, false) AS overdue,
       t.next_steps
  FROM @extschema@.proceeding_today AS t
  LEFT JOIN @extschema@.proceeding_deadline AS d ON d.subject = t.subject AND d.proceeding_id = t.proceeding_id AND d.name = 'publicity'
  LEFT JOIN LATERAL (SELECT min(o.use_ended_on) AS repaired_on, max(o.revived_on) AS revived_on
                       FROM @extschema@.repair_effect AS o WHERE o.subject = t.subject AND o.proceeding_id = t.proceeding_id
                         AND o.seq = (SELECT max(l.seq) FROM @extschema@.repair_effect AS l WHERE l.subject = o.subject AND l.proceeding_id = o.proceeding_id)) AS e ON true
  LEFT JOIN LATERAL (SELECT max(o.due_on) AS sync_due_on, CASE WHEN bool_and(o.withdrawn_on IS NOT NULL) THEN max(o.withdrawn_on) END AS synced_on
                       FROM @extschema@.withdrawal AS o WHERE o.subject = t.subject AND o.proceeding_id = t.proceeding_id AND o.lapsed_on IS NULL) AS w ON true
 WHERE t.kind = 'repair' AND t.about ?| ARRAY['records', 'entries'];
COMMENT ON VIEW @extschema@.repair IS '信用修复：各申请当日的状态、公示、效力和期限 / repairs: where each application stands today, its publicity, effect and periods';
COMMENT ON COLUMN @extschema@.repair.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.repair.proceeding_id IS '程序编号 / proceeding';
COMMENT ON COLUMN @extschema@.repair.state IS '当日状态 / state today';
COMMENT ON COLUMN @extschema@.repair.state_zh IS '当日状态的中文名称 / its name in Chinese';
COMMENT ON COLUMN @extschema@.repair.closed IS '是否已有结果 / whether it has an outcome';
COMMENT ON COLUMN @extschema@.repair.since IS '自何日起 / since when';
COMMENT ON COLUMN @extschema@.repair.department IS '办理部门 / department';
COMMENT ON COLUMN @extschema@.repair.field IS '领域 / field';
COMMENT ON COLUMN @extschema@.repair.district IS '区 / district';
COMMENT ON COLUMN @extschema@.repair.records IS '申请修复的记录 / records applied for';
COMMENT ON COLUMN @extschema@.repair.entries IS '申请退出的名单条目 / list entries applied for';
COMMENT ON COLUMN @extschema@.repair.applied_on IS '申请日 / day of the application';
COMMENT ON COLUMN @extschema@.repair.publicised_on IS '修复公示之日 / day on which it was publicised';
COMMENT ON COLUMN @extschema@.repair.publicised_until IS '修复公示末日，任何人可提出异议 / last day of its publicity, until when anyone may object';
COMMENT ON COLUMN @extschema@.repair.objections IS '公示期内的异议数 / objections during its publicity';
COMMENT ON COLUMN @extschema@.repair.repaired_on IS '修复生效日 / day of effect';
COMMENT ON COLUMN @extschema@.repair.revived_on IS '被撤销之日 / day on which it was revoked';
COMMENT ON COLUMN @extschema@.repair.sync_due_on IS '应同步之日 / day by which it has to be told upstream';
COMMENT ON COLUMN @extschema@.repair.synced_on IS '已同步之日 / day on which it was';
COMMENT ON COLUMN @extschema@.repair.next_due_on IS '最近将届满的末日 / last day of the period that ends next';
COMMENT ON COLUMN @extschema@.repair.overdue IS '部门是否逾期（含同步） / whether the department has let a period pass, that of telling upstream included';
COMMENT ON COLUMN @extschema@.repair.next_steps IS '合法的下一步 / legal next steps';

-- ---------------------------------------------------------------------------
-- The two figures (关于城管系统信用建设的通知, 五; 002, 003): training or interview above one half; of the blacklisted at least one half, aim nine tenths
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@._pledged(subject @extschema@.subject_code, as_of date) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $pledged$
BEGIN
	RETURN EXISTS (SELECT FROM @extschema@.commitment AS c WHERE c.subject OPERATOR(@extschema@.=) _pledged.subject AND c.type = 'repair' AND c.openness = 'public'
		AND c.signed_on <= as_of);
END
$pledged$;
REVOKE ALL ON FUNCTION @extschema@._pledged(@extschema@.subject_code, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._pledged(@extschema@.subject_code, date) IS '是否公开作出信用修复承诺 / whether a subject has made a public commitment of repair';

CREATE FUNCTION @extschema@._stat_repair(as_of date) RETURNS TABLE (figure text, numerator bigint, denominator bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $stat_repair$
BEGIN
	-- subjects in breach: with a penalty that is neither revoked nor repaired, or that was repaired
	RETURN QUERY
	SELECT 'training', count(*) FILTER (WHERE @extschema@._attended(b.subject, ARRAY['training', 'interview'], b.first_day, as_of)), count(*)
	  FROM (SELECT r.subject, min(r.decided_on) AS first_day FROM @extschema@.record AS r
	         WHERE r.known_until = 'infinity' AND r.kind = 'penalty' AND r.revoked_on IS NULL AND r.decided_on <= as_of
	         GROUP BY r.subject) AS b;
	RETURN QUERY
	SELECT 'blacklisted', count(*) FILTER (WHERE @extschema@._attended(b.subject, ARRAY['training', 'interview'], b.first_day, as_of)
	                                         AND @extschema@._pledged(b.subject, as_of)), count(*)
	  FROM (SELECT e.subject, least(min(e.listed_from), min(r.decided_on)) AS first_day
	          FROM @extschema@.list_entry AS e
	          LEFT JOIN @extschema@.record AS r ON r.subject OPERATOR(@extschema@.=) e.subject AND r.known_until = 'infinity' AND r.kind = 'penalty' AND r.revoked_on IS NULL
	         WHERE e.list = 'black' AND NOT e.example AND e.listed_from <= as_of AND e.listed_until >= as_of AND (e.removed_on IS NULL OR e.removed_on > as_of)
	         GROUP BY e.subject) AS b;
END
$stat_repair$;
REVOKE ALL ON FUNCTION @extschema@._stat_repair(date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._stat_repair(date) IS '信用修复两项指标的分子与分母 / numerators and denominators of the two figures of repair';

CREATE VIEW @extschema@.stat_repair AS
SELECT f.figure, t.name, f.numerator, f.denominator, round(f.numerator::numeric / nullif(f.denominator, 0), 4) AS share, t.required, t.aim,
       CASE WHEN t.figure = 'training' THEN f.numerator > t.required * f.denominator ELSE f.numerator >= t.required * f.denominator END AS met
  FROM @extschema@._stat_repair(@extschema@.today()) AS f
  JOIN (VALUES ('training', '失信主体参加信用修复培训或者约谈的比例（超过）', 0.5, NULL::numeric),
               ('blacklisted', '黑名单主体公开承诺并参加培训或者约谈的比例（达到）', 0.5, 0.9)) AS t (figure, name, required, aim) ON t.figure = f.figure;
COMMENT ON VIEW @extschema@.stat_repair IS '信用修复两项指标，当日：失信主体为有未撤销处罚的主体 / the two figures of repair as of today; a subject in breach has a penalty that is not revoked';
COMMENT ON COLUMN @extschema@.stat_repair.figure IS 'training 培训或者约谈，blacklisted 黑名单主体 / figure';
COMMENT ON COLUMN @extschema@.stat_repair.name IS '名称 / name';
COMMENT ON COLUMN @extschema@.stat_repair.numerator IS '分子 / numerator';
COMMENT ON COLUMN @extschema@.stat_repair.denominator IS '分母 / denominator';
COMMENT ON COLUMN @extschema@.stat_repair.share IS '比例；分母为零时为空 / share; NULL where the denominator is 0';
COMMENT ON COLUMN @extschema@.stat_repair.required IS '要求：training 须超过，blacklisted 须达到 / required: to be exceeded by training, reached by blacklisted';
COMMENT ON COLUMN @extschema@.stat_repair.aim IS '力争超过 / aim to be exceeded';
COMMENT ON COLUMN @extschema@.stat_repair.met IS '是否达到要求 / whether the requirement is met';
