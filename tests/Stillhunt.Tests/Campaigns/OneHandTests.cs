using Stillhunt.Campaigns;
using Stillhunt.Linking;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

/// <summary>What shows one hand whatever else tells accounts apart.</summary>
public sealed class OneHandTests
{
    private const int Members = 24, Strangers = 200;

    /// <summary>Accounts with subjects of their own, as templates of their own make them look.</summary>
    private static readonly GroupFacts Own = OpennessTests.Facts() with { Accounts = Members, InterestAccounts = Members, OwnInterests = 1, OwnInterestsError = 0.05 };

    /// <summary>Accounts that each keep words of their own.</summary>
    private static readonly GroupFacts Keeping = OpennessTests.Facts() with { Accounts = Members, Kept = new KeptWords(0.09, 0.004, Members) };

    [Fact]
    public void Subjects_of_their_own_say_nothing_against_accounts_that_pass_handles_on()
    {
        Assert.Equal(-5, Bits(Own, "own-interests", handle: (i, way) => $"own {i} {way}"));
        Assert.Equal(0, Bits(Own, "own-interests", handle: Chain));
        Assert.True(Bits(Own, "reasoning-handle", handle: Chain) >= 5);
    }

    [Fact]
    public void One_handle_that_all_pass_in_may_be_a_clients_mistake() => Assert.Equal(-5, Bits(Own, "own-interests", handle: (_, _) => "constant"));

    [Fact]
    public void A_few_who_pass_handles_on_say_nothing_of_the_others() => Assert.Equal(-5, Bits(Own, "own-interests", handle: (i, way) => i < 8 ? Chain(i, way) : $"own {i} {way}"));

    [Fact]
    public void Left_out_they_say_nothing() => Assert.Equal(-5, Bits(Own, "own-interests", handle: Chain, leftOut: ["reasoning-handle"]));

    [Fact]
    public void Words_that_each_keeps_say_nothing_against_them_either()
    {
        Assert.Equal(-5, Bits(Keeping, "kept-words", handle: (i, way) => $"own {i} {way}"));
        Assert.Equal(0, Bits(Keeping, "kept-words", handle: Chain));
    }

    [Fact]
    public void Pairs_who_pass_on_to_each_other_are_as_many_hands_as_pairs()
    {
        // Developers with two undeclared accounts each, who have one agent's wording in common.
        Assert.Equal(-5, Bits(Own, "own-interests", handle: (i, _) => "pair " + (i / 2)));
        Assert.Equal(0, Bits(Own, "reasoning-handle", handle: (i, _) => "pair " + (i / 2)));
    }

    [Fact]
    public void One_list_in_even_shares_is_dealt_out_whatever_its_wording()
    {
        var even = OpennessTests.Facts() with { Accounts = 64, InterestAccounts = 64, OwnInterests = 0, OwnInterestsError = 0.05, LoadSpread = 0.1, LoadSpreadElsewhere = 1 };
        EvidenceRow[] means = [EvidenceRows.Row("registration", "payment", 5, "As if.", null, [])];
        Assert.Equal(1.5, ExtractionEvidence.Scattered(even, [.. means])?.Bits);
        Assert.Null(ExtractionEvidence.Scattered(even with { LoadSpread = 0.8 }, [.. means]));
        Assert.Null(ExtractionEvidence.Scattered(even with { OneOrganization = 1 }, [.. means]));
        Assert.Null(ExtractionEvidence.Scattered(even, []));
    }

    [Theory]
    [InlineData(0.9, 0.9, 0.9, true, 1)]
    [InlineData(0.1, 0.1, 0.9, true, 0)]
    [InlineData(0.1, 0.1, 0.9, false, -4)]
    [InlineData(0.33, 0.95, 0.95, false, 0)]
    [InlineData(0.1, 0.1, 0.1, true, -4)]
    public void What_only_numbers_or_being_asked_at_once_tell_apart_is_no_bounded_set_and_not_broad(double turns, double questions, double numbers, bool countNumbers, double bits)
    {
        var facts = OpennessTests.Facts() with { Exchanges = 100, DistinctTurns = turns, DistinctQuestions = questions, DistinctNumbers = numbers, CountNumbers = countNumbers };
        Assert.Equal(bits, Bits(facts, "slot-variety"));
        Assert.Equal(Bits(facts with { CountNumbers = false }, "slot-variety"), Bits(facts, "slot-variety", leftOut: ["no-follow-up"]));
    }

    private static string Chain(int account, int way) => "handle " + (account + way);

    private static double Bits(GroupFacts facts, string kind, Func<int, int, string>? handle = null, string[]? leftOut = null)
    {
        var made = new MadeTraffic();
        for (var i = 0; i < Members; i++)
            for (var way = 0; way < 2; way++) made.Send("member " + MadeTraffic.Number(i), "go on", id: $"m{i} {way}", handle: handle?.Invoke(i, way));
        for (var i = 0; i < Strangers; i++) made.Send("other " + MadeTraffic.Number(i), "hello", id: "o" + i, handle: handle is null ? null : "theirs " + i);
        var traffic = Traffic.Lay(made.Finish(), _ => null);
        HashSet<string> without = [.. leftOut ?? []];
        List<int> members = [.. Enumerable.Range(0, traffic.Subjects.Count).Where(s => traffic.Subjects[s].Profile.Id.Id.StartsWith("member", StringComparison.Ordinal))];
        var cluster = new Cluster { Members = members, Probabilities = members.ConvertAll(_ => 1.0), Tested = [.. members] };
        return new Weighing(traffic, new SharedValues(traffic, KeyedHash.Fixed, without, new Shares(1)), _ => null, without).Rows(facts, cluster).Single(row => row.Kind == kind).Bits;
    }
}
