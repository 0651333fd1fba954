using Stillhunt.Campaigns;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Reporting.Html;

/// <summary>
/// How a campaign's accounts hang together: accounts as dots on the left, shared values on the right, a line where an account has a value.
/// Only the lines stretch; dots and words keep their size.
/// </summary>
internal static class ConnectionPicture
{
    private const int RowHeight = 40;

    /// <summary>Distance of the dots in a group, in pixels.</summary>
    private const double DotSpacing = 3.1;

    public static void Write(HtmlWriter html, Campaign campaign, ReportBudget budget)
    {
        var connections = Connections.Of(campaign, budget.Hubs);
        if (connections.Hubs.Count == 0)
        {
            var why = campaign.Accounts.Count == 1
                ? "There is one account, so there is nothing to link: its own work carries the evidence."
                : "No value is shared by two of the accounts; the evidence above rests on what they sent and when.";
            html.Write($"""<p class="note">{why}</p>""");
            return;
        }

        var heights = connections.Groups.Select(group => Math.Max(RowHeight, (2 * Radius(group.Accounts.Count)) + 10)).ToArray();
        var height = Math.Max(heights.Sum(), connections.Hubs.Count * RowHeight);
        var left = Middles(heights, height);
        var right = Middles([.. connections.Hubs.Select(_ => (double)RowHeight)], height);

        html.Write($"""<div class="links" style="height:{height}px">""");
        html.Write($"""<svg class="lines" viewBox="0 0 100 {height}" preserveAspectRatio="none" aria-hidden="true">""");
        WriteLines(html, connections, left, right, whole: true);
        WriteLines(html, connections, left, right, whole: false);
        html.Write($"""</svg><ul class="left" aria-label="Accounts">""");
        for (var i = 0; i < connections.Groups.Count; i++)
            WriteGroup(html, campaign, connections.Groups[i], left[i], budget.Dots);
        html.Write($"""</ul><ul class="right" aria-label="Shared values">""");
        for (var i = 0; i < connections.Hubs.Count; i++)
            WriteHub(html, connections.Hubs[i], right[i]);
        html.Write($"</ul></div>");
        WriteCaption(html, campaign, connections, budget);
    }

    private static void WriteLines(HtmlWriter html, Connections connections, double[] left, double[] right, bool whole)
    {
        html.Write($"""<path class="{(whole ? "all" : "some")}" d=" """);
        for (var group = 0; group < left.Length; group++)
        {
            for (var hub = 0; hub < right.Length; hub++)
            {
                var part = connections.Groups[group].Links[hub];
                if (part > 0 && part >= 1 == whole)
                    html.Write($"M0 {left[group]}C45 {left[group]} 55 {right[hub]} 100 {right[hub]}");
            }
        }

        html.Write($""" "/>""");
    }

    private static void WriteGroup(HtmlWriter html, Campaign campaign, Connections.Group group, double middle, bool dots)
    {
        html.Write($"""<li style="top:{middle}px"><span class="name">""");
        if (group.Accounts.Count == 1)
            html.Write($"<code>{OutputText.Terminal(campaign.Accounts[group.Accounts[0]].Id, 40)}</code>");
        else
            html.Write($"{group.Accounts.Count}<span class=\"unit\"> accounts</span>");
        var radius = Radius(group.Accounts.Count);
        html.Write($"""</span><svg width="{2 * radius}" height="{2 * radius}" viewBox="{-radius} {-radius} {2 * radius} {2 * radius}" aria-hidden="true"><circle class="disc" r="{radius - 0.5}"/>""");
        if (dots || group.Accounts.Count == 1)
            WriteDots(html, group.Accounts.Count);
        html.Write($"</svg></li>");
    }

    private static void WriteDots(HtmlWriter html, int count)
    {
        html.Write($"""<path class="dots" d=" """);
        // A sunflower's spiral: any number of dots fills a disc evenly.
        var turn = Math.PI * (3 - Math.Sqrt(5));
        for (var i = 0; i < count; i++)
        {
            var distance = count == 1 ? 0 : DotSpacing * 0.62 * Math.Sqrt(i + 0.5) * 1.05;
            html.Write($"M{distance * Math.Cos(i * turn):0.#} {distance * Math.Sin(i * turn):0.#}h0");
        }

        html.Write($""" "/>""");
    }

    private static void WriteHub(HtmlWriter html, SharedValue hub, double middle) =>
        html.Write($"""<li style="top:{middle}px"><span class="hub" aria-hidden="true"></span><span class="what"><b>{Kind(hub.Kind)}</b> <span class="count">{hub.AccountCount}<span class="unit"> {(hub.AccountCount == 1 ? "account" : "accounts")}</span></span><span class="label">{OutputText.Terminal(hub.Label, 80)}</span></span></li>""");

    private static void WriteCaption(HtmlWriter html, Campaign campaign, Connections connections, ReportBudget budget)
    {
        var many = connections.Groups.Any(group => group.Accounts.Count > 1);
        var partial = connections.Groups.Any(group => group.Links.Any(part => part is > 0 and < 1));
        html.Write($"""<p class="note">Left: {(many ? budget.Dots ? "accounts, one dot each; a disc holds accounts that share the same values" : "accounts; a disc holds accounts that share the same values" : "the accounts")}. Right: values that at least two of them share.{(partial ? " Solid lines: all accounts of the disc have the value; dashed: some of them." : "")}""");
        if (connections.HubsLeftOut > 0)
            html.Write($" {Figures.Counted(connections.HubsLeftOut, "more shared value")} not drawn.");
        if (connections.AccountCount < campaign.Accounts.Count)
            html.Write($" Drawn are the {connections.AccountCount} accounts whose links the result lists, of {campaign.Accounts.Count}.");
        html.Write($"</p>");
    }

    private static double Radius(int accounts) => accounts == 1 ? 5 : Math.Ceiling((DotSpacing * 0.62 * 1.05 * Math.Sqrt(accounts)) + 4);

    /// <summary>The middle of every row, spread over the whole height.</summary>
    private static double[] Middles(double[] heights, double height)
    {
        var gap = (height - heights.Sum()) / heights.Length;
        var middles = new double[heights.Length];
        double top = 0;
        for (var i = 0; i < heights.Length; i++)
        {
            middles[i] = top + ((heights[i] + gap) / 2);
            top += heights[i] + gap;
        }

        return middles;
    }

    private static string Kind(string kind) => kind switch
    {
        "ip" => "address",
        "tls" => "TLS fingerprint",
        "email" => "mail pattern",
        "created" => "sign-up time",
        "family" => "prompt family",
        _ => Wording.Spoken(kind),
    };
}
