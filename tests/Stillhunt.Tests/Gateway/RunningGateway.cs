using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Logging;
using Stillhunt.Server.Gateway;

namespace Stillhunt.Tests.Gateway;

/// <summary>A gateway in this process between a made-up provider and a decision server.</summary>
internal sealed class RunningGateway(GatewayServer gateway) : IAsyncDisposable
{
    /// <summary>Path of one of the APIs that the gateway knows.</summary>
    public const string Chat = "/v1/chat/completions";

    /// <summary>Where nobody answers.</summary>
    public static readonly Uri Dead = new("http://127.0.0.1:1");

    public GatewayServer Gateway { get; } = gateway;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(gateway.Urls[0]) };

    public static async Task<RunningGateway> Start(MadeUpstream upstream, Uri server, bool closed = false, Func<GatewayOptions, GatewayOptions>? change = null)
    {
        // A busy machine may take long for a decision; the tests about that set their own time. Nobody waits for reports that can't be sent.
        var options = new GatewayOptions
        {
            Upstream = upstream.Url, Server = server, FailClosed = closed, Urls = ["http://127.0.0.1:0"], AdminUrl = "http://127.0.0.1:0", Log = LogLevel.None,
            Limits = new GatewayLimits { DecideTime = TimeSpan.FromSeconds(60), DecideKept = TimeSpan.Zero, ClosingTime = TimeSpan.Zero },
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

    /// <summary>The account that a key stands for where no other rule is given.</summary>
    public static string Account(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Gateway.DisposeAsync();
    }
}
