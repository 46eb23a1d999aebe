#!/usr/bin/env bash
# proceedings.sh -- doc/proceedings.md is what the tables of steps say
set -u
cd "$(dirname "$0")/../.." || exit 2
. test/include/tap.sh

printed=$(doc/proceedings.sh 2>&1)
check 'it can be printed' "$?" 0
check 'doc/proceedings.md is up to date; else: make install reference' "$printed" "$(cat doc/proceedings.md)"
check 'nothing is left behind' "$(psql -XAtc "SELECT datname FROM pg_database WHERE datname LIKE 'citycredit%'")" ''
psql -Xq -c 'CREATE EXTENSION citycredit' >/dev/null
check 'every step of every kind has its line' \
	"$(psql -XAtc 'SELECT count(*) FROM citycredit.proceeding_kinds() AS k CROSS JOIN LATERAL citycredit.proceeding_table(k.kind)')" \
	"$(grep -cE '^\| (–|`[a-z_]+`) \| `[a-z_]+` ' doc/proceedings.md)"
done_testing
