using System.Net.Http.Headers;

namespace Stillhunt.Server.Gateway;

/// <summary>How the gateway speaks to <c>stillhunt serve</c>.</summary>
internal static class ServerClient
{
    public static HttpClient Make(GatewayOptions options)
    {
        var http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false, UseCookies = false, UseProxy = false, ActivityHeadersPropagator = null,
            // So that a server that moved is found again.
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        })
        {
            BaseAddress = new Uri(options.Server.AbsoluteUri.TrimEnd('/') + '/'), Timeout = Timeout.InfiniteTimeSpan,
        };
        if (options.ServerKey is { } key) http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return http;
    }
}
