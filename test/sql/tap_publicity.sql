-- tap_publicity.sql -- how long records are public: regimes, classes, their first and last days, what ends them early, deadlines
\set ECHO none
\i test/include/publicity.psql
SELECT plan(122);

-- ---------------------------------------------------------------------------
-- The period of a penalty, as a function of what is known of it
-- ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.period(kinds text[], decided_on date, procedure text DEFAULT 'general', severities text[] DEFAULT '{}', fields text[] DEFAULT '{}',
	fine_fen bigint DEFAULT NULL, served_on date DEFAULT NULL, corrected_on date DEFAULT NULL, repaired_on date DEFAULT NULL, revoked_on date DEFAULT NULL,
	source_until date DEFAULT NULL, set_class text DEFAULT NULL, set_publish text DEFAULT NULL, set_maximum boolean DEFAULT false,
	as_of date DEFAULT '2026-06-01') RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', u.regime, u.class, d."from", d.min_until, d.max_until, coalesce(d.until::text, '-'), d.reason)
	  FROM (SELECT _publicity_parameters(as_of) AS parameters) AS p
	 CROSS JOIN LATERAL _publicity_rule(CASE _publicity_parameter(p.parameters, 'regime_day', NULL) WHEN 'decision' THEN decided_on ELSE as_of END, kinds, procedure,
		severities, fields, fine_fen, set_class, p.parameters, as_of) AS u
	 CROSS JOIN LATERAL _publicity_days(u.min_months, u.max_months, u.published, u.start, u.at_max_uncorrected, u.problem, decided_on, served_on, corrected_on,
		repaired_on, revoked_on, source_until, set_publish, set_maximum, 'A', p.parameters, as_of) AS d
$$;
SELECT is(v.got, v.want, v.what)
  FROM (VALUES
	-- the vectors of the Civil Code, art. 201 to 204
	(1, pg_temp.period('{fine}', '2025-11-30'), '2023 any 2025-11-30 2026-02-28 2028-11-30 2028-11-30 maximum', 'three months from 30 November end with February'),
	(2, pg_temp.period('{fine}', '2026-01-31'), '2023 any 2026-01-31 2026-04-30 2029-01-31 2029-01-31 maximum', 'three months from 31 January end with April'),
	(3, pg_temp.period('{fine}', '2024-02-29', fields => '{food}'), '2023 any 2024-02-29 2025-02-28 2027-02-28 2027-02-28 maximum', 'a year from 29 February ends on the 28th'),
	-- first and last day of each regime
	(11, pg_temp.period('{fine}', '2019-06-30'), '- no_regime', 'the day before the first regime'),
	(12, pg_temp.period('{fine}', '2019-07-01'), '2019 undetermined - undetermined', 'first day of the regime of 2019: an ordinary fine is for the department to classify'),
	(13, pg_temp.period('{revocation_of_licence}', '2019-07-01', fields => '{food}'), '2019 specially_serious 2019-07-01 2022-07-01 2022-07-01 2022-07-01 maximum', 'where its rules name the class it holds'),
	(14, pg_temp.period('{fine}', '2023-04-30', set_class => 'serious'), '2019 serious 2023-04-30 2023-10-30 2026-04-30 2026-04-30 maximum', 'last day of the regime of 2019'),
	(15, pg_temp.period('{fine}', '2023-05-01'), '2023 any 2023-05-01 2023-08-01 2026-05-01 2026-05-01 maximum', 'first day of the regime of 2023'),
	(16, pg_temp.period('{fine}', '2026-03-31'), '2023 any 2026-03-31 2026-06-30 2029-03-31 2029-03-31 maximum', 'last day of the regime of 2023'),
	(17, pg_temp.period('{closure}', '2026-04-01'), '2026 serious 2026-04-01 2027-04-01 2029-04-01 2029-04-01 maximum', 'first day of the regime of 2026'),
	(18, pg_temp.period('{fine}', NULL), '- day_unknown', 'no day, no regime'),
	-- classes of 2019
	(21, pg_temp.period('{suspension_of_business}', '2020-01-01', fields => '{fire}'), '2019 specially_serious 2020-01-01 2023-01-01 2023-01-01 2023-01-01 maximum', '2019, specially serious: always the maximum'),
	(22, pg_temp.period('{suspension_of_business}', '2020-01-01', fields => '{construction_waste}'), '2019 undetermined - undetermined', '2019, the same in another field'),
	(23, pg_temp.period('{fine}', '2020-01-01', set_class => 'ordinary'), '2019 ordinary 2020-01-01 2020-04-01 2021-01-01 2021-01-01 maximum', '2019, ordinary, as the department found'),
	-- special fields of 2023
	(31, pg_temp.period('{fine}', '2025-01-15', fields => '{work_safety}'), '2023 any 2025-01-15 2026-01-15 2028-01-15 2028-01-15 maximum', '2023, work safety: a year at least'),
	(32, pg_temp.period('{fine}', '2025-01-15', fields => '{gas}'), '2023 any 2025-01-15 2025-04-15 2028-01-15 2028-01-15 maximum', '2023, a field that is not special'),
	(33, pg_temp.period('{fine}', '2025-01-15', fields => '{gas,fire}'), '2023 any 2025-01-15 2026-01-15 2028-01-15 2028-01-15 maximum', '2023, a decision in two fields: the longest counts'),
	-- classes of 2026
	(41, pg_temp.period('{warning}', '2026-04-10', set_publish => 'yes'), '2026 minor 2026-04-10 2026-04-10 2026-07-10 2026-07-10 maximum', '2026, minor, where the department thinks it necessary'),
	(42, pg_temp.period('{warning}', '2026-04-10'), '2026 minor 2026-04-10 2026-04-10 2026-07-10 - not_published', '2026, minor: not published'),
	(43, pg_temp.period('{notice_of_criticism}', '2026-04-10'), '2026 minor 2026-04-10 2026-04-10 2026-07-10 - not_published', '2026, notice of criticism'),
	(44, pg_temp.period('{fine}', '2026-04-10', 'simple'), '2026 minor 2026-04-10 2026-04-10 2026-07-10 - not_published', '2026, simple procedure, whatever the kind'),
	(45, pg_temp.period('{fine}', '2026-04-10'), '2026 undetermined - undetermined', '2026, a fine of which nobody has said where it falls'),
	(46, pg_temp.period('{fine}', '2026-04-10', NULL), '2026 undetermined - undetermined', '2026, procedure unknown'),
	(47, pg_temp.period('{confiscation_of_gains}', '2026-04-10'), '2026 ordinary 2026-04-10 2026-07-10 2027-04-10 2027-04-10 maximum', '2026, confiscation'),
	(48, pg_temp.period('{suspension_of_licence}', '2026-04-10'), '2026 ordinary 2026-04-10 2026-07-10 2027-04-10 2027-04-10 maximum', '2026, licence suspended'),
	(49, pg_temp.period('{restriction_of_practice}', '2026-04-10'), '2026 serious 2026-04-10 2027-04-10 2029-04-10 2029-04-10 maximum', '2026, practice restricted'),
	(50, pg_temp.period('{detention}', '2026-04-10'), '2026 undetermined - undetermined', '2026, detention'),
	(51, pg_temp.period('{}', '2026-04-10'), '2026 undetermined - undetermined', '2026, no kind at all'),
	-- several kinds
	(61, pg_temp.period('{warning,confiscation_of_goods}', '2026-04-10'), '2026 ordinary 2026-04-10 2026-07-10 2027-04-10 2027-04-10 maximum', 'two kinds: the gravest class'),
	(62, pg_temp.period('{warning,fine}', '2026-04-10'), '2026 undetermined - undetermined', 'a kind that nobody has classified could be graver'),
	(63, pg_temp.period('{fine,closure}', '2026-04-10'), '2026 serious 2026-04-10 2027-04-10 2029-04-10 2029-04-10 maximum', 'but not than the gravest'),
	(64, pg_temp.period('{other,warning}', '2026-04-10'), '2026 undetermined - undetermined', 'a kind without a name leaves it open'),
	-- what ends it
	(71, pg_temp.period('{closure}', '2026-04-10', repaired_on => '2027-04-11'), '2026 serious 2026-04-10 2027-04-10 2029-04-10 2027-04-10 repaired', 'repaired on the day after the minimum'),
	(72, pg_temp.period('{closure}', '2026-04-10', repaired_on => '2029-04-10'), '2026 serious 2026-04-10 2027-04-10 2029-04-10 2029-04-09 repaired', 'repaired on the last day'),
	(73, pg_temp.period('{closure}', '2026-04-10', repaired_on => '2029-04-11'), '2026 serious 2026-04-10 2027-04-10 2029-04-10 2029-04-10 maximum', 'repaired when it was over'),
	(74, pg_temp.period('{closure}', '2026-04-10', repaired_on => '2027-05-01', set_maximum => true), '2026 serious 2026-04-10 2027-04-10 2029-04-10 2029-04-10 commitment_broken', 'a broken repair commitment: the maximum'),
	(75, pg_temp.period('{closure}', '2026-04-10', source_until => '2026-12-31', set_maximum => true), '2026 serious 2026-04-10 2027-04-10 2029-04-10 2029-04-10 commitment_broken', '  whatever the source said'),
	(76, pg_temp.period('{closure}', '2026-04-10', revoked_on => '2026-05-01', set_maximum => true), '2026 serious 2026-04-10 2027-04-10 2029-04-10 2026-04-30 revoked', '  but a revoked decision is over'),
	(77, pg_temp.period('{closure}', '2026-04-10', source_until => '2027-12-31'), '2026 serious 2026-04-10 2027-04-10 2029-04-10 2027-12-31 source', 'the source ends it earlier'),
	(78, pg_temp.period('{closure}', '2026-04-10', source_until => '2029-12-31'), '2026 serious 2026-04-10 2027-04-10 2029-04-10 2029-04-10 maximum', 'the source ends it later'),
	(79, pg_temp.period('{closure}', '2026-04-10', as_of => '2029-05-01'), '2026 serious 2026-04-10 2027-04-10 2029-04-10 2029-04-10 maximum', 'not known to be corrected at the maximum: off, unless the department says otherwise'),
	(80, pg_temp.period('{closure}', '2026-04-10', revoked_on => '2029-04-10'), '2026 serious 2026-04-10 2027-04-10 2029-04-10 2029-04-09 revoked', 'revoked on the last day')
  ) AS v (n, got, want, what)
 ORDER BY v.n;

-- ---------------------------------------------------------------------------
-- Rules: entered by one, approved by another, never overwritten
-- ---------------------------------------------------------------------------
SELECT is((SELECT count(*) FROM publicity_regime), (SELECT count(*) FROM shipped_publicity_regime), 'the shipped regimes are in force');
SELECT is((SELECT count(*) FROM publicity_class), (SELECT count(*) FROM shipped_publicity_class), 'and the shipped classes');
CREATE FUNCTION pg_temp.rule(name text, scope text, value text) RETURNS bigint LANGUAGE sql AS $$
	SELECT pg_temp.run('regress_editor', format('INSERT INTO citycredit.publicity_parameter (name, scope, value, note) VALUES (%L, %L, %L, ''测试'') RETURNING rule_id', name, scope, value))::bigint
$$;
CREATE FUNCTION pg_temp.put_in_force(id bigint) RETURNS text LANGUAGE sql AS $$ SELECT pg_temp.run('regress_head_editor', format('SELECT citycredit.approve_publicity_rule(%s)', id)) $$;
SELECT pg_temp.rule('unclassified', NULL, 'ordinary') AS rule \gset
SELECT is(pg_temp.period('{fine}', '2026-04-10'), '2026 undetermined - undetermined', 'a rule that nobody has approved changes nothing');
SELECT is(r.code, '42501', 'who entered it does not approve it'), is(r.hint, 'A second person must approve it.', '  and is told so')
  FROM pg_temp.refusal('regress_editor', format('SELECT citycredit.approve_publicity_rule(%s)', :'rule')) AS r;
SELECT is(pg_temp.put_in_force(:'rule'), '2026-06-01', 'a second person approves it');
SELECT is(pg_temp.period('{fine}', '2026-04-10'), '2026 ordinary 2026-04-10 2026-07-10 2027-04-10 2027-04-10 maximum', 'from that day on it holds');
SELECT is(pg_temp.period('{fine}', '2026-04-10', as_of => '2026-05-31'), '2026 undetermined - undetermined', 'the day before is told by what held then');
SELECT is(r.code, '55000', 'approved twice'), matches(r.hint, 'another row', '  and what to do')
  FROM pg_temp.refusal('regress_head_editor', format('SELECT citycredit.approve_publicity_rule(%s)', :'rule')) AS r;
SELECT is(r.code, '42704', 'approved without existing') FROM pg_temp.refusal('regress_head_editor', 'SELECT citycredit.approve_publicity_rule(0)') AS r;
SELECT is(r.code, '23514', v.what)
  FROM (VALUES ('term', 'permit', '0', 'a term of no months'), ('term', 'penalty', '12', 'a term for penalties'), ('unclassified', NULL, 'minorish', 'an unknown class'),
               ('colour', NULL, 'red', 'an unknown parameter'), ('working_days', 'x', '7', 'a scope that the parameter does not have')) AS v (name, scope, value, what)
 CROSS JOIN LATERAL pg_temp.refusal('regress_editor', format('INSERT INTO citycredit.publicity_parameter (name, scope, value) VALUES (%L, %L, %L)', v.name, v.scope, v.value)) AS r;
SELECT is(r.code, '42501', 'who enters a rule does not say that it is approved')
  FROM pg_temp.refusal('regress_editor', $$ INSERT INTO citycredit.publicity_parameter (name, value, approved_on, approved_by) VALUES ('regime_day', 'as_of', '2020-01-01', 'x') $$) AS r;
SELECT is(r.code, '55000', v.what), matches(r.hint, 'approve_publicity_rule', '  and is told the way')
  FROM (VALUES ('UPDATE citycredit.publicity_regime SET max_months = 120', 'a regime is not overwritten'),
               ('UPDATE citycredit.publicity_parameter SET approved_on = ''2026-06-02'' WHERE approved_on IS NOT NULL', 'nor is the day of an approval'),
               ('DELETE FROM citycredit.publicity_class', 'a class is not deleted'), ('TRUNCATE citycredit.publicity_parameter', 'nor are parameters truncated')) AS v (statement, what)
 CROSS JOIN LATERAL pg_temp.refusal('none', v.statement) AS r;

-- brackets of fines, as a department might fix them
SELECT pg_temp.put_in_force(pg_temp.run('regress_editor', format(
	'INSERT INTO citycredit.publicity_class (regime, class, term, value, amount_from_fen, mark) VALUES (''2026'', %L, ''penalty_kind'', ''fine'', %s, ''assumption'') RETURNING rule_id',
	v.class, v.amount))::bigint) FROM (VALUES ('minor', 0), ('ordinary', 1000000), ('serious', 100000000)) AS v (class, amount) \g /dev/null
SELECT is(pg_temp.period('{fine}', '2026-04-10', fine_fen => v.fine), v.want, v.what)
  FROM (VALUES (999999, '2026 minor 2026-04-10 2026-04-10 2026-07-10 - not_published', 'a fen below the bracket'),
               (1000000, '2026 ordinary 2026-04-10 2026-07-10 2027-04-10 2027-04-10 maximum', 'on its limit'),
               (99999999, '2026 ordinary 2026-04-10 2026-07-10 2027-04-10 2027-04-10 maximum', 'a fen below the next'),
               (100000000, '2026 serious 2026-04-10 2027-04-10 2029-04-10 2029-04-10 maximum', 'on the limit of the next')) AS v (fine, want, what);
SELECT is((SELECT u.undetermined FROM _publicity_rule('2026-04-10', '{fine}', 'general', '{}', '{}', NULL, NULL, _publicity_parameters('2026-06-01'), '2026-06-01') AS u),
	true, 'a fine of an unknown amount is in no bracket');
SELECT pg_temp.put_in_force(pg_temp.rule('unclassified', NULL, 'withhold')) \g /dev/null

-- severity as found, under the regime that has nothing else
SELECT pg_temp.put_in_force(pg_temp.run('regress_editor',
	$$ INSERT INTO citycredit.publicity_class (regime, class, term, value, mark) VALUES ('2019', 'serious', 'severity', 'serious', 'assumption') RETURNING rule_id $$)::bigint) \g /dev/null
SELECT is(pg_temp.period('{fine}', '2020-04-10', severities => '{serious}'), '2019 serious 2020-04-10 2020-10-10 2023-04-10 2023-04-10 maximum', 'a department''s finding of severity classifies where a rule says so');
SELECT is(pg_temp.period('{fine}', '2020-04-10', severities => '{ordinary}'), '2019 undetermined - undetermined', 'another does not');

-- the other parameters
SELECT pg_temp.put_in_force(pg_temp.rule(v.name, v.scope, v.value))
  FROM (VALUES ('uncorrected', 'A', 'stay'), ('publish_minor', 'A', 'yes'), ('document_day', NULL, 'service'), ('source_day', NULL, 'source')) AS v (name, scope, value) \g /dev/null
SELECT is(v.got, v.want, v.what)
  FROM (VALUES
	(1, pg_temp.period('{warning}', '2026-04-10', served_on => '2026-04-15'), '2026 minor 2026-04-15 2026-04-15 2026-07-15 2026-07-15 maximum', 'an authority publishes minor breaches; the document counts from its service'),
	(2, pg_temp.period('{warning}', '2026-04-10', served_on => '2026-04-15', set_publish => 'no'), '2026 minor 2026-04-15 2026-04-15 2026-07-15 - not_published', 'but for one'),
	(3, pg_temp.period('{closure}', '2026-04-10'), '2026 serious - start_unknown', 'not served: no start'),
	(4, pg_temp.period('{fine}', '2025-11-30'), '2023 any 2025-11-30 2026-02-28 2028-11-30 2028-11-30 maximum', 'the regime of 2023 counts from the decision all the same'),
	(5, pg_temp.period('{closure}', '2026-04-10', served_on => '2026-04-10', as_of => '2029-04-10'), '2026 serious 2026-04-10 2027-04-10 2029-04-10 2029-04-10 maximum', 'uncorrected on the last day'),
	(6, pg_temp.period('{closure}', '2026-04-10', served_on => '2026-04-10', as_of => '2029-04-11'), '2026 serious 2026-04-10 2027-04-10 2029-04-10 infinity uncorrected', 'uncorrected a day later: stays where the department says so'),
	(7, pg_temp.period('{closure}', '2026-04-10', served_on => '2026-04-10', corrected_on => '2029-06-01', as_of => '2029-07-01'), '2026 serious 2026-04-10 2027-04-10 2029-04-10 2029-05-31 uncorrected', '  until it is corrected'),
	(8, pg_temp.period('{closure}', '2026-04-10', served_on => '2026-04-10', corrected_on => '2029-04-10', as_of => '2029-04-11'), '2026 serious 2026-04-10 2027-04-10 2029-04-10 2029-04-10 maximum', 'corrected on the last day: off'),
	(9, pg_temp.period('{fine}', '2025-11-30', source_until => '2029-12-31'), '2023 any 2025-11-30 2026-02-28 2028-11-30 2029-12-31 source', 'where the source prevails, also when it is later')
  ) AS v (n, got, want, what)
 ORDER BY v.n;
SELECT pg_temp.put_in_force(pg_temp.rule(v.name, NULL, v.value)) FROM (VALUES ('document_day', 'decision'), ('source_day', 'regime'), ('regime_day', 'as_of')) AS v (name, value) \g /dev/null
SELECT is(pg_temp.period('{fine}', '2025-11-30', source_until => '2026-12-31', set_class => 'ordinary'), '2026 ordinary 2025-11-30 2026-02-28 2026-11-30 2026-11-30 maximum',
	'where the regime prevails, and that of today applies to what was decided before');
SELECT pg_temp.put_in_force(pg_temp.rule(v.name, NULL, v.value)) FROM (VALUES ('source_day', 'earlier'), ('regime_day', 'decision')) AS v (name, value) \g /dev/null

-- a regime to come
SELECT pg_temp.run('regress_editor', format(
	'INSERT INTO citycredit.publicity_regime (regime, title, number, in_force_from, class, class_rank, class_name, published, min_months, max_months, start, several_penalties, at_max,'
	' at_max_uncorrected, repairable, mark) VALUES (%L, ''测试办法'', ''测〔2028〕1号'', ''2028-01-01'', ''any'', 1, ''不分类'', ''yes'', 1, 6, ''service'', NULL, ''off'', ''off'', ''yes'', ''assumption'') RETURNING rule_id', v.regime))
    AS rule FROM (VALUES ('2028')) AS v (regime) \gset
SELECT is(r.code, '23P01', 'two regimes on one day are refused'), is(r.message, 'regimes "2028" and "2026" are in force on the same day', '  and named')
  FROM pg_temp.refusal('regress_head_editor', format('SELECT citycredit.approve_publicity_rule(%s)', :'rule')) AS r;
SELECT pg_temp.put_in_force(pg_temp.run('regress_editor', format(
	'INSERT INTO citycredit.publicity_regime (regime, title, number, in_force_from, in_force_until, class, class_rank, class_name, published, min_months, max_months, start, at_max, at_max_uncorrected, repairable, mark)'
	' SELECT regime, title, number, in_force_from, ''2027-12-31'', class, class_rank, class_name, published, min_months, max_months, start, at_max, at_max_uncorrected, repairable, mark'
	'   FROM citycredit.publicity_regime WHERE regime = ''2026'' AND class = %L RETURNING rule_id', v.class))::bigint)
  FROM (VALUES ('minor'), ('ordinary'), ('serious')) AS v (class) \g /dev/null
SELECT is(pg_temp.put_in_force(:'rule'), '2026-06-01', 'once the one before has an end, it is approved');
SELECT is(pg_temp.period('{closure}', '2027-12-31', served_on => '2028-01-05', as_of => '2028-02-01'), '2026 serious 2027-12-31 2028-12-31 2030-12-31 2030-12-31 maximum', 'last day of the regime before');
SELECT is(pg_temp.period('{closure}', '2028-01-01', served_on => '2028-01-05', as_of => '2028-02-01'), '2028 any 2028-01-05 2028-02-05 2028-07-05 2028-07-05 maximum', 'first day of the new one, which counts from the service');

-- ---------------------------------------------------------------------------
-- Records
-- ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.publicity(id uuid) RETURNS text LANGUAGE sql AS $$
	SELECT concat_ws(' ', p.regime, p.class, p.until, p.reason)
	  FROM citycredit.record AS r CROSS JOIN LATERAL citycredit.publicity(r.subject, r.record_id) AS p WHERE r.record_id = id AND r.known_until = 'infinity'
$$;
SELECT pg_temp.put('K1', '{"penalty_kind": "confiscation_of_gains", "detail": {"cf_cflb": "警告；没收违法所得"}}') AS two_kinds,
       pg_temp.put('K2', '{"penalty_kind": "warning", "detail": {"cf_cflb": "警告;责令停产停业"}}') AS amended,
       pg_temp.put('K3', '{"penalty_kind": "warning", "part": 0}') AS part_light, pg_temp.put('K3', '{"penalty_kind": "closure", "part": 1}') AS part_heavy,
       pg_temp.put('K4', '{"penalty_kind": "fine", "detail": {"cf_cflb": "罚款", "cf_nr_fk": "1.000000"}}') AS fine,
       pg_temp.put('K5', '{"penalty_kind": "fine", "amount_fen": 999999}') AS amount,
       pg_temp.put('K6', '{"penalty_kind": "fine", "decided_on": "2025-11-30", "publicity_until": "2026-01-31", "field": "fire"}') AS early,
       pg_temp.put('K7', '{"penalty_kind": "warning", "detail": {"cf_cflb": "警告;其他-责令改正"}}') AS others \gset
SELECT is(pg_temp.publicity(v.id), v.want, v.what)
  FROM (VALUES (:'two_kinds'::uuid, '2026 ordinary 2027-05-06 maximum', 'kinds are read from the form'),
               (:'amended', '2026 minor not_published', 'a department''s amendment of the heaviest kind prevails over the form'),
               (:'part_light', '2026 serious 2029-05-06 maximum', 'parts of one document are one decision'), (:'part_heavy', '2026 serious 2029-05-06 maximum', '  each of them'),
               (:'fine', '2026 ordinary 2027-05-06 maximum', 'the amount of the fine is that of the form'), (:'amount', '2026 minor not_published', 'or the record''s, where the fine is all there is'),
               (:'others', '2026 undetermined undetermined', '其他 is no kind')) AS v (id, want, what);
SELECT is((SELECT array_agg(difference ORDER BY record_id) FROM publicity_difference), ARRAY['before_minimum'], 'a source that ends publicity before the minimum is shown');
SELECT is(pg_temp.publicity(:'early'), '2023 any 2026-01-31 source', '  and the earlier day holds');
SELECT results_eq('SELECT document, class, reason FROM publicity_undetermined', $$ VALUES ('K7', 'undetermined', 'undetermined') $$, 'what cannot be told waits for a department');

-- determined by one officer, approved by another
SELECT pg_temp.run('regress_officer', format('SELECT citycredit.determine_publicity(''91110000600037341L'', %L, ''class'', ''serious'', ''情节严重'')', :'others')) AS setting \gset
SELECT is(pg_temp.publicity(:'others'), '2026 undetermined undetermined', 'a determination waits for a second person');
SELECT is(r.code, '42501', 'who is not the first') FROM pg_temp.refusal('regress_officer', format('SELECT citycredit.approve_publicity(''91110000600037341L'', %L, %s)', :'others', :'setting')) AS r;
SELECT is(pg_temp.run('regress_head', format('SELECT citycredit.approve_publicity(''91110000600037341L'', %L, %s)', :'others', :'setting')), '2026-06-01', 'he approves');
SELECT is(pg_temp.publicity(:'others'), '2026 serious 2029-05-06 maximum', 'and it holds');
SELECT is_empty('SELECT FROM publicity_undetermined', 'nothing waits any more');
SELECT is(r.code, v.code, v.what)
  FROM (VALUES (format('determine_publicity(''91110000600037341L'', %L, ''class'', ''gravest'', ''x'')', :'others'), '23514', 'an unknown class'),
               (format('determine_publicity(''91110000600037341L'', %L, ''class'', ''serious'', '' '')', :'others'), '23514', 'no reason'),
               (format('determine_publicity(''91110000600037341L'', %L, ''maximum'', ''yes'', ''x'')', :'others'), '22023', 'the maximum by hand'),
               ('determine_publicity(''91110000600037341L'', gen_random_uuid(), ''class'', ''serious'', ''x'')', 'P0002', 'no such record'),
               (format('approve_publicity(''91110000600037341L'', %L, %s)', :'others', :'setting'), '55000', 'approved twice'),
               (format('approve_publicity(''91110000600037341L'', %L, 0)', :'others'), '42704', 'nothing to approve')) AS v (statement, code, what)
 CROSS JOIN LATERAL pg_temp.refusal('regress_officer', 'SELECT citycredit.' || v.statement) AS r;
SELECT is(r.code, '55000', 'a determination is not rewritten') FROM pg_temp.refusal('none', 'UPDATE citycredit.publicity_setting SET value = ''minor''') AS r;
SELECT _set_publicity('91110000600037341L', :'early', 'maximum', 'yes', '违背修复承诺') \g /dev/null
SELECT is(pg_temp.publicity(:'early'), '2023 any 2028-11-30 commitment_broken', 'a proceeding that finds a repair commitment broken sets the maximum at once');

-- other records
SELECT is(pg_temp.publicity(pg_temp.put(v.document, v.columns::jsonb)), v.want, v.what)
  FROM (VALUES ('O1', '{"kind": "permit", "valid_until": "2027-01-01"}', '2027-01-01 term', 'a permit while it is valid'), ('O2', '{"kind": "award"}', 'infinity term', 'an award without an end'),
               ('O3', '{"kind": "act"}', '2027-05-06 term', 'another act for the months of the parameter'),
               ('O4', '{"kind": "inspection", "publicity_until": "2026-08-31"}', '2026-08-31 source', '  or less, where the source says so')) AS v (document, columns, want, what);
SELECT is(r.code, '22023', 'participation is not public') FROM pg_temp.refusal('regress_officer',
	format('SELECT * FROM citycredit.publicity(''91110000600037341L'', %L)', pg_temp.put('O5', '{"kind": "participation", "state": "taking_part", "valid_from": "2026-01-01"}'))) AS r;

-- ---------------------------------------------------------------------------
-- Within seven working days
-- ---------------------------------------------------------------------------
SELECT is_empty($$
	SELECT c.day FROM _counted_calendar AS c
	  LEFT JOIN _counted_calendar AS d ON d.working AND d.number = c.number + 7
	 WHERE d.day IS DISTINCT FROM add_working_days(c.day, 7) AND c.day BETWEEN '2025-01-01' AND '2026-12-31' $$, 'days counted at once are those counted one by one');
SELECT pg_temp.put('D1', '{"decided_on": "2026-03-02"}', '91420684MA4927PJ7B'), pg_temp.put('D2', '{"decided_on": "2025-09-28"}', '91420684MA4927PJ7B'),
       pg_temp.put('D3', '{"decided_on": "2026-02-13"}', '91420684MA4927PJ7B'), pg_temp.put('D4', '{"decided_on": "2025-05-31"}', '91420684MA4927PJ7B'),
       pg_temp.put('D5', '{"decided_on": "2026-05-22"}', '91420684MA4927PJ7B'), pg_temp.put('D6', '{"decided_on": "2026-05-21"}', '91420684MA4927PJ7B'),
       pg_temp.put('D7', '{"decided_on": "2026-05-25", "source": "unknown"}', '91420684MA4927PJ7B'), pg_temp.put('D8', '{"decided_on": "2026-05-20", "source": "unknown"}', '91420684MA4927PJ7B') \g /dev/null
SET LOCAL citycredit.today = '2026-12-31';
SELECT pg_temp.put('D9', '{"decided_on": "2026-12-24"}', '91420684MA4927PJ7B') \g /dev/null
SET LOCAL citycredit.today = '2026-06-02';
SELECT results_eq($$ SELECT document, due_on, entered_on, state, late_by FROM publicity_deadline WHERE subject = '91420684MA4927PJ7B' ORDER BY document $$,
	$$ VALUES ('D1', date '2026-03-11', date '2026-06-01', 'late', 55::bigint), ('D2', '2025-10-14', '2026-06-01', 'late', 156), ('D3', '2026-03-02', '2026-06-01', 'late', 62),
	          ('D4', '2025-06-11', '2026-06-01', 'late', 241), ('D5', '2026-06-02', '2026-06-01', 'on_time', 0), ('D6', '2026-06-01', '2026-06-01', 'on_time', 0),
	          ('D7', '2026-06-03', '2026-06-01', 'waiting', 0), ('D8', '2026-05-29', '2026-06-01', 'overdue', 2), ('D9', NULL, '2026-12-31', 'unknown', NULL) $$,
	'each record by its last day; past the calendar it is unknown');
SELECT is(late_by, working_days_between(due_on, ready_on)::bigint, document || ' is late by its working days') FROM publicity_deadline WHERE document IN ('D1', 'D2') ORDER BY document;
SELECT results_eq($$ SELECT records, published, on_time, late, waiting, overdue, unknown, complete_rate, on_time_rate FROM stat_publicity
                      WHERE authority = 'Y1320400MJD12345XG' AND kind = 'penalty' AND month IN ('2026-05-01', '2026-12-01', '2026-03-01') ORDER BY month $$,
	$$ VALUES (1::bigint, 1::bigint, 0::bigint, 1::bigint, 0::bigint, 0::bigint, 0::bigint, 100.00, 0.00),
	          (11, 9, 2, 7, 1, 1, 0, 81.82, 20.00), (1, 1, 0, 0, 0, 0, 1, 100.00, NULL) $$,
	'complete and in time, by authority and month');

SELECT * FROM finish();
ROLLBACK;
