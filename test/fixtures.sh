#!/usr/bin/env bash
# fixtures.sh -- every broken policy has exactly the finding that its first line names; prints TAP
set -u
cd "$(dirname "$0")/.." || exit 2
. test/include/tap.sh
for file in test/policy_fixtures/*.yaml
do
	wanted=$(sed -n 's/^# finding: //p' "$file")
	found=$(./citycredit-policy check "$file" | sed -n 's/^[^ ]*:[0-9]*:[0-9]*: \(warning: \)\{0,1\}\([a-z0-9_]*\): .*/\2/p' | sort -u | tr '\n' ' ')
	[ "$wanted" = none ] && wanted=
	check "$(basename "$file")" "${found% }" "$wanted"
done
done_testing
