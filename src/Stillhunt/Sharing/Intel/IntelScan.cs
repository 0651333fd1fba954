using System.Text;
using Stillhunt.Campaigns;
using Stillhunt.Ingest;
using Stillhunt.Profiles;

namespace Stillhunt.Sharing.Intel;

/// <summary>
/// Looks for the indicators of others in traffic, exchange by exchange, on its way to the observer. What a match is worth is known at the end, from how
/// common it is here.
/// </summary>
public sealed class IntelScan : IExchangeSink
{
    private readonly Observer _next;
    private readonly Func<int, string> _sourceOf;
    private readonly IntelOptions _options;
    private readonly IntelMatcher _matcher;
    private readonly Dictionary<(AccountId Account, int Indicator), IntelHit> _hits = [];
    private readonly Dictionary<AccountId, (long Count, long FirstMs, long LastMs)> _accounts = [];

    /// <param name="next">Gets every exchange; what it counts is matched, so a duplicate is not.</param>
    public IntelScan(Observer next, Func<int, string> sourceOf, IntelStore store, IntelOptions options)
    {
        ArgumentNullException.ThrowIfNull(store);
        (_next, _sourceOf, _options, _matcher) = (next, sourceOf, options, new IntelMatcher(store.Indicators(), options));
    }

    public void Accept(Exchange exchange, LogPosition position)
    {
        ArgumentNullException.ThrowIfNull(exchange);
        var before = _next.ExchangeCount;
        _next.Accept(exchange, position);
        if (_next.ExchangeCount == before) return;
        var account = new AccountId(_sourceOf(position.File), Encoding.UTF8.GetString(exchange[ExchangeField.Account]));
        _accounts[account] = _accounts.TryGetValue(account, out var span)
            ? (span.Count + 1, Math.Min(span.FirstMs, exchange.TimeMs), Math.Max(span.LastMs, exchange.TimeMs)) : (1, exchange.TimeMs, exchange.TimeMs);
        foreach (var indicator in _matcher.Match(exchange)) Count(account, indicator, new IntelHit(1, exchange.TimeMs, exchange.TimeMs));
    }

    public void Reject(Rejection rejection, LogPosition position) => _next.Reject(rejection, position);

    public void DroppedField(string field, LogPosition position) => _next.DroppedField(field, position);

    /// <summary>Weighs the matches; call once after the last exchange.</summary>
    /// <param name="found">What detection found in the same traffic without any indicator.</param>
    /// <param name="record">What the accounts file says of an account, or null.</param>
    public IntelResult Finish(ScanResult found, Func<AccountId, AccountRecord?> record)
    {
        ArgumentNullException.ThrowIfNull(found);
        ArgumentNullException.ThrowIfNull(record);
        foreach (var (account, span) in _accounts)
        {
            if (record(account) is not { } known) continue;
            foreach (var indicator in _matcher.Match(known, span.FirstMs)) Count(account, indicator, new IntelHit(0, span.FirstMs, span.LastMs));
        }

        var entitled = _accounts.Where(pair => IntelGround.IsEntitled(record(pair.Key), pair.Value.FirstMs)).Select(pair => pair.Key).ToHashSet();
        return new IntelWeighing(_matcher, _options, new IntelGround
        {
            Exchanges = _accounts.ToDictionary(pair => pair.Key, pair => pair.Value.Count), BeginsMs = _accounts.Values.Select(span => span.FirstMs).DefaultIfEmpty(long.MaxValue).Min(),
            Trusted = entitled.Concat(_accounts.Keys.Where(account => record(account) is { Verified: true })).ToHashSet(), Entitled = entitled, Flagged = IntelGround.FlaggedIn(found),
        }).Weigh(_hits);
    }

    private void Count(AccountId account, int indicator, IntelHit hit) => _hits[(account, indicator)] = _hits.TryGetValue((account, indicator), out var before) ? before.Merge(hit) : hit;
}
