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
}
