#!/usr/bin/env bash
# proceedings.sh -- prints doc/proceedings.md from the tables of steps of the installed extension
#
# Wants PG* variables of a superuser on a cluster that may be thrown away. Makes a database and drops it again.
set -euo pipefail

database=citycredit_proceedings
export PGCLIENTENCODING=UTF8 PGOPTIONS='-c client_min_messages=warning'
psql -XqAt -v ON_ERROR_STOP=1 -d postgres -c "DROP DATABASE IF EXISTS $database" -c "CREATE DATABASE $database ENCODING 'UTF8' TEMPLATE template0"
trap 'psql -XqAt -d postgres -c "DROP DATABASE IF EXISTS $database"' EXIT

cat <<'MD'
# Proceedings

What is generated here are the tables that the database itself goes by: `make reference` writes this file, a test keeps it current. In the database they are `proceeding_table(kind)`,
`proceeding_states(kind)` and `proceeding_diagram(kind)`.

A proceeding is opened by the function of its kind (`inform_commitment()`, `propose_listing()`, `apply_repair()`, `raise_objection()`, `raise_complaint()`, `open_gap_review()`), or where there is none by
`open_proceeding()`, and goes on by `advance_proceeding()`; they check what the tables say, log the step, and refuse everything else:

| refused | SQLSTATE |
|---|---|
| a step that is not legal in this state; the detail names the legal ones | 55000 |
| a role without competence for department, kind, field and district | 42501 |
| the person who opened, applied or proposed, where a second one decides; the decider of before, where another one decides | 0P000 |
| a day before the last step or after today; a period not over, over, unknown or never set | 22008 |
| no reasons, no proof of service, no evidence, no length of a period; a shorter one for the subject than is set, or one that nobody has set | 23514 |
| a second proceeding of one kind about the same matter while one is open | 23505 |
| details, terms or effects of silence that mean nothing; a kind opened past its function | 22023 |
| a day that is none | 22007, 22008 |

In the tables below *who* is `applicant` (whoever opened it), `subject`, `department` (an officer), `decider`, `anyone` or `system` (the course of time, or another proceeding). *Needs*: `reasons`; `service` (day, way, document);
kinds of evidence in quotes; `second person` (not who opened, applied, objected or proposed); `other decider` (not who decided in it before); `appeal` (competent is the department appealed to). *Days*: `after` a period is over, `within` one, or beginning (`sets`) one;
with `?` only if the proceeding has a length for it. How long a period is stands in no table: policies or the city say it, and of the department's own periods the department. Time takes a step on the day after the period: `lapse` always, `granted` and `refer` where the proceeding says so of the department's silence.
**bold** states are outcomes.
MD
psql -XqAt -v ON_ERROR_STOP=1 -d "$database" <<'SQL'
CREATE EXTENSION citycredit;
SET search_path = pg_catalog, citycredit;
SELECT concat_ws(E'\n', '', format('## %s %s `%s`', k.zh, k.en, k.kind), '', '```mermaid', rtrim(proceeding_diagram(k.kind), E'\n'), '```', '',
	'| state | 状态 | is |', '|---|---|---|',
	(SELECT string_agg(format(CASE WHEN s.closed THEN '| **`%s`** | %s | %s |' ELSE '| `%s` | %s | %s |' END, s.state, s.zh, s.en), E'\n' ORDER BY s.number)
	   FROM proceeding_states(k.kind) AS s), '',
	'| from | step | to | who | needs | days |', '|---|---|---|---|---|---|',
	(SELECT string_agg(format('| %s | `%s` %s | %s | %s | %s | %s |', coalesce('`' || t.from_state || '`', '–'), t.event, t.zh, '`' || t.to_state || '`',
			array_to_string(t.who, ', '),
			concat_ws(', ', CASE WHEN t.reasons THEN 'reasons' END, CASE WHEN t.service THEN 'service' END,
				(SELECT string_agg('"' || e || '"', ', ') FROM unnest(t.evidence) AS e),
				CASE WHEN t.second_person THEN 'second person' END, CASE WHEN t.other_decider THEN 'other decider' END, CASE WHEN t.on_appeal THEN 'appeal' END),
			concat_ws('; ', CASE WHEN t.overdue IS NOT NULL THEN t.overdue END, 'after ' || nullif(array_to_string(t.after, ' and '), ''), 'within ' || t.within,
				'sets ' || nullif(array_to_string(t.sets, ', '), ''))), E'\n' ORDER BY t.step)
	   FROM proceeding_table(k.kind) AS t))
  FROM proceeding_kinds() WITH ORDINALITY AS k (kind, zh, en, n) ORDER BY k.n;
SQL
