-- tap_lists.sql -- candidates, the steps of a listing in their order, and every step out of order
\set ECHO none
\i test/include/lists.psql
SELECT plan(150);

-- ---------------------------------------------------------------------------
-- Candidates
-- ---------------------------------------------------------------------------
SELECT results_eq(
	$$ SELECT subject::text, rule, list, name, term_months FROM list_candidate WHERE policy = 'regress-lists' ORDER BY 1, 2 $$,
	$$ VALUES ('91110000600037341L', 'internal', 'focus', '内部关注名单', 12), ('91110000600037341L', 'look', 'watch', '重点关注名单', NULL),
	          ('91110000600037341L', 'repeat', 'black', '严重失信主体名单', 36),
	          ('91310115MA1K3BTP2B', 'honest', 'red', '诚信红名单', 12),
	          ('91420684MA4927PJ7B', 'internal', 'focus', '内部关注名单', 12), ('91420684MA4927PJ7B', 'look', 'watch', '重点关注名单', NULL),
	          ('9144060573144633XL', 'honest', 'red', '诚信红名单', 12),
	          ('PELDB1FB2CB0F37UX8', 'internal', 'focus', '内部关注名单', 12), ('PELDB1FB2CB0F37UX8', 'look', 'watch', '重点关注名单', NULL),
	          ('PELDB1FB2CB0F37UX8', 'repeat', 'black', '严重失信主体名单', 36) $$,
	'the standings of the day name the candidates');
SELECT results_eq(
	$$ SELECT DISTINCT policy, example, basis_title, basis_rank, basis_article FROM list_candidate WHERE list = 'black' ORDER BY 1 $$,
	$$ VALUES ('regress-example', true, '测试条例（测〔2020〕1号）', 'regulation', '第三十条'), ('regress-lists', false, '测试条例（测〔2020〕1号）', 'regulation', '第三十条') $$,
	'a candidate for the black list comes with its basis');
SELECT is_empty('SELECT * FROM list_entry', 'being a candidate has no effect');

-- ---------------------------------------------------------------------------
-- Proposals refused
-- ---------------------------------------------------------------------------
SELECT is(r.code, v.code, v.what), matches(r.detail || ' ' || r.hint, v.says, '  and says what to do')
  FROM (VALUES
	(1, $$ propose_listing('91110000600037341L', 'black', 'regress-lists', 'repeat', '测试局', '两次', NULL) $$, '22004', 'no default', 'no number of days'),
	(2, $$ propose_listing('91110000600037341L', 'black', 'regress-none', 'repeat', '测试局', '两次', 5) $$, '42704', 'citycredit.policy', 'unknown policy'),
	(3, $$ propose_listing('9144060573144633XL', 'black', 'regress-lists', 'repeat', '测试局', '两次', 5) $$, '55000', 'on 2024-03-01 .*list_candidate', 'no candidate'),
	(4, $$ propose_listing('91110000600037341L', 'red', 'regress-lists', 'repeat', '测试局', '两次', 5) $$, '55000', 'list_candidate', 'list of another rule'),
	(5, $$ propose_listing('91310115MA1K3BTP2B', 'red', 'regress-lists', 'honest', '测试局', '诚信', 5) $$, '55000', 'register_subject', 'subject without a name'),
	(6, $$ propose_listing('91110000600037341L', 'black', 'regress-lists', 'repeat', '测试局', '两次', 5, term_months => 60) $$, '22023', 'It is 36 months.*Leave', 'another term than the policy''s'),
	(7, $$ propose_listing('91420684MA4927PJ7B', 'watch', 'regress-lists', 'look', '测试局', '一次', 5) $$, '22023', 'term_months', 'no term anywhere'),
	(8, $$ propose_listing('91110000600037341L', 'black', 'regress-lists', 'repeat', '测试局', '两次', 0) $$, '23514', 'are positive .*repeat the step', 'objection period of no days'),
	(9, $$ propose_listing('91110000600037341L', 'black', 'regress-lists', 'repeat', '测试局', ' ', 5) $$, '23514', 'not blank.*repeat the step', 'no reason')
  ) AS v (n, statement, code, says, what)
 CROSS JOIN LATERAL pg_temp.refusal('regress_officer', 'SELECT ' || v.statement) AS r
 ORDER BY v.n;
SELECT is_empty('SELECT * FROM list_entry', 'refused proposals leave nothing');

-- ---------------------------------------------------------------------------
-- A life on the black list
-- ---------------------------------------------------------------------------
SELECT pg_temp.run('regress_officer', $$ SELECT propose_listing('91110000600037341L', 'black', 'regress-lists', 'repeat', '测试局', '一年内两次未经核准处置建筑垃圾', 5) $$) AS entry \gset
SELECT results_eq(
	format('SELECT list, origin, name, rule, list_name, basis_rank, objection_days, term_months, proposed_by, proposed_on, example FROM list_entry WHERE entry_id = %s', :'entry'),
	$$ VALUES ('black', 'own', '甲渣土运输有限公司', 'repeat', '严重失信主体名单', 'regulation', 5, 36, 'regress_officer', date '2024-03-01', false) $$,
	'a proposal says where it comes from and who made it');
SELECT is_empty($$ SELECT FROM list_candidate WHERE policy = 'regress-lists' AND subject = '91110000600037341L' AND rule = 'repeat' $$,
	'who is in a proceeding is no candidate any more');
SELECT is(r.code, '23505', 'a second proposal'), matches(r.detail, 'entry ' || :'entry' || ' is serve_listing', '  and says what to do')
  FROM pg_temp.refusal('regress_officer', $$ SELECT propose_listing('91110000600037341L', 'black', 'regress-lists', 'repeat', '测试局', '两次', 5) $$) AS r;

SET LOCAL citycredit.today = '2024-03-05';
SELECT is(r.code, v.code, v.what), matches(concat_ws(' ', r.detail, r.hint), v.says, '  and says what to do')
  FROM (VALUES
	(1, format('serve_listing(%s, NULL, ''direct'', ''2024-03-20'')', :'entry'), '22004', 'working days announced', 'service without a day'),
	(3, format('serve_listing(%s, ''2024-03-06'', ''direct'', ''2024-03-20'')', :'entry'), '22008', 'today is 2024-03-05', 'service in the future'),
	(4, format('serve_listing(%s, ''2024-02-29'', ''direct'', ''2024-03-20'')', :'entry'), '22008', 'proposed on 2024-03-01', 'service before the proposal'),
	(5, format('serve_listing(%s, ''2024-03-05'', ''direct'', ''2024-03-09'')', :'entry'), '23514', '2024-03-12 at the earliest', 'objection period shorter than announced'),
	(6, 'serve_listing(0, ''2024-03-05'', ''direct'', ''2024-03-20'')', '42704', 'citycredit.listing', 'service of no entry'),
	(7, format('recognize_listing(%s)', :'entry'), '55000', 'serve_listing', 'recognition before service'),
	(8, format('serve_listing(%s, ''2024-03-05'', ''pigeon'', ''2024-03-12'')', :'entry'), '23514', 'electronic or announcement', 'service in no legal way'),
	(9, 'recognize_listing(NULL)', '42704', 'citycredit.listing', 'recognition of nothing')
  ) AS v (n, statement, code, says, what)
 CROSS JOIN LATERAL pg_temp.refusal('regress_head', 'SELECT ' || v.statement) AS r
 ORDER BY v.n;
SELECT lives_ok(format($$ SELECT pg_temp.run('regress_officer', 'SELECT serve_listing(%s, ''2024-03-05'', ''direct'', ''2024-03-12'')') $$, :'entry'),
	'the notice is served');
SELECT results_eq(format('SELECT stage, basis_holds FROM listing WHERE entry_id = %s', :'entry'), $$ VALUES ('objection', true) $$, 'the subject may object');
SELECT is(r.code, '55000', 'service twice'), matches(r.detail, 'recognize_listing\(\) by another person from 2024-03-13', '  and says what to do')
  FROM pg_temp.refusal('regress_officer', format('SELECT serve_listing(%s, ''2024-03-05'', ''mail'', ''2024-03-12'')', :'entry')) AS r;
SET LOCAL citycredit.today = '2024-03-12';
SELECT is(r.code, '22008', 'recognition on the last day for objections'), matches(r.hint, 'from 2024-03-13', '  and says what to do')
  FROM pg_temp.refusal('regress_head', format('SELECT recognize_listing(%s)', :'entry')) AS r;
SET LOCAL citycredit.today = '2024-03-13';
SELECT is(r.code, '0P000', 'recognition by whoever proposed'), matches(r.detail, 'by another person', '  and says what to do')
  FROM pg_temp.refusal('regress_officer', format('SELECT recognize_listing(%s)', :'entry')) AS r;
SELECT is_empty('SELECT FROM list_entry WHERE published IS NOT NULL', 'until then it may not be published');
SELECT lives_ok(format($$ SELECT pg_temp.run('regress_head', 'SELECT recognize_listing(%s)') $$, :'entry'), 'another person recognises it');
SELECT results_eq(
	format('SELECT served_by, service_method, recognised_by, recognised_on, listed_from, listed_until, published FROM list_entry WHERE entry_id = %s', :'entry'),
	$$ VALUES ('regress_officer', 'direct', 'regress_head', date '2024-03-13', date '2024-03-13', date '2027-03-13', 'black') $$,
	'it is listed from that day to the corresponding one');
SELECT is(r.code, '55000', 'recognition twice'), matches(r.detail, 'remove_listing\(\); without it the entry ends after 2027-03-13', '  and says what to do')
  FROM pg_temp.refusal('regress_head', format('SELECT recognize_listing(%s)', :'entry')) AS r;
SET LOCAL citycredit.today = '2027-03-13';
SELECT results_eq(format('SELECT stage, basis_holds FROM listing WHERE entry_id = %s', :'entry'), $$ VALUES ('listed', false) $$,
	'listed on the last day, though its penalties count no more');
SET LOCAL citycredit.today = '2027-03-14';
SELECT results_eq(format('SELECT stage, basis_holds FROM listing WHERE entry_id = %s', :'entry'), $$ VALUES ('expired', NULL::boolean) $$,
	'the term ends by itself');
SELECT is(r.code, '55000', 'removal of what has ended by itself'), matches(r.detail, 'none: the entry has ended', '  and says what to do')
  FROM pg_temp.refusal('regress_head', format('SELECT remove_listing(%s, ''2027-03-14'', ''期满'')', :'entry')) AS r;

-- ---------------------------------------------------------------------------
-- Removal, and another entry
-- ---------------------------------------------------------------------------
SET LOCAL citycredit.today = '2024-06-03';
SELECT is(r.code, v.code, v.what)
  FROM (VALUES
	(1, format('remove_listing(%s, ''2024-06-04'', ''撤销'')', :'entry'), '22008', 'removal in the future'),
	(2, format('remove_listing(%s, ''2024-02-29'', ''撤销'')', :'entry'), '22008', 'removal before the beginning'),
	(3, format('remove_listing(%s, ''2024-06-03'', NULL)', :'entry'), '22004', 'removal without a reason'),
	(4, format('remove_listing(%s, ''2024-06-03'', '' '')', :'entry'), '23514', 'removal with an empty reason')
  ) AS v (n, statement, code, what)
 CROSS JOIN LATERAL pg_temp.refusal('regress_officer', 'SELECT ' || v.statement) AS r
 ORDER BY v.n;
SELECT is(r.code, '42501', 'removal by an officer while its ground stands'), matches(r.detail, 'still name the black list', '  and says why')
  FROM pg_temp.refusal('regress_officer', format('SELECT remove_listing(%s, ''2024-06-03'', ''信用修复'')', :'entry')) AS r;
SELECT lives_ok(format($$ SELECT pg_temp.run('regress_head', 'SELECT remove_listing(%s, ''2024-06-03'', ''信用修复'')') $$, :'entry'), 'an entry is removed');
SELECT results_eq(format('SELECT e.removed_by, e.removed_on, e.removal_reason, e.published, e.recognised_by, l.stage FROM list_entry AS e JOIN listing AS l ON l.entry_id = e.entry_id WHERE e.entry_id = %s', :'entry'),
	$$ VALUES ('regress_head', date '2024-06-03', '信用修复', NULL::text, 'regress_head', 'ended') $$, 'it is out of publication at once, and stays on record');
SELECT is(r.code, '55000', 'removal twice'), matches(r.detail, 'none: the entry has ended', '  and says what to do')
  FROM pg_temp.refusal('regress_head', format('SELECT remove_listing(%s, ''2024-06-03'', ''再次'')', :'entry')) AS r;
SELECT isnt_empty($$ SELECT FROM list_candidate WHERE policy = 'regress-lists' AND subject = '91110000600037341L' AND rule = 'repeat' $$,
	'as long as the standing names the list, its subject is a candidate again');
SELECT lives_ok($$ SELECT pg_temp.run('regress_officer', $q$ SELECT propose_listing('91110000600037341L', 'black', 'regress-lists', 'repeat', '测试局', '再次', 5) $q$) $$,
	'and may be proposed again');

-- ---------------------------------------------------------------------------
-- A basis that falls, and the last day of a month
-- ---------------------------------------------------------------------------
SET LOCAL citycredit.today = '2024-08-20';
SELECT pg_temp.run('regress_officer', $$ SELECT propose_listing('91420684MA4927PJ7B', 'watch', 'regress-lists', 'look', '测试局', '一次', 5, 6) $$) AS watched,
       pg_temp.run('regress_officer', $$ SELECT propose_listing('91420684MA4927PJ7B', 'focus', 'regress-lists', 'internal', '测试局', '一次', 5) $$) AS focused \gset
SELECT pg_temp.run('regress_officer', format('SELECT serve_listing(%s, ''2024-08-20'', ''mail'', ''2024-08-30'')', v.entry)) IS NOT NULL
  FROM (VALUES (:'watched'), (:'focused')) AS v (entry) \g /dev/null
SET LOCAL citycredit.today = '2024-08-31';
SELECT pg_temp.run('regress_head', format('SELECT recognize_listing(%s)', :'watched')) \g /dev/null
SELECT results_eq(format('SELECT listed_until, published FROM list_entry WHERE entry_id = %s', :'watched'), $$ VALUES (date '2025-02-28', 'watch') $$,
	'where the corresponding day is missing, the term ends with the month');
SET LOCAL citycredit.today = '2025-02-01';
SELECT results_eq(format('SELECT stage, basis_holds FROM listing WHERE entry_id = %s', :'focused'), $$ VALUES ('ready', true) $$, 'on its last day the penalty still counts');
SET LOCAL citycredit.today = '2025-02-02';
SELECT results_eq(format('SELECT stage, basis_holds FROM listing WHERE entry_id = %s', :'focused'), $$ VALUES ('ready', false) $$, 'a day later the basis has fallen');
SELECT is(r.code, '55000', 'recognition without a basis'), matches(r.detail, 'remove_listing', '  and says what to do')
  FROM pg_temp.refusal('regress_head', format('SELECT recognize_listing(%s)', :'focused')) AS r;
SELECT lives_ok(format($$ SELECT pg_temp.run('regress_officer', 'SELECT remove_listing(%s, ''2025-02-02'', ''依据不存在'')') $$, :'focused'), 'the proceeding is ended');

-- ---------------------------------------------------------------------------
-- Lists recognised elsewhere
-- ---------------------------------------------------------------------------
SET LOCAL citycredit.today = '2024-03-01';
\set import 'import_listing(''91110000600037341L'', ''black'', ''失信被执行人名单'', ''court'', ''（2024）测0101执1号'', ''测试法院'', ''民事诉讼法'', ''law'', ''第二百六十六条'', ''未履行'', ''2024-02-01'', ''2026-02-01'')'
SELECT pg_temp.run('regress_officer', 'SELECT ' || :'import') AS imported \gset
SELECT results_eq(format('SELECT origin, source, proposed_by, policy_id, recognised_on, published FROM list_entry WHERE entry_id = %s', :'imported'),
	$$ VALUES ('imported', 'court', 'regress_officer', NULL::integer, NULL::date, NULL::text) $$, 'it is taken over without a recognition of our own, and not published again');
SELECT is((SELECT stage FROM listing WHERE entry_id = :'imported'), 'listed', 'it is in force for its term');
SELECT is(r.code, v.code, v.what)
  FROM (VALUES
	(1, :'import', '23505', 'the same document twice'),
	(2, replace(:'import', '''2026-02-01''', 'NULL'), '22004', 'without a term'),
	(3, replace(:'import', '''court''', 'NULL'), '22004', 'without a source'),
	(4, replace(:'import', '2026-02-01', 'infinity'), '23514', 'for ever'),
	(5, replace(:'import', '91110000600037341L', '121200004013590816'), '55000', 'for a subject that is not registered'),
	(6, format('recognize_listing(%s)', :'imported'), '55000', 'recognised here'),
	(7, format('serve_listing(%s, ''2024-03-01'', ''direct'', ''2024-03-20'')', :'imported'), '55000', 'served here'),
	(8, replace(replace(:'import', '执1号', '执9号'), '''law''', '''draft'''), '23514', 'on a draft'),
	(9, replace(replace(:'import', '执1号', '执9号'), '''law''', '''assumption'''), '23514', 'on an assumption')
  ) AS v (n, statement, code, what)
 CROSS JOIN LATERAL pg_temp.refusal('regress_head', 'SELECT ' || v.statement) AS r
 ORDER BY v.n;
SELECT isnt_empty($$ SELECT FROM listing WHERE subject = '91110000600037341L' AND origin = 'imported' AND basis_holds IS NULL $$, 'a basis of ours is not asked of it');
SELECT lives_ok(format($$ SELECT pg_temp.run('regress_officer', 'SELECT remove_listing(%s, ''2024-03-01'', ''已履行'')') $$, :'imported'), 'the source delists it');

-- ---------------------------------------------------------------------------
-- The constraints alone: rows written by the owner, no trigger at work
-- ---------------------------------------------------------------------------
ALTER TABLE list_entry DISABLE TRIGGER USER;
-- Inserts a complete, recognised entry with some columns changed: 'accepted', or SQLSTATE and constraint.
CREATE FUNCTION pg_temp.insert_entry(changed jsonb) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	complete CONSTANT jsonb := (SELECT jsonb_build_object('subject', '91420684MA4927PJ7B', 'entry_id', 900000, 'policy_id', p.policy_id,
		'version_id', p.version_id, 'example', false, 'objection_days', 5, 'term_months', 36, 'list', 'black', 'origin', 'own', 'name', '乙',
		'department', '测试局', 'rule', 'repeat', 'list_name', '严重失信主体名单', 'basis_title', '测试条例', 'basis_rank', 'law',
		'basis_article', '第三十条', 'reason', '两次', 'proposed_by', 'a', 'proposed_on', '2024-03-01', 'served_by', 'a', 'served_on',
		'2024-03-02', 'service_method', 'mail', 'objection_until', '2024-03-07', 'recognised_by', 'b', 'recognised_on', '2024-03-08',
		'listed_from', '2024-03-08', 'listed_until', '2027-03-08') FROM citycredit.policy AS p WHERE p.policy = 'regress-lists');
	columns text := (SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
	                  WHERE attrelid = 'citycredit.list_entry'::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '');
	failed text;
	missing text;
BEGIN
	EXECUTE format('INSERT INTO citycredit.list_entry (%1$s) SELECT %1$s FROM jsonb_populate_record(NULL::citycredit.list_entry, $1)', columns)
		USING complete || changed;
	DELETE FROM citycredit.list_entry WHERE entry_id = 900000;
	RETURN 'accepted';
EXCEPTION WHEN integrity_constraint_violation THEN
	GET STACKED DIAGNOSTICS failed = CONSTRAINT_NAME, missing = COLUMN_NAME;
	RETURN SQLSTATE || ' ' || failed || missing;
END
$$;
SELECT is(pg_temp.insert_entry(v.changed::jsonb), v.outcome, v.what)
  FROM (VALUES
	(1, '{}', 'accepted', 'a complete entry'),
	(2, '{"list": "grey"}', '23514 list_entry_list', 'unknown list'),
	(3, '{"origin": "other"}', '23514 list_entry_origin', 'unknown origin'),
	(4, '{"department": null}', '23502 department', 'no department'),
	(5, '{"department": " "}', '23514 list_entry_texts', 'empty department'),
	(6, '{"reason": null}', '23502 reason', 'no reason'),
	(7, '{"basis_title": null}', '23502 basis_title', 'no basis'),
	(8, '{"basis_article": null}', '23502 basis_article', 'no article'),
	(9, '{"basis_rank": null}', '23502 basis_rank', 'no rank'),
	(10, '{"basis_rank": "notice"}', '23514 list_entry_basis_rank', 'unknown rank'),
	(11, '{"basis_rank": "local_regulation"}', '23514 list_entry_black_basis', 'black list by a local regulation'),
	(12, '{"basis_rank": "normative_document"}', '23514 list_entry_black_basis', 'black list by a normative document'),
	(13, '{"basis_rank": "central_document"}', 'accepted', 'black list by a document of the centre'),
	(14, '{"list": "watch", "basis_rank": "normative_document"}', 'accepted', 'watch list by a normative document'),
	(15, '{"list": "watch", "basis_rank": "draft"}', '23514 list_entry_real_basis', 'any list by a draft'),
	(16, '{"policy_id": null}', '23514 list_entry_origin', 'own entry without a policy'),
	(17, '{"rule": null}', '23514 list_entry_origin', 'own entry without a rule'),
	(18, '{"objection_days": null}', '23514 list_entry_origin', 'own entry without the days of the objection period'),
	(19, '{"objection_days": 0}', '23514 list_entry_periods', 'objection period of no days'),
	(20, '{"term_months": null}', '23514 list_entry_origin', 'own entry without a term'),
	(43, '{"term_days": 30}', '23514 list_entry_origin', 'own entry with two terms'),
	(44, '{"term_months": null, "term_days": 1096}', 'accepted', 'a term in days'),
	(45, '{"term_months": null, "term_days": 1094}', '23514 list_entry_term', 'longer than the term in days'),
	(21, '{"proposed_by": null}', '23502 proposed_by', 'proposed by nobody'),
	(22, '{"served_on": null, "served_by": null, "service_method": null, "objection_until": null}', '23514 list_entry_served_first', 'recognised without service'),
	(23, '{"service_method": null}', '23514 list_entry_service', 'service by no method'),
	(24, '{"served_by": null}', '23514 list_entry_service', 'service recorded by nobody'),
	(25, '{"objection_until": null}', '23514 list_entry_service', 'service without an objection period'),
	(26, '{"served_on": "2024-02-29"}', '23514 list_entry_objection', 'served before the proposal'),
	(27, '{"objection_until": "2024-03-06"}', '23514 list_entry_objection', 'objection period shorter than announced'),
	(28, '{"recognised_on": "2024-03-07", "listed_from": "2024-03-07", "listed_until": "2027-03-07"}', '23514 list_entry_after_objection', 'recognised within the objection period'),
	(29, '{"recognised_by": "a"}', '23514 list_entry_second_person', 'recognised by who proposed'),
	(30, '{"recognised_by": null}', '23514 list_entry_recognition', 'recognised by nobody'),
	(31, '{"recognised_on": null, "recognised_by": null}', '23514 list_entry_recognition', 'listed without recognition'),
	(32, '{"listed_from": null, "listed_until": null}', '23514 list_entry_recognition', 'recognised without a term'),
	(33, '{"listed_from": "2024-03-07"}', '23514 list_entry_term', 'listed before recognition'),
	(34, '{"listed_until": "2024-03-08"}', '23514 list_entry_term', 'no day on the list'),
	(35, '{"listed_until": "2027-03-09"}', '23514 list_entry_term', 'longer than the term'),
	(36, '{"listed_until": "infinity"}', '23514 list_entry_term', 'for ever'),
	(37, '{"removed_on": "2024-04-01"}', '23514 list_entry_removal', 'removed by nobody for no reason'),
	(38, '{"removed_on": "2024-02-01", "removed_by": "a", "removal_reason": "x"}', '23514 list_entry_removed_after', 'removed before it began'),
	(39, '{"subject": "121200004013590816"}', '23503 list_entry_subject_fkey', 'unknown subject'),
	(40, '{"source": "court"}', '23514 list_entry_origin', 'own entry with a source'),
	(41, '{"origin": "imported"}', '23514 list_entry_origin', 'imported entry with a recognition of our own'),
	(42, '{"origin": "imported", "source": "court", "document": "1", "policy_id": null, "version_id": null, "rule": null, "objection_days": null,
	       "term_months": null, "served_on": null, "served_by": null, "service_method": null, "objection_until": null, "recognised_on": null,
	       "recognised_by": null, "basis_rank": "normative_document"}', 'accepted', 'imported entry, whatever its rank')
  ) AS v (n, changed, outcome, what)
 ORDER BY v.n;
SELECT is(pg_temp.insert_entry(jsonb_build_object('policy_id', policy_id, 'version_id', version_id)), '23503 list_entry_policy', 'entry of an example that calls itself none')
  FROM policy WHERE policy = 'regress-example';
SELECT throws_ok($$ INSERT INTO list_entry (subject, list, name, department, list_name, basis_title, basis_rank, basis_article, reason, published)
	VALUES ('91420684MA4927PJ7B', 'black', '乙', '测试局', '名单', '测试条例', 'law', '第一条', '两次', 'black') $$,
	'428C9', NULL, 'nobody can write that an entry is fit to publish');
ALTER TABLE list_entry ENABLE TRIGGER USER;

-- ---------------------------------------------------------------------------
-- The guard: also the owner takes steps, and undoes none
-- ---------------------------------------------------------------------------
SELECT throws_ok(format(v.statement, :'watched', :'focused'), v.code, NULL, v.what)
  FROM (VALUES
	(1, 'UPDATE citycredit.list_entry SET reason = ''其他'' WHERE entry_id = %1$s', '55000', 'a reason rewritten'),
	(2, 'UPDATE citycredit.list_entry SET listed_until = ''2024-12-31'' WHERE entry_id = %1$s', '55000', 'a term rewritten'),
	(3, 'UPDATE citycredit.list_entry SET recognised_on = NULL, recognised_by = NULL, listed_from = NULL, listed_until = NULL WHERE entry_id = %1$s', '55000', 'a recognition undone'),
	(4, 'UPDATE citycredit.list_entry SET source = ''court'', document = ''1'' WHERE entry_id = %1$s', '55000', 'a source added'),
	(5, 'UPDATE citycredit.list_entry SET removed_on = NULL, removed_by = NULL, removal_reason = NULL WHERE entry_id = %2$s', '55000', 'an ending undone'),
	(6, 'UPDATE citycredit.list_entry SET recognised_on = ''2025-02-02'', recognised_by = ''b'', listed_from = ''2025-02-02'', listed_until = ''2025-03-02'' WHERE entry_id = %2$s',
	    '55000', 'a step of what was ended'),
	(7, 'DELETE FROM citycredit.list_entry WHERE entry_id = %1$s', '55000', 'an entry deleted'),
	(8, 'TRUNCATE citycredit.list_entry', '55000', 'all entries deleted'),
	(9, 'INSERT INTO citycredit.list_entry (subject, policy_id, version_id, objection_days, term_months, rule, list, list_name, name, department, basis_title, basis_rank, basis_article, reason)
	     SELECT subject, policy_id, version_id, objection_days, term_months, rule, list, list_name, name, department, basis_title, basis_rank, basis_article, reason
	       FROM citycredit.list_entry WHERE policy_id IS NOT NULL AND recognised_on IS NULL AND removed_on IS NULL', '23505', 'a second open proceeding')
  ) AS v (n, statement, code, what)
 ORDER BY v.n;
SET LOCAL ROLE regress_editor;
SELECT load_policy(replace(:'yaml', 'version: "1"', 'version: "2"')) \g /dev/null
RESET ROLE;
SELECT throws_ok($$ INSERT INTO list_entry (subject, policy_id, version_id, objection_days, term_months, rule, list, list_name, name, department, basis_title, basis_rank, basis_article, reason)
	SELECT '91420684MA4927PJ7B', policy_id, version_id, 5, 36, 'repeat', 'black', '名单', '乙', '测试局', '测试条例', 'law', '第三十条', '两次'
	  FROM policy WHERE policy = 'regress-lists' AND version = '2' $$, '55000', NULL, 'a draft lists nobody');
SELECT isnt_empty($$ SELECT FROM list_entry WHERE published = 'watch' $$, 'what was recognised stands after all that');

-- ---------------------------------------------------------------------------
-- What the notice said is what is recognised
-- ---------------------------------------------------------------------------
RESET ROLE;
SET LOCAL citycredit.today = '2025-12-01';
SELECT replace(replace(:'yaml', 'policy: regress-lists', 'policy: regress-turn'), 'in_force: {from: 2020-01-01}', 'in_force: {from: 2020-01-01, until: 2025-12-31}') AS before,
       replace(replace(replace(replace(:'yaml', 'policy: regress-lists', 'policy: regress-turn'), 'in_force: {from: 2020-01-01}', 'in_force: {from: 2026-01-01}'),
           'version: "1"', 'version: "2"'), '第七条', '第七十条') AS after \gset
SELECT pg_temp.run('regress_editor', format('SELECT citycredit.load_policy(%L)', y.yaml)) FROM (VALUES (:'before'), (:'after')) AS y (yaml) \g /dev/null
SELECT pg_temp.run('regress_head_editor', format('SELECT citycredit.adopt_policy(''regress-turn'', %L)', v.version)) FROM (VALUES ('1'), ('2')) AS v (version) \g /dev/null
SELECT pg_temp.run('regress_officer', $$ SELECT citycredit.propose_listing('9144060573144633XL', 'red', 'regress-turn', 'honest', '测试局', '守信', 10) $$) AS turning \gset
SELECT pg_temp.run('regress_officer', format($$ SELECT citycredit.serve_listing(%s, '2025-12-01', 'direct', '2025-12-20') $$, :'turning')) \g /dev/null
SET LOCAL citycredit.today = '2026-01-05';
SELECT results_eq(format($$ SELECT code, detail FROM pg_temp.refusal('regress_head', 'SELECT citycredit.recognize_listing(%s)') $$, :'turning'),
	$$ VALUES ('55000', 'Version "2" of policy "regress-turn" is in force; its rule "honest" differs from the one announced.') $$,
	'an entry is not recognised by a clause that the notice did not name');
SET LOCAL citycredit.today = '2025-12-31';
SELECT is(pg_temp.run('regress_head', format('SELECT citycredit.recognize_listing(%s)', :'turning')), '', 'by the one that it named it is');

SELECT * FROM finish();
ROLLBACK;
