using System.Text;
using Stillhunt.Checkpoints;
using Stillhunt.Profiles;
using Stillhunt.Sketches;
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

    [Theory]
    [InlineData(AccountDay.SampleSize)]
    [InlineData(AccountDay.CloseSampleSize / 2)]
    [InlineData(AccountDay.CloseSampleSize)]
    public void A_part_holds_what_was_kept(int cap)
    {
        var state = Made(0, 5);
        state.CapSamples(cap);
        var part = ScannedRange.Part(state);
        var read = PartFile.Read(new MemoryStream(part), KeyedHash.Fixed);
        Assert.Equal((cap, 5L * cap), Of(read));
        Assert.Equal(part, ScannedRange.Part(read));
    }

    [Fact]
    public void Merged_with_smaller_samples_a_state_is_what_it_would_be_with_those()
    {
        var (few, many) = (Made(0, 5), Made(5, 10));
        var other = Made(0, 10);
        few.CapSamples(AccountDay.SampleSize);
        other.CapSamples(AccountDay.SampleSize);
        var merged = Pipeline.Merge([few, many]);
        Assert.Equal(Of(other), Of(merged));
        Assert.All(merged.Accounts, account => Assert.Equal(Ids(other.Accounts[account.Key]), Ids(account.Value)));
    }

    [Fact]
    public void A_full_sample_that_was_stored_by_itself_takes_only_smaller_ids()
    {
        // As the store of a server keeps it: the day alone, without the cap of a whole state.
        var day = Made(0, 1).Accounts.Values.Single().Days.Values.Single();
        day.Thin(AccountDay.SampleSize);
        using var file = new MemoryStream();
        using (var w = new BinaryWriter(file, Encoding.UTF8, leaveOpen: true)) PartFile.Write(w, day);
        file.Position = 0;
        using var r = new BinaryReader(file);
        var stored = PartFile.ReadDay(r, 1);
        Assert.Equal(day.KeepsBelow, stored.KeepsBelow);
        var later = Made(0, 1).Accounts.Values.Single().Days.Values.Single();
        stored.Absorb(later);
        Assert.Equal(day.Sample.Select(print => print.Id), stored.Sample.Select(print => print.Id));
    }

    private static IEnumerable<ulong> Ids(AccountProfile account) => account.Days.Values.SelectMany(day => day.Sample).Select(print => print.Id);

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
