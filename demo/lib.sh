# lib.sh -- what the demo and the test of its city share; sourced from the top of the tree
#
# Wants PG* variables of a superuser on a cluster that may be thrown away.

today=2026-06-15			# the day on which the generated records end
export PGCLIENTENCODING=UTF8 PAGER='' PYTHONDONTWRITEBYTECODE=1

title() { printf '\n\033[1m━━━ %s ━━━\033[0m\n' "$*"; }
note()  { printf '  %s\n' "$*"; }

# Runs psql as one of the demo's roles on the demo's day; citycredit binds every step to that role.
as()
{
	local role=$1; shift
	PGOPTIONS="-c role=$role -c client_min_messages=warning" psql -Xq -v ON_ERROR_STOP=1 -v today="$today" -P footer=off -P null=– "$@"
}

# The city's own measure: the shipped example with its assumptions decided, under another name.
measure_of_the_city()
{
	sed -e '/^example: true$/d' -e '/^ *assumption: /d' \
		-e 's/^policy: .*/policy: demo-construction-waste/' -e 's/^title: .*/title: 云河市建筑垃圾运输处置行业信用评价办法/' \
		-e 's/^version: .*/version: "2021"/' -e 's/^issuer: .*/issuer: 云河市城市管理局/' rules/changzhou/construction-waste.yaml
}

# Extension, registry, roles, catalogue and measures in the current database.
make_registry()
{
	as postgres -v yaml="$(measure_of_the_city)" -f demo/1_registry.sql
}

# Registers the organisations of the city in $1, and trusts its bureaus.
register_firms()
{
	as demo_clerk -c 'CREATE TEMPORARY TABLE firm (code text, name text, kind text, district text)' \
		-c "\\copy firm FROM '$1/subject.csv' (FORMAT csv, HEADER)" \
		-c 'SELECT count(citycredit.register_subject(code, name, kind, district)) AS "登记主体 registered" FROM firm'
	as demo_registry -f demo/2_sources.sql
}

# Copies delivered files of the city in $1 into the intake; the header of a file names its columns, its name the form.
feed()
{
	local city=$1 file columns
	shift
	for file; do
		IFS= read -r columns <"$city/$file.csv"
		as demo_etl -c "\\copy citycredit.intake_${file%_2015} ($columns) FROM '$city/$file.csv' (FORMAT csv, HEADER)"
		note "$file.csv → intake_${file%_2015}: $(($(wc -l <"$city/$file.csv") - 1))"
	done
}

# Processes what was fed in: records, or sends back with reasons; grades.
process()
{
	as demo_etl -c 'SELECT form AS "表 form", taken AS "收到 taken", accepted AS "入库 accepted", held AS "其中待核 held",
		waiting_unclassified AS "其中待归类 unclassified", rejected AS "退回 rejected", duplicates AS "重复 repeated"
		FROM citycredit.process_intake() WHERE taken > 0'
}

# What is shown of a city that was fed in, screen after screen.
screens()
{
	title '三、评价结果 / 3. Grades'
	as demo_clerk -f demo/3_grades.sql
	title '四、名单 / 4. Lists'
	as postgres -f demo/4_lists.sql 2>&1
	title '五、逐条说明 / 5. One firm, line by line'
	as demo_clerk -f demo/5_explain.sql
	title '六、一条新处罚 / 6. One new penalty'
	as postgres -f demo/6_live.sql
}
