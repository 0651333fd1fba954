namespace Stillhunt.Sharing.Taxii;

/// <summary>One version of one object in a collection.</summary>
/// <param name="AddedMicroseconds">When the server took it in, microseconds since 1970 UTC; no two of a collection have the same.</param>
/// <param name="Id">The STIX id.</param>
/// <param name="Type">The STIX type.</param>
/// <param name="SpecVersion">2.1, or 2.0 for objects that have no spec_version.</param>
/// <param name="Version">modified, else created, else the time of adding of the first version: sortable as text within one length.</param>
/// <param name="Json">The object as it was sent, compact UTF-8.</param>
public sealed record StoredObject(long AddedMicroseconds, string Id, string Type, string SpecVersion, DateTimeOffset Version, byte[] Json);
