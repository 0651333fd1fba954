using System.Text.Json;
using Stillhunt.Proving;
using Stillhunt.Tests.Ingest;

namespace Stillhunt.Tests.Proving;

public sealed class RangeMakingTests
{
    private static readonly RangeOptions Small = new() { HonestAccounts = 120, Days = 3 };

    [Fact]
    public void The_same_seed_gives_the_same_bytes()
    {
        var (one, two) = (new RangeSample(Small), new RangeSample(Small));
        Assert.True(one.Bytes.AsSpan().SequenceEqual(two.Bytes));
        Assert.Equal(one.Truth, two.Truth);
        Assert.Equal(one.Accounts, two.Accounts);
    }

    [Fact]
    [Trait("takes", "minutes")]
    public void Another_seed_gives_other_traffic()
    {
        var (one, two) = (new RangeSample(Small), new RangeSample(Small with { Seed = 2 }));
        Assert.Empty(one.Kinds.Keys.Intersect(two.Kinds.Keys));
    }

    [Fact]
    public void Honest_traffic_is_the_same_with_an_operator_and_without()
    {
        // People's texts do not depend on who else is there: the operators' parts have chances of their own.
        var quiet = new RangeSample(Small with { Scenario = "quiet" });
        var loud = new RangeSample(Small with { Scenario = "drizzle" });
        var shared = quiet.Honest.Select(e => (e.Account, e.Time, e.Turn)).Intersect(loud.Honest.Select(e => (e.Account, e.Time, e.Turn))).Count();
        Assert.Equal(quiet.Exchanges.Count, shared);
    }

    [Fact]
    public void The_truth_adds_up_with_the_traffic()
    {
        var sample = RangeSample.Documented;
        var sent = sample.Exchanges.GroupBy(e => e.Account).ToDictionary(g => g.Key, g => (All: g.Count(), Extracting: g.Count(e => e.Extracts)));
        var lines = sample.Truth.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var header = JsonDocument.Parse(lines[0]).RootElement;
        Assert.Equal(RangeRun.TruthSchema, header.GetProperty("schema").GetString());
        Assert.Equal(sample.Exchanges.Count, header.GetProperty("exchange_count").GetInt64());
        Assert.Equal((5, 1500), (header.GetProperty("days").GetDouble(), header.GetProperty("honest").GetInt32()));
        Assert.Equal(sent.Count, lines.Length - 1);
        foreach (var account in lines.Skip(1).Select(l => JsonDocument.Parse(l).RootElement))
        {
            var (all, extracting) = sent[account.GetProperty("account").GetString()!];
            Assert.Equal(all, account.GetProperty("exchange_count").GetInt64());
            Assert.Equal(extracting, account.GetProperty("extracting_count").GetInt64());
            if (account.GetProperty("campaign").ValueKind == JsonValueKind.Null) Assert.Equal(0, extracting);
        }
    }

    [Fact]
    public void Traffic_comes_in_the_order_of_time_with_ids_of_its_own()
    {
        var exchanges = RangeSample.Documented.Exchanges;
        Assert.True(exchanges.Zip(exchanges.Skip(1)).All(p => p.First.Time <= p.Second.Time));
        Assert.Equal(exchanges.Count, exchanges.Select(e => e.Id).Distinct().Count());
    }

    [Fact]
    public void Every_case_is_there_with_enough_accounts_and_every_look_alike()
    {
        var counts = RangeSample.Documented.Kinds.Values.CountBy(k => k).ToDictionary();
        foreach (var id in RangeScenario.Of("documented").Cases) Assert.True(counts[id] >= (id == "few-heavy" ? 8 : 40), $"{id}: {counts[id]}");
        string[] lookAlikes =
        [
            "evaluation", "enterprise-batch", "byok-app", "modular-app", "byok-wrapper", "classroom", "hackathon", "seats", "reseller", "agency", "carrier-nat",
            "viral", "ci-grader", "tutoring", "licensed", "safety-research", "tinkerer", "startup", "developer", "coding-agent", "casual",
        ];
        Assert.All(lookAlikes, k => Assert.True(counts.GetValueOrDefault(k) > 0, k));
    }

    [Fact]
    public void The_awkward_scenario_holds_every_operator_that_hides_and_every_customer_that_is_hard_to_clear()
    {
        var sample = RangeSample.Awkward;
        var counts = sample.Kinds.Values.CountBy(k => k).ToDictionary();
        foreach (var id in RangeScenario.Of("awkward").Cases) Assert.True(counts.GetValueOrDefault(id) >= 12, $"{id}: {counts.GetValueOrDefault(id)}");
        string[] lookAlikes =
        [
            "prompt-library", "assistant-extension", "byok-wrapper", "launch-day", "public-judge", "content-shop", "translation-agency", "labelling", "long-batch",
            "evaluation-firm", "research-team", "licensed", "reseller", "carrier-nat", "tutoring",
        ];
        Assert.All(lookAlikes, k => Assert.True(counts.GetValueOrDefault(k) > 0, k));
    }

    [Fact]
    public void The_truth_tells_the_tenants_of_a_resellers_accounts_apart()
    {
        var tenants = RangeSample.Awkward.Truth.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).Where(e => e.TryGetProperty("tenant_of", out _)).ToList();
        Assert.True(tenants.Select(t => t.GetProperty("end_user").GetString()).Distinct().Count() > 250);
        var hostile = tenants.Where(t => t.GetProperty("campaign").ValueKind == JsonValueKind.String).ToList();
        Assert.Single(hostile.Select(t => t.GetProperty("end_user").GetString()).Distinct());
        Assert.All(hostile, t => Assert.Equal("reseller-tenant", t.GetProperty("campaign").GetString()));
        Assert.True(hostile.Sum(t => t.GetProperty("extracting_count").GetInt64()) > 1000);
    }

    [Fact]
    public void Two_operators_on_one_pool_use_the_same_accounts()
    {
        var owners = RangeSample.Awkward.Campaigns.Where(c => c.Campaign.StartsWith("shared-pool/", StringComparison.Ordinal)).GroupBy(c => c.Account).ToList();
        Assert.True(owners.Count(g => g.Select(c => c.Campaign).Distinct().Count() == 2) >= 30);
    }

    [Fact]
    public void A_search_is_refused_often_at_first_and_seldom_in_the_end()
    {
        var own = RangeSample.Awkward.Exchanges.Where(e => e.Extracts && RangeSample.Awkward.Kinds[e.Account] == "technique-search").ToList();
        Assert.True(own.Take(300).Count(e => e.Stop == "refusal") > 4 * own.TakeLast(300).Count(e => e.Stop == "refusal"));
        Assert.True(own.TakeLast(300).Select(e => e.System + e.Turn[..Math.Min(12, e.Turn.Length)]).Distinct().Count() < own.Take(300).Select(e => e.System + e.Turn[..Math.Min(12, e.Turn.Length)]).Distinct().Count());
    }

    [Fact]
    public void The_app_that_an_operator_copies_has_many_honest_users()
    {
        var sample = RangeSample.Awkward;
        var copied = sample.Exchanges.Where(e => e.Extracts && sample.Kinds[e.Account] == "app-copier").Select(e => e.System).Distinct().ToList();
        Assert.Single(copied);
        Assert.True(sample.Honest.Where(e => e.System == copied[0]).Select(e => e.Account).Distinct().Count() >= 15);
    }

    [Fact]
    public void A_quiet_run_has_no_operator()
    {
        var sample = new RangeSample(Small with { Scenario = "quiet" });
        Assert.Empty(sample.Operators);
        Assert.Equal(0, sample.Run.ExtractingCount);
    }

    [Theory]
    [InlineData(TrafficFormat.LiteLlm, "user_api_key_user_id")]
    [InlineData(TrafficFormat.Bedrock, "accountId")]
    [InlineData(TrafficFormat.Otlp, "user.id")]
    public void A_foreign_format_names_the_accounts_of_the_truth_and_no_more_than_such_logs_hold(TrafficFormat format, string identity)
    {
        var sample = new RangeSample(Small with { Format = format, Scenario = "drizzle", HonestAccounts = 60 });
        var lines = sample.Lines.ToList();
        Assert.Equal(sample.Run.ExchangeCount, lines.Count);
        var seen = new HashSet<string>();
        foreach (var line in lines)
        {
            using var json = JsonDocument.Parse(line);
            seen.Add(Find(json.RootElement, identity)!);
            Assert.DoesNotContain("\"tls\"", line, StringComparison.Ordinal);
            Assert.DoesNotContain("reasoning_ref", line, StringComparison.Ordinal);
        }

        Assert.True(seen.SetEquals(sample.Kinds.Keys));

        static string? Find(JsonElement element, string name)
        {
            if (element.ValueKind == JsonValueKind.Array) return element.EnumerateArray().Select(e => Find(e, name)).FirstOrDefault(f => f is not null);
            if (element.ValueKind != JsonValueKind.Object) return null;
            if (element.TryGetProperty(name, out var value)) return value.GetString();
            if (element.TryGetProperty("key", out var key) && key.ValueKind == JsonValueKind.String && key.GetString() == name)
                return element.GetProperty("value").GetProperty("stringValue").GetString();
            return element.EnumerateObject().Select(p => Find(p.Value, name)).FirstOrDefault(f => f is not null);
        }
    }

    [Fact]
    public void Drizzle_stays_at_a_few_requests_an_account()
    {
        var perAccount = RangeSample.Documented.Hostile.Where(e => RangeSample.Documented.Kinds[e.Account] == "drizzle").GroupBy(e => e.Account).Select(g => g.Count()).ToList();
        Assert.InRange(perAccount.Average(), 3, 6);
        Assert.True(perAccount.Count >= 100);
    }

    [Fact]
    public void The_second_pool_takes_over_when_the_first_is_banned()
    {
        var sample = RangeSample.Documented;
        var closed = sample.Accounts.Split('\n').Skip(1).Where(l => l.Length > 0).Select(l => l.Split(','))
            .Where(f => sample.Kinds.GetValueOrDefault(f[0]) == "two-pools").ToDictionary(f => f[0], f => f[2]);
        var ban = closed.Values.Where(c => c.Length > 0).Select(c => DateTimeOffset.Parse(c, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        var second = sample.Hostile.Where(e => closed.GetValueOrDefault(e.Account) == "").ToList();
        Assert.True(ban.Count >= 30);
        Assert.True(second.Count > 1000);
        Assert.True(second.Min(e => e.Time) > ban.Min());
    }

    [Fact]
    public void Half_of_the_pivot_moves_within_a_day_and_the_population_does_not()
    {
        var sample = RangeSample.Documented;
        var launch = sample.Exchanges.Where(e => e.Model.Contains('4', StringComparison.Ordinal)).Min(e => e.Time);
        var late = sample.Exchanges.Where(e => e.Time > launch.AddHours(26)).ToList();
        var pivot = late.Where(e => e.Extracts && sample.Kinds[e.Account] == "pivot").ToList();
        Assert.InRange(pivot.Count(e => e.Model == "kestrel-4-large") / (double)pivot.Count, 0.38, 0.6);
        var honest = late.Where(e => !sample.Operators.Contains(e.Account)).ToList();
        Assert.InRange(honest.Count(e => e.Model == "kestrel-4-large") / (double)honest.Count, 0.04, 0.3);
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("tpl-one.jsonl", "{\"prompt\":\"Name a river that runs through three countries.\"}\n")]
    [InlineData("notes.txt", "{\"prompt\":\"Name a river that runs through three countries.\"}\n")]
    [InlineData("half.jsonl", "{\"prompt\":\"Name a river \\ud800 that runs through three countries.\"}\n")]
    [InlineData("short.jsonl", "no json\n{\"prompt\":\"short\"}\n{\"other\":\"Name a river that runs through three countries.\"}\n")]
    public void A_folder_without_a_prompt_that_can_be_used_is_refused(string? name, string text)
    {
        using var folder = new TemporaryFolder();
        if (name is not null) folder.Write(name, text);
        var options = new RangeOptions { PromptFolder = folder.Path };
        Assert.Contains("holds none that can be used", Assert.Throws<RangeUsageException>(options.Validate).Message, StringComparison.Ordinal);
        folder.Write("in/good.jsonl", "{\"prompt\":\"Name a river that runs through three countries.\"}\n");
        options.Validate();
    }

    [Fact]
    public void A_fault_in_the_options_is_told_with_all_the_others()
    {
        var fault = Assert.Throws<RangeUsageException>(() => new RangeOptions { Scenario = "nowhere", Scale = -1, Days = 0 }.Validate());
        Assert.Contains("nowhere", fault.Message, StringComparison.Ordinal);
        Assert.Contains("scale", fault.Message, StringComparison.Ordinal);
        Assert.Contains("days", fault.Message, StringComparison.Ordinal);
    }
}
