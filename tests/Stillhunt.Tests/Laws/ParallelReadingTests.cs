using System.Globalization;
using System.Text;
using Stillhunt.Ingest;
using Stillhunt.Sketches;
using Stillhunt.Tests.Ingest;

namespace Stillhunt.Tests.Laws;

/// <summary>However many threads read, and wherever the log is cut into blocks, the state is that of one thread, byte for byte.</summary>
public sealed class ParallelReadingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(2, 70_001)]
    [InlineData(2, 5_003)]
    [InlineData(5, 70_001)]
    [InlineData(5, 4_099)]
    public void Threads_change_nothing(int threads, int blockBytes)
    {
        var files = Logs(foreign: true);
        var one = Read(files, 1, blockBytes);
        var many = Read(files, threads, blockBytes);
        Assert.Equal(ScannedRange.Part(one.Snapshot), ScannedRange.Part(many.Snapshot));
        Assert.Equal(one.Summary with { Faults = [] }, many.Summary with { Faults = [] });
        Assert.Equal(one.Summary.Faults, many.Summary.Faults);
        Assert.Equal(Told(one), Told(many));
        Assert.NotEqual(0, one.Snapshot.DuplicateCount);
        Assert.Contains(one.Summary.Faults, fault => fault.Reason == "unknown-format");
        Assert.Contains(one.Summary.Faults, fault => fault.Reason == "file-broken");
        Assert.True(one.FirstRejected.Count >= 3);
    }

    [Theory]
    [InlineData(1, 4_099)]
    [InlineData(5, 70_001)]
    public void Where_blocks_end_changes_nothing(int threads, int blockBytes)
    {
        var files = Logs(foreign: false);
        var (one, many) = (Read(files, 1, 1 << 20), Read(files, threads, blockBytes));
        Assert.Equal(ScannedRange.Part(one.Snapshot), ScannedRange.Part(many.Snapshot));
        Assert.Equal(Told(one), Told(many));
    }

    [Fact]
    public void Standard_input_is_read_by_several_threads_too()
    {
        var text = Encoding.UTF8.GetBytes(Lines(0, 3_000));
        Observation From(int threads) => Pipeline.Observe(LogFiles.Find([new LogInput("-")]),
            new LogScanOptions { StandardInput = new MemoryStream(text), Threads = threads, BlockBytes = 9_001 }, KeyedHash.Fixed);
        Assert.Equal(ScannedRange.Part(From(1).Snapshot), ScannedRange.Part(From(3).Snapshot));
    }

    [Fact]
    public void A_cancelled_scan_ends_its_threads()
    {
        using var cancel = new CancellationTokenSource();
        var files = LogFiles.Find([new LogInput(_folder.Write("a.jsonl", Lines(0, 3_000)))]);
        var options = new LogScanOptions { Threads = 3, BlockBytes = 5_003 };
        Assert.Throws<OperationCanceledException>(() =>
            Pipeline.Observe(files, options, KeyedHash.Fixed, new Stopping(cancel), cancellation: cancel.Token));
    }

    [Fact]
    public void What_a_thread_throws_reaches_the_caller()
    {
        var files = LogFiles.Find([new LogInput(_folder.Write("a.jsonl", Lines(0, 3_000)))]);
        var options = new LogScanOptions { Threads = 2, BlockBytes = 5_003, Recognised = _ => throw new InvalidOperationException("of a thread") };
        var thrown = Assert.Throws<InvalidOperationException>(() => Pipeline.Observe(files, options, KeyedHash.Fixed));
        Assert.Equal("of a thread", thrown.Message);
    }

    private static Observation Read(LogFiles files, int threads, int blockBytes) =>
        Pipeline.Observe(files, new LogScanOptions { Threads = threads, BlockBytes = blockBytes, UnknownLimit = 50 }, KeyedHash.Fixed);

    private static IEnumerable<string> Told(Observation seen) =>
        seen.FirstRejected.Select(pair => $"{pair.Key.Reason} {pair.Key.Field}: {string.Join(", ", pair.Value)}");

    /// <summary>Good and broken lines, ids that come again within a file and in another, a foreign file that is given up, a packed one and a broken one.</summary>
    private LogFiles Logs(bool foreign)
    {
        var packed = TemporaryFolder.Gzip(Lines(1_000, 2_500));
        var broken = TemporaryFolder.Gzip(Lines(4_000, 5_000));
        return LogFiles.Find(
        [
            new LogInput(_folder.Write("a.jsonl", Lines(0, 1_500))),
            new LogInput(_folder.Write("b.jsonl.gz", packed)),
            new LogInput(_folder.Write("c.jsonl", string.Concat(Enumerable.Range(0, foreign ? 6_000 : 0).Select(i => $"{{\"level\":\"info\",\"number\":{i}}}\n")) + (foreign ? Lines(5_000, 5_050) : ""))),
            new LogInput(_folder.Write("d.jsonl.gz", broken[..(broken.Length / 2)])),
            new LogInput(_folder.Write("e.jsonl", Lines(500, 3_000)), "other"),
        ]);
    }

    private static string Lines(int from, int to)
    {
        var lines = new StringBuilder();
        for (var i = from; i < to; i++)
        {
            lines.AppendLine(CultureInfo.InvariantCulture,
                $"{{\"id\":\"x{i}\",\"time\":{1769947200 + (i * 97)},\"account\":\"a{i * 7 % 40}\",\"client\":\"c/{i % 11}\",\"model\":\"m{i % 3}\",\"system\":\"You answer for shop {i % 5}.\",\"prompt\":\"Explain step {i} of the plan, then say why \\\"{i * 31 % 1000}\\\" fits.\",\"usage\":{{\"output\":{i % 900}}}}}");
            if (i % 97 == 0) lines.AppendLine("{\"id\":\"broken\",\"time\":");
            if (i % 113 == 0) lines.AppendLine("{\"id\":\"y\",\"time\":\"never\",\"account\":\"a\"}");
            if (i % 211 == 0) lines.AppendLine("no json at all");
            if (i % 300 == 0) lines.AppendLine(CultureInfo.InvariantCulture, $"{{\"id\":\"x{i / 2}\",\"time\":{1769947200 + i},\"account\":\"thief\",\"prompt\":5,\"status\":\"odd\"}}");
        }

        return lines.ToString();
    }

    private sealed class Stopping(CancellationTokenSource source) : IProgress<ScanProgress>
    {
        public void Report(ScanProgress value) => source.Cancel();
    }
}
