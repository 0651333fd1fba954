using System.Text.Json.Nodes;

namespace Stillhunt.Sharing.Stix;

/// <summary>Objects of one export, each once, with what all of them have.</summary>
internal sealed class BundleBuilder(ShareRequest request)
{
    private readonly Dictionary<string, JsonObject> _objects = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];

    public string Producer { get; } = CampaignExport.ProducerId(request.Producer);

    public string Marking { get; } = Tlp.IdOf(request.Profile.Tlp);

    /// <summary>An object of the domain or a relationship: common properties are filled in. Its id comes from what tells it apart.</summary>
    public string Add(string type, ReadOnlySpan<string> identity, JsonObject properties)
    {
        var id = StixId.Of(type, [Producer, request.Profile.Name, .. identity]);
        var now = StixTime.Write(request.Now);
        var item = new JsonObject
        {
            ["type"] = type, ["spec_version"] = "2.1", ["id"] = id, ["created_by_ref"] = Producer, ["created"] = now, ["modified"] = now,
            ["object_marking_refs"] = new JsonArray(Marking),
        };
        foreach (var (name, value) in properties) if (value is not (null or JsonArray { Count: 0 } or JsonObject { Count: 0 })) item[name] = value.DeepClone();
        return Put(item);
    }

    /// <summary>A cyber-observable: its id is that of its value.</summary>
    public string AddObservable(string type, JsonObject contributing)
    {
        var item = new JsonObject { ["type"] = type, ["spec_version"] = "2.1", ["id"] = StixId.OfObservable(type, contributing), ["object_marking_refs"] = new JsonArray(Marking) };
        foreach (var (name, value) in contributing) item[name] = value!.DeepClone();
        return Put(item);
    }

    public string Relate(string from, string relation, string to) =>
        Add("relationship", [from, relation, to], new JsonObject { ["relationship_type"] = relation, ["source_ref"] = from, ["target_ref"] = to });

    /// <summary>An object whose id is published elsewhere.</summary>
    public string Put(JsonObject item)
    {
        var id = (string)item["id"]!;
        if (_objects.TryAdd(id, item)) _order.Add(id);
        return id;
    }

    public IReadOnlyList<JsonObject> Objects => [.. _order.Select(id => _objects[id])];
}
