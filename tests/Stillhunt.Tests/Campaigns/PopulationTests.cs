using Stillhunt.Campaigns;
using Stillhunt.Linking;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

/// <summary>What an account's own requests have in common.</summary>
public sealed class PopulationTests
{
    private const int Accounts = 40, Items = 6;

    [Fact]
    public void Answers_to_one_question_that_are_graded_one_after_the_other_are_no_interest()
    {
        Assert.InRange(OwnTopics(betweenItemsMs: 3_600_000), 0, 0.02);
        // An account that was there for a quarter of an hour only is known by that.
        Assert.InRange(OwnTopics(betweenItemsMs: 120_000), 0.05, 1);
    }

    /// <summary>Each account asks about items of all, each twice within a minute and in other words at the end.</summary>
    private static double OwnTopics(long betweenItemsMs)
    {
        var random = new Random(5);
        var made = new MadeTraffic();
        for (var account = 0; account < Accounts; account++)
        {
            for (var item = 0; item < Items; item++)
            {
                var text = MadeTraffic.Words(random, 12);
                for (var answer = 0; answer < 2; answer++)
                    made.Send(MadeTraffic.Number(account), $"{text} {MadeTraffic.Words(random, 4)}", id: MadeTraffic.Number((((account * Items) + item) * 2) + answer), ms: (item * betweenItemsMs) + (answer * 60_000));
            }
        }

        var traffic = Traffic.Lay(made.Finish(), _ => null);
        var templates = new OwnTemplates(traffic, new Shares(1));
        var population = new Population(traffic, new Topics(traffic, templates, new Shares(1)), templates, new ReplayedHandles(traffic, EvidenceKinds.None), new Shares(1));
        return Population.Mean(Enumerable.Range(0, traffic.Subjects.Count).Select(s => population[s].OwnTopics));
    }
}
