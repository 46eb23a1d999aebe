-- tap_repair.sql -- credit repair: conditions and bars, its life to the grant, to the refusal and to the revocation for fraud; trainings and the two figures
\set ECHO none
\i test/include/proceeding.psql
\i test/include/repair.psql
SELECT plan(160);

-- ---------------------------------------------------------------------------
-- What stands in the way, all at once
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.standing(), '10 E', 'three penalties');
SELECT results_eq($$ SELECT kind, rule, problem, until FROM repair_problems('91110000600037341L', pg_temp.rec('D3')) $$,
	$$ VALUES ('condition', 'public_commitment', '没有提交公开的信用承诺 / no public commitment was given', NULL::date),
		('condition', 'corrected', 'no day of correction is on record and evidence of the correction is missing and evidence that the penalty was performed is missing', NULL),
		('condition', 'min_period', 'the minimum publicity lasts through 2026-04-15', '2026-04-15') $$, 'every unmet condition, before any application');
SELECT is_empty($$ SELECT rule FROM repair_problems('91110000600037341L', pg_temp.rec('D3')) WHERE clause IS NULL OR remedy IS NULL $$, '  each with its clause and what to do');
SELECT results_eq($$ SELECT rule FROM repair_problems('91110000600037341L', pg_temp.rec('D1')) $$, ARRAY['public_commitment', 'corrected'], 'the minimum of the other has passed');
SELECT results_eq($$ SELECT rule FROM repair_problems('91110000600037341L', pg_temp.rec('D1'), '2026-01-09') $$, ARRAY['public_commitment', 'corrected', 'min_period'], '  not on its last day');
SELECT results_eq($$ SELECT rule FROM repair_problems('91110000600037341L', pg_temp.rec('D1'), '2026-01-10') $$, ARRAY['public_commitment', 'corrected'], '  but on the next');
CREATE TEMPORARY TABLE pledge AS SELECT pg_temp.pledge('91110000600037341L') AS good, pg_temp.pledge('91110000600037341L', 'voluntary') AS voluntary,
	pg_temp.pledge('91110000600037341L', openness => 'none') AS secret, pg_temp.pledge('91110000600037341L', sign => false) AS unsigned, pg_temp.pledge('91420684MA4927PJ7B') AS other;
GRANT SELECT ON pledge TO PUBLIC;
SELECT is((SELECT string_agg(p.rule || ' ' || split_part(p.problem, ' / ', 2), ', ') FROM repair_problems('91110000600037341L', pg_temp.rec('D1'), evidence => pg_temp.evidence(v.code)) AS p),
		v.says, v.what)
  FROM (SELECT 1 AS n, good AS code, NULL AS says, 'nothing stands in the way' AS what FROM pledge
        UNION ALL SELECT 2, voluntary, format('public_commitment commitment %s is none for repair', voluntary), 'a commitment of another type' FROM pledge
        UNION ALL SELECT 3, secret, format('public_commitment commitment %s is not public', secret), 'one that is not public' FROM pledge
        UNION ALL SELECT 4, unsigned, format('public_commitment commitment %s is not signed', unsigned), 'one that is not signed' FROM pledge
        UNION ALL SELECT 5, other, format('public_commitment there is no commitment %s of this subject', other), 'that of somebody else' FROM pledge) AS v
 ORDER BY v.n;
SELECT is((SELECT string_agg(rule, ',') FROM repair_problems('91110000600037341L', pg_temp.rec('W1'), evidence => pg_temp.evidence((SELECT good FROM pledge)))), 'kind', 'an award is nothing to repair');
SELECT throws_ok($$ SELECT repair_problems('91110000600037341L') $$, '22023', 'problems are those of one record or one list entry', 'of nothing');

-- rules of the city: adopted by one, approved by another
SELECT is(pg_temp.try(v.role, v.statement), v.says, v.what)
  FROM (VALUES
	(1, 'regress_officer', $$ SELECT adopt_repair_condition('policy_training', '测试修复办法第三条') $$, '42501 permission denied for function adopt_repair_condition', 'not by an officer'),
	(2, 'regress_editor', $$ SELECT adopt_repair_condition('policy_dance', '测试修复办法第三条') $$, '42704 condition of repair "policy_dance" does not exist | What can be adopted is in citycredit.shipped_repair_condition.', 'not what is unknown'),
	(3, 'regress_editor', $$ SELECT adopt_repair_condition('policy_training', ' ') $$, '22004 no source given for condition of repair "policy_training" | Name document and clause: every refusal quotes them.', 'not without a clause'),
	(4, 'regress_editor', $$ SELECT adopt_repair_condition('fraud', '测试修复办法第九条') $$, '22004 condition of repair "fraud" needs a length | Give months as the measure states it; there is no default.', 'not without a length'),
	(5, 'regress_editor', $$ SELECT set_proceeding_term('repair', 'dance', '{"days": 1}', '测试修复办法第四条') $$, '22023 kind repair has no period dance | The periods are in citycredit.proceeding_table(''repair''), column "sets"; beside them repair has sync, objection withdraw.', 'not a period that is none'),
	(6, 'regress_editor', $$ SELECT set_proceeding_term('repair', 'decide', '{"working_days": 2}', '测试修复办法第四条', 'lapse') $$, '22023 on_overdue of kind repair cannot be lapse for period decide | Silence of the department is granted, refer or nothing, for periods whose end has that effect; nothing adverse comes of it.', 'silence does no harm')
	) AS v (n, role, statement, says, what) ORDER BY v.n;
CREATE FUNCTION pg_temp.adopt(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	id text := pg_temp.run('regress_editor', 'SELECT ' || statement);
BEGIN
	RETURN pg_temp.try('regress_editor_two', format('SELECT approve_repair_condition(%s)', id));
END
$$;
SELECT matches(pg_temp.try('regress_editor', format('SELECT approve_repair_condition(%s)', pg_temp.run('regress_editor', $$ SELECT adopt_repair_condition('policy_training', '第三条') $$))),
	'^42501 cannot approve rule of repair \d+ entered by the same person', 'not approved by who adopted it');
SELECT is_empty($$ SELECT rule FROM repair_problems('91110000600037341L', pg_temp.rec('D1'), evidence => pg_temp.evidence((SELECT good FROM pledge))) $$, 'until then it asks nothing');
SELECT is(pg_temp.adopt(v.statement), '2026-03-02', v.statement)
  FROM (VALUES (1, $$adopt_repair_condition('policy_training', '测试修复办法第三条', field => 'construction_waste')$$),
	(2, $$set_proceeding_term('repair', 'accept', '{"working_days": 3}', '测试修复办法第四条', 'refer')$$), (3, $$set_proceeding_term('repair', 'decide', '{"working_days": 10}', '测试修复办法第四条', 'granted')$$),
	(4, $$set_proceeding_term('repair', 'publicity', '{"working_days": 5}', '测试修复办法第五条')$$), (5, $$set_proceeding_term('repair', 'sync', '{"working_days": 3}', '测试修复办法第六条')$$),
	(6, $$set_proceeding_term('repair', 'appeal', '{"days": 60}', '测试修复办法第七条')$$), (7, $$set_proceeding_term('repair', 'objection', '{"working_days": 5}', '测试修复办法第八条')$$)
	) AS v (n, statement) ORDER BY v.n;
SELECT throws_ok('UPDATE repair_condition SET months = 1', '55000', 'cannot update table "repair_condition"', 'a rule is not rewritten');
SELECT throws_ok('DELETE FROM repair_condition', '55000', 'cannot delete table "repair_condition"', '  nor deleted');

-- trainings
SELECT is(pg_temp.try(v.role, v.statement), v.says, v.what)
  FROM (VALUES
	(1, 'regress_public', $$ SELECT record_training('training', '2026-02-20', '城管局', '信用修复培训') $$, '42501 role "regress_public" records no trainings of "城管局" | Who acts for which department is in citycredit.department_competence.', 'no training by who has no duty'),
	(2, 'regress_officer', $$ SELECT record_training('dance', '2026-02-20', '城管局', '信用修复培训') $$, '22023 "dance" is neither training nor interview', 'nor of another kind'),
	(3, 'regress_officer', $$ SELECT record_training('training', '2026-03-20', '城管局', '信用修复培训') $$, '22008 day 2026-03-20 is in the future | Record it once it was held.', 'nor to come'),
	(4, 'regress_officer', $$ SELECT record_attendance('91110000600037341L', 99999999) $$, '42704 training or interview 99999999 does not exist | They are in citycredit.training_event.', 'nobody attends what was not held')
	) AS v (n, role, statement, says, what) ORDER BY v.n;
SELECT results_eq('SELECT figure, numerator, denominator, share, met FROM stat_repair ORDER BY figure DESC', $$ VALUES ('training', 0::bigint, 2::bigint, 0.0000, false), ('blacklisted', 0, 0, NULL, true) $$, 'the figures before');
CREATE TEMPORARY TABLE held AS SELECT pg_temp.run('regress_officer', $$ SELECT record_training('training', '2026-02-20', '城管局', '信用修复培训', 'construction_waste') $$)::bigint AS id;
GRANT SELECT ON held TO PUBLIC;
SELECT is(pg_temp.apply('won', '{D1,D2}', pg_temp.evidence((SELECT good FROM pledge))),
	E'23514 the repair of subject "91110000600037341L" lacks 2 of its conditions | record D1: 接受信用修复培训, no training has been attended since 2025-10-09 (测试修复办法第三条); attend one; the department records it by citycredit.record_attendance().\nrecord D2: 接受信用修复培训, no training has been attended since 2025-11-03 (测试修复办法第三条); attend one; the department records it by citycredit.record_attendance(). | citycredit.repair_problems() tells them before an application.',
	'an application is refused with all that is missing');
SELECT is(pg_temp.try('regress_officer', format('SELECT record_attendance(''91110000600037341L'', %s, ''张三'')', id)), '', 'attended') FROM held;
SELECT matches(pg_temp.try('regress_officer', format('SELECT record_attendance(''91110000600037341L'', %s)', id)), '^23505 attendance of subject', '  once') FROM held;
SELECT throws_ok('INSERT INTO training_attendance (subject, event_id) SELECT ''91420684MA4927PJ7B'', id FROM held', '55000', NULL, '  never by a free write');
SELECT results_eq('SELECT figure, numerator, denominator, share, met FROM stat_repair ORDER BY figure DESC', $$ VALUES ('training', 1::bigint, 2::bigint, 0.5000, false), ('blacklisted', 0, 0, NULL, true) $$, 'one half is not above one half');

-- ---------------------------------------------------------------------------
-- The life that is won
-- ---------------------------------------------------------------------------
CREATE TEMPORARY TABLE entry AS SELECT pg_temp.list() AS id;
GRANT SELECT ON entry TO PUBLIC;
SELECT is((SELECT stage FROM listing WHERE entry_id = (SELECT id FROM entry)), 'listed', 'the subject is blacklisted');
SELECT results_eq('SELECT numerator, denominator, share, met FROM stat_repair WHERE figure = ''blacklisted''', $$ VALUES (1::bigint, 1::bigint, 1.0000, true) $$, '  with pledge and training');
-- a list entry alone; who applied does not decide, whatever his duties
SAVEPOINT entry;
SELECT is(pg_temp.adopt($$adopt_repair_condition('policy_list_minimum', '测试修复办法第十五条', months => 1)$$), '2026-03-02', 'a minimum time on the list');
SELECT results_eq($$ SELECT rule, until FROM repair_problems('91110000600037341L', evidence => pg_temp.evidence((SELECT good FROM pledge)), entry_id => (SELECT id FROM entry)) $$,
	$$ VALUES ('list_min_period', '2026-03-10'::date) $$, 'stands in the way of leaving it');
SELECT throws_ok($$ SELECT repair_problems('91110000600037341L', entry_id => 99999999) $$, '42704', 'list entry 99999999 of subject "91110000600037341L" does not exist', 'an entry that is none');
SET LOCAL citycredit.today = '2026-03-11';
SELECT is(pg_temp.apply('entry', '{}', pg_temp.evidence((SELECT good FROM pledge)), 'regress_head', ARRAY[id]), 'applied', 'applied for when it is over') FROM entry;
SELECT is(pg_temp.advance('entry', 'regress_officer', v.event), v.says, v.event) FROM (VALUES (1, 'accept', 'accepted'), (2, 'publicise', 'publicised')) AS v (n, event, says) ORDER BY v.n;
SET LOCAL citycredit.today = '2026-03-19';
SELECT matches(pg_temp.advance('entry', 'regress_head', 'grant'), '^0P000 "grant" needs a second person \| "regress_head" took step 1 \("apply"\)', 'not decided by who applied');
SELECT is(pg_temp.advance('entry', 'regress_second', 'grant'), 'repaired', 'decided by another');
SELECT is((SELECT concat_ws(' ', stage) FROM listing WHERE entry_id = (SELECT id FROM entry)), 'ended', 'the list is left');
SELECT is(pg_temp.standing(), '10 E', '  the records count as before');
ROLLBACK TO entry;
SELECT is(pg_temp.try('regress_window', format($$ SELECT open_proceeding('91110000600037341L', 'repair', 'apply', '城管局', '{"records": ["%s"]}', details => '{"evidence": [{"kind": "correction", "reference": "1"}, {"kind": "commitment", "reference": "1"}]}') $$, pg_temp.rec('D1'))),
	'22023 proceedings of kind repair are not opened by open_proceeding() | What the kind demands of an opening is asked by the function that opens it. | Use citycredit.apply_repair().', 'the periods are not got around');
SELECT is(pg_temp.apply(v.name, v.documents, v.evidence, v.role, details => v.details::jsonb, terms => v.terms::jsonb, department => v.department), v.says, v.what)
  FROM (SELECT w.*, coalesce(w.given, pg_temp.evidence((SELECT good FROM pledge))) AS evidence FROM (VALUES
	(1, 'won', '{D1,D2}'::text[], NULL::jsonb, 'regress_public', '{}', '{}', '城管局', '42501 role "regress_public" has no competence for "apply" of this proceeding | It is taken as subject of "城管局" for repair in field construction_waste, district any; the role is there: nothing. | Who acts for which department is in citycredit.department_competence.', 'not by somebody else'),
	(2, 'won', '{D1,D2}', NULL, 'regress_window', '{}', '{}', '环保局', '42501 role "regress_window" has no competence for "apply" of this proceeding | It is taken as subject of "环保局" for repair in field construction_waste, district any; the role is there: nothing. | Who acts for which department is in citycredit.department_competence.', 'not at the wrong department'),
	(3, 'won', '{D1,D2}', '[{"kind": "correction", "reference": "1"}]', 'regress_window', '{}', '{}', '城管局', '23514 "apply" lacks evidence: commitment | It needs correction, commitment. | Give "evidence": [{"kind": ..., "reference": ...}] in the details.', 'not without evidence'),
	(4, 'won', '{D1,D2}', NULL, 'regress_window', '{"on": "2026-03-03"}', '{}', '城管局', '22008 day 2026-03-03 of "apply" is not between the last step and today | The last step is of none; today is 2026-03-02. | A step is recorded on its day or after it.', 'not tomorrow'),
	(5, 'won', '{}', NULL, 'regress_window', '{}', '{}', '城管局', '22004 an application names records or list entries | Records are in citycredit.credit_record, list entries in citycredit.listing.', 'not of nothing'),
	(6, 'won', '{D1,D2}', NULL, 'regress_window', '{}', '{"decide": {"days": 1}}', '城管局', '22023 periods that are set cannot be said otherwise: decide | Leave them out; the periods in force are in citycredit.repair_condition.', 'not by other periods'),
	(7, 'won', '{D1,D2}', NULL, 'regress_window', '{"person": "甲公司张三"}', '{}', '城管局', 'applied', 'applied for at the counter'),
	(8, 'two', '{D2}', NULL, 'regress_window', '{}', '{}', '城管局', NULL, '')) AS w (n, name, documents, given, role, details, terms, department, says, what)) AS v
 WHERE v.says IS NOT NULL ORDER BY v.n;
SELECT matches(pg_temp.apply('two', '{D2}', pg_temp.evidence((SELECT good FROM pledge))), '^23505 a repair of what is applied for is open for subject "91110000600037341L" \| It is proceeding \d+\. \| Go on with that one', 'no second one for a part of it');
SELECT matches(pg_temp.apply('two', '{D1,D2}', pg_temp.evidence((SELECT good FROM pledge))), '^23505 a proceeding of kind repair about the same matter is open', '  nor for the whole');
SELECT is(pg_temp.advance('won', v.role, v.event, v.details::jsonb), v.says, v.what)
  FROM (VALUES
	(1, 'regress_head', 'grant', '{}', '55000 "grant" is no step of kind repair in state applied | Legal next steps are want_supplement (department), accept (department), refuse (department), withdraw (applicant subject). | The steps are in citycredit.proceeding_table(''repair'').', 'acceptance is not skipped'),
	(2, 'regress_window', 'accept', '{}', '42501 role "regress_window" has no competence for "accept" of this proceeding | It is taken as department of "城管局" for repair in field construction_waste, district any; the role is there: window for every kind in every field, every district. | Who acts for which department is in citycredit.department_competence.', 'nor given by the counter'),
	(3, 'regress_other', 'accept', '{}', '42501 role "regress_other" has no competence for "accept" of this proceeding | It is taken as department of "城管局" for repair in field construction_waste, district any; the role is there: nothing. | Who acts for which department is in citycredit.department_competence.', 'nor by another department'),
	(4, 'regress_officer', 'accept', '{"on": "2026-03-01"}', '22008 day 2026-03-01 of "accept" is not between the last step and today | The last step is of 2026-03-02; today is 2026-03-02. | A step is recorded on its day or after it.', 'nor before the application'),
	(5, 'regress_officer', 'accept', '{"data": {"conditions": ["safety_report"]}}', 'accepted', 'accepted, with a further condition'),
	(6, 'regress_head', 'grant', '{}', '23514 "grant" needs the publicity of the repair first | A period of publicity is set for this repair. | The next step is "publicise".', 'publicity is not skipped'),
	(7, 'regress_officer', 'publicise', '{}', 'publicised', 'publicised'),
	(8, 'regress_head', 'grant', '{}', '22008 period "publicity" is not over | It ends on 2026-03-09; the step is of 2026-03-02. | "grant" can be taken from 2026-03-10 on.', 'nor cut short'),
	(9, 'regress_public', 'object', '{}', '23514 "object" needs reasons | Give them as "reasons" in the details.', 'anyone objects with reasons'),
	(10, 'regress_public', 'object', '{"reasons": "仍在倾倒", "person": "王某"}', 'publicised', '  objected')) AS v (n, role, event, details, says, what) ORDER BY v.n;
SELECT is((SELECT concat_ws(' ', publicised_on, publicised_until, objections, overdue) FROM repair WHERE proceeding_id = pg_temp.id('won')), '2026-03-02 2026-03-09 1 f', 'the view tells');
SET LOCAL citycredit.today = '2026-03-11';
SELECT is(pg_temp.advance('won', v.role, v.event, v.details::jsonb), v.says, v.what)
  FROM (VALUES
	(1, 'regress_public', 'object', '{"reasons": "迟了"}', '22008 period "publicity" is over | It ended on 2026-03-09; the step is of 2026-03-11. | What was done within it is recorded with its own day, as "on" in the details.', 'no objection after the publicity'),
	(2, 'regress_officer', 'grant', '{"reasons": "x"}', '42501 role "regress_officer" has no competence for "grant" of this proceeding | It is taken as decider of "城管局" for repair in field construction_waste, district any; the role is there: officer for every kind in every field, every district. | Who acts for which department is in citycredit.department_competence.', 'not granted by who does not decide'),
	(3, 'regress_head', 'grant', '{}', '23514 "grant" needs reasons | The repair was objected to during its publicity. | Say in "reasons" of the details why the objections do not stand in its way.', 'nor without a word on the objection'),
	(4, 'regress_head', 'grant', '{"reasons": "经查不实"}', '23514 "grant" lacks evidence: safety_report | The department named these conditions when it accepted the application. | Give "evidence": [{"kind": ..., "reference": ...}] in the details.', 'nor without what the department asked for')) AS v (n, role, event, details, says, what) ORDER BY v.n;
SELECT is(pg_temp.standing(), '10 E', 'nothing has moved');
CREATE TEMPORARY TABLE known AS SELECT 'before grant' AS name, max(known_at) AS at FROM standing_history WHERE subject = '91110000600037341L';
SELECT is(pg_temp.advance('won', 'regress_head', 'grant', '{"reasons": "经查不实", "evidence": [{"kind": "safety_report", "reference": "安1"}]}'), 'repaired', 'granted by another person');
SELECT is(pg_temp.standing(), '70 A', 'the standing has moved in the same transaction');
SELECT is((SELECT concat_ws(' ', score, as_of, cause) FROM standing_history WHERE subject = '91110000600037341L' ORDER BY seq DESC LIMIT 1), '700000 2026-03-11 day', '  as its history tells');
SELECT results_eq($$ SELECT document, version::int, repaired_on, revoked_on, verified_by FROM record WHERE document IN ('D1', 'D2') AND known_until = 'infinity' ORDER BY 1 $$,
	$$ VALUES ('D1', 2, '2026-03-11'::date, NULL::date, NULL::text), ('D2', 2, '2026-03-11', NULL, NULL) $$, 'the records have a version with the day');
SELECT is((SELECT until FROM publicity('91110000600037341L', pg_temp.rec('D1'))), '2026-03-10', 'and are public no more');
SELECT is((SELECT score FROM evaluate('91110000600037341L', 'regress-repair', '2026-03-10')), 10::numeric, 'the day before is as it was');
SELECT is((SELECT concat_ws(' ', stage, basis_holds) FROM listing WHERE entry_id = (SELECT id FROM entry)), 'ended', 'the list that rested on them is left');
SELECT matches((SELECT removal_reason FROM list_entry WHERE entry_id = (SELECT id FROM entry)), '^信用修复退出，程序 \d+ / left through repair', '  through the repair');
SELECT results_eq($$ SELECT (SELECT document FROM record AS r WHERE r.record_id = e.record_id AND known_until = 'infinity'), e.entry_id IS NOT NULL, regime, publicity_ended_on, sharing_ended_on, use_ended_on, w.due_on
	FROM repair_effect AS e JOIN withdrawal AS w ON w.proceeding_id = e.proceeding_id AND w.record_id IS NOT DISTINCT FROM e.record_id AND w.entry_id IS NOT DISTINCT FROM e.entry_id
	WHERE w.cause = 'repair' ORDER BY 2, 1 $$,
	$$ VALUES ('D1', false, '2023', '2026-03-11'::date, '2026-03-11'::date, '2026-03-11'::date, '2026-03-16'::date), ('D2', false, '2023', '2026-03-11', '2026-03-11', '2026-03-11', '2026-03-16'),
		(NULL, true, NULL, '2026-03-11', '2026-03-11', '2026-03-11', '2026-03-16') $$, 'publicity, sharing and use have ended, and when');
SELECT throws_ok('UPDATE repair_effect SET revived_on = ''2026-03-11''', '55000', 'cannot update table "repair_effect" directly', '  which nobody rewrites');
SELECT is((SELECT string_agg(rule, ',') FROM repair_problems('91110000600037341L', pg_temp.rec('D1'), evidence => pg_temp.evidence((SELECT good FROM pledge)))), 'repaired', 'it is not repaired twice');
SET LOCAL citycredit.today = '2026-03-17';
SELECT is((SELECT concat_ws(' ', repaired_on, sync_due_on, overdue) FROM repair WHERE proceeding_id = pg_temp.id('won')), '2026-03-11 2026-03-16 t', 'the department is late to tell upstream');
SELECT amend_calendar('[{"day": "2026-03-13", "working": false}]', '测试通知〔2026〕2号') \g /dev/null
SELECT is((SELECT sync_due_on FROM repair WHERE proceeding_id = pg_temp.id('won')), '2026-03-17', '  counted again when the calendar changes');
SELECT amend_calendar('[{"day": "2026-03-13", "working": true}]', '测试通知〔2026〕3号', statement_timestamp() + interval '1 second') \g /dev/null
SELECT is(pg_temp.try('regress_window', format('SELECT confirm_repair_sync(''91110000600037341L'', %s)', pg_temp.id('won'))), '42501 role "regress_window" does not handle repairs of "城管局" | Who acts for which department is in citycredit.department_competence.', 'not told by the counter');
SELECT results_eq('SELECT cause, department, due_on, days_late FROM withdrawal_overdue', $$ VALUES ('repair', '城管局', '2026-03-16'::date, 1), ('repair', '城管局', '2026-03-16', 1), ('repair', '城管局', '2026-03-16', 1) $$,
	'  and late to withdraw what is repaired: it is one duty');
SAVEPOINT told;
SELECT is(pg_temp.try('regress_officer', format('SELECT confirm_withdrawal(''91110000600037341L'', %s)', pg_temp.id('won'))), '3', 'by whatever name it is confirmed');
ROLLBACK TO told;
SELECT is(pg_temp.advance('won', 'regress_officer', 'notify_fraud', :'served'::jsonb || '{"on": "2026-03-17", "served_on": "2026-03-17", "evidence": [{"kind": "fraud", "reference": "鉴1"}]}'), 'revoking', 'where a repair is revoked');
SET LOCAL citycredit.today = '2026-03-25';
SELECT is(pg_temp.advance('won', 'regress_second', 'revoke', :'served'::jsonb || '{"on": "2026-03-25", "served_on": "2026-03-25"}'), 'revoked', '  and its records are public again');
SELECT is((SELECT string_agg(DISTINCT concat_ws(' ', lapsed_on, withdrawn_on), ', ') FROM withdrawal), '2026-03-25', '  they need not be withdrawn any more'), is_empty('SELECT FROM withdrawal_overdue', '  and are not late');
ROLLBACK TO told;
SELECT is(pg_temp.try('regress_officer', format('SELECT confirm_repair_sync(''91110000600037341L'', %s)', pg_temp.id('won'))), '3', 'told');
SELECT matches(pg_temp.try('regress_officer', format('SELECT confirm_repair_sync(''91110000600037341L'', %s)', pg_temp.id('won'))), '^55000 repair \d+ has nothing to be told upstream', '  once');
SELECT is((SELECT overdue FROM repair WHERE proceeding_id = pg_temp.id('won')), false, '  late no more');

-- ---------------------------------------------------------------------------
-- Fraud
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.advance('won', v.role, v.event, v.details::jsonb), v.says, v.what)
  FROM (VALUES
	(1, 'regress_second', 'revoke', :'served', '55000 "revoke" is no step of kind repair in state repaired | Legal next steps are notify_fraud (department). | The steps are in citycredit.proceeding_table(''repair'').', 'not revoked without notice'),
	(2, 'regress_officer', 'notify_fraud', '{"reasons": "材料虚假", "served_on": "2026-03-17", "service_method": "direct", "service_document": "告2"}', '23514 "notify_fraud" lacks evidence: fraud | It needs fraud. | Give "evidence": [{"kind": ..., "reference": ...}] in the details.', 'no notice without evidence'),
	(3, 'regress_officer', 'notify_fraud', '{"reasons": "材料虚假", "served_on": "2026-03-17", "service_method": "direct", "service_document": "告2", "evidence": [{"kind": "fraud", "reference": "鉴1"}]}', 'revoking', 'notice served'),
	(4, 'regress_window', 'object', '{"reasons": "材料属实"}', 'revoking', 'the subject is heard'),
	(5, 'regress_second', 'revoke', '{"reasons": "材料虚假", "served_on": "2026-03-17", "service_method": "direct", "service_document": "撤1"}', '22008 period "objection" is not over | It ends on 2026-03-24; the step is of 2026-03-17. | "revoke" can be taken from 2026-03-25 on.', 'not before the hearing is over')) AS v (n, role, event, details, says, what) ORDER BY v.n;
SET LOCAL citycredit.today = '2026-03-25';
SELECT matches(pg_temp.advance('won', 'regress_head', 'revoke', '{"reasons": "材料虚假", "served_on": "2026-03-25", "service_method": "direct", "service_document": "撤1"}'), '^0P000 "revoke" needs another decider', 'not by who granted');
INSERT INTO known SELECT 'before revocation', max(known_at) FROM standing_history WHERE subject = '91110000600037341L';
SELECT is(pg_temp.advance('won', 'regress_second', 'revoke', '{"reasons": "材料虚假", "served_on": "2026-03-25", "service_method": "direct", "service_document": "撤1"}'), 'revoked', 'revoked by another');
SELECT is(pg_temp.standing(), '10 E', 'from now on they count again');
SELECT is((SELECT score FROM evaluate('91110000600037341L', 'regress-repair', '2026-03-20', (SELECT at FROM known WHERE name = 'before revocation'))), 70::numeric, 'what was known in between stays');
SELECT results_eq($$ SELECT version::int, repaired_on FROM record WHERE document = 'D1' AND subject = '91110000600037341L' ORDER BY 1 $$, $$ VALUES (1, NULL::date), (2, '2026-03-11'), (3, NULL) $$, 'as versions tell');
SELECT results_eq($$ SELECT listed_from, listed_until, recognised_by, proposed_by, removed_on FROM list_entry ORDER BY entry_id $$,
	$$ VALUES ('2026-02-10'::date, '2029-02-10'::date, 'regress_head', 'regress_officer', '2026-03-11'::date), ('2026-03-25', '2029-02-10', 'regress_head', 'regress_officer', NULL) $$, 'the listing is revived for the rest of its term');
SELECT is((SELECT string_agg(DISTINCT revived_on::text, ',') FROM repair_effect), '2026-03-25', 'and the effect has ended');
SELECT is(pg_temp.adopt($$adopt_repair_condition('fraud', '测试修复办法第九条', months => 36)$$), '2026-03-25', 'the city bars for three years');
SELECT results_eq($$ SELECT kind, rule, problem, until FROM repair_problems('91110000600037341L', pg_temp.rec('D1'), evidence => pg_temp.evidence((SELECT good FROM pledge))) $$,
	$$ VALUES ('bar', 'fraud_within', '1 within 36 months, 1 or more bar a repair', '2029-03-25'::date) $$, '  who deceived');
SELECT is_empty($$ SELECT rule FROM repair_problems('91110000600037341L', pg_temp.rec('D1'), '2029-03-26', pg_temp.evidence((SELECT good FROM pledge))) WHERE rule = 'fraud_within' $$, '  and no longer');
SELECT is(pg_temp.advance('won', 'regress_window', 'appeal', '{"reasons": "不服"}'), 'appealed', 'appealed against');
SELECT matches(pg_temp.advance('won', 'regress_second', 'uphold_appeal', '{"reasons": "x"}'), '^0P000 "uphold_appeal" needs another decider', '  not decided by who revoked');
INSERT INTO department_competence (department, role, duty, valid_from) VALUES ('城管局', 'regress_public', 'decider', '2026-03-01');
SELECT matches(pg_temp.advance('won', 'regress_public', 'uphold_appeal', '{"reasons": "材料属实"}'), '^0P000 "uphold_appeal" needs a second person', '  nor by who objected');
CREATE ROLE regress_third;
SELECT grant_profile('regress_third', 'officer') \g /dev/null
INSERT INTO department_competence (department, role, duty, valid_from) VALUES ('城管局', 'regress_third', 'decider', '2026-03-01');
SAVEPOINT appeal;
SELECT is(pg_temp.advance('won', 'regress_third', 'uphold_appeal', '{"reasons": "材料属实"}'), 'repaired', 'on appeal it is restored');
SELECT is(pg_temp.standing(), '70 A', '  with its effect');
SELECT is((SELECT repaired_on FROM record WHERE document = 'D1' AND known_until = 'infinity'), '2026-03-11', '  from its first day');
SELECT is((SELECT count(*)::int FROM listing WHERE stage = 'listed'), 0, '  and the list is left again');
ROLLBACK TO appeal;
SELECT is(pg_temp.advance('won', 'regress_third', 'reject_appeal', '{"reasons": "材料虚假", "served_on": "2026-03-25", "service_method": "direct", "service_document": "复9"}'), 'confirmed', 'or it stays revoked');

-- ---------------------------------------------------------------------------
-- The life that is lost, and silence
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.run('regress_officer', format('SELECT record_attendance(''91420684MA4927PJ7B'', %s)', id)), '', 'another one attends') FROM held;
SELECT results_eq('SELECT numerator, share, met FROM stat_repair WHERE figure = ''training''', $$ VALUES (2::bigint, 1.0000, true) $$, 'the figure is met');
SELECT is(pg_temp.try('regress_officer', format('SELECT withdraw_attendance(''91420684MA4927PJ7B'', %s, ''误登'')', id)), '', '  taken back') FROM held;
SELECT is((SELECT numerator FROM stat_repair WHERE figure = 'training'), 1::bigint, '  it counts no more');
SELECT is(pg_temp.adopt($$adopt_repair_condition('policy_training', '测试修复办法第三条', field => 'construction_waste', in_force_until => '2026-03-25')$$), '2026-03-25', 'training is asked for no more');
SET LOCAL citycredit.today = '2026-03-26';
SELECT is(pg_temp.apply('lost', '{D4}', pg_temp.evidence((SELECT other FROM pledge)), subject => '91420684MA4927PJ7B'), 'applied', 'another applies');
SELECT is(pg_temp.advance('lost', v.role, v.event, v.details::jsonb), v.says, v.what)
  FROM (VALUES
	(1, 'regress_officer', 'want_supplement', '{"reasons": "缺缴款凭证", "served_on": "2026-03-26", "service_method": "electronic", "service_document": "补1", "terms": {"supplement": {"working_days": 5}}}', 'supplement', 'told what is missing'),
	(2, 'regress_officer', 'accept', '{"evidence": [{"kind": "supplement", "reference": "缴2"}]}', 'accepted', 'accepted then'),
	(3, 'regress_officer', 'publicise', '{}', 'publicised', 'publicised'),
	(4, 'regress_head', 'reject', '{"reasons": "凭证不实"}', '23514 "reject" needs proof of service | Day, way and document of the service have to be known. | Give "served_on", "service_method" and "service_document" in the details.', 'not rejected behind its back'),
	(5, 'regress_head', 'reject', '{"reasons": "凭证不实", "served_on": "2026-03-26", "service_method": "electronic", "service_document": "驳1", "data": {"fraud": true}}', 'rejected', 'rejected'),
	(6, 'regress_window', 'appeal', '{"reasons": "不服"}', 'appealed', 'appealed'),
	(7, 'regress_second', 'reject_appeal', '{"reasons": "无新证据", "served_on": "2026-03-26", "service_method": "electronic", "service_document": "复1"}', 'confirmed', 'rejected again')) AS v (n, role, event, details, says, what) ORDER BY v.n;
SELECT is((SELECT repaired_on FROM record WHERE document = 'D4' AND known_until = 'infinity'), NULL::date, 'nothing was repaired');
SELECT is((SELECT string_agg(rule, ',') FROM repair_problems('91420684MA4927PJ7B', pg_temp.rec('D4'), evidence => pg_temp.evidence((SELECT other FROM pledge)))), 'fraud_within', 'false papers bar too');
-- the fraud rule is taken back for the rest
SELECT is(pg_temp.adopt($$adopt_repair_condition('fraud', '测试修复办法第九条', months => 1, in_force_until => '2026-03-26')$$), '2026-03-26', 'the bar is lifted');
SET LOCAL citycredit.today = '2026-03-27';
SELECT is(pg_temp.apply('silence', '{D1}', pg_temp.evidence((SELECT good FROM pledge))), 'applied', 'applied for again');
SELECT is(pg_temp.advance('silence', 'regress_officer', v.event), v.says, v.event) FROM (VALUES (1, 'accept', 'accepted'), (2, 'publicise', 'publicised')) AS v (n, event, says) ORDER BY v.n;
SET LOCAL citycredit.today = '2026-05-06';
SELECT is((SELECT state FROM repair WHERE proceeding_id = pg_temp.id('silence')), 'repaired', 'the department let its days pass');
SELECT cmp_ok(pg_temp.run('regress_officer', 'SELECT run_due()')::int, '>', 0, 'recorded');
SELECT is((SELECT repaired_on FROM record WHERE document = 'D1' AND known_until = 'infinity'), '2026-04-14', 'repaired from the day after the last on which it should have decided');

-- ---------------------------------------------------------------------------
-- Bars
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.adopt(v.statement), '2026-05-06', v.statement)
  FROM (VALUES (1, $$adopt_repair_condition('repaired_recent', '测试修复办法第十条')$$), (2, $$adopt_repair_condition('same_kind', '测试修复办法第十一条')$$),
	(3, $$adopt_repair_condition('serious_recent', '测试修复办法第十二条')$$), (4, $$adopt_repair_condition('fairly_serious_recent', '测试修复办法第十三条', counts_itself => true)$$),
	(5, $$adopt_repair_condition('repairs_many', '测试修复办法第十四条')$$)) AS v (n, statement) ORDER BY v.n;
SELECT results_eq($$ SELECT rule, until FROM repair_problems('91110000600037341L', pg_temp.rec('D2'), evidence => pg_temp.evidence((SELECT good FROM pledge))) $$,
	$$ VALUES ('repair_within', '2027-04-13'::date), ('same_kind_repair_within', '2031-04-13') $$, 'one repair less than a year ago, and one of the same kind less than five');
SELECT is_empty($$ SELECT rule FROM repair_problems('91110000600037341L', pg_temp.rec('D2'), '2027-04-14', pg_temp.evidence((SELECT good FROM pledge))) WHERE rule = 'repair_within' $$, '  no bar on the corresponding day');
INSERT INTO record (subject, kind, document, authority, source, field, decided_on, severity) VALUES
	('91110000600037341L', 'penalty', 'S1', 'a', 's', 'gas', '2026-04-01', 'serious'), ('91110000600037341L', 'penalty', 'S2', 'a', 's', 'gas', '2026-04-02', NULL),
	('91110000600037341L', 'penalty', 'F1', 'a', 's', 'gas', '2025-12-01', 'fairly_serious'), ('91110000600037341L', 'penalty', 'F2', 'a', 's', 'gas', '2025-12-02', 'fairly_serious');
SELECT results_eq($$ SELECT rule, until FROM repair_problems('91110000600037341L', pg_temp.rec('D2'), evidence => pg_temp.evidence((SELECT good FROM pledge))) ORDER BY rule, until $$,
	$$ VALUES ('fairly_serious_within', '2026-12-01'::date), ('repair_within', '2027-04-13'), ('same_kind_repair_within', '2031-04-13'), ('serious_within', '2027-04-01') $$, 'serious and repeated acts bar; an unknown severity counts for nothing');
INSERT INTO record (subject, kind, document, authority, source, field, decided_on, intent) VALUES ('91420684MA4927PJ7B', 'penalty', 'M1', 'a', 's', 'construction_waste', '2026-04-01', 'malicious');
SELECT results_eq($$ SELECT kind, rule, problem, clause FROM repair_problems('91420684MA4927PJ7B', pg_temp.rec('D4'), evidence => pg_temp.evidence((SELECT other FROM pledge))) $$,
	$$ VALUES ('policy_bar', 'no_repair', 'measure "regress-repair" bars it', '测试条例 五') $$, 'a measure bars by its own effect');

-- a broken pledge: public to the maximum
SELECT is((SELECT concat_ws(' ', until, reason) FROM publicity('91110000600037341L', pg_temp.rec('D1'))), '2026-04-13 repaired', 'repaired, it is public no more');
DO $$
DECLARE
	id bigint := (SELECT c.proceeding_id FROM commitment AS c JOIN pledge AS p ON p.good = c.code);
BEGIN
	PERFORM pg_temp.run('regress_officer', format('SELECT advance_commitment(''91110000600037341L'', %s, ''verify_undecided'')', id));
	PERFORM pg_temp.run('regress_officer', format('SELECT advance_commitment(''91110000600037341L'', %s, ''mismatch'', %L)', id, '{"reasons": "再次违法", "served_on": "2026-05-06", "service_method": "direct", "service_document": "1", "evidence": [{"kind": "verification", "reference": "核1"}], "terms": {"rectify": {"days": 5}}}'));
	PERFORM pg_temp.run('regress_head', format('SELECT advance_commitment(''91110000600037341L'', %s, ''refusal'', %L)', id, '{"reasons": "拒绝", "served_on": "2026-05-06", "service_method": "direct", "service_document": "2", "evidence": [{"kind": "refusal", "reference": "拒1"}], "data": {"not_done": "再次违法", "consequence": "公示至最长期限"}}'));
END
$$;
SELECT is((SELECT concat_ws(' ', until, reason) FROM publicity('91110000600037341L', pg_temp.rec('D1'))), '2028-10-09 commitment_broken', 'the pledge broken, it is public to the maximum');
SELECT is((SELECT split_part(problem, ' / ', 1) FROM repair_problems('91110000600037341L', pg_temp.rec('D2'), '2027-05-01', pg_temp.evidence((SELECT good FROM pledge))) WHERE rule = 'public_commitment'),
	(SELECT format('承诺 %s 没有履行', good) FROM pledge), '  and pledges for nothing more');
SELECT is_empty('SELECT * FROM misreplayed', 'every log replays to the state of its row');
SELECT is_empty('SELECT * FROM verify_standings()', 'every standing is what the records give');
SELECT * FROM finish();
ROLLBACK;
