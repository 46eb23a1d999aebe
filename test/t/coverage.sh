#!/usr/bin/env bash
# coverage.sh -- doc/coverage.md is up to date and complete; the tests beside all policies hold for the independent evaluator too; the small policies of an item need its constructs
set -u
cd "$(dirname "$0")/../.." || exit 2
. test/include/tap.sh

python=/usr/bin/python3

"$python" doc/coverage.py >"$work/coverage.md" 2>"$work/problems"
check 'no cell of the table is empty and no name unknown' "$?:$(cat "$work/problems")" '0:'
check 'doc/coverage.md is up to date; else: make coverage' "$(diff doc/coverage.md "$work/coverage.md")" ''
check 'there are 27 items' "$(grep -cE '^\| [0-9]+ \|' doc/coverage.md)" 27
for item in 04 14 18 19 22 26; do
	check "item ${item#0} is shown in three ways" "$([ "$(find test/language -name "$item-*.yaml" ! -name '*.test.yaml' | wc -l)" -ge 3 ] && echo yes)" yes
done

quietly "${CC:-cc}" -std=c99 -O2 test/oracle/*.c -o "$work/oracle" -lyaml
mapfile -t policies < <(find rules test/language -name '*.yaml' ! -name '*.test.yaml' | sort)
check 'every policy has tests beside it' "$(for policy in "${policies[@]}"; do [ -f "${policy%.yaml}.test.yaml" ] || echo "$policy"; done)" ''
for policy in "${policies[@]}"; do
	check "the oracle agrees with the tests of $policy" "$("$python" test/twin.py "$work/oracle" "$policy" 2>&1 | sed -E 's/[0-9]+ expectations/N expectations/')" "$policy: N expectations, 0 differ"
done

# A construct that stands for an item must change an answer in the small policies of that item.
"$python" test/twin.py --constructs "$work/oracle" "${policies[@]}" >"$work/constructs" 2>"$work/problems"
check 'the constructs can be counted' "$?:$(cat "$work/problems")" '0:'
check 'the small policies of an item need its constructs' \
	"$("$python" doc/coverage.py constructs | while read -r item constructs; do
		for construct in $constructs; do
			# these two are keys that every policy has
			[[ $construct = base || $construct = in_force ]] || grep -E "^test/language/$item-" "$work/constructs" | grep -qw -- "$construct" || echo "$item $construct"
		done
	done)" ''
done_testing
