#!/usr/bin/env bash
# feed_exchange.sh -- two registries that feed each other over a line that loses, repeats, shuffles and refuses; prints TAP
#
# Each has facts of its own, takes in the other's by its intake, and ends some of them itself. In the end each has what the other must tell, but for
# what it has ended; nothing has gone back to where it came from, and both come to rest.
set -u
cd "$(dirname "$0")/../.." || exit 2
. test/include/tap.sh

cat >"$work/side.sql" <<'SQL'
UPDATE policy SET published_on = '2020-12-01';
INSERT INTO source (source, kind, name, trusted_from)
SELECT v.source, k.kind, v.source, '2020-01-01' FROM (VALUES ('11321000000000019H'), ('peer')) AS v (source), unnest(ARRAY['penalty', 'award', 'score']) AS k (kind);
INSERT INTO feed_receiver (receiver, role, title, kinds) VALUES ('peer', 'postgres', '对方', '{penalty,award,grade}');
INSERT INTO feed_sender (sender, role, title, authority, source) VALUES ('peer', 'postgres', '对方', '11321000000000019H', 'peer');
CREATE TABLE public.happened (what text PRIMARY KEY, times integer NOT NULL);
CREATE TABLE public.ended_here (document text PRIMARY KEY);
CREATE TABLE public.late (message jsonb);
CREATE SEQUENCE public.dice_number;
-- the same numbers in every run
CREATE FUNCTION public.dice(sides integer) RETURNS integer LANGUAGE sql AS $$
	SELECT ('x' || substr(md5(current_database() || nextval('public.dice_number')), 1, 7))::bit(28)::integer % sides $$;
CREATE FUNCTION public.note(what text) RETURNS void LANGUAGE sql AS $$
	INSERT INTO public.happened VALUES (what, 1) ON CONFLICT (what) DO UPDATE SET times = happened.times + 1 $$;

-- One thing that happens here: to a fact of our own, or to one of the other side's.
CREATE FUNCTION public.happen(round integer) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
	what text := (ARRAY['new', 'new', 'part', 'award', 'amend', 'amend', 'revoke', 'unrevoke', 'repair', 'unrepair', 'expire', 'unexpire', 'end theirs', 'end theirs', 'take in', 'take in'])[1 + public.dice(16)];
	letter text := left(current_database(), 1);
	r record;
BEGIN
	SELECT o.subject, o.record_id, o.document INTO r FROM citycredit.record AS o
	 WHERE o.known_until = 'infinity' AND o.source = CASE what WHEN 'end theirs' THEN 'peer' ELSE '11321000000000019H' END
	   AND o.kind IN ('penalty', 'award') AND (what <> 'part' OR o.kind = 'penalty' AND o.part = 0)
	   AND CASE what WHEN 'unrevoke' THEN o.revoked_on IS NOT NULL WHEN 'unrepair' THEN o.repaired_on IS NOT NULL WHEN 'unexpire' THEN o.publicity_until < citycredit.today()
	                 ELSE o.revoked_on IS NULL END
	 ORDER BY md5(o.record_id::text || round) LIMIT 1;
	IF what IN ('new', 'part') THEN
		INSERT INTO citycredit.record (subject, kind, document, part, authority, source, field, behaviour, procedure, decided_on, amount_fen, penalty_kind, detail)
		SELECT coalesce(r.subject, c.code), 'penalty', coalesce(CASE what WHEN 'part' THEN r.document END, letter || round), CASE what WHEN 'part' THEN round ELSE 0 END,
		       '11321000000000019H', '11321000000000019H', 'regress', 'RG-01', 'general', date '2026-02-01' - public.dice(100), 1000000 * (1 + public.dice(50)), 'fine',
		       '{"cf_xdr_mc": "某公司", "cf_frdb": "张三", "cf_wfxw": "遗撒", "cf_sy": "事实", "cf_yj": "规定", "cf_cflb": "罚款", "cf_nr": "罚款", "cf_cfjg": "某局", "cf_sjly": "某局"}'
		  FROM public.code AS c WHERE c.i = 1 + round % 12;
	ELSIF what = 'award' THEN
		INSERT INTO citycredit.record (subject, kind, document, authority, source, field, decided_on, detail)
		SELECT c.code, 'award', letter || round, '11321000000000019H', '11321000000000019H', 'regress', '2026-02-01', '{"subject_name": "某公司", "title": "先进", "content": "表彰"}'
		  FROM public.code AS c WHERE c.i = 1 + round % 12;
	ELSIF what = 'take in' THEN
		PERFORM count(*) FROM citycredit.process_intake();
	ELSIF what = 'end theirs' THEN
		PERFORM citycredit.revoke_record(r.subject, r.record_id, citycredit.today(), '异议成立') WHERE r.record_id IS NOT NULL;
		INSERT INTO public.ended_here SELECT r.document || '/' || o.part FROM citycredit.record AS o WHERE o.record_id = r.record_id AND o.known_until = 'infinity';
	ELSIF r.record_id IS NOT NULL THEN
		PERFORM citycredit._new_version(r.subject, r.record_id, CASE what
			WHEN 'amend' THEN jsonb_build_object('amount_fen', 1000000 * (1 + public.dice(50)))
			WHEN 'revoke' THEN jsonb_build_object('revoked_on', citycredit.today()) WHEN 'unrevoke' THEN '{"revoked_on": null}'
			WHEN 'repair' THEN jsonb_build_object('repaired_on', citycredit.today()) WHEN 'unrepair' THEN '{"repaired_on": null}'
			WHEN 'expire' THEN jsonb_build_object('publicity_until', citycredit.today() - 1) WHEN 'unexpire' THEN '{"publicity_until": null}' END);
	END IF;
	IF r.record_id IS NOT NULL OR what IN ('new', 'award', 'take in') THEN
		PERFORM public.note(what);
	END IF;
END $$;

-- What one side does in a round: hears what became of its messages, receives some, has something happen, and gives messages with what became of those received.
CREATE FUNCTION public.step(round integer, trouble boolean, line jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
	message jsonb;
	fate integer;
	result text;
	done bigint[] := '{}';
	failed bigint[] := '{}';
	messages jsonb;
BEGIN
	PERFORM citycredit.acknowledge_feed('peer', ARRAY(SELECT e::bigint FROM jsonb_array_elements_text(line -> 'done') AS e));
	PERFORM citycredit.fail_feed('peer', e::bigint, '线路故障') FROM jsonb_array_elements_text(line -> 'failed') AS e;
	FOR message IN SELECT e FROM jsonb_array_elements(line -> 'messages') AS e ORDER BY CASE WHEN trouble THEN md5(e::text || round) ELSE lpad(e ->> 'id', 20, '0') END LOOP
		fate := CASE WHEN trouble THEN public.dice(10) ELSE 9 END;
		IF fate = 0 THEN
			PERFORM public.note('lost on its way');
			CONTINUE;
		ELSIF fate = 1 THEN
			PERFORM public.note('refused');
			failed := failed || (message ->> 'id')::bigint;
			CONTINUE;
		ELSIF fate = 2 THEN
			PERFORM public.note('kept for later');
			INSERT INTO public.late VALUES (message);
		END IF;
		SELECT string_agg(f.result || coalesce(' ' || f.problem, ''), ' ') INTO result
		  FROM citycredit.receive_feed('peer', jsonb_build_array(message) || CASE fate WHEN 3 THEN jsonb_build_array(message) ELSE '[]' END) AS f;
		PERFORM public.note(CASE WHEN result LIKE '%refused%' THEN result WHEN fate = 3 THEN 'arrived twice' ELSE 'arrived' END);
		IF fate IN (4, 5) THEN
			PERFORM public.note('acknowledgement lost');
		ELSE
			done := done || (message ->> 'id')::bigint;
		END IF;
	END LOOP;
	IF trouble AND public.dice(3) = 0 THEN
		FOR message IN DELETE FROM public.late RETURNING late.message LOOP
			SELECT string_agg(f.result, ' ') INTO result FROM citycredit.receive_feed('peer', jsonb_build_array(message)) AS f;
			PERFORM public.note('arrived late: ' || result);
		END LOOP;
	END IF;
	IF trouble THEN
		PERFORM public.happen(5 * round + e) FROM generate_series(1, 4) AS e;
	ELSE
		PERFORM count(*) FROM citycredit.process_intake();
	END IF;
	IF NOT trouble OR public.dice(3) > 0 THEN
		PERFORM citycredit.collect_feed('peer');
	END IF;
	SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]') INTO messages FROM citycredit.take_feed('peer', CASE WHEN trouble THEN 1 + public.dice(12) ELSE 500 END, '0') AS t;
	RETURN jsonb_build_object('done', to_jsonb(done), 'failed', to_jsonb(failed), 'messages', messages);
END $$;
SQL
for side in alpha beta; do
	make_database $side
	quietly psql -Xq -v ON_ERROR_STOP=1 -f "$work/side.sql"
done

# Hands what one side gave to the other, round by round.
step()		# side round trouble
{
	line=$(PGDATABASE=$1 psql -XqAt -v ON_ERROR_STOP=1 -v line="$line" -v round="$2" -v trouble="$3" 2>&1 <<<"SELECT public.step(:round, :'trouble', :'line')") ||
		{ echo "Bail out! $line"; exit 1; }
}
on() { PGDATABASE=$1 value "$2"; }

line='{"done": [], "failed": [], "messages": []}'
# the grades of everybody, before the trouble begins
for round in 1 2; do for side in alpha beta; do step $side $round false; done; done
deliveries=0
for ((round = 3; deliveries < 1000 && round < 1500; round++)); do
	for side in alpha beta; do
		step $side $round true
		given=${line//\"payload\"/}
		deliveries=$((deliveries + (${#line} - ${#given}) / 9))
	done
done
check "a thousand deliveries" "$((deliveries >= 1000))" 1
rare="SELECT string_agg(v.what, ', ') FROM (VALUES ('lost on its way'), ('refused'), ('arrived twice'), ('acknowledgement lost'), ('arrived late: ignored'), ('new'), ('part'), ('award'), ('amend'),
	('revoke'), ('unrevoke'), ('repair'), ('expire'), ('end theirs'), ('take in')) AS v (what) WHERE v.what NOT IN (SELECT h.what FROM public.happened AS h WHERE h.times >= 5)"
check '  with every trouble and every event, often, on both sides' "$(on alpha "$rare")$(on beta "$rare")" ''

# reliable from here on, until there is nothing to give
for ((rest = 1; rest <= 30; rest++)); do
	step alpha $((round + rest)) false; from_alpha=$line
	step beta $((round + rest)) false
	case $from_alpha$line in *payload*) ;; *) break ;; esac
done
check 'both come to rest' "$((rest <= 30))" 1
check '  with nothing open' "$(on alpha 'SELECT sum(open) FROM feed_backlog') $(on beta 'SELECT sum(open) FROM feed_backlog')" '0 0'
check '  and in full nothing else to tell' "$(on alpha "SELECT collect_feed('peer', true)") $(on beta "SELECT collect_feed('peer', true)")" '0 0'
check '  and no message that the other could not read' "$(for side in alpha beta; do on $side "SELECT what FROM public.happened WHERE what LIKE '%refused _%'"; done)" ''

told="SELECT md5(string_agg(concat_ws('|', t.item, t.revision, f.action, f.payload), E'\n' ORDER BY t.item)) FROM feed_told AS t
	JOIN feed AS f ON f.subject = t.subject AND f.receiver = t.receiver AND f.key = t.key AND f.revision = t.revision"
heard="SELECT md5(string_agg(concat_ws('|', key, revision, action, payload), E'\n' ORDER BY key::bigint)) FROM feed_inbox"
check 'what alpha told is what beta heard' "$(on beta "$heard")" "$(on alpha "$told")"
check 'what beta told is what alpha heard' "$(on alpha "$heard")" "$(on beta "$told")"

# facts: document, part, amount and last day of publicity, as they are in force
theirs="SELECT x.fact FROM (SELECT concat_ws('|', document || '/' || part, amount_fen, publicity_until) AS fact FROM record
	WHERE source = 'peer' AND kind IN ('penalty', 'award') AND known_until = 'infinity' AND revoked_on IS NULL AND repaired_on IS NULL AND (publicity_until < today()) IS NOT TRUE) AS x ORDER BY x.fact COLLATE \"C\""
ours()		# side: what it must tell, but for what the other side has ended
{
	PGDATABASE=$1 psql -XqAt -v ON_ERROR_STOP=1 -v ended="$2" 2>&1 <<'SQL'
SELECT x.fact FROM (SELECT concat_ws('|', o.document || '/' || o.part, o.amount_fen, coalesce(w.payload ->> 'CF_GSJZQ', w.payload ->> 'publicity_until')) AS fact
  FROM feed_receiver AS r CROSS JOIN subject AS s CROSS JOIN LATERAL _feed_wanted(r, ARRAY[s.subject], today()) AS w
  JOIN record AS o ON o.subject = s.subject AND 'record/' || o.record_id = w.key AND o.known_until = 'infinity'
 WHERE w.payload IS NOT NULL AND o.document || '/' || o.part <> ALL (string_to_array(:'ended', ','))) AS x ORDER BY x.fact COLLATE "C";
SQL
}
ended='SELECT string_agg(document, $$,$$) FROM public.ended_here'
for side in 'alpha beta' 'beta alpha'; do
	read -r from to <<<"$side"
	check "the facts of $from are those that $to has of it, but for what $to has ended" "$(on $to "$theirs")" "$(ours $from "$(on $to "$ended")")"
	check '  and they are not few' "$(on $to "SELECT count(*) > 20 FROM ($theirs) AS y")" t
	check '  what it has ended is ended still' "$(on $to "SELECT count(*) > 4 AND bool_and(r.revoked_on IS NOT NULL) FROM public.ended_here AS e
		JOIN record AS r ON r.document || '/' || r.part = e.document AND r.known_until = 'infinity'")" t
	check '  none of it ever went back' "$(on $to "SELECT count(*) FROM feed WHERE coalesce(payload ->> 'CF_WSH', payload ->> 'document') LIKE upper(left('$from', 1)) || '%' OR coalesce(payload ->> 'CF_WSH', payload ->> 'document') LIKE left('$from', 1) || '%'")" 0
	check '  nothing waits or was refused' "$(on $to "SELECT string_agg(DISTINCT outcome, ',') FROM feed_received WHERE outcome IN ('waiting', 'rejected')")$(on $to 'SELECT count(*) FROM intake_penalty')" 0
	check '  its standings are right' "$(on $to "$wrong")" '0 0 0 0 0 0'
done
done_testing
