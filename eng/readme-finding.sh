#!/usr/bin/env bash
# Puts the demo's first campaign into README.md, between the two "finding" marks. Run ./demo.sh before.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.."
summary=demo-out/summary.md
[[ -e $summary ]] || { echo "readme-finding: there is no $summary; run ./demo.sh first." >&2; exit 1; }
finding=$(mktemp)
trap 'rm -f "$finding"' EXIT
awk '/^## Campaign 2:/ { exit } /^## Campaign 1:/ { on = 1; sub(/^## /, ""); print $0 "."; next } on' "$summary" >"$finding"
id=$(sed -n 's/^ *"id": "\(c-[0-9a-f]*\)".*/\1/p' demo-out/campaigns.json | head -n 1)
awk -v finding="$finding" -v id="$id" '
    /<!-- finding ends -->/ { skip = 0 }
    !skip
    /<!-- finding begins/ {
        skip = 1
        print ""
        while ((getline line < finding) > 0) print line
        print "`./stillhunt explain " id " --result demo-out/campaigns.json` shows every row, with the sum so far beside it.\n"
    }' README.md >README.md.new
mv README.md.new README.md
