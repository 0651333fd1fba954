namespace Stillhunt.Ingest;

/// <summary>The known name that a mistyped one was probably meant to be.</summary>
internal static class NearName
{
    /// <summary>The same but for case, blanks, dashes and underscores, or one letter off; null where none is near.</summary>
    public static string? Of(string typed, IEnumerable<string> known)
    {
        var bare = Bare(typed);
        return known.FirstOrDefault(name => Bare(name).Equals(bare, StringComparison.OrdinalIgnoreCase))
            ?? known.FirstOrDefault(name => name.Length > 2 && IsOneEditApart(Bare(name), bare));
    }

    private static string Bare(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    /// <summary>One letter more, one less, or another.</summary>
    private static bool IsOneEditApart(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 1) return false;
        var head = a.AsSpan().CommonPrefixLength(b);
        var restOfA = a.AsSpan(Math.Min(a.Length, a.Length >= b.Length ? head + 1 : head));
        var restOfB = b.AsSpan(Math.Min(b.Length, b.Length >= a.Length ? head + 1 : head));
        return restOfA.SequenceEqual(restOfB);
    }
}
