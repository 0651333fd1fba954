using System.Text;
using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Server.Store;
using Stillhunt.Sharing.Intel;

namespace Stillhunt.Server.Sharing;

/// <summary>What indicators of others matched in one batch. On the intake's thread, as its matcher.</summary>
internal sealed class IntelBatch(IntelMatcher matcher)
{
    private readonly Dictionary<IntelHitKey, IntelHit> _hits = [];

    public IReadOnlyDictionary<IntelHitKey, IntelHit> Hits => _hits;

    /// <summary>Looks at an exchange that is counted.</summary>
    public void Look(Exchange exchange, string source)
    {
        var matched = matcher.Match(exchange);
        if (matched.Count == 0) return;
        var account = new AccountId(source, Encoding.UTF8.GetString(exchange[ExchangeField.Account]));
        var hit = new IntelHit(1, exchange.TimeMs, exchange.TimeMs);
        foreach (var number in matched)
        {
            var key = new IntelHitKey(account, matcher.Indicators[number].Sender, matcher.Indicators[number].Id);
            _hits[key] = _hits.TryGetValue(key, out var before) ? before.Merge(hit) : hit;
        }
    }
}
