using Stillhunt.Campaigns;
using Stillhunt.Linking;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Linking;

public sealed class ProposalsTests
{
    private const int Workers = 30, Guests = 3, Strangers = 200, Requests = 12;

    private const string Exit = "203.0.113.7";

    [Fact]
    public void Who_shares_the_addresses_of_a_group_and_nothing_of_what_it_asks_is_not_of_it()
    {
        var names = Holding("worker", sameTemplate: true);
        Assert.True(names.Count(name => name.StartsWith("worker", StringComparison.Ordinal)) >= 0.9 * Workers, $"{names.Count} accounts");
        Assert.DoesNotContain(names, name => name.StartsWith("guest", StringComparison.Ordinal));
    }

    [Fact]
    public void Where_nothing_is_said_in_common_all_who_share_the_addresses_stay() =>
        Assert.Contains(Holding("worker", sameTemplate: false), name => name.StartsWith("guest", StringComparison.Ordinal));

    /// <summary>The accounts of all proposals that hold one of a name.</summary>
    /// <param name="sameTemplate">Whether the workers ask by one template; else each asks anew.</param>
    private static HashSet<string> Holding(string name, bool sameTemplate)
    {
        var random = new Random(5);
        var made = new MadeTraffic();
        var template = MadeTraffic.Words(random, 24);
        var id = 0;
        for (var request = 0; request < Requests; request++)
        {
            for (var w = 0; w < Workers; w++) Send("worker", w, sameTemplate ? $"{template}: {MadeTraffic.Words(random, 12)}" : MadeTraffic.Words(random, 24), Exit);
            for (var g = 0; g < Guests; g++) Send("guest", g, MadeTraffic.Words(random, 24), Exit);
            for (var s = 0; s < Strangers; s++) Send("stranger", s, MadeTraffic.Words(random, 24), "198.51.100." + s);
        }

        var traffic = Traffic.Lay(made.Finish(), _ => null);
        var shares = new Shares(1);
        var values = new SharedValues(traffic, KeyedHash.Fixed, EvidenceKinds.None, shares);
        return [.. new Proposals(traffic, KeyedHash.Fixed, shares).Find(values).Select(cluster => cluster.Likely().Select(s => traffic.Subjects[s].Profile.Id.Id).ToList())
            .Where(accounts => accounts.Exists(account => account.StartsWith(name, StringComparison.Ordinal))).SelectMany(accounts => accounts)];

        void Send(string kind, int number, string text, string ip) =>
            made.Send($"{kind} {MadeTraffic.Number(number)}", text, id: MadeTraffic.Number(id), ms: id++ * 1000L, ip: ip);
    }
}
