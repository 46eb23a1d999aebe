-- repair_status.sql -- states of a repair and the steps between them
SET search_path = public, citycredit;
\set SHOW_CONTEXT never

SELECT opcname, amname, amvalidate(o.oid)
  FROM pg_opclass AS o JOIN pg_am AS a ON a.oid = o.opcmethod
 WHERE opcintype = 'repair_status'::regtype ORDER BY 2;

CREATE TABLE every_value AS
	SELECT ordinality AS n, value::repair_status AS value
	  FROM unnest('{applied,supplement,accepted,refused,publicised,repaired,rejected,withdrawn,revoked,revoking,appealed,confirmed}'::text[]) WITH ORDINALITY AS v(value, ordinality);

SELECT n, value, label_zh(value), label_en(value) FROM every_value ORDER BY value;
-- a Chinese label and a code in capitals or full width are read as well
SELECT count(*) AS values, bool_and(label_zh(value)::repair_status = value) AS zh, bool_and(upper(value::text)::repair_status = value) AS capitals,
	bool_and(translate(value::text, 'abcdefghijklmnopqrstuvwxyz', 'ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ')::repair_status = value) AS full_width
  FROM every_value;
SELECT repair_status 'done';
\echo :LAST_ERROR_SQLSTATE
SELECT repair_status '';
SELECT repair_status 'applie';
SELECT repair_status 'appliedx';

-- every legal step, and no other
SELECT value, next_states(value) FROM every_value ORDER BY value;
SELECT value AS final FROM every_value WHERE next_states(value) = '{}' ORDER BY value;
SELECT count(*) AS pairs, count(*) FILTER (WHERE can_become(a.value, b.value)) AS legal,
	count(*) FILTER (WHERE can_become(a.value, b.value) <> (b.value = ANY (next_states(a.value)))) AS disagree,
	count(*) FILTER (WHERE a.value = b.value AND can_become(a.value, b.value)) AS standing_still
  FROM every_value AS a, every_value AS b;
SELECT pg_typeof(next_states('applied'::repair_status));

-- repaired only what was accepted, revoked only what was repaired
SELECT value AS before_repair FROM every_value WHERE can_become(value, 'repaired') ORDER BY value;
SELECT value AS before_revocation FROM every_value WHERE can_become(value, 'revoked') ORDER BY value;
SELECT value AS before_withdrawal FROM every_value WHERE can_become(value, 'withdrawn') ORDER BY value;

-- the transition itself: the new state, or an error with the legal ones
CREATE FUNCTION try(a repair_status, b repair_status) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	detail text;
BEGIN
	RETURN repair_transition(a, b);
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN format('%s: %s; %s', SQLSTATE, SQLERRM, detail);
END
$$;
SELECT count(*) FILTER (WHERE try(a.value, b.value) = b.value::text) AS done,
	count(*) FILTER (WHERE try(a.value, b.value) LIKE '55000: cannot change %') AS refused
  FROM every_value AS a, every_value AS b;
SELECT a.value AS "from", try(a.value, a.value) FROM every_value AS a ORDER BY a.value;
SELECT repair_transition(NULL, 'applied') IS NULL AS null_in;
DROP FUNCTION try;

-- hash and comparison agree, and every operator with the stored number
SELECT count(*) AS disagree FROM every_value
 WHERE repair_status_hash(value) <> repair_status_hash_extended(value, 0)::bit(32)::int;
SELECT count(*) AS values, count(DISTINCT repair_status_hash(value)) AS hashes FROM every_value;
SELECT count(*) AS pairs,
	count(*) FILTER (WHERE (a.value < b.value) <> (a.n < b.n) OR (a.value <= b.value) <> (a.n <= b.n)
					   OR (a.value = b.value) <> (a.n = b.n) OR (a.value <> b.value) <> (a.n <> b.n)
					   OR (a.value >= b.value) <> (a.n >= b.n) OR (a.value > b.value) <> (a.n > b.n)) AS differ
  FROM every_value AS a, every_value AS b;

-- one value through the receive function, by way of a binary COPY
CREATE FUNCTION receive(type regtype, hex text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
	octal text;
	value text;
	detail text;
BEGIN
	SELECT string_agg('\' || lpad(to_oct(get_byte(b, i)), 3, '0'), '' ORDER BY i) INTO octal
	  FROM (SELECT decode('5047434f50590aff0d0a00' || repeat('00', 8) || '0001' ||
						  lpad(to_hex(length(hex) / 2), 8, '0') || hex || 'ffff', 'hex') AS b) AS s,
		   generate_series(0, length(b) - 1) AS i;
	EXECUTE format('CREATE TEMPORARY TABLE received (value %s) ON COMMIT DROP', type);
	EXECUTE format('COPY received FROM PROGRAM %L (FORMAT binary)', 'printf "' || octal || '"');
	SELECT r.value::text INTO value FROM received AS r;
	DROP TABLE received;
	RETURN value;
EXCEPTION WHEN OTHERS THEN
	GET STACKED DIAGNOSTICS detail = PG_EXCEPTION_DETAIL;
	RETURN format('%s: %s; %s', SQLSTATE, SQLERRM, detail);
END
$$;
CREATE FUNCTION to_oct(n int) RETURNS text LANGUAGE sql IMMUTABLE
	AS $$ SELECT ((n / 64) * 100 + (n / 8 % 8) * 10 + n % 8)::text $$;
SELECT hex, receive('repair_status', hex)
  FROM (VALUES ('0001'), (lpad(to_hex(12), 4, '0')), ('0000'), (lpad(to_hex(13), 4, '0')), ('ffff'), ('7fff'), ('8000'), ('01'), ('000001')) AS v(hex);
-- what was sent is received
SELECT count(*) AS values, count(*) FILTER (WHERE receive('repair_status', encode(repair_status_send(value), 'hex')) = value::text) AS same
  FROM every_value;
DROP FUNCTION receive, to_oct;
DROP TABLE every_value;
