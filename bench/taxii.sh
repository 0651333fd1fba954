#!/usr/bin/env bash
# How long a page of 1,000 objects takes at the beginning, in the middle and at the end of a large TAXII collection, over loopback HTTP.
# bench/taxii.sh [OBJECTS, default 100000]
set -euo pipefail
source "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../eng/prelude.sh"
build bench/Stillhunt.Bench
workplace
./stillhunt share collection add --title Bench --alias bench --store "$store" --key-file "$folder/key" >/dev/null
serve 18089
"${bench[@]}" taxii "$server/api/collections/bench/" "${1:-100000}"
