-- tap_standing.sql -- the standing after every statement, on every day, in every order; what is stored against what the records give
\set ECHO none
\i test/include/engine.psql
SET LOCAL datestyle = 'ISO, YMD';
SELECT plan(112);

-- shorthands: today's standing in one line of text, and records
CREATE FUNCTION pg_temp.now(code text, measure text DEFAULT 'regress-plain') RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', s.state, s.score, s.band, s.credit_grade::text, NULLIF(array_to_string(s.vetoes, ','), ''), NULLIF(array_to_string(s.lists, ','), ''))
	  FROM citycredit.standing AS s WHERE s.subject OPERATOR(citycredit.=) code::citycredit.subject_code AND s.policy = measure
$$;
CREATE FUNCTION pg_temp.take_part(code subject_code, document text, starts date DEFAULT '2023-01-01', ends date DEFAULT NULL, state text DEFAULT 'taking_part')
	RETURNS void LANGUAGE sql AS $$
	INSERT INTO citycredit.record (subject, kind, document, authority, source, field, state, valid_from, valid_until)
	VALUES (code, 'participation', document, '11320400014109573H', 'regress', 'waste', state, starts, ends)
$$;
CREATE FUNCTION pg_temp.penalise(code subject_code, document text, decided date, severity text DEFAULT 'ordinary', procedure text DEFAULT 'general')
	RETURNS void LANGUAGE sql AS $$
	INSERT INTO citycredit.record (subject, kind, document, authority, source, procedure, severity, decided_on)
	VALUES (code, 'penalty', document, '11320400014109573H', 'regress', penalise.procedure, penalise.severity, decided)
$$;
-- what the records give on a day, in the words of the view
CREATE FUNCTION pg_temp.computed(code text, measure text, day date, known timestamptz DEFAULT 'infinity') RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', e.version, e.state, e.score, e.band, e.credit_grade::text, e.vetoes, e.lists)
	  FROM citycredit.evaluate(code::citycredit.subject_code, measure, day, known) AS e
$$;
\set firm 91110000600037341L
\set other 91420684MA4927PJ7B

-- ---------------------------------------------------------------------------
-- Current at the end of each statement
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.now(:'firm'), NULL, 'nobody knows the firm');
SELECT pg_temp.take_part(:'firm', 'E1') \g /dev/null
SELECT is(pg_temp.now(:'firm'), 'rated 101.0 A A', 'a firm without penalties is graded because it takes part');
SELECT is(pg_temp.now(:'firm', 'regress-hold'), 'rated 100 good A', 'by each policy');
SELECT results_eq($$ SELECT kind, registered_on FROM subject WHERE subject = '91110000600037341L' $$, $$ VALUES ('legal_person', date '2024-03-01') $$, 'and registered by its code');
SELECT pg_temp.penalise(:'firm', 'D1', '2024-02-01') \g /dev/null
SELECT is(pg_temp.now(:'firm'), 'rated 98.5 A A', 'one INSERT');
INSERT INTO record (subject, kind, document, authority, source, procedure, severity, decided_on)
SELECT f::subject_code, 'penalty', 'D2-' || f, '11320400014109573H', 'regress', 'general', 'serious', '2024-02-02'
  FROM unnest(ARRAY['91110000600037341L', '91420684MA4927PJ7B']) AS f;
SELECT is(pg_temp.now(:'firm'), 'rated 83.5 B B', 'an INSERT of several rows');
SELECT is(pg_temp.now(:'other'), NULL, 'penalties alone enrol nobody');
SELECT is_empty($$ SELECT * FROM standing_stored WHERE subject = '91420684MA4927PJ7B' $$, 'and nothing is stored for him');
SELECT pg_temp.take_part(:'other', 'E2', '2024-01-01', '2024-03-20') \g /dev/null
SELECT is(pg_temp.now(:'other'), 'rated 86.0 B B', 'enrolment that arrives after the penalty finds it');
COPY record (subject, kind, document, authority, source, procedure, severity, decided_on) FROM stdin;
91110000600037341L	penalty	D3	11320400014109573H	regress	general	serious	2024-02-03
91110000600037341L	penalty	D4	11320400014109573H	regress	general	very_serious	2024-02-04
91420684MA4927PJ7B	penalty	D5	11320400014109573H	regress	general	light	2024-02-03
\.
SELECT is(pg_temp.now(:'firm'), 'rated 53.5 D D many look,repeat', 'COPY');
SELECT is(pg_temp.now(:'other'), 'rated 83.5 B B', '  for every subject in it');
SELECT pg_temp.amend(pg_temp.id_of('D4'), '{"severity": "light"}') \g /dev/null
SELECT is(pg_temp.now(:'firm'), 'rated 66.0 C C look', 'a new version of a record');
SELECT pg_temp.amend(pg_temp.id_of('D3'), '{"revoked_on": "2024-03-01"}') \g /dev/null
SELECT is(pg_temp.now(:'firm'), 'rated 81.0 B B', 'a revocation');
SELECT pg_temp.amend(pg_temp.id_of('D2-91110000600037341L'), '{"repaired_on": "2024-03-01"}') \g /dev/null
SELECT is(pg_temp.now(:'firm'), 'rated 96.0 A A', 'a repair counts from its day on');
SELECT pg_temp.amend(pg_temp.id_of('D4'), '{"repaired_on": "2024-03-05"}') \g /dev/null
SELECT is(pg_temp.now(:'firm'), 'rated 96.0 A A', 'a repair to come does not count yet');
SELECT is(next_change_on, '2024-03-05', '  but is the next change') FROM standing WHERE subject = :'firm' AND policy = 'regress-plain';
WITH nothing AS (SELECT * FROM record WHERE false)
INSERT INTO record (subject, kind, document, authority, source) SELECT subject, kind, document, authority, source FROM nothing;
SELECT is_empty('SELECT * FROM verify_standings()', 'what is stored agrees with the records');

-- what is not known never counts
SELECT pg_temp.take_part('9144060573144633XL', 'E3'), pg_temp.penalise('9144060573144633XL', 'D6', '2024-02-01', NULL),
       pg_temp.penalise('9144060573144633XL', 'D7', '2024-02-01', 'serious', NULL), pg_temp.penalise('9144060573144633XL', 'D8', NULL, 'serious') \g /dev/null
SELECT is(pg_temp.now('9144060573144633XL'), 'rated 101.0 A A', 'unknown severity, procedure or day never counts');
SELECT pg_temp.amend(pg_temp.id_of('D7'), '{"procedure": "general"}') \g /dev/null
SELECT is(pg_temp.now('9144060573144633XL'), 'rated 86.0 B B', 'it does once it is known');

-- verification
INSERT INTO record (subject, kind, document, authority, source, procedure, severity, decided_on)
VALUES ('9144060573144633XL', 'penalty', 'D9', '11320400014109573H', 'stranger', 'general', 'serious', '2024-02-05');
SELECT is(pg_temp.now('9144060573144633XL'), 'rated 86.0 B B', 'a record from a source that is not trusted waits');
SELECT throws_ok(format($$ SELECT pg_temp.amend(pg_temp.id_of('D9'), %L) $$, jsonb_build_object('verified_by', citycredit.actor())), '23514',
	'new row for relation "record" violates check constraint "record_second_person"', 'nobody verifies what he entered himself');
SELECT pg_temp.amend(pg_temp.id_of('D9'), '{"verified_by": "regress_second"}') \g /dev/null
SELECT is(pg_temp.now('9144060573144633XL'), 'rated 71.0 C C look', 'a second person verifies it, and it counts');
INSERT INTO record (subject, kind, document, authority, source, procedure, severity, decided_on, held)
VALUES ('9144060573144633XL', 'penalty', 'D10', '11320400014109573H', 'regress', 'general', 'serious', '2024-02-06', 'name differs');
SELECT is(pg_temp.now('9144060573144633XL'), 'rated 71.0 C C look', 'what is held waits, from whatever source');
SELECT pg_temp.amend(pg_temp.id_of('D10'), '{"verified_by": "regress_second"}') \g /dev/null
SELECT is(pg_temp.now('9144060573144633XL'), 'rated 56.0 D D many look,repeat', 'until it is verified');

-- enrolment: its states and its end
SELECT pg_temp.take_part('91310115MA1K3BTP2B', 'E4'), pg_temp.take_part('91310115MA1K3BTP2B', 'H1', '2024-03-01', '2024-03-31', 'halted') \g /dev/null
SELECT is(pg_temp.now('91310115MA1K3BTP2B'), 'not_rated 101.0', 'halted: a state beside the scale, without band');
SET LOCAL citycredit.today = '2024-04-01';
SELECT is(pg_temp.now('91310115MA1K3BTP2B'), 'rated 101.0 A A', 'and back on the scale when it is over');
SET LOCAL citycredit.today = '2024-03-20';
SELECT is(pg_temp.now(:'other'), 'rated 83.5 B B', 'the last day of an enrolment');
SET LOCAL citycredit.today = '2024-03-21';
SELECT is(pg_temp.now(:'other'), NULL, 'the day after');
SELECT lives_ok('SELECT refresh()', 'the job passes over the end');
SELECT is(pg_temp.now(:'other'), NULL, 'and it stays so');
SELECT is((SELECT state FROM standing_history WHERE subject = :'other' AND policy_id = (SELECT DISTINCT policy_id FROM policy WHERE policy = 'regress-plain')
            ORDER BY seq DESC LIMIT 1), 0::smallint, 'history has the end');
SELECT pg_temp.take_part(:'other', 'E5', '2024-03-21') \g /dev/null
SELECT is(pg_temp.now(:'other'), 'rated 83.5 B B', 'a new enrolment finds the old penalties');
SELECT is_empty('SELECT * FROM verify_standings()', 'what is stored agrees with the records');

-- ---------------------------------------------------------------------------
-- What a statement may not do
-- ---------------------------------------------------------------------------
CREATE TEMPORARY TABLE before AS SELECT (SELECT count(*) FROM record) AS records, (SELECT sum(seq) FROM subject_state) AS statements;
SELECT throws_ok(v.statement, v.code, v.message, v.what)
  FROM (VALUES
	(1, $$ INSERT INTO record (subject, kind, document, authority, source, recorded_on) VALUES ('91110000600037341L', 'act', 'X1', 'a', 'regress', '2024-03-22') $$,
	 '22008', 'recorded_on is in the future', 'recorded in the future'),
	(2, $$ INSERT INTO record (subject, kind, document, authority, source) VALUES ('000000000000000000', 'act', 'X2', 'a', 'regress') $$, '22023',
	 'the reserved subject code cannot have records', 'the reserved code'),
	(3, $$ INSERT INTO record (subject, kind, document, authority, source, decided_on) VALUES ('91110000600037341L', 'penalty', 'X3', 'a', 'regress', 'infinity') $$, '22008',
	 'decided_on is out of range', 'a day that never comes'),
	(4, $$ INSERT INTO record (subject, kind, document, authority, source, act_on) VALUES ('91110000600037341L', 'penalty', 'X4', 'a', 'regress', '0044-03-15 BC') $$, '22008',
	 'act_on is out of range', 'a day before the era'),
	(5, $$ INSERT INTO record (subject, kind, document, authority, source, repaired_on) VALUES ('91110000600037341L', 'penalty', 'X5', 'a', 'regress', '-infinity') $$, '22008',
	 'repaired_on is out of range', 'a day that never was'),
	(6, $$ INSERT INTO record (subject, kind, document, authority, source, recorded_on) VALUES ('91110000600037341L', 'penalty', 'X6', 'a', 'regress', '-infinity') $$, '22008',
	 'recorded_on is out of range', 'recorded never'),
	(7, $$ INSERT INTO record (subject, kind, document, authority, source) VALUES ('91110000600037341L', 'penalty', 'D1', '11320400014109573H', 'regress') $$, '23505',
	 'duplicate key value violates unique constraint "record_pkey"', 'a document twice'),
	(8, $$ UPDATE record SET severity = 'light' WHERE document = 'D1' $$, '55000', NULL, 'overwriting a record'),
	(9, $$ DELETE FROM record WHERE document = 'D1' $$, '55000', 'cannot delete records', 'deleting a record'),
	(10, $$ TRUNCATE record $$, '55000', 'cannot truncate records', 'deleting all'),
	(11, $$ UPDATE standing_history SET cause = 'day' $$, '55000', 'cannot update history', 'rewriting history'),
	(12, $$ DELETE FROM standing_history $$, '55000', 'cannot delete history', 'deleting history'),
	(13, $$ SELECT refresh('2024-03-22') $$, '22023', 'cannot refresh to 2024-03-22 before that day', 'refreshing to a day to come'),
	(14, $$ SELECT regrade('regress-none') $$, '42704', 'policy "regress-none" does not exist', 'regrading by no policy')
  ) AS v (n, statement, code, message, what) ORDER BY v.n;
SELECT results_eq('SELECT (SELECT count(*) FROM record), (SELECT sum(seq) FROM subject_state)', 'TABLE before', 'what was refused left nothing');
INSERT INTO record (subject, kind, document, authority, source, valid_until, publicity_until)
VALUES (:'firm', 'permit', 'V1', '11320400014109573H', 'regress', 'infinity', 'infinity');
SELECT is_empty('SELECT * FROM verify_standings()', 'a validity without end is one');

-- sums that leave the range: an error, never a wrong score
SELECT pg_temp.put_in_force($yaml$policy: regress-units
title: 测试数量办法
version: "1"
issuer: 测试局
in_force: {from: 2020-01-01}
sources: {m: {title: 测试数量办法, rank: normative_document}}
inputs: [act, participation]
applies_to: {enrolled_by: {kind: participation, field: units}}
score: {base: 0, decimals: 4, round: half_up}
items:
  - id: units
    name: 数量
    match: {kind: act}
    points: {per_unit: 1000000}
    window: {from: decided_on, months: 12}
    cite: {source: m, article: 一}
bands:
  choose: best
  gap: refer
  cite: {source: m, article: 二}
  of:
    - {id: A, name: 一档, when: {score: {at_least: 0}}}
    - {id: B, name: 二档, when: {score: {below: 0}}}
$yaml$) \g /dev/null
INSERT INTO source (source, kind, name, trusted_from) VALUES ('regress', 'act', '测试', '2020-01-01');
INSERT INTO record (subject, kind, document, authority, source, field) VALUES (:'firm', 'participation', 'U0', 'a', 'regress', 'units');
INSERT INTO record (subject, kind, document, authority, source, decided_on, quantity)
SELECT :'firm', 'act', 'U1-' || n, 'a', 'regress', '2024-03-01', 1000000000000 FROM generate_series(1, 9) AS n;
SELECT is(pg_temp.now(:'firm', 'regress-units'), 'rated 900000000000000.0000 A', 'the largest quantities');
SELECT throws_ok($$ INSERT INTO record (subject, kind, document, authority, source, decided_on, quantity) VALUES ('91110000600037341L', 'act', 'U2', 'a', 'regress', '2024-03-01', 1000000000000) $$,
	'22003', NULL, 'a sum out of range');
SELECT throws_ok($$ INSERT INTO record (subject, kind, document, authority, source, decided_on, quantity) VALUES ('91110000600037341L', 'act', 'U3', 'a', 'regress', '2024-05-01', 1000000000000) $$,
	'22003', NULL, 'a sum that will be out of range');
SELECT is(pg_temp.now(:'firm', 'regress-units'), 'rated 900000000000000.0000 A', 'leave the standing as it was');

-- ---------------------------------------------------------------------------
-- A feed's role
-- ---------------------------------------------------------------------------
CREATE ROLE regress_feed;
GRANT USAGE ON SCHEMA citycredit TO regress_feed;
GRANT INSERT (subject, kind, document, authority, source, procedure, severity, decided_on, field, state, valid_from) ON record TO regress_feed;
SET LOCAL ROLE regress_feed;
SELECT lives_ok($$ INSERT INTO record (subject, kind, document, authority, source, procedure, severity, decided_on)
	VALUES ('91110000600037341L', 'penalty', 'R1', '11320400014109573H', 'regress', 'general', 'serious', '2024-03-10') $$, 'a role that may insert only, inserts');
SELECT throws_ok(v.statement, '42501', NULL, v.what)
  FROM (VALUES
	(1, $$ INSERT INTO record (subject, kind, document, authority, source, verified_by) VALUES ('91110000600037341L', 'penalty', 'R2', 'a', 'b', 'c') $$, 'it cannot verify'),
	(2, $$ INSERT INTO record (subject, kind, document, authority, source, recorded_on) VALUES ('91110000600037341L', 'penalty', 'R2', 'a', 'b', '2020-01-01') $$, 'nor choose the day of recording'),
	(3, $$ INSERT INTO record (subject, kind, document, authority, source, known_from) VALUES ('91110000600037341L', 'penalty', 'R2', 'a', 'b', '2020-01-01') $$, 'nor the position'),
	(4, $$ INSERT INTO record (subject, kind, document, authority, source, entered_by) VALUES ('91110000600037341L', 'penalty', 'R2', 'a', 'b', 'c') $$, 'nor who entered it'),
	(5, 'SELECT * FROM record', 'nor read'), (6, 'SELECT * FROM standing_stored', 'nor see what is stored'),
	(7, 'SELECT * FROM standing', 'nor standings'), (8, 'SELECT regrade()', 'nor regrade')
  ) AS v (n, statement, what) ORDER BY v.n;
RESET ROLE;
SELECT is(pg_temp.now(:'firm'), 'rated 83.5 B B', 'and the standing is current');
SELECT is(entered_by, 'regress_feed', 'and says who entered it') FROM record WHERE document = 'R1';

-- ---------------------------------------------------------------------------
-- On later days, on earlier days, by the job
-- ---------------------------------------------------------------------------
SET LOCAL citycredit.today = '2024-03-01';
CREATE TEMPORARY TABLE firm AS SELECT n, random_subject_code() AS code FROM generate_series(1, 16) AS n;
CREATE FUNCTION pg_temp.some_record(firm integer, n integer, code subject_code, OUT subject subject_code, OUT kind text, OUT document text, OUT authority text,
		OUT source text, OUT field text, OUT state text, OUT procedure text, OUT severity text, OUT decided_on date, OUT valid_from date, OUT valid_until date)
	LANGUAGE sql IMMUTABLE AS $$
	SELECT code, k, 'G' || firm || '-' || n, '11320400014109573H', CASE WHEN pg_temp.some(r, 'source', 10) = 0 THEN 'stranger' ELSE 'regress' END,
	       'waste', CASE WHEN k = 'participation' THEN CASE WHEN n = 1 OR pg_temp.some(r, 'state', 4) > 0 THEN 'taking_part' ELSE 'halted' END END,
	       CASE WHEN pg_temp.some(r, 'procedure', 8) > 0 THEN 'general' END,
	       (ARRAY['light', 'ordinary', 'serious', 'very_serious', 'ordinary', NULL])[1 + pg_temp.some(r, 'severity', 6)],
	       date '2022-01-01' + pg_temp.some(r, 'decided', 900),
	       CASE WHEN k = 'participation' THEN date '2022-06-01' + pg_temp.some(r, 'from', 700) END,
	       CASE WHEN k = 'participation' AND pg_temp.some(r, 'ends', 2) = 0 THEN date '2022-06-01' + pg_temp.some(r, 'from', 700) + pg_temp.some(r, 'length', 400) END
	  FROM (SELECT firm * 1000 + n AS r, CASE WHEN n = 1 OR pg_temp.some(firm * 1000 + n, 'kind', 12) = 0 THEN 'participation'
	                                          WHEN pg_temp.some(firm * 1000 + n, 'kind', 12) < 4 THEN 'award' ELSE 'penalty' END AS k) AS x
$$;
INSERT INTO record (subject, kind, document, authority, source, field, state, procedure, severity, decided_on, valid_from, valid_until)
SELECT g.* FROM firm AS f CROSS JOIN generate_series(1, 12) AS i CROSS JOIN LATERAL pg_temp.some_record(f.n, i, f.code) AS g WHERE i <= f.n;
SELECT cmp_ok(count(*), '>=', 12::bigint, 'a set of subjects has standings')
  FROM firm AS f JOIN standing_stored AS s ON s.subject = f.code AND s.policy_id = (SELECT DISTINCT policy_id FROM policy WHERE policy = 'regress-plain');

-- every day from 2024-01-01 through 2025-12-31, computed from the records
CREATE TEMPORARY TABLE walk AS
SELECT f.n, f.code, p.policy, d::date AS day, e.version, e.next_change_on, 
       e.state || concat_ws(' ', e.version, e.state, e.score, e.band, e.credit_grade::text, e.vetoes, e.lists) AS outcome
  FROM firm AS f CROSS JOIN (VALUES ('regress-plain'), ('regress-hold')) AS p (policy) CROSS JOIN generate_series(date '2024-01-01', '2025-12-31', '1 day') AS d
 CROSS JOIN LATERAL evaluate(f.code, p.policy, d::date) AS e
 WHERE EXISTS (SELECT FROM standing_stored AS s JOIN policy AS q ON q.version_id = s.version_id WHERE s.subject = f.code AND q.policy = p.policy);
SELECT cmp_ok(count(DISTINCT outcome), '>', 30::bigint, 'over two years they have many outcomes') FROM walk;
SELECT is_empty($$ SELECT w.n, w.policy, w.day, w.next_change_on, first.day FROM walk AS w
                     LEFT JOIN LATERAL (SELECT min(l.day) AS day FROM walk AS l WHERE l.n = w.n AND l.policy = w.policy AND l.day > w.day AND l.outcome <> w.outcome) AS first ON true
                    WHERE w.day < '2024-10-01' AND w.day IN (SELECT date '2024-01-01' + 7 * i FROM generate_series(0, 53) AS i)
                      AND coalesce(CASE WHEN w.next_change_on <= '2025-12-31' THEN w.next_change_on END, 'infinity') <> coalesce(first.day, 'infinity') $$,
	'next_change_on is exactly the first later day with another outcome');
CREATE FUNCTION pg_temp.wrong_on(on_day date) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('citycredit.today', on_day::text, true);
	RETURN (SELECT count(*) FROM
		(SELECT w.n, w.policy, w.outcome, w.next_change_on FROM walk AS w WHERE w.day = on_day AND w.outcome NOT LIKE 'not\_enrolled%') AS w
		FULL JOIN (SELECT f.n, s.policy, s.state || concat_ws(' ', s.version, s.state, s.score, s.band, s.credit_grade::text, s.vetoes, s.lists) AS outcome, s.next_change_on, s.as_of
		             FROM citycredit.standing AS s JOIN firm AS f ON f.code = s.subject WHERE s.policy IN ('regress-plain', 'regress-hold')) AS s
		       ON s.n = w.n AND s.policy = w.policy
		WHERE w.outcome IS DISTINCT FROM s.outcome OR w.next_change_on IS DISTINCT FROM s.next_change_on OR s.as_of IS DISTINCT FROM on_day);
END
$$;
SELECT is(sum(pg_temp.wrong_on(date '2024-03-01' + 13 * i)), 0::numeric, 'the view is right on later days, and no job ran') FROM generate_series(0, 51) AS i;
SELECT is(sum(pg_temp.wrong_on(date '2024-02-29' - 11 * i)), 0::numeric, 'and on earlier days') FROM generate_series(0, 5) AS i;
SELECT is(count(*), 0::bigint, 'nothing stored is ever wrong') FROM generate_series(date '2024-03-01', '2025-12-01', '50 days') AS d CROSS JOIN LATERAL verify_standings(d::date);

-- the job touches what is due and nothing else
CREATE TEMPORARY TABLE due (day date, rows_due bigint, rows_written bigint, due_left bigint, wrong bigint);
DO $$
DECLARE
	today date := '2024-03-02';
	due_now bigint;
BEGIN
	WHILE today < '2025-06-01' LOOP
		PERFORM set_config('citycredit.today', today::text, true);
		CREATE TEMPORARY TABLE place AS SELECT subject, policy_id, ctid AS place, next_change_on FROM citycredit.standing_stored;
		SELECT count(*) INTO due_now FROM place WHERE next_change_on <= today;
		PERFORM citycredit.refresh();
		INSERT INTO due SELECT today, due_now, (SELECT count(*) FROM place AS p JOIN citycredit.standing_stored AS s ON s.subject OPERATOR(citycredit.=) p.subject
		                                           AND s.policy_id = p.policy_id WHERE s.ctid <> p.place),
			(SELECT count(*) FROM citycredit.standing_stored WHERE next_change_on <= today), (SELECT count(*) FROM citycredit.verify_standings());
		DROP TABLE place;
		today := today + 17;
	END LOOP;
END
$$;
SELECT is_empty('SELECT * FROM due WHERE rows_due <> rows_written OR due_left <> 0 OR wrong <> 0', 'refresh() writes the rows that are due and no others');
SELECT cmp_ok(sum(rows_due), '>', 20::numeric, '  of which there were some') FROM due;
SELECT is(refresh(), 0::bigint, 'and nothing the second time');

-- ---------------------------------------------------------------------------
-- A subject with many records: the state is reduced, the outcome is not
-- ---------------------------------------------------------------------------
SET LOCAL citycredit.today = '2024-03-01';
CREATE TEMPORARY TABLE big AS SELECT random_subject_code() AS code;
SELECT pg_temp.take_part(code, 'B0') FROM big \g /dev/null
INSERT INTO record (subject, kind, document, authority, source, procedure, severity, decided_on)
SELECT code, CASE WHEN i % 3 = 0 THEN 'award' ELSE 'penalty' END, 'B' || i, '11320400014109573H', 'regress', 'general',
       CASE WHEN i % 60 = 1 THEN 'serious' ELSE 'ordinary' END, date '2023-03-10' + i
  FROM big CROSS JOIN generate_series(1, 300) AS i;
SELECT is((SELECT count(*) FROM record AS r WHERE r.subject = b.code), 301::bigint, 'a subject with 300 records on as many days'),
       cmp_ok(octet_length(s.folded), '<', 60, '  has a small state')
  FROM big AS b JOIN standing_stored AS s ON s.subject = b.code AND s.policy_id = (SELECT DISTINCT policy_id FROM policy WHERE policy = 'regress-plain');
CREATE TEMPORARY TABLE big_walk AS
SELECT d::date AS day, concat_ws(' ', e.version, e.state, e.score, e.band, e.credit_grade::text, e.vetoes, e.lists) AS outcome, e.next_change_on
  FROM big CROSS JOIN generate_series(date '2024-03-01', '2024-12-31', '1 day') AS d CROSS JOIN LATERAL evaluate(code, 'regress-plain', d::date) AS e;
CREATE FUNCTION pg_temp.big_wrong(on_day date) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('citycredit.today', on_day::text, true);
	RETURN (SELECT count(*) FROM big_walk AS w LEFT JOIN (SELECT concat_ws(' ', s.version, s.state, s.score, s.band, s.credit_grade::text, s.vetoes, s.lists) AS outcome,
	                s.next_change_on FROM citycredit.standing AS s, big WHERE s.subject OPERATOR(citycredit.=) big.code AND s.policy = 'regress-plain') AS s ON true
	         WHERE w.day = on_day AND (w.outcome IS DISTINCT FROM s.outcome OR w.next_change_on IS DISTINCT FROM s.next_change_on))
		+ (SELECT count(*) FROM citycredit.verify_standings());
END
$$;
SELECT is(sum(pg_temp.big_wrong(day)), 0::numeric, 'the view is right on later days, and nothing stored is wrong') FROM big_walk WHERE day < '2024-05-01';
SELECT is_empty($$ SELECT w.day, w.next_change_on FROM big_walk AS w
                    WHERE w.next_change_on IS DISTINCT FROM (SELECT min(l.day) FROM big_walk AS l WHERE l.day > w.day AND l.outcome <> w.outcome) AND w.next_change_on <= '2024-12-31' $$,
	'next_change_on is exact');
DO $$
BEGIN
	FOR i IN 0..60 LOOP
		PERFORM set_config('citycredit.today', (date '2024-03-01' + i)::text, true);
		PERFORM citycredit.refresh();
	END LOOP;
END
$$;
SELECT is(pg_temp.big_wrong(date '2024-04-30'), 0::bigint, 'after a job every day too');
SELECT pg_temp.penalise(code, 'B301', '2024-04-01') FROM big \g /dev/null
DELETE FROM big_walk;
INSERT INTO big_walk SELECT date '2024-04-30', pg_temp.computed(code::text, 'regress-plain', '2024-04-30'), e.next_change_on FROM big CROSS JOIN LATERAL evaluate(code, 'regress-plain', '2024-04-30') AS e;
SELECT is(pg_temp.big_wrong('2024-04-30'), 0::bigint, 'and after one more record');

-- ---------------------------------------------------------------------------
-- History
-- ---------------------------------------------------------------------------
SELECT is_empty($$ SELECT h.subject, h.policy_id, h.seq FROM
	(SELECT *, lag(ROW(state, band, credit_grade::text, vetoes, lists, version_id)) OVER (PARTITION BY subject, policy_id ORDER BY seq) AS was FROM standing_history) AS h
	 WHERE h.was = ROW(h.state, h.band, h.credit_grade::text, h.vetoes, h.lists, h.version_id) $$, 'history has a row for a change and for nothing else');
SELECT cmp_ok(count(*), '>', 100::bigint, '  of which there are some') FROM standing_history;
SELECT is_empty($$ SELECT s.subject, s.policy_id FROM standing_stored AS s
	 WHERE ROW(s.state, coalesce(s.band, -1), s.vetoes, s.lists, s.version_id) <>
	       (SELECT h.state, coalesce(h.band, -1), h.vetoes, h.lists, h.version_id FROM standing_history AS h WHERE h.subject = s.subject AND h.policy_id = s.policy_id ORDER BY h.seq DESC LIMIT 1) $$,
	'its last row is what is stored');
-- two statements in one function, two amendments in one function: their positions differ though the clock stands still
DO $$
BEGIN
	PERFORM pg_temp.take_part('121200004013590816', 'S0');
	PERFORM pg_temp.penalise('121200004013590816', 'S1', '2024-04-01', 'serious');
	PERFORM pg_temp.penalise('121200004013590816', 'S2', '2024-04-01', 'serious');
	PERFORM pg_temp.penalise('121200004013590816', 'S3', '2024-04-01', 'serious');
	PERFORM pg_temp.amend(pg_temp.id_of('S1'), '{"severity": "light"}');
	PERFORM pg_temp.amend(pg_temp.id_of('S2'), '{"severity": "light"}');
	PERFORM pg_temp.amend(pg_temp.id_of('S3'), '{"revoked_on": "2024-04-02"}');
END
$$;
SELECT cmp_ok(count(*), '>=', 6::bigint, 'several changes at the same time of the clock') FROM standing_history WHERE subject = '121200004013590816';
SELECT is_empty($$ SELECT h.subject, p.policy, h.seq, h.as_of, h.cause, h.state, h.score, e.*
	  FROM standing_history AS h JOIN policy AS p ON p.version_id = h.version_id
	  LEFT JOIN LATERAL evaluate(h.subject, p.policy, h.as_of, h.known_at) AS e ON true
	 WHERE e.version IS DISTINCT FROM p.version OR (h.state = 0) <> (e.state = 'not_enrolled') OR (h.state = 1) <> (e.state = 'rated')
	    OR h.score / 10000.0 IS DISTINCT FROM e.score OR h.band_code IS DISTINCT FROM e.band OR h.credit_grade::text IS DISTINCT FROM e.credit_grade::text
	    OR bit_count(h.vetoes::bit(32)) <> cardinality(e.vetoes) OR bit_count(h.lists::bit(32)) <> cardinality(e.lists) $$,
	'what was known at each of its positions gives its outcome again');
SELECT is_empty($$ SELECT r.subject, r.record_id, r.version FROM record AS r JOIN record AS n ON n.subject = r.subject AND n.record_id = r.record_id AND n.version = r.version + 1
                    WHERE r.known_until <> n.known_from $$, 'versions of a record follow each other without a gap');

-- ---------------------------------------------------------------------------
-- What is stored and wrong is named and repaired
-- ---------------------------------------------------------------------------
SET LOCAL citycredit.today = '2025-06-02';
SELECT refresh() \g /dev/null
SELECT is_empty('SELECT * FROM verify_standings()', 'nothing stored is wrong');
CREATE FUNCTION pg_temp.damage(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	named text;
	done bigint;
BEGIN
	EXECUTE statement;
	SELECT string_agg(format('%s: %s', policy, problem), ', ') INTO named FROM citycredit.verify_standings() WHERE subject OPERATOR(citycredit.=) '91110000600037341L'::citycredit.subject_code;
	done := citycredit.regrade();
	RETURN concat_ws('; ', named, (SELECT count(*) FROM citycredit.verify_standings()), pg_temp.now('91110000600037341L'));
END
$$;
SELECT is(pg_temp.damage('UPDATE citycredit.standing_stored AS s SET ' || v.change || $$ WHERE subject = '91110000600037341L' AND policy_id = (SELECT DISTINCT policy_id FROM citycredit.policy WHERE policy = 'regress-plain') $$),
          'regress-plain: ' || v.problem || '; 0; rated 86.0 B B', 'damaged, named and repaired: ' || v.what)
  FROM (VALUES
	(1, 'score = 1', 'other outcome', 'score'),
	(2, 'score = NULL', 'other outcome', 'no score'),
	(3, 'band = 0', 'other outcome', 'band'),
	(4, $$ credit_grade = 'A' $$, 'other outcome', 'grade'),
	(5, $$ band_code = 'A' $$, 'other outcome', 'code of the band'),
	(6, 'lists = 3', 'other outcome', 'lists'),
	(7, $$ next_change_on = '2030-01-01' $$, 'other outcome', 'next change'),
	(8, $$ folded = (SELECT o.folded FROM citycredit.standing_stored AS o WHERE o.policy_id = s.policy_id AND o.subject = '9144060573144633XL') $$, 'stored state gives another outcome', 'the state of another'),
	(9, $$ folded = '\x00' $$, 'stored state cannot be read', 'a state that cannot be read'),
	(10, $$ folded = substr(folded, 1, length(folded) - 1) $$, 'stored state cannot be read', 'half a state')
  ) AS v (n, change, problem, what) ORDER BY v.n;
SELECT is(pg_temp.damage($$ DELETE FROM citycredit.standing_stored WHERE subject = '91110000600037341L' AND policy_id = (SELECT DISTINCT policy_id FROM citycredit.policy WHERE policy = 'regress-plain') $$),
	'regress-plain: missing; 0; rated 86.0 B B', 'damaged, named and repaired: a row gone');
UPDATE standing_stored SET folded = '\x00' WHERE subject = :'firm';
SELECT is(pg_temp.now(:'firm'), 'rated 86.0 B B', 'the view needs no stored state');
SELECT pg_temp.penalise(:'firm', 'Z1', '2025-06-02') \g /dev/null
SELECT is(pg_temp.now(:'firm'), 'rated 83.5 B B', 'nor does the next record');
SELECT is_empty('SELECT * FROM verify_standings()', 'which writes a good one');
-- a source that is trusted from a day gone by: what it delivered counts from then on
INSERT INTO record (subject, kind, document, authority, source, procedure, severity, decided_on)
VALUES (:'firm', 'penalty', 'Z2', '11320400014109573H', 'stranger', 'general', 'ordinary', '2025-06-01');
SELECT is(pg_temp.now(:'firm'), 'rated 83.5 B B', 'one more from a stranger');
INSERT INTO source (source, kind, name, trusted_from) VALUES ('stranger', 'penalty', '测试', '2020-01-01');
SELECT is(pg_temp.now(:'firm'), 'rated 81.0 B B', 'a source trusted backwards: the statement regrades');
SELECT is(regrade(), 0::bigint, '  and leaves nothing to regrade');
SELECT is((SELECT h.cause FROM standing_history AS h WHERE h.subject = :'firm' ORDER BY h.seq DESC LIMIT 1), 'trust', '  history knows why');
SELECT is_empty('SELECT * FROM verify_standings()', '  as everything stored');

-- ---------------------------------------------------------------------------
-- The order of arrival
-- ---------------------------------------------------------------------------
SET LOCAL citycredit.today = '2024-03-01';
-- 500 records of 20 firms, one of them with 120; the same facts for five sets of firms
CREATE TEMPORARY TABLE twin AS SELECT way, n, random_subject_code() AS code FROM generate_series(1, 5) AS way CROSS JOIN generate_series(1, 20) AS n;
CREATE TEMPORARY TABLE arrival AS
SELECT t.way, t.n AS firm, i, row_number() OVER (PARTITION BY t.way ORDER BY i, t.n) AS turn, g.*
  FROM twin AS t CROSS JOIN generate_series(1, 120) AS i CROSS JOIN LATERAL pg_temp.some_record(100 + t.n, i, t.code) AS g WHERE i <= 20 OR t.n = 1;
CREATE FUNCTION pg_temp.arrive(condition text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	EXECUTE 'INSERT INTO citycredit.record (subject, kind, document, authority, source, field, state, procedure, severity, decided_on, valid_from, valid_until)
		SELECT subject, kind, document, authority, source, field, state, procedure, severity, decided_on, valid_from, valid_until FROM arrival WHERE ' || condition;
END
$$;
SELECT is(count(*), 500::bigint, '500 records') FROM arrival WHERE way = 1;
DO $$
DECLARE
	a record;
BEGIN
	PERFORM pg_temp.arrive('way = 1');
	FOR a IN 0..2 LOOP
		PERFORM pg_temp.arrive('way = 2 AND turn % 3 = ' || a);
	END LOOP;
	FOR a IN SELECT turn FROM arrival WHERE way = 3 ORDER BY turn LOOP
		PERFORM pg_temp.arrive('way = 3 AND turn = ' || a.turn);
	END LOOP;
	FOR a IN SELECT turn FROM arrival WHERE way = 4 ORDER BY md5(turn::text) LOOP
		PERFORM pg_temp.arrive('way = 4 AND turn = ' || a.turn);
	END LOOP;
	-- on days that follow each other, the last of them the day on which all others came
	FOR a IN SELECT turn, row_number() OVER (ORDER BY md5(turn::text)) AS place FROM arrival WHERE way = 5 ORDER BY 2 LOOP
		PERFORM set_config('citycredit.today', (date '2024-03-01' - (500 - a.place)::integer / 5)::text, true);
		PERFORM pg_temp.arrive('way = 5 AND turn = ' || a.turn);
	END LOOP;
END
$$;
SET LOCAL citycredit.today = '2024-03-01';
CREATE TEMPORARY VIEW twin_standing AS
	SELECT t.way, t.n, s.policy_id, s.score, s.version_id, s.as_of, s.next_change_on, s.lists, s.vetoes, s.state, s.band, s.credit_grade::text, s.band_code, s.folded
	  FROM twin AS t JOIN standing_stored AS s ON s.subject = t.code;
SELECT cmp_ok(count(*), '>=', 30::bigint, 'the set has standings') FROM twin_standing WHERE way = 1;
SELECT is_empty(format($$ (SELECT n, policy_id, score, version_id, as_of, next_change_on, lists, vetoes, state, band, credit_grade, band_code, folded FROM twin_standing WHERE way = 1
	EXCEPT SELECT n, policy_id, score, version_id, as_of, next_change_on, lists, vetoes, state, band, credit_grade, band_code, folded FROM twin_standing WHERE way = %1$s)
	UNION ALL (SELECT n, policy_id, score, version_id, as_of, next_change_on, lists, vetoes, state, band, credit_grade, band_code, folded FROM twin_standing WHERE way = %1$s
	EXCEPT SELECT n, policy_id, score, version_id, as_of, next_change_on, lists, vetoes, state, band, credit_grade, band_code, folded FROM twin_standing WHERE way = 1) $$, way),
	'equal rows: all in one statement and ' || what)
  FROM (VALUES (2, 'in three'), (3, 'row by row'), (4, 'row by row, shuffled')) AS v (way, what) ORDER BY way;
CREATE FUNCTION pg_temp.twins_differ(on_day date) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('citycredit.today', on_day::text, true);
	RETURN (SELECT count(*) FROM (
		SELECT n, policy FROM (SELECT t.n, s.policy, s.version, s.state, s.score, s.band, s.credit_grade::text, s.undecided, s.vetoes, s.lists, s.as_of, s.next_change_on
		                         FROM twin AS t JOIN citycredit.standing AS s ON s.subject OPERATOR(citycredit.=) t.code) AS x
		 GROUP BY n, policy HAVING count(DISTINCT x) > 1 OR count(*) <> 5) AS y);
END
$$;
SELECT is(sum(pg_temp.twins_differ(date '2024-03-01' + 10 * i)), 0::numeric, 'equal standings on this and every later day, those that came day by day too') FROM generate_series(0, 50) AS i;
SET LOCAL citycredit.today = '2024-03-01';
SELECT is_empty('SELECT * FROM verify_standings()', 'and what is stored agrees with the records');
SELECT * FROM finish();
ROLLBACK;
