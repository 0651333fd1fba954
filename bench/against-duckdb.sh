#!/usr/bin/env bash
# CPU seconds of a scan against those of DuckDB's GROUP BY account over the same log, in turns.
# bench/against-duckdb.sh LOG [ROUNDS]      needs node and npm; DuckDB goes into a temporary folder that is removed
set -euo pipefail
log=$(readlink -f "${1:?usage: bench/against-duckdb.sh LOG [ROUNDS]}")
rounds=${2:-3}
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# As ./stillhunt sets them for a scan.
export DOTNET_gcConcurrent=0 DOTNET_GCgen0size=4000000
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for project in src/Stillhunt.Cli/Stillhunt.Cli.csproj bench/Stillhunt.Bench/Stillhunt.Bench.csproj; do
    built=$(dotnet build "$project" -c Release -v quiet --nologo 2>&1 </dev/null) || { printf '%s\n' "$built" >&2; exit 1; }
done
(cd "$work" && npm init -y >/dev/null && npm install --no-audit --no-fund --silent @duckdb/node-api)
cat >"$work/group.mjs" <<'JS'
import { DuckDBInstance } from '@duckdb/node-api';
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const log = process.argv[2].replaceAll("'", "''");
const reader = await connection.runAndReadAll(`select count(*) from (select account, count(*) from read_json('${log}', format='newline_delimited', maximum_object_size=67108864) group by account)`);
console.error(`${reader.getRows()[0][0]} accounts`);
JS
printf '%s\n' 0123456789abcdef >"$work/key"

# User and system seconds of a command, start-up included.
cpu() {
    local TIMEFORMAT='%U %S'
    { time "$@" >/dev/null 2>"$work/err"; } 2>&1 | awk '{ printf "%.2f", $1 + $2 }'
}

echo "| round | DuckDB GROUP BY | reading | whole scan | reading / DuckDB | whole / DuckDB |"
echo "|--:|--:|--:|--:|--:|--:|"
for ((round = 1; round <= rounds; round++)); do
    duck=$(cpu node "$work/group.mjs" "$log")
    reading=$(cpu dotnet artifacts/bin/Stillhunt.Bench/release/Stillhunt.Bench.dll reading "$log")
    whole=$(cpu dotnet artifacts/bin/Stillhunt.Cli/release/Stillhunt.Cli.dll scan "$log" --json "$work/campaigns.json" --key-file "$work/key")
    awk -v r="$round" -v d="$duck" -v a="$reading" -v w="$whole" 'BEGIN { printf "| %d | %.1f | %.1f | %.1f | %.2f | %.2f |\n", r, d, a, w, a / d, w / d }'
done
