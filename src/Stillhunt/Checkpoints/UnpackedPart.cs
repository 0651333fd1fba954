using System.IO.Compression;
using Stillhunt.Ingest.Cutting;

namespace Stillhunt.Checkpoints;

/// <summary>The content of a packed part. What is wrong with the packing is told in the words of a part file: gzip's own speak of archives that nobody made.</summary>
internal sealed class UnpackedPart(Stream packed) : ForwardStream
{
    private readonly GZipStream _content = new(packed, CompressionMode.Decompress, leaveOpen: true);

    /// <exception cref="InvalidDataException">The packing or its checksum is broken.</exception>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            return _content.Read(buffer);
        }
        catch (InvalidDataException broken)
        {
            throw new InvalidDataException($"The part file is damaged: what it holds is not what was packed. {PartFile.Remedy}", broken);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _content.Dispose();
        base.Dispose(disposing);
    }
}
