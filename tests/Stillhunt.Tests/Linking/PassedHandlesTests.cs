using Stillhunt.Campaigns;
using Stillhunt.Linking;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Linking;

public sealed class PassedHandlesTests
{
    private const int Members = 40, Strangers = 200;

    [Fact]
    public void A_chain_in_which_each_handle_is_held_by_two_is_worth_much_though_no_handle_is_held_by_many()
    {
        var (passed, values, members) = Of((made, i) => made.Send(Name(i), "go on", id: "in" + Name(i), handle: "handle" + Name(i)).Send(Name(i), "on", id: "out" + Name(i), handle: "handle" + Name(i + 1)));
        Assert.Equal((Members, Members, Members - 1, Members + 1), (passed.Owners, passed.Sharing, passed.Handles, passed.All));
        Assert.True(passed.Bits > 100, $"{passed.Bits}");
        // A likelihood of rare values asks what naming each of them costs, and hardly one is worth it.
        Assert.True(GroupLikelihood.Of(values, ValueKind.ReasoningRef, members).Bits < passed.Bits / 4);
    }

    [Fact]
    public void Handles_that_stay_with_their_accounts_are_worth_nothing() =>
        Assert.Equal((0.0, 0, 0), Of((made, i) => made.Send(Name(i), "go on", id: Name(i), handle: "own" + Name(i))) is var (passed, _, _) ? (passed.Bits, passed.Sharing, passed.Handles) : default);

    [Fact]
    public void What_happens_to_everybodys_handles_is_worth_nothing()
    {
        // Strangers pass them on as well.
        var (passed, _, _) = Of((made, i) => made.Send(Name(i), "go on", id: "in" + Name(i), handle: "handle" + Name(i)).Send(Name(i), "on", id: "out" + Name(i), handle: "handle" + Name(i + 1)), i => "strangers" + Name(i / 2));
        Assert.Equal(Members, passed.Sharing);
        Assert.InRange(passed.Bits, 0, 12);
    }

    [Fact]
    public void Colleagues_of_one_organisation_pass_nothing_on() =>
        Assert.Equal((1, 0, 0.0), Of((made, i) => made.Send(Name(i), "go on", id: Name(i), handle: "pair" + Name(i / 2), organization: "acme")) is var (passed, _, _) ? (passed.Owners, passed.Sharing, passed.Bits) : default);

    [Fact]
    public void One_handle_of_all_accounts_is_one_handle() =>
        Assert.Equal((Members, 1), Of((made, i) => made.Send(Name(i), "go on", id: Name(i), handle: "the client's mistake")) is var (passed, _, _) ? (passed.Sharing, passed.Handles) : default);

    [Fact]
    public void Pairs_do_not_hang_together()
    {
        var (passed, _, _) = Of((made, i) => made.Send(Name(i), "go on", id: Name(i), handle: "pair" + Name(i / 2)));
        Assert.Equal((2, 1, Members / 2), (passed.Sharing, passed.Handles, passed.All));
    }

    [Fact]
    public void One_more_handle_of_many_bystanders_makes_nothing_usual()
    {
        // Thirty accounts that all hold one handle: that is one handle.
        var (passed, _, _) = Of((made, i) => made.Send(Name(i), "go on", id: "in" + Name(i), handle: "handle" + Name(i)).Send(Name(i), "on", id: "out" + Name(i), handle: "handle" + Name(i + 1)), i => i < 30 ? "decoy" : "theirs" + Name(i));
        Assert.True(passed.Bits > 50, $"{passed.Bits}");
    }

    [Fact]
    public void Where_nobody_else_passes_any_in_a_chain_is_no_chance_either() =>
        Assert.True(Of((made, i) => made.Send(Name(i), "go on", id: "in" + Name(i), handle: "handle" + Name(i)).Send(Name(i), "on", id: "out" + Name(i), handle: "handle" + Name(i + 1)), _ => null).Passed.Bits > 50);

    [Fact]
    public void Without_handles_nothing_is_known() =>
        Assert.Equal(new PassedHandles(0, 0, 0, 0, 0, double.NaN), Of((made, i) => made.Send(Name(i), "go on", id: Name(i)), _ => null).Passed);

    private static (PassedHandles Passed, SharedValues Values, List<int> Members) Of(Action<MadeTraffic, int> send, Func<int, string?>? ofStrangers = null)
    {
        var made = new MadeTraffic();
        for (var i = 0; i < Members; i++) send(made, i);
        for (var i = 0; i < Strangers; i++) made.Send("other" + Name(i), "hello", id: "other" + Name(i), handle: ofStrangers is null ? "theirs" + Name(i) : ofStrangers(i));
        var traffic = Traffic.Lay(made.Finish(), _ => null);
        var values = new SharedValues(traffic, KeyedHash.Fixed, EvidenceKinds.None, new Shares(1));
        List<int> members = [.. Enumerable.Range(0, traffic.Subjects.Count).Where(s => !traffic.Subjects[s].Profile.Id.Id.StartsWith("other", StringComparison.Ordinal))];
        return (PassedHandles.Of(values, members), values, members);
    }

    private static string Name(int i) => MadeTraffic.Number(i);
}
