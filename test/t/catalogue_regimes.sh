#!/usr/bin/env bash
# catalogue_regimes.sh -- the catalogues of evaluation regimes, publicity and repair say what their documents say, and the views say the same
#
# Files are read by COPY, the views by what shipped.sh made of the files: two ways that must agree. Numbers come from the documents, not from the files.
set -u
cd "$(dirname "$0")/../.." || exit 2
. test/include/tap.sh

quietly psql -Xq -v ON_ERROR_STOP=1 -c 'CREATE EXTENSION citycredit'
export PGOPTIONS='-c search_path=citycredit'
for name in evaluation_regime publicity_regime publicity_class repair_condition; do
	file=rules/catalogue/$name.csv
	check "shipped_$name has the columns of the file" \
		"$(value "SELECT string_agg(column_name, ',' ORDER BY ordinal_position) FROM information_schema.columns WHERE table_name = 'shipped_$name'")" \
		"$(head -1 "$file")"
	check "shipped_$name has the rows of the file" "$(psql -XqAt -v ON_ERROR_STOP=1 2>&1 <<-SQL
		CREATE TEMPORARY TABLE given AS SELECT * FROM shipped_$name LIMIT 0;
		\\copy given FROM '$file' WITH (FORMAT csv, HEADER)
		SELECT count(*) > 0, (SELECT count(*) FROM given) = (SELECT count(*) FROM shipped_$name) FROM given;
		(TABLE given EXCEPT TABLE shipped_$name) UNION ALL (TABLE shipped_$name EXCEPT TABLE given);
	SQL
	)" 't|t'
done

# -- the thirty regimes: 11 + 7 + 12 ------------------------------------------------------------------------------------
check 'eleven to improve, seven to start, twelve to extend' \
	"$(value "SELECT batch, batch_name, count(*), min(number), max(number), count(DISTINCT number) FROM shipped_evaluation_regime GROUP BY 1, 2 ORDER BY 3")" \
	'start|启动突破一批|7|1|7|7
improve|完善优化一批|11|1|11|11
extend|部署推广一批|12|1|12|12'
check 'thirty names, thirty tasks, one document' \
	"$(value "SELECT count(DISTINCT name), count(DISTINCT tasks), count(DISTINCT source) FROM shipped_evaluation_regime")" '30|30|1'
check 'the first two batches end with 2020, the third with 2021' \
	"$(value "SELECT DISTINCT batch, deadline, due_on FROM shipped_evaluation_regime ORDER BY 1")" \
	'extend|2021年12月底|2021-12-31
improve|2020年12月底|2020-12-31
start|2020年12月底|2020-12-31'
check 'twenty-three owners; who owns more than one' \
	"$(value "SELECT count(DISTINCT owner) FROM shipped_evaluation_regime")|$(value "SELECT string_agg(owner || ' ' || n, ', ' ORDER BY owner COLLATE \"C\") FROM (SELECT owner, count(*) AS n FROM shipped_evaluation_regime GROUP BY owner HAVING count(*) > 1) AS o")" \
	'23|市交通局 3, 市住房城乡建委 3, 市城市管理局 2, 市市场监管局 2, 市财政局 2'
check 'city management: greening to start, waste sorting to extend' \
	"$(value "SELECT batch, number, name, tasks FROM shipped_evaluation_regime WHERE owner = '市城市管理局' ORDER BY due_on")" \
	'start|3|园林绿化行业信用监管|1. 制定园林绿化行业信用监管制度; 2. 形成园林绿化行业信用信息归集清单; 3. 完善园林绿化行业信用监管评价指标体系。
extend|3|生活垃圾分类信用监管|1. 制定生活垃圾分类信用监管制度; 2. 完善生活垃圾分类信用监管评价指标和监管措施。'
check 'the last of the third batch' \
	"$(value "SELECT name, owner, tasks FROM shipped_evaluation_regime WHERE batch = 'extend' AND number = 12")" \
	'消防安全信用监管|市消防救援总队|1. 完善消防安全信用监管制度; 2.建立消防安全信用信息系统,完善消防信用评价指标体系,推行分级分类监管。'

# -- publicity: the regime of a day, a class and a field -----------------------------------------------------------------
check 'on each side of each change of regime: class, minimum, maximum, start' "$(value "
	SELECT d.day, p.regime, p.class, p.published, p.min_months, p.max_months, p.start, p.at_max_uncorrected, p.repairable
	  FROM unnest('{2019-06-30,2019-07-01,2023-04-30,2023-05-01,2026-03-31,2026-04-01,2030-01-01}'::date[]) AS d (day)
	  LEFT JOIN shipped_publicity_regime AS p ON d.day BETWEEN p.in_force_from AND coalesce(p.in_force_until, 'infinity') AND p.field IS NULL
	 ORDER BY d.day, p.class_rank")" \
'2019-06-30||||||||
2019-07-01|2019|ordinary|yes|3|12|decision|off|yes
2019-07-01|2019|serious|yes|6|36|decision|off|yes
2019-07-01|2019|specially_serious|yes|36|36|decision|off|no
2023-04-30|2019|ordinary|yes|3|12|decision|off|yes
2023-04-30|2019|serious|yes|6|36|decision|off|yes
2023-04-30|2019|specially_serious|yes|36|36|decision|off|no
2023-05-01|2023|any|yes|3|36|decision|off|yes
2026-03-31|2023|any|yes|3|36|decision|off|yes
2026-04-01|2026|minor|discretion|0|3|document|department|yes
2026-04-01|2026|ordinary|yes|3|12|document|department|yes
2026-04-01|2026|serious|yes|12|36|document|department|yes
2030-01-01|2026|minor|discretion|0|3|document|department|yes
2030-01-01|2026|ordinary|yes|3|12|document|department|yes
2030-01-01|2026|serious|yes|12|36|document|department|yes'
check 'five special fields have a minimum of one year, under the regime of 2023 alone' \
	"$(value "SELECT regime, string_agg(field, ' ' ORDER BY field), min(min_months), max(min_months), max(max_months) FROM shipped_publicity_regime WHERE field IS NOT NULL GROUP BY 1")" \
	'2023|drugs fire food special_equipment work_safety|12|12|36'
pick="SELECT p.min_months FROM shipped_publicity_regime AS p WHERE date '2024-01-01' BETWEEN p.in_force_from AND coalesce(p.in_force_until, 'infinity')
	AND p.class IN ('any', 'serious') AND (p.field IS NULL OR p.field = %s) ORDER BY p.field IS NULL LIMIT 1"
check 'a special field comes before the rest' "$(value "${pick//%s/\'fire\'}")|$(value "${pick//%s/\'gas\'}")|$(value "${pick//%s/NULL}")" '12|3|3'
check 'only the regime of 2023 lets the longest of several penalties count' \
	"$(value "SELECT DISTINCT regime, several_penalties FROM shipped_publicity_regime WHERE several_penalties IS NOT NULL")" '2023|longest'
check 'no two rows for one day, class and field' "$(value "
	SELECT a.regime, b.regime, a.class, a.field FROM shipped_publicity_regime AS a JOIN shipped_publicity_regime AS b
	    ON b.class = a.class AND coalesce(b.field, '') = coalesce(a.field, '') AND a.regime < b.regime
	   AND daterange(a.in_force_from, a.in_force_until, '[]') && daterange(b.in_force_from, b.in_force_until, '[]')
	UNION ALL SELECT regime, regime, class, field FROM shipped_publicity_regime GROUP BY regime, class, field HAVING count(*) > 1")" ''
check 'no minimum above a maximum' "$(value "SELECT regime, class FROM shipped_publicity_regime WHERE min_months > max_months OR in_force_until < in_force_from")" ''

check 'which kinds of penalty are of which class, regime of 2026' "$(value "
	SELECT coalesce(class, '?'), string_agg(value, ' ' ORDER BY value) FROM shipped_publicity_class WHERE regime = '2026' GROUP BY 1 ORDER BY 1")" \
'?|detention fine
minor|notice_of_criticism simple warning
ordinary|confiscation_of_gains confiscation_of_goods downgrading suspension_of_licence
serious|black closure restriction_of_business restriction_of_practice revocation_of_licence suspension_of_business'
check 'every class named is one of its regime' "$(value "
	SELECT c.regime, c.class FROM shipped_publicity_class AS c WHERE c.class IS NOT NULL
	   AND NOT EXISTS (SELECT FROM shipped_publicity_regime AS p WHERE p.regime = c.regime AND p.class = c.class)
	UNION ALL SELECT r.regime, r.class FROM shipped_repair_condition AS r WHERE r.class IS NOT NULL
	   AND NOT EXISTS (SELECT FROM shipped_publicity_regime AS p WHERE p.regime = r.regime AND p.class = r.class)")" ''
check 'nothing is of two classes' "$(value "
	SELECT regime, term, value, field FROM shipped_publicity_class GROUP BY 1, 2, 3, 4 HAVING count(*) > 1")" ''

# -- repair ---------------------------------------------------------------------------------------------------------------
check 'what everybody must meet' "$(value "
	SELECT string_agg(rule, ' ' ORDER BY rule) FROM shipped_repair_condition WHERE kind = 'condition' AND regime IS NULL")" 'corrected min_period public_commitment'
check 'bars that a policy may adopt: times and months' "$(value "
	SELECT id, count, coalesce(months::text, '?') FROM shipped_repair_condition WHERE kind = 'parameter_bar' ORDER BY id")" \
'fairly_serious_recent|3|12
fraud|1|?
repaired_recent|1|12
repairs_many|2|60
same_kind|1|60
serious_recent|1|12'
check 'each is marked, named once, and has the regime of its class' "$(value "
	SELECT 'mark', regime FROM shipped_publicity_regime WHERE mark NOT IN ('S', 'N', 'assumption')
	UNION ALL SELECT 'mark', regime FROM shipped_publicity_class WHERE mark NOT IN ('S', 'N', 'assumption')
	UNION ALL SELECT 'mark', id FROM shipped_repair_condition WHERE mark NOT IN ('S', 'N', 'assumption')
	UNION ALL SELECT 'twice', id FROM shipped_repair_condition GROUP BY id HAVING count(*) > 1
	UNION ALL SELECT 'regime', id FROM shipped_repair_condition WHERE class IS NOT NULL AND regime IS NULL")" ''
done_testing
