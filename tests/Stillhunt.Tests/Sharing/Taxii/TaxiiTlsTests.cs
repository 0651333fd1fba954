using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Stillhunt.Server.Security;
using Stillhunt.Sharing.Taxii;
using Stillhunt.Tests.Cli;
using Stillhunt.Tests.Ingest;
using Stillhunt.Tests.Server;

namespace Stillhunt.Tests.Sharing.Taxii;

/// <summary>The MUSTs of TAXII 2.1 (OASIS Standard, 10 June 2021) about transport: 8.2.2 for the server, 8.5.1 and 8.5.2 for the client. Over real sockets, with certificates made here.</summary>
public sealed class TaxiiTlsTests : IDisposable
{
    private const string Id = "8f7c1b1e-2d1a-4a57-9f43-0a6f1b2c3d42";

    private readonly TemporaryFolder _folder = new();
    private readonly MadeAuthority _authority = new();

    public void Dispose()
    {
        _folder.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public async Task S8_2_2_and_S8_5_1_Objects_go_over_https_with_HTTP_Basic_both_ways_and_the_client_need_know_the_root_alone()
    {
        await using var server = await Served("127.0.0.1");
        var (name, secret) = Key(server);
        var collection = new Uri(server.Http.BaseAddress!, "/api/collections/campaigns/");
        using var http = new HttpClient(ClientTransport.Handler(_authority.Root));
        var client = new TaxiiClient(http, collection, new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{secret}"))));
        var bundle = TaxiiClientTests.Many(5);
        Assert.Equal(5, (await client.Push([.. ExportSample.Objects(bundle)], TestContext.Current.CancellationToken)).Taken);
        var pulled = await client.Pull(null, TestContext.Current.CancellationToken);
        Assert.Equal(5, ExportSample.Objects(pulled.Bundle).Count());

        // As a user does it.
        var run = CliRun.Of("share", "pull", collection.ToString(), "--user", name, "--password-file", _folder.Write("password", secret), "--sender", "a", "--store", Path.Combine(_folder.Path, "intel.json"),
            "--ca-file", _folder.Write("root.pem", _authority.RootPem));
        Assert.True(run.ExitCode == 0, run.Errors);
        var refused = CliRun.Of("share", "pull", collection.ToString(), "--user", name, "--password-file", Path.Combine(_folder.Path, "password"), "--sender", "a", "--store", Path.Combine(_folder.Path, "none.json"));
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("did not prove who it is", refused.Errors, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_folder.Path, "none.json")));
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task S8_2_2_TLS_1_2_and_1_3_are_accepted(SslProtocols version)
    {
        await using var server = await Served("127.0.0.1");
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", server.Http.BaseAddress!.Port, TestContext.Current.CancellationToken);
        await using var tls = new SslStream(socket.GetStream());
        using var handler = ClientTransport.Handler(_authority.Root);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "127.0.0.1", EnabledSslProtocols = version, CertificateChainPolicy = handler.SslOptions.CertificateChainPolicy },
            TestContext.Current.CancellationToken);
        Assert.Equal(version, tls.SslProtocol);
        // A version with forward secrecy and authenticated encryption, as RFC 7540, Appendix A, leaves over.
        Assert.Matches("^TLS_(AES|CHACHA20|ECDHE_.*(GCM|CHACHA20))", tls.NegotiatedCipherSuite.ToString());
        await tls.WriteAsync("GET /taxii2/ HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(tls);
        Assert.StartsWith("HTTP/1.1 200", await reader.ReadLineAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x0303, 0xC02B, true)]
    [InlineData(0x0303, 0xC009, false)]
    [InlineData(0x0303, 0xC024, false)]
    [InlineData(0x0302, 0xC009, false)]
    [InlineData(0x0302, 0xC02B, false)]
    public async Task S8_2_2_Nothing_older_than_TLS_1_2_and_no_suite_of_the_list_in_RFC_7540_is_accepted(int version, int suite, bool isAccepted)
    {
        await using var server = await Served("127.0.0.1");
        using var socket = new TcpClient();
        await socket.ConnectAsync("127.0.0.1", server.Http.BaseAddress!.Port, TestContext.Current.CancellationToken);
        await socket.GetStream().WriteAsync(Hello(version, suite), TestContext.Current.CancellationToken);
        var answer = new byte[1];
        var read = await socket.GetStream().ReadAsync(answer, TestContext.Current.CancellationToken);
        // A handshake (22) goes on; else there is an alert, or no answer.
        Assert.Equal(isAccepted, read == 1 && answer[0] == 22);
    }

    [Theory]
    [InlineData("taxii.example", 0, "another name")]
    [InlineData("127.0.0.1", -1, "its time is over")]
    public async Task S8_5_2_A_certificate_of_another_name_or_time_is_refused(string name, int days, string what)
    {
        await using var server = await Served(name, days == 0 ? null : TimeProvider.System.GetUtcNow().AddDays(days));
        Assert.True(await IsRefused(server, ClientTransport.Handler(_authority.Root)), what);
    }

    [Fact]
    public async Task S8_5_2_A_certificate_of_an_authority_that_nobody_named_is_refused()
    {
        await using var server = await Served("127.0.0.1");
        Assert.True(await IsRefused(server, ClientTransport.Handler()));
        using var other = new MadeAuthority();
        Assert.True(await IsRefused(server, ClientTransport.Handler(other.Root)));
    }

    [Fact]
    public void S8_5_1_The_client_offers_TLS_1_2_and_1_3_and_follows_no_redirect()
    {
        using var handler = ClientTransport.Handler();
        Assert.Equal(SslProtocols.Tls12 | SslProtocols.Tls13, handler.SslOptions.EnabledSslProtocols);
        Assert.Null(handler.SslOptions.RemoteCertificateValidationCallback);
        Assert.False(handler.AllowAutoRedirect);
    }

    private static async Task<bool> IsRefused(RunningServer server, SocketsHttpHandler handler)
    {
        using var http = new HttpClient(handler);
        var client = new TaxiiClient(http, new Uri(server.Http.BaseAddress!, "/api/collections/campaigns/"), new AuthenticationHeaderValue("Bearer", "secret"));
        var fault = await Assert.ThrowsAsync<HttpRequestException>(() => client.Pull(null, TestContext.Current.CancellationToken));
        return fault.InnerException is AuthenticationException && ClientTransport.Reason(fault).Contains("did not prove who it is", StringComparison.Ordinal);
    }

    private async Task<RunningServer> Served(string name, DateTimeOffset? until = null)
    {
        var (certificate, key) = _authority.Vouch(_folder, name, until);
        return await RunningServer.Start(_folder.Path, options => options with { Urls = ["https://127.0.0.1:0"], Certificate = certificate, CertificateKey = key });
    }

    private static (string Name, string Secret) Key(RunningServer server)
    {
        var store = server.Server.State.Store;
        var (key, text) = ApiKey.Make("lab", Scopes.Share, TimeProvider.System.GetUtcNow(), null);
        store.Keys.Add(key);
        server.Server.State.Keys.Load();
        var keys = new HashSet<string> { key.Id };
        Assert.True(store.Sharing.AddCollection(new CollectionInfo { Id = Id, Title = "Campaigns", Alias = "campaigns", Readers = keys, Writers = keys }));
        return ("lab", text);
    }

    /// <summary>The first message of a client that knows one version and one suite; nobody's library offers these any more.</summary>
    private static byte[] Hello(int version, int suite)
    {
        byte[] extensions = [0x00, 0x0A, 0x00, 0x04, 0x00, 0x02, 0x00, 0x17, 0x00, 0x0B, 0x00, 0x02, 0x01, 0x00, 0x00, 0x0D, 0x00, 0x06, 0x00, 0x04, 0x04, 0x03, 0x02, 0x03];
        byte[] body = [(byte)(version >> 8), (byte)version, .. new byte[32], 0, 0, 2, (byte)(suite >> 8), (byte)suite, 1, 0, 0, (byte)extensions.Length, .. extensions];
        byte[] message = [1, 0, 0, (byte)body.Length, .. body];
        return [22, 3, 1, 0, (byte)message.Length, .. message];
    }
}
