namespace Stillhunt.Server;

/// <summary>
/// Paths with <c>.</c> or <c>..</c> in them. Who asks behind a prefix (Envoy) or forwards (the gateway) repeats what a customer wrote; resolved here, such a path would be
/// another one than the model's side sees.
/// </summary>
internal static class ClimbingPath
{
    /// <param name="target">Of a request, as it came, with or without its query.</param>
    public static bool Is(string target)
    {
        var path = target.AsSpan();
        if (path.IndexOf('?') is var query and >= 0) path = path[..query];
        foreach (var segment in path.SplitAny('/', '\\'))
            if (IsDots(path[segment])) return true;
        return false;
    }

    /// <summary>One or two dots, however they are written.</summary>
    private static bool IsDots(ReadOnlySpan<char> segment)
    {
        var dots = 0;
        for (; segment.Length > 0; dots++)
        {
            if (segment[0] == '.') segment = segment[1..];
            else if (segment.StartsWith("%2e", StringComparison.OrdinalIgnoreCase)) segment = segment[3..];
            else return false;
        }

        return dots is 1 or 2;
    }
}
