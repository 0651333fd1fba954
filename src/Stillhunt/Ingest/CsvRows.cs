using CsvHelper;

namespace Stillhunt.Ingest;

/// <summary>
/// The rows of a CSV file, each with what makes it unusable. A quote that is not closed would make one value of all lines up to the next quote: where the quoting of a
/// row over several lines is broken, its lines are read one by one, those that have as many fields as the header are rows, and each of the others is a row with a fault.
/// </summary>
internal sealed class CsvRows : IDisposable
{
    public const string BadQuoting = "bad-quoting";

    /// <summary>More values than the header names: a separator stands in a value without quotes, and all behind it are in the wrong column. Separators with nothing behind them, as exporters leave them, are no values.</summary>
    public const string FieldCountDiffers = "field-count";

    private readonly CsvReaderOptions _options;
    private readonly CsvReader _file;
    private CsvReader? _lines;
    private CsvReader _at;
    private long _linesStart;
    private bool _malformed;

    /// <summary>Throws <see cref="IOException"/> with a clause for the user where the header names a column twice that is read, <see cref="CsvFormatException"/> where it is no CSV.</summary>
    /// <param name="stream">Stays the caller's.</param>
    /// <param name="trim">Whether spaces around values go.</param>
    /// <param name="limit">Bytes of the longest row.</param>
    /// <param name="nameOf">How a column is named by what stands in the header.</param>
    /// <param name="isRead">Whether a column is looked at, by its name.</param>
    public CsvRows(Stream stream, bool trim, int limit, Func<string, string> nameOf, Func<string, bool> isRead)
    {
        _options = CsvReaderOptions.Default with { TrimWhitespace = trim, TrackLineNumbers = true, MaxRecordSize = limit, OnMalformedRecord = _ => _malformed = true };
        _at = _file = CsvReader.Create(stream, _options, leaveOpen: true);
        _file.ReadHeader();
        Columns = [.. _file.Headers.Select(nameOf)];
        // Of two values in one column nobody can say which is meant. What joins and spreadsheets leave twice beside it does no harm.
        if (Columns.Where(isRead).CountBy(name => name, StringComparer.Ordinal).FirstOrDefault(column => column.Value > 1) is { Value: > 1 } twice)
            throw new IOException($"its header names the column '{twice.Key}' {twice.Value} times. Rename or remove all but one.");
    }

    public IReadOnlyList<string> Columns { get; }

    /// <summary>Of the file, from 1; where the row at hand starts.</summary>
    public long Line => _lines is null ? _file.LineNumber : _linesStart + _lines.LineNumber - 1;

    /// <summary>Why the row at hand cannot be used, or null.</summary>
    public string? Fault { get; private set; }

    /// <summary>Whether quotes of the row at hand stand where they should not. What it holds is read as it stands.</summary>
    public bool HasStrayQuotes => _malformed;

    /// <summary>Fields of the row at hand that have a column; there may be fewer than columns, and those that lack are unknown.</summary>
    public int FieldCount => Math.Min(_at.FieldCount, Columns.Count);

    /// <summary>The bytes of the row at hand.</summary>
    public ReadOnlySpan<byte> Raw => _at.RawRecord;

    public ReadOnlySpan<byte> Field(int column) => _at.GetSpan(column);

    public string Text(int column) => _at.GetString(column) ?? string.Empty;

    /// <summary>Goes to the next row; false at the end. Throws <see cref="CsvFormatException"/> where the file stops being CSV.</summary>
    public bool Read()
    {
        _malformed = false;
        Fault = null;
        if (_lines is not null)
        {
            if (_lines.Read())
            {
                // A line by itself has to be whole to be a row.
                Fault = HasBrokenField() || FieldCount < Columns.Count ? BadQuoting : HasTooMany() ? FieldCountDiffers : null;
                return true;
            }

            _lines.Dispose();
            _lines = null;
            _at = _file;
        }

        if (!_file.Read()) return false;
        var tooMany = HasTooMany();
        if (!tooMany && !_malformed) return true;
        if (Raw.IndexOfAny((byte)'\n', (byte)'\r') >= 0 && (tooMany || HasBrokenField()))
        {
            _linesStart = _file.LineNumber;
            var separator = _file.Separator;
            _at = _lines = CsvReader.Create(Raw.ToArray(), _options with { HasHeader = false, Separator = separator, DetectSeparatorHint = false, AllowLineBreaksInQuotes = false });
            return Read();
        }

        if (tooMany) Fault = FieldCountDiffers;
        return true;
    }

    public void Dispose()
    {
        _lines?.Dispose();
        _file.Dispose();
    }

    private bool HasTooMany()
    {
        for (var i = Columns.Count; i < _at.FieldCount; i++)
        {
            if (!_at.GetSpan(i).Trim(" \t"u8).IsEmpty) return true;
        }

        return false;
    }

    private bool HasBrokenField()
    {
        for (var i = 0; i < _at.FieldCount; i++)
        {
            if (IsBroken(_at.GetRawSpan(i))) return true;
        }

        return false;
    }

    /// <summary>Whether a field opens a quote that is not closed, or goes on behind it.</summary>
    private bool IsBroken(ReadOnlySpan<byte> field)
    {
        if (_options.TrimWhitespace is true) field = field.Trim(" \t"u8);
        if (field.IsEmpty || field[0] != (byte)'"') return false;
        var at = 1;
        while (true)
        {
            var quote = field[at..].IndexOf((byte)'"');
            if (quote < 0) return true;
            at += quote + 1;
            if (at == field.Length) return false;
            if (field[at] != (byte)'"') return true;
            at++;
        }
    }
}
