using Stillhunt.Linking;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Linking;

public sealed class UnitGraphTests
{
    /// <summary>The definition, with a table of all pairs and no regard for cost.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Units_are_joined_as_counting_every_pair_of_every_owner_says(int threads)
    {
        var traffic = Traffic.Lay(Made().Finish(), _ => null);
        var units = RecurringUnits.Find(traffic, new PhraseRows(traffic, new Shares(1)), 0, KeyedHash.Fixed, new Shares(threads));
        var postings = new UnitPostings(traffic, new PhraseRows(traffic, new Shares(1)), units, new Shares(threads));
        var graph = UnitGraph.Build(traffic, postings, 0, new Shares(threads));
        var expected = Expected(traffic, postings);
        Assert.InRange(expected.Count, 10, 10_000);
        var joined = Enumerable.Range(0, graph.Count).SelectMany(a => graph.Edges(a).ToArray().Where(edge => edge.To > a).Select(edge => (Pair: (a, edge.To), edge.Weight))).ToDictionary(edge => edge.Pair, edge => edge.Weight);
        Assert.Equal(expected.Keys.Order(), joined.Keys.Order());
        foreach (var (pair, weight) in expected) Assert.Equal(weight, joined[pair], 1e-9);
    }

    private static Dictionary<(int A, int B), double> Expected(Traffic traffic, UnitPostings postings)
    {
        var half = Enumerable.Range(0, traffic.Exchanges.Length).Where(i => traffic.Exchanges[i].Half == 0).ToList();
        var owners = half.GroupBy(traffic.OwnerOf).Select(own => own.ToList()).ToList();
        var volume = owners.ConvertAll(own => own.Select(Thread).Distinct().Count());
        // For each owner in how many of its conversations each unit stands, and which pairs stand in one prompt.
        var held = owners.ConvertAll(own => own.SelectMany(i => postings.UnitsOf(i).ToArray().Select(unit => (unit, Thread(i)))).Distinct().GroupBy(use => use.unit).ToDictionary(uses => uses.Key, uses => uses.Count()));
        var pairs = owners.ConvertAll(own => own.SelectMany(i => postings.UnitsOf(i).ToArray() is var of ? of.SelectMany(a => of.Where(b => b > a).Select(b => (a, b))) : []).ToHashSet());
        var rates = Enumerable.Range(0, postings.UnitCount).Select(unit => Enumerable.Range(0, owners.Count).Where(o => volume[o] > 1).Sum(o => (double)held[o].GetValueOrDefault(unit) / volume[o])).ToList();
        var found = new Dictionary<(int, int), double>();
        foreach (var (a, b) in pairs.SelectMany(pair => pair).Distinct())
        {
            var together = pairs.Count(pair => pair.Contains((a, b)));
            if (together < UnitGraph.LeastOwners || together < 0.03 * Math.Min(held.Count(own => own.ContainsKey(a)), held.Count(own => own.ContainsKey(b)))) continue;
            var across = 0;
            double both = 0;
            for (var o = 0; o < owners.Count; o++)
            {
                double x = held[o].GetValueOrDefault(a), y = held[o].GetValueOrDefault(b), apart = (x * y) - Math.Min(x, y);
                if (apart <= 0) continue;
                across++;
                both += apart / (volume[o] * (volume[o] - 1.0));
            }

            var lift = both == 0 ? 0 : both * volume.Count(n => n > 1) / (rates[a] * rates[b]);
            if (across >= UnitGraph.LeastOwners && lift >= UnitGraph.LeastLift) found.Add((a, b), Math.Sqrt(across) * Math.Log2(lift));
        }

        return found;

        uint Thread(int i) => traffic.Exchanges[i].Thread;
    }

    /// <summary>Ten operators that put prompts together from pools of their own, and people who share turns of speech.</summary>
    private static MadeTraffic Made()
    {
        var random = new Random(8);
        var pools = Enumerable.Range(0, 11).Select(_ => Enumerable.Range(0, 9).Select(_ => MadeTraffic.Words(random, 8)).ToArray()).ToArray();
        var made = new MadeTraffic();
        for (var a = 0; a < 120; a++)
        {
            var pool = pools[a < 90 ? a % 10 : 10];
            for (var i = 0; i < 6 + (a % 9); i++)
                made.Send("account " + MadeTraffic.Number(a), string.Join(' ', pool[random.Next(9)], MadeTraffic.Words(random, 9), pool[random.Next(9)], MadeTraffic.Words(random, 5)), id: MadeTraffic.Number((a * 100) + i), ms: i * 60_000);
        }

        return made;
    }
}
