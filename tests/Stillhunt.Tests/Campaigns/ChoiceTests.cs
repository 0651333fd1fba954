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

    [Fact]
    public void A_group_that_others_have_taken_much_of_is_judged_anew_without_it()
    {
        var made = new Made(new MadeOperators(SameWording: true, OneDealer: false));
        List<int> many = made.Of("many"), anew = [];
        var standing = made.Choice([made.Judged(many[..40], 8), made.Judged(many[25..], 5)], rest =>
        {
            anew.Add(rest.Likely().Count);
            return made.Judged([.. rest.Members], -7);
        }).Standing();
        Assert.Equal([20], anew);
        Assert.Equal([(40, true), (20, false)], standing.Select(j => (j.Cluster.Likely().Count, j.IsFlagged)));
    }

    [Fact]
    public void Templates_that_accounts_draw_from_overlap_as_draws_do()
    {
        var drawn = Drawn(600, 6, 4, 0);
        Assert.True(Choice.AreTemplatesOfOne([.. Enumerable.Range(0, 600)], drawn));
        // Two operators side by side, each with templates of its own.
        Assert.False(Choice.AreTemplatesOfOne([.. Enumerable.Range(0, 1200)], [.. drawn, .. Drawn(600, 6, 4, 600)]));
        Assert.False(Choice.AreTemplatesOfOne([.. Enumerable.Range(0, 600)], [[.. Enumerable.Range(0, 300)], [.. Enumerable.Range(300, 300)]]));
    }

    [Fact]
    public void A_core_among_strangers_is_no_template_however_often_it_is_seen()
    {
        HashSet<int> whole = [.. Enumerable.Range(0, 600)];
        Assert.False(Choice.AreTemplatesOfOne(whole, [[.. Enumerable.Range(0, 400)]]));
        Assert.False(Choice.AreTemplatesOfOne(whole, [[.. Enumerable.Range(0, 440)], [.. Enumerable.Range(10, 440)]]));
        Assert.False(Choice.AreTemplatesOfOne(whole, [[.. Enumerable.Range(0, 560)], [.. Enumerable.Range(40, 560)]]));
        // Of one operator's templates and strangers beside him.
        Assert.False(Choice.AreTemplatesOfOne([.. Enumerable.Range(0, 900)], Drawn(600, 6, 4, 0)));
    }

    /// <summary>For each template the accounts that have drawn it, of accounts from a first on.</summary>
    private static List<HashSet<int>> Drawn(int accounts, int templates, int draws, int first)
    {
        var random = new Random(5);
        var drawn = Enumerable.Range(0, templates).Select(_ => new HashSet<int>()).ToList();
        for (var account = 0; account < accounts; account++)
            for (var draw = 0; draw < draws; draw++) drawn[random.Next(templates)].Add(first + account);
        return drawn;
    }

    /// <summary>Accounts of the campaigns that stand when both operators were flagged, and both as one, which is the most convincing.</summary>
    private static List<int> Standing(MadeOperators operators)
    {
        var made = new Made(operators);
        List<int> few = made.Of("few"), many = made.Of("many");
        var choice = made.Choice([made.Judged([.. few, .. many], 8), made.Judged(few, 5), made.Judged(many, 5)], _ => throw new InvalidOperationException("Nothing is taken from any of them."));
        return [.. choice.Standing().Select(judgement => judgement.Cluster.Likely().Count).Order()];
    }

    private sealed class Made
    {
        private readonly Traffic _traffic;
        private readonly Proposals _proposals;
        private readonly CampaignBuilder _builder;

        public Made(MadeOperators operators)
        {
            var snapshot = operators.Traffic().Finish();
            _traffic = Traffic.Lay(snapshot, _ => null);
            _proposals = new Proposals(_traffic, KeyedHash.Fixed, new Shares(1));
            var values = new SharedValues(_traffic, KeyedHash.Fixed, EvidenceKinds.None, new Shares(1));
            _builder = new CampaignBuilder(_traffic, snapshot, _proposals.Index, values, new ReplayedHandles(_traffic, EvidenceKinds.None), KeyedHash.Fixed);
        }

        public Choice Choice(List<Judgement> proposals, Func<Cluster, Judgement> judge) =>
            new(_traffic, new Resemblance(_traffic, _proposals.Postings), _proposals.WorkLists, _builder, proposals, judge, new Shares(1));

        public List<int> Of(string who) => [.. Enumerable.Range(0, _traffic.Subjects.Count).Where(s => _traffic.Subjects[s].Profile.Id.Id.StartsWith(who, StringComparison.Ordinal))];

        public Judgement Judged(List<int> accounts, double bits)
        {
            var cluster = MadeOperators.Group(_traffic, _proposals.Postings, accounts);
            return new Judgement(_builder.Build(cluster, [EvidenceRows.Row("prior", "prior", bits, "As if.", null, [])]), OpennessTests.Facts(), cluster);
        }
    }
}
