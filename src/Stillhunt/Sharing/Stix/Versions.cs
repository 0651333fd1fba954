using System.Text.Json.Nodes;

namespace Stillhunt.Sharing.Stix;

/// <summary>
/// A new export in the light of the last one (STIX 2.1, section 3.6): what did not change keeps its version, what changed gets a newer one, and what a
/// reversed campaign had said is revoked. A revoked object gets no newer version any more, so what is said again is a new object. What has no version (observables) is as it is.
/// </summary>
internal static class Versions
{
    private static readonly string[] SingleReferences = ["source_ref", "target_ref", "sighting_of_ref"];

    /// <summary>From here on there is no later time in milliseconds.</summary>
    private static readonly DateTimeOffset LastVersion = DateTimeOffset.MaxValue.AddMilliseconds(-1);

    /// <param name="stands">Whether a campaign that is not exported now stands, by its STIX id as <see cref="Living"/> gives it.</param>
    public static JsonObject Continue(ShareRequest request, IReadOnlyList<JsonObject> objects, Func<string, bool> stands)
    {
        var now = request.Now;
        var earlier = Earlier(request.Previous);
        var current = Said(objects, Living(request.Previous)).ToDictionary(item => (string)item["id"]!, StringComparer.Ordinal);
        var revoked = Revoked(earlier, current, stands);
        var written = new List<JsonObject>();
        foreach (var (id, item) in current)
        {
            if (earlier.TryGetValue(id, out var old) && old["created"] is { } created && old["modified"] is not null && item["modified"] is not null)
            {
                item["created"] = created.DeepClone();
                item["modified"] = Same(old, item) ? old["modified"]!.DeepClone() : StixTime.Write(Later(old, now));
            }

            written.Add(item);
        }

        foreach (var (id, old, item, pruned) in CarriedOver(request, earlier, current))
        {
            if (pruned) item["modified"] = StixTime.Write(Later(old, now));
            if (revoked.Contains(id) && !IsOver(item))
            {
                item["modified"] = StixTime.Write(Later(old, now));
                item["revoked"] = true;
            }

            written.Add(item);
        }

        // An account that is said of no campaign any more is no longer named.
        var named = written.SelectMany(References).ToHashSet(StringComparer.Ordinal);
        return Bundle(written.Where(item => StixBundle.Text(item, "type") != "user-account" || current.ContainsKey((string)item["id"]!) || named.Contains((string)item["id"]!)));
    }

    /// <summary>
    /// What was said before and is not said anew, as far as the profile lets it out today, without references to what it does not. What refers to nothing any more is left out as well, and
    /// then what refers to that.
    /// </summary>
    private static List<(string Id, JsonObject Old, JsonObject Item, bool Pruned)> CarriedOver(ShareRequest request, Dictionary<string, JsonObject> earlier, Dictionary<string, JsonObject> current)
    {
        var carried = new Dictionary<string, (JsonObject Item, bool Pruned)>(StringComparer.Ordinal);
        var order = earlier.Keys.Where(id => !current.ContainsKey(id)).ToList();
        foreach (var id in order.Where(id => PreviousExport.Leaves(earlier[id], request))) carried.Add(id, ((JsonObject)earlier[id].DeepClone(), false));
        var leftOut = order.Where(id => !carried.ContainsKey(id)).ToHashSet(StringComparer.Ordinal);
        for (var before = 0; leftOut.Count > before;)
        {
            before = leftOut.Count;
            foreach (var (id, (item, pruned)) in carried.ToList())
            {
                var (stays, changed) = PreviousExport.Prune(item, leftOut);
                if (stays) carried[id] = (item, pruned || changed);
                else
                {
                    carried.Remove(id);
                    leftOut.Add(id);
                }
            }
        }

        return [.. order.Where(carried.ContainsKey).Select(id => (id, earlier[id], carried[id].Item, carried[id].Pruned))];
    }

    /// <summary>From the id that an object would have to the one that it has: another for each time that it ended before.</summary>
    public static Func<string, string> Living(JsonObject? previous)
    {
        var revoked = Earlier(previous).Where(pair => IsOver(pair.Value)).Select(pair => pair.Key).ToHashSet(StringComparer.Ordinal);
        return id =>
        {
            while (revoked.Contains(id)) id = StixId.Of(StixId.TypeOf(id), "again", id);
            return id;
        };
    }

    private static Dictionary<string, JsonObject> Earlier(JsonObject? previous) =>
        (previous?["objects"] as JsonArray ?? []).OfType<JsonObject>().GroupBy(item => (string)item["id"]!, StringComparer.Ordinal)
            .ToDictionary(versions => versions.Key, versions => versions.MaxBy(item => StixTime.TryRead(StixBundle.Text(item, "modified"), out var modified) ? modified : DateTimeOffset.MinValue)!, StringComparer.Ordinal);

    /// <summary>The objects under their living ids, in references as well.</summary>
    private static IEnumerable<JsonObject> Said(IReadOnlyList<JsonObject> objects, Func<string, string> living)
    {
        var renamed = objects.Where(item => item["modified"] is not null).Select(item => (string)item["id"]!).Select(id => (From: id, To: living(id))).Where(pair => pair.From != pair.To)
            .ToDictionary(pair => pair.From, pair => pair.To, StringComparer.Ordinal);
        return renamed.Count == 0 ? objects : objects.Select(item => (JsonObject)Renamed(item, renamed)!);
    }

    private static JsonNode? Renamed(JsonNode? node, Dictionary<string, string> renamed) => node switch
    {
        JsonObject item => new JsonObject(item.Select(pair => KeyValuePair.Create(pair.Key, Renamed(pair.Value, renamed)))),
        JsonArray list => new JsonArray([.. list.Select(entry => Renamed(entry, renamed))]),
        JsonValue value when value.TryGetValue<string>(out var text) && renamed.TryGetValue(text, out var other) => JsonValue.Create(other),
        _ => node?.DeepClone(),
    };

    /// <summary>Whether it can have no newer version: it was revoked, or stands at the end of time, where only a writer of another kind puts it.</summary>
    private static bool IsOver(JsonObject item) => (item["revoked"] is JsonValue value && value.TryGetValue<bool>(out var revoked) && revoked)
        || (StixTime.TryRead(StixBundle.Text(item, "modified"), out var modified) && modified >= LastVersion);

    public static JsonObject Bundle(IEnumerable<JsonObject> objects)
    {
        var all = objects.ToList();
        var id = StixId.Of("bundle", [.. all.Select(item => (string)item["id"]! + " " + (string?)item["modified"])]);
        return new JsonObject { ["type"] = "bundle", ["id"] = id, ["objects"] = new JsonArray([.. all]) };
    }

    /// <summary>
    /// Campaigns of the producer that no longer stand, and what refers to nothing that does; and of those that are said anew that accounts of a provider are in them, where none is any more: an indicator ends by
    /// itself, an accusation does not.
    /// </summary>
    private static HashSet<string> Revoked(Dictionary<string, JsonObject> earlier, Dictionary<string, JsonObject> current, Func<string, bool> stands)
    {
        var fallen = earlier.Keys.Where(id => StixId.TypeOf(id) == "campaign" && !stands(id) && !current.ContainsKey(id)).ToHashSet(StringComparer.Ordinal);
        var cleared = earlier.Values.Where(item => StixBundle.Text(item, "type") == "sighting" && StixBundle.Text(item, "sighting_of_ref") is { } of && StixId.TypeOf(of) == "campaign" && current.ContainsKey(of))
            .SelectMany(item => (item["observed_data_refs"] as JsonArray ?? []).OfType<JsonValue>().Select(value => value.TryGetValue<string>(out var id) ? id : "").Prepend((string)item["id"]!))
            .Where(id => earlier.ContainsKey(id) && !current.ContainsKey(id)).ToList();
        if (fallen.Count == 0) return [.. cleared];
        string[] dependent = ["indicator", "infrastructure", "relationship", "sighting", "note", "grouping", "observed-data"];
        var relations = earlier.Values.Where(item => (string?)item["type"] == "relationship").Select(item => (Source: StixBundle.Text(item, "source_ref") ?? "", Target: StixBundle.Text(item, "target_ref") ?? "")).ToList();
        var (from, to) = (relations.ToLookup(pair => pair.Source, pair => pair.Target, StringComparer.Ordinal), relations.ToLookup(pair => pair.Target, pair => pair.Source, StringComparer.Ordinal));
        // Indicators hang on campaigns by relationships, sightings on indicators: three rounds reach everything that is written here.
        for (var round = 0; round < 3; round++)
        {
            foreach (var (id, item) in earlier)
            {
                if (fallen.Contains(id) || current.ContainsKey(id) || !dependent.Contains(StixId.TypeOf(id))) continue;
                if (References(item).Concat(from[id]).Concat(to[id]).Any(fallen.Contains)) fallen.Add(id);
            }
        }

        return [.. fallen, .. cleared];
    }

    private static IEnumerable<string> References(JsonObject item) =>
        SingleReferences.Select(name => StixBundle.Text(item, name)).OfType<string>()
            .Concat((item["object_refs"] as JsonArray ?? []).OfType<JsonValue>().Select(value => value.TryGetValue<string>(out var id) ? id : ""));

    private static bool Same(JsonObject old, JsonObject item)
    {
        var (a, b) = ((JsonObject)old.DeepClone(), (JsonObject)item.DeepClone());
        a.Remove("modified");
        b.Remove("modified");
        return JsonNode.DeepEquals(a, b);
    }

    /// <summary>A clock that stands still or goes back must not make a version that is not newer.</summary>
    private static DateTimeOffset Later(JsonObject old, DateTimeOffset now) =>
        StixTime.TryRead(StixBundle.Text(old, "modified"), out var modified) && now <= modified ? modified.AddMilliseconds(1) : now;
}
