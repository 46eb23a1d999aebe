-- of the firms whose band changes within a month if nothing new is learned, the one with most to explain
SELECT s.subject, s.next_change_on, b.name
  FROM citycredit.standing AS s
  JOIN citycredit.subject AS b ON b.subject OPERATOR(citycredit.=) s.subject
 CROSS JOIN LATERAL citycredit.evaluate(s.subject, s.policy, s.next_change_on) AS n
 CROSS JOIN LATERAL (SELECT count(*) AS lines FROM citycredit.explain(s.subject, s.policy) AS e WHERE e.points <> 0 AND e.adds) AS e
 WHERE s.policy = 'demo-construction-waste' AND s.state = 'rated' AND s.next_change_on <= citycredit.today() + 30 AND n.band <> s.band
 ORDER BY e.lines DESC, s.next_change_on, s.subject
 LIMIT 1 \gset
SELECT :'name' AS "企业 firm", :'subject' AS "代码 code", s.state AS "状态 state", s.score AS "得分 score", s.band AS "档次 band", s.as_of AS "基准日 as of",
       s.next_change_on AS "下次变化 next change"
  FROM citycredit.standing AS s
 WHERE s.subject OPERATOR(citycredit.=) :'subject' AND s.policy = 'demo-construction-waste';

\echo '逐条：“计”列各行相加即得分 / Line by line; the points of the lines marked ＋ add up to the score'
SELECT e.line AS "行", e.part AS "部分 part", e.name AS "规则 rule", e.document AS "文书 document", e.points AS "分 points",
       CASE WHEN e.adds THEN '＋' END AS "计", e.status AS "状态 status", e.first_day AS "自 from", e.last_day AS "至 until", e.clause AS "条款 clause"
  FROM citycredit.explain(:'subject', 'demo-construction-waste') AS e
 WHERE e.status <> 'undetermined'
 ORDER BY e.line;

\echo '事实未明，不作不利计算 / What is unknown never counts against the firm'
SELECT e.name AS "规则 rule", count(*) AS "件 records", min(e.remark) AS "说明 remark"
  FROM citycredit.explain(:'subject', 'demo-construction-waste') AS e
 WHERE e.status = 'undetermined' GROUP BY e.name ORDER BY min(e.line);

\echo '无新事实时的变化 / What changes by the days alone'
SELECT d.day AS "日期 day", e.score AS "得分 score", e.band AS "档次 band", e.lists AS "名单候选 candidate for"
  FROM (SELECT DISTINCT unnest(ARRAY[citycredit.today(), :'next_change_on'::date - 1, :'next_change_on'])) AS d (day)
 CROSS JOIN LATERAL citycredit.evaluate(:'subject', 'demo-construction-waste', d.day) AS e
 ORDER BY d.day;
