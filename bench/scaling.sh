#!/usr/bin/env bash
# Cost against work: generated traffic of more and more accounts, piped from the range straight into the scan. A row of a Markdown table for each.
# bench/scaling.sh [HONEST ACCOUNTS ..., default 10000 30000 100000]
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/prelude.sh"
[[ -x /usr/bin/time ]] || install_packages time
workplace
./stillhunt --version >/dev/null
[[ $# -gt 0 ]] || set -- 10000 30000 100000
echo "| accounts | exchanges | reading, beside the generator | CPU seconds | memory | detecting, the part read again | CPU seconds | memory | cases found | account precision |"
echo "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"
for honest in "$@"; do
    # Five days; operators grow with everybody else, to a fifth of the published sizes' tenth at 100,000 honest accounts.
    scale=$(awk -v n="$honest" 'BEGIN { printf "%.6f", n * 0.0000002 }')
    # The range knows all accounts when it has ended: what is read is kept as a part, and the accounts come in when it is finished.
    ./stillhunt range make documented --scale "$scale" --honest "$honest" --seed 77 --out - --truth "$folder/truth.jsonl" --accounts "$folder/accounts.csv" 2>"$folder/range.log" |
        /usr/bin/time -f '%e %U %S %M' -o "$folder/reading" ./stillhunt scan - --key-file "$folder/key" --part "$folder/part" >"$folder/scan.log" 2>&1
    /usr/bin/time -f '%e %U %S %M' -o "$folder/detecting" ./stillhunt merge "$folder/part" --key-file "$folder/key" --accounts "$folder/accounts.csv" --json "$folder/campaigns.json" >"$folder/merge.log" 2>&1
    ./stillhunt range score --truth "$folder/truth.jsonl" --result "$folder/campaigns.json" >"$folder/score.log"
    exchanges=$(sed -n 's/^Read \([0-9,]*\) exchanges.*/\1/p' "$folder/scan.log")
    found=$(sed -n 's/^Found \([0-9]* of [0-9]*\).*/\1/p' "$folder/score.log")
    precision=$(sed -n "s/.*own \([0-9.]*\);.*/\1/p" "$folder/score.log")
    paste -d ' ' "$folder/reading" "$folder/detecting" | awk -v a="$(($(wc -l <"$folder/accounts.csv") - 1))" -v e="$exchanges" -v f="$found" -v p="$precision" \
        '{ printf "| %d | %s | %.0f s | %.0f | %.1f GB | %.0f s | %.0f | %.1f GB | %s | %s |\n", a, e, $1, $2 + $3, $4 / 1048576, $5, $6 + $7, $8 / 1048576, f, p }'
done
