using System.Globalization;
using Stillhunt.Campaigns;
using Stillhunt.Profiles;
using Stillhunt.Reporting;

namespace Stillhunt.Sharing.Intel;

/// <summary>What matches are worth, from how common each is here. Pure: the same hits and accounts give the same result.</summary>
/// <param name="accountCount">All accounts that send, matched or not.</param>
/// <param name="beginsMs">When the traffic of all accounts begins.</param>
internal sealed class IntelWeighing(IntelMatcher matcher, IntelOptions options, int accountCount, long beginsMs)
{
    /// <summary>Fewer accounts that were vouched for say nothing: each may be one that an operator had verified.</summary>
    private const int LeastVouched = 5;

    /// <param name="trusted">Accounts that are verified or entitled.</param>
    public IntelResult Weigh(IEnumerable<KeyValuePair<(AccountId Account, int Indicator), IntelHit>> hits, HashSet<AccountId> trusted)
    {
        var byIndicator = hits.Where(pair => !options.Allowed.Allows(pair.Key.Account.Id)).ToLookup(pair => pair.Key.Indicator);
        var uses = Enumerable.Range(0, matcher.Indicators.Count).Select(i => Use(i, [.. byIndicator[i]], trusted)).ToList();
        return new IntelResult { Indicators = uses, Accounts = Accounts(uses, byIndicator) };
    }

    private List<IntelMatch> Accounts(List<IntelIndicatorUse> uses, ILookup<int, KeyValuePair<(AccountId Account, int Indicator), IntelHit>> byIndicator)
    {
        var used = Enumerable.Range(0, uses.Count).Where(i => uses[i].Bits is not null).SelectMany(i => byIndicator[i]);
        return [.. used.GroupBy(pair => pair.Key.Account).Select(own => new IntelMatch
        {
            Id = own.Key.Id, Source = own.Key.Source,
            Senders = [.. own.Select(pair => matcher.Indicators[pair.Key.Indicator].Source).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Indicators = [.. own.Select(pair => matcher.Indicators[pair.Key.Indicator].Id).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Bits = Round(Math.Min(options.MostBits, own.GroupBy(pair => matcher.Indicators[pair.Key.Indicator].Source, StringComparer.Ordinal)
                .Sum(sender => Math.Min(options.MostBitsOfSender * sender.Max(pair => matcher.Indicators[pair.Key.Indicator].Trust), sender.Sum(pair => uses[pair.Key.Indicator].Bits!.Value))))),
            ExchangeCount = own.Max(pair => pair.Value.Count), First = Time(own.Min(pair => pair.Value.FirstMs)),
        }).OrderByDescending(match => match.Bits).ThenByDescending(match => match.ExchangeCount).ThenBy(match => match.Source, StringComparer.Ordinal).ThenBy(match => match.Id, StringComparer.Ordinal)];
    }

    private IntelIndicatorUse Use(int number, List<KeyValuePair<(AccountId Account, int Indicator), IntelHit>> hits, HashSet<AccountId> trusted)
    {
        var indicator = matcher.Indicators[number];
        var (status, text) = matcher.WhyUnused(number) is { } unused ? Split(unused) : ("used", "");
        double? bits = null;
        if (status == "used" && accountCount > 0 && matcher.HasEnded(number, beginsMs))
            (status, text) = ("expired", $"Valid until {indicator.ValidUntil!.Value.UtcDateTime:yyyy-MM-dd}, before all of this traffic.");
        if (status == "used")
        {
            var share = (hits.Count + 0.5) / (accountCount + 1);
            var vouched = hits.Count(pair => trusted.Contains(pair.Key.Account));
            if (hits.Count >= 3 && share > options.MostAccounts)
                (status, text) = ("too-common", string.Create(CultureInfo.InvariantCulture, $"Rejected: it matches {Figures.Counted(hits.Count, "account")} of {accountCount:N0}, more than {options.MostAccounts:P0}, so it tells nobody apart here."));
            else if (vouched >= LeastVouched && vouched > options.MostTrusted * trusted.Count)
                (status, text) = ("hits-trusted", string.Create(CultureInfo.InvariantCulture, $"Rejected: it matches {Figures.Counted(vouched, "account")} of {trusted.Count:N0} that you verified or entitled."));
            else
            {
                // All who match are counted as strangers, the operator's own too: the worth is stated too low rather than too high.
                bits = Round(Math.Min(options.MostBitsOfSender, -Math.Log2(share)) * indicator.Trust);
                text = hits.Count == 0 ? "Nothing matched." : string.Create(CultureInfo.InvariantCulture, $"{Figures.Counted(hits.Count, "account")} of {accountCount:N0} matched.");
            }
        }

        return new IntelIndicatorUse
        {
            Id = indicator.Id, Source = indicator.Source, Kind = indicator.Kind, Status = status, Text = text, AccountCount = hits.Count, ExchangeCount = hits.Sum(pair => pair.Value.Count), Bits = bits,
            First = hits.Count == 0 ? null : Time(hits.Min(pair => pair.Value.FirstMs)), Last = hits.Count == 0 ? null : Time(hits.Max(pair => pair.Value.LastMs)),
        };
    }

    private static (string, string) Split(string unused) => (unused[..unused.IndexOf(':', StringComparison.Ordinal)], unused[(unused.IndexOf(':', StringComparison.Ordinal) + 2)..]);

    private static double Round(double bits) => Math.Round(bits, 2, MidpointRounding.AwayFromZero);

    private static string Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
