-- tap_due_process.sql -- what no officer gets around: periods that are set, openers, persons behind roles, days and references that are none; and a run that goes on
\set ECHO none
\i test/include/lists.psql
SET LOCAL datestyle = 'ISO, YMD';
CREATE ROLE regress_window;
SELECT grant_profile('regress_window', 'officer') \g /dev/null
INSERT INTO department_competence (department, role, duty, valid_from) VALUES ('测试局', 'regress_window', 'window', '2020-01-01');
SELECT plan(87);

-- A refusal as "SQLSTATE message | detail | hint"; what was returned when there was none.
CREATE FUNCTION pg_temp.try(role text, statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	code text; message text; detail text; hint text;
BEGIN
	RETURN pg_temp.run(role, 'SELECT citycredit.' || statement);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS code = RETURNED_SQLSTATE, message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN code || ' ' || message || coalesce(' | ' || nullif(detail, ''), '') || coalesce(' | ' || nullif(hint, ''), '');
END
$$;
CREATE FUNCTION pg_temp.set_term(term text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	id text := pg_temp.run('regress_editor', 'SELECT citycredit.set_proceeding_term(' || term || ')');
BEGIN
	RETURN pg_temp.try('regress_head_editor', format('approve_repair_condition(%s)', id));
END
$$;
CREATE FUNCTION pg_temp.step(role text, id text, event text, details jsonb DEFAULT '{}') RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.try(role, format('advance_proceeding(%L, %s, %L, %L)', p.subject, p.proceeding_id, event, details)) FROM citycredit.proceeding AS p WHERE p.proceeding_id = id::bigint
$$;
\set jia 91110000600037341L
\set yi 91420684MA4927PJ7B
\set served '{"reasons": "事由", "served_on": "2024-03-01", "service_method": "direct", "service_document": "告字〔2024〕1号"}'

-- ---------------------------------------------------------------------------
-- Whose periods are whose
-- ---------------------------------------------------------------------------
CREATE TEMPORARY VIEW every_step AS SELECT k.kind, t.* FROM proceeding_kinds() AS k CROSS JOIN LATERAL proceeding_table(k.kind) AS t;
SELECT is_empty($$ SELECT kind, within FROM every_step WHERE within IS NOT NULL AND who && '{subject,applicant,anyone}' AND within <> ALL (_subject_periods(kind, true)) $$,
	'every period within which the subject or the public acts has to be set');
SELECT is_empty($$ SELECT e.kind, u.name FROM every_step AS e CROSS JOIN LATERAL unnest(e.after) AS u (name) JOIN proceeding_states(e.kind) AS s ON s.state = e.to_state
	WHERE e.to_state IN ('listed', 'breached', 'refused', 'revoked', 'final') AND u.name <> ALL (_subject_periods(e.kind, true)) $$,
	'and every one after which something adverse is decided');
SELECT is_empty($$ SELECT k.kind, u.name FROM proceeding_kinds() AS k CROSS JOIN LATERAL unnest(_subject_periods(k.kind)) AS u (name)
	WHERE NOT EXISTS (SELECT FROM every_step AS e WHERE e.kind = k.kind AND (u.name = ANY (e.sets) OR u.name || '?' = ANY (e.sets))) $$, 'none of them is unknown to its kind');

-- ---------------------------------------------------------------------------
-- A listing: at least what is set
-- ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.propose(days integer, more text DEFAULT '') RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.try('regress_officer', format('propose_listing(%L, ''focus'', ''regress-lists'', ''internal'', ''测试局'', ''一次'', %s%s)', '91420684MA4927PJ7B', days, more))
$$;
UPDATE repair_condition SET superseded_on = today() WHERE id = 'listing.objection';
SELECT is(pg_temp.propose(5), '23514 nobody has set period "objection" of kind listing | The subject or the public acts within it, so its length is not an officer''s to choose. | Set it with citycredit.set_proceeding_term(''listing'', ''objection'', ...), or for one rule of a measure in citycredit.list_parameter; it holds once another person has approved it.',
	'where nobody has set it, no officer does');
SELECT is(pg_temp.set_term($$'listing', 'objection', '{"working_days": 3}', '测试条例 第九条'$$), '2024-03-01', 'the city sets it');
SELECT is(pg_temp.propose(2), '23514 period "objection" is shorter than what is set | It is {"working_days": 2}; {"working_days": 3} is set by 测试条例 第九条. | An officer may lengthen it, not shorten it.', 'not shorter');
INSERT INTO list_parameter (policy, rule, valid_from, objection, appeal, early_exit, cite) VALUES
	('regress-lists', 'internal', '2020-01-01', '{"working_days": 5}', '{"days": 60}', '{"months": 3}', '测试办法 第九条');
SELECT is(pg_temp.propose(4), '23514 period "objection" is shorter than what is set | It is {"working_days": 4}; {"working_days": 5} is set by 测试办法 第九条. | An officer may lengthen it, not shorten it.', 'what the measure says of the rule goes before');
SELECT matches(pg_temp.propose(5, ', appeal => ''{"days": 59}'''), '^23514 period "appeal" is shorter than what is set \| It is {"days": 59}; {"days": 60} is set', 'nor a shorter appeal');
SELECT matches(pg_temp.propose(5, ', appeal => ''{"months": 1}'''), '^23514 period "appeal" is shorter', 'in whatever unit');
SELECT is(pg_temp.propose(5, ', early_exit => ''{"months": 4}'''), '23514 period "minimum" is longer than what is set | It is {"months": 4}; an early exit is possible after {"months": 3} by 测试办法 第九条. | An officer may shorten it, not lengthen it.',
	'nor a longer time before an early exit');
SELECT is_empty('SELECT FROM proceeding', 'nothing of it is left');
-- past the friendly function: a candidate that was found
SELECT matches(pg_temp.try('regress_officer', format('advance_proceeding(%1$L, open_proceeding(%1$L, ''listing'', ''find'', ''测试局'', ''{"list": "focus", "policy": "regress-lists", "rule": "internal"}''), ''propose'', ''{"reasons": "x", "data": {"terms": {"objection": {"working_days": 1}, "term": {"months": 12}}}}'')', :'yi')),
	'^23514 period "objection" is shorter than what is set', 'nor by another way');
SELECT matches(pg_temp.propose(5), '^\d+$', 'so long, and it is proposed');
SELECT proceeding_id AS listing, entry_id AS entry FROM list_entry WHERE subject = :'yi' \gset
SELECT is(pg_temp.step('regress_officer', :'listing', 'notify', :'served'::jsonb || v.terms::jsonb), v.says, v.what)
  FROM (VALUES
	(1, '{"terms": {"objection": {"days": 4}}}', '23514 period "objection" is shorter than what is set | It is {"days": 4}; {"working_days": 5} is set by 测试办法 第九条. | An officer may lengthen it, not shorten it.', 'a notice does not shorten it'),
	(2, '{"terms": {"objection": {"until": "2024-03-07"}}}', '23514 period "objection" is shorter than what is set | It is {"until": "2024-03-07"}; {"working_days": 5} is set by 测试办法 第九条. | An officer may lengthen it, not shorten it.', '  not by a day'),
	(3, '{"terms": {"objection": {"days": 20}}}', 'noticed', '  but it may lengthen it')) AS v (n, terms, says, what) ORDER BY v.n;
SELECT is((SELECT objection_until FROM list_entry WHERE entry_id = :entry), '2024-03-21'::date, '  which counts');
SET LOCAL citycredit.today = '2024-03-22';
SELECT matches(pg_temp.step('regress_head', :'listing', 'recognise', '{"reasons": "x", "terms": {"term": {"months": 12}, "appeal": {"days": 1}}}'), '^23514 period "appeal" is shorter', 'recognised with a shorter appeal');
SELECT is(pg_temp.step('regress_head', :'listing', 'recognise', '{"reasons": "x", "terms": {"term": {"months": 12}, "appeal": {"days": 90}}}'), 'listed', '  or a longer one');
SELECT is((SELECT due_on FROM proceeding_deadline WHERE proceeding_id = :listing AND name = 'appeal'), '2024-06-20'::date, '  which counts');

-- ---------------------------------------------------------------------------
-- Other kinds; what the department sets for itself
-- ---------------------------------------------------------------------------
SET LOCAL citycredit.today = '2024-03-01';
SELECT is(pg_temp.set_term($$'complaint', 'appeal', '{"days": 15}', '测试条例 第十条'$$), '2024-03-01', 'an appeal is set'),
       is(pg_temp.set_term($$'complaint', 'decide', '{"working_days": 5}', '测试条例 第十条', 'refer'$$), '2024-03-01', '  and how long the department has');
SELECT matches(pg_temp.try('regress_editor', $$set_proceeding_term('listing', 'term', '{"days": 15}', 'x')$$), '^22023 period term of a listing is not set here', 'how long a list lasts, the measure says');
CREATE FUNCTION pg_temp.complain(matter text, terms text DEFAULT '{}', subject text DEFAULT '91110000600037341L') RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.try('regress_window', format('raise_complaint(%L, %L, ''测试局'', ''选择性执行'', terms => %L)', subject,
		jsonb_build_object('against', 'selective_enforcement', 'matter', matter, 'act_on', '2024-02-01'), terms))
$$;
SELECT matches(pg_temp.complain('a', '{"appeal": {"days": 14}}'), '^23514 period "appeal" is shorter', 'a complaint with a shorter one'),
       is(pg_temp.complain('a', '{"decide": {"working_days": 50}}'), '22023 periods that are set cannot be said otherwise: decide | Leave them out; the periods in force are in citycredit.repair_condition.', '  or with a longer one for the department');
SELECT pg_temp.complain('a', '{"appeal": {"days": 16}}') AS complaint \gset
SELECT is((SELECT terms FROM proceeding WHERE proceeding_id = :complaint), '{"appeal": {"days": 16}, "decide": {"working_days": 5}}', 'a longer appeal stays');
SELECT is(pg_temp.step('regress_officer', :'complaint', 'accept', '{"terms": {"decide": {"working_days": 50}}}'),
	'23514 period "decide" is set | It is {"working_days": 5} by 测试条例 第十条, not {"working_days": 50}. | Leave it out of the details.', 'nor does a step give the department more');
SELECT matches(pg_temp.step('regress_officer', :'complaint', 'refuse', :'served'::jsonb || '{"terms": {"appeal": {"days": 3}}}'), '^23514 period "appeal" is shorter', 'or the complainant less');
SELECT is(pg_temp.step('regress_officer', :'complaint', 'refuse', :'served'), 'refused', 'as they are set, it goes on');
SELECT is((SELECT due_on FROM proceeding_deadline WHERE proceeding_id = :complaint), '2024-03-18'::date, '  and they count');
-- an order to rectify, which comes before a breach
UPDATE repair_condition SET superseded_on = today() WHERE id = 'commitment.rectify';
SELECT matches(pg_temp.try('regress_officer', format($$inform_commitment(%L, 'voluntary', '测试局', '320400', ARRAY['守法'], '守法', terms => '{"rectify": {"days": 1}}')$$, :'jia')),
	'^23514 nobody has set period "rectify" of kind commitment', 'an order to rectify is as long as is set');
SELECT is(pg_temp.set_term($$'commitment', 'rectify', '{"days": 15}', '测试条例 第十一条'$$), '2024-03-01', '  set');
SELECT pg_temp.try('regress_officer', format($$inform_commitment(%L, 'voluntary', '测试局', '320400', ARRAY['守法'], '守法')$$, :'jia')) AS pledge \gset
SELECT is((SELECT terms -> 'rectify' FROM proceeding WHERE proceeding_id = :pledge), '{"days": 15}', '  it is the proceeding''s');

-- ---------------------------------------------------------------------------
-- Openers
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.try('regress_officer', format('open_proceeding(%L, %L, %L, ''测试局'')', :'jia', v.kind, v.event)),
		format('22023 proceedings of kind %s are not opened by open_proceeding() | What the kind demands of an opening is asked by the function that opens it. | Use citycredit.%s().', v.kind, v.opener), 'not bare: ' || v.kind)
  FROM (VALUES ('commitment', 'inform', 'inform_commitment'), ('listing', 'propose', 'propose_listing'), ('repair', 'apply', 'apply_repair'), ('objection', 'raise', 'raise_objection'),
               ('complaint', 'raise', 'raise_complaint'), ('gap_review', 'open', 'open_gap_review')) AS v (kind, event, opener);
SELECT is_empty($$ SELECT e.kind FROM every_step AS e WHERE e.from_state IS NULL AND _opener(e.kind, e.event) IS NOT NULL
	AND NOT EXISTS (SELECT FROM pg_proc AS p WHERE p.pronamespace = 'citycredit'::regnamespace AND p.proname = _opener(e.kind, e.event)) $$, 'every opener there is');
SELECT is_empty($$ SELECT p.proname FROM pg_proc AS p JOIN proceeding_kinds() AS k ON p.proname = '_on_' || k.kind AND k.kind <> 'rectification' WHERE p.pronamespace = 'citycredit'::regnamespace
	AND NOT EXISTS (SELECT FROM every_step AS e WHERE e.kind = k.kind AND e.from_state IS NULL AND _opener(e.kind, e.event) IS NOT NULL) $$, 'no kind with a hook of its own is without one, but an order to rectify, which open_proceeding() opens');
SELECT is(pg_temp.try('regress_officer', format('open_proceeding(%L, ''listing'', ''find'', ''测试局'', ''{"list": "focus"}'')', :'jia')),
	'22023 a listing is about a list, a policy and a rule | This one is about {"list": "focus"}. | Candidates are in citycredit.list_candidate.', 'what is found is something');

-- ---------------------------------------------------------------------------
-- One matter, one key
-- ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.find(about jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT pg_temp.try('regress_officer', format('open_proceeding(''91110000600037341L'', ''listing'', ''find'', ''测试局'', %L)', '{"list": "focus", "policy": "p", "rule": "r"}' || about))
$$;
SELECT is(pg_temp.find('{"n": [1, {"m": 1.0}], "o": 2.5}'), '22023 numbers of about are whole: 1.0, 2.5 | One matter is written in one way, so that it is known again. | Write 1, not 1.0.', 'a number is written in one way');
SELECT matches(pg_temp.find('{"n": 1}'), '^\d+$', '  as a whole one'), matches(pg_temp.find('{"n": 1e0}'), '^23505 a proceeding of kind listing about the same matter is open', '  however it is typed');
SELECT is(pg_temp.find(jsonb_build_object('x', repeat('x', 8149))), '54000 about is too long | It has 8203 bytes; 8192 are allowed. | It holds references; what describes goes to "data" of the details.', 'it is short'),
       matches(pg_temp.find(jsonb_build_object('x', repeat('x', 8138))), '^\d+$', '  8 kB are');

-- ---------------------------------------------------------------------------
-- Days that are none
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.try('regress_officer', format('advance_proceeding(%L, %s, ''withdraw'', %L)', :'jia', :'complaint', v.details)), v.says, v.details)
  FROM (VALUES
	(1, '{"on": "2026-13-40"}', '22008 day "2026-13-40" of "on" does not exist | Days are written YYYY-MM-DD.'),
	(2, '{"on": "2023-02-29"}', '22008 day "2023-02-29" of "on" does not exist | Days are written YYYY-MM-DD.'),
	(3, '{"on": "0000-01-01"}', '22008 day "0000-01-01" of "on" does not exist | Days are written YYYY-MM-DD.'),
	(4, '{"on": "garbage"}', '22007 invalid day "garbage" of "on" | Days are written YYYY-MM-DD.'),
	(5, '{"served_on": "01.03.2024"}', '22007 invalid day "01.03.2024" of "served_on" | Days are written YYYY-MM-DD.')) AS v (n, details, says) ORDER BY v.n;
SELECT is(_day('2024-02-29', 'x'), '2024-02-29'::date, 'one that is'), is(_day(NULL, 'x'), NULL, 'none'), is(_day('9999-12-31', 'x'), '9999-12-31'::date, 'the last'),
       is(deadline('2024-03-01', '{"until": "2024-02-29"}'), '2024-02-29'::date, 'until a day');
SELECT is(pg_temp.try(v.role, v.statement), v.says, v.says)
  FROM (VALUES
	(1, 'regress_window', $$deadline('2024-03-01', '{"until": "2024-02-30"}')$$, '22008 day "2024-02-30" of "until" does not exist | Days are written YYYY-MM-DD.'),
	(2, 'regress_window', $$raise_complaint('91110000600037341L', '{"against": "selective_enforcement", "matter": "x", "act_on": "soon"}', '测试局', 'x')$$,
		'22007 invalid day "soon" of "act_on" | Days are written YYYY-MM-DD.'),
	(3, 'regress_window', $$raise_objection('91110000600037341L', '{"against": "rating", "policy": "regress-lists", "rating": "year", "period_from": "2024-1-1"}', '测试局', 'x')$$,
		'22007 invalid day "2024-1-1" of "period_from" | Days are written YYYY-MM-DD.'),
	(4, 'regress_window', format($$advance_commitment('91110000600037341L', %s, 'sign',
		'{"evidence": [{"kind": "content", "reference": "1"}, {"kind": "liability", "reference": "1"}], "data": {"content": "x", "liability": "x", "valid_until": "garbage"}}')$$, :pledge),
		'22007 invalid day "garbage" of "valid_until" | Days are written YYYY-MM-DD.')) AS v (n, role, statement, says) ORDER BY v.n;

-- ---------------------------------------------------------------------------
-- Two roles of one person
-- ---------------------------------------------------------------------------
SELECT pg_temp.try('regress_officer', format('propose_listing(%L, ''focus'', ''regress-lists'', ''internal'', ''测试局'', ''一次'', 5)', :'jia')) AS entry \gset
SELECT is(pg_temp.try('regress_officer', format('serve_listing(%s, today(), ''direct'')', :entry)), '', 'proposed and served by one role');
SELECT proceeding_id AS listing FROM list_entry WHERE entry_id = :entry \gset
SET LOCAL citycredit.today = '2024-03-22';
SELECT is(_person('regress_head'), 'regress_head', 'a role is a person of its own');
INSERT INTO person_role (role, person) VALUES ('regress_officer', '李某 0017'), ('regress_head', '李某 0017'), ('regress_editor', '王某 0018'), ('regress_head_editor', '王某 0018');
SELECT is(_person('regress_head'), '李某 0017', '  unless it is told whose it is'), ok(_same_person('regress_head', 'regress_officer'), '  so that two are one'),
       ok(NOT _same_person('regress_head', 'regress_editor'), '  or are not'), is(_same_person('regress_head', NULL), NULL, '  nobody is unknown');
SELECT matches(pg_temp.try('regress_head', format('recognize_listing(%s)', :entry)), '^0P000 list entry \d+ was proposed by the same person', 'who proposed under one role does not recognise under another'),
       matches(pg_temp.step('regress_head', :'listing', 'recognise', '{"reasons": "x", "terms": {"term": {"months": 12}}}'), '^0P000 "recognise" needs a second person \| "regress_officer" took step 1', '  nor by another way');
SELECT matches(pg_temp.set_term($$'complaint', 'accept', '{"days": 2}', 'x'$$), '^42501 cannot approve rule of repair \d+ entered by the same person', 'nor approves what he entered');
SET LOCAL ROLE regress_editor;
SELECT load_policy(replace(:'yaml', 'policy: regress-lists', 'policy: regress-persons')) \g /dev/null
RESET ROLE;
SELECT matches(pg_temp.try('regress_head_editor', $$adopt_policy('regress-persons', '1')$$), '^42501 cannot adopt a policy one has loaded oneself', '  or adopts what he loaded');
SELECT is_empty($$ SELECT p.proname FROM pg_proc AS p WHERE p.pronamespace = 'citycredit'::regnamespace AND p.proname NOT IN ('_capacity', '_registry_modules', '_record_to_change')
	AND p.prosrc ~ '(IF|AND|OR|WHERE|NOT) \(*[a-z_.]*(_by|author) (=|<>) citycredit\.actor\(\)' $$, 'no function compares roles where it means persons');
DELETE FROM person_role WHERE role = 'regress_head';
SELECT is(pg_temp.try('regress_head', format('recognize_listing(%s)', :entry)), '', 'two persons can');
SELECT matches(pg_temp.try('regress_head', 'person_role'), '^42', 'who is who, is not the officers'' to see');

-- ---------------------------------------------------------------------------
-- A run goes on past what is refused
-- ---------------------------------------------------------------------------
SET LOCAL citycredit.today = '2024-03-01';
SET LOCAL client_min_messages = error;
SELECT pg_temp.complain('b', subject => :'yi') AS other \gset
SELECT is(pg_temp.step('regress_officer', :'other', 'refuse', :'served'), 'refused', 'two complaints wait for an appeal');
CREATE TEMPORARY TABLE refusal (code text);
INSERT INTO refusal VALUES ('55000');
GRANT SELECT ON refusal TO PUBLIC;
CREATE OR REPLACE FUNCTION citycredit._on_complaint(subject subject_code, proceeding_id bigint, seq integer) RETURNS void LANGUAGE plpgsql SET search_path = pg_temp, citycredit AS $$
BEGIN
	IF subject = '91110000600037341L'::subject_code THEN
		RAISE EXCEPTION 'not this one' USING ERRCODE = (SELECT code FROM refusal), DETAIL = 'It rests on something that has gone.', HINT = 'Look into it.';
	END IF;
END
$$;
SET LOCAL citycredit.today = '2024-03-19';
SELECT is(pg_temp.try('regress_officer', 'run_due()'), '1', 'one is refused, the other goes on');
SELECT is((SELECT state FROM proceeding WHERE proceeding_id = :other), 'final', '  to its end'), is((SELECT state FROM proceeding WHERE proceeding_id = :complaint), 'refused', '  of the first nothing is left');
SELECT results_eq('SELECT subject::text, proceeding_id, stuck_since, tried_on, sqlstate, message, detail, hint FROM proceeding_stuck',
	format($$ VALUES ('91110000600037341L', %s::bigint, date '2024-03-19', date '2024-03-19', '55000', 'not this one', 'It rests on something that has gone.', 'Look into it.') $$, :'complaint'), '  but why');
SET LOCAL citycredit.today = '2024-03-20';
SELECT is(pg_temp.try('regress_officer', 'run_due()'), '0', 'it is tried again');
SELECT is((SELECT concat_ws(' ', stuck_since, tried_on) FROM proceeding_stuck), '2024-03-19 2024-03-20', '  which is told');
SELECT is(pg_temp.try('regress_officer', $$ run_due('2024-03-01') $$), '0', 'a run for an earlier day'), is((SELECT count(*) FROM proceeding_stuck), 1::bigint, '  takes nothing for gone on that it has not looked at');
UPDATE refusal SET code = '55P03';
SELECT matches(pg_temp.try('regress_officer', 'run_due()'), '^55P03 not this one', 'a lock that is not to be had is no refusal');
UPDATE refusal SET code = v.code FROM (VALUES ('40001')) AS v (code);
SELECT matches(pg_temp.try('regress_officer', 'run_due()'), '^40001 not this one', 'a race is the caller''s to try again');
UPDATE refusal SET code = '57P03';
SELECT matches(pg_temp.try('regress_officer', 'run_due()'), '^57P03 not this one', 'and what befalls the server is none of the proceeding''s');
CREATE OR REPLACE FUNCTION citycredit._on_complaint(subject subject_code, proceeding_id bigint, seq integer) RETURNS void LANGUAGE sql AS '';
SELECT is(pg_temp.try('regress_officer', 'run_due()'), '1', 'when nothing refuses it any more it goes on'), is_empty('SELECT FROM proceeding_stuck', '  and is stuck no longer');
SELECT * FROM finish();
ROLLBACK;
