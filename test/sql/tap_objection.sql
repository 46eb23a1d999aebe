-- tap_objection.sql -- objections and complaints: won, lost, refused; what an upheld one moves, and what is to be withdrawn
\set ECHO none
\i test/include/proceeding.psql
\i test/include/repair.psql
SELECT plan(140);

-- Raises an objection or complaint under a name.
CREATE FUNCTION pg_temp.raise(name text, against jsonb, role text DEFAULT 'regress_window', reasons text DEFAULT '与事实不符', kind text DEFAULT 'objection', department text DEFAULT '城管局',
	terms jsonb DEFAULT '{}', details jsonb DEFAULT '{}') RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	answer text := pg_temp.try(role, format('SELECT raise_%s(''91110000600037341L'', %L, %L, %L, terms => %L, details => %L)', kind, against, department, reasons, terms, details));
BEGIN
	IF answer !~ '^\d+$' THEN
		RETURN answer;
	END IF;
	INSERT INTO made VALUES (name, '91110000600037341L', answer::bigint, role);
	RETURN (SELECT p.state FROM proceeding AS p WHERE p.proceeding_id = answer::bigint);
END
$$;
CREATE FUNCTION pg_temp.decide(name text, role text, decision text, details jsonb DEFAULT '{}', kind text DEFAULT 'objection') RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.try(role, format('SELECT decide_%s(''91110000600037341L'', %s, %L, %L)', kind, pg_temp.id(decide.name), decision, details)) $$;
CREATE FUNCTION pg_temp.against(document text, against text DEFAULT 'record') RETURNS jsonb LANGUAGE sql AS $$ SELECT jsonb_build_object('against', against, 'record_id', pg_temp.rec(document)) $$;
CREATE FUNCTION pg_temp.adopt(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN pg_temp.try('regress_editor_two', format('SELECT approve_repair_condition(%s)', pg_temp.run('regress_editor', 'SELECT ' || statement)));
END
$$;
SELECT is(pg_temp.adopt(v.statement), '2026-03-02', v.statement)
  FROM (VALUES (1, $$set_proceeding_term('objection', 'accept', '{"working_days": 3}', '测试异议办法第一条', 'refer')$$), (2, $$set_proceeding_term('objection', 'decide', '{"working_days": 5}', '测试异议办法第二条', 'granted')$$),
	(3, $$set_proceeding_term('objection', 'appeal', '{"days": 10}', '测试异议办法第三条')$$), (4, $$set_proceeding_term('complaint', 'decide', '{"working_days": 5}', '测试异议办法第四条', 'refer')$$)) AS v (n, statement) ORDER BY v.n;

-- ---------------------------------------------------------------------------
-- Raised: by whom, where, against what
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.raise('won', v.against::jsonb, v.role, v.reasons, department => v.department, details => v.details::jsonb), v.says, v.what)
  FROM (VALUES
	(1, pg_temp.against('D1')::text, 'regress_public', '不符', '城管局', '{}', '42501 role "regress_public" has no competence for "raise" of this proceeding | It is taken as subject of "城管局" for objection in field any, district any; the role is there: nothing. | Who acts for which department is in citycredit.department_competence.', 'not by somebody else'),
	(2, pg_temp.against('D1')::text, 'regress_window', '不符', '环保局', '{}', '42501 role "regress_window" has no competence for "raise" of this proceeding | It is taken as subject of "环保局" for objection in field any, district any; the role is there: nothing. | Who acts for which department is in citycredit.department_competence.', 'not at the wrong department'),
	(3, pg_temp.against('D1')::text, 'regress_window', NULL, '城管局', '{}', '23514 "raise" needs reasons | Give them as "reasons" in the details.', 'not without reasons'),
	(4, pg_temp.against('D1')::text, 'regress_window', '不符', '城管局', '{"on": "2026-03-03"}', '22008 day 2026-03-03 of "raise" is not between the last step and today | The last step is of none; today is 2026-03-02. | A step is recorded on its day or after it.', 'not tomorrow'),
	(5, '{"against": "weather"}', 'regress_window', '不符', '城管局', '{}', '22023 this is nothing that an objection can be raised against: {"against": "weather"} | It is finding with record_id; listing with entry_id; rating with period_from, policy, rating; record with record_id; standing with policy.', 'not against anything'),
	(6, '{"against": "listing", "entry_id": 99999999}', 'regress_window', '不符', '城管局', '{}', '42704 subject "91110000600037341L" has no such listing: {"entry_id": 99999999} | The entries and their stages are in citycredit.listing; one that has ended is objected to no more.', 'not against what is not there'),
	(7, '{"against": "standing", "policy": "other"}', 'regress_window', '不符', '城管局', '{}', '42704 subject "91110000600037341L" has no such standing: {"policy": "other"} | The standings of the subject are in citycredit.standing.', '  a standing'),
	(8, '{"against": "rating", "policy": "regress-repair", "rating": "year", "period_from": "2024-01-01"}', 'regress_window', '不符', '城管局', '{}', '42704 subject "91110000600037341L" has no such rating: {"policy": "regress-repair", "rating": "year", "period_from": "2024-01-01"} | The ratings of the subject are in citycredit.rating.', '  a rating'),
	(9, pg_temp.against('D3', 'finding')::text, 'regress_window', '不符', '城管局', '{}', format('42704 subject "91110000600037341L" has no such finding: {"record_id": "%s"} | An objection against the record itself is raised with "against": "record".', pg_temp.rec('D3')), '  a finding'),
	(10, pg_temp.against('D1')::text, 'regress_window', '不符', '城管局', '{"person": "张三"}', 'raised', 'raised at the counter')) AS v (n, against, role, reasons, department, details, says, what) ORDER BY v.n;
SELECT matches(pg_temp.raise('two', pg_temp.against('D1')), '^23505 a proceeding of kind objection about the same matter is open for subject "91110000600037341L"', 'one at a time');
SELECT matches(pg_temp.raise('two', jsonb_set(pg_temp.against('D1'), '{record_id}', to_jsonb(upper(pg_temp.rec('D1')::text)))), '^23505 a proceeding of kind objection about the same matter is open', '  however the reference is written');
SELECT ok(pg_temp.marked(pg_temp.rec('D1')), 'the record is marked');
SELECT ok(NOT pg_temp.marked(pg_temp.rec('D2')), '  and no other');
SELECT ok((SELECT until > today() FROM publicity('91110000600037341L', pg_temp.rec('D1'))), '  and stays public');

-- ---------------------------------------------------------------------------
-- Won: the record goes, and with it what rested on it
-- ---------------------------------------------------------------------------
CREATE TEMPORARY TABLE entry AS SELECT pg_temp.list() AS id;
GRANT SELECT ON entry TO PUBLIC;
INSERT INTO department_competence (department, role, duty, valid_from) VALUES ('测试局', actor(), 'officer', '2026-01-01');
SELECT close_cycle('regress-repair', '2025') \g /dev/null
SELECT is((SELECT concat_ws(' ', score, band) FROM rating WHERE subject = '91110000600037341L'), '400000 E', 'the year before is rated by the two penalties of it');
SELECT is(pg_temp.raise('rating', '{"against": "rating", "policy": "regress-repair", "rating": "year", "period_from": "2025-01-01"}'), 'raised', '  it can be objected to');
SELECT is(pg_temp.step('rating', 'regress_window', 'withdraw'), 'withdrawn', '  and the objection withdrawn');
SELECT is(pg_temp.standing(), '10 E', 'three penalties, and a listing');
SELECT is(pg_temp.decide('won', v.role, v.decision, v.details::jsonb), v.says, v.what)
  FROM (VALUES
	(1, 'regress_head', 'uphold', '{"reasons": "x"}', '55000 "uphold" is no step of kind objection in state raised | Legal next steps are accept (department), refuse (department), withdraw (applicant subject). | The steps are in citycredit.proceeding_table(''objection'').', 'acceptance is not skipped'),
	(2, 'regress_head', 'perhaps', '{}', '22023 "perhaps" is no decision | It is uphold or reject.', 'a decision is one of two')) AS v (n, role, decision, details, says, what) ORDER BY v.n;
SELECT matches(pg_temp.step('won', 'regress_window', 'accept'), '^42501 role "regress_window" has no competence for "accept"', 'not accepted by the counter');
SELECT is(pg_temp.step('won', 'regress_officer', 'accept'), 'accepted', 'accepted');
SELECT is(pg_temp.decide('won', v.role, v.decision, v.details::jsonb), v.says, v.what)
  FROM (VALUES
	(1, 'regress_officer', 'uphold', '{"reasons": "x"}', '42501 role "regress_officer" has no competence for "uphold" of this proceeding | It is taken as decider of "城管局" for objection in field any, district any; the role is there: officer for every kind in every field, every district. | Who acts for which department is in citycredit.department_competence.', 'not by who does not decide'),
	(2, 'regress_other', 'uphold', '{"reasons": "x"}', '42501 role "regress_other" has no competence for "uphold" of this proceeding | It is taken as decider of "城管局" for objection in field any, district any; the role is there: nothing. | Who acts for which department is in citycredit.department_competence.', 'nor by another department'),
	(3, 'regress_head', 'uphold', '{}', '23514 "uphold" needs reasons | Give them as "reasons" in the details.', 'not without reasons'),
	(4, 'regress_head', 'uphold', '{"reasons": "事实不清"}', '23514 an upheld objection says what is to be done | It is against a record. | Give "data": {"action": "revoke", "revoked_on": day} or {"action": "amend", "changes": {...}} in the details.', 'nor without saying what is to be done'),
	(5, 'regress_head', 'uphold', '{"reasons": "事实不清", "data": {"action": "remove"}}', '23514 an upheld objection says what is to be done | It is against a record. | Give "data": {"action": "revoke", "revoked_on": day} or {"action": "amend", "changes": {...}} in the details.', '  something that fits'),
	(6, 'regress_head', 'uphold', '{"reasons": "事实不清", "data": {"action": "revoke", "revoked_on": "2025-01-01"}}', format('22023 record "%s" cannot be revoked on 2025-01-01 | A revocation lies between the decision (2025-10-09) and today (2026-03-02).', pg_temp.rec('D1')), '  on a day that can be'),
	(7, 'regress_head', 'uphold', '{"reasons": "事实不清", "data": {"action": "amend", "changes": {"document": "X"}}}', NULL, ''),
	(8, 'regress_head', 'uphold', '{"reasons": "事实不清", "on": "2026-03-01", "data": {"action": "revoke"}}', '22008 day 2026-03-01 of "uphold" is not between the last step and today | The last step is of 2026-03-02; today is 2026-03-02. | A step is recorded on its day or after it.', '  not before it was accepted')) AS v (n, role, decision, details, says, what)
 WHERE v.says IS NOT NULL ORDER BY v.n;
SELECT matches(pg_temp.decide('won', 'regress_head', 'uphold', '{"reasons": "事实不清", "data": {"action": "amend", "changes": {"document": "X"}}}'), '^22023 cannot amend document', '  nothing that makes another record of it');
SELECT is(pg_temp.standing(), '10 E', 'nothing has moved');
SELECT is(pg_temp.decide('won', 'regress_head', 'uphold', '{"reasons": "事实不清", "data": {"action": "revoke", "revoked_on": "2026-03-02"}}'), 'upheld', 'upheld by another person');
SELECT is(pg_temp.standing(), '40 E', 'the standing has moved in the same transaction');
SELECT is((SELECT concat_ws(' ', revoked_on, detail ->> 'reason') FROM record WHERE document = 'D1' AND known_until = 'infinity'), '2026-03-02 事实不清', 'the record is revoked');
SELECT ok(NOT pg_temp.marked(pg_temp.rec('D1')), 'the mark is gone');
SELECT results_eq($$ SELECT what, old_outcome ->> 'score', new_outcome ->> 'score', new_outcome ->> 'revoked_on' FROM objection_effect ORDER BY item $$,
	$$ VALUES ('record', NULL, NULL, '2026-03-02'), ('standing', '10', '40', NULL), ('rating', '40', NULL, NULL) $$, 'what moved is told: the score, not the list');
SELECT results_eq($$ SELECT reference, proposed_by, result FROM objection_effect AS e JOIN rating_correction AS k USING (correction_id) $$, $$ VALUES ('regress-repair year 2025-01-01', 'regress_head', NULL::text) $$,
	'  a correction of the rating is proposed, which another person decides');
SELECT is((SELECT carried_out FROM objection WHERE proceeding_id = pg_temp.id('won')), true, 'and the view says that it was done');
SELECT matches(pg_temp.try('regress_head', format('SELECT carry_out_objection(''91110000600037341L'', %s, ''{"action": "revoke"}'', ''x'')', pg_temp.id('won'))), '^55000 proceeding \d+ has nothing left to be carried out', '  once');
SELECT throws_ok('DELETE FROM objection_effect', '55000', 'cannot delete table "objection_effect" directly', '  and stays told');
-- withdrawn within three days
SET LOCAL citycredit.today = '2026-03-05';
SELECT is_empty('SELECT * FROM withdrawal_overdue', 'not late on the third day');
SET LOCAL citycredit.today = '2026-03-06';
SELECT results_eq('SELECT department, due_on, days_late FROM withdrawal_overdue', $$ VALUES ('城管局', '2026-03-05'::date, 1) $$, 'late on the fourth');
SELECT matches(pg_temp.try('regress_public', format('SELECT confirm_withdrawal(''91110000600037341L'', %s)', pg_temp.id('won'))), '^42501 role "regress_public" has no competence', 'not withdrawn by somebody else''s word');
SELECT is(pg_temp.try('regress_officer', format('SELECT confirm_withdrawal(''91110000600037341L'', %s)', pg_temp.id('won'))), '1', 'withdrawn');
SELECT is_empty('SELECT * FROM withdrawal_overdue', '  late no more');
-- the day can be one of working days
SELECT is(pg_temp.adopt($$set_proceeding_term('objection', 'withdraw', '{"working_days": 3}', '测试异议办法第五条')$$), '2026-03-06', 'the city counts working days');

-- ---------------------------------------------------------------------------
-- Won: amended, the list falls with it; lost: appealed to another decider
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.raise('amend', pg_temp.against('D2')), 'raised', 'another objection');
SELECT is(pg_temp.step('amend', 'regress_officer', 'accept'), 'accepted', 'accepted');
SELECT is(pg_temp.decide('amend', 'regress_head', 'reject', '{"reasons": "无证据", "served_on": "2026-03-06", "service_method": "direct"}'), '23514 "reject" needs proof of service | Day, way and document of the service have to be known. | Give "served_on", "service_method" and "service_document" in the details.', 'not rejected behind its back');
SELECT is(pg_temp.decide('amend', 'regress_head', 'reject', '{"reasons": "无证据", "served_on": "2026-03-06", "service_method": "direct", "service_document": "驳1"}'), 'rejected', 'rejected with reasons');
SELECT is(pg_temp.standing(), '40 E', 'nothing has moved');
SET LOCAL citycredit.today = '2026-03-16';
SELECT is(pg_temp.step('amend', 'regress_window', 'appeal', '{"reasons": "另有证据"}'), 'appealed', 'appealed on the last day');
SELECT ok(pg_temp.marked(pg_temp.rec('D2')), 'the mark is back');
SELECT matches(pg_temp.decide('amend', 'regress_head', 'uphold', '{"reasons": "x", "data": {"action": "revoke"}}'), '^0P000 "uphold_appeal" needs another decider', 'not decided by who rejected');
SELECT is(pg_temp.decide('amend', 'regress_second', 'uphold', '{"reasons": "不是本单位所为", "data": {"action": "amend", "changes": {"decided_on": "2022-11-03"}}}'), 'overturned', 'upheld on appeal, the record is put right');
SELECT is(pg_temp.standing(), '70 A', 'and the standing');
SELECT results_eq($$ SELECT decided_on, entered_by, verified_by, held FROM record WHERE document = 'D2' AND known_until = 'infinity' $$, $$ VALUES ('2022-11-03'::date, 'regress_window', 'regress_second', NULL) $$,
	'two persons stand for the amendment');
SELECT results_eq($$ SELECT what, coalesce(old_outcome ->> 'decided_on', old_outcome ->> 'score', old_outcome ->> 'stage'), coalesce(new_outcome ->> 'decided_on', new_outcome ->> 'score', new_outcome ->> 'stage')
	FROM objection_effect WHERE proceeding_id = pg_temp.id('amend') ORDER BY item $$,
	$$ VALUES ('record', '2025-11-03', '2022-11-03'), ('standing', '40', '70'), ('list_entry', 'listed', 'ended'), ('rating', '40', NULL) $$, 'record, standing and list have moved, and are told');
SELECT is((SELECT due_on FROM withdrawal WHERE proceeding_id = pg_temp.id('amend')), '2026-03-19', 'three working days to put it right everywhere');

SELECT is(pg_temp.raise('lost', pg_temp.against('D3')), 'raised', 'a third objection');
SELECT is(pg_temp.step('lost', 'regress_officer', 'accept'), 'accepted', 'accepted');
SELECT is(pg_temp.decide('lost', 'regress_head', 'reject', '{"reasons": "无证据", "served_on": "2026-03-16", "service_method": "direct", "service_document": "驳2"}'), 'rejected', 'rejected');
SELECT is(pg_temp.step('lost', 'regress_window', 'appeal', '{"reasons": "不服"}'), 'appealed', 'appealed');
SELECT is(pg_temp.decide('lost', 'regress_second', 'reject', '{"reasons": "无新证据", "served_on": "2026-03-16", "service_method": "direct", "service_document": "驳3"}'), 'confirmed', 'and rejected by another');
SELECT is(pg_temp.standing(), '70 A', 'nothing has moved');
SELECT is_empty($$ SELECT * FROM objection_effect WHERE proceeding_id = pg_temp.id('lost') $$, '  and nothing is told to have');

-- silence of the department
SELECT is(pg_temp.raise('silence', '{"against": "standing", "policy": "regress-repair"}'), 'raised', 'against the standing');
SELECT is(pg_temp.raise('silent', pg_temp.against('D3')), 'raised', 'against the record');
SELECT is(pg_temp.step('silent', 'regress_officer', 'accept'), 'accepted', 'accepted');
SET LOCAL citycredit.today = '2026-04-01';
SELECT is(pg_temp.try('regress_window', format('SELECT carry_out_objection(''91110000600037341L'', %s, ''{"action": "revoke"}'', ''逾期'')', pg_temp.id('silent'))),
	format('42501 role "regress_window" has no competence for proceeding %s | It takes a duty of decider at "城管局". | Who acts for which department is in citycredit.department_competence.', pg_temp.id('silent')), 'not carried out by the counter');
SELECT is((SELECT concat_ws(' ', state, carried_out) FROM objection WHERE proceeding_id = pg_temp.id('silent')), 'upheld f', 'upheld by silence, nobody has said what is to be done');
SELECT pg_temp.run('regress_officer', 'SELECT run_due()') \g /dev/null
SELECT is((SELECT concat_ws(' ', due_on, done_on IS NULL) FROM withdrawal_overdue WHERE proceeding_id = pg_temp.id('silent')), '2026-03-27 t', 'it is late');
SELECT matches(pg_temp.try('regress_officer', format('SELECT confirm_withdrawal(''91110000600037341L'', %s)', pg_temp.id('silent'))), '^55000 objection \d+ has nothing to be withdrawn', 'not withdrawn before it is revoked here');
SELECT is(pg_temp.try('regress_head', format('SELECT carry_out_objection(''91110000600037341L'', %s, ''{"action": "revoke", "revoked_on": "2026-03-24"}'', ''逾期未决'')', pg_temp.id('silent'))), '', 'carried out');
SELECT is(pg_temp.standing(), '100 A', 'the standing has moved');
SELECT is((SELECT concat_ws(' ', decided_on, done_on) FROM withdrawal WHERE proceeding_id = pg_temp.id('silent')), '2026-03-24 2026-04-01', 'it counts from the day on which silence upheld it');

-- ---------------------------------------------------------------------------
-- Against a standing, a finding, a listing
-- ---------------------------------------------------------------------------
INSERT INTO record (subject, kind, document, authority, source, field, decided_on, severity) VALUES
	('91110000600037341L', 'penalty', 'E1', 'a', 's', 'construction_waste', '2026-02-01', 'serious'), ('91110000600037341L', 'penalty', 'E2', 'a', 's', 'construction_waste', '2026-02-02', NULL);
SELECT is(pg_temp.step('silence', 'regress_officer', 'accept'), 'accepted', 'the objection against the standing is accepted');
SELECT is(pg_temp.decide('silence', 'regress_head', 'uphold', '{"reasons": "x", "data": {"action": "revoke"}}'), '23514 an upheld objection says what is to be done | It is against a standing. | Give "data": {"action": "revoke", "revoked_on": day} or {"action": "amend", "changes": {...}} in the details, with "record_id", the record that is wrong.', '  it names the record that is wrong');
SELECT is(pg_temp.decide('silence', 'regress_head', 'uphold', jsonb_build_object('reasons', '重复登记', 'data', jsonb_build_object('action', 'revoke', 'record_id', pg_temp.rec('E2')))), 'upheld', '  upheld');
SELECT is(pg_temp.standing(), '70 A', '  and moved');
SELECT is(pg_temp.raise('finding', pg_temp.against('E1', 'finding')), 'raised', 'against a finding');
SELECT is(pg_temp.step('finding', 'regress_officer', 'accept'), 'accepted', '  accepted');
SELECT is(pg_temp.decide('finding', 'regress_head', 'uphold', '{"reasons": "情节较轻", "data": {"action": "amend", "changes": {"severity": "minor"}}}'), 'upheld', '  upheld');
SELECT is((SELECT severity FROM record WHERE document = 'E1' AND known_until = 'infinity'), 'minor', '  and found otherwise');
INSERT INTO record (subject, kind, document, authority, source, field, decided_on) VALUES ('91110000600037341L', 'penalty', 'E3', 'a', 's', 'construction_waste', '2026-02-03');
SELECT is(pg_temp.standing(), '40 E', 'a candidate again');
CREATE TEMPORARY TABLE proposed AS SELECT pg_temp.run('regress_officer', $$ SELECT propose_listing('91110000600037341L', 'black', 'regress-repair', 'black', '城管局', '多次违法', 5) $$)::bigint AS id;
GRANT SELECT ON proposed TO PUBLIC;
SELECT pg_temp.run('regress_officer', format('SELECT serve_listing(%s, ''2026-04-01'', ''direct'', ''2026-04-09'')', id)) FROM proposed \g /dev/null
SELECT is(pg_temp.raise('listing', jsonb_build_object('against', 'listing', 'entry_id', id)), 'raised', 'the subject objects to the proposed listing') FROM proposed;
SET LOCAL citycredit.today = '2026-04-10';
SELECT matches(pg_temp.try('regress_head', format('SELECT recognize_listing(%s)', id)), format('^55000 an objection against list entry %s is open', id), 'it is not recognised while that is open') FROM proposed;
SELECT is(pg_temp.step('listing', 'regress_officer', 'accept'), 'accepted', 'accepted');
SAVEPOINT listing;
SELECT is(pg_temp.decide('listing', 'regress_second', 'reject', '{"reasons": "成立", "served_on": "2026-04-10", "service_method": "direct", "service_document": "驳4"}'), 'rejected', 'rejected');
SELECT is(pg_temp.try('regress_head', format('SELECT recognize_listing(%s)', id)), '', '  it is recognised') FROM proposed;
ROLLBACK TO listing;
SELECT is(pg_temp.decide('listing', 'regress_second', 'uphold', '{"reasons": "不成立", "data": {"action": "revoke"}}'), '23514 an upheld objection says what is to be done | It is against a listing. | Give "data": {"action": "remove"} in the details.', 'upheld it says that the entry goes');
SELECT is(pg_temp.decide('listing', 'regress_second', 'uphold', '{"reasons": "不成立", "data": {"action": "remove"}}'), 'upheld', 'upheld');
SELECT results_eq($$ SELECT what, old_outcome ->> 'stage', new_outcome ->> 'stage' FROM objection_effect WHERE proceeding_id = pg_temp.id('listing') $$, $$ VALUES ('list_entry', 'ready', 'ended') $$, '  and it goes');

-- ---------------------------------------------------------------------------
-- Complaints of anyone
-- ---------------------------------------------------------------------------
SELECT pg_temp.pledge('91110000600037341L') AS code \gset
SELECT pg_temp.run('regress_officer', format($$ SELECT classify_record('91110000600037341L', %L, corrected_on => '2026-03-01') $$, pg_temp.rec('E1'))) \g /dev/null
SELECT is((SELECT string_agg(rule, ',') FROM repair_problems('91110000600037341L', pg_temp.rec('E1'), '2026-06-01', pg_temp.evidence((SELECT code FROM commitment)))), NULL, 'what one officer has entered keeps no application waiting for another');
SELECT pg_temp.run('regress_head', format($$ SELECT verify_record('91110000600037341L', %L) $$, pg_temp.rec('E1'))) \g /dev/null
SET LOCAL citycredit.today = '2026-06-01';
SELECT is(pg_temp.apply('repair', '{E1}', pg_temp.evidence((SELECT code FROM commitment))), 'applied', 'a repair is applied for');
SELECT is(pg_temp.raise('early', jsonb_build_object('against', 'repair', 'repair', pg_temp.id('repair')), 'regress_public', kind => 'complaint'),
	format('42704 subject "91110000600037341L" has no such repair: {"repair": %s} | A repair is complained about once it is publicised or granted: citycredit.repair.', pg_temp.id('repair')), 'no complaint before its publicity');
SELECT is(pg_temp.advance('repair', 'regress_officer', 'accept'), 'accepted', 'accepted');
SELECT is(pg_temp.advance('repair', 'regress_officer', 'publicise', '{"terms": {"publicity": {"days": 3}}}'), 'publicised', 'publicised');
SELECT is(pg_temp.raise('complaint', jsonb_build_object('against', 'repair', 'repair', pg_temp.id('repair')), 'regress_public', kind => 'complaint'), 'raised', 'anyone complains');
SELECT is(pg_temp.step('complaint', 'regress_officer', 'accept'), 'accepted', 'accepted');
SELECT is(pg_temp.decide('complaint', v.role, v.decision, v.details::jsonb, 'complaint'), v.says, v.what)
  FROM (VALUES
	(1, 'regress_window', 'uphold', '{"reasons": "x"}', '42501 role "regress_window" has no competence for "uphold" of this proceeding | It is taken as decider of "城管局" for complaint in field any, district any; the role is there: window for every kind in every field, every district. | Who acts for which department is in citycredit.department_competence.', 'not decided by the counter'),
	(2, 'regress_head', 'uphold', '{}', '23514 "uphold" needs reasons | Give them as "reasons" in the details.', 'nor without reasons'),
	(3, 'regress_head', 'uphold', '{"reasons": "查实"}', 'upheld', 'upheld')) AS v (n, role, decision, details, says, what) ORDER BY v.n;
SELECT matches(pg_temp.decide('complaint', 'regress_head', 'uphold', '{}', 'objection'), '^42704 proceeding \d+ is no objection', 'a complaint is no objection');
SELECT is((SELECT followed_up FROM complaint WHERE proceeding_id = pg_temp.id('complaint')), false, 'to be followed up');
SELECT is(pg_temp.try('regress_officer', format('SELECT follow_up_complaint(''91110000600037341L'', %s, ''重新核查'')', pg_temp.id('complaint'))), '', 'followed up');
SELECT is((SELECT followed_up FROM complaint WHERE proceeding_id = pg_temp.id('complaint')), true, '  as the view tells');
SELECT is(pg_temp.raise('selective', '{"against": "selective_enforcement", "matter": " ", "act_on": "2026-05-01"}', 'regress_public', kind => 'complaint'),
	'42704 subject "91110000600037341L" has no such selective_enforcement: {"act_on": "2026-05-01", "matter": " "} | Say what happened, and on which day it did.', 'selective enforcement of nothing');
SELECT is(pg_temp.raise('selective', '{"against": "selective_enforcement", "matter": "五月一日夜倾倒渣土未处罚", "act_on": "2026-05-01"}', 'regress_public', kind => 'complaint'), 'raised', 'a record that was not made');
SELECT is(pg_temp.step('selective', 'regress_officer', 'accept'), 'accepted', '  accepted');
SELECT is(pg_temp.decide('selective', 'regress_head', 'reject', '{"reasons": "已处理", "served_on": "2026-06-01", "service_method": "mail", "service_document": "复1"}', 'complaint'), 'rejected', '  rejected with reasons');
SELECT matches(pg_temp.try('regress_officer', format('SELECT follow_up_complaint(''91110000600037341L'', %s, ''x'')', pg_temp.id('selective'))), '^55000 proceeding \d+ is no complaint that was upheld', '  not followed up');
SELECT matches(pg_temp.step('selective', 'regress_north', 'appeal', '{"reasons": "x"}'), '^42501', '  appealed by nobody else');
SELECT is(pg_temp.step('selective', 'regress_public', 'appeal', '{"reasons": "未处理"}'), 'appealed', '  appealed by who complained');
SELECT is(pg_temp.decide('selective', 'regress_second', 'uphold', '{"reasons": "应予立案"}', 'complaint'), 'overturned', '  upheld by another');
SELECT is(pg_temp.try('regress_officer', format('SELECT follow_up_complaint(''91110000600037341L'', %s, ''已立案'', %L)', pg_temp.id('selective'), pg_temp.rec('E3'))), '', '  the record is made');
-- a record that is amended, and then revoked, while it is public, without any objection
SELECT is((SELECT until >= today() FROM publicity('91420684MA4927PJ7B', pg_temp.rec('D4'))), true, 'a penalty is public');
CREATE FUNCTION pg_temp.amended(changes jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.try('regress_officer', format('SELECT amend_record(''91420684MA4927PJ7B'', %L, %L, ''误登'')', pg_temp.rec('D4'), changes))
$$;
SELECT matches(pg_temp.amended('{"detail": {"cf_nr": "警告"}}'), '^\d+$', '  amended'),
       is_empty($$ SELECT FROM withdrawal WHERE subject = '91420684MA4927PJ7B' $$, '  nothing is put right while that waits'),
       matches(pg_temp.try('regress_head', format('SELECT verify_record(''91420684MA4927PJ7B'', %L)', pg_temp.rec('D4'))), '^\d+$', '  verified');
SELECT results_eq($$ SELECT cause, proceeding_id, decided_on, due_on, done_on FROM withdrawal WHERE subject = '91420684MA4927PJ7B' $$,
	$$ VALUES ('amendment', NULL::bigint, '2026-06-01'::date, '2026-06-04'::date, '2026-06-01'::date) $$, '  what the public read otherwise has to be put right in time');
SELECT matches(pg_temp.amended('{"intent": "deliberate"}'), '^\d+$', '  what the public does not read'),
       matches(pg_temp.try('regress_head', format('SELECT verify_record(''91420684MA4927PJ7B'', %L)', pg_temp.rec('D4'))), '^\d+$', '    verified too');
SELECT is((SELECT count(*) FROM withdrawal WHERE subject = '91420684MA4927PJ7B'), 1::bigint, '    leaves nothing to put right');
SELECT is(pg_temp.try('regress_officer', format('SELECT confirm_record_withdrawal(''91420684MA4927PJ7B'', %L)', pg_temp.rec('D4'))), '1', '  put right');
SELECT matches(pg_temp.try('regress_officer', format('SELECT revoke_record(''91420684MA4927PJ7B'', %L, ''2026-06-01'', ''复议撤销'')', pg_temp.rec('D4'))), '^\d+$', '  and revoked');
SELECT results_eq($$ SELECT cause, proceeding_id, decided_on, due_on, done_on FROM withdrawal WHERE subject = '91420684MA4927PJ7B' AND withdrawn_on IS NULL $$,
	$$ VALUES ('revocation', NULL::bigint, '2026-06-01'::date, '2026-06-04'::date, '2026-06-01'::date) $$, '  which has to be withdrawn in time');
SET LOCAL citycredit.today = '2026-06-05';
SELECT results_eq($$ SELECT cause, department, days_late FROM withdrawal_overdue WHERE subject = '91420684MA4927PJ7B' $$, $$ VALUES ('revocation', NULL::text, 1) $$, '  and is late the day after');
SELECT is(pg_temp.try('regress_officer', format('SELECT confirm_record_withdrawal(''91420684MA4927PJ7B'', %L, ''2026-06-06'')', pg_temp.rec('D4'))), '22008 day 2026-06-06 is in the future | Record it once it was withdrawn.', '  not withdrawn tomorrow'),
       is(pg_temp.try('regress_officer', format('SELECT confirm_record_withdrawal(''91420684MA4927PJ7B'', %L)', pg_temp.rec('D4'))), '1', '  withdrawn'),
       matches(pg_temp.try('regress_officer', format('SELECT confirm_record_withdrawal(''91420684MA4927PJ7B'', %L)', pg_temp.rec('D4'))), '^55000 record "[^"]+" has nothing to be withdrawn', '  once');
SELECT matches(pg_temp.try('regress_officer', format('SELECT revoke_record(''91110000600037341L'', %L, ''2026-06-05'', ''误登'')', pg_temp.rec('W1'))), '^\d+$', 'an award that is not public is revoked');
SELECT is_empty($$ SELECT FROM withdrawal WHERE record_id = pg_temp.rec('W1') $$, '  and there is nothing to withdraw');
SELECT is_empty('SELECT * FROM misreplayed', 'every log replays to the state of its row');
SELECT is_empty('SELECT * FROM verify_standings()', 'every standing is what the records give');
SELECT * FROM finish();
ROLLBACK;
