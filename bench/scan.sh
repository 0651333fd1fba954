#!/usr/bin/env bash
# Scans a million generated exchanges (made once, kept in the temporary folder) and prints the figures as a Markdown table.
# bench/scan.sh [EXCHANGES] [THREADS]
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# As ./stillhunt sets them for a scan.
export DOTNET_gcConcurrent=0 DOTNET_GCgen0size=4000000
log=$(dotnet build bench/Stillhunt.Bench/Stillhunt.Bench.csproj -c Release -v quiet --nologo 2>&1 </dev/null) || { printf '%s\n' "$log" >&2; exit 1; }
exec dotnet artifacts/bin/Stillhunt.Bench/release/Stillhunt.Bench.dll whole-scan "$@"
