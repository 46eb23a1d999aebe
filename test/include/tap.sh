# tap.sh -- for the scripts that print TAP: assertions, SQL values, a directory for what they write, a registry
# shellcheck shell=bash
#
# A script goes to the top of the source tree and sources this; it closes with done_testing.

export PGCLIENTENCODING=UTF8 LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

n=0
check()			# what, got, wanted
{
	n=$((n + 1))
	if [ "$2" = "$3" ]; then echo "ok $n - $1"; return; fi
	echo "not ok $n - $1"
	case $2$3 in
	*$'\n'*) diff --label wanted --label got -U 1 <(printf '%s\n' "$3") <(printf '%s\n' "$2") | head -60;;
	*)       printf '%s\n' "got: $2" "wanted: $3";;
	esac | sed 's/^/# /'
}
value() { psql -XqAt -v ON_ERROR_STOP=1 -c "$1" 2>&1; }
quietly() { "$@" >"$work/out" 2>&1 || { sed 's/^/# /' "$work/out"; echo "Bail out! $*"; exit 1; }; }
done_testing() { echo "1..$n"; }

# A database of its own with the registry of write_path.psql; its sessions find the schema and work on a day of their own.
make_database()		# name
{
	createdb -T template0 -E UTF8 "$1"
	export PGDATABASE=$1
	quietly psql -Xq -f test/include/write_path.psql
	quietly psql -Xqc "ALTER DATABASE $1 SET search_path = citycredit, public" -c "ALTER DATABASE $1 SET citycredit.today = '2026-03-01'"
}

# Everything a writer may break, in one line: mismatches with a recomputation, replays that differ from history, positions given twice, gaps between versions.
wrong="SELECT (SELECT count(*) FROM verify_standings())
	|| ' ' || (SELECT count(*) FROM verify_standings('2027-06-01'))
	|| ' ' || (SELECT count(*) FROM standing_history AS h JOIN (SELECT DISTINCT policy_id, policy FROM policy) AS p USING (policy_id)
	             LEFT JOIN LATERAL evaluate(h.subject, p.policy, h.as_of, h.known_at) AS e ON true
	            WHERE (h.band_code, h.score) IS DISTINCT FROM (e.band, (e.score * 10000)::bigint))
	|| ' ' || (SELECT count(*) FROM (SELECT FROM standing_history GROUP BY subject, policy_id, known_at HAVING count(*) > 1) AS x)
	|| ' ' || (SELECT count(*) FROM (SELECT known_from, lag(known_until) OVER (PARTITION BY subject, record_id ORDER BY version) AS until FROM record) AS x
	            WHERE until <> known_from)
	|| ' ' || (SELECT count(*) FROM record AS r LEFT JOIN subject AS s USING (subject) LEFT JOIN subject_state AS t USING (subject)
	            WHERE s.subject IS NULL OR t.subject IS NULL OR r.known_from > t.known_at)"
