-- ---------------------------------------------------------------------------
-- Findings: verifying, classifying, amending and revoking records. Each writes a new version, by one function in one statement.
-- ---------------------------------------------------------------------------

-- Closes the current version and writes the next one with the changes; gives its number.
-- The subject is locked first: positions in its sequence follow the order of the locks, not of the clocks.
CREATE FUNCTION @extschema@._new_version(subject @extschema@.subject_code, record_id uuid, changes jsonb) RETURNS smallint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $new_version$
#variable_conflict use_column
DECLARE
	-- with those who may read the record: it becomes known to all of them at once
	position timestamptz := @extschema@._next_position(ARRAY[subject], true);
	new_number smallint;
BEGIN
	WITH closed AS (
		UPDATE @extschema@.record AS r
		   SET known_until = greatest(position, r.known_from + interval '1 microsecond')
		 WHERE r.subject OPERATOR(@extschema@.=) _new_version.subject
		   AND r.record_id = _new_version.record_id
		   AND r.known_until = 'infinity'
		RETURNING r.*
	)
	INSERT INTO @extschema@.record
		(subject, record_key, known_from, known_until, version, amount_fen, fine_fen, awarded_points, quantity, recorded_on, act_on, act_ended_on,
		 decided_on, served_on, valid_from, valid_until, publicity_until, corrected_on, repaired_on, revoked_on, part, kind, document, authority,
		 source, behaviour, field, procedure, penalty_kind, severity, intent, responsibility, district, state, unit, held, verified_by,
		 entered_by, detail)
	SELECT c.subject, c.record_id, c.known_until, 'infinity', (c.version + 1)::smallint,
	       n.amount_fen, n.fine_fen, n.awarded_points, n.quantity, n.recorded_on, n.act_on, n.act_ended_on,
	       n.decided_on, n.served_on, n.valid_from, n.valid_until, n.publicity_until, n.corrected_on, n.repaired_on, n.revoked_on, n.part, n.kind, n.document,
	       n.authority, n.source, n.behaviour, n.field, n.procedure, n.penalty_kind, n.severity, n.intent, n.responsibility, n.district, n.state, n.unit, n.held,
	       n.verified_by, n.entered_by, n.detail
	  FROM closed AS c
	 CROSS JOIN LATERAL jsonb_populate_record(ROW(c.*)::@extschema@.record, _new_version.changes) AS n
	RETURNING version INTO new_number;

	IF new_number IS NULL THEN
		PERFORM @extschema@._current_record(_new_version.subject, _new_version.record_id);
		RAISE EXCEPTION 'could not write a new version of record "%"', _new_version.record_id
			USING ERRCODE = 'serialization_failure', HINT = 'Another transaction changed the record; try again.';
	END IF;
	RETURN new_number;
END
$new_version$;
REVOKE ALL ON FUNCTION @extschema@._new_version(@extschema@.subject_code, uuid, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._new_version(@extschema@.subject_code, uuid, jsonb) IS
	'关闭现行版本并写入下一版本 / closes the current version of a record and writes the next with the changes; its number';

-- The current version; an error that says why there is none.
CREATE FUNCTION @extschema@._current_record(subject @extschema@.subject_code, record_id uuid) RETURNS @extschema@.record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $current_record$
#variable_conflict use_column
DECLARE
	current @extschema@.record;
BEGIN
	SELECT r.* INTO current
	  FROM @extschema@.record AS r
	 WHERE r.subject OPERATOR(@extschema@.=) _current_record.subject AND r.record_id = _current_record.record_id
	 ORDER BY r.known_until DESC
	 LIMIT 1;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'record "%" of subject "%" does not exist', _current_record.record_id, _current_record.subject
			USING ERRCODE = 'no_data_found',
			      HINT = 'Look it up in citycredit.record: the key is subject and record_id.';
	ELSIF current.known_until < 'infinity' THEN
		RAISE EXCEPTION 'record "%" has no current version', _current_record.record_id
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('Its last version was closed at %s.', current.known_until),
			      HINT = 'Feed the document again if it is still valid.';
	END IF;
	RETURN current;
END
$current_record$;
REVOKE ALL ON FUNCTION @extschema@._current_record(@extschema@.subject_code, uuid) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._current_record(@extschema@.subject_code, uuid) IS
	'记录的现行版本，没有则报错 / current version of a record; an error if there is none';

-- What the catalogue says of a behaviour on a day: of several editions in use, the latest.
CREATE FUNCTION @extschema@._catalogued(behaviour text, kind text, day date) RETURNS @extschema@.behaviour
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $catalogued$
#variable_conflict use_column
DECLARE
	entry @extschema@.behaviour;
BEGIN
	SELECT b.* INTO entry
	  FROM @extschema@.behaviour AS b
	 WHERE b.code = _catalogued.behaviour AND b.kind = _catalogued.kind
	   AND (b.retired_on IS NULL OR b.retired_on > _catalogued.day)
	 ORDER BY b.edition DESC
	 LIMIT 1;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'behaviour "%" does not exist', _catalogued.behaviour
			USING ERRCODE = 'undefined_object',
			      DETAIL = format('The catalogue has no such entry for records of kind %s in use on %s.', _catalogued.kind, _catalogued.day),
			      HINT = 'The codes are in citycredit.behaviour.';
	END IF;
	RETURN entry;
END
$catalogued$;
REVOKE ALL ON FUNCTION @extschema@._catalogued(text, text, date) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._catalogued(text, text, date) IS
	'行为目录中该日有效的条目，没有则报错 / entry of the catalogue in use on a day; an error if there is none';

-- What every change by hand has in common: who entered this version, and why. Nobody has looked at it yet, so a verification of the old
-- version does not carry over: a second person verifies what the first changed (录入数据的审核). The day of recording stays.
CREATE FUNCTION @extschema@._by_hand(detail jsonb, reason text) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $by_hand$
	SELECT jsonb_build_object(
		'entered_by', @extschema@.actor(),
		'verified_by', NULL,
		'detail', (coalesce(detail, '{}') - ARRAY['reason', 'changed_by'])
		          || jsonb_strip_nulls(jsonb_build_object('reason', reason, 'changed_by', @extschema@.actor())))
$by_hand$;
REVOKE ALL ON FUNCTION @extschema@._by_hand(jsonb, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._by_hand(jsonb, text) IS
	'人工变更的共同内容：录入人、原因、须重新审核 / what every change by hand sets: who, why, and to be verified again';

-- ---------------------------------------------------------------------------
-- Verifying
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.verify_record(subject @extschema@.subject_code, record_id uuid) RETURNS smallint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $verify_record$
#variable_conflict use_column
DECLARE
	current @extschema@.record := @extschema@._current_record(verify_record.subject, verify_record.record_id);
	new_version smallint;
BEGIN
	IF @extschema@._same_person(current.entered_by, @extschema@.actor()) THEN
		RAISE EXCEPTION 'cannot verify record "%" entered by the same person', verify_record.record_id
			USING ERRCODE = 'insufficient_privilege',
			      DETAIL = format('Version %s was entered by "%s".', current.version, current.entered_by),
			      HINT = 'A second person must verify it.';
	ELSIF current.verified_by IS NOT NULL THEN
		RAISE EXCEPTION 'record "%" is verified already', verify_record.record_id
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('Version %s was verified by "%s".', current.version, current.verified_by);
	ELSIF current.revoked_on IS NOT NULL THEN
		RAISE EXCEPTION 'cannot verify revoked record "%"', verify_record.record_id
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('It was revoked on %s and counts in no evaluation.', current.revoked_on);
	END IF;
	-- What it was held for has been looked into; the version before keeps the reason.
	new_version := @extschema@._new_version(verify_record.subject, verify_record.record_id,
		jsonb_build_object('verified_by', @extschema@.actor(), 'held', NULL));
	-- A corrected version can take the ground from a listing.
	IF current.version > 1 THEN
		PERFORM @extschema@._end_fallen_listings(verify_record.subject);
	END IF;
	RETURN new_version;
END
$verify_record$;
REVOKE ALL ON FUNCTION @extschema@.verify_record(@extschema@.subject_code, uuid) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.verify_record(@extschema@.subject_code, uuid) IS
	'第二人审核记录，审核后生效；返回版本号 / a second person verifies a record, from then on it counts; number of the version';

-- ---------------------------------------------------------------------------
-- Classifying
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.classify_record(
	subject @extschema@.subject_code, record_id uuid,
	behaviour text DEFAULT NULL, field text DEFAULT NULL, procedure text DEFAULT NULL, severity text DEFAULT NULL,
	intent text DEFAULT NULL, responsibility text DEFAULT NULL, awarded_points numeric DEFAULT NULL, quantity numeric DEFAULT NULL,
	act_on date DEFAULT NULL, corrected_on date DEFAULT NULL, reason text DEFAULT NULL, unit text DEFAULT NULL) RETURNS smallint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $classify_record$
#variable_conflict use_column
DECLARE
	current @extschema@.record := @extschema@._current_record(classify_record.subject, classify_record.record_id);
	entry @extschema@.behaviour;
	finding jsonb;
BEGIN
	IF classify_record.behaviour IS NOT NULL THEN
		entry := @extschema@._catalogued(classify_record.behaviour, current.kind, coalesce(current.decided_on, current.act_on, @extschema@.today()));
		IF classify_record.field <> entry.field THEN
			RAISE EXCEPTION 'behaviour "%" belongs to field "%", not to "%"', entry.code, entry.field, classify_record.field
				USING ERRCODE = 'invalid_parameter_value',
				      HINT = 'Leave the field out: it follows from the behaviour.';
		END IF;
	END IF;
	IF classify_record.awarded_points * 10000 <> trunc(classify_record.awarded_points * 10000)
	   OR classify_record.quantity * 10000 <> trunc(classify_record.quantity * 10000) THEN
		RAISE EXCEPTION 'points and quantities have at most four decimals'
			USING ERRCODE = 'invalid_parameter_value';
	END IF;

	-- What is not given stays as it is; amend_record() takes a finding away again.
	finding := jsonb_strip_nulls(jsonb_build_object(
		'behaviour', classify_record.behaviour,
		'field', coalesce(entry.field, classify_record.field),
		'procedure', classify_record.procedure,
		'severity', coalesce(classify_record.severity, entry.severity),
		'intent', classify_record.intent,
		'responsibility', classify_record.responsibility,
		'awarded_points', (classify_record.awarded_points * 10000)::bigint,
		'quantity', (classify_record.quantity * 10000)::bigint,
		'unit', @extschema@._exchange_text(classify_record.unit),
		'act_on', classify_record.act_on,
		'corrected_on', classify_record.corrected_on));
	IF finding = '{}' THEN
		RAISE EXCEPTION 'no finding given for record "%"', classify_record.record_id
			USING ERRCODE = 'invalid_parameter_value',
			      HINT = 'Give a behaviour, or another finding, by name: classify_record(subject, record_id, procedure => ''general'').';
	END IF;
	RETURN @extschema@._new_version(classify_record.subject, classify_record.record_id,
		finding || @extschema@._by_hand(current.detail, classify_record.reason)
		|| jsonb_build_object('held', coalesce(current.held, '部门认定，待第二人审核 / a finding, a second person has to verify it')));
END
$classify_record$;
REVOKE ALL ON FUNCTION @extschema@.classify_record(@extschema@.subject_code, uuid, text, text, text, text, text, text, numeric, numeric, date, date, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.classify_record(@extschema@.subject_code, uuid, text, text, text, text, text, text, numeric, numeric, date, date, text, text) IS
	'部门认定：行为、领域、程序、严重程度、主观状态、责任、裁量分值、数量、行为日、改正日、单元；空参数不改 / a department''s finding on a record; what is NULL stays as it is; points and quantity in units with up to four decimals; number of the version';

-- ---------------------------------------------------------------------------
-- Amending
-- ---------------------------------------------------------------------------

-- The changes as _new_version() writes them, checked; for amending by hand and by the decision of an objection.
CREATE FUNCTION @extschema@._amendment(current @extschema@.record, changes jsonb, reason text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $amendment$
DECLARE
	-- Not what the record's identity is made of, nor what other functions and proceedings decide.
	amendable constant text[] := ARRAY['amount_fen', 'fine_fen', 'awarded_points', 'quantity', 'act_on', 'act_ended_on', 'decided_on', 'served_on', 'valid_from',
		'valid_until', 'publicity_until', 'corrected_on', 'revoked_on', 'behaviour', 'field', 'procedure', 'penalty_kind', 'severity', 'intent',
		'responsibility', 'district', 'state', 'unit', 'detail'];
	entry @extschema@.behaviour;
	refused text;
	amended jsonb := changes;
BEGIN
	IF jsonb_typeof(changes) IS DISTINCT FROM 'object' OR changes = '{}' THEN
		RAISE EXCEPTION 'no changes given for record "%"', current.record_id
			USING ERRCODE = 'invalid_parameter_value',
			      HINT = 'Give them as {"column": value}; null takes a value away.';
	END IF;
	SELECT string_agg(k.key, ', ' ORDER BY k.key) INTO refused FROM jsonb_each_text(changes) AS k (key, value)
	 WHERE k.key = ANY (ARRAY['act_on', 'act_ended_on', 'decided_on', 'served_on', 'corrected_on', 'revoked_on']) AND k.value::date > @extschema@.today();
	IF refused IS NOT NULL THEN
		RAISE EXCEPTION 'amended days of record "%" are in the future: %', current.record_id, refused
			USING ERRCODE = 'datetime_field_overflow',
			      HINT = 'Record what has happened.';
	END IF;
	SELECT string_agg(k.key, ', ' ORDER BY k.key) INTO refused FROM jsonb_object_keys(changes) AS k (key) WHERE k.key <> ALL (amendable);
	IF refused IS NOT NULL THEN
		RAISE EXCEPTION 'cannot amend %', refused
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = format('Columns that can be amended: %s.', array_to_string(amendable, ', ')),
			      HINT = 'A record under a wrong number, authority or subject is revoked and fed again; verification and repair have functions of their own.';
	END IF;
	IF @extschema@._exchange_text(reason) IS NULL THEN
		RAISE EXCEPTION 'no reason given for amending record "%"', current.record_id
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Say why: it is kept with the version.';
	END IF;
	IF changes ? 'detail' AND jsonb_typeof(changes -> 'detail') <> 'object' THEN
		RAISE EXCEPTION 'detail must be an object'
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Its keys are merged into those of the record.';
	END IF;
	IF changes ->> 'behaviour' IS NOT NULL THEN
		entry := @extschema@._catalogued(changes ->> 'behaviour', current.kind,
			coalesce((changes ->> 'decided_on')::date, current.decided_on, current.act_on, @extschema@.today()));
		amended := jsonb_build_object('field', entry.field) || amended;
	END IF;
	RETURN amended || @extschema@._by_hand(coalesce(current.detail, '{}') || coalesce(changes -> 'detail', '{}'), reason);
END
$amendment$;
REVOKE ALL ON FUNCTION @extschema@._amendment(@extschema@.record, jsonb, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._amendment(@extschema@.record, jsonb, text) IS '核对更正的内容 / checks an amendment, gives what it changes';

CREATE FUNCTION @extschema@.amend_record(subject @extschema@.subject_code, record_id uuid, changes jsonb, reason text) RETURNS smallint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $amend_record$
#variable_conflict use_column
DECLARE
	current @extschema@.record := @extschema@._current_record(amend_record.subject, amend_record.record_id);
BEGIN
	RETURN @extschema@._new_version(amend_record.subject, amend_record.record_id,
		@extschema@._amendment(current, changes, reason)
		-- a trusted source answers for what it sent, not for what was made of it here
		|| jsonb_build_object('held', coalesce(current.held, '人工更正，待第二人审核 / amended by hand, a second person has to verify it')));
END
$amend_record$;
REVOKE ALL ON FUNCTION @extschema@.amend_record(@extschema@.subject_code, uuid, jsonb, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.amend_record(@extschema@.subject_code, uuid, jsonb, text) IS
	'更正记录：changes 以列名为键、以表中单位为值（分、万分之一分），null 为清空，detail 合并；原因存于 detail.reason；第二人审核前不计入任何评价 / corrects a record: changes are columns with values in the units of the table (fen, 1/10000), null clears, detail is merged; the reason is kept in detail.reason; counts in no evaluation until a second person verifies it; number of the version';

-- ---------------------------------------------------------------------------
-- Revoking
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.revoke_record(subject @extschema@.subject_code, record_id uuid, revoked_on date, reason text) RETURNS smallint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $revoke_record$
#variable_conflict use_column
DECLARE
	current @extschema@.record := @extschema@._current_record(revoke_record.subject, revoke_record.record_id);
	new_version smallint;
BEGIN
	IF current.revoked_on IS NOT NULL THEN
		RAISE EXCEPTION 'record "%" is revoked already', revoke_record.record_id
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('It was revoked on %s.', current.revoked_on),
			      HINT = 'Use citycredit.amend_record() to correct the day.';
	ELSIF revoke_record.revoked_on IS NULL OR revoke_record.revoked_on > @extschema@.today() OR revoke_record.revoked_on < current.decided_on THEN
		RAISE EXCEPTION 'record "%" cannot be revoked on %', revoke_record.record_id, coalesce(revoke_record.revoked_on::text, 'no day')
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = format('A revocation lies between the decision (%s) and today (%s).', coalesce(current.decided_on::text, 'unknown'), @extschema@.today());
	ELSIF @extschema@._exchange_text(reason) IS NULL THEN
		RAISE EXCEPTION 'no reason given for revoking record "%"', revoke_record.record_id
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Say why: it is kept with the version.';
	END IF;
	PERFORM @extschema@._owe_revocation(revoke_record.subject, revoke_record.record_id, NULL, revoke_record.revoked_on);
	-- Who entered and verified the fact stays: revoking takes effect at once, and what is revoked needs no second person to stop counting.
	new_version := @extschema@._new_version(revoke_record.subject, revoke_record.record_id,
		jsonb_build_object('revoked_on', revoke_record.revoked_on)
		|| (@extschema@._by_hand(current.detail, reason) - ARRAY['entered_by', 'verified_by']));
	PERFORM @extschema@._end_fallen_listings(revoke_record.subject);
	RETURN new_version;
END
$revoke_record$;
REVOKE ALL ON FUNCTION @extschema@.revoke_record(@extschema@.subject_code, uuid, date, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.revoke_record(@extschema@.subject_code, uuid, date, text) IS
	'撤销记录：立即不再计入任何评价，以其为依据的名单条目随即终止；原因存于 detail.reason / revokes a record: from now on it counts in no evaluation, and a listing that rested on it ends; the reason is kept in detail.reason; number of the version';

-- ---------------------------------------------------------------------------
-- What waits for a department, and who takes part
-- ---------------------------------------------------------------------------

CREATE VIEW @extschema@.unclassified_record WITH (security_barrier) AS
SELECT r.subject, s.name, r.record_id, r.kind, r.document, r.authority, r.source, r.decided_on, r.act_on, r.recorded_on, t.text AS facts,
       (SELECT array_agg(DISTINCT b.code)
          FROM @extschema@.behaviour AS b
         WHERE b.kind = r.kind AND b.pattern IS NOT NULL
           AND (b.retired_on IS NULL OR b.retired_on > coalesce(r.decided_on, r.act_on, r.recorded_on))
           AND t.text ~ b.pattern) AS candidates
  FROM @extschema@.record AS r
  LEFT JOIN @extschema@.subject AS s ON s.subject = r.subject
 -- the keys of the form of 2018, of that of 2015, and of intake_act: a record has those of one
 CROSS JOIN LATERAL (SELECT concat_ws(E'\n', r.detail ->> 'cf_wfxw', r.detail ->> 'cf_cfmc', r.detail ->> 'cf_sy',
                                      r.detail ->> 'title', r.detail ->> 'content', r.detail ->> 'facts')) AS t (text)
 WHERE r.known_until = 'infinity' AND r.behaviour IS NULL AND r.revoked_on IS NULL
   AND r.kind IN ('penalty', 'act', 'award', 'inspection');
COMMENT ON VIEW @extschema@.unclassified_record IS '待认定的记录：行为未归类，不计入以行为为条件的项目 / records that wait for a department to say which behaviour they state; they count in no item that asks for the behaviour';
COMMENT ON COLUMN @extschema@.unclassified_record.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.unclassified_record.name IS '名称 / name';
COMMENT ON COLUMN @extschema@.unclassified_record.record_id IS '记录标识 / record';
COMMENT ON COLUMN @extschema@.unclassified_record.kind IS '记录类别 / kind of record';
COMMENT ON COLUMN @extschema@.unclassified_record.document IS '文书号 / document number';
COMMENT ON COLUMN @extschema@.unclassified_record.authority IS '作出机关代码 / authority';
COMMENT ON COLUMN @extschema@.unclassified_record.source IS '数据来源代码 / source of the data';
COMMENT ON COLUMN @extschema@.unclassified_record.decided_on IS '决定日 / day of the decision';
COMMENT ON COLUMN @extschema@.unclassified_record.act_on IS '行为发生日 / day of the act';
COMMENT ON COLUMN @extschema@.unclassified_record.recorded_on IS '登记日 / day of recording';
COMMENT ON COLUMN @extschema@.unclassified_record.facts IS '据以识别的违法行为与事实 / violation and facts, by which the intake tried to recognise it';
COMMENT ON COLUMN @extschema@.unclassified_record.candidates IS '目录识别式相符的行为编码，多个或没有 / behaviours whose pattern matches: several or none';

CREATE VIEW @extschema@.unverified_record WITH (security_barrier) AS
SELECT r.subject, s.name, r.record_id, r.version, r.kind, r.document, r.authority, r.source, r.decided_on, r.recorded_on, r.entered_by, r.held,
       r.detail ->> 'reason' AS reason
  FROM @extschema@.record AS r
  LEFT JOIN @extschema@.subject AS s ON s.subject = r.subject
 WHERE r.known_until = 'infinity' AND r.revoked_on IS NULL AND r.verified_by IS NULL
   AND (r.held IS NOT NULL
        OR NOT EXISTS (SELECT FROM @extschema@.source AS o
                        WHERE o.source = r.source AND o.kind = r.kind AND o.known_until = 'infinity' AND o.trusted_from <= r.recorded_on AND r.recorded_on < o.trusted_until));
COMMENT ON VIEW @extschema@.unverified_record IS '待第二人审核的记录，审核前不计入任何评价 / records that wait for a second person; until then they count in no evaluation';
COMMENT ON COLUMN @extschema@.unverified_record.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.unverified_record.name IS '登记名称 / registered name';
COMMENT ON COLUMN @extschema@.unverified_record.record_id IS '记录标识 / record';
COMMENT ON COLUMN @extschema@.unverified_record.version IS '版本号 / version';
COMMENT ON COLUMN @extschema@.unverified_record.kind IS '记录类别 / kind of record';
COMMENT ON COLUMN @extschema@.unverified_record.document IS '文书号 / document number';
COMMENT ON COLUMN @extschema@.unverified_record.authority IS '作出机关代码 / authority';
COMMENT ON COLUMN @extschema@.unverified_record.source IS '数据来源代码 / source of the data';
COMMENT ON COLUMN @extschema@.unverified_record.decided_on IS '决定日 / day of the decision';
COMMENT ON COLUMN @extschema@.unverified_record.recorded_on IS '登记日 / day of recording';
COMMENT ON COLUMN @extschema@.unverified_record.entered_by IS '录入人，不得由其审核 / who entered it, and may not verify it';
COMMENT ON COLUMN @extschema@.unverified_record.held IS '待核原因 / why it is held';
COMMENT ON COLUMN @extschema@.unverified_record.reason IS '更正原因 / reason of the amendment';

CREATE VIEW @extschema@.enrolment WITH (security_barrier) AS
SELECT r.subject, s.name, r.field, r.state, r.valid_from, r.valid_until, r.document AS basis, r.authority, r.record_id
  FROM @extschema@.record AS r
  LEFT JOIN @extschema@.subject AS s ON s.subject = r.subject
 WHERE r.known_until = 'infinity' AND r.kind = 'participation' AND r.revoked_on IS NULL
   AND (r.verified_by IS NOT NULL
        OR r.held IS NULL
           AND EXISTS (SELECT FROM @extschema@.source AS o
                        WHERE o.source = r.source AND o.kind = r.kind AND o.known_until = 'infinity' AND o.trusted_from <= r.recorded_on AND r.recorded_on < o.trusted_until));
COMMENT ON VIEW @extschema@.enrolment IS '参评：各主体在各领域的参评状态 / who takes part in which field, by verified participation records';
COMMENT ON COLUMN @extschema@.enrolment.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.enrolment.name IS '名称 / name';
COMMENT ON COLUMN @extschema@.enrolment.field IS '行业领域 / field';
COMMENT ON COLUMN @extschema@.enrolment.state IS '状态：参评、暂停、不参评 / taking_part, halted, not_taking_part';
COMMENT ON COLUMN @extschema@.enrolment.valid_from IS '首日（含） / first day';
COMMENT ON COLUMN @extschema@.enrolment.valid_until IS '末日（含），空为无期 / last day; NULL = without end';
COMMENT ON COLUMN @extschema@.enrolment.basis IS '依据文书号 / document it rests on';
COMMENT ON COLUMN @extschema@.enrolment.authority IS '作出机关代码 / authority';
COMMENT ON COLUMN @extschema@.enrolment.record_id IS '记录标识 / record';
