namespace Stillhunt.Proving.Duels;

/// <param name="Rate">What of the rate before (the twelve hours before, or since the campaign began) was still obtained in full over the twelve hours after; null where there was none before.</param>
/// <param name="ByOrigin">Of what was obtained after, the share over accounts of each <see cref="AccountOrigin"/>.</param>
public sealed record Displacement(string Action, long AtMs, double? Rate, IReadOnlyList<double> ByOrigin);

/// <summary>One campaign. Counts are extracting exchanges.</summary>
public sealed record CaseOutcome
{
    public required string Case { get; init; }

    /// <summary>What the operator set out to get: the denominator of every share.</summary>
    public required long Wanted { get; init; }
    public required long Attempts { get; init; }
    public required long Refused { get; init; }

    /// <summary>Answered without something that was asked for.</summary>
    public required long Stripped { get; init; }

    /// <summary>Answered in full before the campaign's first effective verdict, by <see cref="Standing"/> of the account.</summary>
    public required IReadOnlyList<long> Before { get; init; }

    /// <summary>Answered in full after it.</summary>
    public required IReadOnlyList<long> After { get; init; }

    public required long? FirstSentMs { get; init; }

    /// <summary>The first exchange of an account that was ascribed to a campaign.</summary>
    public required long? FirstSeenMs { get; init; }

    /// <summary>The first exchange that was refused or stripped by a verdict on the campaign.</summary>
    public required long? FirstEffectiveMs { get; init; }

    public required int AccountsUsed { get; init; }
    public required int AccountsBurnt { get; init; }
    public required IReadOnlyList<MoveMade> Moves { get; init; }
    public required IReadOnlyList<Displacement> Displaced { get; init; }

    public long Obtained => Before.Sum() + After.Sum();

    /// <summary>Share answered in full before the first effective verdict.</summary>
    public double Leak => Share(Before.Sum());

    public double LeakBeforeDetection => Share(Before[(int)Standing.Unseen]);
    public double LeakByDelay => Share(Before[(int)Standing.Delayed]);
    public double LeakByBrake => Share(Before[(int)Standing.HeldByBrake]);

    /// <summary>Share answered in full at any time.</summary>
    public double ObtainedShare => Share(Obtained);

    /// <summary>Hours from the first exchange to the first effective verdict; null where there was none.</summary>
    public double? HoursToVerdict => (FirstEffectiveMs - FirstSentMs) / 3_600_000.0;

    public double? HoursToDetection => (FirstSeenMs - FirstSentMs) / 3_600_000.0;

    /// <summary>Accounts lost for each million exchanges obtained in full; null where nothing was obtained.</summary>
    public double? BurntPerMillion => Obtained == 0 ? null : AccountsBurnt * 1e6 / Obtained;

    public double Share(long count) => Wanted == 0 ? 0 : (double)count / Wanted;
}

/// <summary>Honest customers of one kind.</summary>
/// <param name="Met">Requests under an action from <c>canary</c> on.</param>
/// <param name="Felt">Requests refused by a verdict, or whose answer lacked what was asked for.</param>
public sealed record HonestOutcome(string Kind, long Requests, long Met, long Felt, int AccountsMet, int AccountsSuspended, IReadOnlyDictionary<string, long> ByAction)
{
    /// <summary>By the policy's rule that was in force.</summary>
    public IReadOnlyDictionary<string, RuleHarm> ByRule { get; init; } = new Dictionary<string, RuleHarm>();
}

/// <summary>What one rule did to honest customers: requests met and felt, as in <see cref="HonestOutcome"/>.</summary>
public readonly record struct RuleHarm(long Met, long Felt);

/// <summary>Sums up to a moment.</summary>
public readonly record struct DuelMoment(double Hours, long Obtained, long HonestRequests, long HonestMet, long HonestFelt);

/// <summary>How a duel went.</summary>
public sealed record DuelResult
{
    public required DuelOptions Options { get; init; }
    public required long ExchangeCount { get; init; }
    public required int AccountCount { get; init; }
    public required IReadOnlyList<CaseOutcome> Cases { get; init; }
    public required IReadOnlyList<HonestOutcome> Honest { get; init; }

    /// <summary>Hour by hour.</summary>
    public required IReadOnlyList<DuelMoment> Curve { get; init; }

    public long Wanted => Cases.Sum(c => c.Wanted);
    public double Leak => Share(Cases.Sum(c => c.Before.Sum()));
    public double ObtainedShare => Share(Cases.Sum(c => c.Obtained));
    public long HonestRequests => Honest.Sum(h => h.Requests);
    public double MetPerTenThousand => PerTenThousand(Honest.Sum(h => h.Met));
    public double FeltPerTenThousand => PerTenThousand(Honest.Sum(h => h.Felt));
    /// <summary>Of all honest customers, by the policy's rule, the most felt first.</summary>
    public IReadOnlyList<(string Rule, RuleHarm Harm)> HarmByRule =>
        [.. Honest.SelectMany(h => h.ByRule).GroupBy(pair => pair.Key).Select(group => (Rule: group.Key, Harm: new RuleHarm(group.Sum(pair => pair.Value.Met), group.Sum(pair => pair.Value.Felt))))
            .OrderByDescending(pair => pair.Harm.Felt).ThenByDescending(pair => pair.Harm.Met).ThenBy(pair => pair.Rule, StringComparer.Ordinal)];

    public int HonestSuspended => Honest.Sum(h => h.AccountsSuspended);

    public double Share(long count) => Wanted == 0 ? 0 : (double)count / Wanted;

    private double PerTenThousand(long count) => HonestRequests == 0 ? 0 : count * 1e4 / HonestRequests;
}
