#!/usr/bin/env bash
# How long a page of 1,000 objects takes at the beginning, in the middle and at the end of a large TAXII collection, over loopback HTTP.
# bench/taxii.sh [OBJECTS, default 100000]
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
for project in bench/Stillhunt.Bench src/Stillhunt.Cli; do
    log=$(dotnet build "$project" -c Release -v quiet --nologo 2>&1 </dev/null) || { printf '%s\n' "$log" >&2; exit 1; }
done
folder=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; wait; rm -rf "$folder"' EXIT
echo 0123456789abcdef > "$folder/key"
at=(--store "$folder/s.db" --key-file "$folder/key")
cli=(dotnet artifacts/bin/Stillhunt.Cli/release/Stillhunt.Cli.dll)
"${cli[@]}" share collection add --title Bench --alias bench "${at[@]}" >/dev/null 2>&1
"${cli[@]}" serve "${at[@]}" --urls http://127.0.0.1:18089 2>"$folder/log" &
server=$!
until grep -q 'Serving on' "$folder/log"; do sleep 0.2; done
dotnet artifacts/bin/Stillhunt.Bench/release/Stillhunt.Bench.dll taxii http://127.0.0.1:18089/api/collections/bench/ "${1:-100000}"
