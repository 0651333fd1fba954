using Stillhunt.Campaigns;
using Stillhunt.Ingest;
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

    [Theory]
    [InlineData("payment", 4, 4, 1)]
    [InlineData("ip", 2, 4, 1)]
    [InlineData("ip", 1.25, 3.5, 0.5)]
    [InlineData("phone", 3, 2, 0)]
    [InlineData("payment", -1, 4, 0)]
    [InlineData("network", 5, 4, 0)]
    [InlineData("email-shape", 1.5, 4, 0)]
    public void Cards_and_addresses_together_with_hours_show_one_hand_and_neighbours_do_not(string kind, double means, double hours, double shown) =>
        Assert.Equal(shown, OneHand.Shown([EvidenceRows.Row("network", kind, means, "As if.", null, []), EvidenceRows.Row("time", "daytime", hours, "As if.", null, [])]), 3);

    [Fact]
    public void What_each_account_has_for_itself_is_then_taken_back()
    {
        List<EvidenceRow> rows = [EvidenceRows.Row("content", "own-interests", -5, "As if.", null, []), EvidenceRows.Row("content", "kept-words", -3, "As if.", null, []), EvidenceRows.Row("content", "shared-pool", -1, "As if.", null, [])];
        Assert.Equal(8, OneHand.Row(rows, 1, Members)?.Bits);
        Assert.Equal(4, OneHand.Row(rows, 0.5, Members)?.Bits);
        Assert.Null(OneHand.Row(rows, 0, Members));
        Assert.Null(OneHand.Row([EvidenceRows.Row("content", "own-interests", 2, "As if.", null, [])], 1, Members));
    }

    [Fact]
    public void Only_a_group_that_means_have_put_together_is_one_hands()
    {
        // One card, loads as even as one hand makes them, and hours that are no people's.
        var pipeline = Own with { LoadSpread = 0.1, LoadSpreadElsewhere = 1, Daytime = 0.02, DaytimeElsewhere = 0.35 };
        var (byMeans, byWording) = (Rows(pipeline, byMeans: true), Rows(pipeline, byMeans: false));
        Assert.Equal(5, Assert.Single(byMeans, row => row.Kind == OneHand.Kind).Bits);
        Assert.DoesNotContain(byWording, row => row.Kind == OneHand.Kind);
        Assert.Contains(byWording, row => row.Text.Contains("a tool, a trade or an office", StringComparison.Ordinal));
        Assert.DoesNotContain(byMeans, row => row.Text.Contains("a tool, a trade or an office", StringComparison.Ordinal));
        Assert.Equal(byWording.Select(row => row.Kind), Rows(pipeline, byMeans: true, leftOut: [OneHand.Kind]).Select(row => row.Kind));
        // People's hours are no pipeline's.
        Assert.DoesNotContain(Rows(pipeline with { Daytime = 0.35, LoadSpread = 1 }, byMeans: true), row => row.Kind == OneHand.Kind);
    }

    private static string Chain(int account, int way) => "handle " + (account + way);

    private static double Bits(GroupFacts facts, string kind, Func<int, int, string>? handle = null, string[]? leftOut = null) => Rows(facts, handle, leftOut).Single(row => row.Kind == kind).Bits;

    private static List<EvidenceRow> Rows(GroupFacts facts, Func<int, int, string>? handle = null, string[]? leftOut = null, bool byMeans = false)
    {
        var made = new MadeTraffic();
        for (var i = 0; i < Members; i++)
            for (var way = 0; way < 2; way++) made.Send("member " + MadeTraffic.Number(i), "go on", id: $"m{i} {way}", handle: handle?.Invoke(i, way));
        for (var i = 0; i < Strangers; i++) made.Send("other " + MadeTraffic.Number(i), "hello", id: "o" + i, handle: handle is null ? null : "theirs " + i);
        // Members who are not told apart by handles pay by three cards.
        var traffic = Traffic.Lay(made.Finish(), account => handle is null ? new AccountRecord { Account = account.Id, Payment = "card " + (account.Id.StartsWith("member", StringComparison.Ordinal) ? MadeTraffic.Number(account.Id[^1] % 3) : account.Id) } : null);
        HashSet<string> without = [.. leftOut ?? []];
        List<int> members = [.. Enumerable.Range(0, traffic.Subjects.Count).Where(s => traffic.Subjects[s].Profile.Id.Id.StartsWith("member", StringComparison.Ordinal))];
        var cluster = new Cluster { Members = members, Probabilities = members.ConvertAll(_ => 1.0), Tested = [.. members], IsByMeans = byMeans };
        return new Weighing(traffic, new SharedValues(traffic, KeyedHash.Fixed, without, new Shares(1)), _ => null, without).Rows(facts, cluster);
    }
}
