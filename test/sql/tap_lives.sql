-- tap_lives.sql -- lives of commitments, listings, repairs, objections, complaints and reviews of gaps: won, lost, given up, ended by time; and in every state that they pass,
-- every other step tried by every role
--
-- Lives that have much to tell of their own are in tap_commitment, tap_listing, tap_repair, tap_objection and tap_grade_gap; here is the rest of each kind, and what none may do.
\set ECHO none
\i test/include/proceeding.psql
\i test/include/repair.psql
\i test/include/lives.psql
SELECT plan(42);

-- ---------------------------------------------------------------------------
-- What the lives are about: a catalogue, a permit, two measures that disagree, a pledge, a rating
-- ---------------------------------------------------------------------------
\o /dev/null
INSERT INTO commitment_matter (city, edition, number, department, power, matter, type, field, source, rank, used_from)
VALUES ('常州', '2026', 1, '城管局', '许可', '建筑垃圾处置核准', 'notified', 'construction_waste', '常州市适用信用承诺事项清单', 'normative_document', '2026-01-01');
INSERT INTO record (subject, kind, document, authority, source, decided_on, valid_from, valid_until, record_key, entered_by, verified_by)
VALUES ('91110000600037341L', 'permit', '核准1号', '城管局', 's', '2026-03-02', '2026-03-02', '2027-03-01', '00000000-0000-0000-0000-00000000000a', 'x', 'y');
SELECT pg_temp.run('regress_editor', format('SELECT load_policy(%L)', format($yaml$
policy: regress-%s
title: %1$s办法
version: "1"
issuer: %1$s局
in_force: {from: 2020-01-01}
sources: {m: {title: %1$s办法, rank: normative_document}}
inputs: [participation, penalty]
applies_to: {enrolled_by: {kind: participation, field: construction_waste}}
score: {base: 100}
items:
  - {id: bad, name: 违法, match: {kind: penalty}, points: %2$s, window: {from: decided_on, months: 36}, cite: {source: m, article: 一}}
bands:
  step: 1
  cite: {source: m, article: 二}
  of:
    - {id: A, name: 好, when: {score: {at_least: 60}}}
    - {id: D, name: 差, when: {score: {below: 60}}}
scale: {A: A, D: D}
$yaml$, v.name, v.points))), pg_temp.run('regress_editor_two', format('SELECT adopt_policy(''regress-%s'', ''1'')', v.name)) FROM (VALUES ('mild', -1), ('strict', -50)) AS v (name, points);
-- a complaint that is not decided in time is upheld
SELECT pg_temp.run('regress_editor_two', format('SELECT approve_repair_condition(%s)', pg_temp.run('regress_editor', $$ SELECT set_proceeding_term('complaint', 'decide', '{"working_days": 5}', '测试投诉办法第一条', 'granted') $$)));
CREATE TEMPORARY TABLE pledged AS SELECT pg_temp.pledge('91110000600037341L') AS code;
GRANT SELECT ON pledged TO PUBLIC;
GRANT EXECUTE ON FUNCTION publish_rating TO regress_editor_two;
INSERT INTO department_competence (department, role, duty, valid_from) VALUES ('测试局', current_user, 'officer', '2026-01-01'), ('测试局', 'regress_editor_two', 'decider', '2026-01-01');
SELECT pg_temp.run('regress_editor_two', $$ SELECT record_policy_publication('regress-repair', '1', '2019-12-01') $$);
SELECT close_cycle('regress-repair', '2025'), pg_temp.run('regress_editor_two', $$ SELECT publish_rating('regress-repair', '2025') $$);
\o

-- ---------------------------------------------------------------------------
-- The lives. The first step of each opens it; of the others only what a step needs beyond reasons, service and evidence is said. Without a step, time has passed.
-- ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.firm() RETURNS subject_code LANGUAGE sql AS $$ SELECT '91110000600037341L'::subject_code $$;
CREATE FUNCTION pg_temp.now_open() RETURNS bigint LANGUAGE sql AS $$ SELECT current_setting('regress.proceeding')::bigint $$;
-- how the lives of a kind begin
CREATE FUNCTION pg_temp.told(on_overdue jsonb DEFAULT '{}') RETURNS bigint LANGUAGE sql AS $$
	SELECT inform_commitment(pg_temp.firm(), 'notified', '城管局', '110000', ARRAY['有车辆'], NULL, '常州', '2026', 1, terms => '{"decide": {"working_days": 3}, "rectify": {"days": 3}}', on_overdue => on_overdue) $$;
CREATE FUNCTION pg_temp.proposed() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	entry bigint := propose_listing(pg_temp.firm(), 'black', 'regress-repair', 'black', '城管局', '多次违法', 5, early_exit => '{"years": 1}', appeal => '{"days": 60}');
BEGIN
	RETURN (SELECT e.proceeding_id FROM list_entry AS e WHERE e.entry_id = entry);
END
$$;
CREATE FUNCTION pg_temp.asked() RETURNS bigint LANGUAGE sql AS $$
	SELECT apply_repair(pg_temp.firm(), ARRAY[pg_temp.rec('D1')], '城管局', pg_temp.evidence((SELECT code FROM pledged)),
		terms => '{"publicity": {"days": 3}, "supplement": {"days": 3}, "objection": {"days": 3}, "appeal": {"days": 8}}') $$;
CREATE FUNCTION pg_temp.objected(against jsonb DEFAULT jsonb_build_object('against', 'record', 'record_id', pg_temp.rec('D1'))) RETURNS bigint LANGUAGE sql AS $$
	SELECT raise_objection(pg_temp.firm(), against, '城管局', '与事实不符', terms => '{"appeal": {"days": 8}}') $$;
CREATE FUNCTION pg_temp.complained() RETURNS bigint LANGUAGE sql AS $$
	SELECT raise_complaint(pg_temp.firm(), '{"against": "selective_enforcement", "matter": "夜倾倒未处罚", "act_on": "2026-03-01"}', '城管局', '选择性执行', terms => '{"appeal": {"days": 8}}') $$;
CREATE FUNCTION pg_temp.reviewed() RETURNS bigint LANGUAGE sql AS $$ SELECT open_gap_review(pg_temp.firm(), 'regress-mild', 'regress-strict', '城管局', '{"days": 30}') $$;

CREATE TEMPORARY TABLE life (n integer GENERATED ALWAYS AS IDENTITY, life text, day date, role text, step text, details jsonb DEFAULT '{}', state text, ask text, told text, fault text);
\set content '{"data": {"content": "达到全部条件", "liability": "撤销决定"}}'
\set permit '{"data": {"permit": "00000000-0000-0000-0000-00000000000a"}}'
\set broken '{"data": {"not_done": "没有车辆", "consequence": "撤销核准"}}'
INSERT INTO life (life, day, role, step, details, state, ask, told) VALUES
	('commitment, withdrawn', '2026-03-02', 'regress_head', 'SELECT pg_temp.told()', '{}', 'informed', NULL, NULL),
	('commitment, withdrawn', '2026-03-02', 'regress_window', 'sign', :'content', 'signed', NULL, NULL),
	('commitment, withdrawn', '2026-03-03', 'regress_window', 'withdraw', '{}', 'withdrawn', $$ SELECT count(*) FROM credit_record WHERE kind = 'commitment' $$, '0'),
	('commitment, decided by silence and kept after an order', '2026-03-02', 'regress_officer', $$ SELECT pg_temp.told('{"decide": "granted"}') $$, '{}', 'informed', NULL, NULL),
	('commitment, decided by silence and kept after an order', '2026-03-02', 'regress_window', 'sign', :'content', 'signed', NULL, NULL),
	('commitment, decided by silence and kept after an order', '2026-03-05', NULL, NULL, '{}', 'signed', NULL, NULL),
	('commitment, decided by silence and kept after an order', '2026-03-06', NULL, NULL, '{}', 'decided', NULL, NULL),
	('commitment, decided by silence and kept after an order', '2026-03-06', 'regress_officer', 'publish', '{}', 'published', NULL, NULL),
	('commitment, decided by silence and kept after an order', '2026-03-09', 'regress_officer', 'verify', '{}', 'verifying', NULL, NULL),
	('commitment, decided by silence and kept after an order', '2026-03-10', 'regress_officer', 'mismatch', '{}', 'rectifying', NULL, NULL),
	('commitment, decided by silence and kept after an order', '2026-03-12', 'regress_head', 'rectified', '{}', 'fulfilled',
		$$ SELECT concat_ws(' ', state, verified_by) FROM credit_record WHERE kind = 'commitment' $$, 'fulfilled regress_head'),
	('commitment, refused to be kept, its permit revoked', '2026-03-02', 'regress_officer', 'SELECT pg_temp.told()', '{}', 'informed', NULL, NULL),
	('commitment, refused to be kept, its permit revoked', '2026-03-02', 'regress_window', 'sign', :'content', 'signed', NULL, NULL),
	('commitment, refused to be kept, its permit revoked', '2026-03-03', 'regress_head', 'decide', :'permit', 'decided', NULL, NULL),
	('commitment, refused to be kept, its permit revoked', '2026-03-04', 'regress_officer', 'verify', '{}', 'verifying', NULL, NULL),
	('commitment, refused to be kept, its permit revoked', '2026-03-04', 'regress_officer', 'mismatch', '{}', 'rectifying', NULL, NULL),
	('commitment, refused to be kept, its permit revoked', '2026-03-05', 'regress_head', 'refusal', :'broken', 'breached',
		$$ SELECT string_agg(concat_ws(' ', kind, state, revoked_on), ', ' ORDER BY kind) FROM credit_record WHERE kind IN ('commitment', 'permit') AND known_until = 'infinity' $$, 'commitment not_fulfilled, permit'),
	('commitment, refused to be kept, its permit revoked', '2026-03-06', 'regress_second', 'revoke', '{}', 'revoked',
		$$ SELECT string_agg(concat_ws(' ', kind, state, revoked_on), ', ' ORDER BY kind) FROM credit_record WHERE kind IN ('commitment', 'permit') AND known_until = 'infinity' $$, 'commitment not_fulfilled, permit 2026-03-06'),
	('commitment, found out later', '2026-03-02', 'regress_officer', 'SELECT pg_temp.told()', '{}', 'informed', NULL, NULL),
	('commitment, found out later', '2026-03-02', 'regress_window', 'sign', :'content', 'signed', NULL, NULL),
	('commitment, found out later', '2026-03-03', 'regress_head', 'decide', :'permit', 'decided', NULL, NULL),
	('commitment, found out later', '2026-03-04', 'regress_officer', 'verify', '{}', 'verifying', NULL, NULL),
	('commitment, found out later', '2026-03-04', 'regress_officer', 'match', '{}', 'fulfilled', $$ SELECT state FROM credit_record WHERE kind = 'commitment' $$, 'fulfilled'),
	('commitment, found out later', '2026-04-01', 'regress_second', 'fraud', :'broken', 'breached', $$ SELECT string_agg(state, ' ' ORDER BY version) FROM credit_record WHERE kind = 'commitment' $$, 'fulfilled not_fulfilled'),

	('listing, dropped after hearing', '2026-03-02', 'regress_head', 'SELECT pg_temp.proposed()', '{}', 'proposed', NULL, NULL),
	('listing, dropped after hearing', '2026-03-02', 'regress_officer', 'notify', '{}', 'noticed', NULL, NULL),
	('listing, dropped after hearing', '2026-03-03', 'regress_window', 'object', '{}', 'noticed', NULL, NULL),
	('listing, dropped after hearing', '2026-03-10', 'regress_second', 'drop', '{}', 'dropped', 'SELECT stage FROM listing ORDER BY entry_id DESC LIMIT 1', 'ended'),
	('listing, suspended, and its term over', '2026-03-02', 'regress_officer', 'SELECT pg_temp.proposed()', '{}', 'proposed', NULL, NULL),
	('listing, suspended, and its term over', '2026-03-02', 'regress_officer', 'notify', '{}', 'noticed', NULL, NULL),
	('listing, suspended, and its term over', '2026-03-10', 'regress_head', 'recognise', '{}', 'listed', 'SELECT count(*) FROM black_list', '1'),
	('listing, suspended, and its term over', '2026-03-11', 'regress_second', 'suspend', '{}', 'suspended', 'SELECT count(*) FROM black_list', '0'),
	('listing, suspended, and its term over', '2029-03-10', NULL, NULL, '{}', 'suspended', NULL, NULL),
	('listing, suspended, and its term over', '2029-03-11', NULL, NULL, '{}', 'expired', 'SELECT stage FROM listing ORDER BY entry_id DESC LIMIT 1', 'expired'),
	('listing, suspended, and taken off', '2026-03-02', 'regress_officer', 'SELECT pg_temp.proposed()', '{}', 'proposed', NULL, NULL),
	('listing, suspended, and taken off', '2026-03-02', 'regress_officer', 'notify', '{}', 'noticed', NULL, NULL),
	('listing, suspended, and taken off', '2026-03-10', 'regress_head', 'recognise', '{}', 'listed', NULL, NULL),
	('listing, suspended, and taken off', '2026-03-11', 'regress_second', 'suspend', '{}', 'suspended', NULL, NULL),
	('listing, suspended, and taken off', '2026-03-12', 'regress_head', 'remove', '{}', 'removed', 'SELECT stage FROM listing ORDER BY entry_id DESC LIMIT 1', 'ended'),
	('listing, appealed against until its term is over', '2026-03-02', 'regress_officer', 'SELECT pg_temp.proposed()', '{}', 'proposed', NULL, NULL),
	('listing, appealed against until its term is over', '2026-03-02', 'regress_officer', 'notify', '{}', 'noticed', NULL, NULL),
	('listing, appealed against until its term is over', '2026-03-10', 'regress_head', 'recognise', '{}', 'listed', NULL, NULL),
	('listing, appealed against until its term is over', '2026-03-11', 'regress_window', 'appeal', '{}', 'appealed', 'SELECT count(*) FROM black_list', '1'),
	('listing, appealed against until its term is over', '2029-03-11', NULL, NULL, '{}', 'expired', 'SELECT count(*) FROM black_list', '0'),

	('repair, withdrawn', '2026-03-02', 'regress_head', 'SELECT pg_temp.asked()', '{}', 'applied', NULL, NULL),
	('repair, withdrawn', '2026-03-02', 'regress_officer', 'accept', '{}', 'accepted', NULL, NULL),
	('repair, withdrawn', '2026-03-03', 'regress_officer', 'publicise', '{}', 'publicised', NULL, NULL),
	('repair, withdrawn', '2026-03-04', 'regress_window', 'withdraw', '{}', 'withdrawn', $$ SELECT repaired_on IS NULL FROM credit_record WHERE document = 'D1' $$, 'true'),
	('repair, its supplement not given', '2026-03-02', 'regress_window', 'SELECT pg_temp.asked()', '{}', 'applied', NULL, NULL),
	('repair, its supplement not given', '2026-03-03', 'regress_officer', 'want_supplement', '{}', 'supplement', NULL, NULL),
	('repair, its supplement not given', '2026-03-07', 'regress_officer', 'refuse', '{}', 'refused', NULL, NULL),
	('repair, not accepted, won on appeal', '2026-03-02', 'regress_window', 'SELECT pg_temp.asked()', '{}', 'applied', NULL, NULL),
	('repair, not accepted, won on appeal', '2026-03-03', 'regress_officer', 'refuse', '{"data": {"ground": "corrected"}}', 'refused', NULL, NULL),
	('repair, not accepted, won on appeal', '2026-03-04', 'regress_window', 'appeal', '{}', 'appealed', NULL, NULL),
	('repair, not accepted, won on appeal', '2026-03-05', 'regress_head', 'uphold_appeal', '{}', 'repaired', $$ SELECT repaired_on FROM credit_record WHERE document = 'D1' AND known_until = 'infinity' $$, '2026-03-05'),
	('repair, rejected, remitted, granted', '2026-03-02', 'regress_window', 'SELECT pg_temp.asked()', '{}', 'applied', NULL, NULL),
	('repair, rejected, remitted, granted', '2026-03-02', 'regress_officer', 'accept', '{}', 'accepted', NULL, NULL),
	('repair, rejected, remitted, granted', '2026-03-03', 'regress_head', 'reject', '{"data": {"ground": "corrected"}}', 'rejected', NULL, NULL),
	('repair, rejected, remitted, granted', '2026-03-04', 'regress_window', 'appeal', '{}', 'appealed', NULL, NULL),
	('repair, rejected, remitted, granted', '2026-03-05', 'regress_second', 'remit', '{}', 'accepted', NULL, NULL),
	('repair, rejected, remitted, granted', '2026-03-05', 'regress_officer', 'publicise', '{}', 'publicised', NULL, NULL),
	('repair, rejected, remitted, granted', '2026-03-09', 'regress_third', 'grant', '{}', 'repaired', $$ SELECT repaired_on FROM credit_record WHERE document = 'D1' AND known_until = 'infinity' $$, '2026-03-09'),
	('repair, suspected, heard and kept', '2026-03-02', 'regress_window', 'SELECT pg_temp.asked()', '{}', 'applied', NULL, NULL),
	('repair, suspected, heard and kept', '2026-03-02', 'regress_officer', 'accept', '{}', 'accepted', NULL, NULL),
	('repair, suspected, heard and kept', '2026-03-02', 'regress_officer', 'publicise', '{}', 'publicised', NULL, NULL),
	('repair, suspected, heard and kept', '2026-03-06', 'regress_head', 'grant', '{}', 'repaired', NULL, NULL),
	('repair, suspected, heard and kept', '2026-03-10', 'regress_officer', 'notify_fraud', '{}', 'revoking', $$ SELECT repaired_on FROM credit_record WHERE document = 'D1' AND known_until = 'infinity' $$, '2026-03-06'),
	('repair, suspected, heard and kept', '2026-03-11', 'regress_window', 'object', '{}', 'revoking', NULL, NULL),
	('repair, suspected, heard and kept', '2026-03-16', 'regress_second', 'keep', '{}', 'repaired', $$ SELECT repaired_on FROM credit_record WHERE document = 'D1' AND known_until = 'infinity' $$, '2026-03-06'),
	('repair, revoked for fraud', '2026-03-02', 'regress_window', 'SELECT pg_temp.asked()', '{}', 'applied', NULL, NULL),
	('repair, revoked for fraud', '2026-03-02', 'regress_officer', 'accept', '{}', 'accepted', NULL, NULL),
	('repair, revoked for fraud', '2026-03-02', 'regress_officer', 'publicise', '{}', 'publicised', NULL, NULL),
	('repair, revoked for fraud', '2026-03-06', 'regress_head', 'grant', '{}', 'repaired', NULL, NULL),
	('repair, revoked for fraud', '2026-03-10', 'regress_officer', 'notify_fraud', '{}', 'revoking', NULL, NULL),
	('repair, revoked for fraud', '2026-03-16', 'regress_second', 'revoke', '{}', 'revoked', $$ SELECT repaired_on IS NULL FROM credit_record WHERE document = 'D1' AND known_until = 'infinity' $$, 'true'),
	('repair, revoked for fraud', '2026-03-17', 'regress_window', 'appeal', '{}', 'appealed', NULL, NULL),
	('repair, revoked for fraud', '2026-03-18', 'regress_third', 'reject_appeal', '{}', 'confirmed', $$ SELECT repaired_on IS NULL FROM credit_record WHERE document = 'D1' AND known_until = 'infinity' $$, 'true'),

	('objection, withdrawn', '2026-03-02', 'regress_window', 'SELECT pg_temp.objected()', '{}', 'raised', $$ SELECT pg_temp.marked(pg_temp.rec('D1')) $$, 'true'),
	('objection, withdrawn', '2026-03-03', 'regress_window', 'withdraw', '{}', 'withdrawn', $$ SELECT pg_temp.marked(pg_temp.rec('D1')) $$, 'false'),
	('objection, not accepted, and final', '2026-03-02', 'regress_window', 'SELECT pg_temp.objected()', '{}', 'raised', NULL, NULL),
	('objection, not accepted, and final', '2026-03-03', 'regress_officer', 'refuse', '{}', 'refused', NULL, NULL),
	('objection, not accepted, and final', '2026-03-11', NULL, NULL, '{}', 'refused', NULL, NULL),
	('objection, not accepted, and final', '2026-03-12', NULL, NULL, '{}', 'final', NULL, NULL),
	('objection, not accepted, won on appeal', '2026-03-02', 'regress_window', 'SELECT pg_temp.objected()', '{}', 'raised', NULL, NULL),
	('objection, not accepted, won on appeal', '2026-03-03', 'regress_officer', 'refuse', '{}', 'refused', NULL, NULL),
	('objection, not accepted, won on appeal', '2026-03-04', 'regress_window', 'appeal', '{}', 'appealed', $$ SELECT pg_temp.marked(pg_temp.rec('D1')) $$, 'true'),
	('objection, not accepted, won on appeal', '2026-03-05', 'regress_head', 'uphold_appeal', '{"data": {"action": "revoke"}}', 'overturned', $$ SELECT revoked_on FROM credit_record WHERE document = 'D1' AND known_until = 'infinity' $$, '2026-03-05'),
	('objection, rejected twice', '2026-03-02', 'regress_head', 'SELECT pg_temp.objected()', '{}', 'raised', NULL, NULL),
	('objection, rejected twice', '2026-03-03', 'regress_officer', 'accept', '{}', 'accepted', NULL, NULL),
	('objection, rejected twice', '2026-03-04', 'regress_second', 'reject', '{}', 'rejected', NULL, NULL),
	('objection, rejected twice', '2026-03-05', 'regress_window', 'appeal', '{}', 'appealed', NULL, NULL),
	('objection, rejected twice', '2026-03-06', 'regress_third', 'reject_appeal', '{}', 'confirmed', $$ SELECT revoked_on IS NULL FROM credit_record WHERE document = 'D1' AND known_until = 'infinity' $$, 'true'),
	('objection to a rating, won', '2026-03-02', 'regress_window', $$ SELECT pg_temp.objected('{"against": "rating", "policy": "regress-repair", "rating": "year", "period_from": "2025-01-01"}') $$, '{}', 'raised',
		$$ SELECT objected FROM published_rating WHERE code = '91110000600037341L' $$, 'open'),
	('objection to a rating, won', '2026-03-03', 'regress_officer', 'accept', '{}', 'accepted', NULL, NULL),
	('objection to a rating, won', '2026-03-04', 'regress_head', 'uphold', jsonb_build_object('data', jsonb_build_object('action', 'revoke', 'record_id', pg_temp.rec('D1'))), 'upheld',
		$$ SELECT concat_ws(' ', reference, proposed_by) FROM objection_effect JOIN rating_correction USING (correction_id) WHERE what = 'rating' $$, 'regress-repair year 2025-01-01 regress_head'),

	('complaint, withdrawn', '2026-03-02', 'regress_head', 'SELECT pg_temp.complained()', '{}', 'raised', NULL, NULL),
	('complaint, withdrawn', '2026-03-02', 'regress_officer', 'accept', '{}', 'accepted', NULL, NULL),
	('complaint, withdrawn', '2026-03-03', 'regress_head', 'withdraw', '{}', 'withdrawn', NULL, NULL),
	('complaint, not accepted, and final', '2026-03-02', 'regress_public', 'SELECT pg_temp.complained()', '{}', 'raised', NULL, NULL),
	('complaint, not accepted, and final', '2026-03-03', 'regress_officer', 'refuse', '{}', 'refused', NULL, NULL),
	('complaint, not accepted, and final', '2026-03-12', NULL, NULL, '{}', 'final', NULL, NULL),
	('complaint, rejected twice', '2026-03-02', 'regress_public', 'SELECT pg_temp.complained()', '{}', 'raised', NULL, NULL),
	('complaint, rejected twice', '2026-03-03', 'regress_officer', 'accept', '{}', 'accepted', NULL, NULL),
	('complaint, rejected twice', '2026-03-04', 'regress_head', 'reject', '{}', 'rejected', NULL, NULL),
	('complaint, rejected twice', '2026-03-05', 'regress_public', 'appeal', '{}', 'appealed', NULL, NULL),
	('complaint, rejected twice', '2026-03-06', 'regress_second', 'reject_appeal', '{}', 'confirmed', NULL, NULL),
	('complaint, won on appeal', '2026-03-02', 'regress_public', 'SELECT pg_temp.complained()', '{}', 'raised', NULL, NULL),
	('complaint, won on appeal', '2026-03-03', 'regress_officer', 'accept', '{}', 'accepted', NULL, NULL),
	('complaint, won on appeal', '2026-03-04', 'regress_head', 'reject', '{}', 'rejected', NULL, NULL),
	('complaint, won on appeal', '2026-03-05', 'regress_public', 'appeal', '{}', 'appealed', NULL, NULL),
	('complaint, won on appeal', '2026-03-06', 'regress_second', 'uphold_appeal', '{}', 'overturned', 'SELECT followed_up FROM complaint WHERE proceeding_id = pg_temp.now_open()', 'false'),
	('complaint, upheld by silence', '2026-03-02', 'regress_public', 'SELECT pg_temp.complained()', '{}', 'raised', NULL, NULL),
	('complaint, upheld by silence', '2026-03-02', 'regress_officer', 'accept', '{}', 'accepted', NULL, NULL),
	('complaint, upheld by silence', '2026-03-09', NULL, NULL, '{}', 'accepted', NULL, NULL),
	('complaint, upheld by silence', '2026-03-10', NULL, NULL, '{}', 'upheld', NULL, NULL),

	('gap, explained and kept', '2026-03-02', 'regress_head', 'SELECT pg_temp.reviewed()', '{}', 'opened', 'SELECT count(*) FROM grade_gap WHERE subject = pg_temp.firm()', '1'),
	('gap, explained and kept', '2026-03-02', 'regress_officer', 'notify', '{}', 'noticed', NULL, NULL),
	('gap, explained and kept', '2026-03-03', 'regress_officer', 'explain', '{"data": {"department": "mild局"}}', 'noticed', NULL, NULL),
	('gap, explained and kept', '2026-03-03', 'regress_officer', 'explain', '{"data": {"department": "strict局"}}', 'noticed', NULL, NULL),
	('gap, explained and kept', '2026-03-04', 'regress_second', 'keep', '{}', 'decided', 'SELECT count(*) FROM grade_gap WHERE subject = pg_temp.firm()', '1'),
	('gap, corrected', '2026-03-02', 'regress_officer', 'SELECT pg_temp.reviewed()', '{}', 'opened', NULL, NULL),
	('gap, corrected', '2026-03-02', 'regress_officer', 'notify', '{}', 'noticed', NULL, NULL),
	('gap, corrected', '2026-03-03', NULL, 'all penalties revoked', '{}', 'noticed', 'SELECT count(*) FROM grade_gap WHERE subject = pg_temp.firm()', '0'),
	('gap, corrected', '2026-03-04', 'regress_head', 'correct', '{}', 'corrected', NULL, NULL),
	('gap, gone by itself', '2026-03-02', 'regress_officer', 'SELECT pg_temp.reviewed()', '{}', 'opened', NULL, NULL),
	('gap, gone by itself', '2026-03-03', NULL, 'all penalties revoked', '{}', 'opened', 'SELECT count(*) FROM grade_gap WHERE subject = pg_temp.firm()', '0'),
	('gap, gone by itself', '2026-03-04', 'regress_officer', 'vanish', '{}', 'vanished', NULL, NULL);

-- the same five faults in a life of each kind: applied for by one who also decides
INSERT INTO life (life, day, role, step, details, state, fault) VALUES
	('commitment, with every fault', '2026-03-02', 'regress_head', 'SELECT pg_temp.told()', '{}', 'informed', NULL),
	('commitment, with every fault', '2026-03-02', 'regress_officer', 'SELECT pg_temp.told()', '{}', 'informed', 'second application while one is open'),
	('commitment, with every fault', '2026-03-02', 'regress_window', 'sign', '{"evidence": []}', 'informed', 'missing evidence'),
	('commitment, with every fault', '2026-03-02', 'regress_window', 'sign', :'content', 'signed', NULL),
	('commitment, with every fault', '2026-03-03', 'regress_other', 'decide', '{}', 'signed', 'wrong department'),
	('commitment, with every fault', '2026-03-03', 'regress_second', 'decide', '{"on": "2026-03-04"}', 'signed', 'wrong day'),
	('commitment, with every fault', '2026-03-03', 'regress_head', 'decide', '{}', 'signed', 'decision by the applicant'),
	('commitment, with every fault', '2026-03-03', 'regress_second', 'decide', '{}', 'decided', NULL),
	('listing, with every fault', '2026-03-02', 'regress_head', 'SELECT pg_temp.proposed()', '{}', 'proposed', NULL),
	('listing, with every fault', '2026-03-02', 'regress_officer', 'SELECT pg_temp.proposed()', '{}', 'proposed', 'second application while one is open'),
	('listing, with every fault', '2026-03-02', 'regress_officer', 'SELECT advance_proceeding(pg_temp.firm(), pg_temp.now_open(), ''notify'', ''{"served_on": "2026-03-02", "service_method": "mail"}'')', '{}', 'proposed', 'missing evidence'),
	('listing, with every fault', '2026-03-02', 'regress_officer', 'notify', '{}', 'noticed', NULL),
	('listing, with every fault', '2026-03-09', 'regress_second', 'recognise', '{}', 'noticed', 'wrong day'),
	('listing, with every fault', '2026-03-10', 'regress_other', 'recognise', '{}', 'noticed', 'wrong department'),
	('listing, with every fault', '2026-03-10', 'regress_head', 'recognise', '{}', 'noticed', 'decision by the applicant'),
	('listing, with every fault', '2026-03-10', 'regress_second', 'recognise', '{}', 'listed', NULL),
	('repair, with every fault', '2026-03-02', 'regress_head', 'SELECT pg_temp.asked()', '{}', 'applied', NULL),
	('repair, with every fault', '2026-03-02', 'regress_window', 'SELECT pg_temp.asked()', '{}', 'applied', 'second application while one is open'),
	('repair, with every fault', '2026-03-02', 'regress_window', 'SELECT apply_repair(pg_temp.firm(), ARRAY[pg_temp.rec(''D2'')], ''城管局'', ''[{"kind": "correction", "reference": "1"}]'')', '{}', 'applied', 'missing evidence'),
	('repair, with every fault', '2026-03-02', 'regress_other', 'accept', '{}', 'applied', 'wrong department'),
	('repair, with every fault', '2026-03-02', 'regress_officer', 'accept', '{}', 'accepted', NULL),
	('repair, with every fault', '2026-03-02', 'regress_officer', 'publicise', '{}', 'publicised', NULL),
	('repair, with every fault', '2026-03-05', 'regress_second', 'grant', '{}', 'publicised', 'wrong day'),
	('repair, with every fault', '2026-03-06', 'regress_head', 'grant', '{}', 'publicised', 'decision by the applicant'),
	('repair, with every fault', '2026-03-06', 'regress_second', 'grant', '{}', 'repaired', NULL),
	('objection, with every fault', '2026-03-02', 'regress_head', 'SELECT pg_temp.objected()', '{}', 'raised', NULL),
	('objection, with every fault', '2026-03-02', 'regress_window', 'SELECT pg_temp.objected()', '{}', 'raised', 'second application while one is open'),
	('objection, with every fault', '2026-03-03', 'regress_officer', 'accept', '{}', 'accepted', NULL),
	('objection, with every fault', '2026-03-03', 'regress_second', 'reject', '{"on": "2026-03-02"}', 'accepted', 'wrong day'),
	('objection, with every fault', '2026-03-03', 'regress_second', 'SELECT decide_objection(pg_temp.firm(), pg_temp.now_open(), ''reject'', ''{}'')', '{}', 'accepted', 'missing evidence'),
	('objection, with every fault', '2026-03-03', 'regress_other', 'reject', '{}', 'accepted', 'wrong department'),
	('objection, with every fault', '2026-03-03', 'regress_head', 'reject', '{}', 'accepted', 'decision by the applicant'),
	('objection, with every fault', '2026-03-03', 'regress_second', 'reject', '{}', 'rejected', NULL),
	('complaint, with every fault', '2026-03-02', 'regress_head', 'SELECT pg_temp.complained()', '{}', 'raised', NULL),
	('complaint, with every fault', '2026-03-02', 'regress_public', 'SELECT pg_temp.complained()', '{}', 'raised', 'second application while one is open'),
	('complaint, with every fault', '2026-03-03', 'regress_officer', 'accept', '{}', 'accepted', NULL),
	('complaint, with every fault', '2026-03-03', 'regress_second', 'uphold', '{"on": "2026-03-04"}', 'accepted', 'wrong day'),
	('complaint, with every fault', '2026-03-03', 'regress_second', 'SELECT decide_complaint(pg_temp.firm(), pg_temp.now_open(), ''uphold'', ''{}'')', '{}', 'accepted', 'missing evidence'),
	('complaint, with every fault', '2026-03-03', 'regress_other', 'uphold', '{}', 'accepted', 'wrong department'),
	('complaint, with every fault', '2026-03-03', 'regress_head', 'uphold', '{}', 'accepted', 'decision by the applicant'),
	('complaint, with every fault', '2026-03-03', 'regress_second', 'uphold', '{}', 'upheld', NULL),
	('gap, with every fault', '2026-03-02', 'regress_head', 'SELECT pg_temp.reviewed()', '{}', 'opened', NULL),
	('gap, with every fault', '2026-03-02', 'regress_officer', 'SELECT pg_temp.reviewed()', '{}', 'opened', 'second application while one is open'),
	('gap, with every fault', '2026-03-03', 'regress_other', 'notify', '{}', 'opened', 'wrong department'),
	('gap, with every fault', '2026-03-03', 'regress_officer', 'SELECT notify_gap_review(pg_temp.firm(), pg_temp.now_open(), ''2026-03-04'', ''mail'', ''函1号'')', '{}', 'opened', 'wrong day'),
	('gap, with every fault', '2026-03-03', 'regress_officer', 'SELECT notify_gap_review(pg_temp.firm(), pg_temp.now_open(), ''2026-03-03'', ''mail'', NULL)', '{}', 'opened', 'missing evidence'),
	('gap, with every fault', '2026-03-03', 'regress_officer', 'notify', '{}', 'noticed', NULL),
	('gap, with every fault', '2026-03-04', 'regress_officer', 'explain', '{"data": {"department": "mild局"}}', 'noticed', NULL),
	('gap, with every fault', '2026-03-04', 'regress_officer', 'explain', '{"data": {"department": "strict局"}}', 'noticed', NULL),
	('gap, with every fault', '2026-03-04', 'regress_head', 'keep', '{}', 'noticed', 'decision by the applicant'),
	('gap, with every fault', '2026-03-04', 'regress_second', 'keep', '{}', 'decided', NULL);

-- ---------------------------------------------------------------------------
-- They are led; each is undone before the next
-- ---------------------------------------------------------------------------
-- A step by the function that the instance has for it.
CREATE FUNCTION pg_temp.own_call(p proceeding, event text, details jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT CASE
		WHEN p.kind IN ('commitment', 'repair') THEN format('SELECT advance_%s(%L, %s, %L, %L)', p.kind, p.subject, p.proceeding_id, event, details)
		WHEN p.kind IN ('objection', 'complaint') AND event ~ '^(uphold|reject)(_appeal)?$' THEN format('SELECT decide_%s(%L, %s, %L, %L)', p.kind, p.subject, p.proceeding_id, split_part(event, '_', 1), details)
		WHEN p.kind = 'gap_review' AND event = 'notify' THEN format('SELECT notify_gap_review(%L, %s, today(), ''mail'', ''函1号'')', p.subject, p.proceeding_id)
		WHEN p.kind = 'gap_review' AND event = 'explain' THEN format('SELECT explain_gap(%L, %s, %L, ''口径不同'')', p.subject, p.proceeding_id, details #>> '{data,department}')
		WHEN p.kind = 'gap_review' AND event IN ('keep', 'correct', 'vanish') THEN format('SELECT decide_gap_review(%L, %s, %L, ''口径不同'')', p.subject, p.proceeding_id, event)
		WHEN e.entry_id IS NULL THEN format('SELECT advance_proceeding(%L, %s, %L, %L)', p.subject, p.proceeding_id, event, details)
		WHEN event = 'notify' THEN format('SELECT serve_listing(%s, today(), ''direct'')', e.entry_id)
		WHEN event = 'recognise' THEN format('SELECT recognize_listing(%s)', e.entry_id)
		WHEN event = 'exit_early' THEN format('SELECT exit_listing_early(%s, ''报告'', ''承诺书'', ''已纠正'')', e.entry_id)
		WHEN event IN ('drop', 'basis_fallen') THEN format('SELECT remove_listing(%s, today(), ''不再符合'')', e.entry_id)
		ELSE format('SELECT advance_proceeding(%L, %s, %L, %L)', p.subject, p.proceeding_id, event, details) END
	  FROM (SELECT max(o.entry_id) AS entry_id FROM list_entry AS o WHERE o.subject = p.subject AND o.proceeding_id = p.proceeding_id) AS e
$$;
-- The step that it comes to: decisions on appeal and exits have one function with those before.
CREATE FUNCTION pg_temp.meant(p proceeding, event text) RETURNS text LANGUAGE sql AS $$
	SELECT CASE WHEN p.kind IN ('objection', 'complaint') AND event ~ '^(uphold|reject)(_appeal)?$' THEN split_part(event, '_', 1) || CASE WHEN p.state = 'appealed' THEN '_appeal' ELSE '' END
	            WHEN p.kind = 'listing' AND event IN ('drop', 'basis_fallen') THEN CASE WHEN p.state IN ('proposed', 'noticed', 'dropped') THEN 'drop' ELSE 'basis_fallen' END
	            ELSE event END
$$;
CREATE TEMPORARY TABLE skip (kind text, state text, event text, role text, foretold text, code text, message text, hint text);
CREATE FUNCTION pg_temp.skips(p proceeding) RETURNS SETOF skip LANGUAGE plpgsql AS $$
DECLARE
	s step;
	r role;
BEGIN
	FOR s IN SELECT DISTINCT ON (t.event) t.* FROM step AS t WHERE t.kind = p.kind ORDER BY t.event, (t.from_state IS NOT DISTINCT FROM p.state) DESC LOOP
		-- of those who decide, two are enough
		FOR r IN SELECT * FROM role AS o WHERE o.role NOT IN ('regress_third', 'regress_north') LOOP
			IF pg_temp.foretold(p, pg_temp.meant(p, s.event), r) IS NOT NULL THEN
				RETURN QUERY SELECT p.kind, p.state, s.event, r.role, pg_temp.foretold(p, pg_temp.meant(p, s.event), r), a.code, a.message, a.hint
				  FROM pg_temp.attempt(r.role, pg_temp.own_call(p, s.event, pg_temp.papers(s))) AS a;
			END IF;
		END LOOP;
	END LOOP;
END
$$;
CREATE TEMPORARY TABLE lived (n integer, state text, told text);
CREATE TEMPORARY TABLE fault (kind text, fault text, code text, message text, hint text);
CREATE FUNCTION pg_temp.live(name text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	l life;
	p proceeding;
	s step;
	answer text;
	came_to lived[] := '{}';
	refused skip[] := '{}';
	failed fault[] := '{}';
	a record;
BEGIN
	BEGIN
		FOR l IN SELECT * FROM life AS o WHERE o.life = name ORDER BY o.n LOOP
			PERFORM set_config('citycredit.today', l.day::text, true);
			IF l.fault IS NOT NULL THEN
				SELECT * INTO s FROM step AS t WHERE t.kind = p.kind AND t.from_state = p.state AND t.event = l.step;
				SELECT * INTO a FROM pg_temp.attempt(l.role, CASE WHEN l.step ~ '^ *SELECT ' THEN l.step ELSE pg_temp.own_call(p, l.step, pg_temp.papers(s) - 'terms' || l.details) END);
				failed := failed || (p.kind, l.fault, a.code, a.message, a.hint)::fault;
			ELSIF l.step ~ '^ *SELECT ' THEN
				PERFORM set_config('regress.proceeding', pg_temp.run(l.role, l.step), true);
			ELSIF l.step = 'all penalties revoked' THEN
				PERFORM revoke_record(r.subject, r.record_id, l.day, '处罚撤销') FROM credit_record AS r WHERE r.subject = pg_temp.firm() AND r.kind = 'penalty' AND r.known_until = 'infinity';
			ELSIF l.step IS NOT NULL THEN
				SELECT * INTO s FROM step AS t WHERE t.kind = p.kind AND t.from_state = (SELECT o.state FROM proceeding_today AS o WHERE o.proceeding_id = p.proceeding_id) AND t.event = l.step;
				answer := pg_temp.try(l.role, pg_temp.own_call(p, l.step, coalesce(pg_temp.papers(s) - 'terms', '{}') || l.details));
			END IF;
			SELECT * INTO STRICT p FROM proceeding AS o WHERE o.proceeding_id = pg_temp.now_open();
			p.state := (SELECT o.state FROM proceeding_today AS o WHERE o.proceeding_id = p.proceeding_id);
			came_to := came_to || (l.n, p.state || coalesce(' ' || substring(answer FROM '^[0-9A-Z]{5} .*'), ''), NULL)::lived;
			IF l.ask IS NOT NULL THEN
				came_to[cardinality(came_to)].told := pg_temp.run('none', l.ask);
			END IF;
			IF NOT EXISTS (SELECT FROM skip AS o WHERE o.kind = p.kind AND o.state = p.state) AND NOT EXISTS (SELECT FROM unnest(refused) AS o WHERE o.state = p.state) THEN
				refused := refused || ARRAY(SELECT o FROM pg_temp.skips(p) AS o);
			END IF;
		END LOOP;
		RAISE EXCEPTION USING ERRCODE = 'UNDO0';
	EXCEPTION WHEN SQLSTATE 'UNDO0' THEN
		NULL;
	END;
	INSERT INTO lived SELECT * FROM unnest(came_to);
	INSERT INTO skip SELECT * FROM unnest(refused);
	INSERT INTO fault SELECT * FROM unnest(failed);
END
$$;
SELECT pg_temp.live(l.life) FROM (SELECT life FROM life GROUP BY 1 ORDER BY min(n)) AS l \g /dev/null

SELECT is_empty(format($$ SELECT l.day, l.role, l.step, v.state, v.told FROM life AS l LEFT JOIN lived AS v USING (n) WHERE l.life = %L AND (v.state IS DISTINCT FROM l.state OR v.told IS DISTINCT FROM l.told) $$, l.life), l.life)
  FROM (SELECT life FROM life GROUP BY 1 ORDER BY min(n)) AS l;
SELECT is_empty($$ SELECT * FROM fault JOIN (VALUES ('wrong department', '42501'), ('wrong day', '22008'), ('missing evidence', '23514'), ('second application while one is open', '23505'),
	('decision by the applicant', '0P000')) AS v (fault, expected) USING (fault) WHERE code IS DISTINCT FROM expected $$, 'each fault has its own SQLSTATE');
SELECT is((SELECT count(*) FROM fault WHERE coalesce(hint, '') <> ''), 30::bigint, '  and a hint: five faults in lives of six kinds');
-- with those of the tests of each instance, every state of every kind is in some life
SELECT set_eq('SELECT DISTINCT kind, state FROM skip', $$ SELECT k.kind, s.state FROM proceeding_kinds() AS k CROSS JOIN LATERAL proceeding_states(k.kind) AS s
	WHERE k.kind <> 'rectification' AND (k.kind, s.state) NOT IN (('listing', 'candidate')) $$, 'they pass every state');
SELECT is_empty('SELECT * FROM skip WHERE code IS NULL', 'in none of them any role takes a step that is not its');
SELECT is_empty($$ SELECT * FROM skip WHERE code NOT IN ('55000', '42501', '0P000') OR left(foretold, 5) = '55000' AND code <> '55000' $$, '  refused as no step, or for the person');
SELECT is_empty($$ SELECT DISTINCT code, message FROM skip WHERE coalesce(hint, '') = '' AND message !~ 'in state (\w+)$' $$, '  and told what to do');
SELECT set_eq($$ SELECT DISTINCT kind FROM skip WHERE code = '0P000' $$, ARRAY['commitment', 'listing', 'repair', 'objection', 'complaint', 'gap_review'], '  of every kind there were some who may not decide because of what they did before');
SELECT is_empty('SELECT * FROM misreplayed', 'every log replays'), is_empty('SELECT * FROM verify_standings()', 'every standing is what the records give');
SELECT * FROM finish();
ROLLBACK;
