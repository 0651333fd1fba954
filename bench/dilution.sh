#!/usr/bin/env bash
# How much cover traffic hides an operator from a two-sample test (maximum mean discrepancy), and how much from detection, at equal false alarms, on the same exchanges
# and with the same features. Prints Markdown tables; writes the curves (CSV) and a plot of them (SVG).
# bench/dilution.sh CURVES.csv CURVES.svg     SEEDS="2001 2002 2003 2004 2005" (two at least: a threshold is set on the others), SCORES=FOLDER keeps all scores
set -euo pipefail
[[ $# -eq 2 ]] || { echo "usage: $0 CURVES.csv CURVES.svg" >&2; exit 2; }
curves=$(realpath -m "$1") plot=$(realpath -m "$2")
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/prelude.sh"
read -ra seeds <<<"${SEEDS:-2001 2002 2003 2004 2005}"
workplace
build bench/Stillhunt.Bench
scores=$(realpath -m "${SCORES:-$folder/scores}")
mkdir -p "$scores"
for seed in "${seeds[@]}"; do
    ./stillhunt range make documented --honest 3000 --seed "$seed" --exchanges --out "$folder/$seed" >/dev/null
    "${bench[@]}" dilution "$folder/$seed" "$scores/$seed-12.csv" 12
    "${bench[@]}" dilution "$folder/$seed" "$scores/$seed-40-spread.csv" 40 spread
    rm -r "${folder:?}/$seed"
done

"${bench[@]}" dilution-curves "$curves" "$plot" "$scores"/*.csv
