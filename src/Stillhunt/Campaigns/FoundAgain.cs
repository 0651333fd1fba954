using System.Globalization;
using System.Runtime.InteropServices;
using Stillhunt.Linking;
using static Stillhunt.Campaigns.EvidenceRows;

namespace Stillhunt.Campaigns;

/// <summary>
/// What was found by grouping on one half of the exchanges and testing on the other, and what was found the other way round -> one list. Which half an exchange is in is chance, and a narrow case stands or falls with it: of a group that
/// is found both ways the mean of both sums counts, and one that is found one way only counts less (docs/decisions/0012; the idea is cross-fitting: Chernozhukov et al., 2018).
/// </summary>
/// <param name="ahead">Has judged the one way.</param>
/// <param name="back">Has judged the other way.</param>
internal sealed class FoundAgain(Judging ahead, Judging back)
{
    /// <summary>The kind of its rows.</summary>
    public const string Kind = "found-again";

    /// <summary>Share (Jaccard) of their accounts from which on two groups are one, found twice.</summary>
    private const double SameGroup = 0.5;

    /// <summary>
    /// What it counts that a group was found one way only, by the logarithm of its accounts over 40: small groups that chance has put together do not come out again. On the sets that weights were set on one in ten of the operators' groups
    /// that were flagged either way was found once, and 4 in 9 of all others; 22 of these 24 had under 40 accounts, none over 54 (docs/decisions/0012).
    /// </summary>
    private static double OnceBits(int accounts) => Curve(Math.Log2(accounts / 40.0), (-1, -4), (1, -0.5), (2, 0));

    /// <summary>Share of a group's accounts that must stand in another to be found again within it, and of one that is two, in the two.</summary>
    private const double Within = 0.8;

    /// <summary>Share of a group's accounts that must stand in another for it to be a part of that one.</summary>
    private const double Mostly = 0.5;

    private sealed record Candidate(Judgement Judgement, Judging By, HashSet<int> Accounts)
    {
        public double Bits => Judgement.Campaign.Bits;
    }

    /// <summary>Of both lists those that stand, an account in one of them at most.</summary>
    public List<Judgement> Joined(List<Judgement> one, List<Judgement> other)
    {
        var taken = new HashSet<int>();
        List<Judgement> byAhead = [], byBack = [];
        foreach (var candidate in Choice.Ordered(Together(Candidates(one, ahead), Candidates(other, back)), candidate => candidate.Judgement.Campaign))
        {
            var free = candidate.Accounts.Count(account => !taken.Contains(account));
            if (Choice.IsTaken(free, candidate.Accounts.Count)) continue;
            var own = free == candidate.Accounts.Count ? candidate.Judgement : Rest(candidate, taken);
            if (own is null) continue;
            if (own.Campaign.Confidence >= Detector.Suspected) taken.UnionWith(candidate.Accounts);
            (candidate.By == ahead ? byAhead : byBack).Add(own);
        }

        return [.. ahead.Described(byAhead), .. back.Described(byBack)];
    }

    /// <summary>What is left of a group when more convincing ones have their accounts, judged anew; null where nothing is left to be told.</summary>
    private static Judgement? Rest(Candidate candidate, HashSet<int> taken) =>
        candidate.By.Rest(candidate.Judgement, taken.Contains) is { } rest && rest.Campaign.Confidence >= Detector.Suspected ? rest : null;

    private static List<Candidate> Candidates(List<Judgement> judged, Judging by) => judged.ConvertAll(j => new Candidate(j, by, j.Cluster.Likely()));

    /// <summary>Each group once, with what the other way made of it; without those that the other way has shown to be two.</summary>
    private static List<Candidate> Together(List<Candidate> one, List<Candidate> other)
    {
        var toOther = Common(one, other);
        var toOne = Common(other, one);
        bool[] areTwo = [.. one.Select((group, c) => IsTwo(group, toOther[c], other))], otherAreTwo = [.. other.Select((group, c) => IsTwo(group, toOne[c], one))];
        var found = new List<Candidate>();
        for (var c = 0; c < one.Count; c++)
        {
            if (areTwo[c]) continue;
            var match = Same(one[c], toOther[c], other);
            found.Add(match >= 0 && !otherAreTwo[match] && Same(other[match], toOne[match], one) == c ? Mean(one[c], other[match]) : WithinOrOnce(one[c], toOther[c], other));
        }

        for (var c = 0; c < other.Count; c++)
        {
            // What was cleared one way only was cleared.
            if (otherAreTwo[c] || other[c].Judgement.Campaign.Confidence < Detector.Suspected) continue;
            var match = Same(other[c], toOne[c], one);
            if (match < 0 || areTwo[match] || Same(one[match], toOther[match], other) != c) found.Add(WithinOrOnce(other[c], toOne[c], one));
        }

        return found;
    }

    /// <summary>For each group how many of its accounts stand in each of the others.</summary>
    private static List<SortedDictionary<int, int>> Common(List<Candidate> groups, List<Candidate> others)
    {
        var holders = new Dictionary<int, List<int>>();
        for (var c = 0; c < others.Count; c++)
        {
            foreach (var account in others[c].Accounts)
            {
                ref var own = ref CollectionsMarshal.GetValueRefOrAddDefault(holders, account, out _);
                (own ??= []).Add(c);
            }
        }

        return groups.ConvertAll(group =>
        {
            var common = new SortedDictionary<int, int>();
            foreach (var account in group.Accounts)
                foreach (var holder in holders.GetValueOrDefault(account) ?? []) common[holder] = common.GetValueOrDefault(holder) + 1;
            return common;
        });
    }

    /// <summary>The place of the other group that is the same one; -1 if none is.</summary>
    private static int Same(Candidate group, SortedDictionary<int, int> common, List<Candidate> others)
    {
        var (likest, most) = (-1, 0.0);
        foreach (var (other, accounts) in common)
        {
            var alike = accounts / (double)(group.Accounts.Count + others[other].Accounts.Count - accounts);
            if (alike >= SameGroup && alike > most) (likest, most) = (other, alike);
        }

        return likest;
    }

    /// <summary>Whether the other way has flagged two groups or more inside this one, that are most of it and that it can tell apart.</summary>
    private static bool IsTwo(Candidate group, SortedDictionary<int, int> common, List<Candidate> others)
    {
        if (!group.Judgement.IsFlagged) return false;
        var cores = common.Where(pair => others[pair.Key].Judgement.IsFlagged && pair.Value > Mostly * others[pair.Key].Accounts.Count)
            .Select(pair => others[pair.Key]).OrderByDescending(core => core.Accounts.Count).ToList();
        return cores.Count > 1 && cores.Sum(core => core.Accounts.Count(group.Accounts.Contains)) >= Within * group.Accounts.Count
            && cores.Skip(1).Any(core => core.By.AreApart(cores[0].Judgement.Cluster, core.Judgement.Cluster));
    }

    /// <summary>The more convincing of the two, with the mean of both sums.</summary>
    private static Candidate Mean(Candidate a, Candidate b)
    {
        var (more, less) = a.Bits >= b.Bits ? (a, b) : (b, a);
        return With(more, Round((less.Bits - more.Bits) / 2), string.Create(CultureInfo.InvariantCulture,
            $"{Turned} {less.Accounts.Count(more.Accounts.Contains)} of the {more.Accounts.Count} accounts came out as one group, with {less.Bits:+0.0;-0.0;0.0} bits; the mean of both counts."));
    }

    private static Candidate WithinOrOnce(Candidate group, SortedDictionary<int, int> common, List<Candidate> others)
    {
        if (group.Judgement.Campaign.Confidence < Detector.Suspected) return group;
        foreach (var (other, accounts) in common)
        {
            if (!others[other].Judgement.IsFlagged || accounts < Within * group.Accounts.Count) continue;
            return With(group, Math.Min(0, Round((others[other].Bits - group.Bits) / 2)), string.Create(CultureInfo.InvariantCulture,
                $"{Turned} {accounts} of the {group.Accounts.Count} accounts came out within a larger group of {others[other].Accounts.Count}, with {others[other].Bits:+0.0;-0.0;0.0} bits; the mean of both counts if it is less."));
        }

        return OperatorEvidence.ArePassedOn(group.Judgement.Campaign.Evidence, group.Accounts.Count)
            ? With(group, 0, $"{Turned} no group like it came out; but chance does not pass reasoning handles from account to account.")
            : With(group, OnceBits(group.Accounts.Count), $"{Turned} no group like it came out: chance may have put it together.");
    }

    private const string Turned = "Sought again with the grouping and the testing half of the exchanges exchanged,";

    private static Candidate With(Candidate candidate, double bits, string text) =>
        candidate with { Judgement = candidate.Judgement.With(Row("calibration", Kind, bits, text, candidate.Accounts.Count, [])) };
}
