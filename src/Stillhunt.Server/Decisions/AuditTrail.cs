using System.Text;
using System.Text.Json;
using Stillhunt.Profiles;
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

    /// <summary>That somebody had deleted what was kept of an account, or asked for it where nothing was; what was deleted the trail does not repeat.</summary>
    public void WriteDeletion(AccountId account, bool found, string by) => Write(found ? "deletion" : "deletion-of-nothing", by, writer =>
    {
        writer.WriteString("source", account.Source);
        writer.WriteString("account", account.Id);
    });

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
