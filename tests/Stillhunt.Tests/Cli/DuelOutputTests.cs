using System.Globalization;
using System.Text.RegularExpressions;
using Stillhunt.Cli.Duels;
using Stillhunt.Cli.Output;
using Stillhunt.Proving.Duels;
using Stillhunt.Reporting.Html;

namespace Stillhunt.Tests.Cli;

/// <summary>Duels as they are written down.</summary>
public sealed partial class DuelOutputTests
{
    [Fact]
    public void What_came_after_an_action_is_one_sentence()
    {
        var outcome = new CaseOutcome
        {
            Case = "few-heavy", Wanted = 100, Attempts = 0, Refused = 0, Stripped = 0, Before = [0, 0, 0, 0], After = [0, 0, 0, 0], FirstSentMs = null, FirstSeenMs = null, FirstEffectiveMs = null,
            AccountsUsed = 0, AccountsBurnt = 0, Moves = [], Displaced = [],
        };
        Assert.Equal("few-heavy, 12 hours after the first verify: 50% of its rate before; of that over its first accounts 40%, over replacements 60%.",
            DuelTables.Sentence(outcome, new Displacement("verify", 0, 0.5, [0.4, 0.6, 0, 0])));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(99)]
    public void Names_of_policies_that_end_at_one_point_stand_under_each_other(long obtained)
    {
        var result = new DuelResult
        {
            Options = new DuelOptions(), ExchangeCount = 0, AccountCount = 0, Honest = [], Curve = [new DuelMoment(1, 100, 1000, 0, 0), new DuelMoment(2, obtained, 1000, 1, 1)],
            Cases =
            [
                new CaseOutcome
                {
                    Case = "few-heavy", Wanted = 100, Attempts = 0, Refused = 0, Stripped = 0, Before = [0, 0, 0, 0], After = [0, 0, 0, 0], FirstSentMs = null, FirstSeenMs = null, FirstEffectiveMs = null,
                    AccountsUsed = 0, AccountsBurnt = 0, Moves = [], Displaced = [],
                },
            ],
        };
        using var to = new StringWriter();
        DuelPlot.Write(new HtmlWriter(to), [.. new[] { "shadow", "gentle", "strict" }.Select(policy => new PlayedDuel(policy, result, 0, 0, new Dictionary<string, int>(), TimeSpan.Zero))]);
        var heights = Names().Matches(to.ToString()).Select(name => double.Parse(name.Groups[1].Value, CultureInfo.InvariantCulture)).Order().ToList();
        Assert.Equal(3, heights.Count);
        Assert.All(heights.Zip(heights.Skip(1)), pair => Assert.True(pair.Second - pair.First >= 12));
        Assert.InRange(heights[0], 0, 330);
        Assert.InRange(heights[^1], 0, 330);
    }

    [GeneratedRegex("""<text x="[^"]+" y="([^"]+)" style="[^"]*">(?:shadow|gentle|strict)""")]
    private static partial Regex Names();
}
