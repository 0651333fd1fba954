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
        var holders = new Dictionary<ulong, HashSet<int>>();
        var together = new Dictionary<int, int>();
        foreach (var member in members)
        {
            foreach (var handle in column.Of(member))
            {
                var owner = values.OwnerOf(member);
                together.TryAdd(owner, owner);
                if (!holders.TryGetValue(handle, out var those)) holders.Add(handle, those = []);
                else Join(owner, those.First());
                those.Add(owner);
            }
        }

        var shared = holders.Values.Where(those => those.Count > 1).CountBy(those => Head(those.First())).ToDictionary();
        var largest = together.Keys.ToList().CountBy(Head).Where(pair => shared.ContainsKey(pair.Key)).OrderByDescending(pair => pair.Value).ThenByDescending(pair => shared[pair.Key]).ThenBy(pair => pair.Key).FirstOrDefault();
        var elsewhere = column.Distinct - holders.Count;
        var passedElsewhere = column.Shared - holders.Keys.Count(handle => column.Holders(handle) > 1);
        var share = elsewhere == 0 ? double.NaN : (double)passedElsewhere / elsewhere;
        if (largest.Value == 0) return new PassedHandles(0, together.Count, 0, 0, holders.Count, share);
        int handles = shared[largest.Key], all = holders.Count;
        return new PassedHandles(Math.Max(0, BitsOf(handles, all, (passedElsewhere + 1) / (elsewhere + OneIn))), together.Count, largest.Value, handles, all, share);

        int Head(int owner)
        {
            while (together[owner] != owner) owner = together[owner] = together[together[owner]];
            return owner;
        }

        void Join(int a, int b)
        {
            int of = Head(a), to = Head(b);
            // The smaller number, so that the order of members makes no difference.
            together[Math.Max(of, to)] = Math.Min(of, to);
        }
    }

    private static double BitsOf(int passed, int all, double rate)
    {
        var share = (double)passed / all;
        if (share <= rate) return 0;
        var kept = passed == all ? 0 : (all - passed) * Math.Log2((1 - share) / (1 - rate));
        return (passed * Math.Log2(share / rate)) + kept - (Math.Log2(all + 1) / 2);
    }
}
