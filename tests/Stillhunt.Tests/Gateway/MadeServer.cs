using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Stillhunt.Tests.Gateway;

/// <summary>Stands for <c>stillhunt serve</c> where a test has to say what it decides: answers in its documented form, and keeps what it is reported.</summary>
internal sealed class MadeServer(MadeUpstream http) : IAsyncDisposable
{
    public const string Nothing = """{"action":"observe","obligations":[],"campaign":null}""";

    public MadeUpstream Http { get; } = http;

    public ConcurrentQueue<JsonElement> Reports { get; } = new();

    public ConcurrentQueue<JsonElement> Questions { get; } = new();

    public int QuestionCount;

    /// <summary>Given the account, the answer; null answers 503.</summary>
    public Func<string, string?> Decide { get; set; } = _ => Nothing;

    /// <summary>As <see cref="Decide"/>, where the model counts, too.</summary>
    public Func<string, string?, string?>? DecideFor { get; set; }

    public static async Task<MadeServer> Start()
    {
        MadeServer? server = null;
        var http = await MadeUpstream.Start(async (context, body) =>
        {
            if (context.Request.Path == "/v1/decide")
            {
                Interlocked.Increment(ref server!.QuestionCount);
                using var question = JsonDocument.Parse(body);
                server.Questions.Enqueue(question.RootElement.Clone());
                var account = question.RootElement.GetProperty("account").GetString()!;
                var decision = server.DecideFor is { } decide ? decide(account, question.RootElement.TryGetProperty("model", out var model) ? model.GetString() : null) : server.Decide(account);
                if (decision is null) context.Response.StatusCode = 503;
                else await context.Response.WriteAsync(decision);
                return;
            }

            foreach (var line in Encoding.UTF8.GetString(body).Split('\n', StringSplitOptions.RemoveEmptyEntries)) server!.Reports.Enqueue(JsonDocument.Parse(line).RootElement.Clone());
            await context.Response.WriteAsync("{}");
        });
        return server = new MadeServer(http);
    }

    public static string Obligation(string obligations, string? campaign = "c-1") => $$"""{"action":"strip","obligations":[{{obligations}}],"campaign":{{(campaign is null ? "null" : $"\"{campaign}\"")}},"rule":"r","state":"effective"}""";

    public ValueTask DisposeAsync() => Http.DisposeAsync();
}
