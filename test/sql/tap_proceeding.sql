-- tap_proceeding.sql -- the one mechanism of proceedings: every refusal, periods, persons, and what time does
\set ECHO none
\i test/include/proceeding.psql
CALL pg_temp.without_instances();
SELECT plan(192);

-- ---------------------------------------------------------------------------
-- The tables of steps
-- ---------------------------------------------------------------------------
CREATE TEMPORARY VIEW every_step AS SELECT k.kind, t.* FROM proceeding_kinds() AS k CROSS JOIN LATERAL proceeding_table(k.kind) AS t;
SELECT set_eq('SELECT kind FROM proceeding_kinds()', ARRAY['commitment', 'listing', 'repair', 'objection', 'complaint', 'gap_review', 'rectification'], 'the kinds');
SELECT is_empty('SELECT kind, from_state, event FROM every_step GROUP BY 1, 2, 3 HAVING count(*) > 1', 'an event has one meaning in a state');
SELECT is_empty($$ SELECT s.kind, s.state FROM (SELECT k.kind, t.* FROM proceeding_kinds() AS k CROSS JOIN LATERAL proceeding_states(k.kind) AS t) AS s
	WHERE NOT EXISTS (SELECT FROM every_step AS e WHERE e.kind = s.kind AND e.to_state = s.state) $$, 'every state is reached by some step');
SELECT is_empty($$ SELECT s.kind, s.state FROM (SELECT k.kind, t.* FROM proceeding_kinds() AS k CROSS JOIN LATERAL proceeding_states(k.kind) AS t) AS s
	WHERE NOT s.closed AND NOT EXISTS (SELECT FROM every_step AS e WHERE e.kind = s.kind AND e.from_state = s.state AND e.who <> '{system}') $$,
	'in every open state somebody can go on');
SELECT is_empty($$ WITH RECURSIVE reached (kind, state, way) AS (
		SELECT kind, to_state, ARRAY[to_state] FROM every_step WHERE from_state IS NULL
		UNION SELECT e.kind, e.to_state, r.way || e.to_state FROM reached AS r JOIN every_step AS e ON e.kind = r.kind AND e.from_state = r.state AND e.to_state <> ALL (r.way))
	SELECT k.kind FROM proceeding_kinds() AS k WHERE NOT EXISTS (SELECT FROM reached AS r JOIN LATERAL proceeding_states(r.kind) AS s ON s.state = r.state AND s.closed WHERE r.kind = k.kind) $$,
	'every kind can come to an outcome');
SELECT is_empty($$ SELECT e.kind, e.event FROM every_step AS e CROSS JOIN LATERAL unnest(e.after || e.within) AS u (name)
	WHERE u.name IS NOT NULL AND NOT EXISTS (SELECT FROM every_step AS s WHERE s.kind = e.kind AND (u.name = ANY (s.sets) OR u.name || '?' = ANY (s.sets))) $$,
	'every period that a step waits for is set by some step');
SELECT is_empty($$ SELECT e.kind, e.event FROM every_step AS e JOIN every_step AS n ON n.kind = e.kind AND n.from_state = e.to_state
	WHERE e.overdue IN ('lapse', 'granted') AND n.overdue IN ('lapse', 'granted') $$, 'no step of time is followed by another that changes the state');
SELECT is_empty($$ SELECT e.kind, e.event, e.to_state FROM every_step AS e WHERE e.overdue = 'granted'
	AND e.to_state NOT IN ('decided', 'repaired', 'upheld') $$, 'a department''s silence gives what was asked for, nothing else');
SELECT is_empty($$ SELECT kind, event FROM every_step WHERE (overdue IS NOT NULL) <> (who = '{system}') $$, 'only what time does is the system''s alone');
SELECT is_empty($$ SELECT kind, event FROM every_step WHERE who <> '{system}' AND NOT (who && '{decider}') AND (second_person OR other_decider) $$, 'the second person is one who decides');
SELECT set_eq($$ SELECT DISTINCT kind FROM every_step WHERE on_appeal $$, ARRAY['repair', 'listing', 'objection', 'complaint'], 'kinds with an appeal');
SELECT is_empty($$ SELECT kind, event FROM every_step WHERE on_appeal AND NOT other_decider $$, 'another decides on appeal');
SELECT set_eq($$ SELECT unnest(next_states(s.state::commitment_state))::text || ' after ' || s.state FROM proceeding_states('commitment') AS s $$,
	$$ SELECT DISTINCT to_state || ' after ' || from_state FROM proceeding_table('commitment') WHERE from_state <> to_state $$, 'the type commitment_state reads the same table');
SELECT set_eq($$ SELECT unnest(next_states(s.state::repair_status))::text || ' after ' || s.state FROM proceeding_states('repair') AS s $$,
	$$ SELECT DISTINCT to_state || ' after ' || from_state FROM proceeding_table('repair') WHERE from_state <> to_state $$, 'and so does repair_status');
SELECT matches(proceeding_diagram(kind), E'^stateDiagram-v2\n(    .*\n)+$', 'a diagram of ' || kind) FROM proceeding_kinds() ORDER BY kind;
SELECT is((SELECT count(*) FROM proceeding_kinds() AS k CROSS JOIN LATERAL string_to_table(proceeding_diagram(k.kind), E'\n') AS l WHERE l ~ ' --> \w+: '),
	(SELECT count(*) FROM every_step), '  with every step');
SELECT throws_ok('SELECT proceeding_table(''dance'')', '42704', 'kind of proceeding "dance" does not exist', 'no such kind');

-- ---------------------------------------------------------------------------
-- A listing: each refusal on its way
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.open(v.name, v.role, v.kind, v.event, v.details::jsonb, v.terms::jsonb, v.on_overdue::jsonb), v.says, v.what)
  FROM (VALUES
	(1, 'l', 'regress_officer', 'listing', 'recognise', '{}', '{}', '{}',
		'55000 "recognise" opens no proceeding of kind listing | It is opened by find (department), propose (department). | The steps are in citycredit.proceeding_table(''listing'').', 'not opened by its end'),
	(2, 'l', 'regress_officer', 'listing', 'propose', '{}', '{}', '{}',
		'23514 "propose" needs reasons | Give them as "reasons" in the details.', 'no reasons'),
	(3, 'l', 'regress_other', 'listing', 'propose', '{"reasons": "x"}', '{}', '{}',
		'42501 role "regress_other" has no competence for "propose" of this proceeding | It is taken as department of "城管局" for listing in field any, district any; the role is there: nothing. | Who acts for which department is in citycredit.department_competence.',
		'an officer of another department'),
	(4, 'l', 'regress_window', 'listing', 'propose', '{"reasons": "x"}', '{}', '{}',
		'42501 role "regress_window" has no competence for "propose" of this proceeding | It is taken as department of "城管局" for listing in field any, district any; the role is there: window for every kind in every field, every district. | Who acts for which department is in citycredit.department_competence.',
		'a duty that is not enough'),
	(5, 'l', 'regress_north', 'listing', 'propose', '{"reasons": "x"}', '{}', '{}',
		'42501 role "regress_north" has no competence for "propose" of this proceeding | It is taken as department of "城管局" for listing in field any, district any; the role is there: decider for listing in construction_waste, 北区. | Who acts for which department is in citycredit.department_competence.',
		'another field and district'),
	(6, 'l', 'regress_officer', 'listing', 'propose', '{"reasons": "x"}', '{"objektion": {"days": 5}}', '{}',
		'22023 kind listing has no period objektion | The periods are in citycredit.proceeding_table(''listing''), column "sets".', 'a period that the kind does not have'),
	(7, 'l', 'regress_officer', 'listing', 'propose', '{"reasons": "x"}', '{"objection": {"weeks": 5}}', '{}',
		'22023 invalid term {"weeks": 5} | A term is a number of days, months, years or working_days, or the day until which it runs. | Write it as {"working_days": 7} or {"until": "2026-05-06"}; with "roll": true it ends on a working day.',
		'a length that is none'),
	(8, 'l', 'regress_officer', 'listing', 'propose', '{"reasons": "x"}', '{}', '{"objection": "granted"}',
		'22023 on_overdue of kind listing cannot say so of objection | Silence of the department is granted, refer or nothing, for periods whose end has that effect; nothing adverse comes of it. | The effects are in citycredit.proceeding_table(''listing''), columns "after" and "overdue".',
		'an effect of silence that the kind does not have'),
	(9, 'l', 'regress_officer', 'listing', 'propose', '{"reasons": "x", "reason": "y"}', '{}', '{}',
		'22023 invalid details of "propose": reason | They are appeal_to (string), capacity (string), data (object), evidence (array), on (string), person (string), reasons (string), served_on (string), service_document (string), service_method (string), terms (object). | Days are written YYYY-MM-DD, evidence is [{"kind": ..., "reference": ...}]; what describes an instance goes to "data".',
		'a word that means nothing'),
	(10, 'l', 'regress_officer', 'listing', 'propose', '{"reasons": "x", "on": "2026-03-03"}', '{}', '{}',
		'22008 day 2026-03-03 of "propose" is not between the last step and today | The last step is of none; today is 2026-03-02. | A step is recorded on its day or after it.', 'tomorrow'),
	(11, 'l', 'regress_public', 'listing', 'find', '{"capacity": "system"}', '{}', '{}',
		'42501 nobody takes "find" as system | It is taken as department, system. | citycredit.run_due() records what the course of time has done.', 'who is nobody does not become the system by saying so'),
	(12, 'l', 'regress_officer', 'listing', 'propose', '{"reasons": "x"}', '{"objection": {"working_days": 5}, "term": {"years": 3}, "appeal": {"days": 60}}', '{}', 'proposed', 'proposed')
	) AS v (n, name, role, kind, event, details, terms, on_overdue, says, what)
 ORDER BY v.n;
SELECT matches(pg_temp.open('l', 'regress_head', 'listing', 'propose', '{"reasons": "x"}'),
	'^23505 a proceeding of kind listing about the same matter is open for subject "91110000600037341L" \| Proceeding \d+ is proposed\. \| Go on with that one', 'a second one about the same matter');
SELECT is(pg_temp.open('l2', 'regress_head', 'listing', 'find'), 'candidate', 'another matter is another proceeding');

SELECT is(pg_temp.step('l', v.role, v.event, v.details::jsonb), v.says, v.what)
  FROM (VALUES
	(1, 'regress_head', 'recognise', '{}',
		'55000 "recognise" is no step of kind listing in state proposed | Legal next steps are notify (department), drop (department decider). | The steps are in citycredit.proceeding_table(''listing'').', 'before notice'),
	(2, 'regress_officer', 'notify', '{"served_on": "2026-03-02", "service_method": "direct"}',
		'23514 "notify" needs proof of service | Day, way and document of the service have to be known. | Give "served_on", "service_method" and "service_document" in the details.', 'no document'),
	(3, 'regress_officer', 'notify', '{"served_on": "2026-03-02", "service_method": "pigeon", "service_document": "1"}',
		'23514 "pigeon" is no way of service | A service is direct, left, entrusted, mail, electronic or announcement.', 'no way'),
	(4, 'regress_officer', 'notify', '{"served_on": "2026-03-01", "service_method": "mail", "service_document": "1"}',
		'22008 day of service 2026-03-01 is not between the last step and the day of this one | The last step is of 2026-03-02, this one of 2026-03-02. | Record the service on or after the day of which its proof speaks.', 'served before the proposal'),
	(5, 'regress_officer', 'notify', '{"served_on": "2026-03-02", "service_method": "mail", "service_document": "1", "terms": {"term": {"days": 1}}}',
		'22023 "notify" begins no period term | It begins objection. | The length of a period is given to the step that begins it.', 'a period of another step'),
	(6, 'regress_officer', 'notify', '{"served_on": "2026-03-02", "service_method": "mail", "service_document": "1", "terms": {"objection": {"until": "2026-03-01"}}}',
		'23514 period "objection" would be over before anybody could use it | It is counted from 2026-03-02 and would end on 2026-03-01. | A period has a day at least.', 'a period that ends before it begins'),
	(7, 'regress_officer', 'expire', '{}',
		'55000 "expire" is no step of kind listing in state proposed | Legal next steps are notify (department), drop (department decider). | The steps are in citycredit.proceeding_table(''listing'').', 'what comes later'),
	(8, 'regress_officer', 'notify', :'served', 'noticed', 'notice served'),
	(9, 'regress_head', 'recognise', '{"reasons": "x"}',
		'22008 period "objection" is not over | It ends on 2026-03-09; the step is of 2026-03-02. | "recognise" can be taken from 2026-03-10 on.', 'too early'),
	(10, 'regress_officer', 'recognise', '{"reasons": "x"}',
		'42501 role "regress_officer" has no competence for "recognise" of this proceeding | It is taken as decider of "城管局" for listing in field any, district any; the role is there: officer for every kind in every field, every district. | Who acts for which department is in citycredit.department_competence.',
		'by one who does not decide'),
	(11, 'regress_window', 'object', '{}', '23514 "object" needs reasons | Give them as "reasons" in the details.', 'an objection without reasons'),
	(12, 'regress_public', 'object', '{"reasons": "不符"}',
		'42501 role "regress_public" has no competence for "object" of this proceeding | It is taken as subject of "城管局" for listing in field any, district any; the role is there: nothing. | Who acts for which department is in citycredit.department_competence.',
		'an objection by somebody else'),
	(13, 'regress_window', 'object', '{"reasons": "不符", "person": "甲公司"}', 'noticed', 'the subject objects'),
	(14, 'regress_window', 'object', '{"reasons": "不符", "capacity": "decider"}',
		'42501 "object" is not taken as decider | It is taken as subject. | Leave "capacity" out: who the role is, its competence says.', 'in a capacity that the step does not know'),
	(15, 'regress_head', 'expire', '{"capacity": "system"}',
		'55000 "expire" is no step of kind listing in state noticed | Legal next steps are object (subject), recognise (decider), drop (department decider). | The steps are in citycredit.proceeding_table(''listing'').', 'not yet')
	) AS v (n, role, event, details, says, what)
 ORDER BY v.n;
SET LOCAL citycredit.today = '2026-03-10';
SELECT is(pg_temp.step('l', v.role, v.event, v.details::jsonb), v.says, v.what)
  FROM (VALUES
	(1, 'regress_window', 'object', '{"reasons": "迟了"}', '22008 period "objection" is over | It ended on 2026-03-09; the step is of 2026-03-10. | What was done within it is recorded with its own day, as "on" in the details.', 'too late'),
	(2, 'regress_window', 'object', '{"reasons": "收件未登", "on": "2026-03-09"}', 'noticed', 'received in time, recorded a day later'),
	(3, 'regress_head', 'recognise', '{"reasons": "x", "on": "2026-03-09"}', '22008 period "objection" is not over | It ends on 2026-03-09; the step is of 2026-03-09. | "recognise" can be taken from 2026-03-10 on.', 'on the last day'),
	(4, 'regress_head', 'recognise', '{}', '23514 "recognise" needs reasons | Give them as "reasons" in the details.', 'no reasons'),
	(5, 'regress_head', 'recognise', '{"reasons": "x"}', 'listed', 'recognised by another person after the period'),
	(6, 'regress_head', 'expire', '{}', '42501 "expire" is taken by the course of time alone | citycredit.proceeding_today shows it on its day; citycredit.run_due() records it.', 'nobody ends it by saying so'),
	(7, 'regress_head', 'exit_early', '{"reasons": "x", "evidence": [{"kind": "correction", "reference": "1"}]}',
		'23514 "exit_early" lacks evidence: commitment | It needs correction, commitment. | Give "evidence": [{"kind": ..., "reference": ...}] in the details.', 'half of the evidence'),
	(8, 'regress_head', 'exit_early', '{"reasons": "x", "evidence": [{"kind": "correction", "reference": "1"}, {"kind": "commitment", "reference": ""}]}',
		'22023 invalid details of "exit_early": evidence | They are appeal_to (string), capacity (string), data (object), evidence (array), on (string), person (string), reasons (string), served_on (string), service_document (string), service_method (string), terms (object). | Days are written YYYY-MM-DD, evidence is [{"kind": ..., "reference": ...}]; what describes an instance goes to "data".',
		'evidence that says nothing'),
	(9, 'regress_head', 'exit_early', '{"reasons": "x", "evidence": [{"kind": "correction", "reference": "1"}, {"kind": "commitment", "reference": "2"}]}',
		'22008 period "minimum" was never set | "exit_early" is taken after it. | The step that begins it takes its length from the terms of the proceeding, or from its details.', 'the measure knows no early exit'),
	(10, 'regress_window', 'appeal', '{"reasons": "不服"}', 'appealed', 'the subject appeals')) AS v (n, role, event, details, says, what)
 ORDER BY v.n;
SELECT matches(pg_temp.step('l', 'regress_head', 'uphold_appeal', '{"reasons": "x"}'),
	'^0P000 "uphold_appeal" needs another decider \| "regress_head" decided step 5 \("recognise"\) of proceeding \d+ on 2026-03-10\. \| Ask a decider who has not', 'not by who decided');
SELECT is(pg_temp.step('l', 'regress_second', 'reject_appeal', '{"reasons": "x", "served_on": "2026-03-10", "service_method": "mail", "service_document": "2"}'), 'listed', 'by another');
SELECT results_eq($$ SELECT s.seq, s.event, s.from_state, s.to_state, s.actor, s.capacity, s.step_on, s.recorded_on, s.person
                       FROM proceeding_step AS s JOIN made AS m ON m.id = s.proceeding_id WHERE m.name = 'l' ORDER BY s.seq $$,
	$$ VALUES (1, 'propose', NULL, 'proposed', 'regress_officer', 'department', date '2026-03-02', date '2026-03-02', NULL),
	          (2, 'notify', 'proposed', 'noticed', 'regress_officer', 'department', '2026-03-02', '2026-03-02', NULL),
	          (3, 'object', 'noticed', 'noticed', 'regress_window', 'subject', '2026-03-02', '2026-03-02', '甲公司'),
	          (4, 'object', 'noticed', 'noticed', 'regress_window', 'subject', '2026-03-09', '2026-03-10', NULL),
	          (5, 'recognise', 'noticed', 'listed', 'regress_head', 'decider', '2026-03-10', '2026-03-10', NULL),
	          (6, 'appeal', 'listed', 'appealed', 'regress_window', 'subject', '2026-03-10', '2026-03-10', NULL),
	          (7, 'reject_appeal', 'appealed', 'listed', 'regress_second', 'decider', '2026-03-10', '2026-03-10', NULL) $$, 'every step is in the log, and nothing that was refused');
SELECT results_eq($$ SELECT d.name, d.counted_from, d.due_on, d.set_by FROM proceeding_deadline AS d JOIN made AS m ON m.id = d.proceeding_id WHERE m.name = 'l' ORDER BY 1 $$,
	$$ VALUES ('appeal', date '2026-03-10', date '2026-05-09', 5), ('objection', '2026-03-02', '2026-03-09', 2), ('term', '2026-03-10', '2029-03-10', 5) $$, 'and every period');

-- ---------------------------------------------------------------------------
-- What time does is seen on its day, and recorded once
-- ---------------------------------------------------------------------------
SET LOCAL citycredit.today = '2029-03-10';
SELECT is(pg_temp.today_of('l'), 'listed 2026-03-10', 'on its last day it is on the list');
SET LOCAL citycredit.today = '2029-03-11';
SELECT is(pg_temp.today_of('l'), 'expired 2029-03-11', 'the day after it is not, though nothing ran');
SELECT is((SELECT concat_ws(' ', stored_state, next_steps) FROM proceeding_today AS t JOIN made AS m ON m.id = t.proceeding_id WHERE m.name = 'l'), 'listed {}', '  and no step is left');
SELECT is(pg_temp.try('regress_officer', 'SELECT run_due(''2029-03-12'')'), '22023 day 2029-03-12 is in the future | What time will do is known on its day.', 'the future is not recorded');
SET LOCAL citycredit.today = '2029-04-01';
SELECT is(pg_temp.try('regress_officer', 'SELECT run_due()'), '1', 'a late run records it');
SELECT results_eq($$ SELECT s.event, s.capacity, s.step_on, s.recorded_on FROM proceeding_step AS s JOIN made AS m ON m.id = s.proceeding_id WHERE m.name = 'l' AND s.seq = 8 $$,
	$$ VALUES ('expire', 'system', date '2029-03-11', date '2029-04-01') $$, '  on its day');
SELECT is(pg_temp.try('regress_officer', 'SELECT run_due()'), '0', 'and once');
SELECT is(pg_temp.step('l', 'regress_head', 'suspend', '{}'), '55000 "suspend" is no step of kind listing in state expired | State expired is final. | The steps are in citycredit.proceeding_table(''listing'').', 'an end is an end');
SELECT is(pg_temp.open('l3', 'regress_officer', 'listing', 'propose', '{"reasons": "x"}'), 'proposed', 'another matter');

-- ---------------------------------------------------------------------------
-- Second person, second decider: a repair and its fraud
-- ---------------------------------------------------------------------------
SET LOCAL citycredit.today = '2026-03-02';
\set proof '{"evidence": [{"kind": "correction", "reference": "整改报告"}, {"kind": "commitment", "reference": "承诺书"}]}'
SELECT is(pg_temp.open('r', 'regress_window', 'repair', 'apply', '{}'), '23514 "apply" lacks evidence: correction, commitment | It needs correction, commitment. | Give "evidence": [{"kind": ..., "reference": ...}] in the details.', 'a repair is asked for with proof'),
       is(pg_temp.open('r', 'regress_head', 'repair', 'apply', :'proof', '{"decide": {"working_days": 10}, "publicity": {"working_days": 5}, "objection": {"days": 5}, "accept": {"working_days": 2}}'), 'applied', 'and filed by whoever is at the counter'),
       is(pg_temp.step('r', 'regress_officer', 'accept'), 'accepted', 'accepted'),
       is(pg_temp.step('r', 'regress_officer', 'publicise'), 'publicised', 'publicised'),
       is(pg_temp.step('r', 'regress_public', 'object', '{"reasons": "未整改"}'), 'publicised', 'anyone may object');
SET LOCAL citycredit.today = '2026-03-10';
SELECT matches(pg_temp.step('r', 'regress_head', 'grant'), '^0P000 "grant" needs a second person \| "regress_head" took step 1 \("apply"\)', 'who filed does not decide');
SELECT is(pg_temp.step('r', 'regress_second', 'grant'), 'repaired', 'another does');
SELECT is(pg_temp.step('r', 'regress_officer', 'notify_fraud', '{"reasons": "x", "served_on": "2026-03-10", "service_method": "mail", "service_document": "3", "evidence": [{"kind": "fraud", "reference": "举报"}]}'), 'revoking', 'fraud is found and noticed'),
       is(pg_temp.step('r', 'regress_second', 'revoke', '{"reasons": "x", "served_on": "2026-03-10", "service_method": "mail", "service_document": "4"}'),
       	'0P000 "revoke" needs another decider | "regress_second" decided step 5 ("grant") of proceeding ' || (SELECT id FROM made WHERE name = 'r') || ' on 2026-03-10. | Ask a decider who has not decided in this proceeding.', 'who granted does not revoke');
INSERT INTO department_competence (department, role, duty, valid_from) VALUES ('城管局', 'regress_officer', 'decider', '2026-01-01'), ('城管局', 'regress_north', 'decider', '2026-01-01');
SET LOCAL citycredit.today = '2026-03-17';
SELECT matches(pg_temp.step('r', 'regress_officer', 'revoke', '{"reasons": "x", "served_on": "2026-03-16", "service_method": "mail", "service_document": "4"}'), '^0P000 "revoke" needs a second person \| "regress_officer" took step 6 \("notify_fraud"\)', 'nor who proposed it'),
       is(pg_temp.step('r', 'regress_north', 'revoke', '{"reasons": "x", "served_on": "2026-03-16", "service_method": "mail", "service_document": "4", "appeal_to": "环保局"}'), 'revoked', 'a third does, after notice'),
       is(pg_temp.step('r', 'regress_window', 'appeal', '{"reasons": "不服"}'), 'appealed', 'and is appealed against');
SELECT matches(pg_temp.step('r', 'regress_second', 'reject_appeal', '{"reasons": "x", "served_on": "2026-03-16", "service_method": "mail", "service_document": "4"}'), '^42501 role "regress_second" has no competence .* decider of "环保局"', 'to the department that was named'),
       is(pg_temp.step('r', 'regress_other', 'uphold_appeal', '{"reasons": "x"}'), 'repaired', 'whose decider decides');
DELETE FROM department_competence WHERE role = 'regress_officer' AND duty = 'decider' OR role = 'regress_north' AND field IS NULL;

-- ---------------------------------------------------------------------------
-- Silence never harms
-- ---------------------------------------------------------------------------
SET LOCAL citycredit.today = '2026-03-02';
SELECT is(pg_temp.open(v.name, 'regress_window', 'repair', 'apply', :'proof', '{"decide": {"working_days": 5}, "publicity": {"working_days": 2}}', v.on_overdue::jsonb), 'applied', v.name),
       is(pg_temp.step(v.name, 'regress_officer', 'accept'), 'accepted', '  accepted')
  FROM (VALUES ('nothing', '{}'), ('granted', '{"decide": "granted"}'), ('referred', '{"decide": "refer"}'), ('publicised', '{"decide": "granted"}')) AS v (name, on_overdue);
SELECT is(pg_temp.step('publicised', 'regress_officer', 'publicise', '{"terms": {"publicity": {"days": 30}}}'), 'publicised', 'one is publicised beyond its term');
SET LOCAL citycredit.today = '2026-03-09';
SELECT is(pg_temp.today_of(name), 'accepted 2026-03-02', name || ' on the last day') FROM unnest(ARRAY['nothing', 'granted', 'referred']) AS u (name);
SET LOCAL citycredit.today = '2026-03-10';
SELECT is(pg_temp.today_of('nothing'), 'accepted 2026-03-02 overdue', 'without a rule it is overdue, no more'),
       is(pg_temp.today_of('granted'), 'repaired 2026-03-10', 'granted by silence, on the day after'),
       is(pg_temp.today_of('referred'), 'accepted 2026-03-02 overdue', 'referred: still to be decided'),
       is(pg_temp.today_of('publicised'), 'publicised 2026-03-02', 'while anyone may object nothing is granted by silence');
SELECT is(pg_temp.step('granted', 'regress_head', 'reject', :'served'), '55000 "reject" is no step of kind repair in state repaired | Legal next steps are notify_fraud (department). | The steps are in citycredit.proceeding_table(''repair'').', 'too late to reject');
SELECT is((SELECT count(*) FROM proceeding_step AS s JOIN made AS m ON m.id = s.proceeding_id WHERE m.name = 'granted'), 2::bigint, '  what was refused left nothing, not even what time had done');
SELECT is(pg_temp.step('granted', 'regress_head', 'reject', :'served'::jsonb || '{"on": "2026-03-09"}'), 'rejected', 'a decision of the last day, recorded the day after, was in time');
SELECT is(pg_temp.run('regress_officer', 'SELECT run_due()'), '1', 'run_due() refers'),
       is(pg_temp.run('regress_officer', 'SELECT run_due()'), '0', '  once');
SELECT is((SELECT string_agg(s.event, ' ' ORDER BY s.seq) FROM proceeding_step AS s JOIN made AS m ON m.id = s.proceeding_id WHERE m.name = 'referred'), 'apply accept refer', '  and says so in the log'),
       is(pg_temp.step('referred', 'regress_head', 'grant'), 'repaired', '  it is decided all the same');

-- ---------------------------------------------------------------------------
-- Past the last known year
-- ---------------------------------------------------------------------------
SET LOCAL citycredit.today = '2026-12-28';
SELECT is(pg_temp.open('late', 'regress_officer', 'listing', 'propose', '{"reasons": "x"}', '{"objection": {"working_days": 5}, "term": {"months": 6}}'), 'proposed', 'at the end of the last known year'),
       is(pg_temp.step('late', 'regress_officer', 'notify', '{"served_on": "2026-12-28", "service_method": "mail", "service_document": "5"}'), 'noticed', '  notice'),
       is(pg_temp.today_of('late'), 'noticed 2026-12-28 unknown objection', '  the end of the period is unknown, and shown as such');
SET LOCAL citycredit.today = '2027-02-01';
SELECT is(pg_temp.today_of('late'), 'noticed 2026-12-28 unknown objection', '  also later'),
       is(pg_temp.step('late', 'regress_head', 'recognise', '{"reasons": "x"}'), '22008 the end of period "objection" is unknown | Its length is {"working_days": 5}, and the calendar does not reach so far. | Load the next year with citycredit.load_calendar().', '  nobody takes it for over'),
       is(pg_temp.step('late', 'regress_window', 'object', '{"reasons": "x"}'), 'noticed', '  the subject may object');
SELECT is(load_calendar(2027, '[{"day": "2027-01-01", "working": false, "name": "元旦"}]', '测试通知〔2026〕1号', '2027-01-20'), 260, 'the year is loaded'),
       is(pg_temp.today_of('late'), 'noticed 2027-02-01', '  the end is known');
SELECT is((SELECT d.due_on FROM proceeding_deadline AS d JOIN made AS m ON m.id = d.proceeding_id WHERE m.name = 'late'), '2027-01-05'::date, '  as the calendar says'),
       is((SELECT s.periods -> 'objection' ->> 'due_on' FROM proceeding_step AS s JOIN made AS m ON m.id = s.proceeding_id WHERE m.name = 'late' AND s.seq = 2), NULL, '  while the log keeps what was known'),
       is(pg_temp.step('late', 'regress_head', 'recognise', '{"reasons": "x"}'), 'listed', '  and it can be recognised');

-- ---------------------------------------------------------------------------
-- The other kinds, once along their way
-- ---------------------------------------------------------------------------
SET LOCAL citycredit.today = '2026-03-02';
SELECT is(pg_temp.open('c', 'regress_officer', 'commitment', 'inform', '{"evidence": [{"kind": "conditions", "reference": "告知书"}]}', '{"verify": {"months": 2}}'), 'informed', 'commitment: told the conditions'),
       is(pg_temp.step('c', 'regress_window', 'sign', '{"evidence": [{"kind": "content", "reference": "承诺书"}]}'), '23514 "sign" lacks evidence: liability | It needs content, liability. | Give "evidence": [{"kind": ..., "reference": ...}] in the details.', '  not without the liability'),
       is(pg_temp.step('c', 'regress_window', 'sign', '{"evidence": [{"kind": "content", "reference": "承诺书"}, {"kind": "liability", "reference": "承诺书"}]}'), 'signed', '  signed'),
       is(pg_temp.step('c', 'regress_head', 'decide'), 'decided', '  decided'),
       is(pg_temp.step('c', 'regress_officer', 'publish'), 'published', '  public'),
       is(pg_temp.step('c', 'regress_officer', 'verify'), 'verifying', '  verified'),
       is(pg_temp.step('c', 'regress_officer', 'mismatch', :'served'::jsonb || '{"evidence": [{"kind": "verification", "reference": "核查记录"}]}'), '23514 "mismatch" begins period "rectify", whose length nobody has said | Give it in "terms" of the details, or when the proceeding is opened; there is no default.', '  an order to rectify has a term'),
       is(pg_temp.step('c', 'regress_officer', 'mismatch', :'served'::jsonb || '{"evidence": [{"kind": "verification", "reference": "核查记录"}], "terms": {"rectify": {"days": 15}}}'), 'rectifying', '  first it is ordered to rectify'),
       is(pg_temp.step('c', 'regress_head', 'breach', :'served'::jsonb || '{"evidence": [{"kind": "verification", "reference": "复查"}]}'), '22008 period "rectify" is not over | It ends on 2026-03-17; the step is of 2026-03-02. | "breach" can be taken from 2026-03-18 on.', '  no breach before the term is over'),
       is(pg_temp.step('c', 'regress_head', 'refusal', :'served'::jsonb || '{"evidence": [{"kind": "refusal", "reference": "笔录"}]}'), 'breached', '  but who refuses is'),
       is(pg_temp.step('c', 'regress_head', 'revoke', :'served'), 'revoked', '  the decision is revoked');
SELECT is(pg_temp.open('k', 'regress_public', 'complaint', 'raise', '{"reasons": "选择性执行"}', '{"appeal": {"days": 15}}'), 'raised', 'complaint: by anyone'),
       is(pg_temp.step('k', 'regress_officer', 'refuse', :'served'), 'refused', '  not accepted'),
       matches(pg_temp.step('k', 'regress_other', 'appeal', '{"reasons": "x"}'), '^42501 role "regress_other" has no competence for "appeal"', '  not appealed by others'),
       is(pg_temp.step('k', 'regress_public', 'appeal', '{"reasons": "x"}'), 'appealed', '  appealed by who raised it'),
       is(pg_temp.step('k', 'regress_head', 'reject_appeal', :'served'), 'confirmed', '  rejected, finally');
SELECT matches(pg_temp.open('o', 'regress_public', 'objection', 'raise', '{"reasons": "记录有误"}'), '^42501 role "regress_public" has no competence for "raise"', 'objection: not by anybody');
SELECT is(pg_temp.open('o', 'regress_window', 'objection', 'raise', '{"reasons": "记录有误"}', '{"appeal": {"days": 15}}'), 'raised', 'objection: by the subject'),
       is(pg_temp.step('o', 'regress_officer', 'accept'), 'accepted', '  accepted'),
       is(pg_temp.step('o', 'regress_head', 'reject', :'served'), 'rejected', '  rejected, with reasons');
SET LOCAL citycredit.today = '2026-03-18';
SELECT is(pg_temp.today_of('o'), 'final 2026-03-18', '  final when nobody appealed in time'),
       is(pg_temp.step('o', 'regress_window', 'appeal', '{"reasons": "x"}'), '55000 "appeal" is no step of kind objection in state final | State final is final. | The steps are in citycredit.proceeding_table(''objection'').', '  and no longer appealed');
SET LOCAL citycredit.today = '2026-03-02';
SELECT is(pg_temp.open('g', 'regress_officer', 'gap_review', 'open'), 'opened', 'gap review: opened'),
       is(pg_temp.step('g', 'regress_officer', 'notify', :'served'), 'noticed', '  departments told'),
       is(pg_temp.step('g', 'regress_head', 'explain', '{"reasons": "口径不同"}'), 'noticed', '  explained'),
       is(pg_temp.step('g', 'regress_second', 'keep', '{"reasons": "口径不同"}'), 'decided', '  kept');
SELECT is(pg_temp.open('x', 'regress_officer', 'rectification', 'order', :'served'::jsonb || '{"terms": {"rectify": {"until": "2026-03-31"}}}'), 'ordered', 'rectification: ordered by a day'),
       is(pg_temp.step('x', 'regress_window', 'explain', '{"reasons": "说明"}'), 'explained', '  explained in writing');
SET LOCAL citycredit.today = '2026-04-01';
SELECT is(pg_temp.today_of('x'), 'overdue 2026-04-01', '  overdue'),
       is(pg_temp.step('x', 'regress_officer', 'confirm', '{"evidence": [{"kind": "rectification", "reference": "照片"}]}'), 'done', '  done, late');
SELECT is((SELECT string_agg(s.event, ' ' ORDER BY s.seq) FROM proceeding_step AS s JOIN made AS m ON m.id = s.proceeding_id WHERE m.name = 'x'), 'order explain lapse confirm', '  which the log says');

-- ---------------------------------------------------------------------------
-- Competence by field, district and day
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.open('north', 'regress_north', 'listing', 'propose', '{"reasons": "x"}', field => 'construction_waste', district => '北区'), 'proposed', 'in the field and district'),
       matches(pg_temp.open('south', 'regress_north', 'listing', 'propose', '{"reasons": "x"}', field => 'construction_waste', district => '南区'), '^42501 role "regress_north" has no competence .* district 南区', 'not in another district'),
       matches(pg_temp.open('gas', 'regress_north', 'listing', 'propose', '{"reasons": "x"}', field => 'gas', district => '北区'), '^42501 role "regress_north" has no competence .* field gas', 'nor another field'),
       matches(pg_temp.open('act', 'regress_north', 'rectification', 'order', :'served'::jsonb || '{"terms": {"rectify": {"days": 5}}}', field => 'construction_waste', district => '北区'), '^42501 role "regress_north" has no competence .* for rectification', 'nor another kind');
UPDATE department_competence SET valid_until = '2026-03-31' WHERE role = 'regress_north';
SELECT matches(pg_temp.step('north', 'regress_north', 'drop', '{"reasons": "x"}'), '^42501 role "regress_north" has no competence .* the role is there: nothing', 'nor after the last day');
SELECT throws_ok($$ INSERT INTO department_competence (department, role, duty) VALUES ('城管局', 'regress_north', 'king') $$, '23514', NULL, 'there are three duties'),
       throws_ok($$ INSERT INTO department_competence (department, role, duty, valid_from) VALUES ('城管局', 'regress_head', 'decider', '2026-01-01') $$, '23505', NULL, 'a competence is entered once');

-- ---------------------------------------------------------------------------
-- Nothing but the functions writes
-- ---------------------------------------------------------------------------
SELECT throws_ok(statement, '55000', format('cannot %s table "%s" directly', lower(split_part(statement, ' ', 1)), name), 'not even the owner: ' || statement)
  FROM (VALUES ('INSERT INTO proceeding SELECT subject, 0, last_seq, last_on, opened_on, closed, kind, state, department, field, district, appeal_to, opened_by, ''{}'', terms, on_overdue FROM proceeding LIMIT 1', 'proceeding'),
               ('UPDATE proceeding SET state = ''listed''', 'proceeding'), ('DELETE FROM proceeding', 'proceeding'), ('TRUNCATE proceeding CASCADE', 'proceeding'),
               ('UPDATE proceeding_step SET actor = ''x''', 'proceeding_step'), ('DELETE FROM proceeding_step', 'proceeding_step'), ('TRUNCATE proceeding_step', 'proceeding_step'),
               ('UPDATE proceeding_deadline SET due_on = NULL', 'proceeding_deadline'), ('DELETE FROM proceeding_deadline', 'proceeding_deadline'), ('TRUNCATE proceeding_deadline', 'proceeding_deadline')
       ) AS v (statement, name);
SELECT matches(pg_temp.try('regress_head', statement), '^42501 permission denied for (table|function|view) ', 'an officer may not: ' || statement)
  FROM unnest(ARRAY['INSERT INTO proceeding_step (subject) VALUES (NULL)', 'UPDATE proceeding SET state = ''listed''', 'DELETE FROM proceeding_deadline',
	'INSERT INTO department_competence (department) VALUES (''x'')', 'SELECT _advance_proceeding(''91110000600037341L'', 1, ''expire'', ''{}'', ''system'')']) AS u (statement);
SELECT is(pg_temp.try('regress_head', statement), says, says)
  FROM (VALUES ('SELECT advance_proceeding(''91110000600037341L'', 0, ''grant'')', '42704 proceeding 0 of subject "91110000600037341L" does not exist | The proceedings are in citycredit.proceeding_today.'),
               ('SELECT advance_proceeding(''91110000600037341L'', NULL, ''grant'')', '22004 a step needs subject, proceeding_id, event and details'),
               ('SELECT open_proceeding(''9144060573144633XL'', ''repair'', ''apply'', ''城管局'')', '42704 subject "9144060573144633XL" does not exist | Register it by citycredit.register_subject().'),
               ('SELECT open_proceeding(''91110000600037341L'', ''dance'', ''apply'', ''城管局'')', '42704 kind of proceeding "dance" does not exist | Kinds are commitment, listing, repair, objection, complaint, gap_review, rectification.'),
               ('SELECT open_proceeding(''91110000600037341L'', ''repair'', ''apply'', NULL)', '22004 a proceeding needs subject, kind, event, department, about, terms, on_overdue and details'),
               ('SELECT open_proceeding(''91110000600037341L'', ''repair'', ''apply'', ''城管局'', ''[]'')', '22023 about, terms and on_overdue are objects')) AS v (statement, says);

-- ---------------------------------------------------------------------------
-- Hooks
-- ---------------------------------------------------------------------------
CREATE TEMPORARY TABLE told (kind text, event text, actor text, state text);
CREATE OR REPLACE FUNCTION citycredit._on_rectification(subject subject_code, proceeding_id bigint, seq integer) RETURNS void LANGUAGE plpgsql SET search_path = citycredit, pg_temp AS $$
DECLARE
	s proceeding_step;
BEGIN
	SELECT * INTO STRICT s FROM proceeding_step AS o WHERE o.subject = _on_rectification.subject AND o.proceeding_id = _on_rectification.proceeding_id AND o.seq = _on_rectification.seq;
	INSERT INTO told SELECT p.kind, s.event, s.actor, p.state FROM proceeding AS p WHERE p.subject = s.subject AND p.proceeding_id = s.proceeding_id;
	IF s.event = 'cancel' THEN
		RAISE EXCEPTION 'not so' USING ERRCODE = 'raise_exception';
	ELSIF s.event = 'explain' THEN
		PERFORM _advance_proceeding(s.subject, s.proceeding_id, 'confirm', '{"capacity": "department", "evidence": [{"kind": "rectification", "reference": "说明"}]}', NULL);
	END IF;
END
$$;
SELECT is(pg_temp.open('h', 'regress_officer', 'rectification', 'order', '{"reasons": "x", "served_on": "2026-04-01", "service_method": "mail", "service_document": "6", "terms": {"rectify": {"days": 5}}}'), 'ordered', 'a kind with a hook'),
       is(pg_temp.step('h', 'regress_head', 'cancel', '{"reasons": "x"}'), 'P0001 not so', '  the hook refuses a step'),
       is(pg_temp.step('h', 'regress_officer', 'explain', '{"reasons": "x"}'), 'done', '  and takes another');
SELECT results_eq('SELECT * FROM told', $$ VALUES ('rectification', 'order', 'regress_officer', 'ordered'), ('rectification', 'explain', 'regress_officer', 'explained'),
	('rectification', 'confirm', 'regress_officer', 'done') $$, '  it is told of every step, and sees the actor');
DROP FUNCTION citycredit._on_rectification;

-- ---------------------------------------------------------------------------
-- Every log replays to the state of its row
-- ---------------------------------------------------------------------------
SELECT is_empty('SELECT * FROM misreplayed', 'every log replays'), cmp_ok((SELECT count(*) FROM proceeding), '>', 15::bigint, '  of many proceedings');

-- ---------------------------------------------------------------------------
-- A period that nobody could see running is none
-- ---------------------------------------------------------------------------
SET LOCAL citycredit.today = '2026-08-03';
SELECT is(pg_temp.open('dated back', 'regress_officer', 'listing', 'propose', '{"reasons": "x", "on": "2026-07-01"}', '{"objection": {"days": 5}, "term": {"years": 1}}'), 'proposed', 'a proposal dated back');
SELECT is(pg_temp.step('dated back', 'regress_officer', 'notify', '{"on": "2026-07-02", "served_on": "2026-07-02", "service_method": "direct", "service_document": "1", "terms": {"objection": {"days": 0}}}'),
	'23514 period "objection" would be over before anybody could use it | It is counted from 2026-07-02 and would end on 2026-07-02. | A period has a day at least.', 'a period of no day');
SELECT is(pg_temp.step('dated back', 'regress_officer', 'notify', '{"on": "2026-07-02", "served_on": "2026-07-02", "service_method": "direct", "service_document": "1"}'), 'noticed', 'a notice dated back');
SELECT is(pg_temp.step('dated back', 'regress_head', 'recognise', '{"reasons": "x"}'),
	'22008 period "objection" was over before it was on record | It ended on 2026-07-07; "notify", which began it, was recorded on 2026-08-03. | "recognise" rests on a period that the subject could use: begin it anew.',
	'  and nothing can be decided upon it');
SELECT * FROM finish();
ROLLBACK;
