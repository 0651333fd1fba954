using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Stillhunt.Server.Security;
using Stillhunt.Tests.Server;

namespace Stillhunt.Tests.Enforcement;

/// <summary>What nginx and Envoy ask in headers, without either.</summary>
public sealed class HeaderAdapterTests
{
    [Fact]
    public async Task Envoy_lets_through_on_200_and_hands_anything_else_to_the_client_as_it_stands()
    {
        await using var model = await GuardedModel.Start();
        var (status, headers, body) = await Ask(model, HttpMethod.Post, "/v1/enforce/envoy/v1/chat/completions?beta=true", "good");
        Assert.Equal((200, "observe", ""), (status, headers["Stillhunt-Action"], body));
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Patch, HttpMethod.Delete, HttpMethod.Options, HttpMethod.Head })
            Assert.Equal(403, (await Ask(model, method, "/v1/enforce/envoy/", "suspended")).Status);

        foreach (var (account, expected, code) in new[] { ("suspended", 403, "account_suspended"), ("held", 403, "account_on_hold"), ("unverified", 403, "verification_required"), ("", 401, "no_account") })
        {
            (status, _, body) = await Ask(model, HttpMethod.Post, "/v1/enforce/envoy/v1/messages", account);
            using var json = JsonDocument.Parse(body);
            Assert.Equal((expected, code), (status, json.RootElement.GetProperty("error").GetProperty("code").GetString()));
        }

        Assert.Equal("""[{"action":"strip","fields":["logprobs","n"]},{"action":"withhold-reasoning"}]""", (await Ask(model, HttpMethod.Post, "/v1/enforce/envoy/x", "stripped")).Headers["Stillhunt-Obligations"]);
        foreach (var expected in new[] { 200, 200, 429 }) Assert.Equal(expected, (await Ask(model, HttpMethod.Post, "/v1/enforce/envoy/x", "capped")).Status);
        Assert.InRange(int.Parse((await Ask(model, HttpMethod.Post, "/v1/enforce/envoy/x", "capped")).Headers["Retry-After"], System.Globalization.CultureInfo.InvariantCulture), 1, 7200);
    }

    [Fact]
    public async Task An_account_has_one_count_of_requests_for_all_gateways()
    {
        await using var model = await GuardedModel.Start();
        Assert.Equal(200, (await Ask(model, HttpMethod.Post, "/v1/enforce/envoy/x", "capped")).Status);
        Assert.Equal(204, (await Ask(model, HttpMethod.Get, "/v1/enforce/nginx", "capped")).Status);
        Assert.Equal(403, (await Ask(model, HttpMethod.Get, "/v1/enforce/nginx", "capped")).Status);
        Assert.Equal(429, (await Ask(model, HttpMethod.Post, "/v1/enforce/envoy/x", "capped")).Status);
    }

    [Fact]
    public async Task A_cap_of_tokens_refuses_when_the_days_reported_answers_have_used_it_up()
    {
        var folder = Directory.CreateTempSubdirectory("stillhunt-tokens-").FullName;
        var policy = Path.Combine(folder, "policy.yaml");
        await File.WriteAllTextAsync(policy, "version: 1\nmode: enforce\nbrake: {account_share: 1}\naccess:\n  - {rule: r, when: {owner_country: XD}, then: [{cap: {tokens_per_day: 100}}]}\n");
        await using (var server = await RunningServer.Start(folder, options => options with { PolicyPath = policy }))
        {
            await server.Send(HttpMethod.Put, "/v1/accounts", """[{"account":"much","owner_country":"XD"},{"account":"little","owner_country":"XD"},{"account":"uncounted","owner_country":"XD"}]""");
            // One moment for all, so that a test at midnight asks about the day that it reported.
            var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
            foreach (var (account, usage) in new[] { ("much", ",\"usage\":{\"output\":150}"), ("little", ",\"usage\":{\"output\":99}"), ("uncounted", "") })
                Assert.Equal(200, (await server.Post("/v1/exchanges", $"{{\"id\":\"{account}\",\"time\":{now},\"account\":\"{account}\",\"messages\":[{{\"role\":\"user\",\"content\":\"q\"}}]{usage}}}")).Status);
            async Task<HttpResponseMessage> Ask(string account)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/enforce/envoy/x");
                request.Headers.TryAddWithoutValidation("Stillhunt-Account", account);
                return await server.Http.SendAsync(request);
            }

            Assert.True(await RunningServer.Until(async () => (int)(await Ask("much")).StatusCode == 429));
            using var refused = await Ask("much");
            Assert.Contains("output_limit_exceeded", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 86_400);
            foreach (var account in new[] { "little", "uncounted" }) Assert.Equal(HttpStatusCode.OK, (await Ask(account)).StatusCode);
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_hostile_name_is_refused_and_adds_nothing_to_the_answer()
    {
        await using var model = await GuardedModel.Start();
        foreach (var path in new[] { "/v1/enforce/nginx", "/v1/enforce/envoy/x" })
        {
            var method = path.EndsWith('x') && path.Contains("envoy", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get;
            Assert.Equal("400", (await Ask(model, method, path, new string('a', 1025))).Headers["Stillhunt-Status"]);
            Assert.Contains("Stillhunt-Status: 400", await Raw(model, method, path, "Stillhunt-Account: good\r\nStillhunt-Account: suspended"), StringComparison.Ordinal);
            Assert.Contains("Stillhunt-Status: 400", await Raw(model, method, path, "Stillhunt-Account: good\r\nStillhunt-Tier: a\r\nstillhunt-tier: b"), StringComparison.Ordinal);
            Assert.StartsWith("HTTP/1.1 400", await Raw(model, method, path, "Stillhunt-Account: go\0od"), StringComparison.Ordinal);
            foreach (var name in new[] { "<script>alert(1)</script>", "a\"; drop", "a\tb", "%0d%0aStillhunt-Status: 204", "größe \"7\"" })
            {
                var (_, headers, body) = await Ask(model, method, path, name);
                Assert.Equal(name.StartsWith("gr", StringComparison.Ordinal) ? "403" : method == HttpMethod.Get ? "204" : "200", headers["Stillhunt-Status"]);
                Assert.DoesNotContain(name, string.Join('\n', headers.Values) + body, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("/../../../healthz")]
    [InlineData("/../../decisions/stream")]
    [InlineData("/%2e%2e/%2E./.%2e/healthz")]
    [InlineData("/v1/chat/completions/..\\..\\..\\..\\..\\..\\healthz")]
    public async Task A_customers_path_that_climbs_out_of_envoys_prefix_reaches_no_endpoint_that_answers_200(string path)
    {
        await using var model = await GuardedModel.Start();
        Assert.StartsWith("HTTP/1.1 40", await Raw(model, HttpMethod.Get, "/v1/enforce/envoy" + path, "Stillhunt-Account: suspended"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_asks_without_the_scope_for_decisions_once_there_are_keys()
    {
        await using var model = await GuardedModel.Start();
        var (reader, decider) = (model.AddKey(Scopes.Read | Scopes.Act | Scopes.Ingest), model.AddKey(Scopes.Decide));
        foreach (var (key, status) in new[] { (null, 401), (reader, 403), (decider, 200) })
        {
            var (answered, headers, _) = await Ask(model, HttpMethod.Post, "/v1/enforce/envoy/x", "good", key is null ? [] : [("X-Api-Key", key)]);
            Assert.Equal(status, answered);
            // By this a gateway tells its own refusal from the customer's.
            Assert.Equal(status == 200, headers.ContainsKey("Stillhunt-Status"));
        }
    }

    /// <summary>As it stands, which a well-behaved client would not send.</summary>
    private static async Task<string> Raw(GuardedModel model, HttpMethod method, string path, string headers)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, model.Server.Http.BaseAddress!.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n{headers}\r\n\r\n"));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private static async Task<(int Status, Dictionary<string, string> Headers, string Body)> Ask(GuardedModel model, HttpMethod method, string path, string account, params (string Name, string Value)[] more)
    {
        using var handler = new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 };
        using var http = new HttpClient(handler) { BaseAddress = model.Server.Http.BaseAddress };
        using var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in more.Prepend(("Stillhunt-Account", account))) request.Headers.TryAddWithoutValidation(name, value);
        using var answer = await http.SendAsync(request);
        return ((int)answer.StatusCode, answer.Headers.ToDictionary(header => header.Key, header => string.Join(',', header.Value), StringComparer.OrdinalIgnoreCase), await answer.Content.ReadAsStringAsync());
    }
}
