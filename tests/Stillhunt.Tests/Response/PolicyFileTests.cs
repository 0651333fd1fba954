using System.Text.Json;
using Stillhunt.Response;
using Stillhunt.Tests.Architecture;

namespace Stillhunt.Tests.Response;

public sealed class PolicyFileTests
{
    [Theory]
    [InlineData("policies/shadow.yaml", false)]
    [InlineData("policies/enforce.yaml", true)]
    [InlineData("policies/gentle.yaml", true)]
    [InlineData("policies/strict.yaml", true)]
    [InlineData("policies/evidence.yaml", true)]
    public void The_shipped_policies_are_read_and_only_the_one_that_says_so_acts(string path, bool enforce)
    {
        var policy = PolicyFile.Load(Path.Combine(Repository.Root, path), out var faults);
        Assert.Empty(faults);
        Assert.Equal(enforce, policy!.Enforce);
    }

    [Fact]
    public void The_example_that_acts_asks_for_more_the_more_it_takes_and_lets_go_within_the_day()
    {
        var policy = PolicyFile.Load(Path.Combine(Repository.Root, "policies/enforce.yaml"), out _)!;
        var rules = policy.CampaignRules.Where(rule => rule.Action.Touches() && rule.When.Confirmed is null).ToList();
        Assert.All(rules, rule => Assert.InRange(rule.Lasts, TimeSpan.FromHours(1), TimeSpan.FromDays(1)));
        var refusing = Assert.Single(rules, rule => rule.Action >= ResponseAction.Verify);
        Assert.All(rules, rule => Assert.True(rule == refusing || (rule.When.Confidence < refusing.When.Confidence && rule.When.Probability <= refusing.When.Probability)));
        // The weakest evidence touches neither a verified customer nor an old one; a cap on better evidence is not hidden by it.
        var weakest = rules.MinBy(rule => rule.When.Confidence)!;
        Assert.Equal((false, TimeSpan.FromDays(90)), (weakest.When.Verified, weakest.When.YoungerThan));
        Assert.True(rules.FindIndex(rule => rule.Id == "cap-new") < rules.IndexOf(weakest));
        // Nor does anything else touch a verified customer before a person has looked.
        Assert.Equal(0, policy.Brake.Verified);
    }

    [Fact]
    public void All_faults_are_told_at_once_with_their_lines()
    {
        var policy = PolicyFile.Read(
            """
            version: 1
            mode: act
            hold_out: 7
            campaigns:
              - rule: a
                when: {confidnce: 0.9}
                then: [flag]
              - rule: a
                when: {technique: guessing}
                then: [cap]
            access:
              - rule: b
                when: {confidence: 0.9}
                then: [vanish]
                lasts: soon
              - rule: c
                when: {}
                then: [flag]
              - rule: b
                when: {tier: free}
                then: []
            """, "p", out var faults);
        Assert.Null(policy);
        (long Line, string? Field)[] expected =
        [
            (2, "mode"), (3, "hold_out"), (6, "campaigns[0].when.confidnce"), (9, "campaigns[1].when.technique"), (10, "campaigns[1].then"), (13, "access[0].when"), (14, "access[0].then"),
            (15, "access[0].lasts"), (17, "access[1].when"), (8, "campaigns[1].rule"), (19, "access[2].rule"), (21, "access[2].then"),
        ];
        Assert.All(expected, wanted => Assert.Contains(faults, fault => (fault.Line, fault.Field) == wanted));
        Assert.Equal(["campaigns[1].rule", "access[2].rule"], faults.Where(fault => fault.Text.Contains("Two rules", StringComparison.Ordinal)).Select(fault => fault.Field));
        // What is there and can't be read is not missing.
        Assert.Equal("access[2].then", Assert.Single(faults, fault => fault.Text.StartsWith("A rule needs then", StringComparison.Ordinal)).Field);
    }

    [Theory]
    [InlineData("[{strip: []}]", "strip takes some of")]
    [InlineData("[{strip: {n: true}}]", "strip takes some of")]
    [InlineData("[{strip: [n, top_p]}]", "not 'top_p'")]
    [InlineData("[flag, {strip: []}]", "strip takes some of")]
    [InlineData("[cap]", "cap needs what to cap")]
    [InlineData("[{a: b, c: d}]", "Each action is a word")]
    [InlineData("", "Each action is a word")]
    public void An_action_that_can_not_be_read_is_one_fault(string then, string told)
    {
        Assert.Null(PolicyFile.Read($"version: 1\ncampaigns:\n  - rule: a\n    when: {{confidence: 0.9}}\n    then: {then}", "p", out var faults));
        var fault = Assert.Single(faults);
        Assert.Equal((5, "campaigns[0].then"), (fault.Line, fault.Field));
        Assert.Contains(told, fault.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Strip_by_itself_takes_all_and_a_list_takes_what_it_names()
    {
        var rules = PolicyFile.Read("version: 1\ncampaigns:\n  - {rule: a, when: {confidence: 0.9}, then: [strip]}\n  - {rule: b, when: {confidence: 0.9}, then: [{strip: [n]}]}", "p", out _)!.CampaignRules;
        Assert.Equal([3, 1], rules.Select(rule => rule.Then[0].Fields.Count));
    }

    [Fact]
    public void A_canary_is_for_flagged_campaigns_only_so_that_no_rule_can_name_an_honest_customer()
    {
        foreach (var (text, isRead) in new[]
        {
            ("access:\n  - {rule: a, when: {tier: free}, then: [canary]}", false),
            ("campaigns:\n  - {rule: a, when: {younger_than: 3d}, then: [canary]}", false),
            ("campaigns:\n  - {rule: a, when: {confidence: 0.4}, then: [flag, canary]}", false),
            ("campaigns:\n  - {rule: a, when: {confirmed: false}, then: [canary]}", false),
            ("campaigns:\n  - {rule: a, when: {confidence: 0.5}, then: [canary]}", true),
            ("campaigns:\n  - {rule: a, when: {confirmed: true}, then: [canary, verify]}", true),
            ("campaigns:\n  - {rule: a, when: {confidence: 0.9}, then: [{canary: loud}]}", false),
        })
        {
            var policy = PolicyFile.Read("version: 1\n" + text, "p", out var faults);
            Assert.Equal(isRead, policy is not null);
            if (!isRead) Assert.Contains(faults, fault => fault.Text.Contains("canary", StringComparison.Ordinal) && fault.Line == 3);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("- a")]
    [InlineData("version: 1\n  broken: [")]
    [InlineData("version: 1\n---\nversion: 1")]
    [InlineData("version: 2")]
    [InlineData("version: 1\ncampaigns: {a: b}")]
    public void What_is_no_policy_is_refused(string text)
    {
        Assert.Null(PolicyFile.Read(text, "p", out var faults));
        Assert.NotEmpty(faults);
    }

    [Fact]
    public void Without_a_mode_nothing_is_done() => Assert.False(PolicyFile.Read("version: 1", "p", out _)!.Enforce);

    /// <summary>The schema is for editors; it must know neither more nor less than the reader.</summary>
    [Fact]
    public void The_published_schema_names_the_conditions_that_are_read()
    {
        using var schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "policies/policy.schema.json")));
        var published = schema.RootElement.GetProperty("$defs").GetProperty("campaignWhen").GetProperty("properties").EnumerateObject().Select(property => property.Name).Order().ToList();
        PolicyFile.Read("version: 1\ncampaigns:\n  - {rule: a, when: {nothing: 1}, then: [flag]}", "p", out var faults);
        var access = schema.RootElement.GetProperty("$defs").GetProperty("accessWhen").GetProperty("properties").EnumerateObject().Select(property => property.Name).ToList();
        PolicyFile.Read($"version: 1\naccess:\n  - {{rule: a, when: {{{string.Join(", ", access.Select(name => name + ": 0"))}}}, then: [flag]}}", "p", out var ofAccess);
        Assert.DoesNotContain(ofAccess, fault => fault.Text.StartsWith("There is no field", StringComparison.Ordinal));
        Assert.Contains("signup", access);
        var read = faults[0].Text[(faults[0].Text.IndexOf("known are ", StringComparison.Ordinal) + 10)..].TrimEnd('.').Split(", ").Order().ToList();
        Assert.Equal(read, published);
    }
}
