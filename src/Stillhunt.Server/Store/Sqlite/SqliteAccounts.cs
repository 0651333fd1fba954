using System.Text.Json;
using Stillhunt.Ingest;

namespace Stillhunt.Server.Store.Sqlite;

internal sealed class SqliteAccounts(SqliteFile file) : IAccountStore
{
    public void Put(IReadOnlyCollection<AccountRecord> records) => file.Write(at =>
    {
        foreach (var record in records)
            at.Run("INSERT INTO accounts(account, body) VALUES($0, $1) ON CONFLICT(account) DO UPDATE SET body = excluded.body", record.Account, JsonSerializer.Serialize(record, AccountJson.Default.AccountRecord));
    });

    public IReadOnlyList<AccountRecord> Load() => file.Read(at => at.All("SELECT body FROM accounts ORDER BY account", row => Read(row.GetString(0))));

    public bool Delete(string account) => file.Write(at => at.Run("DELETE FROM accounts WHERE account = $0", account)) > 0;

    private static AccountRecord Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, AccountJson.Default.AccountRecord) ?? throw new InvalidDataException("An account's record is null.");
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException("An account's record can't be read.", fault);
        }
    }
}
