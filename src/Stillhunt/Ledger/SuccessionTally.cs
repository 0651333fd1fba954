using System.Text;
using Stillhunt.Ingest;
using Stillhunt.Profiles;

namespace Stillhunt.Ledger;

/// <summary>
/// Recognises a replacement account of a known campaign from its first exchanges: an account that detection has not seen yet and that sends a campaign's prompts. How sure that is
/// comes from whom else they were seen with: the accounts in and outside the campaign that sent them when it was detected, and those met since. Works batch by batch, and a batch that is
/// not kept is taken back. For one thread.
/// </summary>
internal sealed class SuccessionTally
{
    /// <summary>Matching exchanges that make a replacement, and the share of what it sent since the first of them.</summary>
    public const int LeastMatched = 3;

    private const double LeastShare = 0.5;

    /// <summary>Below as likely as not nothing is ascribed to anybody; verdicts hold for accounts from here on too.</summary>
    private const double LeastProbability = 0.5;

    /// <summary>Accounts remembered; beyond it those that were met first are forgotten, and may be met again.</summary>
    private const int MostAccounts = 100_000;

    /// <summary>Phrases that a reason quotes.</summary>
    private const int MostQuoted = 3;

    private readonly Dictionary<SuccessionKey, SuccessionCount> _seen = [];
    private readonly Queue<SuccessionKey> _order = new();
    private readonly Dictionary<AccountId, int> _rowsOf = [];
    private readonly Dictionary<string, (int Members, int Others)> _met = new(StringComparer.Ordinal);

    // What the batch at hand changed, as it was before.
    private readonly Dictionary<SuccessionKey, SuccessionCount?> _before = [];
    private readonly List<(string Campaign, Successor Successor)> _found = [];
    private IReadOnlyList<TrackedCampaign>? _indexed;
    private RecipeIndex _index = new([], 0);
    private Func<AccountId, bool> _isKnown = _ => false;

    /// <summary>What the batch at hand changed, to be kept together with it; null: forgotten.</summary>
    public IReadOnlyDictionary<SuccessionKey, SuccessionCount?> Changes => _before.Keys.ToDictionary(key => key, key => _seen.TryGetValue(key, out var now) ? now : (SuccessionCount?)null);

    /// <summary>Takes up what was counted before.</summary>
    public void Load(IEnumerable<(SuccessionKey Key, SuccessionCount Count)> counts)
    {
        foreach (var (key, count) in counts) Set(key, count);
        _before.Clear();
    }

    /// <summary>Begins a batch, and takes back the one before where <see cref="Keep"/> was not called.</summary>
    /// <param name="isKnown">Whether detection has seen an account.</param>
    public void Begin(IReadOnlyList<TrackedCampaign> campaigns, Func<AccountId, bool> isKnown, long nowMs)
    {
        foreach (var (key, before) in _before.ToList()) Set(key, before);
        _before.Clear();
        _found.Clear();
        _isKnown = isKnown;
        if (ReferenceEquals(campaigns, _indexed)) return;
        _indexed = campaigns;
        _index = new RecipeIndex(campaigns, nowMs);
    }

    /// <summary>Forgets an account that is deleted.</summary>
    public void Forget(AccountId account)
    {
        foreach (var key in _seen.Keys.Where(key => key.Account == account).ToList()) Set(key, null);
    }

    /// <summary>Looks at an exchange that is counted.</summary>
    public void Look(Exchange exchange, string source)
    {
        if (_index.Campaigns.Count == 0) return;
        var matched = _index.Match(exchange);
        if (matched.Count == 0 && _rowsOf.Count == 0) return;
        var account = new AccountId(source, Encoding.UTF8.GetString(exchange[ExchangeField.Account]));
        if (matched.Count == 0 && !_rowsOf.ContainsKey(account)) return;
        for (var i = 0; i < _index.Campaigns.Count; i++)
        {
            var campaign = _index.Campaigns[i];
            var isMatch = matched.Contains(i);
            var key = new SuccessionKey(campaign.Id, account);
            if (!_seen.TryGetValue(key, out var seen))
            {
                if (!isMatch) continue;
                seen = Meet(account, campaign);
            }

            seen = seen with { ExchangeCount = seen.ExchangeCount + 1, MatchedCount = seen.MatchedCount + (isMatch ? 1 : 0) };
            var counts = !seen.Counted && seen.MatchedCount >= LeastMatched && seen.MatchedCount >= LeastShare * seen.ExchangeCount;
            Set(key, seen with { Counted = seen.Counted || counts });
            if (counts && seen.Standing == SuccessionStanding.Fresh) Find(account, i, seen);
        }
    }

    /// <summary>The batch is kept: whom it gave away, by campaign.</summary>
    public IReadOnlyList<(string Campaign, IReadOnlyList<Successor> Successors)> Keep()
    {
        _before.Clear();
        List<(string, IReadOnlyList<Successor>)> kept = [.. _found.GroupBy(found => found.Campaign, found => found.Successor, StringComparer.Ordinal).Select(group => (group.Key, (IReadOnlyList<Successor>)[.. group]))];
        _found.Clear();
        return kept;
    }

    private SuccessionCount Meet(AccountId account, TrackedCampaign campaign)
    {
        while (_seen.Count >= MostAccounts && _order.TryDequeue(out var oldest)) Set(oldest, null);
        var standing = campaign.Members.Any(member => member.Account == account) ? SuccessionStanding.Member
            : _isKnown(account) ? SuccessionStanding.Other : SuccessionStanding.Fresh;
        return new SuccessionCount(standing, 0, 0, false);
    }

    private void Find(AccountId account, int at, SuccessionCount seen)
    {
        var campaign = _index.Campaigns[at];
        var known = campaign.Latest.Indicators!;
        var (metMembers, metOthers) = _met.GetValueOrDefault(campaign.Id);
        // The campaign's accounts that are met are those that were counted when it was detected; others are new, or counted twice, which errs on the side of those who were there before.
        var (members, others) = (Math.Max(metMembers, known.MatchingAccountCount ?? 0), metOthers + (known.MatchingElsewhereCount ?? 0));
        // Laplace's rule of succession: before anybody was met it is as likely as not.
        var probability = (members + 1.0) / (members + others + 2.0);
        if (probability < LeastProbability) return;
        var recognition = new Recognition
        {
            ExchangeCount = seen.ExchangeCount, MatchedCount = seen.MatchedCount, LeastPhrases = known.LeastPhrases!.Value, Phrases = _index.Phrases(at, MostQuoted), MemberCount = members, OtherCount = others,
        };
        _found.Add((campaign.Id, new Successor(account, probability, recognition)));
    }

    /// <summary>Changes a count, and with it how many of the campaign's and of others were met.</summary>
    private void Set(SuccessionKey key, SuccessionCount? count)
    {
        var known = _seen.TryGetValue(key, out var before);
        _before.TryAdd(key, known ? before : null);
        if (known) Add(key, before, -1);
        if (count is not { } now)
        {
            _seen.Remove(key);
            return;
        }

        _seen[key] = now;
        if (!known) _order.Enqueue(key);
        Add(key, now, 1);
    }

    private void Add(SuccessionKey key, SuccessionCount count, int by)
    {
        var rows = _rowsOf.GetValueOrDefault(key.Account) + by;
        if (rows > 0) _rowsOf[key.Account] = rows;
        else _rowsOf.Remove(key.Account);
        if (!count.Counted) return;
        var (members, others) = _met.GetValueOrDefault(key.Campaign);
        _met[key.Campaign] = (members + (count.Standing == SuccessionStanding.Member ? by : 0), others + (count.Standing == SuccessionStanding.Other ? by : 0));
    }
}
