#!/usr/bin/env bash
# What each kind of evidence contributes: traffic of the range is read once, and campaigns are found again with one kind (or a few that belong together) left out, in
# grouping and in weighing. Prints a Markdown table.
# bench/ablation.sh [MIXTURE...]     MIXTURE is SCENARIO:SEED[:EVASION,...]; five by default
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/prelude.sh"
mixtures=("$@")
[[ $# -gt 0 ]] || mixtures=(documented:901 documented:902 documented:903:human-hours,disjoint-infrastructure awkward:904 awkward-quiet:905 awkward-quiet:906)
kinds=(
    shared-pool own-interests payment,phone email-shape,email-domain,referrer,created ip,network,asn client,tls,headers,shape,tools reasoning-handle,handle-replay
    daytime balanced-load lockstep hand-over technique no-follow-up long-answers breadth slot-variety scattered
    few-accounts one-mail-domain one-place one-house users-of-one-tool re-run people one-organisation verified,programme
)
workplace
for mixture in "${mixtures[@]}"; do
    IFS=: read -r scenario seed evasions <<<"$mixture"
    made=$folder/$mixture
    ./stillhunt range make "$scenario" --seed "$seed" ${evasions:+--evade "$evasions"} --out "$made" >/dev/null
    ./stillhunt scan "$made/traffic.jsonl" --part "$made/part" --key-file "$folder/key" >/dev/null 2>&1
    rm "$made/traffic.jsonl"
    for kind in "" "${kinds[@]}"; do
        result=$made/${kind:-nothing}.json
        ./stillhunt merge "$made/part" --accounts "$made/accounts.csv" --key-file "$folder/key" ${kind:+--leave-out "$kind"} --json "$result" >/dev/null 2>&1
        ./stillhunt range score --truth "$made/truth.jsonl" --result "$result" --json "$result.score" >/dev/null
    done
    echo "$mixture" >&2
done

FIRST="left out" /usr/bin/python3 bench/baselines/table.py "${mixtures[@]/#/$folder/}"
