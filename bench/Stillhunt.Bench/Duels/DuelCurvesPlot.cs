using System.Globalization;
using Stillhunt.Bench.Plots;

namespace Stillhunt.Bench.Duels;

/// <summary>
/// A row of panels for each scenario, as one SVG: what was obtained in full by hour, with a dot where the leak ended, at the first effective verdict; honest requests met by hour; and leak against honest harm in the end. A line is
/// a policy and a seed.
/// </summary>
internal static class DuelCurvesPlot
{
    private const int Width = 320, Height = 220, Left = 46, Top = 34, Legend = 22, Bottom = 36;

    private const string Thin = "stroke-width=\"1.5\"";

    private static readonly string[] Colours = [Svg.Blue, Svg.Vermilion, Svg.Black, Svg.Orange, Svg.Purple];

    public static string Of(IReadOnlyList<DuelCurve> curves)
    {
        var policies = curves.Select(curve => curve.Policy).Distinct().Order(StringComparer.Ordinal).ToList();
        var rows = curves.GroupBy(curve => (curve.Scenario, curve.Scale)).ToList();
        var svg = new Svg(3 * Width, (rows.Count * Height) + Legend + 8);
        for (var r = 0; r < rows.Count; r++)
        {
            var own = rows[r].ToList();
            var (title, mostHours, mostMet) = ($"{rows[r].Key.Scenario} at scale {rows[r].Key.Scale.ToString(CultureInfo.InvariantCulture)}", own.Max(c => c.Hours[^1].Hours), Nice(own.Max(c => c.Hours.Max(hour => hour.MetRate))));
            var mostLeak = Nice(own.Max(c => c.Leak));
            var obtained = Panel(0, r, title + ": obtained in full", "hours", mostHours, Math.Max(1, own.Max(c => c.Hours.Max(hour => hour.Obtained))));
            var met = Panel(1, r, "honest requests met, of 10,000", "hours", mostHours, mostMet);
            var end = Panel(2, r, "leak, in the end", "honest requests met, of 10,000", mostMet, mostLeak);
            foreach (var curve in own)
            {
                var policy = policies.IndexOf(curve.Policy);
                // Dots in one place stay visible: the first is the largest.
                var (colour, radius) = (Colours[policy % Colours.Length], 3 + (2 * (policies.Count - 1 - policy)));
                svg.Curve(colour, curve.Hours.Select(hour => obtained(hour.Hours, hour.Obtained)), Thin);
                if (curve.LeakedUntil is { } at) Dot(colour, radius, obtained(at, curve.Leak));
                svg.Curve(colour, curve.Hours.Select(hour => met(hour.Hours, hour.MetRate)), Thin);
                Dot(colour, radius, end(curve.Hours[^1].MetRate, curve.Leak));
            }
        }

        for (var p = 0; p < policies.Count; p++) svg.Key(Left + (p * 160), (rows.Count * Height) + 14, Colours[p % Colours.Length], policies[p]);
        return svg.Close();

        // Draws the frame, and returns where in it a value stands.
        Func<double, double, (double X, double Y)> Panel(int column, int row, string title, string below, double mostX, double mostY)
        {
            var (x, y, wide, high) = ((column * Width) + Left, (row * Height) + Top, Width - Left - 16, Height - Top - Bottom);
            svg.Put($"<text x=\"{x}\" y=\"{y - 12}\" font-size=\"10\" font-weight=\"bold\">{title}</text><text x=\"{x + (wide / 2)}\" y=\"{y + high + 28}\" text-anchor=\"middle\" fill=\"#555\">{below}</text>");
            foreach (var part in (double[])[0, 0.5, 1])
            {
                svg.Put($"<line x1=\"{x}\" x2=\"{x + wide}\" y1=\"{y + ((1 - part) * high):0.#}\" y2=\"{y + ((1 - part) * high):0.#}\" stroke=\"#ddd\"/><text x=\"{x - 5}\" y=\"{y + ((1 - part) * high) + 4:0.#}\" text-anchor=\"end\">{part * mostY:0.###}</text>");
                svg.Put($"<text x=\"{x + (part * wide):0.#}\" y=\"{y + high + 14}\" text-anchor=\"middle\">{part * mostX:0.##}</text>");
            }

            return (valueX, valueY) => (x + (wide * valueX / mostX), y + (high * (1 - (valueY / mostY))));
        }

        void Dot(string colour, int radius, (double X, double Y) at) => svg.Put($"<circle cx=\"{at.X:0.#}\" cy=\"{at.Y:0.#}\" r=\"{radius}\" fill=\"{colour}\" stroke=\"#fff\" stroke-width=\"0.5\"/>");
    }

    /// <summary>The next of 1, 2, 5 and ten times that, at least for something to be drawn.</summary>
    private static double Nice(double most)
    {
        if (most <= 0) return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(most)));
        return power * (most <= power ? 1 : most <= 2 * power ? 2 : most <= 5 * power ? 5 : 10);
    }
}
