using Stillhunt.Campaigns;
using Stillhunt.Linking;
using Stillhunt.Sketches;

namespace Stillhunt.Tests.Campaigns;

public sealed class ChoiceTests
{
    private const int Few = MadeOperators.FewAccounts, Many = MadeOperators.ManyAccounts;

    [Fact]
    public void Two_operators_who_were_grouped_as_one_stand_side_by_side()
    {
        Assert.Equal([Few, Many], Standing(new MadeOperators(SameWording: false, OneDealer: false)));
    }

    [Fact]
    public void One_operator_who_was_also_found_in_two_parts_stands_as_one()
    {
        Assert.Equal([Few + Many], Standing(new MadeOperators(SameWording: true, OneDealer: false)));
    }

    [Fact]
    public void Two_wordings_with_one_dealer_are_one_operator()
    {
        Assert.Equal([Few + Many], Standing(new MadeOperators(SameWording: false, OneDealer: true)));
    }

    /// <summary>Accounts of the campaigns that stand when both operators were flagged, and both as one, which is the most convincing.</summary>
    private static List<int> Standing(MadeOperators made)
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
            var cluster = MadeOperators.Group(traffic, proposals.Postings, accounts);
            return new Judgement(builder.Build(cluster, [EvidenceRows.Row("prior", "prior", bits, "As if.", null, [])]), OpennessTests.Facts(), cluster);
        }
    }
}
