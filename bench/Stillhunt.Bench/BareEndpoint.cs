using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Stillhunt.Bench;

/// <summary>
/// What .NET's server takes by itself: reads a body and answers a constant as long as a decision is, without routing, keys, policy or a table. What decisions take beyond it is
/// Stillhunt's; the rest is the server's, the sockets' and the machine's.
/// </summary>
internal static class BareEndpoint
{
    private static readonly byte[] Answer = "{\"action\":\"observe\",\"obligations\":[],\"campaign\":null}"u8.ToArray();

    public static async Task<int> Serve(string url)
    {
        // As stillhunt serve does it, here and below.
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = true).ConfigureKestrel(kestrel => kestrel.AddServerHeader = false).UseUrls(url);
        await using var web = builder.Build();
        web.Run(async context =>
        {
            var body = new byte[(int)(context.Request.ContentLength ?? 0)];
            await context.Request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, context.RequestAborted);
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = Answer.Length;
            await context.Response.Body.WriteAsync(Answer, context.RequestAborted);
        });
        await web.StartAsync();
        Console.WriteLine("listening");
        await web.WaitForShutdownAsync();
        return 0;
    }
}
