namespace Stillhunt.Linking;

/// <summary>Groups that stand, each with all else that its accounts have in common, and with the accounts that share it.</summary>
internal sealed class Growth(Traffic traffic, Proposals proposals, IReadOnlyList<Cluster> groups)
{
    /// <summary>A group that grew must have kept this share of its accounts to be the same one.</summary>
    private const double MostlyKept = 0.8;

    /// <summary>Another group is taken in if most of its accounts are, and they were not in the group before.</summary>
    private const double Taken = 0.5, Before = 0.2;

    /// <summary>
    /// Likeness (<see cref="UnitUsage.Likeness"/>) on the other half from which on the accounts taken in are the same operator's: on the range and on another
    /// author's traffic parts of one operator came out at 0.97 to 1.03, two operators with recipes in common at 0.64 to 0.87.
    /// </summary>
    private const double SameHand = 0.93;

    private readonly List<HashSet<int>> _members = [.. groups.Select(group => group.Likely())];

    public IEnumerable<Cluster> Find()
    {
        var all = proposals.Grow(groups);
        for (var g = 0; g < groups.Count; g++)
        {
            var grown = all[g];
            var strangers = Strangers(g, grown);
            if (strangers.Count > 0) grown = grown.Without(strangers.Contains, traffic);
            if (grown.Likely().Count(_members[g].Contains) >= MostlyKept * _members[g].Count) yield return grown;
        }
    }

    /// <summary>Accounts of other groups that were taken in although they draw from another pool: growing is no way to join two operators.</summary>
    private HashSet<int> Strangers(int group, Cluster grown)
    {
        var accounts = grown.Likely();
        var strangers = new HashSet<int>();
        for (var other = 0; other < groups.Count; other++)
        {
            if (other == group || _members[other].Count(accounts.Contains) < Taken * _members[other].Count) continue;
            if (_members[other].Count(_members[group].Contains) > Before * _members[other].Count) continue;
            var taken = _members[other].Except(_members[group]).ToList();
            if (proposals.Likeness(grown, _members[group], taken) < SameHand) strangers.UnionWith(taken);
        }

        return strangers;
    }
}
