-- tap_rating_rank.sql -- ranks of a cohort against plain SQL, ties and roundings included; and what a correction does to bystanders
\set ECHO none
\i test/include/engine.psql
SET LOCAL datestyle = 'ISO, YMD';
SELECT plan(34);
CREATE ROLE regress_closer;
CREATE ROLE regress_publisher;
GRANT USAGE ON SCHEMA citycredit TO regress_closer, regress_publisher;
GRANT EXECUTE ON FUNCTION close_cycle, publish_rating, correct_rating, decide_correction, preview_correction TO regress_closer, regress_publisher;
INSERT INTO department_competence (department, role, duty, valid_from) VALUES
	('测试局', 'regress_closer', 'decider', '2020-01-01'), ('测试局', 'regress_publisher', 'decider', '2020-01-01');

-- 100 points less the quantity of each penalty; ranked are those without an award, whom no veto holds.
SELECT $yaml$policy: regress-rank
title: 测试排名评价办法
version: "1"
issuer: 测试局
in_force: {from: 2020-01-01}
sources:
  m: {title: 测试排名评价办法, number: 测〔2020〕10号, rank: normative_document}
inputs: [penalty, award, participation]
applies_to:
  enrolled_by: {kind: participation, field: ranked}
score: {base: 100, decimals: 1, round: half_up}
items:
  - {id: fault, name: 扣分, match: {kind: penalty}, points: {per_unit: -1}, window: always, cite: {source: m, article: 第二条}}
  - {id: apart, name: 另行评价, match: {kind: award}, window: always, cite: {source: m, article: 第三条}}
ranks:
  - id: order
    by: score
    best: highest
    among: {count.apart: 0}
    ties: include
    groups: [{id: top10, percent: 10, round: half_up}, {id: to40, percent: 40, round: up}, {id: last3, from: worst, number: 3}]
    cite: {source: m, article: 第四条}
  - id: strict
    by: sum.fault
    best: highest
    ties: exclude
    groups: [{id: first7, number: 7}, {id: third, percent: 33.3, round: down}]
    cite: {source: m, article: 第四条}
  - id: lows
    by: score
    best: lowest
    ties: refer
    groups: [{id: half, percent: 50, round: half_up}]
    cite: {source: m, article: 第四条}
bands:
  choose: best
  gap: C
  cite: {source: m, article: 第五条}
  of:
    - {id: A, name: 优秀, when: {group.top10: true}}
    - {id: B, name: 良好, when: {group.to40: true}}
    - {id: C, name: 一般, when: {group.top10: false, group.to40: false}}
scale: {A: A, B: B, C: C}
vetoes:
  - {id: low, name: 过低, when: {score: {below: 65}}, band: C, cite: {source: m, article: 第六条}}
lists:
  - {id: watched, list: watch, name: 末位关注, when: {group.last3: true}, at: rating, cite: {source: m, article: 第七条}}
effects:
  - {id: course, name: 参加培训, effect: order, when: {group.last3: true}, at: rating, cite: {source: m, article: 第七条}}
values:
  - {id: place, name: 名次, linear: {of: rank.order, times: 1, plus: 0}, decimals: 0, cite: {source: m, article: 第七条}}
ratings:
  - {id: year, name: 年度评价, period: year, version_by: end, valid: {until: next}, on_correction: subject_only, cite: {source: m, article: 第八条}}
$yaml$ AS ranked \gset
SELECT pg_temp.put_in_force(:'ranked'),
       pg_temp.put_in_force(replace(replace(:'ranked', 'policy: regress-rank', 'policy: regress-better'), 'subject_only', 'better_only')),
       pg_temp.put_in_force(replace(replace(:'ranked', 'policy: regress-rank', 'policy: regress-all'), 'subject_only', 'all')) \g /dev/null

-- Few different scores, so that ties abound.
SELECT setseed(0.42) \g /dev/null
CREATE TEMPORARY TABLE firm AS
SELECT n, random_subject_code() AS subject, (floor(random() * 24) / 0.5)::numeric AS fault, random() < 0.1 AS apart FROM generate_series(1, 307) AS n;
SET LOCAL citycredit.today = '2024-06-01';
INSERT INTO record (subject, kind, document, authority, source, field, state, valid_from)
SELECT subject, 'participation', 'E' || n, '11320400014109573H', 'regress', 'ranked', 'taking_part', '2023-01-01' FROM firm;
INSERT INTO record (subject, kind, document, authority, source, quantity, decided_on)
SELECT subject, 'penalty', 'P' || n, '11320400014109573H', 'regress', (fault * 10000)::bigint, '2024-05-01' FROM firm;
INSERT INTO record (subject, kind, document, authority, source, decided_on) SELECT subject, 'award', 'A' || n, '11320400014109573H', 'regress', '2024-05-01' FROM firm WHERE apart;

-- The oracle: one row for each firm and ranking, by window functions alone.
CREATE VIEW pg_temp.oracle AS
WITH entrant AS (
	SELECT f.subject, r.ranking, CASE r.ranking WHEN 'order' THEN 100 - f.fault WHEN 'strict' THEN -f.fault ELSE f.fault - 100 END AS value
	  FROM firm AS f CROSS JOIN (VALUES ('order'), ('strict'), ('lows')) AS r (ranking)
	 WHERE 100 - f.fault >= 65 AND (r.ranking <> 'order' OR NOT f.apart)
), placed AS (
	SELECT e.*, rank() OVER (PARTITION BY ranking ORDER BY value DESC) AS rank, count(*) OVER (PARTITION BY ranking) AS n,
	       count(*) OVER (PARTITION BY ranking ORDER BY value DESC) AS upto,
	       rank() OVER (PARTITION BY ranking ORDER BY value) AS from_worst, count(*) OVER (PARTITION BY ranking ORDER BY value) AS upto_worst FROM entrant AS e
), sized AS (
	SELECT p.*, floor(n * 0.1 + 0.5) AS top10, ceil(n * 0.4) AS to40, floor(n * 0.333) AS third, floor(n * 0.5 + 0.5) AS half FROM placed AS p
)
SELECT f.subject, r.ranking, s.rank, (SELECT max(x.n) FROM sized AS x WHERE x.ranking = r.ranking) AS n,
       array_remove(CASE r.ranking
           WHEN 'order' THEN ARRAY[CASE WHEN s.rank <= s.top10 THEN 'top10' END, CASE WHEN s.rank <= s.to40 THEN 'to40' END, CASE WHEN s.from_worst <= 3 THEN 'last3' END]
           WHEN 'strict' THEN ARRAY[CASE WHEN s.upto <= 7 THEN 'first7' END, CASE WHEN s.upto <= s.third THEN 'third' END]
           ELSE ARRAY[CASE WHEN s.upto <= s.half THEN 'half' END] END, NULL) AS groups,
       array_remove(ARRAY[CASE WHEN r.ranking = 'lows' AND s.rank <= s.half AND s.upto > s.half THEN 'half' END], NULL) AS referred
  FROM firm AS f CROSS JOIN (VALUES ('order'), ('strict'), ('lows')) AS r (ranking)
  LEFT JOIN sized AS s ON s.subject OPERATOR(citycredit.=) f.subject AND s.ranking = r.ranking;
CREATE VIEW pg_temp.ranked AS
SELECT p.policy, r.subject, k.key AS ranking, (k.value ->> 'rank')::bigint AS rank, (k.value ->> 'of')::bigint AS n,
       ARRAY(SELECT jsonb_array_elements_text(k.value -> 'groups')) AS groups, ARRAY(SELECT jsonb_array_elements_text(k.value -> 'referred')) AS referred
  FROM citycredit.rating AS r JOIN citycredit.policy AS p ON p.version_id = r.version_id CROSS JOIN LATERAL jsonb_each(r.ranks) AS k
 WHERE r.superseded_at = 'infinity';
-- Band by the groups of the first ranking; 0 ties at an end would prove little.
CREATE VIEW pg_temp.expected AS
SELECT o.subject, CASE WHEN 'top10' = ANY (o.groups) THEN 'A' WHEN 'to40' = ANY (o.groups) THEN 'B' ELSE 'C' END AS band, o.rank FROM pg_temp.oracle AS o WHERE o.ranking = 'order';
CREATE VIEW pg_temp.banded AS
SELECT p.policy, r.subject, r.band, (r.outcome_values ->> 'place')::bigint AS rank, r.lists, r.effects, r.score, r.correction
  FROM citycredit.rating AS r JOIN citycredit.policy AS p ON p.version_id = r.version_id WHERE r.superseded_at = 'infinity';

SET LOCAL citycredit.today = '2025-01-01';
SELECT is(pg_temp.run('regress_closer', format('SELECT close_cycle(%L, %L)', p, '2024')), '307', 'the year of ' || p || ' is closed')
  FROM unnest(ARRAY['regress-rank', 'regress-better', 'regress-all']) AS p;
SELECT ok(count(*) FILTER (WHERE referred <> '{}') > 1, 'a tie across an end is among them'), ok(count(*) FILTER (WHERE rank IS NULL) > 20, '  and some who are not ranked') FROM pg_temp.oracle;
SELECT set_eq($$ SELECT subject, ranking, rank, n, groups, referred FROM pg_temp.ranked WHERE policy = 'regress-rank' $$, 'SELECT subject, ranking, rank, n, groups, referred FROM pg_temp.oracle',
	'ranks, groups and referred ties are those of the oracle');
SELECT set_eq($$ SELECT subject, band, rank FROM pg_temp.banded WHERE policy = 'regress-rank' $$, 'SELECT subject, band, rank FROM pg_temp.expected', 'and so are bands and values made of ranks');
SELECT set_eq($$ SELECT subject FROM pg_temp.banded WHERE policy = 'regress-rank' AND lists = '{watched}' AND effects = '{course}' $$,
	$$ SELECT subject FROM pg_temp.oracle WHERE 'last3' = ANY (groups) $$, 'lists and effects of a rating are those of its last');
SELECT is_empty($$ SELECT * FROM standing WHERE policy LIKE 'regress-%' AND 'watched' = ANY (lists) $$, '  and of no standing');
SELECT is_empty(format('SELECT * FROM reclose_check(%L, %L)', p, '2024'), p || ' comes out again') FROM unnest(ARRAY['regress-rank', 'regress-all']) AS p;
-- a cohort ten times as large, which is fetched in pieces and does not fit into memory, comes out as the first: each place ten times
SAVEPOINT large;
SET LOCAL work_mem = '64kB';
SELECT version_id AS ranked FROM policy WHERE policy = 'regress-rank' \gset
DECLARE once CURSOR FOR SELECT f.subject, _fold_rated(f.subject, :ranked, '2024-12-31', 'infinity', '2024-12-31', '2024-12-31') FROM pg_temp.firm AS f;
DECLARE many CURSOR FOR SELECT f.subject, _fold_rated(f.subject, :ranked, '2024-12-31', 'infinity', '2024-12-31', '2024-12-31') FROM generate_series(1, 10), pg_temp.firm AS f;
CREATE TEMPORARY TABLE small AS SELECT r.* FROM _rate(:ranked, 'once', '2024-12-31') AS r;
CREATE TEMPORARY TABLE large AS SELECT r.* FROM _rate(:ranked, 'many', '2024-12-31') AS r;
SELECT cmp_ok((SELECT count(*) FROM large), '=', 10 * (SELECT count(*) FROM small), 'a cohort of thousands, read by a cursor in pieces'),
       cmp_ok((SELECT count(*) FROM large), '>', 3000::bigint, '  and from disk');
SELECT set_eq('SELECT subject, state, score, vetoes FROM large', 'SELECT subject, state, score, vetoes FROM small', '  gives everybody the same score');
SELECT set_eq($$ SELECT subject, (ranks #>> '{strict,rank}')::bigint AS rank, (ranks #>> '{strict,of}')::bigint AS n FROM large $$,
	$$ SELECT subject, 10 * ((ranks #>> '{strict,rank}')::bigint - 1) + 1 AS rank, 10 * (ranks #>> '{strict,of}')::bigint AS n FROM small $$, '  and the place that ten of each have');
SELECT throws_ok(format($$ SELECT _rate(%s, 'once upon a time', '2024-12-31') $$, :ranked), '34000', 'cursor "once upon a time" of _rate() does not exist', 'a cursor that is none');
DECLARE wrong CURSOR FOR SELECT f.subject FROM pg_temp.firm AS f;
SELECT throws_ok(format($$ SELECT _rate(%s, 'wrong', '2024-12-31') $$, :ranked), '42804', 'cursor of _rate() must give a subject and a state', '  or gives something else');
DECLARE empty CURSOR FOR SELECT f.subject, NULL::bytea FROM pg_temp.firm AS f;
SELECT throws_ok(format($$ SELECT _rate(%s, 'empty', '2024-12-31') $$, :ranked), '22004', 'subjects and states of _rate() must not be null', '  or nothing');
ROLLBACK TO large;
SELECT results_eq($$ SELECT band, subjects::bigint FROM stat_rating WHERE policy = 'regress-rank' ORDER BY band $$, 'SELECT band, count(*) FROM pg_temp.expected GROUP BY band ORDER BY band', 'the figures count them'),
       is(sum(percent), 100.00, '  and their shares make a whole') FROM stat_rating WHERE policy = 'regress-rank';

-- ---------------------------------------------------------------------------
-- One falls, the others move as the measure says
-- ---------------------------------------------------------------------------
-- the best of the best has a late penalty of 30; one of the last is relieved of its own
SELECT subject AS faller, n AS faller_n FROM firm WHERE NOT apart ORDER BY fault, n LIMIT 1 \gset
SELECT f.subject AS riser, f.n AS riser_n, f.fault AS riser_fault FROM firm AS f JOIN pg_temp.oracle AS o ON o.subject OPERATOR(citycredit.=) f.subject AND o.ranking = 'order'
 WHERE 'last3' = ANY (o.groups) ORDER BY f.n LIMIT 1 \gset
INSERT INTO record (subject, kind, document, authority, source, quantity, decided_on) VALUES (:'faller', 'penalty', 'late', '11320400014109573H', 'regress', 300000, '2024-11-11');
SELECT _new_version(:'riser', record_id, '{"revoked_on": "2025-01-01"}') FROM record WHERE document = 'P' || :riser_n AND known_until = 'infinity' \g /dev/null
CREATE TEMPORARY TABLE before AS SELECT * FROM pg_temp.banded;
CREATE FUNCTION pg_temp.correct(who subject_code, policy text) RETURNS bigint LANGUAGE sql AS $$
	SELECT pg_temp.run('regress_publisher', format('SELECT decide_correction(%s, $d$corrected$d$, $d$属实$d$)',
		pg_temp.run('regress_closer', format('SELECT correct_rating(%L, %L, $d$2024$d$, $d$迟到的事实$d$)', who, policy))))::bigint
$$;
SELECT is(pg_temp.correct(:'faller', 'regress-rank'), 1::bigint, 'subject_only: one rating is corrected');
SELECT set_eq($$ SELECT subject FROM pg_temp.banded WHERE correction = 1 $$, format('SELECT %L::citycredit.subject_code', :'faller'), '  his own');
SELECT pg_temp.correct(:'faller', 'regress-better') AS better, pg_temp.correct(:'faller', 'regress-all') AS everybody \gset
UPDATE firm SET fault = fault + 30 WHERE n = :faller_n;
-- all: everything is as if it had been known from the beginning
SELECT set_eq($$ SELECT subject, band, rank FROM pg_temp.banded WHERE policy = 'regress-all' $$, 'SELECT subject, band, rank FROM pg_temp.expected', 'all: the cohort stands as the oracle says');
SELECT set_eq($$ SELECT subject, ranking, rank, n, groups, referred FROM pg_temp.ranked WHERE policy = 'regress-all' $$, 'SELECT subject, ranking, rank, n, groups, referred FROM pg_temp.oracle',
	'  in every ranking');
SELECT is(count(*), :everybody::bigint - 1, '  and whoever was moved is listed') FROM rating_moved WHERE policy = 'regress-all' AND corrected_subject = :'faller';
SELECT set_eq($$ SELECT subject FROM rating_moved WHERE policy = 'regress-better' AND new_band > old_band OR policy = 'regress-better' AND moved = 'down' $$, 'SELECT subject FROM firm WHERE false', 'better_only: nobody moves down');
SELECT set_eq($$ SELECT b.subject FROM before AS o JOIN pg_temp.banded AS b ON b.subject = o.subject AND b.policy = o.policy WHERE b.policy = 'regress-better' AND b.band < o.band $$,
	format($$ SELECT e.subject FROM before AS o JOIN pg_temp.expected AS e ON e.subject = o.subject WHERE o.policy = 'regress-better' AND e.band < o.band AND e.subject <> %L $$, :'faller'),
	'  but everybody whose band is better now does');
-- the riser takes a place: by all, others fall and are listed; by better_only none does
SELECT pg_temp.correct(:'riser', 'regress-better') AS better, pg_temp.correct(:'riser', 'regress-all') AS everybody \gset
UPDATE firm SET fault = 0 WHERE n = :riser_n;
SELECT set_eq($$ SELECT subject, band, rank FROM pg_temp.banded WHERE policy = 'regress-all' $$, 'SELECT subject, band, rank FROM pg_temp.expected', 'all, a second time: the cohort stands as the oracle says');
SELECT ok(count(*) FILTER (WHERE new_ranks #>> '{order,rank}' > '' AND (new_ranks #>> '{order,rank}')::integer > (old_ranks #>> '{order,rank}')::integer) > 0,
	'  who lost a place is listed, with the old and the new') FROM rating_moved WHERE policy = 'regress-all' AND corrected_subject = :'riser';
SELECT is(count(*) FILTER (WHERE (new_ranks #>> '{order,rank}')::integer > (old_ranks #>> '{order,rank}')::integer), 0::bigint, 'better_only: nobody loses a place')
  FROM rating_moved WHERE policy = 'regress-better';
SELECT is((SELECT band FROM pg_temp.banded WHERE policy = 'regress-better' AND subject = :'riser'), 'A', '  and the corrected one has his');
SELECT is_empty(format('SELECT * FROM reclose_check(%L, %L)', p, '2024'), p || ' comes out again, corrections and all') FROM unnest(ARRAY['regress-rank', 'regress-better', 'regress-all']) AS p;
SELECT * FROM finish();
ROLLBACK;
