#!/usr/bin/env bash
# What the gateway adds to first byte and to the whole answer: the same made-up provider asked directly and through the gateway, in turn, in one run.
# bench/gateway.sh [REQUESTS for each row, default 2000]
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/prelude.sh"
build bench/Stillhunt.Bench
workplace
start upstream "${bench[@]}" upstream http://127.0.0.1:18090
await upstream listening
serve 18091
start gateway ./stillhunt gateway --upstream http://127.0.0.1:18090 --server "$server" --fail open --decide-timeout 5000 --urls http://127.0.0.1:18092 --admin-url http://127.0.0.1:18093
await gateway 'gateway on'
echo "$(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg)"
"${bench[@]}" gateway http://127.0.0.1:18090 http://127.0.0.1:18092 "${1:-2000}"
curl -s http://127.0.0.1:18093/metrics | grep -E '^stillhunt_gateway_(undecided|decisions_asked|reported|reports_dropped)_total'
