using System.Globalization;
using System.Text;

namespace Stillhunt.Bench.Plots;

/// <summary>An SVG being written: a white sheet with small text, numbers with a point whatever the culture.</summary>
internal sealed class Svg
{
    /// <summary>Told apart without red and green (Okabe and Ito, 2008).</summary>
    public const string Blue = "#0072B2", Vermilion = "#D55E00", Sky = "#56B4E9", Orange = "#E69F00", Purple = "#CC79A7", Green = "#009E73", Black = "#000000";

    private readonly StringBuilder _text = new();

    public Svg(int width, int height)
    {
        Put($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" font-family=\"sans-serif\" font-size=\"11\">");
        Put($"<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>");
    }

    public void Put(FormattableString element) => _text.AppendLine(element.ToString(CultureInfo.InvariantCulture));

    public void Curve(string colour, IEnumerable<(double X, double Y)> points, string attributes = "stroke-width=\"2\"") =>
        Put($"<polyline fill=\"none\" stroke=\"{colour}\" {attributes} points=\"{string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.#},{point.Y:0.#}")))}\"/>");

    /// <summary>A line of a legend.</summary>
    public void Key(double x, double y, string colour, string text, string attributes = "stroke-width=\"2\"") =>
        Put($"<line x1=\"{x}\" x2=\"{x + 24}\" y1=\"{y}\" y2=\"{y}\" stroke=\"{colour}\" {attributes}/><text x=\"{x + 32}\" y=\"{y + 4}\">{text}</text>");

    /// <summary>All of it, ended.</summary>
    public string Close()
    {
        Put($"</svg>");
        return _text.ToString();
    }
}
