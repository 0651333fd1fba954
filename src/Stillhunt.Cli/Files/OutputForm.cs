using Stillhunt.Checkpoints;

namespace Stillhunt.Cli.Files;

/// <summary>
/// What a file has to look like to be overwritten. In <c>inspect --json *.jsonl</c> the shell puts the first log where the file to write belongs, and then no other place names it.
/// </summary>
/// <param name="Described">What the file would have to be, in words.</param>
/// <param name="Fits">Whether one that begins like this may be overwritten.</param>
internal sealed record OutputForm(string Described, Func<string, byte[], bool> Fits)
{
    private const int HeadBytes = 400, MostLookedAt = 1 << 28;

    /// <summary>Text that is no JSON: a report, a table, a summary. Logs are JSON, or packed.</summary>
    public static OutputForm NoLog { get; } = new("a text such as a report or a table", (_, head) => !IsPacked(head) && head.AsSpan().TrimStart(" \t\r\n\uFEFF"u8) is not [(byte)'{' or (byte)'[', ..]);

    /// <summary>For whoever writes bundles and stores, which are read before.</summary>
    public static OutputForm Any { get; } = new("any file", (_, _) => true);

    public static OutputForm Part { get; } = new("a part that 'scan --part' wrote", (path, _) => PartFile.IsPart(path));

    /// <summary>A result of a scan, however it is laid out: with its names in order the schema stands behind the campaigns.</summary>
    public static OutputForm Result { get; } = new("a result of a scan", (path, _) => HoldsSchema(path));

    /// <summary>JSON as this program lays it out, whose first name, in an object or in a list of objects, is this.</summary>
    public static OutputForm Json(string first) => new("what this command writes as JSON", (_, head) =>
        System.Text.Encoding.UTF8.GetString(head).ReplaceLineEndings("\n") is var text
        && (text.StartsWith($"{{\n  \"{first}\": ", StringComparison.Ordinal) || text.StartsWith($"[\n  {{\n    \"{first}\": ", StringComparison.Ordinal) || text.Trim() is "{}" or "[]"));

    /// <summary>Whether the file may be overwritten; what is empty may always be.</summary>
    public bool Allows(string path)
    {
        var head = new byte[HeadBytes];
        using (var from = File.OpenRead(path)) Array.Resize(ref head, from.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
        return head.Length == 0 || Fits(path, head);
    }

    private static bool HoldsSchema(ReadOnlySpan<byte> bytes) => bytes.IndexOf("stillhunt.campaigns/"u8) >= 0;

    private static bool HoldsSchema(string path)
    {
        using var from = File.OpenRead(path);
        var (piece, kept) = (new byte[1 << 20], 0);
        for (var left = MostLookedAt; left > 0; left -= piece.Length)
        {
            var filled = kept + from.ReadAtLeast(piece.AsSpan(kept), piece.Length - kept, throwOnEndOfStream: false);
            if (HoldsSchema(piece.AsSpan(0, filled))) return true;
            if (filled < piece.Length) return false;
            // The word may stand across two pieces.
            kept = 32;
            piece.AsSpan(filled - kept).CopyTo(piece);
        }

        return false;
    }

    private static bool IsPacked(byte[] head) => head is [0x1f, 0x8b, ..] or [0x28, 0xb5, 0x2f, 0xfd, ..];
}
