-- review_days.sql -- days at the ends of the calendar: what is stored can be read back and agrees with the records
\set ECHO none
\set QUIET 1
\set ON_ERROR_STOP 1
\pset format unaligned
\pset tuples_only on
\pset fieldsep '\n'
\getenv srcdir PG_ABS_SRCDIR
\set fixture :srcdir '/include/lists.psql'
BEGIN;
\i :fixture
SELECT plan(5);

INSERT INTO record (subject, kind, document, authority, source, behaviour, field, decided_on) VALUES
	('9144060573144633XL', 'penalty', 'E1', '11320400014109573H', 'regress', 'CW-01', 'construction_waste', 'infinity');
SELECT results_eq(
	$$ SELECT v.score, e.score FROM standing AS v, evaluate(v.subject, v.policy) AS e
	    WHERE v.policy = 'regress-lists' AND v.subject = '9144060573144633XL' $$,
	$$ VALUES (100::numeric, 100::numeric) $$,
	'a penalty decided on no day counts on none, stored or not');
INSERT INTO record (subject, kind, document, authority, source, behaviour, field, decided_on) VALUES
	('9144060573144633XL', 'penalty', 'E2', '11320400014109573H', 'regress', 'CW-01', 'construction_waste', '-infinity'),
	('9144060573144633XL', 'penalty', 'E3', '11320400014109573H', 'regress', 'CW-01', 'construction_waste', '0100-05-31 BC'),
	('9144060573144633XL', 'penalty', 'E4', '11320400014109573H', 'regress', 'CW-01', 'construction_waste', '4714-11-24 BC'),
	('9144060573144633XL', 'penalty', 'E5', '11320400014109573H', 'regress', 'CW-01', 'construction_waste', '5874897-12-31');
SELECT results_eq(
	$$ SELECT document, last_day FROM explain('9144060573144633XL', 'regress-lists') WHERE document LIKE 'E%' ORDER BY 1 $$,
	$$ VALUES ('E1', NULL), ('E2', NULL), ('E3', date '0099-05-31 BC'), ('E4', '4713-11-24 BC'), ('E5', NULL) $$,
	'a year after a day before our era, and after the last day of all');
INSERT INTO record (subject, kind, document, authority, source, state, field, valid_from, valid_until) VALUES
	('914403001922035490', 'participation', 'E6', '11320400014109573H', 'regress', 'taking_part', 'construction_waste', '2023-01-01', '5874897-12-31');
SELECT results_eq(
	$$ SELECT DISTINCT next_change_on FROM standing_stored WHERE subject = '914403001922035490' $$,
	$$ VALUES (date 'infinity') $$,
	'the day after the last day is no day');
SELECT lives_ok($$ SELECT next_change_on::text::date FROM standing_stored $$, 'every stored day can be restored from a dump');
SELECT is_empty('SELECT * FROM verify_standings()', 'stored standings agree with the records');
SELECT * FROM finish();
ROLLBACK;
