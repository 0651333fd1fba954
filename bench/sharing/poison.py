"""What a malicious or fooled member could share against honest customers. Used by bench/poisoning.sh, in folders that two_providers.py split.

poison.py forge FOLDER            Writes forged-ATTACK.json into the folder: results as a scan writes them, so that 'share export' makes of each the bundle that a member with the group's key could send.
                                  The attacker knows all traffic of the second provider, which kind of customer each account is, and which groups its own scan suspects (FOLDER/second.json).
poison.py age BUNDLE TO           The bundle with the validity of its indicators moved to last year: what a replay of old ones is.
poison.py inflate BUNDLE TO       The bundle with the highest confidence and the longest validity that STIX can state.
poison.py table FOLDER...         Markdown tables of the results mix-NAME.json in the folders, beside second.json, which is the scan without intelligence.
"""
import collections
import csv
import glob
import json
import os
import re
import sys

WORD = re.compile(r"[a-z]+|[0-9]+")
MIXES = {
    "true": "the first provider's own intelligence, trust 1",
    "each-0.5": "and every attack by a sender of its own, trust 0.5",
    "each-1": "the same, trust 1",
    "one-1": "every attack by one sender, trust 1, highest confidence and longest validity",
    "many-0.5": "every attack by five senders that are one, trust 0.5",
}
# 'share export' writes at most so many values and phrases of one campaign.
MOST_VALUES, MOST_PHRASES, FEWEST = 100, 160, 3


def kinds_of(folder):
    with open(os.path.join(folder, "truth.jsonl"), encoding="utf-8") as lines:
        known = [line for line in map(json.loads, lines) if "account" in line and "tenant_of" not in line]
    return {"second-" + line["account"]: None if line.get("campaign") else line["kind"] for line in known}


def text_of(exchange):
    parts = [exchange["system"]] if isinstance(exchange.get("system"), str) else []
    users = [m["content"] for m in exchange.get("messages", []) if m["role"] == "user" and isinstance(m["content"], str)]
    return [part[:700] for part in parts + users[-1:]]


def phrases_of(exchange):
    found = set()
    for part in text_of(exchange):
        words = ["0" if w.isdigit() else w for w in WORD.findall(part.lower())] if part.isascii() else []
        found.update(zip(words, words[1:], words[2:]))
    return found


class Seen:
    """What a group of accounts has in common: value or phrase -> accounts."""

    def __init__(self):
        self.values, self.phrases, self.accounts = collections.defaultdict(set), collections.defaultdict(collections.Counter), set()

    def add(self, exchange, phrases):
        account = exchange["account"]
        self.accounts.add(account)
        network = exchange["ip"].rsplit(".", 1)[0] + ".0/24"
        for kind, value in (("ip", exchange["ip"]), ("network", network), ("asn", str(exchange["asn"])), ("client", exchange.get("client")), ("tls", exchange.get("tls"))):
            if value:
                self.values[kind, value].add(account)
        for phrase in phrases:
            self.phrases[phrase][account] += 1


def campaign(template, number, name, values, phrases, first, last):
    """A campaign that never was, in the form of the schema."""
    words = {word: 64 for phrase in phrases for word in phrase}
    value = lambda kind, text: {"kind": kind, "value": text, "account_count": 9, "elsewhere_count": 0, "exchange_count": 99, "first": first, "last": last, "word_owners": 64 if kind == "client" else None}
    return dict(template, id=f"c-{number:010x}", confidence=0.99, first=first, last=last, families=[], evidence=template["evidence"][:1], indicators={
        "values": [value(kind, text) for kind, text in values[:MOST_VALUES]],
        "phrases": [{"words": " ".join(phrase), "account_count": 9, "share": 0.5, "elsewhere": 0.0} for phrase in phrases[:MOST_PHRASES]],
        "least_phrases": FEWEST if len(phrases) >= FEWEST else None, "words": words})


def widest(counts, most):
    """Those that most accounts have first."""
    return [key for key, held in sorted(counts.items(), key=lambda pair: (-len(pair[1]), str(pair[0])))[:most]]


def forge(folder):
    kinds = kinds_of(folder)
    with open(os.path.join(folder, "second.json"), encoding="utf-8") as file:
        own = json.load(file)
    with open(os.path.join(folder, "first.json"), encoding="utf-8") as file:
        result = json.load(file)
    template = result["campaigns"][0]
    first, last = result["scanned"]["from"], result["scanned"]["to"]
    suspected = {a["id"]: c["id"] for c in own["suspected"] for a in c["accounts"] if kinds.get(a["id"])}
    by_kind, by_account, by_suspect, everybody, by_turn = collections.defaultdict(Seen), collections.defaultdict(Seen), collections.defaultdict(Seen), Seen(), collections.defaultdict(set)
    sent = collections.Counter()
    with open(os.path.join(folder, "second-100.jsonl"), encoding="utf-8") as lines:
        for exchange in map(json.loads, lines):
            account = exchange["account"]
            if (kind := kinds.get(account)) is None:
                continue
            phrases = phrases_of(exchange)
            sent[account] += 1
            by_kind[kind].add(exchange, phrases)
            by_account[account].add(exchange, phrases)
            everybody.add(exchange, ())
            if account in suspected:
                by_suspect[suspected[account]].add(exchange, phrases)
            users = [m["content"] for m in exchange.get("messages", []) if m["role"] == "user" and isinstance(m["content"], str)]
            if users:
                by_turn[users[-1]].add(account)
    heavy = [account for account, _ in sent.most_common(60)]
    with open(os.path.join(folder, "second.csv"), encoding="utf-8", newline="") as file:
        domains = collections.defaultdict(set)
        for row in csv.DictReader(file):
            if kinds.get(row["account"]) and row.get("email_domain"):
                domains["email-domain", row["email_domain"]].add(row["account"])
    of = lambda wanted: {key: held for key, held in everybody.values.items() if key[0] in wanted}
    items = collections.defaultdict(set)
    for turn, accounts in by_turn.items():
        # A whole turn under five accounts and more is a public item or a prompt that goes round.
        if len(accounts) >= 5:
            for phrase in phrases_of({"messages": [{"role": "user", "content": turn}]}):
                items[phrase] |= accounts
    chunks = lambda keys, size: [keys[at:at + size] for at in range(0, len(keys), size)]
    attacks = {
        # Template, app or habit of every kind of customer: what most of its accounts write.
        "templates": [(kind, [], widest(seen.phrases, 60)) for kind, seen in sorted(by_kind.items())],
        "public-items": [(f"items {n}", [], part) for n, part in enumerate(chunks(widest(items, 1200), 120))],
        "crowds": [(f"crowds {n}", part, []) for n, part in enumerate(chunks(widest(of({"ip", "network", "asn"}), 300), MOST_VALUES))],
        "clients": [(f"clients {n}", part, []) for n, part in enumerate(chunks(widest(of({"client", "tls"}), 200), MOST_VALUES))],
        "mail-domains": [("domains", widest(domains, MOST_VALUES), [])],
        # One customer at a time: its own wording, addresses, client and handshake.
        "competitors": [(account, widest(by_account[account].values, 20), [p for p, _ in sorted(by_account[account].phrases.items(), key=lambda pair: (-sum(pair[1].values()), pair[0]))[:100]]) for account in heavy],
        # The very groups that the second provider's own scan half believes in.
        "suspected": [(c, widest(seen.values, MOST_VALUES), [p for p, _ in sorted(seen.phrases.items(), key=lambda pair: (-len(pair[1]), -sum(pair[1].values()), pair[0]))[:MOST_PHRASES]]) for c, seen in sorted(by_suspect.items())],
    }
    attacks["all"] = [entry for name in sorted(attacks) for entry in attacks[name]]
    for name, targets in attacks.items():
        forged = dict(result, campaigns=[campaign(template, n + 1, *target, first, last) for n, target in enumerate(targets)], suspected=[], cleared=[])
        forged.pop("intel", None)
        with open(os.path.join(folder, f"forged-{name}.json"), "w", encoding="utf-8") as file:
            json.dump(forged, file)
        print(name, len(targets), file=sys.stderr)


def rewritten(bundle, to, change):
    with open(bundle, encoding="utf-8") as file:
        read = json.load(file)
    for item in read["objects"]:
        if item["type"] == "indicator":
            change(item)
    with open(to, "w", encoding="utf-8") as file:
        json.dump(read, file)


def age(bundle, to):
    def change(item):
        for field in ("valid_from", "valid_until"):
            item[field] = str(int(item[field][:4]) - 1) + item[field][4:]
    rewritten(bundle, to, change)


def inflate(bundle, to):
    rewritten(bundle, to, lambda item: item.update(confidence=100, valid_until="9999-01-01T00:00:00.000Z"))


def result(folder, name):
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return json.load(file)


def table(folders):
    attacks, mixes = collections.defaultdict(collections.Counter), {}
    for folder in folders:
        kinds = kinds_of(folder)
        honest, bad = {a for a, kind in kinds.items() if kind}, {a for a, kind in kinds.items() if not kind}
        accounts = lambda campaigns: {a["id"] for c in campaigns for a in c["accounts"]}
        before = result(folder, "second.json")
        was, suspect = accounts(before["campaigns"]), accounts(before["suspected"])
        for mix in MIXES:
            after = result(folder, f"mix-{mix}.json")
            matched = {m["id"]: m for m in after["intel"]["accounts"]}
            flagged = accounts(after["campaigns"])
            mixes.setdefault(mix, collections.Counter()).update({
                "honest": len(honest & set(matched)), "strong": sum(m["bits"] >= 2 for a, m in matched.items() if a in honest), "flagged": len(honest & flagged), "newly": len((honest & flagged) - was),
                "suspected": len((honest & accounts(after["suspected"])) - suspect - was), "operators": len(bad & set(matched)), "found": len(bad & flagged)})
            if mix != "each-1":
                continue
            for use in after["intel"]["indicators"]:
                name = use["source"].split(":")[0]
                attacks[name]["sent"] += 1
                attacks[name][use["status"]] += 1
            for account, match in matched.items():
                for name in {source.split(":")[0] for source in match["senders"]}:
                    attacks[name]["honest" if account in honest else "operators"] += 1
    print("| shared by | indicators | used | rejected | expired | honest accounts matched | operators' |")
    print("|---|--:|--:|--:|--:|--:|--:|")
    for name, count in sorted(attacks.items()):
        print(f"| {name} | {count['sent']:,} | {count['used']:,} | {count['sent'] - count['used'] - count['expired']:,} | {count['expired']:,} | {count['honest']:,} | {count['operators']:,} |")
    print()
    print("| sent | honest accounts matched | by 2 bits and more | flagged | newly flagged | newly suspected | operators' accounts matched | flagged |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for mix, count in mixes.items():
        print(f"| {MIXES[mix]} | " + " | ".join(f"{count[column]:,}" for column in ("honest", "strong", "flagged", "newly", "suspected", "operators", "found")) + " |")


match sys.argv[1:]:
    case ["forge", folder]:
        forge(folder)
    case ["age", bundle, to]:
        age(bundle, to)
    case ["inflate", bundle, to]:
        inflate(bundle, to)
    case ["table", *folders]:
        table(folders)
    case _:
        sys.exit(__doc__)
