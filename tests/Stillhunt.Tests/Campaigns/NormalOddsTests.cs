using Stillhunt.Campaigns;

namespace Stillhunt.Tests.Campaigns;

public sealed class NormalOddsTests
{
    private static readonly NormalOdds OneList = new(new(0, 0.1), new(0.8, 0.5), Stray: 0.03);

    [Fact]
    public void What_lies_far_beyond_the_other_sort_speaks_for_it_as_its_mean_does()
    {
        Assert.True(OneList.Bits(7, 0.2) <= OneList.Bits(0.8, 0.2));
        Assert.True(OneList.Bits(7, 0.2) < -4);
    }

    [Fact]
    public void What_lies_beyond_the_sort_in_question_speaks_for_it_at_least_as_its_mean_does() =>
        Assert.True(OneList.Bits(-0.3, 0.05) >= OneList.Bits(0, 0.05));

    [Fact]
    public void A_value_that_is_hardly_known_says_little_either_way()
    {
        Assert.InRange(OneList.Bits(0, 3), -0.5, 0.5);
        Assert.Equal(0, OneList.Bits(0, double.NaN));
    }
}
