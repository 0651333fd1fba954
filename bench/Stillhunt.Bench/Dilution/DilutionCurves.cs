using System.Globalization;
using Stillhunt.Proving.Suites;

namespace Stillhunt.Bench.Dilution;

/// <summary>One point: what share of the operators a test finds at a threshold, and what share of the honest it flags there.</summary>
/// <param name="Null">The honest accounts or groups at which the threshold was set, of the other seeds.</param>
/// <param name="Rate">The share of them that it lets through.</param>
/// <param name="Detected">Of operators.</param>
/// <param name="False">Of the same honest ones, of seeds that the threshold was not set on.</param>
internal sealed record DilutionPoint(int Accounts, string CoverOf, string Unit, string Null, double Rate, string Test, double Cover, Proportion Detected, Proportion False);

/// <summary>
/// Scores -> detection at equal false alarms. The threshold for each seed is set on the honest of all other seeds, at the same share of cover, so that the share of honest ones above it is at most the rate; a permutation test
/// has its own. Prints Markdown, and writes what a reader may plot himself (CSV) and a plot (SVG).
/// </summary>
internal static class DilutionCurves
{
    private static readonly double[] Rates = [0.01, 0.05];

    public static int Run(string[] args)
    {
        if (args.Length < 3)
        {
            Console.Error.WriteLine("dilution-curves CURVES.csv CURVES.svg SCORES.csv...");
            return 2;
        }

        var points = Of([.. args[2..].SelectMany(DilutionScore.Read)]);
        File.WriteAllLines(args[0],
        [
            "accounts,cover_of,unit,honest,false_positive_rate,test,cover,detected_count,operator_count,detected_low,detected_high,false_count,honest_count,false_low,false_high",
            .. points.Select(p => string.Create(CultureInfo.InvariantCulture,
                $"{p.Accounts},{p.CoverOf},{p.Unit},{p.Null},{p.Rate},{p.Test},{p.Cover},{p.Detected.Hits},{p.Detected.Of},{p.Detected.Low:0.000},{p.Detected.High:0.000},{p.False.Hits},{p.False.Of},{p.False.Low:0.000},{p.False.High:0.000}")),
        ]);
        // A permutation test's threshold does not hold: its curve is not one at equal false alarms.
        File.WriteAllText(args[1], DilutionPlot.Of([.. points.Where(p => p.Rate == Rates[^1] && p.Test != DilutionScores.Permuted)]));
        foreach (var table in points.GroupBy(p => (p.Accounts, p.CoverOf, p.Unit, p.Null, p.Rate))) Print(table.Key, [.. table]);
        return 0;
    }

    private static List<DilutionPoint> Of(List<DilutionScore> scores)
    {
        var points = new List<DilutionPoint>();
        foreach (var unit in scores.GroupBy(s => (s.Accounts, s.CoverOf, s.Unit)))
        {
            foreach (var honest in unit.Select(s => s.Of).Distinct().Where(of => of != "operator").ToList())
                foreach (var rate in Rates)
                    foreach (var test in unit.Select(s => s.Test).Distinct().ToList())
                        foreach (var cover in unit.Select(s => s.Cover).Distinct().Order().ToList())
                        {
                            var of = unit.Where(s => s.Test == test && s.Cover == cover).ToList();
                            // Exchanges that are nobody's are a null for the two-sample test alone.
                            if (of.TrueForAll(s => s.Of != honest) && test != DilutionScores.Permuted) continue;
                            // The honest are the same at every share of cover, and so is what a division by chance says of them.
                            var usual = test == DilutionScores.Permuted ? unit.Where(s => s.Test == test && s.Of == honest).ToList() : [.. of.Where(s => s.Of == honest)];
                            if (usual.Count > 0) points.Add(Point(unit.Key, honest, rate, test, cover, [.. of.Where(s => s.Of == "operator")], usual));
                        }
        }

        return points;
    }

    private static DilutionPoint Point((int Accounts, string CoverOf, string Unit) of, string honest, double rate, string test, double cover, List<DilutionScore> operators, List<DilutionScore> usual)
    {
        Proportion detected = default, alarms = default;
        foreach (var seed in operators.Select(s => s.Seed).Distinct())
        {
            // P is at most the rate; scores are its negative.
            var threshold = test == DilutionScores.Permuted ? -rate - 1e-9 : Threshold([.. usual.Where(s => s.Seed != seed).Select(s => s.Value).OrderDescending()], rate);
            detected += Above(operators);
            alarms += Above(usual);

            Proportion Above(List<DilutionScore> scores)
            {
                var own = scores.Where(s => s.Seed == seed).ToList();
                return new Proportion(own.Count(s => s.Value > threshold), own.Count);
            }
        }

        return new DilutionPoint(of.Accounts, of.CoverOf, of.Unit, honest, rate, test, cover, detected, alarms);
    }

    /// <summary>The least value above which no more than the rate lies.</summary>
    private static double Threshold(double[] descending, double rate) =>
        descending.Length == 0 ? throw new InvalidDataException("A threshold is set on other seeds: scores of two at least are needed.") : descending[(int)(rate * descending.Length)];

    private static void Print((int Accounts, string CoverOf, string Unit, string Null, double Rate) of, List<DilutionPoint> points)
    {
        var covers = points.Select(p => p.Cover).Distinct().Order().ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{of.Accounts} accounts an operator, cover of {of.CoverOf}, {of.Unit}s, threshold at {of.Rate:P0} of honest {of.Null}\n"));
        Console.WriteLine("| test | " + string.Join(" | ", covers.Select(c => c.ToString("P0", CultureInfo.InvariantCulture))) + " | false alarms |");
        Console.WriteLine("|---|" + string.Concat(covers.Select(_ => "--:|")) + "--:|");
        foreach (var test in points.GroupBy(p => p.Test))
        {
            var alarms = test.Aggregate(default(Proportion), (sum, p) => sum + p.False);
            Console.WriteLine($"| {test.Key} | " + string.Join(" | ", test.OrderBy(p => p.Cover).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Detected.Share:0.00} ({p.Detected.Low:0.00} to {p.Detected.High:0.00})")))
                + string.Create(CultureInfo.InvariantCulture, $" | {alarms.Share:0.000} |"));
        }
    }
}
