using Stillhunt.Campaigns;
using Stillhunt.Linking;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

/// <summary>Accounts that send an operator's work and were not listed: who of them joins the campaign, beside customers of whom none writes so.</summary>
public sealed class LeftOutTests
{
    /// <summary>Accounts that are listed and that are not; of six conversations of the ones and four of the others those that are the operator's work.</summary>
    private const int Listed = 40, Others = 30, OfListed = 3, OfOthers = 2;

    private static readonly Made Hand = new(alike: true), Customers = new(alike: false);

    [Fact]
    public void Who_sends_such_work_in_every_second_conversation_is_the_operators_too() =>
        Assert.Equal(Others, Hand.Unlisted(_ => true).Count(account => Hand.IsOther(account.Account)));

    [Fact]
    public void Who_may_not_join_is_not_asked() => Assert.Empty(Hand.Unlisted(_ => false));

    [Fact]
    public void A_sure_campaign_is_completed_and_says_so()
    {
        var completed = Hand.Completed(Hand.Judged(8));
        Assert.Equal(Listed + Others, completed.Cluster.Likely().Count);
        Assert.Equal(8, completed.Campaign.Bits);
        var row = Assert.Single(completed.Campaign.Evidence, row => row.Kind == LeftOut.Kind);
        Assert.StartsWith($"{Others} further accounts do the same work", row.Text, StringComparison.Ordinal);
        Assert.Equal(completed.Campaign.Accounts.Sum(account => account.ExtractingCount), completed.Campaign.ExtractingCount);
        Assert.Equal((Listed * OfListed) + (Others * OfOthers), completed.Campaign.ExtractingCount);
    }

    [Fact]
    public void What_is_less_than_sure_stays_as_it_is()
    {
        var judged = Hand.Judged(3);
        Assert.Same(judged, Hand.Completed(judged));
    }

    [Fact]
    public void Customers_who_use_a_few_of_its_phrases_stay_out()
    {
        Assert.NotEmpty(Customers.Unlisted(_ => true));
        var judged = Customers.Judged(8);
        Assert.Same(judged, Customers.Completed(judged));
    }

    [Fact]
    public void Accounts_of_another_campaign_stay_there()
    {
        var other = Hand.Judged(8, Hand.OtherAccounts);
        var completed = Hand.LeftOut.Completed([Hand.Judged(8), other]);
        Assert.Equal([Listed, Others], completed.ConvertAll(j => j.Cluster.Likely().Count));
    }

    private sealed class Made
    {
        private readonly Traffic _traffic;
        private readonly Proposals _proposals;
        private readonly CampaignBuilder _builder;

        /// <param name="alike">Whether the others draw on the whole pool, as the operator's accounts do, or use two of its sentences only.</param>
        public Made(bool alike)
        {
            var snapshot = Send(alike).Finish();
            _traffic = Traffic.Lay(snapshot, _ => null);
            _proposals = new Proposals(_traffic, KeyedHash.Fixed, new Shares(1));
            var values = new SharedValues(_traffic, KeyedHash.Fixed, EvidenceKinds.None, new Shares(1));
            _builder = new CampaignBuilder(_traffic, snapshot, _proposals.Index, values, new ReplayedHandles(_traffic, EvidenceKinds.None), KeyedHash.Fixed);
        }

        public LeftOut LeftOut => new(_traffic, _proposals, _builder, new Shares(1));

        public List<int> OtherAccounts => Of("other");

        public bool IsOther(int account) => _traffic.Subjects[account].Profile.Id.Id.StartsWith("other", StringComparison.Ordinal);

        public List<Unlisted> Unlisted(Func<int, bool> mayJoin) => _proposals.Unlisted([Judged(8).Cluster], mayJoin)[0];

        public Judgement Completed(Judgement judgement) => Assert.Single(LeftOut.Completed([judgement]));

        public Judgement Judged(double bits, List<int>? accounts = null)
        {
            var cluster = MadeOperators.Group(_traffic, _proposals.Postings, accounts ?? Of("listed"));
            cluster = cluster.Holding(new(cluster.Members.Zip(cluster.Probabilities).ToDictionary()), cluster.Extracting.Where(i => _proposals.Postings.UnitsOf(i).Length > 0));
            return new Judgement(_builder.Build(cluster, [EvidenceRows.Row("prior", "prior", bits, "As if.", null, [])]), OpennessTests.Facts(), cluster);
        }

        private List<int> Of(string who) => [.. Enumerable.Range(0, _traffic.Subjects.Count).Where(s => _traffic.Subjects[s].Profile.Id.Id.StartsWith(who, StringComparison.Ordinal))];

        private static MadeTraffic Send(bool alike)
        {
            var random = new Random(17);
            var made = new MadeTraffic();
            string[] pool = [.. Enumerable.Range(0, 12).Select(_ => MadeTraffic.Words(random, 10))];
            var id = 0;
            for (var account = 0; account < Listed; account++)
            {
                for (var item = 0; item < 6; item++) Work("listed " + MadeTraffic.Number(account), item < OfListed ? random.GetItems(pool, 3) : []);
            }

            for (var account = 0; account < Others; account++)
            {
                var name = "other " + MadeTraffic.Number(account);
                for (var item = 0; item < 4; item++) Work(name, item >= OfOthers ? [] : alike ? random.GetItems(pool, 3) : [pool[0], pool[1]]);
            }

            for (var customer = 0; customer < 300; customer++)
                for (var turn = 0; turn < 12; turn++) Work("customer " + MadeTraffic.Number(customer), []);
            return made;

            void Work(string account, string[] sentences) =>
                made.Send(account, string.Join(". ", [.. sentences, MadeTraffic.Words(random, 14)]), id: "r" + MadeTraffic.Number(id++), ms: (long)(random.NextDouble() * 4 * 86_400_000));
        }
    }
}
