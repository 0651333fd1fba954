using Stillhunt.Campaigns;
using Stillhunt.Proving;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

/// <summary>A reseller whose one tenant distils through all of its accounts, beside some hundred honest ones.</summary>
public sealed class TenantFindingTests(TenantFindingTests.Reseller range) : IClassFixture<TenantFindingTests.Reseller>
{
    public sealed class Reseller() : ScannedRange(new RangeOptions { Scenario = "reseller-tenant", HonestAccounts = 300, Days = 3, Seed = 5 });

    [Fact]
    public void The_tenant_who_distils_is_named_and_no_other_tenant_is_touched()
    {
        Assert.True(Assert.Single(range.Report.Cases).Found);
        Assert.All(range.Report.Touched, kind => Assert.Equal(0, kind.Touched));
        var campaign = Assert.Single(range.Result.Campaigns);
        Assert.Single(campaign.Accounts.Select(account => account.EndUser).Distinct());
        Assert.All(campaign.Accounts, account =>
        {
            Assert.NotNull(account.EndUser);
            Assert.NotNull(account.Key);
            Assert.InRange(account.ExtractingCount, 1, account.ExchangeCount);
        });
    }

    [Fact]
    public void Nothing_that_is_the_resellers_is_weighed_or_told_of_the_tenant()
    {
        var campaign = range.Result.Campaigns[0];
        Assert.DoesNotContain(campaign.Evidence, row => row.Block is "network" or "client" || (row.Block == "registration" && row.Kind != "tenants"));
        Assert.DoesNotContain(campaign.Evidence, row => row.Kind is "one-organisation" or "one-house" or "verified");
        Assert.Equal(0, campaign.Evidence.Single(row => row.Kind == "tenants").Bits);
        Assert.Empty(campaign.Indicators!.Values);
        Assert.Empty(campaign.Shared);
    }

    [Fact]
    public void What_the_tenant_sent_is_counted_to_within_the_error_of_the_sample()
    {
        var named = range.Result.Campaigns[0].Accounts.ToDictionary(account => (account.Id, account.EndUser!), account => account.ExchangeCount);
        var truth = RangeTruth.Read(Path.Combine(Path.GetDirectoryName(range.TrafficPath)!, RangeFiles.TruthName));
        var sent = truth.Tenants.Where(tenant => named.ContainsKey(tenant.Key)).Sum(tenant => tenant.Value.ExchangeCount);
        Assert.InRange(named.Values.Sum(), 0.8 * sent, 1.25 * sent);
    }

    [Fact]
    public void The_resellers_other_tenants_are_cleared_under_its_name()
    {
        var cleared = range.Result.Cleared.First(group => group.Lookalike == "reseller");
        Assert.Subset(range.Result.Campaigns[0].Accounts.Select(account => account.Id).ToHashSet(), cleared.Accounts.ToHashSet());
    }

    [Fact]
    public void Parts_name_the_same_tenants_as_the_whole()
    {
        var parts = Enumerable.Range(0, 2).Select(i => ScannedRange.Read(ScannedRange.Part(ScannedRange.Observe(range.TrafficPath, new Stillhunt.Ingest.Shard(i, 2)).Snapshot)));
        Assert.Equal(Named(range.Snapshot), Named(Pipeline.Merge(parts)));

        static List<(ulong, ulong, string?)> Named(Stillhunt.Profiles.Snapshot snapshot) =>
            [.. snapshot.Accounts.SelectMany(account => account.Value.Days.SelectMany(day => day.Value.Sample)
                .Select(print => (account.Key, print.Id, print.EndUserText is { } user ? System.Text.Encoding.UTF8.GetString(user) : null))).Order()];
    }
}
