-- tap_measure.sql -- measures tied to lists: each refusal, feedback, linked persons, benefits that are used up, and the day on which all ends
\set ECHO none
\i test/include/lists.psql
SET LOCAL datestyle = 'ISO, YMD';
CREATE ROLE regress_tax;
CREATE ROLE regress_clerk;
CREATE ROLE regress_north;
SELECT grant_profile(r::regrole, 'officer') FROM unnest('{regress_tax,regress_clerk,regress_north}'::text[]) AS u (r) \g /dev/null
INSERT INTO department_competence (department, role, duty, act, field, district, valid_from) VALUES
	('税务局', 'regress_tax', 'decider', 'measure', NULL, NULL, '2020-01-01'), ('税务局', 'regress_clerk', 'officer', NULL, NULL, NULL, '2020-01-01'),
	('税务局', 'regress_north', 'decider', 'measure', NULL, '北区', '2020-01-01');
SELECT plan(65);
-- A call as a role: what it returns, or "SQLSTATE message | hint".
CREATE FUNCTION pg_temp.try(role text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	hint text;
BEGIN
	RETURN pg_temp.run(role, 'SELECT citycredit.' || statement);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
	RETURN SQLSTATE || ' ' || SQLERRM || coalesce(' | ' || nullif(hint, ''), '');
END
$$;
CREATE FUNCTION pg_temp.list(subject text, list text, rule text, more text DEFAULT '') RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	entry bigint := pg_temp.run('regress_officer', format('SELECT citycredit.propose_listing(%L, %L, ''regress-lists'', %L, ''测试局'', ''事由'', 5%s)', subject, list, rule, more));
BEGIN
	PERFORM pg_temp.run('regress_officer', format('SELECT citycredit.serve_listing(%s, citycredit.today(), ''direct'')', entry));
	PERFORM set_config('citycredit.today', ((SELECT objection_until FROM citycredit.list_entry WHERE entry_id = entry) + 1)::text, true);
	PERFORM pg_temp.run('regress_head', format('SELECT citycredit.recognize_listing(%s)', entry));
	RETURN entry;
END
$$;
\set jia 91110000600037341L
\set yi 91420684MA4927PJ7B
\set bing 9144060573144633XL
\set person PELDB1FB2CB0F37UX8

-- ---------------------------------------------------------------------------
-- What is shipped
-- ---------------------------------------------------------------------------
SELECT lives_ok($$ INSERT INTO measure (code, edition, name, class, effect, list, subject_kinds, least_severity, least_intent, department, once, basis_title, basis_rank,
		basis_article, valid_from, valid_until, note)
	SELECT code, edition, name, class, effect, list, subject_kinds, least_severity, least_intent, department, once, basis_title, basis_rank,
		basis_article, valid_from, coalesce(valid_until, 'infinity'), note FROM shipped_measure $$, 'the shipped measures go into the catalogue');
SELECT results_eq($$ SELECT effect, basis_rank, count(*)::int FROM measure GROUP BY 1, 2 ORDER BY 1 $$,
	$$ VALUES ('incentive', 'normative_document', 5), ('sanction', 'assumption', 12) $$, 'no sanction of them states its legal basis');
SELECT results_eq($$ SELECT DISTINCT class FROM measure WHERE effect = 'sanction' ORDER BY 1 $$, $$ VALUES ('administrative'), ('market'), ('trade') $$, '  of the three classes');
UPDATE measure SET valid_until = 'infinity';

-- ---------------------------------------------------------------------------
-- The catalogue refuses what says too little
-- ---------------------------------------------------------------------------
SELECT throws_ok(format('INSERT INTO measure (code, edition, valid_from, name, class, effect, list, basis_rank%s) VALUES (''X'', ''1'', ''2020-01-01'', ''某措施'', %s)', v.columns, v.row), v.code, NULL, v.what)
  FROM (VALUES
	(1, '', '''market'', ''sanction'', ''black'', ''law''', '23514', 'a law without title and article'),
	(2, '', '''other'', ''sanction'', ''black'', ''assumption''', '23514', 'a class that is none'),
	(3, '', '''market'', ''incentive'', ''black'', ''assumption''', '23514', 'an incentive for the black list'),
	(4, '', '''market'', ''sanction'', ''red'', ''assumption''', '23514', 'a sanction for the red list'),
	(5, '', '''market'', ''sanction'', ''grey'', ''assumption''', '23503', 'a list that nobody knows'),
	(6, ', subject_kinds', '''market'', ''sanction'', ''black'', ''assumption'', ''{firm}''', '23514', 'a kind of subjects that is none'),
	(7, ', least_severity', '''market'', ''sanction'', ''black'', ''assumption'', ''bad''', '23514', 'a severity that is none'),
	(8, ', least_intent', '''market'', ''sanction'', ''black'', ''assumption'', ''evil''', '23514', 'an intent that is none')
  ) AS v (n, columns, row, code, what) ORDER BY v.n;

INSERT INTO measure (code, edition, valid_from, valid_until, name, class, effect, list, subject_kinds, linked_roles, least_severity, least_intent, department, once, basis_title, basis_rank, basis_article) VALUES
	('T-1', '1', '2020-01-01', 'infinity', '限制招标投标', 'administrative', 'sanction', 'black', '{legal_person}', '{}', NULL, NULL, NULL, false, '测试条例', 'regulation', '第四十条'),
	('T-2', '1', '2020-01-01', 'infinity', '限制高消费', 'market', 'sanction', 'black', NULL, '{legal_representative}', 'serious', NULL, '税务局', false, '测试条例', 'regulation', '第四十一条'),
	('T-3', '1', '2020-01-01', 'infinity', '公开谴责', 'trade', 'sanction', 'black', NULL, '{}', NULL, 'malicious', NULL, false, '测试条例', 'regulation', '第四十二条'),
	('T-4', '1', '2020-01-01', '2020-12-31', '旧措施', 'trade', 'sanction', 'black', NULL, '{}', NULL, NULL, NULL, false, '测试条例', 'regulation', '第四十三条'),
	('T-5', '1', '2020-01-01', 'infinity', '清出市场', 'administrative', 'sanction', 'ban', NULL, '{}', NULL, NULL, NULL, false, '测试条例', 'regulation', '第四十四条'),
	('T-6', '1', '2020-01-01', 'infinity', '草案措施', 'administrative', 'sanction', 'black', NULL, '{}', NULL, NULL, NULL, false, '测试条例（草案）', 'draft', '第一条'),
	('H-1', '1', '2020-01-01', 'infinity', '免检一次', 'administrative', 'incentive', 'red', NULL, '{}', NULL, NULL, NULL, true, '测试条例', 'regulation', '第五十条'),
	('H-2', '1', '2020-01-01', 'infinity', '个人激励', 'administrative', 'incentive', 'red', '{natural_person}', '{}', NULL, NULL, NULL, false, '测试条例', 'regulation', '第五十一条');

-- ---------------------------------------------------------------------------
-- Refusals, each in its own words
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.try('regress_tax', format('apply_measure(%L, ''T-1'', ''税务局'')', :'jia')),
	format('55000 subject "%s" is not on the black list | The entries and their stages are in citycredit.listing, linked persons in citycredit.listed_person.', :'jia'), 'a candidate is on no list');
INSERT INTO list_parameter (policy, rule, valid_from, early_exit, linked_roles, cite) VALUES ('regress-lists', 'repeat', '2020-01-01', '{"days": 1}', '{legal_representative}', '第三十一条');
SELECT link_subjects(:'jia', :'person', 'legal_representative', '2023-01-01', '营业执照') \g /dev/null
SELECT pg_temp.list(:'jia', 'black', 'repeat') AS black \gset
SELECT is(pg_temp.try(v.role, format('apply_measure(%L, %L, %L%s)', v.subject, v.measure, v.department, v.more)), v.says, v.what)
  FROM (VALUES
	(1, 'regress_tax', :'jia', 'Z-9', '税务局', '', '42704 measure "Z-9" is not in the catalogue | The measures are in citycredit.measure.', 'outside the catalogue'),
	(2, 'regress_tax', :'jia', 'T-1', '税务局', ', edition => ''2''', '42704 measure "T-1 2" is not in the catalogue | The measures are in citycredit.measure.', 'in no edition of it'),
	(3, 'regress_tax', :'jia', 'T-4', '税务局', '', '22023 measure "T-4" is not in force | Take one of an edition that is in force.', 'no longer in force'),
	(4, 'regress_tax', :'jia', 'B-01', '税务局', '', '23514 measure "B-01" has no legal basis | Enter an edition of the measure with the law, regulation or document that provides for it.', 'an assumption'),
	(5, 'regress_tax', :'jia', 'T-6', '税务局', '', '23514 measure "T-6" has no legal basis | Enter an edition of the measure with the law, regulation or document that provides for it.', 'a draft'),
	(6, 'regress_head', :'jia', 'T-2', '测试局', '', '42501 measure "T-2" is not for department "测试局" | Ask that department.', 'the wrong department'),
	(7, 'regress_clerk', :'jia', 'T-1', '税务局', '', '42501 role "regress_clerk" has no competence for measure "T-1" | Who acts for which department is in citycredit.department_competence.', 'a sanction by who does not decide'),
	(8, 'regress_head', :'jia', 'T-1', '税务局', '', '42501 role "regress_head" has no competence for measure "T-1" | Who acts for which department is in citycredit.department_competence.', 'for another department'),
	(9, 'regress_north', :'jia', 'T-1', '税务局', ', district => ''南区''', '42501 role "regress_north" has no competence for measure "T-1" | Who acts for which department is in citycredit.department_competence.', 'in another district'),
	(10, 'regress_tax', :'person', 'T-1', '税务局', '', '42809 measure "T-1" is not for subjects of kind natural_person | The kinds of subjects are in citycredit.measure, column subject_kinds.', 'the wrong kind of subject'),
	(11, 'regress_tax', :'bing', 'T-1', '税务局', '', '55000 subject "9144060573144633XL" is not on the black list | The entries and their stages are in citycredit.listing, linked persons in citycredit.listed_person.', 'who is not listed'),
	(12, 'regress_tax', :'jia', 'T-5', '税务局', '', '55000 subject "91110000600037341L" is not on the ban list | The entries and their stages are in citycredit.listing, linked persons in citycredit.listed_person.', 'who is on another list'),
	(13, 'regress_tax', :'jia', 'T-2', '税务局', '', '23514 measure "T-2" is out of proportion to the facts | Take a measure that is lighter, or establish the severity by citycredit.classify_record().', 'severity that nobody knows'),
	(14, 'regress_tax', :'jia', 'T-3', '税务局', '', '23514 measure "T-3" is not for facts without that intent | Who errs is not treated as who means to: take another measure, or establish the intent by citycredit.classify_record().', 'intent that nobody knows'),
	(15, 'regress_tax', :'jia', 'H-1', '税务局', '', '55000 subject "91110000600037341L" is not on the red list | The entries and their stages are in citycredit.listing, linked persons in citycredit.listed_person.', 'an incentive for who is black')
  ) AS v (n, role, subject, measure, department, more, says, what) ORDER BY v.n;
SELECT is(pg_temp.try('regress_tax', 'apply_measure(NULL, ''T-1'', ''税务局'')'), '22004 an application needs subject, measure and department', 'to nobody');
SELECT is_empty('SELECT FROM measure_application', 'nothing of it is left');

-- ---------------------------------------------------------------------------
-- Proportion: what is established, and no less
-- ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.establish(document text, severity text, intent text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	r record;
BEGIN
	SELECT o.subject, o.record_id INTO STRICT r FROM citycredit.record AS o WHERE o.document = establish.document AND o.known_until = 'infinity';
	PERFORM pg_temp.run('regress_officer', format('SELECT citycredit.classify_record(%L, %L, severity => %L, intent => %L)', r.subject, r.record_id, severity, intent));
	PERFORM pg_temp.run('regress_head', format('SELECT citycredit.verify_record(%L, %L)', r.subject, r.record_id));
END
$$;
SELECT pg_temp.establish('P1', 'ordinary', 'deliberate') \g /dev/null
SELECT is((SELECT concat_ws(' ', severity, intent) FROM _gravity(:'jia', :black)), 'ordinary deliberate', 'what is established is what counts');
SELECT matches(pg_temp.try('regress_tax', format('apply_measure(%L, ''T-2'', ''税务局'')', :'jia')), '^23514 measure "T-2" is out of proportion', 'below the lowest severity');
SELECT matches(pg_temp.try('regress_tax', format('apply_measure(%L, ''T-3'', ''税务局'')', :'jia')), '^23514 measure "T-3" is not for facts without that intent', 'below the lowest intent');
SELECT pg_temp.establish('P2', 'serious', 'malicious') \g /dev/null
SELECT is((SELECT concat_ws(' ', severity, intent) FROM _gravity(:'jia', :black)), 'serious malicious', 'the gravest fact counts');
SELECT matches(pg_temp.try('regress_tax', format('apply_measure(%L, ''T-2'', ''税务局'')', :'jia')), '^\d+$', 'at the lowest severity it is applied');
SELECT matches(pg_temp.try('regress_tax', format('apply_measure(%L, ''T-3'', ''税务局'', reason => ''情节恶劣'')', :'jia')), '^\d+$', 'at the lowest intent too');
SELECT matches(pg_temp.try('regress_tax', format('apply_measure(%L, ''T-1'', ''税务局'')', :'jia')), '^\d+$', 'and where none is demanded');
SELECT matches(pg_temp.try('regress_tax', format('apply_measure(%L, ''T-1'', ''税务局'')', :'jia')), '^23505 measure "T-1" is applied already', 'once by a department');
SELECT matches(pg_temp.try('regress_tax', format('apply_measure(%L, ''T-2'', ''税务局'')', :'person')), '^\d+$', 'it reaches the legal representative, as list and measure say');
SELECT is((SELECT role || ' ' || listed_subject::text FROM measure_today WHERE subject = :'person'), 'legal_representative ' || :'jia', '  by that link');
SELECT matches(pg_temp.try('regress_tax', format('apply_measure(%L, ''T-3'', ''税务局'')', :'person')), '^55000 subject "PELDB1FB2CB0F37UX8" is not on the black list', '  which another measure does not');
SELECT results_eq('SELECT code, subject::text, until FROM measure_today ORDER BY 1, 2',
	format('SELECT v.code, v.subject, (SELECT listed_until FROM list_entry WHERE entry_id = %s) FROM (VALUES (''T-1'', %L), (''T-2'', %2$L), (''T-2'', %3$L), (''T-3'', %2$L)) AS v (code, subject)', :black, :'jia', :'person'),
	'in effect as long as the listing');

-- ---------------------------------------------------------------------------
-- Feedback
-- ---------------------------------------------------------------------------
SELECT application_id AS app FROM measure_application WHERE code = 'T-1' \gset
SELECT is(pg_temp.try(v.role, format('feedback_measure(%L, %s, %L)', :'jia', v.id, v.result)), v.says, v.what)
  FROM (VALUES
	(1, 'regress_tax', 0, 'done', format('42704 application 0 of a measure to subject "%s" does not exist | The applications are in citycredit.measure_application.', :'jia'), 'feedback on nothing'),
	(2, 'regress_head', :app, 'done', '42501 role "regress_head" has no competence for measure "T-1" | Who acts for which department is in citycredit.department_competence.', 'feedback by another department'),
	(3, 'regress_clerk', :app, 'well', '22023 invalid result "well" of a measure | It is done, partly or not_done.', 'a result that is none'),
	(4, 'regress_clerk', :app, 'done', '', 'feedback by the department'),
	(5, 'regress_clerk', :app, 'partly', format('55000 application %s has its feedback already', :app), 'feedback twice')
  ) AS v (n, role, id, result, says, what) ORDER BY v.n;
SELECT is((SELECT concat_ws(' ', feedback_result, feedback_by, feedback_on = today()) FROM measure_application WHERE application_id = :app), 'done regress_clerk t', 'it says who and when');
SELECT throws_ok(format('UPDATE measure_application SET code = ''T-2'' WHERE application_id = %s', :app), '55000', NULL, 'an application is not rewritten');
SELECT throws_ok('DELETE FROM measure_application', '55000', NULL, '  nor deleted');
SELECT throws_ok('TRUNCATE measure_application', '55000', NULL, '  all or one');

-- ---------------------------------------------------------------------------
-- Never a day longer
-- ---------------------------------------------------------------------------
SAVEPOINT listed;
SELECT unlink_subjects(:'jia', :'person', 'legal_representative', today() - 1, '变更法定代表人') \g /dev/null
SELECT is_empty(format('SELECT FROM measure_today WHERE subject = %L', :'person'), 'who is in office no longer is relieved');
SELECT is((SELECT count(*) FROM measure_today), 3::bigint, '  and nobody else');
ROLLBACK TO listed;
SELECT listed_until AS last, listed_until + 1 AS after FROM list_entry WHERE entry_id = :black \gset
SET LOCAL citycredit.today = :'last';
SELECT is((SELECT count(*) FROM measure_today), 4::bigint, 'on the last day they hold');
SET LOCAL citycredit.today = :'after';
SELECT is_empty('SELECT FROM measure_today', 'a day later none does');
SELECT matches(pg_temp.try('regress_tax', format('apply_measure(%L, ''T-1'', ''税务局'')', :'jia')), '^55000 subject "91110000600037341L" is not on the black list', '  and none can be applied');
ROLLBACK TO listed;
SELECT revoke_record(:'jia', record_id, today(), '处罚撤销') FROM record WHERE document = 'P1' AND known_until = 'infinity' \g /dev/null
SELECT is_empty('SELECT FROM measure_today', 'where the basis falls, they fall in the same transaction');
ROLLBACK TO listed;

-- ---------------------------------------------------------------------------
-- Lists of others; incentives
-- ---------------------------------------------------------------------------
SELECT pg_temp.run('regress_officer', format('SELECT import_listing(%L, ''ban'', ''禁入名单'', ''court'', ''1'', ''某机关'', ''某法'', ''law'', ''第一条'', ''事由'', ''2024-02-01'', ''2026-02-01'')', :'yi')) AS ban \gset
SELECT matches(pg_temp.try('regress_tax', format('apply_measure(%L, ''T-5'', ''税务局'')', :'yi')), '^\d+$', 'a list that was taken over carries measures');
SELECT pg_temp.list(:'bing', 'red', 'honest') AS red \gset
SELECT results_eq(format('SELECT code FROM incentives(%L)', :'bing'), $$ VALUES ('H-1'), ('R-01'), ('R-02'), ('R-03'), ('R-04'), ('R-05') $$, 'what a subject on the red list may use today');
SELECT is_empty(format('SELECT FROM incentives(%L)', :'jia'), 'who is not, may use nothing');
SELECT matches(pg_temp.try('regress_clerk', format('apply_measure(%L, ''H-1'', ''税务局'')', :'bing')), '^\d+$', 'an officer grants one');
SELECT matches(pg_temp.try('regress_head', format('apply_measure(%L, ''H-1'', ''测试局'')', :'bing')), '^23505 measure "H-1" is used up already', 'a one-off benefit is used up, whoever granted it');
SELECT is_empty(format('SELECT FROM incentives(%L) WHERE code = ''H-1''', :'bing'), '  and on offer no longer');
SELECT matches(pg_temp.try('regress_clerk', format('apply_measure(%L, ''R-01'', ''税务局'')', :'bing')) || pg_temp.try('regress_clerk', format('apply_measure(%L, ''R-01'', ''税务局'')', :'bing')), '^\d+$', 'others are used again and again');
INSERT INTO record (subject, kind, document, authority, source, field, behaviour, decided_on) VALUES (:'bing', 'penalty', 'D1', 'a', 'stranger', 'construction_waste', 'CW-01', today());
SELECT is_empty(format('SELECT FROM incentives(%L)', :'bing'), 'while the red entry is suspended there are none');
SELECT is_empty(format('SELECT FROM measure_today WHERE subject = %L', :'bing'), '  and none in effect');
SELECT * FROM finish();
ROLLBACK;
