using System.Buffers;
using System.Globalization;
using Stillhunt.Server.Store;
using Stillhunt.Sketches;

namespace Stillhunt.Server.Intake;

/// <summary>
/// By what a file is recognised under another name: how it begins, and what stands right before the place that it was read to. The beginning alone says little: many programs write the same first line
/// into each of their files, or records that begin alike.
/// </summary>
internal static class FileMarks
{
    /// <summary>Bytes of the first line by which a file is known.</summary>
    private const int LongestMark = 4096;

    /// <summary>Bytes before a place; more than what the records of one application have in common, whichever end of them it stands at.</summary>
    private const int FootBytes = 64 << 10;

    public static bool IsPacked(FileStream stream) => Head(stream) is [0x1F, 0x8B, ..] or [0x28, 0xB5, 0x2F, 0xFD, ..];

    /// <summary>Of how the file begins; null while its first line is not whole.</summary>
    public static string? Mark(FileStream stream, KeyedHash hash)
    {
        var head = Head(stream);
        var end = head.IndexOf((byte)'\n');
        if (end < 0 && head.Length < LongestMark) return null;
        return Text(hash.Of(head[..(end < 0 ? LongestMark : end)]));
    }

    /// <summary>Of what stands right before a place.</summary>
    public static string Foot(FileStream stream, long offset, KeyedHash hash)
    {
        var length = (int)Math.Min(FootBytes, offset);
        var foot = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            stream.Position = offset - length;
            var filled = stream.ReadAtLeast(foot.AsSpan(0, length), length, throwOnEndOfStream: false);
            return Text(hash.Of(foot.AsSpan(0, filled)));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(foot);
        }
    }

    /// <summary>Whether this is the file that was read to that place, or a copy of it.</summary>
    public static bool GoesOn(FileStream stream, string mark, FileCursor place, KeyedHash hash) =>
        place.Mark == mark && stream.Length >= place.Offset && Foot(stream, place.Offset, hash) == place.Foot;

    /// <summary>To where two files are the same, byte for byte, from a place on: the end of the shorter one where they do not part before.</summary>
    public static long AlikeTo(FileStream one, FileStream other, long from)
    {
        byte[] left = new byte[FootBytes], right = new byte[FootBytes];
        var end = Math.Min(one.Length, other.Length);
        // Most part soon.
        for (var most = LongestMark; from < end; most = Math.Min(2 * most, FootBytes))
        {
            var length = (int)Math.Min(most, end - from);
            one.Position = other.Position = from;
            length = Math.Min(one.ReadAtLeast(left.AsSpan(0, length), length, throwOnEndOfStream: false), other.ReadAtLeast(right.AsSpan(0, length), length, throwOnEndOfStream: false));
            var alike = left.AsSpan(0, length).CommonPrefixLength(right.AsSpan(0, length));
            from += alike;
            // Cut meanwhile, or different.
            if (length == 0 || alike < length) break;
        }

        return from;
    }

    /// <summary>The byte at a place; null at the end.</summary>
    public static byte? ByteAt(FileStream stream, long place)
    {
        stream.Position = place;
        return stream.ReadByte() is var read && read < 0 ? null : (byte)read;
    }

    /// <summary>Whether a line ends right before a place.</summary>
    public static bool IsLineEnd(FileStream stream, long offset)
    {
        if (offset == 0) return true;
        if (offset > stream.Length) return false;
        stream.Position = offset - 1;
        return stream.ReadByte() == '\n';
    }

    private static ReadOnlySpan<byte> Head(FileStream stream)
    {
        var head = new byte[LongestMark];
        stream.Position = 0;
        return head.AsSpan(0, stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false));
    }

    private static string Text(ulong hash) => hash.ToString("x16", CultureInfo.InvariantCulture);
}
