using System.Collections.Concurrent;
using Stillhunt.Ingest;
using Stillhunt.Server.Store;

namespace Stillhunt.Server;

/// <summary>
/// What the provider knows of its accounts, in memory for reads without a lock, and in the store. Programme status and entitlements that a
/// person granted are laid over the record, while they last.
/// </summary>
internal sealed class AccountBook(IAccountStore store, IDecisionStore decisions, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, AccountRecord> _records = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Grant[]> _grants = new(StringComparer.Ordinal);
    private readonly Lock _granting = new();
    private readonly Lock _counting = new();
    private int _count;

    /// <summary>How many records there are. A field: every decision by an access rule asks, and the dictionary takes all its locks to count.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>As they were sent, without grants.</summary>
    public IEnumerable<AccountRecord> All => _records.Values;

    public void Load()
    {
        foreach (var record in store.Load()) _records[record.Account] = record;
        Recount();
        LoadGrants();
    }

    /// <summary>The record with what was granted; null where neither is known.</summary>
    public AccountRecord? Find(string account)
    {
        var record = _records.GetValueOrDefault(account);
        // No look at whether there are any: an empty ConcurrentDictionary takes all its locks to say so, and every decision comes by here.
        if (!_grants.TryGetValue(account, out var grants)) return record;
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var grant in grants)
        {
            if (!IsInForce(grant, now)) continue;
            record ??= new AccountRecord { Account = account };
            record = grant.Kind == GrantKinds.Program ? record with { Program = grant.Name } : record with { Entitlement = grant.Name, EntitlementUntilMs = grant.UntilMs };
        }

        return record;
    }

    /// <summary>All of whom a record or a grant is known, as <see cref="Find"/> gives them now.</summary>
    public IReadOnlyDictionary<string, AccountRecord> Known() =>
        _records.Keys.Concat(_grants.Keys).Distinct(StringComparer.Ordinal).Select(Find).OfType<AccountRecord>().ToDictionary(record => record.Account, StringComparer.Ordinal);

    /// <summary>Those that are in force: one that has run out is none, and the trail keeps it.</summary>
    public IReadOnlyList<Grant> GrantsOf(string account)
    {
        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return [.. _grants.GetValueOrDefault(account, []).Where(grant => IsInForce(grant, now))];
    }

    public void Put(IReadOnlyCollection<AccountRecord> records)
    {
        store.Put(records);
        foreach (var record in records) _records[record.Account] = record;
        Recount();
    }

    public bool Delete(string account)
    {
        var kept = store.Delete(account);
        var known = _records.TryRemove(account, out _);
        Recount();
        return known || kept;
    }

    private static bool IsInForce(Grant grant, long nowMs) => !(nowMs >= grant.UntilMs);

    private void Recount()
    {
        lock (_counting) Volatile.Write(ref _count, _records.Count);
    }

    /// <summary>Takes up what was granted and revoked.</summary>
    public void LoadGrants()
    {
        lock (_granting) TakeUpGrants();
    }

    private void TakeUpGrants()
    {
        var grants = decisions.LoadGrants().GroupBy(grant => grant.Account).ToDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
        foreach (var (account, of) in grants) _grants[account] = of;
        foreach (var account in _grants.Keys.Where(account => !grants.ContainsKey(account)).ToList()) _grants.TryRemove(account, out _);
    }
}

internal static class GrantKinds
{
    public const string Program = "program", Entitlement = "entitlement";
}
