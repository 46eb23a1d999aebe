-- tap_grade_gap.sql -- grades of one subject two or more apart: found, told, explained, kept or corrected
\set ECHO none
\i test/include/engine.psql
SET LOCAL datestyle = 'ISO, YMD';
SELECT plan(60);
CREATE ROLE regress_officer;
CREATE ROLE regress_head;
CREATE ROLE regress_stranger;
GRANT USAGE ON SCHEMA citycredit TO regress_officer, regress_head, regress_stranger;
GRANT EXECUTE ON FUNCTION open_gap_review, notify_gap_review, explain_gap, decide_gap_review, advance_proceeding TO regress_officer, regress_head, regress_stranger;
INSERT INTO department_competence (department, role, duty, valid_from) VALUES ('发展改革委', 'regress_officer', 'officer', '2024-01-01'), ('发展改革委', 'regress_head', 'decider', '2024-01-01');
\set firm '91110000600037341L'
\set other '91420684MA4927PJ7B'
-- regress-plain: A, B, C, D; regress-hold: good = A, bad = D. Both of the firm are A.
INSERT INTO record (subject, kind, document, authority, source, field, state, valid_from)
SELECT f::subject_code, 'participation', 'E' || f, '11320400014109573H', 'regress', 'waste', 'taking_part', '2023-01-01' FROM unnest(ARRAY[:'firm', :'other']) AS f;
SELECT is_empty('SELECT * FROM grade_gap', 'the same grades: no gap');

-- A by one, D by the other: a penalty of unknown procedure counts in regress-hold alone
INSERT INTO record (subject, kind, document, authority, source, severity, decided_on) VALUES (:'firm', 'penalty', 'D1', '11320400014109573H', 'regress', 'serious', '2024-02-20');
SELECT results_eq($$ SELECT subject::text, policy_better, policy_worse, grade_better, grade_worse, distance, since, department_better, example FROM grade_gap $$,
	$$ VALUES ('91110000600037341L', 'regress-plain', 'regress-hold', 'A', 'D', 3, date '2024-03-01', '测试局', false) $$, 'a gap of three grades, since the day it came about');
-- one apart is none
SELECT throws_ok(format($$ SELECT open_gap_review(%L, 'regress-plain', 'regress-hold', '发展改革委', '{"days": 30}') $$, :'other'), '55000',
	format('subject "%s" has no gap between its grades by "regress-plain" and "regress-hold"', :'other'), 'no review without a gap');
-- since: the day moves on, the gap does not
SET LOCAL citycredit.today = '2024-03-10';
INSERT INTO record (subject, kind, document, authority, source, decided_on) VALUES (:'firm', 'award', 'W1', '11320400014109573H', 'regress', '2024-02-01');
SELECT is(since, date '2024-03-01', 'it stays the same gap') FROM grade_gap;
SELECT results_eq('SELECT * FROM stat_grade_gap', $$ VALUES (1::bigint, 1::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint) $$, 'one gap, not reviewed');

-- ---------------------------------------------------------------------------
-- Review
-- ---------------------------------------------------------------------------
SELECT is(r.code, v.code, v.what), is(r.message, coalesce(v.message, r.message), '  with its message')
  FROM (VALUES
	(1, 'regress_stranger', $$ SELECT open_gap_review('91110000600037341L', 'regress-plain', 'regress-hold', '发展改革委', '{"days": 30}') $$, '42501', NULL, 'a review by who has no competence'),
	(2, 'regress_officer', $$ SELECT open_gap_review('91110000600037341L', 'regress-plain', 'regress-hold', '发展改革委', NULL) $$, '22004', 'a gap review needs subject, both policies, department and decide_within', 'without a term'),
	(3, 'regress_officer', $$ SELECT open_gap_review('91110000600037341L', 'regress-plain', 'regress-hold', '发展改革委', '{"days": "soon"}') $$, '22023', 'invalid term {"days": "soon"}', 'with a term that is none'),
	(4, 'regress_officer', $$ SELECT open_gap_review('91110000600037341L', 'regress-plain', 'regress-none', '发展改革委', '{"days": 30}') $$, '55000', 'subject "91110000600037341L" has no gap between its grades by "regress-plain" and "regress-none"', 'of a policy that is none')
  ) AS v (n, who, statement, code, message, what)
 CROSS JOIN LATERAL pg_temp.refusal(v.who, v.statement) AS r ORDER BY v.n;
SELECT pg_temp.run('regress_officer', $$ SELECT open_gap_review('91110000600037341L', 'regress-hold', 'regress-plain', '发展改革委', '{"days": 30}', '{"days": 10}') $$) AS review \gset
SELECT is(r.code, '23505', 'one review of a gap at a time') FROM pg_temp.refusal('regress_officer', $$ SELECT open_gap_review('91110000600037341L', 'regress-plain', 'regress-hold', '发展改革委', '{"days": 30}') $$) AS r;
SELECT results_eq($$ SELECT policy_better, policy_worse, grade_better, grade_worse, distance, since, department, opened_on, state, closed, decide_due::text, late FROM gap_review $$,
	$$ VALUES ('regress-plain', 'regress-hold', 'A', 'D', 3, date '2024-03-01', '发展改革委', date '2024-03-10', 'opened', false, NULL, NULL::boolean) $$, 'the review knows the gap as it was');
SELECT is(r.code, v.code, v.what), is(r.message, coalesce(v.message, r.message), '  with its message'), matches(concat_ws(' ', r.detail, r.hint), v.says, '  and says why')
  FROM (VALUES
	(1, 'regress_head', format($$ SELECT decide_gap_review('91110000600037341L', %s, 'keep', '指标不同') $$, :review), '55000', NULL, '', 'no decision before the notice'),
	(2, 'regress_officer', format($$ SELECT notify_gap_review('91110000600037341L', %s, NULL, 'electronic', '函1号') $$, :review), '23514', '"notify" needs proof of service', 'served_on', 'a notice that was not served'),
	(3, 'regress_officer', format($$ SELECT advance_proceeding('91110000600037341L', %s, 'notify', '{"served_on": "2024-03-10", "service_method": "electronic", "service_document": "函1号", "data": {"departments": []}}') $$, :review), '23514',
	 'the departments of both measures have to be told', '测试局', 'a notice to one department'),
	(4, 'regress_officer', format($$ SELECT decide_gap_review('91110000600037341L', %s, 'vanish', NULL) $$, :review), '55000', 'the gap between the grades of subject "91110000600037341L" is still there', 'A by "regress-plain", D by "regress-hold", since 2024-03-01', 'a gap that is there has not gone')
  ) AS v (n, who, statement, code, message, says, what)
 CROSS JOIN LATERAL pg_temp.refusal(v.who, v.statement) AS r ORDER BY v.n;
SELECT is(pg_temp.run('regress_officer', format($$ SELECT notify_gap_review('91110000600037341L', %s, '2024-03-10', 'electronic', '函1号') $$, :review)), 'noticed', 'the departments are told');
SELECT results_eq('SELECT state, decide_due, explain_due, late FROM gap_review', $$ VALUES ('noticed', date '2024-04-09', date '2024-03-20', false) $$, 'and the terms run');
SELECT is(r.code, v.code, v.what), is(r.message, coalesce(v.message, r.message), '  with its message'), matches(concat_ws(' ', r.detail, r.hint), v.says, '  and says why')
  FROM (VALUES
	(1, 'regress_head', format($$ SELECT decide_gap_review('91110000600037341L', %s, 'keep', '指标不同') $$, :review), '55000', 'a gap is kept when both departments have explained it', 'Missing: 测试局.*explain_gap', 'not kept without explanations'),
	(2, 'regress_officer', format($$ SELECT explain_gap('91110000600037341L', %s, '别的局', '不知') $$, :review), '23514', 'department "别的局" has not to explain this gap', '测试局', 'not by another department'),
	(3, 'regress_officer', format($$ SELECT explain_gap('91110000600037341L', %s, '测试局', NULL) $$, :review), '23514', '"explain" needs reasons', 'reasons', 'not without reasons'),
	(4, 'regress_head', format($$ SELECT decide_gap_review('91110000600037341L', %s, 'correct', '已更正') $$, :review), '55000', 'the gap between the grades of subject "91110000600037341L" is still there', 'Correct what is wrong first', 'what is corrected is gone'),
	(5, 'regress_head', format($$ SELECT decide_gap_review('91110000600037341L', %s, 'ignore', '不理') $$, :review), '22023', 'a gap review cannot end by "ignore"', 'keep, correct and vanish', 'an end that is none')
  ) AS v (n, who, statement, code, message, says, what)
 CROSS JOIN LATERAL pg_temp.refusal(v.who, v.statement) AS r ORDER BY v.n;
SET LOCAL citycredit.today = '2024-04-10';
SELECT results_eq('SELECT gaps, unreviewed, open, overdue FROM stat_grade_gap', $$ VALUES (1::bigint, 0::bigint, 1::bigint, 1::bigint) $$, 'after its day it is overdue');
SELECT pg_temp.run('regress_officer', format($$ SELECT explain_gap('91110000600037341L', %s, '测试局', '两办法的指标不同') $$, :review)) \g /dev/null
SELECT is(r.code, '42501', 'an officer does not decide') FROM pg_temp.refusal('regress_officer', format($$ SELECT decide_gap_review('91110000600037341L', %s, 'keep', '指标不同') $$, :review)) AS r;
SELECT is(pg_temp.run('regress_head', format($$ SELECT decide_gap_review('91110000600037341L', %s, 'keep', '指标不同，维持') $$, :review)), 'decided', 'explained, it is kept');
SELECT results_eq('SELECT state, closed, late, explained, decided_on, reasons FROM gap_review', $$ VALUES ('decided', true, true, ARRAY['测试局'], date '2024-04-10', '指标不同，维持') $$, 'with reasons, and late');
SELECT results_eq('SELECT * FROM stat_grade_gap', $$ VALUES (1::bigint, 0::bigint, 0::bigint, 0::bigint, 1::bigint, 1::bigint, 1::bigint, 0::bigint, 0::bigint) $$, 'the figures say so');
SELECT is(r.code, '55000', 'what was kept is not asked again'), is(r.message, 'this gap of subject "91110000600037341L" was reviewed already', '  with its message')
  FROM pg_temp.refusal('regress_officer', $$ SELECT open_gap_review('91110000600037341L', 'regress-plain', 'regress-hold', '发展改革委', '{"days": 30}') $$) AS r;

-- ---------------------------------------------------------------------------
-- Corrected, and gone by itself
-- ---------------------------------------------------------------------------
INSERT INTO record (subject, kind, document, authority, source, severity, decided_on) VALUES (:'other', 'penalty', 'D2', '11320400014109573H', 'regress', 'serious', '2024-04-05');
SELECT pg_temp.run('regress_officer', $$ SELECT open_gap_review('91420684MA4927PJ7B', 'regress-plain', 'regress-hold', '发展改革委', '{"working_days": 10}') $$) AS second \gset
SELECT pg_temp.run('regress_officer', format($$ SELECT notify_gap_review('91420684MA4927PJ7B', %s, '2024-04-10', 'electronic', '函2号') $$, :second)) \g /dev/null
SELECT revoke_record(:'other', r.record_id, '2024-04-10', '处罚决定已撤销') FROM record AS r WHERE r.document = 'D2' AND r.known_until = 'infinity' \g /dev/null
SELECT is_empty($$ SELECT * FROM grade_gap WHERE subject = '91420684MA4927PJ7B' $$, 'a record that was wrong takes the gap along');
SELECT is(pg_temp.run('regress_head', format($$ SELECT decide_gap_review('91420684MA4927PJ7B', %s, 'correct', '处罚已撤销，评价已更正') $$, :second)), 'corrected', 'then it is corrected');
-- the veto of regress-hold ends half a year after the last day on which its condition held: then the gap has gone, and no job ran
SET LOCAL citycredit.today = '2024-11-20';
SELECT is(count(*), 1::bigint, 'the last day of the gap') FROM grade_gap;
SET LOCAL citycredit.today = '2024-11-21';
SELECT is(count(*), 0::bigint, '  is that of the veto') FROM grade_gap;
SET LOCAL citycredit.today = '2025-01-31';
SELECT results_eq('SELECT gaps, decided, kept, corrected, vanished FROM stat_grade_gap', $$ VALUES (0::bigint, 2::bigint, 1::bigint, 1::bigint, 0::bigint) $$, 'and the figures keep what was decided');
-- since, where nobody has stored the day on which a standing changed: the firm's new penalty counts by regress-hold from its day on
SET LOCAL citycredit.today = '2025-02-01';
INSERT INTO record (subject, kind, document, authority, source, severity, decided_on) VALUES (:'other', 'penalty', 'D3', '11320400014109573H', 'regress', 'serious', '2025-02-10');
SELECT is_empty('SELECT * FROM grade_gap', 'a penalty of a day to come makes no gap yet');
SET LOCAL citycredit.today = '2025-02-15';
SELECT results_eq('SELECT subject::text, since FROM grade_gap', $$ VALUES ('91420684MA4927PJ7B', date '2025-02-10') $$, 'from its day on it does, and no job ran');
SELECT refresh() \g /dev/null
SELECT is(since, date '2025-02-10', '  and the job that stores it later does not move the day') FROM grade_gap;
SELECT is_empty('SELECT * FROM verify_standings()', 'nothing stored is wrong');
SELECT * FROM finish();
ROLLBACK;
