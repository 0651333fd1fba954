using Stillhunt.Fingerprinting;
using Stillhunt.Profiles;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Profiles;

public sealed class AccountDayTests
{
    [Fact]
    public void The_sample_keeps_the_smallest_ids_whatever_the_order_of_arrival()
    {
        var random = new Random(2);
        var ids = Enumerable.Range(0, 500).Select(_ => (ulong)random.NextInt64()).ToArray();
        var smallest = ids.Order().Take(AccountDay.SampleSize).ToArray();
        for (var round = 0; round < 20; round++)
        {
            random.Shuffle(ids);
            Assert.Equal(smallest, Day(ids).Sample.Select(print => print.Id));
        }
    }

    [Fact]
    public void The_sample_of_united_days_is_the_sample_of_the_union()
    {
        var random = new Random(3);
        for (var round = 0; round < 30; round++)
        {
            var ids = Enumerable.Range(0, random.Next(1, 200)).Select(_ => (ulong)random.NextInt64()).ToArray();
            var cut = random.Next(ids.Length + 1);
            var day = Day(ids.AsSpan(0, cut));
            day.Absorb(Day(ids.AsSpan(cut)));
            Assert.Equal(ids.Order().Take(AccountDay.SampleSize), day.Sample.Select(print => print.Id));
            Assert.Equal(ids.Length, day.ExchangeCount);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(70_000)]
    public void Counts_stay_exact_where_they_outgrow_a_byte(int exchanges)
    {
        var day = new AccountDay();
        for (var i = 0; i < exchanges; i++) day.Add(new ExchangeFingerprint { Id = (ulong)i + 1, TimeMs = 3_600_000 * 5, Model = 7 });
        day.Add(new ExchangeFingerprint { Id = ulong.MaxValue - 1, TimeMs = 3_600_000 * 6, Model = 9 });
        Assert.Equal((exchanges, 1, exchanges + 1), (day.Hours[5], day.Hours[6], day.Hours.Sum()));
        Assert.Equal(new Dictionary<uint, int> { [7] = exchanges, [9] = 1 }, day.Models);
        Assert.Equal(day.Hours.Length + day.Techniques.Length + day.Capabilities.Length, day.Tallies.Length);
    }

    [Fact]
    public void Days_of_an_account_are_those_of_a_sorted_list()
    {
        var random = new Random(8);
        for (var round = 0; round < 200; round++)
        {
            var profile = new AccountProfile(new AccountId("s", "a"));
            var expected = new SortedList<int, AccountDay>();
            for (var step = random.Next(8); step >= 0; step--)
            {
                var day = random.Next(3);
                if (random.Next(3) == 0)
                {
                    Assert.Equal(expected.Remove(day), profile.Days.Remove(day));
                }
                else
                {
                    var record = profile.DayOf(day * 86_400_000L);
                    if (!expected.TryAdd(day, record)) Assert.Same(expected[day], record);
                }

                Assert.Equal(expected, profile.Days);
                Assert.Equal(expected.Keys, profile.Days.Keys);
                Assert.Equal(expected.Values, profile.Days.Values);
                Assert.Equal(expected.Count, profile.Days.Count);
            }

            foreach (var day in expected.Keys) Assert.Throws<ArgumentException>(() => profile.Days.Add(day, new AccountDay()));
        }
    }

    [Fact]
    public void What_the_sample_would_not_keep_need_not_be_looked_at()
    {
        var day = Day([.. Enumerable.Range(1, 100).Select(i => (ulong)i)]);
        Assert.True(day.Keeps(0));
        Assert.False(day.Keeps(32));
        Assert.False(day.Keeps(33));
    }

    [Fact]
    public void Unknown_tokens_are_no_zero_tokens()
    {
        var day = new AccountDay();
        day.Add(new ExchangeFingerprint { Id = 1, TimeMs = MadeTraffic.Start, OutputTokens = -1, ReasoningTokens = -1, Status = 200 });
        day.Add(new ExchangeFingerprint { Id = 2, TimeMs = MadeTraffic.Start, OutputTokens = 0, ReasoningTokens = -1, Status = 429 });
        Assert.Equal((0, 1, 0, 0), (day.OutputTokens, day.OutputKnownCount, day.ReasoningTokens, day.ReasoningKnownCount));
        Assert.Equal((2, 1, 1), (day.ExchangeCount, day.AnsweredCount, day.LimitedCount));
    }

    [Fact]
    public void A_made_up_model_with_each_request_grows_nothing_and_what_stays_is_counted_whole()
    {
        var random = new Random(5);
        var models = Enumerable.Range(0, 30_000).Select(_ => (uint)random.Next(1, 10_000)).ToArray();
        var whole = new AccountDay();
        var parts = new[] { new AccountDay(), new AccountDay() };
        foreach (var model in models)
        {
            var print = new ExchangeFingerprint { Id = model, TimeMs = MadeTraffic.Start, Model = model };
            whole.Add(print);
            parts[random.Next(2)].Add(print);
        }

        parts[0].Absorb(parts[1]);
        var expected = models.CountBy(model => model).OrderBy(pair => pair.Key).Take(AccountDay.MostModels).ToList();
        Assert.Equal(expected, whole.Models);
        Assert.Equal(expected, parts[0].Models);
    }

    private static AccountDay Day(ReadOnlySpan<ulong> ids)
    {
        var day = new AccountDay();
        foreach (var id in ids) day.Add(new ExchangeFingerprint { Id = id, TimeMs = MadeTraffic.Start, OutputTokens = -1, ReasoningTokens = -1 });
        return day;
    }
}
