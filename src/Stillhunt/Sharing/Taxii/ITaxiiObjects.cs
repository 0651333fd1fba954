using System.Text.Json.Nodes;

namespace Stillhunt.Sharing.Taxii;

/// <summary>
/// The objects of one collection, in the order in which they were added. Where they are kept is the host's affair; calls may come from any thread,
/// and what a call added or took away is durable when it returns.
/// </summary>
public interface ITaxiiObjects
{
    /// <summary>Versions added after a time, oldest first, that are wanted; one past the limit, so that the caller knows of more.</summary>
    /// <param name="addedMicroseconds">Microseconds since 1970 UTC.</param>
    IReadOnlyList<StoredObject> After(long addedMicroseconds, Func<ObjectVersion, bool> wanted, int limit);

    /// <summary>Versions of one object, in the order of adding; empty for an id that is not there.</summary>
    IReadOnlyList<StoredObject> Versions(string id);

    /// <summary>
    /// Adds objects that were checked (<see cref="Stix.StixBundle.CheckObject"/>), in their order and together. Times of adding rise strictly, whatever the
    /// clock does: pages are cut by them.
    /// </summary>
    IReadOnlyList<AddedObject> AddAll(IReadOnlyList<JsonObject> items, DateTimeOffset now);

    /// <summary>Takes away the versions of an object that are wanted away; says how many.</summary>
    int Remove(string id, Func<ObjectVersion, bool> wanted);
}

/// <summary>What became of one object of an add, and the version that it has.</summary>
public readonly record struct AddedObject(AddOutcome Outcome, DateTimeOffset Version);

public enum AddOutcome
{
    New,

    /// <summary>The same object of the same version is there.</summary>
    AlreadyThere,

    /// <summary>An object of this id and version is there, and differs.</summary>
    Conflict,
}
