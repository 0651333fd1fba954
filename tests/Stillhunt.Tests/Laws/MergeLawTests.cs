using Stillhunt.Ingest;
using Stillhunt.Profiles;
using Stillhunt.Sketches;

namespace Stillhunt.Tests.Laws;

public sealed class MergeLawTests(SmallRange range)
{
    [Fact]
    public void Four_shards_merged_in_any_order_one_given_twice_are_the_whole_scan_byte_for_byte_with_any_number_of_threads()
    {
        var parts = Enumerable.Range(0, 4).Select(i => ScannedRange.Part(ScannedRange.Observe(range.TrafficPath, new Shard(i, 4)).Snapshot)).ToArray();
        var merged = new int[][] { [0, 1, 2, 3], [3, 1, 0, 2, 1], [2, 2, 3, 0, 1] }
            .Select(order => Pipeline.Merge(order.Select(i => ScannedRange.Read(parts[i])))).ToArray();
        var states = merged.Select(ScannedRange.Part).ToArray();
        Assert.Equal(states[0], states[1]);
        Assert.Equal(states[0], states[2]);

        // Three threads here, one there: no number of them changes a byte.
        var result = ScannedRange.Json(Pipeline.Detect(merged[1], range.Accounts, KeyedHash.Fixed, threads: 3));
        Assert.Equal(ScannedRange.Json(range.Result), result);
        Assert.NotEmpty(range.Result.Campaigns);
    }

    [Theory]
    [InlineData(2000)]
    [InlineData(5000)]
    [InlineData(1)]
    public void Samples_that_must_fit_are_the_same_however_the_scan_was_cut(long most)
    {
        var whole = ScannedRange.Observe(range.TrafficPath, mostSampled: most).Snapshot;
        var parts = Enumerable.Range(0, 3).Select(i => ScannedRange.Read(ScannedRange.Part(ScannedRange.Observe(range.TrafficPath, new Shard(i, 3), most).Snapshot))).ToArray();
        var merged = Pipeline.Merge([parts[2], parts[0], parts[1]], most);
        Assert.InRange(whole.SampleCap, 1, AccountDay.SampleSize / 2);
        Assert.Equal(whole.SampleCap, merged.SampleCap);
        Assert.All(whole.Accounts, account => Assert.All(account.Value.Days, day => Assert.Equal(day.Value.Sample.Select(print => print.Id), merged.Accounts[account.Key].Days[day.Key].Sample.Select(print => print.Id))));
        Assert.Equal(whole.Accounts.Values.Sum(profile => profile.Days.Values.Sum(day => day.ExchangeCount)), range.Result.Scanned.ExchangeCount);
        Assert.Equal(ScannedRange.Part(whole), ScannedRange.Part(ScannedRange.Observe(range.TrafficPath, mostSampled: most, threads: 3).Snapshot));
        var result = Pipeline.Detect(whole, range.Accounts, KeyedHash.Fixed);
        Assert.Equal(whole.SampleCap, result.Scanned.SampleCap);
        if (most > 1) Assert.InRange(whole.SampledCount(), 1, most);
    }

    [Fact]
    public void A_part_whose_samples_may_hold_nothing_is_damaged()
    {
        var part = ScannedRange.Part(new Snapshot());
        using var unpacked = new MemoryStream();
        using (var zip = new System.IO.Compression.GZipStream(new MemoryStream(part), System.IO.Compression.CompressionMode.Decompress)) zip.CopyTo(unpacked);
        var bytes = unpacked.ToArray();
        // Behind the mark, the version, the key's mark, the duplicates and the limit of names.
        bytes[4 + 4 + 8 + 8 + 4] = 0;
        using var packed = new MemoryStream();
        using (var zip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true)) zip.Write(bytes);
        Assert.Contains("damaged", Assert.Throws<InvalidDataException>(() => ScannedRange.Read(packed.ToArray())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_merged_state_read_back_gives_parts_that_are_passed_over()
    {
        var (a, b) = (Small("a"), Small("b"));
        var whole = ScannedRange.Read(ScannedRange.Part(Pipeline.Merge([a, b])));
        Assert.False(whole.Absorb(Small("a")));
        Assert.False(whole.Absorb(Small("b")));
        Assert.Equal(ScannedRange.Part(Pipeline.Merge([b, a])), ScannedRange.Part(whole));
    }

    [Fact]
    public void A_part_that_overlaps_partly_is_an_error_and_changes_nothing()
    {
        var ab = Pipeline.Merge([Small("a"), Small("b")]);
        var bc = Pipeline.Merge([Small("b"), Small("c")]);
        var before = ScannedRange.Part(ab);
        var refused = Assert.Throws<InvalidOperationException>(() => ab.Absorb(bc));
        Assert.Contains("1 of the part's 2 segments", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, ScannedRange.Part(ab));
    }

    [Fact]
    public void Two_files_without_ids_and_of_equal_length_are_two_parts()
    {
        var one = new MadeTraffic().Send("a", "one", ms: 1).Send("b", "two", ms: 2).Finish();
        var two = new MadeTraffic().Send("c", "one", ms: 3).Send("b", "two", ms: 4).Finish();
        var whole = Pipeline.Merge([one, two]);
        Assert.Equal(3, whole.Accounts.Count);
        Assert.Equal(4, whole.Accounts.Values.Sum(account => account.Days.Values.Sum(day => day.ExchangeCount)));
        Assert.Equal(4, whole.Accounts.Values.Sum(account => account.Days.Values.Sum(day => day.Sample.Count)));
    }

    [Fact]
    public void More_names_than_are_kept_leave_the_same_names_however_they_were_cut()
    {
        var (whole, many, few) = (new Snapshot(), new Snapshot(), new Snapshot());
        var random = new Random(5);
        for (var i = 0; i < 130_000; i++)
        {
            var hash = (uint)random.NextInt64(1, uint.MaxValue);
            var name = MadeTraffic.Number(hash);
            whole.Name(hash, name);
            (i < 120_000 ? many : few).Name(hash, name);
        }

        many.MarkSegment(1);
        few.MarkSegment(2);
        whole.MarkSegment(1);
        whole.MarkSegment(2);
        Assert.Equal(ScannedRange.Part(whole), ScannedRange.Part(Pipeline.Merge([many, few])));
        Assert.Equal(ScannedRange.Part(whole), ScannedRange.Part(Pipeline.Merge([few, ScannedRange.Read(ScannedRange.Part(many))])));
        Assert.InRange(whole.Names.Count, 50_000, 100_000);
    }

    private static Snapshot Small(string name) =>
        new MadeTraffic().Send("acct-" + name, "hello from " + name, id: name, ip: "203.0.113.7").Send("acct-shared", "hello", id: "s" + name).Finish();
}
