using AngleSharp.Dom;
using AngleSharp.Html.Parser;
using Stillhunt.Campaigns;
using Stillhunt.Reporting;

namespace Stillhunt.Tests.Reporting;

public sealed class HtmlReportTests
{
    private static readonly ReportContext Context = new() { ToolVersion = "0.1.0", Command = "stillhunt scan logs/*.jsonl.gz --report report.html", Inputs = ["logs/*.jsonl.gz"] };

    [Fact]
    public void The_same_result_gives_the_same_bytes() => Assert.Equal(Html(SampleResult.Realistic()), Html(SampleResult.Realistic()));

    [Fact]
    public void It_says_what_was_found_and_what_was_lacking()
    {
        var text = Parse(SampleResult.Realistic()).Body!.TextContent;
        Assert.Contains("3 campaigns found: 464 accounts sent 168,165 extracting exchanges.", text, StringComparison.Ordinal);
        Assert.Contains("shared payment methods could not be looked for", text, StringComparison.Ordinal);
        Assert.Contains("not logged", text, StringComparison.Ordinal);
        Assert.Contains("carrier NAT", text, StringComparison.Ordinal);
        Assert.DoesNotContain("do not add up", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_link_leads_somewhere_and_no_id_stands_twice()
    {
        var page = Parse(SampleResult.Realistic());
        var ids = page.QuerySelectorAll("[id]").Select(e => e.Id!).ToArray();
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(page.QuerySelectorAll("a"), a => Assert.Contains(a.GetAttribute("href")![1..], ids));
    }

    [Fact]
    public void A_sum_that_the_rows_do_not_give_is_called_out()
    {
        var sample = SampleResult.Realistic();
        var wrong = sample with { Campaigns = [sample.Campaigns[0] with { Bits = 40 }] };
        Assert.Contains("The rows do not add up", Html(wrong), StringComparison.Ordinal);
    }

    [Fact]
    public void A_scan_without_campaigns_says_what_that_means()
    {
        var text = Parse(SampleResult.Empty()).Body!.TextContent;
        Assert.Contains("No campaign was found.", text, StringComparison.Ordinal);
        Assert.Contains("does not prove that nobody distils", text, StringComparison.Ordinal);
        var one = SampleResult.Empty() with { Scanned = SampleResult.Empty().Scanned with { ExchangeCount = 1 } };
        Assert.Contains("can stay below what 1 exchange shows", Parse(one).Body!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Cleared_groups_are_not_called_honest_and_those_not_listed_are_counted()
    {
        var text = Parse(SampleResult.Realistic() with { ClearedOmittedCount = 17 }).QuerySelector("#cleared")!.TextContent;
        Assert.Contains("did not reach the evidence", text, StringComparison.Ordinal);
        Assert.Contains("That it does not name an account says nothing about the account.", text, StringComparison.Ordinal);
        Assert.Contains("17 more groups are not listed.", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Nothing needs to be done", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Caps_are_called_caps_and_the_measured_error_stands_under_the_limits()
    {
        var page = Parse(SampleResult.Realistic());
        Assert.Contains("Cap", page.QuerySelectorAll(".waterfall .block").Select(block => block.TextContent));
        Assert.DoesNotContain("Calibration", page.QuerySelectorAll(".waterfall .block, .terms dt").Select(name => name.TextContent));
        Assert.Contains(MeasuredError.Text, page.QuerySelector("#method")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void An_example_is_shown_once_in_a_campaigns_evidence()
    {
        foreach (var table in Parse(SampleResult.Realistic()).QuerySelectorAll(".campaign .waterfall"))
        {
            var examples = table.QuerySelectorAll(".examples code").Select(code => code.TextContent).ToList();
            Assert.NotEmpty(examples);
            Assert.Equal(examples.Count, examples.Distinct().Count());
        }
    }

    [Fact]
    public void Slots_are_marked_and_the_words_around_them_stay()
    {
        var skeleton = Parse(SampleResult.Realistic()).QuerySelector(".skeleton")!;
        Assert.Equal(2, skeleton.QuerySelectorAll(".slot").Length);
        Assert.Contains("between <trace> and </trace>.", skeleton.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void Four_accounts_are_drawn_one_by_one_and_four_hundred_in_discs_of_dots()
    {
        var pictures = Parse(SampleResult.Realistic()).QuerySelectorAll(".links").ToArray();
        var (many, few) = (pictures[0], pictures[^1]);
        Assert.Equal(4, few.QuerySelectorAll(".left li").Length);
        Assert.InRange(many.QuerySelectorAll(".left li").Length, 2, 14);
        Assert.Equal(400, many.QuerySelectorAll(".left .dots").Sum(dots => dots.GetAttribute("d")!.Count(c => c == 'M')));
    }

    [Fact]
    public void Two_hundred_campaigns_stay_under_five_megabytes()
    {
        var html = Html(SampleResult.Large(200));
        Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(html), 100_000, 5_000_000);
    }

    [Fact]
    public void A_result_with_nothing_in_it_is_still_a_page()
    {
        var bare = SampleResult.Realistic().Campaigns[0] with
        {
            Accounts = [], Techniques = [], Capabilities = [], Models = [], Families = [], Evidence = [], Days = [], Shared = [],
            First = "", Last = "never", Confidence = double.NaN, Bits = double.NaN, ExchangeCount = 0, ExtractingCount = 0,
            Exposure = new Exposure { OutputTokens = null, ReasoningTokens = null, ByCapability = new Dictionary<string, long>(), ByModel = new Dictionary<string, long>() },
        };
        var page = Parse(SampleResult.Empty() with { Campaigns = [bare], Suspected = [bare] });
        Assert.NotNull(page.QuerySelector("#c1"));
    }

    internal static string Html(ScanResult result)
    {
        using var writer = new StringWriter();
        HtmlReport.Write(writer, result, Context);
        return writer.ToString();
    }

    private static IDocument Parse(ScanResult result) => new HtmlParser().ParseDocument(Html(result));
}
