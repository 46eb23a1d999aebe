-- credit_grade.sql -- five grades; better is greater
SET search_path = public, citycredit;
\set SHOW_CONTEXT never

\i test/include/types.psql

CREATE TABLE every_value AS
	SELECT ordinality AS n, value::credit_grade AS value
	  FROM unnest('{E,D,C,B,A}'::text[]) WITH ORDINALITY AS v(value, ordinality);
\set type credit_grade
\i test/include/label_type.psql

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

DROP TABLE every_value;
DROP FUNCTION receive, to_oct, plan_has;
