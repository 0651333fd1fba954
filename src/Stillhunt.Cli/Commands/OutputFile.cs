using System.Text;

namespace Stillhunt.Cli.Commands;

/// <summary>A file that a command writes. It is looked at before the work begins, and a regular file appears whole or not at all.</summary>
internal static class OutputFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Refuses what would be found only after the work: a missing folder, a folder in place of a file, a log about to be overwritten.</summary>
    /// <param name="path">Null is fine.</param>
    /// <param name="inputs">What is read; must not be written.</param>
    /// <exception cref="UsageException">With what to do instead.</exception>
    public static void Check(string? path, string option, IEnumerable<string> inputs)
    {
        if (path is null) return;
        var whole = Path.GetFullPath(path);
        if (Directory.Exists(whole)) throw new UsageException($"{option} {path} is a folder; name a file in it.");
        if (Path.GetDirectoryName(whole) is { Length: > 0 } folder && !Directory.Exists(folder)) throw new UsageException($"{option} {path}: there is no folder {folder}; make it first.");
        if (inputs.Any(input => Path.GetFullPath(input) == whole)) throw new UsageException($"{option} {path} names a file that is read, and would overwrite it.");
    }

    public static void Write(string path, Action<Stream> write)
    {
        var existing = new FileInfo(path);
        if (existing.LinkTarget is not null || Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal))
        {
            using var direct = File.Create(path);
            write(direct);
            return;
        }

        var partial = path + ".partial";
        using (var to = File.Create(partial)) write(to);
        File.Move(partial, path, overwrite: true);
    }

    public static void WriteText(string path, Action<TextWriter> write) => Write(path, stream =>
    {
        using var to = new StreamWriter(stream, Utf8, leaveOpen: true);
        write(to);
    });
}
