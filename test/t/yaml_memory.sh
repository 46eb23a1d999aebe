#!/usr/bin/env bash
# yaml_memory.sh -- ten thousand failing loads in one backend leave nothing behind, libyaml's own memory included; prints TAP
set -u
cd "$(dirname "$0")/../.." || exit 2
. test/include/tap.sh
if [ ! -r "/proc/$$/status" ]; then echo '1..0 # SKIP no /proc on this system'; exit 0; fi

make_database yaml_memory
# each ends the reading at another place: in the scanner, in a mapping, before it begins, in the compiler, after the whole document, when it is stored
value "CREATE TABLE public.bad (n integer PRIMARY KEY, yaml text);
	INSERT INTO public.bad SELECT row_number() OVER (), t FROM unnest(ARRAY[
		'policy: \"a', 'policy: &a x', E'a: 1\na: 1\n', 'policy: a\u0085b', '- [', repeat('[', 40), E'policy: a\n---\nb: c', 'policy: x',
		E'policy: a\nversion: \"\\\\xZZ\"', 'documentation: \"' || repeat('x', 260000) || '\"',
		(SELECT replace(yaml, 'article: 二', 'art: 二') FROM policy), (SELECT yaml FROM policy), (SELECT yaml || E'\n...\n[' FROM policy)]) AS t" >/dev/null
load="DO \$\$
DECLARE
	texts text[] := (SELECT array_agg(yaml ORDER BY n) FROM public.bad);
	failed integer := 0;
BEGIN
	FOR i IN 1 .. %s LOOP
		BEGIN
			PERFORM load_policy(texts[1 + i %% cardinality(texts)]);
		EXCEPTION WHEN OTHERS THEN
			IF SQLSTATE = 'XX000' THEN RAISE; END IF;
			failed := failed + 1;
		END;
	END LOOP;
	IF failed <> %s THEN RAISE 'only %% failed', failed; END IF;
END \$\$;"
{
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		# shellcheck disable=SC2059
		printf "$load\n" 1000 1000
		echo "\\! awk '/^VmRSS/ { print \$2 }' /proc/:pid/status >>$work/rss"
	done
} >"$work/loads.sql"
# \! knows no variables
{
	echo 'SELECT pg_backend_pid() AS pid \gset'
	echo '\setenv BACKEND :pid'
	sed 's/:pid/$BACKEND/' "$work/loads.sql"
} >"$work/run.sql"
quietly psql -Xq -v ON_ERROR_STOP=1 -f "$work/run.sql"
check 'ten thousand loads failed, none with XX000' "$(wc -l <"$work/rss")" 10
growth=$(awk 'NR == 1 { first = $1 } { last = $1 } END { print last - first }' "$work/rss")
echo "# kB after each thousand: $(tr '\n' ' ' <"$work/rss")"
check 'less than 2 MB more after the last nine thousand' "$((growth < 2048))" 1
check 'the backend still loads' "$(psql -XqAt <<-'SQL'
	\set yaml `sed 's/^policy: .*/policy: at-last/' test/data/write_path.yaml`
	SELECT policy FROM load_policy(:'yaml');
	SQL
	)" at-last
done_testing
