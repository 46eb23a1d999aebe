-- tap_simulate_reads.sql -- what-if by measures that read linked records, lists, ratings and results of other policies
\set ECHO none
\i test/include/engine.psql
\i test/include/reads.psql
\i test/include/fold_all.psql
SET LOCAL datestyle = 'ISO, YMD';
SELECT plan(20);
CREATE TEMPORARY TABLE firm AS SELECT n, random_subject_code() AS code FROM generate_series(1, 40) AS n;
INSERT INTO record (subject, kind, document, authority, source, field, state, valid_from)
SELECT code, 'participation', 'E' || n, '11320400014109573H', 'regress', 'waste', 'taking_part', '2023-01-01' FROM firm WHERE n <= 35;
INSERT INTO record (subject, kind, document, authority, source, procedure, severity, decided_on)
SELECT f.code, 'penalty', 'P' || i, '11320400014109573H', 'regress', 'general', CASE WHEN pg_temp.some(i, 'severity', 3) = 0 THEN 'serious' ELSE 'light' END,
       date '2023-04-01' + pg_temp.some(i, 'decided', 400)
  FROM generate_series(1, 90) AS i JOIN firm AS f ON f.n = 1 + pg_temp.some(i, 'firm', 40);
-- every firm but the first is a branch of the one before, or led by it; some for a time only
INSERT INTO subject_link (subject, other, role, valid_from, valid_until, basis)
SELECT a.code, b.code, CASE WHEN pg_temp.some(a.n, 'role', 2) = 0 THEN 'branch' ELSE 'legal_representative' END, '2023-06-01',
       CASE WHEN pg_temp.some(a.n, 'until', 3) = 0 THEN date '2024-02-15' ELSE 'infinity' END, 'test'
  FROM firm AS a JOIN firm AS b ON b.n = a.n + 1;
UPDATE subject SET name = '某公司' || subject::text;
SELECT count(import_listing(code, 'black', '失信被执行人', '最高人民法院', '执' || n, '某法院', '民事诉讼法', 'law', '第二百六十六条', '未履行', '2024-01-15', CASE WHEN n % 2 = 0 THEN date '2024-02-20' ELSE '2024-12-31' END))
  FROM firm WHERE n % 5 = 0 \g /dev/null

-- reads what reads
SELECT replace(replace(replace(:'composite', 'policy: regress-sum', 'policy: regress-top'), 'results: [regress-plain, regress-group], listings: [black]', 'results: [regress-sum], listings: [black]'),
	'policy: regress-plain, band: [B, C, D]', 'policy: regress-sum, band: [B, C]') AS above \gset
SELECT replace(:'above', 'policy: regress-group', 'policy: regress-sum') AS above \gset

-- foreseen before anybody adopts it, and compared when it has come; states and verification go through the same pass
CREATE FUNCTION pg_temp.foreseen(yaml text, policy text, direct text) RETURNS TABLE (what text, subjects bigint) LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('citycredit.direct_scan', direct, true);
	CREATE TEMPORARY TABLE foreseen ON COMMIT DROP AS SELECT * FROM citycredit.simulate(yaml);
	PERFORM pg_temp.put_in_force(yaml);
	RETURN QUERY SELECT 'other than foreseen', count(*) FROM foreseen AS f FULL JOIN (SELECT * FROM citycredit.standing AS s WHERE s.policy = foreseen.policy) AS s ON s.subject = f.subject
	              WHERE row(f.new_state, f.new_score, f.new_band)::text IS DISTINCT FROM row(s.state, s.score, s.band)::text;
	RETURN QUERY SELECT 'other than standing', count(*) FROM citycredit.simulate(yaml) AS f FULL JOIN (SELECT * FROM citycredit.standing AS s WHERE s.policy = foreseen.policy) AS s ON s.subject = f.subject
	              WHERE row(f.old_state, f.old_score, f.old_band)::text IS DISTINCT FROM row(s.state, s.score, s.band)::text;
	RETURN QUERY SELECT 'other than evaluate() half a year on', count(*) FROM citycredit.simulate(yaml, '2024-09-01'::date) AS f
	               LEFT JOIN LATERAL citycredit.evaluate(f.subject, foreseen.policy, '2024-09-01') AS e ON true
	              WHERE row(f.new_state, f.new_score, f.new_band)::text IS DISTINCT FROM row(e.state, e.score, e.band)::text;
	RETURN QUERY SELECT 'not verified', count(*) FROM citycredit.verify_standings() AS v WHERE v.policy = foreseen.policy;
	DROP TABLE foreseen;
END
$$;
SELECT is(f.subjects, 0::bigint, 'linked records: ' || f.what) FROM pg_temp.foreseen(:'grouped', 'regress-group', 'on') AS f;
SELECT is(f.subjects, 0::bigint, 'results and lists: ' || f.what) FROM pg_temp.foreseen(:'composite', 'regress-sum', 'on') AS f;
SELECT is(f.subjects, 0::bigint, 'results that rest on results, by a query: ' || f.what) FROM pg_temp.foreseen(:'above', 'regress-top', 'off') AS f;
SET LOCAL citycredit.direct_scan = on;
SELECT cmp_ok(count(DISTINCT s.score), '>', 2::bigint, p || ': with several scores') FROM unnest(ARRAY['regress-group', 'regress-sum', 'regress-top']) AS p LEFT JOIN standing AS s ON s.policy = p GROUP BY p ORDER BY p;
SELECT is_empty($$ SELECT * FROM pg_temp.fold_all((SELECT array_agg(version_id ORDER BY version_id) FROM policy), '2024-03-01') AS f
	  FULL JOIN _fold_city((SELECT array_agg(version_id ORDER BY version_id) FROM policy), '2024-03-01', 'infinity') AS c ON c.subject = f.subject AND c.version_id = f.version_id
	 WHERE (c.subject IS NULL AND length(f.folded) > 8) OR (f.subject IS NULL) OR c.folded <> f.folded $$, 'the aggregate and the pass give the same states, linked records included');
SELECT cmp_ok(regrade(), '=', 0::bigint, 'regrading finds nothing to change');
UPDATE standing_stored SET score = score - 10000 WHERE version_id = (SELECT version_id FROM policy WHERE policy = 'regress-sum');
SELECT is((SELECT count(*) FROM verify_standings() WHERE policy = 'regress-sum'), 35::bigint, 'and what is made wrong is found');
SELECT is((SELECT r.code || ' ' || r.message FROM pg_temp.refusal(format('SELECT * FROM citycredit.simulate(%L)', replace(:'composite', 'results: [regress-plain,', 'results: [regress-none,'))) AS r),
	'42704 policy "regress-sum" reads results of policy "regress-none", which does not exist', 'what is not there is not passed over');
SELECT is((SELECT count(*) FROM simulate_matrix(replace(:'composite', 'points: -40', 'points: -80')) WHERE moved = 'worse' AND field IS NULL) > 0, true, 'the matrix goes by readings, too');
SELECT * FROM finish();
ROLLBACK;
