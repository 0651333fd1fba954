using Stillhunt.Proving.World;

namespace Stillhunt.Proving.Suites;

/// <summary>Looks at each exchange while it is made: what the report says about the traffic itself.</summary>
public sealed class TrafficWatch
{
    private readonly OneFieldRules _rules = new();
    private readonly ItemRecurrence _recurrence = new();

    private readonly Lock _gate = new();

    /// <summary>From any lane: what is told in the end does not depend on the order in which lanes come.</summary>
    internal void See(Draft draft, ulong item)
    {
        lock (_gate)
        {
            _rules.See(draft);
            if (item != 0) _recurrence.See(draft.Account, item, draft.Extracts);
        }
    }

    public IReadOnlyList<RuleScore> Rules(double days) => _rules.Score(days);

    public IReadOnlyList<KindRecurrence> Recurrence() => _recurrence.Tell();
}
