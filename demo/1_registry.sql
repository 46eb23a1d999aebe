-- The registry belongs to a role that nobody logs in as; people get profiles, never tables.
CREATE EXTENSION citycredit;
-- roles belong to the cluster: another city may have made them
SELECT format('CREATE ROLE %I', role) FROM unnest(ARRAY['demo_registry', 'demo_etl', 'demo_drafter', 'demo_council', 'demo_clerk', 'demo_director',
	'demo_public']) AS role
 WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = role) \gexec
SELECT citycredit.create_registry('demo_registry') \g /dev/null

-- the demo's day instead of the clock's, so that it shows the same on every day
SELECT format('ALTER DATABASE %I SET citycredit.today = %L', current_database(), :'today')
UNION ALL SELECT format('ALTER DATABASE %I SET search_path = public, citycredit', current_database()) \gexec
SET citycredit.today = :'today';

SELECT citycredit.grant_profile(role::regrole, profile)
  FROM (VALUES ('demo_etl', 'etl'), ('demo_drafter', 'policy_editor'), ('demo_council', 'policy_editor'), ('demo_clerk', 'officer'),
               ('demo_director', 'officer'), ('demo_public', 'publisher')) AS p (role, profile) \g /dev/null
INSERT INTO citycredit.department_competence (department, role, duty)
VALUES ('云河市城市管理局', 'demo_clerk', 'officer'), ('云河市城市管理局', 'demo_director', 'decider');
SELECT role AS "人员 role", duty AS "职责 duty"
  FROM (VALUES ('demo_etl', '报送数据 / feeds data'), ('demo_drafter', '起草办法 / drafts measures'), ('demo_council', '通过办法 / adopts them'),
               ('demo_clerk', '经办 / officer'), ('demo_director', '复核、认定 / second officer'), ('demo_public', '公众 / the public')) AS d (role, duty);

\echo '行为目录与办法：一人载入，另一人通过 / Catalogue and measures: loaded by one, adopted by another'
SET ROLE demo_drafter;
INSERT INTO citycredit.behaviour (code, edition, kind, field, name, severity, article, source, pattern)
SELECT code, edition, kind, field, name, severity, article, source, pattern FROM citycredit.shipped_behaviour;
SELECT citycredit.load_policy(:'yaml') \g /dev/null
SELECT citycredit.load_policy(yaml) FROM citycredit.shipped_policy
 WHERE name IN ('changzhou-sanitation-services', 'lianyungang-property-services') \g /dev/null
SET ROLE demo_council;
SELECT citycredit.adopt_policy(policy, version) FROM citycredit.policy ORDER BY policy \g /dev/null
\echo '异议期由城市规定，不由经办人选定：同样两人 / How long a firm may object is the city''s to say, and no officer''s: two people again'
SET ROLE demo_drafter;
SELECT citycredit.set_proceeding_term('listing', 'objection', '{"working_days": 10}', '云河市建筑垃圾运输处置行业信用评价办法 名单') AS term \gset
SET ROLE demo_council;
SELECT citycredit.approve_repair_condition(:term) AS "自 from" \g /dev/null
SELECT title AS "办法 measure", version AS "版本 version", status AS "状态 status",
       CASE WHEN example THEN '示例，不公布 / example, never published' ELSE '正式 / the city''s own' END AS "性质 nature"
  FROM citycredit.policy ORDER BY example, policy;
