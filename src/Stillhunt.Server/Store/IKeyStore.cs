using Stillhunt.Server.Security;

namespace Stillhunt.Server.Store;

/// <summary>API keys, hashed.</summary>
public interface IKeyStore
{
    void Add(ApiKey key);

    IReadOnlyList<ApiKey> Load();

    /// <returns>Whether there was such a key that was not revoked yet.</returns>
    bool Revoke(string id, long nowMs);
}
