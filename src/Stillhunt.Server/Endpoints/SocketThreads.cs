using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Stillhunt.Server.Endpoints;

/// <summary>An endpoint that needs memory alone, and little time: it is answered on the thread that its bytes woke.</summary>
internal sealed record AnsweredInPlace
{
    public static AnsweredInPlace Mark { get; } = new();
}

/// <summary>
/// With inline completions the threads that wait for sockets run what was waited for. There are as many of them as processors, and each serves its share of all connections: a decision that
/// is answered on one waits for no other thread, and what waits for the disk or computes for long has to leave them first.
/// </summary>
internal static class SocketThreads
{
    /// <summary>.NET reads it from the environment alone, once, before the first socket is used (System.Net.Sockets, SocketAsyncEngine).</summary>
    private const string InlineCompletions = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    /// <summary>Lets these threads run what was waited for, unless whoever started the program said otherwise. Before the first socket; for a program of which all that waits for a socket leaves (<see cref="Leave()"/>) before it works for long.</summary>
    public static void RunInline()
    {
        if (Environment.GetEnvironmentVariable(InlineCompletions) is null) Environment.SetEnvironmentVariable(InlineCompletions, "1");
    }

    public static T InPlace<T>(this T endpoint) where T : IEndpointConventionBuilder => endpoint.WithMetadata(AnsweredInPlace.Mark);

    /// <summary>Goes on on a thread of the pool: at once where this is one, and wherever the endpoint is answered in place.</summary>
    public static Hop Leave(HttpContext context) => new(IsInPlace(context) || Thread.CurrentThread.IsThreadPoolThread);

    /// <inheritdoc cref="Leave(HttpContext)"/>
    public static Hop Leave() => new(Thread.CurrentThread.IsThreadPoolThread);

    /// <summary>Lets an endpoint begin where it may run.</summary>
    public static Task Begin(HttpContext context, RequestDelegate next) => Leave(context).GetAwaiter().IsCompleted ? next(context) : BeginElsewhere(context, next);

    private static bool IsInPlace(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<AnsweredInPlace>() is not null;

    private static async Task BeginElsewhere(HttpContext context, RequestDelegate next)
    {
        await Leave();
        await next(context);
    }

    /// <summary>Awaited, hands the rest over to the pool.</summary>
    internal readonly struct Hop(bool isDone) : ICriticalNotifyCompletion
    {
        public bool IsCompleted => isDone;

        public Hop GetAwaiter() => this;

        public void GetResult() { }

        public void OnCompleted(Action continuation) => ThreadPool.QueueUserWorkItem(static rest => rest(), continuation, preferLocal: false);

        public void UnsafeOnCompleted(Action continuation) => ThreadPool.UnsafeQueueUserWorkItem(static rest => rest(), continuation, preferLocal: false);
    }
}
