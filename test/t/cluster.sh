#!/usr/bin/env bash
# cluster.sh -- test/cluster: settings, exit status, nothing left behind
set -u
cd "$(dirname "$0")/../.." || exit 2
. test/include/tap.sh

check 'a setting reaches the server' "$(test/cluster run --conf 'application_name=it'\''s here' -- psql -XAtc 'SHOW application_name' -v x=1 2>&1 | sed 's/psql/it'\''s here/')" "it's here"
check 'nothing listens on TCP' "$(test/cluster run -- psql -XAtc 'SHOW listen_addresses')" ''
test/cluster run -- sh -c 'exit 7'
check 'the exit status of the command is passed on' $? 7
check 'standard input reaches the command' "$(echo through | test/cluster run -- cat)" through

home=$(test/cluster run -- sh -c 'echo "$PGHOST"')
check 'the cluster is gone afterwards' "$(test -e "$home" && echo there)" ''

where=$(mktemp)
test/cluster run -- sh -c 'echo "$PGHOST" >"$1"; exec sleep 60' sh "$where" &
runner=$!
for _ in $(seq 100); do [ -s "$where" ] && break; sleep 0.1; done
kill -TERM "$runner"
wait "$runner"
check 'and after a signal' "$(test -s "$where" || echo never started; test -e "$(cat "$where")" && echo there)" ''
rm -f "$where"

test/cluster run --conf no_such_setting=1 -- true 2>/dev/null
check 'a server that does not start is an error' $? 2

dir=$(mktemp -d)/'a cluster'
test/cluster start "$dir"
first=$(cat "$dir/cluster")
test/cluster start "$dir"
check 'starting twice starts one' "$(cat "$dir/cluster")" "$first"
check 'a cluster that stays can be reached' "$(eval "$(test/cluster env "$dir")"; psql -XAtc 'SELECT 1')" 1
test/cluster stop "$dir"
test/cluster stop "$dir"
check 'stopping, twice, removes it' "$(test -e "$first" && echo there; test -e "$dir" && echo there)" ''
rmdir "$(dirname "$dir")"
done_testing
