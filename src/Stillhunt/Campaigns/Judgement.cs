using Stillhunt.Linking;

namespace Stillhunt.Campaigns;

/// <summary>A cluster with what was measured of it and the campaign that it would be.</summary>
internal sealed record Judgement(Campaign Campaign, GroupFacts Facts, Cluster Cluster)
{
    /// <summary>Whoever measured it, one way round or the other; null where nobody did.</summary>
    public Judging? By { get; init; }

    /// <summary>The accounts that the campaign lists once it is described; fewer than are likely by wording alone (<see cref="MemberMeans"/>).</summary>
    public IReadOnlySet<int>? Listed { get; init; }

    /// <summary>The accounts that are listed, or likely as long as none are.</summary>
    public IReadOnlySet<int> Accounts => Listed ?? Cluster.Likely();

    public bool IsFlagged => Campaign.Confidence >= Detector.Flagged;

    /// <summary>With one row more, summed up anew.</summary>
    public Judgement With(EvidenceRow row)
    {
        List<EvidenceRow> rows = [.. Campaign.Evidence, row];
        var bits = EvidenceRows.Round(rows.Sum(r => r.Bits));
        return this with { Campaign = Campaign with { Evidence = rows, Bits = bits, Confidence = Calibration.Confidence(bits) } };
    }
}
