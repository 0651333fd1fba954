using Stillhunt.Campaigns;
using Stillhunt.Linking;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

public sealed class KeptWordsTests
{
    private const int Accounts = 16, Turns = 14;

    private const long HourMs = 3_600_000;

    [Fact]
    public void It_makes_no_difference_who_asks_what_is_dealt_out()
    {
        var dealt = Kept((_, common, _) => common, seed: 1);
        Assert.Equal(Accounts, dealt.Accounts);
        Assert.InRange(dealt.Share, -0.02, 0.02);
        Assert.InRange(dealt.Error, 0.0005, 0.01);
    }

    [Fact]
    public void A_template_of_an_accounts_own_changes_nothing()
    {
        var templates = Enumerable.Range(0, Accounts).Select(i => MadeTraffic.Words(new Random(i), 10)).ToArray();
        Assert.InRange(Kept((_, common, _) => common, seed: 2, account => templates[account]).Share, -0.02, 0.02);
    }

    [Theory]
    [InlineData(1.0, 0.5, 1.0)]
    [InlineData(0.3, 0.05, 0.4)]
    public void Customers_ask_again_about_what_is_theirs(double share, double least, double most)
    {
        var random = new Random(3);
        Assert.InRange(Kept((_, common, own) => random.NextDouble() < share ? own : common, seed: 3).Share, least, most);
    }

    [Fact]
    public void A_few_who_borrowed_the_wording_change_nothing()
    {
        Assert.InRange(Kept((account, common, own) => account < 4 ? own : common, seed: 4).Share, -0.02, 0.02);
    }

    [Fact]
    public void The_same_asked_again_is_no_second_trial()
    {
        var made = new MadeTraffic();
        for (var account = 0; account < Accounts; account++)
            for (var turn = 0; turn < Turns; turn++) made.Send(MadeTraffic.Number(account), MadeTraffic.Words(new Random(account), 12), id: MadeTraffic.Number((account * Turns) + turn), ms: turn * HourMs);
        Assert.True(double.IsNaN(Of(made).Share));
    }

    [Theory]
    [InlineData(60_000, -0.02, 0.02)]
    [InlineData(HourMs / 2, 0.03, 1)]
    public void What_comes_back_in_one_sitting_is_one_task(long afterMs, double least, double most)
    {
        // Of each item two answers are graded, one after the other: the item's words come back under the account, and only then. Half an hour later they would be its own.
        var random = new Random(7);
        string[] common = [.. Enumerable.Range(0, 400).Select(_ => MadeTraffic.Words(random, 1))];
        var made = new MadeTraffic();
        for (var account = 0; account < Accounts; account++)
        {
            for (var turn = 0; turn < 2 * Turns; turn++)
            {
                var item = string.Join(' ', random.GetItems(common, 10));
                for (var answer = 0; answer < 2; answer++)
                {
                    made.Send(MadeTraffic.Number(account), $"{item} {MadeTraffic.Words(random, 3)}", id: MadeTraffic.Number((2 * ((account * 2 * Turns) + turn)) + answer),
                        ms: (((turn / Turns * 24) + (turn % Turns)) * HourMs) + (account * 60_000L) + (answer * afterMs));
                }
            }
        }

        Assert.InRange(Of(made).Share, least, most);
    }

    [Fact]
    public void Of_four_accounts_nothing_is_known() =>
        Assert.True(double.IsNaN(Kept((_, _, own) => own, seed: 5, accounts: 4).Share));

    [Fact]
    public void Kept_words_speak_against_one_operator_only()
    {
        Assert.Equal(-5, Bits(new KeptWords(0.09, 0.004, 20), default));
        Assert.InRange(Bits(new KeptWords(0.04, 0.004, 20), default), -5, -3);
        Assert.Equal(0, Bits(new KeptWords(0.04, 0.1, 20), default), 0.3);
        Assert.Equal(0, Bits(new KeptWords(0, 0.001, 20), default));
        // What goes out twice comes off one list, whatever tells the accounts apart.
        Assert.Equal(0, Bits(new KeptWords(0.09, 0.004, 20), new Dealing(Minutes: 5, Times: 50, Expected: 1.2, Accounts: 20, Hours: 20)));

        static double Bits(KeptWords kept, Dealing dealing)
        {
            var traffic = Traffic.Lay(Send((_, common, _) => common, seed: 6).Finish(), _ => null);
            var weighing = new Weighing(traffic, new SharedValues(traffic, KeyedHash.Fixed, EvidenceKinds.None, new Shares(1)), _ => null, EvidenceKinds.None);
            List<int> all = [.. Enumerable.Range(0, traffic.Subjects.Count)];
            var cluster = new Cluster { Members = all, Probabilities = all.ConvertAll(_ => 1.0), Tested = [.. all] };
            return weighing.Rows(OpennessTests.Facts() with { Kept = kept, Dealing = dealing }, cluster).Single(row => row.Kind == "kept-words").Bits;
        }
    }

    private static KeptWords Kept(Func<int, string[], string[], string[]> of, int seed, Func<int, string>? template = null, int accounts = Accounts) => Of(Send(of, seed, template, accounts));

    /// <summary>Each account draws the words of its turns from what all have in common, or from what is its own.</summary>
    private static MadeTraffic Send(Func<int, string[], string[], string[]> of, int seed, Func<int, string>? template = null, int accounts = Accounts)
    {
        var random = new Random(seed);
        var made = new MadeTraffic();
        string[] common = [.. Enumerable.Range(0, 400).Select(_ => MadeTraffic.Words(random, 1))];
        for (var account = 0; account < accounts; account++)
        {
            string[] own = [.. Enumerable.Range(0, 100).Select(_ => MadeTraffic.Words(random, 1))];
            for (var turn = 0; turn < Turns; turn++)
            {
                var words = string.Join(' ', random.GetItems(of(account, common, own), 10));
                made.Send(MadeTraffic.Number(account), $"{template?.Invoke(account)} {words}", id: MadeTraffic.Number((account * Turns) + turn), ms: (turn * HourMs) + (account * 60_000L));
            }
        }

        return made;
    }

    private static KeptWords Of(MadeTraffic made)
    {
        var traffic = Traffic.Lay(made.Finish(), _ => null);
        List<List<int>> accounts = [.. traffic.Subjects.Select(subject => Enumerable.Range(subject.First, subject.SampleCount).ToList())];
        return KeptWords.Of(traffic, new OwnTemplates(traffic, new Shares(1)), accounts);
    }
}
