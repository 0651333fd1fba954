using System.Globalization;
using System.Text;
using Stillhunt.Ingest;
using Stillhunt.Ledger;
using Stillhunt.Profiles;
using Stillhunt.Sketches;

namespace Stillhunt.Response;

/// <summary>A person's word that an account is not to be touched. Remembered, so that no later detection overrules it.</summary>
/// <param name="UntilMs">Null for good.</param>
public sealed record Reversal(AccountId Account, string By, string Note, long AtMs, long? UntilMs)
{
    /// <summary>Whether it has not run out.</summary>
    public bool HoldsAt(long nowMs) => !(nowMs >= UntilMs);
}

/// <summary>An account that a verdict touches, since when, and whether it was a verified customer.</summary>
public readonly record struct Touch(long SinceMs, bool Verified);

/// <summary>What a decision rests on beside campaigns and policy.</summary>
public sealed record DecisionInput
{
    public required IReadOnlyList<TrackedCampaign> Campaigns { get; init; }

    /// <summary>What the provider knows of an account, grants included; null where nothing.</summary>
    public required Func<AccountId, AccountRecord?> Record { get; init; }

    /// <summary>Exchanges of an account on the newest day.</summary>
    public Func<AccountId, long?> TodayCount { get; init; } = _ => null;

    /// <summary>All accounts there are, for the brake.</summary>
    public required long AccountCount { get; init; }

    /// <summary>Under the policy that is decided by.</summary>
    public IReadOnlyDictionary<ApprovalKey, ApprovalWord> Approvals { get; init; } = new Dictionary<ApprovalKey, ApprovalWord>();

    public IReadOnlyDictionary<AccountId, Reversal> Reversals { get; init; } = new Dictionary<AccountId, Reversal>();

    /// <summary>Accounts that verdicts touch already.</summary>
    public IReadOnlyDictionary<AccountId, Touch> Touched { get; init; } = new Dictionary<AccountId, Touch>();

    /// <summary>Draws the hold-out and the delays, the same at every look.</summary>
    public required KeyedHash Hash { get; init; }
}

/// <summary>A rule that waits for a person before it is carried out for a campaign.</summary>
/// <param name="Why"><c>rule</c> (the rule asks for it), <c>brake</c> (too many at once) or <c>changed</c> (a person decided on it, and it says something else since).</param>
public sealed record PendingApproval(string Campaign, string Rule, string Why, int AccountCount, int VerifiedCount);

/// <param name="Verdicts">The strongest for each account.</param>
/// <param name="Touched">Accounts that are touched from here on, new ones included.</param>
public sealed record DecisionOutcome(IReadOnlyDictionary<AccountId, Verdict> Verdicts, IReadOnlyDictionary<AccountId, Touch> Touched, IReadOnlyList<PendingApproval> Pending);

/// <summary>Campaigns, policy, time -> verdicts. Pure: the same input gives the same output.</summary>
public static class Decision
{
    /// <summary>Probability from which an account is taken to be the campaign's.</summary>
    private const double Member = 0.5;

    private const int MostReasons = 4;

    private static readonly TimeSpan BrakeSpan = TimeSpan.FromHours(1);

    public static DecisionOutcome Decide(DecisionInput input, Policy policy, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(input);
        ArgumentNullException.ThrowIfNull(policy);
        var nowMs = now.ToUnixTimeMilliseconds();
        var wanted = Wanted(input, policy, now);
        var recent = input.Touched.Values.Where(touch => nowMs - touch.SinceMs < BrakeSpan.TotalMilliseconds).ToList();
        var (roomForAll, roomForVerified) = ((long)Math.Floor(policy.Brake.AccountShare * input.AccountCount) - recent.Count, policy.Brake.Verified - recent.Count(touch => touch.Verified));
        var verdicts = new Dictionary<AccountId, Verdict>();
        var touched = new Dictionary<AccountId, Touch>();
        var pending = new Dictionary<(ApprovalKey Key, string Why), (int Accounts, int Verified)>();
        foreach (var (campaign, rule, verdict) in wanted)
        {
            var verified = input.Record(verdict.Account)?.Verified == true;
            var key = new ApprovalKey(campaign.Id, rule.Id);
            ApprovalWord? word = input.Approvals.TryGetValue(key, out var given) ? given : null;
            var stands = input.Touched.TryGetValue(verdict.Account, out var touch);
            var state = State(verdict, input, policy, rule, word, nowMs);
            if (state == VerdictState.Effective && verdict.Would.Touches() && !stands && word != ApprovalWord.Approved)
            {
                // The brake counts who is touched anew; what stands already was counted when it began.
                if (roomForAll < 1 || (verified && roomForVerified < 1)) state = VerdictState.AwaitingApproval;
                else
                {
                    roomForAll--;
                    if (verified) roomForVerified--;
                }
            }

            if (state == VerdictState.AwaitingApproval)
            {
                var at = (key, word == ApprovalWord.Outdated ? "changed" : rule.NeedsApproval && word is null ? "rule" : "brake");
                var sum = pending.GetValueOrDefault(at);
                pending[at] = (sum.Accounts + 1, sum.Verified + (verified ? 1 : 0));
            }

            var decided = verdict with { State = state, FromMs = state == VerdictState.Effective && stands ? Math.Min(touch.SinceMs, verdict.FromMs) : verdict.FromMs };
            verdicts.Add(verdict.Account, decided);
            if (decided.Action.Touches()) touched.Add(verdict.Account, stands ? touch : new Touch(nowMs, verified));
        }

        return new DecisionOutcome(verdicts, touched,
            [.. pending.OrderBy(pair => pair.Key.Key.Campaign, StringComparer.Ordinal).ThenBy(pair => pair.Key.Key.Rule, StringComparer.Ordinal).ThenBy(pair => pair.Key.Why, StringComparer.Ordinal)
                .Select(pair => new PendingApproval(pair.Key.Key.Campaign, pair.Key.Key.Rule, pair.Key.Why, pair.Value.Accounts, pair.Value.Verified))]);
    }

    /// <summary>What access rules say of an account and its request; null where none holds. Neither delayed nor held out: they are the operator's own terms.</summary>
    public static Verdict? OfAccess(AccountId account, RuleFacts facts, Policy policy)
    {
        ArgumentNullException.ThrowIfNull(facts);
        ArgumentNullException.ThrowIfNull(policy);
        PolicyRule? strongest = null;
        foreach (var rule in policy.AccessRules)
            if ((strongest is null || rule.Action > strongest.Action) && rule.When.Holds(facts)) strongest = rule;
        if (strongest is null) return null;
        var nowMs = facts.Now.ToUnixTimeMilliseconds();
        return new Verdict
        {
            Account = account, Obligations = strongest.Then, State = policy.Enforce ? VerdictState.Effective : VerdictState.Shadow, Rule = strongest.Id, Campaign = null,
            Reasons = [$"The access rule {strongest.Id} holds for this account or request."], FromMs = nowMs, ExpiresMs = nowMs + (long)strongest.Lasts.TotalMilliseconds,
        };
    }

    /// <summary>What holds for one request: the stronger of the account's verdict and of what access rules say, as far as reversals and the brake on access rules let them.</summary>
    /// <param name="verdict">That of the account's campaign, or null.</param>
    /// <param name="reversal">A person's word on the account, or null.</param>
    /// <param name="accountCount">All accounts there are; asked only where the brake needs it.</param>
    internal static Verdict? OfRequest(
        AccountId account, Verdict? verdict, RuleFacts facts, Policy policy, Reversal? reversal, AccessBrake brake, Func<long> accountCount, IReadOnlyDictionary<ApprovalKey, ApprovalWord> approvals)
    {
        if (OfAccess(account, facts, policy) is not { } access) return verdict;
        var nowMs = facts.Now.ToUnixTimeMilliseconds();
        if (reversal?.HoldsAt(nowMs) == true) access = access with { State = VerdictState.Reversed };
        else if (access.State == VerdictState.Effective && access.Would.Touches() && !brake.Allows(access, facts.Record?.Verified == true, policy.Brake, accountCount(), approvals, nowMs, out var denied))
            access = access with { State = denied ? VerdictState.Denied : VerdictState.AwaitingApproval };
        if (verdict is null) return access;
        return access.Action > verdict.Action || (access.Action == verdict.Action && access.Would > verdict.Would) ? access : verdict;
    }

    /// <summary>For each account the strongest rule of all its campaigns, surest campaigns and accounts first.</summary>
    private static List<(TrackedCampaign Campaign, PolicyRule Rule, Verdict Verdict)> Wanted(DecisionInput input, Policy policy, DateTimeOffset now)
    {
        var best = new Dictionary<AccountId, (TrackedCampaign Campaign, PolicyRule Rule, Verdict Verdict)>();
        var order = new List<AccountId>();
        var nowMs = now.ToUnixTimeMilliseconds();
        foreach (var campaign in input.Campaigns.Where(campaign => campaign.Stands && campaign.Outcome != ReviewOutcome.Dismissed)
                     .OrderByDescending(campaign => campaign.Confidence).ThenBy(campaign => campaign.Id, StringComparer.Ordinal))
        {
            var reasons = Reasons(campaign);
            var delayMs = DelayMs(input.Hash, policy, campaign.Id);
            var actedOnMs = campaign.Members.Select(member => member.SinceMs).DefaultIfEmpty(campaign.FirstSeenMs).Min() + delayMs;
            // A verdict is about an account. Where one of its end users is the campaign's, the account is other customers' as well: that is for a person to take up with its owner.
            foreach (var member in campaign.Members.Where(member => member.Probability >= Member && member.EndUser is null)
                         .OrderByDescending(member => member.Probability).ThenBy(member => member.Source, StringComparer.Ordinal).ThenBy(member => member.Id, StringComparer.Ordinal))
            {
                var facts = new RuleFacts { Now = now, Campaign = campaign, Probability = member.Probability, Record = input.Record(member.Account), TodayCount = input.TodayCount(member.Account) };
                PolicyRule? rule = null;
                foreach (var candidate in policy.CampaignRules)
                    if ((rule is null || candidate.Action > rule.Action) && candidate.When.Holds(facts)) rule = candidate;
                if (rule is null) continue;
                // Of an account that detection does not hold any more the evidence ended then, however long its campaign goes on.
                var evidenceMs = member.Current ? campaign.LastSeenMs : Math.Min(campaign.LastSeenMs, member.HeldMs ?? campaign.LastSeenMs);
                var expires = evidenceMs + (long)rule.Lasts.TotalMilliseconds;
                if (nowMs >= expires) continue;
                if (best.TryGetValue(member.Account, out var other))
                {
                    if (other.Rule.Action >= rule.Action) continue;
                }
                else
                {
                    order.Add(member.Account);
                }

                best[member.Account] = (campaign, rule, new Verdict
                {
                    Account = member.Account, Obligations = rule.Then, State = VerdictState.Shadow, Rule = rule.Id, Campaign = campaign.Id, Reasons = member.Recognised is { } recognised ? [recognised.ToString(), .. reasons] : reasons,
                    FromMs = rule.Action.Touches() ? Math.Max(actedOnMs, member.SinceMs + (long)policy.LeastDelay.TotalMilliseconds) : member.SinceMs, ExpiresMs = expires,
                });
            }
        }

        return [.. order.Select(account => best[account])];
    }

    private static VerdictState State(Verdict verdict, DecisionInput input, Policy policy, PolicyRule rule, ApprovalWord? word, long nowMs)
    {
        if (input.Reversals.TryGetValue(verdict.Account, out var reversal) && reversal.HoldsAt(nowMs)) return VerdictState.Reversed;
        if (!policy.Enforce) return VerdictState.Shadow;
        if (!verdict.Would.Touches()) return VerdictState.Effective;
        if (word == ApprovalWord.Denied) return VerdictState.Denied;
        if (Draw(input.Hash, verdict.Account.Source + '\n' + verdict.Account.Id) < policy.HoldOut) return VerdictState.HeldOut;
        if (nowMs < verdict.FromMs) return VerdictState.Delayed;
        return word == ApprovalWord.Outdated || (rule.NeedsApproval && word != ApprovalWord.Approved) ? VerdictState.AwaitingApproval : VerdictState.Effective;
    }

    private static IReadOnlyList<string> Reasons(TrackedCampaign campaign)
    {
        var rows = campaign.Latest.Evidence.Where(row => row.Bits > 0).OrderByDescending(row => row.Bits).Take(MostReasons)
            .Select(row => string.Create(CultureInfo.InvariantCulture, $"+{row.Bits:0.0} bits: {row.Text}"));
        return campaign.Review is { Outcome: ReviewOutcome.Confirmed } review ? [$"Confirmed by {review.By}.", .. rows] : [.. rows];
    }

    /// <summary>One delay for a campaign: its accounts are acted on together, so that the order tells nothing either.</summary>
    private static long DelayMs(KeyedHash hash, Policy policy, string campaign) =>
        (long)(policy.LeastDelay + (policy.MostDelay - policy.LeastDelay) * Draw(hash, campaign)).TotalMilliseconds;

    /// <summary>From 0 to below 1, known to nobody without the key.</summary>
    private static double Draw(KeyedHash hash, string text) => (hash.Of(hash.Of(Encoding.UTF8.GetBytes(text)), 0x6472_6177) >> 11) * (1.0 / (1UL << 53));
}
