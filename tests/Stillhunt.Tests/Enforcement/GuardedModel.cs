using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Stillhunt.Server.Security;
using Stillhunt.Tests.Architecture;
using Stillhunt.Tests.Server;

namespace Stillhunt.Tests.Enforcement;

/// <summary>
/// What stands behind and beside a gateway under test: a model that answers everything and remembers what it was asked, and a Stillhunt with one account for each
/// kind of verdict: <c>suspended</c>, <c>held</c>, <c>unverified</c>, <c>capped</c> (two requests an hour), <c>stripped</c> and <c>watched</c>.
/// </summary>
internal sealed class GuardedModel : IAsyncDisposable
{
    private const string Policy = """
        version: 1
        mode: enforce
        brake: {account_share: 1, verified: 100}
        access:
          - {rule: out, when: {owner_country: XA}, then: [suspend]}
          - {rule: wait, when: {owner_country: XB}, then: [hold]}
          - {rule: who, when: {owner_country: XC}, then: [verify]}
          - {rule: slow, when: {owner_country: XD}, then: [{cap: {requests_per_hour: 2}}, withhold-reasoning]}
          - {rule: less, when: {owner_country: XE}, then: [{strip: [logprobs, n]}, withhold-reasoning]}
          - {rule: look, when: {owner_country: XF}, then: [flag]}
        """;

    private readonly WebApplication _model;
    private readonly string _folder;
    private bool _stopped;

    private GuardedModel(WebApplication model, RunningServer server, string folder) => (_model, Server, _folder) = (model, server, folder);

    public RunningServer Server { get; }

    /// <summary>HOST:PORT.</summary>
    public string ModelAddress => new Uri(_model.Urls.First()).Authority;

    public string StillhuntAddress => Server.Http.BaseAddress!.Authority;

    /// <summary>Headers of each request that reached the model.</summary>
    public List<Dictionary<string, string>> Reached { get; } = [];

    public List<string> Bodies { get; } = [];

    /// <summary>What the model answers with; as one event where a stream is asked for.</summary>
    public string Answer { get; set; } = """{"id":"chatcmpl-1","object":"chat.completion","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"Seven."}}]}""";

    public static async Task<GuardedModel> Start()
    {
        var folder = Directory.CreateTempSubdirectory("stillhunt-gateway-").FullName;
        var policy = Path.Combine(folder, "policy.yaml");
        await File.WriteAllTextAsync(policy, Policy);
        var server = await RunningServer.Start(folder, options => options with { PolicyPath = policy });
        await server.Send(HttpMethod.Put, "/v1/accounts", """
            [{"account":"suspended","owner_country":"XA"},{"account":"held","owner_country":"XB"},{"account":"unverified","owner_country":"XC"},
             {"account":"capped","owner_country":"XD"},{"account":"stripped","owner_country":"XE"},{"account":"watched","owner_country":"XF"},
             {"account":"größe \"7\"","owner_country":"XA"}]
            """);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var model = builder.Build();
        var guarded = new GuardedModel(model, server, folder);
        model.Run(async context =>
        {
            var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
            lock (guarded.Reached)
            {
                guarded.Bodies.Add(body);
                guarded.Reached.Add(context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
            }

            var streams = body.Contains("\"stream\":true", StringComparison.Ordinal);
            context.Response.ContentType = streams ? "text/event-stream" : "application/json";
            await context.Response.WriteAsync(streams ? $"data: {guarded.Answer}\n\ndata: [DONE]\n\n" : guarded.Answer);
        });
        await model.StartAsync();
        return guarded;
    }

    /// <summary>A copy of a shipped configuration with this test's addresses in the place of the documented ones.</summary>
    public string Configure(string integration, params (string From, string To)[] changes)
    {
        var copy = Directory.CreateDirectory(Path.Combine(_folder, integration + "-" + Guid.NewGuid().ToString("n"))).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Root, "integrations", integration)))
        {
            var text = changes.Append(("127.0.0.1:8087", StillhuntAddress)).Append(("127.0.0.1:8000", ModelAddress)).Aggregate(File.ReadAllText(file), (all, change) => all.Replace(change.Item1, change.Item2, StringComparison.Ordinal));
            File.WriteAllText(Path.Combine(copy, Path.GetFileName(file)), text);
        }

        return copy;
    }

    /// <summary>A new key; from now on Stillhunt serves nobody without one.</summary>
    public string AddKey(Scopes scope)
    {
        var (key, text) = ApiKey.Make("gateway", scope, TimeProvider.System.GetUtcNow(), null);
        Server.Server.State.Store.Keys.Add(key);
        Server.Server.State.Keys.Load();
        return text;
    }

    public async Task StopStillhunt()
    {
        if (_stopped) return;
        _stopped = true;
        await Server.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopStillhunt();
        await _model.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
