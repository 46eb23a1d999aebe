\echo '候选：办法指出，尚无任何效果 / Candidates: what the measures point at, without any effect yet'
SET ROLE demo_clerk;
SELECT c.policy AS "办法 policy", c.list AS "名单 list", c.name AS "名称 name", count(*) AS "候选 candidates"
  FROM citycredit.list_candidate AS c GROUP BY 1, 2, 3 ORDER BY 1, 2;

\echo '经办人提出，告知书送达，异议期十个工作日 / The officer proposes; the notices are served; ten working days for objections'
CREATE TEMPORARY TABLE proposed AS
SELECT c.list, citycredit.propose_listing(c.subject, c.list, c.policy, c.rule, '云河市城市管理局',
           CASE c.list WHEN 'red' THEN 'A级并获表彰' ELSE '触及办法规定的列入情形' END, 10) AS entry
  FROM (SELECT *, row_number() OVER (PARTITION BY list ORDER BY subject) AS n FROM citycredit.list_candidate
         WHERE policy = 'demo-construction-waste' AND list IN ('red', 'black')) AS c
 WHERE c.n <= 5;
SELECT citycredit.serve_listing(entry, citycredit.today(), 'direct') FROM proposed \g /dev/null
SELECT l.list AS "名单 list", l.stage AS "阶段 stage", count(*) AS "件 entries", min(l.next_step) AS "下一步 next step"
  FROM citycredit.listing AS l GROUP BY 1, 2 ORDER BY 1;
SELECT min(entry) AS entry FROM proposed \gset

\echo '异议期内认定会被拒绝 / Recognising within the objection period is refused:'
\set ON_ERROR_STOP off
\set SHOW_CONTEXT never
SET ROLE demo_director;
SELECT citycredit.recognize_listing(:entry);
\set ON_ERROR_STOP on

\echo
\echo '异议期满次日，由另一人认定 / The day after, another person recognises them'
RESET ROLE;
SELECT max(objection_until) + 1 AS today FROM citycredit.list_entry \gset
SET citycredit.today = :'today';
SELECT format('ALTER DATABASE %I SET citycredit.today = %L', current_database(), :'today') \gexec
SELECT citycredit.today() AS "今日 today", citycredit.refresh() AS "其间变化的评价 standings changed by the days";
SET ROLE demo_director;
SELECT citycredit.recognize_listing(l.entry_id) FROM citycredit.listing AS l WHERE l.stage = 'ready' AND l.basis_holds \g /dev/null
SELECT l.list AS "名单 list", l.stage AS "阶段 stage", l.basis_holds AS "依据仍在 basis holds", count(*) AS "件 entries"
  FROM citycredit.listing AS l GROUP BY 1, 2, 3 ORDER BY 1, 2;

\echo '公众所见 / What the public sees'
SET ROLE demo_public;
SELECT '红 red' AS "名单 list", code AS "代码 code", name AS "名称 name", listed_from AS "自 from", listed_until AS "至 until", basis_title AS "依据 basis"
  FROM citycredit.red_list
UNION ALL
SELECT '黑 black', code, name, listed_from, listed_until, basis_title FROM citycredit.black_list;
