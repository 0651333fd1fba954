using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Stillhunt.Server.Gateway;
using static Stillhunt.Tests.Gateway.RunningGateway;

namespace Stillhunt.Tests.Gateway;

/// <summary>Who sent a request, by the key that the provider goes by.</summary>
public sealed class GatewaySenderTests
{
    [Theory]
    [InlineData("Authorization", "Bearer k")]
    [InlineData("Authorization", "bearer\tk")]
    [InlineData("Authorization", "Bearer \t k\u00A0")]
    [InlineData("Authorization", "BEARER\u000Bk")]
    [InlineData("Authorization", "k")]
    [InlineData("authorization", "Basic k")]
    [InlineData("x-api-key", "k ")]
    [InlineData("api-key", "Bearer  k")]
    public void A_key_is_the_same_account_however_it_is_sent(string header, string value)
    {
        var sender = RequestSender.Of(new HeaderDictionary { [header] = value }, [], new AccountRule(), null);
        Assert.Equal(new RequestSender(Account("k"), Account("k")), sender);
    }

    [Fact]
    public void Different_keys_in_one_request_are_nobodys()
    {
        foreach (var headers in new HeaderDictionary[]
        {
            new() { ["Authorization"] = "Bearer junk", ["x-api-key"] = "k" },
            new() { ["x-api-key"] = "k", ["api-key"] = "junk" },
            new() { ["Authorization"] = new(["Bearer k", "Bearer junk"]) },
            new() { ["Authorization"] = "Bearer k junk" },
        })
            Assert.True(RequestSender.Of(headers, [], new AccountRule(), null).IsUnclear);
        var same = RequestSender.Of(new HeaderDictionary { ["Authorization"] = "Bearer k", ["x-api-key"] = "k", ["api-key"] = "" }, [], new AccountRule(), null);
        Assert.Equal((Account("k"), false), (same.Account, same.IsUnclear));
        Assert.Equal((Account("Digest a=1, b=2"), false), RequestSender.Of(new HeaderDictionary { ["Authorization"] = "Digest a=1, b=2" }, [], new AccountRule(), null) is var digest ? (digest.Account!, digest.IsUnclear) : default);
        // Where something else names the account, keys are the provider's alone.
        Assert.False(RequestSender.Of(new HeaderDictionary { ["Authorization"] = "Bearer a", ["x-api-key"] = "b", ["X-Account"] = "ann" }, [], new AccountRule { Header = "X-Account" }, null).IsUnclear);
        // What a client put before the proxy's own is no name of a third.
        Assert.True(RequestSender.Of(new HeaderDictionary { ["X-Account"] = new(["junk", "ann"]) }, [], new AccountRule { Header = "X-Account" }, null).IsUnclear);
    }

    [Fact]
    public async Task A_key_beside_the_suspended_one_lets_nothing_through()
    {
        await using var upstream = await MadeUpstream.Answering("{}"u8.ToArray());
        await using var server = await MadeServer.Start();
        server.Decide = account => account == Account("sk-suspended") ? MadeServer.Obligation("""{"action":"suspend"}""") : MadeServer.Nothing;
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        using var answer = await gateway.Post("/v1/messages", "{}", "junk", request => request.Headers.TryAddWithoutValidation("x-api-key", "sk-suspended"));
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal((HttpStatusCode.BadRequest, "several_keys"), (answer.StatusCode, json.RootElement.GetProperty("error").GetProperty("code").GetString()));
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task A_browser_may_ask_whether_it_may_ask_before_it_shows_a_key()
    {
        await using var upstream = await MadeUpstream.Answering([], status: 204);
        await using var server = await MadeServer.Start();
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url, closed: true);
        foreach (var (method, status) in new[] { (HttpMethod.Options, 204), (HttpMethod.Get, 401), (HttpMethod.Head, 401) })
        {
            using var request = new HttpRequestMessage(method, Chat);
            using var answer = await gateway.Http.SendAsync(request);
            Assert.Equal(status, (int)answer.StatusCode);
        }
    }

    [Theory]
    [InlineData(1, "198.51.100.7", "203.0.113.1, 198.51.100.7")]
    [InlineData(2, "203.0.113.1", "192.0.2.66, 203.0.113.1, 198.51.100.7")]
    [InlineData(2, "203.0.113.1", "192.0.2.66", "203.0.113.1,198.51.100.7")]
    [InlineData(3, null, "203.0.113.1, 198.51.100.7")]
    [InlineData(1, null, "")]
    public void The_address_is_what_a_proxy_wrote_and_not_what_the_client_did(int proxies, string? address, params string[] header) =>
        Assert.Equal(address, ProxyHeaders.Address(header, proxies));
}
