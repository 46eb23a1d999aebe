-- review_state.sql -- states that are damaged or made up: an error, never a crash, and never beyond statement_timeout
\set ECHO none
\i test/include/lists.psql
SELECT plan(6);
SELECT version_id AS version FROM policy WHERE policy = 'regress-lists' \gset

-- a number as the states write it
CREATE FUNCTION pg_temp.number(value bigint) RETURNS bytea LANGUAGE plpgsql AS $$
DECLARE
	result bytea := '\x';
BEGIN
	WHILE value >= 128 LOOP
		result := result || set_byte('\x00', 0, ((value & 127) | 128)::integer);
		value := value >> 7;
	END LOOP;
	RETURN result || set_byte('\x00', 0, value::integer);
END
$$;
-- one entry a day, each of no points
CREATE TABLE pg_temp.made_up AS
SELECT '\x0200'::bytea || pg_temp.number(2 * (date '2024-03-01' - date '2000-01-01')) || pg_temp.number(100000)
       || string_agg('\x0200'::bytea || pg_temp.number(1 + 2 * d) || '\x0001'::bytea, '' ORDER BY d) AS folded
  FROM generate_series(1, 100000) AS d;

SELECT throws_ok(format($$ SELECT * FROM _outcome('9144060573144633XL', %s, %L, '2024-03-01', false) $$, :version, v.folded::bytea), 'XX001', NULL, v.what)
  FROM (VALUES ('\x', 'no state'), ('\x0300ba8a01', 'a state of another format'), ('\x020080808080808080808080', 'a number without end'),
               ('\x0200ac8a01ffffffff0f', 'more entries than there are bytes'), ('\x0200ac8a017f' || repeat('0200020001', 20), 'fewer entries than said')) AS v (folded, what);
-- OTHERS, and so throws_ok(), lets a cancelled query through
CREATE FUNCTION pg_temp.is_answered(version integer) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	PERFORM o.* FROM pg_temp.made_up AS m, _outcome('9144060573144633XL', version, m.folded, '2024-03-01', false) AS o;
	RETURN true;
EXCEPTION WHEN query_canceled THEN
	RETURN false;
END
$$;
SET LOCAL statement_timeout = '1s';
-- a sweep whose cost grew with the square of the boundaries would take many times as long
SELECT ok(pg_temp.is_answered(:version), 'a state with a hundred thousand boundaries is answered in time');
SELECT * FROM finish();
ROLLBACK;
