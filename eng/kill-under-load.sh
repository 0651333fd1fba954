#!/usr/bin/env bash
# Kills a real server without warning while it takes traffic in, again and again, and checks at the end that nothing acknowledged was lost and
# nothing counted twice. eng/kill-under-load.sh [KILLS, default 50]
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
log=$(dotnet build src/Stillhunt.Cli -c Release -v quiet --nologo 2>&1 </dev/null) || { printf '%s\n' "$log" >&2; exit 1; }
kills=${1:-50} port=18089 folder=$(mktemp -d)
server=0
trap 'kill -9 "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
echo 0123456789abcdef > "$folder/key"
url=http://127.0.0.1:$port

start() {
    : > "$folder/log"
    dotnet artifacts/bin/Stillhunt.Cli/release/Stillhunt.Cli.dll serve --store "$folder/s.db" --key-file "$folder/key" --urls $url --interval 1 2>"$folder/log" &
    server=$!
    until grep -q 'Serving on' "$folder/log"; do
        kill -0 "$server" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
        sleep 0.1
    done
}

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
        body "$1-$n" | curl -sf -o /dev/null --data-binary @- $url/v1/exchanges || return 0
        echo "$1-$n" >> "$folder/acknowledged.$1"
    done
}

for kill in $(seq "$kills"); do
    start
    senders=()
    for s in 1 2 3; do sender "$kill-$s" & senders+=($!); done
    # Killed at a moment of no meaning, but under load: some of its batches are acknowledged by then.
    until [[ $(cat "$folder"/acknowledged."$kill"-* 2>/dev/null | wc -l) -ge 5 ]]; do sleep 0.05; done
    sleep "0.$((RANDOM % 5))"
    kill -9 "$server"
    wait "$server" 2>/dev/null || true
    wait "${senders[@]}"
done
start
lost=0 all=0
while read -r batch; do
    all=$((all + 1))
    reply=$(body "$batch" | curl -sf --data-binary @- $url/v1/exchanges)
    [[ $reply == *'"duplicate_count":20'* ]] || { echo "lost: $batch: $reply"; lost=$((lost + 1)); }
done < <(cat "$folder"/acknowledged.* 2>/dev/null)
count=$(curl -s $url/v1/status | sed 's/.*"exchange_count":\([0-9]*\).*/\1/')
# Batches that were kept but not acknowledged any more may be there too, three a kill at most, each whole.
extra=$((count - 20 * all))
echo "$kills kills, $all batches of 20 acknowledged, $lost lost, $extra exchanges beyond the acknowledged (at most $((kills * 60)), a multiple of 20)"
[[ $all -gt 0 && $lost -eq 0 && $extra -ge 0 && $((extra % 20)) -eq 0 && $extra -le $((kills * 60)) ]]
