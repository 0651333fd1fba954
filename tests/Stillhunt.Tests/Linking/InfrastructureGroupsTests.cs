using Stillhunt.Campaigns;
using Stillhunt.Linking;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Linking;

public sealed class InfrastructureGroupsTests
{
    private const int Chain = 60, Strangers = 400;

    [Fact]
    public void A_chain_of_accounts_that_pass_handles_on_is_one_group_however_long()
    {
        var made = new MadeTraffic();
        for (var i = 0; i < Chain; i++)
        {
            made.Send(Name(i), "go on", id: "in" + Name(i), handle: "handle" + Name(i));
            made.Send(Name(i), "go on", id: "out" + Name(i), handle: "handle" + Name(i + 1));
        }

        for (var i = 0; i < Strangers; i++) made.Send("other" + Name(i), "hello", id: "other" + Name(i), handle: "own" + Name(i));
        var traffic = Traffic.Lay(made.Finish(), _ => null);
        var group = Assert.Single(InfrastructureGroups.Find(traffic, new SharedValues(traffic, KeyedHash.Fixed, EvidenceKinds.None, new Shares(1))));
        Assert.Equal(Chain, group.Group.Members.Count);
        Assert.False(group.ByAddress);
        Assert.Empty(InfrastructureGroups.Find(traffic, new SharedValues(traffic, KeyedHash.Fixed, new HashSet<string> { "reasoning-handle" }, new Shares(1))));
    }

    [Fact]
    public void Handles_that_colleagues_pass_around_are_no_replay()
    {
        var made = new MadeTraffic();
        for (var i = 0; i < 4; i++) made.Send(Name(i), "go on", id: Name(i), organization: "acme", handle: "shared");
        made.Send("x", "go on", id: "x", handle: "passed on").Send("y", "go on", id: "y", handle: "passed on");
        var traffic = Traffic.Lay(made.Finish(), _ => null);
        var replayed = new ReplayedHandles(traffic, EvidenceKinds.None);
        var seen = traffic.Exchanges.Where(exchange => replayed.Contains(exchange.ReasoningRef)).Select(exchange => exchange.ReasoningRef).ToList();
        Assert.Equal(2, seen.Count);
        Assert.Single(seen.Distinct());
        var without = new ReplayedHandles(traffic, new HashSet<string> { "reasoning-handle" });
        Assert.DoesNotContain(traffic.Exchanges, exchange => without.Contains(exchange.ReasoningRef));
    }

    private static string Name(int i) => MadeTraffic.Number(i);
}
