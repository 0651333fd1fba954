using System.Globalization;
using System.Text.Json.Nodes;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Sharing.Formats;

/// <summary>The indicators of a bundle as a plain table. A cell that a spreadsheet would take for a formula is neutralised.</summary>
public static class IndicatorCsv
{
    public static void Write(TextWriter to, JsonObject bundle)
    {
        ArgumentNullException.ThrowIfNull(to);
        to.Write("kind,value,pattern_type,pattern,confidence,valid_from,valid_until,campaign,tlp,id\n");
        var tlp = SharedIndicator.TlpOf(bundle);
        foreach (var indicator in SharedIndicator.Of(bundle))
        {
            string[] cells =
            [
                indicator.Pattern.Kind, indicator.Pattern.Value, indicator.Pattern.PatternType, indicator.Pattern.Write(), indicator.Confidence.ToString(CultureInfo.InvariantCulture),
                indicator.ValidFrom, indicator.ValidUntil, indicator.Campaign, "TLP:" + tlp.ToUpperInvariant(), indicator.Id,
            ];
            to.Write(string.Join(',', cells.Select(OutputText.Csv)) + "\n");
        }
    }
}
