-- tap_identity.sql -- names made comparable, organisations by code, persons by a keyed hash of their document
\set ECHO none
\i test/include/intake.psql
SELECT plan(77);

-- ---------------------------------------------------------------------------
-- Names and document numbers
-- ---------------------------------------------------------------------------
SELECT is(normal_name(v.given), v.expected, format('normal_name: %s', v.label))
  FROM (VALUES
	(1, '扬州（某某）公司', '扬州(某某)公司', 'full-width brackets'),
	(2, '扬州(某某)公司', '扬州(某某)公司', 'half-width brackets'),
	(3, '　扬州 某某　公司 ', '扬州某某公司', 'spaces of both widths'),
	(4, '扬州 ( 某某 ) 公司', '扬州(某某)公司', 'spaces beside brackets'),
	(5, 'ＡＢＣ  Trading　Ｌｔｄ．', 'ABC Trading Ltd.', 'full-width letters; one space between words'),
	(6, '阿不都•热合曼', '阿不都·热合曼', 'bullet'),
	(7, '阿不都・热合曼', '阿不都·热合曼', 'katakana middle dot'),
	(8, E'扬州\u200B某某\uFEFF公司', '扬州某某公司', 'invisible characters'),
	(9, E'扬州\u00A0某某', '扬州某某', 'no-break space'),
	(10, '甲2 号 B 店', '甲2号B店', 'spaces between Chinese and ASCII'),
	(11, '', '', 'nothing'),
	(12, '〇㐀𠀀', '〇㐀𠀀', 'rare characters stay')
  ) AS v (n, given, expected, label) ORDER BY v.n;
SELECT is(normal_name(NULL), NULL::text, 'normal_name: NULL');
SELECT is(normal_name(normal_name('　Ａ（ 中 ） b ')), normal_name('　Ａ（ 中 ） b '), 'normal_name: twice is once');
SELECT is(normal_document(v.given), '扬城管罚〔2026〕1号', format('normal_document: %s', v.given))
  FROM (VALUES (1, '扬城管罚〔2026〕1号'), (2, '扬城管罚[2026]1号'), (3, '扬城管罚（2026）１号'), (4, '扬城管罚【2026】 1号'), (5, '扬城管罚﹝2026﹞1 号'),
	(6, '扬城管罚［２０２６］1号')) AS v (n, given) ORDER BY v.n;

-- ---------------------------------------------------------------------------
-- Fields of the exchange forms
-- ---------------------------------------------------------------------------
SELECT is(_exchange_day(v.given), v.expected, format('day: "%s"', v.given))
  FROM (VALUES
	(1, '2024-02-29', date '2024-02-29'), (2, '2024/02/29', '2024-02-29'), (3, '20240229', '2024-02-29'), (4, '2023-02-29', NULL), (5, '2024-2-9', NULL),
	(6, '2024-02/29', NULL), (7, '2024-13-01', NULL), (8, '2024-04-31', NULL), (9, '2024-01-01 00:00:00', NULL), (10, '0000-01-01', NULL), (11, '', NULL)
  ) AS v (n, given, expected) ORDER BY v.n;
SELECT is(_exchange_decimal(v.given, v.places), v.expected, format('decimal: "%s" in 10^-%s', v.given, v.places))
  FROM (VALUES
	(1, '1', 6, 1000000), (2, '0.000001', 6, 1), (3, '0.0000001', 6, NULL), (4, '1.2500000', 6, 1250000), (5, '-2.5', 4, -25000), (6, '.5', 6, NULL),
	(7, '5.', 6, NULL), (8, '1.2.3', 6, NULL), (9, '1,000', 6, NULL), (10, '1e3', 6, NULL), (11, '9223372036854.775807', 6, 9223372036854775807),
	(12, '9223372036854.775808', 6, NULL), (13, '-', 6, NULL)
  ) AS v (n, given, places, expected) ORDER BY v.n;

-- RFC 4231, test case 2
SELECT is(_hmac_sha256('Jefe', 'what do ya want for nothing?'), '\x5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'::bytea, 'HMAC-SHA256 of RFC 4231');
SELECT is(_hmac_sha256(convert_to(repeat('k', 200), 'UTF8'), '\x'), _hmac_sha256(sha256(convert_to(repeat('k', 200), 'UTF8')), '\x'), 'a long key is hashed first');

-- ---------------------------------------------------------------------------
-- Organisations
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.run('regress_officer', $$ SELECT citycredit.register_subject('91110000600037341l', '北京（某某） 公司') $$), '91110000600037341L', 'an organisation by its code');
SELECT results_eq($$ SELECT subject::text, kind, name, district FROM subject WHERE subject::text = '91110000600037341L' $$,
	$$ VALUES ('91110000600037341L', 'legal_person', '北京(某某)公司', NULL::text) $$, '  kind from the code, name normalised');
SELECT pg_temp.run('regress_officer', $$ SELECT citycredit.register_subject('91110000600037341L', NULL, district => '东湖区') $$) \g /dev/null
SELECT results_eq($$ SELECT name, district FROM subject WHERE subject::text = '91110000600037341L' $$, $$ VALUES ('北京(某某)公司', '东湖区') $$, '  NULL leaves as is');
SELECT pg_temp.run('regress_officer', $$ SELECT citycredit.register_subject('91110000600037341L', '新名公司') $$) \g /dev/null
SELECT is((SELECT name FROM subject WHERE subject::text = '91110000600037341L'), '新名公司', '  a new name replaces the old');
SELECT matches(pg_temp.refusal('regress_officer', v.statement), v.expected, v.label)
  FROM (VALUES
	(1, $$ SELECT citycredit.register_subject('91110000600037341M', 'x') $$, '^22P02', 'a wrong check character'),
	(2, $$ SELECT citycredit.register_subject('91110000600037341L', 'x', 'natural_person') $$, '^22023 subject "91110000600037341L" cannot be of kind', 'an organisation is no person'),
	(3, $$ SELECT citycredit.register_subject('91110000600037341L', 'x', 'firm') $$, '^22023', 'an unknown kind'),
	(4, $$ SELECT citycredit.register_subject('PELDB1FB2CB0F37UX8', 'x') $$, '^P0002 person .*register_person', 'a person''s code is not made up')
  ) AS v (n, statement, expected, label) ORDER BY v.n;

-- ---------------------------------------------------------------------------
-- Natural persons
-- ---------------------------------------------------------------------------
SELECT pg_temp.run('regress_officer', $$ SELECT citycredit.register_person('身份证', '32100219600102000X', '张　三') $$) AS person \gset
SELECT matches(:'person'::text, '^P', 'a person by the ID card has a random code');
SELECT is((SELECT name FROM subject WHERE subject::text = :'person'), '张三', '  and a name');
SELECT is(pg_temp.run('regress_officer', $$ SELECT citycredit.register_person('居民身份证', ' ３21002１9600102000x', '张三') $$), :'person', '  found again, however it is typed');
SELECT isnt(pg_temp.run('regress_officer', $$ SELECT citycredit.register_person('身份证', '321002196001030005', '李四') $$), :'person', 'another card is another person');
SELECT ok(NOT EXISTS (SELECT FROM person_identity AS p WHERE position(convert_to('32100219600102000X', 'UTF8') IN p.hmac) > 0 OR p::text LIKE '%32100219600102000X%'),
	'the number is not stored');
SELECT is(pg_temp.refusal('regress_officer', format($$ SELECT citycredit.join_person_document(%L, '护照', 'E12345678') $$, :'person')), NULL, 'a passport is joined');
SELECT is(pg_temp.run('regress_officer', $$ SELECT citycredit.register_person('护照', 'e1234 5678', NULL) $$), :'person', '  and leads to the same person');
SELECT isnt(pg_temp.run('regress_officer', $$ SELECT citycredit.register_person('台湾居民来往大陆通行证', 'E12345678', '王五') $$), :'person', '  a permit of the same number does not');

SELECT rotate_identity_key() AS new_key \gset
SELECT is(:'new_key'::int, 2, 'a new key');
SELECT is((SELECT count(*) FROM identity_key WHERE retired IS NULL), 1::bigint, '  is the only one in use');
SELECT is(pg_temp.run('regress_officer', $$ SELECT citycredit.register_person('护照', 'E12345678', NULL) $$), :'person', '  the old one still finds');
SELECT is((SELECT count(*) FROM person_identity WHERE key_id = 2), 1::bigint, '  and what it finds is stored under the new one');
SELECT is(pg_temp.run('regress_officer', $$ SELECT citycredit.register_person('护照', 'E12345678', NULL) $$), :'person', '  which then finds it too');

SELECT matches(pg_temp.refusal('regress_officer', replace(v.statement, 'PERSON', :'person')), v.expected, v.label)
  FROM (VALUES
	(1, $$ SELECT citycredit.register_person('身份证', '321002196001020001', 'x') $$, '^22023 invalid document number', 'a wrong check character'),
	(2, $$ SELECT citycredit.register_person('军官证', '321002196001030005', 'x') $$, '^22023 document type "军官证" does not exist', 'an unknown type'),
	(3, $$ SELECT citycredit.register_person('护照', NULL, 'x') $$, '^22023 invalid document number', 'no number'),
	(4, $$ SELECT citycredit.join_person_document('PERSON', '身份证', '321002196001030005') $$, '^23505 the document belongs to person "P', 'another''s document'),
	(5, $$ SELECT citycredit.join_person_document('91110000600037341L', '身份证', '321002196001030005') $$, '^P0002 person "91110000600037341L"', 'a document of no person'),
	(6, $$ SELECT secret FROM citycredit.identity_key $$, '^42501', 'the keys are the owner''s'),
	(7, $$ SELECT citycredit.rotate_identity_key() $$, '^42501', '  and so is changing them')
  ) AS v (n, statement, expected, label) ORDER BY v.n;
SELECT unalike(pg_temp.refusal('regress_officer', $$ SELECT citycredit.register_person('身份证', '321002196001020001', 'x') $$), '%321002196001020001%', 'a refusal does not repeat the number');

SELECT matches(pg_temp.refusal('regress_officer', format($$ SELECT citycredit.register_subject(%L, NULL, 'official') $$, :'person')), '^42501', 'an officer makes nobody an official');
SELECT register_subject(:'person', NULL, 'official') \g /dev/null
SELECT is((SELECT kind || ' ' || name FROM subject WHERE subject::text = :'person'), 'official 张三', 'a registered person becomes an official');
SELECT * FROM finish();
ROLLBACK;
