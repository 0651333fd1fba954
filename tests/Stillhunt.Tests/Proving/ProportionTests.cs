using Stillhunt.Proving.Suites;

namespace Stillhunt.Tests.Proving;

public sealed class ProportionTests
{
    // Clopper and Pearson's table, as any statistics package gives it.
    [Theory]
    [InlineData(0, 10, 0, 0.3085)]
    [InlineData(10, 10, 0.6915, 1)]
    [InlineData(5, 10, 0.1871, 0.8129)]
    [InlineData(39, 40, 0.8684, 0.9994)]
    [InlineData(1, 100, 0.0003, 0.0545)]
    [InlineData(0, 22576, 0, 0.000163)]
    public void The_interval_is_that_of_the_tables(long hits, long of, double low, double high)
    {
        var rate = new Proportion(hits, of);
        Assert.Equal(low, rate.Low, 0.0002);
        Assert.Equal(high, rate.High, 0.0002);
    }

    [Fact]
    public void Of_nothing_everything_is_possible()
    {
        var none = new Proportion(0, 0);
        Assert.True(double.IsNaN(none.Share));
        Assert.Equal((0, 1), (none.Low, none.High));
    }

    [Fact]
    public void The_interval_covers_the_true_rate_at_least_as_often_as_it_says()
    {
        foreach (var p in new[] { 0.05, 0.3, 0.9 })
        {
            var covered = 0.0;
            for (var k = 0; k <= 20; k++)
            {
                var rate = new Proportion(k, 20);
                if (rate.Low <= p && p <= rate.High) covered += Choose(20, k) * Math.Pow(p, k) * Math.Pow(1 - p, 20 - k);
            }

            Assert.True(covered >= 0.95, $"{p}: {covered}");
        }
    }

    private static double Choose(int n, int k) => k == 0 ? 1 : Choose(n - 1, k - 1) * n / k;
}
