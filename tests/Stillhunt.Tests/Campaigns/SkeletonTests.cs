using Stillhunt.Campaigns;
using Stillhunt.Linking;
using Stillhunt.Sketches;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Campaigns;

public sealed class SkeletonTests
{
    [Fact]
    public void What_all_wrote_is_shown_and_the_slot_is_marked()
    {
        var skeleton = Of(i => $"Please explain the topic {Secret(i)} in simple words for pupils", owners: 30);
        Assert.Equal("Please explain the topic ‹…› in simple words for pupils", skeleton);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void What_fewer_than_three_owners_wrote_is_never_shown(int owners)
    {
        // Many exchanges of few owners.
        Assert.Equal(Skeletons.Slot, Of(_ => "the secret plan of one customer alone", owners));
    }

    [Fact]
    public void Three_owners_are_enough() => Assert.Equal("the open plan of many", Of(_ => "the open plan of many", 3));

    [Fact]
    public void Accounts_of_one_organisation_are_one_owner() =>
        Assert.Equal(Skeletons.Slot, Of(_ => "the internal template of one company", 30, "one-company"));

    [Fact]
    public void A_word_between_shown_words_that_only_two_wrote_stays_hidden()
    {
        var skeleton = Of(i => i % 30 < 2 ? "begin with these words hidden-secret and end with those words" : $"begin with these words {Secret(i)} and end with those words", 30);
        Assert.DoesNotContain("secret", skeleton, StringComparison.Ordinal);
        Assert.Equal("begin with these words ‹…› and end with those words", skeleton);
    }

    [Fact]
    public void Without_any_text_there_is_but_a_slot() => Assert.Equal(Skeletons.Slot, Of(_ => null, 10));

    [Fact]
    public void A_number_is_never_shown_for_digits_count_as_one_sign() =>
        Assert.Equal("transfer the sum of # dollars to the account", Of(i => $"transfer the sum of {i + 7100} dollars to the account", 30));

    private static string Secret(int i)
    {
        var random = new Random(i);
        return MadeTraffic.Words(random, 2);
    }

    private static string Of(Func<int, string?> prompt, int owners, string? organization = null)
    {
        var made = new MadeTraffic();
        // One text in eight is kept, so many are sent.
        for (var i = 0; i < 900; i++) made.Send("acct-" + MadeTraffic.Number(i % owners), prompt(i), id: MadeTraffic.Number(i), ms: i / owners % 10 * 86_400_000L, organization: organization);
        var traffic = Traffic.Lay(made.Finish(), _ => null);
        return Skeletons.Of(traffic, Enumerable.Range(0, traffic.Exchanges.Length), KeyedHash.Fixed);
    }
}
