using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>A cluster with what was measured of it and the campaign that it would be.</summary>
internal sealed record Judgement(Campaign Campaign, GroupFacts Facts, Cluster Cluster)
{
    public bool IsFlagged => Campaign.Confidence >= Detector.Flagged;
}
