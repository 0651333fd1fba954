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
        RejectTogether(uses, byIndicator);
        CountOnce(uses);
        return new IntelResult { Indicators = uses, Accounts = Accounts(uses, byIndicator) };
    }

    /// <summary>Whether the account does it rather than met it once: an account of a thousand exchanges meets everything once.</summary>
    private bool IsHabit(AccountId account, IntelHit hit) => hit.Count == 0 || hit.Count >= options.LeastShare * ground.Exchanges.GetValueOrDefault(account);

    /// <summary>
    /// Of several senders who sent one pattern the most trusted counts: whoever repeats what another says agrees with nobody. Among those that are used, so that nobody can take another's
    /// indicator away by repeating it beside what is rejected.
    /// </summary>
    private void CountOnce(List<IntelIndicatorUse> uses)
    {
        foreach (var same in Used(uses).GroupBy(i => matcher.Indicators[i].Pattern!.Write(), StringComparer.Ordinal).Where(same => same.Skip(1).Any()).ToList())
        {
            var original = same.Select(i => matcher.Indicators[i]).OrderByDescending(indicator => indicator.Trust).ThenBy(indicator => indicator.Sender, StringComparer.Ordinal).First().Sender;
            foreach (var i in same.Where(i => matcher.Indicators[i].Sender != original)) uses[i] = uses[i] with { Status = "copied", Text = $"Counted once: {original} sent the same.", Bits = null };
        }
    }

    /// <summary>
    /// Many indicators that each hit few may hit everybody together: hundreds of networks, or of clients. Then they tell nobody apart, and all of the sender's of that kind are rejected.
    /// </summary>
    private void RejectTogether(List<IntelIndicatorUse> uses, ILookup<int, KeyValuePair<(AccountId Account, int Indicator), IntelHit>> byIndicator)
    {
        foreach (var kind in Used(uses).GroupBy(i => (matcher.Indicators[i].Sender, matcher.Indicators[i].Kind)).ToList())
        {
            var strangers = Strangers(kind, byIndicator);
            if (kind.Count() < 2 || strangers < LeastCommon || Share(strangers) <= options.MostAccountsOfKind) continue;
            var text = string.Create(CultureInfo.InvariantCulture, $"Rejected: all {kind.Key.Kind} of {kind.Key.Sender} together match {Figures.Counted(strangers, "account")} of {_strangers:N0}{OfNoCampaign}, more than {options.MostAccountsOfKind:P0}, so they tell nobody apart here.");
            foreach (var i in kind) uses[i] = uses[i] with { Status = "too-common", Text = text, Bits = null };
        }
    }

    /// <summary>
    /// What a sender's matches of one account are worth at most: whatever is behind them, they say no more than that the account is among those of whom this sender says something.
    /// </summary>
    private Dictionary<string, double> MostOfSenders(List<IntelIndicatorUse> uses, ILookup<int, KeyValuePair<(AccountId Account, int Indicator), IntelHit>> byIndicator) =>
        Used(uses).GroupBy(i => matcher.Indicators[i].Sender, StringComparer.Ordinal)
            .ToDictionary(own => own.Key, own => Math.Min(options.MostBitsOfSender, -Math.Log2(Share(Strangers(own, byIndicator)))), StringComparer.Ordinal);

    private static IEnumerable<int> Used(List<IntelIndicatorUse> uses) => Enumerable.Range(0, uses.Count).Where(i => uses[i].Bits is not null);

    private int Strangers(IEnumerable<int> indicators, ILookup<int, KeyValuePair<(AccountId Account, int Indicator), IntelHit>> byIndicator) =>
        indicators.SelectMany(i => byIndicator[i]).Select(pair => pair.Key.Account).Where(account => !ground.Flagged.Contains(account)).Distinct().Count();

    private double Share(int strangers) => (strangers + 0.5) / (_strangers + 1);

    private List<IntelMatch> Accounts(List<IntelIndicatorUse> uses, ILookup<int, KeyValuePair<(AccountId Account, int Indicator), IntelHit>> byIndicator)
    {
        var most = MostOfSenders(uses, byIndicator);
        var used = Used(uses).SelectMany(i => byIndicator[i]).Where(pair => !ground.Entitled.Contains(pair.Key.Account));
        return [.. used.GroupBy(pair => pair.Key.Account).Select(own => new IntelMatch
        {
            Id = own.Key.Id, Source = own.Key.Source,
            Senders = [.. own.Select(pair => matcher.Indicators[pair.Key.Indicator].Source).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Witnesses = [.. own.Select(pair => matcher.Indicators[pair.Key.Indicator]).Where(indicator => indicator.Trust > IntelOptions.UnknownTrust).Select(indicator => indicator.Sender)
                .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
            Hits = [.. own.OrderBy(pair => pair.Key.Indicator).Select(pair => new IntelMatchHit
            {
                Indicator = matcher.Indicators[pair.Key.Indicator].Id, ExchangeCount = pair.Value.Count, First = Time(pair.Value.FirstMs), Last = Time(pair.Value.LastMs),
            })],
            // By who sent it, and not by who is said to have made it: a sender can name as many makers as it likes.
            Bits = Round(Math.Min(options.MostBits, own.GroupBy(pair => matcher.Indicators[pair.Key.Indicator].Sender, StringComparer.Ordinal)
                .Sum(sender => Math.Min(most[sender.Key] * sender.Max(pair => matcher.Indicators[pair.Key.Indicator].Trust), sender.Sum(pair => uses[pair.Key.Indicator].Bits!.Value))))),
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
            var share = Share(strangers.Count);
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
