namespace Stillhunt.Sharing.Taxii;

/// <summary>application/taxii+json, with or without version=2.1 (TAXII 2.1, section 1.6.8).</summary>
internal static class TaxiiMediaType
{
    public const string Taxii = "application/taxii+json;version=2.1", Stix = "application/stix+json;version=2.1";

    /// <summary>Whether one of the types that a client accepts is ours; no header accepts everything.</summary>
    public static bool IsAccepted(string? accept) => string.IsNullOrWhiteSpace(accept) || accept.Split(',').Any(range => IsOurs(range, orAny: true));

    public static bool IsContent(string? contentType) => contentType is not null && IsOurs(contentType, orAny: false);

    private static bool IsOurs(string text, bool orAny)
    {
        var parts = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0) return false;
        var type = parts[0].ToLowerInvariant();
        if (orAny && type is "*/*" or "application/*" && orAny) return !parts.Skip(1).Any(IsZeroQuality);
        return type == "application/taxii+json" && parts.Skip(1).All(parameter =>
        {
            var pair = parameter.Split('=', 2, StringSplitOptions.TrimEntries);
            return pair[0].ToLowerInvariant() switch { "version" => pair.Length == 2 && pair[1].Trim('"') == "2.1", "q" => !IsZeroQuality(parameter), _ => true };
        });
    }

    private static bool IsZeroQuality(string parameter) => parameter.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant() is "q=0" or "q=0.0" or "q=0.00" or "q=0.000";
}
