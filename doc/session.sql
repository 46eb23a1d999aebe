-- session.sql -- from an empty database to a grade that moves and an entry on a list; the text of the session in README.md
-- For a throwaway server: psql as superuser. Today is 2026-03-02.

CREATE EXTENSION citycredit;
SELECT citycredit.create_registry();
SET search_path = citycredit, public;
SET citycredit.today = '2026-03-02';
CREATE ROLE clerk; CREATE ROLE director;
SELECT grant_profile(role, profile)
  FROM unnest('{clerk,director}'::regrole[]) AS role, unnest('{policy_editor,officer}'::text[]) AS profile;
INSERT INTO department_competence (department, role, duty)
VALUES ('云河市城市管理局', 'clerk', 'officer'), ('云河市城市管理局', 'director', 'decider');

SET ROLE clerk;
SELECT * FROM load_policy($$
policy: yunhe-waste
title: 云河市建筑垃圾运输信用评价办法
version: "2026"
issuer: 云河市城市管理局
in_force: {from: 2026-01-01}
sources:
  measure: {title: 云河市建筑垃圾运输信用评价办法, rank: normative_document}
inputs: [participation, penalty]
applies_to: {enrolled_by: {kind: participation, field: construction_waste, state: taking_part}}
score: {base: 100}
items:
  - id: dumping
    name: 未经核准擅自处置建筑垃圾
    match: {kind: penalty, behaviour: CW-01}
    points: {cases: [{when: {amount: {at_least: 1万元}}, points: -30}], otherwise: -10}
    window: {from: decided_on, months: 12}
    cite: {source: measure, article: 第五条}
bands:
  step: 1
  cite: {source: measure, article: 第六条}
  of:
    - {id: A, name: 优秀, when: {score: {at_least: 90}}}
    - {id: B, name: 良好, when: {score: {at_least: 80, below: 90}}}
    - {id: D, name: 较差, when: {score: {below: 80}}}
scale: {A: A, B: B, D: D}
lists:
  - {id: watch, list: watch, name: 重点关注名单, when: {band: D}, term: {months: 6}, cite: {source: measure, article: 第七条}}
$$);
SET ROLE director;
SELECT adopt_policy('yunhe-waste', '2026');
RESET ROLE;
INSERT INTO list_parameter (policy, rule, objection, cite) VALUES ('yunhe-waste', 'watch', '{"working_days": 10}', '云河市建筑垃圾运输信用评价办法 第七条');

INSERT INTO source (source, kind, name, trusted_from)
VALUES ('11329901MA00000158', 'participation', '云河市城市管理局', '2026-01-01'), ('11329901MA00000158', 'penalty', '云河市城市管理局', '2026-01-01');
SELECT register_subject('91329901MA1D4TQ31G', '云河市邦联金渣土运输有限公司');
INSERT INTO record (subject, kind, document, authority, source, field, state, valid_from)
VALUES ('91329901MA1D4TQ31G', 'participation', '云信参评〔2026〕1号', '11329901MA00000158', '11329901MA00000158',
        'construction_waste', 'taking_part', '2026-01-01');
SELECT subject, policy, score, band, credit_grade, next_change_on FROM standing;

INSERT INTO record (subject, kind, document, authority, source, behaviour, amount_fen, decided_on)
VALUES ('91329901MA1D4TQ31G', 'penalty', '云城管罚决字〔2026〕7号', '11329901MA00000158', '11329901MA00000158', 'CW-01', 2000000, '2026-02-27');
SELECT subject, policy, score, band, credit_grade, next_change_on FROM standing;
SELECT part, name, document, points, status, last_day, clause FROM explain('91329901MA1D4TQ31G', 'yunhe-waste');

SET ROLE clerk;
SELECT serve_listing(
	propose_listing('91329901MA1D4TQ31G', 'watch', 'yunhe-waste', 'watch', '云河市城市管理局', '较差等级', objection_days => 10),
	'2026-03-02', 'direct', objection_until => '2026-03-16');
RESET ROLE;
SET citycredit.today = '2026-03-17';
SET ROLE director;
SELECT recognize_listing(entry_id) FROM listing WHERE stage = 'ready';
RESET ROLE;
SELECT code, name, list_name, department, listed_from, listed_until FROM watch_list;
