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

    [Fact]
    public async Task What_was_decided_holds_while_the_server_is_silent()
    {
        await using var upstream = await MadeUpstream.Answering("{}"u8.ToArray());
        await using var server = await MadeServer.Start();
        foreach (var (closed, remembered, expected) in new[] { (false, 600, new[] { 403, 403, 200, 200 }), (true, 600, [403, 403, 200, 503]), (false, 0, [200, 200, 200, 200]), (true, 0, [503, 503, 503, 503]) })
        {
            server.Decide = account => account == Account("sk-suspended") ? MadeServer.Obligation("""{"action":"suspend"}""") : MadeServer.Nothing;
            await using var gateway = await RunningGateway.Start(upstream, server.Http.Url, closed, options => options with { Limits = options.Limits with { DecideRemembered = TimeSpan.FromSeconds(remembered) } });
            async Task<int> Status(string key, string model)
            {
                using var answer = await gateway.Post(Chat, $$"""{"model":"{{model}}"}""", key);
                return (int)answer.StatusCode;
            }

            Assert.Equal((403, 200), (await Status("sk-suspended", "m"), await Status("sk-honest", "m")));
            server.Decide = _ => null;
            // A verdict is about the account; another model is no way round it.
            var statuses = new List<int>();
            foreach (var (key, model) in new[] { ("sk-suspended", "m"), ("sk-suspended", "other"), ("sk-honest", "m"), ("sk-new", "m") }) statuses.Add(await Status(key, model));
            Assert.Equal(expected, statuses);
            Assert.Equal(remembered > 0 ? 3 : 0, gateway.Gateway.Counters.Remembered.Value);
        }
    }

    [Fact]
    public async Task A_verdict_that_was_taken_back_is_not_remembered()
    {
        await using var upstream = await MadeUpstream.Answering("{}"u8.ToArray());
        await using var server = await MadeServer.Start();
        await using var gateway = await RunningGateway.Start(upstream, server.Http.Url);
        foreach (var (decision, expected) in new[] { (MadeServer.Obligation("""{"action":"hold"}"""), 403), (MadeServer.Nothing, 200), (null, 200) })
        {
            server.Decide = _ => decision;
            using var answer = await gateway.Post(Chat, """{"model":"m"}""");
            Assert.Equal(expected, (int)answer.StatusCode);
        }
    }
}
