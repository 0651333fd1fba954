using System.Text.Json.Nodes;

namespace Stillhunt.Sharing.Taxii;

/// <summary>What the protocol needs of whoever serves it: who is calling, what there is, and where it is kept.</summary>
public interface ITaxiiHost
{
    /// <summary>Collections as they are now.</summary>
    IReadOnlyList<CollectionInfo> Collections { get; }

    ITaxiiObjects Open(string collectionId);

    /// <summary>Keeps what became of an add for at least a day (TAXII 2.1, section 4.3).</summary>
    void KeepStatus(string id, string user, DateTimeOffset ended, JsonObject status);

    /// <summary>What became of an add, for whoever made it; null where it is unknown.</summary>
    JsonObject? FindStatus(string id, string user);
}
