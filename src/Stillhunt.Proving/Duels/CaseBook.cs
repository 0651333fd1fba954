namespace Stillhunt.Proving.Duels;

/// <summary>Something that an operator did about what was done to it.</summary>
public readonly record struct MoveMade(long AtMs, string Move);

/// <summary>What one campaign wanted, got and paid. Written to by its own lane alone.</summary>
internal sealed class CaseBook(string caseId)
{
    public static readonly int StandingCount = Enum.GetValues<Standing>().Length;
    public static readonly int OriginCount = Enum.GetValues<AccountOrigin>().Length;

    private readonly HashSet<string> _opened = new(StringComparer.Ordinal);

    public string CaseId { get; } = caseId;

    /// <summary>Extracting exchanges that the operator set out to make.</summary>
    public long Wanted { get; set; }

    public long Attempts { get; private set; }
    public long Refused { get; private set; }
    public long Stripped { get; private set; }

    /// <summary>Answered in full, by how the account stood: before the first effective verdict on anything of the campaign.</summary>
    public long[] Before { get; } = new long[StandingCount];

    /// <summary>The same, after it.</summary>
    public long[] After { get; } = new long[StandingCount];

    /// <summary>Answered in full, by hour from the start of the duel and by origin of the account.</summary>
    public List<long[]> Hours { get; } = [];

    public long? FirstSentMs { get; private set; }
    public long? FirstSeenMs { get; private set; }
    public long? FirstEffectiveMs { get; private set; }

    /// <summary>When each action first cost the campaign anything, by the action's id.</summary>
    public Dictionary<string, long> FirstOf { get; } = new(StringComparer.Ordinal);

    public List<MoveMade> MovesMade { get; } = [];

    public int AccountsUsed => _opened.Count;
    public int AccountsBurnt { get; set; }
    public long Obtained => Before.Sum() + After.Sum();

    public void Take(World.Draft draft, DuelReply reply, long startMs)
    {
        Attempts++;
        _opened.Add(draft.Account.Id);
        FirstSentMs ??= draft.TimeMs;
        if (reply.Standing != Standing.Unseen) FirstSeenMs ??= draft.TimeMs;
        if (reply.RefusedWith is not null || draft.Withheld != AnswerParts.None)
        {
            // What access rules do to an account that is in no campaign is no answer to the campaign.
            if (reply.Standing == Standing.Effective)
            {
                FirstEffectiveMs ??= draft.TimeMs;
                FirstOf.TryAdd(reply.Action, draft.TimeMs);
            }

            if (reply.RefusedWith is not null) Refused++;
            else Stripped++;
            return;
        }

        if (draft.Status >= 400) return;
        (FirstEffectiveMs is null ? Before : After)[(int)reply.Standing]++;
        var hour = (int)((draft.TimeMs - startMs) / 3_600_000);
        while (Hours.Count <= hour) Hours.Add(new long[OriginCount]);
        Hours[hour][(int)draft.Account.Origin]++;
    }
}
