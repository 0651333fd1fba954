using Stillhunt.Campaigns;

namespace Stillhunt.Reporting.Html;

/// <summary>
/// What a picture of a campaign's links shows: shared values, and accounts in groups that have the same values. Few accounts stand alone;
/// many are told apart by as many values as leave a number of groups that a person can take in.
/// </summary>
internal sealed class Connections
{
    public const int MostHubs = 14;
    private const int MostGroups = 14;

    private Connections(IReadOnlyList<SharedValue> hubs, IReadOnlyList<Group> groups, int left, int accounts)
    {
        Hubs = hubs;
        Groups = groups;
        HubsLeftOut = left;
        AccountCount = accounts;
    }

    public IReadOnlyList<SharedValue> Hubs { get; }
    public IReadOnlyList<Group> Groups { get; }
    public int HubsLeftOut { get; }

    /// <summary>Accounts that the groups hold: those whose links are listed.</summary>
    public int AccountCount { get; }

    /// <summary>Accounts alike, by position; and for every hub the part of them that has it, 0 to 1.</summary>
    internal sealed record Group(IReadOnlyList<int> Accounts, double[] Links);

    public static Connections Of(Campaign campaign, int mostHubs)
    {
        var hubs = Chosen(campaign.Shared, mostHubs);
        var links = LinksOf(campaign, hubs);
        // Unlisted accounts of a large campaign are not unlinked ones: a value lists only its first accounts.
        var listed = Enumerable.Range(0, campaign.Accounts.Count)
            .Where(account => links[account] != 0 || campaign.Accounts.Count <= Wording.MostListedAccounts)
            .ToArray();

        var told = hubs.Count;
        var groups = Grouped(listed, links, told);
        if (listed.Length > MostGroups)
        {
            while (groups.Count > MostGroups && told > 0)
                groups = Grouped(listed, links, --told);
        }

        var shown = groups
            .Select(group => new Group(group, [.. hubs.Select((_, hub) => group.Count(a => (links[a] >> hub & 1) != 0) / (double)group.Count)]))
            .ToArray();
        return Ordered(hubs, shown, campaign.Shared.Count - hubs.Count, listed.Length);
    }

    /// <summary>The widest value of every kind first, then the next widest of every kind, so that no kind crowds out another.</summary>
    private static List<SharedValue> Chosen(IReadOnlyList<SharedValue> shared, int most) =>
    [
        .. shared.Where(value => value.Accounts.Count > 0)
            .GroupBy(value => value.Kind, StringComparer.Ordinal)
            .SelectMany(kind => kind.OrderByDescending(v => v.AccountCount).ThenBy(v => v.Label, StringComparer.Ordinal).Select((value, rank) => (value, rank)))
            .OrderBy(entry => entry.rank).ThenByDescending(entry => entry.value.AccountCount).ThenBy(entry => entry.value.Kind, StringComparer.Ordinal)
            .Take(most)
            .Select(entry => entry.value),
    ];

    /// <summary>One bit per hub for every account.</summary>
    private static int[] LinksOf(Campaign campaign, List<SharedValue> hubs)
    {
        var links = new int[campaign.Accounts.Count];
        for (var hub = 0; hub < hubs.Count; hub++)
        {
            foreach (var account in hubs[hub].Accounts)
            {
                // A position outside the list is a fault of the file, not of the picture.
                if (account >= 0 && account < links.Length)
                    links[account] |= 1 << hub;
            }
        }

        return links;
    }

    private static List<List<int>> Grouped(int[] accounts, int[] links, int told) =>
        accounts.Length <= MostGroups
            ? [.. accounts.Select(account => new List<int> { account })]
            : [.. accounts.GroupBy(account => links[account] & ((1 << told) - 1)).Select(group => group.ToList())];

    /// <summary>Each side is put in the order of what it is linked to on the other, twice over, which undoes most crossings.</summary>
    private static Connections Ordered(List<SharedValue> hubs, Group[] groups, int left, int accounts)
    {
        var hubOrder = Enumerable.Range(0, hubs.Count).ToArray();
        for (var round = 0; round < 4; round++)
        {
            var place = Inverse(hubOrder);
            groups = [.. groups.OrderBy(g => Centre(g.Links, hub => place[hub])).ThenByDescending(g => g.Accounts.Count).ThenBy(g => g.Accounts[0])];
            var current = groups;
            hubOrder = [.. hubOrder.OrderBy(hub => Centre([.. current.Select(g => g.Links[hub] * Math.Sqrt(g.Accounts.Count))], group => group)).ThenBy(hub => hub)];
        }

        return new Connections(
            [.. hubOrder.Select(hub => hubs[hub])],
            [.. groups.Select(g => g with { Links = [.. hubOrder.Select(hub => g.Links[hub])] })],
            left,
            accounts);
    }

    private static double Centre(double[] weights, Func<int, double> place)
    {
        double sum = 0, weight = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            sum += weights[i] * place(i);
            weight += weights[i];
        }

        return weight > 0 ? sum / weight : double.MaxValue;
    }

    private static int[] Inverse(int[] order)
    {
        var inverse = new int[order.Length];
        for (var i = 0; i < order.Length; i++)
            inverse[order[i]] = i;
        return inverse;
    }
}
