using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Stillhunt.Sharing.Stix;

/// <summary>
/// Ids of STIX objects: version-5 UUIDs (RFC 9562, section 5.5) over what is left after redaction, so that an id says nothing that its object does
/// not say.
/// </summary>
internal static partial class StixId
{
    /// <summary>The namespace that STIX 2.1, section 2.9, fixes for cyber-observable objects.</summary>
    private static readonly Guid Observables = new("00abedb4-aa42-466c-9c01-fed23315a9b7");

    /// <summary>Ours, for everything else; made once, at random.</summary>
    private static readonly Guid Own = new("6f0f4a8e-3b5c-4a57-9d0a-5f1c2f7f7c1d");

    /// <summary>Sorted names, no spaces, as RFC 8785 asks for objects of plain strings and small integers.</summary>
    private static readonly JsonSerializerOptions Canonical = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="parts">What tells the object from others of its type.</param>
    public static string Of(string type, params ReadOnlySpan<string> parts)
    {
        var name = new StringBuilder(type);
        // Lengths keep ("a", "bc") apart from ("ab", "c").
        foreach (var part in parts) name.Append('\n').Append(System.Globalization.CultureInfo.InvariantCulture, $"{part.Length}:").Append(part);
        return $"{type}--{Uuid5(Own, name.ToString())}";
    }

    /// <param name="contributing">The properties that STIX names as contributing to the id, in the order of their names.</param>
    public static string OfObservable(string type, JsonObject contributing) => $"{type}--{Uuid5(Observables, contributing.ToJsonString(Canonical))}";

    public static bool IsValid(string id) => id.Length <= 128 && Form().IsMatch(id);

    /// <summary>The type before the two hyphens, or an empty text.</summary>
    public static string TypeOf(string id) => id.IndexOf("--", StringComparison.Ordinal) is var at and > 0 ? id[..at] : "";

    private static Guid Uuid5(Guid space, string name)
    {
        var text = Encoding.UTF8.GetBytes(name);
        var input = new byte[16 + text.Length];
        space.TryWriteBytes(input, bigEndian: true, out _);
        text.CopyTo(input, 16);
#pragma warning disable CA5350 // A version-5 UUID is defined over SHA-1; nothing rests on its strength.
        var hash = SHA1.HashData(input);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash.AsSpan(0, 16), bigEndian: true);
    }

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{1,100}--[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\z")]
    private static partial Regex Form();
}
