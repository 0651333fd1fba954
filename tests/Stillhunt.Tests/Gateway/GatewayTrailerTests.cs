using System.Net;
using System.Net.Sockets;
using System.Text;
using Stillhunt.Server.Gateway;
using Stillhunt.Sharing.Taxii;
using Stillhunt.Tests.Ingest;
using Stillhunt.Tests.Sharing.Taxii;

namespace Stillhunt.Tests.Gateway;

/// <summary>What a provider says behind its answer. Kestrel writes no trailers over HTTP/1.1, so the provider is a bare socket.</summary>
public sealed class GatewayTrailerTests : IDisposable
{
    private const string Body = """{"choices":[{"message":{"content":"Two.","reasoning_content":"zebra"}}]}""";

    private readonly TemporaryFolder _folder = new();
    private readonly MadeAuthority _authority = new();
    private readonly TcpListener _provider = new(IPAddress.Loopback, 0);
    private string _asked = "";

    public GatewayTrailerTests()
    {
        _provider.Start();
        _ = Provide();
    }

    public void Dispose()
    {
        _provider.Dispose();
        _authority.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Trailers_pass_over_http_2_without_those_of_one_hop_or_of_bytes_that_were_rewritten()
    {
        await using var server = await MadeServer.Start();
        await using var gateway = await Serve(server);
        using var honest = await Ask(gateway, HttpVersion.Version20);
        Assert.Equal(Body, await honest.Content.ReadAsStringAsync());
        Assert.Equal(["content-digest=sha-256=:x:", "x-checksum=1", "x-checksum=2"], Trailers(honest));
        Assert.Contains("\r\nTE: trailers\r\n", _asked, StringComparison.OrdinalIgnoreCase);

        server.Decide = _ => MadeServer.Obligation("""{"action":"withhold-reasoning"}""");
        using var rewritten = await Ask(gateway, HttpVersion.Version20);
        Assert.DoesNotContain("zebra", await rewritten.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(["x-checksum=1", "x-checksum=2"], Trailers(rewritten));
    }

    [Fact]
    public async Task A_client_of_http_1_gets_the_whole_answer_and_is_not_promised_trailers()
    {
        await using var server = await MadeServer.Start();
        await using var gateway = await Serve(server);
        using var answer = await Ask(gateway, HttpVersion.Version11);
        Assert.Equal(Body, await answer.Content.ReadAsStringAsync());
        Assert.Empty(Trailers(answer));
        Assert.Empty(answer.Headers.Trailer);
        Assert.DoesNotContain("\r\nTE:", _asked, StringComparison.OrdinalIgnoreCase);
    }

    private static IEnumerable<string> Trailers(HttpResponseMessage answer) => answer.TrailingHeaders.SelectMany(field => field.Value.Select(value => $"{field.Key}={value}")).Order(StringComparer.Ordinal);

    private async Task<GatewayServer> Serve(MadeServer server)
    {
        var (certificate, key) = _authority.Vouch(_folder, "127.0.0.1");
        return await GatewayServer.Start(
            new GatewayOptions
            {
                Upstream = new Uri($"http://{_provider.LocalEndpoint}"), Server = server.Http.Url, FailClosed = false, Urls = ["https://127.0.0.1:0"], AdminUrl = "http://127.0.0.1:0", Certificate = certificate, CertificateKey = key,
                Log = Microsoft.Extensions.Logging.LogLevel.None, Limits = new GatewayLimits { DecideTime = TimeSpan.FromSeconds(60), DecideKept = TimeSpan.Zero, ClosingTime = TimeSpan.Zero },
            },
            TimeProvider.System);
    }

    private async Task<HttpResponseMessage> Ask(GatewayServer gateway, Version version)
    {
        using var http = new HttpClient(ClientTransport.Handler(_authority.Root));
        using var request = new HttpRequestMessage(HttpMethod.Post, gateway.Urls[0] + RunningGateway.Chat) { Version = version, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new StringContent("""{"model":"m"}""") };
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer sk-test");
        request.Headers.TE.ParseAdd("trailers");
        return await http.SendAsync(request);
    }

    /// <summary>Answers one request on each connection, in two chunks and with trailers.</summary>
    private async Task Provide()
    {
        try
        {
            while (true)
            {
                using var connection = await _provider.AcceptTcpClientAsync();
                var stream = connection.GetStream();
                var (asked, piece) = ("", new byte[4096]);
                while (!asked.EndsWith("""{"model":"m"}""", StringComparison.Ordinal)) asked += Encoding.ASCII.GetString(piece, 0, await stream.ReadAsync(piece));
                _asked = asked;
                await stream.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close, X-Hop\r\nTransfer-Encoding: chunked\r\nTrailer: X-Checksum\r\n\r\n"
                    + $"a\r\n{Body[..10]}\r\n{Body.Length - 10:x}\r\n{Body[10..]}\r\n0\r\nX-Checksum: 1\r\nContent-Digest: sha-256=:x:\r\nX-Hop: 1\r\nKeep-Alive: 5\r\nX-Checksum: 2\r\n\r\n"));
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }
}
