-- tap_altered.sql -- tables that a DBA has altered under the registry, and arrays that are not what C expects
\set ECHO none
\i test/include/engine.psql
SELECT plan(16);

INSERT INTO record (subject, kind, document, authority, source, field, state, valid_from)
SELECT s.code, 'participation', 'E0', '11320400014109573H', 'regress', 'waste', 'taking_part', '2023-01-01'
  FROM (VALUES ('91110000600037341L'::subject_code), ('91420684MA4927PJ7B')) AS s (code);
INSERT INTO record (subject, kind, document, authority, source, procedure, severity, decided_on)
SELECT '91110000600037341L', 'penalty', 'P' || n, repeat('11320400014109573H', 1 + n * 20), 'regress', 'general', 'light', '2024-02-02' FROM generate_series(1, 30) AS n;
CREATE FUNCTION pg_temp.verified() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	told text;
	way text;
BEGIN
	SELECT string_agg(concat_ws(' ', v.subject, v.policy, v.problem), ', ' ORDER BY v.subject, v.policy) INTO told FROM citycredit.verify_standings() AS v;
	SELECT CASE WHEN p.direct THEN 'directly: ' ELSE 'by a query: ' END INTO way FROM citycredit._last_pass() AS p;
	RETURN way || coalesce(told, 'nothing');
END
$$;
CREATE TEMPORARY TABLE stored AS SELECT count(*) AS n FROM standing_stored;
SELECT cmp_ok(n, '>', 1::bigint, 'standings are stored') FROM stored;

-- ---------------------------------------------------------------------------
-- Records: columns that came later, and one that went
-- ---------------------------------------------------------------------------
ALTER TABLE record ADD COLUMN extra integer NOT NULL DEFAULT 7;
ALTER TABLE record ADD COLUMN junk text DEFAULT 'x';
ALTER TABLE record DROP COLUMN junk;
SELECT is(pg_temp.verified(), 'directly: nothing', 'columns of their own in the table of records');
SET LOCAL citycredit.direct_scan = off;
SELECT is(pg_temp.verified(), 'by a query: nothing', '  read by a query');
RESET citycredit.direct_scan;
INSERT INTO record (subject, kind, document, authority, source, procedure, severity, decided_on) VALUES
	('91110000600037341L', 'penalty', 'PX', '11320400014109573H', 'regress', 'general', 'light', '2024-02-02');
SELECT is(pg_temp.verified(), 'directly: nothing', '  and a record written afterwards');

-- ---------------------------------------------------------------------------
-- Standings: rows that are older than a column say in it what the column's default says
-- ---------------------------------------------------------------------------
SAVEPOINT later;
ALTER TABLE standing_stored ADD COLUMN effects_2 integer NOT NULL DEFAULT 5;
ALTER TABLE standing_stored DROP COLUMN effects CASCADE;
ALTER TABLE standing_stored RENAME effects_2 TO effects;
SELECT is(count(*), (SELECT n FROM stored), 'each stored standing says that orders hold') FROM standing_stored WHERE effects = 5;
SELECT pg_temp.verified() AS directly \gset
SET LOCAL citycredit.direct_scan = off;
SELECT pg_temp.verified() AS queried \gset
ROLLBACK TO SAVEPOINT later;
SELECT alike(:'directly'::text, 'directly: %', 'verified directly');
SELECT alike(:'queried'::text, 'by a query: %', '  and by a query');
SELECT is(array_length(string_to_array(:'directly', 'other outcome'), 1) - 1, (SELECT n::integer FROM stored), '  each is another outcome');
SELECT is(split_part(:'directly', ': ', 2), split_part(:'queried', ': ', 2), '  either way');
SELECT is(pg_temp.verified(), 'directly: nothing', '  and with the right column none is');

-- ---------------------------------------------------------------------------
-- A session that writes between many alterations keeps no more than the last form of a row
-- ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.alter_and_write(times integer) RETURNS bigint LANGUAGE plpgsql AS $$
BEGIN
	FOR i IN 1 .. times LOOP
		EXECUTE format('ALTER TABLE citycredit.standing_history ALTER COLUMN cause SET STATISTICS %s', 10 + i);
		EXECUTE format('ALTER TABLE citycredit.standing_stored ALTER COLUMN score SET STATISTICS %s', 10 + i);
		INSERT INTO citycredit.record (subject, kind, document, authority, source, procedure, severity, decided_on) VALUES
			('91110000600037341L', 'penalty', 'A' || times || '-' || i, '11320400014109573H', 'regress', 'general', 'light', '2024-02-02');
	END LOOP;
	RETURN (SELECT used_bytes FROM pg_backend_memory_contexts WHERE name = 'TopMemoryContext');
END
$$;
SELECT pg_temp.alter_and_write(20) AS before \gset
SELECT pg_temp.alter_and_write(200) AS after \gset
SELECT cmp_ok(:after - :before, '<', 100000, 'two hundred alterations leave nothing behind');
SELECT is(pg_temp.verified(), 'directly: nothing', '  and all was graded');

-- ---------------------------------------------------------------------------
-- Numbers in arrays
-- ---------------------------------------------------------------------------
SELECT is(r.code || ' | ' || r.message, '22004 | numbers of versions must not be null', 'a NULL among versions')
  FROM pg_temp.refusal($$ SELECT citycredit._linked_roles(ARRAY[1, NULL]) $$) AS r;
SELECT is(r.code || ' | ' || r.message, '22004 | numbers of policies must not be null', 'a NULL among policies')
  FROM pg_temp.refusal($$ SELECT citycredit._with_readers(ARRAY[NULL]::integer[]) $$) AS r;
CREATE FUNCTION pg_temp.of_bigint(numbers bigint[]) RETURNS integer[] LANGUAGE c AS '$libdir/citycredit', '_with_readers';
SELECT is(r.code || ' | ' || r.message || ' | ' || r.hint, '42804 | numbers of policies and versions are given as bigint[] | Give an integer[].', 'numbers of another type')
  FROM pg_temp.refusal($$ SELECT pg_temp.of_bigint(ARRAY[1]) $$) AS r;
SELECT is(_with_readers('{}'), '{}', 'none at all');
SELECT * FROM finish();
ROLLBACK;
