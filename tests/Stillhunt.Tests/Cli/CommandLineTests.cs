using System.Text.Json;
using Stillhunt.Campaigns;
using Stillhunt.Ingest;
using Stillhunt.Tests.Ingest;
using Stillhunt.Tests.Reporting;

namespace Stillhunt.Tests.Cli;

public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--help")]
    [InlineData("scan", "--help")]
    [InlineData("merge", "--help")]
    [InlineData("explain", "--help")]
    [InlineData("inspect", "--help")]
    public void Help_documents_the_exit_codes(params string[] arguments)
    {
        var run = CliRun.Of(arguments);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("130  interrupted", run.Output, StringComparison.Ordinal);
    }

    /// <summary>What a program's own settings name overrules the environment, by which ./stillhunt sets the collector's ways for each command.</summary>
    [Fact]
    public void How_the_collector_works_is_left_to_the_environment()
    {
        using var settings = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Stillhunt.Cli.runtimeconfig.json")));
        var named = settings.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties").EnumerateObject().Select(property => property.Name);
        Assert.DoesNotContain("System.GC.Concurrent", named);
        Assert.Contains("export DOTNET_gcConcurrent=", File.ReadAllText(Path.Combine(Architecture.Repository.Root, "stillhunt")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("scna")]
    [InlineData("scan")]
    [InlineData("scan", "a.jsonl", "--no-such-option")]
    [InlineData("scan", "a.jsonl", "--format", "parchment")]
    [InlineData("scan", "a.jsonl", "--since", "yesterday")]
    [InlineData("scan", "a.jsonl", "--shard", "3/3", "--part", "p")]
    [InlineData("scan", "a.jsonl", "--leave-out", "payment,astrology")]
    [InlineData("scan", "a.jsonl", "--sample", "5")]
    [InlineData("range", "make", "atlantis", "--out", "x")]
    [InlineData("range", "run", "quiet", "--evade", "teleport")]
    public void A_wrong_command_line_is_told_on_standard_error_with_code_2(params string[] arguments)
    {
        var run = CliRun.Of(arguments);
        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith("stillhunt: ", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Errors, StringComparison.Ordinal);
        Assert.Empty(run.Output);
    }

    [Fact]
    public void Formats_lists_every_format_with_an_example_that_it_reads()
    {
        var run = CliRun.Of("formats", "--json");
        Assert.Equal(0, run.ExitCode);
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal(LogFormats.All.Select(format => format.Name), json.RootElement.EnumerateArray().Select(format => format.GetProperty("name").GetString()));
        foreach (var format in json.RootElement.EnumerateArray())
        {
            var path = _folder.Write("example.jsonl", format.GetProperty("example").GetString() + "\n");
            using var inspected = JsonDocument.Parse(CliRun.Of("inspect", path, "--json").Output);
            Assert.Equal(format.GetProperty("name").GetString(), inspected.RootElement.GetProperty("formats")[0].GetProperty("name").GetString());
        }
    }

    [Fact]
    public void Explain_shows_a_campaign_an_account_and_says_what_is_near_an_unknown_id()
    {
        var result = SampleResult.Realistic();
        var path = Path.Combine(_folder.Path, "campaigns.json");
        using (var to = File.Create(path)) ScanResultJson.Write(to, result);
        var campaign = result.Campaigns[0];

        var shown = CliRun.Of("explain", campaign.Id, "--result", path);
        Assert.Equal(0, shown.ExitCode);
        Assert.Contains("Sum of the rows", shown.Output, StringComparison.Ordinal);
        Assert.Equal(0, CliRun.Of("explain", campaign.Accounts[0].Id, "--result", path).ExitCode);

        var unknown = CliRun.Of("explain", campaign.Id[..^1], "--result", path);
        Assert.Equal(1, unknown.ExitCode);
        Assert.Contains(campaign.Id, unknown.Errors, StringComparison.Ordinal);
        Assert.Empty(unknown.Output);
    }

    [Fact]
    public void An_empty_text_in_the_place_of_an_id_is_told_once()
    {
        var run = CliRun.Of("explain", "");
        Assert.Equal(2, run.ExitCode);
        Assert.Equal(2, run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.StartsWith("stillhunt: The command takes CAMPAIGN", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_as_json_holds_only_what_was_asked_for_and_nothing_for_an_unknown_id()
    {
        var result = SampleResult.Realistic();
        var path = Path.Combine(_folder.Path, "campaigns.json");
        using (var to = File.Create(path)) ScanResultJson.Write(to, result);

        using var json = JsonDocument.Parse(CliRun.Of("explain", result.Campaigns[0].Id, "--result", path, "--json").Output);
        Assert.Equal(result.Campaigns[0].Id, Assert.Single(json.RootElement.GetProperty("campaigns").EnumerateArray()).GetProperty("id").GetString());

        var unknown = CliRun.Of("explain", "c-none", "--result", path, "--json");
        Assert.Equal(1, unknown.ExitCode);
        Assert.Empty(unknown.Output);
    }

    [Fact]
    public void An_id_that_begins_with_an_at_sign_is_an_id_and_no_file_of_arguments()
    {
        var path = Path.Combine(_folder.Path, "campaigns.json");
        using (var to = File.Create(path)) ScanResultJson.Write(to, SampleResult.Realistic());
        var run = CliRun.Of("explain", "@handle", "--result", path);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("@handle", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_without_a_result_says_how_to_make_one()
    {
        var run = CliRun.Of("explain", "c-1", "--result", Path.Combine(_folder.Path, "none.json"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("stillhunt scan", run.Errors, StringComparison.Ordinal);
        var other = CliRun.Of("explain", "c-1", "--result", _folder.Write("other.json", "{\"schema\":\"x\"}\n{}\n"));
        Assert.Equal(1, other.ExitCode);
        Assert.Contains("other.json is no result of a scan: It is not JSON with the schema stillhunt.campaigns/1", other.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Stillhunt.", other.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_word_in_the_place_of_a_number_is_told_without_the_names_of_types()
    {
        var run = CliRun.Of("inspect", "a.jsonl", "--records", "many");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("a whole number", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("System.", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_learns_the_same_bytes_twice()
    {
        string[] rows =
        [
            .. Enumerable.Range(0, 30).Select(i => $$"""{"text":"Show every step of your reasoning before the answer, number {{i}}.","techniques":["reasoning-elicitation"],"capabilities":["reasoning"],"language":"en","source":"own-a"}"""),
            .. Enumerable.Range(0, 30).Select(i => $$"""{"text":"What is the weather like in town {{i}}?","techniques":[],"capabilities":["knowledge"],"language":"en","source":"own-b"}"""),
        ];
        _folder.Write("data/rows.jsonl", string.Join('\n', rows) + "\n");
        var data = Path.Combine(_folder.Path, "data");
        for (var i = 0; i < 2; i++)
            Assert.Equal(0, CliRun.Of("train", data, "--no-evaluation", "--out", Path.Combine(_folder.Path, $"{i}.json")).ExitCode);
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder.Path, "0.json")), File.ReadAllBytes(Path.Combine(_folder.Path, "1.json")));
        Assert.Equal(1, CliRun.Of("train", Path.Combine(_folder.Path, "nowhere")).ExitCode);
    }

    [Fact]
    public void The_range_makes_scores_and_runs()
    {
        var made = CliRun.Of("range", "make", "language-lock", "--out", Path.Combine(_folder.Path, "made"), "--honest", "60", "--days", "1", "--scale", "0.0001", "--json");
        Assert.Equal(0, made.ExitCode);
        using (var mixture = JsonDocument.Parse(made.Output)) Assert.True(mixture.RootElement.GetProperty("exchange_count").GetInt64() > 100);

        var run = CliRun.Of("range", "run", "language-lock", "--out", Path.Combine(_folder.Path, "ran"), "--honest", "60", "--days", "1", "--scale", "0.0001", "--json");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(File.ReadAllBytes(Path.Combine(_folder.Path, "made", "traffic.jsonl")), File.ReadAllBytes(Path.Combine(_folder.Path, "ran", "traffic.jsonl")));

        var scored = CliRun.Of("range", "score", "--truth", Path.Combine(_folder.Path, "ran", "truth.jsonl"), "--result", Path.Combine(_folder.Path, "ran", "campaigns.json"), "--json");
        Assert.Equal(0, scored.ExitCode);
        using var report = JsonDocument.Parse(run.Output);
        using var score = JsonDocument.Parse(scored.Output);
        Assert.True(JsonElement.DeepEquals(score.RootElement, report.RootElement.GetProperty("runs")[0].GetProperty("score")));
    }

    [Fact]
    public void A_score_says_which_flagged_accounts_the_truth_does_not_know()
    {
        string truth = Path.Combine(_folder.Path, "few.jsonl"), result = Path.Combine(_folder.Path, "few.json");
        File.WriteAllLines(truth, ["{\"schema\":\"stillhunt.truth/1\",\"account_count\":1}", "{\"account\":\"a1\",\"kind\":\"operator\",\"campaign\":\"x\",\"exchange_count\":1,\"extracting_count\":1}"]);
        CliRun Score(params string[] flagged)
        {
            var accounts = string.Join(',', flagged.Select(id => $"{{\"id\":\"{id}\",\"probability\":0.9}}"));
            File.WriteAllText(result, $"{{\"schema\":\"stillhunt.campaigns/1\",\"campaigns\":[{{\"id\":\"c\",\"confidence\":0.9,\"accounts\":[{accounts}]}}]}}");
            return CliRun.Of("range", "score", "--truth", truth, "--result", result);
        }

        Assert.DoesNotContain("warning", Score("a1").Errors, StringComparison.Ordinal);
        Assert.Contains("the truth does not know 1 of 2 flagged accounts, which count as flagged wrongly: b1.", Score("a1", "b1").Errors, StringComparison.Ordinal);
        var others = Score("b1", "b2");
        Assert.Equal(0, others.ExitCode);
        Assert.Contains("the truth knows none of 2 flagged accounts (b1, b2): the result is of other traffic", others.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void The_range_writes_to_a_pipe_what_it_writes_to_a_folder()
    {
        string[] traffic = ["range", "make", "language-lock", "--honest", "60", "--days", "1", "--scale", "0.0001", "--out"];
        Assert.Equal(0, CliRun.Of([.. traffic, Path.Combine(_folder.Path, "made")]).ExitCode);
        var piped = CliRun.Of([.. traffic, "-", "--truth", Path.Combine(_folder.Path, "t.jsonl"), "--accounts", Path.Combine(_folder.Path, "a.csv")]);
        Assert.Equal(0, piped.ExitCode);
        Assert.Equal(File.ReadAllText(Path.Combine(_folder.Path, "made", "traffic.jsonl")), piped.Output);
        Assert.Equal(File.ReadAllText(Path.Combine(_folder.Path, "made", "truth.jsonl")), File.ReadAllText(Path.Combine(_folder.Path, "t.jsonl")));
        Assert.Equal(File.ReadAllText(Path.Combine(_folder.Path, "made", "accounts.csv")), File.ReadAllText(Path.Combine(_folder.Path, "a.csv")));
        Assert.Equal(2, CliRun.Of([.. traffic, "-"]).ExitCode);
    }

    [Theory]
    [InlineData("accounts.csv", "--format", "litellm")]
    [InlineData("traffic.jsonl", "--gz")]
    [InlineData("truth.jsonl", "--truth", "elsewhere.jsonl")]
    public void The_range_leaves_nothing_of_another_run_beside_what_it_writes(string left, params string[] changed)
    {
        string[] traffic = ["range", "make", "language-lock", "--honest", "10", "--days", "1", "--scale", "0.0001", "--out", "made"];
        Assert.Equal(0, CliRun.In(_folder.Path, traffic).ExitCode);
        var before = File.ReadAllText(Path.Combine(_folder.Path, "made", "traffic.jsonl"));
        var run = CliRun.In(_folder.Path, [.. traffic, "--seed", "2", .. changed]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"made holds {left} of another run", run.Errors, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(Path.Combine(_folder.Path, "made", "traffic.jsonl")));
        Assert.Equal(0, CliRun.In(_folder.Path, traffic).ExitCode);
    }

    [Fact]
    [Trait("takes", "minutes")]
    public void A_suite_over_several_seeds_writes_one_report_with_intervals()
    {
        var (json, html) = (Path.Combine(_folder.Path, "r.json"), Path.Combine(_folder.Path, "r.html"));
        var run = CliRun.Of("range", "run", "language-lock", "--seeds", "1,3", "--honest", "60", "--days", "1", "--scale", "0.0001", "--json", json, "--report", html);
        Assert.Equal(0, run.ExitCode);
        using var report = JsonDocument.Parse(File.ReadAllText(json));
        var found = report.RootElement.GetProperty("overall").GetProperty("found");
        Assert.Equal(2, found.GetProperty("of").GetInt32());
        Assert.True(found.GetProperty("low").GetDouble() <= found.GetProperty("share").GetDouble());
        Assert.NotEmpty(report.RootElement.GetProperty("rules").EnumerateArray());
        var page = File.ReadAllText(html);
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.DoesNotContain("http:", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Equal(2, CliRun.Of("range", "run", "language-lock", "--seeds", "5-1").ExitCode);
        Assert.Equal(2, CliRun.Of("range", "run", "nowhere").ExitCode);
    }
}
