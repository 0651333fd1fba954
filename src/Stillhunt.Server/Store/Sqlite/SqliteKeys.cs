using Stillhunt.Server.Security;

namespace Stillhunt.Server.Store.Sqlite;

internal sealed class SqliteKeys(SqliteFile file) : IKeyStore
{
    public void Add(ApiKey key) => file.Write(at => at.Run(
        "INSERT INTO api_keys(id, name, hash, scopes, created_ms, expires_ms, revoked_ms, rate) VALUES($0, $1, $2, $3, $4, $5, $6, $7)",
        key.Id, key.Name, key.Hash, (int)key.Scopes, key.CreatedMs, key.ExpiresMs, key.RevokedMs, key.Rate));

    public IReadOnlyList<ApiKey> Load() => file.Read(at => at.All(
        "SELECT id, name, hash, scopes, created_ms, expires_ms, revoked_ms, rate FROM api_keys ORDER BY created_ms, id",
        row => new ApiKey(row.GetString(0), row.GetString(1), (byte[])row.GetValue(2), (Scopes)row.GetInt32(3), row.GetInt64(4),
            row.IsDBNull(5) ? null : row.GetInt64(5), row.IsDBNull(6) ? null : row.GetInt64(6), row.IsDBNull(7) ? null : row.GetDouble(7))));

    public bool Revoke(string id, long nowMs) => file.Write(at => at.Run("UPDATE api_keys SET revoked_ms = $1 WHERE id = $0 AND revoked_ms IS NULL", id, nowMs)) > 0;
}
