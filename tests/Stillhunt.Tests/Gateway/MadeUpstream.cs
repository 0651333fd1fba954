using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Stillhunt.Tests.Gateway;

/// <summary>A provider in this process, on a port of its own, that answers as a test says and remembers what it was asked.</summary>
internal sealed class MadeUpstream : IAsyncDisposable
{
    private readonly WebApplication _web;

    private MadeUpstream(WebApplication web) => _web = web;

    public sealed record Asked(string Target, IReadOnlyDictionary<string, string> Headers, byte[] Body);

    public Uri Url => new(_web.Urls.First());

    public ConcurrentQueue<Asked> Requests { get; } = new();

    public static async Task<MadeUpstream> Start(Func<HttpContext, byte[], Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0").ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        var web = builder.Build();
        var upstream = new MadeUpstream(web);
        web.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            upstream.Requests.Enqueue(new Asked(context.Features.Get<IHttpRequestFeature>()!.RawTarget, context.Request.Headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));
            await answer(context, body.ToArray());
        });
        await web.StartAsync();
        return upstream;
    }

    public static Task<MadeUpstream> Answering(byte[] body, string type = "application/json", int status = 200) => Start(async (context, _) =>
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, type);
        await context.Response.Body.WriteAsync(body);
    });

    public ValueTask DisposeAsync() => _web.DisposeAsync();
}
