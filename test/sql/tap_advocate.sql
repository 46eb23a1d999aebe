-- tap_advocate.sql -- what the advocate of a firm looks for: silence that harms, a statement nobody answers, a refusal without a ground, a duty that nobody shows
\set ECHO none
\i test/include/proceeding.psql
\i test/include/repair.psql
SELECT plan(87);
\set firm 91110000600037341L
CREATE FUNCTION pg_temp.rule(statement text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	RETURN pg_temp.run('regress_editor_two', format('SELECT approve_repair_condition(%s)', pg_temp.run('regress_editor', 'SELECT ' || statement)));
END
$$;
CREATE FUNCTION pg_temp.day(day text) RETURNS text LANGUAGE sql AS $$ SELECT set_config('citycredit.today', day, true) $$;
-- a step of the proceeding of an entry, or of the last proceeding of a kind
CREATE FUNCTION pg_temp.go(role text, event text, details jsonb DEFAULT '{}', kind text DEFAULT 'listing') RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.try(role, format('SELECT advance_proceeding(%L, %s, %L, %L)', '91110000600037341L', (SELECT max(p.proceeding_id) FROM proceeding AS p WHERE p.kind = go.kind), event, details))
$$;
CREATE FUNCTION pg_temp.object(entry text) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.try('regress_window', format('SELECT raise_objection(%L, %L, ''城管局'', ''车辆不属于本公司'')', '91110000600037341L', jsonb_build_object('against', 'listing', 'entry_id', entry::bigint)))
$$;
CREATE FUNCTION pg_temp.propose() RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.try('regress_officer', $q$ SELECT propose_listing('91110000600037341L', 'black', 'regress-repair', 'black', '城管局', '多次违法', 5) $q$)
$$;
CREATE FUNCTION pg_temp.serve(entry text) RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.try('regress_officer', format('SELECT serve_listing(%s, today(), ''direct'')', entry)) $$;
CREATE FUNCTION pg_temp.recognise(entry text, reasons text DEFAULT NULL) RETURNS text LANGUAGE sql AS $$
	SELECT coalesce(nullif(split_part(pg_temp.try('regress_head', format('SELECT recognize_listing(%s, %L)', entry, reasons)), ' | ', 1), ''), 'recognised')
$$;
CREATE FUNCTION pg_temp.where_it_is(entry text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', l.stage, p.state, (SELECT 'public' FROM black_list AS b WHERE b.entry = l.entry_id), (SELECT b.objected FROM black_list AS b WHERE b.entry = l.entry_id))
	  FROM listing AS l JOIN proceeding_today AS p ON p.subject = l.subject AND p.proceeding_id = l.proceeding_id WHERE l.entry_id = where_it_is.entry::bigint
$$;

-- A repair from its acceptance through its publicity, up to the grant on a day.
CREATE FUNCTION pg_temp.granted(name text, day text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	says text := concat_ws(' ', pg_temp.advance(name, 'regress_officer', 'accept'), pg_temp.advance(name, 'regress_officer', 'publicise'));
BEGIN
	PERFORM set_config('citycredit.today', day, true);
	RETURN says || ' ' || split_part(pg_temp.advance(name, 'regress_head', 'grant'), ' | ', 1);
END
$$;

-- ---------------------------------------------------------------------------
-- What the city has set about silence holds for listings, and for whatever an officer opens
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.rule($$set_proceeding_term('listing', 'appeal_decision', '{"working_days": 5}', '测试办法一', 'refer')$$), '2026-03-02', 'appeals are referred upwards');
SELECT is(pg_temp.rule($$set_proceeding_term('objection', 'decide', '{"working_days": 5}', '测试办法二', 'granted')$$), '2026-03-02', 'an objection nobody decides is upheld');
SELECT is(pg_temp.rule($$set_proceeding_term('listing', 'appeal', '{"days": 60}', '测试办法三')$$), '2026-03-02', 'sixty days to appeal');
SAVEPOINT life;
SELECT pg_temp.propose() AS entry \gset
SELECT is((SELECT on_overdue FROM proceeding WHERE kind = 'listing'), '{"appeal_decision": "refer"}', 'a listing knows what silence does');
SELECT is(pg_temp.serve(:'entry'), '', 'served');
SELECT is(pg_temp.day('2026-03-10') || ' ' || pg_temp.recognise(:'entry'), '2026-03-10 recognised', 'recognised');
SELECT is(pg_temp.go('regress_window', 'appeal', '{"reasons": "车辆不属于本公司"}'), 'appealed', 'appealed against');
SELECT is(pg_temp.where_it_is(:'entry'), 'listed appealed public open', 'the public sees that it is');
SELECT is(pg_temp.day('2026-03-18') || ' ' || run_due(), '2026-03-18 1', 'nobody decides: it goes upwards');
SELECT is((SELECT event FROM proceeding_step WHERE proceeding_id = (SELECT max(proceeding_id) FROM proceeding WHERE kind = 'listing') ORDER BY seq DESC LIMIT 1), 'refer', 'as the log says');
SELECT is(pg_temp.go('regress_head', 'exit_early', '{"reasons": "已改正", "evidence": [{"kind": "correction", "reference": "改1"}, {"kind": "commitment", "reference": "诺1"}]}'),
	'22008 period "minimum" was never set | "exit_early" is taken after it. | The step that begins it takes its length from the terms of the proceeding, or from its details.', 'who appeals does not lose the early exit: it is a step');
ROLLBACK TO life;
SELECT is(pg_temp.rule($$set_proceeding_term('gap_review', 'decide', '{"working_days": 5}', '测试办法四', 'refer')$$), '2026-03-02', 'reviews too');

-- ---------------------------------------------------------------------------
-- A statement is answered
-- ---------------------------------------------------------------------------
SELECT pg_temp.propose() AS entry \gset
SELECT is(pg_temp.serve(:'entry'), '', 'a notice');
SELECT is(pg_temp.go('regress_window', 'object', '{"reasons": "车辆不属于本公司"}'), 'noticed', 'and a statement');
SELECT is(pg_temp.day('2026-03-10') || ' ' || pg_temp.recognise(:'entry'), '2026-03-10 23514 "recognise" needs reasons that answer the subject', 'the reason of the notice is no answer');
SELECT is(pg_temp.recognise(:'entry', '经查，登记所有人为本公司'), 'recognised', 'reasons of its own are');
ROLLBACK TO life;

-- ---------------------------------------------------------------------------
-- An objection against a listing: nobody's silence passes it over, and nobody stalls by objecting again and again
-- ---------------------------------------------------------------------------
SELECT pg_temp.propose() AS entry \gset
SELECT is(pg_temp.serve(:'entry'), '', 'a notice');
SELECT matches(pg_temp.object(:'entry'), '^\d+$', 'an objection');
SELECT is(pg_temp.go('regress_officer', 'accept', '{}', 'objection'), 'accepted', 'taken up, and left');
SELECT is(pg_temp.day('2026-03-10') || ' ' || pg_temp.recognise(:'entry'), format('2026-03-10 55000 an objection against list entry %s is open', :'entry'), 'upheld by silence, it stands in the way before anybody records it');
SELECT is(run_due() || ' ' || pg_temp.where_it_is(:'entry'), '1 ended dropped', 'recorded, it ends the proposal and its proceeding');
SELECT is((SELECT concat_ws(' ', state, overdue, carried_out) FROM objection), 'upheld f t', '  carried out at once');
SELECT matches(pg_temp.propose(), '^\d+$', 'the subject may be proposed anew');
ROLLBACK TO life;
SELECT pg_temp.list() AS entry \gset
SELECT matches(pg_temp.object(:'entry'), '^\d+$', 'against an entry');
SELECT is(pg_temp.go('regress_officer', 'accept', '{}', 'objection') || ' ' || pg_temp.where_it_is(:'entry'), 'accepted listed listed public open', 'public, and marked');
SELECT is(pg_temp.day('2026-03-09') || ' ' || pg_temp.where_it_is(:'entry'), '2026-03-09 listed listed public open', 'still on the last day');
SELECT is((SELECT count(*) FROM _listed WHERE entry_id = :'entry'), 1::bigint, '  measures may rest on it');
SELECT is(pg_temp.day('2026-03-10') || ' ' || pg_temp.where_it_is(:'entry'), '2026-03-10 listed listed', 'off the public list on the next, without any job');
SELECT is_empty(format('SELECT FROM _listed WHERE entry_id = %s', :'entry'), '  and nothing rests on it any more');
SELECT is(run_due() || ' ' || pg_temp.where_it_is(:'entry'), '1 ended removed', 'and ended when it is recorded');
ROLLBACK TO life;
SELECT pg_temp.list() AS entry \gset
SELECT matches(pg_temp.object(:'entry'), '^\d+$', 'decided by a person');
SELECT is(pg_temp.go('regress_officer', 'accept', '{}', 'objection'), 'accepted', '  taken up');
SELECT is(pg_temp.go('regress_second', 'uphold', '{"reasons": "属实", "data": {"action": "remove"}}', 'objection') || ' ' || pg_temp.where_it_is(:'entry'), 'upheld ended removed', 'the proceeding of the entry ends with it');
ROLLBACK TO life;
SELECT pg_temp.propose() AS entry \gset
SELECT is(pg_temp.serve(:'entry'), '', 'a notice');
SELECT matches(pg_temp.day('2026-03-10') || pg_temp.object(:'entry'), '^2026-03-10\d+$', 'a first objection after the period');
SELECT is(pg_temp.recognise(:'entry'), format('55000 an objection against list entry %s is open', :'entry'), '  is waited for');
SELECT is(pg_temp.go('regress_window', 'withdraw', '{}', 'objection'), 'withdrawn', '  withdrawn');
SELECT matches(pg_temp.object(:'entry'), '^\d+$', 'and raised again');
SELECT is(pg_temp.recognise(:'entry'), 'recognised', '  it is heard, and stalls nothing');
ROLLBACK TO life;

-- a record whose objection nobody decides is not public from that day on, with or without a job
CREATE FUNCTION pg_temp.shown() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = citycredit AS $$ SELECT count(*) FROM published_penalty WHERE document = 'D2' $$;
SELECT is(pg_temp.try('regress_window', format('SELECT raise_objection(%L, %L, ''城管局'', ''数额有误'')', :'firm', jsonb_build_object('against', 'record', 'record_id', pg_temp.rec('D2')))) ~ '^\d+$', true, 'an objection to a record');
SELECT is(pg_temp.go('regress_officer', 'accept', '{}', 'objection') || ' ' || pg_temp.shown() || pg_temp.marked(pg_temp.rec('D2')), 'accepted 1true', '  which is public, and marked');
SELECT is(pg_temp.day('2026-03-09') || ' ' || pg_temp.shown(), '2026-03-09 1', '  through the last day of the department');
SELECT is(pg_temp.day('2026-03-10') || ' ' || pg_temp.shown(), '2026-03-10 0', '  and not on the next');
SELECT is(run_due() || ' ' || pg_temp.shown() || (SELECT concat_ws(' ', state, overdue, carried_out) FROM objection), '1 0upheld t f', '  recorded, it is overdue until it is carried out');
SELECT is(pg_temp.try('regress_head', format('SELECT carry_out_objection(%L, %s, ''{"action": "amend", "changes": {"amount_fen": 100}}'', ''数额更正'')', :'firm', (SELECT max(proceeding_id) FROM objection))) || ' ' || pg_temp.shown(), ' 1', '  as it is put right it is public again');
ROLLBACK TO life;

-- ---------------------------------------------------------------------------
-- An appeal that is over before anybody could know of it
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.rule($$set_proceeding_term('repair', 'appeal', '{"days": 3}', '测试办法五')$$), '2026-03-02', 'three days');
CREATE TEMPORARY TABLE pledge AS SELECT pg_temp.pledge(:'firm') AS good;
GRANT SELECT ON pledge TO PUBLIC;
SELECT is(pg_temp.apply('late', '{D1}', pg_temp.evidence((SELECT good FROM pledge))), 'applied', 'an application');
SELECT is(pg_temp.day('2026-03-06') || ' ' || pg_temp.advance('late', 'regress_officer', 'refuse',
		'{"on": "2026-03-02", "reasons": "不同意", "served_on": "2026-03-02", "service_method": "direct", "service_document": "驳1", "data": {"ground": "corrected"}}'),
	'2026-03-06 22008 period "appeal" would be over before it is on record | Counted from 2026-03-02 it ends on 2026-03-05; today is 2026-03-06. | Serve the decision now, so that it can be appealed against.',
	'a refusal dated back leaves no time to appeal');

SELECT is(pg_temp.rule($$set_proceeding_term('objection', 'appeal', '{"days": 5}', '测试办法六')$$), '2026-03-06', 'five days');
SELECT is(pg_temp.try('regress_window', format('SELECT raise_objection(%L, %L, ''城管局'', ''数额有误'')', :'firm', jsonb_build_object('against', 'record', 'record_id', pg_temp.rec('D2')))) ~ '^\d+$', true, 'an objection');
SELECT is(pg_temp.day('2026-03-09') || ' ' || pg_temp.go('regress_officer', 'refuse', '{"reasons": "无据", "served_on": "2026-03-09", "service_method": "direct", "service_document": "驳1"}', 'objection'),
	'2026-03-09 refused', '  is not taken up');
SELECT is((SELECT due_on FROM proceeding_deadline WHERE name = 'appeal'), '2026-03-16'::date, '  the fifth day is a Saturday: Monday is the last');
SELECT is(pg_temp.day('2026-03-16') || ' ' || pg_temp.go('regress_window', 'appeal', '{"reasons": "有据"}', 'objection'), '2026-03-16 appealed', '  and is in time');
SELECT is(pg_temp.day('2026-03-06'), '2026-03-06', 'before that');

-- ---------------------------------------------------------------------------
-- A repair is not blocked by what a department leaves undone, and not turned down for nothing
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.advance('late', 'regress_officer', 'refuse', '{"reasons": "不同意", "served_on": "2026-03-06", "service_method": "direct", "service_document": "驳1"}'),
	'23514 "refuse" names no condition or bar | Nothing that is on record stands in the way of this repair. | Give "data": {"ground": rule}, a condition or bar of citycredit.repair_condition that is not met, or {"fraud": true} where papers were false.',
	'not refused because somebody does not like it');
SELECT is(pg_temp.advance('late', 'regress_officer', 'refuse', '{"reasons": "不同意", "served_on": "2026-03-06", "service_method": "direct", "service_document": "驳1", "data": {"ground": "mood"}}') LIKE '23514%', true, 'nor for what is no condition');
SELECT is(pg_temp.try('regress_officer', format('SELECT amend_record(%L, %L, ''{"severity": "serious"}'', ''重新认定'')', :'firm', pg_temp.rec('D1'))), '2', 'a change is entered, and nobody verifies it');
SELECT is(pg_temp.granted('late', '2026-03-10'), 'accepted publicised repaired', 'the repair goes by the record as it counts');
SELECT is((SELECT stale FROM unverified_record WHERE document = 'D1'), true, '  and the change has to be made anew');
SELECT is(pg_temp.day('2026-05-06') || ' ' || pg_temp.apply('undated', '{D3}', pg_temp.evidence((SELECT good FROM pledge))), '2026-05-06 applied', 'who proves the correction applies, entered or not');
SELECT is(pg_temp.granted('undated', '2026-05-08'), 'accepted publicised 23514 the repair of subject "91110000600037341L" lacks 1 of its conditions',
	'nobody grants it before its day is entered');
ROLLBACK TO life;
-- an entry that is suspended meanwhile is left all the same
SELECT pg_temp.list() AS entry \gset
CREATE TEMPORARY TABLE pledge AS SELECT pg_temp.pledge(:'firm') AS good;
GRANT SELECT ON pledge TO PUBLIC;
SELECT is(pg_temp.apply('entry', '{}', pg_temp.evidence((SELECT good FROM pledge)), entries => ARRAY[:'entry'::bigint]), 'applied', 'a repair of the entry');
SELECT is(pg_temp.go('regress_second', 'suspend', :'served'), 'suspended', 'which is suspended');
SELECT is(pg_temp.granted('entry', '2026-03-10') || ' ' || pg_temp.where_it_is(:'entry'), 'accepted publicised repaired ended removed', 'granted all the same, it ends the entry');
ROLLBACK TO life;

-- ---------------------------------------------------------------------------
-- What waits to be put right is shown
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.try('regress_officer', format('SELECT amend_record(%L, %L, ''{"amount_fen": 100}'', ''笔误'')', :'firm', pg_temp.rec('D2'))), '2', 'a correction of a penalty');
SELECT is(pg_temp.day('2026-03-05'), '2026-03-05', 'on the third day');
SELECT is_empty('SELECT * FROM record_change_overdue', '  it is not late');
SELECT is(pg_temp.day('2026-03-06'), '2026-03-06', 'on the fourth');
SELECT results_eq('SELECT due_on, days_late FROM record_change_overdue', $$ VALUES ('2026-03-05'::date, 1) $$, '  it is');
SELECT is(pg_temp.try('regress_head', format('SELECT verify_record(%L, %L)', :'firm', pg_temp.rec('D2'))), '2', 'verified at last');
SELECT is_empty('SELECT * FROM record_change_overdue', '  it is late no more');
SELECT results_eq('SELECT cause, decided_on, due_on, withdrawn_on FROM withdrawal', $$ VALUES ('amendment', '2026-03-06'::date, '2026-03-09'::date, NULL::date) $$, '  and what was told is put right everywhere, by a day');
ROLLBACK TO life;

-- ---------------------------------------------------------------------------
-- A list that a rating alone makes stands and falls with that rating, and a rating is looked at again when a record of it is revoked
-- ---------------------------------------------------------------------------
SELECT pg_temp.run('regress_editor', format('SELECT load_policy(%L)', $yaml$
policy: regress-yearly
title: 测试年度评价办法
version: "1"
issuer: 城管局
in_force: {from: 2020-01-01}
sources:
  m: {title: 测试条例, rank: regulation}
inputs: [participation, penalty]
applies_to: {enrolled_by: {kind: participation, field: construction_waste}}
score: {base: 100}
items:
  - {id: bad, name: 违法, match: {kind: penalty}, points: -30, window: {from: decided_on, calendar: year, which: this}, cite: {source: m, article: 一}}
bands:
  step: 1
  cite: {source: m, article: 二}
  of:
    - {id: A, name: 好, when: {score: {at_least: 60}}}
    - {id: E, name: 差, when: {score: {below: 60}}}
lists:
  - {id: poor, name: 年度黑名单, list: black, at: rating, when: {band: E}, term: {years: 3}, basis: {source: m, article: 三}, cite: {source: m, article: 三}}
ratings:
  - {id: year, name: 年度评价, period: year, version_by: end, publish_within: {days: 90}, valid: {years: 1}, on_correction: subject_only, cite: {source: m, article: 四}}
$yaml$)) \g /dev/null
SELECT pg_temp.run('regress_editor_two', $$ SELECT adopt_policy('regress-yearly', '1') $$),
	pg_temp.run('regress_editor_two', $$ SELECT record_policy_publication('regress-yearly', '1', '2019-12-01') $$) \g /dev/null
SELECT pg_temp.run('regress_officer', $$ SELECT close_cycle('regress-yearly', '2025') $$), pg_temp.run('regress_head', $$ SELECT publish_rating('regress-yearly', '2025') $$) \g /dev/null
SELECT is(pg_temp.try('regress_officer', $q$ SELECT propose_listing('91110000600037341L', 'black', 'regress-yearly', 'poor', '城管局', '年度评价为差', 5) $q$) ~ '^\d+$', true, 'proposed by the rating of the year');
SELECT max(entry_id) AS entry FROM list_entry \gset
SELECT is(pg_temp.serve(:'entry') || pg_temp.day('2026-03-10') || ' ' || pg_temp.recognise(:'entry'), '2026-03-10 recognised', 'recognised');
SELECT is(pg_temp.try('regress_officer', format('SELECT amend_record(%L, %L, ''{"amount_fen": 100}'', ''笔误'')', :'firm', pg_temp.rec('D3'))), '2', 'a record of another year');
SELECT is(pg_temp.try('regress_head', format('SELECT verify_record(%L, %L)', :'firm', pg_temp.rec('D3'))) || ' ' || pg_temp.where_it_is(:'entry'), '2 listed listed public', '  is corrected: the entry stays');
SELECT is(pg_temp.try('regress_officer', format('SELECT revoke_record(%L, %L, ''2026-03-10'', ''处罚撤销'')', :'firm', pg_temp.rec('D1'))), '2', 'a record of that year is revoked');
SELECT results_eq($$ SELECT rating, proposed_by, result FROM rating_correction AS k JOIN policy AS p USING (policy_id) WHERE policy = 'regress-yearly' $$, $$ VALUES ('year', 'regress_officer', NULL) $$,
	'  and the rating is to be corrected, without anybody asking');
SELECT is(pg_temp.where_it_is(:'entry'), 'listed listed public', '  until another person has decided it stands');
SELECT is(pg_temp.try('regress_head', format('SELECT decide_correction(%s, ''corrected'', ''处罚已撤销'')', (SELECT correction_id FROM rating_correction AS k JOIN policy AS p USING (policy_id) WHERE policy = 'regress-yearly'))),
	'1', 'decided');
SELECT is(pg_temp.where_it_is(:'entry'), 'ended removed', '  the entry ends with it');

-- ---------------------------------------------------------------------------
-- Who complains is known to those who handle it
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.try('regress_window', $$ SELECT raise_complaint('91110000600037341L', '{"against": "selective_enforcement", "matter": "夜间运输", "act_on": "2026-03-01"}', '城管局', '应予立案',
	details => '{"person": "张三"}') $$) ~ '^\d+$', true, 'a complaint by somebody');
SELECT is(pg_temp.try(v.role, v.statement), v.says, v.what)
  FROM (VALUES
	(1, 'regress_other', 'SELECT count(person) FROM proceeding_step', '42501 permission denied for table proceeding_step', 'no officer reads the log for names'),
	(2, 'regress_other', 'SELECT count(*) FROM proceeding_person', '0', 'of another department none is told'),
	(3, 'regress_public', 'SELECT count(*) FROM proceeding_person', '0', '  nor who handles nothing'),
	(4, 'regress_north', 'SELECT count(*) FROM proceeding_person', '0', '  nor who handles other kinds'),
	(5, 'regress_officer', 'SELECT string_agg(person, '','') FROM proceeding_person', '张三', 'who handles it is')) AS v (n, role, statement, says, what) ORDER BY v.n;
SELECT * FROM finish();
ROLLBACK;
