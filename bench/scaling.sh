#!/usr/bin/env bash
# Cost against work: generated traffic of more and more accounts, piped from the range straight into the scan. A row of a Markdown table for each; writes the curves (CSV) and a plot of them (SVG).
# bench/scaling.sh CURVES.csv CURVES.svg [HONEST ACCOUNTS ..., default 3000 10000 30000 100000]
# POPULAR="50000 200000" adds traffic in which that many accounts send one exchange each, all through one template and one network: what is popular must not cost more than its share.
set -euo pipefail
[[ $# -ge 2 ]] || { echo "usage: $0 CURVES.csv CURVES.svg [HONEST ACCOUNTS ...]" >&2; exit 2; }
curves=$(realpath -m "$1") plot=$(realpath -m "$2")
shift 2
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/prelude.sh"
[[ -x /usr/bin/time ]] || install_packages time
workplace
build bench/Stillhunt.Bench
./stillhunt --version >/dev/null
[[ $# -gt 0 ]] || set -- 3000 10000 30000 100000
echo "traffic,account_count,exchange_count,reading_cpu_seconds,reading_peak_bytes,detecting_cpu_seconds,detecting_peak_bytes" >"$curves"
echo "| accounts | exchanges | reading, beside the generator | CPU seconds | memory | detecting, the part read again | CPU seconds | memory | cases found | account precision |"
echo "|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|"

exchanges() { sed -n 's/^Read \([0-9,]*\) exchanges.*/\1/p' "$folder/scan.log"; }

# Reads what comes into a part, detects on it, and puts both down. Arguments: the kind of traffic, the accounts file if there is one.
measured() {
    /usr/bin/time -f '%e %U %S %M' -o "$folder/reading" ./stillhunt scan - --key-file "$folder/key" --part "$folder/part" >"$folder/scan.log" 2>&1
    local known=()
    [[ -z ${2:-} ]] || known=(--accounts "$2")
    rm -f "$folder/campaigns.json"
    /usr/bin/time -f '%e %U %S %M' -o "$folder/detecting" ./stillhunt merge "$folder/part" --key-file "$folder/key" "${known[@]}" --json "$folder/campaigns.json" >"$folder/merge.log" 2>&1
    accounts=$(grep -m1 -o '"account_count": [0-9]*' "$folder/campaigns.json" | tr -dc 0-9)
    paste -d ' ' "$folder/reading" "$folder/detecting" | awk -v t="$1" -v a="$accounts" -v e="$(exchanges | tr -d ,)" \
        '{ printf "%s,%d,%d,%.1f,%.0f,%.1f,%.0f\n", t, a, e, $2 + $3, $4 * 1024, $6 + $7, $8 * 1024 }' >>"$curves"
}

row() {
    paste -d ' ' "$folder/reading" "$folder/detecting" | awk -v a="$1" -v e="$(exchanges)" -v f="$2" -v p="$3" \
        '{ printf "| %d | %s | %.0f s | %.0f | %.1f GB | %.0f s | %.0f | %.1f GB | %s | %s |\n", a, e, $1, $2 + $3, $4 / 1048576, $5, $6 + $7, $8 / 1048576, f, p }'
}

for honest in "$@"; do
    # Five days; operators grow with everybody else, to a fifth of the published sizes' tenth at 100,000 honest accounts.
    scale=$(awk -v n="$honest" 'BEGIN { printf "%.6f", n * 0.0000002 }')
    # The range knows all accounts when it has ended: what is read is kept as a part, and the accounts come in when it is finished.
    ./stillhunt range make documented --scale "$scale" --honest "$honest" --seed 77 --out - --truth "$folder/truth.jsonl" --accounts "$folder/accounts.csv" 2>"$folder/range.log" |
        measured "the range's documented cases" "$folder/accounts.csv"
    ./stillhunt range score --truth "$folder/truth.jsonl" --result "$folder/campaigns.json" >"$folder/score.log"
    row "$(($(wc -l <"$folder/accounts.csv") - 1))" "$(sed -n 's/^Found \([0-9]* of [0-9]*\).*/\1/p' "$folder/score.log")" "$(sed -n "s/.*own \([0-9.]*\);.*/\1/p" "$folder/score.log")"
done

for popular in ${POPULAR:-}; do
    # Three exchanges an account, over three days: a line around a subject of the account's own, through one exit.
    awk -v n="$popular" 'BEGIN { srand(7); for (i = 0; i < 3 * n; i++) { a = i % n; d = int(i / n); printf "{\"id\":\"p%d\",\"time\":\"2026-03-%02dT%02d:%02d:%02dZ\",\"account\":\"popular-%d\",\"ip\":\"203.0.113.7\",\"asn\":64500,\"client\":\"one-app/3.1\",\"prompt\":\"You are the assistant of one popular application. Answer briefly and in the language of the question. My question is about w%d w%d and w%d, and how they compare.\"}\n", i, 2 + d, int(rand() * 24), int(rand() * 60), int(rand() * 60), a, int(rand() * 100000), int(rand() * 100000), int(rand() * 100000) } }' |
        measured "one template on one address"
    row "$popular" "$(grep -c '"confidence"' "$folder/campaigns.json" || true) flagged or suspected" ""
done

"${bench[@]}" scaling-plot "$curves" "$plot"
