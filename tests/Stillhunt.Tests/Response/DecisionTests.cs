using FsCheck;
using FsCheck.Fluent;
using Stillhunt.Ingest;
using Stillhunt.Ledger;
using Stillhunt.Profiles;
using Stillhunt.Response;
using Stillhunt.Sketches;
using static Stillhunt.Tests.Ledger.MadeCampaigns;

namespace Stillhunt.Tests.Response;

public sealed class DecisionTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(Start).AddHours(1);

    private static readonly Policy Acting = new()
    {
        Name = "test", Enforce = true, Brake = new PolicyBrake { AccountShare = 1, Verified = 1000 },
        CampaignRules = [Rule("flag-it", ResponseAction.Flag, 0.5), Rule("verify-it", ResponseAction.Verify, 0.8)],
    };

    [Fact]
    public void The_strongest_rule_that_holds_decides_and_names_campaign_rule_and_evidence()
    {
        var verdict = Decide(Acting, [Tracked("c-1", ["a1"])]).Verdicts[Account("a1")];
        Assert.Equal((ResponseAction.Verify, "verify-it", "c-1"), (verdict.Action, verdict.Rule, verdict.Campaign));
        Assert.Contains(verdict.Reasons, reason => reason.Contains("They share a pool.", StringComparison.Ordinal));
    }

    [Fact]
    public void A_campaigns_end_user_brings_no_verdict_on_the_account_that_others_use_too()
    {
        var campaign = Tracked("c-1", ["a1", "a2"]);
        campaign = campaign with { Members = [campaign.Members[0] with { EndUser = "t1" }, campaign.Members[0] with { EndUser = "t2" }, campaign.Members[1]] };
        Assert.Equal([Account("a2")], Decide(Acting, [campaign]).Verdicts.Keys);
    }

    [Fact]
    public void In_shadow_nothing_is_done_and_what_would_be_is_said()
    {
        var outcome = Decide(Acting with { Enforce = false }, [Tracked("c-1", ["a1"])]);
        Assert.Equal((ResponseAction.Observe, ResponseAction.Verify), (outcome.Verdicts[Account("a1")].Action, outcome.Verdicts[Account("a1")].Would));
        Assert.Empty(outcome.Touched);
    }

    [Fact]
    public void A_verdict_ends_by_itself_after_the_last_evidence()
    {
        Assert.NotEmpty(Decide(Acting, [Tracked("c-1", ["a1"])], Now.AddDays(6)).Verdicts);
        Assert.Empty(Decide(Acting, [Tracked("c-1", ["a1"])], Now.AddDays(7)).Verdicts);
    }

    [Fact]
    public void A_verdict_ends_for_an_account_that_detection_holds_no_more_however_long_its_campaign_goes_on()
    {
        static AccountSpan? Sends(AccountId account) => new AccountSpan(Start, Start + Day);
        var found = CampaignLedger.Update([], [Detected("c-1", Accounts(1, 9))], Sends, Start).Campaigns;
        // From the second day on it is seen without a9, which still sends.
        for (var day = 1; day <= 9; day++) found = CampaignLedger.Update(found, [Detected("c-1", Accounts(1, 8))], Sends, Start + day * Day).Campaigns;
        var verdicts = Decide(Acting, found, DateTimeOffset.FromUnixTimeMilliseconds(Start).AddDays(9)).Verdicts;
        Assert.Equal([.. Accounts(1, 8).Select(Account)], verdicts.Keys.ToHashSet());
        Assert.True(Decide(Acting, found, DateTimeOffset.FromUnixTimeMilliseconds(Start).AddDays(6)).Verdicts.ContainsKey(Account("a9")));
    }

    [Fact]
    public void Accounts_of_a_campaign_are_acted_on_together_at_a_time_that_the_key_draws()
    {
        var policy = Acting with { LeastDelay = TimeSpan.FromHours(2), MostDelay = TimeSpan.FromHours(12) };
        var campaign = Tracked("c-1", Accounts(1, 20));
        Assert.All(Decide(policy, [campaign]).Verdicts.Values, verdict => Assert.Equal(VerdictState.Delayed, verdict.State));
        var from = Decide(policy, [campaign]).Verdicts.Values.Select(verdict => verdict.FromMs).Distinct().ToList();
        Assert.InRange(Assert.Single(from), Start + 2 * 3_600_000, Start + 12 * 3_600_000);
        Assert.All(Decide(policy, [campaign], DateTimeOffset.FromUnixTimeMilliseconds(from[0])).Verdicts.Values, verdict => Assert.Equal(VerdictState.Effective, verdict.State));
    }

    [Fact]
    public void An_account_that_joins_later_waits_for_its_campaigns_time_and_no_less_than_the_shortest_delay()
    {
        var policy = Acting with { LeastDelay = TimeSpan.FromHours(2), MostDelay = TimeSpan.FromHours(12) };
        var campaign = Tracked("c-1", ["a1", "a2", "a3"]);
        var acted = Decide(policy, [campaign]).Verdicts[Account("a1")].FromMs;
        long FromOf(long sinceMs) =>
            Decide(policy, [campaign with { Members = [.. campaign.Members.Take(2), campaign.Members[2] with { SinceMs = sinceMs }] }], Now.AddHours(20)).Verdicts[Account("a3")].FromMs;
        Assert.Equal(acted, FromOf(Start + 1));
        Assert.Equal(acted + 3_600_000 + (2 * 3_600_000), FromOf(acted + 3_600_000));
    }

    [Fact]
    public void The_hold_out_leaves_about_its_share_alone_and_always_the_same()
    {
        var policy = Acting with { HoldOut = 0.25 };
        HashSet<AccountId> HeldOut(string campaign) => [.. Decide(policy, [Tracked(campaign, Accounts(1, 400))]).Verdicts.Values.Where(verdict => verdict.State == VerdictState.HeldOut).Select(verdict => verdict.Account)];
        Assert.InRange(HeldOut("c-1").Count, 70, 130);
        Assert.Equal(HeldOut("c-1"), HeldOut("c-2"));
    }

    [Fact]
    public void Beyond_the_brake_a_person_is_asked_and_an_approval_lets_the_rest_through()
    {
        var policy = Acting with { Brake = new PolicyBrake { AccountShare = 0.01, Verified = 1000 } };
        var held = Decide(policy, [Tracked("c-1", Accounts(1, 50))]);
        Assert.Equal(10, held.Touched.Count);
        var pending = Assert.Single(held.Pending);
        Assert.Equal(("c-1", "verify-it", "brake", 40), (pending.Campaign, pending.Rule, pending.Why, pending.AccountCount));
        var approved = Decide(policy, [Tracked("c-1", Accounts(1, 50))], approvals: new() { [new ApprovalKey("c-1", "verify-it")] = ApprovalWord.Approved });
        Assert.Equal(50, approved.Touched.Count);
        var denied = Decide(policy, [Tracked("c-1", Accounts(1, 50))], approvals: new() { [new ApprovalKey("c-1", "verify-it")] = ApprovalWord.Denied });
        Assert.Empty(denied.Touched);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_word_on_a_rule_that_says_something_else_by_now_holds_no_more_and_the_rule_waits(bool approved)
    {
        var policy = Acting with { CampaignRules = [Rule("it", ResponseAction.Cap, 0.5)] };
        var given = new Dictionary<ApprovalKey, Approval> { [new ApprovalKey("c-1", "it")] = new(approved, RuleDigest.Of(policy.CampaignRules[0])) };
        DecisionOutcome Under(Policy now, IReadOnlyDictionary<AccountId, Touch>? touched = null) =>
            Decide(now, [Tracked("c-1", ["a1", "a2"])], approvals: new Dictionary<ApprovalKey, ApprovalWord>(Approvals.Under(now, given)), touched: touched);
        var before = Under(policy);
        Assert.Equal(approved ? 2 : 0, before.Touched.Count);
        // Whoever was touched by what was approved is not touched by what was not, either.
        var harsher = Under(policy with { CampaignRules = [Rule("it", ResponseAction.Suspend, 0.5)] }, before.Touched);
        Assert.All(harsher.Verdicts.Values, verdict => Assert.Equal(VerdictState.AwaitingApproval, verdict.State));
        Assert.Equal(("changed", 2), (Assert.Single(harsher.Pending).Why, harsher.Pending[0].AccountCount));
        Assert.Empty(harsher.Touched);
        // As it was, the word holds again.
        Assert.Equal(approved ? 2 : 0, Under(policy).Touched.Count);
    }

    [Fact]
    public void What_a_rule_says_is_in_its_digest_and_its_name_is_not()
    {
        var rule = new PolicyRule { Id = "a", When = new RuleCondition { Tiers = ["free"] }, Then = [new Obligation(ResponseAction.Cap) { RequestsPerHour = 60 }] };
        PolicyRule[] others =
        [
            rule with { When = new RuleCondition { Tiers = ["free", "paid"] } }, rule with { When = new RuleCondition { Programs = ["free"] } }, rule with { When = new RuleCondition { Tiers = ["free"], Usage = 0 } },
            rule with { Then = [new Obligation(ResponseAction.Cap) { RequestsPerHour = 6 }] }, rule with { Then = [new Obligation(ResponseAction.Cap) { TokensPerDay = 60 }] },
            rule with { Then = [.. rule.Then, new Obligation(ResponseAction.Strip) { Fields = ["n"] }] }, rule with { Then = [new Obligation(ResponseAction.Suspend)] }, rule with { Lasts = TimeSpan.FromDays(8) },
        ];
        Assert.Equal(others.Length + 1, others.Append(rule).Select(RuleDigest.Of).Distinct().Count());
        Assert.Equal(RuleDigest.Of(rule), RuleDigest.Of(rule with { Id = "b", NeedsApproval = true }));
        // SHA-256 of {"when":{"Tiers":["free"]},"then":[{"Action":"Cap","RequestsPerHour":60,"Summarise":false}],"lasts":6048000000000}; it is kept in stores, so no version may change it.
        Assert.Equal("dc6ccc773e6bcec6d86ef00f918503263f917a52116f2187456bca2134037ccb", RuleDigest.Of(rule));
    }

    [Fact]
    public void Verified_customers_have_a_brake_of_their_own()
    {
        var policy = Acting with { Brake = new PolicyBrake { AccountShare = 1, Verified = 3 } };
        Assert.Equal(3, Decide(policy, [Tracked("c-1", Accounts(1, 20))], record: id => new AccountRecord { Account = id.Id, Verified = true }).Touched.Count);
        Assert.Equal(20, Decide(policy, [Tracked("c-1", Accounts(1, 20))], record: id => new AccountRecord { Account = id.Id, Verified = false }).Touched.Count);
    }

    [Fact]
    public void What_stands_is_not_counted_against_the_brake_again()
    {
        var policy = Acting with { Brake = new PolicyBrake { AccountShare = 0.01, Verified = 1000 } };
        var first = Decide(policy, [Tracked("c-1", Accounts(1, 50))]);
        var again = Decide(policy, [Tracked("c-1", Accounts(1, 50))], touched: first.Touched);
        Assert.Equal(first.Touched.Keys.ToHashSet(), again.Touched.Keys.ToHashSet());
        var later = Decide(policy, [Tracked("c-1", Accounts(1, 50))], Now.AddHours(2), touched: first.Touched);
        Assert.Equal(20, later.Touched.Count);
    }

    [Fact]
    public void Who_was_touched_by_an_access_rule_long_ago_is_no_exception_from_the_brake()
    {
        var policy = new Policy { Name = "test", Enforce = true, Brake = new PolicyBrake { AccountShare = 0.01, Verified = 1 } };
        static PolicyRule Rule(string id, ResponseAction action, RuleCondition when) => new() { Id = id, When = when, Then = [new Obligation(action)], Lasts = TimeSpan.FromDays(1) };
        policy = policy with { AccessRules = [Rule("new", ResponseAction.Verify, new RuleCondition { YoungerThan = TimeSpan.FromDays(2) }), Rule("country", ResponseAction.Suspend, new RuleCondition { OwnerCountries = ["XA"] })] };
        var brake = new AccessBrake();
        VerdictState Ask(int account, string country, int day) => Decision.OfRequest(
            Account($"n{account}"), null, new RuleFacts { Now = Now.AddDays(day).AddHours(2 * account), Record = new AccountRecord { Account = $"n{account}", CreatedMs = Now.ToUnixTimeMilliseconds(), OwnerCountry = country } },
            policy, null, brake, () => 100, new Dictionary<ApprovalKey, ApprovalWord>())!.State;
        // One an hour is room enough for each.
        Assert.All(Enumerable.Range(0, 6), account => Assert.Equal(VerdictState.Effective, Ask(account, "XB", 0)));
        // Long after, a mistaken rule holds for them all.
        var states = Enumerable.Range(0, 6).Select(account => Decision.OfRequest(
            Account($"n{account}"), null, new RuleFacts { Now = Now.AddDays(30), Record = new AccountRecord { Account = $"n{account}", OwnerCountry = "XA" } }, policy, null, brake, () => 100, new Dictionary<ApprovalKey, ApprovalWord>())!.State).ToList();
        Assert.Equal(1, states.Count(state => state == VerdictState.Effective));
        Assert.Equal(5, brake.TakeUnsaved(Now.AddDays(30).ToUnixTimeMilliseconds()).Ended.Count);
    }

    [Fact]
    public void A_reversal_is_remembered_whatever_is_detected_later()
    {
        var reversals = new Dictionary<AccountId, Reversal> { [Account("a1")] = new(Account("a1"), "ada", "A customer we know", Start, null) };
        Assert.Equal(VerdictState.Reversed, Decide(Acting, [Tracked("c-1", ["a1"], 0.99)], reversals: reversals).Verdicts[Account("a1")].State);
    }

    [Fact]
    public void A_dismissed_campaign_touches_nobody_and_a_confirmed_one_counts_as_sure()
    {
        Assert.Empty(Decide(Acting, [Tracked("c-1", ["a1"], review: new CampaignReview(ReviewOutcome.Dismissed, "ada", "", Start))]).Verdicts);
        Assert.Equal("verify-it", Decide(Acting, [Tracked("c-1", ["a1"], 0.3, review: new CampaignReview(ReviewOutcome.Confirmed, "ada", "", Start))]).Verdicts[Account("a1")].Rule);
    }

    [Fact]
    public void A_rule_about_many_accounts_leaves_a_campaign_of_few_to_a_gentler_one()
    {
        var policy = Acting with { CampaignRules = [Rule("flag-it", ResponseAction.Flag, 0.5), Rule("verify-many", ResponseAction.Verify, 0.5) with { When = new RuleCondition { Confidence = 0.5, Accounts = 3 } }] };
        Assert.Equal("flag-it", Decide(policy, [Tracked("c-1", ["a1", "a2"])]).Verdicts[Account("a1")].Rule);
        Assert.Equal("verify-many", Decide(policy, [Tracked("c-1", ["a1", "a2", "a3"])]).Verdicts[Account("a1")].Rule);
    }

    [Fact]
    public void Unknown_meets_no_condition()
    {
        var policy = Acting with { AccessRules = [new PolicyRule { Id = "r", When = new RuleCondition { OwnerCountries = ["XA"] }, Then = [new Obligation(ResponseAction.Hold)] }] };
        Assert.Null(Decision.OfAccess(Account("a1"), new RuleFacts { Now = Now, Record = new AccountRecord { Account = "a1" } }, policy));
        Assert.Null(Decision.OfAccess(Account("a1"), new RuleFacts { Now = Now }, policy));
        Assert.Equal(ResponseAction.Hold, Decision.OfAccess(Account("a1"), new RuleFacts { Now = Now, Record = new AccountRecord { Account = "a1", OwnerCountry = "xa" } }, policy)!.Action);
    }

    [Fact]
    public void A_registration_like_a_known_campaigns_meets_a_rule_about_it_and_an_unknown_one_does_not()
    {
        AccountRecord Record(string id, string? payment, string? phone) => new() { Account = id, Payment = payment, Phone = phone, Referrer = "search" };
        var records = Enumerable.Range(0, 20).Select(i => Record($"m{i}", "card-x", "phone-x")).Concat(Enumerable.Range(0, 500).Select(i => Record($"h{i}", $"card-{i}", $"phone-{i}"))).ToList();
        var policy = Acting with { AccessRules = [new PolicyRule { Id = "look-alike", When = new RuleCondition { Signup = 0.5 }, Then = [new Obligation(ResponseAction.Verify)] }] };
        string? Rule(AccountRecord? record, CampaignReview? review = null)
        {
            var index = SignupIndex.Build(records, [Tracked("c-1", [.. Enumerable.Range(0, 20).Select(i => $"m{i}")], review: review)]);
            return Decision.OfAccess(Account("new"), new RuleFacts { Now = Now, Record = record, Signup = record is null ? null : () => index.Score(record).Score }, policy)?.Rule;
        }

        Assert.Equal("look-alike", Rule(Record("new", "card-x", "phone-x")));
        Assert.Null(Rule(Record("new", "card-7", "phone-new")));
        Assert.Null(Rule(Record("new", null, null)));
        Assert.Null(Rule(null));
        // A person said that the campaign is none.
        Assert.Null(Rule(Record("new", "card-x", "phone-x"), new CampaignReview(ReviewOutcome.Dismissed, "ada", "", Start)));
    }

    [Fact]
    public void A_registration_is_no_surer_to_be_a_campaigns_than_the_campaign_is_and_whom_detection_dropped_says_nothing()
    {
        var records = Enumerable.Range(0, 20).Select(i => new AccountRecord { Account = $"m{i}", Payment = "card-x", Phone = "phone-x" })
            .Concat(Enumerable.Range(0, 500).Select(i => new AccountRecord { Account = $"h{i}", Payment = $"card-{i}" })).ToList();
        var applicant = new AccountRecord { Account = "new", Payment = "card-x", Phone = "phone-x" };
        string[] members = [.. Enumerable.Range(0, 20).Select(i => $"m{i}")];
        var finding = SignupIndex.Build(records, [Tracked("c-1", members, 0.6)]).Score(applicant);
        Assert.InRange(finding.Score, 0.5, 0.6);
        // Prior, what is shared, and what is not sure of the campaign add up to the score.
        var bits = finding.Reasons.Sum(reason => double.Parse(reason.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(finding.Score, 1 / (1 + Math.Pow(2, -bits)), 0.05);

        var dropped = Tracked("c-1", members, 0.99);
        dropped = dropped with { Members = [.. dropped.Members.Select(member => member with { Current = false })] };
        Assert.Equal(0, SignupIndex.Build(records, [dropped]).Score(applicant).Score);
    }

    [Fact]
    public void An_entitlement_that_ran_out_is_none()
    {
        var condition = new RuleCondition { Entitled = true };
        Assert.True(condition.Holds(new RuleFacts { Now = Now, Record = new AccountRecord { Account = "a", Entitlement = "licence", EntitlementUntilMs = Start + Day } }));
        Assert.False(condition.Holds(new RuleFacts { Now = Now.AddDays(2), Record = new AccountRecord { Account = "a", Entitlement = "licence", EntitlementUntilMs = Start + Day } }));
    }

    [Fact]
    public void Nothing_that_a_campaign_is_the_ground_for_holds_for_whom_an_entitlement_covers_until_it_has_run_out()
    {
        static AccountRecord? Contract(AccountId account) => account == Account("a1") ? new AccountRecord { Account = "a1", Entitlement = "contract 7", EntitlementUntilMs = Start + Day } : null;
        var policy = Acting with { CampaignRules = [Rule("suspend-it", ResponseAction.Suspend, 0.8) with { NeedsApproval = true, Lasts = TimeSpan.FromDays(30) }] };
        var approvals = new Dictionary<ApprovalKey, ApprovalWord> { [new ApprovalKey("c-1", "suspend-it")] = ApprovalWord.Approved };
        var campaign = Tracked("c-1", ["a1", "a2"], review: new CampaignReview(ReviewOutcome.Confirmed, "ada", "", Start));
        var before = Decide(policy, [campaign], approvals: approvals);
        Assert.Equal(2, before.Touched.Count);
        // It was entered after the verdict began, and nothing else changed.
        var entered = Decide(policy, [campaign], record: Contract, approvals: approvals, touched: before.Touched);
        Assert.Equal([Account("a2")], entered.Verdicts.Keys);
        Assert.Equal([Account("a2")], entered.Touched.Keys);
        Assert.Equal(ResponseAction.Suspend, Decide(policy, [campaign], Now.AddDays(2), Contract, approvals).Verdicts[Account("a1")].Action);
    }

    [Fact]
    public void A_rule_about_entitled_accounts_holds_for_them_where_a_stronger_one_spares_them()
    {
        var policy = Acting with { CampaignRules = [Rule("verify-it", ResponseAction.Verify, 0.8), Rule("tell-people", ResponseAction.Flag, 0.8) with { When = new RuleCondition { Confidence = 0.8, Entitled = true } }] };
        var verdicts = Decide(policy, [Tracked("c-1", ["a1", "a2"])], record: account => account == Account("a1") ? new AccountRecord { Account = "a1", Entitlement = "contract 7" } : null).Verdicts;
        Assert.Equal(("tell-people", "verify-it"), (verdicts[Account("a1")].Rule, verdicts[Account("a2")].Rule));
    }

    [Fact]
    public void An_access_rule_holds_for_entitled_accounts_too_but_not_one_that_compares_them_with_campaigns()
    {
        string? Held(RuleCondition when) => Decision.OfAccess(
            Account("a1"), new RuleFacts { Now = Now, Record = new AccountRecord { Account = "a1", OwnerCountry = "XA", Entitlement = "contract 7" }, Signup = () => 0.9 },
            Acting with { AccessRules = [new PolicyRule { Id = "r", When = when, Then = [new Obligation(ResponseAction.Verify)] }] })?.Rule;
        Assert.Equal("r", Held(new RuleCondition { OwnerCountries = ["XA"] }));
        Assert.Null(Held(new RuleCondition { Signup = 0.5 }));
        Assert.Equal("r", Held(new RuleCondition { Signup = 0.5, Entitled = true }));
    }

    /// <summary>Whatever the campaigns, within any hour no more are touched than the brake allows.</summary>
    [Fact]
    public void No_mixture_of_campaigns_gets_past_the_brake() => Prop.ForAll(
        ArbMap.Default.ArbFor<byte[]>(), ArbMap.Default.ArbFor<byte>(), (sizes, share) =>
        {
            var policy = Acting with { Brake = new PolicyBrake { AccountShare = share / 2550.0, Verified = 1000 } };
            var campaigns = (sizes ?? []).Take(8).Select((size, i) => Tracked($"c-{i}", Accounts(i * 100, i * 100 + size % 150))).ToList();
            var allowed = (long)Math.Floor(policy.Brake.AccountShare * 1000);
            IReadOnlyDictionary<AccountId, Touch> touched = new Dictionary<AccountId, Touch>();
            for (var minute = 0; minute < 60; minute += 20)
                touched = Decide(policy, campaigns, Now.AddMinutes(minute), touched: touched).Touched;
            return touched.Count <= allowed;
        }).QuickCheckThrowOnFailure();

    private static AccountId Account(string id) => new("default", id);

    private static PolicyRule Rule(string id, ResponseAction action, double confidence) =>
        new() { Id = id, When = new RuleCondition { Confidence = confidence }, Then = [new Obligation(action)] };

    private static DecisionOutcome Decide(Policy policy, IReadOnlyList<TrackedCampaign> campaigns, DateTimeOffset? now = null, Func<AccountId, AccountRecord?>? record = null,
        Dictionary<ApprovalKey, ApprovalWord>? approvals = null, Dictionary<AccountId, Reversal>? reversals = null, IReadOnlyDictionary<AccountId, Touch>? touched = null) => Decision.Decide(
        new DecisionInput
        {
            Campaigns = campaigns, Record = record ?? (_ => null), AccountCount = 1000, Hash = KeyedHash.Fixed, Approvals = approvals ?? [], Reversals = reversals ?? [],
            Touched = touched ?? new Dictionary<AccountId, Touch>(),
        }, policy, now ?? Now);
}
