-- tap_explain.sql -- an outcome told line by line: the points add up to the score, every rule names its clause, every record its status
\set ECHO none
\i test/include/engine.psql
SET LOCAL datestyle = 'ISO, YMD';
SELECT plan(34);
-- regress-tight: caps, floors and components that bind on most subjects, and every status a record can have
SELECT pg_temp.put_in_force($yaml$policy: regress-tight
title: 测试限额办法
version: "1"
issuer: 测试局
in_force: {from: 2020-01-01}
sources:
  m: {title: 测试限额办法, number: 测〔2020〕4号, rank: normative_document}
inputs: [penalty, award, participation]
applies_to:
  enrolled_by: {kind: participation, field: waste, state: taking_part}
score: {base: 70.25, floor: 40, cap: 78, decimals: 2, round: half_up}
components:
  - {id: operation, name: 经营, base: 5, floor: -12, cap: 8}
  - {id: honour, name: 守信, cap: 9.5}
items:
  - id: heavy
    name: 严重
    component: operation
    match: {kind: penalty, severity: {at_least: serious}}
    points: {each: -7.5, surcharges: [{id: simple, when: {procedure: simple}, points: -1.25, cite: {source: m, article: 二(二)}}], record_floor: -8}
    floor: -15
    window: {from: decided_on, years: 1}
    cite: {source: m, article: 二}
  - id: slight
    name: 一般
    component: operation
    match: {kind: penalty, severity: {below: serious}}
    points: -1.1
    floor: -4
    window: {from: decided_on, delay: {days: 5}, months: 6, ends_on: corrected_on}
    cite: {source: m, article: 三}
  - id: award
    name: 表彰
    component: honour
    match: {kind: award}
    points: {awarded: {from: 0, to: 10}}
    cap: 12
    window: {from: decided_on, years: 1}
    cite: {source: m, article: 四}
  - id: kept
    name: 修复后仍计
    match: {kind: penalty, severity: very_serious}
    points: -3
    repaired: counts
    window: {from: decided_on, years: 3}
    cite: {source: m, article: 五}
bands:
  choose: best
  gap: refer
  cite: {source: m, article: 六}
  of:
    - {id: A, name: 优, when: {score: {at_least: 75}}}
    - {id: B, name: 中, when: {score: {at_least: 65, below: 75}}}
    - {id: C, name: 差, when: {score: {below: 50}}}
ceilings:
  - {id: ceiling, name: 不得评优, when: {count.heavy: {at_least: 1}}, band: B, cite: {source: m, article: 七}}
vetoes:
  - {id: veto, name: 一票否决, when: {count.heavy: {at_least: 2}}, band: C, hold: {months: 3}, cite: {source: m, article: 八}}
lists:
  - {id: watch, list: watch, name: 关注名单, when: {band: C}, cite: {source: m, article: 九}}
$yaml$) \g /dev/null

-- ---------------------------------------------------------------------------
-- One firm with a record of every status
-- ---------------------------------------------------------------------------
\set firm 91110000600037341L
INSERT INTO record (subject, kind, document, authority, source, field, state, valid_from)
VALUES (:'firm', 'participation', 'E1', 'office-1', 'regress', 'waste', 'taking_part', '2022-01-01');
INSERT INTO record (subject, kind, document, authority, source, procedure, severity, decided_on, corrected_on, repaired_on, revoked_on, awarded_points)
VALUES (:'firm', 'penalty', 'counts', 'office-1', 'regress', 'general', 'serious', '2024-01-10', NULL, NULL, NULL, NULL),
       (:'firm', 'penalty', 'last day', 'office-1', 'regress', 'simple', 'serious', '2023-03-01', NULL, NULL, NULL, NULL),
       (:'firm', 'penalty', 'expired', 'office-1', 'regress', 'general', 'serious', '2023-02-28', NULL, NULL, NULL, NULL),
       (:'firm', 'penalty', 'pending', 'office-1', 'regress', 'general', 'ordinary', '2024-02-27', NULL, NULL, NULL, NULL),
       (:'firm', 'penalty', 'repaired', 'office-1', 'regress', 'general', 'very_serious', '2024-01-11', NULL, '2024-03-01', NULL, NULL),
       (:'firm', 'penalty', 'revoked', 'office-1', 'regress', 'general', 'serious', '2024-01-12', NULL, NULL, '2024-02-01', NULL),
       (:'firm', 'penalty', 'unverified', 'office-1', 'stranger', 'general', 'serious', '2024-01-13', NULL, NULL, NULL, NULL),
       (:'firm', 'penalty', 'unknown severity', 'office-1', 'regress', 'general', NULL, '2024-01-14', NULL, NULL, NULL, NULL),
       (:'firm', 'penalty', 'unknown day', 'office-1', 'regress', 'general', 'serious', NULL, NULL, NULL, NULL, NULL),
       (:'firm', 'penalty', 'ended', 'office-1', 'regress', 'general', 'ordinary', '2024-01-15', '2024-02-15', NULL, NULL, NULL),
       (:'firm', 'penalty', 'never', 'office-1', 'regress', 'general', 'ordinary', '2024-01-16', '2024-01-16', NULL, NULL, NULL),
       (:'firm', 'award', 'awarded', 'office-1', 'regress', NULL, NULL, '2024-01-20', NULL, NULL, NULL, 95000),
       (:'firm', 'award', 'awarded too much', 'office-1', 'regress', NULL, NULL, '2024-01-20', NULL, NULL, NULL, 105000),
       (:'firm', 'award', 'awarded nothing', 'office-1', 'regress', NULL, NULL, '2024-01-20', NULL, NULL, NULL, NULL);
CREATE TEMPORARY TABLE told AS SELECT * FROM explain(:'firm', 'regress-tight');
SELECT is(t.rule || ' ' || t.points || ' ' || t.status || ' ' || t.adds, v.says, v.document)
  FROM (VALUES
	(1, 'heavy', 'counts', 'heavy -7.50 counts true'), (2, 'heavy', 'last day', 'heavy -8.00 counts true'), (3, 'heavy', 'expired', 'heavy -7.50 expired false'),
	(4, 'slight', 'pending', 'slight -1.10 pending false'), (5, 'heavy', 'repaired', 'heavy -7.50 repaired false'), (6, 'kept', 'repaired', 'kept -3.00 counts true'),
	(7, 'heavy', 'revoked', 'heavy -7.50 revoked false'), (8, 'heavy', 'unverified', 'heavy -7.50 unverified false'),
	(9, 'slight', 'ended', 'slight -1.10 ended false'), (10, 'slight', 'never', 'slight -1.10 ended false'), (11, 'award', 'awarded', 'award 9.50 counts true')
  ) AS v (n, rule, document, says)
  LEFT JOIN told AS t ON t.part = 'record' AND t.document = v.document AND t.rule = v.rule
 ORDER BY v.n;
SELECT results_eq($$ SELECT rule, document, status, adds, remark FROM told WHERE status = 'undetermined' ORDER BY rule, document $$,
	$$ VALUES ('award', 'awarded nothing', 'undetermined', false, '裁量分值不明，不计；查明后可能计入，计入则为 0.00 至 10.00 分 / would count if known: points, with 0.00 to 10.00'),
	          ('award', 'awarded too much', 'undetermined', false, '裁量分值不在办法允许范围内，不计 / does not count: the measure does not permit these points'),
	          ('heavy', 'unknown day', 'undetermined', false, '决定日不明，不计；查明后可能计入，计入则为 -7.50 分 / would count if known: decided_on, with -7.50'),
	          ('heavy', 'unknown severity', 'undetermined', false, '严重程度不明，不计；查明后可能计入，计入则为 -7.50 分 / would count if known: severity, with -7.50'),
	          ('kept', 'unknown severity', 'undetermined', false, '严重程度不明，不计；查明后可能计入，计入则为 -3.00 分 / would count if known: severity, with -3.00'),
	          ('slight', 'unknown severity', 'undetermined', false, '严重程度不明，不计；查明后可能计入，计入则为 -1.10 分 / would count if known: severity, with -1.10') $$,
	'what is not known does not count, and the line says what it is');
SELECT results_eq($$ SELECT document, first_day, last_day FROM told WHERE rule = 'heavy' AND document IN ('counts', 'last day', 'expired', 'repaired') ORDER BY document $$,
	$$ VALUES ('counts', date '2024-01-10', date '2025-01-10'), ('expired', '2023-02-28', '2024-02-28'), ('last day', '2023-03-01', '2024-03-01'), ('repaired', '2024-01-11', '2024-02-29') $$,
	'with the days on which it counts');
SELECT results_eq($$ SELECT part, rule, points, remark FROM told WHERE part IN ('base', 'limit') ORDER BY line $$,
	$$ VALUES ('base', NULL, 70.25, NULL), ('limit', 'heavy', 0.50, '小计 -15.50，限为 -15.00 / sum -15.50 kept at -15.00'), ('base', 'operation', 5.00, NULL) $$,
	'bases and limits are lines of their own');
SELECT results_eq($$ SELECT part, rule, status, remark FROM told WHERE part IN ('band', 'ceiling', 'veto', 'list', 'result') ORDER BY line $$,
	$$ SELECT * FROM (VALUES ('band', 'B', 'holds', NULL), ('ceiling', 'ceiling', 'holds', '不得优于 B / not better than B'), ('veto', 'veto', 'holds', '一票否决，不得优于 C / not better than C'), ('list', 'watch', 'holds', '仅为候选，未经认定不列入 / a candidate only: no listing without recognition'),
	          ('result', 'C', 'holds', NULL)) AS v (part, rule, status, remark) $$,
	'so are the rules that decided');
SELECT is(sum(points), 66.75, 'the points add up') FROM told WHERE adds;
SELECT is(score, 66.75, 'to the score') FROM standing WHERE subject = :'firm' AND policy = 'regress-tight';
SELECT results_eq('SELECT line FROM told', 'SELECT generate_series(1, (SELECT count(*) FROM told)::integer)', 'lines are numbered in order');
SELECT is(count(*), 1::bigint, 'the enrolment is told too') FROM told WHERE rule = 'enrolled' AND document = 'E1' AND status = 'counts';

-- not enrolled, halted, a past day, an earlier position
SELECT results_eq($$ SELECT part, rule, adds FROM explain('91110000600037341L', 'regress-tight', '2021-12-31') WHERE part NOT IN ('record', 'next') $$, $$ VALUES ('state', 'not_enrolled', false) $$,
	'who does not take part has no score');
SELECT is_empty($$ SELECT * FROM explain('91110000600037341L', 'regress-tight', '2021-12-31') WHERE adds $$, '  and nothing that adds up to one');
SELECT is(sum(points), (SELECT score FROM evaluate(:'firm', 'regress-tight', '2024-01-10')), 'a past day') FROM explain(:'firm', 'regress-tight', '2024-01-10') WHERE adds;
SELECT known_at AS before FROM subject_state WHERE subject = :'firm' \gset
SELECT pg_temp.amend((SELECT record_id FROM record WHERE document = 'counts' AND known_until = 'infinity'), '{"revoked_on": "2024-03-01"}') \g /dev/null
SELECT is((SELECT status FROM explain(:'firm', 'regress-tight') WHERE document = 'counts' AND rule = 'heavy'), 'revoked', 'after an amendment');
SELECT set_eq(format($$ SELECT rule, document, status, points FROM explain('91110000600037341L', 'regress-tight', '2024-03-01', %L) $$, :'before'), 'SELECT rule, document, status, points FROM told',
	'what was known before it is told as before');

-- ---------------------------------------------------------------------------
-- Many firms, several days
-- ---------------------------------------------------------------------------
CREATE TEMPORARY TABLE firm AS SELECT n, random_subject_code() AS code FROM generate_series(1, 40) AS n;
INSERT INTO record (subject, kind, document, authority, source, field, state, valid_from)
SELECT code, 'participation', 'E' || n, 'office-1', 'regress', 'waste', 'taking_part', date '2022-01-01' FROM firm;
INSERT INTO record (subject, kind, document, authority, source, procedure, severity, decided_on, corrected_on, repaired_on, revoked_on, awarded_points)
SELECT f.code, CASE WHEN pg_temp.some(r, 'kind', 4) = 0 THEN 'award' ELSE 'penalty' END, 'G' || r, 'office-1',
       CASE WHEN pg_temp.some(r, 'source', 9) = 0 THEN 'stranger' ELSE 'regress' END, (ARRAY['simple', 'general', 'general', NULL])[1 + pg_temp.some(r, 'procedure', 4)],
       (ARRAY['light', 'ordinary', 'ordinary', 'serious', 'very_serious', NULL])[1 + pg_temp.some(r, 'severity', 6)], date '2022-06-01' + pg_temp.some(r, 'decided', 640),
       CASE WHEN pg_temp.some(r, 'corrects', 4) = 0 THEN date '2023-01-01' + pg_temp.some(r, 'corrected', 500) END,
       CASE WHEN pg_temp.some(r, 'repairs', 4) = 0 THEN date '2023-01-01' + pg_temp.some(r, 'repaired', 500) END,
       CASE WHEN pg_temp.some(r, 'revokes', 15) = 0 THEN date '2024-01-01' END, pg_temp.some(r, 'points', 11000) * 10
  FROM firm AS f CROSS JOIN generate_series(1, 30) AS i CROSS JOIN LATERAL (SELECT f.n * 100 + i AS r) AS x WHERE i <= f.n;
CREATE TEMPORARY TABLE account AS
SELECT f.n, p.policy, d::date AS day, e.score, e.band, e.undecided, l.*
  FROM firm AS f CROSS JOIN (VALUES ('regress-tight'), ('regress-plain'), ('regress-hold')) AS p (policy)
 CROSS JOIN unnest(ARRAY['2022-12-31', '2023-06-15', '2024-03-01', '2024-08-01', '2026-01-01']::date[]) AS d
 CROSS JOIN LATERAL evaluate(f.code, p.policy, d::date) AS e CROSS JOIN LATERAL explain(f.code, p.policy, d::date) AS l;
SELECT is(count(*), 600::bigint, '600 explanations') FROM (SELECT DISTINCT n, policy, day FROM account) AS a;
SELECT is_empty($$ SELECT n, policy, day, score, sum(points) FILTER (WHERE adds) FROM account GROUP BY n, policy, day, score HAVING score IS DISTINCT FROM sum(points) FILTER (WHERE adds) $$,
	'in every one the points add up exactly to the score');
SELECT set_eq($$ SELECT DISTINCT status FROM account WHERE part = 'record' $$, $$ VALUES ('counts'), ('expired'), ('pending'), ('repaired'), ('revoked'), ('unverified'), ('undetermined'), ('ended'), ('never') $$,
	'every status occurs');
SELECT set_eq($$ SELECT DISTINCT part, rule FROM account WHERE part = 'limit' AND policy = 'regress-tight' $$,
	$$ VALUES ('limit', 'heavy'), ('limit', 'slight'), ('limit', 'award'), ('limit', 'operation'), ('limit', 'honour'), ('limit', NULL) $$, 'every limit binds somewhere');
SELECT is_empty($$ SELECT * FROM account WHERE clause IS NULL AND (part IN ('band', 'ceiling', 'veto', 'list', 'result') OR (part = 'record' AND rule <> 'enrolled')
                     OR (part = 'limit' AND rule NOT IN ('operation', 'honour')) OR (part = 'state' AND rule <> 'not_enrolled')) $$, 'every rule names its clause');
SELECT matches(clause, '^测试限额办法（测〔2020〕4号） 八$', 'with document and article') FROM account WHERE rule = 'veto' LIMIT 1;
SELECT is_empty($$ SELECT n, policy, day FROM account WHERE NOT undecided GROUP BY n, policy, day, band HAVING band IS DISTINCT FROM max(rule) FILTER (WHERE part = 'result') $$,
	'the result is the band of the evaluation');
SELECT isnt_empty($$ SELECT * FROM account WHERE undecided AND part = 'result' AND rule IS NULL $$, 'and says so where it is undecided');
SELECT is_empty($$ SELECT * FROM account WHERE (status = 'counts') <> (adds) AND part = 'record' $$, 'what counts adds, and nothing else');
SELECT is_empty($$ SELECT * FROM account WHERE part = 'record' AND (status = 'pending' AND first_day <= day OR status = 'expired' AND last_day >= day
                     OR status = 'counts' AND (first_day > day OR last_day < day)) $$, 'and the days agree with the status');
SELECT * FROM finish();
ROLLBACK;
