using Stillhunt.Campaigns;
using Stillhunt.Profiles;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Reporting.Html;

/// <summary>How the finding was reached, what it can't say, the words, and how to get it again.</summary>
internal static class MethodSection
{
    public static void Write(HtmlWriter html, ScanResult result, ReportContext context)
    {
        html.Write($"""<section id="method"><h2>Method and limits</h2>""");
        html.Write($"<p><b>Evidence adds up.</b> Each finding is weighed by one question: how much likelier is what was seen if one operator is behind these accounts than if they are independent? The answer is stated in bits; one bit doubles the odds. Findings that depend on each other are weighed together in a block, and each block is capped, so that no single kind of evidence decides alone: where that applies, its rows are scaled down in proportion, and each ends with what it was alone and what its block came to. The rows of each evidence table can be added by hand.</p>");
        html.Write($"<p><b>The prior comes first.</b> {Prior(result)} Every confidence depends on it: a reader who thinks such campaigns half as common takes one bit off every sum.{Reliability(result)}</p>");
        html.Write($"<p><b>Two things must be shown.</b> A campaign needs evidence of one operator and evidence of extraction. A shared network, a shared template or much traffic is not enough. Declared organisations, verified identities and people's hours are weighed to the contrary.</p>");
        html.Write($"<p><b>Absent is not zero.</b> A field that was not logged counts neither for nor against an account, and the report says so.</p>");
        html.Write($"<p><b>Which counts are exact.</b> What an account sent, and on which day, is counted to the last exchange. Which part of it extracts is judged on at most {result.Scanned.SampleCap ?? AccountDay.SampleSize} exchanges of an account and day ({AccountDay.CloseSampleSize} where the evidence has a row <code>{CloseFinding.Kind}</code>), drawn by a hash of their ids, and scaled up: where an account sent more than that on a day, its extracting exchanges, and with them shares, tokens and families, are estimates.</p>");
        html.Write($"<p><b>What a confidence is not.</b> It follows from a stated prior and from weights that were set on labelled traffic that was made for it, in which the operators and the honest look-alikes are known; it was calibrated on such traffic by others. It is not calibrated on real campaigns. It is not a court's standard of proof, it does not name a person or company, and real traffic can differ from the traffic that the weights were set on. Before acting against an account that matters, look at the example exchanges in the log.</p>");
        html.Write($"<p><b>How often findings were wrong.</b> {MeasuredError.Text}</p>");
        html.Write($"<p><b>What this report holds.</b> Skeletons of prompts, account and exchange ids, counts, and the values that accounts of a campaign share: addresses, networks, clients, hours of sign-up. Some of these are personal data in many laws. It quotes no answer. Text from the logs is written by strangers: it is shown with its invisible characters made visible (for example <code>\\u{{202E}}</code>), never interpreted.</p></section>\n");

        html.Write($"""<section id="glossary"><h2>Glossary</h2><dl class="terms">""");
        foreach (var (term, meaning) in Glossary.For(result))
            html.Write($"<div><dt>{term}</dt><dd>{meaning}</dd></div>");
        html.Write($"</dl></section>\n");

        html.Write($"""<section id="reproduce"><h2>How to reproduce this</h2><p>The same logs, the same version and the same key give the same result, byte for byte.</p>""");
        html.Write($"""<pre class="command" tabindex="0">{context.Command ?? "stillhunt scan LOG... --json campaigns.json --report report.html"}</pre>""");
        html.Write($"<p>One finding in a terminal: <code>stillhunt explain CAMPAIGN --result campaigns.json</code></p>");
        html.Write($"""<p class="note">Stillhunt {context.ToolVersion}; schema {result.Schema}{(context.Written is { } written ? "; written " + Figures.Time(written.ToString("O", System.Globalization.CultureInfo.InvariantCulture)) : "")}.</p></section>""");
        html.Write($"\n");
    }

    private static string Reliability(ScanResult result) => result.Calibration is { } c
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $" The last row of a strong finding takes off what such sums were found to overstate on labelled traffic of others, where one in {1 / c.ReferencePrevalence:#,0.##} of the groups that were looked at was an operator's: of a hundred findings there with one confidence, about that many were right. Here {Figures.Counted(c.GroupCount, "group")} {(c.GroupCount == 1 ? "was" : "were")} weighed, found or not (shared addresses and entitled accounts are listed as cleared without being weighed), and one in {1 / c.Prevalence:#,0.##} is taken to be an operator's{(c.Prevalence < c.ReferencePrevalence ? ", as the user stated" : "; with --prevalence the user states another share")}.")
        : "";

    private static string Prior(ScanResult result)
    {
        var priors = result.Campaigns.Concat(result.Suspected)
            .SelectMany(c => c.Evidence.Where(row => row.Block == "prior"))
            .Select(row => Math.Round(row.Bits, 2)).Distinct().Order().ToArray();
        return priors.Length switch
        {
            0 => "Before any evidence, a group is assumed to be honest at stated odds.",
            1 => $"Before any evidence, a group is assumed to be a campaign at {Figures.Bits(priors[0])} bits, {Wording.Odds(priors[0])}.",
            _ => $"Before any evidence, a group is assumed to be a campaign at {Figures.Bits(priors[0])} to {Figures.Bits(priors[^1])} bits, as its first row states.",
        };
    }
}
