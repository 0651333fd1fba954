namespace Stillhunt.Sharing.Taxii;

/// <summary>One version of one object in a collection, without its content.</summary>
/// <param name="AddedMicroseconds">When the server took it in, microseconds since 1970 UTC; no two of a collection have the same.</param>
/// <param name="Id">The STIX id.</param>
/// <param name="Type">The STIX type.</param>
/// <param name="SpecVersion">2.1, or 2.0 for objects that have no spec_version.</param>
/// <param name="Version">modified, else created, else the time of adding of the first version.</param>
/// <param name="IsFirst">No version of the object in this version of the specification is older.</param>
/// <param name="IsLast">None is newer.</param>
/// <param name="IsNewestSpec">No version of the object is in a newer version of the specification.</param>
public sealed record ObjectVersion(long AddedMicroseconds, string Id, string Type, string SpecVersion, DateTimeOffset Version, bool IsFirst, bool IsLast, bool IsNewestSpec);

/// <param name="VersionText">The version as the object writes it, so that a client finds it again.</param>
/// <param name="Json">The object as it was sent, compact UTF-8.</param>
public sealed record StoredObject(ObjectVersion At, string VersionText, byte[] Json);
