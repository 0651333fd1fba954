using Stillhunt.Ingest;

namespace Stillhunt.Tests.Ingest;

public sealed class LogInspectionTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_inspection_says_what_was_recognised_whose_it_is_and_what_is_missing()
    {
        var lines = Enumerable.Range(0, 40).Select(i => $$"""{"time":1769947200,"account":"{{(i < 38 ? "proxy" : "b")}}","ip":"192.0.2.1","prompt":"x"}""").Append("broken").Append(LogFormats.Bedrock.Example);
        var seen = LogInspection.Inspect(_folder.Write("a.jsonl", string.Join('\n', lines)));
        Assert.Equal([("native", 40L), ("bedrock", 1L)], seen.Formats.Select(format => (format.Name, format.RecordCount)));
        Assert.Equal(("account", "proxy", "proxy", 3), (seen.AccountRule, seen.AccountExample, seen.LargestAccount, seen.AccountCount));
        Assert.True(seen.OneIdentityDominates);
        Assert.Contains("tls", seen.Missing);
        Assert.DoesNotContain("ip", seen.Missing);
        Assert.Equal(1, seen.Rejected["not-json"]);
        Assert.Equal(1.0, seen.Fields.Single(field => field.Name == "prompt").Share);
    }

    [Fact]
    public void An_inspection_stops_after_the_asked_records_and_explains_a_foreign_log()
    {
        var path = _folder.Write("a.jsonl", string.Concat(Enumerable.Repeat("{\"time\":1769947200,\"account\":\"a\"}\n", 5000)));
        Assert.Equal(100, LogInspection.Inspect(path, records: 100).RecordCount);
        var foreign = LogInspection.Inspect(_folder.Write("b.jsonl", "{\"what\":1}\n"));
        Assert.Null(foreign.AccountRule);
        Assert.Contains("mapping", Assert.Single(foreign.Faults).Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Refused_records_are_told_with_reason_field_and_place_even_where_nothing_else_was_read()
    {
        var path = _folder.Write("a.jsonl", """{"time":1769947200,"account":""}""" + "\n" + """{"time":"2026-02-01 12:00:00","account":"a"}""" + "\n" + """{"time":1769947200,"account":""}""" + "\n");
        var seen = LogInspection.Inspect(path);
        Assert.Equal(0, seen.ExchangeCount);
        Assert.Equal([("no-account", "account", 2L, $"{path}:1 {path}:3"), ("time-without-zone", "time", 1L, $"{path}:2")],
            seen.Rejections.Select(refused => (refused.Reason, refused.Field!, refused.RecordCount, string.Join(' ', refused.First))));
    }

    [Fact]
    public void A_mapped_CSV_file_is_inspected_like_any_log_and_no_further_than_asked()
    {
        var mapping = MappingFile.Read(new StringReader("account: Account ID\ntime: when\nprompt: promt\nip: address\nasn: net\n"), out _);
        var rows = string.Concat(Enumerable.Range(0, 500).Select(i => $"u{i % 3};2026-02-01T12:00:00Z;text {i};203.0.113.7;fast\n"));
        var seen = LogInspection.Inspect(_folder.Write("a.csv", "Account ID;when;prompt;address;net\n" + rows), new LogScanOptions { Mapping = mapping }, records: 40);
        Assert.Equal((40L, 40L, 3), (seen.RecordCount, seen.ExchangeCount, seen.AccountCount));
        Assert.Equal(new InspectedFormat("mapped", 40, 1), Assert.Single(seen.Formats));
        Assert.Equal("Account ID, as the mapping says", seen.AccountRule);
        // What the log holds is not told, nor what was of the wrong type: that is told as such.
        Assert.Equal(new EmptyMapping("prompt", "promt"), Assert.Single(seen.EmptyMappings));
        Assert.Equal(40, seen.DroppedFields["asn"]);
    }
}
