"""Reads native traffic (README: the public format) into what all baselines look at: one summary an account."""
import csv
import hashlib
import json
import os
import re
from collections import Counter, defaultdict
from datetime import datetime

WORDS = re.compile(r"\w+")
KEYWORDS = ("reason", "step", "think", "trace", "rubric", "score", "grade", "thought", "explain", "chain")
# Shared by nearly everybody or by nobody: neither links.
MOST_OWNERS = 200
TURN_WORDS = 60


def short(text):
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).hexdigest()


class Account:
    """Values of an account by field, counted; and when it sent."""

    def __init__(self):
        self.values = defaultdict(Counter)
        self.times = []
        self.count = 0
        self.keywords = 0
        self.shingles = Counter()


def text_of(content):
    if isinstance(content, str):
        return content
    return " ".join(part.get("text", "") for part in content if isinstance(part, dict))


def read(folder):
    accounts = defaultdict(Account)
    with open(os.path.join(folder, "traffic.jsonl"), encoding="utf-8") as lines:
        for line in lines:
            e = json.loads(line)
            a = accounts[e["account"]]
            a.count += 1
            a.times.append(datetime.fromisoformat(e["time"].replace("Z", "+00:00")).timestamp())
            for field in ("ip", "client", "tls", "headers", "model"):
                if field in e:
                    a.values[field][str(e[field])] += 1
            if "system" in e:
                a.values["system"][short(text_of(e["system"]))] += 1
            if "tools" in e:
                a.values["tools"][short(json.dumps(e["tools"]))] += 1
            a.values["params"][short(json.dumps(e.get("params", {}), sort_keys=True))] += 1
            turn = next((text_of(m["content"]) for m in reversed(e["messages"]) if m["role"] == "user"), "")
            low = turn.lower()
            a.keywords += sum(word in low for word in KEYWORDS)
            words = WORDS.findall(low)[:TURN_WORDS]
            for i in range(0, max(0, len(words) - 3)):
                a.shingles[" ".join(words[i:i + 4])] += 1
    with open(os.path.join(folder, "accounts.csv"), encoding="utf-8") as rows:
        for row in csv.DictReader(rows):
            if row["account"] in accounts:
                for field in ("payment", "phone", "organization"):
                    if row[field]:
                        accounts[row["account"]].values[field][row[field]] += 1
    return dict(accounts)


def truth(folder):
    """The extracting accounts by id, for tuning only."""
    extracting = {}
    with open(os.path.join(folder, "truth.jsonl"), encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if "account" in row and row["extracting_count"] > 0:
                extracting[row["account"]] = row["campaign"]
    return extracting


def owners(accounts, fields, most=MOST_OWNERS):
    """(field, value) -> accounts that show it, for values that at least two and at most `most` accounts show."""
    by_value = defaultdict(set)
    for name, a in accounts.items():
        for field in fields:
            for value in a.values.get(field, ()):
                by_value[(field, value)].add(name)
    return {v: who for v, who in by_value.items() if 2 <= len(who) <= most}


def shingle_owners(accounts, most=MOST_OWNERS, least=3):
    by_value = defaultdict(set)
    for name, a in accounts.items():
        for shingle in a.shingles:
            by_value[shingle].add(name)
    return {("shingle", s): who for s, who in by_value.items() if least <= len(who) <= most}


def write(path, groups):
    """Groups of accounts as stillhunt.campaigns/1, everybody at probability 0.99."""
    with open(path, "w", encoding="utf-8") as to:
        json.dump({"schema": "stillhunt.campaigns/1",
                   "campaigns": [{"id": f"b-{i}", "confidence": 0.99, "accounts": [{"id": a, "probability": 0.99} for a in sorted(group)]}
                                 for i, group in enumerate(groups)],
                   "suspected": []}, to)


class Disjoint:
    """Union-find."""

    def __init__(self):
        self.parent = {}

    def root(self, x):
        self.parent.setdefault(x, x)
        while self.parent[x] != x:
            self.parent[x] = self.parent[self.parent[x]]
            x = self.parent[x]
        return x

    def join(self, x, y):
        self.parent[self.root(x)] = self.root(y)

    def groups(self, least):
        by_root = defaultdict(set)
        for x in list(self.parent):
            by_root[self.root(x)].add(x)
        return [g for g in by_root.values() if len(g) >= least]
