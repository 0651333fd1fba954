using Stillhunt.Ingest;
using Stillhunt.Profiles;

namespace Stillhunt.Sharing.Intel;

/// <summary>The traffic that matches are weighed against: who sent how much, whom the provider vouches for, and what its own detection found.</summary>
internal sealed record IntelGround
{
    /// <summary>Exchanges of every account that sends, matched or not.</summary>
    public required IReadOnlyDictionary<AccountId, long> Exchanges { get; init; }

    /// <summary>When the traffic of all accounts begins, milliseconds since 1970.</summary>
    public required long BeginsMs { get; init; }

    /// <summary>Accounts that are verified or entitled.</summary>
    public required IReadOnlySet<AccountId> Trusted { get; init; }

    /// <summary>Accounts that are entitled: their traffic was allowed, so no match names them.</summary>
    public required IReadOnlySet<AccountId> Entitled { get; init; }

    /// <summary>Accounts of the campaigns that the provider's own detection flags: what hits them hits no honest traffic.</summary>
    public required IReadOnlySet<AccountId> Flagged { get; init; }

    /// <summary>Whether the provider allowed the account's traffic, when it began at least.</summary>
    public static bool IsEntitled(AccountRecord? record, long firstMs) => !string.IsNullOrEmpty(record?.Entitlement) && (record.EntitlementUntilMs is not { } until || until >= firstMs);

    /// <summary>Accounts of flagged campaigns in a result.</summary>
    public static HashSet<AccountId> FlaggedIn(Campaigns.ScanResult result) => [.. result.Campaigns.SelectMany(campaign => campaign.Accounts).Select(account => new AccountId(account.Source, account.Id))];
}
