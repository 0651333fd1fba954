using Stillhunt.Ingest;
using static Stillhunt.Tests.Ingest.ScannedLog;

namespace Stillhunt.Tests.Ingest;

/// <summary>What is no good row of a CSV log is told with its line, and costs no other row.</summary>
public sealed class CsvLogTests : IDisposable
{
    private const string Header = "id,user,ts,prompt,max\n";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_quote_that_is_not_closed_costs_its_line_wherever_the_next_quote_stands()
    {
        var (sink, summary) = Read(Header + Row(1) + Row(2).Replace("ask", "\"ask", StringComparison.Ordinal) + Row(3) + Row(4).Replace("ask 4", "\"two\nlines\"", StringComparison.Ordinal) + Row(5));
        Assert.Equal("a1 a3 a5", Accounts(sink)); // The line break in row 4 can't be told from one that the open quote let in: both its lines are refused.
        Assert.Equal([("bad-quoting", 3), ("bad-quoting", 5), ("no-time", 6)], Refused(sink));
        Assert.Equal((6, 3), (summary.RecordCount, summary.RejectedCount));

        var rows = string.Concat(Enumerable.Range(0, 500).Select(i => i == 10 ? Row(i).Replace("ask", "\"ask", StringComparison.Ordinal) : Row(i)));
        (sink, _) = Read(Header + rows);
        Assert.Equal(499, sink.Exchanges.Count);
        Assert.Equal([("bad-quoting", 12)], Refused(sink));
    }

    [Fact]
    public void Whole_numbers_and_booleans_are_read_as_tables_write_them()
    {
        var map = _folder.Write("table.yaml", "account: user\ntime: ts\nstatus: status\nparams.max_tokens: max\nparams.stream: stream\nusage.output: out\n");
        var log = _folder.Write("table.csv", "user,ts,status,max,stream,out\na1,1769947200.0,429.0,512.0,TRUE,12.0\na2,1769947200,200.5,-1.0,FALSE,\n");
        var (sink, _) = Scan(new LogScanOptions { Mapping = MappingFile.Load(map, out _) }, log);
        Assert.Equal(["429 512 True 12", "  False "], sink.Exchanges.Select(read => $"{read.Status} {read.MaxTokens} {read.Stream} {read.Output}"));
        Assert.Equal(["status", "params.max_tokens"], sink.Dropped);
    }

    [Theory]
    [InlineData("-")]
    [InlineData("NULL")]
    [InlineData("\\N")]
    public void What_stands_for_no_value_is_none(string absent)
    {
        var map = _folder.Write("absent.yaml", "account: user\ntime: ts\nprompt: prompt\norganization: org\nclient: client\nstatus: status\nasn: asn\nparams.max_tokens: max\nusage.output: out\n");
        var log = _folder.Write("absent.csv", $"user,ts,prompt,org,client,status,asn,max,out\na1,1769947200,{absent},{absent},{absent},{absent},{absent},{absent},{absent}\n{absent},1769947200,q,o,c,200,1,1,1\n");
        var (sink, _) = Scan(new LogScanOptions { Mapping = MappingFile.Load(map, out _) }, log);
        var read = Assert.Single(sink.Exchanges);
        Assert.Equal([(PartRole.User, absent)], read.Parts); // What the caller wrote is never taken for none.
        Assert.Equal("", string.Join("", read[ExchangeField.Organization], read[ExchangeField.Client], read[ExchangeField.Asn], read.Status, read.MaxTokens, read.Output));
        Assert.Equal("no-account", Assert.Single(sink.Rejections).Reason);
        Assert.Empty(sink.Dropped);
    }

    [Fact]
    public void Values_in_quotes_may_hold_line_breaks_quotes_and_separators()
    {
        var (sink, _) = Read(Header + Row(1).Replace("ask 1", "\"two\r\nlines, \"\"and\"\" more\"", StringComparison.Ordinal) + Row(2).Replace("ask", "a \"so-called\"", StringComparison.Ordinal));
        Assert.Empty(sink.Rejections);
        Assert.Equal(["two\r\nlines, \"and\" more", "a \"so-called\" 2"], sink.Exchanges.Select(read => Assert.Single(read.Parts).Text));
    }

    [Fact]
    public void A_row_with_more_fields_than_columns_is_refused_and_a_shorter_one_lacks_what_it_lacks()
    {
        var (sink, _) = Read(Header + Row(1) + Row(2).Replace("ask", "hello, dear model", StringComparison.Ordinal) + "3,a3,2026-03-02 00:00:03\n" + Row(4));
        Assert.Equal("a1 a3 a4", Accounts(sink));
        Assert.Equal([("field-count", 3)], Refused(sink));
        Assert.False(sink.Exchanges[1].HasPrompt);
    }

    [Fact]
    public void A_header_with_one_column_twice_is_refused_with_its_name()
    {
        var (sink, summary) = Read("id,user,ts,prompt,prompt\n" + Row(1));
        Assert.Empty(sink.Exchanges);
        Assert.Contains("its header names the column 'prompt' 2 times", Assert.Single(summary.Faults).Text, StringComparison.Ordinal);
        Assert.True(summary.Faults[0].IsLoss);
    }

    [Fact]
    public void Separators_with_nothing_behind_them_and_columns_twice_that_nobody_reads_do_no_harm()
    {
        var (sink, _) = Read(Header + Row(1).Replace("\n", ",\n", StringComparison.Ordinal) + Row(2).Replace("\n", ", ,\n", StringComparison.Ordinal) + Row(3).Replace("ask 3", "\"two\nlines\"", StringComparison.Ordinal).Replace(",9\n", ",9,\n", StringComparison.Ordinal));
        Assert.Empty(sink.Rejections);
        Assert.Equal("a1 a2 a3", Accounts(sink));
        var (doubled, summary) = Read(Header.TrimEnd() + ",note,note\n" + Row(1).TrimEnd() + ",x,y\n");
        Assert.Empty(summary.Faults);
        Assert.Equal("a1", Accounts(doubled));
    }

    private static string Row(int i) => $"{i},a{i},2026-03-02 00:{i / 60 % 60:00}:{i % 60:00},ask {i},9\n";

    private static IEnumerable<(string, int)> Refused(CollectingSink sink) => sink.Rejections.Select(rejection => (rejection.Reason, (int)rejection.At.Line));

    private (CollectingSink Sink, LogScanSummary Summary) Read(string text)
    {
        var mapping = MappingFile.Read(new StringReader("account: user\ntime: ts\ntime_zone: utc\nprompt: prompt\nid: id\nparams.max_tokens: max\n"), out _);
        return Scan(new LogScanOptions { Mapping = mapping }, _folder.Write("a.csv", text));
    }
}
