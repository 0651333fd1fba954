#!/usr/bin/env bash
# What people would use instead of Stillhunt, on traffic of the range: plain rules, lockstep clustering after SynchroTrap, FRAUDAR, Leiden on a similarity graph.
# Settings are chosen on tuning seeds with the truth in hand and judged on others. Prints a Markdown table.
# bench/baselines.sh [SCENARIO] [range make's options, such as --evade human-hours]        TUNE="1 2" JUDGE="3 4 5" by default
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
scenario=${1:-documented}
shift || true
read -ra tune <<<"${TUNE:-1 2}"
read -ra judge <<<"${JUDGE:-3 4 5}"

python=/usr/bin/python3
if ! $python -c 'import numpy, igraph, leidenalg' 2>/dev/null; then
    root=()
    [[ $(id -u) -ne 0 ]] && root=(sudo)
    ${root[@]+"${root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    ${root[@]+"${root[@]}"} env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends python3 python3-numpy python3-igraph python3-leidenalg >/dev/null
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for seed in "${tune[@]}" "${judge[@]}"; do
    ./stillhunt range make "$scenario" --seed "$seed" "$@" --out "$work/$seed" >/dev/null
done

for seed in "${judge[@]}"; do
    ./stillhunt scan "$work/$seed/traffic.jsonl" --accounts "$work/$seed/accounts.csv" --json "$work/$seed/stillhunt.json" >/dev/null 2>&1
done

$python bench/baselines/run.py --tune "${tune[@]/#/$work/}" --judge "${judge[@]/#/$work/}"
for seed in "${judge[@]}"; do
    for result in "$work/$seed"/*.json; do
        ./stillhunt range score --truth "$work/$seed/truth.jsonl" --result "$result" --json "$result.score" >/dev/null
    done
done

exec $python bench/baselines/table.py "${judge[@]/#/$work/}"
