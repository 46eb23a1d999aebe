\echo '退回原因：每行列出全部原因 / Reasons for sending back: a row has all of its own'
SELECT c.code AS "编码 code", count(*) AS "行数 rows", min(r.message) AS "原因 reason"
  FROM citycredit.intake_reject AS j
 CROSS JOIN jsonb_array_elements(j.reasons) AS e (reason)
 CROSS JOIN LATERAL (SELECT e.reason ->> 'code' AS code) AS c
  LEFT JOIN citycredit.intake_reason AS r ON r.code = c.code
 GROUP BY c.code ORDER BY 2 DESC, 1;

\echo '待部门归类的违法行为（不计入任何评价） / Waiting for a department''s finding; they count nowhere'
SELECT split_part(u.facts, E'\n', 1) AS "报送内容 wording", count(*) AS "件 records"
  FROM citycredit.unclassified_record AS u
 WHERE u.kind = 'penalty'
 GROUP BY 1 ORDER BY 2 DESC LIMIT 8;

\echo '待第二人审核 / Waiting for a second person'
SELECT coalesce(u.held, '非免复核来源 / the source is not a trusted one') AS "原因 reason", count(*) AS "件 records"
  FROM citycredit.unverified_record AS u
 GROUP BY 1 ORDER BY 2 DESC;
