using System.Globalization;
using Stillhunt.Cli.Duels;
using Stillhunt.Reporting.Html;

namespace Stillhunt.Cli.Output;

/// <summary>Leak against honest harm, a line for each duel, as inline SVG with the stylesheet's colours; a policy is told by its dashes and its name.</summary>
internal static class DuelPlot
{
    private const int Left = 60;
    private const int Width = 560;
    private const int Right = 150;
    private const int Top = 16;
    private const int Height = 300;
    private const int Bottom = 44;
    private const int Ticks = 4;
    private const int LineHeight = 14;

    private static readonly string[] Dashes = ["none", "7 4", "2 3", "10 3 2 3", "1 5"];
    private static readonly string[] Colours = ["var(--calm)", "var(--extract)", "var(--ink)", "var(--soft)"];

    public static void Write(HtmlWriter html, IReadOnlyList<PlayedDuel> played)
    {
        var mostHarm = Nice(played.Max(duel => duel.Result.Curve.Select(Harm).DefaultIfEmpty(0).Max()));
        var mostLeak = Nice(played.Max(duel => duel.Result.Curve.Select(moment => duel.Result.Share(moment.Obtained)).DefaultIfEmpty(0).Max()));
        var policies = played.Select(duel => duel.Policy).Distinct(StringComparer.Ordinal).ToList();
        html.Write($"""<svg viewBox="0 0 {Left + Width + Right} {Top + Height + Bottom}" role="img" aria-label="Leak against honest harm" style="max-width:{Left + Width + Right}px;width:100%;font-size:12px">""");
        for (var tick = 0; tick <= Ticks; tick++)
        {
            var (x, y) = (Left + (Width * tick / (double)Ticks), Top + Height - (Height * tick / (double)Ticks));
            html.Write($"""<path d="M{x} {Top}V{Top + Height}M{Left} {y}H{Left + Width}" style="stroke:var(--line)"/><text x="{x}" y="{Top + Height + 16}" text-anchor="middle" style="fill:var(--soft)">{Plain(mostHarm * tick / Ticks)}</text>""");
            html.Write($"""<text x="{Left - 8}" y="{y + 4}" text-anchor="end" style="fill:var(--soft)">{Plain(mostLeak * tick / Ticks)}</text>""");
        }

        html.Write($"""<text x="{Left + (Width / 2)}" y="{Top + Height + 36}" text-anchor="middle" style="fill:var(--ink)">honest requests felt, of 10,000</text>""");
        html.Write($"""<text transform="translate(14 {Top + (Height / 2)}) rotate(-90)" text-anchor="middle" style="fill:var(--ink)">share obtained in full</text>""");
        var names = new List<(double X, double Y)>();
        foreach (var duel in played)
        {
            var at = policies.IndexOf(duel.Policy);
            var points = duel.Result.Curve.Select(moment => (X: Left + (Width * Harm(moment) / mostHarm), Y: Top + Height - (Height * duel.Result.Share(moment.Obtained) / mostLeak))).ToList();
            if (points.Count == 0) continue;
            var line = string.Join(' ', points.Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.X:0.#},{point.Y:0.#}")));
            var (colour, dashes) = (Colours[at % Colours.Length], Dashes[at % Dashes.Length]);
            html.Write($"""<polyline points="{line}" style="fill:none;stroke:{colour};stroke-width:2;stroke-dasharray:{dashes}"/><circle cx="{points[^1].X}" cy="{points[^1].Y}" r="4.5" style="fill:{colour}"/>""");
            var name = Free(names, points[^1].X + 8, points[^1].Y + 4);
            names.Add(name);
            html.Write($"""<text x="{name.X}" y="{name.Y}" style="fill:{colour}">{duel.Policy}</text>""");
        }

        html.Write($"</svg>\n");
    }

    /// <summary>Room for a name beside those that are written, towards the middle of the plot.</summary>
    private static (double X, double Y) Free(List<(double X, double Y)> taken, double x, double y)
    {
        var step = y < Top + (Height / 2) ? LineHeight : -LineHeight;
        while (taken.Exists(other => Math.Abs(other.X - x) < Right && Math.Abs(other.Y - y) < LineHeight)) y += step;
        return (x, y);
    }

    private static double Harm(Proving.Duels.DuelMoment moment) => moment.HonestRequests == 0 ? 0 : moment.HonestFelt * 1e4 / moment.HonestRequests;

    /// <summary>The next of 1, 2, 5 and ten times that.</summary>
    private static double Nice(double most)
    {
        if (most <= 0) return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(most)));
        return power * (most <= power ? 1 : most <= 2 * power ? 2 : most <= 5 * power ? 5 : 10);
    }

    private static string Plain(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
