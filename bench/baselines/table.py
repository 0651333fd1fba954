"""The scores of all results of some runs as one Markdown table; the figures are those of `stillhunt range score`."""
import glob
import json
import os
import sys

rows = {}
for folder in sys.argv[1:]:
    for path in glob.glob(os.path.join(folder, "*.json.score")):
        with open(path, encoding="utf-8") as file:
            rows.setdefault(os.path.basename(path)[: -len(".json.score")], []).append(json.load(file))

print("| method | cases found | exchange recall | account precision | account recall | F1 | false campaigns | honest flagged |")
print("|---|--:|--:|--:|--:|--:|--:|--:|")
table = []
for name, scores in rows.items():
    cases = [c for s in scores for c in s["cases"]]
    flagged = sum(s["flagged_account_count"] for s in scores)
    right = sum((s["account_precision"] or 0) * s["flagged_account_count"] for s in scores)
    extracting = sum(c["account_count"] for c in cases)
    hit = sum(c["account_recall"] * c["account_count"] for c in cases)
    recall = sum(c["exchange_recall"] * c["extracting_count"] for c in cases) / max(1, sum(c["extracting_count"] for c in cases))
    f1 = 2 * hit / max(1, flagged + extracting)
    table.append((f1, f"| {name} | {sum(c['found'] for c in cases)} of {len(cases)} | {recall:.3f} | {right / flagged if flagged else float('nan'):.3f} | {hit / max(1, extracting):.3f} | {f1:.3f} "
                      f"| {sum(len(s['false_campaigns']) for s in scores)} | {sum(t['touched_count'] for s in scores for t in s['touched'])} |"))
for _, line in sorted(table, reverse=True):
    print(line)
