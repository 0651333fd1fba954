using System.Diagnostics;
using System.Globalization;

namespace Stillhunt.Proving;

/// <summary>The range from a command line: <c>make SCENARIO</c>, <c>score</c>, <c>list</c>.</summary>
public static class RangeCommand
{
    private const int Misuse = 2;

    /// <returns>0, or 2 where the arguments make no sense.</returns>
    public static int Run(string[] args, TextWriter @out)
    {
        ArgumentNullException.ThrowIfNull(args);
        ArgumentNullException.ThrowIfNull(@out);
        try
        {
            return args.Length == 0 ? Usage(@out) : args[0] switch
            {
                "make" => Make(args, @out),
                "score" => Score(args, @out),
                "list" => List(@out),
                _ => Usage(@out),
            };
        }
        catch (RangeUsageException fault)
        {
            @out.WriteLine(fault.Message);
            return Misuse;
        }
    }

    private static int Usage(TextWriter @out)
    {
        @out.WriteLine("range make SCENARIO --out DIR [--scale S] [--seed N] [--days D] [--honest H] [--format native|litellm|bedrock|otlp] [--evade NAME,...] [--prompts DIR] [--exchanges] [--gz]");
        @out.WriteLine("range score --truth FILE --result campaigns.json");
        @out.WriteLine("range list");
        return Misuse;
    }

    /// <summary>Reads what follows <c>make</c>.</summary>
    public static RangeOptions ReadOptions(string[] args, out string folder)
    {
        ArgumentNullException.ThrowIfNull(args);
        var options = new RangeOptions();
        folder = "";
        for (var i = 1; i < args.Length; i++)
        {
            var name = args[i];
            options = name switch
            {
                "--scale" => options with { Scale = Number(Value()) },
                "--seed" => options with { Seed = (long)Number(Value()) },
                "--days" => options with { Days = Number(Value()) },
                "--honest" => options with { HonestAccounts = (int)Number(Value()) },
                "--format" => options with { Format = Enum.TryParse<TrafficFormat>(Value(), ignoreCase: true, out var f) ? f : throw new RangeUsageException($"There is no format '{args[i]}'.") },
                "--evade" => options with { Evasions = EvasionNames.Read(Value()) },
                "--prompts" => options with { PromptFolder = Value() },
                "--exchanges" => options with { TruthExchanges = true },
                "--gz" => options with { Compress = true },
                "--out" => Keep(options, Value(), out folder),
                _ when !name.StartsWith('-') => options with { Scenario = name },
                _ => throw new RangeUsageException($"There is no option '{name}'."),
            };

            string Value() => ++i < args.Length ? args[i] : throw new RangeUsageException($"{name} needs a value.");
        }

        return options;

        static RangeOptions Keep(RangeOptions options, string value, out string kept)
        {
            kept = value;
            return options;
        }

        static double Number(string text) =>
            double.TryParse(text, CultureInfo.InvariantCulture, out var number) ? number : throw new RangeUsageException($"'{text}' is not a number.");
    }

    private static int Make(string[] args, TextWriter @out)
    {
        var options = ReadOptions(args, out var folder);
        if (folder.Length == 0) throw new RangeUsageException("--out DIR says where to write.");
        if (RangeFiles.LeftOver(options, folder) is { Count: > 0 } others) throw new RangeUsageException($"{folder} holds {string.Join(" and ", others)} of another run; name another folder.");
        var clock = Stopwatch.StartNew();
        var run = RangeFiles.Write(options, folder);
        var seconds = clock.Elapsed.TotalSeconds;
        foreach (var (kind, accounts, exchanges, extracting) in run.ByKind())
            @out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind,-18} {accounts,7} accounts {exchanges,10} exchanges {extracting,10} extracting"));
        @out.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{"all",-18} {run.AccountCount,7} accounts {run.ExchangeCount,10} exchanges {run.ExtractingCount,10} extracting in {seconds:0.0} s ({run.ExchangeCount / seconds:0} a second)"));
        return 0;
    }

    private static int Score(string[] args, TextWriter @out)
    {
        string? truth = null, result = null;
        for (var i = 1; i + 1 < args.Length; i += 2)
        {
            if (args[i] == "--truth") truth = args[i + 1];
            else if (args[i] == "--result") result = args[i + 1];
            else throw new RangeUsageException($"There is no option '{args[i]}'.");
        }

        if (truth is null || result is null) throw new RangeUsageException("score needs --truth FILE and --result FILE.");
        var report = RangeScore.Score(truth, result);
        foreach (var c in report.Cases)
            @out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{c.Case,-18} {(c.Found ? "found" : "missed"),-7} {c.Pieces,3} pieces  exchange recall {c.ExchangeRecall:0.000}  account recall {c.AccountRecall:0.000}  ({c.AccountCount} accounts, {c.ExtractingCount} exchanges)"));
        @out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"account precision {report.AccountPrecision:0.0000} of {report.FlaggedAccounts} flagged; {report.Campaigns} campaigns, {report.FalseCampaigns.Count} false"));
        foreach (var t in report.Touched.Where(t => t.Touched > 0)) @out.WriteLine($"touched: {t.Kind} {t.Touched} of {t.AccountCount}");
        return 0;
    }

    private static int List(TextWriter @out)
    {
        foreach (var scenario in RangeScenario.All) @out.WriteLine($"{scenario.Id,-16} {scenario.Text}");
        @out.WriteLine("evasions: " + EvasionNames.Of((Evasions)~0).Replace(",", ", ", StringComparison.Ordinal));
        return 0;
    }
}
