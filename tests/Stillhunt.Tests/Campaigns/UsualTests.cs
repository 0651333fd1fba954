using Stillhunt.Campaigns;

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
