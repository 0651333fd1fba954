using Stillhunt.Fingerprinting;
using Stillhunt.Linking;
using Stillhunt.Sketches;

namespace Stillhunt.Tests.Laws;

public sealed class HostileTrafficTests(ITestOutputHelper output)
{
    [Fact]
    public void Twenty_thousand_accounts_behind_a_few_sentences_and_one_address_give_no_larger_graph_than_a_quarter_of_them()
    {
        var (small, large) = (Edges(5_000), Edges(20_000));
        output.WriteLine($"{small} and {large} edges");
        // The graph is of phrases, not of accounts.
        Assert.NotEqual(0, small);
        Assert.InRange(large, 1, 2 * small);
    }

    [Fact]
    public void Texts_of_one_repeated_phrase_are_scanned()
    {
        var traffic = new MadeTraffic();
        for (var i = 0; i < 2000; i++)
            traffic.Send("acct-" + MadeTraffic.Number(i % 200), string.Concat(Enumerable.Repeat("again and again the same ", 1 + (i % 500))), id: MadeTraffic.Number(i), ms: i * 1000L);
        var snapshot = traffic.Finish();
        Assert.All(snapshot.Accounts.Values.SelectMany(account => account.Days.Values).SelectMany(day => day.Sample), print => Assert.InRange(print.Prints.Length, 0, 16));
        Assert.Equal(2000, Pipeline.Detect(snapshot, null, KeyedHash.Fixed).Scanned.ExchangeCount);
    }

    [Fact]
    public void A_text_of_nothing_but_new_phrases_leaves_no_more_prints_than_fit()
    {
        var random = new Random(1);
        var traffic = new MadeTraffic();
        for (var i = 0; i < 20; i++) traffic.Send("a", MadeTraffic.Words(random, 20_000), id: MadeTraffic.Number(i), system: MadeTraffic.Words(random, 20_000));
        var prints = traffic.Finish().Accounts.Values.Single().Days.Values.Single().Sample;
        Assert.All(prints, print => Assert.InRange(print.Prints.Length, 1, 4 * ExchangeFingerprint.MostPrints));
    }

    [Fact]
    public void Ids_of_ten_thousand_characters_are_kept_apart_and_survive_a_part()
    {
        var traffic = new MadeTraffic();
        var common = new string('x', 9_999);
        for (var i = 0; i < 10; i++) traffic.Send(common + MadeTraffic.Number(i), "hello", id: common + MadeTraffic.Number(i), client: common + MadeTraffic.Number(i), ip: common);
        var snapshot = traffic.Finish();
        var back = ScannedRange.Read(ScannedRange.Part(snapshot));
        Assert.Equal(10, back.Accounts.Count);
        Assert.All(back.Accounts.Values, account => Assert.Equal(10_000, account.Id.Id.Length));
        Assert.All(back.Names.Values, name => Assert.True(name.Length <= 200));
        Assert.Equal(ScannedRange.Part(snapshot), ScannedRange.Part(back));
        Assert.Equal(10, Pipeline.Detect(back, null, KeyedHash.Fixed).Scanned.AccountCount);
    }

    private static int Edges(int accounts)
    {
        var traffic = Traffic.Lay(MadeTraffic.Crowd(accounts, tellers: 8).Finish(), _ => null);
        var units = RecurringUnits.Find(traffic, new PhraseRows(traffic, new Shares(1)), 0, KeyedHash.Fixed, new Shares(1));
        var graph = UnitGraph.Build(traffic, new UnitPostings(traffic, new PhraseRows(traffic, new Shares(1)), units, new Shares(1)), 0, new Shares(1));
        return Enumerable.Range(0, graph.Count).Sum(node => graph.Edges(node).Length);
    }
}
