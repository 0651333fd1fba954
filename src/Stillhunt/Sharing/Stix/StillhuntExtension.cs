using System.Text.Json.Nodes;

namespace Stillhunt.Sharing.Stix;

/// <summary>
/// What STIX has no word for, as one property extension (STIX 2.1, section 7.3): a tool that does not know it still reads valid campaigns and
/// indicators. docs/sharing.md describes the properties.
/// </summary>
internal static class StillhuntExtension
{
    public const string Id = "extension-definition--b5ce2a1e-6a0b-4d54-8a51-3d6d0f7f2f90";

    private const string Author = "identity--0d4f8f3e-9d0f-4d63-9c1f-2a4d6f1b7c55", Made = "2026-11-25T00:00:00.000Z", Changed = "2026-11-26T00:00:00.000Z";

    /// <summary>The definition and its author, the same objects in every export.</summary>
    public static IEnumerable<JsonObject> Definition() =>
    [
        new()
        {
            ["type"] = "identity", ["spec_version"] = "2.1", ["id"] = Author, ["created"] = Made, ["modified"] = Made, ["name"] = "Stillhunt", ["identity_class"] = "system",
            ["description"] = "The program that defines the extension; it is nobody's producer.",
        },
        new()
        {
            ["type"] = "extension-definition", ["spec_version"] = "2.1", ["id"] = Id, ["created"] = Made, ["modified"] = Changed, ["created_by_ref"] = Author,
            ["name"] = "Stillhunt distillation campaign",
            ["description"] = "Counts, technique mix, exposure, rhythm and redacted skeletons of a campaign; kind, scope and worth of a behavioural indicator; weights of evidence.",
            ["schema"] = Schema, ["version"] = "1.1.0", ["extension_types"] = new JsonArray("property-extension"),
        },
    ];

    /// <summary>The entry of an object's <c>extensions</c>.</summary>
    public static JsonObject Entry(JsonObject properties)
    {
        var entry = new JsonObject { ["extension_type"] = "property-extension" };
        foreach (var (name, value) in properties) entry[name] = value?.DeepClone();
        return new JsonObject { [Id] = entry };
    }

    private const string Schema =
        """
        {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","required":["extension_type"],"properties":{
        "extension_type":{"const":"property-extension"},
        "account_count":{"type":"integer"},"exchange_count":{"type":"integer"},"extracting_count":{"type":"integer"},
        "output_tokens":{"type":"integer"},"reasoning_tokens":{"type":"integer"},"bits":{"type":"number"},
        "techniques":{"type":"object","additionalProperties":{"type":"number"}},"capabilities":{"type":"object","additionalProperties":{"type":"number"}},
        "answers_by_capability":{"type":"object","additionalProperties":{"type":"integer"}},"answers_by_model":{"type":"object","additionalProperties":{"type":"integer"}},
        "active_days":{"type":"integer"},"hours_utc":{"type":"array","items":{"type":"number"},"minItems":24,"maxItems":24},"accounts_per_day":{"type":"integer"},"extracting_per_account":{"type":"object","additionalProperties":{"type":"integer"}},
        "skeletons":{"type":"array","items":{"type":"string"}},
        "kind":{"enum":["sketch","ip","network","asn","client","tls","email-domain","payment"]},"group":{"type":"string"},"epoch":{"type":"string"},
        "account_share":{"type":"number"},"elsewhere_count":{"type":"integer"},
        "evidence":{"type":"array","items":{"type":"object","properties":{"block":{"type":"string"},"kind":{"type":"string"},"bits":{"type":"number"},"account_count":{"type":"integer"}}}}}}
        """;
}
