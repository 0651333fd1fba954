using System.Globalization;
using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>Names the honest thing that a group without enough evidence looks like, with the reason that cleared it.</summary>
internal static class Lookalikes
{
    private const int LeastAccounts = 5, LeastExchanges = 30, MostGroups = 40, NetworkAccounts = 20, MostNetworks = 20;

    /// <summary>Ids that a cleared group names; of entitled accounts there may be more (<see cref="EntitledTraffic"/>).</summary>
    internal const int FirstAccounts = 5;

    /// <summary>Whether the accounts hold an entitlement that the provider itself issued and that had not run out.</summary>
    public static bool IsEntitled(Traffic traffic, Cluster cluster) => cluster.Members.Count > 0 && cluster.Members.TrueForAll(member => EntitledTraffic.IsEntitled(traffic, member));

    /// <summary>The cluster cut into those who hold an entitlement and the others: an entitled account is in nobody else's campaign.</summary>
    public static IEnumerable<Cluster> Apart(Traffic traffic, Cluster cluster)
    {
        var entitled = cluster.Members.Where(member => EntitledTraffic.IsEntitled(traffic, member)).ToHashSet();
        if (entitled.Count == 0) return [cluster];
        return [cluster.Without(member => entitled.Contains(member), traffic), cluster.Without(member => !entitled.Contains(member), traffic)];
    }

    /// <summary>
    /// What was looked at and not reported otherwise: entitled traffic first and all of it, then groups that did not reach the evidence, the largest first, and how many more there were.
    /// </summary>
    public static (IReadOnlyList<ClearedGroup> Listed, long OmittedCount) Clear(Traffic traffic, SharedValues values, IReadOnlyList<Judgement> groups)
    {
        var cleared = new List<ClearedGroup>();
        foreach (var (campaign, facts, cluster) in groups)
        {
            if (IsEntitled(traffic, cluster) || campaign.Accounts.Count < LeastAccounts || campaign.ExtractingCount < LeastExchanges) continue;
            var (name, reason) = Openly(campaign) ?? Reason(facts);
            var weighed = cluster.Members.Count == campaign.Accounts.Count ? "" : Text($" {cluster.Members.Count} accounts were weighed; {campaign.Accounts.Count} of them would more likely than not be the group's.");
            cleared.Add(new ClearedGroup
            {
                Lookalike = name,
                AccountCount = campaign.Accounts.Count,
                ExchangeCount = campaign.ExtractingCount,
                Text = string.Create(CultureInfo.InvariantCulture, $"{reason}{weighed} Evidence: {campaign.Bits:0.0} bits, confidence {campaign.Confidence:P1}."),
                Accounts = [.. campaign.Accounts.Take(FirstAccounts).Select(account => account.Id)],
            });
        }

        var networks = Networks(traffic, values).ToList();
        cleared.AddRange(networks.Take(MostNetworks));
        var listed = cleared.OrderByDescending(group => group.AccountCount).ThenBy(group => group.Text, StringComparer.Ordinal)
            .ThenBy(group => group.Accounts.Count > 0 ? group.Accounts[0] : "", StringComparer.Ordinal).Take(MostGroups).ToList();
        var omitted = cleared.Count + Math.Max(0, networks.Count - MostNetworks) - listed.Count;
        return ([.. EntitledTraffic.Groups(traffic, groups.Where(j => IsEntitled(traffic, j.Cluster))), .. listed], omitted);
    }

    /// <summary>What the group itself shows, where that is what cleared it.</summary>
    private static (string Name, string Reason)? Openly(Campaign campaign)
    {
        foreach (var row in campaign.Evidence.Where(row => row.Bits <= MuchToTheContrary))
        {
            if (row.Kind is "one-house" or "one-mail-domain" or "one-customer" or "working-day") return ("batch-job", row.Text);
            if (row.Kind == "users-of-one-tool") return ("byok-app", row.Text);
        }

        return null;
    }

    private const double MuchToTheContrary = -3;

    private static (string Name, string Reason) Reason(GroupFacts f)
    {
        if (f.PutAgain >= 0.25 && f.Accounts <= 60 && f.AnyTechnique >= 0.1)
            return ("evaluation", Text($"A bounded set of items is put word for word to several models ({f.PutAgain:P0} of the prompts): an evaluation."));
        if (f.OneOrganization >= 0.6)
            return f.FollowUp >= 0.3
                ? ("company-seats", Text($"{f.OneOrganization:P0} of the accounts are of one declared organisation, and {f.FollowUp:P0} of the conversations go on as people's do."))
                : ("batch-job", Text($"{f.OneOrganization:P0} of the accounts are of one declared organisation, working through items of its own; {(double.IsNaN(f.AnyTechnique) ? "what they ask was not logged" : Text($"{f.AnyTechnique:P0} of the prompts read like extraction"))}."));
        if (double.IsNaN(f.AnyTechnique))
            return ("prompts-not-logged", "What these accounts ask was not logged, and what they have in common beside it does not suffice by itself.");
        if (f.DistinctTurns < 0.3)
            return ("viral-prompt", Text($"The same few texts ({f.DistinctTurns:P0} of the prompts are different) are used by accounts that share nothing else: an assignment, or a prompt that went round."));
        if (f.Pool.UnitsPerConversation >= 1 && (f.FollowUp >= 0.3 || f.OwnInterests >= 0.4))
            return ("byok-app", Text($"One text of an application stands in the prompts; what is asked is each account's own ({Known(f.OwnInterests)} of a typical customer's interests), and {f.FollowUp:P0} of the conversations go on."));
        if (f.AnyTechnique < 0.1)
            return ("batch-job", Text($"Shared wording, but only {f.AnyTechnique:P0} of the prompts read like extraction ({f.AnyTechniqueElsewhere:P0} elsewhere) and the answers are {f.MedianOutput / f.MedianOutputElsewhere:0.0} times as long as others'."));
        return ("grading-tutoring", "The wording looks like extraction, but nothing shows one operator behind these accounts.");
    }

    private static string Known(double share) => double.IsNaN(share) ? "an unknown part" : Math.Clamp(share, 0, 1).ToString("P0", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    /// <summary>Addresses with many accounts that have nothing else in common, the busiest first.</summary>
    private static IEnumerable<ClearedGroup> Networks(Traffic traffic, SharedValues values)
    {
        var groups = new Dictionary<ulong, List<int>>();
        for (var s = 0; s < traffic.Subjects.Count; s++)
        {
            foreach (var ip in values.Of(s, ValueKind.Ip))
            {
                if (values.Holders(ValueKind.Ip, ip) < NetworkAccounts) continue;
                if (!groups.TryGetValue(ip, out var list)) groups.Add(ip, list = []);
                list.Add(s);
            }
        }

        // Accounts that come from several addresses together are one network, not one for each address.
        foreach (var addresses in groups.OrderByDescending(g => g.Value.Count).ThenBy(g => g.Key).GroupBy(g => string.Join(' ', g.Value)))
        {
            var accounts = addresses.First().Value;
            var owners = accounts.Select(s => traffic.Subjects[s].Owner).Distinct().Count();
            if (owners < 0.6 * accounts.Count) continue;
            yield return new ClearedGroup
            {
                Lookalike = "shared-network",
                AccountCount = accounts.Count,
                ExchangeCount = accounts.Sum(s => traffic.Subjects[s].ExchangeCount),
                Text = Text($"{accounts.Count} accounts of {owners} customers come from {(addresses.Count() == 1 ? "one address" : $"the same {addresses.Count()} addresses")}; an address alone is a campus, a carrier's or a VPN's exit."),
                Accounts = [.. accounts.Take(FirstAccounts).Select(s => traffic.Subjects[s].Profile.Id.Id)],
            };
        }
    }
}
