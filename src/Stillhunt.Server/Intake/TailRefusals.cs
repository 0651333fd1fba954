using Microsoft.Extensions.Logging;
using Stillhunt.Ingest;

namespace Stillhunt.Server.Intake;

/// <summary>
/// Says which lines of followed files were refused, and why, and which were read without a field: a sender gets that in its answer, of a file nobody would know. The first of each file, reason and field in a minute is told,
/// with how many there were since the one before, so that a log in a wrong format costs a line a minute.
/// </summary>
internal sealed partial class TailRefusals(TimeProvider time, ILogger log)
{
    private const int MostRemembered = 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string Path, string Reason, string? Field), DateTimeOffset> _told = [];

    /// <summary>How many were not told yet, by file: of the refused ones together, of the others by field.</summary>
    private readonly Dictionary<(string Path, string? Dropped), long> _untold = [];

    /// <param name="path">The file.</param>
    /// <param name="reply">What became of a piece of it.</param>
    /// <param name="linesBefore">Lines of the file before that piece; asked only if something is to be told.</param>
    public void Tell(string path, IntakeReply reply, Func<long> linesBefore)
    {
        if (reply.RejectedCount > 0) TellRefused(path, reply, linesBefore);
        if (reply.DroppedFieldCount > 0) TellDropped(path, reply, linesBefore);
    }

    private void TellRefused(string path, IntakeReply reply, Func<long> linesBefore)
    {
        var count = _untold.GetValueOrDefault((path, null)) + reply.RejectedCount;
        foreach (var refused in reply.Rejected)
        {
            if (!IsDue(path, refused.Reason, refused.Field)) continue;
            Refused(log, path, linesBefore() + refused.Line, refused.Field is null ? refused.Reason : $"{refused.Reason}, field {refused.Field}", count);
            count = 0;
        }

        _untold[(path, null)] = count;
    }

    private void TellDropped(string path, IntakeReply reply, Func<long> linesBefore)
    {
        foreach (var dropped in reply.DroppedFields)
        {
            var count = _untold.GetValueOrDefault((path, dropped.Field)) + dropped.Count;
            if (IsDue(path, "dropped", dropped.Field))
            {
                Dropped(log, path, linesBefore() + dropped.Line, dropped.Field, count);
                count = 0;
            }

            if (_untold.Count >= MostRemembered) _untold.Clear();
            _untold[(path, dropped.Field)] = count;
        }
    }

    private bool IsDue(string path, string reason, string? field)
    {
        var now = time.GetUtcNow();
        if (_told.TryGetValue((path, reason, field), out var before) && now - before < Pause) return false;
        if (_told.Count >= MostRemembered) _told.Clear();
        _told[(path, reason, field)] = now;
        return true;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Following: {Path}:{Line} was refused ({Reason}); records of the file that were refused since the last such line: {Count}")]
    private static partial void Refused(ILogger log, string path, long line, string reason, long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Following: {Path}:{Line} was read without the field {Field}, which was of the wrong type; records of the file that were read without it since the last such line: {Count}")]
    private static partial void Dropped(ILogger log, string path, long line, string field, long count);
}
