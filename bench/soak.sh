#!/usr/bin/env bash
# Load for some minutes: what the server holds, twice a minute, as a Markdown table. The traffic goes on for days of its own time and ages out, so memory and store must become
# flat once the days kept are full.
# bench/soak.sh [MINUTES, default 10] [RATE a second, default 2000]
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
for project in bench/Stillhunt.Bench src/Stillhunt.Cli; do
    log=$(dotnet build "$project" -c Release -v quiet --nologo 2>&1 </dev/null) || { printf '%s\n' "$log" >&2; exit 1; }
done
folder=$(mktemp -d)
trap 'kill "$server" 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
echo 0123456789abcdef > "$folder/key"
DOTNET_GCgen0size=0x800000 dotnet artifacts/bin/Stillhunt.Cli/release/Stillhunt.Cli.dll serve --store "$folder/s.db" --key-file "$folder/key" --urls http://127.0.0.1:18086 --retention 6 2>"$folder/log" &
server=$!
until grep -q 'Serving on' "$folder/log"; do sleep 0.2; done
dotnet artifacts/bin/Stillhunt.Bench/release/Stillhunt.Bench.dll soak http://127.0.0.1:18086 "${1:-10}" "${2:-2000}"
grep -E 'fail:|crit:' "$folder/log" || true
