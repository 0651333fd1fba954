using Stillhunt.Linking;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

/// <summary>Accounts that build their prompts from a pool of sentences, beside customers.</summary>
internal sealed record MadeOperators(bool SameWording, bool OneDealer)
{
    public const int FewAccounts = 6, ManyAccounts = 60;

    private const int MinuteMs = 60_000;

    public MadeTraffic Traffic()
    {
        var random = new Random(31);
        var made = new MadeTraffic();
        string[] first = Pool(), second = SameWording ? first : Pool();
        var id = 0;
        for (var item = 0; item < 1400; item++)
        {
            var text = MadeTraffic.Words(random, 14);
            var ms = (long)(random.NextDouble() * 4 * 24 * 60 * MinuteMs);
            var isFew = item % 7 == 0;
            Send(isFew, text, ms);
            // Best of two, or a second try under another account: of whichever group, where there is one dealer.
            if (item % 2 == 0) Send(OneDealer ? !isFew : isFew, text, ms + (3 * MinuteMs));
        }

        for (var customer = 0; customer < 80; customer++)
            for (var turn = 0; turn < 8; turn++)
                made.Send("customer " + MadeTraffic.Number(customer), MadeTraffic.Words(random, 24), id: "c" + MadeTraffic.Number(id++), ms: (long)(random.NextDouble() * 4 * 24 * 60 * MinuteMs));
        return made;

        string[] Pool() => [.. Enumerable.Range(0, 12).Select(_ => MadeTraffic.Words(random, 10))];

        void Send(bool isFew, string text, long ms) =>
            made.Send(isFew ? "few " + MadeTraffic.Number(random.Next(FewAccounts)) : "many " + MadeTraffic.Number(random.Next(ManyAccounts)),
                $"{string.Join(". ", random.GetItems(isFew ? first : second, 3))}. {text}", id: "o" + MadeTraffic.Number(id++), ms: ms);
    }

    /// <summary>A group of some accounts with all that they sent, marked by every unit of it.</summary>
    public static Cluster Group(Traffic traffic, UnitPostings postings, List<int> accounts)
    {
        List<int> exchanges = [.. accounts.SelectMany(s => Enumerable.Range(traffic.Subjects[s].First, traffic.Subjects[s].SampleCount)).Order()];
        return new Cluster
        {
            Members = [.. accounts.Order()], Probabilities = accounts.ConvertAll(_ => 1.0), Tested = [.. accounts], Extracting = exchanges, Test = exchanges,
            UnitBits = exchanges.SelectMany(i => postings.UnitsOf(i).ToArray()).Distinct().ToDictionary(unit => unit, _ => 1.0),
        };
    }
}
