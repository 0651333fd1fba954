#!/usr/bin/env bash
# Decisions over loopback HTTP at 50 connections, beside Redis doing one EVALSHA a request and beside a bare .NET server that answers a constant, which is the floor: in the same
# run and with the same generator, at 10,000 a second without other traffic, and while traffic is taken in. Rows take turns, so that whatever else the machine does meets all alike.
# Installs Debian's redis-server if it is missing. Prints a Markdown table.
# bench/decide.sh [SECONDS for each row, default 8] [ROUNDS, default 1]
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/prelude.sh"
seconds=${1:-8} rounds=${2:-1} connections=50 feed_rate=${FEED_RATE:-2000}
install_missing redis-server:redis-server
build bench/Stillhunt.Bench
workplace
serve 18087 --policy policies/enforce.yaml
start redis redis-server --port 16379 --save '' --appendonly no --daemonize no
await redis 'Ready to accept connections'
start bare "${bench[@]}" bare http://127.0.0.1:18089
await bare listening

# rows WHILE [RATE]: one row for each of the three.
rows() {
    local target
    for target in bare:18089 http:18087 redis:16379; do
        "${bench[@]}" decide "${target%%:*}" "127.0.0.1:${target##*:}" $connections "$seconds" ${2:+"$2"} | sed "s/^|/| $1 |/"
    done
}

echo "$connections connections; $(nproc) processors ($(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)); $feed_rate exchanges a second where traffic is taken in."
echo
echo "| meanwhile | | | answers a second | p50 | p99 | p99.9 | processor of the generator |"
echo "|---|---|---|--:|--:|--:|--:|--:|"
# A .NET program compiles what it runs often while it runs: not counted.
rows warm-up >/dev/null
for _ in $(seq "$rounds"); do rows nothing 10000; done
# Made before the clock runs; sent for as long as the rows take.
start feed "${bench[@]}" feed "$server" $((feed_rate * (seconds + 4) * 6 * rounds)) "$feed_rate"
for _ in $(seq 600); do
    [[ $(curl -s "$server/v1/status" | sed 's/.*"exchange_count":\([0-9]*\).*/\1/') -gt 0 ]] && break
    sleep 0.5
done
for _ in $(seq "$rounds"); do
    rows traffic
    rows traffic 10000
done
curl -s "$server/metrics" | grep -E '^stillhunt_(collect|exchanges|detections)' >&2
