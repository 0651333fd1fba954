namespace Stillhunt.Ledger;

/// <summary>Something that happened to a campaign, to be told.</summary>
/// <param name="Kind">One of <see cref="CampaignEventKind"/>.</param>
/// <param name="Campaign">Its id; empty where it is about none.</param>
/// <param name="Text">A plain sentence.</param>
public sealed record CampaignEvent(string Kind, string Campaign, long AtMs, string Text);

public static class CampaignEventKind
{
    /// <summary>Flagged for the first time.</summary>
    public const string New = "new";

    /// <summary>Half as large again as at the last announcement, in accounts or in extracting exchanges.</summary>
    public const string Grown = "grown";

    /// <summary>Two turned out to be one.</summary>
    public const string Merged = "merged";

    /// <summary>One turned out to be two.</summary>
    public const string Split = "split";

    /// <summary>Its extraction went over to another model.</summary>
    public const string Moved = "moved";

    /// <summary>New accounts took over from accounts that ended.</summary>
    public const string Succession = "succession";

    public const string Dormant = "dormant";
    public const string Returned = "returned";
    /// <summary>An indicator of somebody else matched here for the first time; of no campaign where none of the accounts is in one.</summary>
    public const string Intel = "intel";

    public const string Confirmed = "confirmed";
    public const string Dismissed = "dismissed";
}
