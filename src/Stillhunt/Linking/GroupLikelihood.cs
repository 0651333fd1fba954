namespace Stillhunt.Linking;

/// <summary>What the accounts of a group share of one kind of value, and what that is worth.</summary>
/// <param name="Bits">log2 P(seen | one operator) / P(seen | independent) of the part that shares, before any cap.</param>
/// <param name="Part">Share of the group's owners that this part is: what it shares speaks for it and not for the others.</param>
/// <param name="Known">Accounts of the group of which the kind is known.</param>
/// <param name="Sharing">Accounts that share a rare value with another of the group.</param>
/// <param name="Values">The shared values with how many of the group hold them, most first.</param>
internal readonly record struct SharedKind(ValueKind Kind, double Bits, double Part, int Known, int Sharing, IReadOnlyList<(ulong Value, int Count)> Values);

/// <summary>
/// The likelihood of a whole group's values of one kind, not a sum over its pairs. One operator draws a share of its accounts' values
/// from a pool of its own and the rest as everybody does; naming a value of that pool costs the bits that it takes to name
/// one among all values, so that what any few strangers share by chance is worth nothing. How common a value is gets
/// measured on everybody outside the group.
/// </summary>
internal static class GroupLikelihood
{
    /// <summary>Sharing nothing speaks against one hand, but little: separate cards and addresses are what operators buy.</summary>
    private const double NothingShared = -1;

    public static SharedKind Of(SharedValues values, ValueKind kind, IReadOnlyList<int> members)
    {
        // Owners, not accounts: what colleagues of one declared organisation share says only that they are colleagues.
        var inside = new Dictionary<ulong, List<int>>();
        var knownOwners = new HashSet<int>();
        var owners = new HashSet<int>();
        foreach (var member in members)
        {
            var own = values.Of(member, kind);
            var owner = values.OwnerOf(member);
            owners.Add(owner);
            if (own.Length > 0) knownOwners.Add(owner);
            foreach (var value in own)
            {
                if (!inside.TryGetValue(value, out var list)) inside.Add(value, list = []);
                // Accounts stand in the order of their owners.
                if (list.Count == 0 || list[^1] != owner) list.Add(owner);
            }
        }

        var known = knownOwners.Count;

        if (known < 2) return new SharedKind(kind, 0, 0, known, 0, []);
        var outside = values.Known(kind) - known;
        var cost = Math.Log2(Math.Max(2, values.Distinct(kind)));
        var candidates = new List<(ulong Value, List<int> Members, double Share)>();
        foreach (var (value, list) in inside)
        {
            var share = (values.Holders(kind, value) - list.Count + 0.5) / (outside + 1);
            if (list.Count >= 2 && share < 0.5 * list.Count / known) candidates.Add((value, list, share));
        }

        // An account counts for one value only: the addresses of one proxy pool are one choice, not many.
        candidates.Sort((a, b) =>
        {
            var byWorth = (b.Members.Count * -Math.Log2(b.Share)).CompareTo(a.Members.Count * -Math.Log2(a.Share));
            return byWorth != 0 ? byWorth : a.Value.CompareTo(b.Value);
        });
        var covered = new HashSet<int>();
        var pool = new List<(ulong Value, int Count, double Share)>();
        foreach (var (value, list, share) in candidates)
        {
            var fresh = list.Count(owner => !covered.Contains(owner));
            if (fresh < 2 || fresh * Math.Log2((double)fresh / known / share) <= cost) continue;
            covered.UnionWith(list);
            pool.Add((value, fresh, share));
        }

        if (pool.Count == 0) return new SharedKind(kind, NothingShared, 1, known, 0, []);
        var drawn = (double)covered.Count / known;
        var bits = covered.Count == known ? 0 : (known - covered.Count) * Math.Log2(1 - drawn);
        foreach (var (_, count, share) in pool)
            bits += (count * Math.Log2(((double)count / known / share) + (1 - drawn))) - cost;
        return new SharedKind(kind, Math.Max(0, bits), (double)covered.Count / owners.Count, known, covered.Count, [.. pool.Select(value => (value.Value, value.Count))]);
    }
}
