using Stillhunt.Linking;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Linking;

/// <summary>Fifty workers of one operator, a fifth of whose conversations are its own, among many strangers; a seed that lists some of them.</summary>
public sealed class ClusterRefinementTests
{
    private const int Workers = 50, Strangers = 1500, Cover = 24;

    [Theory]
    [InlineData(8, 6)]
    [InlineData(15, 6)]
    [InlineData(27, 6)]
    public void A_group_of_which_as_many_are_not_listed_yet_does_not_leave_as_a_whole(int listed, int conversations)
    {
        var random = new Random(3);
        string[] pool = [.. Enumerable.Range(0, 12).Select(_ => MadeTraffic.Words(random, 12))];
        var made = new MadeTraffic();
        long id = 0;
        for (var account = 0; account < Workers + Strangers; account++)
        {
            var name = "account " + MadeTraffic.Number(account);
            var own = account < Workers ? conversations : 0;
            for (var i = 0; i < own; i++) Send($"{pool[random.Next(12)]} {MadeTraffic.Words(random, 9)} {pool[random.Next(12)]}");
            for (var i = 0; i < Cover; i++) Send(MadeTraffic.Words(random, 12));

            void Send(string prompt) => made.Send(name, prompt, id: MadeTraffic.Number(id), ms: id++ * 10_000);
        }

        var traffic = Traffic.Lay(made.Finish(), _ => null);
        var shares = new Shares(1);
        var rows = new PhraseRows(traffic, shares);
        var units = RecurringUnits.Find(traffic, rows, FamilyIndex.FormingHalf, KeyedHash.Fixed, shares);
        var postings = new UnitPostings(traffic, rows, units, shares);
        var workers = Enumerable.Range(0, traffic.Subjects.Count).Where(s => int.Parse(traffic.Subjects[s].Profile.Id.Id["account ".Length..], System.Globalization.CultureInfo.InvariantCulture) < Workers).ToList();
        var seed = new Cluster { Members = workers[..listed] };
        seed.Extracting = [.. Enumerable.Range(0, traffic.Exchanges.Length).Where(i => seed.Members.Contains(traffic.SubjectOf[i]) && postings.UnitsOf(i).Length > 0)];

        new ClusterRefinement(traffic, units, postings, new Shares(1)).Refine(seed);

        Assert.True(seed.Likely().Count >= 0.9 * Workers, $"{seed.Likely().Count}");
        Assert.Subset(workers.ToHashSet(), seed.Likely());
    }
}
