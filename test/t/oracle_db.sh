#!/usr/bin/env bash
# oracle_db.sh -- the registry against the oracle: 2 000 generated histories, evaluate() and the view standing on every day asked; prints TAP
#
#   HISTORIES=2000 SEED=1 test/cluster run -- bash test/t/oracle_db.sh
#
# test/oracle/to_sql.py says what is compared. evaluate() reads records that are all there; the view reads what triggers and the daily job
# stored on earlier days from facts that came in random batches.
set -u -o pipefail
cd "$(dirname "$0")/../.." || exit 2
. test/include/tap.sh
export PGDATABASE=citycredit_oracle PGOPTIONS='-c client_min_messages=warning -c datestyle=ISO'
histories=${HISTORIES:-2000}
seed=${SEED:-1}
python=${PYTHON:-/usr/bin/python3}
sql() { quietly psql -Xq -v ON_ERROR_STOP=1 "$@"; }

quietly ${CC:-cc} -std=c99 -O2 test/oracle/*.c -o "$work/oracle" -lyaml
quietly "$python" test/oracle/generate.py policies 11 "$seed" "$work"
policies=("$work"/*.yaml)
for file in rules/*/*.yaml; do [[ $file == *.test.yaml ]] || policies+=("$file"); done
quietly "$python" test/oracle/to_sql.py "$work/oracle" "$work" "${policies[@]/%/=$(( (histories + ${#policies[@]} - 1) / ${#policies[@]} ))}" --seed "$seed"

quietly createdb -T template0 -E UTF8 "$PGDATABASE"
sql <<'END'
CREATE EXTENSION citycredit;
SELECT citycredit.create_registry();
CREATE ROLE regress_author SUPERUSER;
CREATE ROLE regress_adopter SUPERUSER;
END
for file in "$work"/read-*.yaml "${policies[@]}"
do
	[ -e "$file" ] || continue
	{
		printf '\\set yaml `cat %q`\n' "$file"
		printf "SET citycredit.today = '2199-01-01'; SET ROLE regress_author; SELECT * FROM citycredit.load_policy(:'yaml') \\gset\n"
		printf "SET ROLE regress_adopter; SELECT citycredit.adopt_policy(:'policy', :'version');\n"
	} > "$work/adopt.sql"
	sql -f "$work/adopt.sql"
done

cat > "$work/load.sql" <<'END'
SET search_path = citycredit, public;
SELECT setseed(0.5);
INSERT INTO source (source, kind, name, trusted_from)
SELECT s, k, s, '1900-01-01' FROM unnest(ARRAY['bureau', 'court', 'police', 'province']) AS s
 CROSS JOIN unnest(ARRAY['penalty', 'permit', 'award', 'inspection', 'act', 'commitment', 'participation', 'score']) AS k;
CREATE TABLE public.subject_map (n integer PRIMARY KEY, policy text, kind text, code subject_code);
CREATE TABLE public.fact (way text, n integer, inserted_on date, name text, kind text, document text, unit text, behaviour text, field text, authority text, district text, source text,
	state text, procedure text, penalty_kind text, severity text, responsibility text, intent text, amount bigint, fine bigint, points bigint, quantity bigint, act_on date,
	act_ended_on date, decided_on date, served_on date, valid_from date, valid_until date, publicity_until date, corrected_on date, repaired_on date,
	recorded_on date, revoked_on date, verified boolean, whose text, linked_from date, linked_until date);
CREATE TABLE public.expected (way text, n integer, day date, state text, score text, band text, grade text, undecided text, vetoes text, lists text, next_change_on text,
	effects text, due text, "values" text);
CREATE TABLE public.actual (LIKE public.expected);
END
sql -f "$work/load.sql"
for table in subject_map:subject fact:fact expected:expected
do
	sql -c "\\copy public.${table%%:*} FROM '$work/${table##*:}.copy'"
done

cat > "$work/ask.sql" <<'END_OF_SQL'
SET search_path = citycredit, public;
UPDATE subject_map SET code = random_subject_code() WHERE code IS NULL;
-- whose record it is: the subject's own, or that of one linked to it
ALTER TABLE public.fact ADD subject subject_code;
UPDATE public.fact AS f SET subject = CASE WHEN f.whose IS NULL THEN m.code ELSE random_subject_code() END FROM subject_map AS m WHERE m.n = f.n;
ANALYZE;
CREATE FUNCTION public.put(way text, chosen text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
	done bigint;
BEGIN
	-- a link is written one way, the smaller code first where it is mutual
	EXECUTE 'INSERT INTO citycredit.subject_link (subject, other, role, valid_from, valid_until, basis)
	SELECT CASE WHEN l.turned THEN f.subject ELSE m.code END, CASE WHEN l.turned THEN m.code ELSE f.subject END,
	       CASE f.whose WHEN ''head_office'' THEN ''branch'' WHEN ''represented'' THEN ''legal_representative'' ELSE f.whose END, f.linked_from, f.linked_until, f.name
	  FROM public.fact AS f JOIN public.subject_map AS m ON m.n = f.n
	 CROSS JOIN LATERAL (SELECT f.whose IN (''head_office'', ''represented'') OR f.whose = ''related'' AND f.subject OPERATOR(citycredit.<) m.code) AS l (turned)
	 WHERE f.whose IS NOT NULL AND f.way = $1 AND ' || chosen USING way;
	EXECUTE 'INSERT INTO citycredit.record (subject, record_key, kind, document, unit, authority, source, behaviour, field, district, state, procedure, penalty_kind, severity,
		responsibility, intent, amount_fen, fine_fen, awarded_points, quantity, act_on, act_ended_on, decided_on, served_on, valid_from, valid_until, publicity_until,
		corrected_on, repaired_on, recorded_on, revoked_on, held)
	SELECT f.subject, md5(f.name)::uuid, f.kind, f.document, f.unit, f.authority, f.source, f.behaviour, f.field, f.district, f.state, f.procedure, f.penalty_kind, f.severity, f.responsibility,
		f.intent, f.amount, f.fine, f.points, f.quantity, f.act_on, f.act_ended_on, f.decided_on, f.served_on, f.valid_from, f.valid_until, f.publicity_until,
		f.corrected_on, f.repaired_on, f.recorded_on, f.revoked_on, CASE WHEN NOT f.verified THEN ''not verified'' END
	  FROM public.fact AS f WHERE f.way = $1 AND ' || chosen USING way;
	GET DIAGNOSTICS done = ROW_COUNT;
	RETURN done;
END
$$;
-- by evaluate(): everything recorded, every day asked
SET citycredit.today = '2199-01-01';
SELECT put('records', 'f.n % 3 = ' || i) FROM generate_series(0, 2) AS i;
INSERT INTO actual
SELECT q.way, q.n, q.day, e.state, coalesce(e.score::text, '-'), coalesce(e.band, '-'), coalesce(e.credit_grade::text, '-'), e.undecided::text::"char"::text,
       coalesce(NULLIF(array_to_string(e.vetoes, ','), ''), '-'), coalesce(NULLIF(array_to_string(e.lists, ','), ''), '-'), coalesce(e.next_change_on::text, 'none'),
       coalesce(NULLIF(array_to_string(e.effects, ','), ''), '-'), coalesce(d.due, '-'), CASE WHEN e.state = 'not_enrolled' THEN '-' ELSE coalesce(v.values, '-') END
  FROM (SELECT DISTINCT way, n, day FROM expected WHERE way = 'records') AS q JOIN subject_map AS m ON m.n = q.n
 CROSS JOIN LATERAL evaluate(m.code, m.policy, q.day) AS e
 CROSS JOIN LATERAL (SELECT string_agg(f.rule || '=' || coalesce(CASE WHEN f.working_days IS NULL THEN f.due_on::text
                                                                      ELSE f.working_days || ' working days after ' || f.counted_from END, 'unknown'), ',' ORDER BY f.n)
                       FROM effects(m.code, m.policy, q.day) WITH ORDINALITY AS f (rule, effect, name, matter, due_on, working_days, counted_from, clause, n)
                      WHERE f.effect = 'order') AS d (due)
 CROSS JOIN LATERAL (SELECT string_agg(o.id || '=' || coalesce(trim_scale(o.value)::text, 'unknown'), ' ' ORDER BY o.n)
                       FROM outcome_values(m.code, m.policy, q.day) WITH ORDINALITY AS o (id, name, value, unit, clause, n)) AS v (values);
-- by the view: what comes, comes on its day, in batches dealt at random; what is asked is asked on its day; the job runs now and then
CREATE TABLE public.job (day date, changed bigint, wrong bigint);
ALTER TABLE public.fact ADD batch integer;
UPDATE public.fact SET batch = floor(random() * 4);
CREATE INDEX ON public.fact (way, inserted_on);
CREATE INDEX ON public.expected (way, day);
ANALYZE;
CREATE FUNCTION public.live(today date, k bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('citycredit.today', today::text, false);
	FOR i IN 0..3 LOOP
		IF EXISTS (SELECT FROM public.fact WHERE way = 'view' AND inserted_on = today AND batch = i) THEN
			PERFORM public.put('view', format('f.inserted_on = %L AND f.batch = %s', today, i));
		END IF;
	END LOOP;
	INSERT INTO public.actual
	SELECT 'view', q.n, today, s.state, coalesce(s.score::text, '-'), coalesce(s.band, '-'), coalesce(s.credit_grade::text, '-'), s.undecided::text::"char"::text,
	       coalesce(NULLIF(array_to_string(s.vetoes, ','), ''), '-'), coalesce(NULLIF(array_to_string(s.lists, ','), ''), '-'), coalesce(s.next_change_on::text, 'none'),
	       coalesce(NULLIF(array_to_string(s.effects, ','), ''), '-'), '-', '-'
	  FROM (SELECT DISTINCT n FROM public.expected WHERE way = 'view' AND day = today) AS q JOIN public.subject_map AS m ON m.n = q.n
	 CROSS JOIN LATERAL (SELECT * FROM citycredit.standing AS t WHERE t.subject OPERATOR(citycredit.=) m.code AND t.policy = m.policy OFFSET 0) AS s;
	IF k % 60 = 0 THEN
		-- the other way's subjects were stored on days to come
		INSERT INTO public.job SELECT today, citycredit.refresh(), CASE WHEN k % 600 = 0 THEN (SELECT count(*) FROM citycredit.verify_standings() AS v
			JOIN public.subject_map AS m ON m.code OPERATOR(citycredit.=) v.subject JOIN public.fact AS f ON f.n = m.n AND f.way = 'view') END;
	END IF;
END
$$;
-- each day is a statement and a transaction of its own
SELECT format('SELECT public.live(%L, %s)', day, row_number() OVER (ORDER BY day))
  FROM (SELECT inserted_on AS day FROM public.fact WHERE way = 'view' UNION SELECT day FROM public.expected WHERE way = 'view') AS d ORDER BY day \gexec
END_OF_SQL
sql -f "$work/ask.sql"

none()			# what, query of differences
{
	value "$2" >"$work/found"
	check "$1" "$(wc -l <"$work/found") differences$(head -4 "$work/found" | sed '1s/^/, the first: /')" '0 differences'
}
some()			# what, query of a number, at least
{
	local found
	found=$(value "$2")
	check "$1" "$found$([ "$found" -ge "$3" ] && echo ' is enough')" "$found is enough"
}
some "at least $((histories * 9 / 10)) histories" "SELECT count(*) / 2 FROM subject_map" $((histories * 9 / 10))
none 'the codes are of the kinds wanted' "SELECT * FROM subject_map WHERE citycredit.subject_kind(code) IS DISTINCT FROM kind"
none 'every fact is recorded' "SELECT md5(name)::uuid FROM fact EXCEPT SELECT record_id FROM citycredit.record"
some 'some of linked subjects' "SELECT count(*) FROM citycredit.subject_link" $((histories / 20))
some 'some thousand days are asked' "SELECT count(*) FROM expected" $((histories * 3))
some '  many different outcomes' "SELECT count(DISTINCT (m.policy, e.state, e.score, e.band, e.vetoes, e.lists, e.effects, e.due, e.values)) FROM expected AS e JOIN subject_map AS m USING (n)" $((histories / 8))
none 'evaluate() says what the oracle says' "
	SELECT m.policy, m.code, e, a FROM (SELECT DISTINCT * FROM expected WHERE way = 'records') AS e JOIN subject_map AS m ON m.n = e.n
	  LEFT JOIN actual AS a ON a.way = e.way AND a.n = e.n AND a.day = e.day
	 WHERE to_jsonb(e) IS DISTINCT FROM to_jsonb(a) AND NOT (a.n IS NULL AND e.state = 'not_enrolled' AND NOT EXISTS (SELECT FROM fact AS f WHERE f.n = e.n AND f.whose IS NULL))"
# the view has the enrolled only; it says no next change of the others
none 'the view standing says what the oracle says' "
	SELECT m.policy, m.code, e, a FROM (SELECT DISTINCT * FROM expected WHERE way = 'view') AS e JOIN subject_map AS m ON m.n = e.n
	  LEFT JOIN actual AS a ON a.way = e.way AND a.n = e.n AND a.day = e.day
	 WHERE CASE WHEN e.state = 'not_enrolled' THEN a.n IS NOT NULL ELSE to_jsonb(e) - '{due,values}'::text[] IS DISTINCT FROM to_jsonb(a) - '{due,values}'::text[] END"
some 'there are effects' "SELECT count(DISTINCT (m.policy, e.effects)) FROM expected AS e JOIN subject_map AS m USING (n) WHERE e.effects <> '-'" 3
some '  with due days' "SELECT count(DISTINCT e.due) FROM expected AS e WHERE e.due <> '-'" 10
some '  and values' "SELECT count(DISTINCT e.values) FROM expected AS e WHERE e.values <> '-'" 15
some 'the job ran' "SELECT sum(changed) FROM job" 100
none 'and left nothing wrong' "SELECT * FROM job WHERE wrong > 0 OR NOT EXISTS (SELECT FROM job WHERE wrong = 0)"
none 'what is stored agrees with the records at last' "SELECT * FROM citycredit.verify_standings('2030-01-01')"
done_testing
