using System.Text.Json;

namespace Stillhunt.Server.Endpoints;

/// <summary>What a person grants: all four are asked for.</summary>
internal sealed record GrantBody(string Kind, string Name, string Evidence, string By)
{
    /// <summary>Null where a part is missing or of another kind.</summary>
    public static GrantBody? Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 8 });
            if (json.RootElement.ValueKind != JsonValueKind.Object) return null;
            string? Text(string name) => json.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
            return Text("kind") is GrantKinds.Program or GrantKinds.Entitlement && Text("name") is { } name && Text("evidence") is { } evidence && Text("by") is { } by
                ? new GrantBody(Text("kind")!, name, evidence, by)
                : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // Not JSON; or a text that is no Unicode, which shows when it is read.
            return null;
        }
    }
}
