"""The baselines. Each takes accounts and settings and returns groups; GRID lists the settings that tuning may choose among."""
import heapq
import math
from collections import Counter, defaultdict
from itertools import combinations

import igraph
import leidenalg

from traffic import Disjoint, owners, shingle_owners

DAY = 86400
MOST_BLOCKS = 14
# A value of more accounts than this joins no pairs: they grow with its square.
MOST_JOINED = 60
_kept = {}


def kept(accounts, what, make):
    """What several settings share is made once for the same accounts, which live as long as the program."""
    key = (id(accounts), what)
    if key not in _kept:
        _kept[key] = make()
    return _kept[key]


def by_value(field):
    """Plain rule: so many accounts with one value of a field are a campaign."""

    def run(accounts, least, most):
        return [who for who in owners(accounts, [field], most).values() if len(who) >= least]

    return run, [dict(least=least, most=most) for least in (3, 5, 8, 15) for most in (60, 200, 1000)]


def by_keyword():
    """Plain rule: accounts whose turns hold so many suspicious words, all in one group."""

    def run(accounts, mean, least):
        flagged = {n for n, a in accounts.items() if a.count >= least and a.keywords / a.count >= mean}
        return [flagged] if flagged else []

    return run, [dict(mean=mean, least=least) for mean in (0.5, 1, 1.5, 2, 3) for least in (1, 5, 20)]


def by_rate():
    """Plain rule: accounts with so many requests a day, all in one group."""

    def run(accounts, a_day):
        flagged = {n for n, a in accounts.items() if a.count / max(1, (max(a.times) - min(a.times)) / DAY) >= a_day}
        return [flagged] if flagged else []

    return run, [dict(a_day=n) for n in (5, 10, 20, 40, 80, 150)]


def lockstep():
    """After SynchroTrap (Cao and others, CCS 2014): pairs of accounts that do the same within the same time slot, again and again, are joined if their actions
    overlap in Jaccard's measure; joined accounts are a campaign. The constraint is the shared object: system prompt, tools, address."""

    def run(accounts, slot, overlap, least):
        acts, common = kept(accounts, ("lockstep", slot), lambda: count(accounts, slot))
        joined = Disjoint()
        for (x, y), n in common.items():
            if n / (acts[x] + acts[y] - n) >= overlap:
                joined.join(x, y)
        return joined.groups(least)

    def count(accounts, slot):
        where = defaultdict(set)
        acts = {}
        for name, a in accounts.items():
            objects = [(f, v) for f in ("system", "tools", "ip", "payment") for v in a.values.get(f, ())][:12]
            mine = {(o, int(t // slot)) for t in a.times[:400] for o in objects}
            acts[name] = len(mine)
            for act in mine:
                where[act].add(name)
        common = Counter()
        for who in where.values():
            if 2 <= len(who) <= 60:
                common.update(combinations(sorted(who), 2))
        return acts, common

    return run, [dict(slot=s, overlap=o, least=n) for s in (3600, 4 * 3600, DAY) for o in (0.05, 0.15, 0.3) for n in (4, 8)]


def fraudar():
    """FRAUDAR (Hooi and others, KDD 2016): the densest block of accounts and values, with values weighted by 1/log(degree + 5) against camouflage; block after
    block is taken out while it is dense enough."""

    def run(accounts, density, shingles):
        found = []
        for group, score in kept(accounts, ("fraudar", shingles), lambda: blocks_of(accounts, shingles)):
            if score < density or len(group) < 4:
                break
            found.append(group)
        return found

    def blocks_of(accounts, shingles):
        values = owners(accounts, ("ip", "payment", "phone", "system", "tools", "params", "client"))
        if shingles:
            values |= shingle_owners(accounts, least=4)
        blocks, taken = [], set()
        while len(blocks) < MOST_BLOCKS:
            group, score = densest({v: w - taken for v, w in values.items() if len(w - taken) >= 2})
            if not group:
                break
            blocks.append((group, score))
            taken |= group
        return blocks

    def densest(values):
        weight = {v: 1 / math.log(len(who) + 5) for v, who in values.items()}
        of = defaultdict(list)
        for v, who in values.items():
            for a in who:
                of[a].append(v)
        degree = {a: sum(weight[v] for v in vs) for a, vs in of.items()}
        degree |= {v: weight[v] * len(who) for v, who in values.items()}
        total, left, nodes = sum(weight[v] * len(who) for v, who in values.items()), set(degree), len(degree)
        heap = [(d, repr(n), n) for n, d in degree.items()]
        heapq.heapify(heap)
        best, best_at, order = 0, 0, []
        while heap:
            d, _, n = heapq.heappop(heap)
            if n not in left or d > degree[n] + 1e-9:
                continue
            if nodes and total / nodes > best:
                best, best_at = total / nodes, len(order)
            left.discard(n)
            order.append(n)
            total -= degree[n]
            nodes -= 1
            for m in (values[n] if n in values else of[n]):
                if m in left:
                    degree[m] -= weight[n] if n in values else weight[m]
                    heapq.heappush(heap, (degree[m], repr(m), m))
        return {n for n in set(of) - set(order[:best_at])}, best

    return run, [dict(density=d, shingles=s) for s in (False, True) for d in (0.25, 0.5, 1, 2, 4, 8)]


def leiden():
    """Leiden communities (Traag and others, 2019) of a graph of accounts joined by rare four-word phrases and shared values, each weighted by its rarity."""

    def run(accounts, resolution, least, edge):
        edges = kept(accounts, "graph", lambda: graph_of(accounts))
        edges = {p: w for p, w in edges.items() if w >= edge}
        if not edges:
            return []
        names = sorted({a for p in edges for a in p})
        at = {a: i for i, a in enumerate(names)}
        g = igraph.Graph(n=len(names), edges=[(at[x], at[y]) for x, y in edges])
        parts = leidenalg.find_partition(g, leidenalg.RBConfigurationVertexPartition, weights=list(edges.values()), resolution_parameter=resolution, seed=1)
        return [{names[i] for i in part} for part in parts if len(part) >= least]

    def graph_of(accounts):
        graph = Counter()
        for who in (owners(accounts, ("ip", "payment", "phone", "system"), MOST_JOINED) | shingle_owners(accounts, MOST_JOINED)).values():
            for pair in combinations(sorted(who), 2):
                graph[pair] += math.log(len(accounts) / len(who))
        # A long text must not count by its length alone.
        size = {a: math.sqrt(1 + len(x.shingles)) for a, x in accounts.items()}
        return {p: w / math.sqrt(size[p[0]] * size[p[1]]) for p, w in graph.items()}

    return run, [dict(resolution=r, least=n, edge=e) for r in (0.5, 1, 3) for n in (5, 10, 20) for e in (2, 5, 10, 20)]


ALL = {
    "rule: payment": by_value("payment"),
    "rule: network address": by_value("ip"),
    "rule: system prompt": by_value("system"),
    "rule: keywords": by_keyword(),
    "rule: rate": by_rate(),
    "SynchroTrap": lockstep(),
    "FRAUDAR": fraudar(),
    "Leiden": leiden(),
}
