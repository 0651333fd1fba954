using System.Collections.Concurrent;

namespace Stillhunt.Server.Gateway;

/// <summary>
/// What the server decided last, for while it is silent: neither may its fall, nor whoever brings it about, switch off what was decided before. Bounded in age, so that what was taken back
/// meanwhile does not go on for ever.
/// </summary>
internal sealed class LastDecisions(TimeSpan kept, TimeProvider time)
{
    private const int MostKept = 100_000;

    private readonly ConcurrentDictionary<DecisionDesk.Question, Known> _known = new();

    /// <summary>Verdicts of campaigns are about an account whatever it asks for: another model is no way out of one.</summary>
    private readonly ConcurrentDictionary<string, Known> _ofCampaigns = new(StringComparer.Ordinal);

    private readonly record struct Known(GatewayDecision Decision, long At);

    public void Note(DecisionDesk.Question question, GatewayDecision decision)
    {
        var now = new Known(decision, time.GetTimestamp());
        if (decision.Campaign is null || decision.Obligations.Count == 0) _ofCampaigns.TryRemove(question.Account, out _);
        else if (_ofCampaigns.Count < MostKept || _ofCampaigns.ContainsKey(question.Account)) _ofCampaigns[question.Account] = now;
        // Accounts and models are what callers say: a flood of them pushes out what is old, then what asks for nothing, then what other models were decided.
        if (_known.Count >= MostKept) Drop(known => !IsFresh(known));
        if (_known.Count >= MostKept) Drop(known => known.Decision.Obligations.Count == 0);
        if (_known.Count >= MostKept) _known.Clear();
        _known[question] = now;
    }

    /// <summary>Null where nothing is known, or nothing that is recent enough.</summary>
    public GatewayDecision? Find(DecisionDesk.Question question) =>
        _known.TryGetValue(question, out var known) && IsFresh(known) ? known.Decision
        : _ofCampaigns.TryGetValue(question.Account, out var verdict) && IsFresh(verdict) ? verdict.Decision : null;

    private bool IsFresh(Known known) => time.GetElapsedTime(known.At) < kept;

    private void Drop(Func<Known, bool> which)
    {
        foreach (var (question, known) in _known) if (which(known)) _known.TryRemove(question, out _);
    }
}
