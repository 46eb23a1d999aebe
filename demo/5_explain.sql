-- a firm in the middle of the scale that has much to explain, and whose grade changes soonest
SELECT s.subject, s.next_change_on, b.name
  FROM citycredit.standing AS s
  JOIN citycredit.subject AS b ON b.subject OPERATOR(citycredit.=) s.subject
 WHERE s.policy = 'demo-construction-waste' AND s.band = 'C' AND s.next_change_on IS NOT NULL
 ORDER BY (SELECT count(*) FROM citycredit.record AS r
            WHERE r.subject OPERATOR(citycredit.=) s.subject AND r.kind IN ('penalty', 'inspection', 'award')) DESC, s.next_change_on, s.subject
 LIMIT 1 \gset
SELECT :'name' AS "企业 firm", :'subject' AS "代码 code", s.state AS "状态 state", s.score AS "得分 score", s.band AS "档次 band", s.as_of AS "基准日 as of",
       s.next_change_on AS "下次变化 next change"
  FROM citycredit.standing AS s
 WHERE s.subject OPERATOR(citycredit.=) :'subject' AND s.policy = 'demo-construction-waste';

\echo '逐条：各行相加即得分 / Line by line; the points that add make the score'
SELECT e.line AS "行", e.part AS "部分 part", e.name AS "规则 rule", e.document AS "文书 document", e.points AS "分 points",
       CASE WHEN e.adds THEN '＋' END AS "计", e.status AS "状态 status", e.first_day AS "自 from", e.last_day AS "至 until", e.clause AS "条款 clause"
  FROM citycredit.explain(:'subject', 'demo-construction-waste') AS e
 ORDER BY e.line;

\echo '无新事实时的变化 / What changes by the days alone'
SELECT d.day AS "日期 day", e.score AS "得分 score", e.band AS "档次 band", e.lists AS "名单候选 candidate for"
  FROM (VALUES (citycredit.today()), (:'next_change_on'::date - 1), (:'next_change_on')) AS d (day)
 CROSS JOIN LATERAL citycredit.evaluate(:'subject', 'demo-construction-waste', d.day) AS e
 ORDER BY d.day;
