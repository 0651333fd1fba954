using System.Text.Json.Nodes;

namespace Stillhunt.Sharing.Stix;

/// <summary>
/// MITRE ATLAS techniques by their published STIX ids (mitre-atlas/atlas-navigator-data, stix-atlas.json, commit 2f55d5fd4b04; Apache-2.0). ATLAS names
/// no technique "distillation": these are the nearest.
/// </summary>
internal static class Atlas
{
    /// <summary>When the release that the ids are taken from was generated. A receiver who holds ATLAS itself has newer versions.</summary>
    private const string Generated = "2026-04-30T00:00:00.000Z";

    private sealed record Entry(string Id, string Name, string Uuid, params string[] Tactics);

    private static readonly Entry[] Entries =
    [
        new("AML.T0040", "AI Model Inference API Access", "5ac1f849-523e-51bf-a1e9-1a97ab91cc91", "ai-model-access"),
        new("AML.T0024", "Exfiltration via AI Inference API", "85fed2c6-e2df-595e-88bf-f356a17cec21", "exfiltration"),
        new("AML.T0024.002", "Extract AI Model", "3f567912-629a-5e0b-ab0c-0102977c2d6c", "exfiltration"),
        new("AML.T0065", "LLM Prompt Crafting", "6e148299-0460-5d0b-9741-467437464d3d", "resource-development"),
        new("AML.T0021", "Establish Accounts", "d3d7763a-58e1-5e38-84fd-3abea967cb08", "resource-development"),
        new("AML.T0054", "LLM Jailbreak", "9bf148ad-b901-5aeb-a029-6c0a8ce0a564", "privilege-escalation", "defense-evasion"),
        new("AML.T0051.000", "LLM Prompt Injection: Direct", "073f16fc-c4c0-5351-8a22-9c77aaaab91f", "execution"),
        new("AML.T0057", "LLM Data Leakage", "0c8eca96-8d33-5fd4-a9c0-51db41128b89", "exfiltration"),
        new("AML.T0063", "Discover AI Model Outputs", "727ea6be-7237-553d-a02b-416caedc37c3", "discovery"),
        new("AML.T0014", "Discover AI Model Family", "3b83b5ba-6855-592b-82a0-9bef7c6b0c7b", "discovery"),
        new("AML.T0042", "Verify Attack", "8981726f-193d-5528-9adf-5e4a2cebfeab", "ai-attack-staging"),
        new("AML.T0016.002", "Obtain Capabilities: Generative AI", "6635775c-5539-5512-95f1-a0e085770699", "resource-development"),
        new("AML.T0005.001", "Create Proxy AI Model: Train Proxy via Replication", "298dc6c6-5683-5475-b724-2a2a3db3a7dc", "ai-attack-staging"),
    ];

    private static readonly Dictionary<string, string[]> Nearest = new(StringComparer.Ordinal)
    {
        ["reasoning-elicitation"] = ["AML.T0065", "AML.T0057"],
        ["reasoning-reconstruction"] = ["AML.T0065", "AML.T0057"],
        ["reasoning-coercion"] = ["AML.T0054", "AML.T0057"],
        ["handle-replay"] = ["AML.T0057"],
        ["grading"] = ["AML.T0016.002"],
        ["task-synthesis"] = ["AML.T0016.002"],
        ["alignment-rewrite"] = ["AML.T0016.002"],
        ["trace-cleaning"] = ["AML.T0016.002"],
        ["trajectory-harvest"] = ["AML.T0005.001"],
        ["wrapper-harvest"] = ["AML.T0051.000"],
        ["technique-search"] = ["AML.T0042"],
        ["parameter-harvest"] = ["AML.T0063"],
        ["capability-probing"] = ["AML.T0014"],
    };

    /// <summary>The attack-pattern objects of a campaign, the general ones first.</summary>
    public static IEnumerable<JsonObject> Of(IEnumerable<string> techniques, long accounts, bool answered)
    {
        string[] general = [.. accounts > 1 ? ["AML.T0021"] : Array.Empty<string>(), "AML.T0040", answered ? "AML.T0024.002" : "AML.T0024"];
        return general.Concat(techniques.SelectMany(technique => Nearest.GetValueOrDefault(technique) ?? [])).Distinct(StringComparer.Ordinal)
            .Select(id => Write(Array.Find(Entries, entry => entry.Id == id)!));
    }

    /// <summary>Whether an object's id is one of these.</summary>
    public static bool Knows(string id) => Array.Exists(Entries, entry => id == "attack-pattern--" + entry.Uuid);

    private static JsonObject Write(Entry entry) => new()
    {
        ["type"] = "attack-pattern", ["spec_version"] = "2.1", ["id"] = "attack-pattern--" + entry.Uuid, ["created"] = Generated, ["modified"] = Generated, ["name"] = entry.Name,
        ["external_references"] = new JsonArray(new JsonObject { ["source_name"] = "mitre-atlas", ["external_id"] = entry.Id, ["url"] = "https://atlas.mitre.org/techniques/" + entry.Id }),
        ["kill_chain_phases"] = new JsonArray([.. entry.Tactics.Select(tactic => new JsonObject { ["kill_chain_name"] = "mitre-atlas", ["phase_name"] = tactic })]),
    };
}
