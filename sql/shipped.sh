#!/bin/sh
# shipped.sh -- print what goes into the install script of rules/: the views shipped_policy, shipped_behaviour and shipped_calendar
#
#   shipped.sh RULES_DIRECTORY
set -eu
rules=$1
quote='$citycredit_shipped$'

# CSV with quoted fields to rows of a VALUES list
values()
{
awk '
function field(text) { gsub(/\047/, "\047\047", text); return "\047" text "\047" }
NR == 1 { next }
{
	row = ""; text = ""; quoted = 0; n = length($0)
	for (i = 1; i <= n + 1; i++) {
		c = substr($0, i, 1)
		if (quoted) {
			if (c == "\"" && substr($0, i + 1, 1) == "\"") { text = text c; i++ }
			else if (c == "\"") quoted = 0
			else text = text c
		}
		else if (c == "\"") quoted = 1
		else if (c == "," || i > n) { row = row (row == "" ? "" : ", ") field(text); text = "" }
		else text = text c
	}
	printf "%s\t(%s)", (NR > 2 ? ",\n" : ""), row
}
END { printf "\n" }' "$1"
}

cat <<'SQL'
CREATE VIEW @extschema@.shipped_policy AS
SELECT p.name, (regexp_match(p.yaml, '\ntitle: *([^\n]*)'))[1] AS title, p.yaml, p.tests
  FROM (VALUES
SQL
separator=
for file in "$rules"/*/*.yaml; do
	case $file in *.test.yaml) continue ;; esac
	tests=${file%.yaml}.test.yaml
	if grep -qF "$quote" "$file" "$tests"; then
		echo "$file: contains $quote" >&2
		exit 1
	fi
	name=${file#"$rules"/}
	printf "%s\t('%s', %s\n" "$separator" "${name%.yaml}" "$quote"
	cat "$file"
	printf '%s, %s\n' "$quote" "$quote"
	cat "$tests"
	printf '%s)' "$quote"
	separator=',
'
done
cat <<'SQL'

	) AS p (name, yaml, tests);
COMMENT ON VIEW @extschema@.shipped_policy IS '随扩展提供的办法及其测试 / measures shipped with the extension, with their tests';
COMMENT ON COLUMN @extschema@.shipped_policy.name IS '名称：城市/办法 / name: city/measure';
COMMENT ON COLUMN @extschema@.shipped_policy.title IS '标题 / title';
COMMENT ON COLUMN @extschema@.shipped_policy.yaml IS '文本，可由 load_policy() 载入 / text, for load_policy()';
COMMENT ON COLUMN @extschema@.shipped_policy.tests IS '测试，用于 test_policy() / tests, for test_policy()';

CREATE VIEW @extschema@.shipped_behaviour AS
SELECT b.code, b.edition, b.kind, b.field, b.name, nullif(b.severity, '') AS severity, nullif(b.article, '') AS article,
       nullif(b.source, '') AS source, nullif(b.pattern, '') AS pattern, NULL::pg_catalog.date AS retired_on
  FROM (VALUES
SQL
values "$rules/catalogue/behaviour.csv"
cat <<'SQL'
	) AS b (code, edition, kind, field, name, severity, article, source, pattern);
COMMENT ON VIEW @extschema@.shipped_behaviour IS '随扩展提供的行为目录 / catalogue of behaviours shipped with the extension; INSERT INTO behaviour SELECT * FROM shipped_behaviour';
COMMENT ON COLUMN @extschema@.shipped_behaviour.code IS '行为编码 / code';
COMMENT ON COLUMN @extschema@.shipped_behaviour.edition IS '目录版本 / edition';
COMMENT ON COLUMN @extschema@.shipped_behaviour.kind IS '记录类别 / kind of record';
COMMENT ON COLUMN @extschema@.shipped_behaviour.field IS '行业领域 / field';
COMMENT ON COLUMN @extschema@.shipped_behaviour.name IS '名称 / name';
COMMENT ON COLUMN @extschema@.shipped_behaviour.severity IS '严重程度 / severity';
COMMENT ON COLUMN @extschema@.shipped_behaviour.article IS '条款 / article';
COMMENT ON COLUMN @extschema@.shipped_behaviour.source IS '依据 / document';
COMMENT ON COLUMN @extschema@.shipped_behaviour.pattern IS '识别用正则表达式 / regular expression';
COMMENT ON COLUMN @extschema@.shipped_behaviour.retired_on IS '停用日期 / day of retirement';
SQL

# Every day of the years that the papers arrange. What a paper brings about a day of another year, or changes within one, are further rows.
cat <<'SQL'

CREATE VIEW @extschema@.shipped_calendar AS
WITH paper (paper, year, known_on, assumed, annual, title) AS (
	SELECT v.paper, v.year::int, v.known_on::date, v.assumed::bool, v.annual::bool, v.title
	  FROM (VALUES
SQL
values "$rules/calendar/papers.csv"
cat <<'SQL'
	) AS v (paper, year, known_on, assumed, annual, title)
), arranged (day, working, name, paper) AS (
	SELECT v.day::date, v.working::bool, v.name, v.paper
	  FROM (VALUES
SQL
values "$rules/calendar/days.csv"
cat <<'SQL'
	) AS v (day, working, name, paper)
), stated AS (
	-- the first day of a year stands in for an unknown day of the paper, also for days of the December before
	SELECT a.day, a.working, a.name, p.title AS source, p.assumed,
	       CASE WHEN p.assumed THEN least(p.known_on, pg_catalog.date_trunc('year', a.day)::date) ELSE p.known_on END AS known_on
	  FROM arranged AS a JOIN paper AS p ON p.paper = a.paper
	UNION ALL
	-- 国务院关于职工工作时间的规定（国务院令第174号）第七条: Saturday and Sunday are off
	SELECT d.day::date, extract(isodow FROM d.day) < 6, NULL, p.title, p.assumed, p.known_on
	  FROM paper AS p
	 CROSS JOIN LATERAL pg_catalog.generate_series(pg_catalog.make_date(p.year, 1, 1), pg_catalog.make_date(p.year, 12, 31), interval '1 day') AS d (day)
	 WHERE p.annual
	   AND NOT EXISTS (SELECT FROM arranged AS a JOIN paper AS o ON o.paper = a.paper
	                    WHERE a.day = d.day AND (o.paper = p.paper OR o.annual AND o.assumed))
)
SELECT s.day, s.working, s.name, s.source, (s.known_on::timestamp AT TIME ZONE 'Asia/Shanghai') AS known_from, s.assumed FROM stated AS s;
COMMENT ON VIEW @extschema@.shipped_calendar IS '随扩展提供的工作日历（2004—2026年） / calendar of working days shipped with the extension, 2004 to 2026';
COMMENT ON COLUMN @extschema@.shipped_calendar.day IS '日期 / day';
COMMENT ON COLUMN @extschema@.shipped_calendar.working IS '是否工作日 / whether it is worked';
COMMENT ON COLUMN @extschema@.shipped_calendar.name IS '节日名称，休假或调休上班 / holiday, for which it is off or made up for';
COMMENT ON COLUMN @extschema@.shipped_calendar.source IS '依据文件 / paper that says so';
COMMENT ON COLUMN @extschema@.shipped_calendar.known_from IS '知悉时间：文件成文日 / since when known: the day of the paper';
COMMENT ON COLUMN @extschema@.shipped_calendar.assumed IS '知悉时间是否为推定（当年首日） / whether known_from is an assumption: the first day of the year';
SQL
