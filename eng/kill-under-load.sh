#!/usr/bin/env bash
# Kills a real server without warning while it takes traffic in, again and again, and checks at the end that nothing acknowledged was lost and
# nothing counted twice. eng/kill-under-load.sh [KILLS, default 50]
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/prelude.sh"
kills=${1:-50}
workplace

# body BATCH: twenty exchanges whose ids nobody else has
body() {
    local i
    for i in $(seq 20); do
        printf '{"id":"b%s-%s","time":"2026-03-02T00:00:%02dZ","account":"a%s","prompt":"Name a river %s."}\n' "$1" "$i" "$i" $((i % 9)) "$i"
    done
}

# sender NAME: sends until the server is gone, and notes each acknowledged batch before the next
sender() {
    local n
    for n in $(seq 100000); do
        body "$1-$n" | curl -sf -o /dev/null --data-binary @- "$server/v1/exchanges" || return 0
        echo "$1-$n" >> "$folder/acknowledged.$1"
    done
}

for kill in $(seq "$kills"); do
    serve 18089 --interval 1
    senders=()
    for s in 1 2 3; do sender "$kill-$s" & senders+=($!); done
    # Killed at a moment of no meaning, but under load: some of its batches are acknowledged by then.
    until [[ $(cat "$folder"/acknowledged."$kill"-* 2>/dev/null | wc -l) -ge 5 ]]; do sleep 0.05; done
    sleep "0.$((RANDOM % 5))"
    kill -9 "${pids[serve]}"
    wait "${pids[serve]}" 2>/dev/null || true
    wait "${senders[@]}"
done
serve 18089 --interval 1
lost=0 all=0
while read -r batch; do
    all=$((all + 1))
    reply=$(body "$batch" | curl -sf --data-binary @- "$server/v1/exchanges")
    [[ $reply == *'"duplicate_count":20'* ]] || { echo "lost: $batch: $reply"; lost=$((lost + 1)); }
done < <(cat "$folder"/acknowledged.* 2>/dev/null)
count=$(curl -s "$server/v1/status" | sed 's/.*"exchange_count":\([0-9]*\).*/\1/')
# Batches that were kept but not acknowledged any more may be there too, three a kill at most, each whole.
extra=$((count - 20 * all))
echo "$kills kills, $all batches of 20 acknowledged, $lost lost, $extra exchanges beyond the acknowledged (at most $((kills * 60)), a multiple of 20)"
[[ $all -gt 0 && $lost -eq 0 && $extra -ge 0 && $((extra % 20)) -eq 0 && $extra -le $((kills * 60)) ]]
