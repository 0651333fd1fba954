using System.Globalization;
using Stillhunt.Linking;
using Stillhunt.Profiles;

namespace Stillhunt.Campaigns;

/// <summary>
/// Looks once more, at more of what each account sent on a day, for what is a small part of it: work under much cover, of which the samples that are looked at first hold few exchanges of an account
/// (docs/decisions/0018). What it finds is added, or takes the place of what was found of the same; other flagged groups stay as they were.
/// </summary>
/// <param name="first">The look at samples of the ordinary size.</param>
/// <param name="judged">What it found.</param>
/// <param name="close">The look at larger ones; its accounts come in the same order.</param>
internal sealed class CloseFinding(Look first, List<Judgement> judged, Look close)
{
    /// <summary>The kind of its rows, and what <c>--leave-out</c> calls it.</summary>
    public const string Kind = "close-look";

    /// <summary>Share of what its accounts sent that a group's work may be: of more than this the first look saw enough.</summary>
    private const double MostWork = 0.2;

    /// <summary>Share of a found group's accounts that must stand in another to be a part of it.</summary>
    private const double Within = 0.8;

    /// <summary>So many times the accounts of what was found of it a group must have to take its place.</summary>
    private const double Larger = 1.2;

    /// <summary>Share of a group's accounts that no other campaign may hold, at least, for what is left of it to be judged.</summary>
    private const double MostlyFree = 0.5;

    /// <summary>What a family may be of what its accounts sent, and the share of its accounts of which more is known than at first: refined, a group is somewhat larger or smaller than the family.</summary>
    private const double MostPart = 0.5, LeastCut = 0.25;

    /// <summary>Bits of the row: two looks meet twice as many groups that chance has put together.</summary>
    private const double SecondLook = -1;

    /// <param name="again">Whether groups are sought again with the halves of the exchanges exchanged.</param>
    /// <param name="elsewhere">Accounts that stand in no group of this look, whatever it shows.</param>
    /// <returns>What was found before, less what this look knows better, and flagged groups that only it shows.</returns>
    public (List<Judgement> Before, List<Judgement> Added) Find(bool again, Predicate<int> elsewhere)
    {
        var flagged = judged.Where(j => j.IsFlagged).Select(j => (Judgement: j, Accounts: j.Cluster.Likely(), IsHidden: IsHidden(first.Traffic, j.Cluster))).ToList();
        // What was seen well enough stays, so that nothing that is mostly its accounts need be looked at.
        var settled = flagged.Where(group => !group.IsHidden).SelectMany(group => group.Accounts).ToHashSet();
        var added = new List<Judgement>();
        var replaced = new HashSet<Judgement>(ReferenceEqualityComparer.Instance);
        foreach (var group in close.JudgedOf(cluster => IsHidden(close.Traffic, cluster) && IsFree(cluster.Likely(), settled.Contains), family => IsFree(family.Members, settled.Contains) && MayHide(family), again)
                     .Where(group => group.IsFlagged))
        {
            var accounts = group.Cluster.Likely();
            var parts = flagged.Where(part => part.IsHidden && IsPartOf(part.Accounts, accounts)).Select(part => part.Judgement).ToList();
            var others = flagged.Where(other => !parts.Contains(other.Judgement)).SelectMany(other => other.Accounts).ToHashSet();
            if (!IsFree(accounts, IsOfOthers)) continue;
            var own = accounts.Any(IsOfOthers) ? Look.Without(group, IsOfOthers) : group;
            if (own is null || !IsHidden(close.Traffic, own.Cluster) || Lookalikes.IsEntitled(close.Traffic, own.Cluster)) continue;
            // What other campaigns have taken from it may have been what made it the larger one.
            var left = own.Cluster.Likely();
            if (!parts.TrueForAll(part => IsPartOf(part.Cluster.Likely(), left)) || Told(own) is not { IsFlagged: true } told) continue;
            added.Add(told);
            replaced.UnionWith(parts);

            bool IsOfOthers(int account) => others.Contains(account) || elsewhere(account);
        }

        var taken = added.SelectMany(j => j.Cluster.Likely()).ToHashSet();
        return ([.. judged.Where(j => !replaced.Contains(j)).Select(Left).OfType<Judgement>()], close.Told(added));

        Judgement? Left(Judgement group)
        {
            var accounts = group.Cluster.Likely();
            if (group.IsFlagged || !accounts.Overlaps(taken)) return group;
            if (Choice.IsTaken(accounts.Count(account => !taken.Contains(account)), accounts.Count)) return null;
            if (group.Campaign.Confidence < Detector.Suspected) return group;
            // It was not flagged with them, and nothing new is known of the rest.
            return Look.Without(group, taken.Contains) is { IsFlagged: false } rest && rest.Campaign.Confidence >= Detector.Suspected ? first.Told([rest])[0] : null;
        }
    }

    private static bool IsPartOf(HashSet<int> part, HashSet<int> whole) => whole.Count >= Larger * part.Count && part.Count(whole.Contains) >= Within * part.Count;

    private static bool IsFree(IReadOnlyCollection<int> accounts, Func<int, bool> isTaken) => accounts.Count(account => !isTaken(account)) > MostlyFree * accounts.Count;

    /// <summary>With a row that says why it was not seen at once.</summary>
    private static Judgement Told(Judgement judgement)
    {
        var campaign = judgement.Campaign;
        return judgement.With(EvidenceRows.Row("calibration", Kind, SecondLook, string.Create(CultureInfo.InvariantCulture,
            $"What the group asks in common is {campaign.ExtractingCount / (double)campaign.ExchangeCount:P0} of what its accounts sent: it showed, or showed whole, only in up to {AccountDay.CloseSampleSize} exchanges of an account and day instead of {AccountDay.SampleSize}. Whoever looks twice meets chance twice."), campaign.Accounts.Count, []));
    }

    /// <summary>Whether a group's work is a small part of what its accounts sent.</summary>
    private static bool IsHidden(Traffic traffic, Cluster cluster) => cluster.Likely() is var likely && PartOf(traffic, cluster, likely) <= MostWork;

    /// <summary>Whether a family that was not refined yet may become such a group: it is no large part of what its accounts sent, and of many of them more is known here than at first.</summary>
    private bool MayHide(Cluster family) => PartOf(close.Traffic, family, [.. family.Members]) <= MostPart
        && family.Members.Count(account => close.Traffic.Subjects[account].SampleCount > first.Traffic.Subjects[account].SampleCount) >= LeastCut * family.Members.Count;

    private static double PartOf(Traffic traffic, Cluster cluster, HashSet<int> accounts) =>
        cluster.Extracting.Where(i => accounts.Contains(traffic.SubjectOf[i])).Sum(i => traffic.Weights[i]) / Math.Max(1, accounts.Sum(account => (double)traffic.Subjects[account].ExchangeCount));
}
