using Stillhunt.Campaigns;
using Stillhunt.Linking;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

/// <summary>Some items, each asked three times: at once, as whoever keeps the best of three answers does, or day after day.</summary>
public sealed class AskingTests
{
    private const int Accounts = 6, Items = 10, Times = 3;

    private const long Minute = 60_000, Day = 24 * 60 * Minute;

    [Fact]
    public void The_best_of_three_answers_is_one_question() => Assert.Equal(1, Asking.DistinctTurns(Made(Minute / 4), All, countNumbers: true, joinAgain: true));

    [Fact]
    public void A_set_that_is_gone_through_each_day_is_a_bounded_set() => Assert.Equal(1.0 / Times, Asking.DistinctTurns(Made(Day), All, countNumbers: true, joinAgain: true), 1e-9);

    [Fact]
    public void Items_that_differ_in_their_numbers_are_different_texts_of_the_same_words()
    {
        Assert.Equal(1, Asking.DistinctTurns(Made(Minute / 4), All, countNumbers: true, joinAgain: true));
        Assert.Equal(1.0 / (Accounts * Items), Asking.DistinctTurns(Made(Minute / 4), All, countNumbers: false, joinAgain: false) * Times, 1e-9);
    }

    [Fact]
    public void What_is_asked_all_day_long_is_no_one_question()
    {
        // One item in 37 hours, ten minutes apart: a question in each quarter of an hour and a little more.
        var made = new MadeTraffic();
        for (var time = 0; time < 200; time++) made.Send("a", "is it up", id: Number(time), ms: time * 10 * Minute, conversation: "c" + time);
        Assert.InRange(Asking.DistinctTurns(Traffic.Lay(made.Finish(), _ => null), [.. Enumerable.Range(0, 30)], countNumbers: true, joinAgain: true), 0, 0.1);
    }

    [Fact]
    public void Where_it_was_not_kept_how_turns_were_written_their_words_tell()
    {
        var traffic = Made(Minute / 4);
        traffic.Exchanges[7].Turn = 0;
        Assert.Equal(Asking.DistinctTurns(traffic, All, countNumbers: false, joinAgain: true), Asking.DistinctTurns(traffic, All, countNumbers: true, joinAgain: true));
    }

    [Fact]
    public void What_each_of_a_class_asks_in_the_same_minutes_is_asked_by_each()
    {
        var made = new MadeTraffic();
        for (var account = 0; account < Accounts; account++) made.Send(Number(account), "the exercise of today", id: Number(account), ms: account);
        Assert.Equal(1.0 / Accounts, Asking.DistinctTurns(Traffic.Lay(made.Finish(), _ => null), [.. Enumerable.Range(0, Accounts)], countNumbers: false, joinAgain: true), 1e-9);
    }

    [Fact]
    public void Of_nothing_nothing_is_known() => Assert.True(double.IsNaN(Asking.DistinctTurns(Made(Day), [], countNumbers: true, joinAgain: true)));

    [Fact]
    public void What_was_not_logged_is_neither_one_text_nor_many()
    {
        var traffic = Made(Day);
        var seen = new HashSet<uint>();
        foreach (var exchange in traffic.Exchanges.Where(exchange => !seen.Add(exchange.Turn))) (exchange.User, exchange.Turn) = (0, 0);
        Assert.Equal(1, Asking.DistinctTurns(traffic, All, countNumbers: true, joinAgain: true));
        Assert.Equal(0, new ReRuns(traffic, new Shares(1)).Share(GroupOf(traffic), countNumbers: true));
        foreach (var exchange in traffic.Exchanges) (exchange.User, exchange.Turn) = (0, 0);
        Assert.True(double.IsNaN(Asking.DistinctTurns(traffic, All, countNumbers: true, joinAgain: false)));
        Assert.True(double.IsNaN(new ReRuns(traffic, new Shares(1)).Share(GroupOf(traffic), countNumbers: false)));
    }

    [Theory]
    [InlineData(Minute / 4, true, 0, 1)]
    [InlineData(Day, true, 1, 1)]
    [InlineData(Day, false, 0, 0)]
    public void What_is_put_to_several_models_is_an_evaluation_unless_it_is_put_to_all_at_once(long apart, bool onOtherModels, double share, double inWords)
    {
        var traffic = Made(apart, onOtherModels);
        var group = GroupOf(traffic);
        Assert.Equal(share, new ReRuns(traffic, new Shares(1)).Share(group, countNumbers: true));
        // In their words alone all items are one, which comes again half an hour later.
        Assert.Equal(inWords, new ReRuns(traffic, new Shares(1)).Share(group, countNumbers: false));
    }

    private static Cluster GroupOf(Traffic traffic)
    {
        List<int> all = [.. Enumerable.Range(0, traffic.Subjects.Count)];
        return new Cluster { Members = all, Probabilities = all.ConvertAll(_ => 1.0), Tested = [.. all], Extracting = [.. All] };
    }

    private static List<int> All => [.. Enumerable.Range(0, Accounts * Items * Times)];

    private static Traffic Made(long apart, bool onOtherModels = false)
    {
        var made = new MadeTraffic();
        for (var account = 0; account < Accounts; account++)
        {
            for (var item = 0; item < Items; item++)
            {
                for (var time = 0; time < Times; time++)
                {
                    var name = $"{Number(account)} {Number(item)}";
                    made.Send(Number(account), "what of " + name, id: $"{name} {time}", ms: (item * 30 * Minute) + (time * apart), conversation: $"{name} {time}", model: onOtherModels ? "model-" + time : "model");
                }
            }
        }

        return Traffic.Lay(made.Finish(), _ => null);
    }

    private static string Number(int i) => MadeTraffic.Number(i);
}
