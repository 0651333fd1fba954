#!/usr/bin/env bash
# What the gateway adds to first byte and to the whole answer: the same made-up provider asked directly and through the gateway, in turn, in one run.
# bench/gateway.sh [REQUESTS for each row, default 2000]
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
for project in bench/Stillhunt.Bench src/Stillhunt.Cli; do
    log=$(dotnet build "$project" -c Release -v quiet --nologo 2>&1 </dev/null) || { printf '%s\n' "$log" >&2; exit 1; }
done
bench=(dotnet artifacts/bin/Stillhunt.Bench/release/Stillhunt.Bench.dll) cli=(dotnet artifacts/bin/Stillhunt.Cli/release/Stillhunt.Cli.dll)
folder=$(mktemp -d)
pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait; rm -rf "$folder"' EXIT
echo 0123456789abcdef > "$folder/key"
"${bench[@]}" upstream http://127.0.0.1:18090 >"$folder/upstream" &
pids+=($!)
"${cli[@]}" serve --store "$folder/s.db" --key-file "$folder/key" --urls http://127.0.0.1:18091 2>"$folder/serve" &
pids+=($!)
until grep -q 'Serving on' "$folder/serve" && grep -q listening "$folder/upstream"; do sleep 0.2; done
"${cli[@]}" gateway --upstream http://127.0.0.1:18090 --server http://127.0.0.1:18091 --fail open --decide-timeout 5000 --urls http://127.0.0.1:18092 --admin-url http://127.0.0.1:18093 2>"$folder/gateway" &
pids+=($!)
until grep -q 'gateway on' "$folder/gateway"; do sleep 0.2; done
echo "$(nproc) processors, load $(cut -d' ' -f1 /proc/loadavg)"
"${bench[@]}" gateway http://127.0.0.1:18090 http://127.0.0.1:18092 "${1:-2000}"
curl -s http://127.0.0.1:18093/metrics | grep -E '^stillhunt_gateway_(undecided|decisions_asked|reported|reports_dropped)_total'
