#!/usr/bin/env bash
# What each kind of evidence contributes: traffic of the range is made and read once, and campaigns are found again with one kind (or a few that belong together) left out,
# in grouping and in weighing. Prints Markdown tables, what matters most first; findings are kept in FINDINGS where that names a file, one a line as they come.
# bench/ablation.sh [MIXTURE...]     MIXTURE is SCENARIO:SEED[:EVASION,...]; eight by default
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/prelude.sh"
mixtures=("$@")
[[ $# -gt 0 ]] || for seed in 1101 1102; do
    mixtures+=(documented:$seed documented:$seed:disjoint-infrastructure,human-hours documented:$seed:private-templates awkward:$seed)
done
workplace
build bench/Stillhunt.Bench
findings=${FINDINGS:-$folder/findings.csv}
"${bench[@]}" ablation "$findings" "${mixtures[@]}"
"${bench[@]}" ablation-table "$findings"
