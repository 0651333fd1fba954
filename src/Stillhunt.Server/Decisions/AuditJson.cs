using System.Globalization;
using System.Text;
using System.Text.Json;
using Stillhunt.Server.Store;

namespace Stillhunt.Server.Decisions;

/// <summary>A record of the trail as one line of JSON. The body is text inside it, byte for byte what was hashed.</summary>
public static class AuditJson
{
    public static string Of(AuditRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            writer.WriteNumber("seq", record.Seq);
            writer.WriteNumber("time_ms", record.Entry.TimeMs);
            writer.WriteString("kind", record.Entry.Kind);
            writer.WriteString("by", record.Entry.By);
            writer.WriteString("body", record.Entry.Body);
            writer.WriteString("hash", Convert.ToHexStringLower(record.Hash));
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(json.ToArray());
    }

    /// <exception cref="FormatException">The line is no record.</exception>
    public static AuditRecord Read(string line)
    {
        try
        {
            using var json = JsonDocument.Parse(line);
            var root = json.RootElement;
            return new AuditRecord(root.GetProperty("seq").GetInt64(),
                new AuditEntry(root.GetProperty("time_ms").GetInt64(), root.GetProperty("kind").GetString()!, root.GetProperty("by").GetString()!, root.GetProperty("body").GetString()!),
                Convert.FromHexString(root.GetProperty("hash").GetString()!));
        }
        catch (Exception broken) when (broken is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentNullException)
        {
            throw new FormatException("The line is no record of an audit trail.", broken);
        }
    }

    /// <summary>Follows the chain from its beginning; null where it is whole, else a sentence about the first break.</summary>
    /// <param name="count">Records that were whole.</param>
    /// <param name="head">Hash of the last of them: compare it with one noted elsewhere, since a chain that was cut at its end is whole.</param>
    public static string? Verify(IEnumerable<AuditRecord> records, out long count, out string head)
    {
        ArgumentNullException.ThrowIfNull(records);
        count = 0;
        var before = AuditRecord.Beginning;
        foreach (var record in records)
        {
            if (!record.Follows(count, before))
            {
                head = Convert.ToHexStringLower(before);
                return string.Create(CultureInfo.InvariantCulture, $"The chain breaks at record {record.Seq}, after {count} whole ones: it, or one before it, was changed, left out or moved.");
            }

            before = record.Hash;
            count++;
        }

        head = Convert.ToHexStringLower(before);
        return null;
    }
}
