using System.Text;
using System.Text.Json;
using Stillhunt.Server.Store;

namespace Stillhunt.Server.Decisions;

/// <summary>Writes what was decided, by whom and why.</summary>
internal sealed class AuditTrail(IAuditStore store, TimeProvider time)
{
    public void Write(string kind, string by, Action<Utf8JsonWriter> body) => store.Append([Entry(kind, by, body)]);

    public void Write(IReadOnlyCollection<AuditEntry> entries)
    {
        if (entries.Count > 0) store.Append(entries);
    }

    public AuditEntry Entry(string kind, string by, Action<Utf8JsonWriter> body)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            body(writer);
            writer.WriteEndObject();
        }

        return new AuditEntry(time.GetUtcNow().ToUnixTimeMilliseconds(), kind, by, Encoding.UTF8.GetString(json.ToArray()));
    }
}
