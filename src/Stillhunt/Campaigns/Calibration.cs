using System.Globalization;

namespace Stillhunt.Campaigns;

/// <summary>
/// What a sum of bits was worth on labelled traffic of independent authors, and at the prevalence that the user states: two rows at the end of a group's evidence, after which
/// the bits are those of its confidence (docs/decisions/0010). The correction is monotone and leaves 0 bits at 0, so what is flagged or suspected at the reference stays so.
/// </summary>
public sealed class Calibration
{
    /// <summary>Of the groups that detection looked at in the traffic it was calibrated on, this share was an operator's: one in nine (docs/measured.md).</summary>
    public const double ReferencePrevalence = 1.0 / 9;

    /// <summary>Bits in favour that count in full, and what each further one counts: chosen on some of those sets, checked on all (docs/measured.md).</summary>
    public const double FullBits = 2, FurtherShare = 1.0 / 3;

    /// <summary>Below this no traffic can tell.</summary>
    public const double LeastPrevalence = 1e-9;

    internal const string Block = "reliability";

    /// <summary>At the prevalence of the traffic that confidence was calibrated on.</summary>
    public static Calibration Reference { get; } = new(ReferencePrevalence);

    private readonly double _shift;

    /// <param name="prevalence">The share of the groups looked at that is taken to be an operator's, from <see cref="LeastPrevalence"/> to <see cref="ReferencePrevalence"/>.</param>
    public Calibration(double prevalence)
    {
        if (!(prevalence is >= LeastPrevalence and <= ReferencePrevalence))
            throw new ArgumentOutOfRangeException(nameof(prevalence), prevalence, $"A prevalence lies between {LeastPrevalence} and {ReferencePrevalence}.");
        Prevalence = prevalence;
        _shift = EvidenceRows.Round(Odds(prevalence) - Odds(ReferencePrevalence));
    }

    public double Prevalence { get; }

    /// <summary>What a sum is worth at the reference prevalence, in bits.</summary>
    public static double Worth(double bits) => bits <= FullBits ? bits : FullBits + (FurtherShare * (bits - FullBits));

    /// <summary>The group with its bits and confidence as they are to be told, and the rows that lead there.</summary>
    public Campaign Of(Campaign campaign)
    {
        ArgumentNullException.ThrowIfNull(campaign);
        List<EvidenceRow> rows = [];
        var corrected = EvidenceRows.Round(Worth(campaign.Bits) - campaign.Bits);
        if (corrected != 0)
        {
            rows.Add(EvidenceRows.Row(Block, "measured", corrected, string.Create(CultureInfo.InvariantCulture,
                $"On labelled traffic of others, sums of more than {FullBits:0} bits in favour were right less often than they say: the first {FullBits:0} bits in favour count in full, each further one {FurtherShare:0.00}."), null, []));
        }

        if (_shift != 0)
        {
            rows.Add(EvidenceRows.Row(Block, "prevalence", _shift, string.Create(CultureInfo.InvariantCulture,
                $"As the user stated, one in {1 / Prevalence:#,0.##} of the groups looked at is taken to be an operator's; in that traffic it was one in {1 / ReferencePrevalence:0.##}."), null, []));
        }

        if (rows.Count == 0) return campaign;
        var bits = EvidenceRows.Round(campaign.Bits + rows.Sum(row => row.Bits));
        return campaign with { Evidence = [.. campaign.Evidence, .. rows], Bits = bits, Confidence = Confidence(bits) };
    }

    /// <summary>1 / (1 + 2^-bits), to six places.</summary>
    internal static double Confidence(double bits) => Math.Round(1 / (1 + Math.Pow(2, -bits)), 6, MidpointRounding.AwayFromZero);

    /// <param name="groupCount">Groups that were looked at, in the end.</param>
    internal CalibrationSummary Summary(int groupCount) => new()
    {
        Prevalence = Math.Round(Prevalence, 9), ReferencePrevalence = Math.Round(ReferencePrevalence, 9), GroupCount = groupCount, FullBits = FullBits, FurtherShare = Math.Round(FurtherShare, 4),
    };

    private static double Odds(double share) => Math.Log2(share / (1 - share));
}

/// <summary>How sums of bits became confidences.</summary>
public sealed record CalibrationSummary
{
    /// <summary>Share of the groups looked at that is taken to be an operator's; confidences hold at it.</summary>
    public required double Prevalence { get; init; }

    /// <summary>The share in the traffic that confidence was calibrated on.</summary>
    public required double ReferencePrevalence { get; init; }

    /// <summary>Groups that were looked at here: flagged, suspected and cleared, without shared addresses and entitled traffic.</summary>
    public required long GroupCount { get; init; }

    /// <summary>Bits in favour that count in full.</summary>
    public required double FullBits { get; init; }

    /// <summary>What each further bit counts.</summary>
    public required double FurtherShare { get; init; }
}
