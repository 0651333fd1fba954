using Stillhunt.Linking;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Linking;

public sealed class UnitUsageTests
{
    private static readonly string[] First = Sentences(1), Second = Sentences(2);

    [Fact]
    public void Accounts_that_draw_from_one_pool_are_alike_and_those_of_another_are_not()
    {
        var (usage, accounts) = Usage();
        Assert.InRange(usage.Likeness(1, accounts.GetRange(0, 10), accounts.GetRange(10, 10)), 0.9, 1.1);
        Assert.InRange(usage.Likeness(1, accounts.GetRange(0, 20), accounts.GetRange(20, 20)), -0.1, 0.1);
    }

    [Fact]
    public void A_group_that_sent_nothing_is_alike_to_nobody_and_unlike_nobody()
    {
        var (usage, accounts) = Usage();
        Assert.Equal(double.NaN, usage.Likeness(1, [], accounts));
    }

    /// <summary>Twenty accounts that draw two of twelve sentences at a time, twenty that draw of others; in the order of their names.</summary>
    private static (UnitUsage Usage, List<int> Accounts) Usage()
    {
        var random = new Random(5);
        var made = new MadeTraffic();
        for (var a = 0; a < 40; a++)
        {
            var pool = a < 20 ? First : Second;
            for (var i = 0; i < 12; i++)
            {
                made.Send(Name(a), string.Join(' ', pool[random.Next(12)], MadeTraffic.Words(random, 12), pool[random.Next(12)]), id: MadeTraffic.Number((a * 100) + i), ms: i * 60_000);
            }
        }

        var traffic = Traffic.Lay(made.Finish(), _ => null);
        var units = RecurringUnits.Find(traffic, new PhraseRows(traffic, new Shares(1)), 0, KeyedHash.Fixed, new Shares(1));
        var usage = new UnitUsage(traffic, new UnitPostings(traffic, new PhraseRows(traffic, new Shares(1)), units, new Shares(1)), Enumerable.Range(0, traffic.Exchanges.Length), Enumerable.Range(0, units.Count), [0, 1]);
        var accounts = Enumerable.Range(0, 40).Select(Name).Select(name => Enumerable.Range(0, 40).Single(s => traffic.Subjects[s].Profile.Id.Id == name)).ToList();
        return (usage, accounts);
    }

    private static string Name(int account) => "account " + MadeTraffic.Number(account);

    private static string[] Sentences(int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, 12).Select(_ => MadeTraffic.Words(random, 14))];
    }
}
