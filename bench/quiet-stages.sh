#!/usr/bin/env bash
# Time of each stage for one exchange as the least of many short rounds, for a machine that does other things too. bench/quiet-stages.sh [LOG [LINES [STAGE]]]
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
log=$(dotnet build bench/Stillhunt.Bench/Stillhunt.Bench.csproj -c Release -v quiet --nologo 2>&1 </dev/null) || { printf '%s\n' "$log" >&2; exit 1; }
exec dotnet artifacts/bin/Stillhunt.Bench/release/Stillhunt.Bench.dll quiet-stages "$@"
