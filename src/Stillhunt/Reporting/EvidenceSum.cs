using Stillhunt.Campaigns;

namespace Stillhunt.Reporting;

/// <summary>Checks that a campaign's evidence is what it says: a report on rows that don't add up must say so.</summary>
public static class EvidenceSum
{
    /// <summary>Rows are rounded to hundredths, so their sum may be off by that much each.</summary>
    private const double Rounding = 0.005;

    private const double ConfidenceRounding = 0.005;

    /// <summary>Whether rows, stated sum and stated confidence are one and the same, up to rounding.</summary>
    public static bool Agrees(Campaign campaign)
    {
        var sum = campaign.Evidence.Sum(row => row.Bits);
        return Math.Abs(sum - campaign.Bits) <= Rounding * (campaign.Evidence.Count + 1)
            && Math.Abs((1 / (1 + Math.Pow(2, -sum))) - campaign.Confidence) <= ConfidenceRounding;
    }
}
