using System.Globalization;
using Stillhunt.Bench.Plots;

namespace Stillhunt.Bench.Scaling;

/// <summary>
/// Cost against work as one SVG: CPU seconds and peak memory over exchanges, both axes logarithmic, so that what grows with the work is a line of the slope of the dashed ones.
/// </summary>
internal static class ScalingPlot
{
    private const int Width = 440, Height = 330, Left = 52, Top = 34, Right = 16, Bottom = 42, Legend = 20;

    private const string Reading = Svg.Blue, Detecting = Svg.Vermilion, Proportional = "#999";

    public static int Run(string[] args)
    {
        if (args.Length != 2)
        {
            Console.Error.WriteLine("scaling-plot CURVES.csv CURVES.svg");
            return 2;
        }

        File.WriteAllText(args[1], Of([.. File.ReadLines(args[0]).Skip(1).Where(line => line.Length > 0).Select(ScalingPoint.Parse)]));
        return 0;
    }

    public static string Of(List<ScalingPoint> points)
    {
        var traffics = points.Select(point => point.Traffic).Distinct().ToList();
        var svg = new Svg(2 * Width, Height + (((2 * traffics.Count) + 1) * Legend));
        Panel(0, "CPU seconds", point => point.ReadingCpu, point => point.DetectingCpu);
        Panel(Width, "peak memory, megabytes", point => point.ReadingBytes / 1e6, point => point.DetectingBytes / 1e6);
        for (var t = 0; t < traffics.Count; t++)
        {
            Key(2 * t, Reading, t, $"reading, {traffics[t]}");
            Key((2 * t) + 1, Detecting, t, $"detecting, {traffics[t]}");
        }

        svg.Key(Left, Height + (2 * traffics.Count * Legend) + 10, Proportional, "in proportion to the exchanges", Dashed);
        return svg.Close();

        void Key(int place, string colour, int traffic, string text)
        {
            var y = Height + (place * Legend) + 10;
            svg.Key(Left, y, colour, text, Stroke(traffic));
            svg.Put($"{Mark(Left + 12, y, colour, traffic)}");
        }

        void Panel(int x, string title, Func<ScalingPoint, double> reading, Func<ScalingPoint, double> detecting)
        {
            var (wide, high) = (Width - Left - Right, Height - Top - Bottom);
            double fewest = Math.Pow(10, Math.Floor(Math.Log10(points.Min(point => point.Exchanges)))), most = points.Max(point => point.Exchanges) * 1.3;
            var values = points.SelectMany(point => new[] { reading(point), detecting(point) }).ToList();
            double least = Math.Pow(10, Math.Floor(Math.Log10(values.Min()))), greatest = values.Max() * 1.5;
            double X(double exchanges) => x + Left + (wide * Math.Log(exchanges / fewest) / Math.Log(most / fewest));
            double Y(double value) => Top + high - (high * Math.Log(value / least) / Math.Log(greatest / least));
            svg.Put($"<text x=\"{x + Left}\" y=\"{Top - 14}\" font-weight=\"bold\">{title}</text>");
            foreach (var tick in Ticks(fewest, most))
                svg.Put($"<line x1=\"{X(tick):0.#}\" x2=\"{X(tick):0.#}\" y1=\"{Top}\" y2=\"{Top + high}\" stroke=\"#eee\"/><text x=\"{X(tick):0.#}\" y=\"{Top + high + 16}\" text-anchor=\"middle\">{Short(tick)}</text>");
            foreach (var tick in Ticks(least, greatest))
                svg.Put($"<line x1=\"{x + Left}\" x2=\"{x + Left + wide}\" y1=\"{Y(tick):0.#}\" y2=\"{Y(tick):0.#}\" stroke=\"#eee\"/><text x=\"{x + Left - 6}\" y=\"{Y(tick) + 4:0.#}\" text-anchor=\"end\">{Short(tick)}</text>");
            svg.Put($"<text x=\"{x + Left + (wide / 2)}\" y=\"{Top + high + 34}\" text-anchor=\"middle\">exchanges</text>");
            foreach (var traffic in traffics)
            {
                var own = points.Where(point => point.Traffic == traffic).OrderBy(point => point.Exchanges).ToList();
                Curve(own, reading, Reading, traffics.IndexOf(traffic));
                Curve(own, detecting, Detecting, traffics.IndexOf(traffic));
            }

            void Curve(List<ScalingPoint> own, Func<ScalingPoint, double> value, string colour, int traffic)
            {
                var (first, last) = (own[0], own[^1]);
                var proportional = value(first) * last.Exchanges / first.Exchanges;
                svg.Put($"<line x1=\"{X(first.Exchanges):0.#}\" y1=\"{Y(value(first)):0.#}\" x2=\"{X(last.Exchanges * Math.Min(1, greatest / proportional)):0.#}\" y2=\"{Y(Math.Min(greatest, proportional)):0.#}\" stroke=\"{Proportional}\" {Dashed}/>");
                svg.Curve(colour, own.Select(point => (X(point.Exchanges), Y(value(point)))), Stroke(traffic));
                foreach (var point in own) svg.Put($"{Mark(X(point.Exchanges), Y(value(point)), colour, traffic)}");
            }
        }
    }

    private const string Dashed = "stroke-dasharray=\"4 4\"";

    private static string Stroke(int traffic) => traffic == 0 ? "stroke-width=\"2\"" : "stroke-width=\"2\" stroke-dasharray=\"2 3\"";

    private static string Mark(double x, double y, string colour, int traffic) => traffic == 0
        ? string.Create(CultureInfo.InvariantCulture, $"<circle cx=\"{x:0.#}\" cy=\"{y:0.#}\" r=\"3\" fill=\"{colour}\"/>")
        : string.Create(CultureInfo.InvariantCulture, $"<rect x=\"{x - 3:0.#}\" y=\"{y - 3:0.#}\" width=\"6\" height=\"6\" fill=\"#fff\" stroke=\"{colour}\"/>");

    /// <summary>1, 2 and 5 of each decade.</summary>
    private static IEnumerable<double> Ticks(double from, double to)
    {
        for (var decade = from; decade <= to; decade *= 10)
            foreach (var of in (double[])[1, 2, 5])
                if (decade * of <= to) yield return decade * of;
    }

    private static string Short(double number) => number >= 1e6 ? (number / 1e6).ToString("0.#", CultureInfo.InvariantCulture) + " M"
        : number >= 1e3 ? (number / 1e3).ToString("0.#", CultureInfo.InvariantCulture) + " k" : number.ToString("0.##", CultureInfo.InvariantCulture);
}
