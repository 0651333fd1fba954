using System.Buffers;
using System.Text.Json;
using Stillhunt.Response;

namespace Stillhunt.Server.Enforcement;

/// <summary>
/// What <c>strip</c> means for a request that a gateway lets this program change: whoever does not ask for token probabilities, further candidates or a seed is given none.
/// </summary>
internal static class RequestFields
{
    /// <summary>The request without the fields that the obligations name, as JSON; null where it has none of them, so that others go on as they came.</summary>
    public static byte[]? Without(JsonElement request, IReadOnlyList<Obligation> obligations)
    {
        if (request.ValueKind != JsonValueKind.Object) return null;
        var names = obligations.Where(obligation => obligation.Action == ResponseAction.Strip).SelectMany(obligation => obligation.Fields).SelectMany(Names).ToHashSet(StringComparer.Ordinal);
        if (names.Count == 0 || !request.EnumerateObject().Any(property => names.Contains(property.Name))) return null;
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            foreach (var property in request.EnumerateObject().Where(property => !names.Contains(property.Name))) property.WriteTo(writer);
            writer.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    /// <summary>The fields by which OpenAI's completions interfaces ask for it.</summary>
    private static string[] Names(string field) => field switch
    {
        "logprobs" => ["logprobs", "top_logprobs"],
        "n" => ["n", "best_of"],
        _ => [field],
    };
}
