-- tap_shipped.sql -- what is shipped with the extension: every measure is free of findings, passes the tests beside it, says openly what it assumes, and goes into force
\set ECHO none
\i test/include/engine.psql
SELECT plan(7);

SELECT cmp_ok((SELECT count(*) FROM shipped_policy), '>=', 9::bigint, 'measures are shipped');
SELECT is_empty($$ SELECT p.name, f.* FROM shipped_policy AS p, check_policy(p.yaml) AS f WHERE f.severity <> 'warning' $$, 'none has a finding');
SELECT is_empty($$ SELECT p.name, t.* FROM shipped_policy AS p, test_policy(p.yaml, p.tests) AS t WHERE NOT t.ok $$, 'each passes the tests beside it');
SELECT is_empty($$ SELECT p.name FROM shipped_policy AS p
	WHERE (SELECT count(*) FROM test_policy(p.yaml, p.tests) AS t WHERE t.name NOT LIKE 'coverage%') < 5 $$, 'and these are more than a few');
SELECT is_empty($$ SELECT name FROM shipped_policy WHERE yaml ~ '\massumption:' <> (yaml ~ '\nexample: true\n') $$, 'what is assumed is marked, in the rule and on the file');
SELECT is_empty($$ SELECT policy FROM (SELECT (regexp_match(yaml, '(?:^|\n)policy: *(\S+)'))[1] AS policy, (regexp_match(yaml, '\nversion: *(\S+)'))[1] AS version
	FROM shipped_policy) AS p GROUP BY policy, version HAVING count(*) > 1 $$, 'no two are the same version of one policy');
SELECT lives_ok($$ SELECT pg_temp.put_in_force(yaml) FROM (SELECT yaml FROM shipped_policy ORDER BY name) AS p $$, 'all go into force');
SELECT * FROM finish();
ROLLBACK;
