#!/usr/bin/env bash
# What one provider's intelligence is worth to the next: a range is halved into two providers that share no account, address, network, client, handshake, payment or telephone; the first
# exports with the partner profile, the second scans with it and thins the operators' traffic out. Prints Markdown tables: who is named, by whom, after how many exchanges.
# bench/sharing.sh [SEED...]     21, 22 and 23 by default. SCENARIO=documented, SHARES="100 30 10 3"; TIMED=100: shares at which the second provider also scans what it has after every
#                                STEP_HOURS=24, to see when its own scan first flags somebody
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/prelude.sh"
seeds=("$@")
[[ $# -gt 0 ]] || seeds=(21 22 23)
[[ -x /usr/bin/python3 ]] || install_packages python3
read -ra shares <<<"${SHARES:-100 30 10 3}"
workplace
./stillhunt share key "$folder/group.key" --group bench --epoch bench --days 3660 2>/dev/null
echo fedcba9876543210 >"$folder/second.key"
for seed in "${seeds[@]}"; do
    made=$folder/$seed
    ./stillhunt range make "${SCENARIO:-documented}" --seed "$seed" --exchanges --out "$made" >/dev/null
    /usr/bin/python3 bench/sharing/two_providers.py split "$made" "${shares[@]}"
    rm "$made/traffic.jsonl"
    ./stillhunt scan "$made/first.jsonl" --accounts "$made/first.csv" --key-file "$folder/key" --json "$made/first.json" >/dev/null 2>&1
    ./stillhunt share export --all --result "$made/first.json" --producer "First Provider" --group-key "$folder/group.key" --out "$made/bundle.json" 2>/dev/null
    ./stillhunt share import "$made/bundle.json" --sender "First Provider" --trust 1 --store "$made/intel.json" 2>/dev/null
    for share in "${shares[@]}"; do
        mapfile -t steps < <(/usr/bin/python3 bench/sharing/two_providers.py steps "$made" "$share")
        [[ " ${TIMED:-100} " = *" $share "* ]] || steps=("${steps[-1]}")
        for lines in "${steps[@]}"; do
            head -n "$lines" "$made/second-$share.jsonl" | ./stillhunt scan - --accounts "$made/second.csv" --key-file "$folder/second.key" \
                --intel "$made/intel.json" --group-key "$folder/group.key" --json "$made/$share-$lines.json" >/dev/null 2>&1
        done
        echo "seed $seed, $share %" >&2
    done
done
/usr/bin/python3 bench/sharing/two_providers.py table "${seeds[@]/#/$folder/}"
