using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

public sealed class ClearedGroupTests
{
    [Fact]
    public void Accounts_that_come_from_several_addresses_together_are_one_shared_network()
    {
        var traffic = new MadeTraffic();
        var random = new Random(3);
        for (var i = 0; i < 600; i++)
        {
            var account = i % 50;
            // Thirty accounts behind three addresses of one exit, twenty behind one of another.
            var ip = account < 30 ? $"203.0.113.{i / 50 % 3}" : "198.51.100.9";
            traffic.Send("acct-" + MadeTraffic.Number(account), MadeTraffic.Words(random, 12), id: MadeTraffic.Number(i), ms: i * 60_000L, ip: ip);
        }

        var networks = Pipeline.Detect(traffic.Finish(), null, KeyedHash.Fixed).Cleared.Where(group => group.Lookalike == "shared-network").ToList();
        Assert.Equal([(30, 360L), (20, 240L)], networks.Select(network => (network.AccountCount, (long)network.ExchangeCount)));
        Assert.Contains("come from the same 3 addresses;", networks[0].Text, StringComparison.Ordinal);
        Assert.Contains("come from one address;", networks[1].Text, StringComparison.Ordinal);
    }
}
