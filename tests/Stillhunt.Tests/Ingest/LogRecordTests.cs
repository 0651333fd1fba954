using System.Globalization;
using System.Text;
using Stillhunt.Ingest;
using static Stillhunt.Tests.Ingest.ScannedLog;

namespace Stillhunt.Tests.Ingest;

/// <summary>Records are cut out of bytes, however they are laid out and wherever blocks end.</summary>
public sealed class LogRecordTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

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
}
