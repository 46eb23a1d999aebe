-- tap_policy_life.sql -- the life of a version: draft, consultation with opinions, adopted, published, withdrawn; and no step beside these
\set ECHO none
\i test/include/engine.psql
SELECT plan(105);
GRANT EXECUTE ON FUNCTION open_consultation, receive_opinion, answer_opinion, withdraw_policy, record_policy_publication TO regress_author, regress_adopter;
GRANT SELECT ON policy_step, policy_opinion, policy_gap TO regress_author, regress_adopter;

-- Version V of a measure of its own, in force on the days D.
CREATE FUNCTION pg_temp.load(yaml text, version text, days text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('role', 'regress_author', true);
	PERFORM load_policy(replace(replace(replace(yaml, 'policy: regress-plain', 'policy: regress-life'), 'version: "1"', format('version: "%s"', version)),
	                            'in_force: {from: 2020-01-01}', format('in_force: {%s}', days)));
	PERFORM set_config('role', 'none', true);
END
$$;
INSERT INTO record (subject, kind, document, authority, source, field, state, valid_from)
VALUES ('91110000600037341L', 'participation', 'E1', '11320400014109573H', 'regress', 'waste', 'taking_part', '2023-01-01');

-- ---------------------------------------------------------------------------
-- Consultation
-- ---------------------------------------------------------------------------
SELECT pg_temp.load(:'plain', '1', 'from: 2024-05-01') \g /dev/null
SELECT is(r.code, v.code, v.what), is(r.message, v.message, '  with its message'), matches(concat_ws(' ', r.detail, r.hint), v.says, '  and says what to do')
  FROM (VALUES
	(1, $$ SELECT open_consultation('regress-life', '9', '2024-03-31') $$, '42704', 'version "9" of policy "regress-life" does not exist', 'load_policy', 'a version that is none'),
	(2, $$ SELECT open_consultation('regress-life', '1', '2024-02-29') $$, '22023', 'a consultation cannot end on 2024-02-29', '2024-03-01 at the earliest', 'a consultation that would be over'),
	(3, $$ SELECT open_consultation('regress-life', '1', NULL) $$, '22023', 'a consultation cannot end on no day', '2024-03-01 at the earliest', 'one without end'),
	(4, $$ SELECT receive_opinion('regress-life', '1', '某协会', '过严') $$, '55000', 'receive_opinion() does not fit version "1" of policy "regress-life": its status is "draft"',
	 'DELETE, adopt_policy, open_consultation, withdraw_policy', 'an opinion on a draft that is not out'),
	(5, $$ SELECT record_policy_publication('regress-life', '1', '2024-02-01') $$, '55000',
	 'record_policy_publication() does not fit version "1" of policy "regress-life": its status is "draft"', 'policy_step', 'publication of what is not adopted')
  ) AS v (n, statement, code, message, says, what)
 CROSS JOIN LATERAL pg_temp.refusal('regress_author', v.statement) AS r ORDER BY v.n;
SET LOCAL ROLE regress_author;
SELECT lives_ok($$ SELECT open_consultation('regress-life', '1', '2024-03-20') $$, 'the author opens the consultation');
RESET ROLE;
SELECT results_eq($$ SELECT status, consultation_from, consultation_until FROM policy WHERE policy = 'regress-life' $$,
	$$ VALUES ('consultation', date '2024-03-01', date '2024-03-20') $$, 'with first and last day');
SELECT is_empty($$ SELECT * FROM standing WHERE policy = 'regress-life' $$, 'it changes no standing');
SELECT is(r.code, v.code, v.what), is(r.message, v.message, '  with its message'), matches(concat_ws(' ', r.detail, r.hint), v.says, '  and says what to do')
  FROM (VALUES
	(1, $$ SELECT open_consultation('regress-life', '1', '2024-03-20') $$, '22023', 'a consultation cannot end on 2024-03-20', '2024-03-21 at the earliest.*not shortened', 'a consultation that is no longer'),
	(2, $$ SELECT open_consultation('regress-life', '1', '2024-03-10') $$, '22023', 'a consultation cannot end on 2024-03-10', '2024-03-21 at the earliest.*not shortened', 'a shorter one'),
	(3, $$ SELECT receive_opinion('regress-life', '1', '某协会', '过严', '2024-02-29') $$, '22023', 'an opinion cannot have been received on 2024-02-29',
	 'from 2024-03-01 through 2024-03-20', 'an opinion before the first day'),
	(4, $$ SELECT receive_opinion('regress-life', '1', '某协会', '过严', '2024-03-02') $$, '22023', 'an opinion cannot have been received on 2024-03-02', 'today is 2024-03-01', 'one to come'),
	(5, $$ SELECT receive_opinion('regress-life', '1', ' ', '过严') $$, '22023', 'an opinion needs sender and text', '', 'one of nobody'),
	(6, $$ SELECT adopt_policy('regress-life', '1') $$, '55000', 'the consultation on version "1" of policy "regress-life" is not over', '2024-03-20; today is 2024-03-01.*withdraw_policy', 'adoption before the end')
  ) AS v (n, statement, code, message, says, what)
 CROSS JOIN LATERAL pg_temp.refusal('regress_adopter', v.statement) AS r ORDER BY v.n;
SET LOCAL ROLE regress_author;
SELECT open_consultation('regress-life', '1', '2024-03-25') \g /dev/null
SELECT receive_opinion('regress-life', '1', '某协会', '第五条过严') AS first_opinion \gset
SELECT receive_opinion('regress-life', '1', '王某', '赞成') AS second_opinion \gset
RESET ROLE;
SELECT results_eq($$ SELECT sender, opinion, received_on, entered_by, result FROM policy_opinion ORDER BY opinion_id $$,
	$$ VALUES ('某协会', '第五条过严', date '2024-03-01', 'regress_author', NULL), ('王某', '赞成', '2024-03-01', 'regress_author', NULL) $$, 'opinions are kept as they came');
SET LOCAL citycredit.today = '2024-03-25';
SELECT is(r.code, '55000', 'the last day is a day of the consultation') FROM pg_temp.refusal('regress_adopter', $$ SELECT adopt_policy('regress-life', '1') $$) AS r;
SELECT is(r.code, NULL, '  on which opinions are received') FROM pg_temp.refusal('regress_author', $$ SELECT receive_opinion('regress-life', '1', '李某', '附则不明') $$) AS r;
SELECT max(opinion_id) AS third_opinion FROM policy_opinion \gset
SET LOCAL citycredit.today = '2024-03-26';
SELECT is(r.code, '22023', 'the day after is none') FROM pg_temp.refusal('regress_author', $$ SELECT receive_opinion('regress-life', '1', '赵某', '晚了') $$) AS r;
SELECT is(r.code, '55000', 'opinions unanswered: no adoption'), is(r.message, 'opinions on version "1" of policy "regress-life" are unanswered', '  with its message'),
       matches(concat_ws(' ', r.detail, r.hint), '3 of them.*answer_opinion', '  and says how many')
  FROM pg_temp.refusal('regress_adopter', $$ SELECT adopt_policy('regress-life', '1') $$) AS r;
SELECT is(r.code, v.code, v.what), is(r.message, v.message, '  with its message')
  FROM (VALUES
	(1, 'SELECT answer_opinion(0, $$taken$$, $$好$$)', '42704', 'opinion 0 does not exist', 'an answer to nothing'),
	(2, format('SELECT answer_opinion(%s, $$maybe$$, $$好$$)', :first_opinion), '22023', 'an answer needs a result and a text', 'an answer that is none'),
	(3, format('SELECT answer_opinion(%s, $$not_taken$$, $$ $$)', :first_opinion), '22023', 'an answer needs a result and a text', 'one without words')
  ) AS v (n, statement, code, message, what)
 CROSS JOIN LATERAL pg_temp.refusal('regress_author', v.statement) AS r ORDER BY v.n;
SET LOCAL ROLE regress_author;
SELECT lives_ok(format('SELECT answer_opinion(%s, $$partly$$, $$第五条已调整为上限$$)', :first_opinion), 'an answer');
SELECT answer_opinion(:second_opinion, 'taken', '感谢'), answer_opinion(:third_opinion, 'not_taken', '附则依上位法') \g /dev/null
RESET ROLE;
SELECT results_eq(format('SELECT result, answer, answered_by, answered_on FROM policy_opinion WHERE opinion_id = %s', :first_opinion),
	$$ VALUES ('partly', '第五条已调整为上限', 'regress_author', date '2024-03-26') $$, 'is kept, with who and when');
SELECT is(r.code, '55000', 'no second answer'), is(r.message, format('opinion %s is answered already', :first_opinion), '  with its message')
  FROM pg_temp.refusal('regress_adopter', format('SELECT answer_opinion(%s, $$taken$$, $$好$$)', :first_opinion)) AS r;
SELECT throws_ok(v.statement, '55000', v.message, v.what)
  FROM (VALUES
	(1, $$ UPDATE policy_opinion SET opinion = '好' $$, 'cannot update opinions', 'nobody rewrites an opinion'),
	(2, $$ UPDATE policy_opinion SET answer = '好' $$, 'cannot update opinions', 'nor an answer'),
	(3, $$ DELETE FROM policy_opinion $$, 'cannot delete opinions', 'nor takes it away'),
	(4, $$ TRUNCATE policy_opinion $$, 'cannot truncate opinions', 'nor all of them'),
	(5, $$ DELETE FROM policy WHERE policy = 'regress-life' $$, 'cannot change version "1" of policy "regress-life"', 'nor what was consulted on')
  ) AS v (n, statement, message, what) ORDER BY v.n;
SELECT is(r.code, NULL, 'after the consultation, everything answered, it is adopted')
  FROM pg_temp.refusal('regress_adopter', $$ SELECT adopt_policy('regress-life', '1') $$) AS r;
SELECT results_eq($$ SELECT status, adopted_by, adopted_on, published_on::text FROM policy WHERE policy = 'regress-life' $$,
	$$ VALUES ('adopted', 'regress_adopter', date '2024-03-26', NULL::text) $$, 'its publication is not known yet');

-- ---------------------------------------------------------------------------
-- Publication: nothing adverse reaches back
-- ---------------------------------------------------------------------------
SELECT is(r.code, v.code, v.what), is(r.message, v.message, '  with its message'), matches(concat_ws(' ', r.detail, r.hint), v.says, '  and says why')
  FROM (VALUES
	(1, 'regress_author', $$ SELECT record_policy_publication('regress-life', '1', '2024-03-26') $$, '42501', 'cannot record the publication of a policy one has loaded oneself', 'Another person', 'the author does not say when'),
	(2, 'regress_adopter', $$ SELECT record_policy_publication('regress-life', '1', '2024-03-27') $$, '22023', 'day of publication 2024-03-27 is to come', 'on the day', 'a day to come'),
	(3, 'regress_adopter', $$ SELECT record_policy_publication('regress-life', '1', NULL) $$, '22004', 'no day of publication given', '', 'no day'),
	(4, 'regress_adopter', $$ SELECT record_policy_publication('regress-life', '1', '2024-03-20', '减轻') $$, '22023', 'version "1" of policy "regress-life" needs no declaration that it is favourable',
	 'Leave favourable out', 'a declaration that nothing needs')
  ) AS v (n, who, statement, code, message, says, what)
 CROSS JOIN LATERAL pg_temp.refusal(v.who, v.statement) AS r ORDER BY v.n;
SELECT is(r.code, NULL, 'the publication is recorded') FROM pg_temp.refusal('regress_adopter', $$ SELECT record_policy_publication('regress-life', '1', '2024-03-20') $$) AS r;
SELECT is(r.code, '55000', '  once') FROM pg_temp.refusal('regress_adopter', $$ SELECT record_policy_publication('regress-life', '1', '2024-03-21') $$) AS r;
SELECT throws_ok($$ UPDATE policy SET published_on = '2024-03-01' WHERE policy = 'regress-life' $$, '55000', NULL, '  and stays');

SELECT pg_temp.load(:'plain', '0', 'from: 2024-03-01, until: 2024-03-31') \g /dev/null
SELECT is(r.code, '23514', 'in force before its publication: refused'), is(r.message, 'version "0" of policy "regress-life" would be in force before its publication', '  with its message'),
       matches(concat_ws(' ', r.detail, r.hint), '2024-03-01 and was published on 2024-03-20.*favourable', '  and says how it could be')
  FROM pg_temp.refusal('regress_adopter', $$ SELECT adopt_policy('regress-life', '0', '2024-03-20') $$) AS r;
SELECT is(r.code, '23514', 'a declaration needs a reason') FROM pg_temp.refusal('regress_adopter', $$ SELECT adopt_policy('regress-life', '0', '2024-03-20', ' ') $$) AS r;
SELECT throws_ok($$ UPDATE policy SET status = 'adopted', adopted_by = 'x', adopted_at = now(), adopted_on = '2024-03-26', published_on = '2024-03-20' WHERE version = '0' AND policy = 'regress-life' $$,
	'23514', 'new row for relation "policy" violates check constraint "policy_not_retroactive"', 'not by the table either');
SELECT is(r.code, NULL, 'declared favourable by the adopter, it is adopted')
  FROM pg_temp.refusal('regress_adopter', $$ SELECT adopt_policy('regress-life', '0', '2024-03-20', '仅减少扣分') $$) AS r;
SELECT results_eq($$ SELECT published_on, favourable, favourable_by FROM policy WHERE policy = 'regress-life' AND version = '0' $$,
	$$ VALUES (date '2024-03-20', '仅减少扣分', 'regress_adopter') $$, '  and the declaration is kept');
SELECT pg_temp.load(:'plain', '2', 'from: 2024-04-01, until: 2024-04-10') \g /dev/null
SET LOCAL citycredit.today = '2024-04-01';
SELECT is(r.code, NULL, 'in force on the day of its publication is not before it')
  FROM pg_temp.refusal('regress_adopter', $$ SELECT adopt_policy('regress-life', '2', '2024-04-01') $$) AS r;

-- ---------------------------------------------------------------------------
-- Days: one version each, and the days of none
-- ---------------------------------------------------------------------------
SELECT results_eq($$ SELECT version, gap_from, gap_until, next_version FROM policy_gap WHERE policy = 'regress-life' $$,
	$$ VALUES ('2', date '2024-04-11', date '2024-04-30', '1') $$, 'the days between versions');
SELECT is(r.code, '22023', 'a day in no version is an error'), is(r.message, 'policy "regress-life" does not cover 2024-04-20', '  with its message'),
       matches(r.detail, '^No version is in force from 2024-04-11 through 2024-04-30\. In force: version 0 from 2024-03-01', '  that names the gap')
  FROM pg_temp.refusal($$ SELECT * FROM evaluate('91110000600037341L', 'regress-life', '2024-04-20') $$) AS r;
SELECT is(r.code, '22023', '  for the explanation too') FROM pg_temp.refusal($$ SELECT * FROM explain('91110000600037341L', 'regress-life', '2024-04-20') $$) AS r;
CREATE FUNCTION pg_temp.on_day(day date) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('citycredit.today', to_char(day, 'YYYY-MM-DD'), true);
	RETURN coalesce((SELECT format('%s until %s', s.version, to_char(s.next_change_on, 'YYYY-MM-DD')) FROM standing AS s WHERE s.policy = 'regress-life'), 'none')
		|| coalesce(' wrong: ' || (SELECT string_agg(v.problem, ', ') FROM verify_standings() AS v), '');
END
$$;
SELECT results_eq($$ SELECT d, pg_temp.on_day(d::date) FROM unnest(ARRAY['2024-04-01', '2024-04-10', '2024-04-11', '2024-04-30', '2024-05-01']) AS d $$,
	$$ VALUES ('2024-04-01', '2 until 2024-04-11'), ('2024-04-10', '2 until 2024-04-11'), ('2024-04-11', 'none'), ('2024-04-30', 'none'), ('2024-05-01', '1 until ') $$,
	'the standing ends with the version and begins with the next, whatever was stored');
SET LOCAL citycredit.today = '2024-04-11';
SELECT refresh() \g /dev/null
SELECT is((SELECT next_change_on FROM standing_stored AS s WHERE s.policy_id = (SELECT DISTINCT policy_id FROM policy WHERE policy = 'regress-life')), '2024-05-01',
	'in a gap the next change is the first day of the next version');
SELECT is(pg_temp.on_day('2024-05-01'), '1 until ', '  on which it is right without a job');
SELECT throws_ok(format($$ INSERT INTO policy (policy, version, policy_id, title, issuer, example, in_force_from, in_force_until, status, author, adopted_by, adopted_at, adopted_on, digest, yaml)
	SELECT policy, '7', policy_id, title, issuer, example, '2024-03-31', '2024-04-01', 'adopted', 'a', 'b', now(), '2024-04-01', digest, yaml FROM policy WHERE policy = 'regress-life' AND version = '1' $$),
	'23P01', 'conflicting key value violates exclusion constraint "policy_one_version_a_day"', 'two versions on one day: not by the table either');

-- ---------------------------------------------------------------------------
-- Withdrawal
-- ---------------------------------------------------------------------------
SELECT pg_temp.load(:'plain', '8', 'from: 2030-01-01') \g /dev/null
SELECT is(r.code, '22023', 'a withdrawal needs a reason') FROM pg_temp.refusal('regress_author', $$ SELECT withdraw_policy('regress-life', '8', ' ') $$) AS r;
SELECT is(r.code, NULL, 'a draft is withdrawn') FROM pg_temp.refusal('regress_author', $$ SELECT withdraw_policy('regress-life', '8', '改由市级办法规定') $$) AS r;
SELECT results_eq($$ SELECT status, withdrawn_by, withdrawn_on, withdrawal_reason FROM policy WHERE policy = 'regress-life' AND version = '8' $$,
	$$ VALUES ('withdrawn', 'regress_author', date '2024-05-01', '改由市级办法规定') $$, '  and stays, with who, when and why');
SELECT is(r.code, '55000', v.what), matches(r.detail, 'Next steps: none|Next steps: record_policy_publication', '  and says what is next')
  FROM (VALUES
	(1, $$ SELECT adopt_policy('regress-life', '8') $$, 'what is withdrawn is not adopted'),
	(2, $$ SELECT open_consultation('regress-life', '8', '2025-01-01') $$, 'nor consulted on'),
	(3, $$ SELECT withdraw_policy('regress-life', '8', '再次') $$, 'nor withdrawn again'),
	(4, $$ SELECT withdraw_policy('regress-life', '1', '后悔') $$, 'an adopted version is not withdrawn')
  ) AS v (n, statement, what)
 CROSS JOIN LATERAL pg_temp.refusal('regress_adopter', v.statement) AS r ORDER BY v.n;

-- the catalogue is what the guard does: each pair of statuses that it does not name is refused
SELECT pg_temp.load(:'plain', 'draft', 'from: 2010-01-01, until: 2010-12-31'), pg_temp.load(:'plain', 'consultation', 'from: 2011-01-01, until: 2011-12-31') \g /dev/null
SELECT is(r.code, NULL, 'a draft to be consulted on') FROM pg_temp.refusal('regress_author', $$ SELECT open_consultation('regress-life', 'consultation', '2024-06-01') $$) AS r;
CREATE FUNCTION pg_temp.can_become(which text, becomes text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
	UPDATE policy SET status = becomes,
	       consultation_from = CASE WHEN becomes = 'consultation' THEN coalesce(consultation_from, '2024-05-01') ELSE consultation_from END,
	       consultation_until = CASE WHEN becomes = 'consultation' THEN coalesce(consultation_until, '2024-05-02') ELSE consultation_until END,
	       adopted_by = CASE WHEN becomes = 'adopted' THEN coalesce(adopted_by, 'x') END,
	       adopted_at = CASE WHEN becomes = 'adopted' THEN coalesce(adopted_at, now()) END,
	       adopted_on = CASE WHEN becomes = 'adopted' THEN coalesce(adopted_on, '2024-05-01') END,
	       published_on = CASE WHEN becomes = 'adopted' THEN published_on END,
	       withdrawn_by = CASE WHEN becomes = 'withdrawn' THEN coalesce(withdrawn_by, 'x') END,
	       withdrawn_on = CASE WHEN becomes = 'withdrawn' THEN coalesce(withdrawn_on, '2024-05-01') END,
	       withdrawal_reason = CASE WHEN becomes = 'withdrawn' THEN coalesce(withdrawal_reason, 'x') END
	 WHERE policy = 'regress-life' AND version = which;
	RAISE SQLSTATE 'ZZ000';
EXCEPTION
	WHEN SQLSTATE 'ZZ000' THEN RETURN true;
	WHEN object_not_in_prerequisite_state THEN RETURN false;
END
$$;
SELECT set_eq($$ SELECT f.status, t.status AS becomes FROM (VALUES ('draft', 'draft'), ('consultation', 'consultation'), ('adopted', '1'), ('withdrawn', '8')) AS f (status, version)
                  CROSS JOIN (VALUES ('draft'), ('consultation'), ('adopted'), ('withdrawn')) AS t (status)
                 WHERE f.status <> t.status AND pg_temp.can_become(f.version, t.status) $$,
	$$ SELECT DISTINCT status, leads_to FROM policy_step WHERE status <> leads_to $$, 'statuses change as the catalogue of steps says, and in no other way');
SELECT * FROM finish();
ROLLBACK;
