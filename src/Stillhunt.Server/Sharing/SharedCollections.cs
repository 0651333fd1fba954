using System.Text.Json.Nodes;
using Stillhunt.Server.Security;
using Stillhunt.Server.Store;
using Stillhunt.Sharing.Taxii;

namespace Stillhunt.Server.Sharing;

/// <summary>The collections of the store, for the TAXII server. They are read at each request, so that a right that was taken away counts at once.</summary>
internal sealed class SharedCollections(ISharingStore store, TimeProvider time) : ITaxiiHost
{
    /// <summary>TAXII 2.1, section 4.3, asks for a day at least.</summary>
    private static readonly TimeSpan StatusKept = TimeSpan.FromHours(48);

    public IReadOnlyList<CollectionInfo> Collections => store.LoadCollections();

    public ITaxiiObjects Open(string collectionId) => store.Objects(collectionId);

    public void KeepStatus(string id, string user, DateTimeOffset ended, JsonObject status) => store.KeepStatus(id, user, ended, ended - StatusKept, status);

    public JsonObject? FindStatus(string id, string user) => store.FindStatus(id, user, time.GetUtcNow() - StatusKept);

    /// <summary>Whom a key stands for: rights are given to its id. Without keys a caller of this machine may do everything.</summary>
    public static TaxiiUser UserOf(ApiKey? key) => key is null ? new TaxiiUser("local", true) : new TaxiiUser(key.Id, key.Scopes.HasFlag(Scopes.Admin));
}
