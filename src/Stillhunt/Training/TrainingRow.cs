using System.Text.Json;

namespace Stillhunt.Training;

/// <summary>One line of a data set, whose fields are named as its author liked.</summary>
internal readonly struct TrainingRow(JsonElement row)
{
    public string? this[string field] =>
        row.ValueKind == JsonValueKind.Object && row.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>The prompt: "text" or "prompt"; else the first human message.</summary>
    public string? Prompt => this["text"] ?? this["prompt"] ?? Message("user") ?? Message("human");

    public string? System => this["system"] is { Length: > 0 } system ? system : Message("system");

    public IReadOnlyList<string> Strings(string field)
    {
        if (!row.TryGetProperty(field, out var value)) return [];
        return value.ValueKind switch
        {
            JsonValueKind.Array => [.. value.EnumerateArray().Select(v => v.ValueKind == JsonValueKind.String ? v.GetString()! : v.GetRawText())],
            JsonValueKind.String => [value.GetString()!],
            _ => [],
        };
    }

    public bool Has(string field) => row.TryGetProperty(field, out _);

    private string? Message(string role)
    {
        if (!row.TryGetProperty("messages", out var messages) || messages.ValueKind != JsonValueKind.Array) return null;
        foreach (var message in messages.EnumerateArray())
        {
            var turn = new TrainingRow(message);
            if ((turn["role"] ?? turn["from"]) == role) return turn["content"] ?? turn["value"];
        }

        return null;
    }
}
