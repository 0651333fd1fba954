using System.Text.Json.Nodes;

namespace Stillhunt.Sharing.Stix;

/// <summary>TLP 2.0 as FIRST and OASIS publish it: fixed ids, and a property extension that holds the level.</summary>
internal static class Tlp
{
    private const string Extension = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

    private static readonly (string Level, string Name, string Id)[] Levels =
    [
        ("clear", "TLP:CLEAR", "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"),
        ("green", "TLP:GREEN", "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"),
        ("amber", "TLP:AMBER", "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"),
        ("amber+strict", "TLP:AMBER+STRICT", "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"),
        ("red", "TLP:RED", "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"),
    ];

    public static string IdOf(string level) => Array.Find(Levels, known => known.Level == level).Id ?? throw new ArgumentException($"There is no TLP level {level}.", nameof(level));

    public static string? LevelOf(string id) => Array.Find(Levels, known => known.Id == id).Level;

    public static string NameOf(string level) => Array.Find(Levels, known => known.Level == level).Name;

    public static JsonObject Marking(string level) => new()
    {
        ["type"] = "marking-definition", ["spec_version"] = "2.1", ["id"] = IdOf(level), ["created"] = "2022-10-01T00:00:00.000Z", ["name"] = NameOf(level),
        ["extensions"] = new JsonObject { [Extension] = new JsonObject { ["extension_type"] = "property-extension", ["tlp_2_0"] = level } },
    };
}
