using Stillhunt.Proving.Chance;

namespace Stillhunt.Proving.World;

/// <summary>What one end user of an account sent, and how much of it extracts.</summary>
internal readonly record struct TenantCount(long Exchanges, long Extracting);

/// <summary>What the provider bills: its registration, how it connects, and what the truth file says about it.</summary>
internal sealed class Account
{
    public static readonly Account Nobody = new() { Id = "", Kind = "", Country = Countries.All[0] };

    public required string Id { get; init; }

    /// <summary>The kind that the truth file names; never written with the traffic.</summary>
    public required string Kind { get; init; }

    public string? Campaign { get; init; }

    public required Country Country { get; init; }

    /// <summary>The lane in which its requests are made; accounts that share anything that changes share the lane.</summary>
    public int Lane { get; init; }

    // Registration.
    public long CreatedMs { get; set; }
    public long? ClosedMs { get; set; }
    public string? Organization { get; set; }
    public bool Verified { get; set; }
    public string Program { get; set; } = "none";
    public string? Entitlement { get; set; }
    public string? Payment { get; set; }
    public string? Issuer { get; set; }
    public string? EmailDomain { get; set; }
    public string? EmailShape { get; set; }
    public string? Phone { get; set; }
    public string? Referrer { get; set; }
    public string Tier { get; set; } = "free";

    // Connection.
    public Connection Connection { get; set; } = Connection.None;
    public ClientBuild Client { get; set; } = ClientBuild.None;
    public Settings Settings { get; set; } = Settings.None;
    public string? Key { get; set; }
    /// <summary>End users that its requests name; null = none.</summary>
    public string[]? EndUsers { get; set; }

    /// <summary>What each declared end user sent, where the truth is told for them one by one; null = the account is one customer.</summary>
    public Dictionary<string, TenantCount>? Tenants { get; set; }

    public string Pathway { get; set; } = "api";
    public ModelHabit Models { get; set; } = ModelHabit.None;

    /// <summary>How an operator who reacts came to it.</summary>
    public Duels.AccountOrigin Origin { get; set; }

    // Counted while the traffic is made.
    public long ExchangeCount { get; set; }
    public long ExtractingCount { get; set; }

    public bool IsClosed(long now) => ClosedMs is { } closed && now >= closed;

    public static string NewId(Dice dice) => "acct_" + dice.Next().ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
