using System.Collections.Frozen;
using Stillhunt.Server.Store;

namespace Stillhunt.Server.Security;

/// <summary>
/// The keys in memory. Read again from the store every few seconds, so that a key that a command added or revoked counts soon; a lookup takes
/// no lock.
/// </summary>
internal sealed class KeyRing(IKeyStore store, TimeProvider time)
{
    /// <summary>A revoked key works this much longer at most.</summary>
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(2);

    private FrozenDictionary<string, ApiKey> _keys = FrozenDictionary<string, ApiKey>.Empty;

    /// <summary>Whether there is a key at all; from the first one on every caller needs one.</summary>
    public bool IsEmpty => Volatile.Read(ref _keys).Count == 0;

    /// <summary>Revoked keys stay in the ring, so that revoking the last one does not open the door.</summary>
    public void Load() => Volatile.Write(ref _keys, store.Load().ToFrozenDictionary(key => key.Id, StringComparer.Ordinal));

    /// <summary>The valid key that was presented, or null.</summary>
    public ApiKey? Find(string text)
    {
        if (ApiKey.IdOf(text) is not { } id) return null;
        var found = Volatile.Read(ref _keys).GetValueOrDefault(id);
        return found is not null && found.Is(text) && found.IsValidAt(time.GetUtcNow().ToUnixTimeMilliseconds()) ? found : null;
    }
}
