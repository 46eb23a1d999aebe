-- tap_feed_publicity.sql -- the feed tells what is public, day by day and by changes alone: periods, determinations, rules, minors, kinds of subjects
\set ECHO none
\i test/include/publicity.psql
SELECT plan(26);
SELECT register_person('id_card', '360426199101010071', '欧阳某某') AS person, register_person('id_card', '360426200805310078', '初成某某') AS grown,
       register_person('id_card', '360426200809150075', '将成某某') AS soon \gset
CREATE ROLE regress_upstream;
CREATE ROLE regress_bureau;
SELECT grant_profile('regress_upstream', 'exchange'), grant_profile('regress_bureau', 'exchange') \g /dev/null
INSERT INTO feed_receiver (receiver, role, title, kinds, unpublished) VALUES
	('up', 'regress_upstream', '市平台', '{penalty,permit,award,inspection,act,commitment}', false),
	('bureau', 'regress_bureau', '监管部门', '{penalty}', true);
SELECT pg_temp.put(v.document, v.columns::jsonb, coalesce(v.code, '91110000600037341L'))
  FROM (VALUES
	('fine-2025', '{"decided_on": "2026-03-02"}', NULL), ('closure', '{"penalty_kind": "closure"}', NULL), ('warning', '{"penalty_kind": "warning"}', NULL),
	('unclassified', '{"penalty_kind": "fine"}', NULL), ('unclassified-repaired', '{"penalty_kind": "fine", "repaired_on": "2026-06-20"}', NULL),
	('confiscation', '{"penalty_kind": "confiscation_of_goods"}', NULL), ('confiscation-ended', '{"penalty_kind": "confiscation_of_goods", "publicity_until": "2026-06-10"}', NULL),
	('to-be-repaired', '{"penalty_kind": "closure", "repaired_on": "2026-07-01"}', NULL), ('old', '{"decided_on": "2024-01-31"}', NULL), ('no-regime', '{"decided_on": "2019-06-30"}', NULL),
	('unverified', '{"decided_on": "2026-03-02", "source": "nobody"}', NULL),
	('permit', '{"kind": "permit", "valid_from": "2026-01-01", "valid_until": "2026-06-15"}', NULL), ('award', '{"kind": "award"}', NULL),
	('inspection', '{"kind": "inspection", "decided_on": "2025-07-01"}', NULL), ('act', '{"kind": "act", "decided_on": "2025-09-10"}', NULL),
	('commitment', '{"kind": "commitment", "detail": {"openness": "public"}, "valid_until": "2026-09-01"}', NULL), ('commitment-unstated', '{"kind": "commitment"}', NULL),
	('person', '{"decided_on": "2026-03-02"}', :'person'),
	('as-minor', '{"kind": "award", "decided_on": "2026-05-31"}', :'grown'), ('as-adult', '{"kind": "award", "decided_on": "2026-06-01"}', :'grown'),
	('of-minor', '{"kind": "award", "decided_on": "2026-06-01"}', :'soon'),
	('government', '{"decided_on": "2026-03-02"}', '121200004013590816')
  ) AS v (document, columns, code) \g /dev/null
SELECT pg_temp.put('later', '{"decided_on": "2026-03-02"}', '91420684MA4927PJ7B') AS later \gset

-- What a receiver has by now, and what the published views show, by number of document.
CREATE FUNCTION pg_temp.told(receiver text) RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(coalesce(t.identity ->> 'CF_WSH', t.identity ->> 'XK_WSH', t.identity ->> 'document'), ' ' ORDER BY coalesce(t.identity ->> 'CF_WSH', t.identity ->> 'XK_WSH', t.identity ->> 'document') COLLATE "C")
	  FROM citycredit.feed_told AS t WHERE t.receiver = told.receiver AND NOT t.withdrawn $$;
CREATE FUNCTION pg_temp.shown() RETURNS text LANGUAGE sql AS $$
	SELECT string_agg(v.document, ' ' ORDER BY v.document COLLATE "C")
	  FROM (SELECT document FROM citycredit.published_penalty UNION ALL SELECT document FROM citycredit.published_permit
	        UNION ALL SELECT document FROM citycredit.published_act UNION ALL SELECT document FROM citycredit.published_commitment) AS v $$;
CREATE FUNCTION pg_temp.news(receiver text) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
	last bigint := (SELECT coalesce(max(f.feed_id), 0) FROM citycredit.feed AS f);
BEGIN
	PERFORM citycredit.collect_feed(news.receiver);
	RETURN QUERY SELECT concat_ws(' ', coalesce(f.payload ->> 'CF_WSH', f.payload ->> 'document'), f.action, f.reason, f.payload ->> 'CF_GSJZQ')
	               FROM citycredit.feed AS f WHERE f.feed_id > last AND f.receiver = news.receiver;
END
$$;

SELECT collect_feed('up'), collect_feed('bureau') \g /dev/null
SELECT is(pg_temp.told('up'), pg_temp.shown(), 'a receiver has what is public');
SELECT is(pg_temp.shown(), 'act as-adult award closure commitment confiscation confiscation-ended fine-2025 inspection later old permit person to-be-repaired', '  which is this');
SELECT is(pg_temp.told('bureau'), 'closure confiscation confiscation-ended fine-2025 later old person to-be-repaired unclassified unclassified-repaired warning',
	'a body that publishes nothing may be told of what is not published: minor breaches and undetermined classes; not of what nobody verified');
SELECT set_eq($$ SELECT f.payload ->> 'CF_WSH' AS document, f.payload ->> 'CF_GSJZQ' AS until FROM feed AS f WHERE f.receiver = 'bureau' AND f.payload ->> 'CF_WSH' IN ('warning', 'unclassified', 'confiscation-ended', 'to-be-repaired', 'closure') $$,
	$$ VALUES ('warning', NULL), ('unclassified', NULL), ('confiscation-ended', '2026-06-10'), ('to-be-repaired', '2026-06-30'), ('closure', '2029-05-06') $$,
	'the last day of publicity is the one that holds here; what is not public has none');

-- Half a year, day by day, and never in full: each day the receiver has what is public on it.
CREATE TEMPORARY TABLE walked (day date, told text, shown text);
DO $$
DECLARE
	day date := '2026-06-01';
BEGIN
	WHILE day < '2026-12-05' LOOP
		day := day + 1;
		PERFORM set_config('citycredit.today', day::text, true);
		PERFORM citycredit.collect_feed('up'), citycredit.collect_feed('bureau');
		INSERT INTO walked VALUES (day, pg_temp.told('up'), pg_temp.shown());
	END LOOP;
END
$$;
SELECT is_empty('SELECT * FROM walked WHERE told <> shown', 'day after day it has what is public, by the days alone');
SELECT is(count(DISTINCT shown), 7::bigint, '  which changed six times') FROM walked;
SELECT is(told, 'as-adult award closure confiscation fine-2025 later old person', '  and this is left; what happened to a minor is not told later either') FROM walked ORDER BY day DESC LIMIT 1;
SELECT set_eq($$ SELECT f.payload ->> 'CF_WSH' AS document, f.made_on, f.reason FROM feed AS f WHERE f.receiver = 'bureau' AND f.action = 'withdraw' $$,
	$$ VALUES ('unclassified', date '2026-08-07', 'expired'), ('warning', '2026-08-07', 'expired'), ('unclassified-repaired', '2026-06-20', 'repaired'),
	          ('to-be-repaired', '2026-07-01', 'repaired'), ('confiscation-ended', '2026-06-11', 'expired') $$,
	'what is not published ends as the lightest class would, or by repair');
SELECT is(collect_feed('up', true) + collect_feed('bureau', true), 0::bigint, 'in full there is nothing else to tell');

-- ---------------------------------------------------------------------------
-- What is determined, and rules
-- ---------------------------------------------------------------------------
SET LOCAL citycredit.today = '2026-12-06';
SELECT collect_feed('up'), collect_feed('bureau') \g /dev/null
SELECT pg_temp.put('unclear', '{"penalty_kind": "fine", "decided_on": "2026-12-01"}') AS unclear \gset
SELECT set_eq($$ SELECT * FROM pg_temp.news('up') $$, ARRAY[]::text[], 'a fine whose class nobody has determined is not told');
SELECT pg_temp.run('regress_officer', format($$ SELECT determine_publicity('91110000600037341L', %L, 'class', 'ordinary', '较大数额') $$, :'unclear')) AS setting \gset
SELECT set_eq($$ SELECT * FROM pg_temp.news('up') $$, ARRAY[]::text[], 'nor while the determination waits');
SELECT pg_temp.run('regress_head', format($$ SELECT approve_publicity('91110000600037341L', %L, %s) $$, :'unclear', :setting)) \g /dev/null
SELECT set_eq($$ SELECT * FROM pg_temp.news('up') $$, ARRAY['unclear put 2027-12-01'], 'in force, it is');
SELECT _set_publicity('91110000600037341L', :'unclear', 'maximum', 'yes', '违背修复承诺') \g /dev/null
SELECT set_eq($$ SELECT * FROM pg_temp.news('up') $$, ARRAY[]::text[], 'up to the maximum, which it was already');
-- a rule that waits changes nothing, and makes nothing be looked at again
SELECT pg_temp.run('regress_editor', $$ INSERT INTO publicity_parameter (name, scope, value) VALUES ('term', 'award', '1') RETURNING rule_id $$) AS rule \gset
SELECT is((SELECT count(*) FROM feed_full), 0::bigint, 'a rule that is merely entered is no change');
SELECT pg_temp.run('regress_head_editor', format('SELECT approve_publicity_rule(%s)', :rule)) \g /dev/null
SELECT is((SELECT count(DISTINCT receiver) FROM feed_full), 2::bigint, 'one in force makes everything be looked at again');
SELECT set_eq($$ SELECT * FROM pg_temp.news('up') $$, ARRAY['award withdraw expired', 'as-adult withdraw expired'], 'awards are public for a month from now on');
SELECT pg_temp.run('regress_editor', $$ INSERT INTO publicity_parameter (name, scope, value) VALUES ('publish_kind', 'natural_person', 'no') RETURNING rule_id $$) AS rule \gset
SELECT pg_temp.run('regress_head_editor', format('SELECT approve_publicity_rule(%s)', :rule)) \g /dev/null
SELECT set_eq($$ SELECT * FROM pg_temp.news('up') $$, ARRAY['person withdraw withheld'], 'nothing of natural persons any more');
SELECT is(pg_temp.told('up'), pg_temp.shown(), '  as the public sees nothing of them');
INSERT INTO person_minor (subject, minor_until) VALUES (:'person', '2030-01-01');
SELECT is((SELECT count(*) FROM feed_touch WHERE subject = :'person'), 2::bigint, 'somebody who turns out to be a minor is looked at again');
SELECT set_eq($$ SELECT * FROM pg_temp.news('bureau') $$, ARRAY['person withdraw withheld', 'unclear put 2027-12-01'], '  and told of no more');

-- ---------------------------------------------------------------------------
-- The fine apart, and receivers
-- ---------------------------------------------------------------------------
INSERT INTO record (subject, kind, document, authority, source, penalty_kind, procedure, decided_on, amount_fen, fine_fen, detail)
VALUES ('91420684MA4927PJ7B', 'penalty', 'both', 'a', 'regress', 'confiscation_of_goods', 'general', '2026-03-02', 3000000, 2000000,
	'{"cf_cflb": "罚款;没收非法财物", "cf_nr_fk": "2", "cf_nr_wfff": "1"}');
SELECT collect_feed('up') \g /dev/null
CREATE FUNCTION pg_temp.amounts() RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', f.revision, f.payload ->> 'CF_NR_FK', f.payload ->> 'CF_NR_WFFF') FROM citycredit.feed AS f
	 WHERE f.receiver = 'up' AND f.payload ->> 'CF_WSH' = 'both' ORDER BY f.feed_id DESC LIMIT 1 $$;
SELECT is(pg_temp.amounts(), '1 2.000000 1.000000', 'the fine and what was confiscated');
SELECT record_id AS both FROM record WHERE document = 'both' \gset
SELECT pg_temp.run('regress_officer', format($$ SELECT amend_record('91420684MA4927PJ7B', %L, '{"fine_fen": 1500000, "amount_fen": 2500000}', '金额有误') $$, :'both')) \g /dev/null
SELECT pg_temp.run('regress_head', format($$ SELECT verify_record('91420684MA4927PJ7B', %L) $$, :'both')) \g /dev/null
SELECT collect_feed('up') \g /dev/null
SELECT is(pg_temp.amounts(), (SELECT max(revision) FROM feed WHERE payload ->> 'CF_WSH' = 'both' AND receiver = 'up') || ' 1.500000 1.000000', 'an amended fine is the one that is told');
SELECT results_eq($$ SELECT fine, confiscated FROM published_penalty WHERE document = 'both' $$, $$ VALUES (15000.00, 10000.00) $$, '  and shown');
UPDATE feed_receiver SET representative = true WHERE receiver = 'bureau';
SELECT is((SELECT string_agg(receiver, ' ') FROM feed_full), 'bureau', 'a receiver that is changed is collected in full, the others are not');
UPDATE feed_receiver SET unpublished = false WHERE receiver = 'bureau';
SELECT pg_temp.put('minor', '{"penalty_kind": "warning", "decided_on": "2026-12-01"}') \g /dev/null
SELECT is((SELECT count(*) FROM pg_temp.news('bureau') AS n WHERE n LIKE 'minor%'), 0::bigint, 'by default nobody is told of what is not published');
SELECT is(collect_feed('up', true) + collect_feed('bureau', true), 0::bigint, 'and nothing was overlooked');
SELECT * FROM finish();
ROLLBACK;
