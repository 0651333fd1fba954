using Stillhunt.Server.Endpoints;

namespace Stillhunt.Tests.Server;

public sealed class SocketThreadsTests
{
    /// <summary>Whoever adds an endpoint here says that it needs neither the disk nor much time: it holds up a share of all connections.</summary>
    [Fact]
    public async Task Only_what_is_answered_from_memory_is_answered_on_the_threads_that_wait_for_sockets()
    {
        await using var server = await RunningServer.Start();
        Assert.Equal(
            ["/beta/litellm_basic_guardrail_api", "/healthz", "/readyz", "/v1/decide", "/v1/decide/signup", "/v1/enforce/envoy/{**path}", "/v1/enforce/nginx", "/v1/enforce/portkey"],
            server.Server.Endpoints.Where(endpoint => endpoint.Metadata.GetMetadata<AnsweredInPlace>() is not null).Select(endpoint => endpoint.RoutePattern.RawText!).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_leaves_a_socket_thread_goes_on_in_the_pool_and_what_is_there_stays()
    {
        var (before, after) = await FromOwnThread();
        Assert.False(before);
        Assert.True(after);
        var stayed = await Task.Run(async () =>
        {
            var thread = Thread.CurrentThread;
            await SocketThreads.Leave();
            return thread == Thread.CurrentThread;
        }, TestContext.Current.CancellationToken);
        Assert.True(stayed);
    }

    /// <summary>Whether it ran in the pool before it left a thread of its own, and after.</summary>
    private static Task<(bool Before, bool After)> FromOwnThread()
    {
        var done = new TaskCompletionSource<(bool, bool)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var thread = new Thread(() => _ = Go()) { IsBackground = true };
        thread.Start();
        return done.Task;

        async Task Go()
        {
            var before = Thread.CurrentThread.IsThreadPoolThread;
            await SocketThreads.Leave();
            done.SetResult((before, Thread.CurrentThread.IsThreadPoolThread));
        }
    }
}
