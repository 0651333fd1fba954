using System.Text;
using Stillhunt.Fingerprinting;
using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>Under which end user and which key a member of a campaign sent the campaign's exchanges, as the log writes them.</summary>
internal static class MemberNames
{
    /// <summary>Share of an account's exchanges that other end users must send for the campaign to be a tenant's and not the account's.</summary>
    private const double Others = 0.5;

    /// <summary>
    /// The tenant; of an account that was judged whole the one end user who sent all that the campaign has of it, where the account names several and most of what it sends is
    /// others'. Null where the whole account is the operator's, or no end user is named.
    /// </summary>
    public static string? EndUserOf(Traffic traffic, int subject, List<int> extracting)
    {
        var s = traffic.Subjects[subject];
        if (extracting.Count == 0 || Only(traffic, extracting, exchange => exchange.EndUser) is not { } first) return null;
        if (!s.IsTenant)
        {
            var all = traffic.Exchanges.AsSpan(s.First, s.SampleCount);
            var others = 0;
            foreach (var exchange in all)
                if (exchange.EndUser != 0 && exchange.EndUser != first.EndUser) others++;
            if (others < Others * s.SampleCount || Tenants.Named(all) < Tenants.LeastEndUsers) return null;
        }

        return Text(first.EndUserText);
    }

    /// <summary>Null where the exchanges came under several keys, or some under none.</summary>
    public static string? KeyOf(Traffic traffic, List<int> extracting) => Text(Only(traffic, extracting, exchange => exchange.Key)?.KeyText);

    /// <summary>An exchange where all have one value of a field; null where they differ or some lack it.</summary>
    private static ExchangeFingerprint? Only(Traffic traffic, List<int> exchanges, Func<ExchangeFingerprint, uint> field)
    {
        if (exchanges.Count == 0) return null;
        var value = field(traffic.Exchanges[exchanges[0]]);
        return value != 0 && exchanges.TrueForAll(i => field(traffic.Exchanges[i]) == value) ? traffic.Exchanges[exchanges[0]] : null;
    }

    private static string? Text(byte[]? text) => text is null ? null : Encoding.UTF8.GetString(text);
}
