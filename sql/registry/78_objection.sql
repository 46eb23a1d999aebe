-- ---------------------------------------------------------------------------
-- Objection (异议) of a subject against what is held about it, and complaint (投诉、举报) of anyone. The steps, periods, persons and the appeal are those of the
-- proceedings "objection" and "complaint" (15_proceeding.sql); here is what they are about, and what an upheld one does.
-- 郑州市城市管理局信用体系建设方案, (六): objection, complaint and report are open to whoever a repair concerns; 常州市社会信用体系建设规划: objection and appeal.
-- about of an objection:  {"against": "record" or "finding", "record_id": ...}, {"against": "standing", "policy": ...},
--                         {"against": "rating", "policy": ..., "rating": ..., "period_from": ...}, {"against": "listing", "entry_id": ...}
-- about of a complaint:   {"against": "repair", "repair": number}, {"against": "selective_enforcement", "matter": ..., "act_on": ...}
-- An objection stops no publication by itself: what is public is marked while it is open.
-- ---------------------------------------------------------------------------

CREATE TABLE @extschema@.objection_effect (
	subject       @extschema@.subject_code NOT NULL,
	proceeding_id bigint NOT NULL,
	item          integer NOT NULL,
	done_on       date NOT NULL,
	what          text NOT NULL CHECK (what IN ('record', 'standing', 'list_entry', 'rating')),
	reference     text NOT NULL,
	old_outcome   jsonb,
	new_outcome   jsonb,
	correction_id bigint,
	done_by       text NOT NULL DEFAULT @extschema@.actor(),
	PRIMARY KEY (subject, proceeding_id, item),
	FOREIGN KEY (subject, proceeding_id) REFERENCES @extschema@.proceeding (subject, proceeding_id)
);
COMMENT ON TABLE @extschema@.objection_effect IS '异议成立的结果：记录及随之变化的评价、名单、定期评价 / what an upheld objection has changed: the record, and the standings, lists and ratings that moved with it';
COMMENT ON COLUMN @extschema@.objection_effect.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.objection_effect.proceeding_id IS '异议程序编号 / proceeding of the objection';
COMMENT ON COLUMN @extschema@.objection_effect.item IS '序号 / number';
COMMENT ON COLUMN @extschema@.objection_effect.done_on IS '执行日 / day on which it was carried out';
COMMENT ON COLUMN @extschema@.objection_effect.what IS 'record 记录，standing 评价，list_entry 名单条目，rating 定期评价 / what changed';
COMMENT ON COLUMN @extschema@.objection_effect.reference IS '记录标识、办法、条目编号或周期 / record, policy, number of the entry, or period';
COMMENT ON COLUMN @extschema@.objection_effect.old_outcome IS '原结果 / before';
COMMENT ON COLUMN @extschema@.objection_effect.new_outcome IS '新结果；定期评价由第二人决定更正前为空 / after; of a rating NULL, until another person decides the correction';
COMMENT ON COLUMN @extschema@.objection_effect.correction_id IS '定期评价更正案号，见 rating_correction / number of the correction that was proposed';
COMMENT ON COLUMN @extschema@.objection_effect.done_by IS '执行人 / who carried it out';

CREATE TABLE @extschema@.complaint_follow_up (
	subject       @extschema@.subject_code NOT NULL,
	proceeding_id bigint NOT NULL,
	followed_on   date NOT NULL DEFAULT @extschema@.today(),
	record_id     uuid,
	report        text NOT NULL CHECK (btrim(report) <> ''),
	followed_by   text NOT NULL DEFAULT @extschema@.actor(),
	PRIMARY KEY (subject, proceeding_id),
	FOREIGN KEY (subject, proceeding_id) REFERENCES @extschema@.proceeding (subject, proceeding_id)
);
COMMENT ON TABLE @extschema@.complaint_follow_up IS '投诉成立后的处理 / what was done about complaints that were upheld';
COMMENT ON COLUMN @extschema@.complaint_follow_up.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.complaint_follow_up.proceeding_id IS '投诉程序编号 / proceeding of the complaint';
COMMENT ON COLUMN @extschema@.complaint_follow_up.followed_on IS '处理日 / day';
COMMENT ON COLUMN @extschema@.complaint_follow_up.record_id IS '补作的记录 / record that was made after all';
COMMENT ON COLUMN @extschema@.complaint_follow_up.report IS '处理情况 / what was done';
COMMENT ON COLUMN @extschema@.complaint_follow_up.followed_by IS '登记人 / who recorded it';

SELECT @extschema@._guard_tables(ARRAY['objection_effect', 'complaint_follow_up'], '_carry_out|follow_up_complaint',
	'It is evidence of what objections and complaints have led to.',
	'Use citycredit.decide_objection(), carry_out_objection() and follow_up_complaint().');

-- ---------------------------------------------------------------------------
-- What they are about
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@._check_target(p @extschema@.proceeding) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $check_target$
DECLARE
	-- what each names, beside "against"
	keys CONSTANT jsonb := '{"objection": {"record": ["record_id"], "finding": ["record_id"], "standing": ["policy"], "rating": ["period_from", "policy", "rating"],
		"listing": ["entry_id"]}, "complaint": {"repair": ["repair"], "selective_enforcement": ["act_on", "matter"]}}';
	against text := p.about ->> 'against';
	wanted jsonb := keys -> p.kind -> against;
	found boolean;
	f @extschema@.record;
	hint text;
BEGIN
	IF wanted IS NULL OR (SELECT jsonb_agg(k.key ORDER BY k.key) FROM jsonb_object_keys(p.about - 'against') AS k (key)) IS DISTINCT FROM wanted THEN
		RAISE EXCEPTION 'this is nothing that % can be raised against: %', CASE p.kind WHEN 'objection' THEN 'an objection' ELSE 'a complaint' END, p.about
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = format('It is %s.', (SELECT string_agg(format('%s with %s', e.key, (SELECT string_agg(n.name, ', ') FROM jsonb_array_elements_text(e.value) AS n (name))), '; '
			          ORDER BY e.key) FROM jsonb_each(keys -> p.kind) AS e));
	END IF;
	IF against IN ('record', 'finding') THEN
		f := @extschema@._current_record(p.subject, (p.about ->> 'record_id')::uuid);
		found := against = 'record' OR num_nonnulls(f.behaviour, f.procedure, f.severity, f.intent, f.responsibility, f.awarded_points, f.quantity) > 0;
		hint := 'An objection against the record itself is raised with "against": "record".';
	ELSIF against = 'standing' THEN
		found := EXISTS (SELECT FROM @extschema@.standing AS s WHERE s.subject OPERATOR(@extschema@.=) p.subject AND s.policy = p.about ->> 'policy');
		hint := 'The standings of the subject are in citycredit.standing.';
	ELSIF against = 'rating' THEN
		found := EXISTS (SELECT FROM @extschema@.rating AS r WHERE r.subject OPERATOR(@extschema@.=) p.subject AND r.rating = p.about ->> 'rating'
			AND r.period_from = @extschema@._day(p.about ->> 'period_from', 'period_from')
			AND r.policy_id = (SELECT min(o.policy_id) FROM @extschema@.policy AS o WHERE o.policy = p.about ->> 'policy'));
		hint := 'The ratings of the subject are in citycredit.rating.';
	ELSIF against = 'listing' THEN
		found := EXISTS (SELECT FROM @extschema@.listing AS l WHERE l.subject OPERATOR(@extschema@.=) p.subject AND l.entry_id = (p.about ->> 'entry_id')::bigint
			AND l.stage NOT IN ('expired', 'ended'));
		hint := 'The entries and their stages are in citycredit.listing; one that has ended is objected to no more.';
	ELSIF against = 'repair' THEN
		-- inside its publicity or after it, not before
		found := EXISTS (SELECT FROM @extschema@.proceeding AS o WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.proceeding_id = (p.about ->> 'repair')::bigint
			AND o.kind = 'repair' AND (o.state IN ('publicised', 'repaired', 'revoking')));
		hint := 'A repair is complained about once it is publicised or granted: citycredit.repair.';
	ELSE
		found := btrim(p.about ->> 'matter') <> '' AND @extschema@._day(p.about ->> 'act_on', 'act_on') <= @extschema@.today();
		hint := 'Say what happened, and on which day it did.';
	END IF;
	IF found IS NOT TRUE THEN
		RAISE EXCEPTION 'subject "%" has no such %: %', p.subject, against, p.about - 'against'
			USING ERRCODE = 'undefined_object', HINT = hint;
	END IF;
END
$check_target$;
REVOKE ALL ON FUNCTION @extschema@._check_target(@extschema@.proceeding) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._check_target(@extschema@.proceeding) IS '核对异议、投诉的对象 / refuses an objection or complaint against what does not exist';

-- ---------------------------------------------------------------------------
-- What an upheld objection does
-- ---------------------------------------------------------------------------

-- Everything of a subject that depends on its records, to be compared.
CREATE FUNCTION @extschema@._dependent(subject @extschema@.subject_code) RETURNS TABLE (what text, reference text, outcome jsonb)
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $dependent$
BEGIN
	RETURN QUERY
	SELECT 'standing', s.policy, jsonb_build_object('state', s.state, 'score', s.score, 'band', s.band, 'credit_grade', s.credit_grade::text,
	       'undecided', s.undecided, 'vetoes', s.vetoes, 'lists', s.lists, 'effects', s.effects)
	  FROM @extschema@.standing AS s WHERE s.subject OPERATOR(@extschema@.=) _dependent.subject
	UNION ALL
	SELECT 'list_entry', l.entry_id::text, jsonb_build_object('list', l.list, 'stage', l.stage)
	  FROM @extschema@.listing AS l WHERE l.subject OPERATOR(@extschema@.=) _dependent.subject;
END
$dependent$;
REVOKE ALL ON FUNCTION @extschema@._dependent(@extschema@.subject_code) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._dependent(@extschema@.subject_code) IS '依记录而定的结果 / what depends on the records of a subject';

-- Closed ratings do not move by themselves: a correction is proposed for each that comes out otherwise, and another person decides it.
CREATE FUNCTION @extschema@._propose_corrections(subject @extschema@.subject_code, reason text)
	RETURNS TABLE (reference text, outcome jsonb, correction_id bigint)
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $propose_corrections$
#variable_conflict use_column
DECLARE
	rated record;
BEGIN
	FOR rated IN
		SELECT r.policy_id, r.rating, r.period_from, r.state, r.score, r.band, r.credit_grade, c AS cycle,
		       (SELECT min(p.policy) FROM @extschema@.policy AS p WHERE p.policy_id = r.policy_id) AS policy,
		       (SELECT k.correction_id FROM @extschema@.rating_correction AS k
		         WHERE k.subject OPERATOR(@extschema@.=) r.subject AND k.policy_id = r.policy_id AND k.rating = r.rating AND k.period_from = r.period_from
		           AND k.result IS NULL) AS open_one
		  FROM @extschema@.rating AS r
		  JOIN @extschema@.rating_cycle AS c ON c.policy_id = r.policy_id AND c.rating = r.rating AND c.period_from = r.period_from
		 WHERE r.subject OPERATOR(@extschema@.=) _propose_corrections.subject AND r.superseded_at = 'infinity'
		 ORDER BY r.policy_id, r.rating, r.period_from
	LOOP
		reference := format('%s %s %s', rated.policy, rated.rating, to_char(rated.period_from, 'YYYY-MM-DD'));
		outcome := jsonb_build_object('state', rated.state, 'score', trim_scale(rated.score::numeric / 10000), 'band', rated.band, 'credit_grade', rated.credit_grade::text);
		correction_id := rated.open_one;
		IF correction_id IS NULL THEN
			BEGIN
				correction_id := @extschema@._correct_rating(_propose_corrections.subject, rated.policy, rated.cycle, reason);
			EXCEPTION WHEN object_not_in_prerequisite_state THEN
				CONTINUE;			-- the records give the rating that stands
			END;
		END IF;
		RETURN NEXT;
	END LOOP;
END
$propose_corrections$;
REVOKE ALL ON FUNCTION @extschema@._propose_corrections(@extschema@.subject_code, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._propose_corrections(@extschema@.subject_code, text) IS '对随之不同的定期评价提出更正 / proposes to correct the ratings that come out otherwise';

-- data of the decision: {"action": "revoke", "revoked_on": day} or {"action": "amend", "changes": {...}} of the record, which where the objection is against a
-- standing or a rating is named by "record_id"; {"action": "remove"} of the list entry. Decider and opener are two persons, by the table of steps: the new version
-- needs no further verification.
CREATE FUNCTION @extschema@._carry_out(p @extschema@.proceeding, data jsonb, reason text, upheld_on date) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $carry_out$
DECLARE
	today CONSTANT date := @extschema@.today();
	action text := data ->> 'action';
	against text := p.about ->> 'against';
	record_id uuid := coalesce(p.about ->> 'record_id', data ->> 'record_id')::uuid;
	current @extschema@.record;
	entry @extschema@.list_entry;
	revoked_on date;
	before jsonb;
	n integer := coalesce((SELECT max(o.item) FROM @extschema@.objection_effect AS o WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.proceeding_id = p.proceeding_id), 0);
BEGIN
	IF (CASE WHEN against = 'listing' THEN action = 'remove' ELSE action IN ('revoke', 'amend') AND record_id IS NOT NULL END) IS NOT TRUE THEN
		RAISE EXCEPTION 'an upheld objection says what is to be done'
			USING ERRCODE = 'check_violation', CONSTRAINT = 'objection_action',
			      DETAIL = format('It is against a %s.', against),
			      HINT = CASE WHEN against = 'listing' THEN 'Give "data": {"action": "remove"} in the details.'
			                  ELSE 'Give "data": {"action": "revoke", "revoked_on": day} or {"action": "amend", "changes": {...}} in the details'
			                       || CASE WHEN p.about ? 'record_id' THEN '.' ELSE ', with "record_id", the record that is wrong.' END END;
	END IF;
	SELECT jsonb_object_agg(d.what || ' ' || d.reference, d.outcome) INTO before FROM @extschema@._dependent(p.subject) AS d;

	IF action = 'remove' THEN
		SELECT o.* INTO entry FROM @extschema@.list_entry AS o
		 WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.entry_id = (p.about ->> 'entry_id')::bigint
		   AND o.removed_on IS NULL AND (o.listed_until < today) IS NOT TRUE;
		-- its proceeding ends with it, or nobody could ever propose the subject again, and it would go on showing as listed
		IF entry.proceeding_id IS NOT NULL THEN
			PERFORM @extschema@._advance_proceeding(entry.subject, entry.proceeding_id, CASE WHEN entry.recognised_on IS NULL THEN 'drop' ELSE 'basis_fallen' END,
				jsonb_build_object('reasons', _carry_out.reason), 'system');
		ELSIF entry.entry_id IS NOT NULL THEN
			UPDATE @extschema@.list_entry AS e SET removed_on = today, removed_by = @extschema@.actor(), removal_reason = _carry_out.reason
			 WHERE e.subject OPERATOR(@extschema@.=) entry.subject AND e.entry_id = entry.entry_id;
		END IF;
	ELSE
		current := @extschema@._current_record(p.subject, record_id);
		IF action = 'revoke' THEN
			revoked_on := coalesce(@extschema@._day(data ->> 'revoked_on', 'revoked_on'), upheld_on);
			IF current.revoked_on IS NOT NULL THEN
				RAISE EXCEPTION 'record "%" is revoked already', record_id
					USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = format('It was revoked on %s.', current.revoked_on);
			ELSIF revoked_on > today OR revoked_on < current.decided_on THEN
				RAISE EXCEPTION 'record "%" cannot be revoked on %', record_id, revoked_on
					USING ERRCODE = 'invalid_parameter_value',
					      DETAIL = format('A revocation lies between the decision (%s) and today (%s).', coalesce(current.decided_on::text, 'unknown'), today);
			END IF;
			PERFORM @extschema@._new_version(p.subject, record_id, jsonb_build_object('revoked_on', revoked_on)
				|| (@extschema@._by_hand(current.detail, reason) - ARRAY['entered_by', 'verified_by']));
		ELSE
			PERFORM @extschema@._new_version(p.subject, record_id, @extschema@._amendment(current, data -> 'changes', reason)
				|| jsonb_build_object('entered_by', p.opened_by, 'verified_by', @extschema@.actor(), 'held', NULL));
		END IF;
		PERFORM @extschema@._settle_standings(p.subject);
		PERFORM @extschema@._end_fallen_listings(p.subject);
		n := n + 1;
		INSERT INTO @extschema@.objection_effect (subject, proceeding_id, item, done_on, what, reference, old_outcome, new_outcome)
		SELECT p.subject, p.proceeding_id, n, today, 'record', record_id::text,
		       (SELECT coalesce(jsonb_object_agg(o.key, o.value) FILTER (WHERE o.value <> w.value), '{}') FROM jsonb_each(v.old) AS o JOIN jsonb_each(v.new) AS w ON w.key = o.key),
		       (SELECT coalesce(jsonb_object_agg(o.key, w.value) FILTER (WHERE o.value <> w.value), '{}') FROM jsonb_each(v.old) AS o JOIN jsonb_each(v.new) AS w ON w.key = o.key)
		  FROM (SELECT to_jsonb(current) - x.meta AS old, to_jsonb(@extschema@._current_record(p.subject, record_id)) - x.meta AS new
		          FROM (SELECT ARRAY['known_from', 'known_until', 'version', 'detail', 'entered_by', 'verified_by', 'held', 'record_key']) AS x (meta)) AS v;
		IF current.kind = 'penalty' THEN
			-- what silence has upheld was due from that day on
			UPDATE @extschema@.withdrawal AS w SET done_on = today
			 WHERE w.subject OPERATOR(@extschema@.=) p.subject AND w.proceeding_id = p.proceeding_id AND w.record_id = current.record_id AND w.done_on IS NULL;
			IF NOT FOUND THEN
				PERFORM @extschema@._owe_withdrawal(p.subject, record_id, NULL, 'objection', p.proceeding_id, upheld_on, today, p.field);
			END IF;
		END IF;
	END IF;

	INSERT INTO @extschema@.objection_effect (subject, proceeding_id, item, done_on, what, reference, old_outcome, new_outcome)
	SELECT p.subject, p.proceeding_id, n + row_number() OVER (ORDER BY d.what DESC, d.reference), today, d.what, d.reference,
	       before -> (d.what || ' ' || d.reference), d.outcome
	  FROM @extschema@._dependent(p.subject) AS d
	 WHERE d.outcome IS DISTINCT FROM before -> (d.what || ' ' || d.reference);
	n := (SELECT max(o.item) FROM @extschema@.objection_effect AS o WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.proceeding_id = p.proceeding_id);
	IF action <> 'remove' THEN
		INSERT INTO @extschema@.objection_effect (subject, proceeding_id, item, done_on, what, reference, old_outcome, correction_id)
		SELECT p.subject, p.proceeding_id, n + row_number() OVER (), today, 'rating', c.reference, c.outcome, c.correction_id
		  FROM @extschema@._propose_corrections(p.subject, format('异议成立，程序 %s / objection upheld, proceeding %1$s: %s', p.proceeding_id, reason)) AS c;
	END IF;
END
$carry_out$;
REVOKE ALL ON FUNCTION @extschema@._carry_out(@extschema@.proceeding, jsonb, text, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._carry_out(@extschema@.proceeding, jsonb, text, date) IS '执行成立的异议，并记下随之变化的一切 / carries out an upheld objection, and notes all that moved with it';

CREATE FUNCTION @extschema@._on_objection(subject @extschema@.subject_code, proceeding_id bigint, seq integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET datestyle = 'ISO, YMD' AS $on_objection$
DECLARE
	p @extschema@.proceeding;
	s @extschema@.proceeding_step;
BEGIN
	SELECT o.* INTO STRICT p FROM @extschema@.proceeding AS o
	 WHERE o.subject OPERATOR(@extschema@.=) _on_objection.subject AND o.proceeding_id = _on_objection.proceeding_id;
	SELECT o.* INTO STRICT s FROM @extschema@.proceeding_step AS o
	 WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.proceeding_id = p.proceeding_id AND o.seq = _on_objection.seq;
	-- a listing that is about to be recognised waits for this, or is seen by it
	PERFORM @extschema@._lock_standing(p.subject);
	IF s.event = 'raise' THEN
		PERFORM @extschema@._touch_subject(p.subject);
		PERFORM @extschema@._check_target(p);
	ELSIF s.event IN ('uphold', 'uphold_appeal') THEN
		PERFORM @extschema@._carry_out(p, s.data, s.reasons, s.step_on);
	ELSIF s.event = 'uphold_by_silence' AND p.about ? 'entry_id' THEN
		-- of a listing there is but one thing to do
		PERFORM @extschema@._carry_out(p, '{"action": "remove"}', '异议逾期未决，视为成立 / upheld by the silence of the department', s.step_on);
	ELSIF s.event = 'uphold_by_silence' AND p.about ? 'record_id' THEN
		-- what is to be done nobody has said yet; that it is due, is shown
		PERFORM @extschema@._owe_withdrawal(p.subject, (p.about ->> 'record_id')::uuid, NULL, 'objection', p.proceeding_id, s.step_on, NULL, p.field);
	END IF;
END
$on_objection$;
REVOKE ALL ON FUNCTION @extschema@._on_objection(@extschema@.subject_code, bigint, integer) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._on_objection(@extschema@.subject_code, bigint, integer) IS '异议程序各步的后果 / what the steps of an objection entail';

CREATE FUNCTION @extschema@._on_complaint(subject @extschema@.subject_code, proceeding_id bigint, seq integer) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $on_complaint$
DECLARE
	p @extschema@.proceeding;
BEGIN
	SELECT o.* INTO STRICT p FROM @extschema@.proceeding AS o
	 WHERE o.subject OPERATOR(@extschema@.=) _on_complaint.subject AND o.proceeding_id = _on_complaint.proceeding_id;
	IF seq = 1 THEN
		PERFORM @extschema@._check_target(p);
	END IF;
END
$on_complaint$;
REVOKE ALL ON FUNCTION @extschema@._on_complaint(@extschema@.subject_code, bigint, integer) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._on_complaint(@extschema@.subject_code, bigint, integer) IS '投诉程序各步的后果 / what the steps of a complaint entail';

-- While an objection against a proposed listing is open, nobody recognises it.
CREATE FUNCTION @extschema@._await_objection() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $await_objection$
DECLARE
	open_one constant bigint := @extschema@._listing_objected(NEW);
BEGIN
	IF open_one IS NOT NULL THEN
		RAISE EXCEPTION 'an objection against list entry % is open', NEW.entry_id
			USING ERRCODE = 'object_not_in_prerequisite_state', DETAIL = format('It is proceeding %s.', open_one),
			      HINT = 'Decide it first: citycredit.decide_objection().';
	END IF;
	RETURN NEW;
END
$await_objection$;
REVOKE ALL ON FUNCTION @extschema@._await_objection() FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._await_objection() IS '异议未决的名单不得认定 / refuses to recognise an entry while an objection against it is open';
CREATE TRIGGER list_entry_await_objection BEFORE UPDATE ON @extschema@.list_entry FOR EACH ROW
	WHEN (OLD.recognised_on IS NULL AND NEW.recognised_on IS NOT NULL) EXECUTE FUNCTION @extschema@._await_objection();

-- ---------------------------------------------------------------------------
-- What officers call
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@._raise_dispute(kind text, subject @extschema@.subject_code, against jsonb, department text, reasons text, evidence jsonb, field text,
	district text, terms jsonb, details jsonb, named text, hint text) RETURNS bigint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $raise_dispute$
DECLARE
	periods record;
BEGIN
	IF num_nulls(subject, against, department, evidence, terms, details) > 0 OR jsonb_typeof(against) <> 'object' OR NOT against ? 'against' THEN
		RAISE EXCEPTION '% needs subject, against, department, evidence, terms and details', named
			USING ERRCODE = 'null_value_not_allowed', HINT = hint;
	END IF;
	-- a reference is written in one way, so that the matter is known again
	against := against || jsonb_strip_nulls(jsonb_build_object('record_id', (against ->> 'record_id')::uuid, 'entry_id', (against ->> 'entry_id')::bigint,
		'repair', (against ->> 'repair')::bigint));
	periods := @extschema@._set_terms(kind, field, terms);
	RETURN @extschema@._open_proceeding(subject, kind, 'raise', department, against, field, district, periods.terms, periods.on_overdue,
		details || jsonb_strip_nulls(jsonb_build_object('reasons', reasons)) || jsonb_build_object('evidence', evidence), NULL);
END
$raise_dispute$;
REVOKE ALL ON FUNCTION @extschema@._raise_dispute(text, @extschema@.subject_code, jsonb, text, text, jsonb, text, text, jsonb, jsonb, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._raise_dispute(text, @extschema@.subject_code, jsonb, text, text, jsonb, text, text, jsonb, jsonb, text, text) IS
	'提出异议或者投诉 / opens an objection or a complaint';

CREATE FUNCTION @extschema@.raise_objection(subject @extschema@.subject_code, against jsonb, department text, reasons text, evidence jsonb DEFAULT '[]',
	field text DEFAULT NULL, district text DEFAULT NULL, terms jsonb DEFAULT '{}', details jsonb DEFAULT '{}') RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $raise_objection$
BEGIN
	PERFORM @extschema@._require_sight(raise_objection.subject);
	RETURN @extschema@._raise_dispute('objection', subject, against, department, reasons, evidence, field, district, terms, details, 'an objection',
		'against is {"against": "record", "record_id": ...}, or likewise of a finding, standing, rating or listing.');
END
$raise_objection$;
REVOKE ALL ON FUNCTION @extschema@.raise_objection(@extschema@.subject_code, jsonb, text, text, jsonb, text, text, jsonb, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.raise_objection(@extschema@.subject_code, jsonb, text, text, jsonb, text, text, jsonb, jsonb) IS
	'主体对记录、认定、评价、定期评价或名单提出异议，返回程序编号 / the subject objects to a record, finding, standing, rating or listing; number of the proceeding';

CREATE FUNCTION @extschema@.raise_complaint(subject @extschema@.subject_code, against jsonb, department text, reasons text, evidence jsonb DEFAULT '[]',
	field text DEFAULT NULL, district text DEFAULT NULL, terms jsonb DEFAULT '{}', details jsonb DEFAULT '{}') RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $raise_complaint$
BEGIN
	PERFORM @extschema@._require_sight(raise_complaint.subject);
	RETURN @extschema@._raise_dispute('complaint', subject, against, department, reasons, evidence, field, district, terms, details, 'a complaint',
		'against is {"against": "repair", "repair": number} or {"against": "selective_enforcement", "matter": ..., "act_on": day}.');
END
$raise_complaint$;
REVOKE ALL ON FUNCTION @extschema@.raise_complaint(@extschema@.subject_code, jsonb, text, text, jsonb, text, text, jsonb, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.raise_complaint(@extschema@.subject_code, jsonb, text, text, jsonb, text, text, jsonb, jsonb) IS
	'任何人对修复或者选择性执行（应作而未作的记录）投诉举报，返回程序编号 / anyone complains about a repair, or about selective enforcement: a record that was not made; number of the proceeding';

CREATE FUNCTION @extschema@._decide_dispute(subject @extschema@.subject_code, proceeding_id bigint, kind text, decision text, details jsonb) RETURNS text
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $decide_dispute$
#variable_conflict use_variable
DECLARE
	p @extschema@.proceeding := @extschema@._lock_proceeding(subject, proceeding_id);
BEGIN
	IF p.kind <> kind THEN
		RAISE EXCEPTION 'proceeding % is no %', proceeding_id, kind
			USING ERRCODE = 'undefined_object', HINT = format('They are in citycredit.%s.', kind);
	ELSIF decision IS NULL OR decision NOT IN ('uphold', 'reject') THEN
		RAISE EXCEPTION '"%" is no decision', decision USING ERRCODE = 'invalid_parameter_value', DETAIL = 'It is uphold or reject.';
	END IF;
	RETURN @extschema@._advance_proceeding(subject, proceeding_id, decision || CASE WHEN p.state = 'appealed' THEN '_appeal' ELSE '' END, details, NULL);
END
$decide_dispute$;
REVOKE ALL ON FUNCTION @extschema@._decide_dispute(@extschema@.subject_code, bigint, text, text, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._decide_dispute(@extschema@.subject_code, bigint, text, text, jsonb) IS '决定异议或者投诉，申诉中的为申诉决定 / decides an objection or a complaint, on appeal where it is appealed';

CREATE FUNCTION @extschema@.decide_objection(subject @extschema@.subject_code, proceeding_id bigint, decision text, details jsonb) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $decide_objection$
BEGIN
	PERFORM @extschema@._require_sight(decide_objection.subject);
	RETURN @extschema@._decide_dispute(subject, proceeding_id, 'objection', decision, details);
END
$decide_objection$;
REVOKE ALL ON FUNCTION @extschema@.decide_objection(@extschema@.subject_code, bigint, text, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.decide_objection(@extschema@.subject_code, bigint, text, jsonb) IS
	'决定异议（uphold 成立、reject 不成立），返回其后状态；成立的须在 data 中说明 action：revoke 撤销、amend 更正（changes）、remove 移出名单，同一事务内执行 / decides an objection: uphold or reject; an upheld one says in data what is to be done: revoke, amend with changes, or remove, and it is done in the same transaction; state after it';

CREATE FUNCTION @extschema@.decide_complaint(subject @extschema@.subject_code, proceeding_id bigint, decision text, details jsonb) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $decide_complaint$
BEGIN
	PERFORM @extschema@._require_sight(decide_complaint.subject);
	RETURN @extschema@._decide_dispute(subject, proceeding_id, 'complaint', decision, details);
END
$decide_complaint$;
REVOKE ALL ON FUNCTION @extschema@.decide_complaint(@extschema@.subject_code, bigint, text, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.decide_complaint(@extschema@.subject_code, bigint, text, jsonb) IS '决定投诉举报（uphold 成立、reject 不成立），返回其后状态 / decides a complaint: uphold or reject; state after it';

-- The actor, where nobody has taken the step for which he would be checked.
CREATE FUNCTION @extschema@._require_handler(p @extschema@.proceeding, duties text[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $require_handler$
BEGIN
	IF NOT @extschema@._competent(p.department, p.kind, p.field, p.district, duties) THEN
		RAISE EXCEPTION 'role "%" has no competence for proceeding %', @extschema@.actor(), p.proceeding_id
			USING ERRCODE = 'insufficient_privilege',
			      DETAIL = format('It takes a duty of %s at "%s".', array_to_string(duties, ' or '), p.department),
			      HINT = 'Who acts for which department is in citycredit.department_competence.';
	END IF;
END
$require_handler$;
REVOKE ALL ON FUNCTION @extschema@._require_handler(@extschema@.proceeding, text[]) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._require_handler(@extschema@.proceeding, text[]) IS '核对操作人对该程序的职权 / refuses who has no such duty for a proceeding';

-- What the department's silence has upheld, it still carries out, by somebody who decides and did not raise it.
CREATE FUNCTION @extschema@.carry_out_objection(subject @extschema@.subject_code, proceeding_id bigint, data jsonb, reason text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $carry_out_objection$
DECLARE
	seen constant boolean := @extschema@._require_sight(carry_out_objection.subject);
	p @extschema@.proceeding := @extschema@._lock_proceeding(subject, proceeding_id);
	silent date;
BEGIN
	p := @extschema@._take_due(p, @extschema@.today());
	PERFORM @extschema@._require_handler(p, ARRAY['decider']);
	SELECT s.step_on INTO silent FROM @extschema@.proceeding_step AS s
	 WHERE s.subject OPERATOR(@extschema@.=) p.subject AND s.proceeding_id = p.proceeding_id AND s.seq = p.last_seq AND s.event = 'uphold_by_silence' AND p.kind = 'objection';
	IF NOT FOUND OR EXISTS (SELECT FROM @extschema@.objection_effect AS o WHERE o.subject OPERATOR(@extschema@.=) p.subject AND o.proceeding_id = p.proceeding_id) THEN
		RAISE EXCEPTION 'proceeding % has nothing left to be carried out', proceeding_id
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = 'Only an objection that was upheld by silence is carried out afterwards, once.', HINT = 'Its state is in citycredit.objection.';
	ELSIF @extschema@._same_person(p.opened_by, @extschema@.actor()) THEN
		RAISE EXCEPTION 'proceeding % needs a second person', proceeding_id
			USING ERRCODE = 'insufficient_privilege', DETAIL = format('"%s" recorded the objection.', p.opened_by), HINT = 'Ask another officer who decides for the department.';
	ELSIF @extschema@._exchange_text(reason) IS NULL THEN
		RAISE EXCEPTION 'no reason given for carrying out objection %', proceeding_id USING ERRCODE = 'null_value_not_allowed';
	END IF;
	PERFORM @extschema@._lock_standing(p.subject);
	PERFORM @extschema@._carry_out(p, data, reason, silent);
END
$carry_out_objection$;
REVOKE ALL ON FUNCTION @extschema@.carry_out_objection(@extschema@.subject_code, bigint, jsonb, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.carry_out_objection(@extschema@.subject_code, bigint, jsonb, text) IS
	'执行逾期视为成立的异议 / carries out an objection that the department''s silence has upheld';

CREATE FUNCTION @extschema@.confirm_withdrawal(subject @extschema@.subject_code, proceeding_id bigint, withdrawn_on date DEFAULT @extschema@.today()) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $confirm_withdrawal$
#variable_conflict use_column
DECLARE
	seen constant boolean := @extschema@._require_sight(confirm_withdrawal.subject);
	p @extschema@.proceeding := @extschema@._lock_proceeding(subject, proceeding_id);
	confirmed integer;
BEGIN
	PERFORM @extschema@._require_handler(p, ARRAY['officer', 'decider']);
	confirmed := @extschema@._confirm_withdrawals(p.subject, p.proceeding_id, NULL, confirm_withdrawal.withdrawn_on);
	IF confirmed = 0 THEN
		RAISE EXCEPTION '% % has nothing to be withdrawn', p.kind, proceeding_id
			USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'What is to be withdrawn is in citycredit.withdrawal; the record is revoked or amended first.';
	END IF;
	RETURN confirmed;
END
$confirm_withdrawal$;
REVOKE ALL ON FUNCTION @extschema@.confirm_withdrawal(@extschema@.subject_code, bigint, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.confirm_withdrawal(@extschema@.subject_code, bigint, date) IS '登记各公示渠道均已撤下，返回条数 / records that it was withdrawn everywhere, returns how many records';

CREATE FUNCTION @extschema@.follow_up_complaint(subject @extschema@.subject_code, proceeding_id bigint, report text, record_id uuid DEFAULT NULL) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $follow_up_complaint$
#variable_conflict use_variable
DECLARE
	seen constant boolean := @extschema@._require_sight(follow_up_complaint.subject);
	p @extschema@.proceeding := @extschema@._lock_proceeding(subject, proceeding_id);
BEGIN
	PERFORM @extschema@._require_handler(p, ARRAY['officer', 'decider']);
	IF p.kind <> 'complaint' OR p.state NOT IN ('upheld', 'overturned') THEN
		RAISE EXCEPTION 'proceeding % is no complaint that was upheld', proceeding_id
			USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'The complaints are in citycredit.complaint.';
	ELSIF @extschema@._exchange_text(report) IS NULL THEN
		RAISE EXCEPTION 'no report given on complaint %', proceeding_id USING ERRCODE = 'null_value_not_allowed';
	ELSIF record_id IS NOT NULL THEN
		PERFORM @extschema@._current_record(subject, record_id);
	END IF;
	INSERT INTO @extschema@.complaint_follow_up (subject, proceeding_id, record_id, report) VALUES (subject, proceeding_id, record_id, report) ON CONFLICT DO NOTHING;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'complaint % has been followed up already', proceeding_id USING ERRCODE = 'unique_violation';
	END IF;
END
$follow_up_complaint$;
REVOKE ALL ON FUNCTION @extschema@.follow_up_complaint(@extschema@.subject_code, bigint, text, uuid) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.follow_up_complaint(@extschema@.subject_code, bigint, text, uuid) IS
	'登记成立的投诉如何处理：补作的记录、对修复的复查 / records what was done about a complaint that was upheld: the record made after all, the repair looked into';

-- ---------------------------------------------------------------------------
-- Where they stand
-- ---------------------------------------------------------------------------

DO $dispute_views$
DECLARE
	dispute record;
	shown record;
BEGIN
	FOR dispute IN
		SELECT * FROM (VALUES
			('objection', '异议', 'objections', $own$EXISTS (SELECT FROM @extschema@.objection_effect AS e WHERE e.subject = t.subject AND e.proceeding_id = t.proceeding_id)$own$,
				'carried_out', '是否已执行，结果见 objection_effect / whether it was carried out; what changed is in objection_effect'),
			('complaint', '投诉举报', 'complaints', $own$EXISTS (SELECT FROM @extschema@.complaint_follow_up AS e WHERE e.subject = t.subject AND e.proceeding_id = t.proceeding_id)$own$,
				'followed_up', '成立后是否已处理，见 complaint_follow_up / whether it was followed up, as complaint_follow_up tells')) AS v (kind, chinese, english, done, done_name, done_remark)
	LOOP
		EXECUTE format($view$
			CREATE VIEW @extschema@.%1$I WITH (security_barrier) AS
			SELECT t.subject, t.proceeding_id, t.state, t.state_zh, t.closed, t.since, t.department, t.field, t.district, t.about ->> 'against' AS against,
			       t.about - 'against' AS target, t.opened_on AS raised_on, s.reasons, t.appeal_to, t.next_due_on,
			       t.overdue OR t.kind = 'objection' AND t.state = 'upheld' AND NOT %2$s AS overdue, t.next_steps, %2$s AS %3$I
			  FROM @extschema@.proceeding_today AS t
			  JOIN @extschema@.proceeding_step AS s ON s.subject = t.subject AND s.proceeding_id = t.proceeding_id AND s.seq = 1
			 WHERE t.kind = %1$L AND t.about ? 'against'
			$view$, dispute.kind, dispute.done, dispute.done_name);
		EXECUTE format('COMMENT ON VIEW @extschema@.%I IS %L', dispute.kind, format('%s：各件当日的状态和期限 / %s: where each stands today, and its periods', dispute.chinese, dispute.english));
		FOR shown IN
			SELECT * FROM (VALUES
				('subject', '主体代码 / subject'), ('proceeding_id', '程序编号 / proceeding'), ('state', '当日状态 / state today'),
				('state_zh', '当日状态的中文名称 / its name in Chinese'), ('closed', '是否已有结果 / whether it has an outcome'), ('since', '自何日起 / since when'),
				('department', '办理部门 / department'), ('field', '领域 / field'), ('district', '区 / district'), ('against', '对象的种类 / kind of what it is against'),
				('target', '对象 / what it is against'), ('raised_on', '提出日 / day on which it was raised'), ('reasons', '理由 / reasons'),
				('appeal_to', '受理申诉的部门 / department that an appeal goes to'), ('next_due_on', '最近将届满的末日 / last day of the period that ends next'),
				('overdue', '部门是否逾期，含逾期视为成立而未执行 / whether the department has let a period pass, or has not carried out what its silence has upheld'), ('next_steps', '合法的下一步 / legal next steps')) AS v (name, remark)
		LOOP
			EXECUTE format('COMMENT ON COLUMN @extschema@.%I.%I IS %L', dispute.kind, shown.name, shown.remark);
		END LOOP;
		EXECUTE format('COMMENT ON COLUMN @extschema@.%I.%I IS %L', dispute.kind, dispute.done_name, dispute.done_remark);
	END LOOP;
END
$dispute_views$;
