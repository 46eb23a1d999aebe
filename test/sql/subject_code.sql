-- subject_code.sql -- text, errors, binary form, order and hashing of the key
SET search_path = public, citycredit;
\set SHOW_CONTEXT never
\i test/include/types.psql

SELECT opcname, amname, amvalidate(o.oid)
  FROM pg_opclass AS o JOIN pg_am AS a ON a.oid = o.opcmethod
 WHERE opcintype = 'subject_code'::regtype ORDER BY 2;

-- ---------------------------------------------------------------------------
-- Good and bad side by side
-- ---------------------------------------------------------------------------

SELECT code, is_valid_uscc(code) AS valid, uscc_problem(code) AS problem
  FROM (VALUES
	(1, '91110000600037341L'), (2, '91420684MA4927PJ7B'), (3, '121200004013590816'),
	(4, '9144060573144633XL'), (5, '91310115MA1K3BTP2B'), (6, 'Y1320400MJD12345XG'),
	(10, 'A1110000600037341L'), (11, '111111111111111111'), (12, '916201055811843000'),
	(13, '362322198709086409'), (14, '360426199101010071'),
	(20, '91110000600037341M'), (21, '91110000600037341'), (22, '91110000600037341LL'), (23, ''),
	(24, '91110000600037341I'), (25, '9111000060003734OL'), (26, '0111000060003734LL'),
	(27, 'B1110000600037341L'), (28, '9111A000600037341L'), (29, '91110000-00037341L'),
	(30, '91110000统一信用代码00'), (31, '000000000000000000'), (32, '00000000000000000')
  ) AS v(n, code) ORDER BY n;

SELECT is_valid_uscc(NULL) IS NULL AS null_in, uscc_problem(NULL) IS NULL AS null_out;

-- both checks: the outer one alone passes here
SELECT '91110000600037342P' AS code, uscc_problem('91110000600037342P');

-- the same code however it is typed
SELECT n, code::subject_code FROM (VALUES
	(1, '91110000600037341L'), (2, '91110000600037341l'), (3, '  91110000600037341L '),
	(4, '９１１１００００６０００３７３４１Ｌ'), (5, '９１１１００００６０００３７３４１ｌ'),
	(6, '　91110000600037341L　'), (7, E'\t91110000600037341L\r\n'), (8, '9111００００60003734１l')
  ) AS v(n, code) ORDER BY n;

-- but nothing inside is skipped
SELECT subject_code '91110000 600037341L';
SELECT subject_code '91110000　60003734L';

-- ---------------------------------------------------------------------------
-- Errors of the type
-- ---------------------------------------------------------------------------

SELECT subject_code '91110000600037341M';
\echo :LAST_ERROR_SQLSTATE
SELECT subject_code '91110000600037342P';
SELECT subject_code '';
SELECT subject_code '91110000600037341L0';
SELECT subject_code '91110O00600037341L';
SELECT subject_code 'B1110000600037341L';
SELECT subject_code '91110B00600037341L';
SELECT subject_code '000000000000000001';
SELECT 'x'::text::subject_code;
\echo :LAST_ERROR_SQLSTATE
-- the number of an ID card is named as such and never repeated, right or mistyped
SELECT '362322198709086409'::text::subject_code;
SELECT ' ３６２３２２１９８７０９０８６４０９ '::text::subject_code;
SELECT '362322198713086409'::text::subject_code;
SELECT '36232219870908640'::text::subject_code;
SELECT '362322870908640'::text::subject_code;
SELECT '36042619910101007x'::text::subject_code;
SELECT '身份证362322198709086409号码'::text::subject_code;
SELECT '362322198709086409360426199101010071'::text::subject_code;
SELECT '362322198709086409 360426199101010071'::text::subject_code;
-- one in 341 numbers satisfies both checks of an organisation as well, and is taken for its code
SELECT count(*) AS numbers, count(*) FILTER (WHERE is_valid_uscc(number)) AS taken_for_uscc,
	count(*) FILTER (WHERE uscc_problem(number) LIKE '%ID card%') AS recognised
  FROM (SELECT base || digit AS number
		  FROM (SELECT '110101' || to_char(date '1990-01-01' + d, 'YYYYMMDD') || lpad(n::text, 3, '0') AS base
				  FROM generate_series(0, 9) AS d, generate_series(0, 999) AS n) AS b,
			   regexp_split_to_table('0123456789X', '') AS digit
		 WHERE is_valid_id_card(base || digit)) AS s;
-- while the code of an organisation stays readable
SELECT subject_code '916201055811843000';
SELECT subject_code 'L1110000600037341';

-- ---------------------------------------------------------------------------
-- The three kinds of code, and what a code tells
-- ---------------------------------------------------------------------------

SELECT code, subject_kind(code), division(code), organisation_code(code)
  FROM (VALUES (1, subject_code '91110000600037341L'), (2, '91420684MA4927PJ7B'), (3, '121200004013590816'),
	(4, '9144060573144633XL'), (5, '91310115MA1K3BTP2B'), (6, 'Y1320400MJD12345XG'),
	(7, '000000000000000000')) AS v(n, code) ORDER BY n;

-- a random code is a person's, and no unified social credit code
SELECT count(*) AS codes, count(DISTINCT code) AS different,
	bool_and(code::text ~ '^P[0-9A-HJ-NP-RTUWXY]{17}$') AS well_formed,
	bool_and(code::text::subject_code = code) AS read_back,
	bool_and(subject_kind(code) = 'natural_person') AS person,
	bool_and(division(code) IS NULL AND organisation_code(code) IS NULL) AS tells_nothing,
	bool_or(is_valid_uscc(code::text)) AS any_uscc
  FROM (SELECT random_subject_code() AS code FROM generate_series(1, 1000)) AS r;
SELECT uscc_problem(random_subject_code()::text);
-- every character comes up at every random position, so none is left out or fixed
SELECT min(n) AS least_characters, max(n) AS most_characters
  FROM (SELECT p, count(DISTINCT substr(code, p, 1)) AS n
		  FROM (SELECT random_subject_code()::text AS code FROM generate_series(1, 2000)) AS r,
			   generate_series(2, 18) AS p
		 GROUP BY p) AS s;

-- ---------------------------------------------------------------------------
-- Against an independent implementation in SQL
-- ---------------------------------------------------------------------------

CREATE FUNCTION value_of(c text) RETURNS int LANGUAGE sql IMMUTABLE
	AS $$ SELECT strpos('0123456789ABCDEFGHJKLMNPQRTUWXY', c) - 1 $$;
CREATE FUNCTION inner_check(eight text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT CASE c WHEN 10 THEN 'X' WHEN 11 THEN '0' ELSE c::text END
	  FROM (SELECT 11 - sum((strpos('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ', substr(eight, i, 1)) - 1)
							* (ARRAY[3, 7, 9, 10, 5, 8, 4, 2])[i]) % 11 AS c
			  FROM generate_series(1, 8) AS i) AS s
$$;
CREATE FUNCTION outer_check(seventeen text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
	SELECT substr('0123456789ABCDEFGHJKLMNPQRTUWXY',
				  ((31 - sum(value_of(substr(seventeen, i, 1)) * (3::numeric ^ (i - 1))) % 31) % 31)::int + 1, 1)
	  FROM generate_series(1, 17) AS i
$$;
SELECT setseed(0.32100);
CREATE TABLE made AS
	SELECT n, base || outer_check(base) AS code
	  FROM (SELECT n, front || middle || inner_check(middle) AS base
			  FROM (SELECT n,
						   substr('123456789ANY', 1 + floor(random() * 12)::int, 1) ||
						   substr('0123456789ABCDEFGHJKLMNPQRTUWXY', 1 + floor(random() * 31)::int, 1) ||
						   lpad(floor(random() * 1000000)::text, 6, '0') AS front,
						   (SELECT string_agg(substr('0123456789ABCDEFGHJKLMNPQRTUWXY', 1 + floor(random() * 31)::int, 1), '')
							  FROM generate_series(1, 8) WHERE n > 0) AS middle
					  FROM generate_series(1, 1000) AS n) AS parts) AS bases;
SELECT count(DISTINCT code) AS made, count(DISTINCT right(code, 1)) AS outer_checks,
	count(DISTINCT substr(code, 17, 1)) AS inner_checks FROM made;
SELECT code, uscc_problem(code) FROM made WHERE NOT is_valid_uscc(code);
-- one wrong character anywhere is always found
SELECT count(*) AS tried, count(*) FILTER (WHERE is_valid_uscc(wrong)) AS accepted
  FROM (SELECT overlay(code PLACING c FROM p FOR 1) AS wrong
		  FROM made, generate_series(1, 18) AS p,
			   regexp_split_to_table('0123456789ABCDEFGHJKLMNPQRTUWXY', '') AS c
		 WHERE substr(code, p, 1) <> c AND n <= 50) AS m;

-- ---------------------------------------------------------------------------
-- Order, hashing, binary form
-- ---------------------------------------------------------------------------

CREATE TABLE code_table AS
	SELECT code::subject_code AS code FROM made
	UNION ALL SELECT random_subject_code() FROM generate_series(1, 1000)
	UNION ALL SELECT '000000000000000000';
-- the type sorts as the text does by bytes, so an index on either serves both
SELECT count(*) AS codes, count(*) FILTER (WHERE by_code <> by_text) AS out_of_order
  FROM (SELECT row_number() OVER (ORDER BY code) AS by_code,
			   row_number() OVER (ORDER BY code::text COLLATE "C") AS by_text
		  FROM code_table) AS s;
SELECT count(*) AS pairs,
	count(*) FILTER (WHERE (a.code < b.code) <> (a.code::text < b.code::text COLLATE "C")
					   OR (a.code <= b.code) <> (a.code::text <= b.code::text COLLATE "C")
					   OR (a.code > b.code) <> (a.code::text > b.code::text COLLATE "C")
					   OR (a.code >= b.code) <> (a.code::text >= b.code::text COLLATE "C")
					   OR (a.code = b.code) <> (a.code::text = b.code::text)
					   OR (a.code <> b.code) <> (a.code::text <> b.code::text)) AS differ
  FROM (SELECT code FROM code_table ORDER BY code LIMIT 100) AS a,
	   (SELECT code FROM code_table ORDER BY code LIMIT 100) AS b;

-- abbreviated keys do not change the order of a sort that spills
SET work_mem = '64kB';
SELECT count(*) AS out_of_order
  FROM (SELECT code, lag(code) OVER (ORDER BY i) AS before
		  FROM (SELECT code, row_number() OVER () AS i
				  FROM (SELECT c.code FROM code_table AS c, generate_series(1, 10) ORDER BY c.code) AS sorted) AS n) AS s
 WHERE before > code;
RESET work_mem;

-- hashes neither collapse nor disagree
SELECT count(DISTINCT subject_code_hash(code::subject_code)) > 990 AS different FROM made;
SELECT count(*) AS disagree FROM code_table
 WHERE subject_code_hash(code) <> subject_code_hash_extended(code, 0)::bit(32)::int
	OR subject_code_hash_extended(code, 0) = subject_code_hash_extended(code, 1);

-- bytes: first character in the highest bits, zeros behind the last
SELECT encode(subject_code_send('91110000600037341L'), 'hex');
SELECT encode(subject_code_send('000000000000000000'), 'hex');

CREATE TABLE copied (code subject_code);
\copy code_table TO 'results/subject_code.bin' (FORMAT binary)
\copy copied FROM 'results/subject_code.bin' (FORMAT binary)
SELECT count(*) AS copied FROM copied;
SELECT count(*) AS lost FROM (TABLE code_table EXCEPT ALL TABLE copied) AS s;

-- through the receive function
SELECT n, hex, receive('subject_code', hex) FROM (VALUES
	(1, '48421000003000019c640d0000000000'), (2, '00000000000000000000000000000000'),
	-- the last bit, a bit behind the last character, 31 as a character, another check character
	(10, '48421000003000019c640d0000000001'), (11, '48421000003000019c640d2000000000'),
	(12, 'f8421000003000019c640d0000000000'), (13, '48421000003000019c640d4000000000'),
	(14, 'ffffffffffffffffffffffffffffffff'), (15, '08000000000000000000000000000000'),
	(16, '48421000003000019c640d00000000'), (17, '48421000003000019c640d000000000000')
  ) AS v(n, hex) ORDER BY n;
-- nothing but a code gets in: random bytes with a zero tail, as a code has it
SELECT count(*) AS tried, count(*) FILTER (WHERE receive LIKE '22P03: invalid binary representation of type subject_code; %') AS refused
  FROM (SELECT receive('subject_code', left(encode(sha256(i::text::bytea), 'hex'), 22) || repeat('0', 10))
		  FROM generate_series(1, 30) AS i) AS s;

-- indexes of both kinds, and joins of all three
CREATE UNIQUE INDEX copied_code ON copied (code);
CREATE INDEX copied_hash ON copied USING hash (code);
INSERT INTO copied VALUES ('91110000600037341L'), ('91420684MA4927PJ7B');
INSERT INTO copied VALUES ('91110000600037341l');
SET enable_seqscan = off; SET enable_bitmapscan = off;
SELECT plan_has($$SELECT code FROM copied WHERE code > '91110000600037341L' ORDER BY code LIMIT 1$$, 'Index Only Scan using copied_code') AS by_btree;
SELECT code > '91110000600037341L' AS greater FROM copied WHERE code > '91110000600037341L' ORDER BY code LIMIT 1;
DROP INDEX copied_code;
SELECT plan_has($$SELECT code FROM copied WHERE code = '91110000600037341L'$$, 'Index Scan using copied_hash') AS by_hash;
SELECT code FROM copied WHERE code = '91110000600037341L';
RESET enable_seqscan; RESET enable_bitmapscan;
SET enable_hashjoin = off; SET enable_nestloop = off;
SELECT plan_has('SELECT 1 FROM code_table JOIN copied USING (code)', 'Merge Join') AS merge_join;
SELECT count(*) AS merge_join FROM code_table JOIN copied USING (code);
RESET enable_hashjoin; SET enable_mergejoin = off;
SELECT plan_has('SELECT 1 FROM code_table JOIN copied USING (code)', 'Hash Join') AS hash_join;
SELECT count(*) AS hash_join FROM code_table JOIN copied USING (code);
RESET ALL;
SET search_path = public, citycredit;

-- strings assign, both ways, and never compare silently
CREATE TABLE as_text (t text, v varchar);
INSERT INTO as_text SELECT code, code::text FROM copied WHERE code = '91110000600037341L';
DELETE FROM copied;
INSERT INTO copied SELECT t FROM as_text;
INSERT INTO copied SELECT v FROM as_text;
TABLE copied;
TABLE as_text;
SELECT count(*) FROM copied WHERE code = '91110000600037341L'::text;

-- what may be planned below a security barrier
SELECT oid::regprocedure AS not_leakproof FROM pg_proc
 WHERE pronamespace = 'citycredit'::regnamespace AND NOT proleakproof
   AND (proname ~ '^subject_code_(eq|ne|lt|le|gt|ge|cmp|to_text|hash|hash_extended)$');

-- ---------------------------------------------------------------------------
-- ID card numbers
-- ---------------------------------------------------------------------------

SELECT number, is_valid_id_card(number) AS valid, id_card_problem(number) AS problem
  FROM (VALUES (1, '360426199101010071'), (2, '362322198709086409'), (3, '11010519491231002X'),
	(4, '11010519491231002x'), (5, '１１０１０５１９４９１２３１００２Ｘ'), (6, ' 360426199101010071 '),
	(10, '360426199101010072'), (11, '360426199102300071'), (12, '360426199113010071'), (13, '36042619910101007'),
	(14, '360426910101007'), (15, '36042619910101X071'), (16, '3604261991010100七1'), (17, ''),
	(18, '91110000600037341L'), (19, '360426190002290070'), (20, '360426200002290070')
  ) AS v(n, number) ORDER BY n;

DROP TABLE made, code_table, copied, as_text;
DROP FUNCTION value_of, inner_check, outer_check, receive, to_oct, plan_has;
