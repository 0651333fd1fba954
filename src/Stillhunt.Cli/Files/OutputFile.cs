using System.Text;
using Stillhunt.Cli.Commands;
using Stillhunt.Server;

namespace Stillhunt.Cli.Files;

/// <summary>A file that a command writes. It is looked at before the work begins, and a regular file appears whole or not at all.</summary>
internal static class OutputFile
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false);

    /// <summary>Refuses what would be found only after the work: a missing folder, one that can't be written, a folder in place of a file, a file of another kind about to be overwritten.</summary>
    /// <exception cref="UsageException">With what to do instead.</exception>
    public static void Check(string path, string option, OutputForm form)
    {
        if (Directory.Exists(path)) throw new UsageException($"{option} {path} is a folder; name a file in it.");
        if (IsDevice(path)) return;
        var real = RealPath.Of(path);
        if (Path.GetDirectoryName(real) is { Length: > 0 } folder && !Directory.Exists(folder)) throw new UsageException($"{option} {path}: there is no folder {folder}; make it first.");
        try
        {
            if (File.Exists(real) && !form.Allows(real))
                throw new UsageException($"{option} {path} would overwrite a file that is not {form.Described}. Name another file, or delete this one before{(option == "--json" ? "; to write to standard output, put --json last" : "")}.");
            var partial = Partial(real);
            File.Create(partial).Dispose();
            File.Delete(partial);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option} {path} cannot be written: {refused.Message}");
        }
    }

    /// <summary>Whether it is no regular file, so that nothing in it can be lost and nothing can take its place.</summary>
    public static bool IsDevice(string path) => IsUnderDevices(Path.GetFullPath(path)) || IsUnderDevices(RealPath.Of(path)) || FileKind.IsSpecial(path);

    /// <exception cref="IOException">It could not be written; nothing of it is left.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        try
        {
            if (IsDevice(path))
            {
                // Not alone: at the other end of a pipe somebody has it open, too.
                using var direct = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
                write(direct);
                return;
            }

            // Through a link the file at its end is written.
            WriteWhole(RealPath.Of(path), write);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{path} could not be written: {refused.Message}", refused);
        }
    }

    public static void WriteText(string path, Action<TextWriter> write) => Write(path, Text(write));

    /// <summary>Writes each file that is named, whatever becomes of the others, and says which were written and which were not.</summary>
    /// <returns>Whether all were.</returns>
    public static bool WriteEach(params IEnumerable<(string? Path, Action<Stream> Write)> files)
    {
        var all = true;
        foreach (var (path, write) in files)
        {
            if (path is null) continue;
            try
            {
                Write(path, write);
                Console.Error.WriteLine("Wrote " + path);
            }
            catch (IOException refused)
            {
                all = false;
                ExitCodes.Error(refused.Message);
            }
        }

        return all;
    }

    public static Action<Stream> Text(Action<TextWriter> write) => stream =>
    {
        using var to = new StreamWriter(stream, Utf8, leaveOpen: true);
        write(to);
    };

    private static void WriteWhole(string path, Action<Stream> write)
    {
        var partial = Partial(path);
        try
        {
            using (var to = File.Create(partial)) write(to);
            File.Move(partial, path, overwrite: true);
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    }

    /// <summary>Beside the file, so that it can take its place at once; of this process, so that another that writes the same file does not meddle.</summary>
    private static string Partial(string path) => $"{path}.{Environment.ProcessId}.partial";

    private static bool IsUnderDevices(string path) =>
        path.StartsWith("/proc/", StringComparison.Ordinal) || (path.StartsWith("/dev/", StringComparison.Ordinal) && !path.StartsWith("/dev/shm/", StringComparison.Ordinal));
}
