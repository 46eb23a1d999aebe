#!/bin/sh
# shipped.sh -- print what goes into the install script of rules/: the views shipped_policy and shipped_behaviour
#
#   shipped.sh RULES_DIRECTORY
set -eu
rules=$1
quote='$citycredit_shipped$'

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
# CSV with quoted fields to rows of a VALUES list
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
END { printf "\n" }' "$rules/catalogue/behaviour.csv"
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
