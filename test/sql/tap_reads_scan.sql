-- tap_reads_scan.sql -- next_change_on of policies that read the results of others, against a scan of every day
\set ECHO none
\i test/include/engine.psql
SET LOCAL datestyle = 'ISO, YMD';
SELECT plan(6);

-- regress-pair reads two policies, one of which has a veto that holds and a version of its own from 2024-07-01; regress-top reads regress-pair
SELECT $yaml$policy: regress-pair
title: 测试综合办法
version: "1"
issuer: 测试局
in_force: {from: 2020-01-01}
sources:
  m: {title: 测试综合办法, rank: normative_document}
inputs: [penalty, participation]
applies_to:
  enrolled_by: {kind: participation, field: waste}
reads: {results: [regress-plain, regress-hold]}
score: {base: 100, decimals: 0}
items:
  - {id: plain, name: 单项不优, match: {kind: result, policy: regress-plain, points: {below: 90}}, points: -10, cite: {source: m, article: 一}}
  - {id: halted, name: 不参评, match: {kind: result, policy: regress-plain, state: not_rated}, points: -5, cite: {source: m, article: 一}}
  - {id: hold, name: 另一项差, match: {kind: result, policy: regress-hold, grade: {at_most: C}}, points: -20, cite: {source: m, article: 二}}
  - {id: own, name: 本项处罚, match: {kind: penalty}, points: -1, window: {months: 3}, cite: {source: m, article: 三}}
bands:
  choose: best
  gap: refer
  cite: {source: m, article: 四}
  of:
    - {id: A, name: 优, when: {score: {at_least: 90}}}
    - {id: B, name: 中, when: {score: {at_least: 75, below: 90}}}
    - {id: C, name: 差, when: {score: {below: 75}}}
scale: {A: A, B: B, C: C}
$yaml$ AS pair \gset
SELECT replace(replace(replace(replace(replace(:'pair', 'policy: regress-pair', 'policy: regress-top'), 'results: [regress-plain, regress-hold]', 'results: [regress-pair]'),
	'policy: regress-plain, points: {below: 90}', 'policy: regress-pair, band: [B, C]'), 'policy: regress-plain, state: not_rated', 'policy: regress-pair, points: {below: 70}'),
	'policy: regress-hold', 'policy: regress-pair') AS top \gset
SELECT pg_temp.put_in_force(:'pair'), pg_temp.put_in_force(:'top') \g /dev/null

CREATE TEMPORARY TABLE firm AS SELECT n, random_subject_code() AS code FROM generate_series(1, 12) AS n;
INSERT INTO record (subject, kind, document, authority, source, field, state, procedure, severity, decided_on, valid_from, valid_until)
SELECT f.code, 'participation', 'E' || f.n, '11320400014109573H', 'regress', 'waste', 'taking_part', NULL, NULL, NULL::date, date '2023-01-01' + pg_temp.some(f.n, 'from', 500),
       CASE WHEN pg_temp.some(f.n, 'until?', 3) = 0 THEN date '2024-10-01' + pg_temp.some(f.n, 'until', 200) END
  FROM firm AS f
UNION ALL
SELECT f.code, 'participation', 'H' || f.n, '11320400014109573H', 'regress', 'waste', 'halted', NULL, NULL, NULL, date '2024-05-01' + pg_temp.some(f.n, 'halt', 200),
       date '2024-12-01' + pg_temp.some(f.n, 'go on', 100)
  FROM firm AS f WHERE f.n % 4 = 0
UNION ALL
SELECT f.code, 'penalty', 'P' || f.n || '-' || i, '11320400014109573H', 'regress', NULL, NULL, 'general', (ARRAY['light', 'ordinary', 'serious', NULL])[1 + pg_temp.some(f.n * 10 + i, 'severity', 4)],
       date '2022-09-01' + pg_temp.some(f.n * 10 + i, 'decided', 700), NULL, NULL
  FROM firm AS f CROSS JOIN generate_series(1, 5) AS i;

-- what evaluate() says on every day of twenty months
CREATE TEMPORARY TABLE scan AS
SELECT f.n, p.policy, d.day::date AS day, e.state IS NULL AS nothing, row(e.state, e.score, e.band, e.credit_grade, e.undecided, e.vetoes, e.lists, e.effects)::text AS outcome,
       coalesce(e.next_change_on, 'infinity') AS next_change_on
  FROM firm AS f CROSS JOIN unnest(ARRAY['regress-pair', 'regress-top']) AS p (policy) CROSS JOIN generate_series(timestamp '2023-11-01', '2025-06-30', '1 day') AS d (day)
  LEFT JOIN LATERAL evaluate(f.code, p.policy, d.day::date) AS e ON true;
-- the first later day that differs; beyond the days scanned nothing is said
CREATE TEMPORARY TABLE stretch AS
SELECT s.*, max(s.day) OVER (PARTITION BY s.n, s.policy, s.block) + 1 AS differs_on, s.block = max(s.block) OVER (PARTITION BY s.n, s.policy) AS last
  FROM (SELECT c.*, count(*) FILTER (WHERE c.changed) OVER (PARTITION BY c.n, c.policy ORDER BY c.day) AS block
          FROM (SELECT a.*, coalesce(a.outcome <> lag(a.outcome) OVER (PARTITION BY a.n, a.policy ORDER BY a.day), false) AS changed FROM scan AS a) AS c) AS s;
SELECT cmp_ok(count(*), '>', 40::bigint, 'outcomes of regress-pair change') FROM stretch WHERE policy = 'regress-pair' AND day = differs_on - 1 AND NOT last;
SELECT cmp_ok(count(*), '>', 20::bigint, '  and of regress-top') FROM stretch WHERE policy = 'regress-top' AND day = differs_on - 1 AND NOT last;
SELECT cmp_ok(count(DISTINCT outcome), '>', 10::bigint, 'they are of many kinds') FROM scan;
SELECT is_empty($$ SELECT n, policy, day, next_change_on, differs_on FROM stretch WHERE NOT last AND next_change_on > differs_on $$, 'no change comes before next_change_on');
-- where another version of what is read takes over, the outcome may turn out the same
SELECT is_empty($$ SELECT n, policy, day, next_change_on, differs_on FROM stretch
	WHERE next_change_on < differs_on AND NOT (day < '2024-07-01' AND next_change_on = '2024-07-01') $$, '  and on it there is one');
SELECT is_empty($$ SELECT n, policy, day, next_change_on FROM stretch WHERE last AND next_change_on <= '2025-06-30' AND NOT (day < '2024-07-01' AND next_change_on = '2024-07-01') $$,
	'where nothing changes any more, none is foretold');
SELECT * FROM finish();
ROLLBACK;
