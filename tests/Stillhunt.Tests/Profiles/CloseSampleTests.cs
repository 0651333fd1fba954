using Stillhunt.Profiles;
using Stillhunt.Tests.Laws;

namespace Stillhunt.Tests.Profiles;

/// <summary>Of a small log more is kept of each account and day.</summary>
public sealed class CloseSampleTests
{
    private const int Each = 150;

    /// <summary>So many that 128 of each are too many, and 64 are not.</summary>
    private const int Many = (int)(Snapshot.MostSampledClosely / AccountDay.CloseSampleSize) + 10;

    [Fact]
    public void A_small_log_is_kept_closely() =>
        Assert.Equal((AccountDay.CloseSampleSize, 20L * AccountDay.CloseSampleSize), Of(Made(0, 20)));

    [Fact]
    public void A_larger_one_less_so_however_it_was_cut()
    {
        Assert.Equal((AccountDay.CloseSampleSize / 2, (long)Many * AccountDay.CloseSampleSize / 2), Of(Made(0, Many)));
        var merged = Pipeline.Merge([Made(Many / 2, Many), Made(0, Many / 2)]);
        Assert.Equal((AccountDay.CloseSampleSize / 2, (long)Many * AccountDay.CloseSampleSize / 2), Of(merged));
    }

    [Fact]
    public void What_may_be_kept_in_all_bounds_close_samples_too_and_is_all_that_bounds_small_ones()
    {
        var state = new Snapshot(AccountDay.CloseSampleSize);
        Assert.Equal((1000L, Snapshot.MostSampledClosely), (state.RoomFor(1000), state.RoomFor(Snapshot.MostSampled)));
        state.CapSamples(AccountDay.SampleSize);
        Assert.Equal((1000L, Snapshot.MostSampled), (state.RoomFor(1000), state.RoomFor(Snapshot.MostSampled)));
    }

    private static (int Cap, long Sampled) Of(Snapshot state) => (state.SampleCap, state.SampledCount());

    /// <summary>Accounts of one day with so many exchanges each that no sample holds them.</summary>
    private static Snapshot Made(int first, int end)
    {
        var traffic = new MadeTraffic(AccountDay.CloseSampleSize);
        for (var account = first; account < end; account++)
            for (var i = 0; i < Each; i++) traffic.Send("acct-" + MadeTraffic.Number(account), prompt: null, id: MadeTraffic.Number((account * Each) + i), ms: i);
        return traffic.Finish();
    }
}
