using System.Globalization;
using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>
/// What accounts with an entitlement of the provider's sent: never a ground for a verdict, and always reported (an entitlement changes the verdict, not the view), however
/// few they are and whether or not they were found to be a group.
/// </summary>
internal static class EntitledTraffic
{
    /// <summary>The look-alike under which it is cleared.</summary>
    public const string Licensed = "licensed";

    /// <summary>Ids that a group names: more than of other groups, so that whoever looks for a licence's accounts finds them.</summary>
    private const int MostAccounts = 400;

    /// <summary>Whether the account held an entitlement that had not run out when its traffic began.</summary>
    public static bool IsEntitled(Traffic traffic, int account)
    {
        var subject = traffic.Subjects[account];
        return !string.IsNullOrEmpty(subject.Record?.Entitlement) && subject.SampleCount > 0
            && (subject.Record.EntitlementUntilMs is not { } until || until >= traffic.Exchanges[subject.First].TimeMs);
    }

    /// <summary>
    /// Each group of entitled accounts that was judged, the largest first, then all other entitled accounts together. Counts are of all that the accounts sent. What was judged once more by itself, and stands in a larger group, is not told twice.
    /// </summary>
    public static List<ClearedGroup> Groups(Traffic traffic, IEnumerable<Judgement> entitled)
    {
        var groups = new List<ClearedGroup>();
        var listed = new HashSet<(string Source, string Id)>();
        foreach (var (campaign, _, _) in entitled.Where(j => j.Campaign.Accounts.Count > 0)
                     .OrderByDescending(j => j.Campaign.Accounts.Count).ThenBy(j => j.Campaign.Id, StringComparer.Ordinal))
        {
            var count = listed.Count;
            listed.UnionWith(campaign.Accounts.Select(account => (account.Source, account.Id)));
            if (listed.Count == count) continue;
            groups.Add(Group([.. campaign.Accounts.Select(account => account.Id)], campaign.ExchangeCount, Text(
                $"{campaign.ExtractingCount:N0} of their exchanges were judged as one group's work. Evidence: {campaign.Bits:0.0} bits, confidence {campaign.Confidence:P1}.")));
        }

        var rest = Enumerable.Range(0, traffic.Subjects.Count).Where(account => IsEntitled(traffic, account)).Select(account => traffic.Subjects[account])
            .Where(subject => !listed.Contains((subject.Profile.Id.Source, subject.Profile.Id.Id)))
            .OrderByDescending(subject => subject.ExchangeCount).ThenBy(subject => subject.Profile.Id.Source, StringComparer.Ordinal).ThenBy(subject => subject.Profile.Id.Id, StringComparer.Ordinal)
            .ToList();
        if (rest.Count > 0)
            groups.Add(Group([.. rest.Select(subject => subject.Profile.Id.Id)], rest.Sum(subject => subject.ExchangeCount), "They stand in no group that could be judged, and need not belong together."));
        return groups;
    }

    private static ClearedGroup Group(IReadOnlyList<string> accounts, long exchanges, string text) => new()
    {
        Lookalike = Licensed,
        AccountCount = accounts.Count,
        ExchangeCount = exchanges,
        Text = "The provider itself issued an entitlement to these accounts. Their traffic is reported, and is no ground for a verdict. " + text,
        Accounts = [.. accounts.Take(MostAccounts)],
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
