-- shard.sql -- the trigger on a table beside record, with other columns, and every way of cutting a batch into pieces
\set SHOW_CONTEXT never
\set ECHO none
\i test/include/write_path.psql
\set ECHO all
\set QUIET 0

-- A shard has the columns of record and its triggers, under another name; here at other places, after one that was dropped. It inherits,
-- as the table's readers must see its rows.
CREATE TABLE record_102008 (dropped integer, shard_note text DEFAULT 'x', LIKE record INCLUDING ALL);
ALTER TABLE record_102008 DROP COLUMN dropped;
ALTER TABLE record_102008 INHERIT record;
CREATE TRIGGER record_inserted AFTER INSERT ON record_102008
	REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_changed();
CREATE TRIGGER record_updated AFTER UPDATE ON record_102008
	REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_changed();
CREATE TRIGGER record_deleted AFTER DELETE ON record_102008
	REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_changed();
CREATE TRIGGER record_guard BEFORE UPDATE OR DELETE ON record_102008 FOR EACH ROW EXECUTE FUNCTION _record_guard();

CREATE VIEW public.wrong AS SELECT count(*) FROM verify_standings();
INSERT INTO record_102008 (subject, kind, document, authority, source, field, behaviour, decided_on)
SELECT code, 'penalty', 'S' || n, 'bureau', 'bureau', 'regress', 'RG-01', '2026-01-05' FROM public.code, generate_series(1, 4) AS n WHERE i <= 2;
SELECT score, band FROM standing AS s JOIN public.code AS c ON c.code = s.subject WHERE c.i <= 3 ORDER BY c.i;
SELECT * FROM public.wrong;
-- closing and next version, on the shard
WITH closed AS (
	UPDATE record_102008 SET known_until = greatest(statement_timestamp(), (SELECT max(known_at) FROM subject_state) + interval '1 microsecond')
	 WHERE document = 'S1' AND subject = (SELECT code FROM public.code WHERE i = 1) RETURNING *)
INSERT INTO record_102008 (subject, record_key, known_from, version, kind, document, authority, source, field, behaviour, decided_on, revoked_on)
SELECT subject, record_id, known_until, 2, kind, document, authority, source, field, behaviour, decided_on, '2026-03-01' FROM closed;
SELECT score, band FROM standing AS s JOIN public.code AS c ON c.code = s.subject WHERE c.i <= 3 ORDER BY c.i;
SELECT * FROM public.wrong;
-- a table that has the trigger but not the columns
CREATE TABLE record_bad (subject subject_code);
CREATE TRIGGER record_inserted AFTER INSERT ON record_bad
	REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION record_changed();
\set ON_ERROR_STOP 0
\set VERBOSITY sqlstate
INSERT INTO record_bad SELECT code FROM public.code WHERE i = 1;
-- and the trigger used in other ways
CREATE TRIGGER row_trigger AFTER INSERT ON record_bad FOR EACH ROW EXECUTE FUNCTION record_changed();
DROP TRIGGER record_inserted ON record_bad;
INSERT INTO record_bad SELECT code FROM public.code WHERE i = 1;
DROP TRIGGER row_trigger ON record_bad;
CREATE TRIGGER before BEFORE INSERT ON record_bad FOR EACH STATEMENT EXECUTE FUNCTION record_changed();
INSERT INTO record_bad SELECT code FROM public.code WHERE i = 1;
DROP TRIGGER before ON record_bad;
CREATE TRIGGER no_transition AFTER INSERT ON record_bad FOR EACH STATEMENT EXECUTE FUNCTION record_changed();
INSERT INTO record_bad SELECT code FROM public.code WHERE i = 1;
SELECT record_changed();
\set VERBOSITY default
\set ON_ERROR_STOP 1
DROP TABLE record_bad;

-- ---------------------------------------------------------------------------
-- One batch, cut in every way: the same standings, to the folded state's outcome on every later day
-- ---------------------------------------------------------------------------
CREATE TABLE public.batch AS
SELECT c.code, c.i, n, f.*, row_number() OVER () AS place FROM generate_series(1, 1200) AS n JOIN public.code AS c ON c.i = 4 + n * n % 37 CROSS JOIN LATERAL public.fact(c.i, n) AS f;
CREATE FUNCTION public.feed(VARIADIC places bigint[]) RETURNS void LANGUAGE sql AS $$
	INSERT INTO citycredit.record (subject, kind, document, authority, source, field, behaviour, procedure, awarded_points, decided_on)
	SELECT b.code, b.kind, 'B' || b.n, 'bureau', 'bureau', 'regress', b.behaviour, b.procedure, b.points, b.decided_on
	  FROM public.batch AS b WHERE b.place = ANY (places) ORDER BY array_position(places, b.place) $$;
-- what the standings are on the day and would be later on, state by state
CREATE VIEW public.outcomes AS
SELECT md5(string_agg(concat_ws('|', s.subject, s.score, s.band, s.credit_grade, s.vetoes, s.next_change_on, later.*), ',' ORDER BY s.subject)) AS digest,
       count(*) AS standings, count(DISTINCT s.score) > 10 AS various
  FROM standing AS s
 CROSS JOIN LATERAL (SELECT string_agg(concat_ws('|', o.score, o.band, o.vetoes, o.next_change_on), ';' ORDER BY d) AS outcomes
                       FROM standing_stored AS t, generate_series(0, 900, 75) AS d,
                            _outcome(t.subject, t.version_id, CASE WHEN _usable(t.version_id, t.folded, t.as_of + d) THEN t.folded
                                                                   ELSE _fold(t.subject, t.version_id, t.as_of + d, 'infinity') END, t.as_of + d, false) AS o
                      WHERE t.subject = s.subject) AS later
 WHERE s.subject IN (SELECT code FROM public.batch);
CREATE TABLE public.result (way text, digest text, standings bigint, various boolean, wrong bigint);

-- as one statement
BEGIN;
SELECT public.feed(VARIADIC array_agg(place ORDER BY place)) FROM public.batch \gset unused_
INSERT INTO public.result SELECT 'one statement', o.*, w.* FROM public.outcomes AS o, public.wrong AS w;
\copy (SELECT * FROM public.result) TO 'results/shard.result'
ROLLBACK;
\copy public.result FROM 'results/shard.result'
-- as one COPY, through a file
\copy (SELECT b.code, b.kind, 'B' || b.n, 'bureau', 'bureau', 'regress', b.behaviour, b.procedure, b.points, b.decided_on FROM public.batch AS b ORDER BY md5(n::text)) TO 'results/shard.copy'
BEGIN;
\copy record (subject, kind, document, authority, source, field, behaviour, procedure, awarded_points, decided_on) FROM 'results/shard.copy'
INSERT INTO public.result SELECT 'one COPY', o.*, w.* FROM public.outcomes AS o, public.wrong AS w;
\copy (SELECT * FROM public.result) TO 'results/shard.result'
ROLLBACK;
TRUNCATE public.result;
\copy public.result FROM 'results/shard.result'
-- row by row at random; in pieces of 2, 7, 33, 40, 100 and 511 .. 513 rows (the trigger works by 512)
CREATE FUNCTION public.try(way text, piece integer, key text) RETURNS void LANGUAGE plpgsql SET search_path = citycredit, public AS $$
DECLARE
	places bigint[];
	outcome result;
	at integer := 1;
BEGIN
	EXECUTE format('SELECT array_agg(place ORDER BY %s) FROM batch', key) INTO places;
	BEGIN
		WHILE at <= array_length(places, 1) LOOP
			PERFORM feed(VARIADIC places[at : at + piece - 1]);
			at := at + piece;
		END LOOP;
		SELECT way, o.*, w.* INTO outcome FROM outcomes AS o, wrong AS w;
		RAISE EXCEPTION USING ERRCODE = 'ZZ000';
	EXCEPTION WHEN SQLSTATE 'ZZ000' THEN
		NULL;
	END;
	INSERT INTO result SELECT outcome.*;
END $$;
\o results/shard.quiet
SELECT public.try('by two, backwards', 2, 'place DESC');
SELECT public.try('row by row, shuffled', 1, 'md5(place::text)');
SELECT public.try('by seven', 7, 'md5(''b'' || place)');
SELECT public.try('by a hundred', 100, 'md5(''c'' || place)');
SELECT public.try('by 511', 511, 'md5(''d'' || place)');
SELECT public.try('by 512', 512, 'md5(''e'' || place)');
SELECT public.try('by 513', 513, 'md5(''f'' || place)');
SELECT public.try('by subject', 40, 'code, place');
SELECT public.try('by day', 33, 'decided_on');
\o
SELECT way, standings, various, wrong, digest = (SELECT digest FROM public.result WHERE way = 'one statement') AS as_one FROM public.result;
DROP VIEW public.outcomes, public.wrong;
DROP FUNCTION public.try, public.feed, public.fact, public.amend;
DROP TABLE public.code, public.batch, public.result;
\o results/shard.quiet
SELECT drop_registry(force => true);
\o
DROP ROLE regress_citycredit_second;
