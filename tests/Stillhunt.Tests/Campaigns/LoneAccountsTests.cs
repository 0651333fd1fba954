using Stillhunt.Campaigns;
using Stillhunt.Linking;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

public sealed class LoneAccountsTests
{
    private static readonly Traffic Made = Make();

    /// <summary>All that can be seen of one account: nearly every prompt shows a technique, answers are long, no conversation goes on, the hours are flat.</summary>
    private static readonly GroupFacts Extracting = OpennessTests.Facts() with
    {
        Accounts = 1, Exchanges = 250, AnyTechnique = 0.9, AnyTechniqueElsewhere = 0.25, Techniques = new double[global::Stillhunt.Fingerprinting.TechniqueIds.LearnedCount], FollowUp = 0, FollowUpElsewhere = 0.4, FollowUpKnown = 1,
        MedianOutput = 4000, MedianOutputElsewhere = 1000, DistinctTurns = 1, DistinctQuestions = 1, DistinctNumbers = 1, Daytime = 0.02, DaytimeElsewhere = 0.4,
    };

    [Fact]
    public void An_account_whose_own_work_shows_all_of_it_in_many_wordings_is_flagged()
    {
        Assert.True(Bits(Extracting, new Wordings(IsFixed: false, Showing: 20)) > 0);
    }

    [Fact]
    public void One_fixed_text_is_one_look_of_the_classifier()
    {
        Assert.True(Bits(Extracting, new Wordings(IsFixed: true, Showing: 20)) < -2);
        Assert.True(Bits(Extracting, new Wordings(IsFixed: false, Showing: 2)) < -1);
    }

    [Fact]
    public void What_an_honest_program_shows_as_well_is_not_enough()
    {
        Assert.True(Bits(Extracting with { AnyTechnique = 0.3 }, new Wordings(false, 20)) < -8);
        Assert.True(Bits(Extracting with { MedianOutput = 500 }, new Wordings(false, 20)) < -2);
        Assert.True(Bits(Extracting with { Daytime = 0.4 }, new Wordings(false, 20)) < -2);
        Assert.True(Bits(Extracting with { ReRun = 0.3 }, new Wordings(false, 20)) < -3);
    }

    [Fact]
    public void A_declared_organisation_is_weighed()
    {
        var declared = Rows(Extracting with { OneOrganization = 1 }, new Wordings(false, 20));
        Assert.Equal(-1, declared.Single(row => row.Kind == "one-organisation").Bits);
    }

    [Fact]
    public void Wordings_are_counted_and_a_fixed_text_is_seen()
    {
        Assert.True(Wordings.Of(Made, Of("fixed")).IsFixed);
        Assert.False(Wordings.Of(Made, Of("pool")).IsFixed);
        Assert.False(Wordings.Of(Made, Of("person")).IsFixed);
        Assert.True(Wordings.Of(Made, Of("pool")).Showing > Wordings.Of(Made, Of("fixed")).Showing);
    }

    [Fact]
    public void Heavy_accounts_that_no_campaign_holds_are_looked_at()
    {
        var looked = new List<string>();
        var lone = new LoneAccounts(Made, cluster =>
        {
            looked.Add(Made.Subjects[cluster.Members.Single()].Profile.Id.Id);
            return Judged(cluster, 1);
        });
        var held = Judged(new Cluster { Members = [Position("pool")], Probabilities = [1] }, 5);
        Assert.Equal(["fixed"], lone.Find([held], new Shares(1)).Select(j => Made.Subjects[j.Cluster.Members[0]].Profile.Id.Id));
        Assert.Equal(["fixed"], looked);
        looked.Clear();
        Assert.Equal(2, lone.Find([held with { Campaign = held.Campaign with { Confidence = 0.4 } }], new Shares(1)).Count());
    }

    private static double Bits(GroupFacts facts, Wordings wordings) => Rows(facts, wordings).Sum(row => row.Bits);

    private static List<EvidenceRow> Rows(GroupFacts facts, Wordings wordings)
    {
        var weighing = new Weighing(Made, new SharedValues(Made, KeyedHash.Fixed, EvidenceKinds.None, new Shares(1)), _ => null, EvidenceKinds.None);
        return weighing.RowsOfOne(facts, new Cluster { Members = [0], Probabilities = [1], Tested = [0] }, wordings);
    }

    private static Judgement Judged(Cluster cluster, double bits) => new(
        new Campaign
        {
            Id = "c", Bits = bits, Confidence = 1 / (1 + Math.Pow(2, -bits)), First = "", Last = "", ExchangeCount = 0, ExtractingCount = 0, Accounts = [], Techniques = [], Capabilities = [], Models = [],
            Families = [], Exposure = new Exposure { OutputTokens = null, ReasoningTokens = null, ByCapability = new Dictionary<string, long>(), ByModel = new Dictionary<string, long>() }, Evidence = [], Days = [], Shared = [],
        },
        Extracting, cluster);

    private static int Position(string who) => Enumerable.Range(0, Made.Subjects.Count).Single(s => Made.Subjects[s].Profile.Id.Id == who);

    private static IEnumerable<int> Of(string who) => Enumerable.Range(Made.Subjects[Position(who)].First, Made.Subjects[Position(who)].SampleCount);

    private static Traffic Make()
    {
        var random = new Random(44);
        var made = new MadeTraffic();
        string template = MadeTraffic.Words(random, 30);
        string[] pool = [.. Enumerable.Range(0, 20).Select(_ => MadeTraffic.Words(random, 9))];
        var id = 0;
        for (var turn = 0; turn < 240; turn++)
        {
            Send("fixed", $"{template} {MadeTraffic.Words(random, 12)}");
            Send("pool", $"{string.Join(". ", random.GetItems(pool, 3))} {MadeTraffic.Words(random, 12)}");
            if (turn % 4 == 0) Send("person", MadeTraffic.Words(random, 24));
        }

        return Traffic.Lay(made.Finish(), _ => null);

        void Send(string who, string text) => made.Send(who, text, id: MadeTraffic.Number(id++), ms: id * 1_200_000L);
    }
}
