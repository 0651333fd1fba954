using System.CommandLine;
using Stillhunt.Campaigns;
using Stillhunt.Cli.Commands;
using Stillhunt.Cli.Files;
using Stillhunt.Server;
using Stillhunt.Tests.Ingest;
using Stillhunt.Tests.Reporting;

namespace Stillhunt.Tests.Cli;

/// <summary>What the program writes: never over what it reads, and as much of it as can be written.</summary>
public sealed class OutputTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public OutputTests()
    {
        Log("a.jsonl");
        Log("b.jsonl");
        _folder.Write("key", "0123456789abcdef\n");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("inspect", "--json", "a.jsonl", "b.jsonl")]
    [InlineData("formats", "--json", "a.jsonl")]
    [InlineData("scan", "--report", "a.jsonl", "b.jsonl")]
    [InlineData("scan", "--part", "a.jsonl", "b.jsonl")]
    [InlineData("scan", "a.jsonl", "--markdown", "linked.jsonl")]
    [InlineData("scan", "a.jsonl", "--json", "linked/a.jsonl")]
    [InlineData("scan", ".", "--csv", "b.jsonl")]
    [InlineData("scan", "--source", "eu=*.jsonl", "--csv", "b.jsonl")]
    [InlineData("scan", "a.jsonl", "--accounts", "accounts.csv", "--csv", "accounts.csv")]
    [InlineData("scan", "a.jsonl", "--key-file", "key", "--report", "key")]
    [InlineData("scan", "a.jsonl", "--map", "map.yaml", "--markdown", "map.yaml")]
    [InlineData("scan", "a.jsonl", "--report", "x", "--json", "x")]
    [InlineData("scan", "a.jsonl", "--report", "x", "--csv", "./linked/x")]
    [InlineData("explain", "c-1", "--result", "result.json", "--json", "result.json")]
    [InlineData("report", "c-1", "--for", "legal", "--producer", "P", "--result", "result.json", "--html", "result.json")]
    [InlineData("range", "score", "--truth", "a.jsonl", "--result", "result.json", "--json", "result.json")]
    [InlineData("train", "data", "--report", "data/rows.md")]
    public void What_is_read_or_written_already_is_never_overwritten(params string[] arguments)
    {
        _folder.Write("accounts.csv", "account,payment\na1,p1\n");
        _folder.Write("map.yaml", "account: account\ntime: time\n");
        _folder.Write("data/rows.md", "text\n");
        using (var to = File.Create(At("result.json"))) ScanResultJson.Write(to, SampleResult.Realistic());
        File.CreateSymbolicLink(At("linked.jsonl"), "a.jsonl");
        Directory.CreateSymbolicLink(At("linked"), _folder.Path);
        var before = Contents();
        var run = CliRun.In(_folder.Path, arguments.Contains("--key-file") || arguments[0] != "scan" ? arguments : [.. arguments, "--key-file", "key"]);
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("stillhunt: ", run.Errors, StringComparison.Ordinal);
        Assert.Equal(before, Contents());
    }

    [Fact]
    public void A_result_takes_the_place_of_an_earlier_one_also_through_a_link()
    {
        Assert.Equal(0, Scan("--json", "r.json", "--report", "r.html", "--csv", "r.csv", "--markdown", "r.md").ExitCode);
        File.CreateSymbolicLink(At("latest.json"), "r.json");
        Assert.Equal(0, Scan("--json", "latest.json", "--report", "r.html", "--csv", "r.csv", "--markdown", "r.md").ExitCode);
        Assert.NotNull(new FileInfo(At("latest.json")).LinkTarget);
        Assert.Equal(0, CliRun.In(_folder.Path, "inspect", "a.jsonl", "--json", "i.json").ExitCode);
        Assert.Equal(0, CliRun.In(_folder.Path, "inspect", "b.jsonl", "--json", "i.json").ExitCode);
        Assert.Equal(0, Scan("--part", "p.slh").ExitCode);
        Assert.Equal(0, Scan("--part", "p.slh").ExitCode);
        Assert.DoesNotContain(Directory.GetFiles(_folder.Path), path => path.EndsWith(".partial", StringComparison.Ordinal));
    }

    [Fact]
    public void An_output_that_fails_costs_none_of_the_others_and_all_failures_are_told()
    {
        if (!File.Exists("/dev/full")) return;
        var run = Scan("--report", "/dev/full", "--markdown", "/dev/full", "--csv", "good.csv", "--json", "good.json");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal(2, run.Errors.Split("/dev/full could not be written").Length - 1);
        Assert.True(File.Exists(At("good.csv")));
        Assert.True(File.Exists(At("good.json")));
        Assert.DoesNotContain(Directory.GetFiles(_folder.Path), path => path.EndsWith(".partial", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_is_written_to_a_named_pipe_goes_through_it_and_the_pipe_stays()
    {
        if (OperatingSystem.IsWindows()) return;
        Pipe("pipe");
        foreach (var option in new[] { "--json", "--report", "--csv", "--markdown" })
        {
            var read = Task.Run(() => File.ReadAllText(At("pipe")), TestContext.Current.CancellationToken);
            Assert.Equal(0, Scan(option, "pipe").ExitCode);
            Assert.NotEqual(0, (await read.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken)).Length);
        }

        Assert.True(FileKind.IsSpecial(At("pipe")));
        Assert.False(FileKind.IsSpecial(At("a.jsonl")));
    }

    [Theory]
    [InlineData("share", "import", "a.jsonl", "--sender", "a", "--store", "pipe")]
    [InlineData("range", "make", "quiet", "--out", "pipe")]
    public void What_a_pipe_can_not_be_is_told_at_once(params string[] arguments)
    {
        if (OperatingSystem.IsWindows()) return;
        Pipe("pipe");
        var run = CliRun.In(_folder.Path, arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("pipe", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_breaks_while_it_is_written_leaves_nothing_behind()
    {
        File.WriteAllText(At("kept"), "as it was");
        var broken = Assert.Throws<IOException>(() => OutputFile.Write(At("kept"), to =>
        {
            to.Write("half"u8);
            throw new IOException("No space left");
        }));
        Assert.Contains("kept could not be written: No space left", broken.Message, StringComparison.Ordinal);
        Assert.Equal("as it was", File.ReadAllText(At("kept")));
        Assert.DoesNotContain(Directory.GetFiles(_folder.Path), path => path.EndsWith(".partial", StringComparison.Ordinal));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_told_before_the_work()
    {
        if (!Directory.Exists("/proc/self")) return;
        // A folder in which nobody, the superuser included, can make a file.
        Directory.CreateSymbolicLink(At("sealed"), "/sys");
        var run = Scan("--report", "sealed/r.html");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--report sealed/r.html cannot be written", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("exchanges in", run.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scan", "a.jsonl", "--json", "")]
    [InlineData("scan", "a.jsonl", "--json=")]
    [InlineData("scan", "a.jsonl", "--report", "")]
    [InlineData("scan", "a.jsonl", "--part", "")]
    [InlineData("scan", "a.jsonl", "--map", "")]
    [InlineData("scan", "a.jsonl", "--key-file", "")]
    [InlineData("scan", "a.jsonl", "--leave-out", "")]
    [InlineData("scan", "a.jsonl", "--threads", "")]
    [InlineData("scan", "")]
    [InlineData("merge", "")]
    [InlineData("explain", "", "--result", "r.json")]
    [InlineData("keys", "list", "--store", "")]
    [InlineData("canary", "key", "--file", "")]
    [InlineData("share", "import", "", "--sender", "A")]
    public void An_empty_value_is_a_wrong_command_line(params string[] arguments)
    {
        var run = CliRun.In(_folder.Path, arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("and what was given is empty", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public void Whatever_names_a_file_says_whether_it_is_read_or_written()
    {
        var left = new List<string>();
        Look(CommandLine.Make(CancellationToken.None));
        Assert.Empty(left);

        void Look(Command command)
        {
            left.AddRange(command.Options.Where(option => option.HelpName is "FILE" or "NAME=GLOB" && option is not IFileSymbol).Select(option => $"{command.Name} {option.Name}"));
            left.AddRange(command.Arguments.Where(argument => argument.Name is "FILE" or "LOG" or "PART" or "BUNDLE" && argument is not IFileSymbol).Select(argument => $"{command.Name} {argument.Name}"));
            foreach (var inner in command.Subcommands) Look(inner);
        }
    }

    [Fact]
    public void What_could_not_be_read_stands_in_result_report_and_summary_and_a_merge_remembers_it()
    {
        var packed = TemporaryFolder.Gzip(File.ReadAllText(At("b.jsonl")));
        _folder.Write("cut.jsonl.gz", packed[..^20]);
        string[] logs = ["a.jsonl", "cut.jsonl.gz", "none.jsonl"];
        Assert.Equal(3, CliRun.In(_folder.Path, ["scan", .. logs, "--key-file", "key", "--json", "r.json", "--report", "r.html", "--markdown", "r.md"]).ExitCode);
        using (var json = System.Text.Json.JsonDocument.Parse(File.ReadAllText(At("r.json"))))
            Assert.Equal(["cut.jsonl.gz file-broken", "none.jsonl file-missing"], json.RootElement.GetProperty("scanned").GetProperty("unread").EnumerateArray().Select(input => $"{input.GetProperty("file")} {input.GetProperty("reason")}"));
        foreach (var name in new[] { "r.html", "r.md" })
        {
            Assert.Contains("Not all was read, so this is a result about a part of the traffic: 2 inputs", File.ReadAllText(At(name)), StringComparison.Ordinal);
            Assert.Contains("none.jsonl", File.ReadAllText(At(name)), StringComparison.Ordinal);
        }

        for (var i = 0; i < 2; i++) Assert.Equal(3, CliRun.In(_folder.Path, ["scan", .. logs, "--key-file", "key", "--shard", $"{i}/2", "--part", $"{i}.slh"]).ExitCode);
        var merged = CliRun.In(_folder.Path, "merge", "0.slh", "1.slh", "--key-file", "key", "--json", "m.json");
        Assert.Equal(3, merged.ExitCode);
        Assert.Contains("cut.jsonl.gz could not be read", merged.Errors, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(At("r.json")), File.ReadAllText(At("m.json")));
    }

    [Fact]
    public void A_result_is_known_however_another_program_laid_it_out()
    {
        _folder.Write("r.json", "{\"campaigns\":[\"" + new string('x', 3 << 20) + "\"],\"schema\":\"stillhunt.campaigns/1\"}");
        Assert.Equal(0, CliRun.In(_folder.Path, "scan", "a.jsonl", "--key-file", "key", "--json", "r.json").ExitCode);
        _folder.Write("r.json", "{\"campaigns\":[]}");
        Assert.Equal(2, CliRun.In(_folder.Path, "scan", "a.jsonl", "--key-file", "key", "--json", "r.json").ExitCode);
    }

    [Fact]
    [Trait("takes", "minutes")]
    public void Parts_that_hold_the_same_exchanges_are_told_and_a_whole_beside_its_shard_is_refused()
    {
        _folder.Write("c.jsonl", string.Concat(File.ReadLines(At("b.jsonl")).Concat(File.ReadLines(At("a.jsonl")).Take(5)).Select(line => line + "\n")));
        foreach (var name in new[] { "a", "b", "c" }) Assert.Equal(0, CliRun.In(_folder.Path, "scan", name + ".jsonl", "--key-file", "key", "--part", name + ".slh").ExitCode);
        Log("w.jsonl", 300);
        Assert.Equal(0, CliRun.In(_folder.Path, "scan", "w.jsonl", "--key-file", "key", "--part", "w.slh").ExitCode);
        foreach (var (log, part) in new[] { ("a", "a0"), ("w", "w0") }) Assert.Equal(0, CliRun.In(_folder.Path, "scan", log + ".jsonl", "--key-file", "key", "--shard", "0/2", "--part", part + ".slh").ExitCode);

        Assert.DoesNotContain("warning", CliRun.In(_folder.Path, "merge", "a.slh", "b.slh", "--key-file", "key").Errors, StringComparison.Ordinal);
        var some = CliRun.In(_folder.Path, "merge", "a.slh", "c.slh", "--key-file", "key", "--json", "m.json");
        Assert.Equal(0, some.ExitCode);
        Assert.Contains("warning: c.slh holds exchanges that the parts before it hold, too (5 of 40 sampled exchanges)", some.Errors, StringComparison.Ordinal);
        // So few may be what a gateway sent again in a quiet hour.
        Assert.Equal(3, CliRun.In(_folder.Path, "merge", "a.slh", "a0.slh", "--key-file", "key", "--json", "m.json").ExitCode);
        foreach (var order in new[] { new[] { "w.slh", "w0.slh" }, ["w0.slh", "w.slh"] })
        {
            var whole = CliRun.In(_folder.Path, ["merge", .. order, "--key-file", "key"]);
            Assert.Equal(1, whole.ExitCode);
            Assert.Contains("Give a whole scan or its shards, not both", whole.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_no_JSON_is_told_with_the_file()
    {
        _folder.Write("data/rows.jsonl", "{}\n{\"text\n");
        var trained = CliRun.In(_folder.Path, "train", "data", "--no-evaluation");
        Assert.Equal(1, trained.ExitCode);
        Assert.Contains("rows.jsonl, line 2: this is no JSON", trained.Errors, StringComparison.Ordinal);
        _folder.Write("truth.jsonl", "{\"schema\":\"stillhunt.truth/1\"}\n{\"account\":\"a\",\"kind\":\"casual\",\"exchange_count\":1,\"extracting_count\":0}\n");
        _folder.Write("x7.json", "{\"schema\":\n");
        _folder.Write("odd.json", "{\"schema\":\"stillhunt.campaigns/1\",\"campaigns\":7}");
        foreach (var (name, said) in new[] { ("x7.json", "'x7.json' is no JSON"), ("odd.json", "'odd.json': 'campaigns' is no list") })
        {
            var scored = CliRun.In(_folder.Path, "range", "score", "--truth", "truth.jsonl", "--result", name);
            Assert.Equal(1, scored.ExitCode);
            Assert.Contains(said, scored.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Dropped_fields_are_told_with_their_first_places_and_how_many_more_there_are()
    {
        var fields = string.Join(',', new[] { "organization", "key", "end_user", "pathway", "ip", "asn", "asn_org", "country", "client", "tls", "headers", "model", "conversation", "system", "tools", "params", "usage", "response", "stop", "status", "reasoning_ref", "messages" }.Select(name => $"\"{name}\":{{\"x\":[[1]]}}"));
        _folder.Write("odd.jsonl", string.Concat(Enumerable.Range(0, 3).Select(i => $$"""{"id":"o{{i}}","time":{{1770000000 + i}},"account":"a","prompt":"x",{{fields}}}""" + "\n")));
        var run = CliRun.In(_folder.Path, "scan", "odd.jsonl", "--key-file", "key");
        Assert.Contains("first at odd.jsonl:1, odd.jsonl:2, odd.jsonl:3", run.Errors, StringComparison.Ordinal);
        var told = run.Errors.Split("which was of the wrong type").Length - 1;
        Assert.True(told > 3 && (told < 20 || run.Errors.Contains("more fields", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_format_beside_a_mapping_is_refused()
    {
        _folder.Write("map.yaml", "account: account\ntime: time\n");
        var run = Scan("--map", "map.yaml", "--format", "native");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("Give --format or --map, not both", run.Errors, StringComparison.Ordinal);
        Assert.Equal(0, Scan("--map", "map.yaml").ExitCode);
    }

    [Fact]
    public void A_folder_is_searched_for_logs_whose_extension_is_in_capitals()
    {
        _folder.Write("big/A.JSONL", File.ReadAllText(At("a.jsonl")));
        _folder.Write("big/B.JSONL.GZ", TemporaryFolder.Gzip(File.ReadAllText(At("b.jsonl"))));
        Assert.Contains("Read 80 exchanges", CliRun.In(_folder.Path, "scan", "big", "--key-file", "key").Errors, StringComparison.Ordinal);
    }

    private CliRun Scan(params string[] arguments) => CliRun.In(_folder.Path, ["scan", "a.jsonl", "--key-file", "key", .. arguments]);

    private string At(string name) => Path.Combine(_folder.Path, name);

    private SortedDictionary<string, string> Contents() => new(Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Where(path => !path.Contains("/linked/", StringComparison.Ordinal)).ToDictionary(path => path, File.ReadAllText), StringComparer.Ordinal);

    private void Pipe(string name)
    {
        using var made = System.Diagnostics.Process.Start("mkfifo", [At(name)]);
        made.WaitForExit();
    }

    [Fact]
    public void A_page_that_would_take_the_place_of_a_log_is_refused_in_words_that_say_why()
    {
        var run = CliRun.In(_folder.Path, "scan", "b.jsonl", "--key-file", "key", "--report", "a.jsonl");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("would overwrite a file that is not a text such as a report or a table.", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_mistyped_option_after_json_is_no_file_to_write_to()
    {
        var run = Scan("--json", "--reprot", "report.html");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--reprot is no option of this command", run.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(At("--reprot")));
        Assert.Equal(0, Scan("--json", "./--odd").ExitCode);
        Assert.True(File.Exists(At("--odd")));
    }

    private void Log(string name, int count = 40) => _folder.Write(name, string.Concat(Enumerable.Range(0, count).Select(i => $$"""{"id":"{{name}}{{i}}","time":{{1770000000 + i}},"account":"a{{i % 4}}","prompt":"What is {{i}} plus {{i}}?"}""" + "\n")));
}
