using System.Text;
using Microsoft.Extensions.Logging;
using Stillhunt.Response.Canaries;

namespace Stillhunt.Server.Gateway;

/// <summary>
/// Notes what campaigns were served, in a file that is only appended to and that no second process writes. Counts are kept for some seconds and written together; a process that is killed loses
/// those.
/// </summary>
internal sealed partial class CanaryRecord : IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Campaign, string Epoch), CanaryServed> _waiting = [];
    private readonly FileStream _file, _owned;
    private readonly TimeProvider _time;
    private readonly GatewayCounters _counters;
    private readonly ILogger _log;
    private readonly ITimer _timer;
    private string _head;

    /// <exception cref="ServeRefusedException">The file can't be written, is another process's, or was changed.</exception>
    public CanaryRecord(string path, TimeProvider time, GatewayCounters counters, ILogger log)
    {
        (_time, _counters, _log) = (time, counters, log);
        // Through a link the file itself is locked: two gateways that come to it by different names are two writers all the same.
        path = RealPath.Of(path);
        try
        {
            // A file of its own says whose the record is, so that it can be read while it is written.
            _owned = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            (_head, var whole) = (CanaryRecordFile.Beginning, 0L);
            if (File.Exists(path)) CanaryRecordFile.Read(path, out _head, out whole);
            _file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite);
            // What was not finished was never counted on.
            if (_file.Length > whole) _file.SetLength(whole);
            _file.Seek(0, SeekOrigin.End);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            _owned?.Dispose();
            throw new ServeRefusedException($"The record of canaries can't be kept: {refused.Message}");
        }

        _timer = time.CreateTimer(_ => Write(), null, Pace, Pace);
    }

    /// <summary>Counts one answer that was marked.</summary>
    public void Add(CanaryMark mark)
    {
        var now = _time.GetUtcNow();
        _counters.CanaryPlaces.Add(mark.PlaceCount);
        lock (_lock)
        {
            var key = (mark.Campaign, mark.Key.Epoch);
            if (!_waiting.TryGetValue(key, out var sum)) sum = new CanaryServed(now, now, mark.Campaign, mark.Key.Epoch, CanaryTable.Version, 0, 0, 0, 0);
            _waiting[key] = sum with
            {
                To = now, AnswerCount = sum.AnswerCount + 1, MarkedCount = sum.MarkedCount + (mark.PlaceCount > 0 ? 1 : 0), PlaceCount = sum.PlaceCount + mark.PlaceCount,
                ChangedCount = sum.ChangedCount + mark.ChangedCount,
            };
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        Write();
        _file.Dispose();
        _owned.Dispose();
    }

    private void Write()
    {
        lock (_lock)
        {
            if (_waiting.Count == 0 || !_file.CanWrite) return;
            var (lines, head) = (new StringBuilder(), _head);
            foreach (var served in _waiting.Values.OrderBy(served => served.Campaign, StringComparer.Ordinal).ThenBy(served => served.Epoch, StringComparer.Ordinal))
            {
                var line = served.Line(head);
                lines.Append(line).Append('\n');
                head = CanaryRecordFile.HashOf(line);
            }

            var before = _file.Length;
            try
            {
                _file.Write(Encoding.UTF8.GetBytes(lines.ToString()));
                _file.Flush(flushToDisk: true);
                _head = head;
                _waiting.Clear();
            }
            catch (IOException fault)
            {
                // The counts wait for the next turn; what was half written must not stand before them.
                NotWritten(_log, fault.Message);
                try
                {
                    _file.SetLength(before);
                    _file.Seek(0, SeekOrigin.End);
                }
                catch (IOException again)
                {
                    NotWritten(_log, again.Message);
                }
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The record of canaries could not be written and will be tried again: {Why}")]
    private static partial void NotWritten(ILogger log, string why);
}
