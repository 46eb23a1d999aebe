-- tap_write.sql -- columns of records on all paths, trust in sources as a dated fact, replay by what was known, one regrade an amendment
\set ECHO none
\i test/include/engine.psql
SET LOCAL datestyle = 'ISO, YMD';
SELECT plan(35);
\set firm 91110000600037341L

CREATE FUNCTION pg_temp.now(measure text DEFAULT 'regress-unit') RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', s.state, s.score, s.band) FROM citycredit.standing AS s WHERE s.policy = measure AND s.subject::text = '91110000600037341L'
$$;
CREATE FUNCTION pg_temp.seq() RETURNS bigint LANGUAGE sql AS $$ SELECT seq FROM citycredit.subject_state WHERE subject::text = '91110000600037341L' $$;
CREATE FUNCTION pg_temp.position() RETURNS timestamptz LANGUAGE sql AS $$ SELECT known_at FROM citycredit.subject_state WHERE subject::text = '91110000600037341L' $$;

-- ---------------------------------------------------------------------------
-- unit and document are terms of a record
-- ---------------------------------------------------------------------------
SELECT $yaml$policy: regress-unit
title: 测试单元办法
version: "1"
issuer: 测试局
in_force: {from: 2020-01-01}
sources:
  m: {title: 测试单元办法, rank: normative_document}
inputs: [penalty, participation]
applies_to:
  enrolled_by: {kind: participation, field: waste}
score: {base: 100, decimals: 0}
items:
  - {id: bridge, name: 桥梁, match: {kind: penalty, unit: bridge-*}, points: -1, window: always, cite: {source: m, article: 一}}
  - {id: road, name: 道路, match: {kind: penalty, unit: road}, points: -10, window: always, cite: {source: m, article: 二}}
  - {id: letter, name: 文号, match: {kind: penalty, document: X*}, points: -20, window: always, cite: {source: m, article: 三}}
bands:
  choose: best
  gap: refer
  cite: {source: m, article: 四}
  of:
    - {id: A, name: 优, when: {score: {at_least: 60}}}
    - {id: B, name: 差, when: {score: {below: 60}}}
$yaml$ AS unit \gset
SELECT pg_temp.put_in_force(:'unit') \g /dev/null
INSERT INTO record (subject, kind, document, authority, source, field, state, valid_from)
VALUES (:'firm', 'participation', 'E1', '11320400014109573H', 'regress', 'waste', 'taking_part', '2023-01-01');
INSERT INTO record (subject, kind, document, authority, source, unit, decided_on) VALUES
	(:'firm', 'penalty', 'D1', '11320400014109573H', 'regress', 'bridge-7', '2024-02-01'),
	(:'firm', 'penalty', 'D2', '11320400014109573H', 'regress', NULL, '2024-02-01');
SELECT is(pg_temp.now(), 'rated 99 A', 'the unit of a record is matched, and none does not count');
INSERT INTO record (subject, kind, document, authority, source, unit, decided_on)
VALUES (:'firm', 'penalty', 'X3', '11320400014109573H', 'regress', 'road', '2024-02-01');
SELECT is(pg_temp.now(), 'rated 69 A', 'so is the number of the document, in a further record');
SELECT is((SELECT concat_ws(' ', e.score, e.band) FROM evaluate(:'firm', 'regress-unit') AS e), '69 A', 'evaluation from the records agrees');
SELECT is_empty('SELECT * FROM verify_standings()', '  and so does what is stored');

-- through the functions for findings
SELECT pg_temp.seq() AS before \gset
SELECT is(classify_record(:'firm', pg_temp.id_of('D2'), unit => '  road '), 2::smallint, 'an officer says which unit it is about');
SELECT is((SELECT changes FROM unverified_record WHERE document = 'D2'), '{"unit": {"from": null, "to": "road"}}', '  without the blanks');
SELECT is(pg_temp.now(), 'rated 69 A', '  which waits for a second person');
SELECT is(pg_temp.seq() - :before, 0::bigint, '  and regrades nobody');
CREATE ROLE regress_second SUPERUSER;
SET LOCAL ROLE regress_second;
SELECT is(verify_record(:'firm', pg_temp.id_of('D2')), 2::smallint, 'a second person verifies it');
RESET ROLE;
SELECT is(pg_temp.seq() - :before, 1::bigint, '  the subject is regraded once');
SELECT pg_temp.amend(pg_temp.id_of('D2'), '{"verified_by": "second"}') \g /dev/null
SELECT is((SELECT unit FROM record WHERE document = 'D2' AND known_until = 'infinity'), NULL, 'a version that leaves it out has none');
SELECT is(amend_record(:'firm', pg_temp.id_of('X3'), '{"unit": null}', 'wrong site'), 2::smallint, 'amend_record() takes it away');
SET LOCAL ROLE regress_second;
SELECT verify_record(:'firm', pg_temp.id_of('X3')) \g /dev/null
RESET ROLE;
SELECT results_eq($$ SELECT unit, version::int FROM record WHERE document = 'X3' ORDER BY version $$, $$ VALUES ('road', 1), (NULL, 2) $$, '  the version before keeps it');

-- ---------------------------------------------------------------------------
-- One regrade for an amendment; two statements are two
-- ---------------------------------------------------------------------------
SELECT pg_temp.seq() AS before, count(*) AS changes FROM standing_history \gset
SELECT pg_temp.amend(pg_temp.id_of('X3'), '{"revoked_on": "2024-03-01"}') \g /dev/null
SELECT is(pg_temp.seq() - :before, 1::bigint, 'closing a version and writing the next is one statement on the subject');
UPDATE record SET known_until = clock_timestamp() + interval '1 hour' WHERE document = 'D1' AND known_until = 'infinity';
SELECT is(pg_temp.now(), 'rated 100 A', 'a version that is closed alone counts no longer');
INSERT INTO record (subject, record_key, known_from, version, kind, document, authority, source, unit, decided_on)
SELECT subject, record_id, known_until, 2, kind, document, authority, source, 'road', decided_on FROM record WHERE document = 'D1';
SELECT is(pg_temp.now(), 'rated 90 A', 'the next version counts although it comes in a statement of its own');
SELECT is(pg_temp.seq() - :before, 3::bigint, '  two statements are two');
SAVEPOINT before_amendment;
SELECT pg_temp.amend(pg_temp.id_of('D1'), '{"severity": "light"}') \g /dev/null
ROLLBACK TO SAVEPOINT before_amendment;
SELECT pg_temp.amend(pg_temp.id_of('D1'), '{"revoked_on": "2024-03-01"}') \g /dev/null
SELECT is(pg_temp.now(), 'rated 100 A', 'what was rolled back is not remembered');
SELECT is_empty('SELECT * FROM verify_standings()', 'what is stored agrees with the records');

-- ---------------------------------------------------------------------------
-- Trust is a dated fact
-- ---------------------------------------------------------------------------
INSERT INTO record (subject, kind, document, authority, source, unit, decided_on)
VALUES (:'firm', 'penalty', 'S1', '11320400014109573H', 'stranger', 'road', '2024-02-01');
SELECT is(pg_temp.now(), 'rated 100 A', 'what a stranger sends waits');
SELECT pg_temp.position() AS stranger \gset
SELECT count(*) AS n FROM standing_history WHERE cause = 'trust' \gset
INSERT INTO source (source, kind, name, trusted_from) VALUES ('stranger', 'penalty', '测试', '2020-01-01');
SELECT is(pg_temp.now(), 'rated 90 A', 'trusted, it counts at the end of the statement');
SELECT pg_temp.position() AS trusted \gset
UPDATE source SET trusted_until = '2021-01-01' WHERE source = 'stranger';
SELECT is(pg_temp.now(), 'rated 100 A', 'trusted for another time only, it does not');
SELECT pg_temp.position() AS limited \gset
UPDATE source SET name = '另名' WHERE source = 'stranger' AND known_until = 'infinity';
SELECT is(pg_temp.position(), :'limited'::timestamptz, 'a new name touches nobody');
DELETE FROM source WHERE source = 'stranger' AND known_until = 'infinity';
SELECT is(pg_temp.now(), 'rated 100 A', 'trust taken back');
SELECT results_eq($$ SELECT trusted_until, name, known_until < 'infinity' FROM source WHERE source = 'stranger' ORDER BY known_from $$,
	$$ VALUES (date 'infinity', '测试', true), ('2021-01-01', '另名', true) $$, 'the versions stay');
SELECT results_eq(format($$ SELECT (evaluate(%L, 'regress-unit', '2024-03-01', p.at)).score::int FROM unnest(%L::timestamptz[]) WITH ORDINALITY AS p (at, n) ORDER BY n $$,
	:'firm', ARRAY[:'stranger', :'trusted', :'limited', 'infinity']), 'VALUES (100), (90), (100), (100)', 'and each position is evaluated by what was trusted then');
SELECT is_empty($$ SELECT h.seq FROM standing_history AS h JOIN (SELECT DISTINCT policy_id, policy FROM policy) AS p USING (policy_id)
	LEFT JOIN LATERAL evaluate(h.subject, p.policy, h.as_of, h.known_at) AS e ON true
	WHERE (h.band_code, h.score) IS DISTINCT FROM (e.band, (e.score * 10000)::bigint) $$, 'every change in history comes out again');
SELECT is_empty('SELECT * FROM verify_standings()', 'what is stored agrees with the records');
SELECT is(regrade(), 0::bigint, 'there is nothing left to regrade');
SELECT throws_ok($$ DELETE FROM citycredit.source WHERE source = 'stranger' $$, '55000', 'cannot delete a past version of the trust in source "stranger"', 'nobody takes back what was');
SELECT throws_ok('TRUNCATE source', '55000', 'cannot truncate the trusted sources', 'nor all of it');

-- ---------------------------------------------------------------------------
-- Policies as adopted by then
-- ---------------------------------------------------------------------------
SELECT clock_timestamp() AS before_second \gset
SELECT replace(replace(:'unit', 'policy: regress-unit', 'policy: regress-late'), 'base: 100', 'base: 70') AS late \gset
SELECT pg_temp.put_in_force(:'late') \g /dev/null
SELECT is((SELECT e.score FROM evaluate(:'firm', 'regress-late') AS e), 70::numeric, 'a policy adopted today evaluates past days');
SELECT throws_ok(format($$ SELECT * FROM evaluate(%L, 'regress-late', '2024-02-01', %L) $$, :'firm', :'before_second'), '42704',
	'policy "regress-late" was not adopted yet', 'but nothing as known before its adoption');
SELECT throws_ok(format($$ SELECT * FROM explain(%L, 'regress-late', '2024-02-01', %L) $$, :'firm', :'before_second'), '42704',
	'policy "regress-late" was not adopted yet', '  nor does it explain');
SELECT ok((SELECT h.known_at >= p.adopted_at FROM standing_history AS h JOIN policy AS p USING (version_id) WHERE p.policy = 'regress-late'),
	'positions of its first grades are not before its adoption');
SELECT * FROM finish();
ROLLBACK;
