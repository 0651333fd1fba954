#!/usr/bin/env bash
# Measures each stage for one exchange with BenchmarkDotNet. bench/stages.sh [BenchmarkDotNet's options, such as --job short]
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/prelude.sh"
build bench/Stillhunt.Bench
exec "${bench[@]}" stages "$@"
