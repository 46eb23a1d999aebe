-- tap_reads.sql -- what policies read besides a subject's own records: linked subjects, lists, results of other policies
\set ECHO none
\i test/include/engine.psql
\i test/include/reads.psql
SET LOCAL datestyle = 'ISO, YMD';
SELECT plan(87);
\set firm 91110000600037341L
\set branch 91420684MA4927PJ7B
\set other 9144060573144633XL
\set leaf 91310115MA1K3BTP2B

CREATE FUNCTION pg_temp.now(code text, measure text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', s.state, s.score, s.band, s.next_change_on) FROM citycredit.standing AS s WHERE s.policy = measure AND s.subject::text = code
$$;
-- what is stored, brought to the view's words
CREATE FUNCTION pg_temp.stored(code text, measure text) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', s.score / 10000, s.band_code, CASE WHEN s.next_change_on < 'infinity' THEN s.next_change_on END)
	  FROM citycredit.standing_stored AS s JOIN citycredit.policy AS p ON p.version_id = s.version_id WHERE p.policy = measure AND s.subject::text = code
$$;
CREATE FUNCTION pg_temp.take_part(code text, document text) RETURNS void LANGUAGE sql AS $$
	INSERT INTO citycredit.record (subject, kind, document, authority, source, field, state, valid_from)
	VALUES (code::citycredit.subject_code, 'participation', document, '11320400014109573H', 'regress', 'waste', 'taking_part', '2023-01-01')
$$;
CREATE FUNCTION pg_temp.penalise(code text, document text, decided date, severity text DEFAULT 'ordinary') RETURNS void LANGUAGE sql AS $$
	INSERT INTO citycredit.record (subject, kind, document, authority, source, procedure, severity, decided_on)
	VALUES (code::citycredit.subject_code, 'penalty', document, '11320400014109573H', 'regress', 'general', penalise.severity, decided)
$$;
-- Changes in history that do not come out again for their day and position.
CREATE FUNCTION pg_temp.not_replayed() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT format('%s %s seq %s: %s %s, replayed %s %s', p.policy, h.subject, h.seq, h.score, h.band_code, e.score, e.band)
	  FROM citycredit.standing_history AS h JOIN citycredit.policy AS p USING (version_id)
	  LEFT JOIN LATERAL citycredit.evaluate(h.subject, p.policy, h.as_of, h.known_at) AS e ON true
	 WHERE (h.band_code, h.score) IS DISTINCT FROM (e.band, (e.score * 10000)::bigint)
$$;
CREATE FUNCTION pg_temp.wrong() RETURNS SETOF text LANGUAGE sql AS $$
	SELECT format('%s %s %s on %s', v.policy, v.subject, v.problem, d) FROM unnest(ARRAY['2024-03-01', '2024-05-01', '2024-12-01', '2026-01-01']::date[]) AS d, citycredit.verify_standings(d) AS v
	UNION ALL SELECT * FROM pg_temp.not_replayed()
$$;

SELECT pg_temp.put_in_force(:'grouped') \g /dev/null
SELECT pg_temp.take_part(:'firm', 'E1'), pg_temp.take_part(:'branch', 'E2'), pg_temp.take_part(:'other', 'E3') \g /dev/null
SELECT pg_temp.penalise(:'branch', 'B1', '2024-02-01') \g /dev/null

-- ---------------------------------------------------------------------------
-- Links
-- ---------------------------------------------------------------------------
SELECT is(pg_temp.now(:'firm', 'regress-group'), 'rated 100 A', 'nobody is linked');
SELECT lives_ok(format($$ SELECT link_subjects(%L, %L, 'branch', '2024-01-01', '登记簿') $$, :'firm', :'branch'), 'a branch');
SELECT is(pg_temp.now(:'firm', 'regress-group'), 'rated 90 A 2025-02-02', 'its records count at the end of the statement');
SELECT is(pg_temp.stored(:'firm', 'regress-group'), '90 A 2025-02-02', '  in what is stored');
SELECT is(pg_temp.now(:'branch', 'regress-group'), 'rated 99 A 2025-02-02', '  and the branch has its own');
SELECT pg_temp.penalise(:'branch', 'B2', '2024-02-02') \g /dev/null
SELECT is(pg_temp.stored(:'firm', 'regress-group'), '80 B 2025-02-02', 'a further record of the branch');
SELECT is((SELECT h.cause FROM standing_history AS h JOIN policy AS p USING (version_id) WHERE p.policy = 'regress-group' AND h.subject::text = :'firm' ORDER BY h.seq DESC LIMIT 1),
	'records', '  is in the history of who reads it');
SELECT pg_temp.penalise(:'firm', 'F1', '2024-02-03') \g /dev/null
SELECT is(pg_temp.stored(:'firm', 'regress-group'), '79 B 2025-02-02', 'its own record is folded in');
SELECT is(pg_temp.stored(:'branch', 'regress-group'), '78 B 2025-02-02', 'and counts for the branch as that of its head office');
INSERT INTO record (subject, kind, document, authority, source, procedure, severity, decided_on)
SELECT s::subject_code, 'penalty', 'M' || s, '11320400014109573H', 'regress', 'general', 'light', '2024-02-05' FROM unnest(ARRAY[:'branch', :'firm', :'other']) AS s;
SELECT is(pg_temp.stored(:'firm', 'regress-group'), '68 B 2025-02-02', 'records of both in one statement');
SELECT is(pg_temp.stored(:'branch', 'regress-group'), '57 C 2025-02-02', '  for both');
SELECT is(pg_temp.stored(:'other', 'regress-group'), '99 A 2025-02-06', '  and who is not linked');
SELECT is((SELECT count(DISTINCT known_at) FROM subject_state WHERE subject::text IN (:'firm', :'branch')), 1::bigint, 'both stand at one position');
SELECT seq AS seq FROM subject_state WHERE subject::text = :'firm' \gset
SELECT pg_temp.amend(pg_temp.id_of('B2'), '{"revoked_on": "2024-03-01"}') \g /dev/null
SELECT is(pg_temp.stored(:'firm', 'regress-group'), '78 B 2025-02-02', 'a revocation at the branch');
SELECT is((SELECT s.seq - :seq FROM subject_state AS s WHERE subject::text = :'firm'), 1::bigint, '  regrades its reader once');
SELECT lives_ok(format($$ SELECT amend_record(%L, %L, '{"decided_on": "2020-01-15"}', 'typing') $$, :'branch', pg_temp.id_of('B1')), 'a record of the branch amended by the function');
SELECT is(pg_temp.stored(:'firm', 'regress-group'), '78 B 2025-02-02', '  counts as it was');
CREATE ROLE regress_second SUPERUSER;
SET LOCAL ROLE regress_second;
SELECT verify_record(:'branch', pg_temp.id_of('B1')) \g /dev/null
RESET ROLE;
SELECT is(pg_temp.stored(:'firm', 'regress-group'), '88 B 2025-02-04', '  until that is verified: it was longer ago');
SELECT is_empty('SELECT pg_temp.wrong()', 'what is stored agrees with the records, and history comes out again');
SELECT is((SELECT string_agg(x.rule || ' ' || x.document, ', ' ORDER BY x.line) FROM explain(:'firm', 'regress-group') AS x WHERE x.status = 'counts' AND x.document LIKE 'M%'),
	'own M91110000600037341L, branch M91420684MA4927PJ7B', 'the explanation names the records of the branch');

-- days of the link
SELECT lives_ok(format($$ SELECT unlink_subjects(%L, %L, 'head_office', '2024-06-30', '注销') $$, :'branch', :'firm'), 'the link is ended, stated from the other side');
SELECT is(pg_temp.now(:'firm', 'regress-group'), 'rated 88 B 2024-07-01', 'its last day is the next change');
SELECT is((SELECT e.score FROM evaluate(:'firm', 'regress-group', '2024-07-01') AS e), 98::numeric, 'after it only the own records count');
SELECT is((SELECT e.score FROM evaluate(:'firm', 'regress-group', '2023-12-31') AS e), 100::numeric, 'before the first day none does');
SELECT lives_ok(format($$ SELECT link_subjects(%L, %L, 'branch', '2025-01-01', '登记簿', '2025-12-31') $$, :'firm', :'branch'), 'linked again for another time');
SELECT lives_ok(format($$ SELECT unlink_subjects(%L, %L, 'branch', NULL, '误登') $$, :'firm', :'branch'), '  and taken back');
SELECT results_eq($$ SELECT role, valid_from, valid_until, version::int, reason FROM subject_link WHERE known_until < 'infinity' ORDER BY known_from $$,
	$$ VALUES ('branch', date '2024-01-01', date 'infinity', 1, '注销'), ('branch', '2025-01-01', '2025-12-31', 1, '误登') $$, 'versions are kept with their reasons');
SELECT lives_ok(format($$ SELECT link_subjects(%L, %L, 'legal_representative', '2024-01-01', '登记簿') $$, :'other', :'leaf'), 'a link to a subject that has no records');
SELECT pg_temp.penalise(:'leaf', 'L1', '2024-02-20') \g /dev/null
SELECT is(pg_temp.stored(:'other', 'regress-group'), '69 B 2025-02-06', '  whose first record counts');
SELECT is_empty('SELECT pg_temp.wrong()', 'what is stored agrees with the records, and history comes out again');
INSERT INTO subject_link (subject, other, role, valid_from, basis) VALUES (:'firm', :'leaf', 'related', '2024-01-01', 'bulk'), (:'branch', :'leaf', 'branch', '2024-01-01', 'bulk') ON CONFLICT DO NOTHING;
SELECT is(pg_temp.stored(:'branch', 'regress-group'), '49 C 2024-07-01', 'links that are loaded as rows count as well');
SELECT is(pg_temp.stored(:'firm', 'regress-group'), '88 B 2024-07-01', '  a role that nobody reads does not, nor a branch of a branch');
SELECT is((SELECT count(DISTINCT l.known_from) FROM subject_link AS l WHERE l.basis = 'bulk'), 1::bigint, '  at one position');
SELECT is_empty('SELECT pg_temp.wrong()', 'what is stored agrees with the records, and history comes out again');
-- trust in the source of a branch's record
INSERT INTO record (subject, kind, document, authority, source, procedure, severity, decided_on) VALUES (:'branch', 'penalty', 'T1', '11320400014109573H', 'stranger', 'general', 'light', '2024-02-05');
SELECT is(pg_temp.stored(:'firm', 'regress-group'), '88 B 2024-07-01', 'a record of the branch from a stranger waits');
INSERT INTO source (source, kind, name, trusted_from) VALUES ('stranger', 'penalty', '测试', '2020-01-01');
SELECT is(pg_temp.stored(:'firm', 'regress-group'), '78 B 2024-07-01', '  until he is trusted');
DELETE FROM source WHERE source = 'stranger' AND known_until = 'infinity';
SELECT is(pg_temp.stored(:'firm', 'regress-group'), '88 B 2024-07-01', '  and no longer than that');
-- refusals
CREATE TEMPORARY TABLE refusal (n int, statement text, code text, message text);
INSERT INTO refusal VALUES
	(1, $$ SELECT link_subjects('91110000600037341L', '91420684MA4927PJ7B', 'represented', '2024-01-01', 'x') $$, '22023', 'a link cannot be stated as "represented"'),
	(2, $$ SELECT link_subjects('91110000600037341L', '91420684MA4927PJ7B', 'uncle', '2024-01-01', 'x') $$, '22023', 'role "uncle" does not exist'),
	(3, $$ SELECT link_subjects('91110000600037341L', '91110000600037341L', 'branch', '2024-01-01', 'x') $$, '22023', 'cannot link subject "91110000600037341L" to itself'),
	(4, $$ SELECT link_subjects('91110000600037341L', '91420684MA4927PJ7B', 'branch', '2024-01-02', 'x', '2024-01-01') $$, '22023', 'days of a link are wrong: from 2024-01-02 until 2024-01-01'),
	(5, $$ SELECT link_subjects('91110000600037341L', '91420684MA4927PJ7B', 'branch', '2024-01-02', ' ') $$, '22023', 'a link needs a basis'),
	(6, $$ SELECT link_subjects('91110000600037341L', '91420684MA4927PJ7B', 'branch', '2024-01-01', 'x') $$, '23505', 'subjects "91110000600037341L" and "91420684MA4927PJ7B" are linked already'),
	(7, $$ SELECT link_subjects('91420684MA4927PJ7B', '91110000600037341L', 'related', '2024-06-30', 'x') $$, '23P01', 'subjects "91110000600037341L" and "91420684MA4927PJ7B" are linked twice on the same days'),
	(8, $$ SELECT unlink_subjects('91110000600037341L', '91420684MA4927PJ7B', 'branch', '2024-06-30', 'x') $$, '22023', 'the link ends on 2024-06-30 anyway'),
	(9, $$ SELECT unlink_subjects('91110000600037341L', '91420684MA4927PJ7B', 'branch', '2024-06-01', '') $$, '22023', 'no reason given for ending a link'),
	(10, $$ SELECT unlink_subjects('91110000600037341L', '9144060573144633XL', 'branch', '2024-06-01', 'x') $$, 'P0002', 'subjects "91110000600037341L" and "9144060573144633XL" are not linked as branch'),
	(11, $$ DELETE FROM subject_link $$, '55000', 'cannot delete links of subjects'),
	(12, $$ UPDATE subject_link SET valid_from = '2020-01-01' $$, '55000', 'cannot update links of subjects'),
	(13, $$ TRUNCATE subject_link $$, '55000', 'cannot truncate links of subjects'),
	(14, $$ SELECT link_subjects(NULL, '9144060573144633XL', 'branch', '2024-06-01', 'x') $$, '22004', 'a link needs subject, other and role');
SELECT throws_ok(r.statement, r.code, r.message, r.message) FROM refusal AS r ORDER BY r.n;

-- ---------------------------------------------------------------------------
-- Lists and results
-- ---------------------------------------------------------------------------
SELECT throws_ok(format('SELECT pg_temp.put_in_force(%L)', replace(replace(:'composite', 'policy: regress-sum', 'policy: regress-bad'), 'results: [regress-plain,', 'results: [regress-none,')), '42704',
	'policy "regress-bad" reads results of policy "regress-none", which does not exist', 'a policy that nobody adopted cannot be read');
SELECT pg_temp.put_in_force(:'composite') \g /dev/null
SELECT is(pg_temp.now(:'firm', 'regress-sum'), 'rated 80 B 2024-07-01', 'results of others count');
SELECT is(pg_temp.stored(:'firm', 'regress-sum'), '80 B 2024-07-01', '  as stored, until the day on which one of them changes');
SELECT is(pg_temp.now(:'firm', 'regress-group'), 'rated 88 B 2024-07-01', '  which is the day of the other');
SELECT pg_temp.penalise(:'firm', 'F9', '2024-02-10', 'serious') \g /dev/null
SELECT is(pg_temp.stored(:'firm', 'regress-sum'), '70 B 2024-07-01', 'a record changes the results, and what reads them in the same statement');
SELECT pg_temp.penalise(:'branch', 'B8', '2024-02-10', 'serious') \g /dev/null
SELECT is(pg_temp.stored(:'firm', 'regress-sum'), '70 B 2024-07-01', 'through a link and a result');
SELECT is_empty('SELECT pg_temp.wrong()', 'what is stored agrees with the records, and history comes out again');
SELECT is((SELECT string_agg(x.rule || ' ' || x.document || ' ' || x.points || coalesce(' ' || x.record_id, ''), ', ' ORDER BY x.line) FROM explain(:'firm', 'regress-sum') AS x WHERE x.status = 'counts' AND x.document LIKE 'regress%'),
	'plain regress-plain -10, group regress-group -20', 'the explanation names the policies');
-- a list taken over, and ended
UPDATE subject SET name = '某公司' WHERE subject::text = :'firm';
SELECT import_listing(:'firm', 'black', '失信被执行人', '最高人民法院', '执1号', '某法院', '民事诉讼法', 'law', '第二百六十六条', '未履行', '2024-02-01', '2024-05-31') AS entry \gset
SELECT is(pg_temp.stored(:'firm', 'regress-sum'), '30 C 2024-06-01', 'a listing counts at the end of the statement');
SELECT is((SELECT h.cause FROM standing_history AS h JOIN policy AS p USING (version_id) WHERE p.policy = 'regress-sum' ORDER BY h.known_at DESC LIMIT 1), 'reading', '  history says why');
SELECT is((SELECT e.score FROM evaluate(:'firm', 'regress-sum', '2024-06-01') AS e), 70::numeric, '  through its last day');
SELECT known_at AS listed FROM subject_state WHERE subject::text = :'firm' \gset
SELECT remove_listing(:entry, '2024-03-01', '履行完毕') \g /dev/null
SELECT is(pg_temp.stored(:'firm', 'regress-sum'), '70 B 2024-07-01', 'its removal too');
SELECT is((SELECT e.score FROM evaluate(:'firm', 'regress-sum', '2024-03-01', :'listed') AS e), 30::numeric, 'what was known before is evaluated as it was');
SELECT is((SELECT e.score FROM evaluate(:'firm', 'regress-sum', '2024-02-15') AS e), 30::numeric, '  and the days on the list stay');
SELECT is((SELECT e.score FROM evaluate(:'firm', 'regress-sum', '2024-06-01', (SELECT min(known_at) FROM standing_history WHERE subject::text = :'firm' AND cause = 'reading') - interval '1 microsecond') AS e),
	70::numeric, '  nothing of it before it was known');
SELECT throws_ok(format($$ UPDATE list_entry SET listed_at = '2020-01-01' WHERE entry_id = %s $$, :entry), '55000', format('cannot rewrite list entry %s', :entry), 'positions stay');
SELECT is_empty('SELECT pg_temp.wrong()', 'what is stored agrees with the records, and history comes out again');
-- days
SET LOCAL citycredit.today = '2024-07-01';
SELECT is(pg_temp.now(:'firm', 'regress-sum'), (SELECT concat_ws(' ', e.state, e.score, e.band, e.next_change_on) FROM evaluate(:'firm', 'regress-sum') AS e), 'on a later day the view agrees with the records');
SELECT cmp_ok(refresh(), '>', 0::bigint, 'the daily job brings it up');
SELECT is_empty('SELECT * FROM verify_standings()', '  and what is stored agrees');
SET LOCAL citycredit.today = '2024-03-01';

-- ---------------------------------------------------------------------------
-- Policies that read each other's results by many more ways than there are policies
-- ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.woven(n integer) RETURNS text LANGUAGE sql AS $$
	SELECT format(E'policy: regress-woven%1$s\ntitle: 测试%1$s\nversion: "1"\nissuer: 测试局\nin_force: {from: 2020-01-01}\nsources:\n'
		'  m: {title: 测试, rank: normative_document}\ninputs: [penalty, participation]\napplies_to:\n'
		'  enrolled_by: {kind: participation, field: waste}\n%2$sscore: {base: 100, decimals: 0}\nitems:\n'
		'  - {id: own, name: 自身, match: {kind: penalty}, points: -1, window: {from: decided_on, years: 1}, cite: {source: m, article: 一}}\n%3$s'
		'bands:\n  choose: best\n  gap: refer\n  cite: {source: m, article: 二}\n  of:\n'
		'    - {id: A, name: 优, when: {score: {at_least: 90}}}\n    - {id: B, name: 中, when: {score: {below: 90}}}\n',
		n, 'reads: {results: [' || string_agg('regress-woven' || i, ', ') || E']}\n',
		string_agg(format(E'  - {id: r%1$s, name: 读%1$s, match: {kind: result, policy: regress-woven%1$s, points: {below: 100}}, points: -1, cite: {source: m, article: 三}}\n', i), ''))
	  FROM generate_series(greatest(1, n - 6), n - 1) AS i
$$;
SET LOCAL statement_timeout = '15s';
SELECT lives_ok('SELECT pg_temp.put_in_force(pg_temp.woven(n)) FROM generate_series(1, 24) AS n', 'of 24 policies each reads the six before');
SELECT is((SELECT s.score FROM standing AS s WHERE s.subject::text = :'other' AND s.policy = 'regress-woven24'), 93::numeric, '  they are graded');
SELECT is((SELECT e.score FROM evaluate(:'other', 'regress-woven24') AS e), 93::numeric, '  and evaluated one by one');
SELECT is_empty('SELECT * FROM verify_standings()', '  and all at once');
RESET statement_timeout;
SELECT cmp_ok((SELECT sum(c.total_bytes) FROM pg_backend_memory_contexts AS c WHERE c.name IN ('citycredit catalogue', 'citycredit policy')), '<', 20000000::numeric,
	'  and what they are compiled to is kept once');
-- what is read changes within the year, through another that it reads; its reader never
SELECT lives_ok(format('SELECT pg_temp.put_in_force(%L)', replace(replace(replace(pg_temp.woven(3), 'regress-woven3', 'regress-calm'), 'below: 100', 'below: 10'),
	'match: {kind: penalty}', 'match: {kind: penalty, severity: serious}')), 'a reader that what it reads does not move');
SELECT is(pg_temp.now(:'other', 'regress-woven2'), 'rated 98 A 2025-02-06', '  though it changes');
SELECT is(pg_temp.stored(:'other', 'regress-calm'), '100 A', '  has no next change in what is stored');
SELECT is((SELECT e.next_change_on FROM evaluate(:'other', 'regress-calm') AS e), NULL, '  nor evaluated');
SELECT is((SELECT e.next_change_on FROM evaluate(:'other', 'regress-calm', '2024-06-01') AS e), NULL, '  nor on a later day');
SELECT is_empty('SELECT pg_temp.wrong()', '  and verification agrees on every day');

-- circles are refused by name
SELECT replace(replace(:'composite', 'policy: regress-sum', 'policy: regress-one'), 'in_force: {from: 2020-01-01}', 'in_force: {from: 2020-01-01, until: 2024-12-31}') AS one \gset
SELECT replace(replace(replace(replace(:'composite', 'policy: regress-sum', 'policy: regress-two'), 'results: [regress-plain, regress-group]', 'results: [regress-one]'),
	'policy: regress-plain', 'policy: regress-one'), 'policy: regress-group', 'policy: regress-one') AS two \gset
SELECT replace(replace(replace(replace(replace(:'two', 'policy: regress-two', 'policy: regress-one'), 'version: "1"', 'version: "2"'), 'in_force: {from: 2020-01-01}', 'in_force: {from: 2025-01-01}'),
	'results: [regress-one]', 'results: [regress-two]'), 'kind: result, policy: regress-one', 'kind: result, policy: regress-two') AS one_again \gset
SELECT lives_ok(format('SELECT pg_temp.put_in_force(%L)', :'one'), 'a policy that reads results');
SELECT lives_ok(format('SELECT pg_temp.put_in_force(%L)', :'two'), '  and one that reads its');
SELECT is(pg_temp.now(:'firm', 'regress-two'), 'rated 70 B 2024-07-01', '  are graded in that order');
SELECT results_eq(format('SELECT r.code, r.message, r.detail FROM pg_temp.refusal(%L) AS r', format('SELECT pg_temp.put_in_force(%L)', :'one_again')),
	$$ VALUES ('42P17', 'policies would read each other''s results in a circle', '"regress-one" reads "regress-two" reads "regress-one".') $$, 'a version that would close a circle is refused');
SELECT is_empty('SELECT pg_temp.wrong()', 'what is stored agrees with the records, and history comes out again');
SELECT * FROM finish();
ROLLBACK;
