using Spectre.Console;
using Stillhunt.Campaigns;
using Stillhunt.Cli.Output;
using Stillhunt.Reporting;

namespace Stillhunt.Tests.Reporting;

public sealed class ConsoleOutputTests
{
    [Theory]
    [InlineData(80)]
    [InlineData(160)]
    public void The_table_fits_the_terminal_and_names_every_campaign(int width)
    {
        var output = Consoles.Print(width, console => ResultTable.Print(console, SampleResult.Realistic()));
        Assert.All(output.Split('\n'), line => Assert.InRange(line.Length, 0, width));
        Assert.All(SampleResult.Realistic().Campaigns, campaign => Assert.Contains(campaign.Id, output, StringComparison.Ordinal));
        Assert.Contains("Two skeletons", output, StringComparison.Ordinal);
        Assert.Contains("carrier NAT", output, StringComparison.Ordinal);
        Assert.Contains("shared payment methods could not be looked for", output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_campaign_is_explained_by_rows_that_add_up()
    {
        var output = Consoles.Print(120, console => Assert.True(Explanation.Print(console, SampleResult.Realistic(), "c-51f2a0")));
        Assert.Contains("+13.86", output, StringComparison.Ordinal);
        Assert.Contains("‹…›", output, StringComparison.Ordinal);
        Assert.Contains("reasoning tokens not logged", output, StringComparison.Ordinal);
        Assert.DoesNotContain("do not add up", output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_account_is_explained_by_its_campaign_and_what_it_shares()
    {
        var output = Consoles.Print(120, console => Assert.True(Explanation.Print(console, SampleResult.Realistic(), "team-a@research")));
        Assert.Contains("In campaign c-e4410c", output, StringComparison.Ordinal);
        Assert.Contains("family: f-01c2, rare sentences (with 3 others)", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Cleared_groups_stand_in_plain_words_and_suspected_ones_with_their_ids()
    {
        var sample = SampleResult.Realistic();
        ClearedGroup[] cleared = [.. new[] { "byok-app", "byok-app", "shared-network" }.Select((kind, i) => new ClearedGroup { Lookalike = kind, AccountCount = 1_000 + i, ExchangeCount = 9, Text = "t", Accounts = [$"acct-{i}"] })];
        var output = Consoles.Print(120, console => ResultTable.Print(console, sample with { Cleared = cleared, ClearedOmittedCount = 3 }));
        Assert.Matches("Application whose users bring their own keys +2 groups +2,001 accounts", output);
        Assert.Matches("Shared network +1 group +1,002 accounts", output);
        Assert.Matches("not listed anywhere +3 groups", output);
        Assert.DoesNotContain("byok", output, StringComparison.Ordinal);
        Assert.DoesNotContain("acct-0", output, StringComparison.Ordinal);
        Assert.All(sample.Suspected, campaign => Assert.Contains($"  {campaign.Id}: ", output, StringComparison.Ordinal));
    }

    [Fact]
    public void An_account_of_a_cleared_group_is_explained_by_the_reason()
    {
        var output = Consoles.Print(120, console => Assert.True(Explanation.Print(console, SampleResult.Realistic(), "eval-b")));
        Assert.Contains("cleared as evaluation harness", output, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_id_is_refused_with_near_ones()
    {
        var output = Consoles.Print(120, console => Assert.False(Explanation.Print(console, SampleResult.Realistic(), "c-51f2ao")));
        Assert.Contains("Similar ids:", output, StringComparison.Ordinal);
        Assert.Contains("says nothing about the account", output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("c-51f2a0", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Off_a_terminal_progress_is_one_line_soon_and_then_one_every_two_seconds()
    {
        var time = new SteppedTime();
        var output = Consoles.Print(120, console => ScanProgress.Run(console, time, 40_000_000, meter =>
        {
            for (var second = 0; second < 9; second++)
            {
                meter.Read(second * 4_000_000, second * 10_000);
                time.Step(TimeSpan.FromSeconds(1));
            }

            meter.Stage("Linking accounts");
            return 0;
        }));
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, lines.Length);
        Assert.Equal("Reading: 4.0 of 40.0 MB, 10,000 records, 10,000 a second", lines[0]);
        Assert.Equal("Linking accounts", lines[^1]);
    }

    [Fact]
    public void The_summary_for_a_ticket_names_every_campaign_and_what_is_unknown()
    {
        using var writer = new StringWriter();
        MarkdownSummary.Write(writer, SampleResult.Realistic());
        Assert.Contains("## Campaign 1: confidence over 99.9%\n\n`c-51f2a0`: 400 accounts", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("`payment`", writer.ToString(), StringComparison.Ordinal);
        Assert.Contains("reasoning tokens not logged", writer.ToString(), StringComparison.Ordinal);
    }

    private sealed class SteppedTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Step(TimeSpan by) => _ticks += by.Ticks;
    }
}
