-- tap_feed.sql -- the feed: what is told to whom, in which form, what is withdrawn and why, each refusal, and what comes in from above
\set ECHO none
\i test/include/lists.psql
SELECT plan(89);
CREATE ROLE regress_upstream;
CREATE ROLE regress_neighbour;
CREATE ROLE regress_etl;
SELECT grant_profile('regress_upstream', 'exchange'), grant_profile('regress_neighbour', 'exchange'), grant_profile('regress_etl', 'etl') \g /dev/null
INSERT INTO feed_receiver (receiver, role, title, kinds) VALUES
	('up', 'regress_upstream', '市平台', '{penalty,permit,award,inspection,act,commitment,grade,rating,warning,listing}'),
	('court', 'regress_neighbour', '法院', '{listing}');
INSERT INTO feed_sender (sender, role, title, authority, source) VALUES ('city', 'regress_neighbour', '市平台', '11320400014109445U', 'city');

-- Takes and acknowledges everything; what was taken, in order.
CREATE FUNCTION pg_temp.taken(receiver text DEFAULT 'up', role text DEFAULT 'regress_upstream') RETURNS TABLE (key text, revision bigint, kind text, action text, reason text, payload jsonb)
LANGUAGE plpgsql AS $$
DECLARE
	t record;
BEGIN
	LOOP
		PERFORM set_config('role', role, true);
		FOR t IN SELECT * FROM take_feed(receiver, 1000) LOOP
			key := t.key; revision := t.revision; kind := t.kind; action := t.action; reason := t.reason; payload := t.payload;
			PERFORM acknowledge_feed(receiver, ARRAY[t.id]);
			RETURN NEXT;
		END LOOP;
		PERFORM set_config('role', 'none', true);
		EXIT WHEN NOT EXISTS (SELECT FROM feed AS f WHERE f.receiver = taken.receiver AND f.acknowledged_at IS NULL AND f.dropped_at IS NULL);
	END LOOP;
END
$$;

-- ---------------------------------------------------------------------------
-- What is told
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.run('regress_etl', $$ SELECT collect_feed('up') $$), '5', 'five penalties; no grade, since the measure is not published');
SELECT set_eq($$ SELECT kind, action, revision, payload ->> 'CF_XDR_MC' AS name, payload ->> 'CF_WSH' AS document FROM pg_temp.taken() $$,
	$$ VALUES ('penalty', 'put', 1::bigint, '甲渣土运输有限公司', 'P1'), ('penalty', 'put', 1, '甲渣土运输有限公司', 'P2'), ('penalty', 'put', 1, '乙环卫有限公司', 'P3'),
	          ('penalty', 'put', 1, '欧＊', 'P4'), ('penalty', 'put', 1, '欧＊', 'P5') $$, 'participations are not for the feed, persons are masked');
SELECT is(collect_feed('up') + collect_feed('up', true), 0::bigint, 'nothing has changed, nothing is told');
SELECT pg_temp.run('regress_head_editor', $$ SELECT record_policy_publication('regress-lists', '1', '2019-12-01') $$) \g /dev/null
SELECT is(collect_feed('up'), 5::bigint, 'the measure is published: five grades; none by the example');
SELECT set_eq($$ SELECT kind, payload ->> 'subject_name' AS name, payload ->> 'subject_code' AS code, payload ->> 'policy' AS policy, payload ->> 'band' AS band, payload ->> 'credit_grade' AS grade, payload ->> 'score' AS score FROM pg_temp.taken() $$,
	$$ VALUES ('grade', '甲渣土运输有限公司', '91110000600037341L', 'regress-lists', 'B', 'D', '80'), ('grade', '乙环卫有限公司', '91420684MA4927PJ7B', 'regress-lists', 'B', 'D', '90'),
	          ('grade', '丙绿化有限公司', '9144060573144633XL', 'regress-lists', 'A', 'A', '100'), ('grade', NULL, '91310115MA1K3BTP2B', 'regress-lists', 'A', 'A', '100'),
	          ('grade', '欧＊', NULL, 'regress-lists', 'B', 'D', '80') $$, '  and nothing tells who the person is');

-- The form: fields as given where they still say what the record says; 万元 with six decimals; documents and free text about persons nowhere
INSERT INTO record (subject, kind, document, authority, source, behaviour, decided_on, valid_until, publicity_until, amount_fen, penalty_kind, detail) VALUES
	('9144060573144633XL', 'penalty', '城罚〔2024〕9号', '11320400014109573H', 'regress', NULL, '2024-02-20', '2025-02-19', '2024-06-30', 1234567, 'confiscation_of_gains',
	 '{"cf_xdr_mc": "丙绿化有限公司", "cf_xdr_gszc": "320400000000001", "cf_frdb": "张三丰", "cf_fr_zjlx": "身份证", "cf_wsh": "城罚（2024）9号", "cf_wfxw": "擅自处置",
	   "cf_sy": "驾驶员李四（360426199101010071，13912345678）倾倒", "cf_yj": "条例第三十条", "cf_cflb": "罚款;没收违法所得", "cf_nr": "罚款1.2万元", "cf_nr_fk": "1.2", "cf_nr_wfff": "0.034567",
	   "cf_cfjg": "城管局", "cf_sjly": "城管局", "bz": "无"}'),
	('PELDB1FB2CB0F37UX8', 'penalty', '城罚〔2024〕10号', '11320400014109573H', 'regress', NULL, '2024-02-20', NULL, NULL, 20000, 'fine',
	 '{"cf_xdr_mc": "欧阳某某", "cf_sy": "欧阳某某倾倒", "cf_nr": "欧阳某某罚款", "cf_nr_fk": "0.02", "cf_xdr_zjhm": "360426199101010071"}');
INSERT INTO source (source, kind, name, trusted_from) SELECT 'regress', kind, '测试', '2020-01-01' FROM unnest(ARRAY['permit', 'award', 'commitment']) AS kind;
INSERT INTO record (subject, kind, document, authority, source, decided_on, valid_from, valid_until, state, detail) VALUES
	('9144060573144633XL', 'permit', '准1', '11320400014109573H', 'regress', '2024-01-10', '2024-01-10', '2024-12-31', NULL, '{"xk_xkws": "核准书", "xk_xklb": "核准", "xk_nr": "处置"}'),
	('9144060573144633XL', 'award', '奖1', '11320400014109573H', 'regress', '2024-01-11', NULL, NULL, NULL, '{"title": "先进", "content": "表彰"}'),
	('9144060573144633XL', 'commitment', '诺1', '11320400014109573H', 'regress', '2024-01-12', NULL, NULL, NULL, '{"openness": "public"}'),
	('9144060573144633XL', 'commitment', '诺2', '11320400014109573H', 'regress', '2024-01-12', NULL, NULL, NULL, '{}'),
	('9144060573144633XL', 'commitment', '诺3', '11320400014109573H', 'regress', '2024-01-12', NULL, NULL, NULL, '{"openness": "limited"}');
SELECT collect_feed('up') \g /dev/null
CREATE TEMPORARY TABLE told AS SELECT * FROM pg_temp.taken();
SELECT is(payload, jsonb '{"CF_XDR_MC": "丙绿化有限公司", "CF_XDR_LB": "法人及非法人组织", "CF_XDR_SHXYM": "9144060573144633XL", "CF_XDR_GSZC": "320400000000001", "CF_FRDB": "张＊",
	"CF_WSH": "城罚（2024）9号", "CF_WFXW": "擅自处置", "CF_SY": "驾驶员李四（***，***）倾倒", "CF_YJ": "条例第三十条", "CF_CFLB": "罚款;没收违法所得", "CF_NR": "罚款1.2万元",
	"CF_NR_FK": "1.200000", "CF_NR_WFFF": "0.034567", "CF_JDRQ": "2024-02-20", "CF_YXQ": "2025-02-19", "CF_GSJZQ": "2024-06-30", "CF_CFJG": "城管局",
	"CF_CFJGDM": "11320400014109573H", "CF_SJLY": "城管局", "CF_SJLYDM": "regress", "BZ": "无"}', 'a penalty in the exchange form')
  FROM told WHERE payload ->> 'CF_WSH' = '城罚（2024）9号';
SELECT is(payload, jsonb '{"CF_XDR_MC": "欧＊", "CF_XDR_LB": "自然人", "CF_WSH": "城罚〔2024〕10号", "CF_CFLB": "罚款", "CF_NR_FK": "0.020000", "CF_JDRQ": "2024-02-20",
	"CF_GSJZQ": "2027-02-20", "CF_CFJGDM": "11320400014109573H", "CF_SJLYDM": "regress"}', 'of a natural person: masked, no free text, no document')
  FROM told WHERE payload ->> 'CF_XDR_LB' = '自然人';
SELECT is(payload, jsonb '{"XK_XDR_MC": "丙绿化有限公司", "XK_XDR_LB": "法人及非法人组织", "XK_XDR_SHXYM": "9144060573144633XL", "XK_XKWS": "核准书", "XK_WSH": "准1", "XK_XKLB": "核准",
	"XK_NR": "处置", "XK_JDRQ": "2024-01-10", "XK_YXQZ": "2024-01-10", "XK_YXQZI": "2024-12-31", "XK_XKJGDM": "11320400014109573H", "XK_LYDWDM": "regress"}', 'a permit')
  FROM told WHERE kind = 'permit';
SELECT is(payload, jsonb '{"kind": "award", "category": "法人及非法人组织", "subject_name": "丙绿化有限公司", "subject_code": "9144060573144633XL", "document": "奖1", "title": "先进", "content": "表彰",
	"decided_on": "2024-01-11", "authority_code": "11320400014109573H", "source_code": "regress"}', 'an award')
  FROM told WHERE kind = 'award';
SELECT set_eq($$ SELECT payload ->> 'document' FROM told WHERE kind = 'commitment' $$, ARRAY['诺1'], 'of commitments those that say they are public');
SELECT is(_feed_amount(v.fen), v.written, v.fen || ' fen in 万元') FROM (VALUES (1, '0.000001'), (0, '0.000000'), (99999999999999, '99999999.999999')) AS v (fen, written);
UPDATE feed_receiver SET representative = true WHERE receiver = 'up';
SELECT collect_feed('up') \g /dev/null
SELECT is(payload ->> 'CF_FRDB', '张三丰', 'the representative in full, where the receiver may have it') FROM pg_temp.taken();

-- ---------------------------------------------------------------------------
-- What is withdrawn, and why
-- ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.id(document text) RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT r.record_id FROM record AS r WHERE r.document = id.document AND r.known_until = 'infinity' $$;
CREATE FUNCTION pg_temp.news() RETURNS TABLE (news text) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM collect_feed('up');
	RETURN QUERY SELECT concat_ws(' ', t.kind, coalesce(t.payload ->> 'CF_WSH', t.payload ->> 'list', t.payload ->> 'policy'), t.action, t.revision, t.reason) FROM pg_temp.taken() AS t;
END
$$;
SELECT pg_temp.run('regress_officer', format($$ SELECT amend_record('91110000600037341L', %L, '{"amount_fen": 100}', 'wrong') $$, pg_temp.id('P1'))) \g /dev/null
SELECT set_eq('SELECT * FROM pg_temp.news()', ARRAY[]::text[], 'amended and not verified: what was told holds');
SELECT pg_temp.run('regress_head', format($$ SELECT verify_record('91110000600037341L', %L) $$, pg_temp.id('P1'))) \g /dev/null
SELECT set_eq('SELECT * FROM pg_temp.news()', ARRAY['penalty P1 put 2'], 'verified: the new content is told, and nothing withdrawn');
SELECT pg_temp.run('regress_officer', format($$ SELECT revoke_record('91110000600037341L', %L, '2024-03-01', 'wrong') $$, pg_temp.id('P1'))) \g /dev/null
SELECT set_eq('SELECT * FROM pg_temp.news()', ARRAY['penalty P1 withdraw 3 revoked', 'grade regress-lists put 2'], 'revoked');
SELECT _new_version('91110000600037341L', pg_temp.id('P2'), '{"repaired_on": "2024-03-05"}') \g /dev/null
SELECT set_eq('SELECT * FROM pg_temp.news()', ARRAY['penalty P2 put 2'], 'repaired from the 5th on: still public, and until when is told');
SET LOCAL citycredit.today = '2024-03-05';
SELECT set_eq('SELECT * FROM pg_temp.news()', ARRAY['penalty P2 withdraw 3 repaired', 'grade regress-lists put 3'], 'on that day it is withdrawn, by the day alone');
SET LOCAL citycredit.today = '2024-06-30';
SELECT set_eq('SELECT * FROM pg_temp.news()', ARRAY[]::text[], 'the last day of publicity');
SET LOCAL citycredit.today = '2024-07-01';
SELECT set_eq('SELECT * FROM pg_temp.news()', ARRAY['penalty 城罚（2024）9号 withdraw 3 expired'], 'and the day after');
UPDATE subject SET name = '乙环卫集团有限公司' WHERE subject = '91420684MA4927PJ7B';
SELECT set_eq('SELECT * FROM pg_temp.news()', ARRAY['penalty P3 put 2', 'grade regress-lists put 2'], 'a corrected name is told, though no record changed');
-- lists
SELECT pg_temp.run('regress_officer', $$ SELECT propose_listing('9144060573144633XL', 'red', 'regress-lists', 'honest', '测试局', '诚信', 1) $$) AS red \gset
SELECT pg_temp.run('regress_officer', $$ SELECT propose_listing('91420684MA4927PJ7B', 'watch', 'regress-lists', 'look', '测试局', '一次', 1, term_days => 30) $$) AS watch \gset
SELECT pg_temp.run('regress_officer', format($$ SELECT serve_listing(%s, '2024-07-01', 'direct', '2024-07-02') $$, e)) FROM unnest(ARRAY[:red, :watch]) AS e \g /dev/null
SELECT set_eq('SELECT * FROM pg_temp.news()', ARRAY[]::text[], 'a proceeding is nothing to tell');
SET LOCAL citycredit.today = '2024-07-03';
SELECT pg_temp.run('regress_head', format('SELECT recognize_listing(%s)', e)) FROM unnest(ARRAY[:red, :watch]) AS e \g /dev/null
SELECT set_eq('SELECT * FROM pg_temp.news()', ARRAY['listing red put 1', 'warning watch put 1'], 'an entry on the red list, and a warning');
SELECT is(collect_feed('court'), 1::bigint, 'another receiver has the kinds it is for, and no others');
SELECT pg_temp.run('regress_head', format($$ SELECT remove_listing(%s, '2024-07-03', 'over') $$, :red)) \g /dev/null
SELECT set_eq('SELECT * FROM pg_temp.news()', ARRAY['listing red withdraw 2 delisted'], 'delisted');
SET LOCAL citycredit.today = '2024-08-03';
SELECT set_eq('SELECT * FROM pg_temp.news()', ARRAY['warning watch withdraw 2 expired'], 'a term that has ended');
UPDATE feed_receiver SET kinds = '{grade}' WHERE receiver = 'up';
SELECT collect_feed('up') \g /dev/null
SELECT is_empty($$ SELECT FROM feed_told WHERE receiver = 'up' AND kind <> 'grade' AND NOT withdrawn $$, 'a receiver that is for less has the rest withdrawn');
SELECT * FROM pg_temp.taken() \g /dev/null

-- ---------------------------------------------------------------------------
-- Delivery
-- ---------------------------------------------------------------------------
INSERT INTO record (subject, kind, document, authority, source, decided_on) VALUES ('9144060573144633XL', 'penalty', 'Q1', 'a', 'regress', '2024-07-01');
UPDATE feed_receiver SET kinds = '{penalty}' WHERE receiver = 'court';
SELECT collect_feed('court') \g /dev/null
SELECT pg_temp.run('regress_neighbour', $$ SELECT string_agg(id::text, ',') FROM take_feed('court', 1) $$) AS first \gset
SELECT is(pg_temp.run('regress_neighbour', $$ SELECT count(*) FROM take_feed('court', 1000) WHERE id = $$ || :'first'), '0', 'what was taken is not given again before its time');
SELECT is(pg_temp.run('regress_neighbour', $$ SELECT count(*) FROM take_feed('court', 1000, '0') WHERE id = $$ || :'first'), '1', 'and is after it');
SELECT is((SELECT attempts FROM feed WHERE feed_id = :first), 2, '  counted');
SELECT is(pg_temp.run('regress_neighbour', format('SELECT fail_feed(''court'', %s, '' no such code '')', :first)), 'true', 'a refusal');
SELECT is((SELECT last_error FROM feed WHERE feed_id = :first), 'no such code', '  is kept');
SELECT is((SELECT refused FROM feed_backlog WHERE receiver = 'court'), 1::bigint, '  and to be seen');
SELECT is(pg_temp.run('regress_neighbour', format('SELECT acknowledge_feed(''court'', ARRAY[%1$s, %1$s])', :first)), '1', 'an acknowledgement');
SELECT is(pg_temp.run('regress_neighbour', format('SELECT acknowledge_feed(''court'', ARRAY[%s])', :first)), '0', '  may be repeated');
SELECT is(pg_temp.run('regress_neighbour', format('SELECT fail_feed(''court'', %s, ''late'')', :first)), 'false', '  and a refusal after it is too late');

-- a message waits for the one before, unless that was refused or never taken
SELECT subject AS s, feed_id AS f, key AS k FROM feed WHERE receiver = 'court' AND acknowledged_at IS NULL AND dropped_at IS NULL AND action = 'put' AND subject_kind(subject) <> 'natural_person' ORDER BY feed_id LIMIT 1 \gset
UPDATE subject SET name = name || '一' WHERE subject = :'s';
SELECT collect_feed('court') \g /dev/null
CREATE TEMPORARY TABLE given (id bigint);
GRANT INSERT ON given TO regress_neighbour;
SELECT pg_temp.run('regress_neighbour', $$ WITH i AS (INSERT INTO pg_temp.given SELECT id FROM take_feed('court', 1000, '0') RETURNING 1) SELECT count(*) FROM i $$) \g /dev/null
SELECT set_eq(format('SELECT f.revision FROM given AS g JOIN feed AS f ON f.feed_id = g.id WHERE f.key = %L', :'k'), ARRAY[1::bigint], 'the later message waits');
SELECT pg_temp.run('regress_neighbour', format('SELECT fail_feed(''court'', %s, ''down'')', :f)) \g /dev/null
UPDATE subject SET name = name || '二' WHERE subject = :'s';
SELECT collect_feed('court') \g /dev/null
SELECT results_eq(format($$ SELECT revision, dropped_at IS NOT NULL FROM feed WHERE receiver = 'court' AND key = %L ORDER BY 1 $$, :'k'),
	$$ VALUES (1::bigint, true), (2, true), (3, false) $$, 'one refused and one never taken make room for the last');

-- ---------------------------------------------------------------------------
-- Refusals
-- ---------------------------------------------------------------------------
SELECT is(r.code || coalesce(' ' || nullif(r.detail, ''), '') || coalesce(' | ' || nullif(r.hint, ''), ''), v.says, v.what)
  FROM (VALUES
	(1, 'regress_etl', $$ SELECT collect_feed('nobody') $$, '42704 | The receivers are in citycredit.feed_receiver.', 'no such receiver'),
	(2, 'regress_upstream', $$ SELECT take_feed('nobody') $$, '42704 | The receivers are in citycredit.feed_receiver.', 'nor to take for'),
	(3, 'regress_neighbour', $$ SELECT take_feed('up') $$, '42501 | Each receiver is bound to one role, in citycredit.feed_receiver.', 'another''s messages'),
	(4, 'regress_neighbour', $$ SELECT acknowledge_feed('up', '{1}') $$, '42501 | Each receiver is bound to one role, in citycredit.feed_receiver.', 'another''s acknowledgement'),
	(5, 'regress_neighbour', $$ SELECT fail_feed('up', 1, 'x') $$, '42501 | Each receiver is bound to one role, in citycredit.feed_receiver.', 'another''s refusal'),
	(6, 'regress_upstream', $$ SELECT take_feed('up', 0) $$, '22023 n is at least 1, retry_after not negative.', 'no message at all'),
	(7, 'regress_upstream', $$ SELECT take_feed('up', 1, '-1 s') $$, '22023 n is at least 1, retry_after not negative.', 'retry before it was taken'),
	(8, 'regress_upstream', $$ SELECT acknowledge_feed('up', '{0}') $$, '42704 | The numbers are those that citycredit.take_feed() gave.', 'a number that is none'),
	(9, 'regress_upstream', format($$ SELECT acknowledge_feed('up', '{%s}') $$, (SELECT max(feed_id) FROM feed WHERE receiver = 'court')), '42704 | The numbers are those that citycredit.take_feed() gave.', 'a number of another''s message'),
	(10, 'regress_upstream', $$ SELECT acknowledge_feed('up', NULL) $$, '22004', 'no numbers'),
	(11, 'regress_upstream', $$ SELECT fail_feed('up', 1, ' ') $$, '22023 | Say why: it is kept with the message.', 'a refusal without a reason'),
	(12, 'regress_upstream', $$ SELECT receive_feed('nobody', '[]') $$, '42704 | The senders are in citycredit.feed_sender.', 'no such sender'),
	(13, 'regress_upstream', $$ SELECT receive_feed('city', '[]') $$, '42501 | Each sender is bound to one role, in citycredit.feed_sender.', 'another''s delivery'),
	(14, 'regress_neighbour', $$ SELECT receive_feed('city', '{}') $$, '22023 | Give what citycredit.take_feed() gave as a JSON array of objects.', 'no array'),
	(15, 'none', $$ UPDATE feed SET payload = '{}' $$, '55000 What was told, and when it was acknowledged, stays on record. | citycredit.collect_feed() tells what has changed.', 'a rewritten message'),
	(16, 'none', $$ UPDATE feed SET acknowledged_at = NULL $$, '55000 What was told, and when it was acknowledged, stays on record. | citycredit.collect_feed() tells what has changed.', 'an acknowledgement taken back'),
	(17, 'none', $$ DELETE FROM feed $$, '55000 What was told, and when it was acknowledged, stays on record. | citycredit.collect_feed() tells what has changed.', 'a message deleted'),
	(19, 'none', $$ INSERT INTO feed_receiver (receiver, role, title, kinds) VALUES ('x', 'x', 'x', '{score}') $$, '23514', 'a kind that is not fed')
  ) AS v (n, role, statement, says, what)
 CROSS JOIN LATERAL (SELECT x.code, CASE WHEN v.n = 19 THEN '' ELSE x.detail END AS detail, x.hint FROM pg_temp.refusal(v.role, v.statement) AS x) AS r
 ORDER BY v.n;
SELECT throws_ok('TRUNCATE feed', '55000', 'cannot truncate messages of the feed', 'all of them');
UPDATE feed_receiver SET active = false WHERE receiver = 'court';
UPDATE feed_sender SET active = false;
SELECT is(r.code || ' ' || r.hint, '55000 Set active in citycredit.feed_receiver: what has changed meanwhile is told then.', 'a receiver that is switched off') FROM pg_temp.refusal('regress_neighbour', $$ SELECT take_feed('court') $$) AS r;
SELECT is(r.code || ' ' || r.hint, '55000 Set active in citycredit.feed_sender.', 'a sender that is switched off') FROM pg_temp.refusal('regress_neighbour', $$ SELECT receive_feed('city', '[]') $$) AS r;
UPDATE feed_sender SET active = true;

-- ---------------------------------------------------------------------------
-- What comes in
-- ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.receive(messages jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN pg_temp.run('regress_neighbour', format('SELECT string_agg(concat_ws('' '', r.key, r.revision, r.result, r.problem), ''; '' ORDER BY r.place) FROM receive_feed(''city'', %L) AS r', messages));
END
$$;
INSERT INTO source (source, kind, name, trusted_from) VALUES ('city', 'score', '市平台', '2020-01-01');
CREATE FUNCTION pg_temp.grade(revision integer, score numeric, band text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_array(jsonb_build_object('key', '7', 'revision', revision, 'kind', 'grade', 'action', 'put',
		'payload', jsonb_build_object('subject_code', '91110000600037341L', 'policy', 'city', 'score', score, 'band', band))) $$;
SELECT is(pg_temp.receive(pg_temp.grade(1, 85.5, 'B')), '7 1 applied', 'a grade from above');
SELECT results_eq($$ SELECT awarded_points, state, source, authority, version, entered_by FROM record WHERE kind = 'score' AND known_until = 'infinity' $$,
	$$ VALUES (855000::bigint, 'B', 'city', '11320400014109445U', 1::smallint, 'regress_neighbour') $$, '  is a record of an outside score');
SELECT is(pg_temp.receive(pg_temp.grade(3, 70, 'C')), '7 3 applied', 'a later one');
SELECT is(pg_temp.receive(pg_temp.grade(2, 60, 'D')) || ', ' || pg_temp.receive(pg_temp.grade(3, 60, 'D')), '7 2 ignored, 7 3 ignored', 'lower and equal revisions are ignored');
SELECT results_eq($$ SELECT awarded_points, state, version, verified_by FROM record WHERE kind = 'score' AND known_until = 'infinity' $$, $$ VALUES (700000::bigint, 'C', 2::smallint, NULL::text) $$,
	'  the record has a new version');
SELECT is(pg_temp.receive('[{"key": "7", "revision": 4, "kind": "grade", "action": "withdraw", "reason": "revoked"}]'), '7 4 applied', 'withdrawn');
SELECT is((SELECT revoked_on FROM record WHERE kind = 'score' AND known_until = 'infinity'), date '2024-08-03', '  it is revoked');
SELECT is(pg_temp.receive(pg_temp.grade(1, 85.5, 'B')), '7 1 ignored', '  and an old put does not bring it back');
SELECT is(pg_temp.receive(pg_temp.grade(5, 90, 'A')), '7 5 applied', 'a new one does');
SELECT results_eq($$ SELECT awarded_points, revoked_on, version FROM record WHERE kind = 'score' AND known_until = 'infinity' $$, $$ VALUES (900000::bigint, NULL::date, 4::smallint) $$, '  as a version of the same record');
SELECT is(pg_temp.receive('[{"key": "8", "revision": 1, "kind": "listing", "action": "put", "payload": {"subject_code": "91420684MA4927PJ7B", "list": "black", "list_name": "失信被执行人", "department": "法院",
	"basis_title": "规定", "basis_rank": "law", "basis_article": "第一条", "reason": "未履行", "listed_from": "2024-08-01", "listed_until": "2026-07-31"}}]'), '8 1 applied', 'a list of others');
SELECT results_eq($$ SELECT origin, list, source, document, listed_until FROM list_entry WHERE origin = 'imported' $$, $$ VALUES ('imported', 'black', 'city', 'city/8/1', date '2026-07-31') $$, '  is taken over, with source and term');
SELECT is(pg_temp.receive('[{"key": "8", "revision": 2, "kind": "listing", "action": "put", "payload": {"subject_code": "91420684MA4927PJ7B", "list": "black", "list_name": "失信被执行人", "department": "法院",
	"basis_title": "规定", "basis_rank": "law", "basis_article": "第一条", "reason": "未履行", "listed_from": "2024-08-01", "listed_until": "2025-07-31"}}]'), '8 2 applied', 'with a shorter term');
SELECT set_eq($$ SELECT document, removed_on FROM list_entry WHERE origin = 'imported' $$, $$ VALUES ('city/8/1', date '2024-08-03'), ('city/8/2', NULL) $$, '  the one ends, the other begins');
SELECT is(pg_temp.receive('[{"key": "8", "revision": 3, "kind": "listing", "action": "withdraw", "reason": "delisted"}]'), '8 3 applied', 'delisted');
SELECT is_empty($$ SELECT FROM listing WHERE origin = 'imported' AND stage = 'listed' $$, '  and nobody is on it');
SELECT is(pg_temp.receive('[{"key": "9", "revision": 1, "kind": "penalty", "action": "put", "payload": {"CF_WSH": "x"}}, {"key": "10", "revision": 1, "kind": "grade", "action": "put", "payload": {"subject_name": "欧＊"}}]'),
	'9 1 kept; 10 1 kept', 'the rest is kept as received, and so is what is about nobody here');
SELECT is(pg_temp.receive(v.message::jsonb), v.says, v.what)
  FROM (VALUES
	(1, '[{"key": "11", "revision": 0, "kind": "grade", "action": "put", "payload": {}}]', '11 refused invalid message', 'a revision of nought'),
	(2, '[{"key": "11", "revision": 1.5, "kind": "grade", "action": "put", "payload": {}}]', '11 refused invalid message', 'half a revision'),
	(3, '[{"key": "11", "revision": 1, "kind": "grade", "action": "move", "payload": {}}]', '11 refused invalid message', 'no such action'),
	(4, '[{"key": "11", "revision": 1, "kind": "grade", "action": "put"}]', '11 refused invalid message', 'a put of nothing'),
	(5, '[{"key": "11", "revision": 1, "kind": "grade", "action": "withdraw"}]', '11 refused invalid message', 'a withdrawal without a reason'),
	(6, '[1, null]', 'refused invalid message; refused invalid message', 'no objects'),
	(7, '[{"key": "12", "revision": 1, "kind": "grade", "action": "put", "payload": {"subject_code": "91110000600037341M"}}]', '12 1 refused invalid input syntax for type subject_code: "91110000600037341M"', 'a code that is none'),
	(8, '[{"key": "13", "revision": 1, "kind": "grade", "action": "put", "payload": {"subject_code": "91110000600037341L", "score": 0.00001}}]', '13 1 refused scores have at most four decimals', 'a score too fine'),
	(9, '[{"key": "7", "revision": 6, "kind": "grade", "action": "put", "payload": {"subject_code": "91420684MA4927PJ7B"}}]', '7 6 refused key "7" is about another subject than before', 'a key that changes its subject'),
	(10, '[{"key": "14", "revision": 1, "kind": "listing", "action": "put", "payload": {"subject_code": "91420684MA4927PJ7B"}}, {"key": "15", "revision": 1, "kind": "act", "action": "put", "payload": {}}]',
		'14 1 refused an imported entry needs every argument; 15 1 kept', 'one that is refused does not hold up the others')
  ) AS v (n, message, says, what) ORDER BY v.n;
SELECT is_empty($$ SELECT FROM feed_inbox WHERE key IN ('11', '12', '13', '14') $$, 'what was refused may come again');
SELECT is((SELECT revision FROM feed_inbox WHERE key = '7'), 5::bigint, '  under the same revision');
SELECT * FROM finish();
ROLLBACK;
