using Stillhunt.Cli.Duels;
using Stillhunt.Ledger;
using Stillhunt.Proving;
using Stillhunt.Proving.Duels;
using Stillhunt.Response;
using Stillhunt.Sketches;

namespace Stillhunt.Tests.Cli;

/// <summary>Detection, ledger and decision in the time of a duel.</summary>
public sealed class PolicyDefenderTests
{
    private static readonly DuelOptions Small = new()
    {
        Range = new RangeOptions { Scenario = "reward-model", HonestAccounts = 150, Days = 1.5 }, QuietDays = 0.5, Moves = Moves.None, Step = TimeSpan.FromHours(1),
    };

    private static readonly Policy Holds = new()
    {
        Name = "holds", Enforce = true, Brake = new PolicyBrake { AccountShare = 1, Verified = 100 },
        CampaignRules = [new PolicyRule { Id = "hold", When = new RuleCondition { Confidence = 0.5, Probability = 0.5 }, Then = [new Obligation(ResponseAction.Hold)] }],
    };

    [Fact]
    public void A_campaign_is_detected_while_it_runs_and_its_accounts_are_stopped()
    {
        var (outcome, result) = Play(Holds);
        Assert.NotNull(outcome.FirstEffectiveMs);
        Assert.True(outcome.AccountsBurnt > 0);
        Assert.InRange(outcome.ObtainedShare, outcome.Leak, 0.95);
        Assert.Equal(outcome.Before.Sum(), outcome.Before[(int)Standing.Unseen]);
        Assert.Equal("hold", outcome.Displaced[0].Action);
        Assert.Equal(0, result.HonestSuspended);
        // What honest customers met is laid at the door of the rule that did it.
        Assert.Equal(result.Honest.Sum(h => h.Met), result.HarmByRule.Sum(pair => pair.Harm.Met));
        Assert.All(result.HarmByRule, pair => Assert.Equal("hold", pair.Rule));
    }

    [Fact]
    public void Replacements_are_stopped_between_two_detections()
    {
        using var defender = new PolicyDefender(Holds, new DefenderOptions(TimeSpan.FromHours(8), null), KeyedHash.Fixed);
        var outcome = Assert.Single(Duel.Play(Small with { Moves = Moves.Replace }, defender).Cases);
        // A detection that holds them, too, makes members of them that are not told by how they came in.
        Assert.True(defender.Events.GetValueOrDefault(CampaignEventKind.Succession) > 0, "Nobody was recognised as he came in.");
        Assert.All(defender.Campaigns.SelectMany(campaign => campaign.Members).Where(member => member.Recognised is not null), member => Assert.InRange(member.Probability, 0.5, 1));
        Assert.True(outcome.AccountsBurnt > 44, $"{outcome.AccountsBurnt} accounts were burnt, and the first were 44.");
    }

    [Fact]
    [Trait("takes", "minutes")]
    public void A_brake_without_room_holds_everything_back_and_the_report_says_so()
    {
        var (outcome, _) = Play(Holds with { Brake = new PolicyBrake { AccountShare = 0, Verified = 0 } });
        Assert.Null(outcome.FirstEffectiveMs);
        Assert.True(outcome.LeakByBrake > 0);
        Assert.Equal(0, outcome.AccountsBurnt);
    }

    [Fact]
    [Trait("takes", "minutes")]
    public void A_campaign_is_seen_sooner_where_growth_brings_detections_on()
    {
        var quarters = Small with { Range = Small.Range with { Scenario = "language-lock", Days = 1 }, Step = TimeSpan.FromMinutes(15) };
        using var defender = new PolicyDefender(Holds, new DefenderOptions(TimeSpan.FromHours(8), null) { Growth = 0.1 }, KeyedHash.Fixed);
        var sooner = Assert.Single(Duel.Play(quarters, defender).Cases);
        var (later, _) = Play(Holds, quarters);
        Assert.True(sooner.HoursToDetection < later.HoursToDetection, $"{sooner.HoursToDetection} hours with growth, {later.HoursToDetection} without");
        Assert.InRange(defender.DetectionCount, 4, 60);
    }

    [Fact]
    public void A_cap_counts_requests_by_the_hour_and_tokens_by_the_day()
    {
        var meter = new CapMeter();
        var cap = new Obligation(ResponseAction.Cap) { RequestsPerHour = 2, TokensPerDay = 250 };
        Assert.True(meter.Takes("a", 0, cap, 100));
        Assert.True(meter.Takes("a", 1, cap, 100));
        Assert.False(meter.Takes("a", 2, cap, 100));
        Assert.True(meter.Takes("b", 2, cap, 100));
        // The hour slides: what was let through at its end counts until it is an hour old.
        Assert.False(meter.Takes("a", 3_600_000, cap, 100));
        Assert.True(meter.Takes("a", 7_200_000, cap, 100));
        Assert.False(meter.Takes("a", 10_800_000, cap, 100));
        Assert.True(meter.Takes("a", 86_400_000, cap, 100));
    }

    private static (CaseOutcome, DuelResult) Play(Policy policy, DuelOptions? duel = null)
    {
        using var defender = new PolicyDefender(policy, new DefenderOptions(TimeSpan.FromHours(8), null), KeyedHash.Fixed);
        var result = Duel.Play(duel ?? Small, defender);
        return (Assert.Single(result.Cases), result);
    }
}
