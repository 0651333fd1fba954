using Stillhunt.Campaigns;
using Stillhunt.Sharing;
using Stillhunt.Sharing.Intel;

namespace Stillhunt.Tests.Sharing;

public sealed class IntelEvidenceTests
{
    [Fact]
    public void Without_matches_a_campaign_is_the_same()
    {
        var result = ExportSample.Result();
        Assert.Same(result.Campaigns, IntelEvidence.Add(result, Matches(0)).Campaigns);
        // One account alone is met by chance.
        Assert.Same(result.Campaigns[0], IntelEvidence.Add(result, Matches(1)).Campaigns[0]);
        Assert.Same(result.Campaigns[0], IntelEvidence.Add(result, Matches(20, bits: 0)).Campaigns[0]);
    }

    [Fact]
    public void Matches_are_one_capped_row_that_names_its_source_and_the_rows_still_add_up()
    {
        var before = ExportSample.Campaign();
        var campaign = IntelEvidence.Add(ExportSample.Result(before), Matches(20, bits: 6)).Campaigns[0];
        var row = campaign.Evidence[^1];
        Assert.Equal(("intelligence", 20L, IntelEvidence.MostBits / 2), (row.Kind, row.AccountCount, row.Bits));
        Assert.Contains("Other Lab", row.Text, StringComparison.Ordinal);
        Assert.Equal(before.Bits + row.Bits, campaign.Bits, 6);
        Assert.Equal(1 / (1 + Math.Pow(2, -campaign.Bits)), campaign.Confidence, 6);
        Assert.Equal(before.Evidence, campaign.Evidence.SkipLast(1));
    }

    [Fact]
    public void What_is_suspected_may_be_flagged_by_matches_and_what_is_not_stays_nothing()
    {
        var suspected = ExportSample.Campaign() with { Bits = -1.5, Confidence = 0.261204 };
        var result = ExportSample.Result() with { Campaigns = [], Suspected = [suspected] };
        var added = IntelEvidence.Add(result, Matches(40, bits: 3, "lab-a", "lab-b"));
        Assert.Empty(added.Suspected);
        Assert.Equal(1.5, Assert.Single(added.Campaigns).Bits, 6);
        Assert.DoesNotContain("flags nobody", added.Campaigns[0].Evidence[^1].Text, StringComparison.Ordinal);
        var nothing = IntelEvidence.Add(result with { Suspected = [] }, Matches(40, bits: 6));
        Assert.Empty(nothing.Campaigns);
        Assert.Empty(nothing.Suspected);
    }

    [Fact]
    public void One_sender_lifts_a_suspected_group_to_just_below_the_line_and_the_row_says_so()
    {
        var suspected = ExportSample.Campaign() with { Bits = -1.5, Confidence = 0.261204 };
        var result = ExportSample.Result() with { Campaigns = [], Suspected = [suspected] };
        foreach (var matches in new[] { Matches(40), Matches(40, 4, "lab-a") })
        {
            var added = IntelEvidence.Add(result, matches);
            Assert.Empty(added.Campaigns);
            var campaign = Assert.Single(added.Suspected);
            Assert.InRange(campaign.Confidence, 0.49, 0.4999);
            Assert.EndsWith("No two trusted senders agree, so this flags nobody.", campaign.Evidence[^1].Text, StringComparison.Ordinal);
            Assert.Equal(suspected.Bits + campaign.Evidence[^1].Bits, campaign.Bits, 6);
        }

        // The second sender knows one account of it: that is met by chance.
        var one = Matches(40, 4, "lab-a");
        var hardly = one with { Accounts = [one.Accounts[0] with { Witnesses = ["lab-a", "lab-b"] }, .. one.Accounts.Skip(1)] };
        Assert.Empty(IntelEvidence.Add(result, hardly).Campaigns);
        // Too weak to reach the line, it is the whole of what it was worth.
        Assert.Equal(-0.5, IntelEvidence.Add(result, Matches(40, 1)).Suspected[0].Bits, 6);
    }

    [Fact]
    public void The_sentence_leaves_without_the_name_of_who_sent_the_indicators()
    {
        var row = IntelEvidence.Add(ExportSample.Result(), Matches(12)).Campaigns[0].Evidence[^1];
        var sentence = new Redaction(ShareProfile.Public, null).Sentence(row.Text);
        Assert.StartsWith("12 of 40 accounts match what others share of operators known to them:", sentence, StringComparison.Ordinal);
        Assert.DoesNotContain("Lab", sentence, StringComparison.Ordinal);
        var held = IntelEvidence.Add(ExportSample.Result() with { Campaigns = [], Suspected = [ExportSample.Campaign() with { Bits = -1 }] }, Matches(40)).Suspected[0].Evidence[^1];
        Assert.EndsWith("No two trusted senders agree, so this flags nobody.", new Redaction(ShareProfile.Public, null).Sentence(held.Text), StringComparison.Ordinal);
    }

    private static IntelResult Matches(int count, double bits = 4, params string[] witnesses) => new()
    {
        Indicators = [],
        Accounts = [.. ExportSample.Campaign().Accounts.Take(count).Select(account => new IntelMatch
        {
            Id = account.Id, Source = account.Source, Senders = ["Other Lab"], Witnesses = witnesses, Bits = bits, ExchangeCount = 3, First = "2026-03-02T00:00:00.000Z",
        })],
    };
}
