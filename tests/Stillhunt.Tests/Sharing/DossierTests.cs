using Stillhunt.Campaigns;
using Stillhunt.Sharing.Dossiers;
using Stillhunt.Tests.Reporting;

namespace Stillhunt.Tests.Sharing;

public sealed class DossierTests(PlantedTraffic traffic)
{
    [Theory]
    [InlineData("partner")]
    [InlineData("authority")]
    public void No_company_secret_or_person_stands_in_a_report_for_others(string audience)
    {
        var campaign = Assert.Single(traffic.Result.Campaigns);
        foreach (var text in new[] { Html(traffic.Result, campaign, audience), Markdown(traffic.Result, campaign, audience) })
        {
            PlantedTraffic.AssertNoneIn(text);
            Assert.All(campaign.Accounts, account => Assert.DoesNotContain(account.Id, text, StringComparison.Ordinal));
            Assert.All(campaign.Evidence.SelectMany(row => row.Examples), example => Assert.DoesNotContain(example, text, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Counsel_gets_accounts_and_exchanges()
    {
        var campaign = traffic.Result.Campaigns[0];
        var text = Html(traffic.Result, campaign, "legal");
        Assert.All(campaign.Accounts, account => Assert.Contains(account.Id, text, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_factor_has_its_paragraph_and_what_was_not_seen_is_said()
    {
        var campaign = ExportSample.Campaign() with { Evidence = [SampleResult.Row("prior", "prior", -10, "Before any evidence, one such group in a thousand is taken to be one operator's extraction.")], Confidence = 0.001, Bits = -10 };
        var text = Markdown(SampleResult.Realistic(), campaign, "authority");
        Assert.All(Factor.All, factor => Assert.Contains(factor.Name.Split('\'')[0], text, StringComparison.Ordinal));
        Assert.Contains("Not observed", text, StringComparison.Ordinal);
        Assert.Contains("Suspected only", text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("takes", "minutes")]
    public void Each_kind_of_evidence_of_the_detector_stands_under_a_factor_or_is_to_the_contrary()
    {
        var known = Factor.All.SelectMany(factor => factor.Kinds).ToHashSet();
        Assert.All(traffic.Result.Campaigns[0].Evidence.Where(row => row.Block is not ("prior" or "calibration" or "reliability" or "contrary")), row => Assert.Contains(row.Kind, known));
    }

    [Fact]
    public void Inputs_stand_with_their_hashes_and_a_log_is_not_named_to_others()
    {
        Assert.Contains("feb-of-zyxwvut.jsonl", Markdown(traffic.Result, traffic.Result.Campaigns[0], "legal").Replace("\\", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains(new string('a', 64), Html(traffic.Result, traffic.Result.Campaigns[0], "partner"), StringComparison.Ordinal);
    }

    [Fact]
    public void Hostile_text_of_a_log_is_text_in_the_page()
    {
        foreach (var hostile in HostileResult.Texts)
        {
            var campaign = ExportSample.Campaign() with { Evidence = [SampleResult.Row("content", "shared-pool", 1, hostile)] };
            var page = Html(SampleResult.Realistic(), campaign, "legal");
            Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<img", page, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<iframe", page, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static DossierContext Context(string audience) => new()
    {
        Audience = DossierAudience.Find(audience)!, Producer = "Example Lab", Author = "A. Analyst", Written = ExportSample.Now, ToolVersion = "0.1.0", Inputs = [new DossierInput("input", "feb-of-zyxwvut.jsonl", 12, new string('a', 64))],
    };

    private static string Html(ScanResult result, Campaign campaign, string audience)
    {
        using var to = new StringWriter();
        DossierHtml.Write(to, result, campaign, Context(audience));
        return to.ToString();
    }

    private static string Markdown(ScanResult result, Campaign campaign, string audience)
    {
        using var to = new StringWriter();
        DossierMarkdown.Write(to, result, campaign, Context(audience));
        return to.ToString();
    }
}
