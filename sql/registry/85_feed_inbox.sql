-- ---------------------------------------------------------------------------
-- What other platforms tell this one, by the same rule of revisions. Grades and ratings become records of outside scores, lists are taken over,
-- penalties, permits and other acts go into the forms of the intake, with all its checks, as of the sender's source. A withdrawal ends what came
-- of the message and nothing else; a later message brings back what that withdrawal ended, never what was ended here.
-- Kept only, since no form takes them in: commitments (the exchange form has none of them), gaps, and whatever is about a masked person.
-- ---------------------------------------------------------------------------

CREATE TABLE @extschema@.feed_sender (
	sender     text NOT NULL PRIMARY KEY CHECK (btrim(sender) <> ''),
	role       text NOT NULL CHECK (btrim(role) <> ''),
	title      text NOT NULL CHECK (btrim(title) <> ''),
	authority  text NOT NULL CHECK (btrim(authority) <> ''),
	source     text NOT NULL CHECK (btrim(source) <> ''),
	receiver   text REFERENCES @extschema@.feed_receiver (receiver),
	active     boolean NOT NULL DEFAULT true,
	entered_by text NOT NULL DEFAULT @extschema@.actor()
);
COMMENT ON TABLE @extschema@.feed_sender IS '来报方：向本库发送结果和名单的平台，各绑定一个数据库角色 / senders: platforms that send results and lists here, each bound to a role in the database';
COMMENT ON COLUMN @extschema@.feed_sender.sender IS '来报方标识 / sender';
COMMENT ON COLUMN @extschema@.feed_sender.role IS '代表该来报方的数据库角色 / role that acts for it';
COMMENT ON COLUMN @extschema@.feed_sender.title IS '名称 / name';
COMMENT ON COLUMN @extschema@.feed_sender.authority IS '其结果作为记录时的机关代码 / authority of the records that its results become';
COMMENT ON COLUMN @extschema@.feed_sender.source IS '其来报内容的来源代码，报送表中自称的来源不采用；是否免复核见 source / source of everything it sends, whatever source a form claims; whether it is trusted is in source';
COMMENT ON COLUMN @extschema@.feed_sender.receiver IS '同一平台作为接收方的标识：其来报的记录不再报送给它；同一角色的接收方亦然 / the same platform as a receiver: it is not told the records it sent; nor is a receiver of the same role';
COMMENT ON COLUMN @extschema@.feed_sender.active IS '是否启用 / whether it is listened to';
COMMENT ON COLUMN @extschema@.feed_sender.entered_by IS '录入人 / who entered it';

CREATE TABLE @extschema@.feed_inbox (
	sender      text NOT NULL REFERENCES @extschema@.feed_sender (sender),
	key         text NOT NULL CHECK (key <> ''),
	revision    bigint NOT NULL CHECK (revision > 0),
	received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
	entry_id    bigint,
	sent_id     bigint REFERENCES @extschema@.intake_sent (sent_id),
	about       @extschema@.subject_code,
	record_id   uuid,
	ended       text[] NOT NULL DEFAULT '{}' CHECK (ended <@ ARRAY['revoked', 'repaired', 'expired', 'delisted']),
	kind        text NOT NULL,
	action      text NOT NULL CHECK (action IN ('put', 'withdraw')),
	reason      text,
	payload     jsonb NOT NULL,
	PRIMARY KEY (sender, key)
);
COMMENT ON TABLE @extschema@.feed_inbox IS '收到的内容：每一来报方每一键的最高修订 / what was received: the highest revision of each key of each sender';
COMMENT ON COLUMN @extschema@.feed_inbox.sender IS '来报方 / sender';
COMMENT ON COLUMN @extschema@.feed_inbox.key IS '来报方的键 / key of the sender';
COMMENT ON COLUMN @extschema@.feed_inbox.revision IS '修订号 / revision';
COMMENT ON COLUMN @extschema@.feed_inbox.received_at IS '收到时间 / when it was received';
COMMENT ON COLUMN @extschema@.feed_inbox.entry_id IS '由其而来的名单条目 / list entry that came of it';
COMMENT ON COLUMN @extschema@.feed_inbox.sent_id IS '由其而来的报送行，见 intake_sent / row of the intake that came of it';
COMMENT ON COLUMN @extschema@.feed_inbox.ended IS '来报方撤回时在本库终止了什么；已由本库终止或无可终止的不在其中 / what its withdrawal ended here; not what was ended here before';
COMMENT ON COLUMN @extschema@.feed_inbox.about IS '所涉主体 / subject it is about';
COMMENT ON COLUMN @extschema@.feed_inbox.record_id IS '由其而来的记录 / record that came of it';
COMMENT ON COLUMN @extschema@.feed_inbox.kind IS '种类 / kind';
COMMENT ON COLUMN @extschema@.feed_inbox.action IS '动作 / action';
COMMENT ON COLUMN @extschema@.feed_inbox.reason IS '撤回理由 / reason of a withdrawal';
COMMENT ON COLUMN @extschema@.feed_inbox.payload IS '内容 / content';

-- Grades and ratings of others are records of kind score: what policies make of them, policies say.
CREATE FUNCTION @extschema@._receive_score(s @extschema@.feed_sender, had @extschema@.feed_inbox, got @extschema@.feed_inbox) RETURNS @extschema@.feed_inbox
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = off SET datestyle = 'ISO, YMD' AS $receive_score$
#variable_conflict use_column
DECLARE
	p constant jsonb := got.payload;
	fields jsonb;
BEGIN
	IF got.action = 'withdraw' THEN
		got.ended := got.ended || @extschema@._end_sent_record(got.about, got.record_id, 'revoked', got.reason);
		RETURN got;
	ELSIF p ->> 'subject_code' IS NULL THEN
		-- a natural person under a mask: nobody here
		RETURN got;
	ELSIF (p ->> 'score')::numeric * 10000 <> trunc((p ->> 'score')::numeric * 10000) THEN
		RAISE EXCEPTION 'scores have at most four decimals' USING ERRCODE = 'invalid_parameter_value';
	END IF;
	got.about := (p ->> 'subject_code')::@extschema@.subject_code;
	got.ended := '{}';
	fields := jsonb_build_object('awarded_points', ((p ->> 'score')::numeric * 10000)::bigint, 'state', coalesce(p ->> 'band', p ->> 'state'),
		'decided_on', coalesce((p ->> 'published_on')::date, @extschema@.today()), 'valid_from', (p ->> 'valid_from')::date, 'valid_until', (p ->> 'valid_until')::date,
		'act_on', (p ->> 'period_from')::date, 'act_ended_on', (p ->> 'period_until')::date, 'detail', p);
	IF got.record_id IS NOT NULL THEN
		-- as every change: what was verified was another content; what was revoked here stays so
		PERFORM @extschema@._new_version(got.about, got.record_id, fields || jsonb_build_object('verified_by', NULL, 'entered_by', @extschema@.actor())
			|| CASE WHEN 'revoked' = ANY (had.ended) THEN '{"revoked_on": null}' ELSE '{}' END::jsonb);
		PERFORM @extschema@._end_fallen_listings(got.about);
		RETURN got;
	END IF;
	INSERT INTO @extschema@.record (subject, kind, document, authority, source, awarded_points, state, decided_on, valid_from, valid_until, act_on, act_ended_on, detail)
	SELECT got.about, 'score', format('%s/%s', s.sender, got.key), s.authority, s.source, n.awarded_points, n.state, n.decided_on, n.valid_from, n.valid_until,
	       n.act_on, n.act_ended_on, p
	  FROM jsonb_populate_record(NULL::@extschema@.record, fields) AS n
	RETURNING record_id INTO got.record_id;
	RETURN got;
END
$receive_score$;
REVOKE ALL ON FUNCTION @extschema@._receive_score(@extschema@.feed_sender, @extschema@.feed_inbox, @extschema@.feed_inbox) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._receive_score(@extschema@.feed_sender, @extschema@.feed_inbox, @extschema@.feed_inbox) IS '收到的等级和评价作为外部评分记录 / grades and ratings received become records of outside scores';

-- Lists of others are taken over with source, term and delisting. An entry is never rewritten: a changed one ends, and comes again, unless it was
-- removed here.
CREATE FUNCTION @extschema@._receive_listing(s @extschema@.feed_sender, had @extschema@.feed_inbox, got @extschema@.feed_inbox) RETURNS @extschema@.feed_inbox
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = off SET datestyle = 'ISO, YMD' AS $receive_listing$
#variable_conflict use_column
DECLARE
	p constant jsonb := got.payload;
	removed boolean := false;
BEGIN
	SELECT e.removed_on IS NOT NULL INTO removed FROM @extschema@.list_entry AS e
	 WHERE e.subject OPERATOR(@extschema@.=) had.about AND e.entry_id = had.entry_id;
	IF removed AND NOT 'delisted' = ANY (had.ended) THEN
		RETURN got;
	ELSIF EXISTS (SELECT FROM @extschema@.listing AS l WHERE l.subject OPERATOR(@extschema@.=) had.about AND l.entry_id = had.entry_id AND l.stage = 'listed') THEN
		PERFORM @extschema@.remove_listing(had.entry_id, @extschema@.today(),
			CASE WHEN got.action = 'put' THEN '来报方已更新 / changed by the sender' ELSE '来报方已撤回：' || got.reason || ' / withdrawn by the sender' END);
		got.ended := ARRAY['delisted'];
	END IF;
	IF got.action = 'put' AND p ->> 'subject_code' IS NOT NULL THEN
		got.about := (p ->> 'subject_code')::@extschema@.subject_code;
		got.ended := '{}';
		got.entry_id := @extschema@.import_listing(got.about, p ->> 'list', p ->> 'list_name', s.source, format('%s/%s/%s', s.sender, got.key, got.revision),
			p ->> 'department', p ->> 'basis_title', p ->> 'basis_rank', p ->> 'basis_article', p ->> 'reason', (p ->> 'listed_from')::date, (p ->> 'listed_until')::date);
	END IF;
	RETURN got;
END
$receive_listing$;
REVOKE ALL ON FUNCTION @extschema@._receive_listing(@extschema@.feed_sender, @extschema@.feed_inbox, @extschema@.feed_inbox) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._receive_listing(@extschema@.feed_sender, @extschema@.feed_inbox, @extschema@.feed_inbox) IS '收到的名单移入或移出 / lists received are taken over, and ended';

-- Penalties, permits and other acts go into the forms of the intake, which checks them as every other row. What still waits there, or was refused,
-- gives way to the later message. The row is out of the form before the lock: process_intake() takes the two in this order.
CREATE FUNCTION @extschema@._receive_record(s @extschema@.feed_sender, had @extschema@.feed_inbox, got @extschema@.feed_inbox) RETURNS @extschema@.feed_inbox
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET row_security = off AS $receive_record$
#variable_conflict use_column
DECLARE
	form constant text := CASE WHEN got.kind IN ('penalty', 'permit') THEN got.kind ELSE 'act' END;
	code constant text := got.payload ->> CASE got.kind WHEN 'penalty' THEN 'CF_XDR_SHXYM' WHEN 'permit' THEN 'XK_XDR_SHXYM' ELSE 'subject_code' END;
	sent @extschema@.intake_sent;
	fields jsonb;
BEGIN
	IF had.sent_id IS NOT NULL THEN
		EXECUTE format('DELETE FROM @extschema@.%I WHERE row_no = (SELECT n.row_no FROM @extschema@.intake_sent AS n WHERE n.sent_id = $1)', 'intake_' || form)
			USING had.sent_id;
		SELECT n.* INTO sent FROM @extschema@.intake_sent AS n WHERE n.sent_id = had.sent_id FOR UPDATE;
		IF sent.outcome IS NULL OR sent.outcome = 'rejected' THEN
			UPDATE @extschema@.intake_sent AS n SET outcome = 'withdrawn' WHERE n.sent_id = had.sent_id;
			-- what it would have brought back is ended still
			got.ended := got.ended || sent.lifts;
		END IF;
	END IF;
	IF got.action = 'withdraw' THEN
		got.ended := got.ended || @extschema@._end_sent_record(sent.about, sent.record_id,
			CASE WHEN got.reason IN ('repaired', 'expired') THEN got.reason ELSE 'revoked' END, got.reason);
		RETURN got;
	ELSIF code IS NULL THEN
		RETURN got;
	END IF;
	got.about := code::@extschema@.subject_code;
	SELECT jsonb_object_agg(a.attname, e.value) INTO fields
	  FROM jsonb_each_text(got.payload) AS e
	  JOIN pg_attribute AS a ON a.attrelid = format('@extschema@.%I', 'intake_' || form)::regclass AND a.attname = lower(e.key) AND a.attnum > 0 AND NOT a.attisdropped;
	fields := fields || jsonb_build_object('row_no', nextval('@extschema@.intake_row'), 'received_at', clock_timestamp(), 'received_by', @extschema@.actor(), 'fed_from', NULL);
	CASE form
	WHEN 'penalty' THEN
		INSERT INTO @extschema@.intake_penalty SELECT n.* FROM jsonb_populate_record(NULL::@extschema@.intake_penalty, fields) AS n;
	WHEN 'permit' THEN
		INSERT INTO @extschema@.intake_permit SELECT n.* FROM jsonb_populate_record(NULL::@extschema@.intake_permit, fields) AS n;
	WHEN 'act' THEN
		INSERT INTO @extschema@.intake_act SELECT n.* FROM jsonb_populate_record(NULL::@extschema@.intake_act, fields || jsonb_build_object('kind', got.kind)) AS n;
	END CASE;
	INSERT INTO @extschema@.intake_sent (row_no, form, source, about, record_id, lifts)
	VALUES ((fields ->> 'row_no')::bigint, form, s.source, got.about, sent.record_id, got.ended)
	RETURNING sent_id INTO got.sent_id;
	got.ended := '{}';
	RETURN got;
END
$receive_record$;
REVOKE ALL ON FUNCTION @extschema@._receive_record(@extschema@.feed_sender, @extschema@.feed_inbox, @extschema@.feed_inbox) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._receive_record(@extschema@.feed_sender, @extschema@.feed_inbox, @extschema@.feed_inbox) IS '收到的处罚、许可和其他事项进入报送表，撤回则终止 / penalties, permits and other acts received go into the intake; what is withdrawn ends';

-- One message, checked.
CREATE FUNCTION @extschema@._read_message(sender text, message jsonb) RETURNS @extschema@.feed_inbox
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $read_message$
DECLARE
	got @extschema@.feed_inbox;
BEGIN
	IF jsonb_typeof(message) <> 'object' OR message ->> 'key' = '' OR message ->> 'kind' = '' OR num_nulls(message ->> 'key', message ->> 'kind', message ->> 'action') > 0
	   OR (message ->> 'revision' ~ '^[1-9][0-9]{0,17}$') IS NOT TRUE OR message ->> 'action' NOT IN ('put', 'withdraw')
	   OR coalesce(jsonb_typeof(message -> 'payload'), 'null') NOT IN ('object', CASE message ->> 'action' WHEN 'withdraw' THEN 'null' ELSE 'object' END)
	   OR message ->> 'action' = 'withdraw' AND message ->> 'reason' IS NULL THEN
		RAISE EXCEPTION 'invalid message'
			USING ERRCODE = 'invalid_parameter_value',
			      DETAIL = 'A message has key, revision (from 1), kind, action (put or withdraw), payload (an object), and where it is withdrawn a reason.';
	END IF;
	got.sender := sender;
	got.key := message ->> 'key';
	got.revision := (message ->> 'revision')::bigint;
	got.received_at := clock_timestamp();
	got.kind := message ->> 'kind';
	got.action := message ->> 'action';
	got.reason := message ->> 'reason';
	got.payload := CASE jsonb_typeof(message -> 'payload') WHEN 'object' THEN message -> 'payload' ELSE '{}' END;
	RETURN got;
END
$read_message$;
REVOKE ALL ON FUNCTION @extschema@._read_message(text, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@._read_message(text, jsonb) IS '核对一条来报消息 / a message received, checked';

CREATE FUNCTION @extschema@.receive_feed(sender text, messages jsonb)
RETURNS TABLE (place integer, key text, revision bigint, result text, problem text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET row_security = off AS $receive_feed$
#variable_conflict use_column
DECLARE
	s @extschema@.feed_sender;
	had @extschema@.feed_inbox;
	got @extschema@.feed_inbox;
	message record;
BEGIN
	-- one delivery of a sender at a time
	SELECT x.* INTO s FROM @extschema@.feed_sender AS x WHERE x.sender = receive_feed.sender FOR NO KEY UPDATE;
	IF NOT FOUND THEN
		RAISE EXCEPTION 'sender "%" does not exist', receive_feed.sender
			USING ERRCODE = 'undefined_object', HINT = 'The senders are in citycredit.feed_sender.';
	ELSIF s.role <> @extschema@.actor() THEN
		RAISE EXCEPTION 'role "%" does not act for sender "%"', @extschema@.actor(), receive_feed.sender
			USING ERRCODE = 'insufficient_privilege', HINT = 'Each sender is bound to one role, in citycredit.feed_sender.';
	ELSIF NOT s.active THEN
		RAISE EXCEPTION 'sender "%" is not active', receive_feed.sender
			USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Set active in citycredit.feed_sender.';
	ELSIF jsonb_typeof(messages) IS DISTINCT FROM 'array' THEN
		RAISE EXCEPTION 'messages are no array'
			USING ERRCODE = 'invalid_parameter_value', HINT = 'Give what citycredit.take_feed() gave as a JSON array of objects.';
	END IF;
	FOR message IN SELECT e.value, e.ordinality::integer AS place FROM jsonb_array_elements(messages) WITH ORDINALITY AS e ORDER BY e.ordinality LOOP
		place := message.place;
		key := message.value ->> 'key';
		revision := NULL;
		problem := NULL;
		BEGIN
			got := @extschema@._read_message(s.sender, message.value);
			revision := got.revision;
			SELECT i.* INTO had FROM @extschema@.feed_inbox AS i WHERE i.sender = got.sender AND i.key = got.key;
			IF had.revision >= got.revision THEN
				result := 'ignored';
			ELSE
				got.about := had.about;
				got.record_id := had.record_id;
				got.entry_id := had.entry_id;
				got.sent_id := had.sent_id;
				got.ended := coalesce(had.ended, '{}');
				-- a key is about one thing
				IF had.kind <> got.kind THEN
					RAISE EXCEPTION 'key "%" is of another kind than before', got.key
						USING ERRCODE = 'invalid_parameter_value', DETAIL = format('It was of kind "%s".', had.kind);
				ELSIF got.action = 'put' AND had.about OPERATOR(@extschema@.<>) coalesce(got.payload ->> 'subject_code', got.payload ->> 'CF_XDR_SHXYM',
						got.payload ->> 'XK_XDR_SHXYM', had.about::text)::@extschema@.subject_code THEN
					RAISE EXCEPTION 'key "%" is about another subject than before', got.key
						USING ERRCODE = 'invalid_parameter_value', DETAIL = format('It was about "%s".', had.about);
				ELSIF got.kind IN ('grade', 'rating') THEN
					got := @extschema@._receive_score(s, had, got);
				ELSIF got.kind IN ('warning', 'listing') THEN
					got := @extschema@._receive_listing(s, had, got);
				ELSIF got.kind IN ('penalty', 'permit', 'award', 'inspection', 'act') THEN
					got := @extschema@._receive_record(s, had, got);
				END IF;
				result := CASE WHEN got.action = 'put' AND got.sent_id IS NOT NULL THEN 'queued'
				               WHEN num_nonnulls(got.record_id, got.entry_id, got.sent_id) = 0 OR got.action = 'put' AND got.entry_id = had.entry_id THEN 'kept'
				               ELSE 'applied' END;
				INSERT INTO @extschema@.feed_inbox AS i SELECT got.*
				ON CONFLICT (sender, key) DO UPDATE
				   SET revision = EXCLUDED.revision, received_at = EXCLUDED.received_at, about = EXCLUDED.about, record_id = EXCLUDED.record_id,
				       entry_id = EXCLUDED.entry_id, sent_id = EXCLUDED.sent_id, ended = EXCLUDED.ended, kind = EXCLUDED.kind, action = EXCLUDED.action,
				       reason = EXCLUDED.reason, payload = EXCLUDED.payload;
			END IF;
		EXCEPTION
			-- the message is refused, and may come again; conflicts with others are for the whole delivery to be repeated
			WHEN serialization_failure OR deadlock_detected OR query_canceled THEN
				RAISE;
			WHEN OTHERS THEN
				result := 'refused';
				problem := SQLERRM;
		END;
		RETURN NEXT;
	END LOOP;
END
$receive_feed$;
REVOKE ALL ON FUNCTION @extschema@.receive_feed(text, jsonb) FROM PUBLIC;
COMMENT ON FUNCTION @extschema@.receive_feed(text, jsonb) IS
	'接收一批消息：较低或相同的修订忽略；等级和评价成为外部评分记录，名单移入移出，处罚、许可和其他事项进入报送表待 process_intake() 处理，其余照收；返回每条结果 applied、queued、kept、ignored、refused（附原因） / receives messages: a lower or equal revision is ignored; grades and ratings become records of outside scores, lists are taken over and ended, penalties, permits and other acts go into the intake for process_intake(), the rest is kept as received; of each: applied, queued, kept, ignored, or refused with the problem';

CREATE VIEW @extschema@.feed_received WITH (security_barrier) AS
SELECT i.sender, i.key, i.revision, i.kind, i.action, i.reason, i.received_at, i.about AS subject, i.ended,
       CASE WHEN i.sent_id IS NOT NULL THEN coalesce(n.outcome, 'waiting') WHEN i.record_id IS NOT NULL THEN 'accepted'
            WHEN i.entry_id IS NOT NULL THEN 'listed' ELSE 'kept' END AS outcome,
       coalesce(i.record_id, n.record_id) AS record_id, i.entry_id, n.reject_id
  FROM @extschema@.feed_inbox AS i
  LEFT JOIN @extschema@.intake_sent AS n ON n.sent_id = i.sent_id;
COMMENT ON VIEW @extschema@.feed_received IS '收到的内容及其去向 / what was received, and what became of it';
COMMENT ON COLUMN @extschema@.feed_received.sender IS '来报方 / sender';
COMMENT ON COLUMN @extschema@.feed_received.key IS '来报方的键 / key of the sender';
COMMENT ON COLUMN @extschema@.feed_received.revision IS '最高修订 / highest revision';
COMMENT ON COLUMN @extschema@.feed_received.kind IS '种类 / kind';
COMMENT ON COLUMN @extschema@.feed_received.action IS '动作 / action';
COMMENT ON COLUMN @extschema@.feed_received.reason IS '撤回理由 / reason of a withdrawal';
COMMENT ON COLUMN @extschema@.feed_received.received_at IS '收到时间 / when it was received';
COMMENT ON COLUMN @extschema@.feed_received.subject IS '所涉主体 / subject it is about';
COMMENT ON COLUMN @extschema@.feed_received.ended IS '撤回所终止的 / what its withdrawal ended';
COMMENT ON COLUMN @extschema@.feed_received.outcome IS '去向：waiting 待处理，accepted 成为记录，amended 成为记录的新版本，duplicate 与已有相同，rejected 被退回，withdrawn 处理前已撤回或更新，listed 移入名单，kept 仅留存 / waiting, accepted as a record, amended a record, duplicate, rejected, withdrawn before it was processed, listed, or kept only';
COMMENT ON COLUMN @extschema@.feed_received.record_id IS '记录 / record';
COMMENT ON COLUMN @extschema@.feed_received.entry_id IS '名单条目 / list entry';
COMMENT ON COLUMN @extschema@.feed_received.reject_id IS '退回编号 / number of the reject';
