using System.Net.Http.Headers;
using System.Text;
using Microsoft.Extensions.Logging;
using Stillhunt.Server.Gateway;

namespace Stillhunt.Tests.Gateway;

/// <summary>A gateway in this process between a made-up provider and a decision server.</summary>
internal sealed class RunningGateway(GatewayServer gateway) : IAsyncDisposable
{
    public GatewayServer Gateway { get; } = gateway;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(gateway.Urls[0]) };

    public static async Task<RunningGateway> Start(MadeUpstream upstream, Uri server, bool closed = false, Func<GatewayOptions, GatewayOptions>? change = null)
    {
        // A busy machine may take long for a decision; the tests about that set their own time.
        var options = new GatewayOptions
        {
            Upstream = upstream.Url, Server = server, FailClosed = closed, Urls = ["http://127.0.0.1:0"], AdminUrl = "http://127.0.0.1:0", Log = LogLevel.None,
            Limits = new GatewayLimits { DecideTime = TimeSpan.FromSeconds(60), DecideKept = TimeSpan.Zero },
        };
        return new RunningGateway(await GatewayServer.Start(change?.Invoke(options) ?? options, TimeProvider.System));
    }

    public Task<HttpResponseMessage> Post(string path, string body, string key = "sk-test", Action<HttpRequestMessage>? change = null, CancellationToken cancellation = default)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key);
        change?.Invoke(request);
        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Gateway.DisposeAsync();
    }
}
