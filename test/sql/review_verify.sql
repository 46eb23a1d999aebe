-- review_verify.sql -- verification and regrade of a registry without an adopted policy
\set ECHO none
\i test/include/tap.psql
\o /dev/null
SET LOCAL citycredit.today = '2024-03-01';
SELECT create_registry() WHERE to_regclass('citycredit.registry_meta') IS NULL;
INSERT INTO record (subject, kind, document, authority, source, decided_on) VALUES
	('914403001922038216', 'penalty', 'V1', '11320400014109573H', 'regress', '2024-01-01');
\o
SELECT plan(3);
SELECT is_empty($$ SELECT FROM policy WHERE status = 'adopted' $$, 'no policy is adopted');
SELECT is_empty('SELECT * FROM verify_standings()', 'there is nothing to be verified');
SELECT is(regrade(), 0::bigint, 'nor to be regraded');
SELECT * FROM finish();
ROLLBACK;
