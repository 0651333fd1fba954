using Stillhunt.Sketches;
using Stillhunt.Tests.Profiles;

namespace Stillhunt.Tests.Laws;

/// <summary>Crowds that are to cost no more memory and time than they may.</summary>
[Collection(nameof(MeasuredAlone))]
public sealed class HostileCrowdTests(ITestOutputHelper output)
{
    [Fact(Timeout = 60_000)]
    public async Task A_million_accounts_with_one_exchange_each_fit_in_two_gigabytes()
    {
        await Task.Yield();
        const int Accounts = 1_000_000;
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var traffic = new MadeTraffic();
        for (var i = 0; i < Accounts; i++)
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            traffic.Send(MadeTraffic.Number(i), "What does this word mean, and where does it come from?", id: MadeTraffic.Number(i), ms: i, ip: "203.0.113.7");
        }

        var snapshot = traffic.Finish();
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        output.WriteLine($"{bytes / Accounts} bytes an account");
        Assert.Equal(Accounts, snapshot.Accounts.Count);
        Assert.InRange(bytes, 0, 2L << 30);
        GC.KeepAlive(traffic);
    }

    [Fact(Timeout = 30_000)]
    public async Task Twenty_thousand_accounts_behind_one_template_and_one_address_are_scanned()
    {
        await Task.Yield();
        var result = Pipeline.Detect(MadeTraffic.Crowd(20_000).Finish(), null, KeyedHash.Fixed);
        Assert.Equal(20_000, result.Scanned.AccountCount);
        Assert.All(result.Campaigns.Concat(result.Suspected).SelectMany(campaign => campaign.Shared), value => Assert.True(value.Accounts.Count <= 400));
    }
}
