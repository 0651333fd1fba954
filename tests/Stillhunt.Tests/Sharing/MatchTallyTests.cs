using Stillhunt.Campaigns;

namespace Stillhunt.Tests.Sharing;

public sealed class MatchTallyTests
{
    private static readonly int[] Texts = [.. Enumerable.Repeat(10, 1000)];

    [Fact]
    public void Accounts_of_other_campaigns_are_nobody_and_strangers_count()
    {
        var tally = Tally();
        for (var i = 0; i < 50; i++) tally.Add(8 + (i % 4), 9);
        Assert.True(IsRare(tally));
        for (var i = 0; i < 5; i++) tally.Add(100 + i, 9);
        Assert.False(IsRare(tally));
    }

    [Fact]
    public void A_worker_that_was_missed_is_no_stranger_and_a_crowd_of_them_is()
    {
        var tally = Tally();
        for (var text = 0; text < 10; text++)
            for (var account = 100; account < 102; account++) tally.Add(account, 9);
        Assert.True(IsRare(tally));
        for (var text = 0; text < 10; text++) tally.Add(102, 9);
        Assert.False(IsRare(tally));
    }

    [Fact]
    public void Own_texts_are_counted_by_how_many_phrases_they_hold()
    {
        var tally = Tally();
        foreach (var phrases in new[] { 1, 3, 3, 7 }) tally.Add(0, phrases);
        Assert.Equal((4, 3, 1, 0), (tally.OwnTexts(1), tally.OwnTexts(3), tally.OwnTexts(7), tally.OwnTexts(8)));
    }

    /// <summary>A campaign of eight accounts beside another of four.</summary>
    private static MatchTally Tally() => new([.. Enumerable.Range(0, 8)], [.. Enumerable.Range(0, 12)], Texts);

    private static bool IsRare(MatchTally tally) => tally.IsRare(3, 0.0005, 0.002, 0.5, 0.25);
}
