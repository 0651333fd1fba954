using Stillhunt.Campaigns;
using Stillhunt.Ingest;
using Stillhunt.Ledger;

namespace Stillhunt.Response;

/// <summary>What is known when a rule is asked. Null is unknown, and an unknown fact meets no condition.</summary>
public sealed record RuleFacts
{
    public required DateTimeOffset Now { get; init; }

    /// <summary>The campaign that the account is ascribed to; null for an access rule.</summary>
    public TrackedCampaign? Campaign { get; init; }

    /// <summary>P(the account is the operator's).</summary>
    public double? Probability { get; init; }

    public AccountRecord? Record { get; init; }

    /// <summary>Country that the request came from; the account's where there is no request.</summary>
    public string? Region { get; init; }

    public string? Model { get; init; }

    /// <summary>Exchanges on the newest day of the traffic.</summary>
    public long? TodayCount { get; init; }

    /// <summary>How likely the record is one more of a known campaign's, by its registration (<see cref="SignupIndex"/>); asked only where a rule needs it. Null where nothing can be compared.</summary>
    public Func<double>? Signup { get; init; }
}

/// <summary>The conditions of one rule; all that are given must hold.</summary>
public sealed record RuleCondition
{
    public double? Confidence { get; init; }
    public double? Probability { get; init; }

    /// <summary>Fewest accounts of the campaign, as the last detection held it. What is wrongly flagged is most often a firm with a few keys; operators have dozens.</summary>
    public long? Accounts { get; init; }

    public long? Exchanges { get; init; }
    public long? OutputTokens { get; init; }
    public long? ReasoningTokens { get; init; }

    /// <summary>Any of these, together with at least <see cref="TechniqueShare"/> of the campaign's exchanges.</summary>
    public IReadOnlyList<string> Techniques { get; init; } = [];

    public double? TechniqueShare { get; init; }
    public bool? Confirmed { get; init; }
    public IReadOnlyList<string> Programs { get; init; } = [];
    public IReadOnlyList<string> Regions { get; init; } = [];
    public IReadOnlyList<string> OwnerCountries { get; init; } = [];
    public IReadOnlyList<string> Tiers { get; init; } = [];
    public IReadOnlyList<string> Models { get; init; } = [];
    public TimeSpan? YoungerThan { get; init; }
    public TimeSpan? OlderThan { get; init; }
    public bool? Verified { get; init; }

    /// <summary>Whether an organisation is declared.</summary>
    public bool? Organization { get; init; }

    /// <summary>Whether an entitlement of the provider's is in force. A rule for which a campaign is the ground spares who has one, unless it says true here.</summary>
    public bool? Entitled { get; init; }

    /// <summary>Exchanges of the day over the plan's limit.</summary>
    public double? Usage { get; init; }

    /// <summary>How likely the account's registration is one more of a known campaign's. Of access rules only.</summary>
    public double? Signup { get; init; }

    /// <summary>Whether a condition speaks about a campaign, so that an access rule can't have it.</summary>
    internal bool NeedsCampaign =>
        Confidence is not null || Probability is not null || Accounts is not null || Exchanges is not null || OutputTokens is not null || ReasoningTokens is not null ||
        Techniques.Count > 0 || TechniqueShare is not null || Confirmed is not null;

    public bool Holds(RuleFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return !IsSpared(facts) && HoldsOfCampaign(facts.Campaign, facts.Probability) && HoldsOfAccount(facts)
            && Among(Regions, facts.Region ?? facts.Record?.Country) && Among(Models, facts.Model)
            && (Signup is null || (facts.Record is not null && facts.Signup?.Invoke() >= Signup));
    }

    /// <summary>An entitlement changes the verdict: no campaign's evidence, nor likeness to one, is a ground against who has one in force. Only a rule about just those holds.</summary>
    private bool IsSpared(RuleFacts facts) => Entitled != true && (facts.Campaign is not null || Signup is not null) && IsEntitled(facts.Record, facts.Now);

    private bool HoldsOfCampaign(TrackedCampaign? campaign, double? probability)
    {
        if (!NeedsCampaign) return true;
        if (campaign is null) return false;
        var exposure = campaign.Latest.Exposure;
        return !(campaign.Confidence < Confidence) && !((probability ?? 0) < Probability) && !(campaign.Latest.Accounts.Count < Accounts) && !(campaign.Latest.ExtractingCount < Exchanges)
            && !(OutputTokens is { } output && !(exposure.OutputTokens >= output)) && !(ReasoningTokens is { } reasoning && !(exposure.ReasoningTokens >= reasoning))
            && (Techniques.Count == 0 || SharesOf(campaign.Latest) >= (TechniqueShare ?? double.Epsilon))
            && (Confirmed is null || Confirmed == (campaign.Outcome == ReviewOutcome.Confirmed));
    }

    private double SharesOf(Campaign campaign) => campaign.Techniques.Where(share => Techniques.Contains(share.Id)).Select(share => share.Value).DefaultIfEmpty(0).Max();

    private bool HoldsOfAccount(RuleFacts facts)
    {
        var record = facts.Record;
        TimeSpan? age = record?.CreatedMs is { } created ? facts.Now - DateTimeOffset.FromUnixTimeMilliseconds(created) : null;
        return Among(Programs, record?.Program) && Among(OwnerCountries, record?.OwnerCountry) && Among(Tiers, record?.Tier)
            && (YoungerThan is null || age < YoungerThan) && (OlderThan is null || age >= OlderThan)
            && (Verified is null || record?.Verified == Verified)
            && (Organization is null || (record is not null && !string.IsNullOrEmpty(record.Organization) == Organization))
            && (Entitled is null || Entitled == IsEntitled(record, facts.Now))
            && (Usage is null || (Limit(record) is { } limit && facts.TodayCount >= Usage * limit));
    }

    /// <summary>Whether an entitlement that the provider itself issued is still valid.</summary>
    internal static bool IsEntitled(AccountRecord? record, DateTimeOffset now) =>
        !string.IsNullOrEmpty(record?.Entitlement) && !(now.ToUnixTimeMilliseconds() >= record.EntitlementUntilMs);

    private static double? Limit(AccountRecord? record) =>
        double.TryParse(record?.Limit, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var limit) && limit > 0 ? limit : null;

    private static bool Among(IReadOnlyList<string> wanted, string? value) =>
        wanted.Count == 0 || (value is not null && wanted.Contains(value, StringComparer.OrdinalIgnoreCase));
}
