#!/usr/bin/env bash
# documentation.sh -- what the documentation shows is what the extension does: session, statements, backup, names, messages, links
#
# Texts come from the files, results from the server, names from the catalogue, messages from the sources and from statements that fail.
set -u
cd "$(dirname "$0")/../.." || exit 2
. test/include/tap.sh

# What stands in a file between <!-- PART --> and <!-- /PART -->, or all the rest.
part()  { sed -n "/^<!-- $1 -->\$/,/^<!-- \/$1 -->\$/p" "$2"; }
rest()  { sed "/^<!-- $1 -->\$/,/^<!-- \/$1 -->\$/d" "$2"; }
# The fenced blocks of a kind in the input; after each a blank line.
blocks() { awk -v kind="$1" '/^```/ { if (open) { if (mine) print ""; open = mine = 0 } else { open = 1; mine = ($0 == "```" kind) } next } mine'; }
statements() { sed -e '/^--/d' -e '/^$/d'; }
runs()			# what, database, file of statements
{
	local out
	out=$(PGOPTIONS='-c client_min_messages=warning' psql -Xq -v ON_ERROR_STOP=1 -d "$2" -f "$3" 2>&1 >/dev/null)
	check "$1" "$?:$out" '0:'
}

readmes=(README.md README.zh-CN.md)
manuals=(doc/operations.md doc/security.md doc/internals.md)

# -- the session ----------------------------------------------------------------------------------------------------
psql -Xq -v ON_ERROR_STOP=1 -f doc/session.sql 2>&1 | sed 's/ *$//' >"$work/session.out"
check 'the session gives what it gave' "$(cat "$work/session.out")" "$(cat doc/session.out)"
for readme in "${readmes[@]}"; do
	check "$readme shows the session" "$(part session "$readme" | blocks sql | statements)" "$(statements <doc/session.sql)"
	part session "$readme" | blocks text >"$work/shown"
	check "$readme shows four results" "$(grep -c '^-.*+-' "$work/shown")" 4
	check "$readme shows each as it is" "$(/usr/bin/python3 -c '
import sys
shown, given = (open(path, encoding="utf-8").read() for path in sys.argv[1:])
print([block for block in shown.strip("\n").split("\n\n") if block not in given])' "$work/shown" "$work/session.out")" '[]'
	check "$readme is short" "$([ "$(wc -l <"$readme")" -le 250 ] && echo yes)" yes
done

# -- the other statements -------------------------------------------------------------------------------------------
createdb city
rest session README.md | blocks sql >"$work/readme.sql"
check 'both READMEs have the same statements' "$(rest session README.zh-CN.md | blocks sql)" "$(cat "$work/readme.sql")"
runs 'the statements of README.md run' city "$work/readme.sql"
for manual in "${manuals[@]}"; do
	blocks sql <"$manual" >"$work/manual.sql"
	[ ! -s "$work/manual.sql" ] || runs "the statements of $manual run" city "$work/manual.sql"
done

# -- backup and restore as described, with data ---------------------------------------------------------------------
part backup doc/operations.md | blocks sh | sed "s/\bcity\b/$PGDATABASE/g" >"$work/backup.sh"
check 'a backup is described' "$(grep -c pg_restore "$work/backup.sh")" 1
check 'and works' "$(cd "$work" && bash -eu backup.sh 2>&1 | grep -v '^ *$'; echo "exit ${PIPESTATUS[0]}")" \
	$' subject | policy | problem \n---------+--------+---------\n(0 rows)\nexit 0'
everything="SELECT c.relname, query_to_xml(format(CASE c.relkind WHEN 'S' THEN 'SELECT last_value, is_called FROM citycredit.%I'
	       ELSE 'SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM citycredit.%I AS t' END, c.relname), true, true, '')
	FROM pg_class AS c WHERE c.relnamespace = 'citycredit'::regnamespace AND c.relkind IN ('r', 'S') ORDER BY 1"
PGDATABASE=restored value "$everything" >"$work/restored"
check 'every table and sequence is restored as it was' "$(cat "$work/restored")" "$(value "$everything")"
check 'and all were compared' "$(grep -c '<row' "$work/restored")" \
	"$(value "SELECT count(*) FROM pg_class WHERE relnamespace = 'citycredit'::regnamespace AND relkind IN ('r', 'S')")"
check 'with data in them' "$(PGDATABASE=restored value 'SELECT count(*) FROM citycredit.standing_stored')" 1

# -- names ----------------------------------------------------------------------------------------------------------
value "SELECT proname FROM pg_proc WHERE pronamespace IN ('citycredit'::regnamespace, 'pg_catalog'::regnamespace)" >"$work/functions"
value "SELECT relname FROM pg_class WHERE relnamespace = 'citycredit'::regnamespace" >"$work/relations"
grep -hoE '\b[a-z_]+\(' src/*.c src/core/*.c | tr -d '(' >"$work/c"
for page in "${readmes[@]}" "${manuals[@]}" CHANGELOG.md; do
	check "$page: the functions it names exist" \
		"$(rest missing "$page" | grep -oE '`(citycredit\.)?[a-z_0-9]+\([^`]*`' | sed -E 's/^`(citycredit\.)?([a-z_0-9]+)\(.*/\2/' | sort -u |
			comm -23 - <(sort -u "$work/functions" "$work/c"))" ''
done
for readme in "${readmes[@]}"; do
	part missing "$readme" | grep -oE '`[a-z_]+`' | tr -d '`' | grep -vE '_(state|status)$' | sort -u >"$work/missing"
	check "$readme: what is said to be missing is missing" "$(sort -u "$work/functions" "$work/relations" | comm -12 "$work/missing" -)" ''
	check "$readme: and that is not little" "$([ "$(wc -l <"$work/missing")" -gt 5 ] && echo yes)" yes
	cp "$work/missing" "$work/missing.$readme"
done
check 'both READMEs miss the same' "$(cat "$work/missing.README.zh-CN.md")" "$(cat "$work/missing.README.md")"

# -- messages -------------------------------------------------------------------------------------------------------
{
	cat src/*.c src/core/*.c sql/extension/*.sql sql/registry/*.sql | sed 's/\\"/"/g'
	grep -h ERROR expected/two_writers.out expected/crossing_subjects.out
	# some are the server's own
	createdb bare
	psql -Xq -d bare -c 'CREATE EXTENSION citycredit' -c "SELECT citycredit.evaluate('x', 'y')"
	psql -Xq -c "SELECT FROM citycredit.standing WHERE subject = '91329901MA1D4TQ31G'" -c "SELECT 'x'::citycredit.subject_code"
	grep -B9 -A3 "'participation', '云信" doc/session.sql | sed -n '/^INSERT INTO record/,/;/p' >"$work/again.sql"
	psql -Xq -c 'SET search_path = citycredit' -f "$work/again.sql"
	psql -Xq -c 'SET ROLE clerk' -c 'SELECT citycredit.today()' -c "SET citycredit.today = '2026-01-01'"
} >"$work/sources" 2>&1
for readme in "${readmes[@]}"; do
	part messages "$readme" | cut -d'|' -f2 | grep -oE '`[^`]+`' | tr -d '`' >"$work/messages.$readme"
	# what stands for … in a source is a variable
	check "$readme: messages are those of the sources" \
		"$(while IFS= read -r message; do
			pattern=$(sed -e 's/[][\.*^$()+?{|]/\\&/g' -e 's/…/.*/g' -e 's/extension "citycredit"/extension ".*"/' <<<"$message")
			grep -qE -- "$pattern" "$work/sources" || echo "$message"
		done <"$work/messages.$readme")" ''
	check "$readme: and many" "$([ "$(wc -l <"$work/messages.$readme")" -gt 15 ] && echo yes)" yes
done
check 'both READMEs explain the same messages' "$(cat "$work/messages.README.zh-CN.md")" "$(cat "$work/messages.README.md")"

# -- links ----------------------------------------------------------------------------------------------------------
check 'links lead to files' \
	"$(for page in "${readmes[@]}" doc/*.md rules/README.md CHANGELOG.md; do
		grep -oE '\]\([^)#]+\)' "$page" | sed -E 's/^\]\((.*)\)$/\1/' | grep -vE '^https?:' | while IFS= read -r link; do
			[ -e "$(dirname "$page")/$link" ] || echo "$page: $link"
		done
	done)" ''
check 'files that are named exist' \
	"$(grep -oE '`(src|sql|test|rules|doc|demo|bench)/[A-Za-z0-9_./*-]+`' "${readmes[@]}" doc/*.md rules/README.md CHANGELOG.md | tr -d '`' | while IFS=: read -r page file; do
		compgen -G "$file" >/dev/null || echo "$page: $file"
	done)" ''
done_testing
