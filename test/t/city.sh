#!/usr/bin/env bash
# city.sh -- a generated city through the intake: nothing lost, every reason, grades right on every day and in every order
set -u
cd "$(dirname "$0")/../.." || exit 2
. test/include/tap.sh
. demo/lib.sh

city=$work/city
generate() { python3 demo/city.py --subjects 2000 --records 20000 --seed "$1" --out "$2" >/dev/null; }

# -- the generator --------------------------------------------------------------------------------------------------
generate 7 "$city"
generate 7 "$work/again"
generate 8 "$work/other"
check 'a seed gives one city' "$(diff -rq "$city" "$work/again")" ''
check 'another seed another' "$(cmp -s "$city/penalty.csv" "$work/other/penalty.csv" || echo differs)" differs
check 'about as many rows as asked for' "$(cat "$city"/{penalty,penalty_2015,permit,permit_2015,act}.csv | wc -l)" 20005

# -- through the intake ---------------------------------------------------------------------------------------------
load()			# database, city
{
	createdb "$1"
	export PGDATABASE=$1
	quietly make_registry
	quietly register_firms "$2"
	quietly feed "$2" act permit permit_2015 penalty
	as demo_etl -At -c 'SELECT * FROM citycredit.process_intake()' >"$work/$1.counts"
	quietly feed "$2" penalty_2015
	as demo_etl -At -c 'SELECT * FROM citycredit.process_intake()' >>"$work/$1.counts"
}
standings="SELECT md5(string_agg(s::text, E'\n' ORDER BY s.policy, s.subject)) FROM citycredit.standing AS s"

load city "$city"
# form|taken|accepted|held|unclassified|rejected|duplicates
check 'every row taken is accepted, sent back or repeated' \
	"$(awk -F'|' '{ taken += $2; rest += $3 + $6 + $7 } END { print (taken == rest && taken > 0) ? "yes" : taken " " rest }' "$work/city.counts")" yes
check 'what was accepted is in record' "$(value 'SELECT count(*) FROM citycredit.record')" \
	"$(awk -F'|' '{ accepted += $3 } END { print accepted }' "$work/city.counts")"
check 'what was sent back is in intake_reject' "$(value 'SELECT count(*) FROM citycredit.intake_reject')" \
	"$(awk -F'|' '{ rejected += $6 } END { print rejected }' "$work/city.counts")"
check 'nothing stays in the forms' \
	"$(value 'SELECT (SELECT count(*) FROM citycredit.intake_penalty) + (SELECT count(*) FROM citycredit.intake_permit) + (SELECT count(*) FROM citycredit.intake_act)')" 0
check 'every reason of the intake was met, and no other' \
	"$(value "SELECT string_agg(coalesce(r.code, 'unlisted') || coalesce('≠' || m.code, ' not met'), ', ')
	            FROM citycredit.intake_reason AS r
	            FULL JOIN (SELECT DISTINCT e ->> 'code' AS code FROM citycredit.intake_reject, jsonb_array_elements(reasons) AS e) AS m ON m.code = r.code
	           WHERE r.code IS NULL OR m.code IS NULL")" ''
check 'some rows were sent back for more than one reason' \
	"$(value 'SELECT count(*) > 0 FROM citycredit.intake_reject WHERE jsonb_array_length(reasons) > 1')" t
check 'repeated rows were recognised' "$(awk -F'|' '{ d += $7 } END { print (d > 0) }' "$work/city.counts")" 1
check 'a tenth of the penalties and more wait for a finding' \
	"$(value "SELECT count(*) FILTER (WHERE behaviour IS NULL) * 10 > count(*) FROM citycredit.record WHERE kind = 'penalty'")" t
check 'all others are classified as they were worded' \
	"$(value "SELECT count(*) FROM citycredit.record AS r WHERE kind = 'penalty' AND behaviour IS NULL
	           AND coalesce(detail ->> 'cf_wfxw', detail ->> 'cf_cfmc') IN (SELECT name FROM citycredit.behaviour)")" 0
check 'names that differ and untrusted sources wait for a second person' \
	"$(value 'SELECT count(*) FILTER (WHERE held IS NOT NULL) > 0 AND count(*) FILTER (WHERE held IS NULL) > 0 FROM citycredit.unverified_record')" t

# -- grades ---------------------------------------------------------------------------------------------------------
check 'the grades have the shape of a real city' \
	"$(value "SELECT string_agg(coalesce(g.grade, 'none') || ' ' || round(g.share, 1), ', ' ORDER BY g.grade)
	            FROM (SELECT credit_grade::text AS grade, 100.0 * count(*) / sum(count(*)) OVER () AS share
	                    FROM citycredit.standing WHERE policy = 'demo-construction-waste' GROUP BY 1) AS g
	           WHERE NOT CASE g.grade WHEN 'A' THEN g.share BETWEEN 2 AND 7 WHEN 'B' THEN g.share BETWEEN 87 AND 96 WHEN 'C' THEN g.share BETWEEN 1.5 AND 6.5
	                                  ELSE g.share < 2.5 END")" ''
check 'stored standings are those of the records' "$(value 'SELECT count(*) FROM citycredit.verify_standings()')" 0
check 'every firm in the field is graded, though most came without a penalty' \
	"$(value "SELECT count(*) FROM (SELECT subject FROM citycredit.enrolment WHERE field = 'construction_waste' GROUP BY subject) AS e
	           LEFT JOIN citycredit.standing AS s ON s.subject OPERATOR(citycredit.=) e.subject AND s.policy = 'demo-construction-waste' WHERE s.subject IS NULL")" 0

first=$(value "$standings")
later=$(value "SET citycredit.today = '2026-07-10'; $standings")
check 'the standings change with the days' "$([ "$first" = "$later" ] && echo same)" ''
refreshed=$(value "SET citycredit.today = '2026-07-10'; SELECT citycredit.refresh() > 0; $standings")
check 'read without a job they are as refreshed' "$refreshed" "t
$later"
check 'and as computed from the records' "$(value "SET citycredit.today = '2026-07-10'; SELECT count(*) FROM citycredit.verify_standings()")" 0

# -- the same deliveries, each file from its end --------------------------------------------------------------------
mkdir "$work/reversed"
for file in "$city"/*.csv; do
	{ head -1 "$file"; tail -n +2 "$file" | tac; } >"$work/reversed/$(basename "$file")"
done
load reversed "$work/reversed"
check 'the order of arrival does not matter' "$(value "$standings")" "$first"

# -- on the screen --------------------------------------------------------------------------------------------------
shown=$(bash -euo pipefail -c '. demo/lib.sh; as demo_clerk -f demo/2_intake.sql; screens' 2>&1; echo "ended with $?")
check 'every screen of the demo is shown' "$(echo "$shown" | tail -1)" 'ended with 0'
check '  and nothing is refused but the recognition within the objection period' \
	"$(echo "$shown" | sed -n 's/.*\(ERROR\|error\): *//p')" 'period "objection" is not over'
done_testing
