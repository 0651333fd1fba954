#!/usr/bin/env bash
# What a malicious or fooled member of a sharing group can do to honest customers, and how much true matching suffers. A range is halved as in bench/sharing.sh; the attacker knows all
# traffic of the second provider and holds the group's key, and shares what hits honest customers: templates and apps, public items, crowded addresses and networks, common clients, mail
# domains, single customers, and the groups that the second provider's own scan suspects. Prints Markdown tables.
# bench/poisoning.sh [SEED...]   31 and 32 by default. SCENARIO=broad: every case, and the honest customers that are hardest to clear. HONEST=N honest accounts
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/prelude.sh"
seeds=("$@")
[[ $# -gt 0 ]] || seeds=(31 32)
[[ -x /usr/bin/python3 ]] || install_packages python3
workplace
poison() { /usr/bin/python3 bench/sharing/poison.py "$@"; }
./stillhunt share key "$folder/group.key" --group bench --epoch bench --days 3660 2>/dev/null
echo fedcba9876543210 >"$folder/second.key"
for seed in "${seeds[@]}"; do
    made=$folder/$seed
    scan() { ./stillhunt scan "$made/second-100.jsonl" --accounts "$made/second.csv" --key-file "$folder/second.key" "$@" >/dev/null 2>&1; }
    # take BUNDLE SENDER TRUST MIX: into the store that the mix is scanned with.
    take() { ./stillhunt share import "$1" --sender "$2" --trust "$3" --store "$made/intel-$4.json" >/dev/null 2>&1; }
    ./stillhunt range make "${SCENARIO:-broad}" --seed "$seed" --exchanges ${HONEST:+--honest "$HONEST"} --out "$made" >/dev/null
    /usr/bin/python3 bench/sharing/two_providers.py split "$made" 100
    rm "$made/traffic.jsonl"
    ./stillhunt scan "$made/first.jsonl" --accounts "$made/first.csv" --key-file "$folder/key" --json "$made/first.json" >/dev/null 2>&1
    ./stillhunt share export --all --result "$made/first.json" --producer "First Provider" --group-key "$folder/group.key" --out "$made/true.json" 2>/dev/null
    scan --json "$made/second.json"
    poison forge "$made" 2>/dev/null
    for forged in "$made"/forged-*.json; do
        attack=$(basename "$forged" .json)
        attack=${attack#forged-}
        ./stillhunt share export --all --result "$forged" --producer "Member of $attack" --group-key "$folder/group.key" --mail-domains --out "$made/attack-$attack.json" 2>/dev/null
    done
    poison age "$made/attack-crowds.json" "$made/attack-old.json"
    poison inflate "$made/attack-all.json" "$made/inflated.json"
    for mix in true each-0.5 each-1 one-1 many-0.5; do
        take "$made/true.json" first-provider 1 "$mix"
        case $mix in
            each-*) for bundle in "$made"/attack-*.json; do
                attack=$(basename "$bundle" .json)
                [[ $attack = attack-all ]] || take "$bundle" "${attack#attack-}" "${mix#each-}" "$mix"
            done ;;
            one-1) take "$made/inflated.json" attacker 1 "$mix" ;;
            many-0.5) for number in 1 2 3 4 5; do take "$made/attack-all.json" "attacker-$number" 0.5 "$mix"; done ;;
        esac
        scan --intel "$made/intel-$mix.json" --group-key "$folder/group.key" --json "$made/mix-$mix.json"
        echo "seed $seed, $mix" >&2
    done
done
poison table "${seeds[@]/#/$folder/}"
