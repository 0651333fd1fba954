using Stillhunt.Campaigns;
using Stillhunt.Linking;
using Stillhunt.Sketches;

namespace Stillhunt.Tests.Campaigns;

/// <summary>What grouping by either half has found, put together; the groups are given, and the traffic is that of two operators beside customers.</summary>
public sealed class FoundAgainTests
{
    private const int Few = MadeOperators.FewAccounts, Many = MadeOperators.ManyAccounts;

    private static readonly Ways Two = new(new MadeOperators(SameWording: false, OneDealer: false));

    [Fact]
    public void A_group_that_is_found_both_ways_counts_the_mean_of_both()
    {
        var found = Assert.Single(Two.Joined([Two.Many(8)], [Two.Many(5)]));
        Assert.Equal(6.5, found.Campaign.Bits);
        Assert.Equal(found.Campaign.Bits, EvidenceRows.Round(found.Campaign.Evidence.Sum(row => row.Bits)));
        Assert.Contains("60 of the 60 accounts came out as one group, with +5.0 bits", found.Campaign.Evidence[^1].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void It_is_the_same_whichever_way_is_the_first() =>
        Assert.Equal(Two.Joined([Two.Many(8)], [Two.Many(5)])[0].Campaign.Bits, Two.Joined([Two.Many(5)], [Two.Many(8)])[0].Campaign.Bits);

    [Fact]
    public void What_was_flagged_one_way_is_cleared_if_the_other_way_clears_it_more()
    {
        var found = Assert.Single(Two.Joined([Two.Few(3)], [Two.Few(-9)]));
        Assert.Equal(-3, found.Campaign.Bits);
        Assert.False(found.IsFlagged);
    }

    [Fact]
    public void What_is_found_one_way_only_counts_less_and_the_less_the_fewer_accounts_it_has()
    {
        double few = Assert.Single(Two.Joined([Two.Few(7)], [])).Campaign.Bits, many = Assert.Single(Two.Joined([], [Two.Many(7)])).Campaign.Bits;
        Assert.Equal(3, few);
        Assert.InRange(many, few + 1, 6.9);
    }

    [Fact]
    public void What_passes_reasoning_handles_on_was_not_put_together_by_chance()
    {
        EvidenceRow Handles(int accounts) => EvidenceRows.Row("content", "reasoning-handle", 1, "As if.", accounts, []);
        Assert.Equal(7, Assert.Single(Two.Joined([Two.Group(7, Two.Accounts("few"), Handles(Few / 2))], [])).Campaign.Bits);
        Assert.Equal(3, Assert.Single(Two.Joined([Two.Group(7, Two.Accounts("few"), Handles(1))], [])).Campaign.Bits);
    }

    [Fact]
    public void Two_operators_who_are_one_group_one_way_and_two_groups_the_other_way_are_two()
    {
        Assert.Equal([Few, Many], Sizes(Two.Joined([Two.Both(8)], [Two.Few(7), Two.Many(7)])));
        Assert.Equal([Few, Many], Sizes(Two.Joined([Two.Few(7), Two.Many(7)], [Two.Both(8)])));
    }

    [Fact]
    public void One_operator_who_is_two_groups_the_other_way_stays_one()
    {
        var one = new Ways(new MadeOperators(SameWording: true, OneDealer: false));
        Assert.Equal([Few + Many], Sizes(one.Joined([one.Both(8)], [one.Few(7), one.Many(7)])));
    }

    [Fact]
    public void What_stands_within_a_larger_flagged_group_is_found_again()
    {
        // Not two: the other way has found one part of it only.
        var found = Two.Joined([Two.Few(6)], [Two.Both(2)]);
        Assert.Contains(found, j => j.Campaign.Evidence[^1] is { Kind: FoundAgain.Kind, Bits: -2 } row && row.Text.Contains("within a larger group of 66", StringComparison.Ordinal));
    }

    [Fact]
    public void What_the_other_way_alone_has_cleared_is_not_told()
    {
        Assert.Empty(Two.Joined([], [Two.Many(-6)]));
        Assert.Single(Two.Joined([Two.Many(-6)], []));
    }

    [Fact]
    public void An_account_stands_in_one_group_at_most()
    {
        var found = Two.Joined([Two.Group(8, Two.Accounts("many")[..40])], [Two.Group(7, Two.Accounts("many")[25..])]);
        var all = found.SelectMany(j => j.Cluster.Likely()).ToList();
        Assert.Equal(all.Count, all.Distinct().Count());
        Assert.Equal(40, Assert.Single(found, j => j.Campaign.Evidence[0].Text == "As if.").Cluster.Likely().Count);
        // What is left of the other is judged by itself, and not by what it was with the accounts that it has lost.
        Assert.All(found.Where(j => j.Cluster.Likely().Count == 20), rest => Assert.NotEqual("As if.", rest.Campaign.Evidence[0].Text));
    }

    private static List<int> Sizes(List<Judgement> found) => [.. found.Where(j => j.IsFlagged).Select(j => j.Cluster.Likely().Count).Order()];

    /// <summary>Groups as either half could have found them.</summary>
    private sealed class Ways
    {
        private readonly Traffic _traffic;
        private readonly CampaignBuilder _builder;
        private readonly Judging _ahead, _back;
        private readonly UnitPostings _aheadUnits, _backUnits;

        public Ways(MadeOperators made)
        {
            var snapshot = made.Traffic().Finish();
            _traffic = Traffic.Lay(snapshot, _ => null);
            var shares = new Shares(1);
            var proposals = new Proposals(_traffic, KeyedHash.Fixed, shares);
            var values = new SharedValues(_traffic, KeyedHash.Fixed, EvidenceKinds.None, shares);
            var replayed = new ReplayedHandles(_traffic, EvidenceKinds.None);
            _builder = new CampaignBuilder(_traffic, snapshot, proposals.Index, values, replayed, KeyedHash.Fixed);
            _ahead = new Judging(_traffic, values, replayed, proposals, _builder, shares, EvidenceKinds.None);
            _back = _ahead.Turned();
            (_aheadUnits, _backUnits) = (proposals.Postings, proposals.Turned(_traffic.Turned()).Postings);
        }

        public List<Judgement> Joined(List<Func<UnitPostings, Judgement>> one, List<Func<UnitPostings, Judgement>> other) =>
            new FoundAgain(_ahead, _back).Joined(one.ConvertAll(group => group(_aheadUnits)), other.ConvertAll(group => group(_backUnits)));

        public Func<UnitPostings, Judgement> Few(double bits) => Group(bits, Accounts("few"));

        public Func<UnitPostings, Judgement> Many(double bits) => Group(bits, Accounts("many"));

        public Func<UnitPostings, Judgement> Both(double bits) => Group(bits, [.. Accounts("few"), .. Accounts("many")]);

        public List<int> Accounts(string who) => [.. Enumerable.Range(0, _traffic.Subjects.Count).Where(s => _traffic.Subjects[s].Profile.Id.Id.StartsWith(who, StringComparison.Ordinal))];

        public Func<UnitPostings, Judgement> Group(double bits, List<int> accounts, params EvidenceRow[] also) => postings =>
        {
            var cluster = MadeOperators.Group(_traffic, postings, accounts);
            return new Judgement(_builder.Build(cluster, [EvidenceRows.Row("prior", "prior", bits - also.Sum(row => row.Bits), "As if.", null, []), .. also]), OpennessTests.Facts(), cluster);
        };
    }
}
