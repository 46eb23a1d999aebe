-- tap_feed_converge.sql -- a receiver that loses, repeats and shuffles deliveries ends with what it must have, whatever happens in between
\set ECHO none
\i test/include/lists.psql
SELECT plan(14);
CREATE ROLE regress_upstream;
SELECT grant_profile('regress_upstream', 'exchange') \g /dev/null
INSERT INTO feed_receiver (receiver, role, title, kinds)
VALUES ('up', 'regress_upstream', '市平台', '{penalty,permit,award,grade,rating,warning,listing}');
SELECT pg_temp.run('regress_head_editor', $$ SELECT record_policy_publication('regress-lists', '1', '2019-12-01') $$) \g /dev/null

-- the platform above: a plain table and the rule of revisions
CREATE TEMPORARY TABLE upstream (key text PRIMARY KEY, revision bigint NOT NULL, kind text, withdrawn boolean NOT NULL, reason text, payload jsonb);
CREATE TEMPORARY TABLE happened (what text PRIMARY KEY, times integer NOT NULL);
CREATE FUNCTION pg_temp.count_one(what text) RETURNS void LANGUAGE sql AS $$
	INSERT INTO pg_temp.happened VALUES (what, 1) ON CONFLICT (what) DO UPDATE SET times = happened.times + 1 $$;
-- the same numbers in every run
CREATE TEMPORARY SEQUENCE dice_number;
CREATE FUNCTION pg_temp.dice(sides integer) RETURNS integer LANGUAGE sql AS $$
	SELECT (('x' || substr(md5('20260401/' || nextval('pg_temp.dice_number')), 1, 7))::bit(28)::integer % sides) $$;
CREATE FUNCTION pg_temp.apply(message record) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO pg_temp.upstream AS u VALUES (message.key, message.revision, message.kind, message.action = 'withdraw', message.reason, message.payload)
	ON CONFLICT (key) DO UPDATE SET revision = EXCLUDED.revision, kind = EXCLUDED.kind, withdrawn = EXCLUDED.withdrawn, reason = EXCLUDED.reason, payload = EXCLUDED.payload
	 WHERE u.revision < EXCLUDED.revision;
	IF NOT FOUND THEN
		PERFORM pg_temp.count_one('passed over by its revision');
	END IF;
END
$$;

-- Takes up to n messages; with trouble, some never arrive, some twice, in a shuffled order, some are refused, and some acknowledgements are lost. What
-- arrived before may arrive again much later.
CREATE TEMPORARY TABLE wire (LIKE upstream);
ALTER TABLE wire ADD id bigint, ADD action text;
CREATE FUNCTION pg_temp.deliver(n integer, trouble boolean) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
	message record;
	taken jsonb;
	fate integer;
	deliveries integer := 0;
BEGIN
	taken := pg_temp.run('regress_upstream', format('SELECT coalesce(jsonb_agg(to_jsonb(t)), ''[]'') FROM citycredit.take_feed(''up'', %s, ''0'') AS t', n))::jsonb;
	FOR message IN
		SELECT t.* FROM jsonb_to_recordset(taken) AS t (id bigint, key text, revision bigint, kind text, action text, reason text, payload jsonb)
		 ORDER BY CASE WHEN trouble THEN md5(t.id || 'order' || n) ELSE lpad(t.id::text, 20, '0') END
	LOOP
		deliveries := deliveries + 1;
		fate := CASE WHEN trouble THEN pg_temp.dice(10) ELSE 9 END;
		IF fate = 0 THEN
			PERFORM pg_temp.count_one('lost on its way');
			CONTINUE;
		ELSIF fate = 1 THEN
			PERFORM pg_temp.count_one('refused');
			PERFORM pg_temp.run('regress_upstream', format('SELECT fail_feed(''up'', %s, ''down'')', message.id));
			CONTINUE;
		END IF;
		PERFORM pg_temp.apply(message);
		IF fate = 2 THEN
			PERFORM pg_temp.count_one('arrived twice');
			PERFORM pg_temp.apply(message);
		ELSIF fate = 3 THEN
			INSERT INTO pg_temp.wire (key, revision, kind, action, withdrawn, reason, payload)
			VALUES (message.key, message.revision, message.kind, message.action, message.action = 'withdraw', message.reason, message.payload);
		END IF;
		IF fate IN (4, 5) THEN
			PERFORM pg_temp.count_one('acknowledgement lost');
		ELSE
			PERFORM pg_temp.run('regress_upstream', format('SELECT acknowledge_feed(''up'', ARRAY[%s])', message.id));
		END IF;
	END LOOP;
	-- an old copy out of some queue
	IF trouble AND pg_temp.dice(3) = 0 THEN
		FOR message IN SELECT w.* FROM pg_temp.wire AS w ORDER BY md5(w.key || w.revision) LIMIT 2 LOOP
			PERFORM pg_temp.count_one('arrived late');
			PERFORM pg_temp.apply(message);
			DELETE FROM pg_temp.wire AS w WHERE w.key = message.key AND w.revision = message.revision;
		END LOOP;
	END IF;
	RETURN deliveries;
END
$$;

-- One thing that happens in the city on a day.
CREATE FUNCTION pg_temp.happen(round integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	who subject_code := (ARRAY['91110000600037341L', '91420684MA4927PJ7B', '9144060573144633XL', 'PELDB1FB2CB0F37UX8', '91310115MA1K3BTP2B'])[1 + pg_temp.dice(5)];
	what text := (ARRAY['insert', 'insert', 'amend', 'hold', 'verify', 'verify', 'revoke', 'repair', 'rename', 'propose', 'propose', 'serve', 'recognise', 'recognise', 'recognise', 'remove', 'day'])[1 + pg_temp.dice(17)];
	chosen record;
BEGIN
	SELECT r.record_id, r.verified_by, r.held INTO chosen FROM record AS r
	 WHERE r.subject OPERATOR(citycredit.=) who AND r.kind = 'penalty' AND r.known_until = 'infinity' AND r.revoked_on IS NULL AND r.repaired_on IS NULL
	   AND (what <> 'verify' OR EXISTS (SELECT FROM unverified_record AS u WHERE u.subject OPERATOR(citycredit.=) r.subject AND u.record_id = r.record_id))
	 ORDER BY md5(r.record_id::text || round) LIMIT 1;
	CASE what
	WHEN 'insert' THEN
		INSERT INTO record (subject, kind, document, authority, source, behaviour, decided_on, amount_fen, penalty_kind, publicity_until)
		VALUES (who, 'penalty', 'N' || round, '11320400014109573H', 'regress', 'CW-01', today() - pg_temp.dice(100), 100 * pg_temp.dice(10000), 'fine',
			CASE WHEN pg_temp.dice(2) = 0 THEN today() + pg_temp.dice(60) END);
	WHEN 'amend' THEN
		PERFORM pg_temp.run('regress_officer', format('SELECT amend_record(%L, %L, %L, ''wrong'')', who, chosen.record_id, jsonb_build_object('amount_fen', 100 * pg_temp.dice(999))));
	WHEN 'hold' THEN
		PERFORM _new_version(who, chosen.record_id, '{"held": "待核", "verified_by": null}');
	WHEN 'verify' THEN
		PERFORM pg_temp.run('regress_head', format('SELECT verify_record(%L, %L)', who, chosen.record_id));
	WHEN 'revoke' THEN
		PERFORM pg_temp.run('regress_officer', format('SELECT revoke_record(%L, %L, today(), ''wrong'')', who, chosen.record_id));
	WHEN 'repair' THEN
		PERFORM _new_version(who, chosen.record_id, jsonb_build_object('repaired_on', today() + pg_temp.dice(4)));
	WHEN 'rename' THEN
		UPDATE subject AS s SET name = name || pg_temp.dice(10) WHERE s.subject OPERATOR(citycredit.=) who AND length(name) < 20;
	WHEN 'day' THEN
		PERFORM set_config('citycredit.today', to_char(today() + 1 + pg_temp.dice(9), 'YYYY-MM-DD'), true);
		PERFORM CASE WHEN pg_temp.dice(2) = 0 THEN refresh() END;
	WHEN 'propose' THEN
		PERFORM pg_temp.run('regress_officer', format('SELECT propose_listing(subject, list, policy, rule, ''测试局'', ''事由'', 1%s) FROM list_candidate WHERE list <> ''focus'' AND subject = %L ORDER BY list LIMIT 1',
			CASE WHEN EXISTS (SELECT FROM list_candidate AS c WHERE c.subject OPERATOR(citycredit.=) who AND c.list = 'watch')
			      AND NOT EXISTS (SELECT FROM list_candidate AS c WHERE c.subject OPERATOR(citycredit.=) who AND c.list IN ('red', 'black')) THEN ', term_days => 20' ELSE '' END, who));
	WHEN 'serve' THEN
		PERFORM pg_temp.run('regress_officer', 'SELECT serve_listing(entry_id, today(), ''direct'', today() + 1) FROM listing WHERE stage = ''proposed'' ORDER BY entry_id LIMIT 1');
	WHEN 'recognise' THEN
		PERFORM pg_temp.run('regress_head', 'SELECT recognize_listing(entry_id) FROM listing WHERE stage = ''ready'' ORDER BY entry_id LIMIT 1');
	WHEN 'remove' THEN
		PERFORM pg_temp.run('regress_officer', 'SELECT remove_listing(entry_id, today(), ''over'') FROM listing WHERE stage = ''listed'' AND policy_id IS NOT NULL ORDER BY entry_id DESC LIMIT 1');
	END CASE;
	PERFORM pg_temp.count_one(what);
EXCEPTION WHEN OTHERS THEN
	-- no record to verify, no basis any more: that too happens
	PERFORM pg_temp.count_one('refused here: ' || what);
END
$$;

CREATE TEMPORARY VIEW desired AS
	SELECT t.item::text AS key, w.kind, w.payload FROM feed_receiver AS r CROSS JOIN subject AS s
	 CROSS JOIN LATERAL _feed_wanted(r, ARRAY[s.subject], today()) AS w
	  LEFT JOIN feed_told AS t ON t.subject = s.subject AND t.receiver = r.receiver AND t.key = w.key
	 WHERE w.payload IS NOT NULL;
CREATE TEMPORARY VIEW difference AS
	(SELECT 'missing' AS what, d.* FROM desired AS d EXCEPT SELECT 'missing', u.key, u.kind, u.payload FROM pg_temp.upstream AS u WHERE NOT u.withdrawn)
	UNION ALL
	(SELECT 'too much', u.key, u.kind, u.payload FROM pg_temp.upstream AS u WHERE NOT u.withdrawn EXCEPT SELECT 'too much', d.* FROM desired AS d);

CREATE TEMPORARY TABLE run (rounds integer, deliveries integer, wrong_collections integer);
DO $$
DECLARE
	round integer := 0;
	deliveries integer := 0;
	wrong integer := 0;
BEGIN
	WHILE deliveries < 1000 LOOP
		round := round + 1;
		PERFORM pg_temp.happen(round);
		IF pg_temp.dice(2) = 0 THEN
			PERFORM collect_feed('up');
			-- not full, and yet nothing is left to tell
			IF pg_temp.dice(3) = 0 THEN
				wrong := wrong + collect_feed('up', true);
			END IF;
		END IF;
		deliveries := deliveries + pg_temp.deliver(1 + pg_temp.dice(5), true);
	END LOOP;
	INSERT INTO pg_temp.run VALUES (round, deliveries, wrong);
END
$$;
SELECT ok(deliveries >= 1000, 'a thousand deliveries') FROM run;
SELECT is(wrong_collections, 0, 'what was collected by changes alone is all there was to collect') FROM run;
SELECT is_empty($$ SELECT v.what FROM (VALUES ('lost on its way'), ('refused'), ('arrived twice'), ('arrived late'), ('acknowledgement lost'), ('passed over by its revision'),
	('insert'), ('amend'), ('hold'), ('verify'), ('revoke'), ('repair'), ('rename'), ('propose'), ('recognise'), ('remove'), ('day')) AS v (what)
	WHERE v.what NOT IN (SELECT h.what FROM pg_temp.happened AS h WHERE h.times >= 5) $$, 'every trouble and every event was there, often');
-- a source that loses its trust: what it sent waits for a second person, and is withheld meanwhile
INSERT INTO source (source, kind, name, trusted_from) VALUES ('lent', 'penalty', '测试', '2020-01-01');
INSERT INTO record (subject, kind, document, authority, source, behaviour, decided_on) VALUES ('91110000600037341L', 'penalty', 'lent', 'a', 'lent', 'CW-01', today());
SELECT collect_feed('up') \g /dev/null
DO $$ BEGIN WHILE pg_temp.deliver(100, false) > 0 LOOP END LOOP; END $$;
DELETE FROM source WHERE source = 'lent';
SELECT collect_feed('up', true) \g /dev/null
INSERT INTO record (subject, kind, document, authority, source, behaviour, decided_on) VALUES ('91110000600037341L', 'penalty', 'last', 'a', 'regress', 'CW-01', today());
SELECT collect_feed('up') \g /dev/null
SELECT isnt_empty('SELECT * FROM difference', 'the receiver is behind by now');

-- reliable from here on
DO $$ BEGIN WHILE pg_temp.deliver(100, false) > 0 LOOP END LOOP; END $$;
SELECT is_empty('SELECT * FROM difference', 'in the end the receiver has what it must have, and nothing else');
SELECT is((SELECT open FROM feed_backlog), 0::bigint, 'nothing is open');
SELECT isnt_empty($$ SELECT FROM pg_temp.upstream WHERE NOT withdrawn AND kind = 'penalty' $$, '  there are penalties');
SELECT set_eq($$ SELECT DISTINCT reason FROM feed WHERE reason IS NOT NULL $$, ARRAY['revoked', 'repaired', 'expired', 'delisted', 'withheld'], 'every reason was told');
SELECT is_empty($$ SELECT FROM pg_temp.upstream AS u CROSS JOIN feed_told AS t WHERE u.key = t.item::text AND u.revision <> t.revision $$, 'and has the last revision of each');
SELECT is_empty($$ SELECT FROM feed AS f WHERE f.dropped_at IS NOT NULL AND NOT EXISTS (SELECT FROM feed AS n WHERE n.subject = f.subject AND n.key = f.key AND n.revision > f.revision) $$,
	'no message was dropped but for a later one');
SELECT is_empty($$ SELECT FROM pg_temp.upstream WHERE payload::text ~ '欧阳|PELDB' $$, 'natural persons are masked');

-- what was withdrawn stays away, also when everything ever said arrives again
DO $$
DECLARE
	message record;
BEGIN
	FOR message IN SELECT f.item::text AS key, f.revision, f.kind, f.action, f.reason, f.payload FROM feed AS f ORDER BY md5(f.feed_id::text) LOOP
		PERFORM pg_temp.apply(message);
	END LOOP;
END
$$;
SELECT is_empty('SELECT * FROM difference', 'everything once more, in any order, changes nothing');
SELECT is(collect_feed('up', true), 0::bigint, 'and there is nothing to tell');
SELECT is(collect_feed('up'), 0::bigint, 'by changes neither');
SELECT * FROM finish();
ROLLBACK;
