-- tap_effects.sql -- effects and values as results, and published ratings as readings
\set ECHO none
\i test/include/engine.psql
SET LOCAL datestyle = 'ISO, YMD';
SELECT plan(30);
\set firm 91110000600037341L

CREATE FUNCTION pg_temp.now(measure text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', s.state, s.score, s.band, s.effects, s.next_change_on) FROM citycredit.standing AS s WHERE s.policy = measure AND s.subject::text = '91110000600037341L'
$$;
CREATE FUNCTION pg_temp.penalise(document text, decided date) RETURNS void LANGUAGE sql AS $$
	INSERT INTO citycredit.record (subject, kind, document, authority, source, procedure, severity, decided_on)
	VALUES ('91110000600037341L', 'penalty', document, '11320400014109573H', 'regress', 'general', 'ordinary', decided)
$$;
CREATE FUNCTION pg_temp.wrong() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT format('%s %s %s on %s', v.policy, v.subject, v.problem, d) FROM unnest(ARRAY['2024-03-01', '2024-05-01', '2024-12-01', '2026-01-01']::date[]) AS d, citycredit.verify_standings(d) AS v
	UNION ALL
	SELECT format('%s %s seq %s: %s %s, replayed %s %s', p.policy, h.subject, h.seq, h.score, h.band_code, e.score, e.band)
	  FROM citycredit.standing_history AS h JOIN citycredit.policy AS p USING (version_id)
	  LEFT JOIN LATERAL citycredit.evaluate(h.subject, p.policy, h.as_of, h.known_at) AS e ON true
	 WHERE (h.band_code, h.score) IS DISTINCT FROM (e.band, (e.score * 10000)::bigint)
$$;

SELECT $yaml$policy: regress-effects
title: 测试措施办法
version: "1"
issuer: 测试局
in_force: {from: 2020-01-01}
sources:
  m: {title: 测试措施办法, rank: normative_document}
inputs: [penalty, participation]
applies_to:
  enrolled_by: {kind: participation, field: waste}
score: {base: 100, decimals: 1, round: half_up}
items:
  - {id: bad, name: 违法, match: {kind: penalty}, points: -10, window: {from: decided_on, years: 1}, cite: {source: m, article: 一}}
values:
  - {id: deposit, name: 保证金比例, unit: '%', cases: [{when: {band: A}, is: 0}, {when: {band: B}, is: 50}], otherwise: 100, cite: {source: m, article: 二}}
  - {id: share, name: 每千家, decimals: 2, round: half_up, ratio: {of: count.bad, over: 3, times: 10, otherwise: 0}, cite: {source: m, article: 三}}
bands:
  choose: best
  gap: refer
  cite: {source: m, article: 四}
  of:
    - {id: A, name: 优, when: {score: {above: 90}}}
    - {id: B, name: 中, when: {score: {above: 70, at_most: 90}}}
    - {id: C, name: 差, when: {score: {at_most: 70}}}
effects:
  - {id: training, name: 参加培训, effect: order, when: {count.bad: {at_least: 1}}, after: bad, due: {days: 15}, cite: {source: m, article: 五}}
  - {id: report, name: 书面报告, effect: order, when: {count.bad: {at_least: 2}}, after: bad, due: {working_days: 3}, cite: {source: m, article: 六}}
  - {id: no_bid, name: 限制投标, effect: bar, matter: 政府采购投标, when: {band: C}, hold: {months: 1}, cite: {source: m, article: 七}}
  - {id: honour, name: 表彰, effect: bar, matter: 表彰, at: rating, when: {band: A}, cite: {source: m, article: 八}}
$yaml$ AS effects \gset
SELECT pg_temp.put_in_force(:'effects') \g /dev/null
INSERT INTO record (subject, kind, document, authority, source, field, state, valid_from)
VALUES (:'firm', 'participation', 'E1', '11320400014109573H', 'regress', 'waste', 'taking_part', '2023-01-01');

-- ---------------------------------------------------------------------------
-- Effects and values
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.now('regress-effects'), 'rated 100.0 A {}', 'no effect; one of ratings only exists in none');
SELECT results_eq($$ SELECT id, value, unit FROM outcome_values('91110000600037341L', 'regress-effects') $$, $$ VALUES ('deposit', 0.0, '%'), ('share', 0.00, NULL) $$, 'values with their units');
SELECT is_empty($$ SELECT * FROM effects('91110000600037341L', 'regress-effects') $$, 'nothing to be done');
SELECT pg_temp.penalise('D1', '2024-02-01') \g /dev/null
SELECT is(pg_temp.now('regress-effects'), 'rated 90.0 B {training} 2025-02-02', 'an order');
SELECT results_eq($$ SELECT rule, effect, name, matter, due_on, working_days, counted_from, clause FROM effects('91110000600037341L', 'regress-effects') $$,
	$$ VALUES ('training', 'order', '参加培训', NULL::text, date '2024-02-16', NULL::int, date '2024-02-01', '测试措施办法 五') $$, '  with its day and clause');
SELECT is((SELECT effects FROM standing_stored AS s JOIN policy AS p USING (version_id) WHERE p.policy = 'regress-effects'), 1, '  is stored as a bit');
SELECT pg_temp.penalise('D2', '2024-02-09') \g /dev/null
SELECT results_eq($$ SELECT rule, due_on, working_days, counted_from FROM effects('91110000600037341L', 'regress-effects') $$,
	$$ VALUES ('training', date '2024-02-24', NULL::int, date '2024-02-09'), ('report', date '2024-02-20', 3, '2024-02-09') $$,
	'days from the latest, working days by the calendar of that spring festival');
SELECT results_eq($$ SELECT id, value FROM outcome_values('91110000600037341L', 'regress-effects') $$, $$ VALUES ('deposit', 50.0), ('share', 6.67) $$, 'values follow');
SELECT pg_temp.penalise('D3', '2024-02-10') \g /dev/null
SELECT is(pg_temp.now('regress-effects'), 'rated 70.0 C {training,report,no_bid} 2025-02-02', 'a bar');
SELECT is((SELECT h.effects FROM standing_history AS h JOIN policy AS p USING (version_id) WHERE p.policy = 'regress-effects' ORDER BY h.seq DESC LIMIT 1), 7, '  in history');
SELECT results_eq($$ SELECT rule, matter FROM effects('91110000600037341L', 'regress-effects', '2025-02-20') WHERE effect = 'bar' $$, $$ VALUES ('no_bid', '政府采购投标') $$, '  it holds on after its ground has gone');
SELECT is_empty($$ SELECT * FROM effects('91110000600037341L', 'regress-effects', '2025-03-05') WHERE effect = 'bar' $$, '  and ends');
SELECT is((SELECT e.effects FROM evaluate(:'firm', 'regress-effects') AS e), ARRAY['training', 'report', 'no_bid'], 'evaluation tells them');
SELECT pg_temp.penalise('D4', '2024-02-11') \g /dev/null
SELECT is_empty('SELECT pg_temp.wrong()', 'what is stored agrees with the records, and history comes out again');
SELECT throws_ok($$ SELECT * FROM effects('91110000600037341L', 'regress-nothing') $$, '42704', 'policy "regress-nothing" does not exist', 'effects of no policy');
SELECT throws_ok($$ SELECT * FROM outcome_values('91110000600037341L', 'regress-effects', '2019-01-01') $$, '22023', 'policy "regress-effects" does not cover 2019-01-01', 'values before it was in force');
UPDATE standing_stored SET effects = 0;
SELECT results_eq($$ SELECT policy, problem FROM verify_standings() $$, $$ VALUES ('regress-effects', 'other outcome') $$, 'a stored effect that is wrong is found');
SELECT is(regrade(), 1::bigint, '  and put right');
-- a change of effects alone is a change
SELECT replace(replace(:'effects', 'policy: regress-effects', 'policy: regress-quiet'), 'points: -10,', 'points: 0,') AS quiet \gset
SELECT pg_temp.put_in_force(:'quiet') \g /dev/null
SELECT pg_temp.penalise('D5', '2023-03-01') \g /dev/null
SELECT is(pg_temp.now('regress-quiet'), 'rated 100.0 A {training,report} 2024-03-02', 'the day on which only effects or values change is a change');

-- ---------------------------------------------------------------------------
-- Published ratings
-- ---------------------------------------------------------------------------
SELECT replace(replace(replace(:'effects', 'policy: regress-effects', 'policy: regress-repeat'), 'score: {base', E'reads: {ratings: [self, regress-plain]}\nscore: {base'),
	'items:', E'items:\n  - {id: again, name: 上期不优, match: {kind: rating, policy: regress-plain, cycle: year, grade: {at_most: C}}, points: -50, window: {from: valid_from, term: valid_until}, cite: {source: m, article: 九}}') AS repeated \gset
SELECT pg_temp.put_in_force(:'repeated') \g /dev/null
SELECT is((SELECT score FROM standing WHERE policy = 'regress-repeat'), 50.0, 'no rating is published');
SELECT policy_id AS id, version_id AS version FROM policy WHERE policy = 'regress-plain' \gset
INSERT INTO rating_cycle (policy_id, rating, period_from, period_until, version_id, facts_until, repairs_until, known_at, on_correction, closed_by, closed_on)
SELECT :id, 'year', make_date(y, 1, 1), make_date(y, 12, 31), :version, make_date(y, 12, 31), make_date(y, 12, 31), '2024-01-01', 'subject_only', 'closer', make_date(y + 1, 1, 5) FROM unnest(ARRAY[2022, 2023]) AS y;
INSERT INTO rating (subject, policy_id, version_id, rating, period_from, period_until, as_of, facts_until, repairs_until, known_at, score, band_rank, credit_grade, undecided, state, band, vetoes, lists, effects)
SELECT :'firm', :id, :version, 'year', make_date(y, 1, 1), make_date(y, 12, 31), make_date(y, 12, 31), make_date(y, 12, 31), make_date(y, 12, 31), '2024-01-01', 650000, 3, 'C', false, 'rated', 'C', '{}', '{}', '{}' FROM unnest(ARRAY[2022, 2023]) AS y;
SELECT is((SELECT score FROM standing WHERE policy = 'regress-repeat'), 50.0, 'one that is closed but not published is not read');
UPDATE rating SET published_on = '2024-02-01', published_at = clock_timestamp(), valid_from = '2024-02-01', valid_until = 'infinity' WHERE period_from = '2022-01-01';
SELECT is((SELECT s.score / 10000 FROM standing_stored AS s JOIN policy AS p USING (version_id) WHERE p.policy = 'regress-repeat'), 0::bigint, 'published, it counts at the end of the statement');
SELECT known_at AS published FROM subject_state WHERE subject::text = :'firm' \gset
UPDATE rating SET valid_until = '2024-04-30' WHERE period_from = '2022-01-01';
SELECT is((SELECT e.next_change_on FROM evaluate(:'firm', 'regress-repeat', '2024-03-02') AS e), '2024-05-01', 'its end, when it becomes known');
SELECT results_eq(format($$ SELECT e.score::int FROM unnest(%L::timestamptz[]) WITH ORDINALITY AS k (at, n), evaluate('91110000600037341L', 'regress-repeat', '2024-05-01', k.at) AS e ORDER BY n $$, ARRAY[:'published', 'infinity']),
	'VALUES (10), (60)', '  was not known before');
UPDATE rating SET superseded_at = clock_timestamp() WHERE period_from = '2022-01-01';
SELECT is((SELECT score FROM standing WHERE policy = 'regress-repeat'), 50.0, 'one that is superseded counts no longer');
SELECT is((SELECT e.score FROM evaluate(:'firm', 'regress-repeat', '2024-03-01', :'published') AS e), 0.0, '  and is what was known then');
SELECT throws_ok(format($$ SELECT * FROM evaluate('91110000600037341L', 'regress-repeat', '2024-03-01', %L) $$, '2020-01-01'), '42704', NULL, '  before it was adopted there is nothing');
SELECT throws_ok('DELETE FROM rating_reading', '55000', 'cannot delete readings', 'what was known of a rating stays');
SELECT throws_ok('UPDATE rating_reading SET valid_from = valid_from - 1', '55000', 'cannot update readings', '  as it was');
SELECT is_empty('SELECT pg_temp.wrong()', 'what is stored agrees with the records, and history comes out again');
SELECT * FROM finish();
ROLLBACK;
