using Stillhunt.Campaigns;
using Stillhunt.Linking;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

/// <summary>Two crews of twelve accounts that write alike and stand in one campaign.</summary>
public sealed class SeveralDealersTests
{
    private const int Crew = 12, Items = 400, MinuteMs = 60_000, DayMs = 86_400_000;

    [Theory]
    [InlineData(0.0, true, true, 2)]
    // Of five in a hundred items that came over by mistake nothing is made.
    [InlineData(0.05, true, true, 2)]
    // What goes out again goes to anybody: one dealer with two sets of accounts.
    [InlineData(0.5, true, true, 1)]
    // The second set takes over when the first has ended: nothing could have gone over.
    [InlineData(0.0, false, true, 1)]
    // Nothing but the items divides them: cells of one crew, for all that is known.
    [InlineData(0.0, true, false, 1)]
    public void A_campaign_is_several_where_means_divide_it_and_items_stay_on_their_side(double over, bool atOnce, bool ownMeans, int campaigns)
    {
        var (traffic, parted) = Parted(Made(over, atOnce, ownMeans), isFlagged: true);
        Assert.Equal(campaigns, parted.Count);
        Assert.Equal(2 * Crew, parted.Sum(judgement => judgement.Cluster.Members.Count));
        foreach (var judgement in parted)
        {
            Assert.Equal(campaigns == 2, judgement.Campaign.Evidence.Any(row => row.Kind == SeveralDealers.Kind));
            if (campaigns == 2) Assert.Single(judgement.Cluster.Members.Select(s => traffic.Subjects[s].Profile.Id.Id[0]).Distinct());
        }
    }

    [Fact]
    public void A_campaign_stays_whole_where_a_part_is_no_campaign_by_itself()
    {
        var (_, parted) = Parted(Made(over: 0, atOnce: true, ownMeans: true), isFlagged: false);
        Assert.Equal(2 * Crew, Assert.Single(parted).Cluster.Members.Count);
    }

    [Fact]
    public void A_campaign_stays_whole_where_its_parts_would_list_fewer_accounts()
    {
        var (_, parted) = Parted(Made(over: 0, atOnce: true, ownMeans: true), isFlagged: true, unlisted: 1);
        Assert.Equal(2 * Crew, Assert.Single(parted).Cluster.Members.Count);
    }

    /// <param name="isFlagged">Whether a part is, by itself.</param>
    /// <param name="unlisted">Accounts of each part that it would not list by itself.</param>
    private static (Traffic Traffic, List<Judgement> Parted) Parted(MadeTraffic made, bool isFlagged, int unlisted = 0)
    {
        var snapshot = made.Finish();
        var traffic = Traffic.Lay(snapshot, _ => null);
        var (values, replayed, shares) = (new SharedValues(traffic, KeyedHash.Fixed, EvidenceKinds.None, new Shares(1)), new ReplayedHandles(traffic, EvidenceKinds.None), new Shares(1));
        var proposals = new Proposals(traffic, KeyedHash.Fixed, shares);
        var builder = new CampaignBuilder(traffic, snapshot, proposals.Index, values, replayed, KeyedHash.Fixed);
        List<int> accounts = [.. Enumerable.Range(0, traffic.Subjects.Count)];
        var whole = new Cluster
        {
            Members = accounts, Probabilities = accounts.ConvertAll(_ => 1.0), Tested = [.. accounts], Extracting = [.. Enumerable.Range(0, traffic.Exchanges.Length)],
        };
        return (traffic, new SeveralDealers(values, proposals.WorkLists).Parted(Judged(whole, 8), Without));

        Judgement Without(Judgement judgement, Func<int, bool> leaves)
        {
            var part = Judged(judgement.Cluster.Without(leaves, traffic), isFlagged ? 8 : -8);
            return part with { Listed = part.Cluster.Likely().Order().Skip(unlisted).ToHashSet() };
        }

        Judgement Judged(Cluster cluster, double bits) => new(builder.Build(cluster, [EvidenceRows.Row("prior", "prior", bits, "As if.", null, [])]), OpennessTests.Facts(), cluster);
    }

    /// <param name="over">Share of the items that go out again at the other crew.</param>
    /// <param name="atOnce">Whether both work at the same time, or one after the other.</param>
    /// <param name="ownMeans">Whether each crew has a network and a client of its own.</param>
    private static MadeTraffic Made(double over, bool atOnce, bool ownMeans)
    {
        var random = new Random(11);
        var made = new MadeTraffic();
        var template = MadeTraffic.Words(random, 14);
        for (var item = 0; item < Items; item++)
        {
            var crew = item % 2;
            var text = MadeTraffic.Words(random, 14);
            var ms = (long)(((atOnce ? 0 : crew) + random.NextDouble()) * 1.5 * DayMs);
            Work(crew, text, ms);
            Work(random.NextDouble() < over ? 1 - crew : crew, text, ms + (3 * MinuteMs));
        }

        return made;

        void Work(int crew, string text, long ms)
        {
            var worker = random.Next(Crew);
            var site = ownMeans ? crew : 0;
            made.Send($"{"ab"[crew]} {worker}", $"{template} {text} {MadeTraffic.Words(random, 3)}", id: MadeTraffic.Words(random, 3), ms: ms,
                ip: $"203.0.{113 + site}.{worker % 4}", client: $"{"xy"[site]}/1.0");
        }
    }
}
