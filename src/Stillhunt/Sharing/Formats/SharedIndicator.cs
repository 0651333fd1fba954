using System.Text.Json.Nodes;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Sharing.Formats;

/// <summary>
/// One indicator of a bundle in the few words that other formats have for it. They are made of the bundle and not of the result, so nothing can leave
/// in them that did not leave in it.
/// </summary>
internal sealed record SharedIndicator(string Id, IndicatorPattern Pattern, string Name, int Confidence, string ValidFrom, string ValidUntil, string Campaign)
{
    /// <summary>Those that stand; a revoked one does not.</summary>
    public static List<SharedIndicator> Of(JsonObject bundle)
    {
        var items = (bundle["objects"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        var names = items.Where(item => StixBundle.Text(item, "type") == "campaign").ToDictionary(item => StixBundle.Text(item, "id")!, item => StixBundle.Text(item, "name") ?? "", StringComparer.Ordinal);
        var campaigns = items.Where(item => StixBundle.Text(item, "relationship_type") == "indicates").GroupBy(item => StixBundle.Text(item, "source_ref") ?? "", StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => names.GetValueOrDefault(StixBundle.Text(group.First(), "target_ref") ?? "", ""), StringComparer.Ordinal);
        var indicators = new List<SharedIndicator>();
        foreach (var item in items.Where(item => StixBundle.Text(item, "type") == "indicator" && item["revoked"] is null))
        {
            if (IndicatorPattern.Read(StixBundle.Text(item, "pattern_type") ?? "", StixBundle.Text(item, "pattern") ?? "", out _) is not { } pattern) continue;
            var id = StixBundle.Text(item, "id")!;
            var confidence = item["confidence"] is JsonValue value && value.TryGetValue<int>(out var number) ? number : 0;
            indicators.Add(new SharedIndicator(id, pattern, StixBundle.Text(item, "name") ?? "", confidence, StixBundle.Text(item, "valid_from") ?? "", StixBundle.Text(item, "valid_until") ?? "", campaigns.GetValueOrDefault(id, "")));
        }

        return indicators;
    }

    /// <summary>The TLP level of a bundle's first object that has one; amber+strict where none says.</summary>
    public static string TlpOf(JsonObject bundle) => (bundle["objects"] as JsonArray ?? []).OfType<JsonObject>().Select(item => Tlp.LevelOf(StixBundle.Text(item, "id") ?? "")).FirstOrDefault(level => level is not null) ?? "amber+strict";
}
