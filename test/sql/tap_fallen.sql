-- tap_fallen.sql -- a listing ends with the records that it rested on; what changed a grade stands in the history
\set ECHO none
\i test/include/tap.psql
SELECT citycredit.create_registry() \g /dev/null
CREATE ROLE regress_one SUPERUSER;
CREATE ROLE regress_two SUPERUSER;
SET citycredit.today = '2026-03-01';
\i test/include/terms.psql
INSERT INTO department_competence (department, role, duty, valid_from) VALUES ('测试局', 'regress_one', 'officer', '2026-01-01'), ('测试局', 'regress_two', 'decider', '2026-01-01');
SELECT plan(13);

SET ROLE regress_one;
SELECT load_policy($yaml$
policy: regress-fallen
title: 测试
version: "1"
issuer: 测试局
in_force: {from: 2020-01-01}
sources:
  m: {title: 测试办法, rank: regulation}
inputs: [participation, penalty]
applies_to: {enrolled_by: {kind: participation, field: waste}}
score: {base: 100}
items:
  - {id: bad, name: 违法, match: {kind: penalty}, points: -50, window: {from: decided_on, months: 2}, cite: {source: m, article: 一}}
bands:
  step: 1
  cite: {source: m, article: 二}
  of:
    - {id: A, name: 好, when: {score: {at_least: 60}}}
    - {id: E, name: 差, when: {score: {below: 60}}}
lists:
  - {id: black, name: 黑名单, list: black, when: {band: E}, term: {years: 1}, basis: {source: m, article: 三}, cite: {source: m, article: 三}}
$yaml$) \g /dev/null
SET ROLE regress_two;
SELECT adopt_policy('regress-fallen', '1') \g /dev/null
RESET ROLE;
INSERT INTO source (source, kind, name, trusted_from) VALUES ('s', 'penalty', '局', '2020-01-01'), ('s', 'participation', '局', '2020-01-01');
INSERT INTO subject (subject, kind, name) VALUES ('91110000600037341L', 'legal_person', '某公司');
INSERT INTO record (subject, kind, document, authority, source, field) VALUES ('91110000600037341L', 'participation', 'P', 'a', 's', 'waste');
INSERT INTO record (subject, kind, document, authority, source, decided_on) VALUES ('91110000600037341L', 'penalty', 'D', 'a', 's', '2026-02-01');

SET ROLE regress_one;
SELECT propose_listing('91110000600037341L', 'black', 'regress-fallen', 'black', '测试局', '一次违法', 5) AS entry \gset
SELECT serve_listing(:entry, '2026-03-01', 'direct', '2026-03-06') \g /dev/null
RESET ROLE;
SET citycredit.today = '2026-03-10';
SET ROLE regress_two;
SELECT recognize_listing(:entry) \g /dev/null
SELECT is((SELECT count(*)::int FROM black_list), 1, 'listed');

-- a record that has run its time leaves the entry as it is
RESET ROLE;
SET citycredit.today = '2026-05-01';
SELECT is((SELECT band FROM standing), 'A', 'the penalty counts no longer');
SELECT is((SELECT count(*)::int FROM black_list), 1, '  the entry stays for its term');

-- a finding of one officer moves nothing
SET ROLE regress_one;
SELECT is(classify_record('91110000600037341L', r.record_id, procedure => 'general'), 2::smallint, 'a finding')
  FROM record AS r WHERE r.document = 'D' AND r.known_until = 'infinity';
SELECT is((SELECT count(*)::int FROM unverified_record WHERE document = 'D'), 1, '  waits for a second person');
SELECT throws_ok($$ SELECT verify_record('91110000600037341L', r.record_id) FROM record AS r WHERE r.document = 'D' AND r.known_until = 'infinity' $$,
	'42501', NULL, '  who is another one');
SELECT throws_ok($$ SELECT amend_record('91110000600037341L', r.record_id, '{"decided_on": "2026-12-31"}', '更正') FROM record AS r WHERE r.document = 'D' AND r.known_until = 'infinity' $$,
	'22008', NULL, 'a decision is not in the future');
SET ROLE regress_two;
SELECT is(verify_record('91110000600037341L', r.record_id), 2::smallint, '  verified') FROM record AS r WHERE r.document = 'D' AND r.known_until = 'infinity';
SELECT is((SELECT count(*)::int FROM black_list), 1, '  the entry stays: its ground is the same');

-- revoked, the record never counted
SELECT is(revoke_record('91110000600037341L', r.record_id, '2026-05-01', '处罚撤销'), 3::smallint, 'revoked') FROM record AS r WHERE r.document = 'D' AND r.known_until = 'infinity';
SELECT is((SELECT concat_ws('|', to_char(removed_on, 'YYYY-MM-DD'), removed_by, removal_reason) FROM list_entry),
	'2026-05-01|regress_two|列入依据的记录已撤销或更正 / the records it rested on were revoked or corrected', '  the entry has ended with it');
SELECT is((SELECT count(*)::int FROM black_list), 0, '  in the same transaction');
SELECT is((SELECT cardinality(records) FROM standing_history WHERE cause = 'amendment' ORDER BY seq DESC LIMIT 1), 1, 'the history names the record that was changed');
SELECT * FROM finish();
ROLLBACK;
