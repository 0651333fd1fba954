using System.Text;
using System.Text.Json;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>
/// Reads any record of one source, each as what it is by itself (<see cref="FormatChoice"/>), so that a file may mix formats.
/// One instance a thread; all that it remembers is whether the record before was native, which changes the speed and never the result.
/// </summary>
internal sealed class RecordReading
{
    /// <summary>An array of wrappers around arrays is the deepest export known; each level counts twice.</summary>
    private const int WrappingLimit = 5;

    private readonly ReadingOptions _options;
    private readonly bool _onlyFirst;
    private readonly Dictionary<LogFormat, RecordReader> _readers = [];
    private readonly Exchange _exchange = new();
    private readonly JsonScratch _wrapping = new();
    private readonly HeldFields _held = new();
    private readonly RecordReader _first;
    private readonly LogFormat? _firstFormat;
    private bool _nativeGoesFirst = true;
    private byte[] _repaired = [];

    /// <param name="options">What readers are told from outside.</param>
    /// <param name="format">The format that the user named, which is then the only one; null to recognise each record.</param>
    public RecordReading(ReadingOptions options, LogFormat? format)
    {
        _options = options;
        _onlyFirst = format is not null || options.Mapping is not null;
        _firstFormat = options.Mapping is null ? format ?? LogFormats.Native : null;
        _first = options.Mapping is { } mapping ? mapping.Reader(options) : ReaderOf(format ?? LogFormats.Native);
    }

    /// <summary>Whether the record read last was of a known format, and of which; a mapped log has none.</summary>
    public (bool Known, LogFormat? Format) Last { get; private set; }

    public void Read(ReadOnlySpan<byte> record, IExchangeSink next, LogPosition position)
    {
        var sink = _held;
        sink.Begin(next);
        Last = default;
        if (!System.Text.Unicode.Utf8.IsValid(record))
        {
            // A caller could hide by planting one bad byte in a prompt: the byte is replaced (U+FFFD), the record stays, and it is counted.
            record = Repair(record);
            sink.DroppedField("invalid-utf-8", position);
        }

        try
        {
            record = WithoutPrefix(record);
            if (record.IsEmpty || record[0] is not ((byte)'{' or (byte)'['))
            {
                sink.Reject(new Rejection(record.Contains((byte)0) ? "nul-bytes" : "not-json", null), position);
                return;
            }

            ReadValue(new JsonValue(record, record[0] == (byte)'{' ? JsonTokenType.StartObject : JsonTokenType.StartArray, escaped: false), sink, position, 0);
        }
        catch (JsonException)
        {
            sink.Reject(new Rejection(WhyMalformed(record), null), position);
        }
    }

    private void ReadValue(JsonValue value, HeldFields sink, LogPosition position, int nesting)
    {
        if (value.IsArray)
        {
            // One line that holds an array: a body of many records. A null among them says nothing.
            foreach (var item in value.Items())
            {
                if (item.IsObject) ReadValue(item, sink, position, nesting + 1);
                else if (item.Exists) sink.Reject(new Rejection("not-an-object", null), position);
            }

            return;
        }

        if (_onlyFirst)
        {
            Tell(_first.Read(value, _exchange, sink, position), _firstFormat, sink, position);
            return;
        }

        if (_nativeGoesFirst)
        {
            // Native is what most logs are in: its reader sees for itself whether the record is, and takes one pass for both.
            var result = _first.Read(value, _exchange, sink, position);
            if (result.Outcome != ReadOutcome.NotMine)
            {
                Tell(result, LogFormats.Native, sink, position);
                return;
            }
        }

        Choose(value, sink, position, nesting);
    }

    private void Choose(JsonValue value, HeldFields sink, LogPosition position, int nesting)
    {
        sink.Forget(); // What a reader thought wrong whose record it is not.
        var format = FormatChoice.Of(value, _options.AccountField);
        _nativeGoesFirst = format is null || format == LogFormats.Native;
        // The choice has passed over the whole record, so that its reader need not check it again.
        if (format is not null) Tell(ReaderOf(format).Read(new JsonValue(value.Raw, value.Type, value.Escaped, known: format != LogFormats.Native || value.Known), _exchange, sink, position), format, sink, position);
        else if (nesting < WrappingLimit && RecordWrapping.Find(value, Scratch()) is { Exists: true } inner) ReadValue(inner, sink, position, nesting + 1);
        else Tell(_first.Read(value, _exchange, sink, position), LogFormats.Native, sink, position); // Its reasons are in the words of the format that a user writes.
    }

    private void Tell(ReadResult result, LogFormat? format, HeldFields sink, LogPosition position)
    {
        if (result.Outcome != ReadOutcome.Read) sink.Reject(result.Why, position);
        if (result.Outcome == ReadOutcome.NotMine) return;
        Last = (true, format);
    }

    private JsonScratch Scratch()
    {
        _wrapping.Reset();
        return _wrapping;
    }

    private RecordReader ReaderOf(LogFormat format)
    {
        if (_readers.TryGetValue(format, out var reader)) return reader;
        return _readers[format] = format.Reader(_options);
    }

    /// <summary>CloudWatch exports put a time before the record.</summary>
    private static ReadOnlySpan<byte> WithoutPrefix(ReadOnlySpan<byte> record)
    {
        if (record.IsEmpty || !char.IsAsciiDigit((char)record[0])) return record;
        var brace = record[..Math.Min(record.Length, 64)].IndexOf((byte)'{');
        return brace > 0 && LogTime.TryRead(record[..brace], zoneIsUtc: true, out _, out _) ? record[brace..] : record;
    }

    private static string WhyMalformed(ReadOnlySpan<byte> record)
    {
        if (record.Contains((byte)0)) return "nul-bytes";
        var depth = 0;
        foreach (var b in record)
        {
            if (b is (byte)'{' or (byte)'[') depth++;
            else if (b is (byte)'}' or (byte)']') depth--;
            if (depth > JsonValue.MaxDepth) return "too-deep";
        }

        return "not-json";
    }

    private ReadOnlySpan<byte> Repair(ReadOnlySpan<byte> record)
    {
        var written = 0;
        // A bad byte becomes three.
        if (_repaired.Length < record.Length * 3L) _repaired = new byte[checked(record.Length * 3)];
        while (!record.IsEmpty)
        {
            Rune.DecodeFromUtf8(record, out var rune, out var used);
            written += rune.EncodeToUtf8(_repaired.AsSpan(written));
            record = record[used..];
        }

        return _repaired.AsSpan(0, written);
    }
}
