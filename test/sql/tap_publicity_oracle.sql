-- tap_publicity_oracle.sql -- periods and published views, computed for many at once, against a plain account of the same rules record by record:
-- after random changes of records, rules, settings, trust and persons, on days before and after
\set ECHO none
\i test/include/publicity.psql
SELECT plan(8);

-- ---------------------------------------------------------------------------
-- The account, one record at a time
-- ---------------------------------------------------------------------------
CREATE FUNCTION pg_temp.parameter(asked text, whose text, day date) RETURNS text LANGUAGE sql AS $$
	SELECT value FROM publicity_parameter WHERE name = asked AND (scope IS NULL OR scope = whose) AND approved_on <= day AND superseded_on > day
	 ORDER BY scope NULLS LAST LIMIT 1
$$;
CREATE FUNCTION pg_temp.kinds(r citycredit.record) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	heavier constant text[] := ARRAY['warning', 'notice_of_criticism', 'fine', 'confiscation_of_gains', 'confiscation_of_goods', 'suspension_of_licence',
		'downgrading', 'revocation_of_licence', 'restriction_of_business', 'suspension_of_business', 'closure', 'restriction_of_practice', 'detention'];
	found text[] := '{}';
	heaviest integer := 0;
	word text;
	kind text;
BEGIN
	FOREACH word IN ARRAY string_to_array(replace(coalesce(r.detail ->> 'cf_cflb', ''), '；', ';'), ';') LOOP
		CONTINUE WHEN btrim(word) = '';
		SELECT code INTO kind FROM exchange_label WHERE list = 'penalty_kind' AND label = split_part(normal_name(word), '-', 1);
		found := found || coalesce(kind, 'other');
		heaviest := greatest(heaviest, array_position(heavier, kind));
	END LOOP;
	IF r.penalty_kind IS NOT NULL AND r.penalty_kind IS DISTINCT FROM heavier[heaviest] THEN
		RETURN ARRAY[r.penalty_kind];
	END IF;
	RETURN found;
END
$$;
-- ranks of the classes that a regime gives to facts, with what leaves the class open
CREATE FUNCTION pg_temp.classes(asked text, kinds text[], proc text, severities text[], fields text[], fine bigint, day date) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
	known text[] := ARRAY(SELECT DISTINCT class FROM publicity_regime WHERE regime = asked AND approved_on <= day AND superseded_on > day);
	gravest text := (SELECT class FROM publicity_regime WHERE regime = asked AND approved_on <= day AND superseded_on > day ORDER BY class_rank DESC LIMIT 1);
	found text[] := '{}';
	fixed boolean := false;
	open boolean := kinds = '{}';
	told boolean;
	rule publicity_class;
	one text;
BEGIN
	IF 'any' = ANY (known) THEN
		RETURN '{any}';
	END IF;
	FOR rule IN SELECT * FROM publicity_class WHERE regime = asked AND approved_on <= day AND superseded_on > day AND (field IS NULL OR field = ANY (fields)) AND term IN ('procedure', 'severity') LOOP
		IF rule.class = ANY (known) AND (CASE rule.term WHEN 'procedure' THEN proc IS NOT NULL AND coalesce(rule.value, proc) = proc
		                                               ELSE severities <> '{}' AND (rule.value IS NULL OR rule.value = ANY (severities)) END) THEN
			found := found || rule.class;
			fixed := true;
		END IF;
	END LOOP;
	FOREACH one IN ARRAY kinds LOOP
		told := false;
		FOR rule IN SELECT * FROM publicity_class AS c WHERE regime = asked AND approved_on <= day AND superseded_on > day AND (field IS NULL OR field = ANY (fields)) AND term = 'penalty_kind' AND value = one
				AND coalesce(amount_from_fen <= fine, amount_from_fen IS NULL)
				AND NOT EXISTS (SELECT FROM publicity_class AS h WHERE h.regime = asked AND h.approved_on <= day AND h.superseded_on > day AND h.term = c.term AND h.value = c.value
					AND h.field IS NOT DISTINCT FROM c.field AND h.amount_from_fen <= fine AND h.amount_from_fen > coalesce(c.amount_from_fen, -1)) LOOP
			IF rule.class = ANY (known) THEN
				found := found || rule.class;
				told := true;
			END IF;
		END LOOP;
		open := open OR NOT told;
	END LOOP;
	RETURN CASE WHEN fixed OR found <> '{}' AND (NOT open OR gravest = ANY (found)) THEN found ELSE '{}' END;
END
$$;
CREATE FUNCTION pg_temp.account(r citycredit.record, day date, OUT regime text, OUT class text, OUT "from" date, OUT min_until date, OUT max_until date, OUT until date, OUT reason text,
	OUT undetermined boolean, OUT regime_until date) LANGUAGE plpgsql AS $$
#variable_conflict use_column
DECLARE
	others citycredit.record[] := ARRAY[r];
	kinds text[];
	severities text[];
	fields text[];
	fine bigint;
	regime_day date;
	classes text[];
	choice text;
	rule publicity_regime;
	broken boolean;
	source_says text := pg_temp.parameter('source_day', NULL, day);
	set_class text := (SELECT value FROM publicity_setting AS s WHERE s.subject = r.subject AND s.record_id = r.record_id AND setting = 'class' AND approved_on <= day AND superseded_on > day);
	set_publish text := (SELECT value FROM publicity_setting AS s WHERE s.subject = r.subject AND s.record_id = r.record_id AND setting = 'publish' AND approved_on <= day AND superseded_on > day);
	term text := pg_temp.parameter('term', r.kind, day);
BEGIN
	undetermined := false;
	IF r.kind <> 'penalty' THEN
		"from" := coalesce(r.decided_on, r.act_on);
		IF "from" IS NOT NULL THEN
			until := least(CASE term WHEN 'valid' THEN coalesce(r.valid_until, 'infinity') ELSE add_months_civil("from", term::integer) END, r.publicity_until, r.repaired_on - 1, r.revoked_on - 1);
		END IF;
		reason := CASE WHEN "from" IS NULL THEN 'start_unknown' WHEN until = r.revoked_on - 1 THEN 'revoked' WHEN until = r.repaired_on - 1 THEN 'repaired' WHEN until = r.publicity_until THEN 'source' ELSE 'term' END;
		RETURN;
	END IF;
	IF r.revoked_on IS NULL THEN
		others := ARRAY(SELECT o FROM record AS o WHERE o.subject = r.subject AND o.kind = 'penalty' AND o.known_until = 'infinity' AND o.authority = r.authority AND o.document = r.document AND o.revoked_on IS NULL);
	END IF;
	kinds := ARRAY(SELECT DISTINCT k FROM unnest(others) AS o CROSS JOIN LATERAL unnest(pg_temp.kinds(o::citycredit.record)) AS k);
	severities := ARRAY(SELECT DISTINCT o.severity FROM unnest(others) AS o WHERE o.severity IS NOT NULL);
	fields := ARRAY(SELECT DISTINCT o.field FROM unnest(others) AS o WHERE o.field IS NOT NULL);
	fine := (SELECT max(coalesce(_exchange_decimal(o.detail ->> 'cf_nr_fk', 6), CASE o.penalty_kind WHEN 'fine' THEN o.amount_fen END)) FROM unnest(others) AS o);
	regime_day := CASE pg_temp.parameter('regime_day', NULL, day) WHEN 'decision' THEN r.decided_on WHEN 'service' THEN r.served_on ELSE day END;
	SELECT g.regime, g.several_penalties INTO regime, choice FROM publicity_regime AS g
	 WHERE regime_day BETWEEN in_force_from AND coalesce(in_force_until, 'infinity') AND approved_on <= day AND superseded_on > day LIMIT 1;
	IF regime IS NULL THEN
		reason := CASE WHEN regime_day IS NULL THEN 'day_unknown' ELSE 'no_regime' END;
		RETURN;
	END IF;
	classes := CASE WHEN set_class IS NULL THEN pg_temp.classes(regime, kinds, r.procedure, severities, fields, fine, day) ELSE ARRAY[set_class] END;
	IF classes = '{}' THEN
		undetermined := true;
		classes := ARRAY[pg_temp.parameter('unclassified', NULL, day)];
	END IF;
	SELECT g.* INTO rule FROM publicity_regime AS g
	 WHERE g.regime = account.regime AND regime_day BETWEEN in_force_from AND coalesce(in_force_until, 'infinity') AND approved_on <= day AND superseded_on > day AND (g.class = 'any' OR g.class = ANY (classes))
	   AND CASE WHEN field IS NULL THEN NOT EXISTS (SELECT FROM publicity_regime AS h WHERE h.regime = g.regime AND h.class = g.class AND h.field = ANY (fields) AND h.approved_on <= day AND h.superseded_on > day
	                                                   AND regime_day BETWEEN h.in_force_from AND coalesce(h.in_force_until, 'infinity')) ELSE field = ANY (fields) END
	 ORDER BY CASE WHEN coalesce(choice, pg_temp.parameter('several_penalties', NULL, day)) = 'longest' THEN max_months * 1000 + min_months ELSE 0 END DESC, class_rank DESC, max_months DESC, min_months DESC, rule_id
	 LIMIT 1;
	IF NOT FOUND THEN
		undetermined := true;
		class := 'undetermined';
		reason := 'undetermined';
		RETURN;
	END IF;
	class := rule.class;
	"from" := CASE WHEN rule.start = 'service' OR rule.start = 'document' AND pg_temp.parameter('document_day', NULL, day) = 'service' THEN r.served_on ELSE r.decided_on END;
	min_until := add_months_civil("from", rule.min_months);
	max_until := add_months_civil("from", rule.max_months);
	IF "from" IS NULL THEN
		reason := 'start_unknown';
		RETURN;
	ELSIF rule.published = 'discretion' AND coalesce(set_publish, pg_temp.parameter('publish_minor', r.authority, day)) <> 'yes' THEN
		reason := 'not_published';
		RETURN;
	END IF;
	until := max_until;
	reason := 'maximum';
	IF rule.at_max_uncorrected = 'department' AND day > max_until AND coalesce(r.corrected_on > max_until, true) AND pg_temp.parameter('uncorrected', r.authority, day) = 'stay' THEN
		until := coalesce(r.corrected_on - 1, 'infinity');
		reason := 'uncorrected';
	END IF;
	regime_until := until;
	broken := EXISTS (SELECT FROM publicity_setting AS s WHERE s.subject = r.subject AND s.record_id = r.record_id AND setting = 'maximum' AND value = 'yes' AND approved_on <= day AND superseded_on > day);
	IF broken THEN
		reason := 'commitment_broken';
	END IF;
	IF NOT broken AND (source_says = 'earlier' AND r.publicity_until < until OR source_says = 'source' AND r.publicity_until <> until) THEN
		until := r.publicity_until;
		reason := 'source';
	END IF;
	IF NOT broken AND r.repaired_on <= until THEN
		until := r.repaired_on - 1;
		reason := 'repaired';
	END IF;
	IF r.revoked_on <= until THEN
		until := r.revoked_on - 1;
		reason := 'revoked';
	END IF;
END
$$;
-- every current record with its period, and whether the public may see it
CREATE FUNCTION pg_temp.accounts(day date) RETURNS TABLE (subject citycredit.subject_code, record_id uuid, kind text, starts date, line text, shown boolean) LANGUAGE sql AS $$
	SELECT r.subject, r.record_id, r.kind, a."from",
	       concat_ws('|', r.record_id, r.kind, a.regime, a.class, a."from", a.min_until, a.max_until, a.until, a.reason, a.undetermined, a.regime_until, r.publicity_until),
	       coalesce(day BETWEEN a."from" AND a.until AND r.revoked_on IS NULL AND pg_temp.parameter('publish_kind', s.kind, day) = 'yes'
	                AND (r.verified_by IS NOT NULL OR r.held IS NULL AND EXISTS (SELECT FROM source AS t WHERE t.source = r.source AND t.kind = r.kind AND t.known_until = 'infinity'
	                                                                             AND r.recorded_on >= t.trusted_from AND r.recorded_on < t.trusted_until))
	                AND NOT EXISTS (SELECT FROM person_minor AS m WHERE m.subject = r.subject AND least(r.act_on, r.decided_on) <= m.minor_until)
	                AND (r.kind <> 'commitment' OR coalesce(r.detail ->> 'openness', pg_temp.parameter('openness', NULL, day)) IN ('public', '公开')), false)
	  FROM record AS r JOIN subject AS s ON s.subject = r.subject CROSS JOIN LATERAL pg_temp.account(r, day) AS a
	 WHERE r.known_until = 'infinity' AND r.kind IN ('penalty', 'permit', 'award', 'inspection', 'act', 'commitment')
$$;

-- ---------------------------------------------------------------------------
-- A world that changes
-- ---------------------------------------------------------------------------
SELECT setseed(0.31) \g /dev/null
SELECT grant_profile('regress_officer', 'integrity'), grant_profile('regress_head', 'integrity') \g /dev/null
CREATE TEMPORARY TABLE world (n serial, code citycredit.subject_code);
INSERT INTO world (code) SELECT s.subject FROM subject AS s ORDER BY s.subject::text;
INSERT INTO world (code) SELECT register_person(v.type, v.number, '某某') FROM (VALUES ('id_card', '360426199101010071'), ('id_card', '360426201006150076'), ('passport', 'E12345678')) AS v (type, number);
CREATE FUNCTION pg_temp.pick(VARIADIC choices text[]) RETURNS text LANGUAGE sql VOLATILE AS $$ SELECT choices[1 + floor(random() * cardinality(choices))::integer] $$;
CREATE FUNCTION pg_temp.near(chance double precision, days integer) RETURNS date LANGUAGE sql VOLATILE AS $$
	SELECT CASE WHEN random() < chance THEN citycredit.today() - 400 + floor(random() * days)::integer END
$$;
CREATE FUNCTION pg_temp.put_random(n integer) RETURNS uuid LANGUAGE plpgsql AS $$
BEGIN
	RETURN pg_temp.put('R' || CASE WHEN random() < 0.3 THEN n - n % 3 ELSE n END, jsonb_strip_nulls(jsonb_build_object('part', n % 3,
		'kind', pg_temp.pick('penalty', 'penalty', 'penalty', 'penalty', 'permit', 'award', 'inspection', 'act', 'commitment'), 'authority', pg_temp.pick('A', 'Y1320400MJD12345XG'),
		'source', pg_temp.pick('regress', 'regress', 'regress', 'other'), 'penalty_kind', pg_temp.pick('warning', 'fine', 'closure', 'confiscation_of_gains', 'detention', NULL),
		'procedure', pg_temp.pick('general', 'general', 'simple', NULL), 'severity', pg_temp.pick('serious', 'minor', NULL, NULL), 'field', pg_temp.pick('fire', 'food', 'waste', NULL, NULL),
		'amount_fen', floor(random() * 4)::bigint * 500000, 'decided_on', CASE WHEN random() < 0.9 THEN citycredit.today() - floor(random() * 1500)::integer END,
		'act_on', CASE WHEN random() < 0.3 THEN citycredit.today() - 1600 + floor(random() * 100)::integer END, 'served_on', pg_temp.near(0.6, 400), 'corrected_on', pg_temp.near(0.4, 700),
		'repaired_on', pg_temp.near(0.15, 700), 'publicity_until', pg_temp.near(0.2, 1200), 'valid_until', pg_temp.near(0.3, 900), 'revoked_on', pg_temp.near(0.05, 500),
		'held', pg_temp.pick('x', NULL, NULL, NULL, NULL, NULL, NULL),
		'detail', jsonb_strip_nulls(jsonb_build_object('cf_cflb', pg_temp.pick('警告', '罚款;没收违法所得', '罚款', '责令停产停业；其他-改正', NULL, NULL), 'cf_nr_fk', pg_temp.pick('0.8', '1.0', NULL, NULL),
			'openness', pg_temp.pick('public', 'limited', NULL))))),
		(SELECT code::text FROM world ORDER BY random() LIMIT 1));
EXCEPTION WHEN unique_violation THEN
	RETURN NULL;
END
$$;
CREATE FUNCTION pg_temp.rule(statement text) RETURNS void LANGUAGE sql AS $$
	SELECT pg_temp.run('regress_head_editor', format('SELECT citycredit.approve_publicity_rule(%s)', pg_temp.run('regress_editor', statement || ' RETURNING rule_id')))
$$;
CREATE FUNCTION pg_temp.change(what integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	hit record;
BEGIN
	SELECT r.subject, r.record_id INTO hit FROM citycredit.record AS r WHERE r.known_until = 'infinity' AND r.revoked_on IS NULL AND r.verified_by IS NULL AND r.kind = 'penalty' ORDER BY random() LIMIT 1;
	CASE what
	WHEN 0 THEN
		PERFORM pg_temp.rule(format('INSERT INTO citycredit.publicity_parameter (name, scope, value) VALUES (%L, %L, %L)', v.name, v.scope, v.value))
		   FROM (VALUES ('regime_day', NULL, pg_temp.pick('decision', 'service', 'as_of')), ('document_day', NULL, pg_temp.pick('decision', 'service')), ('several_penalties', NULL, pg_temp.pick('gravest', 'longest')),
		                ('unclassified', NULL, pg_temp.pick('withhold', 'minor', 'ordinary', 'serious')), ('source_day', NULL, pg_temp.pick('earlier', 'source', 'regime')), ('publish_minor', NULL, pg_temp.pick('yes', 'no')),
		                ('publish_minor', 'A', pg_temp.pick('yes', 'no')), ('uncorrected', pg_temp.pick('A', NULL), pg_temp.pick('off', 'stay')), ('publish_kind', pg_temp.pick('government_body', 'natural_person', 'legal_person'), pg_temp.pick('yes', 'no')),
		                ('term', pg_temp.pick('permit', 'act', 'award'), pg_temp.pick('valid', '6', '36')), ('openness', NULL, pg_temp.pick('public', 'none'))) AS v (name, scope, value) ORDER BY random() LIMIT 1;
	WHEN 1 THEN
		PERFORM pg_temp.rule(format('INSERT INTO citycredit.publicity_class (regime, class, term, value, amount_from_fen, field, mark) VALUES (%L, %L, ''penalty_kind'', ''fine'', %s, %L, ''assumption'')',
			pg_temp.pick('2019', '2026'), pg_temp.pick('minor', 'ordinary', 'serious', NULL), pg_temp.pick('0', '500000', '1000000'), pg_temp.pick('fire', NULL, NULL)));
	WHEN 2 THEN
		PERFORM pg_temp.run('regress_head', format('SELECT citycredit.approve_publicity(%L, %L, %s)', hit.subject, hit.record_id,
			pg_temp.run('regress_officer', format('SELECT citycredit.determine_publicity(%L, %L, %s, ''x'')', hit.subject, hit.record_id, pg_temp.pick('''class'', ''serious''', '''class'', ''minor''', '''publish'', ''yes''', '''publish'', ''no''')))));
	WHEN 3 THEN
		PERFORM _set_publicity(hit.subject, hit.record_id, 'maximum', pg_temp.pick('yes', 'no'), 'x');
	WHEN 4 THEN
		PERFORM pg_temp.run('regress_officer', format('SELECT citycredit.amend_record(%L, %L, %L, ''x'')', hit.subject, hit.record_id, jsonb_build_object('penalty_kind', pg_temp.pick('closure', 'warning', 'fine'))));
		PERFORM pg_temp.run('regress_head', format('SELECT citycredit.verify_record(%L, %L)', hit.subject, hit.record_id));
	WHEN 5 THEN
		PERFORM pg_temp.run('regress_officer', format('SELECT citycredit.revoke_record(%L, %L, %L, ''x'')', hit.subject, hit.record_id, citycredit.today() - 3));
	WHEN 6 THEN
		INSERT INTO person_minor (subject, minor_until) SELECT code, citycredit.today() - floor(random() * 900)::integer FROM world WHERE subject_kind(code) = 'natural_person' ORDER BY random() LIMIT 1
			ON CONFLICT (subject) DO UPDATE SET minor_until = excluded.minor_until;
	WHEN 7 THEN
		UPDATE source SET trusted_from = citycredit.today() - floor(random() * 60)::integer WHERE source = 'regress' AND kind = pg_temp.pick('penalty', 'act', 'permit') AND known_until = 'infinity';
	WHEN 8 THEN
		PERFORM set_config('citycredit.today', (citycredit.today() + 1 + floor(random() * 90)::integer)::text, true);
	END CASE;
END
$$;
CREATE TEMPORARY TABLE difference (what text, day date, line text);
CREATE FUNCTION pg_temp.views(code citycredit.subject_code DEFAULT NULL) RETURNS SETOF text LANGUAGE sql AS $$
	SELECT p::text FROM published_penalty AS p WHERE code IS NULL OR p.code = views.code::text UNION ALL SELECT p::text FROM published_permit AS p WHERE code IS NULL OR p.code = views.code::text
	UNION ALL SELECT p::text FROM published_act AS p WHERE code IS NULL OR p.code = views.code::text UNION ALL SELECT p::text FROM published_commitment AS p WHERE code IS NULL OR p.code = views.code::text
$$;
CREATE FUNCTION pg_temp.compare(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	today text := current_setting('citycredit.today');
	all_kinds constant text[] := ARRAY['penalty', 'permit', 'award', 'inspection', 'act', 'commitment'];
	many integer;
BEGIN
	PERFORM set_config('citycredit.today', day::text, true);
	CREATE TEMPORARY TABLE account AS SELECT * FROM pg_temp.accounts(day);
	CREATE TEMPORARY TABLE period AS
	SELECT concat_ws('|', p.record_id, p.kind, p.regime, p.class, p."from", p.min_until, p.max_until, p.until, p.reason, p.undetermined, p.regime_until, p.source_until) AS line FROM _publicity_seen(day) AS p;
	INSERT INTO difference SELECT 'periods', day, d.line FROM ((SELECT line FROM account EXCEPT SELECT line FROM period) UNION ALL (SELECT line FROM period EXCEPT SELECT line FROM account)) AS d;
	INSERT INTO difference SELECT 'of one subject', day, p.record_id::text FROM world AS w CROSS JOIN LATERAL _publicity_of(w.code, day) AS p
	 WHERE concat_ws('|', p.record_id, p.kind, p.regime, p.class, p."from", p.min_until, p.max_until, p.until, p.reason, p.undetermined, p.regime_until, p.source_until) NOT IN (SELECT line FROM period);
	CREATE TEMPORARY TABLE seen AS SELECT record FROM published_penalty UNION ALL SELECT record FROM published_permit UNION ALL SELECT record FROM published_act UNION ALL SELECT record FROM published_commitment;
	INSERT INTO difference SELECT 'views', day, d.id FROM ((SELECT record_id::text AS id FROM account WHERE shown EXCEPT ALL SELECT record FROM seen) UNION ALL (SELECT record FROM seen EXCEPT ALL SELECT record_id::text FROM account WHERE shown)) AS d;
	-- read ahead and one by one
	INSERT INTO difference SELECT 'by code', day, d.line FROM (SELECT v AS line FROM pg_temp.views() AS v WHERE v NOT LIKE '%P*****%' EXCEPT ALL SELECT v FROM world AS w CROSS JOIN LATERAL pg_temp.views(w.code) AS v) AS d;
	-- pages, one after the other
	INSERT INTO difference SELECT 'pages by ' || s.by, day, format('%s: %s', s.n, s.ids) FROM (
		WITH RECURSIVE page AS (
			SELECT b.by, 1 AS n, ARRAY(SELECT (CASE b.by WHEN 'decided_on' THEN coalesce(p.decided_on, '-infinity') ELSE p.published_from END)::text || ' ' || p.record FROM published_page(all_kinds, 3, sorted_by => b.by) AS p) AS ids
			  FROM (VALUES ('decided_on'), ('published_from')) AS b (by)
			UNION ALL
			SELECT a.by, a.n + 1, ARRAY(SELECT (CASE a.by WHEN 'decided_on' THEN coalesce(p.decided_on, '-infinity') ELSE p.published_from END)::text || ' ' || p.record
			                          FROM published_page(all_kinds, 3, NULL, a.by, nullif(split_part(a.ids[3], ' ', 1)::date, '-infinity'), split_part(a.ids[3], ' ', 2)) AS p)
			  FROM page AS a WHERE cardinality(a.ids) = 3 AND a.n < 6
		)
		SELECT a.by, a.n, a.ids FROM page AS a
		 WHERE a.ids <> ARRAY(SELECT o.day::text || ' ' || o.id FROM (
			SELECT CASE a.by WHEN 'decided_on' THEN coalesce(r.decided_on, '-infinity') ELSE q.starts END AS day, q.record_id AS id
			  FROM account AS q JOIN record AS r ON r.subject = q.subject AND r.record_id = q.record_id AND r.known_until = 'infinity' WHERE q.shown ORDER BY 1 DESC, 2 DESC LIMIT 3 OFFSET 3 * (a.n - 1)) AS o)) AS s;
	SELECT count(*) FROM seen INTO many;
	INSERT INTO difference VALUES ('shown', day, many::text);
	DROP TABLE account, period, seen;
	PERFORM set_config('citycredit.today', today, true);
END
$$;

SELECT count(pg_temp.put_random(n)) FROM generate_series(1, 150) AS n \g /dev/null
SELECT pg_temp.compare(d) FROM unnest(ARRAY[today(), today() - 30, today() + 400]) AS d \g /dev/null
DO $$
BEGIN
	FOR i IN 1 .. 30 LOOP
		PERFORM pg_temp.change(i % 9), pg_temp.change(0), pg_temp.change(0);
		IF i % 3 = 0 THEN
			PERFORM pg_temp.put_random(200 + i);
			PERFORM pg_temp.compare(citycredit.today());
			PERFORM pg_temp.compare(citycredit.today() + floor(random() * 1500)::integer - 400);
		END IF;
	END LOOP;
END
$$;
SELECT is((SELECT string_agg(day || ' ' || line, E'\n' ORDER BY day, line) FROM difference WHERE difference.what = v.what), NULL, v.name)
  FROM (VALUES (1, 'periods', 'periods of all subjects'), (2, 'of one subject', 'and of each alone'), (3, 'views', 'the views show what is public on the day, and no more'), (4, 'by code', 'and of a code what they show of all'),
               (5, 'pages by decided_on', 'pages follow one another by the day of the decision'), (6, 'pages by published_from', '  and by the day from which a record is public')) AS v (n, what, name) ORDER BY v.n;
SELECT cmp_ok((SELECT count(*) FROM difference WHERE what = 'shown' AND line::integer > 10), '>', 10::bigint, 'on most days something is public'),
       cmp_ok((SELECT count(DISTINCT line) FROM difference WHERE what = 'shown'), '>', 10::bigint, 'and not always the same');
SELECT * FROM finish();
ROLLBACK;
