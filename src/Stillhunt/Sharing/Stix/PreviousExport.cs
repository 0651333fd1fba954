using System.Text.Json.Nodes;

namespace Stillhunt.Sharing.Stix;

/// <summary>
/// What of the last export may stand in the next one. An object's marking says with which profile it was made, so one of another marking, or of another producer, has no place in it: a wider
/// profile would publish what it may not, a narrower one would revoke for its readers what still stands for others.
/// </summary>
internal static class PreviousExport
{
    private const string Rule = "Take your last export with the same profile and producer, or none.";

    private static readonly string[] SingleReferences = ["source_ref", "target_ref", "sighting_of_ref"], Lists = ["object_refs", "observed_data_refs", "where_sighted_refs"];

    /// <summary>Why this export may not go on from that one, in a sentence; null where it may.</summary>
    public static string? Fault(JsonObject previous, ShareRequest request)
    {
        var own = CampaignExport.ProducerId(request.Producer);
        var all = (previous["objects"] as JsonArray ?? []).OfType<JsonObject>().Where(item => !IsPublished(item)).ToList();
        foreach (var item in all.Where(item => StixBundle.Text(item, "type") != "marking-definition"))
        {
            if (Maker(item) is { } maker && maker != own)
                return $"The previous export holds objects of {NameOf(maker, all)}, and this one is of {Shown(request.Producer)}. {Rule}";
            if (!IsMarked(item, request.Profile))
                return $"The previous export holds objects marked {MarkingOf(item)}, and this one is {Tlp.NameOf(request.Profile.Tlp)} (profile {request.Profile.Name}). {Rule}";
            if (request.Profile.AccountsOf is { } source && OtherProvider(item, own, source) is { } other)
                return $"The previous export tells {Shown(other)} of its accounts, and this one is for {Shown(source)} alone. {Rule}";
        }

        return null;
    }

    /// <summary>
    /// Whether the profile would let an object of the last export out today. It is asked of each, whatever <see cref="Fault"/> found: of two exports of one marking the earlier may have been
    /// asked to hold more, as with mail domains.
    /// </summary>
    public static bool Leaves(JsonObject item, ShareRequest request)
    {
        if (IsPublished(item)) return true;
        if (!IsMarked(item, request.Profile) || (Maker(item) is { } maker && maker != CampaignExport.ProducerId(request.Producer))) return false;
        var profile = request.Profile;
        return StixBundle.Text(item, "type") switch
        {
            "user-account" => profile.Identities || (profile.AccountsOf is { } source && StixBundle.Text(item, "account_type") == source),
            "ipv4-addr" or "ipv6-addr" => profile.LetsOut("ip"),
            "domain-name" => profile.LetsOut("email-domain"),
            "indicator" => IndicatorPattern.Read(StixBundle.Text(item, "pattern_type") ?? "", StixBundle.Text(item, "pattern") ?? "", out _) is { } pattern
                && profile.LetsOut(pattern.Kind) && (pattern.Kind != "client" || pattern.Key is not null || profile.Identities),
            _ => true,
        };
    }

    /// <summary>Takes references to what is left out of an object that stays.</summary>
    /// <returns>Whether the object still says something, and whether it changed.</returns>
    public static (bool Stays, bool Changed) Prune(JsonObject item, IReadOnlySet<string> leftOut)
    {
        if (SingleReferences.Any(name => StixBundle.Text(item, name) is { } id && leftOut.Contains(id))) return (false, false);
        var changed = false;
        foreach (var name in Lists)
        {
            if (item[name] is not JsonArray list) continue;
            var left = list.Where(node => !(node is JsonValue value && value.TryGetValue<string>(out var id) && leftOut.Contains(id))).Select(node => node?.DeepClone()).ToArray();
            if (left.Length == list.Count) continue;
            changed = true;
            if (left.Length > 0) item[name] = new JsonArray(left);
            else if (name == "object_refs") return (false, false);
            else item.Remove(name);
        }

        return (true, changed);
    }

    /// <summary>Published elsewhere and the same in every export: nobody's in particular, and with no marking.</summary>
    private static bool IsPublished(JsonObject item) => StixBundle.Text(item, "id") is { } id && (Atlas.Knows(id) || StillhuntExtension.Definition().Any(own => (string?)own["id"] == id));

    private static string? Maker(JsonObject item) => StixBundle.Text(item, "created_by_ref") ?? (StixBundle.Text(item, "type") == "identity" ? StixBundle.Text(item, "id") : null);

    private static bool IsMarked(JsonObject item, ShareProfile profile) => Marks(item) is [var only] && only == Tlp.IdOf(profile.Tlp);

    private static string[] Marks(JsonObject item) => [.. (item["object_marking_refs"] as JsonArray ?? []).OfType<JsonValue>().Select(mark => mark.TryGetValue<string>(out var id) ? id : "")];

    private static string MarkingOf(JsonObject item) => Marks(item) is { Length: > 0 } marks && marks.Select(Tlp.LevelOf).OfType<string>().ToList() is { Count: > 0 } levels ? string.Join(" and ", levels.Select(Tlp.NameOf)) : "without a TLP level";

    /// <summary>Another provider to which accounts were told; null for none.</summary>
    private static string? OtherProvider(JsonObject item, string own, string source) => StixBundle.Text(item, "type") switch
    {
        "user-account" when StixBundle.Text(item, "account_type") is var type && type != source => type ?? "somebody",
        "identity" when StixBundle.Text(item, "id") != own && StixBundle.Text(item, "name") is var name && name != source => name ?? "somebody",
        _ => null,
    };

    private static string NameOf(string producer, List<JsonObject> all) =>
        Shown(all.Where(item => StixBundle.Text(item, "id") == producer).Select(item => StixBundle.Text(item, "name")).FirstOrDefault(name => name is not null) ?? producer);

    private static string Shown(string text) => Reporting.Text.OutputText.Terminal(text, 100);
}
