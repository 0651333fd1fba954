using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Stillhunt.Server.Security;

namespace Stillhunt.Server.Endpoints;

/// <summary>Who decides something and why: <c>{"by":"..","note":".."}</c>. A note is asked for, since a later reader will.</summary>
/// <param name="By">The person as the caller names them, and the key that was used.</param>
internal sealed record PersonsNote(string By, string Text)
{
    private const int MostBytes = 16 * 1024;

    /// <summary>The note, or null where the request was answered already with what is wrong.</summary>
    public static async Task<PersonsNote?> Read(HttpContext context, ServeLimits limits)
    {
        if (await RequestBody.Read(context, limits, MostBytes) is not { } body) return null;
        try
        {
            using var json = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 8 });
            if (json.RootElement.ValueKind == JsonValueKind.Object && Field(json.RootElement, "note") is { } note && Field(json.RootElement, "by") is { } by)
                return new PersonsNote($"{by} ({KeyGate.CallerOf(context)})", note);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // Not JSON; or a text that is no Unicode, which shows when it is read. Answered below, as any body that is not asked for.
        }

        await Problems.Write(context, StatusCodes.Status400BadRequest, "no-note", """Say who decides and why: {"by":"a name","note":"the reason"}.""");
        return null;
    }

    private static string? Field(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;
}
