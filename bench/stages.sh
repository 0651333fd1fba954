#!/usr/bin/env bash
# Measures each stage for one exchange with BenchmarkDotNet. bench/stages.sh [BenchmarkDotNet's options, such as --job short]
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
log=$(dotnet build bench/Stillhunt.Bench/Stillhunt.Bench.csproj -c Release -v quiet --nologo 2>&1 </dev/null) || { printf '%s\n' "$log" >&2; exit 1; }
exec dotnet artifacts/bin/Stillhunt.Bench/release/Stillhunt.Bench.dll stages "$@"
