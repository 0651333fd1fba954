using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Stillhunt.Profiles;
using Stillhunt.Sharing.Intel;
using Stillhunt.Sharing.Taxii;

namespace Stillhunt.Server.Store.Sqlite;

internal sealed class SqliteSharing(SqliteFile file) : ISharingStore
{
    /// <summary>Between names in a column; a name is a key's id or *, and holds none.</summary>
    private const char Separator = ' ';

    public IReadOnlyList<CollectionInfo> LoadCollections() => file.Read(at => at.All("SELECT id, title, description, alias, readers, writers FROM collections ORDER BY title, id", row => new CollectionInfo
    {
        Id = row.GetString(0), Title = row.GetString(1), Description = Text(row, 2), Alias = Text(row, 3), Readers = Names(row.GetString(4)), Writers = Names(row.GetString(5)),
    }));

    public bool AddCollection(CollectionInfo collection) => file.Write(at => at.Run(
        "INSERT INTO collections(id, title, description, alias, readers, writers, last_added_us) VALUES($0, $1, $2, $3, $4, $5, 0) ON CONFLICT DO NOTHING",
        collection.Id, collection.Title, collection.Description, collection.Alias, Names(collection.Readers), Names(collection.Writers))) > 0;

    public bool SetRights(string collectionId, IReadOnlySet<string> readers, IReadOnlySet<string> writers) =>
        file.Write(at => at.Run("UPDATE collections SET readers = $1, writers = $2 WHERE id = $0", collectionId, Names(readers), Names(writers))) > 0;

    public bool RemoveCollection(string collectionId) => file.Write(at =>
    {
        at.Run("DELETE FROM shared_objects WHERE collection = $0", collectionId);
        return at.Run("DELETE FROM collections WHERE id = $0", collectionId) > 0;
    });

    public ITaxiiObjects Objects(string collectionId) => new SqliteCollection(file, collectionId);

    public void KeepStatus(string id, string user, DateTimeOffset ended, DateTimeOffset forgetBefore, JsonObject status) => file.Write(at =>
    {
        at.Run("DELETE FROM share_statuses WHERE ended_ms < $0", forgetBefore.ToUnixTimeMilliseconds());
        at.Run("INSERT INTO share_statuses(id, user, ended_ms, body) VALUES($0, $1, $2, $3)", id, user, ended.ToUnixTimeMilliseconds(), status.ToJsonString());
    });

    public JsonObject? FindStatus(string id, string user, DateTimeOffset endedAfter) => file.Read(at => at.Scalar("SELECT body FROM share_statuses WHERE id = $0 AND user = $1 AND ended_ms > $2", id, user, endedAfter.ToUnixTimeMilliseconds()) is string body
        ? JsonNode.Parse(body) as JsonObject ?? throw new InvalidDataException("The status of an add is no object.") : null);

    public IReadOnlyDictionary<IntelHitKey, IntelHit> LoadHits() => file.Read(at => at.All(
        "SELECT source, account, sender, indicator, count, first_ms, last_ms FROM intel_hits",
        row => (Key: new IntelHitKey(new AccountId(row.GetString(0), row.GetString(1)), row.GetString(2), row.GetString(3)), Hit: new IntelHit(row.GetInt64(4), row.GetInt64(5), row.GetInt64(6))))
        .ToDictionary(row => row.Key, row => row.Hit));

    public void ForgetHits(long beforeMs) => file.Write(at => at.Run("DELETE FROM intel_hits WHERE last_ms < $0", beforeMs));

    public int DeleteHits(AccountId account) => file.Write(at => at.Run("DELETE FROM intel_hits WHERE source = $0 AND account = $1", account.Source, account.Id));

    public IReadOnlySet<(string Sender, string Indicator)> LoadTold() => file.Read(at => at.All("SELECT sender, indicator FROM intel_told", row => (row.GetString(0), row.GetString(1)))).ToHashSet();

    public void KeepTold(IReadOnlyCollection<(string Sender, string Indicator)> told) => file.Write(at =>
    {
        foreach (var (sender, indicator) in told) at.Run("INSERT INTO intel_told(sender, indicator) VALUES($0, $1) ON CONFLICT DO NOTHING", sender, indicator);
    });

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static HashSet<string> Names(string text) => [.. text.Split(Separator, StringSplitOptions.RemoveEmptyEntries)];

    private static string Names(IReadOnlySet<string> names) => string.Join(Separator, names.Order(StringComparer.Ordinal));
}
