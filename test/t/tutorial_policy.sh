#!/usr/bin/env bash
# tutorial_policy.sh -- every step of the tutorial in rules/README.md is a policy that passes the check, and its examples pass; every row of its table of words leads to a small policy; the template serves every field
set -u
cd "$(dirname "$0")/../.." || exit 2
. test/include/tap.sh

page=rules/README.md

# The blocks between the marks, each a file: NN.yaml a policy, NN.test.yaml examples of the policy before it.
awk -v work="$work" '
	/^<!-- tutorial -->$/ { inside = 1 }
	/^<!-- \/tutorial -->$/ { inside = 0 }
	!inside { next }
	/^### Step / { steps++ }
	/^```yaml$/ { open = 1; text = ""; next }
	/^```/ && open {
		open = 0
		if (text ~ /(^|\n)tests:\n/) file = sprintf("%s/%02d.test.yaml", work, n)
		else file = sprintf("%s/%02d.yaml", work, ++n)
		printf "%s", text >file
		close(file)
	}
	open { text = text $0 "\n" }
	END { print steps + 0 >(work "/steps") }' "$page"

policies=("$work"/[0-9][0-9].yaml)
check 'there are steps, each with one policy' "${#policies[@]}" "$(cat "$work/steps")"
check 'and some' "$([ "${#policies[@]}" -ge 4 ] && echo yes)" yes
examples=0
for policy in "${policies[@]}"; do
	step=$(basename "$policy" .yaml)
	check "step ${step#0} passes the check" "$(./citycredit-policy check "$policy" 2>&1)" "$policy: no findings"
	tests=${policy%.yaml}.test.yaml
	[ -e "$tests" ] || continue
	examples=$((examples + 1))
	out=$(./citycredit-policy test "$policy" "$tests" 2>&1)
	check "its examples pass" "$?:$(grep -v '^ok' <<<"$out" | sed -E 's/.*: [0-9]+ passed, 0 failed$//')" '0:'
done
check 'examples are shown, more than once' "$([ "$examples" -ge 2 ] && echo yes)" yes
check 'the steps show every part of the language' \
	"$(for policy in "${policies[@]}"; do grep -oE '^[a-z]+:' "$policy"; done | sort -u | grep -cE '^(score|components|items|runs|counters|values|states|bands|scale|ceilings|floors|vetoes|lists|effects|reads|ranks|ratings|cycle):$')" 18

# The table: three columns, the last a link to a small policy (that links lead somewhere is looked at in documentation.sh too).
sed -n '/^## Words of a measure/,$p' "$page" | grep '^| ' | tail -n +2 >"$work/words"
check 'the table has many rows' "$([ "$(wc -l <"$work/words")" -ge 30 ] && echo yes)" yes
check 'each leads to a small policy' \
	"$(sed -E 's/.*\]\(\.\.\/(test\/language\/[0-9a-z-]+\.yaml)\) \|$/\1/' "$work/words" | while IFS= read -r file; do [ -f "$file" ] || echo "$file"; done)" ''

# The template as a bureau copies it: field and codes replaced, nothing else.
fields=$(sed -n '/outdoor_advertising 户外广告/,/waste_sorting/p' rules/template/field.yaml | grep -oE '[a-z_]+ [^ ]+ [A-Z]{2}-' | cut -d' ' -f1,3)
check 'the template names nine fields' "$(wc -l <<<"$fields")" 9
while read -r field code; do
	for suffix in yaml test.yaml; do
		sed -e "s/outdoor_advertising/$field/g" -e "s/\\bOA-/$code/g" "rules/template/field.$suffix" >"$work/field.$suffix"
	done
	check "the template serves $field" "$(./citycredit-policy check "$work/field.yaml" 2>&1; ./citycredit-policy test "$work/field.yaml" "$work/field.test.yaml" 2>&1 |
		grep -v '^ok' | sed -E 's/.*: [0-9]+ passed, 0 failed$//')" "$work/field.yaml: no findings"
done <<<"$fields"
done_testing
