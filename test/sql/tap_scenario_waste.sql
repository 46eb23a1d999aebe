-- tap_scenario_waste.sql -- a construction-waste firm's bad year, day by day: penalties, D, notice, objection rejected, black list, a measure, correction, training, pledge,
-- repair, off the list, and a penalty that should not have been
--
-- What happens stands in a chronicle; what must be seen on every day of the year is worked out beside it in plain SQL, from the days and sums of the chronicle alone. No job
-- runs: whatever the days do, the views show by themselves.
\set ECHO none
\i test/include/proceeding.psql
SELECT plan(25);
CREATE ROLE regress_editor;
CREATE ROLE regress_editor_two;
SELECT grant_profile('regress_editor', 'policy_editor'), grant_profile('regress_editor_two', 'policy_editor') \g /dev/null
SET LOCAL citycredit.today = '2026-01-05';
\set firm 91110000600037341L
\set other 91420684MA4927PJ7B

-- ---------------------------------------------------------------------------
-- The measure, and what the city has set
-- ---------------------------------------------------------------------------
SELECT pg_temp.run('regress_editor', format('SELECT load_policy(%L)', $yaml$
policy: regress-year
title: 建筑垃圾运输信用评价办法
version: "2026"
issuer: 城管局
in_force: {from: 2025-01-01}
sources:
  m: {title: 建筑垃圾运输信用评价办法, rank: normative_document}
  law: {title: 建筑垃圾管理条例, rank: regulation}
inputs: [participation, penalty, award]
applies_to: {enrolled_by: {kind: participation, field: construction_waste, state: taking_part}}
score: {base: 100, floor: 0, cap: 110}
items:
  - id: dumping
    name: 未经核准擅自处置建筑垃圾
    match: {kind: penalty, behaviour: CW-01, procedure: general}
    points:
      cases: [{when: {amount: {at_least: 3万元}}, points: -40}, {when: {amount: {at_least: 1万元}}, points: -20}]
      otherwise: -10
    window: {from: decided_on, months: 12}
    cite: {source: m, article: 第五条}
  - {id: award, name: 市级以上表彰, match: {kind: award}, points: 5, window: {from: decided_on, months: 6}, cite: {source: m, article: 第六条}}
bands:
  step: 1
  cite: {source: m, article: 第七条}
  of:
    - {id: A, name: 优秀, when: {score: {at_least: 90}}}
    - {id: B, name: 良好, when: {score: {at_least: 75, below: 90}}}
    - {id: C, name: 中等, when: {score: {at_least: 60, below: 75}}}
    - {id: D, name: 较差, when: {score: {below: 60}}}
scale: {A: A, B: B, C: C, D: D}
lists:
  - {id: watch, list: watch, name: 重点关注名单, when: {count.dumping: {at_least: 1}, band: [B, C]}, term: {months: 6}, cite: {source: m, article: 第八条}}
  - {id: black, list: black, name: 严重失信主体名单, when: {count.dumping: {at_least: 2}, band: D}, term: {years: 3}, basis: {source: law, article: 第三十条}, cite: {source: m, article: 第九条}}
$yaml$)) \g /dev/null
SELECT pg_temp.run('regress_editor_two', $$ SELECT adopt_policy('regress-year', '2026', published_on => '2024-12-20') $$) \g /dev/null
SELECT pg_temp.run('regress_editor_two', format('SELECT approve_repair_condition(%s)', pg_temp.run('regress_editor', 'SELECT ' || s.statement)))
  FROM (VALUES ($$adopt_repair_condition('policy_training', '测试修复办法第三条', field => 'construction_waste')$$), ($$set_proceeding_term('repair', 'publicity', '{"working_days": 5}', '测试修复办法第五条')$$),
	($$set_proceeding_term('objection', 'decide', '{"working_days": 10}', '测试异议办法第二条')$$)) AS s (statement) \g /dev/null
INSERT INTO measure (code, edition, valid_from, name, class, effect, list, department, basis_title, basis_rank, basis_article)
VALUES ('R-BID', '2026', '2026-01-01', '取消参加建筑垃圾运输招标资格', 'administrative', 'sanction', 'black', '城管局', '建筑垃圾管理条例', 'regulation', '第三十一条');
INSERT INTO source (source, kind, name, trusted_from) SELECT '城管局', k, '城管局', '2025-01-01' FROM unnest(ARRAY['participation', 'penalty', 'award']) AS u (k);

-- ---------------------------------------------------------------------------
-- The chronicle
-- ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.rec(document text) RETURNS uuid LANGUAGE sql AS $$ SELECT r.record_id FROM record AS r WHERE r.document = rec.document AND r.known_until = 'infinity' $$;
-- the latest proceeding of a kind, the list entry, the pledge
CREATE FUNCTION pg_temp.last(kind text) RETURNS bigint LANGUAGE sql AS $$ SELECT max(p.proceeding_id) FROM proceeding AS p WHERE p.kind = last.kind $$;
CREATE FUNCTION pg_temp.entry() RETURNS bigint LANGUAGE sql AS $$ SELECT max(e.entry_id) FROM list_entry AS e $$;
CREATE FUNCTION pg_temp.pledge() RETURNS text LANGUAGE sql AS $$ SELECT c.code FROM commitment AS c WHERE c.type = 'repair' $$;
CREATE FUNCTION pg_temp.fined(document text, decided_on date, fine_fen bigint, procedure text DEFAULT 'general', kind text DEFAULT 'fine') RETURNS void LANGUAGE sql AS $$
	INSERT INTO record (subject, kind, document, authority, source, field, behaviour, procedure, penalty_kind, amount_fen, decided_on)
	VALUES ('91110000600037341L', 'penalty', document, '城管局', '城管局', 'construction_waste', 'CW-01', procedure, kind, fine_fen, decided_on)
$$;
-- one officer finds the class, another approves it
CREATE FUNCTION pg_temp.classed(document text) RETURNS void LANGUAGE sql AS $$
	SELECT pg_temp.run('regress_head', format('SELECT approve_publicity(%L, %L, %s)', '91110000600037341L', pg_temp.rec(document),
		pg_temp.run('regress_officer', format('SELECT determine_publicity(%L, %L, ''class'', ''ordinary'', ''一般程序罚款'')', '91110000600037341L', pg_temp.rec(document)))))
$$;
CREATE FUNCTION pg_temp.corrected(document text, day date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_temp.run('regress_officer', format('SELECT classify_record(%L, %L, corrected_on => %L, reason => ''现场复查'')', '91110000600037341L', pg_temp.rec(document), day));
	PERFORM pg_temp.run('regress_head', format('SELECT verify_record(%L, %L)', '91110000600037341L', pg_temp.rec(document)));
END
$$;
CREATE TEMPORARY TABLE chronicle (n integer GENERATED ALWAYS AS IDENTITY, day date, role text, what text, statement text, refused text);
\set served '"service_method": "direct", "service_document": "书1号"'
INSERT INTO chronicle (day, role, what, statement, refused) VALUES
	('2026-01-05', 'none', 'two firms take part', $$ INSERT INTO record (subject, kind, document, authority, source, field, state, valid_from)
		SELECT f::subject_code, 'participation', '参评' || f, '城管局', '城管局', 'construction_waste', 'taking_part', '2025-01-01' FROM unnest(ARRAY['91110000600037341L', '91420684MA4927PJ7B']) AS u (f) RETURNING 1 $$, NULL),
	('2026-01-05', 'none', 'a fine of the year before', $$ SELECT pg_temp.fined('罚〔2025〕3号', '2025-03-09', 1500000) $$, NULL),
	('2026-04-02', 'none', 'fined on the day before: 20 000', $$ SELECT pg_temp.fined('罚〔2026〕7号', '2026-04-01', 2000000) $$, NULL),
	('2026-04-08', 'none', '  its class is found', $$ SELECT pg_temp.classed('罚〔2026〕7号') $$, NULL),
	('2026-05-07', 'none', 'fined again: 35 000', $$ SELECT pg_temp.fined('罚〔2026〕19号', '2026-05-06', 3500000) $$, NULL),
	('2026-05-07', 'none', '  its class is found', $$ SELECT pg_temp.classed('罚〔2026〕19号') $$, NULL),
	('2026-05-11', 'regress_officer', 'proposed for the black list', $$ SELECT propose_listing('91110000600037341L', 'black', 'regress-year', 'black', '城管局', '一年内两次擅自处置', 5) $$, NULL),
	('2026-05-11', 'regress_head', '  recognised without notice', $$ SELECT recognize_listing(pg_temp.entry()) $$, '55000'),
	('2026-05-11', 'regress_officer', '  notice', $$ SELECT serve_listing(pg_temp.entry(), '2026-05-11', 'direct', document => '告1号') $$, NULL),
	('2026-05-13', 'regress_window', 'the firm objects', $$ SELECT raise_objection('91110000600037341L', jsonb_build_object('against', 'listing', 'entry_id', pg_temp.entry()), '城管局', '第二次处置已取得核准') $$, NULL),
	('2026-05-13', 'regress_window', '  once more', $$ SELECT raise_objection('91110000600037341L', jsonb_build_object('against', 'listing', 'entry_id', pg_temp.entry()), '城管局', '第二次处置已取得核准') $$, '23505'),
	('2026-05-15', 'regress_officer', '  it is accepted', $$ SELECT advance_proceeding('91110000600037341L', pg_temp.last('objection'), 'accept') $$, NULL),
	('2026-05-18', 'regress_head', 'recognised on the last day for objections', $$ SELECT recognize_listing(pg_temp.entry()) $$, '22008'),
	('2026-05-19', 'regress_head', 'recognised while the objection is open', $$ SELECT recognize_listing(pg_temp.entry()) $$, '55000'),
	('2026-05-19', 'regress_head', 'the objection is rejected without reasons', $$ SELECT decide_objection('91110000600037341L', pg_temp.last('objection'), 'reject', '{"served_on": "2026-05-19", "service_method": "direct", "service_document": "异1号"}') $$, '23514'),
	('2026-05-19', 'regress_head', 'the objection is rejected', $$ SELECT decide_objection('91110000600037341L', pg_temp.last('objection'), 'reject', '{"reasons": "核准晚于处置", "served_on": "2026-05-19", "service_method": "direct", "service_document": "异1号"}') $$, NULL),
	('2026-05-19', 'regress_officer', 'recognised by who proposed', $$ SELECT recognize_listing(pg_temp.entry()) $$, '0P000'),
	('2026-05-19', 'regress_other', 'recognised by another department', $$ SELECT recognize_listing(pg_temp.entry()) $$, '42501'),
	('2026-05-19', 'regress_head', 'recognised', $$ SELECT recognize_listing(pg_temp.entry()) $$, NULL),
	('2026-05-20', 'regress_head', 'a measure outside the catalogue', $$ SELECT apply_measure('91110000600037341L', 'R-X', '城管局') $$, '42704'),
	('2026-05-20', 'regress_head', 'a measure', $$ SELECT apply_measure('91110000600037341L', 'R-BID', '城管局') $$, NULL),
	('2026-06-16', 'none', 'a warning on the spot, of the day before', $$ SELECT pg_temp.fined('警〔2026〕2号', '2026-06-15', NULL, 'simple', 'warning') $$, NULL),
	('2026-07-02', 'none', 'an award', $$ INSERT INTO record (subject, kind, document, authority, source, decided_on) VALUES ('91110000600037341L', 'award', '奖1号', '城管局', '城管局', '2026-07-01') RETURNING 1 $$, NULL),
	('2026-08-04', 'none', 'what was wrong is put right', $$ SELECT pg_temp.corrected('罚〔2026〕7号', '2026-07-20'), pg_temp.corrected('罚〔2026〕19号', '2026-07-20') $$, NULL),
	('2026-08-05', 'regress_officer', 'a pledge is told', $$ SELECT inform_commitment('91110000600037341L', 'repair', '城管局', '110000', ARRAY['不再擅自处置'], '信用修复') $$, NULL),
	('2026-08-05', 'regress_window', '  and signed', $$ SELECT advance_commitment('91110000600037341L', pg_temp.last('commitment'), 'sign', '{"evidence": [{"kind": "content", "reference": "书"}, {"kind": "liability", "reference": "书"}], "data": {"content": "不再擅自处置", "liability": "公示至最长期限"}}') $$, NULL),
	('2026-08-05', 'regress_officer', '  and published', $$ SELECT advance_commitment('91110000600037341L', pg_temp.last('commitment'), 'publish_undecided') $$, NULL),
	('2026-08-06', 'regress_window', 'a repair before the minimum is over, and without training', $$ SELECT pg_temp.asked() $$, '23514'),
	('2026-08-07', 'regress_officer', 'a training', $$ SELECT record_attendance('91110000600037341L', record_training('training', '2026-08-07', '城管局', '信用修复培训', 'construction_waste')) $$, NULL),
	('2026-08-10', 'regress_window', 'a repair is applied for', $$ SELECT pg_temp.asked() $$, NULL),
	('2026-08-10', 'regress_head', '  granted without more', $$ SELECT advance_repair('91110000600037341L', pg_temp.last('repair'), 'grant') $$, '55000'),
	('2026-08-10', 'regress_officer', '  accepted', $$ SELECT advance_repair('91110000600037341L', pg_temp.last('repair'), 'accept') $$, NULL),
	('2026-08-11', 'regress_officer', '  made public', $$ SELECT advance_repair('91110000600037341L', pg_temp.last('repair'), 'publicise') $$, NULL),
	('2026-08-18', 'regress_head', '  granted on the last day of its publicity', $$ SELECT advance_repair('91110000600037341L', pg_temp.last('repair'), 'grant') $$, '22008'),
	('2026-08-19', 'regress_officer', '  granted by who does not decide', $$ SELECT advance_repair('91110000600037341L', pg_temp.last('repair'), 'grant') $$, '42501'),
	('2026-08-19', 'regress_head', '  granted', $$ SELECT advance_repair('91110000600037341L', pg_temp.last('repair'), 'grant') $$, NULL),
	('2026-08-20', 'regress_head', 'a measure on who is listed no longer', $$ SELECT apply_measure('91110000600037341L', 'R-BID', '城管局') $$, '55000'),
	('2026-11-24', 'none', 'fined once more, four days before: 5 000', $$ SELECT pg_temp.fined('罚〔2026〕41号', '2026-11-20', 500000) $$, NULL),
	('2026-11-25', 'none', '  its class is found', $$ SELECT pg_temp.classed('罚〔2026〕41号') $$, NULL),
	('2026-11-30', 'regress_window', '  objected to', $$ SELECT raise_objection('91110000600037341L', jsonb_build_object('against', 'record', 'record_id', pg_temp.rec('罚〔2026〕41号')), '城管局', '不是我公司车辆') $$, NULL),
	('2026-12-02', 'regress_officer', '  accepted', $$ SELECT advance_proceeding('91110000600037341L', pg_temp.last('objection'), 'accept') $$, NULL),
	('2026-12-07', 'regress_second', '  upheld: it was another firm''s lorry', $$ SELECT decide_objection('91110000600037341L', pg_temp.last('objection'), 'uphold', '{"reasons": "车辆不属该公司", "data": {"action": "revoke", "revoked_on": "2026-12-07"}}') $$, NULL);
CREATE FUNCTION pg_temp.asked() RETURNS bigint LANGUAGE sql AS $$
	SELECT apply_repair('91110000600037341L', ARRAY[pg_temp.rec('罚〔2026〕7号'), pg_temp.rec('罚〔2026〕19号')], '城管局', jsonb_build_array('{"kind": "correction", "reference": "复查1号"}'::jsonb,
		'{"kind": "obligations", "reference": "缴款1号"}'::jsonb, jsonb_build_object('kind', 'commitment', 'reference', pg_temp.pledge())), field => 'construction_waste')
$$;

-- ---------------------------------------------------------------------------
-- The year, day by day
-- ---------------------------------------------------------------------------
CREATE TEMPORARY TABLE seen (day date, subject text, score numeric, band text, grade text, lists text[], next_change_on date, black text, fines text, objected text, repairs text, measures text, known_at timestamptz);
CREATE TEMPORARY TABLE answer (n integer, code text, message text);
DO $$
DECLARE
	d date;
	e chronicle;
	answered text;
BEGIN
	FOR d IN SELECT g::date FROM generate_series(date '2026-01-05', date '2026-12-31', interval '1 day') AS g LOOP
		PERFORM set_config('citycredit.today', d::text, true);
		FOR e IN SELECT * FROM chronicle AS c WHERE c.day = d ORDER BY c.n LOOP
			answered := pg_temp.try(e.role, e.statement);
			INSERT INTO answer VALUES (e.n, CASE WHEN answered ~ '^[0-9A-Z]{5} ' THEN left(answered, 5) END, answered);
		END LOOP;
		INSERT INTO seen
		SELECT d, s.subject::text, s.score, s.band, s.credit_grade::text, s.lists, s.next_change_on,
		       (SELECT string_agg(format('%s %s', b.listed_from, b.listed_until), ' ') FROM black_list AS b WHERE b.code = s.subject::text),
		       (SELECT string_agg(p.document, ' ' ORDER BY p.document COLLATE "C") FROM published_penalty AS p WHERE p.code = s.subject::text),
		       (SELECT string_agg(p.document, ' ') FROM published_penalty AS p WHERE p.code = s.subject::text AND p.objected = 'open'),
		       (SELECT string_agg(p.document, ' ' ORDER BY p.document COLLATE "C") FROM published_repair AS p WHERE p.code = s.subject::text),
		       (SELECT string_agg(m.code, ' ') FROM measure_today AS m WHERE m.subject = s.subject), t.known_at
		  FROM standing AS s JOIN subject_state AS t USING (subject) WHERE s.policy = 'regress-year';
	END LOOP;
END
$$;
SELECT is_empty($$ SELECT c.day, c.what, a.message FROM chronicle AS c JOIN answer AS a USING (n) WHERE c.refused IS DISTINCT FROM a.code $$, 'everything happened as the chronicle says, and what it says was refused was');
SELECT is((SELECT count(*) FROM seen), 722::bigint, 'two firms were seen on each of 361 days');

-- ---------------------------------------------------------------------------
-- The same in plain SQL
-- ---------------------------------------------------------------------------
CREATE TEMPORARY TABLE fine (document text, decided date, told date, yuan integer, general boolean, classed date, repaired date, revoked date);
INSERT INTO fine VALUES
	('罚〔2025〕3号', '2025-03-09', '2026-01-05', 15000, true, NULL, NULL, NULL),
	('罚〔2026〕7号', '2026-04-01', '2026-04-02', 20000, true, '2026-04-08', '2026-08-19', NULL),
	('罚〔2026〕19号', '2026-05-06', '2026-05-07', 35000, true, '2026-05-07', '2026-08-19', NULL),
	('警〔2026〕2号', '2026-06-15', '2026-06-16', NULL, false, NULL, NULL, NULL),
	('罚〔2026〕41号', '2026-11-20', '2026-11-24', 5000, true, '2026-11-25', NULL, '2026-12-07');
-- what the measure makes of a day, by what was known on another
CREATE FUNCTION pg_temp.worked_out(known date, day date, OUT score numeric, OUT band text, OUT lists text[]) LANGUAGE sql AS $$
	WITH counted AS (
		SELECT CASE WHEN f.yuan >= 30000 THEN 40 WHEN f.yuan >= 10000 THEN 20 ELSE 10 END AS points FROM fine AS f
		 WHERE f.told <= known AND f.general AND day >= f.decided AND day <= f.decided + interval '1 year'
		   AND (f.repaired IS NULL OR f.repaired > known OR day < f.repaired) AND (f.revoked IS NULL OR f.revoked > known)
	), figures AS (
		SELECT greatest(0, least(110, 100 - coalesce((SELECT sum(points) FROM counted), 0)
		           + CASE WHEN known >= '2026-07-02' AND day BETWEEN '2026-07-01' AND '2027-01-01' THEN 5 ELSE 0 END)) AS score, (SELECT count(*) FROM counted) AS acts
	), graded AS (
		SELECT score, acts, CASE WHEN score >= 90 THEN 'A' WHEN score >= 75 THEN 'B' WHEN score >= 60 THEN 'C' ELSE 'D' END AS band FROM figures
	)
	SELECT score, band, CASE WHEN band = 'D' AND acts >= 2 THEN '{black}' WHEN band IN ('B', 'C') AND acts >= 1 THEN '{watch}' ELSE '{}' END::text[] FROM graded
$$;
CREATE FUNCTION pg_temp.public_fines(day date) RETURNS text LANGUAGE sql AS $$
	-- before April 2026 for three years; from then on an ordinary breach for one, once its class is known; a minor one not at all
	SELECT string_agg(f.document, ' ' ORDER BY f.document COLLATE "C") FROM fine AS f
	 WHERE f.told <= day AND (f.repaired > day) IS NOT FALSE AND (f.revoked > day) IS NOT FALSE
	   AND CASE WHEN f.decided < '2026-04-01' THEN day <= f.decided + interval '3 years' ELSE f.classed <= day AND day <= f.decided + interval '1 year' END
$$;
CREATE TEMPORARY TABLE expected AS
SELECT d::date AS day, w.score, w.band, w.lists,
       CASE WHEN d >= '2026-05-19' AND d < '2026-08-19' THEN '2026-05-19 2029-05-19' END AS black, pg_temp.public_fines(d::date) AS fines,
       CASE WHEN d >= '2026-11-30' AND d < '2026-12-07' THEN '罚〔2026〕41号' END AS objected,
       CASE WHEN d BETWEEN '2026-08-11' AND '2026-08-18' THEN '罚〔2026〕19号 罚〔2026〕7号' END AS repairs,
       CASE WHEN d >= '2026-05-20' AND d < '2026-08-19' THEN 'R-BID' END AS measures
  FROM generate_series(date '2026-01-05', date '2026-12-31', interval '1 day') AS d CROSS JOIN LATERAL pg_temp.worked_out(d::date, d::date) AS w;

-- every day, one column after the other
SELECT is_empty(format($$ SELECT day, s.%1$I AS seen, e.%1$I AS worked_out FROM seen AS s JOIN expected AS e USING (day) WHERE s.subject = '91110000600037341L' AND s.%1$I IS DISTINCT FROM e.%1$I $$, c.name), c.what || ', on every day')
  FROM (VALUES (1, 'score', 'the score'), (2, 'band', 'the band'), (3, 'lists', 'the lists it is a candidate for'), (4, 'black', 'the black list'), (5, 'fines', 'the penalties that are public'),
               (6, 'objected', '  their marks'), (7, 'repairs', 'the repairs that are public'), (8, 'measures', 'the measures in effect')) AS c (n, name, what) ORDER BY c.n;
SELECT is_empty('SELECT day, band, grade FROM seen WHERE grade IS DISTINCT FROM band', 'the grade is the band, as the measure says');
SELECT is_empty($$ SELECT * FROM seen WHERE subject = '91420684MA4927PJ7B' AND (score, band, lists) IS DISTINCT FROM (100, 'A', '{}'::text[]) OR subject = '91420684MA4927PJ7B' AND num_nonnulls(black, fines, repairs, measures, next_change_on) > 0 $$,
	'nothing of it touches the other firm');
-- the turns of the year, so that a reader sees them
SELECT results_eq($$ SELECT day, score, band, lists, black IS NOT NULL, cardinality(string_to_array(fines, ' ')) FROM (SELECT *, lag((score, band, lists, black IS NULL, fines)) OVER (ORDER BY day) AS before FROM seen
		WHERE subject = '91110000600037341L') AS s WHERE before IS DISTINCT FROM (score, band, lists, black IS NULL, fines) ORDER BY day $$,
	$$ VALUES (date '2026-01-05', 80::numeric, 'B', '{watch}'::text[], false, 1), ('2026-03-10', 100, 'A', '{}', false, 1), ('2026-04-02', 80, 'B', '{watch}', false, 1), ('2026-04-08', 80, 'B', '{watch}', false, 2),
	          ('2026-05-07', 40, 'D', '{black}', false, 3), ('2026-05-19', 40, 'D', '{black}', true, 3), ('2026-07-02', 45, 'D', '{black}', true, 3), ('2026-08-19', 105, 'A', '{}', false, 1),
	          ('2026-11-24', 95, 'A', '{}', false, 1), ('2026-11-25', 95, 'A', '{}', false, 2), ('2026-12-07', 105, 'A', '{}', false, 1) $$, 'the days on which something turned');
-- the day of the next change was always the first on which, by what was known then, the outcome differs
SELECT is_empty($$ SELECT s.day, s.next_change_on, n.day AS worked_out FROM seen AS s
	  LEFT JOIN LATERAL (SELECT c.day FROM (SELECT DISTINCT unnest(ARRAY[(f.decided + interval '1 year')::date + 1, '2027-01-02'::date]) AS day FROM fine AS f) AS c
	                      CROSS JOIN LATERAL pg_temp.worked_out(s.day, c.day) AS w WHERE c.day > s.day AND (w.score, w.band, w.lists) <> (s.score, s.band, s.lists) ORDER BY c.day LIMIT 1) AS n ON true
	 WHERE s.subject = '91110000600037341L' AND s.next_change_on IS DISTINCT FROM n.day $$, 'the day of the next change was foretold on every day');

-- ---------------------------------------------------------------------------
-- Looking back at the end of the year
-- ---------------------------------------------------------------------------
SELECT is_empty($$ SELECT s.day, s.score, e.score AS now FROM seen AS s CROSS JOIN LATERAL evaluate(s.subject::subject_code, 'regress-year', s.day, s.known_at) AS e
	WHERE (s.score, s.band, s.lists) IS DISTINCT FROM (e.score, e.band, e.lists) $$, 'every day comes out again as it was seen, by what was known then');
SELECT is_empty($$ SELECT x.day, e.score, w.score AS worked_out FROM expected AS x CROSS JOIN LATERAL evaluate('91110000600037341L', 'regress-year', x.day) AS e CROSS JOIN LATERAL pg_temp.worked_out('2026-12-31', x.day) AS w
	WHERE (w.score, w.band, w.lists) IS DISTINCT FROM (e.score, e.band, e.lists) $$, 'and by what is known now: days before they were told, and without what was revoked');
SELECT is((SELECT array_agg(e.score ORDER BY d.day) FROM (VALUES (date '2026-04-01'), ('2026-08-18'), ('2026-11-25')) AS d (day) CROSS JOIN LATERAL evaluate('91110000600037341L', 'regress-year', d.day) AS e),
	ARRAY[80, 45, 105]::numeric[], '  so: told a day later, not undone by the repair, never rightly fined');
SELECT results_eq($$ SELECT listed_from, removed_on, listed_until FROM list_entry $$, $$ VALUES (date '2026-05-19', date '2026-08-19', date '2029-05-19') $$, 'the entry stays on record, with the day it ended');
SELECT results_eq($$ SELECT p.kind, p.state, string_agg(s.event, ' ' ORDER BY s.seq) FROM proceeding AS p JOIN proceeding_step AS s USING (subject, proceeding_id) GROUP BY p.proceeding_id, p.kind, p.state ORDER BY p.proceeding_id $$,
	$$ VALUES ('listing', 'removed', 'propose notify recognise exit_by_repair'), ('objection', 'rejected', 'raise accept reject'), ('commitment', 'published', 'inform sign publish_undecided'),
	          ('repair', 'repaired', 'apply accept publicise grant'), ('objection', 'upheld', 'raise accept uphold') $$, 'the steps are on record, and none of those that were refused');
SELECT results_eq($$ SELECT what, old_outcome ->> 'score', new_outcome ->> 'score' FROM objection_effect WHERE what = 'standing' $$, $$ VALUES ('standing', '95', '105') $$, 'what the objection moved is told');
CREATE TEMPORARY TABLE before AS SELECT p.proceeding_id, p.state FROM proceeding_today AS p;
SELECT is(refresh(), 0::bigint, 'at the end of it no standing is behind'), cmp_ok(run_due(), '>=', 0, '  what time has done to the proceedings is put on record');
SELECT set_eq('SELECT p.proceeding_id, p.state FROM proceeding_today AS p', 'SELECT * FROM before', '    and had been seen before');
SELECT is_empty('SELECT * FROM verify_standings()', '  and every standing is what the records give');
SELECT is_empty('SELECT * FROM misreplayed', '  and every log replays to the state of its row');
SELECT * FROM finish();
ROLLBACK;
