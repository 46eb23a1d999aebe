-- tap_policy.sql -- from text to draft to adopted: findings, drafts, the second person, versions by date, tests of policies
\set ECHO none
\i test/include/engine.psql
SELECT plan(115);

-- ---------------------------------------------------------------------------
-- Findings: all at once
-- ---------------------------------------------------------------------------
SELECT is_empty(format('SELECT * FROM check_policy(%L)', :'plain'), 'a policy without mistakes has no findings');
-- six mistakes in six places: the first must not hide the others
SELECT $yaml$policy: regress-broken
title: 测试
version: "1"
issuer: 测试局
in_force: {from: 2024-01-01, until: 2023-12-31}
sources:
  m: {title: 测试, rank: normative_document}
inputs: [penalty, participation]
applies_to:
  enrolled_by: {kind: participation}
score: {base: 100, decimals: 0}
items:
  - id: one
    name: 一
    match: {kind: penalty, colour: red}
    points: -10
    window: {from: decided_on, months: 12}
    cite: {source: m, article: 一}
  - id: two
    name: 二
    match: {kind: penalty}
    points: -0.5
    window: {from: decided_on, months: 12}
    weight: 3
    cite: {source: m, article: 二}
  - id: three
    name: 三
    match: {kind: award}
    points: 1
    window: {from: decided_on, months: 12}
    cite: {source: m, article: 三}
  - id: four
    name: 四
    match: {kind: penalty}
    points: -1
    window: {from: decided_on, months: 12}
bands:
  step: 1
  cite: {source: m, article: 四}
  of:
    - {id: A, name: 优, when: {score: {at_least: 60}}}
    - {id: B, name: 差, when: {score: {below: 60}}}
$yaml$ AS broken \gset
SELECT results_eq(format('SELECT code, severity, line, col, path FROM check_policy(%L) ORDER BY line', :'broken'),
	$$ VALUES ('empty_interval', 'error', 5, 37, 'in_force.until'),
	          ('unknown_term', 'error', 15, 28, 'items[0].match.colour'),
	          ('too_many_decimals', 'error', 22, 13, 'items[1].points'),
	          ('unknown_key', 'error', 24, 5, 'items[1].weight'),
	          ('kind_not_in_inputs', 'error', 28, 19, 'items[2].match.kind'),
	          ('missing_citation', 'error', 32, 5, 'items[3]') $$,
	'six mistakes give six findings, each with its place');
SELECT is_empty(format($$ SELECT * FROM check_policy(%L) WHERE message IS NULL OR message = '' OR hint IS NULL OR hint = '' $$, :'broken'),
	'each with message and hint');
SELECT is(message, 'the rule has no citation'), is(hint, 'Every rule needs cite.source and cite.article.')
  FROM check_policy(:'broken') WHERE code = 'missing_citation';
SELECT is(r.code, v.code, v.what), is(r.message, v.message, '  with its message'),
       matches(concat_ws(' ', r.detail, r.hint), v.says, '  and says where and what to do')
  FROM (VALUES
	(1, 'a: [1', '42601', 'could not read policy: could not parse: while parsing a flow sequence: did not find expected '','' or '']''', 'line 2, column 1.*check_policy', 'text that is no YAML'),
	(2, :'broken', '42P17', 'could not read policy: in force until before from', 'line 5, column 37, in in_force.until; 6 finding\(s\).*check_policy', 'text with findings'),
	(3, '', '42P17', 'could not read policy: the file is empty', 'line 1', 'no text at all'),
	(4, repeat('[', 40) || repeat(']', 40), '54000', 'could not read policy: nested deeper than 32 levels', 'line 1', 'text that is too deep'),
	(5, :'plain' || repeat('# ', 200000), '54000', 'could not read policy: longer than 262144 bytes', 'line 1', 'text that is too long')
  ) AS v (n, yaml, code, message, says, what)
 CROSS JOIN LATERAL pg_temp.refusal(format('SELECT load_policy(%L)', v.yaml)) AS r
 ORDER BY v.n;

-- ---------------------------------------------------------------------------
-- A draft changes nothing
-- ---------------------------------------------------------------------------
INSERT INTO record (subject, kind, document, authority, source, field, state, valid_from)
VALUES ('91110000600037341L', 'participation', 'E1', '11320400014109573H', 'regress', 'waste', 'taking_part', '2023-01-01');
CREATE TEMPORARY VIEW result AS
	SELECT s.policy, s.version, s.state, s.score, s.band, s.credit_grade::text, s.vetoes, s.lists, s.next_change_on
	  FROM standing AS s WHERE s.subject = '91110000600037341L'::subject_code;
SELECT results_eq('SELECT policy, version, state, score, band FROM result ORDER BY policy',
	$$ VALUES ('regress-hold', '1', 'rated', 100::numeric, 'good'), ('regress-plain', '1', 'rated', 101.0, 'A') $$, 'standings by what is in force');
CREATE TEMPORARY TABLE before AS SELECT * FROM standing_stored;
SELECT replace(:'plain', 'policy: regress-plain', 'policy: regress-new') AS new_yaml \gset
SELECT replace(replace(:'new_yaml', 'version: "1"', 'version: "2"'), 'base: 100', 'base: 50') AS new_2 \gset
SET LOCAL ROLE regress_author;
SELECT results_eq(format('SELECT * FROM load_policy(%L)', :'new_yaml'), $$ VALUES ('regress-new', '1') $$, 'loading says what it loaded');
SELECT throws_ok(format('SELECT * FROM load_policy(%L)', :'new_yaml'), '42710', 'version "1" of policy "regress-new" is already loaded', 'a version is loaded once');
SELECT throws_ok(format('SELECT * FROM load_policy(%L)', :'new_yaml' || E'\n'), '42710', 'version "1" of policy "regress-new" is already loaded', 'with another text neither');
SELECT results_eq($$ SELECT status, author, adopted_by, adopted_at::text, in_force_from, in_force_until, example, title, issuer, digest = sha256(convert_to(yaml, 'UTF8'))
                       FROM policy WHERE policy = 'regress-new' $$,
	$$ VALUES ('draft', 'regress_author', NULL::text, NULL::text, date '2020-01-01', date 'infinity', false, '测试信用评价办法', '测试局', true) $$,
	'what is loaded is a draft of its author');
RESET ROLE;
SELECT set_eq('SELECT * FROM standing_stored', 'SELECT * FROM before', 'a draft changes no standing');
SELECT is(count(*), 2::bigint, 'and gives none') FROM result;
SELECT throws_ok($$ SELECT * FROM evaluate('91110000600037341L', 'regress-new') $$, '42704', 'policy "regress-new" does not exist', 'nobody is evaluated by a draft');
SELECT is(regrade(), 0::bigint, 'and regrading finds nothing to do');
SELECT throws_ok($$ SELECT regrade('regress-new') $$, '42704', 'policy "regress-new" does not exist', 'no regrading by a draft');

-- ---------------------------------------------------------------------------
-- Adoption: another person, days of its own
-- ---------------------------------------------------------------------------
SET LOCAL ROLE regress_author;
SELECT throws_ok($$ SELECT adopt_policy('regress-new', '1') $$, '42501', 'cannot adopt a policy one has loaded oneself', 'the author does not adopt');
SELECT throws_ok($$ UPDATE policy SET status = 'adopted', adopted_by = 'somebody', adopted_at = now() WHERE policy = 'regress-new' $$, '42501',
	'permission denied for table policy', 'nor by the table');
RESET ROLE;
SELECT throws_ok($$ SET LOCAL ROLE regress_author; UPDATE policy SET status = 'draft' $$, '42501', 'permission denied for table policy', 'an editor has no right to update');
RESET ROLE;
SELECT throws_ok($$ UPDATE policy SET status = 'adopted', adopted_by = author, adopted_at = now(), adopted_on = '2024-03-01' WHERE policy = 'regress-new' $$, '23514',
	'new row for relation "policy" violates check constraint "policy_second_person"', 'not even the owner makes the author the adopter');
SET LOCAL ROLE regress_adopter;
SELECT throws_ok($$ SELECT adopt_policy('regress-new', '9') $$, '42704', 'version "9" of policy "regress-new" does not exist', 'an unknown version');
SELECT throws_ok($$ SELECT adopt_policy('regress-none', '1') $$, '42704', 'version "1" of policy "regress-none" does not exist', 'an unknown policy');
SELECT throws_ok($$ SELECT adopt_policy(NULL, NULL) $$, '42704', NULL, 'nothing');
SELECT is(adopt_policy('regress-new', '1'), 1::bigint, 'another person adopts, and the cohort is graded at once');
SELECT throws_ok($$ SELECT adopt_policy('regress-new', '1') $$, '55000', 'version "1" of policy "regress-new" is already adopted', 'once');
RESET ROLE;
SELECT results_eq($$ SELECT status, adopted_by FROM policy WHERE policy = 'regress-new' $$, $$ VALUES ('adopted', 'regress_adopter') $$, 'by whom is kept');
SELECT results_eq($$ SELECT policy, score FROM result WHERE policy = 'regress-new' $$, $$ VALUES ('regress-new', 101.0) $$, 'it grades');
SELECT is(cause, 'policy', 'and history says why') FROM standing_history WHERE version_id = (SELECT version_id FROM policy WHERE policy = 'regress-new');
SET LOCAL ROLE regress_author;
SELECT lives_ok(format('SELECT load_policy(%L)', :'new_2'), 'a second version of the same days can be loaded');
SET LOCAL ROLE regress_adopter;
SELECT throws_ok($$ SELECT adopt_policy('regress-new', '2') $$, '23P01', 'versions "1" and "2" of policy "regress-new" are in force on the same days',
	'but not adopted');
RESET ROLE;
SELECT lives_ok($$ DELETE FROM policy WHERE policy = 'regress-new' AND version = '2' $$, 'a draft can be deleted');
SET LOCAL ROLE regress_author;
SELECT lives_ok(format('SELECT load_policy(%L)', replace(:'new_2', 'from: 2020-01-01', 'from: 2019-01-01, until: 2020-01-01')), 'days that overlap by one');
SET LOCAL ROLE regress_adopter;
SELECT throws_ok($$ SELECT adopt_policy('regress-new', '2') $$, '23P01', 'versions "1" and "2" of policy "regress-new" are in force on the same days', 'are an overlap');
RESET ROLE;
DELETE FROM policy WHERE policy = 'regress-new' AND version = '2';
SET LOCAL ROLE regress_author;
SELECT load_policy(replace(:'new_2', 'from: 2020-01-01', 'from: 2018-01-01, until: 2018-12-31')) \g /dev/null
SET LOCAL ROLE regress_adopter;
SELECT lives_ok($$ SELECT adopt_policy('regress-new', '2') $$, 'a version for other days is adopted');
RESET ROLE;

-- ---------------------------------------------------------------------------
-- What is adopted stays
-- ---------------------------------------------------------------------------
SELECT throws_ok(v.statement, '55000', v.message, v.what)
  FROM (VALUES
	(1, $$ UPDATE policy SET yaml = yaml || ' ' WHERE policy = 'regress-new' AND version = '1' $$, 'cannot change version "1" of policy "regress-new"', 'the text of an adopted version'),
	(2, $$ UPDATE policy SET in_force_until = '2023-12-31' WHERE policy = 'regress-new' AND version = '1' $$, 'cannot change version "1" of policy "regress-new"', 'its days'),
	(3, $$ UPDATE policy SET status = 'draft', adopted_by = NULL, adopted_at = NULL WHERE policy = 'regress-new' AND version = '1' $$, 'cannot change version "1" of policy "regress-new"', 'its status'),
	(4, $$ DELETE FROM policy WHERE policy = 'regress-new' AND version = '1' $$, 'cannot change version "1" of policy "regress-new"', 'its row'),
	(5, $$ TRUNCATE policy CASCADE $$, 'cannot truncate policy versions', 'all of them')
  ) AS v (n, statement, message, what) ORDER BY v.n;
SET LOCAL ROLE regress_author;
SELECT load_policy(replace(:'new_2', 'version: "2"', 'version: "3"')) \g /dev/null
RESET ROLE;
SELECT throws_ok(v.statement, '55000', 'cannot change version "3" of policy "regress-new"', v.what)
  FROM (VALUES
	(1, $$ UPDATE policy SET yaml = yaml || ' ' WHERE version = '3' $$, 'the text of a draft'),
	(2, $$ UPDATE policy SET in_force_from = '2017-01-01', in_force_until = '2017-12-31' WHERE version = '3' $$, 'the days that its text says'),
	(3, $$ UPDATE policy SET title = '别的办法' WHERE version = '3' $$, 'its title'),
	(4, $$ UPDATE policy SET example = true WHERE version = '3' $$, 'whether it is an example'),
	(5, $$ UPDATE policy SET author = 'somebody' WHERE version = '3' $$, 'its author')
  ) AS v (n, statement, what) ORDER BY v.n;
SELECT throws_ok($$ UPDATE policy SET status = 'consultation' WHERE policy = 'regress-new' AND version = '3' $$, '23514', NULL, 'no consultation without days');

-- ---------------------------------------------------------------------------
-- Days: each is decided by the version then in force
-- ---------------------------------------------------------------------------
SELECT is(r.code, v.code, v.what), is(r.message, v.message, '  with its message'), matches(r.detail, v.says, '  and names the days')
  FROM (VALUES
	(1, $$ SELECT * FROM evaluate('91110000600037341L', 'regress-new', '2019-06-01') $$, '22023', 'policy "regress-new" does not cover 2019-06-01',
	 'No version is in force from 2019-01-01 through 2019-12-31. In force: version 2 from 2018-01-01 through 2018-12-31; version 1 from 2020-01-01 through infinity',
	 'a day between two versions'),
	(2, $$ SELECT * FROM explain('91110000600037341L', 'regress-new', '2017-12-31') $$, '22023', 'policy "regress-new" does not cover 2017-12-31',
	 'No version is in force through 2017-12-31. In force: version 2 from 2018-01-01', 'a day before all'),
	(3, $$ SELECT * FROM evaluate('91110000600037341L', 'regress-none') $$, '42704', 'policy "regress-none" does not exist', 'No version', 'an unknown policy')
  ) AS v (n, statement, code, message, says, what)
 CROSS JOIN LATERAL pg_temp.refusal(v.statement) AS r
 ORDER BY v.n;
SELECT is_empty($$ SELECT * FROM evaluate('91310115MA1K3BTP2B', 'regress-plain') $$, 'of whom nothing is known there is no outcome');

-- a penalty on 2024-06-01: 5 points by version 1, 15 by version 2 from 2024-07-01
SET LOCAL citycredit.today = '2024-06-10';
INSERT INTO record (subject, kind, document, authority, source, procedure, severity, decided_on)
VALUES ('91110000600037341L', 'penalty', 'D1', '11320400014109573H', 'regress', 'general', 'ordinary', '2024-06-01');
SELECT results_eq($$ SELECT d::date, e.version, e.score, e.band FROM unnest(ARRAY['2023-01-01', '2024-06-01', '2024-06-30', '2024-07-01', '2024-09-01', '2024-09-02']::date[]) AS d
                      CROSS JOIN LATERAL evaluate('91110000600037341L', 'regress-hold', d) AS e ORDER BY d $$,
	$$ VALUES (date '2023-01-01', '1', 100::numeric, 'good'), ('2024-06-01', '1', 95, 'good'), ('2024-06-30', '1', 95, 'good'), ('2024-07-01', '2', 85, 'bad'),
	          ('2024-09-01', '2', 85, 'bad'), ('2024-09-02', '2', 100, 'good') $$, 'each day is decided by the version in force on it');
SELECT results_eq($$ SELECT version, score, next_change_on FROM result WHERE policy = 'regress-hold' $$, $$ VALUES ('1', 95::numeric, date '2024-07-01') $$,
	'the end of a version is the next change');
SET LOCAL citycredit.today = '2024-06-30';
SELECT results_eq($$ SELECT version, score, band, next_change_on FROM result WHERE policy = 'regress-hold' $$, $$ VALUES ('1', 95::numeric, 'good', date '2024-07-01') $$,
	'the last day of a version');
SET LOCAL citycredit.today = '2024-07-01';
SELECT results_eq($$ SELECT version, score, band, next_change_on FROM result WHERE policy = 'regress-hold' $$, $$ VALUES ('2', 85::numeric, 'bad', date '2024-09-02') $$,
	'the first day of the next, and no job ran');
SELECT is_empty('SELECT * FROM verify_standings()', 'nothing stored is wrong');
SELECT is(refresh(), 1::bigint, 'the job finds it due');
SELECT results_eq($$ SELECT version, score, band, next_change_on FROM result WHERE policy = 'regress-hold' $$, $$ VALUES ('2', 85::numeric, 'bad', date '2024-09-02') $$,
	'and the view says the same');
SELECT is_empty('SELECT * FROM verify_standings()', 'and nothing stored is wrong');

-- a version adopted for days to come decides from its first day, one for the past regrades nobody
SET LOCAL ROLE regress_author;
SELECT load_policy(replace(:'plain', 'policy: regress-plain', 'policy: regress-later')) \g /dev/null
RESET ROLE;
SELECT replace(replace(:'plain', 'policy: regress-plain', 'policy: regress-later'), 'from: 2020-01-01', 'from: 2024-07-10, until: 2024-07-20') AS later \gset
DELETE FROM policy WHERE policy = 'regress-later';
SELECT is(pg_temp.put_in_force(:'later'), 1::bigint, 'a version of days to come is adopted');
SELECT is_empty($$ SELECT * FROM result WHERE policy = 'regress-later' $$, 'before its first day nobody has a standing by it');
SELECT throws_ok($$ SELECT * FROM evaluate('91110000600037341L', 'regress-later') $$, '22023', 'policy "regress-later" does not cover 2024-07-01', 'nor an outcome');
SET LOCAL citycredit.today = '2024-07-10';
SELECT results_eq($$ SELECT version, score, next_change_on FROM result WHERE policy = 'regress-later' $$, $$ VALUES ('1', 98.5::numeric, date '2024-07-21') $$, 'on its first day he has');
SET LOCAL citycredit.today = '2024-07-21';
SELECT is_empty($$ SELECT * FROM result WHERE policy = 'regress-later' $$, 'after its last day none');
SELECT is_empty('SELECT * FROM verify_standings()', 'nothing stored is wrong');
SELECT lives_ok('SELECT refresh()', 'the job passes over the end');
SELECT is_empty($$ SELECT * FROM result WHERE policy = 'regress-later' $$, 'and none is left');

-- ---------------------------------------------------------------------------
-- The cache of policies follows what happens to them
-- ---------------------------------------------------------------------------
SELECT _catalogue_builds() AS builds \gset
SELECT count(*) FROM standing, evaluate('91110000600037341L', 'regress-plain') \g /dev/null
SELECT is(_catalogue_builds(), :builds::bigint, 'reading reads policies once');
SAVEPOINT before_adoption;
SELECT pg_temp.put_in_force(replace(:'plain', 'policy: regress-plain', 'policy: regress-undone')) \g /dev/null
SELECT is(count(*), 1::bigint, 'a policy adopted in the same transaction grades') FROM result WHERE policy = 'regress-undone';
ROLLBACK TO before_adoption;
SELECT is(count(*), 0::bigint, 'until that is rolled back') FROM result WHERE policy = 'regress-undone';
SELECT lives_ok($$ INSERT INTO record (subject, kind, document, authority, source, procedure, severity, decided_on)
	VALUES ('91110000600037341L', 'penalty', 'D2', '11320400014109573H', 'regress', 'general', 'ordinary', '2024-07-01') $$, 'and records go on');
SELECT is_empty('SELECT * FROM verify_standings()', 'nothing stored is wrong');

-- ---------------------------------------------------------------------------
-- Tests beside a policy
-- ---------------------------------------------------------------------------
SELECT $yaml$policy: regress-hold
tests:
  - name: 一次一般违法
    facts:
      - {kind: participation, field: waste, state: taking_part, valid_from: 2020-01-01}
      - {kind: penalty, severity: ordinary, decided_on: 2024-01-10}
    expect:
      - {on: 2024-01-09, score: 100, band: good, fired: [], next_change_on: 2024-01-10}
      - {on: 2024-01-10, score: 95, fired: [graded], vetoes: []}
      - {on: 2024-04-10, score: 94}
      - {on: 2024-04-11, band: bad}
$yaml$ AS tests \gset
SELECT results_eq(format('SELECT name, ok, expected, actual, fired FROM test_policy(%L, %L)', :'hold', :'tests'),
	$$ VALUES ('一次一般违法, 2024-01-09', true, 'score=100 band=good fired= next_change_on=2024-01-10', 'score=100 band=good fired= next_change_on=2024-01-10', ''),
	          ('一次一般违法, 2024-01-10', true, 'score=95 fired=graded vetoes=', 'score=95 fired=graded vetoes=', 'graded'),
	          ('一次一般违法, 2024-04-10', false, 'score=94', 'score=95', 'graded'),
	          ('一次一般违法, 2024-04-11', false, 'band=bad', 'band=good', ''),
	          ('coverage of case 1 of item graded', false, 'reached by an expectation', 'not reached', ''), ('coverage of band bad', false, 'reached by an expectation', 'not reached', ''), ('coverage of veto heavy', false, 'reached by an expectation', 'not reached', '') $$,
	'a test that fails says what it expected and what came, and an unreached rule fails');
SELECT throws_ok(format('SELECT * FROM test_policy(%L, %L)', :'broken', :'tests'), '42P17', 'could not read policy: in force until before from', 'a policy with findings is not tested');
SELECT throws_ok(format('SELECT * FROM test_policy(%L, %L)', :'plain', :'tests'), '42P17', NULL, 'nor by the tests of another');
SELECT throws_ok(format('SELECT * FROM test_policy(%L, %L)', :'hold', replace(:'tests', 'score: 94', 'scroe: 94')), '42P17', NULL, 'a key that no outcome has');

-- the measures that come with the project
\set construction_waste `cat rules/changzhou/construction-waste.yaml`
\set construction_waste_tests `cat rules/changzhou/construction-waste.test.yaml`
\set sanitation `cat rules/changzhou/sanitation-services.yaml`
\set sanitation_tests `cat rules/changzhou/sanitation-services.test.yaml`
\set property `cat rules/lianyungang/property-services.yaml`
\set property_tests `cat rules/lianyungang/property-services.test.yaml`
\set labour `cat rules/national/labour-law-honesty.yaml`
\set labour_tests `cat rules/national/labour-law-honesty.test.yaml`
\set developers `cat rules/tianjin/real-estate-developers.yaml`
\set developers_tests `cat rules/tianjin/real-estate-developers.test.yaml`
CREATE TEMPORARY TABLE shipped (name text, yaml text, tests text);
INSERT INTO shipped VALUES
	('changzhou/construction-waste', :'construction_waste', :'construction_waste_tests'), ('changzhou/sanitation-services', :'sanitation', :'sanitation_tests'),
	('lianyungang/property-services', :'property', :'property_tests'), ('national/labour-law-honesty', :'labour', :'labour_tests'),
	('tianjin/real-estate-developers', :'developers', :'developers_tests');
SELECT is_empty(format('SELECT * FROM check_policy(%L) WHERE severity = ''error''', yaml), name || ' has no findings'),
       is_empty(format('SELECT * FROM test_policy(%L, %L) WHERE NOT ok', yaml, tests), '  passes its tests'),
       isnt_empty(format('SELECT * FROM test_policy(%L, %L) WHERE ok AND name NOT LIKE %L', yaml, tests, 'coverage%'), '  which are some'),
       lives_ok(format('SELECT pg_temp.put_in_force(%L)', yaml), '  and goes into force')
  FROM shipped ORDER BY name;
SELECT is_empty('SELECT * FROM verify_standings()', 'nothing stored is wrong');
SELECT * FROM finish();
ROLLBACK;
