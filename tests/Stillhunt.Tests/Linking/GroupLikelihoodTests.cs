using Stillhunt.Campaigns;
using Stillhunt.Ingest;
using Stillhunt.Linking;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Linking;

public sealed class GroupLikelihoodTests
{
    private const int Population = 400;

    [Fact]
    public void Sharing_what_is_common_outside_is_worth_nothing()
    {
        // All pay with one of two cards.
        var shared = Payments(i => i < 20 ? "card-1" : "card-" + MadeTraffic.Number(i % 2), 20);
        Assert.InRange(shared.Bits, -1, 0);
        Assert.Equal(0, shared.Sharing);
    }

    [Fact]
    public void Sharing_a_rare_value_is_worth_more_the_more_members_share_it()
    {
        var bits = new List<double>();
        foreach (var members in new[] { 2, 4, 8, 16, 32 })
        {
            var shared = Payments(i => i < members ? "one" : "own-" + MadeTraffic.Number(i), members);
            Assert.Equal((members, members), (shared.Known, shared.Sharing));
            bits.Add(shared.Bits);
        }

        Assert.Equal(bits.Order(), bits);
        Assert.Equal(bits.Count, bits.Distinct().Count());
        Assert.True(bits[^1] > 50, $"{bits[^1]}");
    }

    [Fact]
    public void A_part_that_shares_is_worth_less_than_the_whole()
    {
        var part = Payments(i => i < 10 ? "one" : "own-" + MadeTraffic.Number(i), 20);
        var whole = Payments(i => i < 20 ? "one" : "own-" + MadeTraffic.Number(i), 20);
        Assert.InRange(part.Bits, 1, whole.Bits / 2);
    }

    [Fact]
    public void Strangers_who_share_nothing_speak_a_little_against_one_hand() =>
        Assert.Equal(-1, Payments(i => "own-" + MadeTraffic.Number(i), 20).Bits);

    [Fact]
    public void Colleagues_of_one_organisation_count_once()
    {
        var shared = Payments(i => i < 20 ? "corporate" : "own-" + MadeTraffic.Number(i), 20, i => i < 20 ? "one-company" : null);
        Assert.Equal((1, 0, 0.0), (shared.Known, shared.Sharing, shared.Bits));
    }

    [Fact]
    public void What_is_absent_is_not_shared()
    {
        var unknown = Payments(_ => null, 20);
        Assert.Equal((0, 0, 0.0), (unknown.Known, unknown.Sharing, unknown.Bits));
        var empty = Payments(_ => "", 20);
        Assert.Equal((0, 0, 0.0), (empty.Known, empty.Sharing, empty.Bits));
        var one = Payments(i => i == 0 ? "card" : null, 20);
        Assert.Equal((1, 0, 0.0), (one.Known, one.Sharing, one.Bits));
    }

    [Fact]
    public void No_kind_is_shared_where_the_log_held_nothing_but_prompts()
    {
        var traffic = new MadeTraffic();
        for (var i = 0; i < 30; i++) traffic.Send("acct-" + MadeTraffic.Number(i), "the same words for everybody", id: MadeTraffic.Number(i));
        var values = new SharedValues(Traffic.Lay(traffic.Finish(), _ => null), KeyedHash.Fixed, EvidenceKinds.None, new Shares(1));
        foreach (var kind in Enum.GetValues<ValueKind>())
            Assert.Equal((0, 0, 0.0), (GroupLikelihood.Of(values, kind, [.. Enumerable.Range(0, 30)]) is var shared ? shared.Known : -1, shared.Sharing, shared.Bits));
    }

    [Fact]
    public void A_value_shared_behind_a_gateway_of_everybody_is_not_evidence_but_an_address_of_the_group_is()
    {
        var traffic = new MadeTraffic();
        for (var i = 0; i < Population; i++)
        {
            traffic.Send(Name(i), "hello", id: "nat" + MadeTraffic.Number(i), ip: "198.51.100.1");
            if (i < 12) traffic.Send(Name(i), "hello", id: "own" + MadeTraffic.Number(i), ip: "203.0.113.9");
        }

        var shared = Of(traffic, ValueKind.Ip, 12, _ => null);
        Assert.Equal((0xCB007109UL, 12), Assert.Single(shared.Values));
        Assert.True(shared.Bits > 20);
    }

    private static SharedKind Payments(Func<int, string?> payment, int members, Func<int, string?>? organization = null)
    {
        var traffic = new MadeTraffic();
        for (var i = 0; i < Population; i++) traffic.Send(Name(i), "hello", id: MadeTraffic.Number(i));
        return Of(traffic, ValueKind.Payment, members, i => new AccountRecord { Account = Name(i), Payment = payment(i), Organization = organization?.Invoke(i) });
    }

    private static SharedKind Of(MadeTraffic made, ValueKind kind, int members, Func<int, AccountRecord?> record)
    {
        var traffic = Traffic.Lay(made.Finish(), id => record(int.Parse(id.Id, System.Globalization.CultureInfo.InvariantCulture)));
        var chosen = Enumerable.Range(0, traffic.Subjects.Count).Where(s => int.Parse(traffic.Subjects[s].Profile.Id.Id, System.Globalization.CultureInfo.InvariantCulture) < members).ToList();
        return GroupLikelihood.Of(new SharedValues(traffic, KeyedHash.Fixed, EvidenceKinds.None, new Shares(1)), kind, chosen);
    }

    private static string Name(int i) => MadeTraffic.Number(i);
}
