#!/usr/bin/env bash
# Load for some minutes: what the server holds, twice a minute, as a Markdown table. The traffic goes on for days of its own time and ages out, so memory and store must become
# flat once the days kept are full.
# bench/soak.sh [MINUTES, default 10] [RATE a second, default 2000]
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/prelude.sh"
build bench/Stillhunt.Bench
workplace
serve 18086 --retention 6
"${bench[@]}" soak "$server" "${1:-10}" "${2:-2000}"
grep -E 'fail:|crit:' "$folder/serve.log" || true
