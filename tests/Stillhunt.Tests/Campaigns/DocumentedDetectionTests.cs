using System.Text.RegularExpressions;
using Stillhunt.Campaigns;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

/// <summary>Looser than the bars that the range is held to elsewhere: what must hold on any machine and after any change.</summary>
public sealed partial class DocumentedDetectionTests(DocumentedRange range) : IClassFixture<DocumentedRange>
{
    [Fact]
    public void All_eight_cases_are_found_nearly_whole_and_in_few_pieces()
    {
        Assert.Equal(8, range.Report.Cases.Count);
        Assert.All(range.Report.Cases, found =>
        {
            Assert.True(found.Found, found.Case);
            Assert.True(found.Pieces <= 2, $"{found.Case} is in {found.Pieces} pieces");
            Assert.True(found.ExchangeRecall >= 0.9, $"{found.Case}: {found.ExchangeRecall:P1} of the exchanges");
        });
    }

    [Fact]
    public void Hardly_an_honest_account_is_flagged_and_no_group_of_them()
    {
        Assert.True(range.Report.AccountPrecision >= 0.98, $"{range.Report.AccountPrecision:P2}");
        Assert.Empty(range.Report.FalseCampaigns);
        Assert.Empty(range.Report.UnknownAccounts);
    }

    [Fact]
    public void The_evidence_of_a_campaign_adds_up_to_its_confidence_and_begins_with_the_prior()
    {
        var all = range.Result.Campaigns.Concat(range.Result.Suspected).ToList();
        Assert.NotEmpty(all);
        Assert.All(all, campaign =>
        {
            Assert.Equal("prior", campaign.Evidence[0].Block);
            Assert.Equal(Weighing.PriorBits, campaign.Evidence[0].Bits);
            Assert.Single(campaign.Evidence, row => row.Block == "prior");
            Assert.InRange(campaign.Evidence.Sum(row => row.Bits) - campaign.Bits, -0.011, 0.011);
            Assert.InRange(campaign.Confidence - (1 / (1 + Math.Pow(2, -campaign.Bits))), -1e-6, 1e-6);
            Assert.All(campaign.Evidence, row => Assert.True(double.IsFinite(row.Bits) && row.Text.Length > 0));
        });
        Assert.All(range.Result.Campaigns, campaign => Assert.InRange(campaign.Confidence, Detector.Flagged, 1));
        Assert.All(range.Result.Suspected, campaign => Assert.InRange(campaign.Confidence, 0, Detector.Flagged));
    }

    [Fact]
    public void Rows_that_a_cap_scaled_down_say_from_what_so_that_a_reader_can_redo_it()
    {
        var scaled = range.Result.Campaigns.SelectMany(campaign => campaign.Evidence).Select(row => (Row: row, Told: Scaled().Match(row.Text))).Where(pair => pair.Told.Success).ToList();
        Assert.NotEmpty(scaled);
        Assert.All(scaled, pair =>
        {
            var (own, sum, most) = (Told(1), Told(2), Told(3));
            Assert.True(Math.Abs(sum) > Math.Abs(most));
            Assert.InRange(pair.Row.Bits - (own * most / sum), -0.011, 0.011);

            double Told(int group) => double.Parse(pair.Told.Groups[group].Value, System.Globalization.CultureInfo.InvariantCulture);
        });
    }

    [GeneratedRegex(@"Alone ([+-][\d.]+); its block ([+-][\d.]+), which counts ([+-][\d.]+) at most\.$")]
    private static partial Regex Scaled();

    [Fact]
    public void An_account_or_an_end_user_of_it_stands_in_one_flagged_campaign_at_most()
    {
        var accounts = range.Result.Campaigns.SelectMany(campaign => campaign.Accounts).Select(account => (account.Source, account.Id, account.EndUser)).ToList();
        Assert.Equal(accounts.Count, accounts.Distinct().Count());
        Assert.Equal(range.Result.Campaigns.Count, range.Result.Campaigns.Select(campaign => campaign.Id).Distinct().Count());
    }

    [Fact]
    public void Traffic_with_an_entitlement_is_reported_first_and_whole_and_flagged_nowhere()
    {
        var counts = range.Snapshot.Accounts.Values.ToDictionary(profile => profile.Id.Id, profile => profile.Days.Values.Sum(day => day.ExchangeCount));
        var entitled = range.Accounts.Records.Where(pair => pair.Value.Entitlement is not null && counts.ContainsKey(pair.Key)).ToDictionary(pair => pair.Key, pair => pair.Value.Entitlement!);
        Assert.NotEmpty(entitled);
        var groups = range.Result.Cleared.TakeWhile(group => group.Lookalike == "licensed").ToList();
        Assert.DoesNotContain(range.Result.Cleared.Skip(groups.Count), group => group.Lookalike == "licensed");
        Assert.Equal(entitled.Keys.Order(StringComparer.Ordinal), groups.SelectMany(group => group.Accounts).Order(StringComparer.Ordinal));
        Assert.All(groups, group =>
        {
            Assert.Equal(group.Accounts.Count, group.AccountCount);
            Assert.Equal(group.Accounts.Sum(account => counts[account]), group.ExchangeCount);
        });
        Assert.DoesNotContain(range.Result.Campaigns.Concat(range.Result.Suspected).SelectMany(campaign => campaign.Accounts), account => entitled.ContainsKey(account.Id));
        var licence = entitled.Where(pair => pair.Value.StartsWith("distillation licence", StringComparison.Ordinal)).Select(pair => pair.Key).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(3, licence.Count);
        Assert.Contains(groups, group => group.Accounts.Order(StringComparer.Ordinal).SequenceEqual(licence));
    }

    [Fact]
    public void Groups_that_are_cleared_and_not_listed_are_counted()
    {
        var others = range.Result.Cleared.Count(group => group.Lookalike is not ("licensed" or "reseller"));
        Assert.InRange(others, 1, 40);
        Assert.True(range.Result.ClearedOmittedCount == 0 || others == 40);
    }

    [Fact]
    public void Counts_and_shares_of_a_campaign_fit_each_other()
    {
        Assert.All(range.Result.Campaigns, campaign =>
        {
            Assert.All(campaign.Accounts, account =>
            {
                Assert.InRange(account.ExtractingCount, 1, account.ExchangeCount);
                Assert.InRange(account.Probability, Detector.Flagged, 1);
            });
            Assert.Equal(campaign.ExchangeCount, campaign.Accounts.Sum(account => account.ExchangeCount));
            Assert.Equal(campaign.ExtractingCount, campaign.Accounts.Sum(account => account.ExtractingCount));
            Assert.All(campaign.Techniques.Concat(campaign.Capabilities).Concat(campaign.Models), share => Assert.InRange(share.Value, 0, 1));
            Assert.InRange(campaign.Models.Sum(share => share.Value), 0.99, 1.01);
            Assert.InRange(campaign.Days.Sum(day => day.ExtractingCount), 0.9 * campaign.ExtractingCount, 1.1 * campaign.ExtractingCount);
            Assert.True(string.CompareOrdinal(campaign.First, campaign.Last) <= 0);
            Assert.All(campaign.Shared, value =>
            {
                Assert.InRange(value.AccountCount, 2, campaign.Accounts.Count);
                Assert.All(value.Accounts, at => Assert.InRange(at, 0, campaign.Accounts.Count - 1));
            });
        });
    }

    [Fact]
    public void Skeletons_show_words_and_mark_their_slots()
    {
        var skeletons = range.Result.Campaigns.SelectMany(campaign => campaign.Families).Select(family => family.Skeleton).ToList();
        Assert.NotEmpty(skeletons);
        Assert.All(skeletons, skeleton => Assert.NotEqual(Skeletons.Slot, skeleton));
        Assert.Contains(skeletons, skeleton => skeleton.Contains(Skeletons.Slot, StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_scanned_is_what_was_made()
    {
        Assert.Equal(File.ReadLines(range.TrafficPath).Count(), range.Result.Scanned.ExchangeCount);
        Assert.Equal(range.Result.Scanned.ExchangeCount, range.Result.Access.Days.Sum(day => day.ExchangeCount));
        Assert.Empty(range.Result.Scanned.Rejected);
        Assert.All(range.Result.Access.Days, day => Assert.InRange(day.Models.Values.Sum(), 0.98, 1.02));
    }
}
