-- ---------------------------------------------------------------------------
-- Findings: verifying, classifying, amending and revoking records. Each writes a new version, by one function in one statement.
-- What is changed by hand in a record that counts waits beside it: the record goes on counting as it is until a second person has verified the change.
-- ---------------------------------------------------------------------------

CREATE SEQUENCE @extschema@.record_change_number AS bigint;
COMMENT ON SEQUENCE @extschema@.record_change_number IS '变更编号 / numbers of changes';

CREATE TABLE @extschema@.record_change (
	subject         @extschema@.subject_code NOT NULL,
	change_id       bigint NOT NULL DEFAULT nextval('@extschema@.record_change_number'),
	record_id       uuid NOT NULL,
	known_from      timestamptz NOT NULL,
	entered_on      date NOT NULL DEFAULT @extschema@.today(),
	closed_on       date,
	version         smallint NOT NULL,
	applied_version smallint,
	state           text NOT NULL DEFAULT 'waiting'
	                CHECK (state IN ('waiting', 'applied', 'rejected', 'withdrawn', 'superseded', 'lapsed')),
	entered_by      text NOT NULL DEFAULT @extschema@.actor(),
	closed_by       text,
	reason          text,
	closing_reason  text,
	changes         jsonb NOT NULL CHECK (jsonb_typeof(changes) = 'object' AND changes <> '{}'),
	PRIMARY KEY (subject, change_id),
	CONSTRAINT record_change_closed CHECK ((state = 'waiting') = (closed_by IS NULL) AND (closed_by IS NULL) = (closed_on IS NULL)),
	CONSTRAINT record_change_applied CHECK ((state = 'applied') = (applied_version IS NOT NULL)),
	CONSTRAINT record_change_second_person CHECK (CASE WHEN state IN ('applied', 'rejected') THEN closed_by <> entered_by
	                                                   WHEN state = 'withdrawn' THEN closed_by = entered_by ELSE true END),
	CONSTRAINT record_change_reason CHECK ((state IN ('rejected', 'withdrawn')) = (closing_reason IS NOT NULL))
);
CREATE UNIQUE INDEX record_change_waiting ON @extschema@.record_change (subject, record_id) WHERE state = 'waiting';
COMMENT ON TABLE @extschema@.record_change IS
	'记录的人工变更：审核前记录仍按现行版本计入；每条记录至多一项待审核，已办结的保留 / changes by hand of records that count: until they are verified the record counts as it is; one waits at a time, those closed are kept';
COMMENT ON COLUMN @extschema@.record_change.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.record_change.change_id IS '变更编号 / number of the change';
COMMENT ON COLUMN @extschema@.record_change.record_id IS '记录标识 / record';
COMMENT ON COLUMN @extschema@.record_change.known_from IS '据以变更的版本的知悉序位；其后另有版本的，此变更不能再审核通过 / position from which the version it was made from is known: over another version it cannot be applied any more';
COMMENT ON COLUMN @extschema@.record_change.entered_on IS '录入日 / day on which it was entered';
COMMENT ON COLUMN @extschema@.record_change.closed_on IS '办结日 / day on which it was closed';
COMMENT ON COLUMN @extschema@.record_change.version IS '据以变更的版本号 / number of the version it was made from';
COMMENT ON COLUMN @extschema@.record_change.applied_version IS '审核通过后写入的版本号 / number of the version that it became';
COMMENT ON COLUMN @extschema@.record_change.state IS
	'waiting 待审核，applied 已审核写入，rejected 被第二人退回，withdrawn 由录入人撤回，superseded 被新的变更取代，lapsed 记录撤销而失效 / state: waiting, applied, rejected by a second person, withdrawn by who entered it, superseded by another change, lapsed as the record was revoked';
COMMENT ON COLUMN @extschema@.record_change.entered_by IS '录入人，不得由其审核 / who entered it, and may not verify it';
COMMENT ON COLUMN @extschema@.record_change.closed_by IS '办结人 / who closed it';
COMMENT ON COLUMN @extschema@.record_change.reason IS '变更原因 / reason of the change';
COMMENT ON COLUMN @extschema@.record_change.closing_reason IS '退回或撤回的原因 / reason of its rejection or withdrawal';
COMMENT ON COLUMN @extschema@.record_change.changes IS
	'变更的列及其新值，以表中单位计，null 为清空；detail 仅含变更的键 / columns and their new values in the units of the table, null clears; of detail only the keys that change';
COMMENT ON CONSTRAINT record_change_closed ON @extschema@.record_change IS '办结的变更有办结人和办结日 / a closed change says by whom and when';
COMMENT ON CONSTRAINT record_change_applied ON @extschema@.record_change IS '已写入的变更有版本号 / an applied change says which version it became';
COMMENT ON CONSTRAINT record_change_second_person ON @extschema@.record_change IS '审核、退回由第二人，撤回由录入人 / applied and rejected by a second person, withdrawn by the first';
COMMENT ON CONSTRAINT record_change_reason ON @extschema@.record_change IS '退回和撤回须说明原因 / rejecting and withdrawing need a reason';
COMMENT ON INDEX @extschema@.record_change_waiting IS '每条记录至多一项待审核的变更 / one change of a record waits at a time';

SELECT @extschema@._guard_tables(ARRAY['record_change'], '_change_record|_close_change', 'Changes wait for a second person, and those closed are kept as evidence.',
	'Use citycredit.amend_record(), classify_record(), verify_record() and reject_change().');

-- The change that waits for a record, if there is one.
CREATE FUNCTION @extschema@._waiting_change(subject @extschema@.subject_code, record_id uuid) RETURNS @extschema@.record_change
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $waiting_change$
DECLARE
	waiting @extschema@.record_change;
BEGIN
	SELECT c.* INTO waiting FROM @extschema@.record_change AS c
	 WHERE c.subject OPERATOR(@extschema@.=) _waiting_change.subject AND c.record_id = _waiting_change.record_id AND c.state = 'waiting';
	RETURN waiting;
END
$waiting_change$;
REVOKE ALL ON FUNCTION @extschema@._waiting_change(@extschema@.subject_code, uuid) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._waiting_change(@extschema@.subject_code, uuid) IS '记录待审核的变更，没有则为空 / the change of a record that waits, NULL if none does';

CREATE FUNCTION @extschema@._close_change(change @extschema@.record_change, state text, applied_version smallint, closing_reason text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $close_change$
BEGIN
	UPDATE @extschema@.record_change AS c
	   SET state = _close_change.state, applied_version = _close_change.applied_version, closing_reason = _close_change.closing_reason,
	       closed_by = @extschema@.actor(), closed_on = @extschema@.today()
	 WHERE c.subject OPERATOR(@extschema@.=) change.subject AND c.change_id = change.change_id AND c.state = 'waiting';
	IF NOT FOUND THEN
		RAISE EXCEPTION 'could not close change %', change.change_id
			USING ERRCODE = 'serialization_failure', HINT = 'Another transaction closed it; try again.';
	END IF;
END
$close_change$;
REVOKE ALL ON FUNCTION @extschema@._close_change(@extschema@.record_change, text, smallint, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._close_change(@extschema@.record_change, text, smallint, text) IS '办结待审核的变更 / closes a change that waits';

-- Closes the current version and writes the next one with the changes; gives its number.
-- The subject is locked first: positions in its sequence follow the order of the locks, not of the clocks.
CREATE FUNCTION @extschema@._new_version(subject @extschema@.subject_code, record_id uuid, changes jsonb) RETURNS smallint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $new_version$
#variable_conflict use_column
DECLARE
	-- with those who may read the record: it becomes known to all of them at once
	position timestamptz := @extschema@._next_position(ARRAY[subject], true);
	waiting @extschema@.record_change;
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
	-- whatever was to be changed in a record that is revoked, nobody need look at any more
	IF _new_version.changes ->> 'revoked_on' IS NOT NULL THEN
		waiting := @extschema@._waiting_change(_new_version.subject, _new_version.record_id);
		IF waiting.change_id IS NOT NULL THEN
			PERFORM @extschema@._close_change(waiting, 'lapsed', NULL, NULL);
			PERFORM @extschema@._doubt_listings(ARRAY[_new_version.subject]);
		END IF;
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
			      HINT = 'Look it up in citycredit.credit_record: the key is subject and record_id.';
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

-- The same after its subject is locked: what is decided on it holds until the end of the transaction.
CREATE FUNCTION @extschema@._locked_record(subject @extschema@.subject_code, record_id uuid) RETURNS @extschema@.record
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $locked_record$
BEGIN
	PERFORM @extschema@._next_position(ARRAY[subject], true);
	RETURN @extschema@._current_record(subject, record_id);
END
$locked_record$;
REVOKE ALL ON FUNCTION @extschema@._locked_record(@extschema@.subject_code, uuid) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._locked_record(@extschema@.subject_code, uuid) IS
	'锁定主体后的现行版本 / current version of a record, read under the lock of its subject';

CREATE FUNCTION @extschema@._record_counts(r @extschema@.record) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $record_counts$
	SELECT r.revoked_on IS NULL
	   AND (r.verified_by IS NOT NULL
	        OR r.held IS NULL
	           AND EXISTS (SELECT FROM @extschema@.source AS o
	                        WHERE o.source = r.source AND o.kind = r.kind AND o.known_until = 'infinity' AND o.trusted_from <= r.recorded_on AND r.recorded_on < o.trusted_until))
$record_counts$;
REVOKE ALL ON FUNCTION @extschema@._record_counts(@extschema@.record) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._record_counts(@extschema@.record) IS
	'版本是否计入：未撤销，且已审核或来源免复核 / whether a version counts: not revoked, and verified or of a trusted source';

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
CREATE FUNCTION @extschema@._by_hand(detail jsonb, reason text, entered_by text DEFAULT @extschema@.actor()) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $by_hand$
	SELECT jsonb_build_object(
		'entered_by', entered_by,
		'verified_by', NULL,
		'detail', (coalesce(detail, '{}') - ARRAY['reason', 'changed_by'])
		          || jsonb_strip_nulls(jsonb_build_object('reason', reason, 'changed_by', entered_by)))
$by_hand$;
REVOKE ALL ON FUNCTION @extschema@._by_hand(jsonb, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._by_hand(jsonb, text, text) IS
	'人工变更的共同内容：录入人、原因、须重新审核 / what every change by hand sets: who, why, and to be verified again';

-- The same with what is changed; keys of detail are merged into those of the record.
CREATE FUNCTION @extschema@._changed_by_hand(current @extschema@.record, changes jsonb, reason text, entered_by text DEFAULT @extschema@.actor()) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $changed_by_hand$
	SELECT changes || @extschema@._by_hand(coalesce(current.detail, '{}') || coalesce(changes -> 'detail', '{}'), reason, entered_by)
$changed_by_hand$;
REVOKE ALL ON FUNCTION @extschema@._changed_by_hand(@extschema@.record, jsonb, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._changed_by_hand(@extschema@.record, jsonb, text, text) IS
	'人工变更写入版本的内容 / what a change by hand writes into the next version';

-- ---------------------------------------------------------------------------
-- Changing by hand
-- ---------------------------------------------------------------------------

-- The record as whoever changes it sees it: the current version, under the lock, with what he himself has waiting laid over it. What another has waiting is
-- decided on first, or the second would be made from what the first is about to replace.
CREATE FUNCTION @extschema@._record_to_change(subject @extschema@.subject_code, record_id uuid) RETURNS @extschema@.record
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $record_to_change$
DECLARE
	current @extschema@.record := @extschema@._locked_record(subject, record_id);
	waiting @extschema@.record_change;
BEGIN
	waiting := @extschema@._waiting_change(subject, record_id);
	IF waiting.known_from = current.known_from THEN
		IF waiting.entered_by <> @extschema@.actor() THEN
			RAISE EXCEPTION 'a change of record "%" waits already', record_id
				USING ERRCODE = 'object_not_in_prerequisite_state',
				      DETAIL = format('Change %s was entered by "%s" on %s: %s.', waiting.change_id, waiting.entered_by, to_jsonb(waiting.entered_on) #>> '{}',
				          (SELECT string_agg(k.key, ', ' ORDER BY k.key) FROM jsonb_object_keys(waiting.changes) AS k (key))),
				      HINT = 'Verify it by citycredit.verify_record() or close it by citycredit.reject_change() first; it is in citycredit.unverified_record.';
		END IF;
		current := jsonb_populate_record(current, @extschema@._changed_by_hand(current, waiting.changes, waiting.reason));
	END IF;
	RETURN current;
END
$record_to_change$;
REVOKE ALL ON FUNCTION @extschema@._record_to_change(@extschema@.subject_code, uuid) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._record_to_change(@extschema@.subject_code, uuid) IS
	'待变更的记录：现行版本并入操作人自己待审核的变更；他人的变更待审核时报错 / the record to be changed, with what the actor himself has waiting; an error where a change of another waits';

-- A record that counts goes on counting, published and fed as it is, while the change waits; one that counts nowhere has nothing to lose.
CREATE FUNCTION @extschema@._change_record(subject @extschema@.subject_code, record_id uuid, changes jsonb, reason text, held text) RETURNS smallint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $change_record$
#variable_conflict use_column
DECLARE
	current @extschema@.record := @extschema@._current_record(_change_record.subject, _change_record.record_id);
	waiting @extschema@.record_change := @extschema@._waiting_change(_change_record.subject, _change_record.record_id);
	waits boolean := @extschema@._record_counts(current);
	whole jsonb := _change_record.changes;
	why text := _change_record.reason;
	number smallint;
BEGIN
	IF waiting.change_id IS NOT NULL THEN
		-- what the same person had waiting becomes part of it; what was made from an older version does not
		IF waiting.known_from = current.known_from THEN
			whole := waiting.changes || whole || CASE WHEN waiting.changes ? 'detail' AND whole ? 'detail'
				THEN jsonb_build_object('detail', (waiting.changes -> 'detail') || (whole -> 'detail')) ELSE '{}' END;
			why := coalesce(why, waiting.reason);
		END IF;
		PERFORM @extschema@._close_change(waiting, 'superseded', NULL, NULL);
	END IF;
	-- Also what is to wait is written, and taken back: what the table or a trigger refuses is refused now, not when somebody verifies it.
	BEGIN
		number := @extschema@._new_version(_change_record.subject, _change_record.record_id, @extschema@._changed_by_hand(current, whole, why)
			|| jsonb_build_object('held', coalesce(current.held, _change_record.held)));
		IF waits THEN
			RAISE EXCEPTION USING ERRCODE = 'CCTRY', MESSAGE = 'tried';
		END IF;
	EXCEPTION WHEN SQLSTATE 'CCTRY' THEN
		INSERT INTO @extschema@.record_change (subject, record_id, version, known_from, changes, reason)
		VALUES (_change_record.subject, _change_record.record_id, current.version, current.known_from, whole, why)
		ON CONFLICT (subject, record_id) WHERE state = 'waiting' DO NOTHING;
		IF NOT FOUND THEN
			RAISE EXCEPTION 'could not enter a change of record "%"', _change_record.record_id
				USING ERRCODE = 'serialization_failure', HINT = 'Another transaction entered one; try again.';
		END IF;
		PERFORM @extschema@._doubt_listings(ARRAY[_change_record.subject]);
	END;
	RETURN number;
END
$change_record$;
REVOKE ALL ON FUNCTION @extschema@._change_record(@extschema@.subject_code, uuid, jsonb, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._change_record(@extschema@.subject_code, uuid, jsonb, text, text) IS
	'变更记录：计入评价的待第二人审核，其余即写入新版本；返回将有或已有的版本号 / changes a record: where it counts the change waits for a second person, else a new version is written; number that the version will have, or has';

CREATE FUNCTION @extschema@.reject_change(subject @extschema@.subject_code, record_id uuid, reason text) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $reject_change$
DECLARE
	waiting @extschema@.record_change;
	state text;
BEGIN
	PERFORM @extschema@._require_sight(reject_change.subject);
	PERFORM @extschema@._next_position(ARRAY[subject], true);
	waiting := @extschema@._waiting_change(subject, record_id);
	state := CASE WHEN waiting.entered_by = @extschema@.actor() THEN 'withdrawn' ELSE 'rejected' END;
	IF waiting.change_id IS NULL THEN
		PERFORM @extschema@._current_record(subject, record_id);
		RAISE EXCEPTION 'no change of record "%" waits', record_id
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      HINT = 'What waits is in citycredit.unverified_record; a record that counts nowhere yet is amended again, or revoked.';
	ELSIF @extschema@._exchange_text(reason) IS NULL THEN
		RAISE EXCEPTION 'no reason given for rejecting change %', waiting.change_id
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Say why: it is kept with the change.';
	ELSIF state = 'rejected' AND @extschema@._same_person(waiting.entered_by, @extschema@.actor()) THEN
		RAISE EXCEPTION 'cannot reject change %, entered by the same person', waiting.change_id
			USING ERRCODE = 'invalid_role_specification',
			      DETAIL = format('It was entered by "%s".', waiting.entered_by),
			      HINT = 'Withdraw it as that role, or let a second person reject it.';
	END IF;
	PERFORM @extschema@._close_change(waiting, state, NULL, reason);
	PERFORM @extschema@._doubt_listings(ARRAY[subject]);
	RETURN waiting.change_id;
END
$reject_change$;
REVOKE ALL ON FUNCTION @extschema@.reject_change(@extschema@.subject_code, uuid, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.reject_change(@extschema@.subject_code, uuid, text) IS
	'退回待审核的变更，录入人本人即为撤回；记录不变，返回变更编号 / rejects the change that waits, withdraws it where it is one''s own; the record stays as it is; number of the change';

-- ---------------------------------------------------------------------------
-- Verifying
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@._apply_change(current @extschema@.record, waiting @extschema@.record_change) RETURNS smallint
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $apply_change$
DECLARE
	was_public constant jsonb := @extschema@._public_form(current.subject, current.kind, current.record_id);
	new_version smallint;
BEGIN
	IF @extschema@._same_person(waiting.entered_by, @extschema@.actor()) THEN
		RAISE EXCEPTION 'cannot verify a change of record "%" entered by the same person', current.record_id
			USING ERRCODE = 'insufficient_privilege',
			      DETAIL = format('Change %s was entered by "%s".', waiting.change_id, waiting.entered_by),
			      HINT = 'A second person must verify it; citycredit.reject_change() withdraws it.';
	END IF;
	PERFORM @extschema@._close_change(waiting, 'applied', (current.version + 1)::smallint, NULL);
	new_version := @extschema@._new_version(current.subject, current.record_id,
		@extschema@._changed_by_hand(current, waiting.changes, waiting.reason, waiting.entered_by)
		|| jsonb_build_object('verified_by', @extschema@.actor(), 'held', NULL));
	-- what the public was told otherwise is put right wherever it was told
	IF was_public <> coalesce(@extschema@._public_form(current.subject, current.kind, current.record_id), '{}') THEN
		PERFORM @extschema@._owe_withdrawal(current.subject, current.record_id, NULL, 'amendment', NULL, @extschema@.today(), @extschema@.today(), current.field);
	END IF;
	-- A corrected version can take the ground from a listing, and one that waited for it goes on; a closed rating that rested on it is looked at again.
	PERFORM @extschema@._end_fallen_listings(current.subject);
	PERFORM FROM @extschema@._propose_corrections(current.subject, format('记录更正 %s / a record was corrected: %1$s', coalesce(waiting.reason, waiting.change_id::text)));
	PERFORM @extschema@._doubt_listings(ARRAY[current.subject]);
	RETURN new_version;
END
$apply_change$;
REVOKE ALL ON FUNCTION @extschema@._apply_change(@extschema@.record, @extschema@.record_change) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._apply_change(@extschema@.record, @extschema@.record_change) IS
	'第二人审核待审核的变更，写入新版本 / a second person verifies a change that waits: it becomes the next version';

CREATE FUNCTION @extschema@.verify_record(subject @extschema@.subject_code, record_id uuid, change bigint DEFAULT NULL) RETURNS smallint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $verify_record$
#variable_conflict use_column
DECLARE
	seen constant boolean := @extschema@._require_sight(verify_record.subject);
	current @extschema@.record := @extschema@._locked_record(verify_record.subject, verify_record.record_id);
	waiting @extschema@.record_change;
	new_version smallint;
BEGIN
	waiting := @extschema@._waiting_change(verify_record.subject, verify_record.record_id);
	IF verify_record.change IS NOT NULL AND verify_record.change IS DISTINCT FROM waiting.change_id THEN
		RAISE EXCEPTION 'change % of record "%" does not wait', verify_record.change, verify_record.record_id
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = coalesce('Change ' || waiting.change_id || ' does.', 'None does.'),
			      HINT = 'Look at what waits now: it is in citycredit.unverified_record.';
	ELSIF waiting.known_from = current.known_from THEN
		RETURN @extschema@._apply_change(current, waiting);
	ELSIF waiting.change_id IS NOT NULL AND (verify_record.change IS NOT NULL OR @extschema@._record_counts(current)) THEN
		RAISE EXCEPTION 'record "%" has another version since change % was entered', verify_record.record_id, waiting.change_id
			USING ERRCODE = 'object_not_in_prerequisite_state',
			      DETAIL = format('The change was made from version %s; the current one is version %s.', waiting.version, current.version),
			      HINT = 'Enter what is still right again by citycredit.amend_record() or classify_record(), or close the change by citycredit.reject_change().';
	ELSIF @extschema@._same_person(current.entered_by, @extschema@.actor()) THEN
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
REVOKE ALL ON FUNCTION @extschema@.verify_record(@extschema@.subject_code, uuid, bigint) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.verify_record(@extschema@.subject_code, uuid, bigint) IS
	'第二人审核记录或其待审核的变更（可指明变更编号，以免审核未曾看过的内容），审核后生效；返回版本号 / a second person verifies a record, or the change of it that waits (named by its number, it is the one that was looked at); from then on it counts; number of the version';

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
	seen constant boolean := @extschema@._require_sight(classify_record.subject);
	current @extschema@.record := @extschema@._record_to_change(classify_record.subject, classify_record.record_id);
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
	RETURN @extschema@._change_record(classify_record.subject, classify_record.record_id, finding, classify_record.reason,
		'部门认定，待第二人审核 / a finding, a second person has to verify it');
END
$classify_record$;
REVOKE ALL ON FUNCTION @extschema@.classify_record(@extschema@.subject_code, uuid, text, text, text, text, text, text, numeric, numeric, date, date, text, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.classify_record(@extschema@.subject_code, uuid, text, text, text, text, text, text, numeric, numeric, date, date, text, text) IS
	'部门认定：行为、领域、程序、严重程度、主观状态、责任、裁量分值、数量、行为日、改正日、单元；空参数不改；第二人审核前记录仍按现行版本计入；返回将有或已有的版本号 / a department''s finding on a record; what is NULL stays as it is; points and quantity in units with up to four decimals; until a second person verifies it the record counts as it is; number that the version will have, or has';

-- ---------------------------------------------------------------------------
-- Amending
-- ---------------------------------------------------------------------------

-- The changes, checked, with what follows from them.
CREATE FUNCTION @extschema@._checked_changes(current @extschema@.record, changes jsonb, reason text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $checked_changes$
DECLARE
	-- Not what the record's identity is made of, nor what other functions and proceedings decide.
	amendable constant text[] := ARRAY['amount_fen', 'fine_fen', 'awarded_points', 'quantity', 'act_on', 'act_ended_on', 'decided_on', 'served_on', 'valid_from',
		'valid_until', 'publicity_until', 'corrected_on', 'revoked_on', 'behaviour', 'field', 'procedure', 'penalty_kind', 'severity', 'intent',
		'responsibility', 'district', 'state', 'unit', 'detail'];
	entry @extschema@.behaviour;
	changed record;
	refused text;
BEGIN
	IF jsonb_typeof(changes) IS DISTINCT FROM 'object' OR changes = '{}' THEN
		RAISE EXCEPTION 'no changes given for record "%"', current.record_id
			USING ERRCODE = 'invalid_parameter_value',
			      HINT = 'Give them as {"column": value}; null takes a value away.';
	END IF;
	SELECT string_agg(k.key, ', ' ORDER BY k.key) INTO refused FROM jsonb_object_keys(changes) AS k (key) WHERE k.key <> ALL (amendable);
	IF refused IS NOT NULL THEN
		RAISE EXCEPTION 'cannot amend %', refused
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = format('Columns that can be amended: %s.', array_to_string(amendable, ', ')),
			      HINT = 'A record under a wrong number, authority or subject is revoked and fed again; verification and repair have functions of their own.';
	END IF;
	IF octet_length(changes::text) > 65536 THEN
		RAISE EXCEPTION 'changes of record "%" are too long', current.record_id
			USING ERRCODE = 'program_limit_exceeded', DETAIL = format('They have %s bytes; 65536 are allowed.', octet_length(changes::text));
	END IF;
	FOR changed IN SELECT k.key, k.value FROM jsonb_each(changes) AS k (key, value) LOOP
		BEGIN
			PERFORM jsonb_populate_record(current, jsonb_build_object(changed.key, changed.value));
		EXCEPTION WHEN data_exception THEN
			RAISE EXCEPTION 'invalid value of "%": %', changed.key, changed.value
				USING ERRCODE = SQLSTATE, DETAIL = SQLERRM, HINT = 'Values are in the units of the table, days written YYYY-MM-DD.';
		END;
	END LOOP;
	SELECT string_agg(k.key, ', ' ORDER BY k.key) INTO refused FROM jsonb_each_text(changes) AS k (key, value)
	 WHERE k.key = ANY (ARRAY['act_on', 'act_ended_on', 'decided_on', 'served_on', 'corrected_on', 'revoked_on']) AND k.value::date > @extschema@.today();
	IF refused IS NOT NULL THEN
		RAISE EXCEPTION 'amended days of record "%" are in the future: %', current.record_id, refused
			USING ERRCODE = 'datetime_field_overflow',
			      HINT = 'Record what has happened.';
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
		RETURN jsonb_build_object('field', entry.field) || changes;
	END IF;
	RETURN changes;
END
$checked_changes$;
REVOKE ALL ON FUNCTION @extschema@._checked_changes(@extschema@.record, jsonb, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._checked_changes(@extschema@.record, jsonb, text) IS '核对更正的内容 / checks the changes of an amendment, gives them with what follows';

-- As _new_version() writes them; for the decision of an objection.
CREATE FUNCTION @extschema@._amendment(current @extschema@.record, changes jsonb, reason text) RETURNS jsonb
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $amendment$
	SELECT @extschema@._changed_by_hand(current, @extschema@._checked_changes(current, changes, reason), reason)
$amendment$;
REVOKE ALL ON FUNCTION @extschema@._amendment(@extschema@.record, jsonb, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._amendment(@extschema@.record, jsonb, text) IS '核对更正的内容 / checks an amendment, gives what it changes';

CREATE FUNCTION @extschema@.amend_record(subject @extschema@.subject_code, record_id uuid, changes jsonb, reason text) RETURNS smallint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $amend_record$
#variable_conflict use_column
DECLARE
	seen constant boolean := @extschema@._require_sight(amend_record.subject);
	current @extschema@.record := @extschema@._record_to_change(amend_record.subject, amend_record.record_id);
BEGIN
	-- a trusted source answers for what it sent, not for what was made of it here
	RETURN @extschema@._change_record(amend_record.subject, amend_record.record_id, @extschema@._checked_changes(current, changes, reason), reason,
		'人工更正，待第二人审核 / amended by hand, a second person has to verify it');
END
$amend_record$;
REVOKE ALL ON FUNCTION @extschema@.amend_record(@extschema@.subject_code, uuid, jsonb, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.amend_record(@extschema@.subject_code, uuid, jsonb, text) IS
	'更正记录：changes 以列名为键、以表中单位为值（分、万分之一分），null 为清空，detail 合并；原因存于 detail.reason；第二人审核前记录仍按现行版本计入，尚未计入的仍不计入；返回将有或已有的版本号 / corrects a record: changes are columns with values in the units of the table (fen, 1/10000), null clears, detail is merged; the reason is kept in detail.reason; until a second person verifies it the record counts as it is, and one that does not count yet goes on not counting; number that the version will have, or has';

-- ---------------------------------------------------------------------------
-- Revoking
-- ---------------------------------------------------------------------------

CREATE FUNCTION @extschema@.revoke_record(subject @extschema@.subject_code, record_id uuid, revoked_on date, reason text) RETURNS smallint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $revoke_record$
#variable_conflict use_column
DECLARE
	seen constant boolean := @extschema@._require_sight(revoke_record.subject);
	current @extschema@.record := @extschema@._locked_record(revoke_record.subject, revoke_record.record_id);
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
	PERFORM FROM @extschema@._propose_corrections(revoke_record.subject, format('记录撤销：%s / a record was revoked: %1$s', reason));
	RETURN new_version;
END
$revoke_record$;
REVOKE ALL ON FUNCTION @extschema@.revoke_record(@extschema@.subject_code, uuid, date, text) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.revoke_record(@extschema@.subject_code, uuid, date, text) IS
	'撤销记录：立即不再计入任何评价，以其为依据的名单条目随即终止，待审核的变更失效；原因存于 detail.reason / revokes a record: from now on it counts in no evaluation, a listing that rested on it ends, and a change of it that waits lapses; the reason is kept in detail.reason; number of the version';

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
   AND r.kind IN ('penalty', 'act', 'award', 'inspection')
   -- found already, if for a second person to verify
   AND NOT EXISTS (SELECT FROM @extschema@.record_change AS c
                    WHERE c.subject = r.subject AND c.record_id = r.record_id AND c.state = 'waiting' AND c.known_from = r.known_from
                      AND c.changes ->> 'behaviour' IS NOT NULL);
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
       r.detail ->> 'reason' AS reason, NULL::bigint AS change_id, NULL::jsonb AS changes, NULL::boolean AS stale
  FROM @extschema@.record AS r
  LEFT JOIN @extschema@.subject AS s ON s.subject = r.subject
 WHERE r.known_until = 'infinity' AND r.revoked_on IS NULL AND r.verified_by IS NULL
   AND (r.held IS NOT NULL
        OR NOT EXISTS (SELECT FROM @extschema@.source AS o
                        WHERE o.source = r.source AND o.kind = r.kind AND o.known_until = 'infinity' AND o.trusted_from <= r.recorded_on AND r.recorded_on < o.trusted_until))
UNION ALL
SELECT c.subject, s.name, c.record_id, r.version, r.kind, r.document, r.authority, r.source, r.decided_on, r.recorded_on, c.entered_by,
       '变更待第二人审核，此前按现行版本计入 / a change, a second person has to verify it; until then the record counts as it is', c.reason, c.change_id, d.changes,
       c.known_from <> r.known_from
  FROM @extschema@.record_change AS c
  JOIN @extschema@.record AS r ON r.subject = c.subject AND r.record_id = c.record_id AND r.known_until = 'infinity' AND r.revoked_on IS NULL
  LEFT JOIN @extschema@.subject AS s ON s.subject = c.subject
 CROSS JOIN LATERAL (
	SELECT jsonb_object_agg(k.name, jsonb_build_object('from', k.old, 'to', k.new))
	  FROM (SELECT e.key, to_jsonb(r) -> e.key, e.value FROM jsonb_each(c.changes - 'detail') AS e
	         UNION ALL
	        SELECT 'detail.' || e.key, r.detail -> e.key, e.value FROM jsonb_each(c.changes -> 'detail') AS e) AS k (name, old, new)) AS d (changes)
 WHERE c.state = 'waiting';
COMMENT ON VIEW @extschema@.unverified_record IS
	'待第二人审核的记录和变更：记录审核前不计入任何评价，变更审核前记录按现行版本计入 / records that wait for a second person and count in no evaluation until then, and changes that wait while the record counts as it is';
COMMENT ON COLUMN @extschema@.unverified_record.subject IS '主体代码 / subject';
COMMENT ON COLUMN @extschema@.unverified_record.name IS '登记名称 / registered name';
COMMENT ON COLUMN @extschema@.unverified_record.record_id IS '记录标识 / record';
COMMENT ON COLUMN @extschema@.unverified_record.version IS '现行版本号 / current version';
COMMENT ON COLUMN @extschema@.unverified_record.kind IS '记录类别 / kind of record';
COMMENT ON COLUMN @extschema@.unverified_record.document IS '文书号 / document number';
COMMENT ON COLUMN @extschema@.unverified_record.authority IS '作出机关代码 / authority';
COMMENT ON COLUMN @extschema@.unverified_record.source IS '数据来源代码 / source of the data';
COMMENT ON COLUMN @extschema@.unverified_record.decided_on IS '决定日 / day of the decision';
COMMENT ON COLUMN @extschema@.unverified_record.recorded_on IS '登记日 / day of recording';
COMMENT ON COLUMN @extschema@.unverified_record.entered_by IS '录入人，不得由其审核 / who entered it, and may not verify it';
COMMENT ON COLUMN @extschema@.unverified_record.held IS '待核原因 / why it is held';
COMMENT ON COLUMN @extschema@.unverified_record.reason IS '更正原因 / reason of the amendment';
COMMENT ON COLUMN @extschema@.unverified_record.change_id IS '变更编号；空为记录本身待审核 / number of the change; NULL where the record itself waits';
COMMENT ON COLUMN @extschema@.unverified_record.changes IS '拟变更的内容：各列的现值与新值 / what would change: of each column the value from and to';
COMMENT ON COLUMN @extschema@.unverified_record.stale IS '据以变更的版本已被取代，须重新录入或退回 / whether the record has another version since: to be entered again, or rejected';

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
