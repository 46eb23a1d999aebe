#!/bin/sh
# shipped.sh -- print what goes into the install script of rules/: the measures and catalogues, each as a view shipped_*
#
#   shipped.sh RULES_DIRECTORY
set -eu
rules=$1
quote='$citycredit_shipped$'

# A CSV file with quoted fields as the rows of a VALUES list
csv_rows()
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
	END { printf "\n" }' "$rules/$1"
}

# Comments on a view and its columns: the view's in the first line, then in each a column's name and its comment
comments()
{
	awk -v view="@extschema@.$1" '
	{ object = "VIEW " view }
	NR > 1 { object = "COLUMN " view "." $1; sub(/^[^ ]+ /, "") }
	{ gsub(/\047/, "\047\047"); printf "COMMENT ON %s IS \047%s\047;\n", object, $0 }'
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
SQL
comments shipped_policy <<'END'
随扩展提供的办法及其测试 / measures shipped with the extension, with their tests
name 名称：城市/办法 / name: city/measure
title 标题 / title
yaml 文本，可由 load_policy() 载入 / text, for load_policy()
tests 测试，用于 test_policy() / tests, for test_policy()
END

cat <<'SQL'

CREATE VIEW @extschema@.shipped_behaviour AS
SELECT b.code, b.edition, b.kind, b.field, b.name, nullif(b.severity, '') AS severity, nullif(b.article, '') AS article,
       nullif(b.source, '') AS source, nullif(b.pattern, '') AS pattern, NULL::pg_catalog.date AS retired_on
  FROM (VALUES
SQL
csv_rows catalogue/behaviour.csv
cat <<'SQL'
	) AS b (code, edition, kind, field, name, severity, article, source, pattern);
SQL
comments shipped_behaviour <<'END'
随扩展提供的行为目录 / catalogue of behaviours shipped with the extension; INSERT INTO behaviour SELECT * FROM shipped_behaviour
code 行为编码 / code
edition 目录版本 / edition
kind 记录类别 / kind of record
field 行业领域 / field
name 名称 / name
severity 严重程度 / severity
article 条款 / article
source 依据 / document
pattern 识别用正则表达式 / regular expression
retired_on 停用日期 / day of retirement
END

cat <<'SQL'

CREATE VIEW @extschema@.shipped_evaluation_regime AS
SELECT v.batch, v.batch_name, nullif(v.number, '')::pg_catalog.int2 AS number, v.name, v.tasks, v.deadline,
       nullif(v.due_on, '')::pg_catalog.date AS due_on, v.owner, v.source
  FROM (VALUES
SQL
csv_rows catalogue/evaluation_regime.csv
cat <<'SQL'
	) AS v (batch, batch_name, number, name, tasks, deadline, due_on, owner, source);
SQL
comments shipped_evaluation_regime <<'END'
信用分级分类监管事项：三批三十项的任务、时限和责任单位 / evaluation regimes of a city in three batches: tasks, deadline, owner
batch 批次：improve 完善优化、start 启动突破、extend 部署推广 / batch: improve, start or extend
batch_name 批次名称 / name of the batch
number 批次内序号 / number within the batch
name 信用监管行业（领域） / industry or field
tasks 主要任务和进度要求，照录原文 / tasks as worded
deadline 完成时限，照录原文 / deadline as worded
due_on 完成时限的最后一日 / last day of the deadline
owner 责任单位 / department responsible
source 出处 / document
END

cat <<'SQL'

CREATE VIEW @extschema@.shipped_publicity_regime AS
SELECT v.regime, v.title, v.number, nullif(v.in_force_from, '')::pg_catalog.date AS in_force_from,
       nullif(v.in_force_until, '')::pg_catalog.date AS in_force_until, v.class,
       nullif(v.class_rank, '')::pg_catalog.int2 AS class_rank, v.class_name, nullif(v.field, '') AS field, v.published,
       nullif(v.min_months, '')::pg_catalog.int2 AS min_months, nullif(v.max_months, '')::pg_catalog.int2 AS max_months,
       v.start, nullif(v.several_penalties, '') AS several_penalties, v.at_max, v.at_max_uncorrected, v.repairable, v.mark,
       nullif(v.note, '') AS note
  FROM (VALUES
SQL
csv_rows catalogue/publicity_regime.csv
cat <<'SQL'
	) AS v (regime, title, number, in_force_from, in_force_until, class, class_rank, class_name, field, published, min_months, max_months, start, several_penalties, at_max, at_max_uncorrected, repairable, mark, note);
SQL
comments shipped_publicity_regime <<'END'
公示制度：按施行日、失信类别和领域取一行，特别领域优先 / publicity regimes: one row by day, class and field, the special field first
regime 公示制度 / regime
title 文件标题 / title of the document
number 文号 / number of the document
in_force_from 施行日 / first day in force
in_force_until 最后一日；空为仍在施行 / last day in force; NULL: still in force
class 失信类别：minor 轻微、ordinary 一般、serious 严重、specially_serious 特定严重、any 不分类 / class of the breach
class_rank 类别次序，大者较重 / order of the classes: the greater the graver
class_name 类别名称 / name of the class
field 特别领域；空为其余各领域 / special field; NULL: every other
published 是否公示：yes 公示、discretion 原则上不公示，部门认为确有必要的除外 / published: yes, or only at the department's discretion
min_months 最短公示期（月） / minimum in months
max_months 最长公示期（月） / maximum in months
start 起算：decision 处罚决定日、document 认定文书之日 / counted from: the decision, or the document that found it
several_penalties 一个决定有几种处罚：longest 以最长的为准；空为未规定 / several penalties in one decision: the longest counts; NULL: not stated
at_max 届满：off 自动停止公示 / at the maximum: off
at_max_uncorrected 届满而未纠正：off 停止公示、department 按主管部门规定 / at the maximum, uncorrected: off, or the department's own rule
repairable 公示期内能否修复：yes、no / whether repair can end it earlier
mark 依据的可靠程度：S 原文、N 报道或解读、assumption 设定 / read in the document (S), in news or an interpretation (N), or assumed
note 说明 / remarks
END

cat <<'SQL'

CREATE VIEW @extschema@.shipped_publicity_class AS
SELECT v.regime, nullif(v.class, '') AS class, v.term, nullif(v.value, '') AS value, nullif(v.field, '') AS field, v.mark,
       nullif(v.note, '') AS note
  FROM (VALUES
SQL
csv_rows catalogue/publicity_class.csv
cat <<'SQL'
	) AS v (regime, class, term, value, field, mark, note);
SQL
comments shipped_publicity_class <<'END'
失信类别的归类：一条记录符合几类的取最重的一类 / class of a record under a regime; of several the gravest
regime 公示制度 / regime
class 失信类别；空为由部门规定的参数 / class; NULL: a parameter for the department to fix
term 所依据的记录要素：procedure、penalty_kind、severity、list / term of the record that decides
value 要素的值；空为任何值 / its value; NULL: any
field 限于某领域；空为各领域 / only in a field; NULL: every field
mark 依据的可靠程度 / how certain: S, N or assumption
note 说明 / remarks
END

cat <<'SQL'

CREATE VIEW @extschema@.shipped_repair_condition AS
SELECT v.id, v.kind, nullif(v.regime, '') AS regime, nullif(v.class, '') AS class, v.rule, v.name,
       nullif(v.count, '')::pg_catalog.int2 AS count, nullif(v.months, '')::pg_catalog.int2 AS months,
       nullif(v.effect, '') AS effect, nullif(v.in_force_from, '')::pg_catalog.date AS in_force_from,
       nullif(v.in_force_until, '')::pg_catalog.date AS in_force_until, nullif(v.source, '') AS source, v.mark,
       nullif(v.note, '') AS note
  FROM (VALUES
SQL
csv_rows catalogue/repair_condition.csv
cat <<'SQL'
	) AS v (id, kind, regime, class, rule, name, count, months, effect, in_force_from, in_force_until, source, mark, note);
SQL
comments shipped_repair_condition <<'END'
信用修复的条件、限制和后果，均为按日期的参数 / conditions, bars and consequences of repair, as dated parameters
id 标识 / identifier
kind condition 条件、policy_condition 办法可以要求的条件、bar 不予修复、parameter_bar 办法可以采用的限制、consequence 后果 / condition, condition a policy may add, bar, bar a policy may adopt, consequence
regime 限于某公示制度；空为各制度 / only under a regime; NULL: every one
class 限于某失信类别；空为各类 / only for a class; NULL: every one
rule 规则编码 / code of the rule
name 名称 / name
count 次数 / number of times
months 期间（月）；空为没有或者待定 / period in months; NULL: none, or to be fixed
effect 后果：max_period 公示至最长期限、revoke_repair 撤销修复 / effect of a consequence
in_force_from 施行日；空为自采用时起 / first day in force; NULL: when adopted
in_force_until 最后一日 / last day in force
source 依据文件 / document
mark 依据的可靠程度 / how certain: S, N or assumption
note 说明 / remarks
END

# Every day of the years that the papers arrange. What a paper brings about a day of another year, or changes within one, are further rows.
cat <<'SQL'

CREATE VIEW @extschema@.shipped_calendar AS
WITH paper (paper, year, known_on, assumed, annual, title) AS (
	SELECT v.paper, v.year::int, v.known_on::date, v.assumed::bool, v.annual::bool, v.title
	  FROM (VALUES
SQL
csv_rows calendar/papers.csv
cat <<'SQL'
	) AS v (paper, year, known_on, assumed, annual, title)
), arranged (day, working, name, paper) AS (
	SELECT v.day::date, v.working::bool, v.name, v.paper
	  FROM (VALUES
SQL
csv_rows calendar/days.csv
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
SQL
comments shipped_calendar <<'END'
随扩展提供的工作日历（2004—2026年） / calendar of working days shipped with the extension, 2004 to 2026
day 日期 / day
working 是否工作日 / whether it is worked
name 节日名称，休假或调休上班 / holiday, for which it is off or made up for
source 依据文件 / paper that says so
known_from 知悉时间：文件成文日 / since when known: the day of the paper
assumed 知悉时间是否为推定（当年首日） / whether known_from is an assumption: the first day of the year
END

cat <<'SQL'

CREATE VIEW @extschema@.shipped_measure AS
SELECT v.code, v.edition, v.name, v.class, v.effect, v.list,
       CASE WHEN v.subject_kinds <> '' THEN pg_catalog.string_to_array(v.subject_kinds, ';') END AS subject_kinds,
       nullif(v.least_severity, '') AS least_severity, nullif(v.least_intent, '') AS least_intent, nullif(v.department, '') AS department,
       v.once = 'yes' AS once, nullif(v.basis_title, '') AS basis_title, v.basis_rank, nullif(v.basis_article, '') AS basis_article,
       v.valid_from::pg_catalog.date AS valid_from, nullif(v.valid_until, '')::pg_catalog.date AS valid_until, v.mark, nullif(v.note, '') AS note
  FROM (VALUES
SQL
csv_rows catalogue/measure.csv
cat <<'SQL'
	) AS v (code, edition, name, class, effect, list, subject_kinds, least_severity, least_intent, department, once, basis_title, basis_rank, basis_article, valid_from, valid_until, mark, note);
SQL
comments shipped_measure <<'END'
随扩展提供的奖惩措施，仅限文件点名者；法律依据不明的为 assumption，补足前不适用 / sanctions and incentives that city documents name; one whose legal basis is unknown is an assumption, and not applied
code 措施编码 / code
edition 目录版本 / edition
name 名称 / name
class 性质：administrative 行政性、market 市场性、trade 行业性 / class
effect sanction 惩戒、incentive 激励 / sanction or incentive
list 所附名单 / list
subject_kinds 适用主体类别；空为各类 / kinds of subjects; NULL: all
least_severity 最低严重程度 / lowest severity
least_intent 最低主观程度 / lowest intent
department 实施部门；空为各部门 / department; NULL: any
once 是否仅可用一次 / whether it is used up by one use
basis_title 依据文件 / document it is based on
basis_rank 依据位阶 / rank of that document
basis_article 依据条款 / article
valid_from 首日（含） / first day
valid_until 末日（含） / last day
mark 名称的可靠程度 / how certain the name is
note 说明 / remarks
END

cat <<'SQL'

CREATE VIEW @extschema@.shipped_commitment_matter AS
SELECT v.city, v.edition, v.number::pg_catalog.int4 AS number, v.department, v.power, v.matter, v.type, v.field, v.source, v.rank
  FROM (VALUES
SQL
csv_rows catalogue/commitment_matter.csv
cat <<'SQL'
	) AS v (city, edition, number, department, power, matter, type, field, source, rank);
SQL
comments shipped_commitment_matter <<'END'
适用信用承诺的事项清单（征求意见稿）：34项告知承诺、5项审批替代、2项容缺受理 / matters for which a commitment may replace or defer proof, from a draft: 34, 5 and 2
city 城市 / city
edition 版本 / edition
number 序号 / number
department 责任单位 / department
power 权力类型 / kind of power
matter 事项名称 / matter
type 承诺类型 / type of commitment
field 试点领域 / field
source 依据文件 / document
rank 依据文件的位阶 / rank of the document
END
