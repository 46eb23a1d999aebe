-- tap_published.sql -- what the published views show day by day, and that a publisher gets at no hidden row or column through any of them
\set ECHO none
\i test/include/publicity.psql
SELECT plan(107);
-- an adult; a minor; one who came of age on 2026-05-31; and an official
SELECT register_person('id_card', '360426199101010071', '欧阳某某') AS person, register_person('id_card', '360426201006150076', '晚辈某某') AS minor,
       register_person('id_card', '360426200805310078', '初成某某') AS grown, register_person('passport', 'E12345678', '官员某某') AS official \gset
SELECT register_subject(:'official', NULL, 'official') \g /dev/null

-- ---------------------------------------------------------------------------
-- A city: what is public carries SHOWN in its texts, what is not HIDDEN
-- ---------------------------------------------------------------------------
SELECT pg_temp.put(v.document, v.columns::jsonb || jsonb_build_object('detail', jsonb_build_object('cf_wfxw', v.document || '未经核准处置', 'cf_sy', v.document || '事实', 'cf_nr', v.document,
		'cf_yj', '测试条例第五条', 'title', v.document || '标题', 'content', v.document || '内容', 'xk_xkws', v.document || '文书') || coalesce(v.columns::jsonb -> 'detail', '{}')), coalesce(v.code, '91110000600037341L'))
  FROM (VALUES
	('SHOWN-fine', '{"decided_on": "2026-03-02", "detail": {"cf_cflb": "罚款", "cf_nr_fk": "1.500000", "cf_nr": "对张三（360426199101010071，13912345678）罚款一万五千元", "cf_nr_zkdx": "许可证1号"}}', NULL),
	('SHOWN-closure', '{"penalty_kind": "closure", "valid_until": "2026-01-01"}', NULL),
	('HIDDEN-unverified', '{"decided_on": "2026-03-02", "source": "nobody"}', NULL),
	('HIDDEN-held', '{"decided_on": "2026-03-02", "held": "名称不符"}', NULL),
	('HIDDEN-revoked', '{"decided_on": "2026-03-02", "revoked_on": "2026-04-01"}', NULL),
	('HIDDEN-repaired', '{"decided_on": "2025-12-01", "repaired_on": "2026-06-01", "corrected_on": "2026-03-01"}', NULL),
	('HIDDEN-expired', '{"decided_on": "2023-05-31"}', NULL),
	('HIDDEN-source-ended', '{"decided_on": "2026-03-02", "publicity_until": "2026-05-31"}', NULL),
	('HIDDEN-minor-class', '{"penalty_kind": "warning"}', NULL),
	('HIDDEN-unclassified', '{"penalty_kind": "fine"}', NULL),
	('HIDDEN-no-regime', '{"decided_on": "2019-06-30"}', NULL),
	('HIDDEN-participation', '{"kind": "participation", "state": "taking_part", "field": "waste", "valid_from": "2026-01-01"}', NULL),
	('SHOWN-permit', '{"kind": "permit", "valid_from": "2026-01-01", "valid_until": "2026-06-01", "detail": {"xk_xklb": "核准", "xk_xkzs": "SHOWN-处置证", "xk_xkbh": "1"}}', NULL),
	('HIDDEN-permit-expired', '{"kind": "permit", "valid_from": "2026-01-01", "valid_until": "2026-05-31"}', NULL),
	('HIDDEN-permit-revoked', '{"kind": "permit", "valid_from": "2026-01-01", "revoked_on": "2026-05-31"}', NULL),
	('SHOWN-award', '{"kind": "award"}', NULL), ('SHOWN-inspection', '{"kind": "inspection", "state": "passed", "decided_on": "2025-06-01"}', NULL), ('SHOWN-act', '{"kind": "act"}', NULL),
	('HIDDEN-inspection', '{"kind": "inspection", "state": "failed", "decided_on": "2025-05-31"}', NULL), ('HIDDEN-act', '{"kind": "act", "held": "待核"}', NULL),
	('SHOWN-commitment', '{"kind": "commitment", "detail": {"openness": "public"}}', NULL), ('HIDDEN-commitment-limited', '{"kind": "commitment", "detail": {"openness": "limited"}}', NULL),
	('HIDDEN-commitment-unstated', '{"kind": "commitment"}', NULL), ('HIDDEN-commitment-none', '{"kind": "commitment", "detail": {"openness": "none"}}', NULL),
	-- of people: the document number is public, words about them are not
	('SHOWN-person', '{"decided_on": "2026-03-02", "detail": {"cf_xdr_mc": "HIDDEN", "cf_sy": "HIDDEN", "cf_nr": "HIDDEN", "cf_wfxw": "HIDDEN", "cf_nr_zkdx": "HIDDEN"}}', :'person'),
	('SHOWN-person-permit', '{"kind": "permit", "detail": {"xk_nr": "HIDDEN", "xk_xkbh": "HIDDEN", "content": "HIDDEN"}}', :'person'),
	('HIDDEN-minor', '{"decided_on": "2026-03-02"}', :'minor'), ('HIDDEN-minor-permit', '{"kind": "permit"}', :'minor'), ('HIDDEN-minor-award', '{"kind": "award"}', :'minor'),
	('HIDDEN-minor-commitment', '{"kind": "commitment", "detail": {"openness": "public"}}', :'minor'),
	('HIDDEN-minor-then', '{"kind": "award", "decided_on": "2026-05-31"}', :'grown'), ('HIDDEN-act-as-minor', '{"kind": "award", "decided_on": "2026-06-01", "act_on": "2026-05-20"}', :'grown'),
	('SHOWN-grown', '{"kind": "award", "decided_on": "2026-06-01"}', :'grown'),
	('HIDDEN-government', '{"decided_on": "2026-03-02"}', '121200004013590816'), ('HIDDEN-government-award', '{"kind": "award"}', '121200004013590816'),
	('HIDDEN-official', '{"kind": "award"}', :'official'),
	('SHOWN-other-firm', '{"decided_on": "2026-03-02"}', '91420684MA4927PJ7B')
  ) AS v (document, columns, code) \g /dev/null
-- what a version that was superseded said
SELECT pg_temp.put('SHOWN-amended', '{"decided_on": "2026-03-02", "detail": {"cf_sy": "HIDDEN-old"}}') AS amended \gset
SELECT pg_temp.run('regress_officer', format($$ SELECT citycredit.amend_record('91110000600037341L', %L, '{"detail": {"cf_sy": "SHOWN-new"}}', '更正') $$, :'amended')) \g /dev/null
-- ratings of a firm: valid, of another measure superseded by a correction, undecided, past, of an example; of a body and of a minor
SELECT $yaml$policy: regress-p
title: SHOWN评价办法
version: "1"
issuer: 测试局
example: false
in_force: {from: 2020-01-01}
sources:
  m: {title: 测试评价办法, number: 测〔2020〕2号, rank: normative_document}
inputs: [penalty, participation]
applies_to:
  enrolled_by: {kind: participation, field: nothing, state: taking_part}
score: {base: 100, decimals: 0}
items:
  - {id: p, name: 处罚, match: {kind: penalty}, points: -10, window: {from: decided_on, months: 12}, cite: {source: m, article: 第五条}}
bands:
  choose: best
  gap: refer
  step: 1
  cite: {source: m, article: 第六条}
  of:
    - {id: A, name: 优秀, when: {score: {at_least: 90}}}
    - {id: B, name: 一般, when: {score: {below: 90}}}
scale: {A: A, B: B}
$yaml$ AS yaml \gset
SELECT replace(replace(replace(:'yaml', 'regress-p', 'regress-x'), 'example: false', 'example: true'), 'SHOWN', 'HIDDEN') AS example_yaml \gset
SET LOCAL ROLE regress_editor;
SELECT load_policy(:'yaml'), load_policy(:'example_yaml') \g /dev/null
RESET ROLE;
INSERT INTO rating_cycle (policy_id, rating, period_from, period_until, version_id, facts_until, repairs_until, known_at, on_correction, closed_by, closed_on, published_by, published_on, published_at)
SELECT p.policy_id, r.rating, '2025-01-01', '2025-12-31', p.version_id, '2025-12-31', '2025-12-31', '2026-01-01', 'subject_only', 'a', '2026-01-10', 'b', '2026-02-01', '2026-02-01'
  FROM policy AS p CROSS JOIN (VALUES ('SHOWN-year'), ('HIDDEN-undecided'), ('HIDDEN-past'), ('HIDDEN-unpublished')) AS r (rating);
INSERT INTO rating_correction (subject, correction_id, policy_id, rating, period_from, known_at, facts_until, reason, proposed_by, proposed_on, place, result, decided_by, decided_on, decision_reason)
SELECT '91110000600037341L', 1001, p.policy_id, 'SHOWN-year', '2025-01-01', '2026-03-01', '2026-03-01', 'x', 'a', '2026-03-01', 1, 'corrected', 'b', '2026-03-02', 'x' FROM policy AS p WHERE p.policy = 'regress-p';
INSERT INTO rating (subject, policy_id, version_id, rating, period_from, period_until, correction, as_of, facts_until, repairs_until, known_at, score, band_rank, credit_grade, undecided,
	published_on, valid_from, valid_until, published_at, superseded_at, correction_id, state, band, decided_by, reason, vetoes, lists, effects)
SELECT v.code::subject_code, p.policy_id, p.version_id, v.rating, '2025-01-01', '2025-12-31', v.correction, '2025-12-31', '2025-12-31', '2025-12-31', '2026-01-01', 905000, 1, 'A', v.undecided,
       v.published, v.published, v.valid_until, v.published, v.superseded, CASE WHEN v.correction > 0 THEN 1 END, v.state, CASE WHEN v.state = 'rated' THEN v.rating ELSE v.state END, 'b', CASE WHEN v.correction > 0 THEN 'x' END, '{}', '{}', '{}'
  FROM (VALUES
	('91110000600037341L', 'regress-p', 'SHOWN-year', 1, false, date '2026-03-02', date '2026-06-01', 'infinity'::timestamptz, 'rated'),
	('91110000600037341L', 'regress-p', 'SHOWN-year', 0, false, '2026-02-01', '2026-06-01', '2026-03-02', 'HIDDEN-superseded'),
	('91110000600037341L', 'regress-p', 'HIDDEN-undecided', 0, true, '2026-02-01', 'infinity', 'infinity', 'rated'),
	('91110000600037341L', 'regress-p', 'HIDDEN-past', 0, false, '2026-02-01', '2026-05-31', 'infinity', 'rated'),
	('91110000600037341L', 'regress-p', 'HIDDEN-unpublished', 0, false, NULL, NULL, 'infinity', 'rated'),
	('91110000600037341L', 'regress-x', 'SHOWN-year', 0, false, '2026-02-01', 'infinity', 'infinity', 'HIDDEN-example'),
	('121200004013590816', 'regress-p', 'SHOWN-year', 0, false, '2026-02-01', 'infinity', 'infinity', 'HIDDEN-government'),
	(:'minor', 'regress-p', 'SHOWN-year', 0, false, '2026-02-01', 'infinity', 'infinity', 'HIDDEN-minor'),
	(:'person', 'regress-p', 'SHOWN-year', 0, false, '2026-02-01', 'infinity', 'infinity', 'rated')
  ) AS v (code, policy, rating, correction, undecided, published, valid_until, superseded, state)
  JOIN policy AS p ON p.policy = v.policy;

CREATE FUNCTION pg_temp.shown(relation text, column_name text DEFAULT 'document') RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.run('regress_public', format('SELECT string_agg(%I, '' '' ORDER BY %1$I COLLATE "C") FROM citycredit.%I', column_name, relation))
$$;

-- ---------------------------------------------------------------------------
-- Rows
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.shown('published_penalty'), 'SHOWN-amended SHOWN-closure SHOWN-fine SHOWN-other-firm SHOWN-person', 'penalties: an amended one stays public as it was');
SELECT pg_temp.run('regress_head', format($$ SELECT citycredit.verify_record('91110000600037341L', %L) $$, :'amended')) \g /dev/null
SELECT is(pg_temp.shown('published_penalty'), 'SHOWN-amended SHOWN-closure SHOWN-fine SHOWN-other-firm SHOWN-person', '  and as it is when a second person has verified it');
SELECT is(pg_temp.shown('published_permit'), 'SHOWN-permit SHOWN-person-permit', 'permits');
SELECT is(pg_temp.shown('published_act'), 'SHOWN-act SHOWN-award SHOWN-grown SHOWN-inspection', 'other acts');
SELECT is(pg_temp.shown('published_commitment'), 'SHOWN-commitment', 'commitments');
SELECT is(pg_temp.shown('published_rating', 'rating'), 'SHOWN-year SHOWN-year', 'ratings');
SELECT results_eq('SELECT code, name, rating, correction, state, band, credit_grade, score, valid_until, objected FROM published_rating ORDER BY code',
	$$ VALUES ('91110000600037341L', '甲渣土运输有限公司', 'SHOWN-year', 1, 'rated', 'SHOWN-year', 'A', 90.5, date '2026-06-01', NULL),
	          ('P*****************', '欧＊', 'SHOWN-year', 0, 'rated', 'SHOWN-year', 'A', 90.5, NULL, NULL) $$, 'a rating is that of the correction');
SELECT results_eq($$ SELECT code, name, subject_kind, violation, facts, basis, penalty_kinds, content, licence, fine, authority, authority_name, regime, class, published_from, published_until, objected
                       FROM published_penalty WHERE document IN ('SHOWN-fine', 'SHOWN-person') ORDER BY document $$,
	$$ VALUES ('91110000600037341L', '甲渣土运输有限公司', 'legal_person', 'SHOWN-fine未经核准处置', 'SHOWN-fine事实', '测试条例第五条', '罚款', '对张三（***，***）罚款一万五千元', '许可证1号', 15000.00,
	           'Y1320400MJD12345XG', '测试城市管理局', '2023', 'any', date '2026-03-02', date '2029-03-02', NULL),
	          ('P*****************', '欧＊', 'natural_person', NULL, NULL, '测试条例第五条', 'fine', NULL, NULL, NULL, 'Y1320400MJD12345XG', '测试城市管理局', '2023', 'any', '2026-03-02', '2029-03-02', NULL) $$,
	'organisations are named, numbers of people in their texts are blotted out; people are masked, and words about them left out');
SELECT is_empty($$ SELECT c.relname, a.attname, a.atttypid::regtype FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
	 WHERE c.relnamespace = 'citycredit'::regnamespace AND c.relname LIKE 'published\_%' AND a.atttypid::regtype::text NOT IN ('text', 'integer', 'bigint', 'numeric', 'date') $$,
	'all columns are of plain types');
SELECT is((SELECT count(*) FROM published_penalty), (SELECT count(DISTINCT record) FROM published_penalty), 'a record is unique');

-- first and last days, without any job
SELECT is(pg_temp.run('none', format($$ SELECT set_config('citycredit.today', %L, true) $$, v.day)) || ' ' || coalesce(pg_temp.shown(v.relation), '-'), v.day || ' ' || v.want, v.what)
  FROM (VALUES
	(1, '2026-03-01', 'published_penalty', 'HIDDEN-expired HIDDEN-repaired', 'a penalty that is repaired later was public before, and none before its decision'),
	(2, '2026-05-31', 'published_permit', 'HIDDEN-permit-expired SHOWN-permit SHOWN-person-permit', 'a permit on its last day'),
	(3, '2026-06-01', 'published_permit', 'SHOWN-permit SHOWN-person-permit', '  and a day later'),
	(4, '2026-06-02', 'published_permit', 'SHOWN-person-permit', '  and the next'),
	(5, '2026-05-31', 'published_penalty', 'HIDDEN-expired HIDDEN-repaired HIDDEN-source-ended SHOWN-amended SHOWN-closure SHOWN-fine SHOWN-other-firm SHOWN-person', 'the last day of three years, of the source, and before the repair'),
	(6, '2026-06-01', 'published_penalty', 'SHOWN-amended SHOWN-closure SHOWN-fine SHOWN-other-firm SHOWN-person', 'all three are over a day later'),
	(7, '2029-03-02', 'published_penalty', 'SHOWN-amended SHOWN-closure SHOWN-fine SHOWN-other-firm SHOWN-person', 'the last day of three years from 2026-03-02'),
	(8, '2029-03-03', 'published_penalty', 'SHOWN-closure', '  and a day later'),
	(9, '2029-05-06', 'published_penalty', 'SHOWN-closure', 'the last day of a serious breach'),
	(10, '2029-05-07', 'published_penalty', '-', '  and a day later')
  ) AS v (n, day, relation, want, what)
 ORDER BY v.n;
SET LOCAL citycredit.today = '2026-06-02';
SELECT is(pg_temp.shown('published_rating', 'rating'), 'SHOWN-year', 'a rating is out on the day after its last');
SET LOCAL citycredit.today = '2026-06-01';

-- what a policy says is public is
SELECT pg_temp.run('regress_head_editor', format('SELECT citycredit.approve_publicity_rule(%s)', pg_temp.run('regress_editor',
	$$ INSERT INTO citycredit.publicity_parameter (name, scope, value) VALUES ('publish_kind', 'government_body', 'yes') RETURNING rule_id $$))) \g /dev/null
SELECT matches(pg_temp.shown('published_act'), 'HIDDEN-government-award', 'a government body is public where a rule says so');
SELECT pg_temp.run('regress_head_editor', format('SELECT citycredit.approve_publicity_rule(%s)', pg_temp.run('regress_editor',
	$$ INSERT INTO citycredit.publicity_parameter (name, scope, value) VALUES ('publish_kind', 'government_body', 'no') RETURNING rule_id $$))) \g /dev/null

-- minors
SELECT results_eq('SELECT subject::text, minor_until FROM person_minor ORDER BY minor_until', format($$ VALUES (%L, date '2026-05-31'), (%L, '2028-06-30') $$, :'grown', :'minor'),
	'of people only those who are or lately were minors are marked, through the end of a month');
SELECT pg_temp.run('regress_officer', format('SELECT citycredit.mark_minor(%L, ''2026-06-10'')', :'person')) \g /dev/null
SELECT is(pg_temp.shown('published_penalty'), 'SHOWN-amended SHOWN-closure SHOWN-fine SHOWN-other-firm', 'an officer marks a minor without an ID card');
DELETE FROM person_minor WHERE subject = :'person'::subject_code;
SELECT is(r.code, v.code, v.what)
  FROM (VALUES ('''91110000600037341L'', ''2026-06-10''', '22023', 'a firm is no minor'), (format('%L, NULL', :'person'), '22023', 'nor anybody without a day'),
               ('''PELDB1FB2CB0F37UX8'', ''2026-06-10''', 'P0002', 'nor who is not registered')) AS v (arguments, code, what)
 CROSS JOIN LATERAL pg_temp.refusal('regress_officer', format('SELECT citycredit.mark_minor(%s)', v.arguments)) AS r;
-- the intake marks them too
INSERT INTO intake_act (kind, subject_name, person_document_type, person_document, document, title, decided_on, authority, authority_code, source_code)
VALUES ('表彰奖励', '小某', '身份证', '360426200806010077', 'HIDDEN-intake', 'HIDDEN', '2026-05-20', '测试城市管理局', 'Y1320400MJD12345XG', 'regress');
SELECT process_intake() \g /dev/null
SELECT is((SELECT count(*) FROM record WHERE document = 'HIDDEN-intake'), 1::bigint, 'a minor''s record comes in');
SELECT is(pg_temp.shown('published_act'), 'SHOWN-act SHOWN-award SHOWN-grown SHOWN-inspection', '  and is not public');

-- pages
CREATE FUNCTION pg_temp.page(arguments text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.run('regress_public', format('SELECT string_agg(p.document, '' '') FROM citycredit.published_page(%s) AS p', arguments))
$$;
SELECT is(pg_temp.page(v.arguments), v.want, v.what)
  FROM (VALUES (1, $$'{inspection,commitment}', 2$$, 'SHOWN-commitment SHOWN-inspection', 'a page of what is public, the newest first'),
               (2, $$'{penalty}', 1$$, 'SHOWN-closure', 'and no more rows than asked for'), (3, $$'{penalty}', authority => 'nobody'$$, NULL, 'none of an authority without any')) AS v (n, arguments, want, what) ORDER BY v.n;
SELECT results_eq('SELECT p.record, p.code, p.name, p.subject_kind, p.document, p.facts, p.fine, p.authority_code, p.published_until, p.objected FROM published_page(''{penalty}'') AS p ORDER BY p.record',
	'SELECT record, code, name, subject_kind, document, facts, fine, authority, published_until, objected FROM published_penalty ORDER BY record', 'its rows are those of the view, masked as there');
SELECT is(r.code || ' ' || r.message, v.want, v.what)
  FROM (VALUES (1, $$'{participation}'$$, '22023 there is no such page of what is published', 'a kind that is not public'), (2, $$'{penalty}', 0$$, '22023 there is no such page of what is published', 'an empty page'),
               (3, $$'{penalty}', sorted_by => 'name'$$, '22023 there is no such page of what is published', 'another order'),
               (4, $$'{penalty}', after_day => '2026-01-01'$$, '22023 a page begins after a day and a record', 'a page after half a row'),
               (6, $$'{penalty}', sorted_by => 'published_from', after_record => '00000000-0000-0000-0000-000000000000'$$, '22023 a page begins after a day and a record', '  or after the other half'),
               (7, $$'{penalty}', 2147483647$$, '22023 there is no such page of what is published', 'a page of too many rows'),
               (5, $$'{penalty}', after_day => '2026-01-01', after_record => 'x'$$, '22P02 invalid input syntax for type uuid: "x"', 'a page after no record')) AS v (n, arguments, want, what)
 CROSS JOIN LATERAL pg_temp.refusal('regress_public', format('SELECT * FROM citycredit.published_page(%s)', v.arguments)) AS r ORDER BY v.n;

-- objections and repairs
\i test/include/terms.psql
INSERT INTO department_competence (department, role, duty, valid_from) VALUES ('城管局', 'regress_officer', 'window', '2026-01-01'), ('城管局', 'regress_officer', 'officer', '2026-01-01'),
	('城管局', 'regress_head', 'decider', '2026-01-01');
SELECT record AS fine FROM published_penalty WHERE document = 'SHOWN-fine' \gset
SELECT record_id AS gone FROM record WHERE document = 'HIDDEN-expired' \gset
SELECT pg_temp.run('regress_officer', format($$ SELECT citycredit.raise_objection('91110000600037341L', '{"against": "record", "record_id": "%s"}', '城管局', '金额有误') $$, :'fine')) AS objection \gset
SELECT is((SELECT string_agg(document, ' ') FROM published_penalty WHERE objected = 'open'), 'SHOWN-fine', 'a record is marked while an objection is open, and stays public');
SELECT pg_temp.run('regress_officer', format($$ SELECT citycredit.advance_proceeding('91110000600037341L', %s, 'withdraw') $$, :'objection')) \g /dev/null
SELECT is((SELECT count(*) FROM published_penalty WHERE objected = 'open'), 0::bigint, 'and no longer when it is closed');
-- the conditions of a repair are no matter of this test
ALTER FUNCTION citycredit._on_repair(citycredit.subject_code, bigint, integer) RENAME TO conditions_of_repair;
CREATE FUNCTION pg_temp.apply(record_id text) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$
	SELECT citycredit._open_proceeding('91110000600037341L', 'repair', 'apply', '城管局', jsonb_build_object('records', jsonb_build_array(record_id)), NULL, NULL,
		'{"publicity": {"days": 5}}', '{}', '{"evidence": [{"kind": "correction", "reference": "1"}, {"kind": "commitment", "reference": "2"}]}', NULL)
$$;
CREATE FUNCTION pg_temp.repair(record_id text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	id bigint := pg_temp.run('regress_officer', format('SELECT pg_temp.apply(%L)', record_id));
BEGIN
	PERFORM pg_temp.run('regress_officer', format($q$ SELECT citycredit.advance_proceeding('91110000600037341L', %s, 'accept') $q$, id));
	RETURN pg_temp.run('regress_officer', format($q$ SELECT citycredit.advance_proceeding('91110000600037341L', %s, 'publicise') $q$, id));
END
$$;
SELECT is(pg_temp.repair(:'fine'), 'publicised', 'a repair is publicised'), is(pg_temp.repair(:'gone'), 'publicised', 'and one of a record that is not public');
SELECT results_eq('SELECT code, name, document, department, applied_on, published_from, published_until FROM published_repair',
	$$ VALUES ('91110000600037341L', '甲渣土运输有限公司', 'SHOWN-fine', '城管局', date '2026-06-01', date '2026-06-01', date '2026-06-06') $$, 'only the first is shown');
SET LOCAL citycredit.today = '2026-06-06';
SELECT is(pg_temp.shown('published_repair'), 'SHOWN-fine', 'through its last day');
SET LOCAL citycredit.today = '2026-06-07';
SELECT is(pg_temp.shown('published_repair'), NULL, 'and no longer');
SET LOCAL citycredit.today = '2026-06-01';

-- ---------------------------------------------------------------------------
-- Attacks. Whatever a publisher sees by them goes into one text; in it is nothing that is hidden, and all of what is shown.
-- ---------------------------------------------------------------------------
SELECT format('HIDDEN|阳某某|晚辈|初成|官员|%s|%s|%s|%s|360426|E12345678|13912345678', substr(:'person', 2), substr(:'minor', 2), substr(:'grown', 2), substr(:'official', 2)) AS secret \gset
CREATE TEMPORARY TABLE published AS
SELECT c.oid, c.relname::text AS relation FROM pg_class AS c
 WHERE c.relnamespace = 'citycredit'::regnamespace AND c.relkind = 'v' AND (c.relname LIKE 'published\_%' OR c.relname IN ('red_list', 'black_list', 'watch_list'));
SELECT set_eq('SELECT relation FROM published', ARRAY['published_penalty', 'published_permit', 'published_act', 'published_commitment', 'published_rating', 'published_repair', 'red_list', 'black_list', 'watch_list'],
	'the views that are tried');
SELECT is_empty($$ SELECT relation FROM published JOIN pg_class AS c USING (oid) WHERE NOT 'security_barrier=true' = ANY (coalesce(c.reloptions, '{}')) AND NOT 'security_barrier' = ANY (coalesce(c.reloptions, '{}')) $$,
	'each is a barrier');
GRANT SELECT ON published TO regress_public;
SELECT set_config('regress.leaked', '', true) \g /dev/null

-- functions of the reader's in conditions, cheaper than everything: on columns, on whole rows, on rows as json
SET LOCAL ROLE regress_public;
CREATE FUNCTION pg_temp.leak(seen text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE COST 0.0001 AS $$
BEGIN
	PERFORM set_config('regress.leaked', concat_ws(' ', current_setting('regress.leaked', true), seen), true);
	RETURN true;
END
$$;
CREATE OPERATOR pg_temp.=== (LEFTARG = text, RIGHTARG = text, FUNCTION = pg_catalog.texteq);
RESET ROLE;
CREATE FUNCTION pg_temp.attacks(relation text) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT format(a.statement, relation)
	  FROM (VALUES ('SELECT count(*) FROM citycredit.%s AS v WHERE pg_temp.leak(v::text)'),
	               ('SELECT count(*) FROM citycredit.%s AS v WHERE pg_temp.leak(to_json(v)::text)'),
	               ('SELECT count(*) FROM citycredit.%s AS v WHERE pg_temp.leak(v.code) AND v.code LIKE ''9%%'''),
	               ('SELECT count(*) FROM citycredit.%s AS v WHERE v.code = ''91110000600037341L'' AND pg_temp.leak(v::text)'),
	               ('SELECT count(*) FROM citycredit.%s AS v WHERE v.code = ''P*****************'' AND pg_temp.leak(v::text)'),
	               ('SELECT count(*) FROM citycredit.%1$s AS v JOIN citycredit.%1$s AS w ON w.code = v.code WHERE pg_temp.leak(v::text) AND pg_temp.leak(w::text)'),
	               ('SELECT count(*) FROM citycredit.%s AS v WHERE pg_temp.leak(v.name) ORDER BY min(pg_temp.leak(v.code)::text)')) AS a (statement)
	UNION ALL
	SELECT format('SELECT count(*) FROM citycredit.%s AS v WHERE pg_temp.leak(v.%I::text)', relation, t.attname) FROM pg_attribute AS t WHERE t.attrelid = ('citycredit.' || relation)::regclass AND t.attnum > 0
$$;
CREATE FUNCTION pg_temp.attack(relation text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	statement text;
BEGIN
	PERFORM set_config('regress.leaked', '', true);
	FOR statement IN SELECT a FROM pg_temp.attacks(relation) AS a LOOP
		PERFORM pg_temp.run('regress_public', statement);
	END LOOP;
	RETURN current_setting('regress.leaked');
END
$$;
SELECT doesnt_match(pg_temp.attack(relation), :'secret', relation || ': functions in conditions see nothing hidden') FROM published ORDER BY relation COLLATE "C";
SELECT matches(pg_temp.attack(v.relation), v.seen, v.relation || ': they see what is shown')
  FROM (VALUES ('published_penalty', 'SHOWN-closure'), ('published_permit', 'SHOWN-permit'), ('published_act', 'SHOWN-award'), ('published_commitment', 'SHOWN-commitment'), ('published_rating', 'SHOWN-year'),
               ('published_repair', 'SHOWN-fine')) AS v (relation, seen);
SET LOCAL enable_indexscan = off;
SET LOCAL enable_bitmapscan = off;
SET LOCAL enable_nestloop = off;
SELECT doesnt_match(string_agg(pg_temp.attack(relation), ' '), :'secret', 'whatever the plan') FROM published;
RESET enable_indexscan;
RESET enable_bitmapscan;
RESET enable_nestloop;
-- a view that reads records as the published ones do, but for the gate: the same functions see what it leaves out
CREATE VIEW public.regress_open AS SELECT r.document, r.subject::text AS code FROM record AS r WHERE r.kind || '' <> 'participation';
GRANT SELECT ON public.regress_open TO regress_public;
SELECT set_config('regress.leaked', '', true) \g /dev/null
SELECT pg_temp.run('regress_public', 'SELECT count(*) FROM public.regress_open AS v WHERE pg_temp.leak(v.document)') \g /dev/null
SELECT matches(current_setting('regress.leaked'), 'HIDDEN-participation', 'and the test would notice');

-- errors that tell what they failed on
CREATE FUNCTION pg_temp.error_of(statement text) RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' ', r.code, r.message, r.detail, r.hint) FROM pg_temp.refusal('regress_public', statement) AS r $$;
SELECT doesnt_match(string_agg(pg_temp.error_of(format(a.statement, p.relation)), ' '), :'secret', 'errors speak of nothing hidden: ' || a.what)
  FROM published AS p
 CROSS JOIN (VALUES (1, 'casts', 'SELECT count(*) FROM citycredit.%s AS v WHERE (v::text)::integer > 0'), (2, 'casts of names', 'SELECT count(*) FROM citycredit.%s WHERE name::date > ''2020-01-01'''),
                    (3, 'division', 'SELECT count(*) FROM citycredit.%s WHERE 1 / (length(name) - 2) > 0'), (4, 'json', 'SELECT count(*) FROM citycredit.%s AS v WHERE (v::text)::json IS NULL'),
                    (5, 'patterns', 'SELECT count(*) FROM citycredit.%s AS v WHERE ''x'' ~ (v::text || ''('')')) AS a (n, what, statement)
 GROUP BY a.n, a.what ORDER BY a.n;
-- a division that fails on hidden values alone does not fail
SELECT is(pg_temp.error_of($$ SELECT count(*) FROM citycredit.published_penalty WHERE 1 / (CASE WHEN document LIKE 'HIDDEN%' THEN 0 ELSE 1 END) = 1 $$), '', 'and no error tells that a hidden row is there');

-- plans and statistics
ANALYZE record;
ANALYZE subject;
ANALYZE list_entry;
ANALYZE rating;
CREATE FUNCTION pg_temp.plan_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line text;
	lines text := '';
BEGIN
	PERFORM set_config('role', 'regress_public', true);
	FOR line IN EXECUTE statement LOOP
		lines := lines || line || E'\n';
	END LOOP;
	PERFORM set_config('role', 'none', true);
	RETURN lines;
END
$$;
SELECT doesnt_match(string_agg(pg_temp.plan_of(format('EXPLAIN (ANALYZE, VERBOSE, TIMING OFF) SELECT * FROM citycredit.%s WHERE code = ''91110000600037341L''', relation)), ''), :'secret', 'plans name nothing hidden') FROM published;
SET LOCAL enable_seqscan = off;
SELECT doesnt_match(p.plan, ' on (citycredit\.)?(record|rating|proceeding)\M|Rows Removed', p.relation || ': the plan of a look-up does not count rows that are left out'), matches(p.plan, 'subject_text', '  and finds the code by its index')
  FROM (SELECT v.relation, pg_temp.plan_of(format('EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF) SELECT * FROM citycredit.%s WHERE code = ''91110000600037341L''', v.relation)) AS plan
          FROM (VALUES ('published_penalty'), ('published_permit'), ('published_act'), ('published_commitment'), ('published_rating'), ('published_repair')) AS v (relation)) AS p;
RESET enable_seqscan;
SELECT is(pg_temp.run('regress_public', $$ SELECT count(*) FROM pg_catalog.pg_stats WHERE schemaname = 'citycredit' $$), '0', 'statistics of what they read are not the publisher''s');
SELECT is(pg_temp.run('regress_public', $$ SELECT count(*) FROM pg_catalog.pg_stats_ext WHERE schemaname = 'citycredit' $$), '0', 'nor extended ones');

-- rights
SELECT set_eq($$ SELECT c.relname::text FROM pg_class AS c WHERE c.relnamespace = 'citycredit'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S') AND CASE c.relkind
	WHEN 'S' THEN has_sequence_privilege('regress_public', c.oid, 'SELECT') ELSE has_any_column_privilege('regress_public', c.oid, 'SELECT, INSERT, UPDATE, REFERENCES') END $$,
	'SELECT relation FROM published', 'a publisher has no right on any other relation');
SELECT is_empty($$ SELECT relation FROM published WHERE has_any_column_privilege('regress_public', oid, 'INSERT, UPDATE, REFERENCES') OR has_table_privilege('regress_public', oid, 'DELETE, TRUNCATE, TRIGGER') $$,
	'nor any but to read these');
SELECT set_eq($$ SELECT p.proname::text FROM pg_proc AS p WHERE p.pronamespace = 'citycredit'::regnamespace AND p.prosecdef AND has_function_privilege('regress_public', p.oid, 'EXECUTE') $$,
	ARRAY['_published', '_published_repair', '_published_rating', 'published_page'], 'of functions with the owner''s rights it may execute the gates alone');
SELECT doesnt_match(pg_temp.run('regress_public', format($$ SELECT string_agg(p::text, ' ') FROM unnest(ARRAY[%L, %L, %L, %L, '91110000600037341L', '121200004013590816']::citycredit.subject_code[]) AS s (s)
	CROSS JOIN LATERAL citycredit._published(s.s, ARRAY['penalty', 'permit', 'award', 'inspection', 'act', 'commitment', 'participation', 'score']) AS p $$, :'person', :'minor', :'grown', :'official')), :'secret',
	'which give nothing hidden to whoever calls them with a code');
SELECT doesnt_match(pg_temp.run('regress_public', $$ SELECT string_agg(p::text, ' ') FROM citycredit.published_page('{penalty,permit,award,inspection,act,commitment}', 1000) AS p $$), :'secret', 'nor to whoever asks for a page');
SELECT set_eq('SELECT record FROM published_penalty UNION ALL SELECT record FROM published_permit UNION ALL SELECT record FROM published_act UNION ALL SELECT record FROM published_commitment',
	$$ SELECT p.record FROM published_page('{penalty,permit,award,inspection,act,commitment}', 1000, sorted_by => 'published_from') AS p $$, 'a page of everything is what the views show together');
SELECT is(left(pg_temp.error_of(a.statement), 5), '42501', a.what)
  FROM (VALUES ('SELECT * FROM citycredit.published_penalty FOR UPDATE', 'rows are not locked'), ('SELECT * FROM citycredit.black_list FOR KEY SHARE', 'not even shared'),
               ('LOCK TABLE citycredit.published_penalty IN ACCESS SHARE MODE; LOCK TABLE citycredit.record IN ACCESS SHARE MODE', 'tables are not locked'),
               ('SELECT citycredit._publicity_of(''91110000600037341L'', ''2026-05-31'')', 'the period of hidden records is not told'),
               ('SELECT citycredit.publicity(''91110000600037341L'', gen_random_uuid())', 'nor whether there is a record'),
               ('SELECT citycredit._published_of(''{91110000600037341L}'', ''{penalty}'')', 'subjects are not asked for in numbers'),
               ('SELECT citycredit._read_ahead(''91110000600037341L'', ''{penalty}'')', 'nor read ahead'),
               ('SELECT * FROM citycredit._public_subject', 'subjects are not listed'), ('SELECT * FROM citycredit.person_minor', 'minors are not told'),
               ('SET LOCAL citycredit.today = ''2026-05-31''', 'the day is not chosen'),
               ('COPY citycredit.record TO PROGRAM ''cat''', 'nothing is copied to a program'), ('CREATE VIEW citycredit.regress_mine AS SELECT 1', 'nothing is made beside the views')) AS a (statement, what);

-- names of the reader's own do not get in between
SET LOCAL ROLE regress_public;
CREATE TEMPORARY TABLE record (subject text, document text);
CREATE TEMPORARY TABLE subject (subject text, kind text);
CREATE FUNCTION pg_temp.today() RETURNS date LANGUAGE sql AS $$ SELECT date '2026-05-31' $$;
SET LOCAL search_path = pg_temp, citycredit, pg_catalog;
SELECT string_agg(document, ' ' ORDER BY document COLLATE "C") AS seen FROM citycredit.published_penalty \gset
RESET ROLE;
SET LOCAL search_path = public, citycredit;
SELECT is(:'seen'::text, 'SHOWN-amended SHOWN-closure SHOWN-fine SHOWN-other-firm SHOWN-person', 'tables and functions of the reader''s are not read');

-- COPY of a query, as a client does it
SET LOCAL ROLE regress_public;
COPY (SELECT code, name, document, fine, published_until, objected FROM citycredit.published_penalty ORDER BY document COLLATE "C") TO STDOUT;
\set ON_ERROR_STOP 0
SAVEPOINT copying;
COPY citycredit.record TO STDOUT;
ROLLBACK TO copying;
COPY citycredit.published_penalty TO STDOUT;
ROLLBACK TO copying;
\set ON_ERROR_STOP 1
RESET ROLE;

-- people are not told apart by what stands for their codes
SELECT results_eq($$ SELECT DISTINCT code FROM (SELECT code, subject_kind FROM published_penalty UNION ALL SELECT code, subject_kind FROM published_act UNION ALL SELECT code, subject_kind FROM published_rating) AS p WHERE subject_kind = 'natural_person' $$,
	$$ VALUES ('P*****************') $$, 'all people have one mask: joining on it tells nothing');

SELECT * FROM finish();
ROLLBACK;
