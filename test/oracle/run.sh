#!/bin/bash
# run.sh -- compares the engine with the oracle on random histories
#
# run.sh TOTAL SEED [ENGINE]
#
# Builds the oracle, checks it (and the engine) against the histories worked
# out by hand in selftest/, then spreads TOTAL histories over generated
# policies and over the shipped ones.  ENGINE is a command, by default
# ./citycredit-policy.  Exits with 1 on any difference; the files then stay.
set -u -o pipefail
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1

if [ $# -lt 2 ]
then
	sed -n '2,9s/^# \{0,1\}//p' "$0"
	exit 2
fi
total=$1
seed=$2
engine=${3:-./citycredit-policy}
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
python=${PYTHON:-/usr/bin/python3}
dir=$(mktemp -d "${TMPDIR:-/tmp}/oracle.XXXXXX") || exit 2

fail()
{
	echo "oracle: $*"
	exit 1
}

${CC:-cc} -std=c99 -Wall -Wextra -Wmissing-prototypes -Werror -O2 "$here"/*.c -o "$dir/oracle" -lyaml ||
	fail "cannot build the oracle"

# the oracle against histories worked out by hand, then the engine
differences=0
for policy in "$here"/selftest/*.yaml
do
	name=${policy%.yaml}
	"$dir/oracle" "$policy" "$name.history" | diff -u "$name.expected" - ||
		fail "the oracle fails its selftest $(basename "$name")"
	$engine eval "$policy" "$name.history" > "$dir/selftest.out" 2> "$dir/selftest.err"
	if ! diff -u "$name.expected" "$dir/selftest.out" > "$dir/selftest.diff"
	then
		echo "--- engine on the selftest $(basename "$name")"
		cat "$dir/selftest.err" "$dir/selftest.diff" | head -10
		differences=$((differences + 1))
	fi
done

# seeded faults: what is printed without a construct has to be found by the comparison
if [ "${MUTATIONS:-1}" = 1 ]
then
	for policy in "$here"/selftest/*.yaml
	do
		name=${policy%.yaml}
		while read -r construct changes
		do
			[ "$changes" -gt 0 ] || continue
			"$dir/oracle" "--without=$construct" "$policy" "$name.history" 2> /dev/null | cmp -s "$name.expected" - &&
				fail "the selftest $(basename "$name") does not find what is wrong without \"$construct\""
			found=$((${found:-0} + 1))
		done < <("$dir/oracle" --coverage "$policy" "$name.history" 2>&1 > /dev/null)
	done
	echo "oracle: ${found:-0} seeded faults found"
fi

# one policy for 50 histories, at least a dozen
n=$((total / 50))
[ $n -ge 12 ] || n=12
"$python" "$here/generate.py" policies $n "$seed" "$dir/policies" || fail "cannot generate policies"
{
	ls "$dir"/policies/*.yaml
	find "$root/rules" -mindepth 2 -maxdepth 2 -name '*.yaml' ! -name '*.test.yaml' | sort
} > "$dir/list"
$engine check "$dir"/policies/*.yaml > "$dir/check" 2>&1 || {
	grep -v 'warning:\|no findings' "$dir/check" | grep '\.yaml:' | head -10
	fail "the engine does not take a generated policy"
}
n=$(wc -l < "$dir/list")
mkdir "$dir/out"
awk -v total="$total" -v n="$n" \
	'{ count = int(total / n) + (NR <= total % n); if (count > 0) print $0 "\n" count }' "$dir/list" |
	xargs -d '\n' -n 2 -P "${JOBS:-$(nproc)}" sh -c '
		log=$(mktemp "$0/log.XXXXXX")
		"$1" "$2/compare.py" "$6" "$7" "$3" "$0" "$4" "$5" > "$log" 2>&1 || echo "--- failed: $6" >> "$log"
		[ -s "$log" ] || rm "$log"' \
	"$dir/out" "$python" "$here" "$seed" "$dir/oracle" "$engine" ||
	fail "cannot run the comparison"

set -- "$dir"/out/log.*
if [ -e "$1" ]
then
	cat "$@" | cut -c1-1000 | head -60
	echo "--- $# policies with differences; files in $dir"
	# a comparison that broke off left no result
	differences=$((differences + $(cat "$@" | grep -c '^--- failed')))
fi

# How many answers each construct of the language changed; in a run that is long enough each has to.  Of a construct that changed none in the
# sample, all histories of the policies that use it are looked at.
"$dir/oracle" --constructs > "$dir/constructs"
never_changed()
{
	cat "$dir"/out/*.coverage 2> /dev/null |
		awk 'NR == FNR { order[++n] = $1; next } { changed[$1] += $2 }
			END { for (i = 1; i <= n; i++) if (changed[order[i]] == 0) print order[i] }' "$dir/constructs" -
}
for policy in $(never_changed | while read -r construct; do grep -l "^$construct	" "$dir"/out/*.coverage; done | sort -u)
do
	name=$(basename "$policy" .coverage)
	file=$(grep "/$name\.yaml$" "$dir/list")
	for history in "${policy%.coverage}.history" "${policy%.coverage}.cohort"
	do
		"$dir/oracle" --coverage "$file" "$history" 2>> "$policy" > /dev/null
	done
done
never=$(never_changed | tr '\n' ' ')
cat "$dir"/out/*.coverage |
	awk 'NR == FNR { order[++n] = $1; next } { changed[$1] += $2 }
		END { printf "oracle: answers changed by"; for (i = 1; i <= n; i++) printf " %s %d", order[i], changed[order[i]]; print "" }' \
		"$dir/constructs" -
if [ -n "$never" ]
then
	echo "oracle: never changed an answer: $never"
	[ "$total" -lt 5000 ] || differences=$((differences + 1))
fi
cat "$dir"/out/*.result 2> /dev/null |
	awk -v differences=$differences '{ histories += $1; lines += $2; differences += $3; proved += $4 }
		END {
			printf "oracle: %d answers of policies for which a further penalty is proved never to help\n", proved
			printf "oracle: %d histories, %d lines, %d differences\n", histories, lines, differences
			exit differences > 0 || lines == 0 }'
status=$?
[ $status -ne 0 ] || rm -rf "$dir"
exit $status
