#!/usr/bin/env bash
# Scans a million generated exchanges (made once, kept in the temporary folder) and prints the figures as a Markdown table.
# bench/scan.sh [EXCHANGES] [THREADS]
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/prelude.sh"
# As ./stillhunt sets them for a scan.
export DOTNET_gcConcurrent=0 DOTNET_GCgen0size=0x4000000 DOTNET_GCConserveMemory=6 DOTNET_GCLOHThreshold=0x100000 DOTNET_TieredPGO="${DOTNET_TieredPGO:-0}" DOTNET_TC_QuickJitForLoops="${DOTNET_TC_QuickJitForLoops:-0}"
build bench/Stillhunt.Bench
exec "${bench[@]}" whole-scan "$@"
