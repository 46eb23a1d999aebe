-- tap_feed_inbox.sql -- what platforms send becomes records by the intake, is changed and ended by them alone, and never goes back; gaps of grades
\set ECHO none
\i test/include/lists.psql
SELECT plan(56);
SET LOCAL datestyle = 'ISO, YMD';
CREATE ROLE regress_city;
CREATE ROLE regress_province;
CREATE ROLE regress_etl;
SELECT grant_profile('regress_city', 'exchange'), grant_profile('regress_province', 'exchange'), grant_profile('regress_etl', 'etl') \g /dev/null
INSERT INTO feed_receiver (receiver, role, title, kinds, policies) VALUES
	('city', 'regress_city', '市平台', '{penalty,permit,award,act,gap}', NULL), ('province', 'regress_province', '省平台', '{penalty,permit,award,act}', NULL);
INSERT INTO feed_sender (sender, role, title, authority, source) VALUES ('city', 'regress_city', '市平台', '11320400014109445U', 'city');
INSERT INTO source (source, kind, name, trusted_from) SELECT 'city', k.kind, '市平台', '2020-01-01' FROM unnest(ARRAY['penalty', 'permit', 'award', 'score']) AS k (kind);

CREATE FUNCTION pg_temp.receive(messages jsonb) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN pg_temp.run('regress_city', format('SELECT string_agg(concat_ws('' '', r.key, r.revision, r.result, r.problem), ''; '' ORDER BY r.place) FROM receive_feed(''city'', %L) AS r', messages));
END
$$;
CREATE FUNCTION pg_temp.process() RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.run('regress_etl', $q$ SELECT string_agg(concat_ws(' ', form, taken, accepted, held, rejected, duplicates), '; ' ORDER BY form) FROM citycredit.process_intake() WHERE taken > 0 $q$) $$;
CREATE FUNCTION pg_temp.penalty(key text, revision integer, changes jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_array(jsonb_build_object('key', key, 'revision', revision, 'kind', 'penalty', 'action', 'put', 'payload', '{"CF_XDR_MC": "丙绿化有限公司",
		"CF_XDR_LB": "法人及非法人组织", "CF_XDR_SHXYM": "9144060573144633XL", "CF_FRDB": "张＊", "CF_WSH": "市罚1号", "CF_WFXW": "遗撒", "CF_SY": "事实", "CF_YJ": "规定", "CF_CFLB": "罚款;没收违法所得",
		"CF_NR": "罚款", "CF_NR_FK": "2.000000", "CF_NR_WFFF": "1.000000", "CF_JDRQ": "2024-02-20", "CF_CFJG": "市局", "CF_CFJGDM": "11321000000000019H",
		"CF_SJLY": "市局", "CF_SJLYDM": "11321000000000019H"}'::jsonb || changes)) $$;
CREATE FUNCTION pg_temp.withdrawal(key text, revision integer, reason text, kind text DEFAULT 'penalty') RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_array(jsonb_build_object('key', key, 'revision', revision, 'kind', kind, 'action', 'withdraw', 'reason', reason)) $$;
CREATE FUNCTION pg_temp.now(document text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', r.version, r.amount_fen, r.fine_fen, r.source, 'revoked ' || r.revoked_on, 'repaired ' || r.repaired_on, 'until ' || r.publicity_until, 'severity ' || r.severity)
	  FROM citycredit.record AS r WHERE r.document = now.document AND r.known_until = 'infinity' $$;
CREATE FUNCTION pg_temp.waiting(document text) RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM citycredit.unverified_record AS u WHERE u.document = waiting.document $$;
CREATE FUNCTION pg_temp.outcome(key text) RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' ', f.outcome, nullif(array_to_string(f.ended, ','), '')) FROM citycredit.feed_received AS f WHERE f.key = outcome.key $$;
CREATE FUNCTION pg_temp.id(document text) RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT r.record_id FROM citycredit.record AS r WHERE r.document = id.document AND r.known_until = 'infinity' $$;

-- ---------------------------------------------------------------------------
-- Through the intake, with its checks
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.receive(pg_temp.penalty('1', 1)), '1 1 queued', 'a penalty from above');
SELECT is(pg_temp.outcome('1'), 'waiting', '  waits in the form');
SELECT is(pg_temp.process(), 'penalty 1 1 0 0 0', '  and is taken in');
SELECT is(pg_temp.now('市罚1号'), '1 3000000 2000000 city', '  as of the sender''s source, whatever source it claims');
SELECT is(pg_temp.outcome('1'), 'accepted', '  which is noted');
SELECT is(pg_temp.receive(pg_temp.penalty('2', 1, '{"CF_WSH": "市罚2号", "CF_NR_FK": "two", "CF_JDRQ": "2024-02-30"}')) || ', ' || pg_temp.process(), '2 1 queued, penalty 1 0 0 1 0', 'a bad one is refused by the intake');
SELECT is((SELECT string_agg(x.r ->> 'code', ' ') FROM feed_received AS f JOIN intake_reject AS j ON j.reject_id = f.reject_id CROSS JOIN jsonb_array_elements(j.reasons) AS x (r) WHERE f.key = '2'),
	'day_format amount_format', '  with every reason');
SELECT is(pg_temp.receive(pg_temp.penalty('2', 2, '{"CF_WSH": "市罚2号"}')) || ', ' || pg_temp.process(), '2 2 queued, penalty 1 1 0 0 0', '  a later message may be better');
SELECT is(r.code || ' ' || r.hint, '55000 What became of its messages is in citycredit.feed_received.', '  and then the refused row is not fed again')
  FROM (SELECT max(reject_id) AS reject FROM intake_reject) AS j CROSS JOIN LATERAL pg_temp.refusal('regress_officer', format('SELECT feed_again(%s)', j.reject)) AS r;
SELECT is(pg_temp.receive(pg_temp.penalty('3', 1, '{"CF_WSH": "市罚3号", "CF_NR_FK": "two"}')) || ', ' || pg_temp.process(), '3 1 queued, penalty 1 0 0 1 0', 'another bad one');
SELECT pg_temp.run('regress_officer', format($$ SELECT feed_again(%s, '{"cf_nr_fk": "2"}') $$, (SELECT max(reject_id) FROM intake_reject))) \g /dev/null
SELECT is(pg_temp.process() || ', ' || pg_temp.outcome('3'), 'penalty 1 1 0 0 0, accepted', '  corrected here it is taken in');
SELECT is(pg_temp.now('市罚3号'), '1 3000000 2000000 city', '  as of the sender''s source');
SELECT is(pg_temp.receive('[{"key": "4", "revision": 1, "kind": "permit", "action": "put", "payload": {"XK_XDR_MC": "丙绿化有限公司", "XK_XDR_LB": "法人及非法人组织", "XK_XDR_SHXYM": "9144060573144633XL",
	"XK_FRDB": "张＊", "XK_XKWS": "核准书", "XK_WSH": "市许1号", "XK_XKLB": "核准", "XK_NR": "处置", "XK_JDRQ": "2024-01-10", "XK_YXQZ": "2024-01-10", "XK_YXQZI": "2024-12-31",
	"XK_XKJG": "市局", "XK_XKJGDM": "11321000000000019H", "XK_LYDW": "市局", "XK_LYDWDM": "11321000000000019H"}},
	{"key": "5", "revision": 1, "kind": "award", "action": "put", "payload": {"kind": "participation", "subject_name": "丙绿化有限公司", "subject_code": "9144060573144633XL", "document": "市奖1号", "title": "先进",
	"decided_on": "2024-01-11", "authority_code": "11321000000000019H"}},
	{"key": "6", "revision": 1, "kind": "penalty", "action": "put", "payload": {"CF_XDR_MC": "欧＊", "CF_XDR_LB": "自然人", "CF_WSH": "市罚9号"}},
	{"key": "7", "revision": 1, "kind": "commitment", "action": "put", "payload": {"subject_code": "9144060573144633XL"}}]'),
	'4 1 queued; 5 1 queued; 6 1 kept; 7 1 kept', 'permits and other acts go to their forms; who is masked is nobody here, and commitments have no form');
SELECT is(pg_temp.process(), 'act 1 1 0 0 0; permit 1 1 0 0 0', '  both are taken in');
SELECT set_eq($$ SELECT kind, document, source FROM record WHERE document LIKE '市_1号' AND kind <> 'penalty' $$, $$ VALUES ('permit', '市许1号', 'city'), ('award', '市奖1号', 'city') $$, '  of the kind that the message has');
SELECT is(pg_temp.receive(pg_temp.penalty('8', 1, '{"CF_WSH": "市罚8号", "CF_XDR_SHXYM": "91110000600037341M"}')), '8 1 refused invalid input syntax for type subject_code: "91110000600037341M"', 'a code that is none');
SELECT is(pg_temp.receive(pg_temp.penalty('1', 2, '{"CF_XDR_SHXYM": "91110000600037341L"}')), '1 2 refused key "1" is about another subject than before', 'a key that changes its subject');
SELECT is(pg_temp.receive(pg_temp.withdrawal('1', 2, 'revoked', 'permit')), '1 2 refused key "1" is of another kind than before', '  or its kind');

-- ---------------------------------------------------------------------------
-- Changed and ended by the sender, and by nobody else
-- ---------------------------------------------------------------------------
SELECT pg_temp.run('regress_officer', format($$ SELECT classify_record('9144060573144633XL', %L, severity => 'serious', reason => '认定') $$, pg_temp.id('市罚1号'))) IS NOT NULL AS done \gset
SELECT pg_temp.run('regress_head', format($$ SELECT verify_record('9144060573144633XL', %L) $$, pg_temp.id('市罚1号'))) \g /dev/null
SELECT pg_temp.receive(pg_temp.penalty('1', 2, '{"CF_NR_FK": "1.500000"}')) \g /dev/null
SELECT is(pg_temp.process() || ', ' || pg_temp.outcome('1'), 'penalty 1 1 0 0 0, amended', 'a later message changes the record');
SELECT is(pg_temp.now('市罚1号'), '3 2500000 1500000 city severity serious', '  but not what the department found');
SELECT pg_temp.receive(pg_temp.penalty('1', 3, '{"CF_NR_FK": "1.500000"}')) \g /dev/null
SELECT is(pg_temp.process(), 'penalty 1 0 0 0 1', 'the same once more is no change');
SELECT is(pg_temp.receive(pg_temp.penalty('1', 2)) || ', ' || coalesce(pg_temp.process(), 'nothing'), '1 2 ignored, nothing', 'an old one is ignored');
SELECT pg_temp.receive(pg_temp.penalty('1', 4, '{"CF_NR_FK": "2.000000"}')) \g /dev/null
SELECT is(pg_temp.process() || ', ' || pg_temp.now('市罚1号'), 'penalty 1 1 0 0 0, 4 3000000 2000000 city severity serious', 'what it was at first it may be again');
SELECT is(pg_temp.receive(pg_temp.withdrawal('1', 5, 'revoked')) || ', ' || pg_temp.outcome('1'), '1 5 applied, amended revoked', 'withdrawn');
SELECT is(pg_temp.now('市罚1号'), '5 3000000 2000000 city revoked 2024-03-01 severity serious', '  it is revoked, at once');
SELECT is(pg_temp.receive(pg_temp.penalty('1', 4)) || ', ' || coalesce(pg_temp.process(), 'nothing'), '1 4 ignored, nothing', '  an old put does not bring it back');
SELECT pg_temp.receive(pg_temp.penalty('1', 6)) \g /dev/null
SELECT is(pg_temp.now('市罚1号') || ', ' || pg_temp.process() || ', ' || pg_temp.now('市罚1号'),
	'5 3000000 2000000 city revoked 2024-03-01 severity serious, penalty 1 1 0 0 0, 6 3000000 2000000 city severity serious', '  a new one does, when it is processed');
SELECT pg_temp.receive(pg_temp.withdrawal('1', 7, 'repaired')) \g /dev/null
SELECT is(pg_temp.now('市罚1号'), '7 3000000 2000000 city repaired 2024-03-01 severity serious', 'repaired above, it is repaired here');
SELECT pg_temp.receive(pg_temp.penalty('1', 8)) \g /dev/null
SELECT pg_temp.receive(pg_temp.withdrawal('1', 9, 'expired')) \g /dev/null
SELECT is(coalesce(pg_temp.process(), 'nothing') || ', ' || pg_temp.outcome('1'), 'nothing, withdrawn repaired,expired', 'put and withdrawn before it was processed: nothing waits any more');
SELECT is(pg_temp.now('市罚1号'), '8 3000000 2000000 city repaired 2024-03-01 until 2024-02-29 severity serious', '  it stays repaired, and is out of publicity');
SELECT pg_temp.receive(pg_temp.penalty('1', 10)) \g /dev/null
SELECT is(pg_temp.process() || ', ' || pg_temp.now('市罚1号'), 'penalty 1 1 0 0 0, 9 3000000 2000000 city severity serious', 'what its withdrawals ended comes back with its next message');
-- ended here
SELECT pg_temp.run('regress_officer', format($$ SELECT revoke_record('9144060573144633XL', %L, '2024-03-01', '异议成立') $$, pg_temp.id('市罚1号'))) \g /dev/null
SELECT pg_temp.receive(pg_temp.penalty('1', 11, '{"CF_NR_FK": "1.000000"}')) \g /dev/null
SELECT is(pg_temp.process() || ', ' || pg_temp.now('市罚1号'), 'penalty 1 1 0 0 0, 11 2000000 1000000 city revoked 2024-03-01 severity serious', 'what was revoked here stays revoked, whatever it is now');
SELECT pg_temp.receive(pg_temp.withdrawal('1', 12, 'expired')) \g /dev/null
SELECT is(pg_temp.outcome('1'), 'amended', '  a withdrawal has nothing to end');
SELECT pg_temp.receive(pg_temp.penalty('1', 13)) \g /dev/null
SELECT is(pg_temp.process() || ', ' || pg_temp.now('市罚1号'), 'penalty 1 1 0 0 0, 12 3000000 2000000 city revoked 2024-03-01 severity serious', '  and a put nothing to bring back');
-- a document numbered anew, and one that was here before
SELECT pg_temp.receive(pg_temp.penalty('2', 3, '{"CF_WSH": "市罚22号"}')) \g /dev/null
SELECT is(pg_temp.process() || ', ' || pg_temp.now('市罚2号') || ', ' || pg_temp.now('市罚22号'), 'penalty 1 1 0 0 0, 2 3000000 2000000 city revoked 2024-03-01, 1 3000000 2000000 city',
	'a document numbered anew ends under its old number');
INSERT INTO record (subject, kind, document, authority, source, decided_on, amount_fen, fine_fen, penalty_kind) VALUES
	('9144060573144633XL', 'penalty', '区罚1号', '11321000000000019H', 'regress', '2024-02-20', 3000000, 2000000, 'confiscation_of_gains');
SELECT pg_temp.receive(pg_temp.penalty('9', 1, '{"CF_WSH": "区罚1号"}')) \g /dev/null
SELECT is(pg_temp.process() || ', ' || pg_temp.outcome('9'), 'penalty 1 0 0 0 1, duplicate', 'a document of our own that comes back');
SELECT pg_temp.receive(pg_temp.withdrawal('9', 2, 'revoked')) \g /dev/null
SELECT is(pg_temp.now('区罚1号'), '1 3000000 2000000 regress', '  is not theirs to end');
SELECT pg_temp.receive(pg_temp.penalty('9', 3, '{"CF_WSH": "区罚1号", "CF_NR_FK": "9.000000"}')) \g /dev/null
SELECT is(pg_temp.process() || ', ' || pg_temp.now('区罚1号'), 'penalty 1 0 0 1 0, 1 3000000 2000000 regress', '  nor to change');
-- whom nobody trusts for it
UPDATE source SET trusted_until = '2024-03-01' WHERE source = 'city' AND kind = 'penalty' AND known_until = 'infinity';
SELECT pg_temp.receive(pg_temp.penalty('10', 1, '{"CF_WSH": "市罚10号"}')) \g /dev/null
SELECT is(pg_temp.process() || ', ' || pg_temp.waiting('市罚10号'), 'penalty 1 1 0 0 0, 1', 'of a source that is not trusted it waits for a second person');
SELECT pg_temp.run('regress_head', format($$ SELECT verify_record('9144060573144633XL', %L) $$, pg_temp.id('市罚10号'))) \g /dev/null
SELECT pg_temp.receive(pg_temp.penalty('10', 2, '{"CF_WSH": "市罚10号", "CF_NR_FK": "1.000000"}')) \g /dev/null
SELECT is(pg_temp.process() || ', ' || pg_temp.waiting('市罚10号'), 'penalty 1 1 0 0 0, 1', '  and again when it is changed: another content was verified');
SELECT pg_temp.run('regress_head', format($$ SELECT verify_record('9144060573144633XL', %L) $$, pg_temp.id('市罚10号'))) \g /dev/null

-- results and lists that were ended here
SELECT pg_temp.receive('[{"key": "20", "revision": 1, "kind": "grade", "action": "put", "payload": {"subject_code": "9144060573144633XL", "policy": "city", "score": 80, "band": "B"}}]') \g /dev/null
SELECT pg_temp.run('regress_officer', format($$ SELECT revoke_record('9144060573144633XL', %L, '2024-03-01', '异议成立') $$, pg_temp.id('city/20'))) \g /dev/null
SELECT is(pg_temp.receive('[{"key": "20", "revision": 2, "kind": "grade", "action": "put", "payload": {"subject_code": "9144060573144633XL", "policy": "city", "score": 70, "band": "C"}}]'), '20 2 applied', 'a result that was revoked here');
SELECT results_eq($$ SELECT awarded_points, revoked_on FROM record WHERE document = 'city/20' AND known_until = 'infinity' $$, $$ VALUES (700000::bigint, date '2024-03-01') $$, '  stays revoked');
CREATE FUNCTION pg_temp.listing(revision integer, until text) RETURNS jsonb LANGUAGE sql AS $$
	SELECT jsonb_build_array(jsonb_build_object('key', '21', 'revision', revision, 'kind', 'listing', 'action', 'put', 'payload', jsonb_build_object('subject_code', '91420684MA4927PJ7B', 'list', 'black',
		'list_name', '失信被执行人', 'department', '法院', 'basis_title', '规定', 'basis_rank', 'law', 'basis_article', '第一条', 'reason', '未履行', 'listed_from', '2024-02-01', 'listed_until', until))) $$;
SELECT pg_temp.receive(pg_temp.listing(1, '2026-01-31')) \g /dev/null
SELECT pg_temp.run('regress_head', format($$ SELECT remove_listing(%s, '2024-03-01', '已履行') $$, (SELECT entry_id FROM feed_inbox WHERE key = '21'))) \g /dev/null
SELECT is(pg_temp.receive(pg_temp.listing(2, '2025-01-31')), '21 2 kept', 'an entry that was removed here is not taken over again');
SELECT is((SELECT count(*) FROM list_entry WHERE origin = 'imported'), 1::bigint, '  under no other term');

-- ---------------------------------------------------------------------------
-- What came from a platform is not told to it
-- ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.told(receiver text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(DISTINCT coalesce(t.identity ->> 'CF_WSH', t.identity ->> 'XK_WSH', t.identity ->> 'document'), ' ') FROM citycredit.feed_told AS t
	 WHERE t.receiver = told.receiver AND NOT t.withdrawn AND t.subject::text = '9144060573144633XL' AND t.kind <> 'gap' $$;
SELECT collect_feed('city'), collect_feed('province') \g /dev/null
SELECT is(pg_temp.told('city'), '区罚1号', 'the city has what is ours');
SELECT is(pg_temp.told('province'), '区罚1号 市奖1号 市罚10号 市许1号', 'the province what came from the city as well, but not what has ended or is not verified');
UPDATE feed_sender SET receiver = 'province' WHERE sender = 'city';
SELECT collect_feed('city'), collect_feed('province') \g /dev/null
SELECT is(pg_temp.told('province'), '区罚1号', 'unless it is the same platform');
SELECT set_eq($$ SELECT DISTINCT reason FROM feed WHERE receiver = 'province' AND action = 'withdraw' $$, ARRAY['withheld'], '  then it is taken back');

-- ---------------------------------------------------------------------------
-- Grades two or more apart
-- ---------------------------------------------------------------------------
SELECT replace(replace(:'yaml', 'policy: regress-lists', 'policy: regress-other'), 'scale: {A: A, B: D}', 'scale: {A: A, B: B}') AS other_yaml \gset
SELECT pg_temp.run('regress_editor', format('SELECT load_policy(%L)', :'other_yaml')) \g /dev/null
SELECT pg_temp.run('regress_head_editor', $$ SELECT adopt_policy('regress-other', '1') $$) \g /dev/null
SELECT pg_temp.run('regress_head_editor', $$ SELECT record_policy_publication('regress-lists', '1', '2019-12-01') $$) \g /dev/null
CREATE FUNCTION pg_temp.gaps() RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	last bigint := (SELECT coalesce(max(f.feed_id), 0) FROM citycredit.feed AS f);
BEGIN
	PERFORM citycredit.collect_feed('city');
	RETURN QUERY SELECT concat_ws(' ', f.payload ->> 'subject_name', f.action, f.reason, f.payload ->> 'grade_better', f.payload ->> 'grade_worse', f.payload ->> 'distance')
	               FROM citycredit.feed AS f WHERE f.feed_id > last AND f.receiver = 'city' AND f.kind = 'gap';
END
$$;
SELECT set_eq('SELECT * FROM pg_temp.gaps()', ARRAY[]::text[], 'no gap is told with a measure that is not published');
SELECT pg_temp.run('regress_head_editor', $$ SELECT record_policy_publication('regress-other', '1', '2019-12-01') $$) \g /dev/null
SELECT set_eq('SELECT * FROM pg_temp.gaps()', ARRAY['甲渣土运输有限公司 put B D 2', '乙环卫有限公司 put B D 2', '欧＊ put B D 2'], 'grades two apart are told, with both');
SELECT is(f.payload - 'subject_kind', jsonb '{"subject_name": "乙环卫有限公司", "subject_code": "91420684MA4927PJ7B", "policy_better": "regress-other", "policy_worse": "regress-lists", "title_better": "测试信用评价办法",
	"title_worse": "测试信用评价办法", "department_better": "测试局", "department_worse": "测试局", "grade_better": "B", "grade_worse": "D", "distance": 2, "since": "2024-03-01"}', '  the measures and departments, and since when')
  FROM feed AS f WHERE f.kind = 'gap' AND f.payload ->> 'subject_name' = '乙环卫有限公司';
SELECT is((SELECT count(*) FROM grade_gap WHERE NOT example AND subject::text <> 'PELDB1FB2CB0F37UX8'), 2::bigint, '  as the view has them');
SELECT pg_temp.run('regress_officer', format($$ SELECT revoke_record('91420684MA4927PJ7B', %L, '2024-03-01', 'wrong') $$, pg_temp.id('P3'))) \g /dev/null
SELECT set_eq('SELECT * FROM pg_temp.gaps()', ARRAY['乙环卫有限公司 withdraw superseded'], 'a gap that has closed is withdrawn');
UPDATE feed_receiver SET policies = '{regress-lists}' WHERE receiver = 'city';
SELECT set_eq('SELECT * FROM pg_temp.gaps()', ARRAY[]::text[], 'a receiver for one of the measures is told');
UPDATE feed_receiver SET policies = '{another}' WHERE receiver = 'city';
SELECT is((SELECT count(*) FROM pg_temp.gaps()), 2::bigint, '  one for neither is not');
SELECT collect_feed('province') \g /dev/null
SELECT is(collect_feed('city', true) + collect_feed('province', true), 0::bigint, 'in full there is nothing else to tell');
SELECT * FROM finish();
ROLLBACK;
