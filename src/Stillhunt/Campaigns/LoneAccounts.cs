using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>
/// Accounts that send so much that their own work can be judged: a campaign may have a single account, and whoever has one operator anyway need only be shown to extract.
/// </summary>
internal sealed class LoneAccounts(Traffic traffic, Func<Cluster, Judgement> judge)
{
    /// <summary>Exchanges from which on an account's habits say something of it, and how many of them must be in the sample: of what it sends a tenth may be something else.</summary>
    public const int Heavy = 200, LeastSample = 64;

    /// <summary>Those that may be reported, of the accounts that no flagged campaign holds.</summary>
    public IEnumerable<Judgement> Find(IEnumerable<Judgement> standing, Shares shares)
    {
        var taken = standing.Where(j => j.IsFlagged).SelectMany(j => j.Accounts).ToHashSet();
        List<Cluster> lone = [.. Enumerable.Range(0, traffic.Subjects.Count).Where(account => !taken.Contains(account) && IsHeavy(traffic.Subjects[account])).Select(Alone)];
        return shares.Of(lone, judge).Where(j => j.Campaign.Confidence >= Detector.Suspected);
    }

    private static bool IsHeavy(Subject subject) => subject.ExchangeCount >= Heavy && subject.SampleCount >= LeastSample;

    /// <summary>Nothing has grouped it: all of it can be tested.</summary>
    private Cluster Alone(int account)
    {
        List<int> exchanges = [.. Enumerable.Range(traffic.Subjects[account].First, traffic.Subjects[account].SampleCount)];
        return new Cluster { Members = [account], Probabilities = [1], Tested = [account], Extracting = exchanges, Test = exchanges };
    }
}
