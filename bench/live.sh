#!/usr/bin/env bash
# How long the last exchange takes until a finished detection holds it, at a rate. Uses generated traffic and a fresh store.
# bench/live.sh [EXCHANGES, default 300000] [RATE a second, default 5000]
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/prelude.sh"
build bench/Stillhunt.Bench
workplace
serve 18088 --interval "${INTERVAL:-5}"
"${bench[@]}" feed "$server" "${1:-300000}" "${2:-5000}"
tail -n 5 "$folder/serve.log"
curl -s "$server/metrics" | grep -E '^stillhunt_(store|memory|detection)'
