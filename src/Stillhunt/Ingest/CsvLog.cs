using System.Text.Json;
using CsvHelper;
using Stillhunt.Ingest.Cutting;
using Stillhunt.Ingest.Formats;

namespace Stillhunt.Ingest;

/// <summary>Reads a CSV log through a mapping: each row becomes the JSON object that its header describes.</summary>
internal sealed class CsvLog(LogFile file, LogScanOptions options, ShardSink sink)
{
    private byte[] _json = new byte[4096];
    private int _length;

    /// <summary>Whether a log is no JSON; asked only where a mapping is given.</summary>
    public static bool IsCsv(LogStream stream)
    {
        var head = stream.Peek();
        if (head.StartsWith("\uFEFF"u8)) head = head[3..];
        head = head.TrimStart(" \t\r\n"u8);
        return !head.IsEmpty && head[0] is not ((byte)'{' or (byte)'[');
    }

    /// <summary>Returns the number of rows. Throws <see cref="IOException"/> where the file stops being CSV.</summary>
    public long Run(Stream stream, Action report, CancellationToken cancellation)
    {
        var records = new RecordReading(ReadingOptions.Of(options, null), null);
        long rows = 0;
        try
        {
            using var csv = new CsvRows(stream, trim: false, options.RecordLimitBytes, name => name.Trim(), name => options.Mapping?.Fields.Any(field => IsPrefix(name, field.Path.Text)) ?? true);
            var names = csv.Columns.Select(name => JsonEncodedText.Encode(name).EncodedUtf8Bytes.ToArray()).ToArray();
            while (rows < options.StopAfterRecords && csv.Read())
            {
                rows++;
                Read(csv, names, records);
                if (rows % 1000 != 0) continue;
                report();
                cancellation.ThrowIfCancellationRequested();
            }
        }
        catch (CsvFormatException broken)
        {
            throw new IOException($"row {rows + 1} is no CSV any more; the rows before it were scanned. {broken.Message}", broken);
        }

        report();
        return rows;
    }

    /// <summary>Whether a path starts with a column's name, which may hold dots.</summary>
    private static bool IsPrefix(string name, string path) => name.Length > 0 && path.StartsWith(name, StringComparison.Ordinal) && (path.Length == name.Length || path[name.Length] == '.');

    private void Read(CsvRows csv, byte[][] names, RecordReading records)
    {
        var position = new LogPosition(file.Index, csv.Line);
        if (csv.Fault is { } fault)
        {
            sink.Begin(csv.Raw);
            sink.Reject(new Rejection(fault, null), position);
            return;
        }

        options.Recognised?.Invoke(null); // Any row of a CSV file is the mapping's.
        Begin();
        for (var i = 0; i < csv.FieldCount; i++) Add(names[i], csv.Field(i), i == 0);
        Write("}"u8);
        var record = _json.AsSpan(0, _length);
        sink.Begin(record);
        records.Read(record, sink, position);
    }

    private void Begin()
    {
        _length = 0;
        Write("{"u8);
    }

    private void Add(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, bool first)
    {
        Write(first ? "\""u8 : ",\""u8);
        Write(name);
        Write("\":\""u8);
        while (true)
        {
            var special = value.IndexOfAny(Special);
            Write(special < 0 ? value : value[..special]);
            if (special < 0) break;
            WriteEscape(value[special]);
            value = value[(special + 1)..];
        }

        Write("\""u8);
    }

    private static readonly System.Buffers.SearchValues<byte> Special =
        System.Buffers.SearchValues.Create([(byte)'"', (byte)'\\', .. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    private void WriteEscape(byte special)
    {
        if (special is (byte)'"' or (byte)'\\')
        {
            Write([(byte)'\\', special]);
            return;
        }

        Write("\\u00"u8);
        Write([(byte)('0' + (special >> 4)), "0123456789abcdef"u8[special & 15]]);
    }

    private void Write(ReadOnlySpan<byte> bytes)
    {
        if (_length + bytes.Length > _json.Length) Array.Resize(ref _json, Math.Max(_json.Length * 2, _length + bytes.Length));
        bytes.CopyTo(_json.AsSpan(_length));
        _length += bytes.Length;
    }
}
