using Stillhunt.Campaigns;
using Stillhunt.Linking;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

public sealed class OwnTemplatesTests
{
    private const int Accounts = 24, Customers = 150, Turns = 20;

    /// <summary>Workers with a template each, who send items of one list; people and other customers who keep coming back to subjects of their own; and those who write twice.</summary>
    private static readonly Traffic Made = Make();

    [Fact]
    public void Without_their_templates_workers_of_one_list_have_nothing_of_their_own()
    {
        var workers = Measured("worker");
        Assert.True(workers.OwnInterests > 0.8, $"{workers.OwnInterests}");
        Assert.True(workers.OwnItems < 0.1, $"{workers.OwnItems}");
        Assert.InRange(workers.OwnItemsError, 0.001, 0.2);
    }

    [Fact]
    public void People_keep_their_subjects()
    {
        var people = Measured("person");
        Assert.True(people.OwnInterests > 0.2, $"{people.OwnInterests}");
        Assert.True(people.OwnItems > 0.2, $"{people.OwnItems}");
    }

    [Fact]
    public void Of_an_account_that_hardly_writes_no_template_is_known()
    {
        var templates = new OwnTemplates(Made, new Shares(1));
        Assert.All(Of("rare"), account => Assert.False(templates.IsKnown(account)));
        Assert.All(Of("rare"), account => Assert.Empty(templates[account]));
        Assert.True(double.IsNaN(Measured("rare").OwnItems));
        Assert.All(Of("worker"), account => Assert.InRange(templates[account].Length, 3, 20));
    }

    [Fact]
    public void What_only_templates_tell_apart_is_not_held_against_one_operator()
    {
        Assert.Equal(0, Bits(Measured("worker")));
        Assert.InRange(Bits(Measured("worker") with { OwnItems = double.NaN }), -5, -3);
        Assert.InRange(Bits(Measured("person")), -5, -2);
        // What is left without templates can't speak for one list, either.
        Assert.Equal(Bits(Measured("worker")), Bits(Measured("worker") with { OwnItems = 0, OwnItemsError = 0.01 }));

        double Bits(GroupFacts facts)
        {
            var weighing = new Weighing(Made, new SharedValues(Made, KeyedHash.Fixed, EvidenceKinds.None, new Shares(1)), _ => null, EvidenceKinds.None);
            return weighing.Rows(facts, Group("worker")).Single(row => row.Kind == "own-interests").Bits;
        }
    }

    private static GroupFacts Measured(string who)
    {
        var lists = new WorkLists(Made, SharedItems.Find(Made, new PhraseRows(Made, new Shares(1)), KeyedHash.Fixed, new Shares(1)));
        var postings = new Proposals(Made, KeyedHash.Fixed, new Shares(1)).Postings;
        return new GroupMeasuring(Made, postings, new ReplayedHandles(Made, EvidenceKinds.None), lists, new Shares(1)).Measure(Group(who));
    }

    private static Cluster Group(string who)
    {
        var accounts = Of(who);
        List<int> exchanges = [.. accounts.SelectMany(s => Enumerable.Range(Made.Subjects[s].First, Made.Subjects[s].SampleCount))];
        return new Cluster { Members = accounts, Probabilities = accounts.ConvertAll(_ => 1.0), Tested = [.. accounts], Extracting = exchanges, Test = exchanges };
    }

    private static List<int> Of(string who) => [.. Enumerable.Range(0, Made.Subjects.Count).Where(s => Made.Subjects[s].Profile.Id.Id.StartsWith(who, StringComparison.Ordinal))];

    private static Traffic Make()
    {
        var random = new Random(12);
        var made = new MadeTraffic();
        string[] common = [.. Enumerable.Range(0, 400).Select(_ => MadeTraffic.Words(random, 1))];
        var id = 0;
        for (var account = 0; account < Customers; account++)
        {
            string template = MadeTraffic.Words(random, 12);
            string[] subjects = [.. Enumerable.Range(0, 120).Select(_ => MadeTraffic.Words(random, 1))];
            for (var turn = 0; turn < Turns; turn++)
            {
                if (account < Accounts) Send("worker", $"{template} {string.Join(' ', random.GetItems(common, 10))}");
                Send(account < Accounts ? "person" : "customer", $"{string.Join(' ', random.GetItems(subjects, 8))} {MadeTraffic.Words(random, 6)}");
                if (turn < 2 && account < Accounts) Send("rare", $"{template} {MadeTraffic.Words(random, 10)}");
            }

            void Send(string who, string text) => made.Send($"{who} {MadeTraffic.Number(account)}", text, id: MadeTraffic.Number(id++), ms: id * 60_000L);
        }

        return Traffic.Lay(made.Finish(), _ => null);
    }
}
