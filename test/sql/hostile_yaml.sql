-- hostile_yaml.sql -- texts made to harm: each is refused with its reason, and quickly
\set SHOW_CONTEXT never
SET statement_timeout = '1s';

-- as adopt and load see them: an error with an SQLSTATE of the author's making, never XX000, never a time-out
CREATE TABLE public.hostile (what text PRIMARY KEY, yaml text NOT NULL);
INSERT INTO public.hostile VALUES
	('200 kB of [', repeat('[', 200000)),
	('200 kB of {', repeat('{', 200000)),
	('200 kB of "- "', repeat('- ', 100000)),
	('200 kB of "? "', repeat('? ', 100000)),
	('200 kB of [], never closed', 'a: ' || repeat('[],', 66000)),
	('200 kB of quotes', 'a: ' || repeat('"', 200000)),
	('200 kB of #', repeat('#', 200000)),
	('200 kB of line breaks', repeat(E'\n', 200000)),
	('200 kB of one key', repeat('k', 200000) || ': 1'),
	('200 kB of one value', 'policy: ' || repeat('v', 200000)),
	('alias bomb', E'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n'),
	('12 000 anchors', (SELECT string_agg('&a' || n || ' x', ',') FROM generate_series(1, 12000) AS n)),
	('anchor on a key', '&a policy: x'),
	('alias to itself', 'policy: &a [*a]'),
	('tag', 'policy: !!binary aGVsbG8='),
	('tag of a program', 'policy: !!python/object/apply:os.system ["true"]'),
	('NUL in quotes', 'policy: "a\0b"'),
	('BOM', E'\uFEFFpolicy: a'),
	('BOM inside', E'policy: a\uFEFFb'),
	('UTF-16, as it looks when declared', E'%TAG ! tag:utf-16\n--- a'),
	('two documents', E'policy: a\n---\npolicy: b\n'),
	('text after the end', E'policy: a\n...\nversion: 2\n'),
	('directive of another version', E'%YAML 9.9\n---\npolicy: a'),
	('NEL injects a key', E'policy: a\u0085version: b'),
	('line separator injects a key', E'policy: a\u2028version: b'),
	('paragraph separator injects a key', E'policy: a\u2029version: b'),
	('tab as indentation', E'sources:\n\tplan: a'),
	('control character', E'policy: a\x01b'),
	('escape out of range', 'policy: "\UFFFFFFFF"'),
	('surrogate by escape', 'policy: "\uD800"'),
	('300 kB', 'documentation: "' || repeat('x', 300000) || '"'),
	('300 kB of three-byte characters', 'documentation: "' || repeat('条', 100000) || '"'),
	('60 000 duplicate keys', repeat(E'a: 1\n', 60000)),
	('50 000 duplicate keys, within the size', repeat(E'a: 1\n', 50000)),
	('25 000 keys', (SELECT string_agg('k' || n || ': 1', E'\n') FROM generate_series(1, 25000) AS n)),
	('100 000 entries', 'items: [' || repeat('1,', 100000) || '1]'),
	('deep mapping', (SELECT string_agg(repeat(' ', n) || 'a:', E'\n' ORDER BY n) FROM generate_series(0, 600) AS n)),
	('deep sequence in flow', repeat('[', 40) || repeat(']', 40)),
	('just deep enough to be read', 'a: ' || repeat('[', 30) || repeat(']', 30)),
	('deep condition', 'policy: a' || E'\nitems: [{match: ' || repeat('{not: ', 25) || '{kind: penalty}' || repeat('}', 25) || '}]'),
	('key that is a list', '[a, b]: c'),
	('key that is missing', ': c'),
	('empty', ''),
	('blank', E'  \n \n'),
	('only a comment', '# nothing'),
	('null', '~'),
	('a word', 'policy'),
	('a list', '- policy'),
	('full-width colon', 'policy：a'),
	('numbers that are none', 'score: {base: 1e400, floor: .nan, cap: 0x7fffffffffffffff, decimals: -1}'),
	('huge numbers', 'score: {base: 99999999999999999999999999999999, decimals: 99999999999}'),
	('format characters', 'policy: "%s%s%s%n%x"'),
	('unclosed quote', 'policy: "a'),
	('block scalar without end', E'policy: |\n' || repeat(E' x\n', 80000)),
	('block scalar, wrong indentation indicator', E'policy: |99\n a'),
	('folded comment bomb', 'a: >' || repeat(E'\n', 150000)),
	('long line of flow', '{' || (SELECT string_agg('k' || n || ': [{a: b}]', ', ') FROM generate_series(1, 900) AS n) || '}');

CREATE FUNCTION public.verdict(what text, yaml text, OUT state text, OUT known boolean, OUT findings text, OUT quick boolean) LANGUAGE plpgsql AS $$
DECLARE
	began timestamptz := clock_timestamp();
BEGIN
	state := 'accepted';
	BEGIN
		PERFORM citycredit._policy_header(verdict.yaml);
	EXCEPTION WHEN OTHERS THEN
		state := SQLSTATE;
	END;
	known := state IN ('42601', '42P17', '54000', '22023', '22P02', '22021');
	SELECT string_agg(DISTINCT c.code, ' ' ORDER BY c.code) INTO findings FROM citycredit.check_policy(verdict.yaml) AS c;
	quick := clock_timestamp() - began < interval '1 s';
END $$;
CREATE TABLE public.verdicts (what text, state text, known boolean, findings text, quick boolean);
-- one statement each, so that the second is for each
\set QUIET 1
SELECT format('INSERT INTO public.verdicts SELECT h.what, v.* FROM public.hostile AS h CROSS JOIN LATERAL public.verdict(h.what, h.yaml) AS v WHERE h.what = %L', what)
  FROM public.hostile ORDER BY ctid \gexec
\set QUIET 0
SELECT * FROM public.verdicts;
SELECT count(*) - (SELECT count(*) FROM public.verdicts) AS timed_out FROM public.hostile;
-- as the tests of a policy
CREATE FUNCTION public.as_tests(yaml text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
	PERFORM citycredit.test_policy(current_setting('regress.good'), as_tests.yaml);
	RETURN 'accepted';
EXCEPTION WHEN OTHERS THEN
	RETURN SQLSTATE;
END $$;
\set good `cat test/data/write_path.yaml`
SELECT set_config('regress.good', :'good', false) IS NOT NULL AS good;
TRUNCATE public.verdicts;
\set QUIET 1
SELECT format('INSERT INTO public.verdicts SELECT h.what, public.as_tests(h.yaml) FROM public.hostile AS h WHERE h.what = %L', what) FROM public.hostile \gexec
\set QUIET 0
SELECT state, count(*) FROM public.verdicts GROUP BY 1 ORDER BY 1;
-- texts that never reach the parser: bytes that are no UTF-8, UTF-16, a NUL
\set VERBOSITY sqlstate
SELECT citycredit.check_policy(convert_from('\xff', 'UTF8'));
SELECT citycredit.check_policy(convert_from('\x70006f006c00', 'UTF8'));
SELECT citycredit.check_policy(convert_from('\xfffe7000', 'UTF8'));
SELECT citycredit.check_policy(convert_from('\xc3', 'UTF8'));
\set VERBOSITY default
-- and a good one still passes
SELECT count(*) AS findings FROM citycredit.check_policy(:'good');
DROP FUNCTION public.verdict, public.as_tests;
DROP TABLE public.hostile, public.verdicts;
