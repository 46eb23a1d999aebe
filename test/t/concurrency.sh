#!/usr/bin/env bash
# concurrency.sh -- eight writers at random against jobs that regrade: no failure, nothing lost, every standing as recomputed; prints TAP
set -u
cd "$(dirname "$0")/../.." || exit 2
. test/include/tap.sh
seconds=${SECONDS_EACH:-4}

make_database concurrency
value 'CREATE TABLE public.acknowledged (batch bigint PRIMARY KEY)' >/dev/null

# Subjects in random order in one statement; the batch is acknowledged only after that has been committed.
cat >"$work/insert.sql" <<'SQL'
\set batch random(1, 1000000000000000)
INSERT INTO record (subject, kind, document, authority, source, field, behaviour, procedure, awarded_points, decided_on) SELECT c.code, f.kind, :batch || '/' || c.i, 'bureau', 'bureau', 'regress', f.behaviour, f.procedure, f.points, f.decided_on FROM (SELECT * FROM code ORDER BY random() LIMIT 25) AS c CROSS JOIN LATERAL fact(c.i, :batch) AS f;
INSERT INTO acknowledged VALUES (:batch);
SQL
cat >"$work/amend.sql" <<'SQL'
SELECT amend(r.subject, r.record_id) FROM (SELECT subject, record_id FROM record WHERE kind = 'penalty' AND known_until = 'infinity' AND subject = (SELECT code FROM code ORDER BY random() LIMIT 1) LIMIT 1) AS r;
SQL

# Runs pgbench, while loops of jobs, if any are given, run beside it. Says how many transactions failed.
bench()			# name, options of pgbench..., -- jobs
{
	local name=$1 options=() job pids=()
	shift
	while [ $# -gt 0 ] && [ "$1" != -- ]; do options+=("$1"); shift; done
	[ $# = 0 ] || shift
	touch "$work/running"
	for job; do
		( while [ -e "$work/running" ]; do psql -XqAt -v ON_ERROR_STOP=1 <<<"$job" >/dev/null 2>>"$work/$name.jobs" || echo "$job failed" >>"$work/$name.jobs"; done ) &
		pids+=($!)
	done
	touch "$work/$name.jobs"
	pgbench -n -c 8 -j 2 -T "$seconds" --failures-detailed "${options[@]}" >"$work/$name" 2>&1
	check "$name: pgbench ran to its end" "$?" 0
	rm -f "$work/running"
	[ ${#pids[@]} = 0 ] || wait "${pids[@]}"
	check "$name: transactions were made" "$(awk '/transactions actually processed/ { print ($6 + 0 > 20) }' "$work/$name")" 1
	check "$name: none failed" "$(awk -F': *' '/^number of failed transactions/ { sub(/ .*/, "", $2); print $2 }' "$work/$name")" 0
	check "$name: no job failed" "$(cat "$work/$name.jobs")" ''
	# the batches acknowledged, and nothing else, are there in full
	check "$name: every acknowledged record is there, and no half batch" \
		"$(value "SELECT count(*) FROM acknowledged AS a
		            FULL JOIN (SELECT split_part(document, '/', 1)::bigint AS batch, count(DISTINCT record_id) AS rows FROM record WHERE document LIKE '%/%' GROUP BY 1) AS r USING (batch)
		           WHERE a.batch IS NULL OR r.rows IS DISTINCT FROM 25")" 0
	check "$name: standings, history and positions hold" "$(value "$wrong")" '0 0 0 0 0 0'
}

bench inserts -f "$work/insert.sql"
# regrade() sees what is stored for its day: what is spoilt it finds on one of the two days of standings
bench 'inserts and jobs' -f "$work/insert.sql@4" -f "$work/amend.sql@1" -- \
	"SELECT regrade()" "SET citycredit.today = '2027-03-01'; SELECT refresh()" \
	"UPDATE standing_stored SET score = 0 WHERE subject = (SELECT code FROM code ORDER BY random() LIMIT 1);
	 SELECT regrade('write-path'); SET citycredit.today = '2027-03-01'; SELECT regrade('write-path')"
check 'no deadlock in the log' "$(grep -c 'deadlock detected' "$CLUSTER_LOG")" 0
check 'no other error in the log' "$(grep -E '(ERROR|FATAL|PANIC|TRAP):' "$CLUSTER_LOG" | head -3)" ''

# at REPEATABLE READ and SERIALIZABLE some must fail, and succeed when tried again
for level in 'repeatable read' serializable; do
	export PGOPTIONS="-c default_transaction_isolation=${level// /\\ }"
	seconds=2 bench "$level" --max-tries=1000 -f "$work/insert.sql@4" -f "$work/amend.sql@1"
	unset PGOPTIONS
done
check 'no deadlock in the log' "$(grep -c 'deadlock detected' "$CLUSTER_LOG")" 0
check 'no error but 40001 in the log' "$(grep -E '(ERROR|FATAL|PANIC|TRAP):' "$CLUSTER_LOG" | grep -v 'could not serialize access' | head -3)" ''
done_testing
