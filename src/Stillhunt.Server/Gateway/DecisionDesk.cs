using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Stillhunt.Server.Gateway;

/// <summary>
/// Asks <c>stillhunt serve</c> what to do, and remembers the answer for a moment. Requests of one account that come together ask once. A question has a time; after one that failed nobody asks
/// for a second, so that a dead server costs no request more than that; what was decided last holds meanwhile.
/// </summary>
internal sealed partial class DecisionDesk : IDisposable
{
    private const int MostKept = 100_000;

    private const int MostAnswerBytes = 1 << 20;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Question, Kept> _kept = new();
    private readonly LastDecisions _last;
    private readonly HttpClient _http;
    private readonly GatewayOptions _options;
    private readonly TimeProvider _time;
    private readonly GatewayCounters _counters;
    private readonly ILogger _log;
    private long _silentUntil;

    public DecisionDesk(GatewayOptions options, TimeProvider time, GatewayCounters counters, ILogger log)
    {
        (_options, _time, _counters, _log) = (options, time, counters, log);
        _silentUntil = time.GetTimestamp();
        _last = new LastDecisions(options.Limits.DecideRemembered, time);
        _http = ServerClient.Make(options);
        _http.MaxResponseContentBufferSize = MostAnswerBytes;
    }

    internal readonly record struct Question(string Account, string? Model, string? Region);

    private sealed record Kept(Lazy<Task<GatewayDecision?>> Answer, long Until);

    /// <summary>Whether the last question failed.</summary>
    public bool IsSilent => _time.GetTimestamp() < Interlocked.Read(ref _silentUntil);

    /// <summary>The decision; the last one where none can be had now, and null where there is none either.</summary>
    public Task<GatewayDecision?> Ask(string account, string? model, string? region)
    {
        var question = new Question(account, model, region);
        var now = _time.GetTimestamp();
        if (_kept.TryGetValue(question, out var kept) && now < kept.Until) return kept.Answer.Value;
        if (IsSilent) return Task.FromResult(Last(question));
        // Accounts and models are what callers say; a flood of made-up ones must not fill the memory.
        if (_kept.Count >= MostKept) _kept.Clear();
        var fresh = new Kept(new Lazy<Task<GatewayDecision?>>(() => Fetch(question)), now + Ticks(_options.Limits.DecideKept));
        return _kept.AddOrUpdate(question, fresh, (_, other) => now < other.Until ? other : fresh).Answer.Value;
    }

    public void Dispose() => _http.Dispose();

    /// <summary>Not bound to the request that asks: others may wait for the same answer.</summary>
    private async Task<GatewayDecision?> Fetch(Question question)
    {
        _counters.Asked.Add(1);
        var isAlive = false;
        using var timely = new CancellationTokenSource(_options.Limits.DecideTime, _time);
        try
        {
            using var content = new ByteArrayContent(Body(question)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            using var answer = await _http.PostAsync(new Uri("v1/decide", UriKind.Relative), content, timely.Token);
            // Too many questions at once are answered later; the others need not wait.
            isAlive = answer.StatusCode == HttpStatusCode.TooManyRequests;
            if (!answer.IsSuccessStatusCode) throw new FormatException($"The server answered {(int)answer.StatusCode}.");
            var decision = GatewayDecision.Read(await answer.Content.ReadAsByteArrayAsync(timely.Token));
            _last.Note(question, decision);
            return decision;
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or FormatException or IOException)
        {
            _counters.DecisionFaults.Add(1);
            NoDecision(_log, fault is OperationCanceledException ? "no answer in time" : fault.Message);
            if (!isAlive) Interlocked.Exchange(ref _silentUntil, _time.GetTimestamp() + Ticks(Pause));
            _kept.TryRemove(question, out _);
            return Last(question);
        }
    }

    private GatewayDecision? Last(Question question)
    {
        var last = _last.Find(question);
        if (last is not null) _counters.Remembered.Add(1);
        return last;
    }

    private byte[] Body(Question question)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteString("account", question.Account);
            if (question.Model is { } model) writer.WriteString("model", model);
            if (question.Region is { } region) writer.WriteString("region", region);
            if (_options.Source is { } source) writer.WriteString("source", source);
            writer.WriteEndObject();
        }

        return json.ToArray();
    }

    private long Ticks(TimeSpan span) => (long)(span.TotalSeconds * _time.TimestampFrequency);

    [LoggerMessage(Level = LogLevel.Warning, Message = "No decision could be had: {Why}")]
    private static partial void NoDecision(ILogger log, string why);
}
