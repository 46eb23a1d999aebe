-- tap_finding.sql -- verifying, classifying, amending and revoking: each a new version, each refused where it must be
\set ECHO none
\i test/include/intake.psql
SELECT plan(79);

INSERT INTO behaviour (code, edition, kind, field, name, severity, retired_on) VALUES
	('RX-01', '2020', 'penalty', 'old_waste', '擅自处置', 'ordinary', NULL),
	('RX-01', '2024', 'penalty', 'waste', '擅自处置', 'serious', NULL),
	('RX-02', '2020', 'penalty', 'waste', '旧条目', NULL, '2026-01-01'),
	('RX-03', '2020', 'award', 'waste', '表彰', NULL, NULL);
INSERT INTO source (source, kind, name, trusted_from, trusted_until) VALUES
	('trusted', 'penalty', '免复核', '2020-01-01', '2027-01-01'), ('trusted', 'participation', '免复核', '2020-01-01', 'infinity'),
	('past', 'penalty', '曾免复核', '2020-01-01', '2026-03-31');

-- Entered by the officer himself; the ETL's rights do not matter here.
GRANT INSERT ON record TO regress_officer;
SET LOCAL ROLE regress_officer;
INSERT INTO record (subject, kind, document, authority, source, decided_on, amount_fen, detail) VALUES
	('91321000000010014H', 'penalty', 'D1', 'A', 'other', '2026-02-01', 100000, '{"cf_wfxw": "擅自处置", "cf_sy": "事实"}'),
	('91321000000010014H', 'penalty', 'D2', 'A', 'trusted', '2026-02-02', NULL, NULL),
	('91321000000010014H', 'penalty', 'D3', 'A', 'past', '2026-02-03', NULL, NULL),
	('91321000000010014H', 'penalty', 'D4', 'A', 'trusted', '2025-12-31', NULL, NULL);
INSERT INTO record (subject, kind, document, authority, source, field, state, valid_from, valid_until) VALUES
	('91321000000010014H', 'participation', 'E1', 'A', 'trusted', 'waste', 'taking_part', '2026-01-01', '2026-12-31'),
	('91321000000010014H', 'participation', 'E2', 'A', 'other', 'greening', 'taking_part', '2026-01-01', NULL);
RESET ROLE;

CREATE FUNCTION pg_temp.id(doc text) RETURNS uuid LANGUAGE sql AS $$
	SELECT record_digest(CASE WHEN doc LIKE 'E%' THEN 'participation' ELSE 'penalty' END, 'A', doc, '91321000000010014H', 0::smallint)
$$;
CREATE VIEW pg_temp.now AS
	SELECT r.*, extract(epoch FROM r.known_until - r.known_from) AS length FROM citycredit.record AS r WHERE r.known_until = 'infinity';
-- Calls one of the functions on a document as a role; gives the version or what the refusal says.
CREATE FUNCTION pg_temp.call(role text, doc text, call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	statement text := format('SELECT citycredit.' || call, format('''91321000000010014H'', ''%s''', pg_temp.id(doc)));
BEGIN
	RETURN pg_temp.run(role, statement);
EXCEPTION WHEN OTHERS THEN
	RETURN pg_temp.refusal(role, statement);
END
$$;

-- ---------------------------------------------------------------------------
-- Direct entry
-- ---------------------------------------------------------------------------
SELECT results_eq($$ SELECT kind, name FROM subject WHERE subject::text = '91321000000010014H' $$, $$ VALUES ('legal_person', NULL::text) $$,
	'a record entered by code alone makes the subject');
SELECT is((SELECT r.record_id FROM pg_temp.now AS r WHERE r.document = 'D1'), pg_temp.id('D1'), '  under the digest of kind, authority, document, subject and part');
SELECT set_eq('SELECT document FROM unverified_record', ARRAY['D1', 'D3', 'E2'], 'what no trusted source sent waits for a second person; one trusted until yesterday too');
SELECT set_eq('SELECT document FROM unclassified_record', ARRAY['D1', 'D2', 'D3', 'D4'], 'what states no behaviour waits for a finding; a participation has none');
SELECT is((SELECT facts FROM unclassified_record WHERE document = 'D1'), E'擅自处置\n事实', '  with its words');
SELECT is((SELECT candidates FROM unclassified_record WHERE document = 'D1'), NULL, '  which no pattern matches');
UPDATE behaviour SET pattern = '处置' WHERE code = 'RX-01' OR code = 'RX-03';
INSERT INTO behaviour (code, edition, kind, field, name, pattern) VALUES ('RX-04', '2024', 'penalty', 'waste', '擅自', '擅自');
SELECT is((SELECT candidates FROM unclassified_record WHERE document = 'D1'), ARRAY['RX-01', 'RX-04'], '  or several');
SELECT results_eq('SELECT field, state, valid_from, valid_until, basis FROM enrolment',
	$$ VALUES ('waste', 'taking_part', date '2026-01-01', date '2026-12-31', 'E1') $$, 'a verified participation is an enrolment, an unverified one is not');

-- ---------------------------------------------------------------------------
-- Verifying
-- ---------------------------------------------------------------------------
SELECT matches(pg_temp.call('regress_officer', 'D1', 'verify_record(%s)'), '^42501 cannot verify record .* entered by the same person\nDETAIL .*\nHINT A second person', 'not by who entered it');
SELECT is(pg_temp.call('regress_head', 'D1', 'verify_record(%s)'), '2', 'by a second person: version 2');
SELECT results_eq($$ SELECT version, verified_by, entered_by, amount_fen, detail FROM pg_temp.now WHERE document = 'D1' $$,
	$$ VALUES (2::smallint, 'regress_head', 'regress_officer', 100000::bigint, '{"cf_wfxw": "擅自处置", "cf_sy": "事实"}'::jsonb) $$, '  with everything else as it was');
SELECT results_eq($$ SELECT a.known_until = b.known_from AND a.known_from < a.known_until FROM record AS a JOIN record AS b USING (record_id)
	WHERE a.document = 'D1' AND a.version = 1 AND b.version = 2 $$, 'VALUES (true)', '  beginning where the first one ends');
SELECT is((SELECT count(*) FROM record WHERE document = 'D1'), 2::bigint, '  and the first one kept');
SELECT is((SELECT recorded_on FROM pg_temp.now WHERE document = 'D1'), date '2026-03-31', '  the day of recording stays');
SELECT ok(NOT EXISTS (SELECT FROM unverified_record WHERE document = 'D1'), '  it waits no longer');
SELECT matches(pg_temp.call('regress_head', 'D1', 'verify_record(%s)'), '^55000 .* verified already\nDETAIL Version 2 was verified by "regress_head"', 'not twice');
INSERT INTO record (subject, kind, document, authority, source, held, entered_by) VALUES ('91321000000010014H', 'penalty', 'D5', 'A', 'trusted', '名称不符', 'x');
SELECT is((SELECT held FROM unverified_record WHERE document = 'D5'), '名称不符', 'a held record waits although its source is trusted');
SELECT is(pg_temp.call('regress_head', 'D5', 'verify_record(%s)'), '2', '  until somebody has looked');
SELECT results_eq($$ SELECT version, held FROM record WHERE document = 'D5' ORDER BY version $$, $$ VALUES (1::smallint, '名称不符'), (2::smallint, NULL) $$, '  the reason stays with the version that was held');
SELECT matches(pg_temp.call('regress_etl', 'D3', 'verify_record(%s)'), '^42501 permission denied for function', 'the ETL verifies nothing');

-- ---------------------------------------------------------------------------
-- Classifying
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.call('regress_officer', 'D2', $$classify_record(%s, behaviour => 'RX-01', procedure => 'general', awarded_points => -2.5, quantity => 3)$$), '2', 'a finding');
SELECT results_eq($$ SELECT version, behaviour, entered_by FROM pg_temp.now WHERE document = 'D2' $$, $$ VALUES (1::smallint, NULL::text, 'regress_officer') $$, '  waits beside the record, which counts as it is');
SELECT ok(NOT EXISTS (SELECT FROM unclassified_record WHERE document = 'D2'), '  nobody else need find it');
SELECT ok(EXISTS (SELECT FROM unverified_record WHERE document = 'D2'), '  but a second person looks at it: nobody moves a grade alone');
SELECT is(pg_temp.call('regress_head', 'D2', 'verify_record(%s)'), '2', '  and verifies it');
SELECT results_eq($$ SELECT behaviour, field, severity, procedure, awarded_points, quantity, intent, verified_by, entered_by FROM pg_temp.now WHERE document = 'D2' $$,
	$$ VALUES ('RX-01', 'waste', 'serious', 'general', -25000::bigint, 30000::bigint, NULL::text, 'regress_head', 'regress_officer') $$,
	'  field and severity from the latest edition; by the officer');
SELECT is(pg_temp.call('regress_head', 'D2', $$classify_record(%s, severity => 'minor', intent => 'malicious', responsibility => 'main', reason => '复核')$$), '3', 'a changed finding will be a new version');
SELECT is(pg_temp.call('regress_officer', 'D2', 'verify_record(%s)'), '3', '  is one');
SELECT results_eq($$ SELECT behaviour, severity, intent, responsibility, detail FROM pg_temp.now WHERE document = 'D2' $$,
	$$ VALUES ('RX-01', 'minor', 'malicious', 'main', '{"reason": "复核", "changed_by": "regress_head"}'::jsonb) $$, '  what is not given stays; the reason is kept');
SELECT is(pg_temp.call('regress_head', 'D1', $$classify_record(%s, behaviour => 'RX-01')$$), '3', 'a verified record is classified');
SELECT results_eq($$ SELECT version, verified_by FROM pg_temp.now WHERE document = 'D1' $$, $$ VALUES (2::smallint, 'regress_head') $$, '  and stays verified as it is');
SELECT matches(pg_temp.call('regress_head', 'D1', 'verify_record(%s)'), '^42501 cannot verify a change of record .* entered by the same person\nDETAIL Change \d+ was entered by "regress_head".\nHINT .*reject_change\(\) withdraws it', '  until a second person, who is not the one of the finding');
SELECT is(pg_temp.call('regress_officer', 'D1', 'verify_record(%s)'), '3', '  but may be the one who entered the first version');
SELECT is(pg_temp.call('regress_officer', 'D4', $$classify_record(%s, behaviour => 'RX-02')$$), '2', 'an entry retired since, for a decision before');
SELECT matches(pg_temp.call('regress_officer', v.doc, v.call), v.expected, v.label)
  FROM (VALUES
	(1, 'D3', $$classify_record(%s, behaviour => 'RX-02')$$, '^42704 behaviour "RX-02" does not exist\nDETAIL .* in use on 2026-02-03', 'a retired entry'),
	(2, 'D3', $$classify_record(%s, behaviour => 'RX-03')$$, '^42704 behaviour "RX-03" does not exist', 'an entry for another kind of record'),
	(3, 'D3', $$classify_record(%s, behaviour => 'RX-01', field => 'greening')$$, '^22023 behaviour "RX-01" belongs to field "waste", not to "greening"', 'a field that is not the entry''s'),
	(4, 'D3', 'classify_record(%s)', '^22023 no finding given', 'nothing'),
	(5, 'D3', 'classify_record(%s, awarded_points => 0.00001)', '^22023 points and quantities have at most four decimals', 'too many decimals'),
	(6, 'D3', $$classify_record(%s, severity => 'terrible')$$, '^23514', 'a severity that is none'),
	(7, 'D9', $$classify_record(%s, behaviour => 'RX-01')$$, '^P0002 record .* does not exist', 'an unknown record')
  ) AS v (n, doc, call, expected, label) ORDER BY v.n;

-- ---------------------------------------------------------------------------
-- Amending
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.call('regress_officer', 'D1', $$amend_record(%s, '{"amount_fen": 50000, "fine_fen": 20000, "severity": null, "detail": {"cf_sy": "更正后的事实"}}', '金额有误')$$), '4', 'an amendment');
SELECT results_eq($$ SELECT version, reason, changes FROM unverified_record WHERE document = 'D1' $$,
	$$ VALUES (3::smallint, '金额有误', '{"amount_fen": {"from": 100000, "to": 50000}, "fine_fen": {"from": null, "to": 20000}, "severity": {"from": "serious", "to": null},
		"detail.cf_sy": {"from": "事实", "to": "更正后的事实"}}'::jsonb) $$, '  waits for a second person, with its reason and what would change');
SELECT is(pg_temp.call('regress_head', 'D1', 'verify_record(%s)'), '4', '  who verifies it');
SELECT results_eq($$ SELECT amount_fen, fine_fen, severity, behaviour, detail ->> 'reason', detail ->> 'changed_by', detail ->> 'cf_sy', detail ->> 'cf_wfxw', verified_by, record_id
	FROM pg_temp.now WHERE document = 'D1' $$,
	$$ SELECT 50000::bigint, 20000::bigint, NULL::text, 'RX-01', '金额有误', 'regress_officer', '更正后的事实', '擅自处置', 'regress_head', pg_temp.id('D1') $$,
	'  null clears, detail is merged, the reason kept, the identity the same');
SELECT is(pg_temp.call('regress_officer', 'D2', $$amend_record(%s, '{"severity": "very_serious"}', '有误')$$), '4', 'what a trusted source sent is amended');
SELECT results_eq($$ SELECT document, entered_by, held FROM unverified_record WHERE document = 'D2' $$,
	$$ VALUES ('D2', 'regress_officer', '变更待第二人审核，此前按现行版本计入 / a change, a second person has to verify it; until then the record counts as it is') $$, '  not without a second person');
SELECT matches(pg_temp.call('regress_officer', 'D2', 'verify_record(%s)'), '^42501', '  nor by the same person');
SELECT is(pg_temp.call('regress_head', 'D2', 'verify_record(%s)'), '4', '  but by a second one');
SELECT ok(NOT EXISTS (SELECT FROM unverified_record WHERE document = 'D2'), '  it waits no longer');
SELECT is(pg_temp.call('regress_officer', 'D3', $$amend_record(%s, '{"behaviour": "RX-01"}', '补充')$$), '2', 'a behaviour by amendment, of a record that does not count yet');
SELECT results_eq($$ SELECT version, held FROM pg_temp.now WHERE document = 'D3' $$, $$ VALUES (2::smallint, '人工更正，待第二人审核 / amended by hand, a second person has to verify it') $$, '  is a version at once');
SELECT is((SELECT field FROM pg_temp.now WHERE document = 'D3'), 'waste', '  brings its field');
SELECT matches(pg_temp.call('regress_officer', 'D3', v.call), v.expected, v.label)
  FROM (VALUES
	(1, $$amend_record(%s, '{"document": "X", "verified_by": "x"}', 'r')$$, '^22023 cannot amend document, verified_by\nDETAIL Columns that can be amended: .*\nHINT .*fed again', 'identity and verification'),
	(2, $$amend_record(%s, '{"repaired_on": "2026-03-01"}', 'r')$$, '^22023 cannot amend repaired_on', 'repair'),
	(3, $$amend_record(%s, '{"amount": 1}', 'r')$$, '^22023 cannot amend amount', 'no such column'),
	(4, $$amend_record(%s, '{"amount_fen": 1}', '　 ')$$, '^22023 no reason given', 'no reason'),
	(5, $$amend_record(%s, '{"amount_fen": 1}', NULL)$$, '^22023 no reason given', '  not even a NULL'),
	(6, $$amend_record(%s, '{}', 'r')$$, '^22023 no changes given', 'no changes'),
	(7, $$amend_record(%s, '[1]', 'r')$$, '^22023 no changes given', 'no object'),
	(8, $$amend_record(%s, '{"detail": 1}', 'r')$$, '^22023 detail must be an object', 'detail that is no object'),
	(9, $$amend_record(%s, '{"behaviour": "RX-09"}', 'r')$$, '^42704 behaviour "RX-09" does not exist', 'an unknown behaviour'),
	(10, $$amend_record(%s, '{"amount_fen": "viel"}', 'r')$$, '^22P02', 'a value that is none'),
	(11, $$amend_record(%s, '{"amount_fen": 1, "fine_fen": 2}', 'r')$$, '^23514 .*record_fine_in_amount', 'a fine larger than fine and confiscation together')
  ) AS v (n, call, expected, label) ORDER BY v.n;

-- ---------------------------------------------------------------------------
-- Revoking
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.call('regress_officer', 'D1', $$revoke_record(%s, '2026-03-30', '复议撤销')$$), '5', 'a revocation');
SELECT results_eq($$ SELECT revoked_on, detail ->> 'reason', verified_by, entered_by FROM pg_temp.now WHERE document = 'D1' $$,
	$$ VALUES (date '2026-03-30', '复议撤销', 'regress_head', 'regress_officer') $$, '  keeps the reason, and who entered and verified the fact');
SELECT ok(NOT EXISTS (SELECT FROM unclassified_record WHERE document = 'D1') AND NOT EXISTS (SELECT FROM unverified_record WHERE document = 'D1'), '  nobody waits for it');
SELECT matches(pg_temp.call('regress_officer', v.doc, v.call), v.expected, v.label)
  FROM (VALUES
	(1, 'D1', $$revoke_record(%s, '2026-03-30', 'r')$$, '^55000 .* revoked already\nDETAIL .*2026-03-30.*\nHINT .*amend_record', 'twice'),
	(3, 'D3', $$revoke_record(%s, '2026-04-01', 'r')$$, '^22023 .* cannot be revoked on 2026-04-01', 'tomorrow'),
	(4, 'D3', $$revoke_record(%s, '2026-02-02', 'r')$$, '^22023', 'before the decision'),
	(5, 'D3', $$revoke_record(%s, NULL, 'r')$$, '^22023 .* no day', 'on no day'),
	(6, 'D3', $$revoke_record(%s, '2026-03-31', '')$$, '^22023 no reason given', 'without a reason'),
	(7, 'D9', $$revoke_record(%s, '2026-03-31', 'r')$$, '^P0002', 'an unknown record')
  ) AS v (n, doc, call, expected, label) ORDER BY v.n;
SELECT is(pg_temp.call('regress_officer', 'D3', $$revoke_record(%s, '2026-03-31', '撤销')$$), '3', 'a record nobody has verified is revoked');
SELECT matches(pg_temp.call('regress_head', 'D3', 'verify_record(%s)'), '^55000 cannot verify revoked record', '  and is not verified any more');
SELECT is(pg_temp.call('regress_head', 'E1', $$revoke_record(%s, '2026-03-31', '停业')$$), '2', 'a participation is revoked');
SELECT is_empty('SELECT * FROM enrolment', '  and enrols nobody');

-- closed by hand, the record has no version left to go on from
UPDATE record SET known_until = clock_timestamp() WHERE document = 'D4' AND known_until = 'infinity';
SELECT matches(pg_temp.call('regress_head', 'D4', 'verify_record(%s)'), '^55000 record .* has no current version\nDETAIL .*\nHINT', 'a record without a current version');
SELECT throws_ok($$ UPDATE record SET amount_fen = 1 WHERE document = 'D3' $$, '55000', NULL, 'overwriting is refused all along');
SELECT * FROM finish();
ROLLBACK;
