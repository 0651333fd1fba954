#!/usr/bin/env bash
# Time of each stage for one exchange as the least of many short rounds, for a machine that does other things too. bench/quiet-stages.sh [LOG [LINES [STAGE]]]
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/prelude.sh"
build bench/Stillhunt.Bench
exec "${bench[@]}" quiet-stages "$@"
