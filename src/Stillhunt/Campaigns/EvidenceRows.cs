using System.Globalization;

namespace Stillhunt.Campaigns;

/// <summary>Rows of evidence, and what is done to several of them together.</summary>
internal static class EvidenceRows
{
    public static EvidenceRow Row(string block, string kind, double bits, string text, long? accounts, IReadOnlyList<string> examples) =>
        new() { Block = block, Kind = kind, Bits = Round(bits), Text = text, AccountCount = accounts, Examples = examples };

    public static double Round(double bits) => Math.Round(bits, 2, MidpointRounding.AwayFromZero);

    /// <summary>Piecewise linear through the points, flat beyond the ends.</summary>
    public static double Curve(double x, params ReadOnlySpan<(double X, double Y)> points)
    {
        if (x <= points[0].X) return points[0].Y;
        for (var i = 1; i < points.Length; i++)
        {
            if (x > points[i].X) continue;
            var t = (x - points[i - 1].X) / (points[i].X - points[i - 1].X);
            return points[i - 1].Y + (t * (points[i].Y - points[i - 1].Y));
        }

        return points[^1].Y;
    }

    /// <summary>Scales the rows of a block to its caps, upward and downward: kinds within a block depend on each other. Each row says what it came to before.</summary>
    public static void Cap(List<EvidenceRow> rows, string block, double most, double least)
    {
        Scale(row => row.Bits > 0, most);
        Scale(row => row.Bits < 0, least);

        void Scale(Func<EvidenceRow, bool> side, double limit)
        {
            var sum = rows.Where(row => row.Block == block && side(row)).Sum(row => row.Bits);
            if (Math.Abs(sum) <= Math.Abs(limit)) return;
            for (var i = 0; i < rows.Count; i++)
                if (rows[i].Block == block && side(rows[i])) rows[i] = rows[i] with { Bits = Round(rows[i].Bits * limit / sum), Text = rows[i].Text + Scaled(rows[i].Bits, sum, limit) };
        }
    }

    private const string Alone = " Alone ";

    /// <summary>What a row found, without the scaling.</summary>
    public static string Finding(string text) => text.LastIndexOf(Alone, StringComparison.Ordinal) is var at and > 0 ? text[..at] : text;

    /// <summary>The scaling in words, so that a reader can redo it: bits × limit / sum (of those of its block that point the same way). Short, as it stands in many rows.</summary>
    private static string Scaled(double bits, double sum, double limit) => string.Create(CultureInfo.InvariantCulture,
        $"{Alone}{bits:+0.00;-0.00}; its block {sum:+0.00;-0.00}, which counts {limit:+0.##;-0.##} at most.");

    /// <summary>Adds a row that brings the sum of some rows to what they may count together; none where they stay within.</summary>
    /// <param name="text">Why, with a place for the limit.</param>
    public static void Limit(List<EvidenceRow> rows, List<EvidenceRow> of, double most, double least, string text)
    {
        var sum = of.Sum(row => row.Bits);
        var limited = Math.Clamp(sum, least, most);
        if (limited != sum)
            rows.Add(Row("calibration", "cap", limited - sum, string.Format(CultureInfo.InvariantCulture, text, Math.Abs(limited)), null, []));
    }
}
