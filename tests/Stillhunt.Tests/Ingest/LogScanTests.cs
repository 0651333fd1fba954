using System.Diagnostics;
using System.Globalization;
using System.Text;
using Stillhunt.Ingest;

namespace Stillhunt.Tests.Ingest;

public sealed class LogScanTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Line(int i) => $$"""{"id":"x{{i}}","time":{{1769947200 + i}},"account":"a{{i}}","prompt":"p{{i}}"}""";

    private static string Lines(int count, int from = 0) => string.Concat(Enumerable.Range(from, count).Select(i => Line(i) + "\n"));

    private static (CollectingSink Sink, LogScanSummary Summary) Scan(LogScanOptions options, params string[] inputs)
    {
        var sink = new CollectingSink();
        return (sink, LogScan.Run(LogFiles.Find(inputs.Select(input => new LogInput(input))), options, sink));
    }

    private static (CollectingSink Sink, LogScanSummary Summary) Scan(params string[] inputs) => Scan(new LogScanOptions(), inputs);

    private static string Accounts(CollectingSink sink) => string.Join(' ', sink.Exchanges.Select(read => read.Account));

    [Fact]
    public void Lines_end_with_line_feed_or_carriage_return_or_nothing_and_keep_their_numbers()
    {
        var path = _folder.Write("a.jsonl", "\uFEFF" + Line(1) + "\r\n\n  " + Line(2) + "  \n\r\n" + Line(3));
        var (sink, summary) = Scan(path);
        Assert.Equal([1, 3, 5], sink.Exchanges.Select(read => read.At.Line));
        Assert.Equal(3, summary.RecordCount);
        Assert.Empty(summary.Faults);
    }

    [Fact]
    public void A_truncated_line_costs_that_line_only()
    {
        var (sink, _) = Scan(_folder.Write("a.jsonl", Line(1)[..30] + "\n" + Line(2) + "\n" + Line(3)[..^1] + "\n" + Line(4)));
        Assert.Equal("a2 a4", Accounts(sink));
        Assert.Equal([("not-json", 1L), ("not-json", 3L)], sink.Rejections.Select(rejection => (rejection.Reason, rejection.At.Line)));
    }

    [Theory]
    [InlineData("[{0},\n{1},\n{2}]")]
    [InlineData("[\n  {0},\n  {1},\n  {2}\n]\n")]
    [InlineData("[{0},{1},{2}]")]
    [InlineData("[{0},null]\n[{1},{2}]\n")]
    [InlineData("{{\"data\":[{0},{1},{2}],\"meta\":{{\"page\":1}}}}")]
    public void An_array_is_read_like_lines(string layout)
    {
        var (sink, _) = Scan(_folder.Write("a.json", string.Format(CultureInfo.InvariantCulture, layout, Line(1), Line(2), Line(3))));
        Assert.Equal("a1 a2 a3", Accounts(sink));
        Assert.Empty(sink.Rejections);
    }

    [Fact]
    public void Pretty_printed_objects_are_read_and_a_broken_one_does_not_swallow_the_rest()
    {
        static string Pretty(int i) => Line(i).Replace("{", "{\n  ", StringComparison.Ordinal).Replace(",\"", ",\n  \"", StringComparison.Ordinal).Replace("}", "\n}", StringComparison.Ordinal);
        var (sink, _) = Scan(_folder.Write("a.json", Pretty(1) + "\n" + Pretty(2) + Pretty(3)));
        Assert.Equal("a1 a2 a3", Accounts(sink));
        Assert.Equal([1, 7, 12], sink.Exchanges.Select(read => read.At.Line));

        (sink, _) = Scan(_folder.Write("b.json", Pretty(1) + "\n{\n  \"cut\": \"of\n" + Pretty(2) + "\n"));
        Assert.Equal("a1 a2", Accounts(sink));
        Assert.Equal("not-json", Assert.Single(sink.Rejections).Reason);
    }

    [Fact]
    public void An_array_far_larger_than_a_block_is_cut_into_its_objects()
    {
        var padding = new string('x', 3000);
        var text = new StringBuilder("[");
        for (var i = 0; i < 2000; i++) text.Append(CultureInfo.InvariantCulture, $$"""{{(i == 0 ? "" : ",")}}{"time":1769947200,"account":"a{{i}}","prompt":"{{padding}} \" \\ ] {"}""");
        var sink = new CountingSink();
        var summary = LogScan.Run(LogFiles.Find([new LogInput(_folder.Write("a.json", text.Append(']').ToString()))]), new LogScanOptions { RecordLimitBytes = 1 << 20 }, sink);
        Assert.Equal((2000, 0), (sink.ExchangeCount, sink.RejectedCount));
        Assert.Equal(2000, summary.RecordCount);
    }

    [Fact]
    public void A_line_of_fifty_megabytes_is_read_and_one_beyond_the_limit_is_counted_and_passed()
    {
        var prompt = new string('y', 50_000_000);
        var path = _folder.Write("a.jsonl", Line(1) + "\n{\"time\":1769947200,\"account\":\"long\",\"prompt\":\"" + prompt + "\"}\n" + Line(2) + "\n");
        var sink = new CountingSink();
        LogScan.Run(LogFiles.Find([new LogInput(path)]), new LogScanOptions(), sink);
        Assert.Equal((3, 0), (sink.ExchangeCount, sink.RejectedCount));
        Assert.True(sink.PartBytes > prompt.Length);

        var (kept, _) = Scan(new LogScanOptions { RecordLimitBytes = 4 << 20 }, path);
        Assert.Equal("a1 a2", Accounts(kept));
        Assert.Equal([("record-too-long", 2L)], kept.Rejections.Select(rejection => (rejection.Reason, rejection.At.Line)));
    }

    [Fact]
    public void A_record_above_the_limit_is_refused_wherever_the_blocks_are_cut()
    {
        var path = _folder.Write("a.jsonl", Line(1) + "\n" + Line(2).Replace("p2", new string('z', 5000), StringComparison.Ordinal) + "\n" + Line(3) + "\n");
        var (sink, _) = Scan(new LogScanOptions { RecordLimitBytes = 1000 }, path);
        Assert.Equal("a1 a3", Accounts(sink));
        Assert.Equal("record-too-long", Assert.Single(sink.Rejections).Reason);
    }

    [Fact]
    public void A_document_above_the_limit_is_refused_and_the_next_is_read()
    {
        var big = "{\n\"time\":1769947200,\"account\":\"big\",\n\"prompt\":\"" + new string('z', 3_000_000) + "\"\n}";
        var (sink, _) = Scan(new LogScanOptions { RecordLimitBytes = 100_000 }, _folder.Write("a.json", "[\n" + big + ",\n" + Line(1) + "\n]"));
        Assert.Equal("a1", Accounts(sink));
        Assert.Equal("record-too-long", Assert.Single(sink.Rejections).Reason);
    }

    [Fact]
    public void Files_globs_and_folders_are_read_in_a_stable_order_and_once_each()
    {
        _folder.Write("b.jsonl", Lines(1, 2));
        _folder.Write("a.jsonl", Lines(1, 1));
        _folder.Write("deep/er/c.ndjson", Lines(1, 3));
        _folder.Write("notes.txt", "no log");
        var (sink, summary) = Scan(_folder.Path);
        Assert.Equal("a1 a2 a3", Accounts(sink));
        Assert.Empty(summary.Faults);
        Assert.Equal("a2 a1 a3", Accounts(Scan(_folder.Path + "/b.jsonl", _folder.Path + "/*.jsonl", _folder.Path + "/**/*.ndjson").Sink));
    }

    [Fact]
    public void A_missing_file_an_empty_folder_and_an_empty_file_are_told_and_the_rest_is_scanned()
    {
        Directory.CreateDirectory(_folder.Path + "/empty");
        var (sink, summary) = Scan(_folder.Path + "/none.jsonl", _folder.Path + "/no*.gz", _folder.Path + "/empty", _folder.Write("zero.jsonl", ""), _folder.Write("a.jsonl", Line(1)));
        Assert.Equal("a1", Accounts(sink));
        Assert.Equal(["file-missing", "file-missing", "no-logs-in-folder"], summary.Faults.Select(fault => fault.Reason));
        Assert.All(summary.Faults, fault => Assert.Contains(_folder.Path, fault.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void Gzip_is_known_by_its_first_bytes_and_several_members_are_one_file()
    {
        byte[] both = [.. TemporaryFolder.Gzip(Lines(2)), .. TemporaryFolder.Gzip(Lines(2, 2))];
        Assert.Equal("a0 a1 a2 a3", Accounts(Scan(_folder.Write("a.jsonl.gz", both)).Sink));
        Assert.Equal("a0 a1 a2 a3", Accounts(Scan(_folder.Write("plain-name.jsonl", both)).Sink));
    }

    [Fact]
    public void A_broken_gzip_is_read_up_to_the_break_and_told()
    {
        var random = new Random(5);
        var text = string.Concat(Enumerable.Range(0, 20_000).Select(i => Line(i).Replace("\"p", "\"" + random.NextInt64().ToString("x", CultureInfo.InvariantCulture), StringComparison.Ordinal) + "\n"));
        var packed = TemporaryFolder.Gzip(text);
        var (sink, summary) = Scan(_folder.Write("cut.jsonl.gz", packed[..(packed.Length / 2)]), _folder.Write("z.jsonl", Line(99999)));
        Assert.InRange(sink.Exchanges.Count, 5_000, 15_000);
        Assert.Equal("a99999", sink.Exchanges[^1].Account);
        Assert.Equal("file-broken", Assert.Single(summary.Faults).Reason);

        var garbage = packed.ToArray();
        garbage.AsSpan(packed.Length / 2, 64).Fill(0xAA);
        (sink, summary) = Scan(_folder.Write("bad.jsonl.gz", garbage));
        Assert.True(sink.Exchanges.Count > 1000);
        Assert.Equal("file-broken", Assert.Single(summary.Faults).Reason);
    }

    [Fact]
    [Trait("needs", "zstd")]
    public void Zstd_is_read_through_its_program_and_a_broken_file_is_told()
    {
        var plain = _folder.Write("a.jsonl", Lines(3000));
        try
        {
            using var zstd = Process.Start(new ProcessStartInfo("zstd", ["-q", plain, "-o", plain + ".zst"]))!;
            zstd.WaitForExit();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("The program zstd is not installed here.");
        }

        Assert.Equal(3000, Scan(plain + ".zst").Sink.Exchanges.Count);
        var packed = File.ReadAllBytes(plain + ".zst");
        var (_, summary) = Scan(_folder.Write("cut.zst", packed[..(packed.Length / 2)]));
        Assert.Contains(summary.Faults, fault => fault.Reason == "file-broken");
    }

    [Fact]
    public void Text_in_UTF_16_is_told_and_not_read_as_garbage()
    {
        var (sink, summary) = Scan(_folder.Write("a.jsonl", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Line(1))]));
        Assert.Empty(sink.Rejections);
        Assert.Contains("UTF-16", Assert.Single(summary.Faults).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Standard_input_is_read()
    {
        using var input = new MemoryStream(TemporaryFolder.Gzip(Lines(3)));
        Assert.Equal("a0 a1 a2", Accounts(Scan(new LogScanOptions { StandardInput = input }, "-").Sink));
    }

    [Fact]
    public void Sources_are_named_and_the_rest_has_the_default()
    {
        Assert.Equal(new LogInput("logs/*.gz", "eu"), LogFiles.ParseSource("eu=logs/*.gz"));
        Assert.Null(LogFiles.ParseSource("=x"));
        var one = _folder.Write("a.jsonl", Line(1));
        var two = _folder.Write("b.jsonl", Line(2));
        var files = LogFiles.Find([new LogInput(one, "eu"), new LogInput(two)]);
        Assert.Equal([(0, "eu"), (1, LogFile.DefaultSource)], files.Files.Select(file => (file.Index, file.Source)));
    }

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

    /// <summary>Writes its lines as they are read, so that the test itself needs no memory.</summary>
    private sealed class GeneratedLines(int count) : Stream
    {
        private readonly byte[] _line = new byte[256];
        private int _length;
        private int _given;
        private int _next;

        public override int Read(Span<byte> buffer)
        {
            var written = 0;
            while (written < buffer.Length)
            {
                if (_given == _length)
                {
                    if (_next == count) break;
                    System.Text.Unicode.Utf8.TryWrite(_line, CultureInfo.InvariantCulture, $"{{\"id\":\"x{_next}\",\"time\":{1769947200 + _next},\"account\":\"a{_next}\",\"prompt\":\"hello\"}}\n", out _length);
                    _given = 0;
                    _next++;
                }

                var piece = Math.Min(_length - _given, buffer.Length - written);
                _line.AsSpan(_given, piece).CopyTo(buffer[written..]);
                _given += piece;
                written += piece;
            }

            return written;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
