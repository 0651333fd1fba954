using System.Globalization;
using System.Text.Json;

namespace Stillhunt.Bench.Duels;

/// <summary>One duel hour by hour. Shares are of the extracting exchanges that the operators wanted.</summary>
/// <param name="Leak">Answered in full before the first effective verdict, in the end.</param>
/// <param name="Verdict">Whether any verdict took effect on the operators.</param>
internal sealed record DuelCurve(string Scenario, double Scale, long Seed, string Policy, double Leak, bool Verdict, IReadOnlyList<DuelHour> Hours)
{
    /// <summary>The hour in which the leak ended: that of the first effective verdict, for one operator; null where there was none.</summary>
    public double? LeakedUntil => Verdict ? Hours.First(hour => hour.Obtained >= Leak - 1e-9).Hours : null;
}

/// <param name="Obtained">Share answered in full so far.</param>
/// <param name="Honest">Honest requests so far; <paramref name="Met"/> and <paramref name="Felt"/> are among them.</param>
internal readonly record struct DuelHour(double Hours, double Obtained, long Honest, long Met, long Felt)
{
    /// <summary>Honest requests met by anything but observe, of 10,000.</summary>
    public double MetRate => Honest == 0 ? 0 : Met * 1e4 / Honest;
}

/// <summary>What <c>range duel --json</c> wrote -> what a reader may plot himself (CSV) and a plot (SVG).</summary>
internal static class DuelCurves
{
    public static int Run(string[] args)
    {
        if (args.Length < 3)
        {
            Console.Error.WriteLine("duel-curves CURVES.csv CURVES.svg DUEL.json...");
            return 2;
        }

        List<DuelCurve> curves = [.. args[2..].SelectMany(Read).OrderBy(curve => curve.Scenario, StringComparer.Ordinal).ThenBy(curve => curve.Seed).ThenBy(curve => curve.Policy, StringComparer.Ordinal)];
        File.WriteAllLines(args[0],
        [
            "scenario,scale,seed,policy,leak,hours,obtained_share,honest_request_count,honest_met_count,honest_felt_count",
            .. curves.SelectMany(curve => curve.Hours.Select(hour => string.Create(CultureInfo.InvariantCulture,
                $"{curve.Scenario},{curve.Scale},{curve.Seed},{curve.Policy},{curve.Leak:0.0000},{hour.Hours:0},{hour.Obtained:0.0000},{hour.Honest},{hour.Met},{hour.Felt}"))),
        ]);
        File.WriteAllText(args[1], DuelCurvesPlot.Of(curves));
        return 0;
    }

    private static IEnumerable<DuelCurve> Read(string path)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(path));
        foreach (var duel in json.RootElement.GetProperty("duels").EnumerateArray())
        {
            List<DuelHour> hours = [.. duel.GetProperty("curve").EnumerateArray().Select(moment => new DuelHour(moment.GetProperty("hours").GetDouble(), moment.GetProperty("obtained_share").GetDouble(),
                moment.GetProperty("honest_request_count").GetInt64(), moment.GetProperty("honest_met_count").GetInt64(), moment.GetProperty("honest_felt_count").GetInt64()))];
            var verdict = duel.GetProperty("cases").EnumerateArray().Any(c => c.GetProperty("hours_to_first_verdict").ValueKind == JsonValueKind.Number);
            yield return new DuelCurve(duel.GetProperty("scenario").GetString()!, duel.GetProperty("scale").GetDouble(), duel.GetProperty("seed").GetInt64(), duel.GetProperty("policy").GetString()!,
                duel.GetProperty("leak").GetDouble(), verdict, hours);
        }
    }
}
