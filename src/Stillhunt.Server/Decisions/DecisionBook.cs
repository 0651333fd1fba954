using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Stillhunt.Ingest;
using Stillhunt.Ledger;
using Stillhunt.Profiles;
using Stillhunt.Response;
using Stillhunt.Server.Detection;
using Stillhunt.Server.Store;
using Stillhunt.Sketches;

namespace Stillhunt.Server.Decisions;

/// <summary>
/// Keeps the table of verdicts up to date: after each change of campaigns, policy, or of what people decided, and as time passes. Every change
/// stands in the audit trail before it is published, and what people decide is kept together with its record there or not at all.
/// </summary>
internal sealed partial class DecisionBook : IDisposable
{
    private const string CampaignTouches = "campaign", AccessTouches = "access";

    private const long ExpiryStepMs = 6 * 3_600_000L;

    /// <summary>Delays and expiries are met to this.</summary>
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);

    private readonly IDecisionStore _store;
    private readonly IAuditStore _trail;
    private readonly Action<Action> _together;
    private readonly AuditTrail _audit;
    private readonly CampaignBook _campaigns;
    private readonly AccountBook _accounts;
    private readonly Func<IReadOnlyDictionary<AccountId, AccountUse>> _use;
    private readonly KeyedHash _hash;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly IReadOnlySet<string> _leaveOut;
    private readonly Lock _writing = new();
    private readonly AccessBrake _brake = new();
    private readonly AccessTrail _accessTrail = new();
    private Timer? _timer;
    private DecisionTable _table = DecisionTable.Empty;
    private SignupIndex _signups = SignupIndex.Empty;
    private IReadOnlyDictionary<ApprovalKey, Approval> _approvals = new Dictionary<ApprovalKey, Approval>();
    private IReadOnlyDictionary<AccountId, Reversal> _reversals = new Dictionary<AccountId, Reversal>();
    private IReadOnlyDictionary<AccountId, Touch> _touched = new Dictionary<AccountId, Touch>();
    private Policy _policy = Policy.WatchOnly;
    private IReadOnlyList<TrackedCampaign>? _indexed;

    /// <summary>What stood when the server stopped, until it is compared with what stands now; null after that.</summary>
    private IReadOnlyDictionary<AccountId, NotedVerdict>? _noted;

    /// <param name="leaveOut">Kinds of evidence that may play no part in the score of sign-ups.</param>
    public DecisionBook(IStore store, CampaignBook campaigns, AccountBook accounts, Func<IReadOnlyDictionary<AccountId, AccountUse>> use, KeyedHash hash, TimeProvider time, ILogger log, IReadOnlySet<string> leaveOut)
    {
        (_store, _trail, _together, _campaigns, _accounts, _use, _hash, _time, _log, _leaveOut) = (store.Decisions, store.Audit, store.Together, campaigns, accounts, use, hash, time, log, leaveOut);
        _audit = new AuditTrail(store.Audit, time);
        campaigns.Changed += Refresh;
    }

    public AuditTrail Audit => _audit;

    /// <summary>The first number of this run; a poller that holds an older one is given everything.</summary>
    public long FirstSeq { get; private set; }

    public DecisionTable Table => Volatile.Read(ref _table);

    /// <summary>Everything that waits for a person.</summary>
    public IReadOnlyList<PendingApproval> Pending
    {
        get
        {
            var table = Table;
            return [.. table.Pending, .. _brake.Pending(table.Approvals)];
        }
    }

    /// <summary>Reads what people decided. No verdict is made before <see cref="Use"/> or <see cref="Refresh"/>: without the policy, those that stood would end.</summary>
    public void Load()
    {
        lock (_writing)
        {
            _noted = NotedVerdict.Standing(_trail);
            _approvals = _store.LoadApprovals();
            _reversals = _store.LoadReversals();
            _touched = _store.LoadTouches(CampaignTouches);
            _brake.Load(_store.LoadTouches(AccessTouches), Now());
            // Numbers of an earlier run are below those of this one, so a poller that holds one is given everything anew.
            FirstSeq = _time.GetUtcNow().ToUnixTimeMilliseconds();
            Volatile.Write(ref _table, DecisionTable.Empty with { Seq = FirstSeq });
        }

        _timer = new Timer(_ => Refresh(), null, Pace, Pace);
    }

    /// <exception cref="IOException">The change could not be noted; the policy before stays in force.</exception>
    public void Use(Policy policy, string by)
    {
        lock (_writing)
        {
            // First the trail: a policy that could not be noted is not in force.
            _audit.Write("policy", by, writer =>
            {
                writer.WriteString("name", policy.Name);
                writer.WriteString("sha256", policy.Digest);
                writer.WriteBoolean("enforce", policy.Enforce);
            });
            _policy = policy;
            _brake.Reset();
        }

        Refresh();
    }

    /// <summary>The verdict for an account and what is known of its request: the stronger of its campaign's and that of the access rules; null where nothing holds.</summary>
    public Verdict? Of(AccountId account, string? region, string? model, string? tier)
    {
        var table = Table;
        var now = _time.GetUtcNow();
        // The table is made anew every few seconds, but not while the store takes no record of it: a verdict ends in time all the same.
        if (table.Verdicts.TryGetValue(account, out var verdict) && now.ToUnixTimeMilliseconds() >= verdict.ExpiresMs) verdict = null;
        if (table.Policy.AccessRules.Count == 0) return verdict;
        var record = _accounts.Find(account.Id);
        if (tier is not null) record = (record ?? new AccountRecord { Account = account.Id }) with { Tier = tier };
        var facts = new RuleFacts
        {
            Now = now, Record = record, Region = region, Model = model, TodayCount = _use().TryGetValue(account, out var used) ? used.TodayCount : null,
            // Of whom a campaign's verdict holds more is known than how it registered, and delay and hold-out are to count.
            Signup = record is null || verdict is not null ? null : () => Score(record).Score,
        };
        table.Reversals.TryGetValue(account, out var reversal);
        var answer = Decision.OfRequest(account, verdict, facts, table.Policy, reversal, _brake, AccountCount, table.Approvals);
        if (answer is { Campaign: null }) _accessTrail.Note(answer);
        return answer;
    }

    /// <summary>What an applicant shares with known campaigns.</summary>
    public SignupFinding Score(AccountRecord applicant) => Volatile.Read(ref _signups).Score(applicant);

    /// <summary>Keeps a person's word on a rule as it is now.</summary>
    /// <param name="rule">The rule that the person saw.</param>
    /// <returns>False where the policy has another rule of that name by now, or none: nothing is kept.</returns>
    public bool Approve(ApprovalKey key, PolicyRule rule, bool approved, string by, string note)
    {
        var digest = RuleDigest.Of(rule);
        lock (_writing)
        {
            if (RuleOf(_policy, key) is not { } now || RuleDigest.Of(now) != digest) return false;
            _together(() =>
            {
                _store.Approve(key, new Approval(approved, digest), by, note, Now());
                _audit.Write("approval", by, writer =>
                {
                    writer.WriteString("campaign", key.Campaign);
                    writer.WriteString("rule", key.Rule);
                    writer.WriteString("rule_sha256", digest);
                    writer.WriteBoolean("approved", approved);
                    writer.WriteString("note", note);
                });
            });
            _approvals = _store.LoadApprovals();
        }

        Refresh();
        return true;
    }

    /// <summary>The rule of a policy that an approval is about, or null.</summary>
    public static PolicyRule? RuleOf(Policy policy, ApprovalKey key) => (key.Campaign == AccessBrake.Campaign ? policy.AccessRules : policy.CampaignRules).FirstOrDefault(rule => rule.Id == key.Rule);

    public void Reverse(Reversal reversal)
    {
        lock (_writing)
        {
            _together(() =>
            {
                _store.Reverse(reversal);
                _audit.Write("reversal", reversal.By, writer => Account(writer, reversal.Account, reversal.Note, reversal.UntilMs));
            });
            _reversals = _store.LoadReversals();
        }

        Refresh();
    }

    /// <summary>Notes what a customer says against what is done to the account. Nothing changes by it until a person decides.</summary>
    public Appeal Appeal(AccountId account, string by, string note)
    {
        lock (_writing)
        {
            var against = Table.Verdicts.GetValueOrDefault(account) is { } verdict ? $"{verdict.Campaign}/{verdict.Rule}" : null;
            var appeal = new Appeal(0, account, by, note, against, Now());
            _together(() =>
            {
                appeal = _store.AddAppeal(appeal);
                _audit.Write("appeal", by, writer =>
                {
                    writer.WriteNumber("id", appeal.Id);
                    Account(writer, account, note, null);
                    writer.WriteString("against", against);
                });
            });
            return appeal;
        }
    }

    /// <returns>Whether there was such an open appeal.</returns>
    public bool RejectAppeal(long id, string by, string note)
    {
        lock (_writing)
        {
            Appeal? decided = null;
            _together(() =>
            {
                decided = _store.RejectAppeal(id, by, note, Now());
                if (decided is not { } rejected) return;
                _audit.Write("appeal-rejected", by, writer =>
                {
                    writer.WriteNumber("id", id);
                    Account(writer, rejected.Account, note, null);
                });
            });
            return decided is not null;
        }
    }

    /// <returns>Whether there was a reversal.</returns>
    public bool WithdrawReversal(AccountId account, string by, string note)
    {
        lock (_writing)
        {
            var withdrawn = false;
            _together(() =>
            {
                withdrawn = _store.WithdrawReversal(account);
                if (withdrawn) _audit.Write("reversal-withdrawn", by, writer => Account(writer, account, note, null));
            });
            if (!withdrawn) return false;
            _reversals = _store.LoadReversals();
        }

        Refresh();
        return true;
    }

    /// <summary>Gives an account programme status or an entitlement.</summary>
    public Grant Grant(Grant grant)
    {
        var kept = grant;
        lock (_writing)
        {
            _together(() =>
            {
                kept = _store.AddGrant(grant);
                _audit.Write("grant", grant.By, writer => VerdictJson.Write(writer, kept));
            });
            _accounts.LoadGrants();
        }

        Refresh();
        return kept;
    }

    /// <returns>Whether the account had such a grant in force.</returns>
    public bool RevokeGrant(string account, long id, string by, string note)
    {
        lock (_writing)
        {
            if (_accounts.GrantsOf(account).All(grant => grant.Id != id)) return false;
            var revoked = false;
            _together(() =>
            {
                revoked = _store.RevokeGrant(id, Now());
                if (!revoked) return;
                _audit.Write("grant-revoked", by, writer =>
                {
                    writer.WriteString("account", account);
                    writer.WriteNumber("id", id);
                    writer.WriteString("note", note);
                });
            });
            if (!revoked) return false;
            _accounts.LoadGrants();
        }

        Refresh();
        return true;
    }

    public void Refresh()
    {
        try
        {
            lock (_writing) Decide();
        }
        catch (Exception fault)
        {
            // The table that stands goes on; verdicts in it expire by themselves.
            RefreshFailed(_log, fault);
        }
    }

    public void Dispose() => _timer?.Dispose();

    private void Decide()
    {
        var (before, campaigns, use) = (_table, _campaigns.Campaigns, _use());
        var approvals = Approvals.Under(_policy, _approvals);
        var outcome = Decision.Decide(
            new DecisionInput
            {
                Campaigns = campaigns, Record = account => _accounts.Find(account.Id), TodayCount = account => use.TryGetValue(account, out var used) ? used.TodayCount : null,
                AccountCount = AccountCount(), Approvals = approvals, Reversals = _reversals, Touched = _touched, Hash = _hash,
            }, _policy, _time.GetUtcNow());
        var noted = _noted ?? before.Verdicts.ToDictionary(pair => pair.Key, pair => NotedVerdict.Of(pair.Value));
        var (asked, over, unlisted) = _accessTrail.Take(Now());
        var begun = outcome.Touched.Where(pair => !_touched.ContainsKey(pair.Key)).ToList();
        var ended = _touched.Keys.Where(account => !outcome.Touched.ContainsKey(account)).ToList();
        AuditEntry[] told = [.. Changes(noted, outcome.Verdicts, _policy), .. Begun(asked, _policy), .. Ended(over.Select(pair => (pair.Account, (string?)null, pair.Rule)), _policy), .. Unlisted(unlisted, _policy)];
        try
        {
            // Every few seconds there is nothing: no reason to wait for whoever writes.
            if (told.Length + begun.Count + ended.Count > 0)
            {
                _together(() =>
                {
                    _audit.Write(told);
                    if (begun.Count + ended.Count > 0) _store.SaveTouches(CampaignTouches, begun, ended);
                });
            }
        }
        catch (IOException)
        {
            _accessTrail.Return(asked, unlisted);
            throw;
        }

        _accessTrail.Forget(over);
        _noted = null;
        _touched = outcome.Touched;
        Volatile.Write(ref _table, Next(before, outcome, approvals));
        if (!ReferenceEquals(_indexed, campaigns))
        {
            Volatile.Write(ref _signups, SignupIndex.Build(_accounts.All, campaigns, _leaveOut));
            _indexed = campaigns;
        }

        // Last: what the brake remembers over a restart is no part of what was just told and published.
        var (met, left) = _brake.TakeUnsaved(Now());
        if (met.Count + left.Count > 0) _store.SaveTouches(AccessTouches, met, left);
    }

    private DecisionTable Next(DecisionTable before, DecisionOutcome outcome, IReadOnlyDictionary<ApprovalKey, ApprovalWord> approvals)
    {
        var standing = new Dictionary<string, StandingDecision>(StringComparer.Ordinal);
        var seq = before.Seq;
        foreach (var group in outcome.Verdicts.Values.Where(verdict => verdict.State == VerdictState.Effective).GroupBy(verdict => (Campaign: verdict.Campaign!, verdict.Rule)))
        {
            var first = group.First();
            var id = $"{group.Key.Campaign}/{group.Key.Rule}";
            AccountId[] accounts = [.. group.Select(verdict => verdict.Account).OrderBy(account => account.Source, StringComparer.Ordinal).ThenBy(account => account.Id, StringComparer.Ordinal)];
            // The end counts in steps, so that a poller hears of it as it moves on, but not at every round.
            var expires = group.Max(verdict => verdict.ExpiresMs);
            var content = accounts.Aggregate(_hash.Of(_hash.Of(ObligationBytes(first.Obligations)), (ulong)(expires / ExpiryStepMs)), (sum, account) => _hash.Of(sum, AccountHash.Of(_hash, account)));
            var same = before.Standing.TryGetValue(id, out var earlier) && earlier.Content == content;
            if (!same) seq = before.Seq + 1;
            // What one account was recognised by is no reason for all of them.
            var reasons = group.MinBy(verdict => verdict.Reasons.Count)!.Reasons;
            standing.Add(id, new StandingDecision(id, group.Key.Campaign, group.Key.Rule, first.Obligations, accounts, reasons, expires, same ? earlier!.Seq : before.Seq + 1, content));
        }

        var gone = before.Standing.Keys.Where(id => !standing.ContainsKey(id)).ToList();
        if (gone.Count > 0) seq = before.Seq + 1;
        return new DecisionTable
        {
            Policy = _policy, Verdicts = outcome.Verdicts.ToFrozenDictionary(), Reversals = _reversals.ToFrozenDictionary(), Pending = outcome.Pending, Approvals = approvals,
            Standing = standing.ToFrozenDictionary(StringComparer.Ordinal), Seq = seq,
            Ended = [.. before.Ended.Where(pair => !standing.ContainsKey(pair.Id)), .. gone.Select(id => (id, seq))],
        };
    }

    private static byte[] ObligationBytes(IReadOnlyList<Obligation> obligations)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json)) VerdictJson.Write(writer, obligations);
        return json.ToArray();
    }

    /// <summary>One entry for each campaign, rule and state in which verdicts began, and one for those that ended.</summary>
    private IEnumerable<AuditEntry> Changes(IReadOnlyDictionary<AccountId, NotedVerdict> before, IReadOnlyDictionary<AccountId, Verdict> after, Policy policy) =>
    [
        .. Begun(after.Values.Where(verdict => !before.TryGetValue(verdict.Account, out var earlier) || earlier != NotedVerdict.Of(verdict)), policy),
        .. Ended(before.Where(pair => !after.ContainsKey(pair.Key)).Select(pair => (pair.Key, pair.Value.Campaign, pair.Value.Rule)), policy),
    ];

    private IEnumerable<AuditEntry> Begun(IEnumerable<Verdict> begun, Policy policy)
    {
        foreach (var group in begun.GroupBy(verdict => (verdict.Campaign, verdict.Rule, verdict.State)))
        {
            var first = group.First();
            yield return _audit.Entry("verdict", $"policy {policy.Name}", writer =>
            {
                writer.WriteString("campaign", group.Key.Campaign);
                writer.WriteString("rule", group.Key.Rule);
                writer.WriteString("state", VerdictJson.Id(group.Key.State));
                writer.WritePropertyName("obligations");
                VerdictJson.Write(writer, first.Obligations);
                writer.WriteString("policy_sha256", policy.Digest);
                writer.WriteString("expires", VerdictJson.Time(first.ExpiresMs));
                writer.WriteStartArray("reasons");
                foreach (var reason in first.Reasons) writer.WriteStringValue(reason);
                writer.WriteEndArray();
                Accounts(writer, group.Select(verdict => verdict.Account));
            });
        }
    }

    /// <summary>What ended of accounts that hold an entitlement by now stands apart: the entitlement may be why.</summary>
    private IEnumerable<AuditEntry> Ended(IEnumerable<(AccountId Account, string? Campaign, string Rule)> ended, Policy policy)
    {
        var now = _time.GetUtcNow();
        foreach (var group in ended.GroupBy(verdict => (verdict.Campaign, verdict.Rule, IsEntitled: RuleCondition.IsEntitled(_accounts.Find(verdict.Account.Id), now))))
        {
            yield return _audit.Entry("verdict-ended", $"policy {policy.Name}", writer =>
            {
                writer.WriteString("campaign", group.Key.Campaign);
                writer.WriteString("rule", group.Key.Rule);
                if (group.Key.IsEntitled) writer.WriteBoolean("entitled", true);
                Accounts(writer, group.Select(verdict => verdict.Account));
            });
        }
    }

    private IEnumerable<AuditEntry> Unlisted(long count, Policy policy)
    {
        if (count > 0) yield return _audit.Entry("verdicts-unlisted", $"policy {policy.Name}", writer => writer.WriteNumber("request_count", count));
    }

    private static void Accounts(Utf8JsonWriter writer, IEnumerable<AccountId> accounts)
    {
        writer.WriteStartArray("accounts");
        foreach (var account in accounts)
        {
            writer.WriteStartObject();
            writer.WriteString("source", account.Source);
            writer.WriteString("id", account.Id);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void Account(Utf8JsonWriter writer, AccountId account, string note, long? untilMs)
    {
        writer.WriteString("source", account.Source);
        writer.WriteString("account", account.Id);
        writer.WriteString("note", note);
        if (untilMs is { } until) writer.WriteString("until", VerdictJson.Time(until));
    }

    /// <summary>Accounts that send or are on record, whichever are more.</summary>
    private long AccountCount() => Math.Max(_use().Count, _accounts.Count);

    private long Now() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    [LoggerMessage(Level = LogLevel.Error, Message = "Verdicts could not be brought up to date; those that stand go on until they expire")]
    private static partial void RefreshFailed(ILogger log, Exception fault);
}
