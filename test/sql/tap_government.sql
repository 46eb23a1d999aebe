-- tap_government.sql -- government bodies and officials: graded like everybody, seen by few, published by nothing unless a measure says so
\set ECHO none
\i test/include/lists.psql
SELECT plan(126);
CREATE ROLE regress_integrity;
CREATE ROLE regress_both;
CREATE ROLE regress_both_head;
CREATE ROLE regress_analyst;
CREATE ROLE regress_auditor;
CREATE ROLE regress_publisher;
CREATE ROLE regress_etl;
CREATE ROLE regress_upstream;
SELECT grant_profile('regress_integrity', 'integrity'), grant_profile('regress_both', 'integrity'), grant_profile('regress_both', 'officer'),
       grant_profile('regress_both_head', 'integrity'), grant_profile('regress_both_head', 'officer'), grant_profile('regress_analyst', 'analyst'),
       grant_profile('regress_auditor', 'auditor'), grant_profile('regress_publisher', 'publisher'), grant_profile('regress_etl', 'etl'),
       grant_profile('regress_upstream', 'exchange') \g /dev/null
INSERT INTO department_competence (department, role, duty, valid_from) VALUES
	('测试局', 'regress_both', 'officer', '2020-01-01'), ('测试局', 'regress_both_head', 'decider', '2020-01-01'),
	('监察局', 'regress_both', 'officer', '2020-01-01'), ('监察局', 'regress_integrity', 'officer', '2020-01-01');
\set body 11320400014109576H
\set other_body 11320400014109445M

-- ---------------------------------------------------------------------------
-- A body and an official, a measure of their own, records by COPY
-- ---------------------------------------------------------------------------
SELECT register_subject(:'body', '某区城市管理局', 'government_body'), pg_temp.run('regress_officer', format('SELECT register_subject(%L, %L)', :'other_body', '某区住房局')) \g /dev/null
SELECT is((SELECT kind FROM subject WHERE subject = :'other_body'), 'government_body', 'the code makes it a government body');
SELECT throws_ok(format('SELECT register_subject(%L, NULL, %L)', :'body', 'legal_person'), '23514', NULL, 'and it cannot be registered as anything else');
SELECT register_person('护照', 'E12345678', '司马某某') AS official \gset
SELECT is(r.code || ' ' || r.hint, v.says, v.what)
  FROM (VALUES
	(1, 'regress_integrity', format($$ SELECT register_official(%L, %L, '局长', '2024-01-01', NULL) $$, :'official', :'body'), '22004 ', 'an office without its document'),
	(2, 'regress_integrity', format($$ SELECT register_official(%L, '91110000600037341L', '局长', '2024-01-01', '令') $$, :'official'), 'P0002 Register it by citycredit.register_subject().', 'an office at a firm'),
	(3, 'regress_integrity', format($$ SELECT register_official(%1$L, %1$L, '局长', '2024-01-01', '令') $$, :'body'), 'P0002 Use citycredit.register_person(): it finds or makes the code of a natural person.', 'a body is no official'),
	(4, 'regress_officer', format($$ SELECT register_official(%L, %L, '局长', '2024-01-01', '令') $$, :'official', :'body'), '42501 ', 'officers register none'),
	(5, 'regress_officer', $$ SELECT register_subject('91110000600037341L', NULL, 'government_body') $$, '42501 The profile "integrity" allows it; an official is registered by citycredit.register_official().',
		'nor do they take a firm out of sight'),
	(6, 'regress_officer', format($$ SELECT register_subject(%L, '改名') $$, :'body'), '42501 The profile "integrity" opens them.', 'nor rename a body'),
	(7, 'regress_integrity', format($$ SELECT end_office(%L, %L, '2024-12-31', '令') $$, :'official', :'body'), 'P0002 The offices are in citycredit.government_subject.', 'the end of no office'),
	(8, 'regress_integrity', format($$ SELECT end_office(%L, %L, NULL, '令') $$, :'official', :'body'), '22004 ', '  or of no day')
  ) AS v (n, role, statement, says, what) CROSS JOIN LATERAL pg_temp.refusal(v.role, v.statement) AS r ORDER BY v.n;
SELECT pg_temp.run('regress_integrity', format($$ SELECT register_official(%L, %L, '局长', '2024-01-01', '令〔2024〕1号') $$, :'official', :'body')) \g /dev/null

SELECT $yaml$policy: regress-integrity
title: 测试政务诚信评价办法
version: "1"
issuer: 测试局
example: false
in_force: {from: 2020-01-01}
sources:
  measure: {title: 测试政务诚信评价办法, number: 测〔2020〕3号, rank: normative_document}
inputs: [participation, act, penalty]
applies_to:
  subject_kinds: [government_body, natural_person]
  enrolled_by: {kind: participation, field: government, state: taking_part}
score: {base: 100, decimals: 0}
items:
  - {id: promise, name: 未履行政策承诺或者合同, match: {kind: act, field: government}, points: -20, window: {from: decided_on, months: 24}, cite: {source: measure, article: 第五条}}
bands:
  choose: best
  gap: refer
  step: 1
  cite: {source: measure, article: 第六条}
  of:
    - {id: A, name: 守信, when: {score: {at_least: 100}}}
    - {id: B, name: 一般, when: {score: {at_least: 60, below: 100}}}
    - {id: C, name: 失信, when: {score: {below: 60}}}
scale: {A: A, B: C, C: D}
ratings:
  - {id: month, name: 月度评价, period: month, version_by: end, facts_until: {days: 0}, repairs_until: {days: 0}, valid: {months: 12}, on_correction: subject_only, cite: {source: measure, article: 第七条}}
$yaml$ AS own_yaml \gset
SELECT replace(replace(replace(:'yaml', 'policy: regress-lists', 'policy: regress-what-if'), 'version: "1"', 'version: "2"'), 'points: -10', 'points: -30') AS what_if \gset
SET LOCAL ROLE regress_editor;
SELECT load_policy(:'own_yaml'), load_policy(:'what_if') \g /dev/null
SET LOCAL ROLE regress_head_editor;
SELECT adopt_policy('regress-integrity', '1') \g /dev/null
SELECT record_policy_publication('regress-integrity', '1', '2019-12-01'), record_policy_publication('regress-lists', '1', '2019-12-01') \g /dev/null
RESET ROLE;
INSERT INTO source (source, kind, name, trusted_from) VALUES ('regress', 'act', '测试', '2020-01-01'), ('Y1320400MJD12345XG', 'penalty', '测试', '2020-01-01') \g /dev/null

-- the table of records is fed by COPY, by a role that may read none; G5 waits for a second person
SET LOCAL citycredit.today = '2024-02-28';
SET LOCAL ROLE regress_etl;
COPY citycredit.record (subject, kind, document, authority, source, state, field, valid_from, behaviour, decided_on) FROM stdin;
11320400014109576H	participation	G0	11100000000013039K	regress	taking_part	government	2023-01-01	\N	\N
11320400014109576H	participation	G9	11100000000013039K	regress	taking_part	construction_waste	2023-01-01	\N	\N
11320400014109576H	act	G1	11100000000013039K	regress	\N	government	\N	\N	2024-02-01
11320400014109576H	penalty	G2	11100000000013039K	regress	\N	\N	\N	CW-01	2024-02-02
11320400014109576H	penalty	G3	11100000000013039K	regress	\N	\N	\N	CW-01	2024-02-03
11320400014109576H	penalty	G4	11100000000013039K	regress	\N	\N	\N	\N	2024-02-03
11320400014109576H	penalty	G5	11100000000013039K	elsewhere	\N	\N	\N	CW-01	2024-02-04
\.
RESET ROLE;
INSERT INTO record (subject, kind, document, authority, source, state, field, valid_from, behaviour, decided_on)
SELECT :'official'::subject_code, r.kind, r.document, r.authority, r.source, r.state, r.field, r.valid_from, r.behaviour, r.decided_on FROM record AS r WHERE r.subject = :'body';
SELECT results_eq(format($$ SELECT subject::text = %L, score, band FROM standing WHERE policy = 'regress-integrity' ORDER BY 1 $$, :'body'),
	$$ VALUES (false, 80::numeric, 'B'), (true, 80, 'B') $$, 'both are graded by their own measure, at the end of the statement that brought the records');
SELECT is_empty($$ SELECT FROM standing WHERE policy = 'regress-integrity' AND subject::text LIKE '9%' $$, '  firms are not');

-- the forms, by COPY too; one row goes in, one is sent back
SET LOCAL ROLE regress_etl;
COPY citycredit.intake_penalty (cf_xdr_mc, cf_xdr_lb, cf_xdr_shxym, cf_frdb, cf_wsh, cf_wfxw, cf_sy, cf_yj, cf_cflb, cf_nr, cf_jdrq, cf_cfjg, cf_cfjgdm, cf_sjly, cf_sjlydm, cf_zt) FROM stdin;
某区城市管理局	法人及非法人组织	11320400014109576H	某某	GW1	违法	事实	依据	警告	内容	2024/02/05	某机关	Y1320400MJD12345XG	某机关	Y1320400MJD12345XG	0
某区城市管理局	法人及非法人组织	11320400014109576H	某某	GW2	违法	事实	依据	警告	内容	2024/13/05	某机关	Y1320400MJD12345XG	某机关	Y1320400MJD12345XG	0
甲渣土运输有限公司	法人及非法人组织	91110000600037341L	某某	GW3	违法	事实	依据	警告	内容	2024/13/05	某机关	Y1320400MJD12345XG	某机关	Y1320400MJD12345XG	0
\.
SELECT accepted, rejected FROM citycredit.process_intake() WHERE form = 'penalty' \gset
RESET ROLE;
SELECT is(:'accepted' || ' ' || :'rejected', '1 2', 'the forms take them like others');
SELECT reject_id AS reject FROM intake_reject WHERE "row" ->> 'cf_wsh' = 'GW2' \gset
SET LOCAL citycredit.today = '2024-03-01';

-- a listing, a link, a rating of theirs
SELECT pg_temp.run('regress_both', format($$ SELECT propose_listing(%L, 'black', 'regress-lists', 'repeat', '测试局', '两次', 1) $$, :'body')) AS black \gset
SELECT pg_temp.run('regress_both', format($$ SELECT serve_listing(%s, '2024-03-01', 'direct', '2024-03-04') $$, :black)) \g /dev/null
SELECT pg_temp.run('regress_both', format($$ SELECT link_subjects(%L, '91110000600037341L', 'related', '2024-01-01', '令') $$, :'body')) \g /dev/null
SELECT pg_temp.run('regress_officer', $$ SELECT close_cycle('regress-integrity', '2024-02') $$) AS closed \gset
SELECT is(:closed, 2, 'a month is closed: both are rated, by an officer who sees neither');
SELECT pg_temp.run('regress_head', $$ SELECT publish_rating('regress-integrity', '2024-02') $$) \g /dev/null
SET LOCAL citycredit.today = '2024-03-05';
SELECT is(r.code || ' ' || r.hint, '42501 The profile "integrity" opens them.', 'an officer without the profile recognises no listing of a body')
  FROM pg_temp.refusal('regress_head', format('SELECT recognize_listing(%s)', :black)) AS r;
SELECT pg_temp.run('regress_both_head', format('SELECT recognize_listing(%s)', :black)) \g /dev/null
SELECT is((SELECT published FROM list_entry WHERE entry_id = :black), 'black', 'with it one is on a list');

-- ---------------------------------------------------------------------------
-- Explanation in writing, rectification by a day
-- ---------------------------------------------------------------------------
SELECT is(r.code || coalesce(' ' || nullif(r.detail, ''), '') || coalesce(' | ' || nullif(r.hint, ''), ''), v.says, v.what)
  FROM (VALUES
	(1, 'regress_integrity', format($$ SELECT order_rectification(%L, '监察局', NULL, '2024-04-30', '2024-03-05', 'direct', '责1') $$, :'body'), '22004', 'no reasons'),
	(2, 'regress_integrity', $$ SELECT order_rectification('91110000600037341L', '监察局', 'x', '2024-04-30', '2024-03-05', 'direct', '责1') $$,
		'22023 | Others rectify within the proceeding of their case: citycredit.open_proceeding().', 'a firm'),
	(3, 'regress_integrity', format($$ SELECT order_rectification(%L, '监察局', 'x', '2024-03-05', '2024-03-05', 'direct', '责1') $$, :'body'), '22023 The order was served on 2024-03-05.', 'a day before it could be done'),
	(4, 'regress_officer', format($$ SELECT order_rectification(%L, '监察局', 'x', '2024-04-30', '2024-03-05', 'direct', '责1') $$, :'body'), '42501', 'an officer without the profile'),
	(5, 'regress_integrity', format($$ SELECT order_rectification(%L, '监察局', 'x', '2024-04-30', '2024-03-05', 'direct', '责1', gen_random_uuid()) $$, :'body'),
		'P0002 | Look it up in citycredit.credit_record: the key is subject and record_id.', 'over a record that is none'),
	(6, 'regress_integrity', format($$ SELECT order_rectification(%L, '住房局', 'x', '2024-04-30', '2024-03-05', 'direct', '责1') $$, :'body'),
		'42501 It is taken as department of "住房局" for rectification in field any, district any; the role is there: nothing. | Who acts for which department is in citycredit.department_competence.', 'for a department that is not his')
  ) AS v (n, role, statement, says, what) CROSS JOIN LATERAL pg_temp.refusal(v.role, v.statement) AS r ORDER BY v.n;
SELECT record_id AS breach FROM record WHERE document = 'G1' AND subject = :'body' \gset
SELECT pg_temp.run('regress_integrity', format($$ SELECT order_rectification(%L, '监察局', '拖欠账款', '2024-04-30', '2024-03-05', 'direct', '责〔2024〕1号', %L) $$, :'body', :'breach')) AS ordered \gset
SELECT results_eq('SELECT state, rectify_by, explanation FROM government_rectification', $$ VALUES ('ordered', date '2024-04-30', NULL::text) $$, 'a breach: ordered to rectify by a day');
\set confirm '{"evidence": [{"kind": "rectification", "reference": "付款凭证"}]}'
SELECT is(r.code || ' ' || r.hint, '23514 Record the explanation by "explain", with its text as reasons; then "confirm".', 'without an explanation in writing nothing is confirmed')
  FROM pg_temp.refusal('regress_integrity', format('SELECT advance_proceeding(%L, %s, %L, %L)', :'body', :ordered, 'confirm', :'confirm')) AS r;
SELECT is(r.code, '23514', 'an explanation has a text') FROM pg_temp.refusal('regress_integrity', format('SELECT advance_proceeding(%L, %s, %L)', :'body', :ordered, 'explain')) AS r;
SELECT pg_temp.run('regress_integrity', format($$ SELECT advance_proceeding(%L, %s, 'explain', '{"reasons": "资金周转"}') $$, :'body', :ordered)) \g /dev/null
SELECT results_eq('SELECT state, explanation, explained_on FROM government_rectification', $$ VALUES ('explained', '资金周转', date '2024-03-05') $$, 'the body explains in writing');
SELECT pg_temp.run('regress_integrity', format('SELECT advance_proceeding(%L, %s, %L, %L)', :'body', :ordered, 'confirm', :'confirm')) \g /dev/null
SELECT results_eq('SELECT state, closed FROM government_rectification', $$ VALUES ('done', true) $$, 'rectified in time');
SELECT pg_temp.run('regress_integrity', format($$ SELECT order_rectification(%L, '监察局', '再次拖欠', '2024-04-30', '2024-03-05', 'direct', '责〔2024〕2号') $$, :'body')) AS late \gset
SET LOCAL citycredit.today = '2024-04-30';
SELECT results_eq(format('SELECT state FROM government_rectification WHERE proceeding_id = %s', :late), $$ VALUES ('ordered') $$, 'on the last day of another order it is not late');
SET LOCAL citycredit.today = '2024-05-01';
SELECT results_eq(format('SELECT state, explanation FROM government_rectification WHERE proceeding_id = %s', :late), $$ VALUES ('overdue', NULL::text) $$, 'the day has passed: overdue, without any job');
SELECT is(pg_temp.run('regress_etl', 'SELECT run_due()'), '1', 'a job records it, whoever it runs as');
SELECT pg_temp.run('regress_integrity', format($$ SELECT advance_proceeding(%L, %s, 'explain', '{"reasons": "预算未到"}') $$, :'body', :late)) \g /dev/null
SELECT is(pg_temp.run('regress_integrity', format('SELECT advance_proceeding(%L, %s, %L, %L)', :'body', :late, 'confirm', :'confirm')), 'done', 'explained and rectified, late');

-- ---------------------------------------------------------------------------
-- Who sees what: every relation by itself. A row is theirs if their code, or their name, is in it.
-- ---------------------------------------------------------------------------
SELECT pg_temp.run('regress_both', format($$ SELECT open_proceeding(%L, 'rectification', 'order', '监察局', '{}', NULL, NULL, '{"rectify": {"days": 10}}', '{}',
	'{"reasons": "x", "served_on": "2024-05-01", "service_method": "direct", "service_document": "责3"}') $$, :'body')) AS open_one \gset
SELECT set_config('regress.theirs', format('%s|%s|某区城市管理局|某区住房局|司马|%s', :'body', :'other_body', :'official'), true) \g /dev/null
CREATE FUNCTION pg_temp.theirs(role text, relation text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	-- roles that may read some columns alone read those
	readable text := (SELECT string_agg(quote_ident(a.attname), ', ') FROM pg_attribute AS a
	                   WHERE a.attrelid = ('citycredit.' || relation)::regclass AND a.attnum > 0 AND NOT a.attisdropped AND has_column_privilege(role, a.attrelid, a.attnum, 'SELECT'));
	theirs bigint;
BEGIN
	PERFORM set_config('role', role, true);
	EXECUTE format('SELECT count(*) FROM (SELECT %s FROM citycredit.%I) AS x WHERE x::text ~ %L', readable, relation, current_setting('regress.theirs')) INTO theirs;
	PERFORM set_config('role', 'none', true);
	RETURN theirs;
END
$$;
-- what the condition of a table is executed with, and which by design gives codes, is looked at below
CREATE TEMPORARY TABLE sight AS
	SELECT r.role, c.relname::text AS relation, pg_temp.theirs(r.role, c.relname::text) AS rows
	  FROM unnest(ARRAY['regress_officer', 'regress_analyst', 'regress_publisher', 'regress_editor', 'regress_etl', 'regress_upstream', 'regress_both', 'regress_auditor']) AS r (role)
	 CROSS JOIN pg_class AS c
	 WHERE c.relnamespace = 'citycredit'::regnamespace AND c.relkind IN ('r', 'p', 'v') AND c.relname <> '_government' AND has_any_column_privilege(r.role, c.oid, 'SELECT');
SELECT is_empty($$ SELECT role, relation, rows FROM sight WHERE rows > 0 AND role NOT IN ('regress_both', 'regress_auditor') $$, 'officer, analyst, publisher, editor, etl and exchange see nothing of them, in no relation');
SELECT cmp_ok((SELECT count(*) FROM sight WHERE role = 'regress_officer'), '>', 50::bigint, '  many were looked at');
SELECT is_empty($$ SELECT v.name FROM unnest(ARRAY['subject', 'credit_record', 'standing', 'standing_history', 'list_entry', 'listing', 'proceeding', 'proceeding_step', 'proceeding_today', 'subject_link', 'enrolment',
	'unclassified_record', 'unverified_record', 'list_candidate', 'rating', 'rating_current', 'publicity_deadline', 'intake_reject']) AS v (name)
	WHERE v.name NOT IN (SELECT s.relation FROM sight AS s WHERE s.role = 'regress_both' AND s.rows > 0) $$, '  officers with the profile see them in each');
SELECT cmp_ok((SELECT count(*) FROM sight WHERE role = 'regress_auditor' AND rows > 0), '>', 15::bigint, '  and so do auditors');
SELECT is(pg_temp.theirs('regress_integrity', v.name) > 0, true, 'integrity reads ' || v.name) FROM unnest(ARRAY['government_subject', 'government_record', 'government_standing', 'government_rectification', 'office']) AS v (name);
SELECT is_empty($$ SELECT FROM government_record WHERE subject_kind(subject) NOT IN ('government_body', 'natural_person') $$, 'and through these nothing of firms');
SELECT set_eq($$ SELECT attname::text FROM pg_attribute WHERE attrelid = '_government'::regclass AND attnum > 0 $$, ARRAY['subject'], 'which codes are those of government is all that the condition tells');
SELECT isnt_empty($$ SELECT FROM intake_reject $$, 'rows sent back'), is(pg_temp.run('regress_officer', 'SELECT count(*) FROM intake_reject'), '1', '  officers see those of firms');

-- a condition of the reader's sees no row before it is left out, however cheap it says it is
CREATE FUNCTION pg_temp.peek(x text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$
BEGIN
	IF x ~ current_setting('regress.theirs') THEN
		RAISE EXCEPTION 'seen: %', x;
	END IF;
	RETURN true;
END
$$;
SELECT matches(pg_temp.refusal('regress_both', $$ SELECT count(*) FROM citycredit.standing AS x WHERE pg_temp.peek(x::text) $$)::text, 'P0001', 'a condition that looks at rows');
SELECT lives_ok(format($$ SELECT pg_temp.run('regress_officer', 'SELECT count(*) FROM citycredit.%I AS x WHERE pg_temp.peek(ROW(%s)::text)') $$, s.relation,
		(SELECT string_agg(format('x.%I', a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute AS a WHERE a.attrelid = format('citycredit.%I', s.relation)::regclass AND a.attnum > 0
		    AND NOT a.attisdropped AND has_column_privilege('regress_officer', a.attrelid, a.attnum, 'SELECT'))), '  not in ' || s.relation)
  FROM sight AS s WHERE s.role = 'regress_officer' AND s.relation IN (SELECT b.relation FROM sight AS b WHERE b.role = 'regress_both' AND b.rows > 0) ORDER BY s.relation;

-- ---------------------------------------------------------------------------
-- Functions: all that officers may execute and that take a subject
-- ---------------------------------------------------------------------------
CREATE TEMPORARY TABLE refused AS
	SELECT p.oid::regprocedure::text AS function, r.code, r.hint
	  FROM pg_proc AS p
	 CROSS JOIN LATERAL pg_temp.refusal('regress_officer', format('SELECT * FROM %s(%s)', p.oid::regproc,
		(SELECT string_agg(CASE WHEN t.type = 'subject_code'::regtype THEN format('%L::citycredit.subject_code', '11320400014109576H') ELSE format('NULL::%s', t.type::regtype) END, ', ' ORDER BY t.n)
		   FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY AS t (type, n)))) AS r
	 WHERE p.pronamespace = 'citycredit'::regnamespace AND 'subject_code'::regtype = ANY (p.proargtypes::oid[])
	   AND p.proname IN (SELECT v.object FROM profile_privilege AS v WHERE v.profile = 'officer' AND v.privilege = 'EXECUTE');
SELECT set_eq($$ SELECT function FROM refused WHERE (code = '42501' AND hint = 'The profile "integrity" opens them.') IS NOT TRUE $$,
	ARRAY['_fold(subject_code,integer,date,timestamp with time zone)', '_gap_since(subject_code,text,text)', '_outcome(subject_code,integer,bytea,date,boolean)'],
	'each refuses a body to an officer, but what views call');
SELECT cmp_ok((SELECT count(*) FROM refused), '>', 45::bigint, '  many were tried');
SELECT version_id AS version FROM policy WHERE policy = 'regress-integrity' \gset
SELECT is(pg_temp.run('regress_officer', format('SELECT count(*) FROM (%s) AS x WHERE x.x IS NOT NULL', v.statement)), '0', '  of which ' || v.what || ' gives nothing'),
       isnt(pg_temp.run('regress_both', format('SELECT count(*) FROM (%s) AS x WHERE x.x IS NOT NULL', v.statement)), '0', '    but to who has the profile')
  FROM (VALUES
	(format($$ SELECT citycredit._fold(%L, %s, '2024-03-01', 'infinity') AS x $$, :'body', :version), '_fold()'),
	(format($$ SELECT p.record_id AS x FROM citycredit._publicity_seen('2024-03-01') AS p WHERE p.subject = %L $$, :'body'), '_publicity_seen()')) AS v (statement, what);
SELECT is(pg_temp.run('regress_officer', format('SELECT _gap_since(%L, %L, %L)', :'body', 'regress-lists', 'regress-integrity')), NULL, '  nor does _gap_since()');
SELECT is(r.code, '42501', v.what) FROM (VALUES
	(1, format('SELECT * FROM explain(%L, %L)', :'official', 'regress-integrity'), 'explain() of an official'),
	(2, format('SELECT feed_again(%s)', :reject), 'feed_again() of a row about a body'),
	(3, format($$ SELECT link_subjects('91110000600037341L', %L, 'related', '2024-01-01', '令') $$, :'body'), 'link_subjects(), the other way'),
	(4, format($$ SELECT remove_listing(%s, '2024-03-05', 'x') $$, :black), 'remove_listing()'),
	(5, format($$ SELECT exit_listing_early(%s, 'x', 'x', 'x') $$, :black), 'exit_listing_early()')
  ) AS v (n, statement, what) CROSS JOIN LATERAL pg_temp.refusal('regress_officer', v.statement) AS r ORDER BY v.n;
SELECT isnt(pg_temp.run('regress_both', format('SELECT count(*) FROM explain(%L, %L)', :'official', 'regress-integrity')), '0', '  is there for who has the profile');
-- whether a body has a certain record is told by no other error either
SELECT is(r.hint, 'The profile "integrity" opens them.', 'a record that is none, of a body') FROM pg_temp.refusal('regress_officer', format('SELECT verify_record(%L, gen_random_uuid())', :'body')) AS r;

-- what-if: subjects are left out, counts are those of everybody
CREATE FUNCTION pg_temp.what_if(role text, call text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN pg_temp.run(role, format('SELECT count(*) || '' '' || count(*) FILTER (WHERE x::text ~ %L) FROM %s AS x', current_setting('regress.theirs'), call));
END
$$;
SELECT is(pg_temp.what_if('regress_editor', $$ simulate('regress-what-if', '2') $$), '5 0', 'simulate() by an editor: the firms');
SELECT is(pg_temp.what_if('regress_both', $$ simulate('regress-what-if', '2') $$), '7 2', '  with the profile: all');
SELECT is(right(pg_temp.what_if('regress_editor', $$ simulate_lists('regress-what-if', '2') $$), 2), ' 0', 'simulate_lists() lists no body');
SELECT isnt(right(pg_temp.what_if('regress_both', $$ simulate_lists('regress-what-if', '2') $$), 2), ' 0', '  or does');
SELECT is(pg_temp.run('regress_editor', $$ SELECT sum(subjects) FROM simulate_matrix('regress-what-if', '2') WHERE field IS NULL $$), '7', 'simulate_matrix() counts everybody');

-- ---------------------------------------------------------------------------
-- What leads to them by way of others: texts of one's own, links of a firm, rows sent back that say who they are in other words
-- ---------------------------------------------------------------------------
SELECT replace(replace(replace(:'own_yaml', 'regress-integrity', 'regress-own-text'), '[government_body, natural_person]', '[government_body, legal_person]'),
	'{kind: act, field: government}', '{kind: act, document: G1}') AS own_text \gset
SELECT replace(replace(:'own_text', 'field: government, ', ''), '{kind: act, document: G1}', '{kind: penalty, whose: related, document: G2}') || E'reads: {linked: [related]}\n' AS linked_text \gset
SELECT is(pg_temp.run('regress_editor', format('SELECT count(*) FROM simulate_matrix(%L)', :'own_text')), '0', 'a text of one''s own counts no body'),
       is(pg_temp.run('regress_both', format('SELECT sum(subjects) FROM simulate_matrix(%L) WHERE field IS NULL', :'own_text')), '1', '  but for who sees it');
SELECT is(pg_temp.run('regress_both', format('SELECT string_agg(new_score::text, %L) FROM simulate(%L) WHERE subject = %L', ' ', :'linked_text', '91110000600037341L')), '80', 'a text that asks for a record of a linked body'),
       is(pg_temp.run('regress_officer', format('SELECT count(*) FROM simulate(%L) WHERE subject = %L', :'linked_text', '91110000600037341L')), '0', '  answers who sees the body'),
       cmp_ok(pg_temp.run('regress_officer', format('SELECT count(*) FROM simulate(%L)', :'linked_text'))::integer, '>', 2, '  and for other firms'),
       is(pg_temp.run('regress_officer', format('SELECT count(*) FROM simulate(%L) WHERE subject = %L', replace(:'linked_text', 'document: G2', 'document: P1'), '91420684MA4927PJ7B')), '1', '    everybody');
SELECT results_eq(format($$ SELECT s.field, s.old_state, s.old_band, s.old_band_rank, s.new_state, s.new_band, s.new_band_rank, s.moved, s.subjects FROM _simulate_matrix(%1$L, NULL, today()) AS s ORDER BY 1, 2, 3, 5, 6 $$, :'what_if'),
	format($$ SELECT f.field, s.old_state, s.old_band, s.old_band_rank, s.new_state, s.new_band, s.new_band_rank, s.moved, count(*)
	  FROM _simulate(%1$L, NULL, today()) AS s CROSS JOIN LATERAL (SELECT NULL UNION ALL SELECT unnest(s.fields)) AS f (field)
	 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8 ORDER BY 1, 2, 3, 5, 6 $$, :'what_if'), 'the matrix of a text is counted as that of a version');
SELECT is(pg_temp.run('regress_editor', format('SELECT sum(subjects) FROM simulate_matrix(%L) WHERE field IS NULL', replace(:'what_if', 'regress-what-if', 'regress-own-text'))), '5', '  over the firms');

SELECT pg_temp.run('regress_editor', format('SELECT load_policy(%L)', replace(:'linked_text', 'regress-own-text', 'regress-linked'))) \g /dev/null
SELECT pg_temp.run('regress_head_editor', $$ SELECT adopt_policy('regress-linked', '1') $$), pg_temp.run('regress_head_editor', $$ SELECT record_policy_publication('regress-linked', '1', '2019-12-01') $$) \g /dev/null
SELECT results_eq(format($$ SELECT string_agg(document, ' ') FILTER (WHERE rule = 'promise'), bool_or(record_id IS NOT NULL) FILTER (WHERE rule = 'promise'), sum(points) FILTER (WHERE adds) FROM explain('91110000600037341L', 'regress-linked') $$),
	$$ VALUES ('G2', true, 80::numeric) $$, 'a firm''s explanation with a record of a linked body');
SELECT is(pg_temp.run('regress_officer', $$ SELECT concat_ws(' ', string_agg(document, ' ') FILTER (WHERE rule = 'promise'), bool_or(record_id IS NOT NULL) FILTER (WHERE rule = 'promise'), sum(points) FILTER (WHERE adds))
	FROM explain('91110000600037341L', 'regress-linked') $$), '（不予显示） f 80', '  says to an officer what it costs, not which it is');
SELECT is(pg_temp.run(v.role, format('SELECT %s ~ %L', v.statement, '\mG[0-9W]')), v.shown, v.what) FROM (VALUES
	(1, 'regress_officer', $$ explain_text('91110000600037341L', 'regress-linked') $$, 'false', '  nor does the page'),
	(2, 'regress_officer', $$ explain_json('91110000600037341L', 'regress-linked')::text $$, 'false', '  or JSON'),
	(3, 'regress_both', $$ explain_text('91110000600037341L', 'regress-linked') $$, 'true', '  both do for who has the profile'),
	(4, 'regress_both', $$ explain_json('91110000600037341L', 'regress-linked')::text $$, 'true', '  ')) AS v (n, role, statement, shown, what) ORDER BY v.n;

INSERT INTO citycredit.intake_penalty (cf_xdr_mc, cf_xdr_lb, cf_xdr_shxym, cf_xdr_zzjg, cf_xdr_zjlx, cf_xdr_zjhm, cf_wsh)
VALUES ('某局', '法人及非法人组织', '１１３２０４０００１４１０９５７６Ｈ', NULL, NULL, NULL, 'GX1'), ('某局', '法人及非法人组织', ' 1132 0400014109576h', NULL, NULL, NULL, 'GX2'),
       ('某局', '法人及非法人组织', NULL, '01410957-6', NULL, NULL, 'GX3'), ('某区 城市管理局', '法人及非法人组织', NULL, NULL, NULL, NULL, 'GX4'), ('司马某某', '自然人', NULL, NULL, '护照', 'E12345678', 'GX5'),
       ('司马某某', '自然人', NULL, NULL, '身份证', 'ｅ12345678', 'GX6'), (NULL, NULL, :'official', NULL, NULL, NULL, 'GX7'),
       ('甲渣土运输有限公司', '法人及非法人组织', NULL, NULL, NULL, NULL, 'FX1'), ('某人', '自然人', NULL, NULL, '护照', 'E87654321', 'FX2'), (NULL, NULL, NULL, NULL, NULL, NULL, 'FX3');
SELECT process_intake() \g /dev/null
SELECT is((SELECT count(*) FROM intake_reject WHERE "row" ->> 'cf_wsh' ~ '^[GF]X'), 10::bigint, 'rows sent back that give a body or an official in other words, or say nothing of the kind'),
       is(pg_temp.run('regress_officer', $$ SELECT string_agg("row" ->> 'cf_wsh', ' ' ORDER BY reject_id) FROM intake_reject WHERE "row" ->> 'cf_wsh' ~ '^[GF]X' $$), 'FX1 FX2 FX3', '  an officer sees the latter'),
       is(pg_temp.run('regress_both', $$ SELECT count(*) FROM intake_reject WHERE "row" ->> 'cf_wsh' ~ '^[GF]X' $$), '10', '  with the profile: all');

-- what was never public has not to be withdrawn from anywhere, revoked or not
SAVEPOINT revoked;
SELECT pg_temp.run('regress_both', format('SELECT revoke_record(%L, %L, today(), %L)', r.subject, r.record_id, '复议撤销')) FROM record AS r
 WHERE (r.document = 'G2' OR r.document = 'P3') AND r.known_until = 'infinity' \g /dev/null
SELECT results_eq('SELECT subject::text, cause FROM withdrawal', $$ VALUES ('91420684MA4927PJ7B', 'revocation') $$, 'of records revoked that of a firm, which was public, has to be withdrawn; those of a body and an official were not');
ROLLBACK TO SAVEPOINT revoked;

-- a step of time that is refused is told to who may read it
SAVEPOINT stuck;
CREATE OR REPLACE FUNCTION citycredit._on_rectification(subject subject_code, proceeding_id bigint, seq integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	RAISE EXCEPTION 'secret of %', subject USING DETAIL = 'secret too';
END
$$;
SET LOCAL citycredit.today = '2024-05-20';
\echo what the job says to etl, and to who has the profile besides
SELECT pg_temp.run('regress_etl', 'SELECT run_due()') \g /dev/null
GRANT EXECUTE ON FUNCTION run_due TO regress_integrity;
SELECT pg_temp.run('regress_integrity', 'SELECT run_due()') \g /dev/null
SELECT is((SELECT count(*) FROM proceeding_stuck), 1::bigint, 'a proceeding of a body is stuck'), is(pg_temp.theirs('regress_officer', 'proceeding_stuck'), 0::bigint, '  officers do not see it');
ROLLBACK TO SAVEPOINT stuck;

-- ---------------------------------------------------------------------------
-- Computing sees all, whoever sets it going
-- ---------------------------------------------------------------------------
SET LOCAL citycredit.today = '2025-06-01';
SELECT is((SELECT score FROM standing WHERE subject = :'body' AND policy = 'regress-lists'), 100::numeric, 'a day on which the stored outcome no longer holds'), is(pg_temp.run('regress_both', format($$ SELECT score FROM standing WHERE subject = %L AND policy = 'regress-lists' $$, :'body')), '100', '  read with the profile');
SELECT pg_temp.run('regress_etl', 'SELECT refresh()') \g /dev/null
SELECT is_empty('SELECT * FROM verify_standings()', 'the daily refresh by the feed stores them too');
SET LOCAL citycredit.today = '2024-05-02';
SELECT regrade() \g /dev/null

-- ---------------------------------------------------------------------------
-- Public only by a measure that says so, approved by a second person
-- ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.public() RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.run('regress_publisher', $q$ SELECT (SELECT count(*) FROM published_rating WHERE subject_kind IN ('government_body', 'official')) || ' '
		|| (SELECT count(*) FROM published_penalty WHERE subject_kind IN ('government_body', 'official')) || ' ' || (SELECT count(*) FROM black_list WHERE code LIKE '11%') $q$)
$$;
INSERT INTO feed_receiver (receiver, role, title, kinds) VALUES ('up', 'regress_upstream', '市平台', '{penalty,grade,rating,warning,listing}');
SELECT pg_temp.run('regress_etl', $$ SELECT collect_feed('up') $$) \g /dev/null
SELECT is(pg_temp.public(), '0 0 0', 'nothing of them is public'), is((SELECT count(*) FROM feed WHERE subject IN (:'body', :'official')), 0::bigint, '  and nothing fed');
SELECT cmp_ok((SELECT count(*) FROM feed), '>', 5::bigint, '  while firms are');
SELECT is(r.code || ' ' || r.hint, v.says, v.what) FROM (VALUES
	(1, 'SELECT approve_public_policy(0)', '42704 A policy editor enters it; another one approves it.', 'no such row')) AS v (n, statement, says, what) CROSS JOIN LATERAL pg_temp.refusal('regress_head_editor', v.statement) AS r;
SELECT pg_temp.run('regress_editor', $$ INSERT INTO public_policy (policy, basis_title, basis_article) VALUES ('regress-integrity', '测试政务诚信办法', '第九条') RETURNING rule_id $$) AS rule \gset
SELECT pg_temp.run('regress_editor', $$ INSERT INTO public_policy (policy, basis_title, basis_article) VALUES ('regress-none', '测试政务诚信办法', '第九条') RETURNING rule_id $$) AS rule_none \gset
SELECT pg_temp.run('regress_etl', $$ SELECT collect_feed('up', true) $$) \g /dev/null
SELECT is(pg_temp.public(), '0 0 0', 'a measure that makes them public, not approved: nothing'), is((SELECT count(*) FROM feed WHERE subject IN (:'body', :'official')), 0::bigint, '  nothing fed');
SELECT is(r.code || ' ' || r.hint, v.says, v.what) FROM (VALUES
	(1, 'regress_editor', format('SELECT approve_public_policy(%s)', :rule), '42501 A second person must approve it.', 'who entered it does not approve it'),
	(2, 'regress_head_editor', format('SELECT approve_public_policy(%s)', :rule_none), '42704 ', 'a policy that is none'),
	(3, 'none', format('UPDATE public_policy SET basis_article = %L WHERE rule_id = %s', 'x', :rule), '55000 Enter a new row and let another person approve it by citycredit.approve_public_policy(): it takes the place of the one before.', 'nobody rewrites it')
  ) AS v (n, role, statement, says, what) CROSS JOIN LATERAL pg_temp.refusal(v.role, v.statement) AS r ORDER BY v.n;
SELECT pg_temp.run('regress_head_editor', format('SELECT approve_public_policy(%s)', :rule)) \g /dev/null
SELECT is(r.code, '55000', 'it is approved once') FROM pg_temp.refusal('regress_head_editor', format('SELECT approve_public_policy(%s)', :rule)) AS r;
SELECT is(pg_temp.public(), '2 0 0', 'approved: their ratings are public, and nothing else');
SELECT is(pg_temp.run('regress_publisher', format('SELECT code || %L || name || %L || band FROM published_rating WHERE subject_kind = %L', ' ', ' ', 'official')), 'P***************** 司＊ B', '  the official masked');
SELECT is(pg_temp.run('regress_publisher', format('SELECT policy || %L || band FROM published_rating WHERE code = %L', ' ', :'body')), 'regress-integrity B', '  by that measure');
SELECT pg_temp.run('regress_etl', $$ SELECT collect_feed('up') $$) \g /dev/null
SELECT set_eq(format('SELECT kind, payload ->> %L AS policy FROM feed WHERE subject IN (%L, %L)', 'policy', :'body', :'official'), $$ VALUES ('grade', 'regress-integrity'), ('rating', 'regress-integrity') $$, '  and are fed');
SELECT is_empty(format('SELECT FROM feed WHERE payload::text ~ %L', '司马|' || :'official'), '  the official masked');
SET LOCAL citycredit.today = '2024-05-10';
SELECT pg_temp.run('regress_editor', $$ INSERT INTO public_policy (policy, results, basis_title, basis_article) VALUES ('regress-integrity', 'withheld', '测试政务诚信办法', '第十条') RETURNING rule_id $$) AS rule \gset
SELECT pg_temp.run('regress_head_editor', format('SELECT approve_public_policy(%s)', :rule)) \g /dev/null
SELECT pg_temp.run('regress_etl', $$ SELECT collect_feed('up') $$) \g /dev/null
SELECT is(pg_temp.public(), '0 0 0', 'withheld again'), is((SELECT count(*) FROM feed_told WHERE subject IN (:'body', :'official') AND NOT withdrawn), 0::bigint, '  and withdrawn from whom it was fed to');

-- ---------------------------------------------------------------------------
-- Out of office
-- ---------------------------------------------------------------------------
SELECT pg_temp.run('regress_integrity', format($$ SELECT end_office(%L, %L, '2024-12-31', '免〔2024〕1号') $$, :'official', :'body')) \g /dev/null
SELECT results_eq('SELECT post, valid_until FROM government_subject WHERE body IS NOT NULL', $$ VALUES ('局长', date '2024-12-31') $$, 'the end of an office');
SELECT is(r.code, '42501', 'the file stays with those who saw it') FROM pg_temp.refusal('regress_officer', format('SELECT * FROM explain(%L, %L)', :'official', 'regress-integrity')) AS r;
SELECT * FROM finish();
ROLLBACK;
