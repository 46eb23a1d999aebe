-- credit_grade.sql -- five grades; better is greater
SET search_path = public, citycredit;
\set SHOW_CONTEXT never

SELECT opcname, amname, amvalidate(o.oid)
  FROM pg_opclass AS o JOIN pg_am AS a ON a.oid = o.opcmethod
 WHERE opcintype = 'credit_grade'::regtype ORDER BY 2;

CREATE TABLE every_value AS
	SELECT ordinality AS n, value::credit_grade AS value
	  FROM unnest('{E,D,C,B,A}'::text[]) WITH ORDINALITY AS v(value, ordinality);

SELECT value, value::int4 AS number, label_zh(value), label_en(value) FROM every_value ORDER BY value DESC;

-- codes of either case and width, Chinese labels, spaces around
SELECT text, text::credit_grade FROM (VALUES
	(1, 'A'), (2, 'a'), (3, '优秀'), (4, ' A '), (5, 'Ａ'), (6, 'ａ'), (7, '　优秀　'),
	(8, '良好'), (9, '中等'), (10, '较差'), (11, '差'), (12, 'e')) AS v(n, text) ORDER BY n;
SELECT credit_grade 'F';
\echo :LAST_ERROR_SQLSTATE
SELECT credit_grade '';
SELECT credit_grade 'AA';
SELECT credit_grade '5';
SELECT credit_grade '优';
SELECT credit_grade '较 差';
SELECT 'excellent'::text::credit_grade;
\echo :LAST_ERROR_SQLSTATE

-- "B or better", the best and the worst, the distance
SELECT value, value >= 'B' AS b_or_better, value - 'C' AS better_than_c FROM every_value ORDER BY value;
SELECT credit_grade 'A' - 'E' AS farthest, pg_typeof(credit_grade 'A' - 'E');
SELECT max(value) AS best, min(value) AS worst FROM every_value;
SELECT max(value) AS none FROM every_value WHERE false;
SELECT max(value) AS best, min(value) AS worst FROM (VALUES (NULL::credit_grade), ('D'), ('B')) AS v(value);

-- plans are printed differently by each version: only ask for what matters
CREATE FUNCTION plan_has(query text, pattern text) RETURNS bool LANGUAGE plpgsql AS $$
DECLARE
	line text;
	found bool := false;
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || query LOOP
		found := found OR line ~ pattern;
	END LOOP;
	RETURN found;
END
$$;
-- max() reads one entry of an index
CREATE TABLE many AS SELECT (ARRAY['E', 'D', 'C', 'B'])[1 + i % 4]::credit_grade AS grade FROM generate_series(1, 1000) AS i;
CREATE INDEX many_grade ON many (grade);
VACUUM ANALYZE many;
SELECT plan_has('SELECT max(grade) FROM many', 'Index Only Scan Backward using many_grade') AS from_the_end;
SELECT max(grade), min(grade) FROM many;
SELECT grade, count(*) FROM many GROUP BY grade ORDER BY grade DESC;
-- and adds up in parallel
SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0; SET min_parallel_table_scan_size = 0; SET enable_indexonlyscan = off; SET enable_indexscan = off; SET enable_bitmapscan = off;
SELECT plan_has('SELECT max(grade), min(grade) FROM many', 'Partial Aggregate') AS in_parallel;
SELECT max(grade), min(grade) FROM many;
RESET ALL;
SET search_path = public, citycredit;
\set SHOW_CONTEXT never
DROP TABLE many;
DROP FUNCTION plan_has;

-- strings assign, numbers do not come in and go out only when asked
CREATE TABLE assigned (grade credit_grade);
INSERT INTO assigned SELECT 'B'::text;
INSERT INTO assigned SELECT 'c'::varchar;
INSERT INTO assigned SELECT 4;
TABLE assigned;
CREATE TABLE numbers (n int);
INSERT INTO numbers SELECT grade FROM assigned;
INSERT INTO numbers SELECT grade::int FROM assigned;
TABLE numbers;
DROP TABLE assigned, numbers;

-- hash and comparison agree, and every operator with the stored number
SELECT count(*) AS disagree FROM every_value
 WHERE credit_grade_hash(value) <> credit_grade_hash_extended(value, 0)::bit(32)::int;
SELECT count(*) AS values, count(DISTINCT credit_grade_hash(value)) AS hashes FROM every_value;
SELECT count(*) AS pairs,
	count(*) FILTER (WHERE (a.value < b.value) <> (a.n < b.n) OR (a.value <= b.value) <> (a.n <= b.n)
					   OR (a.value = b.value) <> (a.n = b.n) OR (a.value <> b.value) <> (a.n <> b.n)
					   OR (a.value >= b.value) <> (a.n >= b.n) OR (a.value > b.value) <> (a.n > b.n)) AS differ
  FROM every_value AS a, every_value AS b;

-- one value through the receive function, by way of a binary COPY
CREATE FUNCTION receive(type regtype, hex text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	octal text;
	value text;
	detail text;
BEGIN
	SELECT string_agg('\' || lpad(to_oct(get_byte(b, i)), 3, '0'), '' ORDER BY i) INTO octal
	  FROM (SELECT decode('5047434f50590aff0d0a00' || repeat('00', 8) || '0001' ||
						  lpad(to_hex(length(hex) / 2), 8, '0') || hex || 'ffff', 'hex') AS b) AS s,
		   generate_series(0, length(b) - 1) AS i;
	EXECUTE format('CREATE TEMPORARY TABLE received (value %s) ON COMMIT DROP', type);
	EXECUTE format('COPY received FROM PROGRAM %L (FORMAT binary)', 'printf "' || octal || '"');
	SELECT r.value::text INTO value FROM received AS r;
	DROP TABLE received;
	RETURN value;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN format('%s: %s; %s', SQLSTATE, SQLERRM, detail);
END
$$;
CREATE FUNCTION to_oct(n int) RETURNS text LANGUAGE sql IMMUTABLE
	AS $$ SELECT ((n / 64) * 100 + (n / 8 % 8) * 10 + n % 8)::text $$;
SELECT hex, receive('credit_grade', hex)
  FROM (VALUES ('0001'), (lpad(to_hex(5), 4, '0')), ('0000'), (lpad(to_hex(6), 4, '0')), ('ffff'), ('7fff'), ('8000'), ('01'), ('000001')) AS v(hex);
-- what was sent is received
SELECT count(*) AS values, count(*) FILTER (WHERE receive('credit_grade', encode(credit_grade_send(value), 'hex')) = value::text) AS same
  FROM every_value;
DROP FUNCTION receive, to_oct;
DROP TABLE every_value;
