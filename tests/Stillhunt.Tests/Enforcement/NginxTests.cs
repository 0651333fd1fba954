using System.Text.Json;
using Stillhunt.Server.Security;

namespace Stillhunt.Tests.Enforcement;

/// <summary>The shipped configuration in Debian's nginx. <c>./test.sh --all</c> installs it.</summary>
[Trait("needs", "nginx")]
public sealed class NginxTests
{
    private static readonly (string From, string To) Customers = ("\"Bearer sk-example-1\"  acct-1;", """
        "Bearer sk-good" good; "Bearer sk-out" suspended; "Bearer sk-wait" held; "Bearer sk-who" unverified; "Bearer sk-slow" capped;
        "Bearer sk-less" stripped; "Bearer sk-odd" 'größe "7"';
        """);

    private static readonly (string From, string To) Open = ("include stillhunt-closed.conf", "include stillhunt-open.conf");

    [Fact]
    public async Task Customers_are_served_and_what_a_verdict_says_is_told_to_the_model_and_not_to_them()
    {
        await using var model = await GuardedModel.Start();
        await using var nginx = await NginxProcess.Start(model, Customers);
        var (status, body, _) = await nginx.Ask("Bearer sk-good", ("Stillhunt-Obligations", "[]"), ("Stillhunt-Account", "suspended"));
        Assert.Equal((200, model.Answer), (status, body));
        Assert.DoesNotContain(Assert.Single(model.Reached).Keys, name => name == "Stillhunt-Obligations");

        (status, _, var answer) = await nginx.Ask("Bearer sk-less");
        Assert.Equal(200, status);
        Assert.Equal("""[{"action":"strip","fields":["logprobs","n"]},{"action":"withhold-reasoning"}]""", model.Reached[1]["Stillhunt-Obligations"]);
        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Stillhunt", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Who_is_refused_gets_the_status_and_a_code_to_act_on_in_either_fail_mode()
    {
        await using var model = await GuardedModel.Start();
        await using var closed = await NginxProcess.Start(model, Customers);
        await using var open = await NginxProcess.Start(model, Customers, Open);
        foreach (var (key, status, code) in new[]
        {
            ("Bearer sk-out", 403, "account_suspended"), ("Bearer sk-wait", 403, "account_on_hold"), ("Bearer sk-who", 403, "verification_required"), ("Bearer sk-odd", 403, "account_suspended"),
            ("Bearer sk-unknown", 401, "no_account"), (null, 401, "no_account"), ("Bearer sk-good\", Bearer sk-good", 401, "no_account"),
        })
        {
            foreach (var nginx in new[] { closed, open })
            {
                var refused = await nginx.Ask(key);
                Assert.Equal((status, code), (refused.Status, Code(refused.Body)));
                Assert.DoesNotContain("rule", refused.Body, StringComparison.OrdinalIgnoreCase);
            }
        }

        Assert.Empty(model.Reached);
    }

    [Fact]
    public async Task Requests_beyond_a_cap_are_told_when_to_come_again()
    {
        await using var model = await GuardedModel.Start();
        await using var nginx = await NginxProcess.Start(model, Customers);
        foreach (var expected in new[] { 200, 200, 429 }) Assert.Equal(expected, (await nginx.Ask("Bearer sk-slow")).Status);
        var (_, body, answer) = await nginx.Ask("Bearer sk-slow");
        Assert.Equal("request_limit_reached", Code(body));
        Assert.InRange(answer.Headers.RetryAfter!.Delta!.Value.TotalMinutes, 1, 60 * 1.5 + 1);
        Assert.Equal(200, (await nginx.Ask("Bearer sk-good")).Status);
    }

    [Fact]
    public async Task While_stillhunt_is_down_closed_refuses_and_open_lets_through()
    {
        await using var model = await GuardedModel.Start();
        await using var closed = await NginxProcess.Start(model, Customers);
        await using var open = await NginxProcess.Start(model, Customers, Open);
        Assert.Equal(403, (await open.Ask("Bearer sk-out")).Status);
        await model.StopStillhunt();
        var (status, body, _) = await closed.Ask("Bearer sk-good");
        Assert.Equal((503, "enforcement_unavailable"), (status, Code(body)));
        Assert.Equal(200, (await open.Ask("Bearer sk-good")).Status);
        Assert.Equal(200, (await open.Ask("Bearer sk-out")).Status);
        Assert.Equal(2, model.Reached.Count);
    }

    [Fact]
    public async Task A_gateway_without_a_valid_key_counts_as_one_that_could_not_ask()
    {
        await using var model = await GuardedModel.Start();
        var wrong = model.AddKey(Scopes.Ingest | Scopes.Read);
        var right = model.AddKey(Scopes.Decide);
        (string, string) Key(string key) => ("# proxy_set_header Authorization \"Bearer slh_...\"", $"proxy_set_header Authorization \"Bearer {key}\"");
        foreach (var key in new[] { ("nothing-of-this-name", ""), Key(wrong) })
        {
            await using var closed = await NginxProcess.Start(model, Customers, key);
            Assert.Equal(503, (await closed.Ask("Bearer sk-good")).Status);
            await using var open = await NginxProcess.Start(model, Customers, key, Open);
            Assert.Equal(200, (await open.Ask("Bearer sk-out")).Status);
        }

        await using var keyed = await NginxProcess.Start(model, Customers, Key(right));
        Assert.Equal(200, (await keyed.Ask("Bearer sk-good")).Status);
        Assert.Equal(403, (await keyed.Ask("Bearer sk-out")).Status);
    }

    private static string? Code(string body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("error").GetProperty("code").GetString();
    }
}
