using System.Net;
using static Stillhunt.Tests.Gateway.RunningGateway;

namespace Stillhunt.Tests.Gateway;

/// <summary>Decisions are asked of the server, which may be away.</summary>
public sealed class GatewayDecisionTests
{
    [Fact]
    public async Task While_no_decision_can_be_had_open_lets_through_and_closed_refuses()
    {
        await using var upstream = await MadeUpstream.Answering("""{"ok":1}"""u8.ToArray());
        await using (var open = await RunningGateway.Start(upstream, Dead))
        {
            using var answer = await open.Post(Chat, "{\"n\":2}");
            Assert.Equal((200, """{"ok":1}"""), ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync()));
            Assert.Equal(1, open.Gateway.Counters.Undecided.Value);
        }

        await using (var closed = await RunningGateway.Start(upstream, Dead, closed: true))
        {
            using var answer = await closed.Post(Chat, "{}");
            Assert.Equal((503, true), ((int)answer.StatusCode, answer.Headers.RetryAfter is not null));
            using var admin = new HttpClient { BaseAddress = new Uri(closed.Gateway.Urls[^1]) };
            Assert.Contains("stillhunt_gateway_undecided_total 1", await admin.GetStringAsync("/metrics"), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("/healthz")).StatusCode);
        }

        Assert.Single(upstream.Requests);
        // A server that answers, but slowly, or with something else than a decision, is as good as none.
        var stalled = new TaskCompletionSource();
        await using var slow = await MadeUpstream.Start((_, _) => stalled.Task);
        await using (var late = await RunningGateway.Start(upstream, slow.Url, closed: true, options => options with { Limits = options.Limits with { DecideTime = TimeSpan.FromMilliseconds(20) } }))
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await late.Post(Chat, "{}")).StatusCode);
        stalled.SetResult();
        await using var server = await MadeServer.Start();
        foreach (var strange in new[] { null, "[]", """{"obligations":[{"action":"burn"}]}""" })
        {
            server.Decide = _ => strange;
            await using var gateway = await RunningGateway.Start(upstream, server.Http.Url, closed: true);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await gateway.Post(Chat, "{}")).StatusCode);
        }
    }

    [Fact]
    public async Task A_decision_is_asked_once_for_requests_that_come_within_its_time()
    {
        await using var upstream = await MadeUpstream.Answering("{}"u8.ToArray());
        await using var server = await MadeServer.Start();
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url, change: options => options with { Limits = options.Limits with { DecideKept = TimeSpan.FromHours(1) } });
        await Task.WhenAll(Enumerable.Range(0, 20).Select(async i => (await gateway.Post(Chat, """{"model":"m"}""")).Dispose()));
        Assert.Equal(1, server.QuestionCount);
        (await gateway.Post(Chat, """{"model":"other"}""")).Dispose();
        Assert.Equal(2, server.QuestionCount);
    }
}
