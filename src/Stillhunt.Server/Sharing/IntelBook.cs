using System.Globalization;
using Microsoft.Extensions.Logging;
using Stillhunt.Campaigns;
using Stillhunt.Ingest;
using Stillhunt.Ledger;
using Stillhunt.Profiles;
using Stillhunt.Reporting.Text;
using Stillhunt.Server.Detection;
using Stillhunt.Server.Store;
using Stillhunt.Sharing.Intel;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Server.Sharing;

/// <summary>
/// Indicators of others at work: what comes in is matched on its way, hits are kept with what they were found in, and with each detection they are
/// weighed by how common they are here. A match raises suspicion and convicts nobody: it is a row of evidence in campaigns that are at least suspected without it (<see cref="IntelEvidence"/>).
/// </summary>
internal sealed partial class IntelBook : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(2);

    /// <summary>Epochs of a group's key end by the clock; this often it is looked which are valid.</summary>
    private static readonly TimeSpan Renewed = TimeSpan.FromHours(1);

    private readonly IntelFollower? _file;
    private readonly IntelOptions _options;
    private readonly IStore _store;
    private readonly AccountBook _accounts;
    private readonly DetectionLoop _detection;
    private readonly CampaignBook _campaigns;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Lock _looking = new();
    private readonly Lock _lock = new();
    private readonly Dictionary<AccountId, Dictionary<(string Sender, string Indicator), IntelHit>> _hits = [];
    private readonly HashSet<(string Sender, string Indicator)> _told = [];
    private IReadOnlyList<IntelIndicator> _indicators = [];
    private IntelMatcher? _matcher;
    private IntelMatcher? _weigher;
    private DateTimeOffset _renew;
    private IntelResult? _result;
    private Weighed? _weighed;
    private string? _fault;
    private Timer? _timer;

    public IntelBook(SharingConfig config, IReadOnlySet<string> leaveOut, IStore store, AccountBook accounts, DetectionLoop detection, CampaignBook campaigns, TimeProvider time, ILogger log)
    {
        (_store, _accounts, _detection, _campaigns, _time, _log) = (store, accounts, detection, campaigns, time, log);
        _file = config.IntelPath is { } path ? new IntelFollower(path) : null;
        _options = new IntelOptions { Now = time.GetUtcNow(), Key = config.Key, Allowed = config.Allowed, LeaveOut = leaveOut, Own = config.Producer is { } producer ? CampaignExport.ProducerId(producer) : null };
        if (_file is null) return;
        detection.Seen += Weigh;
        detection.Ended += Tell;
    }

    /// <summary>As of the last detection; null before the first, and where nothing is looked for.</summary>
    public IntelResult? Result => Volatile.Read(ref _result);

    /// <summary>Why the file of indicators is not in use as it stands; null where it is.</summary>
    public string? Fault => Volatile.Read(ref _fault);

    public void Load()
    {
        if (_file is null) return;
        foreach (var (key, hit) in _store.Sharing.LoadHits()) Merge(key, hit);
        _told.UnionWith(_store.Sharing.LoadTold());
        Look();
        _timer = new Timer(_ => Look(), null, Pace, Pace);
    }

    /// <summary>Reads the file of indicators if it changed.</summary>
    public void Look()
    {
        if (_file is null) return;
        lock (_looking)
        {
            try
            {
                var read = _file.Look();
                var now = _time.GetUtcNow();
                if (read is null && now < _renew) return;
                if (read is not null)
                {
                    Following(_log, read.Count);
                    Volatile.Write(ref _fault, null);
                }

                _indicators = read ?? _indicators;
                _renew = now + Renewed;
                var options = _options with { Now = now };
                // One for each of the two threads that look something up.
                Volatile.Write(ref _weigher, new IntelMatcher(_indicators, options));
                Volatile.Write(ref _matcher, _indicators.Count == 0 ? null : new IntelMatcher(_indicators, options));
                _detection.Mark();
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                // A file that is being replaced is looked at again; what was known before stays in use.
                if (Fault == fault.Message) return;
                Volatile.Write(ref _fault, fault.Message);
                NotFollowed(_log, fault.Message);
            }
        }
    }

    /// <summary>Begins a batch of exchanges; null where nothing is looked for. On the intake's thread.</summary>
    public IntelBatch? Begin() => Volatile.Read(ref _matcher) is { } matcher ? new IntelBatch(matcher) : null;

    /// <summary>Takes hits that are durable.</summary>
    public void Keep(IReadOnlyDictionary<IntelHitKey, IntelHit> hits)
    {
        foreach (var (key, hit) in hits) Merge(key, hit);
    }

    /// <summary>What an account matched: sender, indicator and hit, with the indicator as it is known now.</summary>
    public IReadOnlyList<(string Sender, string Indicator, IntelHit Hit)> Of(AccountId account)
    {
        lock (_lock) return _hits.TryGetValue(account, out var own) ? [.. own.Select(pair => (pair.Key.Sender, pair.Key.Indicator, pair.Value))] : [];
    }

    /// <returns>How many hits of it were kept.</returns>
    public int Forget(AccountId account)
    {
        lock (_lock) _hits.Remove(account);
        var kept = _store.Sharing.DeleteHits(account);
        if (Result is { } result) Volatile.Write(ref _result, result with { Accounts = [.. result.Accounts.Where(match => match.Id != account.Id || match.Source != account.Source)] });
        return kept;
    }

    public void Dispose() => _timer?.Dispose();

    /// <summary>What was weighed and is to be told once the detection that it belongs to is taken up.</summary>
    private sealed record Weighed(IntelMatcher Matcher, IntelResult Result, ILookup<int, AccountId> Accounts);

    /// <summary>Weighs what matched so far, on the thread of detection, so that it is evidence in the same detection.</summary>
    private void Weigh(IReadOnlyDictionary<AccountId, AccountUse> use, ScanResult found)
    {
        if (Volatile.Read(ref _weigher) is not { } matcher) return;
        Age();
        var number = Enumerable.Range(0, matcher.Indicators.Count).ToDictionary(i => (matcher.Indicators[i].Sender, matcher.Indicators[i].Id));
        var hits = new Dictionary<(AccountId Account, int Indicator), IntelHit>();
        lock (_lock)
        {
            // Accounts that detection has not seen yet are weighed with the next one.
            foreach (var (account, own) in _hits.Where(pair => use.ContainsKey(pair.Key)))
                foreach (var (key, hit) in own)
                    if (number.TryGetValue(key, out var at)) hits[(account, at)] = hit;
        }

        var (trusted, entitled) = (new HashSet<AccountId>(), new HashSet<AccountId>());
        foreach (var (account, used) in use)
        {
            if (_accounts.Find(account.Id) is not { } record) continue;
            if (IntelGround.IsEntitled(record, used.FirstMs)) entitled.Add(account);
            if (record.Verified == true || entitled.Contains(account)) trusted.Add(account);
            foreach (var at in matcher.Match(record, used.FirstMs))
            {
                var hit = new IntelHit(0, used.FirstMs, used.LastMs);
                hits[(account, at)] = hits.TryGetValue((account, at), out var before) ? before.Merge(hit) : hit;
            }
        }

        var result = new IntelWeighing(matcher, _options, new IntelGround
        {
            Exchanges = use.ToDictionary(pair => pair.Key, pair => pair.Value.TotalCount), BeginsMs = use.Values.Select(used => used.FirstMs).DefaultIfEmpty(long.MaxValue).Min(),
            Trusted = trusted, Entitled = entitled, Flagged = IntelGround.FlaggedIn(found),
        }).Weigh(hits);
        Volatile.Write(ref _result, result);
        _weighed = new Weighed(matcher, result, hits.Keys.ToLookup(key => key.Indicator, key => key.Account));
    }

    /// <summary>An indicator that is met here for the first time is worth telling once.</summary>
    private void Tell()
    {
        if (_weighed is not var (matcher, result, accounts)) return;
        _weighed = null;
        var (events, told) = (new List<CampaignEvent>(), new List<(string, string)>());
        for (var i = 0; i < matcher.Indicators.Count; i++)
        {
            var indicator = matcher.Indicators[i];
            if (result.Indicators[i] is not { Status: "used", AccountCount: > 0 } use || _told.Contains((indicator.Sender, indicator.Id))) continue;
            told.Add((indicator.Sender, indicator.Id));
            var matched = accounts[i].ToHashSet();
            var campaign = _campaigns.Campaigns.Where(campaign => campaign.Stands).Select(campaign => (campaign.Id, Count: campaign.Members.Count(member => matched.Contains(member.Account))))
                .Where(pair => pair.Count > 0).OrderByDescending(pair => pair.Count).FirstOrDefault();
            events.Add(new CampaignEvent(CampaignEventKind.Intel, campaign.Id ?? "", _time.GetUtcNow().ToUnixTimeMilliseconds(), string.Create(CultureInfo.InvariantCulture,
                $"An indicator ({indicator.Kind}) of {OutputText.Terminal(indicator.Source, 100)} matches {use.AccountCount} accounts here{(campaign.Id is null ? "" : $", {campaign.Count} of them in {campaign.Id}")}. It raises suspicion and convicts nobody: {indicator.Id}.")));
        }

        if (events.Count == 0) return;
        // Kept after it was told: what ends in between is told twice rather than never.
        _campaigns.Tell(events);
        _store.Sharing.KeepTold(told);
        _told.UnionWith(told);
    }

    /// <summary>Hits end with the traffic that they were found in.</summary>
    private void Age()
    {
        var before = _detection.OldestMs;
        var gone = false;
        lock (_lock)
        {
            foreach (var (account, own) in _hits.ToList())
            {
                foreach (var key in own.Where(pair => pair.Value.LastMs < before).Select(pair => pair.Key).ToList()) gone |= own.Remove(key);
                if (own.Count == 0) _hits.Remove(account);
            }
        }

        if (gone) _store.Sharing.ForgetHits(before);
    }

    private void Merge(IntelHitKey key, IntelHit hit)
    {
        lock (_lock)
        {
            if (!_hits.TryGetValue(key.Account, out var own)) _hits.Add(key.Account, own = []);
            own[(key.Sender, key.Indicator)] = own.TryGetValue((key.Sender, key.Indicator), out var before) ? before.Merge(hit) : hit;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} indicators of others are looked for")]
    private static partial void Following(ILogger log, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The indicators of others stay as they were: {Fault}")]
    private static partial void NotFollowed(ILogger log, string fault);
}
