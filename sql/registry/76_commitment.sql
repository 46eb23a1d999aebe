-- ---------------------------------------------------------------------------
-- Commitments (信用承诺): promises that replace, defer or accompany proof. The steps, periods and persons are those of the proceeding "commitment"
-- (15_proceeding.sql); here is what a commitment says, which matters allow one, who may not make one, and what its end does.
-- 重庆市政务领域信用承诺试点工作方案(征求意见稿), 四: told the conditions, signed, decided, public, verified; who does not keep it is first ordered to
-- rectify, and only who does not is in breach.
-- ---------------------------------------------------------------------------

CREATE TABLE @extschema@.commitment_matter (
	city       text NOT NULL CHECK (btrim(city) <> ''),
	edition    text NOT NULL CHECK (btrim(edition) <> ''),
	number     integer NOT NULL CHECK (number > 0),
	department text NOT NULL CHECK (btrim(department) <> ''),
	power      text NOT NULL,
	matter     text NOT NULL CHECK (btrim(matter) <> ''),
	type       text NOT NULL CONSTRAINT commitment_matter_type CHECK (type IN ('notified', 'instead_of_approval', 'missing_papers', 'proof')),
	field      text NOT NULL,
	source     text NOT NULL CHECK (btrim(source) <> ''),
	rank       text NOT NULL CONSTRAINT commitment_matter_rank CHECK (rank IN
		('law', 'regulation', 'central_document', 'departmental_rule', 'local_regulation', 'normative_document', 'draft', 'assumption')),
	used_from  date NOT NULL DEFAULT @extschema@.today(),
	used_until date NOT NULL DEFAULT 'infinity',
	PRIMARY KEY (city, edition, number),
	CONSTRAINT commitment_matter_period CHECK (used_from <= used_until)
);
COMMENT ON TABLE @extschema@.commitment_matter IS '适用信用承诺的事项清单：清单外的事项不得以承诺替代或者延后证明 / matters for which a commitment may replace or defer proof; none outside';
COMMENT ON COLUMN @extschema@.commitment_matter.city IS '城市 / city';
COMMENT ON COLUMN @extschema@.commitment_matter.edition IS '清单版本 / edition of the catalogue';
COMMENT ON COLUMN @extschema@.commitment_matter.number IS '序号 / number in the edition';
COMMENT ON COLUMN @extschema@.commitment_matter.department IS '责任单位 / department responsible';
COMMENT ON COLUMN @extschema@.commitment_matter.power IS '权力类型 / kind of power';
COMMENT ON COLUMN @extschema@.commitment_matter.matter IS '事项名称 / matter';
COMMENT ON COLUMN @extschema@.commitment_matter.type IS '承诺类型：notified 告知承诺，instead_of_approval 审批替代，missing_papers 容缺受理，proof 证明事项 / type of commitment that it allows';
COMMENT ON COLUMN @extschema@.commitment_matter.field IS '试点领域 / field';
COMMENT ON COLUMN @extschema@.commitment_matter.source IS '依据文件 / document';
COMMENT ON COLUMN @extschema@.commitment_matter.rank IS '依据文件的位阶，同办法文件的 sources / rank of the document, as in the sources of policies';
COMMENT ON COLUMN @extschema@.commitment_matter.used_from IS '启用首日 / first day of use';
COMMENT ON COLUMN @extschema@.commitment_matter.used_until IS '启用末日（含） / last day of use';

CREATE SEQUENCE @extschema@.commitment_serial AS bigint;
COMMENT ON SEQUENCE @extschema@.commitment_serial IS '承诺编码的流水号 / serial numbers within the codes of commitments';

CREATE TABLE @extschema@.commitment (
	subject       @extschema@.subject_code NOT NULL,
	proceeding_id bigint NOT NULL,
	number        integer,
	signed_on     date,
	valid_until   date,
	decided_on    date,
	found_on      date,
	permit        uuid,
	code          text NOT NULL CONSTRAINT commitment_code CHECK (code ~ '^[0-9]{20}$'),
	type          text NOT NULL CONSTRAINT commitment_type CHECK (type IN
		('notified', 'missing_papers', 'instead_of_approval', 'proof', 'repair', 'self_discipline', 'voluntary', 'other')),
	city          text,
	edition       text,
	matter        text NOT NULL CHECK (btrim(matter) <> ''),
	department    text NOT NULL,
	conditions    text[] NOT NULL CONSTRAINT commitment_conditions CHECK (cardinality(conditions) > 0 AND '' <> ALL (conditions)),
	content       text,
	liability     text,
	openness      text NOT NULL DEFAULT 'public' CONSTRAINT commitment_openness CHECK (openness IN ('public', 'limited', 'none')),
	performance   text CONSTRAINT commitment_performance CHECK (performance IN ('fulfilled', 'partly_fulfilled', 'not_fulfilled')),
	not_done      text,
	consequence   text,
	found_by      text,
	PRIMARY KEY (subject, proceeding_id),
	FOREIGN KEY (subject, proceeding_id) REFERENCES @extschema@.proceeding (subject, proceeding_id),
	-- who signs has been told what for and what follows
	CONSTRAINT commitment_signed CHECK (signed_on IS NULL OR (btrim(content) <> '' AND btrim(liability) <> '') IS TRUE),
	CONSTRAINT commitment_catalogued CHECK (num_nonnulls(city, edition, number) = CASE
		WHEN type IN ('notified', 'missing_papers', 'instead_of_approval', 'proof') THEN 3 ELSE 0 END),
	-- the provincial form: what was not done and the consequence exactly when it was not kept in full
	CONSTRAINT commitment_not_done CHECK (num_nonnulls(not_done, consequence) = CASE WHEN performance IN ('partly_fulfilled', 'not_fulfilled') THEN 2 ELSE 0 END),
	CONSTRAINT commitment_found CHECK (num_nonnulls(performance, found_by, found_on) IN (0, 3)),
	CONSTRAINT commitment_period CHECK (valid_until >= signed_on)
);
CREATE UNIQUE INDEX commitment_by_code ON @extschema@.commitment (subject, code);
COMMENT ON TABLE @extschema@.commitment IS '信用承诺：内容、责任与履行情况；步骤见 proceeding_today / commitments: what was promised and whether it was kept; their steps are in proceeding_today';
COMMENT ON COLUMN @extschema@.commitment.subject IS '承诺主体 / subject that promises';
COMMENT ON COLUMN @extschema@.commitment.proceeding_id IS '程序编号 / number of the proceeding';
COMMENT ON COLUMN @extschema@.commitment.number IS '事项在清单中的序号；不需清单的类型为空 / number of the matter in the catalogue; NULL for types that need none';
COMMENT ON COLUMN @extschema@.commitment.signed_on IS '签署日 / day of signing';
COMMENT ON COLUMN @extschema@.commitment.valid_until IS '承诺有效期末日（含），空为无期 / last day on which it binds; NULL: without end';
COMMENT ON COLUMN @extschema@.commitment.decided_on IS '作出行政决定之日 / day of the decision that rests on it';
COMMENT ON COLUMN @extschema@.commitment.found_on IS '履行情况认定日 / day on which it was found whether it was kept';
COMMENT ON COLUMN @extschema@.commitment.permit IS '据此作出的许可的记录标识 / record of the permit that rests on it';
COMMENT ON COLUMN @extschema@.commitment.code IS '承诺编码：6位区划、8位日期、6位流水 / code: 6 digits division, 8 day, 6 serial';
COMMENT ON COLUMN @extschema@.commitment.type IS '承诺类型：notified 告知承诺，missing_papers 容缺受理，instead_of_approval 审批替代，proof 证明事项，repair 信用修复，self_discipline 行业自律，voluntary 主动，other 其他 / type';
COMMENT ON COLUMN @extschema@.commitment.city IS '清单城市 / city of the catalogue';
COMMENT ON COLUMN @extschema@.commitment.edition IS '清单版本 / edition of the catalogue';
COMMENT ON COLUMN @extschema@.commitment.matter IS '事项 / matter';
COMMENT ON COLUMN @extschema@.commitment.department IS '受理部门 / department that accepts it';
COMMENT ON COLUMN @extschema@.commitment.conditions IS '已告知的条件、标准和技术要求 / conditions that the subject was told';
COMMENT ON COLUMN @extschema@.commitment.content IS '承诺内容 / content';
COMMENT ON COLUMN @extschema@.commitment.liability IS '违诺责任 / what follows if it is not kept';
COMMENT ON COLUMN @extschema@.commitment.openness IS '公开：public 公开，limited 有限公开，none 不公开 / openness';
COMMENT ON COLUMN @extschema@.commitment.performance IS '履行情况：fulfilled 全部履行，partly_fulfilled 部分履行，not_fulfilled 全部未履行；空为尚未认定 / performance; NULL until found';
COMMENT ON COLUMN @extschema@.commitment.not_done IS '未履行的内容 / what was not done';
COMMENT ON COLUMN @extschema@.commitment.consequence IS '未履行的后果 / consequence';
COMMENT ON COLUMN @extschema@.commitment.found_by IS '认定人 / who found it';

CREATE TABLE @extschema@.commitment_paper (
	subject       @extschema@.subject_code NOT NULL,
	proceeding_id bigint NOT NULL,
	due_on        date NOT NULL,
	supplied_on   date,
	paper         text NOT NULL CHECK (btrim(paper) <> ''),
	supplied_to   text,
	PRIMARY KEY (subject, proceeding_id, paper),
	FOREIGN KEY (subject, proceeding_id) REFERENCES @extschema@.commitment (subject, proceeding_id),
	CONSTRAINT commitment_paper_supplied CHECK (num_nonnulls(supplied_on, supplied_to) IN (0, 2))
);
COMMENT ON TABLE @extschema@.commitment_paper IS '容缺受理的欠缺材料及补交期限 / papers that are missing, and the day by which they are to come (容缺受理)';
COMMENT ON COLUMN @extschema@.commitment_paper.subject IS '主体 / subject';
COMMENT ON COLUMN @extschema@.commitment_paper.proceeding_id IS '程序编号 / number of the proceeding';
COMMENT ON COLUMN @extschema@.commitment_paper.due_on IS '承诺补交日 / day by which it was promised';
COMMENT ON COLUMN @extschema@.commitment_paper.supplied_on IS '实际补交日 / day on which it came';
COMMENT ON COLUMN @extschema@.commitment_paper.paper IS '材料名称 / paper';
COMMENT ON COLUMN @extschema@.commitment_paper.supplied_to IS '收件人 / who took it in';

-- Both are written by the functions below alone.
SELECT @extschema@._guard_tables(ARRAY['commitment', 'commitment_paper'], 'inform_commitment|_on_commitment|supply_paper',
	'A commitment changes by the steps of its proceeding.', 'Use citycredit.inform_commitment(), advance_commitment() and supply_paper().');

-- ---------------------------------------------------------------------------
-- Who may make one
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@._commitment_label(type text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $commitment_label$
	SELECT CASE type WHEN 'notified' THEN '告知承诺' WHEN 'missing_papers' THEN '容缺受理' WHEN 'instead_of_approval' THEN '审批替代' WHEN 'proof' THEN '证明事项'
	                 WHEN 'repair' THEN '信用修复' WHEN 'self_discipline' THEN '行业自律' WHEN 'voluntary' THEN '主动' WHEN 'other' THEN '其他' END
$commitment_label$;
REVOKE ALL ON FUNCTION @extschema@._commitment_label(text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._commitment_label(text) IS '承诺类型的名称 / name of a type of commitment';

-- Who may use a commitment is for the policies (信易批): a bar on 信用承诺, on the type or on the matter. Bars by example policies bind nobody.
CREATE FUNCTION @extschema@._commitment_bar(subject @extschema@.subject_code, type text, matter text)
RETURNS TABLE (policy text, rule text, name text, clause text)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $commitment_bar$
DECLARE
	s record;
BEGIN
	FOR s IN
		SELECT t.policy FROM @extschema@.standing AS t
		  JOIN @extschema@.policy AS p ON p.policy = t.policy AND p.version = t.version
		 WHERE t.subject OPERATOR(@extschema@.=) _commitment_bar.subject AND NOT p.example
		 ORDER BY t.policy
	LOOP
		RETURN QUERY SELECT s.policy, e.rule, e.name, e.clause FROM @extschema@._effects_on(_commitment_bar.subject, s.policy, @extschema@.today(), 'infinity') AS e
		              WHERE e.effect = 'bar' AND e.matter IN ('信用承诺', @extschema@._commitment_label(_commitment_bar.type), _commitment_bar.matter);
	END LOOP;
END
$commitment_bar$;
REVOKE ALL ON FUNCTION @extschema@._commitment_bar(@extschema@.subject_code, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._commitment_bar(@extschema@.subject_code, text, text) IS '办法对采用承诺的限制 / bars of policies on making a commitment';

-- ---------------------------------------------------------------------------
-- Told, and the steps from there
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.inform_commitment(
	subject @extschema@.subject_code, type text, department text, division text, conditions text[],
	matter text DEFAULT NULL, city text DEFAULT NULL, edition text DEFAULT NULL, number integer DEFAULT NULL,
	field text DEFAULT NULL, district text DEFAULT NULL, terms jsonb DEFAULT '{}', on_overdue jsonb DEFAULT '{}',
	papers jsonb DEFAULT NULL, openness text DEFAULT 'public', person text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off SET datestyle = 'ISO, YMD' AS $inform_commitment$
#variable_conflict use_column
DECLARE
	catalogued boolean := inform_commitment.type IN ('notified', 'missing_papers', 'instead_of_approval', 'proof');
	entry @extschema@.commitment_matter;
	periods record;
	barred record;
	made bigint;
BEGIN
	PERFORM @extschema@._require_sight(inform_commitment.subject);
	IF num_nulls(subject, type, department, division, conditions) > 0 THEN
		RAISE EXCEPTION 'a commitment needs subject, type, department, division and conditions'
			USING ERRCODE = 'null_value_not_allowed';
	ELSIF @extschema@._commitment_label(type) IS NULL THEN
		RAISE EXCEPTION '"%" is no type of commitment', type
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = 'The types are notified, missing_papers, instead_of_approval, proof, repair, self_discipline, voluntary and other.';
	ELSIF division !~ '^[0-9]{6}$' THEN
		RAISE EXCEPTION '"%" is no division', division
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Write its six digits: the code of a commitment begins with them.';
	ELSIF (papers IS NOT NULL) <> (type = 'missing_papers') THEN
		RAISE EXCEPTION 'papers are named for type missing_papers, and only there'
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Give papers as [{"paper": "...", "due_on": "2026-05-06"}, ...].';
	ELSIF jsonb_typeof(papers) <> 'array' OR papers = '[]' OR EXISTS (
			SELECT FROM jsonb_array_elements(papers) AS e (item)
			 WHERE jsonb_typeof(e.item) <> 'object' OR e.item ->> 'paper' IS NULL OR e.item ->> 'due_on' IS NULL OR e.item - ARRAY['paper', 'due_on'] <> '{}') THEN
		RAISE EXCEPTION 'invalid list of missing papers'
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Give papers as [{"paper": "...", "due_on": "2026-05-06"}, ...].';
	END IF;
	IF catalogued THEN
		SELECT m.* INTO entry FROM @extschema@.commitment_matter AS m
		 WHERE m.city = inform_commitment.city AND m.edition = inform_commitment.edition AND m.number = inform_commitment.number
		   AND @extschema@.today() BETWEEN m.used_from AND m.used_until;
		IF NOT FOUND THEN
			RAISE EXCEPTION 'matter % of the catalogue "%" of "%" is not in use', coalesce(number::text, '?'), coalesce(edition, '?'), coalesce(city, '?')
				USING ERRCODE = 'undefined_object',
				      DETAIL = format('A commitment of type %s stands in for proof, and may only where the catalogue names the matter.', type),
				      HINT = 'The catalogue is citycredit.commitment_matter; citycredit.shipped_commitment_matter has one to begin with.';
		ELSIF entry.type <> type THEN
			RAISE EXCEPTION 'matter % allows commitments of type %, not of type %', number, entry.type, type
				USING ERRCODE = 'invalid_parameter_value';
		ELSIF entry.department <> department THEN
			RAISE EXCEPTION 'matter % is a matter of "%", not of "%"', number, entry.department, department
				USING ERRCODE = 'insufficient_privilege', HINT = 'The department that the catalogue names takes the commitment.';
		ELSIF entry.rank IN ('draft', 'assumption') THEN
			RAISE EXCEPTION 'matter % comes from a %', number, entry.rank
				USING ERRCODE = 'object_not_in_prerequisite_state',
				      DETAIL = format('"%s" has not been published.', entry.source),
				      HINT = 'Enter the published catalogue of the city with its rank.';
		END IF;
	ELSIF num_nonnulls(city, edition, number) > 0 THEN
		RAISE EXCEPTION 'a commitment of type % names no matter of a catalogue', type
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Describe it as matter.';
	END IF;

	SELECT * INTO barred FROM @extschema@._commitment_bar(subject, type, coalesce(entry.matter, matter)) AS b LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'subject "%" may not make a commitment of type %', subject, type
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('Policy "%s" bars it: %s (%s), %s.', barred.policy, barred.name, barred.rule, coalesce(barred.clause, 'no clause')),
			      HINT = 'The matter is handled by its ordinary procedure.';
	END IF;

	periods := @extschema@._set_terms('commitment', field, terms);
	made := @extschema@._open_proceeding(subject, 'commitment', 'inform', department,
		jsonb_strip_nulls(jsonb_build_object('type', type, 'matter', coalesce(entry.matter, matter), 'city', city, 'edition', edition, 'number', number)),
		field, district, periods.terms, on_overdue || periods.on_overdue,
		jsonb_strip_nulls(jsonb_build_object('evidence', jsonb_build_array(jsonb_build_object('kind', 'conditions', 'reference', array_to_string(conditions, '；'))),
			'person', person)), NULL);
	INSERT INTO @extschema@.commitment (subject, proceeding_id, code, type, city, edition, number, matter, department, conditions, openness)
	VALUES (inform_commitment.subject, made,
	        inform_commitment.division || to_char(@extschema@.today(), 'YYYYMMDD') || lpad((nextval('@extschema@.commitment_serial') % 1000000)::text, 6, '0'),
	        inform_commitment.type, inform_commitment.city, inform_commitment.edition, inform_commitment.number, coalesce(entry.matter, inform_commitment.matter, @extschema@._commitment_label(inform_commitment.type)),
	        inform_commitment.department, inform_commitment.conditions, inform_commitment.openness);
	IF papers IS NOT NULL THEN
		INSERT INTO @extschema@.commitment_paper (subject, proceeding_id, paper, due_on)
		SELECT inform_commitment.subject, made, e.item ->> 'paper', @extschema@._day(e.item ->> 'due_on', 'due_on') FROM jsonb_array_elements(papers) AS e (item);
	END IF;
	RETURN made;
END
$inform_commitment$;
REVOKE ALL ON FUNCTION @extschema@.inform_commitment(@extschema@.subject_code, text, text, text, text[], text, text, text, integer, text, text, jsonb, jsonb, jsonb, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.inform_commitment(@extschema@.subject_code, text, text, text, text[], text, text, text, integer, text, text, jsonb, jsonb, jsonb, text, text) IS
	'一次性告知承诺的条件、标准和违诺后果，启动承诺程序，返回编号 / tells a subject the conditions of a commitment and opens its proceeding, returns its number; refused outside the catalogue and where a policy bars it';

-- What a step of this commitment needs besides what every commitment does. Asked before the step, so that it is told first, and again by the hook:
-- officers may also call advance_proceeding().
CREATE FUNCTION @extschema@._check_commitment(c @extschema@.commitment, event text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $check_commitment$
DECLARE
	wanting text;
BEGIN
	-- what stands in for proof is decided upon; what promises conduct is not
	IF (c.number IS NOT NULL) <> (event NOT IN ('publish_undecided', 'verify_undecided')) AND event IN ('decide', 'publish_undecided', 'verify_undecided') THEN
		RAISE EXCEPTION '"%" is no step of a commitment of type %', event, c.type
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = CASE WHEN c.number IS NOT NULL THEN 'It stands in for proof: the department decides upon it.' ELSE 'There is nothing to decide upon.' END,
			      HINT = format('Take "%s".', CASE WHEN c.number IS NOT NULL THEN 'decide' ELSE 'publish_undecided' END);
	ELSIF event IN ('match', 'rectified') THEN
		SELECT string_agg(format('%s (%s)', p.paper, p.due_on), ', ' ORDER BY p.due_on, p.paper) INTO wanting FROM @extschema@.commitment_paper AS p
		 WHERE p.subject OPERATOR(@extschema@.=) c.subject AND p.proceeding_id = c.proceeding_id AND p.supplied_on IS NULL;
		IF wanting IS NOT NULL THEN
			RAISE EXCEPTION 'papers of commitment % are missing', c.code
				USING ERRCODE = 'check_violation', DETAIL = format('They are: %s.', wanting),
				      HINT = 'citycredit.supply_paper() records what has come; a commitment that is not kept is "mismatch".';
		END IF;
	END IF;
END
$check_commitment$;
REVOKE ALL ON FUNCTION @extschema@._check_commitment(@extschema@.commitment, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._check_commitment(@extschema@.commitment, text) IS '核对该步是否适于此承诺、材料是否补齐 / refuses a step that this commitment does not take, or takes when its papers have come';

CREATE FUNCTION @extschema@.advance_commitment(subject @extschema@.subject_code, proceeding_id bigint, event text, details jsonb DEFAULT '{}') RETURNS @extschema@.commitment_state
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $advance_commitment$
#variable_conflict use_column
DECLARE
	c @extschema@.commitment;
BEGIN
	PERFORM @extschema@._require_sight(advance_commitment.subject);
	SELECT o.* INTO c FROM @extschema@.commitment AS o
	 WHERE o.subject OPERATOR(@extschema@.=) advance_commitment.subject AND o.proceeding_id = advance_commitment.proceeding_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'commitment % of subject "%" does not exist', proceeding_id, subject
			USING ERRCODE = 'undefined_object', HINT = 'The commitments are in citycredit.commitment.';
	END IF;
	PERFORM @extschema@._check_commitment(c, event);
	RETURN @extschema@._advance_proceeding(subject, proceeding_id, event, details, NULL)::@extschema@.commitment_state;
END
$advance_commitment$;
REVOKE ALL ON FUNCTION @extschema@.advance_commitment(@extschema@.subject_code, bigint, text, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.advance_commitment(@extschema@.subject_code, bigint, text, jsonb) IS
	'承诺的一步，返回其后状态；details.data 中：签署 content、liability、valid_until，决定 permit，违诺 performance、not_done、consequence / takes a step of a commitment, returns the state after it; details.data holds content, liability, valid_until at sign, permit at decide, performance, not_done, consequence where it was not kept';

CREATE FUNCTION @extschema@.supply_paper(subject @extschema@.subject_code, proceeding_id bigint, paper text, supplied_on date DEFAULT @extschema@.today()) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $supply_paper$
#variable_conflict use_column
DECLARE
	seen constant boolean := @extschema@._require_sight(supply_paper.subject);
	p @extschema@.proceeding := @extschema@._lock_proceeding(subject, proceeding_id);
	missing integer;
BEGIN
	IF NOT @extschema@._competent(p.department, p.kind, p.field, p.district, ARRAY['window', 'officer', 'decider']) THEN
		RAISE EXCEPTION 'role "%" takes in no papers for "%"', @extschema@.actor(), p.department
			USING ERRCODE = 'insufficient_privilege', HINT = 'Who acts for which department is in citycredit.department_competence.';
	ELSIF supplied_on > @extschema@.today() OR supplied_on < p.opened_on THEN
		RAISE EXCEPTION 'day % is not between the opening of the commitment and today', supplied_on
			USING ERRCODE = 'datetime_field_overflow', DETAIL = format('It was opened on %s; today is %s.', p.opened_on, @extschema@.today()),
			      HINT = 'Record the day on which the paper came, on that day or after it.';
	END IF;
	UPDATE @extschema@.commitment_paper AS c SET supplied_on = supply_paper.supplied_on, supplied_to = @extschema@.actor()
	 WHERE c.subject OPERATOR(@extschema@.=) supply_paper.subject AND c.proceeding_id = supply_paper.proceeding_id AND c.paper = supply_paper.paper
	   AND c.supplied_on IS NULL;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'paper "%" is not missing from commitment %', paper, proceeding_id
			USING ERRCODE = 'undefined_object', HINT = 'The missing papers are in citycredit.commitment_paper.';
	END IF;
	SELECT count(*) INTO missing FROM @extschema@.commitment_paper AS c
	 WHERE c.subject OPERATOR(@extschema@.=) supply_paper.subject AND c.proceeding_id = supply_paper.proceeding_id AND c.supplied_on IS NULL;
	RETURN missing;
END
$supply_paper$;
REVOKE ALL ON FUNCTION @extschema@.supply_paper(@extschema@.subject_code, bigint, text, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.supply_paper(@extschema@.subject_code, bigint, text, date) IS '登记补交的材料，返回尚缺的份数 / records a paper that has come, returns how many are still missing';

-- ---------------------------------------------------------------------------
-- What the steps entail
-- ---------------------------------------------------------------------------

-- Whether it was kept is a fact about the subject, and counts when two persons have stood for it: who handled it, and who found it out.
CREATE FUNCTION @extschema@._record_performance(c @extschema@.commitment, p @extschema@.proceeding, found_on date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $record_performance$
#variable_conflict use_column
DECLARE
	digest uuid := @extschema@.record_digest('commitment', c.department, c.code, c.subject, 0::smallint);
	handler text;
BEGIN
	SELECT s.actor INTO handler FROM @extschema@.proceeding_step AS s
	 WHERE s.subject OPERATOR(@extschema@.=) c.subject AND s.proceeding_id = c.proceeding_id AND NOT @extschema@._same_person(s.actor, c.found_by) AND s.capacity IN ('department', 'decider')
	 ORDER BY s.seq DESC LIMIT 1;
	IF EXISTS (SELECT FROM @extschema@.record AS r WHERE r.subject OPERATOR(@extschema@.=) c.subject AND r.record_id = digest AND r.known_until = 'infinity') THEN
		PERFORM @extschema@._new_version(c.subject, digest, jsonb_build_object('state', c.performance, 'decided_on', found_on,
			'entered_by', coalesce(handler, c.found_by), 'verified_by', CASE WHEN handler IS NOT NULL THEN c.found_by END));
		RETURN;
	END IF;
	INSERT INTO @extschema@.record (subject, kind, document, authority, source, field, district, state, decided_on, valid_from, valid_until, entered_by, verified_by, held)
	VALUES (c.subject, 'commitment', c.code, c.department, 'commitment', p.field, p.district, c.performance, found_on, c.signed_on, c.valid_until,
	        coalesce(handler, c.found_by), CASE WHEN handler IS NOT NULL THEN c.found_by END,
	        CASE WHEN handler IS NULL THEN '须由第二人审核 / to be verified by a second person' END);
END
$record_performance$;
REVOKE ALL ON FUNCTION @extschema@._record_performance(@extschema@.commitment, @extschema@.proceeding, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._record_performance(@extschema@.commitment, @extschema@.proceeding, date) IS '履行情况记入信用记录 / puts on record whether a commitment was kept';

-- Departments go by their names, authorities of records by their codes. They are one when the code is registered under that name, or, where it is not
-- registered, when the record itself names the authority so; or when they are written alike.
CREATE FUNCTION @extschema@._authority_name(r @extschema@.record) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET row_security = off AS $authority_name$
BEGIN
	RETURN coalesce((SELECT s.name FROM @extschema@.subject AS s WHERE s.subject::text = r.authority),
		r.detail ->> 'xk_xkjg', r.detail ->> 'xk_xzjg', r.detail ->> 'cf_cfjg', r.detail ->> 'cf_xzjg', r.detail ->> 'authority', r.authority);
END
$authority_name$;
REVOKE ALL ON FUNCTION @extschema@._authority_name(@extschema@.record) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._authority_name(@extschema@.record) IS '作出机关的名称 / name of the authority of a record';

-- The permit that a commitment brought about is one of the department that decided: revoking the commitment revokes it.
CREATE FUNCTION @extschema@._check_own_permit(p @extschema@.proceeding, permit uuid) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $check_own_permit$
DECLARE
	r @extschema@.record;
BEGIN
	SELECT o.* INTO r FROM @extschema@.record AS o
	 WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.record_id = permit AND o.known_until = 'infinity';
	IF FOUND AND r.authority <> p.department AND @extschema@.normal_name(@extschema@._authority_name(r)) <> @extschema@.normal_name(p.department) THEN
		RAISE EXCEPTION 'permit "%" is one of another authority', r.document
			USING ERRCODE = 'insufficient_privilege',
			      DETAIL = format('Authority "%s" is "%s"; the commitment was made to "%s".', r.authority, @extschema@._authority_name(r), p.department),
			      HINT = 'An authority is known by its code: register it with citycredit.register_subject() under the name of the department.';
	END IF;
END
$check_own_permit$;
REVOKE ALL ON FUNCTION @extschema@._check_own_permit(@extschema@.proceeding, uuid) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._check_own_permit(@extschema@.proceeding, uuid) IS '决定所依许可须为本部门作出 / refuses a permit of another authority';

CREATE FUNCTION @extschema@._on_commitment(subject @extschema@.subject_code, proceeding_id bigint, seq integer) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off SET datestyle = 'ISO, YMD' AS $on_commitment$
#variable_conflict use_column
DECLARE
	p @extschema@.proceeding;
	s @extschema@.proceeding_step;
	c @extschema@.commitment;
	kept boolean;
BEGIN
	SELECT o.* INTO STRICT p FROM @extschema@.proceeding AS o
	 WHERE o.subject OPERATOR(@extschema@.=) _on_commitment.subject AND o.proceeding_id = _on_commitment.proceeding_id;
	SELECT o.* INTO STRICT s FROM @extschema@.proceeding_step AS o
	 WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.proceeding_id = p.proceeding_id AND o.seq = _on_commitment.seq;
	IF s.event = 'inform' THEN
		RETURN;
	END IF;
	SELECT o.* INTO c FROM @extschema@.commitment AS o WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.proceeding_id = p.proceeding_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'commitment % of subject "%" does not exist', p.proceeding_id, p.subject
			USING ERRCODE = 'undefined_object', DETAIL = 'Its proceeding was not opened by inform_commitment(): nothing says what was promised.',
			      HINT = 'The commitments are in citycredit.commitment.';
	END IF;
	PERFORM @extschema@._check_commitment(c, s.event);

	IF s.event = 'sign' THEN
		IF btrim(coalesce(s.data ->> 'content', '')) = '' OR btrim(coalesce(s.data ->> 'liability', '')) = '' THEN
			RAISE EXCEPTION 'a commitment is signed with its content and the liability for it'
				USING ERRCODE = 'check_violation', HINT = 'Give "data": {"content": ..., "liability": ..., "valid_until": ...} in the details.';
		END IF;
		UPDATE @extschema@.commitment AS o
		   SET signed_on = s.step_on, content = s.data ->> 'content', liability = s.data ->> 'liability', valid_until = @extschema@._day(s.data ->> 'valid_until', 'valid_until')
		 WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.proceeding_id = p.proceeding_id;
	ELSIF s.event IN ('decide', 'decide_by_silence') THEN
		IF s.data ? 'permit' AND NOT EXISTS (SELECT FROM @extschema@.record AS r WHERE r.subject OPERATOR(@extschema@.=) p.subject
				AND r.record_id = (s.data ->> 'permit')::uuid AND r.kind = 'permit' AND r.known_until = 'infinity') THEN
			RAISE EXCEPTION 'permit "%" of subject "%" does not exist', s.data ->> 'permit', p.subject
				USING ERRCODE = 'undefined_object', HINT = 'The permit is a record of kind permit of the same subject.';
		END IF;
		PERFORM @extschema@._check_own_permit(p, (s.data ->> 'permit')::uuid);
		UPDATE @extschema@.commitment AS o SET decided_on = s.step_on, permit = (s.data ->> 'permit')::uuid
		 WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.proceeding_id = p.proceeding_id;
	ELSIF s.event IN ('match', 'rectified', 'breach', 'refusal', 'fraud') THEN
		kept := s.event IN ('match', 'rectified');
		IF NOT kept AND (btrim(coalesce(s.data ->> 'not_done', '')) = '' OR btrim(coalesce(s.data ->> 'consequence', '')) = ''
		                 OR coalesce(s.data ->> 'performance', 'not_fulfilled') NOT IN ('partly_fulfilled', 'not_fulfilled')) THEN
			RAISE EXCEPTION 'who did not keep a commitment is told what was not done and what follows'
				USING ERRCODE = 'check_violation',
				      HINT = 'Give "data": {"performance": "partly_fulfilled" or "not_fulfilled", "not_done": ..., "consequence": ...} in the details.';
		END IF;
		UPDATE @extschema@.commitment AS o
		   SET performance = CASE WHEN kept THEN 'fulfilled' ELSE coalesce(s.data ->> 'performance', 'not_fulfilled') END,
		       not_done = CASE WHEN NOT kept THEN s.data ->> 'not_done' END, consequence = CASE WHEN NOT kept THEN s.data ->> 'consequence' END,
		       found_by = s.actor, found_on = s.step_on
		 WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.proceeding_id = p.proceeding_id RETURNING o.* INTO c;
		PERFORM @extschema@._record_performance(c, p, s.step_on);
	ELSIF s.event = 'revoke' AND c.permit IS NOT NULL THEN
		PERFORM @extschema@._owe_revocation(p.subject, c.permit, p.proceeding_id, s.step_on);
		-- the step was taken by a second person, with reasons and served
		PERFORM @extschema@._new_version(p.subject, c.permit, jsonb_build_object('revoked_on', s.step_on, 'entered_by', s.actor,
			'verified_by', (SELECT r.verified_by FROM @extschema@.record AS r WHERE r.subject OPERATOR(@extschema@.=) p.subject AND r.record_id = c.permit
			                  AND r.known_until = 'infinity' AND NOT @extschema@._same_person(r.verified_by, s.actor))));
	END IF;
END
$on_commitment$;
REVOKE ALL ON FUNCTION @extschema@._on_commitment(@extschema@.subject_code, bigint, integer) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._on_commitment(@extschema@.subject_code, bigint, integer) IS '承诺程序各步的后果 / what the steps of a commitment entail';

-- ---------------------------------------------------------------------------
-- The letter, and what is overdue
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.commitment_letter(subject @extschema@.subject_code, proceeding_id bigint) RETURNS text
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off SET datestyle = 'ISO, YMD' AS $commitment_letter$
#variable_conflict use_column
DECLARE
	c @extschema@.commitment;
	p @extschema@.proceeding;
	subject_name text;
	verify jsonb;
	numbered text;
	missing text;
BEGIN
	PERFORM @extschema@._require_sight(commitment_letter.subject);
	SELECT o.* INTO c FROM @extschema@.commitment AS o
	 WHERE o.subject OPERATOR(@extschema@.=) commitment_letter.subject AND o.proceeding_id = commitment_letter.proceeding_id;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'commitment % of subject "%" does not exist', proceeding_id, subject
			USING ERRCODE = 'undefined_object', HINT = 'The commitments are in citycredit.commitment.';
	END IF;
	SELECT o.* INTO STRICT p FROM @extschema@.proceeding AS o WHERE o.subject OPERATOR(@extschema@.=) c.subject AND o.proceeding_id = c.proceeding_id;
	SELECT s.name INTO subject_name FROM @extschema@.subject AS s WHERE s.subject OPERATOR(@extschema@.=) c.subject;
	SELECT string_agg(format('%s. %s', u.n, u.words), E'\n' ORDER BY u.n) INTO numbered FROM unnest(c.conditions) WITH ORDINALITY AS u (words, n);
	SELECT string_agg(format('%s（%s前补交）', m.paper, m.due_on), '；' ORDER BY m.due_on, m.paper) INTO missing FROM @extschema@.commitment_paper AS m
	 WHERE m.subject OPERATOR(@extschema@.=) c.subject AND m.proceeding_id = c.proceeding_id;
	verify := p.terms -> 'verify';
	RETURN concat_ws(E'\n',
		'政务事项信用承诺书',
		format('编号：%s', c.code),
		'一、基本信息',
		format('申请人：%s', subject_name),
		format('统一社会信用代码：%s', CASE WHEN @extschema@.subject_kind(c.subject) <> 'natural_person' THEN c.subject::text ELSE '（自然人，另附证件）' END),
		format('办理事项：%s', c.matter),
		format('承诺类型：%s', @extschema@._commitment_label(c.type)),
		'二、政务部门告知',
		format('%s告知申请人：该事项应具备以下条件、标准和技术要求：', c.department),
		numbered,
		CASE WHEN missing IS NOT NULL THEN format('先行受理时欠缺的材料：%s。', missing) END,
		CASE WHEN c.number IS NOT NULL THEN format('作出行政决定后%s按规定检查承诺内容；与承诺不符的，责令限期整改；逾期未整改或者整改后仍不符合的，依法撤销行政决定。',
			CASE WHEN verify ? 'days' THEN format('%s日内', verify ->> 'days') WHEN verify ? 'working_days' THEN format('%s个工作日内', verify ->> 'working_days')
			     WHEN verify ? 'months' THEN format('%s个月内', verify ->> 'months') WHEN verify ? 'years' THEN format('%s年内', verify ->> 'years')
			     WHEN verify ? 'until' THEN format('至%s', verify ->> 'until') ELSE '' END) END,
		'三、申请人的承诺',
		format('1. 愿意按照信用承诺方式办理；'),
		'2. 所填写的基本信息合法、真实、完整、准确、有效；',
		'3. 已经知晓并同意政务部门告知的全部内容；',
		'4. 能够满足政务部门告知的条件、标准和技术要求；',
		format('5. 承诺内容：%s；', coalesce(c.content, '（签署时填写）')),
		format('6. 违诺责任：%s；', coalesce(c.liability, '（签署时填写）')),
		'7. 所作承诺是申请人的真实意思表示。',
		format('申请人（委托代理人）签字、盖章：%s', CASE WHEN c.signed_on IS NULL THEN '' ELSE '已签署' END),
		coalesce(to_char(c.signed_on, 'YYYY"年"FMMM"月"FMDD"日"'), '    年  月  日'));
END
$commitment_letter$;
REVOKE ALL ON FUNCTION @extschema@.commitment_letter(@extschema@.subject_code, bigint) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.commitment_letter(@extschema@.subject_code, bigint) IS
	'填好的承诺书（重庆市政务领域信用承诺试点工作方案征求意见稿附件1-2） / the letter of commitment, filled in';

CREATE VIEW @extschema@.commitment_overdue WITH (security_barrier) AS
SELECT t.subject, t.proceeding_id, c.code, c.type, c.matter, t.department, t.state, l.name AS what, l.due_on, (@extschema@.today() - l.due_on) AS days_late
  FROM @extschema@.proceeding_today AS t
  JOIN @extschema@.commitment AS c ON c.subject = t.subject AND c.proceeding_id = t.proceeding_id
 CROSS JOIN LATERAL (
	SELECT e.key AS name, e.value::date AS due_on FROM jsonb_each_text(t.periods) AS e
	 WHERE e.key IN ('verify', 'rectify')
	UNION ALL
	SELECT p.paper, p.due_on FROM @extschema@.commitment_paper AS p
	 WHERE p.subject = t.subject AND p.proceeding_id = t.proceeding_id AND p.supplied_on IS NULL AND NOT t.closed) AS l
 WHERE l.due_on < @extschema@.today();
COMMENT ON VIEW @extschema@.commitment_overdue IS '逾期的核查、整改和补交材料 / verifications, rectifications and papers that are overdue';
COMMENT ON COLUMN @extschema@.commitment_overdue.subject IS '主体 / subject';
COMMENT ON COLUMN @extschema@.commitment_overdue.proceeding_id IS '程序编号 / number of the proceeding';
COMMENT ON COLUMN @extschema@.commitment_overdue.code IS '承诺编码 / code of the commitment';
COMMENT ON COLUMN @extschema@.commitment_overdue.type IS '承诺类型 / type';
COMMENT ON COLUMN @extschema@.commitment_overdue.matter IS '事项 / matter';
COMMENT ON COLUMN @extschema@.commitment_overdue.department IS '部门 / department';
COMMENT ON COLUMN @extschema@.commitment_overdue.state IS '当日状态 / state today';
COMMENT ON COLUMN @extschema@.commitment_overdue.what IS '逾期的事：verify 核查，rectify 整改，或者材料名称 / what is overdue: verify, rectify, or the name of a paper';
COMMENT ON COLUMN @extschema@.commitment_overdue.due_on IS '应完成日 / day on which it was due';
COMMENT ON COLUMN @extschema@.commitment_overdue.days_late IS '逾期天数 / days since';
