using System.Globalization;
using Stillhunt.Campaigns;
using Stillhunt.Ingest;
using Stillhunt.Ledger;
using Stillhunt.Profiles;
using Stillhunt.Response;
using Stillhunt.Sketches;

namespace Stillhunt.Server.Decisions;

/// <param name="OfCampaign">Whether it is a rule about campaigns.</param>
/// <param name="Campaigns">Under the store's ids.</param>
/// <param name="PassingCampaignCount">Further campaigns, which the replay saw on a part of the history and the store does not know.</param>
/// <param name="FirstDay">UTC day on which it first held; null for one that never did.</param>
/// <param name="HeldByBrakeCount">Accounts of the worst day that the brake would have kept for a person's approval.</param>
/// <param name="Accounts">Ids of all that the rule held for.</param>
public sealed record RuleBacktest(string Rule, ResponseAction Action, bool OfCampaign, int AccountCount, int VerifiedCount, int EntitledCount, IReadOnlyList<string> Campaigns, int PassingCampaignCount, string? FirstDay, int HeldByBrakeCount, IReadOnlyList<string> Accounts);

/// <param name="TouchedCount">Accounts for which a rule held whose action a customer could notice.</param>
/// <param name="TouchedVerifiedCount">Verified customers among them.</param>
public sealed record BacktestResult(int DayCount, int AccountCount, int TouchedCount, int TouchedVerifiedCount, IReadOnlyList<RuleBacktest> Rules);

/// <summary>
/// Replays what a store keeps: for each day, access rules over its requests, detection over the traffic up to it, the ledger, and the policy, enforced, without delay and
/// hold-out. What people found of campaigns is used where the replay's campaigns are the same, and accounts that they reversed are left alone as they are now.
/// </summary>
public static class PolicyBacktest
{
    /// <param name="records">What is known of accounts, grants included.</param>
    /// <param name="kept">Campaigns of the store, for what people found of them, and for their ids.</param>
    /// <param name="reversals">Accounts that nothing is to touch; null for none.</param>
    /// <param name="calibration">At which prevalence confidences are to hold; null for that of the traffic that they were calibrated on.</param>
    /// <param name="leaveOut">Kinds of evidence that may play no part; null for none.</param>
    /// <param name="day">Told of each day before it is replayed: its name, its number from 1, and how many there are.</param>
    public static BacktestResult Run(
        Snapshot state, IReadOnlyDictionary<string, AccountRecord> records, IReadOnlyList<TrackedCampaign> kept, Policy policy, KeyedHash hash,
        IReadOnlyDictionary<AccountId, Reversal>? reversals = null, IReadOnlySet<string>? leaveOut = null, Action<string, int, int>? day = null, Calibration? calibration = null)
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
        var access = new AccessReplay(state, records, standing, strict);
        foreach (var (index, until) in days.Index())
        {
            var name = DateTimeOffset.UnixEpoch.AddDays(until).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
            day?.Invoke(name, index + 1, days.Count);
            var signups = new Lazy<SignupIndex>(() => SignupIndex.Build(records.Values, known, leaveOut));
            foreach (var ofRule in access.Of(until, record => signups.Value.Score(record).Score).GroupBy(asked => asked.Verdict.Rule))
            {
                foreach (var (verdict, _) in ofRule) sums[ofRule.Key].Take(verdict, records.GetValueOrDefault(verdict.Account.Id), null, name);
                sums[ofRule.Key].Held(ofRule.Count(asked => asked.Held));
            }

            var (part, spans) = Until(state, until);
            var detected = Detector.Detect(part, account => records.GetValueOrDefault(account.Id), hash, leaveOut: leaveOut, calibration: calibration);
            var now = DateTimeOffset.UnixEpoch.AddDays(until + 1);
            known = Reviewed(CampaignLedger.Update(known, [.. detected.Campaigns, .. detected.Suspected], account => spans.TryGetValue(account, out var span) ? span : null, now.ToUnixTimeMilliseconds(), detected.Scanned.To).Campaigns, kept);
            var ids = known.ToDictionary(campaign => campaign.Id, campaign => KeptId(campaign, kept), StringComparer.Ordinal);
            var outcome = Decision.Decide(
                new DecisionInput
                {
                    Campaigns = known, Record = account => records.GetValueOrDefault(account.Id), TodayCount = account => CountOf(state, hash, account, until), AccountCount = Math.Max(part.Accounts.Count, records.Count),
                    Reversals = standing, Touched = touched, Hash = hash,
                }, strict, now);
            touched = outcome.Touched;
            foreach (var verdict in outcome.Verdicts.Values.Where(verdict => verdict.State != VerdictState.Reversed)) sums[verdict.Rule].Take(verdict, records.GetValueOrDefault(verdict.Account.Id), ids[verdict.Campaign!], name);
            foreach (var held in outcome.Pending.Where(pending => pending.Why == "brake").GroupBy(pending => pending.Rule)) sums[held.Key].Held(held.Sum(pending => pending.AccountCount));
        }

        var noticed = sums.Values.Where(sum => sum.Touches).SelectMany(sum => sum.Accounts).DistinctBy(pair => pair.Key).ToList();
        return new BacktestResult(days.Count, Math.Max(state.Accounts.Count, records.Count), noticed.Count, noticed.Count(pair => pair.Value.Verified), [.. sums.Select(pair => pair.Value.Of(pair.Key))]);
    }

    /// <summary>The store's id of the campaign that holds most of a replayed one's accounts, if they are enough to be taken for one; else null.</summary>
    private static string? KeptId(TrackedCampaign replayed, IReadOnlyList<TrackedCampaign> kept)
    {
        var members = replayed.Members.Select(member => member.Member).ToHashSet();
        var (id, common) = kept.Where(other => other.Stands).Select(other => (other.Id, Common: other.Members.Count(member => members.Contains(member.Member)))).OrderByDescending(other => other.Common).FirstOrDefault();
        return common > 0 && common >= CampaignMatch.OneCampaign * members.Count ? id : null;
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
        private readonly HashSet<string> _passing = new(StringComparer.Ordinal);
        private string? _firstDay;
        private int _held;

        public bool Touches => action.Touches();

        public IReadOnlyDictionary<AccountId, (bool Verified, bool Entitled)> Accounts => _accounts;

        /// <param name="keptId">The store's id of the verdict's campaign; null where it has none.</param>
        public void Take(Verdict verdict, AccountRecord? record, string? keptId, string day)
        {
            _accounts[verdict.Account] = (record?.Verified == true, RuleCondition.IsEntitled(record, DateTimeOffset.FromUnixTimeMilliseconds(verdict.FromMs)));
            if (keptId is not null) _campaigns.Add(keptId);
            else if (verdict.Campaign is { } passing) _passing.Add(passing);
            _firstDay ??= day;
        }

        public void Held(int accounts) => _held = Math.Max(_held, accounts);

        public RuleBacktest Of(string rule) => new(rule, action, ofCampaign, _accounts.Count, _accounts.Values.Count(account => account.Verified), _accounts.Values.Count(account => account.Entitled),
            [.. _campaigns], _passing.Count, _firstDay, _held, [.. _accounts.Keys.Select(account => account.Id).Order(StringComparer.Ordinal)]);
    }
}
