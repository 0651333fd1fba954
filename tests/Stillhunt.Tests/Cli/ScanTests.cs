using System.Text.Json;

namespace Stillhunt.Tests.Cli;

[Collection(nameof(RangeTraffic))]
public sealed class ScanTests(RangeTraffic traffic)
{
    private string Log => traffic.Path("traffic.jsonl");

    [Fact]
    public void Json_without_a_file_prints_json_and_nothing_else()
    {
        var run = Scan(Log, "--accounts", traffic.Path("accounts.csv"), "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(File.ReadAllText(traffic.Path("whole.json")), run.Output);
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal("stillhunt.campaigns/1", json.RootElement.GetProperty("schema").GetString());
    }

    [Fact]
    public void Json_to_a_dash_is_standard_output()
    {
        var run = Scan(Log, "--accounts", traffic.Path("accounts.csv"), "--json", "-");
        Assert.Equal(File.ReadAllText(traffic.Path("whole.json")), run.Output);
        Assert.False(File.Exists("-"));
    }

    [Fact]
    public void A_scan_says_how_many_exchanges_a_second_it_read_on_standard_error()
    {
        Assert.Matches(@"Read [\d,]+ exchanges in [\d.]+ s \([\d,]+ a second\)", traffic.Whole.Errors);
        Assert.DoesNotContain("a second", traffic.Whole.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Output_that_nobody_watches_holds_no_escape_sequences()
    {
        Assert.DoesNotContain('\u001b', traffic.Whole.Output);
        Assert.DoesNotContain('\u001b', traffic.Whole.Errors);
    }

    [Fact]
    public void Standard_input_gives_what_the_file_gives()
    {
        var lines = string.Join('\n', File.ReadLines(Log).Take(500)) + "\n";
        File.WriteAllText(traffic.Path("some.jsonl"), lines);
        var fromFile = Scan(traffic.Path("some.jsonl"), "--json");
        var fromInput = CliRun.With(lines, "scan", "-", "--json", "--key-file", traffic.Path("key"));
        Assert.Equal(0, fromInput.ExitCode);
        Assert.Equal(fromFile.Output, fromInput.Output);
    }

    [Fact]
    public void A_folder_is_searched_for_logs()
    {
        Directory.CreateDirectory(traffic.Path("logs/inner"));
        File.WriteAllLines(traffic.Path("logs/inner/a.jsonl"), File.ReadLines(Log).Take(50));
        File.WriteAllLines(traffic.Path("logs/b.jsonl"), File.ReadLines(Log).Skip(50).Take(50));
        File.WriteAllText(traffic.Path("logs/notes.txt"), "not a log");
        var run = Scan(traffic.Path("logs"), "--json");
        Assert.Equal(0, run.ExitCode);
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(100, json.RootElement.GetProperty("scanned").GetProperty("exchange_count").GetInt64());
    }

    [Fact]
    public void A_missing_file_alone_is_an_input_that_could_not_be_used()
    {
        var run = Scan(traffic.Path("nowhere.jsonl"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("There is no file or folder", run.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public void A_missing_file_beside_a_good_one_is_told_and_the_rest_is_scanned()
    {
        var run = Scan(Log, traffic.Path("nowhere.jsonl"), "--json");
        Assert.Equal(3, run.ExitCode);
        Assert.Contains("nowhere.jsonl", run.Errors, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(run.Output);
        Assert.True(json.RootElement.GetProperty("scanned").GetProperty("exchange_count").GetInt64() > 1_000);
    }

    [Fact]
    public void A_wholly_foreign_file_is_told_with_the_nearest_format()
    {
        File.WriteAllText(traffic.Path("foreign.jsonl"), """{"when":"2026-02-01T00:00:00Z","account":"a","question":"Why?"}""" + "\n");
        var run = Scan(traffic.Path("foreign.jsonl"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("The nearest is", run.Errors, StringComparison.Ordinal);
        Assert.Contains("--map", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_account_field_that_no_record_holds_is_named_with_what_to_do()
    {
        foreach (var command in new[] { "scan", "inspect" })
        {
            var run = command == "scan" ? Scan(Log, "--account-field", "nope") : CliRun.Of("inspect", Log, "--account-field", "nope");
            Assert.Equal(1, run.ExitCode);
            Assert.Contains("none holds the field 'nope' that --account-field names", run.Errors, StringComparison.Ordinal);
            Assert.Contains("stillhunt inspect", run.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("lacks", run.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Records_that_lack_the_account_field_are_refused_with_line_field_and_what_to_do()
    {
        string[] lines = ["""{"time":1770000000,"account":"gw","tags":{"tenant":"t1"},"prompt":"x"}""", """{"time":1770000001,"account":"gw","prompt":"x"}"""];
        File.WriteAllLines(traffic.Path("tenants.jsonl"), lines);
        var strict = Scan(traffic.Path("tenants.jsonl"), "--account-field", "tags.tenant", "--json");
        Assert.Contains("refused (no-account, field tags.tenant), 1 record in all, first at", strict.Errors, StringComparison.Ordinal);
        Assert.Contains("tenants.jsonl:2", strict.Errors, StringComparison.Ordinal);
        Assert.Contains("--account-field tags.tenant,FIELD", strict.Errors, StringComparison.Ordinal);
        var falling = Scan(traffic.Path("tenants.jsonl"), "--account-field", "tags.tenant,account", "--json");
        Assert.DoesNotContain("refused", falling.Errors, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(falling.Output);
        Assert.Equal(2, json.RootElement.GetProperty("scanned").GetProperty("account_count").GetInt64());
        Assert.Equal(2, Scan(Log, "--account-field", " , ").ExitCode);
    }

    [Fact]
    public void An_accounts_file_of_other_accounts_is_told_and_so_is_a_misspelt_column()
    {
        File.WriteAllText(traffic.Path("others.csv"), "account,organisation\nsomebody,o\n");
        File.WriteAllLines(traffic.Path("forty.jsonl"), File.ReadLines(Log).Take(40));
        var run = Scan(traffic.Path("forty.jsonl"), "--accounts", traffic.Path("others.csv"), "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Matches("warning: none of the [0-9]+ accounts in the logs stands in .*others.csv", run.Errors);
        Assert.Contains("the file such as 'somebody'", run.Errors, StringComparison.Ordinal);
        Assert.Contains("no column organisation, and its values are not used. Did you mean organization?", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("warning", traffic.Whole.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_inspection_that_finds_nothing_to_use_says_why_with_line_and_field()
    {
        File.WriteAllText(traffic.Path("nobody.jsonl"), """{"time":1770000000,"account":null,"request":{"model":"m","messages":[]}}""" + "\n");
        File.WriteAllText(traffic.Path("zoneless.jsonl"), """{"u":"a","t":"2026-02-01 12:00:00"}""" + "\n");
        File.WriteAllText(traffic.Path("zoneless.yaml"), "account: u\ntime: t\n");
        var nobody = CliRun.Of("inspect", traffic.Path("nobody.jsonl"));
        Assert.Equal(1, nobody.ExitCode);
        Assert.Matches(@"refused \(no-account, field account\), 1 record, first at\s+\S[^:]*nobody.jsonl:1", nobody.Output);
        Assert.Contains("--account-field", nobody.Output, StringComparison.Ordinal);
        Assert.Matches(@"time_zone:\s+utc", CliRun.Of("inspect", traffic.Path("zoneless.jsonl"), "--map", traffic.Path("zoneless.yaml")).Output);
    }

    [Fact]
    public void A_stated_prevalence_stands_in_the_result_and_in_the_evidence_and_a_commoner_one_than_was_measured_is_refused()
    {
        using var reference = JsonDocument.Parse(File.ReadAllText(traffic.Path("whole.json")));
        using var rarer = JsonDocument.Parse(Scan(Log, "--accounts", traffic.Path("accounts.csv"), "--json", "--prevalence", "1/20").Output);
        Assert.Equal(0.05, rarer.RootElement.GetProperty("calibration").GetProperty("prevalence").GetDouble(), 6);
        var (before, after) = (Confidences(reference), Confidences(rarer));
        Assert.NotEmpty(after);
        Assert.All(after, pair => Assert.True(!before.TryGetValue(pair.Key, out var was) || pair.Value < was));
        Assert.Contains("one in 20 of the groups looked at", rarer.RootElement.GetRawText(), StringComparison.Ordinal);
        foreach (var wrong in new[] { "0.5", "0", "1/0", "-1", "nan", "one" }) Assert.Equal(2, Scan(Log, "--prevalence", wrong).ExitCode);

        static Dictionary<string, double> Confidences(JsonDocument result) => new[] { "campaigns", "suspected" }.SelectMany(list => result.RootElement.GetProperty(list).EnumerateArray())
            .ToDictionary(campaign => campaign.GetProperty("id").GetString()!, campaign => campaign.GetProperty("confidence").GetDouble());
    }

    [Fact]
    public void Records_that_came_twice_and_fields_of_the_wrong_type_are_told_on_the_terminal()
    {
        var lines = Enumerable.Range(0, 40).Select(i => $$"""{"id":"x{{i % 30}}","time":{{1770000000 + i}},"account":"a{{i % 4}}","tools":7,"prompt":"What is {{i}} plus {{i}}?"}""");
        File.WriteAllLines(traffic.Path("twice.jsonl"), lines);
        var run = Scan(traffic.Path("twice.jsonl"));
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("passed over 10 records", run.Errors, StringComparison.Ordinal);
        Assert.Contains("without the field tools", run.Errors, StringComparison.Ordinal);
        Assert.Contains("Passed over: 10 records", run.Output, StringComparison.Ordinal);
        Assert.Contains("wrong type and left unread: tools of", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_day_without_a_time_is_its_midnight_in_UTC()
    {
        var lines = new[] { "2026-02-01T23:59:59Z", "2026-02-02T00:00:00Z", "2026-02-02T23:59:59Z", "2026-02-03T00:00:00Z" }.Select(time => $$"""{"time":"{{time}}","account":"a","prompt":"x"}""");
        File.WriteAllLines(traffic.Path("days.jsonl"), lines);
        using var json = JsonDocument.Parse(Scan(traffic.Path("days.jsonl"), "--since", "2026-02-02", "--until", "2026-02-03", "--json").Output);
        Assert.Equal(2, json.RootElement.GetProperty("scanned").GetProperty("exchange_count").GetInt64());
        Assert.Contains("midnight in UTC", CliRun.Of("scan", "--help").Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal(2, Scan(Log, "--since", "2026-02-30").ExitCode);
    }

    [Fact]
    public void A_time_that_leaves_nothing_is_told_to_be_the_reason()
    {
        var outside = Scan(Log, "--until", "2001-01-01");
        Assert.Equal(1, outside.ExitCode);
        Assert.Contains("lie outside the time that --since and --until leave", outside.Errors, StringComparison.Ordinal);
        var reversed = Scan(Log, "--since", "2026-02-03", "--until", "2026-02-02");
        Assert.Equal(2, reversed.ExitCode);
        Assert.Contains("--since must lie before --until", reversed.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n  \n")]
    public void An_empty_file_is_named_and_costs_nothing_beside_others(string content)
    {
        File.WriteAllText(traffic.Path("zero.jsonl"), content);
        var alone = Scan(traffic.Path("zero.jsonl"));
        Assert.Equal(1, alone.ExitCode);
        Assert.Contains("zero.jsonl is empty", alone.Errors, StringComparison.Ordinal);
        File.WriteAllLines(traffic.Path("few.jsonl"), File.ReadLines(Log).Take(50));
        var beside = Scan(traffic.Path("zero.jsonl"), traffic.Path("few.jsonl"), "--json");
        Assert.Equal(0, beside.ExitCode);
        Assert.Contains("zero.jsonl is empty", beside.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_account_that_holds_nine_tenths_of_a_log_is_warned_of()
    {
        var lines = Enumerable.Range(0, 40).Select(i => $$"""{"id":"x{{i}}","time":{{1770000000 + i}},"account":"{{(i == 7 ? "b" : "gateway-1")}}","prompt":"What is {{i}} plus {{i}}?"}""");
        File.WriteAllLines(traffic.Path("gateway.jsonl"), lines);
        var run = Scan(traffic.Path("gateway.jsonl"), "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("gateway-1", run.Errors, StringComparison.Ordinal);
        Assert.Contains("--account-field", run.Errors, StringComparison.Ordinal);
        var inspected = CliRun.Of("inspect", traffic.Path("gateway.jsonl"));
        Assert.Contains("--account-field", inspected.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_log_is_never_overwritten_by_a_result()
    {
        var before = File.ReadAllBytes(traffic.Path("accounts.csv"));
        Assert.Equal(2, Scan(Log, "--report", Log).ExitCode);
        // The log slips into the place of the option's file.
        Assert.Equal(2, CliRun.Of("scan", "--json", traffic.Path("accounts.csv"), Log, "--key-file", traffic.Path("key")).ExitCode);
        Assert.Equal(before, File.ReadAllBytes(traffic.Path("accounts.csv")));
    }

    [Fact]
    public void A_file_that_cannot_be_written_is_told_before_the_work()
    {
        var run = Scan(Log, "--report", traffic.Path("no/such/folder/report.html"));
        Assert.Equal(2, run.ExitCode);
        Assert.DoesNotContain("exchanges in", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_of_a_mapping_file_is_told_with_line_and_field()
    {
        File.WriteAllText(traffic.Path("map.yaml"), "account: who\nflavour: taste\ncolour: hue\n");
        var run = Scan(Log, "--map", traffic.Path("map.yaml"));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("line 2, field flavour", run.Errors, StringComparison.Ordinal);
        Assert.Contains("line 3, field colour", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void An_interruption_ends_with_130_and_leaves_nothing_behind()
    {
        using var process = CliRun.Start("scan", "-", "--key-file", traffic.Path("key"), "--json", traffic.Path("interrupted.json"));
        process.StandardInput.WriteLine(File.ReadLines(Log).First());
        process.StandardInput.Flush();
        Thread.Sleep(1500);
        using (var kill = System.Diagnostics.Process.Start("kill", ["-INT", $"{process.Id}"])) kill.WaitForExit();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(20)));
        Assert.Equal(130, process.ExitCode);
        Assert.False(File.Exists(traffic.Path("interrupted.json")));
    }

    private CliRun Scan(params string[] arguments) => CliRun.Of(["scan", .. arguments, "--key-file", traffic.Path("key")]);
}
