using Stillhunt.Campaigns;
using Stillhunt.Linking;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

/// <summary>What is usual of answers: a step of an agent is short, whoever takes it.</summary>
public sealed class UsualTests
{
    private const int Short = 6 * Everybody.BucketsPerOctave, Long = 10 * Everybody.BucketsPerOctave;

    [Theory]
    [InlineData(0, 10)]
    [InlineData(0.4, 10)]
    [InlineData(0.6, 6)]
    [InlineData(1, 6)]
    public void Answers_are_held_against_as_many_to_requests_with_tools(double tools, int octave) => Assert.Equal(octave, Octave(Made(plain: 1000, agents: 1000).MedianOutput(tools)));

    [Theory]
    [InlineData(1000, 20, 10)]
    [InlineData(20, 1000, 6)]
    public void Where_hardly_anybody_sends_requests_of_a_sort_all_are_one(int plain, int agents, int octave)
    {
        var usual = Made(plain, agents);
        Assert.All([0, 0.5, 1], tools => Assert.Equal(octave, Octave(usual.MedianOutput(tools))));
    }

    [Fact]
    public void Of_no_answers_nothing_is_known() => Assert.True(double.IsNaN(Made(0, 0).MedianOutput(0.5)));

    /// <summary>Two crews of the same habits among customers, twenty of each: the one that is known is no measure for the other.</summary>
    [Theory]
    // Half of the others' answers are the second crew's, and a fifth of the customers' are as long.
    [InlineData(false, 10)]
    [InlineData(true, 6)]
    public void What_a_known_campaign_gets_is_no_measure_of_what_is_usual(bool isKnown, int octave)
    {
        var made = new MadeTraffic();
        for (var account = 0; account < 60; account++)
            for (var i = 0; i < 20; i++)
                made.Send($"{account:00}", $"question {i} of {account}", outputTokens: account < 40 || i < 4 ? 1100 : 70, ms: ((account * 20) + i) * 60_000L);
        var snapshot = made.Finish();
        var traffic = Traffic.Lay(snapshot, _ => null);
        var shares = new Shares(1);
        var templates = new OwnTemplates(traffic, shares);
        var population = new Population(traffic, new Topics(traffic, templates, shares), templates, new ReplayedHandles(traffic, EvidenceKinds.None), shares);
        var crew = Crew("00", "20");
        var usual = new Everybody(traffic, population, isKnown ? Crew("20", "40") : new HashSet<int>()).Without(crew);
        Assert.Equal(octave, Octave(usual.MedianOutput(0)));

        HashSet<int> Crew(string from, string below) => [.. Enumerable.Range(0, traffic.Subjects.Count).Where(s =>
            string.CompareOrdinal(traffic.Subjects[s].Profile.Id.Id, from) >= 0 && string.CompareOrdinal(traffic.Subjects[s].Profile.Id.Id, below) < 0)];
    }

    private static int Octave(double tokens) => (int)Math.Log2(tokens);

    private static Usual Made(int plain, int agents)
    {
        long[] ofPlain = new long[Long + 1], ofAgents = new long[Long + 1];
        (ofPlain[Long], ofAgents[Short]) = (plain, agents);
        return new Usual
        {
            FollowUp = double.NaN, Daytime = double.NaN, Interests = double.NaN, ItemInterests = double.NaN, LoadSpread = double.NaN, AnyTechnique = double.NaN, AnyTechniqueWithTools = double.NaN,
            Outputs = [ofPlain, ofAgents],
        };
    }
}
