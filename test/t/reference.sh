#!/usr/bin/env bash
# reference.sh -- doc/reference.md is what the catalogue says, and says it of everything
set -u
cd "$(dirname "$0")/../.." || exit 2
. test/include/tap.sh

doc/reference.sh >"$work/first.md" 2>"$work/errors"
check 'the reference can be made' "$?:$(cat "$work/errors")" '0:'
check 'doc/reference.md is up to date; else: make install reference' "$(cat "$work/first.md")" "$(cat doc/reference.md)"
check 'a second run gives the same' "$(doc/reference.sh 2>&1)" "$(cat "$work/first.md")"
check 'nothing is left behind' "$(psql -XAtc "SELECT datname FROM pg_database WHERE datname LIKE 'citycredit%'")" ''

# by another way than the script's: each relation, each column, each function that begins with no underscore
psql -Xq -c 'CREATE EXTENSION citycredit' -c 'SELECT citycredit.create_registry()' >/dev/null
check 'every relation and column is in it' \
	"$(psql -XAtc "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'citycredit' AND table_name NOT LIKE '\\_%' ORDER BY 1, 2" |
		sort)" \
	"$(awk '/^### `/ { name = $2; gsub(/`/, "", name) } /^\| `/ && name != "" { gsub(/`/, "", $2); print name "|" $2 } /^## Profiles/ { exit }' doc/reference.md | sort)"
check 'every function that a role may be granted is in it' \
	"$(psql -XAtc "SELECT DISTINCT object FROM citycredit.profile_privilege WHERE privilege = 'EXECUTE' AND object NOT LIKE '\\_%'" |
		while IFS= read -r name; do grep -qF "### \`$name(" doc/reference.md || echo "$name"; done)" ''
check 'every setting is in it' "$(psql -XAt -c "LOAD 'citycredit'" -c "SELECT name FROM pg_settings WHERE name LIKE 'citycredit.%'" |
	while IFS= read -r name; do grep -qF "| \`$name\` |" doc/reference.md || echo "$name"; done | grep -v LOAD)" ''
check 'no line lacks its meaning' "$(grep -nE '\|  \|$|· $' doc/reference.md)" ''
done_testing
