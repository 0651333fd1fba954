#!/usr/bin/env bash
# How long the last exchange takes until a finished detection holds it, at a rate. Uses generated traffic and a fresh store.
# bench/live.sh [EXCHANGES, default 300000] [RATE a second, default 5000]
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
for project in bench/Stillhunt.Bench src/Stillhunt.Cli; do
    log=$(dotnet build "$project" -c Release -v quiet --nologo 2>&1 </dev/null) || { printf '%s\n' "$log" >&2; exit 1; }
done
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
echo 0123456789abcdef > "$folder/key"
DOTNET_GCgen0size=0x800000 dotnet artifacts/bin/Stillhunt.Cli/release/Stillhunt.Cli.dll serve --store "$folder/s.db" --key-file "$folder/key" --urls http://127.0.0.1:18088 --interval "${INTERVAL:-5}" 2>"$folder/log" &
server=$!
until grep -q 'Serving on' "$folder/log"; do sleep 0.2; done
dotnet artifacts/bin/Stillhunt.Bench/release/Stillhunt.Bench.dll feed http://127.0.0.1:18088 "${1:-300000}" "${2:-5000}"
tail -n 5 "$folder/log"
curl -s http://127.0.0.1:18088/metrics | grep -E '^stillhunt_(store|memory|detection)'
