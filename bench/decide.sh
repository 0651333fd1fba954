#!/usr/bin/env bash
# Decisions over loopback HTTP at 50 connections while traffic is taken in, beside Redis doing one EVALSHA a request, in the same run and with the
# same generator. Installs Debian's redis-server if it is missing. Prints a Markdown table.
# bench/decide.sh [SECONDS for each row, default 8]
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/prelude.sh"
seconds=${1:-8} connections=50 feed_rate=${FEED_RATE:-2000}
install_missing redis-server:redis-server
build bench/Stillhunt.Bench
workplace
serve 18087 --policy policies/enforce.yaml
start redis redis-server --port 16379 --save '' --appendonly no --daemonize no
await redis 'Ready to accept connections'
# Made before the clock runs; sent for as long as the rows take.
start feed "${bench[@]}" feed "$server" $((feed_rate * (seconds + 4) * 4)) "$feed_rate"
for _ in $(seq 600); do
    [[ $(curl -s "$server/v1/status" | sed 's/.*"exchange_count":\([0-9]*\).*/\1/') -gt 0 ]] && break
    sleep 0.5
done
echo "Taking in $feed_rate exchanges a second meanwhile; $connections connections; $(nproc) processors."
echo
echo "| | | answers a second | p50 | p99 | p99.9 | processor of the generator |"
echo "|---|---|--:|--:|--:|--:|--:|"
"${bench[@]}" decide http 127.0.0.1:18087 $connections "$seconds"
"${bench[@]}" decide redis 127.0.0.1:16379 $connections "$seconds"
"${bench[@]}" decide http 127.0.0.1:18087 $connections "$seconds" 10000
"${bench[@]}" decide redis 127.0.0.1:16379 $connections "$seconds" 10000
