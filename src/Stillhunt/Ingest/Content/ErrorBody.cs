using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Content;

/// <summary>
/// Knows an error in place of an answer, in the shapes of OpenAI, Anthropic and those who speak their dialects, whole or as an event of a stream that broke off. A log of pairs that holds bodies alone has no
/// other word of it, and what was refused is no exposure.
/// </summary>
internal static class ErrorBody
{
    /// <summary>The HTTP status that such an error comes with, or null where the body is none.</summary>
    public static int? StatusOf(JsonValue body)
    {
        if (!body.IsArray) return StatusOfOne(body);
        foreach (var item in body.Items())
        {
            if (StatusOfOne(item) is { } status) return status;
        }

        return null;
    }

    private static int? StatusOfOne(JsonValue body)
    {
        var error = body.Get("error"u8);
        if (!error.Exists) error = body.Get("response"u8).Get("error"u8); // Of the event response.failed.
        if (error.IsString) return error.Raw.IsEmpty ? null : 500;
        if (!error.IsObject) return null;
        var code = error.Get("code"u8);
        if (code.TryGetLooseCount(out var number) && number is >= 400 and <= 599) return (int)number;
        return Named(code) ?? Named(error.Get("type"u8)) ?? 500;
    }

    private static int? Named(JsonValue name)
    {
        if (!name.IsString) return null;
        foreach (var (word, status) in Words) if (name.Raw.IndexOf(word) >= 0) return status;
        return null;
    }

    /// <summary>Of the names that both APIs document for their errors.</summary>
    private static readonly (byte[] Word, int Status)[] Words =
    [
        .. new[]
        {
            ("rate_limit", 429), ("quota", 429), ("overloaded", 529), ("authentication", 401), ("invalid_api_key", 401), ("permission", 403), ("not_found", 404), ("too_large", 413), ("timeout", 504), ("invalid", 400),
            ("context_length", 400), ("content_policy", 400), ("content_filter", 400),
        }.Select(named => (System.Text.Encoding.ASCII.GetBytes(named.Item1), named.Item2)),
    ];
}
