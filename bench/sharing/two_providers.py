"""Two providers out of one range, and what the second learns from the first. Used by bench/sharing.sh.

two_providers.py split FOLDER SHARE...   FOLDER holds traffic.jsonl, accounts.csv and truth.jsonl of 'range make --exchanges'. Writes first.jsonl and first.csv, and second-SHARE.jsonl
                                         (SHARE percent of the operators' exchanges, all of everybody else's) and second.csv: half of the accounts each, by hash. At the second provider
                                         every id, address, network, network owner, client, handshake, header order, payment, telephone, referrer and end user is another one.
two_providers.py steps FOLDER SHARE      The numbers of lines of second-SHARE.jsonl after every STEP_HOURS (24) hours, and of all.
two_providers.py table FOLDER...         A Markdown table of the results SHARE-LINES.json in the folders, the largest of each share being the whole of it.
"""
import collections
import csv
import datetime
import glob
import hashlib
import json
import os
import re
import sys

STEP_HOURS = int(os.environ.get("STEP_HOURS", "24"))


def digest(text):
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def is_second(account):
    return int(digest("half " + account)[:8], 16) % 2 == 1


def renamed(value):
    """Another value of the same form: digits for digits, letters for letters. What is one value stays one value."""
    stream = iter(digest(value + "0") + digest(value + "1") + digest(value + "2") + digest(value + "3"))
    return "".join(str(int(next(stream, "7"), 16) % 10) if c.isdigit() else "abcdefghkmnpqrst"[int(next(stream, "7"), 16)] if c.islower() else c for c in value)


def address(ip):
    """Neighbours stay neighbours, in a network that the first provider does not see."""
    a, b, c, d = ip.split(".")
    net = int(digest(f"net {a}.{b}.{c}")[:6], 16)
    wide = int(digest(f"wide {a}.{b}")[:4], 16)
    return f"{100 + wide % 24}.{net >> 16 & 255}.{net >> 8 & 255}.{d}"


def moved(exchange):
    for field in ("account", "organization", "key", "end_user", "conversation", "tls", "headers", "client", "asn_org"):
        if exchange.get(field) is not None:
            exchange[field] = renamed(exchange[field]) if field in ("tls", "headers") else "second-" + exchange[field]
    exchange["ip"] = address(exchange["ip"])
    exchange["asn"] = 400000 + int(digest(f"asn {exchange['asn']}")[:4], 16)
    return exchange


def truth_of(folder):
    """Account -> campaign, and exchange -> campaign."""
    accounts, exchanges = {}, {}
    with open(os.path.join(folder, "truth.jsonl"), encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            if line.get("campaign") and "account" in line:
                accounts[line["account"]] = line["campaign"]
            elif "exchange" in line:
                exchanges[line["exchange"]] = line["campaign"]
    return accounts, exchanges


def split(folder, shares):
    operators, _ = truth_of(folder)
    with open(os.path.join(folder, "accounts.csv"), encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        header, rows = reader.fieldnames, list(reader)
    with open(os.path.join(folder, "first.csv"), "w", encoding="utf-8", newline="") as first, open(os.path.join(folder, "second.csv"), "w", encoding="utf-8", newline="") as second:
        sides = [csv.DictWriter(file, header, lineterminator="\n") for file in (first, second)]
        for side in sides:
            side.writeheader()
        for row in rows:
            if not is_second(row["account"]):
                sides[0].writerow(row)
                continue
            for field in ("account", "organization", "payment", "phone", "referrer"):
                if row.get(field):
                    row[field] = "second-" + row[field]
            sides[1].writerow(row)
    thinned = {share: open(os.path.join(folder, f"second-{share}.jsonl"), "w", encoding="utf-8") for share in shares}
    with open(os.path.join(folder, "traffic.jsonl"), encoding="utf-8") as lines, open(os.path.join(folder, "first.jsonl"), "w", encoding="utf-8") as first:
        for line in lines:
            exchange = json.loads(line)
            if not is_second(exchange["account"]):
                first.write(line)
                continue
            place = int(digest("thin " + exchange["id"])[:8], 16) / 2**32 * 100 if exchange["account"] in operators else 0
            text = json.dumps(moved(exchange), ensure_ascii=False, separators=(",", ":")) + "\n"
            for share, file in thinned.items():
                if place < float(share):
                    file.write(text)
    for file in thinned.values():
        file.close()


def time_of(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


def steps(folder, share):
    end = None
    number = 0
    with open(os.path.join(folder, f"second-{share}.jsonl"), encoding="utf-8") as lines:
        for line in lines:
            time = time_of(re.search(r'"time":"([^"]+)"', line).group(1))
            end = end or time + datetime.timedelta(hours=STEP_HOURS)
            while time >= end:
                print(number)
                end += datetime.timedelta(hours=STEP_HOURS)
            number += 1
    print(number)


def own_bits(campaign):
    """Without the row that others' indicators gave: what the provider's own scan says."""
    return campaign["bits"] - sum(row["bits"] for row in campaign["evidence"] if row["block"] == "intelligence")


def named(result):
    """Account -> what names it: own scan; own scan with intelligence; intelligence alone."""
    own = {a["id"] for c in result["campaigns"] + result["suspected"] if own_bits(c) >= 0 for a in c["accounts"]}
    helped = {a["id"] for c in result["campaigns"] for a in c["accounts"]}
    matched = {m["id"]: m for m in result["intel"]["accounts"]}
    return own, helped, matched


def table(folders):
    shares = sorted({os.path.basename(path).split("-")[0] for path in glob.glob(os.path.join(folders[0], "*-*.json")) if re.match(r"\d+-\d+\.json$", os.path.basename(path))}, key=int, reverse=True)
    rows, honest, used = collections.defaultdict(list), collections.defaultdict(list), collections.defaultdict(collections.Counter)
    for folder in folders:
        operators, extracting = truth_of(folder)
        operators = {"second-" + account: campaign for account, campaign in operators.items() if is_second(account)}
        for share in shares:
            results = {int(re.search(r"-(\d+)\.json$", path).group(1)): json.load(open(path, encoding="utf-8")) for path in glob.glob(os.path.join(folder, f"{share}-*.json"))}
            whole = results[max(results)]
            own, helped, matched = named(whole)
            sent, everybody = collections.defaultdict(list), set()
            with open(os.path.join(folder, f"second-{share}.jsonl"), encoding="utf-8") as lines:
                for number, line in enumerate(lines):
                    exchange = json.loads(line)
                    everybody.add(exchange["account"])
                    if campaign := operators.get(exchange["account"]):
                        sent[campaign].append((number, time_of(exchange["time"]), exchange["account"]))
            others = everybody - set(operators)
            honest[share].append((len(others), len(others & own), len(others & helped), len(others & set(matched))))
            for use in whole["intel"]["indicators"]:
                used[share][(use["kind"], use["status"])] += 1
            for campaign in sorted(set(operators.values())):
                mine = {account for account, name in operators.items() if name == campaign}
                traffic = sent[campaign]
                if not traffic:
                    continue
                first = traffic[0][1]
                seen = {account for _, _, account in traffic}
                by_intel = [time_of(m["first"]) for account, m in matched.items() if account in mine]
                intel_at = min(by_intel, default=None)
                own_at = next((lines for lines in sorted(results) if len(named(results[lines])[0] & mine) >= 2), None)
                rows[(campaign, share)].append({
                    "exchanges": len(traffic), "accounts": len(seen), "own": len(own & mine), "helped": len(helped & mine), "intel": len(set(matched) & mine),
                    "intel_after": None if intel_at is None else sum(time <= intel_at for _, time, _ in traffic),
                    "intel_hours": None if intel_at is None else (intel_at - first).total_seconds() / 3600,
                    "own_after": None if own_at is None else sum(number < own_at for number, _, _ in traffic),
                    "timed": len(results) > 1,
                    "own_hours": None if own_at is None else (max(time for number, time, _ in traffic if number < own_at) - first).total_seconds() / 3600,
                })
    print("| operator, share of its traffic | exchanges | accounts | own scan | with intelligence | matched | own scan first, after | match first, after |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for (campaign, share), runs in sorted(rows.items(), key=lambda pair: (pair[0][0], -int(pair[0][1]))):
        def total(name):
            return f"{sum(run[name] for run in runs):,}"

        def when(kind):
            timed = [run for run in runs if kind == "intel" or run["timed"]]
            known = [run for run in timed if run[kind + "_after"] is not None]
            if not timed:
                return "not timed" if any(run[kind + "_after"] is not None for run in runs) else "never"
            if not known:
                return "never"
            after, hours = (sorted(run[kind + end] for run in known) for end in ("_after", "_hours"))
            return f"{after[len(after) // 2]:,} / {hours[len(hours) // 2]:.0f} h" + ("" if len(known) == len(timed) else f" ({len(known)} of {len(timed)})")
        print(f"| {campaign}, {share} % | {total('exchanges')} | {total('accounts')} | {total('own')} | {total('helped')} | {total('intel')} | {when('own')} | {when('intel')} |")
    print()
    print("| share of the operators' traffic | honest accounts | own scan flags | flagged with intelligence | matched |")
    print("|---|--:|--:|--:|--:|")
    for share in shares:
        print(f"| {share} % | " + " | ".join(f"{sum(column):,}" for column in zip(*honest[share])) + " |")
    print()
    for share in shares:
        print(f"Indicators at {share} %: " + ", ".join(f"{count} {kind} {status}" for (kind, status), count in sorted(used[share].items())) + ".")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["split", folder, *shares]:
            split(folder, shares)
        case ["steps", folder, share]:
            steps(folder, share)
        case ["table", *folders]:
            table(folders)
        case _:
            sys.exit(__doc__)
