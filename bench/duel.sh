#!/usr/bin/env bash
# Three policies against operators who react, hour by hour: what the operators obtained, and what honest customers met. Writes the curves (CSV) and a plot of them (SVG).
# bench/duel.sh CURVES.csv CURVES.svg     CASES="reward-model drizzle", SEEDS=1, SCALE=0.2, HONEST=1500, POLICIES="gentle enforce strict", DUELS=FOLDER keeps what each duel wrote
set -euo pipefail
[[ $# -eq 2 ]] || { echo "usage: $0 CURVES.csv CURVES.svg" >&2; exit 2; }
curves=$(realpath -m "$1") plot=$(realpath -m "$2")
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/prelude.sh"
read -ra cases <<<"${CASES:-reward-model drizzle}"
read -ra policies <<<"${POLICIES:-gentle enforce strict}"
workplace
build bench/Stillhunt.Bench
duels=$(realpath -m "${DUELS:-$folder/duels}")
mkdir -p "$duels"
for case in "${cases[@]}"; do
    for policy in "${policies[@]}"; do
        # What is there already, of a run that was broken off, stays.
        [[ -s $duels/$case-$policy.json ]] || ./stillhunt range duel "$case" --scale "${SCALE:-0.2}" --honest "${HONEST:-1500}" --days 4 --every 3 --seeds "${SEEDS:-1}" \
            --policy "policies/$policy.yaml" --json "$duels/$case-$policy.json"
    done
done

"${bench[@]}" duel-curves "$curves" "$plot" "$duels"/*.json
