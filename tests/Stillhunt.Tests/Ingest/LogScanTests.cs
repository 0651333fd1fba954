using Stillhunt.Ingest;
using static Stillhunt.Tests.Ingest.ScannedLog;

namespace Stillhunt.Tests.Ingest;

/// <summary>Which records a scan hands on, what it says of the others, and what it costs.</summary>
public sealed class LogScanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Two_formats_in_one_file_are_both_read()
    {
        var foreign = """{"id":"l1","call_type":"acompletion","status":"success","startTime":1769947200.5,"model":"m","metadata":{"user_api_key_user_id":"u1"},"messages":[{"role":"user","content":"hi"}]}""";
        var (sink, summary) = Scan(_folder.Write("a.jsonl", string.Join('\n', Line(1), foreign, Line(2), foreign, "{\"what\":1}", Line(3))));
        Assert.Equal("a1 u1 a2 u1 a3", Accounts(sink));
        Assert.Equal("unknown-format", Assert.Single(sink.Rejections).Reason);
        Assert.Empty(sink.Dropped);
        Assert.Empty(summary.Faults);
    }

    [Fact]
    public void A_wholly_foreign_file_is_refused_in_a_sentence_that_names_the_nearest_format()
    {
        var (sink, summary) = Scan(_folder.Write("a.jsonl", string.Concat(Enumerable.Repeat("{\"timestamp\":\"2026-02-01T00:00:00Z\",\"modelId\":\"m\",\"input\":{},\"text\":\"x\"}\n", 30))));
        Assert.Empty(sink.Exchanges);
        var fault = Assert.Single(summary.Faults);
        Assert.Equal("unknown-format", fault.Reason);
        Assert.Contains("bedrock", fault.Text, StringComparison.Ordinal);
        Assert.Contains("accountId or identity", fault.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"model":"m","max_tokens":9,"messages":[{"role":"user","content":"hi"}]}""")]
    [InlineData("""{"model":"m","input":"hi"}""")]
    [InlineData("""{"id":"c1","object":"chat.completion","created":1769947200,"model":"m","choices":[]}""")]
    [InlineData("""{"id":"r1","object":"response","created_at":1769947200,"model":"m","output":[]}""")]
    [InlineData("""{"id":"m1","type":"message","role":"assistant","model":"m","content":[]}""")]
    public void Bare_bodies_of_an_API_are_told_what_must_stand_beside_them(string body)
    {
        var (_, summary) = Scan(_folder.Write("a.jsonl", body + "\n" + body + "\n"));
        Assert.Contains("The nearest is pairs: one record with time, account, request and response", Assert.Single(summary.Faults).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_foreign_file_is_given_up_after_a_while()
    {
        var path = _folder.Write("a.jsonl", string.Concat(Enumerable.Repeat("{\"zzz\":\"" + new string('x', 200) + "\"}\n", 20_000)));
        var (sink, summary) = Scan(new LogScanOptions { UnknownLimit = 100 }, path);
        Assert.True(sink.Rejections.Count < 20_000);
        Assert.Contains("shares no field", Assert.Single(summary.Faults).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Only_exchanges_of_the_asked_time_are_handed_on()
    {
        var (sink, summary) = Scan(new LogScanOptions { SinceMs = 1769947202000, UntilMs = 1769947205000 }, _folder.Write("a.jsonl", Lines(10)));
        Assert.Equal("a2 a3 a4", Accounts(sink));
        Assert.Equal(7, summary.OutsideCount);
    }

    [Fact]
    public void Shards_together_hold_everything_once_and_records_of_one_id_share_a_shard()
    {
        var text = Lines(500) + Lines(500).Replace("\"p", "\"again p", StringComparison.Ordinal) + "garbage 1\ngarbage 2\n{\"time\":1769947200,\"account\":\"noid\",\"ip\":5}\n";
        var path = _folder.Write("a.jsonl", text);
        var whole = Scan(path).Sink;
        var parts = Enumerable.Range(0, 3).Select(i => Scan(new LogScanOptions { Shard = new Shard(i, 3) }, path).Sink).ToList();
        Assert.Equal(whole.Exchanges.Count, parts.Sum(part => part.Exchanges.Count));
        Assert.Equal(whole.Rejections.Count, parts.Sum(part => part.Rejections.Count));
        Assert.Equal(["ip"], parts.SelectMany(part => part.Dropped));
        Assert.All(parts, part => Assert.All(part.Exchanges.Where(read => read[ExchangeField.Id] is not null).GroupBy(read => read[ExchangeField.Id]), id => Assert.Equal(2, id.Count())));
        Assert.All(parts, part => Assert.InRange(part.Exchanges.Count, 200, 470));
    }

    [Theory]
    [InlineData("0/1", true)]
    [InlineData("3/4", true)]
    [InlineData("4/4", false)]
    [InlineData("-1/4", false)]
    [InlineData("1", false)]
    [InlineData("a/b", false)]
    public void A_shard_is_written_as_index_of_count(string text, bool good) => Assert.Equal(good, Shard.TryParse(text, out _));

    [Fact]
    public void Progress_ends_at_the_total()
    {
        var seen = new List<ScanProgress>();
        var files = LogFiles.Find([new LogInput(_folder.Write("a.jsonl", Lines(30_000))), new LogInput(_folder.Write("b.jsonl.gz", TemporaryFolder.Gzip(Lines(30_000))))]);
        LogScan.Run(files, new LogScanOptions(), new CountingSink(), new Immediate(seen));
        Assert.Equal(files.TotalBytes, seen[^1].BytesDone);
        Assert.All(seen.Zip(seen.Skip(1)), pair => Assert.True(pair.First.BytesDone <= pair.Second.BytesDone));
    }

    [Fact]
    public void A_scan_can_be_cancelled()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var files = LogFiles.Find([new LogInput(_folder.Write("a.jsonl", Lines(3)))]);
        Assert.Throws<OperationCanceledException>(() => LogScan.Run(files, new LogScanOptions(), new CountingSink(), null, cancelled.Token));
    }

    [Fact]
    public void A_million_accounts_with_one_exchange_each_need_no_more_memory_than_a_few()
    {
        using var input = new GeneratedLines(1_000_000);
        var sink = new CountingSink();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var summary = LogScan.Run(LogFiles.Find([new LogInput("-")]), new LogScanOptions { StandardInput = input }, sink);
        Assert.Equal(1_000_000, sink.ExchangeCount);
        Assert.Equal(1_000_000, summary.ExchangeCount);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 << 20);
    }

    private sealed class Immediate(List<ScanProgress> seen) : IProgress<ScanProgress>
    {
        public void Report(ScanProgress value) => seen.Add(value);
    }
}
