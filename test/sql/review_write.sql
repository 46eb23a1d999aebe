-- review_write.sql -- the write path: positions, versions that are over, and what must not bring the server down
\set ECHO none
\i test/include/lists.psql
SELECT plan(10);

-- ---------------------------------------------------------------------------
-- Arguments and stored states that nobody should have written
-- ---------------------------------------------------------------------------
SELECT throws_ok($$ SELECT _regrade(ARRAY['9144060573144633XL', '91110000600037341L']::subject_code[], today(), true, 'regrade') $$,
	'22023', NULL, 'subjects out of order are refused');
SELECT throws_ok($$ SELECT _regrade(ARRAY['9144060573144633XL', '9144060573144633XL']::subject_code[], today(), true, 'regrade') $$,
	'22023', NULL, 'a subject twice is refused');

-- ---------------------------------------------------------------------------
-- A version that is over
-- ---------------------------------------------------------------------------
INSERT INTO record (subject, kind, document, authority, source, behaviour, field, decided_on, known_from, known_until) VALUES
	('9144060573144633XL', 'penalty', 'W1', '11320400014109573H', 'regress', 'CW-01', 'construction_waste', '2024-01-15', '2024-01-20', '2024-01-21');
SELECT results_eq($$ SELECT DISTINCT score FROM standing_stored WHERE subject = '9144060573144633XL' $$, 'VALUES (1000000::bigint)',
	'a version that is over counts no more');
INSERT INTO record (subject, kind, document, authority, source, state, field, valid_from, known_from, known_until) VALUES
	('914403001922035490', 'participation', 'W2', '11320400014109573H', 'regress', 'taking_part', 'construction_waste', '2023-01-01', '2024-01-20', '2024-01-21');
SELECT is_empty($$ SELECT FROM standing_stored WHERE subject = '914403001922035490' $$, '  and enrols nobody');
SELECT is_empty('SELECT * FROM verify_standings()', '  and stored standings agree with the records');

-- ---------------------------------------------------------------------------
-- Positions: what was known at one never changes, also for statements within one
-- ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.replayed(code subject_code) RETURNS TABLE (seq bigint, stored numeric, replay numeric) LANGUAGE sql AS $$
	SELECT h.seq, h.score / 10000.0, (SELECT e.score FROM evaluate(h.subject, p.policy, h.as_of, h.known_at) AS e)
	  FROM standing_history AS h JOIN policy AS p ON p.version_id = h.version_id
	 WHERE h.subject = code AND p.policy = 'regress-lists'
$$;
DO $$
DECLARE
	i integer;
BEGIN
	FOR i IN 1..3 LOOP
		INSERT INTO record (subject, kind, document, authority, source, behaviour, field, decided_on) VALUES
			('91310115MA1K3BTP2B', 'penalty', 'W3-' || i, '11320400014109573H', 'regress', 'CW-01', 'construction_waste', '2024-01-15');
	END LOOP;
END
$$;
SELECT isnt_empty($$ SELECT FROM pg_temp.replayed('91310115MA1K3BTP2B') OFFSET 2 $$, 'each statement within one left its outcome');
SELECT is_empty($$ SELECT * FROM pg_temp.replayed('91310115MA1K3BTP2B') WHERE stored <> replay OR replay IS NULL $$,
	'  and every one of them comes out again');

SELECT pg_temp.run('regress_officer', $$
	SELECT count(amend_record(r.subject, r.record_id, '{"amount_fen": 100}', '笔误'))::text
	  FROM credit_record AS r WHERE r.subject = '91110000600037341L' AND r.known_until = 'infinity' $$) AS amended \gset
SELECT pg_temp.run('regress_head', $$
	SELECT count(verify_record(r.subject, r.record_id))::text FROM unverified_record AS r WHERE r.subject = '91110000600037341L' $$) AS verified \gset
SELECT is(:'amended'::text || :'verified', '33', 'three records amended in one statement, and verified in one');
SELECT is_empty($$ SELECT o.document FROM record AS o JOIN record AS n ON n.subject = o.subject AND n.record_id = o.record_id AND n.version = o.version + 1
	                WHERE o.known_until <> n.known_from $$, '  one version begins where the other ends');

-- ---------------------------------------------------------------------------
-- Tables altered in the session that writes them
-- ---------------------------------------------------------------------------
ALTER TABLE standing_history DROP COLUMN band_code;
ALTER TABLE standing_history ADD COLUMN band_code text;
INSERT INTO record (subject, kind, document, authority, source, behaviour, field, decided_on) VALUES
	('9144060573144633XL', 'penalty', 'W4', '11320400014109573H', 'regress', 'CW-01', 'construction_waste', '2024-01-15');
SELECT results_eq($$ SELECT DISTINCT band_code FROM standing_history WHERE subject = '9144060573144633XL' AND band_code IS NOT NULL $$,
	$$ VALUES ('B') $$, 'a column made anew is written');
SELECT * FROM finish();
ROLLBACK;
