using Stillhunt.Campaigns;

namespace Stillhunt.Sharing.Intel;

/// <summary>How indicators of others are put to work.</summary>
public sealed record IntelOptions
{
    /// <summary>Trust in a sender of whom nothing is known: as likely right as wrong.</summary>
    public const double UnknownTrust = 0.5;

    /// <summary>The group's key; without it sketches and keyed values are not looked for.</summary>
    public GroupKey? Key { get; init; }

    public AllowList Allowed { get; init; } = AllowList.Empty;

    /// <summary>Kinds of evidence that may play no part, whoever shares it; a sketch is of no kind. Default none.</summary>
    public IReadOnlySet<string> LeaveOut { get; init; } = EvidenceKinds.None;

    /// <summary>The STIX id of your own identity: what you made and others send back is not looked for. Null where you share under no name.</summary>
    public string? Own { get; init; }

    /// <summary>When the scan is made: the epoch of a key must be valid then. Indicators end by the time of the traffic.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>
    /// An account matches an indicator if this share of its exchanges do. Less is chance: an account of hundreds of exchanges meets everything once.
    /// Larger: operators behind cover traffic are not met. Default 0.05.
    /// </summary>
    public double LeastShare { get; init; } = 0.05;

    /// <summary>
    /// An indicator that matches a larger share of all accounts, those of your own flagged campaigns aside, is rejected: no operator of the known cases had one account in ten of a provider
    /// of some size, and what does hits customers. Default 0.1.
    /// </summary>
    public double MostAccounts { get; init; } = 0.1;

    /// <summary>
    /// All indicators of one kind and one sender may together match this share of all accounts, those of your own flagged campaigns aside. Without it, some hundreds of networks and clients, each
    /// rare enough by itself, named all but thirty of 1,650 honest accounts (bench/poisoning.sh). Half of it would reject true ones of a small provider: eight operators' sketches matched
    /// 11.5 % of its accounts where its own scan flagged few of them (bench/sharing.sh, at 3 % of their traffic). Default 0.2.
    /// </summary>
    public double MostAccountsOfKind { get; init; } = 0.2;

    /// <summary>
    /// Share of the accounts that you vouch for (verified, entitled) that an indicator of a sender without any trust may match; one of full trust may match
    /// <see cref="MostAccounts"/> of them, as of all others. Operators buy verification, on the range as often as customers have it: with 0.02 for everybody 44 of 80 sketches were
    /// rejected, most because of the operators' own accounts (seeds 11 to 13, halved, at four shares of their traffic). Default 0.02.
    /// </summary>
    public double MostTrusted { get; init; } = 0.02;

    /// <summary>The share of accounts that you vouch for that an indicator may match, by the trust in its sender.</summary>
    public double MostTrustedFor(double trust) => MostTrusted + (Math.Max(0, MostAccounts - MostTrusted) * trust);

    /// <summary>Bits of one sender at most, before trust; four double the odds four times. Default 4.</summary>
    public double MostBitsOfSender { get; init; } = 4;

    /// <summary>
    /// Bits of all senders at most. With the prior of -10 bits no agreement of senders makes a finding; evidence of one's own has to. Default 6.
    /// </summary>
    public double MostBits { get; init; } = 6;
}
