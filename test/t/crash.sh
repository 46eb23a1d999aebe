#!/usr/bin/env bash
# crash.sh -- a backend killed, a server stopped at once, in the middle of loading: all or nothing, and once more to completion; prints TAP
set -u
cd "$(dirname "$0")/../.." || exit 2
. test/include/tap.sh
bindir=$("${PG_CONFIG:-pg_config}" --bindir)
data=$PGHOST/data
as_server() { if [ "$(id -u)" = 0 ]; then (cd / && exec setpriv --reuid=postgres --regid=postgres --init-groups "$@"); else (cd / && exec "$@"); fi; }
until_up() { local i; for i in $(seq 300); do psql -XqAtc 'SELECT 1' >/dev/null 2>&1 && return; sleep 0.05; done; echo 'Bail out! the server does not come up'; exit 1; }
# Waits until a query gives a row; it must not take long.
until_true() { local i found; for i in $(seq 2000); do found=$(psql -XqAtc "$1" 2>/dev/null); [ -n "$found" ] && { echo "$found"; return; }; sleep 0.005; done; echo "never: $1" >&2; }

make_database crash
value "COPY (SELECT c.code, f.kind, 'C' || n, 'bureau', 'bureau', 'regress', f.behaviour, f.procedure, f.points, f.decided_on
               FROM generate_series(1, 30000) AS n JOIN code AS c ON c.i = 1 + n % 300 CROSS JOIN LATERAL fact(c.i, n) AS f) TO STDOUT" >"$work/rows"
check 'rows to be loaded' "$(wc -l <"$work/rows")" 30000
copy='COPY record (subject, kind, document, authority, source, field, behaviour, procedure, awarded_points, decided_on) FROM STDIN'
counts="SELECT (SELECT count(*) FROM record) || ' ' || (SELECT count(*) FROM subject) || ' ' || (SELECT sum(seq) FROM subject_state) || ' ' || (SELECT count(*) FROM standing_stored)
	|| ' ' || (SELECT count(*) FROM standing_history) || ' ' || (SELECT md5(string_agg(s::text, ',' ORDER BY s.subject)) FROM standing AS s)"
before=$(value "$counts")

# The backend that loads: waiting for more rows, or in the trigger that regrades, at a subject in the middle that another session holds.
loading="SELECT pid FROM pg_stat_activity WHERE query LIKE 'COPY record%' AND wait_event = 'ClientRead'"
regrading="SELECT pid FROM pg_stat_activity WHERE query ~ '(COPY record|process_intake)' AND wait_event_type = 'Lock'"
hold()
{
	psql -XqAt -c "BEGIN; SELECT FROM subject_state WHERE subject = (SELECT subject FROM subject_state ORDER BY subject OFFSET 150 LIMIT 1) FOR NO KEY UPDATE; SELECT pg_sleep(60)" >/dev/null 2>&1 &
	until_true "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'" >/dev/null
}

# Begins the COPY and stops feeding it after some rows, or not at all, then does the deed.
interrupted()		# what happens, rows, query that gives the backend, deed
{
	local pid
	mkfifo "$work/pipe"
	psql -Xq -c "$copy" <"$work/pipe" >"$work/copy" 2>&1 &
	local client=$!
	exec 5>"$work/pipe"
	head -n "$2" "$work/rows" >&5
	[ "$2" -lt 30000 ] || exec 5>&-
	pid=$(until_true "$3")
	"$4" "$pid"
	exec 5>&-
	wait "$client"
	check "$1: the load fails" "$(($? > 0))" 1
	rm "$work/pipe"
	until_up
	check "$1: nothing of it is left" "$(value "$counts")" "$before"
	check "$1: standings hold" "$(value "$wrong")" '0 0 0 0 0 0'
}
kill_backend() { as_server kill -KILL "$1"; sleep 0.1; }
stop_server()
{
	as_server "$bindir/pg_ctl" -D "$data" -w -s -m immediate stop 5>&-
	as_server "$bindir/pg_ctl" -D "$data" -l "$CLUSTER_LOG" -w -t 60 -s start >/dev/null 2>&1 5>&-		# the server must not keep the pipe open
}

interrupted 'kill -9 while rows come in' 20000 "$loading" kill_backend
hold
interrupted 'kill -9 while it regrades' 30000 "$regrading" kill_backend
interrupted 'immediate stop while rows come in' 20000 "$loading" stop_server
hold
interrupted 'immediate stop while it regrades' 30000 "$regrading" stop_server

quietly psql -Xq -c "$copy" -f /dev/null <"$work/rows"
check 'once more, to completion' "$(value 'SELECT count(*) FROM record')" 30300
check 'standings hold' "$(value "$wrong")" '0 0 0 0 0 0'
check 'loaded twice: refused, and nothing changes' "$(value "$counts" >"$work/a"; psql -Xq -v VERBOSITY=sqlstate -c "$copy" <"$work/rows" 2>&1 | sed 's/^.*ERROR: *//'; value "$counts" | cmp - "$work/a" && echo same)" \
	"$(printf '23505\nsame')"

# the intake: rows fed in stay where they are until they are recorded or sent back
. demo/lib.sh
python3 demo/city.py --subjects 300 --records 3000 --seed 7 --out "$work/city" >/dev/null
createdb intake
export PGDATABASE=intake
quietly make_registry
quietly register_firms "$work/city"
quietly feed "$work/city" act permit penalty
counts="SELECT (SELECT count(*) FROM citycredit.intake_penalty) + (SELECT count(*) FROM citycredit.intake_permit) + (SELECT count(*) FROM citycredit.intake_act)
	|| ' ' || (SELECT count(*) FROM citycredit.record) || ' ' || (SELECT count(*) FROM citycredit.intake_reject) || ' ' || (SELECT count(*) FROM citycredit.standing_stored)"
process="SET citycredit.today = '$today'; SELECT sum(taken - accepted - rejected - duplicates) FROM citycredit.process_intake()"
before=$(value "$counts")
fed=${before%% *}
check 'rows are fed in' "$((fed > 2500))" 1
for deed in kill_backend stop_server; do
	# a subject that another session is about to enter
	psql -XqAt -c "BEGIN; INSERT INTO citycredit.subject_state SELECT subject, 1, now() FROM (SELECT subject FROM citycredit.subject ORDER BY subject OFFSET 150 LIMIT 1) AS s; SELECT pg_sleep(60)" >/dev/null 2>&1 &
	until_true "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'" >/dev/null
	psql -XqAt -c "$process" >"$work/process" 2>&1 &
	client=$!
	"$deed" "$(until_true "$regrading")"
	wait "$client"
	check "process_intake(), $deed: fails" "$(($? > 0))" 1
	until_up
	check "process_intake(), $deed: all rows wait as before" "$(value "$counts")" "$before"
done
check 'process_intake() once more: each row is accepted, sent back or repeated' "$(value "$process")" 0
check 'no row waits any more' "$(value "$counts" | cut -d' ' -f1)" 0
check 'records and rows sent back are there' "$(value 'SELECT (SELECT count(*) FROM citycredit.record) > 1000 AND (SELECT count(*) FROM citycredit.intake_reject) > 0')" t
check 'standings hold' "$(value "SET citycredit.today = '$today'; SELECT count(*) FROM citycredit.verify_standings()")" 0
done_testing
