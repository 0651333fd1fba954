#!/usr/bin/env bash
# Cost against work: generated traffic of more and more accounts, piped from the range straight into the scan. A row of a Markdown table for each.
# bench/scaling.sh [HONEST ACCOUNTS ..., default 10000 30000 100000]
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/prelude.sh"
[[ -x /usr/bin/time ]] || install_packages time
workplace
./stillhunt --version >/dev/null
[[ $# -gt 0 ]] || set -- 10000 30000 100000
echo "| accounts | exchanges | reading, beside the generator | detecting | CPU seconds of both | peak memory | cases found | account precision |"
echo "|--:|--:|--:|--:|--:|--:|--:|--:|"
for honest in "$@"; do
    # Five days; operators grow with everybody else, to a fifth of the published sizes' tenth at 100,000 honest accounts.
    scale=$(awk -v n="$honest" 'BEGIN { printf "%.6f", n * 0.0000002 }')
    ./stillhunt range make documented --scale "$scale" --honest "$honest" --seed 77 --out - --truth "$folder/truth.jsonl" --accounts "$folder/accounts.csv" 2>"$folder/range.log" |
        /usr/bin/time -f '%U %S %M' -o "$folder/cost" ./stillhunt scan - --accounts "$folder/accounts.csv" --json "$folder/campaigns.json" >"$folder/scan.log" 2>&1
    ./stillhunt range score --truth "$folder/truth.jsonl" --result "$folder/campaigns.json" >"$folder/score.log"
    accounts=$(($(wc -l <"$folder/accounts.csv") - 1))
    read -r exchanges reading detecting < <(sed -n 's/^Read \([0-9,]*\) exchanges in \([0-9.]* s\) .*found campaigns in \([0-9.]* s\).*/\1 \2 \3/p' "$folder/scan.log" | tr -d 's' | tr -s ' ')
    awk -v a="$accounts" -v e="$exchanges" -v r="$reading" -v d="$detecting" \
        -v f="$(sed -n 's/^Found \([0-9]* of [0-9]*\).*/\1/p' "$folder/score.log")" -v p="$(sed -n "s/.*own \([0-9.]*\);.*/\1/p" "$folder/score.log")" \
        '{ printf "| %d | %s | %s s | %s s | %.0f | %.1f GB | %s | %s |\n", a, e, r, d, $1 + $2, $3 / 1048576, f, p }' "$folder/cost"
done
