-- tap_rating.sql -- rated periods: closing once, publication by a second person, corrections in the open, and all of it again from the records
\set ECHO none
\i test/include/engine.psql
SET LOCAL datestyle = 'ISO, YMD';
SELECT plan(185);
CREATE ROLE regress_closer;
CREATE ROLE regress_publisher;
GRANT USAGE ON SCHEMA citycredit TO regress_closer, regress_publisher;
GRANT EXECUTE ON FUNCTION close_cycle, publish_rating, correct_rating, decide_correction, preview_correction, reclose_check TO regress_closer, regress_publisher;
GRANT EXECUTE ON FUNCTION record_policy_publication, adopt_policy TO regress_adopter;
INSERT INTO department_competence (department, role, duty, valid_from) VALUES
	('测试局', 'regress_closer', 'decider', '2020-01-01'), ('测试局', 'regress_publisher', 'decider', '2020-01-01');

CREATE FUNCTION pg_temp.today(day text) RETURNS void LANGUAGE sql AS $$ SELECT set_config('citycredit.today', day, true) $$;

-- regress-year: yearly, valid a year; and by month, valid until the next. Two versions: 2025 by the second, whose penalties weigh more.
SELECT $yaml$policy: regress-year
title: 测试年度评价办法
version: "1"
issuer: 测试局
in_force: {from: 2020-01-01, until: 2024-12-31}
sources:
  m: {title: 测试年度评价办法, number: 测〔2020〕9号, rank: normative_document}
inputs: [penalty, participation]
applies_to:
  enrolled_by: {kind: participation, field: waste, state: taking_part}
score: {base: 100, floor: 0, decimals: 0}
items:
  - id: penalty
    name: 处罚
    match: {kind: penalty}
    points: -10
    window: {from: decided_on, calendar: year, which: this}
    cite: {source: m, article: 第三条}
bands:
  choose: best
  gap: refer
  step: 1
  cite: {source: m, article: 第四条}
  of:
    - {id: A, name: 优秀, when: {score: {at_least: 90}}}
    - {id: B, name: 良好, when: {score: {at_least: 70, below: 90}}}
    - {id: C, name: 一般, when: {score: {below: 70}}}
scale: {A: A, B: B, C: C}
vetoes:
  - {id: many, name: 屡次处罚, when: {count.penalty: {at_least: 5}}, band: C, cite: {source: m, article: 第五条}}
lists:
  - {id: best, list: red, name: 年度守信名单, at: rating, when: {band: A}, term: {years: 1}, cite: {source: m, article: 第八条}}
ratings:
  - {id: year, name: 年度评价, period: year, version_by: end, facts_until: {days: 15}, repairs_until: {days: 20}, publish_within: {days: 30}, valid: {years: 1}, on_correction: subject_only, cite: {source: m, article: 第六条}}
  - {id: month, name: 月度评价, period: month, version_by: start, publish_within: {working_days: 5}, valid: {until: next}, on_correction: all, cite: {source: m, article: 第七条}}
$yaml$ AS year_1 \gset
SELECT replace(replace(replace(:'year_1', 'version: "1"', 'version: "2"'), 'from: 2020-01-01, until: 2024-12-31', 'from: 2025-01-01'), 'points: -10', 'points: -15') AS year_2 \gset
SELECT pg_temp.put_in_force(:'year_1'), pg_temp.put_in_force(:'year_2') \g /dev/null

-- Five firms; a fact is recorded on the day that is today.
CREATE TEMPORARY TABLE firm (n integer, subject subject_code);
INSERT INTO firm VALUES (1, '91110000600037341L'), (2, '91420684MA4927PJ7B'), (3, '9144060573144633XL'), (4, '91310115MA1K3BTP2B'), (5, '121200004013590816');
CREATE FUNCTION pg_temp.penalise(firm integer, document text, decided_on date) RETURNS void LANGUAGE sql AS $$
	INSERT INTO citycredit.record (subject, kind, document, authority, source, procedure, severity, decided_on)
	SELECT f.subject, 'penalty', penalise.document, '11320400014109573H', 'regress', 'general', 'ordinary', penalise.decided_on FROM firm AS f WHERE f.n = penalise.firm
$$;
CREATE FUNCTION pg_temp.rated(day date, rating text) RETURNS TABLE (firm integer, correction integer, version text, score numeric, band text, state text) LANGUAGE sql AS $$
	SELECT f.n, r.correction::integer, p.version, r.score / 10000, r.band, r.state
	  FROM citycredit.rating AS r JOIN firm AS f ON f.subject OPERATOR(citycredit.=) r.subject JOIN citycredit.policy AS p ON p.version_id = r.version_id
	 WHERE r.period_from = rated.day AND r.rating = rated.rating AND r.superseded_at = 'infinity' ORDER BY f.n
$$;
SELECT pg_temp.today('2024-03-01') \g /dev/null
INSERT INTO record (subject, kind, document, authority, source, field, state, valid_from, valid_until)
SELECT f.subject, 'participation', 'E' || f.n, '11320400014109573H', 'regress', 'waste', 'taking_part', '2023-01-01', CASE WHEN f.n = 5 THEN date '2024-12-30' END FROM firm AS f;
SELECT pg_temp.today('2024-06-03'), pg_temp.penalise(1, 'P1', '2024-06-01'), pg_temp.penalise(2, 'P2', '2024-06-01'), pg_temp.penalise(2, 'P3', '2024-06-02') \g /dev/null
SELECT pg_temp.today('2024-12-31'), pg_temp.penalise(3, 'P4', '2024-12-31') \g /dev/null

-- ---------------------------------------------------------------------------
-- Which period
-- ---------------------------------------------------------------------------
SELECT results_eq($$ SELECT t, first_day, months FROM unnest(ARRAY['2025', '2025-H1', '2025H2', '2025Q2', ' 2025-q4 ', '2025-03', '2025-03-15']) AS t CROSS JOIN LATERAL _read_period(t) $$,
	$$ VALUES ('2025', date '2025-01-01', 12), ('2025-H1', '2025-01-01', 6), ('2025H2', '2025-07-01', 6), ('2025Q2', '2025-04-01', 3), (' 2025-q4 ', '2025-10-01', 3),
	          ('2025-03', '2025-03-01', 1), ('2025-03-15', '2025-03-15', NULL) $$, 'periods as people write them');
SELECT is(r.code, '22023', format('no period: %s', coalesce(t, 'NULL'))), is(r.message, format('invalid period: "%s"', coalesce(t, '<NULL>')), '  with its message'), matches(r.hint, '2025-H1', '  and how to write one')
  FROM unnest(ARRAY['2025-H3', '2025-Q5', '2025-13', '2025-02-30', '25', '2025-1', 'year', '', NULL]) AS t CROSS JOIN LATERAL pg_temp.refusal(format('SELECT _read_period(%L)', t)) AS r;
SELECT results_eq($$ SELECT d, _period_start(d::date, '2020-07-15', 12), _period_start(d::date, '2000-01-01', 3) FROM unnest(ARRAY['2024-07-14', '2024-07-15', '2019-07-14', '1999-12-31']) AS d $$,
	$$ VALUES ('2024-07-14', date '2023-07-15', date '2024-07-01'), ('2024-07-15', '2024-07-15', '2024-07-01'), ('2019-07-14', '2018-07-15', '2019-07-01'),
	          ('1999-12-31', '1999-07-15', '1999-10-01') $$, 'periods follow one another in both directions');

-- ---------------------------------------------------------------------------
-- Refusals of a close
-- ---------------------------------------------------------------------------
SELECT pg_temp.today('2025-01-20') \g /dev/null
SELECT is(r.code, v.code, v.what), is(r.message, v.message, '  with its message'), matches(concat_ws(' ', r.detail, r.hint), v.says, '  and says what to do')
  FROM (VALUES
	(1, $$ SELECT close_cycle('regress-none', '2024') $$, '42704', 'policy "regress-none" does not exist', 'No version', 'an unknown policy'),
	(2, $$ SELECT close_cycle('regress-plain', '2024') $$, '22023', 'policy "regress-plain" has no rating  for the period "2024"', 'None of its versions has a rating', 'a policy that rates no period'),
	(3, $$ SELECT close_cycle('regress-year', '2024', 'week') $$, '22023', 'policy "regress-year" has no rating week for the period "2024"', 'version 1: rating month of 1 month\(s\) from 2000-01-01, by the version in force on its first day; version 1: rating year of 12', 'an unknown rating'),
	(4, $$ SELECT close_cycle('regress-year', '2024-Q4') $$, '22023', 'policy "regress-year" has no rating  for the period "2024-Q4"', 'rating year of 12 month', 'a period that nothing rates'),
	(5, $$ SELECT close_cycle('regress-year', '2024-07-02') $$, '22023', 'policy "regress-year" has no rating  for the period "2024-07-02"', 'first day', 'a day on which none begins'),
	(6, $$ SELECT close_cycle('regress-year', '2019') $$, '22023', 'policy "regress-year" has no rating  for the period "2019"', 'in force', 'a year before all versions'),
	(7, $$ SELECT close_cycle('regress-year', '2024-01-01') $$, '42P08', 'period "2024-01-01" of policy "regress-year" has several ratings', 'month, year.*Name one', 'a day on which several begin'),
	(8, $$ SELECT close_cycle('regress-year', '2025') $$, '55000', 'period "2025" of rating "year" of policy "regress-year" is not over', '2025-12-31; today is 2025-01-20', 'a year that is not over'),
	(9, $$ SELECT close_cycle('regress-year', '2024') $$, '55000', 'period "2024" of rating "year" of policy "regress-year" cannot be closed yet', 'through 2025-01-15, repairs through 2025-01-20; today is 2025-01-20', 'before its key days have passed'),
	(10, $$ SELECT close_cycle('regress-year', NULL) $$, '22023', 'invalid period: "<NULL>"', '2025-H1', 'no period'),
	(11, $$ SELECT publish_rating('regress-year', '2024') $$, '42704', 'period "2024" of policy "regress-year" is not closed', 'close_cycle', 'publication of what is not closed'),
	(12, $$ SELECT correct_rating('91110000600037341L', 'regress-year', '2024', 'x') $$, '42704', 'period "2024" of policy "regress-year" is not closed', 'close_cycle', 'correction of what is not closed'),
	(13, $$ SELECT * FROM reclose_check('regress-year', '2024') $$, '42704', 'period "2024" of policy "regress-year" is not closed', 'close_cycle', 'a check of what is not closed')
  ) AS v (n, statement, code, message, says, what)
 CROSS JOIN LATERAL pg_temp.refusal('regress_closer', v.statement) AS r ORDER BY v.n;

-- ---------------------------------------------------------------------------
-- The close: version, cohort, facts, repairs
-- ---------------------------------------------------------------------------
-- recorded in time: firm 1, on the last day for facts; too late: firm 4, a day after
SELECT pg_temp.today('2025-01-15'), pg_temp.penalise(1, 'P5', '2024-12-20') \g /dev/null
SELECT pg_temp.today('2025-01-16'), pg_temp.penalise(4, 'P6', '2024-12-20') \g /dev/null
-- repairs: firm 2, after the year but in time; firm 3, a day too late
SELECT pg_temp.today('2025-01-21') \g /dev/null
SELECT _new_version(r.subject, r.record_id, '{"repaired_on": "2025-01-20"}') FROM record AS r WHERE r.document = 'P3' AND r.known_until = 'infinity' \g /dev/null
SELECT _new_version(r.subject, r.record_id, '{"repaired_on": "2025-01-21"}') FROM record AS r WHERE r.document = 'P4' AND r.known_until = 'infinity' \g /dev/null
-- who may: the department of the measure, for ratings, with the duty that the step takes
CREATE ROLE regress_clerk;
CREATE ROLE regress_stranger;
GRANT regress_closer TO regress_clerk, regress_stranger;
INSERT INTO department_competence (department, role, duty, act, field, valid_from) VALUES
	('测试局', 'regress_clerk', 'officer', 'rating', NULL, '2020-01-01'), ('测试局', 'regress_stranger', 'decider', 'listing', NULL, '2020-01-01'),
	('测试局', 'regress_stranger', 'decider', 'rating', 'gas', '2020-01-01'), ('环保局', 'regress_stranger', 'decider', NULL, NULL, '2020-01-01');
SELECT is(r.code || ' ' || r.message, '42501 role "regress_stranger" has no competence for ratings by policy "regress-year"', 'nobody of another department closes'),
       is(r.detail, 'It takes a duty of officer or decider for rating at "测试局" in field any, district any.', '  nor for another act or field'),
       matches(r.hint, 'department_competence.*policy_department', '  and is told where that is said')
  FROM pg_temp.refusal('regress_stranger', $$ SELECT close_cycle('regress-year', '2024') $$) AS r;
SELECT is(pg_temp.run('regress_closer', $$ SELECT close_cycle('regress-year', '2024') $$), '4', 'the year is closed: who is enrolled on its last day is rated');
SELECT is(r.code || ' ' || r.message, '42501 role "' || v.who || '" has no competence for ratings by policy "regress-year"', v.what)
  FROM (VALUES
	(1, 'regress_stranger', $$ SELECT publish_rating('regress-year', '2024') $$, 'nor publishes it'),
	(2, 'regress_clerk', $$ SELECT publish_rating('regress-year', '2024') $$, 'who handles does not publish'),
	(3, 'regress_stranger', $$ SELECT correct_rating('91110000600037341L', 'regress-year', '2024', '复查') $$, 'nor is a correction proposed from elsewhere')
  ) AS v (n, who, statement, what)
 CROSS JOIN LATERAL pg_temp.refusal(v.who, v.statement) AS r ORDER BY v.n;
-- a measure of a superior is carried out by whoever it names
SAVEPOINT named;
SELECT throws_ok($$ INSERT INTO policy_department (policy, department, cite) VALUES ('regress-year', '环保局', ' ') $$, '23514', NULL, 'a department is named by a clause');
INSERT INTO policy_department (policy, department, valid_from, cite) VALUES ('regress-year', '环保局', '2020-01-01', '测试办法 第二条');
SELECT is(r.code, '42501', 'where a measure names a department'), matches(r.detail, 'at "环保局"', '  its issuer is not competent')
  FROM pg_temp.refusal('regress_publisher', $$ SELECT publish_rating('regress-year', '2024') $$) AS r;
SELECT is(r.message, 'cannot publish ratings by a policy whose publication is not recorded', '  but the one that it names is')
  FROM pg_temp.refusal('regress_stranger', $$ SELECT publish_rating('regress-year', '2024') $$) AS r;
UPDATE policy_department SET department = '测试局', field = 'gas';
SELECT is(r.message, 'cannot publish ratings by a policy whose publication is not recorded', '  in the field that it names')
  FROM pg_temp.refusal('regress_stranger', $$ SELECT publish_rating('regress-year', '2024') $$) AS r;
UPDATE policy_department SET valid_until = '2025-01-20';
SELECT is(r.code, '42501', '  through its last day') FROM pg_temp.refusal('regress_stranger', $$ SELECT publish_rating('regress-year', '2024') $$) AS r;
ROLLBACK TO named;
SELECT results_eq($$ SELECT * FROM pg_temp.rated('2024-01-01', 'year') $$,
	$$ VALUES (1, 0, '1', 80::numeric, 'B', 'rated'), (2, 0, '1', 90, 'A', 'rated'), (3, 0, '1', 90, 'A', 'rated'), (4, 0, '1', 100, 'A', 'rated') $$,
	'by the version of its last day, facts and repairs through their days');
SELECT results_eq($$ SELECT DISTINCT as_of, facts_until, repairs_until, known_at = (SELECT known_at FROM rating_cycle), decided_by, published_on::text, valid_from::text FROM rating $$,
	$$ VALUES (date '2024-12-31', date '2025-01-15', date '2025-01-20', true, 'regress_closer', NULL::text, NULL::text) $$, 'what it was made from is stored with it');
SELECT results_eq($$ SELECT version_id = (SELECT version_id FROM policy WHERE policy = 'regress-year' AND version = '1'), period_from, period_until, closed_by, closed_on, valid, publish_within, on_correction FROM rating_cycle $$,
	$$ VALUES (true, date '2024-01-01', date '2024-12-31', 'regress_closer', date '2025-01-21', '{"months": 12}'::jsonb, '{"days": 30}'::jsonb, 'subject_only') $$, 'as is the close');
SELECT is_empty($$ SELECT * FROM rating_current $$, 'nothing counts before it is published');
SELECT is_empty($$ SELECT * FROM reclose_check('regress-year', '2024') $$, 'it comes out again');
SELECT is(r.code, '55000', 'a second close'), is(r.message, 'period "2024-01-01" of rating "year" of policy "regress-year" is closed already', '  is refused'),
       matches(concat_ws(' ', r.detail, r.hint), '"regress_closer" closed it on 2025-01-21.*reclose_check', '  and names the first')
  FROM pg_temp.refusal('regress_publisher', $$ SELECT close_cycle('regress-year', '2024-01-01', 'year') $$) AS r;

-- what is learned afterwards does not move it
SELECT pg_temp.today('2025-01-25'), pg_temp.penalise(3, 'P7', '2024-11-11'), pg_temp.penalise(5, 'P8', '2024-11-11') \g /dev/null
SELECT _new_version(r.subject, r.record_id, '{"revoked_on": "2025-01-25"}') FROM record AS r WHERE r.document = 'P1' AND r.known_until = 'infinity' \g /dev/null
INSERT INTO source (source, kind, name, trusted_from) VALUES ('late', 'penalty', '后来信任', '2020-01-01');
SELECT is_empty($$ SELECT * FROM reclose_check('regress-year', '2024') $$, 'it comes out again whatever was learned since');
-- and the check can tell: a rating made otherwise is found
SAVEPOINT forged;
SET LOCAL session_replication_role = replica;
UPDATE rating SET score = 700000, band = 'B', band_rank = 2 WHERE subject = '91310115MA1K3BTP2B';
DELETE FROM rating WHERE subject = '9144060573144633XL';
SET LOCAL session_replication_role = origin;
SELECT results_eq($$ SELECT f.n, c.stored ->> 'score', c.recomputed ->> 'score' FROM reclose_check('regress-year', '2024') AS c JOIN firm AS f ON f.subject = c.subject ORDER BY f.n $$,
	$$ VALUES (3, NULL, '90'), (4, '70', '100') $$, 'a forged and a missing rating are found');
ROLLBACK TO forged;

-- ---------------------------------------------------------------------------
-- Nothing is rewritten
-- ---------------------------------------------------------------------------
SELECT throws_ok(v.statement, '55000', v.message, v.what)
  FROM (VALUES
	(1, $$ UPDATE rating SET band = 'A', band_rank = 1 WHERE band = 'B' $$, 'cannot rewrite ratings', 'no band is rewritten'),
	(2, $$ UPDATE rating SET credit_grade = 'A' WHERE credit_grade = 'B' $$, 'cannot rewrite ratings', 'no grade'),
	(3, $$ UPDATE rating_cycle SET facts_until = '2025-01-16' $$, 'cannot rewrite ratings', 'no key day'),
	(4, $$ DELETE FROM rating $$, 'cannot delete ratings', 'no rating is deleted'),
	(5, $$ TRUNCATE rating $$, 'cannot truncate ratings', 'nor all'),
	(6, $$ DELETE FROM rating_cycle $$, 'cannot delete ratings', 'no close is deleted')
  ) AS v (n, statement, message, what) ORDER BY v.n;
SELECT throws_ok($$ UPDATE rating SET superseded_at = now(); UPDATE rating SET superseded_at = 'infinity' $$, '55000', 'cannot rewrite ratings', 'what is superseded stays so');

-- ---------------------------------------------------------------------------
-- Publication
-- ---------------------------------------------------------------------------
SELECT results_eq($$ SELECT period_from, stage, closable_from, publish_due, late, subjects FROM rating_due WHERE rating = 'year' $$,
	$$ VALUES (date '2024-01-01', 'closed', date '2025-01-21', date '2025-01-30', false, 4::bigint) $$, 'what is to be published, and by when');
SELECT pg_temp.today('2025-01-31') \g /dev/null
SELECT results_eq($$ SELECT stage, late FROM rating_due WHERE rating = 'year' $$, $$ VALUES ('closed', true) $$, 'the day after it is overdue');
SELECT is(r.code, v.code, v.what), is(r.message, v.message, '  with its message'), matches(concat_ws(' ', r.detail, r.hint), v.says, '  and says why')
  FROM (VALUES
	(1, 'regress_closer', '42501', 'cannot publish a rating one has closed oneself', 'regress_closer.*Another person', 'who closed does not publish'),
	(2, 'regress_publisher', '55000', 'cannot publish ratings by a policy whose publication is not recorded', 'record_policy_publication', 'nothing is published by a measure that nobody knows to be published')
  ) AS v (n, who, code, message, says, what)
 CROSS JOIN LATERAL pg_temp.refusal(v.who, $$ SELECT publish_rating('regress-year', '2024') $$) AS r ORDER BY v.n;
SET LOCAL ROLE regress_adopter;
SELECT record_policy_publication('regress-year', '1', '2019-12-01'), record_policy_publication('regress-year', '2', '2024-12-01') \g /dev/null
RESET ROLE;
SELECT is_empty('SELECT FROM list_candidate', 'a list made at a rating has no candidates before');
SELECT is(pg_temp.run('regress_publisher', $$ SELECT publish_rating('regress-year', '2024') $$), '4', 'a second person publishes');
SELECT results_eq($$ SELECT f.n, c.policy, c.version, c.rule, c.list, c.term_months FROM list_candidate AS c JOIN firm AS f ON f.subject OPERATOR(citycredit.=) c.subject ORDER BY f.n $$,
	$$ VALUES (2, 'regress-year', '1', 'best', 'red', 12), (3, 'regress-year', '1', 'best', 'red', 12), (4, 'regress-year', '1', 'best', 'red', 12) $$, '  which gives the list its candidates');
SELECT results_eq($$ SELECT f.n, c.score, c.band, c.credit_grade, c.published_on, c.valid_from, c.valid_until FROM rating_current AS c JOIN firm AS f ON f.subject::text = c.code ORDER BY f.n $$,
	$$ VALUES (1, 80::numeric, 'B', 'B', date '2025-01-31', date '2025-01-31', date '2026-01-31'), (2, 90, 'A', 'A', '2025-01-31', '2025-01-31', '2026-01-31'),
	          (3, 90, 'A', 'A', '2025-01-31', '2025-01-31', '2026-01-31'), (4, 100, 'A', 'A', '2025-01-31', '2025-01-31', '2026-01-31') $$, 'from its day on it counts');
SELECT results_eq($$ SELECT stage, published_on, late FROM rating_due WHERE rating = 'year' $$, $$ VALUES ('published', date '2025-01-31', true) $$, 'that it was late is kept');
SELECT is(r.code, '55000', 'it is published once'), matches(r.detail, '"regress_publisher" published it on 2025-01-31', '  and who did is told')
  FROM pg_temp.refusal('regress_publisher', $$ SELECT publish_rating('regress-year', '2024') $$) AS r;
SELECT throws_ok($$ UPDATE rating SET valid_until = '2027-01-01' $$, '55000', 'cannot rewrite ratings', 'its term stays');
SELECT pg_temp.today('2026-01-31') \g /dev/null
SELECT is(count(*), 4::bigint, 'the last day of its term') FROM rating_current;
SELECT is(count(*), 3::bigint, '  and of its candidates') FROM list_candidate;
SELECT pg_temp.today('2026-02-01') \g /dev/null
SELECT is(count(*), 0::bigint, '  and the day after') FROM rating_current;
SELECT is_empty('SELECT FROM list_candidate', '  nor candidates');
SELECT is(r.code, '55000', 'an example is never published'), is(r.message, 'cannot publish ratings by policy "regress-sample"', '  with its message')
  FROM (SELECT pg_temp.put_in_force(replace(replace(:'year_1', 'policy: regress-year', 'policy: regress-sample'), 'issuer: 测试局', E'issuer: 测试局\nexample: true')),
               pg_temp.run('regress_closer', $$ SELECT close_cycle('regress-sample', '2023') $$)) AS made
 CROSS JOIN LATERAL pg_temp.refusal('regress_publisher', $$ SELECT publish_rating('regress-sample', '2023') $$) AS r;

-- ---------------------------------------------------------------------------
-- Corrections
-- ---------------------------------------------------------------------------
SELECT pg_temp.today('2025-02-10') \g /dev/null
SELECT is(r.code, v.code, v.what), is(r.message, v.message, '  with its message'), matches(concat_ws(' ', r.detail, r.hint), v.says, '  and says why')
  FROM (VALUES
	(1, $$ SELECT correct_rating('91420684MA4927PJ7B', 'regress-year', '2024', ' ') $$, '22023', 'no reason given for correcting the rating of subject "91420684MA4927PJ7B"', 'Say why', 'a correction needs a reason'),
	(2, $$ SELECT correct_rating('91420684MA4927PJ7B', 'regress-year', '2024', '复查') $$, '55000', 'nothing to correct: the records give subject "91420684MA4927PJ7B" the rating that stands', 'explain', 'where nothing has changed there is none'),
	(3, $$ SELECT correct_rating('Y1320400MJD12345XG', 'regress-year', '2024', '复查') $$, '42704', 'subject "Y1320400MJD12345XG" has no records', 'feed them', 'nor of whom nothing is known')
  ) AS v (n, statement, code, message, says, what)
 CROSS JOIN LATERAL pg_temp.refusal('regress_closer', v.statement) AS r ORDER BY v.n;
-- firm 1: a penalty of it was revoked after the close; firm 4: a late penalty
SELECT pg_temp.run('regress_closer', $$ SELECT correct_rating('91110000600037341L', 'regress-year', '2024', '处罚已撤销') $$) AS first \gset
SELECT results_eq(format('SELECT subject::text, bystander, old_outcome ->> $$band$$, new_outcome ->> $$band$$ FROM preview_correction(%s)', :first),
	$$ VALUES ('91110000600037341L', false, 'B', 'A') $$, 'what it would do can be seen');
SELECT results_eq($$ SELECT * FROM pg_temp.rated('2024-01-01', 'year') WHERE firm = 1 $$, $$ VALUES (1, 0, '1', 80::numeric, 'B', 'rated') $$, 'a proposal changes nothing');
SELECT is(r.code, v.code, v.what), is(r.message, v.message, '  with its message')
  FROM (VALUES
	(1, 'regress_closer', format('SELECT decide_correction(%s, $$corrected$$, $$属实$$)', :first), '42501', 'cannot decide a correction one has proposed oneself', 'who proposed does not decide'),
	(2, 'regress_publisher', format('SELECT decide_correction(%s, $$maybe$$, $$属实$$)', :first), '22023', 'a decision needs a result and a reason', 'a decision that is none'),
	(3, 'regress_publisher', format('SELECT decide_correction(%s, $$corrected$$, $$ $$)', :first), '22023', 'a decision needs a result and a reason', 'one without a reason'),
	(4, 'regress_publisher', 'SELECT decide_correction(0, $$corrected$$, $$属实$$)', '42704', 'correction 0 does not exist', 'one of nothing'),
	(6, 'regress_clerk', format('SELECT decide_correction(%s, $$corrected$$, $$属实$$)', :first), '42501', 'role "regress_clerk" has no competence for ratings by policy "regress-year"', 'by who handles'),
	(5, 'regress_publisher', $$ SELECT correct_rating('91110000600037341L', 'regress-year', '2024', '再次') $$, '55000', 'a correction of this rating of subject "91110000600037341L" is open', 'a second proposal')
  ) AS v (n, who, statement, code, message, what)
 CROSS JOIN LATERAL pg_temp.refusal(v.who, v.statement) AS r ORDER BY v.n;
-- what becomes known after the proposal is not in it
SELECT pg_temp.penalise(1, 'P9', '2024-10-10') \g /dev/null
SELECT is(pg_temp.run('regress_publisher', format('SELECT decide_correction(%s, $$corrected$$, $$属实$$)', :first)), '1', 'another person decides');
SELECT results_eq($$ SELECT correction::integer, band, superseded_at = 'infinity', reason, decided_by, published_on, valid_from, valid_until FROM rating WHERE subject = '91110000600037341L' AND rating = 'year' AND period_from = '2024-01-01' AND policy_id = (SELECT DISTINCT policy_id FROM policy WHERE policy = 'regress-year') ORDER BY correction $$,
	$$ VALUES (0, 'B', false, NULL, 'regress_closer', date '2025-01-31', date '2025-01-31', date '2026-01-31'),
	          (1, 'A', true, '处罚已撤销', 'regress_publisher', '2025-02-10', '2025-02-10', '2026-01-31') $$, 'a new row beside the old one, published at once, for the same term');
SELECT results_eq($$ SELECT band, correction FROM rating_current WHERE code = '91110000600037341L' $$, $$ VALUES ('A', 1) $$, 'and it is the one that counts');
SELECT is(count(*), 1::bigint, '  for its list too') FROM list_candidate AS c WHERE c.subject::text = '91110000600037341L';
SELECT is(r.code, '55000', 'a decision is taken once'), is(r.message, format('correction %s is decided already', :first), '  with its message')
  FROM pg_temp.refusal('regress_publisher', format('SELECT decide_correction(%s, $$refused$$, $$改判$$)', :first)) AS r;
SELECT throws_ok(format('UPDATE rating_correction SET reason = $$别的$$ WHERE correction_id = %s', :first), '55000', 'cannot rewrite ratings', 'what was proposed and decided stays');
SELECT is_empty($$ SELECT * FROM reclose_check('regress-year', '2024') $$, 'close and correction come out again');
-- against the subject: late facts
SELECT pg_temp.run('regress_closer', $$ SELECT correct_rating('91310115MA1K3BTP2B', 'regress-year', '2024', '迟到的处罚') $$) AS second \gset
SELECT is(pg_temp.run('regress_publisher', format('SELECT decide_correction(%s, $$refused$$, $$信赖已公布的结果$$)', :second)), '0', 'a correction can be refused');
SELECT results_eq($$ SELECT band, correction, score FROM rating_current WHERE code = '91310115MA1K3BTP2B' $$, $$ VALUES ('A', 0, 100::numeric) $$, '  and nothing changes');
SELECT pg_temp.run('regress_publisher', $$ SELECT correct_rating('91310115MA1K3BTP2B', 'regress-year', '2024', '迟到的处罚') $$) AS third \gset
SELECT is(pg_temp.run('regress_closer', format('SELECT decide_correction(%s, $$corrected$$, $$属实$$)', :third)), '1', 'or made later');
SELECT results_eq($$ SELECT band, correction, score FROM rating_current WHERE code = '91310115MA1K3BTP2B' $$, $$ VALUES ('A', 1, 90::numeric) $$, '  with the late fact');
-- firm 5 is not in the cohort until its halt turns out to be wrong; firm 2 leaves it
SELECT _new_version(r.subject, r.record_id, '{"revoked_on": "2025-02-10"}') FROM record AS r WHERE r.document IN ('E2') AND r.known_until = 'infinity' \g /dev/null
INSERT INTO record (subject, kind, document, authority, source, field, state, valid_from) VALUES ('121200004013590816', 'participation', 'E5b', '11320400014109573H', 'regress', 'waste', 'taking_part', '2024-12-31');
SELECT pg_temp.run('regress_closer', format('SELECT correct_rating(%L, $$regress-year$$, $$2024$$, $$参评更正$$)', f.subject)) AS id FROM firm AS f WHERE f.n IN (2, 5) ORDER BY f.n \g /dev/null
SELECT is(pg_temp.run('regress_publisher', format('SELECT decide_correction(%s, $$corrected$$, $$属实$$)', k.correction_id)), '1', 'who was left out or in by mistake')
  FROM rating_correction AS k WHERE k.result IS NULL ORDER BY k.correction_id;
SELECT results_eq($$ SELECT * FROM pg_temp.rated('2024-01-01', 'year') WHERE version = '1' $$,
	$$ VALUES (1, 1, '1', 90::numeric, 'A', 'rated'), (2, 1, '1', NULL, NULL, 'not_enrolled'), (3, 0, '1', 90, 'A', 'rated'), (4, 1, '1', 90, 'A', 'rated'), (5, 1, '1', 90, 'A', 'rated') $$,
	'is rated, or no longer');
SELECT is_empty($$ SELECT * FROM rating_current WHERE code = '91420684MA4927PJ7B' $$, 'who is out has no rating that counts');
SELECT is_empty($$ SELECT * FROM reclose_check('regress-year', '2024') $$, 'all of it comes out again');

-- ---------------------------------------------------------------------------
-- By month: version of the first day, valid until the next
-- ---------------------------------------------------------------------------
SELECT pg_temp.today('2025-03-03') \g /dev/null
SELECT is(pg_temp.run('regress_closer', format($$ SELECT close_cycle('regress-year', %L) $$, m)), n, 'the month ' || m || ' is closed')
  FROM (VALUES ('2024-12', '3'), ('2025-01', '3'), ('2025-02', '4')) AS v (m, n);
SELECT results_eq($$ SELECT DISTINCT m.version FROM unnest(ARRAY['2024-12-01', '2025-01-01']::date[]) WITH ORDINALITY AS d (day, n) CROSS JOIN LATERAL pg_temp.rated(d.day, 'month') AS m ORDER BY 1 $$,
	$$ VALUES ('1'), ('2') $$, 'each by the version in force on its first day');
SELECT is(pg_temp.run('regress_publisher', $$ SELECT publish_rating('regress-year', '2025-01') $$), '3', 'one is published');
SELECT is(count(*), 0::bigint, '  without end') FROM rating_current WHERE rating = 'month' AND valid_until IS NOT NULL;
SELECT pg_temp.today('2025-03-10') \g /dev/null
SELECT is(pg_temp.run('regress_publisher', $$ SELECT publish_rating('regress-year', '2025-02') $$), '4', 'the next');
SELECT results_eq($$ SELECT DISTINCT period_from, valid_from, valid_until FROM rating WHERE rating = 'month' AND published_on IS NOT NULL ORDER BY 1 $$,
	$$ VALUES (date '2025-01-01', date '2025-03-03', date '2025-03-09'), ('2025-02-01', '2025-03-10', 'infinity') $$, '  ends it the day before');
SELECT is(pg_temp.run('regress_publisher', $$ SELECT publish_rating('regress-year', '2024-12') $$), '3', 'one published after its successors');
SELECT results_eq($$ SELECT DISTINCT period_from, valid_from, valid_until FROM rating WHERE rating = 'month' AND period_from = '2024-12-01' $$, $$ VALUES (date '2024-12-01', date '2025-03-10', date '2025-03-09') $$, '  was never valid');
SELECT results_eq($$ SELECT DISTINCT period_from FROM rating_current WHERE rating = 'month' $$, $$ VALUES (date '2025-02-01') $$, 'the latest counts');
SELECT is(publish_due, NULL, 'a term in working days that the calendar does not know is unknown') FROM rating_due WHERE rating = 'month' AND period_from = '2025-02-01' AND NOT EXISTS (SELECT FROM calendar WHERE day > '2025-03-01');
SELECT is_empty(format($$ SELECT * FROM reclose_check('regress-year', %L) $$, m), m || ' comes out again') FROM unnest(ARRAY['2024-12', '2025-01', '2025-02']) AS m;

-- ---------------------------------------------------------------------------
-- Versions that change within the period
-- ---------------------------------------------------------------------------
-- the old one rates by its first day, the new one by its last: both say that they rate the year; and the other way round none does
SELECT pg_temp.put_in_force(replace(replace(replace(:'year_1', 'policy: regress-year', 'policy: regress-both'), 'until: 2024-12-31', 'until: 2024-06-30'), 'period: year, version_by: end', 'period: year, version_by: start')),
       pg_temp.put_in_force(replace(replace(:'year_2', 'policy: regress-year', 'policy: regress-both'), 'from: 2025-01-01', 'from: 2024-07-01')),
       pg_temp.put_in_force(replace(replace(:'year_1', 'policy: regress-year', 'policy: regress-neither'), 'until: 2024-12-31', 'until: 2024-06-30')),
       pg_temp.put_in_force(replace(replace(replace(:'year_2', 'policy: regress-year', 'policy: regress-neither'), 'from: 2025-01-01', 'from: 2024-07-01'), 'period: year, version_by: end', 'period: year, version_by: start')) \g /dev/null
SELECT is(r.code, '42P08', 'two versions that claim a year'), is(r.message, 'period "2024" of rating "year" of policy "regress-both" has several versions', '  are refused'),
       matches(concat_ws(' ', r.detail, r.hint), 'Versions 1, 2.*version =>', '  and someone has to say which')
  FROM pg_temp.refusal('regress_closer', $$ SELECT close_cycle('regress-both', '2024') $$) AS r;
SELECT is(r.code, '22023', 'a year that no version claims'), matches(r.detail, 'version 1: rating month.*version 2: rating year of 12 month\(s\) from 2000-01-01, by the version in force on its first day', '  is refused')
  FROM pg_temp.refusal('regress_closer', $$ SELECT close_cycle('regress-neither', '2024') $$) AS r;
SELECT is(r.code, '22023', 'a version that is in force on neither day decides nothing')
  FROM pg_temp.refusal('regress_closer', $$ SELECT close_cycle('regress-both', '2024', 'year', '9') $$) AS r;
SELECT is(pg_temp.run('regress_closer', format($$ SELECT close_cycle(%L, '2024', 'year', '1') $$, p)), '3', p || ' is closed by the version that is named')
  FROM unnest(ARRAY['regress-both', 'regress-neither']) AS p;

-- ---------------------------------------------------------------------------
-- A measure that reads more than the subject's own records
-- ---------------------------------------------------------------------------
SELECT pg_temp.today('2024-06-05') \g /dev/null
SELECT pg_temp.put_in_force(replace(replace(replace(:'year_1', 'policy: regress-year', 'policy: regress-branches'), 'until: 2024-12-31', 'until: 2026-12-31'),
	'cite: {source: m, article: 第三条}', E'cite: {source: m, article: 第三条}\n  - {id: plain, name: 另一办法, match: {kind: result, policy: regress-plain, band: A}, points: -1, cite: {source: m, article: 第三条}}')
	|| E'reads: {linked: [branch], results: [regress-plain]}\n') \g /dev/null
INSERT INTO subject_link (subject, other, role, valid_from, basis) SELECT a.subject, b.subject, 'branch', '2023-01-01', '登记' FROM firm AS a, firm AS b WHERE a.n = 4 AND b.n = 3;
SELECT pg_temp.today('2025-03-12') \g /dev/null
SELECT is(pg_temp.run('regress_closer', $$ SELECT close_cycle('regress-branches', '2024', 'year') $$), '3', 'a measure that reads branches and another measure');
SELECT results_eq($$ SELECT f.n, r.score / 10000 - (evaluate(f.subject, 'regress-branches', '2024-12-31')).score AS more FROM rating AS r JOIN firm AS f ON f.subject = r.subject
                      WHERE r.policy_id = (SELECT policy_id FROM policy WHERE policy = 'regress-branches') AND f.n IN (3, 4) ORDER BY f.n $$,
	$$ VALUES (3, 10::numeric), (4, 20) $$, 'late facts of subject and branch do not count in the rating');
SELECT is_empty($$ SELECT * FROM reclose_check('regress-branches', '2024', 'year') $$, 'and it comes out again');
SELECT * FROM finish();
ROLLBACK;
