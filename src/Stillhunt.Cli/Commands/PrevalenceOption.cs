using System.CommandLine;
using System.Globalization;
using Stillhunt.Campaigns;

namespace Stillhunt.Cli.Commands;

/// <summary><c>--prevalence</c>: how common operators are among the groups that detection looks at.</summary>
internal sealed class PrevalenceOption
{
    private static readonly string Most = string.Create(CultureInfo.InvariantCulture, $"1/{1 / Calibration.ReferencePrevalence:0.##}");

    private readonly Option<string?> _share = new("--prevalence")
    {
        Description = $"How many of the groups looked at you take to be an operator's, before any evidence: a share such as 0.002, or 1/500. Confidences are calibrated at {Most}, which is the default and the most; a rarer one takes bits off every sum, as a row that shows it (docs/measured.md).",
        HelpName = "P",
    };

    public void AddTo(Command command) => command.Add(_share);

    /// <exception cref="UsageException">No share, or one outside of what can be said.</exception>
    public Calibration Read(ParseResult parsed)
    {
        if (parsed.GetValue(_share) is not { } text) return Calibration.Reference;
        return TryRead(text, out var share) && share is >= Calibration.LeastPrevalence and <= Calibration.ReferencePrevalence
            ? new Calibration(share)
            : throw new UsageException($"--prevalence takes a share such as 0.002 or 1/500, from 1/1000000000 to {Most}, which is that of the traffic that confidences were calibrated on; not '{text}'.");
    }

    private static bool TryRead(string text, out double share)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0) return Number(text, out share);
        share = 0;
        if (!Number(text[..slash], out var part) || !Number(text[(slash + 1)..], out var whole)) return false;
        share = part / whole;
        return true;
    }

    private static bool Number(string text, out double number) => double.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number);
}
