using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Stillhunt.Tests.Architecture;

namespace Stillhunt.Tests.Sharing;

/// <summary>The official JSON schemas, read from the repository; nothing is fetched.</summary>
internal static class StixSchemas
{
    private static readonly Lazy<Dictionary<string, JsonSchema>> ByType = new(Load);

    private static readonly EvaluationOptions Options = new() { OutputFormat = OutputFormat.List };

    /// <summary>Every fault of every object, with its id and place; a type without a schema is a fault too.</summary>
    public static List<string> Faults(JsonObject bundle)
    {
        var faults = new List<string>();
        // The shell alone: its schema tries every type on every object, and says of none what is wrong with it.
        faults.AddRange(Faults("bundle", "bundle", new JsonObject { ["type"] = bundle["type"]?.DeepClone(), ["id"] = bundle["id"]?.DeepClone() }));
        foreach (var item in ((JsonArray)bundle["objects"]!).OfType<JsonObject>())
        {
            faults.AddRange(Faults((string)item["type"]!, (string)item["id"]!, item));
            if ((string?)item["type"] == "marking-definition") faults.AddRange(Faults("tlp", (string)item["id"]!, item));
        }

        return faults;
    }

    private static IEnumerable<string> Faults(string type, string id, JsonObject item)
    {
        if (!ByType.Value.TryGetValue(type, out var schema)) return [$"{id}: there is no schema for {type}"];
        using var element = JsonDocument.Parse(item.ToJsonString());
        if (schema.Evaluate(element.RootElement).IsValid) return [];
        var result = schema.Evaluate(element.RootElement, Options);
        return result.IsValid ? [] : (result.Details ?? []).Where(detail => detail.Errors is not null).SelectMany(detail => detail.Errors!.Select(error => $"{id} {detail.InstanceLocation}: {error.Value}")).DefaultIfEmpty($"{id}: invalid");
    }

    private static Dictionary<string, JsonSchema> Load()
    {
        var schemas = new Dictionary<string, JsonSchema>(StringComparer.Ordinal);
        foreach (var path in Repository.Files("tests/stix-schemas/schemas", "*.json"))
        {
            var schema = JsonSchema.FromText(File.ReadAllText(path));
            SchemaRegistry.Global.Register(schema);
            schemas.Add(Path.GetFileNameWithoutExtension(path), schema);
        }

        var tlp = JsonSchema.FromText(File.ReadAllText(Repository.Files("tests/stix-schemas/extensions", "tlp-*.json").Single()));
        SchemaRegistry.Global.Register(tlp);
        schemas.Add("tlp", tlp);
        return schemas;
    }
}
