using System.Text.Json.Nodes;
using Stillhunt.Profiles;
using Stillhunt.Sharing.Intel;
using Stillhunt.Sharing.Taxii;

namespace Stillhunt.Server.Store;

/// <summary>What is shared with others: the collections of the TAXII server, and which indicators of others matched here.</summary>
public interface ISharingStore
{
    IReadOnlyList<CollectionInfo> LoadCollections();

    /// <returns>False where a collection has this id or alias already; nothing is changed then.</returns>
    bool AddCollection(CollectionInfo collection);

    /// <returns>Whether there was one.</returns>
    bool SetRights(string collectionId, IReadOnlySet<string> readers, IReadOnlySet<string> writers);

    /// <summary>Takes a collection away with everything in it.</summary>
    /// <returns>Whether there was one.</returns>
    bool RemoveCollection(string collectionId);

    ITaxiiObjects Objects(string collectionId);

    /// <summary>Keeps what became of an add, and forgets what ended before a time.</summary>
    void KeepStatus(string id, string user, DateTimeOffset ended, DateTimeOffset forgetBefore, JsonObject status);

    /// <summary>What became of an add of this user that ended after a time; null where there is none.</summary>
    JsonObject? FindStatus(string id, string user, DateTimeOffset endedAfter);

    /// <summary>Every account that matched an indicator, since the traffic that did is kept.</summary>
    IReadOnlyDictionary<IntelHitKey, IntelHit> LoadHits();

    /// <summary>Forgets hits that ended before a time.</summary>
    void ForgetHits(long beforeMs);

    /// <summary>Forgets hits of one account; says how many.</summary>
    int DeleteHits(AccountId account);

    /// <summary>Indicators whose first match was told.</summary>
    IReadOnlySet<(string Sender, string Indicator)> LoadTold();

    /// <summary>Remembers that the first match of these was told.</summary>
    void KeepTold(IReadOnlyCollection<(string Sender, string Indicator)> told);
}

/// <param name="Sender">Whose indicator it was, by the name that was given at the import.</param>
/// <param name="Indicator">Its STIX id.</param>
public readonly record struct IntelHitKey(AccountId Account, string Sender, string Indicator);
