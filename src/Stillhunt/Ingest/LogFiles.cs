using System.IO.Enumeration;

namespace Stillhunt.Ingest;

/// <summary>A source and the files that it consists of, as <c>--source NAME=GLOB</c> gives it.</summary>
public sealed record LogInput(string Pattern, string Source = LogFile.DefaultSource);

/// <summary>The files of a scan in their order, and the inputs that named none.</summary>
public sealed record LogFiles(IReadOnlyList<LogFile> Files, IReadOnlyList<FileFault> Faults)
{
    private static readonly string[] Extensions = [".jsonl", ".ndjson", ".json", ".log"];
    private static readonly string[] Packed = [".gz", ".zst"];

    /// <summary>Bytes on disk of all files whose length is known.</summary>
    public long TotalBytes => Files.Sum(file => file.Length ?? 0);

    /// <summary>
    /// Finds the files of each input: a file, a glob (<c>*</c>, <c>?</c>, <c>**</c>), a folder (all logs in it, at any depth, by extension) or
    /// <c>-</c>. Inputs keep the order given and files inside one are in ordinal order of their paths. A file that two inputs name is read
    /// once, for the first. Missing ones are faults, and the rest is scanned.
    /// </summary>
    /// <param name="inputs">What to read.</param>
    /// <param name="withCsv">Whether folders are searched for .csv too; only a mapping can read them.</param>
    public static LogFiles Find(IEnumerable<LogInput> inputs, bool withCsv = false)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        var files = new List<LogFile>();
        var faults = new List<FileFault>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var input in inputs)
        {
            foreach (var path in Expand(input.Pattern, withCsv, faults))
            {
                if (!seen.Add(path == LogFile.StandardInput ? path : Path.GetFullPath(path))) continue;
                // A link that leads nowhere is listed in its folder, and is no file.
                var file = path == LogFile.StandardInput ? null : new FileInfo(path);
                if (file is null or { Exists: true }) files.Add(new LogFile(files.Count, path, input.Source, file?.Length));
                else faults.Add(new FileFault(path, "file-missing", $"There is no file {path}: it is a link that leads nowhere, or it went away."));
            }
        }

        return new LogFiles(files, faults);
    }

    /// <summary>Reads <c>NAME=GLOB</c>; null where the text has no name or no pattern.</summary>
    public static LogInput? ParseSource(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals <= 0 || equals == text.Length - 1 ? null : new LogInput(text[(equals + 1)..], text[..equals]);
    }

    private static List<string> Expand(string pattern, bool withCsv, List<FileFault> faults)
    {
        if (pattern == LogFile.StandardInput || File.Exists(pattern)) return [pattern];
        if (Directory.Exists(pattern))
        {
            var found = Walk(pattern, faults).Where(path => IsLog(path, withCsv)).Order(StringComparer.Ordinal).ToList();
            if (found.Count == 0)
                faults.Add(new FileFault(pattern, "no-logs-in-folder", $"The folder {pattern} holds no file that ends in {string.Join(", ", Extensions)} (also with .gz or .zst). Name the files themselves to read others."));
            return found;
        }

        if (pattern.IndexOfAny(['*', '?']) < 0)
        {
            faults.Add(new FileFault(pattern, "file-missing", $"There is no file or folder {pattern}."));
            return [];
        }

        var matched = Match(pattern, faults).Order(StringComparer.Ordinal).ToList();
        if (matched.Count == 0) faults.Add(new FileFault(pattern, "file-missing", $"No file matches {pattern}."));
        return matched;
    }

    private static IEnumerable<string> Match(string pattern, List<FileFault> faults)
    {
        var pieces = pattern.Split('/');
        var plain = 0;
        while (pieces[plain].IndexOfAny(['*', '?']) < 0) plain++;
        var root = plain == 0 ? "." : string.Join('/', pieces[..plain]);
        if (root.Length == 0) root = "/";
        if (!Directory.Exists(root)) return [];
        var wanted = pieces[plain..];
        return Walk(root, faults, wanted.Contains("**") ? int.MaxValue : wanted.Length)
            .Where(path => Matches(Path.GetRelativePath(root, path).Split('/'), wanted))
            .Select(path => plain == 0 ? Path.GetRelativePath(root, path) : path);
    }

    private static bool Matches(ReadOnlySpan<string> path, ReadOnlySpan<string> pattern)
    {
        if (pattern.IsEmpty) return path.IsEmpty;
        if (pattern[0] == "**")
        {
            for (var skipped = 0; skipped <= path.Length; skipped++)
            {
                if (Matches(path[skipped..], pattern[1..])) return true;
            }

            return false;
        }

        return !path.IsEmpty && FileSystemName.MatchesSimpleExpression(pattern[0], path[0], ignoreCase: false) && Matches(path[1..], pattern[1..]);
    }

    /// <summary>All files below a folder. Folders that are links are passed by: they may lead in a circle.</summary>
    private static List<string> Walk(string folder, List<FileFault> faults, int depth = int.MaxValue)
    {
        var found = new List<string>();
        var open = new Stack<(string Path, int Depth)>([(folder, 1)]);
        while (open.TryPop(out var current))
        {
            try
            {
                found.AddRange(Directory.EnumerateFiles(current.Path).Where(path => !Path.GetFileName(path).StartsWith('.')));
                if (current.Depth >= depth) continue;
                foreach (var inner in new DirectoryInfo(current.Path).EnumerateDirectories())
                {
                    if (inner.LinkTarget is null && !inner.Name.StartsWith('.')) open.Push((Path.Combine(current.Path, inner.Name), current.Depth + 1));
                }
            }
            catch (Exception refused) when (refused is UnauthorizedAccessException or IOException)
            {
                faults.Add(new FileFault(current.Path, "folder-unreadable", $"The folder {current.Path} cannot be read: {refused.Message}"));
            }
        }

        return found;
    }

    private static bool IsLog(string path, bool withCsv)
    {
        // A machine that writes its names in capitals means the same.
        path = path.ToLowerInvariant();
        var extension = Path.GetExtension(path);
        if (Packed.Contains(extension))
        {
            var inner = Path.GetExtension(path[..^extension.Length]);
            return inner.Length == 0 || Extensions.Contains(inner) || (withCsv && inner == ".csv") || !IsOtherKnown(inner);
        }

        return Extensions.Contains(extension) || (withCsv && extension == ".csv");
    }

    // Cloud exports are often NAME.gz or NAME_20260201T1000Z_ab.gz without an inner extension; archives and tables are not logs.
    private static bool IsOtherKnown(string extension) => extension is ".tar" or ".csv" or ".sql" or ".parquet" or ".txt" or ".xml" or ".html";
}
