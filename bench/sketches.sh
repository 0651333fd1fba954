#!/usr/bin/env bash
# What each number in the matching of others' indicators is worth: as bench/sharing.sh, a range is halved into two providers, and the second's traffic is looked through once with each number
# changed. Prints a Markdown table.
# bench/sketches.sh [SEED...]    21 and 22 by default. SCENARIO=documented, SHARE=100 percent of the operators' traffic
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/prelude.sh"
seeds=("$@")
[[ $# -gt 0 ]] || seeds=(21 22)
[[ -x /usr/bin/python3 ]] || install_packages python3
share=${SHARE:-100}
build bench/Stillhunt.Bench
workplace
./stillhunt share key "$folder/group.key" --group bench --epoch bench --days 3660 2>/dev/null
echo fedcba9876543210 >"$folder/second.key"
for seed in "${seeds[@]}"; do
    made=$folder/$seed
    ./stillhunt range make "${SCENARIO:-documented}" --seed "$seed" --exchanges --out "$made" >/dev/null
    /usr/bin/python3 bench/sharing/two_providers.py split "$made" "$share"
    rm "$made/traffic.jsonl"
    ./stillhunt scan "$made/first.jsonl" --accounts "$made/first.csv" --key-file "$folder/key" --json "$made/first.json" >/dev/null 2>&1
    ./stillhunt share export --all --result "$made/first.json" --producer "First Provider" --group-key "$folder/group.key" --out "$made/bundle.json" 2>/dev/null
    ./stillhunt share import "$made/bundle.json" --sender "First Provider" --trust 1 --store "$made/intel.json" 2>/dev/null
    ./stillhunt scan "$made/second-$share.jsonl" --accounts "$made/second.csv" --key-file "$folder/second.key" --json "$made/second-$share.json" >/dev/null 2>&1
done
"${bench[@]}" intel "$folder/group.key" "$share" "${seeds[@]/#/$folder/}"
