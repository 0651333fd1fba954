namespace Stillhunt.Server.Gateway;

/// <summary>
/// Whether a request's <c>Content-Type</c> leaves its body UTF-8. Some servers (aiohttp) decode by the charset that a client names, and in UTF-7, in Shift_JIS, in what Python calls <c>unicode_escape</c> the same bytes are
/// another request.
/// </summary>
internal static class RequestCharset
{
    /// <summary>In all of these every sign of JSON is the byte that it is in UTF-8; some clients name the last three without a thought.</summary>
    private static readonly string[] Taken = ["utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1", "latin1", "windows-1252"];

    /// <param name="contentType">As it came, several joined by commas; null where there is none.</param>
    public static bool IsTaken(string? contentType)
    {
        foreach (var parameter in (contentType ?? "").Split([';', ','], StringSplitOptions.TrimEntries))
        {
            if (!parameter.StartsWith("charset", StringComparison.OrdinalIgnoreCase)) continue;
            var named = parameter["charset".Length..].Trim(' ', '\t', '=', '"', '\'');
            if (named.Length > 0 && !Taken.Contains(named, StringComparer.OrdinalIgnoreCase)) return false;
        }

        return true;
    }
}
