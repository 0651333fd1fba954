#!/usr/bin/env bash
# Fills the disk under a running server: a store on a file system of a few megabytes. What does not fit must be refused, what was acknowledged must be there after there is room
# again, and nothing may count twice. Needs the right to mount (root).
# eng/disk-full.sh [MEGABYTES, default 8]
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/prelude.sh"
megabytes=${1:-8}
workplace
disk=$folder/disk store=$folder/disk/s.db
mkdir "$disk"
mount -t tmpfs -o size="${megabytes}m" tmpfs "$disk"
trap 'stop_all; umount "$disk"; rm -rf "$folder"' EXIT
# A third of the room is held by something else, which goes away later.
head -c $((megabytes * 349525)) /dev/zero > "$disk/ballast"

# body BATCH: a hundred exchanges of as many accounts, so that each takes room
body() {
    local i
    for i in $(seq 100); do
        printf '{"id":"b%s-%s","time":"2026-03-02T00:00:00Z","account":"a%s-%s","prompt":"Name the river that runs through town number %s of county %s."}\n' "$1" "$i" "$1" "$i" "$i" "$1"
    done
}

# send BATCH: prints the status
send() { body "$1" | curl -s -o "$folder/answer" -w '%{http_code}' --data-binary @- "$server/v1/exchanges"; }

serve 18090 --interval 1
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
decided=$(curl -s -o /dev/null -w '%{http_code}' -d '{"account":"a1-1"}' "$server/v1/decide")
echo "full after $acknowledged batches of 100: $status, again $again; a decision meanwhile: $decided"
[[ $again == 507 || $again == 503 ]] && [[ $decided == 200 ]]
rm "$disk/ballast"
status=$(send "$refused")
echo "with room again, without a restart: $status"
[[ $status == 200 ]]
kill "${pids[serve]}"; wait "${pids[serve]}" || true
serve 18090 --interval 1
lost=0
for batch in $(seq "$refused"); do
    send "$batch" > /dev/null
    grep -q '"duplicate_count":100' "$folder/answer" || { lost=$((lost + 1)); echo "batch $batch: $(cat "$folder/answer")"; }
done
count=$(curl -s "$server/v1/status" | sed 's/.*"exchange_count":\([0-9]*\).*/\1/')
echo "after a restart: $refused batches, $lost lost, $count exchanges"
[[ $lost -eq 0 && $count -eq $((100 * refused)) ]]
