namespace Stillhunt.Linking;

/// <summary>What the accounts of a group share of one kind of value, and what that is worth.</summary>
/// <param name="Bits">log2 P(seen | one operator) / P(seen | independent), before any cap.</param>
/// <param name="Known">Accounts of the group of which the kind is known.</param>
/// <param name="Sharing">Accounts that share a rare value with another of the group.</param>
/// <param name="Values">The shared values with how many of the group hold them, most first.</param>
internal readonly record struct SharedKind(ValueKind Kind, double Bits, int Known, int Sharing, IReadOnlyList<(ulong Value, int Count)> Values);

/// <summary>
/// The likelihood of a whole group's values of one kind, not a sum over its pairs: a value that k members hold counts k - 1 times, and
/// how common it is gets measured on everybody else.
/// </summary>
internal static class GroupLikelihood
{
    /// <summary>Disagreement speaks against one hand, but little: separate cards and addresses are what operators buy.</summary>
    private const double LeastBits = -2;

    public static SharedKind Of(SharedValues values, ValueKind kind, IReadOnlyList<int> members)
    {
        var inside = new Dictionary<ulong, List<int>>();
        var known = 0;
        foreach (var member in members)
        {
            var own = values.Of(member, kind);
            if (own.Length > 0) known++;
            foreach (var value in own)
            {
                if (!inside.TryGetValue(value, out var list)) inside.Add(value, list = []);
                list.Add(member);
            }
        }

        if (known < 2) return new SharedKind(kind, 0, known, 0, []);
        var outside = values.Known(kind) - known;
        var candidates = new List<(ulong Value, List<int> Members, double Each)>();
        foreach (var (value, list) in inside)
        {
            if (list.Count < 2) continue;
            var share = (values.Holders(kind, value) - list.Count + 0.5) / (outside + 1);
            var each = Math.Log2(kind.Reuse() / share);
            if (each > 1) candidates.Add((value, list, each));
        }

        // An account counts for one value only: the addresses of one proxy pool are one choice, not many.
        candidates.Sort((a, b) =>
        {
            var byWorth = (b.Each * (b.Members.Count - 1)).CompareTo(a.Each * (a.Members.Count - 1));
            return byWorth != 0 ? byWorth : a.Value.CompareTo(b.Value);
        });
        var covered = new HashSet<int>();
        var shared = new List<(ulong, int)>();
        double bits = 0;
        foreach (var (value, list, each) in candidates)
        {
            var fresh = list.Count(member => !covered.Contains(member));
            if (fresh < 2) continue;
            covered.UnionWith(list);
            shared.Add((value, list.Count));
            bits += each * (fresh - 1);
        }

        bits += (known - covered.Count) * Math.Log2(1 - (kind.Reuse() / 2));
        return new SharedKind(kind, Math.Max(LeastBits, bits), known, covered.Count, shared);
    }
}
