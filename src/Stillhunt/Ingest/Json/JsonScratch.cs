namespace Stillhunt.Ingest.Json;

/// <summary>
/// Room for JSON that stands as text inside JSON. Pieces live until <see cref="Reset"/>; a full buffer is replaced, and the pieces in
/// it stay valid as long as anyone holds them.
/// </summary>
internal sealed class JsonScratch
{
    private const int LargestKeptBytes = 8 << 20;

    private byte[] _buffer = new byte[4096];
    private int _used;
    private int _start;

    public void Reset()
    {
        _used = 0;
        if (_buffer.Length > LargestKeptBytes) _buffer = new byte[4096];
    }

    /// <summary>The value itself, or where it is a string that holds JSON the value inside. Other strings come back as they are.</summary>
    public JsonValue Inside(JsonValue value)
    {
        if (!value.IsString) return value;
        return JsonValue.TryOf(Plain(value), out var inside) ? inside : value;
    }

    /// <summary>A string's text without escapes.</summary>
    public ReadOnlySpan<byte> Plain(JsonValue text)
    {
        if (!text.Escaped) return text.Raw;
        Begin();
        var room = Room(text.Raw.Length);
        var length = JsonText.Unescape(text.Raw, room);
        _used -= room.Length - length;
        return End();
    }

    /// <summary>Starts a piece that is written in steps.</summary>
    public void Begin() => _start = _used;

    public void Write(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Room(bytes.Length));

    /// <summary>Takes back the last bytes.</summary>
    public void Unwrite(int length) => _used -= length;

    /// <summary>The piece begun last.</summary>
    public ReadOnlySpan<byte> End() => _buffer.AsSpan(_start, _used - _start);

    private Span<byte> Room(int length)
    {
        if (_used + length > _buffer.Length)
        {
            // Only the piece at hand moves: earlier ones are already held by their readers.
            var open = _buffer.AsSpan(_start, _used - _start);
            var larger = new byte[Math.Max(_buffer.Length * 2, open.Length + length + 1024)];
            open.CopyTo(larger);
            _used = open.Length;
            _start = 0;
            _buffer = larger;
        }

        _used += length;
        return _buffer.AsSpan(_used - length, length);
    }
}
