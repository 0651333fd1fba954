using Microsoft.Extensions.Logging;
using Stillhunt.Ingest;

namespace Stillhunt.Server.Intake;

/// <summary>
/// Says which lines of followed files were refused, and why: a sender gets that in its answer, of a file nobody would know. The first of each file, reason and field in a minute is told, with how
/// many were refused since the one before, so that a log in a wrong format costs a line a minute.
/// </summary>
internal sealed partial class TailRefusals(TimeProvider time, ILogger log)
{
    private const int MostRemembered = 1024;

    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string Path, string Reason, string? Field), DateTimeOffset> _told = [];
    private readonly Dictionary<string, long> _untold = new(StringComparer.Ordinal);

    /// <param name="path">The file.</param>
    /// <param name="reply">What became of a piece of it.</param>
    /// <param name="linesBefore">Lines of the file before that piece; asked only if something is to be told.</param>
    public void Tell(string path, IntakeReply reply, Func<long> linesBefore)
    {
        if (reply.RejectedCount == 0) return;
        var now = time.GetUtcNow();
        var count = _untold.GetValueOrDefault(path) + reply.RejectedCount;
        foreach (var refused in reply.Rejected)
        {
            var key = (path, refused.Reason, refused.Field);
            if (_told.TryGetValue(key, out var before) && now - before < Pause) continue;
            if (_told.Count >= MostRemembered) _told.Clear();
            _told[key] = now;
            Refused(log, path, linesBefore() + refused.Line, refused.Field is null ? refused.Reason : $"{refused.Reason}, field {refused.Field}", count);
            count = 0;
        }

        _untold[path] = count;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Following: {Path}:{Line} was refused ({Reason}); records of the file that were refused since the last such line: {Count}")]
    private static partial void Refused(ILogger log, string path, long line, string reason, long count);
}
