-- tap_lives_conditions.sql -- what a city may demand of who wants to be repaired: interview, credit report, public welfare; and whom a measure keeps from commitments: who is on a list
\set ECHO none
\i test/include/proceeding.psql
\i test/include/repair.psql
SELECT plan(18);

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
SELECT is_empty('SELECT * FROM verify_standings()', 'every standing is what the records give');
SELECT * FROM finish();
ROLLBACK;
