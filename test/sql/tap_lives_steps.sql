-- tap_lives_steps.sql -- every kind of proceeding, in every state, every event by every role: taken where the table of steps says so, refused where it does not
--
-- The table of steps is all that is believed here. From it the test finds its own way into every state, and says beforehand what each attempt must come to. What an
-- instance adds to its steps is out of the way: it has tests of its own.
\set ECHO none
\i test/include/proceeding.psql
\i test/include/lives.psql
SELECT plan(15);

DO $$
DECLARE
	hook regprocedure;
BEGIN
	FOR hook IN SELECT p.oid FROM pg_proc AS p JOIN proceeding_kinds() AS k ON p.proname = '_on_' || k.kind WHERE p.pronamespace = 'citycredit'::regnamespace LOOP
		EXECUTE format('ALTER FUNCTION %s RENAME TO %I', hook, 'regress_hook_' || hook::oid);
	END LOOP;
END
$$;

-- ---------------------------------------------------------------------------
-- Attempts, and ways into the states
-- ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.open_bare(p proceeding, event text, details jsonb) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = citycredit, pg_temp AS $$
	SELECT _open_proceeding('91110000600037341L', p.kind, event, '城管局', p.about, NULL, NULL, '{}', p.on_overdue, details, NULL)
$$;
CREATE FUNCTION pg_temp.call(p proceeding, event text, details jsonb) RETURNS text LANGUAGE sql AS $$
	SELECT CASE WHEN p.state IS NULL THEN format('SELECT pg_temp.open_bare(%L, %L, %L)', p, event, details)
	            ELSE format('SELECT advance_proceeding(%L, %s, %L, %L)', p.subject, p.proceeding_id, event, details) END
$$;
-- A proceeding led by steps of its table into a state: each on a day of its own, or when what it waits for is over, by the first role that may.
CREATE FUNCTION pg_temp.lead(kind text, way integer[], on_overdue jsonb DEFAULT '{}') RETURNS proceeding LANGUAGE plpgsql AS $$
DECLARE
	p proceeding;
	s step;
	number integer;
	r role;
	details jsonb;
	answer text;
BEGIN
	PERFORM set_config('citycredit.today', '2026-03-02', true);
	p.kind := kind;
	p.subject := '91110000600037341L';
	p.about := jsonb_build_object('matter', (SELECT count(*) FROM proceeding));
	p.on_overdue := on_overdue;
	FOREACH number IN ARRAY way LOOP
		SELECT * INTO STRICT s FROM step AS t WHERE t.kind = p.kind AND t.step = number;
		PERFORM set_config('citycredit.today', to_char(greatest(today(), (SELECT max(d.due_on) FROM proceeding_deadline AS d WHERE d.proceeding_id = p.proceeding_id AND d.name = ANY (s.after))) + 1,
			'YYYY-MM-DD'), true);
		IF s.overdue IS NOT NULL THEN
			PERFORM run_due();
		ELSE
			SELECT * INTO STRICT r FROM role AS o WHERE pg_temp.foretold(p, s.event, o) IS NULL ORDER BY o.n LIMIT 1;
			answer := pg_temp.run(r.role, pg_temp.call(p, s.event, pg_temp.papers(s)));
		END IF;
		SELECT * INTO STRICT p FROM proceeding AS o WHERE o.proceeding_id = CASE WHEN p.state IS NULL THEN answer::bigint ELSE p.proceeding_id END;
	END LOOP;
	RETURN p;
END
$$;
-- the shortest way into each state, without what a department's silence does
CREATE TEMPORARY TABLE way AS
WITH RECURSIVE found (kind, state, way) AS (
	SELECT s.kind, s.to_state, ARRAY[s.step] FROM step AS s WHERE s.from_state IS NULL
	UNION ALL
	SELECT s.kind, s.to_state, f.way || s.step FROM found AS f JOIN step AS s ON s.kind = f.kind AND s.from_state = f.state
	 WHERE coalesce(s.overdue, 'lapse') = 'lapse' AND s.step <> ALL (f.way) AND cardinality(f.way) < 8)
SELECT DISTINCT ON (kind, state) kind, state, way FROM found ORDER BY kind, state, cardinality(way), way;
CREATE TEMPORARY TABLE answer (kind text, state text, event text, role text, what text, foretold text, code text, message text, detail text, hint text, rule text);

-- The day on which a step can be taken: when what it waits for is over.
CREATE FUNCTION pg_temp.ripe(p proceeding, s step) RETURNS date LANGUAGE sql AS $$
	SELECT greatest(p.last_on, today(), (SELECT max(d.due_on) + 1 FROM proceeding_deadline AS d WHERE d.proceeding_id = p.proceeding_id AND d.name = ANY (s.after)))
$$;

-- ---------------------------------------------------------------------------
-- Every event by every role in every state
-- ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.try_events(p proceeding) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	day CONSTANT text := current_setting('citycredit.today');
	s step;
	r role;
BEGIN
	FOR s IN SELECT DISTINCT ON (t.event) t.* FROM step AS t WHERE t.kind = p.kind ORDER BY t.event, (t.from_state IS NOT DISTINCT FROM p.state) DESC LOOP
		IF s.from_state = p.state AND s.overdue IS NULL THEN
			PERFORM set_config('citycredit.today', pg_temp.ripe(p, s)::text, true);
		END IF;
		FOR r IN SELECT * FROM role LOOP
			INSERT INTO answer SELECT p.kind, p.state, s.event, r.role, 'as it is', pg_temp.foretold(p, s.event, r), a.*
			  FROM pg_temp.attempt(r.role, pg_temp.call(p, s.event, pg_temp.papers(s))) AS a;
		END LOOP;
		PERFORM set_config('citycredit.today', day, true);
	END LOOP;
END
$$;
-- Each of the details that a step needs left out, or wrong, by who may take it.
CREATE FUNCTION pg_temp.try_details(p proceeding) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	day CONSTANT text := current_setting('citycredit.today');
	s step;
	r role;
	full_set jsonb;
	v record;
BEGIN
	FOR s IN SELECT * FROM step AS t WHERE t.kind = p.kind AND t.from_state IS NOT DISTINCT FROM p.state AND t.who <> '{system}' LOOP
		SELECT * INTO STRICT r FROM role AS o WHERE pg_temp.foretold(p, s.event, o) IS NULL ORDER BY o.n LIMIT 1;
		PERFORM set_config('citycredit.today', pg_temp.ripe(p, s)::text, true);
		full_set := pg_temp.papers(s);
		FOR v IN
			SELECT 'without ' || d.key AS what, today() AS day, full_set - d.key AS details, '23514 proceeding_step_' || d.rule AS rule
			  FROM (VALUES ('reasons', 'reasons'), ('served_on', 'service'), ('service_method', 'service'), ('service_document', 'service')) AS d (key, rule) WHERE full_set ? d.key
			UNION ALL
			SELECT 'without evidence of ' || e.kind, today(), jsonb_set(full_set, '{evidence}', (SELECT coalesce(jsonb_agg(i), '[]') FROM jsonb_array_elements(full_set -> 'evidence') AS i WHERE i ->> 'kind' <> e.kind)),
			       '23514 proceeding_step_evidence' FROM unnest(s.evidence) AS e (kind)
			UNION ALL
			SELECT 'without the length of ' || t.name, today(), full_set #- ARRAY['terms', t.name], '23514 proceeding_step_term' FROM unnest(s.sets) AS t (name) WHERE t.name NOT LIKE '%?'
			UNION ALL
			SELECT 'without a day in ' || rtrim(t.name, '?'), today(), jsonb_set(full_set, ARRAY['terms', rtrim(t.name, '?')], '{"days": 0}'), '23514 proceeding_step_term' FROM unnest(s.sets) AS t (name)
			UNION ALL
			SELECT 'with ' || d.what, today(), full_set || d.change::jsonb, d.rule
			  FROM (VALUES ('blank reasons', '{"reasons": " "}', '22023 '), ('evidence of nothing', '{"evidence": [{"kind": "x", "reference": ""}]}', '22023 '),
			               ('a word of no meaning', '{"reason": "x"}', '22023 '), ('a period of another step', '{"terms": {"dance": {"days": 1}}}', '22023 '),
			               ('the part of time', '{"capacity": "system"}', '42501 '), ('the part of nobody', '{"capacity": "bystander"}', '42501 ')) AS d (what, change, rule)
			UNION ALL
			SELECT 'served by pigeon', today(), full_set || '{"service_method": "pigeon"}', '23514 proceeding_step_method' WHERE s.service
			UNION ALL
			SELECT 'served tomorrow', today(), full_set || jsonb_build_object('served_on', today() + 1), '22008 proceeding_step_day' WHERE s.service
			UNION ALL
			SELECT 'served before the last step', today(), full_set || jsonb_build_object('served_on', p.last_on - 1), '22008 proceeding_step_day' WHERE s.service AND p.state IS NOT NULL
			UNION ALL
			SELECT 'tomorrow', today(), full_set || jsonb_build_object('on', today() + 1), '22008 proceeding_step_day'
			UNION ALL
			SELECT 'before the last step', today(), full_set - 'served_on' || jsonb_build_object('on', p.last_on - 1) || CASE WHEN s.service THEN jsonb_build_object('served_on', p.last_on - 1) ELSE '{}' END,
			       '22008 proceeding_step_day' WHERE p.state IS NOT NULL
			UNION ALL
			SELECT 'on the last day of ' || d.name, greatest(d.due_on, p.last_on), full_set || CASE WHEN s.service THEN jsonb_build_object('served_on', greatest(d.due_on, p.last_on)) ELSE '{}' END,
			       '22008 proceeding_step_period'
			  FROM proceeding_deadline AS d WHERE d.proceeding_id = p.proceeding_id AND d.name = ANY (s.after)
			UNION ALL
			-- what the subject let pass may have ended by itself
			SELECT 'after the last day of ' || d.name, d.due_on + 1, full_set,
			       CASE WHEN EXISTS (SELECT FROM step AS t WHERE t.kind = p.kind AND t.from_state = p.state AND t.overdue = 'lapse' AND d.name = ANY (t.after)) THEN '55000 ' ELSE '22008 proceeding_step_period' END
			  FROM proceeding_deadline AS d WHERE d.proceeding_id = p.proceeding_id AND d.name = s.within
		LOOP
			PERFORM set_config('citycredit.today', v.day::text, true);
			INSERT INTO answer SELECT p.kind, p.state, s.event, r.role, v.what, v.rule, a.* FROM pg_temp.attempt(r.role, pg_temp.call(p, s.event, v.details)) AS a;
		END LOOP;
		PERFORM set_config('citycredit.today', day, true);
	END LOOP;
END
$$;
DO $$
DECLARE
	p proceeding;
	w way;
BEGIN
	FOR w IN SELECT k.kind, NULL, '{}' FROM proceeding_kinds() AS k UNION ALL SELECT * FROM way LOOP
		p := pg_temp.lead(w.kind, w.way);
		PERFORM pg_temp.try_events(p);
		PERFORM pg_temp.try_details(p);
	END LOOP;
END
$$;
SELECT set_eq('SELECT DISTINCT kind, state FROM answer', $$ SELECT k.kind, s.state FROM proceeding_kinds() AS k CROSS JOIN LATERAL proceeding_states(k.kind) AS s UNION SELECT kind, NULL FROM proceeding_kinds() $$,
	'every state of every kind was reached, and that before the first');
SELECT cmp_ok((SELECT count(*) FROM answer WHERE what = 'as it is'), '=', (SELECT count(*) FROM (SELECT DISTINCT kind, state FROM answer) AS p JOIN (SELECT DISTINCT kind, event FROM step) AS e USING (kind) CROSS JOIN role),
	'  and in each every event tried by every role');
SELECT is_empty($$ SELECT * FROM answer WHERE what = 'as it is' AND foretold IS DISTINCT FROM code || ' ' || message AND foretold IS NOT NULL $$, 'what the table does not allow is refused, for that reason');
SELECT is_empty($$ SELECT * FROM answer WHERE what = 'as it is' AND foretold IS NULL AND code IS NOT NULL $$, 'what it allows is taken');
SELECT is_empty($$ SELECT a.* FROM answer AS a JOIN step AS s ON s.kind = a.kind AND s.from_state = a.state AND s.event = a.event WHERE a.code IS NULL AND a.message <> s.to_state $$, '  and leads where it says');
SELECT set_eq($$ SELECT DISTINCT kind, state, event FROM answer WHERE code IS NULL $$, $$ SELECT kind, from_state, event FROM step WHERE who <> '{system}' $$, '  every step of every table');
SELECT is_empty($$ SELECT a.* FROM answer AS a WHERE a.code = '55000' AND a.what = 'as it is' AND a.detail IS DISTINCT FROM
	coalesce(CASE WHEN a.state IS NULL THEN 'It is opened by ' ELSE 'Legal next steps are ' END || (SELECT string_agg(format('%s (%s)', s.event, array_to_string(array_remove(s.who, 'system'), ' ')), ', ' ORDER BY s.step)
	   FROM step AS s WHERE s.kind = a.kind AND s.from_state IS NOT DISTINCT FROM a.state AND s.who <> '{system}') || '.', format('State %s is final.', a.state)) $$,
	'a step that is none is told the legal ones');
SELECT is_empty($$ SELECT * FROM answer AS a WHERE a.what <> 'as it is' AND a.foretold IS DISTINCT FROM a.code || ' ' || a.rule $$, 'each detail left out or wrong is refused, by the rule that it breaks');
SELECT set_eq($$ SELECT DISTINCT regexp_replace(what, '^(without (evidence of|the length of|a day in)|(on|after) the last day of) .*', '\1') FROM answer $$,
	$$ VALUES ('as it is'), ('without reasons'), ('without served_on'), ('without service_method'), ('without service_document'), ('without evidence of'), ('without the length of'), ('without a day in'),
	          ('with blank reasons'), ('with evidence of nothing'), ('with a word of no meaning'), ('with a period of another step'), ('with the part of time'), ('with the part of nobody'), ('served by pigeon'),
	          ('served tomorrow'), ('served before the last step'), ('tomorrow'), ('before the last step'), ('on the last day of'), ('after the last day of') $$, '  of every sort');
SELECT is_empty($$ SELECT DISTINCT code, message, detail, hint FROM answer WHERE code IS NOT NULL AND hint = '' AND detail NOT LIKE 'State % is final.' $$, 'every refusal says what to do');

-- ---------------------------------------------------------------------------
-- What time does: on the day after the period and not on its last, for whom it was said and for nobody else
-- ---------------------------------------------------------------------------
CREATE TEMPORARY TABLE passed (kind text, event text, before text, said boolean, last_day text, day_after text, wanted text, log text);
CREATE FUNCTION pg_temp.let_pass(s step, said boolean) RETURNS passed LANGUAGE plpgsql AS $$
DECLARE
	p proceeding;
	ends date;
	seen passed;
BEGIN
	p := pg_temp.lead(s.kind, (SELECT w.way FROM way AS w WHERE w.kind = s.kind AND w.state = s.from_state), CASE WHEN said AND s.overdue <> 'lapse' THEN
		(SELECT jsonb_object_agg(a.name, s.overdue) FROM unnest(s.after) AS a (name)) ELSE '{}' END);
	seen := (s.kind, s.event, s.from_state, said, NULL, NULL, CASE WHEN said THEN s.to_state ELSE s.from_state END, NULL);
	ends := (SELECT max(d.due_on) FROM proceeding_deadline AS d WHERE d.proceeding_id = p.proceeding_id AND d.name = ANY (s.after));
	PERFORM set_config('citycredit.today', ends::text, true);
	seen.last_day := (SELECT t.state FROM proceeding_today AS t WHERE t.proceeding_id = p.proceeding_id);
	PERFORM run_due();
	PERFORM set_config('citycredit.today', (ends + 1)::text, true);
	seen.day_after := (SELECT t.state FROM proceeding_today AS t WHERE t.proceeding_id = p.proceeding_id);
	PERFORM run_due(), run_due();
	seen.log := (SELECT coalesce(string_agg(format('%s %s', l.event, l.step_on - ends), ' '), '') FROM proceeding_step AS l WHERE l.proceeding_id = p.proceeding_id AND l.seq > p.last_seq);
	RETURN seen;
END
$$;
INSERT INTO passed SELECT p.* FROM step AS s CROSS JOIN (VALUES (true), (false)) AS v (said) CROSS JOIN LATERAL pg_temp.let_pass(s, v.said) AS p WHERE s.overdue IS NOT NULL AND (v.said OR s.overdue <> 'lapse');
SELECT is_empty($$ SELECT * FROM passed WHERE last_day <> before $$, 'on the last day of a period nothing has happened');
SELECT is_empty($$ SELECT * FROM passed WHERE day_after <> wanted $$, 'on the day after it has, where it is so said, though no job ran; where it is not, it has not');
SELECT is_empty($$ SELECT * FROM passed WHERE log <> CASE WHEN said THEN event || ' 1' ELSE '' END $$, '  and a job records it, for that day, once, and nothing else');
SELECT set_eq($$ SELECT kind, event, before FROM passed WHERE said $$, $$ SELECT kind, event, from_state FROM step WHERE overdue IS NOT NULL $$, '  every step of time');
SELECT is_empty('SELECT * FROM misreplayed', 'every log replays to the state of its row');
SELECT * FROM finish();
ROLLBACK;
