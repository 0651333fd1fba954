using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Stillhunt.Sharing.Stix;

/// <summary>
/// Reads a bundle, or a TAXII envelope, that a stranger may have made. Bounded before it is parsed; ids, versions and references are checked; nothing
/// is followed from object to object by recursion, so circles of references are harmless, and a circle of markings is refused.
/// </summary>
public static class StixBundle
{
    /// <summary>The bundle, or null with the fault in one sentence that names the object and the property.</summary>
    public static JsonObject? Read(Stream from, StixLimits limits, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(limits);
        var bytes = ReadBounded(from, limits.Bytes);
        if (bytes is null)
        {
            fault = TooLarge(limits);
            return null;
        }

        return Read(bytes, limits, out fault);
    }

    /// <summary>The same, where a MISP event is as good: its indicators come as a bundle.</summary>
    public static JsonObject? ReadAny(Stream from, StixLimits limits, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(from);
        ArgumentNullException.ThrowIfNull(limits);
        var bytes = ReadBounded(from, limits.Bytes);
        if (bytes is null)
        {
            fault = TooLarge(limits);
            return null;
        }

        var root = Parse(bytes, limits, out fault);
        if (root is null) return null;
        if (Formats.MispEvent.IsEvent(root)) return Formats.MispEvent.Read(root, out fault);
        fault = Check(root, limits);
        return fault is null ? root : null;
    }

    /// <inheritdoc cref="Read(Stream, StixLimits, out string?)"/>
    public static JsonObject? Read(ReadOnlyMemory<byte> json, StixLimits limits, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var root = Parse(json.Span, limits, out fault);
        if (root is null) return null;
        fault = Check(root, limits);
        return fault is null ? root : null;
    }

    private static JsonObject? Parse(ReadOnlySpan<byte> json, StixLimits limits, out string? fault)
    {
        // Some tools put the mark of UTF-8 before it.
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        try
        {
            fault = Survey(json, limits);
            if (fault is not null) return null;
            // Two properties of one name are two readings of one object.
            var root = JsonNode.Parse(json, null, new JsonDocumentOptions { MaxDepth = limits.Depth, AllowDuplicateProperties = false }) as JsonObject;
            fault = root is null ? "not a bundle: an object is expected" : null;
            return root;
        }
        catch (JsonException broken)
        {
            fault = $"not readable as JSON: {broken.Message}";
            return null;
        }
    }

    private static string TooLarge(StixLimits limits) => string.Create(CultureInfo.InvariantCulture, $"larger than {limits.Bytes:N0} bytes; refused unread");

    /// <summary>The fault of a single object, or null: type, id and versions.</summary>
    public static string? CheckObject(JsonNode? node)
    {
        if (node is not JsonObject item) return "an object is expected";
        if (Text(item, "type") is not { } type) return "type is missing";
        if (Text(item, "id") is not { } id || !StixId.IsValid(id)) return "id is not of the form type--UUID";
        if (StixId.TypeOf(id) != type) return $"id {id}: its type is not '{Shown(type)}'";
        foreach (var name in (string[])["created", "modified"])
            if (item.ContainsKey(name) && !StixTime.TryRead(Text(item, name), out _)) return $"{id}, {name}: a timestamp in UTC is expected";
        if (StixTime.TryRead(Text(item, "created"), out var created) && StixTime.TryRead(Text(item, "modified"), out var modified) && modified < created) return $"{id}: modified lies before created";
        return null;
    }

    internal static string? Text(JsonObject item, string name) => item[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static string? Check(JsonObject root, StixLimits limits)
    {
        if (Text(root, "type") is var type && type is not ("bundle" or null)) return $"not a bundle: its type is '{Shown(type)}'";
        if (!root.ContainsKey("objects")) return type == "bundle" || root.All(pair => pair.Key is "more" or "next") ? null : "not a bundle: it has no objects";
        if (root["objects"] is not JsonArray objects) return "objects is not a list";
        if (objects.Count > limits.Objects) return string.Create(CultureInfo.InvariantCulture, $"{objects.Count:N0} objects; more than {limits.Objects:N0} are not read");
        var seen = new Dictionary<(string, string), JsonObject>();
        for (var i = 0; i < objects.Count; i++)
        {
            if (CheckObject(objects[i]) is { } wrong) return string.Create(CultureInfo.InvariantCulture, $"objects[{i}]: {wrong}");
            var item = (JsonObject)objects[i]!;
            var key = (Text(item, "id")!, Text(item, "modified") ?? Text(item, "created") ?? "");
            if (!seen.TryAdd(key, item) && !JsonNode.DeepEquals(seen[key], item)) return $"two objects have the id {key.Item1} and one version, and differ";
        }

        return MarkingCircles(objects.OfType<JsonObject>()) is { Count: > 0 } circles ? $"the marking {circles.Order(StringComparer.Ordinal).First()} marks itself, directly or over others" : null;
    }

    /// <summary>What marks a marking.</summary>
    internal static IEnumerable<string> MarksOf(JsonObject item) =>
        (item["object_marking_refs"] as JsonArray ?? []).OfType<JsonValue>().Select(value => value.TryGetValue<string>(out var id) ? id : "");

    /// <summary>What marks an object, or a part of it.</summary>
    internal static IEnumerable<string> AllMarksOf(JsonObject item) =>
        MarksOf(item).Concat((item["granular_markings"] as JsonArray ?? []).OfType<JsonObject>().Select(mark => Text(mark, "marking_ref")).OfType<string>());

    /// <summary>STIX 2.1, section 7.2: no marking may mark itself, directly or over others. Those that do, and those between two that do.</summary>
    /// <param name="objects">Of several versions of a marking all count.</param>
    internal static IReadOnlySet<string> MarkingCircles(IEnumerable<JsonObject> objects)
    {
        var marks = objects.Where(item => Text(item, "type") == "marking-definition").GroupBy(item => Text(item, "id")!, StringComparer.Ordinal)
            .ToDictionary(versions => versions.Key, versions => versions.SelectMany(MarksOf).Distinct(StringComparer.Ordinal).ToList(), StringComparer.Ordinal);
        // Markings without open references are taken off until none is left, or a circle is.
        var open = marks.ToDictionary(pair => pair.Key, pair => pair.Value.Count(marks.ContainsKey), StringComparer.Ordinal);
        var marked = marks.SelectMany(pair => pair.Value.Where(marks.ContainsKey).Select(to => (to, pair.Key))).ToLookup(pair => pair.to, pair => pair.Key);
        var ready = new Queue<string>(open.Where(pair => pair.Value == 0).Select(pair => pair.Key));
        while (ready.TryDequeue(out var id))
        {
            open.Remove(id);
            foreach (var holder in marked[id])
                if (open.TryGetValue(holder, out var left) && (open[holder] = left - 1) == 0) ready.Enqueue(holder);
        }

        // What is left stands in a circle or leads to one; the other way round what only leads to one is taken off.
        var circles = open.Keys.ToHashSet(StringComparer.Ordinal);
        var holders = circles.ToDictionary(id => id, id => marked[id].Count(circles.Contains), StringComparer.Ordinal);
        var free = new Queue<string>(holders.Where(pair => pair.Value == 0).Select(pair => pair.Key));
        while (free.TryDequeue(out var id))
        {
            circles.Remove(id);
            foreach (var mark in marks[id])
                if (circles.Contains(mark) && --holders[mark] == 0) free.Enqueue(mark);
        }

        return circles;
    }

    /// <summary>
    /// One pass without building anything, so that a million tiny objects are refused before they cost memory, and text that is no Unicode before it is met in the middle of
    /// the work.
    /// </summary>
    /// <returns>The fault in one sentence, or null.</returns>
    /// <exception cref="JsonException">It is no JSON, or nested too deep.</exception>
    internal static string? Survey(ReadOnlySpan<byte> json, StixLimits limits)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = limits.Depth });
        long values = 0, objects = 0;
        while (reader.Read())
        {
            if (reader.CurrentDepth == 2 && reader.TokenType == JsonTokenType.StartObject)
            {
                objects++;
                values = 0;
            }

            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !IsText(ref reader)) return string.Create(CultureInfo.InvariantCulture, $"text that is no Unicode, at byte {reader.TokenStartIndex:N0}");
            if (objects > limits.Objects) return string.Create(CultureInfo.InvariantCulture, $"more than {limits.Objects:N0} objects");
            if (++values > limits.ValuesPerObject) return string.Create(CultureInfo.InvariantCulture, $"an object of more than {limits.ValuesPerObject:N0} values");
        }

        return null;
    }

    internal static bool IsText(ref Utf8JsonReader reader)
    {
        if (!reader.ValueIsEscaped) return System.Text.Unicode.Utf8.IsValid(reader.ValueSpan);
        try
        {
            _ = reader.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair; there is no way to ask without it.
            return false;
        }
    }

    /// <summary>The same of an object that stands by itself.</summary>
    /// <inheritdoc cref="Survey"/>
    internal static string? SurveyObject(ReadOnlySpan<byte> json, StixLimits limits)
    {
        // In a bundle it would stand two levels deep.
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = limits.Depth - 2 });
        for (long values = 1; reader.Read(); values++)
        {
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && !IsText(ref reader)) return "text that is no Unicode";
            if (values > limits.ValuesPerObject) return string.Create(CultureInfo.InvariantCulture, $"an object of more than {limits.ValuesPerObject:N0} values");
        }

        return null;
    }

    /// <summary>
    /// Of objects that were each found to be sound, those that are sound together: of two that differ under one id and version the first, and no markings in a circle.
    /// </summary>
    /// <param name="skipped">Is told a sentence for each that is left out.</param>
    internal static List<JsonObject> Together(IReadOnlyList<JsonObject> objects, Action<string> skipped)
    {
        var seen = new Dictionary<(string, string), JsonObject>();
        var circles = MarkingCircles(objects);
        var left = new List<JsonObject>(objects.Count);
        foreach (var item in objects)
        {
            var key = (Text(item, "id")!, Text(item, "modified") ?? Text(item, "created") ?? "");
            if (!seen.TryAdd(key, item) && !JsonNode.DeepEquals(seen[key], item)) skipped($"{key.Item1}: another object of this id and version came before, and differs");
            else if (Text(item, "type") == "marking-definition" && circles.Contains(key.Item1)) skipped($"{key.Item1}: the marking marks itself, directly or over others");
            else left.Add(item);
        }

        return left;
    }

    private static byte[]? ReadBounded(Stream from, long most)
    {
        if (from.CanSeek && from.Length > most) return null;
        using var held = new MemoryStream();
        var buffer = new byte[81_920];
        int read;
        while ((read = from.Read(buffer)) > 0)
        {
            if (held.Length + read > most) return null;
            held.Write(buffer, 0, read);
        }

        return held.ToArray();
    }

    private static string Shown(string? text) => Reporting.Text.OutputText.Terminal(text, 60);
}
