namespace Stillhunt.Response;

/// <summary>What an operator allows. The file form is read by <see cref="PolicyFile"/>.</summary>
public sealed record Policy
{
    /// <summary>Watches only: what an empty deployment does.</summary>
    public static Policy WatchOnly { get; } = new() { Name = "watch only" };

    public required string Name { get; init; }

    /// <summary>SHA-256 of the file, for the audit trail.</summary>
    public string Digest { get; init; } = "";

    /// <summary>False (the default): verdicts say what would be done, and nothing is.</summary>
    public bool Enforce { get; init; }

    /// <summary>Share of accounts that campaign rules leave alone, so that their effect can be measured. By hash, so an account stays in or out.</summary>
    public double HoldOut { get; init; }

    /// <summary>
    /// A campaign is acted on at a random time in this span after its first accounts were ascribed to it, so that what was seen can't be told from when it was acted on. Accounts that
    /// join it later, replacements above all, wait for that time and at least the shorter end of the span: it is known by then that the campaign was seen.
    /// </summary>
    public TimeSpan LeastDelay { get; init; }

    /// <inheritdoc cref="LeastDelay"/>
    public TimeSpan MostDelay { get; init; }

    public PolicyBrake Brake { get; init; } = new();

    /// <summary>About accounts of campaigns; of those that hold the strongest counts, of equals the first.</summary>
    public IReadOnlyList<PolicyRule> CampaignRules { get; init; } = [];

    /// <summary>About any account, without a campaign.</summary>
    public IReadOnlyList<PolicyRule> AccessRules { get; init; } = [];
}

/// <summary>How many may be touched an hour without a person's approval.</summary>
public sealed record PolicyBrake
{
    /// <summary>Share of all accounts. Default 0.01.</summary>
    public double AccountShare { get; init; } = 0.01;

    /// <summary>Verified customers. Default 5.</summary>
    public int Verified { get; init; } = 5;
}

public sealed record PolicyRule
{
    public required string Id { get; init; }

    public required RuleCondition When { get; init; }

    /// <summary>At least one.</summary>
    public required IReadOnlyList<Obligation> Then { get; init; }

    /// <summary>How long a verdict lasts after the last evidence. Default seven days.</summary>
    public TimeSpan Lasts { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Nothing is done before a person approved.</summary>
    public bool NeedsApproval { get; init; }

    /// <summary>The strongest of <see cref="Then"/>.</summary>
    public ResponseAction Action => Then.Max(obligation => obligation.Action);
}
