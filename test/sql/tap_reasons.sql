-- tap_reasons.sql -- each number of a grade with its clause: surcharges, limits of a record, gaps, vetoes that hold, what is no line of a score
\set ECHO none
\i test/include/lists.psql
SELECT $yaml$policy: regress-explain
title: 测试说明办法
version: "1"
issuer: 测试局
example: false
in_force: {from: 2020-01-01}
sources:
  measure: {title: 测试说明办法, number: 测〔2020〕3号, rank: normative_document}
inputs: [penalty, participation, act]
applies_to:
  enrolled_by: {kind: participation, field: construction_waste}
score: {base: 100, decimals: 0}
items:
  - id: dumping
    name: 擅自处置
    match: {kind: penalty, behaviour: CW-01, procedure: general}
    points:
      each: -10
      surcharges:
        - {id: malicious, when: {intent: malicious}, points: -5, cite: {source: measure, article: 第六条}}
        - {id: serious, when: {severity: {at_least: serious}}, points: -10, cite: {source: measure, article: 第七条}}
      record_floor: -20
    window: {from: decided_on, months: 12}
    cite: {source: measure, article: 第五条}
  - id: accident
    name: 事故
    match: {kind: act, behaviour: CW-21}
    window: {from: act_on, months: 1}
    cite: {source: measure, article: 第八条}
bands:
  choose: best
  gap: C
  cite: {source: measure, article: 第九条}
  of:
    - {id: A, name: 优秀, when: {score: {at_least: 90}}}
    - {id: B, name: 一般, when: {score: {at_least: 85, below: 90}}}
    - {id: C, name: 较差, when: {score: {below: 60}}}
    - {id: D, name: 差, when: {score: {below: 0}}}
vetoes:
  - {id: crash, name: 事故否决, when: {count.accident: {at_least: 1}}, band: D, hold: {months: 6}, cite: {source: measure, article: 第十条}}
lists:
  - {id: look, list: watch, name: 重点关注名单, when: {band: [C, D]}, cite: {source: measure, article: 第十一条}}
$yaml$ AS yaml \gset
SET LOCAL ROLE regress_editor;
SELECT load_policy(:'yaml') \g /dev/null
SET LOCAL ROLE regress_head_editor;
SELECT adopt_policy('regress-explain', '1') \g /dev/null
RESET ROLE;
INSERT INTO source (source, kind, name, trusted_from) VALUES ('regress', 'act', '测试', '2020-01-01');
INSERT INTO record (subject, kind, document, authority, source, field, behaviour, procedure, decided_on, act_on, severity, intent, repaired_on)
SELECT '9144060573144633XL'::subject_code, v.kind, v.document, '11320400014109573H', v.source, 'construction_waste', v.behaviour, v.procedure, v.decided_on, v.act_on,
       v.severity, v.intent, v.repaired_on
  FROM (VALUES
	('penalty', 'X1', 'regress', 'CW-01', 'general', date '2024-02-01', NULL::date, 'serious', 'malicious', NULL::date),
	('penalty', 'X2', 'regress', 'CW-01', 'general', '2024-02-02', NULL, 'minor', NULL, NULL),
	('penalty', 'X3', 'regress', 'CW-01', NULL, '2024-02-03', NULL, NULL, NULL, '2024-02-20'),
	('penalty', 'X4', 'unknown', 'CW-01', 'general', '2024-02-04', NULL, 'minor', 'deliberate', NULL),
	('act', 'X5', 'regress', 'CW-21', NULL, NULL, '2023-12-01', NULL, NULL, NULL)
  ) AS v (kind, document, source, behaviour, procedure, decided_on, act_on, severity, intent, repaired_on);
CREATE TEMPORARY VIEW told AS SELECT * FROM explain('9144060573144633XL', 'regress-explain');

SELECT plan(11);
SELECT is((SELECT sum(points) FROM told WHERE adds), (SELECT score FROM evaluate('9144060573144633XL', 'regress-explain')), 'what adds is the score');
SELECT is((SELECT remark FROM told WHERE document = 'X1' AND part = 'record'), '单项记录 -25，限为 -20 / record -25 kept at -20', 'the limit of a record is told');
SELECT results_eq($$ SELECT rule, points, adds, status, clause FROM told WHERE document = 'X1' AND part = 'surcharge' ORDER BY line $$,
	$$ VALUES ('malicious', -5::numeric, false, 'included', '测试说明办法（测〔2020〕3号） 第六条'), ('serious', -10, false, 'included', '测试说明办法（测〔2020〕3号） 第七条') $$,
	'each surcharge stands by its own clause');
SELECT results_eq($$ SELECT status, remark FROM told WHERE document = 'X2' AND part = 'surcharge' $$,
	$$ VALUES ('undetermined', '主观状态不明，不加计 / not added, unknown: intent') $$, 'what is unknown adds nothing, and is told');
SELECT results_eq($$ SELECT status, remark FROM told WHERE document = 'X3' AND rule = 'dumping' $$, $$ VALUES ('repaired', NULL::text) $$,
	'a repaired record would not count whatever is learned');
SELECT is((SELECT remark FROM told WHERE document = 'X4'), '尚未经第二人审核，不计 / does not count until a second person verifies it', 'what is not verified says so');
SELECT results_eq($$ SELECT rule, remark FROM told WHERE part = 'band' $$, $$ VALUES (NULL::text, '办法规定按 C 处理 / the measure takes it for C') $$, 'a score in no band is told');
SELECT is((SELECT remark FROM told WHERE part = 'veto'), '情形已不存在，在规定的保持期内仍不得优于 D / the case is over; held for the time that the measure states: not better than D',
	'a veto that outlasts its case says so');
SELECT is((SELECT remark FROM told WHERE part = 'list'), '仅为候选，未经认定不列入 / a candidate only: no listing without recognition', 'a candidate is no entry');
SELECT is((SELECT remark FROM explain('9144060573144633XL', 'regress-explain', '2023-12-15') WHERE part = 'veto'), '一票否决，不得优于 D / not better than D', 'while the case lasts');
UPDATE record SET known_until = known_from + interval '1 hour' WHERE subject = '9144060573144633XL' AND kind = 'participation' AND known_until = 'infinity';
SELECT is((SELECT count(*) FROM told WHERE adds), 0::bigint, 'without enrolment there is no score, and nothing adds to it');
SELECT * FROM finish();
ROLLBACK;
