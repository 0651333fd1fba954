using Stillhunt.Ingest;

namespace Stillhunt.Server.Store;

/// <summary>What the provider knows of its accounts.</summary>
public interface IAccountStore
{
    /// <summary>Adds or replaces records; of a repeated one the last counts.</summary>
    void Put(IReadOnlyCollection<AccountRecord> records);

    IReadOnlyList<AccountRecord> Load();

    /// <returns>Whether there was one.</returns>
    bool Delete(string account);
}
