using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;
using Stillhunt.Ingest;
using Stillhunt.Server.Store;
using Stillhunt.Sketches;

namespace Stillhunt.Server.Intake;

/// <summary>
/// Follows log files as they grow. A file is known by its path and by what was read of it (<see cref="FileMarks"/>), and held open, so that one that was renamed or deleted is read to its end and
/// the new one of its name from its beginning; how far it was read is kept in the same transaction as what was read. A file that can't be read holds up no other.
/// </summary>
internal sealed partial class FileTail : IAsyncDisposable
{
    /// <summary>Bytes read at once.</summary>
    private const int PieceBytes = 4 << 20;

    /// <summary>Files held open; beyond it the last lines before a rotation are read only where the file is found again, by the pattern or beside its old name.</summary>
    private const int MostHeld = 256;

    /// <summary>Looks without growth after which a file that lost its name is let go: its writer has moved on.</summary>
    private const int QuietLooks = 60;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    /// <summary>How long ago a file has to have been written for its length and time to show the next writing: file systems count time in steps, of two seconds at most (FAT).</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);

    private readonly List<LogInput> _inputs;
    private readonly IExchangeStore _store;
    private readonly IntakeLane _intake;
    private readonly ServeLimits _limits;
    private readonly KeyedHash _hash;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly FilePlaces _places;
    private readonly FileCopies _copies;

    /// <summary>Lines before an offset, by file; a file that was read in part before a restart has none until it is asked for.</summary>
    private readonly Dictionary<long, (long Offset, long Lines)> _lines = [];
    private readonly TailRefusals _refusals;
    private readonly Dictionary<string, string> _told = [];
    private readonly Dictionary<string, HeldFile> _held = new(StringComparer.Ordinal);
    private readonly List<HeldFile> _renamed = [];

    /// <summary>Where the files are whose place is known, at this look.</summary>
    private readonly Dictionary<long, string> _seen = [];

    /// <summary>Files that were read to their end, by path, as they were then.</summary>
    private readonly Dictionary<string, (long Length, DateTime Written, long Place)> _still = new(StringComparer.Ordinal);

    private readonly CancellationTokenSource _stop = new();

    /// <summary>Whether every file was read at one look: from then on a store of before has no offsets for files that come.</summary>
    private bool _hasLooked;

    /// <summary>Whether a file could not be read at this look.</summary>
    private bool _hasFailed;
    private Task _work = Task.CompletedTask;

    public FileTail(IReadOnlyList<string> paths, IExchangeStore store, IntakeLane intake, ServeLimits limits, KeyedHash hash, TimeProvider time, ILogger log)
    {
        (_store, _intake, _limits, _hash, _time, _log) = (store, intake, limits, hash, time, log);
        _places = new FilePlaces(store);
        _copies = new FileCopies(_places, hash, OpenPlace);
        _refusals = new TailRefusals(time, log);
        _inputs = [.. paths.Select(path => new LogInput(path))];
    }

    public void Start() => _work = Task.Run(Follow);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        foreach (var file in _held.Values.Concat(_renamed)) await file.Stream.DisposeAsync();
        _stop.Dispose();
    }

    private async Task Follow()
    {
        try
        {
            while (true)
            {
                await Attempt("", Look);
                await Task.Delay(Pace, _time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server ends.
        }
    }

    private async Task Look()
    {
        var files = LogFiles.Find(_inputs);
        foreach (var fault in files.Faults) Tell(fault.Path, fault.Text);
        _hasFailed = false;
        _seen.Clear();
        _copies.Forget();
        var looked = new HashSet<string>(StringComparer.Ordinal);
        var unknown = new List<LogFile>();
        // First those that are where they were: what is left over may be one of them that was renamed or copied.
        foreach (var file in files.Files)
        {
            await Attempt(file.Path, async () =>
            {
                if (!await ReadKnown(file)) unknown.Add(file);
                looked.Add(Path.GetFullPath(file.Path));
            });
        }

        foreach (var file in unknown) await Attempt(file.Path, () => ReadUnknown(file));
        var named = files.Files.Select(file => Path.GetFullPath(file.Path)).ToHashSet(StringComparer.Ordinal);
        foreach (var path in _held.Keys.Where(path => !named.Contains(path)).ToList())
            if (_held.Remove(path, out var gone)) _renamed.Add(gone);
        foreach (var path in _still.Keys.Where(path => !named.Contains(path)).ToList()) _still.Remove(path);
        foreach (var file in _renamed) await Attempt(file.Path, () => ReadOn(file));
        foreach (var done in _renamed.Where(file => file.IsCut || file.Quiet > QuietLooks).ToList()) await LetGo(done);
        looked.UnionWith(_inputs.Select(input => Path.GetFullPath(input.Pattern)).Where(path => !Path.Exists(path)));
        // Of those that were let go none can be opened any more.
        _copies.Forget();
        foreach (var lost in looked.SelectMany(path => _places.At(path)).Where(place => !_seen.ContainsKey(place.Id) && _renamed.All(file => file.Place != place.Id)).ToList()) await Attempt(lost.Path, () => Seek(lost, named));
        if (_hasLooked || _hasFailed || files.Faults.Count > 0) return;
        _store.ForgetOldOffsets();
        _hasLooked = true;
    }

    /// <param name="path">What is read; empty for all.</param>
    private async Task Attempt(string path, Func<Task> read)
    {
        try
        {
            await read();
            _told.Remove(path);
        }
        catch (Exception fault) when (fault is not OperationCanceledException || !_stop.IsCancellationRequested)
        {
            // A disk that is full, a file that went away or that may not be read: nothing was kept and no place moved on, so the next look tries again.
            _hasFailed = true;
            Tell(path, path.Length == 0 ? fault.Message : $"{path}: {fault.Message}");
        }
    }

    /// <returns>False where it is none of those that were read under this path.</returns>
    private async Task<bool> ReadKnown(LogFile file)
    {
        var path = Path.GetFullPath(file.Path);
        var info = new FileInfo(path);
        var (length, written) = (info.Length, info.LastWriteTimeUtc);
        if (_still.TryGetValue(path, out var still) && (still.Length, still.Written) == (length, written))
        {
            _seen[still.Place] = path;
            return true;
        }

        _still.Remove(path);
        var stream = Open(path);
        try
        {
            if (FileMarks.IsPacked(stream)) throw new InvalidDataException("It is compressed and not followed; send it to /v1/exchanges.");
            var mark = FileMarks.Mark(stream, _hash);
            if (mark is not null && _places.At(path).Where(place => FileMarks.GoesOn(stream, mark, place, _hash)).MaxBy(place => place.Offset) is { } known)
            {
                await Read(file, stream, known);
                // Of a link it is told how the link is, and not what it leads to.
                if (info.LinkTarget is null && _time.GetUtcNow() - written > Settled) _still.Add(path, (length, written, known.Id));
                return true;
            }

            if (_held.Remove(path, out var before)) _renamed.Add(before);
            return mark is null;
        }
        finally
        {
            if (!IsHeld(path, stream)) await stream.DisposeAsync();
        }
    }

    /// <summary>A file that was renamed or copied here goes on where it was left; any other begins.</summary>
    private async Task ReadUnknown(LogFile file)
    {
        var path = Path.GetFullPath(file.Path);
        var stream = Open(path);
        try
        {
            if (FileMarks.Mark(stream, _hash) is not { } mark) return;
            var place = _places.Like(mark).Where(place => place.Offset > 0 && !IsWhereItWas(place) && FileMarks.GoesOn(stream, mark, place, _hash)).MaxBy(place => place.Offset);
            if (place is not null)
            {
                place = _places.Move(place, path);
                _copies.Found(place, stream);
            }
            else
            {
                if (Start(path, stream, mark) is not { } start) return;
                place = _places.Begin(path, mark, start, FileMarks.Foot(stream, start, _hash));
                _copies.Begun(place, stream);
                // A store of before remembers no path: said at once, so that no second file takes the same place.
                if (start > 0) _places.Move(place, path);
            }

            await Read(file, stream, place);
        }
        finally
        {
            if (!IsHeld(path, stream)) await stream.DisposeAsync();
        }
    }

    /// <summary>Whether the file whose place this is was found at this look and is there still: one that was copied and cut since is what its copy is now.</summary>
    private bool IsWhereItWas(FileCursor place) => _seen.TryGetValue(place.Id, out var path) && new FileInfo(path) is { Exists: true } file && file.Length >= place.Offset;

    /// <summary>Where a file begins that was not read before; null while it is nothing but a copy of how another one begins.</summary>
    private long? Start(string path, FileStream stream, string mark)
    {
        if (_copies.TryStart(path, stream, mark, out var start)) return start;
        var old = _hasLooked ? 0 : _store.OldOffsetOf(mark);
        return FileMarks.IsLineEnd(stream, old) ? old : 0;
    }

    /// <summary>The file whose place this is, as it was found at this look; null where it was not.</summary>
    private FileStream? OpenPlace(long id)
    {
        if (_renamed.Find(file => file.Place == id) is { } renamed) return new FileStream(new SafeFileHandle(renamed.Stream.SafeFileHandle.DangerousGetHandle(), ownsHandle: false), FileAccess.Read, 1);
        if (!_seen.TryGetValue(id, out var path)) return null;
        try
        {
            return Open(path);
        }
        catch
        {
            // It stood still and was not opened at this look; at the next it is told, and holds up no other.
            _still.Remove(path);
            throw;
        }
    }

    private async Task Read(LogFile file, FileStream stream, FileCursor place)
    {
        _seen[place.Id] = place.Path;
        if (_held.Remove(place.Path, out var before))
        {
            if (before.Place != place.Id) _renamed.Add(before);
            else await before.Stream.DisposeAsync();
        }

        var now = new HeldFile(file.Path, file.Source, place.Id, stream);
        if (_held.Count < MostHeld) _held.Add(place.Path, now);
        await ReadOn(now);
    }

    /// <summary>Looks for a file beside its old name, from which it went while nobody held it: rotated while the server was down, or copied and cut.</summary>
    /// <param name="named">What is followed by itself.</param>
    private async Task Seek(FileCursor lost, HashSet<string> named)
    {
        var folder = Path.GetDirectoryName(lost.Path)!;
        var stem = Path.GetFileNameWithoutExtension(lost.Path);
        List<string> beside = lost.Offset == 0 || !Directory.Exists(folder) ? [] : [.. Directory.EnumerateFiles(folder).Where(path => path != lost.Path && Path.GetFileName(path).StartsWith(stem, StringComparison.Ordinal))];
        var unread = false;
        foreach (var path in beside.Order(StringComparer.Ordinal))
        {
            FileStream stream;
            try
            {
                stream = Open(path);
                _told.Remove(path);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or InvalidDataException)
            {
                // It may be the one, and can be read later; the others are looked at.
                Tell(path, $"{path}: {fault.Message}");
                unread |= fault is not InvalidDataException;
                continue;
            }

            if (FileMarks.Mark(stream, _hash) is { } mark && FileMarks.GoesOn(stream, mark, lost, _hash))
            {
                var found = new HeldFile(path, LogFile.DefaultSource, lost.Id, stream);
                _renamed.Add(found);
                await ReadOn(found);
                foreach (var between in Between(path, stem, beside).Where(between => !named.Contains(between)))
                    await Attempt(between, () => ReadBetween(between, lost.Path));
                return;
            }

            await stream.DisposeAsync();
        }

        if (unread) return;
        _places.Move(lost, "");
        if (lost.Offset > 0) Lost(_log, lost.Path, lost.Offset);
    }

    /// <summary>Files that were rotated away after this one, the oldest first: named like it but for numbers and compression, and written later.</summary>
    /// <param name="stem">How all their names begin. A number that goes on where it ends is another log's: <c>worker-10</c> beside <c>worker-1</c>.</param>
    private static IEnumerable<string> Between(string path, string stem, List<string> beside)
    {
        string Shape(string path) => Changing().Replace(Path.GetFileName(path)[stem.Length..], match => match.Value.StartsWith('.') ? "" : "0");
        var written = File.GetLastWriteTimeUtc(path);
        return beside.Where(other => other != path && Shape(other) == Shape(path) && File.GetLastWriteTimeUtc(other) > written).OrderBy(File.GetLastWriteTimeUtc).ThenBy(other => other, StringComparer.Ordinal);
    }

    /// <summary>Reads a file that had the name of a followed one and was rotated away while nobody looked.</summary>
    private async Task ReadBetween(string path, string followed)
    {
        var stream = Open(path);
        HeldFile? held = null;
        try
        {
            if (FileMarks.IsPacked(stream)) throw new InvalidDataException($"It was {followed} for a while and is compressed: it was not read. Send it to /v1/exchanges.");
            if (FileMarks.Mark(stream, _hash) is not { } mark) return;
            // Read before, but for its end: the server may have been stopped in the middle of it.
            var place = _places.Like(mark).Where(place => place.Offset > 0 && !_seen.ContainsKey(place.Id) && _renamed.TrueForAll(file => file.Place != place.Id) && FileMarks.GoesOn(stream, mark, place, _hash)).MaxBy(place => place.Offset);
            if (place is not null)
            {
                if (place.Offset == stream.Length) return;
                place = _places.Move(place, path);
            }
            else
            {
                if (Start(path, stream, mark) is not { } start) return;
                place = _places.Begin(path, mark, start, FileMarks.Foot(stream, start, _hash));
            }

            _renamed.Add(held = new HeldFile(path, LogFile.DefaultSource, place.Id, stream));
            _copies.Begun(place, stream);
            await ReadOn(held);
        }
        finally
        {
            if (held is null) await stream.DisposeAsync();
        }
    }

    [GeneratedRegex(@"[0-9]+|\.(gz|zst)$")]
    private static partial Regex Changing();

    private async Task LetGo(HeldFile file)
    {
        // What was cut may have been copied before: it is still sought.
        if (!file.IsCut && !_seen.ContainsKey(file.Place)) _places.Move(_places[file.Place], "");
        _renamed.Remove(file);
        await file.Stream.DisposeAsync();
    }

    private bool IsHeld(string path, FileStream stream) => _held.TryGetValue(path, out var held) && held.Stream == stream;

    private static FileStream Open(string path) => FileKind.IsSpecial(path)
        ? throw new InvalidDataException("It is a pipe, a socket or a device, and not followed: there is no going back in it. Send what it gives to /v1/exchanges.")
        : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);

    private async Task ReadOn(HeldFile file)
    {
        file.Quiet++;
        while (await ReadPiece(file)) file.Quiet = 0;
    }

    /// <returns>Whether there was something; then there may be more.</returns>
    private async Task<bool> ReadPiece(HeldFile file)
    {
        var stream = file.Stream;
        var place = _places[file.Place];
        var offset = place.Offset;
        if (stream.Length == offset) return false;
        file.IsCut = !FileMarks.GoesOn(stream, place.Mark, place, _hash);
        if (file.IsCut) return false;
        stream.Position = offset;
        var piece = new byte[(int)Math.Min(PieceBytes, stream.Length - offset)];
        var filled = await stream.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, _stop.Token);
        var whole = piece.AsSpan(0, filled).LastIndexOf((byte)'\n') + 1;
        if (whole == 0 && filled == PieceBytes)
        {
            // A record longer than a piece: read on to its end, within the limit for one record.
            piece = new byte[(int)Math.Min(_limits.RecordBytes + 1L, stream.Length - offset)];
            stream.Position = offset;
            filled = await stream.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, _stop.Token);
            whole = piece.AsSpan(0, filled).LastIndexOf((byte)'\n') + 1;
            // Beyond the limit what was read of it is refused as it stands.
            if (whole == 0 && filled > _limits.RecordBytes) whole = filled;
        }

        if (whole == 0) return false;
        place = place with { Offset = offset + whole, Foot = FileMarks.Foot(stream, offset + whole, _hash) };
        var request = new IntakeRequest(piece.AsMemory(0, whole), file.Source, null, place);
        while (!_intake.TryAdd(request)) await Task.Delay(Pace, _time, _stop.Token);
        var reply = await request.Done.Task;
        _places.Set(place);
        _refusals.Tell(file.Path, reply, () => LinesBefore(file, offset));
        if (offset == 0 || _lines.GetValueOrDefault(file.Place).Offset == offset)
            _lines[file.Place] = (offset + whole, _lines.GetValueOrDefault(file.Place).Lines + piece.AsSpan(0, whole).Count((byte)'\n'));
        return true;
    }

    private long LinesBefore(HeldFile file, long offset)
    {
        var (at, lines) = _lines.GetValueOrDefault(file.Place);
        if (at > offset) (at, lines) = (0, 0);
        var piece = new byte[1 << 20];
        file.Stream.Position = at;
        while (at < offset)
        {
            _stop.Token.ThrowIfCancellationRequested();
            var read = file.Stream.Read(piece, 0, (int)Math.Min(piece.Length, offset - at));
            if (read == 0) break;
            lines += piece.AsSpan(0, read).Count((byte)'\n');
            at += read;
        }

        _lines[file.Place] = (at, lines);
        return lines;
    }

    /// <summary>Once, until something else is wrong with it, or until it was right again.</summary>
    private void Tell(string about, string text)
    {
        if (_told.TryGetValue(about, out var before) && before == text) return;
        _told[about] = text;
        NotRead(_log, text);
    }

    /// <summary>A file that was under this path at the last look.</summary>
    private sealed record HeldFile(string Path, string Source, long Place, FileStream Stream)
    {
        /// <summary>Whether it is no longer what was read: it was cut, or written anew.</summary>
        public bool IsCut { get; set; }

        /// <summary>Looks since it grew.</summary>
        public int Quiet { get; set; }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Following: {Fault}")]
    private static partial void NotRead(ILogger log, string fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Following: {Path} was replaced, cut or removed, and no file beside it goes on where it was read to (byte {Offset}). Lines that were written to it after that were not read, nor were files that had its name meanwhile.")]
    private static partial void Lost(ILogger log, string path, long offset);
}
