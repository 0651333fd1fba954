#!/usr/bin/env bash
# CPU seconds of a scan against those of DuckDB's GROUP BY account over the same log, in turns.
# bench/against-duckdb.sh LOG [ROUNDS]      installs nodejs and npm if they are missing; DuckDB goes into a temporary folder that is removed
set -euo pipefail
log=$(readlink -f "${1:?usage: bench/against-duckdb.sh LOG [ROUNDS]}")
rounds=${2:-3}
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/prelude.sh"
# As ./stillhunt sets them for a scan.
export DOTNET_gcConcurrent=0 DOTNET_GCgen0size=0x4000000 DOTNET_GCConserveMemory=6 DOTNET_GCLOHThreshold=0x100000 DOTNET_TieredPGO="${DOTNET_TieredPGO:-0}" DOTNET_TC_QuickJitForLoops="${DOTNET_TC_QuickJitForLoops:-0}"
install_missing node:nodejs npm:npm
workplace
build bench/Stillhunt.Bench
# Built before it is measured.
./stillhunt --version >/dev/null
(cd "$folder" && npm init -y >/dev/null && npm install --no-audit --no-fund --silent @duckdb/node-api)
cat >"$folder/group.mjs" <<'JS'
import { DuckDBInstance } from '@duckdb/node-api';
const connection = await (await DuckDBInstance.create(':memory:')).connect();
const log = process.argv[2].replaceAll("'", "''");
const reader = await connection.runAndReadAll(`select count(*) from (select account, count(*) from read_json('${log}', format='newline_delimited', maximum_object_size=67108864) group by account)`);
console.error(`${reader.getRows()[0][0]} accounts`);
JS

# User and system seconds of a command, start-up included.
cpu() {
    local TIMEFORMAT='%U %S'
    { time "$@" >/dev/null 2>"$folder/err"; } 2>&1 | awk '{ printf "%.2f", $1 + $2 }'
}

echo "| round | DuckDB GROUP BY | reading | whole scan | reading / DuckDB | whole / DuckDB |"
echo "|--:|--:|--:|--:|--:|--:|"
for ((round = 1; round <= rounds; round++)); do
    duck=$(cpu node "$folder/group.mjs" "$log")
    reading=$(cpu "${bench[@]}" reading "$log")
    whole=$(cpu ./stillhunt scan "$log" --json "$folder/campaigns.json" --key-file "$folder/key")
    awk -v r="$round" -v d="$duck" -v a="$reading" -v w="$whole" 'BEGIN { printf "| %d | %.1f | %.1f | %.1f | %.2f | %.2f |\n", r, d, a, w, a / d, w / d }'
done
