using System.Buffers;
using System.Text.Json;
using Stillhunt.Response;
using Stillhunt.Response.Countermeasures;

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
        var names = obligations.Where(obligation => obligation.Action == ResponseAction.Strip).SelectMany(obligation => obligation.Fields).SelectMany(AskedFields.Of).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var isLogprobs = names.Contains("logprobs");
        if (names.Count == 0 || !request.EnumerateObject().Any(property => names.Contains(property.Name) || (isLogprobs && IncludesLogprobs(property)))) return null;
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            foreach (var property in request.EnumerateObject().Where(property => !names.Contains(property.Name)))
            {
                if (isLogprobs && IncludesLogprobs(property)) Include(property, writer);
                else property.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static bool IncludesLogprobs(JsonProperty property) => property.NameEquals("include"u8) && property.Value.ValueKind == JsonValueKind.Array && property.Value.EnumerateArray().Any(IsLogprobs);

    private static bool IsLogprobs(JsonElement item) => item.ValueKind == JsonValueKind.String && item.ValueEquals(AskedFields.IncludedLogprobs);

    private static void Include(JsonProperty property, Utf8JsonWriter writer)
    {
        writer.WriteStartArray(property.Name);
        foreach (var item in property.Value.EnumerateArray().Where(item => !IsLogprobs(item))) item.WriteTo(writer);
        writer.WriteEndArray();
    }
}
