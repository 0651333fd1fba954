using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Formats;

/// <summary>One JSON object a line over one reused buffer; a format says what stands in the object.</summary>
internal abstract class JsonLines : TrafficWriter
{
    private const int FlushAt = 1 << 20;
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
    private readonly ArrayBufferWriter<byte> _buffer = new(1 << 17);
    private readonly Utf8JsonWriter _json;
    private readonly Stream? _stream;

    /// <param name="stream">Null = lines are kept.</param>
    protected JsonLines(Stream? stream)
    {
        _stream = stream;
        _json = new Utf8JsonWriter(_buffer, Options);
    }

    protected abstract void Write(Utf8JsonWriter json, Draft draft);

    internal override void Write(Draft draft)
    {
        _json.WriteStartObject();
        Write(_json, draft);
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        _buffer.GetSpan(1)[0] = (byte)'\n';
        _buffer.Advance(1);
        if (_buffer.WrittenCount >= FlushAt) FlushBuffer();
    }

    internal override ReadOnlySpan<byte> Pending => _buffer.WrittenSpan;

    internal override void Forget() => _buffer.ResetWrittenCount();

    internal override void Raw(ReadOnlySpan<byte> lines)
    {
        _buffer.Write(lines);
        if (_buffer.WrittenCount >= FlushAt) FlushBuffer();
    }

    private void FlushBuffer()
    {
        if (_stream is null) return;
        _stream.Write(_buffer.WrittenSpan);
        _buffer.ResetWrittenCount();
    }

    public override void Dispose()
    {
        FlushBuffer();
        _json.Dispose();
        _stream?.Flush();
    }

    protected static void Time(Utf8JsonWriter json, ReadOnlySpan<byte> name, long timeMs)
    {
        Span<char> text = stackalloc char[32];
        var time = DateTimeOffset.FromUnixTimeMilliseconds(timeMs);
        time.UtcDateTime.TryFormat(text, out var length, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        json.WriteString(name, text[..length]);
    }

    protected static void Hex(Utf8JsonWriter json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> prefix, ulong value)
    {
        Span<byte> text = stackalloc byte[prefix.Length + 16];
        prefix.CopyTo(text);
        Utf8.TryWrite(text[prefix.Length..], CultureInfo.InvariantCulture, $"{value:x16}", out _);
        json.WriteString(name, text);
    }

    protected static void Optional(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null) json.WriteString(name, value);
    }

    protected static ReadOnlySpan<byte> Role(Speaker speaker) => speaker switch
    {
        Speaker.User => "user"u8,
        Speaker.Assistant => "assistant"u8,
        _ => "tool"u8,
    };
}
