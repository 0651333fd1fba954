using System.Globalization;
using Microsoft.Extensions.Logging;
using Stillhunt.Ingest;
using Stillhunt.Server.Store;
using Stillhunt.Sketches;

namespace Stillhunt.Server.Intake;

/// <summary>
/// Follows log files as they grow. A file is known by its first line and not by its name, so that one that was renamed is read to its end and
/// the new one of its name from its beginning; how far it was read is kept in the same transaction as what was read.
/// </summary>
internal sealed partial class FileTail : IAsyncDisposable
{
    /// <summary>Bytes read at once.</summary>
    private const int PieceBytes = 4 << 20;

    /// <summary>Bytes of the first line by which a file is known.</summary>
    private const int LongestMark = 4096;

    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    private readonly List<LogInput> _inputs;
    private readonly IExchangeStore _store;
    private readonly IntakeLane _intake;
    private readonly ServeLimits _limits;
    private readonly KeyedHash _hash;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Dictionary<string, long> _offsets = [];
    private readonly HashSet<string> _told = [];
    private readonly CancellationTokenSource _stop = new();
    private Task _work = Task.CompletedTask;

    public FileTail(IReadOnlyList<string> paths, IExchangeStore store, IntakeLane intake, ServeLimits limits, KeyedHash hash, TimeProvider time, ILogger log)
    {
        (_store, _intake, _limits, _hash, _time, _log) = (store, intake, limits, hash, time, log);
        _inputs = [.. paths.Select(path => new LogInput(path))];
    }

    public void Start() => _work = Task.Run(Follow);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _work;
        _stop.Dispose();
    }

    private async Task Follow()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var files = LogFiles.Find(_inputs);
                foreach (var fault in files.Faults) TellOnce(fault.Path, fault.Text);
                foreach (var file in files.Files)
                    while (await Read(file)) { }
            }
            catch (IOException fault)
            {
                // A disk that is full or a file that went away: nothing was kept and no place moved on, so the next look tries again.
                NotRead(_log, fault.Message);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (UnauthorizedAccessException fault)
            {
                TellOnce("access", fault.Message);
            }

            try
            {
                await Task.Delay(Pace, _time, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    /// <returns>Whether there may be more.</returns>
    private async Task<bool> Read(LogFile file)
    {
        await using var stream = new FileStream(file.Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
        if (Mark(stream, file.Path) is not { } mark) return false;
        if (!_offsets.TryGetValue(mark, out var offset)) offset = _store.OffsetOf(mark);
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
        var request = new IntakeRequest(piece.AsMemory(0, whole), file.Source, null, new FileCursor(mark, offset + whole));
        while (!_intake.TryAdd(request)) await Task.Delay(Pace, _time, _stop.Token);
        await request.Done.Task;
        _offsets[mark] = offset + whole;
        return stream.Length > offset + whole;
    }

    /// <summary>What the file is known by; null while its first line is not whole.</summary>
    private string? Mark(FileStream stream, string path)
    {
        var head = new byte[LongestMark];
        var filled = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        if (head.AsSpan(0, filled) is [0x1F, 0x8B, ..] or [0x28, 0xB5, 0x2F, 0xFD, ..])
        {
            TellOnce(path, $"{path} is compressed and not followed; send it to /v1/exchanges.");
            return null;
        }

        var end = head.AsSpan(0, filled).IndexOf((byte)'\n');
        if (end < 0 && filled < LongestMark) return null;
        return _hash.Of(head.AsSpan(0, end < 0 ? LongestMark : end)).ToString("x16", CultureInfo.InvariantCulture);
    }

    private void TellOnce(string about, string text)
    {
        if (_told.Add(about)) NotRead(_log, text);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Following: {Fault}")]
    private static partial void NotRead(ILogger log, string fault);
}
