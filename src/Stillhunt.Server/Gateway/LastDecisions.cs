using System.Collections.Concurrent;

namespace Stillhunt.Server.Gateway;

/// <summary>
/// What the server decided last, for while it is silent: neither may its fall, nor whoever brings it about, switch off what was decided before. Bounded in age, so that what was taken back
/// meanwhile does not go on for ever.
/// </summary>
internal sealed class LastDecisions(TimeSpan kept, TimeProvider time)
{
    internal const int MostKept = 100_000;

    private readonly ConcurrentDictionary<DecisionDesk.Question, Known> _known = new();

    /// <summary>Verdicts of campaigns are about an account whatever it asks for: another model is no way out of one.</summary>
    private readonly ConcurrentDictionary<string, Known> _ofCampaigns = new(StringComparer.Ordinal);

    private readonly record struct Known(GatewayDecision Decision, long At);

    public void Note(DecisionDesk.Question question, GatewayDecision decision)
    {
        var now = new Known(decision, time.GetTimestamp());
        if (decision.Campaign is null || decision.Obligations.Count == 0) _ofCampaigns.TryRemove(question.Account, out _);
        else Keep(_ofCampaigns, question.Account, now);
        Keep(_known, question, now);
    }

    /// <summary>Null where nothing is known, or nothing that is recent enough.</summary>
    public GatewayDecision? Find(DecisionDesk.Question question) =>
        _known.TryGetValue(question, out var known) && IsFresh(known) ? known.Decision
        : _ofCampaigns.TryGetValue(question.Account, out var verdict) && IsFresh(verdict) ? verdict.Decision : null;

    private bool IsFresh(Known known) => time.GetElapsedTime(known.At) < kept;

    /// <summary>Accounts and models are what callers say: a flood of them pushes out what is old, then what asks for nothing, then what others were decided.</summary>
    private void Keep<T>(ConcurrentDictionary<T, Known> all, T key, Known now) where T : notnull
    {
        // Counting takes all locks of the dictionary, so it is done for new keys only.
        if (!all.ContainsKey(key) && all.Count >= MostKept)
        {
            Drop(all, known => !IsFresh(known));
            if (all.Count >= MostKept) Drop(all, known => known.Decision.Obligations.Count == 0);
            if (all.Count >= MostKept) all.Clear();
        }

        all[key] = now;
    }

    private static void Drop<T>(ConcurrentDictionary<T, Known> all, Func<Known, bool> which) where T : notnull
    {
        foreach (var (key, known) in all) if (which(known)) all.TryRemove(key, out _);
    }
}
