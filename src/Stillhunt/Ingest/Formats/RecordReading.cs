using System.Text;
using System.Text.Json;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>
/// Reads any record of one source: tries the format at hand, and asks the others where it refuses, so that a file may mix formats.
/// One instance a thread; which reader goes first changes the speed and never the result.
/// </summary>
internal sealed class RecordReading
{
    /// <summary>An array of wrappers around arrays is the deepest export known; each level counts twice.</summary>
    private const int WrappingLimit = 5;

    private readonly ReadingOptions _options;
    private readonly bool _onlyPreferred;
    private readonly Dictionary<LogFormat, RecordReader> _readers = [];
    private readonly Exchange _exchange = new();
    private readonly JsonScratch _wrapping = new();
    private readonly HeldFields _held = new();
    private RecordReader _preferred;
    private LogFormat? _preferredFormat;
    private byte[] _repaired = [];

    /// <param name="options">What readers are told from outside.</param>
    /// <param name="format">The format that the user named, which is then the only one; null to recognise each record.</param>
    public RecordReading(ReadingOptions options, LogFormat? format)
    {
        _options = options;
        _onlyPreferred = format is not null || options.Mapping is not null;
        _preferredFormat = options.Mapping is null ? format ?? LogFormats.Native : null;
        _preferred = options.Mapping is { } mapping ? mapping.Reader(options) : ReaderOf(format ?? LogFormats.Native);
    }

    /// <summary>Whether a record of any known format was seen.</summary>
    public bool Recognised { get; private set; }

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

        var result = _preferred.Read(value, _exchange, sink, position);
        if (result.Outcome == ReadOutcome.NotMine && !_onlyPreferred)
        {
            var format = LogFormats.Recognise(value);
            var other = format is null ? null : ReaderOf(format);
            if (other is not null && other != _preferred)
            {
                sink.Forget(); // What the wrong reader thought wrong.
                var second = other.Read(value, _exchange, sink, position);
                // A file is mostly of one format: the next record is tried with the reader that knew this one.
                if (second.Outcome != ReadOutcome.NotMine) (_preferred, _preferredFormat) = (other, format);
                result = second;
            }
            else if (format is null && nesting < WrappingLimit && RecordWrapping.Find(value, Scratch()) is { Exists: true } inner)
            {
                ReadValue(inner, sink, position, nesting + 1);
                return;
            }
        }

        if (result.Outcome != ReadOutcome.Read) sink.Reject(result.Why, position);
        if (result.Outcome == ReadOutcome.NotMine) return;
        Recognised = true;
        Last = (true, _preferredFormat);
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
