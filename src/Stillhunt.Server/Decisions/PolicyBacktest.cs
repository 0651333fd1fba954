using System.Globalization;
using Stillhunt.Campaigns;
using Stillhunt.Ingest;
using Stillhunt.Ledger;
using Stillhunt.Profiles;
using Stillhunt.Response;
using Stillhunt.Sketches;

namespace Stillhunt.Server.Decisions;

/// <param name="OfCampaign">Whether it is a rule about campaigns.</param>
/// <param name="FirstDay">UTC day on which it first held; null for one that never did, and for access rules, which are asked about the present.</param>
/// <param name="HeldByBrakeCount">Accounts of the worst day that the brake would have kept for a person's approval.</param>
/// <param name="Accounts">Ids of all that the rule held for.</param>
public sealed record RuleBacktest(string Rule, ResponseAction Action, bool OfCampaign, int AccountCount, int VerifiedCount, int EntitledCount, IReadOnlyList<string> Campaigns, string? FirstDay, int HeldByBrakeCount, IReadOnlyList<string> Accounts);

public sealed record BacktestResult(int DayCount, int AccountCount, IReadOnlyList<RuleBacktest> Rules);

/// <summary>
/// Replays what a store keeps: for each day, detection over the traffic up to it, the ledger, and the policy, enforced, without delay and
/// hold-out. What people found of campaigns is used where the replay's campaigns are the same, and accounts that they reversed are left alone as they are now.
/// </summary>
public static class PolicyBacktest
{
    /// <param name="records">What is known of accounts, grants included.</param>
    /// <param name="reviewed">Campaigns of the store, for what people found of them.</param>
    /// <param name="reversals">Accounts that nothing is to touch; null for none.</param>
    /// <param name="calibration">At which prevalence confidences are to hold; null for that of the traffic that they were calibrated on.</param>
    /// <param name="leaveOut">Kinds of evidence that may play no part; null for none.</param>
    /// <param name="day">Told of each day before it is replayed.</param>
    public static BacktestResult Run(
        Snapshot state, IReadOnlyDictionary<string, AccountRecord> records, IReadOnlyList<TrackedCampaign> reviewed, Policy policy, KeyedHash hash,
        IReadOnlyDictionary<AccountId, Reversal>? reversals = null, IReadOnlySet<string>? leaveOut = null, Action<string>? day = null, Calibration? calibration = null)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(records);
        ArgumentNullException.ThrowIfNull(policy);
        var strict = policy with { Enforce = true, HoldOut = 0, LeastDelay = TimeSpan.Zero, MostDelay = TimeSpan.Zero };
        var sums = policy.CampaignRules.Select(rule => (Rule: rule, OfCampaign: true)).Concat(policy.AccessRules.Select(rule => (Rule: rule, OfCampaign: false)))
            .ToDictionary(pair => pair.Rule.Id, pair => new Sum(pair.Rule.Action, pair.OfCampaign), StringComparer.Ordinal);
        var standing = reversals ?? new Dictionary<AccountId, Reversal>();
        var days = state.Accounts.Values.SelectMany(profile => profile.Days.Keys).Distinct().Order().ToList();
        IReadOnlyList<TrackedCampaign> known = [];
        IReadOnlyDictionary<AccountId, Touch> touched = new Dictionary<AccountId, Touch>();
        foreach (var until in days)
        {
            var name = DateTimeOffset.UnixEpoch.AddDays(until).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            day?.Invoke(name);
            var (part, spans) = Until(state, until);
            var detected = Detector.Detect(part, account => records.GetValueOrDefault(account.Id), hash, leaveOut: leaveOut, calibration: calibration);
            var now = DateTimeOffset.UnixEpoch.AddDays(until + 1);
            known = Reviewed(CampaignLedger.Update(known, [.. detected.Campaigns, .. detected.Suspected], account => spans.TryGetValue(account, out var span) ? span : null, now.ToUnixTimeMilliseconds()).Campaigns, reviewed);
            var outcome = Decision.Decide(
                new DecisionInput
                {
                    Campaigns = known, Record = account => records.GetValueOrDefault(account.Id), TodayCount = account => CountOf(state, hash, account, until), AccountCount = Math.Max(part.Accounts.Count, records.Count),
                    Reversals = standing, Touched = touched, Hash = hash,
                }, strict, now);
            touched = outcome.Touched;
            foreach (var verdict in outcome.Verdicts.Values.Where(verdict => verdict.State != VerdictState.Reversed)) sums[verdict.Rule].Take(verdict, records.GetValueOrDefault(verdict.Account.Id), now, name);
            foreach (var held in outcome.Pending.Where(pending => pending.Why == "brake").GroupBy(pending => pending.Rule)) sums[held.Key].Held(held.Sum(pending => pending.AccountCount));
        }

        var present = DateTimeOffset.UnixEpoch.AddDays((days.Count > 0 ? days[^1] : 0) + 1);
        var signups = SignupIndex.Build(records.Values, known, leaveOut);
        foreach (var record in records.Values)
        {
            var account = new AccountId(LogFile.DefaultSource, record.Account);
            if (standing.TryGetValue(account, out var reversal) && !(present.ToUnixTimeMilliseconds() >= reversal.UntilMs)) continue;
            if (Decision.OfAccess(account, new RuleFacts { Now = present, Record = record, TodayCount = days.Count > 0 ? CountOf(state, hash, account, days[^1]) : null, Signup = () => signups.Score(record).Score }, strict) is { } verdict) sums[verdict.Rule].Take(verdict, record, present, null);
        }

        return new BacktestResult(days.Count, Math.Max(state.Accounts.Count, records.Count), [.. sums.Select(pair => pair.Value.Of(pair.Key))]);
    }

    private static long? CountOf(Snapshot state, KeyedHash hash, AccountId account, int day) =>
        !state.Accounts.TryGetValue(AccountHash.Of(hash, account), out var profile) ? null : profile.Days.TryGetValue(day, out var record) ? record.ExchangeCount : 0;

    private static (Snapshot Part, Dictionary<AccountId, AccountSpan> Spans) Until(Snapshot state, int day)
    {
        var part = new Snapshot();
        var spans = new Dictionary<AccountId, AccountSpan>();
        foreach (var (key, profile) in state.Accounts)
        {
            var copy = new AccountProfile(profile.Id);
            foreach (var (at, record) in profile.Days.TakeWhile(pair => pair.Key <= day)) copy.Days.Add(at, record);
            if (copy.Days.Count == 0) continue;
            part.Accounts.Add(key, copy);
            spans[profile.Id] = new AccountSpan(copy.Days.Values.Min(record => record.FirstMs), copy.Days.Values.Max(record => record.LastMs));
        }

        foreach (var (name, text) in state.Names) part.Name(name, text);
        foreach (var (field, count) in state.Present) part.Present.Add(field, count);
        return (part, spans);
    }

    private static IReadOnlyList<TrackedCampaign> Reviewed(IReadOnlyList<TrackedCampaign> replayed, IReadOnlyList<TrackedCampaign> reviewed) => [.. replayed.Select(campaign =>
    {
        var members = campaign.Members.Select(member => member.Member).ToHashSet();
        var same = reviewed.FirstOrDefault(other => other.Review is not null && 2 * other.Members.Count(member => members.Contains(member.Member)) > Math.Max(other.Members.Count, members.Count));
        return same is null ? campaign : campaign with { Review = same.Review };
    })];

    private sealed class Sum(ResponseAction action, bool ofCampaign)
    {
        private readonly Dictionary<AccountId, (bool Verified, bool Entitled)> _accounts = [];
        private readonly SortedSet<string> _campaigns = new(StringComparer.Ordinal);
        private string? _firstDay;
        private int _held;

        public void Take(Verdict verdict, AccountRecord? record, DateTimeOffset now, string? day)
        {
            _accounts[verdict.Account] = (record?.Verified == true, !string.IsNullOrEmpty(record?.Entitlement) && !(now.ToUnixTimeMilliseconds() >= record.EntitlementUntilMs));
            if (verdict.Campaign is { } campaign) _campaigns.Add(campaign);
            _firstDay ??= day;
        }

        public void Held(int accounts) => _held = Math.Max(_held, accounts);

        public RuleBacktest Of(string rule) => new(rule, action, ofCampaign, _accounts.Count, _accounts.Values.Count(account => account.Verified), _accounts.Values.Count(account => account.Entitled),
            [.. _campaigns], _firstDay, _held, [.. _accounts.Keys.Select(account => account.Id).Order(StringComparer.Ordinal)]);
    }
}
