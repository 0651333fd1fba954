using Stillhunt.Campaigns;
using Stillhunt.Ledger;
using Stillhunt.Profiles;
using static Stillhunt.Tests.Ledger.MadeCampaigns;

namespace Stillhunt.Tests.Ledger;

public sealed class CampaignLedgerTests
{
    private static readonly Func<AccountId, AccountSpan?> AllSend = _ => new AccountSpan(Start, Start + Day / 2);

    [Fact]
    public void A_campaign_that_grows_keeps_its_id_and_is_told_of_once()
    {
        var first = Update([], [Detected("c-1", Accounts(1, 10))], 1);
        Assert.Equal([CampaignEventKind.New], first.Events.Select(told => told.Kind));
        var grown = Update(first.Campaigns, [Detected("c-other", Accounts(1, 20), extracting: 200)], 2);
        Assert.Equal("c-1", Assert.Single(grown.Campaigns).Id);
        Assert.Equal("c-1", grown.Campaigns[0].Latest.Id);
        Assert.Equal([CampaignEventKind.Grown], grown.Events.Select(told => told.Kind));
        Assert.Empty(Update(grown.Campaigns, [Detected("c-third", Accounts(1, 20), extracting: 200)], 3).Events);
    }

    [Fact]
    public void Several_end_users_of_one_account_are_members_each_and_none_of_them_is_the_account()
    {
        var campaign = Detected("c-1", ["a1", "a1", "a1", "a2"]);
        campaign = campaign with { Accounts = [.. campaign.Accounts.Select((account, at) => account with { EndUser = at == 2 ? null : "t" + at })] };
        var known = Update([], [campaign], 1).Campaigns;
        var seen = Assert.Single(Update(known, [campaign with { Accounts = [.. campaign.Accounts.Skip(1)] }], 2).Campaigns);
        Assert.Equal([("a1", "t0", false), ("a1", "t1", true), ("a1", null, true), ("a2", "t3", true)], seen.Members.Select(member => (member.Id, member.EndUser, member.Current)));
        // Of the same accounts, and of nobody that the first is of.
        var others = campaign with { Id = "c-2", Families = [], Accounts = [.. campaign.Accounts.Select((account, at) => account with { EndUser = "u" + at })] };
        Assert.Equal(["c-1", "c-2"], Update(known, [campaign, others], 3).Campaigns.Select(of => of.Id).Order());
    }

    [Fact]
    public void A_campaign_of_end_users_is_carried_on_by_no_account()
    {
        var campaign = Detected("c-1", ["a1", "a2"]);
        campaign = campaign with { Accounts = [.. campaign.Accounts.Select(account => account with { EndUser = "t" })] };
        var known = Update([], [campaign], 1).Campaigns[0];
        var (after, told) = CampaignLedger.Succeed(known, [new Successor(new AccountId("default", "a3"), 0.9, MadeCampaigns.Recognised)], Start + 2);
        Assert.Null(told);
        Assert.Same(known, after);
    }

    [Fact]
    public void A_look_begins_what_nobody_knew_and_leaves_what_is_known_as_it_is()
    {
        var known = Update([], [Detected("c-1", Accounts(1, 10))], 1).Campaigns;
        var sighted = CampaignLedger.Sight(known, [Detected("c-2", Accounts(1, 4)), Detected("c-3", Accounts(21, 30), skeleton: "one two three four")], AllSend, Start + 2);
        Assert.Equal(["c-1", "c-3"], sighted.Campaigns.Select(campaign => campaign.Id));
        Assert.Same(known[0], sighted.Campaigns[0]);
        Assert.Equal(("c-3", CampaignEventKind.New), (Assert.Single(sighted.Events).Campaign, sighted.Events[0].Kind));
        // The next whole detection holds more of its accounts: it is the same campaign.
        var whole = CampaignLedger.Update(sighted.Campaigns, [Detected("c-9", Accounts(1, 10)), Detected("c-8", Accounts(18, 32), skeleton: "one two three four")], AllSend, Start + 3);
        Assert.Equal(["c-1", "c-3"], whole.Campaigns.Select(campaign => campaign.Id));
        Assert.Equal(15, whole.Campaigns[1].Latest.Accounts.Count);
    }

    [Fact]
    public void A_look_makes_sure_of_what_was_suspected()
    {
        var known = Update([], [Detected("c-1", Accounts(1, 10), confidence: 0.3)], 1);
        Assert.Empty(known.Events);
        var sighted = CampaignLedger.Sight(known.Campaigns, [Detected("c-2", Accounts(1, 10))], AllSend, Start + 2);
        Assert.True(Assert.Single(sighted.Campaigns).Announced);
        Assert.Equal("c-1", sighted.Campaigns[0].Id);
        Assert.Equal([CampaignEventKind.New], sighted.Events.Select(told => told.Kind));
    }

    [Fact]
    public void Two_campaigns_that_turn_out_to_be_one_are_merged_and_the_older_id_stays()
    {
        var known = Update([], [Detected("c-1", Accounts(1, 10), skeleton: "one two three four"), Detected("c-2", Accounts(11, 18), skeleton: "five six seven eight")], 1).Campaigns;
        var merged = Update(known, [Detected("c-3", Accounts(1, 18))], 2);
        var standing = Assert.Single(merged.Campaigns, campaign => campaign.Stands);
        Assert.Equal(18, standing.Members.Count);
        Assert.Contains(merged.Events, told => told.Kind == CampaignEventKind.Merged);
        Assert.Equal(standing.Id, Assert.Single(merged.Campaigns, campaign => !campaign.Stands).MergedInto);
    }

    [Fact]
    public void A_campaign_that_turns_out_to_be_two_is_split_and_the_larger_part_keeps_the_id()
    {
        var known = Update([], [Detected("c-1", Accounts(1, 20))], 1).Campaigns;
        var split = Update(known, [Detected("c-2", Accounts(1, 13)), Detected("c-3", Accounts(14, 20))], 2);
        Assert.Equal(13, split.Campaigns.Single(campaign => campaign.Id == "c-1").Latest.Accounts.Count);
        Assert.Equal("c-1", split.Campaigns.Single(campaign => campaign.Id == "c-3").SplitFrom);
        Assert.Contains(split.Events, told => told.Kind == CampaignEventKind.Split);
    }

    [Fact]
    public void A_second_pool_with_the_same_recipe_is_the_same_campaign_once_the_first_is_gone()
    {
        var known = Update([], [Detected("c-1", Accounts(1, 10))], 1).Campaigns;
        var next = CampaignLedger.Update(known, [Detected("c-2", Accounts(101, 110))], account => account.Id.Length == 4 ? new AccountSpan(Start + Day, Start + Day) : null, Start + 2);
        Assert.Equal("c-1", Assert.Single(next.Campaigns).Id);
        Assert.Contains(next.Events, told => told.Kind == CampaignEventKind.Succession);
        Assert.All(next.Campaigns[0].Members.Where(member => member.Current), member => Assert.True(member.Successor));
    }

    [Fact]
    public void Two_operators_with_one_recipe_stay_two()
    {
        var known = Update([], [Detected("c-1", Accounts(1, 10)), Detected("c-2", Accounts(101, 110))], 1).Campaigns;
        Assert.Equal(2, known.Count);
        Assert.Equal(["c-1", "c-2"], Update(known, [Detected("c-9", Accounts(101, 112)), Detected("c-8", Accounts(1, 12))], 2).Campaigns.Select(campaign => campaign.Id));
    }

    [Fact]
    public void A_move_to_another_model_is_told()
    {
        var known = Update([], [Detected("c-1", Accounts(1, 10), models: new() { ["old"] = 100 })], 1).Campaigns;
        var moved = Update(known, [Detected("c-1", Accounts(1, 10), extracting: 140, models: new() { ["old"] = 115, ["new"] = 25 })], 2);
        Assert.Contains("new", Assert.Single(moved.Events, told => told.Kind == CampaignEventKind.Moved).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_person_dismissed_stays_dismissed_and_is_not_told_again()
    {
        var known = Update([], [Detected("c-1", Accounts(1, 10))], 1).Campaigns;
        var (reviewed, _) = CampaignLedger.Review(known[0], new CampaignReview(ReviewOutcome.Dismissed, "ada", "contract", Start + 1));
        var later = Update([reviewed], [Detected("c-7", Accounts(1, 30), extracting: 900)], 2);
        Assert.Empty(later.Events);
        Assert.Equal(0, Assert.Single(later.Campaigns).Confidence);
    }

    [Fact]
    public void A_dismissal_clears_those_who_were_looked_at_and_not_the_many_they_are_taken_together_with()
    {
        var known = Update([], [Detected("c-1", Accounts(1, 6))], 1).Campaigns;
        var (honest, _) = CampaignLedger.Review(known[0], new CampaignReview(ReviewOutcome.Dismissed, "ada", "contract", Start + 1));
        // It grows by degrees: each time a third of it was in the campaign before, but not when a person looked.
        var grown = Update([honest], [Detected("c-2", Accounts(1, 18))], 2);
        Assert.Empty(grown.Events);
        var outgrown = Update(grown.Campaigns, [Detected("c-3", Accounts(1, 40))], 3);
        Assert.Equal((CampaignEventKind.New, "c-3"), (Assert.Single(outgrown.Events).Kind, outgrown.Events[0].Campaign));
        Assert.Equal([("c-1", 0.0), ("c-3", 0.9)], outgrown.Campaigns.Where(campaign => campaign.Stands).Select(campaign => (campaign.Id, campaign.Confidence)));
        Assert.Empty(Update(outgrown.Campaigns, [Detected("c-4", Accounts(1, 40))], 4).Events);

        // Others who send the same are looked at by themselves, and found again alone it is what it was.
        Assert.Equal("c-5", Assert.Single(Update([honest], [Detected("c-5", Accounts(101, 110))], 2).Events).Campaign);
        Assert.Empty(Update(outgrown.Campaigns, [Detected("c-6", Accounts(1, 6))], 5).Events);
    }

    [Fact]
    public void A_campaign_that_takes_up_a_dismissed_one_is_not_dismissed_by_that()
    {
        var known = Update([], [Detected("c-1", Accounts(1, 10), skeleton: "one two three four"), Detected("c-2", Accounts(11, 17), skeleton: "five six seven eight")], 1).Campaigns;
        var (honest, _) = CampaignLedger.Review(known.Single(campaign => campaign.Id == "c-2"), new CampaignReview(ReviewOutcome.Dismissed, "ada", "contract", Start + 1));
        var after = Update([known[0], honest], [Detected("c-3", Accounts(1, 17))], 2);
        Assert.Equal([("c-1", 0.9), ("c-2", 0.0)], after.Campaigns.Select(campaign => (campaign.Id, campaign.Confidence)));
        Assert.All(after.Campaigns, campaign => Assert.True(campaign.Stands));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_campaign_that_falls_silent_and_comes_back_is_told_once_each_whether_it_is_still_in_the_window_or_the_only_one(bool inTheWindow)
    {
        static string Last(int day) => $"2026-03-{day:00}T12:00:00.000Z";
        LedgerUpdate On(IReadOnlyList<TrackedCampaign> before, int day, int last) =>
            CampaignLedger.Update(before, inTheWindow || day == last ? [Detected("c-1", Accounts(1, 10), last: Last(last))] : [], AllSend, Start + day, Last(day));
        var known = On([], 2, 2).Campaigns;
        var told = new List<string>();
        foreach (var (day, last) in new[] { (4, 2), (5, 2), (6, 2), (7, 7), (8, 7) })
        {
            var update = On(known, day, last);
            (known, told) = (update.Campaigns, [.. told, .. update.Events.Select(one => $"{day} {one.Kind}")]);
            Assert.Equal(day is 5 or 6, Assert.Single(known).Dormant);
        }

        Assert.Equal(["5 dormant", "7 returned"], told);
    }

    [Fact]
    public void A_dormant_campaign_that_new_accounts_carry_on_is_not_told_as_silent_again()
    {
        var known = Update([], [Detected("c-1", Accounts(1, 10))], 1).Campaigns;
        var silent = Assert.Single(CampaignLedger.Update(known, [], AllSend, Start + (4 * Day), "2026-03-06T00:00:00.000Z").Campaigns);
        Assert.True(silent.Dormant);
        var (carried, _) = CampaignLedger.Succeed(silent, [new Successor(new AccountId("default", "a99"), 0.9, Recognised)], Start + (5 * Day));
        var next = CampaignLedger.Update([carried], [], AllSend, Start + (5 * Day), "2026-03-07T00:00:00.000Z");
        Assert.Empty(next.Events);
        Assert.False(Assert.Single(next.Campaigns).Dormant);
    }

    [Fact]
    public void A_suspected_campaign_is_told_of_when_it_becomes_flagged()
    {
        var known = Update([], [Detected("c-1", Accounts(1, 10), confidence: 0.2)], 1);
        Assert.Empty(known.Events);
        Assert.Equal([CampaignEventKind.New], Update(known.Campaigns, [Detected("c-1", Accounts(1, 10))], 2).Events.Select(told => told.Kind));
    }

    private static LedgerUpdate Update(IReadOnlyList<TrackedCampaign> known, IReadOnlyList<Campaign> detected, long after) => CampaignLedger.Update(known, detected, AllSend, Start + after);
}
