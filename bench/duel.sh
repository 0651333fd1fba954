#!/usr/bin/env bash
# Three policies against operators who react, hour by hour: what the operators obtained, and what honest customers met. Writes the curves (CSV) and a plot of them (SVG).
# bench/duel.sh CURVES.csv CURVES.svg     CASES="language-lock:0.1 drizzle:0.02 two-pools:0.25" (each with its --growth), SEEDS=21, SCALE=0.2, HONEST=1000, POLICIES="gentle enforce strict";
# DUELS=FOLDER keeps what each duel wrote, and goes on from there after a run that was broken off
set -euo pipefail
[[ $# -eq 2 ]] || { echo "usage: $0 CURVES.csv CURVES.svg" >&2; exit 2; }
curves=$(realpath -m "$1") plot=$(realpath -m "$2")
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/prelude.sh"
read -ra cases <<<"${CASES:-language-lock:0.1 drizzle:0.02 two-pools:0.25}"
read -ra policies <<<"${POLICIES:-gentle enforce strict}"
workplace
build bench/Stillhunt.Bench
duels=$(realpath -m "${DUELS:-$folder/duels}")
mkdir -p "$duels"
for entry in "${cases[@]}"; do
    case=${entry%%:*} growth=${entry##*:}
    for policy in "${policies[@]}"; do
        [[ -s $duels/$case-$policy.json ]] || ./stillhunt range duel "$case" --scale "${SCALE:-0.2}" --honest "${HONEST:-1000}" --days 4 --every 3 --growth "$growth" --seeds "${SEEDS:-21}" \
            --policy "policies/$policy.yaml" --json "$duels/$case-$policy.json"
    done
done

"${bench[@]}" duel-curves "$curves" "$plot" "$duels"/*.json
