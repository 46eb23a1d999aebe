-- review_policy.sql -- texts that anybody may have checked: findings, never a crash
\set ECHO none
\i test/include/tap.psql
SELECT plan(2);
SELECT is((SELECT path FROM citycredit.check_policy(E'a: {b: 1, b: 2}\n') WHERE code = 'duplicate_key'), 'a.b',
	'a key twice in the first mapping within another');
SELECT is((SELECT path FROM citycredit.check_policy(E'x: 1\nitems:\n  - {y: 1}\n  - z: {b: 1, c: 2, b: 3}\n') WHERE code = 'duplicate_key'), 'items[1].z.b',
	'  or in a later one: the finding names where');
SELECT * FROM finish();
ROLLBACK;
