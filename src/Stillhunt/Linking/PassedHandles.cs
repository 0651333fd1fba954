namespace Stillhunt.Linking;

/// <summary>
/// Reasoning handles that accounts of a group passed on to each other, and what that is worth. A handle is nobody's by chance, so it need not be rare: each time that one turns up in a further account is an event, whichever handle it is,
/// and how often that happens to everybody else's is what it is measured against.
/// </summary>
/// <param name="Bits">log2 P(passed on so often | one hand's rate) / P(the same | everybody else's rate), less what it costs to name the rate; before any cap, 0 at least.</param>
/// <param name="Owners">Owners in the group of which any handle is known.</param>
/// <param name="Sharing">Those that passed in a handle which another owner of the group passed in, too.</param>
/// <param name="Handles">Different handles of these.</param>
/// <param name="All">Different handles that the group passed in.</param>
/// <param name="Elsewhere">Share of everybody else's holdings of a handle that are not its first.</param>
internal readonly record struct PassedHandles(double Bits, int Owners, int Sharing, int Handles, int All, double Elsewhere)
{
    public static PassedHandles Of(SharedValues values, IReadOnlyList<int> members)
    {
        var column = values.Column(ValueKind.ReasoningRef);
        // Owners, not accounts: colleagues of one declared organisation may go on with each other's conversations.
        var holders = new Dictionary<ulong, HashSet<int>>();
        var owners = new HashSet<int>();
        foreach (var member in members)
        {
            foreach (var handle in column.Of(member))
            {
                if (!holders.TryGetValue(handle, out var those)) holders.Add(handle, those = []);
                those.Add(values.OwnerOf(member));
                owners.Add(values.OwnerOf(member));
            }
        }

        var sharing = new HashSet<int>();
        int held = 0, handles = 0;
        long onHand = 0, known = 0;
        foreach (var (handle, those) in holders)
        {
            held += those.Count;
            onHand += column.Holders(handle);
            known++;
            if (those.Count < 2) continue;
            handles++;
            sharing.UnionWith(those);
        }

        var passed = held - holders.Count;
        // A handle of the group that somebody outside holds too is counted with the group's, so that a second operator's or a bystander's share of it makes nothing look usual.
        var elsewhere = column.Holdings - onHand;
        var rate = (elsewhere - (column.Distinct - known) + 0.5) / (elsewhere + 1);
        var share = held == 0 ? 0 : (double)passed / held;
        if (share <= rate) return new PassedHandles(0, owners.Count, sharing.Count, handles, holders.Count, rate);
        var bits = (passed * Math.Log2(share / rate)) + ((held - passed) * Math.Log2((1 - share) / (1 - rate))) - (Math.Log2(held + 1) / 2);
        return new PassedHandles(Math.Max(0, bits), owners.Count, sharing.Count, handles, holders.Count, rate);
    }
}
