#!/usr/bin/env bash
# Fills the disk under a running server: a store on a file system of a few megabytes. What does not fit must be refused, what was acknowledged must be there after there is room
# again, and nothing may count twice. Needs the right to mount (root).
# eng/disk-full.sh [MEGABYTES, default 8]
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
log=$(dotnet build src/Stillhunt.Cli -c Release -v quiet --nologo 2>&1 </dev/null) || { printf '%s\n' "$log" >&2; exit 1; }
megabytes=${1:-8} port=18090 folder=$(mktemp -d) server=0
disk=$folder/disk url=http://127.0.0.1:$port
mkdir "$disk"
mount -t tmpfs -o size="${megabytes}m" tmpfs "$disk"
trap 'kill "$server" 2>/dev/null || true; wait; umount "$disk"; rm -rf "$folder"' EXIT
echo 0123456789abcdef > "$folder/key"
# A third of the room is held by something else, which goes away later.
head -c $((megabytes * 349525)) /dev/zero > "$disk/ballast"

start() {
    : > "$folder/log"
    dotnet artifacts/bin/Stillhunt.Cli/release/Stillhunt.Cli.dll serve --store "$disk/s.db" --key-file "$folder/key" --urls $url --interval 1 2>"$folder/log" &
    server=$!
    until grep -q 'Serving on' "$folder/log"; do
        kill -0 "$server" 2>/dev/null || { cat "$folder/log" >&2; exit 1; }
        sleep 0.1
    done
}

# body BATCH: a hundred exchanges of as many accounts, so that each takes room
body() {
    local i
    for i in $(seq 100); do
        printf '{"id":"b%s-%s","time":"2026-03-02T00:00:00Z","account":"a%s-%s","prompt":"Name the river that runs through town number %s of county %s."}\n' "$1" "$i" "$1" "$i" "$i" "$1"
    done
}

# send BATCH: prints the status
send() { body "$1" | curl -s -o "$folder/answer" -w '%{http_code}' --data-binary @- $url/v1/exchanges; }

start
acknowledged=0 refused=0
for batch in $(seq 2000); do
    status=$(send "$batch")
    if [[ $status == 200 ]]; then acknowledged=$((acknowledged + 1)); continue; fi
    [[ $status == 507 || $status == 503 ]] || { echo "batch $batch: $status $(cat "$folder/answer")"; exit 1; }
    refused=$batch
    break
done
[[ $refused -gt 0 ]] || { echo "the disk did not fill up"; exit 1; }
again=$(send "$refused")
decided=$(curl -s -o /dev/null -w '%{http_code}' -d '{"account":"a1-1"}' $url/v1/decide)
echo "full after $acknowledged batches of 100: $status, again $again; a decision meanwhile: $decided"
[[ $again == 507 || $again == 503 ]] && [[ $decided == 200 ]]
rm "$disk/ballast"
status=$(send "$refused")
echo "with room again, without a restart: $status"
[[ $status == 200 ]]
kill "$server"; wait "$server" || true
start
lost=0
for batch in $(seq "$refused"); do
    send "$batch" > /dev/null
    grep -q '"duplicate_count":100' "$folder/answer" || { lost=$((lost + 1)); echo "batch $batch: $(cat "$folder/answer")"; }
done
count=$(curl -s $url/v1/status | sed 's/.*"exchange_count":\([0-9]*\).*/\1/')
echo "after a restart: $refused batches, $lost lost, $count exchanges"
[[ $lost -eq 0 && $count -eq $((100 * refused)) ]]
