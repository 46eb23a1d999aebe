-- tap_listing.sql -- listings as proceedings: competence, each life won and lost, each step skipped, exits, suspension, revival, linked persons
\set ECHO none
\i test/include/lists.psql
SET LOCAL datestyle = 'ISO, YMD';
CREATE ROLE regress_window;
CREATE ROLE regress_second;
CREATE ROLE regress_north;
CREATE ROLE regress_other;
SELECT grant_profile(r::regrole, 'officer') FROM unnest('{regress_window,regress_second,regress_north,regress_other}'::text[]) AS u (r) \g /dev/null
INSERT INTO department_competence (department, role, duty, act, field, district, valid_from) VALUES
	('测试局', 'regress_window', 'window', NULL, NULL, NULL, '2020-01-01'), ('测试局', 'regress_second', 'decider', NULL, NULL, NULL, '2020-01-01'),
	('测试局', 'regress_north', 'decider', 'listing', 'construction_waste', '北区', '2020-01-01'), ('环保局', 'regress_other', 'decider', NULL, NULL, NULL, '2020-01-01');
UPDATE subject SET district = '北区' WHERE subject = '91420684MA4927PJ7B';
SELECT plan(118);

-- A call as a role: what it returns, or "SQLSTATE message".
CREATE FUNCTION pg_temp.try(role text, statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN pg_temp.run(role, 'SELECT citycredit.' || statement);
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE || ' ' || SQLERRM;
END
$$;
CREATE FUNCTION pg_temp.step(role text, entry bigint, event text, details jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.try(role, format('advance_proceeding(%L, %s, %L, %L)', e.subject, e.proceeding_id, event, details)) FROM citycredit.list_entry AS e WHERE e.entry_id = entry
$$;
CREATE FUNCTION pg_temp.stage(entry bigint) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', l.stage, p.state, e.published) FROM citycredit.listing AS l JOIN citycredit.list_entry AS e ON e.entry_id = l.entry_id
	  LEFT JOIN citycredit.proceeding AS p ON p.proceeding_id = l.proceeding_id WHERE l.entry_id = stage.entry
$$;
-- from proposal to recognition, of an entry that is recognised
CREATE FUNCTION pg_temp.list(subject text, list text, rule text, more text DEFAULT '') RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	entry bigint := pg_temp.run('regress_officer', format('SELECT citycredit.propose_listing(%L, %L, ''regress-lists'', %L, ''测试局'', ''事由'', 5%s)', subject, list, rule, more));
	day date := citycredit.today();
BEGIN
	PERFORM pg_temp.run('regress_officer', format('SELECT citycredit.serve_listing(%s, citycredit.today(), ''direct'')', entry));
	PERFORM set_config('citycredit.today', ((SELECT objection_until FROM citycredit.list_entry WHERE entry_id = entry) + 1)::text, true);
	PERFORM pg_temp.run('regress_head', format('SELECT citycredit.recognize_listing(%s)', entry));
	RETURN entry;
END
$$;
\set jia 91110000600037341L
\set yi 91420684MA4927PJ7B
\set bing 9144060573144633XL

-- ---------------------------------------------------------------------------
-- Competence: department, act, field, district, duty
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.try(v.role, v.call), v.says, v.what)
  FROM (VALUES
	(1, 'regress_other', format('propose_listing(%L, ''watch'', ''regress-lists'', ''look'', ''测试局'', ''一次'', 5, 6)', :'yi'),
		'42501 role "regress_other" has no competence for "propose" of this proceeding', 'another department'),
	(2, 'regress_window', format('propose_listing(%L, ''watch'', ''regress-lists'', ''look'', ''测试局'', ''一次'', 5, 6)', :'yi'),
		'42501 role "regress_window" has no competence for "propose" of this proceeding', 'a duty that is not enough'),
	(3, 'regress_north', format('propose_listing(%L, ''watch'', ''regress-lists'', ''look'', ''测试局'', ''一次'', 5, 6)', :'yi'),
		'42501 role "regress_north" has no competence for "propose" of this proceeding', 'every district, by who has one'),
	(4, 'regress_north', format('propose_listing(%L, ''watch'', ''regress-lists'', ''look'', ''测试局'', ''一次'', 5, 6, field => ''gas'', district => ''北区'')', :'yi'),
		'42501 role "regress_north" has no competence for "propose" of this proceeding', 'another field'),
	(5, 'regress_officer', format('propose_listing(%L, ''watch'', ''regress-lists'', ''look'', ''测试局'', ''一次'', 5, 6, district => ''南区'')', :'yi'),
		format('22023 subject "%s" belongs to another district', :'yi'), 'a district that is not the subject''s'),
	(6, 'regress_officer', format('advance_proceeding(%1$L, open_proceeding(%1$L, ''listing'', ''find'', ''测试局'', ''{"list": "watch", "policy": "regress-lists", "rule": "look"}''), ''propose'', ''{"reasons": "x", "data": {"terms": {"term": {"months": 6}}}}'')', :'yi'),
		'22023 a proposal announces an objection period in working days', 'past the friendly function: no objection period'),
	(7, 'regress_officer', format('advance_proceeding(%1$L, open_proceeding(%1$L, ''listing'', ''find'', ''测试局'', ''{"list": "black", "policy": "regress-lists", "rule": "repeat"}''), ''propose'', ''{"reasons": "x", "data": {"terms": {"objection": {"working_days": 5}, "term": {"months": 60}}}}'')', :'jia'),
		'22023 a proposal announces the term of the measure', 'past the friendly function: another term'),
	(8, 'regress_officer', format('advance_proceeding(%1$L, open_proceeding(%1$L, ''listing'', ''find'', ''测试局'', ''{"list": "black", "policy": "regress-lists", "rule": "repeat"}''), ''propose'', ''{"reasons": "x", "data": {"terms": {"objection": {"working_days": 5}, "term": {"months": 36}}}}'')', :'bing'),
		format('55000 subject "%s" is no candidate for the black list by rule "repeat" of policy "regress-lists"', :'bing'), 'past the friendly function: no candidate')
  ) AS v (n, role, call, says, what)
 ORDER BY v.n;
SELECT is_empty('SELECT FROM list_entry', 'nothing of it is left');
SELECT is_empty('SELECT FROM proceeding', '  no proceeding either');
SELECT matches(pg_temp.try('regress_north', format('propose_listing(%L, ''watch'', ''regress-lists'', ''look'', ''测试局'', ''一次'', 5, 6, field => ''construction_waste'', district => ''北区'')', :'yi')),
	'^\d+$', 'in his field and district he is competent');
SELECT entry_id AS north FROM list_entry \gset
SELECT is(pg_temp.try('regress_north', format('remove_listing(%s, today(), ''撤回'')', :north)), '', '  and drops it');
SELECT is(pg_temp.stage(:north), 'ended dropped', '  which ends both');
-- a candidate found first
SELECT matches(pg_temp.try('regress_officer', format('open_proceeding(%L, ''listing'', ''find'', ''测试局'', ''{"list": "focus", "policy": "regress-lists", "rule": "internal"}'')', :'yi')), '^\d+$', 'found');
SELECT is((SELECT count(*) FROM list_entry WHERE list = 'focus'), 0::bigint, '  is no entry');
SELECT matches(pg_temp.try('regress_officer', format('propose_listing(%L, ''focus'', ''regress-lists'', ''internal'', ''测试局'', ''一次'', 5)', :'yi')), '^\d+$', '  proposed, it goes on in the same proceeding');
SELECT is(pg_temp.stage(entry_id), 'proposed proposed', '  as an entry') FROM list_entry WHERE list = 'focus';

-- ---------------------------------------------------------------------------
-- Warning first
-- ---------------------------------------------------------------------------
INSERT INTO list_parameter (policy, rule, valid_from, after_rule, early_exit, appeal, aftermath_months, linked_roles, cite) VALUES
	('regress-lists', 'repeat', '2020-01-01', 'look', '{"years": 1}', '{"days": 60}', 24, '{legal_representative}', '测试条例 第三十一条');
SELECT throws_ok($$ INSERT INTO list_parameter (policy, rule, early_exit, cite) VALUES ('p', 'r', '{"weeks": 1}', 'x') $$, '23514', NULL, 'a length that is none');
SELECT throws_ok($$ INSERT INTO list_parameter (policy, rule, linked_roles, cite) VALUES ('p', 'r', '{cousin}', 'x') $$, '23514', NULL, 'a role that is none');
SELECT throws_ok($$ INSERT INTO list_parameter (policy, rule, after_rule, cite) VALUES ('p', 'r', 'r', 'x') $$, '23514', NULL, 'a warning by the rule itself');
SELECT throws_ok($$ INSERT INTO list_parameter (policy, rule, cite) VALUES ('p', 'r', ' ') $$, '23514', NULL, 'a parameter without its clause');
\set black 'propose_listing(''91110000600037341L'', ''black'', ''regress-lists'', ''repeat'', ''测试局'', ''两次'', 5)'
SELECT is(pg_temp.try('regress_officer', :'black'), '55000 subject "91110000600037341L" was not warned before the proposal for the black list', 'no black list without the warning');
SELECT pg_temp.run('regress_officer', $$ SELECT propose_listing('91110000600037341L', 'watch', 'regress-lists', 'look', '测试局', '预警', 5, 6) $$) AS warned \gset
SELECT is(pg_temp.try('regress_officer', :'black'), '55000 subject "91110000600037341L" was not warned before the proposal for the black list', 'a warning that is not served is none');
SELECT is(pg_temp.try('regress_officer', format('serve_listing(%s, today(), ''direct'', document => ''告字〔2024〕1号'')', :warned)), '', 'the warning is served');
SELECT is((SELECT objection_until FROM list_entry WHERE entry_id = :warned), date '2024-03-08', 'the objection period is counted in working days');
SELECT is((SELECT s.service_document FROM proceeding_step AS s JOIN list_entry AS e USING (subject, proceeding_id) WHERE e.entry_id = :warned AND s.event = 'notify'), '告字〔2024〕1号', '  by a notice on record');
SELECT is(pg_temp.try('regress_officer', :'black'), '55000 subject "91110000600037341L" was not warned before the proposal for the black list', 'not on the day of the warning itself');
SET LOCAL citycredit.today = '2024-03-04';

-- ---------------------------------------------------------------------------
-- A life on the black list, with appeal lost, early exit refused and won
-- ---------------------------------------------------------------------------
SELECT pg_temp.run('regress_officer', 'SELECT ' || :'black') AS black_entry \gset
SELECT is(pg_temp.step('regress_head', :black_entry, v.event, v.details::jsonb), v.says, v.what)
  FROM (VALUES
	(1, 'recognise', '{"reasons": "x"}', '55000 "recognise" is no step of kind listing in state proposed', 'recognition before notice'),
	(2, 'exit_early', '{}', '55000 "exit_early" is no step of kind listing in state proposed', 'exit before entry'),
	(3, 'suspend', '{}', '55000 "suspend" is no step of kind listing in state proposed', 'suspension before entry'),
	(4, 'notify', '{"served_on": "2024-03-04", "service_method": "mail", "service_document": "1", "terms": {"objection": {"until": "2024-03-10"}}}',
		'23514 objection period until 2024-03-10 is shorter than announced', 'a notice that shortens the period'),
	(5, 'notify', '{"served_on": "2024-03-04", "service_method": "mail", "service_document": "1"}', 'noticed', 'the notice, past the friendly function')
  ) AS v (n, event, details, says, what) ORDER BY v.n;
SELECT is((SELECT concat_ws(' ', objection_until, served_by, service_method) FROM list_entry WHERE entry_id = :black_entry), '2024-03-11 regress_head mail', 'what is served stands in the entry');
SELECT is(pg_temp.step('regress_window', :black_entry, 'object', '{"reasons": "不是我公司"}'), 'noticed', 'the subject is heard');
SELECT pg_temp.run('regress_window', format('SELECT raise_objection(%L, ''{"against": "listing", "entry_id": %s}'', ''测试局'', ''不是我公司'')', :'jia', :black_entry)) AS objection \gset
SET LOCAL citycredit.today = '2024-03-12';
SELECT is(pg_temp.try('regress_head', format('recognize_listing(%s)', :black_entry)), format('55000 an objection against list entry %s is open', :black_entry), 'no recognition while an objection is open');
SELECT is(pg_temp.try('regress_officer', format('advance_proceeding(%L, %s, ''accept'')', :'jia', :objection)), 'accepted', 'it is accepted');
SELECT is(pg_temp.try('regress_head', format('recognize_listing(%s)', :black_entry)), format('55000 an objection against list entry %s is open', :black_entry), '  and open still');
SELECT is(pg_temp.try('regress_head', format('advance_proceeding(%L, %s, ''reject'', ''{"reasons": "不成立", "served_on": "2024-03-12", "service_method": "mail", "service_document": "2"}'')', :'jia', :objection)), 'rejected', 'it is decided');
SELECT is(pg_temp.step('regress_head', :black_entry, 'recognise', '{"reasons": "x", "terms": {"term": {"months": 48}}}'), '23514 list entry breaks constraint "list_entry_term"', 'not for longer than announced');
SELECT is(pg_temp.try('regress_officer', format('recognize_listing(%s)', :black_entry)), format('0P000 list entry %s was proposed by the same person', :black_entry), 'not by who proposed');
SELECT is(pg_temp.try('regress_window', format('recognize_listing(%s)', :black_entry)), '42501 role "regress_window" has no competence for "recognise" of this proceeding', 'not by who does not decide');
SELECT is(pg_temp.try('regress_other', format('recognize_listing(%s)', :black_entry)), '42501 role "regress_other" has no competence for "recognise" of this proceeding', 'not by another department');
SET LOCAL citycredit.today = '2024-03-13';
SELECT is(pg_temp.step('regress_head', :black_entry, 'recognise', '{"reasons": "x", "on": "2024-03-12"}'), '23514 a recognition is not dated back', 'not for yesterday');
SELECT is(pg_temp.try('regress_head', format('recognize_listing(%s, ''所述不成立'')', :black_entry)), '', 'recognised');
SELECT is((SELECT concat_ws(' ', recognised_on, recognised_by, listed_from, listed_until, published) FROM list_entry WHERE entry_id = :black_entry),
	'2024-03-13 regress_head 2024-03-13 2027-03-13 black', '  for the term of the measure');

INSERT INTO subject (subject, kind, name) VALUES ('91310115MA1K3BTP2B', 'legal_person', '戊') ON CONFLICT DO NOTHING;
SELECT link_subjects(:'jia', 'PELDB1FB2CB0F37UX8', 'legal_representative', '2023-01-01', '营业执照'), link_subjects(:'jia', '91310115MA1K3BTP2B', 'branch', '2023-01-01', '营业执照') \g /dev/null
SELECT results_eq('SELECT person::text, role, list FROM listed_person', $$ VALUES ('PELDB1FB2CB0F37UX8', 'legal_representative', 'black') $$, 'the list reaches whom the measure says, nobody else');

SELECT is(pg_temp.step('regress_window', :black_entry, 'appeal', '{"reasons": "不服"}'), 'appealed', 'the subject appeals');
SELECT is(pg_temp.stage(:black_entry), 'listed appealed black', '  and stays on the list');
SELECT is(pg_temp.step('regress_head', :black_entry, 'reject_appeal', '{"reasons": "x", "served_on": "2024-03-13", "service_method": "mail", "service_document": "3"}'), '0P000 "reject_appeal" needs another decider', '  not decided by who recognised');
SELECT is(pg_temp.step('regress_second', :black_entry, 'reject_appeal', '{"reasons": "x", "served_on": "2024-03-13", "service_method": "mail", "service_document": "3"}'), 'listed', '  lost');
\set early 'exit_listing_early(' :black_entry ', ''整改报告'', ''承诺书'', ''已纠正'')'
SELECT is(pg_temp.try('regress_head', :'early'), '22008 period "minimum" is not over', 'no early exit before the minimum time');
SELECT is(pg_temp.try('regress_head', format('exit_listing_early(%s, NULL, ''承诺书'', ''已纠正'')', :black_entry)), '22004 an early exit needs entry, correction, commitment and reasons', 'nor without correction');
SET LOCAL citycredit.today = '2025-03-14';
INSERT INTO record (subject, kind, document, authority, source, field, behaviour, decided_on) VALUES (:'jia', 'penalty', 'N1', 'a', 'stranger', 'construction_waste', 'CW-01', '2025-01-15');
SAVEPOINT verified;
SELECT is(pg_temp.run('regress_second', format('SELECT verify_record(%L, %L)', :'jia', record_id)), '2', 'a new penalty is verified') FROM record WHERE document = 'N1';
SELECT is(pg_temp.try('regress_head', :'early'), format('55000 list entry %s cannot end early: something new has happened', :black_entry), '  and bars the early exit');
SELECT is(pg_temp.try('regress_officer', format('amend_record(%L, %L, ''{"decided_on": "2024-01-15"}'', ''日期有误'')', :'jia', record_id)), '3', 'a change of it waits') FROM record WHERE document = 'N1' AND known_until = 'infinity';
SELECT is(pg_temp.try('regress_head', :'early'), format('55000 list entry %s cannot end early: something new has happened', :black_entry), '  and lets nobody go before it is verified');
ROLLBACK TO verified;
SELECT is(pg_temp.try('regress_officer', :'early'), '42501 role "regress_officer" has no competence for "exit_early" of this proceeding', 'nor by who does not decide');
SELECT is(pg_temp.try('regress_head', :'early'), '', 'one that is not verified bars nobody: the early exit is won');
SELECT is(pg_temp.stage(:black_entry), 'ended removed', '  and ends the entry');
SELECT is_empty('SELECT FROM listed_person', '  linked persons are relieved with it');
SELECT results_eq('SELECT left_by, left_on, noted_until FROM list_aftermath', $$ VALUES ('exit_early', date '2025-03-14', date '2027-03-14') $$, '  it is noted for two years');
SET LOCAL citycredit.today = '2027-03-14';
SELECT isnt_empty('SELECT FROM list_aftermath', '  through the last day');
SET LOCAL citycredit.today = '2027-03-15';
SELECT is_empty('SELECT FROM list_aftermath', '  and no longer');

-- ---------------------------------------------------------------------------
-- Exit by repair, revival after fraud; the term runs out by itself
-- ---------------------------------------------------------------------------
SET LOCAL citycredit.today = '2024-04-01';
UPDATE list_parameter SET after_rule = NULL, appeal = NULL, early_exit = NULL;
SELECT pg_temp.list('PELDB1FB2CB0F37UX8', 'black', 'repeat') AS person \gset
SELECT is(pg_temp.stage(:person), 'listed listed black', 'a person is listed');
SELECT is(pg_temp.step('regress_head', :person, 'exit_early', '{"reasons": "x", "evidence": [{"kind": "correction", "reference": "1"}, {"kind": "commitment", "reference": "2"}]}'),
	'22008 period "minimum" was never set', 'where the measure knows no early exit there is none');
SELECT is(pg_temp.step('regress_head', :person, 'revive', '{"reasons": "x"}'), '55000 "revive" is no step of kind listing in state listed', 'nothing to revive');
SELECT is(pg_temp.step('regress_officer', :person, 'exit_by_repair', '{"evidence": [{"kind": "repair", "reference": "R1"}]}'), '42501 role "regress_officer" has no competence for "exit_by_repair" of this proceeding', 'no exit by repair by an officer');
SELECT _leave_by_repair(subject, entry_id, 77) FROM list_entry WHERE entry_id = :person \g /dev/null
SELECT is(pg_temp.stage(:person), 'ended removed', 'the repair ends the entry');
SELECT is_empty(format('SELECT FROM list_aftermath WHERE entry_id = %s', :person), '  and leaves no note');
SET LOCAL citycredit.today = '2024-05-01';
SELECT is(pg_temp.step('regress_second', :person, 'revive', '{"reasons": "x"}'), format('55000 list entry %s is revived by the revocation of its repair alone', :person), 'nobody revives it by saying so');
SAVEPOINT over;
SET LOCAL citycredit.today = '2028-01-01';
SELECT is(_revive_after_fraud(subject, entry_id, '修复弄虚作假'), NULL, 'what its term would have ended meanwhile is not revived') FROM list_entry WHERE entry_id = :person;
ROLLBACK TO over;
SELECT _revive_after_fraud(subject, entry_id, '修复弄虚作假') AS revived FROM list_entry WHERE entry_id = :person \gset
SELECT is((SELECT concat_ws(' ', l.listed_from, l.listed_until = e.listed_until, l.published, l.recognised_by) FROM list_entry AS l JOIN list_entry AS e ON e.entry_id = l.revives WHERE e.entry_id = :person),
	'2024-05-01 t black regress_head', 'the revoked repair revives it for what is left of the term');
SELECT is((SELECT stage FROM listing WHERE entry_id = :person), 'ended', '  the time before stays as it was');
SELECT entry_id AS revived FROM list_entry WHERE revives = :person \gset
SELECT is((SELECT count(*) FROM black_list), 1::bigint, '  published again');
SELECT listed_until + 1 AS after FROM list_entry WHERE entry_id = :revived \gset
SET LOCAL citycredit.today = :'after';
SELECT is(pg_temp.stage(:revived), 'expired listed black', 'the term ends by itself, without any job');
SELECT is_empty('SELECT FROM black_list', '  in what is published');
SELECT is_empty('SELECT FROM listed_person', '  for linked persons');
SELECT is((SELECT p.state FROM proceeding_today AS p JOIN list_entry AS e USING (subject, proceeding_id) WHERE e.entry_id = :revived), 'expired', '  in its proceeding');
SELECT cmp_ok(run_due(), '>', 0, '  which the job only records');
SELECT is(pg_temp.stage(:revived), 'expired expired black', '  changing nothing');
SELECT results_eq(format('SELECT left_by, left_on FROM list_aftermath WHERE entry_id = %s', :revived), format('VALUES (''expire'', date %L)', :'after'), '  it is noted');

-- ---------------------------------------------------------------------------
-- Appeal won; a basis that falls
-- ---------------------------------------------------------------------------
SET LOCAL citycredit.today = '2024-06-03';
SELECT pg_temp.list(:'yi', 'watch', 'look', ', 6, appeal => ''{"days": 60}''') AS watched \gset
SELECT is(pg_temp.stage(:watched), 'listed listed watch', 'on the watch list');
SELECT is(pg_temp.step('regress_window', :watched, 'appeal', '{"reasons": "不服"}'), 'appealed', 'appealed');
SELECT is(pg_temp.step('regress_head', :watched, 'uphold_appeal', '{"reasons": "x"}'), '0P000 "uphold_appeal" needs another decider', '  not decided by who recognised');
SELECT is(pg_temp.step('regress_second', :watched, 'uphold_appeal', '{"reasons": "认定有误"}'), 'removed', '  won');
SELECT is((SELECT concat_ws(' ', removed_by, removal_reason, published) FROM list_entry WHERE entry_id = :watched), 'regress_second 认定有误', '  and off the list');
SELECT is(pg_temp.step('regress_second', :watched, 'revive', '{"reasons": "x"}'), format('55000 list entry %s is revived by the revocation of its repair alone', :watched), '  for good');
SELECT pg_temp.list(:'yi', 'watch', 'look', ', 6') AS watched \gset
SELECT revoke_record(:'yi', record_id, today(), '处罚撤销') FROM record WHERE document = 'P3' AND known_until = 'infinity' \g /dev/null
SELECT is(pg_temp.stage(:watched), 'ended removed', 'where the record is revoked, the entry ends in the same transaction');
SELECT is((SELECT s.capacity || ' ' || s.event FROM proceeding_step AS s JOIN list_entry AS e USING (subject, proceeding_id) WHERE e.entry_id = :watched ORDER BY s.seq DESC LIMIT 1),
	'system basis_fallen', '  as a step of its proceeding');
SELECT is_empty(format('SELECT FROM list_aftermath WHERE entry_id = %s', :watched), '  and nothing is noted');

-- ---------------------------------------------------------------------------
-- Red: in doubt it is suspended, cleared it resumes, gone it ends
-- ---------------------------------------------------------------------------
SET LOCAL citycredit.today = '2024-07-01';
SELECT pg_temp.list(:'bing', 'red', 'honest') AS red \gset
SELECT is(pg_temp.stage(:red), 'listed listed red', 'on the red list');
INSERT INTO record (subject, kind, document, authority, source, field, state, valid_from) VALUES (:'bing', 'participation', 'C9', 'a', 'stranger', 'gas', 'taking_part', today());
SELECT is(pg_temp.stage(:red), 'listed listed red', 'a record in doubt that holds nothing against the subject leaves it there');
INSERT INTO record (subject, kind, document, authority, source, field, behaviour, decided_on) VALUES (:'bing', 'penalty', 'D1', 'a', 'stranger', 'construction_waste', 'CW-01', today());
SELECT is(pg_temp.stage(:red), 'suspended suspended', 'a penalty that nobody has verified suspends it');
SELECT is_empty('SELECT FROM red_list', '  out of publication');
SELECT isnt_empty(format('SELECT FROM listing WHERE entry_id = %s AND suspended_on = today()', :red), '  seen by officers');
SELECT is(pg_temp.try('regress_officer', format('revoke_record(%L, %L, today(), ''误录'')', :'bing', record_id)), '2', 'the record was an error') FROM record WHERE document = 'D1';
SELECT is(pg_temp.stage(:red), 'listed listed red', '  it resumes at once');
INSERT INTO record (subject, kind, document, authority, source, field, behaviour, decided_on) VALUES (:'bing', 'penalty', 'D2', 'a', 'stranger', 'construction_waste', 'CW-01', today());
SELECT is(pg_temp.stage(:red), 'suspended suspended', 'another one suspends it again');
INSERT INTO source (source, kind, name, trusted_from) VALUES ('stranger', 'penalty', '另一局', '2020-01-01'), ('stranger', 'participation', '另一局', '2020-01-01');
SELECT is(pg_temp.stage(:red), 'listed listed red', 'no longer in doubt where its source is trusted; what counts now is for the department to judge');
SELECT is((SELECT basis_holds FROM listing WHERE entry_id = :red), false, '  which sees that the standing names the list no more');
SELECT is(pg_temp.try('regress_head', format('classify_record(%L, %L, procedure => ''general'')', :'bing', record_id)), '2', 'a finding is waiting') FROM record WHERE document = 'D2';
SELECT is(pg_temp.stage(:red), 'suspended suspended', '  and suspends it');
SELECT is(pg_temp.try('regress_head', format('remove_listing(%s, today(), ''不再符合'')', :red)), '', 'the department removes it');
SELECT is(pg_temp.stage(:red), 'ended removed', '  for good');
SELECT is(pg_temp.try('regress_second', format('verify_record(%L, %L)', :'bing', record_id)), '2', 'verified later') FROM record WHERE document = 'D2' AND known_until = 'infinity';
SELECT is(pg_temp.stage(:red), 'ended removed', '  nothing resumes');
-- what a decider has suspended no record resumes
SELECT revoke_record(:'bing', record_id, today(), '处罚撤销') FROM record WHERE document = 'D2' AND known_until = 'infinity' \g /dev/null
SELECT pg_temp.list(:'bing', 'red', 'honest') AS red \gset
SELECT is(pg_temp.step('regress_second', :red, 'suspend', format('{"reasons": "核查", "served_on": "%s", "service_method": "mail", "service_document": "4"}', today())::jsonb), 'suspended', 'suspended by a decider');
INSERT INTO record (subject, kind, document, authority, source, field, behaviour, act_on) VALUES (:'bing', 'act', 'D3', 'a', 'elsewhere', 'construction_waste', 'CW-21', today());
SELECT is(pg_temp.try('regress_officer', format('revoke_record(%L, %L, today(), ''误录'')', :'bing', record_id)), '2', 'a doubt comes and goes') FROM record WHERE document = 'D3';
SELECT is(pg_temp.stage(:red), 'suspended suspended', '  it stays suspended');
SELECT is(pg_temp.step('regress_second', :red, 'resume', '{"reasons": "核查无误"}'), 'listed', '  until a decider resumes it');
SELECT is(pg_temp.stage(:red), 'listed listed red', '  and it is published again');

-- ---------------------------------------------------------------------------
-- Lists of others
-- ---------------------------------------------------------------------------
\set import 'import_listing(''91420684MA4927PJ7B'', ''ban'', ''禁入名单'', ''court'', ''1'', ''某机关'', ''某法'', ''law'', ''第一条'', ''事由'', ''2024-02-01'', ''2026-02-01'')'
SELECT matches(pg_temp.try('regress_officer', :'import'), '^\d+$', 'a kind of list that is not recognised here is taken over');
SELECT is(pg_temp.try('regress_officer', replace(:'import', '''ban''', '''grey''')), '42704 list "grey" does not exist', 'one that nobody knows is not');
INSERT INTO list_kind VALUES ('grey', '灰名单');
SELECT matches(pg_temp.try('regress_officer', replace(:'import', '''ban''', '''grey''')), '^\d+$', 'kinds are open');
SELECT is(pg_temp.try('regress_officer', format('serve_listing(%s, today(), ''direct'')', entry_id)), format('55000 serve_listing() does not fit list entry %s: its stage is "listed"', entry_id), 'it is not proceeded with here')
  FROM list_entry WHERE list = 'ban';
SELECT throws_ok($$ UPDATE list_entry SET proceeding_id = 1 WHERE list = 'ban' $$, '55000', NULL, 'nor can it be given a proceeding');
SELECT is(pg_temp.try('regress_officer', format('remove_listing(%s, today(), ''期满撤出'')', entry_id)), '', 'its source delists it') FROM list_entry WHERE list = 'ban';

-- every entry stands where its proceeding does
SELECT is_empty($$ SELECT e.entry_id, l.stage, p.state FROM list_entry AS e JOIN listing AS l ON l.entry_id = e.entry_id JOIN proceeding AS p ON p.subject = e.subject AND p.proceeding_id = e.proceeding_id
	WHERE e.entry_id = (SELECT max(x.entry_id) FROM list_entry AS x WHERE x.subject = e.subject AND x.proceeding_id = e.proceeding_id)
	  AND CASE l.stage WHEN 'proposed' THEN p.state <> 'proposed' WHEN 'objection' THEN p.state <> 'noticed' WHEN 'ready' THEN p.state <> 'noticed'
	           WHEN 'listed' THEN p.state NOT IN ('listed', 'appealed', 'expired') WHEN 'suspended' THEN p.state <> 'suspended'
	           WHEN 'ended' THEN p.state NOT IN ('removed', 'dropped') ELSE false END $$, 'entries and proceedings agree');
SELECT * FROM finish();
ROLLBACK;
