-- tap_intake.sql -- the exchange forms of 2018 and 2015: taken in, recognised, held, refused with every reason, fed again
\set ECHO none
\i test/include/intake.psql
SELECT plan(121);

DELETE FROM behaviour;
INSERT INTO behaviour (code, edition, kind, field, name, severity, pattern, retired_on) VALUES
	('RX-01', '2020', 'penalty', 'waste', '擅自处置', 'serious', '擅自处置', NULL),
	('RX-02', '2020', 'penalty', 'waste', '遗撒', NULL, '遗撒|泄漏', NULL),
	('RX-03', '2020', 'penalty', 'waste', '旧条目', NULL, '旧行为', '2026-02-01'),
	('RX-04', '2020', 'penalty', 'advertising', '广告', NULL, '遗撒广告', NULL),
	('RX-05', '2020', 'award', 'waste', '表彰', NULL, '先进', NULL),
	('RX-06', '2020', 'penalty', 'waste', '无识别式', 'light', NULL, NULL);
INSERT INTO source (source, kind, name, trusted_from)
SELECT '11321000000000019H', k, '测试局', '2020-01-01' FROM unnest(ARRAY['penalty', 'permit', 'award', 'participation', 'score']) AS k;

-- One good row of each form; the tests change a field or two of it.
CREATE TEMPORARY TABLE good AS
SELECT v.form, v."row"::jsonb FROM (VALUES
	('penalty', '{"cf_xdr_mc": "甲（扬州）运输有限公司", "cf_xdr_lb": "法人及非法人组织", "cf_xdr_shxym": "91321000000010014H", "cf_frdb": "张三", "cf_wsh": "扬城管罚〔2026〕1号",
		"cf_wfxw": "擅自处置建筑垃圾", "cf_sy": "现场检查发现", "cf_yj": "《城市建筑垃圾管理规定》", "cf_cflb": "警告；罚款", "cf_nr": "罚款两万元", "cf_nr_fk": "2.000001",
		"cf_jdrq": "2026-03-01", "cf_yxq": "2099-12-31", "cf_gsjzq": "2027/03/01", "cf_cfjg": "测试局", "cf_cfjgdm": "11321000000000019H",
		"cf_sjly": "测试局", "cf_sjlydm": "11321000000000019H"}'),
	('person', '{"cf_xdr_mc": "王五", "cf_xdr_lb": "自然人", "cf_xdr_zjlx": "身份证", "cf_xdr_zjhm": "32100219600102000x", "cf_wsh": "扬城管罚〔2026〕2号",
		"cf_wfxw": "遗撒", "cf_sy": "王五（身份证32100219600102000X）遗撒渣土", "cf_yj": "《城市建筑垃圾管理规定》", "cf_cflb": "罚款", "cf_nr": "罚款", "cf_nr_fk": "0.02",
		"cf_jdrq": "20260301", "cf_cfjg": "测试局", "cf_cfjgdm": "11321000000000019H", "cf_sjly": "测试局", "cf_sjlydm": "11321000000000019H"}'),
	('penalty_2015', '{"cf_xdr_mc": "乙公司", "cf_xdr_shxym": "91321000000010022C", "cf_xdr_zdm": "00001002-2", "cf_fr": "李四", "cf_wsh": "扬城管罚[2026]3号", "cf_cfmc": "遗撒案",
		"cf_cflb1": "罚款", "cf_sy": "车辆泄漏", "cf_yj": "规定", "cf_jg": "罚款五百元", "cf_jdrq": "2026/03/02", "cf_xzjg": "测 试 局", "cf_zt": "0", "dfbm": "321000", "sjc": "2026/03/03"}'),
	('permit', '{"xk_xdr_mc": "甲(扬州)运输有限公司", "xk_xdr_lb": "法人及非法人组织", "xk_xdr_shxym": "91321000000010014H", "xk_frdb": "张三", "xk_xkws": "核准决定书", "xk_wsh": "许1号",
		"xk_xklb": "核准", "xk_nr": "处置核准", "xk_jdrq": "2026-01-05", "xk_yxqz": "2026-01-06", "xk_yxqzi": "2026-12-31", "xk_xkjg": "测试局", "xk_xkjgdm": "11321000000000019H",
		"xk_zt": "1", "xk_lydw": "测试局", "xk_lydwdm": "11321000000000019H", "field": "waste"}'),
	('permit_2015', '{"xk_xdr": "乙公司", "xk_xdr_shxym": "91321000000010022C", "xk_fr": "李四", "xk_wsh": "许2号", "xk_xmmc": "核准", "xk_splb": "普通", "xk_nr": "处置核准", "xk_jdrq": "2026-01-07",
		"xk_jzq": "2099-12-31", "xk_xzjg": "测试局"}'),
	('act', '{"kind": "表彰奖励", "subject_name": "甲（扬州）运输有限公司", "subject_code": "91321000000010014h", "document": "奖1号", "title": "先进企业", "decided_on": "2026-02-01",
		"authority_code": "11321000000000019H", "points": "-1.5", "quantity": "2", "unit": " 3号标段 ", "district": "东湖区"}')
  ) AS v (form, "row");
CREATE TEMPORARY TABLE fed (label text, row_no bigint, form text);
-- Feeds the good row of a kind with changes, as the ETL would.
CREATE FUNCTION pg_temp.feed(label text, kind text, changes jsonb DEFAULT '{}') RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	the_form text := CASE WHEN feed.kind = 'person' THEN 'penalty' ELSE split_part(feed.kind, '_', 1) END;
	fields jsonb := (SELECT jsonb_strip_nulls(g."row" || feed.changes) FROM good AS g WHERE g.form = feed.kind);
BEGIN
	PERFORM set_config('role', 'regress_etl', true);
	EXECUTE (SELECT format('INSERT INTO citycredit.intake_%s (%s) VALUES (%s)', the_form,
			string_agg(quote_ident(f.key), ', ' ORDER BY f.key), string_agg(quote_literal(f.value), ', ' ORDER BY f.key))
		FROM jsonb_each_text(fields) AS f);
	PERFORM set_config('role', 'none', true);
	INSERT INTO fed VALUES (feed.label, currval('citycredit.intake_row'), the_form);
END
$$;
CREATE FUNCTION pg_temp.process() RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.run('regress_etl', $q$ SELECT string_agg(concat_ws(' ', form, taken, accepted, held, waiting_unclassified, rejected, duplicates), E'\n' ORDER BY form)
		FROM citycredit.process_intake() WHERE taken > 0 $q$)
$$;
-- Why a row was refused: code and column of every reason, in order.
CREATE FUNCTION pg_temp.reasons(label text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat(e.reason ->> 'code', ':', e.reason ->> 'column'), ' ' ORDER BY e.n)
	  FROM fed AS f
	  JOIN citycredit.intake_reject AS j ON (j."row" ->> 'row_no')::bigint = f.row_no
	 CROSS JOIN jsonb_array_elements(j.reasons) WITH ORDINALITY AS e (reason, n)
	 WHERE f.label = reasons.label
$$;
CREATE VIEW pg_temp.current AS SELECT r.* FROM citycredit.record AS r WHERE r.known_until = 'infinity';

-- ---------------------------------------------------------------------------
-- Good rows of every form
-- ---------------------------------------------------------------------------
SELECT results_eq('SELECT form, taken, accepted, held, waiting_unclassified, rejected, duplicates FROM process_intake()',
	$$ VALUES ('penalty', 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint), ('permit', 0, 0, 0, 0, 0, 0), ('act', 0, 0, 0, 0, 0, 0) $$, 'nothing in, a row of zeros for each form');
SELECT pg_temp.feed(g.form, g.form) FROM good AS g \g /dev/null
SELECT is(pg_temp.process(), E'act 1 1 0 0 0 0\npenalty 3 2 0 0 1 0\npermit 2 1 0 0 1 0', 'good rows are taken; those of 2015 name an authority nobody knows');
SELECT is(pg_temp.reasons('penalty_2015'), 'authority_unknown:cf_xzjg', '  which is the one of CF_XZJG: CF_JG is the result');
SELECT is(pg_temp.reasons('permit_2015'), 'authority_unknown:xk_xzjg', '  and of XK_XZJG');
SELECT pg_temp.run('regress_officer', $$ SELECT citycredit.register_subject('11321000000000019H', '测试局') $$) \g /dev/null
SELECT pg_temp.run('regress_officer', $$ SELECT citycredit.feed_again(reject_id) FROM citycredit.intake_reject WHERE form = 'penalty' $$),
	pg_temp.run('regress_officer', $$ SELECT citycredit.feed_again(reject_id) FROM citycredit.intake_reject WHERE form = 'permit' $$) \g /dev/null
SELECT is(pg_temp.process(), E'penalty 1 1 0 0 0 0\npermit 1 1 0 0 0 0', '  once it is registered, they are taken when fed again');
SELECT is_empty('SELECT FROM intake_penalty UNION ALL SELECT FROM intake_permit UNION ALL SELECT FROM intake_act', 'nothing is left in the forms');

SELECT results_eq($$ SELECT subject::text, kind, authority, source, amount_fen, fine_fen, decided_on, valid_until, publicity_until, penalty_kind, behaviour, field, severity, procedure,
	entered_by, recorded_on, version, held FROM pg_temp.current WHERE document = '扬城管罚〔2026〕1号' $$,
	$$ VALUES ('91321000000010014H', 'penalty', '11321000000000019H', '11321000000000019H', 2000001::bigint, 2000001::bigint, date '2026-03-01', NULL::date, date '2027-03-01', 'fine', 'RX-01', 'waste', 'serious',
	NULL::text, 'regress_etl', date '2026-03-31', 1::smallint, NULL::text) $$,
	'penalty of 2018: fen exact, no end at 2099-12-31, the heaviest kind, one behaviour recognised, procedure unknown, who fed it is who entered it');
SELECT results_eq($$ SELECT subject::text, authority, source, amount_fen, fine_fen, penalty_kind, behaviour, severity, detail ->> 'cf_jg' FROM pg_temp.current WHERE document = '扬城管罚〔2026〕3号' $$,
	$$ VALUES ('91321000000010022C', '11321000000000019H', '11321000000000019H', NULL::bigint, NULL::bigint, 'fine', 'RX-02', NULL::text, '罚款五百元') $$,
	'penalty of 2015: the authority by its name, no amount guessed from the words');
SELECT results_eq($$ SELECT kind, valid_from, valid_until, field, behaviour, state FROM pg_temp.current WHERE document = '许1号' $$,
	$$ VALUES ('permit', date '2026-01-06', date '2026-12-31', 'waste', NULL::text, '1') $$, 'permit of 2018: XK_YXQZ is the first, XK_YXQZI the last day');
SELECT results_eq($$ SELECT valid_from, valid_until FROM pg_temp.current WHERE document = '许2号' $$, 'VALUES (NULL::date, NULL::date)', 'permit of 2015: the first day unknown');
SELECT results_eq($$ SELECT subject::text, kind, source, behaviour, field, awarded_points, quantity, unit, district FROM pg_temp.current WHERE document = '奖1号' $$,
	$$ VALUES ('91321000000010014H', 'award', '11321000000000019H', 'RX-05', 'waste', -15000::bigint, 20000::bigint, '3号标段', '东湖区') $$, 'award');
SELECT results_eq($$ SELECT kind, name, representative FROM subject WHERE subject::text = '91321000000010014H' $$, $$ VALUES ('legal_person', '甲(扬州)运输有限公司', '张三') $$, 'an unknown organisation is made, its name normalised');

SELECT subject::text AS person FROM pg_temp.current WHERE document = '扬城管罚〔2026〕2号' \gset
SELECT matches(:'person'::text, '^P', 'a natural person has a random code');
SELECT is(pg_temp.run('regress_officer', $$ SELECT citycredit.register_person('身份证', '32100219600102000X', NULL) $$), :'person', '  which the document leads to');
SELECT results_eq(format($$ SELECT kind, name FROM subject WHERE subject::text = %L $$, :'person'), $$ VALUES ('natural_person', '王五') $$, '  and a name');
SELECT is((SELECT detail - ARRAY['cf_yj', 'cf_cflb', 'cf_nr', 'cf_nr_fk', 'cf_cfjg', 'cf_cfjgdm', 'cf_sjly', 'cf_sjlydm', 'cf_xdr_lb', 'cf_jdrq', 'cf_wsh'] FROM pg_temp.current WHERE document = '扬城管罚〔2026〕2号'),
	'{"cf_sy": "王五（身份证***）遗撒渣土", "cf_wfxw": "遗撒", "cf_xdr_mc": "王五", "cf_xdr_zjlx": "身份证"}'::jsonb, '  the document is in no field of the record, not even within a text');
SELECT ok(NOT EXISTS (SELECT FROM record AS r WHERE r::text ILIKE '%32100219600102000%') AND NOT EXISTS (SELECT FROM subject AS s WHERE s::text LIKE '%32100219600102000%'), '  and nowhere else');
SELECT is((SELECT behaviour || ' ' || amount_fen FROM pg_temp.current WHERE document = '扬城管罚〔2026〕2号'), 'RX-02 20000', '  200 yuan for littering');

-- ---------------------------------------------------------------------------
-- Repetitions
-- ---------------------------------------------------------------------------
SELECT pg_temp.feed('same ' || g.form, g.form) FROM good AS g \g /dev/null
SELECT is(pg_temp.process(), E'act 1 0 0 0 0 1\npenalty 3 0 0 0 0 3\npermit 2 0 0 0 0 2', 'the same rows again are duplicates and do no harm');
SELECT is(pg_temp.process(), NULL, '  and running again finds nothing');
SELECT pg_temp.feed('brackets', 'penalty', '{"cf_xdr_mc": " 甲 (扬州) 运输有限公司"}') \g /dev/null
SELECT is(pg_temp.process(), 'penalty 1 0 0 0 0 1', 'the name with half-width brackets is the same name');
SELECT pg_temp.feed('known', 'penalty', '{"cf_nr_fk": "3"}') \g /dev/null
SELECT pg_temp.feed('document brackets', 'penalty', '{"cf_wsh": "扬城管罚（2026）１号", "cf_sy": "别的事实"}') \g /dev/null
SELECT is(pg_temp.process(), 'penalty 2 0 0 0 2 0', 'other content for a known document is refused');
SELECT is(pg_temp.reasons('known') || ' ' || pg_temp.reasons('document brackets'), 'document_known:cf_wsh document_known:cf_wsh', '  whichever brackets its number has');
SELECT matches((SELECT reasons -> 0 ->> 'message' FROM intake_reject ORDER BY reject_id DESC LIMIT 1), 'amend_record', '  and pointed at amend_record()');
SELECT pg_temp.feed('part', 'penalty', '{"part": "1"}'), pg_temp.feed('twice 1', 'penalty', '{"cf_wsh": "T1"}'), pg_temp.feed('twice 2', 'penalty', '{"cf_wsh": "T1"}'),
	pg_temp.feed('twice 3', 'penalty', '{"cf_wsh": "T1", "cf_sy": "别的事实"}'), pg_temp.feed('bad first', 'penalty', '{"cf_wsh": "T2", "cf_jdrq": "x"}'),
	pg_temp.feed('good second', 'penalty', '{"cf_wsh": "T2"}') \g /dev/null
SELECT is(pg_temp.process(), 'penalty 6 3 0 0 2 1', 'within a batch the first good row stands; another part is another record');
SELECT is(pg_temp.reasons('twice 3') || ' ' || pg_temp.reasons('bad first'), 'document_twice:cf_wsh day_format:cf_jdrq', '  other content is refused');
-- a record that came by another way is compared by its columns
INSERT INTO record (subject, kind, document, authority, source, decided_on, amount_fen, penalty_kind) VALUES
	('91321000000010014H', 'penalty', 'W1', '11321000000000019H', 's', '2026-03-01', 2000001, 'fine'), ('91321000000010014H', 'penalty', 'W2', '11321000000000019H', 's', '2026-03-02', 2000001, 'fine');
SELECT pg_temp.feed('loaded same', 'penalty', '{"cf_wsh": "W1"}'), pg_temp.feed('loaded other', 'penalty', '{"cf_wsh": "W2"}') \g /dev/null
SELECT is(pg_temp.process(), 'penalty 2 0 0 0 1 1', 'a document loaded before by its columns is known too');
-- what an amendment made of it may be sent by the source as well
SELECT pg_temp.run('regress_officer', format($$ SELECT citycredit.amend_record('91321000000010014H', %L, '{"amount_fen": 3000000, "detail": {"cf_nr_fk": "3"}}', '更正') $$,
	(SELECT record_id FROM pg_temp.current WHERE document = '扬城管罚〔2026〕1号' AND part = 0))) \g /dev/null
SELECT pg_temp.feed('corrected early', 'penalty', '{"cf_nr_fk": "3"}') \g /dev/null
SELECT is(pg_temp.process() || ' ' || pg_temp.reasons('corrected early'), 'penalty 1 0 0 0 1 0 document_known:cf_wsh', 'not before a second person has verified it: it might be rejected');
SELECT pg_temp.run('regress_head', format($$ SELECT citycredit.verify_record('91321000000010014H', %L) $$,
	(SELECT record_id FROM pg_temp.current WHERE document = '扬城管罚〔2026〕1号' AND part = 0))) \g /dev/null
SELECT pg_temp.feed('corrected', 'penalty', '{"cf_nr_fk": "3"}'), pg_temp.feed('original', 'penalty') \g /dev/null
SELECT is(pg_temp.process(), 'penalty 2 0 0 0 0 2', 'after an amendment both the first and the corrected row are known');
SELECT is((SELECT fine_fen FROM pg_temp.current WHERE document = '扬城管罚〔2026〕1号' AND part = 0), 2000001::bigint, '  which leaves what it does not name');

-- ---------------------------------------------------------------------------
-- Names, states, findings
-- ---------------------------------------------------------------------------
SELECT pg_temp.feed('other name', 'penalty', '{"cf_wsh": "N1", "cf_xdr_mc": "另一公司"}'), pg_temp.feed('other person', 'person', '{"cf_wsh": "N2", "cf_xdr_mc": "赵六"}'),
	pg_temp.feed('new 1', 'penalty', '{"cf_wsh": "N3", "cf_xdr_shxym": "913210000000100307", "cf_xdr_mc": "丙公司"}'),
	pg_temp.feed('new 2', 'penalty', '{"cf_wsh": "N4", "cf_xdr_shxym": "913210000000100307", "cf_xdr_mc": "丁公司"}'),
	pg_temp.feed('state', 'penalty_2015', '{"cf_wsh": "N5", "cf_zt": "1"}') \g /dev/null
SELECT is(pg_temp.process(), 'penalty 5 5 4 0 0 0', 'a known code under another name is held, and so is what the source does not call normal');
SELECT results_eq($$ SELECT document, held IS NOT NULL FROM pg_temp.current WHERE document LIKE 'N_' ORDER BY document $$, $$ VALUES ('N1', true), ('N2', true), ('N3', false), ('N4', true), ('N5', true) $$,
	'  of two names for a new code the first stands');
SELECT set_eq($$ SELECT document FROM unverified_record WHERE document LIKE 'N_' $$, ARRAY['N1', 'N2', 'N4', 'N5'], '  they wait for a second person, though the source is trusted');
SELECT is((SELECT name FROM subject WHERE subject::text = '91321000000010014H'), '甲(扬州)运输有限公司', '  and the registered name stays');
INSERT INTO record (subject, kind, document, authority, source) VALUES ('913210000000100494', 'award', 'C1', 'A', 's');
SELECT pg_temp.feed('code only', 'penalty', '{"cf_wsh": "N6", "cf_xdr_shxym": "913210000000100494", "cf_xdr_mc": "戊公司"}') \g /dev/null
SELECT is(pg_temp.process(), 'penalty 1 1 0 0 0 0', 'a code known without a name gets the name');
SELECT is((SELECT name FROM subject WHERE subject::text = '913210000000100494'), '戊公司', '  of the row');

SELECT pg_temp.feed(v.label, 'penalty', v.changes::jsonb || jsonb_build_object('cf_wsh', v.label))
  FROM (VALUES
	('B1 none', '{"cf_wfxw": "从未见过"}'), ('B2 several', '{"cf_wfxw": "擅自处置并遗撒"}'), ('B3 in facts', '{"cf_wfxw": "其他", "cf_sy": "渣土泄漏"}'),
	('B4 retired', '{"cf_wfxw": "旧行为"}'), ('B5 before', '{"cf_wfxw": "旧行为", "cf_jdrq": "2026-01-31"}'), ('B6 given', '{"cf_wfxw": "擅自处置", "behaviour": "RX-06"}'),
	('B7 given field', '{"cf_wfxw": "遗撒广告", "field": "waste"}'), ('B8 severity', '{"severity": "轻微", "procedure": "普通程序", "intent": "恶意", "responsibility": "主要责任"}')
  ) AS v (label, changes) \g /dev/null
SELECT is(pg_temp.process(), 'penalty 8 8 0 3 0 0', 'what is not recognised for certain waits');
SELECT results_eq($$ SELECT document, behaviour, field, severity, procedure, intent, responsibility FROM pg_temp.current WHERE document LIKE 'B_ %' OR document LIKE 'B_%' AND kind = 'penalty' ORDER BY document COLLATE "C" $$,
	$$ VALUES ('B1none', NULL, NULL, NULL, NULL, NULL, NULL), ('B2several', NULL, NULL, NULL, NULL, NULL, NULL), ('B3infacts', 'RX-02', 'waste', NULL, NULL, NULL, NULL),
	('B4retired', NULL, NULL, NULL, NULL, NULL, NULL), ('B5before', 'RX-03', 'waste', NULL, NULL, NULL, NULL), ('B6given', 'RX-06', 'waste', 'light', NULL, NULL, NULL),
	('B7givenfield', 'RX-02', 'waste', NULL, NULL, NULL, NULL), ('B8severity', 'RX-01', 'waste', 'minor', 'general', 'malicious', 'main') $$,
	'  none, several, in the facts, retired, before that, given, narrowed by the field, the department''s own findings');
SELECT set_eq($$ SELECT document, candidates FROM unclassified_record WHERE document LIKE 'B_%' AND kind = 'penalty' $$,
	$$ VALUES ('B1none', NULL::text[]), ('B2several', ARRAY['RX-01', 'RX-02']), ('B4retired', NULL) $$, '  and is seen by the department');

SELECT pg_temp.feed(v.label, 'penalty', v.changes::jsonb || jsonb_build_object('cf_wsh', v.label))
  FROM (VALUES
	('K1', '{"cf_cflb": "罚款;没收违法所得；暂扣许可证件;", "cf_nr_wfff": "1", "cf_nr_zkdx": "许可证1"}'), ('K2', '{"cf_cflb": "其他-责令改正", "cf_nr_fk": null}'),
	('K3', '{"cf_cflb": "行政拘留；责令关闭", "cf_nr_fk": "0.000000"}'), ('K4', '{"cf_cflb": "没收非法财物", "cf_nr_fk": null, "cf_nr_wfff": "0"}')
  ) AS v (label, changes) \g /dev/null
SELECT is(pg_temp.process(), 'penalty 4 4 0 0 0 0', 'kinds of penalty');
SELECT results_eq($$ SELECT document, penalty_kind, amount_fen, fine_fen FROM pg_temp.current WHERE document LIKE 'K_' ORDER BY document $$,
	$$ VALUES ('K1', 'suspension_of_licence', 3000001::bigint, 2000001::bigint), ('K2', NULL, NULL, NULL), ('K3', 'detention', NULL, NULL), ('K4', 'confiscation_of_goods', 0, 0) $$,
	'  the heaviest counts; fine and confiscation add up, and the fine stands alone too; no amount is not zero');

SELECT pg_temp.feed(v.label, 'act', v.changes::jsonb || jsonb_build_object('document', v.label))
  FROM (VALUES
	('A1', '{"kind": "参评", "field": "waste", "state": "参评", "valid_from": "2026-01-01", "decided_on": null, "title": null}'),
	('A2', '{"kind": "外部评分", "points": "87.55"}'), ('A3', '{"kind": "检查", "state": "合格", "amount": "0.000001", "title": null, "facts": "x"}'),
	('A4', '{"kind": "其他行政行为", "decided_on": null, "act_on": "2026-03-31", "source_code": "platform"}'),
	('A5', format('{"subject_code": "%s", "subject_name": "王五", "category": "自然人"}', :'person')),
	('A6', format('{"subject_code": "%s", "subject_name": "王五"}', lower(:'person'))),
	('A7', '{"subject_code": null, "subject_name": "王五", "person_document_type": "身份证", "person_document": "32100219600102000X"}')
  ) AS v (label, changes) \g /dev/null
SELECT is(pg_temp.process(), 'act 7 7 0 2 0 0', 'participation, score, inspection, act, persons by code and by document');
SELECT results_eq($$ SELECT document, kind, state, awarded_points, amount_fen, source, left(subject::text, 1) FROM pg_temp.current WHERE document LIKE 'A_' ORDER BY document $$,
	$$ VALUES ('A1', 'participation', 'taking_part', -15000::bigint, NULL::bigint, '11321000000000019H', '9'), ('A2', 'score', NULL, 875500, NULL, '11321000000000019H', '9'),
	('A3', 'inspection', 'passed', -15000, 1, '11321000000000019H', '9'), ('A4', 'act', NULL, -15000, NULL, 'platform', '9'), ('A5', 'award', NULL, -15000, NULL, '11321000000000019H', 'P'),
	('A6', 'award', NULL, -15000, NULL, '11321000000000019H', 'P'), ('A7', 'award', NULL, -15000, NULL, '11321000000000019H', 'P') $$, '  in their columns');
SELECT is((SELECT count(DISTINCT subject) FROM pg_temp.current WHERE document IN ('A5', 'A6', 'A7')), 1::bigint, '  all the same person');

-- ---------------------------------------------------------------------------
-- Every reason
-- ---------------------------------------------------------------------------
CREATE TEMPORARY TABLE bad (n integer GENERATED ALWAYS AS IDENTITY, kind text, changes jsonb, expected text);
INSERT INTO bad (kind, changes, expected) VALUES
	('penalty', '{"cf_xdr_mc": "  ", "cf_yj": null, "cf_jdrq": ""}', 'missing:cf_xdr_mc missing:cf_yj missing:cf_jdrq'),
	('penalty', '{"cf_xdr_lb": null}', 'missing:cf_xdr_lb'),
	('penalty', '{"cf_xdr_lb": "公司"}', 'unknown_label:cf_xdr_lb'),
	('penalty', '{"cf_xdr_shxym": null}', 'missing:cf_xdr_shxym'),
	('penalty', '{"cf_xdr_shxym": "91321000000010015H"}', 'uscc:cf_xdr_shxym'),
	('penalty', '{"cf_xdr_shxym": "362322198709086409"}', 'uscc:cf_xdr_shxym'),
	('penalty', '{"cf_frdb": null}', 'missing:cf_frdb'),
	('penalty', '{"cf_xdr_lb": "个体工商户", "cf_frdb": null}', 'missing:cf_frdb'),
	('penalty', '{"cf_xdr_zzjg": "00001001-5"}', 'organisation_code:cf_xdr_zzjg'),
	('penalty', '{"cf_fr_zjlx": "身份证", "cf_fr_zjhm": "321002196001020001"}', 'document_number:cf_fr_zjhm'),
	('penalty', '{"cf_fr_zjlx": "军官证", "cf_fr_zjhm": "1"}', 'document_type:cf_fr_zjlx'),
	('penalty', '{"cf_fr_zjhm": "32100219600102000X"}', 'missing:cf_fr_zjlx'),
	('person', '{"cf_xdr_zjlx": null, "cf_xdr_zjhm": null}', 'missing:cf_xdr_zjlx missing:cf_xdr_zjhm'),
	('person', '{"cf_xdr_zjhm": "321002196001020001"}', 'document_number:cf_xdr_zjhm'),
	('person', '{"cf_xdr_zjhm": "3210**********000X"}', 'document_number:cf_xdr_zjhm'),
	('person', '{"cf_xdr_zjlx": "护照", "cf_xdr_zjhm": "张三"}', 'document_number:cf_xdr_zjhm'),
	('person', '{"cf_xdr_zjlx": "军官证"}', 'document_type:cf_xdr_zjlx'),
	('person', '{"cf_xdr_shxym": "91321000000010014H", "cf_xdr_zzjg": "1", "cf_xdr_swdj": "2", "cf_xdr_gszc": "3", "cf_xdr_sydw": "4", "cf_xdr_shzz": "5"}',
		'organisation_code_given:cf_xdr_shxym organisation_code_given:cf_xdr_gszc organisation_code_given:cf_xdr_zzjg organisation_code_given:cf_xdr_swdj organisation_code_given:cf_xdr_sydw organisation_code_given:cf_xdr_shzz'),
	('penalty', '{"cf_wsh": null, "cf_wfxw": null, "cf_sy": null, "cf_nr": null}', 'missing:cf_wsh missing:cf_wfxw missing:cf_sy missing:cf_nr'),
	('penalty', jsonb_build_object('cf_wsh', repeat('号', 129), 'cf_frdb', repeat('长', 51)), 'too_long:cf_frdb too_long:cf_wsh'),
	('penalty', '{"cf_cflb": null}', 'missing:cf_cflb'),
	('penalty', '{"cf_cflb": "罚款；斩首"}', 'unknown_label:cf_cflb'),
	('penalty', '{"cf_cflb": "；"}', 'unknown_label:cf_cflb'),
	('penalty', '{"cf_nr_fk": null}', 'amount_missing:cf_nr_fk'),
	('penalty', '{"cf_nr_fk": "0"}', 'amount_missing:cf_nr_fk'),
	('penalty', '{"cf_cflb": "警告"}', 'amount_not_expected:cf_nr_fk'),
	('penalty', '{"cf_cflb": "罚款；没收违法所得"}', 'amount_missing:cf_nr_wfff'),
	('penalty', '{"cf_nr_wfff": "1"}', 'amount_not_expected:cf_nr_wfff'),
	('penalty', '{"cf_nr_fk": "两万元"}', 'amount_format:cf_nr_fk'),
	('penalty', '{"cf_nr_fk": "-1"}', 'amount_format:cf_nr_fk'),
	('penalty', '{"cf_nr_fk": "0.0000001"}', 'amount_too_precise:cf_nr_fk'),
	('penalty', '{"cf_nr_fk": "9999999999999"}', 'amount_too_large:cf_nr_fk'),
	('penalty', '{"cf_cflb": "罚款；吊销许可证件"}', 'licence_missing:cf_nr_zkdx'),
	('penalty', '{"cf_jdrq": "2026-02-29", "cf_yxq": "永久", "cf_gsjzq": "2026-3-1"}', 'day_format:cf_jdrq day_format:cf_yxq day_format:cf_gsjzq'),
	('penalty', '{"cf_jdrq": "2026-04-01", "served_on": "20260402"}', 'day_in_future:cf_jdrq day_in_future:served_on'),
	('penalty', '{"cf_yxq": "2026-02-28", "cf_gsjzq": "2026-02-28", "act_on": "2026-03-02", "act_ended_on": "2026-03-01", "corrected_on": "2026-03-01", "served_on": "2026-02-28"}',
		'day_order:act_on day_order:act_ended_on day_order:corrected_on day_order:served_on day_order:cf_yxq day_order:cf_gsjzq'),
	('penalty', '{"cf_cfjg": null, "cf_cfjgdm": null, "cf_sjly": null, "cf_sjlydm": null}', 'missing:cf_cfjg missing:cf_cfjgdm missing:cf_sjly missing:cf_sjlydm'),
	('penalty', '{"cf_cfjgdm": "x", "cf_sjlydm": "y"}', 'uscc:cf_cfjgdm uscc:cf_sjlydm'),
	('penalty', '{"cf_jg": "罚款三万元", "cf_xzjg": "别的局"}', 'both_forms:cf_jg both_forms:cf_xzjg'),
	('penalty', '{"behaviour": "RX-99"}', 'behaviour_unknown:behaviour'),
	('penalty', '{"behaviour": "RX-05"}', 'behaviour_unknown:behaviour'),
	('penalty', '{"behaviour": "RX-03"}', 'behaviour_unknown:behaviour'),
	('penalty', '{"behaviour": "RX-01", "field": "greening"}', 'behaviour_field:field'),
	('penalty', '{"procedure": "听证", "severity": "x", "intent": "x", "responsibility": "x"}', 'unknown_label:procedure unknown_label:severity unknown_label:intent unknown_label:responsibility'),
	('penalty', '{"points": "1.00001", "quantity": "-1", "part": "32768"}', 'number_format:points number_format:quantity part_format:part'),
	('penalty', '{"part": "1.5"}', 'part_format:part'),
	('penalty_2015', '{"cf_xdr_mc": null, "cf_jg": null, "cf_xzjg": null, "cf_sy": null}', 'missing:cf_xdr_mc missing:cf_sy missing:cf_jg missing:cf_xzjg'),
	('penalty_2015', '{"cf_xdr_shxym": null}', 'missing:cf_xdr_shxym'),
	('penalty_2015', '{"cf_xdr_shxym": null, "cf_xdr_zdm": null, "cf_xdr_sfz": "321002196001020001"}', 'document_number:cf_xdr_sfz'),
	('permit', '{"xk_xklb": "恩准", "xk_nr": null, "xk_yxqz": "2027-01-01"}', 'unknown_label:xk_xklb missing:xk_nr day_order:xk_yxqzi'),
	('permit', '{"xk_yxqz": null, "xk_yxqzi": null, "xk_xklb": null, "xk_xkjgdm": null, "xk_lydw": null}',
		'missing:xk_xklb missing:xk_xkjgdm missing:xk_lydw missing:xk_yxqz missing:xk_yxqzi'),
	('permit_2015', '{"xk_splb": null, "xk_jdrq": "x"}', 'missing:xk_splb day_format:xk_jdrq'),
	('act', '{"kind": null}', 'missing:kind'),
	('act', '{"kind": "承诺"}', 'unknown_label:kind'),
	('act', '{"title": null, "authority_code": null, "decided_on": null}', 'missing:content missing:authority_code missing:decided_on'),
	('act', '{"kind": "参评", "decided_on": null}', 'missing:valid_from missing:field missing:state'),
	('act', '{"kind": "参评", "field": "waste", "state": "也许", "valid_from": "2026-01-01"}', 'unknown_label:state'),
	('act', '{"kind": "评分", "points": null}', 'missing:points'),
	('act', '{"amount": "1,5"}', 'amount_format:amount'),
	('act', '{"subject_code": "PELDB1FB2CB0F37UX8"}', 'person_unknown:subject_code');
SELECT count(pg_temp.feed('bad ' || b.n, b.kind, jsonb_build_object(CASE b.kind WHEN 'act' THEN 'document' WHEN 'permit' THEN 'xk_wsh' WHEN 'permit_2015' THEN 'xk_wsh' ELSE 'cf_wsh' END, 'X' || b.n) || b.changes))
  FROM bad AS b \g /dev/null
SELECT matches(pg_temp.process(), '^act 8 0 0 0 8 0\npenalty 49 0 0 0 49 0\npermit 3 0 0 0 3 0$', 'bad rows, none taken');
SELECT is(pg_temp.reasons('bad ' || b.n), b.expected, format('%s: %s', b.kind, left(b.changes::text, 80))) FROM bad AS b ORDER BY b.n;
SELECT is_empty($$ SELECT code FROM intake_reason EXCEPT SELECT e.reason ->> 'code' FROM intake_reject AS j CROSS JOIN jsonb_array_elements(j.reasons) AS e (reason) $$, 'every reason has been met');
SELECT is_empty($$ SELECT e.reason FROM intake_reject AS j CROSS JOIN jsonb_array_elements(j.reasons) AS e (reason)
	WHERE coalesce(e.reason ->> 'message', '') !~ '[一-龥].* / .*[a-z]' OR e.reason ->> 'column' IS NULL $$, '  and said in both languages');
SELECT is_empty($$ SELECT reasons FROM intake_reject WHERE reasons::text ~ '[0-9]{15}' $$, '  without any document');
SELECT is((SELECT j."row" - ARRAY['row_no', 'received_at', 'received_by'] FROM intake_reject AS j JOIN fed AS f ON f.row_no = (j."row" ->> 'row_no')::bigint WHERE f.label = 'bad 1'),
	(SELECT jsonb_strip_nulls("row" || '{"cf_wsh": "X1", "cf_xdr_mc": "  ", "cf_yj": null, "cf_jdrq": ""}') FROM good WHERE form = 'penalty'), 'a refused row is kept as it came');
SELECT ok(NOT EXISTS (SELECT FROM person_identity WHERE subject OPERATOR(citycredit.<>) :'person'), 'no refused row has made a person');

-- ---------------------------------------------------------------------------
-- Feeding again
-- ---------------------------------------------------------------------------
SELECT j.reject_id AS reject FROM intake_reject AS j JOIN fed AS f ON f.row_no = (j."row" ->> 'row_no')::bigint WHERE f.label = 'bad 1' \gset
SELECT matches(pg_temp.refusal('regress_officer', replace(v.statement, 'REJECT', :'reject')), v.expected, v.label)
  FROM (VALUES
	(1, $$ SELECT citycredit.feed_again(REJECT, '{"cf_xdr": "x", "received_by": "x"}') $$, '^22023 cannot change cf_xdr, received_by of form penalty\nHINT', 'columns that are not the form''s, or not the feeder''s'),
	(2, $$ SELECT citycredit.feed_again(REJECT, '[]') $$, '^22023 changes must be an object', 'no object'),
	(3, $$ SELECT citycredit.feed_again(0) $$, '^P0002 reject 0 does not exist', 'an unknown reject')
  ) AS v (n, statement, expected, label) ORDER BY v.n;
SELECT pg_temp.run('regress_officer', format($$ SELECT citycredit.feed_again(%s, '{"cf_xdr_mc": "甲（扬州）运输有限公司", "cf_yj": "规定"}') $$, :'reject')) AS row_no \gset
INSERT INTO fed VALUES ('again', :'row_no', 'penalty');
SELECT is(pg_temp.process() || pg_temp.reasons('again'), 'penalty 1 0 0 0 1 0missing:cf_jdrq', 'a row corrected in part comes back with the rest');
SELECT matches(pg_temp.refusal('regress_officer', format($$ SELECT citycredit.feed_again(%s) $$, :'reject')), '^55000 reject .* was fed again already\nDETAIL By "regress_officer"', '  as a reject of its own: the first is not fed twice');
SELECT pg_temp.run('regress_officer', format($$ SELECT citycredit.feed_again(%s, '{"cf_jdrq": "2026-03-03"}') $$, (SELECT max(reject_id) FROM intake_reject))) \g /dev/null
SELECT is(pg_temp.process(), 'penalty 1 1 0 0 0 0', '  and is taken when it is right');
SELECT is((SELECT entered_by FROM pg_temp.current WHERE document = 'X1'), 'regress_officer', '  entered by who corrected it');

-- ---------------------------------------------------------------------------
-- All or nothing
-- ---------------------------------------------------------------------------
SELECT pg_temp.feed('late', 'penalty', '{"cf_wsh": "L1"}') \g /dev/null
CREATE FUNCTION pg_temp.stop() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'stopped half-way'; END $$;
CREATE TRIGGER stop BEFORE INSERT ON record FOR EACH STATEMENT EXECUTE FUNCTION pg_temp.stop();
SELECT throws_ok('SELECT * FROM process_intake()', 'P0001', 'stopped half-way', 'a run that dies');
SELECT is((SELECT count(*) FROM intake_penalty), 1::bigint, '  leaves the rows in the form');
DROP TRIGGER stop ON record;
SELECT is(pg_temp.process(), 'penalty 1 1 0 0 0 0', '  for the next');
SELECT matches(pg_temp.refusal('regress_head', 'INSERT INTO citycredit.intake_penalty (cf_wsh) VALUES (''x'')'), '^42501', 'an officer feeds no raw rows');
SELECT * FROM finish();
ROLLBACK;
