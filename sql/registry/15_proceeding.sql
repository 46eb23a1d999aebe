-- ---------------------------------------------------------------------------
-- Proceedings: anything with steps, service, periods, a decider and an appeal. One mechanism; the tables of steps are in the library
-- (proceeding_table(kind), doc/proceedings.md).
--
-- For whoever builds an instance (lists, repairs, commitments, objections, ...):
--   * open_proceeding() and advance_proceeding() are what officers call. A function of an instance that has checked more, or acts for the system,
--     calls _open_proceeding() and _advance_proceeding() instead: their last argument may be 'system', which no officer can say.
--   * What is particular to a kind is a hook: if the registry has a function
--         _on_KIND(subject subject_code, proceeding_id bigint, seq integer) RETURNS void        e.g. _on_repair(subject, proceeding_id, seq)
--     it is called after every step, the opening one included, in the same transaction and with the owner's rights, when proceeding, proceeding_step
--     and proceeding_deadline show the step. It writes what the step entails (a list entry, a version of a record, ...); it refuses the step by raising
--     an error, and everything is as before. Steps that the course of time takes are told to it too, with capacity 'system' and step_on the legal day.
--     It may take further steps, in this proceeding or in others, by _advance_proceeding(..., 'system').
--   * about holds what the proceeding is about, as references (record_id, entry_id, list, policy, rule, period, ...): of one kind, subject and about only
--     one proceeding is open at a time. What merely describes goes to details.data.
--   * terms holds the lengths of the periods that the steps set, by name, as deadline() reads them; policies say them, nothing has a default.
--     Those within which the subject or the public acts are not the officer's to choose: what is set for them (list_parameter,
--     set_proceeding_term()) is the least, and where nothing is set, none can be begun (_check_term()).
--     on_overdue says by period what the department's silence does: granted, refer or nothing. Nothing adverse can be said there.
--   * A kind with a function of its own that opens it is opened by that one alone (_opener()).
--   * Read the state from proceeding_today: it is right on every day, also when run_due() has not run.
--
-- details of a step, all optional but what the step needs:
--   on                its day, by default today; not before the step before
--   capacity          applicant, subject, department, decider or anyone, where the step may be taken in several
--   person            who acted, where the role in the database acts for somebody (counter, portal)
--   served_on, service_method, service_document      day, way and document of the service
--   evidence          [{"kind": "correction", "reference": "..."}]
--   reasons           text
--   terms             {"objection": {"working_days": 5}}: for this step, before those of the proceeding
--   appeal_to         department that an appeal goes to
--   data              object, kept for the instance
-- ---------------------------------------------------------------------------

-- ---------------------------------------------------------------------------
-- Competence
-- ---------------------------------------------------------------------------

CREATE TABLE @extschema@.department_competence (
	department  text NOT NULL CHECK (btrim(department) <> ''),
	role        text NOT NULL CHECK (btrim(role) <> ''),
	duty        text NOT NULL CONSTRAINT department_competence_duty CHECK (duty IN ('window', 'officer', 'decider')),
	act         text,
	field       text,
	district    text,
	valid_from  date NOT NULL DEFAULT @extschema@.today(),
	valid_until date NOT NULL DEFAULT 'infinity',
	entered_by  text NOT NULL DEFAULT @extschema@.actor(),
	CONSTRAINT department_competence_key UNIQUE NULLS NOT DISTINCT (department, role, duty, act, field, district, valid_from),
	CONSTRAINT department_competence_period CHECK (valid_from <= valid_until)
);
COMMENT ON TABLE @extschema@.department_competence IS '部门职权：数据库角色以何职责代表部门，限于何种程序、领域、区 / competence of departments: which role acts for which department, in what duty, for which kind of proceeding, field and district';
COMMENT ON COLUMN @extschema@.department_competence.department IS '部门 / department';
COMMENT ON COLUMN @extschema@.department_competence.role IS '数据库角色（具体人员） / role in the database: a person';
COMMENT ON COLUMN @extschema@.department_competence.duty IS '职责：window 窗口代为登记，officer 经办，decider 决定 / duty: window files for subjects and the public, officer handles, decider decides';
COMMENT ON COLUMN @extschema@.department_competence.act IS '程序种类，空为全部 / kind of proceeding; NULL: all';
COMMENT ON COLUMN @extschema@.department_competence.field IS '领域，空为全部 / field; NULL: all';
COMMENT ON COLUMN @extschema@.department_competence.district IS '区，空为全部 / district; NULL: all';
COMMENT ON COLUMN @extschema@.department_competence.valid_from IS '首日（含） / first day';
COMMENT ON COLUMN @extschema@.department_competence.valid_until IS '末日（含） / last day';
COMMENT ON COLUMN @extschema@.department_competence.entered_by IS '录入人 / who entered it';

-- ---------------------------------------------------------------------------
-- Proceedings, their log, their periods
-- ---------------------------------------------------------------------------

CREATE SEQUENCE @extschema@.proceeding_number AS bigint;
COMMENT ON SEQUENCE @extschema@.proceeding_number IS '程序编号 / numbers of proceedings';

CREATE TABLE @extschema@.proceeding (
	subject       @extschema@.subject_code NOT NULL,
	proceeding_id bigint NOT NULL DEFAULT nextval('@extschema@.proceeding_number'),
	last_seq      integer NOT NULL,
	last_on       date NOT NULL,
	opened_on     date NOT NULL,
	closed        boolean NOT NULL,
	kind          text NOT NULL,
	state         text NOT NULL,
	department    text NOT NULL CHECK (btrim(department) <> ''),
	field         text,
	district      text,
	appeal_to     text,
	opened_by     text NOT NULL,
	about         jsonb NOT NULL CHECK (jsonb_typeof(about) = 'object'),
	terms         jsonb NOT NULL CHECK (jsonb_typeof(terms) = 'object'),
	on_overdue    jsonb NOT NULL CHECK (jsonb_typeof(on_overdue) = 'object'),
	PRIMARY KEY (subject, proceeding_id)
);
-- one proceeding at a time about the same thing
CREATE UNIQUE INDEX proceeding_open ON @extschema@.proceeding (subject, kind, md5(about::text)) WHERE NOT closed;
CREATE INDEX proceeding_by_number ON @extschema@.proceeding (proceeding_id);
COMMENT ON TABLE @extschema@.proceeding IS '程序：信用承诺、名单认定、信用修复、异议、投诉、等级差距复核、限期整改；只经 open_proceeding() 与 advance_proceeding() 变动 / proceedings; written by open_proceeding() and advance_proceeding() alone';
COMMENT ON COLUMN @extschema@.proceeding.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.proceeding.proceeding_id IS '程序编号 / number of the proceeding';
COMMENT ON COLUMN @extschema@.proceeding.last_seq IS '最近一步的序号 / number of its last step';
COMMENT ON COLUMN @extschema@.proceeding.last_on IS '最近一步之日 / day of its last step';
COMMENT ON COLUMN @extschema@.proceeding.opened_on IS '启动日 / day on which it was opened';
COMMENT ON COLUMN @extschema@.proceeding.closed IS '是否已有结果 / whether its state is an outcome';
COMMENT ON COLUMN @extschema@.proceeding.kind IS '种类，见 proceeding_kinds() / kind, of proceeding_kinds()';
COMMENT ON COLUMN @extschema@.proceeding.state IS '最近一步后的状态；当日状态见 proceeding_today / state after its last step; that of today is in proceeding_today';
COMMENT ON COLUMN @extschema@.proceeding.department IS '办理部门 / department';
COMMENT ON COLUMN @extschema@.proceeding.field IS '领域 / field';
COMMENT ON COLUMN @extschema@.proceeding.district IS '区 / district';
COMMENT ON COLUMN @extschema@.proceeding.appeal_to IS '受理申诉的部门，空为同一部门 / department that an appeal goes to; NULL: the same';
COMMENT ON COLUMN @extschema@.proceeding.opened_by IS '启动人 / who opened it';
COMMENT ON COLUMN @extschema@.proceeding.about IS '所涉事项的引用 / references to what it is about';
COMMENT ON COLUMN @extschema@.proceeding.terms IS '各期间的长度 / lengths of its periods, by name';
COMMENT ON COLUMN @extschema@.proceeding.on_overdue IS '部门逾期的后果：granted、refer、nothing / what the department''s silence does, by period: granted, refer or nothing';

CREATE TABLE @extschema@.proceeding_step (
	subject          @extschema@.subject_code NOT NULL,
	proceeding_id    bigint NOT NULL,
	seq              integer NOT NULL,
	step_on          date NOT NULL,
	recorded_on      date NOT NULL,
	recorded_at      timestamptz NOT NULL,
	served_on        date,
	event            text NOT NULL,
	from_state       text,
	to_state         text NOT NULL,
	actor            text NOT NULL,
	capacity         text NOT NULL,
	person           text,
	service_method   text CONSTRAINT proceeding_step_method CHECK (service_method IN ('direct', 'left', 'entrusted', 'mail', 'electronic', 'announcement')),
	service_document text,
	reasons          text,
	appeal_to        text,
	evidence         jsonb NOT NULL,
	periods          jsonb NOT NULL,
	data             jsonb NOT NULL,
	PRIMARY KEY (subject, proceeding_id, seq),
	FOREIGN KEY (subject, proceeding_id) REFERENCES @extschema@.proceeding (subject, proceeding_id),
	CONSTRAINT proceeding_step_order CHECK ((seq = 1) = (from_state IS NULL) AND step_on <= recorded_on AND served_on <= step_on)
);
COMMENT ON TABLE @extschema@.proceeding_step IS '程序的各步，只增不改 / the steps of proceedings; nothing in it ever changes';
COMMENT ON COLUMN @extschema@.proceeding_step.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.proceeding_step.proceeding_id IS '程序编号 / proceeding';
COMMENT ON COLUMN @extschema@.proceeding_step.seq IS '序号 / number of the step';
COMMENT ON COLUMN @extschema@.proceeding_step.step_on IS '该步之日 / day of the step';
COMMENT ON COLUMN @extschema@.proceeding_step.recorded_on IS '登记日 / day on which it was recorded';
COMMENT ON COLUMN @extschema@.proceeding_step.recorded_at IS '登记时刻 / when it was recorded';
COMMENT ON COLUMN @extschema@.proceeding_step.served_on IS '送达日 / day of service';
COMMENT ON COLUMN @extschema@.proceeding_step.event IS '事件，见 proceeding_table() / event, of proceeding_table()';
COMMENT ON COLUMN @extschema@.proceeding_step.from_state IS '原状态，启动时为空 / state before; NULL in the opening step';
COMMENT ON COLUMN @extschema@.proceeding_step.to_state IS '转入状态 / state after';
COMMENT ON COLUMN @extschema@.proceeding_step.actor IS '操作人 / who took it';
COMMENT ON COLUMN @extschema@.proceeding_step.capacity IS '身份：applicant 申请人，subject 主体，department 经办，decider 决定人，anyone 任何人，system 期间届满等 / capacity: applicant, subject, department, decider, anyone, or system: the course of time';
COMMENT ON COLUMN @extschema@.proceeding_step.person IS '实际行为人（窗口代为登记时；敏感） / who acted, where the role acts for somebody (sensitive)';
COMMENT ON COLUMN @extschema@.proceeding_step.service_method IS '送达方式：direct 直接，left 留置，entrusted 委托，mail 邮寄，electronic 电子，announcement 公告 / way of service: direct, left, entrusted, mail, electronic, announcement';
COMMENT ON COLUMN @extschema@.proceeding_step.service_document IS '送达文书 / document served';
COMMENT ON COLUMN @extschema@.proceeding_step.reasons IS '理由 / reasons';
COMMENT ON COLUMN @extschema@.proceeding_step.appeal_to IS '告知的申诉部门 / department that an appeal goes to';
COMMENT ON COLUMN @extschema@.proceeding_step.evidence IS '证据：种类与出处 / evidence: kinds and references';
COMMENT ON COLUMN @extschema@.proceeding_step.periods IS '该步开始的期间及当时算得的末日 / periods that begin with it, with their last day as it was counted then';
COMMENT ON COLUMN @extschema@.proceeding_step.data IS '该种程序自有的内容 / what the kind keeps with it';

CREATE TABLE @extschema@.proceeding_deadline (
	subject       @extschema@.subject_code NOT NULL,
	proceeding_id bigint NOT NULL,
	counted_from  date NOT NULL,
	due_on        date,
	set_by        integer NOT NULL,
	settled_by    integer,
	name          text NOT NULL,
	term          jsonb NOT NULL,
	PRIMARY KEY (subject, proceeding_id, name),
	FOREIGN KEY (subject, proceeding_id) REFERENCES @extschema@.proceeding (subject, proceeding_id)
);
COMMENT ON TABLE @extschema@.proceeding_deadline IS '程序的期间 / periods of proceedings';
COMMENT ON COLUMN @extschema@.proceeding_deadline.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.proceeding_deadline.proceeding_id IS '程序编号 / proceeding';
COMMENT ON COLUMN @extschema@.proceeding_deadline.counted_from IS '起算日（不计入） / day it is counted from, which is not counted';
COMMENT ON COLUMN @extschema@.proceeding_deadline.due_on IS '末日（含）；空为未知：超出已知的工作日历 / last day; NULL is unknown: past what the calendar knows';
COMMENT ON COLUMN @extschema@.proceeding_deadline.set_by IS '开始该期间的步骤 / step that began it';
COMMENT ON COLUMN @extschema@.proceeding_deadline.settled_by IS '其届满引起的步骤 / step that its end brought about';
COMMENT ON COLUMN @extschema@.proceeding_deadline.name IS '名称 / name';
COMMENT ON COLUMN @extschema@.proceeding_deadline.term IS '长度 / length';

-- The three are written by the functions below alone; the log is never rewritten by anything.
SELECT @extschema@._guard_tables(v.tables, '_take_step|_recount_deadlines', 'Every step of a proceeding is checked and logged, and what was logged stays.',
		'Use citycredit.open_proceeding() and citycredit.advance_proceeding().', v.append_only)
  FROM (VALUES (ARRAY['proceeding', 'proceeding_deadline'], false), (ARRAY['proceeding_step'], true)) AS v (tables, append_only);

-- A step of time that the hook of its kind refuses waits for whoever looks into it; it keeps no other proceeding waiting.
CREATE TABLE @extschema@.proceeding_stuck (
	subject       @extschema@.subject_code NOT NULL,
	proceeding_id bigint NOT NULL,
	stuck_since   date NOT NULL,
	tried_on      date NOT NULL,
	sqlstate      text NOT NULL,
	message       text NOT NULL,
	detail        text,
	hint          text,
	PRIMARY KEY (subject, proceeding_id),
	FOREIGN KEY (subject, proceeding_id) REFERENCES @extschema@.proceeding (subject, proceeding_id)
);
COMMENT ON TABLE @extschema@.proceeding_stuck IS '期间届满应作而未能登记的程序及原因，run_due() 每次重试 / proceedings whose step of time could not be recorded, and why; run_due() tries them again each time';
COMMENT ON COLUMN @extschema@.proceeding_stuck.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.proceeding_stuck.proceeding_id IS '程序编号 / proceeding';
COMMENT ON COLUMN @extschema@.proceeding_stuck.stuck_since IS '首次未能登记之日 / day of the first try';
COMMENT ON COLUMN @extschema@.proceeding_stuck.tried_on IS '最近一次未能登记之日 / day of the last try';
COMMENT ON COLUMN @extschema@.proceeding_stuck.sqlstate IS '错误代码 / SQLSTATE of the refusal';
COMMENT ON COLUMN @extschema@.proceeding_stuck.message IS '错误信息 / its message';
COMMENT ON COLUMN @extschema@.proceeding_stuck.detail IS '详情 / its detail';
COMMENT ON COLUMN @extschema@.proceeding_stuck.hint IS '提示 / its hint';

-- ---------------------------------------------------------------------------
-- What the course of time does, and where each proceeding stands today
-- ---------------------------------------------------------------------------

-- A step that time takes is due on the day after the last of its periods. One whose day is unknown is not due.
CREATE VIEW @extschema@._due_step AS
SELECT p.subject, p.proceeding_id, t.step, t.event, t.to_state, t.overdue, t.after, d.due_on
  FROM @extschema@.proceeding AS p
 CROSS JOIN LATERAL @extschema@.proceeding_table(p.kind) AS t
 CROSS JOIN LATERAL (SELECT max(l.due_on) AS due_on, count(l.due_on) AS known FROM @extschema@.proceeding_deadline AS l
                      WHERE l.subject = p.subject AND l.proceeding_id = p.proceeding_id AND l.name = ANY (t.after) AND l.settled_by IS NULL) AS d
 WHERE t.from_state = p.state AND t.overdue IS NOT NULL AND d.known = cardinality(t.after)
   AND (t.overdue = 'lapse' OR EXISTS (SELECT FROM unnest(t.after) AS u (name) WHERE p.on_overdue ->> u.name = t.overdue));
COMMENT ON VIEW @extschema@._due_step IS '期间届满引起的步骤 / steps that the end of periods brings about';
COMMENT ON COLUMN @extschema@._due_step.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@._due_step.proceeding_id IS '程序编号 / proceeding';
COMMENT ON COLUMN @extschema@._due_step.step IS 'proceeding_table() 中的序号 / number in proceeding_table()';
COMMENT ON COLUMN @extschema@._due_step.event IS '事件 / event';
COMMENT ON COLUMN @extschema@._due_step.to_state IS '转入状态 / state after';
COMMENT ON COLUMN @extschema@._due_step.overdue IS '后果：lapse 届满，granted 视为准予，refer 移送 / what happens: lapse, granted or refer';
COMMENT ON COLUMN @extschema@._due_step.after IS '其后发生的期间 / periods it comes after';
COMMENT ON COLUMN @extschema@._due_step.due_on IS '各期间的末日 / last day of these periods';

CREATE VIEW @extschema@._upheld_by_silence AS
SELECT p.subject, p.proceeding_id, p.about
  FROM @extschema@.proceeding AS p
 WHERE p.kind = 'objection' AND NOT p.closed
   AND EXISTS (SELECT FROM @extschema@._due_step AS u
                WHERE u.subject = p.subject AND u.proceeding_id = p.proceeding_id AND u.event = 'uphold_by_silence' AND u.due_on < @extschema@.today());
COMMENT ON VIEW @extschema@._upheld_by_silence IS '逾期未答复视为成立、尚未登记的异议 / objections that silence has upheld, and that nobody has recorded yet';
COMMENT ON COLUMN @extschema@._upheld_by_silence.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@._upheld_by_silence.proceeding_id IS '程序编号 / proceeding';
COMMENT ON COLUMN @extschema@._upheld_by_silence.about IS '所涉事项的引用 / references to what it is about';

-- No step that time takes is followed by another that changes the state, so that one look ahead is enough.
CREATE VIEW @extschema@.proceeding_today AS
SELECT p.subject, p.proceeding_id, p.kind, coalesce(d.to_state, p.state) AS state, s.zh AS state_zh, s.closed,
       coalesce(d.due_on + 1, p.last_on) AS since, p.state AS stored_state, p.department, p.field, p.district, p.about, p.appeal_to, p.opened_by, p.opened_on,
       l.next_due_on, o.overdue, l.unknown, l.periods, n.next_steps
  FROM @extschema@.proceeding AS p
  LEFT JOIN LATERAL (SELECT u.to_state, u.due_on FROM @extschema@._due_step AS u
                      WHERE u.subject = p.subject AND u.proceeding_id = p.proceeding_id AND u.overdue <> 'refer' AND u.due_on < @extschema@.today()
                      ORDER BY u.due_on, u.step LIMIT 1) AS d ON true
  JOIN LATERAL @extschema@.proceeding_states(p.kind) AS s ON s.state = coalesce(d.to_state, p.state)
 -- periods that matter to some step from here
 CROSS JOIN LATERAL (SELECT min(l.due_on) FILTER (WHERE l.due_on >= @extschema@.today()) AS next_due_on,
                            array_remove(array_agg(CASE WHEN l.due_on IS NULL THEN l.name END ORDER BY l.name), NULL) AS unknown,
                            coalesce(jsonb_object_agg(l.name, l.due_on) FILTER (WHERE l.name IS NOT NULL), '{}') AS periods
                       FROM @extschema@.proceeding_deadline AS l
                      WHERE l.subject = p.subject AND l.proceeding_id = p.proceeding_id
                        AND EXISTS (SELECT FROM @extschema@.proceeding_table(p.kind) AS t
                                     WHERE t.from_state = s.state AND (l.name = ANY (t.after) OR l.name = t.within))) AS l
 -- the department's, by which it should have acted
 CROSS JOIN LATERAL (SELECT EXISTS (SELECT FROM @extschema@.proceeding_table(p.kind) AS t
                                     CROSS JOIN LATERAL (SELECT max(l.due_on) AS due_on, count(l.due_on) AS known FROM @extschema@.proceeding_deadline AS l
                                                          WHERE l.subject = p.subject AND l.proceeding_id = p.proceeding_id AND l.name = ANY (t.after)) AS e
                                     WHERE t.from_state = s.state AND t.overdue IN ('granted', 'refer') AND e.known = cardinality(t.after)
                                       AND e.due_on < @extschema@.today()) AS overdue) AS o
 CROSS JOIN LATERAL (SELECT coalesce(array_agg(DISTINCT t.event), '{}') AS next_steps FROM @extschema@.proceeding_table(p.kind) AS t
                      WHERE t.from_state = s.state AND t.who <> '{system}') AS n;
COMMENT ON VIEW @extschema@.proceeding_today IS '各程序当日的状态与期间，无需任何定时作业 / where each proceeding stands today, with its periods; right without any job';
COMMENT ON COLUMN @extschema@.proceeding_today.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.proceeding_today.proceeding_id IS '程序编号 / proceeding';
COMMENT ON COLUMN @extschema@.proceeding_today.kind IS '种类 / kind';
COMMENT ON COLUMN @extschema@.proceeding_today.state IS '当日状态 / state today';
COMMENT ON COLUMN @extschema@.proceeding_today.state_zh IS '当日状态的中文名称 / its name in Chinese';
COMMENT ON COLUMN @extschema@.proceeding_today.closed IS '是否为结果状态 / whether it is an outcome';
COMMENT ON COLUMN @extschema@.proceeding_today.since IS '自何日起 / since when';
COMMENT ON COLUMN @extschema@.proceeding_today.stored_state IS '最近登记的状态 / state after the last step recorded';
COMMENT ON COLUMN @extschema@.proceeding_today.department IS '办理部门 / department';
COMMENT ON COLUMN @extschema@.proceeding_today.field IS '领域 / field';
COMMENT ON COLUMN @extschema@.proceeding_today.district IS '区 / district';
COMMENT ON COLUMN @extschema@.proceeding_today.about IS '所涉事项的引用 / references to what it is about';
COMMENT ON COLUMN @extschema@.proceeding_today.appeal_to IS '受理申诉的部门 / department that an appeal goes to';
COMMENT ON COLUMN @extschema@.proceeding_today.opened_by IS '启动人 / who opened it';
COMMENT ON COLUMN @extschema@.proceeding_today.opened_on IS '启动日 / day on which it was opened';
COMMENT ON COLUMN @extschema@.proceeding_today.next_due_on IS '最近将届满的末日 / last day of the period that ends next';
COMMENT ON COLUMN @extschema@.proceeding_today.overdue IS '部门是否逾期未办 / whether the department has let its period pass';
COMMENT ON COLUMN @extschema@.proceeding_today.unknown IS '末日未知的期间 / periods whose last day is unknown';
COMMENT ON COLUMN @extschema@.proceeding_today.periods IS '与下一步有关的期间及末日 / periods that matter to its next steps, with their last days';
COMMENT ON COLUMN @extschema@.proceeding_today.next_steps IS '合法的下一步 / legal next steps';

-- Who complained, or spoke for a subject at the counter, is for those who handle it, and for nobody else: of other officers none reads the column.
CREATE VIEW @extschema@.proceeding_person WITH (security_barrier) AS
SELECT s.subject, s.proceeding_id, s.seq, s.event, s.person
  FROM @extschema@.proceeding_step AS s
  JOIN @extschema@.proceeding AS p ON p.subject = s.subject AND p.proceeding_id = s.proceeding_id
 WHERE s.person IS NOT NULL
   AND EXISTS (SELECT FROM @extschema@.department_competence AS c
                WHERE c.role = @extschema@.actor() AND (c.department = p.department OR c.department = p.appeal_to)
                  AND (c.act IS NULL OR c.act = p.kind) AND (c.field IS NULL OR c.field = p.field) AND (c.district IS NULL OR c.district = p.district)
                  AND @extschema@.today() BETWEEN c.valid_from AND c.valid_until);
COMMENT ON VIEW @extschema@.proceeding_person IS '各步的实际行为人，仅限办理该程序的人员 / who acted in a step, where a role acted for somebody; for those alone who handle the proceeding';
COMMENT ON COLUMN @extschema@.proceeding_person.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.proceeding_person.proceeding_id IS '程序编号 / proceeding';
COMMENT ON COLUMN @extschema@.proceeding_person.seq IS '序号 / number of the step';
COMMENT ON COLUMN @extschema@.proceeding_person.event IS '事件 / event';
COMMENT ON COLUMN @extschema@.proceeding_person.person IS '实际行为人（敏感） / who acted (sensitive)';

-- ---------------------------------------------------------------------------
-- Checks of a step
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@._refuse_step(problem text, message text, detail text, hint text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $refuse_step$
BEGIN
	-- the wrong day and the missing paper are told apart by programs too
	RAISE EXCEPTION USING MESSAGE = message, DETAIL = coalesce(detail, ''), HINT = coalesce(hint, ''), CONSTRAINT = problem,
		ERRCODE = CASE WHEN problem IN ('proceeding_step_day', 'proceeding_step_period', 'proceeding_step_unseen') THEN 'datetime_field_overflow' ELSE 'check_violation' END;
END
$refuse_step$;
REVOKE ALL ON FUNCTION @extschema@._refuse_step(text, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._refuse_step(text, text, text, text) IS '拒绝缺少要件的步骤 / refuses a step that lacks what it needs';

CREATE FUNCTION @extschema@._competent(department text, act text, field text, district text, duties text[]) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $competent$
BEGIN
	RETURN EXISTS (
		SELECT FROM @extschema@.department_competence AS c
		 WHERE c.department = _competent.department AND c.role = @extschema@.actor() AND c.duty = ANY (duties)
		   AND (c.act IS NULL OR c.act = _competent.act) AND (c.field IS NULL OR c.field = _competent.field)
		   AND (c.district IS NULL OR c.district = _competent.district) AND @extschema@.today() BETWEEN c.valid_from AND c.valid_until);
END
$competent$;
REVOKE ALL ON FUNCTION @extschema@._competent(text, text, text, text, text[]) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._competent(text, text, text, text, text[]) IS '操作人当日在该部门有无此职权 / whether the actor has such a duty in a department today';

-- In which capacity the actor may take the step; an error if in none.
CREATE FUNCTION @extschema@._capacity(p @extschema@.proceeding, event text, who text[], on_appeal boolean, wanted text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $capacity$
DECLARE
	competent_department text := CASE WHEN on_appeal THEN coalesce(p.appeal_to, p.department) ELSE p.department END;
	persons text[] := array_remove(who, 'system');
	capacity text;
	held text;
BEGIN
	IF wanted = 'system' AND 'system' = ANY (who) THEN
		RETURN wanted;
	ELSIF persons = '{}' THEN
		RAISE EXCEPTION '"%" is taken by the course of time alone', event
			USING ERRCODE = 'insufficient_privilege',
			      HINT = 'citycredit.proceeding_today shows it on its day; citycredit.run_due() records it.';
	ELSIF wanted <> ALL (persons) THEN
		RAISE EXCEPTION '"%" is not taken as %', event, wanted
			USING ERRCODE = 'insufficient_privilege',
			      DETAIL = format('It is taken as %s.', array_to_string(persons, ', ')),
			      HINT = 'Leave "capacity" out: who the role is, its competence says.';
	END IF;
	FOREACH capacity IN ARRAY CASE WHEN wanted IS NULL THEN persons ELSE ARRAY[wanted] END LOOP
		IF (CASE capacity
		   WHEN 'anyone' THEN true
		   WHEN 'department' THEN @extschema@._competent(competent_department, p.kind, p.field, p.district, ARRAY['officer', 'decider'])
		   WHEN 'decider' THEN @extschema@._competent(competent_department, p.kind, p.field, p.district, ARRAY['decider'])
		   -- the subject itself is known to the counter or the portal; whoever began is known to the log
		   ELSE capacity = 'applicant' AND p.state IS NOT NULL AND p.opened_by = @extschema@.actor()
		        OR @extschema@._competent(p.department, p.kind, p.field, p.district, ARRAY['window', 'officer', 'decider']) END) THEN
			RETURN capacity;
		END IF;
	END LOOP;

	SELECT string_agg(concat_ws(' ', c.duty, 'for', coalesce(c.act, 'every kind'), 'in', coalesce(c.field, 'every field') || ',', coalesce(c.district, 'every district')), '; '
	                  ORDER BY c.duty, c.act, c.field, c.district) INTO held
	  FROM @extschema@.department_competence AS c
	 WHERE c.department = competent_department AND c.role = @extschema@.actor() AND @extschema@.today() BETWEEN c.valid_from AND c.valid_until;
	RAISE EXCEPTION 'role "%" has no competence for "%" of this proceeding', @extschema@.actor(), event
		USING ERRCODE = 'insufficient_privilege',
		      DETAIL = format('It is taken as %s of "%s" for %s in field %s, district %s; the role is there: %s.', array_to_string(persons, ' or '),
		          competent_department, p.kind, coalesce(p.field, 'any'), coalesce(p.district, 'any'), coalesce(held, 'nothing')),
		      HINT = 'Who acts for which department is in citycredit.department_competence.';
END
$capacity$;
REVOKE ALL ON FUNCTION @extschema@._capacity(@extschema@.proceeding, text, text[], boolean, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._capacity(@extschema@.proceeding, text, text[], boolean, text) IS '操作人可以何种身份采取该步 / in which capacity the actor may take a step';

-- Who opened, applied, objected or proposed does not decide; on appeal, who decided does not decide again.
CREATE FUNCTION @extschema@._check_person(p @extschema@.proceeding, event text, second_person boolean, other_decider boolean) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $check_person$
DECLARE
	earlier record;
BEGIN
	FOR earlier IN
		SELECT s.seq, s.event, s.step_on, s.actor, t.decides, (s.seq = 1 OR t.proposes OR s.capacity IN ('applicant', 'subject', 'anyone')) AS began
		  FROM @extschema@.proceeding_step AS s
		  JOIN @extschema@.proceeding_table(p.kind) AS t ON t.event = s.event AND coalesce(t.from_state, '') = coalesce(s.from_state, '')
		 WHERE s.subject OPERATOR(@extschema@.=) p.subject AND s.proceeding_id = p.proceeding_id AND s.capacity <> 'system' AND @extschema@._same_person(s.actor, @extschema@.actor())
		 ORDER BY s.seq
	LOOP
		IF second_person AND earlier.began THEN
			RAISE EXCEPTION '"%" needs a second person', event
				USING ERRCODE = 'invalid_role_specification',
				      DETAIL = format('"%s" took step %s ("%s") of proceeding %s on %s.', earlier.actor, earlier.seq, earlier.event, p.proceeding_id, earlier.step_on),
				      HINT = 'Ask another officer who decides for the department.';
		ELSIF other_decider AND earlier.decides THEN
			RAISE EXCEPTION '"%" needs another decider', event
				USING ERRCODE = 'invalid_role_specification',
				      DETAIL = format('"%s" decided step %s ("%s") of proceeding %s on %s.', earlier.actor, earlier.seq, earlier.event, p.proceeding_id, earlier.step_on),
				      HINT = 'Ask a decider who has not decided in this proceeding.';
		END IF;
	END LOOP;
END
$check_person$;
REVOKE ALL ON FUNCTION @extschema@._check_person(@extschema@.proceeding, text, boolean, boolean) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._check_person(@extschema@.proceeding, text, boolean, boolean) IS '核对是否须由第二人、另一决定人作出 / refuses a step by the person that another has to take';

-- Day, reasons, service and evidence.
CREATE FUNCTION @extschema@._check_papers(p @extschema@.proceeding, s @extschema@.proceeding_step, reasons boolean, service boolean, evidence text[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $check_papers$
DECLARE
	missing text;
BEGIN
	IF s.step_on > @extschema@.today() OR s.step_on < p.last_on THEN
		PERFORM @extschema@._refuse_step('proceeding_step_day', format('day %s of "%s" is not between the last step and today', s.step_on, s.event),
			format('The last step is of %s; today is %s.', coalesce(p.last_on::text, 'none'), @extschema@.today()), 'A step is recorded on its day or after it.');
	ELSIF reasons AND s.reasons IS NULL THEN
		PERFORM @extschema@._refuse_step('proceeding_step_reasons', format('"%s" needs reasons', s.event), NULL, 'Give them as "reasons" in the details.');
	ELSIF service AND num_nulls(s.served_on, s.service_method, s.service_document) > 0 THEN
		PERFORM @extschema@._refuse_step('proceeding_step_service', format('"%s" needs proof of service', s.event), 'Day, way and document of the service have to be known.',
			'Give "served_on", "service_method" and "service_document" in the details.');
	ELSIF s.served_on > s.step_on OR s.served_on < p.last_on THEN
		PERFORM @extschema@._refuse_step('proceeding_step_day', format('day of service %s is not between the last step and the day of this one', s.served_on),
			format('The last step is of %s, this one of %s.', coalesce(p.last_on::text, 'none'), s.step_on), 'Record the service on or after the day of which its proof speaks.');
	ELSIF s.service_method NOT IN ('direct', 'left', 'entrusted', 'mail', 'electronic', 'announcement') THEN
		PERFORM @extschema@._refuse_step('proceeding_step_method', format('"%s" is no way of service', s.service_method),
			NULL, 'A service is direct, left, entrusted, mail, electronic or announcement.');
	END IF;
	SELECT string_agg(u.kind, ', ') INTO missing FROM unnest(evidence) AS u (kind)
	 WHERE NOT EXISTS (SELECT FROM jsonb_array_elements(s.evidence) AS e (item) WHERE e.item ->> 'kind' = u.kind);
	IF missing IS NOT NULL THEN
		PERFORM @extschema@._refuse_step('proceeding_step_evidence', format('"%s" lacks evidence: %s', s.event, missing),
			format('It needs %s.', array_to_string(evidence, ', ')), 'Give "evidence": [{"kind": ..., "reference": ...}] in the details.');
	END IF;
END
$check_papers$;
REVOKE ALL ON FUNCTION @extschema@._check_papers(@extschema@.proceeding, @extschema@.proceeding_step, boolean, boolean, text[]) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._check_papers(@extschema@.proceeding, @extschema@.proceeding_step, boolean, boolean, text[]) IS '核对日期、理由、送达与证据 / refuses a step whose day, reasons, service or evidence are not as they should be';

-- A period that has to be over must be known to be; one that was never set keeps nobody from objecting or appealing.
CREATE FUNCTION @extschema@._check_periods(p @extschema@.proceeding, event text, step_on date, after text[], within text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $check_periods$
DECLARE
	period record;
BEGIN
	FOR period IN
		SELECT u.name, u.name = within AS is_limit, d.name IS NOT NULL AS set, d.due_on, d.term
		  FROM unnest(after || within) AS u (name)
		  LEFT JOIN @extschema@.proceeding_deadline AS d
		    ON d.subject OPERATOR(@extschema@.=) p.subject AND d.proceeding_id = p.proceeding_id AND d.name = u.name
		 WHERE u.name IS NOT NULL
	LOOP
		IF coalesce(period.is_limit, false) THEN
			IF step_on > period.due_on THEN
				PERFORM @extschema@._refuse_step('proceeding_step_period', format('period "%s" is over', period.name),
					format('It ended on %s; the step is of %s.', period.due_on, step_on), 'What was done within it is recorded with its own day, as "on" in the details.');
			END IF;
		ELSIF NOT period.set THEN
			PERFORM @extschema@._refuse_step('proceeding_step_period', format('period "%s" was never set', period.name),
				format('"%s" is taken after it.', event), 'The step that begins it takes its length from the terms of the proceeding, or from its details.');
		ELSIF period.due_on IS NULL THEN
			PERFORM @extschema@._refuse_step('proceeding_step_period', format('the end of period "%s" is unknown', period.name),
				format('Its length is %s, and the calendar does not reach so far.', period.term), 'Load the next year with citycredit.load_calendar().');
		ELSIF step_on <= period.due_on THEN
			PERFORM @extschema@._refuse_step('proceeding_step_period', format('period "%s" is not over', period.name),
				format('It ends on %s; the step is of %s.', period.due_on, step_on), format('"%s" can be taken from %s on.', event, period.due_on + 1));
		END IF;
	END LOOP;
END
$check_periods$;
REVOKE ALL ON FUNCTION @extschema@._check_periods(@extschema@.proceeding, text, date, text[], text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._check_periods(@extschema@.proceeding, text, date, text[], text) IS '核对期间是否已满、是否仍在期内 / refuses a step before a period is over, or after it';

-- The periods within which the subject or the public acts, or after which something adverse may be decided because it has not. How long an order to
-- rectify runs, or a department has to explain, is said in each case: there what is set is the least too, but nothing need be set.
CREATE FUNCTION @extschema@._subject_periods(kind text, required boolean DEFAULT false) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $subject_periods$
	SELECT CASE kind WHEN 'commitment' THEN ARRAY['rectify']
	                 WHEN 'listing' THEN ARRAY['objection', 'appeal']
	                 WHEN 'repair' THEN ARRAY['supplement', 'publicity', 'objection', 'appeal']
	                 WHEN 'objection' THEN ARRAY['appeal']
	                 WHEN 'complaint' THEN ARRAY['appeal']
	                 WHEN 'gap_review' THEN CASE WHEN required THEN ARRAY[]::text[] ELSE ARRAY['explain'] END
	                 WHEN 'rectification' THEN CASE WHEN required THEN ARRAY[]::text[] ELSE ARRAY['rectify'] END END
$subject_periods$;
REVOKE ALL ON FUNCTION @extschema@._subject_periods(text, boolean) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._subject_periods(text, boolean) IS '主体或公众得以行为的期间，须有规定者；经办人只可延长 / periods within which the subject or the public acts, or those that must be set; an officer may lengthen them only';

-- What the measure, or the city, has set for a period of a proceeding.
CREATE FUNCTION @extschema@._set_term(p @extschema@.proceeding, name text, OUT term jsonb, OUT source text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $set_term$
DECLARE
	parameter record;
BEGIN
	IF p.kind = 'listing' THEN
		parameter := @extschema@._parameter_on(p.about ->> 'policy', p.about ->> 'rule', @extschema@.today());
		term := CASE name WHEN 'objection' THEN parameter.objection WHEN 'appeal' THEN parameter.appeal END;
		source := parameter.cite;
	END IF;
	IF term IS NULL THEN
		SELECT r.term, r.source INTO term, source FROM @extschema@._repair_rules(p.kind, @extschema@.today(), NULL, NULL, p.field) AS r
		 WHERE r.kind = 'term' AND r.rule = _set_term.name;
	END IF;
END
$set_term$;
REVOKE ALL ON FUNCTION @extschema@._set_term(@extschema@.proceeding, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._set_term(@extschema@.proceeding, text) IS '办法或本地对某期间的规定 / what is set for a period of a proceeding, and by what';

-- Whether a term may end before another that begins on the same day. So many working days are so many days at least, also past what the calendar
-- knows; whatever else is unknown counts as shorter.
CREATE FUNCTION @extschema@._shorter(counted_from date, term jsonb, least_term jsonb) RETURNS boolean
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $shorter$
DECLARE
	unit text;
BEGIN
	SELECT k.key INTO unit FROM jsonb_object_keys(least_term - ARRAY['roll', 'until']) AS k (key);
	IF term ? unit AND (term -> 'roll' = 'true' OR (least_term -> 'roll' = 'true') IS NOT TRUE) THEN
		RETURN (term ->> unit)::integer < (least_term ->> unit)::integer;
	END IF;
	RETURN (coalesce(@extschema@.deadline(counted_from, term), counted_from + (term ->> 'working_days')::integer)
	        < @extschema@.deadline(counted_from, least_term)) IS NOT FALSE;
END
$shorter$;
REVOKE ALL ON FUNCTION @extschema@._shorter(date, jsonb, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._shorter(date, jsonb, jsonb) IS '一期间是否可能短于另一期间 / whether a term may be shorter than another';

CREATE FUNCTION @extschema@._check_term(p @extschema@.proceeding, name text, term jsonb, counted_from date) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $check_term$
DECLARE
	known record := @extschema@._set_term(p, name);
BEGIN
	IF name <> ALL (@extschema@._subject_periods(p.kind)) THEN
		RETURN;
	ELSIF known.term IS NULL AND name = ANY (@extschema@._subject_periods(p.kind, true)) THEN
		PERFORM @extschema@._refuse_step('proceeding_step_term', format('nobody has set period "%s" of kind %s', name, p.kind),
			'The subject or the public acts within it, so its length is not an officer''s to choose.',
			format('Set it with citycredit.set_proceeding_term(''%s'', ''%s'', ...)%s; it holds once another person has approved it.', p.kind, name,
				CASE WHEN p.kind = 'listing' THEN ', or for one rule of a measure in citycredit.list_parameter' ELSE '' END));
	ELSIF known.term IS NOT NULL AND @extschema@._shorter(counted_from, term, known.term) THEN
		PERFORM @extschema@._refuse_step('proceeding_step_term', format('period "%s" is shorter than what is set', name),
			format('It is %s; %s is set by %s.', term, known.term, coalesce(known.source, 'the registry')), 'An officer may lengthen it, not shorten it.');
	END IF;
END
$check_term$;
REVOKE ALL ON FUNCTION @extschema@._check_term(@extschema@.proceeding, text, jsonb, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._check_term(@extschema@.proceeding, text, jsonb, date) IS '主体的期间不得短于规定，未规定者不得开始 / refuses a period of the subject''s that is shorter than what is set, or that nobody has set';

-- What is set for the department's own periods, it does not say otherwise when a step begins them.
CREATE FUNCTION @extschema@._check_own_terms(p @extschema@.proceeding, own_terms jsonb) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $check_own_terms$
DECLARE
	said record;
BEGIN
	FOR said IN
		SELECT t.key AS name, t.value AS term, o.term AS set_term, o.source
		  FROM jsonb_each(own_terms) AS t CROSS JOIN LATERAL @extschema@._set_term(p, t.key) AS o
		 WHERE t.key <> ALL (@extschema@._subject_periods(p.kind)) AND o.term <> t.value AND t.value <> coalesce(p.terms -> t.key, 'null')
	LOOP
		PERFORM @extschema@._refuse_step('proceeding_step_term', format('period "%s" is set', said.name),
			format('It is %s by %s, not %s.', said.set_term, coalesce(said.source, 'the registry'), said.term), 'Leave it out of the details.');
	END LOOP;
END
$check_own_terms$;
REVOKE ALL ON FUNCTION @extschema@._check_own_terms(@extschema@.proceeding, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._check_own_terms(@extschema@.proceeding, jsonb) IS '部门自身的期间已有规定的，不得另定 / refuses other lengths of the department''s own periods than those that are set';

-- A period that was over when it was put on record has run for nobody: who dates a notice back cannot decide upon it.
CREATE FUNCTION @extschema@._check_seen(p @extschema@.proceeding, event text, after text[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $check_seen$
DECLARE
	unseen record;
BEGIN
	FOR unseen IN
		SELECT d.name, d.due_on, s.recorded_on, s.event FROM @extschema@.proceeding_deadline AS d
		  JOIN @extschema@.proceeding_step AS s ON s.subject OPERATOR(@extschema@.=) d.subject AND s.proceeding_id = d.proceeding_id AND s.seq = d.set_by
		 WHERE d.subject OPERATOR(@extschema@.=) p.subject AND d.proceeding_id = p.proceeding_id AND d.name = ANY (after) AND s.recorded_on > d.due_on
	LOOP
		PERFORM @extschema@._refuse_step('proceeding_step_unseen', format('period "%s" was over before it was on record', unseen.name),
			format('It ended on %s; "%s", which began it, was recorded on %s.', unseen.due_on, unseen.event, unseen.recorded_on),
			format('"%s" rests on a period that the subject could use: begin it anew.', event));
	END LOOP;
END
$check_seen$;
REVOKE ALL ON FUNCTION @extschema@._check_seen(@extschema@.proceeding, text, text[]) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._check_seen(@extschema@.proceeding, text, text[]) IS '倒签的期间不算经过 / refuses a step after a period that was over when it was recorded';

-- The periods that a step sets: {"name": {"counted_from", "term", "due_on"}}.
CREATE FUNCTION @extschema@._periods(p @extschema@.proceeding, event text, sets text[], counted_from date, own_terms jsonb, by_system boolean) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $periods$
DECLARE
	named text;
	name text;
	term jsonb;
	due_on date;
	periods jsonb := '{}';
	unknown text;
BEGIN
	SELECT string_agg(k.key, ', ' ORDER BY k.key) INTO unknown FROM jsonb_object_keys(own_terms) AS k (key)
	 WHERE k.key <> ALL (sets) AND k.key || '?' <> ALL (sets);
	IF unknown IS NOT NULL THEN
		RAISE EXCEPTION '"%" begins no period %', event, unknown
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = CASE WHEN sets = '{}' THEN 'It begins none.' ELSE format('It begins %s.', replace(array_to_string(sets, ', '), '?', '')) END,
			      HINT = 'The length of a period is given to the step that begins it.';
	END IF;
	FOREACH named IN ARRAY sets LOOP
		name := rtrim(named, '?');
		term := coalesce(own_terms -> name, p.terms -> name);
		IF term IS NULL AND named = name THEN
			PERFORM @extschema@._refuse_step('proceeding_step_term', format('"%s" begins period "%s", whose length nobody has said', event, name), NULL,
				'Give it in "terms" of the details, or when the proceeding is opened; there is no default.');
		END IF;
		CONTINUE WHEN term IS NULL;
		due_on := @extschema@.deadline(counted_from, term);
		IF due_on <= counted_from THEN
			PERFORM @extschema@._refuse_step('proceeding_step_term', format('period "%s" would be over before anybody could use it', name),
				format('It is counted from %s and would end on %s.', counted_from, due_on), 'A period has a day at least.');
		ELSIF NOT by_system THEN
			PERFORM @extschema@._check_term(p, name, term, counted_from);
		END IF;
		-- Civil Code, art. 203: where the last day is a holiday, the day after the holidays is the last, for whoever has the period to act in. A day that is
		-- named is taken as named; what a repair waits for while it is public is not put off.
		IF name <> 'publicity' AND name = ANY (@extschema@._subject_periods(p.kind)) AND NOT term ?| ARRAY['working_days', 'until'] THEN
			term := term || '{"roll": true}';
			due_on := @extschema@.deadline(counted_from, term);
		END IF;
		IF NOT by_system AND name = 'appeal' AND due_on < @extschema@.today() THEN
			-- no later step waits for it that could be refused for that (_check_seen())
			PERFORM @extschema@._refuse_step('proceeding_step_unseen', format('period "%s" would be over before it is on record', name),
				format('Counted from %s it ends on %s; today is %s.', counted_from, due_on, @extschema@.today()),
				'Serve the decision now, so that it can be appealed against.');
		END IF;
		periods := periods || jsonb_build_object(name, jsonb_build_object('counted_from', counted_from, 'term', term, 'due_on', due_on));
	END LOOP;
	RETURN periods;
END
$periods$;
REVOKE ALL ON FUNCTION @extschema@._periods(@extschema@.proceeding, text, text[], date, jsonb, boolean) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._periods(@extschema@.proceeding, text, text[], date, jsonb, boolean) IS '该步开始的期间 / periods that a step begins';

-- The details of a step as a row of the log, each of the right type.
CREATE FUNCTION @extschema@._step_of_details(event text, details jsonb) RETURNS @extschema@.proceeding_step
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $step_of_details$
DECLARE
	known CONSTANT jsonb := '{"on": "string", "capacity": "string", "person": "string", "served_on": "string", "service_method": "string",
		"service_document": "string", "evidence": "array", "reasons": "string", "terms": "object", "appeal_to": "string", "data": "object"}';
	wrong text;
	step @extschema@.proceeding_step;
BEGIN
	IF jsonb_typeof(details) IS DISTINCT FROM 'object' THEN
		RAISE EXCEPTION 'details of "%" are no object', event USING ERRCODE = 'invalid_parameter_value';
	END IF;
	SELECT string_agg(e.key, ', ' ORDER BY e.key) INTO wrong FROM jsonb_each(details) AS e
	 WHERE known ->> e.key IS NULL OR jsonb_typeof(e.value) <> known ->> e.key
	    OR jsonb_typeof(e.value) = 'string' AND btrim(e.value #>> '{}', E' \t\n\u3000') = ''
	    OR e.key = 'evidence' AND EXISTS (
			SELECT FROM jsonb_array_elements(e.value) AS i (item)
			 WHERE jsonb_typeof(i.item) <> 'object' OR btrim(i.item ->> 'kind') = '' IS NOT FALSE OR btrim(i.item ->> 'reference') = '' IS NOT FALSE);
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION 'invalid details of "%": %', event, wrong
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = format('They are %s.', (SELECT string_agg(format('%s (%s)', k.key, k.value), ', ' ORDER BY k.key) FROM jsonb_each_text(known) AS k)),
			      HINT = 'Days are written YYYY-MM-DD, evidence is [{"kind": ..., "reference": ...}]; what describes an instance goes to "data".';
	END IF;
	step.event := event;
	step.step_on := coalesce(@extschema@._day(details ->> 'on', 'on'), @extschema@.today());
	step.recorded_on := @extschema@.today();
	step.recorded_at := clock_timestamp();
	step.actor := @extschema@.actor();
	step.person := details ->> 'person';
	step.served_on := @extschema@._day(details ->> 'served_on', 'served_on');
	step.service_method := details ->> 'service_method';
	step.service_document := details ->> 'service_document';
	step.reasons := details ->> 'reasons';
	step.appeal_to := details ->> 'appeal_to';
	step.evidence := coalesce(details -> 'evidence', '[]');
	step.data := coalesce(details -> 'data', '{}');
	RETURN step;
END
$step_of_details$;
REVOKE ALL ON FUNCTION @extschema@._step_of_details(text, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._step_of_details(text, jsonb) IS '将细节核对为日志行 / details of a step as a row of the log, checked';

-- ---------------------------------------------------------------------------
-- Taking a step
-- ---------------------------------------------------------------------------

-- The one function that writes: checks the step against the row, which the caller holds locked, or which is new and has no state; gives the row after it.
CREATE FUNCTION @extschema@._take_step(p @extschema@.proceeding, event text, details jsonb, wanted text) RETURNS @extschema@.proceeding
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $take_step$
DECLARE
	t record;
	step @extschema@.proceeding_step;
	stored @extschema@.proceeding;
	hook text;
BEGIN
	SELECT r.* INTO STRICT t FROM @extschema@.proceeding_table(p.kind) AS r
	 WHERE r.step = @extschema@._legal_step(p.kind, p.state, _take_step.event);
	step := @extschema@._step_of_details(event, details);
	-- who acts for the system is a function of the registry and says so in its argument; details are an officer's words
	IF wanted IS NULL AND details ->> 'capacity' = 'system' THEN
		RAISE EXCEPTION 'nobody takes "%" as system', event
			USING ERRCODE = 'insufficient_privilege',
			      DETAIL = format('It is taken as %s.', array_to_string(t.who, ', ')),
			      HINT = 'citycredit.run_due() records what the course of time has done.';
	END IF;
	step.capacity := @extschema@._capacity(p, event, t.who, t.on_appeal, coalesce(wanted, details ->> 'capacity'));
	IF step.capacity <> 'system' THEN
		PERFORM @extschema@._check_person(p, event, t.second_person, t.other_decider);
		PERFORM @extschema@._check_papers(p, step, t.reasons, t.service, t.evidence);
		PERFORM @extschema@._check_seen(p, event, t.after);
		PERFORM @extschema@._check_own_terms(p, coalesce(details -> 'terms', '{}'));
		-- told to whoever opens, not only to who comes to the step that begins the period
		PERFORM @extschema@._check_term(p, e.key, e.value, step.step_on) FROM jsonb_each(p.terms) AS e WHERE p.state IS NULL;
	END IF;
	PERFORM @extschema@._check_periods(p, event, step.step_on, t.after, t.within);
	step.subject := p.subject;
	step.proceeding_id := p.proceeding_id;
	step.seq := coalesce(p.last_seq, 0) + 1;
	step.from_state := p.state;
	step.to_state := t.to_state;
	step.periods := @extschema@._periods(p, event, t.sets, CASE WHEN t.service THEN coalesce(step.served_on, step.step_on) ELSE step.step_on END,
		coalesce(details -> 'terms', '{}'), step.capacity = 'system');

	stored := p;
	stored.last_seq := step.seq;
	stored.last_on := step.step_on;
	stored.state := t.to_state;
	stored.appeal_to := coalesce(step.appeal_to, p.appeal_to);
	SELECT s.closed INTO STRICT stored.closed FROM @extschema@.proceeding_states(p.kind) AS s WHERE s.state = t.to_state;
	BEGIN
		IF p.state IS NULL THEN
			stored.opened_on := step.step_on;
			INSERT INTO @extschema@.proceeding SELECT stored.*;
		ELSE
			UPDATE @extschema@.proceeding AS o
			   SET last_seq = stored.last_seq, last_on = stored.last_on, state = stored.state, closed = stored.closed, appeal_to = stored.appeal_to
			 WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.proceeding_id = p.proceeding_id;
		END IF;
	EXCEPTION WHEN unique_violation THEN
		PERFORM @extschema@._refuse_second(p);
	END;
	INSERT INTO @extschema@.proceeding_step SELECT step.*;
	INSERT INTO @extschema@.proceeding_deadline (subject, proceeding_id, name, counted_from, term, due_on, set_by)
	SELECT p.subject, p.proceeding_id, e.key, (e.value ->> 'counted_from')::date, e.value -> 'term', (e.value ->> 'due_on')::date, step.seq
	  FROM jsonb_each(step.periods) AS e
	ON CONFLICT (subject, proceeding_id, name) DO UPDATE
	   SET counted_from = excluded.counted_from, term = excluded.term, due_on = excluded.due_on, set_by = excluded.set_by, settled_by = NULL;
	IF t.overdue IS NOT NULL THEN
		UPDATE @extschema@.proceeding_deadline AS d SET settled_by = step.seq
		 WHERE d.subject OPERATOR(@extschema@.=) p.subject AND d.proceeding_id = p.proceeding_id AND d.name = ANY (t.after) AND d.set_by < step.seq;
	END IF;

	hook := to_regprocedure(format('@extschema@.%I(@extschema@.subject_code, bigint, integer)', '_on_' || p.kind));
	IF hook IS NOT NULL THEN
		EXECUTE format('SELECT @extschema@.%I($1, $2, $3)', '_on_' || p.kind) USING p.subject, p.proceeding_id, step.seq;
		-- it may have gone further
		SELECT o.* INTO STRICT stored FROM @extschema@.proceeding AS o WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.proceeding_id = p.proceeding_id;
	END IF;
	RETURN stored;
END
$take_step$;
REVOKE ALL ON FUNCTION @extschema@._take_step(@extschema@.proceeding, text, jsonb, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._take_step(@extschema@.proceeding, text, jsonb, text) IS '核对并登记一步，唯一的写入处 / checks and logs a step; the only place that writes';

-- A second application while one is open, in words.
CREATE FUNCTION @extschema@._refuse_second(p @extschema@.proceeding) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $refuse_second$
DECLARE
	open_one @extschema@.proceeding;
BEGIN
	SELECT o.* INTO open_one FROM @extschema@.proceeding AS o
	 WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.kind = p.kind AND md5(o.about::text) = md5(p.about::text) AND NOT o.closed;
	RAISE EXCEPTION 'a proceeding of kind % about the same matter is open for subject "%"', p.kind, p.subject
		USING ERRCODE = 'unique_violation', CONSTRAINT = 'proceeding_open',
		      DETAIL = coalesce(format('Proceeding %s is %s.', open_one.proceeding_id, open_one.state), 'It was opened at the same time.'),
		      HINT = 'Go on with that one, or wait for its outcome: citycredit.proceeding_today shows its next steps.';
END
$refuse_second$;
REVOKE ALL ON FUNCTION @extschema@._refuse_second(@extschema@.proceeding) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._refuse_second(@extschema@.proceeding) IS '拒绝就同一事项另启程序 / refuses a second proceeding about the same matter';

-- The row, locked: of two officers one goes first, and the other is told by the state he left.
CREATE FUNCTION @extschema@._lock_proceeding(subject @extschema@.subject_code, proceeding_id bigint) RETURNS @extschema@.proceeding
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $lock_proceeding$
#variable_conflict use_column
DECLARE
	p @extschema@.proceeding;
BEGIN
	-- writers of records hold the subject first, and may end a proceeding: in another order two could wait for each other
	PERFORM @extschema@._lock_standing(_lock_proceeding.subject);
	SELECT o.* INTO p FROM @extschema@.proceeding AS o
	 WHERE o.subject OPERATOR(@extschema@.=) _lock_proceeding.subject AND o.proceeding_id = _lock_proceeding.proceeding_id FOR UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'proceeding % of subject "%" does not exist', _lock_proceeding.proceeding_id, _lock_proceeding.subject
			USING ERRCODE = 'undefined_object', HINT = 'The proceedings are in citycredit.proceeding_today.';
	END IF;
	RETURN p;
END
$lock_proceeding$;
REVOKE ALL ON FUNCTION @extschema@._lock_proceeding(@extschema@.subject_code, bigint) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._lock_proceeding(@extschema@.subject_code, bigint) IS '锁定程序 / locks a proceeding';

-- Records what the course of time has done before a day.
CREATE FUNCTION @extschema@._take_due(p @extschema@.proceeding, as_of date) RETURNS @extschema@.proceeding
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $take_due$
DECLARE
	due record;
BEGIN
	LOOP
		SELECT u.event, u.due_on INTO due FROM @extschema@._due_step AS u
		 WHERE u.subject OPERATOR(@extschema@.=) p.subject AND u.proceeding_id = p.proceeding_id AND u.due_on < as_of
		 ORDER BY u.due_on, u.step LIMIT 1;
		EXIT WHEN NOT FOUND;
		p := @extschema@._take_step(p, due.event, jsonb_build_object('on', to_char(greatest(due.due_on + 1, p.last_on), 'YYYY-MM-DD')), 'system');
	END LOOP;
	RETURN p;
END
$take_due$;
REVOKE ALL ON FUNCTION @extschema@._take_due(@extschema@.proceeding, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._take_due(@extschema@.proceeding, date) IS '登记期间届满引起的步骤 / records the steps that time has taken';

CREATE FUNCTION @extschema@._advance_proceeding(subject @extschema@.subject_code, proceeding_id bigint, event text, details jsonb, wanted text) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $advance_internal$
DECLARE
	p @extschema@.proceeding := @extschema@._lock_proceeding(subject, proceeding_id);
	step @extschema@.proceeding_step := @extschema@._step_of_details(event, details);
BEGIN
	-- a step is judged by how things stood on its day
	p := @extschema@._take_due(p, least(step.step_on, @extschema@.today()));
	p := @extschema@._take_step(p, event, details, wanted);
	RETURN p.state;
END
$advance_internal$;
REVOKE ALL ON FUNCTION @extschema@._advance_proceeding(@extschema@.subject_code, bigint, text, jsonb, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._advance_proceeding(@extschema@.subject_code, bigint, text, jsonb, text) IS
	'采取一步，wanted 可为 system，供其他模块调用 / takes a step, also as the system; for the functions of instances';

CREATE FUNCTION @extschema@._open_proceeding(subject @extschema@.subject_code, kind text, event text, department text, about jsonb, field text, district text,
	terms jsonb, on_overdue jsonb, details jsonb, wanted text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $open_internal$
DECLARE
	p @extschema@.proceeding;
	open_one @extschema@.proceeding;
	wrong text;
BEGIN
	IF num_nulls(subject, kind, event, department, about, terms, on_overdue, details) > 0 THEN
		RAISE EXCEPTION 'a proceeding needs subject, kind, event, department, about, terms, on_overdue and details'
			USING ERRCODE = 'null_value_not_allowed';
	ELSIF NOT EXISTS (SELECT FROM @extschema@.subject AS s WHERE s.subject OPERATOR(@extschema@.=) _open_proceeding.subject) THEN
		RAISE EXCEPTION 'subject "%" does not exist', subject
			USING ERRCODE = 'undefined_object', HINT = 'Register it by citycredit.register_subject().';
	ELSIF jsonb_typeof(about) <> 'object' OR jsonb_typeof(terms) <> 'object' OR jsonb_typeof(on_overdue) <> 'object' THEN
		RAISE EXCEPTION 'about, terms and on_overdue are objects' USING ERRCODE = 'invalid_parameter_value';
	ELSIF octet_length(about::text) > 8192 THEN
		RAISE EXCEPTION 'about is too long'
			USING ERRCODE = 'program_limit_exceeded', DETAIL = format('It has %s bytes; 8192 are allowed.', octet_length(about::text)),
			      HINT = 'It holds references; what describes goes to "data" of the details.';
	END IF;
	-- 1 and 1.0 are one number and two keys
	SELECT string_agg(DISTINCT n.number::text, ', ') INTO wrong FROM jsonb_path_query(about, '$.** ? (@.type() == "number")') AS n (number)
	 WHERE n.number::text !~ '^-?\d+$';
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION 'numbers of about are whole: %', wrong
			USING ERRCODE = 'invalid_parameter_value', DETAIL = 'One matter is written in one way, so that it is known again.', HINT = 'Write 1, not 1.0.';
	END IF;
	PERFORM @extschema@._legal_step(kind, NULL, event);
	SELECT string_agg(e.key, ', ' ORDER BY e.key) INTO wrong FROM jsonb_object_keys(terms) AS e (key)
	 WHERE NOT EXISTS (SELECT FROM @extschema@.proceeding_table(kind) AS t WHERE e.key = ANY (t.sets) OR e.key || '?' = ANY (t.sets));
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION 'kind % has no period %', kind, wrong
			USING ERRCODE = 'invalid_parameter_value',
			      HINT = format('The periods are in citycredit.proceeding_table(''%s''), column "sets".', kind);
	END IF;
	SELECT string_agg(e.key, ', ' ORDER BY e.key) INTO wrong FROM jsonb_each_text(on_overdue) AS e
	 WHERE e.value IS NULL OR e.value <> 'nothing' AND NOT EXISTS (
		SELECT FROM @extschema@.proceeding_table(kind) AS t WHERE e.key = ANY (t.after) AND t.overdue = e.value AND t.overdue <> 'lapse');
	IF wrong IS NOT NULL THEN
		RAISE EXCEPTION 'on_overdue of kind % cannot say so of %', kind, wrong
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = 'Silence of the department is granted, refer or nothing, for periods whose end has that effect; nothing adverse comes of it.',
			      HINT = format('The effects are in citycredit.proceeding_table(''%s''), columns "after" and "overdue".', kind);
	END IF;
	-- an invalid length is refused now, not when its step comes
	PERFORM @extschema@.deadline(@extschema@.today(), e.value) FROM jsonb_each(terms) AS e;

	p.subject := subject;
	p.proceeding_id := nextval('@extschema@.proceeding_number');
	p.kind := kind;
	p.department := department;
	p.field := field;
	p.district := district;
	p.about := about;
	p.terms := terms;
	p.on_overdue := on_overdue;
	p.opened_by := @extschema@.actor();
	-- Told before the rest, so that a second application is named as such whatever else it lacks; one that time has ended is no hindrance.
	FOR open_one IN
		SELECT o.* FROM @extschema@.proceeding AS o
		 WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.kind = p.kind AND md5(o.about::text) = md5(p.about::text) AND NOT o.closed
	LOOP
		open_one := @extschema@._take_due(@extschema@._lock_proceeding(open_one.subject, open_one.proceeding_id), @extschema@.today());
		IF NOT open_one.closed THEN
			PERFORM @extschema@._refuse_second(p);
		END IF;
	END LOOP;
	p := @extschema@._take_step(p, event, details, wanted);
	RETURN p.proceeding_id;
END
$open_internal$;
REVOKE ALL ON FUNCTION @extschema@._open_proceeding(@extschema@.subject_code, text, text, text, jsonb, text, text, jsonb, jsonb, jsonb, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._open_proceeding(@extschema@.subject_code, text, text, text, jsonb, text, text, jsonb, jsonb, jsonb, text) IS
	'启动程序，wanted 可为 system，供其他模块调用 / opens a proceeding, also as the system; for the functions of instances';

-- ---------------------------------------------------------------------------
-- What officers call
-- ---------------------------------------------------------------------------

-- What opens a kind and asks what the kind demands: a catalogue, a bar, papers, periods.
CREATE FUNCTION @extschema@._opener(kind text, event text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $opener$
	SELECT CASE kind WHEN 'commitment' THEN 'inform_commitment' WHEN 'repair' THEN 'apply_repair' WHEN 'objection' THEN 'raise_objection'
	                 WHEN 'complaint' THEN 'raise_complaint' WHEN 'gap_review' THEN 'open_gap_review'
	                 -- whom somebody has merely found is proposed later, by the same function
	                 WHEN 'listing' THEN CASE WHEN event <> 'find' THEN 'propose_listing' END END
$opener$;
REVOKE ALL ON FUNCTION @extschema@._opener(text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._opener(text, text) IS '启动该种程序的专门函数，没有则为空 / the function by which alone a kind is opened; NULL: open_proceeding()';

CREATE FUNCTION @extschema@.open_proceeding(subject @extschema@.subject_code, kind text, event text, department text, about jsonb DEFAULT '{}', field text DEFAULT NULL,
	district text DEFAULT NULL, terms jsonb DEFAULT '{}', on_overdue jsonb DEFAULT '{}', details jsonb DEFAULT '{}') RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $open_proceeding$
BEGIN
	PERFORM @extschema@._require_sight(open_proceeding.subject);
	IF @extschema@._opener(kind, event) IS NOT NULL THEN
		RAISE EXCEPTION 'proceedings of kind % are not opened by open_proceeding()', kind
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = 'What the kind demands of an opening is asked by the function that opens it.',
			      HINT = format('Use citycredit.%s().', @extschema@._opener(kind, event));
	END IF;
	-- what the city has said of the department's silence, no officer sets aside
	RETURN @extschema@._open_proceeding(subject, kind, event, department, about, field, district, terms,
		on_overdue || (SELECT s.on_overdue FROM @extschema@._set_terms(kind, field, '{}') AS s), details, NULL);
END
$open_proceeding$;
REVOKE ALL ON FUNCTION @extschema@.open_proceeding(@extschema@.subject_code, text, text, text, jsonb, text, text, jsonb, jsonb, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.open_proceeding(@extschema@.subject_code, text, text, text, jsonb, text, text, jsonb, jsonb, jsonb) IS
	'启动程序，返回编号 / opens a proceeding, returns its number';

CREATE FUNCTION @extschema@.advance_proceeding(subject @extschema@.subject_code, proceeding_id bigint, event text, details jsonb DEFAULT '{}') RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $advance_proceeding$
BEGIN
	PERFORM @extschema@._require_sight(advance_proceeding.subject);
	IF num_nulls(subject, proceeding_id, event, details) > 0 THEN
		RAISE EXCEPTION 'a step needs subject, proceeding_id, event and details' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	RETURN @extschema@._advance_proceeding(subject, proceeding_id, event, details, NULL);
END
$advance_proceeding$;
REVOKE ALL ON FUNCTION @extschema@.advance_proceeding(@extschema@.subject_code, bigint, text, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.advance_proceeding(@extschema@.subject_code, bigint, text, jsonb) IS
	'采取一步，返回其后状态；不合法、无职权、同一人、期间未满、要件不全均予拒绝 / takes a step, returns the state after it; refused when it is not legal, by the wrong department or person, too early or too late, or without what it needs';

CREATE FUNCTION @extschema@.run_due(as_of date DEFAULT @extschema@.today()) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $run_due$
DECLARE
	due record;
	p @extschema@.proceeding;
	before integer;
	taken integer := 0;
	code text;
	said text;
	detail text;
	hint text;
BEGIN
	IF as_of > @extschema@.today() THEN
		RAISE EXCEPTION 'day % is in the future', as_of
			USING ERRCODE = 'invalid_parameter_value', HINT = 'What time will do is known on its day.';
	END IF;
	FOR due IN
		SELECT DISTINCT u.subject, u.proceeding_id FROM @extschema@._due_step AS u WHERE u.due_on < as_of ORDER BY 1, 2
	LOOP
		BEGIN
			p := @extschema@._lock_proceeding(due.subject, due.proceeding_id);
			before := p.last_seq;
			p := @extschema@._take_due(p, as_of);
			taken := taken + p.last_seq - before;
		EXCEPTION WHEN OTHERS THEN
			GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, said = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
			-- a race or a lock, the server's limits, somebody who stops it, broken data: that is no refusal of this proceeding
			IF code ~ '^(40|53|55P03|57|58|XX00[12])' THEN
				RAISE;
			END IF;
			INSERT INTO @extschema@.proceeding_stuck AS o (subject, proceeding_id, stuck_since, tried_on, sqlstate, message, detail, hint)
			VALUES (due.subject, due.proceeding_id, @extschema@.today(), @extschema@.today(), code, said, nullif(detail, ''), nullif(hint, ''))
			ON CONFLICT ON CONSTRAINT proceeding_stuck_pkey DO UPDATE
			   SET tried_on = excluded.tried_on, sqlstate = excluded.sqlstate, message = excluded.message, detail = excluded.detail, hint = excluded.hint;
			-- whoever runs the job is told no more than he could read
			IF @extschema@._hidden(due.subject) THEN
				RAISE WARNING 'proceeding % is stuck', due.proceeding_id
					USING ERRCODE = code, HINT = 'Who may see it finds it in citycredit.proceeding_stuck; it is tried again by the next run.';
			ELSE
				RAISE WARNING 'proceeding % of subject "%" is stuck: %', due.proceeding_id, due.subject, said
					USING ERRCODE = code, DETAIL = detail, HINT = 'It is in citycredit.proceeding_stuck, and tried again by the next run.';
			END IF;
		END;
	END LOOP;
	-- those that went on, by this run or by somebody's step; not those that a run for an earlier day has left alone
	DELETE FROM @extschema@.proceeding_stuck AS o
	 WHERE NOT EXISTS (SELECT FROM @extschema@._due_step AS u
	                    WHERE u.subject OPERATOR(@extschema@.=) o.subject AND u.proceeding_id = o.proceeding_id AND u.due_on < @extschema@.today());
	RETURN taken;
END
$run_due$;
REVOKE ALL ON FUNCTION @extschema@.run_due(date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.run_due(date) IS '登记至该日期间届满引起的各步，返回步数；重复运行无影响；未能登记的见 proceeding_stuck / records the steps that time has taken by a day, returns their number; running it again does nothing; what is refused is in proceeding_stuck';

-- A paper that changes working days changes the ends of the periods that are counted in them, except where they have been acted upon.
CREATE FUNCTION @extschema@._recount_deadlines() RETURNS integer
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = off AS $recount_deadlines$
DECLARE
	recounted integer;
BEGIN
	UPDATE @extschema@.proceeding_deadline AS d SET due_on = n.due_on
	  FROM (SELECT o.subject, o.proceeding_id, o.name, @extschema@.deadline(o.counted_from, o.term) AS due_on
	          FROM @extschema@.proceeding_deadline AS o
	         WHERE o.settled_by IS NULL AND (o.term ? 'working_days' OR o.term ? 'roll')) AS n
	 WHERE d.subject OPERATOR(@extschema@.=) n.subject AND d.proceeding_id = n.proceeding_id AND d.name = n.name AND d.due_on IS DISTINCT FROM n.due_on;
	GET DIAGNOSTICS recounted = ROW_COUNT;
	UPDATE @extschema@.withdrawal AS w SET due_on = n.due_on
	  FROM (SELECT o.subject, o.withdrawal_id, @extschema@.deadline(o.decided_on, o.term) AS due_on
	          FROM @extschema@.withdrawal AS o
	         WHERE o.withdrawn_on IS NULL AND o.lapsed_on IS NULL AND (o.term ? 'working_days' OR o.term ? 'roll')) AS n
	 WHERE w.subject OPERATOR(@extschema@.=) n.subject AND w.withdrawal_id = n.withdrawal_id AND w.due_on IS DISTINCT FROM n.due_on;
	RETURN recounted;
END
$recount_deadlines$;
REVOKE ALL ON FUNCTION @extschema@._recount_deadlines() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._recount_deadlines() IS '工作日历变动后重算未届满的期间和撤下期限 / counts periods, and days by which something is withdrawn, again after the calendar has changed';
