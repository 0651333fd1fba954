#!/usr/bin/env bash
# Makes a few days of labelled traffic with planted campaigns, finds them, and says how well that went.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
out=demo-out
mkdir -p "$out"
# A fixed key, so that everybody's demo gives the same result. A deployment has a secret one, which 'stillhunt scan' makes.
printf '5deece66d1ce4e5b\n' >"$out/key"

step() { printf '\n== %s\n\n' "$*"; }

./stillhunt --version >/dev/null
step "1. Five days of traffic with eight planted campaigns among honest customers -> $out/"
./stillhunt range make documented --seed 1 --out "$out"

step "2. Scan it as you would scan your own logs; the truth is not looked at"
./stillhunt scan "$out/traffic.jsonl" --accounts "$out/accounts.csv" --key-file "$out/key" \
    --json "$out/campaigns.json" --report "$out/report.html" --csv "$out/accounts-to-act-on.csv" --markdown "$out/summary.md"

step "3. Compare the result with the truth"
./stillhunt range score --truth "$out/truth.jsonl" --result "$out/campaigns.json"

step "What to do next"
campaign=$(sed -n 's/^ *"id": "\(c-[0-9a-f]*\)".*/\1/p' "$out/campaigns.json" | head -n 1)
cat <<END
  Open $out/report.html in a browser: every campaign with its evidence.
  ./stillhunt explain ${campaign:-CAMPAIGN} --result $out/campaigns.json
  ./stillhunt inspect YOUR-LOG                       what is recognised in your own logs
  ./stillhunt scan YOUR-LOGS --report report.html --json campaigns.json
END
