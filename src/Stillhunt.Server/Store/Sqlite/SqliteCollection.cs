using System.Text.Json;
using System.Text.Json.Nodes;
using Stillhunt.Sharing.Taxii;

namespace Stillhunt.Server.Store.Sqlite;

/// <summary>The objects of one collection: one row for each version, found by time of adding, and by id.</summary>
internal sealed class SqliteCollection(SqliteFile file, string collection) : ITaxiiObjects
{
    /// <summary>Rows looked at in one statement while a filter lets few through.</summary>
    private const int LeastStep = 256;

    /// <summary>What tells the first, the last and the newest apart is looked up in the index by id, whatever the size of the collection.</summary>
    private const string Columns =
        """
        SELECT added_us, id, type, spec, version_ticks,
          NOT EXISTS(SELECT 1 FROM shared_objects o WHERE o.collection = t.collection AND o.id = t.id AND o.spec = t.spec AND o.version_ticks < t.version_ticks),
          NOT EXISTS(SELECT 1 FROM shared_objects o WHERE o.collection = t.collection AND o.id = t.id AND o.spec = t.spec AND o.version_ticks > t.version_ticks),
          NOT EXISTS(SELECT 1 FROM shared_objects o WHERE o.collection = t.collection AND o.id = t.id AND o.spec > t.spec), seq
        FROM shared_objects t
        """;

    public IReadOnlyList<StoredObject> After(long addedMicroseconds, Func<ObjectVersion, bool> wanted, int limit)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        return file.Read(at =>
        {
            var found = new List<(ObjectVersion Version, long Seq)>();
            var step = Math.Max(LeastStep, limit + 1);
            for (var after = addedMicroseconds; found.Count <= limit;)
            {
                var rows = at.All(Columns + " WHERE collection = $0 AND added_us > $1 ORDER BY added_us LIMIT $2", row => (Read(row), row.GetInt64(8)), collection, after, step);
                found.AddRange(rows.Where(row => wanted(row.Item1)).Take(limit + 1 - found.Count));
                if (rows.Count < step) break;
                after = rows[^1].Item1.AddedMicroseconds;
            }

            return found.Select(row => Whole(at, row.Version, row.Seq)).ToList();
        });
    }

    public IReadOnlyList<StoredObject> Versions(string id) => file.Read(at =>
        at.All(Columns + " WHERE collection = $0 AND id = $1 ORDER BY added_us", row => (Read(row), row.GetInt64(8)), collection, id).Select(row => Whole(at, row.Item1, row.Item2)).ToList());

    public IReadOnlyList<AddedObject> AddAll(IReadOnlyList<JsonObject> items, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(items);
        return file.Write(at =>
        {
            var results = new List<AddedObject>(items.Count);
            var last = at.Scalar("SELECT last_added_us FROM collections WHERE id = $0", collection) as long? ?? throw new IOException("The collection is gone.");
            foreach (var item in items) results.Add(Add(at, item, now, ref last));
            at.Run("UPDATE collections SET last_added_us = $1 WHERE id = $0", collection, last);
            return results;
        });
    }

    public int Remove(string id, Func<ObjectVersion, bool> wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        return file.Write(at => at.All(Columns + " WHERE collection = $0 AND id = $1", row => (Read(row), row.GetInt64(8)), collection, id)
            .Where(row => wanted(row.Item1)).Sum(row => at.Run("DELETE FROM shared_objects WHERE seq = $0", row.Item2)));
    }

    private AddedObject Add(SqliteWork at, JsonObject item, DateTimeOffset now, ref long last)
    {
        var (id, type) = ((string)item["id"]!, (string)item["type"]!);
        var version = StoredVersion.Of(item) ?? First(at, id) ?? now;
        var spec = StoredVersion.SpecOf(item);
        if (at.Scalar("SELECT body FROM shared_objects WHERE collection = $0 AND id = $1 AND version_ticks = $2", collection, id, version.UtcTicks) is byte[] known)
            return new AddedObject(JsonNode.DeepEquals(JsonNode.Parse(known), item) ? AddOutcome.AlreadyThere : AddOutcome.Conflict, version);
        // Never the same twice and never less, whatever the clock does and whatever was deleted: pages are cut by it.
        last = Math.Max(last + 1, (now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);
        at.Run("INSERT INTO shared_objects(collection, added_us, id, type, spec, version_ticks, version, body) VALUES($0, $1, $2, $3, $4, $5, $6, $7)",
            collection, last, id, type, spec, version.UtcTicks, StoredVersion.Text(item, version), JsonSerializer.SerializeToUtf8Bytes(item));
        return new AddedObject(AddOutcome.New, version);
    }

    private DateTimeOffset? First(SqliteWork at, string id) =>
        at.Scalar("SELECT version_ticks FROM shared_objects WHERE collection = $0 AND id = $1 ORDER BY added_us LIMIT 1", collection, id) is long ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    private static StoredObject Whole(SqliteWork at, ObjectVersion version, long seq) =>
        at.All("SELECT version, body FROM shared_objects WHERE seq = $0", row => new StoredObject(version, row.GetString(0), (byte[])row.GetValue(1)), seq)[0];

    private static ObjectVersion Read(Microsoft.Data.Sqlite.SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), new DateTimeOffset(row.GetInt64(4), TimeSpan.Zero), row.GetInt64(5) != 0, row.GetInt64(6) != 0, row.GetInt64(7) != 0);
}
