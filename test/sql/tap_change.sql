-- tap_change.sql -- what is changed by hand in a record that counts waits beside it: verified, rejected, withdrawn, overtaken; nothing moves before, all at once then
\set ECHO none
\i test/include/lists.psql
SET LOCAL datestyle = 'ISO';
SELECT plan(100);
CREATE ROLE regress_third;
CREATE ROLE regress_etl;
CREATE ROLE regress_auditor;
SELECT grant_profile('regress_third', 'officer'), grant_profile('regress_etl', 'etl'), grant_profile('regress_auditor', 'auditor') \g /dev/null
\set jia 91110000600037341L
\set yi 91420684MA4927PJ7B
\set bing 9144060573144633XL

-- Calls a function on a document as a role; gives its answer or everything that the refusal says.
CREATE FUNCTION pg_temp.call(role text, document text, call text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	r record;
	message text;
	detail text;
	hint text;
BEGIN
	SELECT o.subject, o.record_id INTO STRICT r FROM citycredit.record AS o WHERE o.document = call.document ORDER BY o.known_until DESC LIMIT 1;
	RETURN pg_temp.run(role, format('SELECT citycredit.' || call, format('%L, %L', r.subject, r.record_id)));
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS message = MESSAGE_TEXT, detail = PG_EXCEPTION_DETAIL, hint = PG_EXCEPTION_HINT;
	RETURN concat_ws(E'\n', SQLSTATE || ' ' || replace(message, r.record_id::text, '(id)'), nullif(detail, ''), nullif(hint, ''));
END
$$;
CREATE VIEW pg_temp.current AS SELECT r.* FROM citycredit.record AS r WHERE r.known_until = 'infinity';
-- All that rests on the records of a subject.
CREATE FUNCTION pg_temp.rests(code text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', s.score, s.band, t.seq, (SELECT string_agg(l.list, ',' ORDER BY l.list) FROM citycredit.list_entry AS l
	                                                 WHERE l.subject = s.subject AND l.recognised_on IS NOT NULL AND l.removed_on IS NULL),
	                 (SELECT string_agg(p.document, ',' ORDER BY p.document) FROM citycredit.published_penalty AS p WHERE p.code = s.subject::text))
	  FROM citycredit.standing AS s JOIN citycredit.subject_state AS t ON t.subject = s.subject WHERE s.policy = 'regress-lists' AND s.subject::text = code
$$;
CREATE FUNCTION pg_temp.changes(document text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(concat_ws(' ', c.state, c.entered_by, 'from', c.version, 'as ' || c.applied_version, 'by ' || c.closed_by, c.reason, '/ ' || c.closing_reason), E'\n' ORDER BY c.change_id)
	  FROM citycredit.record_change AS c JOIN pg_temp.current AS r ON r.subject = c.subject AND r.record_id = c.record_id WHERE r.document = changes.document
$$;
CREATE FUNCTION pg_temp.list(subject text, list text, rule text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	entry bigint := pg_temp.run('regress_officer', format('SELECT citycredit.propose_listing(%L, %L, ''regress-lists'', %L, ''测试局'', ''事由'', 5)', subject, list, rule));
BEGIN
	PERFORM pg_temp.run('regress_officer', format('SELECT citycredit.serve_listing(%s, citycredit.today(), ''direct'')', entry));
	PERFORM set_config('citycredit.today', ((SELECT objection_until FROM citycredit.list_entry WHERE entry_id = entry) + 1)::text, true);
	PERFORM pg_temp.run('regress_head', format('SELECT citycredit.recognize_listing(%s)', entry));
	RETURN entry;
END
$$;
CREATE FUNCTION pg_temp.red() RETURNS text LANGUAGE sql AS $$
	SELECT p.state FROM citycredit.list_entry AS e JOIN citycredit.proceeding AS p ON p.subject = e.subject AND p.proceeding_id = e.proceeding_id WHERE e.list = 'red'
$$;

SELECT pg_temp.list(:'jia', 'black', 'repeat') AS black, pg_temp.list(:'bing', 'red', 'honest') AS red \gset
SELECT pg_temp.rests(:'jia') AS before \gset
SELECT matches(:'before'::text, '^80 B \d+ black P1,P2$', 'two penalties: a grade, a listing, publicity');

-- ---------------------------------------------------------------------------
-- It waits: nothing moves
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.call('regress_officer', 'P1', $$amend_record(%s, '{"decided_on": "2022-02-01", "amount_fen": 500000, "detail": {"cf_sy": "更正"}}', '日期有误')$$), '2', 'an amendment says which version it will be');
SELECT is(pg_temp.rests(:'jia'), :'before', '  grade, listing and publicity are what they were, and the subject was not touched');
SELECT results_eq($$ SELECT version, decided_on, held FROM pg_temp.current WHERE document = 'P1' $$, $$ VALUES (1::smallint, date '2024-02-01', NULL::text) $$, '  the record too');
SELECT is((SELECT e.score FROM evaluate(:'jia', 'regress-lists') AS e), 80::numeric, '  evaluated anew as well');
SELECT is_empty('SELECT * FROM verify_standings()', '  what is stored is what the records give');
SELECT is((SELECT count(*) FROM explain(:'jia', 'regress-lists') AS x WHERE x.document = 'P1' AND x.status = 'counts'), 1::bigint, '  the explanation counts it');
SELECT results_eq($$ SELECT name, version, decided_on, entered_by, reason, stale, changes FROM unverified_record WHERE document = 'P1' AND change_id IS NOT NULL $$,
	$$ VALUES ('甲渣土运输有限公司', 1::smallint, date '2024-02-01', 'regress_officer', '日期有误', false, '{"decided_on": {"from": "2024-02-01", "to": "2022-02-01"},
		"amount_fen": {"from": null, "to": 500000}, "detail.cf_sy": {"from": null, "to": "更正"}}'::jsonb) $$, 'a second person sees what would change');
SELECT is((SELECT count(*) FROM unverified_record WHERE document = 'P1'), 1::bigint, '  the record itself does not wait');

-- ---------------------------------------------------------------------------
-- A second change before the first is decided on
-- ---------------------------------------------------------------------------
SELECT max(change_id) AS change FROM record_change \gset
SELECT is(pg_temp.call(v.role, 'P1', v.call), format(E'55000 a change of record "(id)" waits already\nChange %s was entered by "regress_officer" on %s: amount_fen, decided_on, detail.\n'
	'Verify it by citycredit.verify_record() or close it by citycredit.reject_change() first; it is in citycredit.unverified_record.', :change, today()), v.what)
  FROM (VALUES (1, 'regress_third', $$amend_record(%s, '{"amount_fen": 1}', 'x')$$, 'another officer''s amendment is told of the first'),
               (2, 'regress_head', $$classify_record(%s, severity => 'serious')$$, '  his finding as well')) AS v (n, role, call, what) ORDER BY v.n;
SELECT is(pg_temp.call('regress_officer', 'P1', $$classify_record(%s, severity => 'light', intent => 'unintentional')$$), '2', 'one''s own is put to the first');
SELECT is(pg_temp.call('regress_officer', 'P1', $$amend_record(%s, '{"amount_fen": 600000, "detail": {"bz": "补", "cf_nr": null}}', '金额亦有误')$$), '2', '  and again');
SELECT is(pg_temp.changes('P1'), E'superseded regress_officer from 1 by regress_officer 日期有误\nsuperseded regress_officer from 1 by regress_officer 日期有误\nwaiting regress_officer from 1 金额亦有误', '  the ones before are kept');
SELECT is((SELECT changes FROM record_change WHERE state = 'waiting'),
	'{"decided_on": "2022-02-01", "amount_fen": 600000, "severity": "light", "intent": "unintentional", "detail": {"cf_sy": "更正", "bz": "补", "cf_nr": null}}', '  the last one has all of it');
SELECT is(pg_temp.rests(:'jia'), :'before', '  nothing has moved');

-- ---------------------------------------------------------------------------
-- Verified: all at once
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.call('regress_officer', 'P1', 'verify_record(%s)'), format(E'42501 cannot verify a change of record "(id)" entered by the same person\nChange %s was entered by "regress_officer".\n'
	'A second person must verify it; citycredit.reject_change() withdraws it.', :change + 2), 'not by who entered it');
SELECT is(pg_temp.call('regress_head', 'P1', format('verify_record(%%s, %s)', :change)), format(E'55000 change %s of record "(id)" does not wait\nChange %s does.\n'
	'Look at what waits now: it is in citycredit.unverified_record.', :change, :change + 2), 'not one that was replaced after somebody looked at it');
SELECT is(pg_temp.call('regress_etl', 'P1', 'verify_record(%s)'), '42501 permission denied for function verify_record', 'not by the ETL');
SELECT is(pg_temp.rests(:'jia'), :'before', '  which moved nothing');
SELECT is(pg_temp.call('regress_head', 'P1', format('verify_record(%%s, %s)', :change + 2)), '2', 'by a second person, who names what he looked at');
SELECT results_eq($$ SELECT version, decided_on, amount_fen, severity, intent, entered_by, verified_by, held, detail FROM pg_temp.current WHERE document = 'P1' $$,
	$$ VALUES (2::smallint, date '2022-02-01', 600000::bigint, 'light', 'unintentional', 'regress_officer', 'regress_head', NULL::text,
		'{"bz": "补", "cf_nr": null, "cf_sy": "更正", "reason": "金额亦有误", "changed_by": "regress_officer"}'::jsonb) $$, '  one new version, verified, with all of it');
SELECT matches(pg_temp.rests(:'jia'), '^90 B \d+ P2$', '  the grade follows, the listing that has lost its ground ends, and so does the publicity of the day as it was');
SELECT is((SELECT removal_reason FROM list_entry WHERE entry_id = :black), '列入依据的记录已撤销或更正 / the records it rested on were revoked or corrected', '  for that reason');
SELECT results_eq($$ SELECT cause, score / 10000 FROM standing_history AS h JOIN policy AS p USING (version_id) WHERE p.policy = 'regress-lists' AND subject = '91110000600037341L' ORDER BY seq DESC LIMIT 1 $$,
	$$ VALUES ('amendment', 90::bigint) $$, '  history has it once');
SELECT results_eq($$ SELECT state, applied_version, closed_by, closed_on = today() FROM record_change ORDER BY change_id DESC LIMIT 1 $$, $$ VALUES ('applied', 2::smallint, 'regress_head', true) $$, '  the change says which version it became');
SELECT is_empty('SELECT * FROM unverified_record WHERE document = ''P1''', '  nothing waits');
SELECT is_empty('SELECT * FROM verify_standings()', '  what is stored is what the records give');
SELECT is(pg_temp.call('regress_head', 'P1', 'verify_record(%s)'), E'55000 record "(id)" is verified already\nVersion 2 was verified by "regress_head".', 'not twice');
SELECT is(pg_temp.call('regress_head', 'P1', format('verify_record(%%s, %s)', :change + 2)), format(E'55000 change %s of record "(id)" does not wait\nNone does.\n'
	'Look at what waits now: it is in citycredit.unverified_record.', :change + 2), '  nor the same change');

-- ---------------------------------------------------------------------------
-- Rejected and withdrawn
-- ---------------------------------------------------------------------------
SELECT pg_temp.rests(:'jia') AS before \gset
SELECT is(pg_temp.call('regress_officer', 'P2', $$amend_record(%s, '{"behaviour": null}', '误归类')$$), '2', 'a finding is to be taken away');
SELECT is(pg_temp.call('regress_head', 'P2', $$reject_change(%s, '　')$$), format(E'22023 no reason given for rejecting change %s\nSay why: it is kept with the change.', :change + 3), 'not rejected without a reason');
SELECT is(pg_temp.call('regress_etl', 'P2', $$reject_change(%s, 'x')$$), '42501 permission denied for function reject_change', '  nor by the ETL');
INSERT INTO person_role (role, person) VALUES ('regress_third', (SELECT entered_by FROM record_change WHERE change_id = :change + 3));
SELECT is(pg_temp.call('regress_third', 'P2', $$reject_change(%s, '归类正确')$$), format(E'0P000 cannot reject change %s, entered by the same person\nIt was entered by "regress_officer".\nWithdraw it as that role, or let a second person reject it.', :change + 3),
	'  nor, as if by a second person, by another role of who entered it');
DELETE FROM person_role;
SELECT is(pg_temp.call('regress_head', 'P2', $$reject_change(%s, '归类正确')$$), (:change + 3)::text, 'rejected by a second person');
SELECT is(pg_temp.call('regress_head', 'P2', $$reject_change(%s, '归类正确')$$), E'55000 no change of record "(id)" waits\nWhat waits is in citycredit.unverified_record; a record that counts nowhere yet is amended again, or revoked.', '  not twice');
SELECT is(pg_temp.call('regress_third', 'P2', $$classify_record(%s, corrected_on => '2024-03-01', reason => '现场复查')$$), '2', 'then anybody may enter another');
SELECT is(pg_temp.call('regress_third', 'P2', $$reject_change(%s, '日期待查')$$), (:change + 4)::text, '  and withdraw it');
SELECT is(pg_temp.changes('P2'), E'rejected regress_officer from 1 by regress_head 误归类 / 归类正确\nwithdrawn regress_third from 1 by regress_third 现场复查 / 日期待查', '  all of which is kept');
SELECT is(pg_temp.rests(:'jia'), :'before', '  the record is what it was');
SELECT is(split_part(pg_temp.call('regress_officer', 'P2', 'amend_record(%s, ' || quote_literal(v.changes) || $$, 'x')$$), E'\n', 1), v.says, v.what) FROM (VALUES
	(1, '{"amount_fen": "abc"}', '22P02 invalid value of "amount_fen": "abc"', 'a value that is none says of which column'), (2, '{"decided_on": "2024-02-31"}', '22008 invalid value of "decided_on": "2024-02-31"', '  and so does a day'),
	(3, jsonb_build_object('detail', jsonb_build_object('title', repeat('x', 65536)))::text, '54000 changes of record "(id)" are too long', '  there is an end to what is kept as evidence')) AS v (n, changes, says, what) ORDER BY v.n;
SELECT throws_ok(format($$ SELECT reject_change(%L, '00000000-0000-0000-0000-000000000001', 'x') $$, :'jia'), 'P0002', NULL, 'no change of an unknown record');

-- ---------------------------------------------------------------------------
-- What the table refuses is refused at once, and costs nothing that waits
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.call('regress_officer', 'P2', $$amend_record(%s, '{"amount_fen": 100}', '金额')$$), '2', 'something waits');
SELECT count(*) AS changes FROM record_change \gset
SELECT matches(pg_temp.call('regress_officer', 'P2', v.call), v.expected, v.what)
  FROM (VALUES
	(1, $$amend_record(%s, '{"fine_fen": 101}', 'x')$$, '^23514 .*record_fine_in_amount', 'a fine above the amount that waits'),
	(2, $$amend_record(%s, '{"severity": "terrible"}', 'x')$$, '^23514', 'a severity that is none'),
	(3, $$amend_record(%s, '{"valid_from": "2024-01-02", "valid_until": "2024-01-01"}', 'x')$$, '^23514', 'days the wrong way round'),
	(4, $$amend_record(%s, '{"decided_on": "1066-10-14"}', 'x')$$, '^22008 decided_on is out of range', 'a day out of range'),
	(5, $$amend_record(%s, '{"decided_on": "-infinity"}', 'x')$$, '^22008 decided_on is out of range', '  and infinitely so'),
	(6, $$amend_record(%s, '{"amount_fen": 1e30}', 'x')$$, '^22003', 'a number too large'),
	(7, $$amend_record(%s, '{"amount_fen": {"a": 1}}', 'x')$$, '^22P02', 'a number that is none'),
	(8, $$amend_record(%s, '{"entered_by": "regress_head"}', 'x')$$, '^22023 cannot amend entered_by', 'another''s name'),
	(9, $$amend_record(%s, '{"verified_by": "regress_head", "held": null}', 'x')$$, '^22023 cannot amend held, verified_by', 'its verification'),
	(10, $$amend_record(%s, NULL, 'x')$$, '^22023 no changes given', 'nothing')
  ) AS v (n, call, expected, what) ORDER BY v.n;
SELECT is(pg_temp.call('regress_officer', 'P2', $$amend_record(%s, '{"detail": {"changed_by": "regress_head", "reason": "另", "entered_by": "y"}}', '金额')$$), '2', 'detail does not say who did it');
SELECT is(pg_temp.call('regress_head', 'P2', 'verify_record(%s)'), '2', '  when it is verified');
SELECT results_eq($$ SELECT amount_fen, fine_fen, entered_by, detail FROM pg_temp.current WHERE document = 'P2' $$,
	$$ VALUES (100::bigint, NULL::bigint, 'regress_officer', '{"reason": "金额", "changed_by": "regress_officer", "entered_by": "y"}'::jsonb) $$, '  the columns and the entry do');
SELECT is((SELECT count(*) FROM record_change), :changes + 1::bigint, '  and no refusal left a trace');

-- ---------------------------------------------------------------------------
-- Overtaken by another version
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.call('regress_officer', 'P2', $$amend_record(%s, '{"amount_fen": 200}', '金额')$$), '3', 'a change waits');
SELECT _new_version(subject, record_id, '{"repaired_on": "2024-03-09"}') FROM pg_temp.current WHERE document = 'P2' \g /dev/null
SELECT matches(pg_temp.rests(:'jia'), '^100 A \d+', 'the record is repaired meanwhile, which counts at once');
SELECT is((SELECT concat_ws(' ', version, stale, changes) FROM unverified_record WHERE document = 'P2'), '3 t {"amount_fen": {"to": 200, "from": 100}}', '  the change is shown as overtaken');
SELECT matches(pg_temp.call('regress_head', 'P2', 'verify_record(%s)'), E'^55000 record "\\(id\\)" has another version since change \\d+ was entered\nThe change was made from version 2; the current one is version 3.\n'
	'Enter what is still right again by citycredit.amend_record\\(\\) or classify_record\\(\\), or close the change by citycredit.reject_change\\(\\).$', '  and not verified over what nobody has compared it with');
SELECT is(pg_temp.call('regress_third', 'P2', $$amend_record(%s, '{"amount_fen": 300}', '金额')$$), '4', 'whoever enters it again replaces it');
SELECT is((SELECT changes FROM record_change WHERE state = 'waiting'), '{"amount_fen": 300}', '  with his own alone');
SELECT is(pg_temp.call('regress_officer', 'P2', 'verify_record(%s)'), '4', '  and it is verified');
SELECT results_eq($$ SELECT amount_fen, repaired_on FROM pg_temp.current WHERE document = 'P2' $$, $$ VALUES (300::bigint, date '2024-03-09') $$, '  the repair stays');
-- fed again under the same number, it is another version all the same
SELECT is(pg_temp.call('regress_officer', 'P3', $$amend_record(%s, '{"amount_fen": 1}', 'x')$$), '2', 'a change of another firm''s record');
UPDATE record SET known_until = known_from + interval '1 second' WHERE document = 'P3' AND known_until = 'infinity';
SELECT matches(pg_temp.call('regress_head', 'P3', 'verify_record(%s)'), '^55000 record .* has no current version', 'its version is closed by hand: nothing to verify');
INSERT INTO record (subject, kind, document, authority, source, behaviour, decided_on) VALUES (:'yi', 'penalty', 'P3', '11320400014109573H', 'regress', 'CW-01', '2024-02-02');
SELECT matches(pg_temp.call('regress_head', 'P3', 'verify_record(%s)'), '^55000 record .* has another version since .*\nThe change was made from version 1; the current one is version 1.\n', '  written anew, it is not what the change was made from');
SELECT matches(pg_temp.call('regress_head', 'P3', $$reject_change(%s, '重新报送')$$), '^\d+$', '  so the change is rejected');

-- ---------------------------------------------------------------------------
-- Revoked; no longer trusted
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.call('regress_officer', 'P3', $$amend_record(%s, '{"amount_fen": 2}', '误')$$), '2', 'a change of a record');
SELECT is(pg_temp.call('regress_third', 'P3', $$revoke_record(%s, today(), '复议撤销')$$), '2', '  that is revoked');
SELECT is(pg_temp.changes('P3'), E'rejected regress_officer from 1 by regress_head x / 重新报送\nlapsed regress_officer from 1 by regress_third 误', '  lapses with it');
SELECT is_empty($$ SELECT FROM unverified_record WHERE document = 'P3' $$, '  and nobody need look at it');
SELECT matches(pg_temp.call('regress_head', 'P3', 'verify_record(%s)'), '^55000 cannot verify revoked record', '  nor can');
SELECT is(pg_temp.call('regress_officer', 'P3', $$amend_record(%s, '{"revoked_on": null}', '撤销有误')$$), '3', 'a revoked record counts nowhere: an amendment is a version at once');
SELECT is(pg_temp.call('regress_head', 'P3', 'verify_record(%s)'), '4', '  which counts when it is verified');
SELECT is(pg_temp.call('regress_officer', 'P4', $$amend_record(%s, '{"amount_fen": 1, "detail": {"a": "1"}}', '一')$$), '2', 'a change of what a source sent');
UPDATE source SET trusted_until = '2021-01-01' WHERE source = 'regress' AND kind = 'penalty' AND known_until = 'infinity';
SELECT set_eq($$ SELECT change_id IS NOT NULL FROM unverified_record WHERE document = 'P4' $$, ARRAY[false, true], 'the source is trusted no more: record and change wait');
SELECT is(pg_temp.call('regress_officer', 'P4', $$amend_record(%s, '{"fine_fen": 1, "detail": {"b": "2"}}', '二')$$), '2', 'what does not count any more is amended at once');
SELECT results_eq($$ SELECT version, amount_fen, fine_fen, verified_by, detail ->> 'a', detail ->> 'b' FROM pg_temp.current WHERE document = 'P4' $$, $$ VALUES (2::smallint, 1::bigint, 1::bigint, NULL::text, '1', '2') $$, '  with what he had waiting');
SELECT is(pg_temp.changes('P4'), 'superseded regress_officer from 1 by regress_officer 一', '  which waits no longer');
UPDATE source SET trusted_until = 'infinity' WHERE source = 'regress' AND kind = 'penalty' AND known_until = 'infinity';
SELECT is_empty('SELECT * FROM verify_standings()', 'what is stored is what the records give');

-- ---------------------------------------------------------------------------
-- Enrolment stands; a red entry is suspended by the doubt, and no longer than it
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.call('regress_officer', 'C3', $$amend_record(%s, '{"state": "halted"}', '停业')$$), '2', 'a participation is to be halted');
SELECT is((SELECT state FROM enrolment WHERE basis = 'C3') || ' ' || pg_temp.red(), 'taking_part listed', '  until it is verified the firm takes part and is praised');
SELECT is(pg_temp.call('regress_head', 'C3', $$reject_change(%s, '未停业')$$) ~ '^\d+$', true, '  it was not so');
INSERT INTO record (subject, kind, document, authority, source, decided_on) VALUES (:'bing', 'penalty', 'B1', '11320400014109573H', 'regress', '2024-02-01');
SELECT is(pg_temp.red(), 'listed', 'a penalty that takes no ground from the red list');
SELECT is(pg_temp.call('regress_officer', 'B1', $$classify_record(%s, procedure => 'general')$$) || ' ' || pg_temp.red(), '2 suspended', 'a change of it that waits suspends the entry');
SELECT is(pg_temp.call('regress_head', 'B1', $$reject_change(%s, '简易程序')$$) ~ '^\d+$' AND pg_temp.red() = 'listed', true, '  rejected, the entry goes on');
SELECT is(pg_temp.call('regress_officer', 'B1', $$classify_record(%s, procedure => 'simple')$$) || ' ' || pg_temp.red(), '2 suspended', 'another one suspends it');
SELECT is(pg_temp.call('regress_head', 'B1', 'verify_record(%s)') || ' ' || pg_temp.red(), '2 listed', '  verified, it goes on');
SELECT is(pg_temp.call('regress_officer', 'B1', $$classify_record(%s, procedure => 'general')$$) || ' ' || pg_temp.red(), '3 suspended', 'and another');
SELECT is(pg_temp.call('regress_officer', 'B1', $$revoke_record(%s, today(), '撤销')$$) || ' ' || pg_temp.red(), '3 listed', '  revoked, nothing is in doubt');

-- ---------------------------------------------------------------------------
-- Nobody writes it but these functions
-- ---------------------------------------------------------------------------
SELECT throws_ok(v.statement, '55000', NULL, v.what)
  FROM (VALUES
	(1, $$ INSERT INTO record_change (subject, record_id, version, known_from, changes) SELECT subject, record_id, version, known_from, '{"amount_fen": 1}' FROM pg_temp.current WHERE document = 'P1' $$, 'not entered directly, even by the owner'),
	(2, $$ UPDATE record_change SET changes = '{"amount_fen": 1}' $$, 'not rewritten'), (3, 'DELETE FROM record_change', 'not deleted'), (4, 'TRUNCATE record_change', 'not emptied')
  ) AS v (n, statement, what) ORDER BY v.n;
SELECT is((SELECT string_agg(r, ' ' ORDER BY r) FROM unnest(ARRAY['regress_officer', 'regress_auditor', 'regress_etl', 'regress_editor']) AS u (r) WHERE has_table_privilege(r, 'citycredit.record_change', 'SELECT')),
	'regress_auditor regress_officer', 'read by officers and auditors');
SELECT is_empty('SELECT * FROM verify_standings()', 'in the end what is stored is what the records give');
SELECT * FROM finish();
ROLLBACK;
