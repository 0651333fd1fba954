namespace Stillhunt.Linking;

/// <summary>
/// Accounts that share means of payment, addresses or replayed handles, whatever they say: communities of the graph of accounts and the
/// values that they hold. Only owners that declare nothing in common are joined. Most such groups are campuses, carriers and
/// resellers; what they ask decides.
/// </summary>
internal static class InfrastructureGroups
{
    private const int LeastAccounts = 5;

    /// <summary>A group of a larger share of all accounts has nothing in particular in common.</summary>
    private const double MostAccounts = 0.25;

    /// <summary>Each is looked at by itself, because one account has a card but many addresses, and these would outvote it.</summary>
    private static readonly ValueKind[][] Looks = [[ValueKind.Payment, ValueKind.Phone], [ValueKind.Ip, ValueKind.Network], [ValueKind.ReasoningRef]];

    /// <returns>Each with whether addresses have joined it: those are met by people who have nothing else in common.</returns>
    public static IEnumerable<(Cluster Group, bool ByAddress)> Find(Traffic traffic, SharedValues values)
    {
        foreach (var kinds in Looks)
        {
            foreach (var members in Communities(traffic, values, kinds))
            {
                if (members.Count < LeastAccounts || members.Count > MostAccounts * traffic.Subjects.Count) continue;
                if (members.Select(values.OwnerOf).Distinct().Count() < LeastAccounts) continue;
                List<int> exchanges = [.. members.SelectMany(s => Enumerable.Range(traffic.Subjects[s].First, traffic.Subjects[s].SampleCount))];
                var group = new Cluster
                {
                    Members = members,
                    Probabilities = [.. members.Select(_ => 1.0)],
                    Tested = [.. members],
                    Extracting = exchanges,
                    // Nothing that was asked has grouped them: all of it can be tested.
                    Test = exchanges,
                    IsByMeans = kinds is not [ValueKind.ReasoningRef],
                };
                yield return (group, kinds.Contains(ValueKind.Ip));
            }
        }
    }

    private static IEnumerable<List<int>> Communities(Traffic traffic, SharedValues values, ValueKind[] kinds)
    {
        var accounts = traffic.Subjects.Count;
        var edges = new List<(int Account, int Value, double Weight)>();
        var numbers = new Dictionary<(ValueKind, ulong), int>();
        for (var s = 0; s < accounts; s++)
        {
            foreach (var kind in kinds)
            {
                foreach (var value in values.Of(s, kind))
                {
                    var holders = values.Holders(kind, value);
                    if (holders < 2) continue;
                    if (!numbers.TryGetValue((kind, value), out var number)) numbers.Add((kind, value), number = accounts + numbers.Count);
                    edges.Add((s, number, Math.Log2((values.Known(kind) + 1.0) / holders)));
                }
            }
        }

        if (numbers.Count == 0) return [];
        var graph = new WeightedGraph(accounts + numbers.Count);
        foreach (var (account, value, weight) in edges) graph.Add(account, value, weight);
        // A handle is passed on and never met by chance: two accounts share each, and a chain of them is one hand's. Addresses and cards are met by chance.
        var community = kinds is [ValueKind.ReasoningRef] ? graph.Components() : Linking.Communities.Find(graph);
        return edges.Select(edge => edge.Account).Distinct().GroupBy(s => community[s]).OrderBy(group => group.Key).Select(group => group.Order().ToList());
    }
}
