-- tap_lives_conditions.sql -- what a city may demand of who wants to be repaired: interview, credit report, public welfare; whom a measure keeps from commitments; what a regime
-- does not let be repaired; where an appeal goes
\set ECHO none
\i test/include/proceeding.psql
\i test/include/repair.psql
SELECT plan(27);

-- ---------------------------------------------------------------------------
-- By correction, pledge, interview, report and public welfare (常城管〔2020〕147号, 三(六))
-- ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.adopt(condition text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN pg_temp.run('regress_editor_two', format('SELECT approve_repair_condition(%s)', pg_temp.run('regress_editor', format('SELECT adopt_repair_condition(%L, ''测试修复办法第三条'')', condition))));
END
$$;
CREATE TEMPORARY TABLE pledged AS SELECT pg_temp.pledge('91110000600037341L') AS code;
GRANT SELECT ON pledged TO PUBLIC;
CREATE FUNCTION pg_temp.lacking(more jsonb DEFAULT '[]') RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(p.rule, ' ' ORDER BY p.rule) FROM repair_problems('91110000600037341L', pg_temp.rec('D1'), evidence => pg_temp.evidence((SELECT code FROM pledged)) || more) AS p
$$;
SELECT is(pg_temp.lacking(), NULL, 'corrected and pledged, nothing stands in the way');
SELECT is(pg_temp.adopt(c), '2026-03-02', 'the city adopts ' || c) FROM unnest(ARRAY['policy_interview', 'policy_report', 'policy_public_welfare']) AS u (c);
SELECT is(pg_temp.lacking(), 'credit_report interview public_welfare', 'then all three are named at once');
SELECT is(pg_temp.lacking('[{"kind": "credit_report", "reference": "报告1号"}]'), 'interview public_welfare', 'a credit report');
SELECT is(pg_temp.lacking('[{"kind": "credit_report", "reference": "报告1号"}, {"kind": "public_welfare", "reference": "证明1号"}]'), 'interview', '  and proof of public welfare');
SELECT matches(pg_temp.apply('early', '{D1}', pg_temp.evidence((SELECT code FROM pledged)) || '[{"kind": "credit_report", "reference": "报告1号"}]'),
	'^23514 the repair of subject "91110000600037341L" lacks 2 of its conditions \| .*接受约谈.*参加公益慈善活动', 'an application without the rest is refused, and told what is missing');
CREATE TEMPORARY TABLE held AS SELECT k.kind, pg_temp.run('regress_officer', format('SELECT record_training(%L, ''2026-02-20'', ''城管局'', ''信用修复'')', k.kind))::bigint AS id FROM unnest(ARRAY['training', 'interview']) AS k (kind);
GRANT SELECT ON held TO PUBLIC;
SELECT pg_temp.run('regress_officer', format('SELECT record_attendance(''91110000600037341L'', %s)', id)) FROM held WHERE kind = 'training' \g /dev/null
SELECT is(pg_temp.lacking('[{"kind": "credit_report", "reference": "报告1号"}, {"kind": "public_welfare", "reference": "证明1号"}]'), 'interview', 'a training is no interview');
SELECT pg_temp.run('regress_officer', format('SELECT record_attendance(''91110000600037341L'', %s)', id)) FROM held WHERE kind = 'interview' \g /dev/null
SELECT is(pg_temp.apply('whole', '{D1}', pg_temp.evidence((SELECT code FROM pledged)) || '[{"kind": "credit_report", "reference": "报告1号"}, {"kind": "public_welfare", "reference": "证明1号"}]'), 'applied', 'with the interview it is complete');

-- ---------------------------------------------------------------------------
-- No commitment for who is on the black list (信易批)
-- ---------------------------------------------------------------------------
SELECT pg_temp.run('regress_editor', format('SELECT load_policy(%L)', $yaml$
policy: regress-green
title: 信用承诺适用办法
version: "1"
issuer: 城管局
in_force: {from: 2020-01-01}
sources: {m: {title: 信用承诺适用办法, rank: normative_document}}
inputs: [participation]
reads: {listings: [black]}
applies_to: {enrolled_by: {kind: participation}}
score: none
items:
  - {id: listed, name: 在黑名单, match: {kind: listing, list: black}, window: {from: valid_from, term: valid_until}, cite: {source: m, article: 第二条}}
bands:
  choose: best
  gap: refer
  cite: {source: m, article: 第三条}
  of:
    - {id: A, name: 可用, when: {count.listed: 0}}
    - {id: B, name: 不可用, when: {count.listed: {at_least: 1}}}
effects:
  - {id: no_commitment, name: 在列期间不适用信用承诺, effect: bar, matter: 信用承诺, when: {count.listed: {at_least: 1}}, cite: {source: m, article: 第四条}}
$yaml$)) \g /dev/null
SELECT pg_temp.run('regress_editor_two', $$ SELECT adopt_policy('regress-green', '1') $$) \g /dev/null
CREATE FUNCTION pg_temp.promise(matter text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.try('regress_officer', format('SELECT inform_commitment(''91110000600037341L'', ''voluntary'', ''城管局'', ''110000'', ARRAY[''守法''], %L)', matter)) $$;
SELECT matches(pg_temp.promise('一'), '^\d+$', 'who is on no list may promise');
CREATE TEMPORARY TABLE entry AS SELECT pg_temp.list() AS id;
GRANT SELECT ON entry TO PUBLIC;
SELECT results_eq($$ SELECT band, effects FROM standing WHERE subject = '91110000600037341L' AND policy = 'regress-green' $$, $$ VALUES ('B', ARRAY['no_commitment']) $$, 'listed, the measure reads it');
SELECT is(pg_temp.promise('二'), '55000 subject "91110000600037341L" may not make a commitment of type voluntary | Policy "regress-green" bars it: 在列期间不适用信用承诺 (no_commitment), 信用承诺适用办法 第四条. | The matter is handled by its ordinary procedure.',
	'  and its promise is not taken');
SELECT is((SELECT count(*) FROM commitment WHERE matter = '二'), 0::bigint, '  nothing is left of it');
SELECT is((SELECT stage FROM listing WHERE entry_id = (SELECT id FROM entry)), 'listed', '  it is on the list');
SELECT is(pg_temp.try('regress_second', format('SELECT advance_proceeding(''91110000600037341L'', %s, ''suspend'', ''{"reasons": "核查", "served_on": "2026-03-02", "service_method": "mail", "service_document": "1"}'')', e.proceeding_id)), 'suspended', 'suspended')
  FROM list_entry AS e WHERE e.entry_id = (SELECT id FROM entry);
SELECT pg_temp.try('regress_second', format('SELECT advance_proceeding(''91110000600037341L'', %s, ''remove'', ''{"reasons": "有误", "served_on": "2026-03-02", "service_method": "mail", "service_document": "2"}'')', e.proceeding_id))
  FROM list_entry AS e WHERE e.entry_id = (SELECT id FROM entry) \g /dev/null
SET LOCAL citycredit.today = '2026-03-03';
SELECT matches(pg_temp.promise('三'), '^\d+$', 'off the list it may again');

-- ---------------------------------------------------------------------------
-- What a regime does not let be repaired while it is public (发改办财金〔2019〕527号)
-- ---------------------------------------------------------------------------
INSERT INTO record (subject, kind, document, authority, source, field, decided_on, corrected_on, penalty_kind, procedure) VALUES
	('91420684MA4927PJ7B', 'penalty', 'G1', 'a', 's', 'environment', '2023-04-03', '2023-05-04', 'suspension_of_business', 'general'),
	('91420684MA4927PJ7B', 'penalty', 'G2', 'a', 's', 'environment', '2023-05-04', '2023-06-05', 'suspension_of_business', 'general');
CREATE TEMPORARY TABLE other_pledge AS SELECT pg_temp.pledge('91420684MA4927PJ7B') AS code;
CREATE FUNCTION pg_temp.barred(document text, as_of date) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', p.rule, p.until), ', ' ORDER BY p.rule) FROM repair_problems('91420684MA4927PJ7B', pg_temp.rec(document), as_of, pg_temp.evidence((SELECT code FROM other_pledge))) AS p
	 WHERE p.rule IN ('min_period', 'not_repairable') $$;
SELECT results_eq($$ SELECT class, min_until, max_until FROM publicity('91420684MA4927PJ7B', pg_temp.rec('G1')) $$, $$ VALUES ('specially_serious', date '2026-04-03', date '2026-04-03') $$, 'by the regime of 2019 a business suspended for pollution is specially serious');
SELECT is(pg_temp.barred('G1', '2026-04-03'), 'min_period 2026-04-03', '  and is not repaired while it is public, for its minimum is its maximum');
SELECT is(pg_temp.barred('G1', '2026-04-04'), NULL, '  which ends by itself');
SELECT is(pg_temp.barred('G2', '2026-03-03'), NULL, 'a month later, by that of 2023, it can be');

-- ---------------------------------------------------------------------------
-- An appeal goes to the department that the decision named
-- ---------------------------------------------------------------------------
CREATE TEMPORARY TABLE named AS SELECT pg_temp.run('regress_officer', $$ SELECT propose_listing('91110000600037341L', 'black', 'regress-repair', 'black', '城管局', '多次违法', 5, appeal => '{"days": 60}') $$)::bigint AS id;
GRANT SELECT ON named TO PUBLIC;
SELECT pg_temp.run('regress_officer', format('SELECT serve_listing(%s, ''2026-03-03'', ''direct'')', id)) FROM named \g /dev/null
SET LOCAL citycredit.today = '2026-03-11';
SELECT is(pg_temp.try('regress_head', format('SELECT recognize_listing(%s, ''多次违法'', ''环保局'')', id)), '', 'recognised, with another department named for appeals') FROM named;
INSERT INTO made SELECT 'named', e.subject, e.proceeding_id, 'regress_officer' FROM list_entry AS e JOIN named AS n ON n.id = e.entry_id;
SELECT is(pg_temp.step('named', 'regress_window', 'appeal', '{"reasons": "不服"}'), 'appealed', 'appealed');
SELECT matches(pg_temp.step('named', 'regress_second', 'uphold_appeal', '{"reasons": "x"}'), '^42501 role "regress_second" has no competence for "uphold_appeal" of this proceeding \| It is taken as decider of "环保局"', '  not decided by the department itself');
SELECT is(pg_temp.step('named', 'regress_other', 'uphold_appeal', '{"reasons": "认定有误"}'), 'removed', '  but by the other');
SELECT is((SELECT concat_ws(' ', l.stage, e.removed_by) FROM listing AS l JOIN list_entry AS e USING (entry_id) WHERE l.entry_id = (SELECT id FROM named)), 'ended regress_other', '  and the entry has ended');
SELECT is_empty('SELECT * FROM verify_standings()', 'every standing is what the records give');
SELECT * FROM finish();
ROLLBACK;
