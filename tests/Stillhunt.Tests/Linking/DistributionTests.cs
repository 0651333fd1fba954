using Stillhunt.Linking;

namespace Stillhunt.Tests.Linking;

public sealed class DistributionTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(0.3, 7)]
    [InlineData(20, 40)]
    public void The_probabilities_of_all_counts_add_up_to_one(double alpha, double beta)
    {
        const int Trials = 12;
        var distribution = new BetaBinomial(alpha, beta);
        double sum = 0, orders = 1;
        for (var count = 0; count <= Trials; count++)
        {
            sum += orders * Math.Pow(2, distribution.Log2(count, Trials));
            orders = orders * (Trials - count) / (count + 1);
        }

        Assert.Equal(1, sum, 9);
    }

    [Fact]
    public void A_uniform_rate_gives_each_count_the_same_probability() =>
        Assert.Equal(Math.Log2(1 / 5.0 / 6), new BetaBinomial(1, 1).Log2(2, 4), 9); // 1/5 over the six orders of two in four

    [Fact]
    public void A_fit_finds_the_mean_and_keeps_it_off_the_ends()
    {
        var mixed = BetaBinomial.Fit([.. Enumerable.Range(0, 200).Select(i => (i % 10 < 3 ? 20 : 0, 20, 1.0))], 0.01);
        Assert.Equal(0.3, mixed.Alpha / (mixed.Alpha + mixed.Beta), 2);
        var none = BetaBinomial.Fit([], 0.05);
        Assert.True(double.IsFinite(none.Log2(1, 2)));
        var all = BetaBinomial.Fit([.. Enumerable.Repeat((50, 50, 1.0), 30)], 0.05);
        Assert.True(double.IsFinite(all.Log2(0, 1_000_000)));
        Assert.True(all.Log2(50, 50) > all.Log2(0, 50));
    }

    [Fact]
    public void Accounts_that_differ_spread_the_fit_and_accounts_that_agree_narrow_it()
    {
        var wide = BetaBinomial.Fit([.. Enumerable.Range(0, 100).Select(i => (i % 2 * 40, 40, 1.0))], 0.01);
        var narrow = BetaBinomial.Fit([.. Enumerable.Repeat((20, 40, 1.0), 100)], 0.01);
        Assert.True(narrow.Alpha + narrow.Beta > 10 * (wide.Alpha + wide.Beta));
    }

    [Fact]
    public void More_counts_than_trials_count_as_all() => Assert.Equal(new BetaBinomial(2, 3).Log2(4, 4), new BetaBinomial(2, 3).Log2(9, 4));

    [Fact]
    public void The_usual_volume_is_the_likeliest()
    {
        var volume = LogVolume.Of([.. Enumerable.Repeat(60, 20), .. Enumerable.Repeat(50, 20), .. Enumerable.Repeat(70, 20)]);
        Assert.InRange(Math.Exp(volume.Mean), 55, 65);
        Assert.True(volume.Log2(60) > volume.Log2(20) && volume.Log2(20) > volume.Log2(3));
        Assert.True(volume.Log2(60) > volume.Log2(600));
    }

    [Fact]
    public void Too_few_volumes_give_a_wide_guess_and_zero_is_no_error()
    {
        Assert.Equal(LogVolume.Of([]), LogVolume.Of([1_000_000, 1]));
        Assert.True(double.IsFinite(LogVolume.Of([0, 0, 0]).Log2(0)));
    }
}
