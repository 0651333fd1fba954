using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Logging;
using Stillhunt.Ingest;
using Stillhunt.Ledger;
using Stillhunt.Profiles;
using Stillhunt.Server.Store;

namespace Stillhunt.Server.Detection;

/// <summary>
/// Recognises a replacement account of a known campaign from its first exchanges, on their way in: an account that detection has not seen yet and that
/// sends a campaign's prompts. How sure that is gets counted here: of the accounts that sent them since, how many are the campaign's and how many are
/// others that were there before. The counts are kept with the batches that they are of, so a restart changes none.
/// </summary>
internal sealed partial class SuccessionWatch
{
    /// <summary>Matching exchanges that make a replacement, and the share of what it sent since the first of them.</summary>
    public const int LeastMatched = 3;

    private const double LeastShare = 0.5;

    /// <summary>Below as likely as not nothing is ascribed to anybody; verdicts hold for accounts from here on too.</summary>
    private const double LeastProbability = 0.5;

    /// <summary>Accounts remembered; beyond it those that were met first are forgotten, and may be met again.</summary>
    private const int MostAccounts = 100_000;

    private readonly ICampaignStore _store;
    private readonly CampaignBook _book;
    private readonly DetectionLoop _detection;
    private readonly ILogger _log;
    private readonly Dictionary<SuccessionKey, SuccessionCount> _seen = [];
    private readonly Queue<SuccessionKey> _order = new();
    private readonly Dictionary<string, (int Members, int Others)> _met = new(StringComparer.Ordinal);

    // What the batch at hand changed, as it was before: a batch that was not kept is taken back.
    private readonly Dictionary<SuccessionKey, SuccessionCount?> _before = [];
    private readonly List<(string Campaign, Successor Successor)> _found = [];
    private readonly ConcurrentQueue<AccountId> _forgotten = new();
    private IReadOnlyList<TrackedCampaign>? _indexed;
    private RecipeIndex _index = new([]);

    public SuccessionWatch(ICampaignStore store, CampaignBook book, DetectionLoop detection, ILogger log) => (_store, _book, _detection, _log) = (store, book, detection, log);

    /// <summary>What the batch at hand changed, to be kept together with it; null: forgotten.</summary>
    public IReadOnlyDictionary<SuccessionKey, SuccessionCount?> Changes => _before.Keys.ToDictionary(key => key, key => _seen.TryGetValue(key, out var now) ? now : (SuccessionCount?)null);

    /// <summary>Takes up what was counted before a restart.</summary>
    public void Load()
    {
        foreach (var (key, count) in _store.LoadSuccession()) Set(key, count);
        _before.Clear();
    }

    /// <summary>Takes up what changed of the campaigns; before each batch, on the intake's thread as all of this.</summary>
    public void Begin()
    {
        foreach (var (key, before) in _before.ToList()) Set(key, before);
        _before.Clear();
        _found.Clear();
        while (_forgotten.TryDequeue(out var account))
            foreach (var key in _seen.Keys.Where(key => key.Account == account).ToList()) Set(key, null);
        var campaigns = _book.Campaigns;
        if (ReferenceEquals(campaigns, _indexed)) return;
        _indexed = campaigns;
        _index = new RecipeIndex(campaigns);
    }

    /// <summary>Forgets an account that is deleted; from any thread.</summary>
    public void Forget(AccountId account)
    {
        _forgotten.Enqueue(account);
        _store.DeleteSuccession(account);
    }

    /// <summary>Looks at an exchange that is counted.</summary>
    public void Look(Exchange exchange, string source)
    {
        if (_index.Campaigns.Count == 0) return;
        var matched = _index.Match(exchange);
        if (matched.Count == 0 && _seen.Count == 0) return;
        var account = new AccountId(source, Encoding.UTF8.GetString(exchange[ExchangeField.Account]));
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
            if (counts && seen.Standing == SuccessionStanding.Fresh) Find(account, campaign, seen);
        }
    }

    /// <summary>Tells the ledger whom the batch, which is durable now, gave away.</summary>
    public void End()
    {
        _before.Clear();
        foreach (var group in _found.GroupBy(found => found.Campaign, found => found.Successor, StringComparer.Ordinal))
        {
            try
            {
                _book.Succeed(group.Key, [.. group]);
            }
            catch (IOException fault)
            {
                // The traffic is kept, and detection will find them in it.
                NotKept(_log, fault.Message);
            }
        }

        _found.Clear();
    }

    private SuccessionCount Meet(AccountId account, TrackedCampaign campaign)
    {
        while (_seen.Count >= MostAccounts && _order.TryDequeue(out var oldest)) Set(oldest, null);
        var standing = campaign.Members.Any(member => member.Account == account) ? SuccessionStanding.Member
            : _detection.Use.ContainsKey(account) ? SuccessionStanding.Other : SuccessionStanding.Fresh;
        return new SuccessionCount(standing, 0, 0, false);
    }

    private void Find(AccountId account, TrackedCampaign campaign, SuccessionCount seen)
    {
        var (members, others) = _met.GetValueOrDefault(campaign.Id);
        // Laplace's rule of succession: before anybody was met it is as likely as not.
        var probability = (members + 1.0) / (members + others + 2.0);
        if (probability >= LeastProbability) _found.Add((campaign.Id, new Successor(account, probability, seen.MatchedCount)));
    }

    /// <summary>Changes a count, and with it how many of the campaign's and of others were met.</summary>
    private void Set(SuccessionKey key, SuccessionCount? count)
    {
        var known = _seen.TryGetValue(key, out var before);
        _before.TryAdd(key, known ? before : null);
        if (known) Add(key.Campaign, before, -1);
        if (count is not { } now)
        {
            _seen.Remove(key);
            return;
        }

        _seen[key] = now;
        if (!known) _order.Enqueue(key);
        Add(key.Campaign, now, 1);
    }

    private void Add(string campaign, SuccessionCount count, int by)
    {
        if (!count.Counted) return;
        var (members, others) = _met.GetValueOrDefault(campaign);
        _met[campaign] = (members + (count.Standing == SuccessionStanding.Member ? by : 0), others + (count.Standing == SuccessionStanding.Other ? by : 0));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Replacement accounts were recognised and could not be kept: {Fault}")]
    private static partial void NotKept(ILogger log, string fault);
}
