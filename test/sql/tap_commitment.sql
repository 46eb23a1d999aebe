-- tap_commitment.sql -- commitments: who may make one, its life kept and broken, missing papers, the letter, what is overdue
\set ECHO none
\i test/include/proceeding.psql
SELECT plan(94);

-- ---------------------------------------------------------------------------
-- The catalogue
-- ---------------------------------------------------------------------------
SELECT results_eq('SELECT type, count(*)::integer FROM shipped_commitment_matter GROUP BY type ORDER BY type',
	$$ VALUES ('instead_of_approval', 5), ('missing_papers', 2), ('notified', 34) $$, 'the draft of Chongqing: 34, 5 and 2 matters');
SELECT is((SELECT count(DISTINCT department)::integer FROM shipped_commitment_matter), 17, 'of 17 departments');
SELECT is((SELECT matter FROM shipped_commitment_matter WHERE department = '市城市管理局'), '从事城市生活垃圾经营性清扫、收集、运输、处理服务审批', 'one of them city management');
-- a city that has published its catalogue
INSERT INTO commitment_matter (city, edition, number, department, power, matter, type, field, source, rank, used_from) VALUES
	('常州', '2026', 1, '城管局', '许可', '建筑垃圾处置核准', 'notified', 'construction_waste', '常州市适用信用承诺事项清单', 'normative_document', '2026-01-01'),
	('常州', '2026', 2, '城管局', '许可', '临时占道审批', 'missing_papers', 'other', '常州市适用信用承诺事项清单', 'normative_document', '2026-01-01'),
	('常州', '2026', 3, '环保局', '许可', '排污许可', 'notified', 'other', '常州市适用信用承诺事项清单', 'normative_document', '2026-01-01'),
	('常州', '2025', 1, '城管局', '许可', '建筑垃圾处置核准', 'notified', 'construction_waste', '常州市适用信用承诺事项清单', 'normative_document', '2025-01-01'),
	('常州', '草案', 1, '城管局', '许可', '建筑垃圾处置核准', 'notified', 'construction_waste', '征求意见稿', 'draft', '2026-01-01');
UPDATE commitment_matter SET used_until = '2025-12-31' WHERE edition = '2025';
SELECT throws_ok($$ INSERT INTO commitment_matter (city, edition, number, department, power, matter, type, field, source, rank) VALUES ('x', 'x', 1, 'x', 'x', 'x', 'self_discipline', 'x', 'x', 'law') $$,
	'23514', NULL, 'what needs no catalogue is in none');

CREATE FUNCTION pg_temp.inform(name text, role text, arguments text, subject text DEFAULT '91110000600037341L') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text := pg_temp.try(role, format('SELECT inform_commitment(%L, %s)', subject, arguments));
BEGIN
	IF answer ~ '^\d+$' THEN
		INSERT INTO made VALUES (name, subject, answer::bigint, role);
		RETURN (SELECT p.state FROM proceeding AS p WHERE p.proceeding_id = answer::bigint);
	END IF;
	RETURN answer;
END
$$;
CREATE FUNCTION pg_temp.promise(name text, role text, event text, details jsonb DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	m made;
BEGIN
	SELECT * INTO STRICT m FROM made AS o WHERE o.name = promise.name;
	RETURN pg_temp.try(role, format('SELECT advance_commitment(%L, %s, %L, %L)', m.subject, m.id, event, details));
END
$$;

-- ---------------------------------------------------------------------------
-- Who is refused
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.inform(v.name, v.role, v.arguments), v.says, v.what) FROM (VALUES
	(1, 'x', 'regress_officer', $$ 'notified', '城管局', '320400', ARRAY['有车辆'], NULL, '常州', '2026', 99 $$,
		'42704 matter 99 of the catalogue "2026" of "常州" is not in use | A commitment of type notified stands in for proof, and may only where the catalogue names the matter. | The catalogue is citycredit.commitment_matter; citycredit.shipped_commitment_matter has one to begin with.',
		'a matter outside the catalogue'),
	(2, 'x', 'regress_officer', $$ 'notified', '城管局', '320400', ARRAY['有车辆'], NULL, '常州', '2025', 1 $$,
		'42704 matter 1 of the catalogue "2025" of "常州" is not in use | A commitment of type notified stands in for proof, and may only where the catalogue names the matter. | The catalogue is citycredit.commitment_matter; citycredit.shipped_commitment_matter has one to begin with.',
		'an edition no longer in use'),
	(3, 'x', 'regress_officer', $$ 'notified', '城管局', '320400', ARRAY['有车辆'], NULL, '常州', '草案', 1 $$,
		'55000 matter 1 comes from a draft | "征求意见稿" has not been published. | Enter the published catalogue of the city with its rank.', 'a draft binds nobody'),
	(4, 'x', 'regress_officer', $$ 'notified', '城管局', '320400', ARRAY['有车辆'], NULL, '常州', '2026', 2 $$,
		'22023 matter 2 allows commitments of type missing_papers, not of type notified', 'another type than the matter allows'),
	(5, 'x', 'regress_officer', $$ 'notified', '城管局', '320400', ARRAY['有车辆'], NULL, '常州', '2026', 3 $$,
		'42501 matter 3 is a matter of "环保局", not of "城管局" | The department that the catalogue names takes the commitment.', 'a matter of another department'),
	(6, 'x', 'regress_officer', $$ 'self_discipline', '城管局', '320400', ARRAY['守法'], '守法经营', '常州', '2026', 1 $$,
		'22023 a commitment of type self_discipline names no matter of a catalogue | Describe it as matter.', 'self-discipline needs no catalogue'),
	(7, 'x', 'regress_officer', $$ 'promise', '城管局', '320400', ARRAY['守法'] $$,
		'22023 "promise" is no type of commitment | The types are notified, missing_papers, instead_of_approval, proof, repair, self_discipline, voluntary and other.', 'no such type'),
	(8, 'x', 'regress_officer', $$ 'voluntary', '城管局', '3204', ARRAY['守法'] $$,
		'22023 "3204" is no division | Write its six digits: the code of a commitment begins with them.', 'no division'),
	(9, 'x', 'regress_officer', $$ 'missing_papers', '城管局', '320400', ARRAY['有场地'], NULL, '常州', '2026', 2 $$,
		'22023 papers are named for type missing_papers, and only there | Give papers as [{"paper": "...", "due_on": "2026-05-06"}, ...].', 'missing papers that nobody names'),
	(10, 'x', 'regress_other', $$ 'voluntary', '城管局', '320400', ARRAY['守法'] $$,
		'42501 role "regress_other" has no competence for "inform" of this proceeding | It is taken as department of "城管局" for commitment in field any, district any; the role is there: nothing. | Who acts for which department is in citycredit.department_competence.',
		'an officer of another department'),
	(11, 'x', 'regress_officer', $$ 'voluntary', '城管局', '320400', ARRAY['守法'], terms => '{"forever": {"days": 1}}' $$,
		'22023 kind commitment has no period forever | The periods are in citycredit.proceeding_table(''commitment''), column "sets".', 'a period that there is not'),
	(12, 'x', 'regress_officer', $$ 'voluntary', '城管局', '320400', NULL $$,
		'22004 a commitment needs subject, type, department, division and conditions', 'nobody was told anything')
	) AS v (n, name, role, arguments, says, what) ORDER BY v.n;
SELECT is((SELECT count(*) FROM commitment)::integer, 0, 'nothing came of these');

-- ---------------------------------------------------------------------------
-- Who may not make one, by a policy
-- ---------------------------------------------------------------------------
SELECT * FROM load_policy($yaml$
policy: regress-commitments
title: 信用承诺适用办法
version: '1'
issuer: 城管局
in_force: {from: 2026-01-01}
sources: {m: {title: 信用承诺适用办法, rank: normative_document}}
inputs: [participation, penalty]
applies_to: {enrolled_by: {kind: participation}}
score: none
items:
  - {id: broken, name: 违诺, match: {kind: penalty, behaviour: X-1}, window: {from: decided_on, years: 1}, cite: {source: m, article: 第三条}}
bands:
  choose: best
  gap: refer
  cite: {source: m, article: 第二条}
  of:
    - {id: A, name: 良好, when: {count.broken: 0}}
    - {id: B, name: 较差, when: {count.broken: {at_least: 1}}}
effects:
  - {id: no_missing_papers, name: 不适用容缺受理, effect: bar, matter: 容缺受理, when: {band: B}, cite: {source: m, article: 第四条}}
$yaml$) \g /dev/null
GRANT EXECUTE ON FUNCTION adopt_policy TO regress_head;
SELECT pg_temp.run('regress_head', 'SELECT adopt_policy(''regress-commitments'', ''1'')') \g /dev/null
INSERT INTO record (subject, kind, document, authority, source, field, state, valid_from, entered_by, verified_by)
	SELECT v.code::subject_code, 'participation', '名册', 'A', 'S', 'construction_waste', 'taking_part', '2026-01-01', 'a', 'b' FROM (VALUES ('91110000600037341L'), ('91420684MA4927PJ7B')) AS v (code);
INSERT INTO record (subject, kind, document, authority, source, behaviour, decided_on, entered_by, verified_by)
	VALUES ('91420684MA4927PJ7B', 'penalty', '罚1', 'A', 'S', 'X-1', '2026-03-01', 'a', 'b');
SELECT is(pg_temp.inform('barred', 'regress_officer', $$ 'missing_papers', '城管局', '320400', ARRAY['有场地'], NULL, '常州', '2026', 2, papers => '[{"paper": "平面图", "due_on": "2026-03-25"}]' $$, '91420684MA4927PJ7B'),
	'55000 subject "91420684MA4927PJ7B" may not make a commitment of type missing_papers | Policy "regress-commitments" bars it: 不适用容缺受理 (no_missing_papers), 信用承诺适用办法 第四条. | The matter is handled by its ordinary procedure.',
	'whose grade is too low for one');

-- ---------------------------------------------------------------------------
-- A life: kept
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.inform('kept', 'regress_officer', $$ 'notified', '城管局', '320400', ARRAY['有自有车辆20辆以上', '有停车场地'], NULL, '常州', '2026', 1, 'construction_waste',
	terms => '{"decide": {"working_days": 3}, "verify": {"months": 2}, "rectify": {"days": 10}}' $$), 'informed', 'told');
SELECT matches((SELECT code FROM commitment), '^32040020260302[0-9]{6}$', 'the code: division, day, serial');
SELECT is(pg_temp.inform('again', 'regress_officer', $$ 'notified', '城管局', '320400', ARRAY['有自有车辆20辆以上'], NULL, '常州', '2026', 1, 'construction_waste' $$) ~
	'^23505 a proceeding of kind commitment about the same matter is open', true, 'a second one while it is open');
SELECT matches(pg_temp.promise('kept', 'regress_head', 'decide'), '^55000 .*sign', 'not decided before it is signed');
SELECT is(pg_temp.promise('kept', 'regress_window', 'sign', '{"evidence": [{"kind": "content", "reference": "甲1号"}, {"kind": "liability", "reference": "甲1号"}], "data": {"content": "达到全部条件"}}'),
	'23514 a commitment is signed with its content and the liability for it | Give "data": {"content": ..., "liability": ..., "valid_until": ...} in the details.', 'signed without liability');
SELECT is(pg_temp.promise('kept', 'regress_window', 'sign',
	'{"evidence": [{"kind": "content", "reference": "承诺书"}, {"kind": "liability", "reference": "承诺书"}], "person": "张三", "data": {"content": "达到全部条件", "liability": "撤销决定，记入信用记录", "valid_until": "2027-03-01"}}'),
	'signed', 'signed at the counter');
SELECT results_eq('SELECT signed_on, content, liability, valid_until FROM commitment', $$ VALUES ('2026-03-02'::date, '达到全部条件', '撤销决定，记入信用记录', '2027-03-01'::date) $$, 'what was signed');
-- the same by the function of all proceedings
SELECT matches(pg_temp.step('kept', 'regress_officer', 'publish_undecided'), '^55000 "publish_undecided" is no step of a commitment of type notified', 'it is decided upon, whatever function is called');
SELECT is(pg_temp.promise('kept', 'regress_officer', 'publish_undecided'),
	'55000 "publish_undecided" is no step of a commitment of type notified | It stands in for proof: the department decides upon it. | Take "decide".', 'it is decided upon');
SELECT matches(pg_temp.promise('kept', 'regress_officer', 'decide'), '^42501', 'an officer does not decide');
SELECT is(pg_temp.promise('kept', 'regress_head', 'decide', '{"data": {"permit": "00000000-0000-0000-0000-000000000001"}}'),
	'42704 permit "00000000-0000-0000-0000-000000000001" of subject "91110000600037341L" does not exist | The permit is a record of kind permit of the same subject.', 'a permit that there is not');
INSERT INTO record (subject, kind, document, authority, source, decided_on, valid_from, valid_until, record_key, entered_by, verified_by)
VALUES ('91110000600037341L', 'permit', '核准2026-1', '121200004013590816', 'S', '2026-03-02', '2026-03-02', '2027-03-01', '00000000-0000-0000-0000-00000000000a', 'a', 'b');
SELECT is(pg_temp.promise('kept', 'regress_head', 'decide', '{"data": {"permit": "00000000-0000-0000-0000-00000000000a"}}'),
	'42501 permit "核准2026-1" is one of another authority | Authority "121200004013590816" is "121200004013590816"; the commitment was made to "城管局". | An authority is known by its code: register it with citycredit.register_subject() under the name of the department.', 'a permit of nobody known');
INSERT INTO subject (subject, kind, name) VALUES ('121200004013590816', 'government_body', '环保局');
SELECT matches(pg_temp.promise('kept', 'regress_head', 'decide', '{"data": {"permit": "00000000-0000-0000-0000-00000000000a"}}'),
	'^42501 permit "核准2026-1" is one of another authority \| Authority "121200004013590816" is "环保局"', 'or of another authority');
UPDATE subject SET name = ' 城管局' WHERE subject = '121200004013590816';
SELECT is(pg_temp.promise('kept', 'regress_head', 'decide', '{"data": {"permit": "00000000-0000-0000-0000-00000000000a"}}'), 'decided', 'decided at once');
SELECT is(pg_temp.promise('kept', 'regress_officer', 'publish'), 'published', 'published');
SET LOCAL citycredit.today = '2026-05-02';
SELECT is_empty('SELECT * FROM commitment_overdue', 'two months to verify: not over on the last day');
SET LOCAL citycredit.today = '2026-05-03';
SELECT results_eq('SELECT what, due_on, days_late FROM commitment_overdue', $$ VALUES ('verify', '2026-05-02'::date, 1) $$, 'overdue on the next');
SELECT is(pg_temp.promise('kept', 'regress_officer', 'verify'), 'verifying', 'verified');
SELECT matches(pg_temp.promise('kept', 'regress_head', 'match'), '^23514 "match" lacks evidence: verification', 'without a finding');
SELECT is(pg_temp.promise('kept', 'regress_head', 'match', '{"evidence": [{"kind": "verification", "reference": "现场核查记录1号"}]}'), 'fulfilled', 'it was kept');
SELECT results_eq($$ SELECT r.state, r.decided_on, r.valid_until, r.entered_by, r.verified_by, r.held FROM record AS r JOIN commitment AS c ON c.code = r.document WHERE r.kind = 'commitment' $$,
	$$ VALUES ('fulfilled', '2026-05-03'::date, '2027-03-01'::date, 'regress_officer', 'regress_head', NULL::text) $$, 'on record, by two persons');

-- ---------------------------------------------------------------------------
-- A life: broken
-- ---------------------------------------------------------------------------
SET LOCAL citycredit.today = '2026-03-02';
INSERT INTO record (subject, kind, document, authority, source, decided_on, valid_from, valid_until, record_key, entered_by, verified_by, detail)
VALUES ('91420684MA4927PJ7B', 'permit', '核准2026-2', '12320400014109573X', 'S', '2026-03-02', '2026-03-02', '2027-03-01', '00000000-0000-0000-0000-00000000000b', 'a', 'b', '{"xk_xkjg": "城管局"}');
SELECT is(pg_temp.inform('broken', 'regress_officer', $$ 'notified', '城管局', '320400', ARRAY['有自有车辆20辆以上'], NULL, '常州', '2026', 1,
	terms => '{"verify": {"months": 2}, "rectify": {"days": 10}}' $$, '91420684MA4927PJ7B'), 'informed', 'another is told');
SELECT is(pg_temp.promise('broken', 'regress_window', 'sign', '{"evidence": [{"kind": "content", "reference": "甲1号"}, {"kind": "liability", "reference": "甲1号"}], "data": {"content": "达到全部条件", "liability": "撤销决定"}}'), 'signed', 'signs');
SELECT is(pg_temp.promise('broken', 'regress_head', 'decide', '{"data": {"permit": "00000000-0000-0000-0000-00000000000b"}}'), 'decided', 'gets its permit');
SELECT is(pg_temp.promise('broken', 'regress_officer', 'verify'), 'verifying', 'is visited');
SELECT matches(pg_temp.promise('broken', 'regress_head', 'breach', '{"reasons": "没有车辆"}'), '^55000', 'no breach before an order to rectify');
SELECT is(pg_temp.promise('broken', 'regress_officer', 'mismatch', '{"reasons": "只有车辆5辆", "evidence": [{"kind": "verification", "reference": "核查记录2号"}],
	"served_on": "2026-03-02", "service_method": "direct", "service_document": "责令整改1号"}'), 'rectifying', 'has to rectify');
SELECT is((SELECT performance FROM commitment AS c JOIN made AS m ON m.id = c.proceeding_id WHERE m.name = 'broken'), NULL, 'which is no breach yet');
SELECT matches(pg_temp.promise('broken', 'regress_head', 'breach', '{"reasons": "没有整改", "evidence": [{"kind": "verification", "reference": "甲1号"}], "data": {"not_done": "车辆", "consequence": "撤销"},
	"served_on": "2026-03-02", "service_method": "direct", "service_document": "决定1号"}'), '^22008 period "rectify" is not over', 'not before the ten days are over');
SET LOCAL citycredit.today = '2026-03-13';
SELECT results_eq('SELECT what, due_on, days_late FROM commitment_overdue', $$ VALUES ('rectify', '2026-03-12'::date, 1) $$, 'overdue');
SELECT is(pg_temp.promise('broken', 'regress_head', 'breach', '{"reasons": "没有整改", "evidence": [{"kind": "verification", "reference": "甲1号"}],
	"served_on": "2026-03-13", "service_method": "direct", "service_document": "决定1号"}'),
	'23514 who did not keep a commitment is told what was not done and what follows | Give "data": {"performance": "partly_fulfilled" or "not_fulfilled", "not_done": ..., "consequence": ...} in the details.',
	'not without what was not done');
SELECT matches(pg_temp.promise('broken', 'regress_officer', 'breach', '{"reasons": "没有整改", "evidence": [{"kind": "verification", "reference": "甲1号"}], "data": {"not_done": "车辆", "consequence": "撤销"},
	"served_on": "2026-03-13", "service_method": "direct", "service_document": "决定1号"}'), '^42501', 'not by the officer who ordered it');
SELECT is(pg_temp.promise('broken', 'regress_head', 'breach', '{"reasons": "没有整改", "evidence": [{"kind": "verification", "reference": "甲1号"}], "data": {"performance": "partly_fulfilled", "not_done": "尚缺车辆15辆", "consequence": "撤销核准"},
	"served_on": "2026-03-13", "service_method": "direct", "service_document": "决定1号"}'), 'breached', 'a breach, by another person');
SELECT results_eq($$ SELECT r.state, r.decided_on, r.verified_by FROM record AS r WHERE r.kind = 'commitment' AND r.subject = '91420684MA4927PJ7B' $$,
	$$ VALUES ('partly_fulfilled', '2026-03-13'::date, 'regress_head') $$, 'on record');
SELECT is((SELECT revoked_on FROM record WHERE document = '核准2026-2' AND known_until = 'infinity'), NULL, 'the decision stands');
SELECT is(pg_temp.promise('broken', 'regress_second', 'revoke', '{"reasons": "违背承诺", "served_on": "2026-03-13", "service_method": "direct", "service_document": "决定2号"}'), 'revoked', 'until it is revoked');
SELECT is((SELECT revoked_on FROM record WHERE document = '核准2026-2' AND known_until = 'infinity'), '2026-03-13'::date, 'and with it the permit');
SELECT results_eq('SELECT cause, decided_on, due_on, done_on FROM withdrawal', $$ VALUES ('revocation', '2026-03-13'::date, NULL::date, '2026-03-13'::date) $$, '  which has to be withdrawn where it is public');

-- ---------------------------------------------------------------------------
-- Missing papers, and promises without a decision
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.inform('papers', 'regress_officer', $$ 'missing_papers', '城管局', '320400', ARRAY['有场地'], NULL, '常州', '2026', 2,
	papers => '[{"paper": "场地证明", "due_on": "2026-03-20"}, {"paper": "平面图", "due_on": "2026-03-25"}]' $$), 'informed', 'two papers are missing');
SELECT is(pg_temp.inform('wrong', 'regress_officer', $$ 'missing_papers', '城管局', '320400', ARRAY['有场地'], NULL, '常州', '2026', 2, papers => '[{"paper": "x"}]' $$, '91420684MA4927PJ7B'),
	'22023 invalid list of missing papers | Give papers as [{"paper": "...", "due_on": "2026-05-06"}, ...].', 'a paper without its day');
SELECT is(pg_temp.promise('papers', 'regress_window', 'sign', '{"evidence": [{"kind": "content", "reference": "甲1号"}, {"kind": "liability", "reference": "甲1号"}], "data": {"content": "按期补交", "liability": "撤销决定"}}'), 'signed', 'signed');
SELECT is(pg_temp.promise('papers', 'regress_head', 'decide'), 'decided', 'handled before they come');
SELECT is(pg_temp.promise('papers', 'regress_officer', 'verify'), 'verifying', 'verified');
SELECT is(pg_temp.try('regress_other', format('SELECT supply_paper(%L, %s, %L)', subject, id, '平面图')), '42501 role "regress_other" takes in no papers for "城管局" | Who acts for which department is in citycredit.department_competence.', 'brought to another department') FROM made WHERE name = 'papers';
SELECT is(pg_temp.try('regress_window', format('SELECT supply_paper(%L, %s, %L)', subject, id, '平面图')), '1', 'one comes') FROM made WHERE name = 'papers';
SELECT is(pg_temp.try('regress_window', format('SELECT supply_paper(%L, %s, %L)', subject, id, '平面图')), format('42704 paper "平面图" is not missing from commitment %s | The missing papers are in citycredit.commitment_paper.', id), 'not twice') FROM made WHERE name = 'papers';
SELECT matches(pg_temp.promise('papers', 'regress_head', 'match', '{"evidence": [{"kind": "verification", "reference": "甲1号"}]}'), '^23514 papers of commitment [0-9]{20} are missing \| They are: 场地证明 \(2026-03-20\)\.', 'not kept while one is missing');
SELECT matches(pg_temp.step('papers', 'regress_head', 'match', '{"evidence": [{"kind": "verification", "reference": "甲1号"}]}'), '^23514 papers of commitment [0-9]{20} are missing', '  whatever function is called');
SET LOCAL citycredit.today = '2026-03-21';
SELECT results_eq('SELECT what, due_on FROM commitment_overdue', $$ VALUES ('场地证明', '2026-03-20'::date) $$, 'overdue');
SELECT is(pg_temp.try('regress_window', format('SELECT supply_paper(%L, %s, %L)', subject, id, '场地证明')), '0', 'all have come') FROM made WHERE name = 'papers';
SELECT is(pg_temp.promise('papers', 'regress_head', 'match', '{"evidence": [{"kind": "verification", "reference": "甲1号"}]}'), 'fulfilled', 'kept');

SELECT is(pg_temp.inform('discipline', 'regress_officer', $$ 'self_discipline', '城管局', '320400', ARRAY['守法经营'], '行业自律' $$), 'informed', 'self-discipline');
SELECT is(pg_temp.promise('discipline', 'regress_window', 'sign', '{"evidence": [{"kind": "content", "reference": "甲1号"}, {"kind": "liability", "reference": "甲1号"}], "data": {"content": "守法经营", "liability": "接受公开通报"}}'), 'signed', 'signed');
SELECT is(pg_temp.promise('discipline', 'regress_head', 'decide'), '55000 "decide" is no step of a commitment of type self_discipline | There is nothing to decide upon. | Take "publish_undecided".', 'nothing to decide');
SELECT is(pg_temp.promise('discipline', 'regress_officer', 'publish_undecided'), 'published', 'published');

-- ---------------------------------------------------------------------------
-- The letter, the guard
-- ---------------------------------------------------------------------------
SELECT is(commitment_letter(subject, id) ~ '办理事项：建筑垃圾处置核准' AND commitment_letter(subject, id) ~ E'1\\. 有自有车辆20辆以上\n2\\. 有停车场地' AND commitment_letter(subject, id) ~ '作出行政决定后2个月内'
	AND commitment_letter(subject, id) ~ '5\. 承诺内容：达到全部条件；' AND commitment_letter(subject, id) ~ '2026年3月2日', true, 'the letter, filled in') FROM made WHERE name = 'kept';
SELECT is(commitment_letter(subject, id) ~ '先行受理时欠缺的材料：场地证明（2026-03-20前补交）；平面图（2026-03-25前补交）。', true, 'with the papers that were missing') FROM made WHERE name = 'papers';
SELECT throws_ok('UPDATE commitment SET content = ''x''', '55000', 'cannot update table "commitment" directly', 'not even the owner changes one by hand');
SELECT throws_ok('DELETE FROM commitment_paper', '55000', 'cannot delete table "commitment_paper" directly', 'nor its papers');
-- ---------------------------------------------------------------------------
-- The types that have no life of their own above
-- ---------------------------------------------------------------------------
INSERT INTO commitment_matter (city, edition, number, department, power, matter, type, field, source, rank, used_from) VALUES
	('常州', '2026', 4, '城管局', '许可', '户外广告设置', 'instead_of_approval', 'other', '常州市适用信用承诺事项清单', 'normative_document', '2026-01-01'),
	('常州', '2026', 5, '城管局', '证明', '场地证明', 'proof', 'other', '常州市适用信用承诺事项清单', 'normative_document', '2026-01-01');
SELECT is(pg_temp.inform(v.type, 'regress_officer', format('%L, ''城管局'', ''320400'', ARRAY[''条件''], %s', v.type, v.arguments)), 'informed', v.type || ': told'),
       is(pg_temp.promise(v.type, 'regress_window', 'sign', '{"evidence": [{"kind": "content", "reference": "乙1号"}, {"kind": "liability", "reference": "乙1号"}], "data": {"content": "符合条件", "liability": "撤销决定"}}'),
          'signed', '  signed'),
       matches(pg_temp.promise(v.type, 'regress_head', 'decide'), v.decided, v.said)
  FROM (VALUES ('instead_of_approval', $$ NULL, '常州', '2026', 4 $$, '^decided$', '  decided upon, in place of an approval'),
	('proof', $$ NULL, '常州', '2026', 5 $$, '^decided$', '  decided upon, in place of a proof'),
	('voluntary', $$ '文明施工' $$, '^55000 "decide" is no step of a commitment of type voluntary', '  with nothing to decide upon'),
	('other', $$ '其他事项' $$, '^55000 "decide" is no step of a commitment of type other', '  with nothing to decide upon')) AS v (type, arguments, decided, said);
SELECT is((SELECT commitment_letter(m.subject, m.id) ~ v.letter FROM made AS m WHERE m.name = v.type), true, v.letter || ', says the letter')
  FROM (VALUES ('instead_of_approval', '审批替代'), ('proof', '证明事项'), ('voluntary', '主动'), ('other', '其他')) AS v (type, letter);
SELECT is_empty('SELECT * FROM misreplayed', 'every log replays to its state');
SELECT finish();
ROLLBACK;
