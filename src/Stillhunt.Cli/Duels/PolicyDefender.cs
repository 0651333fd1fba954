using System.Text;
using Stillhunt.Campaigns;
using Stillhunt.Fingerprinting;
using Stillhunt.Ingest;
using Stillhunt.Ingest.Cutting;
using Stillhunt.Ingest.Formats;
using Stillhunt.Ledger;
using Stillhunt.Profiles;
using Stillhunt.Proving.Duels;
using Stillhunt.Response;
using Stillhunt.Server;
using Stillhunt.Sketches;

namespace Stillhunt.Cli.Duels;

/// <summary>When the defender looks, and who is there to be asked.</summary>
/// <param name="Every">Longest time between two detections; verdicts are looked at anew after every step of the duel.</param>
/// <param name="PersonAfter">A person approves everything that waits this long after it began to wait; null = nobody is there.</param>
internal sealed record DefenderOptions(TimeSpan Every, TimeSpan? PersonAfter)
{
    /// <inheritdoc cref="DetectionCadence"/>
    public double Growth { get; init; } = double.PositiveInfinity;
}

/// <summary>
/// The service as <c>serve</c> runs it, in the time of a duel: observe, recognise replacements as they come in, detect, keep campaigns in the ledger, decide under a policy, and carry
/// decisions out as a gateway does. It sees the log, the accounts file and requests.
/// </summary>
internal sealed class PolicyDefender : IDefender, IDisposable
{
    private const int LargestRecord = 1 << 24;

    private readonly Policy _policy;
    private readonly DefenderOptions _options;
    private readonly DetectionCadence _cadence;
    private readonly KeyedHash _hash;
    private readonly Action<string>? _told;
    private readonly Observer _observer;
    private readonly RecordReading _reading = new(ReadingOptions.Default, LogFormats.Native);
    private readonly RecordBlock _block = new();
    private readonly Dictionary<string, AccountRecord> _records = new(StringComparer.Ordinal);
    private readonly AccessBrake _brake = new();
    private readonly CapMeter _caps = new();
    private readonly SuccessionTally _succession = new();
    private readonly Dictionary<ApprovalKey, long> _waitingSince = [];
    private readonly Dictionary<ApprovalKey, ApprovalWord> _approvals = [];
    private IReadOnlyList<TrackedCampaign> _campaigns = [];
    private SignupIndex _signups = SignupIndex.Empty;
    private DecisionOutcome _decided = new(new Dictionary<AccountId, Verdict>(), new Dictionary<AccountId, Touch>(), []);
    private HashSet<ApprovalKey> _heldByBrake = [];
    private HashSet<ulong> _detectedOn = [];
    private long _line;

    public PolicyDefender(Policy policy, DefenderOptions options, KeyedHash hash, Action<string>? told = null)
    {
        (_policy, _options, _hash, _told) = (policy, options, hash, told);
        _cadence = new DetectionCadence(options.Every, options.Growth);
        _observer = new Observer(hash, TextClassifier.Shipped, _ => LogFile.DefaultSource);
    }

    /// <summary>Events of the ledger so far, by kind.</summary>
    public SortedDictionary<string, int> Events { get; } = new(StringComparer.Ordinal);

    public int DetectionCount { get; private set; }

    public IReadOnlyList<TrackedCampaign> Campaigns => _campaigns;

    public void Register(string accounts)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(accounts));
        var file = AccountsFile.Load(stream, "accounts of the duel");
        if (file.Faults.Count > 0) throw new InvalidOperationException($"The duel's accounts can't be read: line {file.Faults[0].Line}, {file.Faults[0].Field}: {file.Faults[0].Reason}.");
        foreach (var (id, record) in file.Records) _records[id] = record;
    }

    public DuelReply Meet(in DuelRequest request)
    {
        var account = new AccountId(LogFile.DefaultSource, request.Account);
        var ofCampaign = _decided.Verdicts.GetValueOrDefault(account);
        var verdict = ofCampaign;
        if (_policy.AccessRules.Count > 0)
        {
            var record = (_records.GetValueOrDefault(request.Account) ?? new AccountRecord { Account = request.Account }) with { Tier = request.Tier };
            var facts = new RuleFacts { Now = DateTimeOffset.FromUnixTimeMilliseconds(request.TimeMs), Record = record, Region = request.Region, Model = request.Model, TodayCount = TodayCount(account), Signup = ofCampaign is not null ? null : () => _signups.Score(record).Score };
            verdict = Decision.OfRequest(account, ofCampaign, facts, _policy, null, _brake, () => AccountCount, _approvals);
        }

        var action = verdict?.Action ?? ResponseAction.Observe;
        return new DuelReply(RefusedWith(request, verdict), Withheld(verdict), action.Id(), action.Touches(), StandingOf(ofCampaign)) { Rule = verdict is { State: VerdictState.Effective } ? verdict.Rule : null };
    }

    public void Take(ReadOnlyMemory<byte> log, long untilMs)
    {
        _succession.Begin(_campaigns, account => _detectedOn.Contains(AccountHash.Of(_hash, account)), AccountCount, untilMs);
        Read(log);
        Succeed(untilMs);
        if (_cadence.IsDue(untilMs, TrafficCount.Of(_observer.Snapshot))) Detect(untilMs);
        Decide(untilMs);
    }

    public void Dispose() => _block.Dispose();

    private void Read(ReadOnlyMemory<byte> log)
    {
        if (!System.Runtime.InteropServices.MemoryMarshal.TryGetArray(log, out var bytes)) throw new InvalidOperationException("A log is an array.");
        using var stream = new MemoryStream(bytes.Array!, bytes.Offset, bytes.Count, writable: false);
        using var cutter = new RecordCutter(stream, LargestRecord);
        var sink = new WatchedIntake(_observer, _succession);
        while (cutter.Next(_block))
        {
            for (var i = 0; i < _block.Count; i++) _reading.Read(_block.BytesOf(_block[i]), sink, new LogPosition(0, ++_line));
        }
    }

    /// <summary>Takes accounts into campaigns that the log just read gave away as carrying them on.</summary>
    private void Succeed(long nowMs)
    {
        foreach (var (id, successors) in _succession.Keep())
        {
            if (_campaigns.FirstOrDefault(campaign => campaign.Id == id) is not { } found || CampaignLedger.Succeed(found, successors, nowMs) is not (var next, { } told)) continue;
            _campaigns = [.. _campaigns.Select(campaign => campaign.Id == id ? next : campaign)];
            Tell([told]);
        }
    }

    private void Detect(long nowMs)
    {
        var state = _observer.Finish(Shard.Whole);
        if (state.Rejected.Count > 0) throw new InvalidOperationException($"The duel's log can't be read: {state.Rejected.First().Key}.");
        var detected = Detector.Detect(state, account => _records.GetValueOrDefault(account.Id), _hash);
        var update = CampaignLedger.Update(_campaigns, [.. detected.Campaigns, .. detected.Suspected], SpanOf, nowMs);
        _campaigns = update.Campaigns;
        _detectedOn = [.. state.Accounts.Keys];
        Tell(update.Events);
        DetectionCount++;
    }

    private void Tell(IReadOnlyList<CampaignEvent> events)
    {
        // Campaigns changed, and with them what sign-ups are compared with.
        if (_policy.AccessRules.Any(rule => rule.When.Signup is not null)) _signups = SignupIndex.Build(_records.Values, _campaigns);
        foreach (var told in events)
        {
            Events[told.Kind] = Events.GetValueOrDefault(told.Kind) + 1;
            _told?.Invoke(told.Text);
        }
    }

    private void Decide(long nowMs)
    {
        foreach (var pending in _decided.Pending.Concat(_brake.Pending(_approvals)))
        {
            var key = new ApprovalKey(pending.Campaign, pending.Rule);
            _waitingSince.TryAdd(key, nowMs);
            if (_options.PersonAfter is { } after && nowMs - _waitingSince[key] >= after.TotalMilliseconds) _approvals[key] = ApprovalWord.Approved;
        }

        _decided = Decision.Decide(
            new DecisionInput
            {
                Campaigns = _campaigns, Record = account => _records.GetValueOrDefault(account.Id), TodayCount = TodayCount, AccountCount = AccountCount, Approvals = _approvals,
                Touched = _decided.Touched, Hash = _hash,
            }, _policy, DateTimeOffset.FromUnixTimeMilliseconds(nowMs));
        _heldByBrake = [.. _decided.Pending.Where(pending => pending.Why == "brake").Select(pending => new ApprovalKey(pending.Campaign, pending.Rule))];
    }

    private int? RefusedWith(in DuelRequest request, Verdict? verdict)
    {
        if (verdict is not { State: VerdictState.Effective }) return null;
        if (verdict.Would >= ResponseAction.Verify) return 403;
        foreach (var cap in verdict.Obligations.Where(obligation => obligation.Action == ResponseAction.Cap))
            if (!_caps.Takes(request.Account, request.TimeMs, cap, request.OutputTokens)) return 429;
        return null;
    }

    private static AnswerParts Withheld(Verdict? verdict)
    {
        var parts = AnswerParts.None;
        if (verdict is not { State: VerdictState.Effective }) return parts;
        foreach (var obligation in verdict.Obligations)
        {
            if (obligation.Action == ResponseAction.WithholdReasoning) parts |= AnswerParts.Reasoning;
            foreach (var field in obligation.Fields) parts |= field switch { "logprobs" => AnswerParts.Logprobs, "n" => AnswerParts.Candidates, _ => AnswerParts.None };
        }

        return parts;
    }

    private Standing StandingOf(Verdict? verdict) => verdict is null ? Standing.Unseen : verdict.State switch
    {
        VerdictState.Shadow => Standing.Shadow,
        VerdictState.Delayed => Standing.Delayed,
        VerdictState.AwaitingApproval => _heldByBrake.Contains(new ApprovalKey(verdict.Campaign!, verdict.Rule)) ? Standing.HeldByBrake : Standing.AwaitsPerson,
        VerdictState.Effective => verdict.Would.Touches() ? Standing.Effective : Standing.Watched,
        _ => Standing.LeftAlone,
    };

    private long AccountCount => Math.Max(_observer.Snapshot.Accounts.Count, _records.Count);

    private AccountProfile? ProfileOf(AccountId account) => _observer.Snapshot.Accounts.GetValueOrDefault(AccountHash.Of(_hash, account));

    private long? TodayCount(AccountId account) => ProfileOf(account)?.Days.Last().Value.ExchangeCount;

    private AccountSpan? SpanOf(AccountId account) =>
        ProfileOf(account) is { } profile ? new AccountSpan(profile.Days.Values.Min(day => day.FirstMs), profile.Days.Values.Max(day => day.LastMs)) : null;
}
