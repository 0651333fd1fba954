using Stillhunt.Campaigns;
using Stillhunt.Linking;
using Stillhunt.Sketches;
using Stillhunt.Tests.Campaigns;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Linking;

public sealed class WorkListsTests
{
    private const int Workers = 24, Readers = 40, Items = 300, MinuteMs = 60_000, DayMs = 86_400_000;

    [Fact]
    public void Accounts_with_templates_of_their_own_are_one_group_if_their_items_come_back_within_minutes()
    {
        var traffic = Traffic.Lay(Made(minutesApart: 3).Finish(), _ => null);
        var groups = new WorkLists(traffic, SharedItems.Find(traffic, new PhraseRows(traffic, new Shares(1)), KeyedHash.Fixed, new Shares(1))).Find([], new Shares(2)).ToList();
        Assert.NotEmpty(groups);
        foreach (var group in groups) Assert.All(Names(traffic, group.Likely()), name => Assert.StartsWith("worker", name, StringComparison.Ordinal));
        Assert.Contains(groups, group => group.Likely().Count >= 0.9 * Workers);
    }

    [Fact]
    public void Who_sends_the_same_items_days_apart_is_no_group()
    {
        var traffic = Traffic.Lay(Made(minutesApart: 2 * 24 * 60).Finish(), _ => null);
        Assert.Empty(new WorkLists(traffic, SharedItems.Find(traffic, new PhraseRows(traffic, new Shares(1)), KeyedHash.Fixed, new Shares(1))).Find([], new Shares(2)));
    }

    [Fact]
    public void Accounts_that_stand_in_a_campaign_are_not_found_again()
    {
        var traffic = Traffic.Lay(Made(minutesApart: 3).Finish(), _ => null);
        var taken = Enumerable.Range(0, traffic.Subjects.Count).Where(s => traffic.Subjects[s].Profile.Id.Id.StartsWith("worker", StringComparison.Ordinal)).ToHashSet();
        Assert.Empty(new WorkLists(traffic, SharedItems.Find(traffic, new PhraseRows(traffic, new Shares(1)), KeyedHash.Fixed, new Shares(1))).Find(taken, new Shares(2)));
    }

    [Fact]
    public void A_group_is_tested_on_items_that_had_no_part_in_finding_it()
    {
        var traffic = Traffic.Lay(Made(minutesApart: 3).Finish(), _ => null);
        var lists = new WorkLists(traffic, SharedItems.Find(traffic, new PhraseRows(traffic, new Shares(1)), KeyedHash.Fixed, new Shares(1)));
        var group = lists.Find([], new Shares(2)).MaxBy(found => found.Likely().Count)!;
        var tested = lists.DealingOf(group);
        var whole = lists.DealingBetween(group.Tested, group.Tested);
        // Half of the items are left for it, and none of them came back by chance.
        Assert.InRange(tested.Times, 0.3 * whole.Times, 0.7 * whole.Times);
        Assert.InRange(tested.Lift, 20, 1000);
        Assert.Equal(15, tested.Minutes);
        Assert.True(tested.Hours > 8);
        Assert.Empty(group.Test.Except(group.Extracting));
    }

    [Fact]
    public void What_the_workers_send_with_the_same_template_is_their_work_too()
    {
        var traffic = Traffic.Lay(Made(minutesApart: 3, chatter: true).Finish(), _ => null);
        var group = new WorkLists(traffic, SharedItems.Find(traffic, new PhraseRows(traffic, new Shares(1)), KeyedHash.Fixed, new Shares(1))).Find([], new Shares(2)).MaxBy(found => found.Likely().Count)!;
        var ids = group.Extracting.Select(i => traffic.Exchanges[i].Id).ToHashSet();
        var all = group.Likely().SelectMany(s => traffic.Exchanges[traffic.Subjects[s].First..traffic.Subjects[s].End]).ToList();
        // Ten of some thirty-five exchanges of each are about something else.
        Assert.InRange(ids.Count / (double)all.Count, 0.6, 0.8);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Items_are_the_same_whatever_the_number_of_threads(int threads)
    {
        var traffic = Traffic.Lay(Made(minutesApart: 3).Finish(), _ => null);
        SharedItems one = SharedItems.Find(traffic, new PhraseRows(traffic, new Shares(1)), KeyedHash.Fixed, new Shares(1)), several = SharedItems.Find(traffic, new PhraseRows(traffic, new Shares(1)), KeyedHash.Fixed, new Shares(threads));
        Assert.Equal(one.Count, several.Count);
        for (var item = 0; item < one.Count; item++) Assert.Equal(one[item].ToArray(), several[item].ToArray());
    }

    [Theory]
    // A text of two owners is an item; of more than eight a public text; one that comes back in each request a template.
    [InlineData(2, 1, true)]
    [InlineData(8, 2, true)]
    [InlineData(12, 1, false)]
    [InlineData(2, 9, false)]
    public void An_item_has_few_owners_and_is_no_template(int owners, int times, bool isItem)
    {
        var random = new Random(5);
        var made = new MadeTraffic();
        var text = MadeTraffic.Words(random, 14);
        for (var owner = 0; owner < owners; owner++)
            for (var time = 0; time < times; time++)
                made.Send("account " + MadeTraffic.Number(owner), MadeTraffic.Words(random, 12) + " " + text, id: MadeTraffic.Number((owner * 100) + time), ms: time * MinuteMs);
        var traffic = Traffic.Lay(made.Finish(), _ => null);
        var items = SharedItems.Find(traffic, new PhraseRows(traffic, new Shares(1)), KeyedHash.Fixed, new Shares(1));
        Assert.Equal(isItem, Enumerable.Range(0, items.Count).Any(item => items[item].Length == owners * times));
    }

    [Fact]
    public void A_class_that_answers_one_sheet_in_two_hours_counts_little()
    {
        var random = new Random(6);
        var made = new MadeTraffic();
        // Forty students, in groups of four with the same twenty questions, within minutes of each other.
        for (var team = 0; team < 10; team++)
        {
            for (var question = 0; question < 20; question++)
            {
                var text = MadeTraffic.Words(random, 14);
                for (var student = 0; student < 4; student++)
                    made.Send($"student {team}.{student}", text + " " + MadeTraffic.Words(random, 4), id: $"{team}.{question}.{student}", ms: ((question * 6) + student) * MinuteMs);
            }
        }

        var traffic = Traffic.Lay(made.Finish(), _ => null);
        var lists = new WorkLists(traffic, SharedItems.Find(traffic, new PhraseRows(traffic, new Shares(1)), KeyedHash.Fixed, new Shares(1)));
        var dealing = lists.DealingBetween([.. Enumerable.Range(0, 40)], [.. Enumerable.Range(0, 40)]);
        Assert.InRange(dealing.Hours, 1, 3);
        Assert.True(dealing.Times > 100);

        // As often as it may be: the same over a day and a half counts three times as much and more.
        var inClass = dealing with { Expected = 1, Accounts = 40 };
        Assert.True(Bits(inClass) < 0.4 * Bits(inClass with { Hours = 30 }), $"{Bits(inClass)} and {Bits(inClass with { Hours = 30 })}");

        double Bits(Dealing dealt)
        {
            var cluster = new Cluster { Members = [.. Enumerable.Range(0, 40)], Probabilities = [.. Enumerable.Repeat(1.0, 40)], Tested = [.. Enumerable.Range(0, 40)] };
            var weighing = new Weighing(traffic, new SharedValues(traffic, KeyedHash.Fixed, EvidenceKinds.None, new Shares(1)), _ => null, EvidenceKinds.None);
            return weighing.Rows(OpennessTests.Facts() with { Accounts = 40, Dealing = dealt }, cluster).Single(row => row.Kind == "dealt-twice").Bits;
        }
    }

    [Fact]
    public void Two_exchanges_that_have_several_fragments_in_common_met_once()
    {
        var random = new Random(7);
        var made = new MadeTraffic();
        // The third account sends the first half of it only, so that there are two items in the two that sent all.
        string first = MadeTraffic.Words(random, 12), second = MadeTraffic.Words(random, 12);
        made.Send("a", $"{first} {second}", id: "1").Send("b", $"{first} {second}", id: "2", ms: MinuteMs).Send("c", first, id: "3", ms: 2 * MinuteMs);
        var traffic = Traffic.Lay(made.Finish(), _ => null);
        Assert.True(SharedItems.Find(traffic, new PhraseRows(traffic, new Shares(1)), KeyedHash.Fixed, new Shares(1)).Count > 1);
        Assert.Equal(3, new WorkLists(traffic, SharedItems.Find(traffic, new PhraseRows(traffic, new Shares(1)), KeyedHash.Fixed, new Shares(1))).DealingBetween([0, 1, 2], [0, 1, 2]).Times);
    }

    [Fact]
    public void Campaigns_whose_accounts_deal_with_each_other_are_one_and_others_are_not()
    {
        var snapshot = Made(minutesApart: 3).Finish();
        var traffic = Traffic.Lay(snapshot, _ => null);
        var (values, replayed, shares) = (new SharedValues(traffic, KeyedHash.Fixed, EvidenceKinds.None, new Shares(1)), new ReplayedHandles(traffic, EvidenceKinds.None), new Shares(1));
        var proposals = new Proposals(traffic, KeyedHash.Fixed, shares);
        var builder = new CampaignBuilder(traffic, snapshot, proposals.Index, values, replayed, KeyedHash.Fixed);
        var (workers, readers) = (Of("worker"), Of("reader"));
        var joined = new OneDealer(traffic, proposals.WorkLists, builder, _ => throw new InvalidOperationException("Nothing is left of either.")).Joined(
            [Judged(workers[..12]), Judged(workers[12..]), Judged(readers[..20]), Judged(readers[20..])]);
        Assert.Equal([20, 20, Workers], joined.Select(judgement => judgement.Cluster.Members.Count).Order());
        var whole = joined.Single(judgement => judgement.Cluster.Members.Count == Workers);
        Assert.Equal(workers, whole.Cluster.Members);
        Assert.Equal("dealt-across", whole.Campaign.Evidence[^1].Kind);
        Assert.Equal(8, whole.Campaign.Bits);

        List<int> Of(string name) => [.. Enumerable.Range(0, traffic.Subjects.Count).Where(s => traffic.Subjects[s].Profile.Id.Id.StartsWith(name, StringComparison.Ordinal))];

        Judgement Judged(List<int> accounts)
        {
            var cluster = new Cluster
            {
                Members = accounts, Probabilities = accounts.ConvertAll(_ => 1.0), Tested = [.. accounts],
                Extracting = [.. accounts.SelectMany(s => Enumerable.Range(traffic.Subjects[s].First, traffic.Subjects[s].SampleCount))],
            };
            return new Judgement(builder.Build(cluster, [EvidenceRows.Row("prior", "prior", 8, "As if.", null, [])]), OpennessTests.Facts(), cluster);
        }
    }

    private static IEnumerable<string> Names(Traffic traffic, IEnumerable<int> subjects) => subjects.Select(s => traffic.Subjects[s].Profile.Id.Id);

    /// <summary>
    /// Workers of one list, each with a template that nobody else has, of which half of the items go out a second time under another; and readers who draw on a public set, so that they meet too, whenever
    /// they happen to.
    /// </summary>
    /// <param name="chatter">Whether workers ask about other things beside.</param>
    private static MadeTraffic Made(int minutesApart, bool chatter = false)
    {
        var random = new Random(9);
        var made = new MadeTraffic();
        var templates = Enumerable.Range(0, Workers).Select(_ => MadeTraffic.Words(random, 14)).ToArray();
        var id = 0;
        for (var item = 0; item < Items; item++)
        {
            var text = MadeTraffic.Words(random, 14);
            var ms = (long)(random.NextDouble() * 2.5 * DayMs);
            var worker = random.Next(Workers);
            Work(worker, text, ms);
            if (item % 2 == 0) Work((worker + 1 + random.Next(Workers - 1)) % Workers, text, ms + ((long)minutesApart * MinuteMs));
        }

        var texts = Enumerable.Range(0, 120).Select(_ => MadeTraffic.Words(random, 14)).ToArray();
        for (var reader = 0; reader < Readers; reader++)
            foreach (var text in random.GetItems(texts, 12).Distinct())
                made.Send($"reader {reader}", $"{MadeTraffic.Words(random, 5)} {text}", id: "r" + MadeTraffic.Number(id++), ms: (long)(random.NextDouble() * 4.5 * DayMs));
        for (var worker = 0; chatter && worker < Workers; worker++)
            for (var i = 0; i < 10; i++)
                made.Send($"worker {worker}", MadeTraffic.Words(random, 24), id: "c" + MadeTraffic.Number(id++), ms: (long)(random.NextDouble() * 4.5 * DayMs));
        return made;

        void Work(int worker, string text, long ms) => made.Send($"worker {worker}", $"{templates[worker]} {text} {MadeTraffic.Words(random, 3)}", id: "w" + MadeTraffic.Number(id++), ms: ms);
    }
}
