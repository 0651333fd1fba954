#!/usr/bin/env bash
# What people would use instead of Stillhunt, on traffic of the range: plain rules, lockstep clustering after SynchroTrap, FRAUDAR, Leiden on a similarity graph.
# Settings are chosen on tuning seeds with the truth in hand and judged on others. Prints a Markdown table.
# bench/baselines.sh [SCENARIO] [range make's options, such as --evade human-hours]        TUNE="1 2" JUDGE="3 4 5" by default
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/prelude.sh"
scenario=${1:-documented}
shift || true
read -ra tune <<<"${TUNE:-1 2}"
read -ra judge <<<"${JUDGE:-3 4 5}"

python=/usr/bin/python3
$python -c 'import numpy, igraph, leidenalg' 2>/dev/null || install_packages python3 python3-numpy python3-igraph python3-leidenalg
workplace
for seed in "${tune[@]}" "${judge[@]}"; do
    ./stillhunt range make "$scenario" --seed "$seed" "$@" --out "$folder/$seed" >/dev/null
done

for seed in "${judge[@]}"; do
    ./stillhunt scan "$folder/$seed/traffic.jsonl" --accounts "$folder/$seed/accounts.csv" --json "$folder/$seed/stillhunt.json" >/dev/null 2>&1
done

$python bench/baselines/run.py --tune "${tune[@]/#/$folder/}" --judge "${judge[@]/#/$folder/}"
for seed in "${judge[@]}"; do
    for result in "$folder/$seed"/*.json; do
        ./stillhunt range score --truth "$folder/$seed/truth.jsonl" --result "$result" --json "$result.score" >/dev/null
    done
done

$python bench/baselines/table.py "${judge[@]/#/$folder/}"
