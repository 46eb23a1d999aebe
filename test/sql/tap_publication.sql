-- tap_publication.sql -- what the public lists show, what they mask, and that nothing else comes through
\set ECHO none
\i test/include/lists.psql
SELECT plan(41);
CREATE ROLE regress_public;
SELECT grant_profile('regress_public', 'publisher') \g /dev/null

-- Recognised on 2024-03-08 for three years unless the row says otherwise.
INSERT INTO list_entry (subject, entry_id, list, name, policy_id, version_id, example, rule, list_name, department, basis_title, basis_rank, basis_article,
	reason, objection_days, term_months, proposed_by, proposed_on, served_by, served_on, service_method, objection_until,
	recognised_by, recognised_on, listed_from, listed_until, removed_by, removed_on, removal_reason)
SELECT v.code::subject_code, v.entry, v.list, s.name, p.policy_id, p.version_id, p.example, 'r' || v.entry, '名单' || v.list, '测试局', '测试条例', 'law', '第三十条',
	'事由' || v.entry, 5, 36, 'a', '2024-03-01', 'a', '2024-03-02', 'mail', '2024-03-07',
	CASE WHEN v.listed IS NOT NULL THEN 'b' END, CASE WHEN v.listed IS NOT NULL THEN date '2024-03-08' END, v.listed, v.listed + v.days,
	CASE WHEN v.removed THEN 'c' END, CASE WHEN v.removed THEN date '2024-03-10' END, CASE WHEN v.removed THEN '信用修复' END
  FROM (VALUES
	('91110000600037341L', 901, 'black', 'regress-lists', date '2024-03-08', 1000, false),
	('PELDB1FB2CB0F37UX8', 902, 'black', 'regress-lists', '2024-03-08', 1000, false),
	('91420684MA4927PJ7B', 903, 'black', 'regress-lists', '2024-03-09', 1000, false),
	('91420684MA4927PJ7B', 904, 'watch', 'regress-lists', '2024-03-08', 10, false),
	('9144060573144633XL', 905, 'red', 'regress-lists', '2024-03-10', 1000, false),
	-- none of these is for the public: internal, example, not recognised, past, removed
	('91110000600037341L', 911, 'focus', 'regress-lists', '2024-03-08', 1000, false),
	('9144060573144633XL', 912, 'black', 'regress-example', '2024-03-08', 1000, false),
	('91420684MA4927PJ7B', 913, 'black', 'regress-lists', NULL, NULL, false),
	('9144060573144633XL', 914, 'black', 'regress-lists', '2024-03-08', 1, false),
	('91420684MA4927PJ7B', 915, 'black', 'regress-lists', '2024-03-08', 1000, true)
  ) AS v (code, entry, list, policy, listed, days, removed)
  JOIN policy AS p ON p.policy = v.policy
  JOIN subject AS s ON s.subject = v.code::subject_code;
SELECT import_listing('91110000600037341L', 'black', '失信被执行人名单', 'court', '（2024）测0101执1号', '测试法院', '民事诉讼法', 'law', '第二百六十六条',
	'未履行', '2024-02-01', '2026-02-01') \g /dev/null

-- ---------------------------------------------------------------------------
-- Shape
-- ---------------------------------------------------------------------------
SELECT columns_are('citycredit', v.list, ARRAY['entry', 'code', 'name', 'subject_kind', 'list_name', 'department', 'basis_title', 'basis_article', 'reason',
		'recognised_on', 'listed_from', 'listed_until', 'objected'], v.list || ' has these columns and no other')
  FROM (VALUES ('red_list'), ('black_list'), ('watch_list')) AS v (list);

-- ---------------------------------------------------------------------------
-- Rows, day by day, as the public reads them
-- ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.shown(list text) RETURNS text LANGUAGE sql AS
	$$ SELECT pg_temp.run('regress_public', format('SELECT string_agg(entry::text, '' '') FROM citycredit.%I', list)) $$;
SET LOCAL citycredit.today = '2024-03-07';
SELECT is(pg_temp.shown('black_list'), NULL, 'before its first day an entry is not shown');
SET LOCAL citycredit.today = '2024-03-08';
SELECT is(pg_temp.shown('black_list'), '914 902 901', 'on its first day it is');
SET LOCAL citycredit.today = '2024-03-09';
SELECT is(pg_temp.shown('black_list'), '903 914 902 901', 'an entry of one day is shown on its last, newest first');
SELECT is(pg_temp.shown('red_list'), NULL, 'the red list begins a day later');
SET LOCAL citycredit.today = '2024-03-10';
SELECT is(pg_temp.shown('black_list'), '903 902 901', 'and not after it; example, unrecognised, imported and removed entries never');
SELECT is(pg_temp.shown('red_list'), '905', 'red list');
SELECT is(pg_temp.shown('watch_list'), '904', 'watch list');
SET LOCAL citycredit.today = '2024-03-18';
SELECT is(pg_temp.shown('watch_list'), '904', 'watch list on its last day');
SET LOCAL citycredit.today = '2024-03-19';
SELECT is(pg_temp.shown('watch_list'), NULL, 'watch list a day later');
SET LOCAL citycredit.today = '2024-03-10';

SELECT results_eq('SELECT entry FROM black_list', 'SELECT entry FROM black_list ORDER BY listed_from DESC, entry DESC', 'the order is the documented one');
SELECT is(count(*), count(DISTINCT entry), 'entry is unique') FROM black_list;
SELECT results_eq('SELECT entry, code, name, subject_kind, list_name, department, basis_title, basis_article, reason, recognised_on, listed_from, listed_until FROM black_list',
	$$ VALUES (903::bigint, '91420684MA4927PJ7B', '乙环卫有限公司', 'legal_person', '名单black', '测试局', '测试条例', '第三十条', '事由903', date '2024-03-08', date '2024-03-09', date '2026-12-04'),
	          (902, 'P*****************', '欧＊', 'natural_person', '名单black', '测试局', '测试条例', '第三十条', NULL, '2024-03-08', '2024-03-08', '2026-12-03'),
	          (901, '91110000600037341L', '甲渣土运输有限公司', 'legal_person', '名单black', '测试局', '测试条例', '第三十条', '事由901', '2024-03-08', '2024-03-08', '2026-12-03') $$,
	'organisations are named, natural persons are masked and their reason is left out');

-- ---------------------------------------------------------------------------
-- Minors, and open objections
-- ---------------------------------------------------------------------------
INSERT INTO person_minor (subject, minor_until) VALUES ('PELDB1FB2CB0F37UX8', '2024-03-07');
SELECT is(pg_temp.shown('black_list'), '903 902 901', 'who had come of age the day before is listed');
UPDATE person_minor SET minor_until = '2024-03-08';
SELECT is(pg_temp.shown('black_list'), '903 901', 'a minor is not, on the first day of the entry');
SET LOCAL citycredit.today = '2024-04-01';
SELECT is(pg_temp.shown('black_list'), '903 901', 'nor when he has come of age since');
SET LOCAL citycredit.today = '2024-03-10';
DELETE FROM person_minor;
INSERT INTO department_competence (department, role, duty, valid_from) VALUES ('测试局', 'regress_officer', 'window', '2024-01-01');
SELECT pg_temp.run('regress_officer', format($$ SELECT citycredit.raise_objection('91110000600037341L', '{"against": "listing", "entry_id": 901}', '测试局', '有误') $$)) \g /dev/null
SELECT results_eq('SELECT entry, objected FROM black_list', $$ VALUES (903::bigint, NULL), (902, NULL), (901, 'open') $$, 'an entry is marked while an objection to it is open');

-- ---------------------------------------------------------------------------
-- Masking
-- ---------------------------------------------------------------------------
SELECT is((SELECT public_code || ' ' || public_name FROM list_entry WHERE entry_id = 902), 'P***************** 欧＊', 'the table holds what may be published as it may be published');
INSERT INTO list_entry (subject, entry_id, list, origin, name, department, list_name, basis_title, basis_rank, basis_article, reason, source, document, listed_from, listed_until)
SELECT 'PELDB1FB2CB0F37UX8', 950 + v.n, 'black', 'imported', v.name, '测试法院', '名单', '民事诉讼法', 'law', '第一条', '未履行', 'court', v.n::text, '2024-02-01', '2026-02-01'
  FROM (VALUES (1, '　张三'), (2, E'\t李'), (3, 'Ana María'), (4, '𠮷田')) AS v (n, name);
SELECT results_eq('SELECT public_name FROM list_entry WHERE entry_id > 950 ORDER BY entry_id', $$ VALUES ('张＊'), ('李＊'), ('A＊'), ('𠮷＊') $$,
	'one character is shown: no blank before it, no half of one');
SELECT is_empty(format('SELECT FROM %I AS l WHERE l::text ~ ''阳某某|ELDB1FB2CB0F37UX8|事由902''', v.list), v.list || ' says no more of a person in any column')
  FROM (VALUES ('red_list'), ('black_list'), ('watch_list')) AS v (list);

-- ---------------------------------------------------------------------------
-- Behind the views
-- ---------------------------------------------------------------------------
SELECT throws_ok(format($$ SELECT pg_temp.run('regress_public', 'SELECT count(*) FROM citycredit.%I') $$, v.relation), '42501', NULL, 'the public cannot read ' || v.relation)
  FROM (VALUES ('list_entry'), ('listing'), ('list_candidate'), ('subject'), ('record'), ('standing'), ('policy')) AS v (relation);
SELECT throws_ok($$ SELECT pg_temp.run('regress_public', 'DELETE FROM citycredit.black_list') $$, '42501', NULL, 'nor delete through a view');

-- A reader's own function, declared cheap and harmless, runs before the conditions of a view without a barrier.
SET LOCAL ROLE regress_public;
CREATE FUNCTION pg_temp.leak(entry bigint) RETURNS boolean LANGUAGE plpgsql IMMUTABLE COST 0.0000001 AS $$
BEGIN
	PERFORM set_config('regress.leaked', concat_ws(' ', current_setting('regress.leaked', true), entry), true);
	RETURN true;
END
$$;
RESET ROLE;
CREATE FUNCTION pg_temp.leaked(relation text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('regress.leaked', '', true);
	PERFORM pg_temp.run('regress_public', format('SELECT count(*) FROM %s WHERE pg_temp.leak(entry)', relation));
	RETURN (SELECT string_agg(u.e, ' ' ORDER BY u.e) FROM string_to_table(btrim(current_setting('regress.leaked')), ' ') AS u (e));
END
$$;
-- the same view without the barrier, to see that the test would notice
SELECT format('CREATE VIEW public.regress_open AS %s', pg_get_viewdef('black_list'::regclass)) \gexec
GRANT SELECT ON public.regress_open TO regress_public;
SELECT is(pg_temp.leaked('citycredit.black_list'), '901 902 903', 'a function of the reader''s sees the rows of the view alone');
SELECT is(pg_temp.leaked('public.regress_open'), '901 902 903 914', 'where without a barrier it would see more');
SET LOCAL enable_indexscan = off;
SET LOCAL enable_bitmapscan = off;
SELECT is(pg_temp.leaked('citycredit.black_list'), '901 902 903', 'whatever the plan');
SELECT matches(pg_temp.leaked('public.regress_open'), '911', 'where without a barrier it would see every list');
RESET enable_indexscan;
RESET enable_bitmapscan;
-- and an error that tells the value it failed on
DO $$
BEGIN
	PERFORM pg_temp.run('regress_public', 'SELECT count(*) FROM citycredit.black_list WHERE (''entry '' || entry)::integer > 0');
EXCEPTION WHEN invalid_text_representation THEN
	PERFORM set_config('regress.said', SQLERRM, true);
END
$$;
SELECT matches(current_setting('regress.said'), '"entry 90[123]"', 'an error speaks of rows of the view alone');

-- ---------------------------------------------------------------------------
-- The page
-- ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.plan_of(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	line text;
	lines text := '';
BEGIN
	FOR line IN EXECUTE 'EXPLAIN (COSTS OFF) ' || statement LOOP
		lines := lines || line || E'\n';
	END LOOP;
	RETURN lines;
END
$$;
SET LOCAL enable_seqscan = off;
SET LOCAL enable_bitmapscan = off;
SELECT ok(v.plan ~ v.index AND v.plan !~ 'Sort', v.what || ' comes from its index without sorting')
  FROM (VALUES
	(1, pg_temp.plan_of('SELECT * FROM citycredit.black_list LIMIT 50'), 'list_entry_page', 'the first page'),
	(2, pg_temp.plan_of('SELECT * FROM citycredit.red_list ORDER BY listed_from DESC, entry DESC LIMIT 50'), 'list_entry_page', 'the first page with the order stated'),
	(3, pg_temp.plan_of('SELECT entry, code, name, listed_from, listed_until FROM citycredit.watch_list ORDER BY listed_from DESC, entry DESC LIMIT 50'),
	    'Index Only Scan using list_entry_page', 'a page of names and terms'),
	(4, pg_temp.plan_of('SELECT * FROM citycredit.black_list WHERE code = ''91110000600037341L'' LIMIT 1'), 'list_entry_p', 'one code')
  ) AS v (n, plan, index, what)
 ORDER BY v.n;

SELECT * FROM finish();
ROLLBACK;
