using System.Text.Json.Nodes;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Sharing.Taxii;

/// <summary>How an object's version is read for a collection (TAXII 2.1, section 3.4.1), the same wherever collections are kept.</summary>
public static class StoredVersion
{
    /// <summary>modified, else created; null for an object that has neither.</summary>
    public static DateTimeOffset? Of(JsonObject item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return StixTime.TryRead(TextOf(item), out var time) ? time : null;
    }

    /// <summary>The version as the object writes it; where it has none, the time of adding.</summary>
    public static string Text(JsonObject item, DateTimeOffset version) => TextOf(item) is { } text && StixTime.TryRead(text, out _) ? text : StixTime.WriteMicroseconds(version);

    /// <summary>2.1, or 2.0 for a versioned object that has no spec_version.</summary>
    public static string SpecOf(JsonObject item) => StixBundle.Text(item, "spec_version") ?? (Of(item) is null ? "2.1" : "2.0");

    private static string? TextOf(JsonObject item) => StixBundle.Text(item, "modified") ?? StixBundle.Text(item, "created");
}
