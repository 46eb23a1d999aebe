#!/usr/bin/env bash
# dump.sh -- a registry dumped and restored, plain, parallel, as INSERTs: rows, standings and history identical, triggers alive; prints TAP
set -u
cd "$(dirname "$0")/../.." || exit 2
. test/include/tap.sh
chmod 755 "$work"

make_database original
quietly psql -Xq -c "INSERT INTO record (subject, kind, document, authority, source, field, behaviour, procedure, awarded_points, decided_on)
	SELECT c.code, f.kind, 'D' || n, 'bureau', 'bureau', 'regress', f.behaviour, f.procedure, f.points, f.decided_on
	  FROM generate_series(1, 3000) AS n JOIN code AS c ON c.i = 1 + n % 300 CROSS JOIN LATERAL fact(c.i, n) AS f" \
	-c "SELECT amend(subject, record_id) FROM record WHERE kind = 'penalty' AND document LIKE '%7'" \
	-c "SET citycredit.today = '2026-03-02'" -c 'SELECT refresh()'
# what is not a record: links, an import, and proceedings with their periods, one of them a commitment
quietly psql -Xq -v ON_ERROR_STOP=1 <<-'SQL'
	SELECT link_subjects(a.code, b.code, 'branch', '2025-01-01', 'register') FROM code AS a JOIN code AS b ON b.i = a.i + 1 WHERE a.i IN (1, 3, 5);
	SELECT unlink_subjects(a.code, b.code, 'branch', '2026-01-31', 'closed') FROM code AS a JOIN code AS b ON b.i = a.i + 1 WHERE a.i = 3;
	UPDATE subject SET name = 'firm' WHERE subject = ANY (ARRAY(SELECT code FROM code WHERE i < 5));
	SELECT import_listing(code, 'black', 'list', 'court', 'E1', 'court', 'law', 'law', '1', 'reason', '2026-01-01', '2027-01-01') FROM code WHERE i = 1;
	INSERT INTO department_competence (department, role, duty) VALUES ('bureau', current_user, 'officer'), ('bureau', current_user, 'window');
	SELECT raise_complaint(code, '{"against": "selective_enforcement", "matter": "x", "act_on": "2026-01-01"}', 'bureau', 'x', terms => '{"decide": {"working_days": 5}}')
	  FROM code WHERE i = 2;
	SELECT advance_proceeding(subject, proceeding_id, 'accept') FROM proceeding;
	SELECT inform_commitment(code, 'self_discipline', 'bureau', '320400', ARRAY['condition']) FROM code WHERE i = 3;
	CREATE ROLE regress_citycredit_reader;
	SELECT grant_profile('regress_citycredit_reader', 'officer');
	SELECT register_subject('11320400014109576H', 'body');
	INSERT INTO record (subject, kind, document, authority, source, decided_on) VALUES ('11320400014109576H', 'penalty', 'G1', 'bureau', 'bureau', '2026-02-01');
SQL

# every table of the registry, every sequence, the outcomes of the day
contents()
{
	local table
	for table in $(value "SELECT oid::regclass FROM pg_class WHERE relnamespace = 'citycredit'::regnamespace AND relkind = 'r' ORDER BY relname"); do
		echo "$table $(value "SELECT count(*) || ' ' || coalesce(md5(string_agg(t::text, E'\n' ORDER BY t::text)), '-') FROM $table AS t")"
	done
	value "SELECT s.sequencename || ' ' || coalesce(s.last_value::text, '-') FROM pg_sequences AS s WHERE s.schemaname = 'citycredit' ORDER BY 1"
	value "SELECT 'standing ' || count(*) || ' ' || md5(string_agg(s::text, E'\n' ORDER BY s.policy, s.subject)) FROM standing AS s"
	value "SELECT 'objects ' || md5(string_agg(concat_ws(' ', kind, identity, pg_get_userbyid(owner), obj_description(objid, classid::regclass::name)), E'\n' ORDER BY kind, identity)) FROM citycredit._registry_objects()"
	value "SELECT 'triggers ' || md5(string_agg(tgrelid::regclass || tgname || tgenabled || pg_get_triggerdef(oid), E'\n' ORDER BY tgrelid::regclass::text, tgname)) FROM pg_trigger WHERE NOT tgisinternal"
	value "SELECT 'sight ' || (SELECT md5(string_agg(concat_ws(' ', polrelid::regclass, polname, polpermissive, polcmd, pg_get_expr(polqual, polrelid)), E'\n' ORDER BY polrelid::regclass::text, polname)) FROM pg_policy)
		|| ' ' || (SELECT md5(string_agg(concat_ws(' ', oid::regclass, relrowsecurity, reloptions), E'\n' ORDER BY relname)) FROM pg_class WHERE relnamespace = 'citycredit'::regnamespace AND relkind IN ('r', 'v'))"
	value "SELECT 'rights ' || md5(string_agg(oid::regprocedure || coalesce(proacl::text, ''), E'\n' ORDER BY oid::regprocedure::text)) FROM pg_proc WHERE pronamespace = 'citycredit'::regnamespace"
}
contents >"$work/original"
check 'there is something to dump' "$(grep -cE '^(subject_link|list_entry|proceeding|proceeding_step|proceeding_deadline|commitment|department_competence|calendar) [1-9]' "$work/original") $(value 'SELECT count(*) > 300 FROM standing_history')" '8 t'

restored()		# name
{
	export PGDATABASE=$1
	quietly psql -Xqc "ALTER DATABASE $1 SET search_path = citycredit, public" -c "ALTER DATABASE $1 SET citycredit.today = '2026-03-01'"
	check "$1: identical" "$(contents | diff - "$work/original")" ''
	check "$1: standings hold" "$(value "$wrong")" '0 0 0 0 0 0'
	# a firm at its best falls by one statement; a code not heard of before is registered
	check "$1: a record moves the grade" "$(psql -XqAt -v ON_ERROR_STOP=1 <<-'SQL' 2>&1
		SELECT subject, credit_grade FROM standing WHERE credit_grade = 'A' ORDER BY subject LIMIT 1 \gset
		INSERT INTO record (subject, kind, document, authority, source, field, behaviour, decided_on)
		SELECT :'subject', 'penalty', 'after ' || i, 'bureau', 'bureau', 'regress', 'RG-01', '2026-02-01' FROM generate_series(1, 9) AS i;
		SELECT :'credit_grade', credit_grade FROM standing WHERE subject = :'subject';
		SQL
		)" 'A|D'
	check "$1: history cannot be deleted" "$(psql -Xq -v VERBOSITY=sqlstate -c 'DELETE FROM standing_history' 2>&1)" 'ERROR:  55000'
	check "$1: a proceeding goes on" "$(value "SELECT string_agg(advance_proceeding(subject, proceeding_id, 'withdraw'), ' ') FROM proceeding WHERE kind = 'complaint'")" 'withdrawn'
	check "$1: a link cannot be deleted" "$(psql -Xq -v VERBOSITY=sqlstate -c 'DELETE FROM subject_link' 2>&1)" 'ERROR:  55000'
	check "$1: nor a proceeding" "$(psql -Xq -v VERBOSITY=sqlstate -c 'DELETE FROM proceeding_step' 2>&1)" 'ERROR:  55000'
	check "$1: nor can records" "$(psql -Xq -v VERBOSITY=sqlstate -c 'DELETE FROM record' 2>&1)" 'ERROR:  55000'
	check "$1: a body is there, and an officer sees nothing of it" "$(psql -XqAt -v ON_ERROR_STOP=1 <<-'SQL' 2>&1
		SELECT count(*) FROM credit_record WHERE subject = '11320400014109576H';
		SET ROLE regress_citycredit_reader;
		SELECT (SELECT count(*) FROM credit_record WHERE subject = '11320400014109576H') + (SELECT count(*) FROM subject WHERE subject = '11320400014109576H'), count(*) > 1000 FROM credit_record;
		SQL
		)" "$(printf '1\n0|t')"
	check "$1: a policy can be adopted" "$(psql -XqAt -v ON_ERROR_STOP=1 <<-'SQL' 2>&1
		\set yaml `sed 's/^policy: .*/policy: second-path/' test/data/write_path.yaml`
		SELECT policy FROM load_policy(:'yaml');
		SET ROLE regress_citycredit_second;
		SELECT adopt_policy('second-path', '1') > 0;
		SQL
		)" "$(printf 'second-path\nt')"
	check "$1: standings hold afterwards" "$(value "$wrong")" '0 0 0 0 0 0'
}

for form in plain inserts custom; do createdb -T template0 -E UTF8 "$form"; done
PGDATABASE=original quietly pg_dump -f "$work/plain.sql"
quietly psql -Xq -v ON_ERROR_STOP=1 -f "$work/plain.sql" plain
restored plain
PGDATABASE=original quietly pg_dump --inserts -f "$work/inserts.sql"
quietly psql -Xq -v ON_ERROR_STOP=1 -1 -f "$work/inserts.sql" inserts
restored inserts
PGDATABASE=original quietly pg_dump -Fc -f "$work/custom.dump"
quietly pg_restore -e -j 2 -d custom "$work/custom.dump"
restored custom
done_testing
