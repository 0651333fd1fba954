using System.Collections.Concurrent;
using Stillhunt.Ingest;
using Stillhunt.Server.Store;

namespace Stillhunt.Server;

/// <summary>What the provider knows of its accounts, in memory for reads without a lock, and in the store.</summary>
internal sealed class AccountBook(IAccountStore store)
{
    private readonly ConcurrentDictionary<string, AccountRecord> _records = new(StringComparer.Ordinal);

    public int Count => _records.Count;

    public IEnumerable<AccountRecord> All => _records.Values;

    public void Load()
    {
        foreach (var record in store.Load()) _records[record.Account] = record;
    }

    public AccountRecord? Find(string account) => _records.GetValueOrDefault(account);

    public void Put(IReadOnlyCollection<AccountRecord> records)
    {
        store.Put(records);
        foreach (var record in records) _records[record.Account] = record;
    }

    public bool Delete(string account)
    {
        var kept = store.Delete(account);
        return _records.TryRemove(account, out _) || kept;
    }
}
