-- review_policy.sql -- texts that anybody may have checked: findings, never a crash
\set ECHO none
\set QUIET 1
\set ON_ERROR_STOP 1
\pset format unaligned
\pset tuples_only on
\pset fieldsep '\n'
BEGIN;
\o /dev/null
SET LOCAL client_min_messages = warning;
CREATE EXTENSION IF NOT EXISTS pgtap SCHEMA public;
\o
SELECT plan(2);
SELECT is((SELECT path FROM citycredit.check_policy(E'a: {b: 1, b: 2}\n') WHERE code = 'duplicate_key'), 'a.b',
	'a key twice in the first mapping within another');
SELECT is((SELECT path FROM citycredit.check_policy(E'x: 1\nitems:\n  - {y: 1}\n  - z: {b: 1, c: 2, b: 3}\n') WHERE code = 'duplicate_key'), 'items[1].z.b',
	'  or in a later one: the finding names where');
SELECT * FROM finish();
ROLLBACK;
