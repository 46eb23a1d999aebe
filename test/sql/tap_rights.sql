-- tap_rights.sql -- what each profile may do, tried as the role, and that it may do nothing else
\set ECHO none
\i test/include/lists.psql
SELECT plan(148);

-- One role a profile, of the same name, and one that has none.
SELECT format('CREATE ROLE regress_%s', v.profile)
  FROM (SELECT DISTINCT profile FROM profile_privilege WHERE profile NOT IN ('officer') UNION SELECT 'nobody') AS v \gexec
SELECT grant_profile(format('regress_%s', v.profile)::regrole, v.profile)
  FROM (SELECT DISTINCT profile FROM profile_privilege) AS v \g /dev/null
GRANT USAGE ON SCHEMA citycredit TO regress_nobody;
CREATE TEMPORARY TABLE role_of (profile text, role regrole);
INSERT INTO role_of SELECT DISTINCT profile, format('regress_%s', profile)::regrole FROM profile_privilege UNION SELECT NULL, 'regress_nobody';

SELECT set_eq('SELECT DISTINCT profile FROM profile_privilege', ARRAY['etl', 'officer', 'policy_editor', 'analyst', 'integrity', 'publisher', 'exchange', 'auditor'], 'the profiles');
SELECT throws_ok($$ SELECT grant_profile('regress_nobody', 'admin') $$, '42704', 'profile "admin" does not exist', 'an unknown profile is refused');
SELECT matches(r.detail, 'analyst, auditor, etl, exchange, integrity, officer, policy_editor, publisher', '  and the known ones are listed')
  FROM pg_temp.refusal('none', $$ SELECT grant_profile('regress_nobody', 'admin') $$) AS r;
SELECT throws_ok($$ SELECT revoke_profile('regress_nobody', 'admin') $$, '42704', 'profile "admin" does not exist', 'nor can it be revoked');

-- ---------------------------------------------------------------------------
-- Tried by each role: a statement is permitted unless it fails with 42501
-- ---------------------------------------------------------------------------
CREATE TEMPORARY TABLE attempt (n integer GENERATED ALWAYS AS IDENTITY, statement text, permitted text);
INSERT INTO attempt (statement, permitted) VALUES
	($$ INSERT INTO citycredit.record (subject, kind, document, authority, source, behaviour, decided_on, detail)
	    VALUES ('91420684MA4927PJ7B', 'penalty', 'P9', 'a', 'regress', 'CW-01', '2024-01-01', '{}') $$, 'etl'),
	($$ INSERT INTO citycredit.record (subject, kind, document, authority, source, recorded_on) VALUES ('91420684MA4927PJ7B', 'penalty', 'P9', 'a', 's', '2020-01-01') $$, ''),
	($$ INSERT INTO citycredit.record (subject, kind, document, authority, source, known_from) VALUES ('91420684MA4927PJ7B', 'penalty', 'P9', 'a', 's', now()) $$, ''),
	($$ INSERT INTO citycredit.record (subject, kind, document, authority, source, known_until) VALUES ('91420684MA4927PJ7B', 'penalty', 'P9', 'a', 's', now()) $$, ''),
	($$ INSERT INTO citycredit.record (subject, kind, document, authority, source, version) VALUES ('91420684MA4927PJ7B', 'penalty', 'P9', 'a', 's', 2) $$, ''),
	($$ INSERT INTO citycredit.record (subject, kind, document, authority, source, verified_by) VALUES ('91420684MA4927PJ7B', 'penalty', 'P9', 'a', 's', 'x') $$, ''),
	($$ INSERT INTO citycredit.record (subject, kind, document, authority, source, entered_by) VALUES ('91420684MA4927PJ7B', 'penalty', 'P9', 'a', 's', 'x') $$, ''),
	($$ INSERT INTO citycredit.record (subject, kind, document, authority, source, held) VALUES ('91420684MA4927PJ7B', 'penalty', 'P9', 'a', 's', NULL) $$, ''),
	($$ INSERT INTO citycredit.record (subject, kind, document, authority, source, repaired_on) VALUES ('91420684MA4927PJ7B', 'penalty', 'P9', 'a', 's', '2024-01-01') $$, ''),
	($$ INSERT INTO citycredit.record (subject, kind, document, authority, source, revoked_on) VALUES ('91420684MA4927PJ7B', 'penalty', 'P9', 'a', 's', '2024-01-01') $$, ''),
	($$ UPDATE citycredit.record SET known_until = now() $$, ''),
	($$ DELETE FROM citycredit.record $$, ''),
	($$ TRUNCATE citycredit.record $$, ''),
	($$ SELECT subject FROM citycredit.record $$, ''),
	($$ SELECT subject, behaviour, decided_on FROM citycredit.credit_record $$, 'analyst auditor officer'),
	($$ SELECT document FROM citycredit.credit_record $$, 'auditor officer'),
	($$ SELECT detail FROM citycredit.credit_record $$, 'auditor officer'),
	($$ SELECT held, verified_by, entered_by FROM citycredit.credit_record $$, 'auditor officer'),
	($$ SELECT * FROM citycredit.government_subject $$, 'auditor integrity'),
	($$ SELECT * FROM citycredit.government_record $$, 'integrity'),
	($$ SELECT * FROM citycredit.government_standing $$, 'integrity'),
	($$ SELECT * FROM citycredit.government_rectification $$, 'integrity'),
	($$ SELECT * FROM citycredit.office $$, 'auditor integrity'),
	($$ SELECT citycredit.register_official(NULL, NULL, NULL, NULL, NULL) $$, 'integrity'),
	($$ SELECT citycredit.end_office(NULL, NULL, NULL, NULL) $$, 'integrity'),
	($$ SELECT citycredit.order_rectification(NULL, NULL, NULL, NULL, NULL, NULL, NULL) $$, 'integrity'),
	($$ UPDATE citycredit.subject SET kind = 'official' $$, ''),
	($$ INSERT INTO citycredit.public_policy (policy, basis_title, basis_article) VALUES ('regress-lists', 'x', 'y') $$, 'policy_editor'),
	($$ INSERT INTO citycredit.public_policy (policy, basis_title, basis_article, entered_by) VALUES ('regress-lists', 'x', 'y', 'z') $$, ''),
	($$ UPDATE citycredit.public_policy SET approved_on = '2024-03-01', approved_by = 'x' $$, ''),
	($$ SELECT citycredit.approve_public_policy(0) $$, 'policy_editor'),
	($$ INSERT INTO citycredit.intake_penalty (cf_wsh) VALUES ('x') $$, 'etl'),
	($$ INSERT INTO citycredit.intake_penalty (cf_wsh, received_by) VALUES ('x', 'x') $$, ''),
	($$ INSERT INTO citycredit.intake_permit (received_at) VALUES (now()) $$, ''),
	($$ INSERT INTO citycredit.intake_act (row_no) VALUES (1) $$, ''),
	($$ SELECT count(*) FROM citycredit.intake_penalty $$, ''),
	($$ SELECT form, reasons FROM citycredit.intake_reject $$, 'auditor officer'),
	($$ SELECT "row" FROM citycredit.intake_reject $$, 'officer'),
	($$ SELECT count(*) FROM citycredit.intake_reason $$, 'auditor etl officer'),
	($$ SELECT count(*) FROM citycredit.person_identity $$, ''),
	($$ SELECT count(*) FROM citycredit.identity_key $$, ''),
	($$ SELECT kind, district FROM citycredit.subject $$, 'analyst auditor officer'),
	($$ SELECT name FROM citycredit.subject $$, 'auditor officer'),
	($$ SELECT representative FROM citycredit.subject $$, 'auditor officer'),
	($$ UPDATE citycredit.subject SET name = 'x' $$, ''),
	($$ SELECT field, state FROM citycredit.enrolment $$, 'analyst auditor officer'),
	($$ SELECT name FROM citycredit.enrolment $$, 'auditor officer'),
	($$ SELECT count(*) FROM citycredit.unclassified_record $$, 'auditor officer'),
	($$ SELECT count(*) FROM citycredit.unverified_record $$, 'auditor officer'),
	($$ SELECT * FROM citycredit.standing $$, 'analyst auditor officer'),
	($$ SELECT count(*) FROM citycredit.standing_history $$, 'analyst auditor officer'),
	($$ UPDATE citycredit.standing_stored SET score = 0 $$, ''),
	($$ DELETE FROM citycredit.subject_state $$, ''),
	($$ SELECT yaml FROM citycredit.policy $$, 'analyst auditor officer policy_editor'),
	($$ UPDATE citycredit.policy SET status = 'adopted' $$, ''),
	($$ SELECT count(*) FROM citycredit.shipped_policy $$, 'policy_editor'),
	($$ SELECT count(*) FROM citycredit.behaviour $$, 'analyst auditor officer policy_editor'),
	($$ INSERT INTO citycredit.behaviour (code, edition, field, name) VALUES ('X', '1', 'f', 'n') $$, 'policy_editor'),
	($$ UPDATE citycredit.behaviour SET retired_on = '2024-01-01' $$, 'policy_editor'),
	($$ UPDATE citycredit.behaviour SET pattern = 'x' $$, ''),
	($$ INSERT INTO citycredit.source (source, kind, name, trusted_from) VALUES ('x', 'penalty', 'n', '2020-01-01') $$, ''),
	($$ SELECT citycredit.load_policy('x') $$, 'policy_editor'),
	($$ SELECT citycredit.adopt_policy('regress-none', '1') $$, 'policy_editor'),
	($$ SELECT * FROM citycredit.policy_list('regress-lists', '1') $$, 'analyst auditor officer policy_editor'),
	($$ SELECT * FROM citycredit.simulate('regress-lists', '1') $$, 'analyst auditor officer policy_editor'),
	($$ SELECT * FROM citycredit.simulate('policy: a text') $$, 'auditor officer policy_editor'),
	($$ SELECT * FROM citycredit.simulate_matrix('policy: a text') $$, 'auditor officer policy_editor'),
	($$ SELECT * FROM citycredit.simulate_lists('policy: a text') $$, 'auditor officer policy_editor'),
	($$ SELECT citycredit._check_simulated('policy: a text') $$, ''),
	($$ SELECT * FROM citycredit.list_candidate $$, 'analyst auditor officer'),
	($$ SELECT * FROM citycredit.listing $$, 'analyst auditor officer'),
	($$ SELECT list, listed_from, department FROM citycredit.list_entry $$, 'analyst auditor officer'),
	($$ SELECT name FROM citycredit.list_entry $$, 'auditor officer'),
	($$ SELECT reason FROM citycredit.list_entry $$, 'auditor officer'),
	($$ SELECT recognised_by FROM citycredit.list_entry $$, 'auditor officer'),
	($$ INSERT INTO citycredit.list_entry DEFAULT VALUES $$, ''),
	($$ UPDATE citycredit.list_entry SET recognised_on = '2024-03-01' $$, ''),
	($$ DELETE FROM citycredit.list_entry $$, ''),
	($$ SELECT nextval('citycredit.list_entry_number') $$, ''),
	($$ SELECT * FROM citycredit._list_basis $$, 'analyst auditor officer'),
	($$ SELECT citycredit.propose_listing(NULL, NULL, NULL, NULL, NULL, NULL, NULL) $$, 'officer'),
	($$ SELECT citycredit.serve_listing(NULL, NULL, NULL, NULL) $$, 'officer'),
	($$ SELECT citycredit.recognize_listing(NULL) $$, 'officer'),
	($$ SELECT citycredit.remove_listing(NULL, NULL, NULL) $$, 'officer'),
	($$ SELECT citycredit.import_listing(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL) $$, 'officer'),
	($$ SELECT sender FROM citycredit.policy_opinion $$, 'auditor policy_editor'),
	($$ SELECT citycredit.withdraw_policy('regress-none', '1', 'x') $$, 'policy_editor'),
	($$ SELECT score, band FROM citycredit.rating $$, 'analyst auditor officer'),
	($$ SELECT reason FROM citycredit.rating $$, 'auditor officer'),
	($$ UPDATE citycredit.rating SET band = 'A' $$, ''),
	($$ INSERT INTO citycredit.rating_cycle DEFAULT VALUES $$, ''),
	($$ SELECT * FROM citycredit.rating_due $$, 'analyst auditor officer'),
	($$ SELECT * FROM citycredit.rating_current $$, 'analyst auditor officer'),
	($$ SELECT * FROM citycredit.stat_rating $$, 'analyst auditor officer'),
	($$ SELECT * FROM citycredit.grade_gap $$, 'analyst auditor officer'),
	($$ SELECT * FROM citycredit.stat_grade_gap $$, 'analyst auditor officer'),
	($$ SELECT citycredit.close_cycle('regress-none', '2024') $$, 'officer'),
	($$ SELECT citycredit.publish_rating('regress-none', '2024') $$, 'officer'),
	($$ SELECT citycredit.correct_rating('91420684MA4927PJ7B', 'regress-none', '2024', 'x') $$, 'officer'),
	($$ SELECT citycredit.decide_correction(0, 'refused', 'x') $$, 'officer'),
	($$ SELECT * FROM citycredit.reclose_check('regress-none', '2024') $$, 'auditor officer'),
	($$ SELECT citycredit.open_gap_review('91420684MA4927PJ7B', 'a', 'b', 'c', '{"days": 1}') $$, 'officer'),
	($$ SELECT count(*) FROM citycredit.publicity_regime $$, 'analyst auditor officer policy_editor'),
	($$ INSERT INTO citycredit.publicity_class (regime, class, term, value, mark) VALUES ('2026', 'minor', 'penalty_kind', 'fine', 'assumption') $$, 'policy_editor'),
	($$ INSERT INTO citycredit.publicity_parameter (name, value) VALUES ('openness', 'public') $$, 'policy_editor'),
	($$ INSERT INTO citycredit.publicity_parameter (name, value, entered_by) VALUES ('openness', 'public', 'x') $$, ''),
	($$ UPDATE citycredit.publicity_parameter SET approved_on = '2024-03-01', approved_by = 'x' $$, ''),
	($$ SELECT citycredit.approve_publicity_rule(0) $$, 'policy_editor'),
	($$ SELECT citycredit.determine_publicity('91420684MA4927PJ7B', gen_random_uuid(), 'class', 'minor', 'x') $$, 'officer'),
	($$ SELECT citycredit.approve_publicity('91420684MA4927PJ7B', gen_random_uuid(), 1) $$, 'officer'),
	($$ INSERT INTO citycredit.publicity_setting DEFAULT VALUES $$, ''),
	($$ SELECT citycredit._set_publicity('91420684MA4927PJ7B', gen_random_uuid(), 'maximum', 'yes', 'x') $$, ''),
	($$ SELECT * FROM citycredit.publicity('91420684MA4927PJ7B', gen_random_uuid()) $$, 'auditor officer'),
	($$ SELECT count(*) FROM citycredit.publicity_undetermined $$, 'auditor officer'),
	($$ SELECT count(*) FROM citycredit.publicity_difference $$, 'auditor officer'),
	($$ SELECT count(*) FROM citycredit.publicity_deadline $$, 'auditor officer'),
	($$ SELECT count(*) FROM citycredit.stat_publicity $$, 'analyst auditor officer'),
	($$ SELECT count(*) FROM citycredit.person_minor $$, ''),
	($$ SELECT citycredit.mark_minor('PELDB1FB2CB0F37UX8', '2025-01-01') $$, 'officer'),
	($$ SELECT * FROM citycredit.published_penalty $$, 'publisher'),
	($$ SELECT * FROM citycredit.published_permit $$, 'publisher'),
	($$ SELECT * FROM citycredit.published_act $$, 'publisher'),
	($$ SELECT * FROM citycredit.published_commitment $$, 'publisher'),
	($$ SELECT * FROM citycredit.published_rating $$, 'publisher'),
	($$ SELECT * FROM citycredit.published_repair $$, 'publisher'),
	($$ SELECT * FROM citycredit.red_list $$, 'publisher'),
	($$ SELECT * FROM citycredit.black_list $$, 'publisher'),
	($$ SELECT * FROM citycredit.watch_list $$, 'publisher'),
	($$ SELECT citycredit.grant_profile('regress_nobody', 'auditor') $$, ''),
	($$ SELECT citycredit.revoke_profile('regress_nobody', 'auditor') $$, ''),
	($$ SELECT citycredit.drop_registry(true) $$, ''),
	($$ CREATE TABLE citycredit.regress_own (x integer) $$, ''),
	-- who could choose the day could end an objection period, or see what publication has ended
	($$ SET LOCAL citycredit.today = '2030-01-01' $$, '');
SELECT is(string_agg(r.profile, ' ' ORDER BY r.profile), nullif(a.permitted, ''), btrim(regexp_replace(a.statement, '\s+', ' ', 'g')))
  FROM attempt AS a
  LEFT JOIN LATERAL (SELECT coalesce(o.profile, 'nobody') AS profile FROM role_of AS o
                 CROSS JOIN LATERAL pg_temp.refusal(o.role::text, a.statement) AS f
                 WHERE f.code IS DISTINCT FROM '42501') AS r ON true
 GROUP BY a.n, a.statement, a.permitted
 ORDER BY a.n;

-- ---------------------------------------------------------------------------
-- All of it: what the roles have is the matrix, for whatever is in the schema
-- ---------------------------------------------------------------------------
SELECT set_eq($$
	SELECT o.profile, c.relname::text, p.privilege
	  FROM role_of AS o
	 CROSS JOIN pg_class AS c
	 CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p (privilege)
	 WHERE c.relnamespace = 'citycredit'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND has_table_privilege(o.role, c.oid, p.privilege) $$,
	$$ SELECT profile, object, privilege FROM profile_privilege WHERE columns IS NULL AND all_but IS NULL AND privilege NOT IN ('EXECUTE', 'USAGE') $$,
	'rights on relations');
SELECT set_eq($$
	SELECT o.profile, c.relname::text, p.privilege, a.attname::text
	  FROM role_of AS o
	 CROSS JOIN pg_class AS c
	  JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
	 CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) AS p (privilege)
	 WHERE c.relnamespace = 'citycredit'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
	   AND has_column_privilege(o.role, c.oid, a.attnum, p.privilege) AND NOT has_table_privilege(o.role, c.oid, p.privilege) $$,
	$$ SELECT p.profile, p.object, p.privilege, u.name FROM profile_privilege AS p CROSS JOIN LATERAL unnest(p.columns) AS u (name)
	   UNION ALL
	   SELECT p.profile, p.object, p.privilege, a.attname::text
	     FROM profile_privilege AS p JOIN pg_attribute AS a ON a.attrelid = to_regclass(format('citycredit.%I', p.object))
	    WHERE a.attnum > 0 AND NOT a.attisdropped AND a.attname <> ALL (p.all_but) $$,
	'rights on columns');
SELECT set_eq($$
	SELECT DISTINCT o.profile, p.proname::text
	  FROM role_of AS o
	 CROSS JOIN pg_proc AS p
	 WHERE p.pronamespace = 'citycredit'::regnamespace AND has_function_privilege(o.role, p.oid, 'EXECUTE') AND NOT has_function_privilege('public', p.oid, 'EXECUTE') $$,
	$$ SELECT profile, object FROM profile_privilege WHERE privilege = 'EXECUTE' $$,
	'rights on functions');
SELECT set_eq($$
	SELECT o.profile, c.relname::text, p.privilege
	  FROM role_of AS o
	 CROSS JOIN pg_class AS c
	 CROSS JOIN unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) AS p (privilege)
	 WHERE c.relnamespace = 'citycredit'::regnamespace AND c.relkind = 'S' AND has_sequence_privilege(o.role, c.oid, p.privilege) $$,
	$$ SELECT profile, object, privilege FROM profile_privilege WHERE privilege = 'USAGE' $$,
	'rights on sequences');

-- ---------------------------------------------------------------------------
-- Revoking; two profiles; who may grant
-- ---------------------------------------------------------------------------
CREATE ROLE regress_two;
SELECT grant_profile('regress_two', 'analyst'), grant_profile('regress_two', 'auditor') \g /dev/null
SELECT lives_ok($$ SELECT revoke_profile('regress_two', 'auditor') $$, 'one of two profiles is revoked');
SELECT results_eq($$
	SELECT p.profile, bool_and(r.granted) FROM (SELECT DISTINCT profile FROM profile_privilege) AS p
	 CROSS JOIN LATERAL _profile_right('regress_two', p.profile) AS r GROUP BY 1 HAVING bool_and(r.granted) $$,
	$$ VALUES ('analyst', true) $$, 'the other is whole');
SELECT is(r.code, '42501', 'and nothing of the first is left') FROM pg_temp.refusal('regress_two', 'SELECT document FROM citycredit.credit_record') AS r;
SELECT revoke_profile('regress_two', 'analyst') \g /dev/null
SELECT ok(NOT has_schema_privilege('regress_two', 'citycredit', 'USAGE')
	AND NOT EXISTS (SELECT FROM pg_class AS c WHERE c.relnamespace = 'citycredit'::regnamespace AND has_any_column_privilege('regress_two', c.oid, 'SELECT')),
	'without a profile nothing is left');

ALTER TABLE intake_act RENAME TO regress_gone;
SELECT throws_ok($$ SELECT grant_profile('regress_two', 'etl') $$, '42P01', NULL, 'a profile of which an object is missing is refused');
ALTER TABLE regress_gone RENAME TO intake_act;

SET LOCAL client_min_messages = error;
-- GRANT only warns whoever has a right without the option to pass it on
GRANT EXECUTE ON FUNCTION grant_profile(regrole, text), _profile_right(regrole, text) TO regress_publisher;
GRANT SELECT ON profile_privilege TO regress_publisher;
SELECT is(r.code, '42501', 'a profile is not passed on by those who have it'), matches(r.detail, 'SELECT ON citycredit.red_list', '  and it says what was not granted')
  FROM pg_temp.refusal('regress_publisher', $$ SELECT citycredit.grant_profile('regress_nobody', 'publisher') $$) AS r;

SELECT * FROM finish();
ROLLBACK;
