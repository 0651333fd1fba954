using Stillhunt.Response;
using Stillhunt.Server.Gateway;

namespace Stillhunt.Tests.Gateway;

/// <summary>What is remembered while the server is silent is bounded, and what is old makes room.</summary>
public sealed class LastDecisionsTests
{
    private static readonly GatewayDecision Verdict = new([new Obligation(ResponseAction.Hold)], "c-1");

    [Fact]
    public void Verdicts_of_long_ago_keep_no_place_from_new_ones()
    {
        var clock = new SetClock();
        var last = new LastDecisions(TimeSpan.FromMinutes(10), clock);
        for (var i = 0; i < LastDecisions.MostKept; i++) last.Note(Question("gone " + i), Verdict);
        clock.Now += TimeSpan.FromHours(1);
        last.Note(Question("new"), Verdict);
        // Of the campaign, whatever model is asked for.
        Assert.Same(Verdict, last.Find(new DecisionDesk.Question("new", "another model", null)));
        Assert.Null(last.Find(Question("gone 0")));
    }

    [Fact]
    public void A_flood_of_names_pushes_out_what_asks_for_nothing_and_no_verdict()
    {
        var last = new LastDecisions(TimeSpan.FromMinutes(10), new SetClock());
        last.Note(Question("operator"), Verdict);
        for (var i = 0; i < 2 * LastDecisions.MostKept; i++) last.Note(Question("made up " + i), GatewayDecision.Nothing);
        Assert.Same(Verdict, last.Find(Question("operator")));
    }

    [Fact]
    public void What_was_taken_back_is_not_remembered()
    {
        var last = new LastDecisions(TimeSpan.FromMinutes(10), new SetClock());
        last.Note(Question("cleared"), Verdict);
        last.Note(Question("cleared"), GatewayDecision.Nothing);
        Assert.Same(GatewayDecision.Nothing, last.Find(Question("cleared")));
        Assert.Null(last.Find(new DecisionDesk.Question("cleared", "another model", null)));
    }

    private static DecisionDesk.Question Question(string account) => new(account, "m", null);

    private sealed class SetClock : TimeProvider
    {
        public TimeSpan Now { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
