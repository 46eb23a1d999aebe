#!/bin/bash
# fixtures.sh -- every broken policy has exactly the finding that its first line names; prints TAP
set -u
cd "$(dirname "$0")/.." || exit 2
n=0
for file in test/policy_fixtures/*.yaml
do
	n=$((n + 1))
	wanted=$(sed -n 's/^# finding: //p' "$file")
	found=$(./citycredit-policy check "$file" | sed -n 's/^[^ ]*:[0-9]*:[0-9]*: \(warning: \)\{0,1\}\([a-z0-9_]*\): .*/\2/p' | sort -u | tr '\n' ' ')
	[ "$wanted" = none ] && wanted=
	if [ "$wanted" = "${found% }" ]
	then
		echo "ok $n - $(basename "$file")"
	else
		echo "not ok $n - $(basename "$file"): wanted ${wanted:-nothing}, found ${found:-nothing}"
	fi
done
echo "1..$n"
