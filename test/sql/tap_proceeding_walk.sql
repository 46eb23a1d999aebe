-- tap_proceeding_walk.sql -- 10 000 random events: no state outside the tables, every log replays, no rule of persons or periods is broken
\set ECHO none
\i test/include/proceeding.psql
CALL pg_temp.without_instances();
SELECT plan(14);

-- the same numbers on every server
CREATE FUNCTION pg_temp.dice(n integer, what text, sides integer) RETURNS integer LANGUAGE sql AS $$
	SELECT (('x' || left(md5(n || what), 7))::bit(28)::integer % sides)
$$;
INSERT INTO department_competence (department, role, duty, valid_from) VALUES ('城管局', 'regress_north', 'decider', '2024-01-01');
UPDATE department_competence SET valid_from = '2024-01-01';
CREATE TEMPORARY TABLE answer (n integer, event text, code text, message text);

-- Walks of at most 25 events, each in a proceeding of its own that begins on 2025-01-06; where nothing is left to do, another begins. Two events of three are some that the state knows. Details mostly have
-- what a step could need; days go by; every person tries everything.
DO $$
DECLARE
	roles CONSTANT text[] := ARRAY['regress_window', 'regress_officer', 'regress_head', 'regress_second', 'regress_north', 'regress_public'];
	kinds CONSTANT text[] := ARRAY(SELECT kind FROM proceeding_kinds());
	walked CONSTANT subject_code := '91110000600037341L';
	events text[];
	one proceeding;
	kind text;
	event text;
	role text;
	day date;
	details jsonb;
	answered text;
	walk integer;
BEGIN
	FOR n IN 0 .. 9999 LOOP
		IF n % 25 = 0 OR one.state IS NOT NULL AND NOT EXISTS (SELECT FROM proceeding_table(kind) AS t WHERE t.from_state = one.state) THEN
			one := NULL;
			walk := n;
			kind := kinds[1 + pg_temp.dice(n, 'kind', cardinality(kinds))];
			day := '2025-01-06';
		END IF;
		day := day + CASE pg_temp.dice(n, 'day', 3) WHEN 0 THEN 0 WHEN 1 THEN 1 ELSE pg_temp.dice(n, 'days', 25) END;
		PERFORM set_config('citycredit.today', day::text, true);
		events := ARRAY(SELECT DISTINCT t.event FROM proceeding_table(kind) AS t
		                 WHERE pg_temp.dice(n, 'any', 3) = 0 OR t.from_state IS NOT DISTINCT FROM one.state ORDER BY 1);
		event := events[1 + pg_temp.dice(n, 'event', cardinality(events))];
		role := roles[1 + pg_temp.dice(n, 'role', cardinality(roles))];
		details := jsonb_build_object('reasons', 'x', 'served_on', day, 'service_method', 'mail', 'service_document', n::text,
			'evidence', (SELECT coalesce(jsonb_agg(DISTINCT jsonb_build_object('kind', u.kind, 'reference', 'x')), '[]') FROM proceeding_table(kind) AS t, unnest(t.evidence) AS u (kind)));
		details := details - (ARRAY['reasons', 'served_on', 'evidence', 'x', 'x', 'x', 'x', 'x'])[1 + pg_temp.dice(n, 'lacks', 8)];
		IF one.state IS NULL THEN
			answered := pg_temp.try(role, format('SELECT open_proceeding(%L, %L, %L, ''城管局'', %L, terms => %L, on_overdue => %L, details => %L)', walked, kind, event,
				jsonb_build_object('walk', walk),
				(SELECT jsonb_object_agg(DISTINCT rtrim(u.name, '?'), jsonb_build_object((ARRAY['days', 'working_days'])[1 + pg_temp.dice(n, u.name, 2)], 3 + pg_temp.dice(n, u.name, 30)))
				   FROM proceeding_table(kind) AS t, unnest(t.sets) AS u (name)),
				(SELECT coalesce(jsonb_object_agg(u.name, t.overdue) FILTER (WHERE pg_temp.dice(n, u.name || t.overdue, 2) = 0), '{}')
				   FROM proceeding_table(kind) AS t, unnest(t.after) AS u (name) WHERE t.overdue <> 'lapse'
				    AND EXISTS (SELECT FROM proceeding_table(kind) AS o WHERE o.overdue = t.overdue AND u.name = ANY (o.after))), details));
			IF answered ~ '^\d+$' THEN
				SELECT * INTO one FROM proceeding AS p WHERE p.subject = walked AND p.proceeding_id = answered::bigint;
			END IF;
		ELSE
			answered := pg_temp.try(role, format('SELECT advance_proceeding(%L, %s, %L, %L)', walked, one.proceeding_id, event, details));
			SELECT * INTO one FROM proceeding AS p WHERE p.subject = one.subject AND p.proceeding_id = one.proceeding_id;
		END IF;
		INSERT INTO answer SELECT n, kind || '.' || event, CASE WHEN answered ~ '^[0-9A-Z]{5} ' THEN left(answered, 5) END, answered;
	END LOOP;
END
$$;

SELECT cmp_ok((SELECT count(*) FROM answer), '=', 10000::bigint, '10 000 events'),
       cmp_ok((SELECT count(*) FROM answer WHERE code IS NULL), '>', 2000::bigint, '  many were steps'),
       cmp_ok((SELECT count(*) FROM answer WHERE code IS NOT NULL), '>', 3000::bigint, '  many were refused');
SELECT is_empty($$ SELECT code, message FROM answer WHERE code NOT IN ('55000', '42501', '0P000', '22008', '23514', '23505', '22023') $$, 'each refusal is one of those that are meant');
SELECT set_has('SELECT code FROM answer', $$ VALUES ('55000'), ('42501'), ('0P000'), ('22008'), ('23514') $$, '  and they all occur');
SELECT is_empty('SELECT * FROM misreplayed', 'no state outside the tables, and every log replays to the state of its row');
SELECT cmp_ok((SELECT count(*) FROM proceeding_kinds() AS k CROSS JOIN LATERAL proceeding_table(k.kind) AS t
	WHERE EXISTS (SELECT FROM proceeding AS p JOIN proceeding_step AS s ON s.subject = p.subject AND s.proceeding_id = p.proceeding_id
	               WHERE p.kind = k.kind AND s.event = t.event AND s.from_state IS NOT DISTINCT FROM t.from_state)), '>', 100::bigint, 'most steps of the tables were taken');
-- the rules again, said in another way over the log
SELECT is_empty($$ SELECT d.proceeding_id, d.seq FROM proceeding_step AS d JOIN proceeding_step AS b ON b.subject = d.subject AND b.proceeding_id = d.proceeding_id AND b.seq < d.seq
	WHERE d.event IN ('recognise', 'grant', 'breach', 'revoke', 'uphold', 'reject') AND d.capacity = 'decider' AND b.actor = d.actor AND b.capacity <> 'system'
	  AND (b.seq = 1 OR b.capacity IN ('subject', 'applicant', 'anyone') OR b.event IN ('propose', 'mismatch', 'notify_fraud')) $$, 'nobody decides what he began');
SELECT is_empty($$ SELECT d.proceeding_id, d.seq FROM proceeding_step AS d JOIN proceeding_step AS b ON b.subject = d.subject AND b.proceeding_id = d.proceeding_id AND b.seq < d.seq
	WHERE d.event IN ('uphold_appeal', 'reject_appeal', 'remit') AND b.event IN ('reject', 'refuse', 'recognise', 'revoke', 'suspend', 'grant') AND b.actor = d.actor $$,
	'nobody decides on an appeal against himself');
SELECT is_empty($$ SELECT d.proceeding_id FROM proceeding_step AS d JOIN proceeding_step AS b ON b.subject = d.subject AND b.proceeding_id = d.proceeding_id AND b.event = 'notify'
	 JOIN proceeding AS p ON p.subject = d.subject AND p.proceeding_id = d.proceeding_id AND p.kind = 'listing'
	WHERE d.event = 'recognise' AND d.step_on <= (b.periods -> 'objection' ->> 'due_on')::date $$, 'nobody is listed before the objection period is over');
SELECT is_empty($$ SELECT p.proceeding_id FROM proceeding AS p WHERE p.kind = 'listing' AND p.state IN ('listed', 'suspended', 'appealed') AND NOT EXISTS (
	SELECT FROM proceeding_step AS s WHERE s.subject = p.subject AND s.proceeding_id = p.proceeding_id AND s.event = 'notify' AND s.served_on IS NOT NULL) $$, 'nobody is on a list without notice');
SELECT is_empty($$ SELECT s.proceeding_id FROM proceeding_step AS s WHERE s.capacity = 'system' AND s.to_state IN ('listed', 'breached', 'rejected', 'refused', 'revoked') $$,
	'time and silence do nothing adverse');
-- what the view foretells is what a run records
SET LOCAL citycredit.today = '2026-12-31';
CREATE TEMPORARY TABLE foretold AS SELECT subject, proceeding_id, state FROM proceeding_today;
SELECT cmp_ok(run_due(), '>', 20, 'a run records what time has done');
SELECT is_empty('SELECT f.* FROM foretold AS f JOIN proceeding AS p ON p.subject = f.subject AND p.proceeding_id = f.proceeding_id WHERE p.state <> f.state', '  as the view foretold');
SELECT * FROM finish();
ROLLBACK;
