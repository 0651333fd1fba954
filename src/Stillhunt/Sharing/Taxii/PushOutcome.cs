using System.Text.Json.Nodes;
using Stillhunt.Sharing.Stix;

namespace Stillhunt.Sharing.Taxii;

/// <summary>What became of pushed objects.</summary>
/// <param name="Taken">The server has them.</param>
/// <param name="Failed">The server refused them.</param>
/// <param name="Open">Neither, as far as the server has said: still pending when patience ended, or not accounted for.</param>
/// <param name="Reasons">Why some failed, a sentence each.</param>
/// <param name="Fault">Why the server could not be asked to the end what became of them, or null.</param>
public sealed record PushOutcome(int Taken, int Failed, int Open, IReadOnlyList<string> Reasons, string? Fault)
{
    /// <summary>Why not all could be sent: the server went away, or refused an add, after it had answered others; null where all were.</summary>
    public Exception? Broken { get; init; }

    /// <summary>Sent, and not answered: the server may have them or not.</summary>
    public int Unanswered { get; init; }

    /// <summary>Never sent, or refused with the add that held them.</summary>
    public int Unsent { get; init; }
}

/// <summary>How often and how long a pending add is asked after (TAXII 2.1, section 5.5: a client should).</summary>
/// <param name="First">The first pause; each is twice the one before.</param>
/// <param name="Longest">No pause is longer.</param>
/// <param name="InAll">The pauses of one push together.</param>
internal sealed record PollPatience(TimeSpan First, TimeSpan Longest, TimeSpan InAll)
{
    public static PollPatience Default { get; } = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5));

    public IEnumerable<TimeSpan> Pauses()
    {
        var (pause, left) = (First, InAll);
        while (left > TimeSpan.Zero)
        {
            var next = pause < left ? pause : left;
            yield return next;
            left -= next;
            pause = pause * 2 < Longest ? pause * 2 : Longest;
        }
    }
}

/// <summary>A server's word on one add. It is a stranger's: counts that do not add up are taken for as much as was sent and no more.</summary>
internal sealed record AddStatus(string? Id, bool IsPending, int Sent, int Taken, int Failed, IReadOnlyList<string> Reasons)
{
    public int Open => Sent - Taken - Failed;

    public static AddStatus Read(JsonObject status, int sent)
    {
        var failures = (status["failures"] as JsonArray ?? []).OfType<JsonObject>().ToList();
        var taken = Count(status, "success_count", 0, sent);
        var failed = Count(status, "failure_count", failures.Count, sent - taken);
        var id = StixBundle.Text(status, "id") is { Length: > 0 and <= 200 } named && named is not ("." or "..") ? named : null;
        return new AddStatus(id, id is not null && StixBundle.Text(status, "status") == "pending", sent, taken, failed,
            [.. failures.Take(sent).Select(failure => $"{StixBundle.Text(failure, "id")}: {StixBundle.Text(failure, "message") ?? "no reason given"}")]);
    }

    private static int Count(JsonObject status, string name, int otherwise, int most) =>
        Math.Clamp(status[name] is JsonValue value && value.TryGetValue<int>(out var count) ? count : otherwise, 0, most);
}
