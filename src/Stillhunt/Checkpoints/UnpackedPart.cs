using System.IO.Compression;

namespace Stillhunt.Checkpoints;

/// <summary>The content of a packed part. What is wrong with the packing is told in the words of a part file: gzip's own speak of archives that nobody made.</summary>
internal sealed class UnpackedPart(Stream packed) : Stream
{
    private readonly GZipStream _content = new(packed, CompressionMode.Decompress, leaveOpen: true);

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

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

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) _content.Dispose();
        base.Dispose(disposing);
    }
}
