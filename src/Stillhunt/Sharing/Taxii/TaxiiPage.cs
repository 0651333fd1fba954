using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Sharing.Taxii;

/// <summary>
/// One page of a collection. Many write into a collection, so an object that is not read here is left out by itself, with the reason: else one writer could keep everybody from reading on.
/// What can't be cut into objects is refused as a whole.
/// </summary>
internal sealed class TaxiiPage
{
    private TaxiiPage(JsonObject frame, IReadOnlyList<JsonObject> objects, IReadOnlyList<string> skipped)
    {
        (Objects, Skipped) = (objects, skipped);
        IsMore = frame["more"] is JsonValue more && more.TryGetValue<bool>(out var isMore) && isMore;
        Next = StixBundle.Text(frame, "next");
    }

    public IReadOnlyList<JsonObject> Objects { get; }

    /// <summary>A sentence for each object that is left out.</summary>
    public IReadOnlyList<string> Skipped { get; }

    public bool IsMore { get; }
    public string? Next { get; }

    /// <summary>Null where it is no envelope at all.</summary>
    public static TaxiiPage? Read(ReadOnlyMemory<byte> json, StixLimits limits, out string? fault)
    {
        try
        {
            var (frame, places) = Cut(json.Span, limits, out fault);
            if (frame is null) return null;
            var (objects, skipped) = (new List<JsonObject>(places.Count), new List<string>());
            foreach (var place in places)
            {
                if (One(json.Span[place], limits, out var wrong) is { } item) objects.Add(item);
                else skipped.Add(wrong);
            }

            return new TaxiiPage(frame, objects, skipped);
        }
        catch (JsonException broken)
        {
            fault = $"not readable as JSON: {broken.Message}";
            return null;
        }
    }

    /// <summary>The envelope without its objects, and where each of them stands. Nothing is built of the objects yet.</summary>
    private static (JsonObject? Frame, List<Range> Places) Cut(ReadOnlySpan<byte> json, StixLimits limits, out string? fault)
    {
        // An object that is nested too deep is left out by itself; so the envelope is walked to any depth, which costs a bit for each level.
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = int.MaxValue });
        var (frame, places, hasObjects, hasOthers) = (new JsonObject(), new List<Range>(), false, false);
        fault = !reader.Read() || reader.TokenType != JsonTokenType.StartObject ? "an object is expected" : null;
        while (fault is null && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueTextEquals("objects"u8) ? "objects" : reader.ValueTextEquals("more"u8) ? "more" : reader.ValueTextEquals("next"u8) ? "next" : "";
            reader.Read();
            if (name == "objects")
            {
                hasObjects = true;
                if (reader.TokenType != JsonTokenType.StartArray) fault = "objects is not a list";
                while (fault is null && reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    var start = (int)reader.TokenStartIndex;
                    reader.Skip();
                    places.Add(start..(int)reader.BytesConsumed);
                    if (places.Count > limits.Objects) fault = string.Create(CultureInfo.InvariantCulture, $"more than {limits.Objects:N0} objects");
                }
            }
            else if (name == "more" && reader.TokenType is JsonTokenType.True or JsonTokenType.False)
            {
                frame[name] = reader.GetBoolean();
            }
            else if (name == "next" && reader.TokenType == JsonTokenType.String && StixBundle.IsText(ref reader))
            {
                frame[name] = reader.GetString();
            }
            else
            {
                hasOthers |= name.Length == 0;
                reader.Skip();
            }
        }

        if (fault is null && hasOthers && !hasObjects) fault = "it has no objects";
        if (fault is not null) return (null, places);
        while (reader.Read()) { }
        return (frame, places);
    }

    private static JsonObject? One(ReadOnlySpan<byte> json, StixLimits limits, out string wrong)
    {
        JsonNode? node = null;
        string? fault;
        try
        {
            // The same limits as in a bundle, where an object stands two levels deep.
            fault = StixBundle.SurveyObject(json, limits);
            if (fault is null)
            {
                node = JsonNode.Parse(json, null, new JsonDocumentOptions { MaxDepth = limits.Depth - 2, AllowDuplicateProperties = false });
                fault = StixBundle.CheckObject(node);
            }
        }
        catch (JsonException broken)
        {
            fault = $"not readable as JSON: {broken.Message}";
        }

        wrong = fault is null ? "" : Named(node, fault);
        return fault is null ? (JsonObject)node! : null;
    }

    private static string Named(JsonNode? node, string fault) =>
        Reporting.Text.OutputText.Terminal(node is JsonObject item && StixBundle.Text(item, "id") is { } id && !fault.Contains(id, StringComparison.Ordinal) ? $"{id}: {fault}" : fault, 300);
}
