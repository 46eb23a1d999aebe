\echo '参评主体 / Enrolled firms'
SELECT p.title AS "办法 measure", count(*) AS "参评 enrolled", count(*) FILTER (WHERE s.state = 'rated') AS "已评 rated",
       count(*) FILTER (WHERE s.state <> 'rated') AS "其他状态 other states", count(*) FILTER (WHERE s.undecided) AS "待定 undecided"
  FROM citycredit.standing AS s JOIN citycredit.policy AS p ON p.policy = s.policy AND p.version = s.version
 GROUP BY p.title, p.example ORDER BY p.example, p.title;

\echo '等级分布 / Distribution of grades'
SELECT p.title AS "办法 measure", coalesce(s.band, '（' || s.state || '）') AS "档次 band", s.credit_grade AS "等级 grade", count(*) AS "户 firms",
       round(100.0 * count(*) / sum(count(*)) OVER (PARTITION BY p.title), 2) AS "%",
       repeat('█', ceil(40.0 * count(*) / max(count(*)) OVER (PARTITION BY p.title))::int) AS "分布"
  FROM citycredit.standing AS s JOIN citycredit.policy AS p ON p.policy = s.policy AND p.version = s.version
 GROUP BY p.title, p.example, coalesce(s.band, '（' || s.state || '）'), s.band_rank, s.credit_grade
 ORDER BY p.example, p.title, s.band_rank NULLS LAST;

\echo '未来30日等级将变化的户数（无新事实时） / Firms whose outcome changes within 30 days if nothing new is learned'
SELECT s.next_change_on AS "日期 day", count(*) AS "户 firms"
  FROM citycredit.standing AS s
 WHERE s.policy = 'demo-construction-waste' AND s.next_change_on <= citycredit.today() + 30
 GROUP BY 1 ORDER BY 2 DESC LIMIT 5;
