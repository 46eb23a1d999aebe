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
	status         text NOT NULL DEFAULT 'draft' CHECK (status IN ('draft', 'consultation', 'adopted', 'withdrawn')),
	author         text NOT NULL DEFAULT @extschema@.actor(),
	loaded_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
	consultation_from  date,
	consultation_until date,
	adopted_by     text,
	adopted_at     timestamptz,
	adopted_on     date,
	published_on   date,
	favourable     text,
	favourable_by  text,
	withdrawn_by   text,
	withdrawn_on   date,
	withdrawal_reason text,
	digest         bytea NOT NULL,
	yaml           text NOT NULL,
	PRIMARY KEY (policy, version),
	CHECK (in_force_from <= in_force_until),
	CONSTRAINT policy_second_person CHECK (adopted_by <> author),
	CONSTRAINT policy_adoption CHECK (num_nonnulls(adopted_by, adopted_at) = CASE WHEN status = 'adopted' THEN 2 ELSE 0 END
		AND (adopted_on IS NULL OR status = 'adopted')),
	CONSTRAINT policy_consultation CHECK (num_nonnulls(consultation_from, consultation_until) IN (0, 2)
		AND consultation_from <= consultation_until AND (status <> 'consultation' OR consultation_from IS NOT NULL)),
	CONSTRAINT policy_withdrawal CHECK (num_nonnulls(withdrawn_by, withdrawn_on, withdrawal_reason) = CASE WHEN status = 'withdrawn' THEN 3 ELSE 0 END
		AND btrim(withdrawal_reason) <> ''),
	CONSTRAINT policy_publication CHECK (published_on IS NULL OR status = 'adopted'),
	-- Legislation Law, art. 104 (art. 93 before 2023): rules do not reach back, but for what protects rights and interests better.
	CONSTRAINT policy_not_retroactive CHECK (in_force_from >= published_on OR favourable IS NOT NULL),
	CONSTRAINT policy_favourable CHECK (num_nonnulls(favourable, favourable_by) IN (0, 2) AND btrim(favourable) <> '' AND favourable_by <> author
		AND (favourable IS NULL OR published_on IS NOT NULL)),
	-- Two versions in force on one day would both decide it.
	CONSTRAINT policy_one_version_a_day EXCLUDE USING gist (int4range(policy_id, policy_id, '[]') WITH &&,
		daterange(in_force_from, in_force_until, '[]') WITH &&) WHERE (status = 'adopted')
);
COMMENT ON CONSTRAINT policy_second_person ON @extschema@.policy IS '通过人不得为起草人 / who loaded a version does not adopt it';
COMMENT ON CONSTRAINT policy_adoption ON @extschema@.policy IS '已通过者有通过人和时间，其余没有 / an adopted version has person and time of adoption, no other has';
COMMENT ON CONSTRAINT policy_consultation ON @extschema@.policy IS '征求意见有起止日 / a consultation has first and last day';
COMMENT ON CONSTRAINT policy_withdrawal ON @extschema@.policy IS '撤回须有撤回人、日期和理由 / a withdrawal has person, day and reason';
COMMENT ON CONSTRAINT policy_publication ON @extschema@.policy IS '通过后方有公布日 / only what is adopted is published';
COMMENT ON CONSTRAINT policy_not_retroactive ON @extschema@.policy IS '公布前不施行，有利溯及且经声明者除外 / not in force before its publication, unless declared favourable';
COMMENT ON CONSTRAINT policy_favourable ON @extschema@.policy IS '有利溯及的声明须有理由和声明人，声明人不得为起草人 / the declaration that it is favourable has a reason and a person who is not the author';
COMMENT ON CONSTRAINT policy_one_version_a_day ON @extschema@.policy IS '同一办法的已通过版本施行期不得重叠 / adopted versions of a measure are not in force on the same day';
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
COMMENT ON COLUMN @extschema@.policy.status IS '状态：草案、征求意见、已通过、已撤回 / draft, consultation, adopted, withdrawn';
COMMENT ON COLUMN @extschema@.policy.author IS '起草人 / who loaded it';
COMMENT ON COLUMN @extschema@.policy.loaded_at IS '载入时间 / when it was loaded';
COMMENT ON COLUMN @extschema@.policy.consultation_from IS '征求意见首日 / first day of the consultation; NULL = none was held here';
COMMENT ON COLUMN @extschema@.policy.consultation_until IS '征求意见末日（含） / last day of the consultation';
COMMENT ON COLUMN @extschema@.policy.adopted_by IS '通过人，不得为起草人 / who adopted it; never the author';
COMMENT ON COLUMN @extschema@.policy.adopted_at IS '通过时间 / when it was adopted';
COMMENT ON COLUMN @extschema@.policy.adopted_on IS '通过日 / day of adoption';
COMMENT ON COLUMN @extschema@.policy.published_on IS '办法公布日；为空即未登记，据此作出的评价结果不得公布 / day on which the measure was published; NULL = not recorded, then no rating by it is published';
COMMENT ON COLUMN @extschema@.policy.favourable IS '公布前施行的理由（仅限更有利者） / why it may be in force before its publication: declared favourable, with the reason';
COMMENT ON COLUMN @extschema@.policy.favourable_by IS '作出该声明的人 / who declared so';
COMMENT ON COLUMN @extschema@.policy.withdrawn_by IS '撤回人 / who withdrew it';
COMMENT ON COLUMN @extschema@.policy.withdrawn_on IS '撤回日 / day of the withdrawal';
COMMENT ON COLUMN @extschema@.policy.withdrawal_reason IS '撤回理由 / reason of the withdrawal';
COMMENT ON COLUMN @extschema@.policy.digest IS '文本的 SHA-256 / SHA-256 of the text';
COMMENT ON COLUMN @extschema@.policy.yaml IS '文本 / text';

CREATE TRIGGER policy_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON @extschema@.policy
	FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._catalogue_changed();
CREATE TRIGGER source_changed AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON @extschema@.source
	FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._catalogue_changed();

-- ---------------------------------------------------------------------------
-- From text to draft to adopted
-- ---------------------------------------------------------------------------

-- What may be changed when. The guard of the table permits this and nothing else, and refusals read the next steps off it.
CREATE VIEW @extschema@.policy_step AS
SELECT v.status, v.step, v.leads_to, v.columns, v.demands
  FROM (VALUES
	('draft', 'open_consultation', 'consultation', ARRAY['status', 'consultation_from', 'consultation_until'],
		'征求意见末日不早于当日 / a last day that is not past'),
	('draft', 'adopt_policy', 'adopted', ARRAY['status', 'adopted_by', 'adopted_at', 'adopted_on', 'published_on', 'favourable', 'favourable_by'],
		'另一人；施行期不与已通过版本重叠；公布前施行须声明有利 / another person; days that no adopted version has; before its publication only if declared favourable'),
	('draft', 'withdraw_policy', 'withdrawn', ARRAY['status', 'withdrawn_by', 'withdrawn_on', 'withdrawal_reason'],
		'理由 / a reason'),
	('draft', 'DELETE', NULL, NULL, '仅限登记库所有者 / the owner of the registry'),
	('consultation', 'open_consultation', 'consultation', ARRAY['consultation_until'],
		'只能延长 / only a later last day'),
	('consultation', 'receive_opinion', 'consultation', ARRAY[]::text[],
		'征求意见期内收到 / received within the consultation'),
	('consultation', 'answer_opinion', 'consultation', ARRAY[]::text[],
		'每条意见答复一次 / each opinion once'),
	('consultation', 'adopt_policy', 'adopted', ARRAY['status', 'adopted_by', 'adopted_at', 'adopted_on', 'published_on', 'favourable', 'favourable_by'],
		'同上，且征求意见期满、意见均已答复 / as above, and the consultation over and every opinion answered'),
	('consultation', 'withdraw_policy', 'withdrawn', ARRAY['status', 'withdrawn_by', 'withdrawn_on', 'withdrawal_reason'],
		'理由 / a reason'),
	('adopted', 'record_policy_publication', 'adopted', ARRAY['published_on', 'favourable', 'favourable_by'],
		'另一人，一次；公布前施行须声明有利 / another person, once; before its publication only if declared favourable')
	) AS v (status, step, leads_to, columns, demands);
COMMENT ON VIEW @extschema@.policy_step IS
	'办法版本在何种状态下可作何种变更；未列者一概不得变更，如已通过的版本和任何版本的文本 / what may be done with a version in which status; what is not here cannot be changed, such as adopted versions and the text of any version';
COMMENT ON COLUMN @extschema@.policy_step.status IS '现状态；withdrawn 无后续步骤 / status; from withdrawn there is no step';
COMMENT ON COLUMN @extschema@.policy_step.step IS '步骤（函数） / step, by the function that takes it';
COMMENT ON COLUMN @extschema@.policy_step.leads_to IS '之后的状态，删除为空 / status afterwards; NULL = gone';
COMMENT ON COLUMN @extschema@.policy_step.columns IS '该步骤写入的列 / columns that the step writes';
COMMENT ON COLUMN @extschema@.policy_step.demands IS '要求 / what it demands';

CREATE FUNCTION @extschema@._policy_next_steps(status text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $policy_next_steps$
BEGIN
	RETURN coalesce((SELECT string_agg(DISTINCT s.step, ', ' ORDER BY s.step) FROM @extschema@.policy_step AS s WHERE s.status = _policy_next_steps.status),
	                'none');
END
$policy_next_steps$;
REVOKE ALL ON FUNCTION @extschema@._policy_next_steps(text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._policy_next_steps(text) IS '某状态下可行的步骤 / the steps that a status permits, as text';

-- An adopted version is what decisions rest on: nothing of it changes any more, but that the day of its publication is recorded once.
CREATE FUNCTION @extschema@._policy_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $policy_guard$
DECLARE
	changed text[];
BEGIN
	IF TG_OP = 'TRUNCATE' THEN
		RAISE EXCEPTION 'cannot truncate policy versions'
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = 'Adopted versions stay as they are.',
			      HINT = 'Delete the drafts that are no longer wanted.';
	ELSIF TG_OP = 'DELETE' THEN
		IF EXISTS (SELECT FROM @extschema@.policy_step AS s WHERE s.status = OLD.status AND s.step = 'DELETE') THEN
			RETURN OLD;
		END IF;
	ELSE
		-- A step fills columns that are empty; status and the end of a consultation alone are written over.
		SELECT array_agg(o.key) INTO changed FROM jsonb_each(to_jsonb(OLD)) AS o JOIN jsonb_each(to_jsonb(NEW)) AS n ON n.key = o.key WHERE n.value <> o.value;
		IF changed IS NULL
		   OR EXISTS (SELECT FROM @extschema@.policy_step AS s
		               WHERE s.status = OLD.status AND s.leads_to = NEW.status AND changed <@ s.columns)
		  AND NOT EXISTS (SELECT FROM jsonb_each(to_jsonb(OLD)) AS o
		                   WHERE o.key = ANY (changed) AND o.value <> 'null' AND o.key NOT IN ('status', 'consultation_until'))
		  AND (OLD.consultation_until IS NULL OR NEW.consultation_until >= OLD.consultation_until) THEN
			RETURN NEW;
		END IF;
	END IF;
	RAISE EXCEPTION 'cannot change version "%" of policy "%"', OLD.version, OLD.policy
		USING ERRCODE = 'object_not_in_prerequisite_state',
		      DETAIL = format('Its status is %s; an adopted version and the text of any version stay as they are. Next steps: %s.',
		                      OLD.status, @extschema@._policy_next_steps(OLD.status)),
		      HINT = 'Load the corrected text as a new version; citycredit.policy_step tells what may be changed when.';
END
$policy_guard$;
REVOKE ALL ON FUNCTION @extschema@._policy_guard() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._policy_guard() IS '办法文本载入后不得更改，状态只按步骤变化 / refuses changes of a policy''s text and of adopted versions, and steps out of order';
CREATE TRIGGER policy_guard BEFORE UPDATE OR DELETE ON @extschema@.policy
	FOR EACH ROW EXECUTE FUNCTION @extschema@._policy_guard();
CREATE TRIGGER policy_guard_truncate BEFORE TRUNCATE ON @extschema@.policy
	FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._policy_guard();

CREATE FUNCTION @extschema@.load_policy(yaml text, OUT policy text, OUT version text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $load_policy$
DECLARE
	h record;
	id integer;
BEGIN
	SELECT * INTO STRICT h FROM @extschema@._policy_header(load_policy.yaml);
	IF EXISTS (SELECT FROM @extschema@.policy AS p WHERE p.policy = h.policy AND p.version = h.version) THEN
		RAISE EXCEPTION 'version "%" of policy "%" is already loaded', h.version, h.policy
			USING ERRCODE = 'duplicate_object',
			      HINT = 'Give the changed text a new version, or delete the draft.';
	END IF;
	SELECT p.policy_id INTO id FROM @extschema@.policy AS p WHERE p.policy = h.policy LIMIT 1;
	INSERT INTO @extschema@.policy (policy, version, policy_id, title, issuer, example, in_force_from, in_force_until, digest, yaml)
	VALUES (h.policy, h.version, coalesce(id, nextval('@extschema@.policy_number')::integer), h.title, h.issuer, h.example,
	        h.in_force_from, h.in_force_until, sha256(convert_to(load_policy.yaml, 'UTF8')), load_policy.yaml);
	policy := h.policy;
	version := h.version;
END
$load_policy$;
REVOKE ALL ON FUNCTION @extschema@.load_policy(text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.load_policy(text) IS
	'载入办法文本为草案，不改变任何评价 / loads the text of a policy as a draft; changes no standing';

-- The version, locked, if its status permits the step; else an error that says what it permits.
CREATE FUNCTION @extschema@._policy_for_step(policy text, version text, step text) RETURNS @extschema@.policy
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $policy_for_step$
DECLARE
	p @extschema@.policy;
BEGIN
	SELECT q.* INTO p FROM @extschema@.policy AS q
	 WHERE q.policy = _policy_for_step.policy AND q.version = _policy_for_step.version FOR UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'version "%" of policy "%" does not exist', _policy_for_step.version, _policy_for_step.policy
			USING ERRCODE = 'undefined_object', HINT = 'Load it with citycredit.load_policy().';
	ELSIF step = 'adopt_policy' AND p.status = 'adopted' THEN
		RAISE EXCEPTION 'version "%" of policy "%" is already adopted', p.version, p.policy
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('"%s" adopted it.', p.adopted_by);
	ELSIF NOT EXISTS (SELECT FROM @extschema@.policy_step AS s WHERE s.status = p.status AND s.step = _policy_for_step.step) THEN
		RAISE EXCEPTION '%() does not fit version "%" of policy "%": its status is "%"', step, p.version, p.policy, p.status
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('Next steps: %s.', @extschema@._policy_next_steps(p.status)),
			      HINT = 'citycredit.policy_step tells what may be changed when.';
	END IF;
	RETURN p;
END
$policy_for_step$;
REVOKE ALL ON FUNCTION @extschema@._policy_for_step(text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._policy_for_step(text, text, text) IS '锁定版本并核对步骤 / locks a version and refuses a step that its status does not permit';

CREATE FUNCTION @extschema@.withdraw_policy(policy text, version text, reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $withdraw_policy$
DECLARE
	p @extschema@.policy := @extschema@._policy_for_step(policy, version, 'withdraw_policy');
BEGIN
	IF coalesce(btrim(reason), '') = '' THEN
		RAISE EXCEPTION 'no reason given for withdrawing version "%" of policy "%"', p.version, p.policy
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Say why: it is kept with the version.';
	END IF;
	UPDATE @extschema@.policy AS q
	   SET status = 'withdrawn', withdrawn_by = @extschema@.actor(), withdrawn_on = @extschema@.today(), withdrawal_reason = reason
	 WHERE q.version_id = p.version_id;
END
$withdraw_policy$;
REVOKE ALL ON FUNCTION @extschema@.withdraw_policy(text, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.withdraw_policy(text, text, text) IS
	'撤回未通过的版本，保留其文本、意见与理由 / withdraws a version that was not adopted; its text, the opinions and the reason stay';

-- ---------------------------------------------------------------------------
-- Consultation: days, opinions received, each of them answered
-- ---------------------------------------------------------------------------

CREATE SEQUENCE @extschema@.policy_opinion_number AS bigint;
COMMENT ON SEQUENCE @extschema@.policy_opinion_number IS '意见编号 / numbers of opinions';

CREATE TABLE @extschema@.policy_opinion (
	policy      text NOT NULL,
	version     text NOT NULL,
	opinion_id  bigint NOT NULL DEFAULT nextval('@extschema@.policy_opinion_number') UNIQUE,
	received_on date NOT NULL,
	sender      text NOT NULL CHECK (btrim(sender) <> ''),
	opinion     text NOT NULL CHECK (btrim(opinion) <> ''),
	entered_by  text NOT NULL DEFAULT @extschema@.actor(),
	result      text CHECK (result IN ('taken', 'partly', 'not_taken')),
	answer      text CHECK (btrim(answer) <> ''),
	answered_by text,
	answered_on date,
	PRIMARY KEY (policy, version, opinion_id),
	FOREIGN KEY (policy, version) REFERENCES @extschema@.policy (policy, version),
	CHECK (num_nonnulls(result, answer, answered_by, answered_on) IN (0, 4)),
	CHECK (answered_on >= received_on)
);
COMMENT ON TABLE @extschema@.policy_opinion IS '征求意见中收到的意见及其答复 / opinions received in a consultation, and their answers';
COMMENT ON COLUMN @extschema@.policy_opinion.policy IS '办法标识 / policy';
COMMENT ON COLUMN @extschema@.policy_opinion.version IS '版本 / version';
COMMENT ON COLUMN @extschema@.policy_opinion.opinion_id IS '意见编号 / number of the opinion';
COMMENT ON COLUMN @extschema@.policy_opinion.received_on IS '收到日 / day on which it was received';
COMMENT ON COLUMN @extschema@.policy_opinion.sender IS '提出人（可能为个人，敏感） / who sent it (sensitive: can be a person)';
COMMENT ON COLUMN @extschema@.policy_opinion.opinion IS '意见 / opinion';
COMMENT ON COLUMN @extschema@.policy_opinion.entered_by IS '登记人 / who entered it';
COMMENT ON COLUMN @extschema@.policy_opinion.result IS '处理：taken 采纳，partly 部分采纳，not_taken 未采纳 / taken, partly taken, not taken';
COMMENT ON COLUMN @extschema@.policy_opinion.answer IS '答复（未采纳须说明理由） / answer, with the reason where it was not taken';
COMMENT ON COLUMN @extschema@.policy_opinion.answered_by IS '答复人 / who answered';
COMMENT ON COLUMN @extschema@.policy_opinion.answered_on IS '答复日 / day of the answer';

CREATE FUNCTION @extschema@._policy_opinion_guard() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $policy_opinion_guard$
BEGIN
	IF TG_OP = 'UPDATE' AND OLD.answered_on IS NULL
	   AND (to_jsonb(NEW) - ARRAY['result', 'answer', 'answered_by', 'answered_on']) = (to_jsonb(OLD) - ARRAY['result', 'answer', 'answered_by', 'answered_on']) THEN
		RETURN NEW;
	END IF;
	RAISE EXCEPTION 'cannot % opinions', lower(TG_OP)
		USING ERRCODE = 'object_not_in_prerequisite_state',
		      DETAIL = 'An opinion stays as it was received, and its answer as it was given.',
		      HINT = 'citycredit.answer_opinion() answers an opinion, once.';
END
$policy_opinion_guard$;
REVOKE ALL ON FUNCTION @extschema@._policy_opinion_guard() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._policy_opinion_guard() IS '意见不得改写，答复一次 / refuses rewriting of opinions and second answers';
CREATE TRIGGER policy_opinion_guard BEFORE UPDATE OR DELETE ON @extschema@.policy_opinion
	FOR EACH ROW EXECUTE FUNCTION @extschema@._policy_opinion_guard();
CREATE TRIGGER policy_opinion_guard_truncate BEFORE TRUNCATE ON @extschema@.policy_opinion
	FOR EACH STATEMENT EXECUTE FUNCTION @extschema@._policy_opinion_guard();

-- How long a consultation lasts is the department's to say; what it announced it may lengthen, not shorten.
CREATE FUNCTION @extschema@.open_consultation(policy text, version text, until date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $open_consultation$
DECLARE
	p @extschema@.policy := @extschema@._policy_for_step(policy, version, 'open_consultation');
	earliest CONSTANT date := greatest(@extschema@.today(), p.consultation_until + 1);
BEGIN
	IF until IS NULL OR until < earliest OR until = 'infinity' THEN
		RAISE EXCEPTION 'a consultation cannot end on %', coalesce(until::text, 'no day')
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = format('Its last day is %s at the earliest.', earliest),
			      HINT = 'A consultation that was announced can be lengthened, not shortened.';
	END IF;
	UPDATE @extschema@.policy AS q
	   SET status = 'consultation', consultation_from = coalesce(p.consultation_from, @extschema@.today()), consultation_until = until
	 WHERE q.version_id = p.version_id;
END
$open_consultation$;
REVOKE ALL ON FUNCTION @extschema@.open_consultation(text, text, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.open_consultation(text, text, date) IS
	'草案公开征求意见至某日（含），或延长 / opens the consultation on a draft through a day, or lengthens it';

CREATE FUNCTION @extschema@.receive_opinion(policy text, version text, sender text, opinion text, received_on date DEFAULT @extschema@.today())
	RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $receive_opinion$
DECLARE
	p @extschema@.policy := @extschema@._policy_for_step(policy, version, 'receive_opinion');
	id bigint;
BEGIN
	IF coalesce(btrim(sender), '') = '' OR coalesce(btrim(opinion), '') = '' THEN
		RAISE EXCEPTION 'an opinion needs sender and text' USING ERRCODE = 'invalid_parameter_value';
	ELSIF received_on IS NULL OR received_on NOT BETWEEN p.consultation_from AND p.consultation_until OR received_on > @extschema@.today() THEN
		RAISE EXCEPTION 'an opinion cannot have been received on %', coalesce(received_on::text, 'no day')
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = format('The consultation is from %s through %s; today is %s.', p.consultation_from, p.consultation_until, @extschema@.today()),
			      HINT = 'citycredit.open_consultation() lengthens it.';
	END IF;
	INSERT INTO @extschema@.policy_opinion (policy, version, received_on, sender, opinion)
	VALUES (p.policy, p.version, receive_opinion.received_on, receive_opinion.sender, receive_opinion.opinion)
	RETURNING opinion_id INTO id;
	RETURN id;
END
$receive_opinion$;
REVOKE ALL ON FUNCTION @extschema@.receive_opinion(text, text, text, text, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.receive_opinion(text, text, text, text, date) IS
	'登记收到的意见，返回编号 / records an opinion received in the consultation, returns its number';

CREATE FUNCTION @extschema@.answer_opinion(opinion bigint, result text, answer text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $answer_opinion$
DECLARE
	o @extschema@.policy_opinion;
BEGIN
	SELECT * INTO o FROM @extschema@.policy_opinion AS q WHERE q.opinion_id = answer_opinion.opinion FOR UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'opinion % does not exist', opinion
			USING ERRCODE = 'undefined_object', HINT = 'The opinions are in citycredit.policy_opinion.';
	ELSIF o.answered_on IS NOT NULL THEN
		RAISE EXCEPTION 'opinion % is answered already', opinion
			USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = format('"%s" answered it.', o.answered_by);
	ELSIF coalesce(result, '') NOT IN ('taken', 'partly', 'not_taken') OR coalesce(btrim(answer), '') = '' THEN
		RAISE EXCEPTION 'an answer needs a result and a text'
			USING ERRCODE = 'invalid_parameter_value', HINT = 'The results are taken, partly and not_taken.';
	END IF;
	PERFORM @extschema@._policy_for_step(o.policy, o.version, 'answer_opinion');
	UPDATE @extschema@.policy_opinion AS q
	   SET result = answer_opinion.result, answer = answer_opinion.answer, answered_by = @extschema@.actor(), answered_on = @extschema@.today()
	 WHERE q.policy = o.policy AND q.version = o.version AND q.opinion_id = o.opinion_id;
END
$answer_opinion$;
REVOKE ALL ON FUNCTION @extschema@.answer_opinion(bigint, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.answer_opinion(bigint, text, text) IS
	'答复意见：taken、partly、not_taken 及理由 / answers an opinion: taken, partly or not_taken, with the reason';

-- ---------------------------------------------------------------------------
-- Adoption and publication
-- ---------------------------------------------------------------------------

-- Refuses a day of publication that is to come, or after the first day in force of what nobody has declared favourable.
CREATE FUNCTION @extschema@._check_policy_publication(p @extschema@.policy, published_on date, favourable text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $check_policy_publication$
BEGIN
	IF published_on > @extschema@.today() THEN
		RAISE EXCEPTION 'day of publication % is to come', published_on
			USING ERRCODE = 'invalid_parameter_value',
			      HINT = 'Leave it out and record it on the day with citycredit.record_policy_publication().';
	ELSIF p.in_force_from < published_on AND coalesce(btrim(favourable), '') = '' THEN
		RAISE EXCEPTION 'version "%" of policy "%" would be in force before its publication', p.version, p.policy
			USING ERRCODE = 'check_violation', CONSTRAINT = 'policy_not_retroactive',
			      DETAIL = format('It is in force from %s and was published on %s (Legislation Law, art. 104).', p.in_force_from, published_on),
			      HINT = 'Load a version in force from the publication on, or declare with a reason, as favourable => ..., that it only favours whom it rates.';
	ELSIF favourable IS NOT NULL AND (published_on IS NULL OR p.in_force_from >= published_on) THEN
		RAISE EXCEPTION 'version "%" of policy "%" needs no declaration that it is favourable', p.version, p.policy
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = 'It is not in force before its publication, or the day of that is not given.',
			      HINT = 'Leave favourable out.';
	END IF;
END
$check_policy_publication$;
REVOKE ALL ON FUNCTION @extschema@._check_policy_publication(@extschema@.policy, date, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._check_policy_publication(@extschema@.policy, date, text) IS
	'核对公布日与溯及既往 / checks the day of publication and that nothing adverse reaches back';

CREATE FUNCTION @extschema@.adopt_policy(policy text, version text, published_on date DEFAULT NULL, favourable text DEFAULT NULL) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $adopt_policy$
DECLARE
	p @extschema@.policy;
	other text;
	unanswered bigint;
BEGIN
	IF current_setting('transaction_isolation') <> 'read committed' THEN
		RAISE EXCEPTION 'cannot adopt a policy in a % transaction', current_setting('transaction_isolation')
			USING ERRCODE = 'active_sql_transaction',
			      DETAIL = 'Records that others commit meanwhile would not be seen.',
			      HINT = 'Use READ COMMITTED.';
	END IF;
	-- Writers hold ROW SHARE to the end of their transactions: none is under way with the old policies, none begins before this commits.
	LOCK TABLE @extschema@.policy IN EXCLUSIVE MODE;
	p := @extschema@._policy_for_step(adopt_policy.policy, adopt_policy.version, 'adopt_policy');
	IF @extschema@._same_person(p.author, @extschema@.actor()) THEN
		RAISE EXCEPTION 'cannot adopt a policy one has loaded oneself'
			USING ERRCODE = 'insufficient_privilege',
			      DETAIL = format('Version "%s" of policy "%s" was loaded by %s.', p.version, p.policy, p.author),
			      HINT = 'Another person adopts it.';
	END IF;
	IF p.consultation_until >= @extschema@.today() THEN
		RAISE EXCEPTION 'the consultation on version "%" of policy "%" is not over', p.version, p.policy
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('Its last day is %s; today is %s.', p.consultation_until, @extschema@.today()),
			      HINT = 'Adopt it afterwards, or withdraw it with citycredit.withdraw_policy().';
	END IF;
	SELECT count(*) INTO unanswered FROM @extschema@.policy_opinion AS o
	 WHERE o.policy = p.policy AND o.version = p.version AND o.answered_on IS NULL;
	IF unanswered > 0 THEN
		RAISE EXCEPTION 'opinions on version "%" of policy "%" are unanswered', p.version, p.policy
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('%s of them, in citycredit.policy_opinion.', unanswered),
			      HINT = 'Answer each with citycredit.answer_opinion().';
	END IF;
	SELECT q.version INTO other FROM @extschema@.policy AS q
	 WHERE q.policy = p.policy AND q.status = 'adopted' AND q.in_force_from <= p.in_force_until AND p.in_force_from <= q.in_force_until
	 LIMIT 1;
	IF FOUND THEN
		RAISE EXCEPTION 'versions "%" and "%" of policy "%" are in force on the same days', other, p.version, p.policy
			USING ERRCODE = 'exclusion_violation',
			      HINT = 'Give the versions days in force that do not overlap.';
	END IF;
	PERFORM @extschema@._check_reads(p.version_id);
	PERFORM @extschema@._check_policy_publication(p, adopt_policy.published_on, adopt_policy.favourable);
	UPDATE @extschema@.policy AS q
	   SET status = 'adopted', adopted_by = @extschema@.actor(), adopted_at = clock_timestamp(), adopted_on = @extschema@.today(),
	       published_on = adopt_policy.published_on, favourable = adopt_policy.favourable,
	       favourable_by = CASE WHEN adopt_policy.favourable IS NOT NULL THEN @extschema@.actor() END
	 WHERE q.version_id = p.version_id;
	RETURN @extschema@._regrade_policies(ARRAY[p.policy_id], 'policy');
END
$adopt_policy$;
REVOKE ALL ON FUNCTION @extschema@.adopt_policy(text, text, date, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.adopt_policy(text, text, date, text) IS
	'通过办法版本（通过人不得为载入人）并重评；施行早于公布者须声明有利及理由；返回变化的评价数 / adopts a version (never by who loaded it) and regrades; one in force before its publication needs the declared reason why it is favourable; returns how many standings changed';

CREATE FUNCTION @extschema@.record_policy_publication(policy text, version text, published_on date, favourable text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $record_policy_publication$
DECLARE
	p @extschema@.policy := @extschema@._policy_for_step(policy, version, 'record_policy_publication');
BEGIN
	IF p.published_on IS NOT NULL THEN
		RAISE EXCEPTION 'the publication of version "%" of policy "%" is recorded already', p.version, p.policy
			USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = format('It was published on %s.', p.published_on);
	ELSIF record_policy_publication.published_on IS NULL THEN
		RAISE EXCEPTION 'no day of publication given' USING ERRCODE = 'null_value_not_allowed';
	ELSIF @extschema@._same_person(p.author, @extschema@.actor()) THEN
		RAISE EXCEPTION 'cannot record the publication of a policy one has loaded oneself'
			USING ERRCODE = 'insufficient_privilege',
			      DETAIL = format('Version "%s" of policy "%s" was loaded by %s.', p.version, p.policy, p.author),
			      HINT = 'Another person records it.';
	END IF;
	PERFORM @extschema@._check_policy_publication(p, record_policy_publication.published_on, record_policy_publication.favourable);
	UPDATE @extschema@.policy AS q
	   SET published_on = record_policy_publication.published_on, favourable = record_policy_publication.favourable,
	       favourable_by = CASE WHEN record_policy_publication.favourable IS NOT NULL THEN @extschema@.actor() END
	 WHERE q.version_id = p.version_id;
END
$record_policy_publication$;
REVOKE ALL ON FUNCTION @extschema@.record_policy_publication(text, text, date, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.record_policy_publication(text, text, date, text) IS
	'登记已通过版本的公布日，一次 / records the day on which an adopted version was published, once';

-- Days between the versions of a measure: on them it decides nothing, and evaluate() says so.
CREATE VIEW @extschema@.policy_gap AS
SELECT g.policy, g.version, g.gap_from, g.gap_until, g.next_version
  FROM (SELECT p.policy, p.version, p.in_force_until + 1 AS gap_from,
               lead(p.in_force_from) OVER w - 1 AS gap_until, lead(p.version) OVER w AS next_version
          FROM @extschema@.policy AS p
         WHERE p.status = 'adopted'
        WINDOW w AS (PARTITION BY p.policy_id ORDER BY p.in_force_from)) AS g
 WHERE g.gap_from <= g.gap_until;
COMMENT ON VIEW @extschema@.policy_gap IS '办法各版本之间无版本施行的日子 / days between two adopted versions on which none is in force';
COMMENT ON COLUMN @extschema@.policy_gap.policy IS '办法标识 / policy';
COMMENT ON COLUMN @extschema@.policy_gap.version IS '前一版本 / version before the gap';
COMMENT ON COLUMN @extschema@.policy_gap.gap_from IS '空档首日 / first day in no version';
COMMENT ON COLUMN @extschema@.policy_gap.gap_until IS '空档末日 / last day in no version';
COMMENT ON COLUMN @extschema@.policy_gap.next_version IS '后一版本 / version after the gap';

CREATE FUNCTION @extschema@.policy_list(policy text, version text)
	RETURNS TABLE (rule text, list text, name text, term_days integer, term_months integer, basis_title text, basis_rank text,
	               basis_article text, cite text, at_rating boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $policy_list$
BEGIN
	RETURN QUERY SELECT l.* FROM @extschema@.policy AS p CROSS JOIN LATERAL @extschema@._policy_list(p.version_id) AS l
	              WHERE p.policy = policy_list.policy AND p.version = policy_list.version;
END
$policy_list$;
REVOKE ALL ON FUNCTION @extschema@.policy_list(text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.policy_list(text, text) IS '办法版本的名单规则 / list rules of a version of a policy';
