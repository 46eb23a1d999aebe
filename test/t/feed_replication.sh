#!/usr/bin/env bash
# feed_replication.sh -- the feed by logical replication: a subscriber that is no registry applies it by the rule of revisions; prints TAP
#
# Needs a cluster with wal_level = logical, so it starts one of its own. Sender and subscriber are two databases of it: the slot is made
# beforehand, since CREATE SUBSCRIPTION would wait for itself.
set -u
cd "$(dirname "$0")/../.." || exit 2
[ "${1:-}" = inside ] || exec test/cluster run --conf wal_level=logical --conf max_logical_replication_workers=4 -- bash "$0" inside
. test/include/tap.sh

level=$(value 'SHOW wal_level')
if [ "$level" != logical ]; then
	echo "ok 1 # SKIP wal_level is $level: logical replication cannot be tried here"
	echo 1..1
	exit 0
fi

make_database sender
quietly psql -Xq -v ON_ERROR_STOP=1 <<'SQL'
INSERT INTO feed_receiver (receiver, role, title, kinds) VALUES ('up', 'postgres', '市平台', '{penalty,award}'), ('other', 'postgres', '他方', '{award}');
INSERT INTO record (subject, kind, document, authority, source, field, behaviour, procedure, awarded_points, decided_on)
SELECT c.code, f.kind, 'D' || n, 'bureau', 'bureau', 'regress', f.behaviour, f.procedure, f.points, f.decided_on
  FROM generate_series(1, 200) AS n JOIN code AS c ON c.i = 1 + n % 40 CROSS JOIN LATERAL fact(c.i, n) AS f;
SELECT collect_feed('up'), collect_feed('other');
-- columns without the subject's code, rows of one receiver; inserts alone say everything
CREATE PUBLICATION feed_up FOR TABLE feed (item, revision, feed_id, receiver, kind, action, reason, made_on, payload) WHERE (receiver = 'up') WITH (publish = 'insert');
SELECT pg_create_logical_replication_slot('feed_up', 'pgoutput');
SQL

createdb -T template0 -E UTF8 subscriber
quietly psql -Xq -v ON_ERROR_STOP=1 -d subscriber <<'SQL'
CREATE SCHEMA citycredit;
CREATE TABLE citycredit.feed (feed_id bigint PRIMARY KEY, item bigint, revision bigint, receiver text, kind text, action text, reason text, made_on date, payload jsonb);
CREATE TABLE public.held (item bigint PRIMARY KEY, revision bigint NOT NULL, kind text, withdrawn boolean NOT NULL, payload jsonb);
CREATE FUNCTION public.apply() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO public.held AS h VALUES (NEW.item, NEW.revision, NEW.kind, NEW.action = 'withdraw', NEW.payload)
	ON CONFLICT (item) DO UPDATE SET revision = EXCLUDED.revision, kind = EXCLUDED.kind, withdrawn = EXCLUDED.withdrawn, payload = EXCLUDED.payload
	 WHERE h.revision < EXCLUDED.revision;
	RETURN NULL;
END $$;
CREATE TRIGGER apply AFTER INSERT ON citycredit.feed FOR EACH ROW EXECUTE FUNCTION public.apply();
-- what replication applies fires no trigger otherwise
ALTER TABLE citycredit.feed ENABLE ALWAYS TRIGGER apply;
SQL
quietly psql -Xq -v ON_ERROR_STOP=1 -d subscriber -c "CREATE SUBSCRIPTION feed_up CONNECTION 'host=$PGHOST port=$PGPORT user=$PGUSER dbname=sender' PUBLICATION feed_up WITH (create_slot = false, slot_name = feed_up)"

held="SELECT md5(string_agg(concat_ws('|', item, kind, payload), E'\n' ORDER BY item)) FROM public.held WHERE NOT withdrawn"
wanted="SELECT md5(string_agg(concat_ws('|', t.item, w.kind, w.payload), E'\n' ORDER BY t.item)) FROM feed_receiver AS r CROSS JOIN subject AS s
	CROSS JOIN LATERAL _feed_wanted(r, ARRAY[s.subject], today()) AS w JOIN feed_told AS t ON t.subject = s.subject AND t.receiver = r.receiver AND t.key = w.key WHERE r.receiver = 'up' AND w.payload IS NOT NULL"
# Waits until the subscriber holds what is wanted, a minute at most: replication has no moment of its own to wait for.
arrived()
{
	local try
	for try in $(seq 120); do
		[ "$(PGDATABASE=subscriber value "$held")" = "$(value "$wanted")" ] && return
		sleep 0.5
	done
}
arrived
check 'what was there is copied' "$(PGDATABASE=subscriber value "$held")" "$(value "$wanted")"
check '  and it is something' "$(PGDATABASE=subscriber value 'SELECT count(*) > 100 FROM public.held')" t
check '  of one receiver' "$(PGDATABASE=subscriber value 'SELECT string_agg(DISTINCT receiver, $$,$$) FROM citycredit.feed')" up

quietly psql -Xq -v ON_ERROR_STOP=1 <<'SQL'
SELECT amend(subject, record_id) FROM record WHERE kind = 'penalty' AND document LIKE '%7';
SELECT revoke_record(subject, record_id, today(), 'wrong') FROM record WHERE known_until = 'infinity' AND document LIKE 'D%3';
UPDATE subject SET name = '更名' WHERE subject IN (SELECT code FROM code WHERE i < 5);
SELECT collect_feed('up');
SQL
arrived
check 'what has changed arrives' "$(PGDATABASE=subscriber value "$held")" "$(value "$wanted")"
check '  and what was revoked is gone' "$(PGDATABASE=subscriber value "SELECT count(*) > 0 AND bool_and(withdrawn) FROM public.held WHERE payload ->> 'CF_WSH' LIKE 'D%3' OR payload ->> 'document' LIKE 'D%3'")" t

# the whole feed once more, backwards
quietly psql -Xq -v ON_ERROR_STOP=1 -d subscriber -c 'INSERT INTO citycredit.feed SELECT -feed_id, item, revision, receiver, kind, action, reason, made_on, payload FROM citycredit.feed ORDER BY feed_id DESC'
check 'everything again, in the wrong order, changes nothing' "$(PGDATABASE=subscriber value "$held")" "$(value "$wanted")"
quietly psql -Xq -d subscriber -c 'DROP SUBSCRIPTION feed_up'
done_testing
