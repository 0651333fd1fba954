using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>A cluster with what was measured of it and the campaign that it would be.</summary>
internal sealed record Judgement(Campaign Campaign, GroupFacts Facts, Cluster Cluster)
{
    /// <summary>Whoever measured it, one way round or the other; null where nobody did.</summary>
    public Judging? By { get; init; }

    public bool IsFlagged => Campaign.Confidence >= Detector.Flagged;

    /// <summary>With one row more, summed up anew.</summary>
    public Judgement With(EvidenceRow row)
    {
        List<EvidenceRow> rows = [.. Campaign.Evidence, row];
        var bits = EvidenceRows.Round(rows.Sum(r => r.Bits));
        return this with { Campaign = Campaign with { Evidence = rows, Bits = bits, Confidence = Calibration.Confidence(bits) } };
    }
}
