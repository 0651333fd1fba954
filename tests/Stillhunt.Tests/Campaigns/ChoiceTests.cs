using Stillhunt.Campaigns;
using Stillhunt.Linking;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

public sealed class ChoiceTests
{
    private const int Few = 6, Many = 60, MinuteMs = 60_000;

    [Fact]
    public void Two_operators_who_were_grouped_as_one_stand_side_by_side()
    {
        Assert.Equal([Few, Many], Standing(new Operators(SameWording: false, OneDealer: false)));
    }

    [Fact]
    public void One_operator_who_was_also_found_in_two_parts_stands_as_one()
    {
        Assert.Equal([Few + Many], Standing(new Operators(SameWording: true, OneDealer: false)));
    }

    [Fact]
    public void Two_wordings_with_one_dealer_are_one_operator()
    {
        Assert.Equal([Few + Many], Standing(new Operators(SameWording: false, OneDealer: true)));
    }

    /// <summary>Accounts of the campaigns that stand when both operators were flagged, and both as one, which is the most convincing.</summary>
    private static List<int> Standing(Operators made)
    {
        var snapshot = made.Traffic().Finish();
        var traffic = Traffic.Lay(snapshot, _ => null);
        var proposals = new Proposals(traffic, KeyedHash.Fixed, new Shares(1));
        var values = new SharedValues(traffic, KeyedHash.Fixed, EvidenceKinds.None, new Shares(1));
        var builder = new CampaignBuilder(traffic, snapshot, proposals.Index, values, new ReplayedHandles(traffic, EvidenceKinds.None), KeyedHash.Fixed);
        List<int> few = Of("few"), many = Of("many");
        var choice = new Choice(traffic, new Resemblance(traffic, proposals.Postings), proposals.WorkLists, builder, [Judged([.. few, .. many], 8), Judged(few, 5), Judged(many, 5)], new Shares(1));
        return [.. choice.Standing().Select(judgement => judgement.Cluster.Likely().Count).Order()];

        List<int> Of(string who) => [.. Enumerable.Range(0, traffic.Subjects.Count).Where(s => traffic.Subjects[s].Profile.Id.Id.StartsWith(who, StringComparison.Ordinal))];

        Judgement Judged(List<int> accounts, double bits)
        {
            List<int> exchanges = [.. accounts.SelectMany(s => Enumerable.Range(traffic.Subjects[s].First, traffic.Subjects[s].SampleCount)).Order()];
            var cluster = new Cluster
            {
                Members = [.. accounts.Order()], Probabilities = accounts.ConvertAll(_ => 1.0), Tested = [.. accounts], Extracting = exchanges, Test = exchanges,
                UnitBits = exchanges.SelectMany(i => proposals.Postings.UnitsOf(i).ToArray()).Distinct().ToDictionary(unit => unit, _ => 1.0),
            };
            return new Judgement(builder.Build(cluster, [EvidenceRows.Row("prior", "prior", bits, "As if.", null, [])]), OpennessTests.Facts(), cluster);
        }
    }

    /// <summary>Accounts that build their prompts from a pool of sentences, beside customers.</summary>
    private sealed record Operators(bool SameWording, bool OneDealer)
    {
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
                made.Send(isFew ? "few " + MadeTraffic.Number(random.Next(Few)) : "many " + MadeTraffic.Number(random.Next(Many)),
                    $"{string.Join(". ", random.GetItems(isFew ? first : second, 3))}. {text}", id: "o" + MadeTraffic.Number(id++), ms: ms);
        }
    }
}
