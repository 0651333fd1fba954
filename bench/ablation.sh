#!/usr/bin/env bash
# What each kind of evidence contributes: traffic of the range is read once, and campaigns are found again with one kind (or a few that belong together) left out, in
# grouping and in weighing. Prints a Markdown table.
# bench/ablation.sh [MIXTURE...]     MIXTURE is SCENARIO:SEED[:EVASION,...]; five by default
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
mixtures=("$@")
[[ $# -gt 0 ]] || mixtures=(documented:901 documented:902 documented:903:human-hours,disjoint-infrastructure awkward:904 awkward-quiet:905 awkward-quiet:906)
kinds=(
    shared-pool own-interests payment,phone email-shape,email-domain,referrer,created ip,network,asn client,tls,headers,shape,tools reasoning-handle,handle-replay
    daytime balanced-load lockstep hand-over technique no-follow-up long-answers breadth slot-variety scattered
    few-accounts one-mail-domain one-place one-house users-of-one-tool re-run people one-organisation verified,programme
)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for mixture in "${mixtures[@]}"; do
    IFS=: read -r scenario seed evasions <<<"$mixture"
    folder=$work/$mixture
    ./stillhunt range make "$scenario" --seed "$seed" ${evasions:+--evade "$evasions"} --out "$folder" >/dev/null
    ./stillhunt scan "$folder/traffic.jsonl" --part "$folder/part" --key-file "$work/key" >/dev/null 2>&1
    rm "$folder/traffic.jsonl"
    for kind in "" "${kinds[@]}"; do
        result=$folder/${kind:-nothing}.json
        ./stillhunt merge "$folder/part" --accounts "$folder/accounts.csv" --key-file "$work/key" ${kind:+--leave-out "$kind"} --json "$result" >/dev/null 2>&1
        ./stillhunt range score --truth "$folder/truth.jsonl" --result "$result" --json "$result.score" >/dev/null
    done
    echo "$mixture" >&2
done

FIRST="left out" exec /usr/bin/python3 bench/baselines/table.py "${mixtures[@]/#/$work/}"
