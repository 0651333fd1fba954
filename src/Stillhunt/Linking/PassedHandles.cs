namespace Stillhunt.Linking;

/// <summary>
/// Reasoning handles that accounts of a group passed on to each other, and what that is worth. A handle is nobody's by chance, so it need not be rare: each one that turns up under a further owner is an event, and how often that
/// happens to everybody else's is what it is measured against. Owners who pass on to each other in pairs are as many hands as pairs, so only those count that hang together.
/// </summary>
/// <param name="Bits">log2 P(so many are passed on | one hand's rate) / P(the same | everybody else's rate), less what it costs to name the rate; before any cap, 0 at least.</param>
/// <param name="Owners">Owners in the group of which any handle is known.</param>
/// <param name="Sharing">Most of them that hang together by handles that more than one of them passed in; 0 if none do.</param>
/// <param name="Handles">Different handles by which these do.</param>
/// <param name="All">Different handles that the group passed in.</param>
/// <param name="Elsewhere">Share of everybody else's handles that more than one owner passed in; NaN where nobody else passes any in.</param>
internal readonly record struct PassedHandles(double Bits, int Owners, int Sharing, int Handles, int All, double Elsewhere)
{
    /// <summary>Of so many handles of strangers one is taken to be passed on before any is seen: where nobody else passes handles in, it still happens to nobody by chance.</summary>
    private const double OneIn = 50;

    public static PassedHandles Of(SharedValues values, IReadOnlyList<int> members)
    {
        var column = values.Column(ValueKind.ReasoningRef);
        // Owners, not accounts: colleagues of one declared organisation may go on with each other's conversations.
        var holders = new Dictionary<ulong, List<int>>();
        var numbers = new Dictionary<int, int>();
        foreach (var member in members)
        {
            foreach (var handle in column.Of(member))
            {
                var owner = values.OwnerOf(member);
                if (!numbers.TryGetValue(owner, out var number)) numbers.Add(owner, number = numbers.Count);
                if (!holders.TryGetValue(handle, out var those)) holders.Add(handle, those = []);
                // Accounts stand in the order of their owners.
                if (those.Count == 0 || those[^1] != number) those.Add(number);
            }
        }

        var together = new WeightedGraph(numbers.Count);
        foreach (var those in holders.Values)
            for (var k = 1; k < those.Count; k++) together.Add(those[0], those[k], 1);
        var part = together.Components();
        var handlesOf = holders.Values.Where(those => those.Count > 1).CountBy(those => part[those[0]]).ToDictionary();
        var (sharing, handles) = part.CountBy(of => of).Where(pair => handlesOf.ContainsKey(pair.Key)).Select(pair => (pair.Value, handlesOf[pair.Key])).DefaultIfEmpty().Max();
        var elsewhere = column.Distinct - holders.Count;
        var passedElsewhere = column.Shared - holders.Keys.Count(handle => column.Holders(handle) > 1);
        var bits = sharing == 0 ? 0 : Math.Max(0, BitsOf(handles, holders.Count, (passedElsewhere + 1) / (elsewhere + OneIn)));
        return new PassedHandles(bits, numbers.Count, sharing, handles, holders.Count, elsewhere == 0 ? double.NaN : (double)passedElsewhere / elsewhere);
    }

    private static double BitsOf(int passed, int all, double rate)
    {
        var share = (double)passed / all;
        if (share <= rate) return 0;
        var kept = passed == all ? 0 : (all - passed) * Math.Log2((1 - share) / (1 - rate));
        return (passed * Math.Log2(share / rate)) + kept - (Math.Log2(all + 1) / 2);
    }
}
