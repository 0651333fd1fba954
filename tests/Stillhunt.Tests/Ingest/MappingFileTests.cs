using Stillhunt.Ingest;

namespace Stillhunt.Tests.Ingest;

public sealed class MappingFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private const string Foreign = """
        # native field: path in the record
        account: account_id
        time: timestamp
        prompt: prompt
        system: system_prompt
        ip: client_ip
        asn_org: asn_org
        client: user_agent
        params:
          max_tokens: max_tokens
        usage.output: tokens.out
        conversation: trace.id
        """;

    private static MappingFile Good(string yaml)
    {
        var mapping = MappingFile.Read(new StringReader(yaml), out var faults);
        Assert.Empty(faults);
        return mapping!;
    }

    private CollectingSink Scan(string name, string text, string yaml)
    {
        var sink = new CollectingSink();
        LogScan.Run(LogFiles.Find([new LogInput(_folder.Write(name, text))], withCsv: true), new LogScanOptions { Mapping = Good(yaml) }, sink);
        return sink;
    }

    [Fact]
    public void A_log_with_quite_other_names_is_read_through_a_mapping()
    {
        var sink = Scan("a.jsonl", """
            {"account_id":4711,"timestamp":"2026-02-01T12:00:00Z","prompt":"Name a river.","system_prompt":"Be brief.","client_ip":"203.0.113.7","asn_org":"Net","user_agent":"ua","max_tokens":"64","tokens":{"out":3},"trace.id":"c1"}
            {"account_id":"b","timestamp":1769947200,"prompt":[{"role":"user","content":"Hi"}],"max_tokens":"many","client_ip":{}}
            {"timestamp":1769947200,"prompt":"x"}
            """, Foreign);
        var read = sink.Exchanges[0];
        Assert.Equal("4711 203.0.113.7 Net ua c1", string.Join(' ', read.Account, read[ExchangeField.Ip], read[ExchangeField.AsnOrg], read[ExchangeField.Client], read[ExchangeField.Conversation]));
        Assert.Equal([(PartRole.System, "Be brief."), (PartRole.User, "Name a river.")], read.Parts);
        Assert.Equal((1769947200000, 64L, 3L), (read.TimeMs, read.MaxTokens, read.Output));
        Assert.Equal([(PartRole.User, "Hi")], sink.Exchanges[1].Parts);
        Assert.Equal(["ip", "params.max_tokens"], sink.Dropped.Order(StringComparer.Ordinal));
        Assert.Equal(("no-account", "account_id"), (sink.Rejections[0].Reason, sink.Rejections[0].Field));
    }

    [Fact]
    public void CSV_is_read_through_a_mapping_with_quotes_line_breaks_and_line_numbers()
    {
        var sink = Scan("a.csv", "account_id,timestamp,prompt,max_tokens\nu1,2026-02-01T12:00:00Z,\"two\nlines, \"\"quoted\"\" \\ é\",64\nu2,never,x,1\n", Foreign);
        var read = Assert.Single(sink.Exchanges);
        Assert.Equal([(PartRole.User, "two\nlines, \"quoted\" \\ é")], read.Parts);
        Assert.Equal((64L, 2L), (read.MaxTokens, read.At.Line));
        Assert.Equal(("time-unreadable", "timestamp", 4L), (sink.Rejections[0].Reason, sink.Rejections[0].Field, sink.Rejections[0].At.Line));
    }

    [Fact]
    public void Times_without_zone_are_read_only_where_the_mapping_says_UTC()
    {
        const string Line = """{"u":"a","t":"2026-02-01 12:00:00"}""";
        Assert.Equal("time-without-zone", Scan("a.jsonl", Line, "account: u\ntime: t\n").Rejections[0].Reason);
        Assert.Equal(1769947200000, Scan("b.jsonl", Line, "account: u\ntime: t\ntime_zone: UTC\n").Exchanges[0].TimeMs);
    }

    [Fact]
    public void All_faults_are_told_together_with_line_and_field()
    {
        Assert.Null(MappingFile.Read(new StringReader("account: a\ntimes: t\nip:\nmax_tokens: m\nparams:\n  heat: h\n"), out var faults));
        Assert.Equal([(2L, "times"), (3L, "ip"), (4L, "max_tokens"), (6L, "params.heat")], faults.Select(fault => (fault.Line, fault.Field!)));
        Assert.Contains("Did you mean params.max_tokens?", faults[2].Text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_is_told_beside_the_other_faults_and_the_known_names_once()
    {
        Assert.Null(MappingFile.Read(new StringReader("ip: client_ip\nacount: a\nflavour: f\ncolour: c\n"), out var faults));
        Assert.Equal([(2L, "acount"), (3L, "flavour"), (4L, "colour"), (1L, "time")], faults.Select(fault => (fault.Line, fault.Field!)));
        Assert.Single(faults, fault => fault.Text.Contains("Known are", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("account_id: account", "account: account_id")]
    [InlineData("timestamp: time", "time: timestamp")]
    [InlineData("acount: a", "Did you mean account?")]
    [InlineData("params.max_token: m", "Did you mean params.max_tokens?")]
    [InlineData("reasoningRef: r", "Did you mean reasoning_ref?")]
    [InlineData("input: i", "Did you mean usage.input?")]
    public void A_line_the_wrong_way_round_or_misspelt_is_told_how_it_was_meant(string line, string meant)
    {
        Assert.Null(MappingFile.Read(new StringReader(line + "\n"), out var faults));
        Assert.Contains(meant, faults[0].Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("account: [a\n")]
    [InlineData("- a\n- b\n")]
    [InlineData("")]
    [InlineData("account: a\naccount: b\ntime: t\n")]
    [InlineData("account: a\n")]
    public void A_mapping_that_cannot_be_used_is_refused(string yaml)
    {
        Assert.Null(MappingFile.Read(new StringReader(yaml), out var faults));
        Assert.NotEmpty(faults);
    }

    [Fact]
    public void A_missing_mapping_file_is_told()
    {
        Assert.Null(MappingFile.Load(_folder.Path + "/none.yaml", out var faults));
        Assert.Contains("none.yaml", Assert.Single(faults).Text, StringComparison.Ordinal);
    }
}
