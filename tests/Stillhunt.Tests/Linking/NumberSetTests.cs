using Stillhunt.Linking;

namespace Stillhunt.Tests.Linking;

public sealed class NumberSetTests
{
    [Fact]
    public void Numbers_come_out_once_and_ascending_and_the_set_is_empty_afterwards()
    {
        var random = new Random(3);
        var set = new NumberSet(1000);
        List<int> into = [7];
        foreach (var count in new[] { 500, 1, 0, 3000 })
        {
            var numbers = Enumerable.Range(0, count).Select(_ => random.Next(1000)).ToList();
            numbers.ForEach(set.Add);
            set.Drain(into);
            Assert.Equal(numbers.Distinct().Order(), into);
        }
    }

    [Fact]
    public void The_first_and_the_last_number_fit()
    {
        var set = new NumberSet(65);
        set.Add(64);
        set.Add(0);
        List<int> into = [];
        set.Drain(into);
        Assert.Equal([0, 64], into);
    }
}
