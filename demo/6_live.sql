-- a firm graded B that one serious penalty moves
SET ROLE demo_clerk;
SELECT s.subject, b.name
  FROM citycredit.standing AS s
  JOIN citycredit.subject AS b ON b.subject OPERATOR(citycredit.=) s.subject
 WHERE s.policy = 'demo-construction-waste' AND s.state = 'rated' AND s.band = 'B'
 ORDER BY s.score DESC, s.subject LIMIT 1 \gset
-- files of government bodies are not the clerk's to read, their codes are on every document
RESET ROLE;
SELECT subject AS authority FROM citycredit.subject WHERE name = '云河市城市管理局' \gset

\echo '之前 / Before'
SELECT :'name' AS "企业 firm", score AS "得分 score", band AS "档次 band", next_change_on AS "下次变化 next change"
  FROM citycredit.standing WHERE subject OPERATOR(citycredit.=) :'subject' AND policy = 'demo-construction-waste';

\echo '报送一件处罚 / One penalty is fed in'
SET ROLE demo_etl;
\set ECHO queries
INSERT INTO citycredit.intake_penalty (cf_xdr_mc, cf_xdr_lb, cf_xdr_shxym, cf_frdb, cf_wsh, cf_wfxw, cf_sy, cf_yj, cf_cflb, cf_nr, cf_nr_fk, cf_jdrq,
	cf_cfjg, cf_cfjgdm, cf_sjly, cf_sjlydm, procedure, severity)
VALUES (:'name', '法人及非法人组织', :'subject', '王建国', '云城管罚决字〔2026〕第999999号', '未经核准擅自处置建筑垃圾', '现场检查发现',
	'《城市建筑垃圾管理规定》第二十五条', '罚款', '罚款人民币三万元', '3.000000', citycredit.today()::text,
	'云河市城市管理局', :'authority', '云河市城市管理局', :'authority', '一般程序', '较重');
SELECT form, taken, accepted, rejected FROM citycredit.process_intake() WHERE taken > 0;
\set ECHO none

\echo '之后，同一语句结束时 / After, at the end of the same statement'
SET ROLE demo_clerk;
SELECT :'name' AS "企业 firm", score AS "得分 score", band AS "档次 band", next_change_on AS "下次变化 next change"
  FROM citycredit.standing WHERE subject OPERATOR(citycredit.=) :'subject' AND policy = 'demo-construction-waste';
SELECT h.seq AS "序号 seq", h.as_of AS "基准日 as of", round(h.score / 10000.0, 1) AS "得分 score", h.band_code AS "档次 band", h.cause AS "原因 cause"
  FROM citycredit.standing_history AS h
 WHERE h.subject OPERATOR(citycredit.=) :'subject' AND h.policy_id = (SELECT policy_id FROM citycredit.policy WHERE policy = 'demo-construction-waste')
 ORDER BY h.seq;
