using Stillhunt.Campaigns;
using Stillhunt.Linking;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

public sealed class WordingSearchTests
{
    private const int Wordings = 12, Tries = 240, Later = 240;

    [Fact]
    public void Wordings_that_were_refused_and_given_up_are_trials() => Assert.InRange(Trials(status: 400, givesUp: true), 0.8 * Tries, Tries);

    [Theory]
    [InlineData("refusal")]
    [InlineData("content_filter")]
    [InlineData("SAFETY")]
    public void The_model_s_own_refusal_counts_as_one(string stop) => Assert.InRange(Trials(status: 200, givesUp: true, stop), 0.8 * Tries, Tries);

    [Fact]
    public void Wordings_that_were_never_refused_are_no_trials() => Assert.Equal(0, Trials(status: 200, givesUp: true));

    [Theory]
    [InlineData(429)]
    [InlineData(403)]
    [InlineData(500)]
    public void A_limit_a_ban_or_a_failure_is_no_refusal_of_a_wording(int status) => Assert.Equal(0, Trials(status, givesUp: true));

    [Fact]
    public void Wordings_that_stay_in_use_are_no_trials() => Assert.Equal(0, Trials(status: 400, givesUp: false));

    /// <summary>Ten accounts try wordings, a third of the requests meeting the status, then use one that passes, or go on with all of them.</summary>
    /// <returns>How many exchanges come out as trials.</returns>
    private static int Trials(int status, bool givesUp, string stop = "end_turn")
    {
        var random = new Random(11);
        var wordings = Enumerable.Range(0, Wordings + 1).Select(_ => MadeTraffic.Words(random, 14)).ToArray();
        var made = new MadeTraffic();
        for (var i = 0; i < Tries + Later; i++)
        {
            var isTrial = i < Tries || !givesUp;
            made.Send("account " + MadeTraffic.Number(i % 10), wordings[isTrial ? i / 10 % Wordings : Wordings] + ' ' + MadeTraffic.Words(random, 10), id: MadeTraffic.Number(i), ms: i * 600_000L,
                status: isTrial && i % 3 == 0 ? status : 200, stop: isTrial && i % 3 == 0 ? stop : "end_turn");
        }

        var traffic = Traffic.Lay(made.Finish(), _ => null);
        var units = RecurringUnits.Find(traffic, new PhraseRows(traffic, new Shares(1)), 0, KeyedHash.Fixed, new Shares(1));
        var cluster = new Cluster { UnitBits = Enumerable.Range(0, units.Count).ToDictionary(unit => unit, _ => 3.0) };
        return WordingSearch.Trials(traffic, new UnitPostings(traffic, new PhraseRows(traffic, new Shares(1)), units, new Shares(1)), cluster, [.. Enumerable.Range(0, traffic.Exchanges.Length)]).Count;
    }
}
