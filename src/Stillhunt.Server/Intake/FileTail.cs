using System.Globalization;
using Microsoft.Extensions.Logging;
using Stillhunt.Ingest;
using Stillhunt.Server.Store;
using Stillhunt.Sketches;

namespace Stillhunt.Server.Intake;

/// <summary>
/// Follows log files as they grow. A file is known by its first line and not by its name, and held open, so that one that was renamed or deleted is read to its end and
/// the new one of its name from its beginning; how far it was read is kept in the same transaction as what was read. A file that can't be read holds up no other.
/// </summary>
internal sealed partial class FileTail : IAsyncDisposable
{
    /// <summary>Bytes read at once.</summary>
    private const int PieceBytes = 4 << 20;

    /// <summary>Bytes of the first line by which a file is known.</summary>
    private const int LongestMark = 4096;

    /// <summary>Files held open; beyond it the last lines before a rotation are read only where the pattern names the file under its new name, too.</summary>
    private const int MostHeld = 256;

    /// <summary>Looks without growth after which a file that lost its name is let go: its writer has moved on.</summary>
    private const int QuietLooks = 60;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly List<LogInput> _inputs;
    private readonly IExchangeStore _store;
    private readonly IntakeLane _intake;
    private readonly ServeLimits _limits;
    private readonly KeyedHash _hash;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Dictionary<string, long> _offsets = [];

    /// <summary>Lines before an offset, by file; a file that was read in part before a restart has none until it is asked for.</summary>
    private readonly Dictionary<string, (long Offset, long Lines)> _lines = [];
    private readonly TailRefusals _refusals;
    private readonly Dictionary<string, string> _told = [];
    private readonly Dictionary<string, HeldFile> _held = new(StringComparer.Ordinal);
    private readonly List<HeldFile> _renamed = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _work = Task.CompletedTask;

    public FileTail(IReadOnlyList<string> paths, IExchangeStore store, IntakeLane intake, ServeLimits limits, KeyedHash hash, TimeProvider time, ILogger log)
    {
        (_store, _intake, _limits, _hash, _time, _log) = (store, intake, limits, hash, time, log);
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
        foreach (var file in files.Files) await Attempt(file.Path, () => Read(file));
        var named = files.Files.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var path in _held.Keys.Where(path => !named.Contains(path)).ToList())
            if (_held.Remove(path, out var gone)) _renamed.Add(gone);
        foreach (var file in _renamed) await Attempt(file.Path, () => ReadOn(file));
        foreach (var done in _renamed.Where(file => file.Quiet > QuietLooks).ToList())
        {
            _renamed.Remove(done);
            await done.Stream.DisposeAsync();
        }
    }

    /// <param name="path">What is read; empty for all.</param>
    private async Task Attempt(string path, Func<Task> read)
    {
        try
        {
            await read();
            _told.Remove(path);
        }
        catch (Exception fault) when (!_stop.IsCancellationRequested)
        {
            // A disk that is full, a file that went away or that may not be read: nothing was kept and no place moved on, so the next look tries again.
            Tell(path, path.Length == 0 ? fault.Message : $"{path}: {fault.Message}");
        }
    }

    private async Task Read(LogFile file)
    {
        var stream = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
        var isHeld = false;
        try
        {
            if (Mark(stream) is not { } mark) return;
            if (_held.Remove(file.Path, out var before))
            {
                if (before.Mark != mark) _renamed.Add(before);
                else await before.Stream.DisposeAsync();
            }

            var now = new HeldFile(file.Path, file.Source, mark, stream);
            isHeld = _held.Count < MostHeld && _held.TryAdd(file.Path, now);
            await ReadOn(now);
        }
        finally
        {
            if (!isHeld) await stream.DisposeAsync();
        }
    }

    private async Task ReadOn(HeldFile file)
    {
        file.Quiet++;
        while (await ReadPiece(file)) file.Quiet = 0;
    }

    /// <returns>Whether there was something; then there may be more.</returns>
    private async Task<bool> ReadPiece(HeldFile file)
    {
        var stream = file.Stream;
        if (!_offsets.TryGetValue(file.Mark, out var offset)) offset = _store.OffsetOf(file.Mark);
        if (stream.Length <= offset) return false;
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
        var request = new IntakeRequest(piece.AsMemory(0, whole), file.Source, null, new FileCursor(file.Mark, offset + whole));
        while (!_intake.TryAdd(request)) await Task.Delay(Pace, _time, _stop.Token);
        var reply = await request.Done.Task;
        _offsets[file.Mark] = offset + whole;
        _refusals.Tell(file.Path, reply, () => LinesBefore(file, offset));
        if (offset == 0 || _lines.GetValueOrDefault(file.Mark).Offset == offset)
            _lines[file.Mark] = (offset + whole, _lines.GetValueOrDefault(file.Mark).Lines + piece.AsSpan(0, whole).Count((byte)'\n'));
        return true;
    }

    private long LinesBefore(HeldFile file, long offset)
    {
        var (at, lines) = _lines.GetValueOrDefault(file.Mark);
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

        _lines[file.Mark] = (at, lines);
        return lines;
    }

    /// <summary>What the file is known by; null while its first line is not whole.</summary>
    private string? Mark(FileStream stream)
    {
        var head = new byte[LongestMark];
        var filled = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (head.AsSpan(0, filled) is [0x1F, 0x8B, ..] or [0x28, 0xB5, 0x2F, 0xFD, ..])
        {
            throw new InvalidDataException("It is compressed and not followed; send it to /v1/exchanges.");
        }

        var end = head.AsSpan(0, filled).IndexOf((byte)'\n');
        if (end < 0 && filled < LongestMark) return null;
        return _hash.Of(head.AsSpan(0, end < 0 ? LongestMark : end)).ToString("x16", CultureInfo.InvariantCulture);
    }

    /// <summary>Once, until something else is wrong with it, or until it was right again.</summary>
    private void Tell(string about, string text)
    {
        if (_told.TryGetValue(about, out var before) && before == text) return;
        _told[about] = text;
        NotRead(_log, text);
    }

    /// <summary>A file that was under this path at the last look.</summary>
    private sealed record HeldFile(string Path, string Source, string Mark, FileStream Stream)
    {
        /// <summary>Looks since it grew.</summary>
        public int Quiet { get; set; }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Following: {Fault}")]
    private static partial void NotRead(ILogger log, string fault);
}
