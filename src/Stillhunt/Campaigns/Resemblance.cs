using System.Collections.Concurrent;
using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>Whether a part of a group draws on the phrases that mark the group as the rest of it does. Remembered: the same pairs are asked for again as more proposals come.</summary>
internal sealed class Resemblance(Traffic traffic, UnitPostings postings)
{
    private readonly ConcurrentDictionary<(Cluster, Cluster), bool> _known = [];

    /// <summary>Whether the testing half can't tell the core's accounts from the others of the group by the phrases that they use.</summary>
    public bool AreAlike(Cluster whole, Cluster core) => _known.GetOrAdd((whole, core), _ => Compared(whole, core));

    private bool Compared(Cluster whole, Cluster core)
    {
        const int testing = 1 - FamilyIndex.FormingHalf;
        var members = core.Likely();
        var usage = new UnitUsage(traffic, postings, whole.Extracting.Union(core.Extracting), whole.UnitBits.Keys.Union(core.UnitBits.Keys), [testing]);
        var likeness = usage.Likeness(testing, [.. members.Order()], [.. whole.Likely().Except(members).Order()]);
        return double.IsNaN(likeness) || likeness >= OperatorClusters.SamePool;
    }
}
