#!/usr/bin/env bash
# Decisions over loopback HTTP at 50 connections while traffic is taken in, beside Redis doing one EVALSHA a request, in the same run and with the
# same generator. Installs Debian's redis-server if it is missing. Prints a Markdown table.
# bench/decide.sh [SECONDS for each row, default 8]
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
seconds=${1:-8} connections=50 feed_rate=${FEED_RATE:-2000}
if ! command -v redis-server >/dev/null; then
    root=(); [[ $(id -u) -eq 0 ]] || root=(sudo)
    ${root[@]+"${root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends redis-server >/dev/null
fi
for project in bench/Stillhunt.Bench src/Stillhunt.Cli; do
    log=$(dotnet build "$project" -c Release -v quiet --nologo 2>&1 </dev/null) || { printf '%s\n' "$log" >&2; exit 1; }
done
bench=(dotnet artifacts/bin/Stillhunt.Bench/release/Stillhunt.Bench.dll)
folder=$(mktemp -d)
pids=()
trap 'for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done; wait; rm -rf "$folder"' EXIT
echo 0123456789abcdef > "$folder/key"
DOTNET_GCgen0size=0x800000 dotnet artifacts/bin/Stillhunt.Cli/release/Stillhunt.Cli.dll serve --store "$folder/s.db" --key-file "$folder/key" --policy policies/enforce.yaml --urls http://127.0.0.1:18087 2>"$folder/log" &
pids+=($!)
redis-server --port 16379 --save '' --appendonly no --daemonize no >/dev/null &
pids+=($!)
until grep -q 'Serving on' "$folder/log"; do sleep 0.2; done
# Made before the clock runs; sent for as long as the rows take.
"${bench[@]}" feed http://127.0.0.1:18087 $((feed_rate * (seconds + 4) * 4)) "$feed_rate" >"$folder/feed" &
pids+=($!)
for _ in $(seq 600); do
    [[ $(curl -s http://127.0.0.1:18087/v1/status | sed 's/.*"exchange_count":\([0-9]*\).*/\1/') -gt 0 ]] && break
    sleep 0.5
done
echo "Taking in $feed_rate exchanges a second meanwhile; $connections connections; $(nproc) processors."
echo
echo "| | | answers a second | p50 | p99 | p99.9 | processor of the generator |"
echo "|---|---|--:|--:|--:|--:|--:|"
"${bench[@]}" decide http 127.0.0.1:18087 $connections "$seconds"
"${bench[@]}" decide redis 127.0.0.1:16379 $connections "$seconds"
"${bench[@]}" decide http 127.0.0.1:18087 $connections "$seconds" 10000
"${bench[@]}" decide redis 127.0.0.1:16379 $connections "$seconds" 10000
