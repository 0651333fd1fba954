using Stillhunt.Linking;

namespace Stillhunt.Tests.Linking;

public sealed class SelectionTests
{
    [Fact]
    public void The_nth_is_what_sorting_gives()
    {
        var random = new Random(5);
        for (var round = 0; round < 300; round++)
        {
            // Few different numbers, too: equal ones are where such loops go wrong.
            double[] values = [.. Enumerable.Range(0, 1 + random.Next(60)).Select(_ => (double)random.Next(1 + random.Next(40)))];
            double[] sorted = [.. values.Order()];
            for (var n = 0; n < values.Length; n++) Assert.Equal(sorted[n], Selection.Nth([.. values], n));
        }
    }

    [Fact]
    public void Nothing_has_no_nth() => Assert.Throws<ArgumentOutOfRangeException>(() => Selection.Nth([], 0));
}
