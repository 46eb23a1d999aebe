-- tap_row_security.sql -- row security on the records never makes a grade of a part of them: it is an error
\set ECHO none
\i test/include/tap.psql
CREATE ROLE regress_owner;
GRANT USAGE ON SCHEMA citycredit TO regress_owner;
SELECT citycredit.create_registry('regress_owner') \g /dev/null
SET citycredit.today = '2026-03-01';
SELECT plan(5);
INSERT INTO policy (policy, version, policy_id, title, issuer, example, in_force_from, digest, yaml, author, status, adopted_by, adopted_at)
SELECT h.policy, h.version, 1, h.title, h.issuer, h.example, h.in_force_from, '\x00', y.yaml, 'one', 'adopted', 'two', now()
  FROM (VALUES ($yaml$
policy: regress-rls
title: 测试
version: "1"
issuer: 测试局
in_force: {from: 2020-01-01}
sources:
  m: {title: 测试办法, rank: regulation}
inputs: [participation, penalty]
applies_to: {enrolled_by: {kind: participation}}
score: {base: 100}
items:
  - {id: bad, name: 违法, match: {kind: penalty}, points: -30, window: always, cite: {source: m, article: 一}}
bands:
  choose: best
  gap: refer
  cite: {source: m, article: 二}
  of:
    - {id: A, name: 好, when: {score: {at_least: 90}}}
    - {id: B, name: 中, when: {score: {below: 90}}}
$yaml$)) AS y (yaml), LATERAL _policy_header(y.yaml) AS h;
INSERT INTO source (source, kind, name, trusted_from) VALUES ('s', 'penalty', '局', '2020-01-01'), ('s', 'participation', '局', '2020-01-01');
INSERT INTO record (subject, kind, document, authority, source, valid_from) VALUES ('91110000600037341L', 'participation', 'P', 'a', 's', '2020-01-01');
INSERT INTO record (subject, kind, document, authority, source, decided_on) VALUES ('91110000600037341L', 'penalty', 'D', 'a', 's', '2026-02-01');
SELECT is((SELECT score FROM standing), 70::numeric, 'both records count');
ALTER TABLE record ENABLE ROW LEVEL SECURITY;
ALTER TABLE record FORCE ROW LEVEL SECURITY;
CREATE POLICY regress_hide ON record USING (kind <> 'penalty') WITH CHECK (true);
SELECT throws_ok($$ SELECT * FROM evaluate('91110000600037341L', 'regress-rls') $$, '42501', NULL, 'evaluate() is refused');
SELECT throws_ok($$ SELECT * FROM explain('91110000600037341L', 'regress-rls') $$, '42501', NULL, 'explain() is refused');
SELECT throws_ok($$ SELECT * FROM verify_standings() $$, '42501', NULL, 'verification is refused');
-- the trigger works as the owner does in triggers of foreign keys: by all rows
INSERT INTO record (subject, kind, document, authority, source, decided_on) VALUES ('91110000600037341L', 'penalty', 'D2', 'a', 's', '2026-02-02');
SELECT is((SELECT score FROM standing), 40::numeric, 'the trigger grades by all records');
SELECT * FROM finish();
ROLLBACK;
