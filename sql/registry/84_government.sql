-- ---------------------------------------------------------------------------
-- Government bodies and officials (政务诚信): the same records, policies and proceedings as for every subject, and a narrower circle that sees them
-- (12_sight.sql, 91_sight.sql). 《关于印发常州市各辖市（区）人民政府落实市政府政务诚信建设等系列文件任务分工的通知》附件1, 二(3)(4): files of bodies and officials;
-- a body in breach explains in writing and rectifies by a day. 《2020年社会信用体系建设工作实施方案》（牟城管〔2020〕144号）三(十一): files of the staff of city
-- management. Nothing of them is published or fed unless a measure says so.
-- ---------------------------------------------------------------------------

-- What is not published about them depends on the kind, so no kind may hide the nature of the code.
ALTER TABLE @extschema@.subject ADD CONSTRAINT subject_government
	CHECK (kind = 'government_body' OR (@extschema@.subject_kind(subject) = 'government_body') IS NOT TRUE);
COMMENT ON CONSTRAINT subject_government ON @extschema@.subject IS '机关代码的主体即为政府机关 / a subject with the code of a government body is one';
CREATE INDEX subject_of_government ON @extschema@.subject (subject) WHERE kind IN ('government_body', 'official');

CREATE FUNCTION @extschema@._of_government(subject @extschema@.subject_code) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $of_government$
#variable_conflict use_column
BEGIN
	RETURN @extschema@.subject_kind(_of_government.subject) = 'government_body'
		OR EXISTS (SELECT FROM @extschema@._government AS g WHERE g.subject OPERATOR(@extschema@.=) _of_government.subject);
END
$of_government$;
REVOKE ALL ON FUNCTION @extschema@._of_government(@extschema@.subject_code) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._of_government(@extschema@.subject_code) IS '是否政府机关或公职人员 / whether a subject is a government body or an official';

-- ---------------------------------------------------------------------------
-- Measures whose results about them are public
-- ---------------------------------------------------------------------------

CREATE SEQUENCE @extschema@.public_policy_number AS bigint;
COMMENT ON SEQUENCE @extschema@.public_policy_number IS '公开规则编号 / numbers of rows of public_policy';

CREATE TABLE @extschema@.public_policy (
	rule_id       bigint NOT NULL PRIMARY KEY DEFAULT nextval('@extschema@.public_policy_number'),
	approved_on   date,
	superseded_on date NOT NULL DEFAULT 'infinity',
	policy        text NOT NULL,
	results       text NOT NULL DEFAULT 'public' CHECK (results IN ('public', 'withheld')),
	basis_title   text NOT NULL CHECK (btrim(basis_title) <> ''),
	basis_article text NOT NULL CHECK (btrim(basis_article) <> ''),
	entered_by    text NOT NULL DEFAULT @extschema@.actor(),
	approved_by   text,
	CONSTRAINT public_policy_second_person CHECK (approved_by <> entered_by AND num_nonnulls(approved_by, approved_on) IN (0, 2))
);
COMMENT ON TABLE @extschema@.public_policy IS '规定公开政府机关和公职人员评价结果的办法；未列入者一律不公开、不报送；只增不改，第二人批准后生效 / measures by which results about government bodies and officials are public: by no other are they published or fed; never overwritten, in force once a second person has approved it';
COMMENT ON CONSTRAINT public_policy_second_person ON @extschema@.public_policy IS '批准人不得为录入人 / who entered it does not approve it';
COMMENT ON COLUMN @extschema@.public_policy.rule_id IS '编号 / number';
COMMENT ON COLUMN @extschema@.public_policy.approved_on IS '批准日，自此适用 / applied from this day on; NULL = not approved';
COMMENT ON COLUMN @extschema@.public_policy.superseded_on IS '被同一办法的后一规则取代之日 / day on which a later row of the policy took its place';
COMMENT ON COLUMN @extschema@.public_policy.policy IS '办法标识 / policy';
COMMENT ON COLUMN @extschema@.public_policy.results IS 'public 公开，withheld 不再公开 / public, or withheld again';
COMMENT ON COLUMN @extschema@.public_policy.basis_title IS '规定公开的文件 / document that says so';
COMMENT ON COLUMN @extschema@.public_policy.basis_article IS '条款 / its article';
COMMENT ON COLUMN @extschema@.public_policy.entered_by IS '录入人 / who entered it';
COMMENT ON COLUMN @extschema@.public_policy.approved_by IS '批准人，不得为录入人 / who approved it; never who entered it';
SELECT @extschema@._guard_rules(ARRAY['public_policy'], 'What was public on a past day is told by the rules of that day.',
	'Enter a new row and let another person approve it by citycredit.approve_public_policy(): it takes the place of the one before.');

CREATE FUNCTION @extschema@.approve_public_policy(rule_id bigint) RETURNS date
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $approve_public_policy$
#variable_conflict use_column
DECLARE
	today constant date := @extschema@.today();
	entered @extschema@.public_policy;
BEGIN
	-- one at a time: of two rows of one policy the second sees the first
	LOCK TABLE @extschema@.public_policy IN SHARE ROW EXCLUSIVE MODE;
	SELECT p.* INTO entered FROM @extschema@.public_policy AS p WHERE p.rule_id = approve_public_policy.rule_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'row % of public_policy does not exist', approve_public_policy.rule_id
			USING ERRCODE = 'undefined_object', HINT = 'A policy editor enters it; another one approves it.';
	ELSIF NOT EXISTS (SELECT FROM @extschema@.policy AS p WHERE p.policy = entered.policy AND p.status = 'adopted') THEN
		RAISE EXCEPTION 'policy "%" does not exist', entered.policy
			USING ERRCODE = 'undefined_object', DETAIL = 'No version of that name has been adopted.';
	END IF;
	PERFORM @extschema@._check_approval(format('row %s of public_policy', entered.rule_id), entered.entered_by, entered.approved_on,
		'To change it, enter another row of the same policy.');
	UPDATE @extschema@.public_policy AS p SET superseded_on = today
	 WHERE p.policy = entered.policy AND p.rule_id <> entered.rule_id AND p.approved_on IS NOT NULL AND p.superseded_on = 'infinity';
	UPDATE @extschema@.public_policy AS p SET approved_on = today, approved_by = @extschema@.actor() WHERE p.rule_id = entered.rule_id;
	RETURN today;
END
$approve_public_policy$;
REVOKE ALL ON FUNCTION @extschema@.approve_public_policy(bigint) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.approve_public_policy(bigint) IS
	'第二人批准公开（或不再公开）一办法对政府机关和公职人员的结果，自当日起；返回生效日 / a second person approves that results of a policy about government bodies and officials are public, or withheld again, from today on; its first day';

CREATE FUNCTION @extschema@._public_policy(policy text, day date) RETURNS boolean
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $public_policy$
BEGIN
	RETURN EXISTS (SELECT FROM @extschema@.public_policy AS p
	                WHERE p.policy = _public_policy.policy AND p.results = 'public' AND p.approved_on <= _public_policy.day AND p.superseded_on > _public_policy.day);
END
$public_policy$;
REVOKE ALL ON FUNCTION @extschema@._public_policy(text, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._public_policy(text, date) IS '某日该办法是否规定公开政府机关的结果 / whether a policy makes results about government bodies public on a day';

-- ---------------------------------------------------------------------------
-- Officials and their offices
-- ---------------------------------------------------------------------------

CREATE TABLE @extschema@.office (
	subject     @extschema@.subject_code NOT NULL,
	body        @extschema@.subject_code NOT NULL,
	valid_from  date NOT NULL,
	valid_until date NOT NULL DEFAULT 'infinity',
	post        text NOT NULL CHECK (btrim(post) <> ''),
	basis       text NOT NULL CHECK (btrim(basis) <> ''),
	entered_by  text NOT NULL DEFAULT @extschema@.actor(),
	PRIMARY KEY (subject, body, valid_from),
	FOREIGN KEY (subject) REFERENCES @extschema@.subject (subject),
	CHECK (valid_from <= valid_until)
);
COMMENT ON TABLE @extschema@.office IS '公职人员任职：在何机关任何职 / offices of officials: at which body, in which post';
COMMENT ON COLUMN @extschema@.office.subject IS '公职人员 / official';
COMMENT ON COLUMN @extschema@.office.body IS '机关 / government body';
COMMENT ON COLUMN @extschema@.office.valid_from IS '任职首日 / first day';
COMMENT ON COLUMN @extschema@.office.valid_until IS '任职末日（含） / last day';
COMMENT ON COLUMN @extschema@.office.post IS '职务 / post';
COMMENT ON COLUMN @extschema@.office.basis IS '任职文件 / document of the appointment';
COMMENT ON COLUMN @extschema@.office.entered_by IS '录入人 / who entered it';

CREATE FUNCTION @extschema@.register_official(person @extschema@.subject_code, body @extschema@.subject_code, post text, valid_from date, basis text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $register_official$
#variable_conflict use_column
BEGIN
	IF num_nulls(person, body, post, valid_from, basis) > 0 THEN
		RAISE EXCEPTION 'an office needs person, body, post, valid_from and basis' USING ERRCODE = 'null_value_not_allowed';
	ELSIF NOT EXISTS (SELECT FROM @extschema@.subject AS s WHERE s.subject OPERATOR(@extschema@.=) register_official.body AND s.kind = 'government_body') THEN
		RAISE EXCEPTION 'government body "%" is not registered', register_official.body
			USING ERRCODE = 'no_data_found', HINT = 'Register it by citycredit.register_subject().';
	END IF;
	UPDATE @extschema@.subject AS s SET kind = 'official'
	 WHERE s.subject OPERATOR(@extschema@.=) register_official.person AND s.kind IN ('natural_person', 'official');
	IF NOT FOUND THEN
		RAISE EXCEPTION 'person "%" is not registered', register_official.person
			USING ERRCODE = 'no_data_found', HINT = 'Use citycredit.register_person(): it finds or makes the code of a natural person.';
	END IF;
	INSERT INTO @extschema@.office (subject, body, post, valid_from, basis)
	VALUES (register_official.person, register_official.body, register_official.post, register_official.valid_from, register_official.basis);
END
$register_official$;
REVOKE ALL ON FUNCTION @extschema@.register_official(@extschema@.subject_code, @extschema@.subject_code, text, date, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.register_official(@extschema@.subject_code, @extschema@.subject_code, text, date, text) IS
	'将已登记的自然人登记为公职人员及其任职；此后其档案仅限政务诚信人员查看 / registers a person as an official of a body: from now on the file is open to the profile "integrity" alone';

-- What was recorded of him in office stays where it is; who sees it may make him a natural person again by register_subject().
CREATE FUNCTION @extschema@.end_office(person @extschema@.subject_code, body @extschema@.subject_code, valid_until date, basis text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $end_office$
#variable_conflict use_column
BEGIN
	IF num_nulls(person, body, valid_until, basis) > 0 THEN
		RAISE EXCEPTION 'the end of an office needs person, body, valid_until and basis' USING ERRCODE = 'null_value_not_allowed';
	END IF;
	UPDATE @extschema@.office AS o SET valid_until = end_office.valid_until, basis = concat_ws('; ', o.basis, end_office.basis)
	 WHERE o.subject OPERATOR(@extschema@.=) end_office.person AND o.body OPERATOR(@extschema@.=) end_office.body AND o.valid_until = 'infinity'
	   AND o.valid_from <= end_office.valid_until;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'official "%" has no office at "%" that could end on %', end_office.person, end_office.body, to_jsonb(end_office.valid_until) #>> '{}'
			USING ERRCODE = 'no_data_found', HINT = 'The offices are in citycredit.government_subject.';
	END IF;
END
$end_office$;
REVOKE ALL ON FUNCTION @extschema@.end_office(@extschema@.subject_code, @extschema@.subject_code, date, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.end_office(@extschema@.subject_code, @extschema@.subject_code, date, text) IS
	'登记离任：末日及文件；档案的查看范围不变 / records the end of an office, with its last day and document; who sees the file stays the same';

CREATE VIEW @extschema@.government_subject WITH (security_barrier) AS
SELECT s.subject, s.kind, s.name, s.district, o.body, o.post, o.valid_from, o.valid_until
  FROM @extschema@.subject AS s
  LEFT JOIN @extschema@.office AS o ON o.subject = s.subject
 WHERE s.kind IN ('government_body', 'official');
COMMENT ON VIEW @extschema@.government_subject IS '政府机关和公职人员名册；可读此视图者方可见其档案 / government bodies and officials; who may read this sees their files, and nobody else does';
COMMENT ON COLUMN @extschema@.government_subject.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.government_subject.kind IS '类别：government_body 政府机关，official 公职人员 / kind';
COMMENT ON COLUMN @extschema@.government_subject.name IS '名称 / name';
COMMENT ON COLUMN @extschema@.government_subject.district IS '所在区 / district';
COMMENT ON COLUMN @extschema@.government_subject.body IS '公职人员所在机关 / body of an official';
COMMENT ON COLUMN @extschema@.government_subject.post IS '职务 / post';
COMMENT ON COLUMN @extschema@.government_subject.valid_from IS '任职首日 / first day of the office';
COMMENT ON COLUMN @extschema@.government_subject.valid_until IS '任职末日（含） / last day of the office';

-- Their files by themselves, for who looks after them and has no business with firms.
CREATE VIEW @extschema@.government_record WITH (security_barrier) AS
SELECT r.subject, s.name, r.record_id, r.kind, r.document, r.authority, r.source, r.behaviour, r.field, r.severity, r.decided_on, r.act_on, r.recorded_on,
       r.corrected_on, r.repaired_on, r.revoked_on, r.held, r.verified_by, r.detail
  FROM @extschema@.record AS r
  JOIN @extschema@.subject AS s ON s.subject = r.subject
 WHERE s.kind IN ('government_body', 'official') AND r.known_until = 'infinity';
COMMENT ON VIEW @extschema@.government_record IS '政府机关和公职人员的现行记录 / current records of government bodies and officials';
CREATE VIEW @extschema@.government_standing WITH (security_barrier) AS
SELECT t.subject, s.name, t.policy, t.version, t.state, t.score, t.band, t.credit_grade::text AS credit_grade, t.undecided, t.vetoes, t.lists, t.effects
  FROM @extschema@.standing AS t
  JOIN @extschema@.subject AS s ON s.subject = t.subject
 WHERE s.kind IN ('government_body', 'official');
COMMENT ON VIEW @extschema@.government_standing IS '政府机关和公职人员的当日评价结果 / outcomes today of government bodies and officials';
CREATE VIEW @extschema@.government_rectification WITH (security_barrier) AS
SELECT p.subject, s.name, p.proceeding_id, p.department, p.state, p.state_zh, p.closed, p.opened_on, (p.periods ->> 'rectify')::date AS rectify_by,
       e.reasons AS explanation, e.step_on AS explained_on
  FROM @extschema@.proceeding_today AS p
  JOIN @extschema@.subject AS s ON s.subject = p.subject
  LEFT JOIN LATERAL (SELECT t.reasons, t.step_on FROM @extschema@.proceeding_step AS t
                      WHERE t.subject = p.subject AND t.proceeding_id = p.proceeding_id AND t.event = 'explain' ORDER BY t.seq DESC LIMIT 1) AS e ON true
 WHERE p.kind = 'rectification' AND s.kind IN ('government_body', 'official');
COMMENT ON VIEW @extschema@.government_rectification IS '政府机关的限期整改：状态、期限、书面说明 / rectifications by government bodies: state, day, explanation';
DO $government_columns$
DECLARE
	remark record;
BEGIN
	FOR remark IN
		SELECT c.relname, a.attname, v.remark FROM (VALUES
			('subject', '主体代码 / subject'), ('name', '名称 / name'), ('record_id', '记录标识 / record'), ('kind', '记录类别 / kind of record'),
			('document', '文书号 / document number'), ('authority', '作出机关代码 / authority'), ('source', '数据来源代码 / source'), ('behaviour', '行为编码 / behaviour'),
			('field', '领域 / field'), ('severity', '严重程度 / severity'), ('decided_on', '决定日 / day of the decision'), ('act_on', '行为日 / day of the act'),
			('recorded_on', '登记日 / day of recording'), ('corrected_on', '改正日 / day of correction'), ('repaired_on', '修复日 / day of repair'),
			('revoked_on', '撤销日 / day of revocation'), ('held', '待核原因 / why it is held'), ('verified_by', '审核人 / who verified it'),
			('detail', '原始字段 / fields as given'), ('policy', '办法 / policy'), ('version', '版本 / version'), ('state', '状态 / state'), ('score', '得分 / score'),
			('band', '档次 / band'), ('credit_grade', '信用等级 / credit grade'), ('undecided', '待定 / undecided'), ('vetoes', '一票否决规则 / vetoes'),
			('lists', '候选名单规则 / list rules'), ('effects', '措施 / effects'), ('proceeding_id', '程序编号 / proceeding'), ('department', '责令部门 / department'),
			('state_zh', '状态名称 / state in Chinese'), ('closed', '是否已结 / whether it is closed'), ('opened_on', '责令日 / day of the order'),
			('rectify_by', '整改期限 / day by which to rectify'), ('explanation', '书面说明 / explanation in writing'), ('explained_on', '说明日 / day of the explanation')
		  ) AS v (name, remark)
		  JOIN pg_attribute AS a ON a.attname = v.name
		  JOIN pg_class AS c ON c.oid = a.attrelid AND c.relnamespace = '@extschema@'::regnamespace
		   AND c.relname IN ('government_record', 'government_standing', 'government_rectification')
	LOOP
		EXECUTE format('COMMENT ON COLUMN @extschema@.%I.%I IS %L', remark.relname, remark.attname, remark.remark);
	END LOOP;
END
$government_columns$;

-- ---------------------------------------------------------------------------
-- A body in breach explains in writing and rectifies by a day
-- ---------------------------------------------------------------------------

-- The written explanation is due from the body, not a matter of whether somebody asks: without it nothing is confirmed (附件1, 二(4)).
CREATE FUNCTION @extschema@._on_rectification(subject @extschema@.subject_code, proceeding_id bigint, seq integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = off AS $on_rectification$
#variable_conflict use_column
BEGIN
	IF EXISTS (SELECT FROM @extschema@.proceeding_step AS s
	            WHERE s.subject OPERATOR(@extschema@.=) _on_rectification.subject AND s.proceeding_id = _on_rectification.proceeding_id
	              AND s.seq = _on_rectification.seq AND s.event = 'confirm')
	   AND @extschema@._of_government(_on_rectification.subject)
	   AND NOT EXISTS (SELECT FROM @extschema@.proceeding_step AS s
	                    WHERE s.subject OPERATOR(@extschema@.=) _on_rectification.subject AND s.proceeding_id = _on_rectification.proceeding_id
	                      AND s.event = 'explain') THEN
		PERFORM @extschema@._refuse_step('rectification_explained', 'the body has not explained the breach in writing',
			format('Proceeding %s has no step "explain".', proceeding_id), 'Record the explanation by "explain", with its text as reasons; then "confirm".');
	END IF;
END
$on_rectification$;
REVOKE ALL ON FUNCTION @extschema@._on_rectification(@extschema@.subject_code, bigint, integer) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._on_rectification(@extschema@.subject_code, bigint, integer) IS
	'政府机关未书面说明的，不得确认整改到位 / of a government body no rectification is confirmed without its explanation in writing';

CREATE FUNCTION @extschema@.order_rectification(body @extschema@.subject_code, department text, reasons text, rectify_by date, served_on date, method text, document text,
	record_id uuid DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off SET datestyle = 'ISO, YMD' AS $order_rectification$
#variable_conflict use_column
BEGIN
	IF num_nulls(body, department, reasons, rectify_by, served_on, method, document) > 0 THEN
		RAISE EXCEPTION 'an order needs body, department, reasons, rectify_by, served_on, method and document' USING ERRCODE = 'null_value_not_allowed';
	ELSIF @extschema@._of_government(order_rectification.body) IS NOT TRUE THEN
		RAISE EXCEPTION 'subject "%" is no government body and no official', order_rectification.body
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Others rectify within the proceeding of their case: citycredit.open_proceeding().';
	ELSIF rectify_by <= served_on THEN
		RAISE EXCEPTION 'the day to rectify by, %, is not after the service', rectify_by
			USING ERRCODE = 'invalid_parameter_value', DETAIL = format('The order was served on %s.', served_on);
	END IF;
	PERFORM @extschema@._require_sight(order_rectification.body);
	IF record_id IS NOT NULL THEN
		PERFORM @extschema@._current_record(order_rectification.body, order_rectification.record_id);
	END IF;
	RETURN @extschema@._open_proceeding(body, 'rectification', 'order', department, jsonb_strip_nulls(jsonb_build_object('record_id', record_id)), NULL, NULL,
		'{}', '{}', jsonb_build_object('reasons', reasons, 'served_on', served_on::text, 'service_method', method, 'service_document', document,
			'terms', jsonb_build_object('rectify', jsonb_build_object('days', rectify_by - served_on))), NULL);
END
$order_rectification$;
REVOKE ALL ON FUNCTION @extschema@.order_rectification(@extschema@.subject_code, text, text, date, date, text, text, uuid) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.order_rectification(@extschema@.subject_code, text, text, date, date, text, text, uuid) IS
	'责令政府机关书面说明原因并限期整改，返回程序编号；说明（explain）、延期、整改到位（confirm）经 advance_proceeding() / orders a government body to explain in writing and to rectify by a day; number of the proceeding, which goes on by advance_proceeding()';
