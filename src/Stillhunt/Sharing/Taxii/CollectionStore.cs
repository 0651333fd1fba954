using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Sharing.Taxii;

/// <summary>
/// The objects of one collection: a file of lines that only grows, and an index in memory by time of adding. An add is on disk before it is
/// acknowledged; a line that a crash cut off is dropped at the next start. Thread-safe; readers see whole adds.
/// </summary>
public sealed class CollectionStore : IDisposable
{
    private readonly Lock _lock = new();
    private readonly FileStream _file;
    private readonly TimeProvider _time;
    private readonly List<StoredObject> _objects = [];
    private readonly Dictionary<string, List<StoredObject>> _byId = new(StringComparer.Ordinal);
    private long _last;

    private CollectionStore(FileStream file, TimeProvider time) => (_file, _time) = (file, time);

    /// <summary>What became of one object of an add.</summary>
    public enum Added
    {
        New, AlreadyThere, Conflict,
    }

    /// <exception cref="InvalidDataException">The file holds something else; the message names file and line.</exception>
    public static CollectionStore Open(string path, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        var store = new CollectionStore(file, time);
        try
        {
            store.Load(path);
            return store;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public int Count
    {
        get
        {
            lock (_lock) return _objects.Count;
        }
    }

    /// <summary>
    /// Versions added after a time, oldest first, that the filter lets through; stops one past the limit so that the caller knows of more. The filter
    /// sees a version and all versions of its object.
    /// </summary>
    public IReadOnlyList<StoredObject> After(long addedMicroseconds, Func<StoredObject, IReadOnlyList<StoredObject>, bool> wanted, int limit)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        lock (_lock)
        {
            var at = First(addedMicroseconds);
            var found = new List<StoredObject>();
            for (; at < _objects.Count && found.Count <= limit; at++)
                if (wanted(_objects[at], _byId[_objects[at].Id])) found.Add(_objects[at]);
            return found;
        }
    }

    /// <summary>Versions of one object, in the order of adding; empty for an id that is not there.</summary>
    public IReadOnlyList<StoredObject> Versions(string id)
    {
        lock (_lock) return _byId.TryGetValue(id, out var versions) ? [.. versions] : [];
    }

    /// <summary>Adds an object that was checked (<see cref="StixBundle.CheckObject"/>).</summary>
    public Added Add(JsonObject item, out DateTimeOffset version)
    {
        var results = AddAll([item]);
        version = results[0].Version;
        return results[0].Result;
    }

    /// <summary>Adds objects in their order, with one write to the disk.</summary>
    public IReadOnlyList<(Added Result, DateTimeOffset Version)> AddAll(IReadOnlyList<JsonObject> items)
    {
        ArgumentNullException.ThrowIfNull(items);
        var results = new List<(Added, DateTimeOffset)>(items.Count);
        lock (_lock)
        {
            var fresh = new List<StoredObject>();
            using var lines = new MemoryStream();
            foreach (var item in items)
            {
                var json = JsonSerializer.SerializeToUtf8Bytes(item);
                var id = StixBundle.Text(item, "id")!;
                var known = _byId.GetValueOrDefault(id);
                var version = VersionOf(item) ?? known?[0].Version ?? Now();
                var same = known?.Find(old => old.Version == version);
                if (same is not null)
                {
                    results.Add((JsonNode.DeepEquals(JsonNode.Parse(same.Json), item) ? Added.AlreadyThere : Added.Conflict, version));
                    continue;
                }

                var stored = new StoredObject(NextMicroseconds(), id, StixBundle.Text(item, "type")!, StixBundle.Text(item, "spec_version") ?? (VersionOf(item) is null ? "2.1" : "2.0"), version, json);
                Index(stored);
                fresh.Add(stored);
                WriteLine(lines, stored);
                results.Add((Added.New, version));
            }

            if (fresh.Count > 0) Append(lines);
        }

        return results;
    }

    /// <summary>Takes away all versions of an object that the filter names; says how many.</summary>
    public int Remove(string id, Func<StoredObject, bool> wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        lock (_lock)
        {
            if (!_byId.TryGetValue(id, out var versions)) return 0;
            var gone = versions.Where(wanted).ToHashSet();
            if (gone.Count == 0) return 0;
            using var lines = new MemoryStream();
            foreach (var version in gone)
            {
                versions.Remove(version);
                _objects.RemoveAt(First(version.AddedMicroseconds - 1));
                lines.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"-{version.AddedMicroseconds}\n")));
            }

            if (versions.Count == 0) _byId.Remove(id);
            Append(lines);
            return gone.Count;
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>modified, else created; null for an object that has neither (TAXII 2.1, section 3.4.1).</summary>
    private static DateTimeOffset? VersionOf(JsonObject item) =>
        StixTime.TryRead(StixBundle.Text(item, "modified") ?? StixBundle.Text(item, "created"), out var time) ? time : null;

    /// <summary>Position of the first object added after a time.</summary>
    private int First(long addedMicroseconds)
    {
        int low = 0, high = _objects.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_objects[middle].AddedMicroseconds > addedMicroseconds) high = middle;
            else low = middle + 1;
        }

        return low;
    }

    private DateTimeOffset Now() => _time.GetUtcNow();

    /// <summary>Never the same twice and never less, whatever the clock does: pages are cut by it.</summary>
    private long NextMicroseconds() => _last = Math.Max(_last + 1, (Now() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);

    private void Index(StoredObject stored)
    {
        _objects.Add(stored);
        if (!_byId.TryGetValue(stored.Id, out var versions)) _byId.Add(stored.Id, versions = []);
        versions.Add(stored);
    }

    // "+MICROSECONDS VERSION-TICKS SPEC JSON" or "-MICROSECONDS".
    private static void WriteLine(MemoryStream to, StoredObject stored)
    {
        to.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"+{stored.AddedMicroseconds} {stored.Version.UtcTicks} {stored.SpecVersion} ")));
        to.Write(stored.Json);
        to.WriteByte((byte)'\n');
    }

    private void Append(MemoryStream lines)
    {
        _file.Seek(0, SeekOrigin.End);
        lines.WriteTo(_file);
        _file.Flush(flushToDisk: true);
    }

    private void Load(string path)
    {
        var removed = new HashSet<long>();
        var read = new List<StoredObject>();
        long whole = 0;
        var number = 0;
        using (var reader = new LineReader(_file))
        {
            while (reader.TryRead(out var line))
            {
                number++;
                whole += line.Length + 1;
                if (!TryParse(line, read, removed)) throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{path}:{number} is no line of a collection."));
            }
        }

        _file.SetLength(whole);
        foreach (var stored in read)
        {
            _last = Math.Max(_last, stored.AddedMicroseconds);
            if (!removed.Contains(stored.AddedMicroseconds)) Index(stored);
        }

        if (removed.Count > 0) _last = Math.Max(_last, removed.Max());
    }

    private static bool TryParse(ReadOnlySpan<byte> line, List<StoredObject> read, HashSet<long> removed)
    {
        if (line.Length < 2) return false;
        var rest = line[1..];
        if (line[0] == (byte)'-') return long.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out var gone) && removed.Add(gone);
        if (line[0] != (byte)'+' || !TryWord(ref rest, out var first) || !TryWord(ref rest, out var second) || !TryWord(ref rest, out var spec)) return false;
        if (!long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var added) || !long.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)) return false;
        if (read.Count > 0 && read[^1].AddedMicroseconds >= added) return false;
        JsonObject? item;
        try
        {
            item = JsonNode.Parse(rest) as JsonObject;
        }
        catch (JsonException)
        {
            return false;
        }

        if (item is null || StixBundle.Text(item, "id") is not { } id || StixBundle.Text(item, "type") is not { } type) return false;
        read.Add(new StoredObject(added, id, type, Encoding.UTF8.GetString(spec), new DateTimeOffset(ticks, TimeSpan.Zero), rest.ToArray()));
        return true;
    }

    private static bool TryWord(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> word)
    {
        var at = rest.IndexOf((byte)' ');
        word = at < 0 ? default : rest[..at];
        if (at >= 0) rest = rest[(at + 1)..];
        return at >= 0;
    }

    /// <summary>Whole lines of a stream; what follows the last line's end is left.</summary>
    private sealed class LineReader(Stream from) : IDisposable
    {
        private byte[] _buffer = new byte[1 << 16];
        private int _start, _end;

        public bool TryRead(out ReadOnlySpan<byte> line)
        {
            var looked = 0;
            while (true)
            {
                var at = _buffer.AsSpan(_start + looked, _end - _start - looked).IndexOf((byte)'\n');
                if (at >= 0)
                {
                    line = _buffer.AsSpan(_start, looked + at);
                    _start += looked + at + 1;
                    return true;
                }

                looked = _end - _start;
                if (_start > 0)
                {
                    _buffer.AsSpan(_start, looked).CopyTo(_buffer);
                    (_start, _end) = (0, looked);
                }

                if (_end == _buffer.Length) Array.Resize(ref _buffer, _buffer.Length * 2);
                var read = from.Read(_buffer, _end, _buffer.Length - _end);
                if (read == 0)
                {
                    line = default;
                    return false;
                }

                _end += read;
            }
        }

        public void Dispose() => _buffer = [];
    }
}
