namespace Stillhunt.Server.Gateway;

/// <summary>
/// A request's body that came compressed, unpacked to be looked at. Only what honest clients use and what can be told from plain JSON by its first byte: a provider that does not heed
/// <c>Content-Encoding</c> must not read another request than was looked at here.
/// </summary>
internal static class PackedRequest
{
    /// <returns>False where it is not in the encoding that it names, or in one that is not taken.</returns>
    /// <param name="mostBytes">Unpacked; beyond it unpacking ends.</param>
    public static bool TryUnpack(ReadOnlyMemory<byte> packed, string encoding, long mostBytes, out ReadOnlyMemory<byte> plain, out bool isTooLong)
    {
        (plain, isTooLong) = (packed, false);
        var name = encoding.Trim().ToLowerInvariant();
        if (name is "" or "identity") return true;
        if (name is not ("gzip" or "x-gzip" or "deflate")) return false;
        using var stream = ContentCoding.Decoded(new MemoryStream(packed.ToArray(), writable: false), name)!;
        using var unpacked = new MemoryStream();
        try
        {
            Span<byte> piece = stackalloc byte[8192];
            for (int read; (read = stream.Read(piece)) > 0;)
            {
                if (unpacked.Length + read > mostBytes)
                {
                    isTooLong = true;
                    return false;
                }

                unpacked.Write(piece[..read]);
            }
        }
        catch (InvalidDataException)
        {
            return false;
        }

        plain = unpacked.GetBuffer().AsMemory(0, (int)unpacked.Length);
        return true;
    }
}
