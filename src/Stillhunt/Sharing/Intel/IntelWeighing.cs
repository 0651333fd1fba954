using System.Globalization;
using Stillhunt.Campaigns;
using Stillhunt.Profiles;
using Stillhunt.Reporting;

namespace Stillhunt.Sharing.Intel;

/// <summary>What matches are worth, from how common each is here. Pure: the same hits and ground give the same result.</summary>
internal sealed class IntelWeighing(IntelMatcher matcher, IntelOptions options, IntelGround ground)
{
    /// <summary>Fewer accounts that were vouched for say nothing: each may be one that an operator had verified.</summary>
    private const int LeastVouched = 5;

    /// <summary>Accounts that match, for a share to say anything: two may be the operator's only ones.</summary>
    private const int LeastCommon = 3;

    private readonly int _strangers = ground.Exchanges.Keys.Count(account => !ground.Flagged.Contains(account));
    private readonly int _trusted = ground.Trusted.Count(account => !ground.Flagged.Contains(account));

    public IntelResult Weigh(IEnumerable<KeyValuePair<(AccountId Account, int Indicator), IntelHit>> hits)
    {
        var byIndicator = hits.Where(pair => !options.Allowed.Allows(pair.Key.Account.Id) && IsHabit(pair.Key.Account, pair.Value)).ToLookup(pair => pair.Key.Indicator);
        var uses = Enumerable.Range(0, matcher.Indicators.Count).Select(i => Use(i, [.. byIndicator[i]])).ToList();
        return new IntelResult { Indicators = uses, Accounts = Accounts(uses, byIndicator) };
    }

    /// <summary>Whether the account does it rather than met it once: an account of a thousand exchanges meets everything once.</summary>
    private bool IsHabit(AccountId account, IntelHit hit) => hit.Count == 0 || hit.Count >= options.LeastShare * ground.Exchanges.GetValueOrDefault(account);

    private List<IntelMatch> Accounts(List<IntelIndicatorUse> uses, ILookup<int, KeyValuePair<(AccountId Account, int Indicator), IntelHit>> byIndicator)
    {
        var used = Enumerable.Range(0, uses.Count).Where(i => uses[i].Bits is not null).SelectMany(i => byIndicator[i]).Where(pair => !ground.Entitled.Contains(pair.Key.Account));
        return [.. used.GroupBy(pair => pair.Key.Account).Select(own => new IntelMatch
        {
            Id = own.Key.Id, Source = own.Key.Source,
            Senders = [.. own.Select(pair => matcher.Indicators[pair.Key.Indicator].Source).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Indicators = [.. own.Select(pair => matcher.Indicators[pair.Key.Indicator].Id).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            // By who sent it, and not by who is said to have made it: a sender can name as many makers as it likes.
            Bits = Round(Math.Min(options.MostBits, own.GroupBy(pair => matcher.Indicators[pair.Key.Indicator].Sender, StringComparer.Ordinal)
                .Sum(sender => Math.Min(options.MostBitsOfSender * sender.Max(pair => matcher.Indicators[pair.Key.Indicator].Trust), sender.Sum(pair => uses[pair.Key.Indicator].Bits!.Value))))),
            ExchangeCount = own.Max(pair => pair.Value.Count), First = Time(own.Min(pair => pair.Value.FirstMs)),
        }).OrderByDescending(match => match.Bits).ThenByDescending(match => match.ExchangeCount).ThenBy(match => match.Source, StringComparer.Ordinal).ThenBy(match => match.Id, StringComparer.Ordinal)];
    }

    private IntelIndicatorUse Use(int number, List<KeyValuePair<(AccountId Account, int Indicator), IntelHit>> hits)
    {
        var indicator = matcher.Indicators[number];
        var (status, text) = matcher.WhyUnused(number) is { } unused ? Split(unused) : ("used", "");
        double? bits = null;
        if (status == "used" && ground.Exchanges.Count > 0 && matcher.HasEnded(number, ground.BeginsMs))
            (status, text) = ("expired", $"Valid until {indicator.ValidUntil!.Value.UtcDateTime:yyyy-MM-dd}, before all of this traffic.");
        if (status == "used")
        {
            // An operator may have a large part of a small provider's accounts: those that are flagged without any indicator are what it is meant to hit.
            var strangers = hits.Where(pair => !ground.Flagged.Contains(pair.Key.Account)).ToList();
            var share = (strangers.Count + 0.5) / (_strangers + 1);
            var vouched = strangers.Count(pair => ground.Trusted.Contains(pair.Key.Account));
            if (strangers.Count >= LeastCommon && share > options.MostAccounts)
                (status, text) = ("too-common", string.Create(CultureInfo.InvariantCulture, $"Rejected: it matches {Figures.Counted(strangers.Count, "account")} of {_strangers:N0}{OfNoCampaign}, more than {options.MostAccounts:P0}, so it tells nobody apart here."));
            else if (vouched >= LeastVouched && vouched > options.MostTrustedFor(indicator.Trust) * _trusted)
                (status, text) = ("hits-trusted", string.Create(CultureInfo.InvariantCulture, $"Rejected: it matches {Figures.Counted(vouched, "account")} of {_trusted:N0}{OfNoCampaign} that you verified or entitled, more than {options.MostTrustedFor(indicator.Trust):P0}."));
            else
            {
                // All others who match are counted as strangers, the operator's own that detection missed too: the worth is stated too low rather than too high.
                bits = Round(Math.Min(options.MostBitsOfSender, -Math.Log2(share)) * indicator.Trust);
                text = hits.Count == 0 ? "Nothing matched." : string.Create(CultureInfo.InvariantCulture, $"{Figures.Counted(hits.Count, "account")} of {ground.Exchanges.Count:N0} matched.");
            }
        }

        return new IntelIndicatorUse
        {
            Id = indicator.Id, Source = indicator.Source, Kind = indicator.Kind, Status = status, Text = text, AccountCount = hits.Count, ExchangeCount = hits.Sum(pair => pair.Value.Count), Bits = bits,
            First = hits.Count == 0 ? null : Time(hits.Min(pair => pair.Value.FirstMs)), Last = hits.Count == 0 ? null : Time(hits.Max(pair => pair.Value.LastMs)),
        };
    }

    private string OfNoCampaign => ground.Flagged.Count == 0 ? "" : " in no campaign of your own";

    private static (string, string) Split(string unused) => (unused[..unused.IndexOf(':', StringComparison.Ordinal)], unused[(unused.IndexOf(':', StringComparison.Ordinal) + 2)..]);

    private static double Round(double bits) => Math.Round(bits, 2, MidpointRounding.AwayFromZero);

    private static string Time(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
