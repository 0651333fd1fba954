using System.Globalization;
using System.Text.Json.Nodes;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Sharing.Formats;

/// <summary>
/// A bundle as an event in MISP's JSON, and an event as a bundle of indicators. MISP has types for addresses, autonomous systems, domains and user
/// agents; what it has none for goes as "other" with our pattern as its value, which comes back whole.
/// </summary>
public static class MispEvent
{
    private const int MostAttributes = 100_000;

    public static JsonObject Write(JsonObject bundle, string producer, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(bundle);
        var indicators = SharedIndicator.Of(bundle);
        var campaigns = indicators.Select(indicator => indicator.Campaign).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        var tlp = SharedIndicator.TlpOf(bundle);
        var attributes = indicators.Select(indicator => Attribute(indicator, now)).ToArray<JsonNode>();
        return new JsonObject
        {
            ["Event"] = new JsonObject
            {
                ["uuid"] = Uuid((string)bundle["id"]!), ["info"] = campaigns.Count == 1 ? campaigns[0] : string.Create(CultureInfo.InvariantCulture, $"{campaigns.Count} distillation campaigns"),
                ["date"] = now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), ["timestamp"] = Seconds(now), ["threat_level_id"] = "2", ["analysis"] = "1",
                // Your organisation only, whatever the marking: whoever imports it decides how far it goes.
                ["distribution"] = "0", ["published"] = false,
                ["Orgc"] = new JsonObject { ["name"] = producer, ["uuid"] = Uuid(StixId.Of("identity", producer)) },
                ["Tag"] = new JsonArray(new JsonObject { ["name"] = "tlp:" + tlp }),
                ["Attribute"] = new JsonArray(attributes),
            },
        };
    }

    public static bool IsEvent(JsonObject root) => root["Event"] is JsonObject;

    /// <summary>A bundle of the event's attributes that are for detection; null with the fault.</summary>
    public static JsonObject? Read(JsonObject root, out string? fault)
    {
        ArgumentNullException.ThrowIfNull(root);
        fault = null;
        if (root["Event"] is not JsonObject happened || happened["Attribute"] is not (JsonArray or null)) fault = "not a MISP event: Event.Attribute is no list";
        else if (Attributes(happened).Skip(MostAttributes).Any()) fault = string.Create(CultureInfo.InvariantCulture, $"more than {MostAttributes:N0} attributes");
        else
        {
            var organisation = happened["Orgc"] is JsonObject org ? StixBundle.Text(org, "name") : null;
            var objects = new List<JsonObject>();
            var author = organisation is null ? null : StixId.Of("identity", organisation);
            if (author is not null)
                objects.Add(new JsonObject { ["type"] = "identity", ["spec_version"] = "2.1", ["id"] = author, ["created"] = "2026-01-01T00:00:00.000Z", ["modified"] = "2026-01-01T00:00:00.000Z", ["name"] = organisation, ["identity_class"] = "organization" });
            var known = new Dictionary<string, JsonObject>(StringComparer.Ordinal);
            foreach (var (place, node) in Attributes(happened))
            {
                if (node is not JsonObject attribute) fault = place + ": an object is expected";
                else if (Indicator(attribute, happened, author) is { } indicator)
                {
                    if (known.TryAdd((string)indicator["id"]!, indicator)) objects.Add(indicator);
                    else if (!JsonNode.DeepEquals(known[(string)indicator["id"]!], indicator)) fault = $"{place}: another attribute has its uuid, and differs";
                }

                if (fault is not null) return null;
            }

            return Versions.Bundle(objects);
        }

        return null;
    }

    /// <summary>Attributes of the event and of the objects in it, with where each stands.</summary>
    private static IEnumerable<(string Place, JsonNode? Node)> Attributes(JsonObject happened)
    {
        var lists = new List<(string, JsonArray?)> { ("Event.Attribute", happened["Attribute"] as JsonArray) };
        if (happened["Object"] is JsonArray inner)
            lists.AddRange(inner.Select((node, at) => (string.Create(CultureInfo.InvariantCulture, $"Event.Object[{at}].Attribute"), (node as JsonObject)?["Attribute"] as JsonArray)));
        return lists.SelectMany(list => (list.Item2 ?? []).Select((node, at) => (string.Create(CultureInfo.InvariantCulture, $"{list.Item1}[{at}]"), node)));
    }

    private static JsonObject Attribute(SharedIndicator indicator, DateTimeOffset now)
    {
        var (type, category, value) = indicator.Pattern.Kind switch
        {
            "ip" or "network" => ("ip-src", "Network activity", indicator.Pattern.Value),
            "asn" when IndicatorPattern.Number(indicator.Pattern.Value) is not null => ("AS", "Network activity", indicator.Pattern.Value),
            "email-domain" => ("domain", "Network activity", indicator.Pattern.Value),
            "client" when indicator.Pattern.Key is null => ("user-agent", "Network activity", indicator.Pattern.Value),
            "tls" when IsJa3(indicator.Pattern.Value) => ("ja3-fingerprint-md5", "Network activity", indicator.Pattern.Value),
            _ => ("other", "Other", indicator.Pattern.Write()),
        };
        var attribute = new JsonObject
        {
            ["uuid"] = Uuid(indicator.Id), ["type"] = type, ["category"] = category, ["value"] = value, ["to_ids"] = true, ["distribution"] = "5", ["timestamp"] = Seconds(now),
            ["comment"] = string.Create(CultureInfo.InvariantCulture, $"{indicator.Name}; {indicator.Campaign}; confidence {indicator.Confidence}"),
        };
        if (indicator.ValidFrom.Length > 0) attribute["first_seen"] = indicator.ValidFrom;
        if (indicator.ValidUntil.Length > 0) attribute["last_seen"] = indicator.ValidUntil;
        return attribute;
    }

    private static JsonObject? Indicator(JsonObject attribute, JsonObject happened, string? author)
    {
        if (attribute["to_ids"] is not JsonValue flag || !flag.TryGetValue<bool>(out var detects) || !detects) return null;
        if (StixBundle.Text(attribute, "value") is not { Length: > 0 } value || StixBundle.Text(attribute, "uuid") is not { } uuid || !StixId.IsValid("indicator--" + uuid)) return null;
        var pattern = StixBundle.Text(attribute, "type") switch
        {
            "ip-src" or "ip-dst" => new IndicatorPattern { Kind = value.Contains('/', StringComparison.Ordinal) ? "network" : "ip", Value = value },
            "AS" => new IndicatorPattern { Kind = "asn", Value = value },
            "domain" or "hostname" => new IndicatorPattern { Kind = "email-domain", Value = value },
            "user-agent" => new IndicatorPattern { Kind = "client", Value = value },
            "ja3-fingerprint-md5" => new IndicatorPattern { Kind = "tls", Value = value.ToLowerInvariant() },
            "other" => new[] { IndicatorPattern.SketchType, IndicatorPattern.KeyedType, IndicatorPattern.StixType }.Select(type => IndicatorPattern.Read(type, value, out _)).FirstOrDefault(read => read is not null),
            _ => null,
        };
        // What would not be read back as a pattern is left out here rather than carried as a broken one.
        if (pattern is null || IndicatorPattern.Read(pattern.PatternType, pattern.Write(), out _) is null) return null;
        var modified = StixTime.Write(Time(Stamp(attribute) ?? Stamp(happened)));
        var from = StixTime.TryRead(StixBundle.Text(attribute, "first_seen"), out var first) ? first : Time(Stamp(attribute) ?? Stamp(happened));
        var indicator = new JsonObject
        {
            ["type"] = "indicator", ["spec_version"] = "2.1", ["id"] = "indicator--" + uuid, ["created"] = modified, ["modified"] = modified, ["indicator_types"] = new JsonArray("anomalous-activity"),
            ["pattern"] = pattern.Write(), ["pattern_type"] = pattern.PatternType, ["valid_from"] = StixTime.Write(from),
        };
        if (author is not null) indicator["created_by_ref"] = author;
        if (StixTime.TryRead(StixBundle.Text(attribute, "last_seen"), out var until) && until > from) indicator["valid_until"] = StixTime.Write(until);
        return indicator;
    }

    /// <summary>Seconds as a text, as MISP writes them, or as a number, as some tools do.</summary>
    private static string? Stamp(JsonObject item) => StixBundle.Text(item, "timestamp")
        ?? (item["timestamp"] is JsonValue value && value.TryGetValue<long>(out var seconds) && seconds >= 0 ? seconds.ToString(CultureInfo.InvariantCulture) : null);

    private static bool IsJa3(string value) => value.Length == 32 && value.All(char.IsAsciiHexDigitLower);

    private static string Uuid(string id) => id[(id.IndexOf("--", StringComparison.Ordinal) + 2)..];

    private static string Seconds(DateTimeOffset time) => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string? seconds) =>
        long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 253_402_300_800 ? DateTimeOffset.FromUnixTimeSeconds(number) : DateTimeOffset.UnixEpoch;
}
