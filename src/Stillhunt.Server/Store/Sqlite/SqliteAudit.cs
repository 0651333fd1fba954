namespace Stillhunt.Server.Store.Sqlite;

internal sealed class SqliteAudit(SqliteFile file) : IAuditStore
{
    public void Append(IReadOnlyCollection<AuditEntry> entries) => file.Write(at =>
    {
        var (seq, hash) = at.All("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1", row => (row.GetInt64(0), (byte[])row.GetValue(1))).FirstOrDefault((0, AuditRecord.Beginning));
        foreach (var entry in entries)
        {
            hash = AuditRecord.HashOf(hash, ++seq, entry);
            at.Run("INSERT INTO audit(seq, time_ms, kind, by, body, hash) VALUES($0, $1, $2, $3, $4, $5)", seq, entry.TimeMs, entry.Kind, entry.By, entry.Body, hash);
        }
    });

    public IReadOnlyList<AuditRecord> After(long seq, int most) => file.Read(at => at.All(
        "SELECT seq, time_ms, kind, by, body, hash FROM audit WHERE seq > $0 ORDER BY seq LIMIT $1",
        row => new AuditRecord(row.GetInt64(0), new AuditEntry(row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4)), (byte[])row.GetValue(5)), seq, most));
}
