using Stillhunt.Fingerprinting;
using Stillhunt.Profiles;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Profiles;

public sealed class ThinnedSnapshotTests(SmallRange range)
{
    [Fact]
    public void A_day_that_is_thinned_again_and_again_as_it_comes_in_is_the_day_thinned_once()
    {
        var random = new Random(11);
        for (var round = 0; round < 50; round++)
        {
            var ids = Enumerable.Range(0, 200).Select(_ => (ulong)random.NextInt64()).ToArray();
            var day = new AccountDay();
            foreach (var piece in ids.Chunk(random.Next(1, 60)))
            {
                var batch = new AccountDay();
                foreach (var id in piece) batch.Add(new ExchangeFingerprint { Id = id, TimeMs = MadeTraffic.Start, Status = 200 });
                day.Absorb(batch);
                day.Thin(4);
            }

            Assert.Equal(ids.Order().Take(4), day.Sample.Select(print => print.Id));
            Assert.Equal(200, day.ExchangeCount);
        }
    }

    [Fact]
    public void What_left_a_sample_does_not_come_back_when_there_is_room()
    {
        var day = new AccountDay();
        for (var id = 10UL; id < 30; id++) day.Add(new ExchangeFingerprint { Id = id, TimeMs = MadeTraffic.Start, Status = 200 });
        day.Thin(2);
        Assert.False(day.Keeps(12));
        Assert.True(day.Keeps(3));
        day.Add(new ExchangeFingerprint { Id = 3, TimeMs = MadeTraffic.Start, Status = 200 });
        Assert.Equal([3, 10, 11], day.Sample.Select(print => print.Id));
    }

    [Fact]
    public void A_sample_that_was_cut_to_any_length_stays_in_order_when_it_grows_again()
    {
        var day = new AccountDay();
        foreach (var id in new ulong[] { 100, 300, 200 }) day.Add(new ExchangeFingerprint { Id = id, TimeMs = MadeTraffic.Start, Status = 200 });
        day.Thin(3);
        foreach (var id in new ulong[] { 150, 50, 250, 10, 150 }) day.Add(new ExchangeFingerprint { Id = id, TimeMs = MadeTraffic.Start, Status = 200 });
        Assert.Equal([10, 50, 100, 150, 200, 250, 300], day.Sample.Select(print => print.Id));
    }

    [Fact]
    public void A_thinned_state_fits_its_budget_counts_exactly_and_leaves_the_whole_as_it_was()
    {
        var sampled = Sampled(range.Snapshot);
        var thinned = new ThinnedSnapshot(sampled / 4);
        thinned.Absorb(range.Snapshot);
        thinned.Fit();
        Assert.True(thinned.IsThinned);
        Assert.InRange(Sampled(thinned.Snapshot), 1, sampled / 4);
        Assert.Equal(sampled, Sampled(range.Snapshot));
        Assert.Equal(Exchanges(range.Snapshot), Exchanges(thinned.Snapshot));
        Assert.Equal(range.Snapshot.Accounts.Keys.Order(), thinned.Snapshot.Accounts.Keys.Order());
    }

    [Fact]
    public void Where_one_exchange_of_each_day_is_too_much_the_oldest_days_go_and_two_stay()
    {
        var thinned = new ThinnedSnapshot(1);
        thinned.Absorb(range.Snapshot);
        thinned.Fit();
        var days = range.Snapshot.Accounts.Values.SelectMany(profile => profile.Days.Keys).Distinct().Order().ToList();
        Assert.True(days.Count > 2);
        Assert.Equal(days[^2..], thinned.Snapshot.Accounts.Values.SelectMany(profile => profile.Days.Keys).Distinct().Order());
        Assert.All(thinned.Snapshot.Accounts.Values, profile => Assert.NotEmpty(profile.Days));
    }

    private static int Sampled(Snapshot snapshot) => snapshot.Accounts.Values.SelectMany(profile => profile.Days.Values).Sum(day => day.Sample.Count);

    private static long Exchanges(Snapshot snapshot) => snapshot.Accounts.Values.SelectMany(profile => profile.Days.Values).Sum(day => day.ExchangeCount);
}
