using System.Net;

namespace Stillhunt.Server.Gateway;

/// <summary>How the gateway speaks to the provider.</summary>
internal sealed class ProviderClient(GatewayLimits limits) : IDisposable
{
    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, AutomaticDecompression = DecompressionMethods.None, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null,
        ConnectTimeout = limits.UpstreamConnect, EnableMultipleHttp2Connections = true, PooledConnectionLifetime = TimeSpan.FromMinutes(5), MaxConnectionsPerServer = int.MaxValue,
        // A client that left must not keep the provider generating: no waiting for the rest of an answer.
        ResponseDrainTimeout = TimeSpan.Zero, MaxResponseDrainSize = 0,
        RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.Latin1, ResponseHeaderEncodingSelector = (_, _) => System.Text.Encoding.Latin1,
    });

    /// <param name="rewritten">Whether <paramref name="body"/> is another than the client sent.</param>
    /// <param name="readable">Asks for an answer without compression, because it will be rewritten.</param>
    public async Task<HttpResponseMessage> Send(GatewayCall call, Uri target, ReadOnlyMemory<byte> body, bool rewritten, bool readable, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(new HttpMethod(call.Context.Request.Method), target) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionOrHigher };
        if (call.HasBody) request.Content = new ReadOnlyMemoryContent(body);
        ProxyHeaders.Copy(call.Context.Request, request, rewritten, readable);
        return await _http.SendAsync(request, cancellation);
    }

    public void Dispose() => _http.Dispose();
}
