-- ---------------------------------------------------------------------------
-- Measures tied to lists: sanctions (联合惩戒) and incentives (联合激励). Nobody applies one outside the catalogue, and none lasts a day longer than
-- the listing that it rests on: that is a join, not a job.
-- ---------------------------------------------------------------------------

CREATE TABLE @extschema@.measure (
	code           text NOT NULL CHECK (btrim(code) <> ''),
	edition        text NOT NULL CHECK (btrim(edition) <> ''),
	valid_from     date NOT NULL,
	valid_until    date NOT NULL DEFAULT 'infinity',
	once           boolean NOT NULL DEFAULT false,
	name           text NOT NULL CHECK (btrim(name) <> ''),
	class          text NOT NULL CONSTRAINT measure_class CHECK (class IN ('administrative', 'market', 'trade')),
	effect         text NOT NULL CONSTRAINT measure_effect CHECK (effect IN ('sanction', 'incentive')),
	list           text NOT NULL CONSTRAINT measure_list REFERENCES @extschema@.list_kind (list),
	subject_kinds  text[] CONSTRAINT measure_subject_kinds CHECK (subject_kinds <> '{}' AND subject_kinds <@
	               ARRAY['legal_person', 'other_organisation', 'individual_business', 'natural_person', 'government_body', 'official']),
	linked_roles   text[] NOT NULL DEFAULT '{}' CONSTRAINT measure_roles
	               CHECK (linked_roles <@ ARRAY['branch', 'head_office', 'legal_representative', 'responsible_person', 'related']),
	least_severity text CONSTRAINT measure_least_severity CHECK (least_severity IN ('minor', 'light', 'ordinary', 'fairly_serious', 'serious', 'very_serious')),
	least_intent   text CONSTRAINT measure_least_intent CHECK (least_intent IN ('unintentional', 'deliberate', 'malicious')),
	department     text,
	basis_title    text,
	basis_rank     text NOT NULL CONSTRAINT measure_rank
	               CHECK (basis_rank IN ('law', 'regulation', 'central_document', 'local_regulation', 'normative_document', 'draft', 'assumption')),
	basis_article  text,
	note           text,
	PRIMARY KEY (code, edition),
	CONSTRAINT measure_period CHECK (valid_from <= valid_until),
	-- what is known of the basis is said, and where it is not known that is said too
	CONSTRAINT measure_basis CHECK (basis_rank = 'assumption' OR num_nulls(basis_title, basis_article) = 0 AND btrim(basis_title) <> '' AND btrim(basis_article) <> ''),
	CONSTRAINT measure_red CHECK ((effect = 'incentive') = (list = 'red')),
	CONSTRAINT measure_incentive CHECK (effect = 'sanction' OR num_nonnulls(least_severity, least_intent) = 0 AND linked_roles = '{}')
);
COMMENT ON TABLE @extschema@.measure IS '奖惩措施目录：附于名单，各有依据；依据为 assumption 或 draft 的不适用 / catalogue of sanctions and incentives tied to lists, each with its legal basis; an assumption or a draft is not applied';
COMMENT ON COLUMN @extschema@.measure.code IS '措施编码 / code';
COMMENT ON COLUMN @extschema@.measure.edition IS '目录版本 / edition of the catalogue';
COMMENT ON COLUMN @extschema@.measure.valid_from IS '首日（含） / first day';
COMMENT ON COLUMN @extschema@.measure.valid_until IS '末日（含） / last day';
COMMENT ON COLUMN @extschema@.measure.once IS '在一次列入期间仅可用一次 / used up by one use during one listing';
COMMENT ON COLUMN @extschema@.measure.name IS '名称 / name';
COMMENT ON COLUMN @extschema@.measure.class IS '性质：administrative 行政性，market 市场性，trade 行业性 / class: administrative, market, trade';
COMMENT ON COLUMN @extschema@.measure.effect IS 'sanction 惩戒，incentive 激励 / sanction or incentive';
COMMENT ON COLUMN @extschema@.measure.list IS '所附名单 / list it is tied to';
COMMENT ON COLUMN @extschema@.measure.subject_kinds IS '适用主体类别；空为各类 / kinds of subjects; NULL: all';
COMMENT ON COLUMN @extschema@.measure.linked_roles IS '及于在列主体的哪些关联人员（并须为名单所及） / roles of linked persons whom it reaches, if the list does';
COMMENT ON COLUMN @extschema@.measure.least_severity IS '所需最低严重程度（过惩相当） / lowest severity of the facts';
COMMENT ON COLUMN @extschema@.measure.least_intent IS '所需最低主观程度 / lowest intent of the facts';
COMMENT ON COLUMN @extschema@.measure.department IS '实施部门；空为各部门 / department that applies it; NULL: any';
COMMENT ON COLUMN @extschema@.measure.basis_title IS '依据文件名称 / title of the document it is based on';
COMMENT ON COLUMN @extschema@.measure.basis_rank IS '依据位阶 / rank of that document';
COMMENT ON COLUMN @extschema@.measure.basis_article IS '依据条款 / article of that document';
COMMENT ON COLUMN @extschema@.measure.note IS '说明 / remarks';

CREATE SEQUENCE @extschema@.measure_application_number AS bigint;
COMMENT ON SEQUENCE @extschema@.measure_application_number IS '措施实施编号 / numbers of applications of measures';

CREATE TABLE @extschema@.measure_application (
	subject         @extschema@.subject_code NOT NULL REFERENCES @extschema@.subject (subject),
	application_id  bigint NOT NULL DEFAULT nextval('@extschema@.measure_application_number'),
	entry_id        bigint NOT NULL,
	listed_subject  @extschema@.subject_code NOT NULL,
	applied_on      date NOT NULL DEFAULT @extschema@.today(),
	feedback_on     date,
	once            boolean NOT NULL,
	code            text NOT NULL,
	edition         text NOT NULL,
	role            text,
	department      text NOT NULL,
	applied_by      text NOT NULL DEFAULT @extschema@.actor(),
	reason          text,
	feedback_by     text,
	feedback_result text CONSTRAINT measure_application_result CHECK (feedback_result IN ('done', 'partly', 'not_done')),
	feedback_note   text,
	PRIMARY KEY (subject, application_id),
	FOREIGN KEY (code, edition) REFERENCES @extschema@.measure (code, edition),
	CONSTRAINT measure_application_feedback CHECK (num_nonnulls(feedback_on, feedback_by, feedback_result) IN (0, 3) AND feedback_on >= applied_on),
	CONSTRAINT measure_application_role CHECK ((role IS NULL) = (subject OPERATOR(@extschema@.=) listed_subject))
);
CREATE UNIQUE INDEX measure_application_once ON @extschema@.measure_application (subject, entry_id, code) WHERE once;
COMMENT ON TABLE @extschema@.measure_application IS '措施的实施与反馈，只增 / applications of measures with their feedback; nothing in it changes';
COMMENT ON COLUMN @extschema@.measure_application.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.measure_application.application_id IS '实施编号 / number';
COMMENT ON COLUMN @extschema@.measure_application.entry_id IS '所依名单条目 / list entry it rests on';
COMMENT ON COLUMN @extschema@.measure_application.listed_subject IS '在列主体 / subject of that entry';
COMMENT ON COLUMN @extschema@.measure_application.applied_on IS '实施日 / day';
COMMENT ON COLUMN @extschema@.measure_application.feedback_on IS '反馈日 / day of the feedback';
COMMENT ON COLUMN @extschema@.measure_application.once IS '仅可用一次 / used up by it';
COMMENT ON COLUMN @extschema@.measure_application.code IS '措施编码 / measure';
COMMENT ON COLUMN @extschema@.measure_application.edition IS '目录版本 / edition';
COMMENT ON COLUMN @extschema@.measure_application.role IS '作为何种关联人员；空为在列主体本身 / as what of the listed one; NULL: itself';
COMMENT ON COLUMN @extschema@.measure_application.department IS '实施部门 / department';
COMMENT ON COLUMN @extschema@.measure_application.applied_by IS '实施人 / who applied it';
COMMENT ON COLUMN @extschema@.measure_application.reason IS '说明 / remark';
COMMENT ON COLUMN @extschema@.measure_application.feedback_by IS '反馈人 / who gave the feedback';
COMMENT ON COLUMN @extschema@.measure_application.feedback_result IS '结果：done 已落实，partly 部分落实，not_done 未落实 / result: done, partly, not done';
COMMENT ON COLUMN @extschema@.measure_application.feedback_note IS '反馈说明 / remark of the feedback';

CREATE FUNCTION @extschema@._measure_application_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $measure_application_guard$
DECLARE
	feedback CONSTANT text[] := ARRAY['feedback_on', 'feedback_by', 'feedback_result', 'feedback_note'];
BEGIN
	IF TG_OP = 'UPDATE' AND OLD.feedback_on IS NULL AND to_jsonb(NEW) - feedback = to_jsonb(OLD) - feedback THEN
		RETURN NEW;
	END IF;
	RAISE EXCEPTION 'cannot % applications of measures', lower(TG_OP)
		USING ERRCODE = 'object_not_in_prerequisite_state',
		      DETAIL = 'What was applied to whom stays on record; it ends with its listing by itself.',
		      HINT = 'The result is recorded, once, by citycredit.feedback_measure().';
END
$measure_application_guard$;
REVOKE ALL ON FUNCTION @extschema@._measure_application_guard() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._measure_application_guard() IS '措施实施只增不改，反馈一次 / refuses rewriting and deleting; feedback is given once';
CREATE TRIGGER measure_application_guard BEFORE UPDATE OR DELETE ON @extschema@.measure_application
	FOR EACH ROW EXECUTE FUNCTION @extschema@._measure_application_guard();
CREATE TRIGGER measure_application_guard_truncate BEFORE TRUNCATE ON @extschema@.measure_application
	FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._measure_application_guard();

-- ---------------------------------------------------------------------------
-- Who is on a list today, and how grave it was
-- ---------------------------------------------------------------------------

CREATE VIEW @extschema@._listed AS
SELECT e.subject, e.subject AS listed_subject, e.entry_id, NULL::text AS role, e.list, e.list_name, e.listed_until
  FROM @extschema@._entry_today AS e
UNION ALL
SELECT p.person, p.subject, p.entry_id, p.role, p.list, p.list_name, p.listed_until
  FROM @extschema@.listed_person AS p;
COMMENT ON VIEW @extschema@._listed IS '当日在列的主体及名单所及的关联人员 / who is on a list today, himself or by a link';
COMMENT ON COLUMN @extschema@._listed.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@._listed.listed_subject IS '在列主体 / subject of the entry';
COMMENT ON COLUMN @extschema@._listed.entry_id IS '条目编号 / number of the entry';
COMMENT ON COLUMN @extschema@._listed.role IS '关联角色；空为本身 / role of the link; NULL: itself';
COMMENT ON COLUMN @extschema@._listed.list IS '名单 / list';
COMMENT ON COLUMN @extschema@._listed.list_name IS '名单名称 / name of the list';
COMMENT ON COLUMN @extschema@._listed.listed_until IS '列入末日 / last day on the list';

-- The gravest of the facts that counted on the day of recognition and do so still: unknown severity and intent count for nothing, and lists of others
-- state neither.
CREATE FUNCTION @extschema@._gravity(listed_subject @extschema@.subject_code, entry_id bigint, OUT severity text, OUT intent text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET row_security = off AS $gravity$
BEGIN
	SELECT (array_agg(r.severity ORDER BY array_position(@extschema@._severities(), r.severity) DESC NULLS LAST))[1],
	       (array_agg(r.intent ORDER BY array_position(@extschema@._intents(), r.intent) DESC NULLS LAST))[1]
	  INTO severity, intent
	  FROM @extschema@.list_entry AS e
	  JOIN @extschema@.policy AS p ON p.version_id = e.version_id
	 CROSS JOIN LATERAL @extschema@._explain(e.subject, @extschema@._require_version(p.policy, e.recognised_on), e.recognised_on, 'infinity') AS x
	  JOIN @extschema@.record AS r ON r.subject OPERATOR(@extschema@.=) e.subject AND r.record_id = x.record_id AND r.known_until = 'infinity'
	 WHERE e.subject OPERATOR(@extschema@.=) _gravity.listed_subject AND e.entry_id = _gravity.entry_id
	   AND x.status = 'counts' AND r.revoked_on IS NULL AND r.repaired_on IS NULL;
END
$gravity$;
REVOKE ALL ON FUNCTION @extschema@._gravity(@extschema@.subject_code, bigint) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._gravity(@extschema@.subject_code, bigint) IS '列入所依事实的最重严重程度与主观程度 / gravest severity and intent of the facts behind an entry';

CREATE FUNCTION @extschema@._severities() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
RETURN ARRAY['minor', 'light', 'ordinary', 'fairly_serious', 'serious', 'very_serious'];
REVOKE ALL ON FUNCTION @extschema@._severities() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._severities() IS '严重程度，由轻到重 / severities in their order';
CREATE FUNCTION @extschema@._intents() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp
RETURN ARRAY['unintentional', 'deliberate', 'malicious'];
REVOKE ALL ON FUNCTION @extschema@._intents() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._intents() IS '主观程度，由轻到重 / intents in their order';

-- ---------------------------------------------------------------------------
-- Applying one
-- ---------------------------------------------------------------------------

-- The measure of the catalogue that a department may apply today; refused outside it, without a basis, by another department or without competence.
CREATE FUNCTION @extschema@._applicable_measure(measure text, edition text, department text, field text, district text) RETURNS @extschema@.measure
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $applicable_measure$
#variable_conflict use_column
DECLARE
	m @extschema@.measure;
	duties text[];
BEGIN
	SELECT c.* INTO m FROM @extschema@.measure AS c
	 WHERE c.code = _applicable_measure.measure AND c.edition = coalesce(_applicable_measure.edition, c.edition)
	 ORDER BY @extschema@.today() BETWEEN c.valid_from AND c.valid_until DESC, c.valid_from DESC LIMIT 1;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'measure "%" is not in the catalogue', concat_ws(' ', measure, edition)
			USING ERRCODE = 'undefined_object',
			      DETAIL = 'Nobody may apply a measure outside it.', HINT = 'The measures are in citycredit.measure.';
	ELSIF @extschema@.today() NOT BETWEEN m.valid_from AND m.valid_until THEN
		RAISE EXCEPTION 'measure "%" is not in force', m.code
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = format('Edition "%s" is in force from %s through %s.', m.edition, m.valid_from, m.valid_until),
			      HINT = 'Take one of an edition that is in force.';
	ELSIF m.basis_rank IN ('draft', 'assumption') THEN
		RAISE EXCEPTION 'measure "%" has no legal basis', m.code
			USING ERRCODE = 'check_violation', CONSTRAINT = 'measure_basis',
			      DETAIL = format('The rank of its basis is %s.', m.basis_rank),
			      HINT = 'Enter an edition of the measure with the law, regulation or document that provides for it.';
	ELSIF m.department <> _applicable_measure.department THEN
		RAISE EXCEPTION 'measure "%" is not for department "%"', m.code, department
			USING ERRCODE = 'insufficient_privilege',
			      DETAIL = format('It is applied by "%s".', m.department), HINT = 'Ask that department.';
	END IF;
	-- what harms is decided by whoever decides
	duties := CASE m.effect WHEN 'sanction' THEN ARRAY['decider'] ELSE ARRAY['officer', 'decider'] END;
	IF NOT @extschema@._competent(department, 'measure', field, district, duties) THEN
		RAISE EXCEPTION 'role "%" has no competence for measure "%"', @extschema@.actor(), m.code
			USING ERRCODE = 'insufficient_privilege',
			      DETAIL = format('It is applied as %s of "%s" for measure in field %s, district %s.', array_to_string(duties, ' or '), department,
			          coalesce(field, 'any'), coalesce(district, 'any')),
			      HINT = 'Who acts for which department is in citycredit.department_competence.';
	END IF;
	RETURN m;
END
$applicable_measure$;
REVOKE ALL ON FUNCTION @extschema@._applicable_measure(text, text, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._applicable_measure(text, text, text, text, text) IS '部门当日可实施的措施 / measure that a department may apply today';

-- Proportionate: the facts are at least as grave as the measure wants, and known to be.
CREATE FUNCTION @extschema@._check_proportion(m @extschema@.measure, severity text, intent text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $check_proportion$
BEGIN
	IF array_position(@extschema@._severities(), m.least_severity) > coalesce(array_position(@extschema@._severities(), severity), 0) THEN
		PERFORM @extschema@._refuse_step('measure_severity', format('measure "%s" is out of proportion to the facts', m.code),
			format('It needs severity %s; the gravest fact behind the listing is %s.', m.least_severity, coalesce(severity, 'unknown')),
			'Take a measure that is lighter, or establish the severity by citycredit.classify_record().');
	ELSIF array_position(@extschema@._intents(), m.least_intent) > coalesce(array_position(@extschema@._intents(), intent), 0) THEN
		PERFORM @extschema@._refuse_step('measure_intent', format('measure "%s" is not for facts without that intent', m.code),
			format('It needs intent %s; what is known is %s.', m.least_intent, coalesce(intent, 'unknown')),
			'Who errs is not treated as who means to: take another measure, or establish the intent by citycredit.classify_record().');
	END IF;
END
$check_proportion$;
REVOKE ALL ON FUNCTION @extschema@._check_proportion(@extschema@.measure, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._check_proportion(@extschema@.measure, text, text) IS '过惩相当 / refuses a measure out of proportion to the facts';

CREATE FUNCTION @extschema@.apply_measure(subject @extschema@.subject_code, measure text, department text, edition text DEFAULT NULL, entry bigint DEFAULT NULL,
	field text DEFAULT NULL, district text DEFAULT NULL, reason text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off SET datestyle = 'ISO, YMD' AS $apply_measure$
#variable_conflict use_column
DECLARE
	m @extschema@.measure;
	found_kind text;
	listed record;
	gravity record;
	id bigint;
BEGIN
	PERFORM @extschema@._require_sight(apply_measure.subject);
	IF num_nulls(subject, measure, department) > 0 THEN
		RAISE EXCEPTION 'an application needs subject, measure and department' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	m := @extschema@._applicable_measure(measure, edition, department, field, district);
	SELECT s.kind INTO found_kind FROM @extschema@.subject AS s WHERE s.subject OPERATOR(@extschema@.=) apply_measure.subject;
	IF found_kind <> ALL (m.subject_kinds) THEN
		RAISE EXCEPTION 'measure "%" is not for subjects of kind %', m.code, found_kind
			USING ERRCODE = 'wrong_object_type',
			      DETAIL = format('It is for %s.', array_to_string(m.subject_kinds, ', ')),
			      HINT = 'The kinds of subjects are in citycredit.measure, column subject_kinds.';
	END IF;
	-- the subject is held: its listing does not end between the look and the commit, and nobody with an older snapshot applies the measure once more
	PERFORM @extschema@._touch_subject(apply_measure.subject);
	SELECT l.* INTO listed FROM @extschema@._listed AS l
	 WHERE l.subject OPERATOR(@extschema@.=) apply_measure.subject AND l.list = m.list AND l.entry_id = coalesce(entry, l.entry_id)
	   AND (l.role IS NULL OR l.role = ANY (m.linked_roles))
	 ORDER BY l.role NULLS FIRST, l.entry_id LIMIT 1;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'subject "%" is not on the % list', subject, m.list
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('Nothing lists it on %s, or what does is suspended, an example, or does not reach it.', @extschema@.today()),
			      HINT = 'The entries and their stages are in citycredit.listing, linked persons in citycredit.listed_person.';
	END IF;
	PERFORM FROM @extschema@.list_entry AS e
	 WHERE e.subject OPERATOR(@extschema@.=) listed.listed_subject AND e.entry_id = listed.entry_id AND e.removed_on IS NULL AND e.suspended_on IS NULL
	   FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'list entry % has just ended', listed.entry_id
			USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Nothing is applied to who is no longer listed.';
	END IF;
	IF num_nonnulls(m.least_severity, m.least_intent) > 0 THEN
		SELECT * INTO gravity FROM @extschema@._gravity(listed.listed_subject, listed.entry_id);
		PERFORM @extschema@._check_proportion(m, gravity.severity, gravity.intent);
	END IF;
	SELECT a.application_id INTO id FROM @extschema@.measure_application AS a
	 WHERE a.subject OPERATOR(@extschema@.=) apply_measure.subject AND a.entry_id = listed.entry_id AND a.code = m.code
	   AND (m.once OR m.effect = 'sanction' AND a.department = apply_measure.department) LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'measure "%" % already', m.code, CASE WHEN m.once THEN 'is used up' ELSE 'is applied' END
			USING ERRCODE = 'unique_violation', CONSTRAINT = 'measure_application_once',
			      DETAIL = format('It is application %s, by list entry %s.', id, listed.entry_id),
			      HINT = 'It lasts as long as the listing; its result is recorded by citycredit.feedback_measure().';
	END IF;
	INSERT INTO @extschema@.measure_application (subject, entry_id, listed_subject, once, code, edition, role, department, reason)
	VALUES (apply_measure.subject, listed.entry_id, listed.listed_subject, m.once, m.code, m.edition, listed.role, apply_measure.department, apply_measure.reason)
	RETURNING application_id INTO id;
	RETURN id;
END
$apply_measure$;
REVOKE ALL ON FUNCTION @extschema@.apply_measure(@extschema@.subject_code, text, text, text, bigint, text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.apply_measure(@extschema@.subject_code, text, text, text, bigint, text, text, text) IS
	'对在列主体实施措施，返回编号；目录外、无依据、无职权、不在列、类别不符、过惩不当均予拒绝 / applies a measure to a listed subject, returns its number; refused outside the catalogue, without basis or competence, for who is not listed or of another kind, and out of proportion';

CREATE FUNCTION @extschema@.feedback_measure(subject @extschema@.subject_code, application bigint, result text, note text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off SET datestyle = 'ISO, YMD' AS $feedback_measure$
DECLARE
	a @extschema@.measure_application;
BEGIN
	PERFORM @extschema@._require_sight(feedback_measure.subject);
	SELECT o.* INTO a FROM @extschema@.measure_application AS o
	 WHERE o.subject OPERATOR(@extschema@.=) feedback_measure.subject AND o.application_id = application FOR UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'application % of a measure to subject "%" does not exist', application, subject
			USING ERRCODE = 'undefined_object', HINT = 'The applications are in citycredit.measure_application.';
	ELSIF NOT EXISTS (SELECT FROM @extschema@.department_competence AS c
	                   WHERE c.department = a.department AND c.role = @extschema@.actor() AND c.duty IN ('officer', 'decider')
	                     AND (c.act IS NULL OR c.act = 'measure') AND @extschema@.today() BETWEEN c.valid_from AND c.valid_until) THEN
		RAISE EXCEPTION 'role "%" has no competence for measure "%"', @extschema@.actor(), a.code
			USING ERRCODE = 'insufficient_privilege',
			      DETAIL = format('"%s" applied it.', a.department), HINT = 'Who acts for which department is in citycredit.department_competence.';
	ELSIF a.feedback_on IS NOT NULL THEN
		RAISE EXCEPTION 'application % has its feedback already', application
			USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = format('On %s it was %s.', a.feedback_on, a.feedback_result);
	ELSIF result IN ('done', 'partly', 'not_done') IS NOT TRUE THEN
		RAISE EXCEPTION 'invalid result "%" of a measure', result
			USING ERRCODE = 'invalid_parameter_value', HINT = 'It is done, partly or not_done.';
	END IF;
	UPDATE @extschema@.measure_application AS o
	   SET feedback_on = @extschema@.today(), feedback_by = @extschema@.actor(), feedback_result = result, feedback_note = note
	 WHERE o.subject OPERATOR(@extschema@.=) a.subject AND o.application_id = application;
END
$feedback_measure$;
REVOKE ALL ON FUNCTION @extschema@.feedback_measure(@extschema@.subject_code, bigint, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.feedback_measure(@extschema@.subject_code, bigint, text, text) IS '反馈措施的落实结果，一次 / records, once, what came of a measure';

-- ---------------------------------------------------------------------------
-- What is in effect, and what a subject may use
-- ---------------------------------------------------------------------------

CREATE VIEW @extschema@.measure_today AS
SELECT a.subject, a.application_id, a.code, a.edition, m.name, m.class, m.effect, a.department, a.applied_on, least(l.listed_until, m.valid_until) AS until,
       a.entry_id, l.list_name, a.listed_subject, a.role, a.feedback_on, a.feedback_result
  FROM @extschema@.measure_application AS a
  JOIN @extschema@.measure AS m ON m.code = a.code AND m.edition = a.edition AND @extschema@.today() BETWEEN m.valid_from AND m.valid_until
  JOIN @extschema@._listed AS l ON l.subject = a.subject AND l.entry_id = a.entry_id AND coalesce(l.role, '') = coalesce(a.role, '');
COMMENT ON VIEW @extschema@.measure_today IS '当日有效的措施：退出名单、暂停或关联终止之日即不在其中 / measures in effect today; none a day longer than the listing, or the link, that it rests on';
COMMENT ON COLUMN @extschema@.measure_today.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.measure_today.application_id IS '实施编号 / number';
COMMENT ON COLUMN @extschema@.measure_today.code IS '措施编码 / measure';
COMMENT ON COLUMN @extschema@.measure_today.edition IS '目录版本 / edition';
COMMENT ON COLUMN @extschema@.measure_today.name IS '名称 / name';
COMMENT ON COLUMN @extschema@.measure_today.class IS '性质 / class';
COMMENT ON COLUMN @extschema@.measure_today.effect IS '惩戒或激励 / sanction or incentive';
COMMENT ON COLUMN @extschema@.measure_today.department IS '实施部门 / department';
COMMENT ON COLUMN @extschema@.measure_today.applied_on IS '实施日 / day';
COMMENT ON COLUMN @extschema@.measure_today.until IS '最迟末日 / last day at the latest';
COMMENT ON COLUMN @extschema@.measure_today.entry_id IS '所依名单条目 / list entry it rests on';
COMMENT ON COLUMN @extschema@.measure_today.list_name IS '名单名称 / name of the list';
COMMENT ON COLUMN @extschema@.measure_today.listed_subject IS '在列主体 / subject of the entry';
COMMENT ON COLUMN @extschema@.measure_today.role IS '关联角色 / role of the link';
COMMENT ON COLUMN @extschema@.measure_today.feedback_on IS '反馈日 / day of the feedback';
COMMENT ON COLUMN @extschema@.measure_today.feedback_result IS '反馈结果 / result';

CREATE FUNCTION @extschema@.incentives(subject @extschema@.subject_code)
	RETURNS TABLE (code text, edition text, name text, department text, once boolean, entry_id bigint, list_name text, until date, basis text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $incentives$
#variable_conflict use_column
BEGIN
	PERFORM @extschema@._require_sight(incentives.subject);
	RETURN QUERY SELECT m.code, m.edition, m.name, m.department, m.once, l.entry_id, l.list_name, least(l.listed_until, m.valid_until), m.basis_title || ' ' || m.basis_article
	  FROM @extschema@._listed AS l
	  JOIN @extschema@.measure AS m ON m.list = l.list
	  JOIN @extschema@.subject AS s ON s.subject OPERATOR(@extschema@.=) l.subject
	 WHERE l.subject OPERATOR(@extschema@.=) incentives.subject AND l.role IS NULL AND m.effect = 'incentive' AND m.basis_rank NOT IN ('draft', 'assumption')
	   AND @extschema@.today() BETWEEN m.valid_from AND m.valid_until AND (m.subject_kinds IS NULL OR s.kind = ANY (m.subject_kinds))
	   AND NOT (m.once AND EXISTS (SELECT FROM @extschema@.measure_application AS a
	                                WHERE a.subject OPERATOR(@extschema@.=) l.subject AND a.entry_id = l.entry_id AND a.code = m.code))
	 ORDER BY m.code, m.edition, l.entry_id;
END
$incentives$;
REVOKE ALL ON FUNCTION @extschema@.incentives(@extschema@.subject_code) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.incentives(@extschema@.subject_code) IS '主体当日可享受的激励措施，已用完的一次性措施除外 / incentives that a subject may use today; one-off benefits that are used up are not among them';
