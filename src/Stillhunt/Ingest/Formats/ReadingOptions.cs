using Stillhunt.Ingest.Json;

namespace Stillhunt.Ingest.Formats;

/// <summary>Which of its identities a Bedrock log's callers are told apart by; decided once per log, before it is read.</summary>
internal enum BedrockIdentity
{
    /// <summary>Several AWS accounts: the account is <c>accountId</c>.</summary>
    AccountId,

    /// <summary>One AWS account: the caller is <c>identity.arn</c> as it stands.</summary>
    Arn,

    /// <summary>One AWS account whose roles are the callers and whose session names rotate: the ARN without the session.</summary>
    ArnWithoutSession,
}

/// <summary>What readers are told from outside; the same for all records of a source.</summary>
internal sealed record ReadingOptions
{
    public static ReadingOptions Default { get; } = new();

    /// <summary>The options of a scan for one source, with what a look at the source decided.</summary>
    public static ReadingOptions Of(LogScanOptions scan, IdentitySurvey? survey) => new()
    {
        AccountField = scan.AccountField is { } path ? new AccountPath(path) : null,
        Bedrock = survey?.Bedrock.Decide() ?? BedrockIdentity.AccountId,
        HeliconeOwnersVary = survey?.HeliconeOwnersVary ?? false,
        Mapping = scan.Mapping,
    };

    /// <summary>Where the account stands, in place of the format's own rule; null for that rule.</summary>
    public AccountPath? AccountField { get; init; }

    public BedrockIdentity Bedrock { get; init; } = BedrockIdentity.AccountId;

    /// <summary>Whether <c>helicone_user</c> tells callers apart.</summary>
    public bool HeliconeOwnersVary { get; init; }

    /// <summary>How a log of no known format is read; null where there is no mapping.</summary>
    public MappingFile? Mapping { get; init; }
}
