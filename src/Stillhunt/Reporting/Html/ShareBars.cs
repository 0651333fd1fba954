using Stillhunt.Campaigns;
using Stillhunt.Reporting.Text;

namespace Stillhunt.Reporting.Html;

/// <summary>Shares as horizontal bars with their figures: the words carry it, the bar repeats it.</summary>
internal static class ShareBars
{
    private const int Most = 8;

    public static void Write(HtmlWriter html, string heading, IReadOnlyList<Share> shares, string style, string none)
    {
        html.Write($"""<div class="shares"><h4>{heading}</h4>""");
        if (shares.Count == 0)
            html.Write($"""<p class="note">{none}</p>""");
        else
        {
            html.Write($"""<ul class="hbars {style}">""");
            foreach (var share in shares.OrderByDescending(s => s.Value).ThenBy(s => s.Id, StringComparer.Ordinal).Take(Most))
                WriteBar(html, share, style);
            html.Write($"</ul>");
            if (shares.Count > Most)
                html.Write($"""<p class="note">and {shares.Count - Most} more, each smaller</p>""");
        }

        html.Write($"</div>");
    }

    private static void WriteBar(HtmlWriter html, Share share, string style)
    {
        var percent = double.IsNaN(share.Value) ? 0 : Math.Clamp(share.Value * 100, 0, 100);
        html.Write($"""<li><span class="name">{(style == "model" ? OutputText.Terminal(share.Id, 60) : Wording.Spoken(share.Id))}</span><span class="value">{Figures.Percent(share.Value)}</span><span class="track" aria-hidden="true"><span style="width:{percent}%"></span></span>""");
        if (style == "technique" && Glossary.Technique(share.Id) is { } meaning)
            html.Write($"""<span class="meaning">{meaning}</span>""");
        html.Write($"</li>");
    }
}
