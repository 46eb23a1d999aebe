-- tap_simulate.sql -- what-if over the whole city: right, whichever way the records are read, and without writing anything
\set ECHO none
\i test/include/engine.psql
\i test/include/fold_all.psql
SET LOCAL datestyle = 'ISO, YMD';
SELECT plan(66);

-- ---------------------------------------------------------------------------
-- A city: records of all sorts, some of them out of line, held, verified, repaired, revoked, superseded
-- ---------------------------------------------------------------------------
SELECT $yaml$policy: regress-broad
title: 测试各项要素的办法
version: "1"
issuer: 测试局
in_force: {from: 2020-01-01}
sources:
  m: {title: 测试各项要素的办法, number: 测〔2020〕4号, rank: normative_document}
inputs: [penalty, award, act, inspection, participation]
applies_to:
  enrolled_by: {kind: participation, state: taking_part}
score: {base: 100, decimals: 2, round: half_up}
items:
  - {id: coded, name: 编码, match: {kind: penalty, behaviour: X-*, district: [d1, d2]}, points: -1, window: {from: [served_on, decided_on], months: 18}, cite: {source: m, article: 一}}
  - {id: money, name: 金额, match: {kind: penalty, amount: {at_least: 100元}}, points: {each: -2, surcharges: [{id: heavy, when: {penalty_kind: {at_least: closure}}, points: -1.5, cite: {source: m, article: 二}}, {id: fined, when: {fine: {at_least: 100元}}, points: -0.25, cite: {source: m, article: 二}}]}, repaired: counts, window: {from: act_on, years: 1, ends_on: corrected_on}, cite: {source: m, article: 二}}
  - {id: given, name: 裁量, match: {kind: act, authority: a1}, points: {awarded: {from: -5, to: 5}}, window: {from: decided_on, term: publicity_until, else: {days: 100}}, cite: {source: m, article: 三}}
  - {id: units, name: 数量, match: {kind: inspection, intent: {at_most: deliberate}, responsibility: {known: true}}, points: {per_unit: 0.25}, window: {from: act_ended_on, days: 300, not_before: valid_until}, cite: {source: m, article: 四}}
  - {id: noted, name: 登记, match: {kind: [award, act], subject_kind: legal_person, field: waste}, points: 0.5, window: {from: recorded_on, calendar: year, which: this}, cite: {source: m, article: 五}}
  - {id: small, name: 轻微, match: {all: [{procedure: simple}, {not: {severity: {at_least: serious}}}]}, points: -0.5, window: always, cite: {source: m, article: 六}}
bands:
  choose: best
  gap: refer
  step: 0.01
  cite: {source: m, article: 七}
  of:
    - {id: A, name: 优, when: {score: {at_least: 100}}}
    - {id: B, name: 良, when: {score: {at_least: 96, below: 100}}}
    - {id: C, name: 差, when: {score: {below: 96}}}
$yaml$ AS broad \gset
SELECT pg_temp.put_in_force(:'broad') \g /dev/null
SELECT count(*) FROM (SELECT pg_temp.put_in_force(yaml) FROM shipped_policy) AS p \g /dev/null
INSERT INTO source (source, kind, name, trusted_from) SELECT 'regress', kind, '测试', '2020-01-01' FROM unnest(ARRAY['act', 'inspection']) AS kind;

CREATE TEMPORARY TABLE firm AS SELECT n, random_subject_code() AS code FROM generate_series(1, 150) AS n;
CREATE FUNCTION pg_temp.pick(n integer, what text, VARIADIC choices text[]) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT choices[1 + pg_temp.some(n, what, array_length(choices, 1))]
$$;
INSERT INTO record (subject, kind, document, authority, source, district, field, state, behaviour, procedure, penalty_kind, severity, intent,
                    responsibility, amount_fen, fine_fen, awarded_points, quantity, act_on, act_ended_on, decided_on, served_on, valid_from, valid_until,
                    publicity_until, corrected_on, repaired_on, revoked_on, held, verified_by, detail)
SELECT f.code, k.kind, 'D' || i, pg_temp.pick(i, 'authority', 'a1', 'a2'), pg_temp.pick(i, 'source', 'regress', 'regress', 'regress', 'stranger'),
       pg_temp.pick(i, 'district', 'd1', 'd2', 'd3', NULL),
       CASE WHEN k.kind = 'participation' THEN pg_temp.pick(i, 'in', 'waste', 'transport', '物业', NULL) ELSE pg_temp.pick(i, 'field', 'waste', NULL) END,
       CASE WHEN k.kind = 'participation' THEN pg_temp.pick(i, 'state', 'taking_part', 'taking_part', 'halted', 'not_taking_part') END,
       CASE pg_temp.some(i, 'behaviour', 4) WHEN 0 THEN 'X-1' WHEN 1 THEN 'X-' || repeat('long', 1000) WHEN 2 THEN 'Y' END,
       pg_temp.pick(i, 'procedure', 'simple', 'general', 'general', NULL), pg_temp.pick(i, 'penalty', 'fine', 'closure', 'detention', NULL),
       pg_temp.pick(i, 'severity', 'light', 'serious', 'serious', 'ordinary', NULL), pg_temp.pick(i, 'intent', 'deliberate', 'malicious', NULL),
       pg_temp.pick(i, 'responsibility', 'main', NULL), pg_temp.pick(i, 'amount', '5000', '20000', NULL)::bigint,
       CASE WHEN pg_temp.some(i, 'fined?', 2) = 0 THEN pg_temp.pick(i, 'amount', '5000', '20000', NULL)::bigint END,
       pg_temp.pick(i, 'points', '20000', '-15000', '900000', NULL)::bigint, pg_temp.pick(i, 'quantity', '10000', '25000', NULL)::bigint,
       CASE WHEN pg_temp.some(i, 'act?', 3) > 0 THEN date '2023-01-01' + pg_temp.some(i, 'act', 400) END,
       CASE WHEN pg_temp.some(i, 'ended?', 3) > 0 THEN date '2024-02-05' + pg_temp.some(i, 'ended', 20) END,
       CASE WHEN pg_temp.some(i, 'decided?', 5) > 0 THEN date '2022-06-01' + pg_temp.some(i, 'decided', 700) END,
       CASE WHEN pg_temp.some(i, 'served?', 2) > 0 THEN date '2022-06-01' + pg_temp.some(i, 'served', 700) END,
       CASE WHEN pg_temp.some(i, 'from?', 4) > 0 THEN date '2022-06-01' + pg_temp.some(i, 'from', 500) END,
       CASE WHEN pg_temp.some(i, 'until?', 3) > 1 THEN date '2023-12-01' + pg_temp.some(i, 'until', 500) END,
       CASE WHEN pg_temp.some(i, 'publicity?', 2) > 0 THEN date '2023-12-01' + pg_temp.some(i, 'publicity', 500) END,
       CASE WHEN pg_temp.some(i, 'corrected?', 4) = 0 THEN date '2024-01-15' + pg_temp.some(i, 'corrected', 200) END,
       CASE WHEN pg_temp.some(i, 'repaired?', 6) = 0 THEN date '2024-01-15' + pg_temp.some(i, 'repaired', 200) END,
       CASE WHEN pg_temp.some(i, 'revoked?', 15) = 0 THEN date '2024-02-01' END,
       CASE WHEN pg_temp.some(i, 'held?', 8) = 0 THEN '名称不符' END, CASE WHEN pg_temp.some(i, 'verified?', 5) = 0 THEN 'second' END,
       CASE WHEN pg_temp.some(i, 'detail?', 9) = 0 THEN jsonb_build_object('x', repeat(md5(i::text), 100)) END
  FROM generate_series(1, 2400) AS i
  JOIN firm AS f ON f.n = CASE WHEN i <= 150 THEN i ELSE 1 + pg_temp.some(i, 'firm', 150) END
 CROSS JOIN LATERAL (SELECT CASE WHEN i <= 130 THEN 'participation'
                                 ELSE pg_temp.pick(i, 'kind', 'penalty', 'penalty', 'award', 'act', 'inspection', 'permit', 'participation', 'score') END AS kind) AS k;
-- some of it is amended later: versions that are no longer current
SELECT clock_timestamp() AS before_amendments \gset
SELECT count(pg_temp.amend(r.record_id, '{"severity": "serious", "verified_by": "second"}')) FROM record AS r WHERE r.document ~ '^D\d*7$' \g /dev/null

-- ---------------------------------------------------------------------------
-- The pass over the records and the aggregate give the same states
-- ---------------------------------------------------------------------------
SELECT array_agg(version_id ORDER BY version_id) AS versions FROM policy \gset
CREATE TEMPORARY TABLE folded (day date, known_at timestamptz, subject subject_code, version_id integer, state bytea);
INSERT INTO folded SELECT d, 'infinity', f.* FROM unnest(ARRAY[date '2023-06-30', '2024-03-01', '2025-01-01']) AS d, pg_temp.fold_all(:'versions', d) AS f;
-- _fold() takes in what a policy reads of others too, the passes don't
CREATE TEMPORARY VIEW reader AS SELECT version_id FROM policy WHERE yaml ~ '\nreads:';
INSERT INTO folded SELECT '2024-03-01', :'before_amendments', f.code, v, _fold(f.code, v, '2024-03-01', :'before_amendments') FROM firm AS f, unnest(:'versions'::integer[]) AS v
 WHERE v NOT IN (SELECT version_id FROM reader);
-- a state without entries is as good as none
CREATE FUNCTION pg_temp.differing(on_day date, known timestamptz) RETURNS bigint LANGUAGE sql AS $$
	SELECT count(*) FROM (SELECT * FROM folded AS f WHERE f.day = on_day AND f.known_at = known) AS f
	  FULL JOIN (SELECT c.* FROM _fold_city((SELECT array_agg(version_id ORDER BY version_id) FROM policy), on_day, known) AS c
	              WHERE known = 'infinity' OR c.version_id NOT IN (SELECT version_id FROM reader)) AS c ON c.subject = f.subject AND c.version_id = f.version_id
	 WHERE (c.subject IS NULL AND length(f.state) > 8) OR (f.subject IS NULL) OR c.folded <> f.state
$$;
SELECT cmp_ok(count(DISTINCT state), '>', 300::bigint, 'there are many states') FROM folded WHERE known_at = 'infinity' AND day = '2024-03-01';
SELECT isnt(a.states, b.states, 'and amendments made others')
  FROM (SELECT md5(string_agg(f.state::text, '' ORDER BY f.subject, f.version_id)) AS states FROM folded AS f WHERE day = '2024-03-01' AND known_at = 'infinity') AS a,
       (SELECT md5(string_agg(f.state::text, '' ORDER BY f.subject, f.version_id)) AS states FROM folded AS f WHERE day = '2024-03-01' AND known_at <> 'infinity') AS b;
SELECT is(pg_temp.differing(day, known_at), 0::bigint, 'directly read: the same states on ' || day || CASE WHEN known_at < 'infinity' THEN ', as known before' ELSE '' END)
  FROM (SELECT DISTINCT day, known_at FROM folded) AS d ORDER BY day, known_at;
SELECT ok(direct, 'and it was read directly') FROM _last_pass();
SET LOCAL citycredit.direct_scan = off;
SELECT is(pg_temp.differing(day, known_at), 0::bigint, 'by a query: the same states on ' || day || CASE WHEN known_at < 'infinity' THEN ', as known before' ELSE '' END)
  FROM (SELECT DISTINCT day, known_at FROM folded) AS d ORDER BY day, known_at;
SELECT ok(NOT direct, 'and it was a query') FROM _last_pass();
SET LOCAL citycredit.direct_scan = on;
SET LOCAL work_mem = '64kB';
SET LOCAL maintenance_work_mem = '1MB';
SELECT is(spilled, 0::bigint, 'what fits stays in memory') FROM _last_pass();
-- a version can be asked for several times: each costs as much as another one would
SELECT is_empty($$ SELECT * FROM _fold_city((SELECT array_agg(version_id) FROM policy CROSS JOIN generate_series(1, 100)), '2024-03-01', 'infinity') AS c
	LEFT JOIN folded AS f ON f.subject = c.subject AND f.version_id = c.version_id AND f.day = '2024-03-01' AND f.known_at = 'infinity'
	WHERE f.state IS NULL OR f.state <> c.folded $$, 'what does not goes through a file: the same states');
SELECT cmp_ok(spilled, '>', 0::bigint, 'and it was too much') FROM _last_pass();
ANALYZE record;
SELECT is(pg_temp.differing('2024-03-01', 'infinity'), 0::bigint, 'the number of partitions does not matter');
RESET work_mem;
RESET maintenance_work_mem;

-- ---------------------------------------------------------------------------
-- What-if against what is
-- ---------------------------------------------------------------------------
SELECT is_empty($$
	SELECT p.policy, coalesce(w.subject, s.subject) FROM (SELECT DISTINCT policy, (SELECT version FROM policy AS v WHERE v.policy = p.policy ORDER BY in_force_from DESC LIMIT 1) AS version FROM policy AS p) AS p
	 CROSS JOIN LATERAL (SELECT * FROM simulate(p.policy, p.version) AS w WHERE w.old_state <> 'not_enrolled') AS w
	  FULL JOIN standing AS s ON s.subject = w.subject AND s.policy = p.policy
	 WHERE row(s.state, s.score, s.band, s.band_rank, s.credit_grade::text, s.lists, s.undecided)::text
	       IS DISTINCT FROM row(w.old_state, w.old_score, w.old_band, w.old_band_rank, w.old_grade::text, w.old_lists, w.old_state = 'rated' AND w.old_band IS NULL)::text
	$$, 'the old outcome is the standing, for every policy');
SELECT cmp_ok(count(*), '>', 100::bigint, '  of many subjects') FROM standing;

SELECT replace(replace(:'plain', 'version: "1"', 'version: "2"'), 'points: -15', 'points: -30') AS draft \gset
CREATE TEMPORARY TABLE foreseen AS SELECT * FROM simulate(:'draft');
CREATE TEMPORARY TABLE foreseen_later AS SELECT * FROM simulate(:'draft', '2024-05-01'::date);
SELECT set_eq('SELECT DISTINCT moved FROM foreseen', ARRAY['same', 'worse'], 'a stricter measure: nobody is better off');
SELECT is_empty($$ SELECT * FROM foreseen WHERE moved <> CASE WHEN old_band_rank < new_band_rank THEN 'worse' ELSE 'same' END $$, 'moved says so');
CREATE TEMPORARY TABLE taking_part AS
SELECT f.subject, ARRAY(SELECT DISTINCT (e.field COLLATE "C") AS field FROM enrolment AS e JOIN record AS r ON r.record_id = e.record_id AND r.known_until = 'infinity'
                         WHERE e.subject = f.subject AND e.field IS NOT NULL AND e.state <> 'not_taking_part'
                           AND coalesce(e.valid_from, r.decided_on, r.recorded_on) <= '2024-03-01' AND coalesce(e.valid_until, 'infinity') >= '2024-03-01' ORDER BY field) AS fields
  FROM foreseen AS f;
SELECT is_empty($$ SELECT * FROM foreseen AS f JOIN taking_part AS t ON t.subject = f.subject WHERE t.fields <> f.fields $$, 'fields are those in which the subject takes part on the day');
SELECT cmp_ok(max(cardinality(fields)), '>', 1, '  which can be several') FROM foreseen;
SET LOCAL citycredit.direct_scan = off;
SELECT is_empty($$ (SELECT subject, old_state, new_state, old_score, new_score, moved, new_lists FROM foreseen) EXCEPT SELECT subject, old_state, new_state, old_score, new_score, moved, new_lists FROM simulate($$ || quote_literal(:'draft') || ')',
	'by a query the same comes out');
SET LOCAL citycredit.direct_scan = on;
SELECT is((SELECT sum(subjects) FROM simulate_matrix(:'draft') WHERE field IS NULL), (SELECT count(*)::numeric FROM foreseen), 'the matrix counts every subject once');
SELECT is_empty($$ SELECT * FROM (SELECT field, old_state, old_band, old_band_rank, new_state, new_band, new_band_rank, moved, subjects FROM simulate_matrix($$ || quote_literal(:'draft') || $$)) AS m
	FULL JOIN (SELECT f.field, s.old_state, s.old_band, s.old_band_rank, s.new_state, s.new_band, s.new_band_rank, s.moved, count(*) AS subjects
	             FROM foreseen AS s CROSS JOIN LATERAL (SELECT NULL UNION ALL SELECT unnest(s.fields)) AS f (field) GROUP BY 1, 2, 3, 4, 5, 6, 7, 8) AS s
	  ON row(m.*)::text = row(s.*)::text WHERE m.subjects IS NULL OR s.subjects IS NULL $$, 'cell by cell, by field');
SELECT is_empty($$ SELECT * FROM (SELECT subject, list, change FROM simulate_lists($$ || quote_literal(:'draft') || $$)) AS l
	FULL JOIN (SELECT s.subject, r.list, CASE WHEN r.rule = ANY (s.new_lists) THEN 'enters' ELSE 'leaves' END AS change
	             FROM foreseen AS s CROSS JOIN (VALUES ('look', 'watch'), ('repeat', 'black')) AS r (rule, list)
	            WHERE (r.rule = ANY (s.new_lists)) <> (r.rule = ANY (s.old_lists))) AS s
	  ON s.subject = l.subject AND s.list = l.list AND s.change = l.change WHERE l.subject IS NULL OR s.subject IS NULL $$, 'lists: who comes, who goes');
SELECT set_eq(format('SELECT DISTINCT list, change, rules::text FROM simulate_lists(%L)', :'draft'), $$ VALUES ('watch', 'enters', '{look}') $$, 'a stricter measure: some come onto the watch list, by which rule');
SELECT replace(replace(replace(:'plain', 'version: "1"', 'version: "4"'), 'points: -15', 'points: -5'), 'band: B', 'band: A') AS lenient \gset
SELECT set_eq(format('SELECT DISTINCT moved FROM simulate(%L)', :'lenient'), ARRAY['same', 'better'], 'a more lenient one: nobody is worse off');
SELECT set_eq(format('SELECT DISTINCT list, change, rules::text FROM simulate_lists(%L)', :'lenient'), $$ VALUES ('watch', 'leaves', '{look}') $$, 'and some leave the watch list');

-- a measure that is new: what is foreseen is what comes
SELECT replace(:'broad', 'policy: regress-broad', 'policy: regress-new') AS new \gset
CREATE TEMPORARY TABLE arriving AS SELECT * FROM simulate(:'new');
SELECT set_eq('SELECT DISTINCT moved, old_state FROM arriving', $$ VALUES ('enters', NULL) $$, 'by a new measure everybody enters');
SELECT pg_temp.put_in_force(:'new') \g /dev/null
SELECT is_empty($$ SELECT * FROM (SELECT * FROM standing WHERE policy = 'regress-new') AS s FULL JOIN arriving AS a ON a.subject = s.subject
	WHERE row(s.state, s.score, s.band, s.band_rank, s.lists)::text IS DISTINCT FROM row(a.new_state, a.new_score, a.new_band, a.new_band_rank, a.new_lists)::text $$, 'and once it is adopted the standings are the foreseen ones');

-- every kind of move, one firm each
CREATE FUNCTION pg_temp.moves(before text, after text) RETURNS TABLE (score numeric, moved text) LANGUAGE plpgsql AS $$
DECLARE
	version integer;
BEGIN
	PERFORM pg_temp.put_in_force(before);
	RETURN QUERY SELECT coalesce(s.new_score, s.old_score), s.moved FROM citycredit.simulate(after) AS s;
END
$$;
INSERT INTO source (source, kind, name, trusted_from) SELECT 'moves', kind, '测试', '2020-01-01' FROM unnest(ARRAY['score', 'participation']) AS kind;
INSERT INTO record (subject, kind, document, authority, source, field, state, valid_from)
SELECT f.code, 'participation', 'M' || f.n, 'a9', 'moves', 'moves', CASE f.n WHEN 8 THEN 'halted' ELSE 'taking_part' END, '2024-01-01' FROM firm AS f WHERE f.n <= 8;
INSERT INTO record (subject, kind, document, authority, source, awarded_points, decided_on)
SELECT f.code, 'score', 'M' || f.n, 'a9', 'moves', f.n * 100000, '2024-01-02' FROM firm AS f WHERE f.n <= 8;
SELECT $yaml$policy: regress-moves
title: 测试变动
version: "1"
issuer: 测试局
in_force: {from: 2020-01-01}
sources: {m: {title: 测试变动, rank: normative_document}}
inputs: [score, participation]
applies_to: {enrolled_by: {kind: participation, field: moves}}
score: {base: 0}
items:
  - {id: given, name: 得分, match: {kind: score, authority: a9}, points: {awarded: {from: 0, to: 100}}, window: always, cite: {source: m, article: 一}}
  - {id: halted, name: 暂停, match: {kind: participation, field: moves, state: halted}, window: always, cite: {source: m, article: 二}}
states:
  - {id: paused, name: 暂停参评, when: {count.halted: {at_least: 1}}, cite: {source: m, article: 二}}
bands:
  choose: refer
  gap: refer
  cite: {source: m, article: 三}
  of:
    - {id: A, name: 优, when: {score: {at_least: 60}}}
    - {id: B, name: 良, when: {score: {at_least: 30, below: 60}}}
    - {id: C, name: 差, when: {score: {below: 25}}}
$yaml$ AS moves \gset
-- a band more at the top, A begins at 50, B at 20; a state for 10 points, none for who is halted; 40 falls into a gap
SELECT replace(replace(replace(replace(replace(:'moves', 'version: "1"', 'version: "2"'),
	'    - {id: A, name: 优, when: {score: {at_least: 60}}}', E'    - {id: S, name: 特优, when: {score: {at_least: 70}}}\n    - {id: A, name: 优, when: {score: {at_least: 50, below: 70}}}'),
	'at_least: 30, below: 60', 'at_least: 20, below: 35'),
	'below: 25', 'below: 20'), 'when: {count.halted: {at_least: 1}}', 'when: {count.given: {at_least: 1}, sum.given: {at_most: 10}}') AS moved \gset
SELECT results_eq(format('SELECT (m.score)::int, m.moved FROM pg_temp.moves(%L, %L) AS m ORDER BY 1', :'moves', :'moved'),
	$$ VALUES (10, 'leaves'), (20, 'better'), (30, 'same'), (40, 'undecided'), (50, 'better'), (60, 'same'), (70, 'better'), (80, 'enters') $$,
	'better, worse and same go by the names of bands; out of the scale and into it; undecided');
SELECT set_eq(format('SELECT DISTINCT moved FROM simulate(%L)', replace(replace(:'moves', 'version: "1"', 'version: "5"'), 'enrolled_by: {kind: participation, field: moves}', 'enrolled_by: {kind: participation, field: none}')),
	ARRAY['leaves'], 'who is no longer enrolled leaves');

-- ---------------------------------------------------------------------------
-- Which version, which day
-- ---------------------------------------------------------------------------
SELECT is((SELECT count(*) FROM simulate('regress-hold', '2', '2024-05-31') WHERE moved = 'worse'), (SELECT count(*) FROM simulate(:'hold_2', '2024-05-31'::date) WHERE moved = 'worse'), 'a loaded version by its name, as by its text');
SELECT cmp_ok((SELECT count(*) FROM simulate('regress-hold', '2', '2024-05-31') WHERE moved = 'worse'), '>', 0::bigint, '  before its first day taken for in force');
SELECT set_eq($$ SELECT DISTINCT moved FROM simulate('regress-hold', '2', '2024-07-01') $$, ARRAY['same'], 'from its first day on it is what is in force');
SET LOCAL ROLE regress_author;
SELECT load_policy(:'draft') \g /dev/null
RESET ROLE;
SELECT set_eq($$ SELECT subject, moved FROM simulate('regress-plain') $$, 'SELECT subject, moved FROM foreseen', 'a policy''s name alone means its only draft');
SELECT set_eq($$ SELECT subject, moved, old_score, new_score FROM simulate('regress-plain', '2', '2024-05-01') $$, 'SELECT subject, moved, old_score, new_score FROM foreseen_later', 'on another day');
SELECT isnt_empty('SELECT subject, new_score FROM foreseen EXCEPT SELECT subject, new_score FROM foreseen_later', '  with other outcomes');

CREATE FUNCTION pg_temp.refused(statement text) RETURNS text LANGUAGE sql AS $$ SELECT concat_ws(' | ', r.code, r.message, NULLIF(r.detail, ''), NULLIF(r.hint, '')) FROM pg_temp.refusal(statement) AS r $$;
SELECT is(pg_temp.refused($$ SELECT * FROM simulate('regress-hold') $$), '42704 | policy "regress-hold" has 0 versions that are not adopted | With a policy''s name alone, what is simulated is its only draft. | Name the version, as in citycredit.simulate(policy, version), or give the text.', 'no draft');
SELECT is(pg_temp.refused($$ SELECT * FROM simulate('nobody-knows') $$), '42704 | policy "nobody-knows" does not exist | No version of that name has been loaded. | Give the text of a policy, or a name from citycredit.policy.', 'no policy');
SELECT is(pg_temp.refused($$ SELECT * FROM simulate('regress-plain', '9') $$), '42704 | version "9" of policy "regress-plain" does not exist | SELECT policy, version, status FROM citycredit.policy lists all versions; a day is written as_of => date ''...''.', 'no version');
SELECT is(pg_temp.refused($$ SELECT * FROM simulate_matrix(NULL) $$), '22004 | policy and day of a simulation must not be null', 'no text');
SELECT is(pg_temp.refused($$ SELECT * FROM simulate_lists('regress-plain', NULL) $$), '22004 | version of a simulation must not be null | With the policy alone, give citycredit.simulate_lists(policy) or citycredit.simulate_lists(policy, as_of => day).', 'no version');
SELECT is(pg_temp.refused($$ SELECT * FROM simulate('regress-plain', '2', 'infinity') $$), '22023 | cannot simulate a day that is infinite', 'no day');
SELECT alike(pg_temp.refused(format('SELECT * FROM simulate(%L)', replace(replace(:'draft', 'at_least: 95', 'at_least: x'), 'points: 2', 'points: y'))), '42P17 | could not read policy: %; 2 finding(s) in all. | %check_policy(...) lists all findings.', 'a text with findings: the first of them, and the number of all');
SET LOCAL ROLE regress_author;
SELECT load_policy(replace(:'draft', 'version: "2"', 'version: "6"')) \g /dev/null
RESET ROLE;
SELECT is(pg_temp.refused($$ SELECT * FROM simulate('regress-plain') $$), '22023 | policy "regress-plain" has 2 versions that are not adopted | With a policy''s name alone, what is simulated is its only draft. | Name the version, as in citycredit.simulate(policy, version), or give the text.', 'two drafts');

-- ---------------------------------------------------------------------------
-- Nothing is written; who may ask
-- ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.written() RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', (SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_all_tables WHERE schemaname !~ '^pg_temp'),
	                 (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_proc),
	                 (SELECT string_agg(s.last_value::text, ',' ORDER BY s.sequencename) FROM pg_sequences AS s WHERE s.schemaname = 'citycredit'))
$$;
SELECT pg_temp.written() AS written \gset
SELECT count(*) FROM simulate(:'draft') \g /dev/null
SELECT count(*) FROM simulate_matrix('regress-plain', '2') \g /dev/null
SELECT count(*) FROM simulate_lists('regress-plain', '2') \g /dev/null
SELECT pg_temp.written() AS written_then \gset
SELECT is(:'written_then'::text, :'written'::text, 'no row, no sequence, no object');
CREATE ROLE regress_analyst;
SELECT grant_profile('regress_analyst', 'analyst') \g /dev/null
CREATE ROLE regress_nobody;
GRANT USAGE ON SCHEMA citycredit TO regress_nobody;
GRANT SELECT ON foreseen TO regress_analyst;
-- what a rolled back part gives is looked at afterwards
CREATE FUNCTION pg_temp.digest_of(version text) RETURNS text LANGUAGE sql AS $$ SELECT md5(string_agg(concat_ws(' ', s.subject, s.moved, s.old_score, s.new_score), ',' ORDER BY s.subject)) FROM citycredit.simulate('regress-plain', version) AS s $$;
SAVEPOINT reading;
SET LOCAL transaction_read_only = on;
SET LOCAL ROLE regress_analyst;
SELECT pg_temp.digest_of('2') AS digest \gset
SELECT count(*) > 0 AS cells FROM simulate_matrix('regress-plain', '2') \gset
SELECT count(*) > 0 AS changes FROM simulate_lists('regress-plain', '2') \gset
SELECT code AS member FROM pg_temp.refusal(format('SELECT * FROM citycredit._simulate(%L, NULL, NULL)', :'draft')) \gset
SET LOCAL ROLE regress_nobody;
SELECT code AS nobody FROM pg_temp.refusal(format('SELECT * FROM citycredit.simulate(%L)', :'draft')) \gset
ROLLBACK TO SAVEPOINT reading;
SELECT is(:'digest', (SELECT md5(string_agg(concat_ws(' ', subject, moved, old_score, new_score), ',' ORDER BY subject)) FROM foreseen), 'in a read-only transaction, for an analyst');
SELECT ok(:'cells', 'the matrix');
SELECT ok(:'changes', 'the lists');
SELECT is(:'member'::text, '42501', 'but not what reads as the caller');
SELECT is(:'nobody'::text, '42501', 'nobody else');

-- a text is a question about every record: what an analyst may not read he may not ask for
SELECT replace(replace(replace(:'plain', 'policy: regress-plain', 'policy: regress-probe'), 'match: {kind: penalty, ', 'match: {kind: penalty, document: D1*, '), 'match: {kind: penalty}', 'match: {kind: penalty, document: D1*}') AS probe \gset
CREATE ROLE regress_editor;
SELECT grant_profile('regress_editor', 'policy_editor') \g /dev/null
SAVEPOINT asking;
SET LOCAL ROLE regress_editor;
SELECT array_agg(subject::text ORDER BY subject::text) AS found FROM simulate(:'probe') WHERE new_score < 100 \gset
SET LOCAL ROLE regress_analyst;
SELECT pg_temp.refused(format('SELECT * FROM citycredit.simulate(%L)', :'probe')) AS asked \gset
SELECT pg_temp.refused(format('SELECT * FROM citycredit.simulate_matrix(%L)', :'probe')) AS asked_matrix \gset
SELECT pg_temp.refused(format('SELECT * FROM citycredit.simulate_lists(%L)', :'probe')) AS asked_lists \gset
SELECT pg_temp.refused($$ SELECT * FROM citycredit.simulate('nobody-knows') $$) AS asked_name \gset
SELECT pg_temp.refused('SELECT * FROM citycredit.simulate(NULL)') AS asked_nothing \gset
SELECT pg_temp.refused('SELECT document FROM citycredit.record') AS read_document \gset
ROLLBACK TO SAVEPOINT asking;
SELECT cmp_ok(cardinality(:'found'::text[]), '>', 0, 'a text finds whose documents begin in a certain way');
SELECT is_empty(format('SELECT unnest(%L::text[]) EXCEPT SELECT subject::text FROM record WHERE kind = ''penalty'' AND document LIKE ''D1%%''', :'found'), '  all of them');
SELECT alike(:'read_document'::text, '42501%', '  which an analyst may not read');
SELECT is(:'asked'::text, '42501 | permission denied to simulate a policy that is not loaded | The text of a policy can ask of every subject what column rights keep back, such as document numbers. | Name a loaded policy, as in citycredit.simulate(policy, version), or let a policy editor load the text.', 'nor ask for');
SELECT is(:'asked_matrix'::text, :'asked'::text, '  by counts');
SELECT is(:'asked_lists'::text, :'asked'::text, '  or lists');
SELECT is(:'asked_name'::text, :'asked'::text, 'what is not loaded is a text');
SELECT is(:'asked_nothing'::text, '22004 | policy and day of a simulation must not be null', 'NULL is none');

-- ---------------------------------------------------------------------------
-- Tables that cannot be read directly
-- ---------------------------------------------------------------------------
SAVEPOINT child;
CREATE TABLE regress_child () INHERITS (record);
INSERT INTO regress_child (subject, kind, document, authority, source, field, state, valid_from)
SELECT random_subject_code(), 'participation', 'child', 'a1', 'regress', 'waste', 'taking_part', '2024-01-01';
SELECT count(*) AS with_child FROM simulate(:'draft') \gset
SELECT direct AS child_direct FROM _last_pass() \gset
ROLLBACK TO SAVEPOINT child;
SELECT is(:with_child::bigint, (SELECT count(*) + 1 FROM foreseen), 'a child of the table is read too');
SELECT ok(NOT :'child_direct', 'by a query');
SAVEPOINT security;
CREATE ROLE regress_keeper;
GRANT USAGE, CREATE ON SCHEMA citycredit TO regress_keeper;
ALTER TABLE record OWNER TO regress_keeper;
ALTER TABLE record FORCE ROW LEVEL SECURITY;
ALTER TABLE record ENABLE ROW LEVEL SECURITY;
CREATE POLICY regress_hide ON record USING (kind <> 'penalty');
GRANT SELECT ON ALL TABLES IN SCHEMA citycredit TO regress_keeper;
GRANT EXECUTE ON FUNCTION _simulate, _check_simulated, _left_out, _text_reads_links, _hidden_subjects, _last_pass TO regress_keeper;
ALTER FUNCTION simulate(text, date) OWNER TO regress_keeper;
SELECT code || ' ' || message AS hidden FROM pg_temp.refusal(format('SELECT * FROM citycredit.simulate(%L)', :'draft')) \gset
SET LOCAL ROLE regress_keeper;
SELECT count(*) AS all_seen, count(*) FILTER (WHERE new_score < 100) AS penalties FROM _simulate(:'draft', NULL, '2024-03-01') \gset
SELECT direct AS secured_direct FROM _last_pass() \gset
ROLLBACK TO SAVEPOINT security;
SELECT is(row(:all_seen, :penalties), row((SELECT count(*)::integer FROM foreseen), 0), 'row security of the reader is obeyed');
SELECT ok(NOT :'secured_direct', 'by a query');
SELECT is(:'hidden'::text, '42501 query would be affected by row-level security policy for table "record"', 'and where the owner himself does not see all, the answer is an error');
SELECT * FROM finish();
ROLLBACK;
