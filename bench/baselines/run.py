"""Chooses each baseline's settings on the tuning runs, by the accounts' F1 with the truth in hand, and writes its result for each run to be judged."""
import argparse
import os
import sys

import methods
import traffic


def f1(groups, extracting):
    flagged = set().union(*groups) if groups else set()
    right = sum(a in extracting for a in flagged)
    return 2 * right / max(1, len(flagged) + len(extracting))


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--tune", nargs="+", required=True)
    arguments.add_argument("--judge", nargs="+", required=True)
    asked = arguments.parse_args()
    tuning = [(traffic.read(folder), traffic.truth(folder)) for folder in asked.tune]
    judged = [(folder, traffic.read(folder)) for folder in asked.judge]
    for name, (run, grid) in methods.ALL.items():
        best = max(grid, key=lambda settings: sum(f1(run(accounts, **settings), truth) for accounts, truth in tuning))
        print(f"{name}: {best}", file=sys.stderr)
        for folder, accounts in judged:
            traffic.write(os.path.join(folder, name.replace(": ", "-").replace(" ", "-") + ".json"), run(accounts, **best))


if __name__ == "__main__":
    main()
