using Stillhunt.Campaigns;
using Stillhunt.Ingest;
using Stillhunt.Ledger;
using Stillhunt.Proving;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Ledger;

/// <summary>Whom intake would take for a replacement of a campaign, were all accounts of the traffic new to it.</summary>
public sealed class NewcomersTests(ITestOutputHelper output)
{
    [Fact]
    [Trait("takes", "minutes")]
    public void Workers_of_an_operator_are_recognised_and_hardly_a_customer_is()
    {
        using var range = new ScannedRange(new RangeOptions { Scenario = "few-heavy", HonestAccounts = 400, Days = 2, Seed = 2 });
        var (workers, known, customers, all) = Recognised(range);
        Assert.True(workers >= 0.8 * known, $"{workers} of {known} workers");
        Assert.True(customers <= 0.005 * all, $"{customers} of {all} customers");
    }

    [Theory]
    [Trait("takes", "minutes")]
    [InlineData("documented", 0.005)]
    [InlineData("app-copier", 0.005)]
    public void Customers_of_a_copied_app_and_of_every_other_kind_are_left_alone(string scenario, double most)
    {
        using var range = new ScannedRange(new RangeOptions { Scenario = scenario, Seed = 5 });
        var (_, _, customers, all) = Recognised(range);
        Assert.True(customers <= most * all, $"{customers} of {all} customers");
    }

    private (int Workers, int AllWorkers, int Customers, int AllCustomers) Recognised(ScannedRange range)
    {
        var truth = RangeTruth.Read(Path.Combine(Path.GetDirectoryName(range.TrafficPath)!, RangeFiles.TruthName));
        // Nobody is known yet, not even the campaign's own.
        List<TrackedCampaign> campaigns = [.. CampaignLedger.Update([], range.Result.Campaigns, _ => null, 1).Campaigns.Select(campaign => campaign with { Members = [] })];
        var tally = new SuccessionTally();
        tally.Begin(campaigns, _ => false, range.Snapshot.Accounts.Count, 1);
        LogScan.Run(LogFiles.Find([new LogInput(range.TrafficPath)]), new LogScanOptions(), new Newcomers(tally));
        var successors = tally.Keep().SelectMany(pair => pair.Successors).ToList();
        var found = successors.Select(successor => successor.Account.Id).ToHashSet();
        var listed = range.Result.Campaigns.SelectMany(campaign => campaign.Accounts).Where(account => account.Probability >= Detector.Flagged).Select(account => account.Id).ToHashSet();
        var byKind = found.Where(id => truth.Accounts[id].Campaign is null).GroupBy(id => truth.Accounts[id].Kind).Select(group => $"{group.Key} {group.Count()}, {group.Count(listed.Contains)} of them flagged");
        var workers = truth.Accounts.Where(pair => pair.Value.Campaign is not null && listed.Contains(pair.Key)).Select(pair => pair.Key).ToList();
        var customers = truth.Accounts.Where(pair => pair.Value is { Campaign: null, ExchangeCount: > 0 }).Select(pair => pair.Key).ToList();
        output.WriteLine($"{campaigns.Count} campaigns; recognised {workers.Count(found.Contains)} of {workers.Count} flagged workers, {customers.Count(found.Contains)} of {customers.Count} customers: {string.Join("; ", byKind)}");
        foreach (var successor in successors.Where(successor => truth.Accounts[successor.Account.Id].Campaign is null)) output.WriteLine($"{successor.Probability:0.00} {successor.By}");
        return (workers.Count(found.Contains), workers.Count, customers.Count(found.Contains), customers.Count);
    }

    private sealed class Newcomers(SuccessionTally tally) : IExchangeSink
    {
        public void Accept(Exchange exchange, LogPosition position) => tally.Look(exchange, LogFile.DefaultSource);

        public void Reject(Rejection rejection, LogPosition position) => Assert.Fail(rejection.Reason);

        public void DroppedField(string field, LogPosition position) => Assert.Fail(field);
    }
}
