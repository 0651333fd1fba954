namespace Stillhunt.Proving.Duels;

/// <summary>What honest customers of one kind met with.</summary>
internal sealed class HonestBook(string kind)
{
    private readonly HashSet<string> _met = new(StringComparer.Ordinal);
    private readonly HashSet<string> _suspended = new(StringComparer.Ordinal);

    public string Kind { get; } = kind;
    public long Requests { get; private set; }

    /// <summary>Requests of accounts under an action from <c>canary</c> on, whether it changed the answer or not.</summary>
    public long Met { get; private set; }

    /// <summary>Requests that were refused by a verdict, or whose answer lacked what was asked for.</summary>
    public long Felt { get; private set; }

    /// <summary>Requests by action in force, <c>observe</c> left out.</summary>
    public SortedDictionary<string, long> ByAction { get; } = new(StringComparer.Ordinal);

    /// <summary>What each rule of the policy did to them.</summary>
    public SortedDictionary<string, RuleHarm> ByRule { get; } = new(StringComparer.Ordinal);

    public int AccountsMet => _met.Count;
    public int AccountsSuspended => _suspended.Count;

    public void Take(World.Draft draft, DuelReply reply)
    {
        Requests++;
        if (reply.Action != "observe") ByAction[reply.Action] = ByAction.GetValueOrDefault(reply.Action) + 1;
        if (reply.Touches)
        {
            Met++;
            _met.Add(draft.Account.Id);
            if (reply.Action == "suspend") _suspended.Add(draft.Account.Id);
        }

        var felt = reply.RefusedWith is not null || draft.Withheld != AnswerParts.None;
        if (felt) Felt++;
        if (reply.Rule is not { } rule || !(reply.Touches || felt)) return;
        var harm = ByRule.GetValueOrDefault(rule);
        ByRule[rule] = new RuleHarm(harm.Met + (reply.Touches ? 1 : 0), harm.Felt + (felt ? 1 : 0));
    }
}
