#!/usr/bin/env bash
# run.sh -- measures citycredit against plain tables, side by side on a throwaway cluster
#
#   SCALE=small bench/run.sh [WORK...]    about a minute: 20 000 subjects, 200 000 records
#   SCALE=full  bench/run.sh [WORK...]    1 million subjects, 10 million records
#
# WORK: copy batch single regrade whatif memory compile read publication refresh large; all of them if none is named. The extension must be
# installed; memory and compile measure the core as built here.
# Only ratios are printed: absolute times say more about the machine than about the extension.
set -euo pipefail
cd "$(dirname "$0")/.."

case ${SCALE:-small} in
small) memory=(--conf shared_buffers=512MB --conf max_wal_size=4GB);;
full)  memory=(--conf shared_buffers=4GB --conf max_wal_size=16GB);;
*)     echo "SCALE is small or full" >&2; exit 2;;
esac

# Autovacuum and timed checkpoints would hit one side by chance.
exec test/cluster run "${memory[@]}" --conf autovacuum=off --conf checkpoint_timeout=1h \
	-- /usr/bin/python3 bench/bench.py --scale "${SCALE:-small}" "$@"
