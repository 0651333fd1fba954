using Stillhunt.Bench.Plots;

namespace Stillhunt.Bench.Dilution;

/// <summary>Curves of detection over cover as one SVG: a panel for each size, unit and null; the interval of each point as a bar.</summary>
internal static class DilutionPlot
{
    private const int Width = 400, Height = 230, Left = 40, Top = 34, Legend = 22;

    private static readonly string[] Colours = [Svg.Blue, Svg.Vermilion, Svg.Sky, Svg.Orange, Svg.Purple, Svg.Green, Svg.Black];

    public static string Of(List<DilutionPoint> points)
    {
        var tests = points.Select(p => p.Test).Distinct().Order(StringComparer.Ordinal).ToList();
        var panels = points.GroupBy(p => (p.Accounts, p.CoverOf, p.Unit, p.Null)).OrderBy(panel => panel.Key).ToList();
        var rows = (panels.Count + 1) / 2;
        var svg = new Svg(2 * Width, (rows * Height) + (tests.Count * Legend));
        for (var p = 0; p < panels.Count; p++) Panel(panels[p].Key, [.. panels[p]], p % 2 * Width, p / 2 * Height);
        for (var t = 0; t < tests.Count; t++) svg.Key(Left, (rows * Height) + (t * Legend) + 12, Colours[t % Colours.Length], tests[t]);
        return svg.Close();

        void Panel((int Accounts, string CoverOf, string Unit, string Null) of, List<DilutionPoint> own, int x, int y)
        {
            var covers = own.Select(point => point.Cover).Distinct().Order().ToList();
            var (wide, high) = (Width - Left - 14, Height - Top - 34);
            svg.Put($"<text x=\"{x + Left}\" y=\"{y + 20}\" font-size=\"10\" font-weight=\"bold\">{of.Unit}s ({of.Accounts} an operator, cover of {of.CoverOf}), {own[0].Rate:P0} of {of.Null}</text>");
            foreach (var share in (double[])[0, 0.5, 1])
                svg.Put($"<line x1=\"{x + Left}\" x2=\"{x + Left + wide}\" y1=\"{Y(share):0.#}\" y2=\"{Y(share):0.#}\" stroke=\"#ddd\"/><text x=\"{x + Left - 5}\" y=\"{Y(share) + 4:0.#}\" text-anchor=\"end\">{share:0.0}</text>");
            for (var c = 0; c < covers.Count; c++) svg.Put($"<text x=\"{X(c):0.#}\" y=\"{y + Top + high + 16}\" text-anchor=\"middle\">{covers[c]:P0}</text>");
            for (var t = 0; t < tests.Count; t++)
            {
                var curve = own.Where(point => point.Test == tests[t]).OrderBy(point => point.Cover).ToList();
                var shift = (t - (tests.Count / 2.0)) * 2;
                svg.Curve(Colours[t % Colours.Length], curve.Select(point => (X(covers.IndexOf(point.Cover)) + shift, Y(point.Detected.Share))));
                foreach (var point in curve)
                    svg.Put($"<line x1=\"{X(covers.IndexOf(point.Cover)) + shift:0.#}\" x2=\"{X(covers.IndexOf(point.Cover)) + shift:0.#}\" y1=\"{Y(point.Detected.Low):0.#}\" y2=\"{Y(point.Detected.High):0.#}\" stroke=\"{Colours[t % Colours.Length]}\"/>");
            }

            double X(int cover) => x + Left + 14 + ((wide - 28) * cover / Math.Max(1.0, covers.Count - 1));

            double Y(double share) => y + Top + ((1 - share) * high);
        }
    }
}
