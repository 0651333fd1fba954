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
    [InlineData("{0}{1}{2}")]
    [InlineData("{0} {1}\n{2}")]
    [InlineData("{{\"logGroup\":\"g\",\"logEvents\":[{0}]}}{{\"messageType\":\"DATA_MESSAGE\",\"logEvents\":[{1},{2}]}}")]
    public void Objects_on_one_line_are_read_as_streams_deliver_them(string layout)
    {
        var (sink, summary) = Scan(_folder.Write("a.json", string.Format(CultureInfo.InvariantCulture, layout, Line(1), Line(2), Line(3))));
        Assert.Equal("a1 a2 a3", Accounts(sink));
        Assert.Equal((0, 0), (summary.RejectedCount, summary.Faults.Count));
    }

    [Fact]
    public void Of_many_objects_on_a_line_a_broken_one_costs_no_other()
    {
        var (sink, _) = Scan(_folder.Write("a.json", string.Concat(Enumerable.Range(0, 20_000).Select(i => i == 7 ? "{\"time\":x}" : Line(i)))));
        Assert.Equal(19_999, sink.Exchanges.Count);
        Assert.Equal("not-json", Assert.Single(sink.Rejections).Reason);
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

    [Theory]
    [InlineData("", "\n", "", "")]
    [InlineData("[\n", ",\n", "\n]", "  ")]
    public void A_document_that_is_cut_outside_a_string_costs_that_one(string open, string between, string close, string indent)
    {
        string Pretty(int i) => indent + Line(i).Replace("{", "{\n  ", StringComparison.Ordinal).Replace("}", ",\"tags\":[\n{\"a\":1},\n{\"b\":2}]}", StringComparison.Ordinal)
            .Replace(",\"", ",\n  \"", StringComparison.Ordinal).Replace("\n", "\n" + indent + "  ", StringComparison.Ordinal).Replace("]}", "]\n" + indent + "}", StringComparison.Ordinal);
        foreach (var cutAt in new[] { "{", "\"time\": ", "\"prompt\":", "[", "{\"a\":1}" })
        {
            var cut = Pretty(2).Replace("\"time\":", "\"time\": ", StringComparison.Ordinal);
            cut = cut[..(cut.IndexOf(cutAt, StringComparison.Ordinal) + cutAt.Length)] + "\n";
            foreach (var block in new[] { 64, 1 << 20 })
            {
                var text = open + Pretty(1) + between + cut + Pretty(3) + between + Pretty(4) + close;
                var (sink, summary) = Scan(new LogScanOptions { BlockBytes = block }, _folder.Write("a.json", text));
                Assert.Equal("a1 a3 a4", Accounts(sink));
                Assert.Equal(("not-json", 1 + (open + Pretty(1) + between).Count(c => c == '\n')), (Assert.Single(sink.Rejections).Reason, (int)sink.Rejections[0].At.Line));
                Assert.Empty(summary.Faults);
            }
        }
    }

    [Theory]
    [InlineData("{{\n  \"request\":\n{{\"a\":1}},\n  \"response\":\n{{\"b\":[\n{{\"c\":1}},\n{{\"d\":1}}\n]}},\n{0}\n}}\n")]
    [InlineData("{{{0},\"messages\":[\n{{\"a\":1}},\n{{\"a\":2}}\n],\"tags\":[]}}\n")]
    [InlineData("{{\n{0},\n\"tags\":\n{{\n\"a\": 1\n}}\n}}\n")]
    [InlineData("{{\n  {0},\n  \"tags\": [\n{{\"a\": 1}},\n{{\"b\": 2}}\n  ]\n}}\n")]
    public void A_brace_at_the_column_where_objects_start_may_be_a_value(string layout)
    {
        string Laid(int i) => string.Format(CultureInfo.InvariantCulture, layout, Line(i)[1..^1]);
        foreach (var block in new[] { 64, 1 << 20 })
        {
            // Two braces at the start of the first two lines would be taken for JSON Lines.
            foreach (var text in new[] { $"[\n{Laid(1)},{Laid(2)},{Laid(3)}]\n", $"\n{{\n \"x\": 1\n}}\n{Laid(1)}{Laid(2)}{Laid(3)}" })
            {
                var (sink, summary) = Scan(new LogScanOptions { BlockBytes = block }, _folder.Write("a.json", text));
                Assert.Equal("a1 a2 a3", Accounts(sink));
                Assert.DoesNotContain("not-json", sink.Rejections.Select(rejection => rejection.Reason));
                Assert.Empty(summary.Faults);
            }
        }
    }

    [Fact]
    public void Documents_without_indentation_are_read_and_one_that_is_never_closed_is_told_as_a_loss()
    {
        static string Flat(int i) => Line(i).Replace("{", "{\n", StringComparison.Ordinal).Replace("}", ",\n\"tags\":[\n{\n\"a\":1\n},\n{\n\"b\":2\n}\n]\n}\n", StringComparison.Ordinal);
        var (sink, summary) = Scan(_folder.Write("a.json", Flat(1) + Flat(2) + Flat(3)));
        Assert.Equal("a1 a2 a3", Accounts(sink));
        Assert.Empty(sink.Rejections);
        Assert.Empty(summary.Faults);
        (sink, summary) = Scan(_folder.Write("b.json", Flat(1) + Flat(2)[..^4] + Flat(3)));
        Assert.Equal("a1", Accounts(sink));
        Assert.Contains("ends inside the object that starts in line 12:", Assert.Single(summary.Faults).Text, StringComparison.Ordinal);
        Assert.True(summary.Faults[0].IsLoss);
    }

    [Fact]
    public void What_stands_between_documents_and_is_none_is_refused_once_a_line()
    {
        static string Pretty(int i) => Line(i).Replace("{", "{\n  ", StringComparison.Ordinal).Replace("}", "\n}", StringComparison.Ordinal);
        var (sink, _) = Scan(_folder.Write("a.json", "[" + Pretty(1) + ",\nnull, \"a\", 7,\n" + Pretty(2) + "\nrotated, at noon\n" + Pretty(3) + ", null]\ntrue"));
        Assert.Equal("a1 a2 a3", Accounts(sink));
        Assert.Equal([4, 8, 12], sink.Rejections.Select(rejection => (int)rejection.At.Line));
        Assert.All(sink.Rejections, rejection => Assert.Equal("not-json", rejection.Reason));
    }

    [Theory]
    [InlineData("[INFO] boot", 1)]
    [InlineData("{\"time\":1769947200,\n# rotated", 2)]
    [InlineData("{\"time\":1769947200,\"account\":\ngarbage\n}", 3)]
    [InlineData("[\"a\n", 1)]
    [InlineData("{\n\"a\n\"b", 3)]
    public void Lines_stay_lines_whatever_the_first_of_them_are(string first, int refused)
    {
        var (sink, _) = Scan(_folder.Write("a.jsonl", first + "\n" + Lines(30)));
        Assert.Equal(30, sink.Exchanges.Count);
        Assert.Equal(refused, sink.Rejections.Count);
    }

    [Theory]
    [InlineData("[\n{0}\n]")]
    [InlineData("{{\n\"data\": [\n{0}\n]}}")]
    [InlineData("{{\n\"a\": 1\n}}\n{0}")]
    public void A_whole_line_inside_a_document_or_behind_one_makes_no_lines_of_it(string layout)
    {
        var (sink, _) = Scan(_folder.Write("a.json", string.Format(CultureInfo.InvariantCulture, layout, Line(1))));
        Assert.Equal("a1", Accounts(sink));
        Assert.All(sink.Rejections, rejection => Assert.Equal("unknown-format", rejection.Reason));
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
