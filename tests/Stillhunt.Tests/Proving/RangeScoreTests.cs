using System.Text.Json;
using Stillhunt.Proving;
using Stillhunt.Proving.Suites;
using Stillhunt.Tests.Architecture;
using Stillhunt.Tests.Cli;

namespace Stillhunt.Tests.Proving;

public sealed class RangeScoreTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("range").FullName;

    [Fact]
    public void A_perfect_result_scores_one_and_touches_nobody()
    {
        var report = Score([("a", ["x1", "x2", "x3"]), ("b", ["y1"])]);
        Assert.All(report.Cases, c => Assert.Equal((true, 1, 1.0, 1.0), (c.Found, c.Pieces, c.ExchangeRecall, c.AccountRecall)));
        Assert.Equal(1.0, report.AccountPrecision);
        Assert.Empty(report.FalseCampaigns);
        Assert.All(report.Touched, t => Assert.Equal(0, t.Touched));
    }

    [Fact]
    public void Pieces_and_recall_are_counted_per_case()
    {
        var report = Score([("a", ["x1"]), ("b", ["x2"])]);
        var x = report.Cases.Single(c => c.Case == "x");
        Assert.Equal((true, 2), (x.Found, x.Pieces));
        Assert.Equal(0.3, x.ExchangeRecall, 6);
        var y = report.Cases.Single(c => c.Case == "y");
        Assert.Equal((false, 0, 0.0), (y.Found, y.Pieces, y.ExchangeRecall));
    }

    [Fact]
    public void A_campaign_of_honest_accounts_is_false_and_names_their_kind()
    {
        var report = Score([("a", ["h1", "h2"]), ("b", ["x1", "x2", "h3"])]);
        Assert.Equal(["a"], report.FalseCampaigns);
        Assert.Equal(2 / 5.0, report.AccountPrecision!.Value, 6);
        Assert.Equal(2, report.Touched.Single(t => t.Kind == "seats").Touched);
    }

    [Fact]
    public void A_case_drowned_in_honest_accounts_is_not_found()
    {
        var report = Score([("a", ["x1", "h1", "h2", "h3"])]);
        Assert.False(report.Cases.Single(c => c.Case == "x").Found);
        Assert.Equal(["a"], report.FalseCampaigns);
    }

    [Fact]
    public void Weak_campaigns_and_weak_members_do_not_count()
    {
        var report = Score([("a", ["x1", "x2", "x3"])], confidence: 0.4);
        Assert.Equal(0, report.Campaigns);
        Assert.Null(report.AccountPrecision);
        report = Score([("a", ["x1", "x2", "x3"])], probability: 0.3);
        Assert.Equal(0, report.FlaggedAccounts);
    }

    [Fact]
    public void A_truth_of_another_author_without_our_extra_fields_is_read()
    {
        var report = Score([("a", ["x1"])], header: """{"schema": "stillhunt.truth/1", "exchange_count": 140, "account_count": 9}""");
        Assert.Equal(2, report.Cases.Count);
    }

    [Theory]
    [InlineData("exchange", 139)]
    [InlineData("account", 8)]
    [InlineData("account", 1)]
    [InlineData("tenant", 2)]
    public void A_truth_that_does_not_hold_what_its_header_counts_is_refused(string what, int counted)
    {
        var refused = Assert.Throws<FormatException>(() => Score([("a", ["x1"])], header: $$"""{"schema":"stillhunt.truth/1","{{what}}_count":{{counted}}}"""));
        Assert.Contains($"its header counts {counted} ('{what}_count')", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("{\"schema\":\"stillhunt.truth/1\"}\n")]
    [InlineData("{\"account\":\"x1\",\"kind\":\"operator\",\"campaign\":\"x\",\"exchange_count\":1,\"extracting_count\":1}\n")]
    public void A_truth_without_a_header_or_without_accounts_is_refused(string text)
    {
        var path = Path.Combine(_folder, "less.jsonl");
        File.WriteAllText(path, text);
        Assert.Contains("less.jsonl", Assert.Throws<FormatException>(() => RangeTruth.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_truth_is_refused() =>
        Assert.Throws<FormatException>(() => Score([("a", ["x1"])], header: """{"schema":"other"}"""));

    [Fact]
    public void A_tenant_that_is_named_is_scored_without_touching_the_others_and_a_whole_account_touches_all()
    {
        var truth = Path.Combine(_folder, "tenants.jsonl");
        File.WriteAllLines(truth,
        [
            """{"schema":"stillhunt.truth/1"}""",
            """{"account":"r","kind":"operator","campaign":"x","exchange_count":30,"extracting_count":10}""",
            """{"tenant_of":"r","end_user":"bad","campaign":"x","exchange_count":10,"extracting_count":10}""",
            """{"tenant_of":"r","end_user":"good","campaign":null,"exchange_count":20,"extracting_count":0}""",
        ]);
        var named = RangeScore.Score(RangeTruth.Read(truth), Flagging(new ResultMember("r", "bad", 0.9)));
        Assert.Equal((true, 1.0, 1.0), (named.Cases[0].Found, named.Cases[0].ExchangeRecall, named.AccountPrecision));
        Assert.Equal(0, named.Touched.Single(t => t.Kind == "reseller-tenant").Touched);
        var whole = RangeScore.Score(RangeTruth.Read(truth), Flagging(new ResultMember("r", null, 0.9)));
        Assert.Equal(1.0, whole.Cases[0].ExchangeRecall);
        Assert.Equal(1, whole.Touched.Single(t => t.Kind == "reseller-tenant").Touched);
        var wrong = RangeScore.Score(RangeTruth.Read(truth), Flagging(new ResultMember("r", "good", 0.9)));
        Assert.Equal((false, 0.0), (wrong.Cases[0].Found, wrong.Cases[0].ExchangeRecall));
        Assert.Single(wrong.FalseCampaigns);
        var nobody = RangeScore.Score(RangeTruth.Read(truth), Flagging(new ResultMember("r", "nobody", 0.9)));
        Assert.Equal((false, 0.0, 0.0), (nobody.Cases[0].Found, nobody.Cases[0].ExchangeRecall, nobody.AccountPrecision));
        Assert.Equal(["r/nobody"], nobody.UnknownAccounts);

        static RangeResult Flagging(ResultMember member) => new([new ResultCampaign("c", 0.9, [member])], []);
    }

    [Fact]
    public void An_end_user_of_an_account_whose_end_users_the_truth_does_not_tell_apart_stands_for_the_account()
    {
        Score([("a", ["x1"])]);
        var report = RangeScore.Score(RangeTruth.Read(Path.Combine(_folder, "t.jsonl")), new RangeResult([new ResultCampaign("c", 0.9, [new ResultMember("x1", "u", 0.9)])], []));
        Assert.Equal((1.0, 0), (report.AccountPrecision, report.UnknownAccounts.Count));
        // And two of them for one account: one of two members is no majority.
        report = RangeScore.Score(RangeTruth.Read(Path.Combine(_folder, "t.jsonl")),
            new RangeResult([new ResultCampaign("c", 0.9, [new ResultMember("x1", "u", 0.9), new ResultMember("x1", "v", 0.9), new ResultMember("h1", null, 0.9)])], []));
        Assert.Equal((2, false), (report.FlaggedAccounts, report.Cases.Single(c => c.Case == "x").Found));
    }

    [Fact]
    public void A_score_tells_how_much_probabilities_are_worth_and_how_sure_its_rates_are()
    {
        var report = Score([("a", ["x1", "x2", "h1"])], probability: 1);
        Assert.Equal(new Proportion(1, 2), report.Found);
        Assert.Equal(new Proportion(2, 4), report.AccountRecall);
        Assert.Equal(new Proportion(1, 3), report.HonestFlagged);
        Assert.Equal(new Proportion(2, 3), report.Reliability.Bins.Single(b => b.From == 0.9).Extracting);
        // Two of four operators' and one of three customers' accounts were named at 0.9, the others count as 0.0001.
        var (missed, accused) = (-(Math.Log2(0.9) + Math.Log2(1e-4)) / 2, -(Math.Log2(0.1) + (2 * Math.Log2(1 - 1e-4))) / 3);
        Assert.Equal((0.1 * missed) + (0.9 * accused), report.Reliability.LogLosses.Single(l => l.Prevalence == 0.1).Bits, 9);
        var json = CliRun.In(_folder, "range", "score", "--truth", "t.jsonl", "--result", "c.json", "--json");
        Assert.Contains("\"log_loss\"", json.Output, StringComparison.Ordinal);
        Assert.Contains("Log loss of account probabilities", CliRun.In(_folder, "range", "score", "--truth", "t.jsonl", "--result", "c.json").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_recipe_for_other_detectors_says_is_read()
    {
        var recipe = File.ReadLines(Path.Combine(Repository.Root, "docs", "range.md")).Single(line => line.StartsWith("    {\"schema\": \"stillhunt.campaigns/1\"", StringComparison.Ordinal));
        var campaign = Assert.Single(Read(recipe).Campaigns);
        Assert.Equal([new ResultMember("acct_1", null, 0.8), new ResultMember("acct_2", "user-7", 0.6)], campaign.Members);
    }

    [Theory]
    [InlineData("{\"campaigns\":[]}", "\"schema\": \"stillhunt.campaigns/1\"")]
    [InlineData("{\"schema\":\"stillhunt.campaigns/1\"}", "r.json': there is no 'campaigns'.")]
    [InlineData("{\"schema\":\"stillhunt.campaigns/1\",\"campaigns\":[{\"id\":\"c\",\"accounts\":[]}]}", "r.json', campaigns[0]: there is no 'confidence'.")]
    [InlineData("{\"schema\":\"stillhunt.campaigns/1\",\"campaigns\":[{\"id\":\"c\",\"confidence\":2,\"accounts\":[]}]}", "campaigns[0]: 'confidence' is not a number from 0 to 1.")]
    [InlineData("{\"schema\":\"stillhunt.campaigns/1\",\"campaigns\":[{\"id\":\"c\",\"confidence\":1,\"accounts\":[{\"id\":\"a\",\"probability\":1.5}]}]}", "campaigns[0], accounts[0]: 'probability' is not a number from 0 to 1.")]
    [InlineData("{\"schema\":5}", "\"schema\": \"stillhunt.campaigns/1\"")]
    [InlineData("{\"schema\":\"stillhunt.campaigns/1\",\"campaigns\":{}}", "r.json': 'campaigns' is no list.")]
    [InlineData("{\"schema\":\"stillhunt.campaigns/1\",\"campaigns\":[{\"id\":null,\"confidence\":1,\"accounts\":[]}]}", "campaigns[0]: 'id' is no text.")]
    [InlineData("{\"schema\":\"stillhunt.campaigns/1\",\"campaigns\":[{\"id\":\"c\",\"confidence\":1,\"accounts\":[\"a\"]}]}", "campaigns[0], accounts[0]: this is no JSON object.")]
    [InlineData("{\"schema\":\"stillhunt.campaigns/1\",\"campaigns\":[{\"id\":\"c\",\"confidence\":1,\"accounts\":[{\"id\":null,\"probability\":1}]}]}", "campaigns[0], accounts[0]: 'id' is no text.")]
    [InlineData("{\"schema\":\"stillhunt.campaigns/1\",\"campaigns\":[{\"id\":\"c\",\"confidence\":1,\"accounts\":[{\"id\":\"\\ud800\",\"probability\":1}]}]}", "campaigns[0], accounts[0]: 'id' holds half a character.")]
    [InlineData("{\"schema\":\"stillhunt.campaigns/1\",\"campaigns\":[],\"suspected\":[{\"id\":\"c\",\"confidence\":\"high\",\"accounts\":[]}]}", "suspected[0]: 'confidence' is not a number from 0 to 1.")]
    public void A_result_that_can_not_be_scored_is_refused_with_what_is_wrong(string json, string why) => Assert.Contains(why, Assert.Throws<FormatException>(() => Read(json)).Message, StringComparison.Ordinal);

    private RangeResult Read(string json)
    {
        var path = Path.Combine(_folder, "r.json");
        File.WriteAllText(path, json);
        return RangeResult.Read(path);
    }

    [Theory]
    [InlineData("""{"account":"a","kind":"casual","exchange_count":1}""", "there is no 'extracting_count'.")]
    [InlineData("""{"account":null,"kind":"casual","exchange_count":1,"extracting_count":0}""", "'account' is no text.")]
    [InlineData("""{"account":"a","kind":null,"exchange_count":1,"extracting_count":0}""", "'kind' is no text.")]
    [InlineData("""{"account":"a","kind":"operator","campaign":5,"exchange_count":1,"extracting_count":0}""", "'campaign' is no text.")]
    [InlineData("""{"account":"a","kind":"casual","exchange_count":"1","extracting_count":0}""", "'exchange_count' is no count")]
    [InlineData("""{"account":"a","kind":"casual","exchange_count":1.5,"extracting_count":0}""", "'exchange_count' is no count")]
    [InlineData("""{"account":"a","kind":"casual","exchange_count":1,"extracting_count":-1}""", "'extracting_count' is no count")]
    [InlineData("""{"account":"x","kind":"casual","exchange_count":1,"extracting_count":0}""", "the account 'x' stands twice.")]
    [InlineData("""{"tenant_of":"x","end_user":"u","exchange_count":1,"extracting_count":0}""", "the end user 'u' of 'x' stands twice.")]
    public void A_fault_in_the_truth_names_file_line_and_field(string line, string why)
    {
        var path = Path.Combine(_folder, "broken.jsonl");
        File.WriteAllLines(path,
        [
            """{"schema":"stillhunt.truth/1"}""", """{"account":"x","kind":"operator","campaign":"x","exchange_count":1,"extracting_count":1}""",
            """{"tenant_of":"x","end_user":"u","campaign":"x","exchange_count":1,"extracting_count":1}""", line,
        ]);
        Assert.Contains("broken.jsonl, line 4: " + why, Assert.Throws<FormatException>(() => RangeTruth.Read(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Evasions_are_read_and_written_with_hyphens()
    {
        Assert.Equal(Evasions.DisjointInfrastructure | Evasions.Dilution90, EvasionNames.Read("disjoint-infrastructure,dilution-90"));
        Assert.Equal(EvasionNames.Read("DisjointInfrastructure,dilution90"), EvasionNames.Read("disjoint-infrastructure,dilution-90"));
        Assert.All(EvasionNames.Each, e => Assert.Equal(e, EvasionNames.Read(EvasionNames.Of(e))));
        Assert.False(EvasionNames.Read("all").HasFlag(Evasions.FixedWrapper));
    }

    [Fact]
    public void The_command_makes_scores_and_lists()
    {
        var list = CliRun.In(_folder, "range", "list");
        Assert.Equal(0, list.ExitCode);
        Assert.Contains("two-pools", list.Output, StringComparison.Ordinal);
        Assert.Equal(0, CliRun.In(_folder, "range", "make", "drizzle", "--honest", "50", "--days", "2", "--exchanges", "--gz", "--out", ".").ExitCode);
        Assert.True(File.Exists(Path.Combine(_folder, "traffic.jsonl.gz")));
        Assert.Contains("\"exchange\":\"req_", File.ReadAllText(Path.Combine(_folder, "truth.jsonl")), StringComparison.Ordinal);
        Assert.Equal(2, CliRun.In(_folder, "range", "make", "drizzle", "--evade", "invisibility", "--out", ".").ExitCode);
        Assert.Equal(2, CliRun.In(_folder, "range", "score").ExitCode);
        Assert.Equal(Evasions.Paraphrase | Evasions.LowAndSlow, EvasionNames.Read("paraphrase,low-and-slow"));
    }

    private RangeReport Score((string Id, string[] Accounts)[] campaigns, double confidence = 0.9, double probability = 0.8, string? header = null)
    {
        var truth = Path.Combine(_folder, "t.jsonl");
        File.WriteAllLines(truth,
        [
            header ?? """{"schema":"stillhunt.truth/1","exchange_count":140,"account_count":7}""",
            """{"account":"x1","kind":"operator","campaign":"x","exchange_count":10,"extracting_count":10}""",
            """{"account":"x2","kind":"operator","campaign":"x","exchange_count":20,"extracting_count":20}""",
            """{"account":"x3","kind":"operator","campaign":"x","exchange_count":90,"extracting_count":70}""",
            """{"account":"y1","kind":"operator","campaign":"y","exchange_count":5,"extracting_count":5}""",
            """{"account":"h1","kind":"seats","campaign":null,"exchange_count":5,"extracting_count":0}""",
            """{"account":"h2","kind":"seats","campaign":null,"exchange_count":5,"extracting_count":0}""",
            """{"account":"h3","kind":"casual","campaign":null,"exchange_count":5,"extracting_count":0}""",
        ]);
        var result = Path.Combine(_folder, "c.json");
        File.WriteAllText(result, JsonSerializer.Serialize(new
        {
            schema = "stillhunt.campaigns/1",
            campaigns = campaigns.Select(c => new { id = c.Id, confidence, accounts = c.Accounts.Select(a => new { id = a, probability }) }),
        }));
        // With two half-flagged campaigns x1 (10) and x2 (20) of 100.
        return RangeScore.Score(truth, result);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
