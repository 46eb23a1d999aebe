-- tap_calendar.sql -- working days, the ends of periods, and what was known when
\set ECHO none
\i test/include/tap.psql
\o /dev/null
SET LOCAL citycredit.today = '2026-03-02';
SET LOCAL datestyle = 'ISO, YMD';
SELECT create_registry() WHERE to_regclass('citycredit.registry_meta') IS NULL;
\o
SELECT plan(75);

-- ---------------------------------------------------------------------------
-- Within seven working days, the first day not counted
-- ---------------------------------------------------------------------------
SELECT is(add_working_days(v.day, 7), v.due, format('7 working days from %s', v.day))
  FROM (VALUES (1, date '2026-03-02', date '2026-03-11'), (2, '2025-09-28', '2025-10-14'), (3, '2026-02-13', '2026-03-02'), (4, '2026-09-18', '2026-09-29'),
               (5, '2025-05-31', '2025-06-11'), (6, '2026-12-24', NULL)) AS v (n, day, due)
 ORDER BY v.n;
SELECT is(add_working_days('2026-12-24', 5), '2026-12-31'::date, 'the last known day can be reached'),
       is(add_working_days('2026-12-24', 6), NULL, 'and not one further'),
       is(add_working_days('2003-12-31', 1), '2004-01-02'::date, 'the first known day can be counted'),
       is(add_working_days('2003-12-30', 1), NULL, 'a day before it cannot be told'),
       is(add_working_days('2026-03-07', 0), '2026-03-07'::date, 'no working days later is the same day'),
       is(add_working_days(NULL, 1), NULL, 'no day, no answer');
SELECT throws_ok('SELECT add_working_days(''2026-03-02'', -1)', '22023', 'cannot count -1 working days', 'nothing is counted backwards');

-- ---------------------------------------------------------------------------
-- Years
-- ---------------------------------------------------------------------------
SELECT results_eq(
	$$ SELECT y, working_days_between(make_date(y - 1, 12, 31), make_date(y, 12, 31)) FROM generate_series(2007, 2026) AS y ORDER BY y $$,
	$$ SELECT 2006 + n::integer, v FROM unnest(ARRAY[249, 251, 250, 250, 250, 249, 250, 250, 249, 250, 249, 250, 250, 249, 250, 249, 249, 251, 248, 248])
	       WITH ORDINALITY AS u (v, n) $$,
	'working days of 2007 to 2026');
SELECT is(working_days_between('2025-12-31', '2027-01-01'), NULL, 'an interval past the last known day has no number'),
       is(working_days_between('2026-03-02', '2026-03-02'), 0, 'from a day to itself there are none');
SELECT throws_ok('SELECT working_days_between(''2026-03-02'', ''2026-03-01'')', '22023', 'cannot count working days from 2026-03-02 to 2026-03-01', 'the earlier day comes first');
SELECT is((SELECT count(*) FROM generate_series(date '2004-01-01', '2026-12-31', '1 day') AS d WHERE NOT EXISTS (SELECT FROM calendar AS c WHERE c.day = d)), 0::bigint,
	'every day of the known years is in the calendar');
-- the two functions count alike
SELECT is_empty($$ SELECT d, n FROM generate_series(date '2018-11-01', '2020-06-30', '17 days') AS d, generate_series(1, 40, 13) AS n
                    WHERE working_days_between(d::date, add_working_days(d::date, n)) <> n
                       OR working_days_between(d::date, add_working_days(d::date, n) - 1) <> n - 1 $$, 'n working days lie up to the n-th');

-- ---------------------------------------------------------------------------
-- Known then and now
-- ---------------------------------------------------------------------------
SELECT is(add_working_days(v.day, v.n, v.known_at), v.due, v.what)
  FROM (VALUES
	(1, date '2015-09-02', 1, timestamptz '2015-05-12 12:00+08', date '2015-09-03', '2015: before the paper of 13 May'),
	(2, '2015-09-02', 1, '2015-05-13 12:00+08', '2015-09-06', '2015: after it, a Sunday made up for'),
	(3, '2019-04-30', 1, '2019-03-21 12:00+08', '2019-05-02', '2019: one day off at first'),
	(4, '2019-04-30', 1, '2019-03-22 12:00+08', '2019-05-05', '2019: four days off, the Sunday after is worked'),
	(5, '2019-04-26', 1, '2019-03-22 12:00+08', '2019-04-28', '2019: and the Sunday before'),
	(6, '2020-01-30', 1, '2020-01-25 12:00+08', '2020-01-31', '2020: before the paper of 26 January'),
	(7, '2020-01-31', 1, '2020-01-25 12:00+08', '2020-02-01', '2020: the Saturday was to be worked'),
	(8, '2020-01-30', 1, '2020-01-26 12:00+08', '2020-02-03', '2020: after it'),
	(9, '2018-12-28', 1, '2018-12-03 12:00+08', '2018-12-31', 'New Year 2019: before its paper'),
	(10, '2018-12-28', 1, '2018-12-04 12:00+08', '2018-12-29', 'New Year 2019: after it'),
	(11, '2025-12-31', 1, '2025-11-03 12:00+08', NULL, 'the next year is unknown until its paper'),
	(12, '2025-12-31', 1, '2025-11-04 12:00+08', '2026-01-04', 'and known from then on'),
	(13, '2025-12-31', 0, NULL, NULL, 'no time of knowledge, no answer')) AS v (n_, day, n, known_at, due, what)
 ORDER BY v.n_;
SELECT is(working_days_between('2014-12-31', '2015-12-31', '2015-01-01'), 250, '2015 had one more at first');
SELECT results_eq('SELECT DISTINCT extract(year FROM day)::integer FROM calendar WHERE NOT assumed ORDER BY 1', 'VALUES (2015), (2017), (2018), (2019), (2020), (2025), (2026)',
	'where the paper was not read, its day is marked as an assumption');
SELECT is_empty($$ SELECT FROM calendar WHERE assumed AND known_from <> date_trunc('year', day::timestamp) AT TIME ZONE 'Asia/Shanghai' $$,
	'and is the first day of the year');

-- ---------------------------------------------------------------------------
-- Months and years, Civil Code, art. 200 to 204; terms
-- ---------------------------------------------------------------------------
SELECT is(deadline(v.day, v.term::jsonb), v.due, format('%s and %s', v.day, v.term))
  FROM (VALUES (1, date '2025-11-30', '{"months": 3}', date '2026-02-28'), (2, '2026-01-31', '{"months": 3}', '2026-04-30'), (3, '2024-02-29', '{"years": 1}', '2025-02-28'),
               (4, '2026-03-02', '{"days": 15}', '2026-03-17'), (5, '2026-03-02', '{"working_days": 7}', '2026-03-11'), (6, '2026-12-24', '{"working_days": 7}', NULL),
               (7, '2026-03-02', '{"until": "2026-05-06"}', '2026-05-06'), (8, '2026-09-18', '{"days": 7}', '2026-09-25'), (9, '2026-09-18', '{"days": 7, "roll": true}', '2026-09-28'),
               (10, '2026-09-18', '{"days": 10, "roll": true}', '2026-09-28'), (11, '2026-12-24', '{"months": 1, "roll": true}', NULL)) AS v (n, day, term, due)
 ORDER BY v.n;
SELECT is(add_months_civil('2026-03-31', -1), '2026-02-28'::date, 'months backwards'),
       is(add_months_civil('infinity', 1), 'infinity'::date, 'the end of time stays where it is');
SELECT throws_ok($$ SELECT add_months_civil('5874897-12-31', 1) $$, '22008', 'date out of range', 'a day that is none');
SELECT throws_ok($$ SELECT add_months_civil('2026-03-31', 12001) $$, '22023', 'cannot count 12001 months', 'a number out of reason');
SELECT throws_ok(format('SELECT deadline(''2026-03-02'', %L)', term), '22023', 'invalid term ' || term, 'no term: ' || term)
  FROM unnest(ARRAY['{}', '[7]', '{"days": -1}', '{"days": "7"}', '{"days": 1, "months": 1}', '{"weeks": 1}', '{"until": 1}', '{"days": 1, "roll": "yes"}']) AS u (term);
SELECT throws_ok($$ SELECT deadline('2026-03-02', '{"until": "soon"}') $$, '22007', 'invalid day "soon" of "until"', 'a word is no day');

-- ---------------------------------------------------------------------------
-- The next year, and a change of it
-- ---------------------------------------------------------------------------
SELECT throws_ok($$ SELECT load_calendar(2026, '[]', '测试') $$, '23505', 'the calendar knows the year 2026 already', 'a year is loaded once');
SELECT throws_ok($$ SELECT load_calendar(2028, '[]', '测试') $$, '22023', 'the calendar does not reach the year 2028', 'and in order');
SELECT throws_ok($$ SELECT load_calendar(2027, '[{"day": "2028-01-01", "working": false}]', '测试') $$, '22023', 'days of another year in the calendar of 2027: 2028-01-01', 'with its own days');
SELECT throws_ok($$ SELECT load_calendar(2027, '[{"day": "2027-01-01"}]', '测试') $$, '22023', 'invalid days of an arrangement', 'which say whether they are worked');
SELECT throws_ok($$ SELECT load_calendar(2027, '[]', NULL) $$, '22004', 'a calendar needs year, days, source and known_from', 'and name their paper');
SELECT is(load_calendar(2027, '[{"day": "2027-01-01", "working": false, "name": "元旦"}, {"day": "2026-12-27", "working": true, "name": "元旦"}]', '测试通知〔2026〕1号', '2026-11-10'), 260,
	'a year is loaded');
SELECT is(add_working_days('2026-12-24', 7), '2027-01-04'::date, 'the due day is known, the day made up for in December counted'),
       is(add_working_days('2026-12-24', 7, '2026-11-09'), NULL, 'and unknown as before to whoever asks what was known before');
SELECT throws_ok($$ SELECT amend_calendar('[{"day": "2029-01-01", "working": false}]', '测试') $$, '22023', 'cannot change the calendar on 2029-01-01', 'what is not known cannot be changed');
SELECT throws_ok($$ SELECT amend_calendar('[{"day": "2027-01-04", "working": false}]', '测试', '2026-11-10') $$, '22023', 'cannot change the calendar on 2027-01-04', 'nor at the same time');
SELECT is(amend_calendar('[{"day": "2027-01-04", "working": false}]', '测试通知〔2027〕1号', '2026-12-30'), 1, 'a later paper changes a day');
SELECT is(add_working_days('2026-12-24', 7), '2027-01-05'::date, 'the due day with it'),
       is(add_working_days('2026-12-24', 7, '2026-12-29'), '2027-01-04'::date, 'and what was known before stays known');
SELECT throws_ok(statement, '55000', format('cannot %s the calendar', lower(split_part(statement, ' ', 1))), 'the calendar is never rewritten: ' || statement)
  FROM unnest(ARRAY['UPDATE calendar SET working = true', 'DELETE FROM calendar', 'TRUNCATE calendar']) AS u (statement);

SELECT * FROM finish();
ROLLBACK;
