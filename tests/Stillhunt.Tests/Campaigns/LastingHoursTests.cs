using Stillhunt.Campaigns;
using Stillhunt.Linking;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

/// <summary>Hours of a group are told by the accounts that were there long enough to have kept others.</summary>
public sealed class LastingHoursTests
{
    private const long HourMs = 3_600_000;

    private const int Accounts = 6;

    [Theory]
    [InlineData(96, 0.95)]
    [InlineData(20, 0.5)]
    public void Who_sends_for_days_has_hours_and_who_came_at_the_end_has_none(int logHours, double most)
    {
        var traffic = Make(logHours);
        var (old, young) = (Measured(traffic, "old"), Measured(traffic, "young"));
        Assert.Equal((1, 0), (old.LastingShare, young.LastingShare));
        Assert.InRange(old.LastingDaytime, 0, most);
        Assert.True(double.IsNaN(young.LastingDaytime));
        // What was sent within three hours clusters, and says nothing of the hours that are kept.
        Assert.InRange(young.Daytime, 0.8, 1);
    }

    [Fact]
    public void Hours_that_cluster_speak_for_people_only_if_the_accounts_were_there_for_days_and_spread_ones_for_one_hand_at_once()
    {
        Assert.Null(Bits(daytime: 0.9, lasting: 0));
        Assert.Equal(-2.5, Bits(daytime: 0.9, lasting: 1));
        Assert.Equal(2.5, Bits(daytime: 0.05, lasting: 0));
        Assert.Equal(2.5, Bits(daytime: 0.9, lasting: 1, ofLasting: 0.05));

        static double? Bits(double daytime, double lasting, double ofLasting = 0.9) =>
            OperatorEvidence.Time(OpennessTests.Facts() with { Daytime = daytime, DaytimeElsewhere = 0.6, LastingDaytime = ofLasting, LastingShare = lasting }).SingleOrDefault(row => row.Kind == "daytime")?.Bits;
    }

    private static Traffic Make(int logHours)
    {
        var made = new MadeTraffic();
        var id = 0;
        for (var account = 0; account < Accounts; account++)
        {
            for (var turn = 0; turn < 48; turn++) Send("old", turn * logHours * HourMs / 48);
            for (var turn = 0; turn < 24; turn++) Send("young", ((logHours - 3) * HourMs) + (turn * HourMs / 8));

            void Send(string who, long ms) => made.Send($"{who} {MadeTraffic.Number(account)}", $"turn {MadeTraffic.Number(id)}", id: MadeTraffic.Number(id++), ms: ms);
        }

        return Traffic.Lay(made.Finish(), _ => null);
    }

    private static GroupFacts Measured(Traffic traffic, string who)
    {
        var shares = new Shares(1);
        var lists = new WorkLists(traffic, SharedItems.Find(traffic, new PhraseRows(traffic, shares), KeyedHash.Fixed, shares));
        List<int> accounts = [.. Enumerable.Range(0, traffic.Subjects.Count).Where(s => traffic.Subjects[s].Profile.Id.Id.StartsWith(who, StringComparison.Ordinal))];
        List<int> exchanges = [.. accounts.SelectMany(s => Enumerable.Range(traffic.Subjects[s].First, traffic.Subjects[s].SampleCount))];
        var group = new Cluster { Members = accounts, Probabilities = accounts.ConvertAll(_ => 1.0), Tested = [.. accounts], Extracting = exchanges, Test = exchanges };
        return new GroupMeasuring(traffic, new Proposals(traffic, KeyedHash.Fixed, shares).Postings, new ReplayedHandles(traffic, EvidenceKinds.None), lists, shares).Measure(group);
    }
}
