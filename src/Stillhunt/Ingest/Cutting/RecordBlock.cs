using System.Buffers;

namespace Stillhunt.Ingest.Cutting;

/// <summary>Where a record stands in its block.</summary>
/// <param name="Start">Offset into <see cref="RecordBlock.Buffer"/>.</param>
/// <param name="Length">Bytes; for a record with a fault the first few thousand, for hashing only.</param>
/// <param name="Line">The line of its first byte, from 1.</param>
/// <param name="Fault">Why it could not be cut whole, or null.</param>
internal readonly record struct RecordSlice(int Start, int Length, long Line, string? Fault);

/// <summary>
/// A run of whole records in one pooled buffer. Blocks are the unit of work: cutting them is cheap and sequential, reading one needs
/// nothing from any other, so several threads may read blocks and hand over their results in order.
/// </summary>
/// <param name="bytes">How much is read into it at a time.</param>
internal sealed class RecordBlock(int bytes = RecordBlock.NormalBytes) : IDisposable
{
    public const int NormalBytes = 1 << 20;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(bytes);
    private readonly int _bytes = bytes;
    private readonly List<RecordSlice> _records = [];

    public byte[] Buffer => _buffer;
    public int Filled { get; set; }
    public int Count => _records.Count;

    /// <summary>Bytes that it takes; the buffer may be larger.</summary>
    public int Capacity { get; private set; } = bytes;

    public RecordSlice this[int index] => _records[index];

    public ReadOnlySpan<byte> BytesOf(in RecordSlice record) => _buffer.AsSpan(record.Start, record.Length);

    public void Add(RecordSlice record) => _records.Add(record);

    /// <summary>Empties the block; a buffer that one long record made large goes back to the pool.</summary>
    public void Reset()
    {
        _records.Clear();
        Filled = 0;
        if (Capacity <= 4 * NormalBytes) return;
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = ArrayPool<byte>.Shared.Rent(_bytes);
        Capacity = _bytes;
    }

    public void Grow(int atLeast)
    {
        Capacity = Math.Max(atLeast, Capacity * 2);
        var larger = ArrayPool<byte>.Shared.Rent(Capacity);
        _buffer.AsSpan(0, Filled).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    public void Dispose()
    {
        if (_buffer.Length > 0) ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }
}
