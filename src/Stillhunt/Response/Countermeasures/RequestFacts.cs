using Stillhunt.Ingest.Json;

namespace Stillhunt.Response.Countermeasures;

/// <summary>What a request's body says of how it is to be answered. Unknown is null.</summary>
/// <param name="Model">As the client wrote it.</param>
/// <param name="IsStream">Whether events are asked for.</param>
/// <param name="OutputTokens">The limit that the client set, for one candidate.</param>
/// <param name="CandidateCount">How many candidates; 1 where it says nothing.</param>
/// <param name="WantsUsage">Whether a chat stream is asked to tell its usage.</param>
public sealed record RequestFacts(string? Model, bool IsStream, long? OutputTokens, long CandidateCount, bool WantsUsage)
{
    /// <summary>Longer names of models are nobody's.</summary>
    private const int MostModelBytes = 256;

    /// <summary>Null where the body is no JSON object.</summary>
    public static RequestFacts? Read(ReadOnlySpan<byte> body)
    {
        if (!JsonValue.TryOf(body, out var request) || !request.IsObject) return null;
        var (model, isStream, wantsUsage) = ((string?)null, false, false);
        long? limit = null;
        long candidates = 1;
        foreach (var property in request.Properties())
        {
            var value = property.Value;
            if (property.Is("model"u8)) model = value.Raw.Length <= MostModelBytes ? value.ToText() : null;
            else if (property.Is("stream"u8)) isStream = value.IsTrue;
            else if (property.Is("stream_options"u8)) wantsUsage = value.Get("include_usage"u8).IsTrue;
            else if (property.Is("n"u8)) candidates = value.TryGetCount(out var n) && n > 0 ? n : 1;
            else if (RequestBody.IsLimit(property) && value.TryGetCount(out var tokens)) limit = tokens;
        }

        return new RequestFacts(model, isStream, limit, candidates, wantsUsage);
    }
}
