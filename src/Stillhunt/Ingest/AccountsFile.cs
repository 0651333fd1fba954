using System.Text.Json;
using System.Text.Unicode;
using CsvHelper;
using Stillhunt.Ingest.Cutting;
using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest;

/// <summary>The accounts of a provider, from CSV with a header or from JSON Lines, plain or compressed.</summary>
public sealed class AccountsFile
{
    /// <summary>An account has some twenty short values; a row beyond this is an unclosed quote.</summary>
    private const int LargestRowBytes = 1 << 20;

    private const string InvalidText = "invalid-utf-8";

    private readonly Dictionary<string, AccountRecord> _records = new(StringComparer.Ordinal);
    private readonly List<AccountFault> _faults = [];
    private readonly OrderedDictionary<string, string?> _unknown = new(StringComparer.Ordinal);
    private readonly string _path;

    private AccountsFile(string path) => _path = path;

    /// <summary>Of a JSON file with a name for each value no more than these are remembered.</summary>
    private const int MostUnknown = 100;

    public string Path => _path;

    /// <summary>By account id; of a repeated one the last row counts.</summary>
    public IReadOnlyDictionary<string, AccountRecord> Records => _records;

    /// <summary>Everything that was refused, in the order of the file.</summary>
    public IReadOnlyList<AccountFault> Faults => _faults;

    /// <summary>Columns that are not read, in the order of the file, each with the one that it may have been meant to be, or null.</summary>
    public IReadOnlyDictionary<string, string?> UnknownColumns => _unknown;

    /// <summary>Throws <see cref="IOException"/> with a sentence where the file is missing, broken or has no account column.</summary>
    public static AccountsFile Load(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path)) throw new FileNotFoundException($"There is no accounts file {path}.", path);
        using var stream = LogStream.Open(path);
        return Load(stream, path);
    }

    internal static AccountsFile Load(Stream stream, string path)
    {
        var file = new AccountsFile(path);
        using var bytes = new CountedStream(stream);
        var head = bytes.Peek();
        if (head.StartsWith("\uFEFF"u8)) head = head[3..];
        head = head.TrimStart(" \t\r\n"u8);
        if (!head.IsEmpty && head[0] is (byte)'{' or (byte)'[') file.ReadObjects(bytes);
        else file.ReadCsv(bytes);
        return file;
    }

    private void ReadCsv(Stream bytes)
    {
        try
        {
            using var csv = Rows(bytes);
            if (csv.Columns.Count == 0) return;
            if (!csv.Columns.Contains("account"))
                throw new IOException($"The accounts file {_path} has no column named account. Its header is: {string.Join(", ", csv.Columns.Take(12))}.");
            foreach (var column in csv.Columns) Know(column);
            while (csv.Read()) ReadRow(csv);
        }
        catch (CsvFormatException broken)
        {
            throw new IOException($"The accounts file {_path} cannot be read as CSV: {broken.Message}", broken);
        }
    }

    private CsvRows Rows(Stream bytes)
    {
        try
        {
            return new CsvRows(bytes, trim: true, LargestRowBytes, name => name.Trim().ToLowerInvariant(), AccountBuilder.Columns.Contains);
        }
        catch (IOException refused)
        {
            throw new IOException($"The accounts file {_path} cannot be read: {refused.Message}", refused);
        }
    }

    private void ReadRow(CsvRows csv)
    {
        if ((csv.Fault ?? (IsText(csv) ? null : InvalidText)) is { } fault)
        {
            _faults.Add(new AccountFault(_path, csv.Line, null, fault));
            return;
        }

        if (csv.HasStrayQuotes) _faults.Add(new AccountFault(_path, csv.Line, null, "stray-quotes"));
        var builder = new AccountBuilder(_path, csv.Line, _faults);
        for (var i = 0; i < csv.FieldCount; i++) builder.Take(csv.Columns[i], csv.Text(i));
        Add(builder);
    }

    /// <summary>Bytes that are no text would all become one character, and accounts that differ in them one account.</summary>
    private static bool IsText(CsvRows csv)
    {
        for (var i = 0; i < csv.FieldCount; i++)
        {
            if (!Utf8.IsValid(csv.Field(i))) return false;
        }

        return true;
    }

    private void ReadObjects(Stream bytes)
    {
        using var cutter = new RecordCutter(bytes, LargestRowBytes);
        using var block = new RecordBlock();
        while (cutter.Next(block))
        {
            for (var i = 0; i < block.Count; i++)
            {
                var fault = block[i].Fault ?? (Utf8.IsValid(block.BytesOf(block[i])) ? null : InvalidText);
                if (fault is not null) _faults.Add(new AccountFault(_path, block[i].Line, null, fault));
                else ReadObject(block.BytesOf(block[i]), block[i].Line);
            }
        }

        if (cutter.Failure is { } broken) throw new IOException($"The accounts file {_path} could not be read to its end: {broken.Message}", broken);
    }

    private void ReadObject(ReadOnlySpan<byte> json, long line)
    {
        try
        {
            var record = JsonValue.Of(json);
            if (record.IsArray)
            {
                foreach (var item in record.Items()) ReadObject(item.Raw, line);
                return;
            }

            var builder = new AccountBuilder(_path, line, _faults);
            foreach (var property in record.Properties())
            {
                var name = JsonValue.Name(property.RawName, property.NameEscaped).ToText()!;
                if (!Know(name)) continue;
                if (property.Value.IsObject || property.Value.IsArray) builder.Refuse(name, "wrong-type");
                else builder.Take(name, property.Value.ToText());
            }

            Add(builder);
        }
        catch (JsonException)
        {
            _faults.Add(new AccountFault(_path, line, null, "not-json"));
        }
    }

    /// <summary>Whether a column is read; one that is not is remembered, because a misspelt name would silently make its values unknown.</summary>
    private bool Know(string column)
    {
        if (AccountBuilder.Columns.Contains(column)) return true;
        if (column.Length > 0 && _unknown.Count < MostUnknown && !_unknown.ContainsKey(column)) _unknown.Add(column, NearName.Of(column, AccountBuilder.Columns));
        return false;
    }

    private void Add(AccountBuilder builder)
    {
        if (builder.Build() is not { } record) return;
        if (_records.ContainsKey(record.Account)) _faults.Add(new AccountFault(_path, builder.Line, "account", "repeated-account"));
        _records[record.Account] = record;
    }
}
