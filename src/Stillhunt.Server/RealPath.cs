namespace Stillhunt.Server;

/// <summary>Where a path leads when all links on the way are followed, as the system does when it opens it. The file itself need not be there.</summary>
internal static class RealPath
{
    /// <summary>Links in one path that Linux follows.</summary>
    private const int MostLinks = 40;

    public static string Of(string path)
    {
        var whole = Path.Combine(Directory.GetCurrentDirectory(), path);
        var real = Path.GetPathRoot(whole)!;
        var left = new Stack<string>(Pieces(whole[real.Length..]));
        var links = 0;
        while (left.TryPop(out var piece))
        {
            if (piece == ".") continue;
            if (piece == "..")
            {
                real = Path.GetDirectoryName(real) ?? real;
                continue;
            }

            var here = Path.Combine(real, piece);
            if (links < MostLinks && Link(here) is { } target)
            {
                links++;
                if (Path.IsPathRooted(target))
                {
                    real = Path.GetPathRoot(target)!;
                    target = target[real.Length..];
                }

                foreach (var next in Pieces(target)) left.Push(next);
            }
            else
            {
                real = here;
            }
        }

        return real;
    }

    /// <summary>Last first: they are taken off a stack.</summary>
    private static IEnumerable<string> Pieces(string path) => path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries).Reverse();

    private static string? Link(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
