using System.Collections.Concurrent;
using System.Text;
using Stillhunt.Server;

namespace Stillhunt.Tests.Server;

public sealed class OtlpTests
{
    [Fact]
    public async Task Metrics_and_traces_go_to_a_receiver_and_name_no_customer()
    {
        var received = new ConcurrentQueue<(string Path, string Type, byte[] Body)>();
        using var receiver = LocalReceiver.Start(out var url, async call =>
        {
            using var body = new MemoryStream();
            await call.Request.InputStream.CopyToAsync(body);
            received.Enqueue((call.Request.Url!.AbsolutePath, call.Request.ContentType ?? "", body.ToArray()));
            call.Response.Close();
        });
        await using (var server = await RunningServer.Start(change: options => options with { Otlp = new OtlpOptions { Endpoint = new Uri(url), MetricInterval = TimeSpan.FromMilliseconds(100) } }))
        {
            await server.Post("/v1/exchanges", ServeTests.Lines("x", 7, "A secret question"));
            await server.Get("/v1/accounts/customer-17");
            // A server that ends before it detected has no span of that.
            Assert.True(await RunningServer.Until(() => Task.FromResult(server.Server.State.Counters.Detections.Value > 0)));
            Assert.True(await RunningServer.Until(() => Task.FromResult(received.Any(one => one.Path == "/v1/metrics" && Holds(one.Body, "stillhunt.exchanges") && Holds(one.Body, "stillhunt.store_bytes")))));
            Assert.True(await RunningServer.Until(() => Task.FromResult(server.Server.State.Counters.Detections.Value > 0)));
        }

        // The end sends what is left.
        var traces = received.Where(one => one.Path == "/v1/traces").ToList();
        foreach (var name in new[] { "POST /v1/exchanges", "GET /v1/accounts/{id}", "take in", "detect", "service.name", "stillhunt" }) Assert.Contains(traces, one => Holds(one.Body, name));
        Assert.Contains(received, one => one.Path == "/v1/metrics" && Holds(one.Body, "http.server.request.duration"));
        Assert.All(received, one => Assert.Equal("application/x-protobuf", one.Type));
        foreach (var secret in new[] { "customer-17", "secret question" }) Assert.DoesNotContain(received, one => Holds(one.Body, secret));
    }

    [Fact]
    public void The_environment_says_whether_and_where()
    {
        Assert.Null(OtlpOptions.FromEnvironment(_ => null));
        Assert.NotNull(OtlpOptions.FromEnvironment(name => name == "OTEL_EXPORTER_OTLP_ENDPOINT" ? "http://localhost:4318" : null));
        Assert.Null(OtlpOptions.FromEnvironment(name => name == "OTEL_SDK_DISABLED" ? "true" : "http://localhost:4318"));
        var wrong = Assert.Throws<ServeRefusedException>(() => OtlpOptions.FromEnvironment(name => name == "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT" ? "localhost" : null));
        Assert.Contains("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", wrong.Message, StringComparison.Ordinal);
    }

    private static bool Holds(byte[] body, string text) => body.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
}
